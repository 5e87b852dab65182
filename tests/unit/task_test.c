// task_test.c -- weft_task.h as an embedder uses it, and misuses it; in each tier.
// Hazards: R46.

#include "api/api.h"
#include "check.h"
#include "plat/clock.h"
#include "weft_snapshot.h"
#include "weft_task.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static weft_engine *engine;
static weft_store *store;
static weft_instance instance;
static weft_diag diag;
static weft_task *running; // what a host function is to free

static const char text[] =
    "(module"
    "  (import \"host\" \"ask\" (func $ask (param i32) (result i32)))"
    "  (import \"host\" \"keep\" (func $keep (param anyref) (result anyref)))"
    "  (import \"host\" \"back\" (func $back (param i32) (result i32)))"
    "  (import \"host\" \"drop\" (func $drop))"
    "  (import \"host\" \"poll\" (func $poll (param i32) (result i32)))"
    "  (import \"host\" \"mind\" (func $mind))"
    "  (func (export \"polls\") (param i32) (result i32)"
    "    (i32.add (call $poll (local.get 0)) (call $ask (i32.const 8))))"
    "  (type $box (struct (field (mut i32))))"
    "  (type $f (func (result i32))) (type $k (cont $f)) (tag $t (param i32) (result i32))"
    "  (type $f0 (func (param i32) (result i32))) (type $k0 (cont $f0))"
    "  (func $add (export \"add\") (param i32 i32) (result i32)"
    "    (i32.add (call $ask (local.get 0)) (call $ask (local.get 1))))"
    "  (func $deep (export \"deep\") (param i32) (result i32)"
    "    (if (result i32) (local.get 0)"
    "      (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))"
    "      (else (call $ask (i32.const 0)))))"
    "  (func (export \"tail\") (param i32) (result i32) (return_call $ask (local.get 0)))"
    "  (func (export \"boxes\") (param i32) (result i32) (local $b (ref null $box))"
    "    (local.set $b (struct.new $box (local.get 0)))"
    "    (i32.add (struct.get $box 0 (ref.cast (ref $box)"
    "               (call $keep (struct.new $box (i32.const 7)))))"
    "             (struct.get $box 0 (local.get $b))))"
    "  (func (export \"give\") (param i32) (result anyref)"
    "    (drop (call $ask (i32.const 0))) (struct.new $box (local.get 0)))"
    "  (func (export \"minds\") (param i32) (result i32)"
    "    (call $mind) (i32.add (call $ask (i32.const 2)) (call $poll (local.get 0))))"
    "  (func (export \"mind\") (result i32) (call $mind) (i32.const 7))"
    "  (func (export \"between\") (param i32) (result i32) (call $back (local.get 0)))"
    "  (func $in (result i32) (i32.add (call $ask (i32.const 5))"
    "                                  (suspend $t (call $ask (i32.const 6)))))"
    "  (elem declare func $in)"
    "  (func (export \"inside\") (param i32) (result i32) (local $r i32) (local $kk (ref null $k0))"
    "    (block $on (result i32 (ref $k0))"
    "      (return (resume $k (on $t $on) (cont.new $k (ref.func $in)))))"
    "    (local.set $kk) (local.set $r)"
    "    (resume $k0 (i32.add (local.get $r) (call $ask (local.get 0))) (local.get $kk)))"
    "  (func (export \"dropped\") (result i32) (call $drop) (call $ask (i32.const 1)))"
    "  (func (export \"loops\") (param i32) (result i32)"
    "    (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "    (i32.const 9)))";

// ---- The host

static weft_status ask(void *env, weft_caller *caller, weft_slot *slots)
{
    return weft_caller_wait(caller, (void *)(intptr_t)(slots[0].i32 + 1), NULL);
}
static weft_status keep(void *env, weft_caller *caller, weft_slot *slots)
{
    return weft_caller_wait(caller, &store, NULL);
}
// Not before it has been asked three times, and what it waits for is dropped then.
static u32 asked, dropped_count;
static void count_drop(void *what)
{
    CHECK(what == &asked);
    dropped_count++;
}
static weft_status poll(void *env, weft_caller *caller, weft_slot *slots)
{
    CHECK(weft_caller_waited(caller) == (asked ? &asked : NULL));
    if (++asked < 3) return weft_caller_wait(caller, &asked, count_drop);
    slots[0].i32 += 1000;
    return WEFT_OK;
}
// Says twice that it waits, and does not after all.
static u32 vain[2], vain_count;
static void count_vain(void *what)
{
    CHECK(what == &vain[0] || what == &vain[1]);
    vain_count++;
}
static weft_status changes_its_mind(void *env, weft_caller *caller, weft_slot *slots)
{
    CHECK(weft_caller_waited(caller) == NULL);
    weft_caller_wait(caller, &vain[0], count_vain);
    CHECK(weft_caller_wait(caller, &vain[1], count_vain) == WEFT_TRAP && vain_count == 1);
    return WEFT_OK;
}
static weft_func func(const char *name)
{
    weft_func f = {0, NULL};
    CHECK(weft_instance_func(store, instance, name, &f, &diag) == WEFT_OK);
    return f;
}
// Calls the guest, which wants to wait.
static weft_status back(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_val args[2] = {weft_i32(1), weft_i32(2)}, sum;
    weft_diag why;
    CHECK(!weft_task_start(store, func("add"), args, 2, &why));
    CHECK_STR(why.name, "is_running");
    return weft_call(store, func("add"), args, 2, &sum, 1, &diag);
}
static weft_status drop_running(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_task_free(running);
    return WEFT_OK;
}

// ---- What is looked at

static u64 parked(void)
{
    weft_limits used = weft_limits_init();
    CHECK(weft_store_usage(store, &used, &diag) == WEFT_OK);
    return used.continuation_bytes;
}

static weft_task *begin(const char *name, s32 a, s32 b, size_t count)
{
    weft_val args[2] = {weft_i32(a), weft_i32(b)};
    return weft_task_start(store, func(name), args, count, &diag);
}

static weft_status answer(weft_task *t, s32 value)
{
    weft_val v = weft_i32(value);
    return weft_task_resume(t, &v, 1, &diag);
}

static s32 end_of(weft_task *t)
{
    weft_val v = weft_i32(-1);
    CHECK(weft_task_state_of(t) == WEFT_TASK_ENDED);
    CHECK(weft_task_results(t, &v, 1, &diag) == WEFT_OK);
    weft_task_free(t);
    return v.of.i32;
}

static void waits(void)
{
    weft_task *t = begin("add", 10, 20, 2);
    if (!CHECK(t && weft_task_state_of(t) == WEFT_TASK_WAITS)) return;
    CHECK_EQ_U64((uintptr_t)weft_task_what(t), 11);
    CHECK(parked() > 0 && parked() < 400);
    // Meanwhile the store does whatever it does.
    weft_task *other = begin("tail", 3, 0, 1);
    CHECK_EQ_U64((uintptr_t)weft_task_what(other), 4);
    CHECK(answer(other, 33) == WEFT_OK);
    CHECK_EQ_U64((u32)end_of(other), 33);
    CHECK(answer(t, 100) == WEFT_OK);
    CHECK_EQ_U64((uintptr_t)weft_task_what(t), 21);
    CHECK(answer(t, 7) == WEFT_OK);
    CHECK(!weft_task_what(t) && !weft_task_stop(t));
    CHECK_EQ_U64((u32)end_of(t), 107);
    CHECK_EQ_U64(parked(), 0);
}

static void *answer_elsewhere(void *t)
{
    CHECK(answer(t, 5) == WEFT_OK);
    return NULL;
}

// Deep in the stack, from another thread; with frames that say where it stands.
static void deep(void)
{
    weft_frame frames[4];
    weft_task *t = begin("deep", 1000, 0, 1);
    CHECK_EQ_U64(weft_task_backtrace(t, frames, 4), 1001);
    CHECK(frames[0].func == 8 && frames[3].func == 8);
    pthread_t thread;
    CHECK(!pthread_create(&thread, NULL, answer_elsewhere, t) && !pthread_join(thread, NULL));
    CHECK_EQ_U64((u32)end_of(t), 1005);
}

static void inside_continuations(void)
{
    weft_task *t = begin("inside", 40, 0, 1);
    CHECK_EQ_U64((uintptr_t)weft_task_what(t), 6);
    CHECK(answer(t, 1) == WEFT_OK);
    CHECK_EQ_U64((uintptr_t)weft_task_what(t), 7);
    CHECK(answer(t, 2) == WEFT_OK);
    CHECK_EQ_U64((uintptr_t)weft_task_what(t), 41);
    CHECK(answer(t, 3) == WEFT_OK);
    CHECK_EQ_U64((u32)end_of(t), 6);
}

static void fails(void)
{
    weft_frame frames[2];
    weft_task *t = begin("add", 1, 2, 2);
    CHECK(weft_task_fail(t, "no such luck", &diag) == WEFT_TRAP);
    CHECK_STR(diag.name, "host");
    CHECK(strstr(diag.message, "no such luck") != NULL);
    CHECK(weft_store_backtrace(store, frames, 2) == 1 && frames[0].func == 7);
    CHECK(weft_task_state_of(t) == WEFT_TASK_FAILED && !weft_task_what(t));
    CHECK(answer(t, 1) == WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_state");
    weft_task_free(t);
    CHECK_EQ_U64(parked(), 0);
}

static bool take(void *env, const void *bytes, size_t len)
{
    *(size_t *)env += len;
    return bytes != NULL;
}

// One that waits is in no snapshot; once it is gone there is one.
static void written(void)
{
    size_t size = 0;
    const weft_snapshot_out out = weft_snapshot_out_init(take, &size);
    weft_task *t = begin("add", 1, 2, 2);
    CHECK(weft_snapshot_write(store, &out, &diag) == WEFT_ERROR && !size);
    CHECK_STR(diag.name, "cannot_snapshot");
    weft_task_free(t);
    CHECK(weft_snapshot_write(store, &out, &diag) == WEFT_OK && size);
}

static void dropped(void)
{
    weft_task *many[100];
    for (u32 i = 0; i < 100; i++) many[i] = begin("add", (s32)i, 0, 2);
    CHECK(parked() > 100 * 40);
    for (u32 i = 0; i < 100; i += 2) weft_task_free(many[i]);
    for (u32 i = 99; i < 100; i -= 2) weft_task_free(many[i]);
    CHECK_EQ_U64(parked(), 0);
    // Itself, while it runs.
    running = begin("dropped", 0, 0, 0);
    CHECK(running && weft_task_state_of(running) == WEFT_TASK_WAITS);
    weft_task *t = running;
    CHECK(answer(t, 1) == WEFT_OK);
    running = NULL;
    weft_task_free(t);
    weft_task_free(NULL);
}

static void misuse(void)
{
    weft_val args[2] = {weft_i32(1), weft_i32(2)}, sum, wrong = weft_i64(1);
    CHECK(weft_call(store, func("add"), args, 2, &sum, 1, &diag) == WEFT_TRAP);
    CHECK_STR(diag.name, "host");
    weft_task *t = begin("between", 0, 0, 1);
    CHECK(!t);
    CHECK_STR(diag.name, "host");
    CHECK(!begin("add", 0, 0, 1));
    CHECK_STR(diag.name, "wrong_count");
    t = begin("add", 1, 2, 2);
    CHECK(weft_task_resume(t, &wrong, 1, &diag) == WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_type");
    CHECK(weft_task_resume(t, &wrong, 0, &diag) == WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_count");
    CHECK(weft_task_continue(t, &diag) == WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_state");
    CHECK(weft_task_results(t, &sum, 1, &diag) == WEFT_ERROR);
    CHECK(weft_task_state_of(t) == WEFT_TASK_WAITS);
    CHECK(answer(t, 1) == WEFT_OK && answer(t, 2) == WEFT_OK);
    CHECK_EQ_U64((u32)end_of(t), 3);
}

// What a host function was given lives while it waits, and what it gives.
static void references(void)
{
    Store *s = store->s;
    s->gc_stress = true;
    weft_task *t = begin("boxes", 30, 0, 1), *other = begin("give", 77, 0, 1);
    weft_scope scope;
    CHECK(t && weft_task_what(t) == &store);
    CHECK(weft_scope_open(store, &scope, &diag) == WEFT_OK);
    CHECK(answer(other, 0) == WEFT_OK);
    CHECK(weft_scope_close(store, scope, &diag) == WEFT_OK);
    weft_val box = weft_i32(0);
    CHECK(weft_task_results(other, &box, 1, &diag) == WEFT_OK && box.type == WEFT_REF);
    CHECK(weft_store_collect(store, &diag) == WEFT_OK);
    CHECK(weft_task_resume(t, &box, 1, &diag) == WEFT_OK);
    CHECK_EQ_U64((u32)end_of(t), 107);
    weft_task_free(other);
    s->gc_stress = false;
}

static void stopped(void)
{
    weft_store_stop(store, WEFT_STOP_PAUSED);
    weft_task *t = begin("loops", 1000, 0, 1);
    CHECK(t && weft_task_state_of(t) == WEFT_TASK_STOPPED);
    CHECK_STR(weft_task_stop(t), "paused");
    CHECK(answer(t, 1) == WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_state");
    CHECK(weft_task_continue(t, &diag) == WEFT_OK && weft_task_state_of(t) == WEFT_TASK_STOPPED);
    weft_store_stop(store, WEFT_STOP_NOT);
    CHECK(weft_task_continue(t, &diag) == WEFT_OK);
    CHECK_EQ_U64((u32)end_of(t), 9);
}

static void again(void)
{
    asked = dropped_count = 0;
    weft_task *t = begin("polls", 5, 0, 1);
    CHECK(t && weft_task_what(t) == &asked && asked == 1);
    CHECK(weft_task_retry(t, &diag) == WEFT_OK);
    CHECK(weft_task_what(t) == &asked && asked == 2 && dropped_count == 0);
    CHECK(weft_task_retry(t, &diag) == WEFT_OK);
    CHECK(asked == 3 && dropped_count == 1);
    CHECK_EQ_U64((uintptr_t)weft_task_what(t), 9); // of another one, which was not called before
    CHECK(answer(t, 1) == WEFT_OK);
    CHECK_EQ_U64((u32)end_of(t), 1006);
    asked = dropped_count = 0;
    t = begin("polls", 5, 0, 1);
    weft_task_free(t);
    CHECK_EQ_U64(dropped_count, 1);
    t = (asked = 0, begin("polls", 5, 0, 1));
    CHECK(weft_task_fail(t, "no", &diag) == WEFT_TRAP && dropped_count == 2);
    CHECK_STR(diag.message, "host function failed: no");
    weft_task_free(t);
    CHECK_EQ_U64(dropped_count, 2);
}

// Nobody is told of what a host function was to wait for that did not.
static void in_vain(void)
{
    vain_count = asked = 0;
    weft_task *t = begin("minds", 5, 0, 1);
    CHECK_EQ_U64((uintptr_t)weft_task_what(t), 3);
    CHECK_EQ_U64(vain_count, 2);
    CHECK(answer(t, 1) == WEFT_OK && weft_task_what(t) == &asked);
    weft_task_free(t);
    CHECK_EQ_U64(vain_count, 2);
    vain_count = 0;
    t = begin("mind", 0, 0, 0);
    CHECK_EQ_U64(vain_count, 2); // at its end, not when it is freed
    CHECK_EQ_U64((u64)end_of(t), 7);
}

static void limits(void)
{
    Account *a = &store->s->accounts[STORE_continuation_bytes];
    size_t limit = a->limit;
    a->limit = account_used(a) + 300;
    weft_task *first = begin("add", 1, 2, 2), *second = begin("add", 1, 2, 2);
    CHECK(first && !second);
    CHECK_STR(diag.name, "out_of_memory");
    CHECK(strstr(diag.message, "continuation_bytes") != NULL);
    weft_task_free(first);
    a->limit = limit;
    CHECK_EQ_U64(parked(), 0);
}

// ---- What WASI waits for

static const char reads[] =
    "(module"
    "  (import \"wasi_snapshot_preview1\" \"fd_read\""
    "    (func $read (param i32 i32 i32 i32) (result i32)))"
    "  (import \"wasi_snapshot_preview1\" \"poll_oneoff\""
    "    (func $poll (param i32 i32 i32 i32) (result i32)))"
    "  (import \"wasi_snapshot_preview1\" \"fd_close\""
    "    (func $close (param i32) (result i32)))"
    "  (memory (export \"memory\") 1)"
    "  (func (export \"close\") (result i32) (call $close (i32.const 0)))"
    "  (data (i32.const 8) \"\\40\\00\\00\\00\\10\")" // 16 bytes to 64
    // The monotonic clock; and descriptor 0.
    "  (data (i32.const 200) \"\\01\") (data (i32.const 216) \"\\01\")"
    "  (data (i32.const 248) \"\\02\") (data (i32.const 256) \"\\01\")"
    "  (func (export \"read\") (result i32)"
    "    (if (call $read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 16))"
    "      (then (return (i32.const -1))))"
    "    (i32.add (i32.load8_u (i32.const 64))"
    "             (i32.mul (i32.load (i32.const 16)) (i32.const 1000))))"
    "  (func (export \"poll\") (param $ns i64) (param $count i32) (result i32)"
    "    (i64.store (i32.const 224) (local.get $ns))"
    "    (if (call $poll (i32.const 200) (i32.const 400) (local.get $count) (i32.const 500))"
    "      (then (return (i32.const -1))))"
    // How many events there are, and of which subscription the first is.
    "    (i32.add (i32.mul (i32.load (i32.const 500)) (i32.const 10))"
    "             (i32.load (i32.const 400)))))";

// Units that it takes to read what is there at the last of so many looks.
static u64 fuel_for(u32 looks)
{
    enum { MUCH = 1000000 };
    int ends[2];
    weft_limits limits = weft_limits_init();
    limits.fuel = MUCH;
    u64 left = 0;
    weft_store *before = store;
    weft_instance own = instance;
    weft_wasi *wasi = weft_wasi_new(&diag);
    weft_module *module = weft_module_new(engine, reads, sizeof reads - 1, &diag);
    store = weft_store_new(engine, &limits, &diag);
    weft_linker *linker = weft_linker_new(engine, &diag);
    weft_wasi_set_waits(wasi, true);
    CHECK(pipe(ends) == 0 && weft_wasi_stdio(wasi, ends[0], -1, -1, &diag) == WEFT_OK);
    CHECK(weft_store_set_wasi(store, wasi, &diag) == WEFT_OK);
    weft_linker_wasi(linker);
    CHECK(weft_instantiate(store, module, linker, &instance, &diag) == WEFT_OK);
    weft_task *t = weft_task_start(store, func("read"), NULL, 0, &diag);
    for (u32 i = 1; i < looks; i++) CHECK(weft_task_retry(t, &diag) == WEFT_OK);
    CHECK(write(ends[1], "abc", 3) == 3 && weft_task_retry(t, &diag) == WEFT_OK);
    CHECK_EQ_U64((u32)end_of(t), 3000 + 'a');
    CHECK(weft_store_fuel(store, &left));
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    close(ends[0]);
    close(ends[1]);
    store = before;
    instance = own;
    return MUCH - left;
}

static void waits_for_wasi(void)
{
    int ends[2];
    weft_wasi_file files[2] = {{-1, true}, {-1, true}};
    weft_wasi_wait wait;
    if (!CHECK(pipe(ends) == 0)) return;
    weft_wasi *wasi = weft_wasi_new(&diag);
    weft_wasi_set_waits(wasi, true);
    CHECK(weft_wasi_stdio(wasi, ends[0], -1, -1, &diag) == WEFT_OK);
    weft_linker *linker = weft_linker_new(engine, &diag);
    CHECK(weft_store_set_wasi(store, wasi, &diag) == WEFT_OK);
    weft_linker_wasi(linker);
    weft_module *module = weft_module_new(engine, reads, sizeof reads - 1, &diag);
    weft_instance before = instance;
    if (!CHECK(module != NULL)) printf("%s\n", diag.message);
    else if (CHECK(weft_instantiate(store, module, linker, &instance, &diag) == WEFT_OK)) {
        weft_task *t = weft_task_start(store, func("read"), NULL, 0, &diag);
        CHECK(t && weft_task_wasi(t, &wait, files, 2));
        CHECK(wait.deadline == UINT64_MAX && wait.count == 1);
        CHECK(files[0].fd == ends[0] && !files[0].write);
        CHECK(weft_task_retry(t, &diag) == WEFT_OK); // too early
        CHECK(weft_task_state_of(t) == WEFT_TASK_WAITS && weft_task_wasi(t, &wait, NULL, 0));
        CHECK(write(ends[1], "abc", 3) == 3);
        CHECK(weft_task_retry(t, &diag) == WEFT_OK);
        CHECK(!weft_task_wasi(t, &wait, NULL, 0));
        CHECK_EQ_U64((u32)end_of(t), 3000 + 'a');
        // A clock goes on where it began, however often it is asked.
        weft_val args[2] = {weft_i64(50 * 1000 * 1000), weft_i32(1)}, sum;
        t = weft_task_start(store, func("poll"), args, 2, &diag);
        CHECK(t && weft_task_wasi(t, &wait, files, 2) && wait.count == 0);
        u64 deadline = wait.deadline, now = plat_clock_now(CLOCK_monotonic);
        CHECK(deadline > now && deadline <= now + 50 * 1000 * 1000);
        while (weft_task_state_of(t) == WEFT_TASK_WAITS && weft_task_wasi(t, &wait, files, 2)) {
            CHECK(wait.deadline <= deadline + 1000 * 1000);
            CHECK(weft_task_retry(t, &diag) == WEFT_OK);
        }
        CHECK(plat_clock_now(CLOCK_monotonic) >= deadline - 1000 * 1000);
        CHECK_EQ_U64((u32)end_of(t), 11);
        // Both; and one that is freed while it waits.
        args[1] = weft_i32(2);
        t = weft_task_start(store, func("poll"), args, 2, &diag);
        CHECK(t && weft_task_wasi(t, &wait, files, 2) && wait.count == 1);
        CHECK(wait.deadline != UINT64_MAX && files[0].fd == ends[0]);
        CHECK(write(ends[1], "d", 1) == 1 && weft_task_retry(t, &diag) == WEFT_OK);
        CHECK_EQ_U64((u32)end_of(t), 12);
        CHECK(read(ends[0], files, 1) == 1);
        t = weft_task_start(store, func("poll"), args, 2, &diag);
        CHECK(t && weft_task_state_of(t) == WEFT_TASK_WAITS);
        weft_task_free(t);
        // It has what it began with, whatever is closed meanwhile.
        args[0] = weft_i64(INT64_MAX);
        weft_task *one = weft_task_start(store, func("read"), NULL, 0, &diag);
        t = weft_task_start(store, func("poll"), args, 2, &diag);
        CHECK(weft_call(store, func("close"), NULL, 0, &sum, 1, &diag) == WEFT_OK);
        CHECK_EQ_U64((u32)sum.of.i32, 0);
        CHECK(weft_task_retry(t, &diag) == WEFT_OK && weft_task_retry(one, &diag) == WEFT_OK);
        CHECK(weft_task_wasi(t, &wait, files, 2) && weft_task_wasi(one, &wait, files, 2));
        CHECK(write(ends[1], "ef", 2) == 2 && weft_task_retry(t, &diag) == WEFT_OK);
        CHECK_EQ_U64((u32)end_of(t), 12);
        CHECK(weft_task_retry(one, &diag) == WEFT_OK);
        CHECK_EQ_U64((u32)end_of(one), 2000 + 'e');
        args[0] = weft_i64(1000 * 1000);
        args[1] = weft_i32(1);
        // In a call that is no task it waits here.
        CHECK(weft_call(store, func("poll"), args, 2, &sum, 1, &diag) == WEFT_OK);
        CHECK_EQ_U64((u32)sum.of.i32, 11);
    }
    instance = before;
    weft_linker_free(linker);
    weft_module_free(module);
    close(ends[0]);
    close(ends[1]);
}

static void all(weft_tier tier)
{
    engine = weft_engine_new("all", &diag);
    weft_engine_set_tier(engine, tier);
    weft_engine_set_beside(engine, 0);
    weft_module *module = weft_module_new(engine, text, sizeof text - 1, &diag);
    if (!CHECK(module != NULL)) {
        printf("%s\n", diag.message);
        return;
    }
    store = weft_store_new(engine, NULL, &diag);
    weft_linker *linker = weft_linker_new(engine, &diag);
    static const struct { const char *name, *signature; weft_host_fn *fn; } hosts[] = {
        {"ask", "i:i", ask}, {"keep", "a:a", keep}, {"back", "i:i", back},
        {"drop", ":", drop_running}, {"poll", "i:i", poll}, {"mind", ":", changes_its_mind}};
    for (u32 i = 0; i < COUNT_OF(hosts); i++) {
        weft_func f;
        CHECK(weft_func_new(store, hosts[i].signature, hosts[i].fn, NULL, NULL, &f, &diag) == WEFT_OK);
        weft_extern item = {.kind = WEFT_FUNC, .of = {.func = f}};
        CHECK(weft_linker_define(linker, "host", hosts[i].name, item, &diag) == WEFT_OK);
    }
    CHECK(weft_instantiate(store, module, linker, &instance, &diag) == WEFT_OK);
    waits();
    deep();
    inside_continuations();
    fails();
    written();
    dropped();
    misuse();
    references();
    stopped();
    again();
    in_vain();
    CHECK_EQ_U64(fuel_for(1), fuel_for(20));
    waits_for_wasi();
    limits();
    begin("add", 1, 2, 2); // goes with its store
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
}

int main(void)
{
    all(WEFT_TIER_INTERP);
    all(WEFT_TIER_BASELINE);
    return check_report();
}
