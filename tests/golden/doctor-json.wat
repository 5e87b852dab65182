;;! weft doctor --json --features=-sign-extension %
(module
  (@producers (processed-by "clang" "19.1"))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "env" "__linear_memory" (memory 1 4))
  (import "a.b" "f" (func (result i64)))
  (func $widen (export "widen") (param i32) (result i32) (i32.extend8_s (local.get 0)))
  (@custom "target_features" "\02+\0bbulk-memory-\08sign-ext"))
;;= {
;;=   "file": "doctor-json.wat",
;;=   "kind": "a core module",
;;=   "size": 221,
;;=   "runs": false,
;;=   "problems": [
;;=     {"what": "it needs what is not switched on: sign-extension", "remedy": "--features=+sign-extension does that"},
;;=     {"what": "nothing defines 2 of its 3 imports", "remedy": "wasm-ld links it"},
;;=     {"what": "it has no function _start, so it is no WASI command", "remedy": "--invoke NAME calls a function that it exports"}
;;=   ],
;;=   "format": "text",
;;=   "producers": [
;;=     {"field": "processed-by", "name": "clang", "version": "19.1"}
;;=   ],
;;=   "signs": [
;;=     "LLVM"
;;=   ],
;;=   "target_features": [
;;=     {"prefix": "+", "name": "bulk-memory"},
;;=     {"prefix": "-", "name": "sign-ext"}
;;=   ],
;;=   "features_needed": [
;;=     {"feature": "sign-extension", "on": false, "instruction": "i32.extend8_s", "offset": 116, "section": "code", "function": 2}
;;=   ],
;;=   "imports": [
;;=     {"module": "wasi_snapshot_preview1", "name": "proc_exit", "type": "(func (param i32))", "provided": true},
;;=     {"module": "env", "name": "__linear_memory", "type": "(memory 1 4)", "provided": false, "origin": "an object file", "remedy": "wasm-ld links it"},
;;=     {"module": "a.b", "name": "f", "type": "(func (result i64))", "provided": false, "origin": "something that weft does not know", "remedy": ""}
;;=   ],
;;=   "memories": [
;;=     {"bytes": 65536, "most_bytes": 262144, "imported": true}
;;=   ],
;;=   "functions": [
;;=     {"name": "widen", "type": "(func (param i32) (result i32))"}
;;=   ],
;;=   "starts": false,
;;=   "untried": false
;;= }
;;status 1
