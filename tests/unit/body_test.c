// body_test.c -- functions through the graph and back: what comes out, and what does not. That all
// of it does the same is found out by random modules (tests/gen).

#include "check.h"

#include "binary/decode.h"
#include "binary/encode.h"
#include "opt/body.h"
#include "opt/graph.h"
#include "text/parse.h"
#include "valid/valid.h"

enum { LONGER = 200 }; // bytes, where that makes it faster

static Arena arena;
static jmp_buf failed;

static Bytes assemble(const char *words)
{
    Diag diag;
    TextModule text;
    diag_init(&diag);
    bool good = text_parse(&arena, words, 0, strlen(words), features_all, NULL, &text, &diag);
    if (!CHECK(good)) {
        printf("%s: %s\n", words, diag.detail);
        exit(1);
    }
    arena.on_failure = &failed;
    return text.bytes;
}

static Module *load(TypeStore *types, Bytes bytes)
{
    Diag diag;
    Module *m;
    diag_init(&diag);
    if (!CHECK(module_decode(bytes.data, bytes.len, features_all, types, &m, &diag)) ||
        !CHECK(module_validate(m, &diag))) {
        printf("%s\n", diag.detail);
        exit(1);
    }
    return m;
}

// The module with each of its bodies rebuilt. How many stayed is counted.
static Bytes rebuild(const char *words, u8 speed, u32 *stayed)
{
    TypeStore *types = type_store_new_distinct();
    Module *m = load(types, assemble(words));
    Bytes *bodies = NEW_ARRAY(&arena, Bytes, m->func_count);
    Diag diag;
    Buf buf;
    *stayed = 0;
    for (u32 f = m->imported_funcs; f < m->func_count; f++) {
        OptBody made = {0};
        *stayed += !opt_body(m, NULL, f, (OptLevel){speed, 0}, NULL, LONGER, &arena, &made,
                             &diag);
        bodies[f] = made.code;
    }
    const Edit edit = {.bodies = bodies};
    buf_init(&buf, &arena);
    diag_init(&diag);
    CHECK(module_encode(m, &edit, &buf, &diag));
    module_free(m);
    type_store_free(types);
    return buf_view(&buf);
}

static void becomes(u8 speed, const char *words, const char *want)
{
    u32 stayed;
    Bytes got = rebuild(words, speed, &stayed), wanted = assemble(want);
    CHECK_EQ_U64(stayed, 0);
    CHECK_BYTES(got.data, got.len, wanted.data, wanted.len);
}

// Whether it was made anew, or what that gave was no better.
static void remains(u8 speed, const char *words)
{
    u32 stayed;
    Bytes got = rebuild(words, speed, &stayed), wanted = assemble(words);
    CHECK_BYTES(got.data, got.len, wanted.data, wanted.len);
}

static void control(void)
{
    // A loop keeps its shape, and its locals.
    becomes(0, "(module (memory 1) (func (param i32) (result i32) (local i32 i32)"
               "(loop (local.set 1 (i32.add (local.get 1) (i32.load (local.get 2))))"
               "(br_if 0 (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 4)))"
               "(local.get 0)))) (local.get 1)))",
               "(module (memory 1) (func (param i32) (result i32) (local i32 i32)"
               "(loop (local.set 1 (i32.add (local.get 1) (i32.load (local.get 2))))"
               "(br_if 0 (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 4)))"
               "(local.get 0)))) (local.get 1)))");
    // Blocks that nothing branches to are gone, and code that nobody gets to.
    becomes(0, "(module (func (param i32) (block (block (br 1) (drop (i32.const 1))))"
               "(block (br_if 0 (local.get 0)) unreachable)))",
               "(module (func (param i32) (br_if 0 (local.get 0)) unreachable))");
    becomes(0, "(module (func (param i32) (result i32) (block (block (block"
               "(br_table 2 1 0 2 (local.get 0))) (return (i32.const 1)))"
               "(return (i32.const 2))) (i32.const 3)))",
               "(module (func (param i32) (result i32) (block (block (block"
               "(br_table 0 1 2 0 (local.get 0))) (return (i32.const 3)))"
               "(return (i32.const 2))) (i32.const 1)))");
    // An endless loop has no end that needs a value.
    becomes(0, "(module (func (result i32) (loop (result i32) (br 0))))",
               "(module (func (result i32) (loop (br 0)) unreachable))");
}

static void arms(void)
{
    // Both leave a value for what is behind them.
    static const char both[] = "(module (func (param i32 i32) (result i32)"
                               "(if (result i32) (local.get 0) (then (i32.const 1))"
                               "(else (i32.add (local.get 1) (i32.const 2))))))";
    becomes(0, both, both);
    // What one changes alone is set there, in the local that has it in any case.
    becomes(0, "(module (func (param i32 i32) (result i32) (local i32)"
               "(local.set 2 (local.get 1))"
               "(if (local.get 0) (then (local.set 2 (i32.const 1)))) (local.get 2)))",
               "(module (func (param i32 i32) (result i32)"
               "(if (local.get 0) (then (local.set 1 (i32.const 1)))) (local.get 1)))");
    // What is moved on the way of a branch is moved in front of it, where that is harmless.
    becomes(0, "(module (func (param i32) (result i32) (local i32)"
               "(block (local.set 1 (i32.const 5)) (br_if 0 (i32.lt_u (local.get 0) (i32.const 9)))"
               "(br_if 0 (i32.gt_u (local.get 0) (i32.const 99))) (local.set 1 (i32.const 6)))"
               "(local.get 1)))",
               "(module (func (param i32) (result i32)"
               "(block (if (i32.lt_u (local.get 0) (i32.const 9))"
               "(then (local.set 0 (i32.const 5)))"
               "(else (i32.gt_u (local.get 0) (i32.const 99)) (i32.const 5) (local.set 0)"
               "(br_if 1) (local.set 0 (i32.const 6))))) (local.get 0)))");
}

static void order(void)
{
    // What reads is not moved over what writes, nor what may trap over what is seen.
    becomes(0, "(module (global (mut i32) (i32.const 0)) (func (param i32) (result i32)"
               "(global.get 0) (global.set 0 (local.get 0))))",
               "(module (global (mut i32) (i32.const 0)) (func (param i32) (result i32) (local i32)"
               "(local.set 1 (global.get 0)) (global.set 0 (local.get 0)) (local.get 1)))");
    becomes(0, "(module (global (mut i32) (i32.const 0)) (func (param i32) (result i32)"
               "(i32.div_u (local.get 0) (local.get 0)) (global.set 0 (i32.const 1))))",
               "(module (global (mut i32) (i32.const 0)) (func (param i32) (result i32)"
               "(local.set 0 (i32.div_u (local.get 0) (local.get 0)))"
               "(global.set 0 (i32.const 1)) (local.get 0)))");
    // Two reads may change places.
    becomes(0, "(module (memory 1) (func (param i32 i32) (result i32) (local i32)"
               "(local.set 2 (i32.load (local.get 0))) (i32.sub (i32.load (local.get 1))"
               "(local.get 2))))",
               "(module (memory 1) (func (param i32 i32) (result i32)"
               "(i32.sub (i32.load (local.get 1)) (i32.load (local.get 0)))))");
}

// What does not change in a loop is computed in front of it; what depends on what does, is not.
static void invariants(void)
{
    becomes(0, "(module (memory 1) (func (param i32 i32) (loop"
               "(i32.store (local.get 0) (i32.mul (local.get 1) (i32.const 3)))"
               "(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))))))",
               "(module (memory 1) (func (param i32 i32)"
               "(local.set 1 (i32.mul (local.get 1) (i32.const 3)))"
               "(loop (i32.store (local.get 0) (local.get 1))"
               "(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))))))");
    static const char changes[] = "(module (memory 1) (func (param i32) (loop"
                                  "(i32.store (local.get 0) (i32.mul (local.get 0)"
                                  "(i32.const 3)))"
                                  "(br_if 0 (local.tee 0 (i32.sub (local.get 0)"
                                  "(i32.const 4)))))))";
    becomes(0, changes, changes);
    static const char traps[] = "(module (memory 1) (func (param i32 i32) (loop"
                                "(i32.store (local.get 0) (i32.div_u (i32.const 1) (local.get 1)))"
                                "(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))))))";
    becomes(0, traps, traps);
}

static void as_text(void)
{
    static const char want[] = "floating\n"
                               "  %1 = i32 arg 0\n"
                               "  %6 = i32 i32.const 4\n"
                               "  %7 = i32 i32.sub %4 %6\n"
                               "block 0\n"
                               "  jump 1\n"
                               "block 1 in loop 1 <- 0 1\n"
                               "  %4 = i32 phi %1 %7\n"
                               "  %5 = i32 i32.load offset=8 %4\n"
                               "  if %5 1 2\n"
                               "block 2 in loop 1 <- 1\n"
                               "  jump 3\n"
                               "block 3 <- 2\n"
                               "  return %5\n"
                               "  leave\n";
    TypeStore *types = type_store_new();
    Module *m = load(types, assemble("(module (memory 1) (func (param i32) (result i32) (local i32)"
                                     "(loop (local.set 1 (i32.load offset=8 (local.get 0)))"
                                     "(local.set 0 (i32.sub (local.get 0) (i32.const 4)))"
                                     "(br_if 0 (local.get 1))) (local.get 1)))"));
    const char *why;
    Buf out;
    Graph *g = graph_new(m, 0, &arena, UINT32_MAX);
    CHECK(graph_build(g, &why));
    graph_tidy(g);
    buf_init(&out, &arena);
    graph_print(g, &out);
    buf_byte(&out, 0);
    CHECK_STR((const char *)out.data, want);
    module_free(m);
    type_store_free(types);
}

static void swaps(void)
{
    // Phis that take each other's values do so at once.
    becomes(0, "(module (func (param i32 i32 i32) (result i32) (local i32)"
               "(loop (local.set 3 (local.get 0)) (local.set 0 (local.get 1))"
               "(local.set 1 (local.get 3))"
               "(br_if 0 (local.tee 2 (i32.sub (local.get 2) (i32.const 1))))) (local.get 0)))",
               "(module (func (param i32 i32 i32) (result i32)"
               "(loop (if (local.tee 2 (i32.sub (local.get 2) (i32.const 1))) (then"
               "(local.get 1) (local.get 0) (local.set 1) (local.set 0) (br 1))))"
               "(local.get 1)))");
}

static void folding(void)
{
    becomes(1, "(module (func (param i32) (result i32) (i32.add (i32.mul (i32.const 6)"
               "(i32.const 7)) (i32.add (local.get 0) (i32.const -40)))))",
               "(module (func (param i32) (result i32) (i32.add (local.get 0) (i32.const 2))))");
    becomes(1, "(module (func (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 8))))",
               "(module (func (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 3))))");
    // What traps stays, and floats whose NaN is open.
    becomes(1, "(module (func (result i32) (i32.div_u (i32.const 1) (i32.const 0))))",
               "(module (func (result i32) (i32.div_u (i32.const 1) (i32.const 0))))");
    becomes(1, "(module (func (result f32) (f32.sub (f32.const inf) (f32.const inf))))",
               "(module (func (result f32) (f32.sub (f32.const inf) (f32.const inf))))");
    // Equal expressions are one, wherever they stand.
    becomes(1, "(module (func (param i32) (result i32) (i32.add (i32.xor (local.get 0)"
               "(i32.const 5)) (i32.xor (local.get 0) (i32.const 5)))))",
               "(module (func (param i32) (result i32) (local.tee 0 (i32.xor (local.get 0)"
               "(i32.const 5))) (i32.add (local.get 0))))");
    // Either way round, where that is the same; not where it is not.
    becomes(1, "(module (func (param i32 i32) (result i32) (i32.mul (i32.add (local.get 0)"
               "(local.get 1)) (i32.add (local.get 1) (local.get 0)))))",
               "(module (func (param i32 i32) (result i32) (local.tee 0 (i32.add (local.get 0)"
               "(local.get 1))) (i32.mul (local.get 0))))");
    becomes(1, "(module (func (param i32 i32) (result i32) (i32.mul (i32.sub (local.get 0)"
               "(local.get 1)) (i32.sub (local.get 1) (local.get 0)))))",
               "(module (func (param i32 i32) (result i32) (i32.mul (i32.sub (local.get 0)"
               "(local.get 1)) (i32.sub (local.get 1) (local.get 0)))))");
    // A condition that is known decides, one that is turned round changes the arms.
    becomes(1, "(module (func (result i32) (if (result i32) (i32.const 0) (then (i32.const 1))"
               "(else (i32.const 2)))))", "(module (func (result i32) (i32.const 2)))");
    becomes(1, "(module (func (param i32) (block (br_if 0 (i32.eqz (i32.eqz (local.get 0))))"
               "unreachable)))",
               "(module (func (param i32) (br_if 0 (local.get 0)) unreachable))");
    becomes(0, "(module (func (result i32) (i32.add (i32.const 1) (i32.const 2))))",
               "(module (func (result i32) (i32.add (i32.const 1) (i32.const 2))))");
}

static void memory(void)
{
    // What was stored, or read, is known, and stores to other places leave it alone.
    becomes(1, "(module (memory 1) (func (param i32 i32) (result i32)"
               "(i32.store offset=4 (local.get 0) (local.get 1))"
               "(i32.store offset=8 (local.get 0) (i32.const 7))"
               "(i32.load offset=4 (local.get 0))))",
               "(module (memory 1) (func (param i32 i32) (result i32)"
               "(i32.store offset=4 (local.get 0) (local.get 1))"
               "(i32.store offset=8 (local.get 0) (i32.const 7)) (local.get 1)))");
    // A constant that is known by that stands on the right, as any.
    becomes(1, "(module (memory 1) (func (param i32 i32) (result i32)"
               "(i32.store (local.get 0) (i32.const 5))"
               "(i32.add (i32.load (local.get 0)) (local.get 1))))",
               "(module (memory 1) (func (param i32 i32) (result i32)"
               "(i32.store (local.get 0) (i32.const 5))"
               "(i32.add (local.get 1) (i32.const 5))))");
    // Not where they may be the same, or a call is between them.
    becomes(1, "(module (memory 1) (func (param i32 i32) (result i32)"
               "(i32.store offset=4 (local.get 0) (local.get 1))"
               "(i32.store offset=6 (local.get 0) (i32.const 7))"
               "(i32.load offset=4 (local.get 0))))",
               "(module (memory 1) (func (param i32 i32) (result i32)"
               "(i32.store offset=4 (local.get 0) (local.get 1))"
               "(i32.store offset=6 (local.get 0) (i32.const 7))"
               "(i32.load offset=4 (local.get 0))))");
    becomes(1, "(module (import \"\" \"\" (func)) (memory 1) (func (param i32) (result i32)"
               "(drop (i32.load (local.get 0))) (call 0) (i32.load (local.get 0))))",
               "(module (import \"\" \"\" (func)) (memory 1) (func (param i32) (result i32)"
               "(drop (i32.load (local.get 0))) (call 0) (i32.load (local.get 0))))");
    // A global, in a loop in which nobody writes it.
    becomes(1, "(module (global $g (mut i32) (i32.const 0)) (func (param i32) (result i32)"
               "(global.set $g (local.get 0)) (loop (br_if 0 (i32.eqz (global.get $g))))"
               "(global.get $g)))",
               "(module (global $g (mut i32) (i32.const 0)) (func (param i32) (result i32)"
               "(global.set $g (local.get 0)) (loop (br_if 0 (i32.eqz (local.get 0))))"
               "(local.get 0)))");
    // A check that was made, but not one that says more.
    becomes(1, "(module (type $s (struct (field i32))) (func (param anyref) (result i32)"
               "(drop (ref.cast (ref $s) (local.get 0)))"
               "(struct.get $s 0 (ref.cast (ref $s) (local.get 0)))))",
               "(module (type $s (struct (field i32))) (func (param anyref) (result i32)"
               "(struct.get $s 0 (ref.cast (ref $s) (local.get 0)))))");
    // Memory that others write is read each time.
    becomes(1, "(module (memory 1 1 shared) (func (param i32) (result i32)"
               "(i32.add (i32.load (local.get 0)) (i32.load (local.get 0)))))",
               "(module (memory 1 1 shared) (func (param i32) (result i32)"
               "(i32.add (i32.load (local.get 0)) (i32.load (local.get 0)))))");
}

// What a loop reads and does not write is read in front of it; what may trap only if the first turn
// begins with it.
static void reads_in_loops(void)
{
    becomes(3, "(module (memory 1) (global $g (mut i32) (i32.const 0))"
               "(func (param i32 i32) (result i32) (local i32) (block (loop"
               "(local.set 2 (i32.add (local.get 2) (i32.load (local.get 1))))"
               "(if (i32.and (local.get 0) (i32.const 1))"
               "(then (local.set 2 (i32.add (local.get 2) (global.get $g)))))"
               "(br_table 1 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))"
               "(local.get 2)))",
               "(module (type (func (param i32 i32)(result i32)))(memory 1)(global $g (mut "
               "i32)(i32.const 0))(func (type 0)(param i32 i32)(result i32)(local i32 i32 i32) "
               "local.get 1 i32.load local.set 1 global.get $g local.set 2 block loop "
               "local.get 3 local.get 1 i32.add local.set 3 local.get 0 i32.const 1 i32.and if "
               "local.get 3 local.get 2 i32.add local.set 3 end block local.get 0 i32.const -1 "
               "i32.add local.tee 4 br_table 2 0 end local.get 3 local.get 1 i32.add local.set "
               "3 local.get 4 i32.const 1 i32.and if local.get 3 local.get 2 i32.add local.set "
               "3 end block local.get 0 i32.const -2 i32.add local.tee 4 br_table 2 0 end "
               "local.get 3 local.get 1 i32.add local.set 3 local.get 4 i32.const 1 i32.and if "
               "local.get 3 local.get 2 i32.add local.set 3 end block local.get 0 i32.const -3 "
               "i32.add local.tee 4 br_table 2 0 end local.get 3 local.get 1 i32.add local.set "
               "3 local.get 4 i32.const 1 i32.and if local.get 3 local.get 2 i32.add local.set "
               "3 end local.get 0 i32.const -4 i32.add local.tee 0 br_table 1 0 end end "
               "local.get 3))");
    becomes(3, "(module (memory 1) (func (param i32 i32) (result i32) (local i32) (block (loop"
               "(local.set 2 (i32.add (local.get 2) (i32.add (i32.load (local.get 0))"
               "(i32.load (local.get 1)))))"
               "(br_table 1 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))"
               "(local.get 2)))",
               "(module (type (func (param i32 i32)(result i32)))(memory 1)(func (type "
               "0)(param i32 i32)(result i32)(local i32 i32 i32 i32 i32) block loop block "
               "local.get 0 i32.load local.set 3 local.get 1 i32.load local.set 4 local.get 0 "
               "i32.const -1 i32.add local.tee 5 br_table 2 0 end block block local.get 5 "
               "i32.load local.set 5 local.get 2 local.get 3 local.get 4 i32.add i32.add "
               "local.set 2 local.get 0 i32.const -2 i32.add local.tee 6 br_table 0 1 end "
               "local.get 5 local.set 3 br 2 end block local.get 6 i32.load local.set 3 "
               "local.get 2 local.get 5 local.get 4 i32.add i32.add local.set 2 local.get 0 "
               "i32.const -3 i32.add local.tee 6 br_table 2 0 end block block local.get 6 "
               "i32.load local.set 5 local.get 2 local.get 3 local.get 4 i32.add i32.add "
               "local.set 2 local.get 0 i32.const -4 i32.add local.tee 0 br_table 0 1 end "
               "local.get 5 local.set 3 br 2 end local.get 2 local.get 5 local.get 4 i32.add "
               "i32.add local.set 2 br 0 end end local.get 2 local.get 3 local.get 4 i32.add "
               "i32.add))");
    becomes(3, "(module (memory 1) (func (param i32 i32) (block (loop"
               "(i32.store (local.get 0) (i32.load (local.get 1)))"
               "(br_table 1 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))))",
               "(module (type (func (param i32 i32)))(memory 1)(func (type 0)(param i32 "
               "i32)(local i32) block loop block local.get 0 local.get 1 i32.load i32.store "
               "local.get 0 i32.const -1 i32.add local.tee 2 br_table 2 0 end block local.get "
               "2 local.get 1 i32.load i32.store local.get 0 i32.const -2 i32.add local.tee 2 "
               "br_table 2 0 end block local.get 2 local.get 1 i32.load i32.store local.get 0 "
               "i32.const -3 i32.add local.tee 2 br_table 2 0 end local.get 2 local.get 1 "
               "i32.load i32.store local.get 0 i32.const -4 i32.add local.tee 0 br_table 1 0 "
               "end end))");
}

static void unrolling(void)
{
    // As often as it turns, where that is a number and small.
    becomes(3, "(module (memory 1) (func (local i32) (loop"
               "(i32.store8 offset=8 (local.get 0) (i32.mul (local.get 0) (i32.const 5)))"
               "(br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1)))"
               "(i32.const 3))))))",
               "(module (memory 1) (func"
               "(i32.store8 offset=8 (i32.const 0) (i32.const 0))"
               "(i32.store8 offset=8 (i32.const 1) (i32.const 5))"
               "(i32.store8 offset=8 (i32.const 2) (i32.const 10))))");
    // Else with its test behind each copy.
    becomes(3, "(module (memory 1) (func (param i32) (loop (i32.store8 (local.get 0) (i32.const 5))"
               "(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))",
               "(module (type (func (param i32)))(memory 1)(func (type 0)(param i32)(local "
               "i32) block loop local.get 0 i32.const 5 i32.store8 local.get 0 i32.const -1 "
               "i32.add local.tee 1 i32.eqz br_if 1 local.get 1 i32.const 5 i32.store8 "
               "local.get 0 i32.const -2 i32.add local.tee 1 i32.eqz br_if 1 local.get 1 "
               "i32.const 5 i32.store8 local.get 0 i32.const -3 i32.add local.tee 1 i32.eqz "
               "br_if 1 local.get 1 i32.const 5 i32.store8 local.get 0 i32.const -4 i32.add "
               "local.tee 0 br_if 0 end end))");
    // What it made is used behind it, whichever copy it ends in.
    becomes(3, "(module (memory 1) (func (param i32) (result i32) (local i32) (loop"
               "(local.set 1 (i32.load (local.get 0)))"
               "(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))))"
               "(i32.add (local.get 0) (local.get 1))))",
               "(module (type (func (param i32)(result i32)))(memory 1)(func (type 0)(param "
               "i32)(result i32)(local i32 i32 i32) block loop local.get 0 i32.load local.set "
               "1 local.get 0 i32.const -4 i32.add local.tee 2 i32.eqz br_if 1 local.get 2 "
               "i32.load local.set 1 local.get 0 i32.const -8 i32.add local.tee 3 if local.get "
               "3 i32.load local.set 1 local.get 0 i32.const -12 i32.add local.tee 2 if "
               "local.get 2 i32.load local.set 1 local.get 0 i32.const -16 i32.add local.tee 0 "
               "br_if 2 local.get 2 local.set 0 else local.get 3 local.set 0 end else "
               "local.get 2 local.set 0 end end end local.get 0 i32.const -4 i32.add local.get "
               "1 i32.add))");
    // And by the next turn of a loop around it.
    becomes(3, "(module (memory 1) (func (param i32) (result i32) (local i32 i32) (block (loop"
               "(local.set 1 (i32.const -8))"
               "(loop (local.set 2 (i32.xor (local.get 2) (i32.load (local.get 1))))"
               "(br_if 0 (local.tee 1 (i32.add (local.get 1) (i32.const 4)))))"
               "(br_table 1 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4))))))"
               "(local.get 2)))",
               "(module (type (func (param i32)(result i32)))(memory 1)(func (type 0)(param "
               "i32)(result i32)(local i32 i32 i32) block loop block i32.const -8 i32.load "
               "local.set 2 i32.const -4 i32.load local.set 3 local.get 0 i32.const -4 i32.add "
               "br_table 2 0 end block local.get 1 local.get 2 i32.xor local.get 3 i32.xor "
               "local.set 1 local.get 0 i32.const -8 i32.add br_table 2 0 end block local.get "
               "1 local.get 2 i32.xor local.get 3 i32.xor local.set 1 local.get 0 i32.const "
               "-12 i32.add br_table 2 0 end block local.get 1 local.get 2 i32.xor local.get 3 "
               "i32.xor local.set 1 local.get 0 i32.const -16 i32.add local.tee 0 br_table 2 0 "
               "end local.get 1 local.get 2 i32.xor local.get 3 i32.xor local.set 1 br 0 end "
               "end local.get 1 local.get 2 i32.xor local.get 3 i32.xor))");
    // What gives two numbers, of which one is used, does so in each copy.
    u32 stayed;
    Bytes got = rebuild("(module (func (param i64 i32) (result i64) (local i64) (loop"
                        "(i64.mul_wide_u (local.get 0) (local.get 2)) (local.set 2) (drop)"
                        "(br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))"
                        "(local.get 2)))", 3, &stayed);
    TypeStore *types = type_store_new();
    module_free(load(types, got));
    type_store_free(types);
    CHECK_EQ_U64(stayed, 0);
    // Not one that calls, nor at a lower level.
    static const char calls[] = "(module (import \"\" \"\" (func)) (func (param i32) (loop"
                                "(call 0) (br_if 0 (local.tee 0 (i32.add (local.get 0)"
                                "(i32.const -1)))))))";
    static const char slow[] = "(module (memory 1) (func (param i32) (loop"
                               "(i32.store8 (local.get 0) (i32.const 5))"
                               "(br_if 0 (local.tee 0 (i32.add (local.get 0)"
                               "(i32.const -1)))))))";
    becomes(3, calls, calls);
    becomes(2, slow, slow);
}

static void inverting(void)
{
    // A test that reads is made in front of the loop, and at its end.
    becomes(3, "(module (import \"\" \"\" (func (param i32))) (memory 1) (func (param i32) (block"
               "(loop (br_if 1 (i32.ge_u (local.get 0) (i32.load offset=4 (i32.const 0))))"
               "(call 0 (local.get 0)) (local.set 0 (i32.add (local.get 0) (i32.const 4)))"
               "(br 0)))))",
               "(module (type (func (param i32)))(import \"\" \"\" (func (type 0)(param "
               "i32)))(memory 1)(func (type 0)(param i32) local.get 0 i32.const 0 i32.load "
               "offset=4 i32.lt_u if loop local.get 0 call 0 local.get 0 i32.const 4 i32.add "
               "local.tee 0 i32.const 0 i32.load offset=4 i32.lt_u br_if 0 end end))");
    // Not one that does something.
    static const char does[] = "(module (import \"\" \"\" (func (result i32))) (func (loop"
                               "(br_if 1 (call 0)) (call 0) (drop) (br 0))))";
    becomes(3, does, does);
}

static void steps(void)
{
    becomes(3, "(module (import \"\" \"\" (func (param i32 i32))) (func (param i32 i32) (local i32)"
               "(loop (call 0 (i32.mul (local.get 2) (local.get 1))"
               "(i32.mul (i32.add (local.get 2) (i32.const 2)) (local.get 1)))"
               "(br_if 0 (i32.ne (local.tee 2 (i32.add (local.get 2) (i32.const 1)))"
               "(local.get 0))))))",
               "(module (type (func (param i32 i32)))(import \"\" \"\" (func (type 0)(param "
               "i32 i32)))(func (type 0)(param i32 i32)(local i32 i32 i32) local.get 1 "
               "i32.const 1 i32.shl local.set 2 loop local.get 4 local.get 4 local.get 2 "
               "i32.add call 0 local.get 3 i32.const 1 i32.add local.tee 3 local.get 0 i32.ne "
               "local.get 4 local.get 1 i32.add local.set 4 br_if 0 end))");
    // Not by what changes in the loop.
    becomes(3, "(module (import \"\" \"\" (func (param i32 i32))) (func (param i32 i32) (local i32)"
               "(loop (call 0 (i32.mul (local.get 2) (local.get 1)) (i32.const 2))"
               "(local.set 1 (i32.xor (local.get 1) (i32.const 2)))"
               "(br_if 0 (i32.ne (local.tee 2 (i32.add (local.get 2) (i32.const 1)))"
               "(local.get 0))))))",
               "(module (type (func (param i32 i32)))(import \"\" \"\" (func (type 0)(param "
               "i32 i32)))(func (type 0)(param i32 i32)(local i32) loop local.get 2 local.get "
               "1 i32.mul i32.const 2 call 0 local.get 2 i32.const 1 i32.add local.tee 2 "
               "local.get 0 i32.ne local.get 1 i32.const 2 i32.xor local.set 1 br_if 0 end))");
}

// What one width wrote another reads, if it reads no more.
static void widths(void)
{
    becomes(1, "(module (memory 1) (func (param i32 f64) (result i64)"
               "(f64.store (local.get 0) (local.get 1)) (i64.load (local.get 0))))",
               "(module (memory 1) (func (param i32 f64) (result i64)"
               "(f64.store (local.get 0) (local.get 1)) (i64.reinterpret_f64 (local.get 1))))");
    becomes(1, "(module (memory 1) (func (param i32 i64) (result f64)"
               "(i64.store (local.get 0) (local.get 1)) (f64.load (local.get 0))))",
               "(module (memory 1) (func (param i32 i64) (result f64)"
               "(i64.store (local.get 0) (local.get 1)) (f64.reinterpret_i64 (local.get 1))))");
    becomes(1, "(module (memory 1) (func (param i32 i64) (result i32)"
               "(i64.store (local.get 0) (local.get 1)) (i32.load16_s (local.get 0))))",
               "(module (memory 1) (func (param i32 i64) (result i32)"
               "(i64.store (local.get 0) (local.get 1))"
               "(i32.extend16_s (i32.wrap_i64 (local.get 1)))))");
    becomes(3, "(module (memory 1) (func (param i32 i64) (result i64)"
               "(i64.store8 (local.get 0) (local.get 1)) (i64.load8_u (local.get 0))))",
               "(module (memory 1) (func (param i32 i64) (result i64)"
               "(i64.store8 (local.get 0) (local.get 1))"
               "(i64.and (local.get 1) (i64.const 255))))");
    // Not more than was written, nor behind a write into its middle.
    static const char more[] = "(module (memory 1) (func (param i32 i32) (result i32)"
                               "(i32.store8 (local.get 0) (local.get 1))"
                               "(i32.load (local.get 0))))";
    static const char last[] = "(module (memory 1) (func (param i32 i32) (result i32)"
                               "(i32.store (local.get 0) (local.get 1))"
                               "(i32.store8 offset=3 (local.get 0) (i32.const 0))"
                               "(i32.load (local.get 0))))";
    static const char first[] = "(module (memory 1) (func (param i32 i32) (result i32)"
                                "(i32.store offset=3 (local.get 0) (local.get 1))"
                                "(i32.store (local.get 0) (i32.const 0))"
                                "(i32.load8_s offset=3 (local.get 0))))";
    remains(3, more);
    remains(3, last);
    remains(3, first);
    becomes(1, "(module (memory 1) (func (param i32 i32) (result i32)"
               "(i32.store (local.get 0) (local.get 1))"
               "(i32.store8 offset=4 (local.get 0) (i32.const 0)) (i32.load (local.get 0))))",
               "(module (memory 1) (func (param i32 i32) (result i32)"
               "(i32.store (local.get 0) (local.get 1))"
               "(i32.store8 offset=4 (local.get 0) (i32.const 0)) (local.get 1)))");
}

// What is there already is not written again.
static void again(void)
{
    becomes(1, "(module (memory 1) (func (param i32 i32)"
               "(i32.store (local.get 0) (local.get 1)) (i32.store16 (local.get 0) (local.get 1))"
               "(i32.store offset=8 (local.get 0) (i32.const 9))"
               "(i32.store (local.get 0) (local.get 1))))",
               "(module (memory 1) (func (param i32 i32)"
               "(i32.store (local.get 0) (local.get 1))"
               "(i32.store offset=8 (local.get 0) (i32.const 9))))");
    becomes(1, "(module (global $g (mut i32) (i32.const 0)) (func"
               "(global.set $g (global.get $g))))",
               "(module (global $g (mut i32) (i32.const 0)) (func))");
    // More than was written, or where something else may have been meanwhile.
    remains(1, "(module (memory 1) (func (param i32 i32)"
               "(i32.store16 (local.get 0) (local.get 1))"
               "(i32.store (local.get 0) (local.get 1))))");
    remains(1, "(module (memory 1) (func (param i32 i32) (i32.store (local.get 0) (local.get 1))"
               "(i32.store8 (local.get 1) (local.get 0))"
               "(i32.store (local.get 0) (local.get 1))))");
}

#define TYPES "(module (type $p (sub (struct (field (mut i32)) (field (mut i8)))))"                \
              "(type $q (sub $p (struct (field (mut i32)) (field (mut i8)) (field i64))))"         \
              "(type $v (struct (field f64) (field f64))) (type $a (array (mut i16)))"             \
              "(type $l (struct (field (mut (ref null $p)))))"                                     \
              "(import \"\" \"\" (func $out (param anyref)))"

// What the types of operands say.
static void types(void)
{
    becomes(1, TYPES "(func (param (ref $q)) (result i32)"
               "(i32.add (ref.is_null (local.get 0)) (i32.add (ref.test (ref $p) (local.get 0))"
               "(ref.test (ref $a) (local.get 0))))))",
               TYPES "(func (param (ref $q)) (result i32) (i32.const 1)))");
    becomes(1, TYPES "(func (param (ref $q)) (result i32)"
               "(struct.get $p 0 (ref.as_non_null (ref.cast (ref null $p) (local.get 0))))))",
               TYPES "(func (param (ref $q)) (result i32) (struct.get $p 0 (local.get 0))))");
    // A null is of both types; what is of the type below may be.
    static const char nulls[] = TYPES "(func (param (ref null $q) (ref $p)) (result i32)"
                                "(i32.add (ref.test (ref null $a) (local.get 0))"
                                "(ref.test (ref $q) (local.get 1)))))";
    remains(1, nulls);
    becomes(1, TYPES "(func (param (ref $q)) (result i32) (block (result (ref $p))"
               "(br_on_cast 0 anyref (ref $p) (local.get 0)) (return (i32.const 5)))"
               "(struct.get $p 0)))",
               TYPES "(func (param (ref $q)) (result i32) (struct.get $p 0 (local.get 0))))");
    becomes(1, TYPES "(func (param (ref $q)) (result i32) (block"
               "(br_on_null 0 (local.get 0)) (return (struct.get $p 0))) (i32.const 5)))",
               TYPES "(func (param (ref $q)) (result i32) (struct.get $p 0 (local.get 0))))");
    becomes(3, TYPES "(func (param i32) (result i32) (i31.get_s (ref.i31 (local.get 0)))))",
               TYPES "(func (param i32) (result i32) (i32.shr_s (i32.shl (local.get 0)"
               "(i32.const 1)) (i32.const 1))))");
    // How long it is may trap.
    static const char length[] = TYPES "(func (param i32) (result i32)"
                                 "(array.len (array.new_default $a (local.get 0)))))";
    remains(0, length);
}

// What checks in front say.
static void checks(void)
{
    becomes(3, TYPES "(func (param anyref) (result i32)"
               "(i32.add (struct.get $p 0 (ref.cast (ref $q) (local.get 0)))"
               "(struct.get_s $p 1 (ref.cast (ref null $p) (local.get 0))))))",
               TYPES "(func (param anyref) (result i32) (local (ref null $q))"
               "(local.tee 1 (ref.cast (ref $q) (local.get 0))) (struct.get $p 0)"
               "(i32.add (struct.get_s $p 1 (local.get 1)))))");
    // One that says less is no help.
    static const char less[] = TYPES "(func (param anyref) (result i32)"
                               "(i32.add (struct.get $p 0 (ref.cast (ref $p) (local.get 0)))"
                               "(struct.get_s $q 1 (ref.cast (ref $q) (local.get 0))))))";
    remains(3, less);
    // Nor does a body get longer for nothing.
    static const char nothing[] = TYPES "(func (param anyref) (result i32)"
                                  "(i32.add (struct.get $p 0 (ref.cast (ref $p) (local.get 0)))"
                                  "(struct.get $q 0 (ref.cast (ref $q) (local.get 0))))))";
    remains(3, nothing);
    // What a branch hands over has the type where it goes.
    becomes(3, TYPES "(func (param anyref) (result i32) (block (result (ref $q))"
               "(br_on_cast 0 anyref (ref $q) (local.get 0)) (return (i32.const 0)))"
               "(struct.get $p 0) (struct.get_s $p 1 (ref.cast (ref $p) (local.get 0)))"
               "(i32.add)))",
               TYPES "(func (param anyref) (result i32) (local (ref null $q))"
               "(block (result (ref $q)) (br_on_cast 0 anyref (ref $q) (local.get 0)) (drop)"
               "(i32.const 0) (return)) (local.tee 1) (struct.get $p 0)"
               "(i32.add (struct.get_s $p 1 (local.get 1)))))");
    // Where a field was read, it is not null.
    becomes(1, TYPES "(func (param (ref null $p)) (struct.set $p 0 (local.get 0) (i32.const 1))"
               "(struct.set $p 1 (ref.as_non_null (local.get 0)) (i32.const 3))"
               "(if (ref.is_null (local.get 0)) (then (call $out (local.get 0))))))",
               TYPES "(func (param (ref null $p)) (struct.set $p 0 (local.get 0) (i32.const 1))"
               "(struct.set $p 1 (local.get 0) (i32.const 3))"
               "(if (i32.const 0) (then (call $out (local.get 0))))))");
    static const char before[] = TYPES "(func (param (ref null $p)) (result i32)"
                                 "(struct.set $p 1 (ref.as_non_null (local.get 0)) (i32.const 3))"
                                 "(struct.get $p 0 (local.get 0))))";
    remains(1, before);
}

// Fields that were written or read.
static void fields(void)
{
    becomes(1, TYPES "(func (param (ref null $p) i32) (result i32)"
               "(struct.set $p 1 (local.get 0) (local.get 1))"
               "(struct.set $p 0 (local.get 0) (i32.const 7))"
               "(struct.get_s $p 1 (local.get 0))))",
               TYPES "(func (param (ref null $p) i32) (result i32)"
               "(struct.set $p 1 (local.get 0) (local.get 1))"
               "(struct.set $p 0 (local.get 0) (i32.const 7))"
               "(i32.extend8_s (local.get 1))))");
    // Another object's field of the same number may be this one, if its type may.
    static const char same[] = TYPES "(func (param (ref $p) (ref $q)) (result i32)"
                               "(struct.set $p 0 (local.get 0) (i32.const 1))"
                               "(struct.set $q 0 (local.get 1) (i32.const 2))"
                               "(struct.get $p 0 (local.get 0))))";
    remains(1, same);
    becomes(1, TYPES "(func (param (ref $p) (ref $l)) (result i32)"
               "(struct.set $p 0 (local.get 0) (i32.const 1))"
               "(struct.set $l 0 (local.get 1) (ref.null $p))"
               "(struct.get $p 0 (local.get 0))))",
               TYPES "(func (param (ref $p) (ref $l)) (result i32)"
               "(struct.set $p 0 (local.get 0) (i32.const 1))"
               "(struct.set $l 0 (local.get 1) (ref.null $p)) (i32.const 1)))");
    // What never changes is what it was behind a call, what does is not.
    becomes(3, TYPES "(func (param (ref $q)) (result i64) (struct.get $q 2 (local.get 0))"
               "(call $out (local.get 0)) (i64.add (struct.get $q 2 (local.get 0)))))",
               TYPES "(func (param (ref $q)) (result i64) (local i64)"
               "(local.set 1 (struct.get $q 2 (local.get 0)))"
               "(call $out (local.get 0)) (i64.add (local.get 1) (local.get 1))))");
    static const char called[] = TYPES "(func (param (ref $p)) (result i32) (local i32)"
                                 "(local.set 1 (struct.get $p 0 (local.get 0)))"
                                 "(call $out (local.get 0))"
                                 "(i32.sub (local.get 1) (struct.get $p 0 (local.get 0)))))";
    remains(1, called);
    // Elements at other places are apart; at what may be the same, not.
    becomes(1, TYPES "(func (param (ref $a) i32) (result i32)"
               "(array.set $a (local.get 0) (i32.const 1) (local.get 1))"
               "(array.set $a (local.get 0) (i32.const 2) (i32.const 0))"
               "(array.get_s $a (local.get 0) (i32.const 1))))",
               TYPES "(func (param (ref $a) i32) (result i32)"
               "(array.set $a (local.get 0) (i32.const 1) (local.get 1))"
               "(array.set $a (local.get 0) (i32.const 2) (i32.const 0))"
               "(i32.extend16_s (local.get 1))))");
    static const char any[] = TYPES "(func (param (ref $a) i32) (result i32)"
                              "(array.set $a (local.get 0) (i32.const 1) (i32.const 5))"
                              "(array.set $a (local.get 0) (local.get 1) (i32.const 0))"
                              "(array.get_s $a (local.get 0) (i32.const 1))))";
    remains(1, any);
}

// Objects that nobody sees.
static void objects(void)
{
    becomes(1, TYPES "(func (param i32 i32) (result i32) (local (ref null $p))"
               "(local.set 2 (struct.new $p (local.get 0) (local.get 1)))"
               "(if (local.get 1) (then (struct.set $p 0 (local.get 2) (i32.const 7))))"
               "(struct.get $p 0 (local.get 2))))",
               TYPES "(func (param i32 i32) (result i32)"
               "(if (local.get 1) (then (local.set 0 (i32.const 7)))) (local.get 0)))");
    becomes(1, TYPES "(func (param i32) (result i32) (local (ref null $p))"
               "(local.set 1 (struct.new_default $p))"
               "(loop (struct.set $p 0 (local.get 1)"
               "(i32.add (struct.get $p 0 (local.get 1)) (local.get 0)))"
               "(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
               "(struct.get $p 0 (local.get 1))))",
               TYPES "(func (param i32) (result i32) (local i32)"
               "(loop (local.set 1 (i32.add (local.get 1) (local.get 0)))"
               "(br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -1)))))"
               "(local.get 1)))");
    // One takes the place of another in each turn; none of them is ever written.
    becomes(1, TYPES "(func (param i32) (result f64) (local (ref null $v))"
               "(local.set 1 (struct.new $v (f64.const 0) (f64.const 1)))"
               "(loop (local.set 1 (struct.new $v (f64.sqrt (struct.get $v 0 (local.get 1)))"
               "(f64.neg (struct.get $v 1 (local.get 1)))))"
               "(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
               "(struct.get $v 1 (local.get 1))))",
               TYPES "(func (param i32) (result f64) (local f64)"
               "(local.set 1 (f64.const 1))"
               "(loop (local.set 1 (f64.neg (local.get 1)))"
               "(br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -1)))))"
               "(local.get 1)))");
    // One that another holds, that nobody sees either.
    becomes(1, TYPES "(func (param i32) (result i32) (local (ref null $l))"
               "(local.set 1 (struct.new $l (struct.new $p (local.get 0) (i32.const 1))))"
               "(struct.set $p 0 (struct.get $l 0 (local.get 1)) (i32.const 9))"
               "(i32.add (struct.get $p 0 (struct.get $l 0 (local.get 1))) (local.get 0))))",
               TYPES "(func (param i32) (result i32)"
               "(i32.add (local.get 0) (i32.const 9))))");
    becomes(1, TYPES "(func (param i32) (result i32) (local (ref null $a))"
               "(local.set 1 (array.new $a (i32.const -2) (i32.const 3)))"
               "(array.set $a (local.get 1) (i32.const 0) (local.get 0))"
               "(i32.mul (array.get_s $a (local.get 1) (i32.const 0))"
               "(array.get_u $a (local.get 1) (i32.const 2)))))",
               TYPES "(func (param i32) (result i32)"
               "(i32.mul (i32.extend16_s (local.get 0)) (i32.const 0xfffe))))");
    becomes(1, TYPES "(func (param i32) (result i32)"
               "(array.len (array.new_fixed $a 2 (local.get 0) (local.get 0)))))",
               TYPES "(func (param i32) (result i32) (i32.const 2)))");
    becomes(1, TYPES "(func (param eqref) (result i32)"
               "(ref.eq (local.get 0) (struct.new_default $p))))",
               TYPES "(func (param eqref) (result i32) (i32.const 0)))");
    // Who is called may look at it; what an index or a null may be is not known.
    static const char seen[] = TYPES "(func (param i32) (result i32) (local (ref null (exact $p)))"
                               "(call $out (local.tee 1 (struct.new $p (local.get 0)"
                               "(i32.const 1))))"
                               "(struct.get $p 0 (local.get 1))))";
    static const char index[] = TYPES "(func (param i32) (result i32)"
                                "(array.get_s $a (array.new $a (i32.const 1) (i32.const 3))"
                                "(local.get 0))))";
    static const char beyond[] = TYPES "(func (result i32)"
                                 "(array.get_s $a (array.new $a (i32.const 1) (i32.const 3))"
                                 "(i32.const 3))))";
    static const char null[] = TYPES "(func (param i32) (result i32) (local (ref null $p))"
                               "(if (local.get 0) (then (local.set 1 (struct.new_default $p))))"
                               "(struct.get $p 0 (local.get 1))))";
    remains(1, seen);
    remains(1, index);
    remains(1, beyond);
    // Nor is one of several longer than they are.
    static const char several[] = TYPES "(func (param i32) (result i32) (local (ref null $a))"
                                  "(local.set 1 (array.new_fixed $a 1 (i32.const 1)))"
                                  "(if (local.get 0) (then (local.set 1"
                                  "(array.new_fixed $a 1 (i32.const 2)))))"
                                  "(array.get_s $a (local.get 1) (i32.const 1))))";
    u32 stayed;
    TypeStore *types = type_store_new();
    Module *m = load(types, rebuild(several, 1, &stayed));
    CHECK(memmem(m->bytes, m->size, "\xfb\x0c", 2)); // array.get_s
    module_free(m);
    type_store_free(types);
    remains(1, null);
}

// A reference of which it is known whose it is.
static void targets(void)
{
    becomes(1, "(module (type $f (func (param i32) (result i32))) (func $g (type $f)"
               "(i32.mul (local.get 0) (local.get 0))) (elem declare func $g)"
               "(func (param i32) (result i32) (local $r (ref null $f))"
               "(local.set $r (ref.func $g)) (call_ref $f (local.get 0) (local.get $r))))",
               "(module (type $f (func (param i32) (result i32))) (func $g (type $f)"
               "(i32.mul (local.get 0) (local.get 0))) (elem declare func $g)"
               "(func (param i32) (result i32) (call $g (local.get 0))))");
    static const char either[] = "(module (type $f (func)) (func $g (type $f)) (func $h (type $f))"
                                 "(elem declare func $g $h) (func (param i32)"
                                 "(call_ref $f (select (result (ref $f)) (ref.func $g)"
                                 "(ref.func $h) (local.get 0)))))";
    remains(1, either);
}

static void inlining(void)
{
    becomes(2, "(module (memory 1) (func $f (param i32) (result i32) (i32.load (local.get 0)))"
               "(func (param i32) (result i32) (i32.add (i32.const 1) (call $f"
               "(i32.add (i32.const 1) (i32.const 2))))))",
               "(module (memory 1) (func $f (param i32) (result i32) (i32.load (local.get 0)))"
               "(func (param i32) (result i32) (i32.add (i32.load (i32.const 3))"
               "(i32.const 1))))");
    // Not one with a loop, nor at a lower level, nor itself.
    becomes(2, "(module (func $f (loop (br 0))) (func (call $f)) (func $g (call $g)))",
               "(module (func $f (loop (br 0))) (func (call $f)) (func $g (call $g)))");
    becomes(1, "(module (func $f) (func (call $f)))", "(module (func $f) (func (call $f)))");
    becomes(2, "(module (func $f) (func (call $f)))", "(module (func $f) (func))");
}

// A clause stands in its try, where rethrow may name it; what may throw sets what it reads.
static void legacy(void)
{
    static const char again[] = "(module (func $f) (func (param i32) (try (do (call $f))"
                                "(catch_all (if (local.get 0) (then (rethrow 1)))))))";
    u32 stayed;
    Bytes got = rebuild(again, 0, &stayed);
    TypeStore *types = type_store_new();
    module_free(load(types, got));
    type_store_free(types);
    CHECK_EQ_U64(stayed, 0);
    becomes(0, "(module (func $f) (func (param i32) (result i32)"
               "(try (do (call $f) (local.set 0 (i32.const 1)) (call $f)) (catch_all))"
               "(local.get 0)))",
               "(module (func $f) (func (param i32) (result i32) (local i32)"
               "(try (do (local.set 1 (local.get 0)) (call $f)"
               "(local.set 1 (i32.const 1)) (call $f) (local.set 0 (i32.const 1)))"
               "(catch_all (local.set 0 (local.get 1)))) (local.get 0)))");
}

// What a clause is given is on the stack behind its block's end.
static void handlers(void)
{
    becomes(0, "(module (tag (param i32)) (func $f) (func (result i32) (block (result i32)"
               "(try_table (catch 0 0) (call $f)) (i32.const 1))))",
               "(module (tag (param i32)) (func $f) (func (result i32) (local i32)"
               "(block (block (block (result i32) (try_table (catch 0 0) (call $f) (br 2))"
               "unreachable) (local.set 0) (br 1)) (local.set 0 (i32.const 1))) (local.get 0)))");
}

int main(void)
{
    arena_init(&arena);
    if (setjmp(failed)) return 1;
    arena.on_failure = &failed;
    control();
    arms();
    order();
    invariants();
    as_text();
    swaps();
    folding();
    memory();
    reads_in_loops();
    unrolling();
    inverting();
    steps();
    widths();
    again();
    types();
    checks();
    fields();
    objects();
    targets();
    inlining();
    handlers();
    legacy();
    arena_free(&arena);
    return check_report();
}
