// snapshot.c -- what it costs to write a guest that has touched 16 MiB as bytes, to have it again
// from these, and to fork it. Through weft.h and weft_snapshot.h alone. Prints a line for each
// figure: what, the least, median, unit. Times are by the clock.
#include "clock.h"
#include "weft_snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 21 };

// Fills its memory, and then goes round until it is stopped.
static const char text[] =
    "(module (memory (export \"memory\") 512)"
    "  (func (export \"poke\") (param i32) (i32.store (local.get 0) (i32.const 1)))"
    "  (func (export \"run\") (local $a i32)"
    "    (loop $l (i64.store (local.get $a) (i64.const 0x0123456789abcdef))"
    "      (br_if $l (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 8)))"
    "        (i32.const 16777216))))"
    "    (loop $on (br $on))))";

static weft_engine *engine;
static weft_module *module;
static weft_diag diag;

static void need(bool good)
{
    if (good) return;
    fprintf(stderr, "snapshot: %s\n", diag.message);
    exit(1);
}

static void tell(const char *what, double *times)
{
    order(times, TIMES);
    printf("%s\t%.0f\t%.0f\tus\n", what, times[0] / 1e3, times[TIMES / 2] / 1e3);
}

static weft_store *new_store(void)
{
    weft_limits limits = weft_limits_init();
    limits.fuel = 20000000; // it has filled its memory by then
    weft_store *store = weft_store_new(engine, &limits, &diag);
    need(store != NULL);
    return store;
}

static weft_store *stopped(weft_instance *instance)
{
    weft_store *store = new_store();
    weft_func run;
    need(!weft_instantiate(store, module, NULL, instance, &diag));
    need(!weft_instance_func(store, *instance, "run", &run, &diag));
    need(weft_call(store, run, NULL, 0, NULL, 0, &diag) == WEFT_TRAP);
    need(!weft_store_set_fuel(store, 1000, &diag));
    weft_store_stop(store, WEFT_STOP_PAUSED);
    need(weft_continue(store, NULL, 0, &diag) == WEFT_TRAP && !strcmp(diag.name, "paused"));
    weft_store_stop(store, WEFT_STOP_NOT);
    return store;
}

static char *bytes;
static size_t used, room;

static bool keep(void *env, const void *from, size_t len)
{
    (void)env;
    if (len > room - used) {
        room = 2 * room + len;
        bytes = realloc(bytes, room);
        if (!bytes) return false;
    }
    memcpy(bytes + used, from, len);
    used += len;
    return true;
}

static void snapshots(void)
{
    static double written[TIMES], read[TIMES];
    const weft_snapshot_out out = weft_snapshot_out_init(keep, NULL);
    weft_instance instance;
    weft_store *store = stopped(&instance);
    for (int i = 0; i < TIMES; i++) {
        used = 0;
        double begin = now();
        need(!weft_snapshot_write(store, &out, &diag));
        written[i] = now() - begin;
        begin = now();
        weft_store *other = new_store();
        need(!weft_snapshot_read(other, NULL, bytes, used, NULL, &diag));
        read[i] = now() - begin;
        weft_store_free(other);
    }
    weft_store_free(store);
    free(bytes);
    tell("snapshot of 16 MiB, written", written);
    tell("the same, read", read);
}

// The first one has pages of which nothing was shared yet; before later ones some are written.
static void forks(bool prepared, const char *first_what, const char *later_what)
{
    static double first[TIMES], later[TIMES];
    weft_engine_set_forks(engine, prepared);
    for (int i = 0; i < TIMES; i++) {
        weft_instance instance;
        weft_memory memory;
        weft_store *store = stopped(&instance);
        need(!weft_instance_memory(store, instance, "memory", &memory, &diag));
        for (int again = 0; again < 2; again++) {
            double begin = now();
            weft_store *other = new_store();
            need(!weft_store_fork(store, other, NULL, NULL, &diag));
            (again ? later : first)[i] = now() - begin;
            weft_store_free(other);
            for (unsigned page = 0; page < 16; page++)
                need(weft_memory_write(store, memory, page * 65536, "1", 1));
        }
        weft_store_free(store);
    }
    tell(first_what, first);
    tell(later_what, later);
}

int main(void)
{
    engine = weft_engine_new(NULL, &diag);
    need(engine != NULL);
    need((module = weft_module_new(engine, text, sizeof text - 1, &diag)) != NULL);
    snapshots();
    forks(true, "fork of 16 MiB, the first, prepared for", "a later one, 16 pages written");
    forks(false, "fork of 16 MiB, the first, not prepared", "a later one, 16 pages written");
    weft_module_free(module);
    weft_engine_free(engine);
    return 0;
}
