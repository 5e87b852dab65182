// fuse_code.h -- functions of a module that is being made: instructions one by one, by the table of
// instructions. Letters for types are those of component.def: i l f d. All of it writes to f->b.
#pragma once

#include "binary/encode.h"
#include "component/abi/fuse.h"

// A call of a function of the module's own, whose number is not known before all imports are.
typedef struct { size_t at; u32 func; } OwnCall;

typedef struct {
    Buf code;
    u8 *letters;             // of parameters and locals
    u32 count, cap, params;
    u32 *idle[4];            // locals that nobody uses, by letter
    u32 idle_count[4], idle_cap[4];
    OwnCall *calls;
    u32 call_count, call_cap;
    u32 crossing;            // the local that has it
} Body;

// A helper is what its key says; of copy `a` and `b` are types, as each side calls it.
typedef enum { HELPER_copy, HELPER_string, HELPER_ascii, HELPER_realloc } HelperWhat;
typedef struct { u32 what, a, b; FuseSide from, to; } HelperKey;

typedef struct {
    Body *body;
    const char *name;        // of a helper
    Bytes of;                // of an adapter
    u32 type;
    bool bad;                // it came with what was refused
    HelperKey key;
} FuseFunc;

typedef struct { FuseImport import; u32 index, type; } FuseImported;

struct Fuser {
    Arena *arena;
    FuseWorld world;
    const CTypes *types;
    Map type_map, import_map, helper_map;
    Map seen;                // keys of copies that stand somewhere
    Bytes *sigs;             // parameters _ results
    u32 sig_count, sig_cap;
    FuseImported *imports;   // with their numbers in the index spaces
    u32 import_count, import_cap;
    u32 counts[EXTERN_COUNT];
    FuseFunc *funcs;         // of its own; the first are adapters, in their order, or not
    u32 func_count, func_cap;
    u32 *adapters;
    u32 adapter_count, adapter_cap;
    u32 *waiting;            // helpers that are to be written
    u32 waiting_count, waiting_cap;
    size_t made;             // bytes of code, also of what was refused
    bool refused;
    Body *b;                 // the function that is written
};

// ---- Instructions

static inline void put(Fuser *f, Op op) { encode_op(&f->b->code, op); }
void put_u(Fuser *f, Op op, u64 immediate);
void put_i32(Fuser *f, u32 value);
void put_i64(Fuser *f, u64 value);
static inline void get(Fuser *f, u32 local) { put_u(f, OP_local_get, local); }
static inline void set(Fuser *f, u32 local) { put_u(f, OP_local_set, local); }
static inline void tee(Fuser *f, u32 local) { put_u(f, OP_local_tee, local); }
void put_block(Fuser *f, Op op); // without values
static inline void put_end(Fuser *f) { put(f, OP_end); }
void put_access(Fuser *f, Op op, const FuseSide *side, u32 offset);
void put_size(Fuser *f, const FuseSide *side); // of its memory, in bytes: an i64
void put_copy(Fuser *f, const FuseSide *to, const FuseSide *from);
u32 take_local(Fuser *f, u8 letter); // what is in it is not known
u32 zero_local(Fuser *f, u8 letter);
void free_local(Fuser *f, u32 local);
// A number as one of another type: of a float its bits, of what is smaller zeros above.
void put_convert(Fuser *f, u8 have, u8 want);
static inline u8 address_letter(const FuseSide *side) { return side->wide ? 'l' : 'i'; }
// An i64 as an address of that side's, and back.
static inline void put_to_address(Fuser *f, const FuseSide *s)
{
    put_convert(f, 'l', address_letter(s));
}

// ---- What it calls and names

void call_runtime(Fuser *f, FuseImport import);
// With what is in these locals, and the result, if there is one, in another. An exception traps.
void call_core(Fuser *f, u32 slot, Bytes sig, const u32 *args, u32 result);
void call_own(Fuser *f, u32 func);
void put_global(Fuser *f, Op op, FuseKind kind, u32 instance, u32 which);
void set_flag(Fuser *f, FuseKind kind, u32 instance, bool value);
// If what is on the stack is not 0.
void fail_if(Fuser *f, Trap trap);

u32 begin_func(Fuser *f, Bytes sig);       // its parameters are the first locals
u32 find_helper(Fuser *f, HelperKey key, const char *name, Bytes sig);
static inline Bytes sig_of(const char *sig) { return (Bytes){(const u8 *)sig, strlen(sig)}; }

// ---- fuse_walk.c

// Where a value is, or goes: locals from that one on, or an address in one and the offset.
typedef struct { const FuseSide *side; bool flat; u32 local, offset; } Place;

// The type as each side calls it.
void fuse_value(Fuser *f, CType from_type, CType to_type, Place from, Place to);
// Size and alignment of a tuple; leaves where the next part stands in *at.
u32 fuse_next(const Fuser *f, Place *parts, CType t, Place *at);
void check_aligned(Fuser *f, u32 at, u32 align, Trap trap);
// Are so many bytes, in locals that are i64, in memory?
void check_within(Fuser *f, const FuseSide *side, u32 at, u32 size, Trap trap);
void write_copy(Fuser *f, const HelperKey *key);

// ---- fuse.c

// Locals: old address, old size, new size, all i64; the address goes into the first.
void call_realloc(Fuser *f, const FuseSide *side, u32 address, u32 old_size, u32 align, u32 size);

// ---- fuse_string.c

// From address and length on the stack, both i64, to those.
void call_string(Fuser *f, const FuseSide *from, const FuseSide *to);
void write_string(Fuser *f, const HelperKey *key);
void write_ascii(Fuser *f, const HelperKey *key);
