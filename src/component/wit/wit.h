// wit.h -- WIT: what interfaces, worlds and packages of components are written in.
//
//     files --wit_add--> syntax --wit_resolve--> packages, interfaces, worlds, types
//                                                  |--wit_print--> text
//
// A Wit is a set of packages of which one is the main one. Files are added in groups: those of one
// folder, or one alone, are a group and make one package, beside those that are nested in a file.
// The first group is the main package's. What is here once all is resolved never changes; to and
// from component types lead other files, which read and make these same nouns.
// spec: WIT
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "op/diag.h"

typedef struct WitType WitType;
typedef struct WitFunc WitFunc;
typedef struct WitInterface WitInterface;
typedef struct WitWorld WitWorld;
typedef struct WitPackage WitPackage;
typedef struct WitNode WitNode; // see syntax.h

typedef struct {
    Bytes path; // as messages name it
    const char *src;
    u32 size, group;
    bool binary;     // what was read from a component
    WitNode *syntax; // what stands in it, one behind the other
} WitFile;

// A place in the text.
typedef struct {
    const WitFile *file; // NULL: nobody wrote it
    u32 at;
} WitSpot;

// Major, minor, patch, and what stands behind '-' and '+'.
typedef struct {
    Bytes text; // empty: there is none
    u64 number[3];
    Bytes pre, build;
} WitVersion;

typedef enum { GATE_none, GATE_since, GATE_unstable } WitGateKind;

// spec: WIT/Feature Gates
typedef struct {
    WitGateKind kind;
    WitVersion since;
    Bytes feature;
    WitVersion deprecated;
} WitGate;

typedef struct {
    Bytes docs; // without what makes it a comment; data NULL: there are none
    Bytes external_id;
    WitGate gate;
} WitNotes;

typedef enum {
#define WIT_KIND(name, text, shape) WIT_##name,
#include "component/wit/kind.def"
    WIT_KIND_COUNT
} WitKind;

extern const char *const wit_kind_text[WIT_KIND_COUNT];

// A field, case, flag or element of a type; a parameter.
typedef struct {
    Bytes name;
    WitType *type; // NULL: a case or flag without
    Bytes docs;
} WitPart;

enum { WIT_LEFT_OUT = UINT32_MAX };

struct WitType {
    WitKind kind;
    u32 index;               // in Wit.types, or WIT_LEFT_OUT
    Bytes name;              // empty: it has none, or is primitive
    WitInterface *interface; // where it stands: in one of these,
    WitWorld *world;         // or nowhere, if it has no name
    Bytes docs, external_id;
    const WitGate *gate;
    WitSpot at;
    // What it is an alias, handle, list, ... of; a map's value, a result's error.
    WitType *of, *second;
    WitPart *parts;
    u32 part_count;
    u32 length;           // of a list that has a fixed one
    WitType *resource;    // which this is, or is an alias of; else NULL
    bool on;              // no gate keeps it out
    bool borrows;         // a borrow is in it
    // While packages are resolved: the handle that stands for it where a value is wanted; and what
    // it became in the world that it was last included in.
    WitType *own, *copy;
    u32 copy_round;
};

typedef enum { FUNC_free, FUNC_method, FUNC_static, FUNC_constructor } WitFuncKind;

struct WitFunc {
    Bytes name; // f, [method]r.f, [static]r.f, [constructor]r
    WitFuncKind kind;
    bool is_async;
    WitType *resource;
    WitPart *params;
    u32 param_count;
    WitType *result;
    const WitNotes *notes;
    WitSpot at;
};

// What a world imports or exports. An interface without a name of its own is called by the item's.
typedef struct {
    Bytes name;              // empty: it is called as the interface is
    WitInterface *interface; // one of these
    WitFunc *func;
    WitType *type;
    Bytes docs, external_id; // of an interface; the others have their own
    const WitGate *gate;
    WitSpot at;
} WitItem;

typedef struct {
    WitItem *items;
    u32 count, cap;
    Map by_name, by_interface;
} WitItems;

struct WitInterface {
    u32 index;      // in Wit.interfaces, or WIT_LEFT_OUT
    Bytes name;     // empty: it stands in a world
    WitPackage *package;
    WitType **types; // each behind those that it needs
    WitFunc **funcs;
    u32 type_count, type_cap, func_count, func_cap;
    Map names;      // of types, while its package is resolved of functions too
    WitInterface **deps; // from which it uses types
    u32 dep_count, dep_cap;
    const WitNotes *notes;
    WitSpot at;
    WitInterface *copy_of; // where a world has what it included
};

struct WitWorld {
    u32 index;
    Bytes name;
    WitPackage *package;
    WitItems imports, exports;
    const WitNotes *notes;
    WitSpot at;
};

struct WitPackage {
    u32 index;
    Bytes space, name;
    WitVersion version;
    Bytes full; // space:name@version
    Bytes docs;
    WitInterface **interfaces;
    WitWorld **worlds;
    u32 interface_count, world_count;
    Map interface_names, world_names;
    WitSpot at;
    struct WitDraft *draft; // while it is resolved
};

typedef struct {
    Arena *arena;
    Diag diag;            // why something was refused,
    const WitFile *where; // and in which file; NULL: in none
    bool all_features;
    const Bytes *features; // whose gates are open
    u32 feature_count;

    WitFile **files;
    u32 file_count, file_cap;
    size_t bytes;          // of all files
    WitPackage *main;
    WitPackage **packages; // each behind those that it needs
    WitInterface **interfaces;
    WitWorld **worlds;
    WitType **types;
    u32 package_count, package_cap, interface_count, interface_cap, world_count, world_cap;
    u32 type_count, type_cap;
    WitPackage **sorted; // by name
    Map package_names;   // in `sorted`
    WitType *primitives[WIT_own];
    u32 work;  // steps that were taken for what may grow faster than the text
    u32 round; // includes so far
} Wit;

enum { WIT_MOST_BYTES = 16 << 20 }; // of all files

// Everything lives in the arena, of which nothing is taken but in what can fail by return.
void wit_init(Wit *wit, Arena *arena);
// Reads a file; path and text stay with the caller, who keeps both. False: wit->diag says why.
bool wit_add(Wit *wit, u32 group, Bytes path, Bytes text);
// Of all that was added. False: wit->diag says why.
bool wit_resolve(Wit *wit);
// The packages of several such sets, which are resolved, in one that is new; instead of wit_add and
// wit_resolve. The first one's main package is it. What an interface has in one of them it has;
// what both have, and worlds, must be the same. `path` is for messages. False: wit->diag says why.
bool wit_merge(Wit *wit, Bytes path, const Wit *const *sets, u32 count);
// A world becomes another one: it imports what it exported, or exports what it imported, or of that
// only those `only`; these are called `name`, or as before with -importized or -exportized behind
// it. Or it imports the latest alone of the versions that may stand for each other.
typedef enum { TURN_merge, TURN_importize, TURN_exportize, TURN_COUNT } WitTurnKind;
typedef struct {
    WitTurnKind kind;
    WitWorld *world;
    Bytes name;
    const Bytes *only;
    u32 only_count;
} WitTurn;
// What was resolved is changed in what wit_print shows alone: the caller has wit_merge resolve that
// in a new set. False: wit->diag says why.
bool wit_turn(Wit *wit, const WitTurn *turn);

// The main package, and the others nested behind it: text that gives the same again.
// The caller catches the failure of out's arena.
void wit_print(const Wit *wit, Buf *out);
// The same of one package alone, as the file of it.
void wit_print_package(const WitPackage *package, Buf *out);

// One function or type as it stands in an interface, without documentation.
void wit_print_func(const WitFunc *f, Buf *out);
void wit_print_type(const WitType *t, Buf *out);

// Less, equal or greater than 0, as versions precede each other.
int wit_version_order(const WitVersion *a, const WitVersion *b);
// False: *why says what is wrong with it.
bool wit_version_parse(Bytes text, WitVersion *version, const char **why);
// Words of which the language makes its own use: as a name they have '%' in front.
bool wit_is_keyword(Bytes word);
// What comments say, one behind the other, without what makes them comments; data NULL: none.
Bytes wit_docs(Arena *arena, Bytes comments);
