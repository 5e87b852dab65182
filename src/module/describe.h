// describe.h -- a module's types and names in the words of the text format: (func (param i32)
// (result i64)).
//
// Written for people and programs that look at a module, so nothing here can drive a terminal, and
// no text grows beyond what its module is worth: one that would pass the limit is replaced by (func
// (type 3)), or cut.
// spec: text/types, text/values
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "module/module.h"

typedef struct {
    const Module *m;
    Buf out;      // the last text
    size_t limit; // most that a text may be long before it is replaced or cut
    Map index;    // of a TypeId, as its bytes, in m->types: the first place
} Describer;

// Everything it makes lives in the arena, whose failure the caller catches.
void describer_init(Describer *d, const Module *m, Arena *arena, size_t limit);

// The first index of a type; TYPE_NONE: the module does not name it.
u32 describe_index(const Describer *d, TypeId id);

// Each replaces d->out, and returns it; it is good until the next call.
// the type's definition, cut at the limit
Bytes describe_type(Describer *d, u32 index);
// only what it is of: (struct (field i32)), not below what, likewise cut
Bytes describe_comp(Describer *d, u32 index);
Bytes describe_field(Describer *d, FieldType field); // (mut i8)
Bytes describe_extern(Describer *d, const ExternType *type); // (global (mut i32))
// What an index refers to. Indices out of range, of modules that are not valid, give "".
Bytes describe_item(Describer *d, ExternKind kind, u32 index);

// Bytes of a name between double quotes, with what a terminal would obey (controls, marks of
// direction) and what is no UTF-8 as escapes: \u{1b}, \ff of the text format, or \u001b of JSON,
// where wrong bytes become U+FFFD. QUOTE_plain is JSON for files that no terminal sees: only what
// JSON wants has escapes, and all of them four digits, since wabt's reader knows no others.
typedef enum { QUOTE_text, QUOTE_json, QUOTE_plain } Quote;
void buf_quoted(Buf *out, Bytes name, Quote quote);
// A name for a message, in quotes and with escapes as those of QUOTE_text; "..." stands for what is
// too long. Returns `out`.
enum { QUOTED_MOST = 100 };
const char *quoted(char out[QUOTED_MOST], Bytes name);
// Would a terminal obey this character: controls of both sets, DEL, what separates lines or turns
// their direction?
bool terminal_obeys(u32 c);
