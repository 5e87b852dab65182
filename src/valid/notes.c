// notes.c -- see notes.h. A consumer of the walk.
//
//     loop                      loop                end      end
//       |-- uses: weight[1] ----- | -- weight[2] -- |   ...   |
//                                    at the end: the 16 heaviest are noted, and 8 times all weights
//                                    go to the loop around
//
// Of each open loop down to NOTE_DEPTH there is a table by local, and a list of the locals in it,
// so a use is constant work, and at most NOTE_DEPTH times more when loops end. A local counts as
// set before it is read only where a set stands in the loop itself, in no block that could be left
// first.

#include "valid/notes.h"

#include "valid/walk_core.h"

#include <stdlib.h>
#include <string.h>

// Of a local in a loop: 0, which is not in the list, or its weight above some bits.
typedef u64 Use;
enum {
    USE_ONE = 256,   // of weight
    USE_SET = 1,     // before anything could read it; besides NOTE_assigned and NOTE_read_first
    USE_HEAVIEST = 48, // as many bits of weight at most
};

typedef struct {
    u32 frame;       // index of the loop's frame
    Use *uses;       // by local
    u16 *list;       // of those with a weight
    u32 count;
} Level;

typedef struct {
    Arena *arena;    // of loops and levels
    u32 func;
    u32 has, most;
    LoopNote *loops;
    u32 loop_count, loop_cap;
    u32 open;        // the innermost open loop, or NOTE_NONE
    u32 depth;       // how many are open
    Use *uses;       // of the innermost list; NULL: no loop is open
    u32 local_count;
    Level levels[NOTE_DEPTH + 1]; // by depth, from 1 on
} NoteTaker;

// ---- Uses of locals

static u64 weight_of(Use use) { return use / USE_ONE; }

static Level *innermost(NoteTaker *t) { return &t->levels[MIN(t->depth, NOTE_DEPTH)]; }

static Use *use_of(Level *l, u32 local)
{
    if (!l->uses[local]) l->list[l->count++] = (u16)local;
    return &l->uses[local];
}

// What a first use changes besides the weight.
static __attribute__((noinline)) void note_first(NoteTaker *t, const WalkState *w, u32 local,
                                                 bool set)
{
    Level *l = innermost(t);
    Use *use = use_of(l, local);
    if (set) *use |= NOTE_assigned | (w->frame_count == l->frame + 1 ? USE_SET : 0);
    else if (!(*use & USE_SET)) *use |= NOTE_read_first;
    *use += USE_ONE;
}

static ALWAYS_INLINE void note_get(NoteTaker *t, const WalkState *w, u32 local)
{
    if (!t->uses) return;
    if (LIKELY(t->uses[local] & (NOTE_read_first | USE_SET))) t->uses[local] += USE_ONE;
    else note_first(t, w, local, false);
}

static ALWAYS_INLINE void note_set(NoteTaker *t, const WalkState *w, u32 local)
{
    if (!t->uses) return;
    Use use = t->uses[local];
    if (LIKELY((use & NOTE_assigned) && (use & (NOTE_read_first | USE_SET))))
        t->uses[local] += USE_ONE;
    else note_first(t, w, local, true);
}

// The heaviest, in order; of equals the lower local first, so that all validators note the same.
static void note_heaviest(LoopNote *note, const Level *l)
{
    u32 count = 0;
    for (u32 i = 0; i < l->count; i++) {
        u32 local = l->list[i], at = count;
        u64 weight = weight_of(l->uses[local]);
        for (; at; at--) {
            u32 other = note->locals[at - 1];
            u64 heavy = weight_of(l->uses[other]);
            if (heavy > weight || (heavy == weight && other < local)) break;
        }
        if (at == NOTE_LOCALS) continue;
        count = MIN(count + 1, NOTE_LOCALS);
        memmove(note->locals + at + 1, note->locals + at, (count - 1 - at) * sizeof *note->locals);
        note->locals[at] = (u16)local;
    }
    for (u32 i = 0; i < count; i++) {
        Use use = l->uses[note->locals[i]];
        note->about[i] = (u8)(63 - __builtin_clzll(weight_of(use))) |
                         (u8)(use & (NOTE_assigned | NOTE_read_first));
    }
    note->local_count = (u8)count;
}

// What was in the loop was in the one around it. It may not have been run, so it set nothing there.
static void merge(Level *outer, Level *inner)
{
    for (u32 i = 0; i < inner->count; i++) {
        Use *from = &inner->uses[inner->list[i]];
        if (outer) {
            Use *to = use_of(outer, inner->list[i]);
            u64 weight = weight_of(*to) + 8 * weight_of(*from);
            u8 about = (u8)*to | (*from & NOTE_assigned);
            if ((*from & NOTE_read_first) && !(*to & USE_SET)) about |= NOTE_read_first;
            *to = MIN(weight, (u64)1 << USE_HEAVIEST) * USE_ONE | about;
        }
        *from = 0;
    }
    inner->count = 0;
}

// ---- Loops

static void open_loop(NoteTaker *t, const WalkState *w)
{
    u32 number = t->loop_count;
    LoopNote *note = &ARENA_PUSH(t->arena, t->loops, t->loop_count, t->loop_cap);
    *note = (LoopNote){
        .start = w->pos, .parent = t->open, .depth = (u8)MIN(t->depth + 1, UINT8_MAX)};
    t->open = number;
    t->has |= NOTE_loops;
    if (++t->depth > NOTE_DEPTH) return;
    Level *l = &t->levels[t->depth];
    l->frame = w->frame_count - 1;
    t->uses = l->uses;
    if (l->uses) return;
    l->uses = NEW_ARRAY(t->arena, Use, t->local_count);
    l->list = NEW_ARRAY(t->arena, u16, t->local_count);
    t->uses = l->uses;
}

static void close_loop(NoteTaker *t, const WalkState *w)
{
    LoopNote *note = &t->loops[t->open];
    note->end = (u32)(w->in.next - w->m->bytes);
    if (t->depth <= NOTE_DEPTH) {
        note_heaviest(note, &t->levels[t->depth]);
        merge(t->depth > 1 ? &t->levels[t->depth - 1] : NULL, &t->levels[t->depth]);
    }
    t->open = note->parent;
    t->depth--;
    t->uses = t->depth ? innermost(t)->uses : NULL;
    if (t->open == NOTE_NONE) return;
    LoopNote *outer = &t->loops[t->open];
    outer->calls = (u16)MIN((u32)outer->calls + note->calls, UINT16_MAX);
}

// ---- What a body has

static u32 has_type(Type type)
{
    switch (type) {
    case TYPE_i32: case TYPE_i64: return 0;
    case TYPE_f32: case TYPE_f64: return NOTE_floats;
    case TYPE_v128: return NOTE_vectors;
    default: return type_is_ref(type) ? NOTE_references : 0;
    }
}

static void note_types(NoteTaker *t, const Type *types, u32 count)
{
    for (u32 i = 0; i < count; i++) t->has |= has_type(types[i]);
}

// By signature: the bit of each of its types.
#define BITS_(a, b, c, d, ...) (1 << (a) | 1 << (b) | 1 << (c) | 1 << (d))
#define BITS(...) BITS_(__VA_ARGS__, 0, 0, 0, 0)
#define TYPES(n, P, m, R) BITS(SIG_TYPES_##n P) | BITS(SIG_TYPES_##m R)
enum {
#define SIG(name) TYPES_##name = SHAPE_##name(TYPES),
#include "op/sig.def"
};
#undef BITS
#undef BITS_
#undef TYPES
#define HAS_FLOATS(types) ((types) & (1 << VAL_f32 | 1 << VAL_f64) ? NOTE_floats : 0)
#define HAS(sig) (HAS_FLOATS(TYPES_##sig) | (TYPES_##sig & 1 << VAL_v128 ? NOTE_vectors : 0))
static const u8 row_has[OP_COUNT] = {
#define PURE(name, text, opcode, sig, ...) [OP_##name] = HAS(sig),
#define PURE2 PURE
#define VECTOR PURE
#define LANE PURE
#define LOAD(name, text, opcode, sig, ...) [OP_##name] = HAS(sig) | NOTE_accesses,
#define STORE LOAD
#define VLOAD LOAD
#define VSTORE LOAD
#define LOAD_LANE LOAD
#define STORE_LANE LOAD
#define ATOMIC LOAD
#define TYPES_any 0
#define HAND(name, text, opcode, immediates, sig, ...) [OP_##name] = HAS(sig),
#include "op/op.def"
};

static const bool by_hand[OP_COUNT] = {
#define OP(...)
#define HAND(name, ...) [OP_##name] = true,
#include "op/op.def"
};

// ---- The hooks

static inline void note_begin(NoteTaker *t, WalkState *w)
{
    note_types(t, w->type->params, w->type->param_count);
    note_types(t, type_results(w->type), w->type->result_count);
    for (u32 i = 0; i < w->run_count; i++) t->has |= has_type(w->runs[i].type);
    t->local_count = w->local_count;
}

// Mostly nothing is new, so that nothing need be written.
static ALWAYS_INLINE void note_has(NoteTaker *t, u32 has)
{
    if (UNLIKELY(has & ~t->has)) t->has |= has;
}

static ALWAYS_INLINE void note_most(NoteTaker *t, const WalkState *w)
{
    if (UNLIKELY(w->operand_count > t->most)) t->most = w->operand_count;
}

static ALWAYS_INLINE void note_top(NoteTaker *t, const WalkState *w)
{
    if (!w->operand_count) return;
    note_has(t, has_type(w->operands[w->operand_count - 1]));
    note_most(t, w);
}

static void note_callee(NoteTaker *t, const WalkState *w, const Imm *imm)
{
    t->has |= NOTE_calls;
    if (t->open != NOTE_NONE && t->loops[t->open].calls < UINT16_MAX) t->loops[t->open].calls++;
    note_types(t, type_results(imm->def), imm->def->result_count);
    note_most(t, w);
}

static ALWAYS_INLINE void note_each(NoteTaker *t, WalkState *w, Op op, const Imm *imm)
{
    if (row_has[op]) note_has(t, row_has[op]);
    switch (op) {
    case OP_local_get:
        note_get(t, w, imm->local);
        note_most(t, w);
        break;
    case OP_local_set: case OP_local_tee:
        note_set(t, w, imm->local);
        break;
    case OP_i32_const: case OP_i64_const: case OP_f32_const: case OP_f64_const:
        note_most(t, w);
        break;
    case OP_loop: open_loop(t, w); break;
    case OP_end:
        if (imm->frame->op == OP_loop) close_loop(t, w);
        break;
    case OP_call: case OP_call_indirect: case OP_call_ref: case OP_return_call:
    case OP_return_call_indirect: case OP_return_call_ref: case OP_resume: case OP_resume_throw:
    case OP_resume_throw_ref: case OP_switch: case OP_suspend: note_callee(t, w, imm); break;
    case OP_catch:
        note_types(t, imm->def->params, imm->def->param_count);
        note_most(t, w);
        break;
    case OP_try_table: t->has |= NOTE_references; break; // its clauses may push some
    case OP_nop: case OP_block: case OP_if: case OP_else: case OP_br: case OP_br_if:
    case OP_br_table:
    case OP_return: case OP_drop: case OP_unreachable: break;
    default:
        if (by_hand[op]) note_top(t, w);
    }
}

#define WALK_NAME note
#define WALK_CONTEXT NoteTaker
#define OBSERVE_BEGINS
#include "valid/observe_each.h"
#include "valid/walk.h"

// ---- A body

static FuncNotes *kept_notes(const NoteTaker *t)
{
    size_t loops = (size_t)t->loop_count * sizeof *t->loops;
    FuncNotes *notes = malloc(sizeof *notes + loops);
    if (!notes) return NULL;
    *notes = (FuncNotes){t->has, t->most, t->loop_count};
    if (loops) memcpy(notes->loops, t->loops, loops);
    return notes;
}

static void *take_notes(void *env, WalkState *w)
{
    NoteTaker *t = env;
    t->arena = w->arena;
    return note_walk_func(t, w, t->func) ? kept_notes(t) : NULL;
}

FuncNotes *notes_find(const Module *m, u32 func)
{
    NoteTaker t = {.func = func, .open = NOTE_NONE};
    return walk_alone(m, take_notes, &t);
}
