// control.c -- blocks, loops, branches, and what leaves a function. See gen.h.

#include "gen.h"

// Brings exactly these on top of the innermost block's base.
void results(Gen *g, const Tys *want)
{
    u32 n = want->count;
    if (g->dead && !own_height(g) && odds(g, 1, 2)) return; // nothing need be there
    bool exact = own_height(g) == n;
    for (u32 i = 0; i < n && exact; i++)
        exact = ty_matches(g, g->stack[inner(g)->base + i], want->at[i]);
    if (exact) return;
    if (own_height(g) && odds(g, 1, 2) && !inner(g)->shut && inner(g)->op != OP_loop) {
        need(g, want); // and a branch leaves the others behind
        emit_index(g, OP_br, 0);
        emit_dead(g);
        return;
    }
    for (u32 k = own_height(g); k; k--) emit_op(g, OP_drop);
    g->height = inner(g)->base;
    for (u32 i = 0; i < n; i++) value(g, want->at[i]);
}

// Its parameters are on the stack.
void open_block(Gen *g, Op op, const FuncTy *type)
{
    emit_op(g, op);
    emit_blocktype(g, type);
    pop(g, type->params.count);
    g->depth++;
    GenBlock *b = inner(g);
    *b = (GenBlock){.op = op,
                    .base = g->height,
                    .results = type->results,
                    .label = op == OP_loop ? type->params : type->results};
    g->dead = false;
    push_all(g, &type->params);
}

static void close_block(Gen *g)
{
    GenBlock *b = inner(g);
    results(g, &b->results);
    emit_end(g);
}

static FuncTy block_type(Gen *g)
{
    FuncTy type = {0};
    if (g->type_count > GEN_TYPES - 16 || odds(g, 1, 3)) return type;
    type.results = any_types(g, odds(g, 1, 10) ? 6 : 2);
    if (odds(g, 1, 2)) type.params = any_types(g, odds(g, 1, 10) ? 5 : 2);
    // A loop's operands, or those that one arm only passes on.
    if (odds(g, 1, 6)) type.results = type.params;
    return type;
}

static bool room(const Gen *g) { return g->depth + 4 < GEN_DEPTH && g->left > 0; }

// Who did not branch has the label's types now.
static void not_taken(Gen *g, const Tys *tys)
{
    pop(g, tys->count);
    push_all(g, tys);
}

// ---- loops

// Who has no more traps.
void spend(Gen *g)
{
    emit_index(g, OP_global_get, g->fuel);
    const_i32(g, 1);
    emit_op(g, OP_i32_sub);
    emit_index(g, OP_global_set, g->fuel);
    emit_index(g, OP_global_get, g->fuel);
    const_i32(g, 0);
    emit_op(g, OP_i32_lt_s);
    emit_op(g, OP_if);
    emit_byte(g, 0x40);
    emit_op(g, OP_unreachable);
    emit_op(g, OP_end);
}

static void free_loop(Gen *g, const FuncTy *type)
{
    open_block(g, OP_loop, type);
    spend(g);
    statements(g, 6);
    if (odds(g, 3, 4)) {
        need(g, &type->params);
        condition(g);
        emit_index(g, OP_br_if, 0);
        not_taken(g, &type->params);
    }
    close_block(g);
}

// Counts down in a local that nobody else sets.
void counted_begin(Gen *g, u32 *counter, u32 turns, const FuncTy *type)
{
    *counter = new_local(g, VAL_i32, true);
    const_i32(g, turns);
    emit_index(g, OP_local_set, *counter);
    open_block(g, OP_loop, type);
    inner(g)->shut = true;
    g->turns *= turns;
}

void counted_end(Gen *g, u32 counter)
{
    need(g, &inner(g)->label);
    emit_index(g, OP_local_get, counter);
    bool sub = odds(g, 1, 2);
    const_i32(g, sub ? 1 : UINT32_MAX);
    emit_op(g, sub ? OP_i32_sub : OP_i32_add);
    emit_index(g, OP_local_tee, counter);
    if (odds(g, 1, 2)) const_i32(g, 0), emit_op(g, OP_i32_ne);
    emit_index(g, OP_br_if, 0);
    not_taken(g, &inner(g)->label);
    close_block(g);
}

static bool counted_loop(Gen *g, const FuncTy *type)
{
    u32 counter, turns = 1 + pick(g, 6);
    if (g->local_count + 8 > GEN_LOCALS || g->turns * turns > 24) return false;
    u32 before = g->turns;
    counted_begin(g, &counter, turns, type);
    statements(g, 5);
    counted_end(g, counter);
    g->turns = before;
    return true;
}

bool statement_loop(Gen *g)
{
    if (!room(g) || g->leaf) return false;
    FuncTy type = block_type(g);
    need(g, &type.params);
    free_loop(g, &type);
    return true;
}

bool statement_counted(Gen *g)
{
    if (!room(g) || g->local_count + 8 > GEN_LOCALS || g->turns > 4) return false;
    FuncTy type = block_type(g);
    need(g, &type.params);
    counted_loop(g, &type); // if not, there are some more values
    return true;
}

// ---- blocks

static void else_part(Gen *g, const FuncTy *type)
{
    results(g, &type->results);
    emit_op(g, OP_else);
    g->height = inner(g)->base;
    g->dead = false;
    push_all(g, &type->params);
}

static void if_block(Gen *g, const FuncTy *type)
{
    bool one_armed = tys_equal(&type->params, &type->results) && odds(g, 1, 2);
    open_block(g, OP_if, type);
    statements(g, 4);
    if (!one_armed) {
        else_part(g, type);
        statements(g, 4);
    }
    close_block(g);
}

static void plain_block(Gen *g, const FuncTy *type)
{
    open_block(g, OP_block, type);
    statements(g, 5);
    close_block(g);
}

void block_value(Gen *g, const FuncTy *type)
{
    u32 kind = pick(g, 4);
    if (!room(g)) kind = 0;
    if (kind == 1) {
        condition(g);
        if_block(g, type);
    } else if (kind == 2 && !g->leaf) {
        free_loop(g, type);
    } else if (kind != 3 || !counted_loop(g, type)) {
        plain_block(g, type);
    }
}

bool statement_block(Gen *g)
{
    if (!room(g)) return false;
    FuncTy type = block_type(g);
    need(g, &type.params);
    plain_block(g, &type);
    return true;
}

bool statement_if(Gen *g)
{
    if (!room(g)) return false;
    FuncTy type = block_type(g);
    need(g, &type.params);
    condition(g);
    if_block(g, &type);
    return true;
}

// ---- branches

// Some label that may be branched to, or UINT32_MAX.
static u32 any_label(Gen *g)
{
    for (u32 tries = 0; tries < 4; tries++) {
        u32 label = odds(g, 1, 3) ? 0 : pick(g, g->depth + 1);
        if (!g->blocks[g->depth - label].shut) return label;
    }
    return UINT32_MAX;
}

static const Tys *label_types(const Gen *g, u32 label)
{
    return &g->blocks[g->depth - label].label;
}

bool statement_br_if(Gen *g)
{
    u32 label = any_label(g);
    if (label == UINT32_MAX) return false;
    need(g, label_types(g, label));
    condition(g);
    emit_index(g, OP_br_if, label);
    not_taken(g, label_types(g, label));
    return true;
}

bool statement_br(Gen *g)
{
    u32 label = any_label(g);
    if (label == UINT32_MAX || !g->depth) return false;
    need(g, label_types(g, label));
    emit_index(g, OP_br, label);
    emit_dead(g);
    return true;
}

bool statement_br_table(Gen *g)
{
    u32 fits[GEN_DEPTH + 1], count = 0, label = any_label(g);
    if (label == UINT32_MAX || !g->depth) return false;
    const Tys *tys = label_types(g, label);
    for (u32 i = 0; i <= g->depth; i++)
        if (!g->blocks[g->depth - i].shut && tys_equal(label_types(g, i), tys)) fits[count++] = i;
    // In a block of its own, so that what follows is reached now and then.
    FuncTy own = {.results = *tys};
    bool block = room(g) && g->type_count < GEN_TYPES - 8 && odds(g, 3, 4);
    if (block) {
        open_block(g, OP_block, &own);
        for (u32 i = 0; i < count; i++) fits[i]++;
        fits[count++] = 0;
        tys = label_types(g, 0);
    }
    need(g, tys);
    condition(g);
    u32 entries = odds(g, 1, 20) ? pick(g, 60) : pick(g, 6);
    emit_index(g, OP_br_table, entries);
    for (u32 i = 0; i <= entries; i++) emit_u(g, fits[pick(g, count)]);
    emit_dead(g);
    if (block) close_block(g);
    return true;
}

bool statement_br_on_null(Gen *g)
{
    u32 label = any_label(g);
    if (label == UINT32_MAX || !(g->flavour & FLAVOUR_refs)) return false;
    Ty ty = odds(g, 1, 2) ? TY_funcref : TY_externref;
    need(g, label_types(g, label));
    value(g, ty);
    emit_index(g, OP_br_on_null, label);
    emit_op(g, OP_drop);
    pop(g, 1);
    not_taken(g, label_types(g, label));
    return true;
}

bool statement_br_on_non_null(Gen *g)
{
    if (!room(g) || !(g->flavour & FLAVOUR_refs) || !g->func_count) return false;
    u32 type = g->funcs[pick(g, g->func_count)].type;
    FuncTy own = {.results = {1, {ty_to(type, false)}}};
    open_block(g, OP_block, &own);
    statements(g, 2);
    value(g, ty_to(type, true));
    emit_index(g, OP_br_on_non_null, 0);
    pop(g, 1);
    close_block(g);
    return true;
}

// Of an object's type, or null: the block begins here, and is left with one or the other.
bool statement_br_on_cast(Gen *g)
{
    bool fail = odds(g, 1, 2);
    Ty from, to, label, otherwise;
    if (!room(g) || !branch_of_cast(g, fail, &from, &to, &label, &otherwise)) return false;
    FuncTy own = {.results = {1, {label}}};
    open_block(g, OP_block, &own);
    statements(g, 2);
    bool desc = odds(g, 2, 3) && described_value(g, from, to);
    if (!desc) value(g, from);
    if (desc) emit_op(g, fail ? OP_br_on_cast_desc_eq_fail : OP_br_on_cast_desc_eq);
    else emit_op(g, fail ? OP_br_on_cast_fail : OP_br_on_cast);
    emit_byte(g, ty_null(from) | ty_null(to) << 1);
    emit_u(g, 0);
    emit_heap(g, &g->body, from);
    emit_heap(g, &g->body, to);
    pop(g, 1 + desc);
    push(g, otherwise);
    emit_op(g, OP_drop);
    pop(g, 1);
    close_block(g);
    return true;
}

static void throw_something(Gen *g)
{
    u32 tag = pick(g, g->tag_count);
    if (g->tag_count) {
        need(g, &g->types[g->tags[tag]].params);
        emit_index(g, OP_throw, tag);
    } else {
        emit_op(g, OP_unreachable);
    }
    emit_dead(g);
}

static void leave(Gen *g)
{
    u32 kind = pick(g, 12);
    bool throws = g->tag_count && row_runs[OP_throw];
    if (kind < 4 && tail_call(g)) return;
    if (kind < 7 && throws) {
        throw_something(g);
    } else if (kind < 9 && g->exnref && row_runs[OP_throw_ref]) {
        value(g, TY_exnref);
        emit_op(g, OP_throw_ref);
        emit_dead(g);
    } else if (kind < 10) {
        emit_op(g, OP_unreachable);
        emit_dead(g);
    } else {
        need(g, &g->blocks[0].results);
        emit_op(g, OP_return);
        emit_dead(g);
    }
}

bool statement_leave_if(Gen *g)
{
    if (!room(g)) return false;
    // Now and then for certain.
    if (g->depth && odds(g, 1, 12)) {
        leave(g);
        return true;
    }
    condition(g);
    open_block(g, OP_if, &(FuncTy){0});
    if (odds(g, 1, 3)) statements(g, 2);
    if (!g->dead) leave(g);
    close_block(g);
    return true;
}
