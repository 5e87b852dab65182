;;! weft inspect --graph 0 -O1 %
;; A byte stays one around a loop: the masks of $b go, that of $i stays, which grows; the sign of the first is known, that
;; of the second is not.
(module (memory 1)
  (func (param $i i32) (result i64) (local $b i32) (local $s i64)
    (local.set $b (i32.load8_u (local.get $i)))
    (loop $again
      (local.set $s (i64.add (local.get $s) (i64.extend_i32_s (i32.and (local.get $b) (i32.const 0xff)))))
      (local.set $s (i64.add (local.get $s) (i64.extend_i32_s (i32.and (local.get $i) (i32.const 0xff)))))
      (local.set $s (i64.add (local.get $s) (i64.extend_i32_s (i32.shr_s (local.get $i) (i32.const 1)))))
      (local.set $b (i32.xor (i32.load8_u (local.get $i)) (local.get $b)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (local.get $b)))
    (local.get $s)))
;;= func 0
;;=
;;= == build
;;=   floating
;;=     %1 = i32 arg 0
;;=     %3 = i64 i64.const 0
;;=     %8 = i32 i32.const 255
;;=     %9 = i32 i32.and %6 %8
;;=     %10 = i64 i64.extend_i32_s %9
;;=     %11 = i64 i64.add %5 %10
;;=     %12 = i32 i32.and %7 %8
;;=     %13 = i64 i64.extend_i32_s %12
;;=     %14 = i64 i64.add %11 %13
;;=     %15 = i32 i32.const 1
;;=     %16 = i32 i32.shr_s %7 %15
;;=     %17 = i64 i64.extend_i32_s %16
;;=     %18 = i64 i64.add %14 %17
;;=     %20 = i32 i32.xor %19 %6
;;=     %21 = i32 i32.add %7 %15
;;=   block 0
;;=     %4 = i32 i32.load8_u %1
;;=     jump 1
;;=   block 1 in loop 1 <- 0 1
;;=     %5 = i64 phi %3 %18
;;=     %6 = i32 phi %4 %20
;;=     %7 = i32 phi %1 %21
;;=     %19 = i32 i32.load8_u %7
;;=     if %20 1 2
;;=   block 2 in loop 1 <- 1
;;=     jump 3
;;=   block 3 <- 2
;;=     return %18
;;=     leave
;;=
;;= == tidy: as before
;;=
;;= == renew: as before
;;=
;;= == dominators: as before
;;=
;;= == unmake: as before
;;=
;;= == remember: as before
;;=
;;= == tidy: as before
;;=
;;= == narrow
;;= - bits that are 0 anyway: 3 no longer cut off or asked for
;;=   floating
;;=     %1 = i32 arg 0
;;=     %3 = i64 i64.const 0
;;=     %8 = i32 i32.const 255
;;= +   %11 = i64 i64.add %5 %23
;;=     %12 = i32 i32.and %7 %8
;;= +   %14 = i64 i64.add %11 %24
;;=     %15 = i32 i32.const 1
;;=     %16 = i32 i32.shr_s %7 %15
;;=     %17 = i64 i64.extend_i32_s %16
;;=     %18 = i64 i64.add %14 %17
;;=     %20 = i32 i32.xor %19 %6
;;=     %21 = i32 i32.add %7 %15
;;= +   %23 = i64 i64.extend_i32_u %6
;;= +   %24 = i64 i64.extend_i32_u %12
;;=   block 0
;;=     %4 = i32 i32.load8_u %1
;;=     jump 1
;;=   block 1 in loop 1 <- 0 1
;;=     %5 = i64 phi %3 %18
;;=     %6 = i32 phi %4 %20
;;=     %7 = i32 phi %1 %21
;;=     %19 = i32 i32.load8_u %7
;;=     if %20 1 2
;;=   block 2 in loop 1 <- 1
;;=     jump 3
;;=   block 3 <- 2
;;=     return %18
;;=     leave
;;=
;;= == renew: as before
;;=
;;= == tidy: as before
;;=
;;= 74 -> 63 bytes
