;;! weft run --dry-run --json --dir-ro .::/here --env A=b --env-inherit WEFT_NOT_SET % one
;; Nothing is run.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_unstable" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (func (export "_start") unreachable))
;;= {
;;=   "file": "dry-run-json.wat",
;;=   "authority": [
;;=     {"name": "descriptors", "what": "standard input and output, and what is open", "granted_by": "--stdin, --stdout, --stderr", "functions": ["fd_write", "fd_read"]},
;;=     {"name": "files", "what": "files beneath directories", "granted_by": "--dir, --dir-ro", "functions": ["path_unlink_file"]}
;;=   ],
;;=   "others": [],
;;=   "arguments": [
;;=     "dry-run-json.wat",
;;=     "one"
;;=   ],
;;=   "variables": [
;;=     "A=b"
;;=   ],
;;=   "descriptors": [
;;=     {"fd": 0, "socket": false},
;;=     {"fd": 1, "socket": false},
;;=     {"fd": 2, "socket": false},
;;=     {"fd": 3, "directory": "/here", "read_only": true, "socket": false}
;;=   ],
;;=   "connections": []
;;= }
