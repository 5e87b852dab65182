// wasm_c.c -- calls of wasm.h in any order: the input says which, on what. References are copied
// and deleted in any order, used with any store and when their own is gone; host functions go on
// reading the input, so that calls nest, and delete their own store. What must hold: what is of
// another store is refused; what has host info is told of once; nothing leaks.
// Hazards: R18, R27.

#include "api/wasm_c/wasm_c.h"
#include "fuzz.h"

enum { WORLDS = 3, POOL = 24, ARGS = 4, DEEP = 4 };

static const char *const texts[] = {
    "(module (memory (export \"m\") 1 3) (table (export \"t\") 2 6 funcref)"
    " (table (export \"x\") 2 4 externref) (tag (export \"e\"))"
    " (global (export \"g\") (mut externref) (ref.null extern))"
    " (func (export \"f\") (param i32 externref funcref) (result externref funcref)"
    "  (global.set 0 (local.get 1)) (local.get 1) (local.get 2))"
    " (func (export \"get\") (result externref) (global.get 0)) (type $s (struct))"
    " (func (export \"new\") (result anyref externref) (local $o anyref)"
    "  (local.set $o (struct.new $s)) (local.get $o) (extern.convert_any (local.get $o)))"
    " (func (export \"any\") (param anyref) (result anyref) (local.get 0))"
    " (func (export \"trap\") unreachable) (func (export \"throw\") (throw 0)))",
    "(module (import \"h\" \"f\" (func $f (param i32 externref) (result externref)))"
    " (func (export \"call\") (param i32 externref) (result externref)"
    "  (call $f (local.get 0) (local.get 1)))"
    " (func (export \"catch\") (param i32 externref) (result externref) (block $all"
    "  (try_table (catch_all $all) (return (call $f (local.get 0) (local.get 1)))))"
    "  (local.get 1)) (export \"again\" (func $f)))",
    "(module (import \"h\" \"t\" (table 1 externref)) (import \"h\" \"g\" (global (mut externref)))"
    " (func (export \"take\") (table.set (i32.const 0) (global.get 0))))",
    "(module (import \"h\" \"f\" (func $f (param i32 externref) (result externref)))"
    " (func $s (drop (call $f (i32.const 0) (ref.null extern)))) (start $s))",
};

// `owner` is the harness's own number of a store.
typedef struct { wasm_ref_t *ref; u32 owner; } Held;

static const u8 *input, *input_end;
static wasm_engine_t *engine;
static struct { wasm_store_t *store; u32 number; } stores[WORLDS];
static Held pool[POOL];
static wasm_shared_module_t *shared;
static u32 newest, depth;
static u32 infos, told;      // pointers that were set, and those that a finalizer had

static u32 byte(void) { return input < input_end ? *input++ : 0; }
static u32 below(u32 n) { return byte() % n; }

// Each is told of once: it is its number, which becomes 0.
static void finalize(void *info)
{
    u32 *n = info;
    MUST(*n);
    told++;
    free(n);
}

static void keep(wasm_ref_t *ref, u32 owner)
{
    Held *h = &pool[below(POOL)];
    if (!ref) return;
    if (h->ref) wasm_ref_delete(h->ref);
    *h = (Held){ref, owner};
}

static const Held *some(void) { return &pool[below(POOL)]; }

// One of this kind, if the first looks find one.
static const Held *one(ThingKind kind)
{
    u32 from = below(POOL);
    for (u32 i = 0; i < POOL; i++) {
        const Held *h = &pool[(from + i) % POOL];
        if (h->ref && h->ref->kind == kind) return h;
    }
    return NULL;
}

// Within a call one that was deleted may still be there.
static bool lives(u32 owner)
{
    if (depth) return true;
    for (u32 i = 0; i < WORLDS; i++)
        if (stores[i].store && stores[i].number == owner) return true;
    return false;
}

// Never for what is of another store, or none.
static void must_refuse(const Held *item, const Held *value, bool done)
{
    bool foreign = value && value->ref && value->owner != item->owner;
    MUST(!done || (!foreign && lives(item->owner)));
}

// ---- Calls

static void end_trap(wasm_trap_t *trap, u32 owner)
{
    wasm_message_t message;
    wasm_frame_vec_t trace;
    wasm_frame_t *origin = wasm_trap_origin(trap);
    wasm_trap_message(trap, &message);
    wasm_trap_trace(trap, &trace);
    MUST(message.size && !message.data[message.size - 1] && !origin == !trace.size);
    wasm_name_delete(&message);
    wasm_frame_vec_delete(&trace);
    if (origin) keep(wasm_instance_as_ref(wasm_instance_copy(wasm_frame_instance(origin))), owner);
    wasm_frame_delete(origin);
    if (below(2)) keep(wasm_trap_as_ref(trap), owner);
    else wasm_trap_delete(trap);
}

static void call(const Held *h)
{
    const wasm_func_t *f = wasm_ref_as_func_const(h->ref);
    wasm_func_t *held = wasm_func_copy(f); // whatever happens meanwhile
    const Held *given[ARGS];
    Held item = *h;
    wasm_val_t args[ARGS], results[ARGS];
    wasm_val_vec_t in = {wasm_func_param_arity(f), args}, out = {below(ARGS), results};
    u32 count = (u32)wasm_func_result_arity(f);
    bool foreign = false;
    wasm_functype_t *type = wasm_func_type(f);
    MUST(type || !in.size);
    for (u32 i = 0; i < in.size; i++) {
        given[i] = some();
        args[i] = (wasm_val_t)WASM_I32_VAL((s32)byte());
        if (wasm_valtype_is_num(wasm_functype_params(type)->data[i])) continue;
        args[i] = (wasm_val_t)WASM_REF_VAL(given[i]->ref ? wasm_ref_copy(given[i]->ref) : NULL);
        foreign |= given[i]->ref && given[i]->owner != h->owner;
    }
    wasm_trap_t *trap = wasm_func_call(held, &in, &out);
    MUST(trap || !foreign);
    for (u32 i = 0; i < in.size; i++) wasm_val_delete(&args[i]);
    for (u32 i = 0; !trap && i < MIN(count, out.size); i++)
        if (wasm_valkind_is_ref(results[i].kind)) keep(results[i].of.ref, item.owner);
    if (trap) end_trap(trap, item.owner);
    wasm_functype_delete(type);
    wasm_func_delete(held);
}

static void operate(void);

// In its env is the number of its store.
static wasm_trap_t *host(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    u32 owner = (u32)(uintptr_t)env;
    const Held *h;
    wasm_ref_t *given = args->size > 1 ? args->data[1].of.ref : NULL;
    if (given) keep(wasm_ref_copy(given), owner);
    if (depth++ < DEEP)
        for (u32 n = below(4); n; n--) operate();
    depth--;
    h = below(3) ? NULL : one(THING_trap);
    if (h) return wasm_trap_copy(wasm_ref_as_trap(h->ref));
    h = some();
    if (results->size && h->ref) results->data[0].of.ref = wasm_ref_copy(h->ref);
    return NULL;
}

// ---- What is done

static void make_store(u32 place)
{
    stores[place].store = wasm_store_new(engine);
    stores[place].number = ++newest;
    MUST(stores[place].store);
    stores[place].store->weft->s->gc_stress = place == 0;
}

static void end_store(u32 place)
{
    wasm_store_t *store = stores[place].store;
    if (below(4)) return;
    stores[place].store = NULL;
    wasm_store_delete(store);
}

static void make_module(u32 place)
{
    u32 which = below(COUNT_OF(texts) + 2);
    wasm_store_t *store = stores[place].store;
    wasm_module_t *m = NULL;
    if (which < COUNT_OF(texts)) {
        wasm_byte_vec_t bytes = {strlen(texts[which]), (char *)texts[which]}, kept;
        m = wasm_module_new(store, &bytes);
        if (below(3) == 0) {
            wasm_module_serialize(m, &kept);
            wasm_module_delete(m);
            m = wasm_module_deserialize(store, &kept);
            wasm_byte_vec_delete(&kept);
        }
        MUST(m);
    } else if (shared) m = wasm_module_obtain(store, shared);
    if (m && below(4) == 0) {
        if (shared) wasm_shared_module_delete(shared);
        shared = wasm_module_share(m);
    }
    if (m) keep(wasm_module_as_ref(m), stores[place].number);
}

// With imports of its own store, mostly.
static void make_instance(u32 place)
{
    const Held *m = one(THING_module);
    wasm_extern_t *items[2];
    wasm_extern_vec_t imports = {below(3), items};
    wasm_trap_t *trap;
    bool foreign = false;
    u32 owner = stores[place].number;
    if (!m) return;
    for (u32 i = 0; i < imports.size; i++) {
        const Held *h = one((ThingKind)(THING_func + below(5)));
        items[i] = h ? wasm_ref_as_extern(wasm_ref_copy(h->ref)) : NULL;
        foreign |= h && h->owner != owner;
    }
    wasm_module_t *module = wasm_module_copy(wasm_ref_as_module(m->ref));
    wasm_instance_t *made = wasm_instance_new(stores[place].store, module, &imports, &trap);
    MUST(!made == (trap != NULL) && !(made && foreign));
    for (u32 i = 0; i < imports.size; i++) wasm_extern_delete(items[i]);
    if (trap) end_trap(trap, owner);
    if (made) keep(wasm_instance_as_ref(made), owner);
    wasm_module_delete(module);
}

static void use_instance(u32 place)
{
    const Held *h = one(THING_instance);
    wasm_extern_vec_t exports, copy;
    if (!h) return;
    u32 owner = h->owner;
    wasm_instance_exports(wasm_ref_as_instance(h->ref), &exports);
    MUST(!exports.size || lives(owner));
    wasm_extern_vec_copy(&copy, &exports);
    MUST(copy.size == exports.size);
    for (u32 i = 0; i < copy.size; i++) {
        wasm_externtype_t *type = wasm_extern_type(copy.data[i]);
        MUST(wasm_externtype_kind(type) == wasm_extern_kind(exports.data[i]));
        wasm_externtype_delete(type);
        if (below(2)) {
            keep(wasm_extern_as_ref(copy.data[i]), owner);
            copy.data[i] = NULL;
        }
    }
    wasm_extern_vec_delete(&copy);
    wasm_extern_vec_delete(&exports);
}

static void call_some(u32 place)
{
    const Held *h = one(THING_func);
    if (h) call(h);
}

static void make_item(u32 place)
{
    wasm_store_t *store = stores[place].store;
    u32 owner = stores[place].number, kind = below(5);
    wasm_limits_t limits = {below(4), below(4)};
    const Held *h = some();
    bool foreign = h->ref && h->owner != owner;
    wasm_val_t value = WASM_REF_VAL(h->ref);
    wasm_valtype_t *ref = wasm_valtype_new_externref(), *i32 = wasm_valtype_new_i32();
    if (kind == 0) {
        wasm_functype_t *type = below(2) ? wasm_functype_new_2_1(i32, ref, ref)
                                         : wasm_functype_new_0_0();
        keep(wasm_func_as_ref(wasm_func_new_with_env(store, type, host, (void *)(uintptr_t)owner,
                                                     NULL)), owner);
        wasm_functype_delete(type);
    } else if (kind == 1) {
        wasm_globaltype_t *type = wasm_globaltype_new(ref, WASM_VAR);
        wasm_global_t *g = wasm_global_new(store, type, &value);
        MUST(!g || !foreign);
        keep(wasm_global_as_ref(g), owner);
        wasm_globaltype_delete(type);
    } else if (kind == 2) {
        wasm_tabletype_t *type = wasm_tabletype_new(ref, &limits);
        wasm_table_t *t = wasm_table_new(store, type, h->ref);
        MUST(!t || (!foreign && limits.min <= limits.max));
        keep(wasm_table_as_ref(t), owner);
        wasm_tabletype_delete(type);
    } else if (kind == 3) {
        wasm_memorytype_t *type = wasm_memorytype_new(&limits);
        keep(wasm_memory_as_ref(wasm_memory_new(store, type)), owner);
        wasm_memorytype_delete(type);
    } else {
        wasm_message_t message = {below(4), "why"};
        keep(below(2) ? wasm_foreign_as_ref(wasm_foreign_new(store))
                      : wasm_trap_as_ref(wasm_trap_new(store, &message)), owner);
    }
}

static void use_item(u32 place)
{
    const Held *g = one(THING_global), *t = one(THING_table), *m = one(THING_memory), *h = some();
    wasm_val_t value = WASM_REF_VAL(h->ref), old;
    if (m) {
        wasm_memory_t *memory = wasm_ref_as_memory(m->ref);
        must_refuse(m, NULL, wasm_memory_grow(memory, below(2)));
        size_t size = wasm_memory_data_size(memory);
        if (size) wasm_memory_data(memory)[below(2) ? 0 : size - 1]++;
    }
    if (g && below(2)) {
        u32 owner = g->owner;
        wasm_global_t *global = wasm_ref_as_global(g->ref);
        wasm_global_set(global, &value);
        wasm_global_get(global, &old);
        MUST(!old.of.ref || lives(owner));
        keep(old.of.ref, owner);
    } else if (t) {
        Held item = *t;
        wasm_table_t *table = wasm_table_copy(wasm_ref_as_table(t->ref));
        if (below(4) == 0) must_refuse(&item, h, wasm_table_grow(table, below(2), h->ref));
        else must_refuse(&item, h, wasm_table_set(table, below(4), h->ref));
        keep(wasm_table_get(table, below(4)), item.owner);
        wasm_table_delete(table);
    }
}

// Copies, comparisons, conversions.
static void use_reference(u32 place)
{
    const Held *a = some(), *b = some();
    if (!a->ref) return;
    wasm_val_t value = WASM_REF_VAL(a->ref), copy;
    wasm_val_copy(&copy, &value);
    MUST(wasm_ref_same(a->ref, copy.of.ref) && !(wasm_ref_same(a->ref, b->ref) &&
                                                 a->owner != b->owner));
    int kinds = !!wasm_ref_as_trap(a->ref) + !!wasm_ref_as_foreign(a->ref) +
        !!wasm_ref_as_module(a->ref) + !!wasm_ref_as_instance(a->ref) +
        !!wasm_ref_as_func(a->ref) + !!wasm_ref_as_global(a->ref) + !!wasm_ref_as_table(a->ref) +
        !!wasm_ref_as_memory(a->ref);
    MUST(kinds <= 1);
    if (below(2)) keep(copy.of.ref, a->owner);
    else wasm_val_delete(&copy);
}

static void set_info(u32 place)
{
    const Held *h = some();
    if (!h->ref) return;
    u32 *n = malloc(sizeof *n);
    MUST(n);
    *n = ++infos;
    wasm_ref_set_host_info_with_finalizer(h->ref, n, finalize);
    MUST(wasm_ref_get_host_info(h->ref) == n);
}

static void let_go(u32 place)
{
    Held *h = &pool[below(POOL)];
    wasm_ref_t *ref = h->ref;
    h->ref = NULL;
    if (ref) wasm_ref_delete(ref);
    if (below(8) == 0) weft_store_collect(stores[place].store->weft, NULL);
}

static void operate(void)
{
    static void (*const what[])(u32) = {
        end_store, make_module, make_module, make_instance, make_instance, use_instance,
        use_instance, call_some, call_some, call_some, make_item, make_item, use_item, use_item,
        use_reference, set_info, let_go, let_go,
    };
    u32 place = below(WORLDS);
    if (!stores[place].store) make_store(place);
    else what[below(COUNT_OF(what))](place);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    input = data;
    input_end = data + size;
    newest = infos = told = 0;
    engine = wasm_engine_new();
    while (input < input_end) operate();
    bool stores_first = size % 2;
    for (u32 i = 0; i < WORLDS && stores_first; i++) wasm_store_delete(stores[i].store);
    wasm_engine_delete(engine);
    for (u32 i = 0; i < POOL; i++) {
        if (pool[i].ref) wasm_ref_delete(pool[i].ref);
        pool[i].ref = NULL;
    }
    for (u32 i = 0; i < WORLDS; i++) {
        if (!stores_first) wasm_store_delete(stores[i].store);
        stores[i].store = NULL;
    }
    if (shared) wasm_shared_module_delete(shared);
    shared = NULL;
    MUST(told == infos);
    return 0;
}
