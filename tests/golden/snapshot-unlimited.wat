;;! weft run --snapshot-at 1000 -o - --invoke turns % 100000
;;| weft run --resume - --snapshot-at 100000 -o -
;;| weft run --resume -
(module (func $turns (export "turns") (param i32) (result i32)
  (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 7)))
;;= 7
