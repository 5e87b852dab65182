// transcode.h -- strings between the encodings that components have: UTF-8, UTF-16 (little endian),
// and Latin-1, which is what latin1+utf16 is where it is not UTF-16.
//
//     source   |--- read ---|------ unread ------|
//     target   |--- written ---|---- room ----|        all of it in bytes
//
// A call goes as far as it can and says why it ended; whoever has more, or more room, calls again
// with what is left, so that long strings are done in pieces. Only whole scalar values are read and
// written. Of what earlier calls saw nothing is believed: the source may be a memory that others
// write meanwhile, and the target the same memory; then what is written may be rubbish, but never
// behind the room that there is. spec: CanonicalABI/loading, storing of strings; Unicode, table 3-7
#pragma once

#include "base/types.h"

typedef enum { CODE_utf8, CODE_utf16, CODE_latin1, CODE_SOURCES,
               CODE_ascii = CODE_SOURCES, // what all have in common: a target only
               CODE_COUNT } Code;

typedef enum {
    TRANSCODE_done, // all was read
    TRANSCODE_full, // what comes next needs more room
    TRANSCODE_cut,  // the source ends within a scalar value: malformed if nothing comes behind it
    TRANSCODE_bad,  // malformed at `read`
    TRANSCODE_wide, // what comes next is no character of Latin-1, or of ASCII
} TranscodeEnd;

typedef struct { size_t read, written; TranscodeEnd end; } Transcoded;

Transcoded transcode(Code from, const u8 *source, size_t len, Code to, u8 *target, size_t room);

// Makes UTF-16 of so many characters of Latin-1 where they stand; there is room for twice as many.
void transcode_widen(u8 *data, size_t count);

// Bytes of a unit.
static inline u32 code_unit(Code code) { return code == CODE_utf16 ? 2 : 1; }
