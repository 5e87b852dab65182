;;! weft run --snapshot-at 3000 --fuel 40000 --deterministic -o - --invoke work % 2
;;| weft snapshot --json -
(module
  (type $list (array (mut i32)))
  (memory 1 3) (memory 2) (table 3 9 funcref) (table 1 externref)
  (global $kept (mut (ref null $list)) (ref.null $list))
  (elem (i32.const 1) $loop $loop)
  (func $loop (param i32) (result i32) (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 7))
  (func $in (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $in (i32.sub (local.get 0) (i32.const 1))))
      (else (call_indirect 0 (param i32) (result i32) (i32.const 1000) (i32.const 1)))))
  (func (export "work") (param i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (i32.store (i32.const 70000) (i32.const 9))
    (global.set $kept (array.new_default $list (i32.const 50)))
    (call $in (local.get 0))))
;;= {
;;=   "file": "-",
;;=   "version": 3,
;;=   "deterministic": true,
;;=   "size": 4856,
;;=   "fuel": 36999,
;;=   "modules": [
;;=     {"size": 190, "sha256": "8d9e2f121b9f4f2e481cb514450b2c14d0efe3f6b9bdbbbe008d20231a3c15ed"}
;;=   ],
;;=   "instance_count": 1,
;;=   "instances": [
;;=     {"module": 0, "memories": [{"imported": false, "pages": 2, "page_bytes": 65536}, {"imported": false, "pages": 2, "page_bytes": 65536}], "tables": [{"imported": false, "entries": 3, "not_null": 2}, {"imported": false, "entries": 1, "not_null": 0}]}
;;=   ],
;;=   "objects": 1,
;;=   "object_bytes": 208,
;;=   "continuations": 0,
;;=   "wasi_bytes": 58,
;;=   "stopped": "paused",
;;=   "frames": [
;;=     {"offset": 77, "module": 0, "function": 0, "name": "loop"},
;;=     {"offset": 111, "module": 0, "function": 1, "name": "in"},
;;=     {"offset": 103, "module": 0, "function": 1, "name": "in"},
;;=     {"offset": 103, "module": 0, "function": 1, "name": "in"},
;;=     {"offset": 141, "module": 0, "function": 2, "name": "work"}
;;=   ],
;;=   "frame_count": 5,
;;=   "stopped_beside": 0
;;= }
