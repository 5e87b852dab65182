;;! weft step --invoke f %
;; Nothing that a module names drives a terminal, nor what it prints.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\05\00\00\00\1b]0;\ff")
  (func (@name "a\1b[2J\u{202e}b\22") (export "f")
    (drop (call 0 (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4)))))
;;= 1: {LOCALS}; (ref.func 1) >>(call_ref ...)<<  ~> Step_read/call_ref-func  -- FUNCS[a].CODE = (FUNC x local* instr*): a = func 1 "a\u{1b}[2J\u{202e}b\""
;;= 2 "a\u{1b}[2J\u{202e}b\"" 0x61: ... (FRAME_0 {LOCALS, MODULE 0} (LABEL_0 {} (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4) >>(call 0)<< drop)) ...  ~> Step_read/call  -- a = MODULE.FUNCS[x]: x = 0, a = func 0 "fd_write"
;;= 3 "a\u{1b}[2J\u{202e}b\"" 0x61: ... (FRAME_0 {LOCALS, MODULE 0} (LABEL_0 {} ... (i32.const 8) (i32.const 1) (i32.const 4) (ref.func 0) >>(call_ref 0)<< drop)) ...  ~> Step_read/call_ref-host  -- FUNCS[a] is the host's: func 0 "fd_write"(1, 8, 1, 4) = 0  MEMS[0].BYTES[4 : 4] 00 00 00 00 -> 05 00 00 00  prints "\u{1b}]0;\ff"
;;= 4 "a\u{1b}[2J\u{202e}b\"" 0x63: ... (FRAME_0 {LOCALS, MODULE 0} (LABEL_0 {} (i32.const 0) >>drop<<)) ...  ~> Step_pure/drop
;;= 5 "a\u{1b}[2J\u{202e}b\"" 0x63: ... (FRAME_0 {LOCALS, MODULE 0} >>(LABEL_0 {})<<) ...  ~> Step_pure/label-vals  -- nothing is left but val*: 0 in LABEL_0
;;= 6 "a\u{1b}[2J\u{202e}b\"": {LOCALS}; >>(FRAME_0 {LOCALS, MODULE 0})<<  ~> Step_pure/frame-vals  -- nothing is left but val*: 0 in FRAME_0
;;= 6 steps: returned
