// addon.h -- what the files of the addon share: one Addon for each environment of Node's, which is
// a thread with its JavaScript; its stores, and what they hold for JavaScript.
//
//     webassembly.js ---- primitives (primitive.def) ---- weft.h
//         |                                                 |
//         '------------ slots: one buffer for both ---------'
//
// Values cross in slots of 8 bytes, never as arguments. JavaScript writes those of a call just
// before it calls, and reads results just behind that, so one buffer serves calls within calls.
// Numbers are there as they are. What is more is a number that means something in a store:
//
//     function, item     its place among the store's items, from 1; 0 is null
//     externref          a place among the JavaScript values that the store's guests have, from 1
//     object, exception  its place among the references that JavaScript has, from 1; see value.c
//
// JavaScript owns stores and modules by externals; a store also lives while a buffer shows a memory
// of it.
#pragma once

#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <weft.h>
#include <weft_item.h>
#include <weft_link.h>
#include <weft_object.h>
#include <weft_snapshot.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

enum {
    SLOTS = 4096,          // more than twice what a call may have, 1,000 parameters and results
    SLOT_STATUS = SLOTS,   // of a function of JavaScript's: what it threw
    SLOT_ENDED,            // so many externrefs ended so far, of all stores
    SLOTS_ALL,
};
// What a resizable memory counts as beside its store, by its mappings, which are five.
enum { STORES_FOR_RESIZABLE = 2 };

enum { THREW_NOT, THREW_EXCEPTION, THREW_VALUE, THREW_TRAP, WAITS }; // a trap's message is in slots

// What JavaScript is asked about shared memories, in the order of the primitive `onShared`.
typedef enum { SHARED_GROW, SHARED_WAIT, SHARED_NOTIFY, SHARED_ASKS } SharedAsk;

// What ArrayBuffers have whose length changes, as it was before anybody put something else there.
typedef enum { BUFFER_RESIZE, BUFFER_RESIZABLE, BUFFER_ROOM, BUFFER_PARTS } BufferPart;

typedef struct Frame Frame;
typedef struct Worker Worker;
typedef struct Sentinel Sentinel;
struct JsStore;

typedef struct {
    napi_env env;
    unsigned users;        // the environment, stores, modules, and what shows the slots
    weft_engine *engine;
    const void *types;     // of the engine: see weft_deftype
    uint64_t *slots;
    napi_ref shown;        // what shows them to JavaScript
    struct Lent *lent;     // of all stores
    Sentinel *sentinel;    // the newest, or NULL
    bool ending;           // Node lets all buffers go, whoever has their bytes
    weft_diag why;         // of the last primitive that failed
    bool failed;           // it was not asked yet
    Frame *frame;          // the innermost call into a guest
    Worker *worker;        // or NULL
    struct JsStore *running; // of the innermost call: a worker's other thread looks at it
    napi_ref thrown;       // what JavaScript threw where nobody could take it; or NULL
    napi_ref shared[SHARED_ASKS];
    napi_ref buffer[BUFFER_PARTS]; // of ArrayBuffer.prototype; NULL: this Node has no such thing
} Addon;

// A call that may only take so long.
typedef struct Watch {
    struct Watch *next;
    weft_store *store;
    int64_t deadline;      // of CLOCK_MONOTONIC
    bool over;
} Watch;

// A call into a guest, which may call many functions of JavaScript's: handles that these leave are
// let go after some of them.
struct Frame {
    Frame *outer;
    struct JsStore *store;
    Watch watch;
    bool watched;
    napi_handle_scope scope;
    unsigned calls;
};

// A function of a guest that JavaScript calls.
typedef struct Callee {
    struct Callee *next;
    struct JsStore *store;
    weft_func func;
    weft_typed typed;      // where all are numbers
    bool quick;
    bool gives;            // references
    uint32_t param_count, result_count;
    uint8_t types[];       // of parameters, then of results: weft_type
} Callee;

// A function of JavaScript's that guests call.
typedef struct Host {
    struct Host *next;
    struct JsStore *store;
    napi_ref function;     // weak: the store's object holds it
    uint32_t param_count, result_count;
    uint8_t types[];
} Host;

// A buffer that shows a memory's own bytes, until Node says that nobody has these any more.
typedef struct Lent {
    struct Lent *next, **at;
    struct Shown *shown;   // NULL: the environment ended before Node said that
    bool away;             // JavaScript may have moved the bytes to another buffer
} Lent;

// What shows a memory.
typedef struct Shown {
    struct Shown *next;
    struct JsStore *store;
    uint32_t item;
    napi_ref buffer;       // weak; or NULL
    Lent *lent;            // what that is of; NULL: of other bytes, or nothing any more
    // If it was resizable at some time: where so many bytes of the memory are; or NULL.
    struct weft_buffer *bytes;
    uint64_t mapped;
} Shown;

typedef struct { uint64_t key; uint32_t value; } Entry; // 0: nothing there
typedef struct { Entry *entries; uint32_t count, cap; } Map;

// What the externals of JavaScript lead to says first what it is.
typedef enum { IS_STORE = 0x73746f72, IS_MODULE = 0x6d6f6475 } Kind;

typedef struct JsStore {
    Kind kind;
    Addon *addon;
    weft_store *store;
    unsigned users;        // its object, and buffers that show memories
    weft_extern *items;
    uint32_t item_count, item_cap;
    Map places;            // of items, by their address
    weft_ref *refs;        // kept; of those that are free the store is 0 and the handle the next
    uint32_t ref_count, ref_cap, ref_free;
    Map numbers;           // of references, by weft_ref_number
    uint32_t *ended;       // externrefs
    uint32_t ended_count, ended_cap;
    Callee *callees;
    Host *hosts;
    Shown *shown;
    struct SharedUse *shared;
    struct weft_task **tasks; // by their places; NULL: nobody is there
    uint32_t task_count;
    unsigned hosting;      // functions of JavaScript's that its guests called, and that run; scopes
    int64_t time_limit;    // nanoseconds of a call; 0: none
    unsigned depth;        // calls into its guests that have not returned
    bool in_task;          // the outermost of these is a task's
    bool stopping;         // JavaScript has asked for that, until the outermost of these has ended
    bool stopped;          // as its thread is to end
    int64_t told;          // bytes of memories that JavaScript's collector was told of
} JsStore;

typedef struct JsModule {
    Kind kind;
    Addon *addon;
    weft_module *module;
} JsModule;

// ---- addon.c

// Arguments of a primitive. `store` and `module` are NULL where the first is something else.
typedef struct {
    Addon *addon;
    size_t count;
    napi_value args[8];
    JsStore *store;
    JsModule *module;
} Call;

napi_value addon_fail(Addon *addon); // undefined; why is in addon->why
napi_value addon_short(Addon *addon); // out of memory
napi_value addon_refuse(Addon *addon, const char *name, const char *message);
void addon_release(Addon *addon);

JsStore *arg_store(const Call *call, size_t index);   // NULL: it is none
JsModule *arg_module(const Call *call, size_t index); // likewise
uint32_t arg_u32(const Call *call, size_t index);
uint64_t arg_u64(const Call *call, size_t index); // a number or a BigInt; UINT64_MAX: undefined
bool arg_bool(const Call *call, size_t index);
size_t arg_text(const Call *call, size_t index, char *out, size_t size);
// The bytes of a buffer, or a view of one. False: it is neither. `shared`: others may write to them
// at any time.
bool arg_bytes(const Call *call, size_t index, uint8_t **data, size_t *len, bool *shared);

napi_value make_u32(Addon *addon, uint32_t value);
napi_value make_u64(Addon *addon, uint64_t value); // a number, or a BigInt where that is not exact
napi_value make_bool(Addon *addon, bool value);
napi_value make_name(Addon *addon, weft_name name);
napi_value make_undefined(Addon *addon);
napi_value make_object(Addon *addon);
void set_field(Addon *addon, napi_value object, const char *name, napi_value value);

// False: out of memory, or there is none of this key.
bool map_set(Map *map, uint64_t key, uint32_t value);
uint32_t *map_find(const Map *map, uint64_t key);
void map_remove(Map *map, uint64_t key);

// ---- module.c

napi_value make_type(Addon *addon, const weft_item_type *type);
char type_letter(const weft_valtype *type);

// ---- store.c

void store_end(JsStore *store); // nobody uses it any more
static inline void store_use(JsStore *store) { store->users++; }
static inline void store_release(JsStore *store)
{
    if (!--store->users) store_end(store);
}
uint32_t item_place(JsStore *store, weft_extern item); // 0: out of memory
const weft_extern *item_at(const JsStore *store, uint32_t place, weft_kind kind); // NULL: none
// Of all threads. False: there are that many already. What takes mappings beside those of a store
// counts as so many stores.
bool stores_count(uint32_t more, weft_diag *why);
void stores_uncount(uint32_t fewer);
void store_tell(JsStore *store); // JavaScript's collector, of the memory it takes

// ---- value.c

typedef struct { weft_scope scope; bool is_open; } Loan;

// References that a guest is given are by handles, some of which are made for it. These end with
// the loan, which begins `anyway` or if there are some; what JavaScript has then of them is kept.
// False: the store has no more of them.
bool loan_begin(JsStore *store, const uint8_t *types, uint32_t count, bool anyway, Loan *loan);
void loan_end(JsStore *store, const Loan *loan);
bool value_in(JsStore *store, weft_type type, const uint64_t *slot, weft_val *out);
bool value_out(JsStore *store, const weft_val *value, uint64_t *slot);
// True, and the value in the first slot; or that there is none.
napi_value first_out(JsStore *store, weft_status status, const weft_val *value);
void ref_release(JsStore *store, uint32_t place);
bool ref_at(const JsStore *store, uint32_t place, weft_ref *out);
// Within a function of JavaScript's handles last until that returns: those that a primitive makes
// end with it instead, but for what JavaScript has.
napi_value in_scope(Call *call, napi_value (*run)(Call *call));

// ---- call.c

void call_begin(JsStore *store, Frame *frame);
weft_status call_ended(JsStore *store, weft_status status); // what it threw is thrown on
napi_value call_again(JsStore *store);
void store_free_calls(JsStore *store);

// ---- task.c

void tasks_free(JsStore *store);

// ---- watch.c

bool watch_ready(void); // false: there is no thread for that
void watch_begin(Watch *watch, weft_store *store, int64_t nanoseconds);
void watch_end(Watch *watch);

// ---- shared.c

void shared_let_go(JsStore *store);

// ---- item.c

Shown *shown_of(JsStore *store, uint32_t place); // made if there is none yet; NULL: out of memory
void lent_end_all(Addon *addon); // Node says nothing of any buffer any more
void shown_detach(Shown *shown); // what shows the memory now does not any more
void shown_free(JsStore *store);
bool letter_type(char letter, weft_valtype *out); // as type_letter, and more

// ---- resizable.c

void resizable_begin(Addon *addon);

// ---- snapshot.c

// What the module imports: the items that are args[2] of the primitive, by name, and WASI's.
weft_linker *linker_of(const Call *call, const weft_module *m);

// ---- worker.c

void worker_store(JsStore *store);
void worker_forget(JsStore *store);
void worker_end(Addon *addon);

#define PRIMITIVE(name, text) napi_value prim_##name(Call *call);
#include "primitive.def"
#undef PRIMITIVE
