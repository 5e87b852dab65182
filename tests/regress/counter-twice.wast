;;! weft wast %
;; Two branches in a row on a counter: only the first is one operation with the change, and both are there.
(module
  ;; how often the outer loop is entered
  (func (export "loops") (param $n i32) (result i32) (local $entered i32)
    (loop $out
      (local.set $entered (i32.add (local.get $entered) (i32.const 1)))
      (loop $in
        (br_if $in (local.tee $n (i32.sub (local.get $n) (i32.const 1))))
        (br_if $out (local.get $n))))
    (local.get $entered))
  ;; and with a constant between, which is no code
  (func (export "constant") (param $n i32) (result i32) (local $entered i32)
    (loop $out
      (local.set $entered (i32.add (local.get $entered) (i32.const 1)))
      (loop $in (result i32)
        (br_if $in (local.tee $n (i32.sub (local.get $n) (i32.const 1))))
        (i32.const 5)
        (br_if $out (local.get $n)))
      (drop))
    (local.get $entered)))
(assert_return (invoke "loops" (i32.const 3)) (i32.const 1))
(assert_return (invoke "constant" (i32.const 3)) (i32.const 1))
;;= 3 passed, 0 failed
