;;! weft addr2line --json % 0x2a 0x34 0x10
;;needs weft-where
(module
  (func $half (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "main") (result i32) (i32.add (i32.const 1) (call $half (i32.const 7) (i32.const 0))))
  (@custom "sourceMappingURL" (after code) "\72data:,{\"version\":3,\"sourceRoot\":\"\",\"sources\":[\"half.ts\",\"main.ts\"],\"names\":[],\"mappings\":\"yCACS,IAAI,C,GCKX,MACS\"}"))
;;= {
;;=   "file": "addr2line-json.wat",
;;=   "places": [
;;=     {"offset": 42, "function": 0, "name": "half", "readable_name": "half", "frames": [{"name": null, "linkage_name": null, "file": "half.ts", "line": 2, "column": 10, "inlined": false}]},
;;=     {"offset": 52, "function": 1, "name": "main", "readable_name": "main", "frames": [{"name": null, "linkage_name": null, "file": "main.ts", "line": 7, "column": 3, "inlined": false}]},
;;=     {"offset": 16, "function": null, "name": null, "readable_name": null, "frames": []}
;;=   ]
;;= }
;;status 1
