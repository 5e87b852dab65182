;;! weft print % --features=all --fold
(module (func (result i32) (i32.const 1)))
;;= (module
;;=   (type (;0;) (func (result i32)))
;;=   (func (;0;) (type 0) (result i32)
;;=     (i32.const 1)
;;=   )
;;= )
