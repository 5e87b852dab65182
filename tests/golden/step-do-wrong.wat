;;! weft step --do "2; sideways" --invoke f %
(module (func (export "f") nop))
;;= 2 "f" 0x1e: ... (FRAME_0 {LOCALS, MODULE 0} (LABEL_0 {} >>nop<<)) ...  ~> Step_pure/nop
;;2 error: "sideways": a command is go, step, back, over, out, next, until or end
;;status 2
