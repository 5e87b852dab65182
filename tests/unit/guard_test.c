// guard_test.c -- guarded memories: what is beyond their size faults, to the byte, whatever they
// grow to and whoever had the addresses before; the fault is known to be of a memory as long as it
// lives; and who can have no guards has a memory like any other.
// Hazards: R22, R23, R67.

#include "check.h"
#include "engine/engine.h"
#include "machine_code.h"
#include "plat/code.h"
#include "plat/fault.h"
#include "plat/pages.h"
#include "plat/thread.h"
#include "run/guard.h"
#include "run/spare.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 1 << 16 };

static Engine *engine;
static int ends[2]; // of a pipe

static Store *store(void)
{
    engine->limits = store_limits_default;
    engine->limits.memory_mode = MEMORY_guarded;
    return engine_store(engine);
}

static Memory *memory(Store *s, u64 pages)
{
    return memory_new(s, &(MemType){{.min = pages, .page_log2 = 16}});
}

// The system looks, and answers.
static bool readable(const u8 *at)
{
    u8 byte;
    return write(ends[1], at, 1) == 1 && read(ends[0], &byte, 1) == 1;
}

static bool writable(u8 *at)
{
    u8 byte = 7;
    if (write(ends[1], &byte, 1) != 1) return false;
    if (read(ends[0], at, 1) == 1) return *at == 7;
    return read(ends[0], &byte, 1) != 1; // it is not left for the next one
}

// Of this size, and nothing around it can be accessed.
static void check_edges(const Memory *m, u64 size)
{
    u8 *base = m->base;
    CHECK_EQ_U64(m->size, size);
    const u64 beyond[] = {0, 1, pages_size(), PAGE, GUARD_BYTES - GUARD_BEFORE - 1 - size};
    for (u32 i = 0; i < COUNT_OF(beyond); i++) CHECK(!readable(base + size + beyond[i]));
    CHECK(!readable(base - 1) && !readable(base - GUARD_BEFORE));
    for (u64 at = 0; at < size; at = at + 1 < size / 2 ? size / 2 : MAX(at + 1, size - 1))
        CHECK(readable(base + at) && writable(base + at));
}

static bool all_zero(const Memory *m)
{
    u64 at = 0;
    while (at < m->size && !m->base[at]) at++;
    return at == m->size;
}

static void test_edges(void)
{
    Store *s = store();
    Memory *m = memory(s, 1);
    const u8 *base = m->base;
    CHECK(m->mode == MEMORY_guarded && all_zero(m));
    check_edges(m, PAGE);
    CHECK_EQ_U64(memory_grow(m, 0), 1);
    CHECK_EQ_U64(memory_grow(m, 2), 1);
    check_edges(m, 3 * PAGE);
    m->base[PAGE] = m->base[0] = m->base[2 * PAGE + 1] = m->base[3 * PAGE - 1] = 0;
    CHECK_EQ_U64(memory_grow(m, 65534), -1);
    CHECK_EQ_U64(memory_grow(m, 65533), 3);
    check_edges(m, (u64)1 << 32);
    CHECK_EQ_U64(memory_grow(m, 1), -1);
    CHECK(m->base == base);
    store_free(s);
    s = store();
    m = memory(s, 0);
    check_edges(m, 0);
    CHECK_EQ_U64(memory_grow(m, 1), 0);
    check_edges(m, PAGE);
    store_free(s);
}

// The next memory has the same addresses, zeroed, and as much of them as it asks for.
static void test_again(void)
{
    static const u32 sizes[] = {1, 1, 3, 2, 0, 1, 100, 1};
    const u8 *base = NULL;
    spare_drop();
    for (u32 i = 0; i < COUNT_OF(sizes); i++) {
        Store *s = store();
        Memory *m = memory(s, sizes[i]);
        CHECK(m->mode == MEMORY_guarded && (!base || m->base == base) && all_zero(m));
        base = m->base;
        check_edges(m, sizes[i] * PAGE);
        memset(m->base, 1, m->size);
        if (i % 2) CHECK_EQ_U64(memory_grow(m, 1), sizes[i]);
        if (m->size) m->base[m->size - 1] = 1;
        store_free(s);
        CHECK(!readable(base + (sizes[i] + 1) * PAGE));
    }
}

static void test_kinds(void)
{
    static const struct { MemType type; MemoryMode mode; } cases[] = {
        {{{.min = 1, .page_log2 = 16}}, MEMORY_guarded},
        {{{.min = 1, .max = 2, .has_max = true, .page_log2 = 16, .shared = true}}, MEMORY_guarded},
        {{{.min = 1, .page_log2 = 16, .is64 = true}}, MEMORY_movable},
        {{{.min = PAGE, .page_log2 = 0}}, MEMORY_movable},
        {{{.min = 1, .max = PAGE, .has_max = true, .shared = true}}, MEMORY_fixed},
    };
    Store *s = store();
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        Memory *m = memory_new(s, &cases[i].type);
        CHECK_EQ_U64(m->mode, cases[i].mode);
        CHECK_EQ_U64(memory_grow(m, 1), cases[i].type.limits.min);
    }
    store_free(s);
}

// ---- Faults

#ifdef HAVE_MACHINE_CODE

typedef u32 Load(const volatile u8 *at);
static uintptr_t fault_at;
static CodeSpace space;

static bool answer(void *env, Fault *f)
{
    fault_at = f->address;
    f->registers[MACHINE_RESULT] = 12345;
    f->pc += MACHINE_RETURN;
    return true;
}

// Ends a child that faults where nobody answers.
static bool ends_child(Load *load, const u8 *at)
{
    int status = 0;
    pid_t child = fork();
    if (!child) {
        load(at);
        _exit(0);
    }
    bool ended = waitpid(child, &status, 0) == child;
    return ended && WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void check_faults(Load *load, const Memory *m)
{
    const u64 beyond[] = {0, 5, PAGE, ((u64)6 << 30) - m->size};
    for (u32 i = 0; i < COUNT_OF(beyond); i++) {
        const u8 *at = m->base + m->size + beyond[i];
        CHECK_EQ_U64(load(at), 12345);
        CHECK_EQ_U64(fault_at, (uintptr_t)at);
    }
}

static void test_faults(void)
{
    u8 bytes[32];
    const u8 *code = NULL;
    signal(SIGSEGV, SIG_DFL); // a sanitizer's would tell of it
    if (!CHECK_EQ_U64(code_space_new(&space, 1, pages_size()), 0)) return;
    CHECK_EQ_U64(code_space_add(&space, bytes, emit_load(bytes), 16, &code), 0);
    Load *load = (Load *)(uintptr_t)code;
    s32 place = fault_add_code(space.code, space.code_size, answer, NULL);
    CHECK_EQ_U64(fault_install(), 0);
    Store *s = store();
    Memory *a = memory(s, 1), *b = memory(s, 2);
    check_faults(load, a);
    check_faults(load, b);
    CHECK_EQ_U64(memory_grow(a, 7), 1);
    memset(a->base + 7 * PAGE, 1, 4);
    CHECK_EQ_U64(load(a->base + 7 * PAGE), 0x01010101);
    check_faults(load, a);
    const u8 *was[] = {a->base, b->base};
    store_free(s);
    for (u32 i = 0; i < COUNT_OF(was); i++) CHECK(ends_child(load, was[i] + 100 * PAGE));
    s = store(); // the address of a spare one, again
    a = memory(s, 1);
    check_faults(load, a);
    store_free(s);
    fault_uninstall();
    fault_remove(place);
    code_space_free(&space);
}

#else
static void test_faults(void) {}
#endif

static void make_and_free(void *env)
{
    for (u32 i = 0; i < 30; i++) {
        Store *s = engine_store(env);
        Memory *m = memory(s, 1 + i % 3);
        memory_grow(m, 1);
        m->base[m->size - 1] = 1;
        store_free(s);
    }
}

static void test_threads(void)
{
    enum { THREADS = 4 };
    Thread *threads[THREADS];
    store_free(store());
    for (u32 i = 0; i < THREADS; i++) threads[i] = thread_start(make_and_free, engine);
    for (u32 i = 0; i < THREADS; i++) thread_join(threads[i]);
}

// ---- Where there are none to be had

static void check_movable(Memory *m)
{
    if (!CHECK(m)) return;
    CHECK(m->mode == MEMORY_movable);
    CHECK_EQ_U64(memory_grow(m, 20), 1);
    m->base[m->size - 1] = 1;
}

// They may take a quarter of what the process may; the rest is left to others.
static void check_most(u64 most)
{
    Store *s = store();
    u64 guarded = 0;
    Memory *m;
    while ((m = memory(s, 1))->mode == MEMORY_guarded && guarded++ < most) continue;
    CHECK_EQ_U64(guarded, most);
    check_movable(m);
    store_free(s);
}

static void test_limits(void)
{
    struct rlimit before, less;
    if (SANITIZES_ADDRESSES || SANITIZES_THREADS) return; // which take more than there is
    if (!CHECK(getrlimit(RLIMIT_AS, &before) == 0)) return;
    const struct { u64 bytes; u32 most; } cases[] = {
        {4 * GUARD_BYTES - 1, 0}, {4 * GUARD_BYTES, 1}, {13 * GUARD_BYTES, 3}};
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        less = (struct rlimit){cases[i].bytes, before.rlim_max};
        spare_drop();
        if (!CHECK(setrlimit(RLIMIT_AS, &less) == 0)) return;
        check_most(cases[i].most);
    }
    setrlimit(RLIMIT_AS, &before);
    if (check_full()) check_most(pages_addresses() / 4 / GUARD_BYTES);
}

int main(void)
{
    engine = engine_new(features_default);
    CHECK(pipe(ends) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    if (GUARD_POSSIBLE) {
        test_edges();
        test_again();
        test_kinds();
        test_faults();
        test_threads();
        test_limits();
    } else {
        Store *s = store();
        check_movable(memory(s, 1));
        store_free(s);
    }
    engine_free(engine);
    return check_report();
}
