// heap.h -- what references other than to functions refer to: objects in one reservation of the
// store. A reference is an offset into it, a multiple of 8; no object is at 0, which is null. Of
// types any and extern it may also be odd: an i31, whose value is in the other bits. Structures and
// arrays are in object.h.
//
// Nothing in an object is an address. Each begins with a head: the id of its type << 6, and six
// bits of flags, which are the collector's. What belongs to the host is in tables beside the heap,
// by numbers: tags, and values of the host's.
#pragma once

#include "run/gc/blocks.h"
#include "run/instance.h"

typedef struct Position Position; // see exec.h

enum {
    HEAD_BITS = 6,
    // It has references, was looked through, and nothing was stored into it since: who does that
    // calls heap_log before (gc/collect.h).
    HEAD_OLD = 1,
    HEAD_CARDED = 2, // the same goes for each CARD_ITEMS of its items: it stays HEAD_OLD
    HEAD_FLAGS = (1 << HEAD_BITS) - 1,
};

// What was thrown: behind references of type exn. spec: exec/runtime, exception instances
typedef struct {
    u32 head;     // the function type of its tag
    u32 tag;      // which of the store's
    u64 values[]; // as many slots as that has for parameters
} Exception;

static inline u32 exception_size(const TypeDef *type)
{
    return (u32)(sizeof(Exception) + type->param_slots * sizeof(u64));
}

// What stands for a value of the host's: behind references of type extern.
typedef struct {
    u32 head;     // TYPE_ID_HOST
    u32 index;    // of the store's table of them
} HostValue;

#define HOST_ENDED 1u
#define HOST_NONE UINT32_MAX

// Values of the host's, each there once: found by index, and by value.
typedef struct {
    struct HostEntry {
        u64 value;
        Ref ref;      // REF_NULL: this one is free; HOST_ENDED: nobody refers to it any more
        u32 next;     // with the same hash, or free; or HOST_NONE
    } *entries;
    u32 *buckets;     // cap of them: index of an entry, or HOST_NONE
    u32 free;         // the first, or HOST_NONE
    bool tells_ends;  // those that ended are kept until somebody asks
    bool fresh;       // some were made since the last collection
    u32 ended;        // how many there are
    u32 look;         // none is below
    u32 count, cap;   // cap is a power of two, or 0
} HostTable;

static inline bool ref_is_i31(Ref ref) { return ref & 1; }
// Does the collector look after what it names? Of collected types, that is.
static inline bool ref_is_object(Ref ref) { return ref && !ref_is_i31(ref); }

// At a limit, where so much is wanted: is it worth it to collect? Nobody does that for a little,
// again and again: some of the limit must have been taken since the last time (Store.made), or
// refused, as it is where the answer is no.
enum { HEAP_WORTH = 32 }; // of the limit
bool heap_worth(Store *store, StoreLimit which, u64 wanted);

// An external value of the host as a reference, never null; as long as that lives, for the same
// value the same. For what the host does, or a host function. 0: out of memory.
Ref ref_new_extern(Store *store, u64 value);
// So many of the store's handles, for references that the host has. If there are too few left some
// values of the host's may have been let go: then it collects. False: the limit is met.
bool handles_take(Store *store, u32 count);
// One that ended, which is then forgotten; none that came back in the meantime. False: there is
// none.
bool hosts_take_ended(Store *store, u64 *value);
// Is it a reference to one? For those that may also be other things.
bool ref_is_extern(const Store *store, Ref ref);
u64 ref_extern_value(const Store *store, Ref ref);

// An exception with copies of its values, which stay where they are meanwhile. `from`: see
// heap_alloc. 0: out of memory.
Ref ref_new_exception(Store *store, const Position *from, const Tag *tag, const u64 *values);
const Exception *ref_to_exception(const Store *store, Ref ref);
// Whatever a guest wrote there, with all its values. NULL: it is none that was thrown.
const Exception *ref_find_exception(const Store *store, Ref ref);
const Tag *exception_tag(const Store *store, const Exception *e);
const TypeDef *exception_type(const Store *store, const Exception *e);

// What has no mark is gone, after a minor collection or a major one.
void hosts_swept(Store *store, bool major);

void hosts_free(Store *store);

// Gives `count` tags in a row their numbers. False: out of memory.
bool tags_number(Store *store, Tag *tags, u32 count);
// They go, and no exception is of one of them.
void tags_drop(Store *store, const Tag *tags, u32 count);
