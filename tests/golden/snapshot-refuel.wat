;;! weft run --snapshot-at 1000 -o - --invoke turns % 100000
;;| weft run --resume - --fuel 1000
(module (func $turns (export "turns") (param i32) (result i32)
  (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 7)))
;;2 -: trap: out of fuel
;;2     0: 0x24 turns
;;status 134
