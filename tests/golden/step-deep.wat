;;! weft step --from 20000 --steps 2 --invoke f % 100000
;; Of a configuration the innermost contexts are shown.
(module (func $f (export "f") (param i32) (result i32) (i32.add (local.get 0) (call $f (local.get 0)))))
;;= 20000 "f" 0x24: ... (FRAME_1 {LOCALS (i32.const 100000), MODULE 0} (LABEL_1 {} (i32.const 100000) (i32.const 100000) >>(call 0)<< i32.add)) ...  ~> Step_read/call  -- a = MODULE.FUNCS[x]: x = 0, a = func 0 "f"
;;= 20001 "f" 0x24: ... (FRAME_1 {LOCALS (i32.const 100000), MODULE 0} (LABEL_1 {} (i32.const 100000) (i32.const 100000) (ref.func 0) >>(call_ref 0)<< i32.add)) ...  ~> Step_read/call_ref-func  -- FUNCS[a].CODE = (FUNC x local* instr*): a = func 0 "f"
