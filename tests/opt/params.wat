;;! weft opt --only params % -o -
;;| weft print -
;; What is not used is dropped where it was made; what is always the same is written where it was read, or set at first where
;; it is written to.

(module
  (import "m" "f" (func $effect (result i64)))
  (func $unused (param $a i32) (param $b i64) (param $c f32) (result i32) local.get $a)
  (func $same (param $a i32) (param $b f64) (result f64) local.get $b)
  (func $set (param $a i32) (result i32) (local $x i32)
    local.get $a i32.const 1 i32.sub local.tee $a)
  (func (export "f") (param i32) (result i32 i32 f64 f64 i32)
    local.get 0 call $effect f32.const 1 call $unused
    i32.const 5 i64.const 6 local.get 0 f32.convert_i32_s call $unused
    local.get 0 f64.const 2 call $same
    i32.const 9 f64.const 2 call $same
    i32.const 1000 call $set))
;;= (module
;;=   (type (;0;) (func (result i64)))
;;=   (type (;1;) (func (param i32 i64 f32) (result i32)))
;;=   (type (;2;) (func (param i32 f64) (result f64)))
;;=   (type (;3;) (func (param i32) (result i32)))
;;=   (type (;4;) (func (param i32) (result i32 i32 f64 f64 i32)))
;;=   (type (;5;) (func (result f64)))
;;=   (type (;6;) (func (result i32)))
;;=   (import "m" "f" (func $effect (;0;) (type 0) (result i64)))
;;=   (func $unused (;1;) (type 3) (param $a i32) (result i32)
;;=     local.get $a
;;=   )
;;=   (func $same (;2;) (type 5) (result f64)
;;=     f64.const 2
;;=   )
;;=   (func $set (;3;) (type 6) (result i32)
;;=     (local $a i32) (local $x i32)
;;=     i32.const 1000
;;=     local.set $a
;;=     local.get $a
;;=     i32.const 1
;;=     i32.sub
;;=     local.tee $a
;;=   )
;;=   (func (;4;) (export "f") (type 4) (param i32) (result i32 i32 f64 f64 i32)
;;=     local.get 0
;;=     call $effect
;;=     drop
;;=     f32.const 1
;;=     drop
;;=     call $unused
;;=     i32.const 5
;;=     i64.const 6
;;=     drop
;;=     local.get 0
;;=     f32.convert_i32_s
;;=     drop
;;=     call $unused
;;=     local.get 0
;;=     drop
;;=     f64.const 2
;;=     drop
;;=     call $same
;;=     i32.const 9
;;=     drop
;;=     f64.const 2
;;=     drop
;;=     call $same
;;=     i32.const 1000
;;=     drop
;;=     call $set
;;=   )
;;= )
