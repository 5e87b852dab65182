// snapshot_places_test.c -- the list of places of a snapshot: frames at two hundred places of a
// large body, which is walked once; lists that somebody wrote on purpose.
// Hazards: R64.

#include "objects.h"
#include "snapshots.h"

enum { WIDE = 2000 }; // locals of $wide

// $deep calls itself from a place of its own for each n modulo `sites`, behind so many nops.
static char *program(u32 sites, u32 nops, size_t *len)
{
    Kept k = {0};
    char line[400];
#define ADD(...) keep(&k, line, (size_t)snprintf(line, sizeof line, __VA_ARGS__))
    ADD("(module (import \"h\" \"f\" (func $host))"
        " (func $round (param i32) (result f64)"
        "  (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (f64.const 0))"
        " (func $deep (export \"work\") (param $n i32) (result i64) (local $s i64)");
    for (u32 i = 0; i < nops; i++) keep(&k, " nop", 4);
    ADD("(if (i32.eqz (local.get $n)) (then"
        " (drop (call $round (i32.const 5000))) (return (i64.const 7))))");
    for (u32 i = 0; i < sites; i++)
        ADD("(if (i32.eq (i32.rem_u (local.get $n) (i32.const %u)) (i32.const %u)) (then"
            " (return (i64.add (i64.const %u) (i64.mul (i64.const 3)"
            "  (call $deep (i32.sub (local.get $n) (i32.const 1))))))))", sites, i, i);
    ADD("(unreachable)) (func $other (param i64) (drop (call $deep (i32.const 1))))"
        " (func $wide (local");
    for (u32 i = 0; i < WIDE; i++) keep(&k, " i64", 4);
    ADD(") (call $wide)))");
#undef ADD
    *len = k.len;
    return (char *)k.data;
}

static u64 result_of(u32 sites, u32 n) { return n ? n % sites + 3 * result_of(sites, n - 1) : 7; }

static const char second[] = "(module (func (export \"b\") (result i64)"
                             "  (loop (result i64) (i64.const 3))))";

typedef struct {
    weft_engine *engine;
    weft_store *store;
    weft_linker *linker;
    weft_instance instance;
} World;

static weft_status nothing(void *env, weft_caller *caller, weft_slot *slots) { return WEFT_OK; }

static World world_of(weft_tier tier)
{
    World w = {.engine = weft_engine_new(NULL, &diag)};
    weft_engine_set_tier(w.engine, tier);
    w.store = weft_store_new(w.engine, NULL, &diag);
    w.linker = weft_linker_new(w.engine, &diag);
    CHECK_OK(weft_linker_func(w.linker, "h", "f", ":", nothing, NULL, NULL, &diag));
    return w;
}

static void end(World *w)
{
    weft_linker_free(w->linker);
    weft_store_free(w->store);
    weft_engine_free(w->engine);
}

static void instantiate(World *w, const char *text, size_t len, weft_instance *out)
{
    weft_module *m = weft_module_new(w->engine, text, len, &diag);
    if (!CHECK(m != NULL)) printf("%s\n", diag.message);
    CHECK_OK(weft_instantiate(w->store, m, w->linker, out, &diag));
    weft_module_free(m);
}

// Stopped in $round, with frames of $deep at all sites.
static World stopped(weft_tier tier, const char *text, size_t len, s32 depth)
{
    World w = world_of(tier);
    weft_instance b;
    weft_func work;
    weft_val n = weft_i32(depth), sum;
    instantiate(&w, text, len, &w.instance);
    instantiate(&w, second, sizeof second - 1, &b);
    CHECK_OK(weft_instance_func(w.store, w.instance, "work", &work, &diag));
    stop_at(w.store->s, 3000);
    CHECK_WHY(weft_call(w.store, work, &n, 1, &sum, 1, &diag), "paused");
    return w;
}

static void save(World *w, Kept *k)
{
    const weft_snapshot_out out = weft_snapshot_out_init(keep, k);
    k->len = 0;
    CHECK_OK(weft_snapshot_write(w->store, &out, &diag));
}

static weft_status load(World *w, const Kept *k)
{
    return weft_snapshot_read(w->store, w->linker, k->data, k->len, NULL, &diag);
}

// ---- Many places near the end of a large body

enum { SITES = 200, DEPTH = 2 * SITES + 3, NOPS = 3000000 };

// Of each offset of a body what is asked about it alone; all by one walk.
static void walk_once(const Module *m, u32 func)
{
    enum { LAST = 3000, MOST = 24 }; // offsets; of which so many are asked about alone
    Range body = m->funcs[func].body;
    u32 count = MIN(body.end - body.start, LAST);
    static HomesAt at[LAST];
    static HomesAt *order[LAST];
    Arena arena, walking;
    jmp_buf failed;
    arena_init(&arena);
    arena_init(&walking);
    arena.on_failure = walking.on_failure = &failed;
    if (setjmp(failed)) exit(!CHECK(!"memory"));
    for (u32 i = 0; i < count; i++) {
        at[i] = (HomesAt){.module = m, .func = func, .offset = body.end - count + i};
        order[count - 1 - i] = &at[i];
    }
    PlaceFinder f = {&arena, &walking, UINT64_MAX, 0};
    CHECK(places_find(&f, order, count));
    CHECK(f.walked <= body.end - body.start);
    for (u32 i = 0; i < count; i += count / MOST + 1) {
        Homes alone;
        const Homes *h = &at[i].homes;
        if (at[i].op == OP_COUNT) continue;
        arena_reset(&walking);
        map_finder.at(m, func, at[i].offset, &walking, &alone);
        CHECK_BYTES(h->operands, h->operand_count * sizeof *h->operands, alone.operands,
                    alone.operand_count * sizeof *alone.operands);
        CHECK_BYTES(h->slots, h->operand_count * sizeof *h->slots, alone.slots,
                    alone.operand_count * sizeof *alone.slots);
        CHECK_BYTES(h->locals, h->local_count * sizeof *h->locals, alone.locals,
                    alone.local_count * sizeof *alone.locals);
    }
    // What all have is taken from what they may.
    u64 most = UINT64_MAX - f.left;
    f = (PlaceFinder){&arena, &walking, most, 0};
    CHECK(places_find(&f, order, count));
    CHECK_EQ_U64(f.left, 0);
    f = (PlaceFinder){&arena, &walking, most - 1, 0};
    CHECK(!places_find(&f, order, count));
    // One that is there twice, since its module has two numbers, is looked for once.
    HomesAt twin = at[count - 1];
    HomesAt *both[] = {&at[count - 1], &twin};
    f = (PlaceFinder){&arena, &walking, most, 0};
    CHECK(places_find(&f, both, 2) && places_same(both[0], both[1]));
    CHECK(f.walked < body.end - body.start);
    arena_free(&arena);
    arena_free(&walking);
}

static void large(void)
{
    static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_BASELINE, WEFT_TIER_AUTO};
    size_t len;
    char *text = program(SITES, check_full() ? NOPS : NOPS / 10, &len);
    Kept k = {0}, again = {0};
    Listed list;
    for (u32 i = 0; i < COUNT_OF(tiers); i++) {
        World w = stopped(tiers[i], text, len, DEPTH), to = world_of(tiers[(i + 1) % 3]);
        weft_val sum = weft_i64(0);
        save(&w, &k);
        CHECK(list_places(&k, &list) && list.count == SITES + 2);
        CHECK_OK(load(&to, &k));
        save(&to, &again);
        CHECK(k.len == again.len && !memcmp(k.data, again.data, k.len));
        stop_at(to.store->s, 0);
        CHECK_OK(weft_continue(to.store, &sum, 1, &diag));
        CHECK_EQ_U64((u64)sum.of.i64, result_of(SITES, DEPTH));
        weft_instance instance;
        CHECK(weft_store_instances(to.store, &instance, 1) == 2);
        if (!i) walk_once(((Instance *)instance.item)->module, 2);
        if (!i) walk_once(((Instance *)instance.item)->module, 1);
        end(&w);
        end(&to);
    }
    free(k.data);
    free(again.data);
    free(text);
}

// ---- What somebody wrote

static void check_refused(const Kept *k, const Listed *list, const char *says)
{
    Kept bad = {0};
    World w = world_of(WEFT_TIER_INTERP);
    keep(&bad, k->data, k->len);
    if (list) set_places(&bad, list);
    set_sum(&bad);
    CHECK_WHY(load(&w, &bad), "malformed_snapshot");
    CHECK_SAYS(says);
    end(&w);
    free(bad.data);
}

static Listed with(Listed list, u32 at, PlaceName name)
{
    list.of[at] = name;
    return list;
}

static void lists(const Kept *k, const Listed *good)
{
    u32 last = good->count - 1;
    PlaceName loop = good->of[0], deep = good->of[1];
    const struct { Listed list; const char *why; } bad[] = {
        {with(with(*good, 1, good->of[2]), 2, deep), "places out of order"},
        {with(*good, 2, deep), "places out of order"},
        {with(*good, 0, deep), "places out of order"},
        {with(*good, last, (PlaceName){2, 0, 1}), "there is no module 2"},
        {with(*good, last, (PlaceName){0, 5, 1}), "there is no function 5"},
        {with(*good, 0, (PlaceName){0, 0, 0}), "a place in a function that is imported"},
        {with(*good, last, (PlaceName){0, 3, 4000}), "there is no instruction 4000"},
        // where locals stand; in a number; at a local.get
        {with(*good, 0, (PlaceName){0, 1, 0}), "a place where no frame can stand"},
        {with(*good, 0, (PlaceName){0, 1, loop.offset + 1}), "a place where no frame can stand"},
        {with(*good, 0, (PlaceName){0, 1, loop.offset + 2}), "a place where no frame can stand"},
        {with(*good, 1, (PlaceName){0, 2, deep.offset + 1}), "a place where no frame can stand"},
    };
    for (u32 i = 0; i < COUNT_OF(bad); i++) check_refused(k, &bad[i].list, bad[i].why);
    Listed more = *good;
    while (more.count < LISTED) more.of[more.count++] = (PlaceName){1, 0, more.count};
    check_refused(k, &more, "places without frames");
    more = *good;
    add_place(&more, (PlaceName){0, 4, 4});
    check_refused(k, &more, "places without frames");
    more = *good;
    more.count--;
    check_refused(k, &more, "there is no place");
    // $other calls $deep, which is called by itself: only its own results are others
    more = with(*good, last, (PlaceName){0, 3, 3});
    more.of[last].offset = 0;
    for (u32 i = 0; i < 3; i++) {
        more.of[last].offset++;
        check_refused(k, &more, i == 2 ? "a frame of a function with other results"
                                       : "a place where no frame can stand");
    }
    check_refused(k, &(Listed){0}, "there is no place");
    // $deep at the loop of another module's
    more = with(*good, last, (PlaceName){1, 0, 1});
    check_refused(k, &more, "a frame at a place of another module");
}

// A frame's number of its place, each to each: another one's is refused, or is as good.
static void numbers(const Kept *k, const Listed *good)
{
    size_t size, at = find_section(k, "call", &size) + SECTION_BYTES;
    Kept bad = {0};
    u32 refused = 0;
    keep(&bad, k->data, k->len);
    enum { FIRST = 7 }; // behind how many calls, its kind and trap, a function, how many frames
    size_t first = at + FIRST + 2;
    u8 was = k->data[first];
    CHECK(k->data[first - 1] == FRAME_behind && was < good->count);
    for (u32 i = 0; i <= good->count; i++) {
        World w = world_of(WEFT_TIER_BASELINE);
        weft_val sum;
        bad.data[first] = (u8)i;
        set_sum(&bad);
        if (load(&w, &bad) == WEFT_OK) {
            check_sound(w.store->s);
            stop_at(w.store->s, 0);
            CHECK_OK(weft_continue(w.store, &sum, 1, &diag));
        } else {
            refused++;
            CHECK_STR(diag.name, "malformed_snapshot");
        }
        end(&w);
    }
    CHECK(refused >= 2 && refused < good->count);
    free(bad.data);
}

static void hostile(void)
{
    size_t len;
    char *text = program(5, 0, &len);
    Kept k = {0};
    Listed list;
    World w = stopped(WEFT_TIER_BASELINE, text, len, 12);
    save(&w, &k);
    end(&w);
    CHECK(list_places(&k, &list) && list.count == 7 && !list.of[0].module && list.of[0].func == 1);
    lists(&k, &list);
    numbers(&k, &list);
    // one of before
    k.data[8] = 1;
    check_refused(&k, NULL, "it is of version 1, and only 3 is known here");
    free(k.data);
    free(text);
}

int main(void)
{
    hostile();
    large();
    return check_report();
}
