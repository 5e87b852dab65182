;;! weft run %
;; One thread exits while the first waits for ever in memory, one in poll_oneoff, and one turns.
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "env" "memory" (memory 1 1 shared))
  (func $begun (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 0) (i32.const 9))))
  (func $poll_for_ever
    (i32.store (i32.const 120) (i32.const 1)) ;; the clock that is monotonic
    (i64.store (i32.const 128) (i64.const -1))
    (drop (call $poll (i32.const 104) (i32.const 300) (i32.const 1) (i32.const 400))))
  (func $turn (loop $for_ever (br $for_ever)))
  (func (export "wasi_thread_start") (param $id i32) (param $what i32)
    (call $begun)
    (if (i32.eq (local.get $what) (i32.const 1)) (then (call $poll_for_ever)))
    (if (i32.eq (local.get $what) (i32.const 2)) (then (call $turn)))
    (loop $until (br_if $until (i32.lt_u (i32.atomic.load (i32.const 0)) (i32.const 4))))
    (call $exit (i32.const 42)))
  (func (export "_start")
    (drop (call $spawn (i32.const 1)))
    (drop (call $spawn (i32.const 2)))
    (drop (call $spawn (i32.const 3)))
    (call $begun)
    (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))
;;status 42
