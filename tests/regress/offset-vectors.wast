;;! weft wast %
;; An offset that is the largest but a few, in a loop that could do many elements at a time: what would be behind the first of
;; them has no offset, and no valid module came out of it. Without what can be left out nothing may get longer.
(module
  (data "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
  (memory (export "m") 1)
  (func $f (export "f") (param $n i32) (result i32) (local $i i32)
      (loop $l
        (i32.store offset=0xfffffff0 (local.get $i) (i32.extend8_s (i32.load offset=0xfffffff0 (local.get $i))))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
)
(assert_trap (invoke "f" (i32.const 400)) "out of bounds memory access")
;;= 2 passed, 0 failed
