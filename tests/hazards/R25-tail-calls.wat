;;! weft --fuel 1M run --invoke f %
;; A ring of tail calls, direct, indirect and by reference, is a loop without a loop.
(module
  (type $t (func))
  (table 1 funcref)
  (elem (i32.const 0) func $b)
  (elem declare func $c)
  (func $f (export "f") (return_call $a))
  (func $a (return_call_indirect (type $t) (i32.const 0)))
  (func $b (return_call_ref $t (ref.func $c)))
  (func $c (return_call $a)))
;;2 R25-tail-calls.wat: trap: out of fuel
;;2     0: 0x40 b
;;status 134
