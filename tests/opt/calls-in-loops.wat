;;! weft opt -O3 % -o -
;;| weft print --fold -
;; A call that only reads, and of what the loop does not write, is made in front of the loop where each turn begins with it, and
;; stays where a turn may do without.

(module
  (global $g (mut i32) (i32.const 3))
  (func $slow (param i32) (result i32)
    (if (result i32) (i32.and (local.get 0) (i32.const 1))
      (then (i32.mul (i32.xor (global.get $g) (i32.const 1001)) (i32.mul (i32.const 1003) (i32.add (local.get 0) (global.get $g)))))
      (else (i32.mul (i32.xor (i32.rotl (global.get $g) (local.get 0)) (i32.const 2000001)) (i32.mul
        (i32.xor (global.get $g) (i32.const 2000003)) (i32.sub (i32.const 2000003) (i32.shl (local.get 0) (global.get $g))))))))
  (func (export "always") (param $n i32) (param $x i32) (result i32) (local $s i32)
    (loop $next
      (local.set $s (i32.add (i32.mul (local.get $s) (i32.const 3))
        (i32.mul (call $slow (local.get $x)) (call $slow (i32.add (local.get $x) (i32.const 1))))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func (export "seldom") (param $n i32) (param $x i32) (result i32) (local $s i32)
    (loop $next
      (if (i32.gt_u (local.get $n) (i32.const 1000000)) (then
        (local.set $s (i32.add (local.get $s) (call $slow (local.get $x))))))
      (local.set $s (i32.add (i32.mul (local.get $s) (i32.const 3)) (local.get $n)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func (export "set") (global.set $g (i32.const 9)))
  (data
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (type (;1;) (func (param i32 i32) (result i32)))
;;=   (type (;2;) (func))
;;=   (global $g (;0;) (mut i32) (i32.const 3))
;;=   (func $slow (;0;) (type 0) (param i32) (result i32)
;;=     (local i32)
;;=     (if (;L1;) (result i32)
;;=       (i32.and (local.get 0) (i32.const 1))
;;=       (then
;;=         (i32.mul
;;=           (i32.xor (local.tee 1 (global.get $g)) (i32.const 1001))
;;=           (i32.mul (i32.add (local.get 0) (local.get 1)) (i32.const 1003))))
;;=       (else
;;=         (i32.mul
;;=           (i32.xor
;;=             (i32.rotl (local.tee 1 (global.get $g)) (local.get 0))
;;=             (i32.const 2000001))
;;=           (i32.mul
;;=             (i32.xor (local.get 1) (i32.const 2000003))
;;=             (i32.sub (i32.const 2000003) (i32.shl (local.get 0) (local.get 1)))))))
;;=   )
;;=   (func (;1;) (export "always") (type 1) (param $n i32) (param $x i32) (result i32)
;;=     (local i32)
;;=     (local.set $x
;;=       (i32.mul
;;=         (call $slow (local.get $x))
;;=         (call $slow (i32.add (local.get $x) (i32.const 1)))))
;;=     (block (;L1;)
;;=       (loop (;L2;)
;;=         (br_if 1 (;L1;) (i32.eqz (i32.add (local.get $n) (i32.const -1))))
;;=         (local.set 2 (i32.add (i32.mul (local.get 2) (i32.const 3)) (local.get $x)))
;;=         (br_if 1 (;L1;) (i32.eqz (i32.add (local.get $n) (i32.const -2))))
;;=         (local.set 2 (i32.add (i32.mul (local.get 2) (i32.const 3)) (local.get $x)))
;;=         (br_if 1 (;L1;) (i32.eqz (i32.add (local.get $n) (i32.const -3))))
;;=         (local.set 2 (i32.add (i32.mul (local.get 2) (i32.const 3)) (local.get $x)))
;;=         (br_if 1 (;L1;)
;;=           (i32.eqz (local.tee $n (i32.add (local.get $n) (i32.const -4)))))
;;=         (local.set 2 (i32.add (i32.mul (local.get 2) (i32.const 3)) (local.get $x)))
;;=         (br 0 (;L2;))))
;;=     (i32.add (i32.mul (local.get 2) (i32.const 3)) (local.get $x))
;;=   )
;;=   (func (;2;) (export "seldom") (type 1) (param $n i32) (param $x i32) (result i32)
;;=     (local i32)
;;=     (loop (;L1;)
;;=       (if (;L2;)
;;=         (i32.gt_u (local.get $n) (i32.const 1000000))
;;=         (then
;;=           (local.set 2 (i32.add (local.get 2) (call $slow (local.get $x))))))
;;=       (local.set 2 (i32.add (i32.mul (local.get 2) (i32.const 3)) (local.get $n)))
;;=       (br_if 0 (;L1;) (local.tee $n (i32.add (local.get $n) (i32.const -1)))))
;;=     (local.get 2)
;;=   )
;;=   (func (;3;) (export "set") (type 2)
;;=     (global.set $g (i32.const 9))
;;=   )
;;= )
