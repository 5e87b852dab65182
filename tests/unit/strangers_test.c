// strangers_test.c -- code that a stranger made, and the checker lets pass. It looks for what
// others left in slots of its frame that it has not written, and in registers, and finds zeros; or
// what it says of places where arrays are worked on in pieces is not so, and nobody but its own
// guest has to do with that. Hazards: R39.

#include "compiled_bytes.h"
#include "run/call.h"
#include "run/gc/collect.h"
#include "snapshot/snapshot.h"

enum { MARK = 0x5ec4e7, SLOT = 20 };

// ---- What others left

typedef struct {
    Source source;
    Store *store;
    Instance *inst;
} Guest;

static Guest instantiate(Source source, Store *store)
{
    Diag diag;
    Guest g = {source, store, NULL};
    if (CHECK(g.source.module))
        g.inst = engine_instantiate(store, g.source.module, resolve, store, &diag).instance;
    CHECK(g.inst != NULL);
    return g;
}

static Guest plain_guest(const char *text, Store *store)
{
    Source source;
    Diag diag;
    CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag));
    return instantiate(source, store);
}

static Guest stranger(const Kept *k, Store *store)
{
    Source source;
    Diag diag;
    CompiledFrom from;
    Err why;
    CHECK(compiled_from_bytes((Bytes){k->data, k->len}, &engine->accounts[ENGINE_module_bytes],
                              &from, &why));
    CHECK(source_load_compiled(&source, engine, &from, false, &diag));
    return instantiate(source, store);
}

static u32 result_of(const Guest *g, u32 arg)
{
    Ran ran = {0};
    if (g->inst) call_run(g->store, g->inst, arg, &ran);
    CHECK_EQ_U64(ran.trap, TRAP_none);
    if (g->source.module && g->source.module->stored)
        CHECK_EQ_U64(g->source.module->stored->refused, 0);
    return ran.result;
}

// Leaves MARK in the first slots of its stack.
static const char *leaving(void)
{
    static char text[2000];
    char *at = text + sprintf(text, "(module (import \"h\" \"f\" (func $h)) (func (export \"run\")"
                                    " (param i32) (result i32) (local");
    for (u32 i = 0; i < 2 * SLOT; i++) at += sprintf(at, " i64");
    at += sprintf(at, ")");
    for (u32 i = 1; i <= 2 * SLOT; i++)
        at += sprintf(at, " (local.set %u (i64.const %d))", i, MARK);
    sprintf(at, " (call $h) (i32.wrap_i64 (local.get %d))))", SLOT);
    return text;
}

// The program adds 1 to its number, behind a call; what it adds that to stands in another slot now.
static bool compile_looking(Kept *k)
{
    static char text[2000];
    char *at = text + sprintf(text, "(module (import \"h\" \"f\" (func $h)) (func $wide (param");
    for (u32 i = 0; i < 2 * SLOT; i++) at += sprintf(at, " i32");
    at += sprintf(at, ")) (func (export \"run\") (param i32) (result i32)"
                      " (if (i32.eq (local.get 0) (i32.const 12345)) (then (call $wide");
    for (u32 i = 0; i < 2 * SLOT; i++) at += sprintf(at, " (i32.const 1)");
    sprintf(at, "))) (call $h) (i32.add (local.get 0) (i32.const 1))))");
    if (!compile(text, k)) return false;
    u8 *last = NULL; // mov reg, [rbp - 128]
    for (u8 *i = code_of(k, 1), *end = i + record_of(k, 1)->size; i + 3 <= end; i++)
        if (i[0] == 0x8b && (i[1] & 0xc7) == 0x45 && i[2] == 0x80) last = i;
    if (!CHECK(last)) return false;
    last[2] = 8 * SLOT - 128;
    set_sums(k);
    return true;
}

static void leave(void)
{
    Store *store = engine_store(engine);
    Guest g = plain_guest(leaving(), store);
    CHECK_EQ_U64(result_of(&g, 0), MARK);
    store_free(store);
    source_free(&g.source);
}

static Guest *looking;
static const Kept *to_look;
static Trap look(HostCall *call)
{
    Guest g = stranger(to_look, exec_store(call->exec));
    CHECK_EQ_U64(result_of(&g, 0), 1);
    *looking = g;
    return TRAP_none;
}

static void finds_no_slots(void)
{
    Kept k = {0};
    Guest g, other;
    if (!compile_looking(&k)) return;
    Store *store = engine_store(engine);
    leave();
    g = stranger(&k, store);
    for (u32 i = 0; i < 3; i++) {
        CHECK_EQ_U64(result_of(&g, 0), 1);
        if (i) leave();
    }
    // Of a guest of the same store it does; but not of one that was there before the store was
    // made as new.
    other = plain_guest(leaving(), store);
    CHECK_EQ_U64(result_of(&other, 0), MARK);
    CHECK_EQ_U64(result_of(&g, 0), MARK + 1);
    CHECK_EQ_U64(result_of(&other, 0), MARK);
    exec_clear(&store->exec);
    CHECK_EQ_U64(result_of(&g, 0), 1);
    store_free(store);
    source_free(&g.source);
    source_free(&other.source);
    // It comes while another guest runs.
    leave();
    store = engine_store(engine);
    looking = &g;
    to_look = &k;
    host_does = look;
    other = plain_guest("(module (import \"h\" \"f\" (func $h)) (func (export \"run\") (param i32)"
                        " (result i32) (call $h) (i32.const 7)))", store);
    host_does = nothing;
    CHECK_EQ_U64(result_of(&other, 0), 7);
    store_free(store);
    source_free(&g.source);
    source_free(&other.source);
    free(k.data);
}

static Trap leave_in_registers(HostCall *call)
{
#ifdef __x86_64__ // where code is compiled
    __asm__ volatile("vmovd %0, %%xmm1" ::"r"(MARK) : "xmm1");
#endif
    return TRAP_none;
}

// What is added to its number is a register's, which it has not written.
static void finds_no_registers(void)
{
    static const u8 sum[] = {0x44, 0x33, 0x22, 0x11};
    Kept k = {0};
    if (!compile("(module (import \"h\" \"f\" (func $h)) (func (export \"run\") (param i64)"
                 " (result i64) (call $h) (i64.add (local.get 0) (i64.const 0x11223344))))", &k))
        return;
    u8 *at = code_of(&k, 0), *end = at + record_of(&k, 0)->size;
    while (at + 4 < end && memcmp(at, sum, 4)) at++;
    if (!CHECK(at + 4 < end)) return;
    bool is_short = at[-1] == 0x05; // add rax, number
    u8 reg = is_short ? 0 : at[-1] & 7;
    at -= is_short ? 2 : 3;
    const u8 looks[] = {0xc5, 0xf9, 0x7e, 0xc8 | reg, // vmovd reg, xmm1
                        0x48, 0x85, 0xc0 | reg | reg << 3}; // test reg, reg
    memcpy(at, looks, is_short ? 4 : 7);
    if (is_short) memcpy(at + 4, looks + 5, 2);
    set_sums(&k);
    host_does = leave_in_registers;
    Ran ran = run(&k, 5);
    host_does = nothing;
    CHECK_EQ_U64(ran.refused, 0);
    CHECK_EQ_U64(ran.trap, TRAP_none);
    CHECK_EQ_U64(ran.result, 0);
    free(k.data);
}

// ---- What is said of places where arrays are worked on

static const char arrays[] =
    "(module (type $a (array (mut anyref))) (type $b (array (mut i8)))"
    " (type $s (struct (field i32)))"
    " (data $d \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\")"
    " (elem $e anyref (item (struct.new $s (i32.const 5))) (item (ref.i31 (i32.const 3))))"
    " (func (export \"run\") (param i32) (result i32)"
    "  (local $x (ref null $a)) (local $y (ref null $b)) (local $z (ref null $a))"
    "  (local.set $x (array.new $a (ref.i31 (i32.const 1)) (i32.const 3000)))"
    "  (loop $l"
    "   (local.set $y (array.new_data $b $d (i32.const 1) (i32.const 50)))"
    "   (local.set $z (array.new_elem $a $e (i32.const 0) (i32.const 2)))"
    "   (array.fill $a (local.get $x) (i32.const 3) (struct.new $s (local.get 0))"
    "    (i32.const 2900))"
    "   (array.copy $a $a (local.get $x) (i32.const 1) (local.get $x) (i32.const 5)"
    "    (i32.const 2800))"
    "   (array.init_elem $a $e (local.get $x) (i32.const 7) (i32.const 0) (i32.const 2))"
    "   (array.init_data $b $d (local.get $y) (i32.const 2) (i32.const 4) (i32.const 40))"
    "   (array.copy $b $b (local.get $y) (i32.const 1) (local.get $y) (i32.const 0)"
    "    (i32.const 49))"
    "   (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "  (i32.add (array.get_u $b (local.get $y) (i32.const 9))"
    "   (i32.add (array.len (local.get $z))"
    "    (struct.get $s 0 (ref.cast (ref $s) (array.get $a (local.get $x) (i32.const 7))))))))";

enum {
#define SLOW(name, ...) SLOW_##name,
#include "run/slow.def"
};

static bool forget(void *env, const void *bytes, size_t size, Diag *diag) { return true; }

// Stops it wherever it can be, takes a snapshot, which is refused or not, and goes on.
static Trap run_in_pieces(Store *store, Func *f, u32 arg, u32 *result)
{
    Diag diag;
    u64 slots[4] = {arg};
    const SnapshotWriter writer = {.write = forget};
    store->exec.stop_every = store->exec.polls = 3;
    store->exec.stops = true;
    atomic_fetch_or(&store->exec.stop, STOP_TICK);
    Trap trap = engine_call(store, f, slots, COUNT_OF(slots));
    for (u32 stops = 0; trap == TRAP_paused; stops++) {
        if (stops % 5 == 0) snapshot_write(store, &writer, &diag);
        if (stops % 7 == 0) heap_collect(store, &store->exec.at);
        trap = engine_continue(store, slots, COUNT_OF(slots));
    }
    *result = (u32)slots[0];
    return trap;
}

// 0: refused; 1: as it should be; 2: another result, or a trap.
static u32 run_lying(const Kept *k, u32 want)
{
    Extern f;
    Ran ran = {0};
    Store *store = engine_store(engine);
    Guest g = stranger(k, store);
    if (!g.inst || !CHECK(instance_export(g.inst, bytes_of("run"), &f))) exit(1);
    g.source.module->stored->tell = note;
    g.source.module->stored->tell_env = &ran;
    Trap trap = run_in_pieces(store, f.func, 3, &ran.result);
    bool refused = g.source.module->stored->refused;
    store_free(store);
    source_free(&g.source);
    if (refused) CHECK_EQ_U64(ran.result, want);
    return refused ? 0 : !trap && ran.result == want ? 1 : 2;
}

// What C is called for, from which slot on, and with which two numbers: where that is an array's.
static void try_other_calls(Kept *k, u32 want, u32 ended[3])
{
    enum { SITE = 20, PARTS = 4, VALUES = 24 };
    static const u8 opcodes[PARTS] = {0xb8, 0xb9, 0xba, 0xbe}; // mov reg, number
    u8 *code = code_of(k, 0);
    u32 size = record_of(k, 0)->code_size, n = 0, calls = 0;
    for (u32 at = 0; at + SITE <= size; at++) {
        bool call = true;
        for (u32 i = 0; i < PARTS; i++) call &= code[at + 5 * i] == opcodes[i];
        if (!call || code[at + 1] < SLOW_array_new || code[at + 1] > SLOW_array_init_elem) continue;
        calls++;
        for (u32 i = 0; i < PARTS * VALUES; i++) {
            if (!check_full() && ++n % 5) continue;
            u8 *number = &code[at + 5 * (i / VALUES) + 1], was = *number;
            *number = (u8)(i < VALUES ? SLOW_struct_new + i : i % VALUES);
            set_sums(k);
            ended[run_lying(k, want)]++;
            *number = was;
        }
    }
    CHECK(calls >= 6);
}

static void lies_harm_nobody_else(void)
{
    Kept k = {0};
    u32 ended[3] = {0};
    if (!compile(arrays, &k)) return;
    u32 map_len = record_of(&k, 0)->map_len, n = 0;
    u8 *map = code_of(&k, 0) - map_len;
    Ran ran = run(&k, 3);
    CHECK_EQ_U64(ran.refused, 0);
    CHECK_EQ_U64(ran.trap, TRAP_none);
    CHECK_EQ_U64(run_lying(&k, ran.result), 1);
    for (u32 i = 0; i < map_len; i++) {
        u8 was = map[i];
        for (u32 change = 1; change < 128; change++, n++) {
            if (!check_full() && n % 29) continue;
            map[i] = was ^ (u8)change; // places and their kinds, offsets, how far frames are moved
            set_sums(&k);
            ended[run_lying(&k, ran.result)]++;
        }
        map[i] = was;
    }
    CHECK(ended[0] && ended[1]);
    try_other_calls(&k, ran.result, ended);
    printf("of lies: %u refused, %u without a difference, %u with one\n", ended[0], ended[1],
           ended[2]);
    CHECK(ended[2]);
    free(k.data);
}

int main(void)
{
    for (u32 faults = 0; faults < 2 && !tier_lacks(); faults++) {
        engine = engine_new(features_all);
        if (!CHECK(engine)) break;
        if (engine_set_faults(engine, true)) break; // nobody else's code is used there
        engine->faults = faults;
        finds_no_slots();
        finds_no_registers();
        lies_harm_nobody_else();
        engine_free(engine);
    }
    if (tier_lacks()) CHECK(tier_lacks());
    return check_report();
}
