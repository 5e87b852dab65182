// made_of_test.c -- stores made of stores in several ways at once: forks of templates' instances
// and of pools', templates of pools', and what they do when files and mappings are short.
// Hazards: R09, R18, R57, R66.

#include "base/types.h"
#include "check.h"
#include "weft_map.h"
#include "weft_object.h"
#include "weft_pool.h"
#include "weft_snapshot.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static weft_engine *engine;
static weft_diag diag;

static const char *why(weft_status status) { return status == WEFT_OK ? "" : diag.name; }
#define CHECK_OK(call) CHECK_STR(why(call), "")

typedef struct { weft_store *store; weft_instance instance; weft_memory memory; } Made;

enum { PAGE = 65536 };
#define DATA(type)                                                                                 \
    " (data (" type ".const 100000) \"first\") (data (" type ".const 200000) \"last\")"
static const char text[] = "(module (memory (export \"m\") 6 64)" DATA("i32") ")";
static const char wide[] = "(module (memory (export \"m\") i64 6 400)" DATA("i64") ")";

static weft_module *module_of(const char *source)
{
    weft_module *m = weft_module_new(engine, source, strlen(source), &diag);
    CHECK(m);
    return m;
}

static weft_template *template_of(const char *source)
{
    weft_module *m = module_of(source);
    weft_template *t = weft_template_new(m, NULL, NULL, &diag);
    CHECK(t);
    weft_module_free(m);
    return t;
}

// A few places: a thousand of 4 MiB are more addresses than 32 bits have.
static weft_pool *pool_of(weft_template *t)
{
    weft_pool_config config = weft_pool_config_init();
    config.places = 4;
    weft_pool *p = weft_pool_new(t, &config, &diag);
    CHECK(p);
    return p;
}

static Made new_store(void)
{
    Made made = {.store = weft_store_new(engine, NULL, &diag)};
    CHECK(made.store);
    return made;
}

static void find_memory(Made *m)
{
    CHECK_OK(weft_instance_memory(m->store, m->instance, "m", &m->memory, &diag));
}

static Made instance_of(weft_template *t)
{
    Made made = new_store();
    CHECK_OK(weft_template_instantiate(t, made.store, &made.instance, &diag));
    find_memory(&made);
    return made;
}

static Made fork_of(const Made *from)
{
    Made made = new_store();
    CHECK_OK(weft_store_fork(from->store, made.store, NULL, NULL, &diag));
    weft_store_instances(made.store, &made.instance, 1);
    find_memory(&made);
    return made;
}

static char *bytes(const Made *m, u64 at) { return weft_memory_at(m->store, m->memory, at, 16); }

// The image is there in both, and memory behind it is the guest's to give back.
static void forks_of_templates(void)
{
    weft_template *t = template_of(text);
    Made parent = instance_of(t);
    enum { BEHIND = 4 * PAGE };
    memset(bytes(&parent, BEHIND), 1, 16);
    CHECK(weft_memory_discard(parent.store, parent.memory, BEHIND, 2 * PAGE));
    CHECK_EQ_U64((u64)bytes(&parent, BEHIND)[5], 0);
    Made child = fork_of(&parent), other = fork_of(&child);
    const Made *all[] = {&parent, &child, &other};
    for (u32 i = 0; i < 3; i++) {
        CHECK_STR(bytes(all[i], 100000), "first");
        CHECK_STR(bytes(all[i], 200000), "last");
        weft_store_free(all[i]->store);
    }
    weft_template_free(t);
}

// Also one without guards, in an engine that has some for others.
static void growth(void)
{
    weft_template *t = template_of(wide);
    Made made = instance_of(t);
    CHECK_EQ_U64((u64)weft_memory_grow(made.store, made.memory, 300), 6);
    CHECK_STR(bytes(&made, 200000), "last");
    weft_store_free(made.store);
    weft_template_free(t);
}

static void forks_of_pools(void)
{
    weft_template *t = template_of(text);
    weft_pool *p = pool_of(t);
    Made parent;
    CHECK_OK(weft_pool_take(p, NULL, &parent.store, &parent.instance, &diag));
    find_memory(&parent);
    strcpy(bytes(&parent, 8), "mine");
    weft_module *m = weft_instance_module(parent.store, parent.instance);
    CHECK(m && weft_module_type_count(m) == 0);
    Made child = fork_of(&parent);
    CHECK(weft_instance_module(child.store, child.instance) == m);
    weft_store_free(parent.store);
    weft_pool_free(p);
    weft_template_free(t);
    CHECK_STR(bytes(&child, 8), "mine");
    CHECK_STR(bytes(&child, 200000), "last");
    weft_store_free(child.store);
}

// What a store has that was forked already must not show in the next one, file or not.
static void without_files(void)
{
    weft_module *m = module_of(text);
    Made parent = new_store();
    CHECK_OK(weft_instantiate(parent.store, m, NULL, &parent.instance, &diag));
    find_memory(&parent);
    Made first = fork_of(&parent);
    memset(bytes(&parent, 100000), 0, 16);
    struct rlimit before, none;
    CHECK(!getrlimit(RLIMIT_NOFILE, &before));
    none = before;
    none.rlim_cur = 0;
    CHECK(!setrlimit(RLIMIT_NOFILE, &none));
    Made second = fork_of(&parent);
    CHECK(!setrlimit(RLIMIT_NOFILE, &before));
    CHECK_STR(bytes(&first, 100000), "first");
    CHECK_STR(bytes(&second, 100000), "");
    CHECK_STR(bytes(&second, 200000), "last");
    weft_store_free(parent.store);
    weft_store_free(first.store);
    weft_store_free(second.store);
    weft_module_free(m);
}

static u32 mappings(void)
{
    FILE *f = fopen("/proc/self/maps", "r");
    u32 count = 0;
    for (int c; f && (c = getc(f)) != EOF;) count += c == '\n';
    if (f) fclose(f);
    return count;
}

// Parts that are given back here and there take only so many mappings of the process's.
static void discards(void)
{
    enum { PAGES = 4096 };
    weft_module *m = module_of("(module (memory (export \"m\") 4096))");
    Made parent = new_store();
    CHECK_OK(weft_instantiate(parent.store, m, NULL, &parent.instance, &diag));
    find_memory(&parent);
    Made child = fork_of(&parent);
    const Made *both[] = {&parent, &child};
    u32 before = mappings();
    for (u32 i = 0; i < 2; i++) {
        for (u64 at = 0; at < (u64)PAGES * PAGE; at += 2 * PAGE) {
            *bytes(both[i], at) = 1;
            CHECK(weft_memory_discard(both[i]->store, both[i]->memory, at, PAGE));
            CHECK(!*bytes(both[i], at));
        }
    }
    CHECK(mappings() < before + 600);
    for (u32 i = 0; i < 2; i++) weft_store_free(both[i]->store);
    weft_module_free(m);
}

// Given back once, and never twice; and memory that others might have had is nobody's debt.
static void given_back(void)
{
    weft_template *t = template_of(text);
    weft_pool *p = pool_of(t);
    weft_module *m = module_of("(module (memory 16 64 shared))");
    weft_tenant_limits limits = weft_tenant_limits_init(), used = limits;
    limits.memory_bytes = 32 * PAGE;
    weft_tenant *tenant = weft_tenant_new(&limits, &diag);
    Made first, second;
    for (u32 i = 0; i < 3; i++) {
        CHECK_OK(weft_pool_take(p, tenant, &first.store, &first.instance, &diag));
        CHECK_OK(weft_instantiate(first.store, m, NULL, &first.instance, &diag));
        weft_store_free(first.store);
        CHECK_OK(weft_tenant_used(tenant, &used, &diag));
        CHECK_EQ_U64(used.memory_bytes, 0);
    }
    CHECK_OK(weft_pool_take(p, tenant, &first.store, &first.instance, &diag));
    CHECK_OK(weft_pool_give(first.store, &diag));
    CHECK_STR(why(weft_pool_give(first.store, &diag)), "wrong_store");
    weft_store_free(first.store);
    CHECK_OK(weft_pool_take(p, NULL, &first.store, &first.instance, &diag));
    CHECK_OK(weft_pool_take(p, NULL, &second.store, &second.instance, &diag));
    CHECK(first.store != second.store);
    weft_store_free(first.store);
    weft_store_free(second.store);
    weft_tenant_free(tenant);
    weft_pool_free(p);
    weft_module_free(m);
    weft_template_free(t);
}

static const char holder[] = "(module (global (export \"g\") (mut anyref) (ref.null any)))";
static const char types[] = "(module (type (struct (field i32) (field i64) (field (mut f32)))))";
static const char others[] = "(module (type (struct (field anyref) (field v128)))"
                             " (type (array i8)) (type (struct (field i8))))";

// The types of its objects stay, whoever else had them.
static void templates_of_pools(void)
{
    weft_module *m = module_of(holder), *typed = module_of(types);
    Made first = new_store(), taken, made;
    weft_deftype type;
    weft_ref ref;
    weft_global global;
    weft_val value, field = weft_i32(0);
    CHECK_OK(weft_instantiate(first.store, m, NULL, &first.instance, &diag));
    CHECK(weft_module_type(typed, 0, &type));
    CHECK_OK(weft_struct_new(first.store, type, NULL, 3, &ref, &diag));
    CHECK_OK(weft_instance_global(first.store, first.instance, "g", &global, &diag));
    CHECK_OK(weft_global_get(first.store, global, &value, &diag));
    value.of.ref = ref;
    CHECK_OK(weft_global_set(first.store, global, value, &diag));
    weft_module_free(typed);
    weft_template *t = weft_template_of(first.store, first.instance, &diag);
    weft_store_free(first.store);
    weft_pool *p = pool_of(t);
    CHECK_OK(weft_pool_take(p, NULL, &taken.store, &taken.instance, &diag));
    weft_template *again = weft_template_of(taken.store, taken.instance, &diag);
    weft_store_free(taken.store);
    weft_pool_free(p);
    weft_template_free(t);
    weft_module *more = module_of(others); // would have the numbers of types that are gone
    made = new_store();
    CHECK_OK(weft_template_instantiate(again, made.store, &made.instance, &diag));
    CHECK_OK(weft_instance_global(made.store, made.instance, "g", &global, &diag));
    CHECK_OK(weft_global_get(made.store, global, &value, &diag));
    CHECK_OK(weft_struct_get(made.store, value.of.ref, 0, &field, &diag));
    CHECK(field.type == WEFT_I32);
    weft_store_free(made.store);
    weft_template_free(again);
    weft_module_free(more);
    weft_module_free(m);
}

int main(void)
{
    for (u32 faults = 0; faults < 2; faults++) {
        engine = weft_engine_new("all", &diag);
        if (faults) weft_engine_set_faults(engine, true, &diag);
        templates_of_pools();
        given_back();
        growth();
        weft_engine_set_forks(engine, true);
        forks_of_templates();
        growth();
        forks_of_pools();
        without_files();
        discards();
        weft_engine_free(engine);
    }
    return check_report();
}
