;; Each typing rule of the specification's 2.2-validation.subtyping: modules that reach it, and that break a premise of it
;; alone. What the lines `;; rule:` say tools/rules.py reads, and holds against the code; a test goes to the next of them, and
;; has what stands in front of the first under its heading.
;; Types of values that are not references match only themselves: their rules have nothing to break, yet others are refused.

;; ---- Value types

;; rule: Numtype_sub reaches
;; rule: Valtype_sub/num reaches
(module (type (sub (struct (field i32)))) (type (sub 0 (struct (field i32)))))
;; rule: Numtype_sub breaks that both are the same
;; rule: Valtype_sub/num breaks Numtype_sub
(assert_invalid (module (type (sub (struct (field i32)))) (type (sub 0 (struct (field i64)))))
  "sub type: 1 does not match its super type")

;; rule: Vectype_sub reaches
;; rule: Valtype_sub/vec reaches
(module (type (sub (struct (field v128)))) (type (sub 0 (struct (field v128)))))
;; rule: Vectype_sub breaks that both are vector types
;; rule: Valtype_sub/vec breaks Vectype_sub
(assert_invalid (module (type (sub (struct (field v128)))) (type (sub 0 (struct (field i32)))))
  "sub type: 1 does not match its super type")

;; rule: Heaptype_sub/refl reaches
(module (type (sub (struct (field (ref 0) funcref)))) (type (sub 0 (struct (field (ref 0) funcref)))))
;; rule: Heaptype_sub/refl breaks that both are the same
(assert_invalid (module (type (sub (struct (field (ref 0) funcref)))) (type (sub 0 (struct (field (ref 0) externref)))))
  "sub type: 1 does not match its super type")

;; rule: Heaptype_sub/trans reaches
(module
  (type (sub (struct))) (type (sub 0 (struct))) (type (sub 1 (struct)))
  (func (param i31ref (ref 2)) (result anyref eqref (ref 0)) (local.get 0) (local.get 1) (local.get 1)))
;; rule: Heaptype_sub/trans breaks Heaptype_ok, so that there is nothing between
(assert_invalid (module (type (sub (struct (field (ref 0))))) (type (sub 2 (struct (field (ref 0)))))) "unknown type: 2")
;; rule: Heaptype_sub/trans breaks Heaptype_sub, to what is between
(assert_invalid (module (func (param externref) (result anyref) (local.get 0)))
  "type mismatch: end expected (ref null any) for operand 1, found (ref null extern)")
;; rule: Heaptype_sub/trans breaks Heaptype_sub, from what is between
(assert_invalid (module (func (param i31ref) (result structref) (local.get 0)))
  "type mismatch: end expected (ref null struct) for operand 1, found (ref null i31)")

;; rule: Heaptype_sub/eq-any reaches
(module (func (param eqref) (result anyref) (local.get 0)))
;; rule: Heaptype_sub/eq-any breaks that it is not the other way round
(assert_invalid (module (func (param anyref) (result eqref) (local.get 0)))
  "type mismatch: end expected (ref null eq) for operand 1, found (ref null any)")
;; rule: Heaptype_sub/i31-eq reaches
(module (func (param i31ref) (result eqref) (local.get 0)))
;; rule: Heaptype_sub/i31-eq breaks that it is not the other way round
(assert_invalid (module (func (param eqref) (result i31ref) (local.get 0)))
  "type mismatch: end expected (ref null i31) for operand 1, found (ref null eq)")
;; rule: Heaptype_sub/struct-eq reaches
(module (func (param structref) (result eqref) (local.get 0)))
;; rule: Heaptype_sub/struct-eq breaks that it is not the other way round
(assert_invalid (module (func (param eqref) (result structref) (local.get 0)))
  "type mismatch: end expected (ref null struct) for operand 1, found (ref null eq)")
;; rule: Heaptype_sub/array-eq reaches
(module (func (param arrayref) (result eqref) (local.get 0)))
;; rule: Heaptype_sub/array-eq breaks that it is not the other way round
(assert_invalid (module (func (param eqref) (result arrayref) (local.get 0)))
  "type mismatch: end expected (ref null array) for operand 1, found (ref null eq)")

;; rule: Heaptype_sub/struct reaches
(module (type (struct)) (func (param (ref 0)) (result structref) (local.get 0)))
;; rule: Heaptype_sub/struct breaks Expand
(assert_invalid (module (type (array i8)) (func (param (ref 0)) (result structref) (local.get 0)))
  "type mismatch: end expected (ref null struct) for operand 1, found (ref 0)")
;; rule: Heaptype_sub/array reaches
(module (type (array i8)) (func (param (ref 0)) (result arrayref) (local.get 0)))
;; rule: Heaptype_sub/array breaks Expand
(assert_invalid (module (type (func)) (func (param (ref 0)) (result arrayref) (local.get 0)))
  "type mismatch: end expected (ref null array) for operand 1, found (ref 0)")
;; rule: Heaptype_sub/func reaches
(module (type (func)) (func (param (ref 0)) (result funcref) (local.get 0)))
;; rule: Heaptype_sub/func breaks Expand
(assert_invalid (module (type (struct)) (func (param (ref 0)) (result funcref) (local.get 0)))
  "type mismatch: end expected (ref null func) for operand 1, found (ref 0)")

;; rule: Heaptype_sub/def reaches
(module (type (sub (struct))) (type (sub 0 (struct))) (func (param (ref 1)) (result (ref 0)) (local.get 0)))
;; rule: Heaptype_sub/def breaks Deftype_sub
(assert_invalid (module (type (sub (struct))) (type (sub 0 (struct))) (func (param (ref 0)) (result (ref 1)) (local.get 0)))
  "type mismatch: end expected (ref 1) for operand 1, found (ref 0)")

;; rule: Heaptype_sub/typeidx-l reaches
(module (type (func)) (func (result funcref) (ref.null 0) (block (param (ref null 0)) (result funcref))))
;; rule: Heaptype_sub/typeidx-l breaks Heaptype_sub
(assert_invalid (module (type (func)) (func (result externref) (ref.null 0) (block (param (ref null 0)) (result externref))))
  "type mismatch: end expected (ref null extern) for operand 1, found (ref null 0)")

;; rule: Heaptype_sub/typeidx-r reaches
(module (type (func)) (func (block (result (ref null 0)) (ref.null nofunc)) drop))
;; rule: Heaptype_sub/typeidx-r breaks Heaptype_sub
(assert_invalid (module (type (func)) (func (block (result (ref null 0)) (ref.null noextern)) drop))
  "type mismatch: end expected (ref null 0) for operand 1, found (ref null noextern)")

;; While a recursion group is judged its members stand for themselves.
;; rule: Heaptype_sub/rec-struct reaches
(module (rec (type (struct)) (type (sub (struct (field structref)))) (type (sub 1 (struct (field (ref 0)))))))
;; rule: Heaptype_sub/rec-struct breaks C.RECS[i] = SUB final? (STRUCT fieldtype*)
(assert_invalid (module (rec (type (array i8)) (type (sub (struct (field structref)))) (type (sub 1 (struct (field (ref 0)))))))
  "sub type: 2 does not match its super type")
;; rule: Heaptype_sub/rec-array reaches
(module (rec (type (array i8)) (type (sub (struct (field arrayref)))) (type (sub 1 (struct (field (ref 0)))))))
;; rule: Heaptype_sub/rec-array breaks C.RECS[i] = SUB final? (ARRAY fieldtype)
(assert_invalid (module (rec (type (func)) (type (sub (struct (field arrayref)))) (type (sub 1 (struct (field (ref 0)))))))
  "sub type: 2 does not match its super type")
;; rule: Heaptype_sub/rec-func reaches
(module (rec (type (func)) (type (sub (struct (field funcref)))) (type (sub 1 (struct (field (ref 0)))))))
;; rule: Heaptype_sub/rec-func breaks C.RECS[i] = SUB final? (FUNC t_1* -> t_2*)
(assert_invalid (module (rec (type (struct)) (type (sub (struct (field funcref)))) (type (sub 1 (struct (field (ref 0)))))))
  "sub type: 2 does not match its super type")
;; rule: Heaptype_sub/rec-sub reaches
(module (rec
  (type (sub (func))) (type (sub 0 (func))) (type (sub (struct (field (ref 0))))) (type (sub 2 (struct (field (ref 1)))))))
;; rule: Heaptype_sub/rec-sub breaks C.RECS[i] = SUB final? typeuse* ct
(assert_invalid (module (rec
  (type (sub (func))) (type (sub (func))) (type (sub (struct (field (ref 0))))) (type (sub 2 (struct (field (ref 1)))))))
  "sub type: 3 does not match its super type")

;; rule: Heaptype_sub/none reaches
(module
  (type (struct))
  (func (param nullref) (result anyref eqref i31ref structref arrayref (ref null 0))
    (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)))
;; rule: Heaptype_sub/none breaks Heaptype_sub
(assert_invalid (module (func (param nullref) (result funcref) (local.get 0)))
  "type mismatch: end expected (ref null func) for operand 1, found (ref null none)")
;; rule: Heaptype_sub/none breaks Heaptype_sub, of a defined type
(assert_invalid (module (type (func)) (func (param nullref) (result (ref null 0)) (local.get 0)))
  "type mismatch: end expected (ref null 0) for operand 1, found (ref null none)")
;; rule: Heaptype_sub/nofunc reaches
(module (type (func)) (func (param nullfuncref) (result funcref (ref null 0)) (local.get 0) (local.get 0)))
;; rule: Heaptype_sub/nofunc breaks Heaptype_sub
(assert_invalid (module (func (param nullfuncref) (result externref) (local.get 0)))
  "type mismatch: end expected (ref null extern) for operand 1, found (ref null nofunc)")
;; rule: Heaptype_sub/noexn reaches
(module (func (param (ref null noexn)) (result exnref) (local.get 0)))
;; rule: Heaptype_sub/noexn breaks Heaptype_sub
(assert_invalid (module (func (param (ref null noexn)) (result anyref) (local.get 0)))
  "type mismatch: end expected (ref null any) for operand 1, found (ref null noexn)")
;; rule: Heaptype_sub/noextern reaches
(module (func (param nullexternref) (result externref) (local.get 0)))
;; rule: Heaptype_sub/noextern breaks Heaptype_sub
(assert_invalid (module (func (param nullexternref) (result exnref) (local.get 0)))
  "type mismatch: end expected (ref null exn) for operand 1, found (ref null noextern)")

;; rule: Heaptype_sub/bot reaches
(module (func (result externref) unreachable ref.as_non_null))
;; rule: Heaptype_sub/bot unbreakable: it has no premise

;; rule: Reftype_sub/nonnull reaches
(module (func (param (ref eq)) (result (ref any)) (local.get 0)))
;; rule: Reftype_sub/nonnull breaks that neither may be null
(assert_invalid (module (func (param eqref) (result (ref any)) (local.get 0)))
  "type mismatch: end expected (ref any) for operand 1, found (ref null eq)")
;; rule: Reftype_sub/nonnull breaks Heaptype_sub
(assert_invalid (module (func (param (ref eq)) (result (ref func)) (local.get 0)))
  "type mismatch: end expected (ref func) for operand 1, found (ref eq)")
;; rule: Reftype_sub/null reaches
;; rule: Valtype_sub/ref reaches
(module (func (param (ref eq) eqref) (result anyref anyref) (local.get 0) (local.get 1)))
;; rule: Reftype_sub/null breaks Heaptype_sub
;; rule: Valtype_sub/ref breaks Reftype_sub
(assert_invalid (module (func (param (ref eq) eqref) (result anyref funcref) (local.get 0) (local.get 1)))
  "type mismatch: end expected (ref null func) for operand 2, found (ref null eq)")

;; rule: Valtype_sub/bot reaches
(module (func (result i32) unreachable select i32.eqz))
;; rule: Valtype_sub/bot unbreakable: it has no premise

;; ---- Result types, instruction types

;; rule: Resulttype_sub reaches
(module
  (func (param i31ref nullfuncref) (result eqref funcref) (local.get 0) (local.get 1))
  (func (param i31ref) (result anyref) (return_call 2 (local.get 0))) (func (param eqref) (result eqref) (local.get 0)))
;; rule: Resulttype_sub breaks Valtype_sub
(assert_invalid (module (func (param i31ref nullfuncref) (result eqref externref) (local.get 0) (local.get 1)))
  "type mismatch: end expected (ref null extern) for operand 2, found (ref null nofunc)")
;; rule: Resulttype_sub breaks that both are as long
(assert_invalid (module (func (param i31ref) (return_call 1 (local.get 0))) (func (param eqref) (result eqref) (local.get 0)))
  "type mismatch: return_call calls a function with other results")

;; rule: Instrtype_sub reaches
(module
  (func (param i31ref) (result anyref) (local.get 0) (block (param eqref) (result eqref)))
  (func (local (ref i31)) (local.set 0 (ref.i31 (i32.const 1))) (block (drop (local.get 0)))))
;; rule: Instrtype_sub breaks Resulttype_sub, of what is taken
(assert_invalid (module (func (param anyref) (local.get 0) (block (param eqref) (drop))))
  "type mismatch: block expected (ref null eq) for operand 1, found (ref null any)")
;; rule: Instrtype_sub breaks Resulttype_sub, of what is left
(assert_invalid (module (func (param anyref) (drop (block (result eqref) (local.get 0)))))
  "type mismatch: end expected (ref null eq) for operand 1, found (ref null any)")
;; rule: Instrtype_sub breaks x* = $setminus_(localidx, x_2*, x_1*), as a block sets no locals around it
(assert_invalid (module (func (local (ref i31)) (block (local.set 0 (ref.i31 (i32.const 1)))) (drop (local.get 0))))
  "uninitialized local 0")

;; ---- Type definitions

;; rule: Packtype_sub reaches
;; rule: Storagetype_sub/pack reaches
(module (type (sub (struct (field i8 i16)))) (type (sub 0 (struct (field i8 i16)))))
;; rule: Packtype_sub breaks that both are the same
;; rule: Storagetype_sub/pack breaks Packtype_sub
(assert_invalid (module (type (sub (struct (field i8 i16)))) (type (sub 0 (struct (field i8 i8)))))
  "sub type: 1 does not match its super type")
;; rule: Storagetype_sub/val reaches
(module (type (sub (struct (field i32 eqref)))) (type (sub 0 (struct (field i32 i31ref)))))
;; rule: Storagetype_sub/val breaks Valtype_sub
(assert_invalid (module (type (sub (struct (field i32 eqref)))) (type (sub 0 (struct (field i32 anyref)))))
  "sub type: 1 does not match its super type")
;; rule: Storagetype_sub/val breaks that neither is packed
(assert_invalid (module (type (sub (struct (field i32 eqref)))) (type (sub 0 (struct (field i16 eqref)))))
  "sub type: 1 does not match its super type")

;; rule: Fieldtype_sub/const reaches
(module (type (sub (struct (field eqref)))) (type (sub 0 (struct (field i31ref)))))
;; rule: Fieldtype_sub/const breaks Storagetype_sub
(assert_invalid (module (type (sub (struct (field eqref)))) (type (sub 0 (struct (field anyref)))))
  "sub type: 1 does not match its super type")
;; rule: Fieldtype_sub/const breaks that neither is mutable
(assert_invalid (module (type (sub (struct (field eqref)))) (type (sub 0 (struct (field (mut eqref))))))
  "sub type: 1 does not match its super type")
;; rule: Fieldtype_sub/var reaches
(module (type (sub (struct (field (mut eqref))))) (type (sub 0 (struct (field (mut eqref))))))
;; rule: Fieldtype_sub/var breaks Storagetype_sub, of the first and the second
(assert_invalid (module (type (sub (struct (field (mut eqref))))) (type (sub 0 (struct (field (mut anyref))))))
  "sub type: 1 does not match its super type")
;; rule: Fieldtype_sub/var breaks Storagetype_sub, of the second and the first
(assert_invalid (module (type (sub (struct (field (mut eqref))))) (type (sub 0 (struct (field (mut i31ref))))))
  "sub type: 1 does not match its super type")
;; rule: Fieldtype_sub/var breaks that both are mutable
(assert_invalid (module (type (sub (struct (field (mut eqref))))) (type (sub 0 (struct (field eqref)))))
  "sub type: 1 does not match its super type")

;; rule: Comptype_sub/struct reaches
(module (type (sub (struct (field i32)))) (type (sub 0 (struct (field i32 i64)))))
;; rule: Comptype_sub/struct breaks Fieldtype_sub
(assert_invalid (module (type (sub (struct (field i32)))) (type (sub 0 (struct (field i64 i64)))))
  "sub type: 1 does not match its super type")
;; rule: Comptype_sub/struct breaks that the first has the fields of the second
(assert_invalid (module (type (sub (struct (field i32 i64)))) (type (sub 0 (struct (field i32)))))
  "sub type: 1 does not match its super type")
;; rule: Comptype_sub/array reaches
(module (type (sub (array eqref))) (type (sub 0 (array i31ref))))
;; rule: Comptype_sub/array breaks Fieldtype_sub
(assert_invalid (module (type (sub (array eqref))) (type (sub 0 (array anyref)))) "sub type: 1 does not match its super type")
;; rule: Comptype_sub/func reaches
(module (type (sub (func (param i31ref) (result eqref)))) (type (sub 0 (func (param eqref) (result i31ref)))))
;; rule: Comptype_sub/func breaks Resulttype_sub, of parameters
(assert_invalid (module (type (sub (func (param eqref) (result eqref)))) (type (sub 0 (func (param i31ref) (result i31ref)))))
  "sub type: 1 does not match its super type")
;; rule: Comptype_sub/func breaks Resulttype_sub, of results
(assert_invalid (module (type (sub (func (param i31ref) (result i31ref)))) (type (sub 0 (func (param eqref) (result eqref)))))
  "sub type: 1 does not match its super type")
;; rule: Comptype_sub/func breaks Resulttype_sub, by the number of parameters
(assert_invalid (module (type (sub (func (param i32)))) (type (sub 0 (func)))) "sub type: 1 does not match its super type")
;; rule: Comptype_sub/func breaks Resulttype_sub, by the number of results
(assert_invalid (module (type (sub (func))) (type (sub 0 (func (result i32))))) "sub type: 1 does not match its super type")

;; rule: Deftype_sub/refl reaches
(module (rec (type (struct (field (ref null 1)))) (type (struct))) (rec (type (struct (field (ref null 3)))) (type (struct)))
  (func (param (ref 0)) (result (ref 2)) (local.get 0)))
;; rule: Deftype_sub/refl breaks $clos_deftype(C, deftype_1) = $clos_deftype(C, deftype_2)
(assert_invalid (module
  (rec (type (struct (field (ref null 1)))) (type (struct))) (rec (type (struct (field (ref null 2)))) (type (struct)))
  (func (param (ref 0)) (result (ref 2)) (local.get 0))) "type mismatch: end expected (ref 2) for operand 1, found (ref 0)")
;; rule: Deftype_sub/refl breaks the same, by the place in the group
(assert_invalid (module (rec (type (struct)) (type (struct))) (func (param (ref 0)) (result (ref 1)) (local.get 0)))
  "type mismatch: end expected (ref 1) for operand 1, found (ref 0)")

;; rule: Deftype_sub/super reaches
(module
  (type (sub (struct))) (type (sub 0 (struct))) (type (sub 1 (struct))) (type (sub 2 (struct))) (type (sub 3 (struct)))
  (type (sub 4 (struct))) (type (sub 5 (struct)))
  (func (param (ref 6)) (result (ref 0) (ref 5)) (local.get 0) (local.get 0)))
;; rule: Deftype_sub/super breaks $unrolldt(deftype_1) = SUB final? typeuse* ct
(assert_invalid (module
  (type (sub (struct))) (type (sub (struct (field i32)))) (func (param (ref 1)) (result (ref 0)) (local.get 0)))
  "type mismatch: end expected (ref 0) for operand 1, found (ref 1)")
;; rule: Deftype_sub/super breaks Heaptype_sub, of that deep
(assert_invalid (module
  (type (sub (struct))) (type (sub 0 (struct))) (type (sub 1 (struct))) (type (sub 2 (struct))) (type (sub 3 (struct)))
  (type (sub 4 (struct))) (type (sub 3 (struct (field i32))))
  (func (param (ref 5)) (result (ref 6)) (local.get 0))) "type mismatch: end expected (ref 6) for operand 1, found (ref 5)")

;; ---- External types

(module
  (memory (export "memory 2 4") 2 4) (memory (export "memory 2") 2)
  (table (export "table 2 4") 2 4 eqref) (table (export "table 2") 2 funcref)
  (global (export "i31") i31ref (ref.null none)) (global (export "mutable") (mut eqref) (ref.null none))
  (type $a (sub (func (param i32)))) (type $b (sub $a (func (param i32)))) (type $f (func (result i32)))
  (func (export "a") (type $a)) (func (export "b") (type $b)) (func (export "f") (type $f) (i32.const 1))
  (tag (export "tag a") (type $a)) (tag (export "tag b") (type $b)))
(register "m")

;; rule: Limits_sub/max reaches
(module (import "m" "memory 2 4" (memory 2 4)) (import "m" "memory 2 4" (memory 1 5)) (import "m" "memory 2 4" (memory 0)))
;; rule: Limits_sub/max breaks n_1 >= n_2
(assert_unlinkable (module (import "m" "memory 2 4" (memory 3 4)))
  "incompatible import type: memory \"m\" \"memory 2 4\": (memory 3 4) is wanted, (memory 2 4) is given")
;; rule: Limits_sub/max breaks m_1 <= m_2
(assert_unlinkable (module (import "m" "memory 2 4" (memory 2 3)))
  "incompatible import type: memory \"m\" \"memory 2 4\": (memory 2 3) is wanted, (memory 2 4) is given")
;; rule: Limits_sub/max breaks that the first has a maximum
(assert_unlinkable (module (import "m" "memory 2" (memory 2 4)))
  "incompatible import type: memory \"m\" \"memory 2\": (memory 2 4) is wanted, (memory 2) is given")
;; rule: Limits_sub/eps reaches
(module (import "m" "memory 2" (memory 2)) (import "m" "memory 2" (memory 1)))
;; rule: Limits_sub/eps breaks n_1 >= n_2
(assert_unlinkable (module (import "m" "memory 2" (memory 3)))
  "incompatible import type: memory \"m\" \"memory 2\": (memory 3) is wanted, (memory 2) is given")

;; rule: Tagtype_sub reaches
;; rule: Externtype_sub/tag reaches
(module (type $a (sub (func (param i32)))) (import "m" "tag a" (tag (type $a))))
;; rule: Tagtype_sub breaks Deftype_sub, of the first and the second
;; rule: Externtype_sub/tag breaks Tagtype_sub
(assert_unlinkable (module
  (type $a (sub (func (param i32)))) (type $b (sub $a (func (param i32)))) (import "m" "tag a" (tag (type $b))))
  "incompatible import type: tag \"m\" \"tag a\": (tag (param i32)) is wanted, (tag (param i32)) is given")
;; rule: Tagtype_sub breaks Deftype_sub, of the second and the first
(assert_unlinkable (module (type $a (sub (func (param i32)))) (import "m" "tag b" (tag (type $a))))
  "incompatible import type: tag \"m\" \"tag b\": (tag (param i32)) is wanted, (tag (param i32)) is given")
;; rule: Externtype_sub/tag breaks that both are tags
(assert_unlinkable (module (type $a (sub (func (param i32)))) (import "m" "a" (tag (type $a))))
  "incompatible import type: tag \"m\" \"a\": (tag (param i32)) is wanted, (func (param i32)) is given")

;; rule: Globaltype_sub/const reaches
;; rule: Externtype_sub/global reaches
(module (import "m" "i31" (global eqref)))
;; rule: Globaltype_sub/const breaks Valtype_sub
;; rule: Externtype_sub/global breaks Globaltype_sub
(assert_unlinkable (module (import "m" "i31" (global structref)))
  "incompatible import type: global \"m\" \"i31\": (global structref) is wanted, (global i31ref) is given")
;; rule: Globaltype_sub/const breaks that neither is mutable
(assert_unlinkable (module (import "m" "mutable" (global eqref)))
  "incompatible import type: global \"m\" \"mutable\": (global eqref) is wanted, (global (mut eqref)) is given")
;; rule: Externtype_sub/global breaks that both are globals
(assert_unlinkable (module (import "m" "a" (global eqref)))
  "incompatible import type: global \"m\" \"a\": (global eqref) is wanted, (func (param i32)) is given")
;; rule: Globaltype_sub/var reaches
(module (import "m" "mutable" (global (mut eqref))))
;; rule: Globaltype_sub/var breaks Valtype_sub, of the first and the second
(assert_unlinkable (module (import "m" "mutable" (global (mut i31ref))))
  "incompatible import type: global \"m\" \"mutable\": (global (mut i31ref)) is wanted, (global (mut eqref)) is given")
;; rule: Globaltype_sub/var breaks Valtype_sub, of the second and the first
(assert_unlinkable (module (import "m" "mutable" (global (mut anyref))))
  "incompatible import type: global \"m\" \"mutable\": (global (mut anyref)) is wanted, (global (mut eqref)) is given")
;; rule: Globaltype_sub/var breaks that both are mutable
(assert_unlinkable (module (import "m" "i31" (global (mut i31ref))))
  "incompatible import type: global \"m\" \"i31\": (global (mut i31ref)) is wanted, (global i31ref) is given")

;; rule: Memtype_sub reaches
;; rule: Externtype_sub/mem reaches
(module (import "m" "memory 2 4" (memory 1 5)))
;; rule: Memtype_sub breaks Limits_sub
;; rule: Externtype_sub/mem breaks Memtype_sub
(assert_unlinkable (module (import "m" "memory 2 4" (memory 3 5)))
  "incompatible import type: memory \"m\" \"memory 2 4\": (memory 3 5) is wanted, (memory 2 4) is given")
;; rule: Memtype_sub breaks that both have the same addresses
(assert_unlinkable (module (import "m" "memory 2 4" (memory i64 1 5)))
  "incompatible import type: memory \"m\" \"memory 2 4\": (memory i64 1 5) is wanted, (memory 2 4) is given")
;; rule: Externtype_sub/mem breaks that both are memories
(assert_unlinkable (module (import "m" "table 2" (memory 1)))
  "incompatible import type: memory \"m\" \"table 2\": (memory 1) is wanted, (table 2 funcref) is given")

;; rule: Tabletype_sub reaches
;; rule: Externtype_sub/table reaches
(module (import "m" "table 2 4" (table 1 5 eqref)))
;; rule: Tabletype_sub breaks Limits_sub
;; rule: Externtype_sub/table breaks Tabletype_sub
(assert_unlinkable (module (import "m" "table 2 4" (table 1 3 eqref)))
  "incompatible import type: table \"m\" \"table 2 4\": (table 1 3 eqref) is wanted, (table 2 4 eqref) is given")
;; rule: Tabletype_sub breaks Reftype_sub, of the first and the second
(assert_unlinkable (module (import "m" "table 2 4" (table 1 5 i31ref)))
  "incompatible import type: table \"m\" \"table 2 4\": (table 1 5 i31ref) is wanted, (table 2 4 eqref) is given")
;; rule: Tabletype_sub breaks Reftype_sub, of the second and the first
(assert_unlinkable (module (import "m" "table 2 4" (table 1 5 anyref)))
  "incompatible import type: table \"m\" \"table 2 4\": (table 1 5 anyref) is wanted, (table 2 4 eqref) is given")
;; rule: Tabletype_sub breaks that both have the same addresses
(assert_unlinkable (module (import "m" "table 2 4" (table i64 1 5 eqref)))
  "incompatible import type: table \"m\" \"table 2 4\": (table i64 1 5 eqref) is wanted, (table 2 4 eqref) is given")
;; rule: Externtype_sub/table breaks that both are tables
(assert_unlinkable (module (import "m" "memory 2" (table 1 funcref)))
  "incompatible import type: table \"m\" \"memory 2\": (table 1 funcref) is wanted, (memory 2) is given")

;; rule: Externtype_sub/func reaches
(module (type $a (sub (func (param i32)))) (import "m" "b" (func (type $a))))
;; rule: Externtype_sub/func breaks Deftype_sub
(assert_unlinkable (module (type $a (sub (func (param i32)))) (import "m" "f" (func (type $a))))
  "incompatible import type: function \"m\" \"f\": (func (param i32)) is wanted, (func (result i32)) is given")
;; rule: Externtype_sub/func breaks Deftype_sub, of the second and the first
(assert_unlinkable (module
  (type $a (sub (func (param i32)))) (type $b (sub $a (func (param i32)))) (import "m" "a" (func (type $b))))
  "incompatible import type: function \"m\" \"a\": (func (param i32)) is wanted, (func (param i32)) is given")
;; rule: Externtype_sub/func breaks that both are functions
(assert_unlinkable (module (type $a (sub (func (param i32)))) (import "m" "tag a" (func (type $a))))
  "incompatible import type: function \"m\" \"tag a\": (func (param i32)) is wanted, (tag (param i32)) is given")
