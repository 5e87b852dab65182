// rules_control.c -- parametric instructions, blocks, branches, calls, exceptions and traps.
//
// A rule is named after the one of the specification that it is, and says whether it applies.
// Values that a rule keeps while a context goes stay where they are.
// spec: exec/instructions

#include "formal/collect.h"

#include <assert.h>

bool Step_pure_unreachable(Config *c, const Instr *i) { return traps(c, TRAP_unreachable); }

bool Step_pure_nop(Config *c, const Instr *i) { return true; }

bool Step_pure_drop(Config *c, const Instr *i)
{
    pop(c, 1);
    return true;
}

// val_1 val_2 (CONST I32 c)
bool Step_pure_select_true(Config *c, const Instr *i)
{
    if (nth(c, 1)->bits == 0) return false;
    pop(c, 2);
    return true;
}

bool Step_pure_select_false(Config *c, const Instr *i)
{
    if (nth(c, 1)->bits != 0) return false;
    *nth(c, 3) = *nth(c, 2);
    pop(c, 2);
    return true;
}

// ---- Blocks

// In code it stands in front of what is in it; half of an `if` is x behind that.
static const Instr *in_code(const Instr *block)
{
    return block->first - (block->op == OP_if ? block->x : 1);
}

// (LABEL_ n {again} val^m instr*)
static bool enter_label(Config *c, const Instr *block, u32 arity, const Instr *again)
{
    enter(c, (Context){.kind = CONTEXT_label, .arity = arity, .at = block->first,
                       .end = block->first + block->y, .block = in_code(block), .again = again},
          block->params);
    return true;
}

bool Step_read_block(Config *c, const Instr *i) { return enter_label(c, i, i->results, NULL); }

bool Step_read_loop(Config *c, const Instr *i)
{
    return enter_label(c, i, i->params, in_code(i));
}

// The block is one of its halves.
bool Step_pure_if_true(Config *c, const Instr *i)
{
    if (nth(c, 1)->bits == 0) return false;
    Instr half = *i;
    half.redex = REDEX_block;
    half.x = 1;
    pop(c, 1);
    ahead(c, half);
    return true;
}

bool Step_pure_if_false(Config *c, const Instr *i)
{
    if (nth(c, 1)->bits != 0) return false;
    Instr half = *i;
    half.redex = REDEX_block;
    half.first = i->first - 1 + i->x;
    half.y = i->span - i->x;
    pop(c, 1);
    ahead(c, half);
    return true;
}

// (HANDLER_ n {catch*} (LABEL_ n {} val^m instr*))
bool Step_read_try_table(Config *c, const Instr *i)
{
    Context handler = {.kind = CONTEXT_handler, .arity = i->results, .block = in_code(i),
                       .clauses = i->clauses, .clause_count = i->clause_count};
    return !enter(c, handler, i->params) || enter_label(c, i, i->results, NULL);
}

bool Step_pure_label_vals(Config *c, const Instr *i) { return leaves(c, CONTEXT_label); }
// So does a legacy try, here and in what follows.
bool Step_pure_handler_vals(Config *c, const Instr *i)
{
    return leaves(c, CONTEXT_handler) || leaves(c, CONTEXT_try);
}
bool Step_pure_frame_vals(Config *c, const Instr *i)
{
    assert(innermost(c)->kind != CONTEXT_frame ||
           c->count - innermost(c)->height == innermost(c)->arity);
    return leaves(c, CONTEXT_frame);
}

// ---- Branches

bool Step_pure_br_label_zero(Config *c, const Instr *i)
{
    const Context label = *innermost(c);
    if (label.kind != CONTEXT_label || i->x != 0) return false;
    keep_last(c, label.arity);
    leave(c);
    if (label.again) ahead(c, *label.again);
    return true;
}

bool Step_pure_br_label_succ(Config *c, const Instr *i)
{
    if (innermost(c)->kind != CONTEXT_label || i->x == 0) return false;
    leave(c);
    ahead_plain(c, OP_br, i->x - 1);
    return true;
}

static bool passes_handler(Config *c, const Instr *i)
{
    return passes(c, i, CONTEXT_handler) || passes(c, i, CONTEXT_try);
}

bool Step_pure_br_handler(Config *c, const Instr *i) { return passes_handler(c, i); }

static bool branches(Config *c, u32 label)
{
    ahead_plain(c, OP_br, label);
    return true;
}

bool Step_pure_br_if_true(Config *c, const Instr *i)
{
    if (nth(c, 1)->bits == 0) return false;
    pop(c, 1);
    return branches(c, i->x);
}

bool Step_pure_br_if_false(Config *c, const Instr *i)
{
    if (nth(c, 1)->bits != 0) return false;
    pop(c, 1);
    return true;
}

bool Step_pure_br_table_lt(Config *c, const Instr *i)
{
    u64 at = nth(c, 1)->bits;
    if (at >= i->label_count) return false;
    pop(c, 1);
    return branches(c, i->labels[at]);
}

bool Step_pure_br_table_ge(Config *c, const Instr *i)
{
    if (nth(c, 1)->bits < i->label_count) return false;
    pop(c, 1);
    return branches(c, i->labels[i->label_count]);
}

bool Step_pure_br_on_null_null(Config *c, const Instr *i)
{
    if (!value_is_null(*nth(c, 1))) return false;
    pop(c, 1);
    return branches(c, i->x);
}

bool Step_pure_br_on_null_addr(Config *c, const Instr *i) { return !value_is_null(*nth(c, 1)); }

bool Step_pure_br_on_non_null_null(Config *c, const Instr *i)
{
    if (!value_is_null(*nth(c, 1))) return false;
    pop(c, 1);
    return true;
}

bool Step_pure_br_on_non_null_addr(Config *c, const Instr *i)
{
    return !value_is_null(*nth(c, 1)) && branches(c, i->x);
}

bool Step_read_br_on_cast_succeed(Config *c, const Instr *i)
{
    return ref_ok(c->store, *nth(c, 1), i->type) && branches(c, i->x);
}

bool Step_read_br_on_cast_fail(Config *c, const Instr *i)
{
    return !ref_ok(c->store, *nth(c, 1), i->type);
}

bool Step_read_br_on_cast_fail_succeed(Config *c, const Instr *i)
{
    return ref_ok(c->store, *nth(c, 1), i->type);
}

bool Step_read_br_on_cast_fail_fail(Config *c, const Instr *i)
{
    return !ref_ok(c->store, *nth(c, 1), i->type) && branches(c, i->x);
}

// ---- Calls. That of a function enters a frame: config.c.

// (REF.FUNC_ADDR a) and then that
static bool calls(Config *c, u32 a, Op then)
{
    push(c, value_ref(VALUE_func, a));
    ahead(c, instr_call(then, c->store->funcs.at[a].type));
    return true;
}

bool Step_read_call(Config *c, const Instr *i)
{
    return calls(c, module_of(c)->funcs[i->x], OP_call_ref);
}

bool Step_read_return_call(Config *c, const Instr *i)
{
    return calls(c, module_of(c)->funcs[i->x], OP_return_call_ref);
}

static Trap null_callee(const Instr *i)
{
    return i->indirect ? TRAP_uninitialized_element : TRAP_null_function_reference;
}

bool Step_read_call_ref_null(Config *c, const Instr *i)
{
    if (!value_is_null(*nth(c, 1))) return false;
    pop(c, 1);
    return traps(c, null_callee(i));
}

// (TABLE.GET x) (REF.CAST (REF NULL y)), and then that
static bool calls_indirect(Config *c, const Instr *i, Op then)
{
    TypeId type = module_of(c)->module->types[i->y];
    Instr of[] = {instr_call(then, type), instr_plain(OP_ref_cast_null, 0),
                  instr_plain(OP_table_get, i->x)};
    of[1].type = type_ref_to(true, type);
    for (u32 k = 0; k < COUNT_OF(of); k++) {
        of[k].indirect = true;
        ahead(c, of[k]);
    }
    return true;
}

bool Step_pure_call_indirect(Config *c, const Instr *i)
{
    return calls_indirect(c, i, OP_call_ref);
}

bool Step_pure_return_call_indirect(Config *c, const Instr *i)
{
    return calls_indirect(c, i, OP_return_call_ref);
}

bool Step_read_return_call_ref_label(Config *c, const Instr *i)
{
    return passes(c, i, CONTEXT_label);
}

bool Step_read_return_call_ref_handler(Config *c, const Instr *i) { return passes_handler(c, i); }

bool Step_read_return_call_ref_frame_null(Config *c, const Instr *i)
{
    Trap why = null_callee(i);
    if (innermost(c)->kind != CONTEXT_frame || !value_is_null(*nth(c, 1))) return false;
    keep_last(c, 0);
    leave(c);
    return traps(c, why);
}

bool Step_read_return_call_ref_frame_addr(Config *c, const Instr *i)
{
    if (innermost(c)->kind != CONTEXT_frame || nth(c, 1)->kind != VALUE_func) return false;
    TypeId type = c->store->funcs.at[nth(c, 1)->bits].type;
    Instr call = instr_call(OP_call_ref, i->of);
    call.handed = true; // a function of the host works for whose code called it
    call.caller = module_of(c);
    keep_last(c, type_def(c->store->types, type)->param_count + 1u);
    leave(c);
    ahead(c, call);
    return true;
}

bool Step_pure_return_frame(Config *c, const Instr *i)
{
    if (innermost(c)->kind != CONTEXT_frame) return false;
    keep_last(c, innermost(c)->arity);
    leave(c);
    return true;
}

bool Step_pure_return_label(Config *c, const Instr *i) { return passes(c, i, CONTEXT_label); }
bool Step_pure_return_handler(Config *c, const Instr *i) { return passes_handler(c, i); }

// ---- Exceptions

bool Step_throw(Config *c, const Instr *i)
{
    u32 tag = module_of(c)->tags[i->x];
    u32 n = type_def(c->store->types, c->store->tags.at[tag].type)->param_count;
    if (!heap_room(c, object_bytes(n))) return true;
    u32 a = alloc_exn(c->store, tag, c->values + c->count - n, n);
    if (a == NO_ADDRESS) return halts(c, TRAP_out_of_memory, "for an exception");
    touch_new(c, PART_exn, a, n);
    config_calls(c);
    pop(c, n);
    push(c, value_ref(VALUE_exn, a));
    ahead_plain(c, OP_throw_ref, 0);
    return true;
}

bool Step_read_throw_ref_null(Config *c, const Instr *i)
{
    if (!value_is_null(*nth(c, 1))) return false;
    pop(c, 1);
    return traps(c, TRAP_null_exception_reference);
}

static void drop_rest(Config *c, u32 values)
{
    keep_last(c, values);
    c->ahead_count = 0;
    innermost(c)->at = innermost(c)->end;
}

bool Step_read_throw_ref_instrs(Config *c, const Instr *i)
{
    if (c->count - innermost(c)->height == 1 && nothing_left(c)) return false;
    drop_rest(c, 1);
    ahead_plain(c, OP_throw_ref, 0);
    return true;
}

bool Step_read_throw_ref_label(Config *c, const Instr *i) { return passes(c, i, CONTEXT_label); }
bool Step_read_throw_ref_frame(Config *c, const Instr *i) { return passes(c, i, CONTEXT_frame); }

bool Step_read_throw_ref_handler_empty(Config *c, const Instr *i)
{
    return innermost(c)->kind == CONTEXT_handler && !innermost(c)->clause_count &&
           passes(c, i, CONTEXT_handler);
}

enum { CLAUSE_catch, CLAUSE_catch_ref, CLAUSE_catch_all, CLAUSE_catch_all_ref };

// Is the handler's first clause of this kind, and does it catch what is thrown? It then is all
// there is: val* if the clause names a tag, the reference if it asks for it, and a branch.
static bool catches(Config *c, u8 kind, bool fields, bool ref)
{
    const Context *handler = innermost(c);
    const ImmClause *clause = handler->clauses;
    if (handler->kind != CONTEXT_handler || !handler->clause_count || clause->kind != kind)
        return false;
    Val thrown = *nth(c, 1);
    const ExnInst *exn = &c->store->exns.at[thrown.bits];
    if (fields && exn->tag != module_of(c)->tags[clause->tag]) return false;
    pop(c, 1);
    leave(c);
    if (fields && !room(c, exn->count)) return true;
    for (u32 k = 0; fields && k < exn->count; k++) push(c, exn->fields[k]);
    if (ref) push(c, thrown);
    return branches(c, clause->label);
}

bool Step_read_throw_ref_handler_catch(Config *c, const Instr *i)
{
    return catches(c, CLAUSE_catch, true, false);
}

bool Step_read_throw_ref_handler_catch_ref(Config *c, const Instr *i)
{
    return catches(c, CLAUSE_catch_ref, true, true);
}

bool Step_read_throw_ref_handler_catch_all(Config *c, const Instr *i)
{
    return catches(c, CLAUSE_catch_all, false, false);
}

bool Step_read_throw_ref_handler_catch_all_ref(Config *c, const Instr *i)
{
    return catches(c, CLAUSE_catch_all_ref, false, true);
}

bool Step_read_throw_ref_handler_next(Config *c, const Instr *i)
{
    Context *handler = innermost(c);
    if (handler->kind != CONTEXT_handler || !handler->clause_count) return false;
    handler->clauses++;
    handler->clause_count--;
    ahead_plain(c, OP_throw_ref, 0);
    return true;
}

// ---- Traps

bool Step_pure_trap_instrs(Config *c, const Instr *i)
{
    if (c->count == innermost(c)->height && nothing_left(c)) return false;
    drop_rest(c, 0);
    return traps(c, c->why);
}

bool Step_pure_trap_label(Config *c, const Instr *i) { return passes(c, i, CONTEXT_label); }
bool Step_pure_trap_handler(Config *c, const Instr *i) { return passes_handler(c, i); }
bool Step_pure_trap_frame(Config *c, const Instr *i) { return passes(c, i, CONTEXT_frame); }
