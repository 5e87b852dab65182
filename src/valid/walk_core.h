// walk_core.h -- what every walk shares: immediates, the operand stack, frames. Inline is the
// common case and only that; everything else is a function of walk.c.
//
//     operands   ... | parameters of frame | operands of its code ...
//                    ^ floor                                        ^ operand_count
//
// Operands below `floor` belong to outer frames and are never popped. In a frame that is dead, what
// is missing above the floor may be anything (TYPE_bottom).
// spec: appendix/algorithm
#pragma once

#include "valid/walk_types.h"

// Size counts, not speed: what is met often has no code of its own then.
#ifdef __OPTIMIZE_SIZE__
enum { WALK_SMALL = true };
#else
enum { WALK_SMALL = false };
#endif

// A reference of unknown kind, not null: what ref.as_non_null makes of TYPE_bottom. Only in dead
// code.
#define TYPE_BOTTOM_REF (TYPE_REF | HEAP_COUNT)

// sig_info as compile-time constants.
static const SigInfo walk_sigs[SIG_COUNT] = {
#define SIG(name) [SIG_##name] = SHAPE_##name(SIG_INFO),
#include "op/sig.def"
};

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
// For who walks a body that is known to be valid: what `make` makes of it, which outlives the
// walk's arena. NULL: it made nothing, or memory was short.
typedef void *WalkMaker(void *env, WalkState *w);
void *walk_alone(const Module *m, WalkMaker *make, void *env);
bool walk_enter_func(WalkState *w, u32 func); // reads the locals, opens the body
Type walk_far_local(const WalkState *w, u32 index); // the type of one at or behind local_flat
// constant.h; what it needs stays for the next
void walk_enter_expr(WalkState *w, u32 at, Type expected);
// What a call, or what else others go on in, pushes when it is back.
u32 walk_pushed(const WalkState *w, Op op, const Imm *imm);
bool walk_leave(WalkState *w);                // after the last end: nothing may follow
bool walk_ran_out(WalkState *w);              // no instruction where one must be

// Always false. At the instruction being read; the others at some byte of it.
bool walk_fail(WalkState *w, Err err, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool walk_fail_at(WalkState *w, Err err, const u8 *at, const char *fmt, ...) PRINTF_LIKE(4, 5);
bool walk_disabled(WalkState *w, Op op); // true if it is not, or noted as missing
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
bool walk_type(WalkState *w, Type *type); // as it was read; an index becomes an id
// The memory of a memory argument is there, and what is said of it fits. natural: log2 of the bytes
// accessed.
bool walk_memarg(WalkState *w, Imm *imm, u32 natural);
bool walk_atomic_memarg(WalkState *w, Imm *imm, u32 natural);
bool walk_lane(WalkState *w, u32 lane, u32 lanes);
bool walk_below(WalkState *w, u32 index, u32 count, Err unknown); // is it?
bool walk_type_of(WalkState *w, u32 index, Imm *imm, CompKind kind); // fills in type_id and def
bool walk_memory(WalkState *w, u32 index, bool *is64);

// Reads the immediates of a row. Most are one index, mostly of one byte.
static ALWAYS_INLINE bool walk_read(WalkState *w, Op op, ImmKind kind, Imm *imm)
{
    switch (kind) {
    case IMM_none: return true;
    case IMM_label: case IMM_local: case IMM_global: case IMM_func: case IMM_table: case IMM_data:
    case IMM_elem: case IMM_tag: case IMM_type:
        return imm_u32(&w->in, &imm->label); // they share one place
    default: return imm_read(&w->in, op, imm);
    }
}

// What changes with every instruction, for the template's loop to keep in registers: copies of
// w->in.next, w->in.end and w->operand_count. Whoever moves one writes both, so that w is up to
// date when anything is called; what is called may move w alone, so then they are read again.
typedef struct {
    const u8 *next, *end;
    u32 count;
} WalkHot;

static ALWAYS_INLINE WalkHot walk_hot(const WalkState *w)
{
    return (WalkHot){w->in.next, w->in.end, w->operand_count};
}
static ALWAYS_INLINE void walk_go(WalkState *w, WalkHot *h, const u8 *next)
{
    w->in.next = h->next = next;
}
static ALWAYS_INLINE void walk_set_count(WalkState *w, WalkHot *h, u32 count)
{
    w->operand_count = h->count = count;
}

// natural: log2 of the bytes accessed. Of this and what else takes a WalkHot, false means only that
// the slow way must be gone; nothing is changed then.
static ALWAYS_INLINE bool walk_fast_memarg(WalkState *w, WalkHot *h, Imm *imm, u32 natural)
{
    const u8 *p = h->next;
    if (UNLIKELY(h->end - p < 4 || p[0] > natural || !w->memory0)) return false;
    imm->memarg.memory = 0;
    imm->memarg.align = p[0];
    imm->is64 = w->memory0 == 2;
    u32 offset = p[1];
    p += 2;
    if (UNLIKELY(offset >= 0x80)) {
        offset += ((u32)*p++ << 7) - 0x80;
        if (UNLIKELY(offset >= 0x4000)) {
            offset += ((u32)*p++ << 14) - 0x4000;
            if (UNLIKELY(offset >= 0x200000)) { // also padded ones, as linkers leave them
                p = h->next + 1;
                if (h->end - p < 8) return false;
                u32 bytes = leb_wide(p, false, &offset);
                if (!bytes) return false;
                p += bytes;
            }
        }
    }
    // rule: Memarg_ok
    imm->memarg.offset = offset;
    walk_go(w, h, p);
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

// TYPE_bottom where anything may be
bool walk_pop_any(WalkState *w, Type *found);
bool walk_pop_ref(WalkState *w, Type *found);                         // TYPE_BOTTOM_REF likewise
bool walk_pop_list(WalkState *w, const Type *types, u32 count);
void walk_push_list(WalkState *w, const Type *types, u32 count);
bool walk_check_list(WalkState *w, const Type *types, u32 count);     // could they be popped?
bool walk_pop_fields(WalkState *w, const FieldType *fields, u32 count);
bool walk_pop_same(WalkState *w, const FieldType *field, u32 count);  // each of its type
// pops and pushes them, in place
bool walk_swap_list(WalkState *w, const Type *types, u32 count);

// lists.c: lists of types, of whatever length. Types that operands are compared with, and lists
// that are pushed, last as long as the type store if there are LIST_LONG or more of them.
enum { LIST_LONG = 32 };
// in words: 1, or 0 if it is but one, or that of fields
typedef struct { const Type *first; u32 step; } TypeList;

// How many from the bottom remain when the highest operand that does not match is on top; 0: all
// match. The operands must be there.
u32 list_mismatch_operands(WalkState *w, TypeList types, u32 count);
bool list_matches(WalkState *w, const Type *sub, const Type *super, u32 count);
void list_pushed(WalkState *w, const Type *types, u32 count); // is about to be
// Of where they stand, which nobody outside knows.
u64 list_hash(const Type *a, const Type *b);

// Pops operands of the given types, named from the first to the last, which is on top.
#define WALK_POP(w, ...)                                                                           \
    walk_pop_list((w), (const Type[]){__VA_ARGS__}, sizeof((Type[]){__VA_ARGS__}) / sizeof(Type))

// A row with a plain signature. `first` replaces the first parameter (an address may be i64). All
// but the operands' types is known when this is compiled, so it comes to a compare or two and a
// store.
static ALWAYS_INLINE bool walk_fast_sig(WalkState *w, WalkHot *h, Sig sig, Type first)
{
    const u32 n = walk_sigs[sig].param_count, r = walk_sigs[sig].result_count;
    if (UNLIKELY(h->count - w->floor < n)) return false;
    Type *top = w->operands + h->count;
    u32 differ = 0;
    if (n >= 1) differ |= top[-1] ^ (n == 1 ? first : (Type)walk_sigs[sig].params[n - 1]);
    if (n >= 2) differ |= top[-2] ^ (n == 2 ? first : (Type)walk_sigs[sig].params[n - 2]);
    if (n >= 3) differ |= top[-3] ^ (n == 3 ? first : (Type)walk_sigs[sig].params[n - 3]);
    if (n >= 4) differ |= top[-4] ^ first;
    if (UNLIKELY(differ)) return false;
    if (r > n && UNLIKELY(w->operand_cap - h->count < r - n)) return false;
    if (r >= 1) top[-(s32)n] = walk_sigs[sig].results[0];
    if (r >= 2) top[1 - (s32)n] = walk_sigs[sig].results[1];
    if (r != n) walk_set_count(w, h, h->count + r - n);
    return true;
}

// The same for the many rows that are met less often, not inline.
bool walk_sig_call_from(WalkState *w, Op op, Sig sig, Type first);
bool walk_sig_call(WalkState *w, Op op, Sig sig);
// And all of a row, by the table: whether it is enabled; with `imm` also the memory argument.
bool walk_shared(WalkState *w, Op op, Imm *imm);
bool walk_hand(WalkState *w, Imm *imm, bool (*valid)(WalkState *w, Imm *imm)); // of a HAND row

// ---- Frames

// Its parameters must be on the stack already.
WalkFrame *walk_open(WalkState *w, Op op, const Type *params, u32 param_count, const Type *results,
                     u32 result_count);
// Pops what the innermost frame leaves and makes sure that nothing else is there.
bool walk_check_end(WalkState *w);
// Forgets the innermost frame, and what was initialized in it. Its struct may be read until the
// next one opens.
WalkFrame *walk_close(WalkState *w);
void walk_forget_inits(WalkState *w, u32 down_to);
void walk_dead(WalkState *w); // nothing after this instruction is reached in this frame
void walk_refresh(WalkState *w); // after the innermost frame changed
bool walk_label(WalkState *w, u32 depth, Imm *imm); // of a branch: fills in frame and depth
const Type *walk_single(WalkState *w, Type type); // a list of that one type which stays

// ---- The rules, one per HAND row: they decode the immediates, check, and fill in *imm.

#define HAND(name, ...) bool valid_##name(WalkState *w, Imm *imm);
#include "op/op.def"

// Types of blocks that take nothing, by the byte that encodes them: the number that they give,
// WALK_SHORT_VOID if none, TYPE_bottom for what is not so simple. Lists of one number each.
enum { WALK_SHORT_VOID = TYPE_NUMBER_COUNT };
extern const u8 walk_short_types[0x40];
extern const Type walk_number_lists[TYPE_NUMBER_COUNT + 1];

static ALWAYS_INLINE bool walk_top_is(const WalkState *w, const WalkHot *h, Type type)
{
    return LIKELY(h->count > w->floor && w->operands[h->count - 1] == type);
}

static ALWAYS_INLINE bool walk_fast_push(WalkState *w, WalkHot *h, Type type)
{
    if (UNLIKELY(h->count == w->operand_cap)) return false;
    w->operands[h->count] = type;
    walk_set_count(w, h, h->count + 1);
    return true;
}

static ALWAYS_INLINE bool walk_fast_local(WalkState *w, WalkHot *h, Op op, Imm *imm)
{
    const u8 *p = h->next;
    if (UNLIKELY(h->end - p < 2 || w->inited)) return false;
    u32 index = *p++;
    if (UNLIKELY(index >= 0x80)) index += ((u32)*p++ << 7) - 0x80;
    // the second byte is not the last
    if (UNLIKELY(index >= w->local_flat || index >= 0x4000)) return false;
    Type type = w->locals[index];
    if (op == OP_local_get) {
        if (!walk_fast_push(w, h, type)) return false;
    } else {
        if (!walk_top_is(w, h, type)) return false;
        if (op == OP_local_set) walk_set_count(w, h, h->count - 1);
    }
    // rules: Instr_ok/local.get, Instr_ok/local.set, Instr_ok/local.tee
    imm->local = index;
    imm->type = type;
    walk_go(w, h, p);
    return true;
}

// Constants of at most 32 bits.
static ALWAYS_INLINE bool walk_fast_const(WalkState *w, WalkHot *h, Op op, Imm *imm)
{
    const u8 *p = h->next;
    if (UNLIKELY(h->end - p < 8)) return false;
    u32 value = *p, bytes = 1;
    if (value < 0x80) value = (u32)((s32)(value << 25) >> 25);
    else bytes = leb_wide(p, true, &value);
    if (UNLIKELY(!bytes)) return false;
    if (!walk_fast_push(w, h, op == OP_i32_const ? TYPE_i32 : TYPE_i64)) return false;
    // rule: Instr_ok/const
    imm->bits = (u64)(s64)(s32)value;
    walk_go(w, h, p + bytes);
    return true;
}

static ALWAYS_INLINE bool walk_fast_open(WalkState *w, WalkHot *h, Op op, Imm *imm)
{
    if (UNLIKELY(h->next == h->end || w->frame_count == w->frame_cap)) return false;
    u32 code = *h->next;
    if (UNLIKELY((code & 0xc0) != 0x40)) return false;
    u32 type = walk_short_types[code & 0x3f];
    if (UNLIKELY(type == TYPE_bottom)) return false;
    if (op == OP_if) {
        if (!walk_top_is(w, h, TYPE_i32)) return false;
        walk_set_count(w, h, h->count - 1);
    }
    // rules: Instr_ok/block, Instr_ok/loop, Instr_ok/if, Blocktype_ok/valtype
    WalkFrame *f = &w->frames[w->frame_count++];
    *f = (WalkFrame){
        .op = (u16)op,
        .silent = !w->reachable,
        .results = &walk_number_lists[type],
        .result_count = type != WALK_SHORT_VOID,
        .height = h->count,
        .inits = w->init_count,
    };
    w->floor = h->count;
    imm->frame = f;
    walk_go(w, h, h->next + 1);
    return true;
}

// A frame that leaves nothing or one value, exactly of its type, and in which no local was
// initialized.
static ALWAYS_INLINE bool walk_fast_end(WalkState *w, WalkHot *h, Imm *imm)
{
    WalkFrame *f = &w->frames[w->frame_count - 1];
    u32 count = f->result_count;
    if (UNLIKELY(h->count - w->floor != count || count > 1)) return false;
    if (count && w->operands[h->count - 1] != *f->results) return false;
    if (UNLIKELY(w->init_count != f->inits || (f->op == OP_if && (count || f->param_count))))
        return false;
    // rule: Instrs_ok/empty
    imm->falls = w->reachable;
    imm->frame = f;
    if (UNLIKELY(--w->frame_count == 0)) return true;
    f--;
    w->floor = f->height;
    w->reachable = !f->dead && !f->silent;
    return true;
}

// To a label that takes nothing.
static ALWAYS_INLINE bool walk_fast_br(WalkState *w, WalkHot *h, Op op, Imm *imm)
{
    if (UNLIKELY(h->next == h->end)) return false;
    u32 depth = *h->next;
    if (UNLIKELY(depth >= 0x80 || depth >= w->frame_count)) return false;
    WalkFrame *f = walk_frame(w, depth);
    if (walk_label_count(f)) return false;
    if (op == OP_br_if) {
        if (!walk_top_is(w, h, TYPE_i32)) return false;
        walk_set_count(w, h, h->count - 1);
    } else {
        walk_set_count(w, h, w->floor);
        w->frames[w->frame_count - 1].dead = true;
        w->reachable = false;
    }
    // rules: Instr_ok/br, Instr_ok/br_if
    imm->label = imm->depth = depth;
    imm->frame = f;
    walk_go(w, h, h->next + 1);
    return true;
}

static ALWAYS_INLINE bool walk_fast_drop(WalkState *w, WalkHot *h, Imm *imm)
{
    if (UNLIKELY(h->count == w->floor)) return false;
    // rule: Instr_ok/drop
    imm->type = w->operands[h->count - 1];
    walk_set_count(w, h, h->count - 1);
    return true;
}

static ALWAYS_INLINE bool walk_fast_select(WalkState *w, WalkHot *h, Imm *imm)
{
    if (UNLIKELY(h->count - w->floor < 3)) return false;
    const Type *top = w->operands + h->count;
    if (UNLIKELY(top[-1] != TYPE_i32 || top[-2] != top[-3])) return false;
    if (UNLIKELY(top[-2] == TYPE_bottom || type_is_ref(top[-2]))) return false;
    // rule: Instr_ok/select-impl
    imm->type = top[-2];
    walk_set_count(w, h, h->count - 2);
    return true;
}

// The common cases of the commonest HAND rows.
static ALWAYS_INLINE bool walk_fast(WalkState *w, WalkHot *h, Op op, Imm *imm)
{
    if (WALK_SMALL) return false;
    switch (op) {
    case OP_local_get: case OP_local_set: case OP_local_tee: return walk_fast_local(w, h, op, imm);
    case OP_i32_const: case OP_i64_const: return walk_fast_const(w, h, op, imm);
    case OP_block: case OP_loop: case OP_if: return walk_fast_open(w, h, op, imm);
    case OP_end: return walk_fast_end(w, h, imm);
    case OP_br: case OP_br_if: return walk_fast_br(w, h, op, imm);
    case OP_drop: return walk_fast_drop(w, h, imm);
    case OP_select: return walk_fast_select(w, h, imm);
    default: return false;
    }
}

// Do consumers hear of this instruction? Of the parts of a frame they do if they heard of its
// beginning.
static ALWAYS_INLINE bool walk_shown(const WalkState *w, Op op)
{
    switch (op) {
    case OP_else: case OP_end: case OP_catch: case OP_catch_all: case OP_delegate:
        return !w->frames[w->frame_count - 1].silent;
    default: return w->reachable;
    }
}
