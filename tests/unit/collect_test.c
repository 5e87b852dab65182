// collect_test.c -- minor collections: what is old, what is told of stores into it, when the next
// one is due and of which kind, and what becomes of empty blocks. Major ones in slices: what they
// find, whatever is done meanwhile.
// Hazards: R63, R82.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"
#include "run/gc/collect.h"
#include "run/object.h"

#include <string.h>

static const char text[] =
    "(module"
    "  (type $pair (struct (field (mut anyref)) (field (mut i64))))"
    "  (type $refs (array (mut anyref)))"
    "  (type $bytes (array (mut i8)))"
    "  (func $churn (param i32) (loop $on (drop (array.new_default $bytes (i32.const 8000)))"
    "    (br_if $on (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))"
    "  (func $deep (export \"deep\") (param i32 i32)"
    "    (if (local.get 0)"
    "      (then (call $deep (i32.sub (local.get 0) (i32.const 1)) (local.get 1)))"
    "      (else (call $churn (local.get 1))))))";
enum { PAIR, REFS, BYTES, LARGE = 20000 };

static Source source;
static Engine *engine;
static Store *store;
static Blocks *heap;
static Instance *instance;
static Exec *x;
static u64 kept[2];
static const Type kept_types[] = {TYPE_REF | TYPE_NULL | HEAP_any, TYPE_REF | TYPE_NULL | HEAP_any};
static HeldRefs held = {NULL, kept_types, kept, COUNT_OF(kept)};

// Of collections.
static u32 minors, majors, slices;
static u64 looked_most; // references, of a minor one
static Collection last;

static void collected(void *env, const Collection *c)
{
    last = *c;
    u32 *const kinds[] = {&minors, &slices, &majors};
    ++*kinds[c->kind];
    if (c->kind == COLLECTION_minor) looked_most = MAX(looked_most, heap->found.looked_at);
}

static Ref new_pair(Ref first, u64 number)
{
    u64 v[] = {first, number};
    CHECK_EQ_U64(object_struct_new(x, instance, NULL, PAIR, v), TRAP_none);
    return (Ref)v[0];
}

static Ref new_array(u32 type, u32 length)
{
    u64 v[] = {length};
    CHECK_EQ_U64(object_array_new_default(x, instance, NULL, type, v), TRAP_none);
    return (Ref)v[0];
}

static u32 head_of(Ref ref) { return *(u32 *)(void *)(heap->base + ref); }
static u32 flags_of(Ref ref) { return head_of(ref) & HEAD_FLAGS; }
static Ref *first_of(Ref pair) { return (Ref *)(void *)(heap->base + pair + 4); }
static Ref *item_of(Ref array, u32 i) { return (Ref *)(void *)(heap->base + array + 8) + i; }

static void set_first(Ref pair, Ref to)
{
    heap_barrier(x, pair, 0, 0);
    *first_of(pair) = to;
}
static void set_item(Ref array, u32 i, Ref to)
{
    heap_barrier(x, array, i, 1);
    *item_of(array, i) = to;
}
static void fill(Ref array, u32 first, u32 count, Ref with)
{
    u64 v[] = {array, first, with, count};
    CHECK_EQ_U64(object_array_fill(x, instance, REFS, v), TRAP_none);
}

// It is due, by what was made; and a major one is not, but for what lives.
static void minor_beside(u64 live_most)
{
    u32 before = minors, other = majors;
    heap->taken = heap->budget;
    heap->taken_before = 0;
    heap->used_most = heap->blocks;
    heap->live_most = live_most;
    heap->drained = false;
    x->alloc_end = x->alloc;
    new_array(BYTES, 1);
    CHECK(minors == before + 1 && majors == other);
}
static void minor(void) { minor_beside(UINT64_MAX); }
static void major(void) { CHECK(heap_collect(store, NULL)); }

// One begins; goes on, by one slice; comes to its end.
static void begin_major(void)
{
    CHECK(!heap->running);
    majors = 0;
    minor_beside(0);
    CHECK(heap->running);
}
static void slice(void)
{
    u32 before = slices, other = minors;
    heap->paid = (s64)heap->taken - (1 << 20);
    x->alloc_end = x->alloc;
    new_array(BYTES, 1);
    CHECK(slices == before + 1 && minors == other);
}
static void end_major(void)
{
    while (heap->running && heap->anew.stack_count) slice();
    for (u32 i = 0; i < 10 && heap->running; i++) {
        heap->paid = (s64)heap->taken - (1 << 20);
        x->alloc_end = x->alloc;
        new_array(BYTES, 1);
    }
    CHECK(!heap->running && majors == 1);
    majors = 0;
}

static void begin(u64 heap_bytes)
{
    StoreLimits limits = store_limits_default;
    Diag diag;
    limits.heap_bytes = heap_bytes;
    store = engine_store_within(engine, &limits);
    instance = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
    heap = &store->heap;
    x = &store->exec;
    x->held = &held;
    store->collected = collected;
    minors = majors = slices = 0;
    looked_most = 0;
    kept[0] = kept[1] = REF_NULL;
}

// What was found once is there until a major collection, and is not looked through again.
static void marks_stay(void)
{
    begin(64 << 20);
    Ref old = new_pair(REF_NULL, 1), young;
    kept[0] = old;
    CHECK_EQ_U64(flags_of(old), 0);
    minor();
    CHECK(flags_of(old) == HEAD_OLD && heap_marked(heap, old));
    young = new_pair(REF_NULL, 2);
    Ref bytes = new_array(BYTES, 100);
    kept[0] = new_pair(bytes, 3);
    minor();
    CHECK(heap_marked(heap, old) && !heap_marked(heap, young) && heap_marked(heap, bytes));
    CHECK(!flags_of(bytes)); // has nothing to look at
    CHECK(heap->found.looked_at <= 2);
    major();
    CHECK(!heap_marked(heap, old) && heap_marked(heap, (Ref)kept[0]));
    store_free(store);
}

// An old object that is stored to is on the stack once, and is old again after.
static void stores(void)
{
    begin(64 << 20);
    Ref old = new_pair(REF_NULL, 1);
    kept[0] = old;
    minor();
    for (u32 i = 0; i < 3; i++) set_first(old, new_pair(REF_NULL, i));
    CHECK(!flags_of(old) && heap->found.stack_count == 1);
    Ref young = *first_of(old);
    minor();
    CHECK(flags_of(old) == HEAD_OLD && flags_of(young) == HEAD_OLD && !heap->found.stack_count);
    // What is on the stack is forgotten when all is looked through.
    set_first(old, new_pair(REF_NULL, 4));
    major();
    CHECK(flags_of(old) == HEAD_OLD && !heap->found.stack_count && !heap_marked(heap, young));
    set_first(old, new_pair(REF_NULL, 5));
    CHECK_EQ_U64(heap->found.stack_count, 1);
    minor();
    CHECK(heap_marked(heap, *first_of(old)));
    // New ones are not told of.
    set_first(new_pair(REF_NULL, 6), old);
    CHECK(!heap->found.stack_count);
    store_free(store);
}

// Of a large array pieces are looked at, and only those that were stored to.
static void cards(void)
{
    static const u32 places[] = {0, 15, 16, 4095, 4096, 12345, LARGE - 1};
    begin(64 << 20);
    Ref large = new_array(REFS, LARGE);
    kept[0] = large;
    minor();
    CHECK_EQ_U64(flags_of(large), HEAD_OLD | HEAD_CARDED);
    fill(large, 0, LARGE, (Ref)kept[0]);
    minor();
    CHECK_EQ_U64(flags_of(large), HEAD_OLD | HEAD_CARDED);
    for (u32 round = 0; round < 3; round++) {
        for (u32 i = 0; i < COUNT_OF(places); i++)
            set_item(large, places[i], new_pair(REF_NULL, i));
        CHECK_EQ_U64(flags_of(large), HEAD_OLD | HEAD_CARDED);
        CHECK_EQ_U64(heap->found.stack_count, 2 * 6); // two are in one piece, and two in the next
        if (round == 1) major();
        else minor();
        CHECK(!heap->found.stack_count && (round == 1 || heap->found.looked_at <= 6 * CARD_ITEMS));
        for (u32 i = 0; i < COUNT_OF(places); i++)
            CHECK(heap_marked(heap, *item_of(large, places[i])));
    }
    // No piece is beside it, whatever is said.
    static const u32 beside[][2] = {{LARGE, 1}, {UINT32_MAX, 1}, {LARGE - 1, 2}, {1, UINT32_MAX}};
    for (u32 i = 0; i < COUNT_OF(beside); i++) {
        heap_log(x, large, beside[i][0], beside[i][1]);
        CHECK(heap->found.stack_count == 1 && !(flags_of(large) & HEAD_OLD));
        minor();
        CHECK_EQ_U64(flags_of(large), HEAD_OLD | HEAD_CARDED);
    }
    ((ArrayObject *)(void *)(heap->base + large))->length = UINT32_MAX;
    heap_log(x, large, UINT32_MAX - 1, 1);
    CHECK(heap->found.stack_count == 1 && !(flags_of(large) & HEAD_OLD));
    u64 v[] = {large, UINT32_MAX - 1, 0, 1};
    CHECK_EQ_U64(object_array_fill(x, instance, REFS, v), TRAP_out_of_bounds_array_access);
    ((ArrayObject *)(void *)(heap->base + large))->length = LARGE;
    minor();
    // What is a good part of it is no pieces.
    fill(large, 10, LARGE / 4, new_pair(REF_NULL, 8));
    CHECK(heap->found.stack_count == 1 && !(flags_of(large) & HEAD_OLD));
    set_item(large, LARGE - 1, new_pair(REF_NULL, 9));
    CHECK_EQ_U64(heap->found.stack_count, 1);
    minor();
    CHECK(heap_marked(heap, *item_of(large, 10)) && heap_marked(heap, *item_of(large, LARGE - 1)));
    // Another in its place has no pieces that were stored to.
    set_item(large, 5, REF_NULL);
    kept[0] = REF_NULL;
    major();
    kept[0] = new_array(REFS, LARGE);
    CHECK_EQ_U64(kept[0], large);
    minor();
    set_item(large, 5, new_pair(REF_NULL, 10));
    CHECK_EQ_U64(heap->found.stack_count, 2);
    minor();
    CHECK(heap_marked(heap, *item_of(large, 5)));
    store_free(store);
}

// Where the stack is full nothing is lost.
static void full_stack(void)
{
    enum { MANY = 1000 };
    begin(64 << 20);
    kept[0] = new_array(REFS, MANY);
    kept[1] = new_array(REFS, LARGE);
    for (u32 i = 0; i < MANY; i++) set_item((Ref)kept[0], i, new_pair(REF_NULL, i));
    minor();
    u32 cap = heap->found.stack_cap;
    for (u32 round = 0; round < 2; round++) {
        heap->found.stack_cap = round ? 5 : 100;
        for (u32 i = 0; i < MANY; i++) {
            if (round) set_first(*item_of((Ref)kept[0], i), new_pair(REF_NULL, i));
            else set_item((Ref)kept[1], i * 17, new_pair(REF_NULL, i));
        }
        CHECK(heap->found.overflowed);
        for (u32 i = 0; i < MANY; i++) {
            if (!round) set_first(*item_of((Ref)kept[0], i), new_pair(REF_NULL, i));
            else set_item((Ref)kept[1], i * 17, new_pair(REF_NULL, i));
        }
        minor();
        CHECK(!heap->found.overflowed && !heap->found.stack_count);
        for (u32 i = 0; i < MANY; i++) {
            Ref pair = *item_of((Ref)kept[0], i);
            CHECK(flags_of(pair) == HEAD_OLD && heap_marked(heap, *first_of(pair)));
            CHECK(heap_marked(heap, *item_of((Ref)kept[1], i * 17)));
        }
    }
    // And each piece is told of again.
    heap->found.stack_cap = cap;
    for (u32 i = 0; i < MANY; i++) set_item((Ref)kept[1], i * 17, new_pair(REF_NULL, i));
    CHECK(heap->found.stack_count >= MANY);
    minor();
    for (u32 i = 0; i < MANY; i++) CHECK(heap_marked(heap, *item_of((Ref)kept[1], i * 17)));
    store_free(store);
}

static void grow_list(u32 count)
{
    for (u32 i = 0; i < count; i++) kept[0] = new_pair((Ref)kept[0], i);
}

// A list that grows: most collections are minor, none looks at much, and the heap is little more
// than the list.
static void often(void)
{
    enum { NODES = 3000000 };
    begin(1 << 30);
    minors = majors = 0;
    grow_list(NODES);
    CHECK(looked_most < 200000); // some ten milliseconds
    CHECK(minors > 8 && majors >= 2 && majors < 8);
    CHECK(heap->budget_most < BUDGET_MOST && heap->budget >= BUDGET_LEAST);
    CHECK(last.budget == heap->budget && last.after == heap->live && last.before >= last.after);
    CHECK((u64)heap->held * BLOCK_BYTES < (u64)NODES * 16 * 3 / 2);
    // Then of what is young nothing lives: more may be made before the next.
    minors = majors = 0;
    for (u32 i = 0; i < NODES * 4; i++) new_pair(REF_NULL, i);
    CHECK(heap->budget > 8 << 20 && minors >= 4 && minors < 60);
    // And less again when it does.
    grow_list(NODES / 2);
    CHECK(heap->budget_most < 4 << 20);
    // What is dead and old is found in the end, though little is in use.
    kept[0] = REF_NULL;
    major();
    kept[0] = new_pair(REF_NULL, 1);
    minor();
    Ref old = (Ref)kept[0];
    kept[0] = REF_NULL;
    majors = 0;
    for (u32 i = 0; i < NODES && heap_marked(heap, old); i++) new_pair(REF_NULL, i);
    CHECK_EQ_U64(majors, 1);
    store_free(store);
}

// Who replaces what it has: all that died is found, and the heap does not grow without end.
static void steady(void)
{
    enum { LIVE = 200000 };
    begin(1 << 30);
    kept[0] = new_array(REFS, LIVE);
    u32 at = 1, most = 0;
    for (u32 i = 0; i < 10 * LIVE; i++) {
        at = at * 1103515245u + 12345;
        set_item((Ref)kept[0], (at >> 8) % LIVE, new_pair(REF_NULL, i));
        most = MAX(most, heap->held);
    }
    CHECK((u64)most * BLOCK_BYTES < (u64)LIVE * 20 * 5 / 2 + (5 << 20));
    store_free(store);
}

// The host's values are gone through each time that there is a new one, also where most ended: so
// there is more to be made in between.
static void values(void)
{
    enum { VALUES = 200000, MADE = 2000, SIZE = 8000 };
    begin(64 << 20);
    for (u32 i = 0; i < VALUES; i++) CHECK(ref_new_extern(store, i + 1));
    major();
    CHECK(store->hosts.count < 10 && heap->live < 1000);
    minors = 0;
    for (u32 i = 0; i < MADE; i++) {
        CHECK(ref_new_extern(store, VALUES + i));
        new_array(BYTES, SIZE);
    }
    CHECK(minors > 3 && minors <= MADE * SIZE / (store->hosts.cap * sizeof(Ref) / 2) + 4);
    store_free(store);
}

// So are frames, each of which takes longer than its bytes.
static void frames(void)
{
    enum { DEPTH = 100000, MADE = 2000 };
    Extern deep;
    u64 slots[] = {DEPTH, MADE};
    begin(64 << 20);
    CHECK(instance_export(instance, bytes_of("deep"), &deep));
    CHECK_EQ_U64(engine_call(store, deep.func, slots, COUNT_OF(slots)), TRAP_none);
    CHECK(minors >= 1 && minors < 8);
    store_free(store);
}

// Blocks that nobody takes go back, and those that are taken again and again stay.
static void idle(void)
{
    begin(1 << 30);
    grow_list(1000000);
    major();
    u32 before = heap->held;
    kept[0] = REF_NULL;
    minors = majors = 0;
    heap->used_most = 0;
    for (u32 i = 0; i < 10000000 && !majors; i++) new_pair(REF_NULL, i);
    while (heap->sweeps % 8) minor();
    u32 after = heap->held;
    minor();
    CHECK(heap->sweeps % 8 && heap->held == after);
    for (u32 i = 0; i < 10000000 && minors < 40; i++) new_pair(REF_NULL, i);
    CHECK(majors && heap->held < before / 4);
    before = heap->held;
    for (u32 i = 0; i < 1000000; i++) new_pair(REF_NULL, i);
    CHECK(heap->held >= before / 2 && heap->held <= before + 4);
    // Full blocks are passed over until something in them died.
    grow_list(100000);
    minor();
    grow_list(20000);
    minor();
    u32 full = 0;
    EACH_BLOCK(heap, b) full += heap->states[b] == HOLDS_full;
    CHECK(full > 10);
    kept[0] = REF_NULL;
    before = heap->held;
    major();
    EACH_BLOCK(heap, b) CHECK(heap->states[b] != HOLDS_full);
    grow_list(100000);
    CHECK(heap->held <= before);
    store_free(store);
}

// ---- Major collections in slices

static Ref new_list(u32 count)
{
    Ref list = REF_NULL;
    for (u32 i = 0; i < count; i++) {
        kept[1] = list;
        list = new_pair(list, i);
    }
    kept[1] = REF_NULL;
    return list;
}

static u32 length_of(Ref list)
{
    u32 n = 0;
    for (; list && heap_marked(heap, list) && n < 10000000; n++) list = *first_of(list);
    return n;
}

// All is found that could be reached when it began, though it was taken from where it was before
// anybody looked there; and put into what is new, or was looked at.
static void snapshot(void)
{
    enum { LONG = 100000 };
    for (u32 later = 0; later < 2; later++) {
        begin(64 << 20);
        Ref box = new_pair(REF_NULL, 1);
        kept[0] = new_array(REFS, 3);
        set_item((Ref)kept[0], 0, box);
        set_first(box, new_list(LONG));
        set_item((Ref)kept[0], 1, new_list(LONG));
        set_item((Ref)kept[0], 2, new_pair(REF_NULL, 2));
        major();
        begin_major();
        if (later) slice();
        CHECK(heap->anew.stack_count && !heap->anew.marked == !later);
        CHECK(heap->anew.marked < LONG * 16);
        Ref list = *first_of(box), dying = *item_of((Ref)kept[0], 2);
        set_first(box, REF_NULL);
        kept[1] = new_pair(list, 3);
        set_item((Ref)kept[0], 2, (Ref)kept[1]);
        if (later) minor();
        end_major();
        CHECK(length_of(list) == LONG && length_of((Ref)kept[1]) == LONG + 1);
        CHECK(length_of(*item_of((Ref)kept[0], 1)) == LONG && heap_marked(heap, box));
        CHECK(heap_marked(heap, dying)); // which did so meanwhile
        major();
        CHECK(!heap_marked(heap, dying) && length_of(list) == LONG);
        store_free(store);
    }
}

// The same of pieces of large arrays, one by one and in rows; of other arrays all at once.
static void snapshot_of_arrays(void)
{
    enum { SMALL = 1000, STEP = 7 };
    for (u32 how = 0; how < 3; how++) {
        begin(64 << 20);
        kept[0] = new_array(REFS, 4);
        Ref large = new_array(REFS, LARGE);
        set_item((Ref)kept[0], 0, large);
        Ref small = new_array(REFS, SMALL);
        set_item((Ref)kept[0], 1, small);
        for (u32 i = 0; i < LARGE; i += STEP) set_item(large, i, new_pair(REF_NULL, i));
        for (u32 i = 0; i < SMALL; i += STEP) set_item(small, i, new_pair(REF_NULL, i));
        begin_major();
        Ref other = new_array(REFS, LARGE), another = new_array(REFS, SMALL);
        set_item((Ref)kept[0], 2, other);
        set_item((Ref)kept[0], 3, another);
        for (u32 i = 0; i < LARGE; i += STEP) {
            set_item(other, i, *item_of(large, i));
            if (how == 0) set_item(large, i, REF_NULL);
            if (how == 2 && i < SMALL) set_item(large, i, new_pair(REF_NULL, i));
        }
        for (u32 i = 0; i < SMALL; i += STEP) set_item(another, i, *item_of(small, i));
        set_item(small, 3, REF_NULL);
        memset(item_of(small, 0), 0, SMALL * sizeof(Ref));
        if (how == 1) fill(large, 0, LARGE, REF_NULL);
        if (how == 2) minor();
        if (how == 2) fill(large, 0, LARGE, REF_NULL);
        end_major();
        for (u32 i = 0; i < LARGE; i += STEP) CHECK(heap_marked(heap, *item_of(other, i)));
        for (u32 i = 0; i < SMALL; i += STEP) CHECK(heap_marked(heap, *item_of(another, i)));
        store_free(store);
    }
}

// What is made meanwhile is kept, if it lives; what died before is gone.
static void made_meanwhile(void)
{
    enum { LONG = 100000 };
    begin(64 << 20);
    kept[0] = new_list(LONG);
    major();
    Ref dead = new_list(1000);
    kept[1] = dead;
    minor();
    kept[1] = REF_NULL;
    begin_major();
    CHECK(heap_marked(heap, dead));
    slice();
    for (u32 i = 0; i < 100; i++) kept[0] = new_pair((Ref)kept[0], i);
    Ref first = (Ref)kept[0], young = new_pair(REF_NULL, 1);
    minor();
    CHECK(!heap_marked(heap, young));
    for (u32 i = 0; i < 100; i++) kept[0] = new_pair((Ref)kept[0], i);
    u64 live = heap->live;
    end_major();
    CHECK(heap->live < live && !heap_marked(heap, dead));
    CHECK(length_of(first) == LONG + 100 && length_of((Ref)kept[0]) == LONG + 200);
    u64 objects, bytes;
    heap_living(store, &objects, &bytes);
    CHECK_EQ_U64(bytes, heap->live);
    store_free(store);
}

// A value of the host's that nobody referred to comes back from the table.
static void value_again(void)
{
    begin(64 << 20);
    Ref value = ref_new_extern(store, 77);
    kept[0] = value;
    minor();
    kept[0] = REF_NULL;
    begin_major();
    CHECK_EQ_U64(ref_new_extern(store, 77), value);
    kept[0] = value;
    end_major();
    CHECK(heap_marked(heap, value) && ref_new_extern(store, 77) == value);
    kept[0] = REF_NULL;
    begin_major();
    end_major();
    CHECK(!store->hosts.count && !heap_marked(heap, value));
    store_free(store);
}

// Where its stack is full nothing is lost, neither what it finds nor what is handed over.
static void full_stack_of_major(void)
{
    enum { MANY = 2000 };
    begin(64 << 20);
    kept[0] = new_array(REFS, MANY);
    for (u32 i = 0; i < MANY; i++) {
        Ref pair = new_pair(REF_NULL, i);
        set_item((Ref)kept[0], i, pair);
        set_first(pair, new_pair(REF_NULL, i));
    }
    u32 cap = heap->anew.stack_cap;
    heap->anew.stack_cap = 3;
    begin_major();
    kept[1] = new_array(REFS, MANY);
    for (u32 i = 0; i < MANY; i++) {
        Ref pair = *item_of((Ref)kept[0], i);
        set_item((Ref)kept[1], i, *first_of(pair));
        set_first(pair, REF_NULL);
    }
    CHECK(heap->anew.overflowed);
    end_major();
    heap->anew.stack_cap = cap;
    for (u32 i = 0; i < MANY; i++) {
        CHECK(heap_marked(heap, *item_of((Ref)kept[0], i)));
        CHECK(heap_marked(heap, *item_of((Ref)kept[1], i)));
    }
    store_free(store);
}

// Who asks for all that can be found gets it, whatever is under way.
static void all_at_once(void)
{
    enum { LONG = 100000 };
    begin(64 << 20);
    kept[0] = new_list(LONG);
    major();
    begin_major();
    slice();
    Ref dead = (Ref)kept[0];
    kept[0] = new_pair(REF_NULL, 1);
    major();
    CHECK(!heap->running && !heap_marked(heap, dead) && heap->live < 100);
    for (u32 i = 0; i < heap->committed * (BLOCK_MARKS / 64); i++) CHECK(!heap->anew.marks[i]);
    store_free(store);
}

static u64 work_most;

static void watch(void *env, const Collection *c)
{
    collected(env, c);
    if (c->kind == COLLECTION_slice) work_most = MAX(work_most, heap->anew.work);
}

// Slices are short, and there are enough of them for what is made: it ends while there is room.
static void pace(void)
{
    enum { LIVE = 1000000 };
    begin(1 << 30);
    store->collected = watch;
    u32 most = 0, done = 0, at = 1;
    kept[0] = new_array(REFS, LIVE);
    for (u32 i = 0; i < 4 * LIVE; i++) {
        at = at * 1103515245u + 12345;
        set_item((Ref)kept[0], (at >> 8) % LIVE, new_pair(REF_NULL, i));
        most = MAX(most, heap->held);
    }
    done = majors;
    CHECK(done >= 2 && slices > 20 * done);
    CHECK(work_most && work_most <= (1 << 20) + (64 << 10));
    CHECK((u64)most * BLOCK_BYTES < (u64)LIVE * 20 * 5 / 2);
    store_free(store);
    // Of all there may be most lives: it is found in time, or all at once.
    begin(16 << 20);
    kept[0] = new_list(500000);
    for (u32 i = 0; i < 2000000; i++) {
        Ref pair = new_pair(*first_of((Ref)kept[0]), i); // the first one is replaced
        kept[0] = pair;
    }
    CHECK(majors > 1 && length_of((Ref)kept[0]) <= 500000);
    store_free(store);
}

int main(void)
{
    Diag diag;
    engine = engine_new(features_default);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag)))
        return check_report();
    marks_stay();
    stores();
    cards();
    full_stack();
    // Amounts are the same in every build, and verifying each collection takes its time by them.
    bool amounts = !SANITIZES_ADDRESSES || check_full();
    if (amounts) {
        often();
        steady();
        idle();
        values();
        frames();
    }
    snapshot();
    snapshot_of_arrays();
    made_meanwhile();
    value_again();
    full_stack_of_major();
    all_at_once();
    if (amounts) pace();
    source_free(&source);
    engine_free(engine);
    return check_report();
}
