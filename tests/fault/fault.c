// fault.c -- everything that takes memory or asks the system for something, with the first request
// refused, then the second, and so on until none is: in each of the ways below.
//
//     fault [--most N] [--share N] [NAME...]     rows of scenarios.def, or all of them
//     fault [...] FILE...                        scripts: load, instantiate, call as they say
//
// With --most about so many failures of a row and way are tried, evenly spread, from another start
// for each --share.
//
// What must hold after each failure: the answer is one that says so (an error, a trap, NULL, -1);
// nothing is lost, no descriptor stays open, no file is left; and the same thing done again on the
// same engine and store works.

#include "api/api.h"
#include "api/wasi_link.h"
#include "binary/decode.h"
#include "check.h"
#include "command.h"
#include "component/abi/abi.h"
#include "component/binary/component.h"
#include "component/print/print.h"
#include "engine/needs.h"
#include "engine/source.h"
#include "module/describe.h"
#include "plat/code.h"
#include "plat/fault.h"
#include "run/call.h"
#include "run/frame.h"
#include "run/gc/collect.h"
#include "run/guard.h"
#include "run/spare.h"
#include "script/script.h"
#include "shim.h"
#include "text/component/parse.h"
#include "valid/valid.h"
#include "wasm.h"
#include "weft_component.h"
#include "weft_map.h"
#include "weft_object.h"
#include "weft_pool.h"
#include "weft_snapshot.h"
#include "weft_threads.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct { char *data; size_t size; } File;
static File module_text, wasi_text, sockets_text;
static Bytes module_bytes;

static File read_file(const char *name)
{
    File f = {0};
    FILE *in = fopen(name, "rb");
    if (!in) return f;
    fseek(in, 0, SEEK_END);
    f.size = (size_t)ftell(in);
    rewind(in);
    f.data = malloc(f.size + 1);
    if (f.data && fread(f.data, 1, f.size, in) != f.size) f.size = 0;
    fclose(in);
    return f;
}

// --- what cases share

static const StoreLimits small = {
    .memory_bytes = 8 << 20, .table_entries = 100000, .stack_bytes = 1 << 20};

static Engine *engine(void)
{
    Engine *e = engine_new(features_all);
    if (e) e->limits = small;
    return e;
}

// Whatever failed, each module and store gave back the types that it held, and what it took.
static void end_engine(Engine *e)
{
    if (e) CHECK_EQ_U64(type_store_counts(e->types).groups, 0);
    for (u32 i = 0; e && i < ENGINE_LIMIT_COUNT; i++)
        CHECK_EQ_U64(account_used(&e->accounts[i]), 0);
    engine_free(e);
}

static Trap host_add(HostCall *call)
{
    call->slots[0] = (u32)call->slots[0] + (u32)call->slots[1];
    return TRAP_none;
}

// Makes what module.wat imports from "host".
static bool resolve(void *env, const Import *import, const ExternType *t, Extern *out)
{
    Store *s = env;
    bool made = false;
    out->kind = t->kind;
    switch (t->kind) {
    case EXTERN_func: made = (out->func = func_new_host(s, t->func, host_add, NULL)) != NULL; break;
    case EXTERN_table: made = (out->table = table_new(s, &t->table, REF_NULL)) != NULL; break;
    case EXTERN_memory: made = (out->memory = memory_new(s, &t->memory)) != NULL; break;
    case EXTERN_global: made = (out->global = global_new(s, t->global)) != NULL; break;
    case EXTERN_tag: made = (out->tag = tag_new(s, t->func)) != NULL; break;
    case EXTERN_COUNT: break;
    }
    if (!made) out->kind = EXTERN_COUNT;
    return made;
}

static bool short_of_memory(const Diag *diag) { return diag->err == ERR_out_of_memory; }

// Is this errno that of what failed?
static bool refused(int err) { return err == ENOMEM || fault_gave(err); }

static Func *find(const Instance *inst, const char *name)
{
    Extern e;
    return instance_export(inst, bytes_of(name), &e) ? e.func : NULL;
}

// An engine with module.wat loaded and instantiated, nothing failing.
typedef struct { Engine *engine; Module *module; Store *store; Instance *instance; } World;

static World world_in(Tier tier, bool faults, u32 beside)
{
    World w = {.engine = engine()};
    Diag diag;
    w.engine->tier = tier;
    w.engine->hot = 1;
    if (faults) engine_set_faults(w.engine, true);
    w.engine->beside.bytes = beside;
    w.module = engine_load(w.engine, module_bytes.data, module_bytes.len, &diag);
    w.store = engine_store(w.engine);
    w.instance = engine_instantiate(w.store, w.module, resolve, w.store, &diag).instance;
    return w;
}

static World world(void) { return world_in(TIER_interp, false, BESIDE_BYTES); }

static void world_end(const World *w)
{
    store_free(w->store);
    engine_unload(w->module);
    end_engine(w->engine);
}

// --- cases

static void make_engine(void)
{
    fault_arm();
    Engine *e = engine();
    Store *s = e ? engine_store(e) : NULL;
    fault_disarm();
    if (e && !s) {
        s = engine_store(e);
        CHECK(s != NULL);
    }
    store_free(s);
    end_engine(e);
}

static void load(void)
{
    Engine *e = engine();
    Diag diag;
    fault_arm();
    Module *m = engine_load(e, module_bytes.data, module_bytes.len, &diag);
    fault_disarm();
    CHECK(m || short_of_memory(&diag));
    engine_unload(m);
    m = engine_load(e, module_bytes.data, module_bytes.len, &diag);
    CHECK(m != NULL);
    engine_unload(m);
    end_engine(e);
}

// Text to a module; and what is refused, whose reasons must not change for want of memory.
static void load_text(const char *text, size_t size, Err want)
{
    Engine *e = engine();
    Source s;
    Diag diag;
    fault_arm();
    bool good = source_load(&s, e, (const u8 *)text, size, &diag);
    fault_disarm();
    CHECK(good ? want == ERR_none : diag.err == want || short_of_memory(&diag));
    source_free(&s);
    CHECK(source_load(&s, e, (const u8 *)text, size, &diag) == (want == ERR_none));
    CHECK(want == diag.err);
    source_free(&s);
    end_engine(e);
}

static void parse(void) { load_text(module_text.data, module_text.size, ERR_none); }

static void refuse(void)
{
    static const struct { const char *text; Err err; } rows[] = {
        {"(module (func (result i32) (i64.const 1)))", ERR_type_mismatch},
        {"(module (export \"a\" (func $f)) (export \"a\" (func $f)) (func $f))", ERR_duplicate_export},
        {"(module (func (block (block (frobnicate)))))", ERR_unknown_operator},
        {"(module binary \"\\00asm\\01\\00\\00\\00\" \"\\03\\02\\01\\07\""
         " \"\\0a\\04\\01\\02\\00\\0b\")",
         ERR_unknown_type},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        load_text(rows[i].text, strlen(rows[i].text), rows[i].err);
}

static void validate(void)
{
    Engine *e = engine();
    for (u32 again = 0; again < 2; again++) {
        Module *m = NULL;
        Diag diag;
        diag_init(&diag);
        if (!CHECK(module_decode(module_bytes.data, module_bytes.len, e->features, e->types, &m,
                                 &diag)))
            break;
        if (!again) fault_arm();
        bool good = module_validate(m, &diag);
        fault_disarm();
        CHECK(good || (!again && short_of_memory(&diag)));
        module_free(m);
    }
    end_engine(e);
}

// A component with types, functions, instances and a component in it; see component_test.c for what
// its bytes are.
static void component(void)
{
    static const char bytes[] =
        "\0asm\x0d\0\1\0"
        "\1\x3a\0asm\1\0\0\0\1\xc\2\x60\0\0\x60\4\x7f\x7f\x7f\x7f\1\x7f\3\3\2\0\1\5\3\1\0\1"
        "\7\xd\3\1f\0\0\1m\2\0\1r\0\1\xa\x9\2\2\0\xb\4\0\x41\0\xb"
        "\2\4\1\0\0\0" "\6\7\1\0\0\1\0\1f" "\7\x8\2\x40\0\1\0\x3f\x7f\0" "\x8\6\1\0\0\0\0\0"
        "\4\x1e\0asm\x0d\0\1\0\xa\6\1\0\1r\3\1\7\3\1\x69\0\xb\x7\1\0\1s\3\0\0"
        "\5\x8\1\0\0\1\1r\3\1" "\xb\x7\1\0\1f\1\0\0";
    Engine *e = engine();
    for (u32 again = 0; again < 2; again++) {
        Diag diag;
        if (!again) fault_arm();
        Component *c = component_load((const u8 *)bytes, sizeof bytes - 1, e->features, e->types,
                                      NULL, &diag);
        fault_disarm();
        CHECK(c ? diag.err == ERR_none : !again && short_of_memory(&diag));
        component_free(c);
    }
    end_engine(e);
}

// From text to bytes, and from those to text and back.
static void component_text(void)
{
    static const char text[] =
        "(component $c (type $t (record (field \"a\" (list (tuple u8 string)))))"
        "(import \"i\" (instance $i (export \"n\" (instance (export \"f\" (func))))))"
        "(core module $m (memory (export \"m\") 1) (func (export \"f\")))"
        "(core instance $j (instantiate $m))"
        "(core type (module (import \"\" \"\" (func)) (export \"e\" (memory 1))))"
        "(component $d (export \"d\") (type (option $t)))"
        "(func (export \"g\") (canon lift (core func $j \"f\") (memory (core memory $j \"m\"))))"
        "(core func (canon lower (func $i \"n\" \"f\"))) (@custom \"x\" \"y\"))";
    static const PrintOptions plain = {0};
    for (u32 again = 0; again < 2; again++) {
        Arena arena;
        TextModule out;
        Diag diag;
        arena_init(&arena);
        diag_init(&diag);
        if (!again) fault_arm();
        bool good = component_text_parse(&arena, text, 0, sizeof text - 1, true, features_all,
                                         NULL, &out, &diag);
        RoundTrip r = good ? component_round_trip(out.bytes, features_all, &plain, &diag)
                           : ROUND_TRIP_refused;
        fault_disarm();
        CHECK(r == ROUND_TRIP_same || (!again && short_of_memory(&diag)));
        arena_free(&arena);
    }
}

static void instantiate(void)
{
    Engine *e = engine();
    Diag diag;
    Module *m = engine_load(e, module_bytes.data, module_bytes.len, &diag);
    Store *s = engine_store(e);
    fault_arm();
    Instantiated made = engine_instantiate(s, m, resolve, s, &diag);
    fault_disarm();
    CHECK(made.trap ? made.trap == TRAP_out_of_memory : made.instance || short_of_memory(&diag));
    made = engine_instantiate(s, m, resolve, s, &diag);
    CHECK(made.instance && !made.trap);
    u64 slots[2] = {0};
    CHECK_EQ_U64(engine_call(s, find(made.instance, "work"), slots, COUNT_OF(slots)), TRAP_none);
    CHECK_EQ_U64(slots[0], 55 + 2 * 44 + 'h');
    store_free(s);
    engine_unload(m);
    end_engine(e);
}

static bool nothing(void *env, const Import *import, const ExternType *t, Extern *out)
{
    return false;
}

// What cannot be had has taken nothing of any account.
static void accounts_of(MemoryMode mode)
{
    static const char text[] =
        "(module (memory 2) (memory 1) (table 9 funcref) (global i32 (i32.const 1)) (func $f)"
        " (elem func $f $f) (elem (i32.const 1) func $f) (data (i32.const 3) \"x\"))";
    Engine *e = engine();
    e->limits.memory_mode = mode;
    e->tier = TIER_baseline;
    Store *s = engine_store(e);
    Source source;
    Diag diag;
    Account before[STORE_LIMIT_COUNT];
    CHECK(source_load(&source, e, (const u8 *)text, sizeof text - 1, &diag));
    memcpy(before, s->accounts, sizeof before);
    fault_arm();
    Instantiated made = engine_instantiate(s, source.module, nothing, NULL, &diag);
    fault_disarm();
    if (!made.instance) CHECK(!memcmp(before, s->accounts, sizeof before));
    made = engine_instantiate(s, source.module, nothing, NULL, &diag);
    if (CHECK(made.instance != NULL)) {
        const MemType type = {{.min = 1, .page_log2 = 16}};
        memcpy(before, s->accounts, sizeof before);
        fault_arm();
        bool any = memory_grow(made.instance->memories[0], 40) >= 0;
        any |= table_grow(made.instance->tables[0], 5000, REF_NULL) >= 0;
        any |= memory_new(s, &type) || global_new(s, (GlobalType){TYPE_i32, true}) ||
               ref_new_extern(s, 1);
        fault_disarm();
        if (!any) CHECK(!memcmp(before, s->accounts, sizeof before));
    }
    store_free(s);
    source_free(&source);
    end_engine(e);
}

static void accounts(void) { accounts_of(MEMORY_movable); }
static void accounts_guarded(void) { accounts_of(MEMORY_guarded); }

static void call_in(Tier tier, bool faults, u32 beside)
{
    World w = world_in(tier, faults, beside);
    u64 slots[2] = {0};
    fault_arm();
    Trap trap = engine_call(w.store, find(w.instance, "work"), slots, COUNT_OF(slots));
    fault_disarm();
    CHECK(!trap || trap == TRAP_out_of_memory);
    for (int again = 0; again < 2; again++) {
        CHECK_EQ_U64(engine_call(w.store, find(w.instance, "work"), slots, COUNT_OF(slots)), TRAP_none);
        CHECK_EQ_U64(slots[0], 55 + 2 * 44 + 'h');
    }
    world_end(&w);
}

static void call(void) { call_in(TIER_interp, false, BESIDE_BYTES); }
// What cannot be compiled is interpreted.
static void call_compiled(void) { call_in(TIER_baseline, false, BESIDE_BYTES); }
static void call_guarded(void) { call_in(TIER_baseline, true, BESIDE_BYTES); }
static void call_hot(void) { call_in(TIER_auto, true, BESIDE_BYTES); }
static void call_beside(void) { call_in(TIER_baseline, true, 0); }

// Grows bit by bit to the end: -1 where there is no memory, and the sizes are right all the way.
static void grow(const char *name, u64 by, u64 start, u64 most)
{
    World w = world();
    Func *f = find(w.instance, name);
    u64 size = start, slots[2] = {0};
    CHECK_EQ_U64(engine_call(w.store, f, slots, COUNT_OF(slots)), TRAP_none); // translated now
    while (size + by <= most) {
        slots[0] = by;
        fault_arm();
        Trap trap = engine_call(w.store, f, slots, COUNT_OF(slots));
        fault_disarm();
        CHECK(!trap && (slots[0] == size || slots[0] == UINT32_MAX));
        if (slots[0] == UINT32_MAX) {
            slots[0] = by;
            CHECK_EQ_U64(engine_call(w.store, f, slots, COUNT_OF(slots)), TRAP_none);
            CHECK_EQ_U64(slots[0], size);
        }
        size += by;
    }
    slots[0] = by;
    CHECK_EQ_U64(engine_call(w.store, f, slots, COUNT_OF(slots)), TRAP_none);
    CHECK_EQ_U64(slots[0], UINT32_MAX);
    world_end(&w);
}

static void grow_memory(void) { grow("grow_memory", 3, 1, 40); }
static void grow_table(void) { grow("grow_table", 9, 3, 30); }

// One that grows; and a second, which may have what the first left, if that is zero again.
static void use_memories(MemoryMode mode)
{
    static const u8 zeros[1 << 16];
    // one that does not move takes address space for all that it may grow to
    const MemType type = {{.min = 1, .max = 64, .has_max = mode == MEMORY_fixed, .page_log2 = 16}};
    Engine *e = engine();
    e->limits.memory_mode = mode;
    for (u32 i = 0; i < 2; i++) {
        Store *s = engine_store(e);
        fault_arm();
        Memory *m = memory_new(s, &type);
        bool zeroed = m && !memcmp(m->base, zeros, sizeof zeros);
        s64 first = m ? memory_grow(m, 2) : -1, second = m ? memory_grow(m, 30) : -1;
        fault_disarm();
        if (m) {
            u64 pages = 1 + (first < 0 ? 0 : 2) + (second < 0 ? 0 : 30);
            CHECK_EQ_U64(m->pages, pages);
            CHECK(zeroed);
            memset(m->base, 1, m->size);
            CHECK_EQ_U64(memory_grow(m, 1), pages);
            memset(m->base, 2, m->size);
        }
        fault_arm();
        store_free(s);
        fault_disarm();
    }
    end_engine(e);
}

// Where there was no room reserved to grow in, it moves.
static void move_memory(void) { use_memories(MEMORY_movable); }
static void guard_memory(void) { use_memories(MEMORY_guarded); }
static void fix_memory(void) { use_memories(MEMORY_fixed); }

static void backtrace(void)
{
    World w = world();
    u64 slots[2] = {20};
    CHECK_EQ_U64(engine_call(w.store, find(w.instance, "deep"), slots, COUNT_OF(slots)), TRAP_unreachable);
    FrameCursor cursor = {0};
    u32 depth = 0;
    for (; frame_next(&w.store->exec, &cursor); depth++) {
        Arena arena;
        FrameView view;
        arena_init(&arena);
        fault_arm();
        bool good = frame_read(&cursor, &arena, &view);
        fault_disarm();
        CHECK(!good || view.local_count == 3);
        CHECK(frame_read(&cursor, &arena, &view));
        CHECK_EQ_U64(*view.local_values[0], depth);
        arena_free(&arena);
    }
    CHECK_EQ_U64(depth, 21);
    world_end(&w);
}

// The maps of frames are made when a collection first meets their functions.
static void collect(void)
{
    World w = world();
    u64 slots[2] = {5};
    w.store->gc_stress = true;
    fault_arm();
    Trap trap = engine_call(w.store, find(w.instance, "collect"), slots, COUNT_OF(slots));
    fault_disarm();
    CHECK(!trap || trap == TRAP_out_of_memory);
    slots[0] = 5;
    CHECK_EQ_U64(engine_call(w.store, find(w.instance, "collect"), slots, COUNT_OF(slots)), TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 15);
    world_end(&w);
}

// Twenty that wait, with values bound to them and one that has switched away; and all to their end.
static const char conts_text[] =
    "(module (type $f (func (result i32))) (type $c (cont $f))"
    "  (type $fi (func (param i32 i32) (result i32))) (type $ci (cont $fi))"
    "  (type $f1 (func (param i32) (result i32))) (type $c1 (cont $f1))"
    "  (rec (type $s (func (param (ref null $cs)) (result i32))) (type $cs (cont $s)))"
    "  (tag $t (result i32)) (tag $e (result i32)) (tag $x (param i32))"
    "  (table $kept 20 (ref null $c)) (elem declare func $deep $switches $back)"
    "  (func $deep (param $n i32) (param $more i32) (result i32)"
    "    (if (result i32) (local.get $n)"
    "      (then (call $deep (i32.sub (local.get $n) (i32.const 1)) (local.get $more)))"
    "      (else (i32.add (suspend $t) (local.get $more)))))"
    "  (func $start (param $n i32) (result (ref $c)) (local (ref null $c1))"
    "    (block $h (result (ref $c1))"
    "      (resume $c (on $t $h) (cont.bind $c1 $c (i32.const 100) (cont.bind $ci $c1"
    "        (local.get $n) (cont.new $ci (ref.func $deep)))))"
    "      (unreachable))"
    "    (local.set 1) (cont.bind $c1 $c (local.get $n) (local.get 1)))"
    "  (func $back (type $s) (switch $cs $e (local.get 0)) (drop) (i32.const 1))"
    "  (func $switches (type $s)"
    "    (drop (switch $cs $e (cont.new $cs (ref.func $back)))) (i32.const 7))"
    "  (func (export \"forget\")"
    "    (table.fill $kept (i32.const 0) (ref.null $c) (i32.const 20)))"
    "  (func (export \"work\") (result i32) (local $i i32) (local $sum i32)"
    "    (loop $l"
    "      (table.set $kept (local.get $i) (call $start (local.get $i)))"
    "      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))"
    "        (i32.const 20))))"
    "    (loop $l"
    "      (local.set $i (i32.sub (local.get $i) (i32.const 1)))"
    "      (local.set $sum (i32.add (local.get $sum)"
    "        (resume $c (table.get $kept (local.get $i)))))"
    "      (br_if $l (local.get $i)))"
    "    (block $h (result i32) (try_table (catch $x $h)"
    "      (drop (resume_throw $c $x (i32.const 1000) (call $start (i32.const 3)))))"
    "      (unreachable))"
    "    (i32.add (local.get $sum))"
    "    (i32.add (resume $cs (on $e switch) (ref.null $cs)"
    "      (cont.new $cs (ref.func $switches))))))";

static void conts_in(Tier tier, bool stress)
{
    Engine *e = engine();
    Diag diag;
    e->tier = tier;
    const u8 *text = (const u8 *)conts_text;
    Source source;
    bool loaded = source_load(&source, e, text, sizeof conts_text - 1, &diag);
    Store *s = engine_store(e);
    Instance *inst =
        loaded && s ? engine_instantiate(s, source.module, NULL, NULL, &diag).instance : NULL;
    if (!CHECK(inst)) printf("    %s\n", diag.detail);
    if (!inst) return;
    s->gc_stress = stress;
    u64 slots[2] = {0};
    fault_arm();
    Trap trap = engine_call(s, find(inst, "work"), slots, COUNT_OF(slots));
    fault_disarm();
    CHECK(!trap || trap == TRAP_out_of_memory);
    for (int again = 0; again < 2; again++) {
        CHECK_EQ_U64(engine_call(s, find(inst, "work"), slots, COUNT_OF(slots)), TRAP_none);
        CHECK_EQ_U64((u32)slots[0], 20 * 100 + 190 + 1000 + 7);
    }
    CHECK_EQ_U64(engine_call(s, find(inst, "forget"), slots, COUNT_OF(slots)), TRAP_none);
    CHECK(heap_collect(s, NULL));
    CHECK_EQ_U64(account_used(&s->accounts[STORE_continuations]), 0);
    CHECK_EQ_U64(account_used(&s->accounts[STORE_continuation_bytes]), 0);
    store_free(s);
    source_free(&source);
    end_engine(e);
}

static void conts(void) { conts_in(TIER_interp, false); }
static void conts_compiled(void) { conts_in(TIER_baseline, false); }
static void conts_collected(void) { conts_in(TIER_interp, true); }

static void host_objects(void)
{
    Engine *e = engine();
    Store *s = engine_store(e);
    fault_arm();
    for (u64 i = 0; i < 20000; i++) {
        Ref ref = ref_new_extern(s, i);
        if (ref != REF_NULL && ref_extern_value(s, ref) != i) CHECK(!"the value that was put in");
    }
    fault_disarm();
    CHECK(ref_new_extern(s, 1) != REF_NULL);
    store_free(s);
    end_engine(e);
}

static void needs(void)
{
    Engine *e = engine();
    Features found;
    fault_arm();
    bool good = engine_needs(e, module_bytes.data, module_bytes.len, &found);
    fault_disarm();
    CHECK(good || fault_fired());
    Features right;
    CHECK(engine_needs(e, module_bytes.data, module_bytes.len, &right));
    CHECK(!good || found == right);
    end_engine(e);
}

static void script(void)
{
    static const char text[] =
        "(module $m (memory (export \"mem\") 1) (func (export \"f\") (param i32) (result i32) "
        "(local.get 0)))"
        "(register \"m\" $m)"
        "(module (import \"m\" \"f\" (func (param i32) (result i32))) (import \"spectest\" "
        "\"print_i32\" (func (param i32)))"
        "  (import \"spectest\" \"table\" (table 1 funcref)) (import \"spectest\" \"memory\" "
        "(memory 1))"
        "  (func (export \"g\") (result i32) (call 1 (i32.const 3)) (call 0 (i32.const 7)))"
        "  (func (export \"t\") unreachable))"
        "(assert_return (invoke \"g\") (i32.const 7))"
        "(assert_trap (invoke \"t\") \"unreachable\")"
        "(assert_invalid (module (func (result i32))) \"type mismatch\")"
        "(assert_malformed (module quote \"(func\") \"unexpected token\")"
        "(assert_malformed (module binary \"\\00asm\") \"unexpected end\")"
        "(assert_unlinkable (module (import \"m\" \"nothing\" (func))) \"unknown import\")"
        "(module definition $d (global i32 (i32.const 1))) (module instance $i $d)";
    const ScriptOptions options = {.features = features_default, .keep_going = true};
    ScriptResult result;
    fault_arm();
    bool good = script_run(text, sizeof text - 1, &options, NULL, &result);
    fault_disarm();
    CHECK(!good || fault_fired() || result.failed == 0);
    CHECK(!good || result.passed + result.failed + result.skipped == 11);
}

static void wasi_context(void)
{
    fault_arm();
    WasiCtx *ctx = wasi_new();
    fault_disarm();
    if (!ctx) return;
    CHECK(wasi_set_stdio(ctx, -1, 1, 2) == 0);
    for (int i = 0; i < 40; i++) {
        fault_arm();
        int errs[] = {wasi_add_arg(ctx, "an argument of some length"),
                      wasi_add_env(ctx, "NAME", "value"),
                      wasi_add_preopen(ctx, "tests/fault", "/", i % 2)};
        fault_disarm();
        for (size_t k = 0; k < COUNT_OF(errs); k++) CHECK(!errs[k] || refused(errs[k]));
    }
    CHECK(wasi_add_arg(ctx, "last") == 0 && wasi_add_preopen(ctx, "tests/fault", "/last", true) == 0);
    wasi_free(ctx);
}

typedef struct { Store *store; WasiCtx *ctx; } WasiEnv;

static bool resolve_wasi(void *env, const Import *import, const ExternType *type, Extern *out)
{
    const WasiEnv *w = env;
    return wasi_resolve(w->store, w->ctx, import, out);
}

// A program with what it is granted, which ends well, or says what was in the way.
static void run_guest(WasiCtx *ctx, File text)
{
    Engine *e = engine();
    Source source;
    Diag diag;
    CHECK(source_load(&source, e, (const u8 *)text.data, text.size, &diag));
    Store *s = engine_store(e);
    WasiEnv env = {s, ctx};
    fault_arm();
    Instantiated made = engine_instantiate(s, source.module, resolve_wasi, &env, &diag);
    Trap trap = made.instance && !made.trap
                    ? engine_call(s, find(made.instance, "_start"), (u64[1]){0}, 1)
                    : made.trap;
    fault_disarm();
    CHECK(made.instance || made.trap == TRAP_out_of_memory || short_of_memory(&diag));
    bool told = trap == TRAP_exit && guest_error(s->exec.exit_status);
    CHECK(!trap || trap == TRAP_out_of_memory || told);
    CHECK(fault_fired() || (made.instance && !trap));
    store_free(s);
    source_free(&source);
    wasi_free(ctx);
    end_engine(e);
}

static void wasi_program(void)
{
    WasiCtx *ctx = wasi_new();
    CHECK(wasi_add_preopen(ctx, "tests/fault", "/", true) == 0 && wasi_add_env(ctx, "A", "B") == 0);
    run_guest(ctx, wasi_text);
}

bool errnos_all(void); // errnos.c
static void wasi_errnos(void) { CHECK(errnos_all()); }

static void guest_sockets(void)
{
    static struct sockaddr_un name = {.sun_family = AF_UNIX};
    const struct sockaddr any = {.sa_family = AF_UNIX};
    int pair[2], listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int calling = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t len = sizeof name;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    CHECK(bind(listening, &any, sizeof(sa_family_t)) == 0);
    CHECK(getsockname(listening, (void *)&name, &len) == 0 && listen(listening, 1) == 0);
    CHECK(connect(calling, (void *)&name, len) == 0 && send(pair[1], "hi", 2, 0) == 2);
    WasiCtx *ctx = wasi_new();
    fault_arm();
    int err = wasi_add_socket(ctx, pair[0]);
    if (!err) err = wasi_add_socket(ctx, listening);
    fault_disarm();
    CHECK(!err || refused(err));
    if (err) wasi_free(ctx);
    else run_guest(ctx, sockets_text);
    close(pair[0]);
    close(pair[1]);
    close(listening);
    close(calling);
}

int errnos_listen(void);
static void listener(void)
{
    int err = errnos_listen();
    CHECK(!err || refused(err));
}

// ---- What no engine uses yet

static void code_space(void)
{
    static const u8 code[] = {0xc3, 0xc3};
    CodeSpace space;
    const u8 *at;
    for (int again = 0; again < 2; again++) {
        if (!again) fault_arm();
        int err = code_space_new(&space, 4096, 1 << 16);
        if (!err) {
            space.data[0] = 1;
            err = code_space_add(&space, code, sizeof code, 16, &at);
            if (!err) CHECK_BYTES(at, sizeof code, code, sizeof code);
        }
        fault_disarm();
        CHECK(!err || (!again && refused(err)));
        code_space_free(&space);
    }
}

static void fault_handlers(void)
{
    fault_arm();
    int err = fault_install();
    s32 code = err ? -1 : fault_add_memory(&err, sizeof err);
    if (!err) fault_uninstall();
    fault_disarm();
    CHECK(!err || refused(err));
    fault_remove(code);
    CHECK_EQ_U64(fault_install(), 0);
    fault_uninstall();
}

static void describe(void)
{
    World w = world();
    Arena arena;
    jmp_buf failed;
    Describer d;
    const Module *m = w.module;
    arena_init(&arena);
    arena.on_failure = &failed;
    fault_arm();
    if (!setjmp(failed)) {
        describer_init(&d, m, &arena, 4000);
        for (u32 round = 0; round < 100; round++)
            for (u32 i = 0; i < m->type_count; i++) CHECK(describe_type(&d, i).len > 0);
    }
    fault_disarm();
    arena_free(&arena);
    world_end(&w);
}

// ---- Through weft.h: each step is tried with memory failing; one that fails says so, and is then
// done in full.

static weft_diag api_why;
#define STEP(call)                                                                                 \
    do {                                                                                           \
        fault_arm();                                                                               \
        bool good_ = (call);                                                                       \
        fault_disarm();                                                                            \
        if (!good_ && strcmp(api_why.name, "out_of_memory"))                                       \
            CHECK_STR(api_why.name, fault_sets() & FAULT_CALLS ? "system_error" : "");             \
        if (!good_ && !CHECK(call)) printf("%s\n", api_why.message);                               \
    } while (0)
#define STEP_OK(call) STEP((call) == WEFT_OK)

static weft_status api_echo(void *env, weft_caller *caller, weft_slot *slots) { return WEFT_OK; }
static void api_end(void *env) { ++*(int *)env; }

static void api_calls(weft_store *s, weft_instance inst)
{
    enum { MANY = 40 };
    static char objects[20];
    weft_func many, pass;
    weft_typed typed;
    weft_val args[MANY], results[MANY];
    for (int i = 0; i < MANY; i++) args[i] = weft_i64(i);
    STEP_OK(weft_instance_func(s, inst, "many", &many, &api_why));
    STEP_OK(weft_call(s, many, args, MANY, results, MANY, &api_why));
    CHECK_EQ_U64(results[MANY - 1].of.i64, MANY - 1);
    STEP_OK(weft_instance_func(s, inst, "pass", &pass, &api_why));
    STEP_OK(weft_func_typed(s, pass, "r:r", &typed, &api_why));
    for (size_t i = 0; i < sizeof objects; i++) {
        weft_slot slot;
        STEP_OK((slot.ref = &objects[i], weft_call_typed(s, typed, &slot, &api_why)));
        CHECK(slot.ref == &objects[i]);
        args[0] = weft_externref(&objects[i]);
        STEP_OK(weft_call(s, pass, args, 1, results, 1, &api_why));
        CHECK(results[0].of.ext == &objects[i]);
    }
}

static void api_items(weft_store *s, weft_linker *l)
{
    weft_extern memory = {.kind = WEFT_MEMORY}, table = {.kind = WEFT_TABLE},
                global = {.kind = WEFT_GLOBAL};
    STEP_OK(weft_memory_new(s, 1, 4, &memory.of.memory, &api_why));
    STEP_OK(weft_table_new(s, 4, WEFT_NO_MAX, weft_externref(s), &table.of.table, &api_why));
    STEP_OK(weft_global_new(s, weft_externref(l), true, &global.of.global, &api_why));
    STEP_OK(weft_linker_define(l, "h", "memory", memory, &api_why));
    STEP_OK(weft_linker_define(l, "h", "table", table, &api_why));
    STEP_OK(weft_linker_define(l, "h", "global", global, &api_why));
}

static weft_diag throw_why;
static weft_status api_throw(void *env, weft_caller *caller, weft_slot *slots)
{
    const weft_val value = weft_i32(7);
    return weft_throw(caller, *(weft_tag *)env, &value, 1, &throw_why);
}

// Values of a component's types, as text and back. The component is that of component_api_test.c.
static void component_values(void)
{
    static const char bytes[] = "\0asm\x0d\0\1\0\7\x17\4\x6b\x7d\x70\x76\x6a\1\x7d\1\x73"
                                "\x40\3\1n\x73\1o\0\1l\1\0\2\xa\xa\1\0\5greet\1\3"
                                "\xb\7\1\0\1g\1\0\0";
    char text[2048] = "[";
    weft_engine *e = weft_engine_new(NULL, &api_why);
    weft_component *c = NULL;
    weft_cvalue value;
    weft_name out = {0};
    weft_ctype list;
    for (u32 i = 0; i < 500; i++) strcat(text, "1, ");
    strcat(text, "]");
    STEP((c = weft_component_new(e, bytes, sizeof bytes - 1, &api_why)) != NULL);
    fault_arm();
    weft_cvalues *values = weft_cvalues_new(0);
    fault_disarm();
    if (!values) values = weft_cvalues_new(0);
    CHECK(weft_ctype_part(weft_ctype_export(weft_component_type(c), "g"), 2, NULL, &list));
    STEP_OK(weft_cvalue_parse(list, text, strlen(text), values, &value, &api_why));
    STEP_OK(weft_cvalue_print(list, &value, values, &out, &api_why));
    CHECK_EQ_U64(out.len, 1500);
    weft_cvalues_free(values);
    weft_component_free(c);
    weft_engine_free(e);
}

// What a guest has of a list of strings, lifted; see abi_test.c.
static bool no_handle(void *env, CType t, u32 index, u64 *handle, AbiFault *fault) { return false; }

static void component_lift(void)
{
    enum { COUNT = 300 };
    static u8 guest[8 * COUNT + 64];
    Engine *e = engine();
    Arena types_arena, scratch, arena;
    jmp_buf failure;
    CTypes types;
    Err err = ERR_none;
    arena_init(&types_arena);
    arena_init(&scratch);
    arena_init(&arena);
    types_arena.on_failure = scratch.on_failure = &failure;
    if (setjmp(failure)) return;
    ctypes_init(&types, &types_arena, &scratch, e->types);
    CType t = ctype_make(&types, CFORM_list, &(CField){{0}, CPRIM_string}, 1, &err);
    for (u32 i = 0; i < COUNT; i++)
        memcpy(guest + 8 * i, (u32[]){8 * COUNT, 40}, 8); // of zeros, in Latin-1
    AbiMemory memory = {guest, sizeof guest};
    Abi abi = {.types = &types, .memory = &memory, .encoding = COPTION_latin1_utf16,
               .arena = &arena, .lift_handle = no_handle};
    for (u32 again = 0; again < 2; again++) {
        CValue v;
        if (!again) fault_arm();
        bool good = abi_lift(&abi, 16, (u64[]){0, COUNT}, &t, 1, &v);
        fault_disarm();
        CHECK(good ? v.of.list.count == COUNT : !again && abi.fault == FAULT_out_of_memory);
    }
    arena_free(&types_arena);
    arena_free(&scratch);
    arena_free(&arena);
    end_engine(e);
}

// What the host throws and nobody catches is found again.
static void api_exceptions(weft_store *s)
{
    weft_tag tag, found;
    weft_func thrower;
    weft_val value;
    STEP_OK(weft_tag_new(s, "i:", &tag, &api_why));
    STEP_OK(weft_func_new(s, ":", api_throw, &tag, NULL, &thrower, &api_why));
    fault_arm();
    weft_status status = weft_call(s, thrower, NULL, 0, NULL, 0, &api_why);
    fault_disarm();
    CHECK(status != WEFT_OK);
    bool thrown = !strcmp(api_why.name, "uncaught_exception");
    bool said = !strcmp(api_why.name, "out_of_memory");
    if (!thrown && !said) CHECK_STR(throw_why.name, "out_of_memory");
    CHECK(weft_call(s, thrower, NULL, 0, NULL, 0, &api_why) != WEFT_OK);
    CHECK(weft_store_exception(s, &found, &value, 1, NULL) && value.of.i32 == 7);
}

// A module of either format in pieces; whatever fails, it is gone.
static weft_module *in_pieces(weft_engine *e, const void *bytes, size_t size)
{
    enum { PIECE = 100 };
    weft_loader *l = weft_loader_new(e, &api_why);
    for (size_t at = 0; l && at < size; at += PIECE) {
        const char *piece = (const char *)bytes + at;
        if (weft_loader_feed(l, piece, MIN(size - at, PIECE), &api_why) == WEFT_OK) continue;
        weft_loader_free(l);
        return NULL;
    }
    return l ? weft_loader_finish(l, &api_why) : NULL;
}

static void api_loader(void)
{
    weft_engine *e = weft_engine_new("all", &api_why);
    weft_module *m;
    STEP((m = in_pieces(e, module_bytes.data, module_bytes.len)) != NULL);
    weft_module_free(m);
    STEP((m = in_pieces(e, module_text.data, module_text.size)) != NULL);
    weft_module_free(m);
    weft_engine_free(e);
}

static const char api_text[] =
    "(module (import \"h\" \"echo\" (func $echo (param externref) (result externref)))"
    " (import \"h\" \"memory\" (memory 1)) (import \"h\" \"table\" (table 4 externref))"
    " (import \"h\" \"global\" (global (mut externref)))"
    " (import \"wasi_snapshot_preview1\" \"sched_yield\" (func (result i32)))"
    " (func (export \"pass\") (param externref) (result externref) (call $echo (local.get 0)))";

// The module, with a function of 40 values.
static void api_module_text(char *out, size_t size)
{
    snprintf(out, size, "%s (func (export \"many\") (param", api_text);
    for (int i = 0; i < 40; i++) strcat(out, " i64");
    strcat(out, ") (result");
    for (int i = 0; i < 40; i++) strcat(out, " i64");
    strcat(out, ")");
    for (int i = 0; i < 40; i++) snprintf(out + strlen(out), 20, " local.get %d", i);
    strcat(out, "))");
}

static void api(void)
{
    char text[3000], name[400];
    int ended = 0;
    weft_engine *e;
    weft_module *m, *binary;
    weft_store *s;
    weft_linker *l;
    weft_wasi *w;
    weft_instance inst;
    weft_func f;
    api_module_text(text, sizeof text);
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    STEP((e = weft_engine_new("all", &api_why)) != NULL);
    if (GUARD_POSSIBLE) STEP_OK(weft_engine_set_faults(e, true, &api_why));
    STEP((m = weft_module_new(e, text, strlen(text), &api_why)) != NULL);
    STEP((binary = weft_module_new(e, module_bytes.data, module_bytes.len, &api_why)) != NULL);
    STEP_OK(weft_validate(e, text, strlen(text), &api_why));
    weft_limits limits = {.size = sizeof limits,
                          .memory_bytes = 8 << 20,
                          .table_entries = 100000,
                          .stack_bytes = 1 << 20};
    STEP((s = weft_store_new(e, &limits, &api_why)) != NULL);
    STEP((l = weft_linker_new(e, &api_why)) != NULL);
    STEP_OK(weft_func_new(s, "ilfdvpr:rpvdfli", api_echo, &ended, api_end, &f, &api_why));
    STEP_OK(weft_linker_func(l, "h", "echo", "r:r", api_echo, &ended, api_end, &api_why));
    STEP_OK(weft_linker_func(l, name, name, "r:r", api_echo, NULL, NULL, &api_why));
    STEP((w = weft_wasi_new(&api_why)) != NULL);
    STEP_OK(weft_wasi_arg(w, "an argument", &api_why));
    STEP_OK(weft_wasi_dir(w, "tests/fault", "/", true, &api_why));
    STEP_OK(weft_store_set_wasi(s, w, &api_why));
    weft_linker_wasi(l);
    api_items(s, l);
    STEP_OK(weft_instantiate(s, m, l, &inst, &api_why));
    STEP_OK(weft_linker_instance(l, s, "made", inst, &api_why));
    api_calls(s, inst);
    api_exceptions(s);
    weft_engine_free(e);
    weft_module_free(m);
    weft_module_free(binary);
    weft_store_free(s);
    weft_linker_free(l);
    CHECK_EQ_U64(ended, 2);
}

// ---- Through wasm.h, which says no more of a failure than that it is one

#define WASM_STEP(call)                                                                            \
    do {                                                                                           \
        fault_arm();                                                                               \
        bool good_ = (call);                                                                       \
        fault_disarm();                                                                            \
        if (!good_) CHECK(call);                                                                   \
    } while (0)

static const char wasm_text[] =
    "(module (import \"a\" \"echo\" (func $echo (param i64 i64 i64 i64 i64 externref)"
    "  (result i64 i64 i64 i64 i64 externref))) (import \"a\" \"throw\" (func $throw))"
    " (import \"a\" \"m\" (memory 1)) (import \"a\" \"t\" (table 1 externref))"
    " (import \"a\" \"g\" (global (mut externref)))"
    " (func (export \"echo\") (param i64 externref) (result externref)"
    "  (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 1)"
    "  (call $echo) (global.set 0) (drop) (drop) (drop) (drop) (drop) (global.get 0))"
    " (func (export \"throw\") (call $throw))"
    " (func (export \"object\") (result anyref) (array.new_default $a (i32.const 3)))"
    " (type $a (array i8)) (export \"g\" (global 0)) (export \"t\" (table 0)))";

static wasm_trap_t *wasm_echo(const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    for (size_t i = 0; i < args->size; i++) wasm_val_copy(&results->data[i], &args->data[i]);
    return NULL;
}

static wasm_trap_t *wasm_throw(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    wasm_message_t message = {6, "thrown"};
    return wasm_trap_new(env, &message);
}

static wasm_functype_t *wasm_echo_type(void)
{
    wasm_valtype_vec_t in, out;
    wasm_valtype_vec_new_uninitialized(&in, 6);
    for (size_t i = 0; i < in.size; i++)
        in.data[i] = wasm_valtype_new(i < 5 ? WASM_I64 : WASM_EXTERNREF);
    wasm_valtype_vec_copy(&out, &in);
    if (in.size == 6 && out.size == 6) return wasm_functype_new(&in, &out);
    wasm_valtype_vec_delete(&in);
    wasm_valtype_vec_delete(&out);
    return NULL;
}

// A trap is had in any case: for want of memory, or the one that is wanted.
static bool wasm_ends(wasm_trap_t *trap, const char *message)
{
    wasm_message_t out;
    wasm_trap_message(trap, &out);
    bool short_of = out.data && strstr(out.data, "memory");
    bool right = out.data && (short_of || !strcmp(out.data, message));
    if (out.data && !right) printf("%s\n", out.data);
    CHECK(!out.data || right);
    wasm_message_t copy = out;
    wasm_name_delete(&copy);
    wasm_frame_vec_t trace;
    wasm_trap_trace(trap, &trace);
    bool placed = trace.size == 1;
    wasm_frame_vec_delete(&trace);
    wasm_frame_t *origin = wasm_trap_origin(trap);
    bool whole = right && !short_of && placed && origin;
    wasm_frame_delete(origin);
    wasm_trap_delete(trap);
    return whole;
}

static bool wasm_works(wasm_trap_t *trap)
{
    if (trap) wasm_ends(trap, "");
    return !trap;
}

static void wasm_calls(wasm_store_t *store, wasm_extern_vec_t *exports)
{
    wasm_foreign_t *foreign = NULL;
    wasm_val_t args[2] = {WASM_I64_VAL(3)}, result;
    wasm_val_vec_t in = WASM_ARRAY_VEC(args), out = {1, &result}, copy, none = WASM_EMPTY_VEC;
    const wasm_func_t *echo = wasm_extern_as_func(exports->data[0]);
    const wasm_func_t *throw = wasm_extern_as_func(exports->data[1]);
    const wasm_func_t *object = wasm_extern_as_func(exports->data[2]);
    wasm_global_t *global = wasm_extern_as_global(exports->data[3]);
    wasm_table_t *table = wasm_extern_as_table(exports->data[4]);
    for (int i = 0; i < 20; i++) {
        WASM_STEP((foreign = wasm_foreign_new(store)) != NULL);
        args[1] = (wasm_val_t)WASM_REF_VAL(wasm_foreign_as_ref(foreign));
        WASM_STEP(wasm_works(wasm_func_call(echo, &in, &out)));
        CHECK(result.of.ref == args[1].of.ref);
        wasm_val_delete(&result);
        WASM_STEP(wasm_table_set(table, 0, args[1].of.ref));
        wasm_global_set(global, &args[1]);
        WASM_STEP(wasm_works(wasm_func_call(object, &none, &out)));
        CHECK(result.of.ref && wasm_ref_same(result.of.ref, result.of.ref));
        wasm_val_delete(&result);
        WASM_STEP((wasm_val_vec_copy(&copy, &in), copy.size == 2));
        wasm_val_vec_delete(&copy);
        WASM_STEP(wasm_ends(wasm_func_call(throw, &none, &none), "thrown"));
        wasm_foreign_delete(foreign);
    }
    wasm_ref_t *last;
    WASM_STEP((last = wasm_table_get(table, 0)) != NULL);
    wasm_ref_delete(last);
}

static wasm_extern_t *wasm_import(wasm_store_t *store, int which)
{
    static const wasm_limits_t limits = {1, 4};
    const wasm_val_t null = WASM_INIT_VAL;
    wasm_valtype_t *ref = wasm_valtype_new_externref();
    wasm_functype_t *f = which == 0   ? wasm_echo_type()
                         : which == 1 ? wasm_functype_new_0_0()
                                      : NULL;
    wasm_memorytype_t *m = which == 2 ? wasm_memorytype_new(&limits) : NULL;
    wasm_tabletype_t *t = which == 3 ? wasm_tabletype_new(ref, &limits) : NULL;
    wasm_globaltype_t *g = which == 4 ? wasm_globaltype_new(ref, WASM_VAR) : NULL;
    wasm_extern_t *made = NULL;
    if (f && which == 0) made = wasm_func_as_extern(wasm_func_new(store, f, wasm_echo));
    if (f && which == 1)
        made = wasm_func_as_extern(wasm_func_new_with_env(store, f, wasm_throw, store, NULL));
    if (m) made = wasm_memory_as_extern(wasm_memory_new(store, m));
    if (t) made = wasm_table_as_extern(wasm_table_new(store, t, NULL));
    if (g) made = wasm_global_as_extern(wasm_global_new(store, g, &null));
    wasm_functype_delete(f);
    wasm_memorytype_delete(m);
    wasm_tabletype_delete(t);
    wasm_globaltype_delete(g);
    return made;
}

static void wasm_types(const wasm_module_t *m, const wasm_extern_vec_t *items)
{
    wasm_importtype_vec_t imports, imports2;
    wasm_exporttype_vec_t exports, exports2;
    wasm_externtype_t *type, *copy;
    WASM_STEP((wasm_module_imports(m, &imports), imports.size == 5));
    WASM_STEP((wasm_module_exports(m, &exports), exports.size == 5));
    WASM_STEP((wasm_importtype_vec_copy(&imports2, &imports), imports2.size == 5));
    WASM_STEP((wasm_exporttype_vec_copy(&exports2, &exports), exports2.size == 5));
    wasm_importtype_vec_delete(&imports);
    wasm_importtype_vec_delete(&imports2);
    wasm_exporttype_vec_delete(&exports);
    wasm_exporttype_vec_delete(&exports2);
    for (size_t i = 0; i < items->size; i++) {
        WASM_STEP((type = wasm_extern_type(items->data[i])) != NULL);
        WASM_STEP((copy = wasm_externtype_copy(type)) != NULL);
        wasm_externtype_delete(type);
        wasm_externtype_delete(copy);
    }
    wasm_tagtype_t *tag;
    WASM_STEP((tag = wasm_tagtype_new(wasm_echo_type())) != NULL);
    wasm_tagtype_delete(tag);
}

static void wasm_c(void)
{
    wasm_engine_t *e;
    wasm_store_t *s;
    wasm_module_t *m, *m2;
    wasm_shared_module_t *shared;
    wasm_instance_t *inst;
    wasm_trap_t *trap = NULL;
    wasm_byte_vec_t text = {sizeof wasm_text - 1, (char *)wasm_text}, bytes;
    wasm_extern_t *items[5];
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(items), exports, copy;
    WASM_STEP((e = wasm_engine_new_with_config(wasm_config_new())) != NULL);
    WASM_STEP((s = wasm_store_new(e)) != NULL);
    WASM_STEP((m = wasm_module_new(s, &text)) != NULL);
    WASM_STEP(wasm_module_validate(s, &text));
    WASM_STEP((wasm_module_serialize(m, &bytes), bytes.size > 0));
    WASM_STEP((m2 = wasm_module_deserialize(s, &bytes)) != NULL);
    wasm_byte_vec_delete(&bytes);
    wasm_module_delete(m2);
    WASM_STEP((shared = wasm_module_share(m)) != NULL);
    wasm_module_delete(m);
    WASM_STEP((m = wasm_module_obtain(s, shared)) != NULL);
    wasm_shared_module_delete(shared);
    for (int i = 0; i < 5; i++) WASM_STEP((items[i] = wasm_import(s, i)) != NULL);
    WASM_STEP((inst = wasm_instance_new(s, m, &imports, &trap)) || (wasm_works(trap), false));
    WASM_STEP((wasm_instance_exports(inst, &exports), exports.size == 5));
    WASM_STEP((wasm_extern_vec_copy(&copy, &exports), copy.size == 5));
    wasm_types(m, &imports);
    wasm_calls(s, &exports);
    for (int i = 0; i < 5; i++) wasm_extern_delete(items[i]);
    wasm_extern_vec_delete(&copy);
    wasm_engine_delete(e);
    wasm_module_delete(m);
    wasm_store_delete(s);
    wasm_extern_vec_delete(&exports);
    wasm_instance_delete(inst);
}

// Handles beyond the first sixteen, scopes, types that the host names, objects of them, and host
// functions of such types.
static const char object_text[] =
    "(module (type $s (struct (field i32) (field (mut (ref null $s))) (field (mut externref))))"
    " (type $a (array (mut i16))) (type $f (func (param (ref $s) i64 i64 i64 i64 i64) (result"
    " (ref $s) i64 i64 i64 i64 i64)))"
    " (import \"h\" \"f\" (func $f (type $f))) (tag (export \"e\") (param (ref $s)))"
    " (func (export \"call\") (param (ref $s)) (result (ref $s)) (local.get 0)"
    " (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (call $f)"
    " (drop) (drop) (drop) (drop) (drop)))";

static weft_status api_pass(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    memcpy(results, args, 6 * sizeof *args);
    return WEFT_OK;
}

// The host fails where it has no memory of its own for an object.
static void api_structs(weft_store *s, weft_instance inst, weft_deftype struct_type)
{
    enum { MANY = 40 };
    static char object;
    weft_ref refs[MANY], exception;
    weft_scope scope;
    weft_tag tag;
    weft_func call;
    weft_val v[3] = {weft_i32(5), weft_ref_val((weft_ref){0}), weft_externref(&object)}, got;
    STEP_OK(weft_instance_func(s, inst, "call", &call, &api_why));
    STEP_OK(weft_instance_tag(s, inst, "e", &tag, &api_why));
    STEP_OK(weft_scope_open(s, &scope, &api_why));
    for (int i = 0; i < MANY; i++) {
        v[0] = weft_i32(i);
        STEP_OK(weft_struct_new(s, struct_type, v, 3, &refs[i], &api_why));
        v[1] = weft_ref_val(refs[i]);
    }
    STEP_OK(weft_call(s, call, &v[1], 1, &got, 1, &api_why));
    STEP_OK(weft_struct_get(s, got.of.ref, 1, &got, &api_why));
    STEP_OK(weft_struct_get(s, got.of.ref, 0, &got, &api_why));
    CHECK_EQ_U64(got.of.i32, MANY - 2);
    STEP_OK(weft_exception_new(s, tag, &v[1], 1, &exception, &api_why));
    STEP_OK(weft_any_convert_extern(s, v[2], &got, &api_why));
    STEP_OK(weft_scope_close(s, scope, &api_why));
}

static void count_row(void *env, const weft_census_row *row) { *(uint64_t *)env += row->objects; }

static void api_arrays(weft_store *s, weft_deftype type)
{
    enum { LARGE = 100000 };
    static s16 values[LARGE], back[LARGE];
    weft_ref a;
    weft_val got[100];
    weft_living living = weft_living_init();
    for (int i = 0; i < LARGE; i++) values[i] = (s16)i;
    STEP_OK(weft_array_new_bytes(s, type, values, LARGE, &a, &api_why));
    STEP_OK(weft_array_read(s, a, 0, LARGE, back, &api_why));
    CHECK(!memcmp(values, back, sizeof back));
    STEP_OK(weft_array_get(s, a, 200, 100, got, &api_why));
    STEP_OK(weft_array_set(s, a, 0, 100, got, &api_why));
    STEP_OK(weft_array_read(s, a, 0, 1, back, &api_why));
    CHECK_EQ_U64(back[0], 200);
    STEP_OK(weft_ref_release(s, a, &api_why));
    STEP_OK(weft_store_heap_census(s, count_row, &living.objects, &api_why));
    STEP_OK(weft_store_living(s, &living, &api_why));
    CHECK(living.references == 0 && living.object_bytes < LARGE);
}

static void api_objects(void)
{
    weft_engine *e = weft_engine_new(NULL, &api_why);
    weft_module *m = weft_module_new(e, object_text, sizeof object_text - 1, &api_why);
    weft_store *s;
    weft_linker *l;
    weft_instance inst;
    weft_deftype types[3];
    if (!CHECK(m)) return;
    for (u32 i = 0; i < 3; i++) CHECK(weft_module_type(m, i, &types[i]));
    STEP((s = weft_store_new(e, NULL, &api_why)) != NULL);
    STEP((l = weft_linker_new(e, &api_why)) != NULL);
    STEP_OK(weft_linker_func_of(l, "h", "f", types[2], api_pass, NULL, NULL, &api_why));
    STEP_OK(weft_instantiate(s, m, l, &inst, &api_why));
    api_structs(s, inst, types[0]);
    api_arrays(s, types[1]);
    weft_linker_free(l);
    weft_store_free(s);
    weft_module_free(m);
    weft_engine_free(e);
}

// ---- Snapshots: of a call that was stopped, with objects, exceptions, continuations and tables
// that grew.

static const char snapshot_text[] =
    "(module (type $f (func (param externref) (result i64))) (type $k (cont $f))"
    " (type $g (func (param i64) (result i64))) (type $kg (cont $g)) (type $s (struct (field i64)))"
    " (type $a (array (mut (ref null $s)))) (tag $t (param (ref $s) i64) (result i64))"
    " (memory 1 3) (table 1 9 (ref null $k))"
    " (elem $e (ref $s) (item (struct.new $s (i64.const 4))))"
    " (func $later (type $f) (suspend $t (struct.new $s (i64.const 2)) (i64.const 3)))"
    " (elem declare func $later)"
    " (func $in (param i32) (result i64) (local $k (ref null $kg)) (local $a (ref null $a))"
    "  (drop (memory.grow (i32.const 1)))"
    "  (drop (table.grow (cont.new $k (ref.func $later)) (i32.const 2)))"
    "  (local.set $a (array.new $a (struct.new $s (i64.const 5)) (i32.const 9)))"
    "  (block $y (result (ref $s) i64 (ref $kg))"
    "   (drop (resume $k (on $t $y) (ref.null extern) (cont.new $k (ref.func $later))))"
    "   (unreachable))"
    "  (local.set $k) (drop) (drop)"
    "  (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "  (i64.add (resume $kg (i64.const 30) (local.get $k))"
    "   (struct.get $s 0 (array.get $a (local.get $a) (i32.const 8)))))"
    " (func (export \"f\") (param i32) (result i64) (call $in (local.get 0))))";

static struct { u8 bytes[1 << 14]; size_t size; } snapshot_kept;
static bool snapshot_keep(void *env, const void *bytes, size_t size)
{
    if (size > sizeof snapshot_kept.bytes - snapshot_kept.size) return false;
    memcpy(snapshot_kept.bytes + snapshot_kept.size, bytes, size);
    snapshot_kept.size += size;
    return true;
}

static weft_status snapshot_save(weft_store *s)
{
    const weft_snapshot_out out = weft_snapshot_out_init(snapshot_keep, NULL);
    snapshot_kept.size = 0;
    return weft_snapshot_write(s, &out, &api_why);
}

// A store that was short is only good to be freed; another reads the same.
static void snapshot_load(weft_engine *e, u64 want)
{
    for (u32 again = 0; again < 2; again++) {
        weft_store *s = weft_store_new(e, NULL, &api_why);
        weft_val sum = weft_i64(0);
        if (!again) fault_arm();
        weft_status status = weft_snapshot_read(s, NULL, snapshot_kept.bytes, snapshot_kept.size,
                                                NULL, &api_why);
        fault_disarm();
        CHECK(status == WEFT_OK || (!again && !strcmp(api_why.name, "out_of_memory")));
        if (status == WEFT_OK) CHECK(weft_continue(s, &sum, 1, &api_why) == WEFT_OK);
        if (status == WEFT_OK) CHECK_EQ_U64((u64)sum.of.i64, want);
        weft_store_free(s);
    }
}

static void snapshot(void)
{
    weft_engine *e = weft_engine_new("+stack-switching", &api_why);
    weft_module *m = weft_module_new(e, snapshot_text, sizeof snapshot_text - 1, &api_why);
    weft_store *s = weft_store_new(e, NULL, &api_why);
    weft_instance inst;
    weft_func f;
    weft_val turns = weft_i32(90), sum;
    if (!CHECK(m && s)) return;
    CHECK(weft_instantiate(s, m, NULL, &inst, &api_why) == WEFT_OK);
    CHECK(weft_instance_func(s, inst, "f", &f, &api_why) == WEFT_OK);
    Exec *x = &s->s->exec;
    x->stop_every = x->polls = 60; // in the loop
    x->stops = true;
    atomic_fetch_or(&x->stop, STOP_TICK);
    CHECK(weft_call(s, f, &turns, 1, &sum, 1, &api_why) == WEFT_TRAP);
    STEP_OK(snapshot_save(s));
    snapshot_load(e, 35);
    weft_store_free(s);
    weft_module_free(m);
    weft_engine_free(e);
}

// The same, with a file and a directory of WASI's open; and forks of it, which share its memory.
// What cannot be taken of a guest says so, and the guest goes on.

static const char held_text[] =
    "(module (import \"wasi_snapshot_preview1\" \"path_open\" (func $open (param i32 i32 i32 i32"
    "  i32 i64 i64 i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"fd_read\" (func $read (param i32 i32 i32 i32)"
    "  (result i32)))"
    " (import \"h\" \"echo\" (func $echo (param i32) (result i32)))"
    " (memory 3 9) (data (i32.const 16) \"init.wat.\") (table 9 externref)"
    " (data (i32.const 70000) \"far\")"
    " (func $must (param i32) (if (local.get 0) (then (unreachable))))"
    " (func (export \"f\") (param i32) (result i32)"
    "  (call $must (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 8)"
    "   (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)))"
    "  (call $must (call $open (i32.const 3) (i32.const 0) (i32.const 24) (i32.const 1)"
    "   (i32.const 2) (i64.const 0x2000) (i64.const 2) (i32.const 0) (i32.const 12)))"
    "  (drop (memory.grow (i32.const 1)))"
    "  (i32.store (i32.const 0) (i32.const 200000)) (i32.store (i32.const 4) (i32.const 1))"
    "  (call $must (call $read (i32.load (i32.const 8)) (i32.const 0) (i32.const 1)"
    "   (i32.const 32)))"
    "  (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "  (call $must (call $read (i32.load (i32.const 8)) (i32.const 0) (i32.const 1)"
    "   (i32.const 32)))"
    "  (drop (call $echo (i32.const 1)))"
    "  (i32.add (i32.load8_u (i32.const 200000)) (i32.load8_u (i32.const 70000)))))";
enum { HELD_GIVES = ';' + 'f' }; // the second byte of init.wat

static weft_store *held_store(weft_engine *e)
{
    weft_store *s = weft_store_new(e, NULL, &api_why);
    weft_wasi *w = weft_wasi_new(&api_why);
    CHECK(weft_wasi_arg(w, "an argument", &api_why) == WEFT_OK);
    CHECK(weft_wasi_dir(w, "tests/fault", "/", false, &api_why) == WEFT_OK);
    CHECK(weft_store_set_wasi(s, w, &api_why) == WEFT_OK);
    return s;
}

// One that stands in its loop.
static weft_store *held_stopped(weft_engine *e, const weft_module *m, weft_linker *l)
{
    weft_store *s = held_store(e);
    weft_instance inst;
    weft_func f;
    weft_val turns = weft_i32(90), got;
    CHECK(weft_instantiate(s, (weft_module *)m, l, &inst, &api_why) == WEFT_OK);
    CHECK(weft_instance_func(s, inst, "f", &f, &api_why) == WEFT_OK);
    Exec *x = &s->s->exec;
    x->stop_every = x->polls = 20;
    x->stops = true;
    atomic_fetch_or(&x->stop, STOP_TICK);
    CHECK(weft_call(s, f, &turns, 1, &got, 1, &api_why) == WEFT_TRAP);
    x->stops = false;
    x->stop_every = 0;
    atomic_fetch_and(&x->stop, ~(u32)STOP_TICK);
    return s;
}

static void held_goes_on(weft_store *s)
{
    weft_val got = weft_i32(0);
    CHECK(weft_continue(s, &got, 1, &api_why) == WEFT_OK);
    CHECK_EQ_U64((u64)got.of.i32, HELD_GIVES);
    weft_store_free(s);
}

// Does it say what failed, and nothing of the file that is not so?
static bool held_told(weft_status status)
{
    bool short_of = !strcmp(api_why.name, "out_of_memory");
    bool named = !strcmp(api_why.name, "cannot_snapshot") || !strcmp(api_why.name, "system_error");
    bool calls = fault_sets() & FAULT_CALLS && named;
    bool wrong = strstr(api_why.message, "no name any more") ||
                 strstr(api_why.message, "beneath no");
    bool good = status == WEFT_OK || (fault_fired() && (short_of || calls) && !wrong);
    if (!good) printf("%s\n", api_why.message);
    return good;
}

static void held_save(weft_store *s)
{
    fault_arm();
    weft_status status = snapshot_save(s);
    fault_disarm();
    CHECK(held_told(status));
    CHECK(snapshot_save(s) == WEFT_OK);
}

static void held_load(weft_engine *e, weft_linker *l)
{
    for (u32 again = 0; again < 2; again++) {
        weft_store *s = held_store(e);
        if (!again) fault_arm();
        weft_status status = weft_snapshot_read(s, l, snapshot_kept.bytes, snapshot_kept.size, NULL,
                                                &api_why);
        fault_disarm();
        CHECK(again ? status == WEFT_OK : held_told(status));
        if (status == WEFT_OK) held_goes_on(s);
        else weft_store_free(s);
    }
}

static void held_fork(weft_engine *e, weft_store *from, weft_linker *l)
{
    for (u32 again = 0; again < 3; again++) { // the last shares what the first has set aside
        weft_store *to = held_store(e);
        if (!again) fault_arm();
        weft_status status = weft_store_fork(from, to, l, NULL, &api_why);
        fault_disarm();
        CHECK(again ? status == WEFT_OK : held_told(status));
        if (status == WEFT_OK) held_goes_on(to);
        else weft_store_free(to);
    }
}

static void held(bool forks, void (*with)(weft_engine *e, weft_store *s, weft_linker *l))
{
    weft_engine *e = weft_engine_new(NULL, &api_why);
    if (forks) weft_engine_set_forks(e, true);
    weft_module *m = weft_module_new(e, held_text, sizeof held_text - 1, &api_why);
    weft_linker *l = weft_linker_new(e, &api_why);
    if (!CHECK(m && l)) return;
    weft_linker_wasi(l);
    CHECK(weft_linker_func(l, "h", "echo", "i:i", api_echo, NULL, NULL, &api_why) == WEFT_OK);
    weft_store *s = held_stopped(e, m, l);
    with(e, s, l);
    held_goes_on(s);
    weft_linker_free(l);
    weft_module_free(m);
    weft_engine_free(e);
}

static void held_through(weft_engine *e, weft_store *s, weft_linker *l)
{
    held_save(s);
    held_load(e, l);
}

static void snapshot_wasi(void) { held(false, held_through); }
static void fork_copied(void) { held(false, held_fork); }
static void fork_shared(void) { held(true, held_fork); }

// ---- Threads that a guest asks for, one after the other: what fails while one starts is told by a
// negative number, what fails while it runs ends all.

static const char thread_text[] =
    "(module (import \"wasi\" \"thread-spawn\" (func $spawn (param i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"sched_yield\" (func $yield (result i32)))"
    " (import \"h\" \"echo\" (func $echo (param i32) (result i32)))"
    " (import \"e\" \"m\" (memory 1 4 shared)) (table 10 funcref) (global (mut i32) (i32.const 7))"
    " (elem (i32.const 1) $spawn $run)"
    " (func $run (param i32) (result i32) (drop (call $yield)) (call $echo (local.get 0)))"
    " (func (export \"wasi_thread_start\") (param i32 i32)"
    "  (drop (call_indirect (param i32) (result i32) (local.get 1) (i32.const 2)))"
    "  (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))"
    "  (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))"
    " (func (export \"f\") (result i32) (local i32 i32)"
    "  (i32.atomic.store (i32.const 0) (i32.const 0))"
    "  (loop $next"
    "   (local.set 1 (call $spawn (local.get 0)))"
    "   (if (i32.lt_s (local.get 1) (i32.const 1)) (then (return (local.get 1))))"
    "   (drop (memory.atomic.wait32 (i32.const 0) (local.get 0) (i64.const -1)))"
    "   (local.set 0 (i32.add (local.get 0) (i32.const 1)))"
    "   (br_if $next (i32.lt_u (local.get 0) (i32.const 2))))"
    "  (i32.atomic.load (i32.const 0))))";

static weft_status link_echo(void *env, weft_store *s, weft_linker *l, weft_diag *why)
{
    return weft_linker_func(l, "h", "echo", "i:i", api_echo, NULL, NULL, why);
}

static weft_group *new_group(weft_engine *e, weft_module *m, weft_func *f)
{
    weft_limits limits = {.size = sizeof limits, .memory_bytes = 8 << 20, .stack_bytes = 1 << 20};
    weft_group_config config = weft_group_config_init();
    config.limits = &limits;
    config.link = link_echo;
    config.wasi = weft_wasi_new(&api_why);
    weft_group *g = config.wasi ? weft_group_new(e, m, &config, &api_why) : NULL;
    weft_instance inst = g ? weft_group_instance(g) : (weft_instance){0};
    if (!g || weft_instance_func(weft_group_store(g), inst, "f", f, &api_why) == WEFT_OK) return g;
    weft_group_free(g);
    return NULL;
}

static void api_threads(void)
{
    weft_engine *e = weft_engine_new(NULL, &api_why);
    weft_module *m = weft_module_new(e, thread_text, sizeof thread_text - 1, &api_why);
    weft_group *g;
    weft_func f;
    weft_val out = weft_i32(0);
    STEP((g = new_group(e, m, &f)) != NULL);
    fault_arm();
    weft_status status = weft_group_call(g, f, NULL, 0, &out, 1, &api_why);
    fault_disarm();
    CHECK(status != WEFT_OK || out.of.i32 == 2 || (fault_fired() && out.of.i32 < 0));
    if (status != WEFT_OK && CHECK(fault_fired())) {
        CHECK_STR(api_why.name, "out_of_memory");
        weft_group_free(g);
        g = new_group(e, m, &f);
    }
    CHECK_EQ_U64(weft_group_call(g, f, NULL, 0, &out, 1, &api_why), WEFT_OK);
    CHECK_EQ_U64(out.of.i32, 2);
    weft_limits used = weft_limits_init();
    CHECK(weft_store_usage(weft_group_store(g), &used, &api_why) == WEFT_OK);
    CHECK_EQ_U64(used.memory_bytes, 1 << 16);
    weft_group_free(g);
    weft_module_free(m);
    weft_engine_free(e);
}

static const char host_text[] =
    "(component (import \"h:h/i@1.0.0\" (instance $h (export \"t\" (type $t (sub resource)))"
    "  (export \"open\" (func (result (own $t)))) (export \"name\" (func (result string)))))"
    " (import \"wasi:cli/environment@0.2.0\" (instance $e"
    "  (export \"initial-cwd\" (func (result (option string))))))"
    " (core module $L (memory (export \"m\") 1)"
    "  (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 64)))"
    " (core instance $l (instantiate $L))"
    " (core func $open (canon lower (func $h \"open\")))"
    " (core func $name (canon lower (func $h \"name\") (memory $l \"m\")"
    "  (realloc (func $l \"r\"))))"
    " (core func $cwd (canon lower (func $e \"initial-cwd\") (memory $l \"m\")"
    "  (realloc (func $l \"r\"))))"
    " (core module $M (import \"\" \"open\" (func $open (result i32)))"
    "  (import \"\" \"name\" (func $name (param i32)))"
    "  (import \"\" \"cwd\" (func $cwd (param i32)))"
    "  (func (export \"f\") (result i32) (call $name (i32.const 0)) (call $cwd (i32.const 0))"
    "   (call $open)))"
    " (core instance $i (instantiate $M (with \"\" (instance (export \"open\" (func $open))"
    "  (export \"name\" (func $name)) (export \"cwd\" (func $cwd))))))"
    " (alias export $h \"t\" (type $u))"
    " (func (export \"f\") (result (own $u)) (canon lift (core func $i \"f\"))))";

static weft_status component_open(void *env, weft_caller *caller, const weft_cvalue *args,
                                  size_t count, weft_cvalue *result)
{
    *result = (weft_cvalue){.kind = WEFT_CVALUE_OWN, .of.handle = 5};
    return WEFT_OK;
}

static weft_status component_name(void *env, weft_caller *caller, const weft_cvalue *args,
                                  size_t count, weft_cvalue *result)
{
    char *text = weft_cvalues_alloc(weft_caller_values(caller), 4);
    if (!text) return weft_trap(caller, "no room");
    memcpy(text, "name", 4);
    *result = (weft_cvalue){.kind = WEFT_CVALUE_STRING, .of.string = {text, 4}};
    return WEFT_OK;
}

static void component_run(weft_component *c, weft_linker *l, weft_store *store,
                          weft_cvalues *values)
{
    weft_cinstance *i;
    weft_cvalue out;
    weft_cfunc f;
    STEP_OK(weft_component_instantiate(store, c, l, &i, &api_why));
    if (!CHECK(i && weft_cinstance_func(i, "f", &f))) return;
    fault_arm();
    weft_status status = weft_component_call(f, NULL, 0, values, &out, &api_why);
    fault_disarm();
    CHECK(status == WEFT_OK || fault_fired());
    if (status == WEFT_OK) CHECK_EQ_U64(out.of.handle, 5); // the host's is as it was
}

static void api_component(void)
{
    weft_engine *e = weft_engine_new(NULL, &api_why);
    weft_linker *l = weft_linker_new(e, &api_why);
    weft_store *store = weft_store_new(e, NULL, &api_why);
    weft_cvalues *values = weft_cvalues_new(0);
    weft_component *c;
    weft_linker_wasi(l);
    CHECK_EQ_U64(weft_store_set_wasi(store, weft_wasi_new(&api_why), &api_why), WEFT_OK);
    STEP((c = weft_component_new(e, host_text, sizeof host_text - 1, &api_why)) != NULL);
    STEP_OK(weft_linker_component_func(l, "h:h/i@1.0.0", "open", component_open, NULL, NULL,
                                       &api_why));
    STEP_OK(weft_linker_component_func(l, "h:h/i@1.0.0", "name", component_name, NULL, NULL,
                                       &api_why));
    STEP_OK(weft_linker_component_resource(l, "h:h/i@1.0.0", "t", NULL, NULL, NULL, &api_why));
    component_run(c, l, store, values);
    weft_cvalues_free(values);
    weft_store_free(store);
    weft_linker_free(l);
    weft_component_free(c);
    weft_engine_free(e);
}

static void api_maps(void)
{
    enum { SIZE = 1 << 16 };
    weft_engine *e = weft_engine_new(NULL, &api_why);
    weft_memory m;
    weft_buffer *b;
    int file = memfd_create("mapped", 0);
    CHECK_EQ_U64(weft_engine_set_faults(e, true, &api_why), WEFT_OK);
    weft_store *s = weft_store_new(e, NULL, &api_why);
    CHECK_EQ_U64(weft_memory_new(s, 4, 8, &m, &api_why), WEFT_OK);
    CHECK(!ftruncate(file, SIZE));
    STEP((b = weft_buffer_new(SIZE, &api_why)) != NULL);
    memset(weft_buffer_bytes(b), 1, SIZE);
    CHECK(weft_memory_write(s, m, 2 * SIZE - 1, "", 1));
    STEP_OK(weft_memory_map(s, m, 0, b, 0, SIZE, WEFT_MAP_PRIVATE, &api_why));
    STEP_OK(weft_memory_map(s, m, SIZE, b, 0, SIZE, WEFT_MAP_SEALED, &api_why));
    STEP_OK(weft_memory_map_file(s, m, 2 * SIZE, file, 0, SIZE, WEFT_MAP_PRIVATE, &api_why));
    STEP_OK(weft_memory_unmap(s, m, SIZE, &api_why));
    const char *at = weft_memory_at(s, m, 0, 3 * SIZE);
    CHECK(at[0] == 1 && !at[SIZE] && !at[2 * SIZE]);
    fault_arm();
    CHECK(weft_memory_discard(s, m, 0, SIZE)); // one way or another
    fault_disarm();
    CHECK(!at[0] && !at[SIZE - 1]);
    weft_buffer_free(b);
    fault_arm();
    weft_store_free(s);
    fault_disarm();
    // Whoever has these pages next finds zeros.
    s = weft_store_new(e, NULL, &api_why);
    CHECK_EQ_U64(weft_memory_new(s, 3, 8, &m, &api_why), WEFT_OK);
    at = weft_memory_at(s, m, 0, 3 * SIZE);
    for (int i = 0; i < 3 * SIZE; i += 4096) CHECK(!at[i]);
    weft_store_free(s);
    weft_engine_free(e);
    close(file);
}

// --- every failure

typedef struct {
    const char *name;
    void (*run)(void); // or, if NULL, the command
    CommandKind kind;
    int status;        // that the command ends with
    const char *words;
} Scenario;

// ---- Templates, and places that are used again. One that cannot be given back as it was is lost.

static const char pool_text[] =
    "(module (type $a (array (mut i32))) (import \"h\" \"echo\" (func $echo (param i32)"
    " (result i32))) (import \"wasi_snapshot_preview1\" \"sched_yield\" (func (result i32)))"
    " (memory 2 20) (memory 1 3) (table 4 20 funcref) (table 1 anyref) (data (i32.const 3) \"x\")"
    " (global (mut (ref null $a)) (ref.null $a)) (elem (i32.const 0) $echo $f) (tag)"
    " (func (export \"init\") (global.set 0 (array.new_default $a (i32.const 9)))"
    "  (memory.fill (i32.const 0) (i32.const 7) (i32.const 70000)))"
    " (func $f (export \"f\") (result i32) (drop (memory.grow (i32.const 3)))"
    "  (drop (table.grow 0 (ref.null func) (i32.const 10)))"
    "  (table.set 1 (i32.const 0) (array.new_default $a (i32.const 10000)))"
    "  (memory.fill (i32.const 60000) (i32.const 1) (i32.const 100000))"
    "  (call $echo (i32.load8_u (i32.const 9)))))";

static void api_take(weft_pool *p, weft_tenant *tenant, bool add)
{
    weft_store *s = NULL;
    weft_instance inst;
    weft_func f;
    weft_memory more;
    weft_val got;
    weft_wasi *w;
    STEP_OK(weft_pool_take(p, tenant, &s, &inst, &api_why));
    STEP((w = weft_wasi_new(&api_why)) != NULL);
    STEP_OK(weft_wasi_dir(w, "tests/fault", "/", true, &api_why));
    STEP_OK(weft_store_set_wasi(s, w, &api_why));
    STEP_OK(weft_instance_func(s, inst, "f", &f, &api_why));
    STEP_OK(weft_call(s, f, NULL, 0, &got, 1, &api_why));
    if (add) STEP_OK(weft_memory_new(s, 1, 1, &more, &api_why));
    fault_arm();
    weft_store_free(s);
    fault_disarm();
}

// What an instance has become, as a template; the instance stays.
static void api_freeze(weft_engine *e, weft_module *m, weft_linker *l)
{
    weft_store *s = weft_store_new(e, NULL, &api_why), *other = weft_store_new(e, NULL, &api_why);
    weft_instance inst;
    weft_template *t;
    weft_func f;
    weft_val got = weft_i32(0);
    CHECK(weft_instantiate(s, m, l, &inst, &api_why) == WEFT_OK);
    CHECK(weft_instance_func(s, inst, "init", &f, &api_why) == WEFT_OK);
    CHECK(weft_call(s, f, NULL, 0, NULL, 0, &api_why) == WEFT_OK);
    STEP((t = weft_template_of(s, inst, &api_why)) != NULL);
    weft_store_free(s);
    STEP_OK(weft_template_instantiate(t, other, &inst, &api_why));
    CHECK(weft_instance_func(other, inst, "f", &f, &api_why) == WEFT_OK);
    CHECK(weft_call(other, f, NULL, 0, &got, 1, &api_why) == WEFT_OK && got.of.i32 == 7);
    weft_template_free(t);
    weft_store_free(other);
}

static void api_pools_of(bool plain)
{
    weft_engine *e = weft_engine_new(NULL, &api_why);
    weft_module *m = weft_module_new(e, pool_text, sizeof pool_text - 1, &api_why);
    weft_linker *l = weft_linker_new(e, &api_why);
    weft_pool_config config = weft_pool_config_init();
    weft_limits limits = {.size = sizeof limits, .memory_bytes = 1 << 20, .stack_bytes = 1 << 20};
    weft_template *t;
    weft_pool *p;
    weft_store *s;
    weft_tenant *tenant;
    weft_instance inst;
    if (!CHECK(m && l)) return;
    config.places = 10;
    config.limits = &limits;
    config.plain = plain;
    STEP_OK(weft_linker_func(l, "h", "echo", "i:i", api_echo, NULL, NULL, &api_why));
    weft_linker_wasi(l);
    api_freeze(e, m, l);
    STEP((t = weft_template_new(m, l, "init", &api_why)) != NULL);
    STEP((s = weft_store_new(e, &limits, &api_why)) != NULL);
    STEP_OK(weft_template_instantiate(t, s, &inst, &api_why));
    weft_store_free(s);
    STEP((tenant = weft_tenant_new(NULL, &api_why)) != NULL);
    STEP((p = weft_pool_new(t, &config, &api_why)) != NULL);
    STEP_OK(weft_pool_prepare(p, 1, &api_why));
    for (int i = 0; i < 4; i++) api_take(p, i % 2 ? tenant : NULL, i == 2);
    weft_linker_free(l);
    weft_template_free(t);
    weft_pool_free(p);
    weft_tenant_free(tenant);
    weft_module_free(m);
    weft_engine_free(e);
}

static void api_pools(void) { api_pools_of(false); }
static void api_pools_plain(void) { api_pools_of(true); }

static const Scenario scenarios[] = {
#define CASE(name) {#name, name, COMMAND_plain, 0, NULL},
#define COMMAND(name, status, words) {#name, NULL, COMMAND_plain, status, words},
#define SCRIPT(name, status, words) {#name, NULL, COMMAND_script, status, words},
#define GUEST(name, status, words) {#name, NULL, COMMAND_guest, status, words},
#define READER(name, status, words) {#name, NULL, COMMAND_reader, status, words},
#define KEEPER(name, status, words) {#name, NULL, COMMAND_keeper, status, words},
#include "scenarios.def"
};

static const struct { const char *name; unsigned sets; bool lasting; } ways[] = {
    {"memory once", FAULT_MEMORY | FAULT_PAGES, false},
    {"memory from then on", FAULT_MEMORY | FAULT_PAGES, true},
    {"pages from then on", FAULT_PAGES, true},
    {"calls once", FAULT_CALLS, false},
    {"calls from then on", FAULT_CALLS, true},
    {"calls interrupted", FAULT_AGAIN, false},
    {"calls in part", FAULT_PART, false},
};

static size_t most, share; // of the failures in one way; 0: all

static void run(const Scenario *s)
{
    if (s->run) s->run();
    else CHECK(command_run(s->kind, s->status, s->words));
}

// A bit for each descriptor that is open.
typedef struct { u64 open[2]; } Files;

static Files files_open(void)
{
    struct pollfd polls[128];
    Files f = {{0}};
    for (u32 i = 0; i < COUNT_OF(polls); i++) polls[i] = (struct pollfd){.fd = (int)i};
    poll(polls, COUNT_OF(polls), 0);
    for (u32 i = 0; i < COUNT_OF(polls); i++)
        if (!(polls[i].revents & POLLNVAL)) f.open[i / 64] |= 1ull << i % 64;
    return f;
}

static bool same_files(Files a, Files b) { return !memcmp(&a, &b, sizeof a); }

// Stops at the first failure that does not go well. How many were tried is added to *done.
static bool every_failure(const Scenario *s, size_t way, size_t *done)
{
    fault_plan(ways[way].sets, SIZE_MAX, false);
    run(s);
    size_t total = fault_count(), step = most && total > most ? total / most + 1 : 1;
    spare_drop(); // what the thread keeps is not lost
    long live = fault_live();
    Files files = files_open();
    for (size_t n = share % step;; n += step) {
        unsigned failed = check_failed;
        fault_plan(ways[way].sets, n, ways[way].lasting);
        run(s);
        ++*done;
        spare_drop();
        CHECK_EQ_U64(fault_live(), live);
        CHECK(same_files(files_open(), files));
        if (check_failed != failed) {
            printf("%s: %s, number %zu of %zu, %s\n", s->name, ways[way].name, n, total,
                   fault_name());
            return false;
        }
        if (!fault_fired()) return true;
    }
}

static void every_way(const Scenario *s)
{
    size_t done = 0;
    if (!s->run) {
        fault_plan(0, SIZE_MAX, false);
        run(s); // what is right
    }
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (!every_failure(s, i, &done)) return;
    printf("%s: %zu runs\n", s->name, done);
    fflush(stdout);
}

static File one_script;

static void run_script(void)
{
    const ScriptOptions options = {
        .features = features_all, .keep_going = true, .limits = &small, .fuel = 1000000};
    ScriptResult result;
    fault_arm();
    bool good = script_run(one_script.data, one_script.size, &options, NULL, &result);
    fault_disarm();
    CHECK(good || fault_fired());
}

static void scripts(int count, char **names)
{
    if (!most) most = 60;
    for (int i = 0; i < count; i++) {
        one_script = read_file(names[i]);
        if (CHECK(one_script.data != NULL))
            every_way(&(Scenario){names[i], run_script, COMMAND_plain, 0, NULL});
        free(one_script.data);
    }
}

static bool named(const char *name, int count, char **names)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(name, names[i])) return true;
    return count == 0;
}

static void rows(int count, char **names)
{
    module_text = read_file("tests/fault/module.wat");
    wasi_text = read_file("tests/fault/wasi.wat");
    sockets_text = read_file("tests/fault/guest-sockets.wat");
    Engine *e = engine();
    Source s;
    Diag diag;
    if (!CHECK(source_load(&s, e, (const u8 *)module_text.data, module_text.size, &diag))) {
        printf("%u:%u: %s %s\n", diag.line, diag.column, err_text[diag.err], diag.detail);
        return;
    }
    module_bytes = s.text.bytes;
    CHECK(commands_begin());
    for (size_t i = 0; i < COUNT_OF(scenarios); i++)
        if (named(scenarios[i].name, count, names)) every_way(&scenarios[i]);
    commands_end();
    source_free(&s);
    end_engine(e);
    free(module_text.data);
    free(wasi_text.data);
    free(sockets_text.data);
}

static void *meet(void *all)
{
    pthread_barrier_wait(all);
    return NULL;
}

// libc keeps the stacks of threads that ended, and where it is linked statically what it allocated
// for each counts as ours. So there are as many at the start as run at once later.
static void keep_stacks(void)
{
    enum { AT_ONCE = 4 };
    pthread_t threads[AT_ONCE];
    pthread_barrier_t all;
    pthread_barrier_init(&all, NULL, AT_ONCE);
    for (u32 i = 0; i < AT_ONCE; i++) CHECK(!pthread_create(&threads[i], NULL, meet, &all));
    for (u32 i = 0; i < AT_ONCE; i++) pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&all);
}

int main(int argc, char **argv)
{
    int at = 1;
    keep_stacks();
    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
        if (!strcmp(argv[at], "--most")) most = (size_t)atol(argv[at + 1]);
        if (!strcmp(argv[at], "--share")) share = (size_t)atol(argv[at + 1]);
    }
    if (at < argc && strchr(argv[at], '.')) scripts(argc - at, argv + at);
    else rows(argc - at, argv + at);
    return check_report();
}
