// whole_calls.c -- calls of which it is known whom they call. See round.h.
//
// A table that is not imported or exported, and that no instruction changes, holds what its
// segments say, if these can be seen to fit.

#include "opt/round.h"

// What stands in a table from the beginning; NULL: that is not known, or there is none.
typedef struct { u32 size, *funcs; } Content; // UINT32_MAX: not a function

enum { ROOM = 1 << 20 }; // entries of all tables; and so many more for each byte of the module

static void mark_changed(OptRound *r, u8 *changed)
{
    round_exported(r, EXTERN_table, changed);
    for (u32 i = 0; i < r->m->imported_tables; i++) changed[i] = true;
    for (Scan s = scan_all(r); scan_next(&s);) {
        const Imm *imm = &s.now.imm;
        switch (imm->op) {
        case OP_table_set: case OP_table_grow: case OP_table_fill:
            changed[imm->table] = true;
            break;
        case OP_table_init: changed[imm->elem_table.table] = true; break;
        case OP_table_copy: changed[imm->table_table.to] = true; break;
        default: break;
        }
    }
}

static void fill(OptRound *r, const ElemSegment *e, Content *table, u8 *changed)
{
    const Module *m = r->m;
    u64 at;
    bool is64 = m->tables[e->table].type.limits.is64;
    if (changed[e->table]) return;
    if (!round_address(r, m->words[e->items - 1], is64, &at) || at > table->size ||
        e->count > table->size - at) {
        changed[e->table] = true;
        return;
    }
    for (u32 i = 0; i < e->count; i++) {
        Const item = m->words[e->items + i];
        bool func = const_kind(item) == CONST_func;
        table->funcs[at + i] = func ? const_index(item) : UINT32_MAX;
    }
}

static Content *find_contents(OptRound *r)
{
    const Module *m = r->m;
    Content *tables = NEW_ARRAY(r->arena, Content, m->table_count);
    u8 *changed = NEW_ARRAY(r->arena, u8, m->table_count);
    u64 room = ROOM + m->size;
    mark_changed(r, changed);
    for (u32 i = 0; i < m->table_count; i++) {
        u64 size = m->tables[i].type.limits.min;
        if (changed[i] || size > room || const_kind(m->tables[i].value) != CONST_small) {
            changed[i] = true;
            continue;
        }
        room -= size;
        tables[i] = (Content){(u32)size, NEW_ARRAY(r->arena, u32, (u32)size)};
        for (u32 k = 0; k < size; k++) tables[i].funcs[k] = UINT32_MAX;
    }
    for (u32 i = 0; i < m->elem_count; i++)
        if (m->elems[i].mode == SEGMENT_active)
            fill(r, &m->elems[i], &tables[m->elems[i].table], changed);
    for (u32 i = 0; i < m->table_count; i++)
        if (changed[i]) tables[i] = (Content){0};
    return tables;
}

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
    Content *tables = find_contents(r);
    Imm before = {.op = OP_COUNT};
    u32 from = 0;
    for (Scan s = scan_all(r); scan_next(&s);) {
        const Imm *imm = &s.now.imm;
        bool tail = imm->op == OP_return_call_indirect || imm->op == OP_return_call_ref;
        if ((imm->op == OP_call_indirect || imm->op == OP_return_call_indirect) &&
            (before.op == OP_i32_const || before.op == OP_i64_const)) {
            const Content *table = &tables[imm->type_table.table];
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
