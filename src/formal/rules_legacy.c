// rules_legacy.c -- legacy exceptions: try, which has its handlers with it.
//
//     (TRY bt instr* (CATCH x instr*)*)  ~>  (LABEL_ m {} (HANDLER_ m {(CATCH x instr*)*} instr*))
//     when that has caught a             ~>  (LABEL_ m {} (CAUGHT_ m {a} val* instr*))
//
// The proposal's handlers are a kind of those that the specification has, and what passes through
// one does by the same rules. They stand within the label that is theirs, those of try_table around
// it. What is thrown is a reference here too.
// spec: proposal exception-handling, legacy/Exceptions-formal-overview.md

#include "formal/config.h"

#include <assert.h>

bool Step_read_try(Config *c, const Instr *i)
{
    const Instr *parts = i->first + i->y, *end = i->first - 1 + i->span;
    const Instr *block = i->first - 1;
    const Context label = {.kind = CONTEXT_label, .arity = i->results, .block = block},
                  try = {.kind = CONTEXT_try, .arity = i->results, .at = i->first, .end = parts,
                         .block = block, .part = parts, .part_end = end};
    u32 params = i->params;
    if (enter(c, label, params)) enter(c, try, params);
    return true;
}

// ---- What is thrown meets its parts one after the other

static const Instr *part_of(Config *c, u32 redex)
{
    const Context *try = innermost(c);
    if (try->kind != CONTEXT_try || try->part == try->part_end || try->part->redex != redex)
        return NULL;
    return try->part;
}

static const ExnInst *thrown(Config *c) { return &c->store->exns.at[nth(c, 1)->bits]; }

static bool catches(Config *c, const Instr *part, u32 fields)
{
    u32 a = (u32)nth(c, 1)->bits;
    const Context caught = {.kind = CONTEXT_caught, .arity = innermost(c)->arity, .at = part + 1,
                            .end = part + part->span, .block = part, .exn = a};
    pop(c, 1);
    leave(c);
    if (!enter(c, caught, 0) || !room(c, fields)) return true;
    for (u32 k = 0; k < fields; k++) push(c, c->store->exns.at[a].fields[k]);
    return true;
}

bool Step_read_throw_ref_try_empty(Config *c, const Instr *i)
{
    const Context *try = innermost(c);
    return try->kind == CONTEXT_try && try->part == try->part_end && passes(c, i, CONTEXT_try);
}

bool Step_read_throw_ref_try_catch(Config *c, const Instr *i)
{
    const Instr *part = part_of(c, REDEX_catch);
    if (!part || thrown(c)->tag != module_of(c)->tags[part->x]) return false;
    return catches(c, part, thrown(c)->count);
}

bool Step_read_throw_ref_try_catch_all(Config *c, const Instr *i)
{
    const Instr *part = part_of(c, REDEX_catch_all);
    return part && catches(c, part, 0);
}

// What is thrown leaves the label around too, which the delegate does not count.
bool Step_read_throw_ref_try_delegate(Config *c, const Instr *i)
{
    const Instr *part = part_of(c, REDEX_delegate);
    if (!part) return false;
    leave(c);
    ahead_plain(c, OP_delegate, part->x + 1);
    return true;
}

bool Step_read_throw_ref_try_next(Config *c, const Instr *i)
{
    Context *try = innermost(c);
    if (try->kind != CONTEXT_try) return false;
    try->part += try->part->span;
    ahead_plain(c, OP_throw_ref, 0);
    return true;
}

// ---- (DELEGATE l): (THROW_REF) where l labels are left. The proposal has that in one step.

bool Step_pure_delegate_zero(Config *c, const Instr *i)
{
    if (i->x != 0 || innermost(c)->kind == CONTEXT_handler) return false;
    ahead_plain(c, OP_throw_ref, 0);
    return true;
}

bool Step_pure_delegate_label(Config *c, const Instr *i)
{
    if (!leaves(c, CONTEXT_label)) return false;
    ahead_plain(c, OP_delegate, i->x - 1);
    return true;
}

bool Step_pure_delegate_handler(Config *c, const Instr *i)
{
    return passes(c, i, CONTEXT_handler) || passes(c, i, CONTEXT_try);
}

bool Step_pure_delegate_caught(Config *c, const Instr *i) { return passes(c, i, CONTEXT_caught); }

// ---- What was caught

bool Step_pure_caught_vals(Config *c, const Instr *i) { return leaves(c, CONTEXT_caught); }
bool Step_pure_br_caught(Config *c, const Instr *i) { return passes(c, i, CONTEXT_caught); }
bool Step_pure_return_caught(Config *c, const Instr *i) { return passes(c, i, CONTEXT_caught); }
bool Step_pure_trap_caught(Config *c, const Instr *i) { return passes(c, i, CONTEXT_caught); }
bool Step_read_throw_ref_caught(Config *c, const Instr *i) { return passes(c, i, CONTEXT_caught); }
bool Step_read_return_call_ref_caught(Config *c, const Instr *i)
{
    return passes(c, i, CONTEXT_caught);
}

// It is around l labels, and maybe handlers. What was caught is thrown here, within them.
bool Step_pure_rethrow(Config *c, const Instr *i)
{
    const Context *at = innermost(c);
    for (u32 labels = i->x; labels || at->kind != CONTEXT_caught; at--) {
        assert(labels || at->kind != CONTEXT_label); // it was validated
        labels -= at->kind == CONTEXT_label;
        worked(c, 1);
    }
    push(c, value_ref(VALUE_exn, at->exn));
    ahead_plain(c, OP_throw_ref, 0);
    return true;
}
