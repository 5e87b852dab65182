// heap.h -- what references other than to functions refer to: objects in one reservation of the
// store. A reference is an offset into it, so that a confused one still points inside; no object is
// at 0, which is null.
#pragma once

#include "run/instance.h"

// What was thrown: behind references of type exn. spec: exec/runtime, exception instances
typedef struct {
    const Tag *tag;
    u64 values[]; // as many slots as the tag's type has for parameters
} Exception;

// An external value of the host as a reference, never null.
Ref ref_new_extern(Store *store, u64 value); // 0: out of memory
u64 ref_extern_value(const Store *store, Ref ref);

// An exception with copies of its values. 0: out of memory. It lives as long as the store.
Ref ref_new_exception(Store *store, const Tag *tag, const u64 *values);
const Exception *ref_to_exception(const Store *store, Ref ref);
