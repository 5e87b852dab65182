// task.c -- calls that wait: a function of Python's that gives what can be awaited has its guest
// set aside until somebody goes on with it (weft/tasks.py).

#include "ext.h"

#include <string.h>

PyTypeObject *task_type;

typedef struct {
    PyObject_HEAD
    StoreObject *store;
    FuncObject *func;
    weft_task *task;   // as long as the store is open
    PyObject *result;  // once it has ended
} TaskObject;

static void drop_awaited(void *what) { box_end(NULL, what); }

weft_status task_wait(const HostFn *fn, weft_caller *caller, PyObject *what)
{
    Box *box = box_new(fn->store, what);
    Py_DECREF(what);
    if (!box) {
        PyErr_Clear();
        return weft_trap(caller, "there is no memory to wait");
    }
    box->fn = fn;
    return weft_caller_wait(caller, box, drop_awaited);
}

// A weft_task is freed while nobody uses the store.
static void task_dealloc(PyObject *self)
{
    TaskObject *t = (TaskObject *)self;
    PyObject_GC_UnTrack(self);
    if (t->store && t->task) store_release(t->store, (weft_ref){0}, t->task);
    Py_XDECREF(t->result);
    DROP(t->func);
    DROP(t->store);
    object_free(self);
}

static int task_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((TaskObject *)self)->store);
    Py_VISIT(((TaskObject *)self)->func);
    Py_VISIT(((TaskObject *)self)->result);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

// Once it has ended: what its function gave, at once, since objects of Python's among that are held
// by nobody else. Handles the task goes on to have, so they are kept once more.
static bool take_result(TaskObject *t)
{
    StoreObject *s = t->store;
    uint32_t count = t->func->result_count;
    weft_diag diag;
    if (weft_task_state_of(t->task) != WEFT_TASK_ENDED) return true;
    weft_val *values = malloc((count + 1) * sizeof *values);
    if (!values) return PyErr_NoMemory();
    weft_status status = weft_task_results(t->task, values, count, &diag);
    bool held = status == WEFT_OK;
    if (held) values_hold(values, count);
    for (uint32_t i = 0; status == WEFT_OK && i < count; i++)
        if (values[i].type == WEFT_REF && values[i].of.ref.handle)
            status = weft_ref_keep(s->store, values[i].of.ref, &diag);
    if (status == WEFT_OK) t->result = values_out(s, values, count);
    else error_raise(s, &diag);
    if (held && status != WEFT_OK) values_drop(values, count);
    free(values);
    return t->result != NULL;
}

static int task_clear(PyObject *self)
{
    Py_CLEAR(((TaskObject *)self)->result);
    return 0;
}

static bool may_run(StoreObject *s)
{
    if (s->depth == 1) return true;
    error_new("is_running", "no task goes on before what runs is over");
    return false;
}

static PyObject *start(FuncObject *f, PyObject *const *args, weft_val *values)
{
    StoreObject *s = f->store;
    weft_diag diag;
    TaskObject *t = (TaskObject *)PyType_GenericAlloc(task_type, 0);
    if (!t) return NULL;
    t->store = (StoreObject *)Py_NewRef((PyObject *)s);
    t->func = (FuncObject *)Py_NewRef((PyObject *)f);
    if (!may_run(s) || !values_in(s, f->types, args, f->param_count, values)) {
        DROP(t);
        return NULL;
    }
    s->in_task = true;
    store_run(s);
    t->task = weft_task_start(s->store, f->item.of.func, values, f->param_count, &diag);
    s->in_task = false;
    if (!store_ran(s, t->task ? WEFT_OK : diag.status, &diag) || !take_result(t)) Py_CLEAR(t);
    return (PyObject *)t;
}

PyObject *task_adopt(StoreObject *s, weft_task *task)
{
    TaskObject *t = (TaskObject *)PyType_GenericAlloc(task_type, 0);
    if (!t) return NULL;
    t->func = (FuncObject *)func_new(s, weft_task_func(task));
    if (!t->func) Py_CLEAR(t);
    else {
        t->store = (StoreObject *)Py_NewRef((PyObject *)s);
        t->task = task;
    }
    return (PyObject *)t;
}

PyObject *task_start(FuncObject *f, PyObject *const *args, size_t count)
{
    PyObject *task = NULL;
    if (count != f->param_count)
        return PyErr_Format(PyExc_TypeError, "the function takes %u arguments, not %zu",
                            f->param_count, count);
    weft_val *values = malloc((count + 1) * sizeof *values);
    if (!values) return PyErr_NoMemory();
    if (store_enter(f->store)) {
        task = start(f, args, values);
        store_leave(f->store);
    }
    free(values);
    return task;
}

// ---- Going on. Within store_enter

static PyObject *ran(TaskObject *t, weft_status status, const weft_diag *diag)
{
    t->store->in_task = false;
    if (!store_ran(t->store, status, diag) || !take_result(t)) return NULL;
    return Py_NewRef(Py_None);
}

static const Box *awaited(TaskObject *t)
{
    const Box *box = weft_task_what(t->task);
    if (!box) error_new("wrong_state", "the task does not wait for a function of Python's");
    return box;
}

static PyObject *resume(TaskObject *t, PyObject *object)
{
    StoreObject *s = t->store;
    weft_diag diag;
    const Box *box = awaited(t);
    if (!box) return NULL;
    uint32_t count = box->fn->result_count;
    weft_val *values = malloc((count + 1) * sizeof *values);
    if (!values) return PyErr_NoMemory();
    PyObject *out = NULL;
    if (results_in(s, box->fn->results, count, object, values)) {
        s->in_task = true;
        store_run(s);
        out = ran(t, weft_task_resume(t->task, values, count, &diag), &diag);
    }
    free(values);
    return out;
}

static PyObject *fail(TaskObject *t, PyObject *exception)
{
    StoreObject *s = t->store;
    weft_diag diag;
    if (!awaited(t)) return NULL;
    if (!PyObject_IsInstance(exception, PyExc_BaseException))
        return PyErr_Format(PyExc_TypeError, "an exception is wanted, not %R", exception);
    Py_XDECREF(s->pending);
    s->pending = Py_NewRef(exception);
    s->in_task = true;
    store_run(s);
    return ran(t, weft_task_fail(t->task, "what it waited for failed", &diag), &diag);
}

static PyObject *go_on(TaskObject *t, PyObject *unused)
{
    weft_diag diag;
    t->store->in_task = true;
    store_run(t->store);
    return ran(t, weft_task_continue(t->task, &diag), &diag);
}

static PyObject *within(PyObject *self, PyObject *object,
                        PyObject *(*what)(TaskObject *, PyObject *))
{
    TaskObject *t = (TaskObject *)self;
    if (!store_enter(t->store)) return NULL;
    PyObject *out = may_run(t->store) ? what(t, object) : NULL;
    store_leave(t->store);
    return out;
}

static PyObject *task_resume(PyObject *self, PyObject *args)
{
    PyObject *object = Py_None;
    if (!PyArg_ParseTuple(args, "|O", &object)) return NULL;
    return within(self, object, resume);
}

static PyObject *task_fail(PyObject *self, PyObject *exception)
{
    return within(self, exception, fail);
}

static PyObject *task_continue(PyObject *self, PyObject *unused)
{
    return within(self, NULL, go_on);
}

// ---- What it is

static PyObject *state(TaskObject *t, PyObject *unused)
{
    static const char *const names[] = {"ended", "failed", "waits", "stopped"};
    return PyUnicode_FromString(names[weft_task_state_of(t->task)]);
}

static PyObject *what(TaskObject *t, PyObject *unused)
{
    const Box *box = weft_task_what(t->task);
    return Py_NewRef(box ? box->object : Py_None);
}

static PyObject *stop(TaskObject *t, PyObject *unused)
{
    const char *name = weft_task_stop(t->task);
    return name ? PyUnicode_FromString(name) : Py_NewRef(Py_None);
}

static PyObject *task_state(PyObject *self, void *unused) { return within(self, NULL, state); }
static PyObject *task_what(PyObject *self, void *unused) { return within(self, NULL, what); }
static PyObject *task_stop(PyObject *self, void *unused) { return within(self, NULL, stop); }

static PyObject *task_func(PyObject *self, void *unused)
{
    return Py_NewRef((PyObject *)((TaskObject *)self)->func);
}

static PyObject *task_result(PyObject *self, void *unused)
{
    PyObject *result = ((TaskObject *)self)->result;
    return result ? Py_NewRef(result) : error_new("wrong_state", "the task has not ended");
}

static PyMethodDef task_methods[] = {
    {"resume", task_resume, METH_VARARGS,
     "resume($self, result=None, /)\n--\n\nGoes on behind the function that it waits for, which "
     "gave this; until it ends, waits or is stopped."},
    {"fail", task_fail, METH_O,
     "fail($self, exception, /)\n--\n\nAs if that function had raised this, which comes out."},
    {"go_on", task_continue, METH_NOARGS,
     "go_on($self, /)\n--\n\nGoes on with one that was stopped, or ran out of fuel."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef task_attributes[] = {
    {"func", task_func, NULL, "The Func that it calls.", NULL},
    {"state", task_state, NULL, "'ended', 'failed', 'waits' or 'stopped'.", NULL},
    {"what", task_what, NULL, "What it waits for: what a function of Python's gave.", NULL},
    {"stop", task_stop, NULL, "Of one that was stopped the name of the Trap; else None.", NULL},
    {"result", task_result, NULL, "What its function returned, once it has ended.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot task_slots[] = {
    {Py_tp_doc, "A call that may wait: see Func.start. It has no thread meanwhile."},
    {Py_tp_dealloc, task_dealloc}, {Py_tp_traverse, task_traverse},
    {Py_tp_clear, task_clear},
    {Py_tp_methods, task_methods}, {Py_tp_getset, task_attributes}, {0, NULL},
};
static PyType_Spec task_spec = {
    "weft.Task", sizeof(TaskObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC |
        Py_TPFLAGS_DISALLOW_INSTANTIATION,
    task_slots,
};

bool task_add(PyObject *module) { return (task_type = type_add(module, &task_spec)) != NULL; }
