// snapshot_forged_test.c -- bytes of a snapshot that somebody wrote on purpose: each of them is
// changed to each small value, where guests have what is of many types. Either it is refused, or
// all that is there is what the guest's code expects, which then runs. And what was easy to get
// wrong.
// Hazards: R64.

#include "objects.h"
#include "snapshot_programs.h"

static bool make(Guest *w, const char *text, weft_linker *linker, weft_instance *out)
{
    weft_module *m = weft_module_new(w->engine, text, strlen(text), &diag);
    if (!CHECK(m != NULL)) printf("%s\n", diag.message);
    bool made = m && CHECK_OK(weft_instantiate(w->store, m, linker, out, &diag));
    weft_module_free(m);
    return made;
}

static weft_func func(Guest *w, weft_instance instance, const char *name)
{
    weft_func f = {0, NULL};
    CHECK_OK(weft_instance_func(w->store, instance, name, &f, &diag));
    return f;
}

static weft_status save(Guest *w, Kept *k)
{
    const weft_snapshot_out out = weft_snapshot_out_init(keep, k);
    k->len = 0;
    return weft_snapshot_write(w->store, &out, &diag);
}

static weft_status load(Guest *w, const Kept *k)
{
    return weft_snapshot_read(w->store, NULL, k->data, k->len, NULL, &diag);
}

static void stopped(const char *text, Kept *k)
{
    Guest w = guest_of(WEFT_TIER_BASELINE);
    weft_instance instance;
    weft_val turns = weft_i32(100), sum;
    if (make(&w, text, NULL, &instance)) {
        stop_at(w.store->s, 50);
        CHECK_WHY(weft_call(w.store, func(&w, instance, "work"), &turns, 1, &sum, 1, &diag),
                  "paused");
        CHECK_OK(save(&w, k));
    }
    leave(&w);
}

static u64 go_on(weft_tier tier, const Kept *k)
{
    Guest w = guest_of(tier);
    weft_val sum = weft_i64(0);
    CHECK_OK(load(&w, k));
    check_sound(w.store->s);
    CHECK_OK(weft_continue(w.store, &sum, 1, &diag));
    leave(&w);
    return (u64)sum.of.i64;
}

static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_BASELINE, WEFT_TIER_AUTO};

static void try(const Kept *k, u32 n)
{
    Guest w = guest_of(tiers[n % COUNT_OF(tiers)]);
    if (load(&w, k) == WEFT_OK) {
        go_on_for(&w, 300);
    } else {
        CHECK(diag.name[0] && diag.message[0]);
    }
    leave(&w);
}

static void copy(Kept *to, const Kept *from)
{
    to->len = 0;
    keep(to, from->data, from->len);
}

// A value of another kind may have more bytes, or less.
static void each_length(const Kept *k, size_t first, size_t at, u32 *n, u32 step)
{
    enum { KINDS = 5 };
    Kept bad = {0};
    for (u32 kind = 0; kind < KINDS; kind++) {
        for (int less = -2; less <= 2; less++) {
            if ((*n)++ % step || !less) continue;
            copy(&bad, k);
            for (int i = less; i < 0; i++) resize_at(&bad, first, at + 1, true);
            for (int i = less; i > 0; i--) resize_at(&bad, first, at + 1, false);
            bad.data[at] = (u8)kind;
            set_sum(&bad);
            try(&bad, *n);
        }
    }
    free(bad.data);
}

static void each_byte(const char *text, u64 want, u32 step)
{
    enum { VALUES = 14 };
    Kept k = {0};
    stopped(text, &k);
    for (u32 i = 0; i < COUNT_OF(tiers); i++) CHECK_EQ_U64(go_on(tiers[i], &k), want);
    u32 n = 0;
    size_t first = behind_modules(&k);
    for (size_t at = first; at + 32 < k.len; at++) {
        u8 was = k.data[at];
        for (u32 v = 0; v < VALUES; v++) {
            if (n++ % step) continue;
            k.data[at] = v == VALUES - 1 ? (u8)(was + 0x80) : (u8)v;
            set_sum(&k);
            try(&k, n);
        }
        k.data[at] = was;
        each_length(&k, first, at, &n, step);
    }
    free(k.data);
}

// ---- What grew, before somebody imported it as large

static const char grown[] =
    "(module (memory (export \"m\") 1 9) (table (export \"t\") 1 9 funcref)"
    "  (func (export \"grow\") (drop (memory.grow (i32.const 4)))"
    "    (drop (table.grow (ref.null func) (i32.const 4)))"
    "    (i32.store (i32.const 300000) (i32.const 77)) (data.drop $d) (elem.drop $e))"
    "  (data $d \"x\") (elem $e func 0)"
    "  (func (export \"data\") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))"
    "  (func (export \"elem\") (table.init $e (i32.const 0) (i32.const 0) (i32.const 1))))";
static const char importer[] =
    "(module (import \"a\" \"m\" (memory 5)) (import \"a\" \"t\" (table 5 funcref))"
    "  (func (export \"work\") (result i32) (i32.add (table.size) (i32.load (i32.const 300000)))))";

static void grown_before(void)
{
    Kept k = {0};
    Guest w = guest_of(WEFT_TIER_AUTO);
    weft_instance a, both[2];
    weft_linker *linker = weft_linker_new(w.engine, &diag);
    weft_val sum = weft_i32(0);
    make(&w, grown, linker, &a);
    CHECK_OK(weft_call(w.store, func(&w, a, "grow"), NULL, 0, NULL, 0, &diag));
    CHECK_OK(weft_linker_instance(linker, w.store, "a", a, &diag));
    make(&w, importer, linker, &both[1]);
    CHECK_OK(save(&w, &k));
    weft_linker_free(linker);
    leave(&w);
    w = guest_of(WEFT_TIER_BASELINE);
    CHECK_OK(load(&w, &k));
    CHECK_EQ_U64(weft_store_instances(w.store, both, 2), 2);
    CHECK_OK(weft_call(w.store, func(&w, both[1], "work"), NULL, 0, &sum, 1, &diag));
    CHECK_EQ_U64((u64)sum.of.i32, 82);
    CHECK_WHY(weft_call(w.store, func(&w, both[0], "data"), NULL, 0, NULL, 0, &diag),
              "out_of_bounds_memory_access"); // dropped
    CHECK_WHY(weft_call(w.store, func(&w, both[0], "elem"), NULL, 0, NULL, 0, &diag),
              "out_of_bounds_table_access");
    leave(&w);
    free(k.data);
}

// ---- What is the host's for good is as who reads it has it

static void host_constant(void)
{
    static const char text[] = "(module (import \"h\" \"g\" (global i32))"
                               "  (func (export \"work\") (result i32) (global.get 0)))";
    Kept k = {0};
    for (int32_t value = 3; value < 5; value++) {
        Guest w = guest_of(WEFT_TIER_INTERP);
        weft_linker *linker = weft_linker_new(w.engine, &diag);
        weft_global g;
        weft_instance instance;
        weft_val got = weft_i32(0);
        CHECK_OK(weft_global_new(w.store, weft_i32(value), false, &g, &diag));
        CHECK_OK(weft_linker_define(linker, "h", "g", (weft_extern){WEFT_GLOBAL, {.global = g}},
                                    &diag));
        if (value == 3) {
            make(&w, text, linker, &instance);
            CHECK_OK(save(&w, &k));
        } else {
            CHECK_OK(weft_snapshot_read(w.store, linker, k.data, k.len, NULL, &diag));
            weft_store_instances(w.store, &instance, 1);
            CHECK_OK(weft_call(w.store, func(&w, instance, "work"), NULL, 0, &got, 1, &diag));
            CHECK_EQ_U64((u64)got.of.i32, 4);
        }
        weft_linker_free(linker);
        leave(&w);
    }
    free(k.data);
}

int main(int argc, char **argv)
{
    u32 step = argc > 1 ? (u32)atoi(argv[1]) : 1; // each so-manieth; 1: all
    each_byte(snapshot_conts, 41, step);
    each_byte(snapshot_legacy, 3, step);
    each_byte(snapshot_objects, 9, step);
    grown_before();
    host_constant();
    return check_report();
}
