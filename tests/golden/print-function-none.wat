;;! weft print --function nowhere --function 0 --function 2
(module
  (type $pair (struct (field i32) (field $y i64)))
  (import "env" "f" (func (param i32)))
  (memory 1)
  (table 10 funcref)
  (global $g (mut i32) (i32.const 7))
  (func $func2 (export "a") (param i32) (result i32) (local i64)
    (block (loop $in (br_if 1 (local.get 0)) (br_if $in (local.get 0))))
    (call 0 (global.get 0))
    (i32.const 1))
  (func (drop (struct.get 0 0 (ref.null 0))))
  (elem (i32.const 0) 0 1)
  (elem declare func 2)
  (data (i32.const 10) "hello")
  (data "passive")
  (@custom "x" "abc"))
;;2 error: there is no function "nowhere"
;;2 error: function "0" is imported
;;status 1
