// encoder.h -- types of WIT as they are written into one scope: what encode.c has for who writes
// more than packages. Leaves through the arena, and through wit_fail for what is too much.
#pragma once

#include "component/binary/encode.h"
#include "component/wit/wit.h"

// What one scope knows of what was written in it.
typedef struct {
    CWriter w;
    CIdMap types; // by WitType.index: its index
    Map defs;     // by their bytes, of types without a name and of functions
} WitScopeWriter;

// What becomes of a name that a type has in the outer scope.
typedef enum {
    NAMES_declared, // an export is declared: the scope is a type
    NAMES_imported, // it is imported by that name
    NAMES_none,     // it is left out; resources are known before
    NAMES_asked,    // it is imported as import-type-NAME, which `asked` lists
    NAMES_exported, // it is exported by a component; resources are known before
} WitNaming;

typedef struct { Bytes name; const WitType *type; } WitAsked;

// A type of an interface, by the alias that stands for it in the outer scope.
typedef struct { u32 instance, index; } WitTypeAlias;

typedef struct {
    Wit *wit;
    Arena *arena;
    WitScopeWriter outer, inner;
    bool inside;                   // the inner one is being written
    WitNaming naming;              // in the outer one
    const WitInterface *interface; // whose types are defined here; NULL: the world's
    CIdMap instances;              // by interface: its index, the latest that there is
    CIdMap alias_numbers;          // by type: in `aliases`
    WitTypeAlias *aliases;
    u32 alias_count, alias_cap;
    WitAsked *asked;
    u32 asked_count, asked_cap;
    Map asked_names;
    const u8 *live;                // by type: is it written in instances? NULL: all are
    const Map *used;               // functions, by address, that are; NULL: all are
} WitEncoder;

void wit_encoder_init(WitEncoder *e, Wit *wit, CWriteKind kind, WitNaming naming);
void wit_scope_init(WitScopeWriter *s, Arena *arena, CWriteKind kind);
CPrim wit_prim_of(WitKind kind);
CForm wit_form_of(WitKind kind); // of one that is neither primitive nor another one's alias
CValType wit_encode_type(WitEncoder *e, const WitType *t);
u32 wit_encode_func(WitEncoder *e, const WitFunc *f); // the index of its type
// The index of an instance type with what is live and used; UINT32_MAX: nothing is.
u32 wit_encode_instance(WitEncoder *e, const WitInterface *i, bool funcs);
void wit_remember_instance(WitEncoder *e, const WitInterface *i, u32 instance);
Bytes wit_world_type(Wit *wit, const WitWorld *w); // as a component type
// As it is called outside.
CExternName wit_item_name(Arena *arena, const WitItem *item);
