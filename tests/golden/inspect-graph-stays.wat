;;! weft inspect --graph f -O1 %
;; A handler that takes two values needs a function type without parameters that gives these.
(module
  (type $two (func (param i32 i32) (result i32 i32)))
  (tag $e (param i32 i32))
  (func $g)
  (func $f (result i32)
    (i32.const 1)
    (i32.const 2)
    (block (type $two)
      drop
      drop
      (try_table (catch $e 0) (call $g))
      unreachable)
    i32.add))
;;= func 1 "f"
;;=
;;= == build
;;=   floating
;;=     %7 = i32 i32.add %4 %5
;;=   block 0
;;=     jump 1
;;=   block 1 in try 1 <- 0
;;=     call 0
;;=     call 2 3
;;=   block 2 in try 1 <- 1
;;=     jump 5
;;=   block 3 <- 1
;;=     catch 4
;;=   block 4 <- 3
;;=     %4 = i32 given 0
;;=     %5 = i32 given 1
;;=     jump 6
;;=   block 5 <- 2
;;=     unreachable
;;=     leave
;;=   block 6 <- 4
;;=     return %7
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
;;= == narrow: as before
;;=
;;= == renew: as before
;;=
;;= == tidy: as before
;;=
;;= the old body stays: no type for what a handler takes
