// collect.c -- see collect.h. No step of it takes memory but the first, which makes the maps of
// frames.

#include "run/gc/collect.h"

#include "plat/clock.h"
#include "run/exec.h"
#include "run/gc/suspect.h"
#include "run/object.h"
#include "run/park.h"
#include "run/store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Marking

static void set_marks(Blocks *h, u32 first, u32 count)
{
    while (count) {
        u32 bit = first % 64, some = MIN(count, 64 - bit);
        h->marks[first / 64] |= ~(u64)0 >> (64 - some) << bit;
        first += some;
        count -= some;
    }
}

static void push(Blocks *h, u32 word)
{
    if (h->stack_count < h->stack_cap) h->stack[h->stack_count++] = word;
    else h->overflowed = true;
}

// Of an array a part, and which: above its number.
enum { ON_REST = 1, ON_CARD = 2, ON_PARTS = ON_REST | ON_CARD };
static void push_two(Blocks *h, u32 part, u32 number)
{
    if (h->stack_cap - h->stack_count < 2) {
        h->overflowed = true;
        return;
    }
    push(h, number);
    push(h, part);
}

// Between collections the stack has what was stored to. Where it is full all is looked through
// again, as if marking had filled it. What code of the processor says is not believed.
void heap_log(Exec *x, Ref object, u32 first, u32 count)
{
    Blocks *h = &exec_store(x)->heap;
    u32 *head = (u32 *)(h->base + object);
    u32 length = ((const ArrayObject *)(const void *)head)->length;
    bool inside = (u64)first + count <= length && array_fits(h, object, length, 2);
    if (!(*head & HEAD_CARDED) || !inside || count > length / 8) {
        *head &= ~(u32)HEAD_OLD;
        push(h, object);
        return;
    }
    u8 *cards = h->cards + object / CARD_BYTES;
    u32 end = (u32)(((u64)first + count + CARD_ITEMS - 1) / CARD_ITEMS);
    for (u32 card = first / CARD_ITEMS; card < end; card++) {
        if (cards[card]) continue;
        cards[card] = 1;
        push_two(h, object | ON_CARD, card);
    }
}

void heap_barrier(Exec *x, Ref object, u32 first, u32 count)
{
    u32 head = *(const u32 *)(exec_store(x)->heap.base + object);
    if (head & HEAD_OLD) heap_log(x, object, first, count);
}

// An object gets its marks when it is first seen. If the stack is full, it is found again by them.
static void mark_object(Store *s, Ref ref)
{
    Blocks *h = &s->heap;
    assert(ref % 8 == 0 && heap_has(h, ref) && *(u32 *)(h->base + ref) != HEAP_SPOILED);
    if (heap_marked(h, ref)) return;
    u32 size = object_size(s, ref);
    set_marks(h, ref / 8, size / 8);
    h->marked += size;
    if (object_has_refs(s, ref)) push(h, ref);
}

static void mark(Store *s, Ref ref)
{
    Blocks *h = &s->heap;
    if (!ref_is_object(ref)) return;
    h->looked_at++;
    if (heap_marked(h, ref)) return;
    __builtin_prefetch(h->base + ref);
    Ref *at = &h->queue[h->queue_at++ % COUNT_OF(h->queue)], oldest = *at;
    *at = ref;
    if (oldest) mark_object(s, oldest);
}

// False: it was empty.
static bool mark_queued(Store *s)
{
    Blocks *h = &s->heap;
    bool any = false;
    for (u32 i = 0; i < COUNT_OF(h->queue); i++) {
        Ref *at = &h->queue[h->queue_at++ % COUNT_OF(h->queue)], ref = *at;
        *at = REF_NULL;
        if (ref) mark_object(s, ref);
        any |= ref != REF_NULL;
    }
    return any;
}

static void mark_slot(void *env, u64 *slot) { mark(env, (Ref)*slot); }

static void mark_values(Store *s, const Type *types, u32 count, const u64 *slots)
{
    for (u32 i = 0; i < count; slots += type_slots(types[i++]))
        if (type_is_collected(s->types, types[i])) mark(s, (Ref)*slots);
}

static void mark_struct(Store *s, const TypeLayout *layout, const u8 *object)
{
    for (u32 i = 0; i < layout->ref_words; i++)
        for (u32 bits = layout->refs[i]; bits; bits &= bits - 1)
            mark(s, *(const Ref *)(object + 4 * (32 * i + (u32)__builtin_ctz(bits))));
}

static bool is_carded(const Store *s, Ref ref, const TypeDef *type)
{
    return has_objects && type->kind == COMP_array &&
           s->heap.states[ref / BLOCK_BYTES] == HOLDS_pages;
}

static void mark_items(Store *s, const ArrayObject *a, u32 first, u32 count)
{
    const Ref *items = (const Ref *)(const void *)a->items;
    for (u32 i = first; i < first + count; i++) mark(s, items[i]);
}

// The rest of a long array waits below what the first piece names, or the stack would have to hold
// it all.
static void mark_array(Store *s, Ref ref, u32 from)
{
    enum { PIECE = 512 };
    const ArrayObject *a = (const ArrayObject *)(s->heap.base + ref);
    u32 count = MIN(a->length - from, PIECE);
    if (count < a->length - from) push_two(&s->heap, ref | ON_REST, from + count);
    mark_items(s, a, from, count);
}

static void mark_part(Store *s, Ref top, u32 number)
{
    Ref ref = top & ~(u32)ON_PARTS;
    const ArrayObject *a = (const ArrayObject *)(s->heap.base + ref);
    u32 first = number * CARD_ITEMS;
    if (top & ON_REST) mark_array(s, ref, number);
    else {
        s->heap.cards[ref / CARD_BYTES + number] = 0;
        mark_items(s, a, first, MIN(a->length - first, CARD_ITEMS));
    }
}

// From here on it is old.
static void mark_within(Store *s, Ref ref)
{
    const Exception *e = ref_to_exception(s, ref);
    const TypeDef *type = exception_type(s, e);
    *(u32 *)(s->heap.base + ref) |= HEAD_OLD | (is_carded(s, ref, type) ? HEAD_CARDED : 0);
    if (has_objects && type->kind == COMP_struct)
        mark_struct(s, type_layout(type), (const u8 *)e);
    else if (has_objects && type->kind == COMP_array) mark_array(s, ref, 0);
    else mark_values(s, type->params, type->param_count, e->values);
}

static void mark_reached(Store *s)
{
    Blocks *h = &s->heap;
    while (h->stack_count || (mark_queued(s) && h->stack_count)) {
        Ref top = h->stack[--h->stack_count];
        if (has_objects && top & ON_PARTS) mark_part(s, top, h->stack[--h->stack_count]);
        else mark_within(s, top);
    }
}

typedef void ObjectVisitor(Store *s, Ref ref);

// The first at a mark or behind it; REF_NULL: there is none. One in pages may go on in blocks
// behind its own.
static Ref marked_from(const Store *s, u32 mark)
{
    const Blocks *h = &s->heap;
    for (u32 b = heap_block_from(h, MAX(mark / BLOCK_MARKS, 1)); b < h->blocks;
         b = heap_block_from(h, b + 1)) {
        u32 end = (b + 1) * BLOCK_MARKS, at = heap_find(h, MAX(mark, b * BLOCK_MARKS), end, true);
        if (at < end) return at * 8;
    }
    return REF_NULL;
}

#define EACH_MARKED(s, ref)                                                                        \
    for (Ref ref = marked_from(s, 0); ref; ref = marked_from(s, (ref + object_size(s, ref)) / 8))

static void each_marked(Store *s, ObjectVisitor *visit)
{
    EACH_MARKED(s, ref) visit(s, ref);
}

void heap_living(const Store *s, u64 *objects, u64 *bytes)
{
    *objects = *bytes = 0;
    suspects_mark(s, false);
    EACH_MARKED(s, ref) {
        ++*objects;
        *bytes += object_size(s, ref);
    }
    suspects_mark(s, true);
}

static void mark_again(Store *s, Ref ref)
{
    if (!object_has_refs(s, ref)) return;
    mark_within(s, ref);
    mark_reached(s);
}

static void mark_all(Store *s)
{
    mark_reached(s);
    while (s->heap.overflowed) {
        s->heap.overflowed = false;
        each_marked(s, mark_again);
    }
}

// ---- Roots

// Minor collections look through all of them too. So the budget counts them as living: who has
// much of it is not made to do that often.
static void mark_table(Store *s, const Ref *elems, u64 count)
{
    for (u64 i = 0; i < count; i++) mark(s, elems[i]);
    s->heap.roots += count * sizeof *elems;
}

static void mark_instance(Store *s, const Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = m->imported_globals; i < m->global_count; i++)
        mark_values(s, &m->globals[i].type.type, 1, inst->globals[i]->value);
    s->heap.roots += (u64)(m->global_count - m->imported_globals) * sizeof(Global);
    mark_table(s, inst->items, m->computed_items);
}

static void mark_roots(Store *s, const Position *from)
{
    Exec *x = &s->exec;
    for (const Instance *i = s->rooted; i; i = i->next_rooted) mark_instance(s, i);
    for (const HostGlobal *g = s->globals; g; g = g->next)
        mark_values(s, &g->global.type.type, 1, g->global.value);
    for (const Table *t = s->tables; t; t = t->next)
        if (type_is_collected(s->types, t->type.elem)) mark_table(s, t->elems, t->size);
    for (const HeldRefs *r = x->held; r; r = r->next) {
        mark_values(s, r->types, r->count, r->slots);
        s->heap.roots += (u64)r->count * sizeof *r->slots;
    }
    mark(s, x->exception);
    mark(s, x->thrown);
    if (from) frame_roots(x, from, mark_slot, s);
    if (from) s->heap.roots += (u64)((u8 *)from->frame - (u8 *)x->stack);
    for (Parked *p = x->parked; p; p = p->next) {
        Position place = park_place(p);
        frame_roots(x, &place, mark_slot, s);
        s->heap.roots += p->frames;
    }
}

// ---- Tests

// Not assert: it was asked for, or the build is one that is to find mistakes.
static void must(bool good, const char *what)
{
    if (good) return;
    fprintf(stderr, "weft: the heap is broken: %s\n", what);
    abort();
}

static bool is_marked(const Store *s, Ref ref)
{
    return ref % 8 == 0 && heap_has(&s->heap, ref) && heap_marked(&s->heap, ref);
}

static void verify_ref(const Store *s, Ref ref)
{
    must(!ref_is_object(ref) || is_marked(s, ref), "an object refers to what is none");
}

static void verify_exception(const Store *s, const Exception *e)
{
    must(e->tag < s->tag_count && s->tags[e->tag], "an exception has no tag");
    must(e->head >> HEAD_BITS == s->tags[e->tag]->type, "an exception is of another type");
    const TypeDef *type = exception_type(s, e);
    const u64 *slot = e->values;
    for (u32 i = 0; i < type->param_count; slot += type_slots(type->params[i++]))
        if (type_is_collected(s->types, type->params[i])) verify_ref(s, (Ref)*slot);
}

static void verify_fields(const Store *s, const TypeDef *type, const u8 *object)
{
    for (u32 i = 0; i < type_stored_fields(type); i++) {
        if (!type_is_collected(s->types, type->fields[i].type)) continue;
        Ref ref = *(const Ref *)(object + type->fields[i].at);
        must(i < type->field_count || ref, "an object has no descriptor");
        verify_ref(s, ref);
    }
}

static void verify_items(const Store *s, const TypeDef *type, const ArrayObject *a)
{
    bool refs = type_is_collected(s->types, type->fields[0].type);
    const u8 *cards = s->heap.cards + ((const u8 *)a - s->heap.base) / CARD_BYTES;
    for (u32 i = 0; refs && i < a->length; i++)
        if (!(a->head & HEAD_CARDED) || !cards[i / CARD_ITEMS])
            verify_ref(s, ((const Ref *)(const void *)a->items)[i]);
}

static void verify_extent(const Store *s, Ref ref, u32 size)
{
    u32 end = ref + size;
    must(heap_find(&s->heap, ref / 8, end / 8, false) == end / 8, "an object is marked in part");
    bool pages = s->heap.states[ref / BLOCK_BYTES] == HOLDS_pages;
    must(pages || (end - 1) / BLOCK_BYTES == ref / BLOCK_BYTES, "an object goes beyond its block");
    must(!pages || (size > OBJECT_MOST && ref % PAGE_BYTES == 0), "a small object has pages");
}

static void verify_object(Store *s, Ref ref)
{
    const HostValue *host = (const HostValue *)(s->heap.base + ref);
    if (host->head == TYPE_ID_HOST << HEAD_BITS) { // and no flags
        must(host->index < s->hosts.cap && s->hosts.entries[host->index].ref == ref,
             "a value of the host's is not in its table");
        return;
    }
    const TypeDef *type = type_def(s->types, host->head >> HEAD_BITS);
    must(type, "an object has no type");
    u32 flags = !object_has_refs(s, ref) ? 0
                : is_carded(s, ref, type) ? HEAD_OLD | HEAD_CARDED
                                          : HEAD_OLD;
    must((host->head & HEAD_FLAGS) == flags, "an object has wrong flags");
    verify_extent(s, ref, object_size(s, ref));
    switch ((CompKind)type->kind) {
    case COMP_func: verify_exception(s, ref_to_exception(s, ref)); break;
    case COMP_struct: verify_fields(s, type, (const u8 *)host); break;
    case COMP_array: verify_items(s, type, (const ArrayObject *)host); break;
    default: must(false, "an object is of no kind that there is");
    }
}

// Who is old has references to old objects only, unless it is on the stack: of which one that has
// parts knows by itself.
static void verify_old(Store *s, Ref ref)
{
    u32 head = *(const u32 *)(s->heap.base + ref);
    if (head & HEAD_OLD || !object_has_refs(s, ref)) verify_object(s, ref);
    else s->heap.logged++;
}

static void verify_before(Store *s)
{
    Blocks *h = &s->heap;
    u32 on_stack = 0;
    h->logged = 0;
    each_marked(s, verify_old);
    for (u32 i = h->stack_count; i; on_stack++)
        if (h->stack[--i] & ON_PARTS) i--, on_stack--;
    must(h->logged == on_stack || h->overflowed, "what was stored to is not on the stack");
}

// ---- The collection

// Fuel runs out between places too, where nobody knows what is home. Nor does anybody know what an
// initial value has computed so far.
static bool can_look(const Exec *x, const Position *from)
{
    if (exec_store(x)->computing) return false;
    if (from == &x->at && !x->depth && x->trap == TRAP_out_of_fuel) return false;
    for (const Parked *p = x->parked; p; p = p->next)
        if (p->stopped == TRAP_out_of_fuel) return false;
    return true;
}

static bool make_maps(const Exec *x, const Position *from)
{
    if (from && !frame_maps(from)) return false;
    for (Parked *p = x->parked; p; p = p->next) {
        Position place = park_place(p);
        if (!frame_maps(&place)) return false;
    }
    return true;
}

bool heap_can_look(Store *s, const Position *from)
{
    return can_look(&s->exec, from) && make_maps(&s->exec, from);
}

static void clear_marks(Blocks *h)
{
    EACH_BLOCK(h, b)
        if (h->states[b] >= HOLDS_used)
            memset(&h->marks[b * (BLOCK_MARKS / 64)], 0, BLOCK_MARKS / 8);
}

// What this one found says when the next is due, and of which kind. No clock is asked: the same
// program collects at the same places on any machine.
static void plan(Blocks *h, bool major)
{
    enum { PAUSE = 250000 }; // references that take some ten milliseconds to look at
    h->taken_before = major ? 0 : h->taken_before + h->taken;
    h->taken = 0;
    h->minors = major ? 0 : h->minors + 1;
    h->live = h->marked + (major ? 0 : h->live);
    // Where little lives in each block there is no use in looking for more.
    u64 blocks = MAX(h->live / 4 * 5, (u64)heap_blocks_used(h) * BLOCK_BYTES) + h->live / 2;
    if (major) h->used_most = (u32)(blocks / BLOCK_BYTES) + USED_LEAST;
    u64 most = h->budget_most;
    if (!major && h->looked_at > PAUSE) most = MAX(most / 4, most * PAUSE / h->looked_at);
    else if (!major && h->looked_at < PAUSE / 2) most *= 2;
    h->budget_most = most = MIN(MAX(most, BUDGET_LEAST), BUDGET_MOST);
    h->budget = MIN(MAX((h->live + h->roots) / 2, BUDGET_LEAST), MAX(most, h->roots / 2));
}

// Where the stack does not know of all.
static void clear_cards(Blocks *h)
{
    EACH_BLOCK(h, b)
        if (h->states[b] == HOLDS_pages)
            memset(h->cards + (size_t)b * BLOCK_CARDS, 0, BLOCK_CARDS);
}

static void find_live(Store *s, const Position *from, bool major, bool urgent)
{
    Blocks *h = &s->heap;
    if (major || h->overflowed) clear_cards(h);
    if (major) {
        clear_marks(h);
        h->stack_count = 0;
        h->overflowed = false;
    }
    h->marked = h->roots = 0;
    mark_roots(s, from);
    h->looked_at = 0;
    mark_all(s);
    hosts_swept(s, major);
    if (heap_checked(s) && !urgent) suspects_find(s, from);
    heap_swept(s, major, urgent);
    plan(h, major);
}

static bool collect(Store *s, const Position *from, bool major, bool urgent)
{
    Blocks *h = &s->heap;
    if (!h->base) return true;
    if (!can_look(&s->exec, from) || !make_maps(&s->exec, from)) return false;
    suspects_check(s, from);
    if (heap_checked(s)) verify_before(s);
    u64 before = h->live + h->taken, start = s->collected ? plat_clock_now(CLOCK_monotonic) : 0;
    find_live(s, from, major, urgent);
    if (s->collected) {
        u64 ns = plat_clock_now(CLOCK_monotonic) - start;
        Collection done = {major, ns, before, h->live, h->budget, h->held};
        s->collected(s->collected_env, &done);
    }
    h->spoiled = heap_checked(s);
    if (heap_checked(s)) {
        suspects_mark(s, false);
        each_marked(s, verify_object);
        heap_spoil(h);
        suspects_mark(s, true);
    }
    return true;
}

// Tests collect before each object. Where the heap is large so much is made first that it ends.
enum { STRESS_BLOCKS = 32, STRESS_PART = 64 };

static bool stressed(const Store *s) { return s->gc_stress && s->heap.held <= STRESS_BLOCKS; }

static bool is_due(const Store *s)
{
    const Blocks *h = &s->heap;
    u64 budget = s->gc_stress ? (u64)h->held * (BLOCK_BYTES / STRESS_PART) : h->budget;
    return stressed(s) || h->taken >= budget;
}

bool heap_collect(Store *s, const Position *from) { return collect(s, from, true, true); }

bool heap_stress(Store *s, const Position *from) { return collect(s, from, s->heap.minors, false); }

// When what is in use has grown by much that may be dead; and now and then in any case, since the
// host wants to know which of its values ended. Tests have each kind in turn.
static bool major_is_due(const Store *s)
{
    enum { OFTEN = 16 }; // so much is made for what lives before it is looked through again
    const Blocks *h = &s->heap;
    if (s->gc_stress) return h->minors;
    return heap_blocks_used(h) > h->used_most ||
           h->taken_before / OFTEN > MAX(h->live + h->roots, BUDGET_LEAST);
}

enum { WORTH = 32 }; // of a limit, so much must have been used since the last major collection

// Room from where there is no more of what was found last. 0: none, or nobody could look for it.
static Ref alloc_slowly(Store *s, const Position *from, u32 size, u64 worth)
{
    Exec *x = &s->exec;
    Blocks *h = &s->heap;
    bool may = h->base && can_look(x, from);
    bool due = may && is_due(s), major = due && major_is_due(s);
    if (due && !collect(s, from, major, false)) {
        may = major = false;
        h->taken_before += h->taken; // to be tried again when as much was made
        h->taken = 0;
    }
    Ref ref = heap_take(s, size);
    if (stressed(s)) x->alloc_end = x->alloc; // the next one comes here too
    if (ref || major || !may || h->taken + h->taken_before < worth || !heap_collect(s, from))
        return ref;
    s->met = STORE_LIMIT_COUNT; // what stood in the way then
    return heap_take(s, size);
}

// Who cannot be looked at does without, as long as there is room. At the limit nobody collects for
// a little, again and again: some of it must have been used since the last time. What is refused
// ends what the guest does, and whoever comes next may look again.
Ref heap_alloc(Store *s, const Position *from, u32 size)
{
    Exec *x = &s->exec;
    if (LIKELY(x->alloc_end - x->alloc >= size && size <= OBJECT_MOST)) {
        x->alloc += size;
        return x->alloc - size;
    }
    u64 worth = s->accounts[STORE_heap_bytes].limit / WORTH;
    Ref ref = alloc_slowly(s, from, size, worth);
    if (!ref) s->heap.taken = MAX(s->heap.taken, worth);
    return ref;
}
