// pieces_test.c -- a bulk operation that is stopped between any two of its pieces, and goes on each
// time, has done in the end what it does at once; in either tier (hazard R24).

#include "check.h"
#include "engine/source.h"
#include "run/frame.h"

enum { PAGES = 64, BYTES = PAGES << 16, ENTRIES = 800000, DATA = 2200000, ITEMS = 60000 };

static Engine *engine;
static char text[DATA + 2 * ITEMS + 3000];
static size_t text_size;
static Source source;
static Store *store;
static Instance *instance;
static Ref refs[5]; // of its functions

static const char head[] =
    "(module (memory $m 64) (memory $n 64) (table $t 800000 funcref) (table $u 800000 funcref)"
    "  (func (export \"0\")) (func (export \"1\")) (func (export \"2\"))"
    "  (func (export \"3\")) (func (export \"4\"))"
    "  (func (export \"fill\") (param i32 i32)"
    "    (memory.fill $m (local.get 0) (i32.const 120) (local.get 1)))"
    "  (func (export \"copy\") (param i32 i32 i32)"
    "    (memory.copy $m $m (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"copy-over\") (param i32 i32 i32)"
    "    (memory.copy $n $m (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"init\") (param i32 i32 i32)"
    "    (memory.init $n $data (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"table-fill\") (param i32 i32)"
    "    (table.fill $t (local.get 0) (ref.func 1) (local.get 1)))"
    "  (func (export \"table-copy\") (param i32 i32 i32)"
    "    (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"table-copy-over\") (param i32 i32 i32)"
    "    (table.copy $u $t (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"table-init\") (param i32 i32 i32)"
    "    (table.init $u $items (local.get 0) (local.get 1) (local.get 2)))"
    "  (data $data \"";

// Neighbours differ, and no piece is a multiple of the period.
static char byte_at(u64 i) { return (char)('a' + i % 23); }

static void append(const char *what)
{
    memcpy(text + text_size, what, strlen(what));
    text_size += strlen(what);
}

static void make_text(void)
{
    append(head);
    for (u64 i = 0; i < DATA; i++) text[text_size++] = byte_at(i);
    append("\") (elem $items func");
    for (u64 i = 0; i < ITEMS; i++) append((const char *[]){" 0", " 1", " 2", " 3", " 4"}[i % 5]);
    append("))");
}

// Where the range begins that is written, where the one that is read, how much, and in how many
// pieces at least.
static const struct {
    const char *name;
    u64 to, from, count;
    u32 pieces;
    bool fills, table, over, init;
} all[] = {
    {"fill", 5, 0, 3000000, 3, .fills = true},
    {"copy", 3, 1000000, 3000000, 3, .over = false},
    {"copy", 1000000, 3, 3000000, 3, .over = false},
    {"copy", 1, 2, BYTES - 2, 4, .over = false},
    {"copy-over", 9, 1, 3000000, 3, .over = true},
    {"copy-over", 1, 9, 3000000, 3, .over = true},
    {"init", 77, 1, DATA - 1, 3, .over = true, .init = true},
    {"table-fill", 5, 0, 700000, 3, .fills = true, .table = true},
    {"table-copy", 3, 90000, 700000, 3, .table = true},
    {"table-copy", 90000, 3, 700000, 3, .table = true},
    {"table-copy-over", 9, 1, 700000, 3, .table = true, .over = true},
    {"table-init", 77, 1, ITEMS - 1, 3, .table = true, .over = true, .init = true},
};

// What is at each place of both memories, or both tables.
static void number(bool tables)
{
    for (u32 i = 0; i < 2; i++) {
        Memory *m = instance->memories[i];
        Table *t = instance->tables[i];
        for (u64 at = 0; !tables && at < m->size; at++) m->base[at] = (u8)(at % 251 + i);
        for (u64 at = 0; tables && at < t->size; at++) t->elems[at] = refs[at % 3 + i];
    }
}

static u64 expected(u32 which, u64 at)
{
    bool table = all[which].table, inside = at - all[which].to < all[which].count;
    u64 from = inside ? all[which].from + at - all[which].to : at;
    u32 where = inside ? 0 : all[which].over;
    if (inside && all[which].fills) return table ? refs[1] : 'x';
    if (inside && all[which].init) return table ? refs[from % 5] : (u8)byte_at(from);
    return table ? refs[from % 3 + where] : (u8)(from % 251 + where);
}

static u64 wrong_places(u32 which)
{
    const Memory *m = instance->memories[all[which].over];
    const Table *t = instance->tables[all[which].over];
    u64 wrong = 0, size = all[which].table ? t->size : m->size;
    for (u64 at = 0; at < size; at++)
        wrong += expected(which, at) != (all[which].table ? t->elems[at] : m->base[at]);
    return wrong;
}

static Func *export(const char *name)
{
    Extern f = {0};
    CHECK(instance_export(instance, bytes_of(name), &f));
    return f.func;
}

static void stopped(u32 which)
{
    const char *name = all[which].name;
    u64 slots[3] = {all[which].to, all[which].from, all[which].count};
    if (all[which].fills) slots[1] = slots[2];
    number(all[which].table);
    u32 stops = 0;
    exec_pause(&store->exec); // it holds: a step at a time
    Trap trap = engine_call(store, export(name), slots, 3);
    while (trap == TRAP_paused && stops++ < 100) trap = engine_continue(store, slots, 3);
    exec_go_on(&store->exec);
    CHECK_EQ_U64(trap, TRAP_none);
    CHECK(stops >= all[which].pieces);
    if (!CHECK_EQ_U64(wrong_places(which), 0)) printf("    of %s, line %u\n", name, which);
}

static void in_tier(Tier tier)
{
    Diag diag;
    engine = engine_new(features_default);
    engine->tier = tier;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, text_size, &diag))) {
        char why[300];
        puts(diag_text(&diag, why, sizeof why));
        exit(check_report());
    }
    store = engine_store(engine);
    instance = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
    if (!CHECK(instance != NULL)) exit(check_report());
    for (u32 i = 0; i < COUNT_OF(refs); i++)
        refs[i] = ref_of_func(store, export((char[]){(char)('0' + i), 0}));
    for (u32 i = 0; i < COUNT_OF(all); i++) stopped(i);
    store_free(store);
    source_free(&source);
    engine_free(engine);
}

int main(void)
{
    make_text();
    in_tier(TIER_interp);
    in_tier(TIER_baseline);
    return check_report();
}
