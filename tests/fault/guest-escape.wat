;; guest-escape.wat -- tries to get out of its directory, in each way that a link, dots or procfs give. Whatever fails on
;; the way, nothing may be opened: 99 is what must never come.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $stat (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink" (func $symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link" (func $link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename" (func $rename (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 100) "out/module.wasm")            ;; 15
  (data (i32.const 200) "../fixed/module.wasm")       ;; 20
  (data (i32.const 300) "l/../../fixed/module.wasm")  ;; 25
  (data (i32.const 400) "d/../out/module.wasm")       ;; 20
  (data (i32.const 500) "/etc/passwd")                ;; 11
  (data (i32.const 600) "self/mem")                   ;; 8
  (data (i32.const 700) "a.txt")                      ;; 5
  (data (i32.const 800) "made")                       ;; 4
  (func $never (param $err i32) (if (i32.eqz (local.get $err)) (then (call $exit (i32.const 99)))))
  (func $try (param $fd i32) (param $at i32) (param $len i32)
    (call $never (call $path_open (local.get $fd) (i32.const 1) (local.get $at) (local.get $len) (i32.const 0) (i64.const 2)
                                  (i64.const 0) (i32.const 0) (i32.const 8)))
    (call $never (call $path_open (local.get $fd) (i32.const 1) (local.get $at) (local.get $len) (i32.const 9) (i64.const 0x42)
                                  (i64.const 0) (i32.const 0) (i32.const 8))))
  (func $try_here (param $at i32) (param $len i32)
    (call $try (i32.const 3) (local.get $at) (local.get $len))
    (call $never (call $stat (i32.const 3) (i32.const 1) (local.get $at) (local.get $len) (i32.const 1024)))
    (call $never (call $link (i32.const 3) (i32.const 0) (local.get $at) (local.get $len) (i32.const 3) (i32.const 800) (i32.const 4)))
    (call $never (call $rename (i32.const 3) (i32.const 700) (i32.const 5) (i32.const 3) (local.get $at) (local.get $len))))
  (func (export "_start")
    (call $try_here (i32.const 100) (i32.const 15))
    (call $try_here (i32.const 200) (i32.const 20))
    (call $try_here (i32.const 300) (i32.const 25))
    (call $try_here (i32.const 400) (i32.const 20))
    (call $try_here (i32.const 500) (i32.const 11))
    (call $never (call $symlink (i32.const 500) (i32.const 11) (i32.const 3) (i32.const 800) (i32.const 4)))
    (call $try (i32.const 4) (i32.const 600) (i32.const 8))))
