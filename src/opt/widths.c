// widths.c -- how wide lanes are: as narrow as what is needed of them fits in. See packs.h.
//
// Of what is stored as a byte only eight bits are needed, and of what is added up for it too; all
// of it is needed where it is compared. What is always between two numbers has no more bits than
// these.

#include "opt/packs.h"

static u32 op_of(const Packer *p, const Pack *pack) { return p->g->nodes[pack->of[0]].op; }

static void need(Packer *p, u32 pack, u32 bits)
{
    p->packs[pack].need = (u8)MAX(p->packs[pack].need, bits);
}

static u32 bits_of(u64 mask) { return mask ? 64 - (u32)__builtin_clzll(mask) : 0; }
static bool is_one(const Pack *pack) { return pack->low == pack->high && pack->kind == PACK_same; }

// Of what a pack's inputs are so many low bits are needed.
static void need_inputs(Packer *p, Pack *pack)
{
    const Pack *b = &p->packs[pack->in[1]];
    u32 bits = pack->need, own = pack->type == TYPE_i64 ? 64 : 32, by = 0;
    switch ((LaneFamily)pack->family) {
    case FAMILY_low: case FAMILY_left:
        if (op_of(p, pack) == OP_i32_and && is_one(b) && b->low >= 0)
            bits = MIN(bits, MAX(bits_of((u64)b->low), 1));
        need(p, pack->in[0], bits);
        need(p, pack->in[1], pack->family == FAMILY_left ? 1 : bits);
        return;
    case FAMILY_right_s: case FAMILY_right_u:
        by = is_one(b) ? (u32)b->low & (own - 1) : own;
        need(p, pack->in[0], MIN(bits + by, own));
        need(p, pack->in[1], 1);
        return;
    case FAMILY_as:
        if (op_of(p, pack) == OP_i32_extend8_s) bits = 8;
        else if (op_of(p, pack) == OP_i32_extend16_s) bits = 16;
        else bits = 32;
        need(p, pack->in[0], bits);
        return;
    case FAMILY_select:
        need(p, pack->in[0], bits);
        need(p, pack->in[1], bits);
        need(p, pack->in[2], 1);
        return;
    default:
        for (u32 i = 0; i < 3; i++) need(p, pack->in[i], 64);
    }
}

static bool suits(const Packer *p, const Pack *pack, u32 bytes)
{
    const LaneRow *row = &lane_rows[op_of(p, pack)];
    const Pack *a = &p->packs[pack->in[0]], *b = &p->packs[pack->in[1]];
    u32 bits = 8 * bytes, by;
    u32 own = pack->type == TYPE_i64 || pack->type == TYPE_f64 ? 64 : 32;
    if (pack->family != FAMILY_as && !row->ops[bits_of(bytes) - 1]) return false;
    bool all = bits == own || pack->need <= bits || fits_unsigned(pack, bits) ||
               fits_signed(pack, bits);
    switch ((LaneFamily)pack->family) {
    case FAMILY_low: return all;
    case FAMILY_left: return bits == own || (all && is_one(b) && ((u64)b->low & 31) < bits);
    case FAMILY_right_s: case FAMILY_right_u:
        if (bits == own) return true;
        if (!is_one(b)) return false;
        by = (u32)b->low & 31;
        bool fits = pack->family == FAMILY_right_s ? fits_signed(a, bits) : fits_unsigned(a, bits);
        return by < bits && (pack->need + by <= bits || fits);
    case FAMILY_equal:
        return bits == 32 || (fits_unsigned(a, bits) && fits_unsigned(b, bits)) ||
               (fits_signed(a, bits) && fits_signed(b, bits));
    case FAMILY_compare_s: case FAMILY_compare_u:
        if (bits == 32 || (fits_unsigned(a, bits) && fits_unsigned(b, bits))) return true;
        return pack->family == FAMILY_compare_s && fits_signed(a, bits) && fits_signed(b, bits);
    case FAMILY_as:
        switch (op_of(p, pack)) {
        case OP_i32_extend8_s: return bits == 8;
        case OP_i32_extend16_s: return bits == 16;
        case OP_i64_extend_i32_u: return bits == 32 || (a->low >= 0 && fits_unsigned(a, bits));
        case OP_i64_extend_i32_s:
            return bits == 32 || fits_unsigned(a, bits) || fits_signed(a, bits);
        default: return bits == 32;
        }
    case FAMILY_select:
        if (pack->type == TYPE_f32 || pack->type == TYPE_f64) return bits == own;
        return all;
    case FAMILY_exact: return true; // as wide as there is an instruction
    default:
        return true;
    }
}

bool choose_widths(Packer *p)
{
    u32 least = 8;
    for (u32 i = 0; i < p->group_count; i++) {
        const Access *a = first_access(p, &p->groups[i]);
        least = MIN(least, a->bytes);
        if (a->store) need(p, p->groups[i].pack, 8u * a->bytes);
    }
    for (u32 i = 0; i < p->sum_count; i++)
        for (u32 k = 0; k < p->sums[i].pack_count; k++) need(p, p->sums[i].packs[k], 64);
    for (u32 i = p->pack_count; i-- > 0;)
        if (p->packs[i].kind == PACK_row && p->packs[i].need) need_inputs(p, &p->packs[i]);
    for (u32 i = 0; i < p->pack_count; i++) {
        Pack *pack = &p->packs[i];
        if (pack->kind != PACK_row) continue;
        u32 bytes = 1;
        while (bytes <= 8 && !suits(p, pack, bytes)) bytes *= 2;
        if (bytes > 8) return cannot(p, "there is no such instruction");
        pack->bytes = (u8)bytes;
        least = MIN(least, bytes);
    }
    for (u32 i = 0; i < p->sum_count; i++) {
        Sum *s = &p->sums[i];
        if (s->bytes < 4) s->bytes = (u8)MAX(s->bytes, MIN(least, 4));
        least = MIN(least, s->bytes);
    }
    u32 lanes = 16 / least, elements = lanes;
    while (elements % p->copies) elements += lanes;
    p->elements = elements;
    for (u32 i = 0; i < p->pack_count; i++)
        if (parts_of(p, MAX(p->packs[i].bytes, least)) > PARTS_MOST)
            return cannot(p, "lanes too wide");
    return true;
}
