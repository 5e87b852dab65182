;;! weft inspect --graph sum -O2 %
;; What a function becomes, and behind each step what it is then; lines that are new are marked.
(module
  (memory 1)
  (func $at (param i32) (result i32) (i32.load (local.get 0)))
  (func $far (param i32) (result i32) (loop (br_if 0 (local.tee 0 (call $at (local.get 0))))) (local.get 0))
  (func $sum (param $at i32) (param $end i32) (result i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (call $at (i32.add (local.get $at) (i32.const 0)))))
      (local.set $sum (i32.xor (local.get $sum) (i32.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (@metadata.code.branch_hint "\01")
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (drop (call $far (local.get $at)))
    (local.get $sum)))
;;= func 2 "sum"
;;=
;;= == build
;;= - call of function 0 taken in
;;= - call of function 1 not taken in: loop
;;=   floating
;;=     %1 = i32 arg 0
;;=     %2 = i32 arg 1
;;=     %3 = i32 i32.const 0
;;=     %7 = i32 i32.add %4 %6
;;=     %9 = i32 i32.xor %7 %8
;;=     %10 = i32 i32.const 4
;;=     %11 = i32 i32.add %5 %10
;;=     %12 = i32 i32.lt_u %11 %2
;;=   block 0
;;=     jump 1
;;=   block 1 in loop 1 <- 0 1
;;=     %4 = i32 phi %3 %9
;;=     %5 = i32 phi %1 %11
;;=     %6 = i32 i32.load %5
;;=     %8 = i32 i32.load %5
;;=     if %12 1 2 likely
;;=   block 2 in loop 1 <- 1
;;=     jump 3
;;=   block 3 <- 2
;;=     %13 = i32 call 1 %11
;;=     return %9
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
;;= == remember
;;= - read or checked before: 1
;;=   floating
;;=     %1 = i32 arg 0
;;=     %2 = i32 arg 1
;;=     %3 = i32 i32.const 0
;;=     %7 = i32 i32.add %4 %6
;;= +   %9 = i32 i32.xor %7 %6
;;=     %10 = i32 i32.const 4
;;=     %11 = i32 i32.add %5 %10
;;=     %12 = i32 i32.lt_u %11 %2
;;=   block 0
;;=     jump 1
;;=   block 1 in loop 1 <- 0 1
;;=     %4 = i32 phi %3 %9
;;=     %5 = i32 phi %1 %11
;;=     %6 = i32 i32.load %5
;;=     if %12 1 2 likely
;;=   block 2 in loop 1 <- 1
;;=     jump 3
;;=   block 3 <- 2
;;=     %13 = i32 call 1 %11
;;=     return %9
;;=     leave
;;=
;;= == tidy: as before
;;= - phis of one value, and what nobody needs: 1 left out
;;=
;;= == renew: as before
;;=
;;= == tidy: as before
;;=
;;= == invert: as before
;;=
;;= == hoist: as before
;;=
;;= == vectorize: as before
;;=
;;= == unroll
;;= - loop of 6 nodes is there 4 times
;;=   floating
;;=     %1 = i32 arg 0
;;=     %2 = i32 arg 1
;;=     %3 = i32 i32.const 0
;;=     %7 = i32 i32.add %4 %6
;;=     %9 = i32 i32.xor %7 %6
;;=     %10 = i32 i32.const 4
;;=     %11 = i32 i32.add %5 %10
;;=     %12 = i32 i32.lt_u %11 %2
;;= +   %18 = i32 i32.add %15 %17
;;= +   %19 = i32 i32.xor %18 %17
;;= +   %20 = i32 i32.add %16 %10
;;= +   %22 = i32 i32.add %9 %21
;;= +   %23 = i32 i32.xor %22 %21
;;= +   %24 = i32 i32.const 8
;;= +   %25 = i32 i32.add %5 %24
;;= +   %26 = i32 i32.lt_u %25 %2
;;= +   %28 = i32 i32.add %23 %27
;;= +   %29 = i32 i32.xor %28 %27
;;= +   %30 = i32 i32.const 12
;;= +   %31 = i32 i32.add %5 %30
;;= +   %32 = i32 i32.lt_u %31 %2
;;= +   %34 = i32 i32.add %29 %33
;;= +   %35 = i32 i32.xor %34 %33
;;= +   %36 = i32 i32.const 16
;;= +   %37 = i32 i32.add %5 %36
;;= +   %38 = i32 i32.lt_u %37 %2
;;=   block 0
;;=     jump 1
;;= + block 1 in loop 1 <- 0 4
;;= +   %4 = i32 phi %3 %35
;;= +   %5 = i32 phi %1 %37
;;=     %6 = i32 i32.load %5
;;= +   if %12 2 5 likely
;;=   block 2 in loop 1 <- 1
;;= +   %21 = i32 i32.load %11
;;= +   if %26 3 5 likely
;;= + block 3 in loop 1 <- 2
;;= +   %27 = i32 i32.load %25
;;= +   if %32 4 5 likely
;;= + block 4 in loop 1 <- 3
;;= +   %33 = i32 i32.load %31
;;= +   if %38 1 5 likely
;;= + block 5 <- 1 2 3 4
;;= +   %15 = i32 phi %4 %9 %23 %29
;;= +   %16 = i32 phi %5 %11 %25 %31
;;= +   %17 = i32 phi %6 %21 %27 %33
;;= +   %13 = i32 call 1 %20
;;= +   return %19
;;=     leave
;;=
;;= == again
;;=   floating
;;= +   %1 = i32 i32.const 0
;;= +   %2 = i32 arg 0
;;= +   %6 = i32 i32.const 4
;;=     %7 = i32 i32.add %4 %6
;;= +   %8 = i32 arg 1
;;= +   %9 = i32 i32.lt_u %7 %8
;;= +   %11 = i32 i32.const 8
;;= +   %12 = i32 i32.add %4 %11
;;= +   %13 = i32 i32.lt_u %12 %8
;;= +   %14 = i32 i32.add %3 %5
;;= +   %15 = i32 i32.xor %14 %5
;;= +   %17 = i32 i32.const 12
;;= +   %18 = i32 i32.add %4 %17
;;= +   %19 = i32 i32.lt_u %18 %8
;;= +   %20 = i32 i32.add %15 %10
;;= +   %21 = i32 i32.xor %20 %10
;;= +   %23 = i32 i32.const 16
;;= +   %24 = i32 i32.add %4 %23
;;= +   %25 = i32 i32.lt_u %24 %8
;;= +   %26 = i32 i32.add %21 %16
;;= +   %27 = i32 i32.xor %26 %16
;;= +   %28 = i32 i32.add %27 %22
;;= +   %29 = i32 i32.xor %28 %22
;;= +   %33 = i32 i32.add %31 %6
;;= +   %35 = i32 i32.add %30 %32
;;= +   %36 = i32 i32.xor %35 %32
;;=   block 0
;;=     jump 1
;;=   block 1 in loop 1 <- 0 4
;;= +   %3 = i32 phi %1 %29
;;= +   %4 = i32 phi %2 %24
;;= +   %5 = i32 i32.load %4
;;= +   if %9 2 5 likely
;;=   block 2 in loop 1 <- 1
;;= +   %10 = i32 i32.load %7
;;= +   if %13 3 5 likely
;;=   block 3 in loop 1 <- 2
;;= +   %16 = i32 i32.load %12
;;= +   if %19 4 5 likely
;;=   block 4 in loop 1 <- 3
;;= +   %22 = i32 i32.load %18
;;= +   if %25 1 5 likely
;;=   block 5 <- 1 2 3 4
;;= +   %30 = i32 phi %3 %15 %21 %27
;;= +   %31 = i32 phi %4 %7 %12 %18
;;= +   %32 = i32 phi %5 %10 %16 %22
;;= +   %34 = i32 call 1 %33
;;= +   return %36
;;=     leave
;;=
;;= == reduce: as before
;;=
;;= == again: as before
;;=
;;= 50 -> 169 bytes
