;;! weft inspect --json
(module
  (import "env" "put" (func (param i32)))
  (import "env" "sp" (global (mut i32)))
  (table 1 funcref)
  (memory 1)
  (func (param i32)
    (call 0 (i32.load offset=4 (i32.const 1)))
    (call_indirect (type 0) (global.get 0) (i32.const 0)))
  (data (i32.const 0) "abcd")
  (data (i32.const 4) "efgh")
  (@custom "linking" "\02\08e\09\00\04\01\03sum\01\02\06.L.str\00\01\03\00\10\00\01\10\05table\02P\00\0f__stack_pointer\03\02\05\00Q\00\05other\01\82\06\03abs\00\02\00\05\00\00\19__indirect_function_table\05\15\02\07.data.x\02\05\07.rodata\00\00\06\07\02\ff\ff\03\00\01c\07\0f\01\05group\00\03\01\01\00\00\07\00")
  (@custom ".debug_x" "12345")
  (@custom "reloc.CODE" "\05\05\04\04\01\00\03\07\03|\00\09\02\07\0b\04\06\0f\00")
  (@custom "reloc..debug_x" "\08\01\08\00\00\03")
  (@custom "target_features" "\02+\08sign-ext-\07simd128")
  (@custom "dylink.0" "\01\05\80\08\04\03\00\02\0f\02\07libc.so\05lib\22x\03\07\01\03tls\80\02\04\0a\01\03env\03put\01\05\06\01\04/lib\09\03???")
  (@custom "sourceMappingURL" "\0csum.wasm.map")
  (@custom "external_debug_info" "\11sum\e2\80\ae.debug.wasm")
  (@custom "build_id" "\04\00\1b\ff\10"))
;;= {
;;=   "file": "inspect-object-json.wat",
;;=   "format": "text",
;;=   "size": 524,
;;=   "readable": 524,
;;=   "valid": true,
;;=   "error": null,
;;=   "sections": [
;;=     {"id": 1, "name": "type", "offset": 8, "size": 7, "items": 1, "read": true},
;;=     {"id": 2, "name": "import", "offset": 15, "size": 23, "items": 2, "read": true},
;;=     {"id": 3, "name": "function", "offset": 38, "size": 4, "items": 1, "read": true},
;;=     {"id": 4, "name": "table", "offset": 42, "size": 6, "items": 1, "read": true},
;;=     {"id": 5, "name": "memory", "offset": 48, "size": 5, "items": 1, "read": true},
;;=     {"id": 10, "name": "code", "offset": 53, "size": 20, "items": 1, "read": true},
;;=     {"id": 11, "name": "data", "offset": 73, "size": 21, "items": 2, "read": true},
;;=     {"id": 0, "name": "linking", "offset": 94, "size": 164, "read": true},
;;=     {"id": 0, "name": ".debug_x", "offset": 258, "size": 16, "read": true},
;;=     {"id": 0, "name": "reloc.CODE", "offset": 274, "size": 32, "read": true},
;;=     {"id": 0, "name": "reloc..debug_x", "offset": 306, "size": 23, "read": true},
;;=     {"id": 0, "name": "target_features", "offset": 329, "size": 38, "read": true},
;;=     {"id": 0, "name": "dylink.0", "offset": 367, "size": 69, "read": true},
;;=     {"id": 0, "name": "sourceMappingURL", "offset": 436, "size": 32, "read": true},
;;=     {"id": 0, "name": "external_debug_info", "offset": 468, "size": 40, "read": true},
;;=     {"id": 0, "name": "build_id", "offset": 508, "size": 16, "read": true}
;;=   ],
;;=   "types": [
;;=     "(func (param i32))"
;;=   ],
;;=   "imports": [
;;=     {"module": "env", "name": "put", "kind": "func", "index": 0, "type": "(func (param i32))"},
;;=     {"module": "env", "name": "sp", "kind": "global", "index": 0, "type": "(global (mut i32))"}
;;=   ],
;;=   "exports": [],
;;=   "tables": {
;;=     "imported": 0,
;;=     "defined": [{"index": 0, "name": "__indirect_function_table", "type": "(table 1 funcref)"}]
;;=   },
;;=   "memories": {
;;=     "imported": 0,
;;=     "defined": [{"index": 0, "name": null, "type": "(memory 1)"}]
;;=   },
;;=   "globals": {
;;=     "imported": 1,
;;=     "defined": []
;;=   },
;;=   "tags": {
;;=     "imported": 0,
;;=     "defined": []
;;=   },
;;=   "functions": {
;;=     "imported": 1,
;;=     "defined": 1,
;;=     "code_size": 16,
;;=     "largest": [{"index": 1, "name": "sum", "size": 16}],
;;=     "list": [{"index": 0, "name": "put", "type": "(func (param i32))"}, {"index": 1, "name": "sum", "type": "(func (param i32))", "offset": 57, "size": 16}]
;;=   },
;;=   "start": null,
;;=   "element_segments": 0,
;;=   "elements": [],
;;=   "data_segments": 2,
;;=   "data_size": 8,
;;=   "data": [
;;=     {"index": 0, "name": ".data.x", "mode": "active", "memory": 0, "start": "(i32.const 0)", "start_value": 0, "offset": 81, "size": 4},
;;=     {"index": 1, "name": ".rodata", "mode": "active", "memory": 0, "start": "(i32.const 4)", "start_value": 4, "offset": 90, "size": 4}
;;=   ],
;;=   "names": {
;;=     "module": null,
;;=     "functions": 0
;;=   },
;;=   "producers": [],
;;=   "about": {},
;;=   "features_needed": [
;;=     "mutable-global"
;;=   ],
;;=   "target_features": [
;;=     [{"prefix": "+", "name": "sign-ext"}, {"prefix": "-", "name": "simd128"}]
;;=   ],
;;=   "source_map": [
;;=     "sum.wasm.map"
;;=   ],
;;=   "external_debug_info": [
;;=     "sum\u202e.debug.wasm"
;;=   ],
;;=   "build_id": [
;;=     "001bff10"
;;=   ],
;;=   "dylink": [
;;=     {"memory_size": 1024, "memory_align_log2": 4, "table_size": 3, "table_align_log2": 0, "needed": ["libc.so", "lib\"x"], "exports": [{"name": "tls", "flags": ["tls"]}], "imports": [{"module": "env", "name": "put", "flags": ["weak"]}], "runtime_path": ["/lib"]}
;;=   ],
;;=   "linking": {
;;=     "version": 2,
;;=     "symbols": [{"kind": "func", "name": "sum", "index": 1, "flags": ["hidden"]}, {"kind": "data", "name": ".L.str", "segment": 0, "offset": 1, "size": 3, "flags": ["local"]}, {"kind": "func", "name": "put", "index": 0, "flags": ["undefined"]}, {"kind": "data", "name": "table", "flags": ["undefined"]}, {"kind": "global", "name": "__stack_pointer", "index": 0, "flags": ["undefined", "explicit_name"]}, {"kind": "section", "name": null, "index": 5, "flags": ["local"]}, {"kind": "func", "name": "other", "index": 0, "flags": ["weak", "undefined", "explicit_name"]}, {"kind": "data", "name": "abs", "segment": 0, "offset": 2, "size": 0, "flags": ["local", "tls", "absolute"]}, {"kind": "table", "name": "__indirect_function_table", "index": 0, "flags": []}],
;;=     "segments": [{"name": ".data.x", "align_log2": 2, "flags": ["strings", "retain"]}, {"name": ".rodata", "align_log2": 0, "flags": []}],
;;=     "init_functions": [{"priority": 65535, "symbol": 0, "name": "sum"}, {"priority": 1, "symbol": 99, "name": null}],
;;=     "comdats": [{"name": "group", "items": [{"kind": "func", "index": 1}, {"kind": "data", "index": 0}, {"kind": "?", "index": 0}]}]
;;=   },
;;=   "relocations": [
;;=     {"section": "reloc.CODE", "target": 5, "entries": [{"type": "R_WASM_MEMORY_ADDR_SLEB", "offset": 59, "symbol": 1, "name": ".L.str", "addend": 0}, {"type": "R_WASM_MEMORY_ADDR_LEB", "offset": 62, "symbol": 3, "name": "table", "addend": -4}, {"type": "R_WASM_FUNCTION_INDEX_LEB", "offset": 64, "symbol": 2, "name": "put"}, {"type": "R_WASM_GLOBAL_INDEX_LEB", "offset": 66, "symbol": 4, "name": "__stack_pointer"}, {"type": "R_WASM_TYPE_INDEX_LEB", "offset": 70, "index": 0}]},
;;=     {"section": "reloc..debug_x", "target": 8, "entries": [{"type": "R_WASM_FUNCTION_OFFSET_I32", "offset": 269, "symbol": 0, "name": "sum", "addend": 3}]}
;;=   ],
;;=   "malformed": []
;;= }
