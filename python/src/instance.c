// instance.c -- instances, what they are given and offer; who calls a function of Python's.

#include "ext.h"

#include <string.h>
#include <weft_snapshot.h>

PyTypeObject *instance_type, *exports_type, *caller_type;

// A name for the library, which ends at its first NUL. NULL: an exception is set.
const char *c_name(PyObject *name)
{
    Py_ssize_t size;
    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "a name is a str, not %R", name);
        return NULL;
    }
    const char *text = PyUnicode_AsUTF8AndSize(name, &size);
    if (!text || strlen(text) == (size_t)size) return text;
    PyErr_SetString(PyExc_ValueError, "a name with a NUL cannot be linked");
    return NULL;
}

bool is_item(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    return type == func_type || type == memory_type || type == global_type || type == table_type ||
           type == tag_type;
}

// ---- What an instance offers

typedef struct {
    PyObject_HEAD
    PyObject *items;      // by name, in their order
    PyObject *attributes; // those that no method hides
    PyObject *list;       // by index
} ExportsObject;

static void exports_dealloc(PyObject *self)
{
    ExportsObject *e = (ExportsObject *)self;
    PyObject_GC_UnTrack(self);
    Py_XDECREF(e->items);
    Py_XDECREF(e->attributes);
    Py_XDECREF(e->list);
    object_free(self);
}

static int exports_traverse(PyObject *self, visitproc visit, void *arg)
{
    ExportsObject *e = (ExportsObject *)self;
    Py_VISIT(e->items);
    Py_VISIT(e->attributes);
    Py_VISIT(e->list);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static bool add_export(ExportsObject *e, InstanceObject *inst, uint32_t i)
{
    weft_export export;
    weft_extern item;
    weft_module_export(inst->module->module, i, &export);
    if (!weft_instance_export_at(inst->store->store, inst->instance, i, &item))
        return error_new("unknown_export", "the instance is of another store");
    PyObject *name = name_str(export.name), *object = name ? item_new(inst->store, item) : NULL;
    bool good = object && PyDict_SetItem(e->items, name, object) == 0 &&
                (PyObject_HasAttr((PyObject *)exports_type, name) ||
                 PyDict_SetItem(e->attributes, name, object) == 0) &&
                PyTuple_SetItem(e->list, i, Py_NewRef(object)) == 0;
    Py_XDECREF(name);
    Py_XDECREF(object);
    return good;
}

static PyObject *exports_new(InstanceObject *inst)
{
    uint32_t count = weft_module_export_count(inst->module->module);
    ExportsObject *e = (ExportsObject *)PyType_GenericAlloc(exports_type, 0);
    bool good = e && (e->items = PyDict_New()) && (e->attributes = PyDict_New()) &&
                (e->list = PyTuple_New(count));
    for (uint32_t i = 0; good && i < count; i++) good = add_export(e, inst, i);
    if (!good) Py_CLEAR(e);
    return (PyObject *)e;
}

static PyObject *exports_attribute(PyObject *self, PyObject *name)
{
    PyObject *found = PyDict_GetItemWithError(((ExportsObject *)self)->attributes, name);
    if (found) return Py_NewRef(found);
    return PyErr_Occurred() ? NULL : PyObject_GenericGetAttr(self, name);
}

static PyObject *exports_get(PyObject *self, PyObject *key)
{
    ExportsObject *e = (ExportsObject *)self;
    return PyLong_Check(key) ? PyObject_GetItem(e->list, key) : PyObject_GetItem(e->items, key);
}

static Py_ssize_t exports_length(PyObject *self)
{
    return PyTuple_Size(((ExportsObject *)self)->list);
}

static int exports_contain(PyObject *self, PyObject *name)
{
    return PyDict_Contains(((ExportsObject *)self)->items, name);
}

static PyObject *exports_iterate(PyObject *self)
{
    return PyObject_GetIter(((ExportsObject *)self)->items);
}

static PyObject *exports_keys(PyObject *self, PyObject *unused)
{
    return PyDict_Keys(((ExportsObject *)self)->items);
}

static PyObject *exports_values(PyObject *self, PyObject *unused)
{
    return PyDict_Values(((ExportsObject *)self)->items);
}

static PyObject *exports_items(PyObject *self, PyObject *unused)
{
    return PyDict_Items(((ExportsObject *)self)->items);
}

static PyObject *exports_find(PyObject *self, PyObject *args)
{
    PyObject *name, *other = Py_None;
    if (!PyArg_ParseTuple(args, "O|O", &name, &other)) return NULL;
    PyObject *found = PyDict_GetItemWithError(((ExportsObject *)self)->items, name);
    if (!found && PyErr_Occurred()) return NULL;
    return Py_NewRef(found ? found : other);
}

static PyObject *exports_dir(PyObject *self, PyObject *unused)
{
    PyObject *names = PyObject_Dir((PyObject *)exports_type);
    PyObject *own = names ? PyDict_Keys(((ExportsObject *)self)->attributes) : NULL;
    PyObject *all = own ? PySequence_Concat(names, own) : NULL;
    Py_XDECREF(names);
    Py_XDECREF(own);
    return all;
}

static PyMethodDef exports_methods[] = {
    {"keys", exports_keys, METH_NOARGS, "keys($self, /)\n--\n\nThe names: a list."},
    {"values", exports_values, METH_NOARGS, "values($self, /)\n--\n\nThe items: a list."},
    {"items", exports_items, METH_NOARGS, "items($self, /)\n--\n\n(name, item): a list."},
    {"get", exports_find, METH_VARARGS,
     "get($self, name, default=None, /)\n--\n\nThe item of that name, or `default`."},
    {"__dir__", exports_dir, METH_NOARGS, "__dir__($self, /)\n--\n\nNames of exports too."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot exports_slots[] = {
    {Py_tp_doc,
     "What an instance offers: Func, Memory, Global, Table and Tag, by name or number in brackets, "
     "or as attributes, unless a method has that name."},
    {Py_tp_dealloc, exports_dealloc}, {Py_tp_traverse, exports_traverse},
    {Py_tp_getattro, exports_attribute}, {Py_tp_iter, exports_iterate},
    {Py_tp_methods, exports_methods}, {Py_mp_length, exports_length},
    {Py_mp_subscript, exports_get}, {Py_sq_contains, exports_contain}, {0, NULL},
};
static PyType_Spec exports_spec = {
    "weft.Exports", sizeof(ExportsObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC |
        Py_TPFLAGS_DISALLOW_INSTANTIATION,
    exports_slots,
};

// ---- Instances

PyObject *instance_new(StoreObject *s, ModuleObject *module, weft_linker *linker)
{
    weft_diag diag;
    InstanceObject *self = (InstanceObject *)PyType_GenericAlloc(instance_type, 0);
    if (!self) return NULL;
    self->store = (StoreObject *)Py_NewRef((PyObject *)s);
    self->module = (ModuleObject *)Py_NewRef((PyObject *)module);
    store_run(s);
    weft_status status = weft_instantiate(s->store, module->module, linker, &self->instance, &diag);
    if (!store_ran(s, status, &diag) || !store_knows(s, module)) Py_CLEAR(self);
    return (PyObject *)self;
}

// The object for a module that the store keeps: the one that is known, or a new one.
static ModuleObject *module_kept(StoreObject *s, weft_module *module)
{
    PyObject *address = PyLong_FromVoidPtr(module);
    PyObject *known = address ? PyDict_GetItemWithError(s->modules, address) : NULL;
    Py_XDECREF(address);
    if (known) return (ModuleObject *)Py_NewRef(known);
    if (PyErr_Occurred()) return NULL;
    ModuleObject *made = module_new(s->engine, weft_module_share(module));
    if (made && !store_knows(s, made)) Py_CLEAR(made);
    return made;
}

static PyObject *instance_of(StoreObject *s, weft_instance instance)
{
    InstanceObject *self = (InstanceObject *)PyType_GenericAlloc(instance_type, 0);
    if (!self) return NULL;
    self->store = (StoreObject *)Py_NewRef((PyObject *)s);
    self->instance = instance;
    self->module = module_kept(s, weft_instance_module(s->store, instance));
    if (!self->module) Py_CLEAR(self);
    return (PyObject *)self;
}

PyObject *store_instances(PyObject *self, PyObject *unused)
{
    StoreObject *s = (StoreObject *)self;
    if (!store_enter(s)) return NULL;
    size_t count = weft_store_instances(s->store, NULL, 0);
    weft_instance *found = calloc(count + 1, sizeof *found);
    PyObject *all = found ? PyList_New(0) : PyErr_NoMemory();
    if (found) weft_store_instances(s->store, found, count);
    for (size_t i = 0; all && i < count; i++) {
        PyObject *one = instance_of(s, found[i]);
        if (!one || PyList_Append(all, one) < 0) Py_CLEAR(all);
        Py_XDECREF(one);
    }
    free(found);
    store_leave(s);
    return all;
}

static PyObject *import_from(PyObject *imports, bool is_mapping, PyObject *module, PyObject *name,
                             uint32_t i)
{
    if (!is_mapping) return PySequence_GetItem(imports, (Py_ssize_t)i);
    PyObject *space = PyObject_GetItem(imports, module);
    PyObject *object = space ? PyObject_GetItem(space, name) : NULL;
    Py_XDECREF(space);
    if (object || !PyErr_ExceptionMatches(PyExc_KeyError)) return object;
    PyErr_Clear();
    return Py_NewRef(Py_None); // which instantiating will complain of
}

// Defines what a module's import is to be: an item, or a function of Python's, of just its type.
static bool define_import(StoreObject *s, weft_linker *linker, ModuleObject *module,
                          const weft_import *import, PyObject *name, PyObject *item_name,
                          PyObject *object)
{
    const char *space = c_name(name), *item = space ? c_name(item_name) : NULL;
    weft_extern given = {.kind = WEFT_FUNC};
    weft_diag diag;
    weft_deftype def;
    if (!item) return false;
    if (object == Py_None) return true;
    if (is_item(object)) given = ((ItemObject *)object)->item;
    else if (import->type.kind != WEFT_FUNC || !weft_item_deftype(&import->type, &def)) {
        PyErr_Format(PyExc_TypeError, "the import %R of %R is no function, and cannot be %R",
                     item_name, name, object);
        return false;
    } else {
        DefTypeObject *type = deftype_new((PyObject *)module, def);
        bool made = type && host_new(s, type, object, false, &given.of.func);
        DROP(type);
        if (!made) return false;
    }
    if (weft_linker_define(linker, space, item, given, &diag) == WEFT_OK) return true;
    return error_raise(NULL, &diag);
}

static bool link_import(StoreObject *s, weft_linker *linker, ModuleObject *module, uint32_t i,
                        PyObject *imports, bool is_mapping, PyObject *seen)
{
    weft_import import;
    weft_module_import(module->module, i, &import);
    PyObject *space = name_str(import.module), *name = name_str(import.name), *object = NULL;
    PyObject *both = space && name ? PyTuple_Pack(2, space, name) : NULL;
    int known = both ? PySet_Contains(seen, both) : -1;
    bool good = known == 1;
    if (!known && PySet_Add(seen, both) == 0 &&
        (object = import_from(imports, is_mapping, space, name, i)))
        good = define_import(s, linker, module, &import, space, name, object);
    Py_XDECREF(object);
    Py_XDECREF(both);
    Py_XDECREF(name);
    Py_XDECREF(space);
    return good;
}

static bool link_imports(StoreObject *s, weft_linker *linker, ModuleObject *module,
                         PyObject *imports)
{
    uint32_t count = weft_module_import_count(module->module);
    bool is_mapping = !PyList_Check(imports) && !PyTuple_Check(imports);
    if (!is_mapping && PySequence_Size(imports) != (Py_ssize_t)count && count) {
        PyErr_Format(PyExc_ValueError, "the module has %u imports, not %zd", count,
                     PySequence_Size(imports));
        return false;
    }
    PyObject *seen = PySet_New(NULL);
    bool good = seen != NULL;
    for (uint32_t i = 0; good && i < count; i++)
        good = link_import(s, linker, module, i, imports, is_mapping, seen);
    Py_XDECREF(seen);
    return good;
}

static PyObject *make_instance(StoreObject *s, ModuleObject *module, PyObject *imports)
{
    weft_diag diag;
    if (!imports || imports == Py_None) return instance_new(s, module, NULL);
    weft_linker *linker = weft_linker_new(s->engine->engine, &diag);
    if (!linker) return error_raise(NULL, &diag);
    bool good = link_imports(s, linker, module, imports);
    PyObject *made = good ? instance_new(s, module, linker) : NULL;
    weft_linker_free(linker);
    return made;
}

static PyObject *instance_make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"store", "module", "imports", NULL};
    StoreObject *s;
    ModuleObject *module;
    PyObject *imports = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!O!|O", words, store_type, &s, module_type,
                                     &module, &imports) ||
        !store_enter(s))
        return NULL;
    PyObject *made = make_instance(s, module, imports);
    store_leave(s);
    return made;
}

static void instance_dealloc(PyObject *self)
{
    InstanceObject *i = (InstanceObject *)self;
    PyObject_GC_UnTrack(self);
    Py_XDECREF(i->exports);
    DROP(i->module);
    DROP(i->store);
    object_free(self);
}

static int instance_traverse(PyObject *self, visitproc visit, void *arg)
{
    InstanceObject *i = (InstanceObject *)self;
    Py_VISIT(i->exports);
    Py_VISIT(i->module);
    Py_VISIT(i->store);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static PyObject *instance_exports(PyObject *self, void *unused)
{
    InstanceObject *i = (InstanceObject *)self;
    if (i->exports) return Py_NewRef(i->exports);
    if (!store_enter(i->store)) return NULL;
    PyObject *made = exports_new(i);
    store_leave(i->store);
    if (made && !i->exports) i->exports = Py_NewRef(made);
    return made;
}

static PyObject *instance_module(PyObject *self, void *unused)
{
    return Py_NewRef((PyObject *)((InstanceObject *)self)->module);
}

static PyObject *instance_store(PyObject *self, void *unused)
{
    return Py_NewRef((PyObject *)((InstanceObject *)self)->store);
}

static PyGetSetDef instance_attributes[] = {
    {"exports", instance_exports, NULL, "What it offers: Exports.", NULL},
    {"module", instance_module, NULL, "The module that it is of.", NULL},
    {"store", instance_store, NULL, "The store that it is in.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot instance_slots[] = {
    {Py_tp_doc,
     "Instance(store, module, imports=None)\n--\n\n"
     "A module that has been linked, in a store, and whose start function has run. `imports` has "
     "for each import an item, or a callable, as imports[module][name] or, a list, in their "
     "order."},
    {Py_tp_new, instance_make}, {Py_tp_dealloc, instance_dealloc},
    {Py_tp_traverse, instance_traverse}, {Py_tp_getset, instance_attributes}, {0, NULL},
};
static PyType_Spec instance_spec = {
    "weft.Instance", sizeof(InstanceObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, instance_slots,
};

// ---- Who calls

typedef struct {
    PyObject_HEAD
    StoreObject *store;
    weft_instance instance;
    weft_memory memory;
    bool has_instance, has_memory;
} CallerObject;

PyObject *caller_new(StoreObject *s, weft_caller *caller)
{
    CallerObject *self = (CallerObject *)PyType_GenericAlloc(caller_type, 0);
    if (!self) return NULL;
    self->store = (StoreObject *)Py_NewRef((PyObject *)s);
    self->has_instance = weft_caller_instance(caller, &self->instance);
    self->has_memory = weft_caller_memory(caller, &self->memory);
    return (PyObject *)self;
}

static void caller_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    DROP(((CallerObject *)self)->store);
    object_free(self);
}

static int caller_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((CallerObject *)self)->store);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static PyObject *caller_get(PyObject *self, PyObject *name)
{
    CallerObject *c = (CallerObject *)self;
    const char *text = c_name(name);
    weft_extern item;
    PyObject *found = NULL;
    if (!text || !store_enter(c->store)) return NULL;
    if (c->has_instance && weft_instance_export(c->store->store, c->instance, text, &item))
        found = item_new(c->store, item);
    else PyErr_SetObject(PyExc_KeyError, name);
    store_leave(c->store);
    return found;
}

static PyObject *caller_find(PyObject *self, PyObject *args)
{
    PyObject *name, *other = Py_None;
    if (!PyArg_ParseTuple(args, "O|O", &name, &other)) return NULL;
    PyObject *found = caller_get(self, name);
    if (found || !PyErr_ExceptionMatches(PyExc_KeyError)) return found;
    PyErr_Clear();
    return Py_NewRef(other);
}

static PyObject *caller_memory(PyObject *self, void *unused)
{
    CallerObject *c = (CallerObject *)self;
    weft_extern item = {.kind = WEFT_MEMORY};
    if (!c->has_memory) return Py_NewRef(Py_None);
    item.of.memory = c->memory;
    if (!store_enter(c->store)) return NULL;
    PyObject *made = item_new(c->store, item);
    store_leave(c->store);
    return made;
}

static PyObject *caller_store(PyObject *self, void *unused)
{
    return Py_NewRef((PyObject *)((CallerObject *)self)->store);
}

static PyMethodDef caller_methods[] = {
    {"get", caller_find, METH_VARARGS,
     "get($self, name, default=None, /)\n--\n\nThe export of that name, or `default`."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef caller_attributes[] = {
    {"memory", caller_memory, NULL, "The first memory of who calls, or None.", NULL},
    {"store", caller_store, NULL, "The store that it is in.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot caller_slots[] = {
    {Py_tp_doc, "The instance that called a function of Python's; its exports, by name."},
    {Py_tp_dealloc, caller_dealloc}, {Py_tp_traverse, caller_traverse},
    {Py_tp_methods, caller_methods}, {Py_tp_getset, caller_attributes},
    {Py_mp_subscript, caller_get}, {0, NULL},
};
static PyType_Spec caller_spec = {
    "weft.Caller", sizeof(CallerObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC |
        Py_TPFLAGS_DISALLOW_INSTANTIATION,
    caller_slots,
};

bool instance_add(PyObject *module)
{
    return (exports_type = type_add(module, &exports_spec)) &&
           (instance_type = type_add(module, &instance_spec)) &&
           (caller_type = type_add(module, &caller_spec));
}
