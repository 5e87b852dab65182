// account_test.c -- what is counted: each limit is met by its name, and whatever is refused, by a
// limit or because it cannot be linked, leaves the accounts as they were and no memory behind
// (hazard R84).

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"

#include <malloc.h>

static Engine *engine;

static const char *const store_names[STORE_LIMIT_COUNT] = {
#define STORE_LIMIT(name, error) #name,
#include "op/limit.def"
};

static bool load(Source *s, const char *text)
{
    Diag diag;
    return CHECK(source_load(s, engine, (const u8 *)text, strlen(text), &diag));
}

static Trap nothing(HostCall *call) { return TRAP_none; }

// "host" "f" is a function; nothing else is there.
static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    Func *func = env;
    if (!func || import->kind != EXTERN_func || import->name.len != 1) return false;
    *out = (Extern){.kind = EXTERN_func, .func = func};
    return true;
}

static Func *host_func(Store *s)
{
    const TypeDef type = {.kind = COMP_func,
                          .final = true,
                          .super = TYPE_NONE,
                          .describes = TYPE_NONE,
                          .descriptor = TYPE_NONE};
    return func_new_host_of(s, &type, nothing, NULL);
}

static void same_accounts(const Store *s, const Account *before)
{
    for (u32 i = 0; i < STORE_LIMIT_COUNT; i++)
        if (!CHECK_EQ_U64(account_used(&s->accounts[i]), account_used(&before[i])))
            printf("of %s\n", store_names[i]);
}

typedef struct {
    const char *text;
    Err err; // of who is refused; ERR_none: it ends in a trap, before anybody could see anything
    StoreLimit met; // or STORE_LIMIT_COUNT
    u64 limit;
    const char *detail;
} Refusal;

#define EIGHT(x) x x x x x x x x
static const Refusal refusals[] = {
    {"(module (import \"host\" \"none\" (func)) (func) (memory 9) (table 9 funcref))",
     ERR_unknown_import, STORE_LIMIT_COUNT, 0, "function \"host\" \"none\""},
    {"(module (import \"host\" \"f\" (func (param i32))) (func) (memory 9))",
     ERR_incompatible_import, STORE_LIMIT_COUNT, 0,
     "function \"host\" \"f\": (func (param i32)) is wanted, (func) is given"},
    {"(module (func $f) (memory 9) (memory 3) (table 9 funcref) (elem func $f))",
     ERR_limit_memory_size, STORE_memory_bytes, 11 << 16,
     "memory 1 starts with 3 pages, 131072 of 720896 bytes are left for all memories together"},
    {"(module (func $f) (memory 9) (table 9 funcref) (table 2 funcref) (elem func $f))",
     ERR_limit_table_size, STORE_table_total, 10,
     "table 1 starts with 2 entries, 1 are left for all tables together"},
    {"(module (memory 1) (func) (func) (func))", ERR_limit_store_functions, STORE_functions, 3,
     "the limit is 3"},
    {"(module (memory 1) (func))", ERR_limit_instances, STORE_instances, 1, "the limit is 1"},
    {"(module (memory 1) " EIGHT(EIGHT(EIGHT("(global i32 (i32.const 1)) "))) ")",
     ERR_limit_instance_bytes,
     STORE_instance_bytes, 5000, "the limit is 5000"},
    {"(module (func) (func) (memory 1) (table 1 funcref) (table 1 funcref) (table 1 "
     "funcref) " EIGHT(EIGHT("(table 1 funcref) ")) ")",
     ERR_limit_instance_bytes, STORE_instance_bytes, 7000, "the limit is 7000"},
};

static void refused(const Refusal *r, u32 times)
{
    StoreLimits limits = store_limits_default;
    if (r->met < STORE_LIMIT_COUNT) limits.counted[r->met] = r->limit;
    Store *s = engine_store_within(engine, &limits);
    Func *f = host_func(s);
    Source source, first;
    Diag diag;
    if (!CHECK(f != NULL) || !load(&source, r->text) || !load(&first, "(module (func))")) return;
    if (r->met == STORE_instances)
        CHECK(engine_instantiate(s, first.module, resolve, f, &diag).instance != NULL);
    Account before[STORE_LIMIT_COUNT];
    memcpy(before, s->accounts, sizeof before);
    size_t taken = 0;
    for (u32 i = 0; i < times; i++) {
        Instantiated made = engine_instantiate(s, source.module, resolve, f, &diag);
        if (!CHECK(!made.instance && !made.trap) || !CHECK_EQ_U64(diag.err, r->err) ||
            !CHECK_STR(diag.detail, r->detail)) {
            printf("%s\n", r->text);
            break;
        }
        if (i == 10) taken = mallinfo2().uordblks;
    }
    same_accounts(s, before);
    CHECK(mallinfo2().uordblks < taken + times * 4 + 4096);
    // And what was refused is had as soon as there is room.
    if (r->met < STORE_LIMIT_COUNT) {
        s->accounts[r->met].limit = 1 << 20;
        CHECK(engine_instantiate(s, source.module, resolve, f, &diag).instance != NULL);
    }
    store_free(s);
    source_free(&source);
    source_free(&first);
}

// A trap of a segment or of the start function leaves an instance that others may have seen:
// counted.
static void trapped(void)
{
    static const char *const rows[] = {
        "(module (memory 1) (data (i32.const 65536) \"x\"))",
        "(module (table 1 funcref) (func $f) (elem (i32.const 1) $f))",
        "(module (memory 2) (func unreachable) (start 0))",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Store *s = engine_store(engine);
        Source source;
        Diag diag;
        if (!load(&source, rows[i])) return;
        Instantiated made = engine_instantiate(s, source.module, resolve, NULL, &diag);
        CHECK(made.trap && made.instance);
        CHECK_EQ_U64(account_used(&s->accounts[STORE_instances]), 1);
        store_free(s);
        source_free(&source);
    }
}

// Objects that the guest keeps: the trap names the limit, and nothing more is taken however often
// it is tried again.
static void objects(void)
{
    StoreLimits limits = store_limits_default;
    limits.heap_bytes = 256 << 10;
    Store *s = engine_store_within(engine, &limits);
    Source source;
    Diag diag;
    if (!load(&source, "(module (tag $t (param i64)) (table $kept 0 exnref) (func (export \"f\") "
                       "(local $e exnref) (loop $l"
                       " (block $h (result i64 exnref) (try_table (catch_ref $t $h) (throw $t "
                       "(i64.const 1))) (unreachable))"
                       " (local.set $e) (drop) (drop (table.grow $kept (local.get $e) (i32.const "
                       "1))) (br $l))))"))
        return;
    Instantiated made = engine_instantiate(s, source.module, resolve, NULL, &diag);
    Extern e;
    if (!CHECK(made.instance && instance_export(made.instance, (Bytes){(const u8 *)"f", 1}, &e)))
        return;
    for (u32 i = 0; i < 100; i++) {
        CHECK_EQ_U64(engine_call(s, e.func, NULL, 0), TRAP_out_of_memory);
        CHECK_STR(s->exec.trap_detail, "heap_bytes of the store are used up: the limit is 262144");
    }
    CHECK(account_used(&s->accounts[STORE_heap_bytes]) <= limits.heap_bytes);
    store_free(s);
    source_free(&source);
}

// What the host makes is counted too, and a shared account is exact.
static void host_items(void)
{
    StoreLimits limits = store_limits_default;
    limits.functions = 2;
    limits.instance_bytes = 9000;
    Store *s = engine_store_within(engine, &limits);
    CHECK(host_func(s) && host_func(s));
    size_t before = account_used(&s->accounts[STORE_instance_bytes]);
    Diag diag;
    for (u32 i = 0; i < 1000; i++) {
        diag_init(&diag);
        CHECK(!host_func(s) && !store_short(s, &diag, "for a function"));
        CHECK_EQ_U64(diag.err, ERR_limit_store_functions);
    }
    CHECK_EQ_U64(account_used(&s->accounts[STORE_instance_bytes]), before);
    u32 made = 0;
    while (made < 10000 && global_new(s, (GlobalType){TYPE_i32, true})) made++;
    CHECK(made > 50 && made < 300);
    diag_init(&diag);
    store_short(s, &diag, "");
    CHECK_EQ_U64(diag.err, ERR_limit_instance_bytes);
    store_free(s);
}

static void accounts(void)
{
    Account a = {.limit = 10};
    CHECK(account_take(&a, 4) && !account_take(&a, 7) && !account_take(&a, UINT64_MAX) &&
          account_take(&a, 6));
    CHECK(!account_take(&a, 1) && account_take(&a, 0) && !account_take_shared(&a, 1) &&
          account_take_shared(&a, 0));
    account_give(&a, 3);
    CHECK(account_used(&a) == 7 && account_left(&a) == 3 && account_take_shared(&a, 3) &&
          !account_take_shared(&a, UINT64_MAX));
    account_give_shared(&a, 10);
    CHECK(account_used(&a) == 0);
    account_take(&a, 5);
    a.limit = 3; // less than what is used
    CHECK(account_left(&a) == 0 && !account_take(&a, 1) && !account_take_shared(&a, 1));
}

// With more and more room, until it is enough. How often there was not.
static u32 times_refused(const u8 *bytes, size_t len)
{
    Account *all = &engine->accounts[ENGINE_module_bytes];
    size_t usual = all->limit, step = 4000;
    u32 refused = 0;
    Source s;
    Diag diag;
    for (bool good = false; !good && refused < 10000;) {
        all->limit = refused * step;
        good = source_load(&s, engine, bytes, len, &diag);
        if (!good) CHECK(diag.err == ERR_limit_module_bytes && ++refused);
        source_free(&s);
        CHECK_EQ_U64(account_used(all), 0);
    }
    all->limit = usual;
    return refused;
}

// Of which arena it is that has no more room depends on what there is much of, and whether that is
// text or not.
static void many(const char *field)
{
    enum { COUNT = 3000 };
    size_t len = strlen(field);
    char *text = malloc(COUNT * len + 20);
    Source s;
    strcpy(text, "(module ");
    for (u32 i = 0; i < COUNT; i++) memcpy(text + 8 + i * len, field, len + 1);
    strcpy(text + 8 + COUNT * len, ")");
    u32 refused = times_refused((const u8 *)text, strlen(text));
    CHECK(refused > 10 && refused < 10000);
    if (load(&s, text)) {
        size_t size = s.module->size;
        u8 *bytes = malloc(size);
        memcpy(bytes, s.module->bytes, size);
        source_free(&s);
        u32 binary = times_refused(bytes, size);
        CHECK(binary > 1 && binary < refused);
        free(bytes);
    }
    free(text);
}

// What modules take, and what their functions are translated to: the limit is met by its name, what
// was refused has taken nothing, and what is allowed again works.
static const char plain[] = "(module (func (export \"f\") (param i32) (result i32)"
                            " (i32.add (local.get 0) (i32.const 1))))";

static void modules(void)
{
    const Account *bytes = &engine->accounts[ENGINE_module_bytes];
    size_t before = account_used(bytes), most = 0;
    Source s;
    Diag diag;
    CHECK_EQ_U64(before, 0);
    if (load(&s, plain)) most = account_used(bytes);
    CHECK(most > sizeof plain && most < 100000);
    source_free(&s);
    CHECK_EQ_U64(account_used(bytes), 0);
    size_t usual = bytes->limit, refused_at = 0;
    for (size_t limit = 0; limit < 200000; limit += 1000) {
        engine->accounts[ENGINE_module_bytes].limit = limit;
        if (source_load(&s, engine, (const u8 *)plain, sizeof plain - 1, &diag)) refused_at = 0;
        else CHECK(diag.err == ERR_limit_module_bytes && ++refused_at);
        source_free(&s);
        CHECK_EQ_U64(account_used(bytes), 0);
    }
    CHECK_EQ_U64(refused_at, 0);
    engine->accounts[ENGINE_module_bytes].limit = usual;
    many("(func)");
    many("(global f64 (f64.const 1e300))");
    many("(global v128 (v128.const i64x2 1 2))"); // constants take more than what is decoded
    many("(table 1 funcref (ref.null func))");
    static const char bad[] =
        "(module (type (func (param i64))) (func (result i32) (i64.const 1)))";
    for (u32 i = 0; i < 1000; i++) {
        CHECK(!source_load(&s, engine, (const u8 *)bad, sizeof bad - 1, &diag));
        source_free(&s);
        CHECK_EQ_U64(account_used(bytes), 0);
    }
}

// Equal types count once, and as long as somebody has them.
static void types(void)
{
    Account *all = &engine->accounts[ENGINE_types];
    size_t usual = all->limit, none = account_used(all);
    Source a, b;
    Diag diag;
    static const char few[] =
        "(module (type (func)) (rec (type (struct)) (type (func (param i64)))))";
    static const char more[] =
        "(module (type (func)) (rec (type (struct)) (type (func (param i64)))) (type (array i8)))";
    all->limit = none + 3;
    if (!CHECK(source_load(&a, engine, (const u8 *)few, sizeof few - 1, &diag))) return;
    CHECK_EQ_U64(account_used(all), none + 3);
    for (u32 i = 0; i < 1000; i++) {
        CHECK(!source_load(&b, engine, (const u8 *)more, sizeof more - 1, &diag));
        CHECK_EQ_U64(diag.err, ERR_limit_type_total);
        source_free(&b);
        CHECK_EQ_U64(account_used(all), none + 3);
    }
    if (CHECK(source_load(&b, engine, (const u8 *)few, sizeof few - 1, &diag))) source_free(&b);
    all->limit = none + 4;
    if (CHECK(source_load(&b, engine, (const u8 *)more, sizeof more - 1, &diag))) source_free(&b);
    source_free(&a);
    CHECK_EQ_U64(account_used(all), none);
    all->limit = usual;
}

static void translations(void)
{
    Account *code = &engine->accounts[ENGINE_code_bytes];
    size_t usual = code->limit, head;
    Source source;
    Diag diag;
    Extern e;
    CHECK_EQ_U64(account_used(code), 0);
    if (!load(&source, plain)) return;
    Store *s = engine_store(engine);
    code->limit = 10;
    CHECK(!engine_instantiate(s, source.module, resolve, NULL, &diag).instance);
    CHECK_EQ_U64(diag.err, ERR_limit_code_bytes);
    CHECK_EQ_U64(account_used(code), 0);
    code->limit = 300;
    Instantiated made = engine_instantiate(s, source.module, resolve, NULL, &diag);
    if (!CHECK(made.instance && instance_export(made.instance, (Bytes){(const u8 *)"f", 1}, &e)))
        return;
    head = account_used(code);
    for (u32 i = 0; i < 1000; i++) {
        CHECK_EQ_U64(engine_call(s, e.func, (u64[1]){1}, 1), TRAP_out_of_memory);
        CHECK_STR(s->exec.trap_detail,
                  "code_bytes of the engine are used up: while translating function 0");
        CHECK_EQ_U64(account_used(code), head);
    }
    code->limit = usual;
    u64 slots[1] = {41};
    CHECK(engine_call(s, e.func, slots, 1) == TRAP_none && slots[0] == 42);
    CHECK(account_used(code) > head && account_used(code) < head + 500);
    store_free(s);
    source_free(&source);
    CHECK_EQ_U64(account_used(code), 0);
}

int main(void)
{
    engine = engine_new(features_all);
    u32 times = check_full() ? 100000 : 10000;
    accounts();
    for (size_t i = 0; i < COUNT_OF(refusals); i++) refused(&refusals[i], times);
    modules();
    types();
    translations();
    trapped();
    objects();
    host_items();
    engine_free(engine);
    return check_report();
}
