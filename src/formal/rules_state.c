// rules_state.c -- variables, tables and memories.
//
// Whatever works on many elements does one, and stands for the rest itself.
// spec: exec/instructions

#include "formal/bytes.h"

#include <string.h>

// ---- Variables

static Val *local(Config *c, u32 x) { return &c->locals[frame_of(c)->locals + x]; }
static GlobalInst *global(Config *c, u32 x)
{
    return &c->store->globals.at[module_of(c)->globals[x]];
}

bool Step_read_local_get(Config *c, const Instr *i)
{
    push(c, *local(c, i->x));
    return true;
}

bool Step_local_set(Config *c, const Instr *i)
{
    *local(c, i->x) = *nth(c, 1);
    pop(c, 1);
    return true;
}

bool Step_pure_local_tee(Config *c, const Instr *i)
{
    push(c, *nth(c, 1));
    ahead_plain(c, OP_local_set, i->x);
    return true;
}

bool Step_read_global_get(Config *c, const Instr *i)
{
    push(c, global(c, i->x)->value);
    return true;
}

bool Step_global_set(Config *c, const Instr *i)
{
    touch(c, PART_global, module_of(c)->globals[i->x], 0, 1);
    global(c, i->x)->value = *nth(c, 1);
    pop(c, 1);
    return true;
}

// ---- Tables

static TableInst *table(Config *c, u32 x) { return &c->store->tables.at[module_of(c)->tables[x]]; }
static ElemInst *elem(Config *c, u32 x) { return &c->store->elems.at[module_of(c)->elems[x]]; }
static Val plus(Val v, u64 n)
{
    v.bits = v.kind == TYPE_i32 ? (u32)(v.bits + n) : v.bits + n;
    return v;
}

bool Step_read_table_get_oob(Config *c, const Instr *i)
{
    if (nth(c, 1)->bits < table(c, i->x)->count) return false;
    pop(c, 1);
    return traps(c, i->indirect ? TRAP_undefined_element : TRAP_out_of_bounds_table_access);
}

bool Step_read_table_get_val(Config *c, const Instr *i)
{
    const TableInst *t = table(c, i->x);
    if (nth(c, 1)->bits >= t->count) return false;
    *nth(c, 1) = t->refs[nth(c, 1)->bits];
    return true;
}

bool Step_table_set_oob(Config *c, const Instr *i)
{
    if (nth(c, 2)->bits < table(c, i->x)->count) return false;
    pop(c, 2);
    return traps(c, TRAP_out_of_bounds_table_access);
}

bool Step_table_set_val(Config *c, const Instr *i)
{
    const TableInst *t = table(c, i->x);
    if (nth(c, 2)->bits >= t->count) return false;
    touch(c, PART_table, module_of(c)->tables[i->x], nth(c, 2)->bits, 1);
    t->refs[nth(c, 2)->bits] = *nth(c, 1);
    pop(c, 2);
    return true;
}

bool Step_read_table_size(Config *c, const Instr *i)
{
    const TableInst *t = table(c, i->x);
    push(c, value_address(t->type.limits.is64, t->count));
    return true;
}

bool Step_table_grow_succeed(Config *c, const Instr *i)
{
    TableInst *t = table(c, i->x);
    u64 count = t->count;
    if (!grow_table(c->store, t, nth(c, 1)->bits, *nth(c, 2))) return false;
    touch(c, PART_table, module_of(c)->tables[i->x], count, t->count - count);
    worked(c, (t->count - count) / AT_ONCE);
    pop(c, 2);
    push(c, value_address(t->type.limits.is64, count));
    return true;
}

bool Step_table_grow_fail(Config *c, const Instr *i)
{
    bool is64 = table(c, i->x)->type.limits.is64;
    pop(c, 2);
    push(c, value_address(is64, UINT64_MAX));
    return true;
}

static bool done(Config *c)
{
    if (nth(c, 1)->bits) return false;
    pop(c, 3);
    return true;
}

static bool beyond_traps(Config *c, bool is_beyond, Trap why)
{
    if (!is_beyond) return false;
    pop(c, 3);
    return traps(c, why);
}

bool Step_read_table_fill_oob(Config *c, const Instr *i)
{
    return beyond_traps(c, beyond(nth(c, 3)->bits, nth(c, 1)->bits, table(c, i->x)->count),
                        TRAP_out_of_bounds_table_access);
}

bool Step_read_table_fill_zero(Config *c, const Instr *i) { return done(c); }

// a b n (OP): with one less, behind what was emitted in front of it
static void rest(Config *c, const Instr *i, Val a, Val b, Val n)
{
    ahead(c, *i);
    ahead_value(c, plus(n, (u64)-1));
    ahead_value(c, b);
    ahead_value(c, a);
}

bool Step_read_table_fill_succ(Config *c, const Instr *i)
{
    Val at = *nth(c, 3), v = *nth(c, 2), n = *nth(c, 1);
    rest(c, i, plus(at, 1), v, n);
    ahead_plain(c, OP_table_set, i->x);
    pop(c, 1);
    return true;
}

bool Step_read_table_copy_oob(Config *c, const Instr *i)
{
    u64 n = nth(c, 1)->bits;
    return beyond_traps(c, beyond(nth(c, 3)->bits, n, table(c, i->x)->count) ||
                               beyond(nth(c, 2)->bits, n, table(c, i->y)->count),
                        TRAP_out_of_bounds_table_access);
}

bool Step_read_table_copy_zero(Config *c, const Instr *i) { return done(c); }

bool Step_read_table_copy_le(Config *c, const Instr *i)
{
    Val to = *nth(c, 3), from = *nth(c, 2), n = *nth(c, 1);
    if (to.bits > from.bits) return false;
    rest(c, i, plus(to, 1), plus(from, 1), n);
    ahead_plain(c, OP_table_set, i->x);
    ahead_plain(c, OP_table_get, i->y);
    pop(c, 1);
    return true;
}

bool Step_read_table_copy_gt(Config *c, const Instr *i)
{
    Val to = *nth(c, 3), from = *nth(c, 2), n = *nth(c, 1);
    rest(c, i, to, from, n);
    ahead_plain(c, OP_table_set, i->x);
    ahead_plain(c, OP_table_get, i->y);
    pop(c, 3);
    push(c, plus(to, n.bits - 1));
    push(c, plus(from, n.bits - 1));
    return true;
}

bool Step_read_table_init_oob(Config *c, const Instr *i)
{
    u64 n = nth(c, 1)->bits;
    return beyond_traps(c, beyond(nth(c, 3)->bits, n, table(c, i->x)->count) ||
                               beyond(nth(c, 2)->bits, n, elem(c, i->y)->count),
                        TRAP_out_of_bounds_table_access);
}

bool Step_read_table_init_zero(Config *c, const Instr *i) { return done(c); }

bool Step_read_table_init_succ(Config *c, const Instr *i)
{
    Val to = *nth(c, 3), from = *nth(c, 2), n = *nth(c, 1);
    rest(c, i, plus(to, 1), plus(from, 1), n);
    ahead_plain(c, OP_table_set, i->x);
    pop(c, 2);
    push(c, elem(c, i->y)->refs[from.bits]);
    return true;
}

bool Step_elem_drop(Config *c, const Instr *i)
{
    touch(c, PART_elem, module_of(c)->elems[i->x], 0, elem(c, i->x)->count);
    elem(c, i->x)->count = 0;
    return true;
}

// ---- Memories: loads and stores

static DataInst *data(Config *c, u32 x) { return &c->store->datas.at[module_of(c)->datas[x]]; }

// The n-th value from the right is the address. NULL: out of bounds.
static u8 *accessed(Config *c, const Instr *i, u32 n)
{
    return access_at(c, i, n, op_info[i->op].bits / 8);
}

// What it will write there is told.
static u8 *accessed_to_write(Config *c, const Instr *i)
{
    u8 *at = accessed(c, i, 2);
    if (at)
        touch(c, PART_mem, module_of(c)->mems[i->x], (u64)(at - mem(c, i->x)->bytes),
              op_info[i->op].bits / 8);
    return at;
}

static bool access_oob(Config *c, const Instr *i, u32 operands)
{
    if (accessed(c, i, operands)) return false;
    pop(c, operands);
    return traps(c, TRAP_out_of_bounds_memory_access);
}

bool Step_read_load_num_oob(Config *c, const Instr *i) { return access_oob(c, i, 1); }

static Type result_of(const Instr *i) { return sig_info[op_info[i->op].sig].results[0]; }

bool Step_read_load_num_val(Config *c, const Instr *i)
{
    const u8 *at = accessed(c, i, 1);
    if (!at) return false;
    *nth(c, 1) = value_number(result_of(i), bytes_value(at, op_info[i->op].bits / 8));
    return true;
}

bool Step_read_load_pack_oob(Config *c, const Instr *i) { return access_oob(c, i, 1); }

static bool sign_extends(Op op)
{
    switch (op) {
#define EXTENDS_S true
#define EXTENDS_U false
#define EXTENDS_N false
#define LOAD(name, text, opcode, sig, since, bits, extend) case OP_##name: return EXTENDS_##extend;
#include "op/op.def"
    default: return false;
    }
}

bool Step_read_load_pack_val(Config *c, const Instr *i)
{
    const u8 *at = accessed(c, i, 1);
    if (!at) return false;
    u32 bits = op_info[i->op].bits;
    u64 v = bytes_value(at, bits / 8);
    if (sign_extends(i->op)) v = (u64)((s64)(v << (64 - bits)) >> (64 - bits));
    *nth(c, 1) = value_number(result_of(i), result_of(i) == TYPE_i32 ? (u32)v : v);
    return true;
}

static bool stores(Config *c, const Instr *i)
{
    u8 *at = accessed_to_write(c, i);
    if (!at) return false;
    value_bytes(at, op_info[i->op].bits / 8, nth(c, 1)->bits);
    pop(c, 2);
    return true;
}

bool Step_store_num_oob(Config *c, const Instr *i) { return access_oob(c, i, 2); }
bool Step_store_num_val(Config *c, const Instr *i) { return stores(c, i); }
bool Step_store_pack_oob(Config *c, const Instr *i) { return access_oob(c, i, 2); }
bool Step_store_pack_val(Config *c, const Instr *i) { return stores(c, i); }

// ---- Memories: loads and stores of vectors

bool Step_read_vload_oob(Config *c, const Instr *i) { return access_oob(c, i, 1); }
bool Step_read_vload_pack_oob(Config *c, const Instr *i) { return access_oob(c, i, 1); }
bool Step_read_vload_splat_oob(Config *c, const Instr *i) { return access_oob(c, i, 1); }
bool Step_read_vload_zero_oob(Config *c, const Instr *i) { return access_oob(c, i, 1); }
bool Step_read_vload_lane_oob(Config *c, const Instr *i) { return access_oob(c, i, 2); }
bool Step_vstore_oob(Config *c, const Instr *i) { return access_oob(c, i, 2); }
bool Step_vstore_lane_oob(Config *c, const Instr *i) { return access_oob(c, i, 2); }

static u64 read_bits(const u8 *at, u32 first, u32 bits)
{
    return bytes_value(at + first / 8, bits / 8);
}

static void put_lane(Val *v, u32 bits, u32 lane, u64 x)
{
    u32 at = lane * bits % 64;
    u64 mask = (bits == 64 ? UINT64_MAX : ((u64)1 << bits) - 1) << at;
    u64 *half = &v->lanes[lane * bits / 64];
    *half = (*half & ~mask) | (x << at & mask);
}

static const Val zeros = {TYPE_v128, .lanes = {0, 0}};

bool Step_read_vload_val(Config *c, const Instr *i)
{
    const u8 *at = accessed(c, i, 1);
    if (!at) return false;
    Val v = zeros;
    put_lane(&v, 64, 0, read_bits(at, 0, 64));
    put_lane(&v, 64, 1, read_bits(at, 64, 64));
    *nth(c, 1) = v;
    return true;
}

// v128.loadKxM_sx: M lanes of K bits, each of which becomes twice as wide
bool Step_read_vload_pack_val(Config *c, const Instr *i)
{
    const u8 *at = accessed(c, i, 1);
    if (!at) return false;
    const char *text = op_info[i->op].text;
    u32 k = strstr(text, "load8") ? 8 : strstr(text, "load16") ? 16 : 32;
    bool is_signed = text[strlen(text) - 1] == 's';
    Val v = zeros;
    for (u32 lane = 0; lane < 64 / k; lane++) {
        u64 x = read_bits(at, lane * k, k);
        if (is_signed) x = (u64)((s64)(x << (64 - k)) >> (64 - k));
        put_lane(&v, 2 * k, lane, x);
    }
    *nth(c, 1) = v;
    return true;
}

bool Step_read_vload_splat_val(Config *c, const Instr *i)
{
    const u8 *at = accessed(c, i, 1);
    if (!at) return false;
    u32 bits = op_info[i->op].bits;
    Val v = zeros;
    for (u32 lane = 0; lane < 128 / bits; lane++) put_lane(&v, bits, lane, read_bits(at, 0, bits));
    *nth(c, 1) = v;
    return true;
}

bool Step_read_vload_zero_val(Config *c, const Instr *i)
{
    const u8 *at = accessed(c, i, 1);
    if (!at) return false;
    Val v = zeros;
    put_lane(&v, 64, 0, read_bits(at, 0, op_info[i->op].bits));
    *nth(c, 1) = v;
    return true;
}

bool Step_read_vload_lane_val(Config *c, const Instr *i)
{
    const u8 *at = accessed(c, i, 2);
    if (!at) return false;
    u32 bits = op_info[i->op].bits;
    Val v = *nth(c, 1);
    put_lane(&v, bits, i->y, read_bits(at, 0, bits));
    pop(c, 1);
    *nth(c, 1) = v;
    return true;
}

bool Step_vstore_val(Config *c, const Instr *i)
{
    u8 *at = accessed_to_write(c, i);
    if (!at) return false;
    value_bytes(at, 8, nth(c, 1)->lanes[0]);
    value_bytes(at + 8, 8, nth(c, 1)->lanes[1]);
    pop(c, 2);
    return true;
}

bool Step_vstore_lane_val(Config *c, const Instr *i)
{
    u8 *at = accessed_to_write(c, i);
    if (!at) return false;
    u32 bits = op_info[i->op].bits, first = i->y * bits;
    value_bytes(at, bits / 8, nth(c, 1)->lanes[first / 64] >> first % 64);
    pop(c, 2);
    return true;
}

// ---- Memories: the rest

bool Step_read_memory_size(Config *c, const Instr *i)
{
    const MemInst *m = mem(c, i->x);
    push(c, value_address(m->type.limits.is64, m->count >> m->type.limits.page_log2));
    return true;
}

bool Step_memory_grow_succeed(Config *c, const Instr *i)
{
    MemInst *m = mem(c, i->x);
    u64 count = m->count, pages = count >> m->type.limits.page_log2;
    if (!grow_mem(c->store, m, nth(c, 1)->bits)) return false;
    touch(c, PART_mem, module_of(c)->mems[i->x], count, m->count - count);
    *nth(c, 1) = value_address(m->type.limits.is64, pages);
    return true;
}

bool Step_memory_grow_fail(Config *c, const Instr *i)
{
    *nth(c, 1) = value_address(mem(c, i->x)->type.limits.is64, UINT64_MAX);
    return true;
}

bool Step_read_memory_fill_oob(Config *c, const Instr *i)
{
    return beyond_traps(c, beyond(nth(c, 3)->bits, nth(c, 1)->bits, mem(c, i->x)->count),
                        TRAP_out_of_bounds_memory_access);
}

bool Step_read_memory_fill_zero(Config *c, const Instr *i) { return done(c); }

static Instr access_of(u32 redex, Op op, u32 x)
{
    Instr access = {.redex = (u16)redex, .op = (u16)op, .span = 1, .x = x};
    access.offset = 0;
    return access;
}
static Instr store8(u32 x) { return access_of(REDEX_store_pack, OP_i32_store8, x); }
static Instr load8(u32 x) { return access_of(REDEX_load_pack, OP_i32_load8_u, x); }

bool Step_read_memory_fill_succ(Config *c, const Instr *i)
{
    Val at = *nth(c, 3), v = *nth(c, 2), n = *nth(c, 1);
    rest(c, i, plus(at, 1), v, n);
    ahead(c, store8(i->x));
    pop(c, 1);
    return true;
}

// Proposal memory-control: of each page that is touched all is filled, one page after the other.

bool Step_read_memory_discard_oob(Config *c, const Instr *i)
{
    if (!beyond(nth(c, 2)->bits, nth(c, 1)->bits, mem(c, i->x)->count)) return false;
    pop(c, 2);
    return traps(c, TRAP_out_of_bounds_memory_access);
}

bool Step_read_memory_discard_zero(Config *c, const Instr *i)
{
    if (nth(c, 1)->bits) return false;
    pop(c, 2);
    return true;
}

bool Step_read_memory_discard_succ(Config *c, const Instr *i)
{
    Val at = *nth(c, 2), n = *nth(c, 1);
    u64 page = (u64)1 << mem(c, i->x)->type.limits.page_log2, within = at.bits & (page - 1),
        size = MIN(n.bits, page - within);
    ahead(c, *i);
    ahead_value(c, plus(n, -size));
    ahead_value(c, plus(at, size));
    ahead_plain(c, OP_memory_fill, i->x);
    pop(c, 2);
    push(c, plus(at, -within));
    push(c, value_i32(0));
    push(c, value_address(n.kind == TYPE_i64, page));
    return true;
}

bool Step_read_memory_copy_oob(Config *c, const Instr *i)
{
    u64 n = nth(c, 1)->bits;
    return beyond_traps(c, beyond(nth(c, 3)->bits, n, mem(c, i->x)->count) ||
                               beyond(nth(c, 2)->bits, n, mem(c, i->y)->count),
                        TRAP_out_of_bounds_memory_access);
}

bool Step_read_memory_copy_zero(Config *c, const Instr *i) { return done(c); }

bool Step_read_memory_copy_le(Config *c, const Instr *i)
{
    Val to = *nth(c, 3), from = *nth(c, 2), n = *nth(c, 1);
    if (to.bits > from.bits) return false;
    rest(c, i, plus(to, 1), plus(from, 1), n);
    ahead(c, store8(i->x));
    ahead(c, load8(i->y));
    pop(c, 1);
    return true;
}

bool Step_read_memory_copy_gt(Config *c, const Instr *i)
{
    Val to = *nth(c, 3), from = *nth(c, 2), n = *nth(c, 1);
    rest(c, i, to, from, n);
    ahead(c, store8(i->x));
    ahead(c, load8(i->y));
    pop(c, 3);
    push(c, plus(to, n.bits - 1));
    push(c, plus(from, n.bits - 1));
    return true;
}

bool Step_read_memory_init_oob(Config *c, const Instr *i)
{
    u64 n = nth(c, 1)->bits;
    return beyond_traps(c, beyond(nth(c, 3)->bits, n, mem(c, i->x)->count) ||
                               beyond(nth(c, 2)->bits, n, data(c, i->y)->count),
                        TRAP_out_of_bounds_memory_access);
}

bool Step_read_memory_init_zero(Config *c, const Instr *i) { return done(c); }

bool Step_read_memory_init_succ(Config *c, const Instr *i)
{
    Val to = *nth(c, 3), from = *nth(c, 2), n = *nth(c, 1);
    rest(c, i, plus(to, 1), plus(from, 1), n);
    ahead(c, store8(i->x));
    pop(c, 2);
    push(c, value_i32(data(c, i->y)->bytes[from.bits]));
    return true;
}

bool Step_data_drop(Config *c, const Instr *i)
{
    touch(c, PART_data, module_of(c)->datas[i->x], 0, data(c, i->x)->count);
    data(c, i->x)->count = 0;
    return true;
}
