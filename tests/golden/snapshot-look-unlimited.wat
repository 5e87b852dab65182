;;! weft run --snapshot-at 1000 -o - --invoke fib % 20
;;| weft snapshot -
(module (func $fib (export "fib") (param i32) (result i32)
  (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
    (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))))
;;= version 3, 470 bytes
;;= module 0: 76 bytes, SHA-256 99ec73a06557a34922674c7591c7d607b7acd08567a93d134908461bfd0c8718
;;= instance 0 of module 0
;;= WASI: 62 bytes
;;= a call that was stopped (paused):
;;=     0: 0x21 of module 0, function 0 fib
;;=     1: 0x31 of module 0, function 0 fib
;;=     2: 0x31 of module 0, function 0 fib
;;=     3: 0x38 of module 0, function 0 fib
;;=     4: 0x31 of module 0, function 0 fib
;;=     5: 0x31 of module 0, function 0 fib
;;=     6: 0x31 of module 0, function 0 fib
;;=     7: 0x31 of module 0, function 0 fib
;;=     8: 0x31 of module 0, function 0 fib
;;=     9: 0x31 of module 0, function 0 fib
;;=    10: 0x31 of module 0, function 0 fib
;;=    11: 0x31 of module 0, function 0 fib
;;=    12: 0x31 of module 0, function 0 fib
;;=    13: 0x31 of module 0, function 0 fib
;;=    14: 0x31 of module 0, function 0 fib
;;=    15: 0x31 of module 0, function 0 fib
