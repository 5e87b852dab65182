// weft_map.h -- memory that guests have without a copy: buffers of the host's, and files, mapped
// into their memories; and memory that goes back to the system. In addition to weft.h, by whose
// rules it goes.
//
//     weft_engine_set_faults(engine, true, &diag);        what is sealed, and files, need this
//     weft_buffer *table = weft_buffer_new(64 << 20, &diag);
//     fill(weft_buffer_bytes(table));
//     ...                                                 for each of a thousand instances:
//     weft_memory_map(store, memory, 1 << 20, table, 0, 64 << 20, WEFT_MAP_SEALED, &diag);
//     ...
//     weft_memory_unmap(store, memory, 1 << 20, &diag);   zeros again
//     weft_buffer_free(table);
//
// Addresses, offsets and lengths are in whole pages of the machine: weft_map_page of them, 4 KiB
// mostly; a guest that is told where something is does well to leave 64 KiB between. What is mapped
// lies within the memory's size, and stays where it is when the memory grows. It takes the place of
// what was there.
//
// A memory that would move when it grows stays where it is from then on, with addresses for all
// that it may become; it may move this once, so weft_memory_at is to be asked anew.

#ifndef WEFT_MAP_H
#define WEFT_MAP_H

#include <weft.h>

#ifdef __cplusplus
extern "C" {
#endif

// Bytes of the host's that memories can have a part in, zero at first. It is no engine's and no
// store's: any thread may use it, and memories that have it keep what they have when it is freed.
typedef struct weft_buffer weft_buffer;

// Rounded up to whole pages. Those that nobody has touched take no memory. NULL: system_error, with
// the system's reason; out_of_memory. out_of_bounds: of no bytes.
WEFT_API weft_buffer *weft_buffer_new(uint64_t bytes, weft_diag *diag);
WEFT_API void *weft_buffer_bytes(const weft_buffer *buffer); // as long as it is not freed
WEFT_API uint64_t weft_buffer_size(const weft_buffer *buffer);
WEFT_API void weft_buffer_free(weft_buffer *buffer); // NULL is fine

// What the guest may do with what is mapped.
typedef enum weft_map_kind {
    // Read and write it: what it writes is its own, and nobody else sees it. Of pages that it has
    // not written it may see what others write there later.
    WEFT_MAP_PRIVATE,
    // Read it, as it is at any time. A store, an atomic change, memory.copy, memory.fill,
    // memory.init and memory.discard to it are traps, "sealed_memory", of which the last four do
    // nothing then; functions of WASI answer the errno `fault`; weft_memory_write refuses it.
    WEFT_MAP_SEALED,
    // Read and write it: whoever has the buffer, or file, sees what is written, memory.discard too.
    WEFT_MAP_SHARED,
} weft_map_kind;

// How many bytes a page of the machine has.
WEFT_API uint64_t weft_map_page(void);

// Maps `len` bytes of a buffer, from `offset` on, at an address of the memory, from now on. Not
// while another thread uses the store; a host function may. Errors, and nothing has changed:
// wrong_store; not_aligned: something is not in whole pages; out_of_bounds of the memory or the
// buffer, or no bytes; already_mapped: something is, in a part of it; memory_moves: there are no
// addresses for a memory that does not; system_error: with the reason, such as too many mappings;
// out_of_memory. What is sealed also: no_faults: the store's engine had no leave for faults
// (weft_engine_set_faults) when the store was made; not_guarded: the memory has addresses of 64
// bits, pages of one byte, or is shared, or there were no addresses for its guards.
WEFT_API weft_status weft_memory_map(weft_store *store, weft_memory memory, uint64_t address,
                                     const weft_buffer *buffer, uint64_t offset, uint64_t len,
                                     weft_map_kind kind, weft_diag *diag);
// The same of a regular file that is open for reading, to be shared for writing too, and may be
// closed afterwards. The last page
// may reach beyond its end, and is zero there. Of either kind this needs what sealing needs, since
// the file may be cut later, by anybody. From then on the guest traps, "file_was_cut", where it
// accesses pages that are gone, those that it had written too, and functions of WASI do, if they do
// not answer the errno `fault`; weft_memory_read and weft_memory_write refuse them; and who follows
// the host's address of them (weft_memory_at) finds zeros there. Once any of these but compiled
// code has met such a page, all of the mapping may be refused so, until it is unmapped. Nothing is
// said about bytes that others write to the file while it is mapped, but that a sealed mapping
// shows them. Errors: as of weft_memory_map; system_error also of a file that is none or cannot be
// read.
WEFT_API weft_status weft_memory_map_file(weft_store *store, weft_memory memory, uint64_t address,
                                          int fd, uint64_t offset, uint64_t len,
                                          weft_map_kind kind, weft_diag *diag);
// What was mapped at this address, all of it, is zeros again that the guest may write. Errors:
// wrong_store; not_mapped: nothing begins there; system_error, and it stays.
WEFT_API weft_status weft_memory_unmap(weft_store *store, weft_memory memory, uint64_t address,
                                       weft_diag *diag);

// Zeros from here on, and whole pages among them take no memory of the machine's until they are
// written: what guests do with memory.discard (the feature memory-control). What is mapped
// privately is zeros too then, and stays mapped for weft_memory_unmap; what is shared is zeros for
// all. False, and nothing has changed: another store's, not all inside, or sealed or cut in a part.
WEFT_API bool weft_memory_discard(weft_store *store, weft_memory memory, uint64_t address,
                                  uint64_t len);

#ifdef __cplusplus
}
#endif
#endif
