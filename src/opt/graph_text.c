// graph_text.c -- a graph as text: a line for each node. See graph.h.

#include "opt/graph.h"

#include <stdarg.h>
#include <stdio.h>

static void put(Buf *out, const char *form, ...) PRINTF_LIKE(2, 3);
static void put(Buf *out, const char *form, ...)
{
    char text[256];
    va_list args;
    va_start(args, form);
    int len = vsnprintf(text, sizeof text, form, args);
    va_end(args);
    buf_bytes(out, text, MIN((size_t)len, sizeof text - 1));
}

const char *node_text(const Node *n)
{
    static const char *const kinds[] = {"arg", "phi", "result", "given", "same", "state",
                                        "charge", "own"};
    return n->op < OP_COUNT ? op_info[n->op].text : kinds[n->op - OP_COUNT];
}

static void put_const(Buf *out, const Node *n)
{
    if (n->op == OP_i32_const) put(out, " %d", (s32)n->bits);
    else if (n->op == OP_i64_const) put(out, " %lld", (long long)n->bits);
    else if (n->op != OP_v128_const) put(out, " 0x%llx", (unsigned long long)n->bits);
    else for (u32 i = 0; i < sizeof n->bytes; i++) put(out, "%s%02x", i ? "" : " ", n->bytes[i]);
}

// As numbers, which nearly all are.
static void put_numbers(Buf *out, Bytes bytes)
{
    for (size_t i = 0; i < bytes.len;) {
        u64 value = 0;
        u32 shift = 0;
        do value |= (u64)(bytes.data[i] & 0x7f) << MIN(shift, 63u), shift += 7;
        while (bytes.data[i++] & 0x80 && i < bytes.len);
        put(out, " %llu", (unsigned long long)value);
    }
}

static void put_imm(const Graph *g, Buf *out, const Node *n)
{
    Imm imm;
    Bytes bytes;
    if (n->op >= OP_COUNT) {
        if (n->op != NODE_phi && n->op != NODE_same) put(out, " %u", n->imm);
    } else if (node_is_const(n)) {
        put_const(out, n);
    } else if (n->op != OP_ref_null && op_info[n->op].immediates == IMM_memarg) {
        node_read_imm(g, n, &imm, &bytes);
        if (imm.memarg.memory) put(out, " memory %u", imm.memarg.memory);
        if (imm.memarg.offset) put(out, " offset=%llu", (unsigned long long)imm.memarg.offset);
    } else if (n->op != OP_ref_null && op_info[n->op].immediates != IMM_none) {
        node_read_imm(g, n, &imm, &bytes);
        put_numbers(out, bytes);
    }
}

static void put_node(const Graph *g, Buf *out, NodeId id)
{
    Node *n = &g->nodes[id];
    char type[64];
    if (n->type == TYPE_bottom) {
        put(out, "  %s", node_text(n));
    } else {
        type_text(type, sizeof type, n->type, g->m->types, g->m->type_count);
        put(out, "  %%%u = %s %s", id, type, node_text(n));
    }
    put_imm(g, out, n);
    if (!node_is_const(n))
        for (u32 i = 0; i < node_count(n); i++)
            put(out, " %%%u", graph_at(g, node_inputs(g, n)[i]));
    put(out, "\n");
}

void graph_print_block(const Graph *g, Buf *out, BlockId id)
{
    static const char *const goes[] = {"jump",   "if",   "table", "leave", "branch",
                                       "call",   "throw", "resume", "catch"};
    const Block *b = &g->blocks[id];
    put(out, "block %u", id);
    if (b->region != NO_REGION) {
        const Region *r = &g->regions[b->region];
        put(out, " in %s %u", r->kind == REGION_loop ? "loop" : "try", r->entry);
    }
    for (u32 i = 0; i < b->pred_count; i++)
        put(out, "%s%u", i ? " " : " <- ", g->words[b->preds + i]);
    put(out, "\n");
    for (u32 i = 0; i < b->given_count; i++) put_node(g, out, b->given + i);
    for (u32 i = 0; i < b->count; i++) {
        Node *n = &g->nodes[g->skeleton[b->first + i]];
        if (n->op != NODE_same) put_node(g, out, g->skeleton[b->first + i]);
    }
    put(out, "  %s", goes[b->go]);
    if (b->go == GO_if || b->go == GO_table) put(out, " %%%u", graph_at(g, b->value));
    for (u32 i = 0; i < b->edge_count; i++) put(out, " %u", block_edge(g, b, i)->to);
    for (u32 i = 0; i < b->case_count; i++)
        put(out, "%s%u", i ? " " : ": ", g->words[b->cases + i]);
    if (b->go == GO_if && b->hint) put(out, b->hint == HINT_likely ? " likely" : " unlikely");
    put(out, "\n");
}

// ---- What floats, and is needed

typedef struct {
    Arena *arena;
    bool *needed; // by node
    NodeId *waiting;
    u32 count, cap;
} Needs;

static void need(const Graph *g, Needs *n, NodeId id)
{
    id = graph_at(g, id);
    if (!id || n->needed[id]) return;
    n->needed[id] = true;
    ARENA_PUSH(n->arena, n->waiting, n->count, n->cap) = id;
}

static void need_all(const Graph *g, Needs *n)
{
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        for (u32 i = 0; i < b->count; i++) need(g, n, g->skeleton[b->first + i]);
        if (b->go == GO_if || b->go == GO_table) need(g, n, b->value);
        while (n->count) {
            Node *node = &g->nodes[n->waiting[--n->count]];
            if (node_is_const(node)) continue;
            for (u32 i = 0; i < node_count(node); i++) need(g, n, node_inputs(g, node)[i]);
        }
    }
}

void graph_print_floating(const Graph *g, Buf *out)
{
    Needs n = {.arena = out->arena, .needed = NEW_ARRAY(out->arena, bool, g->node_count)};
    need_all(g, &n);
    put(out, "floating\n");
    for (NodeId id = 1; id < g->node_count; id++)
        if (node_floats(&g->nodes[id]) && n.needed[id]) put_node(g, out, id);
}

void graph_print(const Graph *g, Buf *out)
{
    graph_print_floating(g, out);
    for (BlockId id = 0; id < g->block_count; id++) graph_print_block(g, out, id);
}
