;;! weft opt --only drops % -o -
;;| weft print -
;; What leaves no trace goes; what may trap, calls, or writes, stays.

(module
  (memory 1)
  (func $f (result i32) i32.const 1)
  (func (export "goes") (param i32)
    local.get 0 i32.const 1 i32.add drop
    local.get 0 i32.eqz f64.convert_i32_s drop
    memory.size drop)
  (func (export "stays") (param i32)
    call $f drop
    local.get 0 i32.load drop
    i32.const 1 local.get 0 i32.div_s drop
    local.get 0 local.tee 0 drop
    i32.const 1 call $g drop
    block (result i32) i32.const 3 end drop)
  (func $g))
;;= (module
;;=   (type (;0;) (func (result i32)))
;;=   (type (;1;) (func (param i32)))
;;=   (type (;2;) (func))
;;=   (memory (;0;) 1)
;;=   (func $f (;0;) (type 0) (result i32)
;;=     i32.const 1
;;=   )
;;=   (func (;1;) (export "goes") (type 1) (param i32)
;;=   )
;;=   (func (;2;) (export "stays") (type 1) (param i32)
;;=     call $f
;;=     drop
;;=     local.get 0
;;=     i32.load
;;=     drop
;;=     i32.const 1
;;=     local.get 0
;;=     i32.div_s
;;=     drop
;;=     local.get 0
;;=     local.tee 0
;;=     drop
;;=     i32.const 1
;;=     call $g
;;=     drop
;;=     block (;L1;) (result i32)
;;=       i32.const 3
;;=     end
;;=     drop
;;=   )
;;=   (func $g (;3;) (type 2)
;;=   )
;;= )
