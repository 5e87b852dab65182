// notes_test.c -- what is noted of bodies, for who compiles them.

#include "check.h"

#include "engine/source.h"
#include "valid/notes.h"

static Engine *engine;
static Source source;
static FuncNotes *notes; // of the first function

static void take(const char *text)
{
    Diag diag;
    engine = engine_new(features_all);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag))) exit(1);
    if (!CHECK((notes = notes_find(source.module, 0)) != NULL)) exit(1);
}

static void done(void)
{
    free(notes);
    source_free(&source);
    engine_free(engine);
}

static u32 has(const char *func)
{
    char text[2000];
    snprintf(text, sizeof text,
             "(module (memory 1) (table 3 funcref) (type $v (func))"
             "(type $c (cont $v)) (tag $e (type $v))"
             "(global $f (mut f32) (f32.const 0)) (global $r funcref (ref.null func))"
             "(func $g %s) (func $h (result f64) (f64.const 1)))",
             func);
    take(text);
    u32 found = notes->has;
    done();
    return found;
}

static void what_bodies_have(void)
{
    CHECK_EQ_U64(has("nop"), 0);
    CHECK_EQ_U64(has("loop end"), NOTE_loops);
    CHECK_EQ_U64(has("call $g"), NOTE_calls);
    CHECK_EQ_U64(has("call $h drop"), NOTE_calls | NOTE_floats);
    CHECK(has("(resume $c (ref.null $c))") & NOTE_calls);
    CHECK(has("(resume_throw $c $e (ref.null $c))") & NOTE_calls);
    CHECK(has("(resume_throw_ref $c (ref.null exn) (ref.null $c))") & NOTE_calls);
    CHECK(has("(suspend $e)") & NOTE_calls);
    CHECK(has("try catch $e end") == 0);
    CHECK(has("(try_table (catch_all 0))") & NOTE_references);
    CHECK_EQ_U64(has("(global.set $f (f32.const 1))"), NOTE_floats);
    CHECK_EQ_U64(has("return_call $g"), NOTE_calls);
    CHECK_EQ_U64(has("(return_call_indirect (type $v) (i32.const 0))"), NOTE_calls);
    CHECK(has("(call_ref $v (ref.null $v))") & NOTE_calls);
    CHECK(has("(return_call_ref $v (ref.null $v))") & NOTE_calls);
    CHECK_EQ_U64(has("block br 0 end (br_if 0 (i32.const 0)) (br_table 0 0 (i32.const 0))"), 0);
    CHECK_EQ_U64(has("(if (i32.const 0) (then nop) (else return)) unreachable"), 0);
    CHECK_EQ_U64(has("(local i32 i64) (local.set 0 (local.tee 0 (i32.const 1)))"), 0);
    CHECK_EQ_U64(has("(call_indirect (type $v) (i32.const 0))"), NOTE_calls);
    CHECK_EQ_U64(has("(drop (i32.load (i32.const 0)))"), NOTE_accesses);
    CHECK_EQ_U64(has("(i64.store (i32.const 0) (i64.const 0))"), NOTE_accesses);
    CHECK_EQ_U64(has("(drop (i32.atomic.rmw.add (i32.const 0) (i32.const 0)))"), NOTE_accesses);
    CHECK_EQ_U64(has("(drop (v128.load (i32.const 0)))"), NOTE_accesses | NOTE_vectors);
    CHECK_EQ_U64(has("(drop (f64.load (i32.const 0)))"), NOTE_accesses | NOTE_floats);
    CHECK_EQ_U64(has("(local f32)"), NOTE_floats);
    CHECK_EQ_U64(has("(local v128)"), NOTE_vectors);
    CHECK_EQ_U64(has("(local funcref)"), NOTE_references);
    CHECK_EQ_U64(has("(drop (f32.const 1))"), NOTE_floats);
    CHECK_EQ_U64(has("(drop (global.get $f))"), NOTE_floats);
    CHECK_EQ_U64(has("(drop (f64.convert_i32_s (i32.const 1)))"), NOTE_floats);
    CHECK_EQ_U64(has("(drop (global.get $r))"), NOTE_references);
    CHECK_EQ_U64(has("(drop (table.get 0 (i32.const 1)))"), NOTE_references);
    CHECK_EQ_U64(has("(drop (i32x4.splat (i32.const 1)))"), NOTE_vectors);
    CHECK_EQ_U64(has("return (drop (f32.const 1)) loop end call $g"), 0); // is never reached
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
    "  (loop)))\n";

static u8 about(const LoopNote *n, u32 local)
{
    for (u32 i = 0; i < n->local_count; i++)
        if (n->locals[i] == local) return n->about[i];
    return 0xff;
}

static void loops_and_locals(void)
{
    take(loops);
    const FuncNotes *f = notes;
    CHECK_EQ_U64(f->has, NOTE_loops | NOTE_calls);
    CHECK_EQ_U64(f->most_operands, 4);
    if (CHECK(f->loop_count == 3)) {
        const LoopNote *a = &f->loops[0], *b = &f->loops[1], *c = &f->loops[2];
        const u8 *bytes = source.module->bytes;
        CHECK(bytes[a->start] == 0x03 && bytes[b->start] == 0x03 && bytes[c->start] == 0x03);
        CHECK(bytes[a->end - 1] == 0x0b && bytes[b->end - 1] == 0x0b && bytes[c->end - 1] == 0x0b);
        CHECK(a->start < b->start && b->end < a->end && a->end == c->start);
        CHECK(a->parent == NOTE_NONE && b->parent == 0 && c->parent == NOTE_NONE);
        CHECK(a->depth == 1 && b->depth == 2 && c->depth == 1);
        CHECK(a->calls == 1 && b->calls == 1 && c->calls == 0);
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
        CHECK_EQ_U64(c->local_count, 0);
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
    const FuncNotes *f = notes;
    CHECK_EQ_U64(f->loop_count, 13);
    CHECK_EQ_U64(f->loops[0].local_count, NOTE_LOCALS);
    for (u32 i = 0; i < NOTE_LOCALS; i++) {
        u32 local = f->loops[0].locals[i], weight = (local * 7) % 40 + 1;
        CHECK_EQ_U64(weight, 40 - i);
        CHECK_EQ_U64(f->loops[0].about[i] & NOTE_weight, 31 - __builtin_clz(weight));
    }
    for (u32 i = 1; i <= 12; i++) {
        CHECK_EQ_U64(f->loops[i].depth, i);
        CHECK_EQ_U64(f->loops[i].local_count, i <= NOTE_DEPTH);
        if (i <= NOTE_DEPTH)
            CHECK_EQ_U64(f->loops[i].about[0], NOTE_read_first | 3 * (NOTE_DEPTH - i));
    }
    done();
}

int main(void)
{
    what_bodies_have();
    loops_and_locals();
    limits();
    return check_report();
}
