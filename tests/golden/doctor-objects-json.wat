;;! weft doctor --json %
;; Nobody who asks wants a gigabyte to be taken.
(module (type $a (array (mut i64)))
  (global (ref $a) (array.new $a (i64.const 1) (i32.const 100000000)))
  (func (export "_start")))
;;= {
;;=   "file": "doctor-objects-json.wat",
;;=   "kind": "a WASI command",
;;=   "size": 69,
;;=   "runs": true,
;;=   "problems": [],
;;=   "format": "text",
;;=   "producers": [],
;;=   "signs": [],
;;=   "target_features": [],
;;=   "features_needed": [
;;=     {"feature": "function-references", "on": true, "instruction": null, "offset": 24, "section": "global", "function": null},
;;=     {"feature": "gc", "on": true, "instruction": null, "offset": 11, "section": "type", "function": null}
;;=   ],
;;=   "imports": [],
;;=   "memories": [],
;;=   "functions": [
;;=     {"name": "_start", "type": "(func)"}
;;=   ],
;;=   "starts": true,
;;=   "untried": true
;;= }
