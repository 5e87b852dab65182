;;! weft run --init init -o - %
(module
  (type $point (struct (field i32)))
  (global $origin (ref $point) (struct.new $point (i32.const 0)))
  (func (export "init")))
;;2 error: run-init-object-constant.wat: cannot be written with its state: global 0 holds a structure, which no constant expression can give
;;status 1
