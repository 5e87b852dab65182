;;! weft inspect --json --features=all
(module $mo
  (import "env" "base" (global $base i32))
  (global $__stack_pointer (mut i32) (i32.const 66576))
  (global (export "__heap_base") i32 (i32.const 66576))
  (global (export "end") i64 (i64.sub (i64.const -1) (i64.const 7)))
  (export "sp" (global 1))
  (memory $main 1)
  (memory $other 1)
  (table $t (export "__indirect_function_table") 10 funcref)
  (table (export "filled") 10 (ref null func) (ref.func $f))
  (func $f)
  (elem $e (i32.const 1) $f $f)
  (elem (table 1) (global.get $base) funcref (ref.null func))
  (elem declare func $f)
  (data $.rodata (i32.const 1024) "hello")
  (data (memory $other) (i32.const -1) "abc")
  (data $passive "passive"))
;;= {
;;=   "file": "inspect-segments-json.wat",
;;=   "format": "text",
;;=   "size": 299,
;;=   "readable": 299,
;;=   "valid": true,
;;=   "error": null,
;;=   "sections": [
;;=     {"id": 1, "name": "type", "offset": 8, "size": 6, "items": 1, "read": true},
;;=     {"id": 2, "name": "import", "offset": 14, "size": 15, "items": 1, "read": true},
;;=     {"id": 3, "name": "function", "offset": 29, "size": 4, "items": 1, "read": true},
;;=     {"id": 4, "name": "table", "offset": 33, "size": 14, "items": 2, "read": true},
;;=     {"id": 5, "name": "memory", "offset": 47, "size": 7, "items": 2, "read": true},
;;=     {"id": 6, "name": "global", "offset": 54, "size": 25, "items": 3, "read": true},
;;=     {"id": 7, "name": "export", "offset": 79, "size": 65, "items": 5, "read": true},
;;=     {"id": 9, "name": "element", "offset": 144, "size": 24, "items": 3, "read": true},
;;=     {"id": 10, "name": "code", "offset": 168, "size": 6, "items": 1, "read": true},
;;=     {"id": 11, "name": "data", "offset": 174, "size": 32, "items": 3, "read": true},
;;=     {"id": 0, "name": "name", "offset": 206, "size": 93, "read": true}
;;=   ],
;;=   "types": [
;;=     "(func)"
;;=   ],
;;=   "imports": [
;;=     {"module": "env", "name": "base", "kind": "global", "index": 0, "type": "(global i32)"}
;;=   ],
;;=   "exports": [
;;=     {"name": "__heap_base", "kind": "global", "index": 2, "type": "(global i32)", "init": "(i32.const 66576)", "init_value": 66576},
;;=     {"name": "end", "kind": "global", "index": 3, "type": "(global i64)", "init": "(i64.sub (i64.const -1) (i64.const 7))"},
;;=     {"name": "sp", "kind": "global", "index": 1, "type": "(global (mut i32))"},
;;=     {"name": "__indirect_function_table", "kind": "table", "index": 0, "type": "(table 10 funcref)"},
;;=     {"name": "filled", "kind": "table", "index": 1, "type": "(table 10 funcref)"}
;;=   ],
;;=   "tables": {
;;=     "imported": 0,
;;=     "defined": [{"index": 0, "name": "t", "type": "(table 10 funcref)"}, {"index": 1, "name": null, "type": "(table 10 funcref)", "init": "(ref.func $f)"}]
;;=   },
;;=   "memories": {
;;=     "imported": 0,
;;=     "defined": [{"index": 0, "name": "main", "type": "(memory 1)"}, {"index": 1, "name": "other", "type": "(memory 1)"}]
;;=   },
;;=   "globals": {
;;=     "imported": 1,
;;=     "defined": [{"index": 1, "name": "__stack_pointer", "type": "(global (mut i32))", "init": "(i32.const 66576)", "init_value": 66576}, {"index": 2, "name": null, "type": "(global i32)", "init": "(i32.const 66576)", "init_value": 66576}, {"index": 3, "name": null, "type": "(global i64)", "init": "(i64.sub (i64.const -1) (i64.const 7))"}]
;;=   },
;;=   "tags": {
;;=     "imported": 0,
;;=     "defined": []
;;=   },
;;=   "functions": {
;;=     "imported": 0,
;;=     "defined": 1,
;;=     "code_size": 2,
;;=     "largest": [{"index": 0, "name": "f", "size": 2}],
;;=     "list": [{"index": 0, "name": "f", "type": "(func)", "offset": 172, "size": 2}]
;;=   },
;;=   "start": null,
;;=   "element_segments": 3,
;;=   "elements": [
;;=     {"index": 0, "name": "e", "mode": "active", "table": 0, "start": "(i32.const 1)", "start_value": 1, "offset": 152, "items": 2},
;;=     {"index": 1, "name": null, "mode": "active", "table": 1, "start": "(global.get $base)", "offset": 161, "items": 1},
;;=     {"index": 2, "name": null, "mode": "declarative", "offset": 167, "items": 1}
;;=   ],
;;=   "data_segments": 3,
;;=   "data_size": 15,
;;=   "data": [
;;=     {"index": 0, "name": ".rodata", "mode": "active", "memory": 0, "start": "(i32.const 1024)", "start_value": 1024, "offset": 183, "size": 5},
;;=     {"index": 1, "name": null, "mode": "active", "memory": 1, "start": "(i32.const -1)", "start_value": -1, "offset": 194, "size": 3},
;;=     {"index": 2, "name": "passive", "mode": "passive", "offset": 199, "size": 7}
;;=   ],
;;=   "names": {
;;=     "module": "mo",
;;=     "functions": 1
;;=   },
;;=   "producers": [],
;;=   "about": {},
;;=   "features_needed": [
;;=     "mutable-global",
;;=     "reference-types",
;;=     "bulk-memory",
;;=     "extended-const",
;;=     "multi-memory",
;;=     "function-references"
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
