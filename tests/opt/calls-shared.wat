;;! weft opt -O1 --only bodies % -o -
;;| weft print -
;; A call that reads memory, of which others write: it is made each time.

(module
  (memory 1 1 shared)
  (func $get (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "thrice") (result i32)
    (i32.add (call $get (i32.const 8)) (i32.add (call $get (i32.const 8)) (call $get (i32.const 8))))))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (type (;1;) (func (result i32)))
;;=   (memory (;0;) 1 1 shared)
;;=   (func $get (;0;) (type 0) (param i32) (result i32)
;;=     local.get 0
;;=     i32.load
;;=   )
;;=   (func (;1;) (export "thrice") (type 1) (result i32)
;;=     i32.const 8
;;=     call $get
;;=     i32.const 8
;;=     call $get
;;=     i32.const 8
;;=     call $get
;;=     i32.add
;;=     i32.add
;;=   )
;;= )
