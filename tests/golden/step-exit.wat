;;! weft step --only "op call_ref" --json %
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 0)
  (func $_start (export "_start") (call $exit (i32.const 3))))
;;= {"step": 1, "func": null, "depth": 0, "config": "{LOCALS};\n  (ref.func 1) (call_ref ...)", "redex": "(call_ref ...)", "redex_at": [25, 39], "rule": "Step_read/call_ref-func", "premise": "FUNCS[a].CODE = (FUNC x local* instr*)", "values": "a = func 1 \"_start\"", "touched": []}
;;= {"step": 3, "func": {"module": 0, "index": 1, "name": "_start"}, "offset": 93, "locals": [], "depth": 1, "config": "{LOCALS};\n  (FRAME_0 {LOCALS, MODULE 0}\n    (LABEL_0 {}\n      (i32.const 3) (ref.func 0) (call_ref 0)))", "redex": "(call_ref 0)", "redex_at": [89, 101], "rule": "Step_read/call_ref-host", "premise": "FUNCS[a] is the host's", "values": "func 0 \"proc_exit\"(3): the program ended itself", "touched": []}
;;= {"steps": 5, "end": "exit 3", "status": 3}
;;status 3
