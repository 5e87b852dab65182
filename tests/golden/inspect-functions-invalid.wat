;;! weft inspect --functions
(module
  (func $f (export "f") (result i32) i64.const 1)
  (func $g (result i32) (global.get 5)))
;;=    index    offset     size  name and type
;;=        0      0x1f        4  "f" (func (result i32))
;;=        1      0x24        4  "g" (func (result i32))
