// weft_object.h -- what the guest's references refer to, in the host's hands: handles, exact types,
// structures, arrays and exceptions. In addition to weft.h, by whose rules it goes: stores are used
// by one thread at a time, failures are in *diag, "spec:" names chapters of the specification.
//
//     weft_val cell;                              a guest made it: (struct (field i32) ...)
//     weft_scope scope;
//     weft_scope_open(store, &scope, &diag);
//     weft_call(store, make, args, 1, &cell, 1, &diag);        cell.type is WEFT_REF
//     weft_struct_get(store, cell.of.ref, 0, &head, &diag);    head.type is WEFT_I32
//     weft_scope_close(store, scope, &diag);                   the cell may be collected now

#ifndef WEFT_OBJECT_H
#define WEFT_OBJECT_H

#include <weft.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Handles ------------------------------------------------------------------------------------
//
// A weft_ref is a handle: it names a reference. What that refers to is not collected while the
// handle lives. Each time that a value is received it has another handle, also if the reference is
// the same: weft_ref_eq says whether two are.
//
//     made while a host function runs     lives until that function returns
//     made while a scope is open          lives until the scope is closed; the innermost counts,
//                                         and a host function's call is one
//     made otherwise                      is kept: lives until you release it
//
// Each takes one of the store's `handles`, and some 30 bytes. Null, functions (weft_func) and
// pointers of yours (WEFT_EXTERNREF) take none. All end with their store. A handle that does not
// live any more, of another store, or made up is refused (stale_reference, wrong_store), whatever
// has its place now.

// Keeps a handle beyond its scope, once more: it lives until it was released as often. Null is
// none. Errors: wrong_store, stale_reference; wrong_count: it is kept 2^32 - 1 times already.
WEFT_API weft_status weft_ref_keep(weft_store *store, weft_ref ref, weft_diag *diag);
// Takes back one weft_ref_keep, or what keeps a handle that was made outside of scopes. Null is
// none. Errors: wrong_store; stale_reference, also where its scope alone holds it.
WEFT_API weft_status weft_ref_release(weft_store *store, weft_ref ref, weft_diag *diag);

typedef struct weft_scope {
    uint64_t store;
    uint64_t scope;
} weft_scope;

// Takes one of `handles` itself while it is open. Errors: limit_handles, out_of_memory.
WEFT_API weft_status weft_scope_open(weft_store *store, weft_scope *out, weft_diag *diag);
// Ends the handles that were made in it and are not kept, and all scopes that were opened within
// it; what a host function leaves open ends when it returns. Errors: wrong_store; wrong_scope: it
// is closed already, or was opened before the host function that runs was called.
WEFT_API weft_status weft_scope_close(weft_store *store, weft_scope scope, weft_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
