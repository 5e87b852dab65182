;; Segments, accesses and exports that name memories and tables behind imported ones.
(module $m (memory (export "one") 1) (memory (export "two") 1) (table (export "t") 2 funcref) (global (export "g") i32 (i32.const 11)))
(register "m" $m)
(module
  (import "m" "one" (memory 1)) (import "m" "two" (memory 1)) (import "m" "t" (table 2 funcref)) (import "m" "g" (global i32))
  (memory 1) (table 2 funcref) (global i32 (i32.const 22))
  (func $f (result i32) (i32.const 3))
  (data (memory 2) (i32.const 0) "cc") (data (memory 1) (i32.const 0) "bb") (data (memory 0) (i32.const 0) "aa")
  (elem (table 1) (i32.const 0) func $f)
  (func (export "load") (result i32 i32 i32)
    (i32.load8_u 0 (i32.const 0)) (i32.load8_u 1 (i32.const 0)) (i32.load8_u 2 (i32.const 0)))
  (func (export "call") (param i32) (result i32) (call_indirect 1 (result i32) (local.get 0)))
  (func (export "imported") (result i32) (call_indirect 0 (result i32) (i32.const 0)))
  (func (export "globals") (result i32 i32) (global.get 0) (global.get 1)))
(assert_return (invoke "load") (i32.const 97) (i32.const 98) (i32.const 99))
(assert_return (invoke "call" (i32.const 0)) (i32.const 3))
(assert_trap (invoke "imported") "uninitialized element")
(assert_return (invoke "globals") (i32.const 11) (i32.const 22))
(assert_invalid (module (import "m" "one" (memory 1)) (data (memory 1) (i32.const 0) "x")) "unknown memory")
(assert_invalid (module (import "m" "t" (table 1 funcref)) (elem (table 1) (i32.const 0) func)) "unknown table")
(assert_invalid (module (import "m" "g" (global i32)) (func (result i32) (global.get 1))) "unknown global")
(assert_invalid (module (import "m" "f" (func)) (func (call 2))) "unknown function")
(assert_invalid (module (import "m" "f" (func)) (export "g" (func 1))) "unknown function")
(assert_invalid (module (import "m" "f" (func)) (start 1)) "unknown function")
;; Alignments of 2^6 and more; in the first the bit means that a memory follows.
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01"
  "\0a\0b\01\09\00\41\00\28\80\01\00\1a\0b") "malformed memop flags")
(assert_invalid (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01"
  "\0a\0a\01\08\00\41\00\28\3f\00\1a\0b") "alignment must not be larger than natural")
(assert_invalid (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01"
  "\0a\0a\01\08\00\41\00\28\20\00\1a\0b") "alignment must not be larger than natural")
;; Counts whose sizes wrap when multiplied.
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
  "\0a\0d\01\0b\00\41\00\0e\ff\ff\ff\ff\0f\00\0b") "length out of bounds")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
  "\0a\0d\01\0b\00\41\00\0e\80\80\80\80\04\00\0b") "unexpected end")

;; The first of two is wrong: a number that is too long in a segment, the limits of a memory, the type of a tag.
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\04\04\01\70\00\01"
  "\09\0d\01\00\41\00\0b\02\80\80\80\80\80\00\00" "\0a\04\01\02\00\0b") "integer representation too long")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\05\05\02\ff\00\00\00") "malformed limits flags")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\0d\05\02\01\00\00\00") "malformed tag attribute")
