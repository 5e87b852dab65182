// calls.c -- calls of each kind, and tail calls. See gen.h.

#include "gen.h"

static bool indirect(Gen *g, u32 *table, u32 *at, u32 *func)
{
    for (u32 tries = 0; tries < 6; tries++) {
        u32 i = pick(g, g->table_count), k = pick(g, COUNT_OF(g->tables[0].filled));
        if (i >= g->table_count || !g->tables[i].filled[k]) continue;
        if (!ty_matches(g, g->tables[i].elem, TY_funcref)) continue;
        *table = i, *at = k, *func = g->tables[i].filled[k] - 1u;
        return true;
    }
    return false;
}

static void call_indirect(Gen *g, u32 table, u32 at, u32 func, bool tail)
{
    bool is64 = g->tables[table].is64;
    const FuncTy type = g->types[g->funcs[func].type];
    need(g, &type.params);
    if (odds(g, 1, 12)) {
        small_index(g, is64, g->tables[table].min);
    } else {
        if (is64) const_i64(g, at);
        else const_i32(g, at);
        push(g, is64 ? VAL_i64 : VAL_i32);
    }
    emit_op(g, tail ? OP_return_call_indirect : OP_call_indirect);
    emit_u(g, g->funcs[func].type);
    emit_u(g, table);
    pop(g, 1u + type.params.count);
    push_all(g, &type.results);
}

static void call_direct(Gen *g, u32 func)
{
    const FuncTy type = g->types[g->funcs[func].type];
    need(g, &type.params);
    if (row_runs[OP_call_ref] && odds(g, 1, 6)) {
        value(g, ty_to(g->funcs[func].type, odds(g, 1, 6)));
        pop(g, 1);
        emit_index(g, OP_call_ref, g->funcs[func].type);
    } else {
        emit_index(g, OP_call, func);
    }
    pop(g, type.params.count);
    push_all(g, &type.results);
}

static u32 func_giving(Gen *g, Ty ty)
{
    u32 first = pick(g, g->func_count);
    for (u32 n = 0; n < g->func_count; n++) {
        u32 f = (first + n) % g->func_count;
        const Tys *r = &g->types[g->funcs[f].type].results;
        if (r->count && ty_matches(g, r->at[0], ty)) return f;
    }
    return UINT32_MAX;
}

void call_something(Gen *g, Ty ty)
{
    u32 func = ty ? func_giving(g, ty) : pick(g, g->func_count), table, at, other;
    if (func == UINT32_MAX || !g->func_count) return;
    if (g->height + 2 * TY_MOST > GEN_STACK) return;
    bool through = odds(g, 1, 3) && indirect(g, &table, &at, &other);
    const Tys *r = through ? &g->types[g->funcs[other].type].results : NULL;
    if (through && (!ty || (r->count && ty_matches(g, r->at[0], ty)))) {
        func = other;
        call_indirect(g, table, at, func, false);
    } else {
        call_direct(g, func);
    }
    if (!ty) return;
    for (u32 n = g->types[g->funcs[func].type].results.count; n > 1; n--) {
        emit_op(g, OP_drop);
        pop(g, 1);
    }
}

bool statement_call(Gen *g)
{
    if (g->leaf || !g->func_count) return false;
    call_something(g, VAL_none);
    return true;
}

// ---- those that leave

static void tail_of(Gen *g, u32 func)
{
    u32 type = g->funcs[func].type, table, at, other;
    if (odds(g, 1, 3) && indirect(g, &table, &at, &other) &&
        tys_equal(&g->types[g->funcs[other].type].results, &g->blocks[0].results)) {
        call_indirect(g, table, at, other, true);
        return;
    }
    need(g, &g->types[type].params);
    if (row_runs[OP_return_call_ref] && odds(g, 1, 4)) {
        emit_index(g, OP_ref_func, func);
        emit_index(g, OP_return_call_ref, type);
    } else {
        emit_index(g, OP_return_call, func);
    }
}

bool tail_call(Gen *g)
{
    if (g->leaf || !row_runs[OP_return_call]) return false;
    u32 first = pick(g, g->func_count);
    for (u32 n = 0; n < g->func_count; n++) {
        u32 f = (first + n) % g->func_count;
        if (!tys_equal(&g->types[g->funcs[f].type].results, &g->blocks[0].results)) continue;
        tail_of(g, f);
        emit_dead(g);
        return true;
    }
    return false;
}
