;;! weft inspect
(module $mo
  (import "env" "base" (global $base i32))
  (global $__stack_pointer (mut i32) (i32.const 66576))
  (global (export "__heap_base") i32 (i32.const 66576))
  (global (export "end") i64 (i64.sub (i64.const -1) (i64.const 7)))
  (export "sp" (global 1))
  (memory $main 1)
  (memory $other 1)
  (table $t (export "__indirect_function_table") 10 funcref)
  (table (export "filled") 10 (ref null func) (ref.func $f))
  (func $f)
  (elem $e (i32.const 1) $f $f)
  (elem (table 1) (global.get $base) funcref (ref.null func))
  (elem declare func $f)
  (data $.rodata (i32.const 1024) "hello")
  (data (memory $other) (i32.const -1) "abc")
  (data $passive "passive"))
;;= inspect-segments.wat: text, as binary 299 bytes
;;=
;;= sections      offset        size   items
;;=   type            0x8           6       1
;;=   import          0xe          15       1
;;=   function       0x1d           4       1
;;=   table          0x21          14       2
;;=   memory         0x2f           7       2
;;=   global         0x36          25       3
;;=   export         0x4f          65       5
;;=   element        0x90          24       3
;;=   code           0xa8           6       1
;;=   data           0xae          32       3
;;=   custom         0xce          93         "name"
;;=
;;= types: 1
;;=   0 (func)
;;=
;;= imports: 1
;;=   import "env" "base" (global i32)
;;=
;;= exports: 5
;;=   export "__heap_base" (global i32) = (i32.const 66576)
;;=   export "end" (global i64) = (i64.sub (i64.const -1) (i64.const 7))
;;=   export "sp" (global (mut i32))
;;=   export "__indirect_function_table" (table 10 funcref)
;;=   export "filled" (table 10 funcref)
;;=
;;= tables: 2
;;=   0 (table 10 funcref) "t"
;;=   1 (table 10 funcref) = (ref.func $f)
;;=
;;= memories: 2
;;=   0 (memory 1) "main"
;;=   1 (memory 1) "other"
;;=
;;= globals: 3
;;=   1 (global (mut i32)) "__stack_pointer" = (i32.const 66576)
;;=   2 (global i32) = (i32.const 66576)
;;=   3 (global i64) = (i64.sub (i64.const -1) (i64.const 7))
;;=
;;= elements: 3 segments
;;=    index    offset    items  where
;;=        0      0x98        2  table 0 at (i32.const 1) "e"
;;=        1      0xa1        1  table 1 at (global.get $base)
;;=        2      0xa7        1  declarative
;;=
;;= data: 15 bytes in 3 segments
;;=    index    offset     size  where
;;=        0      0xb7        5  memory 0 at (i32.const 1024) ".rodata"
;;=        1      0xc2        3  memory 1 at (i32.const -1)
;;=        2      0xc7        7  passive "passive"
;;=
;;= code: 2 bytes in 1 functions, 0 more imported
;;=         2  func 0 "f"
;;=
;;= names: 1 functions, module "mo"
;;=
;;= features needed: mutable-global reference-types bulk-memory extended-const multi-memory function-references
