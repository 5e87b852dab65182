;;! weft wast --features=all
;; descriptors.wast -- structures of default values that have a descriptor.

(module
  (rec
    (type $a (descriptor $d) (struct (field i32) (field (ref null $a)) (field i8)))
    (type $d (describes $a) (struct (field (mut i32)))))
  (global $desc (ref (exact $d)) (struct.new $d (i32.const 7)))
  (func (export "default") (result i32) (local $a (ref null $a))
    (local.set $a (struct.new_default_desc $a (global.get $desc)))
    (i32.add
      (struct.get $d 0 (ref.get_desc $a (local.get $a)))
      (i32.add (struct.get $a 0 (local.get $a)) (ref.is_null (struct.get $a 1 (local.get $a))))))
  (func (export "null") (drop (struct.new_default_desc $a (ref.null none))))
  (func (export "null with fields")
    (drop (struct.new_desc $a (i32.const 1) (ref.null $a) (i32.const 2) (ref.null none))))
  (func (export "packed") (result i32)
    (struct.get_s $a 2 (struct.new_desc $a (i32.const 1) (ref.null $a) (i32.const 0x1ff)
      (global.get $desc)))))

(assert_return (invoke "default") (i32.const 8))
(assert_trap (invoke "null") "null descriptor reference")
(assert_trap (invoke "null with fields") "null descriptor reference")
(assert_return (invoke "packed") (i32.const -1))
;;= 5 passed, 0 failed
