;;! weft run --invoke main %
;; A trap in small functions that are called in a loop, in each other, and in a try: what was called by whom, and where.
(module
  (memory 1)
  (global $turns (mut i32) (i32.const 0))
  (func $count (global.set $turns (i32.add (global.get $turns) (i32.const 1))))
  (func $byte (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func $peek (param i32) (result i32) (call $byte (local.get 0)))
  (func $last (param $at i32) (result i32)
    (block $none
      (try_table (catch_all $none)
        (loop $on
          (call $count)
          (br_if $on (i32.eqz (call $peek (local.tee $at (i32.add (local.get $at) (i32.const 4096)))))))))
    (local.get $at))
  (func (export "main") (result i32) (i32.add (call $last (i32.const 1)) (call $peek (i32.const 0)))))
;;2 trap-taken.wat: trap: out of bounds memory access
;;2     0: 0x47 byte
;;2     1: 0x4f peek
;;2     2: 0x67 last
;;2     3: 0x76 main
;;status 134
