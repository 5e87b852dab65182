// exceptions.c -- who catches: try_table, and the old try. See gen.h.

#include "gen.h"

static bool room(const Gen *g) { return g->depth + 6 < GEN_DEPTH && g->left > 0; }

static void finish(Gen *g)
{
    results(g, &inner(g)->results);
    emit_end(g);
}

// Something in it that throws, mostly.
static void guarded(Gen *g)
{
    statements(g, 3);
    if (g->dead || !g->tag_count || !odds(g, 2, 3)) return;
    condition(g);
    open_block(g, OP_if, &(FuncTy){0});
    u32 tag = pick(g, g->tag_count);
    need(g, &g->types[g->tags[tag]].params);
    emit_index(g, OP_throw, tag);
    emit_dead(g);
    finish(g);
}

enum { CATCH, CATCH_REF, CATCH_ALL, CATCH_ALL_REF };

// The block that the clause leads to is opened by the caller: what it carries.
static Tys clause_types(Gen *g, u32 kind, u32 tag)
{
    Tys tys = {0};
    if (kind < CATCH_ALL) tys = g->types[g->tags[tag]].params;
    if (kind & 1) tys_add(&tys, TY_exnref);
    return tys;
}

static u32 any_clause(Gen *g, u32 *tag)
{
    *tag = pick(g, g->tag_count);
    u32 kind = pick(g, 4);
    return g->tag_count ? kind : kind | CATCH_ALL;
}

static void clause(Gen *g, u32 kind, u32 tag, u32 label)
{
    emit_byte(g, kind);
    if (kind < CATCH_ALL) emit_u(g, tag);
    emit_u(g, label);
}

// Two blocks for two clauses, of which the second may lead to the first's; then what is guarded.
bool statement_try_table(Gen *g)
{
    if (!room(g) || !g->exnref || g->type_count > GEN_TYPES - 16) return false;
    u32 tags[2], kinds[2] = {any_clause(g, &tags[0]), any_clause(g, &tags[1])};
    FuncTy outer = {.results = clause_types(g, kinds[1], tags[1])};
    FuncTy middle = {.results = clause_types(g, kinds[0], tags[0])};
    FuncTy own = {.results = any_types(g, 2)};
    bool same = odds(g, 1, 4);
    open_block(g, OP_block, &outer);
    open_block(g, OP_block, &middle);
    emit_op(g, OP_try_table);
    emit_blocktype(g, &own);
    emit_u(g, 2);
    clause(g, kinds[0], tags[0], 0);
    clause(g, same ? kinds[0] : kinds[1], same ? tags[0] : tags[1], same ? 0 : 1);
    g->depth++;
    *inner(g) = (GenBlock){
        .op = OP_try_table, .base = g->height, .label = own.results, .results = own.results};
    guarded(g);
    finish(g);
    statements(g, 2);
    finish(g);
    statements(g, 2);
    finish(g);
    return true;
}

static void next_clause(Gen *g, Op op, u32 tag)
{
    results(g, &inner(g)->results);
    emit_op(g, op);
    if (op == OP_catch) emit_u(g, tag);
    g->height = inner(g)->base;
    g->dead = false;
    inner(g)->op = op;
    if (op == OP_catch) push_all(g, &g->types[g->tags[tag]].params);
    statements(g, 2);
    if (!g->dead && odds(g, 1, 6)) {
        emit_index(g, OP_rethrow, 0);
        emit_dead(g);
    }
}

bool statement_try(Gen *g)
{
    if (!room(g) || !g->legacy || g->type_count > GEN_TYPES - 8) return false;
    FuncTy type = {.results = any_types(g, 2)};
    if (odds(g, 1, 4)) type.params = any_types(g, 2);
    need(g, &type.params);
    open_block(g, OP_try, &type);
    guarded(g);
    for (u32 n = g->tag_count ? pick(g, 3) : 0; n; n--)
        next_clause(g, OP_catch, pick(g, g->tag_count));
    if (odds(g, 1, 2)) next_clause(g, OP_catch_all, 0);
    finish(g);
    return true;
}

bool statement_delegate(Gen *g)
{
    if (!room(g) || !g->legacy || g->type_count > GEN_TYPES - 8) return false;
    FuncTy type = {.results = any_types(g, 1)};
    open_block(g, OP_try, &type);
    guarded(g);
    results(g, &type.results);
    // Where it points is counted from outside of it.
    emit_index(g, OP_delegate, pick(g, g->depth));
    g->height = inner(g)->base;
    g->depth--;
    g->dead = false;
    push_all(g, &type.results);
    return true;
}
