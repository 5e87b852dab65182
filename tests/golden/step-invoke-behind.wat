;;! weft step % --invoke f 2
;; The option may stand behind the file.
(module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
;;= 1: {LOCALS}; (i32.const 2) (ref.func 0) >>(call_ref ...)<<  ~> Step_read/call_ref-func  -- FUNCS[a].CODE = (FUNC x local* instr*): a = func 0 "f"
;;= 2 "f" 0x20: ... (FRAME_1 {LOCALS (i32.const 2), MODULE 0} (LABEL_1 {} >>(local.get 0)<< (i32.const 1) i32.add)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 2)
;;= 3 "f" 0x24: ... (FRAME_1 {LOCALS (i32.const 2), MODULE 0} (LABEL_1 {} (i32.const 2) (i32.const 1) >>i32.add<<)) ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.add 2 1 = 3
;;= 4 "f" 0x24: ... (FRAME_1 {LOCALS (i32.const 2), MODULE 0} >>(LABEL_1 {} (i32.const 3))<<) ...  ~> Step_pure/label-vals  -- nothing is left but val*: 1 in LABEL_1
;;= 5 "f": {LOCALS}; >>(FRAME_1 {LOCALS (i32.const 2), MODULE 0} (i32.const 3))<<  ~> Step_pure/frame-vals  -- nothing is left but val*: 1 in FRAME_1
;;= 5 steps: returned (i32.const 3)
