// imm.c -- see imm.h.

#include "module/imm.h"

#include "base/leb.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool imm_fail(const ImmReader *r, Err err, const u8 *at, const char *fmt, ...)
{
    char detail[sizeof r->diag->detail];
    va_list args;
    va_start(args, fmt);
    vsnprintf(detail, sizeof detail, fmt, args);
    va_end(args);
    return diag_fail(r->diag, err, (size_t)(at - r->m->bytes), "%s", detail);
}

static bool imm_short(ImmReader *r)
{
    r->next = r->end;
    return imm_fail(r, r->at_end, r->end, "in the immediates of an instruction");
}

// ---- Numbers

static LEB_INLINE bool leb(ImmReader *r, u32 bits, bool sign, u64 *out)
{
    switch (leb_read(&r->next, r->end, bits, sign, out)) {
    case LEB_good: return true;
    case LEB_short: return imm_short(r);
    case LEB_long:
        return imm_fail(r, ERR_integer_too_long, r->next, "more than %u bytes", (bits + 6) / 7);
    default:
        return imm_fail(r, ERR_integer_too_large, r->next, "it does not fit in %u bits", bits);
    }
}

static bool read_u64(ImmReader *r, u64 *out) { return leb(r, 64, false, out); }
static bool read_s32(ImmReader *r, u64 *out) { return leb(r, 32, true, out); }
static bool read_s33(ImmReader *r, u64 *out) { return leb(r, 33, true, out); }
static bool read_s64(ImmReader *r, u64 *out) { return leb(r, 64, true, out); }

bool imm_any_u32(ImmReader *r, u32 *out)
{
    u64 value = 0;
    if (!leb(r, 32, false, &value)) return false;
    *out = (u32)value;
    return true;
}

bool imm_u8(ImmReader *r, u8 *out)
{
    if (UNLIKELY(r->next == r->end)) return imm_short(r);
    *out = *r->next++;
    return true;
}

static bool fixed(ImmReader *r, u32 size, void *out)
{
    if ((size_t)(r->end - r->next) < size) return imm_short(r);
    memcpy(out, r->next, size);
    r->next += size;
    return true;
}

static bool little_endian(ImmReader *r, u32 size, u64 *out)
{
    u8 bytes[8];
    if (!fixed(r, size, bytes)) return false;
    *out = 0;
    for (u32 i = 0; i < size; i++) *out |= (u64)bytes[i] << (8 * i);
    return true;
}

static bool two(ImmReader *r, u32 *first, u32 *second)
{
    return imm_u32(r, first) && imm_u32(r, second);
}

bool imm_count(ImmReader *r, u32 *out, const char *what)
{
    const u8 *at = r->next;
    if (!imm_u32(r, out)) return false;
    return *out <= (size_t)(r->end - r->next) ||
           imm_fail(r, ERR_length_out_of_bounds, at, "%u %s", *out, what);
}

// ---- Types

static bool enabled(ImmReader *r, Feature since, const u8 *at)
{
    if (module_has(r->m, since)) return true;
    return imm_fail(r, ERR_feature_disabled, at, "a type here needs %s (--features=+%s)",
                    feature_text[since], feature_text[since]);
}

static Type number_of_code(u8 code)
{
    switch (code) {
#define NUMBER(name, text, byte) case byte: return TYPE_##name;
#include "op/type.def"
    default: return TYPE_bottom;
    }
}

static bool heap_of_code(u8 code, Heap *heap, Feature *since)
{
    switch (code) {
#define HEAP(name, text, ref, byte, feature)                                                       \
    case byte:                                                                                     \
        *heap = HEAP_##name;                                                                       \
        *since = FEATURE_##feature;                                                                \
        return true;
#include "op/type.def"
    default: return false;
    }
}

static bool is_code(u8 byte) { return (byte & 0xc0) == 0x40; }

static bool read_heap(ImmReader *r, bool null, Type *out)
{
    const u8 *at = r->next;
    u64 index = 0;
    Type flags = TYPE_REF | (null ? TYPE_NULL : 0);
    if (at == r->end) return imm_short(r);
    if (*at == 0x62) {
        u32 exact;
        r->next++;
        if (!enabled(r, FEATURE_custom_descriptors, at) || !imm_u32(r, &exact)) return false;
        index = exact;
        flags |= TYPE_EXACT;
    } else if (is_code(*at)) {
        Heap heap;
        Feature since;
        if (!heap_of_code(*at, &heap, &since))
            return imm_fail(r, ERR_malformed_heap_type, at, "%02x", *at);
        r->next++;
        *out = flags | heap;
        return enabled(r, since, at);
    } else {
        if (!read_s33(r, &index)) return false;
        if ((s64)index < 0) return imm_fail(r, ERR_malformed_heap_type, at, "%02x", *at);
    }
    if (!enabled(r, FEATURE_function_references, at)) return false;
    if (index > TYPE_HEAP_BITS) return imm_fail(r, ERR_unknown_type, at, " %u", (u32)index);
    *out = flags | TYPE_CONCRETE | (u32)index;
    return true;
}

bool imm_value_type(ImmReader *r, Type *out)
{
    const u8 *at = r->next;
    u8 code = 0;
    if (!imm_u8(r, &code)) return false;
    *out = number_of_code(code);
    if (*out == TYPE_v128) return enabled(r, FEATURE_simd, at);
    if (*out != TYPE_bottom) return true;
    if (code == 0x63 || code == 0x64)
        return enabled(r, FEATURE_function_references, at) && read_heap(r, code == 0x63, out);
    Heap heap;
    Feature since;
    if (!heap_of_code(code, &heap, &since))
        return imm_fail(r, ERR_malformed_value_type, at, "%02x", code);
    *out = type_ref(true, heap);
    return enabled(r, since, at);
}

static bool read_block_type(ImmReader *r, ImmBlock *out)
{
    const u8 *at = r->next;
    u64 index = 0;
    if (at == r->end) return imm_short(r);
    if (*at == 0x40) {
        r->next++;
        out->form = BLOCK_empty;
        return true;
    }
    if (is_code(*at)) {
        out->form = BLOCK_value;
        return imm_value_type(r, &out->value);
    }
    out->form = BLOCK_index;
    if (!read_s33(r, &index)) return false;
    if ((s64)index < 0) return imm_fail(r, ERR_malformed_block_type, at, "%02x", *at);
    out->type = (u32)index;
    return enabled(r, FEATURE_multi_value, at);
}

// ---- Lists

enum { TARGETS_MOST = 65520, CLAUSES_MOST = 10000 };

#define ROOM_FOR(r, items, cap, n)                                                                 \
    do {                                                                                           \
        if ((r)->arena && (n) > (cap)) {                                                           \
            (cap) = MAX((n), 2 * (cap));                                                           \
            (items) = arena_alloc_array((r)->arena, (cap), sizeof *(items));                       \
        }                                                                                          \
    } while (0)

static bool read_labels(ImmReader *r, Imm *out)
{
    const u8 *at = r->next;
    u32 count, label;
    if (!imm_count(r, &count, "targets")) return false;
    if (count > TARGETS_MOST) return imm_fail(r, ERR_limit_br_table, at, "%u", count);
    ROOM_FOR(r, r->labels, r->label_cap, count + 1);
    for (u32 i = 0; i <= count; i++) {
        if (!imm_u32(r, &label)) return false;
        if (r->arena) r->labels[i] = label;
    }
    out->labels.at = r->labels;
    out->labels.count = count + 1;
    return true;
}

static bool read_types(ImmReader *r, Imm *out)
{
    u32 count;
    Type type;
    if (!imm_count(r, &count, "types")) return false;
    ROOM_FOR(r, r->types, r->type_cap, count);
    for (u32 i = 0; i < count; i++) {
        if (!imm_value_type(r, &type)) return false;
        if (r->arena) r->types[i] = type;
    }
    out->types.at = r->types;
    out->types.count = count;
    return true;
}

// try_table: kinds 0 and 1 have a tag, all a label. Handlers: all have a tag, kind 0 has a label.
static bool read_clauses(ImmReader *r, u32 *count, const ImmClause **out, bool handlers)
{
    const u8 *at = r->next;
    if (!imm_count(r, count, "clauses")) return false;
    if (*count > CLAUSES_MOST) return imm_fail(r, ERR_limit_catches, at, "%u", *count);
    ROOM_FOR(r, r->clauses, r->clause_cap, *count);
    for (u32 i = 0; i < *count; i++) {
        ImmClause c = {0};
        at = r->next;
        if (!imm_u8(r, &c.kind)) return false;
        if (c.kind > (handlers ? 1 : 3))
            return imm_fail(r, ERR_malformed_catch, at, "%02x", c.kind);
        if ((handlers || c.kind < 2) && !imm_u32(r, &c.tag)) return false;
        if ((!handlers || !c.kind) && !imm_u32(r, &c.label)) return false;
        if (r->arena) r->clauses[i] = c;
    }
    *out = r->clauses;
    return true;
}

// ---- By kind

static bool read_memarg(ImmReader *r, Imm *out)
{
    const u8 *at = r->next;
    u32 flags;
    if (!imm_u32(r, &flags)) return false;
    if (flags >= 0x80 || (flags >= 0x40 && !module_has(r->m, FEATURE_multi_memory)))
        return imm_fail(r, ERR_malformed_memop_flags, at, "0x%x", flags);
    out->memarg.align = flags & 0x3f;
    out->memarg.memory = 0;
    if ((flags & 0x40) && !imm_u32(r, &out->memarg.memory)) return false;
    return read_u64(r, &out->memarg.offset);
}

// One byte that is zero where there is only one memory.
static bool read_memory(ImmReader *r, u32 *out)
{
    const u8 *at = r->next;
    if (!imm_u32(r, out)) return false;
    if ((!*out && r->next - at == 1) || module_has(r->m, FEATURE_multi_memory)) return true;
    return imm_fail(r, ERR_zero_byte_expected, at, "multi-memory is not enabled");
}

static bool read_callee_table(ImmReader *r, u32 *out)
{
    const u8 *at = r->next;
    if (!imm_u32(r, out)) return false;
    return !*out || module_has(r->m, FEATURE_reference_types) ||
           imm_fail(r, ERR_zero_byte_expected, at, "reference-types is not enabled");
}

static bool read_lane(ImmReader *r, u32 *out)
{
    u8 lane = 0;
    if (!imm_u8(r, &lane)) return false;
    *out = lane;
    return true;
}

static bool read_cast(ImmReader *r, Imm *out)
{
    const u8 *at = r->next;
    u8 flags = 0;
    if (!imm_u8(r, &flags)) return false;
    if (flags > 3) return imm_fail(r, ERR_malformed_cast_flags, at, "%02x", flags);
    return imm_u32(r, &out->cast.label) && read_heap(r, flags & 1, &out->cast.from) &&
           read_heap(r, flags & 2, &out->cast.to);
}

static bool takes_null(Op op)
{
    return op == OP_ref_null || op == OP_ref_test_null || op == OP_ref_cast_null ||
           op == OP_ref_cast_desc_eq_null;
}

static bool read_fence(ImmReader *r)
{
    const u8 *at = r->next;
    u8 byte = 0;
    if (!imm_u8(r, &byte)) return false;
    return byte == 0 || imm_fail(r, ERR_zero_byte_expected, at, "%02x", byte);
}

// Kinds that only rows have which this build leaves out need no code.
#define HAS(feature) (!(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_##feature)))

bool imm_read(ImmReader *r, Op op, Imm *out)
{
    switch ((ImmKind)op_info[op].immediates) {
    case IMM_none: return true;
    case IMM_label: return imm_u32(r, &out->label);
    case IMM_local: return imm_u32(r, &out->local);
    case IMM_global: return imm_u32(r, &out->global);
    case IMM_func: return imm_u32(r, &out->func);
    case IMM_table: return imm_u32(r, &out->table);
    case IMM_data: return imm_u32(r, &out->data);
    case IMM_elem: return imm_u32(r, &out->elem);
    case IMM_tag: return HAS(exceptions) && imm_u32(r, &out->tag);
    case IMM_type: return imm_u32(r, &out->type_index);
    case IMM_memory: return read_memory(r, &out->memory);
    case IMM_block: return read_block_type(r, &out->block.type);
    case IMM_try_table:
        return HAS(exceptions) && read_block_type(r, &out->block.type) &&
               read_clauses(r, &out->block.count, &out->block.at, false);
    case IMM_labels: return read_labels(r, out);
    case IMM_types: return read_types(r, out);
    case IMM_memarg: return read_memarg(r, out);
    case IMM_memarg_lane:
        return HAS(simd) && read_memarg(r, out) && read_lane(r, &out->memarg.lane);
    case IMM_lane: return HAS(simd) && read_lane(r, &out->lane);
    case IMM_lanes: case IMM_v128: return HAS(simd) && fixed(r, 16, out->bytes);
    case IMM_i32: return read_s32(r, &out->bits);
    case IMM_i64: return read_s64(r, &out->bits);
    case IMM_f32: return little_endian(r, 4, &out->bits);
    case IMM_f64: return little_endian(r, 8, &out->bits);
    case IMM_heap: return read_heap(r, takes_null(op), &out->heap);
    case IMM_cast: return HAS(gc) && read_cast(r, out);
    case IMM_fence: return HAS(threads) && read_fence(r);
    case IMM_type_table:
        return imm_u32(r, &out->type_table.type) && read_callee_table(r, &out->type_table.table);
    case IMM_memory_memory:
        return read_memory(r, &out->memory_memory.to) && read_memory(r, &out->memory_memory.from);
    case IMM_data_memory:
        return imm_u32(r, &out->data_memory.data) && read_memory(r, &out->data_memory.memory);
    case IMM_elem_table: return two(r, &out->elem_table.elem, &out->elem_table.table);
    case IMM_table_table: return two(r, &out->table_table.to, &out->table_table.from);
    case IMM_type_field:
        return HAS(gc) && two(r, &out->type_field.type, &out->type_field.field);
    case IMM_type_count:
        return HAS(gc) && two(r, &out->type_count.type, &out->type_count.count);
    case IMM_type_data: return HAS(gc) && two(r, &out->type_data.type, &out->type_data.data);
    case IMM_type_elem: return HAS(gc) && two(r, &out->type_elem.type, &out->type_elem.elem);
    case IMM_type_type:
        return HAS(gc) && two(r, &out->type_type.first, &out->type_type.second);
    case IMM_type_tag:
        return HAS(stack_switching) && two(r, &out->type_tag.type, &out->type_tag.tag);
    case IMM_resume:
        return HAS(stack_switching) && imm_u32(r, &out->resume.type) &&
               read_clauses(r, &out->resume.count, &out->resume.at, true);
    case IMM_resume_throw:
        return HAS(stack_switching) && two(r, &out->resume.type, &out->resume.tag) &&
               read_clauses(r, &out->resume.count, &out->resume.at, true);
    }
    return false;
}

Op imm_op(ImmReader *r)
{
    const u8 *at = r->next;
    u8 byte = 0;
    if (!imm_u8(r, &byte)) return OP_COUNT;
    u8 prefix = byte >= 0xfb && byte <= 0xfe ? byte : 0;
    u32 sub = byte;
    if (prefix && !imm_u32(r, &sub)) return OP_COUNT;
    Op op = op_find(prefix, sub);
    if (op == OP_COUNT) {
        if (prefix) imm_fail(r, ERR_illegal_opcode, at, "0x%02x %u", prefix, sub);
        else imm_fail(r, ERR_illegal_opcode, at, "0x%02x", byte);
        return OP_COUNT;
    }
    Feature since = (Feature)op_info[op].since;
    if (module_has(r->m, since)) return op;
    imm_fail(r, ERR_feature_disabled, at, "%s (switch it on with --features=+%s)",
             feature_text[since], feature_text[since]);
    return OP_COUNT;
}
