;;! weft opt -O3 % -o -
;;| weft print --fold -
;; A loop along an array gets one in front of it that does eight numbers of 16 bits at a time, since there is room: nobody
;; needs the data. One that calls stays as it is.

(module
  (import "host" "see" (func $see (param i32)))
  (memory (export "m") 1)
  (func (export "more") (param $at i32) (param $count i32) (param $by i32)
    (loop $again
      (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (local.get $by)))
      (local.set $at (i32.add (local.get $at) (i32.const 2)))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
  (func (export "calls") (param $at i32) (param $count i32) (param $by i32)
    (loop $again
      (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (local.get $by)))
      (call $see (local.get $at))
      (local.set $at (i32.add (local.get $at) (i32.const 2)))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
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
;;=   (type (;1;) (func (param i32 i32 i32)))
;;=   (import "host" "see" (func $see (;0;) (type 0) (param i32)))
;;=   (memory (;0;) (export "m") 1)
;;=   (func (;1;) (export "more") (type 1) (param $at i32) (param $count i32) (param $by i32)
;;=     (local i32 i64 v128)
;;=     (block (;L1;)
;;=       (br_if 0 (;L1;)
;;=         (i64.lt_s
;;=           (local.tee 4 (i64.extend_i32_u (i32.add (local.get $count) (i32.const -1))))
;;=           (i64.const 8)))
;;=       (br_if 0 (;L1;)
;;=         (i64.gt_u
;;=           (i64.add
;;=             (i64.extend_i32_u (local.get $at))
;;=             (i64.shl
;;=               (i64.extend_i32_u
;;=                 (local.tee 3 (i32.wrap_i64 (i64.shr_u (local.get 4) (i64.const 3)))))
;;=               (i64.const 4)))
;;=           (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))))
;;=       (local.set 5 (i16x8.splat (local.get $by)))
;;=       (local.set 3
;;=         (i32.add (local.get $at) (i32.shl (local.get 3) (i32.const 4))))
;;=       (loop (;L2;)
;;=         (v128.store align=2
;;=           (local.get $at)
;;=           (i16x8.add (v128.load align=2 (local.get $at)) (local.get 5)))
;;=         (local.set $count (i32.add (local.get $count) (i32.const -8)))
;;=         (br_if 0 (;L2;)
;;=           (i32.ne
;;=             (local.tee $at (i32.add (local.get $at) (i32.const 16)))
;;=             (local.get 3)))))
;;=     (loop (;L1;)
;;=       (i32.store16
;;=         (local.get $at)
;;=         (i32.add (i32.load16_u (local.get $at)) (local.get $by)))
;;=       (local.tee $count (i32.add (local.get $count) (i32.const -1)))
;;=       (local.set $at (i32.add (local.get $at) (i32.const 2)))
;;=       (br_if 0 (;L1;)))
;;=   )
;;=   (func (;2;) (export "calls") (type 1) (param $at i32) (param $count i32) (param $by i32)
;;=     (loop (;L1;)
;;=       (i32.store16
;;=         (local.get $at)
;;=         (i32.add (i32.load16_u (local.get $at)) (local.get $by)))
;;=       (call $see (local.get $at))
;;=       (local.tee $count (i32.add (local.get $count) (i32.const -1)))
;;=       (local.set $at (i32.add (local.get $at) (i32.const 2)))
;;=       (br_if 0 (;L1;)))
;;=   )
;;= )
