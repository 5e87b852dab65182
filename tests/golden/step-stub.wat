;;! weft step --stub-imports --from 4 --steps 2 --invoke f %
;; Where the host's function traps there are no results of it, nor what it was given.
(module (import "x" "y" (func $y (param i32) (result i64 i64 i64)))
  (func (export "f") (result i64) (i64.const 7) (call $y (i32.const 1)) (drop) (drop) (drop)))
;;= 4 "f" 0x33: ... (FRAME_1 {LOCALS, MODULE 0} (LABEL_1 {} (i64.const 7) >>TRAP<< drop drop drop)) ...  ~> Step_pure/trap-instrs  -- val* =/= eps or instr* =/= eps: 1 values in LABEL_1: host function failed
;;= 5 "f" 0x37: ... (FRAME_1 {LOCALS, MODULE 0} (LABEL_1 {} >>TRAP<<)) ...  ~> Step_pure/trap-label  -- the context around: LABEL_1
