// string.c -- strings of components: what a guest says of one is checked, and room for one is asked
// for in the steps of the specification, which a guest's realloc can see. Between two steps nothing
// is believed but that the room is there: sources are found again.
// spec: CanonicalABI/load_string, store_string

#include "base/transcode.h"
#include "component/abi/abi.h"

static Code code_of(StringSource from)
{
    static const u8 code[] = {CODE_utf8, CODE_utf16, CODE_latin1, CODE_utf16};
    return (Code)code[from];
}

bool abi_string_of(Abi *abi, u64 ptr, u64 units, AbiBytes *string)
{
    StringSource from = SOURCE_utf8;
    if (abi->encoding == COPTION_utf16) from = SOURCE_utf16;
    if (abi->encoding == COPTION_latin1_utf16) {
        from = units & abi_utf16_tag(abi) ? SOURCE_tagged_utf16 : SOURCE_latin1;
        units &= ~abi_utf16_tag(abi);
    }
    if (units > ABI_MOST_BYTES / code_unit(code_of(from)))
        return abi_fail(abi, FAULT_string_too_long);
    if (ptr & 1 && from != SOURCE_utf8) return abi_fail(abi, FAULT_unaligned_pointer);
    u64 len = units * code_unit(code_of(from));
    if (!abi_within(abi, ptr, len)) return abi_fail(abi, FAULT_string_out_of_bounds);
    *string = (AbiBytes){abi->memory, NULL, ptr, len, from};
    return true;
}

static bool refused(Abi *abi, const AbiBytes *s)
{
    return abi_fail(abi, code_of(s->from) == CODE_utf16 ? FAULT_invalid_utf16 : FAULT_invalid_utf8);
}

// ---- A string on its way, and how far it is

typedef struct {
    Abi *abi;
    const AbiBytes *string;
    u64 units;         // of the source
    u8 *host;          // where it goes, or NULL: to memory, at ptr
    u64 ptr, room;     // what realloc gave
    u64 read, written; // in bytes
} Store;

static bool resize(Store *s, u32 align, u64 size)
{
    u64 old = s->ptr, old_size = s->room;
    s->room = size;
    return abi_reallocate(s->abi, old, old_size, align, size, &s->ptr);
}

static u8 *target(const Store *s) { return s->host ? s->host : s->abi->memory->base + s->ptr; }

// Goes on with the next piece, unless the last one said that it is the end.
static bool next_piece(Code from, const u8 *source, u64 len, Code to, u8 *target, u64 room,
                       AbiTranscoded *t)
{
    u64 left = len - t->read, piece = MIN(left, (u64)PACE_BYTES);
    Transcoded now = transcode(from, source + t->read, (size_t)piece, to, target + t->written,
                               (size_t)(room - t->written));
    bool cut = now.end == TRANSCODE_cut, last = piece == left;
    t->read += now.read;
    t->written += now.written;
    t->whole = now.end == TRANSCODE_done || (cut && !last);
    if (now.end == TRANSCODE_bad || (cut && last))
        t->fault = from == CODE_utf16 ? FAULT_invalid_utf16 : FAULT_invalid_utf8;
    return t->whole && !last;
}

// What a piece cuts is read with the next.
AbiTranscoded abi_transcode(const Pace *pace, u32 from, const u8 *source, u64 len, u32 to,
                            u8 *target, u64 room)
{
    AbiTranscoded t = {0};
    while (next_piece((Code)from, source, len, (Code)to, target, room, &t)) {
        if (!pace_ended(pace)) continue;
        t.fault = FAULT_interrupted;
        break;
    }
    return t;
}

static bool go_on(Store *s, Code to, bool *whole)
{
    const u8 *source = abi_bytes(s->string);
    if (!source) return abi_fail(s->abi, FAULT_string_out_of_bounds);
    AbiTranscoded t = abi_transcode(s->abi->pace, code_of(s->string->from), source + s->read,
                                    s->string->len - s->read, to, target(s) + s->written,
                                    s->room - s->written);
    s->read += t.read;
    s->written += t.written;
    *whole = t.whole;
    if (t.fault) return abi_fail(s->abi, t.fault);
    return abi_worked(s->abi, abi_last_piece(t.read)); // others were asked for
}

// To the end, for which there is room.
static bool finish(Store *s, Code to)
{
    bool whole;
    return go_on(s, to, &whole) && (whole || refused(s->abi, s->string));
}

static bool shrink(Store *s, u32 align)
{
    return s->written == s->room || resize(s, align, s->written);
}

// Most strings are ASCII, or UTF-8 already; others get more room when it turns out.
bool abi_load_string(Abi *abi, const AbiBytes *string, CValue *value)
{
    bool whole;
    size_t room = (size_t)string->len;
    size_t most = string->from == SOURCE_latin1 ? room * 2 : room / 2 * 3;
    Store s = {.abi = abi, .string = string, .room = room};
    s.host = arena_alloc_rough(abi->arena, room);
    if (!go_on(&s, CODE_utf8, &whole)) return false;
    if (!whole) {
        s.host = arena_grow(abi->arena, s.host, room, most, 1);
        s.room = most;
        if (!finish(&s, CODE_utf8)) return false;
    }
    value->kind = WEFT_CVALUE_STRING;
    value->of.string.data = (const char *)s.host;
    value->of.string.len = (size_t)s.written;
    return true;
}

// ---- Storing

static bool store_copy(Store *s, Code to, u32 align)
{
    return resize(s, align, s->units * code_unit(to)) && finish(s, to);
}

static bool store_to_utf8(Store *s, u64 worst)
{
    bool whole;
    if (!resize(s, 1, s->units) || !go_on(s, CODE_ascii, &whole)) return false;
    if (whole) return true;
    return resize(s, 1, worst) && finish(s, CODE_utf8) && shrink(s, 1);
}

static bool store_to_latin1_or_utf16(Store *s, bool *tagged)
{
    bool whole;
    if (!resize(s, 2, s->units) || !go_on(s, CODE_latin1, &whole)) return false;
    if (whole) return shrink(s, 2);
    *tagged = true;
    if (!resize(s, 2, 2 * s->units)) return false;
    transcode_widen(target(s), (size_t)s->written);
    s->written *= 2;
    return finish(s, CODE_utf16) && shrink(s, 2);
}

void abi_widen(u8 *latin1, u64 count) { transcode_widen(latin1, (size_t)count); }

u64 abi_narrow(u8 *utf16, u64 len)
{
    u8 wide = 0;
    for (u64 i = 1; i < len; i += 2) wide |= utf16[i];
    if (wide) return UINT64_MAX;
    // What was wide a moment ago is cut off, in a memory that others write.
    return transcode(CODE_utf16, utf16, (size_t)len, CODE_latin1, utf16, (size_t)(len / 2)).written;
}

static bool store_probably_utf16(Store *s, bool *tagged)
{
    if (!store_copy(s, CODE_utf16, 2)) return false;
    u64 narrow = abi_narrow(target(s), s->written);
    *tagged = narrow == UINT64_MAX;
    if (*tagged) return true;
    s->written = narrow;
    return resize(s, 1, s->written);
}

bool abi_store_string(Abi *abi, const AbiBytes *string, AbiRange *range)
{
    StringSource from = string->from;
    Store s = {.abi = abi, .string = string, .units = string->len / code_unit(code_of(from))};
    bool stored, tagged = false;
    if (string->len > ABI_MOST_BYTES) return abi_fail(abi, FAULT_string_too_long);
    if (abi->encoding == COPTION_utf8)
        stored = from == SOURCE_utf8 ? store_copy(&s, CODE_utf8, 1)
                                     : store_to_utf8(&s, s.units * (from == SOURCE_latin1 ? 2 : 3));
    else if (abi->encoding == COPTION_utf16)
        stored = store_copy(&s, CODE_utf16, 2) && shrink(&s, 2);
    else if (from == SOURCE_latin1) stored = store_copy(&s, CODE_latin1, 2);
    else if (from == SOURCE_tagged_utf16) stored = store_probably_utf16(&s, &tagged);
    else stored = store_to_latin1_or_utf16(&s, &tagged);
    u32 unit = abi->encoding == COPTION_utf16 || tagged ? 2 : 1;
    *range = (AbiRange){s.ptr, s.written / unit | (tagged ? abi_utf16_tag(abi) : 0)};
    return stored;
}
