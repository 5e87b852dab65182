// load_test.c -- a module that arrives in pieces is judged as the whole is: the same verdict, the
// same first error at the same place, whatever the pieces and on any number of threads. What has
// not arrived yet is other bytes here, so that whoever looks ahead is found out.

#include "check.h"
#include "engine/source.h"

#include <stdlib.h>
#include <string.h>

static const char text[] =
    "(module $m"
    "  (type $v (func)) (type $f (func (param i32 i64) (result i32))) (rec (type $s (struct (field "
    "(mut i32)))))"
    "  (import \"env\" \"f\" (func $imported (type $f))) (import \"env\" \"g\" (global $g i32))"
    "  (table $t 3 10 funcref) (memory 1 2) (tag $e (param i32)) (global $h (mut i32) (global.get "
    "$g))"
    "  (export \"run\" (func $run)) (export \"memory\" (memory 0)) (start $start)"
    "  (elem $seg (table $t) (i32.const 0) func $run $start) (elem declare func $last)"
    "  (@custom \"between\" (before code) \"content\")"
    "  (func $start (type $v) (local $x i32) (local f64) (local.set $x (i32.const -70)))"
    "  (func $run (type $f) (block $b (result i32) (br_if $b (local.get 0) (i32.eqz (local.get 0)))"
    "    (drop) (call $imported (i32.load8_u offset=300 (local.get 0)) (local.get 1))))"
    "  (func $last (result f64) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 2))"
    "    (if (result f64) (i32.const 1) (then (f64.const 1.5)) (else (unreachable)))) "
    "  (data $d \"hello\") (data (i32.const 8) \"world\") (@custom \"after\" \"\"))";

typedef struct {
    Diag diag;
    u32 funcs, exports, datas, sections, names;
    Range last_body;
} Outcome;

static Engine *engine;

static Outcome outcome(Module *m, const Diag *diag)
{
    Outcome o = {.diag = *diag};
    if (m) {
        u32 last = m->func_count ? m->func_count - 1 : 0;
        o = (Outcome){*diag, m->func_count, m->export_count, m->data_count, m->section_count,
                      m->names.funcs.count,
                      m->func_count ? m->funcs[last].body : (Range){0}};
    }
    engine_unload(m);
    return o;
}

static Outcome load_whole(Bytes bytes, u32 threads)
{
    Diag diag;
    engine->threads = threads;
    Module *m = engine_load(engine, bytes.data, bytes.len, &diag);
    engine->threads = 1;
    return outcome(m, &diag);
}

// The sizes of pieces come from `random`; 0: a byte at a time.
static Outcome load_pieces(Bytes bytes, u32 random)
{
    Diag diag;
    u8 *room = malloc(bytes.len + 1);
    memset(room, 0xa5, bytes.len + 1);
    Load *l = load_new(engine, room);
    bool good = CHECK(l != NULL);
    for (size_t at = 0; good;) {
        random = random * 1103515245 + 12345 * (random != 0);
        size_t piece = MIN(random ? 1 + (random >> 16) % 40 : 1, bytes.len - at);
        memcpy(room + at, bytes.data + at, piece);
        at += piece;
        good = load_feed(l, at, at == bytes.len, &diag);
        if (at == bytes.len) break;
    }
    Outcome o = outcome(good ? load_take(l) : NULL, &diag);
    load_free(l);
    free(room);
    return o;
}

static void same(const Outcome *a, const Outcome *b)
{
    char one[400], two[400];
    CHECK_STR(diag_text(&a->diag, one, sizeof one), diag_text(&b->diag, two, sizeof two));
    if (!CHECK_EQ_U64(a->diag.offset, b->diag.offset)) puts(two);
    CHECK_EQ_U64(a->diag.func, b->diag.func);
    CHECK(a->funcs == b->funcs && a->exports == b->exports && a->datas == b->datas &&
          a->sections == b->sections);
    CHECK(a->names == b->names && a->last_body.start == b->last_body.start &&
          a->last_body.end == b->last_body.end);
}

static Err check_pieces(Bytes bytes)
{
    Outcome whole = load_whole(bytes, 1), single = load_pieces(bytes, 0),
            random = load_pieces(bytes, (u32)bytes.len | 1);
    same(&single, &whole);
    same(&random, &whole);
    return whole.diag.err;
}

static void test_damage(Bytes good)
{
    static const u8 changes[] = {0x01, 0x80, 0x7f, 0x10};
    u8 *copy = malloc(good.len);
    u32 classes[CLASS_resource + 1] = {0};
    for (size_t len = 0; len < good.len; len++)
        classes[err_class[check_pieces((Bytes){good.data, len})]]++;
    for (size_t at = 0; at < good.len; at++) {
        for (u32 k = 0; k < COUNT_OF(changes); k++) {
            memcpy(copy, good.data, good.len);
            copy[at] ^= changes[k];
            classes[err_class[check_pieces((Bytes){copy, good.len})]]++;
        }
    }
    CHECK(classes[CLASS_none] > 20 && classes[CLASS_malformed] > 200 &&
          classes[CLASS_invalid] > 50);
    free(copy);
}

// A body is judged when it is there, not when the next one is.
static void test_early(Bytes good)
{
    Diag diag;
    Module *m = engine_load(engine, good.data, good.len, &diag);
    if (!CHECK(m != NULL)) return;
    Range body = m->funcs[1].body; // $start
    engine_unload(m);
    u8 *copy = malloc(good.len);
    memcpy(copy, good.data, good.len);
    copy[body.end - 1] = 0x6a; // i32.add where its end was
    Load *l = load_new(engine, copy);
    CHECK(load_feed(l, body.end - 1, false, &diag));
    CHECK(!load_feed(l, body.end, false, &diag));
    CHECK_EQ_U64(diag.err, ERR_type_mismatch);
    CHECK_EQ_U64(diag.func, 1);
    load_free(l);
    free(copy);
}

// A size that is no number ends it where it is there, though nobody knows how much is to come.
// Of what is of a size that nobody knows there is room for so much as a module may have, and no
// more; and where it is counted, for so much as that allows, of which nothing is kept.
static void test_endless(void)
{
    Account account = {.limit = 10 << 20};
    for (u32 counted = 0; counted < 2; counted++) {
        Intake in;
        Diag diag;
        size_t room;
        diag_init(&diag);
        if (!CHECK(intake_begin(&in, 0, &diag))) return;
        if (counted) in.account = &account;
        while (intake_room(&in, &room, &diag)) {
            CHECK(room > 0);
            in.size += room;
        }
        CHECK_EQ_U64(diag.err, counted ? ERR_limit_module_bytes : ERR_limit_module_size);
        if (counted) CHECK(in.size <= account.limit && in.size > account.limit / 2);
        else CHECK_EQ_U64(in.size, in.reserved);
        intake_free(&in);
        CHECK_EQ_U64(account_used(&account), 0);
    }
}

static void test_size(void)
{
    static const char bytes[] = "\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\xa\x20\1\xff\xff\xff\xff\x7f";
    Diag diag;
    Load *l = load_new(engine, (const u8 *)bytes);
    CHECK(load_feed(l, sizeof bytes - 2, false, &diag));
    CHECK(!load_feed(l, sizeof bytes - 1, false, &diag));
    CHECK_EQ_U64(diag.err, ERR_integer_too_large);
    load_free(l);
}

static const char *many_funcs(u32 count, u32 wrong_from, u32 wrong_step)
{
    static char out[1 << 20];
    size_t at = (size_t)sprintf(out, "(module (memory 1)");
    for (u32 i = 0; i < count; i++) {
        bool wrong = i >= wrong_from && (i - wrong_from) % wrong_step == 0;
        at += (size_t)sprintf(
            out + at, "(func (result i32) (i32.%s (i32.const %u) (i32.load (i32.const 7))))",
            wrong ? "eqz" : "add", i);
    }
    sprintf(out + at, ")");
    return out;
}

static void test_threads(void)
{
    static const struct {
        u32 from, step;
    } cases[] = {{100000, 1}, {0, 1}, {4999, 1}, {1234, 7}, {77, 4000}, {2500, 2}};
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        const char *module = many_funcs(7000, cases[i].from, cases[i].step);
        Source source;
        Diag diag;
        Bytes bytes;
        CHECK(source_assemble(&source, engine->features, (const u8 *)module, strlen(module), &bytes,
                              &diag));
        Outcome one = load_whole(bytes, 1);
        CHECK_EQ_U64(one.diag.err, cases[i].from < 7000 ? ERR_type_mismatch : ERR_none);
        if (cases[i].from < 7000) CHECK_EQ_U64(one.diag.func, cases[i].from);
        for (u32 threads = 2; threads <= 20; threads += 3) {
            Outcome more = load_whole(bytes, threads);
            same(&more, &one);
        }
        source_free(&source);
    }
}

// The same through a Source, which keeps what arrives and takes text too.
static void test_source(const char *data, size_t size, size_t piece, Err want)
{
    Source s;
    Diag diag;
    bool good = CHECK(source_begin(&s, engine, 0, &diag));
    for (size_t at = 0; good && at < size;) {
        size_t room = 0, n;
        u8 *to = source_room(&s, &room, &diag);
        if (!CHECK(to && room)) break;
        n = MIN(MIN(room, piece), size - at);
        memcpy(to, data + at, n);
        at += n;
        good = source_took(&s, n, &diag);
    }
    good = good && source_end(&s, &diag);
    CHECK_EQ_U64(good, want == ERR_none);
    CHECK_EQ_U64(diag.err, want);
    CHECK((s.module != NULL) == good);
    source_free(&s);
}

static u32 reports;
static void count_report(void *env, size_t done, size_t total)
{
    CHECK(env == &reports && done && done <= total);
    reports++;
}

int main(void)
{
    Source source;
    Diag diag;
    Bytes good;
    engine = engine_new(features_all);
    if (!CHECK(engine && source_assemble(&source, engine->features, (const u8 *)text,
                                         sizeof text - 1, &good, &diag))) {
        printf("%u:%u: %s\n", diag.line, diag.column, err_text[diag.err]);
        return check_report();
    }
    CHECK_EQ_U64(check_pieces(good), ERR_none);
    test_damage(good);
    test_size();
    test_endless();
    test_early(good);
    test_threads();
    for (size_t piece = 1; piece < 100; piece += 13) {
        test_source((const char *)good.data, good.len, piece, ERR_none);
        test_source((const char *)good.data, good.len - 1, piece, ERR_length_out_of_bounds);
        test_source(text, sizeof text - 1, piece, ERR_none);
        test_source("(module (func (result i32)))", 28, piece, ERR_type_mismatch);
        test_source("\x7f" "ELF", 4, piece, ERR_magic_header_not_detected);
        test_source("", 0, piece, ERR_magic_header_not_detected);
    }
    source_free(&source);

    static u8 big[5 << 20] = "\0asm\1\0\0\0\0\xf3\xff\xbf\2\1x"; // a custom section of 5 MiB - 13
    engine->progress = count_report;
    engine->progress_env = &reports;
    engine_unload(engine_load(engine, big, sizeof big, &diag));
    CHECK_EQ_U64(diag.err, ERR_none);
    CHECK_EQ_U64(reports, 4);
    engine_free(engine);
    return check_report();
}
