// table.c -- what is in tables, as element segments. See baker.h.
//
// A table is filled first with what its type says, null or the value behind it, so only entries
// that are something else are written, in runs. Bodies may name segments, and then their types
// matter: a run takes the place of one that was dropped only where that had the type of the run's.

#include "bake/baker.h"
#include "binary/instr.h"

enum { ENTRIES_MOST = 10000000 }; // of a segment; spec: the JavaScript API, limits

bool bake_elem_stays(const Baker *b, u32 elem)
{
    const ElemSegment *s = &b->m->elems[elem];
    return s->mode == SEGMENT_declarative ||
           (s->mode == SEGMENT_passive && !b->inst->elem_dropped[elem]);
}

// ---- Runs

// May entries be indices of functions alone?
static bool takes_indices(Type elem)
{
    return !type_is_concrete(elem) && type_heap(elem) == HEAP_func;
}

// What a table is filled with. False: an object, or who knows.
static bool filled_with(const Baker *b, u32 table, Ref *out)
{
    const TableDecl *t = &b->m->tables[table];
    bool init = t->init.start != t->init.end;
    if (init && const_kind(t->value) == CONST_steps) return false; // another one each time
    *out = init ? instance_item(b->inst, t->value) : REF_NULL;
    return true;
}

static void find_in(Baker *b, u32 table)
{
    const Table *t = b->inst->tables[table];
    Ref usual;
    bool known = filled_with(b, table, &usual), indices = takes_indices(t->type.elem);
    for (u64 at = 0; at < t->size;) {
        if (known && t->elems[at] == usual) {
            at++;
            continue;
        }
        Run run = {.at = at, .table = table, .exprs = !indices};
        for (; at < t->size && run.count < ENTRIES_MOST; at++, run.count++) {
            if (known && t->elems[at] == usual) break;
            run.exprs |= !t->elems[at];
        }
        ARENA_PUSH(b->arena, b->runs, b->run_count, b->run_cap) = run;
    }
}

void bake_find_runs(Baker *b)
{
    for (u32 i = b->m->imported_tables; i < b->m->table_count; i++) find_in(b, i);
}

// ---- Segments

static Type type_of_run(const Baker *b, const Run *run)
{
    Type elem = b->m->tables[run->table].type.elem;
    return run->exprs ? elem : type_ref(false, HEAP_func);
}

// Up to the count. The flags: 1 not active, 2 declarative or with an explicit table, 4 expressions.
static void put_head(const Baker *b, Buf *out, SegmentMode mode, u32 table, u64 at, Type type,
                     bool exprs)
{
    bool active = mode == SEGMENT_active, usual = type == type_ref(exprs, HEAP_func);
    u32 flags = (active ? 0 : 1) | (exprs ? 4 : 0) |
                (active ? table || !usual : mode == SEGMENT_declarative) * 2;
    buf_leb_u(out, flags);
    if (active && flags & 2) buf_leb_u(out, table);
    if (active) bake_offset(out, b->m->tables[table].type.limits.is64, at);
    if (flags & 3 && exprs) encode_value_type(out, &b->types, type);
    else if (flags & 3) buf_byte(out, 0);
}

static void put_run(Baker *b, Buf *out, const Run *run)
{
    const Table *t = b->inst->tables[run->table];
    Place place = {.kind = EXTERN_table, .index = run->table};
    put_head(b, out, SEGMENT_active, run->table, run->at, type_of_run(b, run), run->exprs);
    buf_leb_u(out, run->count);
    for (u32 i = 0; i < run->count; i++) {
        place.entry = run->at + i;
        if (run->exprs) bake_ref(b, out, t->type.elem, t->elems[place.entry], place);
        else bake_func(b, out, t->type.elem, t->elems[place.entry], place);
    }
}

static void put_empty(const Baker *b, Buf *out, const ElemSegment *s)
{
    put_head(b, out, (SegmentMode)s->mode, s->table, 0, s->type, s->of_exprs);
    buf_leb_u(out, 0);
}

// What an item was computed to must not have been anything but itself.
static void check_items(Baker *b, u32 elem)
{
    const ElemSegment *s = &b->m->elems[elem];
    Place place = {.kind = EXTERN_COUNT, .index = elem};
    if (s->mode != SEGMENT_passive || !type_is_collected(b->m->store, s->type)) return;
    for (u32 i = 0; i < s->count; i++) {
        Buf unread;
        Ref ref = instance_item(b->inst, b->m->words[s->items + i]);
        place.entry = i;
        if (bake_can_say(b, s->type, ref)) continue;
        buf_init(&unread, b->arena);
        bake_ref(b, &unread, s->type, ref, place); // says so
    }
}

// Behind so many expressions.
static u32 exprs_end(const Baker *b, u32 at, u32 count)
{
    InstrReader r;
    Instr instr;
    Diag never;
    diag_init(&never);
    instr_reader_init(&r, b->m, (Range){at, (u32)b->m->size}, NULL, &never);
    while (count && instr_next(&r, &instr)) count -= instr.imm.op == OP_end;
    return (u32)(r.in.next - b->m->bytes);
}

static void put_kept(Baker *b, Buf *out, u32 elem)
{
    const Module *m = b->m;
    const ElemSegment *s = &m->elems[elem];
    check_items(b, elem);
    put_head(b, out, (SegmentMode)s->mode, 0, 0, s->type, s->of_exprs);
    buf_leb_u(out, s->count);
    if (s->of_exprs)
        buf_bytes(out, m->bytes + s->items_at, exprs_end(b, s->items_at, s->count) - s->items_at);
    for (u32 i = 0; i < s->count; i++) {
        Const item = m->words[s->items + i];
        if (const_kind(item) != CONST_func) continue;
        b->declared[const_index(item)] = true;
        if (!s->of_exprs) buf_leb_u(out, const_index(item));
    }
}

// ---- Functions that bodies name, and that nothing else names any more

static void find_named(const Baker *b, u8 *named)
{
    const Module *m = b->m;
    for (u32 i = m->imported_funcs; i < m->func_count; i++) {
        InstrReader r;
        Instr instr;
        Diag never;
        u32 count;
        Type type;
        diag_init(&never);
        instr_reader_init(&r, m, m->funcs[i].body, NULL, &never);
        for (u32 groups = instr_local_groups(&r); groups; groups--)
            instr_local_group(&r, &count, &type);
        while (instr_next(&r, &instr))
            if (instr.imm.op == OP_ref_func) named[instr.imm.func] = true;
    }
}

static bool is_lost(const Baker *b, u32 func)
{
    const u8 *before = b->m->declared;
    return before && before[func / 8] >> func % 8 & 1 && !b->declared[func];
}

// One segment that does nothing else. Returns how many that is.
static u32 put_lost(const Baker *b, Buf *out)
{
    u32 count = 0;
    u8 *lost = NEW_ARRAY(b->arena, u8, b->m->func_count), *named = NULL;
    for (u32 i = 0; i < b->m->func_count; i++) {
        if (!is_lost(b, i)) continue;
        if (!named) {
            named = NEW_ARRAY(b->arena, u8, b->m->func_count);
            find_named(b, named);
        }
        lost[i] = named[i];
        count += lost[i];
    }
    if (!count) return 0;
    put_head(b, out, SEGMENT_declarative, 0, 0, type_ref(false, HEAP_func), false);
    buf_leb_u(out, count);
    for (u32 i = 0; i < b->m->func_count; i++)
        if (lost[i]) buf_leb_u(out, i);
    return 1;
}

bool bake_elems(Baker *b, Buf *out)
{
    const Module *m = b->m;
    Buf items;
    u32 next = 0, count;
    buf_init(&items, b->arena);
    for (u32 i = 0; i < m->elem_count; i++) {
        const ElemSegment *s = &m->elems[i];
        const Run *run = next < b->run_count ? &b->runs[next] : NULL;
        bool fits = run && type_of_run(b, run) == s->type;
        if (bake_elem_stays(b, i)) put_kept(b, &items, i);
        else if (fits) put_run(b, &items, run), next++;
        else put_empty(b, &items, s);
    }
    count = m->elem_count + b->run_count - next;
    while (next < b->run_count) put_run(b, &items, &b->runs[next++]);
    count += put_lost(b, &items);
    if (!count) return false;
    buf_leb_u(out, count);
    buf_bytes(out, items.data, items.len);
    return true;
}
