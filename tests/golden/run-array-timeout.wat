;;! weft run --timeout 20ms --invoke f %
;; An array is filled in pieces, between which the time is looked at. (This one is never done in time.)
(module (type $a (array (mut i64)))
  (func (export "f") (result i32)
    (local $n i32)
    (loop $l
      (drop (array.new $a (i64.const 7) (i32.const 100000000)))
      (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 2))))
    (local.get $n)))
;;2 run-array-timeout.wat: trap: time limit exceeded
;;2     0: 0x2d f
;;status 124
