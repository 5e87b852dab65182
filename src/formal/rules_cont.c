// rules_cont.c -- stack switching: continuations are made, resumed, suspended and switched to.
//
//     val^n (REF.CONT a) (RESUME x hdl*)              ~>  (PROMPT_ {hdl*} E[val^n])
//     (PROMPT_ {(ON x l)} E[val^n (SUSPEND x)])       ~>  val^n (REF.CONT a) (BR l)
//
// A prompt's handlers name tags by index, in the module of the frame that it stands in.
// spec: proposal stack-switching, Explainer.md, execution

#include "formal/collect.h"
#include "formal/cont.h"

enum { ON_label, ON_switch };

static ContInst *cont_at(Config *c, u32 n) { return &c->store->conts.at[nth(c, n)->bits]; }

// $ct ~~ cont [t1*] -> [t2*]
static const TypeDef *func_of(Config *c, u32 x)
{
    TypeId cont = module_of(c)->module->types[x];
    return type_def(c->store->types, type_def(c->store->types, cont)->cont);
}

static const TypeDef *tag_type(Config *c, u32 a)
{
    return type_def(c->store->types, c->store->tags.at[a].type);
}

static bool null_traps(Config *c)
{
    return traps_if(c, value_is_null(*nth(c, 1)), 1, TRAP_null_continuation_reference);
}

static bool consumed_traps(Config *c)
{
    return traps_if(c, cont_at(c, 1)->consumed, 1, TRAP_continuation_consumed);
}

static bool push_cont(Config *c, u32 a)
{
    if (a != NO_ADDRESS) push(c, value_ref(VALUE_cont, a));
    return true;
}

// ---- Made and bound

bool Step_cont_new_null(Config *c, const Instr *i)
{
    return traps_if(c, value_is_null(*nth(c, 1)), 1, TRAP_null_function_reference);
}

bool Step_cont_new_func(Config *c, const Instr *i)
{
    u32 func = (u32)nth(c, 1)->bits;
    pop(c, 1);
    return push_cont(c, continuation_new(c, func));
}

bool Step_cont_bind_null(Config *c, const Instr *i) { return null_traps(c); }
bool Step_cont_bind_consumed(Config *c, const Instr *i) { return consumed_traps(c); }

bool Step_cont_bind_cont(Config *c, const Instr *i)
{
    u32 n = func_of(c, i->x)->param_count - func_of(c, i->y)->param_count;
    u32 bound = continuation_bind(c, (u32)nth(c, 1)->bits, n);
    pop(c, n + 1);
    return push_cont(c, bound);
}

// ---- Resumed

// (PROMPT_ {hdl*} E[val^n]), of the continuation that is the last value. False: there is no room.
static bool resumes(Config *c, const Instr *i, u32 n)
{
    TypeId cont = module_of(c)->module->types[i->x];
    const Context prompt = {.kind = CONTEXT_prompt, .arity = func_of(c, i->x)->result_count,
                            .func = type_def(c->store->types, cont)->cont,
                            .clauses = i->clauses, .clause_count = i->clause_count};
    u32 a = (u32)nth(c, 1)->bits;
    pop(c, 1);
    return enter(c, prompt, n) && continuation_put(c, a, n);
}

bool Step_resume_null(Config *c, const Instr *i) { return null_traps(c); }
bool Step_resume_consumed(Config *c, const Instr *i) { return consumed_traps(c); }
bool Step_resume_cont(Config *c, const Instr *i)
{
    resumes(c, i, func_of(c, i->x)->param_count);
    return true;
}

bool Step_resume_throw_null(Config *c, const Instr *i) { return null_traps(c); }

bool Step_resume_throw_cont(Config *c, const Instr *i)
{
    u32 tag = module_of(c)->tags[i->y], n = tag_type(c, tag)->param_count;
    Val cont = *nth(c, 1);
    Instr with_ref = *i;
    if (!heap_room(c, object_bytes(n))) return true;
    u32 a = alloc_exn(c->store, tag, nth(c, n + 1), n);
    if (a == NO_ADDRESS) return halts(c, TRAP_out_of_memory, "for an exception");
    touch_new(c, PART_exn, a, n);
    pop(c, n + 1);
    push(c, value_ref(VALUE_exn, a));
    push(c, cont);
    with_ref.redex = with_ref.op = OP_resume_throw_ref;
    ahead(c, with_ref);
    return true;
}

bool Step_resume_throw_ref_null(Config *c, const Instr *i) { return null_traps(c); }
bool Step_resume_throw_ref_consumed(Config *c, const Instr *i) { return consumed_traps(c); }

bool Step_resume_throw_ref_exn_null(Config *c, const Instr *i)
{
    return traps_if(c, value_is_null(*nth(c, 2)), 2, TRAP_null_exception_reference);
}

// E[(REF.EXN_ADDR a) (THROW_REF)]
bool Step_resume_throw_ref_cont(Config *c, const Instr *i)
{
    if (resumes(c, i, 1)) ahead_plain(c, OP_throw_ref, 0);
    return true;
}

// ---- Suspended

// H^ea: of the innermost prompt that handles the tag of that address its first such handler. NULL:
// none does.
static const ImmClause *handler_of(Config *c, u32 tag, u8 kind, u32 *prompt)
{
    for (u32 at = c->context_count - 1; at > 0; at--) {
        const Context *p = &c->contexts[at];
        worked(c, 1);
        if (p->kind != CONTEXT_prompt) continue;
        const ModuleInst *m = c->contexts[frame_around(c, at)].module;
        worked(c, p->clause_count);
        for (u32 k = 0; k < p->clause_count; k++) {
            if (p->clauses[k].kind != kind || m->tags[p->clauses[k].tag] != tag) continue;
            *prompt = at;
            return &p->clauses[k];
        }
    }
    halts(c, TRAP_unhandled_tag, ""); // as an exception that nobody catches
    return NULL;
}

bool Step_read_suspend(Config *c, const Instr *i)
{
    ahead_plain(c, REDEX_suspending, module_of(c)->tags[i->x]);
    return true;
}

bool Step_suspend_prompt(Config *c, const Instr *i)
{
    u32 prompt, n = tag_type(c, i->x)->param_count;
    const ImmClause *on = handler_of(c, i->x, ON_label, &prompt);
    if (!on) return false;
    u32 label = on->label, a = continuation_take(c, prompt, n);
    if (a == NO_ADDRESS) return true;
    leave(c);
    push_cont(c, a);
    ahead_plain(c, OP_br, label);
    return true;
}

// ---- Switched

bool Step_read_switch(Config *c, const Instr *i)
{
    Instr switching = instr_plain(REDEX_switching, i->x);
    switching.y = module_of(c)->tags[i->y];
    ahead(c, switching);
    return true;
}

bool Step_switch_null(Config *c, const Instr *i) { return null_traps(c); }
bool Step_switch_consumed(Config *c, const Instr *i) { return consumed_traps(c); }

// What is switched to takes the last n values, and after them what was left.
bool Step_switch_prompt(Config *c, const Instr *i)
{
    u32 prompt, n = func_of(c, i->x)->param_count - 1u;
    if (!handler_of(c, i->y, ON_switch, &prompt)) return false;
    u32 own = continuation_take(c, prompt, n + 1);
    if (own == NO_ADDRESS) return true;
    u32 to = (u32)nth(c, 1)->bits;
    pop(c, 1);
    push_cont(c, own);
    continuation_put(c, to, n + 1);
    return true;
}

// ---- Prompts

bool Step_pure_prompt_vals(Config *c, const Instr *i) { return leaves(c, CONTEXT_prompt); }
bool Step_pure_trap_prompt(Config *c, const Instr *i) { return passes(c, i, CONTEXT_prompt); }
bool Step_read_throw_ref_prompt(Config *c, const Instr *i) { return passes(c, i, CONTEXT_prompt); }
