// wasm_c.h -- what is behind wasm.h: things, types, values.
//
//     wasm_store_t --- things by kind and item -------.
//       | weft_store                                  v
//       |  '-- Func, Memory, ...  <---- item --- wasm_ref_t   owners, host info
//       |  '-- externref  ------ pointer ------------^
//
// A thing is there once, however many references to it the host has: a copy counts, and two
// references are the same if they are one pointer. It is a wasm_ref_t whatever the host calls it
// (wasm_func_t, wasm_extern_t, ...), so those conversions are casts. A thing that nobody owns stays
// as long as a guest holds it, as an externref, or its item has host info, which is the item's.
//
// A store that was deleted is NULL here as soon as that begins; what is left of it is told by that,
// and keeps wasm_store_t until it is deleted too.
#pragma once

#include "api/api.h"
#include "wasm.h"

typedef enum {
    THING_other,    // an object of the guest's, by a handle
    THING_trap,
    THING_foreign,
    THING_module,   // item: weft_module, of which it has a count
    THING_instance, // item: Instance
    THING_func,     // from here on externals; items: Func, Global, ...
    THING_global,
    THING_table,
    THING_memory,
    THING_tag,
} ThingKind;

struct wasm_ref_t {
    wasm_store_t *store;
    wasm_ref_t *next;     // with the same hash
    wasm_ref_t *older, **link; // all that are listed, and what points here
    void *item;           // of trap, foreign and other: itself
    u32 count;            // owners among the host's
    u8 kind;              // ThingKind
    bool listed;          // its store knows it
    bool guest;           // its address is an externref of the store's
    void *info;           // the host's
    void (*finalizer)(void *info);
    weft_ref handle;      // THING_other
};

struct wasm_frame_t {
    wasm_ref_t *instance;
    u32 func;
    size_t func_offset, module_offset;
};

struct wasm_trap_t {
    wasm_ref_t ref;
    char *message;        // with its NUL
    size_t size;
    wasm_frame_t *frames; // innermost first
    u32 frame_count;
};

struct wasm_store_t {
    weft_store *weft;     // NULL: it was deleted
    size_t users;         // who made it, and things
    u32 running;          // calls that may come back to the host
    bool doomed;          // it was deleted within one
    wasm_ref_t *newest;   // of all things
    wasm_ref_t **buckets;
    u32 count, cap;       // things; buckets, a power of two
    wasm_trap_t *thrown;  // by a host function, on its way to who called the guest; owned
    const wasm_trap_t *last; // that the last call ended in
    wasm_trap_t spare;    // for when there is no memory for one
};

// Around all that may come back to the host. The store is there until leave returns.
void store_enter(wasm_store_t *store);
void store_leave(wasm_store_t *store);
void store_let_go(wasm_store_t *store); // one user less

// ---- Things

// The caller owns what these give. NULL: out of memory. By its item; a new one, of so many bytes.
wasm_ref_t *thing_of(wasm_store_t *store, ThingKind kind, void *item);
wasm_ref_t *thing_new(wasm_store_t *store, ThingKind kind, void *item, size_t size);
wasm_ref_t *thing_copy(const wasm_ref_t *thing);
void thing_delete(wasm_ref_t *thing); // NULL is fine
static inline bool thing_is_external(const wasm_ref_t *thing) { return thing->kind >= THING_func; }
// The store ends: host info is told, and all things are on their own.
void things_let_go(wasm_store_t *store);
void thing_told(void *store, void *thing); // that no guest holds it any more

// An external as weft.h has it, of a store that is there.
weft_extern thing_extern(const wasm_ref_t *thing);
wasm_ref_t *thing_of_extern(wasm_store_t *store, const weft_extern *item);

// ---- Types

wasm_valkind_t kind_of(weft_type type);
bool kind_in(wasm_valkind_t kind, weft_type *out); // false: of that nothing is made
// NULL: out of memory.
wasm_externtype_t *externtype_of(const weft_item_type *type);

// ---- Values. What is refused has *why say so, in words that end a message.

bool ref_in(wasm_store_t *store, wasm_ref_t *ref, weft_type want, weft_val *out, const char **why);
bool val_in(wasm_store_t *store, const wasm_val_t *val, weft_type want, weft_val *out,
            const char **why);
// Of the declared type. False: out of memory, and *out is null.
bool val_out(wasm_store_t *store, weft_type type, const weft_val *val, wasm_val_t *out);

// ---- Traps

enum { FRAMES_MOST = 1000 }; // that a trap keeps
// Never NULL; the caller owns it.
wasm_trap_t *trap_of(wasm_store_t *store, const char *message, size_t len);
wasm_trap_t *trap_refused(wasm_store_t *store, const char *fmt, ...) PRINTF_LIKE(2, 3);
// Why a call of the store's failed, by what weft.h said of it: a trap that was thrown is that one.
wasm_trap_t *trap_end(wasm_store_t *store, weft_status status, const weft_diag *diag);
// What a host function returns that ended in this trap, which it takes over.
weft_status trap_throw(wasm_store_t *store, weft_caller *caller, wasm_trap_t *trap);
void trap_drop(wasm_trap_t *trap);    // what is in it
