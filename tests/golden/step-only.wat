;;! weft step --only "rule Step/*.set && !(mem32 (8 * top 0) == 7) || top 0 == null || local 1 > 1.5" --invoke f % 3
;; Where a condition asks for the rule it is known behind the step only; values are those in front of it.
(module
  (memory 1) (data (i32.const 8) "\07")
  (func $f (export "f") (param i32) (local f64)
    (local.set 0 (i32.const 1))
    (local.set 0 (i32.const 2))
    (drop (ref.null func))
    (local.set 1 (f64.const 1.75))))
;;= 3 "f" 0x2c: ... (FRAME_0 {LOCALS (i32.const 1) (f64.const 0), MODULE 0} (LABEL_0 {} (i32.const 2) >>(local.set 0)<< (ref.null (ref null func)) drop (f64.const 1.75) ...)) ...  ~> Step/local.set  LOCALS[0] (i32.const 1) -> (i32.const 2)
;;= 5 "f" 0x30: ... (FRAME_0 {LOCALS (i32.const 2) (f64.const 0), MODULE 0} (LABEL_0 {} ref.null >>drop<< (f64.const 1.75) (local.set 1))) ...  ~> Step_pure/drop
;;= 6 "f" 0x3a: ... (FRAME_0 {LOCALS (i32.const 2) (f64.const 0), MODULE 0} (LABEL_0 {} (f64.const 1.75) >>(local.set 1)<<)) ...  ~> Step/local.set  LOCALS[1] (f64.const 0) -> (f64.const 1.75)
;;= 7 "f" 0x3a: ... (FRAME_0 {LOCALS (i32.const 2) (f64.const 1.75), MODULE 0} >>(LABEL_0 {})<<) ...  ~> Step_pure/label-vals  -- nothing is left but val*: 0 in LABEL_0
;;= 8 "f": {LOCALS}; >>(FRAME_0 {LOCALS (i32.const 2) (f64.const 1.75), MODULE 0})<<  ~> Step_pure/frame-vals  -- nothing is left but val*: 0 in FRAME_0
;;= 8 steps: returned
