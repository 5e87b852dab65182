// whole_unused.c -- what nothing refers to. See round.h.
//
// An active segment is a beginning, since it may trap, and somebody may read what it writes. One
// that is seen to fit, and writes to what neither an instruction nor an export nor an import names,
// is none: it goes with that. A type goes with all of its recursion group, since the others would
// be other types without it, for who imports them, and for calls and casts.

#include "opt/round.h"

// A start function that does nothing.
static bool start_is_empty(const Module *m)
{
    if (!m->has_start || m->start < m->imported_funcs) return false;
    Range body = m->funcs[m->start].body;
    return body.end - body.start == 2; // no locals, end
}

static bool data_fits(const OptRound *r, const DataSegment *d)
{
    const Limits *l = &r->m->memories[d->memory].type.limits;
    u64 at, size = d->init.end - d->init.start, most = l->min << l->page_log2;
    if (!round_address(r, d->at, l->is64, &at)) return false;
    if (l->min > (UINT64_MAX >> l->page_log2)) return false;
    return at <= most && size <= most - at;
}

static bool elem_fits(const OptRound *r, const ElemSegment *e)
{
    const Limits *l = &r->m->tables[e->table].type.limits;
    u64 at;
    for (u32 i = 0; i < e->count; i++)
        if (const_kind(r->m->words[e->items + i]) == CONST_steps) return false; // may trap
    return round_address(r, r->m->words[e->items - 1], l->is64, &at) && at <= l->min &&
           e->count <= l->min - at;
}

// Segments that may go with what they write to, since no instruction names them. Those that write
// nothing go at once.
static void find_segments(OptRound *r, u8 *elems, u8 *datas, u32 *const *uses)
{
    const Module *m = r->m;
    for (u32 i = 0; i < m->elem_count; i++) {
        const ElemSegment *e = &m->elems[i];
        bool weak = e->mode == SEGMENT_active && !uses[ITEM_elem][i] && elem_fits(r, e);
        elems[i] = weak && e->table >= m->imported_tables;
        if (weak && !e->count) round_gone(r, ITEM_elem)[i] = true;
    }
    for (u32 i = 0; i < module_item_count(m, ITEM_data); i++) {
        const DataSegment *d = &m->datas[i];
        bool weak = d->mode == SEGMENT_active && !uses[ITEM_data][i] && data_fits(r, d);
        datas[i] = weak && d->memory >= m->imported_memories;
        if (weak && d->init.start == d->init.end) round_gone(r, ITEM_data)[i] = true;
    }
}

void opt_pass_unused(OptRound *r)
{
    const Module *m = r->m;
    u8 *unused[ITEM_COUNT];
    u32 *uses[ITEM_COUNT];
    if (start_is_empty(m)) {
        r->edit.no_start = true;
        r->found++;
    }
    round_uses(r, uses);
    u8 *elems = NEW_ARRAY(r->arena, u8, m->elem_count);
    u8 *datas = NEW_ARRAY(r->arena, u8, module_item_count(m, ITEM_data));
    find_segments(r, elems, datas, uses);
    Edit edit = {.no_start = r->edit.no_start, .groups = true,
                 .constants_trap = module_has(m, FEATURE_custom_descriptors)};
    edit.gone[ITEM_elem] = round_gone(r, ITEM_elem);
    edit.gone[ITEM_data] = round_gone(r, ITEM_data);
    edit.weak[ITEM_elem] = elems;
    edit.weak[ITEM_data] = datas;
    round_unused(r, &edit, unused);
    for (u32 k = 0; k < ITEM_COUNT; k++) {
        u8 *gone = round_gone(r, (ItemKind)k);
        for (u32 i = 0; i < module_item_count(m, (ItemKind)k); i++) {
            gone[i] |= unused[k][i];
            r->found += gone[i];
            if (k == ITEM_func && gone[i]) watch_note(m, i, "left out: nothing refers to it");
        }
    }
}
