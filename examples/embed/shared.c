/* shared.c -- one memory that several stores have at once, each in a thread of its own. The guests
   wait until the host has put numbers there, and add up a part each.

       cc shared.c -lweft -lpthread -o shared */

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <weft_threads.h>

enum { GUESTS = 2, NUMBERS = 1000, GO = 0, AT = 1024 };

static const char text[] =
    "(module"
    "  (import \"host\" \"memory\" (memory 1 10 shared))"
    "  (export \"memory\" (memory 0))"
    "  (func (export \"sum\") (param $at i32) (param $end i32) (result i64) (local $sum i64)"
    "    (loop $wait" /* 0: nothing is there yet */
    "      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))"
    "      (br_if $wait (i32.eqz (i32.atomic.load (i32.const 0)))))"
    "    (loop $more"
    "      (local.set $sum (i64.add (local.get $sum) (i64.load32_u (local.get $at))))"
    "      (local.set $at (i32.add (local.get $at) (i32.const 4)))"
    "      (br_if $more (i32.lt_u (local.get $at) (local.get $end))))"
    "    (local.get $sum)))";

typedef struct {
    weft_store *store;
    weft_linker *linker;
    weft_instance instance;
    pthread_t thread;
    int number;
    int64_t sum;
    weft_status status;
    weft_diag diag;
} Guest;

/* A store, and in it the memory that stands for the shared one. */
static weft_status make(Guest *g, weft_engine *engine, weft_module *module,
                        weft_shared_memory *shared)
{
    weft_extern item;
    weft_status status;
    g->store = weft_store_new(engine, NULL, &g->diag);
    g->linker = g->store ? weft_linker_new(engine, &g->diag) : NULL;
    if (!g->linker) return WEFT_ERROR;
    item.kind = WEFT_MEMORY;
    status = weft_shared_memory_in(g->store, shared, &item.of.memory, &g->diag);
    if (status == WEFT_OK)
        status = weft_linker_define(g->linker, "host", "memory", item, &g->diag);
    if (status == WEFT_OK)
        status = weft_instantiate(g->store, module, g->linker, &g->instance, &g->diag);
    return status;
}

static void *run(void *env)
{
    Guest *g = (Guest *)env;
    weft_func func;
    weft_val args[2], sum;
    int part = NUMBERS / GUESTS * 4, at = AT + g->number * part;
    args[0] = weft_i32(at);
    args[1] = weft_i32(at + part);
    g->status = weft_instance_func(g->store, g->instance, "sum", &func, &g->diag);
    if (g->status == WEFT_OK) g->status = weft_call(g->store, func, args, 2, &sum, 1, &g->diag);
    if (g->status == WEFT_OK) g->sum = sum.of.i64;
    return NULL;
}

/* What an instance exports is the same memory: one more owner, until it lets go. */
static int same(const Guest *g, const weft_shared_memory *shared)
{
    weft_diag diag;
    weft_memory memory;
    weft_shared_memory *again;
    int ok;
    if (weft_instance_memory(g->store, g->instance, "memory", &memory, &diag) != WEFT_OK)
        return 0;
    again = weft_memory_shared(g->store, memory);
    ok = again && weft_shared_memory_size(again) == weft_shared_memory_size(shared);
    weft_shared_memory_free(again);
    return ok;
}

/* The bytes may be there before: here what the program has in pages of its own. */
static void over(weft_engine *engine)
{
    enum { PAGE = 65536 };
    static char room[2 * PAGE];
    weft_diag diag;
    weft_host_pages pages = weft_host_pages_init();
    weft_shared_memory *memory;
    pages.start = room + (PAGE - (uintptr_t)room % PAGE) % PAGE;
    pages.min = pages.max = 1;
    strcpy((char *)pages.start + AT, "written before");
    memory = weft_shared_memory_over(engine, &pages, &diag);
    if (memory) printf("%s\n", (const char *)weft_shared_memory_at(memory, AT, 20));
    weft_shared_memory_free(memory);
}

int main(void)
{
    static Guest guests[GUESTS];
    weft_diag diag;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_shared_memory *shared = module ? weft_shared_memory_new(engine, 1, 10, &diag) : NULL;
    uint8_t *numbers;
    int started = 0, i;
    int64_t sum = 0;
    if (!shared) {
        fprintf(stderr, "%s\n", diag.message);
        return 1;
    }
    for (; started < GUESTS; started++) {
        Guest *g = &guests[started];
        g->number = started;
        if (make(g, engine, module, shared) != WEFT_OK || !same(g, shared) ||
            pthread_create(&g->thread, NULL, run, g) != 0)
            break;
    }
    /* It stays where it is. What a guest reads is little endian. */
    numbers = (uint8_t *)weft_shared_memory_at(shared, AT, NUMBERS * 4);
    for (i = 0; numbers && i < NUMBERS; i++) {
        numbers[i * 4] = (uint8_t)i;
        numbers[i * 4 + 1] = (uint8_t)(i >> 8);
    }
    /* Written first, then told: who comes later finds it, and does not wait. */
    __atomic_store_n((uint32_t *)weft_shared_memory_at(shared, GO, 4), 1, __ATOMIC_SEQ_CST);
    weft_shared_memory_notify(shared, GO, UINT32_MAX);
    for (i = 0; i < started; i++) {
        pthread_join(guests[i].thread, NULL);
        if (guests[i].status != WEFT_OK) printf("%s\n", guests[i].diag.message);
        sum += guests[i].sum;
    }
    printf("%d guests, %ld\n", started, (long)sum);
    for (i = 0; i < GUESTS; i++) {
        weft_linker_free(guests[i].linker);
        weft_store_free(guests[i].store);
    }
    weft_shared_memory_free(shared);
    over(engine);
    weft_module_free(module);
    weft_engine_free(engine);
    return started == GUESTS ? 0 : 1;
}
