/* waits.c -- guests that wait for what may take a while, or never come: a host function that is
   asked again, one that fails while its task waits, a guest of WASI that sleeps, and a signal that
   is seen to while a guest works.

       cc waits.c -lweft -o waits */

#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <weft_task.h>

static const char text[] =
    "(module"
    "  (import \"host\" \"receive\" (func $receive (param i32) (result i32)))"
    "  (import \"host\" \"alarm\" (func $alarm))"
    "  (import \"wasi_snapshot_preview1\" \"poll_oneoff\""
    "    (func $poll (param i32 i32 i32 i32) (result i32)))"
    "  (memory (export \"memory\") 1)"
    "  (func (export \"ask\") (param i32) (result i32)"
    "    (i32.add (call $receive (local.get 0)) (call $receive (local.get 0))))"
    "  (func (export \"nap\") (param $ms i32) (result i32)"
    "    (i32.store (i32.const 16) (i32.const 1))" /* one clock, the monotonic one */
    "    (i64.store (i32.const 24)"
    "      (i64.mul (i64.extend_i32_u (local.get $ms)) (i64.const 1000000)))"
    "    (call $poll (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200)))"
    "  (func (export \"work\") (param $n i32) (result i32) (local $sum i32)"
    "    (loop $more"
    "      (if (i32.eq (local.get $n) (i32.const 500)) (then (call $alarm)))"
    "      (local.set $sum (i32.add (local.get $sum) (local.get $n)))"
    "      (local.set $n (i32.sub (local.get $n) (i32.const 1)))"
    "      (br_if $more (local.get $n)))"
    "    (local.get $sum)))";

static weft_diag diag;

/* What comes from outside. */
static int messages[2];

/* The task waits for a place of the above. When it is asked again, weft_caller_waited tells. */
static weft_status receive(void *env, weft_caller *caller, weft_slot *slots)
{
    int *message = (int *)weft_caller_waited(caller);
    (void)env;
    if (!message) printf("asked for %d for the first time\n", (int)slots[0].i32);
    if (!message) message = &messages[slots[0].i32 & 1];
    if (!*message) return weft_caller_wait(caller, message, NULL);
    slots[0].i32 = *message;
    *message = 0;
    return WEFT_OK;
}

static weft_task *start(weft_store *store, weft_instance guest, const char *name, int32_t number)
{
    weft_func func;
    weft_val arg = weft_i32(number);
    if (weft_instance_func(store, guest, name, &func, &diag) != WEFT_OK) return NULL;
    return weft_task_start(store, func, &arg, 1, &diag);
}

static int finish(weft_task *task, const char *name)
{
    weft_val result;
    weft_status status = weft_task_results(task, &result, 1, &diag);
    weft_task_free(task);
    if (status == WEFT_OK) printf("%s: %d\n", name, (int)result.of.i32);
    return status == WEFT_OK;
}

static int receiving(weft_store *store, weft_instance guest)
{
    int value, tries = 0;
    weft_task *task = start(store, guest, "ask", 1);
    weft_task *never = start(store, guest, "ask", 0);
    if (!task || !never) return 0;
    for (value = 5; weft_task_state_of(task) == WEFT_TASK_WAITS; tries++) {
        if (tries % 3 == 2) *(int *)weft_task_what(task) = value++;
        if (weft_task_retry(task, &diag) != WEFT_OK) return 0;
    }
    printf("%d tries\n", tries);
    if (weft_task_fail(never, "nobody is there", &diag) == WEFT_OK) return 0;
    printf("the other one: %s\n", diag.message);
    weft_task_free(never);
    return finish(task, "ask");
}

/* Here poll(2) for one; a server would have all its tasks' files and the soonest deadline. */
static int napping(weft_store *store, weft_instance guest)
{
    weft_wasi_wait wait;
    weft_wasi_file file;
    struct pollfd fd;
    weft_task *task = start(store, guest, "nap", 2);
    if (!task) return 0;
    while (weft_task_wasi(task, &wait, &file, 1)) {
        struct timespec now;
        int64_t ms = -1;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (wait.deadline != UINT64_MAX)
            ms = ((int64_t)wait.deadline - now.tv_sec * 1000000000LL - now.tv_nsec) / 1000000 + 1;
        if (wait.count) fd.fd = file.fd, fd.events = file.write ? POLLOUT : POLLIN;
        poll(&fd, wait.count ? 1 : 0, ms < 0 ? 0 : (int)ms);
        if (weft_task_retry(task, &diag) != WEFT_OK) return 0;
    }
    return finish(task, "nap");
}

/* A handler of signals may do little. It has the guest's thread look, once the guest is where
   nothing is half done. */
static weft_store *running;
static volatile sig_atomic_t rung;

static void on_signal(int number)
{
    (void)number;
    rung = 1;
    weft_store_stop(running, WEFT_STOP_ASK);
}

static void look(void *env)
{
    printf("%s: %s\n", (const char *)env, rung ? "the alarm" : "nothing");
    weft_store_stop(running, WEFT_STOP_PAUSED);
}

static weft_status alarm_fn(void *env, weft_caller *caller, weft_slot *slots)
{
    (void)env, (void)caller, (void)slots;
    raise(SIGUSR1); /* as if it had come from anywhere */
    return WEFT_OK;
}

static int working(weft_store *store, weft_instance guest)
{
    static char who[] = "while it works";
    weft_task *task;
    running = store;
    signal(SIGUSR1, on_signal);
    weft_store_set_asked(store, look, who);
    task = start(store, guest, "work", 1000);
    if (!task || weft_task_state_of(task) != WEFT_TASK_STOPPED) return 0;
    printf("%s\n", weft_task_stop(task));
    weft_store_stop(store, WEFT_STOP_NOT);
    if (weft_task_continue(task, &diag) != WEFT_OK) return 0;
    signal(SIGUSR1, SIG_DFL);
    return finish(task, "work");
}

int main(void)
{
    weft_instance guest;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_store *store = module ? weft_store_new(engine, NULL, &diag) : NULL;
    weft_linker *linker = store ? weft_linker_new(engine, &diag) : NULL;
    weft_wasi *wasi = linker ? weft_wasi_new(&diag) : NULL;
    int ok = wasi && !weft_store_set_wasi(store, wasi, &diag);
    if (ok) {
        weft_wasi_set_waits(wasi, true); /* so that poll_oneoff does not hold up this thread */
        weft_linker_wasi(linker);
    }
    ok = ok && !weft_linker_func(linker, "host", "receive", "i:i", receive, NULL, NULL, &diag) &&
         !weft_linker_func(linker, "host", "alarm", ":", alarm_fn, NULL, NULL, &diag) &&
         !weft_instantiate(store, module, linker, &guest, &diag) &&
         receiving(store, guest) && napping(store, guest) && working(store, guest);
    if (!ok) fprintf(stderr, "%s\n", diag.message);
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
