;;! weft inspect --json
(module $mo
  (import "env" "f" (func (param i32 i32) (result i64)))
  (import "env" "t" (table 1 10 funcref))
  (import "env" "g" (global (mut externref)))
  (type $s (sub (struct (field (mut i8)) (field (ref null $s)))))
  (type $s2 (sub final $s (struct (field (mut i8)) (field (ref null $s)) (field (ref $s)))))
  (type (array (mut f64)))
  (memory (export "mem") 1 16)
  (memory i64 1)
  (memory 1 2 shared)
  (tag (param i32))
  (global i32 (i32.const 3))
  (func $main (export "main") (param v128) (result (ref null $s)) (ref.null none))
  (func $st)
  (start $st)
  (data "abc")
  (@custom "producers" "\01\08language\01\03C11\00")
  (@custom "other" (before type) "xyz"))
;;= {
;;=   "file": "inspect-json.wat",
;;=   "format": "text",
;;=   "size": 227,
;;=   "readable": 227,
;;=   "valid": true,
;;=   "error": null,
;;=   "sections": [
;;=     {"id": 0, "name": "other", "offset": 8, "size": 11, "read": true},
;;=     {"id": 1, "name": "type", "offset": 19, "size": 47, "items": 7, "read": true},
;;=     {"id": 2, "name": "import", "offset": 66, "size": 31, "items": 3, "read": true},
;;=     {"id": 3, "name": "function", "offset": 97, "size": 5, "items": 2, "read": true},
;;=     {"id": 5, "name": "memory", "offset": 102, "size": 11, "items": 3, "read": true},
;;=     {"id": 13, "name": "tag", "offset": 113, "size": 5, "items": 1, "read": true},
;;=     {"id": 6, "name": "global", "offset": 118, "size": 8, "items": 1, "read": true},
;;=     {"id": 7, "name": "export", "offset": 126, "size": 16, "items": 2, "read": true},
;;=     {"id": 8, "name": "start", "offset": 142, "size": 3, "items": 1, "read": true},
;;=     {"id": 10, "name": "code", "offset": 145, "size": 11, "items": 2, "read": true},
;;=     {"id": 11, "name": "data", "offset": 156, "size": 8, "items": 1, "read": true},
;;=     {"id": 0, "name": "name", "offset": 164, "size": 35, "read": true},
;;=     {"id": 0, "name": "producers", "offset": 199, "size": 28, "read": true}
;;=   ],
;;=   "types": [
;;=     "(sub (struct (field (mut i8)) (field (ref null 0))))",
;;=     "(sub final 0 (struct (field (mut i8)) (field (ref null 0)) (field (ref 0))))",
;;=     "(array (mut f64))",
;;=     "(func (param i32 i32) (result i64))",
;;=     "(func (param i32))",
;;=     "(func (param v128) (result (ref null 0)))",
;;=     "(func)"
;;=   ],
;;=   "imports": [
;;=     {"module": "env", "name": "f", "kind": "func", "index": 0, "type": "(func (param i32 i32) (result i64))"},
;;=     {"module": "env", "name": "t", "kind": "table", "index": 0, "type": "(table 1 10 funcref)"},
;;=     {"module": "env", "name": "g", "kind": "global", "index": 0, "type": "(global (mut externref))"}
;;=   ],
;;=   "exports": [
;;=     {"name": "mem", "kind": "memory", "index": 0, "type": "(memory 1 16)"},
;;=     {"name": "main", "kind": "func", "index": 1, "type": "(func (param v128) (result (ref null 0)))"}
;;=   ],
;;=   "tables": {
;;=     "imported": 1,
;;=     "defined": []
;;=   },
;;=   "memories": {
;;=     "imported": 0,
;;=     "defined": [{"index": 0, "name": null, "type": "(memory 1 16)"}, {"index": 1, "name": null, "type": "(memory i64 1)"}, {"index": 2, "name": null, "type": "(memory 1 2 shared)"}]
;;=   },
;;=   "globals": {
;;=     "imported": 1,
;;=     "defined": [{"index": 1, "name": null, "type": "(global i32)", "init": "(i32.const 3)", "init_value": 3}]
;;=   },
;;=   "tags": {
;;=     "imported": 0,
;;=     "defined": [{"index": 0, "name": null, "type": "(tag (param i32))"}]
;;=   },
;;=   "functions": {
;;=     "imported": 1,
;;=     "defined": 2,
;;=     "code_size": 6,
;;=     "largest": [{"index": 1, "name": "main", "size": 4}, {"index": 2, "name": "st", "size": 2}],
;;=     "list": [{"index": 0, "name": null, "type": "(func (param i32 i32) (result i64))"}, {"index": 1, "name": "main", "type": "(func (param v128) (result (ref null 0)))", "offset": 149, "size": 4}, {"index": 2, "name": "st", "type": "(func)", "offset": 154, "size": 2}]
;;=   },
;;=   "start": {
;;=     "index": 2,
;;=     "name": "st",
;;=     "size": 2
;;=   },
;;=   "element_segments": 0,
;;=   "elements": [],
;;=   "data_segments": 1,
;;=   "data_size": 3,
;;=   "data": [
;;=     {"index": 0, "name": null, "mode": "passive", "offset": 161, "size": 3}
;;=   ],
;;=   "names": {
;;=     "module": "mo",
;;=     "functions": 2
;;=   },
;;=   "producers": [
;;=     {"field": "language", "name": "C11", "version": ""}
;;=   ],
;;=   "about": {},
;;=   "features_needed": [
;;=     "mutable-global",
;;=     "reference-types",
;;=     "bulk-memory",
;;=     "simd",
;;=     "exception-handling",
;;=     "multi-memory",
;;=     "memory64",
;;=     "function-references",
;;=     "gc",
;;=     "threads"
;;=   ],
;;=   "target_features": [],
;;=   "source_map": [],
;;=   "external_debug_info": [],
;;=   "build_id": [],
;;=   "dylink": [],
;;=   "linking": null,
;;=   "relocations": [],
;;=   "malformed": []
;;= }
