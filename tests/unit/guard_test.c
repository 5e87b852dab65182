// guard_test.c -- guarded memories: what is beyond their size faults, to the byte, whatever they
// grow to and whoever had the addresses before; the fault is known to be of a memory as long as it
// lives; and who can have no guards has a memory like any other.
// Hazards: R22, R23, R67.

#include "check.h"
#include "engine/source.h"
#include "machine_code.h"
#include "plat/code.h"
#include "plat/fault.h"
#include "plat/pages.h"
#include "plat/thread.h"
#include "run/guard.h"
#include "run/native.h"
#include "run/spare.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 1 << 16 };

static Engine *engine;
static int ends[2]; // of a pipe

static Store *store(MemoryMode mode)
{
    engine->limits = store_limits_default;
    engine->limits.memory_mode = mode;
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
    Store *s = store(MEMORY_guarded);
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
    s = store(MEMORY_guarded);
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
        Store *s = store(MEMORY_guarded);
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

// The system does not take back what is locked: then it is not used again.
static void test_locked(void)
{
    Store *s = store(MEMORY_guarded);
    Memory *m = memory(s, 1);
    if (CHECK(m != NULL) && m->mode == MEMORY_guarded && !mlock(m->base, PAGE)) {
        memset(m->base, 1, PAGE);
        store_free(s);
        s = store(MEMORY_guarded);
        m = memory(s, 1);
        CHECK(m && !m->base[0] && !m->base[PAGE - 1]);
    }
    store_free(s);
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
    Store *s = store(MEMORY_guarded);
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        Memory *m = memory_new(s, &cases[i].type);
        CHECK_EQ_U64(m->mode, cases[i].mode);
        CHECK_EQ_U64(memory_grow(m, 1), cases[i].type.limits.min);
    }
    store_free(s);
}

// ---- Faults

#ifdef HAVE_MACHINE_CODE

typedef u32 Peek(const volatile u8 *at);
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
static bool ends_child(Peek *peek, const u8 *at)
{
    int status = 0;
    pid_t child = fork();
    if (!child) {
        peek(at);
        _exit(0);
    }
    bool ended = waitpid(child, &status, 0) == child;
    return ended && WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void check_faults(Peek *peek, const Memory *m)
{
    const u64 beyond[] = {0, 5, PAGE, ((u64)6 << 30) - m->size};
    for (u32 i = 0; i < COUNT_OF(beyond); i++) {
        const u8 *at = m->base + m->size + beyond[i];
        CHECK_EQ_U64(peek(at), 12345);
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
    Peek *peek = (Peek *)(uintptr_t)code;
    s32 place = fault_add_code(space.code, space.code_size, answer, NULL);
    CHECK_EQ_U64(fault_install(), 0);
    Store *s = store(MEMORY_guarded);
    Memory *a = memory(s, 1), *b = memory(s, 2);
    check_faults(peek, a);
    check_faults(peek, b);
    CHECK_EQ_U64(memory_grow(a, 7), 1);
    memset(a->base + 7 * PAGE, 1, 4);
    CHECK_EQ_U64(peek(a->base + 7 * PAGE), 0x01010101);
    check_faults(peek, a);
    const u8 *was[] = {a->base, b->base};
    store_free(s);
    for (u32 i = 0; i < COUNT_OF(was); i++) CHECK(ends_child(peek, was[i] + 100 * PAGE));
    s = store(MEMORY_guarded); // the address of a spare one, again
    a = memory(s, 1);
    check_faults(peek, a);
    store_free(s);
    fault_uninstall();
    fault_remove(place);
    code_space_free(&space);
}

#else
static void test_faults(void) {}
#endif

// ---- Code that is made for them

static const struct { const char *text; bool guarded; } modules[] = {
    {"(module (memory 1)", true},
    {"(module (import \"h\" \"m\" (memory 1))", true},
    {"(module", false},
    {"(module (memory i64 1) (memory 1)", true}, // the second may fault
    {"(module (memory 1) (memory i64 1)", true},
};

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    *out = (Extern){.kind = EXTERN_memory, .memory = env};
    return true;
}

// NULL: it did not do what it should.
static const Instance *run(Store *s, const Module *m, Memory *imported)
{
    Diag diag;
    Extern f;
    u64 slot = 0;
    Instantiated made = engine_instantiate(s, m, resolve, imported, &diag);
    bool good = made.instance && !made.trap &&
                instance_export(made.instance, (Bytes){(const u8 *)"f", 1}, &f) &&
                engine_call(s, f.func, &slot, 1) == TRAP_none && slot == 7;
    return good ? made.instance : NULL;
}

// An instance's code after a run, in a store with guards or without.
static const ModuleCode *code_after(const Module *m, bool guards)
{
    Store *s = store(guards ? MEMORY_guarded : MEMORY_movable);
    const Instance *inst = run(s, m, memory(s, 1));
    if (!CHECK(inst && inst->code == inst->made->funcs)) exit(1);
    const ModuleCode *code = inst->made;
    store_free(s);
    return code;
}

// Compilers have code of their own for instances with guarded memories; what is interpreted is
// there once.
static void check_code(const Module *m, bool suits, bool guards)
{
    const Account *account = &engine->accounts[ENGINE_code_bytes];
    const bool warmth = NATIVE && m->optimizes == OPTIMIZE_warm; // is counted where it is looked at
    const u64 head = sizeof(ModuleCode) + m->func_count * (sizeof(FuncCode) + sizeof(s32) + warmth);
    u32 bit = suits && GUARD_POSSIBLE ? CODE_guarded : 0;
    u32 compiled = tier_lacks() ? 0 : CODE_compiled;
    CHECK_EQ_U64(code_after(m, guards)->mode, compiled | (guards ? bit : 0));
    u64 before = account_used(account);
    const ModuleCode *second = code_after(m, !guards);
    CHECK_EQ_U64(second->mode, compiled | (guards ? 0 : bit));
    const Code *body = code_body(&second->funcs[0]);
    if (m->among_end) {
        CHECK(body && code_body(&code_after(m, guards)->funcs[0]) == body);
        CHECK_EQ_U64(account_used(account) - before, bit ? head : 0);
    }
    engine->tier = TIER_interp;
    CHECK_EQ_U64(code_after(m, guards)->mode, 0);
}

// Native, and interpreted since it is not among those to be compiled.
static void test_code(void)
{
    for (u32 i = 0; i < 8 * COUNT_OF(modules); i++) {
        char text[200];
        Source source;
        Diag diag;
        engine->tier = i % 8 / 4 ? TIER_auto : TIER_baseline;
        engine->among_first = 5;
        engine->among_end = NATIVE && i % 2 ? 0 : 6;
        snprintf(text, sizeof text, "%s (func (export \"f\") (result i32) (i32.const 7)))",
                 modules[i / 8].text);
        if (CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag)))
            check_code(source.module, modules[i / 8].guarded, i % 4 / 2);
        source_free(&source);
        CHECK_EQ_U64(account_used(&engine->accounts[ENGINE_code_bytes]), 0);
    }
}

// Who has faults answered has guards, where no other kind of memory is asked for.
static void test_modes(void)
{
    if (!CHECK(!engine_set_faults(engine, true))) return;
    for (u32 on = 0; on < 2; on++) {
        CHECK(!engine_set_faults(engine, on));
        Store *movable = store(MEMORY_movable), *fixed = store(MEMORY_fixed);
        CHECK_EQ_U64(memory(movable, 1)->mode, on ? MEMORY_guarded : MEMORY_movable);
        CHECK_EQ_U64(memory(fixed, 1)->mode, MEMORY_fixed);
        store_free(movable);
        store_free(fixed);
    }
    engine_set_faults(engine, false);
}

// ---- Threads make and free them at once, and run the same function with and without

typedef struct { const Module *module; u32 seed, wrong; } Work;

static void make_and_free(void *env)
{
    Work *w = env;
    StoreLimits limits = engine->limits;
    for (u32 i = w->seed; i < w->seed + 20; i++) {
        limits.memory_mode = i % 2 ? MEMORY_movable : MEMORY_guarded;
        Store *s = engine_store_within(engine, &limits);
        Memory *m = memory(s, 1 + i % 3);
        w->wrong += !m || memory_grow(m, 1) < 0 || !run(s, w->module, m);
        m->base[m->size - 1] = 1;
        store_free(s);
    }
}

static void test_threads(void)
{
    enum { THREADS = 4 };
    static const char text[] = "(module (import \"h\" \"m\" (memory 1))"
                               " (func (export \"f\") (result i32) (i32.const 7)))";
    Thread *threads[THREADS];
    Work work[THREADS];
    store_free(store(MEMORY_guarded));
    engine->tier = TIER_baseline;
    engine->among_first = 5;
    for (u32 round = 0; round < 10; round++) {
        Source source;
        Diag diag;
        engine->among_end = round % 2 ? 0 : 6;
        if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) return;
        for (u32 i = 0; i < THREADS; i++) {
            work[i] = (Work){source.module, i, 0};
            threads[i] = thread_start(make_and_free, &work[i]);
        }
        for (u32 i = 0; i < THREADS; i++) {
            thread_join(threads[i]);
            CHECK_EQ_U64(work[i].wrong, 0);
        }
        source_free(&source);
        CHECK_EQ_U64(account_used(&engine->accounts[ENGINE_code_bytes]), 0);
    }
    engine->tier = TIER_interp;
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
// Whose guards are of no use to it has bytes in front that nobody wrote, wherever it went: what the
// processor accesses there where it guesses wrong is nothing of another memory's.
static void test_front(MemoryMode mode)
{
    enum { COUNT = 16, WIDEST = 16 };
    Store *s = store(mode);
    Memory *all[COUNT];
    if (!CHECK(s != NULL)) return;
    for (u32 i = 0; i < COUNT; i++) {
        MemType type = {{.min = i % 4 ? i : 17, .max = 100, .has_max = true,
                         .page_log2 = i % 4 ? 16 : 0}};
        if (!CHECK((all[i] = memory_new(s, &type)) != NULL)) return;
        CHECK(all[i]->mode == mode);
    }
    for (u32 round = 0; round < 3; round++) {
        for (u32 i = 0; i < COUNT; i++) {
            memset(all[i]->base, 0xa5, (size_t)all[i]->size);
            if (i % 2) CHECK(memory_grow(all[i], 3 + i) >= 0);
        }
        for (u32 i = 0; i < COUNT; i++)
            for (u32 k = 1; k <= WIDEST; k++) CHECK_EQ_U64(all[i]->base[-(s32)k], 0);
    }
    store_free(s);
}

static void check_most(u64 most)
{
    Store *s = store(MEMORY_guarded);
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
        if (pages_addresses() != cases[i].bytes) return; // an emulator may not know limits
        check_most(cases[i].most);
    }
    setrlimit(RLIMIT_AS, &before);
    if (check_full()) check_most(pages_addresses() / 4 / GUARD_BYTES);
}

// Compiled code finds objects by itself where the heap has all addresses that it may lead to: else
// the module is interpreted, and no other.
static void test_objects(void)
{
    static const char *const texts[] = {"(type (struct))", "(type (func))"};
    struct rlimit before;
    if (SANITIZES_ADDRESSES || SANITIZES_THREADS || tier_lacks()) return;
    if (!CHECK(getrlimit(RLIMIT_AS, &before) == 0)) return;
    engine->tier = TIER_baseline;
    engine->among_first = engine->among_end = 0;
    for (u32 i = 0; i < 2 * COUNT_OF(texts); i++) {
        char text[200];
        Source source;
        Diag diag;
        snprintf(text, sizeof text, "(module %s (func (export \"f\") (result i32) (i32.const 7)))",
                 texts[i / 2]);
        if (!CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag))) return;
        spare_drop();
        const struct rlimit less = {(u64)4 << 30, before.rlim_max};
        if (i % 2) CHECK(setrlimit(RLIMIT_AS, &less) == 0);
        if (i % 2 && pages_addresses() != less.rlim_cur) return; // an emulator may not know limits
        const ModuleCode *code = code_after(source.module, false);
        setrlimit(RLIMIT_AS, &before);
        CHECK_EQ_U64(code->mode, i == 1 ? 0 : CODE_compiled);
        source_free(&source);
    }
}

int main(void)
{
    engine = engine_new(features_all);
    test_code();
    test_threads();
    for (u32 i = 0; i < 2 && NATIVE; i++) test_front(i ? MEMORY_fixed : MEMORY_movable);
    CHECK(pipe(ends) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    if (GUARD_POSSIBLE) {
        test_edges();
        test_again();
        test_locked();
        test_kinds();
        test_faults();
        test_limits();
        if (NATIVE) test_objects();
        test_modes();
    } else {
        Store *s = store(MEMORY_guarded);
        check_movable(memory(s, 1));
        store_free(s);
    }
    engine_free(engine);
    return check_report();
}
