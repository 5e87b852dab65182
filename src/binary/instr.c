// instr.c -- see instr.h.

#include "binary/instr.h"

void instr_reader_init(InstrReader *r, const Module *m, Range range, Arena *arena, Diag *diag)
{
    const u8 *next = m->bytes + range.start, *end = m->bytes + range.end;
    r->in = (ImmReader){m, next, end, ERR_unexpected_end_of_section, diag, .arena = arena};
}

bool instr_next(InstrReader *r, Instr *out)
{
    if (r->in.diag->err != ERR_none || r->in.next == r->in.end) return false;
    out->at = (u32)(r->in.next - r->in.m->bytes);
    out->imm.op = imm_op(&r->in);
    return out->imm.op != OP_COUNT && imm_read(&r->in, out->imm.op, &out->imm);
}

u32 instr_local_groups(InstrReader *r)
{
    u32 count;
    return imm_count(&r->in, &count, "groups of locals") ? count : 0;
}

void instr_local_group(InstrReader *r, u32 *count, Type *type)
{
    *count = 0;
    *type = TYPE_i32;
    if (r->in.diag->err != ERR_none || !imm_u32(&r->in, count) || !imm_value_type(&r->in, type))
        *count = 0;
}

u32 instr_skip_locals(InstrReader *r)
{
    u32 all = 0, count;
    Type type;
    for (u32 groups = instr_local_groups(r); groups; groups--) {
        instr_local_group(r, &count, &type);
        all += count;
    }
    return all;
}
