;;! weft --fuel 1M run --invoke f %
;; Each form of a loop takes fuel: what its arms leave is used up by the next, and the last has no end.
(module
  (func $none (param i32))
  (func $by_br (param $n i32)
    (block $out (loop $l (br_if $out (i32.eqz (local.get $n))) (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $l))))
  (func $by_br_if (param $n i32) (loop $l (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func $by_table (param $n i32)
    (block $out (loop $l (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br_table $l $out (i32.eqz (local.get $n))))))
  (func $by_null (param $n i32) (local funcref)
    (block $out (loop $l
      (br_if $out (i32.eqz (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (br_on_null $l (local.get 1)) (drop))))
  (func (export "f")
    (call $by_br (i32.const 1000)) (call $by_br_if (i32.const 1000)) (call $by_table (i32.const 1000)) (call $by_null (i32.const 1000))
    (loop $l (br $l))))
;;2 R25-loops.wat: trap: out of fuel
;;2     0: 0x95 f
;;status 134
