;;! weft inspect --authority --json %
(module
  (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))
  (import "env" "launch\1b" (func))
  (import "wasi_snapshot_preview1" "sock_accept" (func (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_send" (func (param i32 i32 i32 i32 i32) (result i32))))
;;= {
;;=   "file": "inspect-authority-json.wat",
;;=   "format": "text",
;;=   "size": 161,
;;=   "readable": 161,
;;=   "valid": true,
;;=   "error": null,
;;=   "authority": [
;;=     {"name": "randomness", "what": "random bytes", "granted_by": "always there; --random-seed, --deterministic", "functions": ["random_get"]},
;;=     {"name": "sockets", "what": "connections of listeners", "granted_by": "--listen", "functions": ["sock_accept", "sock_send"]}
;;=   ],
;;=   "others": [
;;=     {"module": "env", "name": "launch\u001b"}
;;=   ]
;;= }
