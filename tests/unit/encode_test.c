// encode_test.c -- what an Edit leaves out of a module, and puts in its place. That nothing is lost
// without one is found out by every round trip through text.

#include "check.h"

#include "binary/decode.h"
#include "binary/encode.h"
#include "text/parse.h"

static Arena arena;
static TextModule text;
static TypeStore *types;
static Module *m;

static Bytes assemble(const char *words)
{
    Diag diag;
    diag_init(&diag);
    if (!CHECK(text_parse(&arena, words, 0, strlen(words), features_all, NULL, &text,
                          &diag))) exit(1);
    return text.bytes;
}

static void take(const char *words)
{
    Diag diag;
    arena_init(&arena);
    Bytes bytes = assemble(words);
    types = type_store_new_distinct();
    if (!CHECK(module_decode(bytes.data, bytes.len, features_all, types, &m, &diag))) exit(1);
}

static void done(void)
{
    module_free(m);
    type_store_free(types);
    arena_free(&arena);
}

static bool encodes(const Edit *edit, Buf *out)
{
    Diag diag;
    buf_init(out, &arena);
    return module_encode(m, edit, out, &diag);
}

// The edited module is what the other text says.
static void becomes(const Edit *edit, const char *words)
{
    Buf out;
    if (!CHECK(encodes(edit, &out))) return;
    jmp_buf failed;
    if (setjmp(failed)) exit(1);
    arena.on_failure = &failed;
    Bytes want = assemble(words);
    CHECK_BYTES(out.data, out.len, want.data, want.len);
}

static u32 place_of(const char *bytes, u32 len)
{
    for (u32 i = 8; i + len <= m->size; i++)
        if (!memcmp(m->bytes + i, bytes, len)) return i;
    CHECK(!"it is not there");
    exit(1);
}

static void what_is_gone(void)
{
    take("(module (func) (func (result i32) call 2) (func (result i32) global.get 1)"
         "(global i32 (i32.const 0)) (global i32 (i32.const 1)) (export \"f\" (func 1)))");
    const u8 first[] = {1, 0, 0}, second[] = {0, 1, 0};
    Edit edit = {.gone = {[ITEM_func] = first, [ITEM_global] = first}};
    becomes(&edit, "(module (type (func)) (func (result i32) call 1)"
                   "(func (result i32) global.get 0) (global i32 (i32.const 1))"
                   "(export \"f\" (func 0)))");
    Buf out;
    edit = (Edit){.gone = {[ITEM_global] = second}};
    CHECK(!encodes(&edit, &out)); // it is named
    done();
}

static void what_is_unused(void)
{
    take("(module (type (func)) (type (func (param i32))) (import \"\" \"f\" (func (type 1)))"
         "(import \"\" \"m\" (memory 1)) (func (type 0) call 2) (func (type 0) ref.func 2 drop)"
         "(func (type 0) global.get 0 drop) (table 1 funcref) (global i32 (i32.const 0))"
         "(export \"g\" (func 1)) (elem (i32.const 0) 2) (data (i32.const 0) \"a\") (data \"b\"))");
    u8 *unused[ITEM_COUNT];
    Diag diag;
    jmp_buf failed;
    if (setjmp(failed)) exit(1);
    arena.on_failure = &failed;
    const u8 no_elem[] = {1}, no_data[] = {1, 0};
    Edit edit = {0};
    CHECK(module_unused(m, &edit, &arena, unused, &diag));
    CHECK(unused[ITEM_func][0] && !unused[ITEM_func][1] && !unused[ITEM_func][2]);
    CHECK(unused[ITEM_func][3] && unused[ITEM_type][1] && !unused[ITEM_type][0]);
    CHECK(unused[ITEM_global][0] && !unused[ITEM_table][0] && !unused[ITEM_memory][0]);
    CHECK(!unused[ITEM_elem][0] && !unused[ITEM_data][0] && unused[ITEM_data][1]);
    edit = (Edit){.gone = {[ITEM_elem] = no_elem, [ITEM_data] = no_data}};
    CHECK(module_unused(m, &edit, &arena, unused, &diag));
    CHECK(unused[ITEM_table][0] && unused[ITEM_memory][0]);
    done();
}

static void imports_that_are_defined(void)
{
    take("(module (import \"\" \"a\" (func)) (import \"\" \"b\" (func))"
         "(import \"\" \"g\" (global i64)) (func call 0 call 1 global.get 0 drop))");
    const u8 defined[] = {1, 0, 1};
    const Edit edit = {.defined = defined};
    becomes(&edit, "(module (import \"\" \"b\" (func)) (func unreachable)"
                   "(func call 1 call 0 global.get 0 drop) (global i64 (i64.const 0)))");
    done();
}

static void splices(void)
{
    take("(module (func (param i32) block loop local.get 0 br_if 0 local.get 0 br_if 2 end end))");
    u32 block = place_of("\x02\x40", 2), get = place_of("\x20\x00\x0d\x02", 4);
    const Bytes seven = {(const u8 *)"\x41\x07", 2};
    const Splice cut[] = {{block, block + 2, {0}, true}, {get, get + 2, seven, false}};
    Edit edit = {.splices = cut, .splice_count = 2};
    becomes(&edit, "(module (func (param i32) loop local.get 0 br_if 0 i32.const 7 br_if 1 end))");
    u32 loop = place_of("\x03\x40", 2);
    const Splice named = {loop, loop + 2, {0}, true};
    edit = (Edit){.splices = &named, .splice_count = 1};
    Buf out;
    CHECK(!encodes(&edit, &out)); // something branches to it
    done();
}

static void locals_and_types(void)
{
    take("(module (func (param i32 i64) (local f32 f64 f64) local.get 1 drop local.get 3 drop))");
    const u8 fate[] = {LOCAL_goes, LOCAL_demoted, LOCAL_goes, LOCAL_stays, LOCAL_goes};
    const u8 *const locals[] = {fate};
    const u8 gone[] = {1};
    const u32 func_types[] = {1};
    const TypeDef none = {.kind = COMP_func, .final = true, .super = TYPE_NONE,
                          .describes = TYPE_NONE, .descriptor = TYPE_NONE, .cont = TYPE_NONE};
    const Edit edit = {.gone = {[ITEM_type] = gone}, .locals = locals, .func_types = func_types,
                       .types = &none, .type_count = 1};
    becomes(&edit, "(module (func (local i64 f64) local.get 0 drop local.get 1 drop))");
    done();
}

static void segments(void)
{
    take("(module (memory 1) (table 2 funcref) (func) (func) (func ref.func 1 drop)"
         "(elem (i32.const 1) 0 1) (data (i32.const 60) \"abcdef\"))");
    const u8 second[] = {0, 1};
    const u8 *const entries[] = {second};
    Range init = m->datas[0].init;
    const Range part = {init.start + 4, init.start + 5};
    const Edit edit = {.gone_entries = entries, .data = &part};
    // What a body names is declared by a segment of its own from now on.
    becomes(&edit, "(module (memory 1) (table 2 funcref) (func) (func) (func ref.func 1 drop)"
                   "(elem (i32.const 1) 0) (elem declare func 1) (data (i32.const 64) \"e\"))");
    done();
}

static void what_stands_for_another(void)
{
    take("(module (type (func)) (type (func)) (func $a (type 0)) (func $b (type 1))"
         "(func $c (type 1) call $b ref.func $b drop) (table 1 funcref) (elem (i32.const 0) $b)"
         "(export \"b\" (func $b)))");
    const u32 types_by[] = {0, 0}, funcs_by[] = {0, 0, 2};
    const u8 second[] = {0, 1, 0};
    const Edit edit = {.gone = {[ITEM_type] = second, [ITEM_func] = second},
                       .instead = {[ITEM_type] = types_by, [ITEM_func] = funcs_by}};
    becomes(&edit, "(module (type (func)) (func $a (type 0))"
                   "(func $c (type 0) call $a ref.func $a drop)"
                   "(table 1 funcref) (elem (i32.const 0) $a) (export \"b\" (func $a)))");
    done();
}

static void other_orders(void)
{
    take("(module (type $v (func)) (rec (type $s (struct)) (type $f (func (param (ref $s)))))"
         "(import \"\" \"i\" (func $i (type $v)))"
         "(func $a (type $v) (local $x i32) (local $y i64) (local $z i32) local.get $z drop)"
         "(func $b (type $v) call $a) (global $g i32 (i32.const 1)) (global $h i64 (i64.const 2))"
         "(export \"h\" (global $h)))");
    const u32 type_order[] = {1, 2, 0}, func_order[] = {0, 2, 1}, global_order[] = {1, 0};
    const u32 by_type[] = {1, 0, 2}; // in $a
    const u32 *const locals[] = {NULL, by_type, NULL};
    const Edit edit = {.order = {[ITEM_type] = type_order, [ITEM_func] = func_order,
                                 [ITEM_global] = global_order}, .local_order = locals};
    becomes(&edit, "(module (rec (type $s (struct)) (type $f (func (param (ref $s)))))"
                   "(type $v (func)) (import \"\" \"i\" (func $i (type $v)))"
                   "(func $b (type $v) call $a) (func $a (type $v) (local $y i64) (local $x i32)"
                   "(local $z i32) local.get $z drop)"
                   "(global $h i64 (i64.const 2)) (global $g i32 (i32.const 1))"
                   "(export \"h\" (global $h)))");
    done();
}

static void pieces(void)
{
    take("(module (memory 1) (memory i64 1) (func data.drop 1) (data (i32.const 1) \"a\")"
         "(data \"b\"))");
    const u8 first[] = {1, 0};
    const DataPiece more[] = {{0, 0xfff0, {(const u8 *)"cd", 2}}, {1, 3, {(const u8 *)"e", 1}}};
    const Edit edit = {.gone = {[ITEM_data] = first}, .pieces = more, .piece_count = 2};
    becomes(&edit, "(module (memory 1) (memory i64 1) (func data.drop 0) (data \"b\")"
                   "(data (i32.const 0xfff0) \"cd\") (data (memory 1) (i64.const 3) \"e\"))");
    done();
}

// Where things move their names and what is said of instructions move with them.
static void what_is_said(void)
{
    take("(module $m (func $gone) (func $f (param $p i32) (local $q i32) (local $r i32)"
         "block $l local.get $r (@metadata.code.branch_hint \"\\01\") br_if $l end)"
         "(func $g (param $p i32) block $l end call $f"
         "(@metadata.code.branch_hint \"\\00\") if $k end) (global $n i32 (i32.const 0)))");
    const u8 gone[] = {1, 0, 0}, fate[] = {LOCAL_stays, LOCAL_goes, LOCAL_stays};
    const u8 *const locals[] = {NULL, fate, NULL};
    u32 call = place_of("\x10\x01", 2);
    const Splice more = {call, call, {(const u8 *)"\x20\0", 2}, false};
    const Edit edit = {.gone = {[ITEM_func] = gone}, .locals = locals, .splices = &more,
                       .splice_count = 1};
    // In $g the labels have no names any more: others might be between them.
    becomes(&edit, "(module $m (type (func)) (type (func (param i32)))"
                   "(func $f (type 1) (param $p i32) (local $r i32) block $l local.get $r"
                   "(@metadata.code.branch_hint \"\\01\") br_if $l end)"
                   "(func $g (type 1) (param $p i32) block end local.get 0 call $f"
                   "(@metadata.code.branch_hint \"\\00\") if end) (global $n i32 (i32.const 0)))");
    // A body that is another has its parameters still.
    const Bytes body = {(const u8 *)"\0\x0b", 2}, bodies[] = {{0}, body, body};
    const u8 but_g[] = {1, 1, 0};
    const Edit other = {.gone = {[ITEM_func] = but_g}, .bodies = bodies};
    becomes(&other, "(module $m (type (func)) (type (func (param i32)))"
                    "(func $g (type 1) (param $p i32)) (global $n i32 (i32.const 0)))");
    done();
}

static void how_often(void)
{
    take("(module (type (func)) (func (type 0) call 1 call 1 global.get 0 drop) (func (type 0))"
         "(global i32 (i32.const 0)) (table 1 funcref) (elem (i32.const 0) 1)"
         "(export \"f\" (func 0)) (start 1))");
    u32 *uses[ITEM_COUNT];
    Diag diag;
    jmp_buf failed;
    if (setjmp(failed)) exit(1);
    arena.on_failure = &failed;
    CHECK(module_uses(m, &arena, uses, &diag));
    CHECK(uses[ITEM_func][0] == 1 && uses[ITEM_func][1] == 4 && uses[ITEM_type][0] == 2);
    CHECK(uses[ITEM_global][0] == 1 && uses[ITEM_table][0] == 1 && !uses[ITEM_elem][0]);
    done();
}

int main(void)
{
    what_is_gone();
    what_is_unused();
    imports_that_are_defined();
    splices();
    locals_and_types();
    segments();
    what_stands_for_another();
    other_orders();
    pieces();
    what_is_said();
    how_often();
    return check_report();
}
