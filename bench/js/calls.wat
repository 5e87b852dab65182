(module
  (import "host" "next" (func $next (param i32) (result i32)))
  (import "host" "keep" (func $keep (param externref) (result externref)))
  (import "host" "long" (func $long (param i64) (result i64)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "addLong") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "loop") (param $n i32) (result i32) (local $sum i32)
    (loop $on
      (local.set $sum (i32.add (local.get $sum) (call $next (local.get $n))))
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "loopLong") (param $n i32) (result i64) (local $sum i64)
    (loop $on
      (local.set $sum (i64.add (local.get $sum) (call $long (local.get $sum))))
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
