// packs.c -- see packs.h.

#include "opt/packs.h"
#include "opt/fold.h"

#include <string.h>

#define none NOTHING
enum { OP_NOTHING = 0 };
const LaneRow lane_rows[OP_COUNT] = {
#define LANES(scalar, family, a, b, c, d)                                                          \
    [OP_##scalar] = {FAMILY_##family, {LANES_OP(a), LANES_OP(b), LANES_OP(c), LANES_OP(d)}},
#define LANES_OP(op) OP_##op
#include "opt/lanes.def"
};
#undef none

static Node *node(const Packer *p, NodeId id) { return &p->g->nodes[id]; }
static NodeId input(const Packer *p, NodeId id, u32 i)
{
    return graph_at(p->g, node_inputs(p->g, node(p, id))[i]);
}
// ---- Lines --------------------------------------------------------------------------------------

static u32 set_class(Packer *p, NodeId id, u32 class)
{
    p->class[id] = (u8)class;
    ARENA_PUSH(p->g->arena, p->touched, p->touched_count, p->touched_cap) = id;
    if (class != LINE_steps) return class;
    if (p->line_count == LINES_MOST) return p->class[id] = LINE_varies;
    p->lines[p->line_count++] = id;
    return class;
}

static u64 number_of(const Node *n)
{
    return n->op == OP_i32_const ? (u64)(s64)(s32)n->bits : n->bits;
}
static bool is_number(const Node *n) { return n->op == OP_i32_const || n->op == OP_i64_const; }

static u32 class_of_line(Packer *p, NodeId id, u32 a, u32 b)
{
    const Node *n = node(p, id), *by = node(p, input(p, id, 1));
    u64 x = a == LINE_steps ? p->step[input(p, id, 0)] : 0;
    u64 y = b == LINE_steps ? p->step[input(p, id, 1)] : 0;
    switch (n->op) {
    case OP_i32_add: case OP_i64_add: p->step[id] = x + y; break;
    case OP_i32_sub: case OP_i64_sub: p->step[id] = x - y; break;
    case OP_i32_mul: case OP_i64_mul:
        if (!is_number(by)) return set_class(p, id, LINE_varies);
        p->step[id] = x * number_of(by);
        break;
    case OP_i32_shl: case OP_i64_shl:
        if (!is_number(by)) return set_class(p, id, LINE_varies);
        p->step[id] = x << (by->bits & (n->type == TYPE_i32 ? 31 : 63));
        break;
    default: return set_class(p, id, LINE_varies);
    }
    if (n->type == TYPE_i32) p->step[id] = (u64)(s64)(s32)p->step[id];
    return set_class(p, id, p->step[id] ? LINE_steps : LINE_varies);
}

static u32 class_at(Packer *p, NodeId id, u32 deep)
{
    enum { DEEP = 24 };
    id = graph_at(p->g, id);
    if (id >= p->known) return LINE_same;
    if (p->class[id]) return p->class[id];
    Node *n = node(p, id);
    if (!node_floats(n) || node_is_const(n)) return set_class(p, id, LINE_same); // not in the loop
    if (deep == DEEP) return LINE_varies;
    u32 most = LINE_same, of[3] = {0}, count = node_count(n);
    graph_work(p->g, 1 + count);
    for (u32 i = 0; i < count; i++) {
        u32 class = class_at(p, input(p, id, i), deep + 1);
        if (i < 3) of[i] = class;
        most = MAX(most, class);
    }
    if (most == LINE_steps && count == 2) return class_of_line(p, id, of[0], of[1]);
    return set_class(p, id, most == LINE_same ? LINE_same : LINE_varies);
}

u32 class_of(Packer *p, NodeId id) { return class_at(p, id, 0); }

static bool is_line_phi(const Packer *p, NodeId phi, u64 *step)
{
    const Node *n = node(p, phi), *next = node(p, input(p, phi, 1));
    bool sum = next->op == OP_i32_add || next->op == OP_i64_add;
    if (n->type > TYPE_i64 || (!sum && next->op != OP_i32_sub && next->op != OP_i64_sub))
        return false;
    const Node *by = node(p, graph_at(p->g, next->in[1]));
    if (graph_at(p->g, next->in[0]) != phi || !is_number(by)) return false;
    *step = sum ? number_of(by) : -number_of(by);
    return *step != 0;
}

static void class_leaves(Packer *p)
{
    Graph *g = p->g;
    const Block *b = &g->blocks[p->header];
    for (u32 i = 0; i < b->count; i++) {
        NodeId id = g->skeleton[b->first + i];
        u32 class = LINE_varies;
        if (i < b->phi_count && is_line_phi(p, id, &p->step[id])) class = LINE_steps;
        set_class(p, id, class);
    }
}

void forget_packs(Packer *p)
{
    for (u32 i = 0; i < p->touched_count; i++) p->class[p->touched[i]] = LINE_unknown;
    p->touched_count = p->line_count = p->access_count = 0;
    p->group_count = p->pack_count = p->sum_count = 0;
    p->why = NULL;
}

// ---- Accesses -----------------------------------------------------------------------------------

static bool note_access(Packer *p, NodeId id, bool store)
{
    if (p->access_count == ACCESSES_MOST) return cannot(p, "too many accesses");
    Access *a = &p->accesses[p->access_count++];
    *a = access_at(p->g, id, store);
    const Limits *limits = &p->g->m->memories[a->memory].type.limits;
    if (limits->shared) return cannot(p, "the memory is shared");
    if (limits->is64) return cannot(p, "addresses of 64 bits");
    if (a->offset > INT32_MAX) return cannot(p, "an offset that may be none with more");
    NodeId address = input(p, id, 0);
    if (class_of(p, address) != LINE_steps) return cannot(p, "an address is no line");
    u64 step = p->step[address];
    if (!p->copies && !(step % a->bytes) && step / a->bytes <= COPIES_MOST)
        p->copies = (u32)(step / a->bytes);
    if (!p->copies || step != p->copies * (u64)a->bytes)
        return cannot(p, "accesses are not side by side");
    return true;
}

static bool note_accesses(Packer *p)
{
    const Graph *g = p->g;
    const Block *b = &g->blocks[p->header];
    for (u32 i = b->phi_count; i < b->count; i++) {
        NodeId id = g->skeleton[b->first + i];
        const Node *n = node(p, id);
        if (n->op == NODE_state) continue;
        if (n->op >= OP_COUNT || !is_plain_access(n->op)) return cannot(p, "what it does");
        if (!note_access(p, id, n->type == TYPE_bottom)) return false;
    }
    return p->access_count || cannot(p, "it reads and stores nothing");
}

static u32 access_of(const Packer *p, NodeId id)
{
    u32 i = 0;
    while (i < p->access_count && p->accesses[i].node != id) i++;
    return i;
}

static bool are_side_by_side(const Packer *p, const u32 *at)
{
    const Access *first = &p->accesses[at[0]];
    for (u32 i = 1; i < p->copies; i++) {
        const Access *a = &p->accesses[at[i]];
        if (node(p, a->node)->op != node(p, first->node)->op) return false;
        if (distance_of(first, a) != i * (u64)first->bytes) return false;
    }
    return true;
}

static bool note_group(Packer *p, const u32 *at, u32 pack)
{
    if (p->group_count == GROUPS_MOST) return cannot(p, "too many accesses");
    Group *group = &p->groups[p->group_count++];
    group->pack = pack;
    for (u32 i = 0; i < p->copies; i++) {
        group->at[i] = at[i];
        p->accesses[at[i]].grouped = true;
    }
    return true;
}

// ---- Packs --------------------------------------------------------------------------------------

static u32 pack_of(Packer *p, const NodeId *of, u32 deep);

static u32 new_pack(Packer *p, PackKind kind, const NodeId *of)
{
    if (p->pack_count == PACKS_MOST) {
        cannot(p, "too much is done in it");
        return NO_PACK;
    }
    Pack *pack = &p->packs[p->pack_count];
    *pack = (Pack){.kind = (u8)kind, .type = node(p, of[0])->type, .low = INT64_MIN,
                   .high = INT64_MAX};
    if (pack->type == TYPE_i32) pack->low = INT32_MIN, pack->high = INT32_MAX;
    memcpy(pack->of, of, p->copies * sizeof *of);
    return p->pack_count++;
}

static u32 find_pack(const Packer *p, const NodeId *of)
{
    for (u32 i = 0; i < p->pack_count; i++)
        if (!memcmp(p->packs[i].of, of, p->copies * sizeof *of)) return i;
    return NO_PACK;
}

// The most that an i32 can be, by how it is made.
static u64 most_of(const Packer *p, NodeId id, u32 deep)
{
    enum { DEEP = 4 };
    const Node *n = node(p, id);
    if (n->op == OP_i32_const) return n->bits;
    if (n->op == OP_i32_load8_u) return UINT8_MAX;
    if (n->op == OP_i32_load16_u) return UINT16_MAX;
    if (deep == DEEP || !node_floats(n)) return UINT32_MAX;
    const Node *by = n->count == 2 ? node(p, input(p, id, 1)) : NULL;
    if (n->op == OP_i32_shr_u && by->op == OP_i32_const) return UINT32_MAX >> (by->bits & 31);
    if (n->op != OP_i32_and && n->op != OP_i32_or && n->op != OP_i32_xor) return UINT32_MAX;
    u64 a = most_of(p, input(p, id, 0), deep + 1), b = most_of(p, input(p, id, 1), deep + 1);
    if (n->op == OP_i32_and) return MIN(a, b);
    return a | b ? UINT64_MAX >> __builtin_clzll(a | b) : 0;
}

static u32 pack_same(Packer *p, const NodeId *of)
{
    u32 id = new_pack(p, PACK_same, of);
    if (id == NO_PACK) return id;
    Pack *pack = &p->packs[id];
    const Node *n = node(p, of[0]);
    if (is_number(n)) pack->low = pack->high = (s64)number_of(n);
    else if (pack->type == TYPE_i32 && most_of(p, of[0], 0) <= INT32_MAX)
        pack->low = 0, pack->high = (s64)most_of(p, of[0], 0);
    return id;
}

static u32 pack_numbers(Packer *p, const NodeId *of)
{
    u32 id = new_pack(p, PACK_numbers, of);
    if (id == NO_PACK || !is_number(node(p, of[0]))) return id;
    Pack *pack = &p->packs[id];
    pack->low = pack->high = (s64)number_of(node(p, of[0]));
    for (u32 i = 1; i < p->copies; i++) {
        pack->low = MIN(pack->low, (s64)number_of(node(p, of[i])));
        pack->high = MAX(pack->high, (s64)number_of(node(p, of[i])));
    }
    return id;
}

// Copies have to go by the same step as what is behind the last one: the next turn.
static u32 pack_line(Packer *p, const NodeId *of)
{
    u32 more, next;
    NodeId core = core_of(p->g, of[0], &more);
    u64 step = p->step[of[0]];
    if (node(p, of[0])->type != TYPE_i32 || (s64)step % (s64)p->copies) return NO_PACK;
    step = (u64)((s64)step / (s64)p->copies);
    for (u32 i = 1; i < p->copies; i++)
        if (core_of(p->g, of[i], &next) != core || next - more != (u32)(i * step)) return NO_PACK;
    u32 id = new_pack(p, PACK_line, of);
    if (id != NO_PACK) p->packs[id].step = step;
    return id;
}

static u32 pack_load(Packer *p, const NodeId *of)
{
    u32 at[COPIES_MOST];
    for (u32 i = 0; i < p->copies; i++)
        if ((at[i] = access_of(p, of[i])) == p->access_count) return NO_PACK;
    if (!are_side_by_side(p, at)) return NO_PACK;
    u32 id = new_pack(p, PACK_load, of);
    if (id == NO_PACK || !note_group(p, at, id)) return NO_PACK;
    Pack *pack = &p->packs[id];
    pack->bytes = p->accesses[at[0]].bytes;
    u32 bits = 8u * pack->bytes;
    switch (node(p, of[0])->op) {
    case OP_i32_load8_u: case OP_i32_load16_u: case OP_i64_load8_u: case OP_i64_load16_u:
    case OP_i64_load32_u: pack->low = 0, pack->high = ((s64)1 << bits) - 1; break;
    case OP_i32_load8_s: case OP_i32_load16_s: case OP_i64_load8_s: case OP_i64_load16_s:
    case OP_i64_load32_s:
        pack->low = -((s64)1 << (bits - 1));
        pack->high = ((s64)1 << (bits - 1)) - 1;
        break;
    default: break;
    }
    return id;
}

// What the result is between, of those that its inputs are between.
static void set_range(Packer *p, Pack *pack)
{
    const Pack *a = &p->packs[pack->in[0]], *b = &p->packs[pack->in[1]];
    s64 low = pack->low, high = pack->high, x, y;
    bool one = b->low == b->high;
    u64 by = one ? (u64)b->low & 31 : 0, ones;
    if (a->type != TYPE_i32 && a->type != TYPE_i64) return;
    switch (node(p, pack->of[0])->op) {
    case OP_i32_add: low = a->low + b->low, high = a->high + b->high; break;
    case OP_i32_sub: low = a->low - b->high, high = a->high - b->low; break;
    case OP_i32_mul:
        x = MIN(a->low * b->low, a->low * b->high), y = MIN(a->high * b->low, a->high * b->high);
        low = MIN(x, y);
        x = MAX(a->low * b->low, a->low * b->high), y = MAX(a->high * b->low, a->high * b->high);
        high = MAX(x, y);
        break;
    case OP_i32_shl:
        if (!one) return;
        low = a->low * ((s64)1 << by), high = a->high * ((s64)1 << by);
        break;
    case OP_i32_shr_s: case OP_i32_shr_u:
        if (!one) return;
        if (a->low >= 0 || node(p, pack->of[0])->op == OP_i32_shr_s)
            low = a->low >> by, high = a->high >> by;
        else if (by) low = 0, high = UINT32_MAX >> by;
        break;
    case OP_i32_and:
        if (a->low < 0 && b->low < 0) return;
        low = 0;
        high = a->low < 0 ? b->high : b->low < 0 ? a->high : MIN(a->high, b->high);
        break;
    case OP_i32_or: case OP_i32_xor:
        if (a->low < 0 || b->low < 0) return;
        ones = (u64)(a->high | b->high);
        low = 0, high = ones ? (s64)(UINT64_MAX >> __builtin_clzll(ones)) : 0;
        break;
    case OP_i32_extend8_s: low = INT8_MIN, high = INT8_MAX; break;
    case OP_i32_extend16_s: low = INT16_MIN, high = INT16_MAX; break;
    case OP_i64_extend_i32_s: low = a->low, high = a->high; break;
    case OP_i64_extend_i32_u: low = MAX(a->low, 0), high = a->low < 0 ? UINT32_MAX : a->high; break;
    case OP_select: low = MIN(a->low, b->low), high = MAX(a->high, b->high); break;
    default: return;
    }
    if (pack->type == TYPE_i32 && (low < INT32_MIN || high > INT32_MAX)) return;
    pack->low = low;
    pack->high = high;
}

// Operands stand in the same order in all copies, as far as they may change places.
static void inputs_at(const Packer *p, const NodeId *of, u32 i, NodeId *in)
{
    u32 more;
    for (u32 k = 0; k < p->copies; k++) {
        in[k] = input(p, of[k], i);
        if (!k || !op_commutes((Op)node(p, of[0])->op) || i > 1) continue;
        NodeId first = input(p, of[0], 0), a = input(p, of[k], 0), b = input(p, of[k], 1);
        bool turned = node(p, a)->op != node(p, first)->op && node(p, b)->op == node(p, first)->op;
        u32 x = access_of(p, first), y = access_of(p, a), z = access_of(p, b);
        if (x < p->access_count && y < p->access_count && z < p->access_count)
            turned = p->accesses[x].core != p->accesses[y].core &&
                     p->accesses[x].core == p->accesses[z].core;
        else if (a != first && b == first && core_of(p->g, a, &more) != first) turned = true;
        if (turned) in[k] = i ? a : b;
    }
}

static u32 pack_row(Packer *p, const NodeId *of, u32 deep)
{
    u32 in[3] = {NO_PACK, NO_PACK, NO_PACK}, count = node(p, of[0])->count;
    NodeId ins[COPIES_MOST];
    u8 family = lane_rows[node(p, of[0])->op].family;
    for (u32 i = 0; i < count; i++) {
        inputs_at(p, of, i, ins);
        in[i] = pack_of(p, ins, deep + 1);
        if (in[i] == NO_PACK) return NO_PACK;
    }
    u32 id = new_pack(p, PACK_row, of);
    if (id == NO_PACK) return id;
    Pack *pack = &p->packs[id];
    pack->family = family;
    for (u32 i = 0; i < 3; i++) pack->in[i] = i < count ? in[i] : in[0];
    bool shifts = family == FAMILY_left || family == FAMILY_right_s || family == FAMILY_right_u;
    if (shifts && p->packs[in[1]].kind != PACK_same) return NO_PACK;
    pack->mask = family == FAMILY_equal || family == FAMILY_test || family == FAMILY_compare_s ||
                 family == FAMILY_compare_u;
    if (family == FAMILY_select && !p->packs[in[2]].mask) return NO_PACK;
    if (pack->mask) pack->low = 0, pack->high = 1;
    else set_range(p, pack);
    return id;
}

static u32 pack_any(Packer *p, const NodeId *of, u32 deep)
{
    enum { DEEP = 16 };
    bool same = true, numbers = true, lines = true, alike = true;
    const Node *first = node(p, of[0]);
    for (u32 i = 0; i < p->copies; i++) {
        const Node *n = node(p, of[i]);
        same &= of[i] == of[0] && class_of(p, of[i]) == LINE_same;
        numbers &= n->op == first->op && node_is_const(n);
        lines &= class_of(p, of[i]) == LINE_steps;
        alike &= n->op == first->op && node_floats(n);
    }
    graph_work(p->g, p->copies);
    if (first->type < TYPE_i32 || first->type > TYPE_f64 || deep == DEEP) return NO_PACK;
    if (same) return pack_same(p, of);
    if (numbers) return pack_numbers(p, of);
    u32 line = lines ? pack_line(p, of) : NO_PACK;
    if (line != NO_PACK) return line;
    if (first->op < OP_COUNT && is_plain_access(first->op)) return pack_load(p, of);
    bool known = first->op < OP_COUNT && lane_rows[first->op].family;
    return alike && known ? pack_row(p, of, deep) : NO_PACK;
}

static u32 pack_of(Packer *p, const NodeId *of, u32 deep)
{
    u32 id = find_pack(p, of);
    if (id == NO_PACK) id = pack_any(p, of, deep);
    if (id == NO_PACK) cannot(p, "what it computes");
    return id;
}

// ---- Stores -------------------------------------------------------------------------------------

// Those that stand side by side with this one, which is the first of them.
static bool group_from(Packer *p, u32 first)
{
    u32 at[COPIES_MOST] = {first};
    NodeId of[COPIES_MOST];
    for (u32 k = 1; k < p->copies; k++) {
        u32 i = 0;
        while (i < p->access_count &&
               (p->accesses[i].grouped || !p->accesses[i].store ||
                distance_of(&p->accesses[first], &p->accesses[i]) !=
                    k * (u64)p->accesses[first].bytes)) i++;
        if (i == p->access_count) return false;
        at[k] = i;
    }
    if (!are_side_by_side(p, at)) return false;
    for (u32 k = 0; k < p->copies; k++) of[k] = input(p, p->accesses[at[k]].node, 1);
    u32 pack = pack_of(p, of, 0);
    return pack != NO_PACK && note_group(p, at, pack);
}

static bool pack_stores(Packer *p)
{
    for (u32 i = 0; i < p->access_count; i++) {
        const Access *a = &p->accesses[i];
        if (!a->store || a->grouped) continue;
        bool first = true; // is none in front of it?
        for (u32 k = 0; k < p->access_count && p->copies > 1; k++)
            first &= !p->accesses[k].store || p->accesses[k].grouped ||
                     distance_of(&p->accesses[k], a) != a->bytes;
        if (first && !group_from(p, i)) return cannot(p, "stores are not side by side");
    }
    return true;
}

// ---- Sums ---------------------------------------------------------------------------------------

typedef struct { NodeId of; u32 core, more; } Term;
typedef struct {
    Sum sum;
    u32 op;
    bool found;        // what it was before
    u32 count; Term terms[TERMS_MOST];
} Terms;

static bool term_of(Packer *p, Terms *t, NodeId id, u32 deep);

static bool put_term(Packer *p, Terms *t, NodeId id)
{
    if (t->count == TERMS_MOST) return cannot(p, "a sum of too much");
    t->terms[t->count++] = (Term){.of = id};
    return true;
}

// select(a, b, a > b), and the like: its kind.
static bool is_choice(const Packer *p, NodeId id, u32 *op)
{
    const Node *n = node(p, id);
    if (n->op != OP_select || n->type != TYPE_i32) return false;
    NodeId a = graph_at(p->g, n->in[0]), b = graph_at(p->g, n->in[1]);
    const Node *c = graph_node(p->g, n->in[2]);
    bool greater, with_sign = false;
    switch (c->op) {
    case OP_i32_gt_s: case OP_i32_ge_s: with_sign = true; // fall through
    case OP_i32_gt_u: case OP_i32_ge_u: greater = true; break;
    case OP_i32_lt_s: case OP_i32_le_s: with_sign = true; // fall through
    case OP_i32_lt_u: case OP_i32_le_u: greater = false; break;
    default: return false;
    }
    NodeId x = graph_at(p->g, c->in[0]), y = graph_at(p->g, c->in[1]);
    if (x == b && y == a) greater = !greater;
    else if (x != a || y != b) return false;
    *op = (greater ? SUM_most : SUM_least) << 1 | with_sign;
    return true;
}

static bool is_sum_of(const Packer *p, const Terms *t, NodeId id)
{
    u32 op;
    if (t->sum.kind >= SUM_least) return is_choice(p, id, &op) && op == t->op;
    return node(p, id)->op == t->op;
}

static bool terms_of(Packer *p, Terms *t, NodeId id, u32 deep)
{
    return term_of(p, t, input(p, id, 0), deep + 1) && term_of(p, t, input(p, id, 1), deep + 1);
}

static bool term_of(Packer *p, Terms *t, NodeId id, u32 deep)
{
    enum { DEEP = 16 };
    const Node *n = node(p, id);
    bool masked = t->sum.kind >= SUM_least && n->op == OP_i32_and &&
                  node(p, input(p, id, 1))->op == OP_i32_const && input(p, id, 0) == t->sum.phi;
    if (id == t->sum.phi || masked) {
        if (t->found) return cannot(p, "a sum of itself");
        if (masked) t->sum.mask = (u32)node(p, input(p, id, 1))->bits;
        return t->found = true;
    }
    if (class_of(p, id) == LINE_varies && is_sum_of(p, t, id) && deep < DEEP)
        return terms_of(p, t, id, deep);
    return put_term(p, t, id);
}

// Where what is read first for it is.
static void find_key(Packer *p, Term *t)
{
    enum { DEEP = 8 };
    NodeId id = t->of;
    for (u32 deep = 0; deep < DEEP; deep++) {
        Node *n = node(p, id);
        u32 at = access_of(p, id);
        if (at < p->access_count) {
            t->core = p->accesses[at].core;
            t->more = p->accesses[at].more + (u32)p->accesses[at].offset;
            return;
        }
        if (!node_floats(n) || node_is_const(n) || !node_count(n)) return;
        u32 k = 0;
        while (k + 1 < node_count(n) && class_of(p, input(p, id, k)) != LINE_varies) k++;
        id = input(p, id, k);
    }
}

static bool comes_before(const Term *a, const Term *b)
{
    return a->core != b->core ? a->core < b->core : a->more < b->more;
}

static bool pack_terms(Packer *p, Terms *t)
{
    NodeId of[COPIES_MOST];
    for (u32 i = 0; i < t->count; i++) {
        Term term = t->terms[i];
        class_of(p, term.of);
        find_key(p, &term);
        u32 k = i;
        for (; k && p->copies > 1 && comes_before(&term, &t->terms[k - 1]); k--)
            t->terms[k] = t->terms[k - 1];
        t->terms[k] = term;
    }
    if (!t->count || t->count % p->copies) return cannot(p, "a sum of other copies");
    for (u32 i = 0; i < t->count; i += p->copies) {
        for (u32 k = 0; k < p->copies; k++) of[k] = t->terms[i + k].of;
        u32 pack = pack_of(p, of, 0);
        if (pack == NO_PACK) return false;
        t->sum.packs[t->sum.pack_count++] = pack;
    }
    return true;
}

static bool kind_of_sum(const Packer *p, NodeId next, Terms *t)
{
    t->op = node(p, next)->op;
    switch (t->op) {
    case OP_i32_add: case OP_i64_add: t->sum.kind = SUM_add; return true;
    case OP_i32_and: t->sum.kind = SUM_and; return true;
    case OP_i32_or: t->sum.kind = SUM_or; return true;
    case OP_i32_xor: t->sum.kind = SUM_xor; return true;
    default:
        if (!is_choice(p, next, &t->op)) return false;
        t->sum.kind = (u8)(t->op >> 1);
        t->sum.is_signed = t->op & 1;
        if (t->sum.kind == SUM_most) t->sum.compare = t->op & 1 ? OP_i32_gt_s : OP_i32_gt_u;
        else t->sum.compare = t->op & 1 ? OP_i32_lt_s : OP_i32_lt_u;
        return true;
    }
}

// Lanes as narrow as all that is compared fits in.
static bool choose_lanes(Packer *p, Sum *s)
{
    if (s->kind < SUM_least) {
        s->bytes = s->type == TYPE_i64 ? 8 : 4;
        return true;
    }
    s64 low = 0, high = 0;
    for (u32 i = 0; i < s->pack_count; i++) {
        low = MIN(low, p->packs[s->packs[i]].low);
        high = MAX(high, p->packs[s->packs[i]].high);
    }
    if (s->mask != UINT32_MAX && (low < 0 || s->mask & (s->mask + 1) || high > s->mask))
        return cannot(p, "a mask that more is compared with");
    const Pack all = {.low = low, .high = high};
    if (low >= 0) s->is_signed = false;
    s->bytes = 1;
    while (s->bytes < 4 && !(s->is_signed ? fits_signed(&all, 8u * s->bytes)
                                          : fits_unsigned(&all, 8u * s->bytes))) s->bytes *= 2;
    return true;
}

static bool pack_sums(Packer *p)
{
    const Graph *g = p->g;
    const Block *b = &g->blocks[p->header];
    for (u32 i = 0; i < b->phi_count; i++) {
        NodeId phi = g->skeleton[b->first + i], next = input(p, phi, 1);
        if (p->class[phi] == LINE_steps) continue;
        Terms t = {.sum = {.phi = phi, .type = node(p, phi)->type, .mask = UINT32_MAX}};
        bool number = t.sum.type == TYPE_i32 || t.sum.type == TYPE_i64;
        if (!number || !kind_of_sum(p, next, &t)) return cannot(p, "what goes from turn to turn");
        if (p->sum_count == SUMS_MOST) return cannot(p, "too many sums");
        if (!terms_of(p, &t, next, 0)) return false;
        if (!t.found) return cannot(p, "what goes from turn to turn");
        if (!pack_terms(p, &t) || !choose_lanes(p, &t.sum)) return false;
        p->sums[p->sum_count++] = t.sum;
    }
    return true;
}

// ----

bool find_packs(Packer *p, BlockId header)
{
    p->header = header;
    p->copies = 0;
    class_leaves(p);
    if (!note_accesses(p) || !pack_stores(p) || !pack_sums(p)) return false;
    for (u32 i = 0; i < p->access_count; i++)
        if (!p->accesses[i].grouped) return cannot(p, "what is read for nothing");
    return choose_widths(p);
}
