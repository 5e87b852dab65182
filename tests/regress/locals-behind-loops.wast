;;! weft wast %
;; What was in a register within a loop is not there behind it, when another local has lived there meanwhile.
(module
  (func $nothing)
  (func (export "f") (result i32) (local $turns i32) (local $inner i32) (local $got i32)
    (local.set $turns (i32.const 2))
    (loop $out
      (local.set $inner (i32.const 1))
      (loop $in
        (local.set $got (i32.shr_u (loop (result i32) (call $nothing) (i32.const 4)) (local.get $turns)))
        (br_if $in (local.tee $inner (i32.add (local.get $inner) (i32.const -1)))))
      (br_if $out (local.tee $turns (i32.add (local.get $turns) (i32.const -1)))))
    (local.get $got)))
(assert_return (invoke "f") (i32.const 2))
;;= 2 passed, 0 failed
