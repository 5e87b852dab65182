;;! weft run --features=+custom-descriptors --invoke f %
(module
  (rec (type $s (descriptor $d) (struct (field i32))) (type $d (describes $s) (struct)))
  (global (ref $s) (struct.new_desc $s (i32.const 1) (struct.new $d)))
  (func (export "f")))
;;2 not-executable-constant.wat: trap: this tier cannot execute the instruction: struct.new_desc at 0x29
;;status 134
