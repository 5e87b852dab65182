;; Each typing rule of the specification's 2.3-validation.instructions: modules that reach it, and that break a premise of it
;; alone. What the lines `;; rule:` say tools/rules.py reads, and holds against the code; a test goes to the next of them, and
;; has what stands in front of the first under its heading. Where a rule has no premise, or where there is a quick way for
;; what is common, what is broken is that the operands are of the type that it says.

;; ---- Parametric instructions

;; rule: Instr_ok/nop reaches
(module (func (result i32) nop (i32.const 1) nop))
;; rule: Instr_ok/nop breaks eps -> eps
(assert_invalid (module (func (result i32) nop)) "type mismatch: end expected i32 for operand 1, found nothing")

;; rule: Instr_ok/unreachable reaches
(module (func (param i32) (result i64) (local.get 0) unreachable f32.abs drop))
;; rule: Instr_ok/unreachable breaks t_1* -> t_2*, as what follows has types after all
(assert_invalid (module (func (result i64) unreachable f32.abs)) "type mismatch: end expected i64 for operand 1, found f32")

;; rule: Instr_ok/drop reaches
(module (func (drop (i32.const 1)) unreachable drop))
;; rule: Instr_ok/drop breaks t -> eps
(assert_invalid (module (func drop)) "type mismatch: drop expected an operand, found nothing")

;; rule: Instr_ok/select-expl reaches
(module (type (func)) (func (param (ref 0)) (result (ref 0)) (select (result (ref 0)) (local.get 0) (local.get 0) (i32.const 1))))
;; rule: Instr_ok/select-expl breaks Valtype_ok
(assert_invalid (module (type (func)) (func (param (ref 0)) (drop (select (result (ref 9)) (local.get 0) (local.get 0) (i32.const 1)))))
  "unknown type 9; there are 2")
;; rule: Instr_ok/select-expl breaks t t I32 -> t
(assert_invalid (module (func (param funcref externref) (result funcref)
  (select (result funcref) (local.get 0) (local.get 1) (i32.const 1))))
  "type mismatch: select expected (ref null func) for operand 2, found (ref null extern)")
;; rule: Instr_ok/select-expl breaks that there is one type
(assert_invalid (module (func (param i32) (select (result i32 i32) (local.get 0) (local.get 0) (i32.const 1))))
  "invalid result arity: select of 2 types")

;; rule: Instr_ok/select-impl reaches
(module (func (result i64) (select (i64.const 1) (i64.const 2) (i32.const 1))) (func (result v128) unreachable (i32.const 1) select))
;; rule: Instr_ok/select-impl breaks t' = numtype \/ t' = vectype
(assert_invalid (module (func (param funcref) (result funcref) (select (local.get 0) (local.get 0) (i32.const 1))))
  "type mismatch: select of references must say of which type")
;; rule: Instr_ok/select-impl breaks Valtype_sub
(assert_invalid (module (func (result i64) (select (i64.const 1) (f64.const 2) (i32.const 1))))
  "type mismatch: select between i64 and f64")
;; rule: Instr_ok/select-impl breaks t t I32 -> t
(assert_invalid (module (func (result i64) (select (i64.const 1) (i64.const 2) (i64.const 1))))
  "type mismatch: select expected i32 for operand 1, found i64")

;; ---- Blocks

;; rule: Blocktype_ok/valtype reaches
(module (type (func)) (func (block) (block (result (ref null 0)) (ref.null 0)) drop))
;; rule: Blocktype_ok/valtype breaks Valtype_ok
(assert_invalid (module (func (block (result (ref null 9)) (ref.null func)) drop)) "unknown type 9; there are 1")

;; rule: Blocktype_ok/typeidx reaches
(module (type (func (param i32) (result i32))) (func (param i32) (result i32) (local.get 0) (block (type 0))))
;; rule: Blocktype_ok/typeidx breaks Expand
(assert_invalid (module (type (struct)) (func (block (type 0)))) "unknown type: type 0 is not a function type")
;; rule: Blocktype_ok/typeidx breaks that there is C.TYPES[typeidx]
(assert_invalid (module (func (block (type 9)))) "unknown type 9; there are 1")

;; rule: Instr_ok/block reaches
(module (func (param i32) (block (block (result i32) (br 0 (i32.const 1))) drop) (local.get 0) (block (param i32) drop)))
;; rule: Instr_ok/block breaks Blocktype_ok
(assert_invalid (module (func (block (type 9)))) "unknown type 9; there are 1")
;; rule: Instr_ok/block breaks Instrs_ok
(assert_invalid (module (func (block (i32.const 1)))) "type mismatch: at the end of the block 1 values too many are on the stack")
;; rule: Instr_ok/block breaks that its label takes what it leaves
(assert_invalid (module (func (block (result i32) (br 0 (i64.const 1))) drop))
  "type mismatch: br expected i32 for operand 1, found i64")
;; rule: Instr_ok/block breaks t_1* -> t_2*
(assert_invalid (module (func (block (param i32) drop))) "type mismatch: block expected i32 for operand 1, found nothing")

;; rule: Instr_ok/loop reaches
(module (func (loop (br 0)) (i32.const 1) (loop (param i32) (br 0)) unreachable))
;; rule: Instr_ok/loop breaks Blocktype_ok
(assert_invalid (module (func (loop (type 9)))) "unknown type 9; there are 1")
;; rule: Instr_ok/loop breaks Instrs_ok
(assert_invalid (module (func (loop (result i32) (i64.const 1)) drop)) "type mismatch: end expected i32 for operand 1, found i64")
;; rule: Instr_ok/loop breaks that its label takes what it takes
(assert_invalid (module (func (i32.const 1) (loop (param i32) (result i64) (drop) (br 0 (i64.const 1))) drop))
  "type mismatch: br expected i32 for operand 1, found i64")

;; rule: Instr_ok/if reaches
(module (func (param i32) (result i64)
  (if (local.get 0) (then) (else)) (i64.const 1) (if (param i64) (result i64) (local.get 0) (then) (else (br 0)))
  (if (param i64) (result i64) (local.get 0) (then))))
;; rule: Instr_ok/if breaks Blocktype_ok
(assert_invalid (module (func (param i32) (local.get 0) (if (type 9) (then)))) "unknown type 9; there are 1")
;; rule: Instr_ok/if breaks Instrs_ok, of the first
(assert_invalid (module (func (param i32) (result i64) (if (result i64) (local.get 0) (then) (else (i64.const 1)))))
  "type mismatch: else expected i64 for operand 1, found nothing")
;; rule: Instr_ok/if breaks Instrs_ok, of the second
(assert_invalid (module (func (param i32) (result i64) (if (result i64) (local.get 0) (then (i64.const 1)) (else (i32.const 1)))))
  "type mismatch: end expected i64 for operand 1, found i32")
;; rule: Instr_ok/if breaks Instrs_ok, of the second that is empty
(assert_invalid (module (func (param i32) (result i64) (if (result i64) (local.get 0) (then (i64.const 1)))))
  "type mismatch: an if without else must leave what it takes")
;; rule: Instr_ok/if breaks t_1* I32 -> t_2*
(assert_invalid (module (func (if (i64.const 1) (then)))) "type mismatch: if expected i32 for operand 1, found i64")

;; ---- Branches

;; rule: Instr_ok/br reaches
(module (func (result i32) (block (br 0)) (br 0 (i32.const 1)) f32.neg drop))
;; rule: Instr_ok/br breaks C.LABELS[l] = t*, as there is none
(assert_invalid (module (func (br 1))) "unknown label 1; there are 1")
;; rule: Instr_ok/br breaks C.LABELS[l] = t*, with others
(assert_invalid (module (func (result i32) (br 0 (i64.const 1)))) "type mismatch: br expected i32 for operand 1, found i64")

;; rule: Instr_ok/br_if reaches
(module (func (param i32) (result i64) (block (br_if 0 (local.get 0))) (br_if 0 (i64.const 1) (local.get 0))))
;; rule: Instr_ok/br_if breaks C.LABELS[l] = t*, as there is none
(assert_invalid (module (func (param i32) (br_if 1 (local.get 0)))) "unknown label 1; there are 1")
;; rule: Instr_ok/br_if breaks C.LABELS[l] = t*, with others
(assert_invalid (module (func (param i32) (result i64) (br_if 0 (i32.const 1) (local.get 0)) drop (i64.const 1)))
  "type mismatch: br_if expected i64 for operand 1, found i32")
;; rule: Instr_ok/br_if breaks t* I32 -> t*
(assert_invalid (module (func (br_if 0 (i64.const 1)))) "type mismatch: br_if expected i32 for operand 1, found i64")

;; rule: Instr_ok/br_table reaches
(module (func (param i32 i31ref) (result eqref)
  (block (result anyref) (br_table 0 1 0 (local.get 1) (local.get 0))) drop (local.get 1)))
;; rule: Instr_ok/br_table breaks Resulttype_sub, of a target
(assert_invalid (module (func (param i32 anyref) (result anyref)
  (block (result eqref) (br_table 0 1 (local.get 1) (local.get 0)))))
  "type mismatch: br_table expected (ref null eq) for operand 1, found (ref null any)")
;; rule: Instr_ok/br_table breaks Resulttype_sub, of the default
(assert_invalid (module (func (param i32 anyref) (result anyref)
  (block (result eqref) (br_table 1 0 (local.get 1) (local.get 0)))))
  "type mismatch: br_table expected (ref null eq) for operand 1, found (ref null any)")
;; rule: Instr_ok/br_table breaks Resulttype_sub, by the number of types
(assert_invalid (module (func (param i32) (result i32) (block (br_table 0 1 (i32.const 1) (local.get 0))) (i32.const 1)))
  "type mismatch: br_table target 0 takes 0 operands, the default 1")
;; rule: Instr_ok/br_table breaks that there is C.LABELS[l]
(assert_invalid (module (func (param i32) (br_table 1 0 (local.get 0)))) "unknown label 1; there are 1")
;; rule: Instr_ok/br_table breaks that there is C.LABELS[l']
(assert_invalid (module (func (param i32) (br_table 0 1 (local.get 0)))) "unknown label 1; there are 1")

;; rule: Instr_ok/br_on_null reaches
(module (func (param funcref) (result i32) (br_on_null 0 (i32.const 1) (local.get 0)) (call 1)) (func (param (ref func))))
;; rule: Instr_ok/br_on_null breaks C.LABELS[l] = t*, as there is none
(assert_invalid (module (func (param funcref) (drop (br_on_null 1 (local.get 0))))) "unknown label 1; there are 1")
;; rule: Instr_ok/br_on_null breaks C.LABELS[l] = t*, with others
(assert_invalid (module (func (param funcref) (result i32) (drop (br_on_null 0 (i64.const 1) (local.get 0))) (i32.const 1)))
  "type mismatch: br_on_null expected i32 for operand 1, found i64")
;; rule: Instr_ok/br_on_null breaks Heaptype_ok, as it is no reference
(assert_invalid (module (func (drop (br_on_null 0 (i32.const 1))))) "type mismatch: br_on_null expected a reference, found i32")

;; rule: Instr_ok/br_on_non_null reaches
(module (func (param funcref) (result i32 (ref func)) (br_on_non_null 0 (i32.const 1) (local.get 0)) unreachable))
;; rule: Instr_ok/br_on_non_null breaks C.LABELS[l] = t* (REF NULL? ht), as there is none
(assert_invalid (module (func (param funcref) (br_on_non_null 1 (local.get 0)))) "unknown label 1; there are 1")
;; rule: Instr_ok/br_on_non_null breaks C.LABELS[l] = t* (REF NULL? ht), with another reference
(assert_invalid (module (func (param funcref) (result (ref extern)) (br_on_non_null 0 (local.get 0)) unreachable))
  "type mismatch: br_on_non_null sends (ref func) to a label that takes (ref extern)")
;; rule: Instr_ok/br_on_non_null breaks C.LABELS[l] = t* (REF NULL? ht), with no reference
(assert_invalid (module (func (param funcref) (result i32) (br_on_non_null 0 (local.get 0)) unreachable))
  "type mismatch: the label's last operand is no reference")
;; rule: Instr_ok/br_on_non_null breaks C.LABELS[l] = t* (REF NULL? ht), with nothing
(assert_invalid (module (func (param funcref) (br_on_non_null 0 (local.get 0))))
  "type mismatch: br_on_non_null sends (ref func) to a label that takes nothing")
;; rule: Instr_ok/br_on_non_null breaks C.LABELS[l] = t* (REF NULL? ht), with others below
(assert_invalid (module (func (param funcref) (result i32 (ref func)) (br_on_non_null 0 (i64.const 1) (local.get 0)) unreachable))
  "type mismatch: br_on_non_null expected i32 for operand 1, found i64")

;; rule: Instr_ok/br_on_cast reaches
(module (func (param anyref) (result i32 eqref) (br_on_cast 0 anyref (ref i31) (i32.const 1) (local.get 0)) unreachable))
;; rule: Instr_ok/br_on_cast breaks C.LABELS[l] = t* rt, as there is none
(assert_invalid (module (func (param anyref) (drop (br_on_cast 1 anyref (ref i31) (local.get 0)))))
  "unknown label 1; there are 1")
;; rule: Instr_ok/br_on_cast breaks C.LABELS[l] = t* rt, with nothing
(assert_invalid (module (func (param anyref) (drop (br_on_cast 0 anyref (ref i31) (local.get 0)))))
  "type mismatch: br_on_cast sends (ref i31) to a label that takes nothing")
;; rule: Instr_ok/br_on_cast breaks Reftype_ok, of the first
(assert_invalid (module (func (param anyref) (result anyref) (br_on_cast 0 (ref null 9) (ref i31) (local.get 0))))
  "unknown type 9; there are 1")
;; rule: Instr_ok/br_on_cast breaks Reftype_ok, of the second
(assert_invalid (module (func (param anyref) (result anyref) (br_on_cast 0 anyref (ref 9) (local.get 0))))
  "unknown type 9; there are 1")
;; rule: Instr_ok/br_on_cast breaks Reftype_sub, of the second and the first
(assert_invalid (module (func (param eqref) (result anyref) (br_on_cast 0 eqref anyref (local.get 0))))
  "type mismatch: br_on_cast casts to (ref null any), which does not match (ref null eq)")
;; rule: Instr_ok/br_on_cast breaks Reftype_sub, of the second and the label's
(assert_invalid (module (func (param anyref) (result structref) (br_on_cast 0 anyref (ref i31) (local.get 0)) unreachable))
  "type mismatch: br_on_cast sends (ref i31) to a label that takes (ref null struct)")
;; rule: Instr_ok/br_on_cast breaks $diffrt(rt_1, rt_2)
(assert_invalid (module (func (param anyref) (result anyref) (br_on_cast 0 anyref (ref i31) (local.get 0)) (call 1) unreachable)
  (func (param (ref any)))) "type mismatch: call expected (ref any) for operand 1, found (ref null any)")

;; rule: Instr_ok/br_on_cast_fail reaches
(module (func (param anyref) (result i32 anyref) (br_on_cast_fail 0 anyref (ref i31) (i32.const 1) (local.get 0)) (call 1))
  (func (param i32 (ref i31)) (result i32 anyref) unreachable))
;; rule: Instr_ok/br_on_cast_fail breaks C.LABELS[l] = t* rt, as there is none
(assert_invalid (module (func (param anyref) (drop (br_on_cast_fail 1 anyref (ref i31) (local.get 0)))))
  "unknown label 1; there are 1")
;; rule: Instr_ok/br_on_cast_fail breaks C.LABELS[l] = t* rt, with nothing
(assert_invalid (module (func (param anyref) (drop (br_on_cast_fail 0 anyref (ref i31) (local.get 0)))))
  "type mismatch: br_on_cast_fail sends (ref null any) to a label that takes nothing")
;; rule: Instr_ok/br_on_cast_fail breaks Reftype_ok, of the first
(assert_invalid (module (func (param anyref) (result anyref) (br_on_cast_fail 0 (ref null 9) (ref i31) (local.get 0))))
  "unknown type 9; there are 1")
;; rule: Instr_ok/br_on_cast_fail breaks Reftype_ok, of the second
(assert_invalid (module (func (param anyref) (result anyref) (br_on_cast_fail 0 anyref (ref 9) (local.get 0))))
  "unknown type 9; there are 1")
;; rule: Instr_ok/br_on_cast_fail breaks Reftype_sub, of the second and the first
(assert_invalid (module (func (param eqref) (result anyref) (br_on_cast_fail 0 eqref anyref (local.get 0))))
  "type mismatch: br_on_cast_fail casts to (ref null any), which does not match (ref null eq)")
;; rule: Instr_ok/br_on_cast_fail breaks Reftype_sub, of the difference and the label's
(assert_invalid (module (func (param anyref) (result (ref any)) (br_on_cast_fail 0 anyref (ref i31) (local.get 0))))
  "type mismatch: br_on_cast_fail sends (ref null any) to a label that takes (ref any)")

;; ---- Calls

;; rule: Instr_ok/call reaches
(module (func (param i32) (result i64) (call 0 (local.get 0))))
;; rule: Instr_ok/call breaks Expand, as there is no C.FUNCS[x]
(assert_invalid (module (func (call 1))) "unknown function 1; there are 1")
;; rule: Instr_ok/call breaks t_1* -> t_2*
(assert_invalid (module (func (param i32) (result i64) (call 0 (i64.const 1))))
  "type mismatch: call expected i32 for operand 1, found i64")

;; rule: Instr_ok/call_ref reaches
(module (type $f (func (param i32) (result i64))) (func (param (ref null $f)) (result i64) (call_ref $f (i32.const 1) (local.get 0))))
;; rule: Instr_ok/call_ref breaks Expand
(assert_invalid (module (type (struct)) (func (param (ref null 0)) (call_ref 0 (local.get 0))))
  "type mismatch: type 0 is not a function type")
;; rule: Instr_ok/call_ref breaks t_1* (REF NULL (_IDX x)) -> t_2*
(assert_invalid (module (type $f (func)) (func (param funcref) (call_ref $f (local.get 0))))
  "type mismatch: call_ref expected (ref null 0) for operand 1, found (ref null func)")

;; rule: Instr_ok/call_indirect reaches
(module (type $f (func (param i32) (result i64))) (table 0 (ref null $f)) (table i64 0 funcref)
  (func (result i64) (drop (call_indirect (type $f) (i32.const 1) (i32.const 0))) (call_indirect 1 (type $f) (i32.const 1) (i64.const 0))))
;; rule: Instr_ok/call_indirect breaks C.TABLES[x] = at lim rt
(assert_invalid (module (func (call_indirect (i32.const 0)))) "unknown table 0; there are 0")
;; rule: Instr_ok/call_indirect breaks C.TABLES[x] = at lim rt, by its addresses
(assert_invalid (module (table i64 0 funcref) (func (call_indirect (i32.const 0))))
  "type mismatch: call_indirect expected i64 for operand 1, found i32")
;; rule: Instr_ok/call_indirect breaks Reftype_sub
(assert_invalid (module (table 0 externref) (func (call_indirect (i32.const 0))))
  "type mismatch: table 0 holds (ref null extern), not functions")
;; rule: Instr_ok/call_indirect breaks Expand
(assert_invalid (module (type (struct)) (table 0 funcref) (func (call_indirect (type 0) (i32.const 0))))
  "type mismatch: type 0 is not a function type")

;; rule: Instr_ok/return reaches
(module (func (result i32) (i64.const 1) (block (return (i32.const 1))) (return (i32.const 1)) f32.neg drop))
;; rule: Instr_ok/return breaks C.RETURN = (t*)
(assert_invalid (module (func (result i32) (return (i64.const 1)))) "type mismatch: return expected i32 for operand 1, found i64")

;; rule: Instr_ok/return_call reaches
(module (func (param i32) (result eqref) (i64.const 1) (return_call 1 (local.get 0))) (func (param i32) (result i31ref) unreachable))
;; rule: Instr_ok/return_call breaks Expand, as there is no C.FUNCS[x]
(assert_invalid (module (func (return_call 1))) "unknown function 1; there are 1")
;; rule: Instr_ok/return_call breaks Resulttype_sub
(assert_invalid (module (func (result eqref) (return_call 1)) (func (result anyref) unreachable))
  "type mismatch: return_call calls a function with other results")
;; rule: Instr_ok/return_call breaks t_3* t_1* -> t_4*
(assert_invalid (module (func (param i32) (return_call 0 (i64.const 1))))
  "type mismatch: return_call expected i32 for operand 1, found i64")

;; rule: Instr_ok/return_call_ref reaches
(module (type $f (func (param i32) (result i31ref))) (func (param (ref $f)) (result eqref) (return_call_ref $f (i32.const 1) (local.get 0))))
;; rule: Instr_ok/return_call_ref breaks Expand
(assert_invalid (module (type (array i8)) (func (param (ref 0)) (return_call_ref 0 (local.get 0))))
  "type mismatch: type 0 is not a function type")
;; rule: Instr_ok/return_call_ref breaks Resulttype_sub
(assert_invalid (module (type $f (func (result anyref))) (func (param (ref $f)) (result eqref) (return_call_ref $f (local.get 0))))
  "type mismatch: return_call_ref calls a function with other results")
;; rule: Instr_ok/return_call_ref breaks t_3* t_1* (REF NULL (_IDX x)) -> t_4*
(assert_invalid (module (type $f (func)) (func (param funcref) (return_call_ref $f (local.get 0))))
  "type mismatch: return_call_ref expected (ref null 0) for operand 1, found (ref null func)")

;; rule: Instr_ok/return_call_indirect reaches
(module (type $f (func (param i32) (result i31ref))) (table 0 (ref null $f))
  (func (result eqref) (return_call_indirect (type $f) (i32.const 1) (i32.const 0))))
;; rule: Instr_ok/return_call_indirect breaks C.TABLES[x] = at lim rt
(assert_invalid (module (func (return_call_indirect (i32.const 0)))) "unknown table 0; there are 0")
;; rule: Instr_ok/return_call_indirect breaks Reftype_sub
(assert_invalid (module (table 0 externref) (func (return_call_indirect (i32.const 0))))
  "type mismatch: table 0 holds (ref null extern), not functions")
;; rule: Instr_ok/return_call_indirect breaks Expand
(assert_invalid (module (type (struct)) (table 0 funcref) (func (return_call_indirect (type 0) (i32.const 0))))
  "type mismatch: type 0 is not a function type")
;; rule: Instr_ok/return_call_indirect breaks Resulttype_sub
(assert_invalid (module (table 0 funcref) (func (result eqref) (return_call_indirect (result anyref) (i32.const 0))))
  "type mismatch: return_call_indirect calls a function with other results")

;; ---- Exceptions

;; rule: Instr_ok/throw reaches
(module (tag (param i32)) (func (result i64) (throw 0 (i32.const 1))))
;; rule: Instr_ok/throw breaks Expand, as there is no C.TAGS[x]
(assert_invalid (module (func (throw 0))) "unknown tag 0; there are 0")
;; rule: Instr_ok/throw breaks t_1* t* -> t_2*
(assert_invalid (module (tag (param i32)) (func (throw 0 (i64.const 1))))
  "type mismatch: throw expected i32 for operand 1, found i64")

;; rule: Instr_ok/throw_ref reaches
(module (func (param exnref) (result i64) (throw_ref (local.get 0))))
;; rule: Instr_ok/throw_ref breaks t_1* (REF NULL EXN) -> t_2*
(assert_invalid (module (func (param externref) (throw_ref (local.get 0))))
  "type mismatch: throw_ref expected (ref null exn) for operand 1, found (ref null extern)")

;; rule: Instr_ok/try_table reaches
(module (func (param i32) (result i32) (block (try_table (result i32) (catch_all 0) (local.get 0)) return)
  (i32.const 1)) (func (try_table (catch_all 0))))
;; rule: Instr_ok/try_table breaks Blocktype_ok
(assert_invalid (module (func (try_table (type 9) (catch_all 0)))) "unknown type 9; there are 1")
;; rule: Instr_ok/try_table breaks Instrs_ok
(assert_invalid (module (func (try_table (catch_all 0) (i32.const 1))))
  "type mismatch: at the end of the try_table 1 values too many are on the stack")
;; rule: Instr_ok/try_table breaks Catch_ok
(assert_invalid (module (func (try_table (catch_all 1)))) "unknown label 1; there are 1")

;; rule: Catch_ok/catch reaches
(module (tag (param i31ref)) (func (result eqref) (try_table (catch 0 0)) unreachable))
;; rule: Catch_ok/catch breaks Expand, as there is no C.TAGS[x]
(assert_invalid (module (func (try_table (catch 0 0)))) "unknown tag 0; there are 0")
;; rule: Catch_ok/catch breaks Resulttype_sub
(assert_invalid (module (tag (param eqref)) (func (result i31ref) (try_table (catch 0 0)) unreachable))
  "type mismatch: a handler's label 0 does not take what it is sent")
;; rule: Catch_ok/catch breaks that there is C.LABELS[l]
(assert_invalid (module (tag) (func (try_table (catch 0 1)))) "unknown label 1; there are 1")

;; rule: Catch_ok/catch_ref reaches
(module (tag (param i32)) (func (result i32 exnref) (try_table (catch_ref 0 0)) unreachable))
;; rule: Catch_ok/catch_ref breaks Expand, as there is no C.TAGS[x]
(assert_invalid (module (func (result exnref) (try_table (catch_ref 0 0)) unreachable)) "unknown tag 0; there are 0")
;; rule: Catch_ok/catch_ref breaks Resulttype_sub
(assert_invalid (module (tag (param i32)) (func (result i32) (try_table (catch_ref 0 0)) unreachable))
  "type mismatch: a handler's label 0 does not take what it is sent")
;; rule: Catch_ok/catch_ref breaks Resulttype_sub, of the reference
(assert_invalid (module (tag (param i32)) (func (result i32 anyref) (try_table (catch_ref 0 0)) unreachable))
  "type mismatch: a handler's label 0 does not take what it is sent")

;; rule: Catch_ok/catch_all reaches
(module (func (try_table (catch_all 0))))
;; rule: Catch_ok/catch_all breaks Resulttype_sub
(assert_invalid (module (func (result i32) (try_table (catch_all 0)) (i32.const 1)))
  "type mismatch: a handler's label 0 does not take what it is sent")
;; rule: Catch_ok/catch_all breaks that there is C.LABELS[l]
(assert_invalid (module (func (try_table (catch_all 1)))) "unknown label 1; there are 1")

;; rule: Catch_ok/catch_all_ref reaches
(module (func (result (ref exn)) (try_table (catch_all_ref 0)) unreachable))
;; rule: Catch_ok/catch_all_ref breaks Resulttype_sub
(assert_invalid (module (func (try_table (catch_all_ref 0)))) "type mismatch: a handler's label 0 does not take what it is sent")
;; rule: Catch_ok/catch_all_ref breaks Resulttype_sub, of the reference
(assert_invalid (module (func (result externref) (try_table (catch_all_ref 0)) unreachable))
  "type mismatch: a handler's label 0 does not take what it is sent")
;; ---- References

;; rule: Instr_ok/ref.null reaches
(module (type (func)) (func (result (ref null 0) nullref) (ref.null 0) (ref.null none)))
;; rule: Instr_ok/ref.null breaks Heaptype_ok
(assert_invalid (module (func (drop (ref.null 9)))) "unknown type 9; there are 1")

;; rule: Instr_ok/ref.func reaches
(module (type $f (func)) (func $f (type $f) (drop (ref.func 0))) (export "f" (func $f)) (global (ref $f) (ref.func $f)))
;; rule: Instr_ok/ref.func breaks C.FUNCS[x] = dt
(assert_invalid (module (func (drop (ref.func 1)))) "unknown function 1; there are 1")
;; rule: Instr_ok/ref.func breaks x <- C.REFS
(assert_invalid (module (func (drop (ref.func 0)))) "undeclared function reference 0")

;; rule: Instr_ok/ref.i31 reaches
(module (func (result (ref i31)) (ref.i31 (i32.const 1))))
;; rule: Instr_ok/ref.i31 breaks I32 -> (REF I31)
(assert_invalid (module (func (result (ref i31)) (ref.i31 (i64.const 1))))
  "type mismatch: ref.i31 expected i32 for operand 1, found i64")

;; rule: Instr_ok/ref.is_null reaches
(module (func (param externref (ref func)) (result i32 i32) (ref.is_null (local.get 0)) (ref.is_null (local.get 1))))
;; rule: Instr_ok/ref.is_null breaks Heaptype_ok, as it is no reference
(assert_invalid (module (func (result i32) (ref.is_null (i32.const 1))))
  "type mismatch: ref.is_null expected a reference, found i32")

;; rule: Instr_ok/ref.as_non_null reaches
(module (func (param externref) (result (ref extern)) (ref.as_non_null (local.get 0))))
;; rule: Instr_ok/ref.as_non_null breaks Heaptype_ok, as it is no reference
(assert_invalid (module (func (result i32) (ref.as_non_null (i32.const 1))))
  "type mismatch: ref.as_non_null expected a reference, found i32")

;; rule: Instr_ok/ref.eq reaches
(module (func (param i31ref structref) (result i32) (ref.eq (local.get 0) (local.get 1))))
;; rule: Instr_ok/ref.eq breaks (REF NULL EQ) (REF NULL EQ) -> I32
(assert_invalid (module (func (param i31ref anyref) (result i32) (ref.eq (local.get 0) (local.get 1))))
  "type mismatch: ref.eq expected (ref null eq) for operand 2, found (ref null any)")

;; rule: Instr_ok/ref.test reaches
(module (type (struct)) (func (param anyref) (result i32) (ref.test (ref null 0) (local.get 0))))
;; rule: Instr_ok/ref.test breaks Reftype_ok
(assert_invalid (module (func (param anyref) (result i32) (ref.test (ref 9) (local.get 0)))) "unknown type 9; there are 1")
;; rule: Instr_ok/ref.test breaks Reftype_sub
(assert_invalid (module (func (param funcref) (result i32) (ref.test (ref i31) (local.get 0))))
  "type mismatch: ref.test expected (ref null any) for operand 1, found (ref null func)")

;; rule: Instr_ok/ref.cast reaches
(module (type (struct)) (func (param anyref) (result (ref 0)) (ref.cast (ref 0) (local.get 0))))
;; rule: Instr_ok/ref.cast breaks Reftype_ok
(assert_invalid (module (func (param anyref) (drop (ref.cast (ref 9) (local.get 0))))) "unknown type 9; there are 1")
;; rule: Instr_ok/ref.cast breaks Reftype_sub
(assert_invalid (module (func (param funcref) (drop (ref.cast (ref i31) (local.get 0)))))
  "type mismatch: ref.cast expected (ref null any) for operand 1, found (ref null func)")

;; rule: Instr_ok/i31.get reaches
(module (func (param (ref i31)) (result i32 i32) (i31.get_s (local.get 0)) (i31.get_u (local.get 0))))
;; rule: Instr_ok/i31.get breaks (REF NULL I31) -> I32
(assert_invalid (module (func (param eqref) (result i32) (i31.get_u (local.get 0))))
  "type mismatch: i31.get_u expected (ref null i31) for operand 1, found (ref null eq)")

;; rule: Instr_ok/extern.convert_any reaches
(module (func (param anyref (ref i31)) (result externref (ref extern))
  (extern.convert_any (local.get 0)) (extern.convert_any (local.get 1))))
;; rule: Instr_ok/extern.convert_any breaks null_1? = null_2?
(assert_invalid (module (func (param anyref) (result (ref extern)) (extern.convert_any (local.get 0))))
  "type mismatch: end expected (ref extern) for operand 1, found (ref null extern)")
;; rule: Instr_ok/extern.convert_any breaks (REF null_1? ANY) -> (REF null_2? EXTERN)
(assert_invalid (module (func (param funcref) (result externref) (extern.convert_any (local.get 0))))
  "type mismatch: extern.convert_any expected (ref null any), found (ref null func)")

;; rule: Instr_ok/any.convert_extern reaches
(module (func (param externref (ref extern)) (result anyref (ref any))
  (any.convert_extern (local.get 0)) (any.convert_extern (local.get 1))))
;; rule: Instr_ok/any.convert_extern breaks null_1? = null_2?
(assert_invalid (module (func (param externref) (result (ref any)) (any.convert_extern (local.get 0))))
  "type mismatch: end expected (ref any) for operand 1, found (ref null any)")
;; rule: Instr_ok/any.convert_extern breaks (REF null_1? EXTERN) -> (REF null_2? ANY)
(assert_invalid (module (func (param anyref) (result anyref) (any.convert_extern (local.get 0))))
  "type mismatch: any.convert_extern expected (ref null extern), found (ref null any)")

;; ---- Structures

;; rule: Instr_ok/struct.new reaches
(module (type (struct (field i8 i64))) (func (result (ref 0)) (struct.new 0 (i32.const 1) (i64.const 1))))
;; rule: Instr_ok/struct.new breaks Expand
(assert_invalid (module (type (array i8)) (func (drop (struct.new 0 (i32.const 1)))))
  "type mismatch: type 0 is not a structure type")
;; rule: Instr_ok/struct.new breaks $unpack(zt)* -> (REF (_IDX x))
(assert_invalid (module (type (struct (field i8 i64))) (func (drop (struct.new 0 (i32.const 1) (i32.const 1)))))
  "type mismatch: struct.new expected i64 for operand 2, found i32")

;; rule: Instr_ok/struct.new_default reaches
(module (type (struct (field i8 funcref))) (func (result (ref 0)) (struct.new_default 0)))
;; rule: Instr_ok/struct.new_default breaks Expand
(assert_invalid (module (type (array i8)) (func (drop (struct.new_default 0)))) "type mismatch: type 0 is not a structure type")
;; rule: Instr_ok/struct.new_default breaks Defaultable
(assert_invalid (module (type (struct (field i8 (ref func)))) (func (drop (struct.new_default 0))))
  "field type is not defaultable: field 1 of type 0")

;; rule: Instr_ok/struct.get reaches
(module (type (struct (field i64 i8 i16))) (func (param (ref null 0)) (result i64 i32 i32)
  (struct.get 0 0 (local.get 0)) (struct.get_s 0 1 (local.get 0)) (struct.get_u 0 2 (local.get 0))))
;; rule: Instr_ok/struct.get breaks Expand
(assert_invalid (module (type (array i64)) (func (param (ref null 0)) (drop (struct.get 0 0 (local.get 0)))))
  "type mismatch: type 0 is not a structure type")
;; rule: Instr_ok/struct.get breaks ft*[i] = mut? zt
(assert_invalid (module (type (struct (field i64))) (func (param (ref null 0)) (drop (struct.get 0 1 (local.get 0)))))
  "unknown field 1; there are 1")
;; rule: Instr_ok/struct.get breaks sx? =/= eps <=> $is_packtype(zt), without
(assert_invalid (module (type (struct (field i8))) (func (param (ref null 0)) (drop (struct.get 0 0 (local.get 0)))))
  "field is packed: field 0 of type 0")
;; rule: Instr_ok/struct.get breaks sx? =/= eps <=> $is_packtype(zt), with
(assert_invalid (module (type (struct (field i64))) (func (param (ref null 0)) (drop (struct.get_s 0 0 (local.get 0)))))
  "field is unpacked: field 0 of type 0")
;; rule: Instr_ok/struct.get breaks (REF NULL (_IDX x)) -> $unpack(zt)
(assert_invalid (module (type (struct (field i64))) (func (param structref) (drop (struct.get 0 0 (local.get 0)))))
  "type mismatch: struct.get expected (ref null 0) for operand 1, found (ref null struct)")

;; rule: Instr_ok/struct.set reaches
(module (type (struct (field (mut i8)))) (func (param (ref null 0)) (struct.set 0 0 (local.get 0) (i32.const 1))))
;; rule: Instr_ok/struct.set breaks Expand
(assert_invalid (module (type (array (mut i8))) (func (param (ref null 0)) (struct.set 0 0 (local.get 0) (i32.const 1))))
  "type mismatch: type 0 is not a structure type")
;; rule: Instr_ok/struct.set breaks ft*[i] = MUT zt, as there is none
(assert_invalid (module (type (struct (field (mut i8)))) (func (param (ref null 0)) (struct.set 0 1 (local.get 0) (i32.const 1))))
  "unknown field 1; there are 1")
;; rule: Instr_ok/struct.set breaks ft*[i] = MUT zt, as it does not change
(assert_invalid (module (type (struct (field i8))) (func (param (ref null 0)) (struct.set 0 0 (local.get 0) (i32.const 1))))
  "immutable field: field 0 of type 0")
;; rule: Instr_ok/struct.set breaks (REF NULL (_IDX x)) $unpack(zt) -> eps
(assert_invalid (module (type (struct (field (mut i8)))) (func (param (ref null 0)) (struct.set 0 0 (local.get 0) (i64.const 1))))
  "type mismatch: struct.set expected i32 for operand 2, found i64")

;; ---- Arrays

;; rule: Instr_ok/array.new reaches
(module (type (array i16)) (func (result (ref 0)) (array.new 0 (i32.const 1) (i32.const 2))))
;; rule: Instr_ok/array.new breaks Expand
(assert_invalid (module (type (struct)) (func (drop (array.new 0 (i32.const 1) (i32.const 2)))))
  "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.new breaks $unpack(zt) I32 -> (REF (_IDX x))
(assert_invalid (module (type (array i16)) (func (drop (array.new 0 (i64.const 1) (i32.const 2)))))
  "type mismatch: array.new expected i32 for operand 1, found i64")

;; rule: Instr_ok/array.new_default reaches
(module (type (array i16)) (func (result (ref 0)) (array.new_default 0 (i32.const 2))))
;; rule: Instr_ok/array.new_default breaks Expand
(assert_invalid (module (type (func)) (func (drop (array.new_default 0 (i32.const 2)))))
  "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.new_default breaks Defaultable
(assert_invalid (module (type (array (ref any))) (func (drop (array.new_default 0 (i32.const 2)))))
  "field type is not defaultable: type 0")

;; rule: Instr_ok/array.new_fixed reaches
(module (type (array i16)) (func (result (ref 0)) (array.new_fixed 0 2 (i32.const 1) (i32.const 2))))
;; rule: Instr_ok/array.new_fixed breaks Expand
(assert_invalid (module (type (struct)) (func (drop (array.new_fixed 0 0)))) "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.new_fixed breaks $unpack(zt)^n -> (REF (_IDX x))
(assert_invalid (module (type (array i16)) (func (drop (array.new_fixed 0 2 (i64.const 1) (i32.const 2)))))
  "type mismatch: array.new_fixed expected i32 for operand 1, found i64")

;; rule: Instr_ok/array.new_elem reaches
(module (type (array eqref)) (elem i31ref) (func (result (ref 0)) (array.new_elem 0 0 (i32.const 1) (i32.const 2))))
;; rule: Instr_ok/array.new_elem breaks Expand
(assert_invalid (module (type (struct)) (elem i31ref) (func (drop (array.new_elem 0 0 (i32.const 1) (i32.const 2)))))
  "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.new_elem breaks Reftype_sub
(assert_invalid (module (type (array eqref)) (elem anyref) (func (drop (array.new_elem 0 0 (i32.const 1) (i32.const 2)))))
  "type mismatch: array.new_elem of (ref null any) into an array of (ref null eq)")
;; rule: Instr_ok/array.new_elem breaks that there is C.ELEMS[y]
(assert_invalid (module (type (array eqref)) (func (drop (array.new_elem 0 0 (i32.const 1) (i32.const 2)))))
  "unknown elem segment 0; there are 0")

;; rule: Instr_ok/array.new_data reaches
(module (type (array v128)) (data "") (func (result (ref 0)) (array.new_data 0 0 (i32.const 1) (i32.const 2))))
;; rule: Instr_ok/array.new_data breaks Expand
(assert_invalid (module (type (struct)) (data "") (func (drop (array.new_data 0 0 (i32.const 1) (i32.const 2)))))
  "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.new_data breaks $unpack(zt) = numtype \/ $unpack(zt) = vectype
(assert_invalid (module (type (array anyref)) (data "") (func (drop (array.new_data 0 0 (i32.const 1) (i32.const 2)))))
  "array type is not numeric or vector: type 0")
;; rule: Instr_ok/array.new_data breaks C.DATAS[y] = OK
(assert_invalid (module (type (array v128)) (data "") (func (drop (array.new_data 0 1 (i32.const 1) (i32.const 2)))))
  "unknown data segment 1; there are 1")

;; rule: Instr_ok/array.get reaches
(module (type (array i8)) (type (array i64)) (func (param (ref null 0) (ref null 1)) (result i32 i32 i64)
  (array.get_s 0 (local.get 0) (i32.const 1)) (array.get_u 0 (local.get 0) (i32.const 1)) (array.get 1 (local.get 1) (i32.const 1))))
;; rule: Instr_ok/array.get breaks Expand
(assert_invalid (module (type (struct)) (func (param (ref null 0)) (drop (array.get 0 (local.get 0) (i32.const 1)))))
  "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.get breaks sx? =/= eps <=> $is_packtype(zt), without
(assert_invalid (module (type (array i8)) (func (param (ref null 0)) (drop (array.get 0 (local.get 0) (i32.const 1)))))
  "array is packed: type 0")
;; rule: Instr_ok/array.get breaks sx? =/= eps <=> $is_packtype(zt), with
(assert_invalid (module (type (array i64)) (func (param (ref null 0)) (drop (array.get_u 0 (local.get 0) (i32.const 1)))))
  "array is unpacked: type 0")
;; rule: Instr_ok/array.get breaks (REF NULL (_IDX x)) I32 -> $unpack(zt)
(assert_invalid (module (type (array i64)) (func (param arrayref) (drop (array.get 0 (local.get 0) (i32.const 1)))))
  "type mismatch: array.get expected (ref null 0) for operand 1, found (ref null array)")

;; rule: Instr_ok/array.set reaches
(module (type (array (mut i8))) (func (param (ref null 0)) (array.set 0 (local.get 0) (i32.const 1) (i32.const 2))))
;; rule: Instr_ok/array.set breaks Expand
(assert_invalid (module (type (struct)) (func (param (ref null 0)) (array.set 0 (local.get 0) (i32.const 1) (i32.const 2))))
  "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.set breaks Expand, as it does not change
(assert_invalid (module (type (array i8)) (func (param (ref null 0)) (array.set 0 (local.get 0) (i32.const 1) (i32.const 2))))
  "immutable array: type 0")
;; rule: Instr_ok/array.set breaks (REF NULL (_IDX x)) I32 $unpack(zt) -> eps
(assert_invalid (module (type (array (mut i8))) (func (param (ref null 0)) (array.set 0 (local.get 0) (i32.const 1) (i64.const 2))))
  "type mismatch: array.set expected i32 for operand 3, found i64")

;; rule: Instr_ok/array.len reaches
(module (type (array i8)) (func (param (ref 0)) (result i32) (array.len (local.get 0))))
;; rule: Instr_ok/array.len breaks (REF NULL ARRAY) -> I32
(assert_invalid (module (func (param eqref) (result i32) (array.len (local.get 0))))
  "type mismatch: array.len expected (ref null array) for operand 1, found (ref null eq)")

;; rule: Instr_ok/array.fill reaches
(module (type (array (mut i8))) (func (param (ref null 0)) (array.fill 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3))))
;; rule: Instr_ok/array.fill breaks Expand
(assert_invalid (module (type (struct)) (func (param (ref null 0)) (array.fill 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3))))
  "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.fill breaks Expand, as it does not change
(assert_invalid (module (type (array i8)) (func (param (ref null 0)) (array.fill 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3))))
  "immutable array: type 0")
;; rule: Instr_ok/array.fill breaks (REF NULL (_IDX x)) I32 $unpack(zt) I32 -> eps
(assert_invalid (module (type (array (mut i8))) (func (param (ref null 0))
  (array.fill 0 (local.get 0) (i32.const 1) (i64.const 2) (i32.const 3))))
  "type mismatch: array.fill expected i32 for operand 3, found i64")

;; rule: Instr_ok/array.copy reaches
(module (type (array (mut eqref))) (type (array i31ref)) (func (param (ref null 0) (ref null 1))
  (array.copy 0 1 (local.get 0) (i32.const 1) (local.get 1) (i32.const 2) (i32.const 3))))
;; rule: Instr_ok/array.copy breaks Expand, of the first
(assert_invalid (module (type (struct)) (type (array i31ref)) (func (param (ref null 0) (ref null 1))
  (array.copy 0 1 (local.get 0) (i32.const 1) (local.get 1) (i32.const 2) (i32.const 3))))
  "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.copy breaks Expand, as the first does not change
(assert_invalid (module (type (array eqref)) (type (array i31ref)) (func (param (ref null 0) (ref null 1))
  (array.copy 0 1 (local.get 0) (i32.const 1) (local.get 1) (i32.const 2) (i32.const 3)))) "immutable array: type 0")
;; rule: Instr_ok/array.copy breaks Expand, of the second
(assert_invalid (module (type (array (mut eqref))) (type (struct)) (func (param (ref null 0) (ref null 1))
  (array.copy 0 1 (local.get 0) (i32.const 1) (local.get 1) (i32.const 2) (i32.const 3))))
  "type mismatch: type 1 is not an array type")
;; rule: Instr_ok/array.copy breaks Storagetype_sub
(assert_invalid (module (type (array (mut eqref))) (type (array anyref)) (func (param (ref null 0) (ref null 1))
  (array.copy 0 1 (local.get 0) (i32.const 1) (local.get 1) (i32.const 2) (i32.const 3))))
  "array types do not match: from type 1 to type 0")

;; rule: Instr_ok/array.init_elem reaches
(module (type (array (mut eqref))) (elem i31ref) (func (param (ref null 0))
  (array.init_elem 0 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3))))
;; rule: Instr_ok/array.init_elem breaks Expand
(assert_invalid (module (type (struct)) (elem i31ref) (func (param (ref null 0))
  (array.init_elem 0 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3)))) "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.init_elem breaks Expand, as it does not change
(assert_invalid (module (type (array eqref)) (elem i31ref) (func (param (ref null 0))
  (array.init_elem 0 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3)))) "immutable array: type 0")
;; rule: Instr_ok/array.init_elem breaks Storagetype_sub
(assert_invalid (module (type (array (mut eqref))) (elem anyref) (func (param (ref null 0))
  (array.init_elem 0 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3))))
  "type mismatch: array.init_elem of (ref null any) into an array of (ref null eq)")

;; rule: Instr_ok/array.init_data reaches
(module (type (array (mut i16))) (data "") (func (param (ref null 0))
  (array.init_data 0 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3))))
;; rule: Instr_ok/array.init_data breaks Expand
(assert_invalid (module (type (struct)) (data "") (func (param (ref null 0))
  (array.init_data 0 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3)))) "type mismatch: type 0 is not an array type")
;; rule: Instr_ok/array.init_data breaks Expand, as it does not change
(assert_invalid (module (type (array i16)) (data "") (func (param (ref null 0))
  (array.init_data 0 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3)))) "immutable array: type 0")
;; rule: Instr_ok/array.init_data breaks $unpack(zt) = numtype \/ $unpack(zt) = vectype
(assert_invalid (module (type (array (mut anyref))) (data "") (func (param (ref null 0))
  (array.init_data 0 0 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3)))) "array type is not numeric or vector: type 0")
;; rule: Instr_ok/array.init_data breaks C.DATAS[y] = OK
(assert_invalid (module (type (array (mut i16))) (data "") (func (param (ref null 0))
  (array.init_data 0 1 (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3)))) "unknown data segment 1; there are 1")

;; ---- Variables. What is common has a quick way where each local has a value from the start.

;; rule: Instr_ok/local.get reaches
(module (func (param i64) (result i64) (local.get 0)) (func (param i64) (result i64) (local (ref any)) (local.get 0)))
;; rule: Instr_ok/local.get breaks C.LOCALS[x] = SET t, as there is none
(assert_invalid (module (func (drop (local.get 0)))) "unknown local 0; there are 0")
;; rule: Instr_ok/local.get breaks C.LOCALS[x] = SET t, as it has no value yet
(assert_invalid (module (func (local (ref any)) (drop (local.get 0)))) "uninitialized local 0")

;; rule: Instr_ok/local.set reaches
(module (func (param i64) (local.set 0 (i64.const 1)))
  (func (param (ref any)) (result (ref any)) (local (ref any)) (local.set 1 (local.get 0)) (local.get 1)))
;; rule: Instr_ok/local.set breaks C.LOCALS[x] = init t, as there is none
(assert_invalid (module (func (local.set 0 (i32.const 1)))) "unknown local 0; there are 0")
;; rule: Instr_ok/local.set breaks t ->_(x) eps
(assert_invalid (module (func (param i64) (local.set 0 (i32.const 1))))
  "type mismatch: local.set expected i64 for operand 1, found i32")

;; rule: Instr_ok/local.tee reaches
(module (func (param i64) (result i64) (local.tee 0 (i64.const 1)))
  (func (param (ref any)) (result (ref any)) (local (ref any)) (drop (local.tee 1 (local.get 0))) (local.get 1)))
;; rule: Instr_ok/local.tee breaks C.LOCALS[x] = init t, as there is none
(assert_invalid (module (func (drop (local.tee 0 (i32.const 1))))) "unknown local 0; there are 0")
;; rule: Instr_ok/local.tee breaks t ->_(x) t
(assert_invalid (module (func (param i64) (drop (local.tee 0 (i32.const 1)))))
  "type mismatch: local.tee expected i64 for operand 1, found i32")

;; rule: Instr_ok/global.get reaches
(module (global (mut i64) (i64.const 1)) (func (result i64) (global.get 0)))
;; rule: Instr_ok/global.get breaks C.GLOBALS[x] = mut? t
(assert_invalid (module (func (drop (global.get 0)))) "unknown global 0; there are 0")

;; rule: Instr_ok/global.set reaches
(module (global (mut i64) (i64.const 1)) (func (global.set 0 (i64.const 2))))
;; rule: Instr_ok/global.set breaks C.GLOBALS[x] = MUT t, as there is none
(assert_invalid (module (func (global.set 0 (i64.const 2)))) "unknown global 0; there are 0")
;; rule: Instr_ok/global.set breaks C.GLOBALS[x] = MUT t, as it does not change
(assert_invalid (module (global i64 (i64.const 1)) (func (global.set 0 (i64.const 2)))) "immutable global 0")
;; rule: Instr_ok/global.set breaks t -> eps
(assert_invalid (module (global (mut i64) (i64.const 1)) (func (global.set 0 (i32.const 2))))
  "type mismatch: global.set expected i64 for operand 1, found i32")

;; ---- Tables

;; rule: Instr_ok/table.get reaches
(module (table 0 externref) (table i64 0 funcref) (func (result externref funcref)
  (table.get 0 (i32.const 1)) (table.get 1 (i64.const 1))))
;; rule: Instr_ok/table.get breaks C.TABLES[x] = at lim rt
(assert_invalid (module (func (drop (table.get 0 (i32.const 1))))) "unknown table 0; there are 0")
;; rule: Instr_ok/table.get breaks at -> rt
(assert_invalid (module (table i64 0 externref) (func (drop (table.get 0 (i32.const 1)))))
  "type mismatch: table.get expected i64 for operand 1, found i32")

;; rule: Instr_ok/table.set reaches
(module (table i64 0 externref) (func (param externref) (table.set 0 (i64.const 1) (local.get 0))))
;; rule: Instr_ok/table.set breaks C.TABLES[x] = at lim rt
(assert_invalid (module (func (param externref) (table.set 0 (i32.const 1) (local.get 0)))) "unknown table 0; there are 0")
;; rule: Instr_ok/table.set breaks at rt -> eps
(assert_invalid (module (table 0 externref) (func (param funcref) (table.set 0 (i32.const 1) (local.get 0))))
  "type mismatch: table.set expected (ref null extern) for operand 2, found (ref null func)")

;; rule: Instr_ok/table.size reaches
(module (table 0 externref) (table i64 0 externref) (func (result i32 i64) (table.size 0) (table.size 1)))
;; rule: Instr_ok/table.size breaks C.TABLES[x] = at lim rt
(assert_invalid (module (func (drop (table.size 0)))) "unknown table 0; there are 0")

;; rule: Instr_ok/table.grow reaches
(module (table i64 0 externref) (func (param externref) (result i64) (table.grow 0 (local.get 0) (i64.const 1))))
;; rule: Instr_ok/table.grow breaks C.TABLES[x] = at lim rt
(assert_invalid (module (func (param externref) (drop (table.grow 0 (local.get 0) (i32.const 1)))))
  "unknown table 0; there are 0")
;; rule: Instr_ok/table.grow breaks rt at -> at
(assert_invalid (module (table 0 externref) (func (param externref) (drop (table.grow 0 (local.get 0) (i64.const 1)))))
  "type mismatch: table.grow expected i32 for operand 2, found i64")

;; rule: Instr_ok/table.fill reaches
(module (table i64 0 externref) (func (param externref) (table.fill 0 (i64.const 1) (local.get 0) (i64.const 2))))
;; rule: Instr_ok/table.fill breaks C.TABLES[x] = at lim rt
(assert_invalid (module (func (param externref) (table.fill 0 (i32.const 1) (local.get 0) (i32.const 2))))
  "unknown table 0; there are 0")
;; rule: Instr_ok/table.fill breaks at rt at -> eps
(assert_invalid (module (table i64 0 externref) (func (param externref) (table.fill 0 (i64.const 1) (local.get 0) (i32.const 2))))
  "type mismatch: table.fill expected i64 for operand 3, found i32")

;; rule: Instr_ok/table.copy reaches
(module (table i64 0 eqref) (table 0 i31ref) (func (table.copy 0 1 (i64.const 1) (i32.const 2) (i32.const 3))))
;; rule: Instr_ok/table.copy breaks C.TABLES[x_1] = at_1 lim_1 rt_1
(assert_invalid (module (table 0 i31ref) (func (table.copy 1 0 (i64.const 1) (i32.const 2) (i32.const 3))))
  "unknown table 1; there are 1")
;; rule: Instr_ok/table.copy breaks C.TABLES[x_2] = at_2 lim_2 rt_2
(assert_invalid (module (table i64 0 eqref) (func (table.copy 0 1 (i64.const 1) (i32.const 2) (i32.const 3))))
  "unknown table 1; there are 1")
;; rule: Instr_ok/table.copy breaks Reftype_sub
(assert_invalid (module (table i64 0 eqref) (table 0 anyref) (func (table.copy 0 1 (i64.const 1) (i32.const 2) (i32.const 3))))
  "type mismatch: table.copy of (ref null any) into a table of (ref null eq)")
;; rule: Instr_ok/table.copy breaks at_1 at_2 $minat(at_1, at_2) -> eps
(assert_invalid (module (table i64 0 eqref) (table 0 i31ref) (func (table.copy 0 1 (i64.const 1) (i32.const 2) (i64.const 3))))
  "type mismatch: table.copy expected i32 for operand 3, found i64")

;; rule: Instr_ok/table.init reaches
(module (table i64 0 eqref) (elem i31ref) (func (table.init 0 0 (i64.const 1) (i32.const 2) (i32.const 3))))
;; rule: Instr_ok/table.init breaks C.TABLES[x] = at lim rt_1
(assert_invalid (module (elem i31ref) (func (table.init 0 0 (i64.const 1) (i32.const 2) (i32.const 3))))
  "unknown table 0; there are 0")
;; rule: Instr_ok/table.init breaks C.ELEMS[y] = rt_2
(assert_invalid (module (table i64 0 eqref) (func (table.init 0 0 (i64.const 1) (i32.const 2) (i32.const 3))))
  "unknown elem segment 0; there are 0")
;; rule: Instr_ok/table.init breaks Reftype_sub
(assert_invalid (module (table i64 0 eqref) (elem anyref) (func (table.init 0 0 (i64.const 1) (i32.const 2) (i32.const 3))))
  "type mismatch: table.init of (ref null any) into a table of (ref null eq)")
;; rule: Instr_ok/table.init breaks at I32 I32 -> eps
(assert_invalid (module (table i64 0 eqref) (elem i31ref) (func (table.init 0 0 (i64.const 1) (i64.const 2) (i32.const 3))))
  "type mismatch: table.init expected i32 for operand 2, found i64")

;; rule: Instr_ok/elem.drop reaches
(module (elem i31ref) (func (elem.drop 0)))
;; rule: Instr_ok/elem.drop breaks C.ELEMS[x] = rt
(assert_invalid (module (elem i31ref) (func (elem.drop 1))) "unknown elem segment 1; there are 1")

;; ---- Memories

;; rule: Memarg_ok reaches
(module (memory 1) (memory i64 1) (func (result i64 i32)
  (i64.load offset=0xffff_ffff align=8 (i32.const 1)) (i32.load 1 offset=0x1_0000_0000 align=1 (i64.const 1))))
;; rule: Memarg_ok breaks $(2^n <= N/8)
(assert_invalid (module (memory 1) (func (drop (i32.load align=8 (i32.const 1)))))
  "alignment must not be larger than natural: 2^3, at most 4")
;; rule: Memarg_ok breaks $(m < 2^$size(at))
(assert_invalid (module (memory 1) (func (drop (i32.load offset=0x1_0000_0000 (i32.const 1)))))
  "offset out of range: 0x100000000 in a 32-bit memory")

;; rule: Instr_ok/memory.size reaches
(module (memory 1) (memory i64 1) (func (result i32 i64) (memory.size 0) (memory.size 1)))
;; rule: Instr_ok/memory.size breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (drop (memory.size)))) "unknown memory 0; there are 0")

;; rule: Instr_ok/memory.grow reaches
(module (memory i64 1) (func (result i64) (memory.grow (i64.const 1))))
;; rule: Instr_ok/memory.grow breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (drop (memory.grow (i32.const 1))))) "unknown memory 0; there are 0")
;; rule: Instr_ok/memory.grow breaks at -> at
(assert_invalid (module (memory i64 1) (func (drop (memory.grow (i32.const 1)))))
  "type mismatch: memory.grow expected i64 for operand 1, found i32")

;; rule: Instr_ok/memory.fill reaches
(module (memory i64 1) (func (memory.fill (i64.const 1) (i32.const 2) (i64.const 3))))
;; rule: Instr_ok/memory.fill breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (memory.fill (i32.const 1) (i32.const 2) (i32.const 3)))) "unknown memory 0; there are 0")
;; rule: Instr_ok/memory.fill breaks at I32 at -> eps
(assert_invalid (module (memory i64 1) (func (memory.fill (i64.const 1) (i32.const 2) (i32.const 3))))
  "type mismatch: memory.fill expected i64 for operand 3, found i32")

;; rule: Instr_ok/memory.copy reaches
(module (memory 1) (memory i64 1) (func (memory.copy 0 1 (i32.const 1) (i64.const 2) (i32.const 3))))
;; rule: Instr_ok/memory.copy breaks C.MEMS[x_1] = at_1 lim_1 PAGE
(assert_invalid (module (memory 1) (func (memory.copy 1 0 (i32.const 1) (i32.const 2) (i32.const 3))))
  "unknown memory 1; there are 1")
;; rule: Instr_ok/memory.copy breaks C.MEMS[x_2] = at_2 lim_2 PAGE
(assert_invalid (module (memory 1) (func (memory.copy 0 1 (i32.const 1) (i32.const 2) (i32.const 3))))
  "unknown memory 1; there are 1")
;; rule: Instr_ok/memory.copy breaks at_1 at_2 $minat(at_1, at_2) -> eps
(assert_invalid (module (memory 1) (memory i64 1) (func (memory.copy 0 1 (i32.const 1) (i64.const 2) (i64.const 3))))
  "type mismatch: memory.copy expected i32 for operand 3, found i64")

;; rule: Instr_ok/memory.init reaches
(module (memory i64 1) (data "") (func (memory.init 0 (i64.const 1) (i32.const 2) (i32.const 3))))
;; rule: Instr_ok/memory.init breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (data "") (func (memory.init 0 (i32.const 1) (i32.const 2) (i32.const 3))))
  "unknown memory 0; there are 0")
;; rule: Instr_ok/memory.init breaks C.DATAS[y] = OK
(assert_invalid (module (memory i64 1) (data "") (func (memory.init 1 (i64.const 1) (i32.const 2) (i32.const 3))))
  "unknown data segment 1; there are 1")
;; rule: Instr_ok/memory.init breaks at I32 I32 -> eps
(assert_invalid (module (memory i64 1) (data "") (func (memory.init 0 (i64.const 1) (i64.const 2) (i32.const 3))))
  "type mismatch: memory.init expected i32 for operand 2, found i64")

;; rule: Instr_ok/data.drop reaches
(module (data "") (func (data.drop 0)))
;; rule: Instr_ok/data.drop breaks C.DATAS[x] = OK
(assert_invalid (module (data "") (func (data.drop 1))) "unknown data segment 1; there are 1")

;; The rules for load and store say together what those behind them say of whole numbers and of parts.
;; rule: Instr_ok/load reaches
;; rule: Instr_ok/load-val reaches
(module (memory 1) (memory i64 1) (func (result i32 i64) (i32.load (i32.const 1)) (i64.load 1 (i64.const 1))))
;; rule: Instr_ok/load breaks C.MEMS[x] = at lim PAGE
;; rule: Instr_ok/load-val breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (drop (i32.load (i32.const 1))))) "unknown memory 0; there are 0")
;; rule: Instr_ok/load breaks $(2^(memarg.ALIGN) <= $size(nt)/8)
;; rule: Instr_ok/load-val breaks Memarg_ok
(assert_invalid (module (memory 1) (func (drop (i32.load align=8 (i32.const 1)))))
  "alignment must not be larger than natural: 2^3, at most 4")
;; rule: Instr_ok/load breaks at -> nt
;; rule: Instr_ok/load-val breaks at -> nt
(assert_invalid (module (memory i64 1) (func (drop (i32.load (i32.const 1)))))
  "type mismatch: i32.load expected i64 for operand 1, found i32")
;; rule: Instr_ok/load reaches
;; rule: Instr_ok/load-pack reaches
(module (memory 1) (func (result i32 i64) (i32.load8_s (i32.const 1)) (i64.load32_u (i32.const 1))))
;; rule: Instr_ok/load-pack breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (drop (i32.load8_s (i32.const 1))))) "unknown memory 0; there are 0")
;; rule: Instr_ok/load breaks $(2^(memarg.ALIGN) <= N/8 < $size(nt)/8)?
;; rule: Instr_ok/load-pack breaks Memarg_ok
(assert_invalid (module (memory 1) (func (drop (i32.load8_s align=2 (i32.const 1)))))
  "alignment must not be larger than natural: 2^1, at most 1")

;; rule: Instr_ok/store reaches
;; rule: Instr_ok/store-val reaches
(module (memory 1) (memory i64 1) (func (i32.store (i32.const 1) (i32.const 2)) (i64.store 1 (i64.const 1) (i64.const 2))))
;; rule: Instr_ok/store breaks C.MEMS[x] = at lim PAGE
;; rule: Instr_ok/store-val breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (i32.store (i32.const 1) (i32.const 2)))) "unknown memory 0; there are 0")
;; rule: Instr_ok/store breaks $(2^(memarg.ALIGN) <= $size(nt)/8)
;; rule: Instr_ok/store-val breaks Memarg_ok
(assert_invalid (module (memory 1) (func (i32.store align=8 (i32.const 1) (i32.const 2))))
  "alignment must not be larger than natural: 2^3, at most 4")
;; rule: Instr_ok/store breaks at nt -> eps
;; rule: Instr_ok/store-val breaks at nt -> eps
(assert_invalid (module (memory 1) (func (i32.store (i32.const 1) (i64.const 2))))
  "type mismatch: i32.store expected i32 for operand 2, found i64")
;; rule: Instr_ok/store reaches
;; rule: Instr_ok/store-pack reaches
(module (memory 1) (func (i32.store8 (i32.const 1) (i32.const 2)) (i64.store32 (i32.const 1) (i64.const 2))))
;; rule: Instr_ok/store-pack breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (i32.store8 (i32.const 1) (i32.const 2)))) "unknown memory 0; there are 0")
;; rule: Instr_ok/store breaks $(2^(memarg.ALIGN) <= K/8 < $size(nt)/8)?
;; rule: Instr_ok/store-pack breaks Memarg_ok
(assert_invalid (module (memory 1) (func (i32.store8 align=2 (i32.const 1) (i32.const 2))))
  "alignment must not be larger than natural: 2^1, at most 1")

;; rule: Instr_ok/vload-val reaches
(module (memory 1) (func (result v128) (v128.load (i32.const 1))))
;; rule: Instr_ok/vload-val breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (drop (v128.load (i32.const 1))))) "unknown memory 0; there are 0")
;; rule: Instr_ok/vload-val breaks Memarg_ok
(assert_invalid (module (memory 1) (func (drop (v128.load align=32 (i32.const 1)))))
  "alignment must not be larger than natural: 2^5, at most 16")
;; rule: Instr_ok/vload-pack reaches
(module (memory 1) (func (result v128) (v128.load8x8_s (i32.const 1))))
;; rule: Instr_ok/vload-pack breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (drop (v128.load8x8_s (i32.const 1))))) "unknown memory 0; there are 0")
;; rule: Instr_ok/vload-pack breaks Memarg_ok
(assert_invalid (module (memory 1) (func (drop (v128.load8x8_s align=16 (i32.const 1)))))
  "alignment must not be larger than natural: 2^4, at most 8")
;; rule: Instr_ok/vload-splat reaches
(module (memory 1) (func (result v128) (v128.load8_splat (i32.const 1))))
;; rule: Instr_ok/vload-splat breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (drop (v128.load8_splat (i32.const 1))))) "unknown memory 0; there are 0")
;; rule: Instr_ok/vload-splat breaks Memarg_ok
(assert_invalid (module (memory 1) (func (drop (v128.load8_splat align=2 (i32.const 1)))))
  "alignment must not be larger than natural: 2^1, at most 1")
;; rule: Instr_ok/vload-zero reaches
(module (memory 1) (func (result v128) (v128.load32_zero (i32.const 1))))
;; rule: Instr_ok/vload-zero breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (drop (v128.load32_zero (i32.const 1))))) "unknown memory 0; there are 0")
;; rule: Instr_ok/vload-zero breaks Memarg_ok
(assert_invalid (module (memory 1) (func (drop (v128.load32_zero align=8 (i32.const 1)))))
  "alignment must not be larger than natural: 2^3, at most 4")
;; rule: Instr_ok/vload_lane reaches
(module (memory 1) (func (param v128) (result v128) (v128.load8_lane 15 (i32.const 1) (local.get 0))))
;; rule: Instr_ok/vload_lane breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (param v128) (drop (v128.load8_lane 15 (i32.const 1) (local.get 0)))))
  "unknown memory 0; there are 0")
;; rule: Instr_ok/vload_lane breaks Memarg_ok
(assert_invalid (module (memory 1) (func (param v128) (drop (v128.load8_lane align=2 15 (i32.const 1) (local.get 0)))))
  "alignment must not be larger than natural: 2^1, at most 1")
;; rule: Instr_ok/vload_lane breaks $(i < 128/N)
(assert_invalid (module (memory 1) (func (param v128) (drop (v128.load8_lane 16 (i32.const 1) (local.get 0)))))
  "invalid lane index: 16 of 16")
;; rule: Instr_ok/vstore reaches
(module (memory 1) (func (param v128) (v128.store (i32.const 1) (local.get 0))))
;; rule: Instr_ok/vstore breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (param v128) (v128.store (i32.const 1) (local.get 0)))) "unknown memory 0; there are 0")
;; rule: Instr_ok/vstore breaks Memarg_ok
(assert_invalid (module (memory 1) (func (param v128) (v128.store align=32 (i32.const 1) (local.get 0))))
  "alignment must not be larger than natural: 2^5, at most 16")
;; rule: Instr_ok/vstore_lane reaches
(module (memory 1) (func (param v128) (v128.store8_lane 15 (i32.const 1) (local.get 0))))
;; rule: Instr_ok/vstore_lane breaks C.MEMS[x] = at lim PAGE
(assert_invalid (module (func (param v128) (v128.store8_lane 15 (i32.const 1) (local.get 0)))) "unknown memory 0; there are 0")
;; rule: Instr_ok/vstore_lane breaks Memarg_ok
(assert_invalid (module (memory 1) (func (param v128) (v128.store8_lane align=2 15 (i32.const 1) (local.get 0))))
  "alignment must not be larger than natural: 2^1, at most 1")
;; rule: Instr_ok/vstore_lane breaks $(i < 128/N)
(assert_invalid (module (memory 1) (func (param v128) (v128.store8_lane 16 (i32.const 1) (local.get 0))))
  "invalid lane index: 16 of 16")

;; ---- Numbers. Each rule is for many rows of op.def; the first is asked for.

;; rule: Instr_ok/const reaches
(module (func (result i32 i64 f32 f64) (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4)))
;; rule: Instr_ok/const breaks eps -> nt
(assert_invalid (module (func (result i32) (i64.const 1))) "type mismatch: end expected i32 for operand 1, found i64")
;; rule: Instr_ok/unop reaches
(module (func (param i32) (result i32) (i32.clz (local.get 0))))
;; rule: Instr_ok/unop breaks nt -> nt
(assert_invalid (module (func (param i64) (result i32) (i32.clz (local.get 0))))
  "type mismatch: i32.clz expected i32 for operand 1, found i64")
;; rule: Instr_ok/binop reaches
(module (func (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
;; rule: Instr_ok/binop breaks nt nt -> nt
(assert_invalid (module (func (param i32 i64) (result i32) (i32.add (local.get 0) (local.get 1))))
  "type mismatch: i32.add expected i32 for operand 2, found i64")
;; rule: Instr_ok/testop reaches
(module (func (param i32) (result i32) (i32.eqz (local.get 0))))
;; rule: Instr_ok/testop breaks nt -> I32
(assert_invalid (module (func (param i64) (result i32) (i32.eqz (local.get 0))))
  "type mismatch: i32.eqz expected i32 for operand 1, found i64")
;; rule: Instr_ok/relop reaches
(module (func (param i32 i32) (result i32) (i32.eq (local.get 0) (local.get 1))))
;; rule: Instr_ok/relop breaks nt nt -> I32
(assert_invalid (module (func (param i64 i32) (result i32) (i32.eq (local.get 0) (local.get 1))))
  "type mismatch: i32.eq expected i32 for operand 1, found i64")
;; rule: Instr_ok/cvtop reaches
(module (func (param i64) (result i32) (i32.wrap_i64 (local.get 0))))
;; rule: Instr_ok/cvtop breaks nt_2 -> nt_1
(assert_invalid (module (func (param i32) (result i32) (i32.wrap_i64 (local.get 0))))
  "type mismatch: i32.wrap_i64 expected i64 for operand 1, found i32")

;; ---- Vectors. Likewise of simd.def.

;; rule: Instr_ok/vconst reaches
(module (func (result v128) (v128.const i64x2 1 2)))
;; rule: Instr_ok/vconst breaks eps -> V128
(assert_invalid (module (func (result i64) (v128.const i64x2 1 2))) "type mismatch: end expected i64 for operand 1, found v128")
;; rule: Instr_ok/vvunop reaches
(module (func (param v128) (result v128) (v128.not (local.get 0))))
;; rule: Instr_ok/vvunop breaks V128 -> V128
(assert_invalid (module (func (param i64) (result v128) (v128.not (local.get 0))))
  "type mismatch: v128.not expected v128 for operand 1, found i64")
;; rule: Instr_ok/vvbinop reaches
(module (func (param v128 v128) (result v128) (v128.and (local.get 0) (local.get 1))))
;; rule: Instr_ok/vvbinop breaks V128 V128 -> V128
(assert_invalid (module (func (param v128 i64) (result v128) (v128.and (local.get 0) (local.get 1))))
  "type mismatch: v128.and expected v128 for operand 2, found i64")
;; rule: Instr_ok/vvternop reaches
(module (func (param v128 v128 v128) (result v128) (v128.bitselect (local.get 0) (local.get 1) (local.get 2))))
;; rule: Instr_ok/vvternop breaks V128 V128 V128 -> V128
(assert_invalid (module (func (param i64 v128 v128) (result v128) (v128.bitselect (local.get 0) (local.get 1) (local.get 2))))
  "type mismatch: v128.bitselect expected v128 for operand 1, found i64")
;; rule: Instr_ok/vvtestop reaches
(module (func (param v128) (result i32) (v128.any_true (local.get 0))))
;; rule: Instr_ok/vvtestop breaks V128 -> I32
(assert_invalid (module (func (param i32) (result i32) (v128.any_true (local.get 0))))
  "type mismatch: v128.any_true expected v128 for operand 1, found i32")
;; rule: Instr_ok/vunop reaches
(module (func (param v128) (result v128) (i8x16.abs (local.get 0))))
;; rule: Instr_ok/vunop breaks V128 -> V128
(assert_invalid (module (func (param i64) (result v128) (i8x16.abs (local.get 0))))
  "type mismatch: i8x16.abs expected v128 for operand 1, found i64")
;; rule: Instr_ok/vbinop reaches
(module (func (param v128 v128) (result v128) (i8x16.add (local.get 0) (local.get 1))))
;; rule: Instr_ok/vbinop breaks V128 V128 -> V128
(assert_invalid (module (func (param i32 v128) (result v128) (i8x16.add (local.get 0) (local.get 1))))
  "type mismatch: i8x16.add expected v128 for operand 1, found i32")
;; rule: Instr_ok/vternop reaches
(module (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2))))
;; rule: Instr_ok/vternop breaks V128 V128 V128 -> V128
(assert_invalid (module (func (param v128 v128 f32) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2))))
  "type mismatch: f32x4.relaxed_madd expected v128 for operand 3, found f32")
;; rule: Instr_ok/vtestop reaches
(module (func (param v128) (result i32) (i8x16.all_true (local.get 0))))
;; rule: Instr_ok/vtestop breaks V128 -> I32
(assert_invalid (module (func (param i32) (result i32) (i8x16.all_true (local.get 0))))
  "type mismatch: i8x16.all_true expected v128 for operand 1, found i32")
;; rule: Instr_ok/vrelop reaches
(module (func (param v128 v128) (result v128) (i8x16.eq (local.get 0) (local.get 1))))
;; rule: Instr_ok/vrelop breaks V128 V128 -> V128
(assert_invalid (module (func (param v128 i32) (result v128) (i8x16.eq (local.get 0) (local.get 1))))
  "type mismatch: i8x16.eq expected v128 for operand 2, found i32")
;; rule: Instr_ok/vshiftop reaches
(module (func (param v128 i32) (result v128) (i8x16.shl (local.get 0) (local.get 1))))
;; rule: Instr_ok/vshiftop breaks V128 I32 -> V128
(assert_invalid (module (func (param v128 v128) (result v128) (i8x16.shl (local.get 0) (local.get 1))))
  "type mismatch: i8x16.shl expected i32 for operand 2, found v128")
;; rule: Instr_ok/vbitmask reaches
(module (func (param v128) (result i32) (i8x16.bitmask (local.get 0))))
;; rule: Instr_ok/vbitmask breaks V128 -> I32
(assert_invalid (module (func (param i32) (result i32) (i8x16.bitmask (local.get 0))))
  "type mismatch: i8x16.bitmask expected v128 for operand 1, found i32")
;; rule: Instr_ok/vswizzlop reaches
(module (func (param v128 v128) (result v128) (i8x16.swizzle (local.get 0) (local.get 1))))
;; rule: Instr_ok/vswizzlop breaks V128 V128 -> V128
(assert_invalid (module (func (param v128 i32) (result v128) (i8x16.swizzle (local.get 0) (local.get 1))))
  "type mismatch: i8x16.swizzle expected v128 for operand 2, found i32")
;; rule: Instr_ok/vshuffle reaches
(module (func (param v128 v128) (result v128) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31 (local.get 0) (local.get 1))))
;; rule: Instr_ok/vshuffle breaks $(i < 2*$dim(sh))
(assert_invalid (module (func (param v128 v128) (result v128)
  (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 32 (local.get 0) (local.get 1)))) "invalid lane index: 32 of 32")
;; rule: Instr_ok/vsplat reaches
(module (func (param i32) (result v128) (i8x16.splat (local.get 0))))
;; rule: Instr_ok/vsplat breaks $unpackshape(sh) -> V128
(assert_invalid (module (func (param i64) (result v128) (i8x16.splat (local.get 0))))
  "type mismatch: i8x16.splat expected i32 for operand 1, found i64")
;; rule: Instr_ok/vextract_lane reaches
(module (func (param v128) (result i32) (i8x16.extract_lane_s 15 (local.get 0))))
;; rule: Instr_ok/vextract_lane breaks i < $dim(sh)
(assert_invalid (module (func (param v128) (result i32) (i8x16.extract_lane_s 16 (local.get 0)))) "invalid lane index: 16 of 16")
;; rule: Instr_ok/vextract_lane breaks V128 -> $unpackshape(sh)
(assert_invalid (module (func (param i32) (result i32) (i8x16.extract_lane_s 15 (local.get 0))))
  "type mismatch: i8x16.extract_lane_s expected v128 for operand 1, found i32")
;; rule: Instr_ok/vreplace_lane reaches
(module (func (param v128) (result v128) (i8x16.replace_lane 15 (local.get 0) (i32.const 1))))
;; rule: Instr_ok/vreplace_lane breaks i < $dim(sh)
(assert_invalid (module (func (param v128) (result v128) (i8x16.replace_lane 16 (local.get 0) (i32.const 1))))
  "invalid lane index: 16 of 16")
;; rule: Instr_ok/vreplace_lane breaks V128 $unpackshape(sh) -> V128
(assert_invalid (module (func (param v128) (result v128) (i8x16.replace_lane 15 (local.get 0) (i64.const 1))))
  "type mismatch: i8x16.replace_lane expected i32 for operand 2, found i64")
;; rule: Instr_ok/vextunop reaches
(module (func (param v128) (result v128) (i16x8.extadd_pairwise_i8x16_s (local.get 0))))
;; rule: Instr_ok/vextunop breaks V128 -> V128
(assert_invalid (module (func (param i64) (result v128) (i16x8.extadd_pairwise_i8x16_s (local.get 0))))
  "type mismatch: i16x8.extadd_pairwise_i8x16_s expected v128 for operand 1, found i64")
;; rule: Instr_ok/vextbinop reaches
(module (func (param v128 v128) (result v128) (i16x8.extmul_low_i8x16_s (local.get 0) (local.get 1))))
;; rule: Instr_ok/vextbinop breaks V128 V128 -> V128
(assert_invalid (module (func (param v128 i64) (result v128) (i16x8.extmul_low_i8x16_s (local.get 0) (local.get 1))))
  "type mismatch: i16x8.extmul_low_i8x16_s expected v128 for operand 2, found i64")
;; rule: Instr_ok/vextternop reaches
(module (func (param v128 v128 v128) (result v128) (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))
;; rule: Instr_ok/vextternop breaks V128 V128 V128 -> V128
(assert_invalid (module (func (param v128 v128 i32) (result v128) (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))
  "type mismatch: i32x4.relaxed_dot_i8x16_i7x16_add_s expected v128 for operand 3, found i32")
;; rule: Instr_ok/vnarrow reaches
(module (func (param v128 v128) (result v128) (i8x16.narrow_i16x8_s (local.get 0) (local.get 1))))
;; rule: Instr_ok/vnarrow breaks V128 V128 -> V128
(assert_invalid (module (func (param i32 v128) (result v128) (i8x16.narrow_i16x8_s (local.get 0) (local.get 1))))
  "type mismatch: i8x16.narrow_i16x8_s expected v128 for operand 1, found i32")
;; rule: Instr_ok/vcvtop reaches
(module (func (param v128) (result v128) (i16x8.extend_low_i8x16_s (local.get 0))))
;; rule: Instr_ok/vcvtop breaks V128 -> V128
(assert_invalid (module (func (param i64) (result v128) (i16x8.extend_low_i8x16_s (local.get 0))))
  "type mismatch: i16x8.extend_low_i8x16_s expected v128 for operand 1, found i64")

;; ---- Sequences

;; rule: Instrs_ok/empty reaches
(module (func) (func (block)) (func (param i32) (result i32 i32) (local.get 0) (local.get 0) (block (param i32 i32) (result i32 i32))))
;; rule: Instrs_ok/empty breaks eps -> eps
(assert_invalid (module (func (block (result i32)) drop)) "type mismatch: end expected i32 for operand 1, found nothing")

;; rule: Instrs_ok/instr reaches
(module (func nop))
;; rule: Instrs_ok/instr breaks Instr_ok
(assert_invalid (module (func (br 1))) "unknown label 1; there are 1")

;; rule: Instrs_ok/seq reaches
(module (func (local (ref i31)) (local.set 0 (ref.i31 (i32.const 1))) (drop (local.get 0))))
;; rule: Instrs_ok/seq breaks Instrs_ok, of the first
(assert_invalid (module (func (local (ref i31)) (local.set 0 (i32.const 1)) nop))
  "type mismatch: local.set expected (ref i31) for operand 1, found i32")
;; rule: Instrs_ok/seq breaks Instrs_ok, of the second with the locals that the first set
(assert_invalid (module (func (local (ref i31)) nop (drop (local.get 0)))) "uninitialized local 0")
;; rule: Instrs_ok/seq breaks Instrs_ok, of the second with the values that the first left
(assert_invalid (module (func (i32.const 1) (drop (i64.eqz)))) "type mismatch: i64.eqz expected i64 for operand 1, found i32")
;; rule: Instrs_ok/seq breaks C.LOCALS[x_1] = init t
(assert_invalid (module (func (local (ref i31)) (local.set 1 (ref.i31 (i32.const 1))) nop)) "unknown local 1; there are 1")

;; rule: Instrs_ok/sub reaches
(module (func (param i31ref) (result eqref) (local.get 0)))
;; rule: Instrs_ok/sub breaks Instrtype_sub
(assert_invalid (module (func (param eqref) (result i31ref) (local.get 0)))
  "type mismatch: end expected (ref null i31) for operand 1, found (ref null eq)")

;; rule: Instrs_ok/frame reaches
(module (func (param i64 i32) (result i64 i32) (local.get 0) (i32.clz (local.get 1))))
;; rule: Instrs_ok/frame breaks Instrs_ok, as a block does not reach below what it takes
(assert_invalid (module (func (param i64 i32) (result i64 i32) (local.get 0) (local.get 1) (block (result i32) i32.clz)))
  "type mismatch: i32.clz expected i32 for operand 1, found nothing")

;; rule: Expr_ok reaches
(module (func (result i32) (i32.const 1)))
;; rule: Expr_ok breaks Instrs_ok
(assert_invalid (module (func (result i32) (i32.const 1) (i32.const 2)))
  "type mismatch: at the end of the body 1 values too many are on the stack")

;; ---- Constant expressions

;; rule: Expr_const reaches
;; rule: Expr_ok_const reaches
(module (global i32 (i32.add (i32.const 1) (i32.const 2))))
;; rule: Expr_const breaks Instr_const
;; rule: Expr_ok_const breaks Expr_const
(assert_invalid (module (global i32 (i32.clz (i32.const 1))))
  "constant expression required: i32.clz is not allowed in a constant expression")
;; rule: Expr_ok_const breaks Expr_ok
(assert_invalid (module (global i32 (i64.add (i64.const 1) (i64.const 2))))
  "type mismatch: end expected i32 for operand 1, found i64")

;; rule: Instr_const/const reaches
(module (global i32 (i32.const 1)) (global f64 (f64.const 1)))
;; rule: Instr_const/vconst reaches
(module (global v128 (v128.const i64x2 1 2)))
;; rule: Instr_const/ref.null reaches
(module (global anyref (ref.null any)))
;; rule: Instr_const/ref.i31 reaches
(module (global i31ref (ref.i31 (i32.const 1))))
;; rule: Instr_const/ref.func reaches
(module (func) (global funcref (ref.func 0)))
;; rule: Instr_const/struct.new reaches
(module (type (struct (field i32))) (global (ref 0) (struct.new 0 (i32.const 1))))
;; rule: Instr_const/struct.new_default reaches
(module (type (struct (field i32))) (global (ref 0) (struct.new_default 0)))
;; rule: Instr_const/array.new reaches
(module (type (array i32)) (global (ref 0) (array.new 0 (i32.const 1) (i32.const 2))))
;; rule: Instr_const/array.new_default reaches
(module (type (array i32)) (global (ref 0) (array.new_default 0 (i32.const 2))))
;; rule: Instr_const/array.new_fixed reaches
(module (type (array i32)) (global (ref 0) (array.new_fixed 0 1 (i32.const 1))))
;; rule: Instr_const/any.convert_extern reaches
(module (global anyref (any.convert_extern (ref.null extern))))
;; rule: Instr_const/extern.convert_any reaches
(module (global externref (extern.convert_any (ref.null any))))
;; rule: Instr_const/const unbreakable: it has no premise
;; rule: Instr_const/vconst unbreakable: it has no premise
;; rule: Instr_const/ref.null unbreakable: it has no premise
;; rule: Instr_const/ref.i31 unbreakable: it has no premise
;; rule: Instr_const/ref.func unbreakable: it has no premise
;; rule: Instr_const/struct.new unbreakable: it has no premise
;; rule: Instr_const/struct.new_default unbreakable: it has no premise
;; rule: Instr_const/array.new unbreakable: it has no premise
;; rule: Instr_const/array.new_default unbreakable: it has no premise
;; rule: Instr_const/array.new_fixed unbreakable: it has no premise
;; rule: Instr_const/any.convert_extern unbreakable: it has no premise
;; rule: Instr_const/extern.convert_any unbreakable: it has no premise

;; rule: Instr_const/global.get reaches
(module (global i32 (i32.const 1)) (global i32 (global.get 0)))
;; rule: Instr_const/global.get breaks C.GLOBALS[x] = t
(assert_invalid (module (global (mut i32) (i32.const 1)) (global i32 (global.get 0)))
  "constant expression required: global 0 is mutable")

;; rule: Instr_const/binop reaches
(module (global i32 (i32.add (i32.const 1) (i32.const 2))) (global i64 (i64.sub (i64.mul (i64.const 1) (i64.const 2)) (i64.const 3))))
;; rule: Instr_const/binop breaks Inn <- I32 I64
(assert_invalid (module (global f32 (f32.add (f32.const 1) (f32.const 2))))
  "constant expression required: f32.add is not allowed in a constant expression")
;; rule: Instr_const/binop breaks binop <- ADD SUB MUL
(assert_invalid (module (global i32 (i32.and (i32.const 1) (i32.const 2))))
  "constant expression required: i32.and is not allowed in a constant expression")
