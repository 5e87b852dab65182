// source.h -- a module from whatever somebody hands in: binary or text, told apart by content.
#pragma once

#include "engine/load.h"
#include "text/parse.h"

typedef struct {
    Arena arena;        // of the text's translation
    const u8 *data;     // what was handed in; not owned
    size_t size;
    bool is_text;
    TextModule text;    // when it is
    Module *module;     // NULL after a failure

    // Only while it arrives in pieces, and then `data` is the buffer.
    Engine *engine;
    Load *load;
    u8 *buffer;         // a reservation, of which `committed` bytes may be written
    size_t reserved, committed;
} Source;

// Loads data, which must outlive the source. False: *diag says why; positions are in the bytes, or
// with line and column for text, also for what validation found in it. source_free either way.
bool source_load(Source *source, Engine *engine, const u8 *data, size_t size, Diag *diag);
void source_free(Source *source);

// The same for what arrives in pieces: begin, then room and took until all is there, then end. A
// binary is decoded and validated as it comes. Each false has *diag say why, and is the end of it;
// source_free either way.
bool source_begin(Source *source, Engine *engine, Diag *diag);
// Where the next piece is to be put, and how long it may be, which is never 0. NULL: it has become
// too large.
u8 *source_room(Source *source, size_t *room, Diag *diag);
bool source_took(Source *source, size_t size, Diag *diag);
bool source_end(Source *source, Diag *diag);

// Turns text into a binary without validating it; a binary is taken as it is. *out lives in the
// source.
bool source_assemble(Source *source, Features features, const u8 *data, size_t size, Bytes *out,
                     Diag *diag);

// When data is neither a module nor its text: what it seems to be ("an ELF executable", "empty"),
// with in *advice what to do, or "". NULL: it looks like WebAssembly.
const char *source_other(const u8 *data, size_t size, const char **advice);
