;;! weft run --dir . --tier=auto --hot 1 --beside 1 --invoke f %
;; Behind the second wall code is made, on a thread beside the program too, and memory grows.
(module (memory 1)
  (func $fib (param i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func (export "f") (result i32 i32) (call $fib (i32.const 22)) (memory.grow (i32.const 100))))
;;= 17711
;;= 1
