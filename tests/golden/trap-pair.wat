;;! weft run --invoke main %
;; The second of two that are run as one traps, and is what the backtrace names.
(module
  (memory 1)
  (func (export "main") (result i32) (local $at i32)
    (local.set $at (i32.shl (i32.const 3) (i32.const 30)))
    (i32.load (i32.load (i32.load (i32.shl (local.get $at) (i32.const 2)))))
    (drop)
    (i32.load offset=4 (i32.shl (local.get $at) (i32.const 1)))))
;;2 trap-pair.wat: trap: out of bounds memory access
;;2     0: 0x44 main
;;status 134
