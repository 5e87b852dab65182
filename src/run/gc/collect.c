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

static void set_marks(u64 *marks, u32 first, u32 count)
{
    while (count) {
        u32 bit = first % 64, some = MIN(count, 64 - bit);
        marks[first / 64] |= ~(u64)0 >> (64 - some) << bit;
        first += some;
        count -= some;
    }
}

static void push(Marking *m, u32 word)
{
    if (m->stack_count < m->stack_cap) m->stack[m->stack_count++] = word;
    else m->overflowed = true;
}

// Of an array a part, and which: above its number. Or a reference whose object may have no marks.
enum { ON_REST = 1, ON_CARD = 2, ON_PARTS = ON_REST | ON_CARD, ON_WAIT = 4 };
static void push_two(Marking *m, u32 part, u32 number)
{
    if (m->stack_cap - m->stack_count < 2) {
        m->overflowed = true;
        return;
    }
    push(m, number);
    push(m, part);
}

enum { PIECE = 512 }; // items of an array that are looked at at once
static u64 work_of(u32 size) { return MIN(size, PIECE * sizeof(Ref)); }

// What a major collection that is under way need not look for is what has its mark, and what was
// made since it began: that has its mark, if it lives, after the next minor one.
static bool is_seen(const Blocks *h, const Marking *m, Ref ref)
{
    return marks_has(m->marks, ref) || (m == &h->anew && !heap_marked(h, ref));
}

// An object gets its marks when it is first seen. If the stack is full, it is found again by them.
static void mark_object(Store *s, Marking *m, Ref ref)
{
    Blocks *h = &s->heap;
    u32 size;
    if (is_seen(h, m, ref) || UNLIKELY(!heap_has(h, ref))) return;
    const TypeDef *type = object_def(s->types, &s->heap, ref, &size);
    set_marks(m->marks, ref / 8, size / 8);
    m->marked += size;
    m->work += work_of(size);
    if (m == &h->found && h->running) {
        set_marks(h->anew.marks, ref / 8, size / 8);
        h->anew.marked += size;
    }
    if (object_is_cont(s, ref) || (type && type_has_refs(s->types, type))) push(m, ref);
}

// What can be no object, which a confused guest may have left there, is none.
static void mark(Store *s, Marking *m, Ref ref)
{
    Blocks *h = &s->heap;
    if (!ref || ref % 8 || ref / BLOCK_BYTES >= h->blocks) return;
    m->looked_at++;
    if (is_seen(h, m, ref)) return;
    if (m->waits && m->stack_count < m->stack_cap) {
        push(m, ref | ON_WAIT);
        return;
    }
    __builtin_prefetch(h->base + ref);
    Ref *at = &m->queue[m->queue_at++ % COUNT_OF(m->queue)], oldest = *at;
    *at = ref;
    if (oldest) mark_object(s, m, oldest);
}

// False: it was empty.
static bool mark_queued(Store *s, Marking *m)
{
    bool any = false;
    for (u32 i = 0; i < COUNT_OF(m->queue); i++) {
        Ref *at = &m->queue[m->queue_at++ % COUNT_OF(m->queue)], ref = *at;
        *at = REF_NULL;
        if (ref) mark_object(s, m, ref);
        any |= ref != REF_NULL;
    }
    return any;
}

// Is shown null and i31 too.
typedef void RootVisitor(Store *s, Ref ref);

static void mark_found(Store *s, Ref ref) { mark(s, &s->heap.found, ref); }
static void mark_anew(Store *s, Ref ref) { mark(s, &s->heap.anew, ref); }

static void visit_values(Store *s, const Type *types, u32 count, const u64 *slots,
                         RootVisitor *visit)
{
    for (u32 i = 0; i < count; slots += type_slots(types[i++]))
        if (type_is_collected(s->types, types[i])) visit(s, (Ref)*slots);
}

static void mark_struct(Store *s, Marking *m, const TypeLayout *layout, const u8 *object)
{
    for (u32 i = 0; i < layout->ref_words; i++)
        for (u32 bits = layout->refs[i]; bits; bits &= bits - 1)
            mark(s, m, *(const Ref *)(object + 4 * (32 * i + (u32)__builtin_ctz(bits))));
}

static bool is_carded(const Store *s, Ref ref, const TypeDef *type)
{
    return has_objects && type->kind == COMP_array &&
           s->heap.states[ref / BLOCK_BYTES] == HOLDS_pages;
}

static void mark_items(Store *s, Marking *m, const ArrayObject *a, u32 first, u32 count)
{
    const Ref *items = (const Ref *)(const void *)a->items;
    for (u32 i = first; i < first + count; i++) mark(s, m, items[i]);
}

// Of what was an array of references once, whatever stands there by now.
static u32 items_of(const Store *s, Ref ref)
{
    u32 length = array_length(s, ref);
    return array_fits(&s->heap, ref, length, 2) ? length : 0;
}

// The rest of a long array waits below what the first piece names, or the stack would have to hold
// it all. Who cannot wait for that has it looked at now.
static void mark_array(Store *s, Marking *m, Ref ref, u32 from)
{
    const ArrayObject *a = (const ArrayObject *)(s->heap.base + ref);
    u32 length = items_of(s, ref), count = length - from;
    if (from >= length) return;
    if (count > PIECE && !m->waits) {
        count = PIECE;
        push_two(m, ref | ON_REST, from + count);
    }
    mark_items(s, m, a, from, count);
}

static void mark_card(Store *s, Marking *m, Ref ref, u32 number)
{
    const ArrayObject *a = (const ArrayObject *)(s->heap.base + ref);
    u32 length = items_of(s, ref), first = number * CARD_ITEMS;
    if (first < length) mark_items(s, m, a, first, MIN(length - first, CARD_ITEMS));
}

static void mark_part(Store *s, Marking *m, Ref top, u32 number)
{
    Ref ref = top & ~(u32)ON_PARTS;
    if (top & ON_REST) {
        m->work += PIECE * sizeof(Ref);
        mark_array(s, m, ref, number);
    } else {
        s->heap.cards[ref / CARD_BYTES + number] = 0;
        mark_card(s, m, ref, number);
    }
}

typedef struct {
    Store *store;
    RootVisitor *visit;
} Roots;

static void visit_slot(void *env, u64 *slot)
{
    const Roots *r = env;
    r->visit(r->store, (Ref)*slot);
}

static void mark_cont(Store *s, Marking *m, Ref ref)
{
    Roots r = {s, m == &s->heap.anew ? mark_anew : mark_found};
    m->work += cont_bytes(s, ref);
    cont_each_ref(s, ref, visit_slot, &r);
}

static void mark_within(Store *s, Marking *m, Ref ref, const TypeDef *type)
{
    if (object_is_cont(s, ref)) {
        mark_cont(s, m, ref);
        return;
    }
    const Exception *e = ref_to_exception(s, ref);
    if (has_objects && type->kind == COMP_struct)
        mark_struct(s, m, type_layout(type), (const u8 *)e);
    else if (has_objects && type->kind == COMP_array) mark_array(s, m, ref, 0);
    else visit_values(s, type->params, type->param_count, e->values,
                      m == &s->heap.anew ? mark_anew : mark_found);
}

// From here on it is old.
static void set_old(Store *s, Ref ref, const TypeDef *type)
{
    bool carded = type && is_carded(s, ref, type);
    *(u32 *)(s->heap.base + ref) |= HEAD_OLD | (carded ? HEAD_CARDED : 0);
}

static void look_within(Store *s, Marking *m, Ref ref)
{
    u32 size;
    const TypeDef *type = object_def(s->types, &s->heap, ref, &size);
    if (!type && !object_is_cont(s, ref)) return;
    if (m == &s->heap.found) set_old(s, ref, type);
    mark_within(s, m, ref, type);
}

typedef void ObjectVisitor(Store *s, Ref ref);

// The first at a mark or behind it; REF_NULL: there is none. One in pages may go on in blocks
// behind its own.
static Ref marked_from(const Blocks *h, const u64 *marks, u32 mark)
{
    for (u32 b = heap_block_from(h, MAX(mark / BLOCK_MARKS, 1)); b < h->blocks;
         b = heap_block_from(h, b + 1)) {
        u32 from = MAX(mark, b * BLOCK_MARKS), end = (b + 1) * BLOCK_MARKS;
        u32 at = marks_find(marks, from, end, true);
        if (at < end) return at * 8;
    }
    return REF_NULL;
}

#define MARKED_FROM(s, mark) marked_from(&(s)->heap, (s)->heap.found.marks, mark)
#define EACH_MARKED(s, ref)                                                                        \
    for (Ref ref = MARKED_FROM(s, 0); ref; ref = MARKED_FROM(s, (ref + object_size(s, ref)) / 8))

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

void heap_each(Store *s, void (*visit)(void *env, Ref ref), void *env)
{
    suspects_mark(s, false);
    EACH_MARKED(s, ref) visit(env, ref);
    suspects_mark(s, true);
}

// What found no room on the stack is looked at after all else: all that has marks, one by one.
static bool mark_again(Store *s, Marking *m)
{
    if (!m->again && !m->overflowed) return false;
    if (!m->again) m->overflowed = false;
    Ref ref = marked_from(&s->heap, m->marks, m->again);
    u32 size = ref ? object_size(s, ref) : 0;
    m->again = (ref + size) / 8;
    if (ref && object_has_refs(s, ref)) look_within(s, m, ref);
    m->work += work_of(size);
    return true;
}

// Looks at what is next. False: nothing is left.
static bool mark_next(Store *s, Marking *m)
{
    if (!m->stack_count) return mark_queued(s, m) || mark_again(s, m);
    Ref top = m->stack[--m->stack_count];
    if (top & ON_WAIT) {
        m->work += sizeof top;
        mark(s, m, top - ON_WAIT);
    } else if (has_objects && top & ON_PARTS) {
        mark_part(s, m, top, m->stack[--m->stack_count]);
    } else {
        look_within(s, m, top);
    }
    return true;
}

static void mark_all(Store *s, Marking *m)
{
    m->waits = false;
    while (mark_next(s, m)) {}
}

// ---- What was stored to

// Its references, as they are now, are what a major collection that is under way is to look at.
void heap_hand_over(Store *s, Ref object)
{
    if (s->heap.running) look_within(s, &s->heap.anew, object);
}

// Between collections the stack has what was stored to. Where it is full all is looked through
// again, as if marking had filled it. What code of the processor says is not believed.
void heap_log(Exec *x, Ref object, u32 first, u32 count)
{
    Store *s = exec_store(x);
    Blocks *h = &s->heap;
    if (!heap_room(h, object)) return;
    u32 *head = (u32 *)(h->base + object);
    u32 length = ((const ArrayObject *)(const void *)head)->length;
    bool inside = (u64)first + count <= length && array_fits(h, object, length, 2);
    // Meanwhile it is not looked through as a whole because of many pieces: that may take long.
    bool much = !h->running && count > length / 8;
    if (!(*head & HEAD_CARDED) || !inside || much) {
        heap_hand_over(s, object);
        *head &= ~(u32)HEAD_OLD;
        push(&h->found, object);
        return;
    }
    u8 *cards = h->cards + object / CARD_BYTES;
    u32 end = (u32)(((u64)first + count + CARD_ITEMS - 1) / CARD_ITEMS);
    for (u32 card = first / CARD_ITEMS; card < end; card++) {
        if (cards[card]) continue;
        cards[card] = 1;
        if (h->running) mark_card(s, &h->anew, object, card);
        push_two(&h->found, object | ON_CARD, card);
    }
}

void heap_barrier(Exec *x, Ref object, u32 first, u32 count)
{
    u32 head = *(const u32 *)(exec_store(x)->heap.base + object);
    if (head & HEAD_OLD) heap_log(x, object, first, count);
}

void heap_found_again(Store *s, Ref ref)
{
    if (s->heap.running) mark_anew(s, ref);
}

// ---- Roots

// Minor collections look through all of them too. So the budget counts them as living: who has
// much of it is not made to do that often.
static void visit_table(Store *s, const Ref *elems, u64 count, RootVisitor *visit)
{
    for (u64 i = 0; i < count; i++)
        if (ref_is_object(elems[i])) visit(s, elems[i]);
    s->heap.roots += count * sizeof *elems;
}

static void visit_instance(Store *s, const Instance *inst, RootVisitor *visit)
{
    const Module *m = inst->module;
    for (u32 i = m->imported_globals; i < m->global_count; i++)
        visit_values(s, &m->globals[i].type.type, 1, inst->globals[i]->value, visit);
    s->heap.roots += (u64)(m->global_count - m->imported_globals) * sizeof(Global);
    visit_table(s, inst->items, m->computed_items, visit);
}

// What a stack takes: going from a frame to the next, as long as looking at so much of a table.
enum { FRAME_WEIGHT = 128 };
static void visit_frames(Store *s, const Position *from, u64 bytes, Roots *r)
{
    u32 frames = frame_roots(&s->exec, from, visit_slot, r);
    s->heap.roots += bytes + (u64)frames * FRAME_WEIGHT;
}

static void each_root(Store *s, const Position *from, RootVisitor *visit)
{
    Exec *x = &s->exec;
    Roots r = {s, visit};
    s->heap.roots = 0;
    for (const Instance *i = s->rooted; i; i = i->next_rooted) visit_instance(s, i, visit);
    for (const HostGlobal *g = s->globals; g; g = g->next)
        visit_values(s, &g->global.type.type, 1, g->global.value, visit);
    for (const Table *t = s->tables; t; t = t->next)
        if (type_is_collected(s->types, t->type.elem)) visit_table(s, t->elems, t->size, visit);
    for (const HeldRefs *h = x->held; h; h = h->next) {
        visit_values(s, h->types, h->count, h->slots, visit);
        s->heap.roots += (u64)h->count * sizeof *h->slots;
    }
    // Gone through too, in a row; more would let the table grow with what may be made in between.
    s->heap.roots += (u64)s->hosts.cap * sizeof(Ref);
    visit(s, x->exception);
    visit(s, x->thrown);
    if (from) visit_frames(s, from, (u64)((u8 *)from->frame - (u8 *)x->stack), &r);
    for (Parked *p = x->parked; p; p = p->next) {
        Position place = park_place(p);
        visit_frames(s, &place, p->frames, &r);
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

static void verify_ref(Store *s, Ref ref)
{
    must(!ref_is_object(ref) || is_marked(s, ref), "an object refers to what is none");
}

static void verify_exception(Store *s, const Exception *e)
{
    must(e->tag < s->tag_count && s->tags[e->tag], "an exception has no tag");
    must(e->head >> HEAD_BITS == s->tags[e->tag]->type, "an exception is of another type");
    const TypeDef *type = exception_type(s, e);
    const u64 *slot = e->values;
    for (u32 i = 0; i < type->param_count; slot += type_slots(type->params[i++]))
        if (type_is_collected(s->types, type->params[i])) verify_ref(s, (Ref)*slot);
}

static void verify_fields(Store *s, const TypeDef *type, const u8 *object)
{
    for (u32 i = 0; i < type_stored_fields(type); i++) {
        if (!type_is_collected(s->types, type->fields[i].type)) continue;
        Ref ref = *(const Ref *)(object + type->fields[i].at);
        must(i < type->field_count || ref, "an object has no descriptor");
        verify_ref(s, ref);
    }
}

static void verify_items(Store *s, const TypeDef *type, const ArrayObject *a)
{
    bool refs = type_is_collected(s->types, type->fields[0].type);
    const u8 *cards = s->heap.cards + ((const u8 *)a - s->heap.base) / CARD_BYTES;
    for (u32 i = 0; refs && i < a->length; i++)
        if (!(a->head & HEAD_CARDED) || !cards[i / CARD_ITEMS])
            verify_ref(s, ((const Ref *)(const void *)a->items)[i]);
}

static void verify_slot(void *env, u64 *slot) { verify_ref(env, (Ref)*slot); }

static void verify_cont(Store *s, Ref ref)
{
    u32 entry = ((const ContObject *)(const void *)(s->heap.base + ref))->entry;
    must(!entry || (entry < s->conts.count && s->conts.of[entry].ref == ref),
         "a continuation is not in its table");
    cont_each_ref(s, ref, verify_slot, s);
}

static void verify_extent(const Store *s, Ref ref, u32 size)
{
    u32 end = ref + size;
    must(marks_find(s->heap.found.marks, ref / 8, end / 8, false) == end / 8,
         "an object is marked in part");
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
    if (object_is_cont(s, ref)) {
        must((host->head & HEAD_FLAGS) == HEAD_OLD, "an object has wrong flags");
        verify_cont(s, ref);
        return;
    }
    const TypeDef *type = type_def_any(s->types, host->head >> HEAD_BITS);
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
    for (u32 i = h->found.stack_count; i; on_stack++)
        if (h->found.stack[--i] & ON_PARTS) i--, on_stack--;
    must(h->logged == on_stack || h->found.overflowed, "what was stored to is not on the stack");
}

// ---- Whether it can be made

// Nobody knows what an initial value has computed so far; or, while the host is told of values that
// ended, in the middle of something else that it asked for, what that is about to give.
static bool can_look(const Store *s) { return !s->computing && !s->telling; }

static bool make_maps(const Exec *x, const Position *from)
{
    if (from && !frame_maps(from)) return false;
    for (Parked *p = x->parked; p; p = p->next) {
        Position place = park_place(p);
        if (!frame_maps(&place)) return false;
    }
    return !has_conts || conts_map((Store *)(uintptr_t)exec_store(x));
}

bool heap_can_look(Store *s, const Position *from)
{
    return can_look(s) && make_maps(&s->exec, from);
}

// ---- Major collections, in slices
//
// One begins behind a minor one: then all that lives has marks, and nothing is on the stack. What
// the roots refer to then, and all that is reached from there, is what it finds, whatever is done
// meanwhile (a snapshot): who changes an old object hands its references over before. What is made
// meanwhile lives for it once a minor collection has found it. So it ends behind a minor one too:
// its marks take the place of the others.

enum {
    SLICE = 256 << 10,        // bytes: a millisecond, or two
    SLICE_MOST = 4 * SLICE,
    RATE = 4, RATE_MOST = 16,
};

static bool nothing_left(const Marking *m)
{
    u32 queued = 0;
    for (u32 i = 0; i < COUNT_OF(m->queue); i++) queued |= m->queue[i];
    return !m->stack_count && !queued && !m->again && !m->overflowed;
}

// It has to come to its end before there is no room left; there is for what it is given at least.
static void begin_major(Store *s, const Position *from)
{
    Blocks *h = &s->heap;
    const Account *a = &s->accounts[STORE_heap_bytes];
    u64 room = MIN((u64)a->limit - account_used(a), MAX(h->live / 2, GROWTH_LEAST)) + BLOCK_BYTES;
    h->running = true;
    h->drained = false;
    h->anew.waits = true;
    h->anew.marked = 0;
    h->paid = (s64)h->taken;
    h->rate = (u32)MIN(MAX(h->live * 2 / room, RATE), RATE_MOST);
    h->held_most = h->held + (u32)(room / BLOCK_BYTES);
    h->steps = 0;
    each_root(s, from, mark_anew);
}

static void clear_marks(const Blocks *h, u64 *marks)
{
    EACH_BLOCK(h, b)
        if (h->states[b] >= HOLDS_used) memset(&marks[b * (BLOCK_MARKS / 64)], 0, BLOCK_MARKS / 8);
}

// Whatever it found so far.
static void forget_major(Blocks *h)
{
    Marking *m = &h->anew;
    if (!h->running) return;
    clear_marks(h, m->marks);
    memset(m->queue, 0, sizeof m->queue);
    m->stack_count = m->again = 0;
    m->overflowed = h->running = false;
}

// All that is left of it, behind a minor one.
static void end_major(Store *s)
{
    Blocks *h = &s->heap;
    mark_all(s, &h->anew);
    u64 *marks = h->found.marks;
    h->found.marks = h->anew.marks;
    h->anew.marks = marks;
    clear_marks(h, marks);
    h->running = false;
}

// Goes on with it, for so much.
static void mark_some(Store *s, u64 work)
{
    Blocks *h = &s->heap;
    h->anew.waits = false;
    h->anew.work = 0;
    while (h->anew.work < work && mark_next(s, &h->anew)) {}
    h->anew.waits = true;
    h->drained = nothing_left(&h->anew);
}

// ---- The collection

// When what is in use has grown by much that may be dead; and now and then in any case, since the
// host wants to know which of its values ended. Tests have them always.
static bool major_is_due(const Store *s)
{
    enum { OFTEN = 16 }; // so much is made for what lives before it is looked through again
    const Blocks *h = &s->heap;
    return s->gc_stress || h->live > h->live_most || heap_blocks_used(h) > h->used_most ||
           h->taken_before / OFTEN > MAX(h->live + h->roots, BUDGET_LEAST);
}

// Where the stack does not know of all.
static void clear_cards(Blocks *h)
{
    EACH_BLOCK(h, b)
        if (h->states[b] == HOLDS_pages)
            memset(h->cards + (size_t)b * BLOCK_CARDS, 0, BLOCK_CARDS);
}

// A minor one; and with it what else there is to do: a major one that has nothing left to look at
// ends, or any that is under way; or all that can be found is.
typedef enum { COLLECT_next, COLLECT_end, COLLECT_all } Collect;

// Was it major?
static bool find_live(Store *s, const Position *from, Collect what)
{
    Blocks *h = &s->heap;
    if (what == COLLECT_all) forget_major(h);
    if (h->found.overflowed) clear_cards(h);
    h->found.marked = 0;
    each_root(s, from, mark_found);
    h->found.looked_at = 0;
    mark_all(s, &h->found);
    if (what == COLLECT_all) begin_major(s, from);
    bool major = h->running && (what != COLLECT_next || h->drained);
    if (major) end_major(s);
    hosts_swept(s, major);
    if (has_conts) conts_swept(s, major);
    if (heap_checked(s) && what != COLLECT_all) suspects_find(s, from);
    heap_swept(s, major, what == COLLECT_all);
    heap_plan(h, major);
    if (!h->running && !major && major_is_due(s)) begin_major(s, from);
    return major;
}

static void verify_root(Store *s, Ref ref) { verify_ref(s, ref); }

static void tell(Store *s, CollectionKind kind, u64 start, u64 before, u64 after)
{
    if (!s->collected) return;
    const Blocks *h = &s->heap;
    u64 ns = plat_clock_now(CLOCK_monotonic) - start;
    Collection done = {kind, ns, before, after, h->budget, h->held};
    s->collected(s->collected_env, &done);
}

static u64 started(const Store *s) { return s->collected ? plat_clock_now(CLOCK_monotonic) : 0; }

static bool collect(Store *s, const Position *from, Collect what)
{
    Blocks *h = &s->heap;
    if (!h->base) return true;
    if (!can_look(s) || !make_maps(&s->exec, from)) return false;
    suspects_check(s, from);
    if (heap_checked(s)) verify_before(s);
    u64 before = h->live + h->taken, start = started(s);
    bool major = find_live(s, from, what);
    tell(s, major ? COLLECTION_major : COLLECTION_minor, start, before, h->live);
    h->spoiled = heap_checked(s);
    if (heap_checked(s)) {
        suspects_mark(s, false);
        each_root(s, from, verify_root);
        each_marked(s, verify_object);
        heap_spoil(h);
        suspects_mark(s, true);
    }
    return true;
}

// A major one in slices does not count: it leaves what died since it began.
bool heap_collect(Store *s, const Position *from)
{
    bool done = collect(s, from, COLLECT_all);
    if (done) memset(s->made, 0, sizeof s->made);
    return done;
}

// Tests do something before each object. Where much lives so much is made first that it
// ends.
enum { STRESS_LIVE = 48 << 10, STRESS_PART = 64 };

static bool stressed(const Store *s) { return s->gc_stress && s->heap.live <= STRESS_LIVE; }

// A major collection goes on, if it has fallen behind what was made.
static void go_on(Store *s)
{
    Blocks *h = &s->heap;
    u64 owed = (u64)((s64)h->taken - h->paid) * h->rate, work = MIN(owed, SLICE_MOST);
    h->drained = nothing_left(&h->anew);
    if (h->drained || (owed < SLICE && !stressed(s))) return;
    if (stressed(s)) work = 1;
    else if (h->held > h->held_most) work = UINT64_MAX;
    u64 start = started(s);
    mark_some(s, work);
    h->paid = (s64)h->taken;
    tell(s, COLLECTION_slice, start, h->live, h->anew.marked);
}

// Tests have a minor collection begin a major one; then a bit of that, a minor one, a bit, and its
// end.
static Collect due_in_tests(Blocks *h)
{
    return h->running && ++h->steps > 3 ? COLLECT_end : COLLECT_next;
}

static bool is_due(const Store *s)
{
    const Blocks *h = &s->heap;
    u64 budget = s->gc_stress ? (u64)h->held * (BLOCK_BYTES / STRESS_PART) : h->budget;
    if (stressed(s)) return h->steps % 2 == 0;
    return h->taken >= budget || (h->running && h->drained);
}

// What is to be done now.
static void look(Store *s, const Position *from)
{
    Blocks *h = &s->heap;
    Collect what = stressed(s) ? due_in_tests(h) : COLLECT_next;
    if (!can_look(s) || !is_due(s)) {
        if (h->running) go_on(s);
        return;
    }
    if (collect(s, from, what)) return;
    h->taken_before += h->taken; // to be tried again when as much was made
    h->paid -= (s64)h->taken;
    h->taken = 0;
    h->drained = false;
}

void heap_stress(Store *s, const Position *from)
{
    if (s->gc_stress && s->heap.base) look(s, from);
}

static Ref take_after(Store *s, const Position *from, Collect what, u32 size)
{
    if (!collect(s, from, what)) return REF_NULL;
    s->met = STORE_LIMIT_COUNT; // what stood in the way before
    return heap_take(s, size);
}

// Room from where there is no more of what was found last. 0: none, or nobody could look for it.
static Ref alloc_slowly(Store *s, const Position *from, u32 size, u64 worth)
{
    Exec *x = &s->exec;
    Blocks *h = &s->heap;
    bool much = h->taken + h->taken_before >= worth;
    if (h->base) look(s, from);
    Ref ref = heap_take(s, size);
    if (stressed(s)) x->alloc_end = x->alloc; // the next one comes here too
    if (!ref && h->running) ref = take_after(s, from, COLLECT_end, size);
    return ref || !much ? ref : take_after(s, from, COLLECT_all, size);
}

// Who cannot be looked at does without, as long as there is room. At the limit nobody collects for
// a little, again and again: some of it must have been used since the last time. What is refused
// ends what the guest does, and whoever comes next may look again.
Ref heap_alloc(Store *s, const Position *from, u32 size)
{
    Ref ref = heap_alloc_at_hand(&s->exec, size);
    if (LIKELY(ref)) return ref;
    u64 worth = s->accounts[STORE_heap_bytes].limit / HEAP_WORTH;
    ref = alloc_slowly(s, from, size, worth);
    if (!ref) s->heap.taken = MAX(s->heap.taken, worth);
    return ref;
}
