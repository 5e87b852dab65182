// snapshot.c -- stores as bytes, and back (weft_snapshot.h).
//
// The library does that without the interpreter's lock, and asks in its midst for what is Python's:
// the number of an object that guests have, the object of a number, a module. What runs for that
// may use other stores, and not this one. What it raises is kept, and comes out.

#include "ext.h"

#include <string.h>
#include <weft_snapshot.h>

typedef struct {
    StoreObject *store;
    PyObject *number, *object, *module; // what is asked; NULL: nobody
    PyObject *raised;
    char *bytes;                        // written so far
    size_t len, room;
    bool is_short;                      // there was no memory for more
} Work;

static bool callable_in(PyObject **callable, const char *name)
{
    if (!*callable || *callable == Py_None) *callable = NULL;
    else if (!PyCallable_Check(*callable)) {
        PyErr_Format(PyExc_TypeError, "%s is to be callable, not %R", name, *callable);
        return false;
    }
    return true;
}

// Within store_enter: nothing runs that this would go on beside.
static bool is_idle(StoreObject *s, const char *otherwise)
{
    if (s->depth > 1) error_new("is_running", otherwise);
    return s->depth == 1;
}

static void begin(StoreObject *s)
{
    s->busy = "the store is just being written or read";
    s->released = PyEval_SaveThread();
}

// Its answer, None if there is nobody to ask. Takes `what` over; with the lock.
static PyObject *ask(PyObject *callable, PyObject *what)
{
    PyObject *answer = NULL;
    if (what && callable) answer = PyObject_CallFunctionObjArgs(callable, what, NULL);
    else if (what) answer = Py_NewRef(Py_None);
    Py_XDECREF(what);
    return answer;
}

// Then others run again.
static bool answered(Work *w, bool good)
{
    if (!good) w->raised = error_take();
    w->store->released = PyEval_SaveThread();
    return good;
}

// ---- Out

static bool keep_bytes(void *env, const void *bytes, size_t len)
{
    Work *w = env;
    if (len > w->room - w->len) {
        size_t room = 2 * w->room + len;
        char *more = room > w->room ? realloc(w->bytes, room) : NULL;
        w->is_short = !more;
        if (!more) return false;
        w->bytes = more;
        w->room = room;
    }
    memcpy(w->bytes + w->len, bytes, len);
    w->len += len;
    return true;
}

static void has_no_number(PyObject *object)
{
    PyObject *words = PyUnicode_FromFormat("guests have %R, and `number` is to give the number of "
                                           "that", object);
    const char *text = words ? PyUnicode_AsUTF8AndSize(words, NULL) : NULL;
    if (text) error_new("cannot_snapshot", text);
    Py_XDECREF(words);
}

static bool number_of(void *env, void *box, uint64_t *number)
{
    Work *w = env;
    if (w->raised) return false;
    store_take_lock(w->store);
    PyObject *object = Py_NewRef(((Box *)box)->object);
    PyObject *given = ask(w->number, Py_NewRef(object));
    if (given == Py_None) has_no_number(object);
    bool good = given && given != Py_None && number_in(given, number);
    Py_XDECREF(given);
    Py_DECREF(object);
    return answered(w, good);
}

static PyObject *written(Work *w, bool modules)
{
    weft_snapshot_out out = weft_snapshot_out_init(keep_bytes, w);
    weft_diag diag;
    out.number = number_of;
    out.without_modules = !modules;
    begin(w->store);
    weft_status status = weft_snapshot_write(w->store->store, &out, &diag);
    store_take_lock(w->store);
    w->store->busy = NULL;
    if (status == WEFT_OK && !w->raised)
        return PyBytes_FromStringAndSize(w->bytes, (Py_ssize_t)w->len);
    if (w->raised) error_set(w->raised);
    else if (w->is_short) PyErr_NoMemory();
    else error_raise(NULL, &diag);
    return NULL;
}

PyObject *store_snapshot(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"number", "modules", NULL};
    StoreObject *s = (StoreObject *)self;
    Work w = {.store = s};
    PyObject *out = NULL;
    int modules = 1;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|$Op", words, &w.number, &modules) ||
        !callable_in(&w.number, "number") || !store_enter(s))
        return NULL;
    if (is_idle(s, "a store is written between calls: pause what runs, by stop('paused')"))
        out = written(&w, modules);
    store_leave(s);
    free(w.bytes);
    return out;
}

// ---- In

static bool object_of(void *env, uint64_t number, void **box)
{
    Work *w = env;
    char text[100];
    if (w->raised) return false;
    store_take_lock(w->store);
    PyObject *given = ask(w->object, PyLong_FromUnsignedLongLong(number));
    bool is_one = given && given != Py_None;
    if (given == Py_None) {
        PyOS_snprintf(text, sizeof text, "its guests had object %llu, which `object` is to give",
                      (unsigned long long)number);
        error_new("snapshot_mismatch", text);
    }
    bool good = is_one && (*box = box_new(w->store, given)) != NULL;
    Py_XDECREF(given);
    return answered(w, good);
}

// The snapshot's own bytes are not taken after something was raised, but that ends it anyway.
static weft_module *module_of(void *env, const uint8_t hash[32])
{
    Work *w = env;
    if (w->raised) return NULL;
    store_take_lock(w->store);
    PyObject *given = ask(w->module, PyBytes_FromStringAndSize((const char *)hash, 32));
    bool is_one = given && Py_IS_TYPE(given, module_type);
    if (given && given != Py_None && !is_one)
        PyErr_Format(PyExc_TypeError, "a Module is wanted, or None, not %R", given);
    bool good = is_one ? store_knows(w->store, (ModuleObject *)given) : given == Py_None;
    weft_module *module = good && is_one ? ((ModuleObject *)given)->module : NULL;
    Py_XDECREF(given); // the store has it
    answered(w, good);
    return module;
}

// Its tasks, whose objects are new.
static PyObject *tasks_of(StoreObject *s)
{
    size_t count = weft_store_tasks(s->store, NULL, 0);
    weft_task **tasks = calloc(count + 1, sizeof *tasks);
    PyObject *all = tasks ? PyTuple_New((Py_ssize_t)count) : PyErr_NoMemory();
    if (tasks) weft_store_tasks(s->store, tasks, count);
    for (size_t i = 0; all && i < count; i++) {
        PyObject *task = task_adopt(s, tasks[i]);
        if (task) PyTuple_SetItem(all, (Py_ssize_t)i, task);
        else Py_CLEAR(all);
    }
    free(tasks);
    return all;
}

static PyObject *read_all(Work *w, weft_linker *linker, PyObject *bytes)
{
    StoreObject *s = w->store;
    weft_snapshot_in in = weft_snapshot_in_init();
    weft_diag diag;
    PyObject *tasks = NULL;
    in.env = w;
    in.pointer = object_of;
    if (w->module) in.module = module_of;
    const char *data = PyBytes_AsString(bytes);
    size_t size = (size_t)PyBytes_Size(bytes);
    begin(s);
    weft_status status = weft_snapshot_read(s->store, linker, data, size, &in, &diag);
    store_take_lock(s);
    if (w->raised) error_set(w->raised);
    else if (status != WEFT_OK) error_raise(NULL, &diag);
    else tasks = tasks_of(s);
    s->busy = NULL; // not before
    if (!tasks) store_give_up(s);
    return tasks;
}

static bool may_read(StoreObject *s)
{
    static const char wanted[] = "a snapshot is read into a store with nothing in it, a new one";
    if (!is_idle(s, wanted)) return false;
    if (weft_store_instances(s->store, NULL, 0)) return error_new("is_running", wanted) != NULL;
    if (s->views) PyErr_SetString(PyExc_BufferError, "views of the store's memories are held");
    return !s->views;
}

// Bytes that nobody changes meanwhile.
static PyObject *bytes_in(PyObject *data)
{
    if (PyBytes_Check(data)) return Py_NewRef(data);
    if (PyObject_CheckBuffer(data)) return PyBytes_FromObject(data);
    return PyErr_Format(PyExc_TypeError, "a snapshot is bytes, not %R", data);
}

PyObject *store_restore(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"data", "linker", "object", "module", NULL};
    StoreObject *s = (StoreObject *)self;
    Work w = {.store = s};
    PyObject *data, *given = Py_None, *out = NULL;
    weft_linker *linker = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|O$OO", words, &data, &given, &w.object,
                                     &w.module) ||
        !callable_in(&w.object, "object") || !callable_in(&w.module, "module"))
        return NULL;
    PyObject *bytes = bytes_in(data);
    if (bytes && store_enter(s)) {
        if (may_read(s) && (given == Py_None || (linker = linker_of(s, given))))
            out = read_all(&w, linker, bytes);
        store_leave(s);
    }
    Py_XDECREF(bytes);
    return out;
}

// ---- Both at once: with the lock, since it takes a fraction of a millisecond

static bool boxed_too(void *env, uint64_t box, void **out)
{
    return (*out = box_new(env, ((Box *)(uintptr_t)box)->object)) != NULL;
}

static PyObject *forked(StoreObject *to, StoreObject *from, weft_linker *linker)
{
    weft_snapshot_in in = weft_snapshot_in_init();
    weft_diag diag;
    PyObject *tasks = NULL;
    in.env = to;
    in.pointer = boxed_too;
    to->busy = from->busy = "the store is just being forked";
    weft_status status = weft_store_fork(from->store, to->store, linker, &in, &diag);
    if (status == WEFT_OK) tasks = tasks_of(to);
    else if (!PyErr_Occurred()) error_raise(NULL, &diag);
    to->busy = from->busy = NULL;
    if (!tasks) store_give_up(to);
    return tasks;
}

PyObject *store_fork(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"source", "linker", NULL};
    StoreObject *to = (StoreObject *)self, *from;
    PyObject *given = Py_None, *out = NULL;
    weft_linker *linker = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!|O", words, store_type, &from, &given))
        return NULL;
    if (from == to) return error_new("is_running", "a store is forked into another one, a new one");
    if (!store_enter(from)) return NULL;
    if (is_idle(from, "a store is forked between calls: pause what runs, by stop('paused')") &&
        store_enter(to)) {
        if (may_read(to) && (given == Py_None || (linker = linker_of(to, given))))
            out = forked(to, from, linker);
        store_leave(to);
    }
    store_leave(from);
    return out;
}

PyObject *store_look(PyObject *class, PyObject *data)
{
    weft_snapshot_info info = {.size = sizeof info};
    weft_diag diag;
    PyObject *bytes = bytes_in(data);
    if (!bytes) return NULL;
    weft_status status = weft_snapshot_look(PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes),
                                            &info, &diag);
    Py_DECREF(bytes);
    if (status != WEFT_OK) return error_raise(NULL, &diag);
    PyObject *fuel = info.fueled ? PyLong_FromUnsignedLongLong(info.fuel) : Py_NewRef(Py_None);
    return Py_BuildValue("{sNsN}", "fuel", fuel, "deterministic",
                         PyBool_FromLong(info.deterministic));
}
