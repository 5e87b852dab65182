;;! weft wast %
;; Numbers of 128 bits: where their halves come from and go to.
(module
  (func $nothing)
  (func (export "locals") (param $n i32) (result i64) ;; of locals in registers, into others
    (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $h i64)
    (local.set $a (i64.const -7046029254386353131)) (local.set $b (i64.const -9223372036854775808))
    (local.set $c (i64.const -1)) (local.set $d (i64.const 1))
    (loop $on
      (local.get $a) (local.get $b) (local.get $c) (local.get $d) i64.add128 (local.set $b) (local.set $a)
      (local.get $c) (local.get $d) (local.get $a) (local.get $b) i64.sub128 (local.set $d) (local.set $c)
      (local.get $a) (local.get $d) i64.mul_wide_u (local.set $c) (local.set $a) (local.get $b) (local.get $c)
      i64.mul_wide_s (local.set $d) (local.set $b)
      (local.get $h) (i64.const 31) i64.mul (local.get $a) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul
      (local.get $b) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul (local.get $c) i64.add (local.set $h)
      (local.get $h) (i64.const 31) i64.mul (local.get $d) i64.add (local.set $h)
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))
  (func (export "homes") (param $n i32) (result i64) ;; at home
    (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $h i64)
    (local.set $a (i64.const -7046029254386353131)) (local.set $b (i64.const -9223372036854775808))
    (local.set $c (i64.const -1)) (local.set $d (i64.const 1))
    (loop $on
      (local.get $a) (local.get $b) (local.get $c) (local.get $d) (call $nothing) i64.add128 (local.set $b)
      (local.set $a) (local.get $c) (local.get $d) (local.get $a) (local.get $b) (call $nothing) i64.sub128
      (local.set $d) (local.set $c) (local.get $a) (local.get $d) (call $nothing) i64.mul_wide_u (local.set $c)
      (local.set $a) (local.get $b) (local.get $c) (call $nothing) i64.mul_wide_s (local.set $d) (local.set $b)
      (local.get $h) (i64.const 31) i64.mul (local.get $a) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul
      (local.get $b) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul (local.get $c) i64.add (local.set $h)
      (local.get $h) (i64.const 31) i64.mul (local.get $d) i64.add (local.set $h)
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))
  (func (export "chain") (param $n i32) (result i64) ;; of results
    (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $h i64)
    (local.set $a (i64.const -7046029254386353131)) (local.set $b (i64.const -9223372036854775808))
    (local.set $c (i64.const -1)) (local.set $d (i64.const 1))
    (loop $on
      (local.get $a) (local.get $b) (local.get $c) (local.get $d) i64.add128 (local.get $b) (local.get $a) i64.sub128
      (local.get $c) (local.get $d) i64.sub128 i64.mul_wide_u (local.get $c) (local.get $b) i64.add128 (local.set $c)
      (local.set $a) (local.get $c) (local.get $a) (local.get $d) i64.mul_wide_s i64.xor (local.set $d) (local.set $b)
      (local.get $h) (i64.const 31) i64.mul (local.get $a) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul
      (local.get $b) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul (local.get $c) i64.add (local.set $h)
      (local.get $h) (i64.const 31) i64.mul (local.get $d) i64.add (local.set $h)
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))
  (func (export "same") (param $n i32) (result i64) ;; of one local
    (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $h i64)
    (local.set $a (i64.const -7046029254386353131)) (local.set $b (i64.const -9223372036854775808))
    (local.set $c (i64.const -1)) (local.set $d (i64.const 1))
    (loop $on
      (local.get $a) (local.get $a) (local.get $a) (local.get $a) i64.add128 (local.set $b) (local.set $a)
      (local.get $b) (local.get $b) i64.mul_wide_s (local.set $c) (local.set $b) (local.get $c) (local.get $c)
      (local.get $b) (local.get $b) i64.sub128 (local.set $d) (local.set $c) (local.get $d) (local.get $d)
      i64.mul_wide_u (local.set $a) (local.set $d)
      (local.get $h) (i64.const 31) i64.mul (local.get $a) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul
      (local.get $b) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul (local.get $c) i64.add (local.set $h)
      (local.get $h) (i64.const 31) i64.mul (local.get $d) i64.add (local.set $h)
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))
  (func (export "constants") (param $n i32) (result i64) ;; with constants
    (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $h i64)
    (local.set $a (i64.const -7046029254386353131)) (local.set $b (i64.const -9223372036854775808))
    (local.set $c (i64.const -1)) (local.set $d (i64.const 1))
    (loop $on
      (local.get $a) (local.get $b) (i64.const 0) (i64.const 0) i64.add128 (local.set $b) (local.set $a) (local.get $c)
      (local.get $d) (i64.const 0) (i64.const -1) i64.sub128 (local.set $d) (local.set $c) (i64.const 0) (i64.const 3)
      (local.get $a) (local.get $b) i64.sub128 (local.set $b) (local.set $a) (i64.const 0) (i64.const 0) (local.get $d)
      (local.get $c) i64.add128 (local.set $c) (local.set $d) (local.get $a) (i64.const 1) i64.mul_wide_u
      (local.get $b) i64.xor (local.set $b) (local.set $a) (i64.const 1) (local.get $d) i64.mul_wide_s (local.get $c)
      i64.add (local.set $c) (local.set $d) (local.get $a) (local.get $b) (i64.const 1) (i64.const 1) i64.add128
      (local.set $b) (local.set $a) (local.get $c) (local.get $d) (i64.const 1) (i64.const -1) i64.sub128
      (local.set $d) (local.set $c) (i64.const 1) (i64.const 3) (local.get $a) (local.get $b) i64.sub128 (local.set $b)
      (local.set $a) (i64.const 1) (i64.const 1) (local.get $d) (local.get $c) i64.add128 (local.set $c) (local.set $d)
      (local.get $a) (i64.const 1) i64.mul_wide_u (local.get $b) i64.xor (local.set $b) (local.set $a) (i64.const 1)
      (local.get $d) i64.mul_wide_s (local.get $c) i64.add (local.set $c) (local.set $d) (local.get $a) (local.get $b)
      (i64.const 127) (i64.const 1) i64.add128 (local.set $b) (local.set $a) (local.get $c) (local.get $d)
      (i64.const 127) (i64.const -1) i64.sub128 (local.set $d) (local.set $c) (i64.const 127) (i64.const 3)
      (local.get $a) (local.get $b) i64.sub128 (local.set $b) (local.set $a) (i64.const 127) (i64.const 127)
      (local.get $d) (local.get $c) i64.add128 (local.set $c) (local.set $d) (local.get $a) (i64.const 127)
      i64.mul_wide_u (local.get $b) i64.xor (local.set $b) (local.set $a) (i64.const 127) (local.get $d) i64.mul_wide_s
      (local.get $c) i64.add (local.set $c) (local.set $d) (local.get $a) (local.get $b) (i64.const 128) (i64.const 1)
      i64.add128 (local.set $b) (local.set $a) (local.get $c) (local.get $d) (i64.const 128) (i64.const -1) i64.sub128
      (local.set $d) (local.set $c) (i64.const 128) (i64.const 3) (local.get $a) (local.get $b) i64.sub128
      (local.set $b) (local.set $a) (i64.const 128) (i64.const 128) (local.get $d) (local.get $c) i64.add128
      (local.set $c) (local.set $d) (local.get $a) (i64.const 129) i64.mul_wide_u (local.get $b) i64.xor (local.set $b)
      (local.set $a) (i64.const 129) (local.get $d) i64.mul_wide_s (local.get $c) i64.add (local.set $c) (local.set $d)
      (local.get $a) (local.get $b) (i64.const -128) (i64.const 1) i64.add128 (local.set $b) (local.set $a)
      (local.get $c) (local.get $d) (i64.const -128) (i64.const -1) i64.sub128 (local.set $d) (local.set $c)
      (i64.const -128) (i64.const 3) (local.get $a) (local.get $b) i64.sub128 (local.set $b) (local.set $a)
      (i64.const -128) (i64.const -128) (local.get $d) (local.get $c) i64.add128 (local.set $c) (local.set $d)
      (local.get $a) (i64.const -127) i64.mul_wide_u (local.get $b) i64.xor (local.set $b) (local.set $a)
      (i64.const -127) (local.get $d) i64.mul_wide_s (local.get $c) i64.add (local.set $c) (local.set $d)
      (local.get $a) (local.get $b) (i64.const -129) (i64.const 1) i64.add128 (local.set $b) (local.set $a)
      (local.get $c) (local.get $d) (i64.const -129) (i64.const -1) i64.sub128 (local.set $d) (local.set $c)
      (i64.const -129) (i64.const 3) (local.get $a) (local.get $b) i64.sub128 (local.set $b) (local.set $a)
      (i64.const -129) (i64.const -129) (local.get $d) (local.get $c) i64.add128 (local.set $c) (local.set $d)
      (local.get $a) (i64.const -129) i64.mul_wide_u (local.get $b) i64.xor (local.set $b) (local.set $a)
      (i64.const -129) (local.get $d) i64.mul_wide_s (local.get $c) i64.add (local.set $c) (local.set $d)
      (local.get $a) (local.get $b) (i64.const 129) (i64.const 1) i64.add128 (local.set $b) (local.set $a)
      (local.get $c) (local.get $d) (i64.const 129) (i64.const -1) i64.sub128 (local.set $d) (local.set $c)
      (i64.const 129) (i64.const 3) (local.get $a) (local.get $b) i64.sub128 (local.set $b) (local.set $a)
      (i64.const 129) (i64.const 129) (local.get $d) (local.get $c) i64.add128 (local.set $c) (local.set $d)
      (local.get $a) (i64.const 129) i64.mul_wide_u (local.get $b) i64.xor (local.set $b) (local.set $a)
      (i64.const 129) (local.get $d) i64.mul_wide_s (local.get $c) i64.add (local.set $c) (local.set $d) (local.get $a)
      (local.get $b) (i64.const 2147483647) (i64.const 1) i64.add128 (local.set $b) (local.set $a) (local.get $c)
      (local.get $d) (i64.const 2147483647) (i64.const -1) i64.sub128 (local.set $d) (local.set $c)
      (i64.const 2147483647) (i64.const 3) (local.get $a) (local.get $b) i64.sub128 (local.set $b) (local.set $a)
      (i64.const 2147483647) (i64.const 2147483647) (local.get $d) (local.get $c) i64.add128 (local.set $c)
      (local.set $d) (local.get $a) (i64.const 2147483647) i64.mul_wide_u (local.get $b) i64.xor (local.set $b)
      (local.set $a) (i64.const 2147483647) (local.get $d) i64.mul_wide_s (local.get $c) i64.add (local.set $c)
      (local.set $d) (local.get $a) (local.get $b) (i64.const 2147483648) (i64.const 1) i64.add128 (local.set $b)
      (local.set $a) (local.get $c) (local.get $d) (i64.const 2147483648) (i64.const -1) i64.sub128 (local.set $d)
      (local.set $c) (i64.const 2147483648) (i64.const 3) (local.get $a) (local.get $b) i64.sub128 (local.set $b)
      (local.set $a) (i64.const 2147483648) (i64.const 2147483648) (local.get $d) (local.get $c) i64.add128
      (local.set $c) (local.set $d) (local.get $a) (i64.const 2147483649) i64.mul_wide_u (local.get $b) i64.xor
      (local.set $b) (local.set $a) (i64.const 2147483649) (local.get $d) i64.mul_wide_s (local.get $c) i64.add
      (local.set $c) (local.set $d) (local.get $a) (local.get $b) (i64.const -2147483648) (i64.const 1) i64.add128
      (local.set $b) (local.set $a) (local.get $c) (local.get $d) (i64.const -2147483648) (i64.const -1) i64.sub128
      (local.set $d) (local.set $c) (i64.const -2147483648) (i64.const 3) (local.get $a) (local.get $b) i64.sub128
      (local.set $b) (local.set $a) (i64.const -2147483648) (i64.const -2147483648) (local.get $d) (local.get $c)
      i64.add128 (local.set $c) (local.set $d) (local.get $a) (i64.const -2147483647) i64.mul_wide_u (local.get $b)
      i64.xor (local.set $b) (local.set $a) (i64.const -2147483647) (local.get $d) i64.mul_wide_s (local.get $c)
      i64.add (local.set $c) (local.set $d) (local.get $a) (local.get $b) (i64.const -1) (i64.const 1) i64.add128
      (local.set $b) (local.set $a) (local.get $c) (local.get $d) (i64.const -1) (i64.const -1) i64.sub128
      (local.set $d) (local.set $c) (i64.const -1) (i64.const 3) (local.get $a) (local.get $b) i64.sub128
      (local.set $b) (local.set $a) (i64.const -1) (i64.const -1) (local.get $d) (local.get $c) i64.add128
      (local.set $c) (local.set $d) (local.get $a) (i64.const -1) i64.mul_wide_u (local.get $b) i64.xor (local.set $b)
      (local.set $a) (i64.const -1) (local.get $d) i64.mul_wide_s (local.get $c) i64.add (local.set $c) (local.set $d)
      (local.get $a) (local.get $b) (i64.const -9223372036854775808) (i64.const 1) i64.add128 (local.set $b)
      (local.set $a) (local.get $c) (local.get $d) (i64.const -9223372036854775808) (i64.const -1) i64.sub128
      (local.set $d) (local.set $c) (i64.const -9223372036854775808) (i64.const 3) (local.get $a) (local.get $b)
      i64.sub128 (local.set $b) (local.set $a) (i64.const -9223372036854775808) (i64.const -9223372036854775808)
      (local.get $d) (local.get $c) i64.add128 (local.set $c) (local.set $d) (local.get $a)
      (i64.const -9223372036854775807) i64.mul_wide_u (local.get $b) i64.xor (local.set $b) (local.set $a)
      (i64.const -9223372036854775807) (local.get $d) i64.mul_wide_s (local.get $c) i64.add (local.set $c)
      (local.set $d) (local.get $a) (local.get $b) (i64.const 81985529216486895) (i64.const 1) i64.add128
      (local.set $b) (local.set $a) (local.get $c) (local.get $d) (i64.const 81985529216486895) (i64.const -1)
      i64.sub128 (local.set $d) (local.set $c) (i64.const 81985529216486895) (i64.const 3) (local.get $a)
      (local.get $b) i64.sub128 (local.set $b) (local.set $a) (i64.const 81985529216486895)
      (i64.const 81985529216486895) (local.get $d) (local.get $c) i64.add128 (local.set $c) (local.set $d)
      (local.get $a) (i64.const 81985529216486895) i64.mul_wide_u (local.get $b) i64.xor (local.set $b) (local.set $a)
      (i64.const 81985529216486895) (local.get $d) i64.mul_wide_s (local.get $c) i64.add (local.set $c) (local.set $d)
      (local.get $h) (i64.const 31) i64.mul (local.get $a) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul
      (local.get $b) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul (local.get $c) i64.add (local.set $h)
      (local.get $h) (i64.const 31) i64.mul (local.get $d) i64.add (local.set $h)
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))
  (func (export "crowd") (param $n i32) (result i64) ;; under more values than there are registers
    (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $h i64)
    (local.set $a (i64.const -7046029254386353131)) (local.set $b (i64.const -9223372036854775808))
    (local.set $c (i64.const -1)) (local.set $d (i64.const 1))
    (loop $on
      (local.get $a) (i64.const 0) i64.xor (local.get $b) (i64.const 1) i64.xor (local.get $c) (i64.const 2) i64.xor
      (local.get $d) (i64.const 3) i64.xor (local.get $a) (i64.const 4) i64.xor (local.get $b) (i64.const 5) i64.xor
      (local.get $c) (i64.const 6) i64.xor (local.get $d) (i64.const 7) i64.xor (local.get $a) (i64.const 8) i64.xor
      (local.get $b) (i64.const 9) i64.xor (local.get $c) (i64.const 10) i64.xor (local.get $d) (i64.const 11) i64.xor
      (local.get $c) (local.get $d) (local.get $a) (local.get $b) i64.add128 (local.set $b) (local.set $a)
      (local.get $d) (local.get $a) (local.get $c) (local.get $b) i64.sub128 (local.set $d) (local.set $c)
      (local.get $a) (local.get $c) i64.mul_wide_s (local.set $c) (local.set $a) (local.get $b) (local.get $d)
      i64.mul_wide_u (local.set $d) (local.set $b) i64.add i64.add i64.add i64.add i64.add i64.add i64.add i64.add
      i64.add i64.add i64.add (local.get $a) i64.xor (local.set $a)
      (local.get $h) (i64.const 31) i64.mul (local.get $a) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul
      (local.get $b) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul (local.get $c) i64.add (local.set $h)
      (local.get $h) (i64.const 31) i64.mul (local.get $d) i64.add (local.set $h)
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))
  (func (export "crowd-stack") (param $n i32) (result i64) ;; from the stack, which is full
    (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $h i64)
    (local.set $a (i64.const -7046029254386353131)) (local.set $b (i64.const -9223372036854775808))
    (local.set $c (i64.const -1)) (local.set $d (i64.const 1))
    (loop $on
      (local.get $a) (i64.const 0) i64.xor (local.get $b) (i64.const 1) i64.xor (local.get $c) (i64.const 2) i64.xor
      (local.get $d) (i64.const 3) i64.xor (local.get $a) (i64.const 4) i64.xor (local.get $b) (i64.const 5) i64.xor
      (local.get $c) (i64.const 6) i64.xor (local.get $d) (i64.const 7) i64.xor (local.get $a) (i64.const 8) i64.xor
      (local.get $b) (i64.const 9) i64.xor (local.get $c) (i64.const 10) i64.xor (local.get $d) (i64.const 11) i64.xor
      i64.add128 i64.sub128 i64.mul_wide_u (local.get $a) (local.get $b) i64.add128 i64.mul_wide_s i64.sub128
      i64.add128 i64.sub128 i64.mul_wide_s i64.xor (local.get $a) i64.add (local.set $a)
      (local.get $h) (i64.const 31) i64.mul (local.get $a) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul
      (local.get $b) i64.add (local.set $h) (local.get $h) (i64.const 31) i64.mul (local.get $c) i64.add (local.set $h)
      (local.get $h) (i64.const 31) i64.mul (local.get $d) i64.add (local.set $h)
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $h))
)
(assert_return (invoke "locals" (i32.const 1)) (i64.const 94496563416434745))
(assert_return (invoke "locals" (i32.const 100)) (i64.const 2791161622779467236))
(assert_return (invoke "homes" (i32.const 1)) (i64.const 94496563416434745))
(assert_return (invoke "homes" (i32.const 100)) (i64.const 2791161622779467236))
(assert_return (invoke "chain" (i32.const 1)) (i64.const -6421471293121981952))
(assert_return (invoke "chain" (i32.const 100)) (i64.const 5128433480734389309))
(assert_return (invoke "same" (i32.const 1)) (i64.const -8903655953746180305))
(assert_return (invoke "same" (i32.const 100)) (i64.const 5681803957851866959))
(assert_return (invoke "constants" (i32.const 1)) (i64.const -2224257127946044883))
(assert_return (invoke "constants" (i32.const 100)) (i64.const -4175918665286904558))
(assert_return (invoke "crowd" (i32.const 1)) (i64.const 8633743650897296324))
(assert_return (invoke "crowd" (i32.const 100)) (i64.const 1457737185605702155))
(assert_return (invoke "crowd-stack" (i32.const 1)) (i64.const 4251465069539329759))
(assert_return (invoke "crowd-stack" (i32.const 100)) (i64.const 8970749050148928851))
;;= 15 passed, 0 failed
