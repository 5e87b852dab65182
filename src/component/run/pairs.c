// pairs.c -- see pairs.h.

#include "component/run/pairs.h"

#include <string.h>

enum { MADE_MOST = 1 << 20 }; // bytes of code of a plan: what is more goes the plain route

void pairs_init(Pairs *p, Plan *plan, const Component *c, bool plain, Diag *diag)
{
    *p = (Pairs){.plan = plan, .c = c, .diag = diag, .plain = plain};
    p->scratch = &plan->scratch;
    for (u32 i = 0; i < c->module_count; i++) p->catches |= c->modules[i].module->tag_count > 0;
}

void pairs_slot(Pairs *p, ExternType type)
{
    ARENA_PUSH(&p->plan->arena, p->slots, p->slot_count, p->slot_cap) = (SlotInfo){type, false};
}

void pairs_instance(Pairs *p, const PlanEnv *env, const CBody *body)
{
    InstanceFacts facts = {.env = env};
    for (u32 i = 0; i < body->count; i++) {
        const CDef *d = &body->defs[i];
        bool canon = d->kind == CDEF_lift || d->kind == CDEF_lower || d->kind == CDEF_builtin;
        if (d->kind == CDEF_instantiate) facts.has_others = true;
        if (d->kind == CDEF_lower) facts.calls_out = true;
        if (!canon) continue;
        const CCanon *o = d->canon;
        if (o->realloc != CANON_NONE || o->post_return != CANON_NONE) facts.leaves = true;
        if (d->kind != CDEF_builtin) continue;
        if (o->row == CANON_context_get || o->row == CANON_context_set) facts.context = true;
        if (canon_info[o->row].does & CANON_WAITS || o->row == CANON_resource_drop)
            facts.calls_out = true;
    }
    ARENA_PUSH(&p->plan->arena, p->facts, p->fact_count, p->fact_cap) = facts;
}

// ---- Which are adapters

// Of numbers, and no type that others are above or below: so it is that of any function that is
// like it.
static bool is_plain_func(const Pairs *p, u32 slot)
{
    const TypeStore *store = p->c->types.store;
    TypeId id = p->slots[slot].type.func;
    const TypeDef *def = type_def(store, id);
    return def->final && def->super == TYPE_NONE && def->describes == TYPE_NONE &&
           def->descriptor == TYPE_NONE && type_group_count(store, id) == 1;
}

static bool options_fit(const Pairs *p, const CCanon *o)
{
    enum { PAGE_LOG2 = 16 };
    u32 funcs[] = {o->realloc, o->post_return};
    if (o->async) return false;
    if (o->memory != PLAN_NONE && p->slots[o->memory].type.memory.limits.page_log2 != PAGE_LOG2)
        return false;
    for (u32 i = 0; i < COUNT_OF(funcs); i++)
        if (funcs[i] != PLAN_NONE && !is_plain_func(p, funcs[i])) return false;
    return true;
}

static bool is_sync(const Pairs *p, CType func)
{
    return !ctype_def(&p->c->types, func)->func->async;
}

static bool has_features(const Pairs *p)
{
    const Features needs = FEATURE_BIT(FEATURE_multi_memory) | FEATURE_BIT(FEATURE_bulk_memory) |
                           FEATURE_BIT(FEATURE_multi_value) | FEATURE_BIT(FEATURE_sign_extension) |
                           FEATURE_BIT(FEATURE_mutable_global);
    return (p->c->features & needs) == needs;
}

// May others see that it was entered?
static bool is_asked(const InstanceFacts *f) { return f->calls_out || f->has_others; }

// An instance that calls itself has one table of handles and one memory for both sides, where it
// would be seen that values go over one by one.
static bool is_adapter(const Pairs *p, const Pair *pair)
{
    const PlanFunc *f = &p->plan->funcs[pair->func];
    if (p->plain || !f->canon || p->made >= MADE_MOST || !has_features(p)) return false;
    return f->env->instance != pair->env->instance && is_sync(p, pair->canon->type) &&
           is_sync(p, f->type) && options_fit(p, pair->canon) && options_fit(p, f->canon) &&
           is_plain_func(p, f->core);
}

// Is every core value one of the type, and the same on both sides?
static bool is_core(CType t)
{
    return t == CPRIM_u32 || t == CPRIM_s32 || t == CPRIM_u64 || t == CPRIM_s64;
}

static bool takes_core(const Pairs *p, CType type)
{
    const CFunc *func = ctype_def(&p->c->types, type)->func;
    bool good = func->count <= FLAT_MOST && (func->result == CTYPE_NONE || is_core(func->result));
    for (u32 i = 0; i < func->count && good; i++) good = is_core(func->params[i].type);
    return good;
}

u32 pairs_same(const Pairs *p, const Pair *pair)
{
    const PlanFunc *f = &p->plan->funcs[pair->func];
    if (!is_adapter(p, pair) || p->catches || f->canon->post_return != PLAN_NONE) return PLAN_NONE;
    const InstanceFacts *callee = &p->facts[f->env->instance];
    bool same = p->slots[f->core].type.func == pair->canon->core && takes_core(p, f->type);
    bool free = !p->facts[pair->env->instance].leaves && !callee->context && !callee->calls_out;
    const u32 *parents = p->plan->parents, instance = f->env->instance;
    u32 end = plan_meeting(parents, instance, pair->env->instance);
    for (u32 i = instance; i != end; i = parents[i]) free &= !is_asked(&p->facts[i]);
    return same && free ? f->core : PLAN_NONE;
}

static Step *add_step(Pairs *p, StepKind kind, const PlanEnv *env)
{
    Plan *plan = p->plan;
    Step *s = &ARENA_PUSH(&plan->arena, plan->steps, plan->count, plan->cap);
    *s = (Step){.kind = (u8)kind, .from = PLAN_NONE, .env = env};
    return s;
}

static void add_lower(Pairs *p, const Pair *pair)
{
    Step *s = add_step(p, STEP_lower, pair->env);
    s->to = pair->slot;
    s->from = pair->func;
    s->index = PLAN_NONE;
    s->canon = pair->canon;
}

void pairs_lower(Pairs *p, const Pair *pair)
{
    if (!is_adapter(p, pair)) {
        add_lower(p, pair);
        return;
    }
    p->slots[pair->slot].waits = true;
    ARENA_PUSH(&p->plan->arena, p->waiting, p->count, p->cap) = *pair;
}

// ---- Their module

static FuseSide side_of(const Pairs *p, const PlanEnv *env, const CCanon *o)
{
    const InstanceFacts *facts = &p->facts[env->instance];
    return (FuseSide){env->instance, o->wide, o->encoding, facts->leaves, facts->context,
                      o->memory, o->realloc};
}

// Those that are entered, from the callee outwards.
static void set_entered(Pairs *p, FusePair *to)
{
    const u32 *parents = p->plan->parents;
    u32 end = plan_meeting(parents, to->callee.instance, to->caller.instance);
    u32 *list = NULL, *checked = NULL, count = 0, cap = 0, checked_cap = 0;
    for (u32 i = to->callee.instance; i != end; i = parents[i]) {
        ARENA_PUSH(p->scratch, list, count, cap) = i;
        if (is_asked(&p->facts[i]))
            ARENA_PUSH(p->scratch, checked, to->checked_count, checked_cap) = i;
    }
    to->checked = checked;
    to->entered = list;
    to->entered_count = p->facts[to->callee.instance].calls_out ? count : 0;
}

static FusePair make_pair(Pairs *p, const Pair *pair)
{
    const PlanFunc *f = &p->plan->funcs[pair->func];
    FusePair made = {.name = pair->name, .of_caller = pair->canon->type, .of_callee = f->type,
                     .caller = side_of(p, pair->env, pair->canon),
                     .callee = side_of(p, f->env, f->canon), .core = f->core,
                     .post_return = f->canon->post_return};
    set_entered(p, &made);
    return made;
}

static u32 resource_in(void *env, u32 instance, CType resource)
{
    const Pairs *p = env;
    return plan_resource(&p->c->types, p->facts[instance].env, resource);
}

// NULL: they cannot be had so.
static Module *load(Pairs *p, Bytes bytes)
{
    Plan *plan = p->plan;
    const CModuleLoader *loader = &p->c->loader;
    Module **place = &ARENA_PUSH(&plan->arena, plan->fused, plan->fused_count, plan->fused_cap);
    Diag why;
    *place = NULL;
    *place = loader->load(loader->env, bytes.data, bytes.len, &why);
    if (*place || why.err != ERR_out_of_memory) return *place;
    *p->diag = why;
    arena_fail(&plan->arena);
}

static void fuse(Pairs *p)
{
    Arena *arena = &p->plan->arena;
    FuseWorld world = {&p->c->types, p->catches, resource_in, p, MADE_MOST - p->made};
    Fuser *f = fuse_begin(p->scratch, &world);
    u32 *slots = NEW_ARRAY(arena, u32, p->count), count = 0;
    Pair *fused = arena_copy(p->scratch, p->waiting, p->count * sizeof *fused);
    for (u32 i = 0; i < p->count; i++) {
        FusePair pair = make_pair(p, &p->waiting[i]);
        if (fuse_add(f, &pair)) {
            slots[count] = p->waiting[i].slot;
            fused[count++] = p->waiting[i];
        } else {
            add_lower(p, &p->waiting[i]);
        }
    }
    p->made = MIN(p->made + fuse_made(f), (size_t)MADE_MOST);
    if (!count) return;
    Fused made = fuse_end(f);
    Module *m = load(p, (Bytes){arena_copy(arena, made.bytes.data, made.bytes.len),
                                made.bytes.len});
    for (u32 i = 0; i < count && !m; i++) add_lower(p, &fused[i]);
    if (!m) return;
    Step *s = add_step(p, STEP_fuse, fused[0].env);
    s->module = m;
    s->args = slots;
    s->index = count;
    s->fused = arena_copy(arena, made.imports, made.import_count * sizeof *made.imports);
}

void pairs_need(Pairs *p, u32 slot)
{
    if (slot == PLAN_NONE || !p->slots[slot].waits) return;
    for (u32 i = 0; i < p->count; i++) p->slots[p->waiting[i].slot].waits = false;
    fuse(p);
    p->count = 0;
    arena_reset(p->scratch);
}
