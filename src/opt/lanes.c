// lanes.c -- see lanes.h.

#include "opt/lanes.h"

#include <string.h>

static Type result_type(u32 op) { return (Type)sig_info[op_info[op].sig].results[0]; }

NodeId pure_1(Graph *g, u32 op, NodeId a)
{
    return graph_pure(g, op, result_type(op), &a, 1, 0);
}
NodeId pure_2(Graph *g, u32 op, NodeId a, NodeId b)
{
    const NodeId in[] = {a, b};
    return graph_pure(g, op, result_type(op), in, 2, 0);
}
NodeId pure_3(Graph *g, u32 op, NodeId a, NodeId b, NodeId c)
{
    const NodeId in[] = {a, b, c};
    return graph_pure(g, op, result_type(op), in, 3, 0);
}

static NodeId shuffled(Graph *g, NodeId a, NodeId b, const u8 lanes[16])
{
    const NodeId in[] = {a, b};
    return graph_pure_with(g, OP_i8x16_shuffle, TYPE_v128, in, 2, (Bytes){lanes, 16});
}

static u32 log_of(u32 bytes) { return (u32)__builtin_ctz(bytes); }
static Node *node(const Lanes *l, NodeId id) { return &l->p->g->nodes[id]; }

// ---- One vector of a pack -----------------------------------------------------------------------

NodeId lanes_same(Graph *g, Type type, u32 bytes, NodeId of)
{
    static const u16 ops[] = {OP_i8x16_splat, OP_i16x8_splat, OP_i32x4_splat, OP_i64x2_splat};
    if (type == TYPE_f32) return pure_1(g, OP_f32x4_splat, of);
    if (type == TYPE_f64) return pure_1(g, OP_f64x2_splat, of);
    if (type == TYPE_i64 && bytes < 8) of = pure_1(g, OP_i32_wrap_i64, of);
    if (type == TYPE_i32 && bytes == 8) of = pure_1(g, OP_i64_extend_i32_s, of);
    return pure_1(g, ops[log_of(bytes)], of);
}

NodeId lanes_numbers(Graph *g, u32 bytes, const u64 *at)
{
    u8 lanes[16];
    for (u32 i = 0; i < 16; i++) lanes[i] = (u8)(at[i / bytes] >> i % bytes * 8);
    return graph_v128(g, lanes);
}

static NodeId all_lanes(Graph *g, u32 bytes, u64 value)
{
    u64 at[16];
    for (u32 i = 0; i < 16; i++) at[i] = value;
    return lanes_numbers(g, bytes, at);
}

static NodeId part_of_constants(const Lanes *l, const Pack *pack, u32 bytes, u32 part)
{
    u64 at[16];
    for (u32 i = 0; i < 16 / bytes; i++)
        at[i] = node(l, pack->of[(part * 16 / bytes + i) % l->p->copies])->bits;
    return lanes_numbers(l->p->g, bytes, at);
}

static NodeId part_of_line(const Lanes *l, const Pack *pack, u32 bytes, u32 part)
{
    static const u16 adds[] = {OP_i8x16_add, OP_i16x8_add, OP_i32x4_add, OP_i64x2_add};
    Graph *g = l->p->g;
    u64 at[16], first = l->copy * l->p->elements + part * 16 / bytes;
    for (u32 i = 0; i < 16 / bytes; i++) at[i] = (first + i) * pack->step;
    NodeId begin = lanes_same(g, TYPE_i32, bytes, l->now[pack->of[0]]);
    return pure_2(g, adds[log_of(bytes)], begin, lanes_numbers(g, bytes, at));
}

static NodeId part(const Lanes *l, u32 pack, u32 bytes, u32 at);

// Lanes twice as wide.
static NodeId widened(const Lanes *l, u32 id, u32 bytes, u32 at)
{
    static const u16 ops[3][2][2] = { // of half as many bytes; without sign, with it; low, high
        {{OP_i16x8_extend_low_i8x16_u, OP_i16x8_extend_high_i8x16_u},
         {OP_i16x8_extend_low_i8x16_s, OP_i16x8_extend_high_i8x16_s}},
        {{OP_i32x4_extend_low_i16x8_u, OP_i32x4_extend_high_i16x8_u},
         {OP_i32x4_extend_low_i16x8_s, OP_i32x4_extend_high_i16x8_s}},
        {{OP_i64x2_extend_low_i32x4_u, OP_i64x2_extend_high_i32x4_u},
         {OP_i64x2_extend_low_i32x4_s, OP_i64x2_extend_high_i32x4_s}},
    };
    const Pack *pack = &l->p->packs[id];
    bool has_sign = pack->mask || pack->low < 0;
    NodeId half = part(l, id, bytes / 2, at / 2);
    return pure_1(l->p->g, ops[log_of(bytes) - 1][has_sign][at & 1], half);
}

// To the right, so far or more, and zeros come behind?
static bool is_shifted_by(const Lanes *l, const Pack *pack, u32 bits)
{
    if (pack->kind != PACK_row || pack->family != FAMILY_right_u) return false;
    const Pack *by = &l->p->packs[pack->in[1]];
    return by->low == by->high && ((u64)by->low & (pack->type == TYPE_i64 ? 63 : 31)) >= bits;
}

// Of lanes twice as wide their low halves.
static NodeId narrowed(const Lanes *l, u32 id, u32 bytes, u32 at)
{
    Graph *g = l->p->g;
    const Pack *pack = &l->p->packs[id];
    NodeId a = part(l, id, 2 * bytes, 2 * at), b = part(l, id, 2 * bytes, 2 * at + 1);
    bool sign = pack->mask || fits_signed(pack, 8 * bytes);
    // Of its lanes only what is needed is right.
    bool whole = pack->mask || pack->kind == PACK_load || pack->need >= 8 * pack->bytes;
    bool small = is_shifted_by(l, pack, 8 * (pack->bytes - bytes));
    if (small) sign = false;
    if (bytes <= 2 && (small || (whole && (sign || fits_unsigned(pack, 8 * bytes))))) {
        static const u16 ops[2][2] = {{OP_i8x16_narrow_i16x8_u, OP_i8x16_narrow_i16x8_s},
                                      {OP_i16x8_narrow_i32x4_u, OP_i16x8_narrow_i32x4_s}};
        return pure_2(g, ops[bytes - 1][sign], a, b);
    }
    if (bytes == 1) {
        NodeId low = all_lanes(g, 2, UINT8_MAX);
        return pure_2(g, OP_i8x16_narrow_i16x8_u, pure_2(g, OP_v128_and, a, low),
                      pure_2(g, OP_v128_and, b, low));
    }
    u8 lanes[16];
    for (u32 i = 0; i < 16; i++) lanes[i] = (u8)(i / bytes * 2 * bytes + i % bytes);
    return shuffled(g, a, b, lanes);
}

static NodeId value_part(const Lanes *l, u32 id, u32 bytes, u32 at)
{
    NodeId of = part(l, id, bytes, at);
    if (!l->p->packs[id].mask) return of;
    return pure_2(l->p->g, OP_v128_and, of, all_lanes(l->p->g, bytes, 1));
}

// Comparisons of what has no sign in its lanes, whatever the sign of the scalars.
static u32 without_sign(u32 op)
{
    switch (op) {
    case OP_i32_lt_s: return OP_i32_lt_u;
    case OP_i32_gt_s: return OP_i32_gt_u;
    case OP_i32_le_s: return OP_i32_le_u;
    case OP_i32_ge_s: return OP_i32_ge_u;
    default: return op;
    }
}

static NodeId part_of_row(const Lanes *l, const Pack *pack, u32 at)
{
    Graph *g = l->p->g;
    u32 bytes = pack->bytes, op = node(l, pack->of[0])->op;
    const Pack *a = &l->p->packs[pack->in[0]], *b = &l->p->packs[pack->in[1]];
    u16 with = lane_rows[op].ops[log_of(bytes)];
    switch ((LaneFamily)pack->family) {
    case FAMILY_as: return value_part(l, pack->in[0], bytes, at);
    case FAMILY_left: case FAMILY_right_s: case FAMILY_right_u: {
        NodeId by = b->of[0];
        if (b->type == TYPE_i64) by = pure_1(g, OP_i32_wrap_i64, by);
        return pure_2(g, with, value_part(l, pack->in[0], bytes, at), by);
    }
    case FAMILY_select:
        return pure_3(g, with, value_part(l, pack->in[0], bytes, at),
                      value_part(l, pack->in[1], bytes, at), part(l, pack->in[2], bytes, at));
    case FAMILY_compare_s:
        if (bytes < 4 && fits_unsigned(a, 8 * bytes) && fits_unsigned(b, 8 * bytes))
            with = lane_rows[without_sign(op)].ops[log_of(bytes)];
        break;
    default: break;
    }
    NodeId x = value_part(l, pack->in[0], bytes, at);
    if (op == OP_i32_eqz) return pure_2(g, with, x, all_lanes(g, bytes, 0));
    if (node(l, pack->of[0])->count == 1) return pure_1(g, with, x);
    return pure_2(g, with, x, value_part(l, pack->in[1], bytes, at));
}

// No deeper than packs are in each other, and widths.
static NodeId part(const Lanes *l, u32 id, u32 bytes, u32 at)
{
    Pack *pack = &l->p->packs[id];
    switch ((PackKind)pack->kind) {
    case PACK_same: return lanes_same(l->p->g, pack->type, bytes, pack->of[0]);
    case PACK_numbers: return part_of_constants(l, pack, bytes, at);
    case PACK_line: return part_of_line(l, pack, bytes, at);
    default: break;
    }
    if (bytes > pack->bytes) return widened(l, id, bytes, at);
    if (bytes < pack->bytes) return narrowed(l, id, bytes, at);
    if (pack->kind == PACK_row && pack->made != l->copy + 1) {
        memset(pack->parts, 0, sizeof pack->parts);
        pack->made = l->copy + 1;
    }
    if (!pack->parts[at]) pack->parts[at] = part_of_row(l, pack, at);
    return pack->parts[at];
}

// ---- Accesses -----------------------------------------------------------------------------------

static void put_access(const Lanes *l, const Access *a, u32 at, NodeId value, NodeId *made)
{
    Graph *g = l->p->g;
    Type type = value ? TYPE_bottom : TYPE_v128;
    NodeId in[] = {l->now[graph_at(g, node(l, a->node)->in[0])], value};
    u32 imm = (u32)g->imms.len;
    buf_leb_u(&g->imms, log_of(a->bytes) | (a->memory ? 0x40 : 0));
    if (a->memory) buf_leb_u(&g->imms, a->memory);
    buf_leb_u(&g->imms, a->offset + (u64)l->copy * l->p->elements * a->bytes + 16 * at);
    if (g->states) g->at = g->places[a->node];
    NodeId id = graph_add(g, value ? OP_v128_store : OP_v128_load, type, in, value ? 2 : 1, imm);
    g->nodes[id].flags |= NODE_own_imm;
    graph_append(g, l->block, id);
    if (made) *made = id;
}

static void do_group(Lanes *l, const Group *group)
{
    const Access *a = first_access(l->p, group);
    Pack *pack = &l->p->packs[group->pack];
    for (u32 i = 0; i < parts_of(l->p, a->bytes); i++) {
        if (a->store) put_access(l, a, i, value_part(l, group->pack, a->bytes, i), NULL);
        else put_access(l, a, i, 0, &pack->parts[i]);
    }
}

// ---- Sums ---------------------------------------------------------------------------------------

static u32 op_of_sum(const Sum *s)
{
    static const u16 least[2][3] = {{OP_i8x16_min_u, OP_i16x8_min_u, OP_i32x4_min_u},
                                    {OP_i8x16_min_s, OP_i16x8_min_s, OP_i32x4_min_s}};
    static const u16 most[2][3] = {{OP_i8x16_max_u, OP_i16x8_max_u, OP_i32x4_max_u},
                                   {OP_i8x16_max_s, OP_i16x8_max_s, OP_i32x4_max_s}};
    switch ((SumKind)s->kind) {
    case SUM_and: return OP_v128_and;
    case SUM_or: return OP_v128_or;
    case SUM_xor: return OP_v128_xor;
    case SUM_least: return least[s->is_signed][log_of(s->bytes)];
    case SUM_most: return most[s->is_signed][log_of(s->bytes)];
    default: return s->bytes == 8 ? OP_i64x2_add : OP_i32x4_add;
    }
}

NodeId first_of_sum(Graph *g, const Sum *s)
{
    u64 sign = (u64)1 << (8 * s->bytes - 1);
    switch ((SumKind)s->kind) {
    case SUM_and: return all_lanes(g, s->bytes, UINT64_MAX);
    case SUM_least: return all_lanes(g, s->bytes, s->is_signed ? sign - 1 : UINT64_MAX);
    case SUM_most: return all_lanes(g, s->bytes, s->is_signed ? sign : 0);
    default: return all_lanes(g, s->bytes, 0);
    }
}

// Neighbours added until lanes have 32 bits.
static NodeId pairs_added(const Lanes *l, u32 id, u32 at)
{
    const Pack *pack = &l->p->packs[id];
    Graph *g = l->p->g;
    bool sign = pack->mask || pack->low < 0;
    NodeId of = part(l, id, pack->bytes, at);
    if (pack->bytes == 1)
        of = pure_1(g, sign ? OP_i16x8_extadd_pairwise_i8x16_s : OP_i16x8_extadd_pairwise_i8x16_u,
                    of);
    return pure_1(g, sign ? OP_i32x4_extadd_pairwise_i16x8_s : OP_i32x4_extadd_pairwise_i16x8_u,
                  of);
}

static bool is_product_of_16(const Lanes *l, const Pack *pack)
{
    return pack->kind == PACK_row && node(l, pack->of[0])->op == OP_i32_mul &&
           fits_signed(&l->p->packs[pack->in[0]], 16) && fits_signed(&l->p->packs[pack->in[1]], 16);
}

static NodeId with_pack(const Lanes *l, const Sum *s, u32 id, NodeId sum)
{
    Graph *g = l->p->g;
    const Pack *pack = &l->p->packs[id];
    u32 bytes = s->bytes, add = op_of_sum(s);
    bool adds = s->kind == SUM_add && bytes == 4, made = pack->kind >= PACK_load;
    if (adds && l->p->elements % 8 == 0 && is_product_of_16(l, pack)) {
        for (u32 i = 0; i < parts_of(l->p, 2); i++)
            sum = pure_2(g, add, sum,
                         pure_2(g, OP_i32x4_dot_i16x8_s, value_part(l, pack->in[0], 2, i),
                                value_part(l, pack->in[1], 2, i)));
    } else if (adds && made && pack->bytes <= 2) {
        NodeId all = 0;
        for (u32 i = 0; i < parts_of(l->p, pack->bytes); i++) {
            NodeId of = pairs_added(l, id, i);
            all = all ? pure_2(g, OP_i32x4_add, all, of) : of;
        }
        sum = pure_2(g, pack->mask ? OP_i32x4_sub : OP_i32x4_add, sum, all);
    } else {
        for (u32 i = 0; i < parts_of(l->p, bytes); i++)
            sum = pure_2(g, add, sum, value_part(l, id, bytes, i));
    }
    return sum;
}

static NodeId lane_0(Graph *g, const Sum *s, NodeId of)
{
    static const u16 ops[2][4] = {
        {OP_i8x16_extract_lane_u, OP_i16x8_extract_lane_u, OP_i32x4_extract_lane,
         OP_i64x2_extract_lane},
        {OP_i8x16_extract_lane_s, OP_i16x8_extract_lane_s, OP_i32x4_extract_lane,
         OP_i64x2_extract_lane},
    };
    static const u8 zero[1];
    return graph_pure_with(g, ops[s->is_signed][log_of(s->bytes)], s->type, &of, 1,
                           (Bytes){zero, 1});
}

NodeId result_of_sum(Graph *g, const Sum *s, NodeId lanes, NodeId before)
{
    for (u32 half = 8; half >= s->bytes; half /= 2) {
        u8 order[16];
        for (u32 i = 0; i < 16; i++) order[i] = (u8)((i + half) % 16);
        lanes = pure_2(g, op_of_sum(s), lanes, shuffled(g, lanes, lanes, order));
    }
    NodeId all = lane_0(g, s, lanes);
    switch ((SumKind)s->kind) {
    case SUM_add: return pure_2(g, s->type == TYPE_i64 ? OP_i64_add : OP_i32_add, before, all);
    case SUM_and: return pure_2(g, OP_i32_and, before, all);
    case SUM_or: return pure_2(g, OP_i32_or, before, all);
    case SUM_xor: return pure_2(g, OP_i32_xor, before, all);
    default: break;
    }
    if (s->mask != UINT32_MAX)
        before = pure_2(g, OP_i32_and, before, graph_const(g, TYPE_i32, s->mask));
    const NodeId in[] = {before, all, pure_2(g, s->compare, before, all)};
    return graph_pure(g, OP_select, TYPE_i32, in, 3, 0);
}

// ----

void do_lanes(Lanes *l, NodeId *sums)
{
    Packer *p = l->p;
    // groups in the order of their first accesses
    for (u32 i = 0; i < p->access_count; i++)
        for (u32 k = 0; k < p->group_count; k++)
            if (p->groups[k].at[0] == i) do_group(l, &p->groups[k]);
    for (u32 i = 0; i < p->sum_count; i++)
        for (u32 k = 0; k < p->sums[i].pack_count; k++)
            sums[i] = with_pack(l, &p->sums[i], p->sums[i].packs[k], sums[i]);
}
