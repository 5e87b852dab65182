;;! weft run --init init -o - %
(module
  (type $bytes (array i8))
  (table $t 4 anyref)
  (func (export "init")
    (table.set $t (i32.const 1) (ref.i31 (i32.const 1)))
    (table.set $t (i32.const 2) (array.new_default $bytes (i32.const 3)))))
;;2 error: run-init-object-table.wat: cannot be written with its state: table 0 (entry 2) holds an array, which no constant expression can give
;;status 1
