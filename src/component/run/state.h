// state.h -- what the parts of a component's instance share.
#pragma once

#include "component/run/handle.h"
#include "component/run/run.h"
#include "component/type/flat.h"
#include "run/call.h"
#include "run/instance.h"

typedef struct { u64 slots[2]; } Context; // what a call keeps beside its stack

typedef struct {
    HandleTable handles;
    Global context[2];       // of the call that runs; these are for adapters too
    Global may_leave, may_enter;
} InstanceState;

// One canonical definition, linked. Of a builtin `func` is the number of its resource.
typedef struct {
    ComponentRun *run;
    const PlanEnv *env;
    const CCanon *canon;
    Memory *memory;
    Func *core, *realloc, *post_return;
    u32 func;
    CType *params;
    u32 count;               // of params
    CType result;
    u32 flat_params;         // core values that the parameters come to
    bool out_param;          // where the result goes is the last of the lowered one's
} Linked;

typedef struct Loan Loan;

// A call by an adapter that handles are borrowed for.
typedef struct Crossing {
    BorrowScope scope;
    Loan *loans;
    struct Crossing *next;   // that is idle
    u32 number;
} Crossing;

struct ComponentRun {
    Store *store;
    const Plan *plan;
    const ComponentHost *host;
    Extern *slots;
    Instance **cores;
    InstanceState *states;   // of component instances
    Linked *funcs;           // by number; of imported ones nothing but the types
    HostImport *imports;     // by number of the import
    Func **destructors;      // by resource, or NULL
    HandleTable handles;     // the host's
    u32 serial;
    Crossing **crossings;    // by number
    u32 crossing_count, crossing_cap;
    Crossing *idle_crossings;
    Loan *idle_loans;
    bool locked;             // something trapped
};

static inline InstanceState *state_of(const Linked *l) { return &l->run->states[l->env->instance]; }
static inline Exec *exec_of(const Linked *l) { return &l->run->store->exec; }

// ---- enter.c

// Who calls may be PLAN_NONE: the host. spec: may_enter_from, enter_from, leave_to
bool run_may_enter(const ComponentRun *run, u32 instance, u32 caller);
// Gives what the call before had in its context, which begins as zeros, and is put back.
Context run_enter(ComponentRun *run, u32 instance, u32 caller);
void run_leave(ComponentRun *run, u32 instance, u32 caller, Context before);
// As exec_call; an exception ends there.
Trap run_core(ComponentRun *run, Func *func, u64 *slots, u32 room);
// The same of a realloc: as a call of its own, while the instance may not be left.
Trap run_realloc(ComponentRun *run, u32 instance, Func *func, u64 *slots, u32 room);
// A handle that owned it is gone. `caller`: who had it.
Trap run_destroy(ComponentRun *run, u32 resource, u64 rep, u32 caller);

// ---- side.c: one side of the border

// What was lent for a call, until its result was delivered.
struct Loan { Loan *next; HandleTable *table; u32 index; };
typedef struct {
    Abi abi;
    const Linked *of;
    AbiMemory memory;
    BorrowScope *scope;      // of what is lowered
    Loan **loans;            // of what is lifted
    bool host;               // the other side is the host
    Trap trap;               // why it failed, if that is known better than by the fault
    Pace pace;
} Side;
void side_init(Side *s, const Linked *of, Arena *arena, BorrowScope *scope, Loan **loans,
               bool host);
// At its memory, behind all that may run code of a guest's.
void side_look(Side *s);
// Of the fuel that what was lifted or lowered costs, the rest. False: it has not so much.
bool side_paid(Side *s);
Trap side_trap(Side *s);     // after a failure
void loans_end(Loan *loans);
// A handle of that instance's as what it stands for: taken out of its table if it is an own one,
// else lent; and one put there. spec: CanonicalABI/lift_own, lift_borrow, lower_own, lower_borrow
Trap run_lift_handle(ComponentRun *run, u32 instance, u32 resource, bool own, u32 index, u64 *rep);
Trap run_lower_handle(ComponentRun *run, u32 instance, u32 resource, bool own, BorrowScope *scope,
                      u64 rep, u32 *index);

// ---- crossing.c

bool crossing_begin(ComponentRun *run, u32 *number); // false: out of memory
Crossing *crossing_get(const ComponentRun *run, u32 number); // NULL: there is none
// One that was lifted is lent until the end. False: out of memory.
bool crossing_lends(ComponentRun *run, Crossing *c, u32 instance, u32 index);
void crossing_end(ComponentRun *run, u32 number);

// ---- call.c

// Whoever gets the result, before what it was made of is freed.
typedef Trap Deliver(void *env, const CValue *result);
Trap run_func(ComponentRun *run, u32 func, u32 caller, const CValue *args, Arena *arena,
              Loan **loans, Deliver *deliver, void *env);
HostFn run_lowered;          // env: Linked

// ---- builtin.c

// What a builtin does. NULL: it is not run yet.
HostFn *builtin_find(Canon row);
