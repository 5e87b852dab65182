;;! weft run --init init -o - %
;;| weft inspect -
(module
  (global $g (mut i32) (i32.const 0))
  (func (export "init") (global.set $g (i32.const 100000)))
  (@custom ".debug_info" "kept")
  (@custom "sourceMappingURL" "\05m.map")
  (@custom "producers" (after last) "\00"))
;;= -: binary, 84 bytes
;;=
;;= sections      offset        size   items
;;=   type            0x8           6       1
;;=   function        0xe           4       1
;;=   global         0x12          10       1
;;=   code           0x1c          12       1
;;=   custom         0x28          13         "name"
;;=   custom         0x35          18         ".debug_info"
;;=   custom         0x47          13         "producers"
;;=
;;= types: 1
;;=   0 (func)
;;=
;;= globals: 1
;;=   0 (global (mut i32)) "g" = (i32.const 100000)
;;=
;;= code: 8 bytes in 1 functions, 0 more imported
;;=         8  func 0
;;=
;;= producers
;;=
;;= features needed: none beyond WebAssembly 1.0
