// ext.h -- what the parts of the extension have in common: the objects, and how a store is used.
//
//     Engine <- Module <- Instance         an arrow points to what is held
//        ^                    |
//        '---- Store <--------+-- Func, Memory, Global, Table, Tag, Ref, Linker, Task
//
// A store is used between store_enter and store_leave, by one thread at a time: it notes which, and
// whoever comes meanwhile is refused. What may run a guest stands between store_run and store_ran
// too.
//
// Guests begin to run with the interpreter's lock held: to give and take it costs as much as a
// call, and some milliseconds where others want it. Those that have run that long (watch.h) give it
// away, until the host is called or they end. Python code runs nowhere within the library but in
// host functions, where the store may be used, and in handlers of signals and where a snapshot asks
// for something, where it may not.
#pragma once

#define Py_LIMITED_API 0x030b0000
#define PY_SSIZE_T_CLEAN
#include "watch.h"

#include <Python.h>
#include <stdlib.h>
#include <structmember.h>
#include <weft.h>
#include <weft_object.h>
#include <weft_task.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
// One of ours, or NULL, let go.
#define DROP(object) Py_XDECREF((PyObject *)(object))
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

// ---- Objects ------------------------------------------------------------------------------------

typedef struct {
    PyObject_HEAD
    weft_engine *engine;
    PyObject *types;   // of functions that the host made: text -> DefType
} EngineObject;

typedef struct {
    PyObject_HEAD
    EngineObject *engine;
    weft_module *module;
    PyObject *hash;    // once somebody wanted it
} ModuleObject;

// A type that a module defines. It may be used as long as its holder is, a Module or a Store.
typedef struct {
    PyObject_HEAD
    PyObject *holder;
    weft_deftype def;
} DefTypeObject;

// What stands for a Python object that was handed to a guest: once for each time that it was, so
// that what is told of one is never about a later one.
typedef struct Box {
    struct Box *next, **link;
    struct StoreObject *store;
    PyObject *object;
    const struct HostFn *fn; // of what a task waits for: whose results that is to be
} Box;

// A host function.
typedef struct HostFn {
    struct HostFn *next, **link;
    struct StoreObject *store; // which has it
    PyObject *callable;
    bool wants_caller;
    uint32_t param_count, result_count;
    uint8_t results[];         // weft_type
} HostFn;

// What is to be released, once the store can be used.
typedef struct {
    weft_ref ref;
    weft_task *task;           // or that
} Stale;

typedef struct FuncObject FuncObject;

typedef struct StoreObject {
    PyObject_HEAD
    weft_store *store;     // NULL: it was closed
    EngineObject *engine;
    unsigned depth;        // entered so often
    unsigned in_host;      // so many host functions run
    unsigned long thread;  // that has entered it
    PyThreadState *released; // while a guest runs without the interpreter's lock
    bool eager;            // gives it away at once
    const char *busy;      // Python runs in the midst of it, and may not use it: why
    bool interrupted;      // was stopped because of `pending`
    weft_stop user_stop;   // what somebody asked for
    int64_t timeout;       // of each call, in nanoseconds; 0: none
    Watch watch;
    PyObject *pending;     // the exception that ends what runs
    PyObject *thrown;      // that the guest may catch
    Box *boxes, *ended;    // that guests may have; that they do not have any more
    HostFn *hosts, *gone;  // likewise
    Stale *stale;
    size_t stale_count, stale_room;
    Py_ssize_t views;      // buffers of memories that are held
    PyObject *kept;        // a list: what is to live as long
    PyObject *modules;     // of instances: the address of each -> Module
    bool in_task;
} StoreObject;

// Begins as all items do.
#define ITEM_HEAD PyObject_HEAD StoreObject *store; weft_extern item;

typedef struct { ITEM_HEAD } ItemObject;

typedef PyObject *VectorCall(PyObject *callable, PyObject *const *args, size_t count,
                             PyObject *names);

enum { QUICK_MOST = 16 }; // parameters, and results, of a quick call

struct FuncObject {
    ITEM_HEAD
    VectorCall *call;
    weft_typed typed;      // of a quick one
    bool quick;
    uint32_t param_count, result_count;
    uint8_t *types;        // weft_type of parameters and results; here if there are few
    uint8_t few[2 * QUICK_MOST];
};

typedef struct {
    PyObject_HEAD
    StoreObject *store;
    weft_instance instance;
    ModuleObject *module;
    PyObject *exports;
} InstanceObject;

typedef struct {
    PyObject_HEAD
    StoreObject *store;
    weft_ref ref;
} RefObject;

extern PyTypeObject *engine_type, *module_type, *deftype_type, *store_type, *func_type,
    *memory_type, *global_type, *table_type, *tag_type, *instance_type, *exports_type,
    *caller_type, *linker_type, *ref_type, *task_type;

// Each part adds its types to the module. False: an exception is set.
bool types_add(PyObject *module);
bool engine_add(PyObject *module);
bool store_add(PyObject *module);
bool func_add(PyObject *module);
bool item_add(PyObject *module);
bool memory_add(PyObject *module);
bool instance_add(PyObject *module);
bool linker_add(PyObject *module);
bool ref_add(PyObject *module);
bool task_add(PyObject *module);

PyTypeObject *type_add(PyObject *module, PyType_Spec *spec); // NULL: an exception is set
void object_free(PyObject *self);                            // behind what it held

// ---- What fails (error.c) -----------------------------------------------------------------------

// Raise what a call of the library said, and return NULL. `store`, unless NULL, knows where a guest
// was, and what it threw.
PyObject *error_raise(StoreObject *store, const weft_diag *diag);
// Raises a WeftError of ours.
PyObject *error_new(const char *name, const char *message);
bool error_add(PyObject *module);
// The exception that is set, taken; with its traceback.
PyObject *error_take(void);
void error_set(PyObject *exception); // takes it over
// What a host function raised: is it an exit, or an exception of a guest's?
bool error_is_exit(PyObject *exception, int32_t *code);
bool error_is_guest(PyObject *exception);

// ---- Types (types.c) ----------------------------------------------------------------------------

PyObject *name_str(weft_name name);
// FuncType and its like, of types.py. `holder` is what was asked.
PyObject *type_of_item(const weft_item_type *type, PyObject *holder);
PyObject *valtype_str(const weft_valtype *type);
DefTypeObject *deftype_new(PyObject *holder, weft_deftype def);
bool deftype_usable(const DefTypeObject *type); // else an exception is set
// Of a FuncType, or of what can be made one. A new reference.
DefTypeObject *deftype_of_func(EngineObject *engine, PyObject *type);
// "i32", "externref", "(ref null any)", or a DefType: references to what is of it.
bool valtype_parse(PyObject *given, weft_valtype *out);
PyObject *types_call(const char *name, const char *format, ...); // a class of types.py

// ---- Stores (store.c) ---------------------------------------------------------------------------

bool store_check(StoreObject *s);       // else an exception is set
void store_settle(StoreObject *s);      // what has become superfluous
void store_release(StoreObject *s, weft_ref ref, weft_task *task); // soon
bool store_ended(StoreObject *s, weft_status status, const weft_diag *diag); // see store_ran
void store_begin(StoreObject *s);       // of an outermost call
void store_over(StoreObject *s);
// Within store_enter: it is closed, and the exception that is set stays.
void store_give_up(StoreObject *s);
bool store_knows(StoreObject *s, ModuleObject *module); // from now on; else an exception is set
// Methods (snapshot.c, instance.c).
PyObject *store_snapshot(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *store_restore(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *store_fork(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *store_look(PyObject *class, PyObject *data);
PyObject *store_instances(PyObject *self, PyObject *unused);

static inline bool store_enter(StoreObject *s)
{
    if (UNLIKELY(!s->store || s->depth || s->stale_count) && !store_check(s)) return false;
    if (!s->depth++) s->thread = PyThread_get_thread_ident();
    return true;
}

static inline void store_leave(StoreObject *s)
{
    s->depth--;
    if (UNLIKELY(s->ended != NULL)) store_settle(s);
}

// Takes a number for the guest that is to run; only within store_enter.
static inline void store_run(StoreObject *s)
{
    if (UNLIKELY(s->timeout && s->depth == 1)) store_begin(s);
    watch_begin(&s->watch);
    if (UNLIKELY(s->eager)) s->released = PyEval_SaveThread();
}

// After a host function: what runs is as new.
static inline void store_run_on(StoreObject *s)
{
    atomic_store_explicit(&s->watch.running, ++s->watch.count, memory_order_relaxed);
    if (UNLIKELY(s->eager)) s->released = PyEval_SaveThread();
}

static inline void store_take_lock(StoreObject *s)
{
    if (LIKELY(!s->released)) return;
    PyEval_RestoreThread(s->released);
    s->released = NULL;
}

// False: it came to nothing, and an exception is set.
static inline bool store_ran(StoreObject *s, weft_status status, const weft_diag *diag)
{
    store_take_lock(s);
    watch_end(&s->watch);
    if (UNLIKELY(s->timeout && s->depth == 1)) store_over(s);
    if (LIKELY(status == WEFT_OK && !s->pending && !s->thrown)) return true;
    return store_ended(s, status, diag);
}

// ---- Values (value.c) ---------------------------------------------------------------------------

// False: an exception is set. Within store_enter where the type is one of references.
bool value_in(StoreObject *s, weft_type type, PyObject *object, weft_val *out);
bool value_slot(weft_type type, PyObject *object, weft_slot *out); // a number
PyObject *value_out(StoreObject *s, const weft_val *value);
PyObject *value_of_slot(weft_type type, const weft_slot *slot);
// Pointers become objects that are held, before anything else of the store is used.
void values_hold(weft_val *values, size_t count);
// One as such, several as a tuple, None for none. They were held, and are not any more.
PyObject *values_out(StoreObject *s, weft_val *values, size_t count);
void values_drop(weft_val *values, size_t count);
// So many objects of those types, as value_in has them.
bool values_in(StoreObject *s, const uint8_t *types, PyObject *const *objects, size_t count,
               weft_val *out);
// Types as values have them, where all references of a kind are one.
weft_type value_type(const weft_valtype *type);
Box *box_new(StoreObject *s, PyObject *object);
void box_end(void *unused, void *box); // of weft_store_set_finalizer
bool number_in(PyObject *object, uint64_t *out);    // of an int that is no less than 0

// ---- Items --------------------------------------------------------------------------------------

PyObject *item_new(StoreObject *s, weft_extern item); // within store_enter
PyObject *func_new(StoreObject *s, weft_func func);
// A host function of that type; within store_enter.
bool host_new(StoreObject *s, const DefTypeObject *type, PyObject *callable, bool wants_caller,
              weft_func *out);
PyObject *caller_new(StoreObject *s, weft_caller *caller);
// Runs its start function; within store_enter. `linker` may be NULL.
PyObject *instance_new(StoreObject *s, ModuleObject *module, weft_linker *linker);
bool is_item(PyObject *object);
const char *c_name(PyObject *name); // for the library; else an exception is set
PyObject *ref_new(StoreObject *s, weft_ref ref);
// For that store; NULL: an exception is set.
weft_linker *linker_of(StoreObject *s, PyObject *linker);
ModuleObject *module_new(EngineObject *engine, weft_module *module); // takes it over
PyObject *task_adopt(StoreObject *s, weft_task *task); // likewise
PyObject *task_start(FuncObject *f, PyObject *const *args, size_t count);
weft_status task_wait(const HostFn *fn, weft_caller *caller, PyObject *what); // takes it over
// What a function of that many results of these types is to give.
bool results_in(StoreObject *s, const uint8_t *types, uint32_t count, PyObject *given,
                weft_val *results);
int item_traverse(PyObject *self, visitproc visit, void *arg);
void item_dealloc(PyObject *self);
PyObject *item_compare(PyObject *a, PyObject *b, int op);
Py_hash_t item_hash(PyObject *self);
PyObject *item_store(PyObject *self, void *unused);
PyObject *item_type(PyObject *self, void *unused);
PyObject *item_at(PyObject *self, Py_ssize_t index, PyObject *(*get)(PyObject *, PyObject *));
