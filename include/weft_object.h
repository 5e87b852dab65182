// weft_object.h -- what the guest's references refer to, in the host's hands: handles, exact types,
// structures, arrays and exceptions. In addition to weft.h, by whose rules it goes: stores are used
// by one thread at a time, failures are in *diag, "spec:" names chapters of the specification.
//
//     weft_val cell;                              a guest made it: (struct (field i32) ...)
//     weft_scope scope;
//     weft_scope_open(store, &scope, &diag);
//     weft_call(store, make, args, 1, &cell, 1, &diag);        cell.type is WEFT_REF
//     weft_struct_get(store, cell.of.ref, 0, &head, &diag);    head.type is WEFT_I32
//     weft_scope_close(store, scope, &diag);                   the cell may be collected now

#ifndef WEFT_OBJECT_H
#define WEFT_OBJECT_H

#include <weft.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Exact types (spec: syntax/types) -----------------------------------------------------------
//
// A type that a module defines, of functions, structures, arrays or continuations. Equal types are
// the same two numbers, from whichever modules of an engine they are. It may be used as long as
// what it was asked of is there, a module or a store; so may what it leads to, its fields' types
// and its super type. Using it afterwards is an error that is not always told. All zeros is none.
typedef struct weft_deftype {
    const void *types; // the engine's
    uint32_t id;
} weft_deftype;

typedef enum weft_heap {
    WEFT_HEAP_DEFINED = 1, // what `def` says
    WEFT_HEAP_FUNC, WEFT_HEAP_EXTERN, WEFT_HEAP_ANY, WEFT_HEAP_EQ, WEFT_HEAP_I31, WEFT_HEAP_STRUCT,
    WEFT_HEAP_ARRAY, WEFT_HEAP_EXN, WEFT_HEAP_CONT,
    // below all of their kind: null alone is of them
    WEFT_HEAP_NONE, WEFT_HEAP_NOEXTERN, WEFT_HEAP_NOFUNC, WEFT_HEAP_NOEXN, WEFT_HEAP_NOCONT,
} weft_heap;

// The type of a value, field or element, in full. In one that you fill in the type of every
// reference may be said as WEFT_REF.
typedef struct weft_valtype {
    weft_type type;
    weft_heap heap;   // this and what follows: of references, else 0
    bool is_nullable;
    bool is_exact;    // of `def` and no type below it (proposal custom descriptors)
    weft_deftype def; // WEFT_HEAP_DEFINED
} weft_valtype;

// A type of references that no module defines: (ref null struct), say.
static inline weft_valtype weft_reftype(weft_heap heap, bool is_nullable)
{
    weft_valtype type;
    type.type = WEFT_REF;
    type.heap = heap;
    type.is_nullable = is_nullable;
    type.is_exact = false;
    type.def.types = NULL;
    type.def.id = 0;
    return type;
}

// References to what is of a defined type.
static inline weft_valtype weft_reftype_of(weft_deftype def, bool is_nullable)
{
    weft_valtype type = weft_reftype(WEFT_HEAP_DEFINED, is_nullable);
    type.def = def;
    return type;
}

// By the module's index of types. False: there is no such index, or another store's instance.
WEFT_API uint32_t weft_module_type_count(const weft_module *module);
WEFT_API bool weft_module_type(const weft_module *module, uint32_t index, weft_deftype *out);
WEFT_API bool weft_instance_type(const weft_store *store, weft_instance instance, uint32_t index,
                                 weft_deftype *out);
// Of a function or tag: its type, which has those of its parameters and results. Of a global its
// value's, of a table its elements'. False: there is none.
WEFT_API bool weft_item_deftype(const weft_item_type *type, weft_deftype *out);
WEFT_API bool weft_item_valtype(const weft_item_type *type, weft_valtype *out);

typedef enum weft_def_kind {
    WEFT_DEF_FUNC = 1,
    WEFT_DEF_STRUCT,
    WEFT_DEF_ARRAY,
    WEFT_DEF_CONT, // of continuations (proposal stack switching)
} weft_def_kind;

typedef struct weft_def_info {
    weft_def_kind kind;
    bool is_final;         // nothing is declared below it
    bool is_defaultable;   // WEFT_DEF_STRUCT, WEFT_DEF_ARRAY: all fields have a default, 0 or null
    weft_deftype super;    // which it is declared below; or none
    weft_deftype cont;     // WEFT_DEF_CONT: the type of its function
    uint32_t field_count;  // WEFT_DEF_STRUCT; WEFT_DEF_ARRAY: 1
    uint32_t param_count, result_count; // WEFT_DEF_FUNC
    uint64_t room[2];
} weft_def_info;

typedef struct weft_field {
    weft_valtype type;
    bool is_mutable;
} weft_field;

// False: it is none, or has no such parameter, result or field. The elements of an array are its
// field 0.
WEFT_API bool weft_deftype_info(weft_deftype type, weft_def_info *out);
WEFT_API bool weft_deftype_param(weft_deftype type, uint32_t index, weft_valtype *out);
WEFT_API bool weft_deftype_result(weft_deftype type, uint32_t index, weft_valtype *out);
WEFT_API bool weft_deftype_field(weft_deftype type, uint32_t index, weft_field *out);
// Of a structure's type: of which type the descriptors of its objects are (proposal custom
// descriptors). False: they have none.
WEFT_API bool weft_deftype_descriptor(weft_deftype type, weft_deftype *out);

// Is every value of the one type of the other too? Not if either is no type, or they are of two
// engines. spec: valid/matching
WEFT_API bool weft_valtype_matches(const weft_valtype *sub, const weft_valtype *super);

// In the words of the text format, with definitions where that has indices, one deep: "(ref null
// (struct (field i32) (field (ref (array ...)))))". Cut to fit into `size` bytes with their NUL;
// `out` may be NULL if that is 0. Return how long it is uncut; 0: it is no type.
WEFT_API size_t weft_valtype_text(const weft_valtype *type, char *out, size_t size);
WEFT_API size_t weft_deftype_text(weft_deftype type, char *out, size_t size);

// A host function of any type, also one with types that no letters name. It takes its arguments as
// values and leaves its results, which are 0 and null at first; `args` and `results` have as many
// as the type. Else as weft_host_fn says. A result of a wrong type is the trap "host", whose
// message names both types.
typedef weft_status weft_values_fn(void *env, weft_caller *caller, const weft_val *args,
                                   weft_val *results);

// `type` is a function's, and is held by the store from now on. Else as weft_func_new,
// weft_linker_func. Errors: unknown_type: it is none of the store's engine, or not a function's.
WEFT_API weft_status weft_func_new_of(weft_store *store, weft_deftype type, weft_values_fn *fn,
                                      void *env, void (*finalize)(void *env), weft_func *out,
                                      weft_diag *diag);
WEFT_API weft_status weft_linker_func_of(weft_linker *linker, const char *module, const char *name,
                                         weft_deftype type, weft_values_fn *fn, void *env,
                                         void (*finalize)(void *env), weft_diag *diag);

// As weft_tag_new, weft_global_new, weft_table_new, of any type. Errors: theirs, and unknown_type.
WEFT_API weft_status weft_tag_new_of(weft_store *store, weft_deftype type, weft_tag *out,
                                     weft_diag *diag);
WEFT_API weft_status weft_global_new_of(weft_store *store, const weft_valtype *type, weft_val value,
                                        bool is_mutable, weft_global *out, weft_diag *diag);
WEFT_API weft_status weft_table_new_of(weft_store *store, const weft_valtype *type, uint64_t min,
                                       uint64_t max, weft_val init, weft_table *out,
                                       weft_diag *diag);

// ---- Handles ------------------------------------------------------------------------------------
//
// A weft_ref is a handle: it names a reference. What that refers to is not collected while the
// handle lives. Each time that a value is received it has another handle, also if the reference is
// the same: weft_ref_eq says whether two are.
//
//     made while a host function runs     lives until that function returns
//     made while a scope is open          lives until the scope is closed; the innermost counts,
//                                         and a host function's call is one
//     made otherwise                      is kept: lives until you release it
//
// Each takes one of the store's `handles`, and some 30 bytes. Null, functions (weft_func) and
// pointers of yours (WEFT_EXTERNREF) take none. All end with their store. A handle that does not
// live any more, of another store, or made up is refused (stale_reference, wrong_store), whatever
// has its place now.

// Keeps a handle beyond its scope, once more: it lives until it was released as often. Null is
// none. Errors: wrong_store, stale_reference; wrong_count: it is kept 2^32 - 1 times already.
WEFT_API weft_status weft_ref_keep(weft_store *store, weft_ref ref, weft_diag *diag);
// Takes back one weft_ref_keep, or what keeps a handle that was made outside of scopes. Null is
// none. Errors: wrong_store; stale_reference, also where its scope alone holds it.
WEFT_API weft_status weft_ref_release(weft_store *store, weft_ref ref, weft_diag *diag);

typedef struct weft_scope {
    uint64_t store;
    uint64_t scope;
} weft_scope;

// Takes one of `handles` itself while it is open. Errors: limit_handles, out_of_memory.
WEFT_API weft_status weft_scope_open(weft_store *store, weft_scope *out, weft_diag *diag);
// Ends the handles that were made in it and are not kept, and all scopes that were opened within
// it; what a host function leaves open ends when it returns. Errors: wrong_store; wrong_scope: it
// is closed already, or was opened before the host function that runs was called.
WEFT_API weft_status weft_scope_close(weft_store *store, weft_scope scope, weft_diag *diag);

// ---- What a reference is (spec: exec/instructions, reference instructions) ----------------------
//
// Errors of all that takes a handle, below too: wrong_store, stale_reference; null_reference where
// null is not said to be fine; wrong_type, whose message names both types, where what it refers to
// is of another kind; and of all that gives a handle, limit_handles and out_of_memory. What fails
// has changed nothing but what it says.

// The lowest type that is known of it: a defined one of structures and arrays, (ref i31), (ref
// exn); (ref any) of a pointer of yours that was converted, (ref extern) of what was.
WEFT_API weft_status weft_ref_type(const weft_store *store, weft_ref ref, weft_valtype *out,
                                   weft_diag *diag);
// Is it one of these, as ref.test asks? Null is fine. A cast needs no more, as a handle has no type
// of its own. Error: unknown_type: that is none of references of the store's engine.
WEFT_API weft_status weft_ref_test(weft_store *store, weft_ref ref, const weft_valtype *type,
                                   bool *out, weft_diag *diag);
// Are they the same reference, as ref.eq asks? Null is fine.
WEFT_API weft_status weft_ref_eq(const weft_store *store, weft_ref a, weft_ref b, bool *out,
                                 weft_diag *diag);

// A number by which it can be found in a map: two that live at once have the same if and only if
// they are the same reference. It means nothing else, and goes to another one when this is
// collected.
WEFT_API weft_status weft_ref_number(const weft_store *store, weft_ref ref, uint64_t *out,
                                     weft_diag *diag);

// A value of one of the hierarchies as the same value of the other one: an object becomes an
// external reference, still by a handle; a pointer of yours (WEFT_EXTERNREF) an anyref by a handle,
// and back. Null is fine.
WEFT_API weft_status weft_extern_convert_any(weft_store *store, weft_val value, weft_val *out,
                                             weft_diag *diag);
WEFT_API weft_status weft_any_convert_extern(weft_store *store, weft_val value, weft_val *out,
                                             weft_diag *diag);

// 31 bits of a number; get extends their sign. spec: exec/ref.i31
WEFT_API weft_status weft_i31_new(weft_store *store, int32_t value, weft_ref *out, weft_diag *diag);
WEFT_API weft_status weft_i31_get(const weft_store *store, weft_ref ref, int32_t *out,
                                  weft_diag *diag);

// ---- Structures and arrays (spec: exec/instructions, aggregate instructions) --------------------
//
// Making one may collect first; what has a handle stays. Packed fields are i32 values: what is
// written is cut, what is read has zeros above. Errors, beside those of handles: unknown_type: that
// is none of the store's engine, or of another kind; wrong_type of values; out_of_bounds;
// is_immutable; limit_heap_bytes and out_of_memory of what makes one. The store holds a type from
// the first time on that something is made of it.

// With `count` values in the order of fields; NULL: their defaults. Where objects have a descriptor
// that is one more value, the last, and has no default. Errors: wrong_count; wrong_type: there is
// no default.
WEFT_API weft_status weft_struct_new(weft_store *store, weft_deftype type, const weft_val *values,
                                     size_t count, weft_ref *out, weft_diag *diag);
WEFT_API weft_status weft_struct_get(weft_store *store, weft_ref ref, uint32_t field, weft_val *out,
                                     weft_diag *diag);
WEFT_API weft_status weft_struct_set(weft_store *store, weft_ref ref, uint32_t field,
                                     weft_val value, weft_diag *diag);

// The descriptor that it was made with. Error: wrong_type: it has none.
WEFT_API weft_status weft_struct_descriptor(weft_store *store, weft_ref ref, weft_ref *out,
                                            weft_diag *diag);

// Of `length` elements: copies of a value, or of the default where `fill` is NULL; values; numbers,
// as weft_array_read has them.
WEFT_API weft_status weft_array_new(weft_store *store, weft_deftype type, uint32_t length,
                                    const weft_val *fill, weft_ref *out, weft_diag *diag);
WEFT_API weft_status weft_array_new_values(weft_store *store, weft_deftype type,
                                           const weft_val *values, uint32_t length, weft_ref *out,
                                           weft_diag *diag);
WEFT_API weft_status weft_array_new_bytes(weft_store *store, weft_deftype type, const void *bytes,
                                          uint32_t length, weft_ref *out, weft_diag *diag);
WEFT_API weft_status weft_array_length(const weft_store *store, weft_ref ref, uint32_t *out,
                                       weft_diag *diag);
// `count` elements from `first` on, all of which must be there. All are given, or none; those
// before a value that is refused are set.
WEFT_API weft_status weft_array_get(weft_store *store, weft_ref ref, uint32_t first, uint32_t count,
                                    weft_val *out, weft_diag *diag);
WEFT_API weft_status weft_array_set(weft_store *store, weft_ref ref, uint32_t first, uint32_t count,
                                    const weft_val *values, weft_diag *diag);
// The same of numbers, as they are in memory of yours: int8_t, int16_t, int32_t, float, ... or 16
// bytes each; aligned anyhow. Error: wrong_type, also where elements are references.
WEFT_API weft_status weft_array_read(const weft_store *store, weft_ref ref, uint32_t first,
                                     uint32_t count, void *to, weft_diag *diag);
WEFT_API weft_status weft_array_write(weft_store *store, weft_ref ref, uint32_t first,
                                      uint32_t count, const void *from, weft_diag *diag);
// All of them where they are, *len bytes; never NULL but on failure. Good while the handle lives,
// whatever runs meanwhile: objects do not move. Write to them only if the elements are mutable.
WEFT_API void *weft_array_bytes(const weft_store *store, weft_ref ref, size_t *len,
                                weft_diag *diag);

// ---- Exceptions as objects (spec: exec/runtime, exception instances) ----------------------------

// After a call that ended in the trap uncaught_exception: what nobody caught. Error: not_thrown.
WEFT_API weft_status weft_store_exception_ref(weft_store *store, weft_ref *out, weft_diag *diag);
// With copies of the values. Errors: wrong_store, wrong_count, wrong_type, limit_heap_bytes.
WEFT_API weft_status weft_exception_new(weft_store *store, weft_tag tag, const weft_val *values,
                                        size_t count, weft_ref *out, weft_diag *diag);
// Its tag, and at most `max` of its values, as weft_store_exception gives them.
WEFT_API weft_status weft_exception_values(weft_store *store, weft_ref ref, weft_tag *tag,
                                           weft_val *values, size_t max, size_t *count,
                                           weft_diag *diag);
// For a host function, which returns what this returns: as weft_throw, of the exception itself.
WEFT_API weft_status weft_throw_ref(weft_caller *caller, weft_ref ref, weft_diag *diag);

// ---- What lives ---------------------------------------------------------------------------------

// Collects now, also from a host function. It is never needed; it takes time by what lives. Tells
// of pointers that ended (weft_store_set_finalizer). Error: cannot_collect: memory is short, or it
// is a finalizer that asks.
WEFT_API weft_status weft_store_collect(weft_store *store, weft_diag *diag);

typedef struct weft_living {
    size_t size;           // sizeof(weft_living): weft_living_init sets it
    uint64_t objects;      // structures, arrays, exceptions, what stands for pointers of yours
    uint64_t object_bytes; // that these take of heap_bytes, without what lies between them
    uint64_t references;   // of yours, handles that live
    uint64_t kept;         // of them those that are kept
    uint64_t pointers;     // of yours, that something refers to
} weft_living;

static inline weft_living weft_living_init(void)
{
    weft_living living;
    living.size = sizeof living;
    living.objects = living.object_bytes = living.references = living.kept = living.pointers = 0;
    return living;
}

// Collects, and tells what is left. Errors: cannot_collect, unknown_field.
WEFT_API weft_status weft_store_living(weft_store *store, weft_living *out, weft_diag *diag);

// From where objects are reached, in the order in which a census asks.
typedef enum weft_root {
    WEFT_ROOT_GLOBALS = 1,
    WEFT_ROOT_TABLES,
    WEFT_ROOT_SEGMENTS,   // computed items of element segments that were not dropped
    WEFT_ROOT_HANDLES,    // yours
    WEFT_ROOT_EXCEPTIONS, // on its way, or caught by nobody: see weft_store_exception
    WEFT_ROOT_FRAMES,     // functions that run or may go on, with parameters of host functions
    WEFT_ROOT_PARKED,
} weft_root;

// So many objects of one type, that are reached from one kind of root, and held by objects of one
// type or by the root itself. An object that several hold counts once: with the first kind of root
// that leads to it, and one of those who hold it, as a rule one that is nearest.
typedef struct weft_census_row {
    weft_root root;       // 0: those of more rows than are told apart, 65536; no more is known
    weft_deftype type;    // of exceptions that of their tag; none: of pointers of yours
    weft_deftype holder;  // likewise; none: the root itself
    uint64_t objects;
    uint64_t bytes;       // of heap_bytes
} weft_census_row;

// Is told a row, which is good until it returns; it must not free the store.
typedef void weft_census_fn(void *env, const weft_census_row *row);

// What is in the heap and who holds it, also from a host function: a row after another, with most
// bytes first. Nothing is collected, and what is dead does not count. Takes time by what lives, and
// memory by heap_bytes: a 32nd of that, while it lasts. The types are good as long as there are
// objects of them. Errors: out_of_memory; cannot_collect, as weft_store_collect. Then `fn` was not
// called.
WEFT_API weft_status weft_store_heap_census(weft_store *store, weft_census_fn *fn, void *env,
                                            weft_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
