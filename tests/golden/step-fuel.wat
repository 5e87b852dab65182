;;! weft step --fuel 3 --invoke f % 1 2
;; Fuel is steps.
(module (func $f (export "f") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
;;= 1: {LOCALS}; (i32.const 1) (i32.const 2) (ref.func 0) >>(call_ref ...)<<  ~> Step_read/call_ref-func  -- FUNCS[a].CODE = (FUNC x local* instr*): a = func 0 "f"
;;= 2 "f" 0x21: ... (FRAME_1 {LOCALS (i32.const 1) (i32.const 2), MODULE 0} (LABEL_1 {} >>(local.get 0)<< (local.get 1) i32.add)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 1)
;;= 3 "f" 0x23: ... (FRAME_1 {LOCALS (i32.const 1) (i32.const 2), MODULE 0} (LABEL_1 {} (i32.const 1) >>(local.get 1)<< i32.add)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 1, val = (i32.const 2)
;;= 3 steps: trap: out of fuel
;;status 134
