;;! weft opt --only bodies % -o -
;;| weft print -
;; Nothing is computed twice, or for nothing; a read behind a call, a write or a loop's turn is another one.

(module
  (import "m" "f" (func $f))
  (memory 1)
  (func (export "f") (param i32) (result i32)
    local.get 0
    i32.load
    call $f
    local.get 0
    i32.load
    i32.sub)
  (func (export "g") (param i32)
    loop
      local.get 0
      i32.load
      br_if 0
    end))
;;= (module
;;=   (type (;0;) (func))
;;=   (type (;1;) (func (param i32) (result i32)))
;;=   (type (;2;) (func (param i32)))
;;=   (import "m" "f" (func $f (;0;) (type 0)))
;;=   (memory (;0;) 1)
;;=   (func (;1;) (export "f") (type 1) (param i32) (result i32)
;;=     local.get 0
;;=     i32.load
;;=     call $f
;;=     local.get 0
;;=     i32.load
;;=     i32.sub
;;=   )
;;=   (func (;2;) (export "g") (type 2) (param i32)
;;=     loop (;L1;)
;;=       local.get 0
;;=       i32.load
;;=       br_if 0 (;L1;)
;;=     end
;;=   )
;;= )
