;;! weft run --snapshot-at 1000 -o - --invoke fib % 20
;;| weft run --resume - fib.wat 20
(module (func $fib (export "fib") (param i32) (result i32)
  (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
    (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))))
;;2 error: a program that goes on has its module and its arguments already: "fib.wat"
;;status 2
