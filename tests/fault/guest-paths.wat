;; guest-paths.wat -- what can be done by a path, also over links. The exit status is the first error's number.
(module
  (import "wasi_snapshot_preview1" "path_create_directory" (func $mkdir (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_remove_directory" (func $rmdir (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink" (func $symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_readlink" (func $readlink (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link" (func $link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename" (func $rename (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $stat (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_set_times" (func $set_times (param i32 i32 i32 i32 i64 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_unstable" "path_filestat_get" (func $stat0 (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "l/new")       ;; 5
  (data (i32.const 32) "../a.txt")    ;; 8, from d/new
  (data (i32.const 48) "d/new/link")  ;; 10
  (data (i32.const 64) "l/new/other") ;; 11
  (data (i32.const 80) "l/../m")      ;; 6
  (data (i32.const 96) "d/e/../moved") ;; 12
  (data (i32.const 112) "../../a.txt") ;; 11, from d/new
  (func $must (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
  (func (export "_start")
    (call $must (call $mkdir (i32.const 3) (i32.const 16) (i32.const 5)))
    (call $must (call $symlink (i32.const 112) (i32.const 11) (i32.const 3) (i32.const 48) (i32.const 10)))
    (call $must (call $readlink (i32.const 3) (i32.const 48) (i32.const 10) (i32.const 256) (i32.const 100) (i32.const 8)))
    (call $must (call $stat (i32.const 3) (i32.const 1) (i32.const 48) (i32.const 10) (i32.const 512)))
    (call $must (call $stat0 (i32.const 3) (i32.const 0) (i32.const 48) (i32.const 10) (i32.const 512)))
    (call $must (call $stat (i32.const 3) (i32.const 1) (i32.const 80) (i32.const 6) (i32.const 512)))
    (call $must (call $set_times (i32.const 3) (i32.const 1) (i32.const 80) (i32.const 6) (i64.const 1000000000) (i64.const 0) (i32.const 9)))
    (call $must (call $link (i32.const 3) (i32.const 1) (i32.const 80) (i32.const 6) (i32.const 3) (i32.const 64) (i32.const 11)))
    (call $must (call $rename (i32.const 3) (i32.const 64) (i32.const 11) (i32.const 3) (i32.const 96) (i32.const 12)))
    (call $must (call $unlink (i32.const 3) (i32.const 48) (i32.const 10)))
    (call $must (call $path_open (i32.const 3) (i32.const 1) (i32.const 80) (i32.const 6) (i32.const 0) (i64.const 2) (i64.const 0)
                                 (i32.const 0) (i32.const 8)))
    (call $must (call $rmdir (i32.const 3) (i32.const 16) (i32.const 5)))))
