// api.c -- calls of weft.h, and of the headers beside it, in any order: the input says which, on
// what (calls.h, stores.h). Items are used with any store that is alive, also when their own is
// gone or given back, and also those that a function wrote which answered no; linkers are used when
// their store is gone; stores are made, taken from pools, forked and read where another one was;
// host functions go on reading the input, so that calls nest. What must hold: an item of another
// store is refused as such and one of the store's own never is; a failure says why; a fork's
// memories are as those that it was made of; nothing leaks. At the end it says how many operations
// all inputs had together.
// Hazards: R18, R27.

#include "stores.h"

// What an input calls: so many of operate's, from there on. Few go deeper than all.
static u32 first, some;
static u64 operations; // each makes a call, or some; a few make none, where there is nothing yet

// A store comes with something in it, or most inputs would not get far.
static void make_store(u32 place)
{
    settle_in(place, weft_store_new(engine, &limits, &diag));
    weft_linker *l = fresh_linker(place);
    // With one instance it can be a template; with none it can take one of a template with objects.
    u32 count = below(4);
    if (count == 3) count = 2;
    for (u32 i = 0; i < count; i++) {
        weft_extern item;
        Made made = {.owner = newest};
        weft_module *m = modules[count == 1 ? below(2) : i];
        MUST(weft_instantiate(stores[place].store, m, l, &made.instance, &diag) == WEFT_OK);
        mades[place * 2 + i] = made;
        for (u32 n = 0; weft_instance_export_at(stores[place].store, made.instance, n, &item); n++)
            keep(place, item);
    }
}

static void operate(void)
{
    static void (*const what[])(u32) = {
        free_store, link_something, link_something, instantiate, instantiate, look_up, look_up,
        call, call, call_typed, use_memory, use_table, use_global, use_refs, make_object,
        make_object, use_object, use_object, use_object, look_at_types, use_store, use_store, load,
        use_template, use_template, use_template, use_pool, use_pool, take, take, give,
        use_snapshots, use_snapshots, use_snapshots, use_task, use_task, use_task, use_map,
        use_map, link_in_full, instantiate_items, make_items,
    };
    u32 place = below(WORLDS);
    operations++;
    if (!stores[place].store) {
        take(place);
        if (!stores[place].store) make_store(place);
        return;
    }
    what[(first + below(some)) % COUNT_OF(what)](place);
}

static void say_operations(void)
{
    fprintf(stderr, "%llu operations\n", (unsigned long long)operations);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);

// With pages that may be mapped and shared, or none of it.
static void begin(void)
{
    u32 how = byte();
    first = byte();
    some = 1 + byte();
    engine = weft_engine_new(how & 1 ? "all" : NULL, &diag);
    MUST(engine);
    if (how & 2) judge(weft_engine_set_faults(engine, true, &diag), true);
    weft_engine_set_forks(engine, how & 4);
    if (how % 64 == 63) weft_engine_set_tier(engine, WEFT_TIER_BASELINE);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        MUST(modules[i] = weft_module_new(engine, texts[i], strlen(texts[i]), &diag));
    for (u32 i = 0; i < 2 && how & 8; i++) {
        MUST(templates[i] = weft_template_new(modules[i], fresh_linker(i), NULL, &diag));
        make_pool(&pools[i], templates[i]);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv) { return atexit(say_operations); }

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    input = data;
    input_end = data + size;
    newest = 0;
    ended = begun = 0;
    mapped = false;
    memset(items, 0, sizeof items);
    memset(typeds, 0, sizeof typeds);
    memset(mades, 0, sizeof mades);
    memset(helds, 0, sizeof helds);
    memset(openeds, 0, sizeof openeds);
    // What is not filled yet is an item of no store, and no kind.
    begin();
    while (input < input_end) operate();
    weft_engine_free(engine); // first: stores and modules keep it
    for (size_t i = 0; i < COUNT_OF(texts); i++) weft_module_free(modules[i]);
    bool backwards = size % 2; // what is made of templates and pools is there longer than these
    if (backwards) free_what_makes_stores();
    for (u32 i = 0; i < WORLDS; i++) {
        weft_store_free(stores[i].store);
        stores[i].store = NULL;
    }
    for (u32 i = 0; i < LINKERS; i++) {
        weft_linker_free(linkers[i].linker);
        linkers[i].linker = NULL;
    }
    for (u32 i = 0; i < TASKS; i++) tasks[i].task = NULL;
    free_what_makes_stores();
    MUST(ended == begun);
    return 0;
}
