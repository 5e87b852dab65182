;; work 12, with the directory / granted: a file is written to piece by piece, and read back in the end.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 100) "file")
  (func (export "work") (param $n i32) (result i64) (local $fd i32) (local $i i32) (local $s i64)
    (if (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 4) (i32.const 9)
          (i64.const 0x46) (i64.const 0) (i32.const 0) (i32.const 8)) (then (return (i64.const -1))))
    (local.set $fd (i32.load (i32.const 8)))
    (i32.store (i32.const 16) (i32.const 64)) (i32.store (i32.const 20) (i32.const 1))
    (loop $l
      (local.set $i (i32.const 9))
      (loop $wait (br_if $wait (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
      (i32.store8 (i32.const 64) (local.get $n))
      (if (call $write (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 24)) (then (return (i64.const -2))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (drop (call $seek (local.get $fd) (i64.const 0) (i32.const 0) (i32.const 32)))
    (block $end (loop $l
      (br_if $end (call $read (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 24)))
      (br_if $end (i32.eqz (i32.load (i32.const 24))))
      (local.set $s (i64.add (i64.mul (local.get $s) (i64.const 7)) (i64.load8_u (i32.const 64))))
      (br $l)))
    (local.get $s)))
