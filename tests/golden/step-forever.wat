;;! weft step --from 1000000 --steps 2 --invoke f %
(module (func (export "f") (loop br 0)))
;;= 1000000 "f" 0x1e: ... (FRAME_0 {LOCALS, MODULE 0} (LABEL_0 {} >>(loop ...)<<)) ...  ~> Step_read/loop  -- bt : t1^m -> t2^n: m = 0, n = 0
;;= 1000001 "f" 0x20: ... (LABEL_0 {} (LABEL_0 {(loop ...)} >>(br 0)<<)) ...  ~> Step_pure/br-label-zero  -- l = 0 in LABEL_n: l = 0 in LABEL_0
