;;! weft run --init init -o - %
(module
  (type $point (struct (field (mut i32))))
  (global $at (export "at") (mut (ref null $point)) (ref.null $point))
  (func (export "init") (global.set $at (struct.new $point (i32.const 3)))))
;;2 error: run-init-object.wat: cannot be written with its state: global 0 "at" holds a structure, which no constant expression can give
;;status 1
