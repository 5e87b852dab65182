// wasm.h -- the standard C API of WebAssembly, as libweft has it: programs that were written for
// another engine by this interface compile as they are. Names, types and meaning are those of
// https://github.com/WebAssembly/wasm-c-api; wasm.hh beside it is the same in C++. A whole program
// is examples/capi/hello.c. Who is free to choose finds more in weft.h: limits, fuel, stops, WASI,
// reasons; and items that need no freeing.
//
//     wasm_engine_t *engine = wasm_engine_new();
//     wasm_store_t *store = wasm_store_new(engine);
//     wasm_module_t *module = wasm_module_new(store, &bytes);
//     wasm_instance_t *instance = wasm_instance_new(store, module, &imports, &trap);
//     wasm_instance_exports(instance, &exports);
//     trap = wasm_func_call(wasm_extern_as_func(exports.data[0]), &args, &results);
//
// Owning: `own` says that who receives a pointer, a value or a vector owns it, with all that is in
// it, and ends that with wasm_..._delete; in a parameter, that it is handed over, also when the
// function fails. What is not `own` is lent: a pointer for as long as what it was asked of, an
// argument until the function returns. Deleting NULL, or an empty vector, is fine.
//
// References (wasm_ref_t and what converts to it) are counted: a copy is one more owner of the same
// thing, and the thing lives on in its store for as long as the store, whoever deletes what. Order
// does not matter: what is left when its store is deleted names nothing any more, and may only be
// deleted; asked for anything it answers as who failed.
//
// Failing: NULL or false; what is written to `out` is empty then. Arguments that do not fit, or are
// of another store, are such a failure, and where a trap can be returned its message says what did
// not fit. Running short of memory is one everywhere. Pointers must not be NULL but where it says
// so.
//
// Threads: an engine and shared modules are for any thread at any time; a store with everything of
// it for one thread at a time, and it may move. Types belong to no store.
//
// "spec:" names chapters of the WebAssembly specification, release 3.0.

#ifndef WASM_H
#define WASM_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef WASM_API_EXTERN
#if defined __GNUC__
#define WASM_API_EXTERN __attribute__((visibility("default")))
#else
#define WASM_API_EXTERN
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define own

typedef char byte_t;
typedef float float32_t;
typedef double float64_t;

// ---- What is declared again and again -----------------------------------------------------------

// Something that is deleted.
#define WASM_OWNED_(name)                                                                          \
    typedef struct wasm_##name##_t wasm_##name##_t;                                                \
    WASM_API_EXTERN void wasm_##name##_delete(own wasm_##name##_t *);

// A vector: `size` elements at `data`, which is NULL where there are none. `element` is what one
// is, a value or a pointer that is owned.
//
//     new_empty           none
//     new_uninitialized   so many, zeros or NULL, to be filled in
//     new                 those of an array, which hands over what it owns
//     copy                with a copy of each element
//     delete              with each element; the vector is empty then
//
// A vector that memory was short for is empty.
#define WASM_VECTOR_(name, element)                                                                \
    typedef struct wasm_##name##_vec_t {                                                           \
        size_t size;                                                                               \
        element *data;                                                                             \
    } wasm_##name##_vec_t;                                                                         \
    WASM_API_EXTERN void wasm_##name##_vec_new_empty(own wasm_##name##_vec_t *out);                \
    WASM_API_EXTERN void wasm_##name##_vec_new_uninitialized(own wasm_##name##_vec_t *out,         \
                                                             size_t size);                         \
    WASM_API_EXTERN void wasm_##name##_vec_new(own wasm_##name##_vec_t *out, size_t size,          \
                                               own element const elements[]);                      \
    WASM_API_EXTERN void wasm_##name##_vec_copy(own wasm_##name##_vec_t *out,                      \
                                                const wasm_##name##_vec_t *);                      \
    WASM_API_EXTERN void wasm_##name##_vec_delete(own wasm_##name##_vec_t *);

// A type of WebAssembly: never changes, and is copied in full.
#define WASM_TYPE_(name)                                                                           \
    WASM_OWNED_(name)                                                                              \
    WASM_VECTOR_(name, wasm_##name##_t *)                                                          \
    WASM_API_EXTERN own wasm_##name##_t *wasm_##name##_copy(const wasm_##name##_t *);

// A reference. Two are the `same` if they name the same thing, however they were come by. Each
// thing can have a pointer of the host's, whichever reference it is set by or asked for by: NULL at
// first. Its finalizer, unless NULL, is called with it once: when another is set; when a module, a
// trap or a foreign object is gone; when the store is deleted, for what is new first. It may delete
// what it likes, and must not use the store.
#define WASM_REFERENCE_(name)                                                                      \
    WASM_OWNED_(name)                                                                              \
    WASM_API_EXTERN own wasm_##name##_t *wasm_##name##_copy(const wasm_##name##_t *);              \
    WASM_API_EXTERN bool wasm_##name##_same(const wasm_##name##_t *, const wasm_##name##_t *);     \
    WASM_API_EXTERN void *wasm_##name##_get_host_info(const wasm_##name##_t *);                    \
    WASM_API_EXTERN void wasm_##name##_set_host_info(wasm_##name##_t *, void *info);               \
    WASM_API_EXTERN void wasm_##name##_set_host_info_with_finalizer(                               \
        wasm_##name##_t *, void *info, void (*finalizer)(void *info));

// A reference that can be taken for the general one and back, which lends the same one. NULL: it
// names something else, or was NULL.
#define WASM_REFERENCE_TO_(name)                                                                   \
    WASM_REFERENCE_(name)                                                                          \
    WASM_API_EXTERN wasm_ref_t *wasm_##name##_as_ref(wasm_##name##_t *);                           \
    WASM_API_EXTERN wasm_##name##_t *wasm_ref_as_##name(wasm_ref_t *);                             \
    WASM_API_EXTERN const wasm_ref_t *wasm_##name##_as_ref_const(const wasm_##name##_t *);         \
    WASM_API_EXTERN const wasm_##name##_t *wasm_ref_as_##name##_const(const wasm_ref_t *);

// ---- Bytes and names ----------------------------------------------------------------------------

typedef byte_t wasm_byte_t;
WASM_VECTOR_(byte, wasm_byte_t)

// UTF-8, whatever is in it, without a NUL at the end but where it says so.
typedef wasm_byte_vec_t wasm_name_t;
#define wasm_name wasm_byte_vec
#define wasm_name_new wasm_byte_vec_new
#define wasm_name_new_empty wasm_byte_vec_new_empty
#define wasm_name_new_uninitialized wasm_byte_vec_new_uninitialized
#define wasm_name_new_new_uninitialized wasm_byte_vec_new_uninitialized
#define wasm_name_copy wasm_byte_vec_copy
#define wasm_name_delete wasm_byte_vec_delete

static inline void wasm_name_new_from_string(own wasm_name_t *out, const char *text)
{
    wasm_name_new(out, strlen(text), text);
}

// With its NUL.
static inline void wasm_name_new_from_string_nt(own wasm_name_t *out, const char *text)
{
    wasm_name_new(out, strlen(text) + 1, text);
}

// ---- Engines and stores -------------------------------------------------------------------------

// Nothing can be set in it yet.
WASM_OWNED_(config)
WASM_API_EXTERN own wasm_config_t *wasm_config_new(void);

// A wasm_engine_t is a weft_engine, which may be cast to it and back: so tier, limits of modules
// and faults can be set (weft.h).
WASM_OWNED_(engine)
WASM_API_EXTERN own wasm_engine_t *wasm_engine_new(void);
WASM_API_EXTERN own wasm_engine_t *wasm_engine_new_with_config(own wasm_config_t *config);

// With the limits that weft_store_new has by default. Stores, modules and what they need keep the
// engine; it may be deleted first. Deleted within a call of its own a store goes when that returns.
WASM_OWNED_(store)
WASM_API_EXTERN own wasm_store_t *wasm_store_new(wasm_engine_t *engine);

// ---- Types (spec: syntax/types) -----------------------------------------------------------------

typedef uint8_t wasm_mutability_t;
enum wasm_mutability_enum {
    WASM_CONST,
    WASM_VAR,
};

// Pages of 64 KiB, or entries. Where a module has more than fits, or no maximum, max is
// wasm_limits_max_default.
typedef struct wasm_limits_t {
    uint32_t min;
    uint32_t max;
} wasm_limits_t;

static const uint32_t wasm_limits_max_default = 0xffffffff;

WASM_TYPE_(valtype)

// WASM_V128 and WASM_OTHERREF are additions, to tell what modules have: no value is a vector, and
// nothing can be made of these two types. Other references (anyref, exnref and what is below them)
// go in and out as a wasm_ref_t that converts to nothing else.
typedef uint8_t wasm_valkind_t;
enum wasm_valkind_enum {
    WASM_I32,
    WASM_I64,
    WASM_F32,
    WASM_F64,
    WASM_V128,
    WASM_EXTERNREF = 128,
    WASM_FUNCREF, // also of one defined type
    WASM_OTHERREF = 255,
};

// NULL: there is no such kind.
WASM_API_EXTERN own wasm_valtype_t *wasm_valtype_new(wasm_valkind_t kind);
WASM_API_EXTERN wasm_valkind_t wasm_valtype_kind(const wasm_valtype_t *);

static inline bool wasm_valkind_is_num(wasm_valkind_t kind) { return kind < WASM_EXTERNREF; }
static inline bool wasm_valkind_is_ref(wasm_valkind_t kind) { return kind >= WASM_EXTERNREF; }

static inline bool wasm_valtype_is_num(const wasm_valtype_t *type)
{
    return wasm_valkind_is_num(wasm_valtype_kind(type));
}

static inline bool wasm_valtype_is_ref(const wasm_valtype_t *type)
{
    return wasm_valkind_is_ref(wasm_valtype_kind(type));
}

// What is made of other types takes them over. NULL: memory is short, or one of them is NULL.
WASM_TYPE_(functype)
WASM_API_EXTERN own wasm_functype_t *wasm_functype_new(own wasm_valtype_vec_t *params,
                                                       own wasm_valtype_vec_t *results);
WASM_API_EXTERN const wasm_valtype_vec_t *wasm_functype_params(const wasm_functype_t *);
WASM_API_EXTERN const wasm_valtype_vec_t *wasm_functype_results(const wasm_functype_t *);

WASM_TYPE_(globaltype)
WASM_API_EXTERN own wasm_globaltype_t *wasm_globaltype_new(own wasm_valtype_t *content,
                                                           wasm_mutability_t mutability);
WASM_API_EXTERN const wasm_valtype_t *wasm_globaltype_content(const wasm_globaltype_t *);
WASM_API_EXTERN wasm_mutability_t wasm_globaltype_mutability(const wasm_globaltype_t *);

WASM_TYPE_(tabletype)
WASM_API_EXTERN own wasm_tabletype_t *wasm_tabletype_new(own wasm_valtype_t *element,
                                                         const wasm_limits_t *limits);
WASM_API_EXTERN const wasm_valtype_t *wasm_tabletype_element(const wasm_tabletype_t *);
WASM_API_EXTERN const wasm_limits_t *wasm_tabletype_limits(const wasm_tabletype_t *);

WASM_TYPE_(memorytype)
WASM_API_EXTERN own wasm_memorytype_t *wasm_memorytype_new(const wasm_limits_t *limits);
WASM_API_EXTERN const wasm_limits_t *wasm_memorytype_limits(const wasm_memorytype_t *);

// Of exceptions: what they carry is the function's parameters.
WASM_TYPE_(tagtype)
WASM_API_EXTERN own wasm_tagtype_t *wasm_tagtype_new(own wasm_functype_t *type);
WASM_API_EXTERN const wasm_functype_t *wasm_tagtype_functype(const wasm_tagtype_t *);

// Any of these five. Conversions lend the same type; NULL: it is of another kind, or was NULL.
WASM_TYPE_(externtype)

typedef uint8_t wasm_externkind_t;
enum wasm_externkind_enum {
    WASM_EXTERN_FUNC,
    WASM_EXTERN_GLOBAL,
    WASM_EXTERN_TABLE,
    WASM_EXTERN_MEMORY,
    WASM_EXTERN_TAG,
};

WASM_API_EXTERN wasm_externkind_t wasm_externtype_kind(const wasm_externtype_t *);

#define WASM_EXTERNTYPE_(name)                                                                     \
    WASM_API_EXTERN wasm_externtype_t *wasm_##name##_as_externtype(wasm_##name##_t *);             \
    WASM_API_EXTERN wasm_##name##_t *wasm_externtype_as_##name(wasm_externtype_t *);               \
    WASM_API_EXTERN const wasm_externtype_t *wasm_##name##_as_externtype_const(                    \
        const wasm_##name##_t *);                                                                  \
    WASM_API_EXTERN const wasm_##name##_t *wasm_externtype_as_##name##_const(                      \
        const wasm_externtype_t *);
WASM_EXTERNTYPE_(functype)
WASM_EXTERNTYPE_(globaltype)
WASM_EXTERNTYPE_(tabletype)
WASM_EXTERNTYPE_(memorytype)
WASM_EXTERNTYPE_(tagtype)

WASM_TYPE_(importtype)
WASM_API_EXTERN own wasm_importtype_t *wasm_importtype_new(own wasm_name_t *module,
                                                           own wasm_name_t *name,
                                                           own wasm_externtype_t *type);
WASM_API_EXTERN const wasm_name_t *wasm_importtype_module(const wasm_importtype_t *);
WASM_API_EXTERN const wasm_name_t *wasm_importtype_name(const wasm_importtype_t *);
WASM_API_EXTERN const wasm_externtype_t *wasm_importtype_type(const wasm_importtype_t *);

WASM_TYPE_(exporttype)
WASM_API_EXTERN own wasm_exporttype_t *wasm_exporttype_new(own wasm_name_t *name,
                                                           own wasm_externtype_t *type);
WASM_API_EXTERN const wasm_name_t *wasm_exporttype_name(const wasm_exporttype_t *);
WASM_API_EXTERN const wasm_externtype_t *wasm_exporttype_type(const wasm_exporttype_t *);

// ---- Values and references ----------------------------------------------------------------------

WASM_REFERENCE_(ref)

// A reference in it is null where `ref` is NULL, and owned with the value. What kind of reference a
// value says it is does not matter where it is handed in: what it names does.
typedef struct wasm_val_t {
    wasm_valkind_t kind;
    union {
        int32_t i32;
        int64_t i64;
        float32_t f32;
        float64_t f64;
        wasm_ref_t *ref;
    } of;
} wasm_val_t;

// A value that is deleted holds null.
WASM_API_EXTERN void wasm_val_delete(own wasm_val_t *);
WASM_API_EXTERN void wasm_val_copy(own wasm_val_t *out, const wasm_val_t *);
WASM_VECTOR_(val, wasm_val_t)

// ---- Traps (spec: exec/runtime, traps) ----------------------------------------------------------

// A place in the code, which names no thing of the store's but its instance.
WASM_OWNED_(frame)
WASM_VECTOR_(frame, wasm_frame_t *)
WASM_API_EXTERN own wasm_frame_t *wasm_frame_copy(const wasm_frame_t *);
WASM_API_EXTERN struct wasm_instance_t *wasm_frame_instance(const wasm_frame_t *);
// The function's index in its module; of the instruction bytes from the start of the function's
// body, which begins with its locals, and from the start of the module: `weft addr2line` tells
// where that is in the source.
WASM_API_EXTERN uint32_t wasm_frame_func_index(const wasm_frame_t *);
WASM_API_EXTERN size_t wasm_frame_func_offset(const wasm_frame_t *);
WASM_API_EXTERN size_t wasm_frame_module_offset(const wasm_frame_t *);

typedef wasm_name_t wasm_message_t; // with a NUL at the end

WASM_REFERENCE_TO_(trap)
// A trap for a host function to return; it has no place yet. Never NULL: where memory is short it
// is one that says so.
WASM_API_EXTERN own wasm_trap_t *wasm_trap_new(wasm_store_t *, const wasm_message_t *message);
// What went wrong; also when the store is gone.
WASM_API_EXTERN void wasm_trap_message(const wasm_trap_t *, own wasm_message_t *out);
// Where: the innermost function of the guest, and with those that called it, outward. A host
// function has no frame. NULL and empty: the guest did not run.
WASM_API_EXTERN own wasm_frame_t *wasm_trap_origin(const wasm_trap_t *);
WASM_API_EXTERN void wasm_trap_trace(const wasm_trap_t *, own wasm_frame_vec_t *out);

// ---- Foreign objects ----------------------------------------------------------------------------

// A thing of the host's, for guests to hold as an externref: what it is for is told by its host
// info. It is gone when it has been deleted and no guest, global or table holds it, which is found
// out now and then. Functions, instances, traps and all other references may be externrefs too.
WASM_REFERENCE_TO_(foreign)
WASM_API_EXTERN own wasm_foreign_t *wasm_foreign_new(wasm_store_t *);

// ---- Modules (spec: binary/modules, valid/modules) ----------------------------------------------

WASM_REFERENCE_TO_(module)

// Decodes and validates. The bytes may be freed afterwards. In addition to binaries it takes text.
WASM_API_EXTERN own wasm_module_t *wasm_module_new(wasm_store_t *, const wasm_byte_vec_t *bytes);
// The same verdict, and nothing is kept.
WASM_API_EXTERN bool wasm_module_validate(wasm_store_t *, const wasm_byte_vec_t *bytes);

// In the module's order, one for each.
WASM_API_EXTERN void wasm_module_imports(const wasm_module_t *, own wasm_importtype_vec_t *out);
WASM_API_EXTERN void wasm_module_exports(const wasm_module_t *, own wasm_exporttype_vec_t *out);

// The module as bytes, for this library of any version: its binary, behind a head that says so.
// They are taken back as any other input is: decoded and validated anew, whatever they hold.
WASM_API_EXTERN void wasm_module_serialize(const wasm_module_t *, own wasm_byte_vec_t *out);
WASM_API_EXTERN own wasm_module_t *wasm_module_deserialize(wasm_store_t *,
                                                           const wasm_byte_vec_t *bytes);

// A module without its store, for other stores on any thread. It takes nothing but a count, but
// where the other store is of another engine: there the module is loaded anew.
WASM_OWNED_(shared_module)
WASM_API_EXTERN own wasm_shared_module_t *wasm_module_share(const wasm_module_t *);
WASM_API_EXTERN own wasm_module_t *wasm_module_obtain(wasm_store_t *, const wasm_shared_module_t *);

// ---- Functions ----------------------------------------------------------------------------------

WASM_REFERENCE_TO_(func)

// A host function. The arguments are lent, of just the types that it was made with; the results are
// 0 and null at first, for it to set. It returns NULL, or a trap, which it hands over: then the
// guest is stopped, and the call that it answers ends in that very trap. It may use the store, and
// call the guest; the trap of such a call may be passed on as any other. It must return: no
// longjmp, no C++ exception may leave it.
typedef own wasm_trap_t *(*wasm_func_callback_t)(const wasm_val_vec_t *args,
                                                 own wasm_val_vec_t *results);
typedef own wasm_trap_t *(*wasm_func_callback_with_env_t)(void *env, const wasm_val_vec_t *args,
                                                          wasm_val_vec_t *results);

// `finalizer`, unless NULL, is called with env when the store is deleted; not if this fails.
WASM_API_EXTERN own wasm_func_t *wasm_func_new(wasm_store_t *, const wasm_functype_t *type,
                                               wasm_func_callback_t callback);
WASM_API_EXTERN own wasm_func_t *wasm_func_new_with_env(wasm_store_t *, const wasm_functype_t *type,
                                                        wasm_func_callback_with_env_t callback,
                                                        void *env, void (*finalizer)(void *env));

WASM_API_EXTERN own wasm_functype_t *wasm_func_type(const wasm_func_t *);
WASM_API_EXTERN size_t wasm_func_param_arity(const wasm_func_t *);
WASM_API_EXTERN size_t wasm_func_result_arity(const wasm_func_t *);

// Calls it, with as many arguments as it has parameters, and writes its results over what `results`
// holds, as many as there is room for; only when this returns NULL. Else why not: a trap of the
// guest's, or one without a place if it was not called. Either vector may be NULL for an empty one.
WASM_API_EXTERN own wasm_trap_t *wasm_func_call(const wasm_func_t *, const wasm_val_vec_t *args,
                                                wasm_val_vec_t *results);

// ---- Globals, tables and memories ---------------------------------------------------------------

WASM_REFERENCE_TO_(global)
WASM_API_EXTERN own wasm_global_t *wasm_global_new(wasm_store_t *, const wasm_globaltype_t *type,
                                                   const wasm_val_t *value);
WASM_API_EXTERN own wasm_globaltype_t *wasm_global_type(const wasm_global_t *);
WASM_API_EXTERN void wasm_global_get(const wasm_global_t *, own wasm_val_t *out);
// A constant, or one of another type, stays as it is.
WASM_API_EXTERN void wasm_global_set(wasm_global_t *, const wasm_val_t *value);

WASM_REFERENCE_TO_(table)
typedef uint32_t wasm_table_size_t;
// NULL stands for null in all of these. Beyond its end a table has null, and nothing can be set.
WASM_API_EXTERN own wasm_table_t *wasm_table_new(wasm_store_t *, const wasm_tabletype_t *type,
                                                 wasm_ref_t *init);
WASM_API_EXTERN own wasm_tabletype_t *wasm_table_type(const wasm_table_t *); // min: its size now
WASM_API_EXTERN own wasm_ref_t *wasm_table_get(const wasm_table_t *, wasm_table_size_t index);
WASM_API_EXTERN bool wasm_table_set(wasm_table_t *, wasm_table_size_t index, wasm_ref_t *value);
WASM_API_EXTERN wasm_table_size_t wasm_table_size(const wasm_table_t *);
WASM_API_EXTERN bool wasm_table_grow(wasm_table_t *, wasm_table_size_t delta, wasm_ref_t *init);

WASM_REFERENCE_TO_(memory)
typedef uint32_t wasm_memory_pages_t;
static const size_t MEMORY_PAGE_SIZE = 0x10000;
WASM_API_EXTERN own wasm_memory_t *wasm_memory_new(wasm_store_t *, const wasm_memorytype_t *type);
WASM_API_EXTERN own wasm_memorytype_t *wasm_memory_type(const wasm_memory_t *); // min: as it is now
// Where it is, and how many bytes: good until the guest runs or the memory grows.
WASM_API_EXTERN byte_t *wasm_memory_data(wasm_memory_t *);
WASM_API_EXTERN size_t wasm_memory_data_size(const wasm_memory_t *);
WASM_API_EXTERN wasm_memory_pages_t wasm_memory_size(const wasm_memory_t *);
WASM_API_EXTERN bool wasm_memory_grow(wasm_memory_t *, wasm_memory_pages_t delta);

// ---- Externals and instances (spec: exec/modules, instantiation) --------------------------------

// What is imported and exported: one of the four above, or a tag, which is of this type alone.
WASM_REFERENCE_TO_(extern)
WASM_VECTOR_(extern, wasm_extern_t *)
WASM_API_EXTERN wasm_externkind_t wasm_extern_kind(const wasm_extern_t *);
WASM_API_EXTERN own wasm_externtype_t *wasm_extern_type(const wasm_extern_t *);

#define WASM_EXTERNAL_(name)                                                                       \
    WASM_API_EXTERN wasm_extern_t *wasm_##name##_as_extern(wasm_##name##_t *);                     \
    WASM_API_EXTERN wasm_##name##_t *wasm_extern_as_##name(wasm_extern_t *);                       \
    WASM_API_EXTERN const wasm_extern_t *wasm_##name##_as_extern_const(const wasm_##name##_t *);   \
    WASM_API_EXTERN const wasm_##name##_t *wasm_extern_as_##name##_const(const wasm_extern_t *);
WASM_EXTERNAL_(func)
WASM_EXTERNAL_(global)
WASM_EXTERNAL_(table)
WASM_EXTERNAL_(memory)

WASM_REFERENCE_TO_(instance)
// With an import for each that the module has, in its order. *trap, unless `trap` is NULL, receives
// why there is none: the trap that the start function or a segment ended in, or what did not fit;
// NULL if there is one.
WASM_API_EXTERN own wasm_instance_t *wasm_instance_new(wasm_store_t *, const wasm_module_t *,
                                                       const wasm_extern_vec_t *imports,
                                                       own wasm_trap_t **trap);
// In the order of wasm_module_exports.
WASM_API_EXTERN void wasm_instance_exports(const wasm_instance_t *, own wasm_extern_vec_t *out);

// ---- Short ways to say it -----------------------------------------------------------------------

#define WASM_EMPTY_VEC {0, NULL}
#define WASM_ARRAY_VEC(array) {sizeof(array) / sizeof(*(array)), array}

#define WASM_I32_VAL(i) {.kind = WASM_I32, .of = {.i32 = i}}
#define WASM_I64_VAL(i) {.kind = WASM_I64, .of = {.i64 = i}}
#define WASM_F32_VAL(z) {.kind = WASM_F32, .of = {.f32 = z}}
#define WASM_F64_VAL(z) {.kind = WASM_F64, .of = {.f64 = z}}
#define WASM_REF_VAL(r) {.kind = WASM_EXTERNREF, .of = {.ref = r}}
#define WASM_INIT_VAL {.kind = WASM_EXTERNREF, .of = {.ref = NULL}}

#define WASM_VALTYPE_(name, KIND)                                                                  \
    static inline own wasm_valtype_t *wasm_valtype_new_##name(void)                                \
    {                                                                                              \
        return wasm_valtype_new(KIND);                                                             \
    }
WASM_VALTYPE_(i32, WASM_I32)
WASM_VALTYPE_(i64, WASM_I64)
WASM_VALTYPE_(f32, WASM_F32)
WASM_VALTYPE_(f64, WASM_F64)
WASM_VALTYPE_(externref, WASM_EXTERNREF)
WASM_VALTYPE_(funcref, WASM_FUNCREF)

// Of `in` and then `out` types, which it takes over.
static inline own wasm_functype_t *wasm_functype_of_(size_t in, size_t out,
                                                     own wasm_valtype_t *const types[])
{
    wasm_valtype_vec_t params, results;
    wasm_valtype_vec_new(&params, in, types);
    wasm_valtype_vec_new(&results, out, out ? types + in : NULL);
    if (params.size == in && results.size == out) return wasm_functype_new(&params, &results);
    wasm_valtype_vec_delete(&params);
    wasm_valtype_vec_delete(&results);
    return NULL;
}

// wasm_functype_new_2_1(p1, p2, r1): two parameters, one result.
#define WASM_FUNCTYPE_(in, out, parameters, ...)                                                   \
    static inline own wasm_functype_t *wasm_functype_new_##in##_##out parameters                   \
    {                                                                                              \
        wasm_valtype_t *types[] = {__VA_ARGS__};                                                   \
        return wasm_functype_of_(in, out, types);                                                  \
    }
#define WASM_T_ own wasm_valtype_t *
WASM_FUNCTYPE_(0, 0, (void), NULL)
WASM_FUNCTYPE_(1, 0, (WASM_T_ p1), p1)
WASM_FUNCTYPE_(2, 0, (WASM_T_ p1, WASM_T_ p2), p1, p2)
WASM_FUNCTYPE_(3, 0, (WASM_T_ p1, WASM_T_ p2, WASM_T_ p3), p1, p2, p3)
WASM_FUNCTYPE_(0, 1, (WASM_T_ r1), r1)
WASM_FUNCTYPE_(1, 1, (WASM_T_ p1, WASM_T_ r1), p1, r1)
WASM_FUNCTYPE_(2, 1, (WASM_T_ p1, WASM_T_ p2, WASM_T_ r1), p1, p2, r1)
WASM_FUNCTYPE_(3, 1, (WASM_T_ p1, WASM_T_ p2, WASM_T_ p3, WASM_T_ r1), p1, p2, p3, r1)
WASM_FUNCTYPE_(0, 2, (WASM_T_ r1, WASM_T_ r2), r1, r2)
WASM_FUNCTYPE_(1, 2, (WASM_T_ p1, WASM_T_ r1, WASM_T_ r2), p1, r1, r2)
WASM_FUNCTYPE_(2, 2, (WASM_T_ p1, WASM_T_ p2, WASM_T_ r1, WASM_T_ r2), p1, p2, r1, r2)
WASM_FUNCTYPE_(3, 2, (WASM_T_ p1, WASM_T_ p2, WASM_T_ p3, WASM_T_ r1, WASM_T_ r2), p1, p2, p3, r1,
               r2)

// An address of the host's as a number that a guest can pass on, and back.
static inline void wasm_val_init_ptr(own wasm_val_t *out, void *pointer)
{
#if UINTPTR_MAX == UINT32_MAX
    out->kind = WASM_I32;
    out->of.i32 = (int32_t)(intptr_t)pointer;
#else
    out->kind = WASM_I64;
    out->of.i64 = (int64_t)(intptr_t)pointer;
#endif
}

static inline void *wasm_val_ptr(const wasm_val_t *value)
{
#if UINTPTR_MAX == UINT32_MAX
    return (void *)(intptr_t)value->of.i32;
#else
    return (void *)(intptr_t)value->of.i64;
#endif
}

#undef own
#undef WASM_T_
#undef WASM_FUNCTYPE_
#undef WASM_VALTYPE_
#undef WASM_EXTERNAL_
#undef WASM_EXTERNTYPE_
#undef WASM_REFERENCE_TO_
#undef WASM_REFERENCE_
#undef WASM_TYPE_
#undef WASM_VECTOR_
#undef WASM_OWNED_

#ifdef __cplusplus
}
#endif
#endif
