;;! weft run --snapshot-at 1000 -o - --invoke fib % 20
;;| weft run --resume - --dry-run
(module (func $fib (export "fib") (param i32) (result i32)
  (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
    (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))))
;;2 error: --dry-run is about a module, not about what --resume goes on with
;;status 2
