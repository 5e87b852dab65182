// component_text_test.c -- texts of components with the bytes they stand for, and texts that are
// none, with the reason and the place. Names go to a section of their own, which is left out here.

#include "text/component/parse.h"
#include "text/lexer.h"

#include "check.h"

#include <stdlib.h>

static Arena arena;
static Diag diag;
static TextModule result;

static bool parse(const char *text)
{
    // A copy of exactly its size, so that the sanitizer sees the first byte read beyond.
    size_t len = strlen(text);
    char *copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    arena_reset(&arena);
    diag_init(&diag);
    bool whole = text_is_component(copy, 0, len);
    bool done = component_text_parse(&arena, copy, 0, len, whole, features_all, NULL, &result,
                                     &diag);
    CHECK_EQ_U64(done, diag.err == ERR_none);
    for (u32 i = 1; i < result.map_count; i++)
        CHECK(result.map[i - 1].binary <= result.map[i].binary);
    free(copy);
    return done;
}

// The sections after the header, but for names, as "id:content" in hex.
static const char *sections(const char *text)
{
    static char out[4000];
    if (!parse(text)) return diag_text(&diag, out, sizeof out);
    char *o = out;
    *o = 0;
    for (size_t i = 8; i < result.bytes.len;) {
        const u8 *s = result.bytes.data + i;
        CHECK(s[1] < 0x80); // all tests are small
        bool names = s[0] == 0 && s[2] == 14 && !memcmp(s + 3, "component-name", 14);
        if (!names) o += sprintf(o, "%s%u:", o == out ? "" : " ", s[0]);
        for (u32 k = 0; k < s[1] && !names; k++) o += sprintf(o, "%02x", s[2 + k]);
        i += 2 + s[1];
    }
    return out;
}

static void types(void)
{
    CHECK_STR(sections("(component)"), "");
    CHECK_STR(sections("(type u8) (type (list string))"), "7:027d7073");
    // what has no name becomes a type in front of it, the innermost first
    CHECK_STR(sections("(type (list (tuple u8 (list string))))"), "7:037073" "6f027d00" "7001");
    CHECK_STR(sections("(type (record (field \"a\" u8) (field \"b\" (option u8))))"),
                 "7:02" "6b7d" "72020161" "7d016200");
    CHECK_STR(sections("(type (variant (case \"a\") (case \"b\" s8)))"), "7:01"
                 "7102016100000162017e00");
    CHECK_STR(sections("(type (result)) (type (result u8)) (type (result (error u8)))"
                          "(type (result u8 (error s8)))"),
                 "7:04" "6a0000" "6a017d00" "6a00017d" "6a017d017e");
    CHECK_STR(sections("(type (flags \"a\" \"b\")) (type (enum \"a\"))"), "7:02" "6e0201610162"
                 "6d010161");
    CHECK_STR(sections("(type (list u8 300)) (type (map u8 string))"), "7:02" "677dac02" "637d73");
    CHECK_STR(sections("(type (stream)) (type (future u8))"), "7:02" "6600" "65017d");
    CHECK_STR(sections("(type $r (resource (rep i32))) (type (own $r)) (type (borrow 0))"),
                 "7:03" "3f7f00" "6900" "6800");
    CHECK_STR(sections("(type (func async (param \"a\" u8) (result (list u8))))"),
                 "7:02" "707d" "430101617d0000");
    CHECK_STR(sections("(type (func))"), "7:01" "40000100");
    CHECK_STR(sections("(type (instance (export \"a\" (type (sub resource)))"
                          "(export \"f\" (func (param \"x\" (own 0))))))"),
                 "7:01" "4204" "04000161" "0301" "016900" "0140010178010100" "04000166" "0102");
}

static void core(void)
{
    CHECK_STR(sections("(core type (func (param i32))) (core type (sub (struct)))"),
                 "3:02" "60017f00" "00" "5000" "5f00");
    CHECK_STR(sections("(core rec (type $a (array (ref $b))) (type $b (struct)))"),
                 "3:01" "4e02" "5e640100" "5f00");
    // a signature is declared once
    CHECK_STR(sections("(core type (module (import \"a\" \"b\" (func)) (export \"c\" (func))"
                          "(export \"d\" (memory 1))))"),
                 "3:01" "5004" "01600000" "0001610162" "0000" "030163" "0000" "030164" "020001");
    // a name from outside is an alias in front, also of what refers to itself
    CHECK_STR(sections("(core type $t (func)) (core type (module"
                          "(import \"\" \"\" (func (type $t)))))"),
                 "3:02" "600000" "5002" "0210010100" "00000000" "00");
    CHECK_STR(sections("(core type $t (struct)) (component"
                          "(core rec (type $a (struct (field (ref $t) (ref $b))))"
                       "(type $b (struct))))"),
                 "3:01" "5f00" " 4:" "0061736d0d000100" "0606" "01" "0010020100"
                 "030d01" "4e02" "5f02640000640200" "5f00"
                 "001d0e636f6d706f6e656e742d6e616d65010c0010"
                 "03" "0001740101610201" "62");
    CHECK_STR(sections("(core module binary \"\\00asm\" \"\\01\\00\\00\\00\")"),
                 "1:0061736d01000000");
    CHECK_STR(sections("(core module $m (func)) (core instance $i (instantiate $m))"),
                 "1:0061736d01000000" "010401600000" "03020100" "0a040102000b" " 2:01" "000000");
}

static void references(void)
{
    static const char *const instance = "(import \"i\" (instance $i (export \"f\" (func))"
                                        "(export \"n\" (instance (export \"g\" (func))))))";
    static const char *const head = "7:01" "4204" "0140000100" "0400016601" "00"
                                    "0142020140000100" "0400016701" "00" "0400016e" "0501"
                                    " 10:01" "00016905" "00";
    char text[400], want[400];
    snprintf(text, sizeof text, "%s (export \"x\" (func $i \"n\" \"g\"))", instance);
    snprintf(want, sizeof want, "%s 6:02050000016e" "0100010167 11:0100017801" "0000", head);
    CHECK_STR(sections(text), want);
    snprintf(text, sizeof text, "%s (alias export $i \"f\" (func $f))"
             "(func $g (alias export $i \"f\"))"
             "(core func (canon lower (func $f))) (canon lower (func $g) (core func))", instance);
    snprintf(want, sizeof want, "%s 6:02010000016601" "00000166 8:02" "01000000" "01000100", head);
    CHECK_STR(sections(text), want);
    // both spellings
    static const char *const module =
        "(core module $m (memory (export \"m\") 1)) (core instance $i (instantiate $m))"
        "(import \"f\" (func $f (param \"s\" string)))";
    char first[400];
    snprintf(text, sizeof text, "%s (core func (canon lower (func $f) (memory $i \"m\")))", module);
    snprintf(first, sizeof first, "%s", sections(text));
    snprintf(text, sizeof text, "%s (core func (canon lower (func $f)"
             "(memory (core memory $i \"m\"))))",
             module);
    CHECK_STR(sections(text), first);
}

static void scopes(void)
{
    // one alias for each name, and none once there is something of that name
    CHECK_STR(sections("(type $t u8) (component (type (list $t)) (type (option $t))"
                          "(type $t string) (type (list $t)))"),
                 "7:01" "7d" " 4:" "0061736d0d000100" "0605" "01" "03020100" "0708" "04" "7000"
                 "6b00"
                 "73" "7003" "0016" "0e636f6d706f6e656e742d6e616d65" "0105" "03" "01" "03" "0174");
    CHECK_STR(sections("(component $c (type $t u8)"
                       "(type (instance (export \"a\" (type (eq $t))))))"),
                 "7:02" "7d" "4202" "0203020100" "0400016103" "0000");
    CHECK_STR(sections("(type u8) (component (export \"a\") (import \"b\" (func))) (component (type u8))"),
                 "7:017d 4:0061736d0d000100" "0705" "01" "40000100" "0a0601" "0001620100"
                 " 11:01" "0001610400" "00"
                 " 4:0061736d0d000100" "0702" "017d");
}

static void canonical(void)
{
    CHECK_STR(sections("(core func (canon task.return (result u8) string-encoding=utf16))"
                          "(canon waitable-set.wait cancellable (memory 0) (core func))"
                          "(core func (canon context.get i32 1))"
                       "(core func (canon subtask.cancel async))"
                          "(canon thread.new-indirect 0 (core table 0) (core func))"),
                 "8:05" "09007d" "0101" "200100" "0a7f01" "0601" "270000");
    CHECK_STR(sections("(func $f (export \"g\") (canon lift (core func 0) async (callback 1)))"),
                 "7:01" "40000100" " 8:01" "00000002" "060701" "00" " 11:01" "00016701" "0000");
    CHECK_STR(sections("(start 0 (value 1) (result (value)))"), "9:00010101");
    CHECK_STR(sections("(import \"a:b/c\" (implements \"a:b/d\") (external-id \"x\") (instance))"),
                 "7:01" "4200" " 10:01" "0205613a622f63" "02" "0005613a622f64" "020178" "0500");
}

static void places(void)
{
    CHECK_STR(sections("(@custom \"a\" \"bc\") (type u8) (@custom \"d\" \"\")"), "0:01616263 7:017d 0:0164");
    // the first @name is that of the component for its module
    CHECK(parse("(component (core module $m (@name \"x\") (@custom \"c\" \"\") (func)))"));
    CHECK(memmem(result.bytes.data, result.bytes.len, "\1c", 2));
    CHECK(memmem(result.bytes.data, result.bytes.len, "\1\0\1x", 4));
    CHECK(parse("(component $me (type $t u8))"));
    static const char names[] = "\0\x1b\x0e" "component-name" "\0\3\2me" "\1\5\3\1\0\1t";
    CHECK(result.bytes.len == 8 + 4 + sizeof names - 1 &&
          !memcmp(result.bytes.data + 12, names, sizeof names - 1));
    size_t at = 0;
    CHECK(parse("(component\n  (type u8)\n  (import \"A b\" (func)))"));
    diag_fail(&diag, ERR_component_name, result.bytes.len - 4, "%s", "");
    static const char text[] = "(component\n  (type u8)\n  (import \"A b\" (func)))";
    text_diag_map(&diag, &result, text, sizeof text - 1);
    CHECK_EQ_U64(diag.line, 3);
    CHECK(text_locate(&result, 10, &at) && at == 13);
}

static void refuse(const char *text, u32 column, const char *why)
{
    char words[400];
    CHECK(!parse(text));
    CHECK_STR(diag_text(&diag, words, sizeof words), why);
    CHECK_EQ_U64(diag.column, column);
}

static void refused(void)
{
    refuse("(component", 11, "unexpected token: found the end, expected \")\"");
    refuse("(component) x", 13, "unexpected token: found \"x\", expected nothing more");
    refuse("(component (func $f (canon lower (func 0))))", 28,
           "unexpected token: found \"lower\", expected (canon lift");
    refuse("(component (type (instance (import \"a\" (func)))))", 28,
           "unexpected token: found \"(\", expected a declaration of a type");
    refuse("(component (type (list $x)))", 24,
           "unknown identifier: \"$x\"; there is no such type");
    refuse("(component (core type $a (func)) (core type $a (func)))", 45,
           "duplicate identifier: \"$a\"; there is such a core type already");
    refuse("(component (alias outer $d 0 (type)))", 25,
           "unknown identifier: \"$d\"; nothing around it has that name");
    refuse("(component (alias outer 0 0 (func)))", 12, "malformed alias: of a func from outside");
    refuse("(component (core module (func (result i32) nonsense)))", 44,
           "unknown operator: \"nonsense\" is no instruction");
    refuse("(component (value u8 1))", 12,
           "feature is not enabled: definitions of values are not read yet");
    refuse("(component (import \"a\" (implements \"b\") (implements \"b\") (func)))", 52,
           "unexpected token: an attribute is there twice");
    static char deep[3000];
    for (u32 i = 0; i < 101; i++) strcat(deep, "(component");
    refuse(deep, 1001, "components are nested deeper than 100");
}

int main(void)
{
    arena_init(&arena);
    types();
    core();
    references();
    scopes();
    canonical();
    places();
    refused();
    arena_free(&arena);
    return check_report();
}
