;; guest-stdio.wat -- copies standard input to standard output and to standard error. The exit status is the first
;; error's number.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $must (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
  (func $put (param $fd i32) (param $at i32) (param $len i32)
    (loop $more
      (i32.store (i32.const 0) (local.get $at))
      (i32.store (i32.const 4) (local.get $len))
      (call $must (call $write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const 8))))
      (br_if $more (local.tee $len (i32.sub (local.get $len) (i32.load (i32.const 8)))))))
  (func (export "_start") (local $got i32)
    (loop $more
      (i64.store (i32.const 0) (i64.const 0x6400000400)) ;; 100 bytes at 1024
      (call $must (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (if (local.tee $got (i32.load (i32.const 8))) (then
        (call $put (i32.const 1) (i32.const 1024) (local.get $got))
        (call $put (i32.const 2) (i32.const 1024) (local.get $got))
        (br $more))))))
