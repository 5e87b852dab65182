;; What validators were too lenient about, and what they must not refuse.
(assert_invalid (module (func (result i32) (if (result i32) (i32.const 1) (then (i32.const 2))))) "type mismatch")
(assert_invalid (module (func (unreachable) (i64.const 1) (i32.add) (drop))) "type mismatch")
(assert_invalid (module (func (result i32) (unreachable) (i64.const 1))) "type mismatch")
(assert_invalid (module (func (param externref) (drop (select (local.get 0) (local.get 0) (i32.const 1))))) "type mismatch")
(assert_invalid (module (func (unreachable) (select) (i32.const 1) (i64.const 1) (select) (drop))) "type mismatch")
(assert_invalid (module (func (block (result i32) (br_table 0 1 (i32.const 1) (i32.const 0))) (drop))) "type mismatch")
(assert_invalid (module (func (i32.const 1))) "type mismatch")
(assert_invalid (module (func (loop (result i32) (br 0) ) (i32.const 1) (drop))) "type mismatch")
(assert_invalid (module (func (block (param i32)))) "type mismatch")
(assert_invalid (module (func (local (ref func)) (block (local.set 0 (ref.func 0))) (drop (local.get 0))) (export "f" (func 0))) "uninitialized local")
(assert_invalid (module (memory 1) (func (drop (v128.load8_lane 16 (i32.const 0) (v128.const i32x4 0 0 0 0))))) "invalid lane index")
(assert_invalid (module (func (param i32) (result i32) (return_call 1 (local.get 0))) (func (param i32) (result i64) (i64.const 1))) "type mismatch")
(assert_invalid (module (table 1 externref) (func (call_indirect (i32.const 0)))) "type mismatch")
(assert_invalid (module (global $a i32 (global.get $b)) (global $b i32 (i32.const 1))) "unknown global")
(assert_invalid (module (import "m" "g" (global $g (mut i32))) (global i32 (global.get $g))) "constant expression required")
(assert_invalid (module (memory i64 1) (data (i32.const 0) "x")) "type mismatch")
(assert_invalid (module (memory i64 1) (memory 1) (func (memory.copy 0 1 (i64.const 0) (i32.const 0) (i64.const 0)))) "type mismatch")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
  "\0a\07\01\05\00\02\40\05\0b") "END opcode expected")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01"
  "\0a\0e\01\0c\00\41\00\41\00\41\00\fc\08\00\00\0b" "\0b\03\01\01\00") "data count section required")
(assert_malformed (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
  "\0a\06\01\04\00\0b\0b\0b") "END opcode expected")
;; Valid, though it looks odd.
(module (func (unreachable) (i32.add) (drop)))
(module (func (result i32) (unreachable) (select)))
(module (func (unreachable) (block (result i32) (block (result i64) (unreachable) (br_table 0 1 (i32.const 0))) (unreachable)) (drop)))
(module (func (unreachable) (drop) (drop) (br_if 0)))
