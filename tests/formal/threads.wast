;;! weft wast --features=all
;; threads.wast -- threads that wait for each other, with the script itself among them.

(module $M
  (memory (export "m") 1 1 shared)
  ;; 0: a lock; 4: what it guards; 8: what nobody guards; 12: how many are done
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.atomic.store (local.get 0) (local.get 1)))
  (func (export "notify") (param i32 i32) (result i32)
    (memory.atomic.notify (local.get 0) (local.get 1)))
  ;; until so many wait there, and were notified
  (func (export "notify all") (param i32 i32)
    (loop $more
      (local.set 1 (i32.sub (local.get 1) (memory.atomic.notify (local.get 0) (i32.const 1))))
      (br_if $more (local.get 1))))
  (func (export "wait for") (param i32 i32) (local i32)
    (loop $again
      (local.set 2 (i32.atomic.load (local.get 0)))
      (if (i32.ne (local.get 2) (local.get 1))
        (then
          (drop (memory.atomic.wait32 (local.get 0) (local.get 2) (i64.const 1000000)))
          (br $again))))))
(register "mem" $M)

(thread $A (shared (module $M))
  (register "mem" $M)
  (module $W
    (memory (import "mem" "m") 1 1 shared)
    (func $lock
      (loop $again
        (if (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))
          (then
            (drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1)))
            (br $again)))))
    (func $unlock
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
    (func (export "run") (param $n i32)
      (loop $next
        (call $lock)
        (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
        (call $unlock)
        (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
        (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (drop (i32.atomic.rmw.add (i32.const 12) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 12) (i32.const -1)))))
  (invoke "run" (i32.const 100))
  (invoke "run" (i32.const 50)))

(thread $B (shared (module $M))
  (register "mem" $M)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "run") (param $n i32)
      (loop $next
        (loop $again
          (if (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))
            (then
              (drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const 100)))
              (br $again))))
        (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
        (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
        (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (drop (i32.atomic.rmw.add (i32.const 12) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 12) (i32.const -1)))))
  (invoke "run" (i32.const 150)))

(assert_return (invoke $M "wait for" (i32.const 12) (i32.const 3)))
(assert_return (invoke $M "load" (i32.const 4)) (i32.const 300))
(wait $A)
(wait $B)

;; They wait for the script, and for their own threads.
(thread $C (shared (module $M))
  (register "mem" $M)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "wait") (param i64) (result i32)
      (memory.atomic.wait32 (i32.const 20) (i32.const 0) (local.get 0))))
  (thread $C1 (shared (module $M))
    (register "mem" $M)
    (module
      (memory (import "mem" "m") 1 1 shared)
      (func (export "wait") (result i32)
        (memory.atomic.wait32 (i32.const 24) (i32.const 0) (i64.const -1))))
    (assert_return (invoke "wait") (i32.const 0)))
  (assert_return (invoke "wait" (i64.const -1)) (i32.const 0))
  (wait $C1)
  (assert_return (invoke "wait" (i64.const 1000)) (i32.const 2)))
(thread $D (shared (module $M))
  (register "mem" $M)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "wait") (result i32)
      (memory.atomic.wait32 (i32.const 20) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "wait") (i32.const 0)))
(invoke $M "notify all" (i32.const 20) (i32.const 2))
(invoke $M "notify all" (i32.const 24) (i32.const 1))
(wait $C)
(wait $D)

;; A thread that traps, whose own threads nobody waits for.
(thread $E (shared (module $M))
  (register "mem" $M)
  (module (func (export "trap") (unreachable)) (func (export "loop") (param i32)
    (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
  (thread $E1
    (module (func (export "loop") (param i32)
      (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
    (invoke "loop" (i32.const 5000)))
  (assert_trap (invoke "trap") "unreachable")
  (invoke "loop" (i32.const 100)))
(wait $E)
;;= 16 passed, 0 failed
