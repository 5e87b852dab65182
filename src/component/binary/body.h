// body.h -- what a component does when an instance of it is made: its definitions in their order,
// but for those of types, which were judged and are numbers. Index spaces are counts of what stands
// before; of modules in a component's own, an index counts Component.modules.
// spec: Explainer/instance definitions, canonical definitions
#pragma once

#include "component/type/ctype.h"

typedef enum {
    CDEF_core_module,      // Component.modules[index]
    CDEF_core_instantiate, // of the module `index`; args: core instances
    CDEF_core_bag,         // args: core items
    CDEF_core_alias,       // the export `name` of the core instance `index`, of ExternKind `sort`
    CDEF_component,        // Component.bodies[index]
    CDEF_instantiate,      // of the component `index`; type: the instance's
    CDEF_bag,              // args; type: the instance's
    CDEF_alias,            // the export `name` of the instance `index`
    CDEF_outer,            // module or component `index` of the component `count` scopes outwards
    CDEF_resource,         // index: its destructor, a core function, or CANON_NONE
    CDEF_lift,             // of the core function `index`
    CDEF_lower,            // of the function `index`
    CDEF_builtin,
    CDEF_import,
    CDEF_export,           // `index`, whose own type is `from`
} CDefKind;

#define CANON_NONE UINT32_MAX

// A canonical definition. memory and functions are indices, or CANON_NONE.
typedef struct {
    u8 row;                // Canon
    u8 encoding;           // COption
    bool wide, async;
    u32 memory, realloc, post_return, callback;
    TypeId core;           // of the core function that it makes
    CType type;            // of the function; that is named
} CCanon;

typedef struct {
    Bytes name;
    u8 kind;               // CEntityKind; of what is core ExternKind, EXTERN_COUNT of an instance
    u32 index;
    CType type;            // as CEntity
} CArg;

typedef struct {
    u8 kind;               // CDefKind
    u8 sort;               // CEntityKind, where nothing else is said
    u32 index, count;
    CType type, from;
    Bytes name;
    union {
        const CArg *args;  // `count` of them
        const CCanon *canon;
    };
} CDef;

typedef struct {
    CDef *defs;
    u32 count, cap;
    CType type;
} CBody;
