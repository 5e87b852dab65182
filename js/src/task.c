// task.c -- guests that wait for a promise (proposal js-promise-integration): calls that are tasks,
// which a function of JavaScript's may set aside, and which go on when the promise is settled.

#include "addon.h"

#include <weft_task.h>

static uint32_t task_place(JsStore *s, weft_task *task)
{
    uint32_t i = 0;
    while (i < s->task_count && s->tasks[i]) i++;
    if (i == s->task_count) {
        uint32_t count = 2 * i + 4;
        weft_task **larger = realloc(s->tasks, count * sizeof *larger);
        if (!larger) return 0;
        memset(larger + i, 0, (count - i) * sizeof *larger);
        s->tasks = larger;
        s->task_count = count;
    }
    s->tasks[i] = task;
    return i + 1;
}

static weft_task *task_arg(const Call *call)
{
    uint32_t place = arg_u32(call, 1);
    return place && place <= call->store->task_count ? call->store->tasks[place - 1] : NULL;
}

void tasks_free(JsStore *s)
{
    for (uint32_t i = 0; i < s->task_count; i++) weft_task_free(s->tasks[i]);
    free(s->tasks);
}

// A task runs until it ends, waits or is stopped; where a guest of the store runs already, the
// library refuses.
static void task_begin(JsStore *s, Frame *frame)
{
    call_begin(s, frame);
    if (s->depth == 1) s->in_task = true;
}

static weft_status task_ran(JsStore *s, weft_status status)
{
    if (s->depth == 1) s->in_task = false;
    return call_ended(s, status);
}

static weft_task *start_with(JsStore *s, weft_func func, const weft_item_type *type,
                             weft_val *args)
{
    Addon *a = s->addon;
    Frame frame;
    uint32_t i = 0, count = type->param_count;
    while (i < count && value_in(s, weft_item_param(type, i), &a->slots[i], &args[i])) i++;
    if (i < count) return NULL;
    task_begin(s, &frame);
    weft_task *task = weft_task_start(s->store, func, args, count, &a->why);
    task_ran(s, task ? WEFT_OK : WEFT_TRAP);
    store_release(s);
    return task;
}

static weft_task *start(JsStore *s, weft_func func)
{
    weft_item_type type;
    Loan loan;
    if (!weft_func_type(s->store, func, &type)) return NULL;
    uint32_t count = type.param_count;
    weft_val *args = calloc(count + 1, sizeof *args);
    uint8_t *types = malloc(count + 1);
    weft_task *task = NULL;
    if (!args || !types) addon_short(s->addon);
    else {
        for (uint32_t i = 0; i < count; i++) types[i] = (uint8_t)weft_item_param(&type, i);
        if (loan_begin(s, types, count, false, &loan)) {
            task = start_with(s, func, &type, args);
            loan_end(s, &loan);
        }
    }
    free(types);
    free(args);
    return task;
}

napi_value prim_taskStart(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    const weft_extern *item = item_at(s, arg_u32(call, 1), WEFT_FUNC);
    weft_task *task = item ? start(s, item->of.func) : NULL;
    uint32_t place = task ? task_place(s, task) : 0;
    if (place) return make_u32(a, place);
    weft_task_free(task);
    return task ? addon_short(a) : addon_fail(a);
}

// As a call: nothing, or a status.
napi_value prim_taskRetry(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    weft_task *task = task_arg(call);
    Frame frame;
    if (!task) return make_u32(a, WEFT_ERROR);
    task_begin(s, &frame);
    weft_status status = task_ran(s, weft_task_retry(task, &a->why));
    store_release(s);
    if (status == WEFT_OK) return NULL;
    addon_fail(a);
    return make_u32(a, status);
}

// What JavaScript runs in is in a task, or in a guest that it called itself, or in none.
napi_value prim_running(Call *call)
{
    enum { IDLE, MAY_WAIT, RUNS };
    const JsStore *s = call->store;
    return make_u32(call->addon, !s->depth ? IDLE : s->depth == 1 && s->in_task ? MAY_WAIT : RUNS);
}

napi_value prim_taskState(Call *call)
{
    weft_task *task = task_arg(call);
    const char *stop = task ? weft_task_stop(task) : NULL;
    if (stop) return make_name(call->addon, weft_text(stop));
    return make_u32(call->addon, task ? weft_task_state_of(task) : WEFT_TASK_FAILED);
}

// What the task holds is let go with it: JavaScript has it for itself.
static weft_status take_results(JsStore *s, weft_task *task, weft_val *results, uint32_t count)
{
    Addon *a = s->addon;
    weft_status status = weft_task_results(task, results, count, &a->why);
    for (uint32_t i = 0; status == WEFT_OK && i < count; i++) {
        if (results[i].type == WEFT_REF && results[i].of.ref.handle && !s->hosting)
            status = weft_ref_keep(s->store, results[i].of.ref, &a->why);
        if (status == WEFT_OK && !value_out(s, &results[i], &a->slots[i])) status = WEFT_ERROR;
    }
    return status;
}

napi_value prim_taskResults(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    weft_task *task = task_arg(call);
    weft_item_type type;
    if (!task || !weft_func_type(s->store, weft_task_func(task), &type)) return NULL;
    weft_val *results = calloc(type.result_count + 1, sizeof *results);
    if (!results) return addon_short(a);
    weft_status status = take_results(s, task, results, type.result_count);
    free(results);
    return status == WEFT_OK ? make_bool(a, true) : addon_fail(a);
}

napi_value prim_taskFree(Call *call)
{
    uint32_t place = arg_u32(call, 1);
    weft_task_free(task_arg(call));
    if (place && place <= call->store->task_count) call->store->tasks[place - 1] = NULL;
    return NULL;
}
