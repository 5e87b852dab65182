// round.c -- see round.h.

#include "opt/round.h"

#include <stdlib.h>

u8 *round_gone(OptRound *r, ItemKind kind)
{
    if (!r->gone[kind]) r->gone[kind] = NEW_ARRAY(r->arena, u8, module_item_count(r->m, kind));
    return r->gone[kind];
}

u32 *round_instead(OptRound *r, ItemKind kind)
{
    u32 count = module_item_count(r->m, kind);
    if (r->instead[kind]) return r->instead[kind];
    r->instead[kind] = NEW_ARRAY(r->arena, u32, count);
    for (u32 i = 0; i < count; i++) r->instead[kind][i] = i;
    return r->instead[kind];
}

void round_splice(OptRound *r, u32 at, u32 end, Bytes code)
{
    ARENA_PUSH(r->arena, r->splices, r->splice_count, r->splice_cap) =
        (Splice){.at = at, .end = end, .code = code};
}

Bytes round_op(OptRound *r, Op op)
{
    Buf b;
    buf_init(&b, r->arena);
    encode_op(&b, op);
    return buf_view(&b);
}

// What puts something between two instructions stands in front of what takes the second away.
static int by_place(const void *a, const void *b)
{
    const Splice *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    if ((x->at == x->end) != (y->at == y->end)) return x->at == x->end ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

static void order_splices(OptRound *r)
{
    u32 left = 0, end = 0;
    if (r->splice_count) qsort(r->splices, r->splice_count, sizeof *r->splices, by_place);
    for (u32 i = 0; i < r->splice_count; i++) {
        const Splice *s = &r->splices[i];
        if (s->at < end) continue;
        end = MAX(end, s->end);
        r->splices[left++] = *s;
    }
    r->splice_count = left;
}

void round_finish(OptRound *r)
{
    order_splices(r);
    r->edit.splices = r->splices;
    r->edit.splice_count = r->splice_count;
    for (u32 k = 0; k < ITEM_COUNT; k++) {
        if (r->gone[k]) r->edit.gone[k] = r->gone[k];
        if (r->instead[k]) r->edit.instead[k] = r->instead[k];
    }
}

// Of a valid module these fail where memory is short, and nowhere else.
void round_uses(OptRound *r, u32 *out[ITEM_COUNT])
{
    Diag diag;
    if (!module_uses(r->m, r->arena, out, &diag)) arena_fail(r->arena);
}

void round_unused(OptRound *r, const Edit *edit, u8 *out[ITEM_COUNT])
{
    Diag diag;
    if (!module_unused(r->m, edit, r->arena, out, &diag)) arena_fail(r->arena);
}

bool round_escapes(const OptRound *r, u32 func)
{
    const Module *m = r->m;
    bool declared = m->declared && m->declared[func / 8] >> func % 8 & 1;
    return declared || func < m->imported_funcs || (m->has_start && m->start == func);
}

void round_exported(const OptRound *r, ExternKind kind, u8 *flags)
{
    for (u32 i = 0; i < r->m->export_count; i++)
        if (r->m->exports[i].kind == kind) flags[r->m->exports[i].index] = true;
}

bool round_address(const OptRound *r, Const value, bool is64, u64 *out)
{
    u64 slots[2];
    if (const_kind(value) == CONST_v128 || !const_number(value, r->m->wides, slots)) return false;
    *out = is64 ? slots[0] : (u32)slots[0];
    return true;
}

// ---- Instructions as they stand there

static void open_body(Scan *s)
{
    Range body = s->m->funcs[s->func].body;
    s->in.in.next = s->m->bytes + body.start;
    s->in.in.end = s->m->bytes + body.end;
    instr_skip_locals(&s->in);
}

static Scan scan_from(OptRound *r, u32 func)
{
    Scan s = {.m = r->m, .func = func};
    diag_init(&s.diag);
    s.in.in = (ImmReader){.m = r->m, .at_end = ERR_unexpected_end_of_section, .arena = r->arena};
    return s;
}

Scan scan_func(OptRound *r, u32 func)
{
    Scan s = scan_from(r, func);
    s.in.in.diag = &s.diag;
    open_body(&s);
    return s;
}

Scan scan_all(OptRound *r)
{
    return scan_from(r, r->m->imported_funcs - 1);
}

bool scan_next_in(Scan *s)
{
    s->in.in.diag = &s->diag;
    if (!instr_next(&s->in, &s->now)) return false;
    s->end = (u32)(s->in.in.next - s->m->bytes);
    return true;
}

bool scan_next(Scan *s)
{
    s->in.in.diag = &s->diag;
    while (s->in.in.next == s->in.in.end) {
        if (++s->func >= s->m->func_count) return false;
        open_body(s);
    }
    return scan_next_in(s);
}
