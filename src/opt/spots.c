// spots.c -- see spots.h.

#include "opt/spots.h"

#include <assert.h>

static Node *node(const Graph *g, NodeId id) { return &g->nodes[id]; }

// ---- Reads, and writes that are as if they were one

// Of a load or a store of a number: what type it is; TYPE_bottom: it is none.
static Type number_type(u32 op)
{
    switch (op) {
    case OP_i32_load: case OP_i32_load8_s: case OP_i32_load8_u: case OP_i32_load16_s:
    case OP_i32_load16_u: case OP_i32_store: case OP_i32_store8: case OP_i32_store16:
        return TYPE_i32;
    case OP_i64_load: case OP_i64_load8_s: case OP_i64_load8_u: case OP_i64_load16_s:
    case OP_i64_load16_u: case OP_i64_load32_s: case OP_i64_load32_u: case OP_i64_store:
    case OP_i64_store8: case OP_i64_store16: case OP_i64_store32: return TYPE_i64;
    case OP_f32_load: case OP_f32_store: return TYPE_f32;
    case OP_f64_load: case OP_f64_store: return TYPE_f64;
    default: return TYPE_bottom;
    }
}

// A write is like the read of what it writes.
static Op read_of(const Node *n)
{
    if (number_type(n->op) != TYPE_bottom) return OP_i32_load;
    switch (n->op) {
    case OP_v128_store: return OP_v128_load;
    case OP_global_set: return OP_global_get;
    case OP_struct_set: case OP_struct_get_s: case OP_struct_get_u: return OP_struct_get;
    case OP_array_set: case OP_array_get_s: case OP_array_get_u: return OP_array_get;
    default: return (Op)n->op;
    }
}

bool is_heap_read(const Node *n)
{
    switch (n->op) {
    case OP_struct_get: case OP_struct_get_s: case OP_struct_get_u:
    case OP_array_get: case OP_array_get_s: case OP_array_get_u: return true;
    default: return false;
    }
}

bool is_plain_write(const Node *n)
{
    return n->op < OP_COUNT && read_of(n) != n->op && !n->type;
}

// ---- Places

static TypeId type_of(const Graph *g, const Node *n)
{
    Imm imm;
    Bytes bytes;
    node_read_imm(g, n, &imm, &bytes);
    switch (op_info[n->op].immediates) {
    case IMM_type_field: return g->m->types[imm.type_field.type];
    case IMM_type_count: return g->m->types[imm.type_count.type];
    default: return g->m->types[imm.type_index];
    }
}

static Spot element_spot(const Refs *r, Node *n)
{
    const NodeId *in = node_inputs(r->g, n);
    NodeId index = graph_at(r->g, in[1]);
    const Node *i = node(r->g, index);
    Spot p = {.kind = SPOT_element, .op = OP_array_get, .input_count = 1,
               .in = {refs_root(r, in[0])}, .type = type_of(r->g, n)};
    if (i->op == OP_i32_const) p.number = i->bits;
    else p.in[p.input_count++] = index;
    return p;
}

Spot spot_of(const Refs *r, NodeId id)
{
    const Graph *g = r->g;
    Node *n = node(g, id);
    const NodeId *in = node_inputs(g, n);
    Imm imm;
    Spot p = {.kind = SPOT_other, .op = (u16)read_of(n)};
    if (p.op == OP_array_get) return element_spot(r, n);
    if (op_info[n->op].immediates != IMM_none) node_read_imm(g, n, &imm, &p.rest);
    if (p.op == OP_global_get)
        return (Spot){.kind = SPOT_global, .op = p.op, .number = imm.global};
    if (p.op == OP_struct_get)
        return (Spot){.kind = SPOT_field, .op = p.op, .input_count = 1,
                       .in = {refs_root(r, in[0])}, .number = imm.type_field.field,
                       .type = type_of(g, n)};
    if (is_access(n) && node_count(n) <= 2)
        return (Spot){.kind = SPOT_memory, .op = p.op, .input_count = 1,
                       .in = {graph_at(g, in[0])}, .number = imm.memarg.offset,
                       .memory = imm.memarg.memory, .bytes = op_info[n->op].bits / 8u};
    p.input_count = (u8)node_count(n);
    assert(p.input_count <= COUNT_OF(p.in));
    for (u32 i = 0; i < p.input_count; i++) p.in[i] = graph_at(g, in[i]);
    return p;
}

static u32 mix(u32 hash, u32 word) { return (hash ^ word) * 0x9e3779b1u ^ hash >> 15; }

u32 spot_hash(const Spot *p, u32 version)
{
    u32 hash = mix(mix(mix(p->op, version), (u32)p->number), p->memory);
    for (u32 i = 0; i < p->input_count; i++) hash = mix(hash, p->in[i]);
    for (size_t i = 0; i < p->rest.len; i++) hash = mix(hash, p->rest.data[i]);
    return hash;
}

bool spot_same(const Spot *a, const Spot *b)
{
    if (a->op != b->op || a->input_count != b->input_count) return false;
    for (u32 i = 0; i < a->input_count; i++)
        if (a->in[i] != b->in[i]) return false;
    return a->number == b->number && a->memory == b->memory && bytes_same(a->rest, b->rest);
}

// ---- Apart

// Where in a linear memory: so far behind what a node gives.
typedef struct {
    NodeId base;     // 0: at a fixed spot
    u64 offset;
    u32 bytes;
} Reach;

static Reach reach_of(const Graph *g, const Spot *p)
{
    Node *a = node(g, p->in[0]);
    Reach r = {p->in[0], p->number, p->bytes};
    if (a->op == OP_i32_const) return (Reach){0, a->bits + r.offset, r.bytes};
    if (a->op != OP_i32_add || node(g, graph_at(g, a->in[1]))->op != OP_i32_const) return r;
    r.base = graph_at(g, a->in[0]);
    r.offset += node(g, graph_at(g, a->in[1]))->bits;
    return r;
}

// However the addition wraps.
static bool memory_apart(const Graph *g, const Spot *x, const Spot *y)
{
    if (x->memory != y->memory) return false; // one may be imported twice
    Reach a = reach_of(g, x), b = reach_of(g, y);
    u32 between = (u32)(b.offset - a.offset);
    return a.base == b.base && between >= a.bytes && (u32)-between >= b.bytes &&
           a.offset <= UINT32_MAX && b.offset <= UINT32_MAX;
}

static bool objects_apart(const Graph *g, const Spot *x, const Spot *y)
{
    const TypeStore *store = g->m->store;
    const Node *a = node(g, x->in[0]), *b = node(g, y->in[0]);
    if (!type_id_matches(store, x->type, y->type) && !type_id_matches(store, y->type, x->type))
        return true;
    if (x->in[0] == y->in[0]) return false;
    return (is_fresh(a) && (is_fresh(b) || b->op == NODE_arg)) ||
           (is_fresh(b) && a->op == NODE_arg);
}

bool spots_apart(const Graph *g, const Spot *x, const Spot *y)
{
    bool objects = x->kind >= SPOT_field && y->kind >= SPOT_field;
    if (x->kind != y->kind) return objects; // a structure is no array
    switch ((SpotKind)x->kind) {
    case SPOT_memory: return memory_apart(g, x, y);
    case SPOT_global:
        return x->number != y->number && (x->number >= g->m->imported_globals ||
                                          y->number >= g->m->imported_globals);
    case SPOT_field: return x->number != y->number || objects_apart(g, x, y);
    case SPOT_element:
        return (x->input_count == 1 && y->input_count == 1 && x->number != y->number) ||
               objects_apart(g, x, y);
    case SPOT_other: break;
    }
    return false;
}

// ---- Values

NodeId heap_unpacked(Graph *g, u32 op, Type field, NodeId value)
{
    NodeId in[2] = {value};
    bool is_signed = op == OP_struct_get_s || op == OP_array_get_s;
    if (!type_is_packed(field)) return value;
    if (is_signed)
        return graph_pure(g, field == TYPE_i8 ? OP_i32_extend8_s : OP_i32_extend16_s, TYPE_i32, in,
                          1, 0);
    in[1] = graph_const(g, TYPE_i32, field == TYPE_i8 ? UINT8_MAX : UINT16_MAX);
    return graph_pure(g, OP_i32_and, TYPE_i32, in, 2, 0);
}

static NodeId unary(Graph *g, Op op, Type type, NodeId in)
{
    return graph_pure(g, op, type, &in, 1, 0);
}

static bool reads_signed(u32 op)
{
    return op == OP_i32_load8_s || op == OP_i32_load16_s || op == OP_i64_load8_s ||
           op == OP_i64_load16_s || op == OP_i64_load32_s;
}

// The low bits of a number of that type.
static NodeId low_bits(Graph *g, Type type, u32 bits, bool is_signed, NodeId value)
{
    bool wide = type == TYPE_i64;
    if (!is_signed) {
        NodeId in[2] = {value, graph_const(g, type, ((u64)1 << bits) - 1)};
        return graph_pure(g, wide ? OP_i64_and : OP_i32_and, type, in, 2, 0);
    }
    Op op = bits == 8    ? (wide ? OP_i64_extend8_s : OP_i32_extend8_s)
            : bits == 16 ? (wide ? OP_i64_extend16_s : OP_i32_extend16_s)
                         : OP_i64_extend32_s;
    return unary(g, op, type, value);
}

// As what lies in memory it is a number without a sign, whose low bits come first.
static NodeId number_value(Graph *g, u32 read, u32 known, NodeId value)
{
    u32 bits = op_info[read].bits, there = op_info[known].bits;
    Type type = number_type(read), from = number_type(known);
    bool all = bits == (type == TYPE_i64 || type == TYPE_f64 ? 64 : 32);
    if (read == known) return value;
    if (bits > there) return 0;
    if (type == from && all) return value;
    if (from == TYPE_f32) value = unary(g, OP_i32_reinterpret_f32, from = TYPE_i32, value);
    if (from == TYPE_f64) value = unary(g, OP_i64_reinterpret_f64, from = TYPE_i64, value);
    if (type == TYPE_f32 && from == TYPE_i32)
        return unary(g, OP_f32_reinterpret_i32, TYPE_f32, value);
    if (type == TYPE_f64) return unary(g, OP_f64_reinterpret_i64, TYPE_f64, value);
    if (type == TYPE_f32) return 0;
    if (type == TYPE_i32 && from == TYPE_i64) value = unary(g, OP_i32_wrap_i64, TYPE_i32, value);
    if (type == TYPE_i64 && from == TYPE_i32)
        value = unary(g, OP_i64_extend_i32_u, TYPE_i64, value);
    if (!all && !reads_signed(read) && !g->longer && !g->states) return 0;
    return all ? value : low_bits(g, type, bits, reads_signed(read), value);
}

NodeId spot_value(Graph *g, NodeId read, NodeId known, NodeId value)
{
    const Node *n = node(g, read);
    u32 op = node(g, known)->op;
    if (number_type(n->op) != TYPE_bottom) return number_value(g, n->op, op, value);
    if (!is_heap_read(n) || n->op == op) return value;
    return heap_unpacked(g, n->op, heap_field(g, n)->type, value);
}

// ---- New objects

static bool is_struct(const Node *n)
{
    return n->op == OP_struct_new || n->op == OP_struct_new_default ||
           n->op == OP_struct_new_desc || n->op == OP_struct_new_default_desc;
}

const FieldType *heap_field_at(const Graph *g, const Node *object, u32 which)
{
    return type_def(g->m->store, type_of(g, object))->fields + (is_struct(object) ? which : 0);
}

u32 heap_count(const Graph *g, NodeId id)
{
    Node *n = node(g, id);
    if (is_struct(n)) return type_def(g->m->store, type_of(g, n))->field_count;
    if (n->op == OP_array_new_fixed) return node_count(n);
    if (n->op != OP_array_new && n->op != OP_array_new_default) return 0;
    const Node *length = node(g, graph_at(g, n->in[n->op == OP_array_new]));
    return length->op == OP_i32_const ? (u32)length->bits : 0;
}

NodeId heap_first(Graph *g, NodeId id, u32 which)
{
    Node *n = node(g, id);
    switch (n->op) {
    case OP_struct_new: case OP_struct_new_desc: case OP_array_new_fixed:
        return graph_at(g, node_inputs(g, n)[which]);
    case OP_array_new: return graph_at(g, n->in[0]);
    default: return graph_zero(g, type_unpacked(heap_field_at(g, n, which)->type));
    }
}

Spot heap_spot(const Graph *g, NodeId id, u32 which)
{
    const Node *n = node(g, id);
    bool in_struct = is_struct(n);
    return (Spot){.kind = in_struct ? SPOT_field : SPOT_element,
                   .op = in_struct ? OP_struct_get : OP_array_get, .input_count = 1,
                   .in = {id}, .number = which, .type = type_of(g, n)};
}
