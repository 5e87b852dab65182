// translate.c -- one pass from a body to register code (code.h), driven by the walk.
//
//     walk (valid/walk.h) --hooks--> image of the operands (image.h) --emit--> code, state map
//
// The hooks are in hooks_*.h by what they are about. This file includes them, makes the
// interpreter's copy of the walk, and has the entry points.
//
// To stop takes nothing but to leave: what was translated is in scratch memory, and the function
// keeps its entry, so the next call begins anew.

#include "interp/hooks_control.h"
#include "interp/hooks_number.h"
#include "interp/hooks_value.h"
#include "interp/hooks_vector.h"

#include <stdatomic.h>

// --- what does not run here yet

#define LATER(row)                                                                                 \
    static void interp_##row(Translator *t, WalkState *w, const Imm *imm) { emit_unsupported(t, w); }
#include "interp/later.def"

// Some thousand bytes of the body are translated within a fraction of a millisecond, whatever they
// are: see image.h.
static __attribute__((noinline)) bool look(Translator *t, const WalkState *w)
{
    enum { BYTES = 4096 };
    t->look = w->pos + BYTES;
    if (!t->trap)
        t->trap = (Trap)atomic_load_explicit(&t->exec->interrupt, memory_order_relaxed);
    return !t->trap;
}

#define WALK_GOES_ON(t, w) (LIKELY((w)->pos < (t)->look) || look(t, w))
#define WALK_EACH(t) ((t)->region++)
#define WALK_NAME interp
#define WALK_CONTEXT Translator
#include "valid/walk.h"

// --- entry points

// Translates a function, or with DIAG_NO_FUNC an expression. *code stays in `scratch`.
static Trap translate(Exec *x, const Instance *inst, u32 func, Range expr, Type type,
                      Arena *scratch, InterpCode *code)
{
    jmp_buf failed;
    scratch->on_failure = &failed;
    if (setjmp(failed))
        return exec_trap(x, TRAP_out_of_memory, "while translating function %u", func);
    Diag diag;
    diag_init(&diag);
    Translator t = {.arena = scratch, .exec = x, .last = NONE, .before = NONE, .stepped = NONE, .charge = NONE,
                    .fueled = x->fueled, .deterministic = x->deterministic};
    buf_init(&t.map, scratch);
    WalkState w;
    walk_init(&w, inst->module, scratch, &diag);
    w.globals = inst->module->global_count;
    bool good;
    if (func != DIAG_NO_FUNC) {
        good = interp_walk_func(&t, &w, func);
    } else {
        start(&t, NULL, 0, 0, 1, type_slots(type));
        good = interp_walk_expr(&t, &w, expr, type);
    }
    if (t.trap == TRAP_call_stack_exhausted)
        return exec_trap(x, t.trap, "function %u needs more than %d slots", func,
                         INTERP_FRAME_SLOTS_MAX);
    if (t.trap) return t.trap;
    if (!good) return exec_trap(x, TRAP_not_executable, "%s", err_text[diag.err]); // it was never validated
    t.code[t.enter + 1] = t.frame_slots + RECORD_SLOTS;
    *code = (InterpCode){t.code, t.count, t.local_slots, t.frame_slots, t.map.data, (u32)t.map.len,
                         t.guards, t.guard_count, t.range_count, t.ranges};
    return TRAP_none;
}

// Moves what was translated from scratch memory into the store. NULL: out of memory.
static InterpCode *keep(Store *store, const InterpCode *from)
{
    InterpCode *code = store_alloc(store, 1, sizeof *code);
    u64 *words = store_alloc(store, from->count, sizeof *words);
    u8 *map = store_alloc(store, from->map_len, 1);
    InterpGuard *guards = store_alloc(store, from->guard_count, sizeof *guards);
    InterpRange *ranges = store_alloc(store, from->range_count, sizeof *ranges);
    if (!code || !words || !map || !guards || !ranges) return NULL;
    *code = *from;
    code->code = memcpy(words, from->code, (size_t)from->count * sizeof *words);
    code->guards = from->guard_count
                       ? memcpy(guards, from->guards, from->guard_count * sizeof *guards)
                       : guards;
    code->ranges = from->range_count
                       ? memcpy(ranges, from->ranges, from->range_count * sizeof *ranges)
                       : ranges;
    code->map = from->map_len ? memcpy(map, from->map, from->map_len) : map;
    return code;
}

Trap interp_translate(Exec *x, Func *func)
{
    Arena scratch;
    InterpCode code;
    arena_init(&scratch);
    Trap trap = translate(x, func->instance, func->index, (Range){0, 0}, 0, &scratch, &code);
    InterpCode *kept = trap ? NULL : keep(x->store, &code);
    arena_free(&scratch);
    if (trap) return trap;
    if (!kept)
        return exec_trap(x, TRAP_out_of_memory, "while translating function %u", func->index);
    func->code = kept;
    func->entry = kept->code;
    return TRAP_none;
}

Trap interp_translate_expr(Exec *x, const Instance *inst, Range expr, Type type, Arena *scratch,
                           InterpCode *code)
{
    return translate(x, inst, DIAG_NO_FUNC, expr, type, scratch, code);
}
