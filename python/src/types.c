// types.c -- types that modules define; types of values and items in the words of weft/types.py.

#include "ext.h"

#include <stdarg.h>
#include <string.h>

PyTypeObject *deftype_type;
static PyObject *types_module;

PyObject *name_str(weft_name name)
{
    return PyUnicode_DecodeUTF8(name.len ? name.data : "", (Py_ssize_t)name.len, "strict");
}

PyObject *types_call(const char *name, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    PyObject *args = Py_VaBuildValue(format, list), *class, *made = NULL;
    va_end(list);
    class = args ? PyObject_GetAttrString(types_module, name) : NULL;
    if (class) made = PyObject_CallObject(class, args);
    Py_XDECREF(class);
    Py_XDECREF(args);
    return made;
}

// ---- Types of values

static const struct { const char *name; weft_type type; weft_heap heap; } names[] = {
    {"i32", WEFT_I32, 0}, {"i64", WEFT_I64, 0}, {"f32", WEFT_F32, 0}, {"f64", WEFT_F64, 0},
    {"v128", WEFT_V128, 0}, {"i8", WEFT_I8, 0}, {"i16", WEFT_I16, 0},
    {"func", WEFT_REF, WEFT_HEAP_FUNC}, {"extern", WEFT_REF, WEFT_HEAP_EXTERN},
    {"any", WEFT_REF, WEFT_HEAP_ANY}, {"eq", WEFT_REF, WEFT_HEAP_EQ},
    {"i31", WEFT_REF, WEFT_HEAP_I31}, {"struct", WEFT_REF, WEFT_HEAP_STRUCT},
    {"array", WEFT_REF, WEFT_HEAP_ARRAY}, {"exn", WEFT_REF, WEFT_HEAP_EXN},
    {"none", WEFT_REF, WEFT_HEAP_NONE}, {"noextern", WEFT_REF, WEFT_HEAP_NOEXTERN},
    {"nofunc", WEFT_REF, WEFT_HEAP_NOFUNC}, {"noexn", WEFT_REF, WEFT_HEAP_NOEXN},
};

static bool word_is(const char *word, size_t len, const char *name)
{
    return strlen(name) == len && !strncmp(word, name, len);
}

// "anyref" is "(ref null any)"; "nullref" and its like are not taken.
static bool word_parse(const char *text, size_t len, weft_valtype *out)
{
    bool nullable = true, is_ref = true;
    if (len > 10 && !strncmp(text, "(ref null ", 10) && text[len - 1] == ')') text += 10, len -= 11;
    else if (len > 5 && !strncmp(text, "(ref ", 5) && text[len - 1] == ')')
        text += 5, len -= 6, nullable = false;
    else if (len > 3 && !strncmp(text + len - 3, "ref", 3)) len -= 3;
    else is_ref = false;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!word_is(text, len, names[i].name) || (names[i].heap != 0) != is_ref) continue;
        *out = weft_reftype(names[i].heap, nullable && is_ref);
        out->type = names[i].type;
        return true;
    }
    return false;
}

bool valtype_parse(PyObject *given, weft_valtype *out)
{
    if (Py_IS_TYPE(given, deftype_type)) {
        *out = weft_reftype_of(((DefTypeObject *)given)->def, true);
        return deftype_usable((DefTypeObject *)given);
    }
    Py_ssize_t len = 0;
    const char *text = PyUnicode_Check(given) ? PyUnicode_AsUTF8AndSize(given, &len) : NULL;
    if (text && word_parse(text, (size_t)len, out)) return true;
    if (!PyErr_Occurred())
        PyErr_Format(PyUnicode_Check(given) ? PyExc_ValueError : PyExc_TypeError,
                     "no type of values: %R", given);
    return false;
}

PyObject *valtype_str(const weft_valtype *type)
{
    char text[400];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (type->heap != names[i].heap) continue;
        if (!type->heap && type->type == names[i].type) return PyUnicode_FromString(names[i].name);
        if (type->heap && type->is_nullable && type->heap < WEFT_HEAP_NONE)
            return PyUnicode_FromFormat("%sref", names[i].name);
    }
    size_t size = weft_valtype_text(type, text, sizeof text);
    if (size >= sizeof text) size = sizeof text - 1;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)size, "replace");
}

// ---- Types that modules define

DefTypeObject *deftype_new(PyObject *holder, weft_deftype def)
{
    DefTypeObject *type = (DefTypeObject *)PyType_GenericAlloc(deftype_type, 0);
    if (!type) return NULL;
    type->holder = Py_NewRef(holder);
    type->def = def;
    return type;
}

bool deftype_usable(const DefTypeObject *type)
{
    if (!Py_IS_TYPE(type->holder, store_type) || ((StoreObject *)type->holder)->store) return true;
    error_new("wrong_store", "the store that the type is from was closed");
    return false;
}

static int deftype_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((DefTypeObject *)self)->holder);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static void deftype_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((DefTypeObject *)self)->holder);
    object_free(self);
}

static PyObject *deftype_text(PyObject *self)
{
    char text[1000];
    const DefTypeObject *type = (DefTypeObject *)self;
    if (!deftype_usable(type)) return NULL;
    size_t size = weft_deftype_text(type->def, text, sizeof text);
    if (size >= sizeof text) size = sizeof text - 1;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)size, "replace");
}

static PyObject *deftype_kind(PyObject *self, void *unused)
{
    static const char *const kinds[] = {"none", "func", "struct", "array", "cont"};
    weft_def_info info;
    if (!deftype_usable((DefTypeObject *)self)) return NULL;
    bool known = weft_deftype_info(((DefTypeObject *)self)->def, &info);
    return PyUnicode_FromString(kinds[known ? info.kind : 0]);
}

// The n-th of its fields, parameters or results; NULL without an exception behind the last.
typedef PyObject *PartOf(DefTypeObject *type, uint32_t n);

static PyObject *part_str(DefTypeObject *type, bool is, const weft_valtype *part)
{
    if (!is) return NULL;
    if (part->heap == WEFT_HEAP_DEFINED && part->is_nullable && !part->is_exact)
        return (PyObject *)deftype_new(type->holder, part->def);
    return valtype_str(part);
}

static PyObject *field_of(DefTypeObject *type, uint32_t n)
{
    weft_field field;
    if (!weft_deftype_field(type->def, n, &field)) return NULL;
    PyObject *of = part_str(type, true, &field.type);
    return of ? Py_BuildValue("(NO)", of, field.is_mutable ? Py_True : Py_False) : NULL;
}

static PyObject *param_of(DefTypeObject *type, uint32_t n)
{
    weft_valtype part;
    return part_str(type, weft_deftype_param(type->def, n, &part), &part);
}

static PyObject *result_of(DefTypeObject *type, uint32_t n)
{
    weft_valtype part;
    return part_str(type, weft_deftype_result(type->def, n, &part), &part);
}

static PyObject *deftype_parts(PyObject *self, void *part_of)
{
    DefTypeObject *type = (DefTypeObject *)self;
    PyObject *list = deftype_usable(type) ? PyList_New(0) : NULL, *all = NULL, *part;
    for (uint32_t n = 0; list && deftype_usable(type); n++) {
        if (!(part = ((PartOf *)part_of)(type, n))) break;
        int failed = PyList_Append(list, part);
        Py_DECREF(part);
        if (failed) break;
    }
    if (list && !PyErr_Occurred()) all = PyList_AsTuple(list);
    Py_XDECREF(list);
    return all;
}

static PyObject *deftype_compare(PyObject *a, PyObject *b, int op)
{
    if ((op != Py_EQ && op != Py_NE) || !Py_IS_TYPE(b, deftype_type)) Py_RETURN_NOTIMPLEMENTED;
    weft_deftype x = ((DefTypeObject *)a)->def, y = ((DefTypeObject *)b)->def;
    return PyBool_FromLong((x.types == y.types && x.id == y.id) == (op == Py_EQ));
}

static Py_hash_t deftype_hash(PyObject *self)
{
    return (Py_hash_t)((DefTypeObject *)self)->def.id;
}

static PyGetSetDef deftype_attributes[] = {
    {"kind", deftype_kind, NULL, "'func', 'struct', 'array' or 'cont'.", NULL},
    {"fields", deftype_parts, NULL,
     "Of a structure its fields, of an array its elements: (type, is it mutable).", field_of},
    {"params", deftype_parts, NULL, "Of a function: the types of its parameters.", param_of},
    {"results", deftype_parts, NULL, "Of a function: the types of its results.", result_of},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot deftype_slots[] = {
    {Py_tp_doc, "A type that a module defines: of functions, structures or arrays. Equal types are "
                "equal, from whichever modules of an engine."},
    {Py_tp_dealloc, deftype_dealloc}, {Py_tp_traverse, deftype_traverse},
    {Py_tp_repr, deftype_text}, {Py_tp_str, deftype_text},
    {Py_tp_richcompare, deftype_compare}, {Py_tp_hash, deftype_hash},
    {Py_tp_getset, deftype_attributes}, {0, NULL},
};
static PyType_Spec deftype_spec = {
    "weft.DefType", sizeof(DefTypeObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION |
        Py_TPFLAGS_HAVE_GC,
    deftype_slots,
};

// ---- Types of items

static PyObject *func_types(DefTypeObject *def, PyObject *(*part)(DefTypeObject *, uint32_t),
                            uint32_t count)
{
    PyObject *list = PyTuple_New(count);
    for (uint32_t i = 0; list && i < count; i++) {
        PyObject *one = part(def, i);
        if (one && Py_IS_TYPE(one, deftype_type)) {
            weft_valtype type = weft_reftype_of(((DefTypeObject *)one)->def, true);
            Py_DECREF(one);
            one = valtype_str(&type);
        }
        if (one) PyTuple_SetItem(list, i, one);
        else Py_CLEAR(list);
    }
    return list;
}

static PyObject *type_of_func(const weft_item_type *type, PyObject *holder)
{
    weft_deftype def;
    if (!weft_item_deftype(type, &def)) return error_new("unknown_type", "it has no type");
    DefTypeObject *of = deftype_new(holder, def);
    PyObject *params = of ? func_types(of, param_of, type->param_count) : NULL;
    PyObject *results = params ? func_types(of, result_of, type->result_count) : NULL, *made = NULL;
    if (results && type->kind == WEFT_FUNC)
        made = types_call("FuncType", "(OOO)", params, results, of);
    else if (results) made = types_call("TagType", "(OO)", params, of);
    DROP(of);
    Py_XDECREF(params);
    Py_XDECREF(results);
    return made;
}

static PyObject *most(uint64_t max)
{
    return max == UINT64_MAX ? Py_NewRef(Py_None) : PyLong_FromUnsignedLongLong(max);
}

PyObject *type_of_item(const weft_item_type *type, PyObject *holder)
{
    weft_valtype value;
    PyObject *is_64 = type->is_64 ? Py_True : Py_False;
    switch (type->kind) {
    case WEFT_FUNC: case WEFT_TAG: return type_of_func(type, holder);
    case WEFT_MEMORY:
        return types_call("MemoryType", "(KNOOK)", type->min, most(type->max), is_64,
                          type->is_shared ? Py_True : Py_False, type->page_size);
    default:
        break;
    }
    if (!weft_item_valtype(type, &value)) return error_new("unknown_type", "it has no type");
    if (type->kind == WEFT_TABLE)
        return types_call("TableType", "(NKNO)", valtype_str(&value), type->min, most(type->max),
                          is_64);
    return types_call("GlobalType", "(NO)", valtype_str(&value),
                      type->is_mutable ? Py_True : Py_False);
}

// A module that defines nothing else: it is kept, and told by its text.
static DefTypeObject *define(EngineObject *engine, PyObject *text)
{
    PyObject *known = PyDict_GetItemWithError(engine->types, text);
    if (known) return (DefTypeObject *)Py_NewRef(known);
    if (PyErr_Occurred()) return NULL;
    PyObject *made = PyObject_CallFunctionObjArgs((PyObject *)module_type, engine, text, NULL);
    weft_deftype def;
    if (!made) return NULL;
    DefTypeObject *type = NULL;
    if (weft_module_type(((ModuleObject *)made)->module, 0, &def)) type = deftype_new(made, def);
    else error_new("unknown_type", "that is no type of functions");
    Py_DECREF(made);
    if (type && PyDict_SetItem(engine->types, text, (PyObject *)type) < 0) Py_CLEAR(type);
    return type;
}

DefTypeObject *deftype_of_func(EngineObject *engine, PyObject *given)
{
    PyObject *type = types_call("func_type", "(O)", given), *def, *text;
    if (!type) return NULL;
    def = PyObject_GetAttrString(type, "deftype");
    if (def && Py_IS_TYPE(def, deftype_type)) {
        DROP(type);
        if (deftype_usable((DefTypeObject *)def)) return (DefTypeObject *)def;
        Py_CLEAR(def);
        return NULL;
    }
    DROP(def);
    text = def ? PyObject_CallMethod(type, "_text", NULL) : NULL;
    DROP(type);
    DefTypeObject *made = text ? define(engine, text) : NULL;
    Py_XDECREF(text);
    return made;
}

bool types_add(PyObject *module)
{
    types_module = PyImport_ImportModule("weft.types");
    return types_module && (deftype_type = type_add(module, &deftype_spec));
}
