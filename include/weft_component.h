// weft_component.h -- components: what they are made of, and values of their types. In addition to
// weft.h, by whose rules it goes; and instances of those that need nothing imported.
//
//     weft_component *c = weft_component_new(engine, bytes, len, &diag);
//     weft_ctype f = weft_ctype_export(weft_component_type(c), "greet"), param;
//     weft_ctype_part(f, 0, &name, &param);
//     weft_cvalue_parse(param, "{name: \"x\", size: 3}", 20, values, &value, &diag);
//
// and to call it:
//
//     weft_component_instantiate(store, c, linker, &instance, &diag);
//     weft_cinstance_func(instance, "ns:pkg/interface.greet", &func);
//     weft_component_call(func, &value, 1, values, &result, &diag);
//
// A weft_cvalue is a tree: a number is in it, a string or a list is pointed at, a record has its
// fields in the order of its type, a variant the number of its case. Labels stand in types only.
//
//     weft_cvalue point[2] = {{.kind = WEFT_CVALUE_S32, .of.s = 3}, {.kind = WEFT_CVALUE_S32}};
//     weft_cvalue record = {.kind = WEFT_CVALUE_RECORD, .of.list = {point, 2}};
//
// Values are plain memory. Those that the caller makes are the caller's, and nobody keeps or writes
// them; those that a call gives live as long as what it says they live in. Nothing looks at them
// but the call that they are passed to, so any thread may have them.

#ifndef WEFT_COMPONENT_H
#define WEFT_COMPONENT_H

#include <weft.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum weft_cvalue_kind {
    WEFT_CVALUE_BOOL,
    WEFT_CVALUE_S8,
    WEFT_CVALUE_U8,
    WEFT_CVALUE_S16,
    WEFT_CVALUE_U16,
    WEFT_CVALUE_S32,
    WEFT_CVALUE_U32,
    WEFT_CVALUE_S64,
    WEFT_CVALUE_U64,
    WEFT_CVALUE_F32,
    WEFT_CVALUE_F64,
    WEFT_CVALUE_CHAR,
    WEFT_CVALUE_STRING,
    WEFT_CVALUE_ERROR_CONTEXT,
    WEFT_CVALUE_RECORD,
    WEFT_CVALUE_VARIANT,
    WEFT_CVALUE_LIST,
    WEFT_CVALUE_TUPLE,
    WEFT_CVALUE_FLAGS,
    WEFT_CVALUE_ENUM,
    WEFT_CVALUE_OPTION,
    WEFT_CVALUE_RESULT,
    WEFT_CVALUE_OWN,
    WEFT_CVALUE_BORROW,
    WEFT_CVALUE_FIXED_LIST,
    WEFT_CVALUE_STREAM,
    WEFT_CVALUE_FUTURE,
    WEFT_CVALUE_MAP,
} weft_cvalue_kind;

typedef struct weft_cvalue weft_cvalue;
struct weft_cvalue {
    uint8_t kind; // weft_cvalue_kind
    // Of a LIST or FIXED_LIST of numbers (S8 to F64): their kind, where they stand one behind the
    // other as C has them, instead of as values; else 0. A guest's LIST always does.
    uint8_t packed;
    // The case of a variant or enum, from 0; of an option 0 is none, 1 some; of a result 0 is ok, 1
    // err.
    uint32_t index;
    union {
        bool boolean;
        int64_t s;      // S8 to S64
        uint64_t u;     // U8 to U64
        float f32;      // a NaN is any NaN
        double f64;
        uint32_t scalar; // CHAR: a Unicode scalar value
        struct {
            const char *data; // UTF-8, no NUL behind it; NULL where len is 0 is fine
            size_t len;       // in bytes
        } string;
        struct {
            const weft_cvalue *items; // elements, fields; a map's are tuples of two
            size_t count;
        } list;
        struct {
            const void *data; // of a packed list
            size_t count;     // of numbers
        } numbers;
        const weft_cvalue *payload; // of a case; NULL where that has none
        uint32_t flags;   // bit i is the i-th label
        uint64_t handle;  // OWN, BORROW, STREAM, FUTURE, ERROR_CONTEXT: what it stands for
    } of;
};

// ---- Components, and what they are made of -----------------------------------------------------

// A component that was read and checked. It never changes: any number of threads may look at it.
typedef struct weft_component weft_component;

// Decodes and validates a component, in the binary format or in text, in time linear in `len`. The
// bytes are copied. NULL: no, with the reason in *diag. The engine stays as long as the component
// does, and its limits of modules hold for it (weft_engine_set_limits).
WEFT_API weft_component *weft_component_new(weft_engine *engine, const void *bytes, size_t len,
                                            weft_diag *diag);
WEFT_API void weft_component_free(weft_component *component); // NULL is fine

// A type of a component's, as long as that lives. `of` is NULL where there is none.
typedef struct weft_ctype {
    const weft_component *of;
    uint32_t number;
} weft_ctype;

// Of a value it is the value's kind; else one of these.
enum {
    WEFT_CTYPE_NONE = -1, // `of` is NULL
    WEFT_CTYPE_FUNC = 28,
    WEFT_CTYPE_COMPONENT = 30,
    WEFT_CTYPE_INSTANCE,
    WEFT_CTYPE_RESOURCE
};

WEFT_API weft_ctype weft_component_type(const weft_component *component); // its own: a COMPONENT
WEFT_API int weft_ctype_kind(weft_ctype type);
// Fields, cases, labels, elements of a tuple, parameters, exports. Of a list, an option, a stream
// or future its one element, or none; two of a result, ok and err, and of a map, key and value.
WEFT_API size_t weft_ctype_count(weft_ctype type);
// One of these: its name, if it has one, and its type: none of a case or label without a value, nor
// of a core module. False: there are not so many. Either pointer may be NULL.
WEFT_API bool weft_ctype_part(weft_ctype type, size_t index, weft_name *name, weft_ctype *part);
// Of a function what it gives, or none; of others none.
WEFT_API weft_ctype weft_ctype_result(weft_ctype type);
WEFT_API bool weft_ctype_is_async(weft_ctype type);   // of a function
WEFT_API size_t weft_ctype_length(weft_ctype type);   // of a FIXED_LIST; 0 of others
// Of a component what it imports, in the manner of weft_ctype_part.
WEFT_API size_t weft_ctype_import_count(weft_ctype type);
WEFT_API bool weft_ctype_import(weft_ctype type, size_t index, weft_name *name, weft_ctype *part);
// The export of that name, which ends with a NUL; a type that is none where there is no such.
WEFT_API weft_ctype weft_ctype_export(weft_ctype type, const char *name);
// In the words of WIT, cut to fit into `size` bytes with their NUL. Returns `out`.
WEFT_API char *weft_ctype_text(weft_ctype type, char *out, size_t size);

// ---- Values as text ----------------------------------------------------------------------------

// Where values and texts that calls give live, until it is freed. One thread at a time.
typedef struct weft_cvalues weft_cvalues;
// Of no more than so many bytes; 0: as many as there are. NULL: out of memory.
WEFT_API weft_cvalues *weft_cvalues_new(size_t limit);
WEFT_API void weft_cvalues_free(weft_cvalues *values); // NULL is fine

// Is it a value of the type, all of it? Error: wrong_type.
WEFT_API weft_status weft_cvalue_check(weft_ctype type, const weft_cvalue *value, weft_diag *diag);
// The value that a text in WAVE stands for. It lives in `in`. Errors: as of texts, with offset,
// line and column; wrong_type: not a type of values; out_of_memory.
WEFT_API weft_status weft_cvalue_parse(weft_ctype type, const char *text, size_t len,
                                       weft_cvalues *in, weft_cvalue *value, weft_diag *diag);
// Its text, in one line, harmless to a terminal, which lives in `in` and has a NUL behind it.
// Handles, streams and futures have a text that is not read. Errors: as of weft_cvalue_check;
// out_of_memory.
WEFT_API weft_status weft_cvalue_print(weft_ctype type, const weft_cvalue *value, weft_cvalues *in,
                                       weft_name *text, weft_diag *diag);

// ---- Instances ---------------------------------------------------------------------------------

// A function of the host's that a component imports. `args` are as many as its type has
// parameters, and are there until it returns. Where its type has a result it writes that to
// *result, which was zeroed; what that points at lives in weft_caller_values, or is there until the
// guest goes on. What is no value of the type is the trap "host". A handle of a resource of the
// host's is any number, the same wherever it comes back; what is OWN among the arguments is the
// host's from then on. The function may use the store, and call guests, as far as the component
// model lets it: who called it may not be entered. What it returns means what it means of a
// weft_host_fn: WEFT_OK, or that of weft_trap, weft_exit, or of its last call.
typedef weft_status weft_component_fn(void *env, weft_caller *caller, const weft_cvalue *args,
                                      size_t count, weft_cvalue *result);
// The type of that function, and where its result may live. NULL or none: it is another's caller.
WEFT_API weft_ctype weft_caller_ctype(const weft_caller *caller);
WEFT_API weft_cvalues *weft_caller_values(const weft_caller *caller);
// So many bytes, zeroed and aligned for anything, that live in `in`. NULL: beyond its limit, or out
// of memory.
WEFT_API void *weft_cvalues_alloc(weft_cvalues *in, size_t size);

// What a linker holds for components beside what it holds for modules (weft.h): the function `name`
// of an interface, as "ns:pkg/interface@1.0.0", or "" for one that the component imports by itself.
// An import of another version is met that does as well: of the same major version, or minor one
// below 1. Functions are found by name, and have the type that the component says
// (weft_caller_ctype). `finalize`, unless NULL, is called with env when the linker and all stores
// that have it are freed; not if this fails. Errors: duplicate_definition; out_of_memory.
WEFT_API weft_status weft_linker_component_func(weft_linker *linker, const char *interface,
                                                const char *name, weft_component_fn *fn,
                                                void *env, void (*finalize)(void *env),
                                                weft_diag *diag);
// A type of resource of the host's. `drop`, unless NULL, is told of each handle that owned one and
// is gone, but of those that are left when the store is freed.
WEFT_API weft_status weft_linker_component_resource(
    weft_linker *linker, const char *interface, const char *name,
    void (*drop)(void *env, weft_store *store, uint64_t handle), void *env,
    void (*finalize)(void *env), weft_diag *diag);

// An instance of a component. It lives as long as its store, and keeps the component. A store that
// has one is neither written as a snapshot nor forked.
typedef struct weft_cinstance weft_cinstance;

// Makes all core instances of it, and runs their start functions. `linker` has what it imports, and
// after weft_linker_wasi what the store grants of WASI 0.2; NULL does for a component that imports
// nothing, or what nobody has to give: instances without functions. *out: NULL unless all is well.
// Errors: wrong_engine; unknown_import, incompatible_import; feature_disabled: of what is not run
// yet; out_of_memory, limits of the store; traps; WEFT_EXIT.
WEFT_API weft_status weft_component_instantiate(weft_store *store, weft_component *component,
                                                weft_linker *linker, weft_cinstance **out,
                                                weft_diag *diag);

// An exported function; none is all zeros.
typedef struct weft_cfunc {
    weft_cinstance *of;
    weft_ctype type;    // a FUNC
    uint32_t number;
} weft_cfunc;

// "greet", or "ns:pkg/interface.greet@1.0.0" of an interface that is exported, whose version may be
// left out where there is one alone. False: there is none.
WEFT_API bool weft_cinstance_func(weft_cinstance *instance, const char *name, weft_cfunc *out);
// Calls it. The result, if there is one (weft_ctype_result) and `result` is not NULL, lives in
// `in`, whose limit holds for all that the call copies. After a trap nothing of the instance can be
// called any more: cannot_enter. An OWN handle among the arguments is the instance's from then on;
// one in the result is the caller's, until it is passed on or dropped. Errors: no_function;
// wrong_count; wrong_type, before anything runs; traps, as those of weft_call, and of values that
// are none: invalid_char, unknown_handle, ...; not_run: it is async.
WEFT_API weft_status weft_component_call(weft_cfunc func, const weft_cvalue *args, size_t count,
                                         weft_cvalues *in, weft_cvalue *result, weft_diag *diag);
// The caller needs a handle no more: what it owned is destroyed by its component. Errors:
// stale_reference; traps.
WEFT_API weft_status weft_cinstance_drop(weft_cinstance *instance, uint64_t handle,
                                         weft_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
