// memory.c -- addresses, bulk operations, tables. See gen.h.
//
// Most addresses are good ones, so that a body comes to its end: masked, shifted, with upper halves
// that must not count; some are at the very end, and a few anywhere.

#include "gen.h"

static u64 memory_size(const GenMemory *m) { return (u64)m->min << m->page_log; }

static void masked(Gen *g, bool is64, u64 mask)
{
    value(g, is64 ? VAL_i64 : VAL_i32);
    if (is64) const_i64(g, mask);
    else const_i32(g, (u32)mask);
    emit_op(g, is64 ? OP_i64_and : OP_i32_and);
}

static void binary_k(Gen *g, bool is64, Op narrow, Op wide, u64 k)
{
    if (is64) const_i64(g, k);
    else const_i32(g, (u32)k);
    emit_op(g, is64 ? wide : narrow);
}

// In a 32-bit memory from 64 bits of which the upper half is anything.
static void from_upper(Gen *g, u64 mask)
{
    masked(g, true, mask);
    binary_k(g, true, OP_i32_or, OP_i64_or, chance_next(&g->chance) << 32);
    emit_op(g, OP_i32_wrap_i64);
    pop(g, 1);
    push(g, VAL_i32);
}

// In a 64-bit memory from 32 bits.
static void from_lower(Gen *g, u64 mask)
{
    masked(g, false, mask);
    emit_op(g, odds(g, 1, 2) ? OP_i64_extend_i32_u : OP_i64_extend_i32_s);
    pop(g, 1);
    push(g, VAL_i64);
}

// Away and back: the sum overflows.
static void around(Gen *g, bool is64, u64 mask)
{
    u64 k = awkward(g);
    masked(g, is64, mask);
    binary_k(g, is64, OP_i32_add, OP_i64_add, k);
    binary_k(g, is64, OP_i32_sub, OP_i64_sub, k);
}

static void shifted(Gen *g, bool is64, u64 mask)
{
    u32 by = 1 + pick(g, 3);
    masked(g, is64, mask >> by >> 1);
    binary_k(g, is64, OP_i32_shl, OP_i64_shl, by);
    if (odds(g, 1, 2)) binary_k(g, is64, OP_i32_add, OP_i64_add, pick(g, (u32)(mask >> 2) + 1));
}

static void at_the_end(Gen *g, bool is64, u64 bytes, u32 size)
{
    u64 at = bytes - size + (odds(g, 1, 8) ? pick(g, 3) : 0) - pick(g, 2);
    if (is64) const_i64(g, at);
    else const_i32(g, (u32)at);
    push(g, is64 ? VAL_i64 : VAL_i32);
}

void address(Gen *g, u32 memory, u32 size, bool aligned, u64 *offset)
{
    const GenMemory *m = &g->memories[memory];
    u64 bytes = memory_size(m), half = bytes >= 64 ? (u64)1 << (62 - __builtin_clzll(bytes)) : 1;
    u64 mask = (half - 1) & ~(aligned ? size - 1u : 0);
    static const u64 far[] = {0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};
    u32 kind = pick(g, 40);
    *offset = odds(g, 1, 3) ? 0 : pick(g, half > 32 ? (u32)half - 16 : 1);
    if (kind < 10) masked(g, m->is64, mask);
    else if (kind < 16) shifted(g, m->is64, mask);
    else if (kind < 22) around(g, m->is64, mask);
    else if (kind < 27 && !m->is64) from_upper(g, mask);
    else if (kind < 27) from_lower(g, mask);
    else if (kind < 34) masked(g, m->is64, odds(g, 1, 2) ? 0 : mask & 0xff);
    else if (kind < 38) at_the_end(g, m->is64, bytes, size), *offset = 0;
    else if (kind < 39) value(g, m->is64 ? VAL_i64 : VAL_i32);
    else masked(g, m->is64, mask), *offset = far[pick(g, COUNT_OF(far))];
    if (aligned) *offset &= ~(u64)(size - 1u);
    if (aligned && kind < 38) {
        // what was added on the way may not be a multiple
        binary_k(g, m->is64, OP_i32_and, OP_i64_and, ~(u64)(size - 1u));
    }
    if (kind == 38 && m->is64 && odds(g, 1, 2)) *offset = 0 - (u64)pick(g, 64);
}

bool statement_store(Gen *g)
{
    if (!g->memory_count || !rows_storing.count) return false;
    for (u32 tries = 0; tries < 8; tries++) {
        Op op = (Op)rows_storing.at[pick(g, rows_storing.count)];
        if (op_prefix(op_info[op].opcode) == 0xfd && !(g->flavour & FLAVOUR_simd)) continue;
        row(g, op);
        return true;
    }
    return false;
}

// How much: mostly little.
static u64 amount(Gen *g, u64 most) { return odds(g, 1, 4) ? most : MIN(most, 4096); }

static void address_number(Gen *g, bool is64, u64 below)
{
    if (odds(g, 1, 12)) {
        value(g, is64 ? VAL_i64 : VAL_i32);
    } else {
        u64 mask = below > 1 ? ((u64)1 << (63 - __builtin_clzll(below))) - 1 : 0;
        masked(g, is64, mask);
    }
}

static bool statement_discard(Gen *g)
{
    u32 memory = pick(g, g->memory_count);
    const GenMemory *m = &g->memories[memory];
    u64 half = memory_size(m) / 2;
    address_number(g, m->is64, half);
    address_number(g, m->is64, amount(g, half));
    emit_index(g, OP_memory_discard, memory);
    pop(g, 2);
    return true;
}

bool statement_memory_bulk(Gen *g)
{
    if (!g->memory_count) return false;
    if (has(g, FEATURE_memory_control) && odds(g, 1, 5)) return statement_discard(g);
    u32 to = pick(g, g->memory_count), from = pick(g, g->memory_count), kind = pick(g, 4);
    const GenMemory *m = &g->memories[to], *n = &g->memories[from];
    bool init = kind == 0 && g->data_count;
    if (init) from = pick(g, g->data_count);
    u64 half = memory_size(m) / 2;
    address_number(g, m->is64, half);
    if (init) {
        address_number(g, false, g->datas[from].size / 2 + 1);
        address_number(g, false, g->datas[from].size / 2 + 1);
        emit_index(g, OP_memory_init, from);
        emit_u(g, to);
    } else if (kind < 2) {
        value(g, VAL_i32);
        address_number(g, m->is64, amount(g, half));
        emit_index(g, OP_memory_fill, to);
    } else {
        address_number(g, n->is64, memory_size(n) / 2);
        address_number(g, m->is64 && n->is64, amount(g, MIN(half, memory_size(n) / 2)));
        emit_index(g, OP_memory_copy, to);
        emit_u(g, from);
    }
    pop(g, 3);
    return true;
}

// Nobody else is there to notify it, so a wait that does not trap ends soon, and always alike.
bool statement_wait(Gen *g)
{
    static const Op ops[] = {OP_memory_atomic_notify, OP_memory_atomic_wait32,
                             OP_memory_atomic_wait64};
    if (!g->memory_count) return false;
    u32 kind = pick(g, 3), memory = pick(g, g->memory_count), log2 = kind == 2 ? 3 : 2;
    if (kind && !g->memories[memory].shared && !odds(g, 1, 16)) return false;
    u64 offset;
    address(g, memory, 1u << log2, true, &offset);
    value(g, kind == 2 ? VAL_i64 : VAL_i32);
    if (kind) {
        const_i64(g, pick(g, 2) * pick(g, 2000));
        push(g, VAL_i64);
    }
    emit_op(g, ops[kind]);
    emit_u(g, log2 | (memory ? 0x40 : 0));
    if (memory) emit_u(g, memory);
    emit_u(g, offset);
    pop(g, kind ? 3 : 2);
    push(g, VAL_i32);
    return true;
}

bool statement_grow(Gen *g)
{
    bool table = g->table_count && row_runs[OP_table_grow] && odds(g, 1, 2);
    if (!table && !g->memory_count) return false;
    u32 i = pick(g, table ? g->table_count : g->memory_count);
    bool is64 = table ? g->tables[i].is64 : g->memories[i].is64;
    if (table && !can_make(g, g->tables[i].elem)) return false;
    if (table) value(g, g->tables[i].elem);
    small_index(g, is64, 3);
    emit_index(g, table ? OP_table_grow : OP_memory_grow, i);
    pop(g, table ? 2 : 1);
    push(g, is64 ? VAL_i64 : VAL_i32);
    if (!odds(g, 1, 3)) return true;
    emit_op(g, OP_drop);
    pop(g, 1);
    return true;
}

// ---- tables

void small_index(Gen *g, bool is64, u32 n)
{
    u32 kind = pick(g, 20);
    if (kind == 0) {
        value(g, is64 ? VAL_i64 : VAL_i32);
        return;
    }
    if (kind < 8 && n > 1) {
        masked(g, is64, ((u64)1 << (31 - __builtin_clz(n))) - 1);
        return;
    }
    u64 at = kind == 8 ? n : pick(g, n ? n : 1);
    if (is64) const_i64(g, at);
    else const_i32(g, (u32)at);
    push(g, is64 ? VAL_i64 : VAL_i32);
}

bool statement_set_table(Gen *g)
{
    if (!g->table_count) return false;
    u32 i = pick(g, g->table_count);
    const GenTable *t = &g->tables[i];
    if (!can_make(g, t->elem)) return false;
    small_index(g, t->is64, t->min);
    value(g, t->elem);
    emit_index(g, OP_table_set, i);
    pop(g, 2);
    return true;
}

static u32 segment_for(Gen *g, const GenTable *t)
{
    u32 first = pick(g, g->elem_count);
    for (u32 n = 0; n < g->elem_count; n++) {
        u32 i = (first + n) % g->elem_count;
        if (ty_matches(g, g->elems[i].elem, t->elem)) return i;
    }
    return UINT32_MAX;
}

bool statement_table_bulk(Gen *g)
{
    if (!g->table_count) return false;
    u32 to = pick(g, g->table_count), from = pick(g, g->table_count), kind = pick(g, 3);
    const GenTable *t = &g->tables[to], *f = &g->tables[from];
    u32 segment = segment_for(g, t);
    if (kind == 0 && segment == UINT32_MAX) return false;
    if (kind == 1 && !can_make(g, t->elem)) return false;
    if (kind == 2 && !ty_matches(g, f->elem, t->elem)) return false;
    small_index(g, t->is64, t->min);
    if (kind == 1) value(g, t->elem);
    else small_index(g, kind == 2 && f->is64, 4);
    small_index(g, kind == 0 ? false : kind == 1 ? t->is64 : t->is64 && f->is64, 4);
    if (kind == 1) {
        emit_index(g, OP_table_fill, to);
    } else {
        emit_index(g, kind == 0 ? OP_table_init : OP_table_copy, kind == 0 ? segment : to);
        emit_u(g, kind == 0 ? to : from);
    }
    pop(g, 3);
    return true;
}
