;;! weft opt -O3 % -o -
;;| weft print --fold -
;; Stores side by side become stores of vectors, with what they store, since there is room: nobody needs the data. The highest
;; comes first, so nobody can tell; where the lowest does it is compared in front whether all is in the memory, and what is
;; read apart from what is written. Between two calls nothing is joined.

(module
  (import "host" "see" (func $see (param i32)))
  (memory (export "m") 1)
  (func (export "clear") (param $at i32) (param $what f64)
    (f64.store offset=24 (local.get $at) (local.get $what))
    (f64.store offset=16 (local.get $at) (local.get $what))
    (f64.store offset=8 (local.get $at) (local.get $what))
    (f64.store (local.get $at) (local.get $what)))
  (func (export "scale") (param $to i32) (param $from i32) (param $by f32)
    (f32.store (local.get $to) (f32.mul (local.get $by) (f32.load (local.get $from))))
    (f32.store offset=4 (local.get $to) (f32.mul (f32.load offset=4 (local.get $from)) (local.get $by)))
    (f32.store offset=8 (local.get $to) (f32.mul (f32.load offset=8 (local.get $from)) (local.get $by)))
    (f32.store offset=12 (local.get $to) (f32.mul (f32.load offset=12 (local.get $from)) (local.get $by)))
    (f32.store offset=16 (local.get $to) (f32.mul (f32.load offset=16 (local.get $from)) (local.get $by)))
    (f32.store offset=20 (local.get $to) (f32.mul (f32.load offset=20 (local.get $from)) (local.get $by)))
    (f32.store offset=24 (local.get $to) (f32.mul (f32.load offset=24 (local.get $from)) (local.get $by)))
    (f32.store offset=28 (local.get $to) (f32.mul (f32.load offset=28 (local.get $from)) (local.get $by))))
  (func (export "calls") (param $at i32)
    (i32.store offset=12 (local.get $at) (i32.const 0))
    (i32.store offset=8 (local.get $at) (i32.const 0))
    (call $see (local.get $at))
    (i32.store offset=4 (local.get $at) (i32.const 0))
    (i32.store (local.get $at) (i32.const 0)))
  (data
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
;;= (module
;;=   (type (;0;) (func (param i32)))
;;=   (type (;1;) (func (param i32 f64)))
;;=   (type (;2;) (func (param i32 i32 f32)))
;;=   (import "host" "see" (func $see (;0;) (type 0) (param i32)))
;;=   (memory (;0;) (export "m") 1)
;;=   (func (;1;) (export "clear") (type 1) (param $at i32) (param $what f64)
;;=     (local v128)
;;=     (v128.store offset=16 align=8
;;=       (local.get $at)
;;=       (local.tee 2 (f64x2.splat (local.get $what))))
;;=     (v128.store align=8 (local.get $at) (local.get 2))
;;=   )
;;=   (func (;2;) (export "scale") (type 2) (param $to i32) (param $from i32) (param $by f32)
;;=     (local i64 i64 i64 v128 v128)
;;=     (if (;L1;)
;;=       (i32.and
;;=         (i32.and
;;=           (i64.le_u
;;=             (i64.add (local.tee 3 (i64.extend_i32_u (local.get $from))) (i64.const 32))
;;=             (local.tee 4 (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))))
;;=           (i64.le_u
;;=             (i64.add (local.tee 5 (i64.extend_i32_u (local.get $to))) (i64.const 32))
;;=             (local.get 4)))
;;=         (i64.ge_u
;;=           (i64.add (i64.sub (local.get 5) (local.get 3)) (i64.const 31))
;;=           (i64.const 63)))
;;=       (then
;;=         (local.set 6 (v128.load offset=16 align=4 (local.get $from)))
;;=         (v128.store align=4
;;=           (local.get $to)
;;=           (f32x4.mul
;;=             (local.tee 7 (f32x4.splat (local.get $by)))
;;=             (v128.load align=4 (local.get $from))))
;;=         (v128.store offset=16 align=4
;;=           (local.get $to)
;;=           (f32x4.mul (local.get 6) (local.get 7))))
;;=       (else
;;=         (f32.store
;;=           (local.get $to)
;;=           (f32.mul (local.get $by) (f32.load (local.get $from))))
;;=         (f32.store offset=4
;;=           (local.get $to)
;;=           (f32.mul (f32.load offset=4 (local.get $from)) (local.get $by)))
;;=         (f32.store offset=8
;;=           (local.get $to)
;;=           (f32.mul (f32.load offset=8 (local.get $from)) (local.get $by)))
;;=         (f32.store offset=12
;;=           (local.get $to)
;;=           (f32.mul (f32.load offset=12 (local.get $from)) (local.get $by)))
;;=         (f32.store offset=16
;;=           (local.get $to)
;;=           (f32.mul (f32.load offset=16 (local.get $from)) (local.get $by)))
;;=         (f32.store offset=20
;;=           (local.get $to)
;;=           (f32.mul (f32.load offset=20 (local.get $from)) (local.get $by)))
;;=         (f32.store offset=24
;;=           (local.get $to)
;;=           (f32.mul (f32.load offset=24 (local.get $from)) (local.get $by)))
;;=         (f32.store offset=28
;;=           (local.get $to)
;;=           (f32.mul (f32.load offset=28 (local.get $from)) (local.get $by)))))
;;=   )
;;=   (func (;3;) (export "calls") (type 0) (param $at i32)
;;=     (i32.store offset=12 (local.get $at) (i32.const 0))
;;=     (i32.store offset=8 (local.get $at) (i32.const 0))
;;=     (call $see (local.get $at))
;;=     (i32.store offset=4 (local.get $at) (i32.const 0))
;;=     (i32.store (local.get $at) (i32.const 0))
;;=   )
;;= )
