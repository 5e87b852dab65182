;;! weft inspect --json --functions
(module
  (import "env" "f" (func $f (param i32)))
  (import "env" "g" (func))
  (func $named (export "other") (param i32 i64) (result f32) unreachable)
  (func (export "exported") (export "again"))
  (func nop nop)
  (func $"odd\1b[31m" nop))
;;= {
;;=   "file": "inspect-functions-json.wat",
;;=   "format": "text",
;;=   "size": 129,
;;=   "readable": 129,
;;=   "valid": true,
;;=   "error": null,
;;=   "functions": [
;;=     {"index": 0, "name": "f", "type": "(func (param i32))"},
;;=     {"index": 1, "name": null, "type": "(func)"},
;;=     {"index": 2, "name": "named", "type": "(func (param i32 i64) (result f32))", "offset": 84, "size": 3},
;;=     {"index": 3, "name": "exported", "type": "(func)", "offset": 88, "size": 2},
;;=     {"index": 4, "name": null, "type": "(func)", "offset": 91, "size": 4},
;;=     {"index": 5, "name": "odd\u001b[31m", "type": "(func)", "offset": 96, "size": 3}
;;=   ]
;;= }
