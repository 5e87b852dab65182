// linker.c -- what imports mean, and what is granted by WASI.

#include "ext.h"

PyTypeObject *linker_type;

// ---- Linkers

typedef struct {
    PyObject_HEAD
    StoreObject *store;
    weft_linker *linker;
} LinkerObject;

static PyObject *linker_make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"store", NULL};
    StoreObject *s;
    weft_diag diag;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!", words, store_type, &s) ||
        !store_enter(s))
        return NULL;
    LinkerObject *self = (LinkerObject *)PyType_GenericAlloc(type, 0);
    if (self) {
        self->store = (StoreObject *)Py_NewRef((PyObject *)s);
        self->linker = weft_linker_new(s->engine->engine, &diag);
        if (!self->linker) {
            Py_CLEAR(self);
            error_raise(NULL, &diag);
        }
    }
    store_leave(s);
    return (PyObject *)self;
}

static void linker_dealloc(PyObject *self)
{
    LinkerObject *l = (LinkerObject *)self;
    PyObject_GC_UnTrack(self);
    weft_linker_free(l->linker);
    DROP(l->store);
    object_free(self);
}

static int linker_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((LinkerObject *)self)->store);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

weft_linker *linker_of(StoreObject *s, PyObject *linker)
{
    LinkerObject *l = (LinkerObject *)linker;
    if (!Py_IS_TYPE(linker, linker_type))
        PyErr_Format(PyExc_TypeError, "a Linker is wanted, not %R: see Linker.define_func", linker);
    else if (l->store != s) error_new("wrong_store", "the linker is of another store");
    else return l->linker;
    return NULL;
}

// What fails has told why.
static PyObject *defined(StoreObject *s, weft_status status, const weft_diag *diag)
{
    if (status != WEFT_OK) error_raise(NULL, diag);
    store_leave(s);
    return status == WEFT_OK ? Py_NewRef(Py_None) : NULL;
}

static PyObject *linker_define(PyObject *self, PyObject *args)
{
    LinkerObject *l = (LinkerObject *)self;
    PyObject *module, *name, *item;
    weft_diag diag;
    if (!PyArg_ParseTuple(args, "OOO", &module, &name, &item)) return NULL;
    const char *space = c_name(module), *text = space ? c_name(name) : NULL;
    if (!text) return NULL;
    if (!is_item(item))
        return PyErr_Format(PyExc_TypeError, "only items can be linked, not %R; see define_func",
                            item);
    if (!store_enter(l->store)) return NULL;
    weft_extern given = ((ItemObject *)item)->item;
    weft_item_type type;
    // With the first item it would be for that item's store.
    if (!weft_extern_type(l->store->store, given, &type)) {
        error_new("wrong_store", "the linker is for another store than the item");
        store_leave(l->store);
        return NULL;
    }
    return defined(l->store, weft_linker_define(l->linker, space, text, given, &diag), &diag);
}

static PyObject *linker_define_func(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"module", "name", "type", "function", "access_caller", NULL};
    LinkerObject *l = (LinkerObject *)self;
    PyObject *module, *name, *type, *callable;
    int wants_caller = 0;
    weft_extern item = {.kind = WEFT_FUNC};
    weft_diag diag;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OOOO|$p", words, &module, &name, &type,
                                     &callable, &wants_caller))
        return NULL;
    const char *space = c_name(module), *text = space ? c_name(name) : NULL;
    DefTypeObject *def = text ? deftype_of_func(l->store->engine, type) : NULL;
    if (!def || !store_enter(l->store)) {
        DROP(def);
        return NULL;
    }
    bool made = host_new(l->store, def, callable, wants_caller, &item.of.func);
    DROP(def);
    if (made)
        return defined(l->store, weft_linker_define(l->linker, space, text, item, &diag), &diag);
    store_leave(l->store);
    return NULL;
}

static PyObject *linker_define_instance(PyObject *self, PyObject *args)
{
    LinkerObject *l = (LinkerObject *)self;
    PyObject *module;
    InstanceObject *instance;
    weft_diag diag;
    if (!PyArg_ParseTuple(args, "OO!", &module, instance_type, &instance)) return NULL;
    const char *space = c_name(module);
    if (!space || !store_enter(l->store)) return NULL;
    weft_status status = weft_linker_instance(l->linker, l->store->store, space,
                                              instance->instance, &diag);
    return defined(l->store, status, &diag);
}

static PyObject *linker_instantiate(PyObject *self, PyObject *module)
{
    LinkerObject *l = (LinkerObject *)self;
    if (!Py_IS_TYPE(module, module_type))
        return PyErr_Format(PyExc_TypeError, "a Module is instantiated, not %R", module);
    if (!store_enter(l->store)) return NULL;
    PyObject *made = instance_new(l->store, (ModuleObject *)module, l->linker);
    store_leave(l->store);
    return made;
}

static PyObject *linker_store(PyObject *self, void *unused)
{
    return Py_NewRef((PyObject *)((LinkerObject *)self)->store);
}

// ---- WASI: a WasiConfig says what is granted, as bytes and numbers

static const char *bytes_of(PyObject *list, Py_ssize_t i)
{
    char *text;
    PyObject *item = PyTuple_GetItem(list, i);
    return item && PyBytes_AsStringAndSize(item, &text, NULL) == 0 ? text : NULL;
}

static weft_status grant(weft_wasi *wasi, char what, PyObject *row, weft_diag *diag)
{
    const char *first = bytes_of(row, 0), *second = first ? bytes_of(row, 1) : NULL;
    if (!second) return WEFT_ERROR;
    switch (what) {
    case 'a': return weft_wasi_arg(wasi, first, diag);
    case 'e': return weft_wasi_env(wasi, first, second, diag);
    default: return weft_wasi_dir(wasi, first, second, what == 'r', diag);
    }
}

// Rows are ('a', argument, b''), ('e', name, value), ('r' or 'w', directory, its name there).
static bool grant_all(weft_wasi *wasi, PyObject *rows)
{
    weft_diag diag;
    const char *what;
    PyObject *pair;
    for (Py_ssize_t i = 0; i < PyTuple_Size(rows); i++) {
        PyObject *row = PyTuple_GetItem(rows, i);
        if (!PyTuple_Check(row)) PyErr_SetString(PyExc_TypeError, "a row of a plan is a tuple");
        if (!PyTuple_Check(row) || !PyArg_ParseTuple(row, "sO!", &what, &PyTuple_Type, &pair))
            return false;
        if (grant(wasi, *what, pair, &diag) == WEFT_OK) continue;
        return PyErr_Occurred() ? false : error_raise(NULL, &diag) != NULL;
    }
    return true;
}

static bool add_wasi(LinkerObject *l, PyObject *rows, const int *fds, PyObject *kept)
{
    weft_diag diag;
    weft_wasi *wasi = weft_wasi_new(&diag);
    bool good = wasi && weft_wasi_stdio(wasi, fds[0], fds[1], fds[2], &diag) == WEFT_OK;
    if (!good) error_raise(NULL, &diag);
    good = good && grant_all(wasi, rows) && PyList_Append(l->store->kept, kept) == 0;
    if (good && weft_store_set_wasi(l->store->store, wasi, &diag) == WEFT_OK) {
        weft_linker_wasi(l->linker);
        l->store->eager = true; // it waits, and for whom nobody knows
        return true;
    }
    if (good) error_raise(NULL, &diag);
    weft_wasi_free(wasi);
    return false;
}

static PyObject *linker_define_wasi(PyObject *self, PyObject *config)
{
    LinkerObject *l = (LinkerObject *)self;
    int fds[3];
    bool good = false;
    if (!PyObject_HasAttrString(config, "_plan"))
        return PyErr_Format(PyExc_TypeError, "a WasiConfig is wanted, not %R", config);
    PyObject *plan = PyObject_CallMethod(config, "_plan", NULL), *rows, *kept;
    if (plan && !PyTuple_Check(plan)) PyErr_SetString(PyExc_TypeError, "a plan is a tuple");
    else if (plan && PyArg_ParseTuple(plan, "O!(iii)O", &PyTuple_Type, &rows, &fds[0], &fds[1],
                                      &fds[2], &kept) && store_enter(l->store)) {
        good = add_wasi(l, rows, fds, kept);
        store_leave(l->store);
    }
    Py_XDECREF(plan);
    return good ? Py_NewRef(Py_None) : NULL;
}

static PyMethodDef linker_methods[] = {
    {"define", linker_define, METH_VARARGS,
     "define($self, module, name, item, /)\n--\n\nSays what that import means: a Func, Memory, "
     "Global, Table or Tag of the store."},
    {"define_func", (PyCFunction)(void (*)(void))linker_define_func,
     METH_VARARGS | METH_KEYWORDS,
     "define_func($self, module, name, type, function, *, access_caller=False)\n--\n\n"
     "Says that it means a function of Python's: see Func."},
    {"define_instance", linker_define_instance, METH_VARARGS,
     "define_instance($self, module, instance, /)\n--\n\nAll exports of an instance, under one "
     "module name."},
    {"define_wasi", linker_define_wasi, METH_O,
     "define_wasi($self, config, /)\n--\n\nAnswers the imports of WASI preview 1, with what a "
     "WasiConfig grants."},
    {"instantiate", linker_instantiate, METH_O,
     "instantiate($self, module, /)\n--\n\nAn Instance of the module, whose start function has "
     "run."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef linker_attributes[] = {
    {"store", linker_store, NULL, "The store that it is for.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot linker_slots[] = {
    {Py_tp_doc,
     "Linker(store)\n--\n\n"
     "Says what imports mean, by two names. A guest gets nothing but what its linker holds."},
    {Py_tp_new, linker_make}, {Py_tp_dealloc, linker_dealloc}, {Py_tp_traverse, linker_traverse},
    {Py_tp_methods, linker_methods}, {Py_tp_getset, linker_attributes}, {0, NULL},
};
static PyType_Spec linker_spec = {
    "weft.Linker", sizeof(LinkerObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, linker_slots,
};

bool linker_add(PyObject *module)
{
    return (linker_type = type_add(module, &linker_spec)) != NULL;
}
