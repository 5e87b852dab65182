// print_test.c -- what configurations of the formal machine look like, in front of each step.

#include "formal.h"

#include "formal/print.h"

static Arena arena;
static Buf out;
static const PrintForm *form;

static void shows(void *env, const Config *c, const Instr *redex)
{
    print_config(&out, c, redex, form);
    buf_byte(&out, '\n');
}

static void shows_parts(void *env, const Config *c, Part part)
{
    buf_bytes(&out, "  ", 2);
    print_part(&out, part);
    buf_byte(&out, '\n');
}

// What is shown of a call of "f" with 5.
static const char *shown(const char *text, const PrintForm *as)
{
    static const Watch watch = {.before = shows, .touches = shows_parts};
    Machine m;
    Val values[1] = {value_i32(5)};
    machine_open(&m, text, NULL);
    m.config.watch = &watch;
    form = as;
    buf_init(&out, &arena);
    machine_call(&m, "f", values);
    machine_close(&m);
    buf_byte(&out, 0);
    return (const char *)out.data;
}

static void test_lines(void)
{
    static const PrintForm all = {PRINT_ALL, PRINT_ALL, PRINT_ALL, false, ">", "<"};
    CHECK_STR(shown("(func (export \"f\") (param i32) (result i32) (local i64 funcref)"
                    "  (block (result i32) (i32.add (local.get 0) (i32.const 1)))"
                    "  (br_if 0 (i32.const 0)))", &all),
        "{LOCALS}; (i32.const 5) (ref.func 0) >(call_ref ...)<\n"
        "{LOCALS}; (FRAME_1 {LOCALS (i32.const 5) (i64.const 0) ref.null, MODULE 0} (LABEL_1 {} "
        ">(block ...)< (i32.const 0) (br_if 0)))\n"
        "{LOCALS}; (FRAME_1 {LOCALS (i32.const 5) (i64.const 0) ref.null, MODULE 0} (LABEL_1 {} "
        "(LABEL_1 {} >(local.get 0)< (i32.const 1) i32.add) (i32.const 0) (br_if 0)))\n"
        "{LOCALS}; (FRAME_1 {LOCALS (i32.const 5) (i64.const 0) ref.null, MODULE 0} (LABEL_1 {} "
        "(LABEL_1 {} (i32.const 5) (i32.const 1) >i32.add<) (i32.const 0) (br_if 0)))\n"
        "{LOCALS}; (FRAME_1 {LOCALS (i32.const 5) (i64.const 0) ref.null, MODULE 0} (LABEL_1 {} "
        ">(LABEL_1 {} (i32.const 6))< (i32.const 0) (br_if 0)))\n"
        "{LOCALS}; (FRAME_1 {LOCALS (i32.const 5) (i64.const 0) ref.null, MODULE 0} (LABEL_1 {} "
        "(i32.const 6) (i32.const 0) >(br_if 0)<))\n"
        "{LOCALS}; (FRAME_1 {LOCALS (i32.const 5) (i64.const 0) ref.null, MODULE 0} "
        ">(LABEL_1 {} (i32.const 6))<)\n"
        "{LOCALS}; >(FRAME_1 {LOCALS (i32.const 5) (i64.const 0) ref.null, MODULE 0} "
        "(i32.const 6))<\n");
}

static void test_elision(void)
{
    static const PrintForm few = {2, 1, 1, true, NULL, NULL};
    CHECK_STR(shown("(memory 1) (func (export \"f\") (param i32) (local i32)"
                    "  (loop (i32.store8 offset=3 (i32.const 4) (i32.const 9)) (nop) (nop)) (nop)"
                    "  (nop))", &few),
        "{LOCALS};\n  ... (ref.func 0) (call_ref ...)\n"
        "... (FRAME_0 {LOCALS (i32.const 5) ..., MODULE 0}\n"
        "  (LABEL_0 {} (loop ...) nop ...)) ...\n"
        "... (LABEL_0 {}\n  (LABEL_0 {(loop ...)}\n"
        "    ... (i32.const 9) (i32.store8 0 offset=3) nop ...)\n  nop ...) ...\n"
        "  MEMS[0].BYTES[7]\n"
        "... (LABEL_0 {}\n  (LABEL_0 {(loop ...)} nop nop)\n  nop ...) ...\n"
        "... (LABEL_0 {}\n  (LABEL_0 {(loop ...)} nop)\n  nop ...) ...\n"
        "... (LABEL_0 {}\n  (LABEL_0 {(loop ...)})\n  nop ...) ...\n"
        "... (FRAME_0 {LOCALS (i32.const 5) ..., MODULE 0}\n  (LABEL_0 {} nop nop)) ...\n"
        "... (FRAME_0 {LOCALS (i32.const 5) ..., MODULE 0}\n  (LABEL_0 {} nop)) ...\n"
        "... (FRAME_0 {LOCALS (i32.const 5) ..., MODULE 0}\n  (LABEL_0 {})) ...\n"
        "{LOCALS};\n  (FRAME_0 {LOCALS (i32.const 5) ..., MODULE 0})\n");
}

static void test_exceptions(void)
{
    static const PrintForm inner = {3, PRINT_ALL, PRINT_ALL, false, NULL, NULL};
    CHECK_STR(shown("(tag (param i32)) (func (export \"f\") (param i32) (result i32)"
                    "  (block (try_table (result i32) (catch_all 0) (catch 0 1)"
                    "    (throw 0 (i32.const 7))) (return)) (i32.const 1))", &inner),
        "{LOCALS}; (i32.const 5) (ref.func 0) (call_ref ...)\n"
        "{LOCALS}; (FRAME_1 {LOCALS (i32.const 5), MODULE 0} (LABEL_1 {} (block ...) "
        "(i32.const 1)))\n"
        "... (FRAME_1 {LOCALS (i32.const 5), MODULE 0} (LABEL_1 {} (LABEL_0 {} "
        "(try_table (catch_all 0) (catch 0 1) ...) return) (i32.const 1))) ...\n"
        "... (LABEL_0 {} (HANDLER_1 {(catch_all 0) (catch 0 1)} (LABEL_1 {} (i32.const 7) "
        "(throw 0))) return) ...\n"
        "... (LABEL_0 {} (HANDLER_1 {(catch_all 0) (catch 0 1)} (LABEL_1 {} (ref.exn 0) "
        "throw_ref)) return) ...\n"
        "... (LABEL_1 {} (LABEL_0 {} (HANDLER_1 {(catch_all 0) (catch 0 1)} (ref.exn 0) "
        "throw_ref) return) (i32.const 1)) ...\n"
        "... (FRAME_1 {LOCALS (i32.const 5), MODULE 0} (LABEL_1 {} (LABEL_0 {} (br 0) return) "
        "(i32.const 1))) ...\n"
        "{LOCALS}; (FRAME_1 {LOCALS (i32.const 5), MODULE 0} (LABEL_1 {} (i32.const 1)))\n"
        "{LOCALS}; (FRAME_1 {LOCALS (i32.const 5), MODULE 0} (i32.const 1))\n");
}

static void test_proposals(void)
{
    static const PrintForm inner = {2, PRINT_ALL, PRINT_ALL, false, NULL, NULL};
    CHECK_STR(shown("(tag) (type $t (func (param i32))) (type $c (cont $t)) (elem declare func $g)"
                    "(tag $s (result i32))"
                    "(func $g (param i32) (drop (suspend $s)))"
                    "(func (export \"f\") (param i32)"
                    "  (try (do (throw 0)) (catch 0 (nop)) (catch_all))"
                    "  (block (result (ref null $c))"
                    "    (resume $c (on $s 0) (i32.const 8) (cont.new $c (ref.func $g))) (return))"
                    "  (drop))", &inner),
        "{LOCALS}; (i32.const 5) (ref.func 1) (call_ref ...)\n"
        "... (FRAME_0 {LOCALS (i32.const 5), MODULE 0} (LABEL_0 {} (try ...) (block "
        "...) drop)) ...\n"
        "... (LABEL_0 {} (HANDLER_0 {(catch 0 ...) (catch_all ...)} (throw 0))) ...\n"
        "... (LABEL_0 {} (HANDLER_0 {(catch 0 ...) (catch_all ...)} (ref.exn 0) "
        "throw_ref)) ...\n"
        "... (LABEL_0 {} (CAUGHT_0 {(ref.exn 0)} nop)) ...\n"
        "... (LABEL_0 {} (CAUGHT_0 {(ref.exn 0)})) ...\n"
        "... (LABEL_0 {} (LABEL_0 {}) (block ...) drop) ...\n"
        "... (FRAME_0 {LOCALS (i32.const 5), MODULE 0} (LABEL_0 {} (block ...) drop)) "
        "...\n"
        "... (LABEL_0 {} (LABEL_1 {} (i32.const 8) (ref.func 0) (cont.new 1) (resume 1 "
        "(on 1 0)) return) drop) ...\n"
        "... (LABEL_0 {} (LABEL_1 {} (i32.const 8) (ref.func 0) (cont.new 1) (resume 1 "
        "(on 1 0)) return) drop) ...\n"
        "... (LABEL_0 {} (LABEL_1 {} (i32.const 8) (ref.cont 0) (resume 1 (on 1 0)) "
        "return) drop) ...\n"
        "  CONTS[0]\n"
        "... (LABEL_1 {} (PROMPT_0 {(on 1 0)} (i32.const 8) (ref.func 0) (call_ref 0)) "
        "return) ...\n"
        "... (FRAME_0 {LOCALS (i32.const 8), MODULE 0} (LABEL_0 {} (suspend 1) drop)) "
        "...\n"
        "... (FRAME_0 {LOCALS (i32.const 8), MODULE 0} (LABEL_0 {} (SUSPEND 1) drop)) "
        "...\n"
        "... (LABEL_0 {} (LABEL_1 {} (ref.cont 1) (br 0) return) drop) ...\n"
        "... (FRAME_0 {LOCALS (i32.const 5), MODULE 0} (LABEL_0 {} (ref.cont 1) drop)) "
        "...\n"
        "... (FRAME_0 {LOCALS (i32.const 5), MODULE 0} (LABEL_0 {})) ...\n"
        "{LOCALS}; (FRAME_0 {LOCALS (i32.const 5), MODULE 0})\n");
}

static const char *of_value(Val v)
{
    buf_init(&out, &arena);
    print_val(&out, v);
    buf_byte(&out, 0);
    return (const char *)out.data;
}

static void test_values(void)
{
    Val v = value_number(TYPE_v128, 1);
    v.lanes[1] = 0x8000000000000000;
    CHECK_STR(of_value(v), "(v128.const i64x2 0x0000000000000001 0x8000000000000000)");
    CHECK_STR(of_value(value_i32(UINT32_MAX)), "(i32.const -1)");
    CHECK_STR(of_value(value_number(TYPE_i64, UINT64_MAX)), "(i64.const -1)");
    CHECK_STR(of_value(value_number(TYPE_f32, 0x3f800000)), "(f32.const 1)");
    CHECK_STR(of_value(value_number(TYPE_f32, 0xffc00000)), "(f32.const -nan:0x400000)");
    CHECK_STR(of_value(value_number(TYPE_f64, 0x8000000000000000)), "(f64.const -0)");
    CHECK_STR(of_value(value_number(TYPE_i16, 65535)), "(i16.pack 65535)");
    CHECK_STR(of_value((Val){VALUE_host, true, {7}}), "(ref.extern (ref.host 7))");
    CHECK_STR(of_value(value_ref(VALUE_unset, 0)), "eps");
    CHECK_STR(of_value(value_ref(VALUE_null, 0)), "ref.null");
    CHECK_STR(of_value(value_ref(VALUE_i31, 5)), "(ref.i31 5)");
}

int main(void)
{
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) return puts("out of memory");
    test_lines();
    test_elision();
    test_exceptions();
    test_proposals();
    test_values();
    arena_free(&arena);
    return check_report();
}
