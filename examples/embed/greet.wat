;; greet.wat -- a WASI command by hand, for wasi.c: prints its variables and its arguments, each on a line, and ends
;; with the number of arguments as its status.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $env (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  ;; 0: count, 4: bytes, 8: pointer and length to write, 16: written; 1024: strings, 4096: pointers
  (func $print (param $at i32) (param $len i32)
    (i32.store8 (i32.add (local.get $at) (i32.sub (local.get $len) (i32.const 1))) (i32.const 10))
    (i32.store (i32.const 8) (local.get $at))
    (i32.store (i32.const 12) (local.get $len))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16))))
  ;; Strings stand one behind the other, each with a zero at its end, which becomes a line's end.
  (func $lines (param $end i32) (local $from i32) (local $at i32)
    (local.set $from (i32.const 1024))
    (local.set $at (i32.const 1024))
    (loop $next
      (if (i32.lt_u (local.get $at) (local.get $end)) (then
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.load8_u (i32.sub (local.get $at) (i32.const 1))))
        (call $print (local.get $from) (i32.sub (local.get $at) (local.get $from)))
        (local.set $from (local.get $at))
        (br $next)))))
  (func (export "_start")
    (drop (call $env_sizes (i32.const 0) (i32.const 4)))
    (drop (call $env (i32.const 4096) (i32.const 1024)))
    (call $lines (i32.add (i32.const 1024) (i32.load (i32.const 4))))
    (drop (call $args_sizes (i32.const 0) (i32.const 4)))
    (drop (call $args (i32.const 4096) (i32.const 1024)))
    (call $lines (i32.add (i32.const 1024) (i32.load (i32.const 4))))
    (call $exit (i32.load (i32.const 0)))))
