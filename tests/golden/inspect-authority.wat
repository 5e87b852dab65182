;;! weft inspect --authority %
(module
  (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))
  (import "env" "launch\1b" (func))
  (import "wasi_snapshot_preview1" "sock_accept" (func (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_send" (func (param i32 i32 i32 i32 i32) (result i32))))
;;=   random bytes: random_get (always there; --random-seed, --deterministic)
;;=   connections of listeners: sock_accept, sock_send (--listen)
;;=   of others: "env" "launch\u{1b}"
