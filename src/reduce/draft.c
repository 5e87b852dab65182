// draft.c -- some of a round's units as one Edit, and that as bytes. See round.h.
//
//     cuts in order   |---- a ----|      |-- c --|
//                         |- b -|            |---- d ----|
//
// Of cuts within each other the outer one is made: b has nothing to do. A unit of which only some
// cuts could be made, as d might be one of two, is left out.

#include "reduce/round.h"

#include "binary/decode.h"
#include "valid/valid.h"

#include <stdlib.h>
#include <string.h>

static int outermost_first(const void *a, const void *b)
{
    const Cut *x = a, *y = b;
    if (x->splice.at != y->splice.at) return x->splice.at < y->splice.at ? -1 : 1;
    if (x->splice.end != y->splice.end) return x->splice.end > y->splice.end ? -1 : 1;
    return x->unit < y->unit ? -1 : x->unit > y->unit;
}

void draft_begin(Round *r)
{
    if (r->cut_count) qsort(r->cuts, r->cut_count, sizeof *r->cuts, outermost_first);
}

// One way through the cuts: `made` are those of chosen units that are in no other. hidden[unit]
// counts the others, of all units.
static void go_through(const Round *r, const u8 *chosen, u8 *made, u32 *hidden)
{
    u32 end = 0;
    memset(hidden, 0, r->unit_count * sizeof *hidden);
    for (u32 i = 0; i < r->cut_count; i++) {
        const Cut *cut = &r->cuts[i];
        bool inside = cut->splice.at < end;
        made[i] = chosen[cut->unit] && !inside;
        hidden[cut->unit] += inside;
        if (made[i]) end = MAX(end, cut->splice.end);
    }
}

// Until no unit is made in part only. `chosen` is changed.
static void settle(Round *r, u8 *chosen, u8 *made, u32 *hidden)
{
    for (bool again = true; again;) {
        again = false;
        go_through(r, chosen, made, hidden);
        for (u32 i = 0; i < r->unit_count; i++) {
            if (!chosen[i] || !hidden[i] || hidden[i] == r->units[i].cuts) continue;
            chosen[i] = false;
            again = true;
        }
    }
}

void draft_covered(Round *r, const u8 *chosen, u8 *covered)
{
    arena_reset(&r->scratch);
    u8 *made = NEW_ARRAY(&r->scratch, u8, r->cut_count);
    u8 *own = NEW_ARRAY(&r->scratch, u8, r->unit_count);
    u32 *hidden = NEW_ARRAY(&r->scratch, u32, r->unit_count);
    if (r->unit_count) memcpy(own, chosen, r->unit_count);
    settle(r, own, made, hidden);
    for (u32 i = 0; i < r->unit_count; i++) covered[i] = hidden[i] != 0;
}

// ---- Units that are no cuts

typedef struct {
    Edit edit;
    u8 *gone[ITEM_COUNT], *exports, *sections, *defined;
    Bytes *bodies;
    u8 **fates, **entries, **pieces; // by function, element segment, data segment
    u8 *no_results;   // by function
    u32 *func_types;
    TypeDef *types;
    u32 type_cap;
    Range *data;
} Draft;

static u8 *flags(Round *r, u8 **at, u32 count)
{
    if (!*at) *at = NEW_ARRAY(&r->scratch, u8, count);
    return *at;
}

static u32 local_count(const Round *r, u32 func)
{
    Diag diag;
    InstrReader in;
    return round_read_body(r, func, NULL, &diag, &in);
}

static void note_unit(Round *r, Draft *d, const Unit *u)
{
    const Module *m = r->m;
    Arena *a = &r->scratch;
    switch ((UnitKind)u->kind) {
    case UNIT_section: flags(r, &d->sections, m->section_count)[u->a] = true; break;
    case UNIT_export: flags(r, &d->exports, m->export_count)[u->a] = true; break;
    case UNIT_start: d->edit.no_start = true; break;
    case UNIT_item: flags(r, &d->gone[u->item], module_item_count(m, u->item))[u->a] = true; break;
    case UNIT_import: flags(r, &d->defined, m->import_count)[u->a] = true; break;
    case UNIT_body:
        if (!d->bodies) d->bodies = NEW_ARRAY(a, Bytes, m->func_count);
        d->bodies[u->a] = u->code;
        break;
    case UNIT_code: break;
    case UNIT_local:
        if (!d->fates) d->fates = NEW_ARRAY(a, u8 *, m->func_count);
        flags(r, &d->fates[u->a], local_count(r, u->a))[u->b] = u->item;
        break;
    case UNIT_results: flags(r, &d->no_results, m->func_count)[u->a] = true; break;
    case UNIT_entry:
        if (!d->entries) d->entries = NEW_ARRAY(a, u8 *, m->elem_count);
        flags(r, &d->entries[u->a], m->elems[u->a].count)[u->b] = true;
        break;
    case UNIT_data:
        if (!d->pieces) d->pieces = NEW_ARRAY(a, u8 *, m->data_count);
        flags(r, &d->pieces[u->a], DATA_PIECES)[u->b] = true;
        break;
    }
}

// ---- Types of functions that lose something

static bool same_signature(const TypeDef *a, const TypeDef *b)
{
    u32 count = a->param_count + a->result_count;
    return b->kind == COMP_func && b->final && b->super == TYPE_NONE &&
           a->param_count == b->param_count && a->result_count == b->result_count &&
           (!count || !memcmp(a->params, b->params, count * sizeof *a->params));
}

static u32 type_index(Round *r, Draft *d, const TypeDef *def)
{
    const Module *m = r->m;
    for (u32 i = 0; i < m->type_count; i++)
        if (type_group_count(m->store, m->types[i]) == 1 &&
            same_signature(def, type_def(m->store, m->types[i])))
            return i;
    for (u32 i = 0; i < d->edit.type_count; i++)
        if (same_signature(def, &d->types[i])) return m->type_count + i;
    ARENA_PUSH(&r->scratch, d->types, d->edit.type_count, d->type_cap) = *def;
    return m->type_count + d->edit.type_count - 1;
}

static bool loses_params(const u8 *fate, u32 count)
{
    for (u32 i = 0; fate && i < count; i++)
        if (fate[i] != LOCAL_stays) return true;
    return false;
}

static u32 type_now(Round *r, Draft *d, u32 func)
{
    const TypeDef *def = type_def(r->m->store, r->m->funcs[func].type);
    const u8 *fate = d->fates ? d->fates[func] : NULL;
    bool no_results = d->no_results && d->no_results[func];
    if (!no_results && !loses_params(fate, def->param_count))
        return type_index_of(&r->indexes, r->m->funcs[func].type);
    Type *types = NEW_ARRAY(&r->scratch, Type, def->param_count + def->result_count);
    TypeDef now = {.kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
                   .descriptor = TYPE_NONE, .cont = TYPE_NONE, .params = types};
    for (u32 i = 0; i < def->param_count; i++)
        if (!fate || fate[i] == LOCAL_stays) types[now.param_count++] = def->params[i];
    for (u32 i = 0; i < def->result_count && !no_results; i++)
        types[now.param_count + now.result_count++] = type_results(def)[i];
    return type_index(r, d, &now);
}

static void find_types(Round *r, Draft *d)
{
    if (!d->fates && !d->no_results) return;
    d->func_types = NEW_ARRAY(&r->scratch, u32, r->m->func_count);
    for (u32 i = 0; i < r->m->func_count; i++) d->func_types[i] = type_now(r, d, i);
}

// What is left of a segment's bytes has no holes: from the first piece that stays to the last.
static void find_data(Round *r, Draft *d)
{
    if (!d->pieces) return;
    d->data = NEW_ARRAY(&r->scratch, Range, r->m->data_count);
    for (u32 i = 0; i < r->m->data_count; i++) {
        Range init = r->m->datas[i].init;
        u32 first = 0, end = DATA_PIECES;
        const u8 *gone = d->pieces[i];
        while (gone && first < end && gone[first]) first++;
        while (gone && end > first && gone[end - 1]) end--;
        d->data[i] = gone ? (Range){data_piece(init, first).start, init.start} : init;
        if (gone) d->data[i].end = end > first ? data_piece(init, end - 1).end : d->data[i].start;
        if (gone && end == first) d->data[i] = (Range){init.start, init.start};
    }
}

static void find_splices(Round *r, Draft *d, const u8 *made)
{
    u32 count = 0;
    for (u32 i = 0; i < r->cut_count; i++) count += made[i];
    Splice *splices = NEW_ARRAY(&r->scratch, Splice, count);
    for (u32 i = 0; i < r->cut_count; i++)
        if (made[i]) splices[d->edit.splice_count++] = r->cuts[i].splice;
    d->edit.splices = splices;
}

static const Edit *draft(Round *r, const u8 *chosen)
{
    Draft *d = NEW(&r->scratch, Draft);
    u8 *made = NEW_ARRAY(&r->scratch, u8, r->cut_count);
    u8 *own = NEW_ARRAY(&r->scratch, u8, r->unit_count);
    u32 *hidden = NEW_ARRAY(&r->scratch, u32, r->unit_count);
    memcpy(own, chosen, r->unit_count);
    settle(r, own, made, hidden);
    for (u32 i = 0; i < r->unit_count; i++)
        if (own[i]) note_unit(r, d, &r->units[i]);
    find_splices(r, d, made);
    find_types(r, d);
    find_data(r, d);
    for (u32 k = 0; k < ITEM_COUNT; k++) d->edit.gone[k] = d->gone[k];
    d->edit.gone_exports = d->exports;
    d->edit.gone_sections = d->sections;
    d->edit.defined = d->defined;
    d->edit.bodies = d->bodies;
    d->edit.locals = (const u8 *const *)d->fates;
    d->edit.gone_entries = (const u8 *const *)d->entries;
    d->edit.data = d->data;
    d->edit.func_types = d->func_types;
    d->edit.types = d->types;
    return &d->edit;
}

bool is_valid_module(Bytes bytes, Features features)
{
    Diag diag;
    Module *m = NULL;
    TypeStore *types = type_store_new();
    diag_init(&diag);
    bool good = types && module_decode(bytes.data, bytes.len, features, types, &m, &diag) &&
                module_validate(m, &diag);
    module_free(m);
    type_store_free(types);
    return good;
}

bool draft_encode(Round *r, const u8 *chosen, Buf *out)
{
    Diag diag;
    arena_reset(&r->scratch);
    out->len = 0;
    if (!r->unit_count || !module_encode(r->m, draft(r, chosen), out, &diag)) return false;
    if (out->len == r->bytes.len && !memcmp(out->data, r->bytes.data, out->len)) return false;
    return !r->valid || is_valid_module(buf_view(out), r->features);
}

// ---- Rounds

bool round_open(Round *r, Bytes bytes, Features features, jmp_buf *failed)
{
    Diag diag;
    *r = (Round){.bytes = bytes, .features = features};
    arena_init(&r->arena);
    arena_init(&r->scratch);
    r->arena.on_failure = r->scratch.on_failure = failed;
    diag_init(&diag);
    r->types = type_store_new_distinct();
    if (!r->types || !module_decode(bytes.data, bytes.len, features, r->types, &r->m, &diag))
        return false;
    type_indexes_init(&r->indexes, r->m, &r->arena);
    r->valid = is_valid_module(bytes, features);
    return true;
}

u32 round_read_body(const Round *r, u32 func, Arena *arena, Diag *diag, InstrReader *in)
{
    u32 count = type_def(r->m->store, r->m->funcs[func].type)->param_count, more;
    Type type;
    diag_init(diag);
    instr_reader_init(in, r->m, r->m->funcs[func].body, arena, diag);
    for (u32 i = instr_local_groups(in); i > 0; i--) {
        instr_local_group(in, &more, &type);
        count += more;
    }
    return count;
}

void round_close(Round *r)
{
    module_free(r->m);
    if (r->types) type_store_free(r->types);
    arena_free(&r->arena);
    arena_free(&r->scratch);
    *r = (Round){0};
}
