// ranges.c -- where a loop reads and writes that is to be done in vectors. See vectorize.h.

#include "opt/vectorize.h"

static u32 bytes_at_a_time(const Vectorizer *v, const Access *a)
{
    return v->packs.elements * a->bytes;
}

static NodeId start_of(Vectorizer *v, const Access *a)
{
    NodeId address = v->entry[graph_at(v->g, node(v, a->node)->in[0])];
    address = pure_1(v->g, OP_i64_extend_i32_u, address);
    return pure_2(v->g, OP_i64_add, address, number(v, a->offset));
}

static NodeId end_of(Vectorizer *v, const Access *a)
{
    NodeId rounds = pure_1(v->g, OP_i64_extend_i32_u, v->rounds);
    NodeId bytes = number(v, (u64)v->copies * bytes_at_a_time(v, a));
    return pure_2(v->g, OP_i64_add, start_of(v, a), pure_2(v->g, OP_i64_mul, rounds, bytes));
}

static NodeId memory_size(Vectorizer *v, u32 memory)
{
    Graph *g = v->g;
    const Limits *limits = &g->m->memories[memory].type.limits;
    u32 imm = (u32)g->imms.len;
    buf_leb_u(&g->imms, memory);
    NodeId pages = graph_add(g, OP_memory_size, TYPE_i32, NULL, 0, imm);
    g->nodes[pages].flags |= NODE_own_imm;
    graph_append(g, v->ranges, pages);
    return pure_2(g, OP_i64_shl, pure_1(g, OP_i64_extend_i32_u, pages),
                  number(v, limits->page_log2));
}

void be_sure(Vectorizer *v, NodeId condition) { v->sure = and_also(v, v->sure, condition); }

void check_ranges(Vectorizer *v)
{
    const Packer *p = &v->packs;
    u32 memory = UINT32_MAX;
    NodeId size = 0;
    for (u32 i = 0; i < p->group_count; i++) {
        const Access *a = first_access(p, &p->groups[i]);
        if (a->memory != memory) size = memory_size(v, memory = a->memory);
        be_sure(v, pure_2(v->g, OP_i64_le_u, end_of(v, a), size));
    }
}

// Is each of the one, in its copy, done before those of the other in that copy and later ones?
static bool is_before(const Packer *p, const Group *a, const Group *b)
{
    u32 latest = 0;
    for (u32 i = 0; i < p->copies; i++) {
        latest = MAX(latest, a->at[i]);
        if (latest >= b->at[i]) return false;
    }
    return true;
}

// Is what the one does first still done first, element by element, where all of it is done at a
// time? `a` is the one that is done first.
static void check_order(Vectorizer *v, const Group *a, const Group *b)
{
    Graph *g = v->g;
    const Access *x = first_access(&v->packs, a), *y = first_access(&v->packs, b);
    if (x->core == y->core && x->more == y->more && x->offset == y->offset &&
        x->memory == y->memory && x->bytes == y->bytes && is_before(&v->packs, a, b)) return;
    if (x->bytes == y->bytes && is_before(&v->packs, a, b)) {
        // The second may not be a bit behind the first: it would come too late.
        NodeId apart = pure_2(g, OP_i64_sub, start_of(v, y), start_of(v, x));
        NodeId behind = pure_2(g, OP_i64_sub, apart, number(v, 1));
        be_sure(v, pure_2(g, OP_i64_ge_u, behind, number(v, bytes_at_a_time(v, x) - 1)));
        return;
    }
    NodeId in_front = pure_2(g, OP_i64_le_u, end_of(v, x), start_of(v, y));
    NodeId behind = pure_2(g, OP_i64_le_u, end_of(v, y), start_of(v, x));
    be_sure(v, pure_2(g, OP_i32_or, in_front, behind));
}

void check_orders(Vectorizer *v)
{
    const Packer *p = &v->packs;
    for (u32 i = 0; i < p->group_count; i++)
        for (u32 k = 0; k < i; k++) {
            const Group *a = &p->groups[k], *b = &p->groups[i];
            if (!first_access(p, a)->store && !first_access(p, b)->store) continue;
            bool first = a->at[0] < b->at[0];
            check_order(v, first ? a : b, first ? b : a);
        }
}
