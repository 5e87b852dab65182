// cont.c -- see cont.h.
//
//     who resumes    | frame | arguments |             ->   | record |
//     it goes on     | frame | its frames | arguments |     | its records | Start | record |
//
// Whoever puts frames there sees that all of them have as much room between both ends as they had,
// or as they asked for.

#include "run/cont.h"

#include "run/gc/collect.h"
#include "run/handled.h"
#include "run/slow.h"
#include "run/store.h"

#include <stdlib.h>
#include <string.h>

// Of a continuation's type.
static const TypeDef *func_of(const Store *s, TypeId type)
{
    return type_def(s->types, type_def(s->types, type)->cont);
}

static ContObject *object_at(const Store *s, Ref ref)
{
    return (ContObject *)(void *)(s->heap.base + ref);
}

static ContEntry *entry_of(const Store *s, Ref ref)
{
    return &s->conts.of[object_at(s, ref)->entry];
}

// What code of the processor says is one need not be, nor what a confused guest wrote.
static bool is_usable(const Store *s, Ref ref)
{
    if (!heap_room(&s->heap, ref)) return false;
    u32 entry = object_at(s, ref)->entry;
    return entry && entry < s->conts.count && s->conts.of[entry].ref == ref;
}

static ContObject new_cont(u32 entry) { return (ContObject){TYPE_ID_CONT << HEAD_BITS, entry}; }

// ---- The table

static size_t parked_bytes(const Parked *p) { return p ? sizeof *p + p->frames + p->records : 0; }

static bool grow(ContTable *t)
{
    enum { FIRST = 16 };
    u64 cap = t->cap ? 2 * (u64)t->cap : FIRST;
    size_t bytes;
    if (!t->memo && !(t->memo = calloc(CONT_MEMOS, sizeof *t->memo))) return false;
    ContEntry *of = cap <= UINT32_MAX && size_fits(cap, sizeof *of, &bytes)
                        ? realloc(t->of, bytes)
                        : NULL;
    if (!of) return false;
    t->of = of;
    t->cap = (u32)cap;
    if (!t->count) t->of[t->count++] = (ContEntry){0};
    return true;
}

static bool take_after(Store *s, const Position *from, StoreLimit which, size_t count)
{
    if (!heap_worth(s, which, count) || !heap_collect(s, from)) return false;
    s->met = STORE_LIMIT_COUNT; // what stood in the way before
    return store_take(s, which, count);
}

// What nobody can reach any more may have some still. Not each time: then it is looked for again
// when that has doubled.
static bool take_bytes(Store *s, const Position *from, size_t bytes)
{
    enum { LEAST = 64 << 20 };
    const Account *a = &s->accounts[STORE_continuation_bytes];
    if (account_used(a) + bytes > MAX(s->conts.most, LEAST)) {
        heap_collect(s, from);
        s->conts.most = 2 * account_used(a);
    }
    bool taken = store_take(s, STORE_continuation_bytes, bytes) ||
                 take_after(s, from, STORE_continuation_bytes, bytes);
    if (taken) s->made[STORE_continuation_bytes] += bytes;
    return taken;
}

static bool take_number(Store *s, const Position *from)
{
    bool taken = store_take(s, STORE_continuations, 1) ||
                 take_after(s, from, STORE_continuations, 1);
    if (taken) s->made[STORE_continuations]++;
    return taken;
}

// A small block is kept for the next one, which is of the same size mostly.
static void free_parked(ContTable *t, Parked *p, size_t bytes)
{
    enum { SMALL = 1 << 10 };
    if (!t->spare && bytes <= SMALL) {
        t->spare = p;
        t->spare_bytes = bytes;
    } else {
        free(p);
    }
}

static void drop_parked(Store *s, ContEntry *e)
{
    size_t bytes = parked_bytes(e->parked);
    store_give(s, STORE_continuation_bytes, bytes);
    free_parked(&s->conts, e->parked, bytes);
    e->parked = NULL;
}

static Parked *room_to_park(Store *s, size_t bytes)
{
    ContTable *t = &s->conts;
    Parked *spare = t->spare;
    if (!spare || t->spare_bytes != bytes) return malloc(bytes);
    t->spare = NULL;
    return spare;
}

static void drop_entry(Store *s, ContEntry *e)
{
    ContTable *t = &s->conts;
    drop_parked(s, e);
    e->ref = REF_NULL;
    e->next = t->free;
    t->free = (u32)(e - t->of);
    store_give(s, STORE_continuations, 1);
}

static bool is_place(ContTable *t) { return t->free || t->count < t->cap || grow(t); }

// 0: out of memory, where nobody has asked before.
static u32 new_entry(ContTable *t)
{
    u32 i = t->free;
    if (i) t->free = t->of[i].next;
    else if (is_place(t)) t->of[i = t->count++] = (ContEntry){0};
    return i;
}

// Its object may have no mark yet.
static void list(ContTable *t, ContEntry *e)
{
    if (e->listed) return;
    e->listed = true;
    e->before = t->listed;
    t->listed = (u32)(e - t->of);
}

// The entry is that of an object from here on, and nothing has begun.
static void name_entry(Store *s, ContEntry *e, Ref ref, TypeId takes, bool results)
{
    list(&s->conts, e);
    e->ref = ref;
    e->func = REF_NULL;
    e->takes = takes;
    e->results = results;
    e->bound = 0;
    *object_at(s, ref) = new_cont((u32)(e - s->conts.of));
}

// An object, and an entry for it with nothing in it. REF_NULL: out of memory, and all is as it was.
static Ref new_object(Store *s, const Position *from, TypeId takes, bool results)
{
    ContTable *t = &s->conts;
    if (!take_number(s, from)) return REF_NULL;
    Ref ref = is_place(t) ? heap_alloc(s, from, sizeof(ContObject)) : REF_NULL;
    if (!ref) {
        store_give(s, STORE_continuations, 1);
        return REF_NULL;
    }
    name_entry(s, &t->of[new_entry(t)], ref, takes, results);
    return ref;
}

// What it refers to is another's from here on. What no collection has found yet is in none that is
// under way, and its frames may have no maps.
static void hand_over(Store *s, Ref ref)
{
    if (object_at(s, ref)->head & HEAD_OLD) heap_hand_over(s, ref);
}

// It is used now. What it refers to is the guest's again.
static void use(Store *s, Ref ref)
{
    hand_over(s, ref);
    ContEntry *e = entry_of(s, ref);
    object_at(s, ref)->entry = 0;
    drop_entry(s, e);
}

void conts_free(Store *s)
{
    ContTable *t = &s->conts;
    for (u32 i = 1; i < t->count; i++) free(t->of[i].parked);
    free(t->of);
    free(t->memo);
    free(t->spare);
}

// ---- For the collector

static const Type *taken(const Store *s, const ContEntry *e)
{
    const TypeDef *type = type_def(s->types, e->takes);
    return e->results ? type_results(type) : type->params;
}

// How many it takes yet.
static u32 takes_count(const Store *s, const ContEntry *e)
{
    const TypeDef *type = type_def(s->types, e->takes);
    return (e->results ? type->result_count : type->param_count) - e->bound;
}

static u32 slots_of(const Type *types, u32 count)
{
    u32 slots = 0;
    for (u32 i = 0; i < count; i++) slots += type_slots(types[i]);
    return slots;
}

void cont_each_ref(const Store *s, Ref ref, FrameVisitor *visit, void *env)
{
    if (!is_usable(s, ref)) return;
    const ContEntry *e = entry_of(s, ref);
    Parked *p = e->parked;
    if (!p) return;
    const Type *types = taken(s, e);
    u64 *slot = (u64 *)(void *)(p->bytes + p->frames) - slots_of(types, e->bound);
    for (u32 i = 0; i < e->bound; slot += type_slots(types[i++]))
        if (type_is_collected(s->types, types[i])) visit(env, slot);
    Position place = park_place(p);
    if (p->records) frame_roots(&s->exec, &place, visit, env);
}

u32 cont_bytes(const Store *s, Ref ref)
{
    const Parked *p = is_usable(s, ref) ? entry_of(s, ref)->parked : NULL;
    return p ? p->frames + p->records : 0;
}

bool conts_map(Store *s)
{
    ContTable *t = &s->conts;
    for (u32 i = t->listed; i; i = t->of[i].before) {
        Parked *p = t->of[i].parked;
        if (!p || !p->records) continue;
        Position place = park_place(p);
        if (!frame_maps(&place)) return false;
    }
    return true;
}

static void drop_dead(Store *s, ContEntry *e)
{
    if (e->ref && !heap_marked(&s->heap, e->ref)) drop_entry(s, e);
}

void conts_swept(Store *s, bool major)
{
    ContTable *t = &s->conts;
    u32 i = t->listed;
    t->listed = 0;
    for (; i; i = t->of[i].before) {
        t->of[i].listed = false;
        drop_dead(s, &t->of[i]);
    }
    for (i = 1; major && i < t->count; i++) drop_dead(s, &t->of[i]);
}

// ---- What is paid

// The frames from x->at to the Start.
static u32 count_frames(const Exec *x, bool native, const Start *last)
{
    u32 count = 1;
    for (const Record *r = x->at.record; r != &last->record; count++) {
        if (NATIVE && native) {
            bool far = *(const u8 *const *)(const void *)r == native_return_far;
            r = record_behind_word(r);
            if (!far) continue;
            if (r == &last->record) break;
        }
        const u64 *back = r->ip;
        if (back == code_return_cont) {
            back = ((const Start *)r)->ip;
            r = &((const Start *)r + 1)->record;
        } else {
            r++;
        }
        native = back == code_return_native;
        if (native) r = record_behind_word(r);
    }
    return count;
}

// ---- Taken off

// What stands from there up to `end`, of so many bytes. Nothing is taken off the stack: the caller
// does that. NULL: out of memory.
static ALWAYS_INLINE Parked *set_aside(Exec *x, bool native, const Handled *at, const u64 *end,
                                       size_t bytes)
{
    Store *s = exec_store(x);
    Parked *p = room_to_park(s, bytes);
    if (!p) return NULL;
    park_part(x, p, at->frame, end, at->start);
    p->native = native;
    // As if the host had called it: whoever walks there ends there.
    *park_last(p) = (Start){.record = {.ip = code_exit, .callee = at->start->record.callee}};
    if (exec_fueled(x)) p->depth = count_frames(x, native, at->start);
    cont_pay_copy(x, p);
    if (s->gc_stress) { // whoever still looks there is to be found out
        memset(at->frame, 0xa5, p->frames);
        memset(x->at.record, 0xa5, (size_t)((u8 *)at->start - (u8 *)x->at.record));
    }
    return p;
}

int cont_suspend(Exec *x, bool native, u32 first, u32 slots, const Tag *tag)
{
    Store *s = exec_store(x);
    const TypeDef *type = type_def(s->types, tag->type);
    u64 *v = x->at.frame + first;
    Handled h;
    Trap trap = handled_find(x, tag, false, &h);
    if (trap) return (int)trap;
    size_t bytes = park_bytes(x, h.frame, v, h.start);
    HeldRefs held;
    exec_hold(x, &held, type->params, v, type->param_count);
    bool taken = take_bytes(s, &x->at, bytes);
    Ref ref = taken ? new_object(s, &x->at, tag->type, true) : REF_NULL;
    exec_let_go(x, &held);
    Parked *p = ref ? set_aside(x, native, &h, v, bytes) : NULL;
    if (!p) {
        if (ref) use(s, ref);
        if (taken) store_give(s, STORE_continuation_bytes, bytes);
        return (int)exec_short(x, "for a continuation");
    }
    entry_of(s, ref)->parked = p;
    // a parent's frame is not moved at a resumption
    u64 *parent = h.frame - h.start->record.delta;
    u64 *home = parent + h.by.home;
    memmove(home, v, slots * sizeof *v);
    home[slots] = ref;
    bool word = h.start->ip == code_return_native;
    x->at = (Position){h.by.target, parent,
                       (Record *)(void *)((u64 *)(void *)(h.start + 1) + word),
                       h.start->record.inst};
    // what is newer is no more
    x->start = (Start *)(void *)((u8 *)h.start + h.start->records);
    x->start_frame = (u64 *)(void *)((u8 *)h.frame - h.start->frames);
    return h.by.native ? RUN_native : RUN_interp;
}

// ---- Put on

static u64 room_between(const void *low, const void *high)
{
    return low < high ? (u64)((const u8 *)high - (const u8 *)low) : 0;
}

// Slots of what has not begun, with so many of arguments that are not bound. A guest's function
// sees to the rest itself; where the host's has its results its resumer's Start may be.
static u64 slots_to_begin(const Store *s, const ContEntry *e, u32 slots)
{
    const HostFunc *host = ref_to_func(s, e->func)->host;
    u64 given = (e->parked ? e->parked->frames / 8 : 0) + (u64)slots;
    return host ? MAX(given, host->result_slots) : given;
}

// For an entry's frames from `first` on, so many slots of arguments behind them, and records up to
// `last` with that.
static bool is_room(const Store *s, ContEntry *e, const u64 *first, u32 slots, const void *last)
{
    Parked *p = e->parked;
    u64 room = room_between(first, last);
    if (!p || !p->records)
        return room >= slots_to_begin(s, e, slots) * 8 + sizeof(Start) + PARK_SLACK;
    if (room < p->frames + (u64)p->records + (u64)slots * 8 + PARK_SLACK) return false;
    return room >= p->span || room >= park_room(p);
}

// Where who resumes goes on, and what is resumed begins at the slot `first`: a Start on top of
// x->at, whose records are then the newest.
static Start *push_start(Exec *x, bool native, u64 *first)
{
    const u64 *back = x->at.ip + 1;
    u64 *top = (u64 *)(void *)x->at.record;
    if (native) {
        *--top = (u64)(uintptr_t)x->at.ip;
        back = code_return_native;
    }
    Start *start = (Start *)(void *)top - 1;
    *start = (Start){.record = {code_return_cont, x->at.inst, (u32)(first - x->at.frame), 0},
                     .ip = back,
                     .records = (u32)((u8 *)x->start - (u8 *)start),
                     .frames = (u32)((u8 *)first - (u8 *)x->start_frame)};
    return start;
}
static size_t start_bytes(bool native) { return sizeof(Start) + (native ? sizeof(u64) : 0); }

// What has not begun begins at `first`, where its arguments are.
static __attribute__((noinline)) int begin(Exec *x, Instance *resumer, u64 *first, Start *start,
                                           Ref func)
{
    Store *s = exec_store(x);
    const Func *f = ref_to_func(s, func);
    x->start = start;
    x->start_frame = first;
    bool guest = f->code != NULL;
    start->record.callee = guest ? f->index : func;
    x->at = (Position){guest ? code_entry(f->code) : code_host, first, &start->record,
                       guest ? func_instance(x, f) : resumer};
    return NATIVE && x->at.ip == code_native ? RUN_native : RUN_interp;
}

// What is parked, or begins with `func`, goes on at `first`; its arguments are behind its frames,
// its Start is at `start`, of which the links are right. With `throws` it stays where it was
// suspended.
static ALWAYS_INLINE int put(Exec *x, Instance *resumer, Parked *p, Ref func, u64 *first,
                             Start *start, bool throws)
{
    if (!p || !p->records) {
        if (p) memcpy(first, p->bytes, p->frames);
        return begin(x, resumer, first, start, func);
    }
    park_put(x, p, first, start);
    start->record.callee = park_last(p)->record.callee;
    if (!p->native && !throws) x->at.ip++;
    cont_pay_copy(x, p);
    return p->native ? RUN_native : RUN_interp;
}

// Arguments from `first` on, so many slots, to where they are behind its frames.
static void move_args(const Parked *p, u64 *first, const u64 *from, u32 slots)
{
    u64 *to = first + (p ? p->frames / sizeof *first : 0);
    if (to != from) memmove(to, from, slots * sizeof *to);
}

// The same of a continuation, of which the arguments are at `first`.
static int resume(Exec *x, bool native, Ref ref, u64 *first, u32 slots, bool throws)
{
    Store *s = exec_store(x);
    const ContEntry *e = entry_of(s, ref);
    Start *start = push_start(x, native, first);
    move_args(e->parked, first, first, slots);
    int next = put(x, x->at.inst, e->parked, e->func, first, start, throws);
    use(s, ref);
    return next;
}

static Trap check_use(const Store *s, Ref ref)
{
    if (ref == REF_NULL) return TRAP_null_continuation_reference;
    return is_usable(s, ref) ? TRAP_none : TRAP_continuation_consumed;
}

int cont_resume(Exec *x, bool native, u32 first, u32 slots)
{
    Store *s = exec_store(x);
    u64 *v = x->at.frame + first;
    Ref ref = (Ref)v[slots];
    Trap trap = check_use(s, ref);
    if (trap) return (int)trap;
    const u8 *last = (const u8 *)x->at.record - start_bytes(native);
    if (!is_room(s, entry_of(s, ref), v, slots, last + sizeof(Start)))
        return TRAP_call_stack_exhausted;
    return resume(x, native, ref, v, slots, false);
}

// It goes on at its Start, and what is thrown is thrown there, or, if it has not begun, by who
// resumes it. The values are behind its frames then.
static Trap begin_throw(Exec *x, bool native, u32 first, u32 slots, u64 **values)
{
    Store *s = exec_store(x);
    u64 *v = x->at.frame + first;
    Ref ref = (Ref)v[slots];
    Trap trap = check_use(s, ref);
    if (trap) return trap;
    ContEntry *e = entry_of(s, ref);
    *values = v;
    if (!e->parked || !e->parked->records) {
        use(s, ref);
        return TRAP_none;
    }
    const u8 *last = (const u8 *)x->at.record - start_bytes(native);
    if (!is_room(s, e, v, slots, last + sizeof(Start))) return TRAP_call_stack_exhausted;
    *values = (u64 *)(void *)((u8 *)v + e->parked->frames);
    resume(x, native, ref, v, slots, true);
    return TRAP_none;
}

static int caught(const Exec *x, Trap trap)
{
    if (trap) return (int)trap;
    return native_at(x->at.inst, x->at.ip) ? RUN_native : RUN_interp;
}

int cont_resume_throw(Exec *x, bool native, u32 first, const Tag *tag)
{
    const TypeDef *type = type_def(exec_store(x)->types, tag->type);
    u64 *values;
    Trap trap = begin_throw(x, native, first, type->param_slots, &values);
    if (trap) return (int)trap;
    const Position from = x->at;
    HeldRefs held;
    exec_hold(x, &held, type->params, values, type->param_count);
    trap = frame_throw(x, &from, tag, values);
    exec_let_go(x, &held);
    return caught(x, trap);
}

int cont_resume_throw_ref(Exec *x, bool native, u32 first)
{
    u64 *v = x->at.frame + first, *values;
    Ref exception = (Ref)v[0];
    Trap trap = check_use(exec_store(x), (Ref)v[1]);
    if (!trap && !ref_find_exception(exec_store(x), exception))
        trap = TRAP_null_exception_reference; // or a confused guest's
    if (!trap) trap = begin_throw(x, native, first, 1, &values);
    if (trap) return (int)trap;
    const Position from = x->at;
    return caught(x, frame_throw_ref(x, &from, exception));
}

// ---- Switched

// An object for who switches, and so many bytes more for what is parked. REF_NULL: out of memory.
static __attribute__((noinline)) Ref object_between(Exec *x, size_t more, TypeId type, const u64 *v)
{
    Store *s = exec_store(x);
    const TypeDef *to = func_of(s, type);
    const Type target = type_ref_to(true, type);
    HeldRefs args, one;
    exec_hold(x, &args, to->params, v, to->param_count - 1);
    exec_hold(x, &one, &target, v + to->param_slots - 1, 1);
    bool taken = take_bytes(s, &x->at, more);
    Ref own = taken ? heap_alloc(s, &x->at, sizeof(ContObject)) : REF_NULL;
    exec_let_go(x, &one);
    exec_let_go(x, &args);
    if (taken && !own) store_give(s, STORE_continuation_bytes, more);
    return own;
}

// Whoever is switched to takes the same Start, and leaves its entry: so there are as many as
// before, and of bytes the difference is taken or given.
int cont_switch(Exec *x, bool native, u32 first, TypeId type, const Tag *tag)
{
    Store *s = exec_store(x);
    const TypeDef *to = func_of(s, type);
    u32 count = to->param_count - 1, slots = to->param_slots - 1;
    u64 *v = x->at.frame + first;
    Ref ref = (Ref)v[slots];
    Trap trap = check_use(s, ref);
    if (trap) return (int)trap;
    Handled h;
    trap = handled_find(x, tag, true, &h);
    if (trap) return (int)trap;
    ContEntry *e = entry_of(s, ref);
    if (!is_room(s, e, h.frame, slots + 1, h.start + 1)) return TRAP_call_stack_exhausted;
    Parked *parked = e->parked;
    size_t bytes = park_bytes(x, h.frame, v, h.start), before = parked_bytes(parked);
    size_t more = bytes > before ? bytes - before : 0;
    Ref own = more ? REF_NULL : heap_alloc_at_hand(x, sizeof(ContObject));
    if (UNLIKELY(!own)) own = object_between(x, more, type, v);
    if (own) *object_at(s, own) = new_cont(0);
    Parked *p = own ? set_aside(x, native, &h, v, bytes) : NULL;
    if (!p) {
        if (own) store_give(s, STORE_continuation_bytes, more);
        return (int)exec_short(x, "for a continuation");
    }
    if (bytes < before) store_give(s, STORE_continuation_bytes, before - bytes);
    hand_over(s, ref);
    object_at(s, ref)->entry = 0;
    Ref func = e->func;
    name_entry(s, e, own, type_def(s->types, type_id(to->params[count]))->cont, false);
    e->parked = p;
    move_args(parked, h.frame, v, slots);
    h.frame[(parked ? parked->frames / sizeof *v : 0) + slots] = own;
    int next = put(x, h.start->record.inst, parked, func, h.frame, h.start, false);
    free_parked(&s->conts, parked, before);
    return next;
}

// ---- Made and bound

Trap cont_new(Exec *x, const Position *from, u64 *v)
{
    Store *s = exec_store(x);
    Ref func = (Ref)v[0];
    if (func == REF_NULL) return TRAP_null_function_reference;
    Trap trap = ref_to_func(s, func)->type ? TRAP_none : slow_entry(x, func);
    if (trap) return trap;
    Ref ref = new_object(s, from, ref_to_func(s, func)->type, false);
    if (!ref) return exec_short(x, "for a continuation");
    entry_of(s, ref)->func = func;
    v[0] = ref;
    return TRAP_none;
}

// The block with so much more between its frames and its records.
static Parked *widen(const Parked *p, const u64 *values, u32 bytes)
{
    u32 frames = p ? p->frames : 0, records = p ? p->records : 0;
    Parked *wide = malloc(sizeof *wide + frames + bytes + records);
    if (!wide) return NULL;
    *wide = p ? *p : (Parked){0};
    wide->frames = frames + bytes;
    if (p) memcpy(wide->bytes, p->bytes, frames);
    memcpy(wide->bytes + frames, values, bytes);
    if (p) memcpy(wide->bytes + wide->frames, p->bytes + frames, records);
    return wide;
}

Trap cont_bind(Exec *x, const Position *from, TypeId of, TypeId to, u64 *v)
{
    Store *s = exec_store(x);
    const TypeDef *func = func_of(s, of);
    u32 count = func->param_count - func_of(s, to)->param_count;
    if (count > func->param_count) return TRAP_not_executable;
    u32 slots = slots_of(func->params, count), bytes = slots * (u32)sizeof *v;
    Ref ref = (Ref)v[slots];
    Trap trap = check_use(s, ref);
    if (trap) return trap;
    ContEntry *e = entry_of(s, ref);
    if (count > takes_count(s, e) || slots_of(taken(s, e) + e->bound, count) != slots)
        return TRAP_not_executable;
    u32 more = bytes + (e->parked || !bytes ? 0 : (u32)sizeof(Parked));
    if (!take_bytes(s, from, more)) return exec_short(x, "for a continuation");
    Ref bound = heap_alloc(s, from, sizeof(ContObject));
    Parked *wide = bound && bytes ? widen(e->parked, v, bytes) : NULL;
    if (!bound || (bytes && !wide)) {
        if (bound) *object_at(s, bound) = new_cont(0);
        store_give(s, STORE_continuation_bytes, more);
        return exec_short(x, "for a continuation");
    }
    hand_over(s, ref);
    *object_at(s, bound) = new_cont(object_at(s, ref)->entry);
    object_at(s, ref)->entry = 0;
    if (wide) {
        cont_pay_copy(x, wide);
        free(e->parked);
        e->parked = wide;
    }
    e->ref = bound;
    e->bound += count;
    list(&s->conts, e);
    v[0] = bound;
    return TRAP_none;
}

static bool lists_match(const Store *s, const Type *sub, u32 sub_count, const Type *super,
                        u32 super_count)
{
    u32 i = 0;
    while (i < sub_count && i < super_count && type_matches(s->types, sub[i], super[i])) i++;
    return i == sub_count && i == super_count;
}

static bool entry_matches(const Store *s, const ContEntry *e, const TypeDef *ends, TypeId type)
{
    const TypeDef *want = func_of(s, type);
    return lists_match(s, want->params, want->param_count, taken(s, e) + e->bound,
                       takes_count(s, e)) &&
           lists_match(s, type_results(ends), ends->result_count, type_results(want),
                       want->result_count);
}

bool cont_matches(const Store *s, Ref ref, TypeId type)
{
    if (!is_usable(s, ref)) return true; // it is good for nothing
    const ContEntry *e = entry_of(s, ref);
    const TypeDef *ends = type_def(s->types, e->takes);
    if (e->parked && e->parked->records) {
        FrameCursor c = {.at = park_place(e->parked)}, oldest = c;
        for (bool found = frame_first(&c); found; frame_pop(&c), found = frame_found(&c))
            oldest = c;
        ends = type_def(s->types, oldest.at.inst->module->funcs[oldest.func].type);
    }
    return entry_matches(s, e, ends, type);
}

bool cont_state_matches(const Store *s, const ContState *state, const TypeDef *ends, TypeId type)
{
    const ContEntry e = {.takes = state->takes, .results = state->results, .bound = state->bound};
    return entry_matches(s, &e, ends, type);
}

// ---- As others see it

bool cont_look(const Store *s, Ref ref, ContState *out)
{
    if (!is_usable(s, ref)) return false;
    const ContEntry *e = entry_of(s, ref);
    bool begun = e->parked && e->parked->records;
    *out = (ContState){begun ? REF_NULL : e->func, e->takes, e->results, e->bound, e->parked};
    return true;
}

const Type *cont_takes(const Store *s, const ContState *state, u32 *count)
{
    const ContEntry e = {.takes = state->takes, .results = state->results};
    *count = takes_count(s, &e);
    return taken(s, &e);
}

bool cont_adopt(Store *s, Ref ref, const ContState *state)
{
    ContTable *t = &s->conts;
    size_t bytes = parked_bytes(state->parked);
    bool counted = store_take(s, STORE_continuations, 1);
    if (counted && store_take(s, STORE_continuation_bytes, bytes)) {
        u32 i = new_entry(t);
        if (i) {
            ContEntry *e = &t->of[i];
            e->parked = state->parked;
            e->ref = ref;
            e->func = state->func;
            e->takes = state->takes;
            e->results = state->results;
            e->bound = state->bound;
            list(t, e);
            object_at(s, ref)->entry = i;
            return true;
        }
        store_give(s, STORE_continuation_bytes, bytes);
    }
    if (counted) store_give(s, STORE_continuations, 1);
    free(state->parked);
    return false;
}
