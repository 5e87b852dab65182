// exceptions.c -- programs that throw and catch, made up from bytes, do what a few lines of C say
// they do: written with try_table, and written with the legacy instructions. With
// EXCEPTIONS_OUT=FILE the texts are written there.
//
// A program is a tree of statements over four globals and, in each function, a local. The evaluator
// below walks the tree; an exception is a value that it returns. Both texts are made from the same
// tree.
// Hazards: R21.

#include "fuzz.h"

#include "base/buf.h"
#include "engine/source.h"
#include "run/exec.h"

#include <stdarg.h>

enum { TAGS = 3, GLOBALS = 4, FUNCS = 4, DEPTH = 7, STEPS = 20000, STATEMENTS = 80 };

typedef enum {
    DO_add, DO_local, DO_throw, DO_if, DO_block, DO_loop, DO_try, DO_rethrow, DO_call, DO_break,
    DO_return, DO_delegate,
    DO_COUNT
} Do;

typedef struct Statement Statement;
struct Statement {
    Do what;
    u32 n, k;            // a global, a tag, a count, a function, a label; and a number
    u32 id;              // of blocks, loops and tries: names its labels
    Statement *body;     // in a list
    // of try: by tag, and catch_all; else: of if. No handler: NULL
    Statement *handlers[TAGS], *otherwise;
    Statement *next;
};

// ---- Making a tree

typedef struct {
    const u8 *data;
    size_t size;
    u64 random;
    Arena *arena;
    u32 count, ids;
    u32 func;            // calls go to later functions only, so they end
    const Statement *around[DEPTH + 1];  // what may be named, from the outermost
    bool in_handler[DEPTH + 1];          // for a try: are we in a handler of it?
    u32 depth;
    bool delegates;
} Maker;

static u32 take(Maker *m, u32 below)
{
    // Behind the input goes on what follows from it, so that short ones make large programs too.
    m->random = m->random * 6364136223846793005u + 1442695040888963407u;
    if (!m->size) return (u32)(m->random >> 40) % below;
    m->size--;
    m->random ^= *m->data;
    return *m->data++ % below;
}

static Statement *make_list(Maker *m);

static Statement *make_inner(Maker *m, const Statement *owner, bool in_handler)
{
    m->around[m->depth] = owner;
    m->in_handler[m->depth++] = in_handler;
    Statement *list = make_list(m);
    m->depth--;
    return list;
}

// The nearest surrounding statement, `skip` of the fitting ones left out, that is a try with its
// handler around us (or its body).
static const Statement *find_try(const Maker *m, bool in_handler, u32 skip)
{
    const Statement *found = NULL;
    for (u32 i = m->depth; i--;) {
        if (m->around[i]->what != DO_try || m->in_handler[i] != in_handler) continue;
        found = m->around[i];
        if (!skip--) break;
    }
    return found;
}

static void make_try(Maker *m, Statement *s)
{
    u32 which = take(m, 16);
    s->body = make_inner(m, s, false);
    for (u32 tag = 0; tag < TAGS; tag++)
        if (which >> tag & 1) s->handlers[tag] = make_inner(m, s, true);
    if (which & 8) s->otherwise = make_inner(m, s, true);
    // Large programs run out of statements; an empty one adds nothing.
    if (!s->handlers[0] && !s->handlers[1] && !s->handlers[2] && !s->otherwise)
        s->otherwise = NEW(m->arena, Statement);
}

static Statement *make(Maker *m)
{
    Statement *s = NEW(m->arena, Statement);
    s->what = (Do)take(m, DO_COUNT);
    s->n = take(m, 256);
    s->k = take(m, 256);
    s->id = m->ids++;
    m->count++;
    bool inner = m->depth < DEPTH && m->count < STATEMENTS;
    const Statement *named = NULL;
    switch (s->what) {
    case DO_if: case DO_block: case DO_loop: case DO_try: case DO_delegate:
        if (!inner) s->what = DO_add;
        break;
    case DO_rethrow: named = find_try(m, true, s->n % 3); break;
    case DO_break: named = m->depth ? m->around[s->n % m->depth] : NULL; break;
    case DO_call: if (m->func + 1 >= FUNCS) s->what = DO_add; break;
    default: break;
    }
    if (s->what == DO_delegate) {
        named = m->delegates ? find_try(m, false, s->n % 3) : NULL;
        if (!named) s->what = DO_block;
    } else if ((s->what == DO_rethrow || s->what == DO_break) && !named) {
        s->what = DO_add;
    }
    if (named) s->n = named->id;
    switch (s->what) {
    case DO_add: s->n %= GLOBALS; break;
    case DO_throw: s->n %= TAGS; break;
    case DO_call: s->n = m->func + 1 + s->n % (FUNCS - m->func - 1); break;
    case DO_block: case DO_loop: case DO_delegate: s->body = make_inner(m, s, false); break;
    case DO_if: s->body = make_inner(m, s, false), s->otherwise = make_inner(m, s, false); break;
    case DO_try: make_try(m, s); break;
    default: break;
    }
    return s;
}

static Statement *make_list(Maker *m)
{
    Statement *first = NULL, **end = &first;
    for (u32 n = 1 + take(m, 4); n-- && m->count < STATEMENTS; end = &(*end)->next) *end = make(m);
    return first;
}

// ---- What it does

typedef enum { WENT_on, WENT_thrown, WENT_break, WENT_return, WENT_nowhere } Went;

typedef struct {
    Statement *const *funcs;
    u32 globals[GLOBALS];
    u32 steps;
    u32 tag, value;      // WENT_thrown
    // WENT_break: whose end; WENT_thrown: the try that a delegate names, or UINT32_MAX
    u32 to;
    struct { u32 id, tag, value; } caught[64]; // by handlers that are active, innermost last
    u32 caught_count;
} Evaluator;

static Went run_list(Evaluator *e, const Statement *s, u32 *local);

static Went run_try(Evaluator *e, const Statement *s, u32 *local)
{
    Went went = run_list(e, s->body, local);
    if (went != WENT_thrown) return went;
    if (e->to != UINT32_MAX && e->to != s->id) return went;
    e->to = UINT32_MAX;
    const Statement *handler = s->handlers[e->tag] ? s->handlers[e->tag] : s->otherwise;
    if (!handler) return went;
    e->caught[e->caught_count].id = s->id;
    e->caught[e->caught_count].tag = e->tag;
    e->caught[e->caught_count++].value = e->value;
    if (handler == s->handlers[e->tag]) e->globals[0] += e->value;
    went = run_list(e, handler, local);
    e->caught_count--;
    return went;
}

static Went run_one(Evaluator *e, const Statement *s, u32 *local)
{
    Went went = WENT_on;
    if (++e->steps > STEPS) return WENT_nowhere;
    switch (s->what) {
    case DO_add: e->globals[s->n] = e->globals[s->n] * 31 + s->k; break;
    case DO_local:
        *local = *local * 17 + s->k;
        e->globals[3] += *local;
        break;
    case DO_throw:
        e->tag = s->n, e->value = *local + s->k, e->to = UINT32_MAX;
        return WENT_thrown;
    case DO_if:
        return run_list(e, (e->globals[s->n % GLOBALS] + s->k) & 1 ? s->body : s->otherwise, local);
    case DO_block: case DO_delegate:
        went = run_list(e, s->body, local);
        if (went == WENT_thrown && s->what == DO_delegate && e->to == UINT32_MAX) e->to = s->n;
        break;
    case DO_loop:
        for (u32 i = 0; i < 1 + s->k % 3 && went == WENT_on; i++)
            went = run_list(e, s->body, local);
        break;
    case DO_try: went = run_try(e, s, local); break;
    case DO_rethrow:
        for (u32 i = e->caught_count; i--;) {
            if (e->caught[i].id != s->n) continue;
            e->tag = e->caught[i].tag, e->value = e->caught[i].value, e->to = UINT32_MAX;
            return WENT_thrown;
        }
        MUST(false);
    case DO_call: {
        u32 inner = 0, kept = e->caught_count;
        went = run_list(e, e->funcs[s->n], &inner);
        e->caught_count = kept;
        return went == WENT_return ? WENT_on : went;
    }
    case DO_break:
        e->to = s->n;
        return WENT_break;
    default: return WENT_return;
    }
    return went;
}

// A break ends at the end of whom it names.
static Went run_list(Evaluator *e, const Statement *s, u32 *local)
{
    Went went = WENT_on;
    for (; s && went == WENT_on; s = s->next) {
        went = run_one(e, s, local);
        if (went == WENT_break && e->to == s->id) went = WENT_on;
    }
    return went;
}

// ---- Texts

static void put(Buf *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void put(Buf *out, const char *fmt, ...)
{
    char text[300];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    buf_bytes(out, text, (size_t)len);
}

static void write_list(Buf *out, const Statement *s, bool old);

static void write_try_table(Buf *out, const Statement *s)
{
    put(out, "(block $x%u\n", s->id);
    for (u32 tag = 0; tag < TAGS; tag++)
        if (s->handlers[tag]) put(out, "(block $h%u_%u (result i32 exnref)\n", s->id, tag);
    if (s->otherwise) put(out, "(block $a%u (result exnref)\n", s->id);
    put(out, "(try_table");
    for (u32 tag = 0; tag < TAGS; tag++)
        if (s->handlers[tag]) put(out, " (catch_ref $t%u $h%u_%u)", tag, s->id, tag);
    if (s->otherwise) put(out, " (catch_all_ref $a%u)", s->id);
    put(out, "\n");
    write_list(out, s->body, false);
    put(out, ") (br $x%u))\n", s->id);
    if (s->otherwise) {
        put(out, "(local.set $e%u)\n", s->id);
        write_list(out, s->otherwise, false);
        put(out, "(br $x%u)%s\n", s->id,
            s->handlers[0] || s->handlers[1] || s->handlers[2] ? ")" : "");
    }
    // The blocks of tags were opened from 0 up, so the last is closed first.
    for (u32 tag = TAGS; tag--;) {
        if (!s->handlers[tag]) continue;
        put(out,
            "(local.set $e%u) (global.set $v) (global.set $g0 (i32.add (global.get $g0) "
            "(global.get $v)))\n",
            s->id);
        write_list(out, s->handlers[tag], false);
        bool more = false;
        for (u32 other = 0; other < tag; other++) more = more || s->handlers[other];
        put(out, "(br $x%u)%s\n", s->id, more ? ")" : "");
    }
    put(out, ")\n");
}

static void write_old_try(Buf *out, const Statement *s)
{
    put(out, "(block $x%u (try $y%u (do\n", s->id, s->id);
    write_list(out, s->body, true);
    put(out, ")\n");
    for (u32 tag = 0; tag < TAGS; tag++) {
        if (!s->handlers[tag]) continue;
        put(out,
            "(catch $t%u (global.set $v) (global.set $g0 (i32.add (global.get $g0) (global.get "
            "$v)))\n",
            tag);
        write_list(out, s->handlers[tag], true);
        put(out, ")\n");
    }
    if (s->otherwise) {
        put(out, "(catch_all\n");
        write_list(out, s->otherwise, true);
        put(out, ")\n");
    }
    put(out, "))\n");
}

static void write_loop(Buf *out, const Statement *s, bool old)
{
    put(out, "(block $x%u (local.set $n%u (i32.const %u)) (loop $l%u\n", s->id, s->id, 1 + s->k % 3,
        s->id);
    write_list(out, s->body, old);
    put(out, "(br_if $l%u (local.tee $n%u (i32.sub (local.get $n%u) (i32.const 1))))))\n", s->id,
        s->id, s->id);
}

static void write_if(Buf *out, const Statement *s, bool old)
{
    put(out, "(if $x%u (i32.and (i32.add (global.get $g%u) (i32.const %u)) (i32.const 1)) (then\n",
        s->id, s->n % GLOBALS, s->k);
    write_list(out, s->body, old);
    put(out, ") (else\n");
    write_list(out, s->otherwise, old);
    put(out, "))\n");
}

static void write_one(Buf *out, const Statement *s, bool old)
{
    switch (s->what) {
    case DO_add:
        put(out,
            "(global.set $g%u (i32.add (i32.mul (global.get $g%u) (i32.const 31)) (i32.const "
            "%u)))\n",
            s->n, s->n, s->k);
        break;
    case DO_local:
        put(out, "(local.set $x (i32.add (i32.mul (local.get $x) (i32.const 17)) (i32.const %u)))"
            " (global.set $g3 (i32.add (global.get $g3) (local.get $x)))\n", s->k);
        break;
    case DO_throw:
        put(out, "(throw $t%u (i32.add (local.get $x) (i32.const %u)))\n", s->n, s->k);
        break;
    case DO_if: write_if(out, s, old); break;
    case DO_block:
        put(out, "(block $x%u\n", s->id);
        write_list(out, s->body, old);
        put(out, ")\n");
        break;
    case DO_delegate:
        put(out, "(block $x%u (try (do\n", s->id);
        write_list(out, s->body, old);
        put(out, ") (delegate $y%u)))\n", s->n);
        break;
    case DO_loop: write_loop(out, s, old); break;
    case DO_try:
        if (old) write_old_try(out, s);
        else write_try_table(out, s);
        break;
    case DO_rethrow:
        put(out, old ? "(rethrow $y%u)\n" : "(throw_ref (local.get $e%u))\n", s->n);
        break;
    case DO_call: put(out, "(call $f%u)\n", s->n); break;
    case DO_break: put(out, "(br $x%u)\n", s->n); break;
    default: put(out, "(return)\n");
    }
}

static void write_list(Buf *out, const Statement *s, bool old)
{
    for (; s; s = s->next) write_one(out, s, old);
}

static Bytes write_module(Arena *arena, Statement *const *funcs, u32 ids, bool old)
{
    Buf out;
    buf_init(&out, arena);
    put(&out, "(module\n");
    for (u32 tag = 0; tag < TAGS; tag++)
        put(&out, "(tag $t%u (export \"t%u\") (param i32))\n", tag, tag);
    for (u32 i = 0; i < GLOBALS; i++)
        put(&out, "(global $g%u (export \"g%u\") (mut i32) (i32.const 0))\n", i, i);
    put(&out, "(global $v (mut i32) (i32.const 0))\n");
    for (u32 f = 0; f < FUNCS; f++) {
        put(&out, "(func $f%u (export \"f%u\") (local $x i32)\n", f, f);
        for (u32 i = 0; i < ids; i++) put(&out, "(local $n%u i32)", i);
        for (u32 i = 0; i < ids && !old; i++) put(&out, "(local $e%u exnref)", i);
        write_list(&out, funcs[f], old);
        put(&out, ")\n");
    }
    put(&out, ")\n");
    return buf_view(&out);
}

// ---- Comparing

static bool no_imports(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return false;
}

static Extern export_of(const Instance *inst, char kind, u32 index)
{
    char name[8];
    Extern e;
    int len = snprintf(name, sizeof name, "%c%u", kind, index);
    MUST(instance_export(inst, (Bytes){(const u8 *)name, (size_t)len}, &e));
    return e;
}

static void check_text(Bytes text, const Evaluator *want, Went went)
{
    Engine *engine = engine_new(features_all);
    Source source;
    Diag diag;
    engine->limits = fuzz_limits;
    bool good = source_load(&source, engine, text.data, text.len, &diag);
    if (!good)
        fprintf(stderr, "%u:%u: %s: %s\n", diag.line, diag.column, err_text[diag.err], diag.detail);
    MUST(good);
    Store *store = engine_store(engine);
    Instance *inst = engine_instantiate(store, source.module, no_imports, NULL, &diag).instance;
    MUST(inst);
    u64 slots[1] = {0};
    Trap trap = engine_call(store, export_of(inst, 'f', 0).func, slots, COUNT_OF(slots));
    MUST(trap == (went == WENT_thrown ? TRAP_uncaught_exception : TRAP_none));
    if (trap) {
        const Exception *e = ref_to_exception(store, store->exec.exception);
        MUST(exception_tag(store, e) == export_of(inst, 't', want->tag).tag);
        MUST((u32)e->values[0] == want->value);
    }
    for (u32 i = 0; i < GLOBALS; i++)
        MUST((u32)export_of(inst, 'g', i).global->value[0] == want->globals[i]);
    store_free(store);
    source_free(&source);
    engine_free(engine);
}

static void write_out(Bytes text, const char *mode)
{
    const char *name = getenv("EXCEPTIONS_OUT");
    FILE *out = name ? fopen(name, mode) : NULL;
    if (!out) return;
    fwrite(text.data, 1, text.len, out);
    fclose(out);
}

static void check(const u8 *data, size_t size, Arena *arena)
{
    Statement *funcs[FUNCS];
    Maker m = {.data = data, .size = size, .arena = arena};
    m.delegates = take(&m, 2);
    for (m.func = 0; m.func < FUNCS; m.func++) funcs[m.func] = make_list(&m);
    Evaluator e = {.funcs = funcs};
    u32 local = 0;
    Went went = run_list(&e, funcs[0], &local);
    if (went == WENT_nowhere) return;
    Bytes old = write_module(arena, funcs, m.ids, true);
    write_out(old, "w");
    check_text(old, &e, went);
    if (m.delegates) return; // try_table has nothing like it
    Bytes text = write_module(arena, funcs, m.ids, false);
    write_out(text, "a");
    check_text(text, &e, went);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Arena arena;
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = &failed;
    MUST(!setjmp(failed));
    check(data, MIN(size, 2000), &arena);
    arena_free(&arena);
    return 0;
}
