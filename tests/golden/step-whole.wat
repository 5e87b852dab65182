;;! weft step --whole --invoke f %
;; What comes before the call too: the global's value, a segment's bytes, the start function.
(module
  (global i32 (i32.add (i32.const 1) (i32.const 2)))
  (memory 1)
  (data (i32.const 5) "a")
  (func $s nop)
  (start $s)
  (func (export "f")))
;;= 1: {LOCALS, MODULE 0}; (i32.const 1) (i32.const 2) >>i32.add<<  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.add 1 2 = 3
;;= 2: {LOCALS, MODULE 0}; (i32.const 5) (i32.const 0) (i32.const 1) >>(memory.init 0 0)<< (data.drop 0)  ~> Step_read/memory.init-succ  -- n =/= 0: n = 1
;;= 3: {LOCALS, MODULE 0}; (i32.const 5) (i32.const 97) >>(i32.store8 0 offset=0)<< (i32.const 6) (i32.const 1) (i32.const 0) ...  ~> Step/store-pack-val  -- i + OFFSET + N/8 <= |MEMS[x].BYTES|: 5 + 0 + 1 <= 65536  MEMS[0].BYTES[5] 00 -> 61
;;= 4: {LOCALS, MODULE 0}; (i32.const 6) (i32.const 1) (i32.const 0) >>(memory.init 0 0)<< (data.drop 0)  ~> Step_read/memory.init-zero  -- n = 0: n = 0
;;= 5: {LOCALS, MODULE 0}; >>(data.drop 0)<<  ~> Step/data.drop  |DATAS[0].BYTES| 1 -> 0
;;= 6: {LOCALS, MODULE 0}; >>(call 0)<<  ~> Step_read/call  -- a = MODULE.FUNCS[x]: x = 0, a = func 0 "s"
;;= 7: {LOCALS, MODULE 0}; (ref.func 0) >>(call_ref 0)<<  ~> Step_read/call_ref-func  -- FUNCS[a].CODE = (FUNC x local* instr*): a = func 0 "s"
;;= 8 "s" 0x32: ... (FRAME_0 {LOCALS, MODULE 0} (LABEL_0 {} >>nop<<)) ...  ~> Step_pure/nop
;;= 9 "s" 0x32: ... (FRAME_0 {LOCALS, MODULE 0} >>(LABEL_0 {})<<) ...  ~> Step_pure/label-vals  -- nothing is left but val*: 0 in LABEL_0
;;= 10 "s": {LOCALS, MODULE 0}; >>(FRAME_0 {LOCALS, MODULE 0})<<  ~> Step_pure/frame-vals  -- nothing is left but val*: 0 in FRAME_0
;;= 11: {LOCALS}; (ref.func 1) >>(call_ref ...)<<  ~> Step_read/call_ref-func  -- FUNCS[a].CODE = (FUNC x local* instr*): a = func 1 "f"
;;= 12 "f": ... (FRAME_0 {LOCALS, MODULE 0} >>(LABEL_0 {})<<) ...  ~> Step_pure/label-vals  -- nothing is left but val*: 0 in LABEL_0
;;= 13 "f": {LOCALS}; >>(FRAME_0 {LOCALS, MODULE 0})<<  ~> Step_pure/frame-vals  -- nothing is left but val*: 0 in FRAME_0
;;= 13 steps: returned
