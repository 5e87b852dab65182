// effect_test.c -- what rows of the tables say that instructions may do, held against what they do.
//
// Each row that can be run is run in a function of its own, over a state of all parts that effects
// speak of. It must change no part that the row does not write, nor give anything else after parts
// were changed that it does not read; and so for traps and all the rest. What a row says and never
// does on these operands fails too, so that a row says no more than is so, and the operands are
// worth something.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"
#include "run/object.h"

#include <stdarg.h>

static Engine *engine;

// ---- The module around a row: `before` stands before the instruction, `behind` where what is
// next is done with

typedef struct {
    const char *operands; // letters of sig.def: parameters 0, 1, ..., which `before` pushes
    const char *before;   // ends with the instruction
    const char *results;  // letters, and r for a reference to a function
    const char *behind;
    u32 beside;           // effects of what stands in `before` besides
    u32 unseen;           // effects that cannot be seen here
} Row;

#define NULL_OR_FUNC                                                                               \
    "(select (result (ref null $void)) (ref.func $f) (ref.null $void) (local.get 0)) "
#define CAUGHT                                                                                     \
    "(select (result exnref) "                                                                     \
    "(block $c (result exnref) (try_table (catch_all_ref $c) (throw $tag)) (unreachable)) "        \
    "(ref.null exn) (local.get 0)) "
enum { THROWN = TRAPS | ALLOCATES | THROWS | ENDS };
// An object of the state, or null; anything, or an i31.
#define NULL_OR(what)                                                                              \
    "(select (result (ref null $" what ")) (global.get $" what ") (ref.null $" what ")"            \
    " (local.get 0)) "
#define NULL_OR_Q                                                                                  \
    "(select (result (ref null (exact $q))) (global.get $q) (ref.null (exact $q)) (local.get 0)) "
#define NULL_OR_I31                                                                                \
    "(select (result i31ref) (ref.null i31) (ref.i31 (i32.const 5)) (local.get 0)) "
#define ANY "(select (result anyref) (global.get $s) (ref.i31 (i32.const 5)) (local.get 0)) "

#define CONT                                                                                       \
    "(select (result (ref null $k)) (cont.new $k (ref.func $f)) (ref.null $k) (local.get 0)) "

enum { OF_OTHERS = READS_memory | WRITES_memory };

#define ROW(name, ...) [OP_##name] = {__VA_ARGS__},
static const Row by_hand[OP_COUNT] = {
    ROW(unreachable, "", "unreachable", "", "", 0, 0)
    ROW(block, "", "block", "", "end", 0, 0)
    ROW(loop, "", "loop", "", "end", 0, 0)
    ROW(if, "i", "local.get 0 if", "", "end", 0, 0)
    ROW(else, "i", "local.get 0 if nop else", "", "end", 0, 0)
    ROW(end, "", "block end", "", "", 0, ENDS) // the body's own
    ROW(br, "", "br $out", "", "", 0, 0)
    ROW(br_if, "i", "local.get 0 br_if $out", "", "", 0, 0)
    ROW(br_table, "i", "local.get 0 br_table $out $out", "", "", 0, 0)
    ROW(return, "", "return", "", "", 0, 0)
    ROW(call, "", "call $f", "", "", 0, 0)
    ROW(call_indirect, "i", "local.get 0 call_indirect $t (type $void)", "", "", 0, 0)
    ROW(call_ref, "i", NULL_OR_FUNC "call_ref $void", "", "", 0, 0)
    ROW(return_call, "", "return_call $f", "", "", 0, 0)
    ROW(return_call_indirect, "i", "local.get 0 return_call_indirect $t (type $void)", "", "", 0, 0)
    ROW(return_call_ref, "i", NULL_OR_FUNC "return_call_ref $void", "", "", 0, 0)
    ROW(throw, "", "throw $tag", "", "", 0, TRAPS) // when memory is short
    ROW(throw_ref, "i", CAUGHT "throw_ref", "", "", THROWN, 0)
    ROW(try_table, "", "try_table (catch_all $out)", "", "end", 0, 0)
    ROW(br_on_null, "i", NULL_OR_FUNC "br_on_null $out", "r", "", 0, 0)
    ROW(br_on_non_null, "i", "block $r (result funcref) " NULL_OR_FUNC "br_on_non_null $r", "",
        "ref.null func end drop", 0, 0)
    ROW(try, "", "try", "", "catch_all end", 0, 0)
    ROW(catch, "", "try nop catch $tag", "", "end", 0, 0)
    ROW(catch_all, "", "try nop catch_all", "", "end", 0, 0)
    ROW(rethrow, "", "try throw $tag catch_all rethrow 0", "", "end", THROWN, 0)
    ROW(delegate, "", "try nop delegate 0", "", "", 0, ENDS) // as an end has it
    ROW(drop, "l", "local.get 0 drop", "", "", 0, 0)
    ROW(select, "lli", "local.get 0 local.get 1 local.get 2 select", "l", "", 0, 0)
    ROW(select_t, "vvi", "local.get 0 local.get 1 local.get 2 select (result v128)", "v", "", 0, 0)
    ROW(local_get, "", "local.get $l", "l", "", 0, 0)
    ROW(local_set, "l", "local.get 0 local.set $l", "", "", 0, 0)
    ROW(local_tee, "v", "local.get 0 local.tee $v", "v", "", 0, 0)
    ROW(global_get, "", "global.get $gl", "l", "", 0, 0)
    ROW(global_set, "v", "local.get 0 global.set $gv", "", "", 0, 0)
    ROW(table_get, "i", "local.get 0 table.get $t", "r", "", 0, 0)
    ROW(table_set, "i", "local.get 0 ref.func $g table.set $t", "", "", 0, 0)
    ROW(table_init, "iii", "local.get 0 local.get 1 local.get 2 table.init $t $e", "", "", 0, 0)
    ROW(elem_drop, "", "elem.drop $e", "", "", 0, 0)
    ROW(table_copy, "iii", "local.get 0 local.get 1 local.get 2 table.copy $t $t", "", "", 0, 0)
    ROW(table_grow, "i", "ref.func $g local.get 0 table.grow $t", "i", "", 0, 0)
    ROW(table_size, "", "table.size $t", "i", "", 0, 0)
    ROW(table_fill, "ii", "local.get 0 ref.func $g local.get 1 table.fill $t", "", "", 0, 0)
    ROW(memory_size, "", "memory.size", "i", "", 0, 0)
    ROW(memory_grow, "i", "local.get 0 memory.grow", "i", "", 0, 0)
    ROW(memory_init, "iii", "local.get 0 local.get 1 local.get 2 memory.init $d", "", "", 0, 0)
    ROW(data_drop, "", "data.drop $d", "", "", 0, 0)
    ROW(memory_copy, "iii", "local.get 0 local.get 1 local.get 2 memory.copy", "", "", 0, 0)
    ROW(memory_fill, "iii", "local.get 0 local.get 1 local.get 2 memory.fill", "", "", 0, 0)
    ROW(memory_discard, "ii", "local.get 0 local.get 1 memory.discard", "", "", 0, 0)
    ROW(ref_null, "", "ref.null func", "r", "", 0, 0)
    ROW(ref_is_null, "i", NULL_OR_FUNC "ref.is_null", "i", "", 0, 0)
    ROW(ref_func, "", "ref.func $f", "r", "", 0, 0)
    ROW(ref_eq, "", "ref.null eq ref.null eq ref.eq", "i", "", 0, 0)
    ROW(ref_as_non_null, "i", NULL_OR_FUNC "ref.as_non_null", "r", "", 0, 0)
    // traps are seen where memory is short
    ROW(struct_new, "ii", "local.get 0 local.get 1 struct.new $s drop", "", "", 0, TRAPS)
    ROW(struct_new_default, "", "struct.new_default $s drop", "", "", 0, TRAPS)
    ROW(struct_get, "i", NULL_OR("s") "struct.get $s 0", "i", "", 0, 0)
    ROW(struct_get_s, "i", NULL_OR("s") "struct.get_s $s 1", "i", "", 0, 0)
    ROW(struct_get_u, "i", NULL_OR("s") "struct.get_u $s 1", "i", "", 0, 0)
    ROW(struct_set, "ii", NULL_OR("s") "local.get 1 struct.set $s 0", "", "", 0, 0)
    ROW(array_new, "ii", "local.get 0 local.get 1 array.new $a drop", "", "", 0, 0)
    ROW(array_new_default, "i", "local.get 0 array.new_default $b drop", "", "", 0, 0)
    ROW(array_new_fixed, "ii", "local.get 0 local.get 1 array.new_fixed $a 2 drop", "", "", 0,
        TRAPS)
    ROW(array_new_data, "ii", "local.get 0 local.get 1 array.new_data $b $d drop", "", "", 0, 0)
    ROW(array_new_elem, "ii", "local.get 0 local.get 1 array.new_elem $f $e drop", "", "", 0, 0)
    ROW(array_get, "ii", NULL_OR("a") "local.get 1 array.get $a", "i", "", 0, 0)
    ROW(array_get_s, "ii", NULL_OR("b") "local.get 1 array.get_s $b", "i", "", 0, 0)
    ROW(array_get_u, "ii", NULL_OR("b") "local.get 1 array.get_u $b", "i", "", 0, 0)
    ROW(array_set, "iii", NULL_OR("a") "local.get 1 local.get 2 array.set $a", "", "", 0, 0)
    ROW(array_len, "i", NULL_OR("a") "array.len", "i", "", 0, 0)
    ROW(array_fill, "iii", NULL_OR("a") "local.get 1 i32.const 5 local.get 2 array.fill $a", "", "",
        0, 0)
    ROW(array_copy, "iii",
        NULL_OR("a") "local.get 1 global.get $a i32.const 1 local.get 2 array.copy $a $a",
        "", "", 0, READS_heap) // what is written stands where it could be seen
    ROW(array_init_data, "iii",
        NULL_OR("b") "local.get 1 i32.const 1 local.get 2 array.init_data $b $d", "", "", 0, 0)
    ROW(array_init_elem, "iii",
        NULL_OR("f") "local.get 1 i32.const 1 local.get 2 array.init_elem $f $e", "", "", 0, 0)
    ROW(ref_test, "i", ANY "ref.test (ref $s)", "i", "", 0, 0)
    ROW(ref_test_null, "i", ANY "ref.test (ref null $s)", "i", "", 0, 0)
    ROW(ref_cast, "i", ANY "ref.cast (ref $s) drop", "", "", 0, 0)
    ROW(ref_cast_null, "i", ANY "ref.cast (ref null i31) drop", "", "", 0, 0)
    ROW(br_on_cast, "i", "block $r (result (ref $s)) " ANY "br_on_cast $r anyref (ref $s)", "",
        "drop global.get $s end drop", 0, 0)
    ROW(br_on_cast_fail, "i", "block $r (result anyref) " ANY "br_on_cast_fail $r anyref (ref $s)",
        "", "end drop", 0, 0)
    ROW(struct_new_desc, "ii", "local.get 1 " NULL_OR_Q "struct.new_desc $p drop", "", "", 0, 0)
    ROW(struct_new_default_desc, "i", NULL_OR_Q "struct.new_default_desc $p drop", "", "", 0, 0)
    ROW(ref_get_desc, "i", NULL_OR("p") "ref.get_desc $p drop", "", "", 0, 0)
    ROW(ref_cast_desc_eq, "i", NULL_OR("p") NULL_OR_Q "ref.cast_desc_eq (ref $p) drop", "", "", 0, 0)
    ROW(ref_cast_desc_eq_null, "i", NULL_OR("p") NULL_OR_Q "ref.cast_desc_eq (ref null $p) drop",
        "", "", 0, 0)
    ROW(br_on_cast_desc_eq, "i", "block $r (result (ref $p)) " NULL_OR("p") NULL_OR_Q
        "br_on_cast_desc_eq $r (ref null $p) (ref $p)", "", "drop global.get $p end drop", 0, 0)
    ROW(br_on_cast_desc_eq_fail, "i", "block $r (result anyref) " ANY NULL_OR_Q
        "br_on_cast_desc_eq_fail $r anyref (ref $p)", "", "end drop", 0, 0)
    ROW(any_convert_extern, "", "ref.null extern any.convert_extern drop", "", "", 0, 0)
    ROW(extern_convert_any, "i", ANY "extern.convert_any ref.is_null", "i", "", 0, 0)
    ROW(ref_i31, "i", "local.get 0 ref.i31 i31.get_u", "i", "", 0, 0)
    ROW(i31_get_s, "i", NULL_OR_I31 "i31.get_s", "i", "", 0, 0)
    ROW(i31_get_u, "i", NULL_OR_I31 "i31.get_u", "i", "", 0, 0)
    // what others do meanwhile, there being none
    ROW(memory_atomic_notify, "ii", "local.get 0 local.get 1 memory.atomic.notify", "i", "", 0, OF_OTHERS)
    ROW(cont_new, "i", NULL_OR_FUNC "cont.new $k drop", "", "", 0, 0)
    ROW(cont_bind, "i", CONT "cont.bind $k $k drop", "", "", 0, 0)
    ROW(suspend, "", "suspend $tag", "", "", ENDS, SUSPENDS) // nobody handles it
    ROW(resume, "i", CONT "resume $k", "", "", ALLOCATES, SUSPENDS)
    ROW(resume_throw, "i", CONT "resume_throw $k $tag", "", "", THROWN, CALLS | SUSPENDS)
    ROW(resume_throw_ref, "i", CAUGHT CONT "resume_throw_ref $k", "", "", THROWN, CALLS | SUSPENDS)
    ROW(switch, "", "ref.null $back switch $back $tag", "", "", ENDS, CALLS | SUSPENDS)
    ROW(memory_atomic_wait32, "ii", "local.get 0 local.get 1 i64.const 0 memory.atomic.wait32", "i",
        "", 0, WRITES_memory | WAITS)
    ROW(memory_atomic_wait64, "il", "local.get 0 local.get 1 i64.const 0 memory.atomic.wait64", "i",
        "", 0, WRITES_memory | WAITS)
    ROW(atomic_fence, "", "atomic.fence", "", "", 0, OF_OTHERS)
};

// The numbers of globals, which are the same for each row. Of state: one of each type; what the
// results were; what the locals were behind the instruction.
static const char letters[] = "ilfdvr";
static const char *const types[] = {"i32", "i64", "f32", "f64", "v128", "funcref"};
static const char *const zeros[] = {
    "i32.const 0", "i64.const 0", "f32.const 0", "f64.const 0", "v128.const i64x2 0 0",
    "ref.null func",
};
enum {
    LETTERS = COUNT_OF(types), STATE = 0, RESULT = LETTERS, LOCAL = 3 * LETTERS,
    REACHED = 4 * LETTERS, OBJECTS, // a structure, and arrays: all of the state that is objects
};
enum { ITEMS = 120, OBJECT_COUNT = 4 };

static u32 letter(char c) { return (u32)(strchr(letters, c) - letters); }

typedef struct { char text[16000]; size_t len; } Text;

static void add(Text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void add(Text *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    t->len += (size_t)vsnprintf(t->text + t->len, sizeof t->text - t->len, fmt, args);
    va_end(args);
}

static void write_module(Text *t, const Row *row)
{
    add(t, "(module (type $void (func)) (type $s (struct (field (mut i32)) (field (mut i8))))"
           " (type $k (cont $void)) (rec (type $to (func (param (ref null $k))))"
           " (type $back (cont $to)))"
           "(type $a (array (mut i32))) (type $b (array (mut i8))) (type $f (array (mut funcref)))"
           "(rec (type $p (descriptor $q) (struct (field i32)))"
           " (type $q (describes $p) (struct)))"
           "(import \"t\" \"called\" (func $called)) (memory 1 9 shared)"
           "(tag $tag) (table $t 40 200 funcref) (data $d \"");
    for (u32 i = 0; i < 128; i++) add(t, "\\%02x", i + 1);
    add(t, "\") (elem $e func");
    for (u32 i = 0; i < 32; i++) add(t, i % 3 ? " $g" : " $f");
    add(t, ")");
    for (u32 i = 0; i < LETTERS; i++)
        add(t, "(global $g%c (mut %s) (%s))", letters[i], types[i], zeros[i]);
    for (u32 k = 0; k < 3; k++)
        for (u32 i = 0; i < LETTERS; i++) add(t, "(global (mut %s) (%s))", types[i], zeros[i]);
    add(t, "(global (mut i32) (i32.const 0))"
           "(global $s (ref $s) (struct.new $s (i32.const 7) (i32.const 8)))");
    for (const char *array = "abf"; *array; array++)
        add(t, "(global $%c (ref $%c) (array.new_default $%c (i32.const %d)))", *array, *array,
            *array, ITEMS);
    add(t, "(global $q (ref (exact $q)) (struct.new $q))"
           "(global $p (ref $p) (struct.new_desc $p (i32.const 5) (global.get $q)))");
    add(t, "(func $f call $called (global.set $gi (i32.const 77)))"
           "(func $g call $called (i64.store (i32.const 8) (i64.const 88)))"
           "(func (export \"run\")");
    for (const char *o = row->operands; *o; o++) add(t, "(param %s)", types[letter(*o)]);
    for (u32 i = 0; i < LETTERS; i++) add(t, "(param $%c %s)", letters[i], types[i]);
    add(t, " block $out %s ", row->before);
    for (size_t i = strlen(row->results); i-- > 0;)
        add(t, " global.set %zu", RESULT + i * LETTERS + letter(row->results[i]));
    add(t, " i32.const 1 global.set %d %s end ", REACHED, row->behind);
    for (u32 i = 0; i < LETTERS; i++) add(t, " local.get $%c global.set %u", letters[i], LOCAL + i);
    add(t, "))");
}

// A row whose type is plain: its operands, itself with immediates of no account, its results.
static void plain_row(Op op, Row *row, char operands[8], char before[400], char results[4])
{
    static const char val[] = " ilfdv";
    static const char *const immediates[] = {
        [IMM_memarg] = "", [IMM_memarg_lane] = " 1", [IMM_lane] = " 1",
        [IMM_lanes] = " 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31", [IMM_v128] = " i64x2 5 6",
        [IMM_i32] = " 5", [IMM_i64] = " 5", [IMM_f32] = " 5", [IMM_f64] = " 5",
    };
    const SigInfo *sig = &sig_info[op_info[op].sig];
    size_t len = 0;
    for (u32 i = 0; i < sig->param_count; i++) {
        operands[i] = val[sig->params[i]];
        len += (size_t)snprintf(before + len, 400 - len, "local.get %u ", i);
    }
    for (u32 i = 0; i < sig->result_count; i++) results[i] = val[sig->results[i]];
    u8 imm = op_info[op].immediates;
    const char *text = imm < COUNT_OF(immediates) && immediates[imm] ? immediates[imm] : "";
    snprintf(before + len, 400 - len, "%s%s", op_info[op].text, text);
    bool atomic = op_info[op].effects == ATOMICS; // of which some only read, some only write
    *row = (Row){operands, before, results, "", 0, atomic ? OF_OTHERS : 0};
}

// ---- One run

static bool called;
static Trap note_call(HostCall *call)
{
    called = true;
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    out->kind = EXTERN_func;
    out->func = func_new_host(env, type->func, note_call, NULL);
    return out->func != NULL;
}

typedef struct { u64 lo, hi; } Slot;
typedef struct {
    u32 did;               // effects that were seen
    Trap trap;
    bool reached;          // what stands behind the instruction
    u64 fuel;              // what it took
    u64 hash[DOMAIN_COUNT]; // of each part, in the end
    u64 pages, entries;
    Slot results[2 * LETTERS];
} Got;

// What may be changed first: contents of a domain, and how much there is of it.
enum { SIZES = 1 << 31 };

static u64 hash(const void *data, size_t size)
{
    u64 h = 14695981039346656037u;
    for (const u8 *p = data; p < (const u8 *)data + size; p++) h = (h ^ *p) * 1099511628211u;
    return h;
}

// What may be changed of an object: behind the head, and an array's length.
static u8 *object(const Instance *inst, u32 i, u32 *size)
{
    Ref ref = (Ref)inst->globals[OBJECTS + i]->value[0];
    u32 from = i ? 8 : 4;
    *size = object_size(inst->store, ref) - from;
    return inst->heap + ref + from;
}

static void look(const Instance *inst, u64 out[DOMAIN_COUNT])
{
    Slot globals[LETTERS], locals[LETTERS];
    for (u32 i = 0; i < LETTERS; i++) {
        memcpy(&globals[i], inst->globals[STATE + i]->value, sizeof globals[i]);
        memcpy(&locals[i], inst->globals[LOCAL + i]->value, sizeof locals[i]);
    }
    bool dropped[2] = {inst->data_dropped[0], inst->elem_dropped[0]};
    const Memory *m = inst->memories[0];
    out[DOMAIN_memory] = 0;
    for (u64 i = 0; i < MIN(m->size, 65536); i += 8) { // what is beyond is new
        u64 word;
        memcpy(&word, m->base + i, 8);
        out[DOMAIN_memory] = (out[DOMAIN_memory] ^ word) * 1099511628211u;
    }
    out[DOMAIN_table] = hash(inst->tables[0]->elems, 40 * sizeof(Ref));
    out[DOMAIN_global] = hash(globals, sizeof globals);
    out[DOMAIN_local] = hash(locals, sizeof locals);
    out[DOMAIN_segment] = hash(dropped, sizeof dropped);
    out[DOMAIN_heap] = 0;
    for (u32 i = 0; i < OBJECT_COUNT; i++) {
        u32 size;
        const u8 *at = object(inst, i, &size);
        out[DOMAIN_heap] ^= hash(at, size) * (2 * i + 1);
    }
}

static void change(Instance *inst, u64 *locals, u32 reads)
{
    Memory *m = inst->memories[0];
    Table *t = inst->tables[0];
    Ref f = ref_of_func(inst->store, instance_func(inst, 1)),
        g = ref_of_func(inst->store, instance_func(inst, 2));
    for (u64 i = 0; i < m->size; i += 8) {
        u64 word = 0x9e3779b97f4a7c15 * i ^ (reads & READS_memory ? UINT64_MAX : 0);
        memcpy(m->base + i, &word, 8);
    }
    for (u64 i = 0; i < t->size; i++)
        t->elems[i] = (i % 2 == 0) == !(reads & READS_table) ? f : i % 3 ? g : REF_NULL;
    for (u32 i = 0; i < LETTERS; i++) {
        bool changed = reads & READS_global;
        if (letters[i] == 'r') inst->globals[STATE + i]->value[0] = changed ? g : f;
        else inst->globals[STATE + i]->value[0] = changed ? 11 : 12;
        changed = reads & READS_local;
        u32 at = i + (i > letter('v')); // a v128 takes two
        locals[at] = letters[i] == 'r' ? (changed ? g : f) : changed ? 21 : 22;
        memcpy(inst->globals[LOCAL + i]->value, locals + at, letters[i] == 'v' ? 16 : 8);
    }
    for (u32 i = 0; i < OBJECT_COUNT; i++) {
        u32 size;
        u8 *at = object(inst, i, &size);
        for (u32 k = 0; k < size; k++) at[k] = (u8)(i + k * 7 + (reads & READS_heap ? 100 : 0));
        for (u32 k = 0; i == 3 && k < size; k += 4) memcpy(at + k, reads & READS_heap ? &g : &f, 4);
    }
    if (reads & READS_segment) inst->data_dropped[0] = inst->elem_dropped[0] = true;
    if (reads & SIZES) {
        CHECK_EQ_U64(memory_grow(m, 1), 1);
        CHECK_EQ_U64(table_grow(t, 9, f), 40);
    }
}

static void run(const Module *module, const Slot *operands, const Row *row, u32 changes, Got *got)
{
    enum { FUEL = 1 << 30 };
    Diag diag;
    Extern func;
    u64 slots[16] = {0}, before[DOMAIN_COUNT];
    u32 at = 0;
    memset(got, 0, sizeof *got);
    Store *s = engine_store(engine);
    exec_grant_fuel(&s->exec, FUEL);
    Instance *inst = engine_instantiate(s, module, resolve, s, &diag).instance;
    if (!CHECK(inst) || !CHECK(instance_export_at(inst, 0, &func))) return;
    for (u32 i = 0; row->operands[i]; i++) {
        slots[at++] = operands[i].lo;
        if (row->operands[i] == 'v') slots[at++] = operands[i].hi;
    }
    change(inst, slots + at, changes);
    look(inst, before);
    u64 pages = inst->memories[0]->pages, entries = inst->tables[0]->size;
    u32 alloc = s->exec.alloc;
    called = false;
    got->trap = engine_call(s, func.func, slots, COUNT_OF(slots));
    got->fuel = FUEL - s->exec.fuel;
    got->reached = inst->globals[REACHED]->value[0];
    look(inst, got->hash);
    got->pages = inst->memories[0]->pages, got->entries = inst->tables[0]->size;
    for (u32 i = 0; i < 2 * LETTERS; i++)
        memcpy(&got->results[i], inst->globals[RESULT + i]->value, sizeof got->results[i]);
    for (u32 d = 0; d < DOMAIN_COUNT; d++)
        if (got->hash[d] != before[d]) got->did |= READS_memory << (8 + d);
    if (got->pages != pages) got->did |= WRITES_memory | ALLOCATES;
    if (got->entries != entries) got->did |= WRITES_table | ALLOCATES;
    if (s->exec.alloc != alloc) got->did |= ALLOCATES;
    if (called) got->did |= CALLS;
    if (got->trap == TRAP_uncaught_exception) got->did |= THROWS;
    else if (got->trap) got->did |= TRAPS;
    if (!got->reached && (!got->trap || got->trap == TRAP_uncaught_exception)) got->did |= ENDS;
    store_free(s);
}

// Did what was changed between these two runs make a difference? Not of itself: a part that was
// changed and is as it was is not compared, but what was written to it is what `did` says.
static bool differ(const Got *a, const Got *b, u32 changes, bool traps)
{
    if ((changes & SIZES) && traps && (a->trap || b->trap)) return false;
    if (a->trap != b->trap || a->reached != b->reached || a->fuel != b->fuel) return true;
    if (memcmp(a->results, b->results, sizeof a->results)) return true;
    for (u32 d = 0; d < DOMAIN_COUNT; d++)
        if (!(changes >> d & 1) && a->hash[d] != b->hash[d]) return true;
    if (!(changes & SIZES) && (a->pages != b->pages || a->entries != b->entries)) return true;
    return false;
}

// ---- All operands of a row

static const Slot values[LETTERS][7] = {
    {{0, 0}, {3, 0}, {24, 0}, {100, 0}, {65530, 0}, {0x80000000, 0}, {0xffffffff, 0}},
    {{0, 0}, {3, 0}, {(u64)1 << 40, 0}, {0x8000000000000000, 0}, {UINT64_MAX, 0}},
    {{0, 0}, {0x3fc00000, 0}, {0x7fc00000, 0}, {0xcf000001, 0}},
    {{0, 0}, {0x3ff8000000000000, 0}, {0x7ff8000000000000, 0}, {0xc3e0000000000001, 0}},
    {{0, 0}, {0x0123456789abcdef, 0xfedcba9876543210}, {UINT64_MAX, UINT64_MAX}},
};
static const u32 value_counts[LETTERS] = {7, 5, 4, 4, 3};

typedef struct {
    u32 did, undeclared;
    bool reached;          // what is next, by any operands
} Seen;

static void run_operands(const Module *m, const Row *row, const Slot *operands, u32 effects,
                         Seen *seen, u64 *fuel)
{
    enum { ALL = (1 << DOMAIN_COUNT) - 1 };
    Got plain, changed;
    run(m, operands, row, 0, &plain);
    seen->did |= plain.did;
    seen->reached |= plain.reached;
    if (plain.reached && !(effects & CALLS)) {
        if (*fuel != UINT64_MAX && plain.fuel != *fuel) seen->did |= BULK;
        *fuel = plain.fuel;
    }
    // What it does not read, all at once. Only what of that is not written either can be seen
    // afterwards.
    u32 unread = ALL & ~effects;
    run(m, operands, row, unread, &changed);
    seen->did |= changed.did;
    if (differ(&plain, &changed, unread, effects & TRAPS)) seen->undeclared |= 1;
    run(m, operands, row, SIZES, &changed);
    seen->did |= changed.did;
    bool sized = effects & (READS_memory | READS_table);
    if (!sized && differ(&plain, &changed, SIZES, effects & TRAPS)) seen->undeclared |= 2;
    for (u32 d = 0; d < DOMAIN_COUNT; d++) {
        u32 change = d == DOMAIN_memory || d == DOMAIN_table ? 1u << d | SIZES : 1u << d;
        if (!(effects >> d & 1) || seen->did >> d & 1) continue;
        run(m, operands, row, change, &changed);
        if (differ(&plain, &changed, change, false)) seen->did |= 1u << d;
    }
}

static Seen run_row(const Row *row, u32 effects)
{
    static Text t;
    Source source;
    Diag diag;
    Seen seen = {0};
    u64 fuel = UINT64_MAX;
    t.len = 0;
    write_module(&t, row);
    if (!CHECK(source_load(&source, engine, (const u8 *)t.text, t.len, &diag))) {
        printf("    %s: %s\n", row->before, diag.detail);
        return seen;
    }
    u32 which[4] = {0}, count = (u32)strlen(row->operands);
    for (;;) {
        Slot operands[4];
        for (u32 i = 0; i < count; i++) operands[i] = values[letter(row->operands[i])][which[i]];
        run_operands(source.module, row, operands, effects, &seen, &fuel);
        u32 i = 0;
        while (i < count && ++which[i] == value_counts[letter(row->operands[i])]) which[i++] = 0;
        if (i == count) break;
    }
    if (!seen.reached) seen.did |= ENDS;
    source_free(&source);
    return seen;
}

static const struct { u32 effect; const char *text; } texts[] = {
#define DOMAIN(name, text) {READS_##name, "read " text}, {WRITES_##name, "write " text},
#define EFFECT(NAME, text) {NAME, text},
#include "op/effect.def"
};

static void list(const char *what, u32 effects)
{
    if (!effects) return;
    printf("    %s:", what);
    for (u32 i = 0; i < COUNT_OF(texts); i++)
        if (effects & texts[i].effect) printf(" %s;", texts[i].text);
    printf("\n");
}

// Whether the row does as `all` says, and all of what it says for itself: `own`.
static bool holds(Op op, u32 own, u32 all, bool quiet)
{
    char operands[8] = "", before[400], results[4] = "";
    Row row = by_hand[op];
    if (!row.before) {
        if (op_info[op].sig == SIG_any) {
            printf("    %s needs a row in by_hand\n", op_info[op].text);
            return false;
        }
        plain_row(op, &row, operands, before, results);
    }
    Seen seen = run_row(&row, all | row.beside);
    // What a call may do depends on the callee.
    u32 more = seen.did & ~(all | row.beside), missing = own & ~(seen.did | row.unseen);
    if (!more && !missing && !seen.undeclared) return true;
    if (quiet) return false;
    printf("    %s\n", op_info[op].text);
    list("does what it does not say", more);
    list("never does what it says", missing);
    if (seen.undeclared & 1) printf("    depends on what it does not read\n");
    if (seen.undeclared & 2) printf("    depends on a size, and does not read that\n");
    return false;
}

// The test of the test: rows that say something else are noticed.
static void try_wrong(void)
{
    static const struct { Op op; u32 without, with; } wrong[] = {
        {OP_i32_div_u, TRAPS, 0}, {OP_i32_add, 0, TRAPS}, {OP_i32_load, READS_memory, 0},
        {OP_i32_load, TRAPS, 0}, {OP_i32_store, WRITES_memory, 0}, {OP_i32_store, 0, READS_memory},
        {OP_local_get, READS_local, 0}, {OP_local_set, WRITES_local, 0}, {OP_br_if, ENDS, 0},
        {OP_global_get, READS_global, 0}, {OP_global_set, WRITES_global, 0}, {OP_nop, 0, ENDS},
        {OP_table_get, READS_table, 0}, {OP_table_set, WRITES_table, 0}, {OP_table_grow, BULK, 0},
        {OP_memory_size, READS_memory, 0}, {OP_memory_grow, ALLOCATES, 0},
        {OP_memory_fill, BULK, 0}, {OP_memory_init, READS_segment, 0}, {OP_data_drop, WRITES_segment, 0},
        {OP_elem_drop, WRITES_segment, 0}, {OP_call, CALLS, 0}, {OP_return_call, ENDS, 0},
        {OP_throw, THROWS, 0}, {OP_throw, ALLOCATES, 0},
    };
    for (u32 i = 0; i < COUNT_OF(wrong); i++) {
        u32 own = (op_info[wrong[i].op].effects & ~wrong[i].without) | wrong[i].with;
        u32 all = (op_effects(wrong[i].op) & ~wrong[i].without) | wrong[i].with;
        if (!CHECK(!holds(wrong[i].op, own, all, true)))
            printf("    %s: a wrong row was not noticed\n", op_info[wrong[i].op].text);
    }
}

// An emulator keeps something for each page of addresses that was ever reserved, and each store
// with a heap reserves 4 GiB of them: thousands of stores take all the memory there is. There a few
// have to do, which take few operands.
#ifdef __aarch64__
enum { EMULATED = true };
#else
enum { EMULATED = false };
#endif

static bool is_tried(Op op)
{
    return !EMULATED || op == OP_i32_load || op == OP_i64_load8_s || op == OP_i32_eqz;
}

int main(void)
{
    u32 tried = 0;
    engine = engine_new(features_default | FEATURE_BIT(FEATURE_custom_descriptors) |
                        FEATURE_BIT(FEATURE_stack_switching) |
                        FEATURE_BIT(FEATURE_memory_control));
    engine->limits.heap_bytes = 1 << 20;
    engine->limits.memory_room = 0;
    engine->limits.stack_bytes = 1 << 16;
    for (u32 op = 0; op < OP_COUNT; op++, tried++) {
        if (is_tried((Op)op) && (EMULATED || check_due(tried)))
            CHECK(holds((Op)op, op_info[op].effects, op_effects((Op)op), false));
    }
    CHECK(tried > 450);
    if (!EMULATED) try_wrong();
    engine_free(engine);
    return check_report();
}
