// native.c -- see native.h.

#include "run/native.h"

#include "base/leb.h"
#include "plat/fault.h"
#include "plat/pages.h"
#include "run/beside.h"
#include "run/guard.h"
#include "run/mapped.h"
#include "run/stored.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if NATIVE

// ---- Where somebody stands ----------------------------------------------------------------------

static u32 place_of(const NativeRegion *r, const void *pc)
{
    return (u32)((const u8 *)pc - r->space.code);
}

const Native *native_find_in(const ModuleCode *code, const void *pc)
{
    const NativeRegion *r = native_region(code);
    if (!r || (uintptr_t)pc - (uintptr_t)r->space.code > r->space.code_size) return NULL;
    u32 at = place_of(r, pc), low = 0,
        high = atomic_load_explicit(&((NativeRegion *)r)->count, memory_order_acquire);
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        u32 start = atomic_load_explicit(&r->places[middle].start, memory_order_relaxed);
        if (start < at) low = middle + 1;
        else high = middle;
    }
    if (!low) return NULL;
    const Native *n = atomic_load_explicit(&r->places[low - 1].native, memory_order_acquire);
    return n && at <= n->start + n->size ? n : NULL;
}

Site native_site_in(const ModuleCode *code, const Native *n, const void *pc)
{
    u32 at = place_of(native_region(code), pc) - n->start, low = 0, high = n->point_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (n->points[middle].at < at) low = middle + 1;
        else high = middle;
    }
    SitePoint p = low ? n->points[low - 1] : (SitePoint){0};
    Site site = {.at = p.at, .offset = p.offset};
    for (const u8 *next = n->map + p.from, *end = n->map + n->map_len; next < end;) {
        u32 step = leb_known_u32(&next);
        site.taken = (step & 7) == SITE_taken ? step >> 3 : 0;
        if (site.taken) step = leb_known_u32(&next);
        u32 turn = leb_known_u32(&next);
        site.at += step >> 3;
        site.kind = (SiteKind)(step & 7);
        site.offset += (turn >> 1) ^ -(turn & 1);
        site.moved = site.kind == SITE_call ? leb_known_u32(&next) : 0;
        if (site.at >= at) break;
    }
    return site;
}

const void *native_address_in(const ModuleCode *code, const Native *native, u32 at)
{
    return native_region(code)->space.code + native->start + at;
}

// ---- Regions ------------------------------------------------------------------------------------

// Held for as long as it takes to count: blobs are checked and written outside. One for all, so
// that who forks can hold it too, and a child finds it free.
static pthread_mutex_t adding = PTHREAD_MUTEX_INITIALIZER;
static void lock(void) { pthread_mutex_lock(&adding); }
static void unlock(void) { pthread_mutex_unlock(&adding); }
static bool forks_watched;
static void watch_forks(void) { forks_watched = !pthread_atfork(lock, unlock, unlock); }

enum {
    STUB_BYTES = 16,
    FAULT_PLACE = 11, // the register that nothing is kept in
    FAULT_WHY = 1,    // and one that nobody needs any more
    INSTANCE_PLACE = 15,
    CODE_PER_BYTE = 24, // of a body: more than any takes
    CODE_LEAST = 64 << 10,
    CODE_MOST = 1 << 30, // so that a displacement reaches all slots
    BETTER_PLACES = 64,  // for code that is made once more
};

static const void *const runtime_entries[RUNTIME_COUNT] = {
#define RUNTIME(name, kind) [RUNTIME_##name] = native_##name,
#include "run/native.def"
};

// mov eax, function; jmp [rip + enter_interp]
static void write_stub(u8 *at, u32 func, s64 to_slot)
{
    s32 distance = (s32)(to_slot - 11);
    at[0] = 0xb8;
    memcpy(at + 1, &func, 4);
    at[5] = 0xff;
    at[6] = 0x25;
    memcpy(at + 7, &distance, 4);
    memset(at + 11, 0xcc, STUB_BYTES - 11);
}

static bool write_stubs(NativeRegion *r, u32 imported)
{
    enum { SOME = 512 }; // as many as a cache has room for
    u8 stubs[SOME * STUB_BYTES];
    s64 slot = -(s64)r->space.data_size + RUNTIME_enter_interp * 8;
    pages_expect(native_slots(r), ((u64)RUNTIME_COUNT + r->func_count) * 8);
    for (u32 func = imported, count; func < r->func_count; func += count) {
        const u8 *at;
        count = MIN(r->func_count - func, SOME);
        for (u32 i = 0; i < count; i++)
            write_stub(stubs + i * STUB_BYTES, func + i,
                       slot - (s64)(func + i - imported) * STUB_BYTES);
        if (code_space_add(&r->space, stubs, count * STUB_BYTES, STUB_BYTES, &at)) return false;
        for (u32 i = 0; i < count; i++)
            atomic_init(&native_slots(r)[RUNTIME_COUNT + func + i], at + i * STUB_BYTES);
    }
    return true;
}

static u64 body_bytes(const Module *m)
{
    u64 bytes = 0;
    for (u32 i = m->imported_funcs; i < m->func_count; i++)
        bytes += m->funcs[i].body.end - m->funcs[i].body.start;
    return bytes;
}

static void free_region(const Module *m, NativeRegion *r)
{
    for (u32 i = 0; i < r->count; i++) {
        const Native *n = r->places[i].native;
        module_give(m, ENGINE_code_bytes, r->places[i].size + (n ? n->bytes : 0));
        free((Native *)n);
    }
    fault_remove(r->faults);
    code_space_free(&r->space);
    module_give(m, ENGINE_code_bytes, r->bytes);
    free(r->places);
    free(r);
}

// Why an access to the instance's memories faulted; TRAP_none: it is to none of them.
static Trap fault_trap(const Instance *inst, const Fault *f)
{
    for (u32 i = 0; i < inst->module->memory_count; i++) {
        const Memory *m = inst->memories[i];
        if (m->mode != MEMORY_guarded ||
            f->address - ((uintptr_t)m->base - GUARD_BEFORE) >= GUARD_BYTES)
            continue;
        u64 at = f->address - (uintptr_t)m->base;
        return at < m->size ? memory_fault(m, at, f->gone) : TRAP_out_of_bounds_memory_access;
    }
    return TRAP_none;
}

// Was some of it made by anybody, who may have divided by 0, or gone to where no object is?
static bool is_foreign(const ModuleCode *code)
{
    return code->module->stored && code->module->stored->mode == code->mode;
}
static Trap foreign_trap(FaultKind kind)
{
    return kind == FAULT_number        ? TRAP_integer_divide_by_zero
           : kind == FAULT_instruction ? TRAP_unreachable
                                       : TRAP_out_of_bounds_memory_access;
}

// An access beyond the size of the instance's memory 0, of code that leaves the check to the
// machine, or to what is mapped in any of them and sealed, or was cut: goes on where traps do, with
// the place of the instruction. Whatever else the code touched is no trap, be it another instance's
// memory.
static bool answer_fault(void *env, Fault *f)
{
    const ModuleCode *code = env;
    const u8 *place = (const u8 *)f->pc + 1; // see mark_ahead in jit/
    const Native *n = native_find(code, place);
    const Instance *inst = (const Instance *)f->registers[INSTANCE_PLACE];
    if (!n) return false;
    Trap trap = f->kind == FAULT_memory ? fault_trap(inst, f) : TRAP_none;
    Site site = native_site(code, n, place);
    bool known = trap && site.kind == SITE_trap && native_address(code, n, site.at) == place;
    if (!known && !is_foreign(code)) return false;
    if (!known) trap = foreign_trap(f->kind);
    f->registers[FAULT_PLACE] = (uintptr_t)place;
    f->registers[FAULT_WHY] = (uintptr_t)trap;
    f->pc = (uintptr_t)native_fault;
    return true;
}

static NativeRegion *new_region(ModuleCode *code, Err *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const Module *m = code->module;
    u32 own = m->func_count - m->imported_funcs;
    u64 slots = ((u64)RUNTIME_COUNT + m->func_count) * 8, stubs = (u64)own * STUB_BYTES;
    size_t head = sizeof(NativeRegion) + (size_t)m->func_count * sizeof(void *);
    u32 better = m->optimizes == OPTIMIZE_warm ? own / 2 + BETTER_PLACES : 0;
    u32 places = own + own / 8 + 1 + better; // some are taken for nothing
    size_t bytes = head + (size_t)places * sizeof(NativePlace) + slots + stubs;
    *why = ERR_limit_code_bytes;
    if (!module_take(m, ENGINE_code_bytes, bytes)) return NULL;
    *why = ERR_out_of_memory;
    pthread_once(&once, watch_forks);
    NativeRegion *r = forks_watched ? calloc(1, head) : NULL;
    if (!r) {
        module_give(m, ENGINE_code_bytes, bytes);
        return NULL;
    }
    r->func_count = m->func_count;
    r->faults = -1;
    r->bytes = bytes;
    r->places_most = places;
    r->better_left = better;
    r->places = calloc(places, sizeof *r->places);
    u64 size = MIN(stubs + CODE_LEAST + body_bytes(m) * CODE_PER_BYTE, (u64)CODE_MOST);
    if (!r->places || stubs > CODE_MOST / 2 || code_space_new(&r->space, slots, size) ||
        !write_stubs(r, m->imported_funcs)) {
        free_region(m, r);
        return NULL;
    }
    for (u32 i = 0; i < RUNTIME_COUNT; i++) atomic_init(&native_slots(r)[i], runtime_entries[i]);
    if (code->mode & CODE_guarded || is_foreign(code)) {
        r->faults = (is_foreign(code) ? fault_add_any_code : fault_add_code)(
            r->space.code, r->space.code_size, answer_fault, code);
        if (r->faults < 0) {
            free_region(m, r);
            return NULL;
        }
    }
    return r;
}

NativeRegion *native_region_make(ModuleCode *code, Err *why)
{
    NativeRegion *r = native_region(code);
    if (r) return r;
    NativeRegion *made = new_region(code, why);
    if (!made || atomic_compare_exchange_strong(&code->region, &r, made)) return made;
    free_region(code->module, made);
    return r;
}

void native_drop(ModuleCode *code)
{
    NativeRegion *r = atomic_exchange(&code->region, NULL);
    if (r) free_region(code->module, r);
}

void native_refused(const ModuleCode *code, u32 func, u32 offset, const char *what)
{
    NativeRegion *r = native_region(code);
    if (atomic_fetch_add(&r->refusals, 1)) return;
    fprintf(stderr,
            "weft: a mistake of weft's, please report it: the code that was made of function %u is "
            "not safe at 0x%x (%s); it is interpreted\n",
            func, offset, what);
}

u32 native_refusals(const ModuleCode *code)
{
    const NativeRegion *r = native_region(code);
    return r ? atomic_load(&((NativeRegion *)r)->refusals) : 0;
}

static _Atomic(NativeWatch *) watching;
void native_watch(NativeWatch *watch) { atomic_store(&watching, watch); }

// ---- Blobs --------------------------------------------------------------------------------------

enum { BLOB_ALIGN = 16 };

static bool is_own(const NativeRegion *r, const NativePlace *p)
{
    return code_space_owns(&r->space, r->space.code + p->start);
}

// The least that suffices.
static NativePlace *take_hole(NativeRegion *r, u32 size)
{
    u32 best = r->hole_count;
    for (u32 i = 0; i < r->hole_count; i++)
        if (r->holes[i]->size >= size && is_own(r, r->holes[i]) &&
            (best == r->hole_count || r->holes[i]->size < r->holes[best]->size))
            best = i;
    if (best == r->hole_count) return NULL;
    NativePlace *p = r->holes[best];
    r->holes[best] = r->holes[--r->hole_count];
    return p;
}

NativePlace *native_take(ModuleCode *code, u32 size, bool better)
{
    NativeRegion *r = native_region(code);
    const u8 *at;
    lock();
    bool spent = better && !r->better_left;
    NativePlace *p = spent ? NULL : take_hole(r, size);
    unlock();
    if (p) return p;
    if (spent || !module_take(code->module, ENGINE_code_bytes, size)) return NULL;
    lock();
    if (r->count < r->places_most && !code_space_take(&r->space, size, BLOB_ALIGN, &at)) {
        p = &r->places[r->count];
        atomic_store_explicit(&p->start, place_of(r, at), memory_order_relaxed);
        p->size = size;
        atomic_store_explicit(&r->count, r->count + 1, memory_order_release);
    }
    unlock();
    if (!p) module_give(code->module, ENGINE_code_bytes, size);
    return p;
}

static NativePlace *last_place(const NativeRegion *r) { return r->places + r->count - 1; }

static void drop_last(const Module *m, NativeRegion *r)
{
    const NativePlace *p = last_place(r);
    module_give(m, ENGINE_code_bytes, p->size);
    r->space.code_used = p->start;
    atomic_store_explicit(&r->count, r->count - 1, memory_order_release);
}

static bool last_is_hole(NativeRegion *r)
{
    u32 i = 0;
    while (i < r->hole_count && (r->holes[i] != last_place(r) || !is_own(r, r->holes[i]))) i++;
    if (i == r->hole_count) return false;
    r->holes[i] = r->holes[--r->hole_count];
    return true;
}

// If others took room behind it, it waits for who needs no more; where many wait it is lost until
// the region goes. Who still looks for an address finds the same start there when it is taken
// again.
void native_give_back(ModuleCode *code, NativePlace *p)
{
    NativeRegion *r = native_region(code);
    lock();
    if (p == last_place(r)) {
        do drop_last(code->module, r);
        while (last_is_hole(r));
    } else if (r->hole_count < NATIVE_HOLES) {
        r->holes[r->hole_count++] = p;
    }
    unlock();
}

bool native_has(const NativeRegion *r, u32 func, bool optimized, u32 begins)
{
    const Native *n = native_newest(r, func);
    while (n && (n->begins != begins || (optimized && !n->optimized))) n = n->older;
    return n;
}

// NULL: *why not.
static Native *keep(const Module *m, const NativePlace *place, const Native *made, Halt halt,
                    Compiled *why)
{
    const struct { const void *from; size_t size; } parts[] = {
        {made->catches.clauses, made->clause_count * sizeof(u64)},
        {made->catches.guards, made->catches.guard_count * sizeof(Guard)},
        {made->catches.ranges, made->catches.range_count * sizeof(GuardRange)},
        {made->points, made->point_count * sizeof *made->points},
        {made->loops, made->loop_count * sizeof *made->loops},
        {made->taken, made->taken_count * sizeof *made->taken},
        {made->map, made->map_len},
    };
    const u8 *at[COUNT_OF(parts)];
    size_t bytes = sizeof *made;
    for (u32 i = 0; i < COUNT_OF(parts); i++) bytes += parts[i].size;
    *why = COMPILED_short;
    if (!module_take(m, ENGINE_code_bytes, bytes)) return NULL;
    Native *kept = malloc(bytes);
    if (!kept) {
        module_give(m, ENGINE_code_bytes, bytes);
        return NULL;
    }
    u8 *next = (u8 *)(kept + 1);
    for (u32 i = 0; i < COUNT_OF(parts); next += parts[i++].size) {
        at[i] = next;
        if (halt_copy(halt, next, parts[i].from, parts[i].size)) continue;
        module_give(m, ENGINE_code_bytes, bytes);
        free(kept);
        *why = COMPILED_stopped;
        return NULL;
    }
    *kept = *made;
    kept->catches.clauses = (const u64 *)at[0];
    kept->catches.guards = (const Guard *)at[1];
    kept->catches.ranges = (const GuardRange *)at[2];
    kept->points = (const SitePoint *)at[3];
    kept->loops = (const NativeLoop *)at[4];
    kept->taken = (const NativeTaken *)at[5];
    kept->map = at[6];
    kept->start = place->start;
    kept->bytes = bytes;
    return kept;
}

static void drop(const Module *m, Native *kept)
{
    module_give(m, ENGINE_code_bytes, kept->bytes);
    free(kept);
}

// In pieces that take a fraction of a millisecond each.
static Compiled write_code(const NativeRegion *r, const Native *n, const u8 *bytes, Halt halt)
{
    enum { PIECE = 128 << 10 };
    const u8 *at = r->space.code + n->start;
    for (u32 done = 0, size; done < n->size; done += size) {
        size = MIN(PIECE, n->size - done);
        if (halt_asked(halt)) return COMPILED_stopped;
        if (code_space_write(&r->space, at + done, bytes + done, size)) return COMPILED_short;
    }
    return COMPILED;
}

// False: another thread was first.
static bool enter_everywhere(ModuleCode *code, NativePlace *place, Native *kept)
{
    NativeRegion *r = native_region(code);
    const u8 *at = r->space.code + kept->start;
    FuncCode *f = &code->funcs[kept->func];
    if (native_has(r, kept->func, kept->optimized, kept->begins)) return false;
    kept->older = native_newest(r, kept->func);
    if (kept->older && r->better_left) r->better_left--;
    atomic_store_explicit(&place->native, kept, memory_order_release);
    if (!kept->begins) {
        atomic_store_explicit(&f->native, at, memory_order_release);
        atomic_store_explicit(&native_slots(r)[RUNTIME_COUNT + kept->func], at,
                              memory_order_release);
        atomic_store_explicit(&f->interp, code_native, memory_order_release);
    }
    // the last: who finds it there goes on in the code
    atomic_store_explicit(&r->funcs[kept->func], kept, memory_order_release);
    NativeWatch *watch = atomic_load(&watching);
    if (watch) watch(code->module, kept->func, at, kept->size);
    return true;
}

Compiled native_publish(ModuleCode *code, NativePlace *place, const u8 *bytes, const Native *made,
                        Halt halt)
{
    const Module *m = code->module;
    Compiled done;
    Native *kept = keep(m, place, made, halt, &done);
    if (kept) done = write_code(native_region(code), kept, bytes, halt);
    bool entered = false;
    if (done == COMPILED) {
        lock();
        entered = enter_everywhere(code, place, kept);
        unlock();
    }
    if (kept && !entered) drop(m, kept);
    if (!entered) native_give_back(code, place);
    return done;
}

// ---- Entering -----------------------------------------------------------------------------------

static bool is_there(const ModuleCode *code, u32 func)
{
    const NativeRegion *r = native_region(code);
    return r && native_has(r, func, false, 0);
}

// How deep a guest can recurse depends on what is compiled, and nothing else that it could see.
static Compiled make_beside(const Instance *inst, u32 func)
{
    enum { LOOK_AGAIN = 4096 }; // turns of loops; mostly the thread says when
    ModuleCode *code = inst->made;
    Beside *b = inst->module->beside;
    Err why;
    // here, where nobody forks meanwhile
    if (!native_region_make(code, &why)) return COMPILED_short;
    if (code->hot && !(code->mode & CODE_deterministic)) {
        atomic_store_explicit(&code->heat[func], LOOK_AGAIN, memory_order_relaxed);
        beside_ask(b, (BesideWork){.code = code, .func = func});
        return is_there(code, func) ? COMPILED : COMPILED_later;
    }
    beside_wait(b, code, func, inst->exec);
    if (is_there(code, func)) return COMPILED;
    return exec_due(inst->exec) ? COMPILED_stopped : COMPILED_not;
}

Compiled native_make(const Instance *inst, u32 func)
{
    const Halt halt = {&inst->exec->stop, STOP_TRAP};
    if (is_there(inst->made, func)) return COMPILED;
    Compiled stored = stored_has(inst->made, func) ? stored_enter(inst->made, func, halt)
                                                   : COMPILED_not;
    if (stored == COMPILED || stored == COMPILED_stopped) return stored;
    bool beside = inst->module->beside && beside_takes(inst->module->beside, inst->made, func);
    Compiled made = beside ? make_beside(inst, func)
                           : native_compile(inst->made, func, halt);
    if (made == COMPILED_not || made == COMPILED_short)
        atomic_store_explicit(&inst->made->heat[func], INT32_MAX, memory_order_relaxed);
    return made;
}

static const NativeLoop *find_loop(const Native *n, u32 offset)
{
    u32 low = 0, high = n->loop_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (n->loops[middle].offset < offset) low = middle + 1;
        else high = middle;
    }
    return low < n->loop_count && n->loops[low].offset == offset ? &n->loops[low] : NULL;
}

const void *native_loop(const Instance *inst, u32 func, u32 offset, const u64 *frame,
                        const Record *record, bool optimized)
{
    enum { RECORDS = 64 }; // what "enter" leaves
    const Native *n = native_newest(native_region(inst->made), func);
    const NativeLoop *loop = NULL;
    for (; n; n = n->older)
        if ((n->optimized || !optimized) && (loop = find_loop(n, offset))) break;
    s64 room = (const u8 *)record - (const u8 *)frame;
    if (!loop || room < (s64)n->frame_slots * 8 + RECORDS + 8) return NULL;
    return native_address(inst->made, n, loop->at);
}

int native_run(Exec *x, int next)
{
    const Position at = x->at;
    native_look_up(x);
    if (next == RUN_loop || next == RUN_up)
        return native_enter(x, at.ip, at.frame, at.record, at.inst,
                            next == RUN_loop ? ENTER_call : ENTER_tail);
    if (at.ip == code_native) return native_call(x, at.frame, at.record, at.inst);
    if (at.ip == code_return_native)
        return native_enter(x, (const void *)(uintptr_t)*(const u64 *)(const void *)at.record,
                            at.frame, record_behind_word(at.record), at.inst, ENTER_behind);
    return native_enter(x, at.ip, at.frame, at.record, at.inst, ENTER_behind);
}

void native_go_on(Exec *x, const Native *native)
{
    if (native->optimized) {
        x->outdated = true;
        atomic_fetch_or_explicit(&x->stop, STOP_TICK, memory_order_relaxed);
    }
    if (native_site(x->at.inst->made, native, x->at.ip).kind != SITE_again) return;
    x->at.ip = (const u64 *)(const void *)((const u8 *)x->at.ip - AGAIN_BYTES);
    x->passed = true;
}

void native_down(Position *at, u32 func, u32 frame_slots)
{
    const u64 *word = (const u64 *)(const void *)at->record;
    bool far = *word == (u64)(uintptr_t)native_return_far;
    Record *record = far ? record_behind_word(at->record) : at->record - 1;
    // as "enter" of the interpreter asks for: that of native code asked for more
    assert((u8 *)record - (u8 *)at->frame >= ((s64)frame_slots + RECORD_SLOTS) * 8);
    // As the interpreter calls native code, or native code the interpreter. A tail call may have
    // left another's number.
    if (!far) *record = (Record){code_return_native, at->inst, 0, func};
    record->callee = func;
    at->record = record;
}

#else
void native_watch(NativeWatch *watch) {}
u32 native_refusals(const ModuleCode *code) { return 0; }
#endif
