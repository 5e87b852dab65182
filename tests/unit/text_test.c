// text_test.c -- texts with the bytes they stand for, and texts that are none, with the reason and
// the place.

#include "text/lexer.h"
#include "text/parse.h"

#include "check.h"

#include <stdlib.h>

static Arena arena;
static Diag diag;
static TextModule module;

static bool parse(const char *text, Features features)
{
    // A copy of exactly its size, so that the sanitizer sees the first byte read beyond.
    size_t len = strlen(text);
    char *copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    arena_reset(&arena);
    diag_init(&diag);
    bool done = text_parse(&arena, copy, 0, len, features, NULL, &module, &diag);
    CHECK_EQ_U64(done, diag.err == ERR_none);
    for (u32 i = 1; i < module.map_count; i++)
        CHECK(module.map[i - 1].binary <= module.map[i].binary);
    free(copy);
    return done;
}

// The sections after the header, as "id:content" in hex.
static const char *sections(const char *text)
{
    static char out[4000];
    if (!parse(text, features_all)) return diag_text(&diag, out, sizeof out);
    char *o = out;
    *o = 0;
    for (size_t i = 8; i < module.bytes.len;) {
        const u8 *s = module.bytes.data + i;
        CHECK(s[1] < 0x80); // all tests are small
        o += sprintf(o, "%s%u:", o == out ? "" : " ", s[0]);
        for (u32 k = 0; k < s[1]; k++) o += sprintf(o, "%02x", s[2 + k]);
        i += 2 + s[1];
    }
    return out;
}

// The body of the only function, without its locals and `end`, when there is no other section with
// names.
static const char *body(const char *instructions)
{
    static char text[2000], out[4000];
    snprintf(text, sizeof text,
             "(type $t (struct (field $f i32))) (memory 1) (memory $m 1) (table 1 funcref) (tag $e)"
                                "(type $a (array i8)) (data $d) (elem $s func) (func %s)",
                                instructions);
    const char *all = sections(text), *code = strstr(all, " 10:"), *after;
    if (!code) return all;
    code += 4 + 6; // count, size, locals
    after = strchr(code, ' ');
    snprintf(out, sizeof out, "%.*s", (int)((after ? (size_t)(after - code) : strlen(code)) - 2),
             code);
    return out;
}

static void test_modules(void)
{
    CHECK_STR(sections(""), "");
    CHECK_STR(sections("(module)"), "");
    CHECK_STR(sections("(module $m (@name \"M\"))"), "0:046e616d650002014d");
    CHECK_STR(sections("(module binary \"\\00asm\" \"\\01\\00\\00\\00\" \"\\08\\01\\00\")"),
              "8:00");
}

static void test_types(void)
{
    // Implicit types follow the declared ones, in order of use; only plain ones are found again.
    CHECK_STR(sections("(func (param i32)) (type (func (result i64))) (func (result i64)) (func) "
                       "(type (sub (func)))"),
              "1:046000017e500060000060017f00600000 3:03020003 10:0302000b02000b02000b");
    CHECK_STR(sections("(rec (type $a (struct (field (ref $b)) (field (mut i8) (ref null any))))"
                       "(type $b (sub final $a (array (mut (ref null $a))))))"),
              "1:014e025f0364010078016e004f01005e630001" " 0:046e616d65040702000161010162");
    CHECK_STR(sections("(rec (type (func)))"), "1:01600000");
    CHECK_STR(sections("(rec)"), "1:014e00");
    CHECK_STR(sections("(rec (type (descriptor 1) (struct)) (type (describes 0) (struct)))"),
              "1:014e024d015f004c005f00");
    CHECK_STR(sections("(type (func)) (type (cont 0))"), "1:026000005d00");
    CHECK_STR(sections("(type (func (param (ref (exact 0)) (ref func) exnref)))"),
              "1:01600364620064706900");
}

static void test_fields(void)
{
    CHECK_STR(sections("(import \"a\" \"b\" (func (param i32)))"), "1:0160017f00 2:01016101620000");
    CHECK_STR(sections("(func (export \"x\") (import \"a\" \"b\"))"),
              "1:01600000 2:01016101620000 7:0101780000");
    CHECK_STR(sections("(import \"a\" (item \"b\" (global i32)) (item \"c\" (memory 1)))"),
              "2:010161007f020162037f000163020001");
    CHECK_STR(sections("(import \"a\" (item \"b\") (item \"c\") (global (mut f32)))"),
              "2:010161007e037d010201620163");
    CHECK_STR(sections("(memory i64 1 0x1_0 shared)"), "5:01070110");
    CHECK_STR(sections("(memory 1 (pagesize 1))"), "5:01080100");
    CHECK_STR(sections("(memory (data \"ab\" \"\\63\"))"), "5:01010101 11:010041000b03616263");
    CHECK_STR(sections("(table 1 funcref (ref.null func))"), "4:014000700001d0700b");
    CHECK_STR(
        sections("(func $f) (table funcref (elem $f 0))"),
        "1:01600000 3:0100 4:0170010202 9:010041000b020000 10:0102000b 0:046e616d65010401000166");
    CHECK_STR(sections("(table i64 (ref null 0) (elem (ref.null 0)))"),
              "4:016300050101 9:01060042000b630001d0000b");
    CHECK_STR(
        sections("(table 0 funcref) (elem (i32.const 0) funcref (ref.func 1)) (elem declare func 1)"
                 "(elem externref) (elem (table 1) (offset i32.const 0) func 1) (elem (ref func) "
                 "(ref.func 1))"),
        "4:01700000 9:050441000b01d2010b03000101056f00020141000b00010105647001d2010b");
    // Memory operands of any alignment that has a bit for it: whether it is too large is for
    // validation.
    CHECK_STR(
        sections("(memory 1) (func (drop (i32.load align=9223372036854775808 (i32.const 0))))"),
        "1:01600000 3:0100 5:010001 10:0108004100283f001a0b");
    // Blocks are numbered in the order of their instructions: the condition of an if is before it.
    CHECK_STR(
        sections("(func (block) (if $i (block $c (result i32) i32.const 0) (then (loop $l))))"),
        "1:01600000 3:0100 10:01100002400b027f41000b044003400b0b0b "
        "0:046e616d65030c01000301016302016903016c");
    CHECK_STR(sections("(type (struct (field $a (@name \"b\") i8) (field (@name \"\") i8)))"),
              "1:015f0278007800 0:046e616d650a080100020001620100");
    // What the text says of a section goes before what would be made.
    CHECK_STR(sections("(func $f) (@custom \"name\" (before type) \"ab\")"),
              "0:046e616d656162 1:01600000 3:0100 10:0102000b");
    CHECK_STR(sections("(data \"x\") (data (memory 1) (i32.const 0))"), "11:02010178020141000b00");
    CHECK_STR(sections("(global (mut v128) v128.const i32x4 1 -1 0xffffffff 0)"),
              "6:017b01fd0c01000000ffffffffffffffff000000000b");
    CHECK_STR(sections("(tag $e (export \"e\") (param i32))"),
              "1:0160017f00 13:010000 7:0101650400 0:046e616d650b0401000165");
    CHECK_STR(sections("(func) (start 0)"), "1:01600000 3:0100 8:00 10:0102000b");
    CHECK_STR(sections("(func (param $x i32) (local i32 i32) (local $y f32))"),
              "1:0160017f00 3:0100 10:010602027f017d0b 0:046e616d650209010002000178030179");
}

static void test_custom(void)
{
    CHECK_STR(sections("(@custom \"a\" (before first) \"x\") (@custom \"b\" \"y\" \"z\") (memory "
                       "0) (@custom \"c\" (after memory))"),
              "0:016178 5:010000 0:0163 0:0162797a");
    CHECK_STR(sections("(func (@metadata.code.branch_hint \"\\01\") (if (i32.const 0) (then)))"),
              "1:01600000 3:0100 0:196d657461646174612e636f64652e6272616e63685f68696e74010001030101"
              " 10:010700410004400b0b");
}

static void test_instructions(void)
{
    CHECK_STR(body("nop"), "01");
    CHECK_STR(body("(i32.add (i32.const 1) (i32.const -1))"), "4101417f6a");
    CHECK_STR(body("i32.add i32.const 1 nop"), "6a410101");
    CHECK_STR(body("(i32.add i32.const 1 (nop))"), "4101016a");
    CHECK_STR(body("(if $l (result i32) (i32.const 0) (then (br $l (i32.const 1))) (else (br 1)))"),
              "4100047f41010c00050c010b");
    CHECK_STR(body("i32.const 0 if $l else $l end $l"), "41000440050b");
    CHECK_STR(body("block $a block $b block $a br $a br $b br_table $a $b 2 end br $a end end"),
              "0240024002400c000c010e020001020b0c010b0b");
    CHECK_STR(body("(block (param i32) (result i32 i32) unreachable) drop"), "0203000b1a");
    CHECK_STR(body("(loop (result (ref null $t)) (unreachable))"), "036300000b");
    CHECK_STR(body("(try (do (throw $e)) (catch $e (rethrow 0)) (catch_all))"),
              "0640080007000900190b");
    CHECK_STR(body("block $l (try $l (do) (delegate $l)) end"), "0240064018000b");
    CHECK_STR(body("try $l br $l catch $e catch_all end $l"), "06400c000700190b");
    CHECK_STR(body("block $l (try_table $l (catch $e $l) (catch_all_ref $l) (br $l)) end"),
              "02401f400200000003000c000b0b");
    CHECK_STR(body("i32.load i32.load offset=0x10 align=1 i32.load $m offset=1 i64.load"),
              "28020028001028420101290300");
    CHECK_STR(body("(v128.load8_lane 3) (v128.load8_lane $m 3) (v128.load8_lane 1 offset=2 3) "
                   "v128.load8_lane 1 nop"),
              "fd54000003fd5440010003fd5440010203fd5400000101");
    CHECK_STR(body("memory.size memory.size $m memory.copy memory.copy 1 0 memory.init $d "
                   "memory.init $m $d"),
              "3f003f01fc0a0000fc0a0100fc080000fc080001");
    CHECK_STR(body("table.get table.init $s table.init 0 $s table.copy elem.drop $s"),
              "2500fc0c0000fc0c0000fc0e0000fc0d00");
    CHECK_STR(body("call_indirect (param i32) call_indirect 0 (type 2) (result)"), "110300110200");
    CHECK_STR(body("select (select (result i32 i64)) (select (result i32) (result))"),
              "1b1c027f7e1c017f");
    CHECK_STR(
        body(
            "ref.null func ref.null $t ref.test (ref $t) ref.test nullref ref.cast (ref null i31)"),
        "d070d000fb1400fb1571fb176c");
    CHECK_STR(body("br_on_cast 0 anyref (ref $t) br_on_cast_fail 0 (ref any) (ref null $t)"),
              "fb1801006e00fb1902006e00");
    CHECK_STR(body("struct.get $t $f struct.set 0 0 array.new_fixed $a 3 array.new_data $a $d"),
              "fb020000fb050000fb080103fb090100");
    CHECK_STR(body("i64.const 0x8000000000000000 f32.const nan:0x1 f64.const -0"),
              "428080808080808080807f430100807f440000000000000080");
    CHECK_STR(body("i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 255 i8x16.extract_lane_s 0xf"),
              "fd0d000102030405060708090a0b0c0d0efffd150f");
    CHECK_STR(body("i16x8.relaxed_laneselect_nope"),
              "unknown operator: \"i16x8.relaxed_laneselect_nope\" is no instruction");
    CHECK_STR(body("atomic.fence i64.add128 cont.new 0 resume 0 (on $e switch) (on $e 0)"),
              "fe0300fc13e000e300020100000000");
}

typedef struct {
    Err err;
    u32 line, column;
    const char *text;
} Bad;

static void test_errors(void)
{
    static const Bad rows[] = {
        {ERR_unexpected_token, 1, 1, "x"},
        {ERR_unexpected_token, 1, 9, "(module)x"},
        {ERR_unexpected_token, 1, 15, "(module (func)"},
        {ERR_unexpected_token, 2, 6, "(func\n nop)) "},
        {ERR_multiple_modules, 1, 10, "(module) (module)"},
        {ERR_unknown_operator, 1, 2, "(foo)"},
        {ERR_unknown_operator, 3, 3, "(func\n  nop\n  i32.ad)"},
        {ERR_unexpected_token, 1, 12, "(func nop (param i32))"},
        {ERR_unexpected_token, 1, 12, "(func block)"},
        {ERR_unexpected_token, 1, 7, "(func end)"},
        {ERR_unexpected_token, 1, 13, "(func block else end)"},
        {ERR_unexpected_token, 1, 27, "(func (if (i32.const 0)   ))"},
        {ERR_unexpected_token, 1, 11, "(func (if i32.const 0 (then)))"},
        {ERR_unexpected_token, 1, 27, "(func (try (do) (catch 0) (delegate 0)))"},
        {ERR_mismatching_label, 1, 20, "(func block $a end $b)"},
        {ERR_mismatching_label, 1, 17, "(func block end $b)"},
        {ERR_unknown_label_identifier, 1, 23, "(func block $a end br $a)"},
        {ERR_unknown_local_identifier, 1, 17, "(func local.get $x)"},
        {ERR_unknown_function_identifier, 1, 12, "(func call $f)"},
        {ERR_unknown_type_identifier, 1, 13, "(func (type $t))"},
        {ERR_unknown_field_identifier, 1, 51,
         "(type (struct (field $f i32))) (func struct.get 0 $g)"},
        {ERR_duplicate_func, 1, 17, "(func $f) (func $f)"},
        {ERR_duplicate_local, 1, 29, "(func (param $x i32) (local $x i32))"},
        {ERR_duplicate_field, 1, 37, "(type (struct (field $f i32) (field $f i32)))"},
        {ERR_inline_function_type, 1, 30, "(type (func)) (func (type 0) (param i32))"},
        {ERR_import_after_function, 1, 8, "(func) (import \"\" \"\" (func))"},
        {ERR_import_after_global, 1, 34, "(global i32 (i32.const 0)) (func (import \"\" \"\"))"},
        {ERR_multiple_start, 1, 18, "(func) (start 0) (start 0)"},
        {ERR_constant_out_of_range, 1, 17, "(func i32.const 0x100000000)"},
        {ERR_constant_out_of_range, 1, 17, "(func f32.const 1e39)"},
        {ERR_constant_out_of_range, 1, 12, "(func call 4294967296)"},
        {ERR_unexpected_token, 1, 12, "(func call -1)"},
        {ERR_alignment_not_power_of_two, 1, 16, "(func i32.load align=3)"},
        {ERR_unknown_operator, 1, 16, "(func i32.load offset=-1)"},
        {ERR_wrong_lane_count, 1, 28, "(func v128.const i64x2 0 1 2)"},
        {ERR_malformed_lane_index, 1, 28, "(func i8x16.extract_lane_s 256)"},
        {ERR_invalid_lane_length, 1, 23, "(func (i8x16.shuffle 1))"},
        {ERR_malformed_page_size, 1, 21, "(memory 1 (pagesize 3))"},
        {ERR_unexpected_token, 1, 22, "(memory (pagesize 1) 1)"},
        {ERR_identifier_not_allowed, 1, 30, "(import \"a\" (item \"b\") (func $f))"},
        {ERR_misplaced_annotation, 1, 7, "(func (@custom \"x\"))"},
        {ERR_misplaced_annotation, 1, 1, "(@metadata.code.branch_hint \"\\00\") (func)"},
        {ERR_malformed_annotation, 1, 9, "(@custom)"},
        {ERR_empty_identifier, 1, 7, "(func $)"},
        {ERR_empty_identifier, 1, 7, "(func $\"\")"},
        {ERR_malformed_utf8, 1, 7, "(func $\"\\ff\")"},
        {ERR_malformed_utf8, 1, 15, "(func (export \"\\ff\"))"},
    };
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        CHECK(!parse(rows[i].text, features_all));
        CHECK(err_class[diag.err] == CLASS_malformed);
        bool place = diag.line == rows[i].line && diag.column == rows[i].column;
        if (CHECK(diag.err == rows[i].err && place)) continue;
        char text[400];
        printf("    %s\n    %u:%u: %s\n", rows[i].text, diag.line, diag.column,
               diag_text(&diag, text, sizeof text));
    }
    CHECK(!parse("(func (@metadata.code.branch_hint \"\\00\") nop)", features_all));
    CHECK(diag.err == ERR_invalid_annotation);
    CHECK(!parse("(func try end)", features_default & ~FEATURE_BIT(FEATURE_legacy_exceptions)));
    CHECK(diag.err == ERR_feature_disabled);
    CHECK(!parse("(func i32.ad)", features_default));
    CHECK_STR(diag.detail, "\"i32.ad\" is no instruction, did you mean \"i32.add\"?");
}

static void test_map(void)
{
    const char *text = "(module\n  (func (result i32)\n    (i32.add (i32.const 1)\n      "
                       "(i32.const 2)))\n (memory 1))";
    size_t at;
    arena_reset(&arena);
    diag_init(&diag);
    if (!CHECK(text_parse(&arena, text, 0, strlen(text), features_default, NULL,
                          &module, &diag))) return;
    CHECK(!text_locate(&module, 0, &at));
    const u8 *code = memchr(module.bytes.data + 16, 10, module.bytes.len - 16); // the code section
    size_t body_at = (size_t)(code - module.bytes.data) + 5;
    CHECK(text_locate(&module, body_at, &at) && !strncmp(text + at, "i32.const 1", 11));
    CHECK(text_locate(&module, body_at + 3, &at) && !strncmp(text + at, "i32.const 2", 11));
    CHECK(text_locate(&module, body_at + 4, &at) && !strncmp(text + at, "i32.add", 7));
    CHECK(text_locate(&module, body_at + 5, &at) && !strncmp(text + at, ")\n (memory", 10));
    CHECK(text_locate(&module, body_at - 5, &at) && !strncmp(text + at, "(func", 5)); // the head of the section
    diag.offset = body_at + 4;
    text_diag_map(&diag, &module, text, strlen(text));
    CHECK(diag.line == 3 && diag.column == 6);
}

static void repeat(char **to, const char *s, u32 count)
{
    for (u32 i = 0; i < count; i++) *to = stpcpy(*to, s);
}

// Levels of everything that nests: more than any stack has room for.
static void test_depth(void)
{
    const u32 depth = check_full() ? 2500000 : 250000;
    static const char *const rows[][4] = {
        {"(func ", "block ", "", "end "},
        {"(func ", "(block ", "", ")"},
        {"(func ", "(i32.eqz ", "", ")"},
        {"(func ", "(if (nop)(then ", "", "))"},
        {"(func ", "(if ", "nop", "(then))"},
        {"(func ", "block $l br $l ", "", "end "},
        {"(@a ", "(", "", ")"},
    };
    char *text = malloc(depth * 20 + 100);
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        char *to = text;
        repeat(&to, rows[i][0], 1);
        repeat(&to, rows[i][1], depth);
        repeat(&to, rows[i][2], 1);
        repeat(&to, rows[i][3], depth);
        repeat(&to, ")", 1);
        arena_free(&arena);
        diag_init(&diag);
        bool done = text_parse(&arena, text, 0, (size_t)(to - text), features_default, NULL,
                               &module, &diag);
        CHECK(done == (i != 4)); // the condition of an if must be folded
    }
    free(text);
    arena_free(&arena);
}

// Whatever allocation fails first, the answer is "out of memory", and all is given back.
static void test_memory(void)
{
    char text[4000] = "(module $m", *to = text + strlen(text);
    repeat(&to, "(func (param $xxxxxxxxxxxxxx i32) (block $l (br $l)))", 60);
    strcpy(to, "(@custom \"a\" \"bcd\"))");
    jmp_buf outer;
    for (size_t limit = 1000;; limit += 1000) {
        Arena small;
        arena_init(&small);
        small.limit = limit;
        small.on_failure = &outer;
        diag_init(&diag);
        bool done = text_parse(&small, text, 0, strlen(text), features_default, NULL,
                               &module, &diag);
        CHECK(small.on_failure == &outer);
        CHECK(done || diag.err == ERR_out_of_memory);
        arena_free(&small);
        if (done || limit > 10000000) {
            CHECK(done);
            break;
        }
    }
}

int main(void)
{
    arena_init(&arena);
    test_modules();
    test_types();
    test_fields();
    test_custom();
    test_instructions();
    test_errors();
    test_map();
    test_memory();
    test_depth();
    arena_free(&arena);
    return check_report();
}
