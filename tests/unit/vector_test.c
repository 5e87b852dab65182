// vector_test.c -- loops along arrays that are done in vectors: each row of lanes.def, with lanes
// as wide as it has them and narrower, sums, arrays that overlap, ends of the memory, and loops
// that stay as they are, with why.

#define DONE "vectors: the loop"
#define DONE_NOT "vectors: not"
#include "worlds.h"

// ---- Loops of one row

// Parameters: two arrays that are read, one that is written; how many; a number. They go up by the
// widths of what is there; a counter goes down.
static void put_loop(u32 a_bytes, u32 b_bytes, u32 c_bytes, const char *body)
{
    add("(func (export \"f%u\") (param $a i32) (param $b i32) (param $c i32) (param $n i32)\n"
        "  (param $k i32) (result i32)\n"
        "  (if (i32.eqz (local.get $n)) (then (return (local.get $k))))\n"
        "  (loop %s\n"
        "    (local.set $a (i32.add (local.get $a) (i32.const %u)))\n"
        "    (local.set $b (i32.add (local.get $b) (i32.const %u)))\n"
        "    (local.set $c (i32.add (local.get $c) (i32.const %u)))\n"
        "    (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))\n"
        "  (local.get $k))\n", funcs++, body, a_bytes, b_bytes, c_bytes);
}

typedef struct { const char *load, *store; u8 bytes; } Width;
static const Width words[] = {{"i32.load", "i32.store", 4},     {"i32.load8_u", "i32.store8", 1},
                              {"i32.load8_s", "i32.store8", 1}, {"i32.load16_s", "i32.store16", 2},
                              {"i32.load16_u", "i32.store", 2}, {"i32.load8_s", "i32.store", 1},
                              {"i32.load8_u", "i32.store16", 1}};
static const Width longs[] = {{"i64.load", "i64.store", 8}, {"i64.load32_s", "i64.store", 4},
                              {"i64.load32_u", "i64.store32", 4}};
static const Width floats[] = {{"f32.load", "f32.store", 4}};
static const Width doubles[] = {{"f64.load", "f64.store", 8}};

static const Width *widths_of(u8 type, u32 *count)
{
    switch (type) {
    case TYPE_i32: return *count = COUNT_OF(words), words;
    case TYPE_i64: return *count = COUNT_OF(longs), longs;
    case TYPE_f32: return *count = COUNT_OF(floats), floats;
    default: return *count = COUNT_OF(doubles), doubles;
    }
}

static u32 bytes_of_store(const char *store)
{
    if (strstr(store, "store8")) return 1;
    if (strstr(store, "store16")) return 2;
    return strstr(store, "store32") || store[1] == '3' ? 4 : 8;
}

static void put_row(Op op, u8 family, const Width *from, const Width *to)
{
    char body[512], a[64], b[64];
    const SigInfo *sig = &sig_info[op_info[op].sig];
    const char *name = op_info[op].text;
    bool shifts = family == FAMILY_left || family == FAMILY_right_s || family == FAMILY_right_u;
    snprintf(a, sizeof a, "(%s (local.get $a))", from->load);
    snprintf(b, sizeof b, "(%s (local.get $b))", from->load);
    if (shifts) snprintf(b, sizeof b, "(%s.const 5)", op_info[op].text[1] == '3' ? "i32" : "i64");
    if (op == OP_select)
        snprintf(body, sizeof body, "(%s (local.get $c) (select %s %s (i32.lt_s %s %s)))",
                 to->store, a, b, a, b);
    else if (sig->param_count == 1)
        snprintf(body, sizeof body, "(%s (local.get $c) (%s %s))", to->store, name, a);
    else
        snprintf(body, sizeof body, "(%s (local.get $c) (%s %s %s))", to->store, name, a, b);
    put_loop(from->bytes, from->bytes, bytes_of_store(to->store), body);
}

static const struct { Op op; u8 family; } rows[] = {
#define LANES(scalar, family, ...) {OP_##scalar, FAMILY_##family},
#include "opt/lanes.def"
};

static void put_rows(void)
{
    add("(module (memory (export \"m\") 1 1)\n");
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        const SigInfo *sig = &sig_info[op_info[rows[i].op].sig];
        bool select = rows[i].op == OP_select;
        u32 from, to;
        const Width *in = widths_of(select ? TYPE_i32 : sig->params[0], &from);
        const Width *out = widths_of(select ? TYPE_i32 : sig->results[0], &to);
        for (u32 k = 0; k < from; k++) put_row(rows[i].op, rows[i].family, &in[k], &out[k % to]);
    }
}

static void each_row(void)
{
    // apart; the same; what is written a bit behind what is read, a bit in front of it
    static const Args places[] = {{256, 2048, 4096, 0, 9}, {256, 256, 256, 0, 9},
                                  {256, 300, 264, 0, 9},   {256, 2048, 240, 0, 9},
                                  {1024, 600, 1056, 0, 9}};
    static const u32 counts[] = {1, 2, 3, 16, 17, 31, 33, 70, 129};
    put_rows();
    begin();
    for (u32 f = 0; f < funcs; f++)
        for (u32 i = 0; i < COUNT_OF(counts); i++) {
            Args args = places[(f + i) % COUNT_OF(places)];
            args.n = counts[i];
            if (!same(f, args)) break;
        }
    were_done(funcs);
    end();
}

// ---- Sums, and others

static void sums(void)
{
    static const char *const bodies[] = {
        "(local.set $k (i32.add (local.get $k) (i32.load (local.get $a))))",
        "(local.set $k (i32.add (local.get $k) (i32.load8_u (local.get $a))))",
        "(local.set $k (i32.add (local.get $k) (i32.load16_s (local.get $a))))",
        "(local.set $k (i32.add (local.get $k) (i32.mul (i32.load16_s (local.get $a))"
        "  (i32.load16_s (local.get $b)))))",
        "(local.set $k (i32.add (local.get $k) (i32.eq (i32.load8_u (local.get $a))"
        "  (i32.load8_u (local.get $b)))))",
        "(local.set $k (i32.and (local.get $k) (i32.or (i32.const 0x7ffffff0)"
        "  (i32.load (local.get $a)))))",
        "(local.set $k (i32.or (local.get $k) (i32.load8_s (local.get $a))))",
        "(local.set $k (i32.xor (i32.load16_u (local.get $a)) (local.get $k)))",
        "(local.set $k (select (local.get $k) (i32.load8_u (local.get $a))"
        "  (i32.gt_u (local.get $k) (i32.load8_u (local.get $a)))))",
        "(local.set $k (select (i32.load (local.get $a)) (local.get $k)"
        "  (i32.gt_s (local.get $k) (i32.load (local.get $a)))))",
        "(local.set $k (select (i32.load16_s (local.get $a)) (local.get $k)"
        "  (i32.gt_s (i32.load16_s (local.get $a)) (local.get $k))))",
        "(local.set $k (i32.add (local.get $k) (i32.wrap_i64 (i64.load (local.get $a)))))",
    };
    static const u8 bytes[] = {4, 1, 2, 2, 1, 4, 1, 2, 1, 4, 2, 8};
    add("(module (memory (export \"m\") 1 1)\n");
    for (u32 i = 0; i < COUNT_OF(bodies); i++) put_loop(bytes[i], bytes[i], 1, bodies[i]);
    begin();
    for (u32 f = 0; f < funcs; f++)
        for (u32 n = 1; n < 200; n += n < 40 ? 1 : 23) {
            same(f, (Args){100, 3000, 0, n, 5});
            same(f, (Args){100, 3000, 0, n, 0x80000000});
        }
    were_done(funcs);
    end();
}

// What is stored overlaps what is read, by each distance.
static void overlaps(void)
{
    add("(module (memory (export \"m\") 1 1)\n");
    put_loop(4, 4, 4, "(i32.store (local.get $c) (i32.add (i32.load (local.get $a))"
                      "  (i32.load (local.get $b))))");
    put_loop(1, 2, 4, "(i32.store (local.get $c) (i32.add (i32.load8_u (local.get $a))"
                      "  (i32.load16_u (local.get $b))))");
    put_loop(1, 1, 1, "(i32.store8 (local.get $c) (i32.load8_u (local.get $a)))"
                      "(i32.store8 (local.get $b) (i32.load8_u offset=1 (local.get $a)))");
    begin();
    for (u32 f = 0; f < funcs; f++)
        for (u32 by = 0; by < 80; by++) {
            same(f, (Args){1000, 1000 + by, 1000, 100, 0});
            same(f, (Args){1000, 1000, 1000 + by, 100, 0});
            same(f, (Args){1000 + by, 1000, 1000, 100, 0});
        }
    were_done(funcs);
    end();
}

// At the memory's end, beyond it, and around the end of addresses: what was stored before the trap
// is there.
static void ends(void)
{
    add("(module (memory (export \"m\") 1 1)\n");
    put_loop(4, 4, 4, "(i32.store (local.get $c) (i32.add (i32.load (local.get $a))"
                      "  (i32.load (local.get $b))))");
    put_loop(1, 1, 1, "(i32.store8 offset=3 (local.get $c) (i32.load8_u offset=9 (local.get $a)))");
    put_loop(1, 1, 1, "(local.set $k (i32.add (local.get $k)"
                      "  (i32.load8_u offset=2147483647 (local.get $a))))");
    put_loop(1, 1, 1, "(local.set $k (i32.add (local.get $k)"
                      "  (i32.load8_u offset=4294967295 (local.get $a))))");
    begin();
    for (u32 f = 0; f < funcs; f++)
        for (u32 left = 0; left < 300; left += 7) {
            same(f, (Args){MEMORY - left, 0, 4096, 64, 0});
            same(f, (Args){0, 4096, MEMORY - left, 64, 0});
            same(f, (Args){(u32)-left, 0, 4096, 64, 0});
            same(f, (Args){0, 4096, (u32)-left, 64, 0});
        }
    same(0, (Args){0, 4096, 8192, UINT32_MAX, 0});
    same(0, (Args){0, 4096, 8192, 0x40000001, 0});
    were_done(3); // in the last an offset would be larger than there are any
    end();
}

// ---- How it is known how often a loop turns

static void put_test(const char *step, const char *test)
{
    add("(func (export \"f%u\") (param $a i32) (param $b i32) (param $c i32) (param $n i32)\n"
        "  (param $k i32) (result i32)\n"
        "  (loop\n"
        "    (i32.store8 (i32.and (i32.const -1) (local.get $c)) (local.get $a))\n"
        "    (local.set $c (i32.add (local.get $c) (i32.const 1)))\n"
        "    (local.set $a (i32.add (local.get $a) (i32.const %s)))\n"
        "    (br_if 0 %s))\n"
        "  (local.get $a))\n", funcs++, step, test);
}

static void tests_of_loops(void)
{
    static const struct { const char *step, *test; } tests[] = {
        {"1", "(i32.ne (local.get $a) (local.get $b))"},
        {"4", "(i32.ne (local.get $a) (local.get $b))"},
        {"12", "(i32.ne (local.get $b) (local.get $a))"},
        {"-1", "(i32.ne (local.get $a) (local.get $b))"},
        {"-24", "(i32.ne (local.get $a) (local.get $b))"},
        {"1", "(i32.eqz (i32.eq (local.get $a) (local.get $b)))"},
        {"3", "(i32.lt_u (local.get $a) (local.get $b))"},
        {"5", "(i32.lt_s (local.get $a) (local.get $b))"},
        {"4", "(i32.le_u (local.get $a) (local.get $b))"},
        {"1", "(i32.le_s (local.get $a) (local.get $b))"},
        {"-3", "(i32.gt_u (local.get $a) (local.get $b))"},
        {"-1", "(i32.ge_s (local.get $a) (local.get $b))"},
        {"-8", "(i32.gt_s (local.get $a) (local.get $b))"},
        {"7", "(i32.gt_u (local.get $b) (local.get $a))"},
    };
    static const u32 from[] = {0, 5, 1000, 0x7fffffc0, 0x80000000, 0xffffffc0};
    add("(module (memory (export \"m\") 1 1)\n");
    for (u32 i = 0; i < COUNT_OF(tests); i++) put_test(tests[i].step, tests[i].test);
    begin();
    for (u32 f = 0; f < funcs; f++)
        for (u32 i = 0; i < COUNT_OF(from); i++)
            for (u32 n = 0; n < 600; n += 12) {
                // some of these go on until they trap
                if (n && n % 60) same(f, (Args){from[i], from[i] + n, MEMORY - 2000, 0, 0});
                if (n && n % 60 == 0) same(f, (Args){from[i], from[i] - n, MEMORY - 700, 0, 0});
            }
    were_done(funcs);
    end();
}

// Several copies of a body, as compilers leave them.
static void copies(void)
{
    add("(module (memory (export \"m\") 1 1)\n");
    put_loop(8, 8, 8, "(i32.store (local.get $c) (i32.add (i32.load (local.get $a))"
                      "  (i32.load (local.get $b))))"
                      "(i32.store offset=4 (local.get $c) (i32.add (i32.load offset=4"
                      "  (local.get $b)) (i32.load offset=4 (local.get $a))))");
    put_loop(3, 3, 3, "(i32.store8 (local.get $c) (i32.load8_u (local.get $a)))"
                      "(i32.store8 offset=1 (local.get $c) (i32.load8_u offset=1 (local.get $a)))"
                      "(i32.store8 offset=2 (local.get $c) (i32.load8_u (i32.add (local.get $a)"
                      "  (i32.const 2))))");
    put_loop(4, 4, 4, "(local.set $k (i32.add (i32.mul (i32.load16_s offset=2 (local.get $a))"
                      "  (i32.load16_s offset=2 (local.get $b))) (i32.add (local.get $k)"
                      "  (i32.mul (i32.load16_s (local.get $a)) (i32.load16_s (local.get $b))))))");
    put_loop(4, 4, 4, "(i32.store16 (local.get $c) (local.get $n))"
                      "(i32.store16 offset=2 (local.get $c) (i32.const 7))"
                      "(i32.store16 offset=2 (local.get $a) (i32.const 8))"
                      "(i32.store16 (local.get $a) (i32.const 9))");
    begin();
    for (u32 f = 0; f < funcs; f++)
        for (u32 n = 1; n < 100; n++) {
            same(f, (Args){1000, 2000, 3000, n, 1});
            same(f, (Args){1000, 1000, 1000 + n % 24, n, 1});
        }
    were_done(3); // of the last the copies differ
    end();
}

// ---- What stays

static void stays(const char *memories, const char *body, const char *reason)
{
    add("(module (memory (export \"m\") %s)\n(global $g (mut i32) (i32.const 0))"
        "(func $h (param i32) (global.set $g (local.get 0)))\n", memories);
    put_loop(4, 4, 4, body);
    begin();
    why[0] = 0;
    for (u32 n = 1; n < 60; n += 29) same(0, (Args){1000, 2000, 3000, n, 1});
    were_done(0);
    CHECK_STR(why, reason);
    end();
}

static void refusals(void)
{
    static const char add[] = "(i32.store (local.get $c) (i32.load (local.get $a)))";
    stays("1 1 shared", add, "the memory is shared");
    stays("1 1", "(i32.store (local.get $c) (i32.load (local.get $a))) (call $h (local.get $n))",
          "what it does");
    stays("1 1", "(i32.store (local.get $c) (i32.div_u (i32.load (local.get $a))"
                 "  (local.get $n)))", "what it does");
    stays("1 1", "(i32.store8 (local.get $c) (i32.const 1))", "stores are not side by side");
    stays("1 1", "(i32.store (local.get $c) (i32.load8_u (local.get $a)))",
          "accesses are not side by side");
    stays("1 1", "(i32.store (local.get $c) (i32.load (i32.shl (local.get $n) (i32.const 1))))",
          "accesses are not side by side");
    stays("1 1", "(i32.store (local.get $c) (i32.load (i32.and (local.get $a)"
                 "  (i32.const 4092))))", "an address is no line");
    stays("1 1", "(i32.store (local.get $c) (i32.popcnt (i32.load (local.get $a))))",
          "what it computes");
    stays("1 1", "(i32.store (local.get $c) (local.tee $k (i32.add (local.get $k)"
                 "  (i32.load (local.get $a)))))", "what it computes");
    stays("1 1", "(local.set $k (i32.mul (local.get $k) (i32.load (local.get $a))))",
          "what goes from turn to turn");
    stays("1 1", "(i32.store (local.get $c) (i32.load (local.get $a)))"
                 "(local.set $n (i32.sub (local.get $n) (i32.eq (local.get $n) (i32.const 9))))",
          "what goes from turn to turn");
}

// Sums of floats are in the order in which they are written.
static void float_sums(void)
{
    add("(module (memory (export \"m\") 1 1)\n"
        "(func (export \"f%u\") (param i32 i32 i32 i32 i32) (result i32) (local $s f32)"
        "  (loop (local.set $s (f32.add (local.get $s) (f32.load (local.get 0))))"
        "    (local.set 0 (i32.add (local.get 0) (i32.const 4)))"
        "    (br_if 0 (local.tee 3 (i32.sub (local.get 3) (i32.const 1)))))"
        "  (i32.reinterpret_f32 (local.get $s)))\n", funcs++);
    begin();
    same(0, (Args){1024, 0, 0, 100, 0});
    were_done(0);
    CHECK_STR(why, "what goes from turn to turn");
    end();
}

int main(void)
{
    each_row();
    sums();
    overlaps();
    ends();
    tests_of_loops();
    copies();
    refusals();
    float_sums();
    return check_report();
}
