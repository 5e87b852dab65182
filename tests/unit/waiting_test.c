// waiting_test.c -- memories that several stores have: what one store does to them the others see,
// in every tier and mode of memory, also in the middle of a function; who waits is woken by who
// notifies, by its deadline and by who stops it, and nobody is counted twice or lost.
// Hazards: R22, R26, R58.

#include "guests.h"
#include "plat/clock.h"

// ---- Growth that another store does

static Memory *grown_by_host;
static Trap grow_elsewhere(HostCall *call_)
{
    CHECK(memory_grow(grown_by_host, 1) >= 0);
    return TRAP_none;
}

static void test_growth(bool is64, const char *before)
{
    char text[2000];
    const char *t = is64 ? "i64" : "i32", *s = is64 ? "(i64.extend_i32_u (local.get 0))"
                                                   : "(local.get 0)";
    snprintf(text, sizeof text,
             "(module (import \"t\" \"grow\" (func $grow)) %s"
             "(import \"t\" \"m\" (memory $m %s 1 9 shared))"
             "(func $f (param i32) (result i32) (i32.load $m %s))"
             "(func (export \"load\") (param i32) (result i32) (local i32)"
             "  (local.set 1 (i32.load $m (%s.const 0))) (call $grow)"
             "  (i32.store $m %s (i32.const 5)) (i32.add (local.get 1) (i32.load $m %s)))"
             "(func (export \"add\") (param i32) (result i32) (call $grow)"
             "  (drop (i32.atomic.rmw.add $m %s (i32.const 7))) (i32.atomic.load $m %s))"
             "(func (export \"fill\") (param i32) (result i32) (call $grow)"
             "  (memory.fill $m %s (i32.const 1) (%s.const 4)) (call $f (local.get 0)))"
             "(func (export \"size\") (param i32) (result i32) (call $grow) %s))",
             before, is64 ? "i64" : "", s, t, s, s, s, s, s, t,
             is64 ? "(i32.wrap_i64 (memory.size $m))" : "(memory.size $m)");
    SharedMemory *shared = new_memory(1, 9, is64);
    Store *other = engine_store(engine);
    host_does = grow_elsewhere;
    grown_by_host = memory_view(other, shared);
    CHECK(memory_view(other, shared) == grown_by_host);
    Guest g = guest_of(shared, text);
    static const struct { const char *name; u32 gives; } rows[] = {
        {"load", 5}, {"add", 7}, {"fill", 0x01010101}, {"size", 5}, {"load", 5}, {"fill", 0x01010101},
    };
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        u64 slot[4] = {(i + 1) << 16 | 16}; // inside of the page that is there by then
        CHECK_EQ_U64(call(&g, rows[i].name, slot), TRAP_none);
        CHECK_EQ_U64((u32)slot[0], rows[i].gives);
    }
    u64 slot[4] = {9 << 16};
    CHECK_EQ_U64(call(&g, "load", slot), TRAP_out_of_bounds_memory_access);
    slot[0] = (9 << 16) - 3;
    host_does = NULL;
    CHECK_EQ_U64(memory_grow(g.view, 2), UINT64_MAX);
    CHECK_EQ_U64(memory_grow(grown_by_host, 1), 8);
    CHECK_EQ_U64(memory_grow(g.view, 0), 9);
    CHECK_EQ_U64(g.view->size, 9 << 16);
    store_free(other); // the rest goes on
    shared_give_back(shared);
    slot[0] = 3 << 16;
    CHECK_EQ_U64(memory_grow(g.view, 1), UINT64_MAX);
    guest_end(&g);
}

// ---- Who pays, and what is refused

static void test_limits(void)
{
    SharedMemory *shared = new_memory(1, 100, false);
    StoreLimits limits = engine->limits;
    limits.memory_bytes = 2 << 16;
    Store *small = engine_store_within(engine, &limits), *large = engine_store(engine);
    Memory *a = memory_view(small, shared), *b = memory_view(large, shared);
    CHECK_EQ_U64(account_used(&small->accounts[STORE_memory_bytes]), 0);
    CHECK_EQ_U64(memory_grow(a, 3), UINT64_MAX);
    CHECK_EQ_U64(memory_grow(b, 3), 1);
    CHECK_EQ_U64(memory_grow(a, 2), 4);
    CHECK_EQ_U64(memory_grow(a, 1), UINT64_MAX); // that is all it may
    CHECK_EQ_U64(account_used(&small->accounts[STORE_memory_bytes]), 2 << 16);
    CHECK_EQ_U64(account_used(&large->accounts[STORE_memory_bytes]), 3 << 16);
    MemType type = {{.min = 3, .max = 9, .has_max = true, .shared = true, .page_log2 = 16}};
    CHECK(shared_new(&limits, &type) == NULL);
    type.limits.min = 1;
    SharedMemory *two = shared_new(&limits, &type); // no larger than who makes it may have
    CHECK_EQ_U64(memory_grow(memory_view(large, two), 2), UINT64_MAX);
    CHECK_EQ_U64(memory_grow(memory_view(large, two), 1), 1);
    shared_give_back(two);
    store_free(small);
    store_free(large);
    shared_give_back(shared);
}

enum { GROWERS = 4, GROWTHS = 100 };
static _Atomic u32 grown;
static void grow_some(void *shared)
{
    Store *s = engine_store(engine);
    Memory *m = memory_view(s, shared);
    for (u32 i = 0; i < GROWTHS; i++) {
        u64 before = m->size;
        s64 old = memory_grow(m, 1);
        if (old < 0) continue;
        atomic_fetch_add(&grown, 1);
        u64 end = (u64)(old + 1) << 16;
        if (m->size < end || end <= before) exit(1);
        m->base[end - 1] = 7; // it is there
    }
    store_free(s);
}

static void test_growers(void)
{
    SharedMemory *shared = new_memory(1, 301, false);
    Thread *threads[GROWERS];
    atomic_store(&grown, 0);
    for (u32 i = 0; i < GROWERS; i++) threads[i] = thread_start(grow_some, shared);
    for (u32 i = 0; i < GROWERS; i++) thread_join(threads[i]);
    CHECK_EQ_U64(grown, 300);
    CHECK_EQ_U64(shared->whole.size, 301 << 16);
    for (u32 i = 1; i < 301; i++)
        if (shared->whole.base[((u64)(i + 1) << 16) - 1] != 7) CHECK(!"a page that nobody wrote");
    shared_give_back(shared);
}

// What one guest says that there is the others find, with the size that they have kept.
static const char told[] =
    "(module (import \"t\" \"m\" (memory 1 200 shared))"
    "(func (export \"grow\") (local i32)"
    "  (loop $on"
    "    (local.set 0 (memory.grow (i32.const 1)))"
    "    (if (i32.ne (local.get 0) (i32.const -1)) (then"
    "      (i64.store offset=65528 (i32.shl (local.get 0) (i32.const 16)) (i64.const 77))"
    "      (i32.atomic.store (i32.const 0) (local.get 0))"
    "      (br $on)))))"
    "(func (export \"look\") (param i32) (result i32) (local i32 i64)"
    "  (loop $on"
    "    (local.set 1 (i32.atomic.load (i32.const 0)))"
    "    (local.set 2 (i64.load offset=65528 (i32.shl (local.get 1) (i32.const 16))))"
    "    (if (i32.and (i32.ne (local.get 1) (i32.const 0)) (i64.ne (local.get 2) (i64.const 77)))"
    "      (then (return (i32.const 1))))"
    "    (br_if $on (i32.lt_u (local.get 1) (i32.const 199))))"
    "  (i32.const 0)))";

typedef struct { Guest guest; const char *does; Trap trap; u64 slots[4]; } Looker;
static void look_at_growth(void *env)
{
    Looker *l = env;
    l->trap = call(&l->guest, l->does, l->slots);
}

static void test_told(void)
{
    enum { LOOKERS = 3 };
    SharedMemory *shared = new_memory(1, 200, false);
    Looker all[LOOKERS];
    Thread *threads[LOOKERS];
    for (u32 i = 0; i < LOOKERS; i++)
        all[i] = (Looker){guest_of(shared, told), i ? "look" : "grow", TRAP_none, {0}};
    for (u32 i = LOOKERS; i-- > 0;) threads[i] = thread_start(look_at_growth, &all[i]);
    for (u32 i = 0; i < LOOKERS; i++) {
        thread_join(threads[i]);
        CHECK_EQ_U64(all[i].trap, TRAP_none);
        if (i) CHECK_EQ_U64((u32)all[i].slots[0], 0);
        guest_end(&all[i].guest);
    }
    shared_give_back(shared);
}

// ---- Waiting

static const char waits[] =
    "(module (import \"t\" \"m\" (memory 1 9 shared))"
    "(func (export \"wait\") (param i32 i32 i64) (result i32)"
    "  (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))"
    "(func (export \"wait64\") (param i32 i64 i64) (result i32)"
    "  (memory.atomic.wait64 offset=8 (local.get 0) (local.get 1) (local.get 2)))"
    "(func (export \"notify\") (param i32 i32) (result i32)"
    "  (memory.atomic.notify (local.get 0) (local.get 1))))";

static u32 waiters_of(SharedMemory *s)
{
    u32 count = 0;
    for (u32 i = 0; i < WAIT_QUEUES; i++) {
        pthread_mutex_lock(&s->queues[i].lock);
        for (const Waiter *w = s->queues[i].oldest; w; w = w->newer) count++;
        pthread_mutex_unlock(&s->queues[i].lock);
    }
    return count;
}

static void until_waiting(SharedMemory *s, u32 count)
{
    while (waiters_of(s) != count) plat_yield();
}

typedef struct {
    SharedMemory *shared;
    Guest guest;
    u32 at;
    s64 timeout;
    Trap trap;
    u32 answer;
    _Atomic u32 order; // in which it came back, from 1 on
    Thread *thread;
} Waiting;
static _Atomic u32 came_back;

static void wait_once(void *env)
{
    Waiting *w = env;
    u64 slots[4] = {w->at, 0, (u64)w->timeout};
    w->trap = call(&w->guest, "wait", slots);
    w->answer = (u32)slots[0];
    atomic_store(&w->order, atomic_fetch_add(&came_back, 1) + 1);
}

static void begin_waiting(Waiting *w, SharedMemory *shared, u32 at, s64 timeout)
{
    *w = (Waiting){shared, guest_of(shared, waits), at, timeout, TRAP_none, 0, 0, NULL};
    w->thread = thread_start(wait_once, w);
    if (!CHECK(w->thread != NULL)) exit(check_report());
}

static void end_waiting(Waiting *w, Trap trap, u32 answer)
{
    thread_join(w->thread);
    CHECK_EQ_U64(w->trap, trap);
    if (!trap) CHECK_EQ_U64(w->answer, answer);
    CHECK_EQ_U64(exec_stop_word(&w->guest.store->exec) & STOP_NOTIFIED, 0);
    guest_end(&w->guest);
}

static u32 notify(Guest *g, u32 at, u32 count)
{
    u64 slots[4] = {at, count};
    CHECK_EQ_U64(call(g, "notify", slots), TRAP_none);
    return (u32)slots[0];
}

// Those that wait longest are woken first, at that cell alone.
static void test_order(void)
{
    enum { N = 5 };
    SharedMemory *shared = new_memory(1, 1, false);
    Guest g = guest_of(shared, waits);
    Waiting w[N], other;
    atomic_store(&came_back, 0);
    begin_waiting(&other, shared, 4 + WAIT_QUEUES * 4, -1);
    until_waiting(shared, 1);
    for (u32 i = 0; i < N; i++) {
        begin_waiting(&w[i], shared, 4, -1);
        until_waiting(shared, i + 2);
    }
    CHECK_EQ_U64(notify(&g, 4, 0), 0);
    CHECK_EQ_U64(notify(&g, 8, UINT32_MAX), 0);
    for (u32 i = 0; i < 3; i++) {
        CHECK_EQ_U64(notify(&g, 4, 1), 1);
        while (!atomic_load(&w[i].order)) plat_yield();
        CHECK_EQ_U64(atomic_load(&w[i].order), i + 1);
        CHECK_EQ_U64(waiters_of(shared), N - i);
    }
    CHECK_EQ_U64(notify(&g, 4, UINT32_MAX), 2);
    CHECK_EQ_U64(notify(&g, 4, UINT32_MAX), 0);
    for (u32 i = 0; i < N; i++) end_waiting(&w[i], TRAP_none, 0);
    CHECK_EQ_U64(waiters_of(shared), 1);
    CHECK_EQ_U64(notify(&g, 4 + WAIT_QUEUES * 4, 7), 1);
    end_waiting(&other, TRAP_none, 0);
    guest_end(&g);
    shared_give_back(shared);
}

static void test_answers(void)
{
    SharedMemory *shared = new_memory(1, 1, false);
    Guest g = guest_of(shared, waits);
    u64 slots[4] = {4, 1, (u64)-1};
    CHECK_EQ_U64(call(&g, "wait", slots), TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 1);
    memcpy(slots, (u64[]){4, 0, 1000000}, sizeof(u64[3]));
    u64 start = plat_clock_now(CLOCK_monotonic);
    CHECK_EQ_U64(call(&g, "wait", slots), TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 2);
    CHECK(plat_clock_now(CLOCK_monotonic) - start >= 1000000);
    memcpy(slots, (u64[]){8, (u64)1 << 32, 0}, sizeof(u64[3]));
    CHECK_EQ_U64(call(&g, "wait64", slots), TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 1);
    memcpy(slots, (u64[]){8, 0, 0}, sizeof(u64[3]));
    CHECK_EQ_U64(call(&g, "wait64", slots), TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 2);
    memcpy(slots, (u64[]){4, 0, 0}, sizeof(u64[3]));
    CHECK_EQ_U64(call(&g, "wait64", slots), TRAP_unaligned_atomic);
    memcpy(slots, (u64[]){0xfffffffc, 0, 0}, sizeof(u64[3]));
    CHECK_EQ_U64(call(&g, "wait", slots), TRAP_out_of_bounds_memory_access);
    guest_end(&g);
    shared_give_back(shared);
}

// Whoever stops a guest wakes it; what was paused goes on waiting, and is woken then.
static void test_stops(void)
{
    SharedMemory *shared = new_memory(1, 1, false);
    Guest g = guest_of(shared, waits);
    Waiting w;
    begin_waiting(&w, shared, 4, -1);
    until_waiting(shared, 1);
    exec_stop(&w.guest.store->exec, TRAP_time_limit);
    end_waiting(&w, TRAP_time_limit, 0);
    CHECK_EQ_U64(waiters_of(shared), 0);

    begin_waiting(&w, shared, 4, -1);
    until_waiting(shared, 1);
    exec_pause(&w.guest.store->exec);
    thread_join(w.thread);
    CHECK_EQ_U64(w.trap, TRAP_paused);
    CHECK_EQ_U64(notify(&g, 4, 1), 0);
    exec_go_on(&w.guest.store->exec);
    u64 slots[4] = {0};
    shared->whole.base[4] = 1; // so it is not what it waits for, when it goes on
    CHECK_EQ_U64(engine_continue(w.guest.store, slots, 4), TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 1);
    shared->whole.base[4] = 0;
    guest_end(&w.guest);

    // a step at a time: who goes on while the pause holds gets further
    u64 steps[4] = {4, 0, 1000};
    u32 count = 0;
    exec_pause(&g.store->exec);
    Trap trap = call(&g, "wait", steps);
    while (trap == TRAP_paused && count++ < 10) trap = engine_continue(g.store, steps, 4);
    CHECK_EQ_U64(trap, TRAP_none);
    CHECK_EQ_U64((u32)steps[0], 2);
    CHECK_EQ_U64(count, 2); // the entry, and the wait
    exec_go_on(&g.store->exec);

    begin_waiting(&w, shared, 4, 50000000); // the rest of its time
    until_waiting(shared, 1);
    exec_pause(&w.guest.store->exec);
    thread_join(w.thread);
    exec_go_on(&w.guest.store->exec);
    if (w.trap == TRAP_paused) { // else this machine was slow
        CHECK_EQ_U64(engine_continue(w.guest.store, slots, 4), TRAP_none);
        CHECK_EQ_U64((u32)slots[0], 2);
    }
    guest_end(&w.guest);
    guest_end(&g);
    shared_give_back(shared);
}

// ---- Many at random: who was notified was counted, once

enum { MANY = 6 };
static _Atomic u32 over;
static _Atomic u32 notified, came_woken, came_timed_out, came_stopped;
typedef struct { SharedMemory *shared; Guest guest; u32 seed, rounds; } Worker;

static u32 next(u32 *seed) { return (*seed = *seed * 1664525 + 1013904223) >> 8; }

static void work(void *env)
{
    Worker *w = env;
    for (u32 i = 0; i < w->rounds; i++) {
        u64 slots[4] = {next(&w->seed) % 3 * 4, 0, next(&w->seed) % 4 ? next(&w->seed) % 200000
                                                                     : (u64)-1};
        Trap trap = call(&w->guest, "wait", slots);
        if (trap == TRAP_interrupted) {
            atomic_fetch_add(&came_stopped, 1);
            exec_go_on(&w->guest.store->exec);
        } else if (trap || slots[0] == 1) {
            exit(1);
        } else {
            atomic_fetch_add(slots[0] ? &came_timed_out : &came_woken, 1);
        }
    }
    atomic_fetch_add(&over, 1);
}

static void test_many(u32 rounds)
{
    SharedMemory *shared = new_memory(1, 1, false);
    Guest g = guest_of(shared, waits);
    Worker workers[MANY];
    Thread *threads[MANY];
    u32 seed = 1;
    atomic_store(&over, 0), atomic_store(&notified, 0), atomic_store(&came_woken, 0);
    atomic_store(&came_timed_out, 0), atomic_store(&came_stopped, 0);
    for (u32 i = 0; i < MANY; i++)
        workers[i] = (Worker){shared, guest_of(shared, waits), i, rounds};
    for (u32 i = 0; i < MANY; i++) threads[i] = thread_start(work, &workers[i]);
    while (atomic_load(&over) < MANY) {
        u32 what = next(&seed);
        if (what % 8 == 0)
            exec_stop(&workers[what / 8 % MANY].guest.store->exec, TRAP_interrupted);
        else atomic_fetch_add(&notified, notify(&g, what % 3 * 4, 1 + what / 8 % 3));
        if (what % 16 == 0) plat_yield();
    }
    for (u32 i = 0; i < MANY; i++) thread_join(threads[i]);
    CHECK_EQ_U64(notified, came_woken);
    CHECK_EQ_U64(came_woken + came_timed_out + came_stopped, MANY * rounds);
    CHECK_EQ_U64(waiters_of(shared), 0);
    for (u32 i = 0; i < MANY; i++) guest_end(&workers[i].guest);
    guest_end(&g);
    shared_give_back(shared);
}

// A memory with guards in a store of an engine that has no handlers, when whose guards they were
// has gone with its own.
static void test_elsewhere(void)
{
    enter_world(&worlds[2]);
    SharedMemory *shared = new_memory(1, 9, false);
    engine_free(engine);
    enter_world(&worlds[1]);
    Guest g = guest_of(shared, "(module (import \"t\" \"m\" (memory 1 9 shared))"
                               "(func (export \"load\") (param i32) (result i32)"
                               "  (i32.load (local.get 0))))");
    u64 slots[4] = {1 << 20};
    CHECK_EQ_U64(call(&g, "load", slots), TRAP_out_of_bounds_memory_access);
    guest_end(&g);
    shared_give_back(shared);
    engine_free(engine);
}

int main(void)
{
    for (u32 i = 0; i < COUNT_OF(worlds); i++) {
        enter_world(&worlds[i]);
        test_growth(false, "");
        test_growth(true, "");
        test_growth(false, "(import \"t\" \"m\" (memory 1 9 shared))"); // the same one twice
        test_growth(true, "(import \"t\" \"m\" (memory i64 1 9 shared))");
        test_limits();
        test_growers();
        for (u32 k = 0; k < (check_full() ? 2000 : 20); k++) test_told();
        test_answers();
        test_order();
        test_stops();
        test_many(check_full() ? 20000 : 400);
        engine_free(engine);
    }
    test_elsewhere();
    return check_report();
}
