// forged_test.c -- heads, lengths and references that a confused guest may have written: whatever
// stands in the heap, the collector, what is done in C, the host's calls and code of each tier read
// and write the heap alone. Where that has no memory they fault there, which ends the process.
// Hazards: R47, R56.

#include "objects.h"
#include "run/gc/census.h"
#include "run/gc/collect.h"
#include "run/object.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char text[] =
    "(module"
    "  (type $pair (struct (field (mut anyref)) (field (mut i64))))"
    "  (type $refs (array (mut anyref)))"
    "  (type $vecs (array (mut v128)))"
    "  (type $bytes (array (mut i8)))"
    "  (type $pair1 (sub (struct (field (mut anyref)))))"
    "  (type $deep (sub $pair1 (struct (field (mut anyref)))))"
    "  (type $f (func (result i32))) (type $k (cont $f)) (tag $s)";

static const char behind[] =
    "  (type $box (struct (field (mut (ref null $pair))) (field (mut (ref null $refs)))"
    "    (field (mut (ref null $vecs))) (field (mut (ref null $bytes))) (field (mut exnref))"
    "    (field (mut externref)) (field (mut (ref null $f))) (field (mut anyref))"
    "    (field (mut (ref null $k)))))"
    "  (tag $e (param anyref i64))"
    "  (data $d \"0123456789abcdef0123456789abcdef\")"
    "  (elem $s anyref (item (struct.new_default $pair)) (item (ref.i31 (i32.const 4))))"
    "  (global $g (export \"g\") (mut (ref null $box)) (ref.null $box))"
    "  (table $t (export \"t\") 64 anyref)"
    "  (elem declare func $one $waits)"
    "  (func $waits (type $f) (local anyref) (local.set 0 (struct.new_default $pair))"
    "    (suspend $s) (drop (local.get 0)) (i32.const 2))"
    "  (func $one (type $f) (i32.const 1))"
    "  (func $thrown (result exnref)"
    "    (block $h (result exnref) (try_table (catch_all_ref $h)"
    "      (throw $e (struct.new_default $pair) (i64.const 5))) (unreachable)))"
    "  (func (export \"build\") (param externref) (local i32 (ref null $box))"
    "    (global.set $g (local.tee 2 (struct.new $box"
    "      (struct.new $pair (struct.new_default $pair) (i64.const 1))"
    "      (array.new $refs (struct.new_default $pair) (i32.const 40))"
    "      (array.new_default $vecs (i32.const 9)) (array.new_default $bytes (i32.const 100))"
    "      (call $thrown) (local.get 0) (ref.func $one) (array.new_default $refs"
    "        (i32.const 6000))"
    "      (block $left (result (ref $k)) (drop (resume $k (on $s $left)"
    "        (cont.new $k (ref.func $waits)))) (unreachable)))))"
    "    (loop $on"
    "      (table.set $t (local.get 1) (struct.new $pair (array.new $refs"
    "        (struct.new_default $pair) (local.get 1)) (i64.const 3)))"
    "      (table.set $t (i32.add (local.get 1) (i32.const 1)) (struct.get $box 7 (local.get 2)))"
    "      (br_if $on (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 2)))"
    "        (i32.const 60)))))"
    "  (func (export \"churn\") (param i32) (local anyref) (loop $on"
    "    (local.set 1 (struct.new $pair (local.get 1) (i64.const 2)))"
    "    (drop (array.new_default $refs (i32.const 100)))"
    "    (br_if $on (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))";

// What is done with an object of the box, and index 0.
static const char *const steps[] = {
    "(drop (struct.get $pair 0 (struct.get $box 0 (global.get $g))))",
    "(struct.set $pair 0 (struct.get $box 0 (global.get $g)) (global.get $g))",
    "(struct.set $pair 1 (struct.get $box 0 (global.get $g)) (i64.const 0x1234567887654321))",
    "(drop (array.get $refs (struct.get $box 1 (global.get $g)) (local.get 0)))",
    "(array.set $refs (struct.get $box 1 (global.get $g)) (local.get 0) (global.get $g))",
    "(array.fill $refs (struct.get $box 1 (global.get $g)) (local.get 0) (global.get $g)"
    "  (i32.const 20))",
    "(array.copy $refs $refs (struct.get $box 1 (global.get $g)) (local.get 0)"
    "  (struct.get $box 1 (global.get $g)) (i32.const 2) (i32.const 30))",
    "(array.init_elem $refs $s (struct.get $box 1 (global.get $g)) (local.get 0) (i32.const 0)"
    "  (i32.const 2))",
    "(array.set $vecs (struct.get $box 2 (global.get $g)) (local.get 0)"
    "  (v128.const i64x2 -1 -1))",
    "(drop (array.get $vecs (struct.get $box 2 (global.get $g)) (local.get 0)))",
    "(array.fill $vecs (struct.get $box 2 (global.get $g)) (local.get 0)"
    "  (v128.const i64x2 -1 -1) (i32.const 1000))",
    "(array.copy $vecs $vecs (struct.get $box 2 (global.get $g)) (i32.const 0)"
    "  (struct.get $box 2 (global.get $g)) (local.get 0) (i32.const 5))",
    "(array.init_data $bytes $d (struct.get $box 3 (global.get $g)) (local.get 0) (i32.const 0)"
    "  (i32.const 32))",
    "(array.set $bytes (struct.get $box 3 (global.get $g)) (local.get 0) (i32.const 1))",
    "(drop (array.len (struct.get $box 3 (global.get $g))))",
    "(drop (block $h (result anyref i64) (try_table (catch $e $h)"
    "  (throw_ref (struct.get $box 4 (global.get $g)))) (unreachable))) (drop)",
    "(drop (block $h (result exnref) (try_table (catch_all_ref $h)"
    "  (throw_ref (struct.get $box 4 (global.get $g)))) (unreachable)))",
    "(throw_ref (struct.get $box 4 (global.get $g)))",
    "(drop (any.convert_extern (struct.get $box 5 (global.get $g))))",
    "(drop (call_ref $f (struct.get $box 6 (global.get $g))))",
    "(drop (ref.test (ref $pair) (struct.get $box 7 (global.get $g))))",
    "(drop (ref.cast (ref null $deep) (struct.get $box 7 (global.get $g))))",
    "(drop (ref.test (ref array) (struct.get $box 7 (global.get $g))))",
    "(struct.set $box 7 (global.get $g) (struct.new $pair (struct.get $box 7 (global.get $g))"
    "  (i64.const 2)))",
    "(table.set $t (i32.const 3) (struct.get $box 7 (global.get $g)))",
    "(drop (resume $k (struct.get $box 8 (global.get $g))))",
    "(drop (resume_throw_ref $k (struct.get $box 4 (global.get $g))"
    "  (struct.get $box 8 (global.get $g))))",
    "(struct.set $box 8 (global.get $g) (cont.bind $k $k (struct.get $box 8 (global.get $g))))",
    "(drop (resume_throw $k $e (ref.null any) (i64.const 1) (struct.get $box 8 (global.get $g))))",
};

static u64 seed;
static u32 random_below(u32 most)
{
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return (u32)((seed * 0x2545f4914f6cdd1d >> 33) % most);
}

// Where a fault is the heap's, or of the records of types: those were reserved for it.
static const Store *faulting;
static void fault(int signal, siginfo_t *info, void *context)
{
    enum { GOOD = 0, BAD = 3 };
    uintptr_t at = (uintptr_t)info->si_addr;
    bool heap = at - (uintptr_t)faulting->heap.base < faulting->heap.span;
    bool records = at - (uintptr_t)faulting->types->records < sizeof(TypeRecord) << 26;
    _exit(heap || records ? GOOD : BAD);
}

typedef struct {
    weft_store *store;
    weft_instance instance;
    weft_func build, churn, steps[64];
} World;

static World world(weft_module *module)
{
    weft_limits limits = weft_limits_init();
    limits.heap_bytes = 16 << 20; // so that what calls anything, with anything, comes to its end
    World w = {.store = weft_store_new(engine, &limits, &diag)};
    char name[8];
    CHECK_OK(weft_instantiate(w.store, module, NULL, &w.instance, &diag));
    CHECK_OK(weft_instance_func(w.store, w.instance, "build", &w.build, &diag));
    CHECK_OK(weft_instance_func(w.store, w.instance, "churn", &w.churn, &diag));
    for (u32 i = 0; i < COUNT_OF(steps); i++) {
        snprintf(name, sizeof name, "s%u", i);
        CHECK_OK(weft_instance_func(w.store, w.instance, name, &w.steps[i], &diag));
    }
    return w;
}

// Some place that objects are at.
static Ref somewhere(const Blocks *h)
{
    for (;;) {
        u32 b = random_below(2) ? 1 + random_below(h->committed - 1)
                                : h->top + random_below(h->blocks - h->top);
        if (b >= h->blocks || h->states[b] <= HOLDS_empty) continue;
        u32 near = random_below(2) ? 400 : BLOCK_BYTES / 8;
        return b * BLOCK_BYTES + random_below(near) * 8;
    }
}

static u32 forged_head(const Store *s)
{
    u32 flags = random_below(4);
    switch (random_below(6)) {
    case 0: return TYPE_ID_HOST << HEAD_BITS | flags;
    case 1: return random_below(UINT32_MAX);
    case 2: return random_below(TYPE_ID_FIRST) << HEAD_BITS | flags;
    default: return (TYPE_ID_FIRST + random_below(24)) << HEAD_BITS | flags;
    }
}

static u32 forged_length(const Blocks *h)
{
    static const u32 odd[] = {0, 1, UINT32_MAX, UINT32_MAX - 1, 1u << 31, 1u << 29, 1u << 28,
                              (1u << 30) - 1, 1u << 20, 20000};
    return random_below(4) ? odd[random_below(COUNT_OF(odd))] : random_below(UINT32_MAX);
}

static u32 forged_ref(const Blocks *h)
{
    switch (random_below(6)) {
    case 0: return random_below(UINT32_MAX) & ~3u;
    case 1: return somewhere(h) + 4;
    case 2: return h->blocks * BLOCK_BYTES - 8 * (1 + random_below(100));
    case 3: return h->committed * BLOCK_BYTES - 8 * (1 + random_below(4));
    default: return somewhere(h);
    }
}

static void forge(World *w, Ref box)
{
    Store *s = w->store->s;
    Blocks *h = &s->heap;
    Ref at = somewhere(h), field = box + 4 * (1 + random_below(9));
    switch (random_below(5)) {
    case 0: *(u32 *)(h->base + at) = forged_head(s); break;
    case 1: *(u32 *)(h->base + at + 4) = forged_length(h); break;
    case 2: *(u32 *)(h->base + field) = forged_ref(h); break;
    case 3: *(u32 *)(h->base + at + 4 * random_below(4)) = forged_ref(h); break;
    default:
        at = *(Ref *)(h->base + field); // of what is used
        if (at % 8 || !heap_has(h, at)) break;
        *(u32 *)(h->base + at) = forged_head(s);
        *(u32 *)(h->base + at + 4) = forged_length(h);
    }
}

static void no_row(void *env, const weft_census_row *row) {}

static void check_inside(const Blocks *h, const void *p, size_t len)
{
    u64 at = (u64)((uintptr_t)p - (uintptr_t)h->base);
    u64 end = (u64)h->blocks * BLOCK_BYTES;
    if (p && (at > end || len > end - at)) abort();
}

// What the host may ask of a reference that it has.
static void ask(World *w, weft_val v)
{
    enum { SOME = 20 };
    weft_val out[SOME], number = weft_i32(5);
    weft_valtype type;
    weft_item_type called;
    weft_ref ref = v.of.ref;
    weft_tag tag;
    u8 bytes[16 * SOME];
    size_t len, count;
    u32 length, first;
    bool is;
    if (v.type == WEFT_FUNCREF && v.of.func.item) {
        weft_func_type(w->store, v.of.func, &called);
        weft_call(w->store, v.of.func, NULL, 0, out, called.result_count == 1, NULL);
    }
    if (v.type != WEFT_REF) return;
    check_inside(&w->store->s->heap, weft_array_bytes(w->store, ref, &len, NULL), len);
    if (weft_array_length(w->store, ref, &length, NULL) != WEFT_OK) length = 0;
    first = length > SOME ? random_below(length - SOME) : 0;
    length = MIN(length, SOME);
    weft_ref_type(w->store, ref, &type, NULL);
    weft_ref_test(w->store, ref, &type, &is, NULL);
    weft_struct_get(w->store, ref, 0, out, NULL);
    weft_struct_set(w->store, ref, 0, v, NULL);
    weft_struct_set(w->store, ref, 1, number, NULL);
    weft_struct_descriptor(w->store, ref, &ref, NULL);
    weft_array_get(w->store, ref, first, length, out, NULL);
    weft_array_set(w->store, ref, first, 1, &v, NULL);
    weft_array_set(w->store, ref, first, 1, &number, NULL);
    weft_array_read(w->store, ref, first, length, bytes, NULL);
    weft_array_write(w->store, ref, first, length, bytes, NULL);
    weft_extern_convert_any(w->store, v, out, NULL);
    weft_any_convert_extern(w->store, v, out, NULL);
    weft_exception_values(w->store, ref, &tag, out, SOME, &count, NULL);
}

static void act_once(World *w, weft_val box)
{
    Store *s = w->store->s;
    weft_val arg = weft_i32((s32)(random_below(4) ? random_below(10) : forged_length(&s->heap)));
    weft_val out[8];
    weft_table table;
    weft_tag tag;
    size_t count;
    u64 objects, bytes;
    u32 step = random_below(COUNT_OF(steps));
    switch (random_below(10)) {
    case 0: heap_collect(s, NULL); break;
    case 1: heap_living(s, &objects, &bytes); break;
    case 2: weft_store_heap_census(w->store, no_row, NULL, NULL); break;
    case 3: heap_log(&s->exec, somewhere(&s->heap) + random_below(8), arg.of.i32, 10); break;
    case 4:
        arg = weft_i32(1 + (s32)random_below(2000));
        weft_call(w->store, w->churn, &arg, 1, NULL, 0, NULL);
        break;
    case 5:
        ask(w, box);
        for (u32 i = 0; i < 9; i++)
            if (weft_struct_get(w->store, box.of.ref, i, out, NULL) == WEFT_OK) ask(w, out[0]);
        break;
    case 6:
        if (weft_instance_table(w->store, w->instance, "t", &table, NULL) != WEFT_OK) break;
        if (weft_table_get(w->store, table, random_below(64), out, NULL) == WEFT_OK)
            ask(w, out[0]);
        break;
    default:
        weft_call(w->store, w->steps[step], &arg, 1, NULL, 0, NULL);
        weft_store_exception(w->store, &tag, out, COUNT_OF(out), &count);
    }
}

static void in_child(World *w, u64 number)
{
    enum { ACTS = 60 };
    weft_global global;
    weft_val box, pointer = weft_externref(&seed);
    Blocks *h = &w->store->s->heap;
    seed = number * 0x9e3779b97f4a7c15 + 1;
    faulting = w->store->s;
    signal(SIGALRM, SIG_DFL);
    alarm(20); // nothing goes on for ever
    weft_val few = weft_i32(500);
    if (random_below(2)) weft_call(w->store, w->churn, &few, 1, NULL, 0, NULL);
    weft_call(w->store, w->build, &pointer, 1, NULL, 0, NULL);
    if (random_below(2)) heap_collect(w->store->s, NULL);
    if (weft_instance_global(w->store, w->instance, "g", &global, NULL) != WEFT_OK) abort();
    if (weft_global_get(w->store, global, &box, NULL) != WEFT_OK) abort();
    Ref at = (Ref)w->store->handles.slots[(u32)box.of.ref.handle];
    for (u32 i = 0; i < ACTS; i++) {
        h->forged = true;
        if (random_below(3)) forge(w, at);
        act_once(w, box);
    }
    weft_store_free(w->store);
    _exit(0);
}

static void try_all(u32 first, u32 runs)
{
    static char all[sizeof text + sizeof behind + COUNT_OF(steps) * 400];
    char *end = all + sprintf(all, "%s%s", text, behind);
    for (u32 i = 0; i < COUNT_OF(steps); i++)
        end += sprintf(end, "(func (export \"s%u\") (param i32) %s)", i, steps[i]);
    sprintf(end, ")");
    weft_module *module = weft_module_new(engine, all, strlen(all), &diag);
    if (!CHECK(module)) printf("%s\n", diag.message);
    if (!module) return;
    World w = world(module);
    u32 bad = 0;
    for (u32 i = first; i < first + runs; i++) {
        int status = 0;
        pid_t child = fork();
        if (!child) in_child(&w, i);
        if (child < 0 || waitpid(child, &status, 0) != child) exit(1);
        if (status && bad++ < 5) printf("    run %u: status %#x\n", i, (unsigned)status);
    }
    CHECK_EQ_U64(bad, 0);
    weft_store_free(w.store);
    weft_module_free(module);
}

int main(int argc, char **argv)
{
    static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_BASELINE};
    u32 runs = argc > 1 ? (u32)atoi(argv[1]) : check_full() ? 20000 : 400;
    u32 first = argc > 2 ? (u32)atoi(argv[2]) : 0;
    struct sigaction how = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &how, NULL);
    sigaction(SIGBUS, &how, NULL);
    for (u32 i = 0; i < COUNT_OF(tiers); i++) {
        engine = weft_engine_new("all", &diag);
        weft_engine_set_tier(engine, tiers[i]);
        try_all(first, runs);
        weft_engine_free(engine);
    }
    return check_report();
}
