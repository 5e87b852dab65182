;;! weft inspect --json
;; Nothing that a name says reaches the terminal as an order: ESC, CSI as one character, a turn of direction.
(module
  (import "e\1b[31m" "\c2\9b31m" (func))
  (func (export "\e2\80\ae\"g\00\7f\n"))
  (@custom "\1b]0;title\07" "x"))
;;= {
;;=   "file": "R52-inspect-json.wat",
;;=   "format": "text",
;;=   "size": 70,
;;=   "readable": 70,
;;=   "valid": true,
;;=   "error": null,
;;=   "sections": [
;;=     {"id": 1, "name": "type", "offset": 8, "size": 6, "items": 1, "read": true},
;;=     {"id": 2, "name": "import", "offset": 14, "size": 18, "items": 1, "read": true},
;;=     {"id": 3, "name": "function", "offset": 32, "size": 4, "items": 1, "read": true},
;;=     {"id": 7, "name": "export", "offset": 36, "size": 14, "items": 1, "read": true},
;;=     {"id": 10, "name": "code", "offset": 50, "size": 6, "items": 1, "read": true},
;;=     {"id": 0, "name": "\u001b]0;title\u0007", "offset": 56, "size": 14, "read": true}
;;=   ],
;;=   "types": [
;;=     "(func)"
;;=   ],
;;=   "imports": [
;;=     {"module": "e\u001b[31m", "name": "\u009b31m", "kind": "func", "index": 0, "type": "(func)"}
;;=   ],
;;=   "exports": [
;;=     {"name": "\u202e\"g\u0000\u007f\n", "kind": "func", "index": 1, "type": "(func)"}
;;=   ],
;;=   "tables": {
;;=     "imported": 0,
;;=     "defined": []
;;=   },
;;=   "memories": {
;;=     "imported": 0,
;;=     "defined": []
;;=   },
;;=   "globals": {
;;=     "imported": 0,
;;=     "defined": []
;;=   },
;;=   "tags": {
;;=     "imported": 0,
;;=     "defined": []
;;=   },
;;=   "functions": {
;;=     "imported": 1,
;;=     "defined": 1,
;;=     "code_size": 2,
;;=     "largest": [{"index": 1, "name": "\u202e\"g\u0000\u007f\n", "size": 2}],
;;=     "list": [{"index": 0, "name": null, "type": "(func)"}, {"index": 1, "name": "\u202e\"g\u0000\u007f\n", "type": "(func)", "offset": 54, "size": 2}]
;;=   },
;;=   "start": null,
;;=   "element_segments": 0,
;;=   "elements": [],
;;=   "data_segments": 0,
;;=   "data_size": 0,
;;=   "data": [],
;;=   "names": {
;;=     "module": null,
;;=     "functions": 0
;;=   },
;;=   "producers": [],
;;=   "features_needed": []
;;= }
