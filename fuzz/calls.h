// calls.h -- what api.c calls of weft.h and weft_object.h, and what it knows of the items that it
// has: whose they are.
#pragma once

#include <weft_item.h>
#include <weft_map.h>
#include <weft_pool.h>
#include <weft_snapshot.h>

#include "api/api.h"
#include "fuzz.h"

enum { WORLDS = 3, LINKERS = 4, POOL = 8, SLOTS = 16, TASKS = 6, DEEP = 4, FUEL = 20000,
       MOST_FUEL = 1 << 20 }; // what a tenant may have given

static const char *const texts[] = {
    "(module (memory (export \"m\") 1 4) (table (export \"t\") 2 9 funcref) (table"
    " (export \"x\") 2 externref)"
    " (tag (export \"e\") (param i32 i64))"
    " (global (export \"g\") (mut i32) (i32.const 1)) (global (export \"r\") (mut externref)"
    " (ref.null extern))"
    " (func (export \"f\") (param i32 i64 f32 f64) (result i32) (i32.load (local.get 0)))"
    " (func (export \"p\") (param funcref externref) (result externref funcref) (local.get 1)"
    " (local.get 0))"
    " (type $cell (struct (field i32) (field (mut (ref null $cell)))))"
    " (global (export \"c\") (mut (ref null $cell)) (ref.null $cell))"
    " (func (export \"make\") (param i32 (ref null $cell)) (result (ref $cell))"
    "   (struct.new $cell (local.get 0) (local.get 1)))"
    " (func (export \"o\") (param anyref) (result anyref externref)"
    "   (local.get 0) (extern.convert_any (local.get 0)))"
    " (type $wide (array (mut v128))) (type $many (array (mut anyref)))"
    " (type $mix (sub (struct (field (mut i8)) (field (mut anyref)) (field (mut externref)))))"
    " (type (sub $mix (struct (field (mut i8)) (field (mut anyref)) (field (mut externref))"
    "   (field (mut funcref)))))"
    " (func (export \"throw\") (param i32) (throw 0 (local.get 0) (i64.const 7)))"
    " (func (export \"trap\") unreachable) (func $on (export \"on\") (call $on) (call $on)))",
    "(module (import \"h\" \"a\" (func $a (param i32) (result i32))) (import \"h\" \"b\""
    " (func $b (param funcref externref)"
    " (result funcref externref))) (memory (export \"m\") 1) (table (export \"t\") 2 2 funcref)"
    " (func $call (export \"a\") (param i32) (result i32) (i32.add (call $a (local.get 0))"
    " (call $a (i32.const 2))))"
    " (func (export \"b\") (param funcref externref) (result funcref externref)"
    " (local $r externref)"
    "   (call $b (local.get 0) (local.get 1)) (local.set $r) (drop)"
    "   (table.set 1 (i32.const 0) (local.get $r)) (local.get 0) (local.get $r))"
    " (func (export \"tail\") (param i32) (result i32) (return_call $a (local.get 0)))"
    " (func (export \"catch\") (param i32) (result i32) (block $all (result exnref)"
    "   (try_table (catch_all_ref $all) (return (call $a (local.get 0)))) (unreachable))"
    "   (if (local.get 0) (then (unreachable))) (throw_ref))"
    " (table $x 1 externref) (elem (i32.const 0) $call) (export \"again\" (func $a)))",
    "(module (import \"h\" \"a\" (func $a (param i32) (result i32))) (func $s (drop (call $a"
    " (i32.const 3)))) (start $s))",
    "(module (import \"h\" \"o\" (func $o (param anyref) (result anyref)))"
    " (func (export \"o\") (param anyref) (result anyref) (call $o (local.get 0)))"
    " (func (export \"i\") (param i32) (result anyref) (call $o (ref.i31 (local.get 0)))))",
    "(module (import \"h\" \"m\" (memory 1)) (data (i32.const 65535) \"ab\"))",
    "(module (import \"i\" \"f\" (func $f (param i32 i64 f32 f64) (result i32)))"
    " (import \"i\" \"t\" (table 1 funcref))"
    " (import \"i\" \"g\" (global (mut i32))) (func (export \"f\") (result i32)"
    "   (call $f (global.get 0) (i64.const 1) (f32.const 1) (f64.const 1))))",
    // No memory: a host function that it calls finds none.
    "(module (import \"h\" \"a\" (func $a (param i32) (result i32))) (import \"i\" \"e\" (tag "
    "(param i32 i64)))"
    " (import \"wasi_snapshot_preview1\" \"random_get\" (func $random (param i32 i32) (result "
    "i32)))"
    " (func (export \"f\") (param i32) (result i32) (return_call $a (local.get 0)))"
    " (func (export \"w\") (param i32) (result i32) (call $random (i32.const 0) (local.get 0))))",
};
static const char *const names[] = {"m",       "t",    "x",     "g",    "r",     "f",
                                    "p",       "trap", "on",    "a",    "b",     "again",
                                    "nothing", "e",    "throw", "tail", "catch", "w",
                                    "c",       "make", "o",     "i"};
static const char *const signatures[] = {"i:i", "pr:pr", "ilfd:i", ":", "r:", ":p", "vv:v", "p",
                                         "q:", "pr:rp", "il:", "a:a", "a:a", "ax:"};

// `owner` is the harness's own number of a store: the library's is not looked at.
typedef struct { u32 owner; weft_extern item; } Item;
typedef struct { u32 owner; weft_typed typed; } Typed;
typedef struct { u32 owner; weft_instance instance; } Made;
typedef struct { u32 owner; weft_ref ref; } Held;
typedef struct { u32 owner; weft_scope scope; } Opened;

static const u8 *input, *input_end;
static weft_engine *engine;
static weft_module *modules[COUNT_OF(texts)];
static struct { u32 number, running; weft_store *store; } stores[WORLDS];
static struct { u32 owner; weft_linker *linker; } linkers[LINKERS]; // owner 0: it has no items
static Item items[WEFT_TAG + 1][POOL]; // by kind
static Typed typeds[POOL];
static Made mades[POOL];
static Held helds[POOL];
static Opened openeds[POOL];
static struct { u32 owner; weft_task *task; } tasks[TASKS];
static u32 newest, depth, waits;
static bool mapped; // something was, in some memory
static int ended, begun;
static weft_diag diag;

static u32 byte(void) { return input < input_end ? *input++ : 0; }
static u32 below(u32 n) { return byte() % n; }

// After each call that can fail: `own` when all items were of the store that was used.
static weft_status judge(weft_status status, bool own)
{
    if (status == WEFT_OK) {
        MUST(own);
        return status;
    }
    MUST(diag.status == status && diag.name && memchr(diag.message, 0, sizeof diag.message));
    MUST(own ? strcmp(diag.name, "wrong_store") != 0 : status == WEFT_ERROR);
    return status;
}

// One of the store's mostly, if there is one.
static Item *some_item(u32 kind, u32 owner)
{
    u32 at = below(POOL), end = at + POOL;
    if (below(4))
        for (u32 i = at; i < end; i++)
            if (items[kind][i % POOL].owner == owner) return &items[kind][i % POOL];
    return &items[kind][at];
}

static weft_ref some_ref(u32 owner, bool *own)
{
    const Held *h = &helds[below(POOL)];
    if (below(3) == 0) return (weft_ref){0};
    if (h->ref.handle && h->owner != owner) *own = false;
    return h->ref;
}

static weft_val value(weft_type type, u32 owner, bool *own)
{
    weft_val v = {.type = type};
    for (size_t i = 0; i < 8; i++) v.of.v128[i] = (u8)byte();
    if (type == WEFT_EXTERNREF) v.of.ext = below(2) ? &items[below(6)] : NULL;
    if (type == WEFT_FUNCREF) {
        const Item *f = some_item(WEFT_FUNC, owner);
        v.of.func = below(2) ? f->item.of.func : (weft_func){0, NULL};
        if (v.of.func.item && f->owner != owner) *own = false;
    }
    if (type == WEFT_REF) v.of.ref = some_ref(owner, own);
    return v;
}

static void end(void *env) { ended++; }

static void operate(void);

static void keep(u32 place, weft_extern item)
{
    items[item.kind][below(POOL)] = (Item){stores[place].number, item};
}

// With values of the tag's types, or of others.
static weft_status throw_something(u32 place, weft_caller *caller, const Item *tag)
{
    bool own = tag->owner == stores[place].number, values_own = true;
    weft_val values[4];
    u32 count = below(4);
    for (u32 i = 0; i < count; i++)
        values[i] = value(below(4) ? i ? WEFT_I64 : WEFT_I32 : (weft_type)below(10),
                          stores[place].number, &values_own);
    weft_status status = weft_throw(caller, tag->item.of.tag, values, count, &diag);
    MUST(status == WEFT_ERROR || status == WEFT_TRAP);
    if (!own) MUST(!strcmp(diag.name, "wrong_store"));
    return status;
}

// Reads on, and leaves something in the results: each place that holds a reference gets one that
// may be there.
static weft_status host(void *env, weft_caller *caller, weft_slot *slots)
{
    const char *signature = env;
    u32 place = 0;
    while (place < WORLDS && stores[place].store != weft_caller_store(caller)) place++;
    if (place == WORLDS) return below(4) ? WEFT_OK : weft_trap(caller, "while a template is made");
    if (depth < DEEP) {
        depth++;
        for (u32 n = below(4); n; n--) operate();
        depth--;
    }
    weft_caller_waited(caller);
    if (below(4) == 0) { // and leaves its slots alone, which it may be called with again
        if (exec_may_wait(&stores[place].store->s->exec)) begun++;
        return weft_caller_wait(caller, (void *)(uintptr_t)++waits, end);
    }
    // What is written is used later, whatever was answered: it names something, or nothing.
    weft_extern memory = {.kind = WEFT_MEMORY};
    Made made = {0};
    if (weft_caller_instance(caller, &made.instance)) made.owner = stores[place].number;
    u8 *at = weft_caller_at(caller, byte() << 8, byte());
    bool has_memory = weft_caller_memory(caller, &memory.of.memory);
    MUST(has_memory || !at);
    MUST(made.owner || (!made.instance.store && !made.instance.item && !has_memory));
    if (has_memory) keep(place, memory);
    else items[WEFT_MEMORY][below(POOL)] = (Item){0, memory};
    mades[below(POOL)] = made;
    for (const char *s = strchr(signature, ':') + 1; *s; s++) {
        const Item *f = some_item(WEFT_FUNC, stores[place].number);
        slots->u64 = byte();
        if (*s == 'r') slots->ref = below(2) ? &items : NULL;
        const Held *h = &helds[below(POOL)];
        bool mine = h->owner == stores[place].number;
        if (*s == 'a' && below(4)) slots->u64 = mine ? h->ref.handle : 0;
        if (*s == 'p') slots->ref = f->owner == stores[place].number ? f->item.of.func.item : NULL;
        slots += *s == 'v' ? 2 : 1;
    }
    const Item *tag = some_item(WEFT_TAG, stores[place].number);
    switch (below(9)) {
    case 3: return throw_something(place, caller, tag);
    case 0: return weft_trap(caller, "as the input says");
    case 1: return weft_exit(caller, (int)byte());
    case 2: return (weft_status)below(6);
    default: return WEFT_OK;
    }
}

// Of pointers that were handed in. It may not use the store, and freeing does nothing.
static void gone(void *env, void *pointer)
{
    uintptr_t first = (uintptr_t)items, at = (uintptr_t)pointer;
    MUST(at >= first && at < first + sizeof items);
    u32 place = (u32)(uintptr_t)env;
    if (below(16) == 0) weft_store_free(stores[place].store);
}

// What goes with the store.
static void forget_tasks(u32 owner)
{
    for (u32 i = 0; i < TASKS; i++)
        if (tasks[i].owner == owner) tasks[i].task = NULL;
}

static void free_store(u32 place)
{
    weft_store_free(stores[place].store);
    if (stores[place].running) return;
    stores[place].store = NULL;
    forget_tasks(stores[place].number);
}

static void add_func(weft_linker *l, const char *name, const char *signature)
{
    if (judge(weft_linker_func(l, "h", name, signature, host, (void *)signature, end, &diag),
              true) == WEFT_OK) begun++;
}

static void grant_wasi(weft_linker *l, weft_store *s)
{
    weft_wasi *wasi = weft_wasi_new(&diag);
    MUST(wasi && weft_wasi_arg(wasi, "fuzz", &diag) == WEFT_OK);
    weft_status status = weft_store_set_wasi(s, wasi, &diag);
    weft_linker_wasi(l);
    judge(status, true);
    if (status != WEFT_OK) {
        weft_wasi_free(wasi);
        return;
    }
    MUST(weft_wasi_env(wasi, "A", "b", &diag) == WEFT_OK); // it is the store's, and may be added to
    wasi = weft_wasi_new(&diag);
    MUST(weft_store_set_wasi(s, wasi, &diag) == WEFT_ERROR); // it has one
    weft_wasi_free(wasi);
}

// With the first item the linker is for its store alone, which may be gone.
static void define_item(u32 at, weft_linker *l, const char *name)
{
    const Item *item = &items[1 + below(5)][below(POOL)];
    bool own = item->owner && (!linkers[at].owner || item->owner == linkers[at].owner);
    weft_status status = weft_linker_define(l, below(2) ? "h" : "i", name, item->item, &diag);
    if (judge(status, own) == WEFT_OK) linkers[at].owner = item->owner;
}

static void define_instance(u32 at, weft_linker *l, u32 place)
{
    const Made *made = &mades[below(POOL)];
    u32 number = stores[place].number;
    weft_extern first;
    bool own = made->owner == number && (!linkers[at].owner || linkers[at].owner == number);
    weft_store *s = stores[place].store;
    weft_status status = weft_linker_instance(l, s, "i", made->instance, &diag);
    bool some = weft_instance_export_at(s, made->instance, 0, &first);
    if (judge(status, own) == WEFT_OK && some) linkers[at].owner = number;
}

static void link_something(u32 place)
{
    u32 at = below(LINKERS);
    weft_linker *l = linkers[at].linker;
    bool mine = l && linkers[at].owner == stores[place].number;
    if (!l || (!mine && below(4) == 0)) {
        weft_linker_free(l);
        linkers[at].linker = weft_linker_new(engine, &diag);
        linkers[at].owner = 0;
        return;
    }
    const char *signature = signatures[below(COUNT_OF(signatures))],
        *name = names[below(COUNT_OF(names))];
    switch (below(8)) {
    case 0: define_item(at, l, name); break;
    case 1: define_instance(at, l, place); break;
    case 2: grant_wasi(l, stores[place].store); break;
    case 3: judge(weft_linker_trap_unknown(l, modules[below(COUNT_OF(modules))], &diag), true);
        break;
    default: add_func(l, name, signature);
    }
}

static void instantiate(u32 place)
{
    u32 at = below(LINKERS);
    weft_linker *l = linkers[at].linker;
    bool own = !l || !linkers[at].owner || linkers[at].owner == stores[place].number;
    Made made = {.owner = stores[place].number};
    stores[place].running++;
    weft_status status = weft_instantiate(stores[place].store, modules[below(COUNT_OF(modules))],
                                          l, &made.instance, &diag);
    stores[place].running--;
    if (judge(status, own) != WEFT_OK) made.owner = 0;
    mades[below(POOL)] = made;
    MUST(status == WEFT_OK || (!made.instance.store && !made.instance.item));
}

static void look_up(u32 place)
{
    weft_extern item;
    const Made *made = &mades[below(POOL)];
    if (weft_instance_export(stores[place].store, made->instance, names[below(COUNT_OF(names))],
                             &item)) {
        MUST(made->owner == stores[place].number);
        keep(place, item);
    }
}

static void call(u32 place)
{
    weft_store *s = stores[place].store;
    const Item f = *some_item(WEFT_FUNC, stores[place].number);
    bool own = f.owner == stores[place].number;
    weft_item_type type = {0};
    weft_val args[SLOTS], results[SLOTS];
    MUST(weft_func_type(s, f.item.of.func, &type) == own);
    u32 wrong = below(16);
    for (u32 i = 0; i < type.param_count; i++)
        args[i] = value(wrong == i ? (weft_type)below(10) : weft_item_param(&type, i),
                        stores[place].number, &own);
    stores[place].running++;
    weft_status status = weft_call(s, f.item.of.func, args, type.param_count, results,
                                   type.result_count, &diag);
    stores[place].running--;
    for (u32 i = 0; status == WEFT_OK && i < type.result_count; i++)
        if (results[i].type == WEFT_REF)
            helds[below(POOL)] = (Held){stores[place].number, results[i].of.ref};
    // A value of a wrong type before a function of another store is what is told first.
    if (own || status == WEFT_OK) judge(status, own);
}

static void call_typed(u32 place)
{
    weft_store *s = stores[place].store;
    const Item *f = some_item(WEFT_FUNC, stores[place].number);
    Typed *t = &typeds[below(POOL)], fresh = {.owner = f->owner};
    if (below(2)) {
        weft_status status = weft_func_typed(s, f->item.of.func,
                                             signatures[below(COUNT_OF(signatures))], &fresh.typed,
                                                 &diag);
        if (judge(status, f->owner == stores[place].number) == WEFT_OK) *t = fresh;
        return;
    }
    weft_slot slots[SLOTS] = {{0}};
    bool own = t->owner == stores[place].number;
    stores[place].running++;
    weft_status status = weft_call_typed(s, t->typed, slots, &diag);
    stores[place].running--;
    judge(status, own);
}

static void use_memory(u32 place)
{
    weft_store *s = stores[place].store;
    const Item *m = some_item(WEFT_MEMORY, stores[place].number);
    weft_extern made = {.kind = WEFT_MEMORY};
    u8 bytes[256] = {0};
    u64 at = (u64)byte() << (byte() % 64), len = byte();
    bool own = m->owner == stores[place].number;
    u64 size = weft_memory_size(s, m->item.of.memory);
    bool inside = own && len <= size && at <= size - len;
    MUST(own || !size);
    // What is sealed, or of a file that was cut, is refused too.
    bool was_read = weft_memory_read(s, m->item.of.memory, at, bytes, len);
    bool written = weft_memory_write(s, m->item.of.memory, at, bytes, len);
    MUST(mapped ? inside || (!was_read && !written) : was_read == inside && written == inside);
    if (below(4) == 0) weft_memory_grow(s, m->item.of.memory, below(8));
    if (below(4) == 0 && judge(weft_memory_new(s, below(5), below(5), &made.of.memory, &diag),
                               true) == WEFT_OK) keep(place, made);
}

static void use_table(u32 place)
{
    weft_store *s = stores[place].store;
    const Item *t = some_item(WEFT_TABLE, stores[place].number);
    weft_extern made = {.kind = WEFT_TABLE};
    bool own = true, mine = t->owner == stores[place].number;
    weft_val v = value(below(2) ? WEFT_FUNCREF : WEFT_EXTERNREF, stores[place].number, &own), got;
    weft_status status;
    switch (below(4)) {
    case 0: judge(weft_table_get(s, t->item.of.table, below(12), &got, &diag), mine); return;
    case 1: status = weft_table_set(s, t->item.of.table, below(12), v, &diag); break;
    case 2: status = weft_table_grow(s, t->item.of.table, below(8), v, NULL, &diag); break;
    default:
        mine = true;
        status = weft_table_new(s, below(5), WEFT_NO_MAX, v, &made.of.table, &diag);
        if (status == WEFT_OK) keep(place, made);
    }
    MUST(status != WEFT_OK || (own && mine));
    MUST(mine || !strcmp(diag.name, "wrong_store"));
}

static void use_global(u32 place)
{
    weft_store *s = stores[place].store;
    const Item *g = some_item(WEFT_GLOBAL, stores[place].number);
    weft_extern made = {.kind = WEFT_GLOBAL};
    bool own = true, mine = g->owner == stores[place].number;
    weft_val v = value((weft_type)below(10), stores[place].number, &own), got;
    if (below(2)) {
        judge(weft_global_get(s, g->item.of.global, &got, &diag), mine);
        MUST(weft_global_set(s, g->item.of.global, v, &diag) != WEFT_OK || (own && mine));
    } else if (weft_global_new(s, v, below(2), &made.of.global, &diag) == WEFT_OK) {
        MUST(own);
        keep(place, made);
    }
}

static void use_refs(u32 place)
{
    weft_store *s = stores[place].store;
    Opened opened = {.owner = stores[place].number}, *o = &openeds[below(POOL)];
    Held *h = &helds[below(POOL)];
    bool mine = !h->ref.handle || h->owner == stores[place].number;
    switch (below(5)) {
    case 0: judge(weft_ref_keep(s, h->ref, &diag), mine); break;
    case 1: judge(weft_ref_release(s, h->ref, &diag), mine); break;
    case 2: // null is no store's, so no handle can be made of it
        if (h->ref.handle) h->ref.handle = (u64)byte() << 32 | byte();
        break;
    case 3: judge(weft_scope_close(s, o->scope, &diag), o->owner == stores[place].number); break;
    default:
        if (judge(weft_scope_open(s, &opened.scope, &diag), true) == WEFT_OK) *o = opened;
    }
}

// One that a module has, or made up.
static weft_deftype some_type(void)
{
    weft_deftype type;
    const weft_module *m = modules[below(COUNT_OF(modules))];
    if (!weft_module_type(m, below(12), &type)) weft_module_type(modules[0], 0, &type);
    if (below(8) == 0) type.id = (u32)byte() << (byte() % 32);
    return type;
}

static weft_valtype some_valtype(void)
{
    if (below(2)) return weft_reftype_of(some_type(), below(2));
    weft_valtype type = weft_reftype((weft_heap)below(18), below(2));
    type.type = (weft_type)below(12);
    return type;
}

static void hold(u32 place, weft_ref ref)
{
    helds[below(POOL)] = (Held){stores[place].number, ref};
}

static void make_object(u32 place)
{
    weft_store *s = stores[place].store;
    weft_deftype type = some_type();
    weft_val values[4];
    weft_ref ref;
    weft_status status;
    const Item *tag = some_item(WEFT_TAG, stores[place].number);
    u8 bytes[256] = {1, 2, 3};
    bool own = true;
    u32 count = below(5);
    for (u32 i = 0; i < count; i++)
        values[i] = value((weft_type)below(10), stores[place].number, &own);
    switch (below(6)) {
    case 0: status = weft_struct_new(s, type, values, count, &ref, &diag); break;
    case 1: status = weft_struct_new(s, type, NULL, 0, &ref, &diag); own = true; break;
    case 2: status = weft_array_new_values(s, type, values, count, &ref, &diag); break;
    case 3:
        status = weft_array_new_bytes(s, type, bytes, below(16), &ref, &diag);
        own = true;
        break;
    case 4: status = weft_i31_new(s, (s32)(byte() << 24), &ref, &diag); own = true; break;
    default:
        status = weft_exception_new(s, tag->item.of.tag, values, count, &ref, &diag);
        own &= tag->owner == stores[place].number;
    }
    if (own || status == WEFT_OK) judge(status, own);
    if (status == WEFT_OK) hold(place, ref);
}

static void use_object(u32 place)
{
    weft_store *s = stores[place].store;
    const Held *h = &helds[below(POOL)], *other = &helds[below(POOL)];
    bool mine = !h->ref.handle || h->owner == stores[place].number, own = true, yes;
    weft_val v = value((weft_type)below(10), stores[place].number, &own), got[4];
    weft_valtype type = some_valtype();
    u8 bytes[256];
    u32 at = byte(), count = below(5);
    size_t len = 0;
    weft_tag tag;
    weft_status status;
    switch (below(12)) {
    case 0:
        if (judge(weft_struct_get(s, h->ref, at % 4, got, &diag), mine) != WEFT_OK) break;
        if (got[0].type == WEFT_REF) hold(place, got[0].of.ref);
        break;
    case 1:
        status = weft_struct_set(s, h->ref, at % 4, v, &diag);
        if ((mine && own) || status == WEFT_OK) judge(status, mine && own);
        break;
    case 2: judge(weft_array_get(s, h->ref, at, MIN(count, 4), got, &diag), mine); break;
    case 3:
        status = weft_array_set(s, h->ref, at, 1, &v, &diag);
        if ((mine && own) || status == WEFT_OK) judge(status, mine && own);
        break;
    case 4: judge(weft_array_read(s, h->ref, at, below(16), bytes, &diag), mine); break;
    case 5:
        memset(bytes, 1, sizeof bytes);
        judge(weft_array_write(s, h->ref, at, below(16), bytes, &diag), mine);
        break;
    case 6:
        if (!weft_array_bytes(s, h->ref, &len, &diag)) judge(diag.status, mine);
        else MUST(mine && len <= 4096 * 16);
        break;
    case 7:
        if (judge(weft_ref_type(s, h->ref, &type, &diag), mine) == WEFT_OK)
            MUST(weft_ref_test(s, h->ref, &type, &yes, &diag) == WEFT_OK && yes);
        break;
    case 8:
        status = weft_ref_test(s, h->ref, &type, &yes, &diag);
        judge(status, mine || !strcmp(diag.name, "unknown_type"));
        break;
    case 9:
        status = weft_ref_eq(s, h->ref, other->ref, &yes, &diag);
        if (mine && (!other->ref.handle || other->owner == stores[place].number))
            judge(status, true);
        break;
    case 10:
        status = below(2) ? weft_extern_convert_any(s, v, got, &diag)
                          : weft_any_convert_extern(s, v, got, &diag);
        if (own || status == WEFT_OK) judge(status, own);
        if (status == WEFT_OK && got[0].type == WEFT_REF) hold(place, got[0].of.ref);
        break;
    default: judge(weft_exception_values(s, h->ref, &tag, got, 4, &len, &diag), mine); break;
    }
}

static void add_row(void *env, const weft_census_row *row)
{
    weft_def_info info;
    MUST(!row->type.types || weft_deftype_info(row->type, &info));
    MUST(!row->holder.types || weft_deftype_info(row->holder, &info));
    *(u64 *)env += row->objects;
}

static void count_objects(weft_store *s)
{
    weft_living living = weft_living_init();
    u64 objects = 0;
    judge(weft_store_living(s, &living, &diag), true);
    if (judge(weft_store_heap_census(s, add_row, &objects, &diag), true) == WEFT_OK)
        MUST(objects == living.objects);
}

static void look_at_types(u32 place)
{
    weft_store *s = stores[place].store;
    weft_valtype type = some_valtype(), other = some_valtype();
    weft_def_info info;
    weft_field field;
    char text[64];
    bool own = true;
    weft_val v = value((weft_type)below(10), stores[place].number, &own);
    weft_extern made = {.kind = WEFT_GLOBAL};
    weft_deftype def = some_type();
    MUST(weft_valtype_text(&type, text, sizeof text) || !*text);
    weft_valtype_matches(&type, &other);
    if (weft_deftype_info(def, &info))
        for (u32 i = 0; i < info.field_count; i++) MUST(weft_deftype_field(def, i, &field));
    if (weft_global_new_of(s, &type, v, below(2), &made.of.global, &diag) == WEFT_OK) {
        MUST(own);
        keep(place, made);
    }
    if (below(8) == 0) judge(weft_store_collect(s, &diag), true);
    if (below(8) == 0) count_objects(s);
}

static void use_store(u32 place)
{
    weft_store *s = stores[place].store;
    weft_frame frames[4];
    u64 fuel;
    weft_extern made = {.kind = WEFT_FUNC}, tag = {.kind = WEFT_TAG};
    weft_val values[4];
    size_t count;
    const char *signature = signatures[below(COUNT_OF(signatures))];
    switch (below(7)) {
    case 5:
        if (judge(weft_tag_new(s, signature, &tag.of.tag, &diag), true) == WEFT_OK)
            keep(place, tag);
        break;
    case 6:
        if (!weft_store_exception(s, &tag.of.tag, values, 4, &count)) break;
        keep(place, tag);
        for (size_t i = 0; i < MIN(count, 4); i++)
            if (values[i].type == WEFT_FUNCREF)
                keep(place, (weft_extern){.kind = WEFT_FUNC, .of = {.func = values[i].of.func}});
        break;
    case 0: judge(weft_store_set_fuel(s, byte() * (FUEL / 256), &diag), true); break;
    case 1: weft_store_stop(s, (weft_stop)below(5)); break;
    case 2: weft_store_stop(s, WEFT_STOP_NOT); break;
    case 3:
        MUST(weft_store_fuel(s, &fuel) && fuel <= MOST_FUEL);
        for (size_t i = MIN(4, weft_store_backtrace(s, frames, 4)); i-- > 0;) {
            MUST(frames[i].offset > 8);
            mades[below(POOL)] = (Made){stores[place].number, frames[i].instance};
        }
        break;
    default:
        if (judge(weft_func_new(s, signature, host, (void *)signature, end, &made.of.func, &diag),
                  true) != WEFT_OK) break;
        begun++;
        keep(place, made);
    }
}

// A module in pieces, whole or cut short, or something else altogether.
static void load(u32 place)
{
    const char *text = texts[below(COUNT_OF(texts))];
    size_t len = strlen(text), most = below(3) ? len : byte(), done = 0;
    weft_loader *loader = weft_loader_new(engine, &diag);
    MUST(loader);
    if (below(4) == 0) {
        u8 bytes[64];
        for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (u8)byte();
        judge(weft_loader_feed(loader, bytes, byte() % sizeof bytes, &diag), true);
    }
    while (done < MIN(most, len)) {
        size_t piece = 1 + below(200), left = MIN(most, len) - done;
        piece = MIN(piece, left);
        judge(weft_loader_feed(loader, text + done, piece, &diag), true);
        done += piece;
    }
    if (below(8) == 0) {
        weft_loader_free(loader);
        return;
    }
    weft_module *m = weft_loader_finish(loader, &diag);
    MUST(m || (diag.status == WEFT_ERROR && diag.name));
    weft_module_free(m);
}
