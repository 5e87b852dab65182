;;! weft print --features=all --name-unnamed
(module
  (import "m" (item "a") (item "b") (global i32))
  (func (result i32) (global.get 1)))
;;= (module
;;=   (type $type0 (;0;) (func (result i32)))
;;=   (import "m"
;;=     (item "a" (global $global0 (;0;) i32))
;;=     (item "b" (global $global1 (;1;) i32)))
;;=   (func $func0 (;0;) (type $type0) (result i32)
;;=     global.get $global1
;;=   )
;;= )
