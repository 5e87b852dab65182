;; guest-threads.wat -- asks for two threads, one after the other, each of which looks at what all have; a number that says
;; why there is none is the exit status.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $stat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "env" "memory" (memory 1 2 shared))
  (memory $apart 1 1 shared)
  (global $mine (mut i32) (i32.const 0))
  (start $begin)
  (func $begin (global.set $mine (i32.const 3)))
  (func $check (param $err i32) (if (local.get $err) (then (call $exit (local.get $err)))))
  (func (export "wasi_thread_start") (param $id i32) (param $arg i32)
    (call $check (call $stat (global.get $mine) (i32.const 64)))
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
  (func (export "_start") (local $done i32) (local $id i32)
    (loop $next
      (local.set $id (call $spawn (i32.const 0)))
      (if (i32.lt_s (local.get $id) (i32.const 1)) (then (call $exit (i32.sub (i32.const 0) (local.get $id)))))
      (drop (memory.atomic.wait32 (i32.const 0) (local.get $done) (i64.const -1)))
      (local.set $done (i32.add (local.get $done) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $done) (i32.const 2))))
    (call $check (call $stat (global.get $mine) (i32.const 64)))))
