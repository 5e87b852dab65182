;;! weft inspect --json --function total --function last
(module
  (import "env" "f" (func $f (param i32)))
  (func $sum (export "total") (param $x i32) (param $y i32) (result i32)
    local.get $y local.get $x
    (if (result i32) (then local.get $y) (else i32.const 7))
    i32.add)
  (func nop nop)
  (func $last
    (call $f (i32.const 1))))
;;= {
;;=   "file": "inspect-function-json.wat",
;;=   "format": "text",
;;=   "size": 118,
;;=   "readable": 118,
;;=   "valid": true,
;;=   "error": null,
;;=   "functions": [
;;=     {"index": 1, "name": "sum", "type": "(func (param i32 i32) (result i32))", "offset": 56, "size": 15, "instructions": [{"offset": 57, "text": "local.get $y"}, {"offset": 59, "text": "local.get $x"}, {"offset": 61, "text": "if (;L1;) (result i32)"}, {"offset": 63, "text": "local.get $y"}, {"offset": 65, "text": "else"}, {"offset": 66, "text": "i32.const 7"}, {"offset": 68, "text": "end"}, {"offset": 69, "text": "i32.add"}, {"offset": 70, "text": "end"}]},
;;=     {"index": 3, "name": "last", "type": "(func)", "offset": 77, "size": 6, "instructions": [{"offset": 78, "text": "i32.const 1"}, {"offset": 80, "text": "call $f"}, {"offset": 82, "text": "end"}]}
;;=   ]
;;= }
