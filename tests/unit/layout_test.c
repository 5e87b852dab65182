// layout_test.c -- the rows of run/layout.def are a map without overlaps, and what they say of an
// instance is so: bases are where the store has them, also when they come later; distances lead
// back; each call of the host's begins with a Start, linked to the one before; and an entry of the
// function space that nobody filled is filled or traps, and is no function of the host's.

#include "check.h"
#include "engine/source.h"
#include "run/layout.h"
#include "run/native.h"

// --- rows

typedef struct {
    const char *of, *field;
    u32 offset, width;
    enum { RIGHT_read, RIGHT_both } right;
    enum { BASE_number, BASE_pointer, BASE_pointers, BASE_space, BASE_code } base;
} Row;
static const Row rows[] = {
#define FIELD(struct_, field, offset, width, right, base, of)                                      \
    {#struct_, #field, offset, width, RIGHT_##right, BASE_##base},
#include "run/layout.def"
};

static void test_rows(void)
{
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        const Row *r = &rows[i];
        u32 before = check_failed;
        CHECK(r->width == 1 || r->width == 4 || r->width == 8 || r->width == 16);
        CHECK(r->offset % MIN(r->width, 8) == 0);
        CHECK(r->base == BASE_number || r->width == 8);
        CHECK(r->base != BASE_space || r->right == RIGHT_read); // else a number reaches anything
        for (u32 k = 0; k < i; k++) {
            bool same = strcmp(rows[k].of, r->of) == 0;
            CHECK(!same || rows[k].offset + rows[k].width <= r->offset); // sorted, too
            CHECK(!same || strcmp(rows[k].field, r->field));
        }
        for (u32 k = i; k-- > 0;) // in one piece
            CHECK(strcmp(rows[k].of, r->of) || strcmp(rows[k + 1].of, r->of) == 0);
        if (check_failed > before) printf("    %s.%s\n", r->of, r->field);
    }
}

// --- instances

static const char text[] =
    "(module (import \"h\" \"h\" (func $h (param i32)))"
    "  (type $t (func (result i32))) (type $u (func (result i64)))"
    "  (memory 1 3) (table $t 4 funcref)"
    "  (func (export \"down\") (param i32) (call $h (local.get 0)))"
    "  (func $seven (type $t) (i32.const 7))"
    "  (func (export \"ref\") (param (ref null $t)) (result i32) (call_ref $t (local.get 0)))"
    "  (func (export \"tail\") (param (ref null $t)) (result i32)"
    "    (return_call_ref $t (local.get 0)))"
    "  (func (export \"table\") (param funcref) (result i32)"
    "    (table.set $t (i32.const 2) (local.get 0)) (call_indirect $t (type $t) (i32.const 2)))"
    "  (func (export \"other\") (param funcref) (result i64)"
    "    (table.set $t (i32.const 2) (local.get 0)) (call_indirect $t (type $u) (i32.const 2))))";
enum { SEVEN = 2 };

static Engine *engine;
static Source source;
static Instance *instance;

static Trap call(Store *s, const char *name, u64 *slot)
{
    Extern f;
    if (!CHECK(instance_export(instance, bytes_of(name), &f))) exit(1);
    return engine_call(s, f.func, slot, 1);
}

// The Starts that the walk of records meets are those that the links lead through.
static void check_starts(const Exec *x, u32 calls)
{
    const Record *r = x->host.record;
    const Start *start = x->start;
    const u64 *frame = x->start_frame, *walked = x->host.frame;
    for (u32 left = calls; left; left--) {
        while (r->ip != code_exit) walked -= r++->delta;
        if (!CHECK(start == (const Start *)r) || !CHECK(frame == walked)) return;
        bool last = left == 1;
        CHECK(!start->records == last && !start->frames == last && !start->ip == last);
        walked -= r->delta;
        r = (const Record *)(start + 1);
        frame = (const u64 *)((const u8 *)frame - start->frames);
        start = (const Start *)((const u8 *)start + start->records);
    }
}

static Trap host(HostCall *c)
{
    u32 calls = c->exec->depth;
    u64 slot = REF_NULL;
    check_starts(c->exec, calls);
    Store *s = exec_store(c->exec);
    if (calls < (u32)c->slots[0]) CHECK_EQ_U64(call(s, "down", c->slots), TRAP_none);
    else CHECK_EQ_U64(call(s, "ref", &slot), TRAP_null_function_reference);
    check_starts(c->exec, calls);
    return TRAP_none;
}

static bool resolve(void *store, const Import *import, const ExternType *type, Extern *out)
{
    out->kind = EXTERN_func;
    out->func = func_new_host(store, type->func, host, NULL);
    return out->func != NULL;
}

static Store *new_store(void)
{
    Diag diag;
    Store *s = engine_store(engine);
    instance = s ? engine_instantiate(s, source.module, resolve, s, &diag).instance : NULL;
    if (!CHECK(instance != NULL)) exit(check_report());
    return s;
}

static void check_instance(const Store *s, const Instance *i)
{
    CHECK(i->exec == &s->exec && (u8 *)i == (u8 *)i->exec + i->self);
    CHECK(i->mem == i->memories[0]->base && i->mem_size == i->memories[0]->size);
    CHECK(i->code == i->made->funcs && i->made == i->module->code[s->exec.mode]);
    CHECK(i->funcs == s->funcs && i->func_mask == s->func_mask && (i->func_mask & (i->func_mask + 1)) == 0);
    CHECK(i->heap == s->heap.base && i->records == s->types->records && i->types == i->module->types);
    CHECK(i->funcs->type == 0); // null's
    for (u32 f = i->imported_funcs; f < i->module->func_count; f++)
        CHECK(i->code[f].native == (NATIVE ? native_none : NULL) &&
              i->code[f].type == i->module->funcs[f].type);
}

static void test_instance(void)
{
    Store *s = new_store();
    check_instance(s, instance);
    CHECK(instance->heap == NULL);
    CHECK(ref_new_extern(s, 1) != REF_NULL);
    CHECK(instance->heap != NULL);
    check_instance(s, instance);
    CHECK(memory_grow(instance->memories[0], 2) == 1);
    check_instance(s, instance);
    CHECK(s->exec.alloc && s->exec.alloc <= s->exec.alloc_end);
    store_free(s);
}

static void test_starts(void)
{
    Store *s = new_store();
    u64 slot = 5;
    CHECK_EQ_U64(call(s, "down", &slot), TRAP_none);
    CHECK(!s->exec.start && !s->exec.start_frame);
    store_free(s);
}

// A number as references have it, of which nobody ever asked for the function.
static void test_entries(void)
{
    static const char *const ways[] = {"ref", "tail", "table"};
    for (u32 i = 0; i < COUNT_OF(ways); i++) {
        Store *s = new_store();
        Ref seven = instance->func_first + SEVEN - instance->imported_funcs;
        bool table = i == 2;
        u64 slot = seven;
        CHECK(s->funcs[seven].type == 0);
        CHECK_EQ_U64(call(s, ways[i], &slot), TRAP_none);
        CHECK_EQ_U64((u32)slot, 7);
        CHECK(s->funcs[seven].index == SEVEN);
        slot = 0;
        CHECK_EQ_U64(call(s, ways[i], &slot), table ? TRAP_uninitialized_element : TRAP_null_function_reference);
        slot = store_func_count(s); // not given out, or far outside
        CHECK_EQ_U64(call(s, ways[i], &slot), table ? TRAP_uninitialized_element : TRAP_null_function_reference);
        slot = UINT32_MAX;
        CHECK_EQ_U64(call(s, ways[i], &slot), table ? TRAP_uninitialized_element : TRAP_null_function_reference);
        store_free(s);
    }
    Store *s = new_store();
    u64 slot = instance->func_first + SEVEN - instance->imported_funcs;
    CHECK_EQ_U64(call(s, "other", &slot), TRAP_indirect_call_type_mismatch); // it is filled, and of another type
    store_free(s);
}

int main(void)
{
    Diag diag;
    engine = engine_new(features_default);
    test_rows();
    if (CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) {
        test_instance();
        test_starts();
        test_entries();
    } else {
        char why[300];
        puts(diag_text(&diag, why, sizeof why));
    }
    source_free(&source);
    engine_free(engine);
    return check_report();
}
