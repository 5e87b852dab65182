/* snapshot.c -- a guest that is stopped in the middle of its work, written as bytes, and goes on
   from these in another engine. There it is interpreted, while it was compiled here; it could as
   well be another process, next week, on another kind of machine.

       cc snapshot.c -lweft -o snapshot */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <weft.h>
#include <weft_snapshot.h>

/* Counts primes, and asks now and then whether it is time to go. */
static const char text[] =
    "(module"
    "  (import \"host\" \"found\" (func $found (param i32)))"
    "  (func $is_prime (param $n i32) (result i32) (local $d i32)"
    "    (local.set $d (i32.const 2))"
    "    (loop $on"
    "      (if (i32.gt_u (i32.mul (local.get $d) (local.get $d)) (local.get $n))"
    "        (then (return (i32.const 1))))"
    "      (if (i32.eqz (i32.rem_u (local.get $n) (local.get $d)))"
    "        (then (return (i32.const 0))))"
    "      (local.set $d (i32.add (local.get $d) (i32.const 1)))"
    "      (br $on))"
    "    (unreachable))"
    "  (func (export \"count\") (param $below i32) (result i32) (local $n i32) (local $count i32)"
    "    (local.set $n (i32.const 2))"
    "    (loop $next"
    "      (if (call $is_prime (local.get $n)) (then"
    "        (local.set $count (i32.add (local.get $count) (i32.const 1)))"
    "        (call $found (local.get $n))))"
    "      (local.set $n (i32.add (local.get $n) (i32.const 1)))"
    "      (br_if $next (i32.lt_u (local.get $n) (local.get $below))))"
    "    (local.get $count)))";

/* What was written. */
static char *bytes;
static size_t used, room;

static bool keep(void *env, const void *from, size_t len)
{
    (void)env;
    if (len > room - used) {
        char *more = (char *)realloc(bytes, 2 * room + len);
        if (!more) return false;
        bytes = more;
        room = 2 * room + len;
    }
    memcpy(bytes + used, from, len);
    used += len;
    return true;
}

/* Here somebody wants the machine for something else, right after 5003 was found. */
static weft_status found(void *env, weft_caller *caller, weft_slot *slots)
{
    (void)env;
    if (slots[0].i32 == 5003) weft_store_stop(weft_caller_store(caller), WEFT_STOP_PAUSED);
    return WEFT_OK;
}

/* A store of an engine, and what its guests import: the same for whoever begins and goes on. */
typedef struct {
    weft_engine *engine;
    weft_store *store;
    weft_linker *linker;
} World;

static bool open_world(World *w, weft_tier tier, weft_diag *diag)
{
    w->engine = weft_engine_new(NULL, diag);
    if (w->engine) weft_engine_set_tier(w->engine, tier);
    w->store = w->engine ? weft_store_new(w->engine, NULL, diag) : NULL;
    w->linker = w->store ? weft_linker_new(w->engine, diag) : NULL;
    return w->linker &&
           !weft_linker_func(w->linker, "host", "found", "i:", found, NULL, NULL, diag);
}

static void close_world(World *w)
{
    weft_linker_free(w->linker);
    weft_store_free(w->store);
    weft_engine_free(w->engine);
}

/* It ends in the trap "paused". */
static bool begin(World *w, weft_diag *diag)
{
    weft_instance instance;
    weft_func count;
    weft_val below = weft_i32(10000), primes;
    weft_snapshot_out out = weft_snapshot_out_init(keep, NULL);
    weft_module *module = weft_module_new(w->engine, text, sizeof text - 1, diag);
    bool good = module && !weft_instantiate(w->store, module, w->linker, &instance, diag) &&
                !weft_instance_func(w->store, instance, "count", &count, diag);
    weft_module_free(module);
    if (!good || weft_call(w->store, count, &below, 1, &primes, 1, diag) != WEFT_TRAP ||
        strcmp(diag->name, "paused"))
        return false;
    return !weft_snapshot_write(w->store, &out, diag);
}

static bool go_on(World *w, weft_diag *diag)
{
    weft_val primes;
    weft_snapshot_info info; /* what the store must be like */
    info.size = sizeof info;
    if (weft_snapshot_look(bytes, used, &info, diag)) return false;
    printf("fuel was %s\n", info.fueled ? "counted" : "not counted");
    if (weft_snapshot_read(w->store, w->linker, bytes, used, NULL, diag) ||
        weft_continue(w->store, &primes, 1, diag))
        return false;
    printf("%d primes below 10000\n", (int)primes.of.i32);
    return true;
}

int main(void)
{
    static World here, there;
    weft_diag diag;
    bool good = open_world(&here, WEFT_TIER_BASELINE, &diag) && begin(&here, &diag);
    if (good) printf("written: %s\n", used < 4096 ? "less than 4096 bytes" : "more than that");
    close_world(&here); /* nothing is left of it but the bytes */
    good = good && open_world(&there, WEFT_TIER_INTERP, &diag) && go_on(&there, &diag);
    if (!good) fprintf(stderr, "%s\n", diag.message);
    close_world(&there); /* which may never have been opened: freeing NULL is fine */
    free(bytes);
    return good ? 0 : 1;
}
