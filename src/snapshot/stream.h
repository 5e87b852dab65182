// stream.h -- the bytes of a snapshot, there and back. Both leave by longjmp where they cannot go
// on: *diag says why then, or memory was short.
#pragma once

#include "base/buf.h"
#include "base/sum.h"
#include "op/diag.h"

#include <setjmp.h>

#define SNAPSHOT_MAGIC "\0wfsnap\n"
enum { MAGIC_BYTES = 8, HEAD_BYTES = MAGIC_BYTES + 4 + 4 + 8, SECTION_BYTES = 4 + 8 };
enum { SNAPSHOT_fueled = 1, SNAPSHOT_deterministic = 2 };

#define SECTION(text) ((u32)(text)[0] | (u32)(text)[1] << 8 | (u32)(text)[2] << 16 |               \
                       (u32)(text)[3] << 24)

typedef struct {
    bool (*write)(void *env, const void *bytes, size_t size, Diag *diag);
    void *env;
    Checksum sum;
    Diag *diag;
    jmp_buf *failed;
} Sink;

void sink_put(Sink *sink, const void *bytes, size_t size);
void sink_section(Sink *sink, u32 name, u64 size); // whose bytes come next
void sink_buf(Sink *sink, u32 name, Buf *buf);     // the whole section; empties the buffer

// What is left to be read.
typedef struct {
    const u8 *start, *next, *end; // start: of all, for places in messages
    Diag *diag;
    jmp_buf *failed;
} Input;

_Noreturn void input_fail(Input *in, Err err, const char *fmt, ...) PRINTF_LIKE(3, 4);
_Noreturn void input_bad(Input *in, const char *what); // malformed: what is wrong
u8 input_byte(Input *in);
u64 input_u64(Input *in);      // LEB128
u32 input_u32(Input *in);      // likewise, of 32 bits
u32 input_below(Input *in, u32 end, const char *what);
// Of things that take a byte at least.
u32 input_count(Input *in, const char *what);
u64 input_fixed(Input *in, u32 bytes); // little endian
const u8 *input_bytes(Input *in, u64 size);
// The next section, which is to be the one of this name; its own reader.
Input input_section(Input *in, u32 name);
// Is it of this name?
bool input_at(const Input *in, u32 name);
void input_ends(Input *in, const char *what); // or there is more than there should be
