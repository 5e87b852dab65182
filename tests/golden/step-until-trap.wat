;;! weft step --until "op i32.div_s" --from 4 --invoke f % 5 0
;; Nobody knows by then that it would trap.
(module (func $f (export "f") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))
;;= 4 "f" 0x25: ... (FRAME_1 {LOCALS (i32.const 5) (i32.const 0), MODULE 0} (LABEL_1 {} (i32.const 5) (i32.const 0) >>i32.div_s<<)) ...  ~> Step_pure/binop-trap  -- op(c1, c2) = eps: i32.div_s 5 0: integer divide by zero
