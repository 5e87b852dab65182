;;! weft opt --only results % -o -
;;| weft print -
;; A block takes the place of the function for what branches out of it.

(module
  (func $plain (result i32) i32.const 1)
  (func $returns (param i32) (result i64)
    local.get 0 if i64.const 2 return end
    i64.const 3)
  (func $branches (param i32) (result f32)
    f32.const 4 local.get 0 br_if 0)
  (func (export "f") (param i32)
    call $plain drop
    local.get 0 call $returns drop
    local.get 0 call $branches drop))
;;= (module
;;=   (type (;0;) (func (result i32)))
;;=   (type (;1;) (func (param i32) (result i64)))
;;=   (type (;2;) (func (param i32) (result f32)))
;;=   (type (;3;) (func (param i32)))
;;=   (type (;4;) (func))
;;=   (func $plain (;0;) (type 4)
;;=     i32.const 1
;;=     drop
;;=   )
;;=   (func $returns (;1;) (type 3) (param i32)
;;=     local.get 0
;;=     if (;L1;)
;;=       i64.const 2
;;=       return
;;=     end
;;=     i64.const 3
;;=     drop
;;=   )
;;=   (func $branches (;2;) (type 3) (param i32)
;;=     block (;L1;) (result f32)
;;=       f32.const 4
;;=       local.get 0
;;=       br_if 0 (;L1;)
;;=     end
;;=     drop
;;=   )
;;=   (func (;3;) (export "f") (type 3) (param i32)
;;=     call $plain
;;=     local.get 0
;;=     call $returns
;;=     local.get 0
;;=     call $branches
;;=   )
;;= )
