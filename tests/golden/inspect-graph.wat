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
;;= == narrow: as before
;;=
;;= == renew: as before
;;=
;;= == tidy: as before
;;=
;;= 50 -> 41 bytes
