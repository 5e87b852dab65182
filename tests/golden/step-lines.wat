;;! weft step --invoke f % 2
;; A line for each step: where it is, the configuration with what is reduced next, the rule, what it looks at, what changes.
(module
  (global $sum (mut i32) (i32.const 0))
  (memory 1)
  (func $f (export "f") (param $n i32) (result i32)
    (block $out
      (loop $again
        (br_if $out (i32.eqz (local.get $n)))
        (global.set $sum (i32.add (global.get $sum) (local.get $n)))
        (i32.store16 offset=2 (i32.const 6) (global.get $sum))
        (local.set $n (i32.sub (local.get $n) (i32.const 2)))
        (br_table $out $again (i32.const 7))))
    (i32.load8_u (i32.const 8))))
;;= 1: {LOCALS}; (i32.const 2) (ref.func 0) >>(call_ref ...)<<  ~> Step_read/call_ref-func  -- FUNCS[a].CODE = (FUNC x local* instr*): a = func 0 "f"
;;= 2 "f" 0x2d: ... (FRAME_1 {LOCALS (i32.const 2), MODULE 0} (LABEL_1 {} >>(block ...)<< (i32.const 8) (i32.load8_u 0 offset=0))) ...  ~> Step_read/block  -- bt : t1^m -> t2^n: m = 0, n = 0
;;= 3 "f" 0x2f: ... (LABEL_1 {} (LABEL_0 {} >>(loop ...)<<) (i32.const 8) (i32.load8_u 0 offset=0)) ...  ~> Step_read/loop  -- bt : t1^m -> t2^n: m = 0, n = 0
;;= 4 "f" 0x31: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(local.get 0)<< i32.eqz (br_if 1) (global.get 0) ...)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 2)
;;= 5 "f" 0x33: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) >>i32.eqz<< (br_if 1) (global.get 0) (local.get 0) ...)) ...  ~> Step_pure/testop  -- op(c1) = c: i32.eqz 2 = 0
;;= 6 "f" 0x34: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 0) >>(br_if 1)<< (global.get 0) (local.get 0) i32.add ...)) ...  ~> Step_pure/br_if-false  -- c = 0: 0 = 0
;;= 7 "f" 0x36: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(global.get 0)<< (local.get 0) i32.add (global.set 0) ...)) ...  ~> Step_read/global.get  -- GLOBALS[x].VALUE = val: x = 0, val = (i32.const 0)
;;= 8 "f" 0x38: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 0) >>(local.get 0)<< i32.add (global.set 0) (i32.const 6) ...)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 2)
;;= 9 "f" 0x3a: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 0) (i32.const 2) >>i32.add<< (global.set 0) (i32.const 6) (global.get 0) ...)) ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.add 0 2 = 2
;;= 10 "f" 0x3b: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) >>(global.set 0)<< (i32.const 6) (global.get 0) (i32.store16 0 offset=2) ...)) ...  ~> Step/global.set  GLOBALS[0].VALUE (i32.const 0) -> (i32.const 2)
;;= 11 "f" 0x3f: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 6) >>(global.get 0)<< (i32.store16 0 offset=2) (local.get 0) (i32.const 2) ...)) ...  ~> Step_read/global.get  -- GLOBALS[x].VALUE = val: x = 0, val = (i32.const 2)
;;= 12 "f" 0x41: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 6) (i32.const 2) >>(i32.store16 0 offset=2)<< (local.get 0) (i32.const 2) i32.sub ...)) ...  ~> Step/store-pack-val  -- i + OFFSET + N/8 <= |MEMS[x].BYTES|: 6 + 2 + 2 <= 65536  MEMS[0].BYTES[8 : 2] 00 00 -> 02 00
;;= 13 "f" 0x44: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(local.get 0)<< (i32.const 2) i32.sub (local.set 0) ...)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 2)
;;= 14 "f" 0x48: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) (i32.const 2) >>i32.sub<< (local.set 0) (i32.const 7) (br_table 1 0))) ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.sub 2 2 = 0
;;= 15 "f" 0x49: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 0) >>(local.set 0)<< (i32.const 7) (br_table 1 0))) ...  ~> Step/local.set  LOCALS[0] (i32.const 2) -> (i32.const 0)
;;= 16 "f" 0x4d: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 7) >>(br_table 1 0)<<)) ...  ~> Step_pure/br_table-ge  -- i >= |l*|: 7 >= 1
;;= 17 "f" 0x4d: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(br 0)<<)) ...  ~> Step_pure/br-label-zero  -- l = 0 in LABEL_n: l = 0 in LABEL_0
;;= 18 "f" 0x2f: ... (LABEL_1 {} (LABEL_0 {} >>(loop ...)<<) (i32.const 8) (i32.load8_u 0 offset=0)) ...  ~> Step_read/loop  -- bt : t1^m -> t2^n: m = 0, n = 0
;;= 19 "f" 0x31: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(local.get 0)<< i32.eqz (br_if 1) (global.get 0) ...)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 0)
;;= 20 "f" 0x33: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 0) >>i32.eqz<< (br_if 1) (global.get 0) (local.get 0) ...)) ...  ~> Step_pure/testop  -- op(c1) = c: i32.eqz 0 = 1
;;= 21 "f" 0x34: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 1) >>(br_if 1)<< (global.get 0) (local.get 0) i32.add ...)) ...  ~> Step_pure/br_if-true  -- c =/= 0: 1 =/= 0
;;= 22 "f" 0x34: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(br 1)<< (global.get 0) (local.get 0) i32.add ...)) ...  ~> Step_pure/br-label-succ  -- l > 0 in LABEL_n: l = 1 in LABEL_0
;;= 23 "f" 0x4d: ... (LABEL_1 {} (LABEL_0 {} >>(br 0)<<) (i32.const 8) (i32.load8_u 0 offset=0)) ...  ~> Step_pure/br-label-zero  -- l = 0 in LABEL_n: l = 0 in LABEL_0
;;= 24 "f" 0x55: ... (FRAME_1 {LOCALS (i32.const 0), MODULE 0} (LABEL_1 {} (i32.const 8) >>(i32.load8_u 0 offset=0)<<)) ...  ~> Step_read/load-pack-val  -- i + OFFSET + N/8 <= |MEMS[x].BYTES|, b* = MEMS[x].BYTES[i + OFFSET : N/8]: 8 + 0 + 1 <= 65536, b* = 02
;;= 25 "f" 0x55: ... (FRAME_1 {LOCALS (i32.const 0), MODULE 0} >>(LABEL_1 {} (i32.const 2))<<) ...  ~> Step_pure/label-vals  -- nothing is left but val*: 1 in LABEL_1
;;= 26 "f": {LOCALS}; >>(FRAME_1 {LOCALS (i32.const 0), MODULE 0} (i32.const 2))<<  ~> Step_pure/frame-vals  -- nothing is left but val*: 1 in FRAME_1
;;= 26 steps: returned (i32.const 2)
