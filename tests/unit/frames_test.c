// frames_test.c -- state maps: at a host call, and wherever else a guest can be looked at, every
// frame reads back as the abstract machine has it, and its references are found.
// Hazards: R14, R42, R55, R69, R86.

#include "check.h"
#include "engine/source.h"
#include "run/call.h"
#include "run/exec.h"
#include "run/park.h"

#include <stdlib.h>

static const char text[] =
    "(module\n"
    "  (import \"t\" \"look\" (func $look (param i32) (result i32)))\n"
    "  (import \"t\" \"again\" (func $again (param i32) (result i32)))\n"
    // Operands that the interpreter would rather keep elsewhere: a local, a constant, a changed
    // local.
    "  (func $inner (export \"inner\") (param $a i32) (param $b i64) (result i64) (local $c f64)\n"
    "    (local.set $c (f64.const 2.5))\n"
    "    local.get $b\n" // 7 at first
    "    i64.const -3\n"
    "    (local.set $b (i64.const 99))\n"
    "    f64.const 0.5\n"
    "    (call $look (i32.add (local.get $a) (i32.const 1)))\n"
    "    drop drop\n"
    "    i64.add)\n"
    "  (func $outer (export \"outer\") (param i32) (result i64)\n"
    "    i64.const 1000\n"
    "    local.get 0\n"
    "    i64.const 7\n"
    "    call $inner\n"
    "    i64.add)\n"
    "  (func (export \"reenter\") (param i32) (result i32) (i32.const 5) (call $again (local.get "
    "0)) (i32.add))\n"
    "  (func $deep (export \"deep\") (param i32) (result i32)\n"
    "    (if (result i32) (local.get 0)\n"
    "      (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))\n"
    "      (else (call $look (i32.const 0)))))\n"
    "  (func (export \"trap\") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get "
    "0))))\n";

static Arena arena;
static Store *store;
static Instance *instance;
static u32 looks;

static void view(const Exec *x, u32 depth, FrameView *out)
{
    FrameCursor c = {0};
    for (u32 i = 0; i <= depth; i++) CHECK(frame_next(x, &c));
    CHECK(frame_read(&c, &arena, out));
}

static u32 frame_count(const Exec *x)
{
    u32 n = 0;
    for (FrameCursor c = {0}; frame_next(x, &c);) n++;
    return n;
}

static Func *export_func(const char *name)
{
    Extern e;
    CHECK(instance_export(instance, bytes_of(name), &e) &&
          e.kind == EXTERN_func);
    return e.func;
}

static Trap look(HostCall *call)
{
    FrameView f;
    looks++;
    if (call->slots[0] == 42) {
        CHECK_EQ_U64(frame_count(call->exec), 2);
        view(call->exec, 0, &f);
        CHECK_EQ_U64(f.func, 2);
        if (CHECK(f.local_count == 3 && f.operand_count == 3)) {
            CHECK_EQ_U64(f.locals[0], TYPE_i32);
            CHECK_EQ_U64(f.locals[2], TYPE_f64);
            CHECK_EQ_U64((u32)*f.local_values[0], 41);
            CHECK_EQ_U64(*f.local_values[1], 99);
            CHECK_EQ_U64(*f.local_values[2], 0x4004000000000000); // 2.5
            CHECK_EQ_U64(f.operands[0], TYPE_i64);
            CHECK_EQ_U64(*f.operand_values[0], 7); // before the local changed
            CHECK_EQ_U64(*f.operand_values[1], (u64)-3);
            CHECK_EQ_U64(f.operands[2], TYPE_f64);
            CHECK_EQ_U64(*f.operand_values[2], 0x3fe0000000000000); // 0.5
        }
        view(call->exec, 1, &f);
        CHECK_EQ_U64(f.func, 3);
        if (CHECK(f.local_count == 1 && f.operand_count == 1)) {
            CHECK_EQ_U64((u32)*f.local_values[0], 41);
            CHECK_EQ_U64(*f.operand_values[0], 1000);
        }
    }
    call->slots[0] = frame_count(call->exec);
    return TRAP_none;
}

// Calls the guest again from inside a host call; frames on both sides of the barrier are seen.
static Trap again(HostCall *call)
{
    u32 n = (u32)call->slots[0];
    if (!n) {
        call->slots[0] = frame_count(call->exec);
        return TRAP_none;
    }
    u64 slots[1] = {n - 1};
    Trap trap = exec_call(call->exec, export_func("reenter"), slots, COUNT_OF(slots));
    call->slots[0] = slots[0];
    return trap;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    bool is_look = import->name.len == 4;
    out->kind = EXTERN_func;
    out->func = func_new_host(store, type->func, is_look ? look : again, NULL);
    return out->func != NULL;
}

// ---- stops of every kind

static const char stops_text[] =
    "(module\n"
    "  (import \"t\" \"look\" (func $look (param externref i32) (result i32)))\n"
    "  (type $s (array externref))\n"
    "  (tag $e (param i32 externref)) (tag $n) (memory 48) (table $t 10 externref)\n"
    "  (func (export \"loop\") (param $r externref) (local $k i64)\n"
    "    (local.set $k (i64.const 3)) (i32.const 11) (local.get $r) (v128.const i64x2 21 22)\n"
    "    (loop $l (param i32 externref v128) (result i32 externref v128)\n"
    "      (local.set $k (i64.sub (local.get $k) (i64.const 1)))\n"
    "      (br_if $l (i64.ne (local.get $k) (i64.const 1))))\n"
    "    (drop) (drop) (drop))\n"
    // Two loops with no code between them: of the outer one's operand nothing is left.
    "  (func (export \"twice\") (param $r externref) (local $k i64)\n"
    "    (local.set $k (i64.const 3)) (local.get $r)\n"
    "    (loop (param externref) (drop)\n"
    "      (loop $l (local.set $k (i64.sub (local.get $k) (i64.const 1)))\n"
    "        (br_if $l (i64.ne (local.get $k) (i64.const 1))))))\n"
    // It traps in the loop's first instruction.
    "  (func (export \"at-once\") (param $r externref) (local $k i32)\n"
    "    (loop $l (drop (i32.load (local.get $k))) (local.set $k (i32.const -1)) (br $l)))\n"
    "  (func (export \"bulk\") (param $r externref)\n"
    "    (i32.const 11) (local.get $r)\n"
    "    (memory.fill (i32.const 16) (i32.const 1) (i32.const 0x40001))\n"
    "    (drop) (drop))\n"
    "  (func (export \"copy\") (param $r externref)\n"
    "    (local.get $r) (memory.copy (i32.const 16) (i32.const 0) (i32.const 0x40001)) (drop))\n"
    "  (func (export \"out\") (param $r externref)\n"
    "    (i32.const 11) (memory.fill (i32.const 16) (i32.const 1) (i32.const -1)) (drop))\n"
    "  (func (export \"grow\") (param $r externref)\n"
    "    (f64.const 1) (table.grow $t (local.get $r) (i32.const 1)) (drop) (drop))\n"
    "  (func (export \"throw\") (param $r externref) (local $c i32)\n"
    "    (local.set $c (i32.const 5)) (i64.const 6) (throw $e (local.get $c) (local.get $r)))\n"
    "  (func (export \"flung\") (param $r externref) (loop (throw $n)))\n"
    "  (func (export \"alloc\") (param $r externref)\n"
    "    (i32.const 11) (array.new $s (local.get $r) (i32.const -1)) (drop) (drop))\n"
    "  (func (export \"host\") (param $r externref) (result i32)\n"
    "    (i32.const 11) (local.get $r) (call $look (local.get $r) (i32.const 77)) (drop) (drop))\n"
    "  (func (export \"tail\") (param $r externref) (result i32)\n"
    "    (return_call $look (local.get $r) (i32.const 78)))\n"
    "  (func (export \"trap\") (param $r externref)\n"
    "    (i32.const 11) (local.get $r) (drop (i32.load (i32.const -1))) (drop) (drop)))\n";

static const char old_text[] =
    "(module\n"
    "  (import \"t\" \"look\" (func $look (param externref i32) (result i32)))\n"
    "  (tag $e (param i32 externref))\n"
    "  (func (export \"clause\") (param $r externref) (local i64)\n"
    "    (i64.const 6)\n"
    "    (try (do (throw $e (i32.const 5) (local.get $r)))\n"
    "      (catch $e (i32.const 8) (drop (call $look (local.get $r) (i32.const 79)))\n"
    "        (rethrow 0)))\n"
    "    (drop)))\n";

// What is expected: where each stands, its locals; operands; and the slots of all references on the
// stack, counted from the frame. `r` is the reference that they were called with, `x` another one.
static const struct {
    const char *func, *lines[6];
} stops[] = {
    {"loop", {"@ r | | 0", "loop r 2 | 11 r 22:21 | 3 0"}},
    {"twice", {"@ r | | 0", "loop r 2 | | 0"}},
    {"at-once",
     {"@ r | | 0", "loop r 4294967295 | | 0", "i32.load r 4294967295 | | 0"}},
    {"bulk",
     {"@ r | | 0", "memory.fill r | 11 r 16 1 262145 | 2 0",
      "memory.fill r | 11 r 131088 1 131073 | 2 0", "memory.fill r | 11 r 262160 1 1 | 2 0"}},
    // Backwards, so it is not the start of what is left that moves.
    {"copy",
     {"@ r | | 0", "memory.copy r | r 16 0 262145 | 0 1", "memory.copy r | r 16 0 131073 | 0 1",
      "memory.copy r | r 16 0 1 | 0 1"}},
    {"out", {"@ r | | 0", "memory.fill r | 11 16 1 4294967295 | 0"}},
    {"grow", {"@ r | | 0", "table.grow r | 4607182418800017408 r 1 | 2 0"}},
    {"throw", {"@ r | | 0", "throw r 5 | 6 5 r | 4 0", "throw r 5 | 6 5 r | 4 0"}},
    {"flung", {"@ r | | 0", "throw r | | 0", "throw r | | 0"}},
    {"alloc", {"@ r | | 0", "array.new r | 11 r 4294967295 | 2 0"}},
    {"host", {"@ r | | 0", "call r | 11 r | 3 2 0"}},
    {"tail", {"@ r | | 0", "0"}},
    {"trap", {"@ r | | 0", "i32.load r | | 0"}},
    {"clause",
     {"@ r | | 0", "throw r 0 | 6 5 r | 4 0", "call r 0 | 6 5 r 8 | 7 5 3 0",
      "rethrow r 0 | 6 5 r 8 | 5 3 0", "rethrow r 0 | 6 5 r 8 | 5 3 0"}},
};

static Ref given;
static char lines[8][200];
static u32 line_count;

static char *print_value(char *at, Type type, const u64 *value)
{
    if (type_is_ref(type) && *value) return at + sprintf(at, *value == given ? "r " : "x ");
    if (type == TYPE_v128) return at + sprintf(at, "%" PRIu64 ":%" PRIu64 " ", value[1], value[0]);
    return at + sprintf(at, "%" PRIu64 " ",
                        type_slots(type) == 1 && (type == TYPE_i32 || type == TYPE_f32)
                            ? (u32)*value
                            : *value);
}

typedef struct { const u64 *frame; char *at; } Visit;

static void print_root(void *env, u64 *slot)
{
    Visit *v = env;
    v->at += sprintf(v->at, "%u ", (u32)(slot - v->frame));
    CHECK(!*slot || *slot / BLOCK_BYTES < instance->store->heap.committed);
}

static void print_place(const Exec *x)
{
    char *line = lines[line_count++ % COUNT_OF(lines)], *p = line;
    FrameCursor c = {0};
    FrameView f;
    bool frame = frame_next(x, &c);
    u64 *first = frame ? c.at.frame : x->at.frame;
    if (frame && CHECK(frame_read(&c, &arena, &f))) {
        bool entry = f.offset == instance->module->funcs[f.func].body.start;
        p += sprintf(p, "%s ", entry ? "@" : op_info[frame_op(&c)].text);
        for (u32 i = 0; i < f.local_count; i++) p = print_value(p, f.locals[i], f.local_values[i]);
        p += sprintf(p, "| ");
        for (u32 i = 0; i < f.operand_count; i++)
            p = print_value(p, f.operands[i], f.operand_values[i]);
        p += sprintf(p, "| ");
    }
    Visit v = {first, p};
    if (CHECK(frame_maps(&x->at))) frame_roots(x, &x->at, print_root, &v);
    while (v.at > line && v.at[-1] == ' ') v.at--;
    *v.at = 0;
}

static Trap look_here(HostCall *call)
{
    print_place(call->exec);
    return TRAP_none;
}

static bool resolve_look(void *env, const Import *import, const ExternType *type, Extern *out)
{
    out->kind = EXTERN_func;
    out->func = func_new_host(store, type->func, look_here, NULL);
    return out->func != NULL;
}

// At every place where it can be, the guest is stopped, looked at, parked, looked at where it lies,
// and goes on.
static void run_stops(const char *func, const char *const want[6])
{
    Exec *x = &store->exec;
    u64 slots[4] = {given};
    engine_call(store, export_func(func), slots, COUNT_OF(slots)); // so that it is translated
    slots[0] = given;
    line_count = 0;
    exec_pause(x);
    Trap trap = engine_call(store, export_func(func), slots, COUNT_OF(slots));
    while (trap == TRAP_paused) {
        print_place(x);
        Position stood = x->at;
        Parked *parked = exec_park(x);
        if (!CHECK(parked)) return;
        char here[8][200];
        memcpy(here, lines, sizeof here);
        Position at = park_place(parked);
        Visit v = {at.frame, lines[0]};
        const char *roots = strrchr(here[(line_count - 1) % COUNT_OF(lines)], '|') + 2;
        if (CHECK(frame_maps(&at))) frame_roots(x, &at, print_root, &v);
        v.at[-1] = 0;
        CHECK_STR(lines[0], roots);
        memcpy(lines, here, sizeof here);
        CHECK(exec_unpark(x, parked) && x->at.ip == stood.ip);
        trap = engine_continue(store, slots, COUNT_OF(slots));
    }
    if (trap) print_place(x);
    exec_go_on(x);
    u32 count = 0;
    while (count < 6 && want[count]) count++;
    if (!CHECK(count == line_count)) printf("    in %s: %u stops\n", func, line_count);
    for (u32 i = 0; i < MIN(count, line_count); i++) CHECK_STR(lines[i], want[i]);
}

// Where fuel runs out a guest may go on when it has more, so everything is home there too: also
// what stands for a local or is a constant.
static const char fuel_text[] =
    "(module\n"
    "  (func (export \"f\") (param $r externref) (result externref) (local $k i64)\n"
    "    (block $b\n"
    "      (local.get $r) (i64.const 9) (local.get $k)\n"
    "      (br_if $b (i32.const 0)) (drop) (drop) (drop))\n"
    "    (local.get $r) (if (result i32) (i64.eqz (local.get $k))\n"
    "      (then (loop $l (result i32) (i32.const 4))) (else (i32.const 5)))\n"
    "    (drop)))\n";

static void run_fuel(void)
{
    static const char *const want[] = {"@ r 0 | | 0",    "br_if r 0 | r 9 0 | 2 0",
                                       "end r 0 | | 0",  "if r 0 | r | 2 0",
                                       "loop r 0 | r | 2 0", "end r 0 | r 4 | 2 0",
                                       "end r 0 | r 4 | 2 0"};
    Source source;
    Diag diag;
    Engine *engine = engine_new(features_default);
    if (!CHECK(source_load(&source, engine, (const u8 *)fuel_text, strlen(fuel_text), &diag)))
        return;
    store = engine_store(engine);
    Exec *x = &store->exec;
    exec_grant_fuel(x, 0);
    instance = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
    given = ref_new_extern(store, 5);
    u64 slots[4] = {given};
    line_count = 0;
    Trap trap = engine_call(store, export_func("f"), slots, COUNT_OF(slots));
    for (u32 fuel = 1; trap == TRAP_out_of_fuel && fuel < 100; fuel++) {
        const u64 *stood = x->at.ip;
        if (fuel == 1) print_place(x);
        exec_grant_fuel(x, fuel);
        trap = engine_continue(store, slots, COUNT_OF(slots));
        if (x->at.ip != stood) fuel = 0;
    }
    CHECK(trap == TRAP_none && (Ref)slots[0] == given);
    CHECK_EQ_U64(line_count, COUNT_OF(want));
    for (u32 i = 0; i < MIN(line_count, COUNT_OF(want)); i++) CHECK_STR(lines[i], want[i]);
    store_free(store);
    source_free(&source);
    engine_free(engine);
}

// Somebody looked whether it is to stop, and it was not: then it is where it trapped, although the
// loop is there too.
static void run_looked_at(void)
{
    Extern e;
    u64 slots[1] = {given};
    if (!instance_export(instance, (Bytes){(const u8 *)"at-once", 7}, &e)) return;
    line_count = 0;
    atomic_fetch_or(&store->exec.stop, STOP_TICK);
    engine_call(store, e.func, slots, COUNT_OF(slots));
    print_place(&store->exec);
    CHECK_STR(lines[0], "i32.load r 4294967295 | | 0");
}

static void all_stops(void)
{
    const char *texts[] = {stops_text, old_text};
    for (u32 t = 0; t < COUNT_OF(texts); t++) {
        Source source;
        Diag diag;
        Engine *engine = engine_new(features_default | FEATURE_BIT(FEATURE_legacy_exceptions));
        engine->limits.heap_bytes = 1 << 20;
        if (!CHECK(source_load(&source, engine, (const u8 *)texts[t], strlen(texts[t]), &diag))) {
            puts(diag.detail);
            return;
        }
        store = engine_store(engine);
        instance = engine_instantiate(store, source.module, resolve_look, NULL, &diag).instance;
        given = ref_new_extern(store, 5);
        Extern e;
        for (u32 i = 0; i < COUNT_OF(stops); i++) {
            const char *func = stops[i].func;
            if (instance_export(instance, bytes_of(func), &e))
                run_stops(func, stops[i].lines);
        }
        run_looked_at();
        store_free(store);
        source_free(&source);
        engine_free(engine);
    }
}

int main(void)
{
    Source source;
    Diag diag;
    Engine *engine = engine_new(features_default);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag)))
        return check_report();
    store = engine_store(engine);
    instance = engine_instantiate(store, source.module, resolve, NULL, &diag).instance;
    arena_init(&arena);
    if (!CHECK(instance)) return check_report();

    u64 slots[4] = {41};
    CHECK_EQ_U64(exec_call(&store->exec, export_func("outer"), slots, COUNT_OF(slots)),
                 TRAP_none);
    CHECK_EQ_U64(slots[0], 1000 + 7 - 3);
    CHECK_EQ_U64(looks, 1);

    slots[0] = 100;
    CHECK_EQ_U64(exec_call(&store->exec, export_func("deep"), slots, COUNT_OF(slots)), TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 101 + 100); // frames, and one added by each caller
    CHECK_EQ_U64(frame_count(&store->exec), 0);

    slots[0] = 3; // 4 frames of the guest, barriers between them
    CHECK_EQ_U64(exec_call(&store->exec, export_func("reenter"), slots, COUNT_OF(slots)),
                 TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 4 + 4 * 5);
    slots[0] = 1000000; // a limit, not a crash
    CHECK_EQ_U64(exec_call(&store->exec, export_func("reenter"), slots, COUNT_OF(slots)),
                 TRAP_call_stack_exhausted);

    slots[0] = 1000000; // so is the guest's own recursion
    CHECK_EQ_U64(exec_call(&store->exec, export_func("deep"), slots, COUNT_OF(slots)),
                 TRAP_call_stack_exhausted);
    slots[0] = 0;
    CHECK_EQ_U64(exec_call(&store->exec, export_func("trap"), slots, COUNT_OF(slots)),
                 TRAP_integer_divide_by_zero);
    FrameView f;
    view(&store->exec, 0, &f);
    CHECK_EQ_U64(f.func, 6);
    CHECK(source.module->bytes[f.offset] == 0x6e);
    CHECK_EQ_U64(frame_count(&store->exec), 1);

    store_free(store);
    source_free(&source);
    engine_free(engine);
    all_stops();
    run_fuel();
    arena_free(&arena);
    return check_report();
}
