;; guest-sockets.wat -- 3 is a socket with "hi" in it, 4 one that somebody waits to be taken from. The exit status is the
;; first error's number.
(module
  (import "wasi_snapshot_preview1" "sock_send" (func $send (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_recv" (func $recv (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_accept" (func $accept (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_shutdown" (func $shutdown (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $must (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
  (func (export "_start")
    (i64.store (i32.const 0) (i64.const 0x2000000400)) ;; 32 bytes at 1024
    (call $must (call $recv (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 8) (i32.const 12)))
    (if (i32.ne (i32.load16_u (i32.const 1024)) (i32.const 0x6968)) (then (call $exit (i32.const 98))))
    (call $must (call $send (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 8)))
    (call $must (call $accept (i32.const 4) (i32.const 0) (i32.const 8)))
    (call $must (call $close (i32.load (i32.const 8))))
    (call $must (call $shutdown (i32.const 3) (i32.const 3)))))
