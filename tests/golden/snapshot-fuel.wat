;;! weft run --snapshot-at 1000 --fuel 1010 -o - --invoke fib % 20
;;| weft run --resume -
(module (func $fib (export "fib") (param i32) (result i32)
  (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
    (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))))
;;2 -: trap: out of fuel
;;2     0: 0x21 fib
;;2     1: 0x31 fib
;;2     2: 0x31 fib
;;2     3: 0x38 fib
;;2     4: 0x31 fib
;;2     5: 0x31 fib
;;2     6: 0x31 fib
;;2     7: 0x31 fib
;;2     8: 0x31 fib
;;2     9: 0x31 fib
;;2    10: 0x31 fib
;;2    11: 0x31 fib
;;2    12: 0x31 fib
;;2    13: 0x31 fib
;;2    14: 0x31 fib
;;2    15: 0x31 fib
;;status 134
