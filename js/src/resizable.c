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

// The engine's own function on a buffer. NULL: it threw.
static napi_value apply(Addon *a, BufferPart part, napi_value buffer, size_t count,
                        const napi_value *args)
{
    napi_value function = NULL, out = NULL, thrown;
    bool is = false;
    if (a->buffer[part]) napi_get_reference_value(a->env, a->buffer[part], &function);
    if (function) napi_call_function(a->env, buffer, function, count, args, &out);
    napi_is_exception_pending(a->env, &is);
    if (is) napi_get_and_clear_last_exception(a->env, &thrown);
    return is ? NULL : out;
}

static bool resize(Addon *a, napi_value buffer, uint64_t size)
{
    napi_value length = make_u64(a, size);
    return apply(a, BUFFER_RESIZE, buffer, 1, &length) != NULL;
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
    if (most && !shown->bytes && stores_count(STORES_FOR_RESIZABLE, why)) {
        shown->bytes = weft_buffer_new(most, why);
        if (!shown->bytes) stores_uncount(STORES_FOR_RESIZABLE);
    }
    return !most || (shown->bytes && put_in_guest(shown, why));
}

// All that it may have, as bytes. UINT64_MAX: there is no end to it.
static uint64_t most_of(const JsStore *s, const weft_extern *item)
{
    weft_item_type type;
    uint64_t most;
    if (!weft_extern_type(s->store, *item, &type) ||
        __builtin_mul_overflow(type.max, type.page_size, &most))
        return UINT64_MAX;
    return most;
}

// Is it JavaScript's, with room for just so many bytes, in pages of its own? Nobody's word is taken
// for it, as they are mapped over.
static bool has_room(Addon *a, napi_value buffer, const void *at, uint64_t most)
{
    napi_value resizable = apply(a, BUFFER_RESIZABLE, buffer, 0, NULL),
               room = apply(a, BUFFER_ROOM, buffer, 0, NULL);
    bool is = false;
    double bytes = 0;
    return resizable && room && napi_get_value_bool(a->env, resizable, &is) == napi_ok && is &&
           napi_get_value_double(a->env, room, &bytes) == napi_ok && bytes == (double)most &&
           (!most || (at && (uintptr_t)at % weft_map_page() == 0));
}

void resizable_begin(Addon *a)
{
    static const char parts[] = // in the order of BufferPart; this Node may have none
        "(({ prototype }, getter) => prototype.resize ? [prototype.resize,"
        " getter(prototype, 'resizable'), getter(prototype, 'maxByteLength')] : [])"
        "(ArrayBuffer, (of, name) => Object.getOwnPropertyDescriptor(of, name).get)";
    napi_value text = NULL, array = NULL, part = NULL;
    uint32_t count = 0;
    napi_create_string_utf8(a->env, parts, sizeof parts - 1, &text);
    napi_run_script(a->env, text, &array);
    if (array) napi_get_array_length(a->env, array, &count);
    for (uint32_t i = 0; i < count && i < BUFFER_PARTS; i++)
        if (napi_get_element(a->env, array, i, &part) == napi_ok)
            napi_create_reference(a->env, part, 1, &a->buffer[i]);
}

napi_value prim_memoryResizable(Call *call)
{
    Addon *a = call->addon;
    JsStore *s = call->store;
    uint32_t place = arg_u32(call, 1);
    const weft_extern *item = item_at(s, place, WEFT_MEMORY);
    Shown *shown = item ? shown_of(s, place) : NULL;
    void *at = NULL;
    size_t size = 0;
    if (!shown) return item ? addon_short(a) : NULL;
    uint64_t most = most_of(s, item);
    if (napi_get_arraybuffer_info(a->env, call->args[2], &at, &size) != napi_ok ||
        size != weft_memory_size(s->store, item->of.memory) ||
        !has_room(a, call->args[2], at, most))
        return addon_refuse(a, "not_aligned",
                            "no buffer of the memory's sizes that is in pages of its own");
    if (!begin(shown, most, &a->why)) return addon_fail(a);
    if (most && !put_in_javascript(shown, at, size, most))
        return addon_refuse(a, "system_error", "the bytes of the memory cannot be mapped twice");
    shown_detach(shown);
    if (napi_create_reference(a->env, call->args[2], 0, &shown->buffer) != napi_ok)
        return addon_short(a);
    weft_memory_on_growth(s->store, item->of.memory, grown, shown);
    return make_bool(a, true);
}
