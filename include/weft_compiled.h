// weft_compiled.h -- modules with the code of their functions: compiled once, started at once.
//
//     weft_engine_set_faults(engine, true, &diag);
//     weft_module_serialize(module, &out, &diag);     // all of it is compiled
//     ...                                             // in another process, on such a machine
//     module = weft_module_deserialize(engine, bytes, len, &diag);
//
// or, with nothing to be done for each module:
//
//     weft_cache cache = weft_cache_init("/var/cache/mine");
//     weft_engine_set_cache(engine, &cache, &diag);   // weft_module_new compiles, or finds it
//
// What is written is for this version of the library and this kind of processor, and for stores of
// the kind that the engine has now: whether faults are handled (weft_engine_set_faults), results
// are deterministic, fuel is counted. In others its functions are compiled as those of any module.
//
// Functions are compiled as the engine's tier has it: with WEFT_TIER_OPT they are optimized then
// and there; with any other those that get warm are while they run, as those of any module.
//
// Bytes that somebody may have changed are not trusted. The module in them is decoded as ever; a
// function's body is validated, and its code checked, when it is first called. Code that is not
// safe is not run: it is made anew, of the body. A body that is not valid is a trap where it is
// called (not_executable). So whatever the bytes are, a guest reaches nothing that is not its own.
// But that code does what the module says is the word of who made it: it may count less fuel than
// it uses, hand numbers for references to your functions (take externrefs of strangers' guests for
// what they are: any pointer that you gave to the store), and see addresses of the process and what
// guests of its own store left in their frames. Who wants more than that compiles the module
// instead.

#ifndef WEFT_COMPILED_H
#define WEFT_COMPILED_H

#include "weft.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct weft_serialize_out {
    size_t size;       // sizeof(weft_serialize_out): weft_serialize_out_init sets it
    // Takes the next bytes. False: it failed, which ends the writing (not_written).
    bool (*write)(void *env, const void *bytes, size_t len);
    void *env;
    bool fuel;         // for stores that count it [false]
    uint32_t threads;  // that compile [1]
} weft_serialize_out;

static inline weft_serialize_out weft_serialize_out_init(bool (*write)(void *env, const void *bytes,
                                                                       size_t len),
                                                         void *env)
{
    weft_serialize_out out;
    out.size = sizeof out;
    out.write = write;
    out.env = env;
    out.fuel = false;
    out.threads = 1;
    return out;
}

// Compiles all functions and writes them with the module. Errors: no_compiler where nothing can be
// compiled (weft_compiled_lacks), not_written, limits, unknown_field.
WEFT_API weft_status weft_module_serialize(const weft_module *module, const weft_serialize_out *out,
                                           weft_diag *diag);

// The module in such bytes, which are copied. Its code is used if the engine handles faults by now.
// Errors: malformed_compiled; compiled_mismatch: they are another version's, or for another
// machine; those of weft_module_new, but for bodies.
WEFT_API weft_module *weft_module_deserialize(weft_engine *engine, const void *bytes, size_t len,
                                              weft_diag *diag);
// The same of a file, of which code is read when it is needed; it stays open as long as the module.
// What cannot be read when it is wanted is missing from weft_module_binary. Besides: system_error.
WEFT_API weft_module *weft_module_deserialize_file(weft_engine *engine, const char *path,
                                                   weft_diag *diag);

typedef struct weft_cache {
    size_t size;         // sizeof(weft_cache): weft_cache_init sets it
    const char *folder;  // made, if it is not there, so that none but you may look into it
    uint64_t most;       // bytes in it [1 GiB]; what was not used for longest goes
    bool fuel;           // for stores that count fuel [false]
} weft_cache;

static inline weft_cache weft_cache_init(const char *folder)
{
    weft_cache cache;
    cache.size = sizeof cache;
    cache.folder = folder;
    cache.most = (uint64_t)1 << 30;
    cache.fuel = false;
    return cache;
}

// From now on what weft_module_new and weft_loader_finish make is looked for there, by its bytes,
// and else compiled in full and kept. Any number of processes may share the folder. NULL: nothing
// is kept any more. Before other threads use the engine. What cannot be read or written there is no
// error of a module's. Errors: system_error, also where others may write to the folder.
WEFT_API weft_status weft_engine_set_cache(weft_engine *engine, const weft_cache *cache,
                                           weft_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
