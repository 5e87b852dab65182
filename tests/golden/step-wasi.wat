;;! weft step --from 3 --do "3;go 8;back until op call_ref && step < 8" % one
;; What a call of the host's is given, gives, and changes; what it prints. Going back asks the host nothing.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\06\00\00\00Hello\n")
  (func $_start (export "_start")
    (drop (call $args (i32.const 100) (i32.const 104)))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4)))))
;;= 3 "_start" 0x92: ... (FRAME_0 {LOCALS, MODULE 0} (LABEL_0 {} (i32.const 100) (i32.const 104) (ref.func 0) >>(call_ref 0)<< drop (i32.const 1) (i32.const 8) ...)) ...  ~> Step_read/call_ref-host  -- FUNCS[a] is the host's: func 0 "args_sizes_get"(100, 104) = 0  MEMS[0].BYTES[100 : 4] 00 00 00 00 -> 02 00 00 00  MEMS[0].BYTES[104 : 4] 00 00 00 00 -> 12 00 00 00
;;= 8 "_start" 0x9f: ... (FRAME_0 {LOCALS, MODULE 0} >>(LABEL_0 {})<<) ...  ~> Step_pure/label-vals  -- nothing is left but val*: 0 in LABEL_0
;;= 6 "_start" 0x9d: ... (FRAME_0 {LOCALS, MODULE 0} (LABEL_0 {} ... (i32.const 8) (i32.const 1) (i32.const 4) (ref.func 1) >>(call_ref 1)<< drop)) ...  ~> Step_read/call_ref-host  -- FUNCS[a] is the host's: func 1 "fd_write"(1, 8, 1, 4) = 0  MEMS[0].BYTES[4 : 4] 00 00 00 00 -> 06 00 00 00  prints "Hello\n"
