;;! weft opt --only results % -o -
;;| weft print -
;; Not where one call wants it, a tail call gives it, others know the function, or there is more than one.

(module
  (func $wanted (result i32) i32.const 1)
  (func $tail (result i32) return_call $wanted)
  (func $given (result i32) i32.const 2)
  (func $exported (export "e") (result i32) i32.const 3)
  (func $two (result i32 i32) i32.const 4 i32.const 5)
  (func $passes (export "p") (result i32) return_call $given)
  (func (export "f") (result i32)
    call $wanted drop
    call $tail drop
    call $given drop
    call $exported drop
    call $two drop drop
    call $wanted))
;;= (module
;;=   (type (;0;) (func (result i32)))
;;=   (type (;1;) (func (result i32 i32)))
;;=   (func $wanted (;0;) (type 0) (result i32)
;;=     i32.const 1
;;=   )
;;=   (func $tail (;1;) (type 0) (result i32)
;;=     return_call $wanted
;;=   )
;;=   (func $given (;2;) (type 0) (result i32)
;;=     i32.const 2
;;=   )
;;=   (func $exported (;3;) (export "e") (type 0) (result i32)
;;=     i32.const 3
;;=   )
;;=   (func $two (;4;) (type 1) (result i32 i32)
;;=     i32.const 4
;;=     i32.const 5
;;=   )
;;=   (func $passes (;5;) (export "p") (type 0) (result i32)
;;=     return_call $given
;;=   )
;;=   (func (;6;) (export "f") (type 0) (result i32)
;;=     call $wanted
;;=     drop
;;=     call $tail
;;=     drop
;;=     call $given
;;=     drop
;;=     call $exported
;;=     drop
;;=     call $two
;;=     drop
;;=     drop
;;=     call $wanted
;;=   )
;;= )
