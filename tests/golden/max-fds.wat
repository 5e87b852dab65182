;;! weft run --max-fds 0 --dir-ro . --trace-wasi %
;; Nothing is opened.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) ".")
  (func (export "_start")
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 8)))))
;;2 path_open(fd 3, lookup 0, path ".", oflags 0, rights 0, inheriting 0, flags 0) = mfile
