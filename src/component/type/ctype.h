// ctype.h -- types of components: numbers, and what is known of each.
//
//     0 .. CPRIM_COUNT - 1      primitives: the row of component.def
//     from there on             definitions of a CTypes, one for each that differs
//
// A number is an identity: what an import or export calls by a name has one of its own, since
// records, variants, enums, flags and resources have to have a name outside (Explainer/external
// visibility). Two types are equal exactly if their `canon` is. What is known of a type is known
// once it is defined, and nobody walks it again for that. No type is deeper than
// COMPONENT_MOST_type_depth, which bounds whoever walks one.
// spec: Explainer/type definitions, CanonicalABI/alignment, element size, flattening
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "module/module.h"
#include "op/component.h"

typedef u32 CType;
#define CTYPE_NONE UINT32_MAX

typedef struct { Bytes name; CType type; } CField; // CTYPE_NONE: a case without a value, a label

// Of a value, in memories of 32 and 64 bits.
enum { FLAT_MOST = 16, FLAT_MANY = 17 };
typedef struct {
    u32 size[2];
    u8 align[2];
    u8 flat_count;           // FLAT_MANY: more than are passed as such
    u8 flat[2][FLAT_MOST];   // i l f d; all of a variant's cases joined
} CLayout;

typedef struct { CField *params; u32 count; CType result; bool async; } CFunc; // result or NONE

// What a core module needs and gives.
typedef struct { Bytes module, name; ExternType type; } CoreImport;
typedef struct { Bytes name; ExternType type; } CoreExport;
typedef struct CModuleType {
    u32 import_count, export_count;
    CoreImport *imports;
    CoreExport *exports;
    Map by_name[2];          // of imports by module and name, of exports; made when first asked
} CModuleType;

typedef enum {
    CENTITY_module, CENTITY_func, CENTITY_value, CENTITY_type, CENTITY_component, CENTITY_instance,
} CEntityKind;
extern const char *const centity_text[];
typedef struct {
    CEntityKind kind;
    union {
        CType type;
        u32 module; // of CTypes.modules
    };
} CEntity;

// What a name may say besides; one without any has none.
typedef struct { Bytes implements, external_id; } CAttributes;
typedef struct { Bytes name; CEntity entity; const CAttributes *more; } CExtern;
static inline Bytes cextern_implements(const CExtern *e)
{
    return e->more ? e->more->implements : (Bytes){0};
}
// Of a component, or of an instance, which has no imports. Bound are the resources that each user
// has its own of: those imported, which the arguments say, and those defined, which are fresh.
typedef struct {
    CExtern *imports, *exports;
    u32 import_count, export_count;
    CType *imported, *defined;
    u32 imported_count, defined_count;
    Map by_name[2];
} CExterns;

enum {
    HOLDS_resource = 1, HOLDS_borrow = 2, HOLDS_stream = 4, HOLDS_list = 8, HOLDS_float = 16,
    HOLDS_named = 32,     // something that has an identity of its own
    HOLDS_nameable = 64,  // something that has to have a name outside
};

typedef struct {
    u8 form;      // CForm; CFORM_COUNT: a primitive under a name
    u8 depth;
    u8 holds;
    u8 copy;      // CopyClass
    bool named;   // an identity that an import or export gave,
    u8 rep;       // resource: TYPE_i32 or TYPE_i64
    CType of;     // and of what, if named
    CType canon;
    u32 nodes;    // of it as a tree
    u32 owner;    // resource: the component that defines it, 0 of any other
    u32 count;    // fields, cases, labels, elements; of a list that is fixed its length
    union {
        const CField *fields;
        const CFunc *func;
        CExterns *externs;
    };
    const CLayout *layout; // values
} CTypeDef;

typedef struct {
    Arena *arena, *scratch;
    TypeStore *store;      // of core types
    CTypeDef *defs;
    u32 count, cap;
    CModuleType **modules;
    u32 module_count, module_cap;
    Map interned;
    CLayout prims[CPRIM_COUNT];
    CType empty;           // the instance type without exports, once there is one
    u64 steps;
    bool names_all;        // each type that is imported or exported has an identity of its own
    Err met;               // why it leaves through the arena, unless memory is short
} CTypes;

void ctypes_init(CTypes *types, Arena *arena, Arena *scratch, TypeStore *store);
// NULL for primitives.
static inline const CTypeDef *ctype_def(const CTypes *types, CType t)
{
    return t < CPRIM_COUNT ? NULL : &types->defs[t - CPRIM_COUNT];
}
static inline CType ctype_canon(const CTypes *types, CType t)
{
    return t == CTYPE_NONE || t < CPRIM_COUNT ? t : ctype_def(types, t)->canon;
}
u32 ctype_holds(const CTypes *types, CType t);  // CTYPE_NONE holds nothing
const CLayout *ctype_layout(const CTypes *types, CType t); // of a value
CForm ctype_form(const CTypes *types, CType t); // CFORM_COUNT: a primitive
bool ctype_is_value(const CTypes *types, CType t);
bool ctype_is_nameable(const CTypes *types, CType t);
// In a message: "u32", "a record".
const char *ctype_text(const CTypes *types, CType t);

// Defines, or finds, what is made of a form and parts. `fields` is copied. CTYPE_NONE: *err says
// which limit is met, or that it is too large.
CType ctype_make(CTypes *types, CForm form, const CField *fields, u32 count, Err *err);
CType ctype_make_func(CTypes *types, const CFunc *func, Err *err);
CType ctype_make_externs(CTypes *types, CForm form, const CExterns *externs, Err *err);
CType ctype_make_resource(CTypes *types, u8 rep, u32 owner);
// The same type under an identity of its own, if it is one that has to have a name outside; or any
// value and resource with `names_all`, for who wants to know what it was called.
CType ctype_named(CTypes *types, CType t);
u32 cmodule_add(CTypes *types, CModuleType *module);

const CExtern *cexterns_find(CExterns *externs, bool exports, Bytes name);
Bytes cmodule_key(Arena *arena, Bytes module, Bytes name); // of both names together
const CoreImport *cmodule_import(CTypes *types, CModuleType *m, Bytes module, Bytes name);
const CoreExport *cmodule_export(CModuleType *m, Bytes name);

// One more step of all that may be taken. Leaves through the arena when there are none left.
void ctypes_step(CTypes *types, u32 cost);
// A name is looked up once more, which takes as long as it is.
enum { STEP_BYTES = 64 };
static inline void ctypes_look_up(CTypes *types, Bytes name)
{
    ctypes_step(types, 1 + (u32)(name.len / STEP_BYTES));
}

// ---- match.c

// A map between numbers.
typedef struct {
    Arena *arena;
    Map map;
    u32 *keys;      // room for keys, which the map does not copy
    u32 key_left;
} CIdMap;
void cidmap_init(CIdMap *m, Arena *arena);
void cidmap_set(CIdMap *m, u32 from, u32 to);
const u32 *cidmap_get(const CIdMap *m, u32 from);

// What stands for what; a resource that is bound and not met yet stands for CTYPE_NONE.
typedef struct {
    CTypes *types;
    CIdMap map;
    char why[160];  // a match that failed
} CSubst;

void csubst_init(CSubst *s, CTypes *types);
CType csubst_type(CSubst *s, CType t);
CEntity csubst_entity(CSubst *s, CEntity e);
CExtern *csubst_externs(CSubst *s, const CExtern *list, u32 count); // a copy
// Each resource that a type defines gets a fresh one, which is pushed to the list.
void csubst_fresh(CSubst *s, const CType *defined, u32 count, CType **list, u32 *n, u32 *cap);
void csubst_bind(CSubst *s, const CType *bound, u32 count);
// Is what is there good for what is wanted? Of that, bound resources are met on the way.
bool centity_matches(CSubst *s, CEntity there, CEntity wanted);
// The same in two components, each with types of its own: made of the same parts by the same names.
// What holds a resource is the same as nothing there.
bool ctypes_same(const CTypes *a, CType x, const CTypes *b, CType y);
bool core_extern_matches(const TypeStore *store, const ExternType *there, const ExternType *wanted);
