;;! weft run --dir . %
;; Ten threads, one after another and beside each other, add to a cell and notify; the first waits for
;; all of them, and each has a number of its own, globals of its own, and a start function that was run.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (memory $own 1)
  (global $mine (mut i32) (i32.const 0))
  (data "\10\00\00\00\05\00\00\00........done\n")
  (start $begin)
  (func $begin (global.set $mine (i32.const 1)) (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))))
  (func (export "wasi_thread_start") (param $id i32) (param $arg i32)
    (if (i32.ne (global.get $mine) (i32.const 1)) (then unreachable))
    (global.set $mine (local.get $id))
    (if (i32.lt_s (local.get $id) (i32.const 1)) (then unreachable))
    (drop (i32.atomic.rmw.add (i32.const 68) (local.get $arg)))
    (drop (i32.atomic.rmw.add (i32.const 72) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 72) (i32.const 1))))
  (func $wait_for (param $count i32) (local $now i32)
    (loop $again
      (local.set $now (i32.atomic.load (i32.const 72)))
      (if (i32.lt_u (local.get $now) (local.get $count))
        (then
          (drop (memory.atomic.wait32 (i32.const 72) (local.get $now) (i64.const -1)))
          (br $again)))))
  (func (export "_start") (local $i i32)
    (loop $next
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (if (i32.lt_s (call $spawn (local.get $i)) (i32.const 1)) (then unreachable))
      (if (i32.lt_u (local.get $i) (i32.const 5)) (then (call $wait_for (local.get $i))))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 10))))
    (call $wait_for (i32.const 10))
    (if (i32.ne (i32.atomic.load (i32.const 68)) (i32.const 55)) (then unreachable))
    (if (i32.ne (i32.atomic.load (i32.const 64)) (i32.const 11)) (then unreachable))
    (if (i32.ne (global.get $mine) (i32.const 1)) (then unreachable))
    (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 21))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
;;= done
