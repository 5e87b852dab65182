// fuse_test.c -- adapters between components (component/abi/fuse.h) against the specification's
// rules (plain.c): random types and values, guests that are honest and hostile, strings in all
// encodings, memories of both widths. Hazards R29, R30, R71.
//
//     caller's memory, core values --plain lift--> values --plain lower--> callee's, core values
//                 the same --------------adapter-------------------------> the same

#include "component/run/fuse.h"

#define GUEST_BYTES (1 << 16) // a page of core wasm's
#define GUEST_PAGE (1 << 16)
#include "abi_guests.h"

enum { PARAMS = 4, FLAT_ROOM = 32, RESULT_AT = 40000, OWNED = 40, ELSEWHERE = 7 };
enum { CALLER, CALLEE, SIDES };
enum { SLOT_memory, SLOT_realloc, SLOTS_OF_SIDE, SLOT_core = SIDES * SLOTS_OF_SIDE,
       SLOT_post_return, SLOT_adapter, SLOTS };
static const u8 encodings[] = {COPTION_utf8, COPTION_utf16, COPTION_latin1_utf16};
static const u64 contexts[] = {0x1234567890abcdef, 7};

static Engine *engines[3];

// A function, and what is on both sides of it.
typedef struct {
    CField params[PARAMS];
    CFunc func;
    CType type;
    FlatSig lower, lift;
    u8 encoding[SIDES];
    bool wide[SIDES], context;
    ReallocKind kind[SIDES];
    u64 seeds[SIDES];
    Module *module;
    Fused fused;
    Plan plan;
    PlanResource resource;      // all handles are of it
    u32 adapters;               // that are the same; the last is called
} Subject;

// What is there before a call, what it gives, and what comes of it.
typedef struct {
    Guest guests[SIDES];
    u64 core[FLAT_ROOM], result;     // what the caller passes, and the callee answers
    u64 args[FLAT_ROOM], answer;     // what each of them gets
    u32 called, returned;
    ComponentRun run;                // for tables of handles
    InstanceState states[SIDES];
    BorrowScope scope;
    AbiFault fault;                  // of plain
    Trap handle_trap;
    u32 stage;                       // how far that came
    Trap trap;                       // of the adapter
} Trial;

// ---- Types

static bool has_error_context(CType t)
{
    if (t == CPRIM_error_context) return true;
    if (t < CPRIM_COUNT || t == CTYPE_NONE) return false;
    const CTypeDef *def = ctype_def(&types, t);
    if (def->form == CFORM_own || def->form == CFORM_borrow) return false;
    u32 parts = def->form == CFORM_fixed_list || def->form == CFORM_list ? 1 : def->count;
    for (u32 i = 0; i < parts; i++)
        if (has_error_context(def->fields[i].type)) return true;
    return false;
}

// Those of error contexts go by the plain route alone; nobody gives back what was borrowed.
static CType random_passed(u32 depth, bool result)
{
    CType t = random_type(depth);
    bool bad = has_error_context(t) || (result && ctype_holds(&types, t) & HOLDS_borrow);
    return bad ? (CType)(CPRIM_bool + below(CPRIM_error_context)) : t;
}

static void types_of(const FlatSig *sig, Type letters[FLAT_SIG_MOST])
{
    for (u32 i = 0; i < sig->count + sig->result_count; i++) {
        u8 l = i < sig->count ? sig->params[i] : sig->results[i - sig->count];
        letters[i] = l == 'i' ? TYPE_i32 : l == 'l' ? TYPE_i64 : l == 'f' ? TYPE_f32 : TYPE_f64;
    }
}

static void random_subject(Subject *s)
{
    Err err = ERR_none;
    *s = (Subject){.context = below(2)};
    s->func = (CFunc){.params = s->params, .count = below(PARAMS + 1), .result = CTYPE_NONE};
    for (u32 i = 0; i < s->func.count; i++)
        s->params[i] = (CField){label(i), random_passed(below(5), false)};
    if (below(3)) s->func.result = random_passed(below(4), true);
    s->type = ctype_make_func(&types, &s->func, &err);
    s->resource.instance = below(3) ? ELSEWHERE : CALLEE;
    for (u32 i = 0; i < SIDES; i++) {
        s->encoding[i] = encodings[below(3)];
        s->wide[i] = below(4) == 0;
        s->kind[i] = (ReallocKind)below(3);
        s->seeds[i] = random_next(&seed);
    }
    cfunc_flatten(&types, &s->func, (FlatWay){.is64 = s->wide[CALLER]}, &s->lower);
    cfunc_flatten(&types, &s->func, (FlatWay){.lift = true, .is64 = s->wide[CALLEE]}, &s->lift);
}

static u32 resource_in(void *env, u32 instance, CType resource)
{
    (void)env, (void)instance, (void)resource;
    return 0;
}

static FuseSide side_of(const Subject *s, u32 i)
{
    u32 first = i * SLOTS_OF_SIDE;
    return (FuseSide){i, s->wide[i], s->encoding[i], true, s->context, first + SLOT_memory,
                      first + SLOT_realloc};
}

static bool load_subject(Subject *s, Engine *engine)
{
    static const u32 entered[] = {CALLEE};
    const FuseWorld world = {&types, below(4) == 0, resource_in, NULL, 1 << 20};
    FusePair pair = {.name = bytes_of("f"), .of_caller = s->type, .of_callee = s->type,
                     .caller = side_of(s, CALLER), .callee = side_of(s, CALLEE),
                     .core = SLOT_core, .post_return = SLOT_post_return, .checked = entered,
                     .entered = entered, .checked_count = 1, .entered_count = 1};
    Fuser *f = fuse_begin(&arena, &world);
    Diag diag;
    s->adapters = 1 + below(3); // what stands in one already may be a helper in the next
    for (u32 i = 0; i < s->adapters; i++)
        if (!fuse_add(f, &pair)) return false;
    s->fused = fuse_end(f);
    s->module = engine_load(engine, s->fused.bytes.data, s->fused.bytes.len, &diag);
    char text[300];
    if (!s->module) printf("    %s\n", diag_text(&diag, text, sizeof text));
    return s->module != NULL;
}

// ---- Handles. Each side owns some, of which the first ones are passed.

static void init_run(const Subject *s, Trial *t, Store *in)
{
    t->run = (ComponentRun){.store = in, .plan = &s->plan, .states = t->states};
    for (u32 i = 0; i < SIDES; i++) {
        InstanceState *state = &t->states[i];
        Trap trap = TRAP_none;
        *state = (InstanceState){0};
        state->may_leave = state->may_enter = (Global){.value = {1}, .type = {TYPE_i32, true}};
        for (u32 k = 0; k < 2; k++)
            state->context[k] = (Global){.value = {contexts[k]}, .type = {TYPE_i64, true}};
        for (u32 k = 0; k < OWNED && !trap; k++)
            handle_add(in, &state->handles, (Handle){.rep = 1000 + k, .own = true}, &trap);
    }
}

static bool pass_handle(void *env, CType type, u64 handle, u32 *index, AbiFault *fault)
{
    Guest *g = env;
    (void)type, (void)handle, (void)fault;
    *index = ++g->handles;
    return *index <= OWNED;
}

static Trial *oracle;

static u32 oracle_side(const Guest *g) { return g == &oracle->guests[CALLEE] ? CALLEE : CALLER; }
static bool is_own(CType t) { return ctype_form(&types, t) == CFORM_own; }

static bool oracle_lift(void *env, CType type, u32 index, u64 *handle, AbiFault *fault)
{
    oracle->handle_trap = run_lift_handle(&oracle->run, oracle_side(env), 0, is_own(type), index,
                                          handle);
    *fault = FAULT_handle;
    return !oracle->handle_trap;
}

static bool oracle_lower(void *env, CType type, u64 handle, u32 *index, AbiFault *fault)
{
    oracle->handle_trap = run_lower_handle(&oracle->run, oracle_side(env), 0, is_own(type),
                                           &oracle->scope, handle, index);
    *fault = FAULT_handle;
    return !oracle->handle_trap;
}

// The callee has no use for what it borrowed.
static void drop_borrowed(Trial *t)
{
    HandleTable *table = &t->states[CALLEE].handles;
    for (u32 i = 1; i < table->count; i++) {
        Handle *h = handle_get(table, i);
        if (!h || h->own) continue;
        h->scope->borrows--;
        handle_remove(t->run.store, table, i);
    }
}

static void end_loans(Trial *t)
{
    HandleTable *table = &t->states[CALLER].handles;
    for (u32 i = 1; i < table->count; i++) {
        Handle *h = handle_get(table, i);
        if (h) h->lends = 0;
    }
}

static bool same_handles(const HandleTable *a, const HandleTable *b)
{
    bool good = a->count == b->count && a->free == b->free;
    for (u32 i = 1; good && i < a->count; i++) {
        const Handle *x = &a->items[i], *y = &b->items[i];
        good = x->rep == y->rep && x->resource == y->resource && x->own == y->own &&
               x->lends == y->lends;
    }
    return good;
}

// ---- Before the call

static u64 random_nan(bool is32)
{
    u64 bits = random_next(&seed);
    return is32 ? bits | 0x7f800001 : bits | 0x7ff0000000000001;
}

static void put_nans(Guest *g, u64 from, u64 most)
{
    for (u32 n = below(2) ? 0 : below(20); n && most > from + 16; n--) {
        u64 at = (from + random_next(&seed) % (most - from - 16)) & ~(u64)7;
        u64 bits = random_nan(below(2));
        memcpy(g->memory.base + at, &bits, below(2) ? 4 : 8);
    }
}

static void damage(Guest *g, u64 from)
{
    static const u8 nasty[] = {0, 1, 0x7f, 0x80, 0xff, 0xd8, 0xdc, 2};
    u64 most = MIN(g->next, g->memory.size);
    for (u32 n = below(3) ? 0 : below(12); n && most > from; n--)
        g->memory.base[from + random_next(&seed) % (most - from)] = nasty[below(COUNT_OF(nasty))];
    put_nans(g, from, most);
}

static void to_slots(const CoreValue *flat, u32 count, u64 *slots, bool harms)
{
    for (u32 i = 0; i < count; i++) {
        u64 bits = flat[i].bits;
        bool narrow = flat[i].type == 'i' || flat[i].type == 'f';
        if (harms && !below(10)) bits = below(2) ? below(70) : random_next(&seed) >> below(64);
        if (harms && (flat[i].type == 'f' || flat[i].type == 'd') && below(2))
            bits = random_nan(flat[i].type == 'f');
        slots[i] = narrow ? (u32)bits : bits;
    }
}

static void from_slots(const u8 *letters, u32 count, const u64 *slots, CoreValue *flat)
{
    for (u32 i = 0; i < count; i++) flat[i] = (CoreValue){letters[i], slots[i]};
}

static bool prepare(const Subject *s, Trial *t)
{
    CoreValue flat[FLAT_ROOM];
    CValue values[PARAMS];
    CType ts[PARAMS];
    u32 count;
    bool harms = below(2);
    *t = (Trial){0};
    for (u32 i = 0; i < SIDES; i++)
        guest_begin(&t->guests[i], s->encoding[i], s->wide[i], REALLOC_honest, s->seeds[i]);
    Guest *caller = &t->guests[CALLER], *callee = &t->guests[CALLEE];
    caller->abi.lower_handle = callee->abi.lower_handle = pass_handle;
    for (u32 i = 0; i < s->func.count; i++) {
        ts[i] = s->params[i].type;
        values[i] = random_value(ts[i]);
    }
    if (!plain_lower_flat_values(&caller->abi, FLAT_MOST, values, ts, s->func.count, NULL, flat,
                                 &count))
        return false;
    if (harms) damage(caller, 0);
    to_slots(flat, count, t->core, harms);
    if (s->lower.count > count) t->core[count] = 30000 + 8 * below(100) + (below(20) ? 0 : 1);
    callee->next = RESULT_AT;
    if (s->func.result != CTYPE_NONE) {
        values[0] = random_value(s->func.result);
        if (!plain_lower_flat_values(&callee->abi, 1, values, &s->func.result, 1, NULL, flat,
                                     &count))
            return false;
        if (harms) damage(callee, RESULT_AT);
        to_slots(flat, count, &t->result, harms);
    }
    callee->next = 16;
    for (u32 i = 0; i < SIDES; i++) {
        Guest *g = &t->guests[i];
        if (g->memory.size != GUEST_BYTES) return false;
        g->kind = s->kind[i];
        g->call_count = 0;
    }
    return true;
}

static Trial copy_of(const Trial *t)
{
    Trial made = *t;
    for (u32 i = 0; i < SIDES; i++) {
        Guest *g = &made.guests[i];
        g->memory.base = malloc(GUEST_BYTES);
        memcpy(g->memory.base, t->guests[i].memory.base, GUEST_BYTES);
        g->abi.memory = &g->memory;
        g->abi.env = g;
    }
    return made;
}

static void end_trial(Trial *t)
{
    for (u32 i = 0; i < SIDES; i++)
        if (!t->guests[i].grow) guest_end(&t->guests[i]);
}

// ---- By the rules

enum { LIFTS_PARAMS = 1, LOWERS_PARAMS, LIFTS_RESULT, LOWERS_RESULT, DONE };

static void ends_at(Trial *t, u32 stage, AbiFault fault)
{
    t->stage = stage;
    t->fault = fault;
}

static void run_plain(const Subject *s, Trial *t)
{
    Guest *caller = &t->guests[CALLER], *callee = &t->guests[CALLEE];
    CType ts[PARAMS], result = s->func.result;
    CoreValue flat[FLAT_ROOM], out;
    CValue values[PARAMS];
    u32 count;
    bool has_out = result != CTYPE_NONE && !s->lower.result_count;
    oracle = t;
    for (u32 i = 0; i < SIDES; i++) {
        t->guests[i].abi.lift_handle = oracle_lift;
        t->guests[i].abi.lower_handle = oracle_lower;
    }
    for (u32 i = 0; i < s->func.count; i++) ts[i] = s->params[i].type;
    from_slots(s->lower.params, s->lower.count, t->core, flat);
    if (has_out) out = flat[s->lower.count - 1];
    if (!plain_lift_flat_values(&caller->abi, FLAT_MOST, flat, ts, s->func.count, values)) {
        ends_at(t, LIFTS_PARAMS, caller->abi.fault);
        return;
    }
    if (!plain_lower_flat_values(&callee->abi, FLAT_MOST, values, ts, s->func.count, NULL, flat,
                                 &count)) {
        ends_at(t, LOWERS_PARAMS, callee->abi.fault);
        return;
    }
    for (u32 i = 0; i < count; i++) t->args[i] = flat[i].bits;
    drop_borrowed(t);
    t->stage = DONE;
    if (result == CTYPE_NONE) return;
    from_slots(s->lift.results, 1, &t->result, flat);
    if (!plain_lift_flat_values(&callee->abi, 1, flat, &result, 1, values)) {
        ends_at(t, LIFTS_RESULT, callee->abi.fault);
        return;
    }
    if (!plain_lower_flat_values(&caller->abi, 1, values, &result, 1, has_out ? &out : NULL, flat,
                                 &count)) {
        ends_at(t, LOWERS_RESULT, caller->abi.fault);
        return;
    }
    if (count) t->answer = flat[0].bits;
}

// ---- By the adapter

// What host functions of both guests find.
typedef struct {
    const Subject *s;
    Trial *t;
    Memory *memories[SIDES];
    bool good;
} Fixture;
static Fixture *fixture;

static void look(u32 side)
{
    Memory *m = fixture->memories[side];
    fixture->t->guests[side].memory = (AbiMemory){m->base, m->size};
}

static void grow_core(Guest *g, u64 size)
{
    Memory *m = g->core;
    memory_grow(m, (size - m->size) / GUEST_PAGE);
    g->memory = (AbiMemory){m->base, m->size};
}

static bool flags_are(u32 side, bool may_leave, bool may_enter, bool begins)
{
    const InstanceState *state = &fixture->t->states[side];
    bool fresh = !state->context[0].value[0] && !state->context[1].value[0];
    return state->may_leave.value[0] == may_leave && state->may_enter.value[0] == may_enter &&
           (!begins || fresh);
}

static Trap reallocates(u32 side, HostCall *call)
{
    Guest *g = &fixture->t->guests[side];
    u64 *s = call->slots, mask = fixture->s->wide[side] ? UINT64_MAX : UINT32_MAX, at = 0;
    look(side);
    bool within = fixture->t->called && side == CALLEE;
    fixture->good &= !within && flags_are(side, false, side == CALLER, fixture->s->context);
    bool good = guest_realloc(g, s[0] & mask, s[1] & mask, (u32)s[2], s[3] & mask, &at);
    s[0] = at;
    return good ? TRAP_none : exec_trap(call->exec, TRAP_host, "%s", "");
}

static Trap caller_realloc(HostCall *call) { return reallocates(CALLER, call); }
static Trap callee_realloc(HostCall *call) { return reallocates(CALLEE, call); }

static Trap callee(HostCall *call)
{
    Trial *t = fixture->t;
    const FlatSig *sig = &fixture->s->lift;
    for (u32 i = 0; i < sig->count; i++) {
        bool narrow = sig->params[i] == 'i' || sig->params[i] == 'f';
        t->args[i] = narrow ? (u32)call->slots[i] : call->slots[i];
    }
    t->called++;
    drop_borrowed(t);
    fixture->good &= flags_are(CALLEE, true, false, fixture->s->context);
    if (sig->result_count) call->slots[0] = t->result;
    return TRAP_none;
}

static Trap post_return(HostCall *call)
{
    Trial *t = fixture->t;
    const FlatSig *sig = &fixture->s->lift;
    bool narrow = sig->results[0] == 'i' || sig->results[0] == 'f';
    u64 got = sig->result_count ? call->slots[0] : 0;
    t->returned++;
    fixture->good &= flags_are(CALLEE, false, false, false);
    fixture->good &= !sig->result_count || (narrow ? (u32)got == (u32)t->result : got == t->result);
    return TRAP_none;
}

static Func *host_function(Store *in, const FlatSig *sig, HostFn *fn)
{
    Type letters[FLAT_SIG_MOST];
    types_of(sig, letters);
    TypeDef def = {.kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
                   .descriptor = TYPE_NONE, .param_count = (u16)sig->count,
                   .result_count = (u16)sig->result_count, .params = letters};
    return func_new_host_of(in, &def, fn, NULL);
}

static Extern function(Store *in, const FlatSig *sig, HostFn *fn)
{
    return (Extern){.kind = EXTERN_func, .func = host_function(in, sig, fn)};
}

static void fill_slots(const Subject *s, Store *in, Extern *slots, Fixture *x)
{
    static HostFn *const reallocs[SIDES] = {caller_realloc, callee_realloc};
    FlatSig after = {.count = s->lift.result_count};
    after.params[0] = s->lift.results[0];
    for (u32 i = 0; i < SIDES; i++) {
        u8 p = s->wide[i] ? 'l' : 'i';
        FlatSig sig = {{p, p, p, p}, {p}, 4, 1};
        MemType type = {.limits = {.min = 1, .is64 = s->wide[i], .page_log2 = 16}};
        Extern *of = slots + i * SLOTS_OF_SIDE;
        x->memories[i] = memory_new(in, &type);
        of[SLOT_memory] = (Extern){.kind = EXTERN_memory, .memory = x->memories[i]};
        of[SLOT_realloc] = function(in, &sig, reallocs[i]);
    }
    slots[SLOT_core] = function(in, &s->lift, callee);
    slots[SLOT_post_return] = function(in, &after, post_return);
}

static void give_memory(Trial *t, Fixture *x)
{
    for (u32 i = 0; i < SIDES; i++) {
        Guest *g = &t->guests[i];
        memcpy(x->memories[i]->base, g->memory.base, GUEST_BYTES);
        guest_end(g);
        g->grow = grow_core;
        g->core = x->memories[i];
        look(i);
    }
}

static bool is_as_before(const InstanceState *states)
{
    bool good = true;
    for (u32 i = 0; i < SIDES; i++)
        for (u32 k = 0; k < 2; k++) good &= states[i].context[k].value[0] == contexts[k];
    return good && flags_are(CALLER, true, true, false) && flags_are(CALLEE, true, true, false);
}

static void run_adapter(const Subject *s, Trial *t, Store *in)
{
    Extern slots[SLOTS] = {{0}};
    static const u32 adapters[] = {SLOT_adapter, SLOT_adapter, SLOT_adapter};
    Step step = {.module = s->module, .args = adapters, .index = s->adapters,
                 .fused = s->fused.imports};
    Fixture x = {.s = s, .t = t, .good = true};
    Diag diag;
    fixture = &x;
    t->run.slots = slots;
    fill_slots(s, in, slots, &x);
    give_memory(t, &x);
    Instantiated made = run_fuse(&t->run, &step, &diag);
    if (!CHECK(made.instance && !made.trap)) return;
    u64 core[FLAT_ROOM];
    memcpy(core, t->core, sizeof core);
    t->trap = engine_call(in, slots[SLOT_adapter].func, core, FLAT_ROOM);
    for (u32 i = 0; i < SIDES; i++) look(i);
    bool narrow = s->lower.results[0] == 'i' || s->lower.results[0] == 'f';
    if (!t->trap && s->lower.result_count) t->answer = narrow ? (u32)core[0] : core[0];
    CHECK(x.good && (t->trap || (is_as_before(t->states) && t->returned == 1 && t->called == 1)));
}

// ---- Both

static Trap trap_of(AbiFault fault)
{
    static const Trap traps[FAULT_COUNT] = {
#define TRAP_handle TRAP_unknown_handle
#define TRAP_trapped TRAP_host
#define FAULT(name, text) [FAULT_##name] = TRAP_##name,
#include "component/abi/fault.def"
    };
    return traps[fault];
}

// Where a value cannot be lifted, room for it, or for another, may have been asked for already; or
// the result's was looked at.
static bool may_be_before(const Subject *s, const Trial *plain, Trap trap)
{
    bool result = plain->stage == LIFTS_RESULT;
    bool hostile = s->kind[result ? CALLER : CALLEE] == REALLOC_hostile;
    if (plain->stage != LIFTS_PARAMS && !result) return false;
    if (hostile && (trap == TRAP_realloc_unaligned || trap == TRAP_realloc_out_of_bounds ||
                    trap == TRAP_host))
        return true;
    return result && !s->lower.result_count && trap == TRAP_unaligned_pointer;
}

static u32 traps[TRAP_exception_at_border], passed, handed; // with handles

static bool same(const Subject *s, const Trial *plain, const Trial *fused)
{
    if (plain->fault || fused->trap) {
        traps[MIN(fused->trap, COUNT_OF(traps) - 1)]++;
        Trap told = plain->fault == FAULT_handle ? plain->handle_trap : trap_of(plain->fault);
        return fused->trap == told || may_be_before(s, plain, fused->trap);
    }
    passed++;
    for (u32 i = 0; i < s->func.count; i++)
        if (has_handle(s->params[i].type) && plain->guests[CALLER].handles) handed++;
    if (memcmp(plain->args, fused->args, s->lift.count * sizeof *plain->args)) return false;
    if (plain->answer != fused->answer) return false;
    for (u32 i = 0; i < SIDES; i++)
        if (!same_handles(&plain->states[i].handles, &fused->states[i].handles)) return false;
    return same_guests(&plain->guests[CALLER], &fused->guests[CALLER]) &&
           same_guests(&plain->guests[CALLEE], &fused->guests[CALLEE]);
}

static void tell(const Subject *s, const Trial *plain, const Trial *fused)
{
    char text[400];
    printf("    %s\n", ctype_describe(&types, s->type, text, sizeof text));
    printf("    encodings %d %d, wide %d %d, reallocs %d %d\n", s->encoding[0], s->encoding[1],
           s->wide[0], s->wide[1], s->kind[0], s->kind[1]);
    printf("    stage %u: %s; adapter: %d, answers %" PRIx64 " %" PRIx64 "\n", plain->stage,
           abi_fault_text[plain->fault], fused->trap, plain->answer, fused->answer);
    for (u32 i = 0; i < s->lift.count; i++)
        printf("    %" PRIx64 " %" PRIx64 "\n", plain->args[i], fused->args[i]);
    for (u32 i = 0; i < SIDES; i++)
        printf("    side %u: %u %u calls\n", i, plain->guests[i].call_count,
               fused->guests[i].call_count);
}

static bool one_trial(const Subject *s, Engine *engine)
{
    Trial plain, fused;
    if (!prepare(s, &plain)) {
        end_trial(&plain);
        return true;
    }
    Store *of = engine_store(engine);
    fused = copy_of(&plain);
    init_run(s, &plain, of);
    init_run(s, &fused, of);
    run_plain(s, &plain);
    end_loans(&plain);
    run_adapter(s, &fused, of);
    bool good = same(s, &plain, &fused);
    if (!good) tell(s, &plain, &fused);
    end_trial(&plain);
    end_trial(&fused);
    store_free(of);
    return good;
}

static void test_random(u32 turns)
{
    enum { EACH = 4 };
    bool good = true;
    u32 refused = 0;
    for (u32 turn = 0; turn < turns / EACH && good; turn++) {
        Subject s;
        Engine *engine = engines[turn % 32 == 31 ? 2 : turn % 32 % 8 == 7 ? 1 : 0];
        if (turn % 100 == 0) new_types();
        arena_reset(&arena);
        random_subject(&s);
        s.plan.resources = &s.resource;
        if (!load_subject(&s, engine)) {
            refused++;
            continue;
        }
        for (u32 i = 0; i < EACH && good; i++) good = one_trial(&s, engine);
        engine_unload(s.module);
    }
    CHECK(good);
    CHECK(refused <= turns / 100);
    CHECK(passed > turns / 4);
    if (turns < 10000) return;
    for (u32 i = TRAP_unaligned_pointer; i <= TRAP_invalid_utf16; i++) // each was met
        if (!CHECK(traps[i] || i == TRAP_string_too_long || i == TRAP_list_too_long))
            printf("    nobody met trap %u\n", i);
    CHECK(handed > turns / 200 && traps[TRAP_unknown_handle]);
}

int main(int argc, char **argv)
{
    static const Tier tiers[] = {TIER_interp, TIER_baseline, TIER_opt};
    u32 turns = argc > 1 ? (u32)atoi(argv[1]) : check_full() ? 100000 : 10000;
    if (argc > 2) seed = (u64)atoll(argv[2]);
    begin_worlds();
    if (setjmp(world_failure)) return CHECK(!"out of memory"), check_report();
    for (u32 i = 0; i < COUNT_OF(engines); i++) {
        engines[i] = engine_new(features_default);
        engines[i]->tier = tiers[i];
    }
    test_random(check_single() ? turns : turns / 10);
    for (u32 i = 0; i < COUNT_OF(engines); i++) engine_free(engines[i]);
    end_worlds();
    return check_report();
}
