// weft_threads.h -- memories that guests in several stores, and so in several threads, have at
// once: those that modules declare as shared. In addition to weft.h, by whose rules it goes.
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
// Any thread may call these at any time, but for the two that take a store.

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
// first and no more than `count`; how many they were. Write there before.
WEFT_API uint32_t weft_shared_memory_notify(weft_shared_memory *shared, uint64_t address,
                                            uint32_t count);

#ifdef __cplusplus
}
#endif
#endif
