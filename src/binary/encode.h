// encode.h -- a Module to bytes in the canonical encoding, with what an Edit leaves out of it or
// puts in its place.
//
//     Edit edit = {0};                     // nothing: the module as it is
//     edit.gone[ITEM_global] = flags;      // those are left out, what stands behind them moves up
//     if (module_encode(m, &edit, &buf, &diag)) ... buf holds the module
//
// An Edit is in the numbers and offsets of the module that it is of: all indices are put right
// while it is written, labels and locals included. What it says is not judged: whether the result
// is valid is for valid/ to say. What cannot be said in bytes, a reference to something that is
// left out, is refused. The module is one that was decoded over type_store_new_distinct; it need
// not be valid: of code the rest is copied from where it cannot be read on. Not kept: padded
// numbers, empty sections, compact forms of imports, and empty recursion groups where types are
// left out.
// spec: binary/modules
#pragma once

#include "base/buf.h"
#include "module/imm.h"
#include "op/diag.h"

// What has an index: the first are kinds of what can be imported.
typedef enum {
    ITEM_func = EXTERN_func, ITEM_table = EXTERN_table, ITEM_memory = EXTERN_memory,
    ITEM_global = EXTERN_global, ITEM_tag = EXTERN_tag,
    ITEM_type = EXTERN_COUNT, ITEM_elem, ITEM_data,
    ITEM_COUNT
} ItemKind;

u32 module_item_count(const Module *m, ItemKind kind);

// The bytes from `at` to `end` of the module, whole instructions, are replaced by `code`. With
// `opens` they are a block's beginning, which is left out together with its end: what branches over
// it is put right, and nothing may branch to it.
typedef struct {
    u32 at, end;
    Bytes code;
    bool opens;
} Splice;

typedef enum {
    LOCAL_stays,
    LOCAL_goes,
    LOCAL_demoted, // a parameter no longer, but a local
} LocalFate;

typedef struct {
    u32 memory;
    u64 at;
    Bytes bytes;
} DataPiece;

// What metadata.code.branch_hint says of an `if` or br_if: is its condition likely to hold?
typedef struct {
    u32 at;
    bool likely;
} BranchHint;
typedef struct { u32 count; const BranchHint *at; } BranchHints; // in the order of their places
// By places in the module. Leaves through the arena.
BranchHints module_branch_hints(const Module *m, Arena *arena);
// Of the branch that stands there; NULL: nothing is said.
const BranchHint *branch_hint_at(const BranchHints *hints, u32 at);

typedef struct {
    const u8 *gone[ITEM_COUNT];     // by index; NULL: none
    const u8 *gone_exports, *gone_sections; // by number; of sections only custom ones
    bool no_start;
    // By number: an import that is no longer one. Something of its type is defined instead; of a
    // function nothing but `unreachable`.
    const u8 *defined;
    // Bodies that take the place of others, locals and all, by function; data NULL: the old one.
    const Bytes *bodies;
    // Of those, by function: by offsets in them, which hold if they are in their shortest form, and
    // nothing in them gets another number. NULL: there are none.
    const BranchHints *hints;
    // In the order of their places, none within another. Of bodies that stay, and of constant
    // expressions.
    const Splice *splices;
    u32 splice_count;
    const u8 *const *locals;        // by function: a LocalFate for each; NULL: all stay
    // By function: its type; what is none of the module's is `types` behind those. NULL: all as
    // they are.
    const u32 *func_types;
    const TypeDef *types;           // function types
    u32 type_count;
    const u8 *const *gone_entries;  // by element segment: a flag for each of its items
    const Range *data;              // by data segment: what is left of its bytes
    // By index: what is named in its place, which may be itself; what is not named any more is
    // still there, unless it is gone too.
    const u32 *instead[ITEM_COUNT];
    // All indices of the kind in their new order: of functions, tables, memories, globals and tags
    // those that are not imported, of types whole groups with what they name before them.
    const u32 *order[ITEM_COUNT];
    // By function: those of its locals that are no parameters and stay, in their new order; NULL:
    // as they were.
    const u32 *const *local_order;
    // For module_unused: active element and data segments that are no beginning, but are there as
    // long as the table or memory, which is not imported.
    const u8 *weak[ITEM_COUNT];
    // Likewise: types are there as whole recursion groups, of which they are others without one.
    bool groups;
    // Likewise: constant expressions that make objects are beginnings, since one may trap.
    bool constants_trap;
    const DataPiece *pieces;        // active data segments behind those of the module
    u32 piece_count;
} Edit;

// Behind what is in `out`, whose arena need not be armed. False: *diag says why.
bool module_encode(const Module *m, const Edit *edit, Buf *out, Diag *diag);

// What could be left out as well, because nothing that is left refers to it: exports, the start
// function and active segments are what begins, if they are not weak. out[kind] has a flag by
// index, in the arena.
bool module_unused(const Module *m, const Edit *edit, Arena *arena, u8 *out[ITEM_COUNT],
                   Diag *diag);

// How often something names each of a kind: definitions, bodies, exports, the start function, and
// active segments what they write to. out[kind] has a count by index, in the arena.
bool module_uses(const Module *m, Arena *arena, u32 *out[ITEM_COUNT], Diag *diag);

// The type's index in the module that defines it; UINT32_MAX: decoding made it up.
typedef struct {
    TypeId first;
    u32 span, *at;
} TypeIndexes;
void type_indexes_init(TypeIndexes *t, const Module *m, Arena *arena);
u32 type_index_of(const TypeIndexes *t, TypeId id);

// Code that gives a value of the type: zero, or null; `unreachable` where there is none.
void encode_default(Buf *out, const TypeIndexes *t, Type type);
void encode_value_type(Buf *out, const TypeIndexes *t, Type type);
void encode_limits(Buf *out, const Limits *limits); // of a table or memory
void encode_block_type(Buf *out, const ImmBlock *type); // which names an index
void encode_op(Buf *out, Op op);

// A body that traps at once: no locals, unreachable, end. It suits every type.
extern const Bytes encode_trap_body;
