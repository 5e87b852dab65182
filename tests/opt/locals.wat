;;! weft opt --only locals % -o -
;;| weft print -
;; By type, and of a type by use; what is not used goes.

(module
  (func (export "f") (param $p i32) (result i32)
    (local $a i32) (local $b i64) (local $unused f32) (local $c i32) (local $d i64)
    local.get $c local.set $a
    local.get $b local.set $d
    local.get $c)
  (func (export "same") (param i32) (local $a i32) (local $b i64)
    local.get $a drop local.get $b drop))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (type (;1;) (func (param i32)))
;;=   (func (;0;) (export "f") (type 0) (param $p i32) (result i32)
;;=     (local $c i32) (local $a i32) (local $b i64) (local $d i64)
;;=     local.get $c
;;=     local.set $a
;;=     local.get $b
;;=     local.set $d
;;=     local.get $c
;;=   )
;;=   (func (;1;) (export "same") (type 1) (param i32)
;;=     (local $a i32) (local $b i64)
;;=     local.get $a
;;=     drop
;;=     local.get $b
;;=     drop
;;=   )
;;= )
