// component.h -- a component, read and checked. spec: Binary.md, Explainer.md
#pragma once

#include "component/binary/body.h"

// A section, those of components inside too, in the order of the bytes.
typedef struct { u8 id; u32 level; Range content; } CSectionSpan;
// An index of a core type or core module of the outermost component, wherever it stands: its bytes;
// as in types of references, where numbers have a sign.
typedef struct { Range at; u32 index; bool is_signed; } CMark;
// A core module inside.
typedef struct { Range bytes; u32 level; Module *module; } CModuleSpan;

// How core modules are loaded. `drop` may be called at any time later. Without one they are decoded
// and validated. With `names_all` every type that has a name keeps it (see ctype_named). With
// `runs` what it does is kept (body.h), which its plan is made of; with `marks` where it says what,
// for who puts other bytes there. What the component and its plan take is taken from the account,
// unless that is NULL.
typedef struct {
    Module *(*load)(void *env, const u8 *bytes, size_t size, Diag *diag);
    void (*drop)(Module *module);
    void *env;
    Account *account;
    bool names_all, runs, marks;
} CModuleLoader;

typedef struct Component {
    Arena arena, scratch;
    const u8 *bytes;       // the caller's; outlive it
    size_t size;
    Features features;
    CModuleLoader loader;
    CTypes types;
    CType type;            // its own: of form component, what it imports and exports
    CSectionSpan *sections;
    u32 section_count, section_cap;
    CModuleSpan *modules;
    u32 module_count, module_cap;
    CBody *bodies;         // its own first, and of those inside
    u32 body_count, body_cap;
    u32 component_count;   // inside
    u32 instance_count;    // of modules and components, and those imported or exported
    u32 canons[CANON_COUNT]; // canonical definitions, by row
    bool starts;           // it, or one inside, has a start function
    CMark *marks;          // in the order of the bytes
    u32 mark_count, mark_cap;
    Range *imports;        // each of its own: name and type
    u32 import_count, import_cap;
    TypeId *held;          // of core types
    u32 held_count, held_cap;
} Component;

bool component_is(const u8 *bytes, size_t size); // by its first eight bytes
// Decodes and validates all of `bytes`, which must outlive the component, in time linear in their
// size. `store` must outlive it too. NULL: *diag says why and where. The caller owns the result.
Component *component_load(const u8 *bytes, size_t size, Features features, TypeStore *store,
                          const CModuleLoader *loader, Diag *diag);
void component_free(Component *c); // NULL is fine
// The content of its first custom section of that name; data NULL: it has none.
Bytes component_custom(const Component *c, const char *name);

// The same for what arrives in pieces: the verdict, and the first error, do not depend on them.
// A section waits until all of it is there, but a component inside is entered.
typedef struct ComponentDecoder ComponentDecoder;
// The component will stand at `bytes`. NULL: out of memory.
ComponentDecoder *component_decoder_new(const u8 *bytes, Features features, TypeStore *store,
                                        const CModuleLoader *loader);
// The first `size` of the bytes are there, never fewer than before; with `last` these are all.
bool component_decoder_feed(ComponentDecoder *d, size_t size, bool last, Diag *diag);
Component *component_decoder_take(ComponentDecoder *d); // once the last piece was read
void component_decoder_free(ComponentDecoder *d);
