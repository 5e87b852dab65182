// conts.c -- continuations: who makes them, goes on with them, suspends and switches. See gen.h.
//
// Where nobody handles its tag a suspension traps, so it asks first: the global `within` has a bit
// for each that a resumption around handles. It is wrong when a branch or an exception has left it
// so. A local that somebody uses is null from then on; elsewhere there may be others of the same.

#include "gen.h"

enum { CLAUSES_MOST = 3 };

static bool room_for(const Gen *g, s32 instructions)
{
    return g->depth + 8 < GEN_DEPTH && g->left > -instructions && g->type_count < GEN_TYPES - 32 &&
           g->local_count + 16 < GEN_LOCALS && g->height + 2 * TY_MOST < GEN_STACK;
}

static bool room(const Gen *g) { return room_for(g, 0); }

static void finish(Gen *g)
{
    results(g, &inner(g)->results);
    emit_end(g);
}

static const FuncTy *func_type(const Gen *g, u32 cont) { return &g->types[g->types[cont].cont]; }

bool ty_is_cont(const Gen *g, Ty ty)
{
    return ty >= TY_FIRST_REF && g->types[ty_type(ty)].kind == TYPE_cont;
}

static u32 cont_of(Gen *g, const FuncTy *func)
{
    u32 type = type_of(g, func);
    for (u32 i = 0; i < g->type_count; i++)
        if (g->types[i].kind == TYPE_cont && g->types[i].cont == type) return i;
    g->types[g->type_count] = (FuncTy){.kind = TYPE_cont, .cont = (u16)type};
    return g->type_count++;
}

void draw_conts(Gen *g)
{
    u32 func = g->type_count;
    FuncTy type = {.params = any_types(g, 2), .results = any_types(g, 2), .pair = true};
    tys_add(&type.params, ty_to(func + 1, true));
    g->types[func] = type;
    g->types[func + 1] = (FuncTy){.kind = TYPE_cont, .cont = (u16)func};
    g->type_count += 2;
    g->switches = func;
}

void draw_control_tags(Gen *g)
{
    for (u32 n = 2 + pick(g, 2); n; n--) {
        FuncTy type = {.params = any_types(g, 2), .results = any_types(g, 2)};
        g->control[g->control_count++] = type_of(g, &type);
    }
    FuncTy type = {.results = g->types[g->switches].results};
    g->control[g->control_count++] = type_of(g, &type);
}

// The last is for switching alone.
static u32 any_control(Gen *g) { return pick(g, g->control_count - 1); }
static u32 switch_tag(const Gen *g) { return g->tag_count + g->control_count - 1; }

static void add_within(Gen *g, u32 bits)
{
    emit_index(g, OP_global_get, g->within);
    const_i32(g, bits);
    emit_op(g, OP_i32_or);
    emit_index(g, OP_global_set, g->within);
}

static void back_within(Gen *g, u32 local)
{
    emit_index(g, OP_local_get, local);
    emit_index(g, OP_global_set, g->within);
}

// The topmost goes to a local, for who comes after.
static u32 keep(Gen *g)
{
    Ty ty = g->stack[g->height - 1];
    u32 local = new_local(g, ty_is_ref(ty) ? ty & (Ty)~1u : ty, false);
    if (local == UINT32_MAX) emit_op(g, OP_drop);
    else emit_index(g, OP_local_set, local);
    pop(g, 1);
    return local;
}

static void keep_all(Gen *g)
{
    while (own_height(g)) keep(g);
}

// ---- Values

static void fresh(Gen *g, u32 cont, u32 func)
{
    emit_index(g, OP_ref_func, func);
    emit_index(g, OP_cont_new, cont);
    push(g, ty_to(cont, true));
}

static bool new_cont(Gen *g, u32 cont)
{
    u32 first = pick(g, g->func_count);
    for (u32 n = 0; n < g->func_count; n++) {
        u32 f = (first + n) % g->func_count;
        if (g->funcs[f].type != g->types[cont].cont) continue;
        fresh(g, cont, f);
        return true;
    }
    return false;
}

// Of a function that takes more, the first of which are bound.
static bool bound_cont(Gen *g, u32 cont)
{
    const FuncTy want = *func_type(g, cont);
    u32 first = pick(g, g->func_count);
    for (u32 n = 0; n < g->func_count; n++) {
        u32 f = (first + n) % g->func_count;
        const FuncTy from = g->types[g->funcs[f].type];
        u32 more = from.params.count - (u32)want.params.count;
        if (from.params.count < want.params.count || !tys_equal(&from.results, &want.results) ||
            memcmp(from.params.at + more, want.params.at, want.params.count * sizeof(Ty)))
            continue;
        for (u32 i = 0; i < more; i++) value(g, from.params.at[i]);
        u32 whole = cont_of(g, &from);
        fresh(g, whole, f);
        emit_index(g, OP_cont_bind, whole);
        emit_u(g, cont);
        pop(g, more + 1);
        push(g, ty_to(cont, true));
        return true;
    }
    return false;
}

bool cont_value(Gen *g, Ty ty)
{
    u32 cont = ty_type(ty);
    if (!ty_null(ty)) return false;
    return odds(g, 1, 3) ? bound_cont(g, cont) : new_cont(g, cont);
}

static void take(Gen *g, u32 local)
{
    Ty ty = g->locals[local];
    emit_index(g, OP_local_get, local);
    push(g, ty);
    emit_op(g, OP_ref_null);
    emit_heap(g, &g->body, ty);
    emit_index(g, OP_local_set, local);
}

static u32 local_of_cont(Gen *g)
{
    u32 first = pick(g, g->local_count);
    for (u32 n = 0; n < g->local_count; n++) {
        u32 i = (first + n) % g->local_count;
        if (ty_is_cont(g, g->locals[i])) return i;
    }
    return UINT32_MAX;
}

// In a block of its own, that is left if there is none in the local.
static void open_if_there(Gen *g, u32 local)
{
    open_block(g, OP_block, &(FuncTy){0});
    if (local == UINT32_MAX || odds(g, 1, 40)) return;
    emit_index(g, OP_local_get, local);
    emit_op(g, OP_ref_is_null);
    emit_index(g, OP_br_if, 0);
}

static void open_if_within(Gen *g, u32 tag)
{
    open_block(g, OP_block, &(FuncTy){0});
    if (odds(g, 1, 40)) return;
    emit_index(g, OP_global_get, g->within);
    const_i32(g, 1u << tag);
    emit_op(g, OP_i32_and);
    emit_op(g, OP_i32_eqz);
    emit_index(g, OP_br_if, 0);
}

// From the local, or any other.
static void some_cont(Gen *g, u32 cont, u32 local)
{
    u32 before = g->height;
    if (local != UINT32_MAX) take(g, local);
    else if (odds(g, 1, 8)) value(g, ty_to(cont, true));
    else if (!cont_value(g, ty_to(cont, true))) new_cont(g, cont);
    if (g->height == before) value(g, ty_to(cont, true));
}

// ---- Statements

// Some of its parameters, from then on in another local.
static u32 bind(Gen *g, u32 local)
{
    u32 whole = ty_type(g->locals[local]);
    const FuncTy from = *func_type(g, whole);
    u32 count = pick(g, from.params.count + 1u);
    FuncTy rest = {.results = from.results};
    for (u32 i = count; i < from.params.count; i++) tys_add(&rest.params, from.params.at[i]);
    open_if_there(g, local);
    for (u32 i = 0; i < count; i++) value(g, from.params.at[i]);
    u32 cont = cont_of(g, &rest);
    take(g, local);
    emit_index(g, OP_cont_bind, whole);
    emit_u(g, cont);
    pop(g, count + 1);
    push(g, ty_to(cont, true));
    u32 to = keep(g);
    finish(g);
    return to;
}

bool statement_bind(Gen *g)
{
    if (!g->control_count || !room(g)) return false;
    u32 local = local_of_cont(g);
    if (local != UINT32_MAX) bind(g, local);
    return local != UINT32_MAX;
}

bool statement_suspend(Gen *g)
{
    if (!g->control_count || !room(g)) return false;
    u32 control = any_control(g);
    bool plain = g->tag_count && odds(g, 1, 8);
    u32 tag = plain ? pick(g, g->tag_count) : g->tag_count + control;
    const FuncTy type = g->types[plain ? g->tags[tag] : g->control[control]];
    open_if_within(g, tag);
    need(g, &type.params);
    emit_index(g, OP_suspend, tag);
    pop(g, type.params.count);
    push_all(g, &type.results);
    if (odds(g, 1, 2)) keep_all(g);
    else statements(g, 2);
    finish(g);
    return true;
}

bool statement_switch(Gen *g)
{
    if (!g->control_count || !room(g) || g->leaf) return false;
    u32 cont = g->switches + 1, local = local_of_cont(g);
    if (local != UINT32_MAX && ty_type(g->locals[local]) != cont) local = UINT32_MAX;
    Tys args = g->types[g->switches].params;
    args.count--;
    open_if_within(g, switch_tag(g));
    open_if_there(g, local);
    for (u32 i = 0; i < args.count; i++) value(g, args.at[i]);
    some_cont(g, cont, local);
    emit_index(g, OP_switch, cont);
    emit_u(g, switch_tag(g));
    pop(g, args.count + 1u);
    push_all(g, &g->types[g->switches].params);
    keep_all(g);
    finish(g);
    finish(g);
    return true;
}

typedef struct {
    u32 tags[CLAUSES_MOST], count;
    Tys types[CLAUSES_MOST];
    bool switches;
} Clauses;

static Clauses draw_clauses(Gen *g, const FuncTy *of)
{
    Clauses c = {0};
    for (u32 n = odds(g, 1, 4) ? 0 : 1 + pick(g, CLAUSES_MOST); n; n--) {
        bool plain = g->tag_count && odds(g, 1, 8);
        u32 control = any_control(g), k = c.count++;
        c.tags[k] = plain ? pick(g, g->tag_count) : g->tag_count + control;
        const FuncTy tag = g->types[plain ? g->tags[c.tags[k]] : g->control[control]];
        c.types[k] = tag.params;
        tys_add(&c.types[k],
                ty_to(cont_of(g, &(FuncTy){.params = tag.results, .results = of->results}), true));
    }
    c.switches =
        tys_equal(&of->results, &g->types[g->switches].results) && odds(g, 7, 8);
    return c;
}

static void emit_clauses(Gen *g, const Clauses *c)
{
    emit_u(g, c->count + c->switches);
    bool first = odds(g, 1, 2);
    if (c->switches && first) emit_byte(g, 1), emit_u(g, switch_tag(g));
    for (u32 i = 0; i < c->count; i++) {
        emit_byte(g, 0);
        emit_u(g, c->tags[i]);
        emit_u(g, i);
    }
    if (c->switches && !first) emit_byte(g, 1), emit_u(g, switch_tag(g));
}

// With its operands; its results are on the stack then.
static void resumption(Gen *g, u32 cont, u32 local, const Clauses *c)
{
    const FuncTy type = *func_type(g, cont);
    u32 kind = pick(g, local == UINT32_MAX ? 16 : 8);
    if (kind == 0 && g->tag_count) {
        u32 tag = pick(g, g->tag_count);
        const Tys params = g->types[g->tags[tag]].params;
        need(g, &params);
        some_cont(g, cont, local);
        emit_index(g, OP_resume_throw, cont);
        emit_u(g, tag);
        pop(g, params.count + 1u);
    } else if (kind == 1 && g->exnref) {
        value(g, TY_exnref);
        some_cont(g, cont, local);
        emit_index(g, OP_resume_throw_ref, cont);
        pop(g, 2);
    } else {
        for (u32 i = 0; i < type.params.count; i++) value(g, type.params.at[i]);
        some_cont(g, cont, local);
        emit_index(g, OP_resume, cont);
        pop(g, type.params.count + 1u);
    }
    emit_clauses(g, c);
    push_all(g, &type.results);
}

static void go_on_with(Gen *g, u32 local);

// Blocks for its clauses, one in the other; each ends with what the clause brings, or the same
// made otherwise. Who was suspended is gone on with there, mostly.
static void resume(Gen *g, u32 cont, u32 local)
{
    const FuncTy type = *func_type(g, cont);
    Clauses c = draw_clauses(g, &type);
    u32 before = new_local(g, VAL_i32, true);
    emit_index(g, OP_global_get, g->within);
    emit_index(g, OP_local_set, before);
    open_if_there(g, local);
    for (u32 i = c.count; i; i--) open_block(g, OP_block, &(FuncTy){.results = c.types[i - 1]});
    u32 bits = c.switches ? 1u << switch_tag(g) : 0;
    for (u32 i = 0; i < c.count; i++) bits |= 1u << c.tags[i];
    add_within(g, bits);
    resumption(g, cont, local, &c);
    back_within(g, before);
    statements(g, 1);
    for (u32 i = 0; i < c.count; i++) {
        finish(g);
        back_within(g, before);
        u32 to = odds(g, 7, 8) ? keep(g) : UINT32_MAX;
        statements(g, 1);
        if (to != UINT32_MAX && odds(g, 2, 3)) go_on_with(g, to);
    }
    finish(g);
}

// Once, or some times, if it suspends as often.
static void go_on_with(Gen *g, u32 local)
{
    enum { MORE = 80 }; // instructions, for what is the point of it all
    if (!room_for(g, MORE) || g->dead) return;
    if (odds(g, 1, 6)) local = bind(g, local);
    if (local == UINT32_MAX) return;
    u32 cont = ty_type(g->locals[local]), before = g->turns, turns = 2 + pick(g, 4), counter;
    if (odds(g, 1, 2) || g->turns * turns > 24) {
        resume(g, cont, local);
        return;
    }
    counted_begin(g, &counter, turns, &(FuncTy){0});
    resume(g, cont, local);
    counted_end(g, counter);
    g->turns = before;
}

bool statement_resume(Gen *g)
{
    if (!g->control_count || !room(g) || g->leaf) return false;
    u32 local = odds(g, 1, 2) ? local_of_cont(g) : UINT32_MAX;
    if (local != UINT32_MAX) {
        go_on_with(g, local);
        return true;
    }
    u32 func = g->funcs[pick(g, g->func_count)].type;
    resume(g, odds(g, 1, 4) ? g->switches + 1 : cont_of(g, &g->types[func]), UINT32_MAX);
    return true;
}
