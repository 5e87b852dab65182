// encode_code.c -- types and instructions. See encoder.h. spec: binary/types, binary/instructions

#include "binary/encoder.h"

// ---- Types

void type_indexes_init(TypeIndexes *t, const Module *m, Arena *arena)
{
    TypeId last = 0;
    t->first = TYPE_NONE;
    for (u32 i = 0; i < m->type_count; i++) {
        t->first = MIN(t->first, m->types[i]);
        last = MAX(last, m->types[i]);
    }
    t->span = m->type_count ? last - t->first + 1 : 0; // its store has no other module, or few
    t->at = NEW_ARRAY(arena, u32, t->span);
    for (u32 i = m->type_count; i-- > 0;) t->at[m->types[i] - t->first] = i;
}

u32 type_index_of(const TypeIndexes *t, TypeId id)
{
    u32 place = id - t->first;
    return place < t->span ? t->at[place] : UINT32_MAX;
}

static const u8 number_code[TYPE_NUMBER_COUNT] = {
#define NUMBER(name, text, code) [TYPE_##name] = code,
#define PACKED NUMBER
#include "op/type.def"
};
#undef PACKED
static const u8 heap_code[HEAP_COUNT] = {
#define HEAP(name, text, ref, code, since) [HEAP_##name] = code,
#include "op/type.def"
};

// Concrete types name an index here.
static void put_heap(Buf *b, Type type)
{
    if (type & TYPE_EXACT) {
        buf_byte(b, 0x62);
        buf_leb_u(b, type_id(type));
    } else if (type_is_concrete(type)) {
        buf_leb_s(b, type_id(type));
    } else {
        buf_byte(b, heap_code[type_heap(type)]);
    }
}

void encode_type(Buf *b, Type type)
{
    if (!type_is_ref(type)) {
        buf_byte(b, number_code[type]);
        return;
    }
    if (!type_is_null(type)) buf_byte(b, 0x64);
    else if (type_is_concrete(type)) buf_byte(b, 0x63);
    put_heap(b, type);
}

void encode_op(Buf *b, Op op)
{
    u32 code = op_info[op].opcode;
    if (!op_prefix(code)) {
        buf_byte(b, (u8)code);
        return;
    }
    buf_byte(b, op_prefix(code));
    buf_leb_u(b, op_sub(code));
}

void encode_block_type(Buf *b, const ImmBlock *type)
{
    switch (type->form) {
    case BLOCK_empty: buf_byte(b, 0x40); break;
    case BLOCK_value: encode_type(b, type->value); break;
    case BLOCK_index: buf_leb_s(b, type->type); break;
    }
}

static Type type_with(Type type, u32 index)
{
    return (type & ~TYPE_HEAP_BITS) | (index & TYPE_HEAP_BITS);
}

Type type_by_index(const TypeIndexes *t, Type type)
{
    bool named = type_is_ref(type) && type_is_concrete(type);
    return named ? type_with(type, type_index_of(t, type_id(type))) : type;
}

void encode_value_type(Buf *b, const TypeIndexes *t, Type type)
{
    encode_type(b, type_by_index(t, type));
}

// Of a type by index.
void encode_zero(Buf *b, Type type)
{
    switch (type) {
    case TYPE_i32: encode_op(b, OP_i32_const), buf_byte(b, 0); return;
    case TYPE_i64: encode_op(b, OP_i64_const), buf_byte(b, 0); return;
    case TYPE_f32: encode_op(b, OP_f32_const), buf_u32le(b, 0); return;
    case TYPE_f64: encode_op(b, OP_f64_const), buf_u64le(b, 0); return;
    case TYPE_v128:
        encode_op(b, OP_v128_const);
        buf_u64le(b, 0);
        buf_u64le(b, 0);
        return;
    default: break;
    }
    if (!type_is_ref(type) || !type_is_null(type)) {
        encode_op(b, OP_unreachable);
        return;
    }
    encode_op(b, OP_ref_null);
    put_heap(b, type);
}

void encode_default(Buf *b, const TypeIndexes *t, Type type)
{
    encode_zero(b, type_by_index(t, type));
}

// ---- What refers to something

u32 refer(Encoder *e, ItemKind kind, u32 index)
{
    if (index >= e->count[kind]) return index; // nothing, before and after
    if (kind != ITEM_type || index < e->m->type_count) index = instead(e, kind, index);
    if (!e->marking) {
        u32 number = e->number[kind][index];
        if (number == GONE) e->dangling = true;
        return number;
    }
    if (e->uses) e->uses[kind][index]++;
    if (e->seen[kind][index]) return index;
    e->seen[kind][index] = true;
    ARENA_PUSH(e->arena, e->waiting, e->waiting_count, e->waiting_cap) = (Item){kind, index};
    return index;
}

// A type as it stands in code.
Type refer_type(Encoder *e, Type type)
{
    if (!type_is_ref(type) || !type_is_concrete(type)) return type;
    return type_with(type, refer(e, ITEM_type, type_id(type)));
}

// One of a definition.
Type refer_id(Encoder *e, Type type)
{
    return refer_type(e, type_by_index(&e->types, type));
}

u32 refer_def(Encoder *e, TypeId id)
{
    return refer(e, ITEM_type, type_index_of(&e->types, id));
}

void encode_index(Encoder *e, Buf *b, ItemKind kind, u32 index)
{
    buf_leb_u(b, refer(e, kind, index));
}

// ---- Instructions

void encode_open_block(Encoder *e, bool left_out)
{
    ARENA_PUSH(e->arena, e->left_out, e->depth, e->depth_cap) = left_out;
    e->left_out_count += left_out;
}

// Was its beginning left out?
static bool close_block(Encoder *e)
{
    if (!e->depth) return false;
    bool left_out = e->left_out[--e->depth];
    e->left_out_count -= left_out;
    return left_out;
}

static u32 label_now(Encoder *e, u32 label)
{
    if (!e->left_out_count || label >= e->depth) return label;
    u32 now = label;
    for (u32 i = 0; i < label; i++) now -= e->left_out[e->depth - 1 - i];
    if (e->left_out[e->depth - 1 - label]) e->dangling = true;
    return now;
}

static u32 local_now(Encoder *e, u32 local)
{
    if (!e->local_moves) return local;
    if (e->local[local] == GONE) e->dangling = true;
    return e->local[local];
}

static void put_block_type(Encoder *e, Buf *b, ImmBlock type)
{
    if (type.form == BLOCK_value) type.value = refer_type(e, type.value);
    if (type.form == BLOCK_index) type.type = refer(e, ITEM_type, type.type);
    encode_block_type(b, &type);
}

static void put_memarg(Encoder *e, Buf *b, const Imm *imm)
{
    u32 memory = refer(e, ITEM_memory, imm->memarg.memory);
    buf_leb_u(b, imm->memarg.align | (memory ? 0x40 : 0));
    if (memory) buf_leb_u(b, memory);
    buf_leb_u(b, imm->memarg.offset);
}

static void put_clauses(Encoder *e, Buf *b, const ImmClause *clauses, u32 count, bool handlers)
{
    buf_leb_u(b, count);
    for (u32 i = 0; i < count; i++) {
        const ImmClause *c = &clauses[i];
        buf_byte(b, c->kind);
        if (handlers || c->kind < 2) encode_index(e, b, ITEM_tag, c->tag);
        if (!handlers || !c->kind) buf_leb_u(b, label_now(e, c->label));
    }
}

static void put_labels(Encoder *e, Buf *b, const Imm *imm)
{
    buf_leb_u(b, imm->labels.count - 1);
    for (u32 i = 0; i < imm->labels.count; i++) buf_leb_u(b, label_now(e, imm->labels.at[i]));
}

static void put_cast(Encoder *e, Buf *b, const Imm *imm)
{
    buf_byte(b, (u8)(type_is_null(imm->cast.from) | type_is_null(imm->cast.to) << 1));
    buf_leb_u(b, label_now(e, imm->cast.label));
    put_heap(b, refer_type(e, imm->cast.from));
    put_heap(b, refer_type(e, imm->cast.to));
}

static void put_data_index(Encoder *e, Buf *b, u32 data)
{
    e->takes_data = true;
    encode_index(e, b, ITEM_data, data);
}

// What was declared is to be so under its new name.
static void names_func(Encoder *e, u32 func)
{
    const u8 *before = e->m->declared;
    if (before && before[func / 8] >> func % 8 & 1) e->named[instead(e, ITEM_func, func)] = true;
}

static void put_func_index(Encoder *e, Buf *b, Op op, u32 func)
{
    if (op == OP_ref_func && func < e->count[ITEM_func] && e->named) names_func(e, func);
    encode_index(e, b, ITEM_func, func);
}

static void put_immediates(Encoder *e, Buf *b, const Imm *imm)
{
    switch ((ImmKind)op_info[imm->op].immediates) {
    case IMM_none: break;
    case IMM_label: buf_leb_u(b, label_now(e, imm->label)); break;
    case IMM_local: buf_leb_u(b, local_now(e, imm->local)); break;
    case IMM_global: encode_index(e, b, ITEM_global, imm->global); break;
    case IMM_func: put_func_index(e, b, imm->op, imm->func); break;
    case IMM_table: encode_index(e, b, ITEM_table, imm->table); break;
    case IMM_data: put_data_index(e, b, imm->data); break;
    case IMM_elem: encode_index(e, b, ITEM_elem, imm->elem); break;
    case IMM_tag: encode_index(e, b, ITEM_tag, imm->tag); break;
    case IMM_type: encode_index(e, b, ITEM_type, imm->type_index); break;
    case IMM_memory: encode_index(e, b, ITEM_memory, imm->memory); break;
    case IMM_block: put_block_type(e, b, imm->block.type); break;
    case IMM_try_table:
        put_block_type(e, b, imm->block.type);
        put_clauses(e, b, imm->block.at, imm->block.count, false);
        break;
    case IMM_labels: put_labels(e, b, imm); break;
    case IMM_types:
        buf_leb_u(b, imm->types.count);
        for (u32 i = 0; i < imm->types.count; i++) encode_type(b, refer_type(e, imm->types.at[i]));
        break;
    case IMM_memarg: put_memarg(e, b, imm); break;
    case IMM_memarg_lane:
        put_memarg(e, b, imm);
        buf_byte(b, (u8)imm->memarg.lane);
        break;
    case IMM_lane: buf_byte(b, (u8)imm->lane); break;
    case IMM_lanes: case IMM_v128: buf_bytes(b, imm->bytes, 16); break;
    case IMM_i32: case IMM_i64: buf_leb_s(b, (s64)imm->bits); break;
    case IMM_f32: buf_u32le(b, (u32)imm->bits); break;
    case IMM_f64: buf_u64le(b, imm->bits); break;
    case IMM_heap: put_heap(b, refer_type(e, imm->heap)); break;
    case IMM_cast: put_cast(e, b, imm); break;
    case IMM_fence: buf_byte(b, 0); break;
    case IMM_type_table:
        encode_index(e, b, ITEM_type, imm->type_table.type);
        encode_index(e, b, ITEM_table, imm->type_table.table);
        break;
    case IMM_memory_memory:
        encode_index(e, b, ITEM_memory, imm->memory_memory.to);
        encode_index(e, b, ITEM_memory, imm->memory_memory.from);
        break;
    case IMM_data_memory:
        put_data_index(e, b, imm->data_memory.data);
        encode_index(e, b, ITEM_memory, imm->data_memory.memory);
        break;
    case IMM_elem_table:
        encode_index(e, b, ITEM_elem, imm->elem_table.elem);
        encode_index(e, b, ITEM_table, imm->elem_table.table);
        break;
    case IMM_table_table:
        encode_index(e, b, ITEM_table, imm->table_table.to);
        encode_index(e, b, ITEM_table, imm->table_table.from);
        break;
    case IMM_type_field: case IMM_type_count:
        encode_index(e, b, ITEM_type, imm->type_field.type);
        buf_leb_u(b, imm->type_field.field);
        break;
    case IMM_type_data:
        encode_index(e, b, ITEM_type, imm->type_data.type);
        put_data_index(e, b, imm->type_data.data);
        break;
    case IMM_type_elem:
        encode_index(e, b, ITEM_type, imm->type_elem.type);
        encode_index(e, b, ITEM_elem, imm->type_elem.elem);
        break;
    case IMM_type_type:
        encode_index(e, b, ITEM_type, imm->type_type.first);
        encode_index(e, b, ITEM_type, imm->type_type.second);
        break;
    case IMM_type_tag:
        encode_index(e, b, ITEM_type, imm->type_tag.type);
        encode_index(e, b, ITEM_tag, imm->type_tag.tag);
        break;
    case IMM_resume:
        encode_index(e, b, ITEM_type, imm->resume.type);
        put_clauses(e, b, imm->resume.at, imm->resume.count, true);
        break;
    case IMM_resume_throw:
        encode_index(e, b, ITEM_type, imm->resume.type);
        encode_index(e, b, ITEM_tag, imm->resume.tag);
        put_clauses(e, b, imm->resume.at, imm->resume.count, true);
        break;
    }
}

// A delegate's label does not count the block that it ends, nor do the clauses of try_table.
static void put_instr(Encoder *e, Buf *b, const Imm *imm)
{
    ImmKind kind = op_info[imm->op].immediates;
    bool ends = imm->op == OP_end || imm->op == OP_delegate;
    if (ends && close_block(e)) return;
    encode_op(b, imm->op);
    put_immediates(e, b, imm);
    if (kind == IMM_block || kind == IMM_try_table) encode_open_block(e, false);
}

// False: the end, or what stands there is none.
bool next_instr(Encoder *e, Imm *imm)
{
    if (e->in.next == e->in.end) return false;
    imm->op = imm_op(&e->in);
    return imm->op != OP_COUNT && imm_read(&e->in, imm->op, imm);
}

// What is said of the instruction that is written now.
static void pass_marks(Encoder *e, const Buf *b, u32 at)
{
    CodeMark *mark = &e->marks[e->mark_next], *end = e->marks + e->mark_count;
    for (; mark < end && mark->at <= at; mark++)
        if (mark->at == at) mark->now = (u32)b->len;
    e->mark_next = (u32)(mark - e->marks);
}

// From where it cannot be read on it is copied as it is.
void encode_run(Encoder *e, Buf *b, const u8 *from, const u8 *to)
{
    Imm imm;
    const u8 *at = from;
    e->in.next = from;
    e->in.end = to;
    for (; next_instr(e, &imm); at = e->in.next) {
        if (e->own && e->mark_next < e->mark_count) pass_marks(e, b, (u32)(at - e->m->bytes));
        put_instr(e, b, &imm);
    }
    buf_bytes(b, at, (size_t)(to - at));
    diag_init(e->diag);
}

// The first that begins at the place or behind it.
u32 splice_at(const Edit *edit, u32 at)
{
    u32 low = 0, high = edit->splice_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (edit->splices[middle].at < at) low = middle + 1;
        else high = middle;
    }
    return low;
}

// Instructions of the module, with their splices.
void encode_code(Encoder *e, Buf *b, Range range)
{
    const u8 *bytes = e->m->bytes;
    u32 at = range.start;
    for (u32 i = splice_at(e->edit, at);; i++) {
        const Splice *s = i < e->edit->splice_count ? &e->edit->splices[i] : NULL;
        u32 stop = s && s->at < range.end ? s->at : range.end;
        encode_run(e, b, bytes + at, bytes + stop);
        if (stop == range.end) return;
        if (s->opens) encode_open_block(e, true);
        bool own = e->own;
        e->own = false;
        if (s->code.len) encode_run(e, b, s->code.data, s->code.data + s->code.len);
        e->own = own;
        at = s->end;
    }
}

// A constant expression.
void encode_expr(Encoder *e, Buf *b, Range range)
{
    e->depth = e->left_out_count = 0;
    encode_code(e, b, range);
}

// One that begins here; returns where it ends.
u32 expr_end(Encoder *e, u32 at)
{
    Imm imm;
    u32 depth = 1;
    e->in.next = e->m->bytes + at;
    e->in.end = e->m->bytes + e->m->size;
    while (depth && next_instr(e, &imm)) {
        ImmKind kind = op_info[imm.op].immediates;
        if (kind == IMM_block || kind == IMM_try_table) depth++;
        else if (imm.op == OP_end || imm.op == OP_delegate) depth--;
    }
    return (u32)(e->in.next - e->m->bytes);
}
