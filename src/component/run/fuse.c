// fuse.c -- adapters in a store: an instance of their module, and the functions of the runtime's
// that they call. Those believe nothing that they are told of memories, and look at it piece by
// piece, between which the guest may be stopped.
// spec: CanonicalABI/lifting and lowering values

#include "component/run/fuse.h"

#include "component/abi/place.h"

// What such a function works on, for one import.
typedef struct {
    ComponentRun *run;
    const FuseImport *import;
    Memory *of, *to;
} Across;

static Trap say(HostCall *call, Trap trap) { return exec_trap(call->exec, trap, "%s", ""); }

static Trap fail(HostCall *call)
{
    u32 trap = (u32)call->slots[0];
    return say(call, trap && trap < TRAP_COUNT ? (Trap)trap : TRAP_host);
}

// ---- Strings and numbers

static bool go_on(void *env)
{
    HostCall *call = env;
    u64 units = bytes_units(PACE_BYTES);
    return !exec_asked(call->exec) && exec_has_fuel(call->exec, units) &&
           !exec_pay(call->exec, units);
}

// What is not a whole piece.
static Trap pay_rest(HostCall *call, u64 bytes)
{
    return exec_pay(call->exec, bytes_units(abi_last_piece(bytes)));
}

// Why that was the end.
static Trap stopped(HostCall *call)
{
    Trap asked = exec_asked(call->exec);
    return asked ? asked : TRAP_out_of_fuel;
}

static Trap stop_at(HostCall *call, AbiFault fault)
{
    switch (fault) {
    case FAULT_invalid_utf8: return say(call, TRAP_invalid_utf8);
    case FAULT_invalid_utf16: return say(call, TRAP_invalid_utf16);
    default: return say(call, stopped(call));
    }
}

static Trap transcode(HostCall *call)
{
    const Across *a = call->env;
    const Pace pace = {go_on, call};
    u64 *s = call->slots;
    if (!memory_holds(a->of, s[0], s[1])) return say(call, TRAP_string_out_of_bounds);
    if (!memory_holds(a->to, s[2], s[3])) return say(call, TRAP_realloc_out_of_bounds);
    AbiTranscoded t = abi_transcode(&pace, a->import->from_as, a->of->base + s[0], s[1],
                                    a->import->to_as, a->to->base + s[2], s[3]);
    if (t.fault) return stop_at(call, t.fault);
    s[0] = t.read;
    s[1] = t.written;
    s[2] = t.whole;
    return pay_rest(call, t.read);
}

static Trap widen(HostCall *call)
{
    const Across *a = call->env;
    u64 at = call->slots[0], count = call->slots[1];
    if (count > ABI_MOST_BYTES || !memory_holds(a->of, at, 2 * count))
        return say(call, TRAP_realloc_out_of_bounds);
    abi_widen(a->of->base + at, count);
    return exec_pay(call->exec, bytes_units(2 * count));
}

static Trap narrow(HostCall *call)
{
    const Across *a = call->env;
    u64 at = call->slots[0], len = call->slots[1];
    if (!memory_holds(a->of, at, len)) return say(call, TRAP_realloc_out_of_bounds);
    call->slots[0] = abi_narrow(a->of->base + at, len);
    return exec_pay(call->exec, bytes_units(len));
}

static Trap numbers(HostCall *call)
{
    const Across *a = call->env;
    u64 to = call->slots[0], from = call->slots[1], len = call->slots[2];
    const Pace pace = {go_on, call};
    Abi abi = {.pace = &pace};
    if (!memory_holds(a->of, from, len)) return say(call, TRAP_list_out_of_bounds);
    if (!memory_holds(a->to, to, len)) return say(call, TRAP_realloc_out_of_bounds);
    bool done = abi_copy_numbers(&abi, a->import->from_as, a->to->base + to, a->of->base + from,
                                 len);
    return done ? exec_pay(call->exec, bytes_units(abi.work)) : stop_at(call, FAULT_interrupted);
}

// ---- Handles

static Trap transfer(HostCall *call, bool own, Crossing *crossing)
{
    const Across *a = call->env;
    const FuseImport *i = a->import;
    u32 index = (u32)call->slots[0];
    u64 rep;
    Trap trap = run_lift_handle(a->run, i->of, i->from_as, own, index, &rep);
    if (trap) return trap;
    if (!own && !crossing_lends(a->run, crossing, i->of, index))
        return exec_short(call->exec, "for a handle");
    trap = run_lower_handle(a->run, i->to, i->to_as, own, crossing ? &crossing->scope : NULL, rep,
                            &index);
    call->slots[0] = index;
    return trap;
}

static Trap own(HostCall *call) { return transfer(call, true, NULL); }

// NULL: no code of ours says that.
static Crossing *crossing_of(HostCall *call, u32 slot)
{
    const Across *a = call->env;
    Crossing *c = crossing_get(a->run, (u32)call->slots[slot]);
    if (!c) say(call, TRAP_unknown_handle);
    return c;
}

static Trap borrow(HostCall *call)
{
    Crossing *c = crossing_of(call, 1);
    return c ? transfer(call, false, c) : TRAP_unknown_handle;
}

static Trap begin(HostCall *call)
{
    const Across *a = call->env;
    u32 index;
    if (!crossing_begin(a->run, &index)) return exec_short(call->exec, "for a call");
    call->slots[0] = index;
    return TRAP_none;
}

static Trap returned(HostCall *call)
{
    const Crossing *c = crossing_of(call, 0);
    if (!c) return TRAP_unknown_handle;
    return c->scope.borrows ? say(call, TRAP_borrows_remain) : TRAP_none;
}

static Trap end(HostCall *call)
{
    const Across *a = call->env;
    if (!crossing_of(call, 0)) return TRAP_unknown_handle;
    crossing_end(a->run, (u32)call->slots[0]);
    return TRAP_none;
}

// ---- Imports

static HostFn *runtime_function(u32 kind)
{
    switch (kind) {
    case FUSE_fail: return fail;
    case FUSE_transcode: return transcode;
    case FUSE_widen: return widen;
    case FUSE_narrow: return narrow;
    case FUSE_numbers: return numbers;
    case FUSE_own: return own;
    case FUSE_borrow: return borrow;
    case FUSE_begin: return begin;
    case FUSE_returned: return returned;
    default: return end;
    }
}

static bool has_memories(u32 kind)
{
    return kind == FUSE_transcode || kind == FUSE_widen || kind == FUSE_narrow ||
           kind == FUSE_numbers;
}

static bool make_function(ComponentRun *run, const FuseImport *i, TypeId type, Extern *out)
{
    Across *a = store_alloc(run->store, 1, sizeof *a);
    *out = (Extern){.kind = EXTERN_COUNT};
    if (!a) return false;
    *a = (Across){.run = run, .import = i};
    if (has_memories(i->kind)) {
        bool both = i->kind == FUSE_transcode || i->kind == FUSE_numbers;
        a->of = run->slots[i->of].memory;
        if (both) a->to = run->slots[i->to].memory;
    }
    Func *func = func_new_host(run->store, type, runtime_function(i->kind), a);
    if (func) *out = (Extern){.kind = EXTERN_func, .func = func};
    return func != NULL;
}

static Global *flag_of(ComponentRun *run, const FuseImport *i)
{
    InstanceState *state = &run->states[i->of];
    if (i->kind == FUSE_context) return &state->context[i->to];
    return i->kind == FUSE_may_leave ? &state->may_leave : &state->may_enter;
}

typedef struct { ComponentRun *run; const Step *step; } Linking;

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    const Linking *l = env;
    const FuseImport *i = &l->step->fused[import - l->step->module->imports];
    switch (i->kind) {
    case FUSE_memory: case FUSE_func: *out = l->run->slots[i->of]; return true;
    case FUSE_may_leave: case FUSE_may_enter: case FUSE_context:
        *out = (Extern){.kind = EXTERN_global, .global = flag_of(l->run, i)};
        return true;
    default: return make_function(l->run, i, type->func, out);
    }
}

Instantiated run_fuse(ComponentRun *run, const Step *s, Diag *diag)
{
    Linking linking = {run, s};
    Instantiated made = engine_instantiate(run->store, s->module, resolve, &linking, diag);
    for (u32 i = 0; i < s->index && made.instance && !made.trap; i++)
        if (!instance_export_at(made.instance, i, &run->slots[s->args[i]]))
            made = (Instantiated){NULL, exec_short(&run->store->exec, "for the component")};
    return made;
}
