// api.h -- what is behind the handles of weft.h.
//
// Engine and modules are counted, so that stores can keep them. Items (weft_func and its like) are
// a store's number and an address in it: a number is never used twice, so an item of a store that
// is gone, or of another one, is told by comparing numbers, and its address is not looked at.
#pragma once

#include "api/group.h"
#include "api/handle.h"
#include "engine/source.h"
#include "run/exec.h"
#include "run/frame.h"
#include "run/store.h"
#include "weft_component.h"
#include "weft_link.h"
#include "weft_task.h"

#include <stdatomic.h>

struct weft_engine {
    Engine *engine;
    atomic_uint users; // its owner, modules and stores
};

struct weft_module {
    weft_engine *engine;
    Source source;
    u8 *copy;          // of a binary's bytes
    size_t copied;     // how many of them are counted
    atomic_uint users; // its owner, and stores
};

// A host function: of a store, with which it dies, or of a linker.
typedef struct ApiFunc {
    HostFunc host;
    struct ApiFunc *next; // of the store's that have a finalizer
    weft_host_fn *fn;
    weft_values_fn *values; // or that
    void *env;
    void (*finalize)(void *env);
    // of a linker's: who has it, that and stores; and the type that it holds
    atomic_uint users;
    TypeId type;
    TypeStore *types;
} ApiFunc;

// A store has a function for a linker's.
typedef struct ApiUse {
    struct ApiUse *next;
    ApiFunc *func;
} ApiUse;

typedef struct ModuleUse {
    struct ModuleUse *next;
    weft_module *module;
} ModuleUse;

// A set of types, by their ids; 0: nothing there.
typedef struct {
    TypeId *ids;
    u32 count, cap;
} HeldTypes;

struct weft_store {
    Store *s;
    u64 id;
    weft_engine *engine;
    void *data;
    ModuleUse *modules;
    struct ComponentUse *components;
    ApiFunc *hosts;   // its own with a finalizer
    ApiUse *uses;
    weft_wasi *wasi;  // or NULL
    void (*finalize)(void *env, void *pointer); // of pointers that guests had
    void *finalize_env;
    bool finalizing;   // it runs
    bool half_read;    // a snapshot, in part: all that is left to do is to free it
    HandleTable handles;
    HeldTypes types;   // that the host named
    weft_task *tasks, *task; // all, and that which runs
    struct Place *place; // of a pool; or NULL
    Trap failure;      // how the running host function's last call, or weft_trap, failed
};

struct weft_caller {
    HostCall *call;    // NULL: a component called,
    weft_store *store;
    weft_cvalues *values;
    weft_ctype type;   // this function
};

struct weft_wasi {
    struct WasiCtx *ctx;
    bool taken;        // by a store
};

typedef enum {
    API_none,
#define API_ERROR(name, text) API_##name,
#include "api/error.def"
#undef API_ERROR
    API_ERROR_COUNT
} ApiError;

// These fill in *diag, unless NULL, and return its status.
weft_status api_refuse(weft_diag *diag, ApiError error, const char *fmt, ...) PRINTF_LIKE(3, 4);
weft_status api_error(weft_diag *diag, Err err, const char *fmt, ...) PRINTF_LIKE(3, 4);
weft_status api_diag(weft_diag *diag, const Diag *why);
// May a module, or component, have so many bytes?
bool api_check_size(const weft_engine *engine, u64 len, Diag *diag);
weft_status api_short(weft_diag *diag, weft_store *store, const char *what); // see store_short
weft_status api_trap(weft_diag *diag, const Store *s, Trap trap);
// May guests run there, and instances be made?
weft_status api_check_whole(const weft_store *store, weft_diag *diag);

// A struct that begins with its size, which the caller's header knows: what the library knows of it
// into `out`, the rest of that zeroed. And back. `size` is what the library knows.
weft_status api_struct_in(const void *given, void *out, size_t size, weft_diag *diag);
weft_status api_struct_out(void *given, const void *in, size_t size, weft_diag *diag);

void engine_release(weft_engine *engine);
void module_release(weft_module *module);
weft_module *api_module_alloc(weft_engine *engine); // with nothing in it. NULL: out of memory
// Their store goes; of what stands in it nothing runs any more.
void tasks_let_go(weft_store *store);
void wasi_let_go(weft_store *store);
// A task of a call that was stopped, and is parked. False: out of memory.
bool task_adopt(weft_store *store, Parked *parked);
bool tasks_have_some(const weft_store *store, weft_task_state state);

// Why a store cannot be linked by it, in *diag; NULL is fine.
weft_status linker_check(const weft_store *store, const weft_linker *linker, weft_diag *diag);
// What a linker has for an import of such a store, as a Resolver answers. NULL: nothing.
bool linker_has_wasi(const weft_linker *linker);
weft_engine *linker_engine(const weft_linker *linker);
struct ComponentDefs **linker_components(weft_linker *linker);
bool linker_resolve(const weft_linker *linker, weft_store *store, const Import *import,
                    Extern *out);
// The store keeps the module, also when instantiating fails late: its functions may be in a table
// by then. False: out of memory.
bool store_keep_module(weft_store *store, weft_module *module);
// The one that is this, which the store keeps, or a pool for it. NULL: there is none.
weft_module *store_module_of(const weft_store *store, const Module *module);
void store_drop_module(weft_store *store); // the one that was kept last
const char *api_trap_name(Trap trap);
weft_frame api_frame(const weft_store *store, FrameCursor *cursor);

// What a store that is made may have; 0 of `fuel`: it does not count.
weft_status api_limits_in(const weft_limits *given, StoreLimits *out, u64 *fuel, weft_diag *diag);
// The handle of a store of this engine, which it takes over, also when it fails. NULL: out of
// memory.
weft_store *api_store_of(weft_engine *engine, Store *s, weft_diag *diag);
void api_end_store(weft_store *store); // what is behind its finalizers
void api_finalize_all(weft_store *store); // of all pointers
u64 api_next_store(void);              // a number that no store has had
// As weft_instantiate, but for the start function. What the linker has not is the group's.
weft_status api_make(weft_store *store, weft_module *module, weft_linker *linker,
                     GroupThread *thread, Instance **out, weft_diag *diag);

// As weft_instantiate, with another way to find imports. *out: NULL unless all is well.
weft_status api_instantiate(weft_store *store, weft_module *module, Resolver *resolver, void *env,
                            Instance **out, weft_diag *diag);

// Types as weft.h has them.
weft_type api_type(const TypeStore *types, Type type);
Type api_plain_type(weft_type type);
void api_type_out(const TypeStore *types, Type type, weft_valtype *out);
bool api_type_in(const TypeStore *types, const weft_valtype *given, Type *out); // is it one?
// Of a value, or of such a kind, which the store then holds. Else why not, in *diag.
weft_status api_hold_type(weft_store *store, const weft_valtype *given, Type *out, weft_diag *diag);
weft_status api_hold_def(weft_store *store, weft_deftype type, CompKind kind, const TypeDef **out,
                         weft_diag *diag);
void types_let_go(weft_store *store);
// The same types once more: false: out of memory. Given back with the other.
bool types_copy(TypeStore *types, const HeldTypes *from, HeldTypes *to);
void types_drop(TypeStore *types, HeldTypes *held);
weft_status types_hold_all(weft_store *store, const HeldTypes *held, weft_diag *diag);
void api_item_type(const TypeStore *types, const ExternType *type, weft_item_type *out);
weft_extern api_extern(const weft_store *store, const Extern *item);
bool api_extern_in(const weft_extern *item, Extern *out); // false: no kind of items
// False: not of this store, or no item.
bool api_item(const weft_store *store, const weft_extern *item, Extern *out);

// An object of a handle; else why not, in *diag.
weft_status api_handle(const weft_store *store, weft_ref ref, Handed *out, weft_diag *diag);

Type api_ref_type(const weft_store *store, const Handed *given); // the lowest that it is of

// A value into slots of type `want`. `which` is its number, for the message, or NO_NUMBER.
#define NO_NUMBER UINT32_MAX
weft_status api_value_in(weft_store *store, const weft_val *value, u32 which, Type want, u64 *slots,
                         weft_diag *diag);
// Values out of slots, as many as there are types, which nobody else need hold. Out of memory, or
// beyond a limit: nothing was written, and it says so.
weft_status api_values_out(weft_store *store, const Type *types, u32 count, const u64 *slots,
                           weft_val *out, weft_diag *diag);

// The same one by one: first room for the handles of all that want one is reserved.
bool api_wants_handle(const weft_store *store, Type type, const u64 *slot);
void api_value_out(weft_store *store, Type type, const u64 *slots, weft_val *out);

// Of an object, no pointer of the host's.
weft_status api_ref_out(weft_store *store, Type type, Ref ref, weft_ref *out, weft_diag *diag);

// Calls the finalizer for pointers that nobody refers to any more. Where the host may be called,
// and references that it was given for something are in use by then.
void finalize_ended(weft_store *store);
static inline void api_finalize(weft_store *ws)
{
    if (UNLIKELY(ws->s->hosts.ended)) finalize_ended(ws);
}

// What a host function makes while it runs is gone when it returns.
static inline void scope_begin(weft_store *ws, Scope *scope)
{
    *scope = (Scope){.outer = ws->handles.scope};
    ws->handles.scope = scope;
}
static inline void scope_leave(weft_store *ws, Scope *scope)
{
    if (UNLIKELY(ws->handles.scope != scope || scope->first)) scope_end(ws, scope);
    else ws->handles.scope = scope->outer;
}

// As many values as there are types, which nothing else need hold. *refused, unless NULL, is the
// first that was.
weft_status api_values_in(weft_store *store, const Type *types, u32 count, const weft_val *values,
                          u64 *slots, u32 *refused, weft_diag *diag);
// "value 3 is i32, where (ref any) is wanted", of 100 bytes at least.
void api_wrong_words(const weft_store *store, const weft_val *value, u32 which, Type want,
                     char *out, size_t size);

enum { SIGNATURE_MOST = 200 };

// "ii:i", read.
typedef struct {
    u32 param_count, result_count;
    bool has_refs;
    Type types[SIGNATURE_MOST]; // parameters, then results
} Signature;
weft_status api_signature(const char *text, Signature *out, weft_diag *diag);
TypeDef api_signature_type(const Signature *s); // names what is in `s`

// Slots as host functions see them, where references are pointers, become the guest's, and the
// other way around. TRAP_none, or what they are not.
Trap api_slots_in(weft_store *store, const Type *types, u32 count, u64 *slots);
Trap api_slots_out(weft_store *store, const Type *types, u32 count, u64 *slots);

bool api_is_letter(Type type); // that a signature may say

// What a host function's answer means, which is not simply that all is well.
Trap host_ended(weft_store *store, weft_status status);
// A function of the store's.
weft_status host_func_new(weft_store *store, const weft_host *host, Func **out, weft_diag *diag);
// A linker's, whose it is, with `more` bytes behind it; of the import's type, unless that is 0 or
// `host` says another. NULL: *diag says why. Stores must give it back before their engine.
ApiFunc *host_shared_new(weft_engine *engine, const weft_host *host, TypeId import, size_t more,
                         weft_diag *diag);
void host_shared_release(ApiFunc *func);
// The store's function for it, which is made when it is first asked for. NULL: see store_short.
Func *host_shared_in(weft_store *store, ApiFunc *func);
void host_uses_end(weft_store *store); // gives all back
// The linker's function that this is of; NULL: it is of something else.
ApiFunc *host_shared_of(const HostFunc *host);

// After something of the guest ran.
weft_status api_leave(weft_store *store, Trap trap, weft_diag *diag);
