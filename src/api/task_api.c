// task_api.c -- calls that wait. A task that does not run has its part of the stack in a block
// (run/park.h), which is on the store's list, where the collector finds it.

#include "run/park.h"
#include "weft_snapshot.h"

#include "api/api.h"
#include "run/call.h"
#include "run/frame.h"
#include "run/park.h"
#include "wasi/wasi.h"

#include <stdlib.h>
#include <string.h>

struct weft_task {
    weft_store *store;
    weft_task *next;     // of the store's, and
    weft_task **link;    // what points here
    Parked *parked;      // NULL: it runs, or is over
    weft_task_state state;
    bool dropped;        // while it runs
    SetAside waiting;
    Func *func;          // that was called
    const Type *types;   // of its results, with that
    u32 result_count;
    weft_val results[];  // once it has ended
};

weft_status weft_caller_wait(weft_caller *caller, void *what, void (*drop)(void *what))
{
    weft_store *ws = caller->store;
    Exec *x = &ws->s->exec;
    if (!exec_may_wait(x))
        return weft_trap(caller, "a call that is no task, or has the host between, cannot wait");
    exec_settle(x);
    ws->failure = exec_wait_for(x, what, drop);
    return WEFT_TRAP;
}

void *weft_caller_waited(const weft_caller *caller)
{
    const Exec *x = &caller->store->s->exec;
    return exec_may_wait(x) ? x->waiting->before.what : NULL;
}

static void drop(weft_task *t)
{
    weft_store *ws = t->store;
    *t->link = t->next;
    if (t->next) t->next->link = t->link;
    if (t->parked) exec_drop_parked(&ws->s->exec, t->parked);
    exec_drop_wait(&t->waiting.now, NULL);
    for (u32 i = 0; t->state == WEFT_TASK_ENDED && i < t->result_count; i++)
        if (t->results[i].type == WEFT_REF) weft_ref_release(ws, t->results[i].of.ref, NULL);
    free(t);
}

void tasks_let_go(weft_store *ws)
{
    for (weft_task *t = ws->tasks, *next; t; t = next) {
        next = t->next;
        exec_drop_wait(&t->waiting.now, NULL);
        free(t);
    }
    ws->tasks = NULL;
}

// They are held until the task is freed, whatever scope is open.
static weft_status take_results(weft_task *t, const u64 *slots, weft_diag *diag)
{
    weft_store *ws = t->store;
    Scope *scope = ws->handles.scope;
    ws->handles.scope = NULL;
    weft_status status = api_values_out(ws, t->types, t->result_count, slots, t->results, diag);
    ws->handles.scope = scope;
    if (status == WEFT_OK) t->state = WEFT_TASK_ENDED;
    return status;
}

// Behind what ran, which has left its results in `slots`. Who is told of values that ended may free
// the task.
static weft_status settle(weft_task *t, Trap trap, const u64 *slots, weft_diag *diag)
{
    weft_store *ws = t->store;
    Exec *x = &ws->s->exec;
    x->waiting = NULL;
    if (!exec_waits(x)) exec_drop_wait(&t->waiting.now, NULL);
    if (exec_waits(x) || exec_may_continue(x)) {
        t->state = exec_waits(x) ? WEFT_TASK_WAITS : WEFT_TASK_STOPPED;
        t->parked = exec_park(x);
        if (t->parked) {
            api_finalize(ws);
            return WEFT_OK;
        }
        x->resumable = false;
        trap = exec_end(x, exec_short(x, "to set a task aside"));
    }
    t->state = WEFT_TASK_FAILED;
    if (trap) return api_leave(ws, trap, diag);
    weft_status status = take_results(t, slots, diag);
    api_finalize(ws);
    return status;
}

static weft_status run_end(weft_task *t, weft_status status)
{
    t->store->task = NULL;
    if (t->dropped) drop(t);
    return status;
}

static weft_status refuse_running(weft_diag *diag)
{
    return api_refuse(diag, API_is_running, "%s", "no task goes on before it is over");
}

static void let_run(weft_task *t)
{
    t->store->task = t;
    t->store->s->exec.waiting = &t->waiting;
}

static weft_status start(weft_task *t, Func *f, const weft_val *args, weft_diag *diag)
{
    weft_store *ws = t->store;
    const TypeDef *def = type_def(ws->s->types, f->type);
    u32 room = func_slots(f);
    u64 *slots = malloc((room + 1) * sizeof *slots);
    if (!slots) return api_error(diag, ERR_out_of_memory, "%s", "for the arguments");
    weft_status status = api_values_in(ws, def->params, def->param_count, args, slots, NULL, diag);
    if (status == WEFT_OK) {
        let_run(t);
        status = settle(t, exec_call(&ws->s->exec, f, slots, room), slots, diag);
    }
    free(slots);
    return status;
}

static weft_task *new_task(weft_store *ws, Func *f)
{
    const TypeDef *def = type_def(ws->s->types, f->type);
    weft_task *t = calloc(1, sizeof *t + def->result_count * sizeof *t->results);
    if (!t) return NULL;
    *t = (weft_task){.store = ws, .next = ws->tasks, .state = WEFT_TASK_FAILED, .func = f,
                     .types = type_results(def), .result_count = def->result_count,
                     .link = &ws->tasks};
    if (t->next) t->next->link = &t->next;
    ws->tasks = t;
    return t;
}

bool task_adopt(weft_store *ws, Parked *parked)
{
    weft_task *t = new_task(ws, parked->called);
    if (!t) return false;
    t->parked = parked;
    t->state = WEFT_TASK_STOPPED;
    return true;
}

bool tasks_have_some(const weft_store *ws, weft_task_state state)
{
    const weft_task *t = ws->tasks;
    while (t && t->state != state) t = t->next;
    return t;
}

size_t weft_store_tasks(const weft_store *ws, weft_task **out, size_t max)
{
    size_t count = 0, at;
    if (ws->half_read) return 0;
    for (const weft_task *t = ws->tasks; t; t = t->next) count++;
    at = count;
    for (weft_task *t = ws->tasks; t; t = t->next)
        if (--at < max) out[at] = t;
    return count;
}

weft_task *weft_task_start(weft_store *ws, weft_func func, const weft_val *args, size_t arg_count,
                           weft_diag *diag)
{
    if (api_check_whole(ws, diag) != WEFT_OK) return NULL;
    if (func.store != ws->id) {
        api_refuse(diag, API_wrong_store, "%s", "the function");
        return NULL;
    }
    if (ws->s->exec.depth) {
        refuse_running(diag);
        return NULL;
    }
    Func *f = func.item;
    const TypeDef *def = type_def(ws->s->types, f->type);
    if (arg_count != def->param_count) {
        api_refuse(diag, API_wrong_count, "the function takes %u, not %zu", def->param_count,
                   arg_count);
        return NULL;
    }
    weft_task *t = new_task(ws, f);
    if (!t) {
        api_error(diag, ERR_out_of_memory, "%s", "for a task");
        return NULL;
    }
    weft_status status = start(t, f, args, diag);
    ws->task = NULL;
    if (status == WEFT_OK && !t->dropped) return t;
    drop(t);
    return NULL;
}

// Puts it on the stack again.
static weft_status begin(weft_task *t, weft_task_state want, weft_diag *diag)
{
    weft_store *ws = t->store;
    if (ws->s->exec.depth) return refuse_running(diag);
    if (t->state != want)
        return api_refuse(diag, API_wrong_state, "%s",
                          want == WEFT_TASK_WAITS ? "the task does not wait"
                                                  : "the task was not stopped");
    return WEFT_OK;
}

static weft_status unpark(weft_task *t, weft_diag *diag)
{
    weft_store *ws = t->store;
    // A call that was stopped and is nobody's any more, as in every other call.
    ws->s->exec.resumable = false;
    if (!exec_unpark(&ws->s->exec, t->parked))
        return api_error(diag, ERR_out_of_memory, "%s", "for the stack");
    t->parked = NULL;
    let_run(t);
    return WEFT_OK;
}

// What is given stands in the slots that take what its function gives.
static weft_status answer(weft_task *t, const TypeDef *host, const weft_val *values,
                          weft_diag *diag)
{
    weft_store *ws = t->store;
    u32 room = func_result_slots(t->parked->called);
    u64 *slots = malloc((MAX(host->result_slots, room) + 1) * sizeof *slots);
    if (!slots) return api_error(diag, ERR_out_of_memory, "%s", "for the results");
    weft_status status = api_values_in(ws, type_results(host), host->result_count, values, slots,
                                       NULL, diag);
    if (status == WEFT_OK) status = unpark(t, diag);
    if (status == WEFT_OK) {
        exec_drop_wait(&t->waiting.now, NULL);
        status = settle(t, exec_answer(&ws->s->exec, TRAP_none, slots, slots, room), slots, diag);
    }
    free(slots);
    return status;
}

weft_status weft_task_resume(weft_task *t, const weft_val *values, size_t count, weft_diag *diag)
{
    weft_status status = begin(t, WEFT_TASK_WAITS, diag);
    if (status != WEFT_OK) return status;
    const Store *s = t->store->s;
    const Func *f = ref_to_func(s, park_place(t->parked).record->callee);
    const TypeDef *host = type_def(s->types, f->type);
    if (count != host->result_count)
        return api_refuse(diag, API_wrong_count, "the host function gives %u, not %zu",
                          host->result_count, count);
    return run_end(t, answer(t, host, values, diag));
}

// Goes on by one of these.
typedef Trap Continue(weft_task *t, u64 *slots, u32 room);
static weft_status go_on(weft_task *t, weft_task_state want, Continue *how, weft_diag *diag)
{
    weft_status status = begin(t, want, diag);
    if (status != WEFT_OK) return status;
    u32 room = func_result_slots(t->parked->called);
    u64 *slots = malloc((room + 1) * sizeof *slots);
    if (!slots) return api_error(diag, ERR_out_of_memory, "%s", "for the results");
    status = unpark(t, diag);
    if (status == WEFT_OK) status = settle(t, how(t, slots, room), slots, diag);
    free(slots);
    return run_end(t, status);
}

static Trap fail(weft_task *t, u64 *slots, u32 room)
{
    exec_drop_wait(&t->waiting.now, NULL);
    return exec_answer(&t->store->s->exec, TRAP_host, NULL, slots, room);
}

weft_status weft_task_fail(weft_task *t, const char *message, weft_diag *diag)
{
    Exec *x = &t->store->s->exec;
    if (t->state == WEFT_TASK_WAITS && !x->depth) exec_trap(x, TRAP_host, "%s", message);
    return go_on(t, WEFT_TASK_WAITS, fail, diag);
}

static Trap retry(weft_task *t, u64 *slots, u32 room)
{
    Exec *x = &t->store->s->exec;
    SetAside *w = &t->waiting;
    *w = (SetAside){.before = w->now};
    Trap trap = exec_call_again(x);
    exec_drop_wait(&w->before, w->now.what);
    if (trap == TRAP_waits) return trap;
    exec_drop_wait(&w->now, NULL);
    return exec_answer(x, trap, NULL, slots, room);
}

weft_status weft_task_retry(weft_task *t, weft_diag *diag)
{
    return go_on(t, WEFT_TASK_WAITS, retry, diag);
}

static Trap go_on_stopped(weft_task *t, u64 *slots, u32 room)
{
    return exec_continue(&t->store->s->exec, slots, room);
}

weft_status weft_task_continue(weft_task *t, weft_diag *diag)
{
    return go_on(t, WEFT_TASK_STOPPED, go_on_stopped, diag);
}

weft_task_state weft_task_state_of(const weft_task *t) { return t->state; }

void *weft_task_what(const weft_task *t)
{
    return t->state == WEFT_TASK_WAITS ? t->waiting.now.what : NULL;
}

const char *weft_task_stop(const weft_task *t)
{
    return t->state == WEFT_TASK_STOPPED ? api_trap_name(t->parked->stopped) : NULL;
}

weft_status weft_task_results(const weft_task *t, weft_val *results, size_t count, weft_diag *diag)
{
    if (t->state != WEFT_TASK_ENDED)
        return api_refuse(diag, API_wrong_state, "%s", "the task has no results");
    if (count != t->result_count)
        return api_refuse(diag, API_wrong_count, "the function gives %u, not %zu", t->result_count,
                          count);
    if (count) memcpy(results, t->results, count * sizeof *results);
    return WEFT_OK;
}

weft_func weft_task_func(const weft_task *t) { return (weft_func){t->store->id, t->func}; }

size_t weft_task_backtrace(const weft_task *t, weft_frame *frames, size_t max)
{
    if (!t->parked) return 0;
    FrameCursor c = {.at = park_place(t->parked), .started = true,
                     .stopped = t->state == WEFT_TASK_STOPPED};
    size_t count = 0;
    bool found = frame_first(&c);
    for (; found; frame_pop(&c), found = frame_found(&c)) {
        if (c.at.ip == code_host) continue;
        if (count < max) frames[count] = api_frame(t->store, &c);
        count++;
    }
    return count;
}

void weft_wasi_set_waits(weft_wasi *wasi, bool on) { wasi_let_wait(wasi->ctx, on); }

bool weft_task_wasi(const weft_task *t, weft_wasi_wait *out, weft_wasi_file *files, size_t max)
{
    if (t->state != WEFT_TASK_WAITS || t->waiting.now.drop != wasi_drop_wait) return false;
    const WasiWait *w = t->waiting.now.what;
    *out = (weft_wasi_wait){w->deadline, w->count};
    for (u32 i = 0; i < w->count && i < max; i++)
        files[i] = (weft_wasi_file){w->files[i].file, w->files[i].write};
    return true;
}

void weft_task_free(weft_task *t)
{
    if (!t) return;
    if (t->store->task == t) t->dropped = true;
    else drop(t);
}
