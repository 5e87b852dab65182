// whole_calls.c -- calls of which it is known whom they call. See round.h.

#include "opt/known.h"

static bool same_type(const OptRound *r, u32 func, u32 type)
{
    const TypeRecord *records = r->m->store->records;
    return records[r->m->funcs[func].type].canon == records[r->m->types[type]].canon;
}

static void make_direct(OptRound *r, const Scan *s, u32 from, u32 func, bool tail)
{
    Buf b;
    buf_init(&b, r->arena);
    encode_op(&b, tail ? OP_return_call : OP_call);
    buf_leb_u(&b, func);
    round_splice(r, from, s->end, buf_view(&b));
    watch_note(r->m, s->func, "the call at 0x%x is one of function %u", s->now.at, func);
    r->found++;
}

// What is called is said by the instruction in front.
void opt_pass_directize(OptRound *r)
{
    const KnownTable *tables = known_tables(r);
    Imm before = {.op = OP_COUNT};
    u32 from = 0;
    for (Scan s = scan_all(r); scan_next(&s);) {
        const Imm *imm = &s.now.imm;
        bool tail = imm->op == OP_return_call_indirect || imm->op == OP_return_call_ref;
        if ((imm->op == OP_call_indirect || imm->op == OP_return_call_indirect) &&
            (before.op == OP_i32_const || before.op == OP_i64_const)) {
            const KnownTable *table = &tables[imm->type_table.table];
            u64 at = before.op == OP_i32_const ? (u32)before.bits : before.bits;
            u32 func = at < table->size ? table->funcs[at] : UINT32_MAX;
            if (func != UINT32_MAX && same_type(r, func, imm->type_table.type))
                make_direct(r, &s, from, func, tail);
        } else if ((imm->op == OP_call_ref || imm->op == OP_return_call_ref) &&
                   before.op == OP_ref_func && same_type(r, before.func, imm->type_index)) {
            make_direct(r, &s, from, before.func, tail);
        }
        before = *imm;
        from = s.now.at;
    }
}
