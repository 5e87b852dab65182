// map_test.c -- which slots of a frame hold collected references: by hand for a few functions, and
// what the map says against what is found for each place alone; asked by many threads at once; and
// of a module made to have a large one. And from code back to the module: every safepoint of the
// table is there.
// Hazards: R14, R69, R86.

#include "check.h"

#include "binary/instr.h"
#include "engine/source.h"
#include "plat/thread.h"
#include "run/map.h"

// Places are named by their instruction; @ is the entry.
static const char text[] =
    "(module"
    "  (type $s (struct (field i32) (field anyref)))"
    "  (type $a (array (mut externref)))"
    "  (type $many (func (result i32 externref v128 externref funcref)))"
    "  (type $f (func))"
    "  (import \"m\" \"f\" (func $host))"
    "  (tag $e (param i32 externref)) (memory 1)"
    "  (func $many (type $many) (unreachable))"
    "  (func (export \"locals\") (param i32 externref v128 anyref)"
    "    (local f64 (ref null $s) externref funcref externref)"
    "    (call $host))"
    "  (func (export \"both\") (param externref) (local externref) (call $host))"
    "  (func (export \"operands\") (param externref) (result anyref)"
    "    (struct.new $s (i32.const 1) (struct.new $s (i32.const 2) (ref.null none)))"
    "    (call $many) (drop) (drop) (drop) (call $host) (drop) (drop)"
    "    (array.new_fixed $a 3 (local.get 0) (local.get 0) (local.get 0)) (drop)"
    "    (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))"
    "    (loop (param anyref) (result anyref) (call $host)))"
    "  (func (export \"across\") (param externref) (result externref)"
    "    (local.get 0)"
    "    (block (result externref)"
    "      (local.get 0) (if (i32.const 0) (then (call $host)) (else (call $host))) (br 0))"
    "    (call $host) (drop))"
    "  (func (export \"dead\") (param externref) (local.get 0) (return) (call $host) (drop))"
    "  (func (export \"after\") (param externref)"
    "    (block (local.get 0) (br 0)) (call $host) (throw $e (i32.const 1) (local.get 0))))";

// Slots at each place where they are not those of the locals alone: the call of $host in order, and
// others by their words.
static const struct { const char *func, *op; u32 nth; const char *slots; } wanted[] = {
    {"locals", "@", 0, "1 4"},
    {"locals", "call", 0, "1 4 6 7 9"},
    {"both", "@", 0, "0"},
    {"both", "call", 0, "0 1"},
    {"operands", "@", 0, "0"},
    {"operands", "struct.new", 0, "0 3"},      // i32 i32 null, of which the third is taken
    {"operands", "struct.new", 1, "0 2"},
    {"operands", "call", 0, "0 1"},            // $many
    {"operands", "call", 1, "0 1 3"},          // i32 externref are left of it
    {"operands", "array.new_fixed", 0, "0 1 2 3 4"},
    {"operands", "memory.fill", 0, "0 1"},
    {"operands", "loop", 0, "0 1"},
    {"operands", "call", 2, "0 1"},
    {"across", "call", 0, "0 1 2"},
    {"across", "call", 1, "0 1 2"},
    {"across", "call", 2, "0 1 2"},
    {"dead", "call", 0, "0"},                  // nobody can stand there
    {"after", "call", 0, "0"},
    {"after", "throw", 0, "0 2"},
};

// Inside of legacy clauses, which may not be in a module with the instructions above.
static const char legacy[] =
    "(module"
    "  (import \"m\" \"f\" (func $host)) (tag $e (param i32 externref)) (tag $n)"
    "  (func (export \"clauses\") (param externref) (result externref)"
    "    (local.get 0)"
    "    (try (do (call $host))"
    "      (catch $e (call $host) (drop) (call $host) (drop))" // 2 is kept; i32 externref above it
    "      (catch $n (call $host)"
    "        (try (do (call $host)) (catch_all (call $host) (rethrow 0)))" // 2 and 3 are kept
    "        (call $host))"
    "      (catch_all (call $host)))"
    "    (call $host)"
    "    (try (do (call $host)) (delegate 0))))";
static const struct {
    u32 nth;
    const char *slots;
} clauses[] = {
    {0, "0 1"},     {1, "0 1 2 4"}, {2, "0 1 2"}, {3, "0 1 2"}, {4, "0 1 2"},
    {5, "0 1 2 3"}, {6, "0 1 2"},   {7, "0 1 2"}, {8, "0 1"},   {9, "0 1"},
};

static Engine *engine;

static u32 export_index(const Module *m, const char *name)
{
    for (u32 i = 0; i < m->export_count; i++)
        if (m->exports[i].name.len == strlen(name) &&
            !memcmp(m->exports[i].name.data, name, strlen(name)))
            return m->exports[i].index;
    exit(!CHECK(!"no such export"));
}

// The offset of the nth instruction of that name; 0: there is none.
static u32 find(const Module *m, u32 func, const char *op, u32 which)
{
    Range body = m->funcs[func].body;
    volatile u32 found = 0, nth = which;
    if (*op == '@') return body.start;
    Arena arena;
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) exit(!CHECK(!"memory"));
    Diag diag;
    InstrReader r;
    Instr instr;
    diag_init(&diag);
    instr_reader_init(&r, m, body, &arena, &diag);
    for (u32 groups = instr_local_groups(&r), count; groups--;)
        instr_local_group(&r, &count, &(Type){0});
    while (!found && instr_next(&r, &instr))
        if (!strcmp(op_info[instr.imm.op].text, op) && nth-- == 0) found = instr.at;
    arena_free(&arena);
    return found;
}

enum { SLOTS = 4096 };

// A string of the numbers in a set.
static const char *show(const u8 *set)
{
    static char text_of[2][SLOTS * 6];
    static u32 turn;
    char *out = text_of[turn++ % 2], *at = out;
    *out = 0;
    for (u32 i = 0; i < SLOTS; i++)
        if (set[i]) at += sprintf(at, at == out ? "%u" : " %u", i);
    return out;
}

static void from_map(const Module *m, u32 func, u32 offset, u8 *set)
{
    memset(set, 0, SLOTS);
    const RefMap *map = map_of(m, func);
    if (!CHECK(map)) return;
    bool entry = offset == m->funcs[func].body.start;
    u32 last = SLOTS;
    for (u32 r = entry ? map->params : map_at(map, offset); r; r = map->runs[r].below) {
        const RefRun *run = &map->runs[r];
        CHECK(run->count && run->first + run->count <= last); // from the top down, apart
        last = run->first;
        memset(set + run->first, 1, run->count);
    }
}

static void from_walk(const Module *m, u32 func, u32 offset, u8 *set)
{
    Arena arena;
    jmp_buf failed;
    Homes homes;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) exit(!CHECK(!"memory"));
    map_finder.at(m, func, offset, &arena, &homes);
    memset(set, 0, SLOTS);
    bool entry = offset == m->funcs[func].body.start;
    u32 locals = entry ? type_def(m->store, m->funcs[func].type)->param_count : homes.local_count;
    for (u32 i = 0, slot = 0; i < locals; slot += type_slots(homes.locals[i++]))
        set[slot] = type_is_collected(m->store, homes.locals[i]);
    for (u32 i = 0; i < homes.operand_count; i++)
        set[homes.slots[i]] = type_is_collected(m->store, homes.operands[i]);
    for (u32 i = 0; i < homes.kept_count; i++) set[homes.kept[i]] = 1;
    arena_free(&arena);
}

// At every offset, whether something stands there or not.
static void compare(const Module *m)
{
    u8 one[SLOTS], other[SLOTS];
    for (u32 func = m->imported_funcs; func < m->func_count; func++)
        for (u32 at = m->funcs[func].body.start; at < m->funcs[func].body.end; at++) {
            from_map(m, func, at, one);
            from_walk(m, func, at, other);
            if (memcmp(one, other, SLOTS)) CHECK_STR(show(one), show(other));
        }
}

// ---- places that are asked about together, and such as are kept

typedef struct {
    Arena arena;
    Homes homes;
} Place;

static void ask_place(const Module *m, u32 func, u32 offset, bool kept, Place *place)
{
    jmp_buf failed;
    arena_init(&place->arena);
    place->arena.on_failure = &failed;
    if (setjmp(failed)) exit(!CHECK(!"memory"));
    if (kept) map_homes(m, func, offset, &place->arena, &place->homes);
    else map_finder.at(m, func, offset, &place->arena, &place->homes);
    place->arena.on_failure = NULL;
}

static bool same_words(const u32 *a, const u32 *b, u32 count)
{
    return !count || !memcmp(a, b, count * sizeof *a);
}

static bool same_homes(const Homes *a, const Homes *b)
{
    return a->local_count == b->local_count && a->operand_count == b->operand_count &&
           a->kept_count == b->kept_count && same_words(a->locals, b->locals, a->local_count) &&
           same_words(a->operands, b->operands, a->operand_count) &&
           same_words(a->slots, b->slots, a->operand_count) &&
           same_words(a->kept, b->kept, a->kept_count);
}

// All offsets of a body by one walk, and each alone; where there is an instruction.
static void together(const Module *m, u32 func)
{
    enum { MOST = 2000 };
    static HomesAt asked[MOST], *order[MOST];
    Range body = m->funcs[func].body;
    u32 count = MIN(body.end - body.start, MOST);
    u64 left = UINT64_MAX, values = 0;
    Arena arena, scratch;
    jmp_buf failed;
    arena_init(&arena);
    arena_init(&scratch);
    arena.on_failure = scratch.on_failure = &failed;
    if (setjmp(failed)) exit(!CHECK(!"memory"));
    for (u32 i = 0; i < count; i++) {
        asked[i] = (HomesAt){.module = m, .func = func, .offset = body.start + i};
        order[i] = &asked[i];
    }
    CHECK(map_finder.each(order, count, &left, &scratch, &arena));
    for (u32 i = 0; i < count; i++) {
        Place place;
        const Homes *h = &asked[i].homes;
        if (asked[i].op == OP_COUNT) continue;
        CHECK(asked[i].op == op_at(m->bytes + asked[i].offset));
        ask_place(m, func, asked[i].offset, false, &place);
        CHECK(same_homes(h, &place.homes));
        CHECK(!h->inited == !place.homes.inited);
        if (h->inited) CHECK(!memcmp(h->inited, place.homes.inited, (h->local_count + 7) / 8));
        values += (u64)h->local_count + h->operand_count + h->kept_count;
        arena_free(&place.arena);
    }
    // Those that nobody gets to count with their locals.
    CHECK(values <= UINT64_MAX - left);
    values = UINT64_MAX - left - 1;
    for (u32 i = 0; i < count; i++) asked[i].homes = (Homes){0};
    if (left != UINT64_MAX) CHECK(!map_finder.each(order, count, &values, &scratch, &arena));
    arena_free(&scratch);
    arena_free(&arena);
}

static void all_together(const Module *m)
{
    for (u32 func = m->imported_funcs; func < m->func_count; func++) together(m, func);
}

// True: it is there without a walk. Threads ask too, so what is wrong is noted, not counted here.
static _Atomic bool wrong_place;
static bool is_kept(const Module *m, u32 func, u32 offset)
{
    Place found, first, again;
    ask_place(m, func, offset, false, &found);
    ask_place(m, func, offset, true, &first);
    ask_place(m, func, offset, true, &again);
    if (!same_homes(&found.homes, &first.homes) || !same_homes(&found.homes, &again.homes))
        wrong_place = true;
    bool kept = !again.arena.total;
    arena_free(&found.arena);
    arena_free(&first.arena);
    arena_free(&again.arena);
    return kept;
}

// How many are kept; the others are right too. Each is asked after three times, and each time a
// body may be walked from its start: of what is large a share, then, of what is by hand all.
static u32 all_places(const Module *m, bool large)
{
    u32 kept = 0;
    size_t before = map_bytes(m), lists = 2 * (m->func_count + 4) * sizeof(void *);
    for (u32 func = m->imported_funcs; func < m->func_count; func++)
        for (u32 at = m->funcs[func].body.start; at < m->funcs[func].body.end; at++)
            if (!large || check_due(func + at)) kept += is_kept(m, func, at);
    CHECK(!wrong_place);
    CHECK(map_bytes(m) <= before + lists + HOMES_LEAST + HOMES_PER_BYTE * m->size);
    return kept;
}

static Source *load(const char *words, Features more)
{
    Diag diag;
    Source *source = calloc(1, sizeof *source);
    engine->features = features_default | more;
    if (source_load(source, engine, (const u8 *)words, strlen(words), &diag)) return source;
    char why[300];
    puts(diag_text(&diag, why, sizeof why));
    exit(!CHECK(!"loaded"));
}

static void unload(Source *source)
{
    source_free(source);
    free(source);
}

static void by_hand(void)
{
    u8 set[SLOTS];
    Source *source = load(text, 0);
    const Module *m = source->module;
    for (u32 i = 0; i < COUNT_OF(wanted); i++) {
        u32 func = export_index(m, wanted[i].func);
        from_map(m, func, find(m, func, wanted[i].op, wanted[i].nth), set);
        CHECK_STR(show(set), wanted[i].slots);
    }
    compare(m);
    all_together(m);
    CHECK(map_bytes(m) > sizeof(RefMap));
    u32 first = m->imported_funcs;
    CHECK(is_kept(m, first, m->funcs[first].body.start));
    CHECK(all_places(m, false) > 50);
    unload(source);
    source = load(legacy, FEATURE_BIT(FEATURE_legacy_exceptions));
    CHECK(all_places(source->module, false) > 10);
    m = source->module;
    for (u32 i = 0; i < COUNT_OF(clauses); i++) {
        from_map(m, 1, find(m, 1, "call", clauses[i].nth), set);
        CHECK_STR(show(set), clauses[i].slots);
    }
    compare(m);
    all_together(m);
    unload(source);
}

// Blocks in blocks with operands of every kind between them, and calls, at random.
static char *some_module(u32 seed)
{
    char *out = malloc(1 << 20), *p = out;
    p += sprintf(p, "(module (import \"m\" \"f\" (func $h)) (tag $e (param externref i32))"
                    "(func $p (result externref i64 v128 exnref) (unreachable))"
                    "(func (param i32 externref v128) (local i64 externref externref) ");
    static const char *const opening[] = {"block ", "loop ", "try call $h ", "i32.const 1 if "};
    u32 open[64], depth = 0;
    for (u32 i = 0; i < 300; i++) {
        seed = seed * 1103515245 + 12345;
        switch (seed >> 16 & 15) {
        case 0: case 1: p += sprintf(p, "local.get 1 "); break;
        case 2: p += sprintf(p, "i32.const 5 "); break;
        case 3: p += sprintf(p, "call $p "); break;
        case 4: p += sprintf(p, "call $p drop drop "); break;
        case 5: p += sprintf(p, "ref.null extern ref.is_null "); break;
        case 6: case 7: p += sprintf(p, "call $h "); break;
        case 8: case 9:
            if (depth == COUNT_OF(open)) break;
            open[depth] = seed >> 20 & 3;
            p += sprintf(p, "%s", opening[open[depth++]]);
            break;
        case 10: case 11: case 12: // what is inside is left by a branch
            if (!depth) break;
            depth--;
            p += sprintf(p, "return ");
            if (open[depth] == 2)
                p += sprintf(p, "%scatch_all call $h ",
                             seed & 1 << 22 ? "catch $e call $h call $p return " : "");
            if (open[depth] == 3) p += sprintf(p, "else call $h local.get 1 call $h drop ");
            p += sprintf(p, "end ");
            break;
        case 13: p += sprintf(p, "local.get 1 i32.const 0 drop drop "); break;
        case 14:
            p += sprintf(p, "i32.const 0 i32.const 0 call $p drop drop drop drop drop drop ");
            break;
        default: p += sprintf(p, "v128.const i64x2 0 0 call $h drop "); break;
        }
    }
    while (depth) {
        depth--;
        p += sprintf(p, open[depth] == 2 ? "return catch_all end " : "return end ");
    }
    sprintf(p, "return))");
    return out;
}

static void by_chance(void)
{
    for (u32 seed = 1; seed <= (check_full() ? 400 : 20); seed++) {
        char *words = some_module(seed * 7919);
        Source *source = load(words, FEATURE_BIT(FEATURE_legacy_exceptions) |
                                         FEATURE_BIT(FEATURE_exceptions));
        compare(source->module);
        all_together(source->module);
        unload(source);
        free(words);
    }
}

// ---- many threads

enum { THREADS = 4 };
static const Module *shared;
static const RefMap *seen[THREADS][16];

static void ask(void *env)
{
    u32 me = *(u32 *)env;
    for (u32 k = 0; k < shared->func_count - 1; k++) {
        u32 func = 1 + (k + me) % (shared->func_count - 1);
        seen[me][func] = map_of(shared, func);
        for (u32 at = 0; at < 20; at++)
            is_kept(shared, func, shared->funcs[func].body.start + at);
    }
}

static void at_once(void)
{
    for (u32 round = 0; round < 20; round++) {
        Source *source = load(text, 0);
        Thread *threads[THREADS];
        u32 numbers[THREADS];
        shared = source->module;
        for (u32 i = 0; i < THREADS; i++) {
            numbers[i] = i;
            if (!(threads[i] = thread_start(ask, &numbers[i]))) exit(!CHECK(!"no thread"));
        }
        for (u32 i = 0; i < THREADS; i++) thread_join(threads[i]);
        size_t bytes = 0;
        for (u32 func = 1; func < shared->func_count; func++) {
            bytes += seen[0][func]->size;
            CHECK(is_kept(shared, func, shared->funcs[func].body.start));
            for (u32 i = 1; i < THREADS; i++)
                CHECK(seen[i][func] && seen[i][func] == seen[0][func]);
        }
        CHECK(map_bytes(shared) >= bytes &&
              map_bytes(shared) < bytes + 1024 + HOMES_LEAST + HOMES_PER_BYTE * shared->size);
        unload(source);
    }
}

// ---- too many

// Two bytes that push half a thousand runs, again and again.
static void hostile(void)
{
    char *words = malloc(1 << 20), *p = words;
    p += sprintf(p, "(module (func $m (result");
    for (u32 i = 0; i < 500; i++) p += sprintf(p, " i32 externref");
    p += sprintf(p, ") (unreachable))");
    for (u32 f = 0; f < 100; f++) {
        p += sprintf(p, "(func (block ");
        for (u32 i = 0; i < 60; i++) p += sprintf(p, "(call $m) ");
        p += sprintf(p, "(br 0)))");
    }
    sprintf(p, ")");
    Source *source = load(words, 0);
    const Module *m = source->module;
    u32 none = 0;
    for (u32 func = 1; func < m->func_count; func++) none += !map_of(m, func);
    CHECK(none > 90);
    CHECK(map_bytes(m) <
          MAPS_LEAST + MAPS_PER_BYTE * m->size + (m->func_count + 2) * sizeof(void *));
    CHECK(all_places(m, true) > 5);
    unload(source);
    free(words);
}

static bool same_map(const RefMap *a, const RefMap *b)
{
    return a->size == b->size && a->place_count == b->place_count && a->params == b->params &&
           a->locals == b->locals &&
           !memcmp(a + 1, b + 1, a->size - sizeof *a); // places and runs
}

// Vectors take none of the room of a map, and yet time: no more are looked at than there is room
// for.
static void limited_vectors(void)
{
    enum { COUNT = 40 };
    char words[4000], *p = words + sprintf(words, "(module (func $h) (func ");
    for (u32 i = 0; i < COUNT; i++) p += sprintf(p, "v128.const i64x2 0 0 ");
    p += sprintf(p, "ref.null extern call $h ");
    for (u32 i = 0; i < COUNT + 1; i++) p += sprintf(p, "drop ");
    sprintf(p, "))");
    Source *source = load(words, 0);
    for (u32 limit = COUNT - 1; limit < COUNT + 3; limit++) {
        RefMap *map = map_finder.refs(source->module, 1, limit);
        CHECK((map != NULL) == (limit > COUNT));
        free(map);
    }
    unload(source);
}

// With less room there is the same map, or none.
static void limited(void)
{
    static const struct { const char *words; Features more; } of[] = {
        {text, 0}, {legacy, FEATURE_BIT(FEATURE_legacy_exceptions)},
    };
    for (u32 i = 0; i < COUNT_OF(of); i++) {
        Source *source = load(of[i].words, of[i].more);
        const Module *m = source->module;
        for (u32 func = m->imported_funcs; func < m->func_count; func++) {
            const RefMap *whole = map_of(m, func);
            size_t limit = 0, refused = 0;
            if (!CHECK(whole)) continue;
            for (bool had = false; limit <= whole->size + 100; limit++) {
                RefMap *map = map_finder.refs(m, func, limit);
                if (had || limit == whole->size + 100) CHECK(map);
                had = map;
                refused += !map;
                // besides the head, and the run that is none
                if (map) CHECK(same_map(map, whole) && map->size <= sizeof *map + 8 + limit);
                free(map);
            }
            if (whole->place_count) CHECK(refused > 0);
        }
        unload(source);
    }
}

// Frames that nobody can have, since they have more slots than a run can name: of locals; of
// locals and operands, numbers and references; and of what a legacy clause keeps, which is the
// last.
static void too_deep(void)
{
    enum { PER_VECTOR = 2, MOST = 0xffff };
    static const struct { u32 vectors, numbers; const char *body; bool there; } rows[] = {
        {MOST / PER_VECTOR, 0, "call $h", true},
        {MOST / PER_VECTOR, 1, "call $h", true},
        {MOST / PER_VECTOR, 2, "call $h", false},
        {MOST / PER_VECTOR, 0, "ref.null extern call $h drop", true},
        {MOST / PER_VECTOR, 0, "ref.null extern ref.null extern call $h drop drop", false},
        {MOST / PER_VECTOR, 0, "i32.const 0 ref.null extern call $h drop drop", false},
        {MOST / PER_VECTOR, 0, "v128.const i64x2 0 0 ref.null extern call $h drop drop", false},
        {MOST / PER_VECTOR, 0, "try call $h catch_all call $h end", true},
        {MOST / PER_VECTOR, 1, "try call $h catch_all call $h end", false},
    };
    char *words = malloc(1 << 20);
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        char *p = words + sprintf(words, "(module (func $h) (func (local");
        for (u32 k = 0; k < rows[i].vectors; k++) p += sprintf(p, " v128");
        for (u32 k = 0; k < rows[i].numbers; k++) p += sprintf(p, " i64");
        sprintf(p, ") %s))", rows[i].body);
        Source *source = load(words, FEATURE_BIT(FEATURE_legacy_exceptions));
        RefMap *map = map_finder.refs(source->module, 1, 1 << 20);
        if (!CHECK((map != NULL) == rows[i].there)) printf("%s\n", rows[i].body);
        free(map);
        unload(source);
    }
    free(words);
}

// Counted with the code, refused when that is too much, and given back with the module.
static void counted(void)
{
    Account *account = &engine->accounts[ENGINE_code_bytes];
    u64 limit = account->limit;
    size_t before = account_used(account);
    Source *source = load(text, 0);
    const Module *m = source->module;
    u32 last = m->func_count - 1;
    CHECK(map_of(m, last));
    size_t first = map_bytes(m);
    CHECK(first > 0);
    CHECK_EQ_U64(account_used(account) - before, first);
    account->limit = account_used(account);
    CHECK(map_of(m, last) && !map_of(m, last - 1));
    account->limit = limit;
    CHECK(map_of(m, last - 1));
    CHECK(map_bytes(m) > first);
    first = map_bytes(m);
    CHECK(is_kept(m, last, m->funcs[last].body.start));
    CHECK(map_bytes(m) > first);
    account->limit = account_used(account);
    CHECK(!is_kept(m, last, m->funcs[last].body.start + 1));
    CHECK(is_kept(m, last, m->funcs[last].body.start));
    account->limit = limit;
    CHECK_EQ_U64(account_used(account) - before, map_bytes(m));
    unload(source);
    CHECK_EQ_U64(account_used(account), before);
}

// ---- from code back to the module

// Every kind of safepoint, and what is none; in a legacy clause too. Nothing of it can be left out.
static const char every[] =
    "(module (memory 1) (table $t 9 funcref) (elem declare func $f) (type $v (func))"
    "  (func $f (export \"f\") (param i32 f32 funcref) (result i32) (local (ref null $v))"
    "    (loop (br_if 0 (i32.eqz (local.get 0))))"
    "    (if (i32.const 1) (then (i32.store (i32.const 4) (i32.div_u (i32.const 7) (local.get "
    "0)))))"
    "    (drop (i32.trunc_f32_s (local.get 1))) (drop (i32.trunc_sat_f32_s (local.get 1)))"
    "    (call $v) (call_indirect (type $v) (i32.const 0)) (call_ref $v (local.get 3))"
    "    (drop (memory.size)) (drop (memory.grow (i32.const 1))) (drop (table.size))"
    "    (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)) (table.set (i32.const 0) "
    "(ref.func $f))"
    "    (drop (ref.as_non_null (local.get 2))) (block (drop (br_on_null 0 (local.get 2))))"
    "    (drop (v128.load (i32.const 0))) (drop (i32.load (i32.const 0)))"
    "    (if (local.get 0) (then (return_call $f (local.get 0) (local.get 1) (local.get 2))))"
    "    (if (local.get 0) (then (unreachable)))"
    "    (i32.load8_u (i32.const 0)))"
    "  (func $v))";

// The offset that the code of each place in the module's order goes back to.
static void check_places(const Module *m, const Code *code, u32 func, bool fueled)
{
    Code slowly = *code;
    slowly.point_count = 0;
    u8 *there = calloc(m->size + 1, 1);
    for (u32 word = 0; word < code->count; word++) {
        u32 at = code_offset(code, word, false);
        if (at != code_offset(&slowly, word, false))
            CHECK_EQ_U64(at, code_offset(&slowly, word, false));
        there[at] = 1;
    }
    u32 missing = 0, more = 0;
    Arena arena;
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) exit(!CHECK(!"memory"));
    Diag diag;
    InstrReader r;
    Instr instr;
    diag_init(&diag);
    instr_reader_init(&r, m, m->funcs[func].body, &arena, &diag);
    for (u32 groups = instr_local_groups(&r), count; groups--;)
        instr_local_group(&r, &count, &(Type){0});
    while (instr_next(&r, &instr)) {
        Safepoint kind = op_safepoint(instr.imm.op);
        bool traps = op_info[instr.imm.op].effects & TRAPS;
        bool place = kind && (kind != SAFEPOINT_region || traps || fueled);
        missing += place && !there[instr.at] && instr.at + 1 < m->funcs[func].body.end;
        more += !place && there[instr.at];
    }
    CHECK_EQ_U64(missing, 0);
    CHECK_EQ_U64(more, 0);
    arena_free(&arena);
    free(there);
}

static void translate(const char *words)
{
    Diag diag;
    Source *source = load(words, 0);
    const Module *m = source->module;
    for (u32 fueled = 0; fueled < 2; fueled++) {
        Store *store = engine_store(engine);
        if (fueled) exec_grant_fuel(&store->exec, 1000);
        Instance *inst = engine_instantiate(store, m, NULL, NULL, &diag).instance;
        Extern f;
        if (CHECK(inst && instance_export(inst, (Bytes){(const u8 *)"f", 1}, &f))) {
            u64 slots[4] = {1};
            engine_call(store, f.func, slots, COUNT_OF(slots));
            u32 func = f.func->index;
            const Code *code = code_body(&inst->code[func]);
            if (CHECK(code)) check_places(m, code, func, fueled);
        }
        store_free(store);
    }
    unload(source);
}

static void back(void)
{
    translate(every);
    // With many points: short and long ways between them.
    char *words = malloc(1 << 20), *p = words;
    p += sprintf(p, "(module (memory 1) (func (export \"f\") (local i32)");
    for (u32 i = 0; i < 5000; i++) {
        p += sprintf(p, "(drop (i32.div_u (local.get 0) (i32.const %u)))", i * 12345 + 1);
        for (u32 k = i % 997 ? 0 : 300; k; k--) p += sprintf(p, "(drop (i32.const 1))");
        if (i % 7 == 0) p += sprintf(p, "(local.set 0 (i32.mul (local.get 0) (local.get 0)))");
    }
    sprintf(p, "))");
    translate(words);
    free(words);
}

int main(void)
{
    engine = engine_new(features_default);
    at_once();
    if (check_single()) {
        by_hand();
        by_chance();
        hostile();
        limited();
        limited_vectors();
        too_deep();
        counted();
        back();
    }
    engine_free(engine);
    return check_report();
}
