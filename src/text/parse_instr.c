// parse_instr.c -- one instruction's opcode and immediates; blocks are in parse_expr.c. See
// parser.h.
// spec: text/instructions

#include "text/parser.h"

#include "base/nearest.h"
#include "text/number.h"

#include <stdio.h>
#include <string.h>

void write_op(Buf *out, Op op)
{
    u8 prefix = op_prefix(op_info[op].opcode);
    if (!prefix) {
        buf_byte(out, (u8)op_info[op].opcode);
    } else {
        buf_byte(out, prefix);
        buf_leb_u(out, op_sub(op_info[op].opcode));
    }
}

// At a keyword that is no instruction
void unknown_operator(Parser *p)
{
    static const char *const words[] = {
        "type", "param", "result", "local", "then", "do", "on", "catch_ref", "catch_all_ref",
        "export", "import", "item", "offset", "func", "module"};
    for (u32 i = 0; i < COUNT_OF(words); i++)
        if (at_word(p, words[i])) unexpected(p, "an instruction");
    const char *word = p->src + p->tok.start, *now = op_renamed(word, p->tok.len);
    if (now) {
        fail_at(p, ERR_unknown_operator, p->tok.start,
                "\"%.*s\" is no instruction any more; it is called \"%s\" now",
                (int)MIN(p->tok.len, 60), word, now);
        return;
    }
    Nearest near = nearest_to(word, p->tok.len);
    for (u32 i = 0; i < OP_COUNT; i++)
        nearest_try(&near, op_info[i].text, strlen(op_info[i].text));
    const char *text = near.best ? "\"%.*s\" is no instruction, did you mean \"%s\"?"
                                 : "\"%.*s\" is no instruction";
    fail_at(p, ERR_unknown_operator, p->tok.start, text, (int)MIN(p->tok.len, 60), word, near.best);
}

u32 read_label(Parser *p)
{
    if (p->tok.kind != TOKEN_id) return read_u32(p, "a label");
    bool ok;
    Token t = this_token(p);
    Bytes name = id_name(p, t, &ok);
    const u32 *id = ok ? map_get(&p->labels, name.data, name.len) : NULL;
    if (!id || !p->label_depths[*id]) {
        fail_at(p, ERR_unknown_label_identifier, t.start, "no open block is named \"%.*s\"",
                (int)MIN(t.len, 60), p->src + t.start);
        return 0;
    }
    advance(p);
    return p->label_depth - p->label_depths[*id];
}

static void write_label(Parser *p, Buf *out) { buf_leb_u(out, read_label(p)); }

static void write_index(Parser *p, Buf *out, Space space) { buf_leb_u(out, read_index(p, space)); }

static void write_labels(Parser *p, Buf *out)
{
    Buf labels;
    u32 count = 0;
    buf_init(&labels, &p->scratch);
    do write_label(p, &labels);
    while (count++, at_index(p));
    buf_leb_u(out, count - 1);
    buf_bytes(out, labels.data, labels.len);
}

// Two optional indices of tables or memories that must both be there or not.
static void write_pair(Parser *p, Buf *out, Space space)
{
    bool there = at_index(p);
    buf_leb_u(out, there ? read_index(p, space) : 0);
    buf_leb_u(out, there ? read_index(p, space) : 0);
}

// [where] segment, which are written the other way round; if there is one index only, it is the
// segment's.
static void write_segment_and(Parser *p, Buf *out, Space segment, Space where)
{
    bool number = p->ahead.kind == TOKEN_int
                  && number_is_natural(p->src + p->ahead.start, p->ahead.len);
    bool two = p->ahead.kind == TOKEN_id || number;
    u32 target = two ? read_index(p, where) : 0;
    write_index(p, out, segment);
    buf_leb_u(out, target);
}

static bool tok_starts(const Parser *p, const Tok *t, const char *prefix)
{
    size_t len = strlen(prefix);
    return t->kind == TOKEN_keyword && t->len > len && !memcmp(p->src + t->start, prefix, len);
}

// At a keyword: is it offset=... or align=...? Then its number is read.
static bool read_memarg_part(Parser *p, const char *prefix, u64 *value)
{
    size_t len = strlen(prefix);
    const char *s = p->src + p->tok.start + len;
    Lexer l;
    Diag ignored;
    if (!tok_starts(p, &p->tok, prefix)) return false;
    diag_init(&ignored);
    lexer_init(&l, p->src, p->tok.start + len, p->tok.start + p->tok.len, &ignored);
    Token number = lexer_next(&l);
    if (number.kind != TOKEN_int || number.len != p->tok.len - len
        || !number_is_natural(s, number.len)) {
        fail_at(p, ERR_unknown_operator, p->tok.start, "\"%.*s\" has no natural number after \"=\"",
                (int)MIN(p->tok.len, 60), p->src + p->tok.start);
        return true;
    }
    if (!number_unsigned(s, number.len, 64, value))
        fail_at(p, ERR_constant_out_of_range, p->tok.start, "%.*s does not fit in 64 bits",
                (int)MIN(number.len, 60), s);
    advance(p);
    return true;
}

// Is the number at hand a memory, although a lane must follow? One number alone is the lane.
static bool before_lane(const Parser *p)
{
    return p->ahead.kind == TOKEN_int || tok_starts(p, &p->ahead, "offset=")
        || tok_starts(p, &p->ahead, "align=");
}

static void write_memarg(Parser *p, Buf *out, Op op, bool lane)
{
    u64 offset = 0, align = op_info[op].bits / 8;
    u32 memory = 0, at;
    if (p->tok.kind == TOKEN_id || (at_index(p) && (!lane || before_lane(p))))
        memory = read_index(p, SPACE_memory);
    if (op == OP_memory_atomic_notify || op == OP_memory_atomic_wait32) align = 4;
    if (op == OP_memory_atomic_wait64) align = 8;
    read_memarg_part(p, "offset=", &offset);
    at = p->tok.start;
    if (read_memarg_part(p, "align=", &align) && (!align || (align & (align - 1))))
        fail_at(p, ERR_alignment_not_power_of_two, at, "it is %llu", (unsigned long long)align);
    u32 log2 = align ? (u32)__builtin_ctzll(align) : 0;
    buf_leb_u(out, log2 | (memory ? 0x40 : 0));
    if (memory) buf_leb_u(out, memory);
    buf_leb_u(out, offset);
}

static void write_lane(Parser *p, Buf *out)
{
    u64 lane = 0;
    u32 at = p->tok.start;
    if (p->tok.kind == TOKEN_int && number_is_natural(p->src + at, p->tok.len)
        && !number_unsigned(p->src + at, p->tok.len, 8, &lane))
        fail_at(p, ERR_malformed_lane_index, at, "%.*s does not fit in a byte",
                (int)MIN(p->tok.len, 60), p->src + at);
    else
        lane = read_u32(p, "a lane index");
    buf_byte(out, (u8)lane);
}

static void write_shuffle(Parser *p, Buf *out)
{
    for (int i = 0; i < 16; i++) {
        if (p->tok.kind == TOKEN_open || p->tok.kind == TOKEN_close || p->tok.kind == TOKEN_keyword)
            fail_at(p, ERR_invalid_lane_length, p->tok.start,
                    "16 lane indices are needed, found %d", i);
        write_lane(p, out);
    }
    if (p->tok.kind == TOKEN_int)
        fail_at(p, ERR_invalid_lane_length, p->tok.start, "16 lane indices are needed, found more");
}

static s64 read_integer(Parser *p, u32 bits)
{
    s64 value = 0;
    if (p->tok.kind != TOKEN_int) {
        unexpected(p, "an integer");
        return 0;
    }
    if (!number_integer(p->src + p->tok.start, p->tok.len, bits, &value))
        fail_at(p, ERR_constant_out_of_range, p->tok.start, "%.*s does not fit in %u bits",
                (int)MIN(p->tok.len, 60), p->src + p->tok.start, bits);
    advance(p);
    return value;
}

static u64 read_float(Parser *p, u32 bits)
{
    u64 wide = 0;
    u32 narrow = 0;
    const char *s = p->src + p->tok.start;
    if (p->tok.kind != TOKEN_int && p->tok.kind != TOKEN_float) {
        unexpected(p, "a number");
        return 0;
    }
    bool fits = bits == 64 ? number_f64(s, p->tok.len, &wide) : number_f32(s, p->tok.len, &narrow);
    if (!fits)
        fail_at(p, ERR_constant_out_of_range, p->tok.start, "%.*s does not fit in f%u",
                (int)MIN(p->tok.len, 60), s, bits);
    advance(p);
    return bits == 64 ? wide : narrow;
}

static void write_little_endian(Buf *out, u64 value, u32 bits)
{
    for (u32 i = 0; i < bits; i += 8) buf_byte(out, (u8)(value >> i));
}

static void write_vector(Parser *p, Buf *out)
{
    static const struct { const char *text; u8 bits; bool is_float; } shapes[] = {
        {"i8x16", 8, false}, {"i16x8", 16, false}, {"i32x4", 32, false},
        {"i64x2", 64, false}, {"f32x4", 32, true}, {"f64x2", 64, true}};
    u32 shape = 0;
    while (shape < COUNT_OF(shapes) && !at_word(p, shapes[shape].text)) shape++;
    if (shape == COUNT_OF(shapes)) {
        unexpected(p, "a shape, such as i32x4");
        return;
    }
    advance(p);
    u32 bits = shapes[shape].bits;
    for (u32 i = 0; i < 128 / bits; i++) {
        if (p->tok.kind == TOKEN_open || p->tok.kind == TOKEN_close || p->tok.kind == TOKEN_keyword)
            fail_at(p, ERR_wrong_lane_count, p->tok.start, "%s needs %u, found %u",
                    shapes[shape].text, 128 / bits, i);
        u64 lane = shapes[shape].is_float ? read_float(p, bits) : (u64)read_integer(p, bits);
        write_little_endian(out, lane, bits);
    }
    if (p->tok.kind == TOKEN_int || p->tok.kind == TOKEN_float)
        fail_at(p, ERR_wrong_lane_count, p->tok.start, "%s needs %u, found more",
                shapes[shape].text, 128 / bits);
}

static void write_field(Parser *p, Buf *out)
{
    u32 type = read_index(p, SPACE_type);
    buf_leb_u(out, type);
    if (p->tok.kind != TOKEN_id) {
        buf_leb_u(out, read_u32(p, "the index of a field"));
        return;
    }
    bool ok;
    Token t = this_token(p);
    Bytes name = id_name(p, t, &ok);
    const Map *fields = type < p->type_count ? p->types[type].fields : NULL;
    const u32 *index = ok && fields ? map_get(fields, name.data, name.len) : NULL;
    if (!index)
        fail_at(p, ERR_unknown_field_identifier, t.start, "type %u has no field \"%.*s\"", type,
                (int)MIN(t.len, 60), p->src + t.start);
    else
        buf_leb_u(out, *index);
    advance(p);
}

// select, with (result t)* or without
static void write_select(Parser *p, Buf *out)
{
    Buf types;
    u32 count = 0;
    bool typed = at_form(p, "result");
    write_op(out, typed ? OP_select_t : OP_select);
    if (!typed) return;
    buf_init(&types, &p->scratch);
    while (open_form(p, "result")) {
        for (; p->tok.kind == TOKEN_keyword || p->tok.kind == TOKEN_open; count++)
            read_value_type(p, &types);
        close_form(p);
    }
    buf_leb_u(out, count);
    buf_bytes(out, types.data, types.len);
}

static void write_call_indirect(Parser *p, Buf *out)
{
    u32 table = read_index_or(p, SPACE_table, 0);
    buf_leb_u(out, read_type_use(p, NAMES_refused));
    buf_leb_u(out, table);
}

// ref.test and its like: one text, two opcodes
static void write_ref_op(Parser *p, Op op, Buf *out)
{
    RefType r = read_ref_type(p);
    write_op(out, r.null ? (Op)(op + 1) : op);
    write_heap_type(out, r);
}

static void write_cast(Parser *p, Buf *out)
{
    u32 label = read_label(p);
    RefType from = read_ref_type(p), to = read_ref_type(p);
    buf_byte(out, (u8)(from.null | to.null << 1));
    buf_leb_u(out, label);
    write_heap_type(out, from);
    write_heap_type(out, to);
}

void read_catches(Parser *p, Buf *out)
{
    static const struct { const char *text; bool tag; } kinds[] = {
        {"catch", true}, {"catch_ref", true}, {"catch_all", false}, {"catch_all_ref", false}};
    Buf catches;
    u32 count = 0, kind;
    buf_init(&catches, &p->scratch);
    for (;; count++) {
        for (kind = 0; kind < COUNT_OF(kinds) && !open_form(p, kinds[kind].text);) kind++;
        if (kind == COUNT_OF(kinds)) break;
        buf_byte(&catches, (u8)kind);
        if (kinds[kind].tag) write_index(p, &catches, SPACE_tag);
        write_label(p, &catches);
        close_form(p);
    }
    buf_leb_u(out, count);
    buf_bytes(out, catches.data, catches.len);
}

// (on tag label)* and (on tag switch)*
static void write_handlers(Parser *p, Buf *out)
{
    Buf handlers;
    u32 count = 0;
    buf_init(&handlers, &p->scratch);
    for (; open_form(p, "on"); count++) {
        u32 tag = read_index(p, SPACE_tag);
        bool is_switch = open_word(p, "switch");
        buf_byte(&handlers, is_switch);
        buf_leb_u(&handlers, tag);
        if (!is_switch) write_label(p, &handlers);
        close_form(p);
    }
    buf_leb_u(out, count);
    buf_bytes(out, handlers.data, handlers.len);
}

static void read_immediates(Parser *p, Op op, Buf *out)
{
    switch ((ImmKind)op_info[op].immediates) {
    case IMM_label: write_label(p, out); break;
    case IMM_labels: write_labels(p, out); break;
    case IMM_local: buf_leb_u(out, read_local(p)); break;
    case IMM_global: write_index(p, out, SPACE_global); break;
    case IMM_func: write_index(p, out, SPACE_func); break;
    case IMM_table: buf_leb_u(out, read_index_or(p, SPACE_table, 0)); break;
    case IMM_memory: buf_leb_u(out, read_index_or(p, SPACE_memory, 0)); break;
    case IMM_type_table: write_call_indirect(p, out); break;
    case IMM_memarg: write_memarg(p, out, op, false); break;
    case IMM_memarg_lane:
        write_memarg(p, out, op, true);
        write_lane(p, out);
        break;
    case IMM_lane: write_lane(p, out); break;
    case IMM_lanes: write_shuffle(p, out); break;
    case IMM_v128: write_vector(p, out); break;
    case IMM_i32: buf_leb_s(out, read_integer(p, 32)); break;
    case IMM_i64: buf_leb_s(out, read_integer(p, 64)); break;
    case IMM_f32: write_little_endian(out, read_float(p, 32), 32); break;
    case IMM_f64: write_little_endian(out, read_float(p, 64), 64); break;
    case IMM_memory_memory: write_pair(p, out, SPACE_memory); break;
    case IMM_table_table: write_pair(p, out, SPACE_table); break;
    case IMM_data_memory:
        write_segment_and(p, out, SPACE_data, SPACE_memory);
        p->needs_data_count = true;
        break;
    case IMM_data:
        write_index(p, out, SPACE_data);
        p->needs_data_count = true;
        break;
    case IMM_elem_table: write_segment_and(p, out, SPACE_elem, SPACE_table); break;
    case IMM_elem: write_index(p, out, SPACE_elem); break;
    case IMM_heap: write_heap_type(out, read_heap_type(p)); break;
    case IMM_type: write_index(p, out, SPACE_type); break;
    case IMM_type_field: write_field(p, out); break;
    case IMM_type_count:
        write_index(p, out, SPACE_type);
        buf_leb_u(out, read_u32(p, "a number of operands"));
        break;
    case IMM_type_data:
        write_index(p, out, SPACE_type);
        write_index(p, out, SPACE_data);
        p->needs_data_count = true;
        break;
    case IMM_type_elem:
        write_index(p, out, SPACE_type);
        write_index(p, out, SPACE_elem);
        break;
    case IMM_type_type:
        write_index(p, out, SPACE_type);
        write_index(p, out, SPACE_type);
        break;
    case IMM_cast: write_cast(p, out); break;
    case IMM_tag: write_index(p, out, SPACE_tag); break;
    case IMM_fence: buf_byte(out, 0); break;
    case IMM_resume:
        write_index(p, out, SPACE_type);
        write_handlers(p, out);
        break;
    case IMM_resume_throw:
        write_index(p, out, SPACE_type);
        write_index(p, out, SPACE_tag);
        write_handlers(p, out);
        break;
    case IMM_type_tag:
        write_index(p, out, SPACE_type);
        write_index(p, out, SPACE_tag);
        break;
    case IMM_none:
    case IMM_types:                          // select
    case IMM_block: case IMM_try_table: break; // parse_expr.c
    }
}

void read_instruction(Parser *p, Op op, Buf *out)
{
    advance(p);
    switch (op) {
    case OP_select: write_select(p, out); break;
    case OP_ref_test:
    case OP_ref_cast:
    case OP_ref_cast_desc_eq: write_ref_op(p, op, out); break;
    default:
        write_op(out, op);
        read_immediates(p, op, out);
    }
}
