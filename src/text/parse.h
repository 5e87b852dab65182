// parse.h -- text to a module's bytes.
//
// The parser is an assembler: it writes the canonical binary format, which is then decoded and
// validated like any other, so there is one way to a Module. What it alone knows, where in the text
// each instruction and field came from, is the source map: an error at an offset of the binary
// becomes one at a line and column.
// spec: text/modules, text/instructions
#pragma once

#include "base/arena.h"
#include "base/pace.h"
#include "op/diag.h"
#include "op/op.h"

typedef struct {
    u32 binary, text; // offsets
} SourcePos;

// An annotation that was passed over.
typedef struct {
    Bytes name;
    u32 at; // the first of that name, in the text
} TextSkipped;

typedef struct {
    Bytes bytes;          // names and annotations are in custom sections
    const SourcePos *map; // sorted by binary
    u32 map_count;
    const TextSkipped *skipped; // each name once, in the order of the text
    u32 skipped_count;
    Bytes layout;         // of @weft.layout, or empty
} TextModule;

// Parses one module, src[start, end): "(module ...)", its fields alone, or "(module binary ...)".
// The result lives in `arena`, which needs no on_failure: that is armed here, and as it was on
// return. Offsets in *diag and the map are from src. Linear in the size of the text; no recursion
// on it; `pace` may be NULL. Errors, with line and column: malformed, invalid (a branch hint on
// what is no conditional branch), limit, resource.
bool text_parse(Arena *arena, const char *src, size_t start, size_t end, Features features,
                const Pace *pace, TextModule *out, Diag *diag);

// Where the field or instruction is from that holds the byte at this offset. False: from nowhere.
bool text_locate(const TextModule *m, size_t binary_offset, size_t *text_offset);

// Turns an error at an offset into m->bytes into one at a place in src[0, len).
void text_diag_map(Diag *diag, const TextModule *m, const char *src, size_t len);
