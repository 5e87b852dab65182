// module.h -- a decoded module: nouns only. It never changes after decoding and validation and may
// then be used by any number of threads. Everything in it lives in its arena or in its bytes.
// spec: syntax/modules
#pragma once

#include "base/arena.h"
#include "module/constant.h"
#include "module/type.h"
#include "op/limit.h"
#include "op/op.h"

typedef struct {
    u32 start, end; // offsets into Module.bytes; start == end: absent
} Range;

typedef struct {
    u64 min, max; // pages or entries; max is only meaningful with has_max
    bool has_max, shared, is64;
    u8 page_log2; // memories: 16, or 0 with custom page sizes
    bool says_page; // it is written down, even if it is the usual one
} Limits;

typedef struct { Type elem; Limits limits; } TableType;
typedef struct { Limits limits; } MemType;
typedef struct { Type type; bool mutable; } GlobalType;

typedef enum {
    EXTERN_func,
    EXTERN_table,
    EXTERN_memory,
    EXTERN_global,
    EXTERN_tag,
    EXTERN_COUNT
} ExternKind;
extern const char *const extern_text[EXTERN_COUNT]; // "function", "table", ...

typedef struct {
    ExternKind kind;
    union {
        TypeId func; // also the type of a tag
        TableType table;
        MemType memory;
        GlobalType global;
    };
    bool exact; // func: custom descriptors
} ExternType;

typedef struct {
    Bytes module, name; // UTF-8, not NUL-terminated
    ExternKind kind;
    u32 index;          // in the index space of its kind, where its type is too
} Import;

typedef struct {
    Bytes name;
    ExternKind kind;
    u32 index;
} Export;

typedef struct {
    TypeId type;
    Range body;    // locals and expression; absent for imports
    u32 body_size_offset; // where the size field of the body stands
    bool exact;    // imported as exactly of its type: custom descriptors
} FuncDecl;

// `at` is where the definition stands; 0 for imports. What constant expressions come to is there
// once the definitions were validated, for data segments all of the module.
typedef struct { TableType type; Range init; u32 at; Const value; } TableDecl;  // init absent: null
typedef struct { MemType type; u32 at; } MemDecl;
typedef struct { GlobalType type; Range init; Const value; } GlobalDecl;
typedef struct { TypeId type; u32 at; } TagDecl;

typedef enum { SEGMENT_active, SEGMENT_passive, SEGMENT_declarative } SegmentMode;

// There can be millions of these, as of imports and sections, so they are small.
typedef struct {
    u8 mode;           // SegmentMode
    bool of_exprs;     // the items are expressions
    u32 table;
    Range offset;      // a constant expression; active only
    Type type;
    u32 count;
    // Module.words from here on: as many, and in front of them the offset of an active one
    u32 items;
    u32 items_at;      // where the first item stands in the module
} ElemSegment;

typedef struct {
    SegmentMode mode;
    u32 memory;
    Range offset;
    Range init;
    Const at;          // what the offset comes to
} DataSegment;

typedef struct {
    u32 start;        // offset of the id byte
    Range content;    // without id and size; for custom ones without the name
    u32 name_size;    // custom sections only: the name stands before the content
    u8 id;            // 0 for custom
    u8 after;         // id of the last non-custom section before it
} Section;

typedef struct {
    u32 index;
    Bytes name;
} NameAssoc; // sorted by index

typedef struct {
    u32 outer; // function
    u32 count;
    const NameAssoc *names;
} NameMap;

// From the custom section "name"; a malformed one is ignored from where it goes wrong.
typedef struct {
    Bytes module; // data NULL: none
    NameMap funcs;
} Names;

// How much of a module that arrives in pieces is there.
typedef enum {
    STAGE_definitions, // sections that stand before the code section
    STAGE_code,        // all of those, and body_count function bodies
    STAGE_complete,
} ModuleStage;

enum { HOT_CALL = 20 };
enum { MODULE_CODE_MODES = 32 };
// When functions are compiled from their graphs: see docs/jit.md.
typedef enum {
    OPTIMIZE_never,
    OPTIMIZE_warm,  // when their baseline code has run for some time (run/warm.h)
    OPTIMIZE_first, // in place of that
} OptimizeWhen;

typedef struct Module {
    Arena arena;
    TypeStore *store;      // not owned: the engine's
    Account *accounts;     // by EngineLimit, likewise; NULL: nobody counts
    Features features;     // those it was decoded under
    // where others that it needs are noted, and let pass; NULL: they are refused
    Features *missing;
    const u8 *bytes;       // owned by whoever made the module; outlives it
    size_t size;           // as far as it is there
    ModuleStage stage;
    u32 body_count;        // function bodies that are there; in the end all that are not imported

    u32 type_count;   TypeId *types;   // by type index
    bool objects;     // among them are structures or arrays
    // recursion groups without types: the type index each stands before, in order
    u32 empty_rec_count; u32 *empty_recs;
    u32 import_count; Import *imports; // in order
    u32 func_count, imported_funcs;     FuncDecl *funcs;
    u32 table_count, imported_tables;   TableDecl *tables;
    u32 memory_count, imported_memories; MemDecl *memories;
    u32 global_count, imported_globals; GlobalDecl *globals;
    u32 tag_count, imported_tags;       TagDecl *tags;
    u32 export_count; Export *exports;
    u32 elem_count;   ElemSegment *elems;
    u32 data_count;   DataSegment *datas;
    // there is a data count section, so data_count is known before code
    bool has_data_count;
    bool has_start;
    u32 start;                         // function index
    u32 section_count; Section *sections; // in order, custom ones included
    // items of element segments; steps of constant expressions
    u32 word_count, word_cap; Const *words;
    u32 wide_count, wide_cap; u64 *wides;   // numbers that a word has no room for
    // items of element segments that are steps: each instance has its own
    u32 computed_items;
    const u8 *declared;                // a bit per function: may ref.func name it in a body?
    Names names;
    // If there is an end: what changes the code of functions, but fuel, holds for these only.
    u32 among_first, among_end;
    // How often a function is called, or goes round a loop as many times HOT_CALL, before it is
    // compiled; 0: it is when it is first called.
    u32 hot;
    OptimizeWhen optimizes;
    // Who may compile beside who runs it, and hears of its end: the engine's. NULL: there is none.
    struct Beside *beside;
    // Who is told what compilers do with its functions (opt/watch.h); not owned. NULL: nobody.
    const struct Watch *watch;
    // Code of its functions that was made before (run/stored.h): its own. NULL: there is none.
    struct Stored *stored;
    // Reads a function's body, if that is not there yet, or all bodies; NULL: all are there. False:
    // it cannot be had.
    bool (*fetch)(const struct Module *m, u32 func);
    // What run/ made of it so far, by mode, and what it knows of its frames: all that changes.
    _Atomic(struct ModuleCode *) code[MODULE_CODE_MODES];
    _Atomic(struct ModuleMaps *) maps;
} Module;

// Is it on, or else noted as missing? To be asked only where the module is refused without it.
bool module_has(const Module *m, Feature f);

enum { MODULE_ALL = UINT32_MAX };
// Before anybody looks at the body of a function, or with MODULE_ALL at all bytes.
static inline bool module_fetch(const Module *m, u32 func)
{
    return LIKELY(!m->fetch) || m->fetch(m, func);
}

// Room for so many words more: where they begin. Leaves through the arena.
u32 module_room(Module *m, u32 count);

static inline bool module_is_among(const Module *m, u32 func)
{
    return !m->among_end || (func >= m->among_first && func < m->among_end);
}

// Of its engine's accounts. False: the limit is met.
static inline bool module_take(const Module *m, EngineLimit what, size_t amount)
{
    return !m->accounts || account_take_shared(&m->accounts[what], amount);
}
static inline void module_give(const Module *m, EngineLimit what, size_t amount)
{
    if (m->accounts) account_give_shared(&m->accounts[what], amount);
}

// UTF-8; empty unless it is a custom section
Bytes section_name(const Module *m, const Section *section);
const Export *module_export(const Module *m, Bytes name); // NULL: there is none of this name
bool section_is(const Module *m, const Section *s, const char *name); // a custom one of this name
ExternType import_type(const Module *m, const Import *import);
// The type of what an index space holds.
ExternType module_type(const Module *m, ExternKind kind, u32 index);
// The function's name, from the name section, else an export, else empty. Not NUL-terminated.
Bytes module_func_name(const Module *m, u32 func);
// The name of an index, or empty, in no more than logarithmic time.
Bytes name_map_find(const NameMap *map, u32 index);
// The same from the name section alone, likewise.
Bytes module_own_func_name(const Module *m, u32 func);
