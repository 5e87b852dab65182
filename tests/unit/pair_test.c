// pair_test.c -- every row of pair.def does what its two instructions do one after the other: on
// random words of code, with slots, constants and addresses that are awkward, the frame, the
// memory, the global, the trap and the place where it happened are the same, but for which NaN it
// is.

#include "check.h"
#include "engine/source.h"
#include "interp/code.h"
#include "run/call.h"

#include <stdlib.h>

enum { SLOTS = 12, CASES = 200, MEMORY = 1 << 16 };
#define TWELVE "i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64"
static const char text[] =
    "(module (memory 1) (global (mut i64) (i64.const 0))"
    "  (func (export \"f\") (param " TWELVE ") (result " TWELVE ") (unreachable)))";

typedef enum { OTHER, VALUE, STEP, BRANCH } Kind;
static const struct { const char *name; Kind kind; u32 words; } ops[IOP_COUNT] = {
#define IOP(name) [IOP_##name] = {#name, OTHER, 1},
#define IOP_VALUE(name, words) [IOP_##name] = {#name, VALUE, words},
#define IOP_STEP(name, words) [IOP_##name] = {#name, STEP, words},
#define IOP_BRANCH(name, words) [IOP_##name] = {#name, BRANCH, words},
#include "interp/iop.def"
};

enum { FIELD_none, FIELD_dst, FIELD_a, FIELD_b };
static const struct { Iop both, first, second; u32 field; } pairs[] = {
    {IOP_trap, IOP_trap, IOP_trap, 0}, // some builds have no rows
#define PAIR(x, y, fed) {IOP_##x##__##y##__##fed, IOP_##x, IOP_##y, FIELD_##fed},
#define PAIR_BRANCH PAIR
#include "interp/pair.def"
};

static const u64 awkward[] = {
    0, 1, 2, 3, 7, 31, 32, 33, 63, 64, 100,
    MEMORY - 9, MEMORY - 8, MEMORY - 7, MEMORY - 4, MEMORY - 3, MEMORY - 1, MEMORY,
    0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff8, 0x100000000,
    0x7fffffffffffffff, 0x8000000000000000, UINT64_MAX,
    0x3f800000, 0xff800000, 0x7fa00000, 0x7fc00000,             // f32: 1, -inf, NaNs
    0x3ff0000000000000, 0xbff8000000000000, 0x7ff0000000000000, // f64: 1, -1.5, inf
    0x7ff4000000000000, 0x7ff8000000000000, 0x41dfffffffc00000, // NaNs, 2^31 - 1
};

static u32 seed;
static u32 random_below(u32 n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}
static u64 random_value(void) { return awkward[random_below(sizeof awkward / sizeof *awkward)]; }

static bool ends(Iop op, const char *end)
{
    size_t have = strlen(ops[op].name), want = strlen(end);
    return have >= want && strcmp(ops[op].name + have - want, end) == 0;
}

static u64 fields(Iop op, u32 dst, u32 a, u32 b)
{
    return op | (u64)dst << 16 | (u64)a << 32 | (u64)b << 48;
}

// Random words for the operation; a branch goes `distance` words on from the start of its first
// word.
static void put(u64 *code, Iop op, u32 distance)
{
    u32 dst = random_below(SLOTS);
    code[0] = fields(op, dst, random_below(SLOTS), random_below(SLOTS));
    if (ops[op].kind == BRANCH) {
        if (ops[op].words == 1) code[0] = fields(op, dst, distance, 0);
        else code[1] = random_value() << 32 | (distance - 1);
        return;
    }
    bool wide = ends(op, "_c") || op == IOP_const_32;
    if (wide) code[0] = fields(op, dst, 0, 0) | random_value() << 32;
    if (op == IOP_global_get || op == IOP_global_set) code[0] = fields(op, dst, 0, 0);
    if (ops[op].words == 2) code[1] = op == IOP_select ? random_below(SLOTS) : random_value();
    if (ends(op, "_k") || ends(op, "_k64"))
        code[1] = random_value() % (MEMORY + 1) << 32 | (u32)random_value();
}

typedef struct {
    Trap trap;
    u64 at;
    u64 slots[SLOTS], global;
    u8 memory[MEMORY];
} State;

static Store *store;
static Instance *instance;

static void run(const u64 *code, State *s)
{
    Exec *x = &store->exec;
    Func *f = instance_func(instance, 0);
    atomic_store(&instance->code[0].interp, code);
    memcpy(instance->memories[0]->base, s->memory, MEMORY);
    instance->globals[0]->value[0] = s->global;
    s->trap = exec_call(x, f, s->slots, COUNT_OF(s->slots));
    atomic_store(&instance->code[0].interp, code_translate); // ours is not the module's to free
    if (s->trap) memcpy(s->slots, x->at.frame, sizeof s->slots);
    s->at = s->trap ? (u64)(x->at.ip - code) : 0;
    s->global = instance->globals[0]->value[0];
    memcpy(s->memory, instance->memories[0]->base, MEMORY);
}

// The same values? Which NaN comes out of two is open: then *open is set.
static bool same_slots(const u64 *a, const u64 *b, bool *open)
{
    for (u32 i = 0; i < SLOTS; i++) {
        f64 x, y;
        f32 narrow_x, narrow_y;
        memcpy(&x, &a[i], 8), memcpy(&narrow_x, &a[i], 4);
        memcpy(&y, &b[i], 8), memcpy(&narrow_y, &b[i], 4);
        if (a[i] == b[i]) continue;
        bool nans = (x != x && y != y) || (narrow_x != narrow_x && narrow_y != narrow_y);
        if (!nans) return false;
        *open = true;
    }
    return true;
}

static bool one_case(u32 row, State *start, State *one, State *two)
{
    Iop first = pairs[row].first, second = pairs[row].second;
    u64 code[8] = {0};
    u32 middle = ops[first].words, end = middle + ops[second].words;
    put(code, first, 0);
    put(code + middle, second, ops[second].words + 2);
    if (pairs[row].field) {
        u32 shift = 16 * pairs[row].field;
        code[middle] = (code[middle] & ~((u64)0xffff << shift)) | (code[0] >> 16 & 0xffff) << shift;
    }
    code[end] = fields(IOP_const_32, SLOTS - 1, 1, 0); // not taken
    code[end + 1] = code[end + 2] = IOP_return_0;
    for (u32 i = 0; i < SLOTS; i++) start->slots[i] = random_value();
    start->global = random_value();
    *one = *two = *start;
    if (!random_below(8)) exec_stop(&store->exec, TRAP_interrupted);
    run(code, one);
    code[0] = (code[0] & ~(u64)0xffff) | pairs[row].both;
    run(code, two);
    exec_go_on(&store->exec);
    bool open = false;
    if (!same_slots(one->slots, two->slots, &open)) return false;
    if (one->trap != two->trap || one->at != two->at) return false;
    return open || (one->global == two->global && memcmp(one->memory, two->memory, MEMORY) == 0);
}

int main(void)
{
    Source source;
    Diag diag;
    Engine *engine = engine_new(features_default);
    const u32 cases = check_full() ? CASES : CASES / 4;
    State *states = calloc(3, sizeof *states);
    bool good = source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag);
    if (!CHECK(good && states)) return check_report();
    store = engine_store(engine);
    instance = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
    if (!CHECK(instance)) return check_report();
    for (u32 i = 0; i < MEMORY; i++) states->memory[i] = (u8)(i * 7 + (i >> 8));
    for (u32 row = 1; row < sizeof pairs / sizeof *pairs; row++) {
        u32 same = 0;
        for (u32 i = 0; i < cases; i++) same += one_case(row, &states[0], &states[1], &states[2]);
        if (CHECK(same == cases)) continue;
        printf("  %s: %u of %u\n", ops[pairs[row].both].name, same, cases);
    }
    store_free(store);
    source_free(&source);
    engine_free(engine);
    free(states);
    return check_report();
}
