// object_test.c -- structures and arrays in the heap: where they lie, what a collection keeps, and
// what becomes of their memory.
// Hazards: R15, R56.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"
#include "run/gc/collect.h"
#include "run/object.h"

#include <stdlib.h>
#include <string.h>

static const char text[] =
    "(module"
    "  (type $pair (struct (field (mut anyref)) (field (mut i64)) (field (mut (ref null $pair)))))"
    "  (type $refs (array (mut anyref)))"
    "  (type $bytes (array (mut i8)))"
    "  (type $vectors (array (mut v128))))";
enum { PAIR, REFS, BYTES, VECTORS };
enum { LARGE_BYTES = 100000 };

static Source source;
static Engine *engine;
static Store *store;
static Instance *instance;
static Exec *x;

// What is held: so many references.
static u64 kept[4];
static const Type kept_types[] = {TYPE_REF | TYPE_NULL | HEAP_any, TYPE_REF | TYPE_NULL | HEAP_any,
                                  TYPE_REF | TYPE_NULL | HEAP_any, TYPE_REF | TYPE_NULL | HEAP_any};
static HeldRefs held = {NULL, kept_types, kept, COUNT_OF(kept)};

static Ref new_pair(Ref first, u64 number, Ref second)
{
    u64 v[] = {first, number, second};
    CHECK_EQ_U64(object_struct_new(x, instance, NULL, PAIR, v), TRAP_none);
    return (Ref)v[0];
}

static Ref new_array(u32 type, u32 length)
{
    u64 v[] = {length};
    return object_array_new_default(x, instance, NULL, type, v) ? REF_NULL : (Ref)v[0];
}

static void *at(Ref ref) { return store->heap.base + ref; }
static Ref *items(Ref ref) { return (Ref *)(void *)((ArrayObject *)at(ref))->items; }

static void set_item(Ref array, u32 i, Ref item)
{
    heap_barrier(x, array, i, 1);
    items(array)[i] = item;
}

static u64 number_of(Ref pair)
{
    u64 number;
    memcpy(&number, (u8 *)at(pair) + 8, sizeof number);
    return number;
}

static void collect(void) { CHECK(heap_collect(store, NULL)); }

static void shapes(void)
{
    Ref pair = new_pair(ref_of_i31(5), 6, REF_NULL), bytes = new_array(BYTES, 3);
    kept[0] = pair;
    CHECK(ref_heap(store, pair) == HEAP_struct && ref_heap(store, bytes) == HEAP_array);
    CHECK(ref_heap(store, ref_of_i31(5)) == HEAP_i31);
    CHECK_EQ_U64(object_size(store, pair), 24);
    CHECK_EQ_U64(object_size(store, bytes), 16);
    CHECK_EQ_U64(object_size(store, new_array(VECTORS, 3)), 56);
    CHECK(object_has_refs(store, pair) && !object_has_refs(store, bytes));
    CHECK(ref_matches(store, pair, type_ref(false, HEAP_eq)));
    CHECK(ref_matches(store, pair, type_ref_to(false, instance->types[PAIR])));
    CHECK(!ref_matches(store, bytes, type_ref_to(true, instance->types[PAIR])));
    CHECK(!ref_matches(store, ref_of_i31(1), type_ref_to(true, instance->types[PAIR])));
    CHECK(ref_matches(store, REF_NULL, type_ref_to(true, instance->types[PAIR])));
    CHECK(!ref_matches(store, REF_NULL, type_ref(false, HEAP_any)));
    collect();
    CHECK(heap_marked(&store->heap, pair) && !heap_marked(&store->heap, bytes));
    CHECK_EQ_U64(number_of(pair), 6);
}

// A chain that no stack could follow by recursion, and arrays of more than the stack for marking
// takes at once.
static void graphs(void)
{
    enum { LONG = 300000, WIDE = 20000, ARRAYS = 40 };
    Ref last = REF_NULL;
    for (u32 i = 0; i < LONG; i++) kept[0] = last = new_pair(REF_NULL, i, last);
    collect();
    u32 length = 0;
    for (Ref ref = (Ref)kept[0]; ref; ref = ((Ref *)at(ref))[4]) {
        CHECK(number_of(ref) == LONG - 1 - length);
        if (++length > LONG) break;
    }
    CHECK_EQ_U64(length, LONG);
    kept[0] = REF_NULL;
    kept[1] = new_array(REFS, ARRAYS);
    for (u32 a = 0; a < ARRAYS; a++) {
        Ref inner = new_array(REFS, WIDE);
        set_item((Ref)kept[1], a, inner);
        for (u32 i = 0; i < WIDE; i++) {
            Ref pair = new_pair(ref_of_i31(i), a, REF_NULL); // which may move nothing
            set_item(inner, i, pair);
        }
    }
    // Then without room to remember what was marked.
    u32 cap = store->heap.found.stack_cap;
    collect();
    store->heap.found.stack_cap = 20;
    collect();
    store->heap.found.stack_cap = cap;
    CHECK(store->heap.live > (u64)ARRAYS * WIDE * 28);
    for (u32 a = 0; a < ARRAYS; a++)
        for (u32 i = 0; i < WIDE; i++) {
            Ref pair = items(items((Ref)kept[1])[a])[i];
            if (number_of(pair) != a || ((Ref *)at(pair))[1] != ref_of_i31(i)) CHECK(!"kept");
        }
    kept[1] = REF_NULL;
    collect();
    collect();
    CHECK(store->heap.live < 10000 && store->heap.held <= 12);
}

// Large objects have pages of their own, which others get when they are gone.
static void pages(void)
{
    Ref first = new_array(BYTES, LARGE_BYTES), second = new_array(BYTES, LARGE_BYTES);
    CHECK(first % PAGE_BYTES == 0 && second % PAGE_BYTES == 0 && first != second);
    CHECK(store->heap.states[first / BLOCK_BYTES] == HOLDS_pages);
    memset(((ArrayObject *)at(first))->items, 1, LARGE_BYTES);
    memset(((ArrayObject *)at(second))->items, 2, LARGE_BYTES);
    kept[0] = second;
    collect();
    CHECK(heap_has(&store->heap, second) && ((ArrayObject *)at(second))->items[LARGE_BYTES - 1] == 2);
    Ref third = new_array(BYTES, LARGE_BYTES);
    CHECK_EQ_U64(third, first); // from the top again, and zeroed
    for (u32 i = 0; i < LARGE_BYTES; i++)
        if (((ArrayObject *)at(third))->items[i]) CHECK(!"zeroed");
    CHECK(((ArrayObject *)at(second))->items[0] == 2);
    // Of whatever sizes: none overlaps, all that is kept stays.
    kept[0] = new_array(REFS, 64);
    for (u32 i = 0; i < 3000; i++) {
        u32 size = 16384 + i * 7919 % 200000;
        Ref ref = new_array(BYTES, size);
        if (!CHECK(ref)) return;
        memset(((ArrayObject *)at(ref))->items, (int)(i & 0xff), size);
        set_item((Ref)kept[0], i % 64, ref);
        Ref other = items((Ref)kept[0])[(i + 1) % 64];
        const ArrayObject *a = at(other);
        if (other && (a->items[0] != a->items[a->length - 1] || a->items[0] != ((i - 63) & 0xff)))
            CHECK(!"apart");
    }
    CHECK((u64)store->heap.held * BLOCK_BYTES < 160 << 20);
    kept[0] = REF_NULL;
    collect();
    collect();
    CHECK(store->heap.live < 10000 && store->heap.held <= 12);
}

// What does not fit is refused, and there is room for others; whatever is asked for.
static void limits(void)
{
    StoreLimits few = store_limits_default;
    few.heap_bytes = 4 << 20;
    Store *usual = store;
    Instance *first = instance;
    Diag diag;
    store = engine_store_within(engine, &few);
    instance = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
    x = &store->exec;
    x->held = &held;
    CHECK(!new_array(BYTES, UINT32_MAX) && !new_array(VECTORS, UINT32_MAX) && !new_array(REFS, 1 << 30));
    CHECK(strstr(x->trap_detail, "takes 4294967304 bytes, and heap_bytes of the store are 4194304 at most"));
    CHECK(!new_array(BYTES, 4 << 20));
    // All of it but for one block, again and again; and in small pieces between.
    for (u32 round = 0; round < 5; round++) {
        CHECK(new_array(BYTES, 3 << 20));
        for (u32 i = 0; i < 10000; i++) CHECK(new_array(BYTES, 500));
        CHECK(store->heap.held <= 64);
    }
    kept[0] = REF_NULL;
    u32 count = 0;
    for (u64 v[3]; count < 1000000; count++) {
        v[0] = kept[0], v[1] = count, v[2] = REF_NULL;
        if (object_struct_new(x, instance, NULL, PAIR, v)) break;
        kept[0] = v[0];
    }
    CHECK(count > (4 << 20) / 24 - 3000 && count <= (4 << 20) / 24);
    CHECK(strstr(x->trap_detail, "heap_bytes of the store are used up"));
    kept[0] = REF_NULL;
    CHECK(new_array(BYTES, 3 << 20));
    store_free(store);
    store = usual;
    instance = first;
    x = &store->exec;
}

// Fields that are far from the start, in code.
static void far_fields(void)
{
    enum { FIELDS = 5000, ROOM = 300000 };
    char *many = malloc(ROOM);
    size_t len = 0;
    Source other;
    Diag diag;
    Extern f;
    u64 slots[3] = {0};
    if (!CHECK(many)) return;
    len += (size_t)snprintf(many, ROOM, "(module (type $s (struct");
    for (u32 i = 0; i < FIELDS; i++)
        len += (size_t)snprintf(many + len, ROOM - len, " (field (mut v128))");
    len += (size_t)snprintf(
        many + len, ROOM - len,
        " (field $b (mut i8)) (field $r (mut anyref)) (field $w (mut i64))))"
        " (func (export \"f\") (result i32 i64 i32) (local $s (ref $s))"
        "  (local.set $s (struct.new_default $s))"
        "  (struct.set $s $b (local.get $s) (i32.const 0x180))"
        "  (struct.set $s $r (local.get $s) (struct.new_default $s))"
        "  (struct.set $s $w (local.get $s) (i64.const -7))"
        "  (struct.set $s %u (local.get $s) (v128.const i64x2 5 6))"
        "  (drop (struct.new_default $s))"
        "  (i32.add (struct.get_s $s $b (local.get $s)) (struct.get_u $s $b (local.get $s)))"
        "  (i64.add (struct.get $s $w (local.get $s))"
        "    (i64x2.extract_lane 1 (struct.get $s %u (local.get $s))))"
        "  (ref.is_null (struct.get $s $r (local.get $s)))))",
        FIELDS - 1, FIELDS - 1);
    if (CHECK(source_load(&other, engine, (const u8 *)many, len, &diag))) {
        Store *s = engine_store(engine);
        s->gc_stress = true;
        Instance *inst = engine_instantiate(s, other.module, NULL, NULL, &diag).instance;
        if (CHECK(inst && instance_export_at(inst, 0, &f))) {
            CHECK_EQ_U64(engine_call(s, f.func, slots, COUNT_OF(slots)), TRAP_none);
            CHECK((u32)slots[0] == 0 && slots[1] == (u64)-1 && (u32)slots[2] == 0);
        }
        store_free(s);
    }
    source_free(&other);
    free(many);
}

int main(void)
{
    Diag diag;
    engine = engine_new(features_default);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) {
        puts(diag.detail);
        return check_report();
    }
    store = engine_store(engine);
    instance = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
    if (!CHECK(instance)) return check_report();
    x = &store->exec;
    x->held = &held;
    shapes();
    graphs();
    pages();
    limits();
    far_fields();
    store_free(store);
    source_free(&source);
    engine_free(engine);
    return check_report();
}
