// source.h -- a module from whatever somebody hands in: binary or text, told apart by content.
#pragma once

#include "engine/compiled.h"
#include "engine/intake.h"
#include "engine/load.h"
#include "text/parse.h"

// How far it may be text; `begun`: with more than blanks.
typedef struct { size_t looked; bool begun; } Guess;

typedef struct {
    Arena arena;        // of the text's translation
    const u8 *data;     // what was handed in; not owned
    size_t size;
    Guess guess;        // what it is
    bool is_text;
    bool *component;    // unless NULL: it may be one, and then this becomes true
    TextModule text;    // when it is
    Module *module;     // NULL after a failure
    const Engine *limiter; // NULL: it may take any time
    u64 since, spent;   // nanoseconds: when what is being done began, and what was before

    // Only of what arrives in pieces, and then `data` is what has arrived.
    Engine *engine;
    Load *load;
    Intake intake;
} Source;

// Loads data, which must outlive the source. False: *diag says why; positions are in the bytes, or
// with line and column for text, also for what validation found in it. source_free either way.
bool source_load(Source *source, Engine *engine, const u8 *data, size_t size, Diag *diag);
void source_free(Source *source);
// The same of a module with its code (compiled.h); keeps `from`, or frees it. `judged`: all bodies
// are validated at once.
bool source_load_compiled(Source *source, Engine *engine, const CompiledFrom *from, bool judged,
                          Diag *diag);

// The same for what arrives in pieces, which the source keeps: begin, then room and took until all
// is there, then end. A binary is decoded and validated as it comes, and what can be neither that
// nor text is refused as soon as that is certain. `expected` as for intake_begin. Each false has
// *diag say why, and is the end of it; source_free either way.
bool source_begin(Source *source, Engine *engine, size_t expected, Diag *diag);
// Where the next piece is to be put, and how long it may be, which is never 0. NULL: it has become
// too large.
u8 *source_room(Source *source, size_t *room, Diag *diag);
bool source_took(Source *source, size_t size, Diag *diag);
bool source_end(Source *source, Diag *diag);
// Where source->component was set behind source_begin, a component is kept as it is; source_end is
// false then, without a reason.

// Do these bytes begin as a component does, or its text?
bool source_is_component(const u8 *data, size_t size);

// Turns text into a binary without validating it; a binary is taken as it is. *out lives in the
// source.
bool source_assemble(Source *source, Features features, const u8 *data, size_t size, Bytes *out,
                     Diag *diag);
// The same, but it may be a component, as text or binary: then *component says so.
bool source_assemble_any(Source *source, Features features, const u8 *data, size_t size,
                         Bytes *out, bool *component, Diag *diag);
// The same for an engine, within its limits.
bool source_assemble_for(Source *source, Engine *engine, const u8 *data, size_t size, Bytes *out,
                         bool *component, Diag *diag);

// Does a byte order mark stand in front of a text? It is passed over.
bool source_marked(const u8 *data, size_t size);

// When data is neither a module nor its text: what it seems to be ("an ELF executable", "empty"),
// with in *advice what to do, or "". The first bytes that do not fit decide, so unless these are
// all (`whole`), what is said of them holds whatever follows, and NULL means that it is not certain
// yet. Of the same bytes and more it may be asked again, with the same guess, which begins as {0}.
const char *source_other(Guess *guess, const u8 *data, size_t size, bool whole,
                         const char **advice);
