// weft.h -- run WebAssembly inside your program. A whole one (examples/embed/hello.c):
//
//     #include <stdio.h>
//     #include <weft.h>
//
//     static const char text[] =
//         "(module (import \"host\" \"say\" (func $say (param i32)))"
//         "  (func (export \"add\") (param i32 i32) (result i32)"
//         "    (call $say (local.get 0))"
//         "    (i32.add (local.get 0) (local.get 1))))";
//
//     static weft_status say(void *env, weft_caller *caller, weft_slot *slots)
//     {
//         (void)env, (void)caller;
//         printf("the guest says %d\n", (int)slots[0].i32);
//         return WEFT_OK;
//     }
//
//     int main(void)
//     {
//         weft_diag diag;
//         weft_instance instance;
//         weft_func add;
//         weft_val args[2] = {weft_i32(40), weft_i32(2)}, sum;
//         weft_engine *engine = weft_engine_new(NULL, &diag);
//         weft_module *module =
//             engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
//         weft_store *store = engine ? weft_store_new(engine, NULL, &diag) : NULL;
//         weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
//         int ok = module && store && linker &&
//                  !weft_linker_func(linker, "host", "say", "i:", say, NULL, NULL, &diag) &&
//                  !weft_instantiate(store, module, linker, &instance, &diag) &&
//                  !weft_instance_func(store, instance, "add", &add, &diag) &&
//                  !weft_call(store, add, args, 2, &sum, 1, &diag);
//         if (ok) printf("40 + 2 = %d\n", (int)sum.of.i32);
//         else fprintf(stderr, "%s\n", diag.message);
//         weft_linker_free(linker);
//         weft_store_free(store);
//         weft_module_free(module);
//         weft_engine_free(engine);
//         return ok ? 0 : 1;
//     }
//
// What is what:
//
//     engine   shared by all; any thread may use it at any time
//     module   decoded and validated; never changes, so any thread may use it, in any store
//     store    everything that runs: instances, memories, limits; one thread at a time, and it may
//              move between threads. Only weft_store_stop may be called from beside
//     linker   what imports of modules mean; one thread at a time defines, then any may link by it
//     items    functions, memories, globals, tables, instances: small structs, passed by value,
//              never freed: what they name lives as long as its store. Using one with another
//              store, also when its own is gone, is an error that is told. All zeros name nothing
//
// Freeing: what was made by weft_X_new ends with weft_X_free, in any order: modules and stores keep
// what they need of each other alive. Freeing NULL is fine. Other pointers must not be NULL
// unless it says so. Strings are UTF-8 and end in NUL; they are copied where they must last.
//
// Failing: nothing here prints, exits, aborts, or touches signals unless you say so
// (weft_engine_set_faults). What can fail returns a weft_status, or NULL or false, and says why in
// *diag, which may be NULL; on success *diag is left as it was. Running short of memory is such a
// failure everywhere ("out_of_memory"), and nothing is lost by it: the same may be tried again.
//
// Growing: structs that you fill in begin with their size, which weft_..._init sets. Fields that a
// later version adds stand at the end, so who was compiled against an earlier header leaves them at
// their defaults; a field that is set and that the library does not know is refused
// (unknown_field). Structs that the library fills in have `room`, zeros now, which later fields
// take. Those that are passed by value stay as they are.
//
// The ABI may change with each minor version while the major one is 0; the shared library's name
// says so. "spec:" names chapters of the WebAssembly specification, release 3.0.

#ifndef WEFT_H
#define WEFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEFT_VERSION_MAJOR 0
#define WEFT_VERSION_MINOR 1
#define WEFT_VERSION_PATCH 0

#if defined __GNUC__
#define WEFT_API __attribute__((visibility("default")))
#else
#define WEFT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// The version of the library that is running, "0.1.0"; the macros above say what was compiled
// against.
WEFT_API const char *weft_version(void);

// ---- What went wrong ----------------------------------------------------------------------------

typedef enum weft_status {
    WEFT_OK = 0,
    WEFT_ERROR, // it was refused: a bad module, a missing import, a wrong argument, no memory
    WEFT_TRAP,  // the guest ran and was stopped (spec: exec/runtime, traps), or a limit was reached
    WEFT_EXIT,  // the guest ended itself (WASI's proc_exit, weft_exit); not a failure by itself
} weft_status;

#define WEFT_NO_FUNC UINT32_MAX

// Filled in by the function it is handed to; plain memory of the caller's, so reporting never
// allocates.
typedef struct weft_diag {
    weft_status status;   // never WEFT_OK
    int32_t exit_status;  // WEFT_EXIT: the status that the guest ended with
    // One word that stays the same from version to version, never NULL, never freed. Of errors:
    // "type_mismatch", "unknown_import", "out_of_memory", "wrong_store", ... Of traps:
    // "unreachable", "out_of_bounds_memory_access", "call_stack_exhausted", "out_of_fuel",
    // "interrupted", "time_limit", "host" (a host function failed), ... `weft explain` tells of
    // each.
    const char *name;
    size_t offset;        // of a module's error: bytes from its start; in text where line is not 0
    uint32_t line, column; // in text, from 1, column in bytes; else 0
    uint32_t func;        // the function with the error, or WEFT_NO_FUNC
    uint64_t room[4];
    char message[400];    // for people; one line, harmless to a terminal whatever a module is named
} weft_diag;

// The message with its place before it, "3:14: type mismatch: ...", cut to fit into `size` bytes
// with their NUL. Returns how long it is uncut.
WEFT_API size_t weft_diag_text(const weft_diag *diag, char *out, size_t size);

// ---- Engine and modules -------------------------------------------------------------------------

typedef struct weft_engine weft_engine;
typedef struct weft_module weft_module;

// `features` switches proposals on and off as the command's --features does
// ("+custom-page-sizes,-simd", "all"); NULL leaves those that are on by default. Error:
// unknown_feature.
WEFT_API weft_engine *weft_engine_new(const char *features, weft_diag *diag);
WEFT_API void weft_engine_free(weft_engine *engine);
// Stores made from now on give one result where the specification allows several
// (appendix/profiles, the deterministic profile): each NaN that an operation makes is the positive
// canonical one. Relaxed vector operations have one result anyway. Not while another thread uses
// the engine.
WEFT_API void weft_engine_set_deterministic(weft_engine *engine, bool on);

// What executes. All give the same results, stops and traps; fuel counts the same.
typedef enum weft_tier {
    WEFT_TIER_AUTO,     // begins with the interpreter, then compiles, in the end optimizes
    WEFT_TIER_INTERP,
    WEFT_TIER_BASELINE, // each function is compiled on its first call
    WEFT_TIER_OPT,      // likewise, and optimized, which takes six to eight times as long
} weft_tier;
// Of stores made and modules loaded from now on; WEFT_TIER_AUTO at first. What cannot be compiled
// here is interpreted: all of it, where weft_compiled_lacks says why; else a function for whose
// code there is no room or memory. Not while another thread uses the engine.
WEFT_API void weft_engine_set_tier(weft_engine *engine, weft_tier tier);
WEFT_API weft_tier weft_engine_tier(const weft_engine *engine);
// Functions whose bodies have more than so many bytes are compiled by a thread of the engine's,
// beside the guest, which is interpreted meanwhile: 16 KiB at first. With WEFT_TIER_BASELINE, and
// in stores that are deterministic, it waits for the code instead, but no longer than until it is
// to stop. The thread takes no signals, is started when it is first needed, and ends with the
// engine; a child made by fork(2) has none. Where there is none functions are compiled where they
// are needed. It optimizes, too. SIZE_MAX: none is started, but for stores that are there already.
WEFT_API void weft_engine_set_beside(weft_engine *engine, size_t bytes);
// What is missing in this build, this processor or its system, in a word or two: "AVX2", say. NULL:
// nothing, and compiled code can run on this thread. On x86-64 it needs AVX2, BMI1, BMI2, LZCNT and
// POPCNT, and return addresses that no shadow stack watches.
WEFT_API const char *weft_compiled_lacks(void);

// Whether stores made from now on may lean on faults: compiled code need not look at the size of
// most memories then, each of which takes 8 GiB of addresses (docs/embedding.md). For that the
// process has handlers of SIGSEGV, SIGBUS, SIGFPE and SIGILL, from the first engine that asks until
// the last of them is freed; what is no fault of a guest's goes to the handler that was there
// before. At first an engine does not. Who goes without loses nothing but speed. Not while another
// thread uses the engine. Error: system_error, and all stays as it was: not on this machine, or
// somebody put a handler over ours that is still there.
WEFT_API weft_status weft_engine_set_faults(weft_engine *engine, bool on, weft_diag *diag);
WEFT_API bool weft_engine_faults(const weft_engine *engine);

// What the modules of an engine may take. 0 is the default: 16 GiB, on 32-bit hosts 2; 2^26 types.
typedef struct weft_engine_limits {
    size_t size;           // sizeof(weft_engine_limits): weft_engine_limits_init sets it
    uint64_t module_bytes; // of their bytes, what those are decoded to, and while that is done
    uint64_t code_bytes;   // of what functions are translated to when they are first called,
                           // while that is done, and of where their references are, when a
                           // collection meets them
    uint64_t types;        // of modules, and of functions and tags of yours: equal ones count once
    uint64_t module_size;  // bytes of one module, as it is handed in [1 GiB, which is the most]
    uint64_t load_ns; // nanoseconds of loading one [no limit]; compiling later is the guest's
    uint64_t js; // 1: tables and memories too only as the JavaScript API has them (_table, _memory)
} weft_engine_limits;

static inline weft_engine_limits weft_engine_limits_init(void)
{
    weft_engine_limits limits;
    limits.size = sizeof limits;
    limits.module_bytes = limits.code_bytes = limits.types = 0;
    limits.module_size = limits.load_ns = limits.js = 0;
    return limits;
}

// Not while another thread uses the engine. Beyond them a module is refused (limit_module_bytes,
// _module_size, _load_time, _type_total) or an instance (limit_code_bytes); a function that cannot
// be translated is the trap out_of_memory, and may be called again. Error: unknown_field.
WEFT_API weft_status weft_engine_set_limits(weft_engine *engine, const weft_engine_limits *limits,
                                            weft_diag *diag);
// What of these is used now, `used->size` being set; from any thread. Error: unknown_field.
WEFT_API weft_status weft_engine_usage(const weft_engine *engine, weft_engine_limits *used,
                                       weft_diag *diag);

// Decodes and validates a module, binary or text by content (spec: binary/, text/, valid/modules),
// in time linear in `len`. The bytes are copied. Errors: of malformed, invalid modules, and limits.
WEFT_API weft_module *weft_module_new(weft_engine *engine, const void *bytes, size_t len,
                                      weft_diag *diag);
WEFT_API void weft_module_free(weft_module *module);
// A module that arrives in pieces of any size. A binary is decoded as it comes, and each function
// validated when it is there; text is translated when all is. One thread at a time.
typedef struct weft_loader weft_loader;
WEFT_API weft_loader *weft_loader_new(weft_engine *engine, weft_diag *diag);
// The next piece, which is copied. Errors: as of weft_module_new, as soon as they are certain, and
// the same again from then on; what can be neither a module nor its text is refused by its first
// bytes, and not kept.
WEFT_API weft_status weft_loader_feed(weft_loader *loader, const void *bytes, size_t len,
                                      weft_diag *diag);
// That was all. Frees the loader, also when this fails. The verdict does not depend on the pieces.
WEFT_API weft_module *weft_loader_finish(weft_loader *loader, weft_diag *diag);
WEFT_API void weft_loader_free(weft_loader *loader); // who gives up instead
// The same verdict, and nothing is kept.
WEFT_API weft_status weft_validate(weft_engine *engine, const void *bytes, size_t len,
                                   weft_diag *diag);
// In a module: UTF-8 that may hold anything, NUL too, without one at its end. Lives as the module.
typedef struct weft_name {
    const char *data;
    size_t len;
} weft_name;

// Types of values, as far as a value of the host's looks different.
typedef enum weft_type {
    WEFT_NO_TYPE = 0,
    WEFT_I32,
    WEFT_I64,
    WEFT_F32,
    WEFT_F64,
    WEFT_V128,
    WEFT_FUNCREF,   // any type of references to functions; null, or a weft_func
    WEFT_EXTERNREF, // a pointer of the host's, which the guest can keep and hand back; NULL is null
    // a weft_ref: anyref, exnref and what is below them; and an externref that the guest made of an
    // object of its own
    WEFT_REF,
    WEFT_I8, // of fields and elements alone: values are WEFT_I32
    WEFT_I16,
} weft_type;

typedef enum weft_kind {
    WEFT_FUNC = 1,
    WEFT_TABLE,
    WEFT_MEMORY,
    WEFT_GLOBAL,
    WEFT_TAG,
} weft_kind;

// What an import wants, an export offers, or an item is. spec: syntax/types, external types
typedef struct weft_item_type {
    weft_kind kind;
    weft_type type;       // WEFT_GLOBAL: of its value; WEFT_TABLE: of its elements
    bool is_mutable;      // WEFT_GLOBAL
    bool is_64;           // WEFT_MEMORY, WEFT_TABLE: addresses are i64
    bool is_shared;       // WEFT_MEMORY
    uint32_t param_count, result_count; // WEFT_FUNC, WEFT_TAG
    // WEFT_MEMORY: pages; WEFT_TABLE: entries. max is UINT64_MAX where there is none.
    uint64_t min, max;
    uint64_t page_size;   // WEFT_MEMORY: in bytes
    // the library's; lives as long as what was asked: the module, or the store
    const void *rest[2];
    uint64_t room[4];
} weft_item_type;

// The types of a function's or tag's parameters and results; WEFT_NO_TYPE beyond the last.
WEFT_API weft_type weft_item_param(const weft_item_type *type, uint32_t index);
WEFT_API weft_type weft_item_result(const weft_item_type *type, uint32_t index);

typedef struct weft_import {
    weft_name module, name;
    weft_item_type type;
} weft_import;

typedef struct weft_export {
    weft_name name;
    weft_item_type type;
} weft_export;

// In the module's order. False: there is no such index.
WEFT_API uint32_t weft_module_import_count(const weft_module *module);
WEFT_API bool weft_module_import(const weft_module *module, uint32_t index, weft_import *out);
WEFT_API uint32_t weft_module_export_count(const weft_module *module);
WEFT_API bool weft_module_export(const weft_module *module, uint32_t index, weft_export *out);
// The contents of the first custom section of this name. spec: binary/modules, custom section
WEFT_API bool weft_module_custom_section(const weft_module *module, const char *name,
                                         weft_name *out);
// The whole of it in binary: what it was made of, or what its text stands for.
WEFT_API void weft_module_binary(const weft_module *module, weft_name *out);

// ---- Stores and their limits --------------------------------------------------------------------

typedef struct weft_store weft_store;

// What the guests of a store may take. 0 stands for the default in brackets. docs/limits.md says
// what is counted as what.
typedef struct weft_limits {
    size_t size;            // sizeof(weft_limits): weft_limits_init sets it
    uint64_t memory_bytes;  // of all memories together [16 GiB; on 32-bit hosts at most 2]
    uint64_t table_entries; // of one table [10,000,000]
    uint64_t table_total;   // of all tables together [4 times table_entries]
    uint64_t stack_bytes;   // of the guests' stack, 16 KiB to 4 GiB [8 MiB]
    uint64_t fuel;          // instructions to start with; see weft_store_set_fuel [not counted]
    // of structures, arrays and exceptions, and of what stands for pointers of yours [1 GiB]
    uint64_t heap_bytes;
    // pointers of yours that the guests have, and references that you have (weft_ref) with their
    // scopes [10,000,000]
    uint64_t handles;
    uint64_t instances;     // [1,000,000]
    uint64_t instance_bytes; // of instances, beside memories, tables and functions; and of items
                             // that you make [1 GiB]
    uint64_t functions; // of all instances, and yours [1,048,575, which is the most on small hosts;
                        // at most 2^26 - 1]
    uint64_t continuations; // that guests have, and did not use yet [10,000,000]
    uint64_t continuation_bytes; // of what these have set aside [1 GiB]
    uint64_t memory_room; // addresses that each memory takes ahead: see weft_memory_stays [1 MiB]
    uint64_t host_calls;  // that stand inside each other: see weft_call [200, at most 10,000]
    uint64_t native_bytes; // of the thread's stack that they leave [48 KiB, which is the least]
} weft_limits;

static inline weft_limits weft_limits_init(void) // all of them the defaults
{
    weft_limits limits;
    limits.size = sizeof limits;
    limits.memory_bytes = limits.table_entries = limits.table_total = limits.stack_bytes = 0;
    limits.fuel = limits.heap_bytes = limits.handles = limits.instances = limits.functions = 0;
    limits.instance_bytes = limits.continuations = limits.continuation_bytes = 0;
    limits.memory_room = limits.host_calls = limits.native_bytes = 0;
    return limits;
}

// `limits` may be NULL: the defaults. Who meets one is told by its name: a module that cannot be
// instantiated or an item that cannot be made by the error (limit_memory_size, limit_table_size,
// limit_heap_bytes, limit_handles, limit_instances, limit_instance_bytes, limit_store_functions), a
// guest that runs by the trap out_of_memory or call_stack_exhausted, whose message says which.
// Error: unknown_field.
WEFT_API weft_store *weft_store_new(weft_engine *engine, const weft_limits *limits,
                                    weft_diag *diag);
// What of these is used now, `used->size` being set: fields are as in the limits, where
// table_entries is that of the largest table, stack_bytes what a guest that stands somewhere has of
// the stack, and fuel 0. Error: unknown_field.
WEFT_API weft_status weft_store_usage(const weft_store *store, weft_limits *used, weft_diag *diag);
// With everything in it, after the finalizers of its host functions and pointers were called.
// Within a call of the store's own (from a host function or a finalizer) nothing happens.
WEFT_API void weft_store_free(weft_store *store);

// Tells of pointers that guests had as externrefs: `finalize`, unless NULL, is called with `env`
// and each pointer that no guest, global, table or exception of the store refers to any more, which
// is found out now and then; and with all that are left when the store is freed. Who hands the same
// pointer in again before it was called keeps it; afterwards that is as new, and is told of again.
// It is called on the thread that uses the store, within what you call: into the guest, when that
// returns; to make, set or grow a global or table; to free the store; and of weft_object.h, to make
// or set objects, to convert a reference, to collect, and, where handles run short, to be given
// one. Also before a host function is called. It must return, and not use the store or what is in
// it. A pointer that a call or weft_table_get and the like gave you is held by the store only as
// long as something in it refers to it: take what you need before you use the store again.
WEFT_API void weft_store_set_finalizer(weft_store *store,
                                       void (*finalize)(void *env, void *pointer), void *env);

// A pointer of yours that goes with the store; NULL at first.
WEFT_API void weft_store_set_data(weft_store *store, void *data);
WEFT_API void *weft_store_data(const weft_store *store);

// Fuel is counted in stores that were made with some: one unit is one instruction, charged for each
// straight-line piece of code when it is entered. What may take long costs more, so that no unit
// takes much longer than another: calls, divisions, atomic accesses and what is made; bytes and
// table entries that are copied, filled or grown; values that a branch or return carries; for an
// exception each function and clause that it is looked for in; each function of WASI, and what it
// goes through for the guest. docs/limits.md has all prices. Waiting is free, and so are your own
// host functions, and translating a function on its first call. The count is the same on every
// machine. Who has too little ends with the trap out_of_fuel, after which more may be given and
// something else called. More than 2^63 - 1 is as much. Error: not_fueled.
WEFT_API weft_status weft_store_set_fuel(weft_store *store, uint64_t fuel, weft_diag *diag);
WEFT_API bool weft_store_fuel(const weft_store *store, uint64_t *left); // false: not counted

typedef enum weft_stop {
    WEFT_STOP_NOT = 0,
    WEFT_STOP_INTERRUPTED, // ends in the trap interrupted
    WEFT_STOP_TIME_LIMIT,  // ends in the trap time_limit
    WEFT_STOP_PAUSED, // ends in the trap paused; not in a host function, nor in what that calls
    WEFT_STOP_ASK,    // ends nothing: see weft_store_set_asked
} weft_stop;

// Ends what the store runs, now or later, at the next function entry or turn of a loop, or within a
// long copy or the translation of a function that is called for the first time: in some
// milliseconds; where it waits or works in WASI, in 50, but that one call of the host's system is
// not interrupted (allocating, cutting or syncing a file), nor is a collection, which takes time by
// what lives (heap_bytes bounds that). A host function that runs is waited for. It holds until
// WEFT_STOP_NOT takes it back; of several reasons the first stays, and a pause comes after them.
// From any thread, also from a signal handler; the store must not have been freed. This is how a
// time limit is kept: by a timer or thread of yours.
WEFT_API void weft_store_stop(weft_store *store, weft_stop why);

// WEFT_STOP_ASK has `asked` called with `env`, once, on the guest's thread, where that would have
// ended: to see to signals, say, or to a lock that others wait for. It may stop the store, and use
// nothing else of it; it must return. NULL: nobody, as at first. Not while the store runs.
WEFT_API void weft_store_set_asked(weft_store *store, void (*asked)(void *env), void *env);

typedef struct weft_instance {
    uint64_t store;
    void *item;
} weft_instance;

typedef struct weft_frame {
    uint32_t func;          // index in its module
    // Of the instruction: bytes from the start of the binary module. `weft addr2line FILE OFFSET`
    // says where that is in the source.
    size_t offset;
    weft_name name;         // of the function, or empty. Whatever the module says: print with care
    weft_instance instance;
    uint64_t room[2];
} weft_frame;

// Where the guest was when the last call, or instantiation, ended in a trap; innermost first. In a
// host function: where it was called. Writes at most `max` frames, `frames` may be NULL if that is
// 0, and returns how many there are. Host functions have no frames. Good until the store is next
// called.
WEFT_API size_t weft_store_backtrace(const weft_store *store, weft_frame *frames, size_t max);

// ---- Items and values ---------------------------------------------------------------------------

typedef struct weft_func {
    uint64_t store;
    void *item;
} weft_func;

typedef struct weft_memory {
    uint64_t store;
    void *item;
} weft_memory;

typedef struct weft_global {
    uint64_t store;
    void *item;
} weft_global;

typedef struct weft_table {
    uint64_t store;
    void *item;
} weft_table;

typedef struct weft_tag {
    uint64_t store;
    void *item;
} weft_tag;

// A reference to what the collector looks after, in your hands: weft_object.h says how long it
// lives, and what can be done with it. All zeros is null.
typedef struct weft_ref {
    uint64_t store;
    uint64_t handle;
} weft_ref;

typedef struct weft_extern {
    weft_kind kind;
    union {
        weft_func func;
        weft_memory memory;
        weft_global global;
        weft_table table;
        weft_tag tag;
    } of;
} weft_extern;

// A value with its type.
typedef struct weft_val {
    weft_type type;
    union {
        int32_t i32;
        int64_t i64;
        float f32;
        double f64;
        uint8_t v128[16]; // lanes in the order of memory
        weft_func func;   // WEFT_FUNCREF; null is all zeros
        void *ext;        // WEFT_EXTERNREF
        weft_ref ref;     // WEFT_REF; null is all zeros, and may be passed as any reference
    } of;
} weft_val;

static inline weft_val weft_i32(int32_t value)
{
    weft_val v;
    v.type = WEFT_I32;
    v.of.i32 = value;
    return v;
}

static inline weft_val weft_i64(int64_t value)
{
    weft_val v;
    v.type = WEFT_I64;
    v.of.i64 = value;
    return v;
}

static inline weft_val weft_f32(float value)
{
    weft_val v;
    v.type = WEFT_F32;
    v.of.f32 = value;
    return v;
}

static inline weft_val weft_f64(double value)
{
    weft_val v;
    v.type = WEFT_F64;
    v.of.f64 = value;
    return v;
}

static inline weft_val weft_funcref(weft_func value)
{
    weft_val v;
    v.type = WEFT_FUNCREF;
    v.of.func = value;
    return v;
}

static inline weft_val weft_externref(void *value)
{
    weft_val v;
    v.type = WEFT_EXTERNREF;
    v.of.ext = value;
    return v;
}

static inline weft_val weft_ref_val(weft_ref value)
{
    weft_val v;
    v.type = WEFT_REF;
    v.of.ref = value;
    return v;
}

// A value without its type, for calls that must be quick: one slot each, a v128 takes two.
typedef union weft_slot {
    int32_t i32;
    uint32_t u32;
    int64_t i64;
    uint64_t u64; // WEFT_REF: a weft_ref's `handle`, 0 is null
    float f32;
    double f64;
    // WEFT_EXTERNREF: the pointer. WEFT_FUNCREF: a weft_func's `item`, NULL is null. An externref
    // that is no pointer cannot be had: a host function that would get it traps, and a call is
    // refused.
    void *ref;
} weft_slot;

// A signature is written as letters, parameters before the colon and results behind it: i i32, l
// i64, f f32, d f64, v v128, p funcref, r externref, a anyref, e eqref, n i31ref, s structref, y
// arrayref, x exnref; at most 200 in all. "ii:i" takes two i32 and gives one; ":" neither.

// What an item is now: the min of a memory or table is its size. False: it is of another store.
WEFT_API bool weft_extern_type(const weft_store *store, weft_extern item, weft_item_type *out);
WEFT_API bool weft_func_type(const weft_store *store, weft_func func, weft_item_type *out);

// ---- Calling the guest --------------------------------------------------------------------------

// Calls a function with `arg_count` arguments, which must be what it takes, and writes its results;
// only when it returns WEFT_OK. From a host function too, weft_limits.host_calls deep at most, and
// while native_bytes of the thread's own stack are left (else the trap call_stack_exhausted). On
// another stack, a coroutine's say, nobody sees what is left, and host_calls alone are the bound:
// give 48 KiB, and for each 1 KiB and what your functions take. Errors: wrong_store, wrong_count,
// wrong_type, whose message names both types, stale_reference; limit_handles and out_of_memory,
// also when all is done but no handle left for a result. Traps: all. spec: exec/modules, invocation
WEFT_API weft_status weft_call(weft_store *store, weft_func func, const weft_val *args,
                               size_t arg_count, weft_val *results, size_t result_count,
                               weft_diag *diag);

// A call of yours that was stopped (paused, interrupted, out of time or fuel) can be continued from
// where it stands, on any thread, to the same results as if it had never been stopped: until the
// store is next called, and unless it was in a host function then. Take back the stop, or give more
// fuel, first; else it stops again at once.
WEFT_API bool weft_store_may_continue(const weft_store *store);
// Errors: not_stopped, wrong_count (it may still be continued). Traps: all.
WEFT_API weft_status weft_continue(weft_store *store, weft_val *results, size_t result_count,
                                   weft_diag *diag);

// A function whose signature has been checked.
typedef struct weft_typed {
    uint64_t store;
    void *item;
} weft_typed;

// Checks once that `func` has this signature, exactly. Errors: wrong_store, bad_signature,
// wrong_signature.
WEFT_API weft_status weft_func_typed(weft_store *store, weft_func func, const char *signature,
                                     weft_typed *out, weft_diag *diag);

// The quick call, some nanoseconds. `slots` holds the parameters and receives the results from its
// start; it needs room for the larger of both. After a failure what it holds is not specified.
// Errors: wrong_store, wrong_type (also of a handle), limit_handles, out_of_memory.
WEFT_API weft_status weft_call_typed(weft_store *store, weft_typed func, weft_slot *slots,
                                     weft_diag *diag);

// ---- Functions of the host ----------------------------------------------------------------------

// Who called a host function. Lives until that function returns.
typedef struct weft_caller weft_caller;

// A host function. `slots` holds its parameters and takes its results from the start. `env` is what
// it was made with. It may use the store, and call the guest. It returns WEFT_OK; or what
// weft_trap, weft_throw or weft_exit return, or the failure of its last call into the guest, and
// that is how the call that it answers then ends. (An exception is passed on as such, and may be
// caught there.) Any other failure is the trap "host". It must return: no longjmp, no C++ exception
// may leave it. It must write all its results: a slot that it leaves alone holds what the guest
// passed there, or 0.
typedef weft_status weft_host_fn(void *env, weft_caller *caller, weft_slot *slots);

// `finalize`, unless NULL, is called with env when the store is freed, which it must not use; not
// if this fails. Error: bad_signature.
WEFT_API weft_status weft_func_new(weft_store *store, const char *signature, weft_host_fn *fn,
                                   void *env, void (*finalize)(void *env), weft_func *out,
                                   weft_diag *diag);

WEFT_API weft_store *weft_caller_store(const weft_caller *caller);
// The instance whose code made the call, or whose start function it is; false when the host called
// its own function.
WEFT_API bool weft_caller_instance(const weft_caller *caller, weft_instance *out);
// Its first memory; false if there is none.
WEFT_API bool weft_caller_memory(const weft_caller *caller, weft_memory *out);
// `len` bytes of that memory at an address that the guest passed, or NULL if not all of them are in
// it. Good until the guest runs again or the memory grows. Nothing is said about alignment.
WEFT_API void *weft_caller_at(const weft_caller *caller, uint64_t address, uint64_t len);

// Return what these return: the call ends in the trap "host" with this message, or as if the guest
// had ended itself.
WEFT_API weft_status weft_trap(weft_caller *caller, const char *message);
WEFT_API weft_status weft_exit(weft_caller *caller, int32_t exit_status);

// ---- Exceptions (spec: exec/runtime, exception instances) ---------------------------------------

// A tag is told by its `item`: two exceptions are of the same kind if their tags' items are the
// same. Exceptions of a new tag carry values of these types, as in "il:"; there are no results. A
// guest imports it. Error: bad_signature.
WEFT_API weft_status weft_tag_new(weft_store *store, const char *signature, weft_tag *out,
                                  weft_diag *diag);

// After a call that ended in the trap uncaught_exception: what nobody caught. Writes the tag and at
// most `max` of its values, `values` may be NULL if that is 0; *count, unless NULL, receives how
// many there are. False: the last trap was another, or there are no handles for references among
// the values.
WEFT_API bool weft_store_exception(weft_store *store, weft_tag *tag, weft_val *values,
                                   size_t max, size_t *count);

// For a host function, which returns what this returns: the guest that called it may catch the
// exception. The values are copied. Errors: wrong_store, wrong_count, wrong_type; who returns that
// ends the call in the trap "host".
WEFT_API weft_status weft_throw(weft_caller *caller, weft_tag tag, const weft_val *values,
                                size_t count, weft_diag *diag);

// ---- Linking ------------------------------------------------------------------------------------

typedef struct weft_linker weft_linker;
typedef struct weft_wasi weft_wasi;

// Says what imports mean, by two names. A guest gets nothing but what its linker holds, so guests
// that may do different things have different linkers. Host functions are for all stores of the
// engine: define them once, and link by them as often as you like, from any threads while nobody
// defines. With the first item it is for that item's store alone. A name means one thing: another
// definition is an error, the same item again is none. Instances do not need it any more.
WEFT_API weft_linker *weft_linker_new(weft_engine *engine, weft_diag *diag);
WEFT_API void weft_linker_free(weft_linker *linker);
// `finalize`, unless NULL, is called with env when the linker and all stores that linked it are
// freed; not if this fails. Errors: bad_signature, duplicate_definition. More: weft_link.h.
WEFT_API weft_status weft_linker_func(weft_linker *linker, const char *module, const char *name,
                                      const char *signature, weft_host_fn *fn, void *env,
                                      void (*finalize)(void *env), weft_diag *diag);
// Errors: wrong_store, also of what names nothing; duplicate_definition.
WEFT_API weft_status weft_linker_define(weft_linker *linker, const char *module, const char *name,
                                        weft_extern item, weft_diag *diag);
// All exports, under one module name, likewise; those before one that is refused are defined.
WEFT_API weft_status weft_linker_instance(weft_linker *linker, const weft_store *store,
                                          const char *module, weft_instance instance,
                                          weft_diag *diag);

// Makes an instance and runs its start function. `linker` may be NULL for a module without imports.
// A trap leaves what was done to imported memories and tables. Errors: wrong_engine, wrong_store,
// unknown_import, incompatible_import, limits. spec: exec/modules, instantiation
WEFT_API weft_status weft_instantiate(weft_store *store, weft_module *module, weft_linker *linker,
                                      weft_instance *out, weft_diag *diag);

// Exports by name, found by looking through all of them: look once. False: none of that name, or
// another store's instance.
WEFT_API bool weft_instance_export(const weft_store *store, weft_instance instance,
                                   const char *name, weft_extern *out);
// By the index of weft_module_export.
WEFT_API bool weft_instance_export_at(const weft_store *store, weft_instance instance,
                                      uint32_t index, weft_extern *out);
// Those of one kind. Errors: wrong_store, unknown_export, wrong_kind.
WEFT_API weft_status weft_instance_func(const weft_store *store, weft_instance instance,
                                        const char *name, weft_func *out, weft_diag *diag);
WEFT_API weft_status weft_instance_memory(const weft_store *store, weft_instance instance,
                                          const char *name, weft_memory *out, weft_diag *diag);
WEFT_API weft_status weft_instance_global(const weft_store *store, weft_instance instance,
                                          const char *name, weft_global *out, weft_diag *diag);
WEFT_API weft_status weft_instance_table(const weft_store *store, weft_instance instance,
                                         const char *name, weft_table *out, weft_diag *diag);
WEFT_API weft_status weft_instance_tag(const weft_store *store, weft_instance instance,
                                       const char *name, weft_tag *out, weft_diag *diag);

// ---- Memories -----------------------------------------------------------------------------------

#define WEFT_NO_MAX UINT64_MAX

// Of 64 KiB pages, at most 65,536. Errors: size_minimum_exceeds_maximum, memory_size_limit,
// limit_memory_size.
WEFT_API weft_status weft_memory_new(weft_store *store, uint64_t min, uint64_t max,
                                     weft_memory *out, weft_diag *diag);
// In bytes; 0 for another store's.
WEFT_API uint64_t weft_memory_size(const weft_store *store, weft_memory memory);
// The old size in pages, or -1: no room, a limit, or another store's. spec: exec/memory.grow
WEFT_API int64_t weft_memory_grow(weft_store *store, weft_memory memory, uint64_t pages);
// Does it stay where it is, however it grows? Shared and guarded ones do, and who has addresses for
// all that it may need (weft_limits.memory_room of UINT64_MAX takes them, if there are so many).
// None shrinks, so what weft_memory_at gives is good as long as the store then.
WEFT_API bool weft_memory_stays(const weft_store *store, weft_memory memory);
// The host's address of `len` bytes at `address`, or NULL if not all of them are inside. Good until
// the guest runs or the memory grows. A guest's numbers are little endian, aligned anyhow.
WEFT_API void *weft_memory_at(const weft_store *store, weft_memory memory, uint64_t address,
                              uint64_t len);
// Copies out and in, all or, when that would leave the memory, nothing (false).
WEFT_API bool weft_memory_read(const weft_store *store, weft_memory memory, uint64_t address,
                               void *to, size_t len);
WEFT_API bool weft_memory_write(weft_store *store, weft_memory memory, uint64_t address,
                                const void *from, size_t len);

// ---- Globals and tables -------------------------------------------------------------------------

// Of the value's type. Errors: wrong_store (of a function), wrong_type.
WEFT_API weft_status weft_global_new(weft_store *store, weft_val value, bool is_mutable,
                                     weft_global *out, weft_diag *diag);
// Errors: wrong_store, wrong_type, stale_reference, global_is_immutable, limit_handles,
// out_of_memory.
WEFT_API weft_status weft_global_get(weft_store *store, weft_global global, weft_val *out,
                                     weft_diag *diag);
WEFT_API weft_status weft_global_set(weft_store *store, weft_global global, weft_val value,
                                     weft_diag *diag);

// Of funcref or externref, as `init` is, which fills it. Errors: wrong_store, wrong_type,
// size_minimum_exceeds_maximum, table_size_limit, limit_table_size.
WEFT_API weft_status weft_table_new(weft_store *store, uint64_t min, uint64_t max, weft_val init,
                                    weft_table *out, weft_diag *diag);
WEFT_API uint64_t weft_table_size(const weft_store *store, weft_table table); // 0: another store's
// Errors: wrong_store, wrong_type, stale_reference, out_of_bounds; limit_handles, out_of_memory.
WEFT_API weft_status weft_table_get(weft_store *store, weft_table table, uint64_t index,
                                    weft_val *out, weft_diag *diag);
WEFT_API weft_status weft_table_set(weft_store *store, weft_table table, uint64_t index,
                                    weft_val value, weft_diag *diag);
// *old, unless NULL, receives the size before. Errors: wrong_store, wrong_type; limit_table_size
// when there is no room.
WEFT_API weft_status weft_table_grow(weft_store *store, weft_table table, uint64_t count,
                                     weft_val init, uint64_t *old, weft_diag *diag);

// ---- WASI ---------------------------------------------------------------------------------------

// What guests get that import WASI preview 1 (or its elder, wasi_unstable). At first: no arguments,
// no variables, no files, and standard input and output closed. A WASI command is run by calling
// its export "_start" (":"), a reactor is made ready by "_initialize". Both may end in WEFT_EXIT.
WEFT_API weft_wasi *weft_wasi_new(weft_diag *diag);
WEFT_API void weft_wasi_free(weft_wasi *wasi); // only one that no store took
// The first argument is the program's name. Error of these: system_error, with the system's reason.
WEFT_API weft_status weft_wasi_arg(weft_wasi *wasi, const char *arg, weft_diag *diag);
WEFT_API weft_status weft_wasi_env(weft_wasi *wasi, const char *name, const char *value,
                                   weft_diag *diag);
// Grants what is beneath a directory, to look at only or to change too, under the name the guest
// knows it by. No guest gets out by a symbolic link; but one that may write can leave links there
// that lead out, so follow none yourself.
WEFT_API weft_status weft_wasi_dir(weft_wasi *wasi, const char *host, const char *guest,
                                   bool read_only, weft_diag *diag);
// File descriptors of the host's, which stay yours and must stay open; -1 closes. A pipe or a file
// in memory is how output is caught. (0, 1, 2) passes on your own, if they are open: one that is
// closed now is refused, and one that you close later means what you open next, to the guest too.
WEFT_API weft_status weft_wasi_stdio(weft_wasi *wasi, int in, int out, int err, weft_diag *diag);

// What all guests of a store get. The store owns `wasi` from then on, and frees it; what is granted
// may still be added to. Error: duplicate_definition: it has one, or `wasi` is taken.
WEFT_API weft_status weft_store_set_wasi(weft_store *store, weft_wasi *wasi, weft_diag *diag);
// Has what the store grants answer imports of WASI (of components: 0.2); else they trap ("host").
WEFT_API void weft_linker_wasi(weft_linker *linker);

#ifdef __cplusplus
}
#endif
#endif
