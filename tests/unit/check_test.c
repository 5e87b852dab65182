// check_test.c -- the judge of the formal machine: it finds wrong states that are planted into
// sound runs, each by the rule that should find it; step by step and in all. (What is sound it lets
// pass: the official scripts, in tests/formal.py.)

#include "formal.h"

#include "formal/check.h"

// ---- What is run. A nop says where something is planted.

static const char program[] =
    "(module"
    "  (type $pair (struct (field $a i32) (field $b (mut i32)) (field $c (mut i8))))"
    "  (type $link (struct (field $next structref)))"
    "  (type $far (struct (field externref)))"
    "  (type $fixed (array i32)) (type $loose (array (mut i32)))"
    "  (type $big (func (param i32 i32) (result i32)))"
    "  (memory (export \"m\") 1 2) (table (export \"t\") 2 4 funcref)"
    "  (global $g (mut i32) (i32.const 1)) (global $k i32 (i32.const 2))"
    "  (global $r (mut anyref) (ref.null any))"
    "  (tag $e (param i32)) (elem $s funcref (ref.func $f)) (data $d \"data\")"
    "  (func $f)"
    "  (func $make (result (ref $pair))"
    "    (struct.new $pair (i32.const 1) (i32.const 2) (i32.const 3)))"
    "  (func (export \"stack\") (result i32) (i32.const 1) (nop) (i32.const 2) (i32.add))"
    "  (func (export \"local\") (param i32) (result i32) (nop) (local.get 0))"
    "  (func (export \"unset\") (local (ref $pair)) (local.set 0 (call $make)) (nop)"
    "    (drop (local.get 0)))"
    "  (func (export \"global\") (result i32) (nop) (global.get $g))"
    "  (func (export \"set\") (global.set $g (i32.const 5)) (nop))"
    "  (func (export \"store\") (i32.store (i32.const 4) (i32.const 7)) (nop))"
    "  (func (export \"load\") (result i32) (nop) (i32.load (i32.const 65532)))"
    "  (func (export \"atomic\") (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 7)))"
    "    (drop (i32.atomic.rmw.cmpxchg (i32.const 8) (i32.const 1) (i32.const 2)))"
    "    (i32.atomic.store (i32.const 12) (i32.atomic.load (i32.const 16)))"
    "    (drop (memory.atomic.notify (i32.const 20) (i32.const 1))))"
    "  (func (export \"discard\") (memory.discard (i32.const 65532) (i32.const 4)))"
    "  (func (export \"table\") (table.set (i32.const 1) (ref.func $f)) (nop))"
    "  (func (export \"pair\") (result i32) (local (ref null $pair))"
    "    (local.set 0 (call $make)) (nop) (struct.set $pair 1 (local.get 0) (i32.const 4))"
    "    (struct.get $pair 1 (local.get 0)))"
    "  (func (export \"link\") (local structref)"
    "    (local.set 0 (struct.new $link (struct.new $link (ref.null none)))) (nop))"
    "  (func (export \"array\") (drop (array.new_fixed $fixed 2 (i32.const 1) (i32.const 2)))"
    "    (drop (array.new $loose (i32.const 1) (i32.const 3))) (nop))"
    "  (func (export \"drop\") (nop) (elem.drop $s) (data.drop $d))"
    "  (func (export \"ref\") (global.set $r (call $make)) (nop) (drop (global.get $r)))"
    "  (func (export \"i31\") (drop (ref.i31 (i32.const 3)) (nop)))"
    "  (func (export \"label\") (result i32) (i32.const 1)"
    "    (block (result i32) (nop) (i32.const 2)) (i32.add))"
    "  (func (export \"loop\") (loop (nop)))"
    "  (func (export \"handler\") (result i32) (block (result i32)"
    "    (try_table (result i32) (catch $e 0) (nop) (throw $e (i32.const 1)))))"
    "  (func (export \"exn\") (block (try_table (catch_all 0) (throw $e (i32.const 1)))) (nop))"
    "  (func (export \"vector\") (result v128) (v128.not (v128.const i64x2 1 2)))"
    "  (func (export \"extern\") (drop (struct.new $far (extern.convert_any (call $make)))))"
    "  (func (export \"tail\") (result i32)"
    "    (block (return_call $inner (i32.const 1))) (i32.const 1))"
    "  (func (export \"trap\") (block (drop (i32.const 1)) (unreachable)))"
    "  (func (export \"garbage\") (local i32) (local (ref null $link))"
    "    (loop (local.set 1 (struct.new $link (local.get 1)))"
    "      (if (i32.eqz (i32.rem_u (local.get 0) (i32.const 7)))"
    "        (then (local.set 1 (ref.null none))))"
    "      (drop (array.new_fixed $fixed 2 (i32.const 1) (i32.const 2)))"
    "      (block (try_table (catch_all 0) (throw $e (i32.const 1))))"
    "      (br_if 0 (i32.ne (i32.const 500)"
    "        (local.tee 0 (i32.add (local.get 0) (i32.const 1)))))) (nop))"
    "  (func (export \"call\") (result i32) (i32.const 1) (call $inner (i32.const 3)) (i32.add))"
    "  (func $inner (param i32) (result i32) (nop) (local.get 0)))";

// ---- What is planted

static Config *at;           // whose state it is
static FormalStore *store;
static Val *top(u32 n) { return &at->values[at->count - n]; }
static Context *in(u32 n) { return &at->contexts[at->context_count - n]; }
static void set(Val *v, Val to) { *v = to; }
static Val i64(void) { return value_number(TYPE_i64, 1); }
static Val nowhere(ValueKind kind) { return value_ref(kind, 1000); }

static void value_of_other_type(void) { set(top(1), i64()); }
static void value_too_wide(void) { top(1)->bits = (u64)1 << 40; }
static void value_more(void) { at->values[at->count++] = value_i32(0); }
static void value_less(void) { at->count--; }
static void vector(void) { set(top(1), (Val){.kind = TYPE_v128}); }
static void no_value(void) { set(top(1), value_ref(VALUE_unset, 0)); }
static void local_of_other_type(void) { set(&at->locals[at->local_count - 1], i64()); }
static void local_unset(void) { at->locals[at->local_count - 1].kind = VALUE_unset; }
static void local_nowhere(void) { set(&at->locals[at->local_count - 1], nowhere(VALUE_struct)); }
static void local_null(void) { set(&at->locals[at->local_count - 1], value_ref(VALUE_null, 0)); }
static void fewer_locals(void) { at->local_count--; }
static void global_of_other_type(void) { set(&store->globals.at[0].value, i64()); }
static void global_constant(void) { store->globals.at[1].value.bits = 3; }
static void global_retyped(void) { store->globals.at[1].type.mutable = true; }
static void ref_nowhere(void) { set(&store->globals.at[2].value, nowhere(VALUE_array)); }
static void ref_to_func(void) { set(&store->globals.at[2].value, value_ref(VALUE_func, 0)); }
static void ref_func_nowhere(void) { set(&store->globals.at[2].value, nowhere(VALUE_func)); }
static void ref_exn_nowhere(void) { set(&store->globals.at[2].value, nowhere(VALUE_exn)); }
static void ref_to_extern_null(void)
{
    set(&store->globals.at[2].value, (Val){VALUE_null, true, {0}});
}
static void ref_to_extern(void) { set(&store->globals.at[2].value, (Val){VALUE_host, true, {1}}); }
static void i31_too_wide(void) { set(top(1), value_ref(VALUE_i31, (u64)1 << 31)); }
static void memory_shrunk(void) { store->mems.at[0].count -= 65536; }
static void memory_cut(void) { store->mems.at[0].count += 1; }
static void table_element(void) { set(&store->tables.at[0].refs[1], value_ref(VALUE_i31, 1)); }
static void table_shrunk(void) { store->tables.at[0].count = 1; }
static void tag_retyped(void) { store->tags.at[0].type = store->structs.at[0].type; }
static void field_of_other_type(void) { set(&store->structs.at[0].fields[1], i64()); }
static void field_not_packed(void) { store->structs.at[0].fields[2].bits = 256; }
static void field_constant(void) { store->structs.at[0].fields[0].bits = 7; }
static void struct_retyped(void) { store->structs.at[0].type = store->tags.at[0].type; }
static void struct_cut(void) { store->structs.at[0].count = 1; }
static void element_constant(void) { store->arrays.at[0].fields[0].bits = 9; }
static void element_of_other_type(void) { set(&store->arrays.at[1].fields[1], i64()); }
static void array_shrunk(void) { store->arrays.at[1].count = 2; }
static void segment_changed(void) { set(&store->elems.at[0].refs[0], value_ref(VALUE_null, 0)); }
static void segment_wrong(void) { set(&store->elems.at[0].refs[0], value_ref(VALUE_i31, 1)); }
static void data_changed(void) { store->datas.at[0].bytes++; }
static void exception_changed(void) { store->exns.at[0].fields[0].bits = 9; }
static void exception_gone(void) { free(store->exns.at[--store->exns.count].fields); }
static void refers_to_gone(void)
{
    u32 a = 0;
    while (store->structs.at[a].fields) a++;
    set(&store->globals.at[2].value, value_ref(VALUE_struct, a));
}
static void goes_uncollected(void)
{
    free(store->arrays.at[0].fields);
    store->arrays.at[0].fields = NULL;
}
static void func_retyped(void) { store->funcs.at[0].type = store->funcs.at[1].type; }
static void label_arity(void) { in(1)->arity++; }
static void label_again(void) { in(1)->again = in(1)->again - 1; }
static void label_elsewhere(void) { in(1)->block = NULL; }
static void label_of_other_rest(void) { in(1)->at = in(1)->block; }
static void handler_arity(void) { in(2)->arity = 0; }
static void handler_clauses(void) { in(2)->clause_count++; }
static void frame_arity(void) { in(2)->arity = 0; }
static void frame_of_other_func(void) { in(2)->func = 0; }
static void frame_without_module(void) { in(2)->module = NULL; }
static void ahead_needs_more(void) { ahead_plain(at, OP_i32_eqz, 0), at->count--; }
static void ahead_br_nowhere(void) { ahead_plain(at, OP_br, 7); }
static void ahead_return_call(void)
{
    Instr i = instr_plain(OP_return_call_ref, 0);
    i.of = store->funcs.at[1].type;
    at->values[at->count++] = value_ref(VALUE_func, 1);
    ahead(at, i);
}
static void ahead_call(void)
{
    Instr i = instr_plain(OP_call_ref, 0);
    i.of = store->structs.at[0].type;
    ahead(at, i);
}
static void address_wrong(void) { in(2)->module->mems[0] = 5; }
static void address_of_other_type(void) { in(2)->module->globals[1] = 2; }
static void address_of_func(void) { in(2)->module->funcs[2] = 99; }
static void address_of_tag(void) { in(2)->module->tags[0] = 99; }
static void address_of_table(void) { in(2)->module->tables[0] = 99; }
static void address_of_segment(void) { in(2)->module->elems[0] = 99; }

typedef struct {
    const char *call;        // what of the program is called
    void (*plant)(void);
    Judgement rule, within;  // that refutes it, and what that is a premise of; COUNT: any
    bool at_once;            // it is found without looking at all there is
} Case;

#define R(rule) JUDGEMENT_##rule
#define ANY JUDGEMENT_COUNT
static const Case cases[] = {
    {"stack", value_of_other_type, R(Val_ok_num), R(Instrs_ok2_frame), true},
    {"stack", value_too_wide, R(Num_ok), R(Val_ok_num), true},
    {"stack", vector, R(Val_ok_vec), R(Instrs_ok2_frame), true},
    {"stack", no_value, R(Val_ok_ref), R(Instrs_ok2_frame), true},
    {"stack", value_more, R(Instrs_ok2_frame), R(Instr_ok2_label), true},
    {"stack", value_less, R(Instrs_ok2_frame), R(Instr_ok2_label), true},
    {"local", local_of_other_type, R(Val_ok_num), R(Localval_ok_set), false},
    {"local", local_of_other_type, R(Val_ok_num), R(Instrs_ok2_frame), true},
    {"local", fewer_locals, R(Frame_ok), R(Instr_ok2_frame), false},
    {"unset", local_unset, R(Instrs_ok2_seq), R(Instr_ok2_label), true},
    {"unset", local_nowhere, R(Ref_ok_struct), R(Ref_ok_sub), true},
    {"unset", local_null, R(Ref_ok_sub), R(Val_ok_ref), true},
    {"global", global_of_other_type, R(Val_ok_num), R(Globalinst_ok), false},
    {"global", global_of_other_type, R(Val_ok_num), R(Instrs_ok2_frame), true},
    {"global", global_constant, R(Extend_globalinst), R(Extend_store), false},
    {"global", global_retyped, R(Extend_globalinst), R(Extend_store), false},
    {"ref", ref_nowhere, R(Ref_ok_array), R(Ref_ok_sub), true},
    {"ref", ref_to_func, R(Ref_ok_sub), R(Val_ok_ref), true},
    {"ref", ref_func_nowhere, R(Ref_ok_func), R(Ref_ok_sub), true},
    {"ref", ref_exn_nowhere, R(Ref_ok_exn), R(Ref_ok_sub), true},
    {"ref", ref_to_extern_null, R(Ref_ok_extern), R(Ref_ok_sub), true},
    {"ref", ref_to_extern, R(Ref_ok_sub), R(Val_ok_ref), true},
    {"i31", i31_too_wide, R(Ref_ok_i31), R(Ref_ok_sub), true},
    {"load", memory_shrunk, R(Extend_meminst), ANY, true},
    {"load", memory_cut, R(Meminst_ok), R(Store_ok), false},
    {"table", table_element, R(Ref_ok_sub), R(Val_ok_ref), false},
    {"table", table_shrunk, R(Extend_tableinst), ANY, true},
    {"ref", tag_retyped, R(Extend_taginst), R(Extend_store), false},
    {"pair", field_of_other_type, R(Val_ok_num), R(Fieldval_ok_val), false},
    {"pair", field_not_packed, R(Packval_ok), R(Fieldval_ok_packval), false},
    {"pair", field_constant, R(Extend_structinst), ANY, true},
    {"pair", struct_retyped, R(Extend_structinst), R(Extend_store), false},
    {"pair", struct_cut, R(Extend_structinst), R(Extend_store), false},
    {"array", element_constant, R(Extend_arrayinst), R(Extend_store), false},
    {"array", element_of_other_type, R(Val_ok_num), R(Fieldval_ok_val), false},
    {"array", array_shrunk, R(Extend_arrayinst), R(Extend_store), false},
    {"drop", segment_changed, R(Extend_eleminst), R(Extend_store), false},
    {"drop", segment_wrong, R(Extend_eleminst), R(Extend_store), false},
    {"drop", data_changed, R(Extend_datainst), R(Extend_store), false},
    {"exn", exception_changed, R(Extend_exninst), R(Extend_store), false},
    {"exn", exception_gone, R(Extend_store), ANY, true},
    {"garbage", refers_to_gone, R(Ref_ok_struct), R(Ref_ok_sub), false},
    {"array", goes_uncollected, R(Extend_arrayinst), R(Extend_store), false},
    {"stack", func_retyped, R(Extend_funcinst), R(Extend_store), false},
    {"label", label_arity, R(Instr_ok2_label), ANY, true},
    {"label", label_elsewhere, R(Instr_ok2_label), ANY, true},
    {"label", label_of_other_rest, R(Instrs_ok2_seq), R(Instr_ok2_label), true},
    {"loop", label_again, R(Instr_ok2_label), ANY, true},
    {"handler", handler_arity, R(Instr_ok2_handler), ANY, false},
    {"handler", handler_clauses, R(Instr_ok2_handler), ANY, false},
    {"call", frame_arity, R(Instr_ok2_frame), ANY, false},
    {"call", frame_of_other_func, R(Frame_ok), R(Instr_ok2_label), true},
    {"call", frame_without_module, R(Frame_ok), R(Instr_ok2_frame), false},
    {"stack", ahead_needs_more, R(Instr_ok2_plain), R(Instrs_ok2_seq), true},
    {"stack", ahead_br_nowhere, R(Instr_ok2_plain), R(Instrs_ok2_seq), true},
    {"ref", ahead_return_call, R(Instr_ok2_return_call_ref), R(Instrs_ok2_seq), true},
    {"ref", ahead_call, R(Instr_ok2_call_ref), R(Instrs_ok2_seq), true},
    {"stack", address_wrong, R(Externaddr_ok_mem), R(Externaddr_ok_sub), false},
    {"stack", address_of_other_type, R(Externaddr_ok_sub), R(Moduleinst_ok), false},
    {"stack", address_of_func, R(Externaddr_ok_func), R(Externaddr_ok_sub), false},
    {"stack", address_of_tag, R(Externaddr_ok_tag), R(Externaddr_ok_sub), false},
    {"stack", address_of_table, R(Externaddr_ok_table), R(Externaddr_ok_sub), false},
    {"stack", address_of_segment, R(Moduleinst_ok), R(State_ok), false},
};

// ---- Who plants, and then lets the check look

typedef struct { Check *check; const Case *of; bool done; } Planter;

static void before(void *env, const Config *c, const Instr *redex)
{
    const Watch *w = check_watch(((Planter *)env)->check);
    w->before(w->env, c, redex);
}

static void touches(void *env, const Config *c, Part part)
{
    const Watch *w = check_watch(((Planter *)env)->check);
    w->touches(w->env, c, part);
}

static void after(void *env, Config *c, Rule rule)
{
    Planter *p = env;
    const Watch *w = check_watch(p->check);
    if (rule == RULE_Step_pure_nop && !p->done && p->of) p->of->plant(), p->done = true;
    w->after(w->env, c, rule);
}

static void begins(void *env, Config *c)
{
    const Watch *w = check_watch(((Planter *)env)->check);
    w->begins(w->env, c);
}

static void collected(void *env, const Config *c)
{
    const Watch *w = check_watch(((Planter *)env)->check);
    w->collected(w->env, c);
}

static Planter planter;
static u64 used[JUDGEMENT_COUNT];

// A sound machine with a check that judges all after so many steps.
static void open_checked(Machine *m, u64 every)
{
    static Watch watch = {.env = &planter, .before = before, .touches = touches, .after = after,
                          .begins = begins, .collected = collected};
    planter = (Planter){0};
    machine_open(m, program, NULL);
    at = &m->config;
    store = &m->store;
    store->limits.heap_bytes = 1 << 14; // so that objects are collected now and then
    planter.check = check_new(&m->config, every);
    if (!CHECK(planter.check != NULL)) exit(check_report());
    m->config.watch = &watch;
}

static void close_checked(Machine *m)
{
    for (u32 k = 0; k < JUDGEMENT_COUNT; k++) used[k] += check_used(planter.check)[k];
    check_free(planter.check);
    machine_close(m);
}

static void call(Machine *m, const char *name)
{
    Val values[2] = {value_i32(5), value_i32(6)};
    machine_call(m, name, values);
}

static void run_case(const Case *c, u64 every)
{
    Machine m;
    open_checked(&m, every);
    planter.of = c;
    call(&m, c->call);
    const char *report = check_says(planter.check);
    bool good = CHECK(planter.done) && CHECK(report != NULL) &&
                CHECK_EQ_U64(check_rule(planter.check, 0), c->rule) &&
                CHECK(c->within == ANY || check_rule(planter.check, 1) == c->within) &&
                CHECK(strstr(report, judgement_text[c->rule]) != NULL) &&
                CHECK(strstr(report, "LOCALS") != NULL);
    if (!good) printf("    %s, planted by case %td, every %d: %s\n", c->call, c - cases, (int)every,
                      report ? report : "nothing is reported");
    close_checked(&m);
}

// ---- What only can go wrong while a step is done

// In place of the check's, which is called in between.
static void (*within_step)(const Instr *redex);

static void before_and_plant(void *env, const Config *c, const Instr *redex)
{
    before(env, c, redex);
    if (within_step) within_step(redex);
}

static void after_and_plant(void *env, Config *c, Rule rule)
{
    Planter *p = env;
    const Watch *w = check_watch(p->check);
    if (p->of && !p->done && rule == RULE_Step_struct_new && store->structs.count == 2)
        p->of->plant(), p->done = true;
    w->after(w->env, c, rule);
}

static const char *run_within(const char *name, void (*plant)(const Instr *), const Case *behind)
{
    static const Watch watch = {.env = &planter, .before = before_and_plant, .touches = touches,
                                .after = after_and_plant, .begins = begins,
                                .collected = collected};
    static char kept[400];
    Machine m;
    open_checked(&m, 0);
    within_step = plant;
    planter.of = behind;
    m.config.watch = &watch;
    call(&m, name);
    const char *report = check_says(planter.check);
    snprintf(kept, sizeof kept, "%s", report ? report : "nothing is reported");
    kept[strcspn(kept, "\n")] = 0;
    close_checked(&m);
    return kept;
}

static void no_rule(const Instr *i)
{
    if (i->redex == OP_struct_get) set(top(1), value_i32(0));
}
static void memory_shrinks(const Instr *i)
{
    if (i->redex == REDEX_load_num) store->mems.at[0].count = 65535;
}
static void memory_ends(const Instr *i)
{
    if (i->redex == OP_memory_discard || i->redex == OP_memory_atomic_notify)
        store->mems.at[0].count = 16;
}
static void writes_elsewhere(const Instr *i)
{
    if (i->redex == REDEX_store_num || i->redex == REDEX_atomic_rmw) top(2)->bits = 8;
}
static void writes_in_atomic_load(const Instr *i)
{
    if (i->redex == REDEX_atomic_load) touch(at, PART_mem, 0, 16, 4);
}
static void writes_outside(const Instr *i)
{
    if (i->redex == OP_nop) touch(at, PART_mem, 0, 65536, 1);
}
static void writes_in_no_instance(const Instr *i)
{
    if (i->redex == OP_nop) touch(at, PART_global, 100, 0, 1);
}
static void writes_in_load(const Instr *i)
{
    if (i->redex == REDEX_load_num) touch(at, PART_mem, 0, 0, 1);
}
static void stores_of_other_type(const Instr *i)
{
    if (i->redex == OP_global_set) set(top(1), i64());
}
static void circle(void) { set(&store->structs.at[1].fields[0], value_ref(VALUE_struct, 1)); }

static const Case of_circle = {.plant = circle};
static const struct {
    const char *call;
    void (*plant)(const Instr *);
    const Case *behind;
    const char *says;
} step_cases[] = {
    {"pair", no_rule, NULL, "Progress fails behind step 13, Step_read/local.get: no rule applies"},
    {"load", memory_shrinks, NULL, "memory safety fails in step 5, Step_read/load-num-oob: "
     "it calls out of bounds what is not"},
    {"store", writes_elsewhere, NULL, "memory safety fails in step 4, Step/store-num-val: "
     "it changes another part than the one that it names"},
    {"store", writes_outside, NULL, "memory safety fails in step 5, Step_pure/nop: "
     "it changes what is in no instance"},
    {"store", writes_in_no_instance, NULL, "memory safety fails in step 5, Step_pure/nop: "
     "it changes what is in no instance"},
    {"load", writes_in_load, NULL, "memory safety fails in step 5, Step_read/load-num-val: "
     "it changes something, and should not"},
    {"atomic", writes_elsewhere, NULL, "memory safety fails in step 4, Step/atomic.rmw-val: "
     "it changes another part than the one that it names"},
    {"atomic", writes_in_atomic_load, NULL, "memory safety fails in step 8, "
     "Step_read/atomic.load-val: it changes something, and should not"},
    {"atomic", memory_ends, NULL, "memory safety fails in step 10, "
     "Step/memory.atomic.notify-oob: it calls out of bounds what is not"},
    {"discard", memory_ends, NULL, "memory safety fails in step 4, Step_read/memory.discard-oob: "
     "it calls out of bounds what is not"},
    {"set", stores_of_other_type, NULL, "Preservation fails in step 4, Step/global.set: "
     "Val_ok/num in Globalinst_ok: s.GLOBALS[0].VALUE: i64 stands where i32 should"},
    {"link", NULL, &of_circle, "Preservation fails in step 6, Step/struct.new: "
     "NotImmutReachable: an object can be reached from itself by fields that may not change"},
};

static void test_within(void)
{
    for (size_t k = 0; k < COUNT_OF(step_cases); k++)
        CHECK_STR(run_within(step_cases[k].call, step_cases[k].plant, step_cases[k].behind),
                  step_cases[k].says);
}

// ---- What is sound

// Each export, step by step, all of it after each: nothing is found. And nothing of what the judge
// can conclude was left out in all of this.
static void test_sound(void)
{
    Machine m;
    open_checked(&m, 1);
    for (u32 k = 0; k < m.module->export_count; k++) {
        char name[20];
        const Export *e = &m.module->exports[k];
        snprintf(name, sizeof name, "%.*s", (int)e->name.len, (const char *)e->name.data);
        if (e->kind == EXTERN_func) call(&m, name);
    }
    if (!CHECK(!check_says(planter.check))) puts(check_says(planter.check));
    CHECK(check_all(planter.check));
    CHECK(m.store.collections > 5);
    CHECK(check_counts(planter.check).steps > 50);
    CHECK(check_counts(planter.check).whole > check_counts(planter.check).steps);
    close_checked(&m);
    for (u32 k = 0; k < JUDGEMENT_COUNT; k++)
        if (!CHECK(used[k])) printf("    %s\n", judgement_text[k]);
}

int main(void)
{
    for (size_t k = 0; k < COUNT_OF(cases); k++) run_case(&cases[k], !cases[k].at_once);
    test_within();
    test_sound();
    return check_report();
}
