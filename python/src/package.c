// package.c -- the module weft._weft: its types, and its version.

#include "ext.h"

PyTypeObject *type_add(PyObject *module, PyType_Spec *spec)
{
    PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    if (type && PyModule_AddType(module, type) == 0) return type;
    DROP(type);
    return NULL;
}

void object_free(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    DROP(type);
}

static struct PyModuleDef package = {
    PyModuleDef_HEAD_INIT, "weft._weft", "What of the package weft is written in C.", -1,
    NULL, NULL, NULL, NULL, NULL,
};

__attribute__((visibility("default"))) PyObject *PyInit__weft(void);

PyObject *PyInit__weft(void)
{
    PyObject *module = PyModule_Create(&package);
    bool (*const parts[])(PyObject *) = {error_add, types_add, engine_add, store_add, func_add,
                                         item_add, memory_add, instance_add, linker_add, ref_add,
                                         task_add};
    bool good = module != NULL;
    for (size_t i = 0; good && i < COUNT_OF(parts); i++) good = parts[i](module);
    if (good && PyModule_AddStringConstant(module, "__version__", weft_version()) == 0)
        return module;
    Py_XDECREF(module);
    return NULL;
}
