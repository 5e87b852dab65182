// worlds.h -- functions of five numbers and a memory, for who looks whether vectors do the same.
//
// What code of the processor does is compared with what the interpreter does, and so is what the
// interpreter does with the module as it is written again: memory, result, trap. DONE and DONE_NOT
// are what notes about it begin with.
#pragma once

#include "check.h"

#include "binary/encode.h"
#include "engine/source.h"
#include "opt/body.h"
#include "opt/packs.h"
#include "opt/watch.h"
#include "run/call.h"
#include "run/memory.h"
#include "run/native.h"

enum { MEMORY = 0x10000, TEXT = 1 << 20, NOTES = 4096, LOW = 0x1400, HIGH = 0x800 };

#include "text.h"

static u32 funcs; // in the text

// ---- Two worlds

typedef struct {
    Engine *engine;
    Source source;
    Store *store;
    Instance *inst;
} World;
static World interp, native, written;

static u32 done;
static char why[NOTES];

static void note(void *env, const Module *m, u32 func, const char *line)
{
    (void)env, (void)m, (void)func;
    if (strstr(line, DONE)) done++;
    if (!strstr(line, DONE_NOT)) return;
    snprintf(why, sizeof why, "%s", strrchr(line, ':') + 2);
}
static const Watch watch = {.note = note};

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    (void)env, (void)import, (void)type, (void)out;
    return false;
}

static void enter(World *w, Tier tier, Bytes bytes)
{
    Diag diag;
    w->engine = engine_new(features_all);
    w->engine->tier = tier;
    w->engine->deterministic = true; // NaNs are the same everywhere
    w->engine->watch = &watch;
    diag_init(&diag);
    bool loaded = source_load(&w->source, w->engine, bytes.data, bytes.len, &diag);
    if (!CHECK(loaded)) printf("%s\n%s\n", diag.detail, text);
    if (!loaded) exit(check_report());
    w->store = engine_store(w->engine);
    w->inst = engine_instantiate(w->store, w->source.module, resolve, NULL, &diag).instance;
    if (!CHECK(w->inst != NULL)) exit(check_report());
}

static void leave(World *w)
{
    store_free(w->store);
    source_free(&w->source);
    engine_free(w->engine);
}

// The module with its loops in vectors, however much longer it is.
static Bytes rewritten(const Module *m, Arena *arena)
{
    Bytes *bodies = NEW_ARRAY(arena, Bytes, m->func_count);
    Diag diag;
    Buf buf;
    for (u32 f = m->imported_funcs; f < m->func_count; f++) {
        OptBody made;
        if (opt_body(m, NULL, f, (OptLevel){.speed = 3}, NULL, TEXT, arena, &made, &diag))
            bodies[f] = made.code;
    }
    const Edit edit = {.bodies = bodies};
    buf_init(&buf, arena);
    diag_init(&diag);
    CHECK(module_encode(m, &edit, &buf, &diag));
    return buf_view(&buf);
}

static Arena arena;
static jmp_buf failed;
static u32 done_in_written;

static void begin(void)
{
    add(")\n");
    arena_init(&arena);
    if (setjmp(failed)) exit(1);
    arena.on_failure = &failed;
    enter(&interp, TIER_interp, (Bytes){(const u8 *)text, len});
    enter(&native, TIER_opt, (Bytes){(const u8 *)text, len});
    done = 0;
    enter(&written, TIER_interp, rewritten(interp.source.module, &arena));
    done_in_written = done;
    done = 0;
}

static void were_done(u32 count)
{
    CHECK_EQ_U64(done, NATIVE ? count : 0);
    CHECK_EQ_U64(done_in_written, count);
}

static void end(void)
{
    leave(&interp);
    leave(&native);
    leave(&written);
    arena_free(&arena);
    len = funcs = 0;
}

static Memory *memory_of(const World *w)
{
    Extern m;
    if (!CHECK(instance_export(w->inst, bytes_of("m"), &m))) exit(1);
    return m.memory;
}

static void fill(const World *w, u32 seed)
{
    static const u8 awkward[] = {0, 1, 127, 128, 255, 254, 2, 63};
    u8 *base = memory_of(w)->base;
    // what is looked at
    for (u32 i = 0; i < MEMORY; i = i + 1 == LOW ? MEMORY - HIGH : i + 1) {
        seed = seed * 1664525 + 1013904223;
        base[i] = seed >> 30 ? (u8)(seed >> 16) : awkward[seed >> 20 & 7];
    }
}

typedef struct { u64 a, b, c, n, k; } Args;

static Trap call(const World *w, u32 func, const Args *args, u64 *result)
{
    char name[16];
    Extern f;
    u64 slots[5] = {args->a, args->b, args->c, args->n, args->k};
    snprintf(name, sizeof name, "f%u", func);
    if (!instance_export(w->inst, bytes_of(name), &f)) exit(1);
    Trap trap = engine_call(w->store, f.func, slots, 5);
    *result = trap ? 0 : slots[0];
    return trap;
}

// The same in both, with these arguments?
static bool same(u32 func, Args args)
{
    const World *const others[] = {&native, &written};
    u64 x, y;
    fill(&interp, func * 7 + (u32)args.n);
    Trap trap = call(&interp, func, &args, &x);
    bool good = true;
    for (u32 i = 0; i < COUNT_OF(others) && good; i++) {
        fill(others[i], func * 7 + (u32)args.n);
        good = CHECK_EQ_U64(call(others[i], func, &args, &y), trap) &&
               CHECK_EQ_U64((u32)y, (u32)x) &&
               CHECK(!memcmp(memory_of(&interp)->base, memory_of(others[i])->base, MEMORY));
    }
    if (!good)
        printf("func %u: a %u, b %u, c %u, n %u\n", func, (u32)args.a, (u32)args.b, (u32)args.c,
               (u32)args.n);
    return good;
}
