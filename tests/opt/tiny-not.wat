;;! weft opt --only tiny % -o -
;;| weft print -
;; Not what takes its parameters otherwise, has locals or blocks, calls itself, returns, or is long.

(module
  (func $turned (param i32 i32) (result i32) local.get 1 local.get 0 i32.sub)
  (func $twice (param i32) (result i32) local.get 0 local.get 0 i32.mul)
  (func $local (result i32) (local i32) local.get 0)
  (func $block block end)
  (func $self call $self)
  (func $returns return)
  (func $one_of_two (param i32 i32) (result i32) local.get 0)
  (func $long (result f64 f64) f64.const 1 f64.const 2)
  (func (export "f") (param i32) (result i32)
    local.get 0 i32.const 1 call $turned call $twice call $local call $one_of_two
    call $block call $self call $returns call $long drop drop))
;;= (module
;;=   (type (;0;) (func (param i32 i32) (result i32)))
;;=   (type (;1;) (func (param i32) (result i32)))
;;=   (type (;2;) (func (result i32)))
;;=   (type (;3;) (func))
;;=   (type (;4;) (func (result f64 f64)))
;;=   (func $turned (;0;) (type 0) (param i32 i32) (result i32)
;;=     local.get 1
;;=     local.get 0
;;=     i32.sub
;;=   )
;;=   (func $twice (;1;) (type 1) (param i32) (result i32)
;;=     local.get 0
;;=     local.get 0
;;=     i32.mul
;;=   )
;;=   (func $local (;2;) (type 2) (result i32)
;;=     (local i32)
;;=     local.get 0
;;=   )
;;=   (func $block (;3;) (type 3)
;;=     block (;L1;)
;;=     end
;;=   )
;;=   (func $self (;4;) (type 3)
;;=     call $self
;;=   )
;;=   (func $returns (;5;) (type 3)
;;=     return
;;=   )
;;=   (func $one_of_two (;6;) (type 0) (param i32 i32) (result i32)
;;=     local.get 0
;;=   )
;;=   (func $long (;7;) (type 4) (result f64 f64)
;;=     f64.const 1
;;=     f64.const 2
;;=   )
;;=   (func (;8;) (export "f") (type 1) (param i32) (result i32)
;;=     local.get 0
;;=     i32.const 1
;;=     call $turned
;;=     call $twice
;;=     call $local
;;=     call $one_of_two
;;=     call $block
;;=     call $self
;;=     call $returns
;;=     call $long
;;=     drop
;;=     drop
;;=   )
;;= )
