// join_packs.c -- what is stored side by side, as lanes. See join.h.
//
// Of numbers that are stored in part only so many low bits count, which those of operands give.

#include "opt/join.h"
#include "opt/packs.h"

#include <string.h>

enum { JOIN_INPUTS = 3 };

static Node *node(const Joiner *j, NodeId id) { return &j->g->nodes[id]; }
static NodeId input(const Joiner *j, NodeId id, u32 i)
{
    return graph_at(j->g, node_inputs(j->g, node(j, id))[i]);
}

static u32 pack_of(Joiner *j, const NodeId *of, u32 bytes, u32 deep);

static JoinPack *new_pack(Joiner *j, JoinKind kind, const NodeId *of, u32 bytes)
{
    if (j->pack_count == JOIN_PACKS) {
        join_cannot(j, "too much is computed");
        return NULL;
    }
    JoinPack *p = &j->packs[j->pack_count++];
    *p = (JoinPack){.kind = (u8)kind, .bytes = (u8)bytes};
    memcpy(p->of, of, join_lanes(bytes) * sizeof *of);
    return p;
}

static u32 number_of(const Joiner *j, const JoinPack *p)
{
    return p ? (u32)(p - j->packs) : NO_PACK;
}

static const JoinAccess *load_at(const Joiner *j, NodeId id)
{
    u32 load = id < j->known ? j->nodes[id].load : 0;
    return load ? &j->accesses[load - 1] : NULL;
}

static u32 pack_loads(Joiner *j, const NodeId *of, u32 bytes)
{
    const JoinAccess *lowest = load_at(j, of[0]);
    u32 first = JOIN_ACCESSES;
    for (u32 i = 0; i < join_lanes(bytes); i++) {
        const JoinAccess *a = load_at(j, of[i]);
        if (!a || a->a.bytes != bytes || node(j, of[i])->op != node(j, of[0])->op) return NO_PACK;
        if (distance_of(&lowest->a, &a->a) != i * (u64)bytes) return NO_PACK;
        first = MIN(first, (u32)(a - j->accesses));
    }
    JoinPack *p = new_pack(j, JOIN_load, of, bytes);
    if (!p) return NO_PACK;
    p->lowest = (u32)(lowest - j->accesses);
    p->first = first;
    return number_of(j, p);
}

// How well it stands in a row behind that of lane 0.
static u32 likeness(const Joiner *j, NodeId id, NodeId zero, u64 behind)
{
    const JoinAccess *a = load_at(j, id), *b = load_at(j, zero);
    if (id == zero) return 3;
    if (a && b) return distance_of(&b->a, &a->a) == behind ? 3 : 0;
    return node(j, id)->op == node(j, zero)->op;
}

// Which NaN a sum or a product is, is open: it does not say which operand is the first.
static bool may_turn(u32 op)
{
    return op_commutes((Op)op) || op == OP_f32_add || op == OP_f64_add || op == OP_f32_mul ||
           op == OP_f64_mul;
}

// Operands in the order that those of lane 0 stand in, as far as they may change places.
static void inputs_of(const Joiner *j, const NodeId *of, u32 bytes, NodeId in[2][JOIN_LANES])
{
    u32 count = node(j, of[0])->count;
    for (u32 k = 0; k < join_lanes(bytes); k++) {
        for (u32 i = 0; i < count; i++) in[i][k] = join_like(j, input(j, of[k], i));
        if (!k || count != 2 || !may_turn(node(j, of[0])->op)) continue;
        NodeId x = in[0][k], y = in[1][k];
        u64 behind = k * (u64)bytes;
        if (likeness(j, x, in[0][0], behind) + likeness(j, y, in[1][0], behind) >=
            likeness(j, y, in[0][0], behind) + likeness(j, x, in[1][0], behind)) continue;
        in[0][k] = y;
        in[1][k] = x;
    }
}

static bool shifts(u32 family)
{
    return family == FAMILY_left || family == FAMILY_right_s || family == FAMILY_right_u;
}

// Is there such an instruction for lanes of so many bytes?
static bool has_row(const Joiner *j, const NodeId *of, u32 bytes)
{
    const Node *n = node(j, of[0]);
    if (n->op >= OP_COUNT || !node_floats(n)) return false;
    const LaneRow *row = &lane_rows[n->op];
    bool whole = bytes == (n->type == TYPE_i64 || n->type == TYPE_f64 ? 8 : 4);
    bool low = row->family == FAMILY_low || row->family == FAMILY_left;
    if (!low && !(whole && (row->family == FAMILY_exact || shifts(row->family)))) return false;
    if (!row->ops[__builtin_ctz(bytes)]) return false;
    for (u32 i = 1; i < join_lanes(bytes); i++)
        if (node(j, of[i])->op != n->op) return false;
    if (!shifts(row->family)) return true;
    NodeId by = input(j, of[0], 1);
    for (u32 i = 1; i < join_lanes(bytes); i++)
        if (input(j, of[i], 1) != by) return false;
    // narrow lanes are shifted by fewer bits than there are numbers for
    return whole || (node(j, by)->op == OP_i32_const && (node(j, by)->bits & 31) < 8 * bytes);
}

static u32 pack_row(Joiner *j, const NodeId *of, u32 bytes, u32 deep)
{
    NodeId in[2][JOIN_LANES];
    u32 packs[2] = {NO_PACK, NO_PACK}, count = node(j, of[0])->count;
    bool by_number = shifts(lane_rows[node(j, of[0])->op].family);
    inputs_of(j, of, bytes, in);
    for (u32 i = 0; i < count && !(by_number && i == 1); i++)
        if ((packs[i] = pack_of(j, in[i], bytes, deep + 1)) == NO_PACK) return NO_PACK;
    JoinPack *p = new_pack(j, JOIN_row, of, bytes);
    if (p) memcpy(p->in, packs, sizeof packs);
    return number_of(j, p);
}

static u32 find_pack(const Joiner *j, const NodeId *of, u32 bytes)
{
    for (u32 i = 0; i < j->pack_count; i++)
        if (j->packs[i].bytes == bytes &&
            !memcmp(j->packs[i].of, of, join_lanes(bytes) * sizeof *of)) return i;
    return NO_PACK;
}

static u32 pack_of(Joiner *j, const NodeId *of, u32 bytes, u32 deep)
{
    enum { DEEP = 16 };
    u32 found = find_pack(j, of, bytes), lanes = join_lanes(bytes);
    bool same = true, numbers = true;
    graph_work(j->g, lanes + j->pack_count);
    if (found != NO_PACK || deep == DEEP) return found;
    for (u32 i = 0; i < lanes; i++) {
        same &= of[i] == of[0];
        numbers &= node_is_const(node(j, of[i]));
    }
    if (numbers) return number_of(j, new_pack(j, JOIN_numbers, of, bytes));
    if (same) return number_of(j, new_pack(j, JOIN_same, of, bytes));
    if (load_at(j, of[0])) return pack_loads(j, of, bytes);
    return has_row(j, of, bytes) ? pack_row(j, of, bytes, deep) : NO_PACK;
}

u32 join_pack(Joiner *j, const NodeId *of, u32 bytes) { return pack_of(j, of, bytes, 0); }

// ---- What is loaded there

static u32 depends(Joiner *j, NodeId id, u32 deep)
{
    enum { DEEP = 16 };
    id = graph_at(j->g, id);
    Node *n = node(j, id);
    if (id >= j->known || node_is_const(n)) return DEPENDS_not;
    if (j->nodes[id].depends) return j->nodes[id].depends;
    u32 most = DEPENDS_not;
    graph_work(j->g, 1 + node_count(n));
    if (node_floats(n) && node_count(n) > JOIN_INPUTS) {
        most = DEPENDS_deep;
    } else if (!node_floats(n)) {
        const JoinAccess *a = load_at(j, id);
        if (a && join_moves(j, a)) most = DEPENDS;
    } else {
        for (u32 i = 0; i < node_count(n); i++) {
            u32 of = deep == DEEP ? DEPENDS_deep : depends(j, input(j, id, i), deep + 1);
            most = MAX(most, of);
        }
    }
    return join_node(j, id)->depends = (u8)most;
}

u32 join_depends(Joiner *j, NodeId id) { return depends(j, id, 0); }

// No deeper than join_depends went.
NodeId join_scalar(Joiner *j, NodeId id)
{
    NodeId in[JOIN_INPUTS];
    id = graph_at(j->g, id);
    if (!j->guarded || join_depends(j, id) == DEPENDS_not) return id;
    if (j->nodes[id].now) return j->nodes[id].now;
    u32 count = node_count(node(j, id));
    for (u32 i = 0; i < count; i++) in[i] = join_scalar(j, input(j, id, i));
    NodeId made = graph_like(j->g, id, in);
    return join_node(j, id)->now = made;
}

// ---- Vectors

NodeId join_access(Joiner *j, u32 lowest, u32 first, NodeId value)
{
    Graph *g = j->g;
    const Access *a = &j->accesses[lowest].a;
    NodeId in[] = {input(j, a->node, 0), value};
    Imm old;
    Bytes bytes;
    node_read_imm(g, node(j, a->node), &old, &bytes);
    u32 imm = (u32)g->imms.len;
    buf_leb_u(&g->imms, (u32)__builtin_ctz(a->bytes) | (a->memory ? 0x40 : 0));
    if (a->memory) buf_leb_u(&g->imms, a->memory);
    buf_leb_u(&g->imms, old.memarg.offset);
    if (g->states) g->at = g->places[j->accesses[first].a.node];
    NodeId id = graph_add(g, value ? OP_v128_store : OP_v128_load, value ? TYPE_bottom : TYPE_v128,
                          in, value ? 2 : 1, imm);
    g->nodes[id].flags |= NODE_own_imm;
    return id;
}

static NodeId make_row(Joiner *j, const JoinPack *p)
{
    Graph *g = j->g;
    const Node n = *node(j, p->of[0]);
    const LaneRow *row = &lane_rows[n.op];
    u32 op = row->ops[__builtin_ctz(p->bytes)];
    NodeId a = join_vector(j, p->in[0]);
    if (shifts(row->family)) {
        NodeId by = join_scalar(j, input(j, p->of[0], 1));
        if (n.type == TYPE_i64) by = pure_1(g, OP_i32_wrap_i64, by);
        return pure_2(g, op, a, by);
    }
    return n.count == 1 ? pure_1(g, op, a) : pure_2(g, op, a, join_vector(j, p->in[1]));
}

// Those of loads were made before.
NodeId join_vector(Joiner *j, u32 pack)
{
    JoinPack *p = &j->packs[pack];
    u64 at[JOIN_LANES];
    if (p->made) return p->made;
    switch ((JoinKind)p->kind) {
    case JOIN_same:
        p->made = lanes_same(j->g, node(j, p->of[0])->type, p->bytes, join_scalar(j, p->of[0]));
        break;
    case JOIN_numbers:
        for (u32 i = 0; i < join_lanes(p->bytes); i++) at[i] = node(j, p->of[i])->bits;
        p->made = lanes_numbers(j->g, p->bytes, at);
        break;
    case JOIN_row: p->made = make_row(j, p); break;
    case JOIN_load: break;
    }
    return p->made;
}
