// binding.h -- what the files for bindings share.
//
//     names.c    identifiers of C, by one rule and never twice
//     collect.c  world --> types in an order in which C can define them, functions, resources
//     types.c    types as C, and what frees their values
//     values.c   values between C and core values
//     glue.c     functions
//     bind.c     header and source
//
// A type in C has the layout that the canonical ABI gives it, so only what is passed without memory
// is converted. spec: CanonicalABI/alignment, element size, flattening
#pragma once

#include "component/bind/bind.h"
#include "component/type/flat.h"
#include "component/wit/encoder.h"

typedef struct BindType BindType;

// A type in C. What a name of WIT is an alias of stands in `alias`; all else is said of that.
struct BindType {
    const WitType *type;
    const BindType *alias;   // by another name; NULL: it is itself. Of a resource, `name` is that
                             // of handles that own, `rep` of those that are borrowed
    u32 number;
    CType layout;            // not of resources
    const char *name;        // as values are declared: uint8_t, w_string_t
    const char *stem;        // what its functions and constants begin with
    const char *word;        // in names of what is made of it
    BindType **parts;        // of fields, cases, elements; NULL: a case without
    u32 part_count;
    const char **constants;  // of cases and flags
    bool memory, owns;       // values hold allocated memory; handles
    bool exported;           // a resource that the guest defines, or a handle of one
    bool lowers, lifts, releases; // these functions are used
    const char *free;        // NULL: there is nothing to free
    // Of a resource, and what its functions are called:
    BindType *own, *borrow;
    const char *rep, *drop_own, *drop_borrow, *borrowed, *make, *look, *destructor;
};

typedef struct {
    const WitFunc *func;
    const char *name;
    BindType **params, *result; // NULL: none
    const char **param_names;
    CType args;                 // a tuple of all parameters, if they are passed in memory
    FlatSig sig;
} BindFunc;

// An interface that is imported or exported, or a function or type of the world itself.
typedef struct {
    const WitItem *item;
    bool exports;
    Bytes name;                 // outside; empty: the world
    const char *prefix;
    BindType **types;           // what it defines
    BindFunc *funcs;
    u32 type_count, func_count;
} BindItem;

typedef struct {
    Wit *wit;
    Arena *arena;
    const WitWorld *world;
    CTypes layouts;
    CType resource;
    Map taken;               // identifiers in the scope of files: the number that the next gets
    const char *prefix;      // of the world
    BindItem *items, *item;  // the one in hand
    u32 item_count;
    CIdMap instances;        // of interfaces: the item that is meant by it now
    CIdMap here;             // of types without a name, in this item: in `list`
    Map named, unnamed;      // types, by type and item, or by what they are made of
    BindType **list;         // each behind what it is made of
    u32 count, cap;
} Bind;

// ---- names.c
// As identifiers are written: small letters and '_'.
const char *bind_snake(Arena *arena, Bytes name);
const char *bind_capitals(Arena *arena, const char *name);
const char *bind_text(Arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);
// The first of BEGIN END, BEGIN_2 END, ... that is free; what stands in front of END.
const char *bind_claim(Bind *b, const char *begin, const char *end);
// Once all of these are known: a name of a member, or of a parameter.
const char *bind_member(Bind *b, Bytes name);
const char *bind_param(Bind *b, Bytes name);

// ---- collect.c
void bind_collect(Bind *b);
static inline const BindType *bind_base(const BindType *t) { return t->alias ? t->alias : t; }
// Numbers, handles, enums and flags; all others by pointer.
bool bind_by_value(const BindType *t);
static inline WitKind bind_kind(const BindType *t) { return bind_base(t)->type->kind; }
static inline const CLayout *bind_layout(const Bind *b, const BindType *t)
{
    return ctype_layout(&b->layouts, bind_base(t)->layout);
}

// ---- types.c
void bind_put(Buf *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
void bind_put_docs(Buf *out, const char *indent, Bytes docs);
void bind_put_type(Bind *b, const BindType *t, Buf *out);    // in the header
void bind_put_asserts(Bind *b, const BindType *t, Buf *out); // in the source, from here on
void bind_put_free(Bind *b, const BindType *t, Buf *out);

// ---- values.c
// The function will be there.
void bind_need_lower(BindType *t);
void bind_need_lift(BindType *t);
void bind_need_release(BindType *t);
void bind_put_helpers(Buf *out);
void bind_put_conversions(Bind *b, const BindType *t, Buf *out);
// `value` is an expression; slots are uint64_t from the pointer `slots` on.
void bind_put_lower(Bind *b, const BindType *t, const char *value, const char *slots, u32 at,
                    Buf *out);
void bind_put_lift(Bind *b, const BindType *t, const char *value, const char *slots, u32 at,
                   Buf *out);
// What has one core value and is passed as it is: as that, and from it.
void bind_put_core(const BindType *t, const char *value, Buf *out);
void bind_put_from_core(const BindType *t, const char *value, const char *core, Buf *out);
const char *bind_core_type(u8 letter);
const char *bind_slot_to_core(Arena *arena, u8 letter, const char *slot);
const char *bind_core_to_slot(Arena *arena, u8 letter, const char *core);

// ---- glue.c
void bind_put_prototype(Bind *b, const BindItem *item, const BindFunc *f, const char *end,
                        Buf *out);
void bind_put_func(Bind *b, const BindItem *item, const BindFunc *f, Buf *out);
void bind_put_resource(Bind *b, const BindItem *item, const BindType *t, Buf *out);
// What of types is used by it.
void bind_need(Bind *b, const BindItem *item, const BindFunc *f);
