// access.c -- see access.h.

#include "opt/access.h"

bool is_plain_access(u32 op)
{
    switch (op) {
    case OP_i32_load: case OP_i32_load8_s: case OP_i32_load8_u: case OP_i32_load16_s:
    case OP_i32_load16_u: case OP_i64_load: case OP_i64_load8_s: case OP_i64_load8_u:
    case OP_i64_load16_s: case OP_i64_load16_u: case OP_i64_load32_s: case OP_i64_load32_u:
    case OP_f32_load: case OP_f64_load: case OP_i32_store: case OP_i32_store8:
    case OP_i32_store16: case OP_i64_store: case OP_i64_store8: case OP_i64_store16:
    case OP_i64_store32: case OP_f32_store: case OP_f64_store: return true;
    default: return false;
    }
}

NodeId core_of(const Graph *g, NodeId id, u32 *more)
{
    enum { DEEP = 8 };
    id = graph_at(g, id);
    *more = 0;
    for (u32 i = 0; i < DEEP; i++) {
        const Node *n = &g->nodes[id];
        bool sum = n->op == OP_i32_add;
        if (!sum && n->op != OP_i32_sub) break;
        const Node *by = graph_node(g, n->in[1]);
        if (by->op != OP_i32_const) break;
        *more += sum ? (u32)by->bits : -(u32)by->bits;
        id = graph_at(g, n->in[0]);
    }
    return id;
}

Access access_at(const Graph *g, NodeId id, bool store)
{
    const Node *n = &g->nodes[id];
    Imm imm;
    Bytes bytes;
    node_read_imm(g, n, &imm, &bytes);
    Access a = {.node = id, .memory = imm.memarg.memory, .offset = imm.memarg.offset,
                .bytes = op_info[n->op].bits / 8, .store = store};
    a.core = core_of(g, n->in[0], &a.more);
    return a;
}

u64 distance_of(const Access *from, const Access *to)
{
    u32 more = to->more - from->more;
    if (from->core != to->core || from->memory != to->memory) return UINT64_MAX;
    u64 all = more + to->offset - from->offset;
    return all <= INT32_MAX && more <= all ? all : UINT64_MAX;
}
