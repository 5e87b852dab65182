;; Each typing rule of the specification's 2.4-validation.modules: modules that reach it, and that break a premise of it alone.
;; What the lines `;; rule:` say tools/rules.py reads, and holds against the code; a test goes to the next of them.

;; ---- Definitions

;; rule: Type_ok reaches
;; rule: Types_ok/cons reaches
(module (type (func)) (type (struct (field (ref 0)))))
;; rule: Type_ok breaks Rectype_ok
;; rule: Types_ok/cons breaks Type_ok
(assert_invalid (module (type (sub 1 (struct))) (type (struct))) "unknown type: 1")
;; rule: Types_ok/cons breaks Types_ok, of the rest
(assert_invalid (module (type (func)) (type (struct (field (ref 2))))) "unknown type: 2")
;; rule: Types_ok/empty reaches
(module binary "\00asm" "\01\00\00\00" "\01\01\00")
;; rule: Types_ok/empty unbreakable: it has no premise

;; rule: Tag_ok reaches
(module (tag (param i32)))
;; rule: Tag_ok breaks Tagtype_ok
(assert_invalid (module (tag (result i32))) "non-empty tag result type: tag 0")

;; rule: Global_ok reaches
(module (global (mut i64) (i64.const 1)))
;; rule: Global_ok breaks Globaltype_ok
(assert_invalid (module (global (ref null 9) (ref.null none))) "unknown type: 9")
;; rule: Global_ok breaks Expr_ok_const, by its type
(assert_invalid (module (global (mut i64) (i32.const 1))) "type mismatch: end expected i64 for operand 1, found i32")
;; rule: Global_ok breaks Expr_ok_const, as it is no constant
(assert_invalid (module (global (mut i64) (i64.clz (i64.const 1))))
  "constant expression required: i64.clz is not allowed in a constant expression")

;; rule: Globals_ok/cons reaches
;; rule: Globals_ok/empty reaches
(module (global i32 (i32.const 1)) (global i32 (global.get 0)))
;; rule: Globals_ok/empty unbreakable: it has no premise
;; rule: Globals_ok/cons breaks Global_ok
(assert_invalid (module (global i32 (i64.const 1)) (global i32 (i32.const 1)))
  "type mismatch: end expected i32 for operand 1, found i64")
;; rule: Globals_ok/cons breaks Globals_ok, of the rest
(assert_invalid (module (global i32 (i32.const 1)) (global i64 (global.get 0)))
  "type mismatch: end expected i64 for operand 1, found i32")
;; rule: Globals_ok/cons breaks Global_ok, with those in front of it alone
(assert_invalid (module (global i32 (global.get 1)) (global i32 (i32.const 1))) "unknown global 1; there are 0")

;; rule: Mem_ok reaches
(module (memory 1 2))
;; rule: Mem_ok breaks Memtype_ok
(assert_invalid (module (memory 2 1)) "size minimum must not be greater than maximum: memory 0: 2 > 1")

;; rule: Table_ok reaches
(module (func) (table 1 (ref func) (ref.func 0)) (table 1 funcref))
;; rule: Table_ok breaks Tabletype_ok
(assert_invalid (module (table 2 1 funcref)) "size minimum must not be greater than maximum: table 0: 2 > 1")
;; rule: Table_ok breaks Expr_ok_const, by its type
(assert_invalid (module (table 1 (ref func) (ref.null func)))
  "type mismatch: end expected (ref func) for operand 1, found (ref null func)")
;; rule: Table_ok breaks Expr_ok_const, which is null where it is left out
(assert_invalid (module (table 1 (ref func))) "type mismatch: table 0 needs a value to start with")
;; rule: Table_ok breaks Expr_ok_const, with globals that are imported alone
(assert_invalid (module (global funcref (ref.null func)) (table 1 funcref (global.get 0))) "unknown global 0; there are 0")

;; rule: Local_ok/set reaches
;; rule: Local_ok/unset reaches
(module (func (local i32 anyref) (local (ref any)) (drop (local.get 0)) (drop (local.get 1))))
;; rule: Local_ok/set breaks Valtype_ok
;; rule: Local_ok/unset breaks Valtype_ok
(assert_invalid (module (func (local i32 (ref 9)))) "unknown type 9; there are 1")
;; rule: Local_ok/set breaks Defaultable
(assert_invalid (module (func (local i32 (ref any)) (drop (local.get 1)))) "uninitialized local 1")

;; rule: Func_ok reaches
(module (type (func (param i32) (result i64 i32))) (func (type 0) (local i64) (local.get 1) (local.get 0)))
;; rule: Func_ok breaks Expand
(assert_invalid (module (type (struct)) (func (type 0))) "unknown type: 0 is not a function type")
;; rule: Func_ok breaks Local_ok
(assert_invalid (module (func (local (ref 9)))) "unknown type 9; there are 1")
;; rule: Func_ok breaks Expr_ok
(assert_invalid (module (type (func (param i32) (result i64 i32))) (func (type 0) (local i64) (local.get 0) (local.get 1)))
  "type mismatch: end expected i32 for operand 2, found i64")

;; ---- Segments

;; rule: Data_ok reaches
;; rule: Datamode_ok/active reaches
(module (memory 1) (data (i32.const 1) "a"))
;; rule: Data_ok breaks Datamode_ok
;; rule: Datamode_ok/active breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (data (i32.const 1) "a")) "unknown memory 0, in data segment 0")
;; rule: Datamode_ok/active breaks Expr_ok_const, by its type
(assert_invalid (module (memory i64 1) (data (i32.const 1) "a")) "type mismatch: end expected i64 for operand 1, found i32")
;; rule: Datamode_ok/active breaks Expr_ok_const, as it is no constant
(assert_invalid (module (memory 1) (data (i32.clz (i32.const 1)) "a"))
  "constant expression required: i32.clz is not allowed in a constant expression")
;; rule: Datamode_ok/passive reaches
(module (data "a"))
;; rule: Datamode_ok/passive unbreakable: it has no premise

;; rule: Elem_ok reaches
;; rule: Elemmode_ok/active reaches
(module (func) (table 2 funcref) (elem (i32.const 1) funcref (ref.func 0)) (elem (i32.const 0) func 0))
;; rule: Elem_ok breaks Reftype_ok
(assert_invalid (module (table 2 funcref) (elem (i32.const 1) (ref null 9))) "unknown type: 9")
;; rule: Elem_ok breaks Expr_ok_const
(assert_invalid (module (table 2 funcref) (elem (i32.const 1) funcref (ref.null extern)))
  "type mismatch: end expected (ref null func) for operand 1, found (ref null extern)")
;; rule: Elem_ok breaks Expr_ok_const, as there is no C.FUNCS[x]
(assert_invalid (module (table 2 funcref) (elem (i32.const 1) func 0)) "unknown function 0, in elem segment 0")
;; rule: Elem_ok breaks Elemmode_ok
;; rule: Elemmode_ok/active breaks C.TABLES[x] = at lim rt'
(assert_invalid (module (elem (i32.const 1) funcref)) "unknown table 0, in elem segment 0")
;; rule: Elemmode_ok/active breaks Reftype_sub
(assert_invalid (module (table 2 i31ref) (elem (table 0) (i32.const 1) eqref))
  "type mismatch: elem segment 0 does not suit table 0")
;; rule: Elemmode_ok/active breaks Expr_ok_const
(assert_invalid (module (table i64 2 funcref) (elem (i32.const 1) funcref))
  "type mismatch: end expected i64 for operand 1, found i32")
;; rule: Elemmode_ok/passive reaches
(module (elem funcref (ref.null func)))
;; rule: Elemmode_ok/declare reaches
(module (elem declare func 0) (func (drop (ref.func 0))))
;; rule: Elemmode_ok/passive unbreakable: it has no premise
;; rule: Elemmode_ok/declare unbreakable: it has no premise

;; ---- The module

;; rule: Start_ok reaches
(module (func) (start 0))
;; rule: Start_ok breaks Expand, as there is no C.FUNCS[x]
(assert_invalid (module (start 0)) "unknown function 0 is the start function")
;; rule: Start_ok breaks Expand, by parameters
(assert_invalid (module (func (param i32)) (start 0)) "start function: function 0 has parameters or results")
;; rule: Start_ok breaks Expand, by results
(assert_invalid (module (func (result i32) (i32.const 1)) (start 0)) "start function: function 0 has parameters or results")

;; rule: Import_ok reaches
(module definition (import "m" "m" (memory 1 2)))
;; rule: Import_ok breaks Externtype_ok
(assert_invalid (module (import "m" "m" (memory 2 1))) "size minimum must not be greater than maximum: memory 0: 2 > 1")

;; rule: Export_ok reaches
(module (memory 1) (export "m" (memory 0)))
;; rule: Export_ok breaks Externidx_ok
(assert_invalid (module (export "m" (memory 0))) "unknown memory 0 is exported as \"m\"")

;; rule: Externidx_ok/func reaches
(module (func) (export "f" (func 0)))
;; rule: Externidx_ok/func breaks C.FUNCS[x] = dt
(assert_invalid (module (table 0 funcref) (export "f" (func 0))) "unknown function 0 is exported as \"f\"")
;; rule: Externidx_ok/table reaches
(module (table 0 funcref) (export "t" (table 0)))
;; rule: Externidx_ok/table breaks C.TABLES[x] = tt
(assert_invalid (module (memory 0) (export "t" (table 0))) "unknown table 0 is exported as \"t\"")
;; rule: Externidx_ok/mem reaches
(module (memory 0) (export "m" (memory 0)))
;; rule: Externidx_ok/mem breaks C.MEMS[x] = mt
(assert_invalid (module (global i32 (i32.const 1)) (export "m" (memory 0))) "unknown memory 0 is exported as \"m\"")
;; rule: Externidx_ok/global reaches
(module (global i32 (i32.const 1)) (export "g" (global 0)))
;; rule: Externidx_ok/global breaks C.GLOBALS[x] = gt
(assert_invalid (module (tag) (export "g" (global 0))) "unknown global 0 is exported as \"g\"")
;; rule: Externidx_ok/tag reaches
(module (tag) (export "e" (tag 0)))
;; rule: Externidx_ok/tag breaks C.TAGS[x] = jt
(assert_invalid (module (func) (export "e" (tag 0))) "unknown tag 0 is exported as \"e\"")

;; rule: Module_ok reaches
(module (type (func)) (tag (type 0)) (global i32 (i32.const 0)) (memory 1) (table 1 funcref) (func (type 0) (drop (ref.func 0)))
  (data (i32.const 0) "") (elem (global.get 0) func 0) (start 0) (export "f" (func 0)) (export "m" (memory 0)))
;; rule: Module_ok breaks Import_ok
(assert_invalid (module (import "m" "m" (memory 2 1))) "size minimum must not be greater than maximum: memory 0: 2 > 1")
;; rule: Module_ok breaks Tag_ok
(assert_invalid (module (tag (result i32))) "non-empty tag result type: tag 0")
;; rule: Module_ok breaks Globals_ok
(assert_invalid (module (global i32 (i64.const 0))) "type mismatch: end expected i32 for operand 1, found i64")
;; rule: Module_ok breaks Mem_ok
(assert_invalid (module (memory 2 1)) "size minimum must not be greater than maximum: memory 0: 2 > 1")
;; rule: Module_ok breaks Table_ok
(assert_invalid (module (table 2 1 funcref)) "size minimum must not be greater than maximum: table 0: 2 > 1")
;; rule: Module_ok breaks Func_ok
(assert_invalid (module (func (result i32))) "type mismatch: end expected i32 for operand 1, found nothing")
;; rule: Module_ok breaks Data_ok
(assert_invalid (module (memory 1) (data (i64.const 0) "")) "type mismatch: end expected i32 for operand 1, found i64")
;; rule: Module_ok breaks Elem_ok
(assert_invalid (module (table 1 funcref) (elem (i64.const 0) func)) "type mismatch: end expected i32 for operand 1, found i64")
;; rule: Module_ok breaks Start_ok
(assert_invalid (module (func (param i32)) (start 0)) "start function: function 0 has parameters or results")
;; rule: Module_ok breaks Export_ok
(assert_invalid (module (export "f" (func 0))) "unknown function 0 is exported as \"f\"")
;; rule: Module_ok breaks $disjoint_(name, nm*)
(assert_invalid (module (memory 1) (export "m" (memory 0)) (export "m" (memory 0))) "duplicate export name: \"m\"")
;; rule: Module_ok breaks x* = $funcidx_nonfuncs(global* mem* table* elem* export*), as a body alone names it
(assert_invalid (module (func (drop (ref.func 0)))) "undeclared function reference 0")
