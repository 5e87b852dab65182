;;! weft step --invoke f %
(module
  (tag $e (param i32))
  (func $f (export "f") (result i32)
    (block $h (result i32) (try_table (result i32) (catch $e $h) (throw $e (i32.const 3))))))
;;= 1: {LOCALS}; (ref.func 0) >>(call_ref ...)<<  ~> Step_read/call_ref-func  -- FUNCS[a].CODE = (FUNC x local* instr*): a = func 0 "f"
;;= 2 "f" 0x28: ... (FRAME_1 {LOCALS, MODULE 0} (LABEL_1 {} >>(block ...)<<)) ...  ~> Step_read/block  -- bt : t1^m -> t2^n: m = 0, n = 1
;;= 3 "f" 0x2a: ... (LABEL_1 {} (LABEL_1 {} >>(try_table (catch 0 0) ...)<<)) ...  ~> Step_read/try_table  -- bt : t1^m -> t2^n: m = 0, n = 1
;;= 4 "f" 0x32: ... (HANDLER_1 {(catch 0 0)} (LABEL_1 {} (i32.const 3) >>(throw 0)<<)) ...  ~> Step/throw  -- TAGS[x] : t^n -> eps, a is new in EXNS: x = 0, (ref.exn 0)  EXNS[0] -> (i32.const 3)
;;= 5 "f" 0x32: ... (HANDLER_1 {(catch 0 0)} (LABEL_1 {} (ref.exn 0) >>throw_ref<<)) ...  ~> Step_read/throw_ref-label  -- the context around: LABEL_1
;;= 6 "f": ... (LABEL_1 {} (HANDLER_1 {(catch 0 0)} (ref.exn 0) >>throw_ref<<)) ...  ~> Step_read/throw_ref-handler-catch  -- EXNS[a].TAG = TAGS[x]: TAGS 0, catch TAGS 0
;;= 7 "f" 0x32: ... (LABEL_1 {} (LABEL_1 {} (i32.const 3) >>(br 0)<<)) ...  ~> Step_pure/br-label-zero  -- l = 0 in LABEL_n: l = 0 in LABEL_1
;;= 8 "f" 0x32: ... (FRAME_1 {LOCALS, MODULE 0} >>(LABEL_1 {} (i32.const 3))<<) ...  ~> Step_pure/label-vals  -- nothing is left but val*: 1 in LABEL_1
;;= 9 "f": {LOCALS}; >>(FRAME_1 {LOCALS, MODULE 0} (i32.const 3))<<  ~> Step_pure/frame-vals  -- nothing is left but val*: 1 in FRAME_1
;;= 9 steps: returned (i32.const 3)
