;;! weft inspect --functions
(module
  (import "env" "f" (func $f (param i32)))
  (import "env" "g" (func))
  (func $named (export "other") (param i32 i64) (result f32) unreachable)
  (func (export "exported") (export "again"))
  (func nop nop)
  (func $"odd\1b[31m" nop))
;;=    index    offset     size  name and type
;;=        0  imported           "f" (func (param i32))
;;=        1  imported           (func)
;;=        2      0x54        3  "named" (func (param i32 i64) (result f32))
;;=        3      0x58        2  "exported" (func)
;;=        4      0x5b        4  (func)
;;=        5      0x60        3  "odd\u{1b}[31m" (func)
