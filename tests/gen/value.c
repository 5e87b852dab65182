// value.c -- values: constants, what is at hand, rows of the tables, blocks, calls. See gen.h.

#include "gen.h"

// ---- constants

u64 awkward(Gen *g)
{
    static const u64 some[] = {
        0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 32767, 32768,
        65535, 65536, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff,
        0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0x123456789abcdef0,
        0x00ff00ff00ff00ff};
    u32 kind = pick(g, 8);
    if (kind == 0) return chance_next(&g->chance);
    if (kind == 1) return (u64)1 << pick(g, 64);
    if (kind == 2) return pick(g, 100);
    u64 n = some[pick(g, COUNT_OF(some))];
    return odds(g, 1, 4) ? 0 - n : n;
}

static u64 awkward_float(Gen *g, bool wide)
{
    static const double some[] = {
        0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, 1e10, -1e10, 1e-40, 1e300, 2147483647.0,
        2147483648.0, -2147483649.0, 4294967295.0, 4294967296.0, 9223372036854774784.0,
        9223372036854775808.0, 18446744073709551616.0, 3.14159, 1e-310};
    static const u64 wides[] = {
        0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 1, 0x000fffffffffffff,
        0x7fefffffffffffff, 0x3ff0000000000001};
    static const u32 narrows[] = {
        0x7f800000, 0xff800000, 0x7fc00000, 1, 0x007fffff, 0x7f7fffff, 0x4effffff, 0x5f000000};
    u64 bits = 0;
    if (odds(g, 1, 3))
        return wide ? wides[pick(g, COUNT_OF(wides))] : narrows[pick(g, COUNT_OF(narrows))];
    double x = some[pick(g, COUNT_OF(some))];
    float y = (float)MAX(MIN(x, 3e38), -3e38);
    if (wide) memcpy(&bits, &x, 8);
    else memcpy(&bits, &y, 4);
    return bits;
}

void const_i32(Gen *g, u32 n)
{
    emit_op(g, OP_i32_const);
    emit_s(g, (s32)n);
}

void const_i64(Gen *g, u64 n)
{
    emit_op(g, OP_i64_const);
    emit_s(g, (s64)n);
}

static void emit_number_bits(Gen *g, u32 immediates)
{
    switch (immediates) {
    case IMM_i32: emit_s(g, (s32)awkward(g)); break;
    case IMM_i64: emit_s(g, (s64)awkward(g)); break;
    case IMM_f32: buf_u32le(&g->body, (u32)awkward_float(g, false)); break;
    case IMM_f64: buf_u64le(&g->body, awkward_float(g, true)); break;
    case IMM_v128:
        // Floats among the lanes, too.
        for (u32 i = 0; i < 2; i++)
            buf_u64le(&g->body, odds(g, 1, 4)   ? awkward_float(g, true)
                                : odds(g, 1, 2) ? awkward(g)
                                                : awkward_float(g, false) * 0x100000001u);
        break;
    }
}

// A reference that takes no operands: a null, or a function.
static void constant_ref(Gen *g, Ty ty)
{
    if (ty_is_data(g, ty)) {
        constant_data(g, ty);
        return;
    }
    u32 func = ty >= TY_FIRST_REF ? func_of_type(g, ty_type(ty)) : pick(g, g->func_count);
    bool funcs = ty >= TY_FIRST_REF || (ty | 1) == TY_func;
    if (funcs && func != UINT32_MAX && (!ty_null(ty) || odds(g, 3, 4))) {
        emit_index(g, OP_ref_func, func);
    } else {
        emit_op(g, OP_ref_null);
        if (ty >= TY_FIRST_REF) buf_leb_s(&g->body, ty_type(ty));
        else emit_heap(g, &g->body, ty);
        if (!ty_null(ty)) emit_op(g, OP_ref_as_non_null);
    }
}

void constant(Gen *g, Ty ty)
{
    if (ty_is_ref(ty)) {
        constant_ref(g, ty);
    } else {
        static const u16 ops[] = {
            0, OP_i32_const, OP_i64_const, OP_f32_const, OP_f64_const, OP_v128_const};
        emit_op(g, (Op)ops[ty]);
        emit_number_bits(g, op_info[ops[ty]].immediates);
    }
    push(g, ty);
}

// ---- types

u32 func_of_type(const Gen *g, u32 type)
{
    for (u32 i = 0; i < g->func_count; i++)
        if (g->funcs[i].type == type) return i;
    return UINT32_MAX;
}

bool can_make(const Gen *g, Ty ty)
{
    if (ty == TY_extern || ty == TY_exn) return false;
    if (ty_is_data(g, ty)) return data_can_be(g, ty);
    if (ty == TY_func) return g->func_count > 0;
    return ty < TY_FIRST_REF || ty_null(ty) || func_of_type(g, ty_type(ty)) != UINT32_MAX;
}

Ty any_number(Gen *g)
{
    if (g->flavour & FLAVOUR_simd && odds(g, 1, 4)) return VAL_v128;
    if (g->flavour & FLAVOUR_float && odds(g, 1, 2)) return (Ty)(VAL_f32 + pick(g, 2));
    u32 n = pick(g, 10);
    return n < 5 ? VAL_i32 : n < 7 ? VAL_i64 : n < 8 ? VAL_f32 : n < 9 ? VAL_f64 : VAL_i32;
}

Ty any_type(Gen *g)
{
    if (!(g->flavour & FLAVOUR_refs) || !odds(g, 1, 5)) return any_number(g);
    static const Ty some[] = {TY_funcref, TY_externref, TY_func, TY_funcref};
    if (g->object_count && odds(g, 1, 4)) {
        Ty ty = (Ty)(TY_anyref + pick(g, TY_FIRST_REF - TY_anyref));
        return data_can_be(g, ty) ? ty : TY_anyref;
    }
    if (g->exnref && odds(g, 1, 6)) return TY_exnref;
    if (!has(g, FEATURE_function_references)) return some[pick(g, 2)];
    if (odds(g, 1, 2) && g->type_count) {
        Ty ty = ty_to(pick(g, g->type_count), odds(g, 2, 3));
        if (can_make(g, ty)) return ty;
    }
    Ty ty = some[pick(g, COUNT_OF(some))];
    return can_make(g, ty) ? ty : TY_funcref;
}

Tys any_types(Gen *g, u32 most)
{
    Tys tys = {0};
    for (u32 n = pick(g, most + 1); n; n--) tys_add(&tys, any_type(g));
    return tys;
}

// ---- rows

// x == x ? x : 0, of the topmost, so that no bits of a NaN are seen.
static void tame_float(Gen *g, Ty ty)
{
    u32 local = new_local(g, ty, false);
    if (local == UINT32_MAX) return;
    emit_index(g, OP_local_tee, local);
    emit_op(g, ty == VAL_f32 ? OP_f32_const : OP_f64_const);
    if (ty == VAL_f32) buf_u32le(&g->body, 0);
    else buf_u64le(&g->body, 0);
    emit_index(g, OP_local_get, local);
    emit_index(g, OP_local_get, local);
    emit_op(g, ty == VAL_f32 ? OP_f32_eq : OP_f64_eq);
    emit_op(g, OP_select);
}

static void tame_lanes(Gen *g, u32 bits)
{
    u32 local = new_local(g, VAL_v128, false);
    if (local == UINT32_MAX) return;
    emit_index(g, OP_local_tee, local);
    emit_index(g, OP_local_get, local);
    emit_index(g, OP_local_get, local);
    emit_op(g, bits == 32 ? OP_f32x4_eq : OP_f64x2_eq);
    emit_op(g, OP_v128_and);
    emit_index(g, OP_local_tee, local); // nor in the local
}

static void memory_immediates(Gen *g, const OpInfo *o, bool atomic, u32 memory, u64 offset)
{
    u32 natural = (u32)__builtin_ctz(o->bits / 8);
    emit_u(g, (atomic ? natural : pick(g, natural + 1)) | (memory ? 0x40 : 0));
    if (memory) emit_u(g, memory);
    emit_u(g, offset);
}

static void row_immediates(Gen *g, const OpInfo *o)
{
    switch (o->immediates) {
    case IMM_fence: emit_byte(g, 0); break;
    case IMM_lane:
    case IMM_memarg_lane: emit_byte(g, pick(g, o->lanes)); break;
    case IMM_lanes:
        for (u32 i = 0; i < 16; i++) emit_byte(g, pick(g, 32));
        break;
    case IMM_data: emit_u(g, pick(g, g->data_count)); break;
    case IMM_elem: emit_u(g, pick(g, g->elem_count)); break;
    default: emit_number_bits(g, o->immediates);
    }
}

static bool row_possible(const Gen *g, const OpInfo *o)
{
    switch (o->immediates) {
    case IMM_memarg:
    case IMM_memarg_lane: return g->memory_count > 0;
    case IMM_data: return g->data_count > 0;
    case IMM_elem: return g->elem_count > 0;
    default: return true;
    }
}

// A divisor that is not zero.
static void make_odd(Gen *g, Ty ty)
{
    if (ty == VAL_i32) const_i32(g, 1), emit_op(g, OP_i32_or);
    if (ty == VAL_i64) const_i64(g, 1), emit_op(g, OP_i64_or);
}

void row(Gen *g, Op op)
{
    const OpInfo *o = &op_info[op];
    const SigInfo *sig = &sig_info[o->sig];
    bool memory = o->immediates == IMM_memarg || o->immediates == IMM_memarg_lane;
    bool traps = o->effects & TRAPS && !memory;
    u32 index = 0;
    u64 offset = 0;
    if (memory) {
        index = odds(g, 2, 3) ? 0 : pick(g, g->memory_count);
        address(g, index, o->bits / 8u, row_atomic[op], &offset);
    }
    Ty before = 0;
    for (u32 i = memory; i < sig->param_count; i++) {
        // The same operand twice, now and then.
        u32 again =
            before == sig->params[i] && odds(g, 1, 8) ? new_local(g, before, false) : UINT32_MAX;
        if (again != UINT32_MAX) {
            emit_index(g, OP_local_tee, again);
            emit_index(g, OP_local_get, again);
            push(g, before);
        } else {
            value(g, sig->params[i]);
            if (traps && i == 1 && odds(g, 2, 3)) make_odd(g, sig->params[i]);
        }
        before = sig->params[i];
        bool is_float = before == VAL_f32 || before == VAL_f64;
        if (g->tame && row_looks[op] && is_float) tame_float(g, before);
    }
    emit_op(g, op);
    row_drawn[op]++;
    if (memory) memory_immediates(g, o, row_atomic[op], index, offset);
    if (!memory || o->immediates == IMM_memarg_lane) row_immediates(g, o);
    pop(g, sig->param_count);
    for (u32 i = 0; i < sig->result_count; i++) push(g, sig->results[i]);
    if (g->tame && row_nan[op] > 1) tame_lanes(g, row_nan[op]);
}

static bool any_row(Gen *g, Ty ty)
{
    const OpList *list = &rows_giving[ty];
    if (!list->count) return false;
    Op op = (Op)list->at[pick(g, list->count)];
    if (!row_possible(g, &op_info[op])) return false;
    // A vector is costly to get rid of where nobody wants vectors.
    if (!(g->flavour & FLAVOUR_simd) && op_info[op].since >= FEATURE_simd &&
        op_prefix(op_info[op].opcode) == 0xfd && !odds(g, 1, 20))
        return false;
    row(g, op);
    return true;
}

// ---- what is at hand

static bool local_value(Gen *g, Ty ty)
{
    u32 first = pick(g, g->local_count);
    for (u32 n = 0; n < g->local_count; n++) {
        u32 i = (first + n) % g->local_count;
        if (!ty_matches(g, g->locals[i], ty)) continue;
        emit_index(g, OP_local_get, i);
        push(g, ty);
        return true;
    }
    return false;
}

static bool global_value(Gen *g, Ty ty)
{
    u32 first = pick(g, g->global_count);
    for (u32 n = 0; n < g->global_count; n++) {
        u32 i = (first + n) % g->global_count;
        if (!ty_matches(g, g->globals[i].type, ty) || i == g->fuel) continue;
        emit_index(g, OP_global_get, i);
        push(g, ty);
        return true;
    }
    return false;
}

static void simple_value(Gen *g, Ty ty)
{
    u32 n = pick(g, 10);
    if (n < 5 && local_value(g, ty)) return;
    if (n < 6 && global_value(g, ty)) return;
    constant(g, ty);
}

// ---- others

static void tee(Gen *g, Ty ty)
{
    value(g, ty);
    u32 local = new_local(g, ty_is_ref(ty) ? ty & ~1u : ty, false);
    if (local == UINT32_MAX) return;
    emit_index(g, OP_local_tee, local);
    // It has the local's type now: less than was there, and maybe less than is wanted.
    if (g->locals[local] != ty) emit_op(g, OP_ref_as_non_null);
    g->stack[g->height - 1] = ty;
}

static void select_value(Gen *g, Ty ty)
{
    bool typed = ty_is_ref(ty) || (has(g, FEATURE_reference_types) && odds(g, 1, 4));
    value(g, ty);
    value(g, ty);
    condition(g);
    emit_op(g, typed ? OP_select_t : OP_select);
    if (typed) emit_u(g, 1), emit_type(g, &g->body, ty);
    pop(g, 2);
    push(g, ty);
}

static bool table_value(Gen *g, Ty ty)
{
    if (!row_runs[OP_table_get]) return false;
    u32 first = pick(g, g->table_count);
    for (u32 n = 0; n < g->table_count; n++) {
        u32 i = (first + n) % g->table_count;
        GenTable *t = &g->tables[i];
        bool less = ty_is_ref(ty) && !ty_null(ty) && ty_matches(g, t->elem | 1, ty);
        if (!less && !ty_matches(g, t->elem, ty)) continue;
        small_index(g, t->is64, t->min);
        emit_index(g, OP_table_get, i);
        pop(g, 1);
        push(g, ty);
        if (less && ty_null(t->elem)) emit_op(g, OP_ref_as_non_null);
        return true;
    }
    return false;
}

static bool size_value(Gen *g, Ty ty)
{
    bool table = g->table_count && row_runs[OP_table_size] && odds(g, 1, 3);
    if (!table && !g->memory_count) return false;
    u32 i = pick(g, table ? g->table_count : g->memory_count);
    bool is64 = table ? g->tables[i].is64 : g->memories[i].is64;
    if (ty != (is64 ? VAL_i64 : VAL_i32)) return false;
    emit_index(g, table ? OP_table_size : OP_memory_size, i);
    push(g, ty);
    return true;
}

static bool is_null_value(Gen *g, Ty ty)
{
    if (ty != VAL_i32 || !(g->flavour & FLAVOUR_refs)) return false;
    value(g, odds(g, 1, 2) ? TY_funcref : TY_externref);
    emit_op(g, OP_ref_is_null);
    pop(g, 1);
    push(g, VAL_i32);
    return true;
}

static void in_block(Gen *g, Ty ty)
{
    FuncTy type = {.results = {1, {ty}}};
    if (odds(g, 1, 4) && g->type_count < GEN_TYPES - 8) type.params = any_types(g, 2);
    for (u32 i = 0; i < type.params.count; i++) value(g, type.params.at[i]);
    block_value(g, &type);
}

void value(Gen *g, Ty ty)
{
    if (g->height > GEN_STACK - 8 || g->left <= 0 || g->nest > 6 || odds(g, 1, 4)) {
        simple_value(g, ty);
        return;
    }
    g->nest++;
    u32 before = g->height, n = pick(g, 32), floor = g->floor;
    g->floor = before; // what is there belongs to somebody else
    if (n < 16 && ty_is_cont(g, ty)) cont_value(g, ty);
    else if (n < 16 && ty_is_data(g, ty)) data_value(g, ty);
    else if (n < 4 && g->object_count) from_data(g, ty);
    else if (n < 16 && !ty_is_ref(ty)) any_row(g, ty);
    else if (n < 18) tee(g, ty);
    else if (n < 20) select_value(g, ty);
    else if (n < 22) in_block(g, ty);
    else if (n < 24 && !g->leaf) call_something(g, ty);
    else if (n < 25) size_value(g, ty);
    else if (n < 26) is_null_value(g, ty);
    else if (n < 29 && ty_is_ref(ty)) table_value(g, ty);
    if (g->height == before) simple_value(g, ty);
    g->floor = floor;
    g->nest--;
}

void condition(Gen *g)
{
    value(g, VAL_i32);
    pop(g, 1);
}

// The topmost are these, or are made; and then those below stay where they are.
void need(Gen *g, const Tys *tys)
{
    u32 n = tys->count;
    bool there = g->height >= MAX(g->floor, inner(g)->base) + n;
    for (u32 i = 0; i < n && there; i++)
        there = ty_matches(g, g->stack[g->height - n + i], tys->at[i]);
    if (there && odds(g, 9, 10)) return;
    for (u32 i = 0; i < n; i++) value(g, tys->at[i]);
}
