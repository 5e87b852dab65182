;;! weft run --invoke main %
;; A tail call of a host function that ends the program, with more parameters than the caller has slots.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $write (result i32) (return_call $fd_write (i32.const 99) (i32.const -1) (i32.const -1) (i32.const -1)))
  (func $end (return_call $exit (i32.const 3)))
  (func (export "main") (drop (call $write)) (drop (call $write)) (call $end) (unreachable)))
;;status 3
