// walk_core.h -- what every walk shares: immediates, the operand stack, frames. Inline is the common case and
// only that; everything else is a function of walk.c.
//
//     operands   ... | parameters of frame | operands of its code ...
//                    ^ floor                                        ^ operand_count
//
// Operands below `floor` belong to outer frames and are never popped. In a frame that is dead, what is
// missing above the floor may be anything (TYPE_bottom).
// spec: appendix/algorithm
#pragma once

#include "valid/walk_types.h"

#define ALWAYS_INLINE inline __attribute__((always_inline))

// A reference of unknown kind, not null: what ref.as_non_null makes of TYPE_bottom. Only in dead code.
#define TYPE_BOTTOM_REF (TYPE_REF | HEAP_COUNT)

// A signature's types as compile-time constants.
#define i32 VAL_i32
#define i64 VAL_i64
#define f32 VAL_f32
#define f64 VAL_f64
#define v128 VAL_v128
#define UNWRAP(...) __VA_ARGS__
static const SigInfo walk_sigs[SIG_COUNT] = {
#define SIG(name, p, r)                                                                            \
    [SIG_##name] = {sizeof((u8[]){UNWRAP p}), sizeof((u8[]){UNWRAP r}), {UNWRAP p}, {UNWRAP r}},
#include "op/sig.def"
#undef SIG
};
#undef i32
#undef i64
#undef f32
#undef f64
#undef v128
#undef UNWRAP

// A dense number for each encoding: what the walk switches over.
enum { KEY_fb = 0x100, KEY_fc = 0x200, KEY_fd = 0x300, KEY_fe = 0x500, KEY_NONE = 0x600 };
#define KEY_SUB(opcode) ((opcode) > 0xffff ? (opcode) & 0xfff : (opcode) & 0xff)
#define KEY_PREFIX(opcode) ((opcode) > 0xffff ? (opcode) >> 12 : (opcode) >> 8)
#define KEY(opcode)                                                                                \
    ((opcode) < 0x100             ? (opcode)                                                       \
     : KEY_PREFIX(opcode) == 0xfb ? KEY_fb + KEY_SUB(opcode)                                       \
     : KEY_PREFIX(opcode) == 0xfc ? KEY_fc + KEY_SUB(opcode)                                       \
     : KEY_PREFIX(opcode) == 0xfd ? KEY_fd + KEY_SUB(opcode)                                       \
                                  : KEY_fe + KEY_SUB(opcode))

// ---- Set-up and refusal

void walk_init(WalkState *w, const Module *m, Arena *scratch, Diag *diag);
bool walk_enter_func(WalkState *w, u32 func); // reads the locals, opens the body
Type walk_far_local(const WalkState *w, u32 index); // the type of one at or behind local_flat
void walk_enter_expr(WalkState *w, Range expr, Type expected);
bool walk_leave(WalkState *w);                // after the last end: nothing may follow
bool walk_ran_out(WalkState *w);              // no instruction where one must be

// Always false. At the instruction being read; the others at some byte of it.
bool walk_fail(WalkState *w, Err err, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool walk_fail_at(WalkState *w, Err err, const u8 *at, const char *fmt, ...) PRINTF_LIKE(4, 5);
bool walk_disabled(WalkState *w, Op op);
bool walk_illegal(WalkState *w);
// What an operand is called in messages.
typedef struct { char text[64]; } TypeName;
TypeName walk_type_name(const WalkState *w, Type type);

static ALWAYS_INLINE bool walk_enabled(const WalkState *w, Feature since)
{
    return since == FEATURE_core1 || (w->m->features & FEATURE_BIT(since)) != 0;
}

// ---- Immediates

u32 walk_opcode(WalkState *w, u32 first); // KEY_NONE: refused
bool walk_u32_slow(WalkState *w, u32 *out);
bool walk_u64(WalkState *w, u64 *out);
bool walk_s32(WalkState *w, u64 *out); // sign-extended
bool walk_s64(WalkState *w, u64 *out);
bool walk_fixed(WalkState *w, u32 size, void *out);
bool walk_value_type(WalkState *w, Type *out);
bool walk_heap_type(WalkState *w, bool null, Type *out);
bool walk_block_type(WalkState *w, const Type **params, u32 *param_count, const Type **results, u32 *result_count);
bool walk_memarg_slow(WalkState *w, Imm *imm, u32 natural);
bool walk_atomic_memarg(WalkState *w, Imm *imm, u32 natural);
bool walk_lane(WalkState *w, Imm *imm, u32 lanes);
// An index that must be below `count`.
bool walk_index(WalkState *w, u32 *index, u32 count, Err unknown);
bool walk_type_index(WalkState *w, u32 *index, TypeId *id, const TypeDef **def, CompKind kind);
bool walk_memory_index(WalkState *w, u32 *index, bool *is64);

static inline bool walk_u8(WalkState *w, u8 *out)
{
    if (UNLIKELY(w->next == w->end)) return walk_fixed(w, 1, out);
    *out = *w->next++;
    return true;
}

static inline bool walk_u32(WalkState *w, u32 *out)
{
    if (UNLIKELY(w->next == w->end || *w->next >= 0x80)) return walk_u32_slow(w, out);
    *out = *w->next++;
    return true;
}

// natural: log2 of the bytes accessed.
static ALWAYS_INLINE bool walk_memarg(WalkState *w, Imm *imm, u32 natural)
{
    const u8 *p = w->next;
    if (UNLIKELY(w->end - p < 3 || p[0] > natural || !w->memory0)) return walk_memarg_slow(w, imm, natural);
    imm->index = 0;
    imm->align = p[0];
    imm->is64 = w->memory0 == 2;
    if (LIKELY(p[1] < 0x80)) {
        imm->offset = p[1];
        w->next = p + 2;
        return true;
    }
    if (UNLIKELY(p[2] >= 0x80)) return walk_memarg_slow(w, imm, natural);
    imm->offset = (u32)p[1] - 0x80 + ((u32)p[2] << 7);
    w->next = p + 3;
    return true;
}

// ---- Operands

void walk_reserve(WalkState *w, u32 more); // room for that many
bool walk_matches_slow(const WalkState *w, Type sub, Type super);
bool walk_sig_slow(WalkState *w, Op op, Sig sig, Type first);
bool walk_pop_slow(WalkState *w, Type want);

static inline bool walk_matches(const WalkState *w, Type sub, Type super)
{
    return sub == super || walk_matches_slow(w, sub, super);
}

static inline Type walk_address(bool is64) { return is64 ? TYPE_i64 : TYPE_i32; }

// With custom descriptors, what an allocation makes is known to be of exactly its type.
static inline u32 walk_exact(const WalkState *w)
{
    return walk_enabled(w, FEATURE_custom_descriptors) ? TYPE_EXACT : 0;
}

static inline void walk_push(WalkState *w, Type type)
{
    if (UNLIKELY(w->operand_count == w->operand_cap)) walk_reserve(w, 1);
    w->operands[w->operand_count++] = type;
}

static inline bool walk_pop(WalkState *w, Type want)
{
    if (UNLIKELY(w->operand_count == w->floor || w->operands[w->operand_count - 1] != want))
        return walk_pop_slow(w, want);
    w->operand_count--;
    return true;
}

bool walk_pop_any(WalkState *w, Type *found);                         // TYPE_bottom where anything may be
bool walk_pop_ref(WalkState *w, Type *found);                         // TYPE_BOTTOM_REF likewise
bool walk_pop_list(WalkState *w, const Type *types, u32 count);
void walk_push_list(WalkState *w, const Type *types, u32 count);
bool walk_check_list(WalkState *w, const Type *types, u32 count);     // could they be popped?
bool walk_swap_list(WalkState *w, const Type *types, u32 count);      // pops and pushes them, in place

// Pops operands of the given types, named from the first to the last, which is on top.
#define WALK_POP(w, ...)                                                                           \
    walk_pop_list((w), (const Type[]){__VA_ARGS__}, sizeof((Type[]){__VA_ARGS__}) / sizeof(Type))

// A row with a plain signature. `first` replaces the first parameter (an address may be i64). All but the operands'
// types is known when this is compiled, so it comes to a compare or two and a store.
static ALWAYS_INLINE bool walk_sig_from(WalkState *w, Op op, Sig sig, Type first)
{
    const u32 n = walk_sigs[sig].param_count, r = walk_sigs[sig].result_count;
    if (UNLIKELY(w->operand_count - w->floor < n)) return walk_sig_slow(w, op, sig, first);
    const Type *top = w->operands + w->operand_count;
    u32 differ = 0;
    if (n >= 1) differ |= top[-1] ^ (n == 1 ? first : (Type)walk_sigs[sig].params[n - 1]);
    if (n >= 2) differ |= top[-2] ^ (n == 2 ? first : (Type)walk_sigs[sig].params[n - 2]);
    if (n >= 3) differ |= top[-3] ^ (n == 3 ? first : (Type)walk_sigs[sig].params[n - 3]);
    if (n >= 4) differ |= top[-4] ^ first;
    if (UNLIKELY(differ)) return walk_sig_slow(w, op, sig, first);
    if (r > n && UNLIKELY(w->operand_cap - w->operand_count < r - n)) walk_reserve(w, r - n);
    Type *at = w->operands + w->operand_count - n;
    if (r >= 1) at[0] = walk_sigs[sig].results[0];
    if (r >= 2) at[1] = walk_sigs[sig].results[1];
    w->operand_count += r - n;
    return true;
}

static ALWAYS_INLINE bool walk_sig(WalkState *w, Op op, Sig sig)
{
    return walk_sig_from(w, op, sig, walk_sigs[sig].params[0]);
}

// The same for the many rows that are met less often, not inline.
bool walk_sig_call_from(WalkState *w, Op op, Sig sig, Type first);
bool walk_sig_call(WalkState *w, Op op, Sig sig);
// And all of a row, by the table: whether it is enabled; with `imm` also the memory argument.
bool walk_shared(WalkState *w, Op op, Imm *imm);

// ---- Frames

// Its parameters must be on the stack already.
WalkFrame *walk_open(WalkState *w, Op op, const Type *params, u32 param_count, const Type *results, u32 result_count);
// Pops what the innermost frame leaves and makes sure that nothing else is there.
bool walk_check_end(WalkState *w);
// Forgets the innermost frame, and what was initialized in it. Its struct may be read until the next one opens.
WalkFrame *walk_close(WalkState *w);
void walk_forget_inits(WalkState *w, u32 down_to);
void walk_dead(WalkState *w); // nothing after this instruction is reached in this frame
void walk_refresh(WalkState *w); // after the innermost frame changed
bool walk_label(WalkState *w, u32 *depth, WalkFrame **frame);
const Type *walk_single(WalkState *w, Type type); // a list of that one type which stays

// ---- The rules, one per HAND row: they decode the immediates, check, and fill in *imm.

#define HAND(name, ...) bool valid_##name(WalkState *w, Imm *imm);
#include "op/op.def"

// The common cases of the commonest HAND rows. False means only that the rule itself must look; nothing is changed then.
static ALWAYS_INLINE bool walk_fast(WalkState *w, Op op, Imm *imm)
{
    switch (op) {
    case OP_local_get: case OP_local_set: case OP_local_tee: {
        if (UNLIKELY(w->next == w->end || *w->next >= 0x80 || *w->next >= w->local_count || w->inited)) return false;
        Type type = w->locals[*w->next];
        if (op == OP_local_get) {
            if (UNLIKELY(w->operand_count == w->operand_cap)) return false;
            w->operands[w->operand_count++] = type;
        } else {
            if (UNLIKELY(w->operand_count == w->floor || w->operands[w->operand_count - 1] != type)) return false;
            if (op == OP_local_set) w->operand_count--;
        }
        imm->index = *w->next++;
        imm->type = type;
        return true;
    }
    case OP_i32_const: case OP_i64_const: {
        if (UNLIKELY(w->end - w->next < 2 || w->operand_count == w->operand_cap)) return false;
        u32 value = w->next[0];
        if (value < 0x80) {
            imm->bits = (u64)((s64)((u64)value << 57) >> 57);
            w->next++;
        } else {
            if (w->next[1] >= 0x80) return false;
            value = (value & 0x7f) | (u32)w->next[1] << 7;
            imm->bits = (u64)((s64)((u64)value << 50) >> 50);
            w->next += 2;
        }
        w->operands[w->operand_count++] = op == OP_i32_const ? TYPE_i32 : TYPE_i64;
        return true;
    }
    default: return false;
    }
}

// Do consumers hear of this instruction? Of the parts of a frame they do if they heard of its beginning.
static ALWAYS_INLINE bool walk_shown(const WalkState *w, Op op)
{
    switch (op) {
    case OP_else: case OP_end: case OP_catch: case OP_catch_all: case OP_delegate:
        return !w->frames[w->frame_count - 1].silent;
    default: return w->reachable;
    }
}
