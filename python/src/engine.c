// engine.c -- engines and modules.

#include "ext.h"

#include <weft_snapshot.h>

#include <string.h>

PyTypeObject *engine_type, *module_type;

enum { QUICK_BYTES = 4096 }; // a module of so many is loaded without letting others run

// ---- Engines

static const char *const tiers[] = {"auto", "interp", "baseline", "opt", NULL};

// Each keyword sets one thing.
static bool engine_set_tier(weft_engine *e, const char *tier)
{
    for (int i = 0; tier && tiers[i]; i++) {
        if (strcmp(tier, tiers[i])) continue;
        weft_engine_set_tier(e, (weft_tier)i);
        return true;
    }
    if (tier) PyErr_Format(PyExc_ValueError, "no tier %s: auto, interp, baseline, opt", tier);
    return !tier;
}

static PyObject *engine_make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *words[] = {"features", "tier", "deterministic", "faults", "forks", "module_bytes",
                            "code_bytes", "types", "module_size", "load_ns", NULL};
    const char *features = NULL, *tier = NULL;
    int deterministic = 0, faults = 0, forks = 0;
    unsigned long long module_bytes = 0, code_bytes = 0, types = 0, module_size = 0, load_ns = 0;
    weft_engine_limits limits = weft_engine_limits_init();
    weft_diag diag;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|z$zpppKKKKK", words, &features, &tier,
                                     &deterministic, &faults, &forks, &module_bytes, &code_bytes,
                                     &types, &module_size, &load_ns))
        return NULL;
    weft_engine *engine = weft_engine_new(features, &diag);
    if (!engine) return error_raise(NULL, &diag);
    limits.module_bytes = module_bytes;
    limits.code_bytes = code_bytes;
    limits.types = types;
    limits.module_size = module_size;
    limits.load_ns = load_ns;
    weft_engine_set_deterministic(engine, deterministic);
    weft_engine_set_forks(engine, forks);
    EngineObject *self = NULL;
    if (!engine_set_tier(engine, tier)) goto failed;
    if (weft_engine_set_limits(engine, &limits, &diag) != WEFT_OK ||
        (faults && weft_engine_set_faults(engine, true, &diag) != WEFT_OK)) {
        error_raise(NULL, &diag);
        goto failed;
    }
    self = (EngineObject *)PyType_GenericAlloc(type, 0);
    if (self && (self->types = PyDict_New())) {
        self->engine = engine;
        return (PyObject *)self;
    }
failed:
    DROP(self);
    weft_engine_free(engine);
    return NULL;
}

static void engine_dealloc(PyObject *self)
{
    EngineObject *e = (EngineObject *)self;
    PyObject_GC_UnTrack(self);
    Py_XDECREF(e->types);
    weft_engine_free(e->engine);
    object_free(self);
}

static int engine_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((EngineObject *)self)->types);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int engine_clear(PyObject *self)
{
    PyDict_Clear(((EngineObject *)self)->types);
    return 0;
}

static PyObject *engine_tier(PyObject *self, void *unused)
{
    return PyUnicode_FromString(tiers[weft_engine_tier(((EngineObject *)self)->engine)]);
}

static PyObject *engine_usage(PyObject *self, PyObject *unused)
{
    weft_engine_limits used = weft_engine_limits_init();
    weft_diag diag;
    if (weft_engine_usage(((EngineObject *)self)->engine, &used, &diag) != WEFT_OK)
        return error_raise(NULL, &diag);
    return Py_BuildValue("{sKsKsK}", "module_bytes", used.module_bytes, "code_bytes",
                         used.code_bytes, "types", used.types);
}

static PyObject *engine_lacks(PyObject *self, void *unused)
{
    const char *lacks = weft_compiled_lacks();
    return lacks ? PyUnicode_FromString(lacks) : Py_NewRef(Py_None);
}

static PyMethodDef engine_methods[] = {
    {"usage", engine_usage, METH_NOARGS,
     "usage($self, /)\n--\n\nWhat modules take now, of what may be limited: a dict with "
     "module_bytes, code_bytes, types."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef engine_attributes[] = {
    {"tier", engine_tier, NULL, "What executes: 'auto', 'interp', 'baseline' or 'opt'.", NULL},
    {"compiler_lacks", engine_lacks, NULL,
     "What is missing here to run compiled code, so that all is interpreted; or None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot engine_slots[] = {
    {Py_tp_doc,
     "Engine(features=None, *, tier='auto', deterministic=False, faults=False, forks=False, "
     "module_bytes=0, code_bytes=0, types=0, module_size=0, load_ns=0)\n--\n\n"
     "What modules and stores have in common. Any thread may use it. `features` switches "
     "proposals, as in '+stack-switching,-simd'; `faults` has compiled code lean on signal "
     "handlers instead of checks; with `forks` a store's first fork copies no memory; the numbers "
     "limit what all modules take, the last two the bytes of one and the time to load it; 0 is the "
     "default."},
    {Py_tp_new, engine_make}, {Py_tp_dealloc, engine_dealloc}, {Py_tp_traverse, engine_traverse},
    {Py_tp_clear, engine_clear}, {Py_tp_methods, engine_methods},
    {Py_tp_getset, engine_attributes}, {0, NULL},
};
static PyType_Spec engine_spec = {
    "weft.Engine", sizeof(EngineObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, engine_slots,
};

// ---- Modules

// Text, or bytes of either form; held until release_source.
typedef struct {
    Py_buffer view;
    const void *data;
    size_t size;
    bool is_view;
} WasmSource;

static bool take_source(PyObject *given, WasmSource *out)
{
    Py_ssize_t size = 0;
    memset(out, 0, sizeof *out);
    if (PyUnicode_Check(given)) {
        out->data = PyUnicode_AsUTF8AndSize(given, &size);
        out->size = (size_t)size;
        return out->data != NULL;
    }
    if (PyObject_GetBuffer(given, &out->view, PyBUF_SIMPLE) < 0) return false;
    out->is_view = true;
    out->data = out->view.buf;
    out->size = (size_t)out->view.len;
    return true;
}

static void release_source(WasmSource *source)
{
    if (source->is_view) PyBuffer_Release(&source->view);
}

static bool take_arguments(PyObject *args, PyObject *keywords, EngineObject **engine,
                           WasmSource *source)
{
    static char *words[] = {"engine", "wasm", NULL};
    PyObject *given;
    return PyArg_ParseTupleAndKeywords(args, keywords, "O!O", words, engine_type, engine,
                                       &given) && take_source(given, source);
}

ModuleObject *module_new(EngineObject *engine, weft_module *module)
{
    ModuleObject *self = (ModuleObject *)PyType_GenericAlloc(module_type, 0);
    if (!self) {
        weft_module_free(module);
        return NULL;
    }
    self->engine = (EngineObject *)Py_NewRef((PyObject *)engine);
    self->module = module;
    return self;
}

static PyObject *module_make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    EngineObject *engine;
    WasmSource source;
    weft_diag diag;
    if (!take_arguments(args, keywords, &engine, &source)) return NULL;
    PyThreadState *others = source.size > QUICK_BYTES ? PyEval_SaveThread() : NULL;
    weft_module *module = weft_module_new(engine->engine, source.data, source.size, &diag);
    if (others) PyEval_RestoreThread(others);
    release_source(&source);
    if (!module) return error_raise(NULL, &diag);
    return (PyObject *)module_new(engine, module);
}

static void module_dealloc(PyObject *self)
{
    ModuleObject *m = (ModuleObject *)self;
    PyObject_GC_UnTrack(self);
    weft_module_free(m->module);
    Py_XDECREF(m->hash);
    DROP(m->engine);
    object_free(self);
}

static int module_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((ModuleObject *)self)->engine);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static PyObject *module_validate(PyObject *class, PyObject *args, PyObject *keywords)
{
    EngineObject *engine;
    WasmSource source;
    weft_diag diag;
    if (!take_arguments(args, keywords, &engine, &source)) return NULL;
    PyThreadState *others = source.size > QUICK_BYTES ? PyEval_SaveThread() : NULL;
    weft_status status = weft_validate(engine->engine, source.data, source.size, &diag);
    if (others) PyEval_RestoreThread(others);
    release_source(&source);
    if (status != WEFT_OK) return error_raise(NULL, &diag);
    Py_RETURN_NONE;
}

static PyObject *import_at(ModuleObject *m, uint32_t i)
{
    weft_import import;
    weft_module_import(m->module, i, &import);
    return types_call("ImportType", "(NNN)", name_str(import.module), name_str(import.name),
                      type_of_item(&import.type, (PyObject *)m));
}

static PyObject *export_at(ModuleObject *m, uint32_t i)
{
    weft_export export;
    weft_module_export(m->module, i, &export);
    return types_call("ExportType", "(NN)", name_str(export.name),
                      type_of_item(&export.type, (PyObject *)m));
}

static PyObject *types_at(ModuleObject *m, uint32_t i)
{
    weft_deftype def;
    weft_module_type(m->module, i, &def);
    return (PyObject *)deftype_new((PyObject *)m, def);
}

static PyObject *list_of(PyObject *self, PyObject *(*at)(ModuleObject *, uint32_t), uint32_t count)
{
    PyObject *all = PyTuple_New(count);
    for (uint32_t i = 0; all && i < count; i++) {
        PyObject *one = at((ModuleObject *)self, i);
        if (one) PyTuple_SetItem(all, i, one);
        else Py_CLEAR(all);
    }
    return all;
}

static PyObject *module_imports(PyObject *self, void *unused)
{
    return list_of(self, import_at, weft_module_import_count(((ModuleObject *)self)->module));
}

static PyObject *module_exports(PyObject *self, void *unused)
{
    return list_of(self, export_at, weft_module_export_count(((ModuleObject *)self)->module));
}

static PyObject *module_types(PyObject *self, void *unused)
{
    return list_of(self, types_at, weft_module_type_count(((ModuleObject *)self)->module));
}

static PyObject *module_binary(PyObject *self, void *unused)
{
    weft_name all;
    weft_module_binary(((ModuleObject *)self)->module, &all);
    return PyBytes_FromStringAndSize(all.data, (Py_ssize_t)all.len);
}

static PyObject *module_hash(PyObject *self, void *unused)
{
    ModuleObject *m = (ModuleObject *)self;
    weft_name all;
    if (m->hash) return Py_NewRef(m->hash);
    weft_module_binary(m->module, &all);
    PyObject *hashlib = PyImport_ImportModule("hashlib"), *sum = NULL, *hash = NULL;
    PyObject *view = hashlib ? PyMemoryView_FromMemory((char *)(uintptr_t)all.data,
                                                       (Py_ssize_t)all.len, PyBUF_READ) : NULL;
    if (view) sum = PyObject_CallMethod(hashlib, "sha256", "O", view);
    if (sum) hash = PyObject_CallMethod(sum, "digest", NULL);
    Py_XDECREF(sum);
    Py_XDECREF(view);
    Py_XDECREF(hashlib);
    if (hash && !m->hash) m->hash = Py_NewRef(hash);
    return hash;
}

static PyObject *module_section(PyObject *self, PyObject *name)
{
    weft_name content;
    Py_ssize_t size;
    const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8AndSize(name, &size) : NULL;
    if (!text) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "a name is a str");
        return NULL;
    }
    if ((size_t)size != strlen(text) ||
        !weft_module_custom_section(((ModuleObject *)self)->module, text, &content))
        Py_RETURN_NONE;
    return PyBytes_FromStringAndSize(content.data, (Py_ssize_t)content.len);
}

static PyObject *module_engine(PyObject *self, void *unused)
{
    return Py_NewRef((PyObject *)((ModuleObject *)self)->engine);
}

static PyObject *module_from_file(PyObject *class, PyObject *args)
{
    PyObject *engine, *path, *file, *bytes, *made, *io;
    if (!PyArg_ParseTuple(args, "OO", &engine, &path) || !(io = PyImport_ImportModule("io")))
        return NULL;
    file = PyObject_CallMethod(io, "open", "Os", path, "rb");
    Py_DECREF(io);
    bytes = file ? PyObject_CallMethod(file, "read", NULL) : NULL;
    PyObject *closed = bytes ? PyObject_CallMethod(file, "close", NULL) : NULL;
    made = closed ? PyObject_CallFunctionObjArgs(class, engine, bytes, NULL) : NULL;
    Py_XDECREF(closed);
    Py_XDECREF(file);
    Py_XDECREF(bytes);
    return made;
}

static PyMethodDef module_methods[] = {
    {"from_file", module_from_file, METH_VARARGS | METH_CLASS,
     "from_file($type, engine, path, /)\n--\n\nThe module in a file, binary or text."},
    {"validate", (PyCFunction)(void (*)(void))module_validate,
     METH_VARARGS | METH_KEYWORDS | METH_STATIC,
     "validate(engine, wasm)\n--\n\nRaises what Module would, and keeps nothing."},
    {"custom_section", module_section, METH_O,
     "custom_section($self, name, /)\n--\n\nThe first custom section of that name, or None."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef module_attributes[] = {
    {"engine", module_engine, NULL, "The engine that it was made with.", NULL},
    {"imports", module_imports, NULL, "What it wants: a tuple of ImportType, in its order.", NULL},
    {"exports", module_exports, NULL, "What it offers: a tuple of ExportType, in its order.", NULL},
    {"types", module_types, NULL, "The types that it defines: a tuple of DefType.", NULL},
    {"binary", module_binary, NULL,
     "The module as bytes: what it was made of, or what its text stands for.", NULL},
    {"hash", module_hash, NULL, "The SHA-256 of these: by it snapshots name the module.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot module_slots[] = {
    {Py_tp_doc,
     "Module(engine, wasm)\n--\n\n"
     "A module that was decoded and validated. `wasm` is bytes, of a binary or of text, or text. "
     "It never changes; any thread and store of its engine may use it."},
    {Py_tp_new, module_make}, {Py_tp_dealloc, module_dealloc}, {Py_tp_traverse, module_traverse},
    {Py_tp_methods, module_methods}, {Py_tp_getset, module_attributes}, {0, NULL},
};
static PyType_Spec module_spec = {
    "weft.Module", sizeof(ModuleObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, module_slots,
};

bool engine_add(PyObject *module)
{
    return (engine_type = type_add(module, &engine_spec)) &&
           (module_type = type_add(module, &module_spec));
}
