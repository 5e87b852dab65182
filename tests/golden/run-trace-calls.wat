;;! weft run --tier=opt --trace=opt --invoke main %
;; Small functions are taken in where they are called, and a trap in one is in two functions all the same; and why others
;; are not.
(module
  (memory 1)
  (table funcref (elem $peek))
  (type $t (func (param i32) (result i32)))
  (global $g (mut i32) (i32.const 0))
  (func $peek (type $t) (i32.load (local.get 0)))
  (func $part (param i32 i32) (result i32 i32) (i32.div_u (local.get 0) (local.get 1)) (local.get 1))
  (func $early (param i32) (if (local.get 0) (then (return))) (global.set $g (i32.const 1)))
  (func $turns (param i32) (loop (br_if 0 (i32.eqz (local.get 0)))))
  (func $calls (type $t) (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) (call $peek (local.get 0)))
  (func $once (type $t) (i32.add (i32.const 2) (call $peek (local.get 0))))
  (func $twice (type $t) (block (block (br_table 0 1 (local.get 0)))) (i32.mul (call $once (local.get 0)) (i32.const 2)))
  (func $thrice (type $t) (call $twice (local.get 0)))
  (func $itself (type $t) (call $itself (local.get 0)))
  (func $grows (result i32) (memory.grow (i32.const 0)))
  (func $large (param i32)
    (i32.store (i32.const 0) (i32.add (local.get 0) (i32.const 1111)))
    (i32.store (i32.const 4) (i32.add (local.get 0) (i32.const 2222)))
    (i32.store (i32.const 8) (i32.add (local.get 0) (i32.const 3333)))
    (i32.store (i32.const 12) (i32.add (local.get 0) (i32.const 4444)))
    (i32.store (i32.const 16) (i32.add (local.get 0) (i32.const 5555)))
    (i32.store (i32.const 20) (i32.add (local.get 0) (i32.const 6666))))
  (func $all (param i32) (result i32)
    (call $turns (i32.const 1))
    (drop (call $grows))
    (call $large (i32.const 1))
    (call $early (local.get 0))
    (drop (drop (call $part (i32.const 7) (i32.const 2))))
    (drop (call_indirect (type $t) (i32.const 0) (i32.const 0)))
    (block (try_table (catch_all 0) (drop (call $peek (i32.const 4))) (drop (call $calls (i32.const 4)))))
    (if (i32.eqz (local.get 0)) (then (drop (call $thrice (i32.const 0))) (drop (call $itself (i32.const 0)))))
    (i32.add (i32.const 1) (call $twice (local.get 0))))
  (func (export "main") (result i32) (call $all (i32.const 65533))))
;;2 func 12 "main": call of function 11 not taken in: it is large
;;2 func 11 "all": call of function 3 taken in
;;2 func 11 "all": call of function 9 not taken in: memory.grow
;;2 func 11 "all": call of function 10 not taken in: it is large
;;2 func 11 "all": call of function 2 taken in
;;2 func 11 "all": call of function 1 taken in
;;2 func 11 "all": call of function 0 taken in
;;2 func 11 "all": call of function 4 not taken in: memory.fill
;;2 func 11 "all": call of function 7 not taken in: call
;;2 func 11 "all": call of function 8 not taken in: call
;;2 func 11 "all": call of function 6 taken in
;;2 func 11 "all": call of function 5 taken in
;;2 func 11 "all": call of function 0 taken in
;;2 func 10 "large": stores: those side by side in block 0 are 1 vectors
;;2 func 10 "large": phis of one value, and what nobody needs: 3 left out
;;2 func 4 "calls": call of function 0 taken in
;;2 run-trace-calls.wat: trap: out of bounds memory access
;;2     0: 0x5e peek
;;2     1: 0x9a once
;;2     2: 0xae twice
;;2     3: 0x156 all
;;2     4: 0x160 main
;;status 134
