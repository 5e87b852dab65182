// limits_test.c -- what a store may have in all, and what bulk operations leave behind when they
// are stopped half way: whole pieces done from the end they start at, nothing of the rest, and
// growing not at all (hazard R24). And nothing is larger than the machine's addresses reach (R81).
// Hazards: R09.

#include "check.h"
#include "engine/source.h"
#include "plat/pages.h"
#include "run/exec.h"

#include <stdlib.h>
#include <sys/resource.h>

enum { PAGE = 1 << 16, MEMORY_PIECE = 1 << 17, TABLE_PIECE = 1 << 15 };
// Fuel for a piece.
enum {
    MEMORY_UNITS = MEMORY_PIECE / 64 * PRICE_bytes,
    TABLE_UNITS = TABLE_PIECE / 16 * PRICE_bytes,
};

static Engine *engine;

static Store *store(u64 memory_bytes, u64 table_entries, MemoryMode mode)
{
    engine->limits = store_limits_default;
    engine->limits.memory_bytes = memory_bytes;
    engine->limits.table_entries = table_entries;
    engine->limits.memory_mode = mode;
    engine->limits.memory_room = 0;
    return engine_store(engine);
}

static Memory *memory(Store *s, u64 pages)
{
    return memory_new(s, &(MemType){{.min = pages, .page_log2 = 16}});
}

static Table *table(Store *s, u64 entries, Ref init)
{
    return table_new(s, &(TableType){type_ref(true, HEAP_func), {.min = entries}}, init);
}

// All memories of a store have one limit, whether they were large from the start or grew.
static void memories_together(MemoryMode mode)
{
    Store *s = store(10 * PAGE, 10, mode);
    Memory *a = memory(s, 3), *b = memory(s, 4);
    CHECK(a && b && !memory(s, 4));
    CHECK_EQ_U64(memory_grow(a, 4), -1);
    CHECK_EQ_U64(memory_grow(a, 2), 3);
    CHECK_EQ_U64(memory_grow(b, 1), 4);
    CHECK_EQ_U64(memory_grow(b, 1), -1);
    CHECK_EQ_U64(memory_grow(a, 1), -1);
    CHECK_EQ_U64(memory_grow(a, 0), 5);
    CHECK_EQ_U64(memory_grow(a, UINT64_MAX), -1);
    CHECK(memory(s, 0) && !memory(s, 1));
    CHECK_EQ_U64(account_left(&s->accounts[STORE_memory_bytes]), 0);
    store_free(s);
}

// Whichever is given back, there is room for as much as it had, and the others stay.
static void given_back(void)
{
    enum { COUNT = 4 }; // tables of a store may have four times what one may
    for (u32 first = 0; first < COUNT; first++) {
        Store *s = store(COUNT * PAGE, 1, MEMORY_movable);
        Memory *memories[COUNT];
        Table *tables[COUNT];
        for (u32 i = 0; i < COUNT; i++) {
            memories[i] = memory(s, 1);
            tables[i] = table(s, 1, REF_NULL);
            if (!CHECK(memories[i] && tables[i])) return;
            memories[i]->base[0] = (u8)(i + 1);
        }
        CHECK(!memory(s, 1) && !table(s, 1, REF_NULL));
        for (u32 i = 0; i < 2; i++) {
            memory_drop(s, memories[(first + i) % COUNT]);
            table_drop(s, tables[(first + i) % COUNT]);
        }
        CHECK_EQ_U64(account_left(&s->accounts[STORE_memory_bytes]), 2 * PAGE);
        CHECK_EQ_U64(account_left(&s->accounts[STORE_table_total]), 2);
        CHECK(memory(s, 2) && !memory(s, 1));
        CHECK(table(s, 1, REF_NULL) && table(s, 1, REF_NULL) && !table(s, 1, REF_NULL));
        for (u32 i = 2; i < COUNT; i++) {
            CHECK_EQ_U64(memories[(first + i) % COUNT]->base[0], (first + i) % COUNT + 1);
            CHECK_EQ_U64(memory_grow(memories[(first + i) % COUNT], 1), -1);
        }
        store_free(s);
    }
}

static void tables_together(void)
{
    Store *s = store(PAGE, 10, MEMORY_movable);
    Table *a = table(s, 10, REF_NULL), *b = table(s, 10, REF_NULL), *c = table(s, 10, REF_NULL),
          *d = table(s, 9, REF_NULL);
    CHECK(a && b && c && d);
    CHECK_EQ_U64(table_grow(d, 2, REF_NULL), -1);
    CHECK_EQ_U64(table_grow(d, 1, REF_NULL), 9);
    CHECK(table(s, 0, REF_NULL) && !table(s, 1, REF_NULL));
    store_free(s);
}

// How many bytes from `from` have this value.
static u64 run_of(const Memory *m, u64 from, u8 value)
{
    u64 n = 0;
    while (from + n < m->size && m->base[from + n] == value) n++;
    return n;
}

static void number(Memory *m) // so that a byte tells where it came from
{
    for (u64 i = 0; i < m->size; i++) m->base[i] = (u8)(i * 31 + (i >> 8) * 7 + (i >> 16));
}

static bool numbered(const Memory *m, u64 at, u64 from, u64 n)
{
    for (u64 i = 0; i < n; i++, at++, from++)
        if (m->base[at] != (u8)(from * 31 + (from >> 8) * 7 + (from >> 16))) return false;
    return true;
}

static void memory_pieces(void)
{
    Store *s = store(1 << 30, 10, MEMORY_fixed);
    Exec *x = &s->exec;
    Memory *m = memory(s, 20); // ten pieces
    const u64 start = 100, n = 9 * (u64)MEMORY_PIECE;
    for (u64 pieces = 0; pieces < 9; pieces += 4) {
        u64 left = MEMORY_UNITS / 2, done = pieces * MEMORY_PIECE;
        memset(m->base, 1, m->size);
        exec_grant_fuel(x, pieces * MEMORY_UNITS + left);
        CHECK_EQ_U64(memory_fill(x, m, 2, &(Bulk){start, 0, n}), TRAP_out_of_fuel);
        CHECK_EQ_U64(x->fuel, left);
        CHECK_EQ_U64(run_of(m, 0, 1), done ? start : m->size);
        CHECK_EQ_U64(run_of(m, start, 2), done);
        CHECK_EQ_U64(run_of(m, start + done, 1), m->size - start - done);
        // Who grants more and does the rest has the whole.
        exec_grant_fuel(x, 9 * MEMORY_UNITS);
        CHECK_EQ_U64(memory_fill(x, m, 2, &(Bulk){start + done, 0, n - done}), TRAP_none);
        CHECK_EQ_U64(run_of(m, start, 2), n);

        number(m); // downwards: from the start
        exec_grant_fuel(x, pieces * MEMORY_UNITS + left);
        CHECK_EQ_U64(memory_copy(x, m, m, &(Bulk){0, start, n}), TRAP_out_of_fuel);
        CHECK(numbered(m, 0, start, done) && numbered(m, done, done, m->size - done));
        exec_grant_fuel(x, 9 * MEMORY_UNITS);
        CHECK_EQ_U64(memory_copy(x, m, m, &(Bulk){done, start + done, n - done}), TRAP_none);
        CHECK(numbered(m, 0, start, n) && numbered(m, n, n, m->size - n));

        number(m); // upwards over itself: from the end
        exec_grant_fuel(x, pieces * MEMORY_UNITS + left);
        CHECK_EQ_U64(memory_copy(x, m, m, &(Bulk){start, 0, n}), TRAP_out_of_fuel);
        CHECK(numbered(m, 0, 0, start + n - done) && numbered(m, start + n - done, n - done, done));
        exec_grant_fuel(x, 9 * MEMORY_UNITS);
        CHECK_EQ_U64(memory_copy(x, m, m, &(Bulk){start, 0, n - done}), TRAP_none);
        CHECK(numbered(m, 0, 0, start) && numbered(m, start, 0, n));
    }
    store_free(s);
}

static u64 refs(const Table *t, u64 from, Ref ref)
{
    u64 n = 0;
    while (from + n < t->size && t->elems[from + n] == ref) n++;
    return n;
}

static void table_pieces(void)
{
    Store *s = store(1 << 20, 10 * TABLE_PIECE, MEMORY_movable);
    Exec *x = &s->exec;
    Table *t = table(s, 4 * TABLE_PIECE, REF_NULL);
    exec_grant_fuel(x, 2 * TABLE_UNITS + 1);
    CHECK_EQ_U64(table_fill(x, t, 64, &(Bulk){5, 0, 3 * TABLE_PIECE}), TRAP_out_of_fuel);
    CHECK_EQ_U64(refs(t, 0, REF_NULL), 5);
    CHECK_EQ_U64(refs(t, 5, 64), 2 * TABLE_PIECE);
    CHECK_EQ_U64(refs(t, 5 + 2 * TABLE_PIECE, REF_NULL), t->size - 5 - 2 * TABLE_PIECE);
    exec_grant_fuel(x, TABLE_UNITS + 1);
    CHECK_EQ_U64(table_copy(x, t, t, &(Bulk){2 * TABLE_PIECE, 5, 2 * TABLE_PIECE}), TRAP_out_of_fuel);
    CHECK_EQ_U64(refs(t, 5, 64), 2 * TABLE_PIECE); // from the end, so its last piece is there and nothing else
    CHECK_EQ_U64(refs(t, 3 * TABLE_PIECE, 64), TABLE_PIECE);
    CHECK_EQ_U64(refs(t, 5 + 2 * TABLE_PIECE, REF_NULL), TABLE_PIECE - 5);
    store_free(s);
}

// Growing is all or nothing, for the table, for its store's total and for what is read from it.
static void grow_stopped(void)
{
    Store *s = store(64 * PAGE, 10 * TABLE_PIECE, MEMORY_fixed);
    Exec *x = &s->exec;
    Table *t = table(s, 3, 64);
    Memory *m = memory(s, 2);
    Account before[STORE_LIMIT_COUNT];
    memcpy(before, s->accounts, sizeof before);
    s64 old = 0;
    exec_grant_fuel(x, 2 * TABLE_UNITS);
    CHECK_EQ_U64(exec_table_grow(x, t, 4 * TABLE_PIECE, 64, &old), TRAP_out_of_fuel);
    exec_grant_fuel(x, 2047 * PRICE_growth);
    CHECK_EQ_U64(exec_memory_grow(x, m, 2, &old), TRAP_out_of_fuel);
    exec_stop(x, TRAP_interrupted);
    CHECK_EQ_U64(exec_table_grow(x, t, 1, 64, &old), TRAP_interrupted);
    CHECK_EQ_U64(exec_memory_grow(x, m, 1, &old), TRAP_interrupted);
    CHECK_EQ_U64(memory_fill(x, m, 1, &(Bulk){0, 0, 1}), TRAP_interrupted);
    CHECK_EQ_U64(run_of(m, 0, 0), m->size);
    CHECK(t->size == 3 && m->pages == 2 && m->size == 2 * PAGE);
    CHECK(!memcmp(before, s->accounts, sizeof before));
    exec_go_on(x);
    // What was filled in vain is null again where null is asked for.
    const u64 entries = 4 * TABLE_UNITS * EXEC_BYTES_ENTRY / sizeof(Ref);
    exec_grant_fuel(x, entries + 1024 * PRICE_growth);
    CHECK_EQ_U64(exec_table_grow(x, t, 4 * TABLE_PIECE, REF_NULL, &old), TRAP_none);
    CHECK_EQ_U64(old, 3);
    CHECK_EQ_U64(refs(t, 3, REF_NULL), 4 * TABLE_PIECE);
    CHECK_EQ_U64(exec_memory_grow(x, m, 1, &old), TRAP_none);
    CHECK_EQ_U64(old, 2);
    CHECK_EQ_U64(x->fuel, 0);
    // What cannot be is no work.
    CHECK_EQ_U64(exec_memory_grow(x, m, 62, &old), TRAP_none);
    CHECK_EQ_U64(old, -1);
    CHECK_EQ_U64(exec_table_grow(x, t, UINT64_MAX, 64, &old), TRAP_none);
    CHECK_EQ_U64(old, -1);
    store_free(s);
}

static void size_of_items(void)
{
    size_t bytes = 1;
    CHECK(size_fits(0, 8, &bytes) && bytes == 0);
    CHECK(size_fits(7, 8, &bytes) && bytes == 56);
    CHECK(size_fits(SIZE_MOST, 1, &bytes) && bytes == SIZE_MOST);
    CHECK(size_fits(SIZE_MOST / 8, 8, &bytes) && bytes == SIZE_MOST - 7);
    CHECK(!size_fits((u64)SIZE_MOST + 1, 1, &bytes) && !size_fits(SIZE_MOST / 8 + 1, 8, &bytes));
    CHECK(SIZE_MAX == UINT64_MAX || !size_fits((u64)SIZE_MAX + 8, 8, &bytes));
    CHECK(!size_fits(UINT64_MAX, 1, &bytes) && !size_fits(UINT64_MAX / 2 + 9, 2, &bytes));
    CHECK_EQ_U64(bytes, SIZE_MOST - 7);
}

// Cut to 32 bits this is one page, and who had checked against all of it would reach anything.
static const u64 far = ((u64)1 << 32) + PAGE;

static void addresses(void)
{
    bool narrow = far > SIZE_MAX;
    void *p = pages_reserve(far), *q = pages_map(PAGE);
    CHECK(!p == narrow);
    pages_free(p, far);
    p = pages_map(far);
    CHECK(!p == narrow);
    pages_free(p, far);
    CHECK(q && pages_commit(q, PAGE) && (!narrow || !pages_commit(q, far)));
    CHECK(pages_resize(&q, PAGE, far) == !narrow);
    pages_free(q, narrow ? PAGE : far);
}

// Of what is expected nothing changes, and what cannot be had is no harm.
static void expected_pages(void)
{
    size_t page = pages_size(), size = 40 * page;
    u8 *p = pages_map(size), *none = pages_reserve(size);
    if (!CHECK(p && none)) return;
    p[3 * page + 5] = 7;
    pages_expect(p + 100, size - 200);
    pages_expect(p, size);
    for (size_t i = 0; i < size; i += page) CHECK_EQ_U64(p[i], 0);
    CHECK_EQ_U64(p[3 * page + 5], 7);
    pages_expect(none, size);
    pages_expect(p, 0);
    pages_expect(p, UINT64_MAX);
    CHECK(pages_commit(none, page));
    pages_free(none, size);
    pages_free(p, size);
}

static void beyond_addresses(u64 reserve)
{
    bool narrow = far > SIZE_MAX;
    MemType large = {{.min = far / PAGE, .page_log2 = 16, .is64 = true}}, small = large,
            most = {{.min = (u64)SIZE_MOST + 1, .is64 = true}};
    small.limits.min = 1;
    Store *s = store(UINT64_MAX, UINT64_MAX, reserve);
    CHECK(!memory_new(s, &large) == narrow && !memory_new(s, &most));
    Memory *m = memory_new(s, &small);
    CHECK_EQ_U64(memory_grow(m, far / PAGE - 1), narrow ? -1 : 1);
    CHECK_EQ_U64(memory_grow(m, UINT64_MAX), -1);
    CHECK_EQ_U64(m->size, narrow ? PAGE : far);
    m->base[m->size - 1] = 1;
    CHECK(!table(s, (u64)SIZE_MAX / sizeof(Ref) + 2, REF_NULL) && !table(s, UINT64_MAX, REF_NULL));
    Table *t = table(s, 1, REF_NULL);
    CHECK_EQ_U64(table_grow(t, (u64)SIZE_MAX / sizeof(Ref) + 1, REF_NULL), -1);
    CHECK(t->size == 1 && t->cap < 1000);
    store_free(s);
    engine->limits.stack_bytes = far;
    s = engine_store(engine);
    CHECK(!s == narrow);
    store_free(s);
}

// More than a size of the machine can say is not said to be more than a limit that nobody set.
static void said_beyond_addresses(void)
{
    static const struct { const char *text, *detail; u64 limit; } rows[] = {
        {"(module (memory i64 0x1000000000000))",
         "memory 0 starts with 281474976710656 pages, the limit is %zu bytes, since this machine's "
         "addresses reach no further", UINT64_MAX},
        {"(module (memory i64 3))",
         "memory 0 starts with 3 pages, the limit is 131072 bytes", 2 * PAGE},
    };
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        Store *s = store(rows[i].limit, 1, MEMORY_movable);
        Source source;
        Diag diag;
        char detail[200];
        snprintf(detail, sizeof detail, rows[i].detail, (size_t)SIZE_MOST);
        const u8 *text = (const u8 *)rows[i].text;
        if (!CHECK(source_load(&source, engine, text, strlen(rows[i].text), &diag))) return;
        CHECK(!engine_instantiate(s, source.module, NULL, NULL, &diag).instance);
        CHECK_EQ_U64(diag.err, ERR_limit_memory_size);
        CHECK_STR(diag.detail, detail);
        store_free(s);
        source_free(&source);
    }
}

// Where a process may not write as much as a function space takes, a store has one of the same
// size, and is given what it uses. (vm.overcommit_memory = 2 is such a place too.)
static void functions_without_room(void)
{
    enum { ROOM = 16 << 20, SPACE = 32 << 20 };
    struct rlimit before, less;
    u64 kib = 0;
    char line[200];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmData: %" SCNu64, &kib)) break;
    if (status) fclose(status);
    if (!kib || getrlimit(RLIMIT_DATA, &before)) return;
    spare_drop();
    less = (struct rlimit){kib * 1024 + ROOM, before.rlim_max};
    if (!CHECK(setrlimit(RLIMIT_DATA, &less) == 0)) return;
    void *p = pages_map(SPACE);
    pages_free(p, SPACE);
    Store *s = p ? NULL : store(PAGE, 10, MEMORY_movable); // an emulator may not know limits
    if (s) {
        u32 first = func_reserve(s, 100000);
        CHECK(s->func_mask == (1 << 20) - 1);
        if (CHECK(first == 1)) s->funcs[100000] = (Func){.index = 7};
        CHECK_EQ_U64(s->funcs[s->func_mask].index, 0); // readable to its end
        CHECK_EQ_U64(func_reserve(s, 900000), 0);
        CHECK_EQ_U64(func_reserve(s, 5), 100001); // nothing was lost
    }
    store_free(s);
    setrlimit(RLIMIT_DATA, &before);
}

int main(void)
{
    engine = engine_new(features_default);
    memories_together(MEMORY_fixed);
    memories_together(MEMORY_movable);
    memories_together(MEMORY_guarded);
    tables_together();
    given_back();
    memory_pieces();
    table_pieces();
    grow_stopped();
    functions_without_room();
    size_of_items();
    addresses();
    expected_pages();
    beyond_addresses(0);
    beyond_addresses(4 * PAGE);
    said_beyond_addresses();
    engine_free(engine);
    return check_report();
}
