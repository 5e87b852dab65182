// weft_snapshot.h -- a store as bytes: written, and gone on with later, elsewhere.
//
//     weft_store_stop(store, WEFT_STOP_PAUSED);       // from beside, or from a host function
//     ...                                             // weft_call ends in the trap "paused"
//     weft_snapshot_write(store, &out, &diag);
//     ...                                             // in another process, on another machine
//     store = weft_store_new(engine, &limits, &diag);
//     weft_snapshot_read(store, linker, bytes, len, NULL, &diag);
//     weft_continue(store, &result, 1, &diag);
//
// Everything in the store is in it: instances, memories, tables, globals, objects, exceptions,
// continuations, a call of yours that was stopped with all its frames, tasks that were stopped,
// fuel. Who goes on comes to the same results, whichever tier each was in, whatever the processor.
// What is the host's comes from who reads it: host functions, and what else you made, by the names
// under which they are imported; pointers that guests have, by numbers that you give them. So it is
// with WASI: arguments and variables are in it, what is open is opened again (weft_snapshot_read).
//
// A snapshot that somebody may have changed is not trusted: it is checked against the modules
// before anything runs, and the worst that it can be is another state that these could have come
// to. What it is worth to know that nobody changed it, a signature of yours tells.
//
// What it cannot have in it makes writing fail, and says which it is (cannot_snapshot): a call that
// is in a host function, or waits in one; one that ran out of fuel between two places (give it
// some, and pause it); memories that other stores have too, or in which files or sealed buffers are
// mapped; references that you hold; functions of yours that no instance imports.

#ifndef WEFT_SNAPSHOT_H
#define WEFT_SNAPSHOT_H

#include "weft.h"
#include "weft_task.h"

#ifdef __cplusplus
extern "C" {
#endif

// Takes the next bytes. False: it failed, which ends the writing (cannot_snapshot).
typedef bool weft_write_fn(void *env, const void *bytes, size_t len);

typedef struct weft_snapshot_out {
    size_t size;           // sizeof(weft_snapshot_out): weft_snapshot_out_init sets it
    weft_write_fn *write;
    void *env;             // of both
    // The number that stands for a pointer of yours that guests have. False, or NULL: there is
    // none, and the snapshot is not written.
    bool (*number)(void *env, void *pointer, uint64_t *number);
    bool without_modules;  // their bytes are left out: who reads it has them
} weft_snapshot_out;

static inline weft_snapshot_out weft_snapshot_out_init(weft_write_fn *write, void *env)
{
    weft_snapshot_out out;
    out.size = sizeof out;
    out.write = write;
    out.env = env;
    out.number = NULL;
    out.without_modules = false;
    return out;
}

// Writes the store, which stays as it was and may go on too. Collects before. Not while it runs.
// Errors: cannot_snapshot, unknown_field, is_running.
WEFT_API weft_status weft_snapshot_write(weft_store *store, const weft_snapshot_out *out,
                                         weft_diag *diag);

typedef struct weft_snapshot_in {
    size_t size;           // sizeof(weft_snapshot_in): weft_snapshot_in_init sets it
    void *env;             // of both
    // The module with this SHA-256 of its bytes (of text: of what it is translated to), of the same
    // engine; the store keeps it. NULL, or if it answers NULL: the snapshot's own bytes are taken.
    weft_module *(*module)(void *env, const uint8_t hash[32]);
    // The pointer that a number stands for. False, or NULL: there is none, and nothing is read.
    bool (*pointer)(void *env, uint64_t number, void **pointer);
} weft_snapshot_in;

static inline weft_snapshot_in weft_snapshot_in_init(void)
{
    weft_snapshot_in in;
    in.size = sizeof in;
    in.env = NULL;
    in.module = NULL;
    in.pointer = NULL;
    return in;
}

// Into a store without instances that counts fuel, and is deterministic, as the one was that was
// written (weft_snapshot_look). Of fuel it has what was left then, but no more than it was given.
// `linker` says what imports mean that were the host's; it may be NULL if there are none. Constants
// of the host's are what they are now; memories, tables and other globals of the host's are made
// what they were. If guests had WASI the store must have some, with standard input and output and
// every directory granted under the name that it had: then files beneath these are opened again by
// their paths, at the positions where they were, and nothing else is. `in` may be NULL. Afterwards
// instances are there (weft_store_instances), in the order in which they were made; and what was
// stopped may go on: weft_continue, weft_store_tasks. If it fails after it began, free the store:
// no guest runs there any more, nor is one made; items of before are another store's (wrong_store),
// and calls, instances and snapshots are refused (half_read). Errors: malformed_snapshot,
// snapshot_mismatch, unknown_import, incompatible_import, system_error, wrong_store, wrong_engine,
// not_fresh: something is in it, and stays; half_read; unknown_field, limits; and of modules.
WEFT_API weft_status weft_snapshot_read(weft_store *store, weft_linker *linker, const void *bytes,
                                        size_t len, const weft_snapshot_in *in, weft_diag *diag);

// Has a second store go on where the first one stands: what weft_snapshot_write and
// weft_snapshot_read do, of the same engine and without bytes in between. `to` is as for
// weft_snapshot_read, and so is `linker`. Pointers of yours that guests have are the same in both,
// and each store tells when its guests let go of them; or, with `pointer` of `in`, what that says
// for the pointer that there was, which is the number. Memories share pages until one of both
// writes to them, so it takes no longer if they are large: those of stores that were made after
// weft_engine_set_forks; others, and those of templates' instances, are copied the first time. A
// memory of the first store may move then, unless it stays where it is (weft_memory_stays). Both go
// on as they like. Errors: those of both, wrong_engine.
WEFT_API weft_status weft_store_fork(weft_store *from, weft_store *to, weft_linker *linker,
                                     const weft_snapshot_in *in, weft_diag *diag);
// Stores made from now on have memories that can be shared so without a copy: files without names,
// which take addresses for all that they may grow to, and each of which takes a file descriptor of
// the process's. Until such a store is forked a process that fork(2) made has the very same memory,
// not a copy: one of both has to leave the store alone. Not while another thread uses the engine.
WEFT_API void weft_engine_set_forks(weft_engine *engine, bool on);

// What a snapshot wants of the store that it is read into.
typedef struct weft_snapshot_info {
    size_t size;           // sizeof(weft_snapshot_info): set it
    bool fueled, deterministic;
    uint64_t fuel;         // that was left: give it as much, and it goes on as it would have
} weft_snapshot_info;
// Errors: malformed_snapshot, unknown_field.
WEFT_API weft_status weft_snapshot_look(const void *bytes, size_t len, weft_snapshot_info *out,
                                        weft_diag *diag);

// The store's instances, oldest first: writes at most `max`, and returns how many there are; none
// where reading failed. Those within components are not among them.
WEFT_API size_t weft_store_instances(const weft_store *store, weft_instance *out, size_t max);
// The module that an instance is of, which the store keeps; NULL: another store's, or within a
// component.
WEFT_API weft_module *weft_instance_module(const weft_store *store, weft_instance instance);
// Another owner of a module, who frees it too: it is there until the last has. Returns it. On any
// thread.
WEFT_API weft_module *weft_module_share(weft_module *module);
// The function that was called by the call that weft_continue goes on with: it gives its results.
// False: there is none (weft_store_may_continue).
WEFT_API bool weft_store_stopped(const weft_store *store, weft_func *out);
// Its tasks that were not freed, oldest first: writes at most `max`, and returns how many there
// are. Of a store that was read they are the caller's, to be freed as those that weft_task_start
// gave.
WEFT_API size_t weft_store_tasks(const weft_store *store, weft_task **out, size_t max);

#ifdef __cplusplus
}
#endif
#endif
