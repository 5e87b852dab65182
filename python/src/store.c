// store.c -- stores: their limits, what ends a guest, and what is let go with them.

#include "ext.h"

#include <string.h>
#include <weft_snapshot.h>

PyTypeObject *store_type;

// ---- Who uses it

// A task only where no guest runs.
static void release_stale(StoreObject *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->stale_count; i++) {
        Stale stale = s->stale[i];
        if (stale.task && s->depth) s->stale[kept++] = stale;
        else if (stale.task) weft_task_free(stale.task);
        else weft_ref_release(s->store, stale.ref, NULL); // one whose scope has ended is refused
    }
    s->stale_count = kept;
}

bool store_check(StoreObject *s)
{
    if (!s->store) error_new("wrong_store", "the store was closed");
    else if (s->depth && s->thread != PyThread_get_thread_ident())
        error_new("is_running", "another thread uses the store");
    else if (s->busy) error_new("is_running", s->busy);
    else {
        release_stale(s);
        return true;
    }
    return false;
}

void store_release(StoreObject *s, weft_ref ref, weft_task *task)
{
    if (!s->store) return;
    if (s->stale_count == s->stale_room) {
        size_t room = s->stale_room ? 2 * s->stale_room : 16;
        Stale *more = realloc(s->stale, room * sizeof *more);
        if (!more) return; // it goes with the store
        s->stale = more;
        s->stale_room = room;
    }
    s->stale[s->stale_count++] = (Stale){ref, task};
}

void store_settle(StoreObject *s)
{
    while (s->ended) {
        Box *box = s->ended;
        s->ended = box->next;
        Py_DECREF(box->object);
        free(box);
    }
}

// ---- How a guest ends

// Called by the guest's own thread, in its midst.
static void asked(void *env)
{
    StoreObject *s = env;
    if (s->released) PyEval_RestoreThread(s->released);
    s->busy = "a guest of the store was only interrupted";
    if (!s->pending && PyErr_CheckSignals() < 0) {
        s->pending = error_take();
        s->interrupted = true;
        weft_store_stop(s->store, WEFT_STOP_INTERRUPTED);
    }
    s->busy = NULL;
    s->released = PyEval_SaveThread();
}

// What was stopped for a reason of ours may run again, unless somebody wants it stopped.
static void take_back_stop(StoreObject *s)
{
    weft_store_stop(s->store, WEFT_STOP_NOT);
    if (s->user_stop != WEFT_STOP_NOT) weft_store_stop(s->store, s->user_stop);
}

void store_begin(StoreObject *s) { watch_limit(&s->watch, s->timeout); }

void store_over(StoreObject *s)
{
    if (watch_unlimit(&s->watch)) take_back_stop(s);
}

bool store_ended(StoreObject *s, weft_status status, const weft_diag *diag)
{
    PyObject *pending = s->pending;
    s->pending = NULL;
    if (s->interrupted) {
        s->interrupted = false;
        take_back_stop(s);
    }
    if (pending) error_set(pending);
    else if (status != WEFT_OK) error_raise(s, diag);
    Py_CLEAR(s->thrown); // or a guest has caught it
    return !pending && status == WEFT_OK;
}

// ---- Making one

static const struct { const char *name; size_t offset; } limits[] = {
#define LIMIT(name) {#name, offsetof(weft_limits, name)}
    LIMIT(memory_bytes), LIMIT(table_entries), LIMIT(table_total), LIMIT(stack_bytes),
    LIMIT(heap_bytes), LIMIT(handles), LIMIT(instances), LIMIT(instance_bytes), LIMIT(functions),
    LIMIT(continuations), LIMIT(continuation_bytes), LIMIT(memory_room),
    LIMIT(host_calls), LIMIT(native_bytes),
#undef LIMIT
};

static bool limits_in(PyObject *given, weft_limits *out)
{
    *out = weft_limits_init();
    out->memory_room = UINT64_MAX; // so that views of memories stay good
    if (given != Py_None && !PyObject_HasAttrString(given, limits[0].name)) {
        PyErr_Format(PyExc_TypeError, "Limits are wanted, not %R", given);
        return false;
    }
    for (size_t i = 0; given != Py_None && i < COUNT_OF(limits); i++) {
        uint64_t number;
        PyObject *value = PyObject_GetAttrString(given, limits[i].name);
        bool good = value && (value == Py_None || number_in(value, &number));
        if (good && value != Py_None) memcpy((char *)out + limits[i].offset, &number, 8);
        Py_XDECREF(value);
        if (!good) return false;
    }
    return true;
}

static bool timeout_in(PyObject *value, int64_t *out)
{
    double seconds = value == Py_None ? 0 : PyFloat_AsDouble(value);
    if (seconds == -1 && PyErr_Occurred()) return false;
    if (!(seconds >= 0) || (value != Py_None && seconds == 0)) {
        PyErr_SetString(PyExc_ValueError, "a timeout is some seconds, or None");
        return false;
    }
    *out = seconds < 9e9 ? (int64_t)(seconds * 1e9) : INT64_MAX;
    if (seconds > 0 && !*out) *out = 1;
    return true;
}

static bool fuel_in(PyObject *value, uint64_t *out)
{
    return value == Py_None || number_in(value, out);
}

static PyObject *store_make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"engine", "limits", "fuel", "timeout", NULL};
    EngineObject *engine;
    PyObject *given = Py_None, *fuel = Py_None, *timeout = Py_None;
    uint64_t units = 0;
    int64_t time = 0;
    weft_limits within;
    weft_diag diag;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!|O$OO", words, engine_type, &engine, &given,
                                     &fuel, &timeout) ||
        !limits_in(given, &within) || !fuel_in(fuel, &units) || !timeout_in(timeout, &time))
        return NULL;
    if (fuel != Py_None) within.fuel = 1; // counted, however little there is
    StoreObject *s = (StoreObject *)PyType_GenericAlloc(type, 0);
    if (!s) return NULL;
    s->store = weft_store_new(engine->engine, &within, &diag);
    if (!s->store) {
        error_raise(NULL, &diag);
        DROP(s);
        return NULL;
    }
    if (fuel != Py_None) weft_store_set_fuel(s->store, units, NULL);
    s->engine = (EngineObject *)Py_NewRef((PyObject *)engine);
    s->timeout = time;
    weft_store_set_asked(s->store, asked, s);
    weft_store_set_finalizer(s->store, box_end, NULL);
    watch_add(&s->watch, s->store);
    s->kept = PyList_New(0);
    s->modules = PyDict_New();
    if (s->kept && s->modules) return (PyObject *)s;
    DROP(s);
    return NULL;
}

// ---- Letting go

static void close_store(StoreObject *s)
{
    weft_store *store = s->store;
    if (!store) return;
    watch_remove(&s->watch);
    s->store = NULL; // whatever runs from here on finds it closed
    weft_store_free(store);
    s->stale_count = 0;
    while (s->boxes) box_end(NULL, s->boxes); // which the library was not told of, or did not keep
    store_settle(s);
    while (s->gone) {
        HostFn *fn = s->gone;
        s->gone = fn->next;
        Py_DECREF(fn->callable);
        free(fn);
    }
    Py_CLEAR(s->pending);
    Py_CLEAR(s->thrown);
    Py_CLEAR(s->kept);
    Py_CLEAR(s->modules);
}

void store_give_up(StoreObject *s)
{
    PyObject *why = error_take();
    close_store(s);
    if (why) error_set(why);
}

static void store_dealloc(PyObject *self)
{
    StoreObject *s = (StoreObject *)self;
    PyObject_GC_UnTrack(self);
    close_store(s);
    free(s->stale);
    DROP(s->engine);
    object_free(self);
}

// While a guest runs beside, what it has changes; the store lives then anyway.
static int store_traverse(PyObject *self, visitproc visit, void *arg)
{
    StoreObject *s = (StoreObject *)self;
    Py_VISIT(s->engine);
    Py_VISIT(s->pending);
    Py_VISIT(s->thrown);
    Py_VISIT(s->kept);
    Py_VISIT(s->modules);
    for (HostFn *fn = s->hosts; fn; fn = fn->next) Py_VISIT(fn->callable);
    for (Box *box = s->released ? NULL : s->boxes; box; box = box->next) Py_VISIT(box->object);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

// Nobody but what is unreachable too has it; but views of its memories may be among that.
static int store_clear(PyObject *self)
{
    StoreObject *s = (StoreObject *)self;
    if (!s->depth && !s->views) close_store(s);
    return 0;
}

static PyObject *store_close(PyObject *self, PyObject *unused)
{
    StoreObject *s = (StoreObject *)self;
    if (!s->store) Py_RETURN_NONE;
    if (s->depth) return error_new("is_running", "the store is in use");
    if (s->views) {
        PyErr_SetString(PyExc_BufferError, "views of the store's memories are held");
        return NULL;
    }
    close_store(s);
    Py_RETURN_NONE;
}

static PyObject *store_with(PyObject *self, PyObject *unused) { return Py_NewRef(self); }

static PyObject *store_without(PyObject *self, PyObject *unused) { return store_close(self, NULL); }

// ---- What it has

static PyObject *store_engine(PyObject *self, void *unused)
{
    return Py_NewRef((PyObject *)((StoreObject *)self)->engine);
}

bool store_knows(StoreObject *s, ModuleObject *module)
{
    PyObject *address = PyLong_FromVoidPtr(module->module);
    bool good = address && PyDict_SetItem(s->modules, address, (PyObject *)module) == 0;
    Py_XDECREF(address);
    return good;
}

static PyObject *store_closed(PyObject *self, void *unused)
{
    return PyBool_FromLong(!((StoreObject *)self)->store);
}

static PyObject *store_fuel(PyObject *self, void *unused)
{
    StoreObject *s = (StoreObject *)self;
    uint64_t left;
    if (!store_enter(s)) return NULL;
    bool counted = weft_store_fuel(s->store, &left);
    store_leave(s);
    return counted ? PyLong_FromUnsignedLongLong(left) : Py_NewRef(Py_None);
}

static bool deleted(PyObject *value)
{
    if (!value) PyErr_SetString(PyExc_AttributeError, "it cannot be deleted");
    return !value;
}

static int store_set_fuel(PyObject *self, PyObject *value, void *unused)
{
    StoreObject *s = (StoreObject *)self;
    uint64_t fuel;
    weft_diag diag;
    if (deleted(value) || !number_in(value, &fuel) || !store_enter(s)) return -1;
    weft_status status = weft_store_set_fuel(s->store, fuel, &diag);
    if (status != WEFT_OK) error_raise(NULL, &diag);
    store_leave(s);
    return status == WEFT_OK ? 0 : -1;
}

static PyObject *store_timeout(PyObject *self, void *unused)
{
    StoreObject *s = (StoreObject *)self;
    return s->timeout ? PyFloat_FromDouble((double)s->timeout / 1e9) : Py_NewRef(Py_None);
}

static int store_set_timeout(PyObject *self, PyObject *value, void *unused)
{
    StoreObject *s = (StoreObject *)self;
    int64_t time;
    if (deleted(value) || !timeout_in(value, &time) || !store_enter(s)) return -1;
    bool runs = s->depth > 1;
    if (!runs) s->timeout = time;
    store_leave(s);
    if (runs) error_new("is_running", "a timeout is set between calls");
    return runs ? -1 : 0;
}

static PyObject *store_usage(PyObject *self, PyObject *unused)
{
    StoreObject *s = (StoreObject *)self;
    weft_limits used = weft_limits_init();
    weft_diag diag;
    if (!store_enter(s)) return NULL;
    weft_status status = weft_store_usage(s->store, &used, &diag);
    store_leave(s);
    if (status != WEFT_OK) return error_raise(NULL, &diag);
    PyObject *all = PyDict_New();
    for (size_t i = 0; all && i < COUNT_OF(limits) - 1; i++) { // the last one is no limit
        uint64_t number;
        memcpy(&number, (char *)&used + limits[i].offset, 8);
        PyObject *value = PyLong_FromUnsignedLongLong(number);
        if (!value || PyDict_SetItemString(all, limits[i].name, value) < 0) Py_CLEAR(all);
        Py_XDECREF(value);
    }
    return all;
}

static PyObject *store_collect(PyObject *self, PyObject *unused)
{
    StoreObject *s = (StoreObject *)self;
    weft_diag diag;
    if (!store_enter(s)) return NULL;
    weft_status status = weft_store_collect(s->store, &diag);
    if (status != WEFT_OK) error_raise(NULL, &diag);
    store_leave(s);
    return status == WEFT_OK ? Py_NewRef(Py_None) : NULL;
}

// ---- Stopping, and going on

static PyObject *store_stop(PyObject *self, PyObject *args)
{
    static const struct { const char *name; weft_stop why; } reasons[] = {
        {"interrupted", WEFT_STOP_INTERRUPTED}, {"time_limit", WEFT_STOP_TIME_LIMIT},
        {"paused", WEFT_STOP_PAUSED},
    };
    StoreObject *s = (StoreObject *)self;
    const char *name = "interrupted";
    weft_stop why = WEFT_STOP_NOT;
    if (!PyArg_ParseTuple(args, "|z", &name)) return NULL;
    if (!s->store) return error_new("wrong_store", "the store was closed");
    for (size_t i = 0; name && i < COUNT_OF(reasons); i++)
        if (!strcmp(name, reasons[i].name)) why = reasons[i].why;
    if (name && why == WEFT_STOP_NOT)
        return PyErr_Format(PyExc_ValueError, "no reason to stop: %s", name);
    s->user_stop = why;
    weft_store_stop(s->store, why);
    if (s->interrupted) weft_store_stop(s->store, WEFT_STOP_INTERRUPTED);
    Py_RETURN_NONE;
}

static PyObject *store_may_continue(PyObject *self, void *unused)
{
    StoreObject *s = (StoreObject *)self;
    return PyBool_FromLong(s->store && !s->depth && weft_store_may_continue(s->store));
}

// Within store_enter; None while it runs.
static PyObject *stopped(StoreObject *s)
{
    weft_func func;
    if (s->depth > 1 || !weft_store_stopped(s->store, &func)) return Py_NewRef(Py_None);
    return func_new(s, func);
}

static PyObject *store_stopped(PyObject *self, void *unused)
{
    StoreObject *s = (StoreObject *)self;
    if (!store_enter(s)) return NULL;
    PyObject *f = stopped(s);
    store_leave(s);
    return f;
}

static PyObject *go_on(StoreObject *s, uint32_t result_count)
{
    weft_diag diag;
    PyObject *out = NULL;
    weft_val *results = calloc(result_count + 1, sizeof *results);
    if (!results) return PyErr_NoMemory();
    store_run(s);
    weft_status status = weft_continue(s->store, results, result_count, &diag);
    store_take_lock(s);
    if (status == WEFT_OK) values_hold(results, result_count);
    if (store_ran(s, status, &diag)) out = values_out(s, results, result_count);
    else if (status == WEFT_OK) values_drop(results, result_count);
    free(results);
    return out;
}

static PyObject *store_continue(PyObject *self, PyObject *unused)
{
    StoreObject *s = (StoreObject *)self;
    if (!store_enter(s)) return NULL;
    PyObject *f = stopped(s), *out = NULL;
    if (f == Py_None) error_new("not_stopped", "there is no stopped call to continue");
    else if (f) out = go_on(s, ((FuncObject *)f)->result_count);
    Py_XDECREF(f);
    store_leave(s);
    return out;
}

static PyMethodDef store_methods[] = {
    {"close", store_close, METH_NOARGS,
     "close($self, /)\n--\n\nFrees all that is in it. What is used of it afterwards raises "
     "WeftError. Not while it runs, nor while views of its memories are held."},
    {"__enter__", store_with, METH_NOARGS, "__enter__($self, /)\n--\n\nThe store."},
    {"__exit__", store_without, METH_VARARGS, "__exit__($self, /, *args)\n--\n\nCloses it."},
    {"stop", store_stop, METH_VARARGS,
     "stop($self, why='interrupted', /)\n--\n\nEnds what it runs, now or later, in a Trap of that "
     "name: 'interrupted', 'time_limit' or 'paused'. It holds until None takes it back. From any "
     "thread, at any time."},
    {"resume", store_continue, METH_NOARGS,
     "resume($self, /)\n--\n\nGoes on with the call that was stopped, or ran out of fuel, from "
     "where it stands, and returns what that returns."},
    {"snapshot", (PyCFunction)(void (*)(void))store_snapshot, METH_VARARGS | METH_KEYWORDS,
     "snapshot($self, /, *, number=None, modules=True)\n--\n\nAll that is in it as bytes, with a "
     "call that was stopped and tasks that were; it stays as it is. `number` is called with each "
     "object of Python's that guests have, and gives the number that stands for it. Without "
     "`modules` who restores it has these. Not while it runs, nor while Refs are held."},
    {"restore", (PyCFunction)(void (*)(void))store_restore, METH_VARARGS | METH_KEYWORDS,
     "restore($self, /, data, linker=None, *, object=None, module=None)\n--\n\nReads a snapshot "
     "into a new store, and returns its tasks: a tuple. The Linker says what imports mean that are "
     "not guests' own; `object` gives the object for a number; `module`, unless it gives None, the "
     "Module for a hash (Module.hash). If that fails the store is closed."},
    {"fork", (PyCFunction)(void (*)(void))store_fork, METH_VARARGS | METH_KEYWORDS,
     "fork($self, /, source, linker=None)\n--\n\nHas a new store go on where another one of its "
     "engine stands, which goes on too; memories share pages until one of both writes to them. "
     "Returns its tasks: a tuple. The Linker says what imports mean that are not guests' own. If "
     "that fails this store is closed, and the other one stays."},
    {"look", store_look, METH_O | METH_STATIC,
     "look(data, /)\n--\n\nWhat a snapshot wants of the store that it is read into: a dict with "
     "`fuel` that was left, or None, and `deterministic`."},
    {"instances", store_instances, METH_NOARGS,
     "instances($self, /)\n--\n\nIts instances, in the order in which they were made: a list. "
     "Those whose start function failed are among them."},
    {"usage", store_usage, METH_NOARGS,
     "usage($self, /)\n--\n\nWhat is used now of what may be limited: a dict."},
    {"collect", store_collect, METH_NOARGS,
     "collect($self, /)\n--\n\nCollects now what no guest refers to any more. It is never needed."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef store_attributes[] = {
    {"engine", store_engine, NULL, "The engine that it was made with.", NULL},
    {"closed", store_closed, NULL, "Was it closed?", NULL},
    {"fuel", store_fuel, store_set_fuel,
     "How many instructions are left to be run; None if they are not counted.", NULL},
    {"timeout", store_timeout, store_set_timeout,
     "How many seconds each call may take, or None. It ends in a Trap 'time_limit' then.", NULL},
    {"resumable", store_may_continue, NULL, "Is there a stopped call to go on with?", NULL},
    {"stopped", store_stopped, NULL, "The Func whose call that is, or None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot store_slots[] = {
    {Py_tp_doc,
     "Store(engine, limits=None, *, fuel=None, timeout=None)\n--\n\n"
     "A world of its own: everything that runs is in one, and may take what its Limits say. `fuel` "
     "is how many instructions guests may run, `timeout` how many seconds each call may take. One "
     "thread at a time uses a store."},
    {Py_tp_new, store_make}, {Py_tp_dealloc, store_dealloc}, {Py_tp_traverse, store_traverse},
    {Py_tp_clear, store_clear}, {Py_tp_methods, store_methods}, {Py_tp_getset, store_attributes},
    {0, NULL},
};
static PyType_Spec store_spec = {
    "weft.Store", sizeof(StoreObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, store_slots,
};

bool store_add(PyObject *module) { return (store_type = type_add(module, &store_spec)) != NULL; }
