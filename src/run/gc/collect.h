// collect.h -- which objects are still wanted, and room for new ones.
//
// All is marked that can be reached from: globals, tables and undropped segments of collected
// types; the exception that nobody caught, or that is on its way; values that C code holds
// (HeldRefs); frames, and parameters of host functions, of a guest that runs, is parked, or was
// stopped and may go on.
//
// A minor collection leaves the marks of the last one, and looks for new objects: those without.
// An old one may have references to them only if one was stored since: that is why whoever stores a
// collected reference into an object asks first whether it is old.
//
//     if (head & HEAD_OLD) heap_log(x, object, first, count);
//
// A major one finds all that could be reached when it began, with marks of its own, a slice at a
// time; in between the program goes on, and there are minor ones. Who stores to an old object hands
// what that referred to over to it, by the same call. Then its marks take the place of the others.
#pragma once

#include "run/exec.h"
#include "run/heap.h"

// Room for an object of `size` bytes where nobody has to look for it. 0: there is none.
static inline Ref heap_alloc_at_hand(Exec *x, u32 size)
{
    if (UNLIKELY(x->alloc_end - x->alloc < size || size > OBJECT_MOST)) return REF_NULL;
    x->alloc += size;
    return x->alloc - size;
}

// Makes room for an object of `size` bytes, which the caller fills in before it does anything else.
// It may collect before: then `from` is where the guest stands whose frames and host calls go on,
// or NULL. 0: out of memory, and all is as it was; store_short says whether that was the limit.
Ref heap_alloc(Store *store, const Position *from, u32 size);

// An object that is HEAD_OLD is about to be stored to: of an array so many items from the first
// on, which it has; of a structure these do not matter. Nothing that is collected may come in
// between.
void heap_log(Exec *x, Ref object, u32 first, u32 count);

// The same where it may be old or new, and may have no references.
void heap_barrier(Exec *x, Ref object, u32 first, u32 count);
// Whatever else an object's references go to, from here on: it is to have none.
void heap_hand_over(Store *store, Ref object);
// The host has a reference again that it got from nobody: to a value of its own.
void heap_found_again(Store *store, Ref ref);

// Something that was done, for who wants to know (Store.collected).
typedef enum {
    COLLECTION_minor,
    COLLECTION_slice, // of a major one
    COLLECTION_major, // its end, with a minor one; or all of it
} CollectionKind;

struct Collection {
    CollectionKind kind;
    u64 ns;             // how long that took, and the guest waited
    u64 before, after;  // bytes of what had been found last time with all that was made since; of
                        // what was found. Of a slice: that lived when all had been found last, and
                        // that it and those before found
    u64 budget;         // that may be made before the next
    u32 held;           // blocks that have memory
};

// Collects all that it can, now. False: there was no memory to find out what frames hold; or an
// initial value is computed, or a finalizer runs.
bool heap_collect(Store *store, const Position *from);

// All that lived through the last collection, and was not made since, in the order of references.
void heap_each(Store *store, void (*visit)(void *env, Ref ref), void *env);

// Is it known what frames hold, from there on and where guests are parked? Makes the maps that say
// so.
bool heap_can_look(Store *store, const Position *from);

// Tests, under Store.gc_stress: what is done before an object is made. `from`: see heap_alloc.
void heap_stress(Store *store, const Position *from);

// How many objects lived through the last collection, and their bytes.
void heap_living(const Store *store, u64 *objects, u64 *bytes);
