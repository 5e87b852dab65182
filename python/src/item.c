// item.c -- what is in a store: what all items have in common; globals, tables and tags.

#include "ext.h"

#include <string.h>

PyTypeObject *global_type, *table_type, *tag_type;

// ---- All of them

int item_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((ItemObject *)self)->store);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

void item_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    DROP(((ItemObject *)self)->store);
    object_free(self);
}

// Two objects may stand for one item.
PyObject *item_compare(PyObject *a, PyObject *b, int op)
{
    if ((op != Py_EQ && op != Py_NE) || Py_TYPE(a) != Py_TYPE(b)) Py_RETURN_NOTIMPLEMENTED;
    weft_func x = ((ItemObject *)a)->item.of.func, y = ((ItemObject *)b)->item.of.func;
    return PyBool_FromLong((x.store == y.store && x.item == y.item) == (op == Py_EQ));
}

Py_hash_t item_hash(PyObject *self)
{
    Py_hash_t hash = (Py_hash_t)((uintptr_t)((ItemObject *)self)->item.of.func.item >> 4);
    return hash == -1 ? -2 : hash;
}

PyObject *item_store(PyObject *self, void *unused)
{
    return Py_NewRef((PyObject *)((ItemObject *)self)->store);
}

PyObject *item_type(PyObject *self, void *unused)
{
    ItemObject *item = (ItemObject *)self;
    weft_item_type type;
    PyObject *made = NULL;
    if (!store_enter(item->store)) return NULL;
    if (weft_extern_type(item->store->store, item->item, &type))
        made = type_of_item(&type, (PyObject *)item->store);
    else error_new("wrong_store", "the item");
    store_leave(item->store);
    return made;
}

// For iterating, which ends with an IndexError.
PyObject *item_at(PyObject *self, Py_ssize_t index, PyObject *(*get)(PyObject *, PyObject *))
{
    PyObject *key = PyLong_FromSsize_t(index), *out = key ? get(self, key) : NULL;
    Py_XDECREF(key);
    return out;
}

PyObject *item_new(StoreObject *s, weft_extern item)
{
    PyTypeObject *type = item.kind == WEFT_MEMORY ? memory_type
                         : item.kind == WEFT_GLOBAL ? global_type
                         : item.kind == WEFT_TABLE ? table_type : tag_type;
    if (item.kind == WEFT_FUNC) return func_new(s, item.of.func);
    ItemObject *self = (ItemObject *)PyType_GenericAlloc(type, 0);
    if (!self) return NULL;
    self->store = (StoreObject *)Py_NewRef((PyObject *)s);
    self->item = item;
    return (PyObject *)self;
}

static PyGetSetDef common[] = {
    {"store", item_store, NULL, "The store that it is in.", NULL},
    {"type", item_type, NULL, "What it is now: a TableType or TagType.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyObject *one_out(StoreObject *s, weft_status status, weft_val *value,
                         const weft_diag *diag)
{
    if (status != WEFT_OK) return error_raise(s, diag);
    values_hold(value, 1);
    return values_out(s, value, 1);
}

static bool no_more_room(StoreObject *s, weft_status status, const weft_diag *diag)
{
    if (status != WEFT_OK) error_raise(s, diag);
    return status != WEFT_OK;
}

// ---- Globals

static PyObject *global_get(PyObject *self, void *unused)
{
    ItemObject *g = (ItemObject *)self;
    StoreObject *s = g->store;
    weft_val value;
    weft_diag diag;
    if (!store_enter(s)) return NULL;
    weft_status status = weft_global_get(s->store, g->item.of.global, &value, &diag);
    PyObject *out = one_out(s, status, &value, &diag);
    store_leave(s);
    return out;
}

static bool set_global(ItemObject *g, PyObject *given)
{
    StoreObject *s = g->store;
    weft_item_type type;
    weft_val value;
    weft_diag diag;
    if (!weft_extern_type(s->store, g->item, &type)) return false;
    if (!type.is_mutable) {
        PyErr_SetString(PyExc_AttributeError, "the global is constant");
        return false;
    }
    if (!value_in(s, type.type, given, &value)) return false;
    return !no_more_room(s, weft_global_set(s->store, g->item.of.global, value, &diag), &diag);
}

static int global_set(PyObject *self, PyObject *given, void *unused)
{
    ItemObject *g = (ItemObject *)self;
    if (!given) {
        PyErr_SetString(PyExc_AttributeError, "a global has a value");
        return -1;
    }
    if (!store_enter(g->store)) return -1;
    bool good = set_global(g, given);
    store_leave(g->store);
    return good ? 0 : -1;
}

static PyObject *make_global(StoreObject *s, const weft_valtype *type, PyObject *given,
                             bool is_mutable)
{
    weft_extern item = {.kind = WEFT_GLOBAL};
    weft_val value;
    weft_diag diag;
    if (!value_in(s, value_type(type), given, &value)) return NULL;
    weft_status status = weft_global_new_of(s->store, type, value, is_mutable, &item.of.global,
                                            &diag);
    return no_more_room(s, status, &diag) ? NULL : item_new(s, item);
}

static PyObject *global_make(PyTypeObject *class, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"store", "type", "value", "mutable", NULL};
    StoreObject *s;
    PyObject *of, *given, *made = NULL;
    int is_mutable = 0;
    weft_valtype type;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!OO|p", words, store_type, &s, &of, &given,
                                     &is_mutable) ||
        !valtype_parse(of, &type) || !store_enter(s))
        return NULL;
    made = make_global(s, &type, given, is_mutable);
    store_leave(s);
    return made;
}

static PyGetSetDef global_attributes[] = {
    {"store", item_store, NULL, "The store that it is in.", NULL},
    {"type", item_type, NULL, "Its GlobalType.", NULL},
    {"value", global_get, global_set, "What it holds; can be set if it is mutable.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot global_slots[] = {
    {Py_tp_doc,
     "Global(store, type, value, mutable=False)\n--\n\n"
     "A global variable. `type` is 'i32', 'externref', '(ref null any)' or a DefType."},
    {Py_tp_new, global_make}, {Py_tp_dealloc, item_dealloc}, {Py_tp_traverse, item_traverse},
    {Py_tp_getset, global_attributes}, {Py_tp_richcompare, item_compare}, {Py_tp_hash, item_hash},
    {0, NULL},
};
static PyType_Spec global_spec = {
    "weft.Global", sizeof(ItemObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, global_slots,
};

// ---- Tables

static Py_ssize_t table_length(PyObject *self)
{
    ItemObject *t = (ItemObject *)self;
    if (!store_enter(t->store)) return -1;
    uint64_t size = weft_table_size(t->store->store, t->item.of.table);
    store_leave(t->store);
    return (Py_ssize_t)size;
}

static bool index_in(PyObject *given, uint64_t size, uint64_t *out)
{
    Py_ssize_t index = PyNumber_AsSsize_t(given, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) return false;
    if (index < 0) index += (Py_ssize_t)size;
    *out = (uint64_t)index;
    if (index >= 0 && (uint64_t)index < size) return true;
    PyErr_Format(PyExc_IndexError, "%R of %llu", given, (unsigned long long)size);
    return false;
}

static PyObject *get_entry(ItemObject *t, PyObject *index)
{
    StoreObject *s = t->store;
    uint64_t at;
    weft_val value;
    weft_diag diag;
    if (!index_in(index, weft_table_size(s->store, t->item.of.table), &at)) return NULL;
    weft_status status = weft_table_get(s->store, t->item.of.table, at, &value, &diag);
    return one_out(s, status, &value, &diag);
}

static PyObject *table_get(PyObject *self, PyObject *index)
{
    ItemObject *t = (ItemObject *)self;
    if (!store_enter(t->store)) return NULL;
    PyObject *out = get_entry(t, index);
    store_leave(t->store);
    return out;
}

static PyObject *table_item(PyObject *self, Py_ssize_t index)
{
    return item_at(self, index, table_get);
}

static bool entry_in(ItemObject *t, PyObject *given, weft_val *out)
{
    weft_item_type type;
    return weft_extern_type(t->store->store, t->item, &type) &&
           value_in(t->store, type.type, given, out);
}

static bool set_entry(ItemObject *t, PyObject *index, PyObject *given)
{
    StoreObject *s = t->store;
    uint64_t at;
    weft_val value;
    weft_diag diag;
    if (!given) {
        PyErr_SetString(PyExc_TypeError, "entries of a table cannot be deleted");
        return false;
    }
    if (!index_in(index, weft_table_size(s->store, t->item.of.table), &at) ||
        !entry_in(t, given, &value))
        return false;
    return !no_more_room(s, weft_table_set(s->store, t->item.of.table, at, value, &diag), &diag);
}

static int table_set(PyObject *self, PyObject *index, PyObject *given)
{
    ItemObject *t = (ItemObject *)self;
    if (!store_enter(t->store)) return -1;
    bool good = set_entry(t, index, given);
    store_leave(t->store);
    return good ? 0 : -1;
}

static PyObject *grow_table(ItemObject *t, uint64_t count, PyObject *given)
{
    StoreObject *s = t->store;
    uint64_t old;
    weft_val value;
    weft_diag diag;
    if (!entry_in(t, given, &value)) return NULL;
    weft_status status = weft_table_grow(s->store, t->item.of.table, count, value, &old, &diag);
    return no_more_room(s, status, &diag) ? NULL : PyLong_FromUnsignedLongLong(old);
}

static PyObject *table_grow(PyObject *self, PyObject *args)
{
    ItemObject *t = (ItemObject *)self;
    PyObject *number, *given = Py_None;
    uint64_t count;
    if (!PyArg_ParseTuple(args, "O|O", &number, &given) || !number_in(number, &count) ||
        !store_enter(t->store))
        return NULL;
    PyObject *out = grow_table(t, count, given);
    store_leave(t->store);
    return out;
}

// The last part of what a table or memory is to be: how many at most.
static bool most_in(PyObject *given, uint64_t *out)
{
    *out = WEFT_NO_MAX;
    return given == Py_None || number_in(given, out);
}

static PyObject *make_table(StoreObject *s, const weft_valtype *type, uint64_t min, uint64_t max,
                            PyObject *given)
{
    weft_extern item = {.kind = WEFT_TABLE};
    weft_val value;
    weft_diag diag;
    if (type->type != WEFT_REF) {
        PyErr_SetString(PyExc_ValueError, "a table has references");
        return NULL;
    }
    if (!value_in(s, value_type(type), given, &value)) return NULL;
    weft_status status = weft_table_new_of(s->store, type, min, max, value, &item.of.table, &diag);
    return no_more_room(s, status, &diag) ? NULL : item_new(s, item);
}

static PyObject *table_make(PyTypeObject *class, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"store", "type", "min", "max", "init", NULL};
    StoreObject *s;
    PyObject *of, *least, *largest = Py_None, *given = Py_None, *made = NULL;
    uint64_t min, max;
    weft_valtype type;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!OO|OO", words, store_type, &s, &of, &least,
                                     &largest, &given) ||
        !number_in(least, &min) || !most_in(largest, &max) || !valtype_parse(of, &type) ||
        !store_enter(s))
        return NULL;
    made = make_table(s, &type, min, max, given);
    store_leave(s);
    return made;
}

static PyMethodDef table_methods[] = {
    {"grow", table_grow, METH_VARARGS,
     "grow($self, count, init=None, /)\n--\n\nMakes it so many entries larger, which hold `init`. "
     "Returns its size before."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot table_slots[] = {
    {Py_tp_doc,
     "Table(store, type, min, max=None, init=None)\n--\n\n"
     "A table of references, of 'funcref', say. Its entries are had and set by index."},
    {Py_tp_new, table_make}, {Py_tp_dealloc, item_dealloc}, {Py_tp_traverse, item_traverse},
    {Py_tp_methods, table_methods}, {Py_tp_getset, common}, {Py_tp_richcompare, item_compare},
    {Py_tp_hash, item_hash}, {Py_mp_length, table_length}, {Py_mp_subscript, table_get},
    {Py_mp_ass_subscript, table_set}, {Py_sq_length, table_length}, {Py_sq_item, table_item},
    {0, NULL},
};
static PyType_Spec table_spec = {
    "weft.Table", sizeof(ItemObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, table_slots,
};

// ---- Tags

static PyObject *make_tag(StoreObject *s, const DefTypeObject *type)
{
    weft_extern item = {.kind = WEFT_TAG};
    weft_diag diag;
    weft_status status = weft_tag_new_of(s->store, type->def, &item.of.tag, &diag);
    return no_more_room(s, status, &diag) ? NULL : item_new(s, item);
}

static PyObject *tag_make(PyTypeObject *class, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"store", "params", NULL};
    StoreObject *s;
    PyObject *params = NULL, *made = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!|O", words, store_type, &s, &params))
        return NULL;
    PyObject *type = params ? Py_BuildValue("(O())", params) : Py_BuildValue("(()())");
    DefTypeObject *def = type ? deftype_of_func(s->engine, type) : NULL;
    if (def && store_enter(s)) {
        made = make_tag(s, def);
        store_leave(s);
    }
    DROP(type);
    DROP(def);
    return made;
}

static PyObject *new_exception(ItemObject *tag, PyObject *args, weft_val *values, size_t count)
{
    StoreObject *s = tag->store;
    weft_item_type type;
    weft_ref ref;
    weft_diag diag;
    if (!weft_extern_type(s->store, tag->item, &type)) return error_new("wrong_store", "the tag");
    if (type.param_count != count)
        return PyErr_Format(PyExc_TypeError, "exceptions of the tag have %u values, not %zu",
                            type.param_count, count);
    for (size_t i = 0; i < count; i++)
        if (!value_in(s, weft_item_param(&type, (uint32_t)i), PyTuple_GetItem(args, (Py_ssize_t)i),
                      &values[i]))
            return NULL;
    weft_status status = weft_exception_new(s->store, tag->item.of.tag, values, count, &ref, &diag);
    return no_more_room(s, status, &diag) ? NULL : ref_new(s, ref);
}

static PyObject *tag_exception(PyObject *self, PyObject *args)
{
    ItemObject *tag = (ItemObject *)self;
    size_t count = (size_t)PyTuple_Size(args);
    weft_val *values = malloc((count + 1) * sizeof *values);
    if (!values) return PyErr_NoMemory();
    PyObject *out = NULL;
    if (store_enter(tag->store)) {
        out = new_exception(tag, args, values, count);
        store_leave(tag->store);
    }
    free(values);
    return out;
}

static PyMethodDef tag_methods[] = {
    {"exception", tag_exception, METH_VARARGS,
     "exception($self, /, *values)\n--\n\nA Ref to a new exception of the tag, an exnref. To throw "
     "one raise GuestException(tag, *values) in a function that a guest calls."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot tag_slots[] = {
    {Py_tp_doc,
     "Tag(store, params=())\n--\n\n"
     "A kind of exceptions, which carry values of these types. A guest imports it."},
    {Py_tp_new, tag_make}, {Py_tp_dealloc, item_dealloc}, {Py_tp_traverse, item_traverse},
    {Py_tp_methods, tag_methods}, {Py_tp_getset, common}, {Py_tp_richcompare, item_compare},
    {Py_tp_hash, item_hash}, {0, NULL},
};
static PyType_Spec tag_spec = {
    "weft.Tag", sizeof(ItemObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, tag_slots,
};

bool item_add(PyObject *module)
{
    return (global_type = type_add(module, &global_spec)) &&
           (table_type = type_add(module, &table_spec)) &&
           (tag_type = type_add(module, &tag_spec));
}
