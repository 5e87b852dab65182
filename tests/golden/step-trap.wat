;;! weft step --do "end; back 2" --invoke f % 5 0
;; The exit status is that of `weft run`, once the end was reached.
(module (func $f (export "f") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))
;;= 6 steps: trap: integer divide by zero
;;= 5 "f" 0x25: ... (FRAME_1 {LOCALS (i32.const 5) (i32.const 0), MODULE 0} (LABEL_1 {} >>TRAP<<)) ...  ~> Step_pure/trap-label  -- the context around: LABEL_1
;;status 134
