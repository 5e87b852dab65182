// maker.h -- what the files that make a component of modules share.
//
//     new.c       reads modules and worlds, and the order of it all
//     uses.c      what each import of a module stands for, by its name
//     adapt.c     what is needed of an adapter
//     lifts.c     which functions of modules the world's exports are
//     coretext.c  modules that are made, as text
//     core.c      modules that tie others together: shims, and what fills them in
//     link.h      the same of libraries
//     emit.c      imports, instances, builtins
//     export.c    lifted functions, and interfaces that are exported
//
// A module needs lowered functions, those need its memory: so it is given functions of a shim,
// which call what stands in a table, and that is filled in once there is a memory.
#pragma once

#include "binary/encode.h"
#include "component/tool/tool.h"
#include "component/type/flat.h"
#include "component/type/name.h"
#include "component/wit/decode.h"
#include "component/wit/encoder.h"
#include "module/module.h"

enum { NO_SHIM = UINT32_MAX, NO_INDEX = UINT32_MAX };

typedef struct Part Part;
typedef struct ItemInfo ItemInfo;

typedef enum {
    USE_lower,   // a function of the world
    USE_canon,   // a builtin
    USE_adapter, // a function of another module
    USE_memory,  // the main module's
    USE_main,    // something else of it
    USE_link,    // what a library exports, or env does
    USE_tls,     // where a thread's own data are: to get (slot 0) or set (1)
} UseKind;

// What a part exports.
typedef struct { CoreSort sort; const Part *part; Bytes name; } MakerGiven;

// What an import stands for.
typedef struct {
    UseKind kind;
    const Part *part;     // whose it is
    const Import *import;
    ItemInfo *item;       // whose function or type that is; NULL: a builtin that is of none
    const WitFunc *func;
    const WitType *type;  // a resource, or a stream or future
    Canon canon;
    bool async, cancellable, exports; // exports: it is about what the world exports
    u8 slot_type;         // letters: of context.get
    u32 slot;
    WitStrings strings;
    u32 needs;            // CANON_MEMORY, CANON_REALLOC
    Part *adapter;
    const Part *from;     // of what is linked: who exports it, and as what
    Bytes from_name;
    u32 shim;             // its function there
} Use;

// A function of the world that a module exports.
typedef struct {
    const WitFunc *func;
    Part *part;
    Bytes core, post, callback; // names; empty: there is none
    bool async;
    u32 needs;
} Lift;

// What the world imports or exports.
struct ItemInfo {
    const WitItem *item;
    bool exports, used;
    Bytes name;           // outside
    u32 number, instance, index; // in the list; of its instance; of a function
    // of an export:
    Lift *lifts;          // of its functions in order
    WitScopeWriter scope; // how its types are defined at the root: types and defs of it
    bool begun, ordered;
    Map funcs;            // of an interface, by name: number; made when first asked
};

struct Part {
    Bytes name;           // of an adapter
    Bytes bytes;
    Module *module;
    WitStrings strings;
    bool main, kept;
    struct Library *library; // which it is; NULL: none
    Map exports;          // by name: number
    Map needed;           // of an adapter: exports that others use
    Use *uses;            // by import
    u32 instance;
};

// A shim's function, and what it calls in the end.
typedef struct {
    Part *part;
    const Use *use;       // or
    ItemInfo *item;       // of a resource's destructor
    const WitType *resource;
    Bytes dtor;
} Shim;

typedef struct {
    Arena *arena;
    Diag *diag;
    TypeStore *store, *distinct;
    Wit wit;
    WitWorld *world;
    Component *typed;      // the world as types
    CExterns *externs;     // its
    Component **worlds;    // what modules say of theirs
    u32 world_count, world_cap;
    Module **modules;      // to be freed
    u32 module_count, module_cap;
    Part *parts;           // the main one, then libraries, then adapters
    u32 part_count, library_count;
    struct Linker *linker; // NULL: there are no libraries; the main one is its env
    Bytes init;            // of libraries: the module that starts them, and what it imports
    MakerGiven *inits;
    u32 init_count, init_cap;
    ItemInfo *items[2];    // imports, exports
    Map item_names[2];     // by the name outside
    Map tracks[2];         // by the canonical one: the latest
    Map dtors;             // by item and resource: the shim
    Shim *shims;
    u32 shim_count, shim_cap;
    // What is written.
    WitEncoder root;
    Map used;              // functions that are imported
    const Limits *shim_memory; // where the main module imports its own; NULL: it does not
    u8 tls;                    // i or l: the shim has that; 0: nobody asks
    u32 shim_instance, memory;
    u32 realloc_instance;  // in place of a main module that has none
    Map aliases;           // of core instances
} Maker;

_Noreturn void maker_fail(Maker *m, const char *fmt, ...) PRINTF_LIKE(2, 3);
// One import of each name: a component knows no others.
void maker_join_imports(Maker *m, Part *p);
void part_encode(Maker *m, Part *p, const Edit *edit);
_Noreturn void maker_fail_as(Maker *m, const Diag *diag); // what others said; or memory is short
const Export *part_export(const Part *p, Bytes name, ExternKind kind); // NULL: there is none
// The names of an item, joined.
Bytes maker_join(Maker *m, const char *before, Bytes name, const char *between, Bytes member);
Module *maker_decode(Maker *m, Bytes bytes); // for the parts
void maker_validate(Maker *m, Module *module);
// The main part has no name; p->library says whether it is a library.
void maker_read_part(Maker *m, Part *p, Bytes name, Bytes bytes);
// Of parts that are all read: the rest.
void maker_make(Maker *m, Buf *out);
// Who exports what the main module has to: that, or a library. NULL: nobody.
const Part *maker_main(Maker *m, Bytes name, ExternKind kind);
const Part *link_main(const Maker *m, Bytes name, ExternKind kind);
bool link_find_use(Maker *m, const Part *p, Use *u); // whether it is of a library or of env
// "the module", "library foo", "an adapter", in the arena.
const char *part_who(Maker *m, const Part *p);
const CFunc *maker_func(Maker *m, const ItemInfo *item, const WitFunc *f);
// "(i32, i32) -> i32"
char *maker_sig(const FlatSig *sig, char out[static 200]);
bool maker_same_type(const Maker *m, TypeId a, TypeId b); // of functions of numbers
// Fails where the core function is none of that type.
void maker_check_sig(Maker *m, const Part *p, Bytes name, TypeId type, const FlatSig *sig);

// What is made, between the entry and what is freed in any case. False: *m->diag says why not.
typedef void MakerWork(Maker *m, void *what);
bool maker_run(Maker *m, MakerWork *work, void *what);
void maker_type_world(Maker *m, Bytes types); // what wit_encode_world wrote
// A function's streams and futures, by number; NULL: there are fewer.
const WitType *maker_end(Maker *m, const WitFunc *f, u32 number);

void maker_find_uses(Maker *m, Part *p);
void maker_adapt(Maker *m, Part *p);
void maker_find_lifts(Maker *m);
u32 maker_shim(Maker *m, Shim shim);

// Marks what an interface has, or its functions need, and then all that is needed for that.
void maker_mark_interface(Maker *m, u8 *live, const WitInterface *i, bool types);
void maker_spread(Maker *m, u8 *live);
Bytes maker_number_name(Maker *m, u32 n);
Bytes maker_shim_module(Maker *m);
Bytes maker_fixup_module(Maker *m, bool starts);
Bytes maker_realloc_module(Maker *m);

void maker_emit(Maker *m, Buf *out);
void maker_begin_export(Maker *m, ItemInfo *item);
void maker_end_export(Maker *m, ItemInfo *item);
// Between the two: types that its functions need, each behind those that it needs, so that nothing
// goes deep for the others.
void maker_order_export(Maker *m, ItemInfo *item);
void maker_export(Maker *m, ItemInfo *item);
u32 maker_core_alias(Maker *m, CoreSort sort, u32 instance, Bytes name);
// `options` of a canonical definition.
typedef struct { bool memory, realloc, async; WitStrings strings; u32 post, callback; } MakerOpts;
void maker_put_opts(Maker *m, Buf *b, MakerOpts o, u32 realloc);
// The index of a realloc of the part's, or of the main module's.
u32 maker_realloc(Maker *m, const Part *p, bool imports);
