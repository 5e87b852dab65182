// instr.c -- see instr.h: immediates by the kind that an instruction's row names.

#include "binary/instr.h"

#include <string.h>

static bool needs(InstrReader *in, Feature since, const u8 *at)
{
    if (in->features >> since & 1) return true;
    return reader_fail(&in->r, ERR_feature_disabled, at, "%s (switch it on with --features=+%s)",
                       feature_text[since], feature_text[since]);
}

void instr_reader_init(InstrReader *in, const Module *m, Range range, Arena *arena, Diag *diag)
{
    const u8 *pos = m->bytes + range.start, *end = m->bytes + range.end;
    *in = (InstrReader){.r = {m->bytes, pos, end, ERR_unexpected_end_of_section, diag},
                        .features = m->features,
                        .arena = arena};
}

// ---- Types

static Type number_of_code(u8 code)
{
    switch (code) {
#define NUMBER(name, text, byte) case byte: return TYPE_##name;
#include "op/type.def"
    default: return TYPE_bottom;
    }
}

static bool heap_of_code(InstrReader *in, u8 code, const u8 *at, Type *out)
{
    switch (code) {
#define HEAP(name, text, ref, byte, since)                                                         \
    case byte: *out = HEAP_##name; return needs(in, FEATURE_##since, at);
#include "op/type.def"
    default: return false;
    }
}

// A type index in the place of an id.
static Type concrete(InstrReader *in, u64 index, const u8 *at)
{
    if (index <= TYPE_HEAP_BITS) return TYPE_CONCRETE | (u32)index;
    reader_fail(&in->r, ERR_unknown_type, at, " %llu", (unsigned long long)index);
    return TYPE_CONCRETE;
}

static bool is_code(u8 byte) { return (byte & 0xc0) == 0x40; }

// The bits below TYPE_NULL.
static Type read_heap(InstrReader *in)
{
    Reader *r = &in->r;
    const u8 *at = r->pos;
    u8 byte = peek_u8(r);
    Type heap = 0;
    if (byte == 0x62) {
        read_u8(r);
        needs(in, FEATURE_custom_descriptors, at);
        return TYPE_EXACT | concrete(in, read_leb_u32(r), at);
    }
    if (is_code(byte)) {
        if (!heap_of_code(in, read_u8(r), at, &heap))
            reader_fail(r, ERR_malformed_heap_type, at, "0x%02x", byte);
        return heap;
    }
    s64 index = read_leb_s33(r);
    if (index < 0) reader_fail(r, ERR_malformed_heap_type, at, "a code takes one byte");
    return concrete(in, (u64)MAX(index, 0), at);
}

static Type read_value_type(InstrReader *in)
{
    Reader *r = &in->r;
    const u8 *at = r->pos;
    u8 code = read_u8(r);
    Type heap, type = number_of_code(code);
    if (type == TYPE_v128) needs(in, FEATURE_simd, at);
    if (type != TYPE_bottom) return type;
    if (code == 0x63 || code == 0x64)
        return TYPE_REF | (code == 0x63 ? TYPE_NULL : 0) | read_heap(in);
    if (heap_of_code(in, code, at, &heap)) return TYPE_REF | TYPE_NULL | heap;
    reader_fail(r, code & 0x80 ? ERR_integer_too_long : ERR_malformed_value_type, at, "0x%02x",
                code);
    return TYPE_i32;
}

static void read_block_type(InstrReader *in, Instr *out)
{
    Reader *r = &in->r;
    const u8 *at = r->pos;
    u8 byte = peek_u8(r);
    if (byte == 0x40) {
        read_u8(r);
        out->block = BLOCK_empty;
    } else if (is_code(byte)) {
        out->block = BLOCK_value;
        out->type = read_value_type(in);
    } else {
        s64 index = read_leb_s33(r);
        if (index < 0) reader_fail(r, ERR_malformed_block_type, at, "a code takes one byte");
        out->block = BLOCK_index;
        out->index = (u32)index;
    }
}

// ---- Lists

#define ROOM_FOR(in, items, cap, n)                                                                \
    do {                                                                                           \
        if ((n) > (cap)) {                                                                         \
            (cap) = MAX((n), 2 * (cap));                                                           \
            (items) = arena_alloc_array((in)->arena, (cap), sizeof *(items));                      \
        }                                                                                          \
    } while (0)

static void read_labels(InstrReader *in, Instr *out)
{
    u32 count = read_count(&in->r, 1);
    ROOM_FOR(in, in->labels, in->label_cap, count + 1);
    for (u32 i = 0; i <= count; i++) in->labels[i] = read_leb_u32(&in->r);
    out->labels = in->labels;
    out->count = count + 1;
}

static void read_types(InstrReader *in, Instr *out)
{
    out->count = read_count(&in->r, 1);
    ROOM_FOR(in, in->types, in->type_cap, out->count);
    for (u32 i = 0; i < out->count && !reader_failed(&in->r); i++)
        in->types[i] = read_value_type(in);
    out->types = in->types;
}

// try_table: kinds 0 and 1 have a tag, all a label. resume: all have a tag, kind 0 has a label.
static void read_clauses(InstrReader *in, Instr *out, bool handlers)
{
    out->count = read_count(&in->r, 2);
    ROOM_FOR(in, in->clauses, in->clause_cap, out->count);
    for (u32 i = 0; i < out->count && !reader_failed(&in->r); i++) {
        const u8 *at = in->r.pos;
        InstrClause c = {.kind = read_u8(&in->r)};
        if (c.kind > (handlers ? 1 : 3))
            reader_fail(&in->r, ERR_malformed_catch, at, "0x%02x", c.kind);
        if (handlers || c.kind < 2) c.tag = read_leb_u32(&in->r);
        if (!handlers || !c.kind) c.label = read_leb_u32(&in->r);
        in->clauses[i] = c;
    }
    out->clauses = in->clauses;
}

// ---- Immediates

static void read_memarg(InstrReader *in, Instr *out)
{
    Reader *r = &in->r;
    const u8 *at = r->pos;
    out->index = 0;
    out->align = read_leb_u32(r);
    if (out->align >= 0x80) reader_fail(r, ERR_malformed_memop_flags, at, "0x%x", out->align);
    if (out->align & 0x40) out->index = read_leb_u32(r);
    out->align &= 0x3f;
    out->offset = read_leb_u64(r);
}

static u64 little_endian(Reader *r, u32 size)
{
    const u8 *bytes = read_bytes(r, size);
    u64 value = 0;
    for (u32 i = 0; bytes && i < size; i++) value |= (u64)bytes[i] << (8 * i);
    return value;
}

static void read_sixteen(Reader *r, Instr *out)
{
    const u8 *bytes = read_bytes(r, 16);
    if (bytes) memcpy(out->bytes, bytes, 16);
}

static void read_cast(InstrReader *in, Instr *out)
{
    const u8 *at = in->r.pos;
    u8 flags = read_u8(&in->r);
    if (flags > 3) reader_fail(&in->r, ERR_malformed_cast_flags, at, "0x%02x", flags);
    out->index = read_leb_u32(&in->r);
    out->type2 = TYPE_REF | (flags & 1 ? TYPE_NULL : 0) | read_heap(in);
    out->type = TYPE_REF | (flags & 2 ? TYPE_NULL : 0) | read_heap(in);
}

static bool takes_null(Op op)
{
    return op == OP_ref_null || op == OP_ref_test_null || op == OP_ref_cast_null ||
        op == OP_ref_cast_desc_eq_null;
}

static void read_two(Reader *r, Instr *out)
{
    out->index = read_leb_u32(r);
    out->index2 = read_leb_u32(r);
}

static void read_immediates(InstrReader *in, Instr *out)
{
    Reader *r = &in->r;
    switch ((ImmKind)op_info[out->op].immediates) {
    case IMM_none: break;
    case IMM_block: read_block_type(in, out); break;
    case IMM_try_table: read_block_type(in, out), read_clauses(in, out, false); break;
    case IMM_label: case IMM_local: case IMM_global: case IMM_func: case IMM_table: case IMM_memory:
    case IMM_data: case IMM_elem: case IMM_type: case IMM_tag:
        out->index = read_leb_u32(r);
        break;
    case IMM_type_table: case IMM_memory_memory: case IMM_data_memory: case IMM_elem_table:
    case IMM_table_table: case IMM_type_field: case IMM_type_count: case IMM_type_data:
    case IMM_type_elem: case IMM_type_type: case IMM_type_tag:
        read_two(r, out);
        break;
    case IMM_labels: read_labels(in, out); break;
    case IMM_types: read_types(in, out); break;
    case IMM_memarg: read_memarg(in, out); break;
    case IMM_memarg_lane: read_memarg(in, out), out->lane = read_u8(r); break;
    case IMM_lane: out->lane = read_u8(r); break;
    case IMM_lanes: case IMM_v128: read_sixteen(r, out); break;
    case IMM_i32: out->bits = (u64)(s64)read_leb_s32(r); break;
    case IMM_i64: out->bits = (u64)read_leb_s64(r); break;
    case IMM_f32: out->bits = little_endian(r, 4); break;
    case IMM_f64: out->bits = little_endian(r, 8); break;
    case IMM_heap:
        out->type = TYPE_REF | (takes_null(out->op) ? TYPE_NULL : 0) | read_heap(in);
        break;
    case IMM_cast: read_cast(in, out); break;
    case IMM_fence:
        if (read_u8(r) != 0) reader_fail(r, ERR_zero_byte_expected, r->pos - 1, "%s", "");
        break;
    case IMM_resume: out->index = read_leb_u32(r), read_clauses(in, out, true); break;
    case IMM_resume_throw: read_two(r, out), read_clauses(in, out, true); break;
    }
}

static Op read_op(InstrReader *in)
{
    Reader *r = &in->r;
    const u8 *at = r->pos;
    u8 byte = read_u8(r), prefix = byte >= 0xfb && byte <= 0xfe ? byte : 0;
    u32 sub = prefix ? read_leb_u32(r) : byte;
    Op op = op_find(prefix, sub);
    if (op == OP_COUNT) {
        if (prefix) reader_fail(r, ERR_illegal_opcode, at, "0x%02x %u", prefix, sub);
        else reader_fail(r, ERR_illegal_opcode, at, "0x%02x", byte);
    } else if (UNLIKELY(!(in->features >> op_info[op].since & 1))) {
        needs(in, (Feature)op_info[op].since, at);
        return OP_COUNT;
    }
    return op;
}

bool instr_next(InstrReader *in, Instr *out)
{
    if (in->r.pos == in->r.end) return false;
    out->at = reader_offset(&in->r);
    out->op = read_op(in);
    if (out->op == OP_COUNT) return false;
    read_immediates(in, out);
    return !reader_failed(&in->r);
}

u32 instr_local_groups(InstrReader *in) { return read_count(&in->r, 2); }

void instr_local_group(InstrReader *in, u32 *count, Type *type)
{
    *count = read_leb_u32(&in->r);
    *type = read_value_type(in);
}
