// reader.h -- a cursor over bytes nobody vouches for. See reader.c.
#pragma once

#include "module/module.h"

typedef struct {
    const u8 *start;     // of the module: offsets count from here
    const u8 *pos, *end; // what is unread
    Err at_end;          // what running out of bytes is called here
    Diag *diag;
} Reader;

// Over what is in a section; *diag begins without an error.
Reader section_reader(const Module *m, const Section *s, Diag *diag);
bool reader_failed(const Reader *r);
u32 reader_offset(const Reader *r); // of pos
// Records the first failure and moves pos to end. Returns false.
bool reader_fail(Reader *r, Err err, const u8 *at, const char *fmt, ...) PRINTF_LIKE(4, 5);

u8 read_u8(Reader *r);
u8 peek_u8(const Reader *r); // 0 at the end
const u8 *read_bytes(Reader *r, size_t len); // NULL when there are fewer
u32 read_leb_u32(Reader *r);
u64 read_leb_u64(Reader *r);
s32 read_leb_s32(Reader *r);
s64 read_leb_s33(Reader *r);
s64 read_leb_s64(Reader *r);
// A count of items that take at least item_size bytes each; more than can be left is an error.
u32 read_count(Reader *r, u32 item_size);
Bytes read_name(Reader *r); // UTF-8; at most 100,000 bytes
