// assembler.h -- what the files of the component assembler share. Private to text/component.
//
// Two buffers, both used as stacks. `out` has what is written already:
//
//     header | section | section: item item declaration declaration ...
//     ^ scope            ^ section     ^ scope of a type
//
// What is open stands at its end, so that sizes and counts are put in front of it once it closes.
// `temp` has what is being put together, an item in the middle of another: what an item needs
// (types without a name, aliases) is written to `out` while the item still waits in `temp`.
//
// Components and types of components, instances and modules are scopes, with index spaces of their
// own. They stand on a stack too, and say what they are in the middle of: nothing here calls itself
// for what nests in the text.
#pragma once

#include "op/component.h"
#include "text/component/parse.h"
#include "text/parser.h"

// Index spaces: a CoreSort, or behind those a CSort.
enum { SPACES = CORE_SORT_COUNT + CSORT_COUNT, SPACE_none = SPACES };
#define CORE(sort) CORE_SORT_##sort
#define OUTER(sort) (CORE_SORT_COUNT + CSORT_##sort)

// data NULL: there is none. `name` is what becomes of it.
typedef struct { Bytes id, name; u32 at; } Ident;

// (export "name") in the head of a definition.
typedef struct InlineExport {
    struct InlineExport *next;
    Bytes name; // encoded, with attributes
    u32 at;
} InlineExport;

// An import or export whose type is being read. What comes before the type waits in `temp`.
typedef struct {
    u8 section;            // import or export
    u8 space;
    u32 closes;            // parentheses that end it
    u32 at;
    size_t start;          // in temp
    Ident ident;
    InlineExport *exports;
} Extern;

typedef enum {
    SCOPE_component, SCOPE_component_type, SCOPE_instance_type, SCOPE_module_type,
} ScopeKind;
typedef enum { THEN_nothing, THEN_type, THEN_extern } Then;

typedef struct { TypeEntry *items; u32 count, cap; Map sigs; } CoreTypes;

typedef struct Scope {
    struct Scope *outer;
    ScopeKind kind;
    u32 level;
    u32 at;                // in the text
    size_t start;          // in out
    u32 mark;              // in out.map
    u8 section;            // that is open; 0: none
    size_t section_start;
    u32 section_mark;      // its first in out.map
    u32 items;             // of the section, or declarations
    bool names_given;      // by an annotation, whose bytes they are
    Map ids[SPACES];
    Map aliased[SPACES];   // names of what is outside, of which there is an alias here
    u32 counts[SPACES];
    NameList names[SPACES];
    CoreTypes core;
    Ident ident;
    InlineExport *exports;
    Then then;             // what its type is for
    Extern external;
} Scope;

// The parts of a type that is being read: see valtype.c.
typedef struct {
    u8 form;               // CForm
    bool bare, last;
    u32 count, at;
    size_t start;          // in temp
} TypeFrame;

typedef struct {
    Parser p;
    Arena module;          // what a module inside came to, until it is written
    Scope *scope, *spare;
    Part out;
    Buf temp;
    TypeFrame *frames;
    u32 frame_count, frame_cap;
    u32 inserted;          // core types that are aliases, made while one is read
} Assembler;

// ---- emit.c

const char *space_text(u32 space);                          // "core func", "type"
void temp_insert_leb(Assembler *a, size_t at, u64 value);
// Begins an item of the scope, which is then written to out.
void item_begin(Assembler *a, u8 section, u32 at);
// The item that is temp[start ..), which leaves temp. Its index in the space; none of SPACE_none.
u32 item_emit(Assembler *a, u8 section, u32 space, u32 at, size_t start);
void section_end(Assembler *a);
void write_whole_section(Assembler *a, u8 id, u32 at, Bytes content); // of a component
Scope *text_scope_open(Assembler *a, ScopeKind kind, u32 at);
void scope_begin_component(Assembler *a, u32 at);           // its header
void text_scope_close(Assembler *a);                             // and whatever that ends
void write_sort(Buf *out, u32 space);

// ---- index.c

Ident read_ident(Assembler *a);                             // $id? @name?
void bind_ident(Assembler *a, u32 space, u32 index, const Ident *ident);
bool is_index(const Assembler *a);
bool find_core_type(void *a, Bytes name, u32 *index);       // for Parser.outer_type
u32 read_space_index(Assembler *a, u32 space);              // $id or a number
u32 read_sort(Assembler *a);                                // core? and a word
u32 read_core_sort(Assembler *a);                           // the word alone
u32 read_target(Assembler *a, u32 space);                   // index "name"*, which become aliases
// An index, or (sort index "name"*), with `core` or without.
u32 read_reference(Assembler *a, u32 space);
// (sort index "name"*)
u32 read_sorted_reference(Assembler *a, u32 *space);
// (sort index ...) or (type index ...) and no definition.
bool at_reference(const Assembler *a, const char *word);
void read_outer_alias(Assembler *a, u32 at);                // behind "alias outer"
void read_alias(Assembler *a, u32 at);                      // behind "alias"
// (alias ...) in the head of a definition of that space: reads all of the definition's rest.
bool read_inverted_alias(Assembler *a, u32 space, const Ident *ident, InlineExport *exports);

// ---- item.c

Bytes read_extern_name(Assembler *a);                       // encoded, with attributes
InlineExport *read_inline_exports(Assembler *a);
void write_inline_exports(Assembler *a, u32 space, u32 index, const InlineExport *exports);
bool read_inline_import(Assembler *a, Extern *x);           // (import "name"), of what x says
void read_extern_type(Assembler *a, Extern *x);             // behind (sort $id?
void extern_finish(Assembler *a, const Extern *x);          // its type is in temp
void read_type(Assembler *a, u32 at);
void read_import(Assembler *a, u32 at);
void read_export(Assembler *a, u32 at);
void read_instance(Assembler *a, u32 at);
void read_start(Assembler *a, u32 at);

// ---- valtype.c

bool at_value_type(const Assembler *a);
void read_value_type_to_temp(Assembler *a);
void read_definition_type(Assembler *a);                    // to temp
u32 read_func_use(Assembler *a);                            // (type x), or what stands there

// ---- core.c

void read_core(Assembler *a, u32 at);                       // behind "(core"
u32 read_module_type_use(Assembler *a);
void read_module_decl(Assembler *a);

// ---- canon.c

void read_canon(Assembler *a, u32 at);                      // behind "canon"
void read_func(Assembler *a, u32 at);
void read_core_func(Assembler *a, u32 at);
