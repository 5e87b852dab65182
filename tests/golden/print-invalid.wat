;;! weft print --fold %
;; What is not valid is printed all the same.
(module (func (result i64) i32.add (local.get 99) (call 7) (br 12) (i32.load 3 offset=99999999999 (f32.const 1)) drop drop)
)
;;= (module
;;=   (type (;0;) (func (result i64)))
;;=   (func (;0;) (type 0) (result i64)
;;=     (i32.add)
;;=     (local.get 99)
;;=     (call 7)
;;=     (br 12)
;;=     (drop (i32.load 3 offset=99999999999 (f32.const 1)))
;;=     (drop)
;;=   )
;;= )
