;;! weft opt --only imports % -o -
;;| weft print -
;; Of another type, another name, another module; and what is no function: a host may give two of one name.

(module
  (import "m" "f" (func (param i32))) (import "m" "f" (func (param i64))) (import "m" "g" (func (param i32)))
  (import "n" "f" (func (param i32))) (import "mf" "" (func (param i32)))
  (import "m" "h" (global i32)) (import "m" "h" (global i32))
  (import "m" "m" (memory 1)) (import "m" "m" (memory 1))
  (import "m" "t" (table 1 funcref)) (import "m" "t" (table 1 funcref)))
;;= (module
;;=   (type (;0;) (func (param i32)))
;;=   (type (;1;) (func (param i64)))
;;=   (import "m" "f" (func (;0;) (type 0) (param i32)))
;;=   (import "m" "f" (func (;1;) (type 1) (param i64)))
;;=   (import "m" "g" (func (;2;) (type 0) (param i32)))
;;=   (import "n" "f" (func (;3;) (type 0) (param i32)))
;;=   (import "mf" "" (func (;4;) (type 0) (param i32)))
;;=   (import "m" "h" (global (;0;) i32))
;;=   (import "m" "h" (global (;1;) i32))
;;=   (import "m" "m" (memory (;0;) 1))
;;=   (import "m" "m" (memory (;1;) 1))
;;=   (import "m" "t" (table (;0;) 1 funcref))
;;=   (import "m" "t" (table (;1;) 1 funcref))
;;= )
