// type.h -- types as one word each, and the store that makes equal types the same word.
//
//   31   30   29    28       27 ....... 0
//   ref  null exact concrete heap         a reference: heap is a TypeId if concrete, else a HEAP_ code
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
static inline Type type_ref(bool null, Heap heap) { return TYPE_REF | (null ? TYPE_NULL : 0) | (u32)heap; }
static inline Type type_ref_to(bool null, TypeId id) { return TYPE_REF | (null ? TYPE_NULL : 0) | TYPE_CONCRETE | id; }
static inline bool type_is_packed(Type t) { return t == TYPE_i8 || t == TYPE_i16; }
static inline bool type_is_vector(Type t) { return t == TYPE_v128; }
static inline Type type_unpacked(Type t) { return type_is_packed(t) ? TYPE_i32 : t; }
static inline bool type_is_defaultable(Type t) { return !type_is_ref(t) || type_is_null(t); }
static inline u32 type_slots(Type t) { return t == TYPE_v128 ? 2 : 1; } // 8-byte slots it takes in a frame

typedef enum { COMP_func, COMP_struct, COMP_array, COMP_cont } CompKind;

typedef struct {
    Type type; // may be packed
    bool mutable;
} FieldType;

typedef struct {
    u8 kind;                // CompKind
    u8 depth;               // how many supertypes are above it, at most 63
    bool final;
    bool defaultable;       // struct: all its fields are
    TypeId super;           // TYPE_NONE if there is none
    TypeId describes, descriptor; // custom descriptors; TYPE_NONE if there is none
    u32 rec_start, rec_count;     // its recursion group: ids rec_start .. rec_start + rec_count - 1
    const TypeId *supers;   // some of those above it: type_super_at
    const Type *params, *results;  // func
    u16 param_count, result_count; // func
    u16 param_slots, result_slots; // func: 8-byte slots that they take
    const FieldType *fields;
    u32 field_count;        // struct: its fields; array: 1
    TypeId cont;            // cont: the function type
} TypeDef;

// One per engine. Any number of threads may intern and look up. Types stay until the store goes.
typedef struct TypeStore TypeStore;
TypeStore *type_store_new(void); // NULL: out of memory
// One for tools, that gives every definition an id of its own, so that it remains visible which of
// several equal types a module names. They still match each other. To be used for one module only.
TypeStore *type_store_new_distinct(void);
void type_store_free(TypeStore *store);

// Interns a group of `count` types. Where members name each other the id is TYPE_ID_REC | position;
// all other ids are canonical. The fields depth, supers, rec_*, *_slots and defaultable are filled
// in by the store. `group` and what it points to are copied. *first is the id of the first member,
// the rest follow. False: out of memory. The members' supertypes must come earlier in the group or
// be canonical, with depth 62 at most.
bool type_store_intern(TypeStore *store, const TypeDef *group, u32 count, TypeId *first);
// The same for a group that is made one by one. A large one is made in the store, so that it is
// never there twice; `members` has room for a small one, zeroed, and is NULL for a large one.
// Begin, then fill in what type_draft_at gives; intern and drop end it, intern whatever it answers.
// A draft is one thread's.
enum { TYPE_DRAFT_LARGE = 4096 };
typedef struct {
    TypeStore *store;
    TypeDef *members;     // NULL: they are in the store, from `start` on
    u32 start, count;
} TypeDraft;
bool type_draft_begin(TypeDraft *draft, TypeStore *store, TypeDef *members, u32 count); // false: out of memory
TypeDef *type_draft_at(const TypeDraft *draft, u32 place);
bool type_draft_intern(TypeDraft *draft, TypeId *first);
void type_draft_drop(TypeDraft *draft);
// Never fails for an id the store gave out. The result lives as long as the store.
const TypeDef *type_def(const TypeStore *store, TypeId id);

// Of a type and its supertypes the one at that depth, which is its own at most. 0 is the root.
TypeId type_super_at(const TypeStore *store, TypeId id, u32 depth);
bool type_id_matches(const TypeStore *store, TypeId sub, TypeId super);
// valid/matching: is every value of type `sub` one of type `super`? TYPE_bottom matches all.
bool type_matches(const TypeStore *store, Type sub, Type super);
bool heap_matches_top(const TypeStore *store, Type ref, Heap top);
// The topmost heap type above a reference type: any, extern, func, exn or cont.
Heap type_top(const TypeStore *store, Type ref);
// The lowest: none, noextern, nofunc, noexn or nocont.
Heap type_bottom_heap(const TypeStore *store, Type ref);

// Words of the text format: "i32" and "i8"; "func"; "funcref".
extern const char *const type_number_text[TYPE_NUMBER_COUNT], *const type_heap_text[HEAP_COUNT],
                                                                  *const type_ref_text[HEAP_COUNT];
// "i32", "(ref null func)", "(ref 5)": into out, always NUL-terminated; concrete types are shown by
// their place in ids[0..count), which may be NULL. Returns out.
char *type_text(char *out, size_t size, Type type, const TypeId *ids, u32 count);
