// refs.c -- see refs.h.

#include "opt/refs.h"

static Node *node(const Refs *r, NodeId id) { return &r->g->nodes[id]; }
static bool matches(const Graph *g, Type sub, Type super)
{
    return type_matches(g->m->store, sub, super);
}

// ---- Types alone

// Is null all that a value of the one may have in common with the other, and not even that?
static bool are_apart(const Graph *g, Type type, Type target)
{
    if (type_is_null(type) && type_is_null(target)) return false;
    Type a = type & ~(TYPE_NULL | TYPE_EXACT), b = target & ~(TYPE_NULL | TYPE_EXACT);
    if (!type_is_concrete(a) && type_heap(a) == type_bottom_heap(g->m->store, a)) return true;
    return !matches(g, a, b) && !matches(g, b, a); // every type has one supertype
}

// As immediates have it that were read without the walk.
static Type target_of(const Graph *g, const Node *n)
{
    Imm imm;
    Bytes bytes;
    node_read_imm(g, n, &imm, &bytes);
    Type heap = imm.heap;
    if (!type_is_concrete(heap)) return heap;
    return (heap & ~TYPE_HEAP_BITS) | g->m->types[type_id(heap)];
}

static NodeId truth(Graph *g, bool value) { return graph_const(g, TYPE_i32, value); }

static NodeId fold_test(Graph *g, const Node *n, const Node *in)
{
    Type target = target_of(g, n);
    if (matches(g, in->type, target)) return truth(g, true);
    return is_fresh(in) || are_apart(g, in->type, target) ? truth(g, false) : 0;
}

static NodeId fold_eq(Graph *g, NodeId a, NodeId b)
{
    const Node *x = &g->nodes[a], *y = &g->nodes[b];
    if (a == b) return truth(g, true);
    bool differ = (x->op == OP_ref_null && !type_is_null(y->type)) ||
                  (y->op == OP_ref_null && !type_is_null(x->type)) ||
                  (is_fresh(x) && (is_fresh(y) || y->op == NODE_arg)) ||
                  (is_fresh(y) && x->op == NODE_arg);
    return differ ? truth(g, false) : 0;
}

static NodeId fold_length(Graph *g, Node *array)
{
    switch (array->op) {
    case OP_array_new: return graph_at(g, array->in[1]);
    case OP_array_new_default: return graph_at(g, array->in[0]);
    case OP_array_new_fixed: return graph_const(g, TYPE_i32, node_count(array));
    default: return 0;
    }
}

// Longer than what it is instead of.
static NodeId fold_i31(Graph *g, const Node *n, const Node *i31)
{
    if (i31->op != OP_ref_i31 || !(g->longer || g->states)) return 0;
    g->gains++;
    NodeId in[2] = {graph_at(g, i31->in[0])};
    if (n->op == OP_i31_get_u) {
        in[1] = graph_const(g, TYPE_i32, INT32_MAX);
        return graph_pure(g, OP_i32_and, TYPE_i32, in, 2, 0);
    }
    in[1] = graph_const(g, TYPE_i32, 1);
    in[0] = graph_pure(g, OP_i32_shl, TYPE_i32, in, 2, 0);
    return graph_pure(g, OP_i32_shr_s, TYPE_i32, in, 2, 0);
}

NodeId fold_reference(Graph *g, const Node *n)
{
    if (!n->count) return 0;
    NodeId id = graph_at(g, n->in[0]);
    Node *in = &g->nodes[id];
    switch (n->op) {
    case OP_ref_cast: case OP_ref_cast_null: case OP_ref_as_non_null:
        return matches(g, in->type, n->type) ? id : 0;
    case OP_ref_is_null:
        if (in->op == OP_ref_null) return truth(g, true);
        return type_is_null(in->type) ? 0 : truth(g, false);
    case OP_ref_test: case OP_ref_test_null: return fold_test(g, n, in);
    case OP_ref_eq: return fold_eq(g, id, graph_at(g, n->in[1]));
    case OP_extern_convert_any: case OP_any_convert_extern: {
        Op back = n->op == OP_any_convert_extern ? OP_extern_convert_any : OP_any_convert_extern;
        return in->op == back ? graph_at(g, in->in[0]) : 0;
    }
    case OP_array_len: return fold_length(g, in);
    case OP_i31_get_s: case OP_i31_get_u: return fold_i31(g, n, in);
    default: return 0;
    }
}

int fold_branch(const Graph *g, const Imm *imm, NodeId id)
{
    const Node *n = &g->nodes[id];
    bool is_null = n->op == OP_ref_null, never_null = !type_is_null(n->type);
    switch (imm->op) {
    case OP_br_on_null: return is_null ? 1 : never_null ? 0 : -1;
    case OP_br_on_non_null: return is_null ? 0 : never_null ? 1 : -1;
    case OP_br_on_cast: case OP_br_on_cast_fail:
        if (matches(g, n->type, imm->cast.to)) return imm->op == OP_br_on_cast;
        if (is_fresh(n) || are_apart(g, n->type, imm->cast.to))
            return imm->op == OP_br_on_cast_fail;
        return -1;
    default: return -1;
    }
}

const FieldType *heap_field(const Graph *g, const Node *n)
{
    Imm imm;
    Bytes bytes;
    node_read_imm(g, n, &imm, &bytes);
    bool in_struct = op_info[n->op].immediates == IMM_type_field;
    u32 type = in_struct ? imm.type_field.type : imm.type_index;
    u32 field = in_struct ? imm.type_field.field : 0;
    return type_def(g->m->store, g->m->types[type])->fields + field;
}

// ---- Facts

NodeId refs_root(const Refs *r, NodeId id)
{
    id = graph_at(r->g, id);
    return r->root && id < r->count && r->root[id] ? r->root[id] : id;
}

static void begin_refs(Refs *r)
{
    if (r->root) return;
    r->count = r->g->node_count;
    graph_work(r->g, r->count / 4);
    r->root = NEW_ARRAY(r->g->arena, NodeId, r->count);
    r->first = NEW_ARRAY(r->g->arena, u32, r->count);
}

static void add_fact(Refs *r, NodeId of, NodeId id, Type type, BlockId block)
{
    begin_refs(r);
    NodeId root = refs_root(r, of);
    if (root >= r->count) return;
    if (id && id != root) r->root[id] = root;
    graph_work(r->g, 1);
    ARENA_PUSH(r->g->arena, r->facts, r->fact_count, r->fact_cap) =
        (RefFact){id, type, block, r->first[root]};
    r->first[root] = r->fact_count;
}

// A fact by which the reference is of that type; of a node, if there has to be one.
static const RefFact *find_fact(const Refs *r, NodeId of, Type type, BlockId block, bool by_node)
{
    enum { FAR = 32 }; // how many are looked at
    NodeId root = refs_root(r, of);
    if (!r->root || root >= r->count) return NULL;
    u32 far = FAR;
    for (u32 i = r->first[root]; i && far--; i = r->facts[i - 1].next) {
        const RefFact *f = &r->facts[i - 1];
        graph_work(r->g, 1);
        if ((f->node || !by_node) && matches(r->g, f->type, type) &&
            graph_dominates(r->g, f->block, block))
            return f;
    }
    return NULL;
}

static bool is_known(const Refs *r, NodeId id, Type type, BlockId block)
{
    return matches(r->g, node(r, graph_at(r->g, id))->type, type) ||
           find_fact(r, id, type, block, false);
}

// ---- Instructions

static void look_at_cast(Refs *r, NodeId id, BlockId block)
{
    Node *n = node(r, id);
    NodeId in = graph_at(r->g, n->in[0]);
    const RefFact *known = find_fact(r, in, n->type, block, true);
    if (known) {
        graph_same(r->g, id, known->node);
        r->g->gains++;
        return;
    }
    if (is_known(r, in, n->type, block)) n->flags |= NODE_sure;
    add_fact(r, in, id, n->type, block);
}

// Behind it the operand is not null. It does not matter whether that was seen to before, where it
// is known: the check may be gone then.
static void look_at_object(Refs *r, NodeId id, u32 which, BlockId block)
{
    Node *n = node(r, id);
    NodeId *in = &node_inputs(r->g, n)[which];
    const Node *x = node(r, graph_at(r->g, *in));
    if (x->op == OP_ref_as_non_null && x->flags & NODE_sure) {
        *in = graph_at(r->g, x->in[0]);
        r->g->gains++;
    }
    Type type = node(r, graph_at(r->g, *in))->type & ~TYPE_NULL;
    if (!is_known(r, *in, type, block)) {
        add_fact(r, *in, 0, type, block);
        return;
    }
    if (!which) n->flags |= NODE_there;
    switch (n->op) {
    case OP_struct_get: case OP_struct_get_s: case OP_struct_get_u: case OP_struct_set:
    case OP_array_len: case OP_i31_get_s: case OP_i31_get_u: n->flags |= NODE_sure; break;
    default: break;
    }
}

// A node by whose type it is known where it goes on, if there is one: who reads the code next
// leaves the branch out.
static void look_at_branch(Refs *r, NodeId id, BlockId block)
{
    Node *n = node(r, id);
    NodeId in = graph_at(r->g, n->in[0]);
    Type want = node(r, in)->type & ~TYPE_NULL;
    if (op_info[n->op].immediates == IMM_cast) {
        Imm imm;
        Bytes bytes;
        node_read_imm(r->g, n, &imm, &bytes);
        want = imm.cast.to;
        if (type_is_concrete(want))
            want = (want & ~TYPE_HEAP_BITS) | r->g->m->types[type_id(want)];
    }
    const RefFact *known = find_fact(r, in, want, block, true);
    if (known && !matches(r->g, node(r, in)->type, want)) n->in[0] = known->node;
}

bool refs_look(Refs *r, NodeId id, BlockId block)
{
    Node *n = node(r, id);
    Node copy = *n;
    switch (n->op) {
    case OP_ref_cast: case OP_ref_cast_null: case OP_ref_as_non_null: case OP_array_len:
    case OP_i31_get_s: case OP_i31_get_u: {
        NodeId same = fold_reference(r->g, &copy);
        if (same) graph_same(r->g, id, same);
        if (same) return true;
        break;
    }
    default: break;
    }
    switch (copy.op) {
    case OP_ref_cast: case OP_ref_cast_null: case OP_ref_as_non_null:
        look_at_cast(r, id, block);
        return true;
    case OP_struct_get: case OP_struct_get_s: case OP_struct_get_u: case OP_struct_set:
    case OP_array_get: case OP_array_get_s: case OP_array_get_u: case OP_array_set:
    case OP_array_len: case OP_array_fill: case OP_i31_get_s: case OP_i31_get_u:
        look_at_object(r, id, 0, block);
        return false;
    case OP_call_ref:
        look_at_object(r, id, node_count(node(r, id)) - 1, block);
        return false;
    case OP_br_on_null: case OP_br_on_non_null: case OP_br_on_cast: case OP_br_on_cast_fail:
        look_at_branch(r, id, block);
        return false;
    default: return false;
    }
}

// ---- Ways into blocks, and out of them

// What holds of a reference if a test of it gives that: TYPE_bottom, nothing does.
static Type tested(const Refs *r, const Node *test, bool holds)
{
    Type type = node(r, graph_at(r->g, test->in[0]))->type;
    switch (test->op) {
    case OP_ref_is_null: return holds ? TYPE_bottom : type & ~TYPE_NULL;
    case OP_ref_test: case OP_ref_test_null: return holds ? target_of(r->g, test) : TYPE_bottom;
    default: return TYPE_bottom;
    }
}

void refs_begin(Refs *r, BlockId id)
{
    const Graph *g = r->g;
    const Block *b = &g->blocks[id];
    if (b->pred_count != 1) return;
    const Block *from = &g->blocks[g->words[b->preds]];
    if (from->go == GO_branch && b->given_count == 1) {
        const Node *branch = node(r, g->skeleton[from->first + from->count - 1]);
        add_fact(r, branch->in[0], b->given, node(r, b->given)->type, id);
    } else if (from->go == GO_if) {
        const Node *test = node(r, graph_at(g, from->value));
        if (test->op >= OP_COUNT || test->count != 1 || node_is_const(test)) return;
        Type type = tested(r, test, block_edge(g, from, 0)->to == id);
        if (type != TYPE_bottom) add_fact(r, test->in[0], 0, type, id);
    }
}

// A condition that facts decide.
void refs_end(Refs *r, BlockId id)
{
    Block *b = &r->g->blocks[id];
    if (b->go != GO_if || !r->root) return;
    const Node *test = node(r, graph_at(r->g, b->value));
    if (test->op != OP_ref_is_null && test->op != OP_ref_test && test->op != OP_ref_test_null)
        return;
    bool is_null = test->op == OP_ref_is_null;
    Type type = tested(r, test, !is_null);
    if (find_fact(r, test->in[0], type, id, false)) b->value = truth(r->g, !is_null);
}
