;;! weft run --stdout null --trace-wasi --json --env A=b %
;; The same, an object each.
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
;;2 {"thread":0,"call":"environ_sizes_get","errno":"success","count":1,"bytes":4}
;;2 {"thread":0,"call":"fd_write","fd":1,"iovs":"a\u001b[\"\\\n\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000","errno":"success","written":4096}
;;2 {"thread":0,"call":"fd_write","fd":7,"iovs":"a\u001b[\"\\\n","errno":"badf"}
;;2 {"thread":0,"call":"fd_fdstat_set_rights","fd":1,"rights":"fd_datasync|fd_read|fd_seek|fd_fdstat_set_flags|fd_sync|fd_tell|fd_advise|fd_allocate|path_create_directory|path_create_file|path_link_source|path_link_target|path_open|fd_readdir|path_readlink|path_rename_source|path_rename_target|path_filestat_get|path_filestat_set_size|path_filestat_set_times|fd_filestat_get|fd_filestat_set_size|fd_filestat_set_times|path_symlink|path_remove_directory|path_unlink_file|poll_fd_readwrite|sock_shutdown|sock_accept","inheriting":"fd_write","errno":"notcapable"}
;;2 {"thread":0,"call":"path_open","fd":3,"lookup":"symlink_follow","path":"a\u001b[\"\\","oflags":"creat|trunc","rights":"fd_read|fd_write|0x40000000","inheriting":0,"flags":"append|nonblock","errno":"badf"}
;;2 {"thread":0,"call":"path_open","fd":3,"lookup":"0x2","path":{"at":65535,"len":5},"oflags":0,"rights":0,"inheriting":0,"flags":0,"errno":"badf"}
;;2 {"thread":0,"call":"poll_oneoff","subscriptions":[{"type":"clock","clock":"realtime","for":0}],"events":300,"count":1,"errno":"success","events":1}
;;2 {"thread":0,"call":"fd_seek","fd":1,"offset":-1,"whence":"set","errno":"success","position":0}
;;2 {"thread":0,"call":"proc_exit","status":3,"errno":"exits"}
;;status 3
