// refuse_test.c -- what each instruction wants is wanted of it: without one of its operands, with
// one of another type, with an index of what is not there, it is refused, and for that reason; as
// it is, and where nothing is reached, it is not.
// Hazards: R43.
//
// A row is an instruction as text, and letters for its operands. Of each number behind a # in it
// another is tried that is far too large.

#include "check.h"
#include "engine/source.h"

typedef struct { const char *text, *operands; } Row;

static const char context[] =
    "(module (type $f (func (param i32) (result i64)))"               // 0
    "(type $s (sub (struct (field i32) (field (mut i64)) (field (mut i8))"
    " (field (mut funcref)))))"                                       // 1
    "(type $a (array (mut i32)))"                                     // 2
    "(type $r (array (mut funcref)))"                                 // 3
    "(type $void (func))"                                             // 4
    "(type $c (cont $void))"                                          // 5
    "(type $cf (cont $f))"                                            // 6
    "(type $ci (array i32))"                                          // 7
    "(type $b (array (mut i8)))"                                      // 8
    "(type $taken (func (param (ref null $c))))"                      // 9
    "(type $cs (cont $taken))"                                        // 10
    "(type $fi (func (result i64)))"                                  // 11
    "(type $cr (cont $fi))"                                           // 12
    "(type $nn (struct (field (ref $s))))"                            // 13
    "(rec (type $d (descriptor $m) (struct (field i32)))"             // 14
    " (type $m (describes $d) (struct)))"                             // 15
    "(memory $m0 1) (memory $m1 i64 1) (memory $m2 1 2 shared)"
    "(table $t0 2 funcref) (table $t1 2 externref) (table $t2 i64 2 funcref)"
    "(global $g0 (mut i32) (i32.const 0)) (global $g1 i64 (i64.const 0))"
    "(tag $e0 (param i32)) (tag $e1 (result i64)) (tag $e2)"
    "(elem $el0 funcref (ref.func 0)) (elem $el1 externref (ref.null extern))"
    "(data $d0 \"data\") (elem declare func 0)"
    "(func $f0 (type $f) (i64.const 0)) (func $v0 (type $void))"
    "(func $x0 (type $f) (local $l0 i32) ";

// Letters of operands, and what pushes one: of the type, and null where it is one of references.
static const char *push(char letter)
{
    switch (letter) {
    case 'i': return "(i32.const 1)";
    case 'l': return "(i64.const 1)";
    case 'f': return "(f32.const 1)";
    case 'd': return "(f64.const 1)";
    case 'v': return "(v128.const i64x2 0 0)";
    case 'r': return "(ref.null func)";
    case 'e': return "(ref.null extern)";
    case 'x': return "(ref.null exn)";
    case 'a': return "(ref.null any)";
    case 'q': return "(ref.null eq)";
    case '3': return "(ref.null i31)";
    case 'S': return "(ref.null $s)";
    case 'A': return "(ref.null $a)";
    case 'R': return "(ref.null $r)";
    case 'B': return "(ref.null $b)";
    case 'F': return "(ref.null $f)";
    case 'V': return "(ref.null $void)";
    case 'C': return "(ref.null $c)";
    case 'c': return "(ref.null $cf)";
    case 'k': return "(ref.null $cs)";
    case 'D': return "(ref.null $d)";
    case 'm': return "(struct.new_default $m)"; // of exactly this type
    case 'M': return "(ref.null $m)";
    default: return "";
    }
}

// A type that no row wants where it wants this one.
static const char *push_other(char letter)
{
    return letter == 'i' ? "(f64.const 1)" : "(i32.const 1)";
}

static const Row rows[] = {
    // control
    {"block (type #4) end", ""}, {"block (type #0) drop i64.const 0 end", "i"},
    {"loop (type #4) end", ""}, {"loop (param i32) (result i32) end", "i"},
    {"if (type #4) end", "i"}, {"if (param i64) (result i64) else end", "li"},
    {"br #0", "l"}, {"br_if #0", "li"}, {"br_table #0 #0", "li"}, {"return", "l"},
    {"call #0", "i"}, {"call_indirect #0 (type #0)", "ii"}, {"call_ref #0", "iF"},
    {"call_indirect $t2 (type #0)", "il"},
    {"return_call #0", "i"}, {"return_call_indirect #0 (type #0)", "ii"}, {"return_call_ref #0", "iF"},
    {"br_on_null #0", "lA"}, {"block (result (ref func)) ref.null func br_on_non_null #0 unreachable end", ""},
    {"br_on_null #0", "lr"},
    // exceptions
    {"throw #0", "i"}, {"throw_ref", "x"},
    {"block (result i32) try_table (catch #0 #0) end unreachable end", ""},
    {"block (result i32 exnref) try_table (catch_ref #0 #0) end unreachable end", ""},
    {"block try_table (catch_all #0) end end", ""},
    {"block (result exnref) try_table (catch_all_ref #0) end unreachable end", ""},
    {"try_table (type #0) drop i64.const 0 end", "i"},
    {"try (type #4) nop catch #2 end", ""}, {"try nop catch_all rethrow #0 end", ""},
    {"try (type #4) nop delegate #0", ""}, {"try (param i32) drop catch_all end", "i"},
    // values
    {"drop", "i"}, {"select", "ddi"}, {"select", "vvi"}, {"select (result funcref)", "rri"},
    {"local.get #1", ""}, {"local.set #1", "i"}, {"local.tee #1", "i"},
    {"global.get #0", ""}, {"global.set #0", "i"},
    // tables
    {"table.get #0", "i"}, {"table.set #0", "ir"}, {"table.size #0", ""}, {"table.grow #0", "ri"},
    {"table.fill #0", "iri"}, {"table.copy #0 #0", "iii"}, {"table.init #0 #0", "iii"},
    {"table.get #2", "l"}, {"table.set #2", "lr"}, {"table.grow #2", "rl"}, {"table.fill #2", "lrl"},
    {"table.copy #0 #2", "ili"}, {"table.copy #2 #0", "lii"}, {"table.copy #2 #2", "lll"},
    {"table.init #2 #0", "lii"}, {"elem.drop #0", ""},
    // memories
    {"i32.load #0", "i"}, {"i64.load #1", "l"}, {"i32.store #0", "ii"}, {"f64.store #1", "ld"},
    {"v128.load8_lane #0 3", "iv"}, {"v128.store64_lane #1 1", "lv"},
    {"memory.size #0", ""}, {"memory.grow #0", "i"}, {"memory.grow #1", "l"}, {"memory.fill #0", "iii"},
    {"memory.fill #1", "lil"}, {"memory.copy #0 #0", "iii"}, {"memory.copy #0 #1", "ili"},
    {"memory.copy #1 #0", "lii"}, {"memory.copy #1 #1", "lll"}, {"memory.init #0 #0", "iii"},
    {"memory.init #1 #0", "lii"}, {"data.drop #0", ""}, {"memory.discard #0", "ii"},
    {"memory.discard #1", "ll"},
    {"memory.atomic.notify #2", "ii"}, {"memory.atomic.wait32 #2", "iil"},
    {"memory.atomic.wait64 #2", "ill"}, {"i32.atomic.rmw.add #2", "ii"},
    {"i64.atomic.rmw.cmpxchg #2", "ill"}, {"i32.atomic.load #2", "i"}, {"i64.atomic.store #2", "il"},
    // references
    {"ref.null #1", ""}, {"ref.is_null", "r"}, {"ref.func #0", ""}, {"ref.eq", "qq"},
    {"ref.as_non_null", "A"}, {"ref.test (ref #1)", "a"}, {"ref.cast (ref null #1)", "a"},
    {"block (result (ref null $s)) ref.null any br_on_cast #0 (ref null any) (ref null #1) unreachable end", ""},
    {"any.convert_extern", "e"}, {"extern.convert_any", "a"},
    {"ref.i31", "i"}, {"i31.get_s", "3"}, {"i31.get_u", "3"},
    // structures
    {"struct.new #1", "ilir"}, {"struct.new_default #1", ""}, {"struct.get #1 #0", "S"},
    {"struct.get_s #1 #2", "S"}, {"struct.get_u #1 #2", "S"}, {"struct.set #1 #1", "Sl"},
    {"struct.set #1 #3", "Sr"},
    // arrays
    {"array.new #2", "ii"}, {"array.new_default #2", "i"}, {"array.new_fixed #2 2", "ii"},
    {"array.new_fixed #3 1", "r"}, {"array.new_data #2 #0", "ii"}, {"array.new_elem #3 #0", "ii"},
    {"array.get #2", "Ai"}, {"array.get_s #8", "Bi"}, {"array.get_u #8", "Bi"}, {"array.set #2", "Aii"},
    {"array.len", "A"}, {"array.fill #2", "Aiii"}, {"array.fill #3", "Riri"},
    {"array.copy #2 #2", "AiAii"}, {"array.copy #3 #3", "RiRii"}, {"array.init_data #2 #0", "Aiii"},
    {"array.init_elem #3 #0", "Riii"},
    // stack switching
    {"cont.new #5", "V"}, {"cont.new #6", "F"}, {"cont.bind #6 #12", "ic"}, {"resume #5", "C"},
    {"resume #6", "ic"}, {"block (result (ref null $c)) ref.null $c resume #5 (on #2 #0) ref.null $c end", ""},
    {"suspend #1", ""}, {"resume_throw #5 #0", "iC"}, {"resume_throw_ref #5", "xC"},
    {"switch #10 #2", "k"},
    // descriptors
    {"struct.new_desc #14", "im"}, {"struct.new_default_desc #14", "m"}, {"ref.get_desc #14", "D"},
    {"ref.cast_desc_eq (ref null #14)", "aM"},
};

static Engine *engine;

// Does a body of this load?
static bool loads(const char *body, const char *behind, Diag *diag)
{
    static char text[20000];
    Source source;
    int len = snprintf(text, sizeof text, "%s%s%s))", context, body, behind);
    bool good = source_load(&source, engine, (const u8 *)text, (size_t)len, diag);
    source_free(&source);
    return good;
}

// The row's text, with its `away`-th number replaced; false: it has not so many.
static bool instruction(const char *text, int away, char *out)
{
    int seen = 0;
    for (; *text; text++) {
        if (*text != '#') {
            *out++ = *text;
            continue;
        }
        if (seen++ != away) continue;
        out += sprintf(out, "99");
        while (text[1] >= '0' && text[1] <= '9') text++;
    }
    *out = 0;
    return away < seen;
}

static void check_refused(const char *body, const char *words)
{
    Diag diag;
    bool refused = CHECK(!loads(body, " unreachable", &diag)) &&
                   CHECK_EQ_U64(err_class[diag.err], CLASS_invalid) &&
                   CHECK(!strncmp(err_text[diag.err], words, strlen(words)));
    if (!refused) printf("    %s: %s\n", body, err_text[diag.err]);
}

// All operands, but that the one at `missing` is left away and the one at `wrong` is another.
static void operands(const Row *row, size_t missing, size_t wrong, char *out)
{
    *out = 0;
    for (size_t i = 0; row->operands[i]; i++) {
        const char *good = push(row->operands[i]), *bad = push_other(row->operands[i]);
        if (i != missing) strcat(out, i == wrong ? bad : good);
    }
}

static void check_taken(const char *body)
{
    Diag diag;
    if (!CHECK(loads(body, " unreachable", &diag)))
        printf("    %s: %s %s\n", body, err_text[diag.err], diag.detail);
}

static void check_row(const Row *row)
{
    enum { NONE = 99 };
    char body[2000], text[1000];
    instruction(row->text, NONE, text);
    operands(row, NONE, NONE, body);
    check_taken(strcat(body, text));
    snprintf(body, sizeof body, "unreachable %s", text);
    check_taken(body);
    for (size_t i = 0; row->operands[i]; i++) {
        operands(row, i, NONE, body);
        check_refused(strcat(body, text), "type mismatch");
        // What is dropped, or tells nothing of its type, may be of any.
        if (!strcmp(row->text, "drop") || !strncmp(row->text, "select", 6)) continue;
        operands(row, NONE, i, body);
        check_refused(strcat(body, text), "type mismatch");
        // The same where nothing is reached, but for what stands on top.
        char other[sizeof body + 16];
        snprintf(other, sizeof other, "unreachable %s", body);
        check_refused(other, "type mismatch");
    }
    for (int n = 0; instruction(row->text, n, text); n++) {
        operands(row, NONE, NONE, body);
        check_refused(strcat(body, text), "unknown");
    }
}

// What is refused for other reasons, each its own.
static void test_others(void)
{
    static const struct { const char *body, *words; } others[] = {
        {"(global.set $g1 (i64.const 0))", "immutable global"},
        {"(table.copy $t0 $t1 (i32.const 0) (i32.const 0) (i32.const 0))", "type mismatch"},
        {"(table.init $t0 $el1 (i32.const 0) (i32.const 0) (i32.const 0))", "type mismatch"},
        {"(drop (struct.get 2 0 (ref.null 2)))", "type mismatch"},
        {"(struct.set 1 0 (ref.null 1) (i32.const 0))", "immutable field"},
        {"(drop (struct.get 1 2 (ref.null 1)))", ""},
        {"(drop (struct.get_s 1 0 (ref.null 1)))", ""},
        {"(drop (struct.new_default 13))", ""},
        {"(drop (array.get 1 (ref.null 1) (i32.const 0)))", ""},
        {"(drop (array.get 8 (ref.null 8) (i32.const 0)))", ""},
        {"(drop (array.get_u 2 (ref.null 2) (i32.const 0)))", ""},
        {"(array.set 7 (ref.null 7) (i32.const 0) (i32.const 0))", "immutable array"},
        {"(array.fill 7 (ref.null 7) (i32.const 0) (i32.const 0) (i32.const 0))", "immutable array"},
        {"(array.copy 7 2 (ref.null 7) (i32.const 0) (ref.null 2) (i32.const 0) (i32.const 0))", "immutable array"},
        {"(array.copy 2 3 (ref.null 2) (i32.const 0) (ref.null 3) (i32.const 0) (i32.const 0))", ""},
        {"(drop (array.new_data 3 0 (i32.const 0) (i32.const 0)))", "array type is not numeric"},
        {"(array.init_data 3 0 (ref.null 3) (i32.const 0) (i32.const 0) (i32.const 0))", "array type is not numeric"},
        {"(array.init_data 7 0 (ref.null 7) (i32.const 0) (i32.const 0) (i32.const 0))", "immutable array"},
        {"(drop (array.new_elem 3 1 (i32.const 0) (i32.const 0)))", "type mismatch"},
        {"(drop (array.new_elem 2 0 (i32.const 0) (i32.const 0)))", "type mismatch"},
        {"(array.init_elem 3 1 (ref.null 3) (i32.const 0) (i32.const 0) (i32.const 0))", "type mismatch"},
        {"(drop (ref.func 1))", "undeclared function reference"},
        {"(drop (ref.test (ref 1) (ref.null func)))", "type mismatch"},
        {"(drop (ref.cast (ref func) (ref.null any)))", "type mismatch"},
        {"(block (result (ref null $s)) (br_on_cast 0 (ref null $s) (ref null any) (ref.null $s)))", "type mismatch"},
        {"(block (result i32) (br_on_cast 0 (ref null any) (ref null $s) (ref.null any)) (unreachable))", "type mismatch"},
        {"(block (br_on_cast 0 (ref null any) (ref null $s) (ref.null any)) (unreachable))", "type mismatch"},
        {"(block (result (ref $s)) (br_on_cast_fail 0 (ref null any) (ref $s) (ref.null any)) (unreachable))", "type mismatch"},
        {"(block (br_on_non_null 0 (ref.null func)))", "type mismatch"},
        {"(block (result (ref null $s)) (br_on_cast 0 (ref null any) (ref null $s) (i32.const 0)) (unreachable))", "type mismatch"},
        {"(block (result (ref null $s)) (br_on_cast_desc_eq 0 (ref null any) (ref null $d) (ref.null any) (i32.const 0)) (unreachable))", "type mismatch"},
        {"(block (result (ref func)) (br_on_non_null 0 (i32.const 0)) (unreachable))", "type mismatch"},
        {"(block (result (ref null $s)) (br_on_cast 0 (ref null 99) (ref null 1) (ref.null 1)) (unreachable))", "unknown type"},
        {"(block (result (ref null $s)) (br_on_cast 0 (ref null 1) (ref null 99) (ref.null 1)) (unreachable))", "unknown type"},
        {"(resume_throw_ref 5 (on 99 0) (ref.null exn) (ref.null 5))", "unknown tag"},
        {"(resume_throw 5 99 (ref.null 5))", "unknown tag"},
        {"(drop (any.convert_extern (ref.null func)))", "type mismatch"},
        {"(drop (extern.convert_any (ref.null func)))", "type mismatch"},
        {"unreachable (drop (select (ref.null func) (i32.const 0)))", "type mismatch"},
        {"(drop (select (ref.null func) (ref.null func) (i32.const 0)))", "type mismatch"},
        {"(drop (select (i32.const 0) (i64.const 0) (i32.const 0)))", "type mismatch"},
        {"(if (result i32) (i32.const 0) (then (i32.const 0)))", "type mismatch"},
        {"(if (param i32) (result i64) (i32.const 0) (i32.const 0) (then (drop) (i64.const 0)))", "type mismatch"},
        {"(block (br_table 0 1 (i64.const 0) (i32.const 0)))", "type mismatch"},
        {"(drop (call_ref 1 (ref.null 1)))", ""},
        {"(return_call 1)", "type mismatch"},
        {"(drop (call_indirect $t1 (type 0) (i32.const 0) (i32.const 0)))", "type mismatch"},
        {"(block (try_table (catch $e0 0)))", "type mismatch"},
        {"(block (try_table (catch_ref $e2 0)))", "type mismatch"},
        {"(block (try_table (catch_all_ref 0)))", "type mismatch"},
        {"(block (result i32) (try_table (catch_all 0)) (unreachable))", "type mismatch"},
        {"(block (rethrow 0))", "invalid rethrow label"},
        {"(drop (cont.new 1 (ref.null 1)))", ""},
        {"(drop (cont.new 5 (ref.null 0)))", "type mismatch"},
        {"(drop (cont.bind 5 6 (ref.null 5)))", "type mismatch"},
        {"(drop (cont.bind 6 5 (i32.const 0) (ref.null 6)))", "type mismatch"},
        {"(resume 4 (ref.null 5))", ""},
        {"(block (resume 5 (on $e2 0) (ref.null 5)))", "type mismatch"},
        {"(block (result i32) (resume 5 (on $e2 0) (ref.null 5)) (i32.const 0)) (drop)", "type mismatch"},
        {"(switch 5 $e2 (ref.null 5))", "type mismatch"},
        {"(switch 10 $e0 (ref.null 10))", ""},
        {"(resume_throw 5 $e0 (ref.null 5))", "type mismatch"},
        {"(drop (ref.get_desc 1 (ref.null 1)))", ""},
        {"(drop (struct.new_desc 1 (i32.const 0) (i64.const 0) (i32.const 0) (ref.null func) (ref.null 15)))", ""},
        {"(drop (struct.new 14 (i32.const 0)))", ""},
        {"(drop (i32.load align=8 (i32.const 0)))", "alignment must not be larger than natural"},
        {"(drop (i32.atomic.load $m2 align=2 (i32.const 0)))", ""},
        {"(drop (i32.load offset=0x100000000 (i32.const 0)))", ""},
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) check_refused(others[i].body, others[i].words);
}

// What may stand in a constant expression and what not, whatever it would leave.
static void test_constants(void)
{
    static const struct { const char *global, *words; } inits[] = {
        {"(global (ref null any) (struct.new_default 1))", NULL},
        {"(global (ref null any) (struct.new_default 15))", NULL},
        {"(global (ref null any) (struct.new_default_desc 14 (struct.new_default 15)))", NULL},
        {"(global (ref null any) (array.new_fixed 2 1 (i32.const 1)))", NULL},
        {"(global externref (extern.convert_any (ref.i31 (i32.const 1))))", NULL},
        {"(global i32 (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3))))", NULL},
        {"(global i32 (i32.div_u (i32.const 1) (i32.const 1)))", "constant expression required"},
        {"(global i32 (i32.load (i32.const 1)))", "constant expression required"},
        {"(global i32 (call 0 (i32.const 1)))", "constant expression required"},
        {"(global i32 (block (result i32) (i32.const 1)))", "constant expression required"},
        {"(global i32 (global.get $g0))", "constant expression required"},
        {"(global i32 (i64.const 1))", "type mismatch"},
        {"(global i32 (i32.add (i32.const 1) (i64.const 1)))", "type mismatch"},
        {"(global i32 (i32.add (i32.const 1)))", "type mismatch"},
        {"(global i32 (i32.const 1) (i32.const 1))", "type mismatch"},
        {"(global i32)", "type mismatch"},
        {"(global funcref (ref.func 99))", "unknown function"},
        {"(global (ref null any) (struct.new 1 (i32.const 1)))", "type mismatch"},
        {"(global (ref null any) (struct.new_default 99))", "unknown type"},
        {"(memory 1 (pagesize 2))", "invalid custom page size"},
        {"(table 1 (ref func))", "type mismatch"},
        {"(table i64 2 1 funcref)", "size minimum must not be greater than maximum"},
        {"(elem (ref null extern) (ref.func 0))", "type mismatch"},
        {"(elem (i32.const 0) externref (ref.null extern))", "type mismatch"},
        {"(elem (table 99) (i32.const 0) func 0)", "unknown table"},
        {"(data (memory 99) (i32.const 0))", "unknown memory"},
        {"(data (i64.const 0) \"\")", "type mismatch"},
        {"(start 0)", "start function"},
        {"(export \"a\" (func 0)) (export \"a\" (func 0))", "duplicate export name"},
        {"(export \"\" (func 0)) (export \"\" (func 0))", "duplicate export name"},
        {"(export \"a\" (memory 99))", "unknown memory"},
    };
    for (size_t i = 0; i < COUNT_OF(inits); i++) {
        char behind[400];
        Diag diag;
        snprintf(behind, sizeof behind, " unreachable) %s (func", inits[i].global);
        bool good = loads("", behind, &diag), want = !inits[i].words;
        bool right = CHECK(good == want);
        const char *words = want ? "" : inits[i].words;
        right &= CHECK(!strncmp(err_text[diag.err], words, strlen(words)));
        if (!right) printf("    %s: %s\n", inits[i].global, err_text[diag.err]);
    }
}

// Each row's instruction under an engine that has no more than what came first, where a row of its
// own needs more than its types do.
static void test_features(void)
{
    static const struct { const char *func; Feature feature; } needs[] = {
        {"(i32.extend8_s (i32.const 1)) drop", FEATURE_sign_extension},
        {"(i32.trunc_sat_f32_s (f32.const 1)) drop", FEATURE_nontrapping_ftoi},
        {"(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))", FEATURE_bulk_memory},
        {"(memory.discard (i32.const 0) (i32.const 0))", FEATURE_memory_control},
        {"(v128.const i64x2 0 0) drop", FEATURE_simd},
        {"(v128.load (i32.const 0)) drop", FEATURE_simd},
        {"(return_call 0)", FEATURE_tail_call},
        {"(i32.atomic.load (i32.const 0)) drop", FEATURE_threads},
        {"(atomic.fence)", FEATURE_threads},
        {"(table.size 0) drop", FEATURE_reference_types},
        {"(ref.i31 (i32.const 0)) drop", FEATURE_gc},
        {") (global i32 (ref.null func)", FEATURE_reference_types},
        {") (global i32 (ref.i31 (i32.const 0))", FEATURE_gc},
        {") (global i32 (i32.add (i32.const 0) (i32.const 0))", FEATURE_extended_const},
        {"(i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)) drop drop", FEATURE_wide_arithmetic},
    };
    for (size_t i = 0; i < COUNT_OF(needs); i++) {
        char text[400];
        Source source;
        Diag diag;
        snprintf(text, sizeof text, "(module (memory 1) (table 1 funcref) (func %s))",
                 needs[i].func);
        for (int off = 0; off < 2; off++) {
            Features left = off ? FEATURE_BIT(needs[i].feature) : 0;
            Engine *e = engine_new(features_all & ~left);
            bool good = source_load(&source, e, (const u8 *)text, strlen(text), &diag);
            bool never = needs[i].func[0] == ')' && needs[i].feature != FEATURE_extended_const;
            if (!CHECK(good == (!off && !never))) printf("    %s: %s\n", text, err_text[diag.err]);
            source_free(&source);
            engine_free(e);
        }
    }
}

int main(void)
{
    engine = engine_new(features_all);
    test_constants();
    test_features();
    for (size_t i = 0; i < COUNT_OF(rows); i++) check_row(&rows[i]);
    test_others();
    engine_free(engine);
    return check_report();
}
