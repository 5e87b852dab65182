// join_test.c -- stores side by side that are done in vectors: each row of lanes.def that is for
// that, with lanes of each width, orders, what overlaps, ends of the memory; and those that stay as
// they are, with why.

#define DONE "stores: those"
#define DONE_NOT "stores: not"
#include "worlds.h"

static void put_func(const char *body)
{
    add("(func (export \"f%u\") (param $a i32) (param $b i32) (param $c i32) (param $n i32)\n"
        "  (param $k i32) (result i32)\n%s\n  (local.get $k))\n", funcs++, body);
}

static void begin_func(void)
{
    add("(func (export \"f%u\") (param $a i32) (param $b i32) (param $c i32) (param $n i32)\n"
        "  (param $k i32) (result i32)\n", funcs++);
}

static void begin_module(void) { add("(module (memory (export \"m\") 1 1)\n"); }

// ---- Rows

typedef struct { const char *load, *store; u8 bytes; } Width;
static const Width words[] = {{"i32.load", "i32.store", 4}, {"i32.load8_u", "i32.store8", 1},
                              {"i32.load16_s", "i32.store16", 2}};
static const Width longs[] = {{"i64.load", "i64.store", 8}};
static const Width floats[] = {{"f32.load", "f32.store", 4}};
static const Width doubles[] = {{"f64.load", "f64.store", 8}};

static const Width *widths_of(u8 type, u32 *count)
{
    *count = 1;
    switch (type) {
    case TYPE_i32: return *count = COUNT_OF(words), words;
    case TYPE_i64: return longs;
    case TYPE_f32: return floats;
    default: return doubles;
    }
}

static bool shifts(u8 family)
{
    return family == FAMILY_left || family == FAMILY_right_s || family == FAMILY_right_u;
}

// Are lanes of so many bytes done? Of narrower ones only low bits are right.
static bool is_done(Op op, u8 family, u8 bytes)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    u32 whole = sig->results[0] == TYPE_i64 || sig->results[0] == TYPE_f64 ? 8 : 4;
    bool low = family == FAMILY_low || family == FAMILY_left;
    bool fits = low || (bytes == whole && (family == FAMILY_exact || shifts(family)));
    return fits && lane_rows[op].ops[__builtin_ctz(bytes)];
}

static const struct { Op op; u8 family; } rows[] = {
#define LANES(scalar, family, ...) {OP_##scalar, FAMILY_##family},
#include "opt/lanes.def"
};

enum { ELEMENTS = 16 };

static void put_row(Op op, u8 family, const Width *from, const Width *to)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    const char *name = op_info[op].text;
    begin_func();
    for (u32 i = 0; i < ELEMENTS; i++) {
        u32 at = i * from->bytes;
        add("  (%s offset=%u (local.get $c) (%s (%s offset=%u (local.get $a))", to->store,
            i * to->bytes, name, from->load, at);
        if (shifts(family)) add(" (%s.const 5)", name[1] == '3' ? "i32" : "i64");
        else if (sig->param_count == 2) add(" (%s offset=%u (local.get $b))", from->load, at);
        add("))\n");
    }
    add("  (local.get $k))\n");
}

static bool is_plain(u8 family)
{
    return family == FAMILY_low || family == FAMILY_exact || shifts(family);
}

static void each_row(void)
{
    // apart; the same; what is written a bit behind what is read, a bit in front of it; at the end
    static const Args places[] = {
        {256, 2048, 4096, 0, 9}, {256, 256, 256, 0, 9},   {256, 300, 264, 0, 9},
        {256, 2048, 240, 0, 9},  {1024, 600, 1056, 0, 9}, {256, 2048, MEMORY - 8, 0, 9},
        {MEMORY - 8, 0, 4096, 0, 9}};
    u32 count = 0;
    begin_module();
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        const SigInfo *sig = &sig_info[op_info[rows[i].op].sig];
        u32 from, to;
        if (!is_plain(rows[i].family)) continue;
        const Width *in = widths_of(sig->params[0], &from);
        const Width *out = widths_of(sig->results[0], &to);
        for (u32 k = 0; k < MIN(from, to); k++) {
            put_row(rows[i].op, rows[i].family, &in[k], &out[k]);
            count += is_done(rows[i].op, rows[i].family, out[k].bytes);
        }
    }
    begin();
    for (u32 f = 0; f < funcs; f++)
        for (u32 i = 0; i < COUNT_OF(places); i++)
            if (!same(f, places[i])) break;
    were_done(count);
    end();
}

// ---- Where they are

// So many stores of words to $c, of numbers, in one order or another.
static void put_words(const u32 *order, u32 count)
{
    begin_func();
    for (u32 i = 0; i < count; i++)
        add("  (i32.store offset=%u (local.get $c) (i32.const %u))\n", 4 * order[i], order[i]);
    add("  (local.get $k))\n");
}

// What was stored in front of the trap is there, and nothing else.
static void at_the_end(void)
{
    static const u32 down[] = {7, 6, 5, 4, 3, 2, 1, 0}, mixed[] = {7, 0, 6, 1, 5, 2, 4, 3};
    static const u32 many[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    begin_module();
    put_words(down, 8);
    put_words(mixed, 8);
    put_words(many, 16);
    put_words(many, 17);
    // what was reached before
    put_func("(local.set $k (i32.load offset=28 (local.get $c)))"
             "(i32.store offset=16 (local.get $c) (local.get $n))"
             "(i32.store offset=20 (local.get $c) (local.get $n))"
             "(i32.store offset=24 (local.get $c) (local.get $n))"
             "(i32.store offset=28 (local.get $c) (local.get $n))");
    // what is read first reaches as far
    put_func("(i64.store offset=8 (local.get $c) (i64.load offset=24 (local.get $c)))"
             "(i64.store (local.get $c) (i64.load offset=16 (local.get $c)))");
    // what was read before is elsewhere
    begin_func();
    add("  (local.set $k (i32.load offset=200 (local.get $b)))\n");
    for (u32 i = 0; i < 16; i++)
        add("  (i32.store offset=%u (local.get $c) (local.get $n))\n", 4 * i);
    add("  (local.get $k))\n");
    begin();
    for (u32 f = 0; f < funcs; f++)
        for (u32 by = 0; by < 80; by++) {
            same(f, (Args){0, 0, MEMORY - by, 7, 0});
            same(f, (Args){0, 0, (u32)-by, 7, 0});
        }
    were_done(funcs);
    end();
}

static void at_fixed_places(void)
{
    begin_module();
    put_func("(i32.store offset=1024 (i32.const 0) (i32.const 1))"
             "(i32.store offset=1032 (i32.const 0) (i32.const 2))"
             "(i32.store (i32.const 1028) (i32.const 3))"
             "(i32.store (i32.const 1036) (i32.const 4))");
    // it traps in the middle of them
    put_func("(i64.store (i32.const 65520) (i64.const 1))"
             "(i64.store (i32.const 65528) (i64.const 2))"
             "(i64.store (i32.const 65536) (i64.const 3))"
             "(i64.store (i32.const 65544) (i64.const 4))");
    // around the end of what addresses there are
    put_func("(i32.store offset=8 (i32.const -8) (i32.const 1))"
             "(i32.store offset=12 (i32.const -8) (i32.const 2))"
             "(i32.store offset=16 (i32.const -8) (i32.const 3))"
             "(i32.store offset=20 (i32.const -8) (i32.const 4))");
    begin();
    for (u32 f = 0; f < funcs; f++) same(f, (Args){0, 0, 0, 0, 0});
    were_done(1);
    end();
}

// It is known of all that it is in the memory, but not that what is read is apart from what was
// written.
static void near(void)
{
    begin_module();
    begin_func();
    for (u32 i = 16; i-- > 0;)
        add("  (i32.store offset=%u (i32.const 1000) (i32.load offset=%u (local.get $a)))\n", 4 * i,
            4 * i);
    add("  (local.get $k))\n");
    begin();
    for (u32 by = 0; by < 160; by++) same(0, (Args){920 + by, 0, 0, 0, 0});
    same(0, (Args){MEMORY - 60, 0, 0, 0, 0});
    were_done(1);
    end();
}

// Sums that may be around the end of addresses, and so not where they seem to be.
static void around(void)
{
    begin_module();
    for (u32 down = 0; down < 2; down++) {
        begin_func();
        for (u32 k = 0; k < 16; k++) {
            u32 at = 4 * (down ? 15 - k : k);
            add("  (i32.store (i32.add (local.get $c) (i32.const %u)) (i32.load (i32.add"
                " (local.get $a) (i32.const %u))))\n", at, at);
        }
        add("  (local.get $k))\n");
    }
    begin();
    for (u32 f = 0; f < funcs; f++)
        for (u32 by = 0; by < 80; by++) {
            same(f, (Args){1000, 0, (u32)-by, 7, 0});
            same(f, (Args){(u32)-by, 0, 1000, 7, 0});
            same(f, (Args){1000, 0, 1000 + by, 7, 0});
            same(f, (Args){1000 + by, 0, 1000, 7, 0});
        }
    were_done(funcs);
    end();
}

// A product of two matrices, as it is written without loops.
static void product(void)
{
    begin_module();
    begin_func();
    for (u32 i = 0; i < 16; i++) {
        add("  (f32.store offset=%u (local.get $c) (f32.add (f32.add (f32.add", 4 * i);
        for (u32 k = 0; k < 4; k++) {
            add(" (f32.mul (f32.load offset=%u (local.get $a)) (f32.load offset=%u"
                " (local.get $b)))", 4 * (i & 12) + 4 * k, 16 * k + 4 * (i & 3));
            if (k) add(")");
        }
        add(")\n");
    }
    add("  (local.get $k))\n");
    begin();
    same(0, (Args){1024, 2048, 3072, 0, 0});
    for (u32 by = 0; by < 140; by += 4) {
        same(0, (Args){1024, 2048, 1024 + by, 0, 0});
        same(0, (Args){1024 + by, 2048, 1024, 0, 0});
        same(0, (Args){1024, 1024 + by, 2048, 0, 0});
        same(0, (Args){1024, 2048, MEMORY - by, 0, 0});
    }
    were_done(1);
    end();
}

// What is done where it may not be joined is not looked at again, in a module that was written so.
static void left(void)
{
    World again;
    u64 result;
    const Args args = {1024, 0, 2048, 0, 0};
    begin_module();
    begin_func();
    for (u32 i = 0; i < 16; i++)
        add("  (i32.store offset=%u (local.get $c) (i32.load offset=%u (local.get $a)))\n", 4 * i,
            4 * i);
    add("  (local.get $k))\n");
    begin();
    same(0, args);
    were_done(1);
    Bytes bytes = rewritten(interp.source.module, &arena);
    done = 0;
    enter(&again, TIER_opt, bytes);
    CHECK_EQ_U64(call(&again, 0, &args, &result), 0);
    CHECK_EQ_U64(done, 0);
    leave(&again);
    end();
}

// ---- What stays

#define FOUR(value)                                                                                \
    "(i32.store offset=76 (local.get $c) " value ")"                                               \
    "(i32.store offset=72 (local.get $c) " value ")"                                               \
    "(i32.store offset=68 (local.get $c) " value ")"                                               \
    "(i32.store offset=64 (local.get $c) " value ")"

static void stays(const char *memories, const char *body, const char *reason)
{
    add("(module (memory (export \"m\") %s)\n(global $g (mut i32) (i32.const 0))"
        "(func $h (param i32) (global.set $g (memory.grow (local.get 0))))\n", memories);
    put_func(body);
    begin();
    why[0] = 0;
    for (u32 n = 1; n < 60; n += 29) {
        same(0, (Args){1000, 2000, 3000, n, 1});
        same(0, (Args){3060, 2000, 3000, n, 1});
        same(0, (Args){1000, 3060, 3000, n, 1});
        same(0, (Args){1000, 2000, MEMORY - 70, n, 1});
    }
    were_done(0);
    CHECK_STR(why, reason);
    end();
}

static void refusals(void)
{
    // so it would be done
    begin_module();
    put_func(FOUR("(local.get $n)"));
    begin();
    same(0, (Args){0, 0, 3000, 1, 0});
    were_done(1);
    end();
    // nothing is side by side
    stays("1 1 shared", FOUR("(local.get $n)"), "");
    stays("1 1", "(i32.store offset=8 (local.get $c) (local.get $n))"
                 "(i32.store (local.get $c) (local.get $n))", "");
    stays("1 1", "(i32.store offset=12 (local.get $c) (local.get $n))"
                 "(i32.store offset=8 (local.get $c) (local.get $n))"
                 "(local.set $k (i32.div_u (local.get $k) (local.get $n)))"
                 "(i32.store offset=4 (local.get $c) (local.get $n))"
                 "(i32.store (local.get $c) (local.get $n))", "");
    stays("1 1", "(i32.store offset=12 (local.get $c) (local.get $n))"
                 "(i32.store offset=8 (local.get $c) (local.get $n))"
                 "(call $h (i32.const 0))"
                 "(i32.store offset=4 (local.get $c) (local.get $n))"
                 "(i32.store (local.get $c) (local.get $n))", "");
    stays("1 2", "(i32.store offset=12 (local.get $c) (local.get $n))"
                 "(i32.store offset=8 (local.get $c) (local.get $n))"
                 "(local.set $k (memory.grow (i32.const 0)))"
                 "(i32.store offset=4 (local.get $c) (local.get $n))"
                 "(i32.store (local.get $c) (local.get $n))", "");
    // other values
    stays("1 1", "(i32.store offset=12 (local.get $c) (local.get $n))"
                 "(i32.store offset=8 (local.get $c) (i32.const 8))"
                 "(i32.store offset=4 (local.get $c) (local.get $n))"
                 "(i32.store (local.get $c) (local.get $n))", "what is stored");
    stays("1 1", "(i32.store offset=12 (local.get $c) (i32.shl (local.get $a) (local.get $n)))"
                 "(i32.store offset=8 (local.get $c) (i32.shl (local.get $b) (local.get $k)))"
                 "(i32.store offset=4 (local.get $c) (i32.shl (local.get $a) (local.get $n)))"
                 "(i32.store (local.get $c) (i32.shl (local.get $a) (local.get $n)))",
          "what is stored");
    // what is written there is read in between, or written again
    stays("1 1", "(i32.store offset=76 (local.get $c) (local.get $n))"
                 "(i32.store offset=72 (local.get $c) (local.get $n))"
                 "(local.set $k (i32.load8_u offset=73 (local.get $c)))"
                 "(i32.store offset=68 (local.get $c) (local.get $n))"
                 "(i32.store offset=64 (local.get $c) (local.get $n))",
          "it is read or written in between");
    stays("1 1", "(i32.store offset=76 (local.get $c) (local.get $n))"
                 "(i32.store offset=72 (local.get $c) (local.get $n))"
                 "(i32.store8 offset=65 (local.get $c) (local.get $k))"
                 "(i32.store offset=68 (local.get $c) (local.get $n))"
                 "(i32.store offset=64 (local.get $c) (local.get $n))"
                 "(i32.store offset=64 (local.get $c) (local.get $k))",
          "it is read or written in between");
    stays("1 1", "(i32.store offset=76 (local.get $c) (local.get $n))"
                 "(i32.store offset=72 (local.get $c) (local.get $n))"
                 "(local.set $k (i32.load (i32.and (i32.load (local.get $a)) (i32.const 1020))))"
                 "(i32.store offset=68 (local.get $c) (local.get $n))"
                 "(i32.store offset=64 (local.get $c) (local.get $n))",
          "where it is, is read in between");
    // from the first on it is not known whether all of it is there, and to find out takes more
    stays("1 1", "(i32.store (local.get $c) (local.get $n))"
                 "(i32.store offset=4 (local.get $c) (local.get $n))"
                 "(i32.store offset=8 (local.get $c) (local.get $n))"
                 "(i32.store offset=12 (local.get $c) (local.get $n))", "nothing is saved");
    stays("1 1", "(i64.store offset=8 (local.get $c) (i64.load offset=8 (local.get $a)))"
                 "(i64.store (local.get $c) (i64.load (local.get $a)))", "nothing is saved");
}

static void others(void)
{
    char body[4096];
    size_t used = 0;
    // what was read is used behind it
    for (u32 i = 0; i < 16; i++)
        used += (size_t)snprintf(body + used, sizeof body - used,
                                "(i32.store offset=%u (local.get $c) (local.tee $k"
                                " (i32.load offset=%u (local.get $a))))", 4 * i, 4 * i);
    stays("1 1", body, "what is read for it is used behind it");
    // pointers in between
    static const char *const at[] = {"$a", "$b", "$n", "$k"};
    used = 0;
    for (u32 i = 0; i < 16; i++) {
        u32 of = i / 4;
        used += (size_t)snprintf(body + used, sizeof body - used,
                                "(i32.store offset=%u (local.get $c)"
                                " (i32.load offset=%u (local.get %s)))"
                                "(i32.store8 (i32.mul (local.get $a) (local.get %s))"
                                " (local.get $n))", 4 * i, 4 * i, at[of], at[of]);
    }
    stays("1 1", body, "it is in too many places");
}

int main(void)
{
    each_row();
    at_the_end();
    at_fixed_places();
    near();
    around();
    product();
    left();
    refusals();
    others();
    return check_report();
}
