;;! weft run --init init -o - %
;;| weft print -
(module
  (type $point (struct (field (mut i32))))
  (elem $some anyref (ref.i31 (i32.const 1)) (struct.new_default $point))
  (elem $kept anyref (ref.i31 (i32.const 1)) (ref.null any))
  (func (export "init") (elem.drop $some)))
;;= (module
;;=   (type $point (;0;) (struct (field (mut i32))))
;;=   (type (;1;) (func))
;;=   (elem (;0;) anyref)
;;=   (elem $kept (;1;) anyref (ref.i31 (i32.const 1)) (ref.null any))
;;=   (func (;0;) (type 1)
;;=     elem.drop 0
;;=   )
;;= )
