// weft_threads.h -- memories that guests in several stores, and so in several threads, have at
// once: those that modules declare as shared; and, at the end, threads that guests ask for
// themselves. In addition to weft.h, by whose rules it goes.
//
//     weft_shared_memory *memory = weft_shared_memory_new(engine, 1, 100, &diag);
//     ...                                                 in each thread, with a store of its own:
//     weft_shared_memory_in(store, memory, &mine, &diag);
//     weft_extern item = {.kind = WEFT_MEMORY, .of = {.memory = mine}};
//     weft_linker_define(linker, "env", "memory", item, &diag);
//     weft_instantiate(store, module, linker, &instance, &diag);
//     ...
//     weft_shared_memory_free(memory);                    stores that have it keep it
//
// Each store has a memory of its own that stands for the shared one, which is an item as others
// are. The shared one stays where it is; it is freed when nobody has it any more, neither who made
// or asked for it nor a store, and may outlive its engine. What guests do to one another's bytes is
// their affair: what the host reads or writes others may write at the same time, so use atomic
// accesses, or agree with the guest on who may when.
//
// Any thread may call weft_shared_memory_ functions at any time, but for that which takes a store.

#ifndef WEFT_THREADS_H
#define WEFT_THREADS_H

#include <weft.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct weft_shared_memory weft_shared_memory;

// Of 64 KiB pages. Takes address space for `max` of them, and no more than memory_bytes of the
// engine's stores lets it have. The caller owns it, and ends that with weft_shared_memory_free.
// Errors as of weft_memory_new, and out_of_memory.
WEFT_API weft_shared_memory *weft_shared_memory_new(weft_engine *engine, uint64_t min,
                                                    uint64_t max, weft_diag *diag);
// How waiting ended. If it failed the guest traps (host).
typedef enum weft_wait {
    WEFT_WAIT_OK,
    WEFT_WAIT_NOT_EQUAL,
    WEFT_WAIT_TIMED_OUT,
    WEFT_WAIT_FAILED,
} weft_wait;
// The same over pages that are yours: what another engine, or a program that maps files, has there
// already.
typedef struct weft_host_pages {
    size_t size;       // sizeof(weft_host_pages): weft_host_pages_init sets it
    void *start;       // of `max` pages of 64 KiB that stay where they are until `drop`; in whole
                       // pages of the machine's
    uint64_t min, max; // pages: how many guests have at first, and may
    // Unless NULL: makes the first `bytes` accessible, zeros where they were not, and may be called
    // by any thread whose guest wants more, with a lock held: it must return, and use nothing of
    // the memory. False: there is no room. NULL: all of them are accessible from the start.
    bool (*grow)(void *env, uint64_t bytes);
    void (*drop)(void *env); // unless NULL: nobody has it any more
    void *env;
    // Unless one of them is NULL: who else has these bytes keeps all who wait there, guests too.
    // In the thread of the guest, without a lock. `wait` compares the cell of 4 or 8 bytes, lets
    // the thread sleep for at most so many nanoseconds, and says how that ended, as a weft_wait;
    // they are 5,000,000 at most, as nobody else sees that a guest is stopped: a longer wait is
    // many of them. `notify` wakes up to `count`, and says how many they were.
    uint32_t (*wait)(void *env, uint64_t address, uint64_t expected, uint32_t bytes,
                     uint64_t nanoseconds);
    uint32_t (*notify)(void *env, uint64_t address, uint32_t count);
} weft_host_pages;

static inline weft_host_pages weft_host_pages_init(void)
{
    weft_host_pages pages;
    pages.size = sizeof pages;
    pages.start = pages.env = NULL;
    pages.min = pages.max = 0;
    pages.grow = NULL;
    pages.drop = NULL;
    pages.wait = NULL;
    pages.notify = NULL;
    return pages;
}

// What is in front of the start and in the same page may be read by a processor that guesses, never
// by a guest (SECURITY.md): keep no secrets there. Errors: unknown_field; not_aligned;
// size_minimum_exceeds_maximum, memory_size_limit, limit_memory_size; out_of_memory. Then `drop` is
// not called.
WEFT_API weft_shared_memory *weft_shared_memory_over(weft_engine *engine,
                                                     const weft_host_pages *pages,
                                                     weft_diag *diag);
// The one that a memory stands for, an instance's export say. The caller owns it once more. NULL:
// it is not shared, or another store's.
WEFT_API weft_shared_memory *weft_memory_shared(const weft_store *store, weft_memory memory);
// The store's memory that stands for it, to be given to instances: always the same one. What it has
// is not counted; what the store's guests make it grow by is. Errors: limit_instance_bytes,
// out_of_memory.
WEFT_API weft_status weft_shared_memory_in(weft_store *store, weft_shared_memory *shared,
                                           weft_memory *out, weft_diag *diag);
WEFT_API void weft_shared_memory_free(weft_shared_memory *shared); // NULL is fine
WEFT_API uint64_t weft_shared_memory_size(const weft_shared_memory *shared); // bytes, as it is now
// The host's address of `len` bytes at `address`, or NULL if not all of them are inside. Good as
// long as somebody has the memory.
WEFT_API void *weft_shared_memory_at(weft_shared_memory *shared, uint64_t address, uint64_t len);
// Wakes guests that wait at this address (memory.atomic.wait32, wait64), those that do so longest
// first and no more than `count`; how many they were. Write there before. Of pages whose `notify`
// is yours that is called.
WEFT_API uint32_t weft_shared_memory_notify(weft_shared_memory *shared, uint64_t address,
                                            uint32_t count);

// ---- Groups: threads that a guest asks for (wasi.thread-spawn) ----------------------------------
//
//     weft_group_config config = weft_group_config_init();
//     config.wasi = wasi;
//     weft_group *group = weft_group_new(engine, module, &config, &diag);
//     weft_store *store = weft_group_store(group);             the first thread's
//     weft_instance_func(store, weft_group_instance(group), "_start", &start, &diag);
//     status = weft_group_call(group, start, NULL, 0, NULL, 0, &diag);
//     weft_group_free(group);
//
// A module that is compiled with threads for WASI imports "wasi" "thread-spawn" and the memory that
// its threads have together, and exports wasi_thread_start. Each thread that it asks for is a new
// instance in a new store, in a thread of the host's; the first one is yours, within
// weft_group_call. Imports are linked in each store as in the first: WASI is one for all of them,
// with the same descriptors; memories that are imported as shared, and that `link` does not define,
// are made, and are the same in all; the rest is what `link` defines. The new thread runs the start
// function, and wasi_thread_start with its number, from 1 to 2^29 - 1, and what the guest gave.
//
// The first thread that traps or exits ends all of them: the others are interrupted, in functions
// of WASI within 10 ms, but that host functions of yours are waited for. When the call of the first
// one returns the others are ended too. So weft_store_stop with the first one's store ends all, by
// a pause too: the first one may be continued then, without the others. Limits are of each store,
// but that memory_bytes and fuel are for all together: stack_bytes of each other thread are taken
// from memory_bytes, which weft_store_usage of the first one's store says for all, and fuel out of
// what the first one has, by each in pieces of 65,536, and is back there when the call is over.
// What is refused, a thread too many say, or memory for one, answers the guest a negative number.
//
// A group and what is in it are used by one thread at a time, as a store is, but for what its
// threads do; weft_store_stop may be called from beside.
// spec: WebAssembly/wasi-threads

typedef struct weft_group weft_group;

typedef struct weft_group_config {
    size_t size;               // sizeof(weft_group_config): weft_group_config_init sets it
    const weft_limits *limits; // NULL: the defaults. Copied
    // What the guest gets of WASI; NULL: nothing. The group owns it from then on, also if none can
    // be made, but for unknown_field. Directories may be granted while the group's threads run, but
    // not by another thread while the first is in a call; nothing else may.
    weft_wasi *wasi;
    uint32_t max_threads;      // beside the first, at a time; 0: none [256]
    // Defines what else the module imports, in the linker of each store: the first one's, and then
    // that of each thread, on the thread that asks for it, one at a time. It may make items in the
    // store, and call nothing of it. A failure is that of weft_group_new; later it means that the
    // guest gets no thread. Host functions may be called on all threads at once, each with the
    // store that it was defined for. NULL: there is nothing else.
    weft_status (*link)(void *env, weft_store *store, weft_linker *linker, weft_diag *diag);
    void *env;
} weft_group_config;

static inline weft_group_config weft_group_config_init(void)
{
    weft_group_config config;
    config.size = sizeof config;
    config.limits = NULL;
    config.wasi = NULL;
    config.max_threads = 256;
    config.link = NULL;
    config.env = NULL;
    return config;
}

// With its first instance, of which nothing has run. The caller owns it. A module that asks for no
// threads does as well. In a deterministic engine there are none (max_threads is 0). Errors:
// wrong_engine, unknown_field; no_threads: it asks for some, and lacks a shared memory that it
// imports, or wasi_thread_start; those of weft_store_new, of `link`, and of weft_instantiate.
WEFT_API weft_group *weft_group_new(weft_engine *engine, weft_module *module,
                                    const weft_group_config *config, weft_diag *diag);
// They live as long as the group, which frees them. Calls into it by other means than
// weft_group_call get no threads.
WEFT_API weft_store *weft_group_store(const weft_group *group);
WEFT_API weft_instance weft_group_instance(const weft_group *group);
// Calls a function of the first store as weft_call does, the first time after the start function;
// threads may be had until it returns, which is when the last of them has ended. How it ends is how
// the first of them ended that trapped or exited: *diag tells of that one. If it was not yours the
// group has ended with it. Errors: those of weft_call; group_busy: from within; group_ended.
WEFT_API weft_status weft_group_call(weft_group *group, weft_func func, const weft_val *args,
                                     size_t arg_count, weft_val *results, size_t result_count,
                                     weft_diag *diag);
// The store of whoever ended the last call, for weft_store_backtrace: the first one's, unless
// another thread ended the group. Lives as long as the group.
WEFT_API weft_store *weft_group_ended(const weft_group *group);
// With all stores. From within nothing happens. NULL is fine.
WEFT_API void weft_group_free(weft_group *group);

#ifdef __cplusplus
}
#endif
#endif
