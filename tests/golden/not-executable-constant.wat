;;! weft run --invoke f %
(module (type $s (struct (field i32))) (global (ref $s) (struct.new $s (i32.const 1))) (func (export "f")))
;;2 not-executable-constant.wat: trap: this tier cannot execute the instruction: struct.new at 0x1e
;;status 134
