// type.h -- types as one word each, and the store that makes equal types the same word.
//
//   31   30   29    28       27 ....... 0
//   ref  null exact concrete heap         a reference; heap: TypeId if concrete, else a HEAP_ code
//   0    0    0     0        TYPE_i32...  numbers, vectors, packed types
//
// A defined type gets its TypeId when its recursion group is interned in a TypeStore: two
// types are equal exactly if their ids are, whichever modules they came from. So after decoding
// nothing refers to a module's type indices any more, and matching is a comparison or a look at a
// supertype chain.
// spec: valid/conventions, valid/matching
#pragma once

#include "base/arena.h"
#include "base/buf.h"

typedef u32 Type;   // a value or storage type
typedef u32 TypeId; // a defined type; below 2^26

enum {
    TYPE_bottom, // below every type: operands of unreachable code
#define NUMBER(name, text, code) TYPE_##name,
#define PACKED(name, text, code) TYPE_##name,
#include "op/type.def"
    TYPE_NUMBER_COUNT
};

typedef enum {
#define HEAP(name, text, ref, code, since) HEAP_##name,
#include "op/type.def"
    HEAP_COUNT
} Heap;

#define TYPE_REF 0x80000000u
#define TYPE_NULL 0x40000000u
#define TYPE_EXACT 0x20000000u     // custom descriptors: exactly this type, no subtype
#define TYPE_CONCRETE 0x10000000u  // heap is a TypeId
#define TYPE_HEAP_BITS 0x0fffffffu
#define TYPE_ID_REC 0x08000000u    // in a TypeId before interning: the n-th member of this group
#define TYPE_NONE UINT32_MAX       // no TypeId

static inline bool type_is_ref(Type t) { return (t & TYPE_REF) != 0; }
static inline bool type_is_null(Type t) { return (t & TYPE_NULL) != 0; }
static inline bool type_is_concrete(Type t) { return (t & TYPE_CONCRETE) != 0; }
static inline TypeId type_id(Type t) { return t & TYPE_HEAP_BITS; }
static inline Heap type_heap(Type t) { return (Heap)(t & TYPE_HEAP_BITS); }
static inline Type type_ref(bool null, Heap heap)
{
    return TYPE_REF | (null ? TYPE_NULL : 0) | (u32)heap;
}
static inline Type type_ref_to(bool null, TypeId id)
{
    return TYPE_REF | (null ? TYPE_NULL : 0) | TYPE_CONCRETE | id;
}
static inline bool type_is_packed(Type t) { return t == TYPE_i8 || t == TYPE_i16; }
static inline bool type_is_vector(Type t) { return t == TYPE_v128; }
static inline Type type_unpacked(Type t) { return type_is_packed(t) ? TYPE_i32 : t; }
static inline bool type_is_defaultable(Type t) { return !type_is_ref(t) || type_is_null(t); }
// 8-byte slots it takes in a frame
static inline u32 type_slots(Type t) { return t == TYPE_v128 ? 2 : 1; }

typedef enum { COMP_func, COMP_struct, COMP_array, COMP_cont } CompKind;

typedef struct {
    Type type; // may be packed
    u32 mutable : 1;
    u32 at : 31; // bytes from an object's start; of an array's elements: of the first one
} FieldType;

// There can be millions, so they are small.
typedef struct {
    u8 kind;                // CompKind
    u8 depth;               // how many supertypes are above it, at most 63
    bool final;
    bool defaultable;       // struct: all its fields are
    TypeId super;           // TYPE_NONE if there is none
    TypeId describes, descriptor; // custom descriptors; TYPE_NONE if there is none
    u16 param_count, result_count; // func
    union {
        struct { u16 param_slots, result_slots; }; // func: 8-byte slots that they take
        // of a structure that has a descriptor so many fields come first: those of supertypes
        // without one
        u32 plain_fields;
    };
    union {
        const Type *params; // func: and its results behind them
        const FieldType *fields;
    };
    u32 field_count;        // struct: its fields, without the descriptor; array: 1
    TypeId cont;            // cont: the function type
} TypeDef;
// No sum of nothing and nothing, which C leaves open.
static inline const Type *type_results(const TypeDef *def)
{
    return def->param_count ? def->params + def->param_count : def->params;
}

// Of a structure or an array: how its objects lie in a heap. Each begins with a head of four bytes;
// an array's length is behind that. A field stands at a multiple of its size, of 8 at most, where
// there is room first, and the order of fields alone decides: so a subtype, which begins with the
// fields of its supertype, has them where that has them, and its own fill the gaps. Where objects
// have a descriptor that is a field too, the first that the topmost supertype with one adds.
typedef struct {
    u32 size;      // of all of it, a multiple of 8; of an array without elements
    u16 ref_words; // 0: there are no references to what is collected
    u16 slots;     // that the fields take in a frame, with the descriptor
    u32 refs[];    // a bit for each 4 bytes: one stands there; of an array bit 0: in all elements
} TypeLayout;
// The descriptor stands behind the other fields, in the store, and as an operand.
static inline u32 type_stored_fields(const TypeDef *def)
{
    return def->field_count + (def->descriptor != TYPE_NONE);
}
static inline const TypeLayout *type_layout(const TypeDef *def)
{
    return (const TypeLayout *)(def->fields + type_stored_fields(def));
}
// log2 of the bytes that a value takes in an object
static inline u32 type_log2(Type t)
{
    static const u8 sizes[TYPE_NUMBER_COUNT] = {
        [TYPE_i8] = 0, [TYPE_i16] = 1, [TYPE_i32] = 2, [TYPE_f32] = 2,
        [TYPE_i64] = 3, [TYPE_f64] = 3, [TYPE_v128] = 4};
    return type_is_ref(t) ? 2 : sizes[t];
}

// One per engine. Any number of threads may intern, give back and look up. Recursion groups are
// counted: who got an id by interning holds a count of its group, until it gives it back; a group
// holds those that it names. One that nobody holds goes, and its ids are given out again. So who
// looks an id up, which takes no lock, must hold it, or something that does.
typedef struct TypeStore TypeStore;
TypeStore *type_store_new(void); // NULL: out of memory
// One for tools, that gives every definition an id of its own, so that it remains visible which of
// several equal types a module names. They still match each other, and stay until the store goes.
// To be used for one module only.
TypeStore *type_store_new_distinct(void);
// after all who hold its types, but for those who will give none back
void type_store_free(TypeStore *store);

// Interns a group of `count` types. Where members name each other the id is TYPE_ID_REC | position;
// all other ids are canonical, and held by the caller. The fields depth, *_slots, plain_fields and
// defaultable are filled in by the store, so are the places of fields, and the layout behind them.
// `group` and what it points to are copied. *first is the id of the first member, the rest follow;
// the caller holds a count of it. False: out of memory, or of ids, and *first is as it was. The
// members' supertypes must come earlier in the group or be canonical, with depth 62 at most.
bool type_store_intern(TypeStore *store, const TypeDef *group, u32 count, TypeId *first);
// Is it that the account has no room for so many?
bool type_store_full(const TypeStore *store, u32 count);
// The same for a group that is made one by one, in the memory where it may stay. Begin, then fill
// in what type_draft_at gives, zeroed; intern and drop end it, intern whatever it answers. A draft
// is one thread's.
typedef struct {
    TypeStore *store;
    TypeDef *defs;
    u32 count;
} TypeDraft;
bool type_draft_begin(TypeDraft *draft, TypeStore *store, u32 count); // false: out of memory
static inline TypeDef *type_draft_at(const TypeDraft *draft, u32 place)
{
    return &draft->defs[place];
}
bool type_draft_intern(TypeDraft *draft, TypeId *first);
void type_draft_drop(TypeDraft *draft);
// One more count of the group of a type that somebody holds.
void type_hold(TypeStore *store, TypeId id);
// Is it an id that somebody holds? For those that come from outside.
bool type_known(TypeStore *store, TypeId id);
// Gives counts back: one for each group in `ids`, where the members of one stand in their order.
void type_give_back(TypeStore *store, const TypeId *ids, u32 count);
// ids: those that were ever given out, of which `free` are free
typedef struct { u32 groups, free, ids; } TypeCounts;
TypeCounts type_store_counts(TypeStore *store);

// What is looked up, by id. The display has the type itself and its supertypes, of depth 0 to 3,
// each as its id << 6; the rest is all ones. In a store of distinct types it has the first that is
// equal. Where size counts there is none, and no more than 2^16 ids.
enum { TYPE_DISPLAY = 4, TYPE_ID_FIRST = 16 }; // ids below name no type, so 0 can mean "none yet"
// And that is what objects for values of the host's, and for continuations, have for one.
enum { TYPE_ID_HOST = 1, TYPE_ID_CONT = 2 };
#ifdef WEFT_MICRO
static const bool type_display = false;
#define TYPE_RECORD_SUPERS 0
#else
static const bool type_display = true;
#define TYPE_RECORD_SUPERS TYPE_DISPLAY
#endif
typedef struct {
    _Alignas(8) union {
        u32 supers[TYPE_RECORD_SUPERS];
        struct { u32 next_free, prev_free; };
    };
    const TypeDef *def;     // NULL: a block of free ids starts here, or nothing
    // of a group's first type: the group behind it in the table; of its second: next is how many it
    // has
    u32 next, hash;
    union {
        u32 refs;           // of a group's first type: how many hold it
        TypeId canon;       // in a store of distinct types: the first that is equal
    };
    u8 kind, depth;
    // log2 of the size of the block of ids, which starts at a multiple of that
    u8 order;
} TypeRecord;
struct TypeStore {
    TypeRecord *records;    // where it is never changes
    u32 committed;          // ids that have a record in memory; it grows, also while others look
    Account *account;       // what counts the types that there are; NULL: nobody
    bool whole;             // whatever 26 bits are, a record of that id is in its reservation
    bool distinct;
};                          // and more, for those who change it: type.c

// Never fails for an id that is held. The result lives as long as that.
static inline const TypeDef *type_def(const TypeStore *store, TypeId id)
{
    return store->records[id].def;
}

// Of any number whatever, of which nobody says that it is held: NULL if there is no such type.
static inline const TypeDef *type_def_any(const TypeStore *store, TypeId id)
{
    u32 end = __atomic_load_n(&store->committed, __ATOMIC_ACQUIRE);
    return id < end ? store->records[id].def : NULL;
}

// The group of a type: ids first .. first + count - 1.
static inline TypeId type_group_first(const TypeStore *store, TypeId id)
{
    return id & -(1u << store->records[id].order);
}
static inline u32 type_group_count(const TypeStore *store, TypeId id)
{
    return store->records[id].order ? store->records[type_group_first(store, id) + 1].next : 1;
}

// Of a type and its supertypes the one at that depth, which is its own at most. 0 is the root. In a
// store of distinct types it may be one that is equal.
TypeId type_super_at(const TypeStore *store, TypeId id, u32 depth);
bool type_id_matches_deep(const TypeStore *store, TypeId sub, TypeId super);
static inline bool type_id_matches(const TypeStore *store, TypeId sub, TypeId super)
{
    if (sub == super) return true;
    const TypeRecord *above = &store->records[super];
    if (!type_display || above->depth >= TYPE_DISPLAY)
        return type_id_matches_deep(store, sub, super);
    // rule: Deftype_sub/super
    return store->records[sub].supers[above->depth] == above->supers[above->depth];
}
// valid/matching: is every value of type `sub` one of type `super`? TYPE_bottom matches all.
bool type_matches(const TypeStore *store, Type sub, Type super);
bool heap_matches_top(const TypeStore *store, Type ref, Heap top);
// The topmost heap type above a reference type: any, extern, func, exn or cont.
Heap type_top(const TypeStore *store, Type ref);
// Does the collector look after it? All but functions, which are numbers.
static inline bool type_is_collected(const TypeStore *store, Type t)
{
    return type_is_ref(t) && type_top(store, t) != HEAP_func;
}
// The lowest: none, noextern, nofunc, noexn or nocont.
Heap type_bottom_heap(const TypeStore *store, Type ref);

// Words of the text format: "i32" and "i8"; "func"; "funcref".
extern const char *const type_number_text[TYPE_NUMBER_COUNT], *const type_heap_text[HEAP_COUNT],
                                                                  *const type_ref_text[HEAP_COUNT];
// "i32", "(ref null func)", "(ref 5)": into out, always NUL-terminated; concrete types are shown by
// their place in ids[0..count), which may be NULL. Returns out.
char *type_text(char *out, size_t size, Type type, const TypeId *ids, u32 count);
