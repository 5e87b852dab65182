// abi.h -- what lifting and lowering values works with: one side of the border, and why it failed.
//
//     core values, memory --lift--> CValue          CValue --lower--> core values, memory
//
// A core value is 64 bits: those of an i32 or f32 are the lower half, and the upper one is nobody's
// when it is read, zeros when it is written. Addresses are offsets into the memory.
// spec: CanonicalABI/lifting and lowering context
#pragma once

#include "base/pace.h"
#include "component/type/ctype.h"
#include "weft_component.h"

typedef weft_cvalue CValue;
_Static_assert((int)WEFT_CVALUE_STRING == (int)CPRIM_string, "kinds are rows of component.def");
_Static_assert((int)WEFT_CVALUE_ERROR_CONTEXT == (int)CPRIM_error_context, "kinds are rows");
_Static_assert((int)WEFT_CVALUE_RECORD == (int)CPRIM_COUNT + (int)CFORM_record, "forms follow");
_Static_assert((int)WEFT_CVALUE_MAP == (int)CPRIM_COUNT + (int)CFORM_map, "forms follow");

typedef enum {
    FAULT_none,
#define FAULT(name, text) FAULT_##name,
#include "component/abi/fault.def"
    FAULT_COUNT
} AbiFault;
extern const char *const abi_fault_text[FAULT_COUNT];

// Read anew after everything that may run code of the guest's, which may move it and make it
// larger, never smaller.
typedef struct { u8 *base; u64 size; } AbiMemory;

// One more canonical option is one more field here.
typedef struct {
    const CTypes *types;
    AbiMemory *memory;
    bool wide;           // it has 64-bit addresses
    u8 encoding;         // COPTION_utf8, COPTION_utf16, COPTION_latin1_utf16
    // The guest's: may do with memory what it wants, and answer anything. False: it trapped.
    bool (*realloc)(void *env, u64 old, u64 old_size, u32 align, u64 size, u64 *at);
    // A handle of the guest's taken out of its table or lent, by the form of its type, and one put
    // there. False: *fault says why.
    bool (*lift_handle)(void *env, CType type, u32 index, u64 *handle, AbiFault *fault);
    bool (*lower_handle)(void *env, CType type, u64 handle, u32 *index, AbiFault *fault);
    void *env;
    const Pace *pace;    // asked within each MiB, of elements and bytes; NULL: to the end
    u64 work;            // done since it was asked
    Arena *arena;        // what is lifted lives there; an entry point arms it
    AbiFault fault;      // the first one
} Abi;

enum { ABI_MOST_BYTES = (1 << 28) - 1 }; // of strings and lists

static inline bool abi_fail(Abi *abi, AbiFault fault)
{
    if (abi->fault == FAULT_none) abi->fault = fault;
    return false;
}
static inline u32 abi_pointer_size(const Abi *abi) { return abi->wide ? 8 : 4; }
// The bit of a length that says UTF-16 in latin1+utf16.
static inline u64 abi_utf16_tag(const Abi *abi) { return (u64)1 << (abi->wide ? 63 : 31); }
bool abi_within(const Abi *abi, u64 at, u64 size);
// New room, checked: aligned, and in memory as it is then.
bool abi_reallocate(Abi *abi, u64 old, u64 old_size, u32 align, u64 size, u64 *at);


// Where a string came from decides how room for it is asked for: CValue.index of one that plain.c
// lifted. What a host makes is UTF-8.
typedef enum { SOURCE_utf8, SOURCE_utf16, SOURCE_latin1, SOURCE_tagged_utf16 } StringSource;

typedef struct { u64 ptr, units; } AbiRange; // a string or list, as a guest knows it

// Bytes of a string or of numbers, anywhere. Those in a memory are looked for again after each
// call that may run code of a guest's.
typedef struct {
    const AbiMemory *memory; // NULL: of the host's, at `host`
    const u8 *host;
    u64 at, len;             // in bytes
    StringSource from;
} AbiBytes;
// NULL: the memory has no such bytes any more.
static inline const u8 *abi_bytes(const AbiBytes *b)
{
    if (!b->memory) return b->host;
    bool within = b->at <= b->memory->size && b->len <= b->memory->size - b->at;
    return within ? b->memory->base + b->at : NULL;
}

// Of so many bytes, what comes behind the last piece that somebody was asked for.
static inline u64 abi_last_piece(u64 bytes) { return bytes ? (bytes - 1) % PACE_BYTES + 1 : 0; }

// So many bytes were read, or as much as they are was done. False: who asked wants no more.
static inline bool abi_worked(Abi *abi, u64 bytes)
{
    abi->work += bytes;
    if (abi->work < PACE_BYTES) return true;
    abi->work = 0;
    return !pace_ended(abi->pace) || abi_fail(abi, FAULT_interrupted);
}

// ---- string.c

// What a guest says of a string in memory, checked; its characters are not.
bool abi_string_of(Abi *abi, u64 ptr, u64 tagged_code_units, AbiBytes *string);
// Into the arena, as UTF-8.
bool abi_load_string(Abi *abi, const AbiBytes *string, CValue *value);
// Into memory, in the encoding that is asked for, where realloc gives room.
bool abi_store_string(Abi *abi, const AbiBytes *string, AbiRange *range);

// From one encoding to another, which are Codes of base/transcode.h: to the end of the source or of
// the room, or to what is no character of the target's. `whole`: that was all.
typedef struct { u64 read, written; bool whole; AbiFault fault; } AbiTranscoded;
AbiTranscoded abi_transcode(const Pace *pace, u32 from, const u8 *source, u64 len, u32 to,
                            u8 *target, u64 room);
// UTF-16 becomes Latin-1 where it stands, of so many bytes. UINT64_MAX: it is none.
u64 abi_narrow(u8 *utf16, u64 len);
void abi_widen(u8 *latin1, u64 count); // and back, where there is room for it

// ---- lift.c, lower.c

// Of parameters or results, of which no more than max_flat core values are passed as such: else
// core[0] says where they are. False: abi->fault says why; a guest's handles are as they are then.
bool abi_lift(Abi *abi, u32 max_flat, const u64 *core, const CType *ts, u32 count, CValue *values);
// `core` has room for max_flat, or for one; *core_count are written. out_param: where the values go
// that are too many, or NULL: they get new room, and core[0] says where.
bool abi_lower(Abi *abi, u32 max_flat, const CValue *values, const CType *ts, u32 count,
               const u64 *out_param, u64 *core, u32 *core_count);
// Is all of it a value of the type?
bool abi_check(const CTypes *types, CType t, const CValue *value, AbiFault *fault);
