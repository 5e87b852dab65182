// handle.h -- what a component instance, or the host, knows of resources by a number.
//
//     0        1        2        3                  entries that are free are a list, the one
//     | never | own 7 | free  | borrow 7 | ...      that was freed last is used first
//
// spec: CanonicalABI/table state, resource state
#pragma once

#include "run/store.h"

// A call in which borrowed handles live: they have to be gone when it returns.
typedef struct { u32 borrows; } BorrowScope;

typedef struct {
    u64 rep;
    BorrowScope *scope;  // of a borrowed one
    u32 resource;        // its number in the plan; PLAN_NONE: the entry is free
    u32 lends;           // or the next that is free
    u32 serial;          // of those of the host: which it is, among all that had the place
    bool own;
} Handle;

enum { HANDLES_MOST = (1 << 28) - 1 };

// Lives in its store, and counts there.
typedef struct {
    Handle *items;
    u32 count, cap, free; // free: the first of the list, 0 none
} HandleTable;

// 0: there are too many, or memory is short: *trap says which.
u32 handle_add(Store *store, HandleTable *t, Handle h, Trap *trap);
Handle *handle_get(const HandleTable *t, u32 index); // NULL: there is none
void handle_remove(Store *store, HandleTable *t, u32 index); // one that is there
