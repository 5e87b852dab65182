;;! weft step --from 4 --until "local 0 < 2 && op local.get" --invoke f % 4
(module
  (func $f (export "f") (param $n i32)
    (loop $again (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
;;= 4 "f" 0x25: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 4) (i32.const 1) >>i32.sub<< (local.tee 0) (br_if 0))) ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.sub 4 1 = 3
;;= 5 "f" 0x26: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 3) >>(local.tee 0)<< (br_if 0))) ...  ~> Step_pure/local.tee
;;= 6 "f" 0x26: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 3) (i32.const 3) >>(local.set 0)<< (br_if 0))) ...  ~> Step/local.set  LOCALS[0] (i32.const 4) -> (i32.const 3)
;;= 7 "f" 0x28: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 3) >>(br_if 0)<<)) ...  ~> Step_pure/br_if-true  -- c =/= 0: 3 =/= 0
;;= 8 "f" 0x28: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(br 0)<<)) ...  ~> Step_pure/br-label-zero  -- l = 0 in LABEL_n: l = 0 in LABEL_0
;;= 9 "f" 0x1f: ... (FRAME_0 {LOCALS (i32.const 3), MODULE 0} (LABEL_0 {} >>(loop ...)<<)) ...  ~> Step_read/loop  -- bt : t1^m -> t2^n: m = 0, n = 0
;;= 10 "f" 0x21: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(local.get 0)<< (i32.const 1) i32.sub (local.tee 0) ...)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 3)
;;= 11 "f" 0x25: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 3) (i32.const 1) >>i32.sub<< (local.tee 0) (br_if 0))) ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.sub 3 1 = 2
;;= 12 "f" 0x26: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) >>(local.tee 0)<< (br_if 0))) ...  ~> Step_pure/local.tee
;;= 13 "f" 0x26: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) (i32.const 2) >>(local.set 0)<< (br_if 0))) ...  ~> Step/local.set  LOCALS[0] (i32.const 3) -> (i32.const 2)
;;= 14 "f" 0x28: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) >>(br_if 0)<<)) ...  ~> Step_pure/br_if-true  -- c =/= 0: 2 =/= 0
;;= 15 "f" 0x28: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(br 0)<<)) ...  ~> Step_pure/br-label-zero  -- l = 0 in LABEL_n: l = 0 in LABEL_0
;;= 16 "f" 0x1f: ... (FRAME_0 {LOCALS (i32.const 2), MODULE 0} (LABEL_0 {} >>(loop ...)<<)) ...  ~> Step_read/loop  -- bt : t1^m -> t2^n: m = 0, n = 0
;;= 17 "f" 0x21: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(local.get 0)<< (i32.const 1) i32.sub (local.tee 0) ...)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 2)
;;= 18 "f" 0x25: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) (i32.const 1) >>i32.sub<< (local.tee 0) (br_if 0))) ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.sub 2 1 = 1
;;= 19 "f" 0x26: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 1) >>(local.tee 0)<< (br_if 0))) ...  ~> Step_pure/local.tee
;;= 20 "f" 0x26: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 1) (i32.const 1) >>(local.set 0)<< (br_if 0))) ...  ~> Step/local.set  LOCALS[0] (i32.const 2) -> (i32.const 1)
;;= 21 "f" 0x28: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 1) >>(br_if 0)<<)) ...  ~> Step_pure/br_if-true  -- c =/= 0: 1 =/= 0
;;= 22 "f" 0x28: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(br 0)<<)) ...  ~> Step_pure/br-label-zero  -- l = 0 in LABEL_n: l = 0 in LABEL_0
;;= 23 "f" 0x1f: ... (FRAME_0 {LOCALS (i32.const 1), MODULE 0} (LABEL_0 {} >>(loop ...)<<)) ...  ~> Step_read/loop  -- bt : t1^m -> t2^n: m = 0, n = 0
;;= 24 "f" 0x21: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(local.get 0)<< (i32.const 1) i32.sub (local.tee 0) ...)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 1)
