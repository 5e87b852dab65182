// func.h -- functions as references name them: entries of the store's function space.
//
//     0        1 ..                   (number)
//     | empty | Func | Func | ... |        a reference to a function is its number; null is 0
//
// An instance takes a range of numbers for the functions it defines; an entry is filled when
// somebody first needs it, so functions that nobody refers to cost nothing. A Func holds no address
// of an instance, only how far it is from the Exec. spec: exec/runtime, function instances
#pragma once

#include "run/code.h"
#include "run/gc/blocks.h"

typedef struct Store Store;
typedef struct Instance Instance;
typedef struct Exec Exec;

#define REF_NULL 0u

typedef struct Func Func;

// A call of a host function. `slots` holds the parameters, 8 bytes each (v128: 16), and takes the
// results from its start. i32, f32 and references use the low 32 bits; the rest is ignored on
// results.
typedef struct {
    Exec *exec;
    const Func *func;   // the one that is called
    Instance *caller;   // whose code made the call, a tail call too; NULL when the host did
    void *env;          // as given to func_new_host
    u64 *slots;
} HostCall;
// Returns TRAP_none, or why to stop.
typedef Trap HostFn(HostCall *call);

// A type that a store keeps for something of the host's.
typedef struct HeldType {
    struct HeldType *next;
    TypeId type;
} HeldType;

typedef struct {
    HostFn *fn;
    void *env;
    u16 param_slots, result_slots; // of its type
    HeldType held;
} HostFunc;

struct Func {
    const FuncCode *code;  // NULL: of the host, or not filled
    s64 instance;          // distance from the Exec; 0: of the host
    TypeId type;           // 0: not filled
    u32 index;             // in its instance's module
    const HostFunc *host;  // NULL: of an instance, or not filled
};

// Is there a number for one more? So that nothing is made in vain.
bool func_room(Store *store);
// The instance's range, which is the newest: its entries are filled when somebody needs them.
void func_own(Instance *inst);
void func_disown(Instance *inst); // none, or the newest that is owned
// The next `count` numbers, entries empty; 0: none left. func_return gives the newest range back.
u32 func_reserve(Store *store, u32 count);
void func_return(Store *store, u32 first, u32 count);
void func_space_free(Store *store);
// A store without functions gets a space that is somebody else's, who lives longer: `count` empty
// entries, a power of two.
void func_space_lend(Store *store, Func *space, u32 count);
// A host function with its number. The store holds its type. NULL: out of memory.
Func *func_new_host(Store *store, TypeId type, HostFn *host, void *env);
// of one not yet interned
Func *func_new_host_of(Store *store, const TypeDef *type, HostFn *host, void *env);
// One that others have too: `host` outlives the store, and so does somebody who holds the type.
Func *func_new_with(Store *store, TypeId type, const HostFunc *host);
void host_func_init(HostFunc *host, const TypeStore *types, TypeId type, HostFn *fn, void *env);
// What the host has in a store once, however many instances import it: the function that stands for
// it, by its address. NULL: there is none yet. False: out of memory.
Func *func_find_shared(const Store *store, const void *what);
bool func_add_shared(Store *store, const void *what, Func *func);
// Fills the entry behind a reference that was found empty. False: nobody has that number, null's
// least of all.
bool func_fill(Store *store, Ref ref);
// The function of this index, imported or defined, filled.
Func *instance_func(Instance *inst, u32 index);

// See store.h and exec.h, which know where the space is: ref_of_func, ref_to_func, func_instance.
static inline u32 func_param_slots(const Func *f)
{
    return f->code ? f->code->param_slots : f->host->param_slots;
}
static inline u32 func_result_slots(const Func *f)
{
    return f->code ? f->code->result_slots : f->host->result_slots;
}
// How many slots a call takes, for parameters and then results.
static inline u32 func_slots(const Func *f)
{
    return MAX(func_param_slots(f), func_result_slots(f));
}
