;;! weft opt --only locals % -o -
;;| weft print -
;; Parameters stay where they are; locals that stand by type already stay too, and one that is only written is there.

(module
  (func (export "f") (param $unused i32) (param $p i64) (result i64)
    (local $a i32) (local $b i32) (local $c f64)
    local.get $a local.set $b
    f64.const 1 local.set $c
    local.get $p))
;;= (module
;;=   (type (;0;) (func (param i32 i64) (result i64)))
;;=   (func (;0;) (export "f") (type 0) (param $unused i32) (param $p i64) (result i64)
;;=     (local $a i32) (local $b i32) (local $c f64)
;;=     local.get $a
;;=     local.set $b
;;=     f64.const 1
;;=     local.set $c
;;=     local.get $p
;;=   )
;;= )
