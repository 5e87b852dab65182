// error.c -- what the library refuses, and how guests end, as exceptions of weft/errors.py.

#include "ext.h"

#include <string.h>

enum { FRAMES_MOST = 100 };

static PyObject *make_error, *exit_class, *guest_class;

bool error_add(PyObject *module)
{
    (void)module;
    PyObject *errors = PyImport_ImportModule("weft.errors");
    if (!errors) return false;
    make_error = PyObject_GetAttrString(errors, "make");
    exit_class = PyObject_GetAttrString(errors, "ExitTrap");
    guest_class = PyObject_GetAttrString(errors, "GuestException");
    Py_DECREF(errors);
    return make_error && exit_class && guest_class;
}

PyObject *error_take(void)
{
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    PyErr_NormalizeException(&type, &value, &trace);
    if (value && trace) PyException_SetTraceback(value, trace);
    DROP(type);
    Py_XDECREF(trace);
    return value;
}

void error_set(PyObject *exception)
{
    PyObject *type = Py_NewRef((PyObject *)Py_TYPE(exception));
    PyErr_Restore(type, exception, PyException_GetTraceback(exception));
}

static PyObject *backtrace(StoreObject *s)
{
    weft_frame *frames = malloc(FRAMES_MOST * sizeof *frames);
    if (!frames) return PyErr_NoMemory();
    size_t count = weft_store_backtrace(s->store, frames, FRAMES_MOST);
    if (count > FRAMES_MOST) count = FRAMES_MOST;
    PyObject *list = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; list && i < count; i++) {
        const weft_frame *f = &frames[i];
        PyObject *frame = Py_BuildValue("(Is#n)", f->func, f->name.len ? f->name.data : "",
                                        (Py_ssize_t)f->name.len, (Py_ssize_t)f->offset);
        if (frame) PyTuple_SetItem(list, (Py_ssize_t)i, frame);
        else Py_CLEAR(list);
    }
    free(frames);
    return list;
}

// Of an exception that nobody caught: (tag, values, ref).
static PyObject *thrown(StoreObject *s)
{
    weft_diag diag;
    weft_ref ref;
    weft_extern tag = {.kind = WEFT_TAG};
    size_t count = 0;
    if (!weft_store_exception(s->store, &tag.of.tag, NULL, 0, &count)) return Py_NewRef(Py_None);
    weft_val *values = calloc(count + 1, sizeof *values);
    if (!values) return PyErr_NoMemory();
    PyObject *triple = NULL, *tag_item, *list, *held;
    if (!weft_store_exception(s->store, &tag.of.tag, values, count, &count)) {
        free(values);
        return Py_NewRef(Py_None);
    }
    values_hold(values, count);
    list = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; list && i < count; i++) {
        PyObject *value = value_out(s, &values[i]);
        if (value) PyTuple_SetItem(list, (Py_ssize_t)i, value);
        else Py_CLEAR(list);
    }
    tag_item = item_new(s, tag);
    bool has_ref = weft_store_exception_ref(s->store, &ref, &diag) == WEFT_OK;
    held = has_ref ? ref_new(s, ref) : Py_NewRef(Py_None);
    if (list && tag_item && held) triple = PyTuple_Pack(3, tag_item, list, held);
    Py_XDECREF(list);
    Py_XDECREF(tag_item);
    Py_XDECREF(held);
    values_drop(values, count);
    free(values);
    return triple;
}

// Is what nobody caught the exception that Python code threw?
static bool is_same(StoreObject *s, PyObject *exception)
{
    weft_ref ref;
    bool same = false;
    PyObject *held = PyObject_GetAttrString(exception, "ref");
    if (!held) PyErr_Clear();
    if (held && Py_IS_TYPE(held, ref_type) &&
        weft_store_exception_ref(s->store, &ref, NULL) == WEFT_OK) {
        if (weft_ref_eq(s->store, ((RefObject *)held)->ref, ref, &same, NULL) != WEFT_OK)
            same = false;
        if (!s->in_host) store_release(s, ref, NULL);
    }
    Py_XDECREF(held);
    return same;
}

PyObject *error_raise(StoreObject *s, const weft_diag *diag)
{
    char text[sizeof diag->message + 64];
    bool trapped = s && s->store && diag->status == WEFT_TRAP;
    PyObject *frames = trapped ? backtrace(s) : PyTuple_New(0);
    PyObject *exception = NULL, *guest = NULL;
    size_t size = weft_diag_text(diag, text, sizeof text);
    if (size >= sizeof text) size = sizeof text - 1;
    PyObject *words = PyUnicode_DecodeUTF8(text, (Py_ssize_t)size, "replace");
    if (trapped && !strcmp(diag->name, "uncaught_exception")) {
        exception = s->thrown;
        s->thrown = NULL;
        if (exception && !is_same(s, exception)) Py_CLEAR(exception);
        if (!exception) guest = thrown(s);
    } else guest = Py_NewRef(Py_None);
    if (frames && words && guest)
        exception = PyObject_CallFunction(make_error, "isOnIIIiOO", (int)diag->status, diag->name,
                                          words, (Py_ssize_t)diag->offset, diag->line,
                                          diag->column, diag->func, (int)diag->exit_status, frames,
                                          guest);
    Py_XDECREF(frames);
    Py_XDECREF(words);
    Py_XDECREF(guest);
    if (exception) error_set(exception);
    return NULL;
}

PyObject *error_new(const char *name, const char *message)
{
    weft_diag diag;
    memset(&diag, 0, sizeof diag);
    diag.status = WEFT_ERROR;
    diag.name = name;
    diag.func = WEFT_NO_FUNC;
    PyOS_snprintf(diag.message, sizeof diag.message, "%s", message);
    return error_raise(NULL, &diag);
}

bool error_is_exit(PyObject *exception, int32_t *code)
{
    if (PyObject_IsInstance(exception, exit_class) != 1) {
        PyErr_Clear();
        return false;
    }
    PyObject *number = PyObject_GetAttrString(exception, "code");
    long value = number ? PyLong_AsLong(number) : 1;
    Py_XDECREF(number);
    if (PyErr_Occurred()) PyErr_Clear();
    *code = (int32_t)value;
    return true;
}

bool error_is_guest(PyObject *exception)
{
    int is = PyObject_IsInstance(exception, guest_class);
    if (is < 0) PyErr_Clear();
    return is == 1;
}
