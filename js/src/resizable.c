// resizable.c -- a memory as an ArrayBuffer whose length changes.
//
//     the guest's memory ----.
//                             >---- weft_buffer: the bytes, as many as the maximum says
//     the ArrayBuffer's ----'
//
// Node-API makes no such ArrayBuffer of somebody's bytes. JavaScript makes one with room of its
// own, and there the bytes are mapped, as they are in the guest's memory: either may end, or be
// moved to another ArrayBuffer, and the other still has them.

#include "addon.h"

#include <sys/mman.h>
#include <weft_map.h>

static uint8_t *bytes_at(const Shown *shown, uint64_t at)
{
    return (uint8_t *)weft_buffer_bytes(shown->bytes) + at;
}

// What is there of JavaScript's, which let its buffer grow where it was not to, is zeros again.
static void empty(const Shown *shown, uint64_t from, uint64_t size)
{
    if (madvise(bytes_at(shown, from), size, MADV_REMOVE)) memset(bytes_at(shown, from), 0, size);
}

static void copy(const Shown *shown, const uint8_t *from, uint64_t at, uint64_t size)
{
    enum { PIECE = 4096 }; // of which many are zeros, and stay untouched
    for (uint64_t done = 0; done < size; done += PIECE, from += PIECE)
        if (*from || memcmp(from, from + 1, PIECE - 1))
            memcpy(bytes_at(shown, at + done), from, PIECE);
}

// The guest's memory is in the buffer as far as it goes now.
static bool put_in_guest(Shown *shown, weft_diag *why)
{
    JsStore *s = shown->store;
    weft_memory memory = item_at(s, shown->item, WEFT_MEMORY)->of.memory;
    uint64_t from = shown->mapped, size = weft_memory_size(s->store, memory) - from;
    if (!size) return true;
    empty(shown, from, size);
    copy(shown, weft_memory_at(s->store, memory, from, size), from, size);
    if (weft_memory_map(s->store, memory, from, shown->bytes, from, size, WEFT_MAP_SHARED, why))
        return false;
    shown->mapped += size;
    return true;
}

// The kernel maps once more what is mapped shared, if it is asked to move nothing of it.
static bool put_in_javascript(const Shown *shown, uint8_t *at, uint64_t size, uint64_t most)
{
    if (mremap(bytes_at(shown, 0), 0, most, MREMAP_MAYMOVE | MREMAP_FIXED, at) == at)
        return !mprotect(at + size, most - size, PROT_NONE);
    mmap(at, most, PROT_READ | PROT_WRITE,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    return false;
}

static bool resize(Addon *a, napi_value buffer, uint64_t size)
{
    napi_value function = NULL, length = make_u64(a, size), unused;
    bool thrown = false;
    napi_get_reference_value(a->env, a->resize, &function);
    napi_status done = napi_call_function(a->env, buffer, function, 1, &length, &unused);
    napi_is_exception_pending(a->env, &thrown);
    if (thrown) napi_get_and_clear_last_exception(a->env, &unused);
    return done == napi_ok;
}

// It has grown, and so does the buffer; where it cannot it is taken from JavaScript, as those are
// that never can.
static void grown(void *env)
{
    Shown *shown = env;
    JsStore *s = shown->store;
    Addon *a = s->addon;
    napi_value buffer = NULL;
    napi_handle_scope scope;
    weft_diag why;
    if (!shown->buffer || napi_open_handle_scope(a->env, &scope) != napi_ok) return;
    napi_get_reference_value(a->env, shown->buffer, &buffer);
    if (!buffer || !put_in_guest(shown, &why) || !resize(a, buffer, shown->mapped))
        shown_detach(shown);
    napi_close_handle_scope(a->env, scope);
}

static bool begin(Shown *shown, uint64_t most, weft_diag *why)
{
    if (most && !shown->bytes) shown->bytes = weft_buffer_new(most, why);
    return !most || (shown->bytes && put_in_guest(shown, why));
}

napi_value prim_memoryResizable(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    uint32_t place = arg_u32(call, 1);
    uint64_t most = arg_u64(call, 3);
    const weft_extern *item = item_at(s, place, WEFT_MEMORY);
    Shown *shown = item ? shown_of(s, place) : NULL;
    void *at = NULL;
    size_t size = 0;
    if (!shown) return item ? addon_short(a) : NULL;
    if (!a->resize) napi_create_reference(a->env, call->args[4], 1, &a->resize);
    napi_get_arraybuffer_info(a->env, call->args[2], &at, &size);
    if (size != weft_memory_size(s->store, item->of.memory) ||
        (most && (!at || (uintptr_t)at % weft_map_page())))
        return addon_refuse(a, "not_aligned", "JavaScript's buffers are not in pages of their own");
    if (!begin(shown, most, &a->why)) return addon_fail(a);
    if (most && !put_in_javascript(shown, at, size, most))
        return addon_refuse(a, "system_error", "the bytes of the memory cannot be mapped twice");
    shown_detach(shown);
    if (napi_create_reference(a->env, call->args[2], 0, &shown->buffer) != napi_ok)
        return addon_short(a);
    weft_memory_on_growth(s->store, item->of.memory, grown, shown);
    return make_bool(a, true);
}
