// mapping_test.c -- what is mapped in a memory is read and written as its kind allows, by every
// instruction and in every tier: all rows that access a memory, in the forms that the interpreter
// has for them and in memories 0 and 1, and what works in bulk, over pages of a buffer and of a
// file, private, sealed and cut. What is refused is a trap at that instruction, and has done
// nothing; also while somebody cuts the file and makes it longer again.
// Hazards: R66, R88.

#include "check.h"
#include "engine/source.h"
#include "plat/pages.h"
#include "run/exec.h"
#include "run/frame.h"
#include "run/guard.h"
#include "run/mapped.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct {
    const char *text, *behind; // its lane
    Op op;
    Sig sig;
    bool writes;
} Row;
static const Row rows[] = {
#define LOAD(name, text, opcode, sig, since, ...) {text, "", OP_##name, SIG_##sig, false},
#define STORE(name, text, opcode, sig, since, ...) {text, "", OP_##name, SIG_##sig, true},
#define VLOAD LOAD
#define VSTORE STORE
#define LOAD_LANE(name, text, opcode, sig, since, ...) {text, " 0", OP_##name, SIG_##sig, false},
#define STORE_LANE(name, text, opcode, sig, since, ...) {text, " 0", OP_##name, SIG_##sig, true},
#define IS_NO_LOAD(n, P, m, R) ((n) > 1)
#define ATOMIC(name, text, opcode, sig, since, ...)                                                \
    {text, "", OP_##name, SIG_##sig, SHAPE_##sig(IS_NO_LOAD)},
#include "op/op.def"
    {"memory.fill", "", OP_memory_fill, SIG_COUNT, true},
    {"memory.init", "", OP_memory_init, SIG_COUNT, true},
    {"memory.copy", "", OP_memory_copy, SIG_COUNT, true},
    {"memory.discard", "", OP_memory_discard, SIG_COUNT, true},
};

// Of an address in local 0: how the access comes to it.
static const struct { const char *address, *more; bool second; } forms[] = {
    {"local.get 0", "", false},
    {"local.get 0 i32.const 64 i32.sub", "offset=64", false},
    {"local.get 0 i32.const 64 i32.sub i32.const 40 i32.add", "offset=24", false},
    {"i32.const AT", "", false},
    {"local.get 0 i32.const 0x1000 i32.sub", "offset=0x1000", true},
};
enum { CONSTANT = 3, AT = 1 << 16, SIZE = 1 << 16 };

static const char *const consts[] = {[TYPE_i32] = "i32.const 0x55", [TYPE_i64] = "i64.const 0x55",
                                     [TYPE_f32] = "f32.const 5.5", [TYPE_f64] = "f64.const 5.5",
                                     [TYPE_v128] = "v128.const i64x2 5 5"};

enum { TEXT = 1 << 20 };
#include "text.h"

static void add_address(const char *form)
{
    for (; *form; form++) {
        if (strncmp(form, "AT", 2)) add("%c", *form);
        else add("%d", AT), form++;
    }
}

static void add_access(const Row *row, u32 f)
{
    const SigInfo *sig = &sig_info[row->sig];
    const char *memory = forms[f].second ? "$n" : "$m";
    add("(func (export \"%s/%u\") (param i32) ", row->text, f);
    if (row->sig == SIG_COUNT) {
        add_address(f == CONSTANT ? "i32.const AT" : "local.get 0");
        switch ((int)row->op) {
        case OP_memory_fill: add(" i32.const 7 i32.const 3 memory.fill %s)\n", memory); break;
        case OP_memory_init: add(" i32.const 0 i32.const 3 memory.init %s $d)\n", memory); break;
        case OP_memory_copy: add(" i32.const 0 i32.const 3 memory.copy %s $m)\n", memory); break;
        default: add(" i32.const 3 memory.discard %s)\n", memory);
        }
        return;
    }
    add_address(forms[f].address);
    for (u32 i = 1; i < sig->param_count; i++) add(" %s", consts[sig->params[i]]);
    add(" %s %s %s%s%s)\n", row->text, forms[f].second ? "$n" : "", forms[f].more, row->behind,
        sig->result_count ? " drop" : "");
}

static void write_module(void)
{
    add("(module (memory $m (export \"m\") 4 8) (memory $n (export \"n\") 4 8)"
        "(data $d \"abc\")\n");
    for (u32 i = 0; i < COUNT_OF(rows); i++)
        for (u32 f = 0; f < COUNT_OF(forms); f++) add_access(&rows[i], f);
    // Two together, the first or the second of which is refused.
    add("(func (export \"pair/first\") (param i32) (result i32)"
        " local.get 0 i32.load i32.const 1 i32.add)"
        "(func (export \"pair/second\") (param i32) (local i32)"
        " i32.const 3 local.set 1 local.get 0 local.get 1 i32.store)"
        "(func (export \"pair/loop\") (param i32 i32) (result i32) (local i32)"
        "  (loop $l (i32.store (i32.const 16) (i32.add (i32.load (local.get 0)) (local.get 2)))"
        "    (local.set 2 (i32.load (i32.const 16)))"
        "    (local.set 0 (i32.add (local.get 0) (i32.const 4)))"
        "    (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))"
        "  (local.get 2))"
        "(func (export \"copy/from\") (param i32 i32)"
        " i32.const 0 local.get 0 local.get 1 memory.copy)"
        "(func (export \"size\") (result i32) memory.size)"
        "(func (export \"grow\") (param i32) (result i32) local.get 0 memory.grow))");
}

// ---- What is mapped

typedef enum {
    OWN, BUFFER_private, BUFFER_sealed, FILE_private, FILE_sealed, CUT_private, CUT_sealed
} What;
static const char *const what_names[] = {"own", "private buffer", "sealed buffer", "private file",
                                         "sealed file", "private file, cut", "sealed file, cut"};
static bool is_file(What w) { return w >= FILE_private; }
static PagesKind kind_of(bool sealed) { return sealed ? PAGES_sealed : PAGES_private; }
static bool is_sealed(What w) { return w && w % 2 == 0; }
static bool is_cut(What w) { return w >= CUT_private; }

static Engine *engine;
static Source source;
static int file;

typedef struct {
    Store *store;
    Instance *inst;
} World;

static void write_file(void)
{
    static u8 bytes[SIZE];
    memset(bytes, 0x11, SIZE);
    CHECK(pwrite(file, bytes, SIZE, 0) == SIZE);
}

static void map_into(Memory *m, What what)
{
    MapFrom from = {.is_file = is_file(what), .kind = kind_of(is_sealed(what)), .file = file};
    int err;
    void *start = NULL;
    if (from.is_file) write_file();
    else if (CHECK(!pages_new_file(SIZE, &from.file, &start))) memset(start, 0x11, SIZE);
    CHECK_EQ_U64(memory_map(m, AT, SIZE, &from, &err), MAPPED);
    if (!from.is_file) pages_free_file(SIZE, from.file, start);
}

static World make(What what)
{
    Diag diag;
    World w = {.store = engine_store(engine)};
    w.inst = engine_instantiate(w.store, source.module, NULL, NULL, &diag).instance;
    if (!CHECK(w.inst)) exit(check_report());
    for (u32 i = 0; i < 2; i++) {
        Memory *m = w.inst->memories[i];
        memset(m->base, 0x22, m->size);
        if (what) map_into(m, what);
    }
    if (is_cut(what)) CHECK(!ftruncate(file, 0));
    return w;
}

// Mapped anew, and cut anew, of which nobody knows.
static void cut_again(World *w, What what)
{
    int err;
    for (u32 i = 0; i < 2; i++) {
        CHECK_EQ_U64(memory_unmap(w->inst->memories[i], AT, &err), MAPPED);
        map_into(w->inst->memories[i], what);
    }
    CHECK(!ftruncate(file, 0));
}

// How a call of the export ends, and, if in a trap, that this was at the instruction.
static Trap run(World *w, const char *name, Op op, u64 *slots)
{
    Extern f;
    if (!CHECK(instance_export(w->inst, bytes_of(name), &f))) exit(check_report());
    Trap trap = engine_call(w->store, f.func, slots, 4);
    FrameCursor cursor = {0};
    if (trap && op != OP_COUNT &&
        !CHECK(frame_next(&w->store->exec, &cursor) && frame_op(&cursor) == op))
        printf("    %s\n", name);
    return trap;
}

static Trap expected(What what, bool writes)
{
    if (writes && is_sealed(what) && !is_cut(what)) return TRAP_sealed_memory;
    return is_cut(what) ? TRAP_file_was_cut : TRAP_none;
}

// Which of two reasons an access of what is sealed and cut traps for, nobody says. Zeros can be put
// where nothing is any more.
static bool is_fine(What what, bool writes, Trap trap)
{
    bool either = what == CUT_sealed && writes && trap == TRAP_sealed_memory;
    return either || trap == expected(what, writes);
}

static void try_row(World *w, What what, const Row *row, u32 form)
{
    char name[80];
    u64 slots[4] = {AT};
    bool zeros = what == CUT_private && row->op == OP_memory_discard;
    snprintf(name, sizeof name, "%s/%u", row->text, form);
    Trap trap = run(w, name, row->op, slots);
    if (!CHECK(zeros ? !trap : is_fine(what, row->writes, trap)))
        printf("    %s, %s: %s\n", name, what_names[what], trap_text[trap]);
    // Around it nothing traps.
    slots[0] = AT + SIZE + 64;
    if (form != CONSTANT) CHECK_EQ_U64(run(w, name, OP_COUNT, slots), TRAP_none);
}

// What was cut, and found so, is known from then on: each meets it first.
static void try_rows(What what)
{
    World w = make(what);
    for (u32 i = 0; i < COUNT_OF(rows); i++)
        for (u32 f = 0; f < COUNT_OF(forms); f++) {
            if (!check_due(i + f)) continue;
            try_row(&w, what, &rows[i], f);
            if (is_cut(what)) cut_again(&w, what);
        }
    store_free(w.store);
}

static u8 byte_at(World *w, u64 at) { return w->inst->memories[0]->base[at]; }

static void try_bulk(What what)
{
    World w = make(what);
    bool cut = is_cut(what), writable = !is_sealed(what);
    u8 was = what ? 0x11 : 0x22;
    // Half of it outside: nothing is done where it is refused.
    u64 slots[4] = {AT - 1};
    Trap trap = run(&w, "memory.fill/0", OP_memory_fill, slots);
    CHECK(is_fine(what, true, trap));
    if (!cut) CHECK_EQ_U64(byte_at(&w, AT - 1), writable ? 7 : 0x22);
    if (!cut) CHECK_EQ_U64(byte_at(&w, AT), writable ? 7 : was);
    slots[0] = AT - 1;
    slots[1] = 3;
    trap = run(&w, "copy/from", OP_memory_copy, slots);
    CHECK(is_fine(what, false, trap));
    if (!cut) CHECK_EQ_U64(byte_at(&w, 2), byte_at(&w, AT + 1));
    store_free(w.store);
}

// What is done as one, each part of which may be refused.
static void try_pairs(What what)
{
    World w = make(what);
    u64 slots[4] = {AT};
    Trap trap = run(&w, "pair/first", OP_i32_load, slots);
    CHECK(is_fine(what, false, trap));
    if (!trap) CHECK_EQ_U64(slots[0], what ? 0x11111112 : 0x22222223);
    slots[0] = AT + 4;
    trap = run(&w, "pair/second", OP_i32_store, slots);
    CHECK(is_fine(what, true, trap));
    slots[0] = AT;
    slots[1] = SIZE / 4;
    trap = run(&w, "pair/loop", OP_i32_load, slots);
    CHECK(is_fine(what, false, trap));
    u32 each = what ? 0x11111111 : 0x22222222;
    if (!trap) CHECK_EQ_U64(slots[0], each * (SIZE / 4u - 1) + (is_sealed(what) ? each : 3));
    store_free(w.store);
}

// A memory that grows has the same at the same place.
static void try_growing(What what)
{
    World w = make(what);
    Memory *m = w.inst->memories[0];
    const u8 *base = m->base;
    u64 slots[4] = {2};
    CHECK_EQ_U64(run(&w, "grow", OP_COUNT, slots), TRAP_none);
    CHECK_EQ_U64(slots[0], 4);
    CHECK(m->base == base || !what);
    slots[0] = 0;
    CHECK_EQ_U64(run(&w, "size", OP_COUNT, slots), TRAP_none);
    CHECK_EQ_U64(slots[0], 6);
    slots[0] = AT;
    CHECK(is_fine(what, true, run(&w, "i32.store/0", OP_i32_store, slots)));
    slots[0] = 5 << 16;
    CHECK_EQ_U64(run(&w, "i32.store/0", OP_i32_store, slots), TRAP_none);
    slots[0] = 6 << 16;
    CHECK_EQ_U64(run(&w, "i32.store/0", OP_i32_store, slots), TRAP_out_of_bounds_memory_access);
    slots[0] = (6 << 16) - 3;
    CHECK_EQ_U64(run(&w, "i32.load/0", OP_i32_load, slots), TRAP_out_of_bounds_memory_access);
    store_free(w.store);
}

static void check_zero(const Memory *m, u64 at, u64 size)
{
    u64 i = 0;
    while (i < size && !m->base[at + i]) i++;
    CHECK_EQ_U64(i, size);
}

// Zero, writable, and nobody's: of the next memory at that address too.
static void try_unmapping(What what)
{
    World w = make(what);
    Memory *m = w.inst->memories[0];
    int err;
    u64 slots[4] = {AT};
    CHECK_EQ_U64(memory_unmap(m, AT + pages_size(), &err), MAPPED_outside);
    CHECK_EQ_U64(memory_unmap(m, AT, &err), MAPPED);
    CHECK_EQ_U64(memory_unmap(m, AT, &err), MAPPED_outside);
    CHECK_EQ_U64(m->perils, 0);
    check_zero(m, AT, SIZE);
    CHECK_EQ_U64(run(&w, "i32.store/0", OP_COUNT, slots), TRAP_none);
    CHECK_EQ_U64(byte_at(&w, AT), 0x55);
    store_free(w.store); // the second memory has it still
    Diag diag;
    w.store = engine_store(engine);
    w.inst = engine_instantiate(w.store, source.module, NULL, NULL, &diag).instance;
    for (u32 i = 0; CHECK(w.inst) && i < 2; i++) check_zero(w.inst->memories[i], 0, 4 << 16);
    store_free(w.store);
}

// Zeros, not what is beneath.
static void try_discarding(What what)
{
    World w = make(what);
    Memory *m = w.inst->memories[0];
    u64 slots[4] = {AT + 1};
    Trap trap = run(&w, "memory.discard/0", OP_memory_discard, slots);
    CHECK(what == CUT_private ? !trap : is_fine(what, true, trap));
    if (!trap) {
        check_zero(m, AT, SIZE);
        slots[0] = AT;
        CHECK_EQ_U64(run(&w, "i32.store/0", OP_COUNT, slots), TRAP_none);
        CHECK_EQ_U64(byte_at(&w, AT), 0x55);
    }
    CHECK_EQ_U64(byte_at(&w, AT - 1), 0x22);
    CHECK_EQ_U64(byte_at(&w, AT + SIZE), 0x22);
    store_free(w.store);
}

static void try_kind(What what)
{
    try_rows(what);
    try_bulk(what);
    try_pairs(what);
    try_growing(what);
    try_discarding(what);
    if (what) try_unmapping(what);
}

// Two that share a buffer: what one writes the other does not see, and what the host writes who is
// sealed does.
static void test_sharing(void)
{
    World a = make(OWN), b = make(OWN), c = make(OWN);
    Memory *in[] = {a.inst->memories[0], b.inst->memories[0], c.inst->memories[0]};
    MapFrom from = {0};
    void *start;
    int err;
    u64 slots[4] = {AT};
    if (!CHECK(!pages_new_file(SIZE, &from.file, &start))) return;
    for (u32 i = 0; i < 3; i++) {
        from.kind = kind_of(i == 2);
        CHECK_EQ_U64(memory_map(in[i], AT, SIZE, &from, &err), MAPPED);
    }
    *(u8 *)start = 9;
    CHECK(in[0]->base[AT] == 9 && in[1]->base[AT] == 9 && in[2]->base[AT] == 9);
    CHECK_EQ_U64(run(&a, "i32.store8/0", OP_COUNT, slots), TRAP_none);
    CHECK(in[0]->base[AT] == 0x55 && in[1]->base[AT] == 9 && in[2]->base[AT] == 9);
    *(u8 *)start = 10;
    CHECK(in[0]->base[AT] == 0x55 && in[2]->base[AT] == 10 && *(u8 *)start == 10);
    pages_free_file(SIZE, from.file, start); // who has it keeps it
    CHECK(in[2]->base[AT] == 10);
    store_free(a.store);
    store_free(b.store);
    store_free(c.store);
}

static _Atomic bool raced;

static void *cut_and_mend(void *env)
{
    int other = *(int *)env;
    while (!atomic_load(&raced))
        if (ftruncate(other, 0) || ftruncate(other, SIZE)) break;
    return NULL;
}

// A file that is cut and made longer again by somebody else, all the while.
static void test_racing(void)
{
    static const struct { const char *name; bool writes; } calls[] = {
        {"pair/loop", false}, {"copy/from", false}, {"memory.fill/0", true}, {"i64.store/1", true},
        {"v128.load/4", false}, {"memory.discard/0", true}, {"i32.atomic.rmw.add/0", true},
    };
    World w = make(OWN);
    Memory *m = w.inst->memories[0], *n = w.inst->memories[1];
    pthread_t thread;
    u32 cuts = 0;
    atomic_store(&raced, false);
    if (!CHECK(!pthread_create(&thread, NULL, cut_and_mend, &file))) return;
    for (u32 i = 0; i < 70 * COUNT_OF(calls); i++) {
        const bool sealed = !calls[i % COUNT_OF(calls)].writes;
        MapFrom from = {.is_file = true, .kind = kind_of(sealed), .file = file};
        int err;
        u64 slots[4] = {AT, SIZE / 4};
        CHECK_EQ_U64(memory_map(m, AT, SIZE, &from, &err), MAPPED);
        CHECK_EQ_U64(memory_map(n, AT, SIZE, &from, &err), MAPPED);
        Trap trap = run(&w, calls[i % COUNT_OF(calls)].name, OP_COUNT, slots);
        CHECK(!trap || trap == TRAP_file_was_cut);
        cuts += trap != TRAP_none;
        CHECK_EQ_U64(memory_unmap(m, AT, &err), MAPPED);
        CHECK_EQ_U64(memory_unmap(n, AT, &err), MAPPED);
    }
    atomic_store(&raced, true);
    pthread_join(thread, NULL);
    CHECK(cuts > 0);
    store_free(w.store);
}

static void refused(Memory *m, u64 at, u64 size, u64 offset, bool sealed, bool of_file, Mapped want)
{
    MapFrom from = {.file = file, .offset = offset, .kind = kind_of(sealed), .is_file = of_file};
    int err;
    s32 more = 0;
    for (const MemoryMap *map = m->maps; map; map = map->next) more--;
    CHECK_EQ_U64(memory_map(m, at, size, &from, &err), want);
    for (const MemoryMap *map = m->maps; map; map = map->next) more++;
    CHECK_EQ_U64(more, want == MAPPED);
}

static void test_refusals(bool faults)
{
    World w = make(OWN);
    Memory *m = w.inst->memories[0];
    u64 page = pages_size();
    write_file();
    refused(m, AT + 1, page, 0, false, false, MAPPED_unaligned);
    refused(m, AT, page + 1, 0, false, false, MAPPED_unaligned);
    refused(m, AT, page, 1, false, false, MAPPED_unaligned);
    refused(m, AT, 0, 0, false, false, MAPPED_outside);
    refused(m, 4 << 16, page, 0, false, false, MAPPED_outside);
    refused(m, (4 << 16) - page, 2 * page, 0, false, false, MAPPED_outside);
    refused(m, UINT64_MAX - page + 1, page, 0, false, false, MAPPED_outside);
    refused(m, AT, page, 0, true, false, faults ? MAPPED : MAPPED_unguarded);
    refused(m, AT + page, page, 0, false, true, faults ? MAPPED : MAPPED_unguarded);
    if (faults) {
        refused(m, AT, page, 0, false, false, MAPPED_overlaps);
        refused(m, AT - page, 2 * page, 0, false, false, MAPPED_overlaps);
        refused(m, AT + page, 4 * page, 0, false, false, MAPPED_overlaps);
    }
    int was = file;
    file = -1;
    refused(m, 2 * AT, page, 0, false, false, MAPPED_refused);
    file = was;
    CHECK_EQ_U64(m->base[2 * AT], 0x22); // and it is as it was
    store_free(w.store);
}

// Each of these is refused what faults, and its own pages still are its own.
static void test_unguarded(void)
{
    static const MemType types[] = {
        {{.min = 4, .page_log2 = 16, .is64 = true}},
        {{.min = 4 << 16, .page_log2 = 0}},
        {{.min = 4, .max = 4, .has_max = true, .page_log2 = 16, .shared = true}},
    };
    for (u32 i = 0; i < COUNT_OF(types); i++) {
        Store *s = engine_store(engine);
        Memory *m = memory_new(s, &types[i]);
        MapFrom from = {0};
        void *start;
        int err;
        if (!CHECK(m && !pages_new_file(SIZE, &from.file, &start))) return;
        *(u8 *)start = 5;
        refused(m, AT, SIZE, 0, true, false, MAPPED_unguarded);
        refused(m, AT, SIZE, 0, false, true, MAPPED_unguarded);
        // Of 32 bits there are not so many addresses.
        Mapped result = memory_map(m, AT, SIZE, &from, &err);
        CHECK(result == MAPPED || (result == MAPPED_moves && sizeof(void *) == 4));
        CHECK(result != MAPPED || (m->base[AT] == 5 && m->mode != MEMORY_movable));
        memory_zero(m, AT, SIZE);
        check_zero(m, AT, SIZE);
        pages_free_file(SIZE, from.file, start);
        store_free(s);
    }
}

static void test_all(Tier tier, bool faults)
{
    Diag diag;
    engine = engine_new(features_default | FEATURE_BIT(FEATURE_memory_control));
    engine->tier = tier;
    engine->limits.heap_bytes = 1 << 20;
    if (faults) CHECK_EQ_U64(engine_set_faults(engine, true), 0);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, len, &diag))) {
        printf("    %s %s\n", err_text[diag.err], diag.detail);
        exit(check_report());
    }
    for (u32 what = OWN; what < COUNT_OF(what_names); what++)
        if (faults || what <= BUFFER_private) try_kind((What)what);
    if (faults) test_sharing();
    if (faults && check_due((unsigned)tier)) test_racing();
    test_refusals(faults);
    test_unguarded();
    source_free(&source);
    engine_free(engine);
}

int main(void)
{
    file = memfd_create("cut", 0);
    if (!CHECK(file >= 0)) return check_report();
    write_module();
    for (u32 i = 0; i < 6; i++) test_all((Tier)(i / 2), i % 2 && GUARD_POSSIBLE);
    close(file);
    return check_report();
}
