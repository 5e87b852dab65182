;; guest-traps.wat -- ends in a trap, or in an exception, deep in calls; or works.
(module
  (tag $t (param i32 f64))
  (memory (export "memory") 1 4)
  (func $deep (param $n i32) (param $how i32)
    (if (local.get $n) (then (call $deep (i32.sub (local.get $n) (i32.const 1)) (local.get $how)))
      (else
        (if (i32.eq (local.get $how) (i32.const 1)) (then (throw $t (i32.const 7) (f64.const 2.5))))
        (if (i32.eq (local.get $how) (i32.const 2)) (then (drop (i32.load (i32.const -4))))))))
  (func $endless (export "endless") (call $endless) (call $endless))
  (func (export "trap") (param i32) (call $deep (local.get 0) (i32.const 2)))
  (func (export "throw") (param i32) (call $deep (local.get 0) (i32.const 1)))
  (func (export "catch") (param i32) (result i32 f64)
    (block $h (result i32 f64)
      (try_table (catch $t $h) (call $deep (local.get 0) (i32.const 1)))
      (unreachable)))
  (func (export "count") (param $n i64) (result i64) (local $sum i64)
    (loop $again
      (local.set $sum (i64.add (local.get $sum) (local.get $n)))
      (br_if $again (i32.eqz (i64.eqz (local.tee $n (i64.sub (local.get $n) (i64.const 1)))))))
    (local.get $sum)))
