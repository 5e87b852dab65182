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
  (@custom "linking" "\02\08\0b\02\00\04\01\03sum\09\00\00\05\0b\01\07.data.x\02\05\06\02\05\01\07\02\00\00")
  (@custom "reloc.CODE" "\05\02\00\0a\02c\00\00")
  (@custom "reloc.DATA" "M\00")
  (@custom "reloc.far" "\05\01\00\90N\02")
  (@custom "reloc.cut" "\05\01\00\0a\02x")
  (@custom "target_features" "\7f+")
  (@custom "dylink.0" "\01\02\80\08\02\01\00")
  (@custom "dylink.0" "\02\01\00\02\01\00")
  (@custom "sourceMappingURL" "\05ab")
  (@custom "external_debug_info" "\01\ff")
  (@custom "build_id" "\09ab")
  (@custom "producers" "\01\01a\01\05b")
  (@custom "linking" ""))
;;= {
;;=   "file": "inspect-object-bad-json.wat",
;;=   "format": "text",
;;=   "size": 354,
;;=   "readable": 354,
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
;;=     {"id": 0, "name": "linking", "offset": 94, "size": 45, "read": true},
;;=     {"id": 0, "name": "reloc.CODE", "offset": 139, "size": 21, "read": true},
;;=     {"id": 0, "name": "reloc.DATA", "offset": 160, "size": 15, "read": true},
;;=     {"id": 0, "name": "reloc.far", "offset": 175, "size": 18, "read": true},
;;=     {"id": 0, "name": "reloc.cut", "offset": 193, "size": 18, "read": true},
;;=     {"id": 0, "name": "target_features", "offset": 211, "size": 20, "read": true},
;;=     {"id": 0, "name": "dylink.0", "offset": 231, "size": 18, "read": true},
;;=     {"id": 0, "name": "dylink.0", "offset": 249, "size": 17, "read": true},
;;=     {"id": 0, "name": "sourceMappingURL", "offset": 266, "size": 22, "read": true},
;;=     {"id": 0, "name": "external_debug_info", "offset": 288, "size": 24, "read": true},
;;=     {"id": 0, "name": "build_id", "offset": 312, "size": 14, "read": true},
;;=     {"id": 0, "name": "producers", "offset": 326, "size": 18, "read": true},
;;=     {"id": 0, "name": "linking", "offset": 344, "size": 10, "read": true}
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
;;=     "defined": [{"index": 0, "name": null, "type": "(table 1 funcref)"}]
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
;;=     "list": [{"index": 0, "name": null, "type": "(func (param i32))"}, {"index": 1, "name": "sum", "type": "(func (param i32))", "offset": 57, "size": 16}]
;;=   },
;;=   "start": null,
;;=   "element_segments": 0,
;;=   "elements": [],
;;=   "data_segments": 2,
;;=   "data_size": 8,
;;=   "data": [
;;=     {"index": 0, "name": null, "mode": "active", "memory": 0, "start": "(i32.const 0)", "start_value": 0, "offset": 81, "size": 4},
;;=     {"index": 1, "name": null, "mode": "active", "memory": 0, "start": "(i32.const 4)", "start_value": 4, "offset": 90, "size": 4}
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
;;=     []
;;=   ],
;;=   "source_map": [
;;=     null
;;=   ],
;;=   "external_debug_info": [
;;=     null
;;=   ],
;;=   "build_id": [
;;=     ""
;;=   ],
;;=   "dylink": [
;;=     {"memory_size": 1024},
;;=     {"needed": []}
;;=   ],
;;=   "linking": {
;;=     "version": 2,
;;=     "symbols": [{"kind": "func", "name": "sum", "index": 1, "flags": ["hidden"]}],
;;=     "segments": [],
;;=     "init_functions": [],
;;=     "comdats": []
;;=   },
;;=   "relocations": [
;;=     {"section": "reloc.CODE", "target": 5, "entries": [{"type": "R_WASM_FUNCTION_INDEX_LEB", "offset": 65, "symbol": 2, "name": null}]},
;;=     {"section": "reloc.DATA", "target": 77, "entries": []},
;;=     {"section": "reloc.far", "target": 5, "entries": []},
;;=     {"section": "reloc.cut", "target": 5, "entries": [{"type": "R_WASM_FUNCTION_INDEX_LEB", "offset": 65, "symbol": 2, "name": null}]}
;;=   ],
;;=   "malformed": [
;;=     {"section": "producers", "offset": 342, "error": "length out of bounds: a name of 5 bytes"},
;;=     {"section": "target_features", "offset": 229, "error": "unexpected end of section or function: 127 items cannot be in 1 bytes"},
;;=     {"section": "sourceMappingURL", "offset": 285, "error": "length out of bounds: a name of 5 bytes"},
;;=     {"section": "external_debug_info", "offset": 311, "error": "malformed UTF-8 encoding: in a name"},
;;=     {"section": "build_id", "offset": 323, "error": "unexpected end of section or function: 9 items cannot be in 2 bytes"},
;;=     {"section": "dylink.0", "offset": 246, "error": "unexpected end of section or function: more bytes are needed than there are"},
;;=     {"section": "dylink.0", "offset": 263, "error": "malformed custom section: part 2 comes twice"},
;;=     {"section": "linking", "offset": 115, "error": "malformed custom section: a symbol of kind 9"},
;;=     {"section": "reloc.CODE", "offset": 157, "error": "malformed custom section: a relocation of type 99"},
;;=     {"section": "reloc.DATA", "offset": 173, "error": "malformed custom section: of section 77"},
;;=     {"section": "reloc.far", "offset": 189, "error": "malformed custom section: behind its section's end"},
;;=     {"section": "reloc.cut", "offset": 210, "error": "section size mismatch"}
;;=   ]
;;= }
