;;! weft run --invoke f %
(module
  (type $s (struct (field i32)))
  (type $a (array i8))
  (func $g)
  (elem declare func $g)
  (func (export "f") (result anyref (ref $s) structref (ref null $a) externref eqref (ref func))
    (ref.i31 (i32.const -5))
    (struct.new $s (i32.const 1))
    (ref.null none)
    (array.new_default $a (i32.const 300))
    (extern.convert_any (ref.i31 (i32.const 7)))
    (struct.new_default $s)
    (ref.func $g)))
;;= (ref i31) -5
;;= (ref struct)
;;= null
;;= (ref array) 300
;;= (ref extern)
;;= (ref struct)
;;= (ref func) 0
