;;! weft run --init init -o - %
(module
  (type $point (struct (field (mut i32))))
  (table $t 4 anyref)
  (elem $some anyref (ref.i31 (i32.const 1)) (struct.new_default $point))
  (func (export "init"))
  (func (export "use") (table.init $t $some (i32.const 0) (i32.const 0) (i32.const 2))))
;;2 error: run-init-object-segment.wat: cannot be written with its state: element segment 0 (entry 1) holds a structure, which no constant expression can give
;;status 1
