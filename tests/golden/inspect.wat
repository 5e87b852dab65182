;;! weft inspect
(module $mo
  (import "env" "f" (func (param i32 i32) (result i64)))
  (import "env" "t" (table 1 10 funcref))
  (import "env" "g" (global (mut externref)))
  (type $s (sub (struct (field (mut i8)) (field (ref null $s)))))
  (type $s2 (sub final $s (struct (field (mut i8)) (field (ref null $s)) (field (ref $s)))))
  (type (array (mut f64)))
  (memory (export "mem") 1 16)
  (memory i64 1)
  (memory 1 2 shared)
  (tag (param i32))
  (global i32 (i32.const 3))
  (func $main (export "main") (param v128) (result (ref null $s)) (ref.null none))
  (func $st)
  (start $st)
  (data "abc")
  (@custom "producers" "\01\08language\01\03C11\00")
  (@custom "other" (before type) "xyz"))
;;= inspect.wat: text, as binary 227 bytes
;;=
;;= sections      offset        size   items
;;=   custom          0x8          11         "other"
;;=   type           0x13          47       7
;;=   import         0x42          31       3
;;=   function       0x61           5       2
;;=   memory         0x66          11       3
;;=   tag            0x71           5       1
;;=   global         0x76           8       1
;;=   export         0x7e          16       2
;;=   start          0x8e           3       1
;;=   code           0x91          11       2
;;=   data           0x9c           8       1
;;=   custom         0xa4          35         "name"
;;=   custom         0xc7          28         "producers"
;;=
;;= types: 7
;;=   0 (sub (struct (field (mut i8)) (field (ref null 0))))
;;=   1 (sub final 0 (struct (field (mut i8)) (field (ref null 0)) (field (ref 0))))
;;=   2 (array (mut f64))
;;=   3 (func (param i32 i32) (result i64))
;;=   4 (func (param i32))
;;=   5 (func (param v128) (result (ref null 0)))
;;=   6 (func)
;;=
;;= imports: 3
;;=   import "env" "f" (func (param i32 i32) (result i64))
;;=   import "env" "t" (table 1 10 funcref)
;;=   import "env" "g" (global (mut externref))
;;=
;;= exports: 2
;;=   export "mem" (memory 1 16)
;;=   export "main" (func (param v128) (result (ref null 0)))
;;=
;;= memories: 3
;;=   0 (memory 1 16)
;;=   1 (memory i64 1)
;;=   2 (memory 1 2 shared)
;;=
;;= globals: 1
;;=   1 (global i32) = (i32.const 3)
;;=
;;= tags: 1
;;=   0 (tag (param i32))
;;=
;;= data: 3 bytes in 1 segments
;;=    index    offset     size  where
;;=        0      0xa1        3  passive
;;=
;;= code: 6 bytes in 2 functions, 1 more imported
;;=         4  func 1 "main"
;;=         2  func 2 "st"
;;= start: func 2 "st"
;;=
;;= names: 2 functions, module "mo"
;;=
;;= producers
;;=   "language" "C11" ""
;;=
;;= features needed: mutable-global reference-types bulk-memory simd exception-handling multi-memory memory64 function-references gc threads
