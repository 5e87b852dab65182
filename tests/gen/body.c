// body.c -- the simple statements, and a function of them. See gen.h.

#include "gen.h"

bool statement_set_local(Gen *g)
{
    if (!g->local_count) return false;
    u32 local = pick(g, g->local_count);
    if (g->kept[local] || !can_make(g, g->locals[local])) return false;
    value(g, g->locals[local]);
    emit_index(g, OP_local_set, local);
    pop(g, 1);
    return true;
}

bool statement_set_global(Gen *g)
{
    u32 i = pick(g, g->global_count);
    if (!g->global_count || !g->globals[i].mutable || i == g->fuel) return false;
    if (is_within(g, i)) return false;
    if (!can_make(g, g->globals[i].type)) return false;
    value(g, g->globals[i].type);
    emit_index(g, OP_global_set, i);
    pop(g, 1);
    return true;
}

bool statement_leave(Gen *g)
{
    if (g->height > GEN_STACK / 2) return false;
    // Many at once, now and then: they are live across all that follows.
    for (u32 n = odds(g, 1, 30) ? pick(g, 24) : 1 + pick(g, 2); n; n--) value(g, any_type(g));
    return true;
}

bool statement_drop(Gen *g)
{
    if (!own_height(g)) return false;
    emit_op(g, OP_drop);
    pop(g, 1);
    return true;
}

static bool can_be(const Gen *g, const OpInfo *o)
{
    if (o->immediates == IMM_memarg || o->immediates == IMM_memarg_lane) return g->memory_count > 0;
    if (o->immediates == IMM_data) return g->data_count > 0;
    return o->immediates != IMM_elem || g->elem_count > 0;
}

bool statement_several(Gen *g)
{
    const OpList *list = &rows_giving[VAL_none];
    Op op = (Op)list->at[pick(g, list->count)];
    if (!list->count || !can_be(g, &op_info[op])) return false;
    // A segment that is gone makes later uses of it traps.
    if (op_info[op].effects & WRITES_segment && odds(g, 2, 3)) return false;
    row(g, op);
    return true;
}

bool statement_trap(Gen *g)
{
    if (!rows_trapping.count) return false;
    Op op = (Op)rows_trapping.at[pick(g, rows_trapping.count)];
    row(g, op);
    emit_op(g, OP_drop);
    pop(g, 1);
    return true;
}

static const struct {
    bool (*make)(Gen *g);
    u8 weight;
    u16 row;
} kinds[] = {
#define STATEMENT(name, weight, row) {statement_##name, weight, OP_##row},
#include "statement.def"
};

enum {
    ALL_WEIGHTS = 0
#define STATEMENT(name, weight, row) +(weight)
#include "statement.def"
};

static bool statement(Gen *g)
{
    u32 at = pick(g, ALL_WEIGHTS), i = 0;
    while (at >= kinds[i].weight) at -= kinds[i++].weight;
    return row_runs[kinds[i].row] && kinds[i].make(g);
}

void statements(Gen *g, u32 most)
{
    for (u32 n = 1 + pick(g, most); n && g->left > 0; n--) {
        // Of dead code there is a little.
        if (g->dead && odds(g, 3, 4)) return;
        if (g->height > GEN_STACK * 3 / 4 && own_height(g)) statement_drop(g);
        else statement(g);
    }
}

// ---- functions

static void emit_locals(Gen *g, Buf *out)
{
    u32 groups = 0;
    for (u32 i = g->param_count; i < g->local_count; i++)
        groups += i == g->param_count || g->locals[i] != g->locals[i - 1];
    buf_leb_u(out, groups);
    for (u32 i = g->param_count, n; i < g->local_count; i += n) {
        for (n = 1; i + n < g->local_count && g->locals[i + n] == g->locals[i];) n++;
        buf_leb_u(out, n);
        emit_type(g, out, g->locals[i]);
    }
}

static void begin(Gen *g, u32 func)
{
    const FuncTy *type = &g->types[g->funcs[func].type];
    g->func = func;
    g->leaf = g->funcs[func].leaf;
    g->height = g->floor = g->depth = g->nest = g->local_count = 0;
    g->dead = false;
    g->turns = 1;
    memset(g->kept, 0, sizeof g->kept);
    for (u32 i = 0; i < type->params.count; i++) g->locals[g->local_count++] = type->params.at[i];
    g->param_count = g->local_count;
    u32 more = odds(g, 1, 16) ? pick(g, 100) : pick(g, 6);
    for (; more; more--) {
        Ty ty = any_type(g);
        g->locals[g->local_count++] = ty_is_ref(ty) ? ty & (Ty)~1u : ty;
    }
    g->blocks[0] = (GenBlock){.op = OP_block, .label = type->results, .results = type->results};
    buf_init(&g->body, g->arena);
}

void gen_body(Gen *g, u32 func, Buf *out)
{
    begin(g, func);
    g->left = g->leaf ? 12 + (s32)pick(g, 24) : 20 + (s32)pick(g, odds(g, 1, 8) ? 600 : 160);
    bool small = g->funcs[func].small;
    if (small) g->left = 2 + (s32)pick(g, 6);
    if (!g->leaf) spend(g);
    // Before anything can go wrong.
    if (g->conts && odds(g, 1, 2)) statement_suspend(g);
    if (small && odds(g, 1, 2)) statement_counted(g);
    if (!small || odds(g, 1, 2)) statements(g, small ? 1 : g->leaf ? 3 : 24);
    results(g, &g->blocks[0].results);
    emit_op(g, OP_end);
    Buf whole;
    buf_init(&whole, g->arena);
    emit_locals(g, &whole);
    buf_bytes(&whole, g->body.data, g->body.len);
    buf_name(out, whole.data, whole.len);
}
