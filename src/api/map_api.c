// map_api.c -- what is mapped into memories: see weft_map.h. What becomes of it is in
// run/mapped.h.

#include "weft_map.h"

#include "api/api.h"
#include "plat/file.h"
#include "plat/pages.h"
#include "run/mapped.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct weft_buffer {
    u64 size;
    int file;
    void *start;
};

static weft_status refuse_system(weft_diag *diag, int err)
{
    return api_refuse(diag, API_system_error, "%s", strerror(err));
}

weft_buffer *weft_buffer_new(uint64_t bytes, weft_diag *diag)
{
    const u64 part = pages_size() - 1;
    if (!bytes || bytes > INT64_MAX - part) {
        api_refuse(diag, API_out_of_bounds, "a buffer of %" PRIu64 " bytes", bytes);
        return NULL;
    }
    weft_buffer *b = calloc(1, sizeof *b);
    if (!b) {
        api_error(diag, ERR_out_of_memory, "for the buffer");
        return NULL;
    }
    b->size = (bytes + part) & ~part;
    int err = pages_new_file(b->size, &b->file, &b->start);
    if (!err) return b;
    free(b);
    refuse_system(diag, err);
    return NULL;
}

void *weft_buffer_bytes(const weft_buffer *buffer) { return buffer->start; }
uint64_t weft_buffer_size(const weft_buffer *buffer) { return buffer->size; }

void weft_buffer_free(weft_buffer *buffer)
{
    if (!buffer) return;
    pages_free_file(buffer->size, buffer->file, buffer->start);
    free(buffer);
}

uint64_t weft_map_page(void) { return pages_size(); }

static weft_status refuse_guards(const weft_store *ws, bool is_file, weft_diag *diag)
{
    const char *what = is_file ? "a file may be cut while it is mapped" : "what is sealed faults";
    if (ws->s->limits.memory_mode != MEMORY_guarded)
        return api_refuse(diag, API_no_faults,
                          "%s: weft_engine_set_faults, before the store is made", what);
    return api_refuse(diag, API_not_guarded,
                      "%s, and this memory has no guards: it has addresses of 64 bits or small "
                      "pages, is shared, or there were no addresses for them", what);
}

static PagesKind pages_kind(weft_map_kind kind)
{
    return kind == WEFT_MAP_SEALED ? PAGES_sealed
           : kind == WEFT_MAP_SHARED ? PAGES_shared : PAGES_private;
}

static weft_status map(weft_store *ws, weft_memory memory, u64 at, u64 len, const MapFrom *from,
                       weft_diag *diag)
{
    int err;
    if (memory.store != ws->id) return api_refuse(diag, API_wrong_store, "memory");
    Memory *m = memory.item;
    switch (memory_map(m, at, len, from, &err)) {
    case MAPPED: break;
    case MAPPED_unaligned:
        return api_refuse(diag, API_not_aligned, "%" PRIu64 " bytes at %" PRIu64 ", from %" PRIu64
                          " on; a page has %zu", len, at, from->offset, pages_size());
    case MAPPED_outside:
        return api_refuse(diag, API_out_of_bounds, "%" PRIu64 " bytes at %" PRIu64 " of %" PRIu64,
                          len, at, m->size);
    case MAPPED_overlaps:
        return api_refuse(diag, API_already_mapped, "in %" PRIu64 " bytes at %" PRIu64, len, at);
    case MAPPED_unguarded: return refuse_guards(ws, from->is_file, diag);
    case MAPPED_moves:
        return api_refuse(diag, API_memory_moves, "there are no %" PRIu64
                          " bytes of addresses; give the memory a lower maximum",
                          m->max_pages << m->type.limits.page_log2);
    case MAPPED_refused: return refuse_system(diag, err);
    case MAPPED_short: return api_error(diag, ERR_out_of_memory, "for the mapping");
    }
    return WEFT_OK;
}

static weft_status check_part(u64 offset, u64 len, u64 size, const char *of, weft_diag *diag)
{
    if (in_bounds(offset, len, size)) return WEFT_OK;
    return api_refuse(diag, API_out_of_bounds, "%" PRIu64 " bytes from %" PRIu64 " on, the %s has %"
                      PRIu64, len, offset, of, size);
}

weft_status weft_memory_map(weft_store *ws, weft_memory memory, uint64_t address,
                            const weft_buffer *buffer, uint64_t offset, uint64_t len,
                            weft_map_kind kind, weft_diag *diag)
{
    const MapFrom from = {.file = buffer->file, .offset = offset, .kind = pages_kind(kind)};
    weft_status status = check_part(offset, len, buffer->size, "buffer", diag);
    return status == WEFT_OK ? map(ws, memory, address, len, &from, diag) : status;
}

weft_status weft_memory_map_file(weft_store *ws, weft_memory memory, uint64_t address, int fd,
                                 uint64_t offset, uint64_t len, weft_map_kind kind,
                                 weft_diag *diag)
{
    const u64 part = pages_size() - 1;
    const MapFrom from = {.file = fd, .offset = offset, .is_file = true,
                          .kind = pages_kind(kind)};
    FileStat stat;
    int err = file_stat(fd, &stat);
    if (err) return refuse_system(diag, err);
    if (stat.kind != FILE_regular)
        return api_refuse(diag, API_system_error, "only a regular file can be mapped");
    weft_status status = check_part(offset, len, (stat.size + part) & ~part, "file", diag);
    return status == WEFT_OK ? map(ws, memory, address, len, &from, diag) : status;
}

weft_status weft_memory_unmap(weft_store *ws, weft_memory memory, uint64_t address,
                              weft_diag *diag)
{
    int err;
    if (memory.store != ws->id) return api_refuse(diag, API_wrong_store, "memory");
    switch (memory_unmap(memory.item, address, &err)) {
    case MAPPED: return WEFT_OK;
    case MAPPED_refused: return refuse_system(diag, err);
    default: return api_refuse(diag, API_not_mapped, "nothing begins at %" PRIu64, address);
    }
}

bool weft_memory_discard(weft_store *ws, weft_memory memory, uint64_t address, uint64_t len)
{
    Memory *m = memory.item;
    if (memory.store != ws->id || !memory_holds(m, address, len)) return false;
    if (len && memory_look(m, address, len, true)) return false;
    memory_zero(m, address, len);
    return true;
}
