;; Each typing rule of the specification's 2.1-validation.types: modules that reach it, and that break a premise of it alone.
;; What the lines `;; rule:` say tools/rules.py reads, and holds against the code; a test goes to the next of them.

;; ---- Value types

;; rule: Numtype_ok reaches
;; rule: Valtype_ok/num reaches
(module (type (func (param i32 i64 f32 f64))))
;; rule: Numtype_ok unbreakable: it has no premise
;; rule: Valtype_ok/num unbreakable: Numtype_ok has none

;; rule: Vectype_ok reaches
;; rule: Valtype_ok/vec reaches
(module (type (func (param v128))))
;; rule: Vectype_ok unbreakable: it has no premise
;; rule: Valtype_ok/vec unbreakable: Vectype_ok has none

;; rule: Heaptype_ok/abs reaches
(module (type (func (param funcref externref anyref eqref i31ref structref arrayref exnref nullref nullfuncref))))
;; rule: Heaptype_ok/abs unbreakable: it has no premise

;; rule: Heaptype_ok/typeuse reaches
;; rule: Reftype_ok reaches
;; rule: Valtype_ok/ref reaches
;; rule: Typeuse_ok/typeidx reaches
(module (type (struct)) (type (func (param (ref 0) (ref null 0)))) (func (block (result (ref null 0)) (ref.null 0)) drop))
;; rule: Heaptype_ok/typeuse breaks Typeuse_ok
;; rule: Reftype_ok breaks Heaptype_ok
;; rule: Valtype_ok/ref breaks Reftype_ok
;; rule: Typeuse_ok/typeidx breaks C.TYPES[typeidx] = dt
(assert_invalid (module (type (struct)) (type (func (param (ref 2))))) "unknown type: 2")
;; rule: Typeuse_ok/typeidx breaks C.TYPES[typeidx] = dt, in a body
(assert_invalid (module (type (struct)) (func (block (result (ref null 9)) (ref.null 0)) drop)) "unknown type 9; there are 2")

;; What is not known of operands in code that nobody reaches is any type, and any reference.
;; rule: Valtype_ok/bot reaches
(module (func unreachable drop))
;; rule: Heaptype_ok/bot reaches
(module (func unreachable ref.is_null drop))
;; rule: Valtype_ok/bot unbreakable: it has no premise
;; rule: Heaptype_ok/bot unbreakable: it has no premise

;; rule: Typeuse_ok/rec reaches
(module (rec (type (struct (field (ref null 1)))) (type (struct (field (ref null 0))))))
;; rule: Typeuse_ok/rec breaks C.RECS[i] = st
(assert_invalid (module (rec (type (struct (field (ref null 2)))) (type (struct))) (type (struct))) "unknown type: 2")

;; rule: Typeuse_ok/deftype reaches
;; rule: Deftype_ok reaches
(module (type (sub (struct))) (type (sub 0 (struct (field (ref 0))))))
;; rule: Typeuse_ok/deftype breaks Deftype_ok
;; rule: Deftype_ok breaks Rectype_ok2
(assert_invalid (module (type (sub (struct (field i32)))) (type (sub 0 (struct))) (func (param (ref 1))))
  "sub type: 1 does not match its super type")

;; ---- Result types, instruction types

;; rule: Localtype_ok reaches
(module (type (struct)) (func (local (ref null 0) i32)))
;; rule: Localtype_ok breaks Valtype_ok
(assert_invalid (module (type (func)) (func (type 0) (local (ref null 1) i32))) "unknown type 1; there are 1")

;; rule: Resulttype_ok reaches
(module (type (struct)) (type (func (param i32 (ref 0)) (result i64))))
;; rule: Resulttype_ok breaks Valtype_ok
(assert_invalid (module (type (struct)) (type (func (param i32 (ref 2)) (result i64)))) "unknown type: 2")

;; rule: Instrtype_ok reaches
(module (func (result i32 i64) unreachable) (func (result f32) (block br 0) unreachable))
;; rule: Instrtype_ok unbreakable: what an instruction that never ends takes and leaves besides is chosen by the rules around it, whose types are well formed

;; ---- Expansion

;; rule: Expand reaches
(module (type (func (param i32))) (func (param (ref 0)) (i32.const 1) (call_ref 0 (local.get 0))))
;; rule: Expand breaks $unrolldt(deftype) = SUB final? typeuse* comptype
(assert_invalid (module (type (struct)) (func (param (ref 0)) (call_ref 0 (local.get 0))))
  "type mismatch: type 0 is not a function type")

;; rule: Expand_use/deftype reaches
(module (type (func (param i32))) (tag (type 0)))
;; rule: Expand_use/deftype breaks Expand
(assert_invalid (module (type (func (param i32) (result i32))) (tag (type 0))) "non-empty tag result type: tag 0")

;; rule: Expand_use/typeidx reaches
(module definition (type (func (param i32))) (import "m" "f" (func (type 0))))
;; rule: Expand_use/typeidx breaks Expand
(assert_invalid (module (type (struct)) (import "m" "f" (func (type 0)))) "unknown type: 0 is not a function type")

;; ---- Type definitions

;; rule: Packtype_ok reaches
;; rule: Storagetype_ok/pack reaches
(module (type (struct (field i8 i16))))
;; rule: Packtype_ok unbreakable: it has no premise
;; rule: Storagetype_ok/pack unbreakable: Packtype_ok has none

;; rule: Storagetype_ok/val reaches
;; rule: Fieldtype_ok reaches
(module (type (struct (field (mut i32) (ref null 0)))))
;; rule: Storagetype_ok/val breaks Valtype_ok
;; rule: Fieldtype_ok breaks Storagetype_ok
(assert_invalid (module (type (struct (field (mut i32) (ref null 1))))) "unknown type: 1")

;; rule: Comptype_ok/struct reaches
(module (type (struct (field i32 i8 (mut (ref null 0))))))
;; rule: Comptype_ok/struct breaks Fieldtype_ok
(assert_invalid (module (type (struct (field i32 i8 (mut (ref null 1)))))) "unknown type: 1")

;; rule: Comptype_ok/array reaches
(module (type (array (mut (ref null 0)))))
;; rule: Comptype_ok/array breaks Fieldtype_ok
(assert_invalid (module (type (array (mut (ref null 1))))) "unknown type: 1")

;; rule: Comptype_ok/func reaches
(module (type (func (param (ref null 0)) (result (ref null 0)))))
;; rule: Comptype_ok/func breaks Resulttype_ok, of parameters
(assert_invalid (module (type (func (param (ref null 1)) (result (ref null 0))))) "unknown type: 1")
;; rule: Comptype_ok/func breaks Resulttype_ok, of results
(assert_invalid (module (type (func (param (ref null 0)) (result (ref null 1))))) "unknown type: 1")

;; rule: Subtype_ok reaches
(module (type (sub (struct (field i32)))) (type (sub final 0 (struct (field i32 i64)))))
;; rule: Subtype_ok breaks |x*| <= 1
(assert_invalid (module (type (sub (struct))) (type (sub (struct))) (type (sub 0 1 (struct))))
  "sub type: 2 has more than one super type")
;; rule: Subtype_ok breaks x < x_0
(assert_invalid (module (rec (type (sub 1 (struct))) (type (sub (struct)))))
  "unknown type: super type of 0 is not defined before it")
;; rule: Subtype_ok breaks $unrolldt(C.TYPES[x]) = SUB yy* comptype'
(assert_invalid (module (type (sub final (struct (field i32)))) (type (sub final 0 (struct (field i32 i64)))))
  "sub type: 1 does not match its super type, which is final")
;; rule: Subtype_ok breaks Comptype_ok
(assert_invalid (module (type (sub (struct (field i32)))) (type (sub 0 (struct (field i32 (ref 2)))))) "unknown type: 2")
;; rule: Subtype_ok breaks Comptype_sub
(assert_invalid (module (type (sub (struct (field i32)))) (type (sub final 0 (struct (field i64 i64)))))
  "sub type: 1 does not match its super type")

;; The same of types that are closed: within a recursion group, whose members name each other by their place.
;; rule: Subtype_ok2 reaches
(module (rec (type (sub (struct (field i32)))) (type (sub 0 (struct (field i32 (ref 0)))))))
;; rule: Subtype_ok2 breaks |typeuse*| <= 1
(assert_invalid (module (rec (type (sub (struct))) (type (sub (struct))) (type (sub 0 1 (struct)))))
  "sub type: 2 has more than one super type")
;; rule: Subtype_ok2 breaks Typeuse_ok
(assert_invalid (module (rec (type (sub (struct))) (type (sub 2 (struct))))) "unknown type: 2")
;; rule: Subtype_ok2 breaks $before(typeuse, i)
(assert_invalid (module (rec (type (sub (struct))) (type (sub 1 (struct)))))
  "unknown type: super type of 1 is not defined before it")
;; rule: Subtype_ok2 breaks $unrollht_(C, typeuse) = SUB typeuse'* comptype'
(assert_invalid (module (rec (type (struct (field i32))) (type (sub 0 (struct (field i32 (ref 0)))))))
  "sub type: 1 does not match its super type, which is final")
;; rule: Subtype_ok2 breaks Comptype_ok
(assert_invalid (module (rec (type (sub (struct (field i32)))) (type (sub 0 (struct (field i32 (ref 2))))))) "unknown type: 2")
;; rule: Subtype_ok2 breaks Comptype_sub
(assert_invalid (module (rec (type (sub (struct (field i32)))) (type (sub 0 (struct (field i64 (ref 0)))))))
  "sub type: 1 does not match its super type")

;; rule: Rectype_ok/empty reaches
(module (rec) (type (func)))
;; rule: Rectype_ok/empty unbreakable: it has no premise

;; rule: Rectype_ok/cons reaches
(module (rec (type (struct)) (type (struct))))
;; rule: Rectype_ok/cons breaks Subtype_ok
(assert_invalid (module (rec (type (sub 0 (struct))) (type (struct)))) "unknown type: super type of 0 is not defined before it")
;; rule: Rectype_ok/cons breaks Rectype_ok, of the rest
(assert_invalid (module (rec (type (struct)) (type (sub 1 (struct))))) "unknown type: super type of 1 is not defined before it")

;; rule: Rectype_ok2/empty reaches
;; rule: Rectype_ok2/cons reaches
(module (rec (type (sub (struct))) (type (sub 0 (struct)))))
;; rule: Rectype_ok2/empty unbreakable: it has no premise
;; rule: Rectype_ok2/cons breaks Subtype_ok2
(assert_invalid (module (type (sub (array i8))) (rec (type (sub 0 (struct))) (type (sub (struct)))))
  "sub type: 1 does not match its super type")
;; rule: Rectype_ok2/cons breaks Rectype_ok2, of the rest
(assert_invalid (module (type (sub (array i8))) (rec (type (sub (struct))) (type (sub 0 (struct)))))
  "sub type: 2 does not match its super type")

;; ---- External types

;; rule: Limits_ok reaches
(module (memory 1 65536) (memory 65536) (table 1 1 funcref))
;; rule: Limits_ok breaks n <= k
(assert_invalid (module (memory 65537)) "memory size: memory 0 must be at most 0x10000")
;; rule: Limits_ok breaks n <= m
(assert_invalid (module (memory 2 1)) "size minimum must not be greater than maximum: memory 0: 2 > 1")
;; rule: Limits_ok breaks m <= k
(assert_invalid (module (memory 1 65537)) "memory size: memory 0 must be at most 0x10000")

;; rule: Memtype_ok reaches
(module definition (memory 65536) (memory i64 0x1_0000_0000_0000))
;; rule: Memtype_ok breaks Limits_ok, with i32
(assert_invalid (module (memory 65537)) "memory size: memory 0 must be at most 0x10000")
;; rule: Memtype_ok breaks Limits_ok, with i64
(assert_invalid (module (memory i64 0x1_0000_0000_0001)) "memory size: memory 0 must be at most 0x1000000000000")

;; rule: Tabletype_ok reaches
(module (type (func)) (table 0 0xffff_ffff (ref null 0)) (table i64 0 0xffff_ffff_ffff_ffff funcref))
;; rule: Tabletype_ok breaks Limits_ok
(assert_invalid (module (type (func)) (table 2 1 (ref null 0))) "size minimum must not be greater than maximum: table 0: 2 > 1")
;; rule: Tabletype_ok breaks Limits_ok, by k
(assert_invalid (module binary "\00asm" "\01\00\00\00" "\04\09\01" "\70\01" "\00" "\80\80\80\80\10")
  "table size: table 0 must be at most 0xffffffff")
;; rule: Tabletype_ok breaks Reftype_ok
(assert_invalid (module (type (func)) (table 0 (ref null 1))) "unknown type: 1")

;; rule: Globaltype_ok reaches
(module (type (func)) (global (mut (ref null 0)) (ref.null 0)))
;; rule: Globaltype_ok breaks Valtype_ok
(assert_invalid (module (type (func)) (global (mut (ref null 1)) (ref.null 0))) "unknown type: 1")

;; rule: Tagtype_ok reaches
(module (type (func (param i32))) (tag (type 0)))
;; rule: Tagtype_ok breaks Typeuse_ok
(assert_invalid (module (type (func (param i32))) (tag (type 1))) "unknown type: 1")
;; rule: Tagtype_ok breaks Expand_use, by results
(assert_invalid (module (type (func (result i32))) (tag (type 0))) "non-empty tag result type: tag 0")
;; rule: Tagtype_ok breaks Expand_use, by another kind of type
(assert_invalid (module (type (struct)) (tag (type 0))) "unknown type: 0 is not a function type")

;; rule: Externtype_ok/func reaches
;; rule: Externtype_ok/table reaches
;; rule: Externtype_ok/mem reaches
;; rule: Externtype_ok/global reaches
;; rule: Externtype_ok/tag reaches
(module definition (type (func)) (import "m" "f" (func (type 0))) (import "m" "t" (table 1 2 funcref)) (import "m" "m" (memory 1 2))
  (import "m" "g" (global (ref 0))) (import "m" "e" (tag (type 0))))
;; rule: Externtype_ok/func breaks Typeuse_ok
(assert_invalid (module (type (func)) (import "m" "f" (func (type 1)))) "unknown type: 1")
;; rule: Externtype_ok/func breaks Expand_use
(assert_invalid (module (type (struct)) (import "m" "f" (func (type 0)))) "unknown type: 0 is not a function type")
;; rule: Externtype_ok/table breaks Tabletype_ok
(assert_invalid (module (import "m" "t" (table 2 1 funcref))) "size minimum must not be greater than maximum: table 0: 2 > 1")
;; rule: Externtype_ok/mem breaks Memtype_ok
(assert_invalid (module (import "m" "m" (memory 2 1))) "size minimum must not be greater than maximum: memory 0: 2 > 1")
;; rule: Externtype_ok/global breaks Globaltype_ok
(assert_invalid (module (type (func)) (import "m" "g" (global (ref 1)))) "unknown type: 1")
;; rule: Externtype_ok/tag breaks Tagtype_ok
(assert_invalid (module (type (func (result i32))) (import "m" "e" (tag (type 0)))) "non-empty tag result type: tag 0")
