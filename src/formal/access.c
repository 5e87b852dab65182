// access.c -- see access.h.
// spec: exec/instructions, tables, memories and aggregates

#include "formal/access.h"

#include <string.h>

static Val nth_of(const Config *c, u32 n) { return c->values[c->count - n]; }
static const ModuleInst *module_in(const Config *c) { return c->contexts[c->frame].module; }

// Is [from, from + n * size) not within so many? In arithmetic that does not wrap.
static bool is_beyond(u64 from, u64 n, u64 size, u64 count)
{
    u64 bytes, end;
    return __builtin_mul_overflow(n, size, &bytes) || __builtin_add_overflow(from, bytes, &end) ||
           end > count;
}

static Access bounded(bool beyond) { return (Access){.bounded = true, .beyond = beyond}; }

static Access writes(Access a, PartKind kind, u32 address, u64 from, u64 count)
{
    a.writes = !a.beyond;
    a.part = (Part){kind, address, from, count};
    return a;
}

// ---- Memories

static u64 memory_size(const Config *c, u32 x)
{
    return c->store->mems.at[module_in(c)->mems[x]].count;
}

// The address is the n-th value from the right.
static Access of_bytes(const Config *c, const Instr *i, u32 n, u64 bytes, bool stores)
{
    u64 at;
    if (__builtin_add_overflow(nth_of(c, n).bits, i->offset, &at)) return bounded(true);
    Access a = bounded(is_beyond(at, bytes, 1, memory_size(c, i->x)));
    return stores ? writes(a, PART_mem, module_in(c)->mems[i->x], at, bytes) : a;
}

static Access of_memory(const Config *c, const Instr *i)
{
    const SigInfo *sig = &sig_info[op_info[i->op].sig];
    return of_bytes(c, i, sig->param_count, op_info[i->op].bits / 8, !sig->result_count);
}

// What is not aligned is no access: it traps, whether it is in bounds or not.
static Access of_aligned(const Config *c, const Instr *i, u32 n, u64 bytes, bool stores)
{
    bool aligned = (nth_of(c, n).bits + i->offset) % bytes == 0;
    return aligned ? of_bytes(c, i, n, bytes, stores) : (Access){0};
}

static Access of_atomic(const Config *c, const Instr *i)
{
    const SigInfo *sig = &sig_info[op_info[i->op].sig];
    return of_aligned(c, i, sig->param_count, op_info[i->op].bits / 8,
                      i->redex != REDEX_atomic_load);
}

static Access of_bulk_memory(const Config *c, const Instr *i)
{
    u64 n = nth_of(c, 1).bits, from = nth_of(c, 2).bits, to = nth_of(c, 3).bits;
    bool beyond = is_beyond(to, n, 1, memory_size(c, i->x));
    if (i->redex == OP_memory_copy) beyond |= is_beyond(from, n, 1, memory_size(c, i->y));
    if (i->redex == OP_memory_init)
        beyond |= is_beyond(from, n, 1, c->store->datas.at[module_in(c)->datas[i->y]].count);
    return bounded(beyond);
}

// ---- Tables

static u64 table_size(const Config *c, u32 x)
{
    return c->store->tables.at[module_in(c)->tables[x]].count;
}

static u64 elem_size(const Config *c, u32 x)
{
    return c->store->elems.at[module_in(c)->elems[x]].count;
}

static Access of_bulk_table(const Config *c, const Instr *i)
{
    u64 n = nth_of(c, 1).bits, from = nth_of(c, 2).bits, to = nth_of(c, 3).bits;
    bool beyond = is_beyond(to, n, 1, table_size(c, i->x));
    if (i->redex == OP_table_copy) beyond |= is_beyond(from, n, 1, table_size(c, i->y));
    if (i->redex == OP_table_init) beyond |= is_beyond(from, n, 1, elem_size(c, i->y));
    return bounded(beyond);
}

static Access of_table(const Config *c, const Instr *i)
{
    bool set = i->redex == OP_table_set;
    u64 at = nth_of(c, 1 + set).bits;
    Access a = bounded(at >= table_size(c, i->x));
    return set ? writes(a, PART_table, module_in(c)->tables[i->x], at, 1) : a;
}

// ---- Structures and arrays

static Access of_struct(const Config *c, const Instr *i)
{
    Val ref = nth_of(c, 2);
    if (ref.kind != VALUE_struct) return (Access){0};
    return writes((Access){0}, PART_struct, (u32)ref.bits, i->y, 1);
}

static const ObjectInst *array_of(const Config *c, u32 n)
{
    Val ref = nth_of(c, n);
    return ref.kind == VALUE_array ? &c->store->arrays.at[ref.bits] : NULL;
}

static Access of_array(const Config *c, const Instr *i)
{
    bool set = i->redex == OP_array_set;
    const ObjectInst *o = array_of(c, 2 + set);
    if (!o) return (Access){0};
    u64 at = nth_of(c, 1 + set).bits;
    Access a = bounded(at >= o->count);
    return set ? writes(a, PART_array, (u32)nth_of(c, 3).bits, at, 1) : a;
}

// In bytes, of elements that are numbers or vectors.
static u64 element_size(const Config *c, const Instr *i)
{
    TypeId id = module_in(c)->module->types[i->x];
    Type type = type_def(c->store->types, id)->fields[0].type;
    return type_is_ref(type) ? 1 : (u64)1 << type_log2(type);
}

// How much of a segment is taken, of what it has.
static bool beyond_segment(const Config *c, const Instr *i, u64 from, u64 n)
{
    bool data = i->redex == OP_array_new_data || i->redex == OP_array_init_data;
    if (!data) return is_beyond(from, n, 1, elem_size(c, i->y));
    return is_beyond(from, n, element_size(c, i),
                     c->store->datas.at[module_in(c)->datas[i->y]].count);
}

static Access of_bulk_array(const Config *c, const Instr *i)
{
    bool copy = i->redex == OP_array_copy, fill = i->redex == OP_array_fill;
    const ObjectInst *to = array_of(c, copy ? 5 : 4), *from = copy ? array_of(c, 3) : to;
    if (!to || !from) return (Access){0};
    u64 n = nth_of(c, 1).bits;
    bool beyond = is_beyond(nth_of(c, copy ? 4 : 3).bits, n, 1, to->count);
    if (copy) beyond |= is_beyond(nth_of(c, 2).bits, n, 1, from->count);
    else if (!fill) beyond |= beyond_segment(c, i, nth_of(c, 2).bits, n);
    return bounded(beyond);
}

// ---- All

Access access_of(const Config *c, const Instr *i)
{
    const ModuleInst *m = module_in(c);
    switch (i->redex) {
    case REDEX_load_num: case REDEX_load_pack: case REDEX_store_num: case REDEX_store_pack:
    case REDEX_vload: case REDEX_vload_pack: case REDEX_vload_splat: case REDEX_vload_zero:
    case REDEX_vload_lane: case REDEX_vstore: case REDEX_vstore_lane: return of_memory(c, i);
    case REDEX_atomic_load: case REDEX_atomic_store: case REDEX_atomic_rmw:
    case REDEX_atomic_rmw_cmpxchg: return of_atomic(c, i);
    case OP_memory_atomic_notify: return of_aligned(c, i, 2, 4, false);
    case OP_memory_atomic_wait32: return of_aligned(c, i, 3, 4, false);
    case OP_memory_atomic_wait64: return of_aligned(c, i, 3, 8, false);
    case OP_memory_fill: case OP_memory_copy: case OP_memory_init: return of_bulk_memory(c, i);
    case OP_memory_discard:
        return bounded(is_beyond(nth_of(c, 2).bits, nth_of(c, 1).bits, 1, memory_size(c, i->x)));
    case OP_memory_grow:
        return writes((Access){0}, PART_mem, m->mems[i->x], memory_size(c, i->x), UINT64_MAX);
    case OP_data_drop: return writes((Access){0}, PART_data, m->datas[i->x], 0, UINT64_MAX);
    case OP_table_get: case OP_table_set: return of_table(c, i);
    case OP_table_fill: case OP_table_copy: case OP_table_init: return of_bulk_table(c, i);
    case OP_table_grow:
        return writes((Access){0}, PART_table, m->tables[i->x], table_size(c, i->x), UINT64_MAX);
    case OP_elem_drop: return writes((Access){0}, PART_elem, m->elems[i->x], 0, UINT64_MAX);
    case OP_global_set: return writes((Access){0}, PART_global, m->globals[i->x], 0, 1);
    case OP_struct_set: return of_struct(c, i);
    case OP_array_get: case OP_array_get_s: case OP_array_get_u: case OP_array_set:
        return of_array(c, i);
    case OP_array_new_data: case OP_array_new_elem:
        return bounded(beyond_segment(c, i, nth_of(c, 2).bits, nth_of(c, 1).bits));
    case OP_array_fill: case OP_array_copy: case OP_array_init_data: case OP_array_init_elem:
        return of_bulk_array(c, i);
    default: return (Access){0};
    }
}

bool part_exists(const FormalStore *s, Part p)
{
    u64 instances[] = {
        [PART_global] = s->globals.count, [PART_table] = s->tables.count,
        [PART_mem] = s->mems.count, [PART_elem] = s->elems.count, [PART_data] = s->datas.count,
        [PART_struct] = s->structs.count, [PART_array] = s->arrays.count,
        [PART_exn] = s->exns.count, [PART_cont] = s->conts.count};
    if (p.address >= instances[p.kind]) return false;
    u64 count = 1;
    switch (p.kind) {
    case PART_global: case PART_cont: break;
    case PART_exn: count = s->exns.at[p.address].count; break;
    case PART_table: count = s->tables.at[p.address].count; break;
    case PART_mem: count = s->mems.at[p.address].count; break;
    case PART_elem: count = s->elems.at[p.address].count; break;
    case PART_data: count = s->datas.at[p.address].count; break;
    case PART_struct: count = s->structs.at[p.address].count; break;
    case PART_array: count = s->arrays.at[p.address].count; break;
    }
    return !is_beyond(p.from, p.count, 1, count);
}
