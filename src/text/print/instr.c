// instr.c -- one instruction as text, by the kind of immediates that its row names. See printer.h.
// spec: text/instructions

#include "text/print/printer.h"

#include <string.h>

// Padded, so that a word is copied with a few moves of known size.
typedef struct {
    u8 len;
    char text[WORD_MOST - 1];
} Word;

static const Word words[OP_COUNT] = {
#define OP(name, text, ...) [OP_##name] = {sizeof(text) - 1, text},
#include "op/op.def"
};

const char *instr_word(Op op, u32 *len)
{
    *len = words[op].len;
    return words[op].text;
}

static void put_word(Buf *b, Op op)
{
    memcpy(buf_reserve(b, WORD_MOST), words[op].text, sizeof words[op].text);
    b->len += words[op].len;
}

static void put_space_u32(Buf *b, u32 value)
{
    buf_byte(b, ' ');
    put_u64(b, value);
}

static void put_space_index(Printer *p, Buf *b, NamesKind kind, u32 index)
{
    buf_byte(b, ' ');
    put_index(p, b, kind, index);
}

// Index 0 is what is meant without one.
static void put_index_or_0(Printer *p, Buf *b, NamesKind kind, u32 index)
{
    if (index) put_space_index(p, b, kind, index);
}

static void put_local(Printer *p, Buf *b, u32 index)
{
    const Ident *id = p->locals.count ? ident_within(&p->locals, index) : NULL;
    buf_byte(b, ' ');
    if (id && id->text) buf_bytes(b, id->text, id->len);
    else put_u64(b, index);
}

// A depth, or the label's identifier unless an inner one hides it; and which block that is, counted
// from outside.
static void put_label(Printer *p, Buf *b, u32 depth)
{
    u32 level = p->block_depth - 1 - depth;
    const Block *block = depth < p->block_depth ? &p->blocks[level] : NULL;
    buf_byte(b, ' ');
    if (block && block->label && p->label_depths[block->label] == level) {
        const Ident *id = &p->label_idents[block->label];
        buf_bytes(b, id->text, id->len);
        return;
    }
    put_u64(b, depth);
    if (!block || !level) return;
    put(b, " (;L");
    put_u64(b, level);
    put(b, ";)");
}

static void put_labels(Printer *p, Buf *b, const Imm *imm)
{
    for (u32 i = 0; i < imm->labels.count; i++) put_label(p, b, imm->labels.at[i]);
}

static void put_memarg(Printer *p, Buf *b, const Imm *imm)
{
    put_index_or_0(p, b, NAMES_memory, imm->memarg.memory);
    if (imm->memarg.offset) {
        put(b, " offset=");
        put_u64(b, imm->memarg.offset);
    }
    u32 bits = op_info[imm->op].bits, natural = imm->op == OP_memory_atomic_wait64 ? 3 : 2;
    if (bits) natural = (u32)__builtin_ctz(bits / 8);
    if (imm->memarg.align == natural) return;
    put(b, " align=");
    put_u64(b, (u64)1 << imm->memarg.align);
}

static void put_block_type(Printer *p, Buf *b, const ImmBlock *type)
{
    enum { SHORT = 8 }; // more than that many types are looked up where they are defined
    if (type->form == BLOCK_value) {
        put(b, " (result ");
        put_type(p, b, type->value, true);
        buf_byte(b, ')');
    } else if (type->form == BLOCK_index) {
        const TypeDef *def = print_func_type(p, type->type);
        put_type_use(p, b, type->type);
        if (def && def->param_count + def->result_count <= SHORT) put_signature(p, b, def, NULL);
    }
}

static void put_catches(Printer *p, Buf *b, const Imm *imm)
{
    static const char *const kinds[] = {" (catch", " (catch_ref", " (catch_all", " (catch_all_ref"};
    for (u32 i = 0; i < imm->block.count; i++) {
        const ImmClause *c = &imm->block.at[i];
        put(b, kinds[c->kind]);
        if (c->kind < 2) put_space_index(p, b, NAMES_tag, c->tag);
        put_label(p, b, c->label);
        buf_byte(b, ')');
    }
}

static void put_handlers(Printer *p, Buf *b, const Imm *imm)
{
    for (u32 i = 0; i < imm->resume.count; i++) {
        const ImmClause *c = &imm->resume.at[i];
        put(b, " (on");
        put_space_index(p, b, NAMES_tag, c->tag);
        if (c->kind) put(b, " switch");
        else put_label(p, b, c->label);
        buf_byte(b, ')');
    }
}

// Of a block: what stands behind the word before its type.
static void put_block_label(Printer *p, Buf *b)
{
    const Block *block = &p->blocks[p->block_depth];
    buf_byte(b, ' ');
    if (block->label) {
        const Ident *id = &p->label_idents[block->label];
        buf_bytes(b, id->text, id->len);
        return;
    }
    put(b, "(;L");
    put_u64(b, p->block_depth);
    put(b, ";)");
}

static void put_select_types(Printer *p, Buf *b, const Imm *imm)
{
    put(b, " (result");
    for (u32 i = 0; i < imm->types.count; i++) {
        buf_byte(b, ' ');
        put_type(p, b, imm->types.at[i], true);
    }
    buf_byte(b, ')');
}

static u64 lane(const u8 *bytes, u32 size)
{
    u64 value = 0;
    for (u32 i = 0; i < size; i++) value |= (u64)bytes[i] << (8 * i);
    return value;
}

// In four parts, which most vectors are made of.
static void put_vector(Buf *b, const u8 *bytes)
{
    put(b, " i32x4");
    for (u32 i = 0; i < 16; i += 4) {
        put(b, " 0x");
        for (u32 k = 8; k-- > 0;)
            buf_byte(b, (u8)"0123456789abcdef"[lane(bytes + i, 4) >> 4 * k & 15]);
    }
}

static void put_two(Printer *p, Buf *b, NamesKind kind, u32 first, NamesKind other, u32 second)
{
    put_space_index(p, b, kind, first);
    put_space_index(p, b, other, second);
}

// The segment stands first in the binary, in the text the table or memory, unless that is 0.
static void put_segment(Printer *p, Buf *b, NamesKind kind, u32 segment, NamesKind where, u32 index)
{
    put_index_or_0(p, b, where, index);
    put_space_index(p, b, kind, segment);
}

static void put_copy(Printer *p, Buf *b, NamesKind kind, u32 to, u32 from)
{
    if (to || from) put_two(p, b, kind, to, kind, from);
}

static void put_field(Printer *p, Buf *b, u32 type, u32 field)
{
    const Ident *id = ident_within(print_field_names(p, type), field);
    put_space_index(p, b, NAMES_type, type);
    buf_byte(b, ' ');
    if (id && id->text) buf_bytes(b, id->text, id->len);
    else put_u64(b, field);
}

static void put_cast(Printer *p, Buf *b, const Imm *imm)
{
    put_label(p, b, imm->cast.label);
    buf_byte(b, ' ');
    put_type(p, b, imm->cast.from, true);
    buf_byte(b, ' ');
    put_type(p, b, imm->cast.to, true);
}

static void put_heap(Printer *p, Buf *b, const Imm *imm)
{
    buf_byte(b, ' ');
    if (imm->op == OP_ref_null) put_heap_type(p, b, imm->heap, true);
    else put_type(p, b, imm->heap, true);
}

static void put_immediates(Printer *p, Buf *b, const Imm *imm)
{
    switch ((ImmKind)op_info[imm->op].immediates) {
    case IMM_none: case IMM_fence: break;
    case IMM_block: put_block_label(p, b), put_block_type(p, b, &imm->block.type); break;
    case IMM_try_table:
        put_block_label(p, b), put_block_type(p, b, &imm->block.type), put_catches(p, b, imm);
        break;
    case IMM_label: put_label(p, b, imm->label); break;
    case IMM_labels: put_labels(p, b, imm); break;
    case IMM_local: put_local(p, b, imm->local); break;
    case IMM_global: put_space_index(p, b, NAMES_global, imm->global); break;
    case IMM_func: put_space_index(p, b, NAMES_func, imm->func); break;
    case IMM_table: put_space_index(p, b, NAMES_table, imm->table); break;
    case IMM_memory: put_index_or_0(p, b, NAMES_memory, imm->memory); break;
    case IMM_data: put_space_index(p, b, NAMES_data, imm->data); break;
    case IMM_elem: put_space_index(p, b, NAMES_elem, imm->elem); break;
    case IMM_type: put_space_index(p, b, NAMES_type, imm->type_index); break;
    case IMM_tag: put_space_index(p, b, NAMES_tag, imm->tag); break;
    case IMM_types: put_select_types(p, b, imm); break;
    case IMM_type_table:
        put_index_or_0(p, b, NAMES_table, imm->type_table.table);
        put_type_use(p, b, imm->type_table.type);
        break;
    case IMM_memarg: put_memarg(p, b, imm); break;
    case IMM_memarg_lane: put_memarg(p, b, imm), put_space_u32(b, imm->memarg.lane); break;
    case IMM_lane: put_space_u32(b, imm->lane); break;
    case IMM_lanes:
        for (u32 i = 0; i < 16; i++) put_space_u32(b, imm->bytes[i]);
        break;
    case IMM_v128: put_vector(b, imm->bytes); break;
    case IMM_i32: case IMM_i64: buf_byte(b, ' '), put_s64(b, (s64)imm->bits); break;
    case IMM_f32: buf_byte(b, ' '), put_float(b, imm->bits, 32); break;
    case IMM_f64: buf_byte(b, ' '), put_float(b, imm->bits, 64); break;
    case IMM_memory_memory:
        put_copy(p, b, NAMES_memory, imm->memory_memory.to, imm->memory_memory.from);
        break;
    case IMM_table_table:
        put_copy(p, b, NAMES_table, imm->table_table.to, imm->table_table.from);
        break;
    case IMM_data_memory:
        put_segment(p, b, NAMES_data, imm->data_memory.data, NAMES_memory, imm->data_memory.memory);
        break;
    case IMM_elem_table:
        put_segment(p, b, NAMES_elem, imm->elem_table.elem, NAMES_table, imm->elem_table.table);
        break;
    case IMM_heap: put_heap(p, b, imm); break;
    case IMM_type_field: put_field(p, b, imm->type_field.type, imm->type_field.field); break;
    case IMM_type_count:
        put_space_index(p, b, NAMES_type, imm->type_count.type);
        put_space_u32(b, imm->type_count.count);
        break;
    case IMM_type_data:
        put_two(p, b, NAMES_type, imm->type_data.type, NAMES_data, imm->type_data.data);
        break;
    case IMM_type_elem:
        put_two(p, b, NAMES_type, imm->type_elem.type, NAMES_elem, imm->type_elem.elem);
        break;
    case IMM_type_type:
        put_two(p, b, NAMES_type, imm->type_type.first, NAMES_type, imm->type_type.second);
        break;
    case IMM_cast: put_cast(p, b, imm); break;
    case IMM_resume:
        put_space_index(p, b, NAMES_type, imm->resume.type), put_handlers(p, b, imm);
        break;
    case IMM_resume_throw:
        put_two(p, b, NAMES_type, imm->resume.type, NAMES_tag, imm->resume.tag);
        put_handlers(p, b, imm);
        break;
    case IMM_type_tag:
        put_two(p, b, NAMES_type, imm->type_tag.type, NAMES_tag, imm->type_tag.tag);
        break;
    }
}

void put_instr(Printer *p, Buf *b, const Instr *in)
{
    put_word(b, in->imm.op);
    if (op_info[in->imm.op].immediates != IMM_none) put_immediates(p, b, &in->imm);
}
