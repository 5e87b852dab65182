// compose.h -- what the files that compose components share.
//
//     wac.c       what a file says
//     compose.c   packages, and the order of it all
//     values.c    what its names and expressions mean; plugs
//     shared.c    imports that several need, and their order
//     retype.c    types, as they are written again
//     compose_emit.c  imports, instances, exports
//
// All components stand in one that only holds them, which is read once: so all their types are in
// one CTypes. A site is one instantiation. Where a site says nothing of an import, the composition
// has it, for all sites that need it: an import is the types that each of them wants there.
//
// Identities of types (resources, and what has a name) are those of the site's component, unless
// the site's `ids` say which others stand for them; at the root these are what is known.
#pragma once

#include "component/binary/encode.h"
#include "component/tool/tool.h"
#include "component/tool/wac.h"
#include "component/wit/resolver.h"

enum { NOTHING = UINT32_MAX };

typedef struct {
    Bytes name, bytes;
    CType type;        // of the component
    u32 index;         // in what is written
} Pack;

// What an import of a site's component is given.
typedef struct {
    u32 value;         // or NOTHING: an import of the composition
    u32 import;
    u32 at;            // where that is said
} Given;

typedef struct {
    u32 pack;          // NOTHING: the world of what the file imports
    CType type;
    u32 at;
    Given *given;      // by import
    CIdMap ids;        // CTYPE_NONE: nobody outside has it
    u32 value;
} Site;

typedef struct { u32 site, number; } Want; // an import of a site's component

typedef struct {
    Bytes name;        // the latest of versions that do for each other
    WitVersion version;
    u32 at, index;
    Map types;         // by name: the identity that it has for all
    Want *wants;
    u32 want_count, want_cap;
} Shared;

typedef enum { VALUE_import, VALUE_new, VALUE_access, VALUE_type } ValueKind;
typedef struct {
    ValueKind kind;
    u32 of;            // an import, a site, the value that is accessed
    u32 at;
    Bytes name;        // that it was imported or accessed by
    Bytes id;          // of the interface that it is; may be empty
    CEntity shape;     // what is known before it is made,
    CEntity entity;    // and then
    u32 index;         // where it is written, or NOTHING
} Value;

typedef struct { Bytes name; u32 value, at; } Leaving; // an export

// Types are written into scopes, which stand around each other.
typedef struct Level {
    struct Level *outer;
    CWriter w;
    CIdMap ids;        // identities: their index
    CIdMap waiting;    // those that an instance exports: in `places`
    CIdMap memo;       // other types, of the site in hand
    Map defs;          // by their bytes: index
} Level;

// Where an identity is: an export of an instance, which may be one of another.
typedef struct {
    Level *level;
    u32 outer, instance; // outer: a place, or NOTHING
    Bytes name;
} Place;

typedef struct {
    Wit *wit;
    Arena *arena;
    Wac *wac;
    const ToolPackages *packages;
    TypeStore *store;
    Component *all;    // what holds them
    Buf *out;          // what is made; if it fails more lines of why
    bool told;         // why it failed
    Component *reading; // another one, for a while
    CTypes *types;
    Pack *packs;
    u32 pack_count, pack_cap;
    Map pack_names;
    Site *sites;
    u32 site_count, site_cap;
    Shared *imports;
    u32 import_count, import_cap;
    Map import_names;  // of those that the file has,
    Map tracks;        // and of the others, by what versions have in common
    Value *values;
    u32 value_count, value_cap;
    Map names;         // of values in the file
    Leaving *exports;
    u32 export_count, export_cap;
    Map export_names;
    CType own_package; // its interfaces and worlds as types
    Level *root, *level;
    Place *places;
    u32 place_count, place_cap;
    const Site *site;  // whose types are written,
    Bytes importing;   // for that import
    CIdMap owners;     // by identity: the import that has it
} Composer;

_Noreturn void compose_fail(Composer *c, u32 at, const char *fmt, ...) PRINTF_LIKE(3, 4);
// Behind what compose_fail says: a type as one of them has it, without the numbers of resources.
void compose_show(Composer *c, const char *whose, Bytes name, CEntity e);
char *compose_describe(const Composer *c, CEntity e, char *out, size_t size);
CExterns *compose_externs(const Composer *c, CType t);
const CExtern *compose_want(const Composer *c, Want w);
Bytes compose_pack_name(const Composer *c, const Site *s);
// An export or import that the name means: itself, or the only one whose path ends with it.
const CExtern *compose_short(Composer *c, CExterns *e, bool exports, Bytes name);
// The only one whose name is that, but for versions that do for each other.
const CExtern *compose_track(Composer *c, CExterns *e, bool exports, Bytes name);

// values.c
void compose_file(Composer *c);
void compose_plugs(Composer *c, u32 count);

// shared.c
u32 compose_site(Composer *c, u32 pack, CType type, u32 at);
void compose_share(Composer *c);      // once all is given what it is
u32 *compose_order(Composer *c);      // of imports
CType compose_id(const Composer *c, CType t); // of the site in hand

// retype.c
Level *level_new(Composer *c, CWriteKind kind);
u32 retype_index(Composer *c, CType t);
// An instance with all that the wants say, which have to agree.
typedef struct { const CExtern *export; Want want; } Differs; // export NULL: they do
Bytes retype_instances(Composer *c, const Want *wants, u32 count, Differs *differs);
void retype_use(Composer *c, const Site *s); // from here on
void retype_instance_known(Composer *c, u32 instance, CType type); // its types are found there

// compose_emit.c
void compose_emit(Composer *c, Buf *out, bool all); // else without the types of the file
