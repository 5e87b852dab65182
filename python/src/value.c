// value.c -- Python's objects as values of the guest's, and back.
//
//     i32, i64   int, signed or not, that fits; comes back signed
//     f32, f64   float, or what can be one
//     v128       16 bytes, or an int that is no less than 0; comes back as bytes
//     funcref    Func or None
//     externref  any object; None is null
//     others     Ref, an int of 31 bits for i31, None for null

#include "ext.h"

#include <string.h>

// ---- Numbers

static bool int_in(PyObject *object, int bits, int64_t *out)
{
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (UNLIKELY(value == -1 && PyErr_Occurred())) return false;
    if (UNLIKELY(overflow)) {
        unsigned long long large = 0;
        if (overflow > 0 && bits == 64) {
            PyObject *index = PyNumber_Index(object);
            large = index ? PyLong_AsUnsignedLongLong(index) : 0;
            Py_XDECREF(index);
            if (!PyErr_Occurred()) {
                *out = (int64_t)large;
                return true;
            }
            if (!PyErr_ExceptionMatches(PyExc_OverflowError)) return false;
            PyErr_Clear();
        }
    } else if (bits == 64 || (value >= INT32_MIN && value <= UINT32_MAX)) {
        *out = value;
        return true;
    }
    PyErr_Format(PyExc_OverflowError, "%R does not fit into an i%d", object, bits);
    return false;
}

bool number_in(PyObject *object, uint64_t *out)
{
    PyObject *index = PyNumber_Index(object);
    if (!index) return false;
    *out = PyLong_AsUnsignedLongLong(index);
    Py_DECREF(index);
    return !PyErr_Occurred();
}

static bool v128_in(PyObject *object, uint8_t out[16])
{
    PyObject *bytes = NULL;
    Py_buffer view;
    if (PyLong_Check(object)) bytes = PyObject_CallMethod(object, "to_bytes", "is", 16, "little");
    else if (PyObject_CheckBuffer(object)) bytes = Py_NewRef(object);
    else PyErr_SetString(PyExc_TypeError, "a v128 is 16 bytes, or an int");
    if (!bytes || PyObject_GetBuffer(bytes, &view, PyBUF_SIMPLE) < 0) {
        Py_XDECREF(bytes);
        return false;
    }
    bool good = view.len == 16;
    if (good) memcpy(out, view.buf, 16);
    else PyErr_Format(PyExc_ValueError, "a v128 has 16 bytes, not %zd", view.len);
    PyBuffer_Release(&view);
    Py_DECREF(bytes);
    return good;
}

bool value_slot(weft_type type, PyObject *object, weft_slot *out)
{
    int64_t number;
    double real;
    switch (type) {
    case WEFT_I32:
        if (!int_in(object, 32, &number)) return false;
        out->u64 = (uint32_t)number;
        return true;
    case WEFT_I64:
        return int_in(object, 64, &out->i64);
    case WEFT_F32: case WEFT_F64:
        real = PyFloat_AsDouble(object);
        if (UNLIKELY(real == -1 && PyErr_Occurred())) return false;
        if (type == WEFT_F64) out->f64 = real;
        else out->f32 = (float)real;
        return true;
    default:
        return v128_in(object, (uint8_t *)out);
    }
}

PyObject *value_of_slot(weft_type type, const weft_slot *slot)
{
    switch (type) {
    case WEFT_I32: return PyLong_FromLong(slot->i32);
    case WEFT_I64: return PyLong_FromLongLong(slot->i64);
    case WEFT_F32: return PyFloat_FromDouble((double)slot->f32);
    case WEFT_F64: return PyFloat_FromDouble(slot->f64);
    default: return PyBytes_FromStringAndSize((const char *)slot, 16);
    }
}

// ---- Objects that guests have

Box *box_new(StoreObject *s, PyObject *object)
{
    Box *box = malloc(sizeof *box);
    if (!box) {
        PyErr_NoMemory();
        return NULL;
    }
    *box = (Box){s->boxes, &s->boxes, s, Py_NewRef(object), NULL};
    if (box->next) box->next->link = &box->next;
    s->boxes = box;
    return box;
}

// Perhaps without the interpreter's lock, so the object is let go later: see store_settle.
void box_end(void *unused, void *pointer)
{
    Box *box = pointer;
    StoreObject *s = box->store;
    *box->link = box->next;
    if (box->next) box->next->link = box->link;
    box->next = s->ended;
    s->ended = box;
}

// ---- References

weft_type value_type(const weft_valtype *type)
{
    if (type->type != WEFT_REF) return type->type;
    if (type->heap == WEFT_HEAP_EXTERN) return WEFT_EXTERNREF;
    weft_def_info info;
    bool is_func = type->heap == WEFT_HEAP_FUNC ||
                   (type->heap == WEFT_HEAP_DEFINED && weft_deftype_info(type->def, &info) &&
                    info.kind == WEFT_DEF_FUNC);
    return is_func ? WEFT_FUNCREF : WEFT_REF;
}

static bool wrong(PyObject *object, const char *wanted)
{
    PyErr_Format(PyExc_TypeError, "%.100s is wanted, not %R", wanted, object);
    return false;
}

// What is handed in goes on to live as long as the guest wants, so its handle may end afterwards.
static bool small_in(StoreObject *s, PyObject *object, weft_val *out)
{
    int64_t number;
    weft_diag diag;
    if (!int_in(object, 32, &number)) return false;
    if (number < -(1 << 30) || number >= 1 << 30) {
        PyErr_Format(PyExc_OverflowError, "%R does not fit into an i31", object);
        return false;
    }
    if (weft_i31_new(s->store, (int32_t)number, &out->of.ref, &diag) != WEFT_OK)
        return error_raise(s, &diag);
    store_release(s, out->of.ref, NULL);
    return true;
}

static bool reference_in(StoreObject *s, weft_type type, PyObject *object, weft_val *out)
{
    bool is_ref = Py_IS_TYPE(object, ref_type);
    out->type = type;
    if (object == Py_None) return true;
    if (is_ref && type != WEFT_FUNCREF) {
        out->type = WEFT_REF;
        out->of.ref = ((RefObject *)object)->ref;
        return true;
    }
    if (type == WEFT_EXTERNREF) return (out->of.ext = box_new(s, object)) != NULL;
    if (type == WEFT_FUNCREF) {
        if (!Py_IS_TYPE(object, func_type)) return wrong(object, "a Func, or None,");
        out->of.func = ((FuncObject *)object)->item.of.func;
        return true;
    }
    if (PyLong_Check(object)) return small_in(s, object, out);
    return wrong(object, "a Ref, an int of 31 bits, or None");
}

bool value_in(StoreObject *s, weft_type type, PyObject *object, weft_val *out)
{
    memset(out, 0, sizeof *out);
    switch (type) {
    case WEFT_FUNCREF: case WEFT_EXTERNREF: case WEFT_REF:
        return reference_in(s, type, object, out);
    default:
        out->type = type == WEFT_I8 || type == WEFT_I16 ? WEFT_I32 : type;
        return value_slot(out->type, object, (weft_slot *)(void *)&out->of);
    }
}

bool values_in(StoreObject *s, const uint8_t *types, PyObject *const *objects, size_t count,
               weft_val *out)
{
    for (size_t i = 0; i < count; i++) {
        if (value_in(s, (weft_type)types[i], objects[i], &out[i])) continue;
        for (; i; i--) // nobody will ever tell of these
            if (out[i - 1].type == WEFT_EXTERNREF && out[i - 1].of.ext)
                box_end(NULL, out[i - 1].of.ext);
        return false;
    }
    return true;
}

void values_hold(weft_val *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values[i].type == WEFT_EXTERNREF && values[i].of.ext)
            values[i].of.ext = Py_NewRef(((Box *)values[i].of.ext)->object);
}

void values_drop(weft_val *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values[i].type == WEFT_EXTERNREF) Py_XDECREF((PyObject *)values[i].of.ext);
}

static PyObject *reference_out(StoreObject *s, weft_ref ref)
{
    int32_t number;
    if (!ref.handle) return Py_NewRef(Py_None);
    if (weft_i31_get(s->store, ref, &number, NULL) != WEFT_OK) return ref_new(s, ref);
    if (!s->in_host) store_release(s, ref, NULL);
    return PyLong_FromLong(number);
}

PyObject *value_out(StoreObject *s, const weft_val *v)
{
    switch (v->type) {
    case WEFT_FUNCREF:
        return v->of.func.item ? func_new(s, v->of.func) : Py_NewRef(Py_None);
    case WEFT_EXTERNREF: return Py_NewRef(v->of.ext ? (PyObject *)v->of.ext : Py_None);
    case WEFT_REF: return reference_out(s, v->of.ref);
    default: return value_of_slot(v->type, (const weft_slot *)(const void *)&v->of);
    }
}

PyObject *values_out(StoreObject *s, weft_val *values, size_t count)
{
    PyObject *out = NULL;
    if (!count) return Py_NewRef(Py_None);
    if (count == 1) out = value_out(s, values);
    else out = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; count > 1 && out && i < count; i++) {
        PyObject *value = value_out(s, &values[i]);
        if (value) PyTuple_SetItem(out, (Py_ssize_t)i, value);
        else Py_CLEAR(out);
    }
    values_drop(values, count);
    return out;
}
