// inspect.h -- what the files of this folder share: the module that is looked at, and how text and
// JSON show it. Each file shows its part in both.
#pragma once

#include "binary/linking.h"
#include "binary/reader.h"
#include "cli/json.h"
#include "cli/places.h"

#include "engine/source.h"
#include "module/describe.h"
#include "text/print/print.h"

enum {
    TEXT_LIMIT = 120,       // characters of a type on a line
    JSON_LIMIT = 1000,      // of an import's or export's; types themselves are whole
    LARGEST = 10,           // functions listed by size
};

typedef struct { Bytes section; Diag diag; } Malformed;

typedef struct {
    const char *file;
    const Source *source;
    const Module *m;        // as far as it can be read, which is m->size
    Bytes bytes;            // of all of it, also when it was text
    const Diag *diag;       // why it is not valid, or NULL
    Features needs;         // of what is valid
    u32 largest[LARGEST], largest_count; // defined functions
    u64 code_size;          // of all bodies
    Bytes readable[LARGEST], readable_start; // names of the largest, and of the start function
    bool unwritten;         // another file, and it was said why
    AllNames names;         // or symbols
    Linking linking;
    Malformed *malformed;   // what is, of custom sections; in the order in which it was read
    u32 malformed_count, malformed_cap, malformed_more;
    ExprPrinter *exprs;
    Arena *arena;
    Describer describer;
    Buf text;
} Inspect;

// view.c
void show(Bytes text);
// A name in quotes, cut between two characters.
void show_most(Inspect *s, Bytes name, size_t most);
void show_name(Inspect *s, Bytes name);
void show_all(Inspect *s);
void json_all(Inspect *s);
// Begins a document: the file, and whether it is valid.
void json_begin(Json *j, Inspect *s);
void json_name(Json *j, Bytes name); // null where there is none

// sections.c
void show_sections(Inspect *s);
void json_sections(Json *j, Inspect *s);

const char *section_id_text(u8 id); // of one that is known

// items.c
void show_types(Inspect *s);
void show_imports(Inspect *s);
void show_exports(Inspect *s);
void show_defined(Inspect *s);
void json_types(Json *j, Inspect *s);
void json_imports(Json *j, Inspect *s);
void json_exports(Json *j, Inspect *s);
void json_defined(Json *j, Inspect *s);

// exprs.c
// " = (i32.const 1)", with what is put before it; nothing where nobody can read it.
void show_expr(Inspect *s, const char *before, Range expr);
// The same, and the number as KEY_value, if it is one.
void json_expr(Json *j, Inspect *s, const char *key, Range expr);

// segments.c
void show_segments(Inspect *s);
void json_segments(Json *j, Inspect *s);

// code.c
void find_largest(Inspect *s);
// The names of functions that are shown, as the source has them.
WhereTrouble find_readable(Inspect *s, bool raw);
void show_code(Inspect *s);
void json_code(Json *j, Inspect *s);

// functions.c
Bytes func_name(const Inspect *s, u32 func); // or an export's; empty: it has none
const Bytes *all_func_names(Inspect *s); // by index, in linear time
void show_functions(Inspect *s);
void json_functions(Json *j, Inspect *s, const char *key);
// Of functions that have bodies, their instructions. False: *diag says why, or has no error if
// memory is short or nothing more could be written.
bool show_bodies(Inspect *s, const u32 *funcs, u32 count, Diag *diag);
bool json_bodies(Json *j, Inspect *s, const u32 *funcs, u32 count, Diag *diag);

// symbols.c
void show_linking(Inspect *s);
void json_linking(Json *j, Inspect *s);
void json_reloc(Json *j, const Linking *l, const Reloc *reloc);

// custom.c
// Shows what is read, for people if j is NULL.
typedef void CustomView(Inspect *s, Json *j, Reader *r);
// A section, of which all is to be read.
void view_custom(Inspect *s, Json *j, const Section *section, CustomView *view);
void show_customs(Inspect *s);
void json_customs(Json *j, Inspect *s);
// Behind blanks, or as an array for programs.
void view_symbol_flags(Json *j, u32 flags);
// Is something wrong with it? To be said at the end.
void note_malformed(Inspect *s, const Section *section, const Diag *diag);
void show_malformed(Inspect *s);
void json_malformed(Json *j, Inspect *s);

// about.c
void show_about(Inspect *s);
void json_about(Json *j, Inspect *s);
