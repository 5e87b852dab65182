;;! weft run --tier=auto --hot 4 --up-every 1 --trace=opt --invoke main %
;; What is said of calls by tables and references of which some or one was seen to be called; a trap in what was taken in.
(module
  (memory 1)
  (type $t (func (param i32) (result i32)))
  (table funcref (elem $peek $poke $turns $none))
  (func $peek (type $t) (i32.load8_u (local.get 0)))
  (func $poke (type $t) (i32.store8 (local.get 0) (i32.const 1)) (i32.const 0))
  (func $turns (type $t) (loop (br_if 0 (i32.eqz (local.get 0)))) (memory.grow (i32.const 0)))
  (func $none (type $t) (local.get 0))
  (func $one (param $at i32) (param $of i32) (result i32)
    (i32.add (i32.const 1) (call_indirect (type $t) (local.get $at) (local.get $of))))
  (func $two (param $at i32) (param $of i32) (result i32)
    (i32.add (i32.const 1) (call_indirect (type $t) (local.get $at) (local.get $of))))
  (func $long (param $at i32) (param $of i32) (result i32)
    (i32.add (i32.const 1) (call_indirect (type $t) (local.get $at) (local.get $of))))
  (func $ref (param $at i32) (param $of (ref $t)) (result i32)
    (i32.add (i32.const 1) (call_ref $t (local.get $at) (local.get $of))))
  (func $never (param $at i32) (result i32)
    (if (i32.ge_u (local.get $at) (i32.const 4)) (then (return (call_indirect (type $t) (i32.const 0) (local.get $at)))))
    (i32.const 1))
  (func (export "main") (result i32) (local $n i32)
    (loop $again
      (drop (call $one (local.get $n) (i32.const 0)))
      (drop (call $two (local.get $n) (i32.and (local.get $n) (i32.const 1))))
      (drop (call $long (i32.const 1) (i32.const 2)))
      (drop (call $ref (local.get $n) (ref.func $none)))
      (drop (call $never (local.get $n)))
      (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 4))))
    (call $one (i32.const 65536) (i32.const 0))))
;;2 func 4 "one": call_indirect is of function 0, mostly
;;2 func 4 "one": call of function 0 taken in
;;2 func 5 "two": call_indirect not taken in: it is of several functions
;;2 func 6 "long": call_indirect of function 2 not taken in: memory.grow
;;2 func 2 "turns": vectors: not the loop in block 1: it reads and stores nothing
;;2 func 2 "turns": loop of 2 nodes is there 4 times
;;2 func 2 "turns": vectors: not the loop in block 1: it reads and stores nothing
;;2 func 2 "turns": loop of 2 nodes is there 4 times
;;2 func 7 "ref": call_ref is of function 3, mostly
;;2 func 7 "ref": call of function 3 taken in
;;2 run-trace-seen.wat: trap: out of bounds memory access
;;2     0: 0x58 peek
;;2     1: 0x84 one
;;2     2: 0x101 main
;;status 134
