;;! weft step --check --only 'op i32.add' --invoke f % 3
(module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
;;= 3 "f" 0x24: ... (FRAME_1 {LOCALS (i32.const 3), MODULE 0} (LABEL_1 {} (i32.const 3) (i32.const 1) >>i32.add<<)) ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.add 3 1 = 4
;;= 5 steps: returned (i32.const 4)
