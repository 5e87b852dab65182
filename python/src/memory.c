// memory.c -- memories, and buffers over them.
//
// A memory never shrinks. One that stays where it is while it grows (weft_memory_stays) lends out
// buffers, which are good as long as the store is open, and the store is not closed before they are
// released; they do not grow with the memory. Stores of this package take addresses ahead for all
// that a memory may ever need, so memories stay, unless the process has no addresses left. A memory
// that may move lends nothing: it is read and written by copying, as are single bytes and slices.

#include "ext.h"

#include <string.h>

PyTypeObject *memory_type;

static Py_ssize_t size_of(ItemObject *m)
{
    return (Py_ssize_t)weft_memory_size(m->store->store, m->item.of.memory);
}

static Py_ssize_t memory_length(PyObject *self)
{
    ItemObject *m = (ItemObject *)self;
    if (!store_enter(m->store)) return -1;
    Py_ssize_t size = size_of(m);
    store_leave(m->store);
    return size;
}

static void *outside(PyObject *address, uint64_t len, Py_ssize_t size)
{
    PyErr_Format(PyExc_IndexError, "%llu bytes at %R of a memory of %zd", (unsigned long long)len,
                 address, size);
    return NULL;
}

// Where these bytes are, until the store is used again. NULL: not all of them are in it.
static void *bytes_at(ItemObject *m, PyObject *address, uint64_t len)
{
    uint64_t at;
    if (!number_in(address, &at)) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError)) return outside(address, len, size_of(m));
        return NULL;
    }
    void *bytes = weft_memory_at(m->store->store, m->item.of.memory, at, len);
    return bytes ? bytes : outside(address, len, size_of(m));
}

// ---- Copying

static PyObject *memory_read(PyObject *self, PyObject *args)
{
    ItemObject *m = (ItemObject *)self;
    PyObject *address, *count, *out = NULL;
    uint64_t len;
    if (!PyArg_ParseTuple(args, "OO", &address, &count) || !number_in(count, &len) ||
        !store_enter(m->store))
        return NULL;
    const char *bytes = bytes_at(m, address, len);
    if (bytes) out = PyBytes_FromStringAndSize(bytes, (Py_ssize_t)len);
    store_leave(m->store);
    return out;
}

static bool copy_in(ItemObject *m, PyObject *address, PyObject *data, Py_ssize_t want)
{
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) return false;
    void *to = NULL;
    if (want >= 0 && want != view.len)
        PyErr_Format(PyExc_ValueError, "a memory has no room for %zd bytes in place of %zd",
                     view.len, want);
    else to = bytes_at(m, address, (uint64_t)view.len);
    if (to && view.len) memmove(to, view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    return to != NULL;
}

static PyObject *memory_write(PyObject *self, PyObject *args)
{
    ItemObject *m = (ItemObject *)self;
    PyObject *address, *data;
    if (!PyArg_ParseTuple(args, "OO", &address, &data) || !store_enter(m->store)) return NULL;
    bool good = copy_in(m, address, data, -1);
    store_leave(m->store);
    return good ? Py_NewRef(Py_None) : NULL;
}

// ---- As a sequence

// A slice without steps, cut to what is there, as slices are.
static bool slice_in(ItemObject *m, PyObject *slice, Py_ssize_t *start, Py_ssize_t *count)
{
    Py_ssize_t stop, step;
    if (PySlice_Unpack(slice, start, &stop, &step) < 0) return false;
    *count = PySlice_AdjustIndices(size_of(m), start, &stop, step);
    if (step != 1) PyErr_SetString(PyExc_ValueError, "slices of a memory have no steps");
    return step == 1;
}

static bool index_in(ItemObject *m, PyObject *given, Py_ssize_t *out)
{
    Py_ssize_t size = size_of(m), index = PyNumber_AsSsize_t(given, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) return false;
    if (index < 0) index += size;
    *out = index;
    if (index >= 0 && index < size) return true;
    outside(given, 1, size);
    return false;
}

static PyObject *get_bytes(ItemObject *m, PyObject *key)
{
    Py_ssize_t start, count = 1;
    bool is_slice = PySlice_Check(key);
    if (is_slice ? !slice_in(m, key, &start, &count) : !index_in(m, key, &start)) return NULL;
    const char *at = weft_memory_at(m->store->store, m->item.of.memory, (uint64_t)start,
                                    (uint64_t)count);
    if (!at) return outside(key, (uint64_t)count, size_of(m));
    return is_slice ? PyBytes_FromStringAndSize(at, count) : PyLong_FromLong((unsigned char)*at);
}

static PyObject *memory_get(PyObject *self, PyObject *key)
{
    ItemObject *m = (ItemObject *)self;
    if (!store_enter(m->store)) return NULL;
    PyObject *out = get_bytes(m, key);
    store_leave(m->store);
    return out;
}

static PyObject *memory_item(PyObject *self, Py_ssize_t index)
{
    return item_at(self, index, memory_get);
}

static bool set_byte(ItemObject *m, Py_ssize_t index, PyObject *given)
{
    long byte = PyLong_AsLong(given);
    if (byte == -1 && PyErr_Occurred()) return false;
    if (byte < 0 || byte > 255) {
        PyErr_SetString(PyExc_ValueError, "a byte is from 0 to 255");
        return false;
    }
    unsigned char value = (unsigned char)byte;
    if (weft_memory_write(m->store->store, m->item.of.memory, (uint64_t)index, &value, 1))
        return true;
    PyErr_SetString(PyExc_IndexError, "outside of the memory");
    return false;
}

static bool set_bytes(ItemObject *m, PyObject *key, PyObject *given)
{
    Py_ssize_t start, count;
    if (!given) {
        PyErr_SetString(PyExc_TypeError, "bytes of a memory cannot be deleted");
        return false;
    }
    if (!PySlice_Check(key)) return index_in(m, key, &start) && set_byte(m, start, given);
    if (!slice_in(m, key, &start, &count)) return false;
    PyObject *address = PyLong_FromSsize_t(start);
    bool good = address && copy_in(m, address, given, count);
    Py_XDECREF(address);
    return good;
}

static int memory_set(PyObject *self, PyObject *key, PyObject *given)
{
    ItemObject *m = (ItemObject *)self;
    if (!store_enter(m->store)) return -1;
    bool good = set_bytes(m, key, given);
    store_leave(m->store);
    return good ? 0 : -1;
}

// ---- As a buffer

static int memory_lend(PyObject *self, Py_buffer *view, int flags)
{
    ItemObject *m = (ItemObject *)self;
    StoreObject *s = m->store;
    view->obj = NULL;
    if (!store_enter(s)) {
        PyObject *why = error_take();
        PyErr_Format(PyExc_BufferError, "%S", why ? why : Py_None);
        Py_XDECREF(why);
        return -1;
    }
    int failed = -1;
    Py_ssize_t size = size_of(m);
    void *bytes = weft_memory_at(s->store, m->item.of.memory, 0, (uint64_t)size);
    if (bytes && weft_memory_stays(s->store, m->item.of.memory))
        failed = PyBuffer_FillInfo(view, self, bytes, size, 0, flags);
    else PyErr_SetString(PyExc_BufferError, "the memory may move: use read and write");
    if (!failed) s->views++;
    store_leave(s);
    return failed;
}

static void memory_take_back(PyObject *self, Py_buffer *view)
{
    ((ItemObject *)self)->store->views--;
}

// ---- Growing, and making one

static PyObject *memory_pages(PyObject *self, void *unused)
{
    ItemObject *m = (ItemObject *)self;
    weft_item_type type;
    if (!store_enter(m->store)) return NULL;
    bool known = weft_extern_type(m->store->store, m->item, &type);
    store_leave(m->store);
    return PyLong_FromUnsignedLongLong(known ? type.min : 0);
}

static PyObject *memory_stays(PyObject *self, void *unused)
{
    ItemObject *m = (ItemObject *)self;
    if (!store_enter(m->store)) return NULL;
    bool stays = weft_memory_stays(m->store->store, m->item.of.memory);
    store_leave(m->store);
    return PyBool_FromLong(stays);
}

static PyObject *memory_grow(PyObject *self, PyObject *number)
{
    ItemObject *m = (ItemObject *)self;
    uint64_t pages;
    if (!number_in(number, &pages) || !store_enter(m->store)) return NULL;
    int64_t old = weft_memory_grow(m->store->store, m->item.of.memory, pages);
    store_leave(m->store);
    if (old >= 0) return PyLong_FromLongLong(old);
    return error_new("limit_memory_size", "the memory cannot grow so much: its own maximum, a "
                                          "limit of the store, or no room");
}

static PyObject *make_memory(StoreObject *s, uint64_t min, uint64_t max)
{
    weft_extern item = {.kind = WEFT_MEMORY};
    weft_diag diag;
    if (weft_memory_new(s->store, min, max, &item.of.memory, &diag) != WEFT_OK)
        return error_raise(s, &diag);
    return item_new(s, item);
}

static PyObject *memory_make(PyTypeObject *class, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"store", "min", "max", NULL};
    StoreObject *s;
    PyObject *least, *largest = Py_None;
    uint64_t min, max = WEFT_NO_MAX;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!O|O", words, store_type, &s, &least,
                                     &largest) ||
        !number_in(least, &min) || (largest != Py_None && !number_in(largest, &max)) ||
        !store_enter(s))
        return NULL;
    PyObject *made = make_memory(s, min, max);
    store_leave(s);
    return made;
}

static PyMethodDef memory_methods[] = {
    {"read", memory_read, METH_VARARGS,
     "read($self, address, length, /)\n--\n\nA copy of `length` bytes. IndexError if not all of "
     "them are in it."},
    {"write", memory_write, METH_VARARGS,
     "write($self, address, data, /)\n--\n\nCopies bytes into it. IndexError, and nothing was "
     "written, if not all of them would be in it."},
    {"grow", memory_grow, METH_O,
     "grow($self, pages, /)\n--\n\nMakes it so many pages larger. Returns how many it had."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef memory_attributes[] = {
    {"store", item_store, NULL, "The store that it is in.", NULL},
    {"type", item_type, NULL, "What it is now: a MemoryType, whose min is its size.", NULL},
    {"pages", memory_pages, NULL, "Its size in pages; len() has it in bytes.", NULL},
    {"stays", memory_stays, NULL,
     "Does it stay where it is when it grows, so that memoryview() can be had of it?", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot memory_slots[] = {
    {Py_tp_doc,
     "Memory(store, min, max=None)\n--\n\n"
     "A guest's memory, of `min` pages of 64 KiB. It has a length, and bytes by index and slice; "
     "memoryview() looks at it without copying."},
    {Py_tp_new, memory_make}, {Py_tp_dealloc, item_dealloc}, {Py_tp_traverse, item_traverse},
    {Py_tp_methods, memory_methods}, {Py_tp_getset, memory_attributes},
    {Py_tp_richcompare, item_compare}, {Py_tp_hash, item_hash}, {Py_mp_length, memory_length},
    {Py_mp_subscript, memory_get}, {Py_mp_ass_subscript, memory_set},
    {Py_sq_length, memory_length}, {Py_sq_item, memory_item}, {Py_bf_getbuffer, memory_lend},
    {Py_bf_releasebuffer, memory_take_back}, {0, NULL},
};
static PyType_Spec memory_spec = {
    "weft.Memory", sizeof(ItemObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, memory_slots,
};

bool memory_add(PyObject *module)
{
    return (memory_type = type_add(module, &memory_spec)) != NULL;
}
