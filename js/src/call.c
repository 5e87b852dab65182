// call.c -- calls: of guests by JavaScript, and of JavaScript by guests.
//
// Where all parameters and results are numbers they are in the slots as the library takes them;
// else each is converted.

#include "addon.h"

enum { LETTERS_MOST = 200 }; // of a signature, where it is said so
enum { CALLS_MOST = 256, FEW = 16 }; // functions of JavaScript's between two looks at handles

// What is on the stack between a guest and JavaScript is there once for each time that they call
// each other, and JavaScript's stack is short.
#define APART __attribute__((noinline))

static bool is_number(uint8_t type) { return type >= WEFT_I32 && type <= WEFT_F64; }

static bool all_numbers(const uint8_t *types, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!is_number(types[i])) return false;
    return true;
}

static void take_types(const weft_item_type *type, uint8_t *out)
{
    for (uint32_t i = 0; i < type->param_count; i++) *out++ = (uint8_t)weft_item_param(type, i);
    for (uint32_t i = 0; i < type->result_count; i++) *out++ = (uint8_t)weft_item_result(type, i);
}

// ---- Into a guest

static void set_running(Addon *a, JsStore *s)
{
    __atomic_store_n(&a->running, s, __ATOMIC_RELAXED);
}

void call_begin(JsStore *s, Frame *frame)
{
    frame->outer = s->addon->frame;
    frame->store = s;
    frame->scope = NULL;
    frame->calls = 0;
    frame->watched = s->time_limit && !s->depth;
    if (frame->watched) watch_begin(&frame->watch, s->store, s->time_limit);
    s->depth++;
    s->addon->frame = frame;
    set_running(s->addon, s);
    store_use(s);
}

// What JavaScript threw while nothing of it could run any more, as its stack was at its end, goes
// on from here.
weft_status call_ended(JsStore *s, weft_status status)
{
    Addon *a = s->addon;
    napi_value thrown = NULL;
    s->depth--;
    if (a->frame->watched) watch_end(&a->frame->watch);
    if (s->stopping && !s->depth) { // which was for the call that ends, and no other one
        weft_store_stop(s->store, WEFT_STOP_NOT);
        s->stopping = false;
    }
    if (a->frame->scope) napi_close_handle_scope(a->env, a->frame->scope);
    a->frame = a->frame->outer;
    set_running(a, a->frame ? a->frame->store : NULL);
    if (s->stopped) weft_store_stop(s->store, WEFT_STOP_NOT);
    s->stopped = false;
    if (!a->thrown) return status;
    napi_get_reference_value(a->env, a->thrown, &thrown);
    napi_delete_reference(a->env, a->thrown);
    a->thrown = NULL;
    if (status != WEFT_OK && thrown) napi_throw(a->env, thrown);
    return status;
}

APART static weft_status call_values(Callee *c)
{
    JsStore *s = c->store;
    Addon *a = s->addon;
    weft_val few[FEW], *all = few;
    uint32_t count = c->param_count + c->result_count;
    weft_status status = WEFT_ERROR;
    if (count > FEW && !(all = malloc(count * sizeof *all))) {
        addon_short(a);
        return WEFT_ERROR;
    }
    weft_val *results = all + c->param_count;
    uint32_t i = 0;
    Loan loan;
    if (!loan_begin(s, c->types, c->param_count, c->gives && s->hosting, &loan)) {
        if (all != few) free(all);
        return WEFT_ERROR;
    }
    while (i < c->param_count && value_in(s, (weft_type)c->types[i], &a->slots[i], &all[i])) i++;
    if (i == c->param_count)
        status = weft_call(s->store, c->func, all, c->param_count, results, c->result_count,
                           &a->why);
    for (i = 0; status == WEFT_OK && i < c->result_count; i++)
        if (!value_out(s, &results[i], &a->slots[i])) status = WEFT_ERROR;
    loan_end(s, &loan);
    if (all != few) free(all);
    return status;
}

// Nothing is undefined: all went well.
static napi_value call(napi_env env, napi_callback_info info)
{
    Callee *c = NULL;
    Frame frame;
    napi_get_cb_info(env, info, NULL, NULL, NULL, (void **)&c);
    JsStore *s = c->store;
    Addon *a = s->addon;
    call_begin(s, &frame);
    weft_status status =
        c->quick ? weft_call_typed(s->store, c->typed, (weft_slot *)a->slots, &a->why)
                 : call_values(c);
    status = call_ended(s, status);
    store_release(s);
    if (status == WEFT_OK) return NULL;
    addon_fail(a);
    return make_u32(a, status);
}

// What the call is of that was stopped, its results are of.
napi_value call_again(JsStore *s)
{
    Addon *a = s->addon;
    Frame frame;
    weft_func func;
    weft_item_type type;
    weft_val few[FEW], *results = few;
    if (!weft_store_stopped(s->store, &func) || !weft_func_type(s->store, func, &type))
        return make_u32(a, WEFT_ERROR);
    uint32_t count = type.result_count;
    if (count > FEW && !(results = malloc(count * sizeof *results))) {
        addon_short(a);
        return make_u32(a, WEFT_ERROR);
    }
    call_begin(s, &frame);
    weft_status status = weft_continue(s->store, results, count, &a->why);
    for (uint32_t i = 0; status == WEFT_OK && i < count; i++)
        if (!value_out(s, &results[i], &a->slots[i])) status = WEFT_ERROR;
    status = call_ended(s, status);
    store_release(s);
    if (results != few) free(results);
    if (status == WEFT_OK) return NULL;
    addon_fail(a);
    return make_u32(a, status);
}

static const char letters[] = "?ilfd";

// As weft_func_typed wants it. False: it is too long.
static bool signature_of(const Callee *c, char *out, size_t size)
{
    uint32_t count = c->param_count + c->result_count;
    if (count + 2 > size) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (i == c->param_count) *out++ = ':';
        *out++ = letters[c->types[i]];
    }
    if (!c->result_count) *out++ = ':';
    *out = 0;
    return true;
}

static void let_callee_go(napi_env env, void *data, void *hint) { store_release(hint); }

// It keeps the store, whoever has it.
napi_value prim_callee(Call *call_)
{
    Addon *a = call_->addon;
    JsStore *s = call_->store;
    const weft_extern *item = item_at(s, arg_u32(call_, 1), WEFT_FUNC);
    weft_item_type type;
    napi_value out = NULL;
    char signature[LETTERS_MOST + 2];
    if (!item || !weft_func_type(s->store, item->of.func, &type)) return NULL;
    uint32_t count = type.param_count + type.result_count;
    Callee *c = calloc(1, sizeof *c + count);
    if (!c) return addon_short(a);
    *c = (Callee){.next = s->callees, .store = s, .func = item->of.func,
                  .param_count = type.param_count, .result_count = type.result_count};
    take_types(&type, c->types);
    c->quick = all_numbers(c->types, count) && signature_of(c, signature, sizeof signature) &&
               weft_func_typed(s->store, c->func, signature, &c->typed, NULL) == WEFT_OK;
    c->gives = !all_numbers(c->types + c->param_count, c->result_count);
    s->callees = c;
    if (napi_create_function(a->env, NULL, 0, call, c, &out) != napi_ok ||
        napi_add_finalizer(a->env, out, NULL, let_callee_go, s, NULL) != napi_ok)
        return addon_short(a);
    store_use(s);
    return out;
}

// ---- Out of it

// Handles of the calls before are let go now and then, as those of the first that is open are only
// when the guest returns.
static void count_call(Addon *a)
{
    Frame *f = a->frame;
    if (!f || ++f->calls % CALLS_MOST) return;
    if (f->scope) napi_close_handle_scope(a->env, f->scope);
    if (napi_open_handle_scope(a->env, &f->scope) != napi_ok) f->scope = NULL;
}

APART static weft_status keep_thrown(Addon *a, weft_caller *caller)
{
    napi_value thrown = NULL;
    bool is = false;
    napi_is_exception_pending(a->env, &is);
    if (is) napi_get_and_clear_last_exception(a->env, &thrown);
    if (thrown && !a->thrown) napi_create_reference(a->env, thrown, 1, &a->thrown);
    if (thrown) return weft_trap(caller, "JavaScript's stack is at its end, or it is to stop");
    return weft_trap(caller, "the function is gone, or JavaScript ends");
}

// What it threw is an exception in the first slot, which JavaScript has no more of where it made
// that of a value of its own.
APART static weft_status throw_on(JsStore *s, weft_caller *caller, bool made)
{
    weft_val thrown;
    weft_diag why;
    if (!value_in(s, WEFT_REF, s->addon->slots, &thrown) || !thrown.of.ref.handle)
        return weft_trap(caller, "what was thrown cannot be an exception: memory is short");
    weft_status status = weft_throw_ref(caller, thrown.of.ref, &why);
    if (made) ref_release(s, (uint32_t)s->addon->slots[0]);
    return status == WEFT_ERROR ? weft_trap(caller, why.message) : status;
}

static weft_status run_host(Host *h, weft_caller *caller)
{
    JsStore *s = h->store;
    Addon *a = s->addon;
    Frame *frame = a->frame;
    napi_value function = NULL, undefined;
    count_call(a);
    napi_get_undefined(a->env, &undefined);
    napi_get_reference_value(a->env, h->function, &function);
    s->hosting++;
    napi_status done = function ? napi_call_function(a->env, undefined, function, 0, NULL, NULL)
                                : napi_generic_failure;
    s->hosting--;
    a->frame = frame;
    if (done != napi_ok) return keep_thrown(a, caller);
    uint64_t threw = a->slots[SLOT_STATUS];
    if (!threw) return WEFT_OK;
    a->slots[SLOT_STATUS] = THREW_NOT; // for the function around this one
    if (threw == WAITS) return weft_caller_wait(caller, NULL, NULL); // JavaScript has for what
    if (threw == THREW_TRAP) return weft_trap(caller, (const char *)a->slots);
    return throw_on(s, caller, threw == THREW_VALUE);
}

static weft_status host_numbers(void *env, weft_caller *caller, weft_slot *slots)
{
    Host *h = env;
    uint64_t *ours = h->store->addon->slots;
    for (uint32_t i = 0; i < h->param_count; i++) ours[i] = slots[i].u64;
    weft_status status = run_host(h, caller);
    // One that waits is called again, with what is here.
    for (uint32_t i = 0; status == WEFT_OK && i < h->result_count; i++) slots[i].u64 = ours[i];
    return status;
}

static weft_status host_values(void *env, weft_caller *caller, const weft_val *args,
                               weft_val *results)
{
    Host *h = env;
    JsStore *s = h->store;
    Addon *a = s->addon;
    s->hosting++;
    bool good = true;
    for (uint32_t i = 0; good && i < h->param_count; i++)
        good = value_out(s, &args[i], &a->slots[i]);
    s->hosting--;
    if (!good) return weft_trap(caller, a->why.message);
    weft_status status = run_host(h, caller);
    s->hosting++;
    for (uint32_t i = 0; status == WEFT_OK && i < h->result_count; i++)
        if (!value_in(s, (weft_type)h->types[h->param_count + i], &a->slots[i], &results[i]))
            status = weft_trap(caller, a->why.message);
    s->hosting--;
    return status;
}

// Of a type that a module defines.
static Host *host_of_type(JsStore *s, weft_deftype def)
{
    weft_def_info info;
    weft_valtype one;
    if (!weft_deftype_info(def, &info) || info.kind != WEFT_DEF_FUNC) return NULL;
    uint32_t params = info.param_count, count = params + info.result_count;
    Host *h = calloc(1, sizeof *h + count);
    if (!h) return NULL;
    *h = (Host){.store = s, .param_count = params, .result_count = info.result_count};
    for (uint32_t i = 0; i < count; i++) {
        if (i < params) weft_deftype_param(def, i, &one);
        else weft_deftype_result(def, i - params, &one);
        h->types[i] = (uint8_t)one.type;
    }
    return h;
}

// Of one in letters.
static Host *host_of_letters(JsStore *s, const char *text)
{
    const char *colon = strchr(text, ':');
    size_t len = strlen(text), count = 0;
    Host *h = colon ? calloc(1, sizeof *h + len) : NULL;
    if (!h) return NULL;
    *h = (Host){.store = s, .param_count = (uint32_t)(colon - text)};
    h->result_count = (uint32_t)(len - 1) - h->param_count;
    for (const char *c = text; *c; c++) {
        weft_valtype type;
        if (*c == ':') continue;
        char letter = *c == 'p' ? 'F' : *c == 'r' ? 'E' : *c == 'a' ? 'A' : *c;
        h->types[count++] = letter_type(letter, &type) ? (uint8_t)type.type : WEFT_NO_TYPE;
    }
    return h;
}

napi_value prim_funcNew(Call *call_)
{
    Addon *a = call_->addon;
    JsStore *s = call_->store;
    char text[256];
    napi_valuetype given = napi_undefined;
    weft_func func;
    weft_host host = weft_host_init();
    napi_typeof(a->env, call_->args[1], &given);
    if (given == napi_string) {
        arg_text(call_, 1, text, sizeof text);
        host.signature = text;
    } else host.type = (weft_deftype){a->types, arg_u32(call_, 1)};
    Host *h = host.signature ? host_of_letters(s, text) : host_of_type(s, host.type);
    if (!h) return addon_short(a);
    uint32_t count = h->param_count + h->result_count;
    host.env = h;
    if (count <= LETTERS_MOST && all_numbers(h->types, count)) host.fn = host_numbers;
    else host.values = host_values;
    if (napi_create_reference(a->env, call_->args[2], 0, &h->function) != napi_ok ||
        weft_func_new_host(s->store, &host, &func, &a->why) != WEFT_OK) {
        if (h->function) napi_delete_reference(a->env, h->function);
        free(h);
        return addon_fail(a);
    }
    h->next = s->hosts;
    s->hosts = h;
    uint32_t place = item_place(s, (weft_extern){.kind = WEFT_FUNC, .of = {.func = func}});
    return place ? make_u32(a, place) : addon_short(a);
}

napi_value prim_funcOrigin(Call *call_)
{
    const weft_extern *item = item_at(call_->store, arg_u32(call_, 1), WEFT_FUNC);
    weft_instance instance;
    uint32_t index;
    napi_value out = NULL;
    bool is = item && weft_func_origin(call_->store->store, item->of.func, &instance, &index);
    napi_create_int64(call_->addon->env, is ? (int64_t)index : -1, &out);
    return out;
}

void store_free_calls(JsStore *s)
{
    for (Callee *c = s->callees, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    for (Host *h = s->hosts, *next; h; h = next) {
        next = h->next;
        napi_delete_reference(s->addon->env, h->function);
        free(h);
    }
}

// ---- Exceptions

static napi_value exception_thrown(Call *call_)
{
    Addon *a = call_->addon;
    JsStore *s = call_->store;
    weft_val value = {.type = WEFT_REF};
    weft_status status = weft_store_exception_ref(s->store, &value.of.ref, &a->why);
    return first_out(s, status, &value);
}

napi_value prim_exception(Call *call_) { return in_scope(call_, exception_thrown); }

static napi_value exception_values(Call *call_)
{
    Addon *a = call_->addon;
    JsStore *s = call_->store;
    weft_val thrown, values[1000];
    size_t count;
    weft_extern tag = {.kind = WEFT_TAG};
    if (!value_in(s, WEFT_REF, a->slots, &thrown) ||
        weft_exception_values(s->store, thrown.of.ref, &tag.of.tag, values, COUNT_OF(values),
                              &count, &a->why) != WEFT_OK)
        return addon_fail(a);
    for (size_t i = 0; i < count && i < COUNT_OF(values); i++)
        if (!value_out(s, &values[i], &a->slots[i])) return addon_fail(a);
    return make_u32(a, item_place(s, tag));
}

napi_value prim_exceptionValues(Call *call_) { return in_scope(call_, exception_values); }

static napi_value exception_new(Call *call_)
{
    Addon *a = call_->addon;
    JsStore *s = call_->store;
    const weft_extern *tag = item_at(s, arg_u32(call_, 1), WEFT_TAG);
    weft_item_type type;
    weft_val values[1000], out = {.type = WEFT_REF};
    uint8_t types[COUNT_OF(values)];
    uint32_t i = 0, count;
    Loan loan;
    if (!tag || !weft_extern_type(s->store, *tag, &type)) return NULL;
    count = type.param_count < COUNT_OF(values) ? type.param_count : COUNT_OF(values);
    for (uint32_t k = 0; k < count; k++) types[k] = (uint8_t)weft_item_param(&type, k);
    if (!loan_begin(s, types, count, false, &loan)) return addon_fail(a);
    while (i < count && value_in(s, (weft_type)types[i], &a->slots[i], &values[i])) i++;
    bool good = i == count &&
                weft_exception_new(s->store, tag->of.tag, values, count, &out.of.ref, &a->why) ==
                    WEFT_OK &&
                value_out(s, &out, a->slots);
    loan_end(s, &loan);
    return good ? make_bool(a, true) : addon_fail(a);
}

napi_value prim_exceptionNew(Call *call_) { return in_scope(call_, exception_new); }
