// ref.c -- references to what the collector looks after: structures, arrays, exceptions, and
// objects of Python's that became anyrefs. What a Ref refers to lives as long as the Ref.

#include "ext.h"

#include <string.h>

PyTypeObject *ref_type;

PyObject *ref_new(StoreObject *s, weft_ref ref)
{
    weft_diag diag;
    if (s->in_host && weft_ref_keep(s->store, ref, &diag) != WEFT_OK)
        return error_raise(NULL, &diag);
    RefObject *self = (RefObject *)PyType_GenericAlloc(ref_type, 0);
    if (!self) {
        store_release(s, ref, NULL);
        return NULL;
    }
    self->store = (StoreObject *)Py_NewRef((PyObject *)s);
    self->ref = ref;
    return (PyObject *)self;
}

static void ref_dealloc(PyObject *self)
{
    RefObject *r = (RefObject *)self;
    PyObject_GC_UnTrack(self);
    if (r->store) store_release(r->store, r->ref, NULL);
    DROP(r->store);
    object_free(self);
}

static int ref_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((RefObject *)self)->store);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

// What a call said of it: true, or an exception is set.
static bool went(StoreObject *s, weft_status status, const weft_diag *diag)
{
    if (status == WEFT_OK) return true;
    if (!strcmp(diag->name, "out_of_bounds")) PyErr_SetString(PyExc_IndexError, diag->message);
    else error_raise(s, diag);
    return false;
}

static PyObject *given(StoreObject *s, weft_status status, weft_val *value, const weft_diag *diag)
{
    if (!went(s, status, diag)) return NULL;
    values_hold(value, 1);
    return values_out(s, value, 1);
}

// Its lowest type; and what that is, if a module defines it.
static bool type_of(RefObject *r, weft_valtype *type, weft_def_info *info)
{
    weft_diag diag;
    memset(info, 0, sizeof *info);
    if (!went(r->store, weft_ref_type(r->store->store, r->ref, type, &diag), &diag)) return false;
    if (type->heap == WEFT_HEAP_DEFINED) weft_deftype_info(type->def, info);
    return true;
}

static PyObject *ref_describe(PyObject *self, void *unused)
{
    RefObject *r = (RefObject *)self;
    weft_valtype type;
    weft_def_info info;
    if (!store_enter(r->store)) return NULL;
    PyObject *text = type_of(r, &type, &info) ? valtype_str(&type) : NULL;
    store_leave(r->store);
    return text;
}

static PyObject *ref_deftype(PyObject *self, void *unused)
{
    RefObject *r = (RefObject *)self;
    weft_valtype type;
    weft_def_info info;
    PyObject *def = NULL;
    if (!store_enter(r->store)) return NULL;
    if (type_of(r, &type, &info))
        def = info.kind ? (PyObject *)deftype_new((PyObject *)r->store, type.def)
                        : Py_NewRef(Py_None);
    store_leave(r->store);
    return def;
}

static PyObject *ref_test(PyObject *self, PyObject *word)
{
    RefObject *r = (RefObject *)self;
    weft_valtype type;
    weft_diag diag;
    bool is = false;
    if (!valtype_parse(word, &type) || !store_enter(r->store)) return NULL;
    bool good = went(r->store, weft_ref_test(r->store->store, r->ref, &type, &is, &diag), &diag);
    store_leave(r->store);
    return good ? PyBool_FromLong(is) : NULL;
}

static PyObject *ref_compare(PyObject *a, PyObject *b, int op)
{
    RefObject *x = (RefObject *)a, *y = (RefObject *)b;
    weft_diag diag;
    bool same = false;
    if ((op != Py_EQ && op != Py_NE) || !Py_IS_TYPE(b, ref_type)) Py_RETURN_NOTIMPLEMENTED;
    if (x->store == y->store) {
        if (!store_enter(x->store)) return NULL;
        bool good = went(x->store, weft_ref_eq(x->store->store, x->ref, y->ref, &same, &diag),
                         &diag);
        store_leave(x->store);
        if (!good) return NULL;
    }
    return PyBool_FromLong(same == (op == Py_EQ));
}

// ---- Fields and elements

static Py_ssize_t length_of(RefObject *r)
{
    weft_valtype type;
    weft_def_info info;
    weft_diag diag;
    uint32_t length;
    if (!type_of(r, &type, &info)) return -1;
    if (info.kind == WEFT_DEF_STRUCT) return (Py_ssize_t)info.field_count;
    if (!went(r->store, weft_array_length(r->store->store, r->ref, &length, &diag), &diag))
        return -1;
    return (Py_ssize_t)length;
}

static Py_ssize_t ref_length(PyObject *self)
{
    RefObject *r = (RefObject *)self;
    if (!store_enter(r->store)) return -1;
    Py_ssize_t length = length_of(r);
    store_leave(r->store);
    return length;
}

static bool index_in(RefObject *r, PyObject *key, uint32_t *out)
{
    Py_ssize_t length = length_of(r), index;
    if (length < 0) return false;
    index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) return false;
    if (index < 0) index += length;
    *out = (uint32_t)index;
    if (index >= 0 && index < length) return true;
    PyErr_Format(PyExc_IndexError, "%R of %zd", key, length);
    return false;
}

static PyObject *get_field(RefObject *r, PyObject *key)
{
    StoreObject *s = r->store;
    weft_valtype type;
    weft_def_info info;
    weft_val value;
    weft_diag diag;
    uint32_t i;
    if (!type_of(r, &type, &info) || !index_in(r, key, &i)) return NULL;
    weft_status status = info.kind == WEFT_DEF_STRUCT
                             ? weft_struct_get(s->store, r->ref, i, &value, &diag)
                             : weft_array_get(s->store, r->ref, i, 1, &value, &diag);
    return given(s, status, &value, &diag);
}

static PyObject *ref_get(PyObject *self, PyObject *key)
{
    RefObject *r = (RefObject *)self;
    if (!store_enter(r->store)) return NULL;
    PyObject *out = get_field(r, key);
    store_leave(r->store);
    return out;
}

static PyObject *ref_item(PyObject *self, Py_ssize_t index)
{
    return item_at(self, index, ref_get);
}

static bool set_field(RefObject *r, PyObject *key, PyObject *object)
{
    StoreObject *s = r->store;
    weft_valtype type;
    weft_def_info info;
    weft_field field;
    weft_val value;
    weft_diag diag;
    uint32_t i;
    if (!type_of(r, &type, &info) || !index_in(r, key, &i)) return false;
    bool is_struct = info.kind == WEFT_DEF_STRUCT;
    if (!weft_deftype_field(type.def, is_struct ? i : 0, &field) ||
        !value_in(s, value_type(&field.type), object, &value))
        return false;
    return went(s, is_struct ? weft_struct_set(s->store, r->ref, i, value, &diag)
                             : weft_array_set(s->store, r->ref, i, 1, &value, &diag), &diag);
}

static int ref_set(PyObject *self, PyObject *key, PyObject *object)
{
    RefObject *r = (RefObject *)self;
    if (!object) {
        PyErr_SetString(PyExc_TypeError, "fields and elements cannot be deleted");
        return -1;
    }
    if (!store_enter(r->store)) return -1;
    bool good = set_field(r, key, object);
    store_leave(r->store);
    return good ? 0 : -1;
}

static PyObject *ref_bytes(PyObject *self, PyObject *unused)
{
    RefObject *r = (RefObject *)self;
    weft_diag diag;
    size_t len;
    PyObject *out = NULL;
    if (!store_enter(r->store)) return NULL;
    const void *bytes = weft_array_bytes(r->store->store, r->ref, &len, &diag);
    if (bytes) out = PyBytes_FromStringAndSize(bytes, (Py_ssize_t)len);
    else went(r->store, WEFT_ERROR, &diag);
    store_leave(r->store);
    return out;
}

// ---- From one hierarchy to the other

typedef weft_status Converter(weft_store *store, weft_val value, weft_val *out, weft_diag *diag);

static PyObject *convert(StoreObject *s, Converter *converter, weft_val value)
{
    weft_val out;
    weft_diag diag;
    return given(s, converter(s->store, value, &out, &diag), &out, &diag);
}

static PyObject *convert_ref(PyObject *self, Converter *converter)
{
    RefObject *r = (RefObject *)self;
    if (!store_enter(r->store)) return NULL;
    PyObject *out = convert(r->store, converter, weft_ref_val(r->ref));
    store_leave(r->store);
    return out;
}

static PyObject *ref_to_extern(PyObject *self, PyObject *unused)
{
    return convert_ref(self, weft_extern_convert_any);
}

static PyObject *ref_to_any(PyObject *self, PyObject *unused)
{
    return convert_ref(self, weft_any_convert_extern);
}

static PyObject *ref_any(PyObject *class, PyObject *args)
{
    StoreObject *s;
    PyObject *object, *out = NULL;
    weft_val value;
    if (!PyArg_ParseTuple(args, "O!O", store_type, &s, &object) || !store_enter(s)) return NULL;
    if (value_in(s, WEFT_EXTERNREF, object, &value))
        out = convert(s, weft_any_convert_extern, value);
    store_leave(s);
    return out;
}

// ---- Making objects

// To convert them may run Python, which may close the store that the type is from.
static bool fields_in(StoreObject *s, DefTypeObject *type, PyObject *values, weft_val *out)
{
    weft_deftype def = type->def;
    weft_def_info info;
    weft_field field;
    bool is_array = weft_deftype_info(def, &info) && info.kind == WEFT_DEF_ARRAY;
    for (Py_ssize_t i = 0; i < PyTuple_Size(values); i++) {
        if (!deftype_usable(type)) return false;
        if (!weft_deftype_field(def, is_array ? 0 : (uint32_t)i, &field)) {
            PyErr_Format(PyExc_TypeError, "the type has no field %zd", i);
            return false;
        }
        if (!value_in(s, value_type(&field.type), PyTuple_GetItem(values, i), &out[i]))
            return false;
    }
    return true;
}

static PyObject *make(StoreObject *s, DefTypeObject *type, PyObject *values, weft_val *room)
{
    weft_def_info info;
    weft_ref ref;
    weft_diag diag;
    weft_status status;
    size_t count = values ? (size_t)PyTuple_Size(values) : 0;
    if (!deftype_usable(type)) return NULL;
    if (!weft_deftype_info(type->def, &info) || count > UINT32_MAX)
        return error_new("unknown_type", "nothing can be made of that");
    if (values && !fields_in(s, type, values, room)) return NULL;
    if (!deftype_usable(type)) return NULL;
    if (info.kind == WEFT_DEF_ARRAY)
        status = weft_array_new_values(s->store, type->def, room, (uint32_t)count, &ref, &diag);
    else status = weft_struct_new(s->store, type->def, values ? room : NULL, count, &ref, &diag);
    return went(s, status, &diag) ? ref_new(s, ref) : NULL;
}

static PyObject *ref_make(PyTypeObject *class, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"store", "type", "values", NULL};
    StoreObject *s;
    DefTypeObject *type;
    PyObject *list = NULL, *values = NULL, *made = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!O!|O", words, store_type, &s, deftype_type,
                                     &type, &list) ||
        (list && list != Py_None && !(values = PySequence_Tuple(list))))
        return NULL;
    size_t count = values ? (size_t)PyTuple_Size(values) : 0;
    weft_val *room = malloc((count + 1) * sizeof *room);
    if (!room) PyErr_NoMemory();
    else if (store_enter(s)) {
        made = make(s, type, values, room);
        store_leave(s);
    }
    free(room);
    Py_XDECREF(values);
    return made;
}

static PyObject *ref_store(PyObject *self, void *unused)
{
    return Py_NewRef((PyObject *)((RefObject *)self)->store);
}

static PyMethodDef ref_methods[] = {
    {"test", ref_test, METH_O,
     "test($self, type, /)\n--\n\nIs it of that type, as ref.test asks? 'eqref', say, or a "
     "DefType."},
    {"tobytes", ref_bytes, METH_NOARGS,
     "tobytes($self, /)\n--\n\nThe numbers of an array, as they are in memory."},
    {"to_extern", ref_to_extern, METH_NOARGS,
     "to_extern($self, /)\n--\n\nThe same as an externref: the object of Python's that it stands "
     "for, or a Ref."},
    {"to_any", ref_to_any, METH_NOARGS,
     "to_any($self, /)\n--\n\nOf an externref: the same as an anyref."},
    {"any", ref_any, METH_VARARGS | METH_STATIC,
     "any(store, object, /)\n--\n\nAn object of Python's as an anyref."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef ref_attributes[] = {
    {"store", ref_store, NULL, "The store that it is in.", NULL},
    {"type", ref_describe, NULL, "The lowest type that it is of, in the words of the text format.",
     NULL},
    {"deftype", ref_deftype, NULL, "Of a structure or array its DefType; else None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot ref_slots[] = {
    {Py_tp_doc,
     "Ref(store, type, values=None)\n--\n\n"
     "A reference to a structure, array or exception of a guest's, or to a new one of a DefType; "
     "of structures without values all fields have their default. Fields and elements are had and "
     "set by number. Two are equal if they refer to the same."},
    {Py_tp_new, ref_make}, {Py_tp_dealloc, ref_dealloc}, {Py_tp_traverse, ref_traverse},
    {Py_tp_methods, ref_methods}, {Py_tp_getset, ref_attributes},
    {Py_tp_richcompare, ref_compare}, {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_sq_length, ref_length}, {Py_sq_item, ref_item},
    {Py_mp_length, ref_length}, {Py_mp_subscript, ref_get}, {Py_mp_ass_subscript, ref_set},
    {0, NULL},
};
static PyType_Spec ref_spec = {
    "weft.Ref", sizeof(RefObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, ref_slots,
};

bool ref_add(PyObject *module) { return (ref_type = type_add(module, &ref_spec)) != NULL; }
