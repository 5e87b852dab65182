;;! weft step --do "until rule Step_pure/br_if*; back 2; 9; back until op global.get; end; back; over; back until func g && depth == 2; out; back until step < 1; next" --invoke f % 2
;; Forwards and backwards: each command shows where it leads.
(module
  (global $sum (mut i32) (i32.const 0))
  (func $g (result i32) (global.get $sum))
  (func $f (export "f") (param $n i32)
    (loop $again
      (global.set $sum (i32.add (call $g) (local.get $n)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
;;= 15 "f" 0x41: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 1) >>(br_if 0)<<)) ...  ~> Step_pure/br_if-true  -- c =/= 0: 1 =/= 0
;;= 13 "f" 0x3f: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 1) >>(local.tee 0)<< (br_if 0))) ...  ~> Step_pure/local.tee
;;= 9 "f" 0x37: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 0) (i32.const 2) >>i32.add<< (global.set 0) (local.get 0) (i32.const 1) ...)) ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.add 0 2 = 2
;;= 5 "g" 0x2c: ... (FRAME_1 {LOCALS, MODULE 0} (LABEL_1 {} >>(global.get 0)<<)) ...  ~> Step_read/global.get  -- GLOBALS[x].VALUE = val: x = 0, val = (i32.const 0)
;;= 33 steps: returned
;;= 33 "f": {LOCALS}; >>(FRAME_0 {LOCALS (i32.const 0), MODULE 0})<<  ~> Step_pure/frame-vals  -- nothing is left but val*: 0 in FRAME_0
;;= 33 steps: returned
;;= 22 "g": ... (LABEL_0 {(loop ...)} >>(FRAME_1 {LOCALS, MODULE 0} (i32.const 2))<< (local.get 0) i32.add (global.set 0) ...) ...  ~> Step_pure/frame-vals  -- nothing is left but val*: 1 in FRAME_1
;;= 23 "f" 0x35: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) >>(local.get 0)<< i32.add (global.set 0) (local.get 0) ...)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 1)
;;= 23 "f" 0x35: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) >>(local.get 0)<< i32.add (global.set 0) (local.get 0) ...)) ...  ~> Step_read/local.get  -- LOCALS[x] = val: x = 0, val = (i32.const 1)
;;= 24 "f" 0x37: ... (LABEL_0 {} (LABEL_0 {(loop ...)} (i32.const 2) (i32.const 1) >>i32.add<< (global.set 0) (local.get 0) (i32.const 1) ...)) ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.add 2 1 = 3
