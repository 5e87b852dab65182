;;! weft step %
;; All that it does is its start function's.
(module (func $s nop) (start $s))
;;= 1: {LOCALS, MODULE 0}; >>(call 0)<<  ~> Step_read/call  -- a = MODULE.FUNCS[x]: x = 0, a = func 0 "s"
;;= 2: {LOCALS, MODULE 0}; (ref.func 0) >>(call_ref 0)<<  ~> Step_read/call_ref-func  -- FUNCS[a].CODE = (FUNC x local* instr*): a = func 0 "s"
;;= 3 "s" 0x1a: ... (FRAME_0 {LOCALS, MODULE 0} (LABEL_0 {} >>nop<<)) ...  ~> Step_pure/nop
;;= 4 "s" 0x1a: ... (FRAME_0 {LOCALS, MODULE 0} >>(LABEL_0 {})<<) ...  ~> Step_pure/label-vals  -- nothing is left but val*: 0 in LABEL_0
;;= 5 "s": {LOCALS, MODULE 0}; >>(FRAME_0 {LOCALS, MODULE 0})<<  ~> Step_pure/frame-vals  -- nothing is left but val*: 0 in FRAME_0
;;= 5 steps: returned
