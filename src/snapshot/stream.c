// stream.c -- see stream.h.

#include "snapshot/stream.h"

#include "base/leb.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// ---- Out

void sink_put(Sink *sink, const void *bytes, size_t size)
{
    checksum_add(&sink->sum, bytes, size);
    if (size && !sink->write(sink->env, bytes, size, sink->diag)) longjmp(*sink->failed, 1);
}

static void put_fixed(u8 *to, u64 value, u32 bytes)
{
    for (u32 i = 0; i < bytes; i++) to[i] = (u8)(value >> 8 * i);
}

void sink_section(Sink *sink, u32 name, u64 size)
{
    u8 head[SECTION_BYTES];
    put_fixed(head, name, 4);
    put_fixed(head + 4, size, 8);
    sink_put(sink, head, sizeof head);
}

void sink_buf(Sink *sink, u32 name, Buf *buf)
{
    sink_section(sink, name, buf->len);
    sink_put(sink, buf->data, buf->len);
    buf->len = 0;
}

// ---- In

_Noreturn void input_fail(Input *in, Err err, const char *fmt, ...)
{
    char text[200];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    diag_fail(in->diag, err, (size_t)(in->next - in->start), "%s", text);
    longjmp(*in->failed, 1);
}

_Noreturn void input_bad(Input *in, const char *what)
{
    input_fail(in, ERR_malformed_snapshot, "%s", what);
}

const u8 *input_bytes(Input *in, u64 size)
{
    const u8 *at = in->next;
    if (size > (u64)(in->end - in->next)) input_bad(in, "it ends too early");
    in->next += size;
    return at;
}

u8 input_byte(Input *in) { return *input_bytes(in, 1); }

u64 input_fixed(Input *in, u32 bytes)
{
    const u8 *at = input_bytes(in, bytes);
    u64 value = 0;
    for (u32 i = 0; i < bytes; i++) value |= (u64)at[i] << 8 * i;
    return value;
}

u64 input_u64(Input *in)
{
    u64 value;
    if (leb_read(&in->next, in->end, 64, false, &value) != LEB_good) input_bad(in, "a number");
    return value;
}

u32 input_u32(Input *in)
{
    u64 value;
    if (leb_read(&in->next, in->end, 32, false, &value) != LEB_good) input_bad(in, "a number");
    return (u32)value;
}

u32 input_below(Input *in, u32 end, const char *what)
{
    u32 value = input_u32(in);
    if (value >= end) input_fail(in, ERR_malformed_snapshot, "there is no %s %u", what, value);
    return value;
}

u32 input_count(Input *in, const char *what)
{
    u32 count = input_u32(in);
    if (count > (u64)(in->end - in->next))
        input_fail(in, ERR_malformed_snapshot, "%u %s in %zu bytes", count, what,
                    (size_t)(in->end - in->next));
    return count;
}

bool input_at(const Input *in, u32 name)
{
    if (in->end - in->next < SECTION_BYTES) return false;
    for (u32 i = 0; i < 4; i++)
        if (in->next[i] != (u8)(name >> 8 * i)) return false;
    return true;
}

Input input_section(Input *in, u32 name)
{
    if (!input_at(in, name))
        input_fail(in, ERR_malformed_snapshot, "there is no section \"%.4s\" here",
                    (const char[]){(char)name, (char)(name >> 8), (char)(name >> 16),
                                   (char)(name >> 24)});
    in->next += 4;
    u64 size = input_fixed(in, 8);
    Input inner = *in;
    input_bytes(in, size);
    inner.end = in->next;
    return inner;
}

void input_ends(Input *in, const char *what)
{
    if (in->next != in->end)
        input_fail(in, ERR_malformed_snapshot, "%zu bytes too many behind the %s",
                    (size_t)(in->end - in->next), what);
}
