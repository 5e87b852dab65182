// access_test.c -- loads and stores reach what exact arithmetic says, or trap, wherever their
// address comes from: every row, with addresses of 32 and 64 bits, in locals, constant, with
// something added or taken away, and with offsets up to the largest; each on both sides of the
// memory's end and of what wraps. Memories of a page, of 17 bytes and of none.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"


typedef struct {
    const char *text;
    Sig sig;
    u32 bytes;
    bool store;
} Row;
static const Row rows[] = {
#define LOAD(name, text, opcode, sig, since, bits, extend) {text, SIG_##sig, bits / 8, false},
#define VLOAD(name, text, opcode, sig, since, bits, ...) {text, SIG_##sig, bits / 8, false},
#define STORE(name, text, opcode, sig, since, bits) {text, SIG_##sig, bits / 8, true},
#define VSTORE STORE
#include "op/op.def"
};

static const struct {
    const char *text;
    u64 bytes;
} memories[] = {
    {"1", 65536},
    {"17 (pagesize 1)", 17},
    {"0", 0},
};

// What is added to the local, one after the other, and the same as text.
typedef struct {
    const char *what;
    u64 add;
} Form;
static const Form forms[] = {
    {"", 0},
    {"T.const 8 T.add ", 8},
    {"T.const 8 T.sub ", (u64)-8},
    {"T.const 1 T.add T.const 1 T.sub ", 0},
    {"T.const 0x7fffffff T.add T.const 0x7fffffff T.add ", 0xfffffffe},
    {"T.const -0x80000000 T.add ", (u64)-0x80000000ll},
    {"T.const 0x7fffffff T.add T.const 1 T.add ", 0x80000000},
    {"local.set 0 T.const 8 local.get 0 T.add ", 8}, // the constant first
    {"T.const 8 T.add local.tee 0 ", 8},
    {"T.const 8 T.add call $same ", 8}, // the sum is on the stack
};
static const u64 offsets[] = {
    0, 1, 65535, 65536, 0xffffffff, 0x100000000, 0x8000000000000000, UINT64_MAX - 7, UINT64_MAX};

enum { TEXT = 4 << 20 };
#include "text.h"

// A function for each access. The address is local 0 and the form, or a constant when form is NULL.
typedef struct {
    const Row *row;
    const Form *form;
    u64 offset, address;
} Access;
static Access accesses[4000];
static u32 access_count;

static const char *const type_names[] = {"", "i32", "i64", "f32", "f64", "v128"};

static void add_access(bool wide, const Row *row, const Form *form, u64 offset, u64 address)
{
    const SigInfo *sig = &sig_info[row->sig];
    const char *type = wide ? "i64" : "i32",
               *value = type_names[row->store ? sig->params[1] : sig->results[0]];
    accesses[access_count] = (Access){row, form, offset, address};
    add("(func (export \"%u\") (param %s)", access_count++, type);
    if (!row->store) add(" (result %s)", value);
    if (form)
        add(" local.get 0 ");
    else
        add(" %s.const 0x%llx", type, (unsigned long long)address);
    for (const char *c = form ? form->what : ""; *c; c++)
        add("%.*s", *c == 'T' ? 3 : 1, *c == 'T' ? type : c);
    // Constants that may be part of the store, and others.
    if (row->store && value[0] == 'i' && access_count % 2)
        add(" %s.const -1", value);
    else if (row->store)
        add(" global.get $%s", value);
    add(" %s offset=0x%llx)\n", row->text, (unsigned long long)offset);
}

// Addresses with which the last byte is the last of the memory, or near it; and others.
static u32 list_addresses(bool wide, u64 size, const Row *row, u64 added, u64 *out)
{
    static const u64 others[] = {0,
                                 1,
                                 0x7fffffff,
                                 0x80000000,
                                 0xfffffff8,
                                 0xffffffff,
                                 0x100000000,
                                 0x7fffffffffffffff,
                                 0x8000000000000000,
                                 UINT64_MAX - 15,
                                 UINT64_MAX - 7,
                                 UINT64_MAX};
    u32 count = 0;
    for (u32 i = 0; i < 4; i++) out[count++] = size - row->bytes - added + i - 2;
    for (u32 i = 0; i < 3; i++) out[count++] = 0 - added + i - 1;
    for (u32 i = 0; i < COUNT_OF(others); i++) out[count++] = others[i];
    for (u32 i = 0; i < count; i++) out[i] = wide ? out[i] : (u32)out[i];
    return count;
}

static void add_row(bool wide, u64 size, const Row *row)
{
    u64 addresses[32];
    for (u32 k = 0; k < COUNT_OF(offsets); k++) {
        if (!wide && offsets[k] > UINT32_MAX) continue;
        for (u32 f = 0; f < COUNT_OF(forms); f++) add_access(wide, row, &forms[f], offsets[k], 0);
        u32 count = list_addresses(wide, size, row, offsets[k], addresses);
        for (u32 i = 0; i < count; i++) add_access(wide, row, NULL, offsets[k], addresses[i]);
    }
}

// What an address leads to: the first byte, or none that there is.
static u64 effective(bool wide, u64 size, const Access *a, u64 address)
{
    u64 base = a->form ? address + a->form->add : a->address;
    u64 first, end;
    bool beyond = __builtin_add_overflow(wide ? base : (u32)base, a->offset, &first) ||
                  __builtin_add_overflow(first, a->row->bytes, &end);
    return !beyond && end <= size ? first : UINT64_MAX;
}

static u8 fill(u64 i) { return (u8)((i * 7 + (i >> 8)) % 251); }

static bool holds(const Memory *m, u64 from, u64 bytes)
{
    for (u64 i = 0; i < m->size; i++)
        if (m->base[i] != (i - from < bytes ? 0xff : fill(i))) return false;
    return true;
}

static bool try_access(Store *s, Instance *inst, const Func *func, bool wide, const Access *a,
                       u64 address)
{
    Memory *m = inst->memories[0];
    u64 slots[2] = {wide ? address : address | 0xabcd00000000},
        at = effective(wide, m->size, a, address);
    Trap trap = engine_call(s, (Func *)func, slots, 2);
    if (trap != (at == UINT64_MAX ? TRAP_out_of_bounds_memory_access : TRAP_none)) return false;
    if (!a->row->store) return trap || (u8)slots[0] == fill(at);
    // All of the memory now and then, else what is near the place.
    bool good = trap || (m->base[at] == 0xff && m->base[at + a->row->bytes - 1] == 0xff);
    if (a->offset == 1 || m->size < 100) good &= holds(m, at, trap ? 0 : a->row->bytes);
    for (u64 i = 0; !trap && i < a->row->bytes; i++) m->base[at + i] = fill(at + i);
    return good;
}

static void try_all(Store *s, Instance *inst, bool wide)
{
    u64 addresses[32], size = inst->memories[0]->size;
    for (u64 i = 0; i < size; i++) inst->memories[0]->base[i] = fill(i);
    for (u32 i = 0; i < access_count; i++) {
        const Access *a = &accesses[i];
        const Func *func = instance_func(inst, i + 2);
        u32 count = a->form
                        ? list_addresses(wide, size, a->row, a->offset + a->form->add, addresses)
                        : 1,
            good = 0;
        for (u32 k = 0; k < count; k++) good += try_access(s, inst, func, wide, a, addresses[k]);
        if (CHECK(good == count)) continue;
        printf("    %s %s offset %llx, %s %llx: %u of %u\n", wide ? "i64" : "i32", a->row->text,
               (unsigned long long)a->offset, a->form ? a->form->what : "constant",
               (unsigned long long)a->address, good, count);
    }
}

static void try_row(Engine *engine, const Row *row, bool wide, u32 memory)
{
    const char *type = wide ? "i64" : "i32";
    Diag diag;
    Source source;
    len = access_count = 0;
    add("(module (memory %s %s)(func $same (param %s) (result %s) local.get 0)(func)", type,
        memories[memory].text, type, type);
    add("(global $i32 i32 (i32.const -1)) (global $i64 i64 (i64.const -1)) (global $f32 f32 "
        "(f32.const -nan:0x7fffff))");
    add("(global $f64 f64 (f64.const -nan:0xfffffffffffff)) (global $v128 v128 (v128.const i64x2 "
        "-1 -1))");
    add_row(wide, memories[memory].bytes, row);
    add(")");
    Store *s = engine_store(engine);
    Instance *inst = NULL;
    bool good = source_load(&source, engine, (const u8 *)text, len, &diag);
    if (good) inst = engine_instantiate(s, source.module, NULL, NULL, &diag).instance;
    if (CHECK(inst)) try_all(s, inst, wide);
    store_free(s);
    if (good) source_free(&source);
}

int main(void)
{
    Engine *engine = engine_new(features_default | FEATURE_BIT(FEATURE_custom_page_sizes));
    engine->limits.heap_bytes = 1 << 24;
    for (u32 i = 0; i < COUNT_OF(rows); i++)
        for (u32 memory = 0; memory < COUNT_OF(memories); memory++)
            for (int wide = 0; wide < 2; wide++)
                if (check_due(i + memory))
                    try_row(engine, &rows[i], wide, memory);
    engine_free(engine);
    return check_report();
}
