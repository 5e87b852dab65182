;;! weft opt --only drops % -o -
;;| weft print -
;; What may trap, calls, writes, grows, or comes out of a block, is made though nobody wants it.

(module
  (memory 1)
  (global $g (mut i32) (i32.const 0))
  (func $f (result i32) i32.const 1)
  (func (export "f") (param i32)
    call $f drop
    local.get 0 i32.load drop
    i32.const 1 local.get 0 i32.div_s drop
    f32.const 1 i32.trunc_f32_s drop
    local.get 0 local.tee 0 drop
    i32.const 1 memory.grow drop
    i32.const 1 call $g drop
    block (result i32) i32.const 3 end drop)
  (func $g i32.const 2 global.set $g))
;;= (module
;;=   (type (;0;) (func (result i32)))
;;=   (type (;1;) (func (param i32)))
;;=   (type (;2;) (func))
;;=   (memory (;0;) 1)
;;=   (global $g (;0;) (mut i32) (i32.const 0))
;;=   (func $f (;0;) (type 0) (result i32)
;;=     i32.const 1
;;=   )
;;=   (func (;1;) (export "f") (type 1) (param i32)
;;=     call $f
;;=     drop
;;=     local.get 0
;;=     i32.load
;;=     drop
;;=     i32.const 1
;;=     local.get 0
;;=     i32.div_s
;;=     drop
;;=     f32.const 1
;;=     i32.trunc_f32_s
;;=     drop
;;=     local.get 0
;;=     local.tee 0
;;=     drop
;;=     i32.const 1
;;=     memory.grow
;;=     drop
;;=     i32.const 1
;;=     call $g
;;=     drop
;;=     block (;L1;) (result i32)
;;=       i32.const 3
;;=     end
;;=     drop
;;=   )
;;=   (func $g (;2;) (type 2)
;;=     i32.const 2
;;=     global.set $g
;;=   )
;;= )
