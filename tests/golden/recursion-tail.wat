;;! weft run --invoke f % 10000000
;; Hazards: R19.
(module
  (type $t (func (param i32) (result i32)))
  (table funcref (elem $b))
  (elem declare func $c)
  (func $a (export "f") (type $t) (if (i32.eqz (local.get 0)) (then (return (i32.const 42))))
    (return_call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))
  (func $b (type $t) (return_call_ref $t (local.get 0) (ref.func $c)))
  (func $c (type $t) (local i64 i64 i64) (return_call $a (local.get 0))))
;;= 42
