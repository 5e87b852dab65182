// notes_test.c -- what is noted of bodies, for who compiles them.

#include "check.h"

#include "base/arena.h"
#include "engine/source.h"
#include "module/imm.h"
#include "valid/notes.h"

enum { LOCALS = 301 }; // no function here has more

static Engine *engine;
static Source source;
static Arena arena;
static NoteTaker *taker;       // for the first function
static const LoopNotes *notes; // of the loop that it begins with

static void take(const char *text)
{
    static jmp_buf failed;
    Diag diag;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) exit(1);
    engine = engine_new(features_all);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag))) {
        printf("%s\n%s\n", text, diag.detail);
        exit(1);
    }
    const Module *m = source.module;
    const FuncDecl *f = &m->funcs[0];
    const u8 *loop = memchr(m->bytes + f->body.start, 0x03, f->body.end - f->body.start);
    taker = notes_begin(m, 0, LOCALS, &arena, (Halt){0});
    notes = CHECK(loop != NULL) ? notes_find(taker, (u32)(loop - m->bytes)) : NULL;
    if (!CHECK(notes != NULL)) exit(1);
}

static void done(void)
{
    arena_free(&arena);
    source_free(&source);
    engine_free(engine);
}

static const char loops[] =
    "(module (func $f (param i32 i32 i32 i32) (local i64)\n"
    "  (loop $a\n"
    "    (local.set 0 (local.get 1))\n"                // 0 is set, then read; 1 is read
    "    (drop (local.get 0))\n"
    "    (if (local.get 1) (then (local.set 2 (i32.const 1))))\n" // 2 is set perhaps, then read
    "    (drop (local.get 2))\n"
    "    (loop $b\n"
    "      (local.set 3 (i32.const 5))\n" // 3 is set in the inner loop, read in the outer
    "      (drop (local.get 0))\n"
    "      (call $f (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))\n"
    "      (br_if $b (local.get 1)))\n"
    "    (drop (local.get 3))\n"
    "    (br_if $a (i32.const 0)))\n"
    "  (loop (drop (local.get 1)))))\n";

static u8 about(const LoopNote *n, u32 local)
{
    for (u32 i = 0; i < n->local_count; i++)
        if (n->locals[i] == local) return n->about[i];
    return 0xff;
}

static void loops_and_locals(void)
{
    take(loops);
    if (CHECK(notes->loop_count == 2)) {
        const LoopNote *a = &notes->loops[0], *b = &notes->loops[1];
        const u8 *bytes = source.module->bytes;
        CHECK(bytes[a->start] == 0x03 && bytes[b->start] == 0x03);
        CHECK(bytes[a->end - 1] == 0x0b && bytes[b->end - 1] == 0x0b);
        CHECK(a->start < b->start && b->end < a->end);
        CHECK(a->parent == NOTE_NONE && b->parent == 0);
        CHECK(a->depth == 1 && b->depth == 2);
        CHECK(a->calls == 1 && b->calls == 1);
        CHECK_EQ_U64(b->local_count, 3);
        CHECK_EQ_U64(about(b, 3), NOTE_assigned);
        CHECK_EQ_U64(about(b, 0), NOTE_read_first);
        CHECK_EQ_U64(about(b, 1), NOTE_read_first);
        CHECK_EQ_U64(a->local_count, 4);
        CHECK_EQ_U64(about(a, 0), NOTE_assigned | 3);                   // 2 + 8
        CHECK_EQ_U64(about(a, 1), NOTE_read_first | 3);                 // 2 + 8
        CHECK_EQ_U64(about(a, 2), NOTE_assigned | NOTE_read_first | 1); // 2
        CHECK_EQ_U64(about(a, 3), NOTE_assigned | NOTE_read_first | 3); // 1 + 8
        CHECK(a->locals[0] == 0 && a->locals[1] == 1 && a->locals[2] == 3 && a->locals[3] == 2);
    }
    // nothing of one loop is left over for the next
    notes = notes_find(taker, notes->loops[0].end);
    if (CHECK(notes->loop_count == 1)) {
        const LoopNote *c = &notes->loops[0];
        CHECK(source.module->bytes[c->start] == 0x03 && c->depth == 1 && c->calls == 0);
        CHECK(c->parent == NOTE_NONE && c->local_count == 1);
        CHECK_EQ_U64(about(c, 1), NOTE_read_first);
    }
    done();
}

// Only the heaviest are noted, and what is deeper than the deepest list goes into that.
static void limits(void)
{
    static char text[20000];
    size_t len = (size_t)snprintf(text, sizeof text, "(module (func (local");
    for (u32 i = 0; i < 40; i++) len += (size_t)snprintf(text + len, sizeof text - len, " i32");
    len += (size_t)snprintf(text + len, sizeof text - len, ") (loop");
    for (u32 i = 0; i < 40; i++)
        for (u32 k = 0; k <= (i * 7) % 40; k++)
            len += (size_t)snprintf(text + len, sizeof text - len, " local.get %u drop", i);
    len += (size_t)snprintf(text + len, sizeof text - len, ")");
    for (u32 i = 0; i < 12; i++) len += (size_t)snprintf(text + len, sizeof text - len, "(loop ");
    len += (size_t)snprintf(text + len, sizeof text - len, "local.get 39 drop");
    for (u32 i = 0; i < 12; i++) len += (size_t)snprintf(text + len, sizeof text - len, ")");
    snprintf(text + len, sizeof text - len, "))");
    take(text);
    CHECK_EQ_U64(notes->loop_count, 1);
    const LoopNote *n = notes->loops;
    CHECK_EQ_U64(n->local_count, NOTE_LOCALS);
    for (u32 i = 0; i < NOTE_LOCALS; i++) {
        u32 local = n->locals[i], weight = (local * 7) % 40 + 1;
        CHECK_EQ_U64(weight, 40 - i);
        CHECK_EQ_U64(n->about[i] & NOTE_weight, 31 - __builtin_clz(weight));
    }
    notes = notes_find(taker, n->end);
    CHECK_EQ_U64(notes->loop_count, 12);
    n = notes->loops - 1;
    for (u32 i = 1; i <= 12; i++) {
        CHECK_EQ_U64(n[i].depth, i);
        CHECK_EQ_U64(n[i].local_count, i <= NOTE_DEPTH);
        if (i <= NOTE_DEPTH)
            CHECK_EQ_U64(n[i].about[0], NOTE_read_first | 3 * (NOTE_DEPTH - i));
    }
    done();
}

// Whatever stands between, the loop behind is found where it is: numbers of all lengths, and every
// kind of immediate.
static void each_instruction(void)
{
    static const char *const between[] = {
        "nop", "(drop (i32.const 1))", "(drop (i32.const -1))", "(drop (i32.const 0x7fffffff))",
        "(drop (i64.const 1))", "(drop (i64.const -0x8000000000000000))",
        "(drop (i64.const 0x7fffffffffffffff))", "(drop (i64.const 0x3fffffffffff))",
        "(drop (f32.const 1))", "(drop (f64.const 1))", "(drop (v128.const i64x2 0x0303 0x0303))",
        "(drop (i32.load offset=3 (i32.const 3)))",
        "(drop (i32.load8_u offset=0x3030303 (i32.const 3)))",
        "(drop (i32.load 1 offset=3 (i32.const 3)))",
        "(drop (i64.load 2 offset=0x303030303030303 (i64.const 3)))",
        "(f32.store 1 offset=0x303 (i32.const 3) (f32.const 3))",
        "(drop (v128.load8_lane 1 offset=3 3 (i32.const 0) (v128.const i64x2 0 0)))",
        ("v128.const i64x2 0 0 local.get 0 i8x16.splat "
         "i8x16.shuffle 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 3 drop"),
        "(drop (memory.size 1))", "(drop (memory.grow 1 (i32.const 3)))",
        "(memory.copy 1 0 (i32.const 0) (i32.const 0) (i32.const 3))",
        "(memory.fill 1 (i32.const 0) (i32.const 0) (i32.const 3))",
        "(global.set $g (global.get $g))",
        "(table.set 0 (i32.const 0) (ref.null func))", "(drop (table.get 0 (i32.const 3)))",
        "(drop (ref.func $t))", "(drop (ref.null func))", "(drop (ref.is_null (ref.null $v)))",
        "(call $t)", "(call_indirect (type $v) (i32.const 0))", "(call_ref $v (ref.null $v))",
        "(block (br_table 0 0 0 0 (i32.const 3)))",
        "(block (result (ref null $v)) (ref.null $v)) drop",
        "(block (result i32 i32) (i32.const 3) (i32.const 3)) drop drop",
        "(if (i32.const 3) (then) (else nop))",
        "(drop (select (i32.const 3) (i32.const 3) (i32.const 3)))",
        "(drop (select (result funcref) (ref.null func) (ref.null func) (i32.const 3)))",
        "(try_table (catch $e 0) (catch_all 0))",
        "try catch $e catch_all end",
        "try try delegate 0 end",
        "(drop (i32.trunc_sat_f32_s (f32.const 3)))",
        "(drop (i32.atomic.rmw.add offset=3 (i32.const 3) (i32.const 3)))",
        "(drop (struct.get $s 0 (struct.new $s (i32.const 3))))",
        "(drop (ref.test (ref null $v) (ref.null func)))",
        "(block (result (ref null $c)) (resume $c (on $e2 0) (ref.null $c)) (ref.null $c)) drop",
        "(local.set 3 (local.tee 3 (local.get 3)))",
        "return",
        "(local.set 300 (local.tee 300 (local.get 300)))",
    };
    char locals[2000] = "(local";
    for (u32 i = 0; i < LOCALS; i++) strcat(locals, " i32");
    for (u32 i = 0; i < COUNT_OF(between); i++) {
        static char text[4000];
        snprintf(text, sizeof text,
                 "(module (type $v (func)) (type $c (cont $v)) (type $s (struct (field i32)))"
                 "(memory 1) (memory 1) (memory i64 1) (table 3 funcref) (tag $e) (tag $e2)"
                 "(global $g (mut f32) (f32.const 0)) (elem declare func $t)"
                 "(func $g %s) loop %s (local.set 0 (i32.const 3)) (loop)"
                 "(loop (drop (local.get 2))) end) (func $t))",
                 locals, between[i]);
        take(text);
        if (CHECK(notes->loop_count == 3)) {
            const LoopNote *n = notes->loops;
            const u8 *bytes = source.module->bytes;
            CHECK(bytes[n[1].start] == 0x03 && n[1].end == n[1].start + 3);
            CHECK(n[2].start == n[1].end && n[2].local_count == 1 && n[2].locals[0] == 2);
            CHECK(n[2].end + 1 == n[0].end);
            CHECK_EQ_U64(n[0].end + 1, source.module->funcs[0].body.end);
        }
        done();
    }
}

// Whatever calls counts as one, in the loops around too; of more than are counted as many are.
static void calls(void)
{
    static const char *const ways[] = {
        "call $t", "(call_indirect (type $v) (i32.const 0))", "(call_ref $v (ref.null $v))",
        "(return_call $t)", "(return_call_indirect (type $v) (i32.const 0))",
        "(return_call_ref $v (ref.null $v))", "(resume $c (ref.null $c))",
        "(resume_throw $c $e (ref.null $c))", "(resume_throw_ref $c (ref.null exn) (ref.null $c))",
        "(suspend $e)", "(switch $d $e (ref.null $d))",
    };
    for (u32 i = 0; i < COUNT_OF(ways); i++) {
        char text[1000];
        snprintf(text, sizeof text,
                 "(module (type $v (func)) (type $c (cont $v)) (type $to (func (param (ref $c))))"
                 "(type $d (cont $to)) (table 3 funcref) (tag $e)"
                 "(func $g (loop (loop %s) nop nop nop nop nop nop nop nop)) (func $t))",
                 ways[i]);
        take(text);
        if (CHECK(notes->loop_count == 2)) {
            CHECK_EQ_U64(notes->loops[0].calls, 1);
            CHECK_EQ_U64(notes->loops[1].calls, 1);
        }
        done();
    }
    static char many[7 * (UINT16_MAX + 1) + 200];
    char *at = many + sprintf(many, "(module (func (loop (loop ");
    for (u32 i = 0; i < UINT16_MAX + 1; i++) at += sprintf(at, "call 0 ");
    sprintf(at, ") (loop call 0))))");
    take(many);
    if (CHECK(notes->loop_count == 3)) {
        CHECK_EQ_U64(notes->loops[0].calls, UINT16_MAX);
        CHECK_EQ_U64(notes->loops[1].calls, UINT16_MAX);
        CHECK_EQ_U64(notes->loops[2].calls, 1);
    }
    done();
}

// A block's type may be the index of one of many.
static void types_of_blocks(void)
{
    char text[4000] = "(module ";
    for (u32 i = 0; i < 200; i++) strcat(text, "(type (func)) ");
    strcat(text, "(func (loop (block (type 3)) (block (type 64)) (block (type 199)) (loop)"
                 " nop nop nop nop nop nop nop nop)))");
    take(text);
    if (CHECK(notes->loop_count == 2)) {
        const LoopNote *n = &notes->loops[1];
        CHECK(source.module->bytes[n->start] == 0x03 && n->end == n->start + 3);
    }
    done();
}

// In code that nobody reaches loops are found too, and not in the way of others.
static void dead_loops(void)
{
    take("(module (func (local i32) loop block br 0 (loop (local.set 0 (i32.const 1))) end"
         " (loop (drop (local.get 0))) end))");
    if (CHECK(notes->loop_count == 3)) CHECK_EQ_U64(about(&notes->loops[2], 0), NOTE_read_first);
    done();
}

int main(void)
{
    each_instruction();
    dead_loops();
    loops_and_locals();
    calls();
    types_of_blocks();
    limits();
    return check_report();
}
