;;! weft run --features=all --init init -o - %
(module
  (type $f (func))
  (type $k (cont $f))
  (table $parked 1 (ref null $k))
  (elem declare func $later)
  (func $later)
  (func (export "init") (table.set $parked (i32.const 0) (cont.new $k (ref.func $later)))))
;;2 error: run-init-continuation.wat: cannot be written with its state: table 0 (entry 0) holds a continuation, which no constant expression can give
;;status 1
