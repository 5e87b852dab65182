// sanitized.c -- a Python with the extension built in, for the sanitizers: a shared library of code
// that they have instrumented would have to be loaded before all others.

#include <Python.h>

PyObject *PyInit__weft(void);

int main(int argc, char **argv)
{
    PyImport_AppendInittab("weft._weft", PyInit__weft);
    return Py_BytesMain(argc, argv);
}
