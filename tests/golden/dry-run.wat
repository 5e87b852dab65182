;;! weft run --dry-run --dir-ro .::/here --env A=b --env-inherit WEFT_NOT_SET % one
;; Nothing is run.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_unstable" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (func (export "_start") unreachable))
;;= dry-run.wat would be run. It could ask for
;;=   standard input and output, and what is open: fd_write, fd_read (--stdin, --stdout, --stderr)
;;=   files beneath directories: path_unlink_file (--dir, --dir-ro)
;;= and has
;;=   argument 0: "dry-run.wat"
;;=   argument 1: "one"
;;=   variable "A=b"
;;=   0: standard input
;;=   1: standard output
;;=   2: standard error
;;=   3: the directory "/here", to look at
