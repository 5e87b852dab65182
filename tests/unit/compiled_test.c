// compiled_test.c -- modules with the code of their functions as bytes: what is written runs as the
// module does, from its code; what is damaged is refused by name, and where code is, it is made
// anew; and whatever somebody wrote on purpose is refused, or runs and reaches nothing but the
// guest's. Hazards: R39, R85, R86.

#include "base/leb.h"
#include "compiled_bytes.h"

// ---- Programs: each has a function `run` of a number, which gives one

static const char *const programs[] = {
    // calls, tables of branches and functions, memory, globals, constants
    "(module (import \"h\" \"f\" (func $h (param i32))) (memory 1 4) (table 8 funcref)"
    " (type $t (func (param i32) (result i32))) (global $g (mut i32) (i32.const 3))"
    " (elem (i32.const 1) func $a $b $a)"
    " (func $a (param i32) (result i32) (i32.mul (local.get 0) (i32.const 7)))"
    " (func $b (param i32) (result i32) (local f64 i64)"
    "  (local.set 1 (f64.const 2.5)) (local.set 2 (i64.const 0x123456789ab))"
    "  (if (i32.lt_u (local.get 0) (i32.const 3)) (then (return (local.get 0))))"
    "  (i32.add (call $b (i32.sub (local.get 0) (i32.const 1)))"
    "   (i32.add (call $b (i32.sub (local.get 0) (i32.const 2)))"
    "    (i32.trunc_f64_s (f64.add (local.get 1) (f64.convert_i64_s (i64.shr_u (local.get 2)"
    "     (i64.const 40))))))))"
    " (func (export \"run\") (param $n i32) (result i32) (local $i i32) (local $s i32)"
    "  (loop $l"
    "   (block $x (block $y (block $z (br_table $z $z $y $x"
    "      (i32.and (local.get $i) (i32.const 3))))"
    "     (local.set $s (i32.add (local.get $s) (call_indirect (type $t) (local.get $i)"
    "      (i32.add (i32.const 1) (i32.rem_u (local.get $i) (i32.const 3)))))))"
    "    (call $h (local.get $s))"
    "    (i32.store offset=16 (i32.shl (local.get $i) (i32.const 2)) (local.get $s)))"
    "   (global.set $g (i32.add (global.get $g) (i32.load offset=16 (local.get $i))))"
    "   (local.set $i (i32.add (local.get $i) (i32.const 1)))"
    "   (br_if $l (i32.lt_u (local.get $i) (local.get $n))))"
    "  (drop (memory.grow (i32.const 1))) (memory.fill (i32.const 9) (i32.const 8) (i32.const 77))"
    "  (memory.copy (i32.const 3) (i32.const 9) (i32.const 50))"
    "  (i32.xor (i32.add (global.get $g) (local.get $s)) (i32.load (i32.const 10)))))",
    // exceptions through frames, of both kinds
    "(module (tag $e (param i32 i64)) (tag $f)"
    " (func $t (param i32) (if (i32.eqz (local.get 0)) (then (throw $f)))"
    "  (if (i32.eq (local.get 0) (i32.const 5)) (then (throw $e (i32.const 41) (i64.const 9))))"
    "  (call $t (i32.sub (local.get 0) (i32.const 1))))"
    " (func $c (param i32) (result i32)"
    "  (block $b (result i32 i64) (block $a (try_table (catch $e $b) (catch_all $a)"
    "    (call $t (local.get 0)) (return (i32.const 1))) (unreachable)) (return (i32.const 2)))"
    "  (i32.wrap_i64) (i32.add))"
    " (func $o (param i32) (result i32)"
    "  (try (result i32) (do (call $t (local.get 0)) (i32.const 3))"
    "   (catch $e (i32.wrap_i64) (i32.mul)) (catch_all (i32.const 10))))"
    " (func (export \"run\") (param i32) (result i32) (local i32)"
    "  (loop $l (local.set 1 (i32.add (local.get 1) (i32.add (call $c (local.get 0))"
    "    (call $o (i32.and (local.get 0) (i32.const 7))))))"
    "   (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1)))",
    // objects: held in locals and operands while others are made
    "(module (type $p (struct (field (mut i32)) (field (mut (ref null $p)))))"
    " (type $v (array (mut i32))) (type $f (func (param (ref null $p)) (result i32)))"
    " (table 2 (ref null $f)) (elem declare func $len)"
    " (global $keep (mut (ref null $p)) (ref.null $p))"
    " (func $len (param (ref null $p)) (result i32)"
    "  (if (result i32) (ref.is_null (local.get 0)) (then (i32.const 0))"
    "   (else (i32.add (struct.get $p 0 (local.get 0))"
    "    (call $len (struct.get $p 1 (local.get 0)))))))"
    " (func $cons (param i32 (ref null $p)) (result (ref $p))"
    "  (struct.new $p (local.get 0) (local.get 1)))"
    " (func (export \"run\") (param i32) (result i32)"
    "  (local $l (ref null $p)) (local $a (ref null $v)) (local $s i32)"
    "  (loop $again"
    "   (local.set $l (call $cons (local.get 0) (call $cons (i32.const 1) (local.get $l))))"
    "   (local.set $a (array.new $v (local.get 0) (i32.const 300)))"
    "   (array.set $v (local.get $a) (i32.const 7) (call $len (local.get $l)))"
    "   (if (i32.eqz (i32.and (local.get 0) (i32.const 15)))"
    "    (then (global.set $keep (local.get $l))"
    "     (struct.set $p 1 (global.get $keep) (call $cons (i32.const 2) (ref.null $p)))"
    "     (local.set $l (ref.null $p))))"
    "   (local.set $s (i32.add (local.get $s) (i32.add (array.get $v (local.get $a) (i32.const 7))"
    "     (call_ref $f (local.get $l) (ref.func $len)))))"
    "   (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get $s)))",
    // vectors, wide frames
    "(module (memory 1)"
    " (func $v (param v128 i32) (result v128) (local v128)"
    "  (local.set 2 (i32x4.splat (local.get 1)))"
    "  (if (result v128) (local.get 1) (then (i32x4.add (local.get 0) (call $v"
    "    (i8x16.shuffle 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 0 (local.get 0) (local.get 2))"
    "    (i32.sub (local.get 1) (i32.const 1))))) (else (v128.xor (local.get 0) (local.get 2)))))"
    " (func (export \"run\") (param i32) (result i32)"
    "  (v128.store (i32.const 32) (call $v (v128.const i32x4 1 2 3 4) (local.get 0)))"
    "  (i32.add (i32.load (i32.const 32)) (i32.load (i32.const 44)))))",
};

static u32 in_interpreter(const char *text, u32 arg)
{
    Source source;
    Diag diag;
    Ran ran = {0};
    engine->tier = TIER_interp;
    Store *store = engine_store(engine);
    bool good = source_load(&source, engine, (const u8 *)text, strlen(text), &diag);
    Instance *inst =
        good ? engine_instantiate(store, source.module, resolve, store, &diag).instance : NULL;
    if (CHECK(inst)) call_run(store, inst, arg, &ran);
    CHECK_EQ_U64(ran.trap, TRAP_none);
    store_free(store);
    source_free(&source);
    engine->tier = TIER_auto;
    return ran.result;
}

static void runs_the_same(void)
{
    static const u32 args[] = {1, 9, 20};
    Kept k = {0}, twice = {0};
    for (u32 p = 0; p < COUNT_OF(programs); p++) {
        if (!compile(programs[p], &k) || !compile(programs[p], &twice)) continue;
        CHECK_BYTES(k.data, k.len, twice.data, twice.len);
        for (u32 i = 0; i < COUNT_OF(args); i++) {
            Ran ran = run(&k, args[i]);
            CHECK_EQ_U64(ran.err, ERR_none);
            CHECK_EQ_U64(ran.refused, 0);
            CHECK_EQ_U64(ran.trap, TRAP_none);
            CHECK_EQ_U64(ran.result, in_interpreter(programs[p], args[i]));
            CHECK(ran.entered > (args[i] > 1));
        }
    }
    free(k.data);
    free(twice.data);
}

// ---- What is damaged

static void check_why(const Kept *k, Err err, const char *words)
{
    Ran ran = run(k, 1);
    CHECK_EQ_U64(ran.err, err);
    if (!CHECK(strstr(ran.detail, words))) printf("    %s\n", ran.detail);
}

static void refuses_by_name(void)
{
    Kept k = {0};
    if (!compile(programs[0], &k)) return;
    CompiledHead *h = head_of(&k), was = *h;
    h->format++;
    check_why(&k, ERR_compiled_mismatch, "its format is 3");
    *h = was;
    h->mode ^= CODE_deterministic;
    check_why(&k, ERR_malformed_compiled, "its head is damaged; compile the module again");
    *h = was;
    memcpy(h->engine, "9.9.9", 6);
    set_sums(&k);
    check_why(&k, ERR_compiled_mismatch, "weft 9.9.9 made it");
    *h = was;
    memcpy(h->machine, "pdp-11", 7);
    set_sums(&k);
    check_why(&k, ERR_compiled_mismatch, "it is for pdp-11");
    *h = was;
    h->maker++;
    set_sums(&k);
    check_why(&k, ERR_compiled_mismatch, "another build of weft");
    *h = was;
    memset(h->engine, 'x', sizeof h->engine);
    set_sums(&k);
    check_why(&k, ERR_malformed_compiled, "its head is damaged");
    *h = was;
    h->first++;
    set_sums(&k);
    check_why(&k, ERR_malformed_compiled, "another module");
    *h = was;
    h->count--;
    set_sums(&k);
    CHECK_EQ_U64(run(&k, 1).err, ERR_inconsistent_code_count);
    *h = was;
    // More functions than there can be bodies: before there is room for an index of so many.
    h->index_at = h->module_at & ~(u64)7;
    h->bodies_end = h->bodies + 2 * h->count - 1;
    set_sums(&k);
    check_why(&k, ERR_malformed_compiled, "its head is damaged");
    *h = was;
    k.data[h->module_at + 20] ^= 1;
    check_why(&k, ERR_malformed_compiled, "its module is damaged");
    k.data[h->module_at + 20] ^= 1;
    index_of(&k)[0].at ^= 64;
    check_why(&k, ERR_malformed_compiled, "its index is damaged");
    index_of(&k)[0].at ^= 64;
    for (size_t len = 0, all = k.len; len < all; len += len < 200 ? 1 : 97) {
        k.len = len;
        Ran ran = run(&k, 1);
        CHECK_EQ_U64(ran.err, ERR_malformed_compiled);
        k.len = all;
    }
    CHECK_EQ_U64(run(&k, 9).err, ERR_none);
    free(k.data);
}

// From graphs, as far as may be; and that is known of it where it is entered.
static void keeps_what_is_optimized(void)
{
    Kept k = {0};
    Source source;
    Diag diag;
    Err why;
    CompiledFrom from;
    u32 without, refused;
    if (!compile("(module (func (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))"
                 " (func (throw_ref (unreachable))))", &k))
        return;
    CHECK_EQ_U64(record_of(&k, 0)->optimized, 1);
    if (CHECK(compiled_from_bytes((Bytes){k.data, k.len}, &engine->accounts[ENGINE_module_bytes],
                                  &from, &why)) &&
        CHECK(source_load_compiled(&source, engine, &from, false, &diag))) {
        const Module *m = source.module;
        CHECK(m->stored->optimized);
        CHECK(compiled_judge((Module *)m, &without, &refused));
        CHECK_EQ_U64(refused, 0);
        ModuleCode *code = code_of_module(m, m->stored->mode, &why);
        const Native *n = native_newest(native_region(code), 0);
        CHECK(n && n->optimized);
        source_free(&source);
    }
    free(k.data);
}

// A function whose code was damaged is compiled again, and the result is as it was.
static void makes_anew_what_is_damaged(void)
{
    Kept k = {0};
    for (u32 p = 0; p < COUNT_OF(programs); p++) {
        if (!compile(programs[p], &k)) continue;
        u32 want = in_interpreter(programs[p], 9);
        for (u32 i = 0; i < head_of(&k)->count; i++) {
            const StoredFunc *f = &index_of(&k)[i];
            for (u32 at = 0; at < f->size; at += 1 + f->size / 3) {
                k.data[f->at + at] ^= 0x10;
                Ran ran = run(&k, 9);
                k.data[f->at + at] ^= 0x10;
                CHECK_EQ_U64(ran.err, ERR_none);
                CHECK_EQ_U64(ran.refused, 1);
                CHECK_STR(ran.what, "it is damaged");
                CHECK_EQ_U64(ran.result, want);
            }
        }
    }
    free(k.data);
}

// What was refused is not read again, whoever asks how often.
static void refuses_once(void)
{
    Kept k = {0};
    Source source;
    Diag diag;
    Err why;
    CompiledFrom from;
    Ran ran = {0};
    u32 without, refused;
    if (!compile(programs[0], &k)) return;
    k.data[index_of(&k)[1].at + 8] ^= 1;
    if (CHECK(compiled_from_bytes((Bytes){k.data, k.len}, &engine->accounts[ENGINE_module_bytes],
                                  &from, &why)) &&
        CHECK(source_load_compiled(&source, engine, &from, false, &diag))) {
        Stored *s = source.module->stored;
        s->tell = note;
        s->tell_env = &ran;
        for (u32 i = 0; i < 3; i++) {
            CHECK(compiled_judge(source.module, &without, &refused));
            CHECK_EQ_U64(refused, 1);
            CHECK_STR(ran.what, "it is damaged");
        }
        source_free(&source);
    }
    free(k.data);
}

static bool read_kept(void *env, u64 at, void *to, size_t size)
{
    const Kept *k = env;
    if (at > k->len || size > k->len - at) return false;
    if (size) memcpy(to, k->data + at, size);
    return true;
}
static void keep_still(void *env) {}

// What was read of a module stays as it is, whatever becomes of the file: bodies, and the sizes in
// front of them.
static void reads_bytes_once(void)
{
    Kept k = {0}, first = {0};
    Source source;
    Diag diag;
    if (!compile(programs[0], &k)) return;
    const CompiledHead *h = head_of(&k);
    const CompiledFrom from = {&k, k.len, read_kept, keep_still};
    if (CHECK(source_load_compiled(&source, engine, &from, false, &diag))) {
        const Module *m = source.module;
        CHECK(module_fetch(m, MODULE_ALL));
        CHECK_BYTES(m->bytes, m->size, k.data + h->module_at, h->module_size);
        keep(&first, m->bytes, m->size);
        memset(k.data + h->module_at, 0x55, h->module_size);
        CHECK(module_fetch(m, MODULE_ALL));
        CHECK_BYTES(m->bytes, m->size, first.data, first.len);
    }
    source_free(&source);
    free(first.data);
    free(k.data);
}

// ---- What somebody wrote on purpose

static void check_refused(Kept *k, const char *what)
{
    set_sums(k);
    Ran ran = run(k, 9);
    CHECK_EQ_U64(ran.err, ERR_none);
    CHECK(ran.refused);
    if (!CHECK(strstr(ran.what, what))) printf("    %s\n", ran.what);
}

// The frame's size is in the code, too.
static void small_frame(Kept *k, u32 func, u32 less)
{
    enum { SPARE = 64 - 128 };
    RecordHead *r = record_of(k, func);
    u32 was = r->frame_slots * 8 + SPARE, now = was - less * 8;
    u8 *code = code_of(k, func);
    for (u32 i = 0; i + 4 <= 32; i++)
        if (!memcmp(code + i, &was, 4)) memcpy(code + i, &now, 4);
    r->frame_slots -= less;
}

// Where the map has a call, it says another instruction.
static bool move_call(Kept *k, u32 func)
{
    u8 *map = code_of(k, func) - record_of(k, func)->map_len;
    const u8 *end = map + record_of(k, func)->map_len;
    for (const u8 *at = map; at < end;) {
        u32 step = leb_known_u32(&at);
        u8 *turn = (u8 *)at;
        leb_known_u32(&at);
        if ((step & 7) != SITE_call) continue;
        if (*turn < 0x70 && *turn > 6) return *turn -= 4, true;
        leb_known_u32(&at);
    }
    return false;
}

// What the checker has nothing to say about.
static void refuses_false_frames(void)
{
    Kept k = {0};
    if (compile("(module (func $f (param i32) (result i32) (local i32 i32 i32 i32) (local.get 0))"
                " (func (export \"run\") (param i32) (result i32) (call $f (local.get 0))))", &k)) {
        small_frame(&k, 0, 2);
        check_refused(&k, "its frame is too small");
    }
    u32 moved = 0;
    for (u32 p = 0; p < COUNT_OF(programs); p++) {
        if (!compile(programs[p], &k)) continue;
        for (u32 i = 0; i < head_of(&k)->count; i++) {
            Kept copy = {0};
            keep(&copy, k.data, k.len);
            if (move_call(&copy, i)) {
                moved++;
                check_refused(&copy, "");
            }
            free(copy.data);
        }
    }
    CHECK(moved > 3);
    free(k.data);
}

// Bodies that are not valid: where nobody calls them they do no harm, else they are a trap.
static void traps_in_bad_bodies(void)
{
    Kept k = {0};
    static const char text[] =
        "(module (func $f (param i32) (result i32) (i32.add (local.get 0) (i32.const 77)))"
        " (func (export \"run\") (param i32) (result i32)"
        "  (if (result i32) (i32.eq (local.get 0) (i32.const 1)) (then (i32.const 5))"
        "   (else (call $f (local.get 0))))))";
    if (!compile(text, &k)) return;
    const CompiledHead *h = head_of(&k);
    const u8 *end = k.data + h->module_at + h->module_size;
    for (u8 *at = k.data + h->module_at; at + 4 < end; at++)
        if (!memcmp(at, "\x41\xcd\x00\x6a", 4)) at[3] = 0x7c; // i64.add
    set_sums(&k);
    Ran ran = run(&k, 1);
    CHECK_EQ_U64(ran.trap, TRAP_none);
    CHECK_EQ_U64(ran.result, 5);
    ran = run(&k, 2);
    CHECK_EQ_U64(ran.trap, TRAP_not_executable);
    CHECK_STR(ran.what, "type mismatch");
    free(k.data);
}

// Whoever switches continuations has no code there, and is compiled when it is called.
static void leaves_out_who_switches(void)
{
    Kept k = {0};
    static const char text[] =
        "(module (type $f (func (result i32))) (type $c (cont $f)) (tag $t (result i32))"
        " (type $more (func (param i32) (result i32))) (type $rest (cont $more))"
        " (elem declare func $g) (func $g (result i32) (i32.add (suspend $t) (i32.const 1)))"
        " (func $plain (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))"
        " (func (export \"run\") (param i32) (result i32)"
        "  (block $h (result (ref $rest))"
        "   (return (resume $c (on $t $h) (cont.new $c (ref.func $g)))))"
        "  (drop) (call $plain (local.get 0))))";
    if (!compile(text, &k)) return;
    CHECK_EQ_U64(index_of(&k)[0].size, 0);
    CHECK(index_of(&k)[1].size);
    CHECK_EQ_U64(index_of(&k)[2].size, 0);
    Ran ran = run(&k, 14);
    CHECK_EQ_U64(ran.refused, 0);
    CHECK_EQ_U64(ran.entered, 3);
    CHECK_EQ_U64(ran.result, 42);
    free(k.data);
}

// Code that the checker lets pass, and that faults: the guest is told, and nobody else.
static void traps_where_it_faults(void)
{
    static const u8 sum[] = {0x44, 0x33, 0x22, 0x11},
                    divides[] = {0x31, 0xd2, 0xf7, 0xf2}; // xor edx, edx; div edx
    Kept k = {0};
    if (compile("(module (func (export \"run\") (param i64) (result i64)"
                " (i64.add (local.get 0) (i64.const 0x11223344))))", &k)) {
        u8 *at = code_of(&k, 0), *end = at + record_of(&k, 0)->size;
        while (at + 4 < end && memcmp(at, sum, 4)) at++;
        bool is_short = at[-1] == 0x05; // add rax, number
        at -= is_short ? 2 : 3;
        memcpy(at, divides, 4);
        memcpy(at + 4, is_short ? "\x85\xc0" : "\x48\x85\xc0", is_short ? 2 : 3); // test
        set_sums(&k);
        Ran ran = run(&k, 5);
        CHECK_EQ_U64(ran.refused, 0);
        CHECK_EQ_U64(ran.trap, TRAP_integer_divide_by_zero);
    }
    // The number is taken for a reference.
    if (compile("(module (type $p (struct (field i32)))"
                " (func (export \"run\") (param i32 (ref null $p)) (result i32)"
                "  (struct.get $p 0 (local.get 1))))", &k)) {
        u8 *at = code_of(&k, 0), *end = at + record_of(&k, 0)->size;
        while (at + 3 < end && !(at[0] == 0x8b && at[2] == 0x88)) at++;
        CHECK(at + 3 < end);
        at[2] = 0x80;
        set_sums(&k);
        Ran ran = run(&k, 0x7ffffff0);
        CHECK_EQ_U64(ran.refused, 0);
        CHECK_EQ_U64(ran.trap, TRAP_out_of_bounds_memory_access);
    }
    free(k.data);
}

// Sizes are looked at before there is room for what is as large.
static void takes_no_room_for_nothing(void)
{
    Kept k = {0};
    size_t *limit = &engine->accounts[ENGINE_code_bytes].limit, was = *limit;
    if (!compile(programs[0], &k)) return;
    record_of(&k, head_of(&k)->count - 1)->code_size = 0x7fffff00;
    *limit = 8 << 20;
    check_refused(&k, "no such sizes");
    *limit = was;
    free(k.data);
}

// What a function of the module's own calls through the slot of another, it calls through another's
// from now on.
static void call_another(Kept *k, u32 own, u32 was, u32 now)
{
    const RecordHead *r = record_of(k, own);
    u8 *code = code_of(k, own), *fields = code - r->map_len - 4 * r->field_count;
    for (u32 i = 0, at, slot; i < r->field_count; i++) {
        memcpy(&at, fields + 4 * i, 4);
        memcpy(&slot, code + at, 4);
        if (slot != (RUNTIME_COUNT + was) * 8) continue;
        slot = (RUNTIME_COUNT + now) * 8;
        memcpy(code + at, &slot, 4);
    }
}

// What is read is the account's until it goes: the bytes, and the index of what has functions and
// little else.
static void counts_what_it_reads(void)
{
    enum { FUNCS = 1000 };
    static char text[8 * FUNCS + 100];
    Kept k = {0};
    CompiledFrom from;
    CompiledHead head;
    Diag diag;
    Err why;
    Account account = {.limit = SIZE_MAX};
    const size_t index = FUNCS * sizeof(StoredFunc);
    char *at = text + sprintf(text, "(module");
    for (u32 i = 0; i < FUNCS; i++) at += sprintf(at, " (func)");
    sprintf(at, ")");
    if (!compile(text, &k)) return;
    const Bytes bytes = {k.data, k.len};
    if (!CHECK(compiled_from_bytes(bytes, &account, &from, &why))) return;
    size_t copied = account_used(&account);
    CHECK(copied >= k.len);
    account.limit = 2 * k.len - 1;
    CHECK(!compiled_from_bytes(bytes, &account, &from, &why));
    CHECK_EQ_U64(why, ERR_limit_module_bytes);
    account.limit = copied + index;
    CHECK(compiled_head(&from, &head, &diag) && !compiled_index(&from, &head, &account, &diag));
    CHECK_EQ_U64(diag.err, ERR_limit_module_bytes);
    account.limit = SIZE_MAX;
    Stored *s = compiled_index(&from, &head, &account, &diag);
    CHECK(s && account_used(&account) > copied + index);
    stored_free(s);
    CHECK_EQ_U64(account_used(&account), 0);
    free(k.data);
}

// The function of an import has no code, and so no slot through which it could be entered.
static void refuses_slots_of_imports(void)
{
    Kept k = {0};
    if (!compile("(module (import \"h\" \"f\" (func $h)) (func $f (nop))"
                 " (func (export \"run\") (param i32) (result i32) (call $f) (i32.const 7)))", &k))
        return;
    call_another(&k, 1, 1, 0);
    check_refused(&k, "the slot of an import leads nowhere");
    free(k.data);
}

// Of the wrong type, and with more parameters than the stack has room for: it traps before anybody
// has a look at them, or at what is to run.
static void enters_with_room_for_parameters(void)
{
    enum { PARAMS = 1000, LOCALS = 100 };
    static char text[6 * PARAMS + 5 * LOCALS + 300];
    Kept k = {0};
    u64 *limit = &engine->limits.stack_bytes, was = *limit;
    char *at = text + sprintf(text, "(module (func (param");
    for (u32 i = 0; i < PARAMS; i++) at += sprintf(at, " v128");
    at += sprintf(at, ") (drop (i32.add (i32.const 77) (i32.const 77)))) (func $f (nop))"
                      " (func (export \"run\") (param i32) (result i32) (local");
    for (u32 i = 0; i < LOCALS; i++) at += sprintf(at, " i64");
    sprintf(at, ") (call $f) (i32.const 7)))");
    if (!compile(text, &k)) return;
    *limit = 16 << 10;
    CHECK_EQ_U64(run(&k, 1).result, 7);
    call_another(&k, 2, 1, 0);
    index_of(&k)[0].size = 0;
    k.data[head_of(&k)->module_at + index_of(&k)[0].body + 7] = 0x7c; // i64.add
    set_sums(&k);
    CHECK_EQ_U64(run(&k, 1).trap, TRAP_call_stack_exhausted);
    *limit = was;
    CHECK_EQ_U64(run(&k, 1).trap, TRAP_not_executable);
    free(k.data);
}

// ---- C that is called with what no compiler would have it called with

enum {
#define SLOW(name, ...) SLOW_##name,
#include "run/slow.def"
};

// The program, whose call for memory.fill is another's, with another first number. Its operands are
// `run`'s number, 8 and 0.
static bool compile_calling(const char *text, u32 row, u32 number, Kept *k)
{
    static const u8 fill[] = {0xb8, SLOW_memory_fill, 0, 0, 0, 0xb9};
    if (!compile(text, k)) return false;
    u8 *at = code_of(k, 0), *end = at + record_of(k, 0)->size;
    while (at + 20 < end && memcmp(at, fill, sizeof fill)) at++;
    if (!CHECK(at + 20 < end && at[10] == 0xba)) return false;
    at[1] = (u8)row;
    memcpy(at + 11, &number, 4);
    set_sums(k);
    return true;
}

#define FILLS(before, params)                                                                      \
    "(module " before " (memory 1) (func (export \"run\") (param i32) (result i32)" params         \
    " (memory.fill (local.get 0) (i32.const 8) (i32.const 0)) (i32.const 7)))"

// Numbers that are taken for references lead C to nothing that is no object's, nor anywhere else
// where there is no heap.
static void believes_no_reference(void)
{
    static const char objects[] = FILLS("(type $p (struct (field i32)))", ""),
                      none[] = FILLS("", "");
    static const u32 refs[] = {8, 0x10000, 0x7ffffff0, 0xfffffff8, 0x7fffffff};
    static const u8 rows[] = {SLOW_array_len, SLOW_cast, SLOW_cast_desc, SLOW_log};
    Kept k = {0};
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        bool array = rows[i] == SLOW_array_len;
        for (u32 n = 0; n < COUNT_OF(refs); n++) {
            if (!compile_calling(objects, rows[i], 0, &k)) continue;
            Ran ran = run(&k, refs[n]);
            CHECK_EQ_U64(ran.refused, 0);
            CHECK_EQ_U64(ran.trap, array ? TRAP_out_of_bounds_array_access : TRAP_none);
            if (!array || !compile_calling(none, rows[i], 0, &k)) continue;
            CHECK_EQ_U64(run(&k, refs[n]).trap, TRAP_out_of_bounds_array_access);
        }
    }
    free(k.data);
}

// A place that is said to be an access's may be in the middle of something, whose bytes nobody
// validated as one; but it is in the body, and what is outside is not read.
static void believes_no_place(void)
{
    static const u8 access[] = {0xfd, 0x54, 0, 0, 0xff}; // v128.load8_lane 255
#define BYTES "0xfd 0x54 0 0 0xff 0 0 0 0 0 0 0 0 0 0 0"
    static const char inside[] = FILLS("", "(local v128)"
                                           " (local.set 1 (v128.const i8x16 " BYTES "))"),
                      outside[] = FILLS("(data \"\\fd\\54\\00\\00\\ff\")", "");
    Kept k = {0};
    for (u32 in = 0; in < 2; in++) {
        const char *text = in ? inside : outside;
        if (!compile(text, &k)) continue;
        const u8 *module = k.data + head_of(&k)->module_at;
        u32 place = 0, size = (u32)head_of(&k)->module_size;
        while (place + 5 < size && memcmp(module + place, access, sizeof access)) place++;
        if (!compile_calling(text, SLOW_access, place, &k)) continue;
        if (in) {
            Ran ran = run(&k, 16);
            CHECK_EQ_U64(ran.refused, 0);
            CHECK_EQ_U64(ran.trap, TRAP_not_executable);
        } else {
            check_refused(&k, "numbers that C does not take");
        }
    }
    free(k.data);
}

// What a compiler does for whoever switches, whose code is not kept.
static void refuses_who_switches(void)
{
    Kept k = {0};
    if (compile_calling(FILLS("(tag)", ""), SLOW_suspend, 0, &k))
        check_refused(&k, "strangers switch no continuations");
    free(k.data);
}

// Nor does the interpreter, which has the function that it is handed to: what is there is memory
// from then on, and the guest ends where it is asked next.
static void ends_who_hands_numbers_on(void)
{
    Kept k = {0};
    if (!compile("(module (type $p (struct (field i32)))"
                 " (func $g (param (ref null $p)) (result i32) (struct.get $p 0 (local.get 0)))"
                 " (func (export \"run\") (param i32 (ref null $p)) (result i32)"
                 "  (loop $l (drop (call $g (local.get 1))) (br $l)) (i32.const 7)))", &k))
        return;
    u8 *at = code_of(&k, 1), *end = at + record_of(&k, 1)->size;
    while (at + 3 < end && !(at[0] == 0x8b && at[2] == 0x88)) at++;
    if (!CHECK(at + 3 < end)) return;
    at[2] = 0x80;
    index_of(&k)[0].size = 0;
    set_sums(&k);
    engine->among_first = 1;
    engine->among_end = 2;
    Ran ran = run(&k, 0x7ffffff0);
    engine->among_first = engine->among_end = 0;
    CHECK_EQ_U64(ran.refused, 0);
    CHECK_EQ_U64(ran.trap, TRAP_out_of_bounds_memory_access);
    free(k.data);
}

static u64 seed = 1;
static u32 below(u32 end)
{
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return (u32)(seed >> 33) % end;
}

static u32 some_number(void)
{
    static const u32 numbers[] = {0, 1, 2, 7, 8, 16, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff,
                                  0x80000000, 0xfffffff8, 0xffffffff};
    return below(3) ? numbers[below(COUNT_OF(numbers))] : below(4096);
}

static void change(Kept *k)
{
    CompiledHead *h = head_of(k);
    u32 i = below(h->count), other = below(h->count);
    StoredFunc *f = &index_of(k)[i], was = *f;
    u32 size = f->size, number = some_number(), code_size = record_of(k, i)->size;
    code_size = MAX(MIN(code_size, size - (u32)sizeof(RecordHead)), 8); // it may be changed by now
    u8 *record = k->data + f->at, *code = record + size - code_size;
    switch (below(9)) {
    case 0: memcpy(record + 4 * below(12), &number, 4); break;
    case 1: record_of(k, i)->frame_slots += 1 - 2 * below(2); break;
    case 2: memcpy(record + 4 * below(size / 4), &number, 4); break;
    case 3: record[below(size)] ^= (u8)(1 << below(8)); break;
    case 4: record[below(size - code_size)] += (u8)(1 - 2 * (int)below(2)); break;
    case 5: code[below(code_size)] ^= (u8)(1 << below(8)); break;
    case 6: memmove(code + below(code_size / 2), code + below(code_size / 2), below(8)); break;
    case 7:
        *f = index_of(k)[other];
        index_of(k)[other] = was;
        break;
    default: k->data[h->module_at + 8 + below((u32)h->module_size - 8)] ^= (u8)(1 << below(8));
    }
}

static void survives(u32 runs)
{
    Kept k[COUNT_OF(programs)] = {0};
    u32 ended[4] = {0}; // refused, a function's code, a trap, or nothing of it
    for (u32 p = 0; p < COUNT_OF(programs); p++) compile(programs[p], &k[p]);
    for (u32 n = 0; n < runs; n++) {
        Kept copy = {0};
        const Kept *from = &k[n % COUNT_OF(programs)];
        keep(&copy, from->data, from->len);
        for (u32 changes = 1 + below(3); changes--;) change(&copy);
        set_sums(&copy);
        Ran ran = run(&copy, 1 + below(20));
        ended[ran.err ? 0 : ran.refused ? 1 : ran.trap ? 2 : 3]++;
        free(copy.data);
    }
    printf("of %u: %u refused, of %u a function, %u trapped, %u ended\n", runs, ended[0], ended[1],
           ended[2], ended[3]);
    CHECK(ended[0] && ended[1] && ended[3]);
    for (u32 p = 0; p < COUNT_OF(programs); p++) free(k[p].data);
}

int main(void)
{
    const u32 some = !check_full() ? 100 : SANITIZES_ADDRESSES ? 3000 : 50000;
    CHECK(!compiled_is((const u8 *)COMPILED_MAGIC, 4));
    for (u32 faults = 0; faults < 2 && !tier_lacks(); faults++) {
        engine = engine_new(features_all);
        if (!CHECK(engine)) break;
        engine->hot = 1;
        if (engine_set_faults(engine, true)) break; // nobody else's code is used there
        engine->faults = faults;
        runs_the_same();
        if (!faults) refuses_by_name();
        makes_anew_what_is_damaged();
        refuses_once();
        reads_bytes_once();
        refuses_false_frames();
        traps_in_bad_bodies();
        traps_where_it_faults();
        takes_no_room_for_nothing();
        counts_what_it_reads();
        refuses_slots_of_imports();
        enters_with_room_for_parameters();
        believes_no_reference();
        believes_no_place();
        ends_who_hands_numbers_on();
        refuses_who_switches();
        leaves_out_who_switches();
        survives(some);
        engine->tier = TIER_opt;
        keeps_what_is_optimized();
        runs_the_same();
        makes_anew_what_is_damaged();
        survives(some);
        engine_free(engine);
    }
    return check_report();
}
