// decoder.h -- what the parts of the component decoder share: scopes with their index spaces.
//
// Components, component types and instance types are scopes, which stand on a stack: that is the
// only nesting there is in the bytes. What stands in a scope is checked when it is read, and enters
// an index space as what later definitions need to know of it.
#pragma once

#include "binary/decoder.h"
#include "component/binary/component.h"
#include "component/type/name.h"

typedef struct { u32 *items; u32 count, cap; } Numbers;
typedef struct { ExternType *items; u32 count, cap; } CoreItems;
typedef struct { CExtern *items; u32 count, cap; } CExternList;

typedef enum { SCOPE_component, SCOPE_component_type, SCOPE_instance_type } ScopeKind;
enum { SIDE_imports, SIDE_exports, SIDES };

typedef struct Scope {
    ScopeKind kind;
    struct Scope *outer;
    u32 id;              // of a component, from 1: who defines a resource
    u32 body;            // of a component: its place among Component.bodies
    u32 left;            // declarations of a type that are not read yet
    u32 end;             // of a component inside another: where it ends
    u32 last_at;         // where its definition stands
    Numbers core_types;  // TypeIds; TYPE_NONE: a module type
    Numbers core_module_types; // beside them: of CTypes.modules
    Numbers modules, core_instances; // of CTypes.modules; of an instance the exports count
    CoreItems core[EXTERN_COUNT];
    Numbers funcs, types, components, instances;
    Numbers values, used;  // their types; and were they used, which has to be once
    bool started;          // it has a start function
    CExternList externs[SIDES];
    Numbers bound[SIDES]; // resources that are imported, that are defined
    Map keys[SIDES];      // strongly unique names
    Map labels[SIDES];    // of resources: which identity has the label
    CIdMap visible[SIDES]; // identities that have a name outside
    u8 context_type;      // of context.get and context.set, once there is one
} Scope;

struct ComponentDecoder {
    Component *c;
    Decoder d;            // with the cursor; its module has the core types of the scope in hand
    Module core;
    Scope *scope, *spare; // innermost; those that are not in use
    Scope *root;          // outermost
    u32 level, scopes, items, nested, instances;
    u32 index;            // that was read last: see c_index
    bool in_header, whole;
    CDef unkept;          // what is recorded where nobody runs it
    Diag *diag;
};

typedef struct ComponentDecoder C;

// Records an error at a byte. Returns false.
#define c_fail(c, err, at, ...) decode_fail(&(c)->d, (err), (at), __VA_ARGS__)
static inline bool c_failed(const C *c) { return decode_failed(&c->d); }
static inline Reader *c_reader(C *c) { return &c->d.r; }
static inline const u8 *c_at(const C *c) { return c->d.r.pos; }
bool c_needs(C *c, u8 feature, const u8 *at);
bool c_byte(C *c, u8 wanted, Err err);              // reads that one
u32 c_count(C *c, u32 item_size, u32 most, Err err);
bool c_item(C *c, const u8 *at);                    // one more definition
bool c_instance(C *c, const u8 *at);                // one more instance
void c_push(C *c, Numbers *n, u32 value);
// An index that is read into a space of so many; *what names it in the message. 0: it failed.
u32 c_index(C *c, u32 count, const char *what);
// The same of a space of core types or core modules, whose use is marked if that is wanted.
void c_mark_types(C *c, const Numbers *types); // of the types that are read next
u32 c_core_index(C *c, const Numbers *space, const char *what);
// One more definition of a component that is run. NULL: it stands in a type, which is not.
CDef *c_record(C *c, CDefKind kind);
int c_shown(Bytes name);                            // bytes of it that a message has room for
Scope *scope_open(C *c, ScopeKind kind);
CType scope_close(C *c, const u8 *at);              // its type; it is the outer's turn again
// The types of the scope in hand are those that the core decoder reads and makes.
void core_enter(C *c, Numbers *types);
void core_leave(C *c, Numbers *types);

// core.c
void decode_core_types(C *c);
void decode_core_instances(C *c);
bool decode_core_alias(C *c, CoreSort sort, const u8 *at); // of an export
void decode_core_type(C *c);
void core_add_module(C *c, const Module *m, const u8 *at);
bool core_sort_index(C *c, CoreSort sort, ExternType *out); // an index of it: what it is
CoreSort decode_core_sort(C *c);
TypeId core_func_type(C *c, const u8 *params, u32 count, const u8 *results, u32 result_count);

// types.c
void decode_types(C *c);
CType decode_val_type_of(C *c);
u8 decode_rep(C *c);
Err c_type_error(C *c, Err err, const u8 *at);
bool decode_result_list(C *c, CType *result);

// extern.c
typedef struct { CName name; Bytes implements, external_id; const u8 *at; } NameAttributes;
bool decode_name_attributes(C *c, NameAttributes *out);
bool decode_entity_type(C *c, CEntity *out, bool *fresh);
bool extern_add(C *c, u32 side, const NameAttributes *name, CEntity entity, bool fresh,
                CType from, u32 index);
void decode_imports(C *c);
void decode_exports(C *c);
void decode_import_decl(C *c);
void decode_export_decl(C *c);
bool names_add(C *c, Map *keys, const CName *name, CExternList *list, const char *side,
               const u8 *at);
bool name_fits(C *c, const NameAttributes *name, const Map *labels, CEntity entity);

// visible.c
bool entity_visible(C *c, u32 side, CEntity entity);
bool type_is_closed(C *c, CType t); // mentions no resource that it does not bind itself

// items.c
void decode_instances(C *c);
void decode_aliases(C *c);
void decode_alias(C *c, bool in_type);
bool decode_sort_index(C *c, CEntity *out); // a value is used by that
void entity_push(C *c, CEntity entity);
void decode_start(C *c);

// canon.c
void decode_canons(C *c);
