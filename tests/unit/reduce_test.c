// reduce_test.c -- making modules smaller in this process: what is tried, in which order, and when
// it ends. tests/reducing.py asks the command.

#include "check.h"

#include "binary/decode.h"
#include "reduce/reduce.h"
#include "text/parse.h"
#include "valid/valid.h"

static const char text[] =
    "(module (type $t (func (param i32 i64) (result i32)))"
    " (import \"env\" \"f\" (func $f (param i32))) (import \"env\" \"g\" (global $g i32))"
    " (memory (export \"m\") 1) (table 4 funcref) (tag $e (param i32))"
    " (elem (i32.const 0) $a $b) (data (i32.const 8) \"abcdefgh\") (data $d \"xyz\")"
    " (func $a (type $t) (local f32 f64) (call $f (global.get $g))"
    "  (block $out (result i32) (loop $again (br_if $again (i32.rotl (local.get 0) (i32.const 3))))"
    "   (drop (br_if $out (i32.const 1) (local.get 0)))"
    "   (if (result i32) (local.get 0) (then (call $b (i32.const 2) (i64.const 3)))"
    "    (else (i32.load offset=4 (local.get 0))))))"
    " (func $b (type $t) (block $h (try_table (catch_all $h) (throw $e (i32.const 1))))"
    "  (i32.wrap_i64 (local.get 1)))"
    " (func $c (export \"c\") (param f64) (result f64 i32)"
    "  (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (drop (ref.func $a))"
    "  (f64.sqrt (local.get 0)) (call $a (i32.const 5) (i64.const 6))"
    "  (return) (i32.const 9) (unreachable))"
    " (func $d (export \"d\")"
    "  (call_indirect (type $t) (i32.const 1) (i64.const 1) (i32.const 1)) drop))";

static Arena arena;

static Bytes assemble(const char *words)
{
    TextModule *made = NEW(&arena, TextModule);
    Diag diag;
    diag_init(&diag);
    if (!CHECK(text_parse(&arena, words, 0, strlen(words), features_all, NULL, made,
                          &diag))) exit(1);
    return made->bytes;
}

static bool is_valid(Bytes bytes)
{
    Diag diag;
    Module *m = NULL;
    TypeStore *types = type_store_new();
    diag_init(&diag);
    bool good = module_decode(bytes.data, bytes.len, features_all, types, &m, &diag) &&
                module_validate(m, &diag);
    module_free(m);
    type_store_free(types);
    return good;
}

// Interesting is what has these bytes in it.
typedef struct {
    Bytes needle;
    bool verdict[REDUCE_SLOTS], busy[REDUCE_SLOTS], valid;
    u32 tries, most, invalid, began, waited, dropped;
    size_t best;
} Judge;

static void begin(void *env, u32 slot, Bytes c)
{
    Judge *j = env;
    CHECK(!j->busy[slot]);
    j->busy[slot] = true;
    j->began++;
    j->invalid += j->valid && !is_valid(c);
    j->verdict[slot] = c.len && memmem(c.data, c.len, j->needle.data, j->needle.len) != NULL;
}

static bool wait_for(void *env, u32 slot)
{
    Judge *j = env;
    CHECK(j->busy[slot]);
    j->busy[slot] = false;
    j->waited++;
    j->tries++;
    return j->verdict[slot];
}

static void drop(void *env, u32 slot)
{
    Judge *j = env;
    CHECK(j->busy[slot]);
    j->busy[slot] = false;
    j->dropped++;
}

static bool stops(void *env)
{
    Judge *j = env;
    return j->most && j->tries >= j->most;
}

static void took(void *env, Bytes best, const char *doing)
{
    Judge *j = env;
    CHECK(best.len <= j->best && *doing);
    j->best = best.len;
}

static Bytes reduced(Judge *j, Bytes bytes, const char *needle, u32 len, u32 slots, bool as_bytes)
{
    Buf out;
    *j = (Judge){.needle = {(const u8 *)needle, len},
                 .valid = !as_bytes && is_valid(bytes), .most = j->most,
                 .best = bytes.len};
    const Trials trials = {j, slots, begin, wait_for, drop, stops, took};
    buf_init(&out, &arena);
    CHECK(reduce(bytes, features_all, as_bytes, &trials, &out));
    CHECK_EQ_U64(j->invalid, 0);
    CHECK_EQ_U64(j->began, j->waited + j->dropped); // nothing is left under way
    CHECK(memmem(out.data, out.len, needle, len) != NULL);
    return buf_view(&out);
}

// What stays of each row's kind of thing.
static void what_is_left(void)
{
    static const struct { const char *bytes; u32 len, most; } kept[] = {
        {"\x77", 1, 31},                 // i32.rotl
        {"\x9f", 1, 40},                 // f64.sqrt
        {"abcdefgh", 8, 40},             // data
        {"\xfc\x08", 2, 50},             // memory.init
        {"\x08\x00\x0b", 3, 45},         // throw 0, end
        {"\xd2", 1, 45},                 // ref.func
        {"env", 3, 40},                  // an import
        {"\x11", 1, 50},                 // call_indirect
    };
    Bytes bytes = assemble(text);
    for (u32 i = 0; i < COUNT_OF(kept); i++) {
        Judge one = {0}, many = {0};
        Bytes a = reduced(&one, bytes, kept[i].bytes, kept[i].len, 1, false);
        Bytes b = reduced(&many, bytes, kept[i].bytes, kept[i].len, 1 + 3 * i, false);
        if (!CHECK(a.len <= kept[i].most)) printf("    row %u: %zu bytes\n", i, a.len);
        CHECK_BYTES(a.data, a.len, b.data, b.len);
        CHECK_EQ_U64(one.tries, many.tries);
        CHECK(is_valid(a));
    }
}

static void what_ends_early(void)
{
    Bytes bytes = assemble(text);
    Judge j = {.most = 7};
    Bytes some = reduced(&j, bytes, "\x77", 1, 4, false);
    CHECK(some.len < bytes.len && is_valid(some));
    CHECK_EQ_U64(j.tries, 7);
    j.most = 1;
    reduced(&j, bytes, "\x77", 1, 64, false);
}

// Nothing is known of these: as short as they can be.
static void bytes_and_words(void)
{
    static const char words[] = "(module (func (x \"(\\\")\" ;; (\n wanted)) (memory 1)\n (y))";
    Judge j = {0};
    Bytes left = reduced(&j, bytes_of(words), "wanted", 6, 3, false);
    CHECK_BYTES(left.data, left.len, "wanted", 6);
    Bytes bytes = assemble("(module (func) (func (drop (i32.const 77))) (memory 1))");
    left = reduced(&j, bytes, "\xcd", 1, 2, true);
    CHECK(left.len < bytes.len && is_valid(left) == false);
    u8 cut[] = "\0asm\1\0\0\0\1\4\1\x60\0\0\5\3\1\0"; // ends in a section
    left = reduced(&j, (Bytes){cut, sizeof cut - 1}, "\5", 1, 1, false);
    CHECK(left.len < sizeof cut - 1);
    left = reduced(&j, (Bytes){cut, 1}, "", 0, 1, false);
    CHECK(left.len <= 1);
}

int main(void)
{
    arena_init(&arena);
    what_is_left();
    what_ends_early();
    bytes_and_words();
    arena_free(&arena);
    return check_report();
}
