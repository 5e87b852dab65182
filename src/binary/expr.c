// expr.c -- where does a constant expression end?
//
// This steps over instructions by the immediates that their rows name, counting open blocks,
// and judges only encodings: that each instruction may stand there is for the one walk to say. On
// the way it notes functions that ref.func names: outside of bodies that declares them.
// spec: binary/instructions

#include "binary/decoder.h"

void decode_declare(Decoder *d, u32 func)
{
    Module *m = d->m;
    if (func >= m->func_count) return; // unknown: validation says so
    if (!d->declared) d->declared = NEW_ARRAY(&m->arena, u8, (size_t)m->func_count / 8 + 1);
    d->declared[func / 8] |= (u8)(1 << func % 8);
}

static void skip_indices(Decoder *d, u32 count)
{
    for (u32 i = 0; i < count; i++) read_leb_u32(&d->r);
}

static void skip_labels(Decoder *d)
{
    u32 count = read_count(&d->r, 1);
    for (u32 i = 0; i < count && !decode_failed(d); i++) read_leb_u32(&d->r);
    read_leb_u32(&d->r); // the default
}

static void skip_types(Decoder *d)
{
    u32 count = read_count(&d->r, 1);
    for (u32 i = 0; i < count && !decode_failed(d); i++) decode_val_type(d);
}

static void skip_memarg(Decoder *d)
{
    const u8 *at = d->r.pos;
    u32 flags = read_leb_u32(&d->r);
    if (flags >= 0x80) decode_fail(d, ERR_malformed_memop_flags, at, "0x%x", flags);
    if (flags & 0x40) read_leb_u32(&d->r); // memory
    read_leb_u64(&d->r);                   // offset
}

static void skip_cast(Decoder *d)
{
    const u8 *at = d->r.pos;
    u8 flags = read_u8(&d->r);
    if (flags > 3) decode_fail(d, ERR_malformed_cast_flags, at, "0x%02x", flags);
    read_leb_u32(&d->r); // label
    decode_heap_type(d);
    decode_heap_type(d);
}

static void skip_try_table(Decoder *d)
{
    decode_block_type(d);
    u32 count = read_count(&d->r, 2);
    for (u32 i = 0; i < count && !decode_failed(d); i++) {
        const u8 *at = d->r.pos;
        u8 kind = read_u8(&d->r);
        if (kind > 3) decode_fail(d, ERR_malformed_catch, at, "0x%02x", kind);
        skip_indices(d, kind < 2 ? 2 : 1); // tag and label, or only a label
    }
}

static void skip_handlers(Decoder *d)
{
    u32 count = read_count(&d->r, 2);
    for (u32 i = 0; i < count && !decode_failed(d); i++) {
        const u8 *at = d->r.pos;
        u8 kind = read_u8(&d->r);
        if (kind > 1) decode_fail(d, ERR_malformed_catch, at, "0x%02x", kind);
        skip_indices(d, kind == 0 ? 2 : 1); // tag and label, or the tag of a switch
    }
}

static void skip_immediates(Decoder *d, Op op)
{
    Reader *r = &d->r;
    switch ((ImmKind)op_info[op].immediates) {
    case IMM_none: break;
    case IMM_block: decode_block_type(d); break;
    case IMM_func: {
        u32 func = read_leb_u32(r);
        if (op == OP_ref_func && !decode_failed(d)) decode_declare(d, func);
        break;
    }
    case IMM_label: case IMM_local: case IMM_global: case IMM_table: case IMM_memory:
    case IMM_data: case IMM_elem: case IMM_type: case IMM_tag:
        skip_indices(d, 1);
        break;
    case IMM_type_table: case IMM_memory_memory: case IMM_data_memory: case IMM_elem_table:
    case IMM_table_table: case IMM_type_field: case IMM_type_count: case IMM_type_data:
    case IMM_type_elem: case IMM_type_type: case IMM_type_tag:
        skip_indices(d, 2);
        break;
    case IMM_labels: skip_labels(d); break;
    case IMM_types: skip_types(d); break;
    case IMM_memarg: skip_memarg(d); break;
    case IMM_memarg_lane: skip_memarg(d); read_u8(r); break;
    case IMM_lane: read_u8(r); break;
    case IMM_lanes: case IMM_v128: read_bytes(r, 16); break;
    case IMM_i32: read_leb_s32(r); break;
    case IMM_i64: read_leb_s64(r); break;
    case IMM_f32: read_bytes(r, 4); break;
    case IMM_f64: read_bytes(r, 8); break;
    case IMM_heap: decode_heap_type(d); break;
    case IMM_cast: skip_cast(d); break;
    case IMM_try_table: skip_try_table(d); break;
    case IMM_fence:
        if (read_u8(r) != 0) decode_fail(d, ERR_zero_byte_expected, r->pos - 1, "%s", "");
        break;
    case IMM_resume: skip_indices(d, 1); skip_handlers(d); break;
    case IMM_resume_throw: skip_indices(d, 2); skip_handlers(d); break;
    }
}

static Op decode_op(Decoder *d)
{
    const u8 *at = d->r.pos;
    u8 byte = read_u8(&d->r), prefix = byte >= 0xfb && byte <= 0xfe ? byte : 0;
    u32 sub = prefix ? read_leb_u32(&d->r) : byte;
    if (decode_failed(d)) return OP_COUNT;
    Op op = op_find(prefix, sub);
    if (op == OP_COUNT && prefix) decode_fail(d, ERR_illegal_opcode, at, "0x%02x %u", prefix, sub);
    else if (op == OP_COUNT) decode_fail(d, ERR_illegal_opcode, at, "0x%02x", byte);
    else if (!feature_on(d, (Feature)op_info[op].since))
        decode_needs(d, (Feature)op_info[op].since, at);
    return op;
}

Range decode_expr(Decoder *d)
{
    Range range = {reader_offset(&d->r), 0};
    for (u32 depth = 1; depth && !decode_failed(d);) {
        const u8 *at = d->r.pos;
        Op op = decode_op(d);
        if (decode_failed(d)) break;
        skip_immediates(d, op);
        switch (op) {
        case OP_block: case OP_loop: case OP_if: case OP_try: case OP_try_table: depth++; break;
        case OP_end: depth--; break;
        case OP_delegate: // ends its try
            if (--depth) break;
            decode_fail(d, ERR_end_opcode_expected, at, "found delegate");
            break;
        case OP_else: case OP_catch: case OP_catch_all:
            if (depth == 1)
                decode_fail(d, ERR_end_opcode_expected, at, "found %s", op_info[op].text);
            break;
        default: break;
        }
    }
    range.end = reader_offset(&d->r);
    return range;
}
