;;! weft step --json --invoke f %
;; Nothing that a module names drives a terminal, nor what it prints.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\05\00\00\00\1b]0;\ff")
  (func (@name "a\1b[2J\u{202e}b\22") (export "f")
    (drop (call 0 (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4)))))
;;= {"step": 1, "func": null, "depth": 0, "config": "{LOCALS};\n  (ref.func 1) (call_ref ...)", "redex": "(call_ref ...)", "redex_at": [25, 39], "rule": "Step_read/call_ref-func", "premise": "FUNCS[a].CODE = (FUNC x local* instr*)", "values": "a = func 1 \"a\\u{1b}[2J\\u{202e}b\\\"\"", "touched": []}
;;= {"step": 2, "func": {"module": 0, "index": 1, "name": "a\u001b[2J\u202eb\""}, "offset": 97, "locals": [], "depth": 1, "config": "{LOCALS};\n  (FRAME_0 {LOCALS, MODULE 0}\n    (LABEL_0 {}\n      (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4) (call 0) drop))", "redex": "(call 0)", "redex_at": [118, 126], "rule": "Step_read/call", "premise": "a = MODULE.FUNCS[x]", "values": "x = 0, a = func 0 \"fd_write\"", "touched": []}
;;= {"step": 3, "func": {"module": 0, "index": 1, "name": "a\u001b[2J\u202eb\""}, "offset": 97, "locals": [], "depth": 1, "config": "{LOCALS};\n  (FRAME_0 {LOCALS, MODULE 0}\n    (LABEL_0 {}\n      (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4) (ref.func 0) (call_ref 0) drop))", "redex": "(call_ref 0)", "redex_at": [131, 143], "rule": "Step_read/call_ref-host", "premise": "FUNCS[a] is the host's", "values": "func 0 \"fd_write\"(1, 8, 1, 4) = 0", "touched": [{"part": "MEMS[0].BYTES[4 : 4]", "before": "00 00 00 00", "after": "05 00 00 00"}], "output": "\u001b]0;\ufffd"}
;;= {"step": 4, "func": {"module": 0, "index": 1, "name": "a\u001b[2J\u202eb\""}, "offset": 99, "locals": [], "depth": 1, "config": "{LOCALS};\n  (FRAME_0 {LOCALS, MODULE 0}\n    (LABEL_0 {}\n      (i32.const 0) drop))", "redex": "drop", "redex_at": [76, 80], "rule": "Step_pure/drop", "premise": null, "values": null, "touched": []}
;;= {"step": 5, "func": {"module": 0, "index": 1, "name": "a\u001b[2J\u202eb\""}, "offset": 99, "locals": [], "depth": 1, "config": "{LOCALS};\n  (FRAME_0 {LOCALS, MODULE 0}\n    (LABEL_0 {}))", "redex": "", "redex_at": [44, 56], "rule": "Step_pure/label-vals", "premise": "nothing is left but val*", "values": "0 in LABEL_0", "touched": []}
;;= {"step": 6, "func": {"module": 0, "index": 1, "name": "a\u001b[2J\u202eb\""}, "offset": 0, "locals": [], "depth": 1, "config": "{LOCALS};\n  (FRAME_0 {LOCALS, MODULE 0})", "redex": "", "redex_at": [12, 40], "rule": "Step_pure/frame-vals", "premise": "nothing is left but val*", "values": "0 in FRAME_0", "touched": []}
;;= {"steps": 6, "end": "returned", "trap": ""}
