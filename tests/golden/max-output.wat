;;! weft run --max-output 8 --invoke f %
;; What it prints is limited: what fits is written, and then errno 51, nospc; standard error counts too.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\20\00\00\00\06\00\00\00")
  (data (i32.const 32) "Hello\n")
  (func (export "f") (result i32 i32 i32 i32)
    (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4))
    (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4)) (i32.load (i32.const 4))
    (call $write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 4))))
;;= Hello
;;= He0
;;= 0
;;= 2
;;= 51
