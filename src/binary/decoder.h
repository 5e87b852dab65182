// decoder.h -- what the parts of the decoder share: where it is, and the module that grows.
//
// Types, expressions, sections and names are read by one file each. Everything that may stay
// is allocated in the module's arena, what only one section needs in `scratch`; both leave
// through module_decode when memory is short, so nothing here looks for NULL.
#pragma once

#include "binary/decode.h"
#include "binary/reader.h"
#include "module/module.h"

// Implementation limits. spec: the JavaScript API, appendix on limits
enum {
    LIMIT_module_size = MODULE_SIZE_MOST,
    LIMIT_types = 1000000, LIMIT_rec_groups = 1000000, LIMIT_rec_group_size = 1000000,
    LIMIT_depth = 63, LIMIT_params = 1000, LIMIT_results = 1000, LIMIT_fields = 10000,
    LIMIT_imports = 1000000, LIMIT_exports = 1000000, LIMIT_funcs = MODULE_FUNCS_MOST,
    LIMIT_globals = 1000000,
    LIMIT_tags = 1000000, LIMIT_tables = 100000, LIMIT_memories = 100, LIMIT_datas = 100000,
    LIMIT_elems = 10000000, LIMIT_elem_entries = 10000000, LIMIT_body_size = 7654321,
};

typedef struct Decoder {
    Reader r;      // bounded by the section while one is read
    Module *m;
    enum { NEXT_header, NEXT_section, NEXT_body_count, NEXT_body, NEXT_nothing } next;
    bool whole;    // no more bytes will come
    bool part;     // names are wanted, though it may not be all of a module
    u32 good;      // nothing in front of this offset is wrong
    const Range *bodies; // of functions that are not imported; NULL: they are read
    u32 known;           // how many those are
    u8 last;       // id of the last section that was not custom
    Section code;  // while it is read, since that goes body by body
    Arena scratch; // for one recursion group
    u32 type_cap, empty_rec_cap, import_cap, section_cap;
    u32 func_cap, table_cap, memory_cap, global_cap, tag_cap; // of the module's arrays
    // The recursion group that is being read, by type index: its members are TYPE_ID_REC | place.
    u32 group_start, group_count;
    TypeDraft draft;   // its members, while `drafting`
    bool drafting;
    bool no_types;     // the engine may have no more
    u32 data_count;    // segments that are there
    Diag invalid;      // the first breach of a typing rule; reported if no definition is malformed
    // the type [] -> [], in the place of one that is unknown; TYPE_NONE until needed
    TypeId stand_in;
    u8 *declared;      // becomes Module.declared; NULL until a function is named
    // Who is told where a type names another one by its index, when its reader stands behind that.
    void (*on_type_index)(struct Decoder *d, const u8 *at);
} Decoder;

// Records an error at a byte. Returns false.
#define decode_fail(d, err, at, ...) reader_fail(&(d)->r, (err), (at), __VA_ARGS__)
// Records a breach of a typing rule. Decoding goes on: a later part may be malformed, which is
// worse.
bool decode_invalid(Decoder *d, Err err, const u8 *at, const char *fmt, ...) PRINTF_LIKE(4, 5);
static inline bool decode_failed(const Decoder *d) { return reader_failed(&d->r); }
static inline bool feature_on(const Decoder *d, Feature f) { return d->m->features >> f & 1; }
// Fails with the switch's name unless it is on, or noted as missing.
bool decode_needs(Decoder *d, Feature f, const u8 *at);
// A count within an implementation limit, of which `have` are taken. 0: it failed.
u32 decode_count(Decoder *d, u32 item_size, u32 have, u32 limit, Err err);

// types.c
void decode_bad_code(Decoder *d, Err err, u8 code, const u8 *at); // a byte that is no type
TypeId decode_type_index(Decoder *d);
TypeId decode_func_type(Decoder *d);   // the index of a function type
u32 decode_heap_type(Decoder *d);      // a reference's bits below TYPE_NULL
Type decode_ref_type(Decoder *d);
Type decode_val_type(Decoder *d);
Type decode_val_type_or(Decoder *d, Err unknown); // what to call a code that is none
Limits decode_limits(Decoder *d, bool is_memory);
TableType decode_table_type(Decoder *d);
GlobalType decode_global_type(Decoder *d);
TypeId decode_tag_type(Decoder *d);

// rec.c: the type section
void decode_type_section(Decoder *d);
void decode_rec_type(Decoder *d);      // one group, behind the types that the module has
void decode_drop_group(Decoder *d);    // one that was being read when memory ran short

// expr.c
Range decode_expr(Decoder *d);         // up to and with its `end`; notes the functions it names
void decode_declare(Decoder *d, u32 func);

// imports.c: the import section
void decode_import_section(Decoder *d);
ExternType decode_extern_type(Decoder *d);

// sections.c
void decode_section(Decoder *d, u8 id); // any but a custom one and the code section
void decode_body_count(Decoder *d);
void decode_body(Decoder *d);          // one that is there, in whole
void decode_known_bodies(Decoder *d);  // all, where they are known
void decode_needs_tags(Decoder *d, const u8 *at); // one of the features that use tags

// names.c
void decode_names(Module *m, Range content);
