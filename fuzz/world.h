// world.h -- runs a module: imports are met by stubs, every exported function is called with a few
// arguments, fuel bounds it all, and after each trap the frames are read back. All that can be seen
// ends up in one number.
#pragma once

#include "fuzz.h"

#include "run/call.h"
#include "run/frame.h"

enum { FUEL = 6000, CALLS_MOST = 12 };

typedef struct {
    Store *store;
    u64 hash;
    u32 callbacks;  // how often a stub may still call back
    bool placeless; // where things stand in the module, and what they cost, does not count
    bool starved;   // out of fuel, or of stack: the rest means little
    Instance *instance;
} World;

static void note(World *w, u64 value)
{
    w->hash = (w->hash ^ value) * 0x9e3779b97f4a7c15u ^ w->hash >> 29;
}

static void note_place(World *w, u64 value) { note(w, w->placeless ? 0 : value); }

static bool has_value(Type t) { return !type_is_ref(t) || type_is_null(t); }

// Puts the n-th of our values for each type; false: there is none for some type.
static bool fill(const Type *types, u32 count, u32 n, u64 *slots)
{
    static const u64 values[] = {
        0,    1, 0xffffffffffffffff, 0x8000000080000000, 0x7ff8000000000000, 0x3ff000003f800000,
        65535};
    for (u32 i = 0, at = 0; i < count; at += type_slots(types[i++])) {
        if (!has_value(types[i])) return false;
        slots[at] = type_is_ref(types[i]) ? REF_NULL : values[(n + i) % COUNT_OF(values)];
        if (types[i] == TYPE_v128) slots[at + 1] = ~slots[at];
    }
    return true;
}

static Func *exported_func(const World *w, u32 n)
{
    const Module *m = w->instance ? w->instance->module : NULL;
    for (u32 i = 0; m && i < m->export_count; i++)
        if (m->exports[i].kind == EXTERN_func && !n--)
            return instance_func(w->instance, m->exports[i].index);
    return NULL;
}

static void call_func(World *w, Func *f, u32 n)
{
    const TypeDef *type = type_def(w->store->types, f->type);
    u32 room = MAX(type->param_slots, type->result_slots) + 1;
    u64 *slots = calloc(room, sizeof *slots);
    u32 depth = w->store->exec.depth;
    if (fill(type->params, type->param_count, n, slots)) {
        Trap trap = engine_call(w->store, f, slots, room);
        MUST(trap < TRAP_COUNT);
        note(w, trap);
        w->starved |= trap == TRAP_out_of_fuel || trap == TRAP_call_stack_exhausted ||
                      trap == TRAP_not_executable;
        for (u32 i = 0, at = 0; !trap && i < type->result_count;
             at += type_slots(type_results(type)[i++])) {
            note(w, type_results(type)[i] == TYPE_i32 || type_results(type)[i] == TYPE_f32
                        ? (u32)slots[at]
                        : slots[at]);
            if (type_results(type)[i] == TYPE_v128) note(w, slots[at + 1]);
        }
    }
    MUST(w->store->exec.depth == depth);
    free(slots);
}

// A function of the host: sometimes calls back, sometimes fails, else gives zeros.
static Trap stub(HostCall *call)
{
    World *w = call->env;
    const TypeDef *type = type_def(w->store->types, call->func->type);
    for (u32 i = 0, at = 0; i < type->param_count; at += type_slots(type->params[i++]))
        note(w, type->params[i] == TYPE_i32 || type->params[i] == TYPE_f32 ? (u32)call->slots[at]
                                                                           : call->slots[at]);
    FrameCursor cursor = {0};
    for (u32 depth = 0; depth < 100 && frame_next(call->exec, &cursor); depth++)
        note_place(w, frame_offset(&cursor));
    if (w->callbacks && w->hash % 4 == 0) {
        w->callbacks--;
        Func *f = exported_func(w, w->hash / 4 % 3);
        if (f) call_func(w, f, w->callbacks);
    }
    if (w->hash % 64 == 5) return exec_trap(call->exec, TRAP_host, "a stub");
    return fill(type_results(type), type->result_count, 0, call->slots) ? TRAP_none : TRAP_host;
}

static bool resolve(void *env, const Import *import, const ExternType *t, Extern *out)
{
    World *w = env;
    out->kind = t->kind;
    switch (t->kind) {
    case EXTERN_func: return (out->func = func_new_host(w->store, t->func, stub, w)) != NULL;
    case EXTERN_table:
        return has_value(t->table.elem) &&
               (out->table = table_new(w->store, &t->table, REF_NULL)) != NULL;
    case EXTERN_memory: return (out->memory = memory_new(w->store, &t->memory)) != NULL;
    case EXTERN_global:
        return has_value(t->global.type) && (out->global = global_new(w->store, t->global)) != NULL;
    case EXTERN_tag: return (out->tag = tag_new(w->store, t->func)) != NULL;
    default: return false;
    }
}

// Reads back what a trap left, as a backtrace and a debugger would.
static void read_frames(World *w)
{
    FrameCursor cursor = {0};
    Arena arena;
    arena_init(&arena);
    for (u32 depth = 0; depth < 8 && frame_next(&w->store->exec, &cursor); depth++) {
        FrameView view;
        note_place(w, frame_offset(&cursor));
        if (!frame_read(&cursor, &arena, &view)) continue;
        for (u32 i = 0; i < view.local_count; i++) note(w, *view.local_values[i] & 0);
        for (u32 i = 0; i < view.operand_count; i++) note(w, *view.operand_values[i] & 0);
    }
    arena_free(&arena);
}

static void note_state(World *w)
{
    for (const Memory *m = w->store->memories; m; m = m->next) {
        note(w, m->size);
        for (u64 i = 0; i < MIN(m->size, 4096); i += 8) {
            u64 word;
            memcpy(&word, m->base + i, 8);
            note(w, word);
        }
    }
    const Instance *inst = w->instance;
    for (u32 i = 0; inst && i < inst->module->global_count; i++)
        if (!type_is_ref(inst->globals[i]->type.type)) note(w, inst->globals[i]->value[0]);
    for (const Table *t = w->store->tables; t; t = t->next) {
        note(w, t->size);
        bool collected = type_is_collected(w->store->types, t->type.elem);
        for (u64 i = 0; i < t->size; i++) {
            Ref ref = t->elems[i];
            MUST(!ref || (collected ? !ref_is_object(ref) || heap_has(&w->store->heap, ref)
                                    : ref < store_func_count(w->store)));
        }
    }
}

static World run(Engine *e, const Module *m, bool placeless)
{
    World w = {.store = engine_store(e), .callbacks = 4, .placeless = placeless};
    Diag diag;
    exec_grant_fuel(&w.store->exec, FUEL);
    Instantiated made = engine_instantiate(w.store, m, resolve, &w, &diag);
    note(&w, made.trap);
    w.starved |= made.trap == TRAP_out_of_fuel;
    if (made.trap) read_frames(&w);
    if (made.instance && !made.trap) w.instance = made.instance;
    for (u32 i = 0; i < CALLS_MOST && w.instance; i++) {
        Func *f = exported_func(&w, i);
        if (!f) break;
        for (u32 n = 0; n < 3; n++) {
            exec_grant_fuel(&w.store->exec, FUEL);
            call_func(&w, f, n);
            note_place(&w, w.store->exec.fuel);
            MUST(!w.store->exec.stack || w.store->exec.top == w.store->exec.stack);
            read_frames(&w);
        }
    }
    note_state(&w);
    store_free(w.store);
    return w;
}
