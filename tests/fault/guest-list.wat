;; guest-list.wat -- lists a directory, entry by entry, with a buffer that holds one at a time; the names come sorted
;; by nobody, so what is printed is how many, and the sum of their bytes. The exit status is the first error's number.
(module
  (import "wasi_snapshot_preview1" "fd_readdir" (func $readdir (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $prestat_name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $must (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
  (func (export "_start") (local $cookie i64) (local $i i32)
    (call $must (call $prestat (i32.const 3) (i32.const 32)))
    (call $must (call $prestat_name (i32.const 3) (i32.const 48) (i32.load (i32.const 36))))
    (loop $more
      (call $must (call $readdir (i32.const 3) (i32.const 1024) (i32.const 300) (local.get $cookie) (i32.const 8)))
      (if (i32.ge_u (i32.load (i32.const 8)) (i32.const 24)) (then
        (local.set $cookie (i64.load (i32.const 1024)))
        (i32.store8 (i32.const 16) (i32.add (i32.load8_u (i32.const 16)) (i32.const 1)))
        (local.set $i (i32.load (i32.const 1040)))
        (loop $byte
          (local.set $i (i32.sub (local.get $i) (i32.const 1)))
          (i32.store8 (i32.const 17) (i32.add (i32.load8_u (i32.const 17))
                                              (i32.load8_u offset=1048 (local.get $i))))
          (br_if $byte (local.get $i)))
        (br $more))))
    (i64.store (i32.const 0) (i64.const 0x200000010))
    (loop $more
      (call $must (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 8))))
      (i32.store (i32.const 4) (i32.sub (i32.load (i32.const 4)) (i32.load (i32.const 8))))
      (br_if $more (i32.load (i32.const 4))))))
