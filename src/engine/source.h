// source.h -- a module from whatever somebody hands in: binary or text, told apart by content.
#pragma once

#include "engine/engine.h"
#include "text/parse.h"

typedef struct {
    Arena arena;        // of the text's translation
    const u8 *data;     // what was handed in; not owned
    size_t size;
    bool is_text;
    TextModule text;    // when it is
    Module *module;     // NULL after a failure
} Source;

// Loads data, which must outlive the source. False: *diag says why; positions are in the bytes, or with
// line and column for text, also for what validation found in it. source_free either way.
bool source_load(Source *source, Engine *engine, const u8 *data, size_t size, Diag *diag);
void source_free(Source *source);

// Turns text into a binary without validating it; a binary is taken as it is. *out lives in the source.
bool source_assemble(Source *source, Features features, const u8 *data, size_t size, Bytes *out, Diag *diag);

// When data is neither a module nor its text: what it seems to be ("an ELF executable", "empty"), with in *advice what to
// do, or "". NULL: it looks like WebAssembly.
const char *source_other(const u8 *data, size_t size, const char **advice);
