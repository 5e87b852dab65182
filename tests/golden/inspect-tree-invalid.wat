;;! weft inspect --tree
(module
  (func $f (export "f") (result i32) i64.const 1)
  (func $g (result i32) (global.get 5)))
;;=      bytes     %
;;=         56 100.0  inspect-tree-invalid.wat  (2 functions)
;;=         16  28.6    custom
;;=         16  28.6      name
;;=         13  23.2    code  (2 functions)
;;=          5   8.9      f
;;=          5   8.9      g
;;=          7  12.5    type
;;=          7  12.5    export
;;=          5   8.9    function
