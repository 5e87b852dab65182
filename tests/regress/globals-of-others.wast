;;! weft wast %
;; A function that puts back the one global that it writes itself, and calls another that writes another: who calls both read
;; that one before, and took it for the same.
(module
  (global $stack (mut i32) (i32.const 1000))
  (global $count (mut i32) (i32.const 0))
  (func $count (param $n i32)
    (loop $next
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func $frame (param $n i32) (local $old i32)
    (global.set $stack (i32.sub (local.tee $old (global.get $stack)) (i32.const 16)))
    (loop $next
      (call $count (local.get $n))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (global.set $stack (local.get $old)))
  (func (export "counted") (result i32) (local $before i32)
    (local.set $before (global.get $count))
    (call $frame (i32.const 2))
    (call $frame (i32.const 3))
    (call $count (i32.const 1))
    (i32.sub (global.get $count) (local.get $before))))
(assert_return (invoke "counted") (i32.const 10))
;;= 2 passed, 0 failed
