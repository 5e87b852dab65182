// fold.c -- bodies as s-expressions. See printer.h.
//
//     local.get 0   i32.const 1   i32.add        nodes, in the order of the binary, with their text
//     ^                           |
//     +---- head: 2 ---------- start             "(i32.add" opens where its first operand does
//
// An instruction takes what lies on top of the operands as its own; for each node there is a chain
// of those that open before it, outermost first, so writing is one pass over the nodes. How many
// operands an instruction has only decides where parentheses stand, never the order of
// instructions, so nothing here can change what is parsed back. Nodes are written as soon as
// nothing that comes later can enclose them.
// spec: text/instructions, folded instructions

#include "module/arity.h"
#include "text/print/printer.h"

#include <string.h>

typedef enum {
    NODE_plain,   // its operands, ")"
    NODE_block,   // block, loop, try_table
    NODE_if,      // its operands, "(then"
    NODE_else,
    NODE_try,     // "(do"
    NODE_catch,
    NODE_delegate,
    NODE_end,     // of a block
    NODE_end_part, // of if or try: the part, and the whole
    NODE_KIND = 15,
    NODE_NARROW = 0x40, // fits on a line with all its operands
} NodeKind;

enum { LINE = 76, WIDE = 1 << 20 };

static u32 label_arity(const void *env, u32 depth)
{
    const Printer *p = env;
    return depth < p->block_depth ? p->blocks[p->block_depth - 1 - depth].label_arity : 0;
}

static u32 params(const TypeDef *def) { return def ? def->param_count : 0; }

// ---- Writing nodes

static void separate(Folder *f, Buf *b)
{
    if (f->one_line || f->inline_until) {
        buf_byte(b, ' ');
        return;
    }
    if (!f->fresh) buf_byte(b, '\n');
    f->fresh = false;
}

static void start_line(Printer *p, Buf *b, u32 node)
{
    Folder *f = &p->folder;
    separate(f, b);
    if (f->one_line || f->inline_until) return;
    if (f->at && node != UINT32_MAX) {
        size_t start = b->len;
        put_offset(b, f->at[node]);
        put_indent(b, b->len - start < 11 ? (u32)(11 - (b->len - start)) : 1);
    } else if (f->at) {
        put_indent(b, 11);
    }
    put_indent(b, 4 + 2 * f->depth);
}

static void put_node_text(Folder *f, Buf *b, u32 node)
{
    size_t end = node + 1 < f->count ? f->text_at[node + 1] : f->text.len;
    buf_bytes(b, f->text.data + f->text_at[node], end - f->text_at[node]);
}

static void open_node(Printer *p, Buf *b, u32 node)
{
    Folder *f = &p->folder;
    if (!f->depth) f->roots++;
    start_line(p, b, node);
    if (f->kind[node] & NODE_NARROW && !f->inline_until) f->inline_until = node + 1;
    if (f->notes && f->notes[node]) put_notes(p, b, f->notes[node]);
    buf_byte(b, '(');
    put_node_text(f, b, node);
    f->depth++;
}

static void open_part(Printer *p, Buf *b, const char *word)
{
    start_line(p, b, UINT32_MAX);
    put(b, word);
    p->folder.depth++;
}

static void close_node(Folder *f, Buf *b)
{
    buf_byte(b, ')');
    f->depth -= f->depth != 0;
}

static void write_node(Printer *p, Buf *b, u32 node)
{
    Folder *f = &p->folder;
    switch ((NodeKind)(f->kind[node] & NODE_KIND)) {
    case NODE_plain:
        close_node(f, b);
        if (f->inline_until == node + 1) f->inline_until = 0;
        break;
    case NODE_if: open_part(p, b, "(then"); break;
    case NODE_try: open_part(p, b, "(do"); break;
    case NODE_else: close_node(f, b), open_part(p, b, "(else"); break;
    case NODE_catch:
        close_node(f, b);
        start_line(p, b, node);
        buf_byte(b, '(');
        put_node_text(f, b, node);
        f->depth++;
        break;
    case NODE_delegate:
        close_node(f, b);
        start_line(p, b, node);
        buf_byte(b, '(');
        put_node_text(f, b, node);
        buf_byte(b, ')');
        close_node(f, b);
        break;
    case NODE_end_part: close_node(f, b); // fallthrough
    case NODE_end: close_node(f, b); break;
    default: break;
    }
}

// Writes all nodes and forgets them.
static void write_nodes(Printer *p, Buf *b)
{
    Folder *f = &p->folder;
    for (u32 i = 0; i < f->count; i++) {
        for (u32 k = f->head[i]; k; k = f->link[k - 1]) open_node(p, b, k - 1);
        write_node(p, b, i);
        if (b == &p->out) print_maybe_flush(p);
    }
    f->count = 0;
    f->text.len = 0;
}

// ---- Building them

void fold_start(Printer *p, bool one_line)
{
    p->folder = (Folder){.one_line = one_line, .fresh = true};
    buf_init(&p->folder.text, &p->body);
}

static void grow_nodes(Printer *p)
{
    Folder *f = &p->folder;
    u32 cap = f->cap ? 2 * f->cap : 256;
    f->text_at = arena_grow(&p->body, f->text_at, f->cap, cap, sizeof *f->text_at);
    f->head = arena_grow(&p->body, f->head, f->cap, cap, sizeof *f->head);
    f->link = arena_grow(&p->body, f->link, f->cap, cap, sizeof *f->link);
    f->kind = arena_grow(&p->body, f->kind, f->cap, cap, sizeof *f->kind);
    if (p->options.offsets) f->at = arena_grow(&p->body, f->at, f->cap, cap, sizeof *f->at);
    if (p->note_count)
        f->notes = arena_grow(&p->body, f->notes, f->cap, cap, sizeof *f->notes);
    f->cap = cap;
}

static u32 add_node(Printer *p, const Instr *in, NodeKind kind, u32 notes)
{
    Folder *f = &p->folder;
    if (f->count == f->cap) grow_nodes(p);
    u32 node = f->count++;
    f->text_at[node] = (u32)f->text.len;
    f->head[node] = 0;
    f->kind[node] = (u8)kind;
    if (f->notes) f->notes[node] = notes;
    if (f->at) f->at[node] = in->at;
    if (kind != NODE_else && kind != NODE_end && kind != NODE_end_part) put_instr(p, &f->text, in);
    return node;
}

static const Block *innermost(const Printer *p) { return &p->blocks[p->block_depth - 1]; }

// The node encloses as many operands as it needs and finds, and opens before the first of them.
static void take_operands(Printer *p, u32 node, u32 needs, u32 *start, u32 *width)
{
    Folder *f = &p->folder;
    u32 base = innermost(p)->base;
    *start = node;
    *width = (u32)MIN(f->text.len - f->text_at[node] + 2, WIDE);
    while (needs && f->operand_count > base) {
        const Operand *o = &f->operands[f->operand_count - 1];
        if (o->results > needs) break;
        needs -= o->results;
        *start = o->start;
        *width = MIN(*width + o->width + 1, WIDE);
        f->operand_count--;
    }
    f->link[node] = f->head[*start];
    f->head[*start] = node + 1;
    if (*width <= LINE && !f->at && (f->kind[node] & NODE_KIND) == NODE_plain)
        f->kind[node] |= NODE_NARROW;
}

// What leaves nothing ends what came before it: that can be nobody's operand any more.
static void leave_results(Printer *p, u32 start, u32 count, u32 width)
{
    Folder *f = &p->folder;
    const Block *block = innermost(p);
    if (count) {
        ARENA_PUSH(&p->body, f->operands, f->operand_count, f->operand_cap) =
            (Operand){start, count, width};
        return;
    }
    f->operand_count = block->base;
    if (block->settled && !f->one_line && f->count >= 512) write_nodes(p, &p->out);
}

static void drop_operands(Printer *p, u32 count)
{
    Folder *f = &p->folder;
    u32 base = innermost(p)->base;
    while (count && f->operand_count > base) {
        const Operand *o = &f->operands[--f->operand_count];
        count -= MIN(count, o->results);
    }
}

static void fold_plain(Printer *p, const Instr *in, u32 notes)
{
    u32 pops, pushes, start, width;
    u32 node = add_node(p, in, NODE_plain, notes);
    imm_arity(p->m, &in->imm, p->blocks[0].results, label_arity, p, &pops, &pushes);
    take_operands(p, node, pops, &start, &width);
    leave_results(p, start, pushes, width);
}

// The parameters of an if may stand in it before "(then"; those of other blocks stay in front.
static void fold_opening(Printer *p, const Instr *in, NodeKind kind, u32 notes)
{
    Block *block = &p->blocks[p->block_depth]; // not open yet
    const ImmBlock *type = &in->imm.block.type;
    const TypeDef *def = type->form == BLOCK_index ? print_func_type(p, type->type) : NULL;
    u32 width, node = add_node(p, in, kind, notes);
    if (kind != NODE_if) drop_operands(p, params(def));
    take_operands(p, node, kind == NODE_if ? params(def) + 1 : 0, &block->start, &width);
}

void fold_opened(Printer *p)
{
    Block *block = &p->blocks[p->block_depth - 1];
    block->base = p->folder.operand_count;
    block->settled = block[-1].settled && !block->results;
}

static void fold_closing(Printer *p, const Instr *in, NodeKind kind)
{
    const Block *block = &p->blocks[p->block_depth]; // just closed
    add_node(p, in, kind, 0);
    p->folder.operand_count = block->base;
    leave_results(p, block->start, block->results, WIDE);
}

void fold_instr(Printer *p, const Instr *in, u32 notes)
{
    bool whole;
    // By this very `end`
    Op closed = p->block_depth < p->block_cap ? (Op)p->blocks[p->block_depth].op : OP_nop;
    switch (in->imm.op) {
    case OP_block: case OP_loop: case OP_try_table: fold_opening(p, in, NODE_block, 0); break;
    case OP_if: fold_opening(p, in, NODE_if, notes); break;
    case OP_try: fold_opening(p, in, NODE_try, 0); break;
    case OP_else: case OP_catch: case OP_catch_all:
        add_node(p, in, in->imm.op == OP_else ? NODE_else : NODE_catch, 0);
        p->folder.operand_count = innermost(p)->base;
        break;
    case OP_delegate: fold_closing(p, in, NODE_delegate); break;
    case OP_end:
        whole = closed == OP_block || closed == OP_loop || closed == OP_try_table;
        fold_closing(p, in, whole ? NODE_end : NODE_end_part);
        break;
    default: fold_plain(p, in, notes);
    }
}

void fold_end(Printer *p, Buf *b)
{
    write_nodes(p, b);
    if (!p->folder.fresh && !p->folder.one_line) buf_byte(b, '\n');
}
