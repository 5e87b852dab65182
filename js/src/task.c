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

static weft_task *start(JsStore *s, weft_func func)
{
    Addon *a = s->addon;
    weft_item_type type;
    Frame frame;
    if (!weft_func_type(s->store, func, &type)) return NULL;
    weft_val *args = calloc(type.param_count + 1, sizeof *args);
    if (!args) return addon_short(a), NULL;
    uint32_t i = 0;
    while (i < type.param_count && value_in(s, weft_item_param(&type, i), &a->slots[i], &args[i]))
        i++;
    weft_task *task = NULL;
    if (i == type.param_count) {
        call_begin(s, &frame);
        task = weft_task_start(s->store, func, args, type.param_count, &a->why);
        call_ended(s, task ? WEFT_OK : WEFT_TRAP);
        store_release(s);
    }
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
    call_begin(s, &frame);
    weft_status status = call_ended(s, weft_task_retry(task, &a->why));
    store_release(s);
    if (status == WEFT_OK) return NULL;
    addon_fail(a);
    return make_u32(a, status);
}

napi_value prim_taskState(Call *call)
{
    weft_task *task = task_arg(call);
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
