;;! weft step --json --from 5 --invoke f % 5 0
(module (func $f (export "f") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))
;;= {"step": 5, "func": {"module": 0, "index": 0, "name": "f"}, "offset": 37, "locals": ["(i32.const 5)", "(i32.const 0)"], "depth": 1, "config": "{LOCALS};\n  (FRAME_1 {LOCALS (i32.const 5) (i32.const 0), MODULE 0}\n    (LABEL_1 {} TRAP))", "redex": "TRAP", "redex_at": [84, 88], "rule": "Step_pure/trap-label", "premise": "the context around", "values": "LABEL_1", "touched": []}
;;= {"step": 6, "func": {"module": 0, "index": 0, "name": "f"}, "offset": 0, "locals": ["(i32.const 5)", "(i32.const 0)"], "depth": 1, "config": "{LOCALS};\n  (FRAME_1 {LOCALS (i32.const 5) (i32.const 0), MODULE 0} TRAP)", "redex": "TRAP", "redex_at": [68, 72], "rule": "Step_pure/trap-frame", "premise": "the context around", "values": "FRAME_1", "touched": []}
;;= {"steps": 6, "end": "trap: integer divide by zero", "trap": "integer divide by zero"}
;;status 134
