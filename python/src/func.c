// func.c -- functions: of guests, to be called from Python, and of Python, for guests to call.

#include "ext.h"

#include <string.h>

PyTypeObject *func_type;

// Since 3.12 this is part of the stable ABI. In 3.11, which will not change any more, it is the
// same bit; it only was not said in its headers.
#ifndef Py_TPFLAGS_HAVE_VECTORCALL
#define Py_TPFLAGS_HAVE_VECTORCALL (1UL << 11)
#endif
#define COUNT_MASK (~((size_t)1 << (8 * sizeof(size_t) - 1)))

// ---- Calling the guest

static bool check_count(const FuncObject *f, size_t count, PyObject *names)
{
    if (LIKELY(count == f->param_count && (!names || !PyTuple_Size(names)))) return true;
    if (names && PyTuple_Size(names))
        PyErr_SetString(PyExc_TypeError, "parameters of guests have no names");
    else
        PyErr_Format(PyExc_TypeError, "the function takes %u arguments, not %zu", f->param_count,
                     count);
    return false;
}

static PyObject *slots_out(const FuncObject *f, const weft_slot *slots)
{
    const uint8_t *types = f->types + f->param_count;
    if (f->result_count == 1) return value_of_slot((weft_type)types[0], slots);
    if (!f->result_count) return Py_NewRef(Py_None);
    PyObject *all = PyTuple_New((Py_ssize_t)f->result_count);
    for (uint32_t i = 0; all && i < f->result_count; i++) {
        PyObject *value = value_of_slot((weft_type)types[i], slots);
        if (value) PyTuple_SetItem(all, (Py_ssize_t)i, value);
        else Py_CLEAR(all);
        slots += types[i] == WEFT_V128 ? 2 : 1;
    }
    return all;
}

static PyObject *call_quick(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names)
{
    FuncObject *f = (FuncObject *)self;
    StoreObject *s = f->store;
    weft_slot slots[2 * QUICK_MOST], *slot = slots;
    weft_diag diag;
    size_t count = flagged & COUNT_MASK;
    if (!check_count(f, count, names)) return NULL;
    for (size_t i = 0; i < count; i++) {
        if (!value_slot((weft_type)f->types[i], args[i], slot)) return NULL;
        slot += f->types[i] == WEFT_V128 ? 2 : 1;
    }
    if (!store_enter(s)) return NULL;
    store_run(s);
    weft_status status = weft_call_typed(s->store, f->typed, slots, &diag);
    bool good = store_ran(s, status, &diag);
    store_leave(s);
    return good ? slots_out(f, slots) : NULL;
}

static PyObject *call_values(FuncObject *f, PyObject *const *args, weft_val *values)
{
    StoreObject *s = f->store;
    weft_val *results = values + f->param_count;
    weft_diag diag;
    if (!values_in(s, f->types, args, f->param_count, values)) return NULL;
    store_run(s);
    weft_status status = weft_call(s->store, f->item.of.func, values, f->param_count, results,
                                   f->result_count, &diag);
    store_take_lock(s);
    if (status == WEFT_OK) values_hold(results, f->result_count);
    if (store_ran(s, status, &diag)) return values_out(s, results, f->result_count);
    if (status == WEFT_OK) values_drop(results, f->result_count);
    return NULL;
}

static PyObject *call_any(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names)
{
    enum { FEW = 8 };
    FuncObject *f = (FuncObject *)self;
    weft_val few[FEW], *values = few;
    size_t count = flagged & COUNT_MASK, all = (size_t)f->param_count + f->result_count;
    if (!check_count(f, count, names)) return NULL;
    if (all > FEW && !(values = malloc(all * sizeof *values))) return PyErr_NoMemory();
    PyObject *out = NULL;
    if (store_enter(f->store)) {
        out = call_values(f, args, values);
        store_leave(f->store);
    }
    if (values != few) free(values);
    return out;
}

// Who does not know of the quicker way.
static PyObject *call_tuple(PyObject *self, PyObject *args, PyObject *keywords)
{
    FuncObject *f = (FuncObject *)self;
    Py_ssize_t count = PyTuple_Size(args);
    if (keywords && PyDict_Size(keywords)) {
        PyErr_SetString(PyExc_TypeError, "parameters of guests have no names");
        return NULL;
    }
    PyObject **list = malloc(((size_t)count + 1) * sizeof *list), *out;
    if (!list) return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < count; i++) list[i] = PyTuple_GetItem(args, i);
    out = f->call(self, list, (size_t)count, NULL);
    free(list);
    return out;
}

// ---- Making a Func

// A quick one has numbers alone, and not many.
static void make_quick(FuncObject *f)
{
    static const char letters[] = {[WEFT_I32] = 'i', [WEFT_I64] = 'l', [WEFT_F32] = 'f',
                                   [WEFT_F64] = 'd', [WEFT_V128] = 'v'};
    char signature[2 * QUICK_MOST + 2], *at = signature;
    uint32_t all = f->param_count + f->result_count;
    if (f->param_count > QUICK_MOST || f->result_count > QUICK_MOST) return;
    for (uint32_t i = 0; i <= all; i++) {
        if (i == f->param_count) *at++ = ':';
        if (i == all) break;
        if (f->types[i] > WEFT_V128) return;
        *at++ = letters[f->types[i]];
    }
    *at = 0;
    if (weft_func_typed(f->store->store, f->item.of.func, signature, &f->typed, NULL) != WEFT_OK)
        return;
    f->quick = true;
    f->call = call_quick;
}

static void func_dealloc(PyObject *self)
{
    FuncObject *f = (FuncObject *)self;
    if (f->types != f->few) free(f->types);
    item_dealloc(self);
}

PyObject *func_new(StoreObject *s, weft_func func)
{
    weft_item_type type;
    if (!weft_func_type(s->store, func, &type)) return error_new("wrong_store", "the function");
    uint32_t all = type.param_count + type.result_count;
    FuncObject *f = (FuncObject *)PyType_GenericAlloc(func_type, 0);
    if (!f) return NULL;
    f->types = all > COUNT_OF(f->few) ? malloc(all) : f->few;
    if (!f->types) {
        Py_DECREF(f);
        return PyErr_NoMemory();
    }
    f->store = (StoreObject *)Py_NewRef((PyObject *)s);
    f->item.kind = WEFT_FUNC;
    f->item.of.func = func;
    f->call = call_any;
    f->param_count = type.param_count;
    f->result_count = type.result_count;
    for (uint32_t i = 0; i < all; i++)
        f->types[i] = (uint8_t)(i < type.param_count
                                    ? weft_item_param(&type, i)
                                    : weft_item_result(&type, i - type.param_count));
    make_quick(f);
    return (PyObject *)f;
}

// ---- Functions of Python

static void forget_host(HostFn *fn)
{
    *fn->link = fn->next;
    if (fn->next) fn->next->link = fn->link;
}

// Its store goes, and must not be looked at by what is let go with it: see close_store.
static void finalize_host(void *env)
{
    HostFn *fn = env;
    forget_host(fn);
    fn->next = fn->store->gone;
    fn->store->gone = fn;
}

static weft_status throw_guest(StoreObject *s, weft_caller *caller, PyObject *exception)
{
    weft_diag diag;
    PyObject *ref = PyObject_CallMethod(exception, "_ref_in", "O", s);
    if (ref && Py_IS_TYPE(ref, ref_type)) {
        Py_XDECREF(s->thrown);
        s->thrown = exception;
        weft_ref handle = ((RefObject *)ref)->ref;
        Py_DECREF(ref);
        return weft_throw_ref(caller, handle, &diag);
    }
    Py_XDECREF(ref);
    Py_DECREF(exception);
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "a GuestException has a tag");
    Py_XDECREF(s->pending);
    s->pending = error_take();
    return weft_trap(caller, "a GuestException without a tag of this store");
}

// How the exception that is set ends the call.
static weft_status fail(StoreObject *s, weft_caller *caller)
{
    int32_t code;
    PyObject *exception = error_take();
    if (exception && error_is_guest(exception)) return throw_guest(s, caller, exception);
    Py_XDECREF(s->pending);
    s->pending = exception;
    if (exception && error_is_exit(exception, &code)) return weft_exit(caller, code);
    return weft_trap(caller, "a function of Python's raised an exception");
}

static PyObject *args_out(HostFn *fn, weft_caller *caller, const weft_val *args)
{
    StoreObject *s = fn->store;
    weft_val few[16], *held = few;
    uint32_t count = fn->param_count, first = fn->wants_caller;
    if (count > COUNT_OF(few) && !(held = malloc(count * sizeof *held))) return PyErr_NoMemory();
    memcpy(held, args, count * sizeof *held);
    values_hold(held, count);
    PyObject *all = PyTuple_New((Py_ssize_t)count + first);
    PyObject *one = all && first ? caller_new(s, caller) : NULL;
    if (one) PyTuple_SetItem(all, 0, one);
    else if (first) Py_CLEAR(all);
    for (uint32_t i = 0; all && i < count; i++) {
        one = value_out(s, &held[i]);
        if (one) PyTuple_SetItem(all, (Py_ssize_t)i + first, one);
        else Py_CLEAR(all);
    }
    values_drop(held, count);
    if (held != few) free(held);
    return all;
}

bool results_in(StoreObject *s, const uint8_t *types, uint32_t count, PyObject *given,
                weft_val *results)
{
    if (count == 1) return value_in(s, (weft_type)types[0], given, results);
    if (!count && given == Py_None) return true;
    PyObject *all = PySequence_Tuple(given);
    bool good = all && PyTuple_Size(all) == (Py_ssize_t)count;
    if (all && !good)
        PyErr_Format(PyExc_TypeError, "the function is to give %u results, not %R", count, given);
    for (uint32_t i = 0; good && i < count; i++)
        good = value_in(s, (weft_type)types[i], PyTuple_GetItem(all, (Py_ssize_t)i), &results[i]);
    Py_XDECREF(all);
    return good;
}

// In a task what can be awaited is waited for: the task has it until it goes on.
static bool is_awaitable(StoreObject *s, PyObject *given)
{
    return s->in_task && s->in_host == 1 && PyObject_HasAttrString(given, "__await__");
}

static weft_status call_python(HostFn *fn, weft_caller *caller, const weft_val *args,
                               weft_val *results)
{
    StoreObject *s = fn->store;
    PyObject *tuple = args_out(fn, caller, args);
    PyObject *given = tuple ? PyObject_CallObject(fn->callable, tuple) : NULL;
    weft_status status = WEFT_OK;
    Py_XDECREF(tuple);
    if (given && is_awaitable(s, given)) return task_wait(fn, caller, given);
    if (!given || !results_in(s, fn->results, fn->result_count, given, results))
        status = fail(s, caller);
    Py_XDECREF(given);
    return status;
}

static weft_status call_host(void *env, weft_caller *caller, const weft_val *args,
                             weft_val *results)
{
    HostFn *fn = env;
    StoreObject *s = fn->store;
    store_take_lock(s);
    s->in_host++;
    weft_status status = call_python(fn, caller, args, results);
    s->in_host--;
    store_run_on(s);
    return status;
}

bool host_new(StoreObject *s, const DefTypeObject *type, PyObject *callable, bool wants_caller,
              weft_func *out)
{
    weft_def_info info;
    weft_diag diag;
    if (!PyCallable_Check(callable)) {
        PyErr_Format(PyExc_TypeError, "a function is to be callable, not %R", callable);
        return false;
    }
    if (!weft_deftype_info(type->def, &info)) return error_new("unknown_type", "that is no type");
    HostFn *fn = malloc(sizeof *fn + info.result_count);
    if (!fn) return PyErr_NoMemory();
    *fn = (HostFn){.next = s->hosts, .link = &s->hosts, .store = s, .callable = callable,
                   .param_count = info.param_count, .result_count = info.result_count,
                   .wants_caller = wants_caller};
    for (uint32_t i = 0; i < info.result_count; i++) {
        weft_valtype result;
        weft_deftype_result(type->def, i, &result);
        fn->results[i] = (uint8_t)value_type(&result);
    }
    if (weft_func_new_of(s->store, type->def, call_host, fn, finalize_host, out, &diag) !=
        WEFT_OK) {
        free(fn);
        return error_raise(NULL, &diag);
    }
    Py_INCREF(callable);
    if (fn->next) fn->next->link = &fn->next;
    s->hosts = fn;
    return true;
}

static PyObject *func_make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"store", "type", "function", "access_caller", NULL};
    StoreObject *s;
    PyObject *of, *callable, *made = NULL;
    int wants_caller = 0;
    weft_func func;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!OO|$p", words, store_type, &s, &of,
                                     &callable, &wants_caller))
        return NULL;
    DefTypeObject *def = deftype_of_func(s->engine, of);
    if (def && store_enter(s)) {
        if (host_new(s, def, callable, wants_caller, &func)) made = func_new(s, func);
        store_leave(s);
    }
    DROP(def);
    return made;
}

static PyObject *func_start(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    return task_start((FuncObject *)self, args, (size_t)count);
}

static PyObject *func_await(PyObject *self, PyObject *args)
{
    PyObject *tasks = PyImport_ImportModule("weft.tasks"), *pair, *made = NULL;
    if (!tasks) return NULL;
    pair = PyObject_GetAttrString(tasks, "call");
    Py_DECREF(tasks);
    if (pair) made = PyObject_CallFunctionObjArgs(pair, self, args, NULL);
    Py_XDECREF(pair);
    return made;
}

static PyMethodDef func_methods[] = {
    {"start", (PyCFunction)(void (*)(void))func_start, METH_FASTCALL,
     "start($self, /, *args)\n--\n\nCalls it as a Task, which may wait: a function of Python's "
     "that it calls, and that returns what can be awaited, sets it aside."},
    {"call_async", func_await, METH_VARARGS,
     "call_async($self, /, *args)\n--\n\nTo be awaited: calls it as a Task, and awaits what that "
     "waits for. Other tasks run meanwhile."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef func_attributes[] = {
    {"type", item_type, NULL, "Its FuncType.", NULL},
    {"store", item_store, NULL, "The store that it is in.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyMemberDef func_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(FuncObject, call), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot func_slots[] = {
    {Py_tp_doc,
     "Func(store, type, function, *, access_caller=False)\n--\n\n"
     "A function, to be called with as many arguments as it takes; several results are a tuple. "
     "Made here it is one of Python's, for guests to call, of a FuncType; what it raises comes out "
     "of the call into the guest. With access_caller its first argument is the Caller."},
    {Py_tp_new, func_make}, {Py_tp_dealloc, func_dealloc}, {Py_tp_traverse, item_traverse},
    {Py_tp_call, call_tuple}, {Py_tp_members, func_members}, {Py_tp_methods, func_methods},
    {Py_tp_getset, func_attributes}, {Py_tp_richcompare, item_compare}, {Py_tp_hash, item_hash},
    {0, NULL},
};
static PyType_Spec func_spec = {
    "weft.Func", sizeof(FuncObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC |
        Py_TPFLAGS_HAVE_VECTORCALL,
    func_slots,
};

bool func_add(PyObject *module) { return (func_type = type_add(module, &func_spec)) != NULL; }
