;;! weft run
(module (import "wasi_snapshot_preview1" "fd_close" (func (param i64))) (memory (export "memory") 1) (func (export "_start")))
;;2 incompatible_import.wat: incompatible import type: function "wasi_snapshot_preview1" "fd_close": (func (param i64)) is wanted, (func (param i32) (result i32)) is given
;;status 1
