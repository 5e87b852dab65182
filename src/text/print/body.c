// body.c -- bodies and constant expressions, instruction by instruction. See printer.h.
//
// Blocks are counted, so that labels and lines know how deep they are and `end` closes what is
// open: a body where that does not fit is malformed. delegate leaves its block before its label is
// read; the clauses of try_table do not count it.
// spec: text/instructions; binary/instructions

#include "text/print/printer.h"

#include <string.h>

enum { LOCALS_MOST = 50000 };

static bool opens(Op op)
{
    u8 immediates = op_info[op].immediates;
    return immediates == IMM_block || immediates == IMM_try_table;
}
static bool divides(Op op) { return op == OP_else || op == OP_catch || op == OP_catch_all; }

// ---- Blocks

static void reset_labels(Printer *p)
{
    p->label_ident_cap = p->label_cap = p->label_count = 0;
    p->label_idents = NULL;
    p->label_depths = NULL;
    map_init(&p->labels, &p->body);
}

// The number of a label name; 0 stands for none.
static u32 label_number(Printer *p, Bytes name)
{
    Ident id = {0};
    const u32 *known = map_get(&p->labels, name.data, name.len);
    if (known) return *known;
    if (!print_label_ident(p, name, &id)) return 0;
    if (!p->label_count) {
        p->label_ident_count = 0;
        ARENA_PUSH(&p->body, p->label_depths, p->label_count, p->label_cap) = 0;
        ARENA_PUSH(&p->body, p->label_idents, p->label_ident_count, p->label_ident_cap) = id;
    }
    map_add(&p->labels, name.data, name.len, p->label_count);
    ARENA_PUSH(&p->body, p->label_idents, p->label_ident_count, p->label_ident_cap) = id;
    ARENA_PUSH(&p->body, p->label_depths, p->label_count, p->label_cap) = 0;
    return p->label_count - 1;
}

// Blocks are numbered in the order in which their instructions stand.
static u32 next_label(Printer *p)
{
    u32 index = p->block_count++;
    const NameMap *names = &p->label_names;
    u32 label = 0;
    if (p->label_name_next < names->count && names->names[p->label_name_next].index == index)
        label = label_number(p, names->names[p->label_name_next++].name);
    p->names_written += label != 0;
    // A name that is no identifier is none, either.
    if (label || !p->options.name_unnamed) return label;
    return label_number(p, print_label_made(p, index));
}

static bool failed(const InstrReader *r) { return r->in.diag->err != ERR_none; }
static u32 offset_of(const InstrReader *r) { return (u32)(r->in.next - r->in.m->bytes); }

static void arities(const Printer *p, const Instr *in, u32 *params, u32 *results)
{
    const ImmBlock *type = &in->imm.block.type;
    const TypeDef *def = type->form == BLOCK_index ? print_func_type(p, type->type) : NULL;
    *params = def ? def->param_count : 0;
    *results = def ? def->result_count : type->form == BLOCK_value;
}

static Block *push_block(Printer *p)
{
    if (p->block_depth == p->block_cap) {
        u32 cap = p->block_cap ? 2 * p->block_cap : 32;
        p->blocks = arena_grow(&p->body, p->blocks, p->block_cap, cap, sizeof *p->blocks);
        p->block_cap = cap;
    }
    return &p->blocks[p->block_depth];
}

// The block is there but not open yet: the labels in its own immediates do not count it.
static void prepare_block(Printer *p, const Instr *in)
{
    u32 params, results;
    Block *b = push_block(p);
    arities(p, in, &params, &results);
    *b = (Block){.op = (u16)in->imm.op, .results = results};
    b->label_arity = in->imm.op == OP_loop ? params : results;
    b->label = next_label(p);
}

static void open_block(Printer *p)
{
    Block *b = &p->blocks[p->block_depth];
    if (b->label) {
        b->shadowed = p->label_depths[b->label];
        p->label_depths[b->label] = p->block_depth;
    }
    p->block_depth++;
}

static void close_block(Printer *p)
{
    const Block *b = &p->blocks[--p->block_depth];
    if (b->label) p->label_depths[b->label] = b->shadowed;
}

// Does it suit the innermost block?
static bool has_place(const Printer *p, Op op)
{
    Op in = (Op)p->blocks[p->block_depth - 1].op;
    switch (op) {
    case OP_else: return in == OP_if;
    case OP_catch: case OP_catch_all: return p->block_depth > 1 && (in == OP_try || in == OP_catch);
    case OP_delegate: return p->block_depth > 1 && in == OP_try;
    default: return true;
    }
}

static void start_blocks(Printer *p, u32 results)
{
    p->block_depth = p->block_cap = p->block_count = p->label_name_next = 0;
    p->blocks = NULL;
    *push_block(p) = (Block){.op = OP_block, .settled = true, .results = results,
                             .label_arity = results};
    p->block_depth = 1;
}

// ---- A line for each

static void print_line(Printer *p, const Instr *in, u32 depth)
{
    Buf *b = &p->out;
    if (p->options.offsets) {
        size_t start = b->len;
        put_offset(b, in->at);
        put_indent(b, b->len - start < 11 ? (u32)(11 - (b->len - start)) : 1);
    }
    put_indent(b, 2 + 2 * depth);
    u32 notes = p->note_count ? print_take_notes(p, in->at - p->m->funcs[p->func].body.start) : 0;
    if (notes) put_notes(p, b, notes);
    put_instr(p, b, in);
    buf_byte(b, '\n');
    print_maybe_flush(p);
}

static void show_fold(Printer *p, const Instr *in)
{
    bool some = p->note_count && p->func != DIAG_NO_FUNC;
    fold_instr(p, in, some ? print_take_notes(p, in->at - p->m->funcs[p->func].body.start) : 0);
}

typedef enum { SHOW_flat, SHOW_fold, SHOW_list } Show;

static void list_line(Printer *p, const Instr *in, u32 depth)
{
    Buf *b = &p->out;
    print_flush(p);
    p->listed = in->at;
    put(b, "  0x");
    for (u32 shift = 24; shift > 0; shift -= 4)
        buf_byte(b, (u8)"0123456789abcdef"[in->at >> (shift - 4) & 15]);
    put_indent(b, 2 * depth);
    put_instr(p, b, in);
    buf_byte(b, '\n');
}

static void show(Printer *p, const Instr *in, Show how, u32 depth)
{
    if (how == SHOW_flat) print_line(p, in, depth);
    else if (how == SHOW_list) list_line(p, in, depth);
    else show_fold(p, in);
}

static void show_instr(Printer *p, const Instr *in, Show how)
{
    Op op = in->imm.op;
    bool ends = op == OP_end || op == OP_delegate;
    if (LIKELY(!ends && !opens(op) && !divides(op))) {
        show(p, in, how, p->block_depth);
        return;
    }
    if (!has_place(p, op))
        print_fail(p, ERR_end_opcode_expected, in->at, "found %s", op_info[op].text);
    if (opens(op)) {
        prepare_block(p, in);
        show(p, in, how, p->block_depth);
        open_block(p);
        if (how == SHOW_fold) fold_opened(p);
    } else if (divides(op)) {
        show(p, in, how, p->block_depth - 1);
        p->blocks[p->block_depth - 1].op = (u16)op;
    } else {
        close_block(p);
        show(p, in, how, p->block_depth);
    }
}

// Up to the `end` that closes all, which must be the last byte.
static void show_code(Printer *p, InstrReader *r, Show how)
{
    Instr in;
    while (instr_next(r, &in)) {
        if (UNLIKELY(p->block_depth == 1 && in.imm.op == OP_end)) {
            if (how == SHOW_list) list_line(p, &in, 1);
            p->block_depth = 0;
            if (p->func != DIAG_NO_FUNC && r->in.next != r->in.end)
                print_fail(p, ERR_section_size_mismatch, offset_of(r),
                           "bytes follow the end of the code");
            return;
        }
        show_instr(p, &in, how);
    }
    print_fail(p, ERR_end_opcode_expected, offset_of(r), "the code has no end");
}

// ---- Bodies

void print_spend(Printer *p, u64 items, u32 at)
{
    if (p->budget < items) print_fail(p, ERR_limit_text, at, "so many locals and parameters");
    p->budget -= items;
}

static void put_locals(Printer *p, Buf *b, u32 first, u32 count, Type type, bool *open)
{
    for (u32 i = first; i < first + count; i++) {
        const Ident *id = p->locals.count ? ident_within(&p->locals, i) : NULL;
        if (*open && id) buf_byte(b, ')');
        if (!*open || id) put(b, i == p->func_type->param_count ? "    (local" : " (local");
        if (id) put_ident_name(p, b, &p->locals, id);
        buf_byte(b, ' ');
        put_type(p, b, type, true);
        *open = !id;
        if (id) buf_byte(b, ')');
    }
    print_maybe_flush(p);
}

static void print_locals(Printer *p, InstrReader *r)
{
    u32 groups = instr_local_groups(r), params = p->func_type->param_count, next = params;
    bool open = false;
    for (u32 g = 0; g < groups && !failed(r); g++) {
        u32 at = offset_of(r), count = 0;
        Type type = TYPE_i32;
        instr_local_group(r, &count, &type);
        if (failed(r)) break;
        if (count > LOCALS_MOST || next + count > LOCALS_MOST)
            print_fail(p, ERR_limit_locals, at, "%llu", (unsigned long long)next + count);
        print_spend(p, count, at); // a group of few bytes may be of 50,000
        put_locals(p, &p->out, next, count, type, &open);
        next += count;
    }
    if (open) buf_byte(&p->out, ')');
    if (next > params) buf_byte(&p->out, '\n');
}

// A name of one that is not there must not be taken for it by an instruction that is wrong. What is
// malformed is said by who prints them, if anybody does.
static u32 count_locals(const Printer *p, InstrReader r)
{
    Diag unsaid = *p->diag;
    r.in.diag = &unsaid;
    u32 groups = instr_local_groups(&r), total = p->func_type->param_count;
    for (u32 g = 0; g < groups && !failed(&r) && total <= LOCALS_MOST; g++) {
        u32 count = 0;
        Type type;
        instr_local_group(&r, &count, &type);
        total += MIN(count, LOCALS_MOST);
    }
    return MIN(total, LOCALS_MOST);
}

static void begin_func(Printer *p, u32 func, bool bare, InstrReader *r)
{
    arena_reset(&p->body);
    p->func = p->diag->func = func;
    p->func_type = type_def(p->m->store, p->m->funcs[func].type);
    instr_reader_init(r, p->m, p->m->funcs[func].body, &p->body, p->diag);
    u32 count = bare ? p->func_type->param_count : count_locals(p, *r);
    p->locals = print_names_within(p, NAMES_local, func, count, &p->body);
    p->label_names = names_within(p->m, &p->names, NAMES_label, func, &p->body);
    reset_labels(p);
    start_blocks(p, p->func_type->result_count);
}

// Those parameters that it takes to say the names; all if they are few.
static void put_func_head(Printer *p, u32 func)
{
    Buf *b = &p->out;
    const TypeDef *def = p->func_type;
    bool named = p->locals.count && p->locals.map.names[0].index < def->param_count;
    u32 width = def->param_count + def->result_count;
    put_item_name(p, b, NAMES_func, func);
    put_inline_exports(p, EXTERN_func, func);
    put_type_use(p, b, print_type_index(p, p->m->funcs[func].type));
    if (width > 16 && named) print_spend(p, width, p->m->funcs[func].body.start);
    if (width <= 16 || named)
        put_signature(p, b, def, named ? &p->locals : NULL);
}

static void begin_body(Printer *p, u32 func, bool bare, InstrReader *r)
{
    begin_func(p, func, bare, r);
    put(&p->out, "  (func");
    put_func_head(p, func);
    if (!p->options.offsets) return;
    buf_byte(&p->out, ' ');
    put_offset(&p->out, p->m->funcs[func].body.start);
}

static void end_body(Printer *p)
{
    p->diag->func = DIAG_NO_FUNC;
    p->func = DIAG_NO_FUNC;
    print_maybe_flush(p);
}

void print_bare_body(Printer *p, u32 func)
{
    InstrReader r;
    begin_body(p, func, true, &r);
    put_left_out(&p->out, p->m->funcs[func].body.end - p->m->funcs[func].body.start, " bytes");
    put(&p->out, " unreachable)");
    end_body(p);
}

void print_body(Printer *p, u32 func)
{
    InstrReader r;
    begin_body(p, func, false, &r);
    buf_byte(&p->out, '\n');
    print_locals(p, &r);
    if (p->options.fold) {
        fold_start(p, false);
        show_code(p, &r, SHOW_fold);
        fold_end(p, &p->out);
    } else {
        show_code(p, &r, SHOW_flat);
    }
    put(&p->out, "  )");
    end_body(p);
}

void list_body(Printer *p, u32 func)
{
    InstrReader r;
    begin_func(p, func, false, &r);
    print_flush(p);
    p->listed = LIST_HEAD;
    put(&p->out, "\nfunc");
    put_func_head(p, func);
    buf_byte(&p->out, '\n');
    print_locals(p, &r);
    show_code(p, &r, SHOW_list);
    p->diag->func = DIAG_NO_FUNC;
}

// ---- Constant expressions

u32 put_const_expr(Printer *p, Buf *b, u32 *at)
{
    InstrReader r;
    arena_reset(&p->body);
    p->func = DIAG_NO_FUNC;
    p->locals = (Idents){0};
    p->label_names = (NameMap){0};
    reset_labels(p);
    start_blocks(p, 1);
    instr_reader_init(&r, p->m, (Range){*at, (u32)p->m->size}, &p->body, p->diag);
    fold_start(p, true);
    show_code(p, &r, SHOW_fold);
    fold_end(p, b);
    *at = offset_of(&r);
    return p->folder.roots;
}
