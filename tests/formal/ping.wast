;;! weft wast --features=all
;; ping.wast -- two threads that wake each other and then wait, so that at each time one goes on and all others wait.

(module $M (memory (export "m") 1 1 shared))
(register "mem" $M)

(thread $A (shared (module $M))
  (register "mem" $M)
  (module
    (memory (import "mem" "m") 1 1 shared)
    ;; At 0 is whose turn it is: 0, or 1.
    (func (export "run") (result i32) (local $n i32)
      (loop $again
        (if (i32.eqz (i32.atomic.load (i32.const 0)))
          (then
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (i32.atomic.store (i32.const 0) (i32.const 1))
            (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1)))
        (br_if $again (i32.lt_u (local.get $n) (i32.const 300))))
      (local.get $n)))
  (assert_return (invoke "run") (i32.const 300)))
(thread $B (shared (module $M))
  (register "mem" $M)
  (module
    (memory (import "mem" "m") 1 1 shared)
    (func (export "run") (result i32) (local $n i32)
      (loop $again
        (if (i32.eq (i32.atomic.load (i32.const 0)) (i32.const 1))
          (then
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (i32.atomic.store (i32.const 0) (i32.const 0))
            (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))
        (if (i32.lt_u (local.get $n) (i32.const 300))
          (then (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))
        (br_if $again (i32.lt_u (local.get $n) (i32.const 300))))
      (local.get $n)))
  (assert_return (invoke "run") (i32.const 300)))
(wait $A)
(wait $B)
;;= 6 passed, 0 failed
