// encode_item.c -- definitions and bodies. See encoder.h. spec: binary/modules

#include "binary/encoder.h"

// ---- Definitions

bool imported(const Module *m, u32 kind, u32 index)
{
    switch (kind) {
    case ITEM_func: return index < m->imported_funcs;
    case ITEM_table: return index < m->imported_tables;
    case ITEM_memory: return index < m->imported_memories;
    case ITEM_global: return index < m->imported_globals;
    case ITEM_tag: return index < m->imported_tags;
    default: return false;
    }
}

static void put_field(Encoder *e, Buf *b, FieldType field)
{
    encode_type(b, refer_id(e, field.type));
    buf_byte(b, field.mutable);
}

static void encode_types(Encoder *e, Buf *b, const Type *types, u32 count)
{
    buf_leb_u(b, count);
    for (u32 i = 0; i < count; i++) encode_type(b, refer_id(e, types[i]));
}

static void put_composite(Encoder *e, Buf *b, const TypeDef *def)
{
    static const u8 codes[] = {
        [COMP_func] = 0x60, [COMP_struct] = 0x5f, [COMP_array] = 0x5e, [COMP_cont] = 0x5d};
    buf_byte(b, codes[def->kind]);
    switch ((CompKind)def->kind) {
    case COMP_func:
        encode_types(e, b, def->params, def->param_count);
        encode_types(e, b, type_results(def), def->result_count);
        break;
    case COMP_struct:
        buf_leb_u(b, def->field_count);
        for (u32 i = 0; i < def->field_count; i++) put_field(e, b, def->fields[i]);
        break;
    case COMP_array: put_field(e, b, def->fields[0]); break;
    case COMP_cont: buf_leb_u(b, refer_def(e, def->cont)); break;
    }
}

static void put_clause(Encoder *e, Buf *b, u8 prefix, TypeId id)
{
    if (id == TYPE_NONE) return;
    buf_byte(b, prefix);
    buf_leb_u(b, refer_def(e, id));
}

void encode_sub_type(Encoder *e, Buf *b, const TypeDef *def)
{
    bool super = def->super != TYPE_NONE;
    if (super || !def->final) {
        buf_byte(b, def->final ? 0x4f : 0x50);
        buf_leb_u(b, super);
        if (super) buf_leb_u(b, refer_def(e, def->super));
    }
    put_clause(e, b, 0x4c, def->describes);
    put_clause(e, b, 0x4d, def->descriptor);
    put_composite(e, b, def);
}

const TypeDef *def_at(const Encoder *e, u32 index)
{
    const Module *m = e->m;
    return index < m->type_count ? type_def(m->store, m->types[index])
                                 : &e->edit->types[index - m->type_count];
}

void encode_limits(Buf *b, const Limits *l)
{
    buf_byte(b, (u8)(l->has_max | l->shared << 1 | l->is64 << 2 | l->says_page << 3));
    buf_leb_u(b, l->min);
    if (l->has_max) buf_leb_u(b, l->max);
    if (l->says_page) buf_leb_u(b, l->page_log2);
}

static void put_table_type(Encoder *e, Buf *b, const TableType *t)
{
    encode_type(b, refer_id(e, t->elem));
    encode_limits(b, &t->limits);
}

static void put_global_type(Encoder *e, Buf *b, const GlobalType *t)
{
    encode_type(b, refer_id(e, t->type));
    buf_byte(b, t->mutable);
}

static u32 func_type_index(const Encoder *e, u32 func)
{
    return e->edit->func_types ? e->edit->func_types[func]
                               : type_index_of(&e->types, e->m->funcs[func].type);
}

void encode_func(Encoder *e, Buf *b, u32 func)
{
    encode_index(e, b, ITEM_type, func_type_index(e, func));
}

void encode_memory(Encoder *e, Buf *b, u32 memory)
{
    encode_limits(b, &e->m->memories[memory].type.limits);
}

void encode_tag(Encoder *e, Buf *b, u32 tag)
{
    buf_byte(b, 0);
    buf_leb_u(b, refer_def(e, e->m->tags[tag].type));
}

void encode_import_type(Encoder *e, Buf *b, ExternKind kind, u32 index)
{
    const Module *m = e->m;
    bool exact = kind == EXTERN_func && m->funcs[index].exact;
    buf_byte(b, exact ? 0x20 : (u8)kind);
    switch (kind) {
    case EXTERN_func: encode_index(e, b, ITEM_type, func_type_index(e, index)); break;
    case EXTERN_table: put_table_type(e, b, &m->tables[index].type); break;
    case EXTERN_memory: encode_limits(b, &m->memories[index].type.limits); break;
    case EXTERN_global: put_global_type(e, b, &m->globals[index].type); break;
    case EXTERN_tag: encode_tag(e, b, index); break;
    case EXTERN_COUNT: break;
    }
}

void encode_table(Encoder *e, Buf *b, u32 table)
{
    const TableDecl *t = &e->m->tables[table];
    if (present(t->init)) buf_byte(b, 0x40), buf_byte(b, 0);
    put_table_type(e, b, &t->type);
    if (present(t->init)) encode_expr(e, b, t->init);
}

void encode_global(Encoder *e, Buf *b, u32 global)
{
    const GlobalDecl *g = &e->m->globals[global];
    put_global_type(e, b, &g->type);
    if (present(g->init)) {
        encode_expr(e, b, g->init);
        return;
    }
    encode_zero(b, refer_id(e, g->type.type)); // it was imported
    buf_byte(b, 0x0b);
}

void declares(Encoder *e, u32 func)
{
    if (e->declared && func < e->count[ITEM_func])
        e->declared[instead(e, ITEM_func, func)] = true;
}

bool entry_gone(const Encoder *e, u32 elem, u32 item)
{
    return e->edit->gone_entries && flagged(e->edit->gone_entries[elem], item);
}

void encode_elem_exprs(Encoder *e, Buf *b, u32 elem)
{
    u32 at = e->m->elems[elem].items_at;
    for (u32 i = 0; i < e->m->elems[elem].count; i++) {
        u32 end = expr_end(e, at);
        if (!entry_gone(e, elem, i)) encode_expr(e, b, (Range){at, end});
        at = end;
    }
}

static void put_elem_funcs(Encoder *e, Buf *b, u32 elem)
{
    const ElemSegment *s = &e->m->elems[elem];
    for (u32 i = 0; i < s->count; i++) {
        u32 func = const_index(e->m->words[s->items + i]);
        if (!entry_gone(e, elem, i)) encode_index(e, b, ITEM_func, func);
    }
}

// The flags: 1 not active, 2 declarative or with an explicit table, 4 expressions.
void encode_elem(Encoder *e, Buf *b, u32 elem)
{
    const ElemSegment *s = &e->m->elems[elem];
    bool active = s->mode == SEGMENT_active;
    u32 table = active ? refer(e, ITEM_table, s->table) : 0, left = s->count;
    bool usual = s->type == type_ref(s->of_exprs, HEAP_func);
    u32 flags = (active ? 0 : 1) | (s->of_exprs ? 4 : 0) |
                (active ? table || !usual : s->mode == SEGMENT_declarative) * 2;
    for (u32 i = 0; i < s->count; i++) left -= entry_gone(e, elem, i);
    buf_leb_u(b, flags);
    if (flags == 2 || flags == 6) buf_leb_u(b, table);
    if (active) encode_expr(e, b, s->offset);
    if (flags & 3 && s->of_exprs) encode_type(b, refer_id(e, s->type));
    else if (flags & 3) buf_byte(b, 0);
    buf_leb_u(b, left);
    if (s->of_exprs) encode_elem_exprs(e, b, elem);
    else put_elem_funcs(e, b, elem);
}

// Where bytes at the front went, the rest still goes to where it went.
static void put_data_offset(Encoder *e, Buf *b, const DataSegment *s, u32 more)
{
    Imm imm, end;
    if (!more) {
        encode_expr(e, b, s->offset);
        return;
    }
    e->in.next = e->m->bytes + s->offset.start;
    e->in.end = e->m->bytes + s->offset.end;
    bool simple = next_instr(e, &imm) && (imm.op == OP_i32_const || imm.op == OP_i64_const) &&
                  next_instr(e, &end) && end.op == OP_end;
    if (!simple) {
        e->dangling = true;
        return;
    }
    imm.bits += more;
    encode_op(b, imm.op);
    buf_leb_s(b, imm.op == OP_i32_const ? (s32)imm.bits : (s64)imm.bits);
    buf_byte(b, 0x0b);
}

void encode_data(Encoder *e, Buf *b, u32 data)
{
    const DataSegment *s = &e->m->datas[data];
    Range bytes = e->edit->data ? e->edit->data[data] : s->init;
    bool active = s->mode == SEGMENT_active;
    u32 memory = active ? refer(e, ITEM_memory, s->memory) : 0;
    buf_leb_u(b, active ? memory ? 2 : 0 : 1);
    if (memory) buf_leb_u(b, memory);
    if (active) put_data_offset(e, b, s, bytes.start - s->init.start);
    if (!e->marking) buf_name(b, e->m->bytes + bytes.start, bytes.end - bytes.start);
}

void encode_piece(Encoder *e, Buf *b, u32 index)
{
    const DataPiece *p = &e->edit->pieces[index];
    u32 memory = refer(e, ITEM_memory, p->memory);
    bool is64 = p->memory < e->m->memory_count && e->m->memories[p->memory].type.limits.is64;
    buf_leb_u(b, memory ? 2 : 0);
    if (memory) buf_leb_u(b, memory);
    encode_op(b, is64 ? OP_i64_const : OP_i32_const);
    buf_leb_s(b, is64 ? (s64)p->at : (s32)p->at);
    encode_op(b, OP_end);
    buf_name(b, p->bytes.data, p->bytes.len);
}

// ---- Bodies

typedef struct { u32 count; Type type; } LocalRun;
typedef struct { LocalRun *items; u32 count, cap; } LocalRuns;

static void add_locals(Encoder *e, LocalRuns *runs, u32 count, Type type)
{
    if (!count) return;
    if (runs->count && runs->items[runs->count - 1].type == type)
        runs->items[runs->count - 1].count += count;
    else ARENA_PUSH(e->arena, runs->items, runs->count, runs->cap) = (LocalRun){count, type};
}

static void make_room(Encoder *e, u32 count)
{
    if (count <= e->local_cap) return;
    e->local = arena_grow(e->arena, e->local, e->local_cap, count, sizeof *e->local);
    e->local_type = arena_grow(e->arena, e->local_type, e->local_cap, count, sizeof *e->local_type);
    e->local_cap = count;
}

// Parameters first: those that stay, those that are demoted. Returns how many there are then.
static u32 plan_params(Encoder *e, LocalRuns *runs, const TypeDef *def)
{
    u32 next = 0, count = def->param_count;
    make_room(e, count);
    for (u32 i = 0; i < count; i++)
        e->local[i] = e->fate && e->fate[i] != LOCAL_stays ? GONE : next++;
    for (u32 i = 0; e->fate && i < count; i++) {
        if (e->fate[i] != LOCAL_demoted) continue;
        e->local[i] = next++;
        add_locals(e, runs, 1, type_by_index(&e->types, def->params[i]));
    }
    return next;
}

// The groups, which the reader is at, one by one.
static void plan_each(Encoder *e, LocalRuns *runs, InstrReader *r, u32 local, u32 next)
{
    for (u32 groups = instr_local_groups(r); groups; groups--) {
        Type type;
        u32 count, left = 0;
        instr_local_group(r, &count, &type);
        make_room(e, local + count);
        for (u32 k = 0; k < count; k++, local++) {
            bool goes = e->fate && e->fate[local] == LOCAL_goes;
            e->local[local] = goes ? GONE : next++;
            e->local_type[local] = type;
            left += !goes;
        }
        add_locals(e, runs, left, type);
    }
    e->local_count = local;
}

static void plan_locals(Encoder *e, u32 func, LocalRuns *runs, InstrReader *r, const TypeDef *def)
{
    const u32 *order = e->edit->local_order ? e->edit->local_order[func] : NULL;
    e->fate = e->edit->locals ? e->edit->locals[func] : NULL;
    e->local_moves = e->fate || order;
    if (e->local_moves) {
        u32 first = plan_params(e, runs, def), own = runs->count, left = 0;
        plan_each(e, runs, r, def->param_count, first);
        for (u32 i = own; order && i < runs->count; i++) left += runs->items[i].count;
        if (order) runs->count = own;
        for (u32 i = 0; i < left; i++) {
            e->local[order[i]] = first + i;
            add_locals(e, runs, 1, e->local_type[order[i]]);
        }
        return;
    }
    for (u32 groups = instr_local_groups(r); groups; groups--) {
        Type type;
        u32 count;
        instr_local_group(r, &count, &type);
        add_locals(e, runs, count, type);
    }
}

u32 number_locals(Encoder *e, u32 func)
{
    const Module *m = e->m;
    LocalRuns runs = {0};
    InstrReader r;
    instr_reader_init(&r, m, m->funcs[func].body, e->arena, e->diag);
    plan_locals(e, func, &runs, &r, type_def(m->store, m->funcs[func].type));
    u32 count = e->local_moves ? e->local_count : 0;
    diag_init(e->diag);
    e->fate = NULL;
    e->local_moves = false;
    return count;
}

static void put_own_code(Encoder *e, Buf *b, Range code)
{
    if (!e->marking) seek_marks(e, code.start);
    e->own = !e->marking;
    encode_code(e, b, code);
    e->own = false;
}

// The bytes are those of a body, of the module's or not.
static void put_body_of(Encoder *e, Buf *b, u32 func, Bytes bytes, bool own)
{
    LocalRuns runs = {0};
    const u8 *start = bytes.data, *stop = start + bytes.len;
    InstrReader r = {.in = {e->m, start, stop, e->in.at_end, e->diag, .arena = e->arena}};
    plan_locals(e, func, &runs, &r, type_def(e->m->store, e->m->funcs[func].type));
    if (e->diag->err != ERR_none) {
        diag_init(e->diag);
        buf_bytes(b, bytes.data, bytes.len); // as it is
        return;
    }
    buf_leb_u(b, runs.count);
    for (u32 i = 0; i < runs.count; i++) {
        buf_leb_u(b, runs.items[i].count);
        encode_type(b, refer_type(e, runs.items[i].type));
    }
    e->depth = e->left_out_count = 0;
    encode_open_block(e, false);
    u32 first = (u32)(r.in.next - start), at = e->m->funcs[func].body.start;
    if (own) put_own_code(e, b, (Range){at + first, e->m->funcs[func].body.end});
    else encode_run(e, b, r.in.next, stop);
    e->fate = NULL;
    e->local_moves = false;
}

const Bytes encode_trap_body = {(const u8[]){0, 0x00, 0x0b}, 3};

void encode_body(Encoder *e, Buf *b, u32 func)
{
    Range body = e->m->funcs[func].body;
    Bytes other = e->edit->bodies ? e->edit->bodies[func] : (Bytes){0};
    if (other.data) put_body_of(e, b, func, other, false);
    else if (present(body))
        put_body_of(e, b, func, (Bytes){e->m->bytes + body.start, body.end - body.start}, true);
    else buf_bytes(b, encode_trap_body.data, encode_trap_body.len); // it was imported
}
