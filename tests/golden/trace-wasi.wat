;;! weft run --stdout null --trace-wasi --env A=b %
;; Each call is a line, with names of flags and errnos; what a terminal would obey is quoted, and what is long is cut.
(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_set_rights" (func $rights (param i32 i64 i64) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_unstable" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\20\00\00\00\06\00\00\00\00\10\00\00\00\10\00\00")
  (data (i32.const 32) "a\1b[\"\\\n")
  (func (export "_start")
    (drop (call $sizes (i32.const 100) (i32.const 104)))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 2) (i32.const 4)))
    (drop (call $write (i32.const 7) (i32.const 8) (i32.const 1) (i32.const -1)))
    (drop (call $rights (i32.const 1) (i64.const 0x3fffffbf) (i64.const 0x40)))
    (drop (call $open (i32.const 3) (i32.const 1) (i32.const 32) (i32.const 5) (i32.const 9) (i64.const 0x40000042)
      (i64.const 0) (i32.const 5) (i32.const 4)))
    (drop (call $open (i32.const 3) (i32.const 2) (i32.const 0xffff) (i32.const 5) (i32.const 0) (i64.const 0) (i64.const 0)
      (i32.const 0) (i32.const 4)))
    (drop (call $poll (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 4)))
    (drop (call $seek (i32.const 1) (i64.const -1) (i32.const 2) (i32.const 4)))
    (call $exit (i32.const 3))))
;;2 environ_sizes_get() = success, count 1, bytes 4
;;2 fd_write(fd 1, iovs "a\x1b[\"\\\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"...) = success, written 4096
;;2 fd_write(fd 7, iovs "a\x1b[\"\\\n") = badf
;;2 fd_fdstat_set_rights(fd 1, rights ~fd_write, inheriting fd_write) = notcapable
;;2 path_open(fd 3, lookup symlink_follow, path "a\x1b[\"\\", oflags creat|trunc, rights fd_read|fd_write|0x40000000, inheriting 0, flags append|nonblock) = badf
;;2 path_open(fd 3, lookup 0x2, path 0xffff+5, oflags 0, rights 0, inheriting 0, flags 0) = badf
;;2 poll_oneoff(subscriptions [clock realtime for 0], events 0x12c, count 1) = success, events 1
;;2 fd_seek(fd 1, offset -1, whence set) = success, position 0
;;2 proc_exit(status 3) = exits
;;status 3
