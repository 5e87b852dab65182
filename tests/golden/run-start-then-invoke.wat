;;! weft run --invoke f %
(module (global $g (mut i32) (i32.const 0))
  (func $main (global.set $g (i32.const 5))) (start $main)
  (func (export "f") (result i32) (global.get $g)))
;;= 5
