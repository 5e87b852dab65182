// walk.h -- the one walk over a function body: decodes, validates, and shows each instruction to a
// consumer. It is a template, so that a consumer costs what hand-written code would:
//
//     #define WALK_NAME interp         // prefix of the consumer's hooks and of the functions here
//     #define WALK_CONTEXT Translator    // what the hooks get
//     #include "valid/walk.h"
//
//     static bool interp_walk_func(Translator *c, WalkState *w, u32 func);
//
// False means refused, and w->diag says why. w comes from walk_init and serves for any number of
// walks; everything they allocate is in w->arena, which the owner may reset in between. The hooks
// are static (inline) functions that stand before the include: P_begin, one for each family, one
// for each HAND row. README.md says when they are called and what they see.

#include "valid/walk_core.h"

// a consumer of every instruction defines it as true: types of dead code may be TYPE_bottom
#ifndef WALK_HEARS
#define WALK_HEARS(reachable) (reachable)
#endif
#ifndef WALK_EACH // what to do before each hook; `effects` are the row's
#define WALK_EACH(c, w, op, effects) ((void)0)
#endif
// asked in front of each instruction, dead ones too; false ends the walk, and nothing says why
#ifndef WALK_GOES_ON
#define WALK_GOES_ON(c, w) true
#endif
#define WALK_CAT_(a, b) a##_##b
#define WALK_CAT(a, b) WALK_CAT_(a, b)
#define P(hook) WALK_CAT(WALK_NAME, hook)

#define WALK_BITS_LOG2(bits)                                                                       \
    ((bits) == 8 ? 0 : (bits) == 16 ? 1 : (bits) == 32 ? 2 : (bits) == 64 ? 3 : 4)
#define WALK_ENABLED(name, since)                                                                  \
    if (FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_##since)) return walk_illegal(w);                  \
    if ((WALK_SMALL ? FEATURE_##since != FEATURE_core1 : !walk_enabled(w, FEATURE_##since)) &&     \
        !walk_disabled(w, OP_##name))                                                              \
    return false
#ifdef __OPTIMIZE_SIZE__
#define WALK_HAND(name, immediates, since)                                                         \
    if (FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_##since)) return walk_illegal(w);                  \
    bool shown = walk_shown(w, OP_##name);                                                         \
    imm.op = OP_##name;                                                                            \
    WALK_SLOWLY(walk_hand(w, &imm, valid_##name));
#else
#define WALK_HAND(name, immediates, since)                                                         \
    WALK_ENABLED(name, since);                                                                     \
    bool shown = walk_shown(w, OP_##name);                                                         \
    imm.op = OP_##name;                                                                            \
    if (!walk_fast(w, &hot, OP_##name, &imm)) {                                                    \
        w->op = OP_##name;                                                                         \
        WALK_SLOWLY(walk_read(w, OP_##name, IMM_##immediates, &imm) && valid_##name(w, &imm));     \
    }
#endif
// Something that moves w alone; false is refused. Where size counts, w is read again for each
// instruction instead.
#define WALK_SLOWLY(call)                                                                          \
    do {                                                                                           \
        if (!(call)) return false;                                                                 \
        if (!WALK_SMALL) hot = walk_hot(w);                                                        \
    } while (0)
// How operands are checked and memory arguments read: inline, or by a call.
#define WALK_SIG(name, sig, first)                                                                 \
    if (UNLIKELY(!walk_fast_sig(w, &hot, SIG_##sig, first)))                                       \
        WALK_SLOWLY(walk_sig_slow(w, OP_##name, SIG_##sig, first))
#define WALK_SIG_CALL(name, sig, first)                                                            \
    WALK_SLOWLY(walk_sig_call_from(w, OP_##name, SIG_##sig, first))
#define WALK_MEMARG(bits)                                                                          \
    if (UNLIKELY(!walk_fast_memarg(w, &hot, &imm, WALK_BITS_LOG2(bits))))                          \
        WALK_MEMARG_CALL(bits)
#define WALK_MEMARG_CALL(bits)                                                                     \
    WALK_SLOWLY(imm_read(&w->in, imm.op, &imm) && walk_memarg(w, &imm, WALK_BITS_LOG2(bits)))
#define WALK_MEMARG_ATOMIC(bits)                                                                   \
    WALK_SLOWLY(imm_read(&w->in, imm.op, &imm) && walk_atomic_memarg(w, &imm, WALK_BITS_LOG2(bits)))
#define WALK_PLAIN(name, opcode, sig, since, check, hook)                                          \
    case KEY(opcode):                                                                              \
        WALK_ENABLED(name, since);                                                                 \
        check(name, sig, walk_sigs[SIG_##sig].params[0]);                                          \
        if (WALK_HEARS(w->reachable))                                                              \
            WALK_EACH(c, w, OP_##name, EFFECTS_##name), P(hook)(c, w, OP_##name);                  \
        break;
#define WALK_MEMORY(name, opcode, sig, since, bits, memarg, lane, check, hook)                     \
    case KEY(opcode):                                                                              \
        WALK_ENABLED(name, since);                                                                 \
        imm.op = OP_##name;                                                                        \
        memarg(bits);                                                                              \
        if (!(lane)) return false;                                                                 \
        check(name, sig, walk_address(imm.is64));                                                  \
        if (WALK_HEARS(w->reachable))                                                              \
            WALK_EACH(c, w, OP_##name, EFFECTS_##name), P(hook)(c, w, OP_##name, &imm);            \
        break;

// Where size counts, rows of a family share their code and look up in the table what else is a
// constant.
#define WALK_SHARED(name, opcode, since, label)                                                    \
    case KEY(opcode):                                                                              \
        if (FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_##since)) return walk_illegal(w);              \
        imm.op = OP_##name;                                                                        \
        goto label;

static __attribute__((noinline)) bool P(walk_code)(WALK_CONTEXT *c, WalkState *w)
{
    const u8 *bytes = w->m->bytes;
    Imm imm = {0};
    WalkHot hot = walk_hot(w);
    // rule: Instrs_ok/seq
    for (;;) {
        if (WALK_SMALL) hot = walk_hot(w);
        if (UNLIKELY(hot.next == hot.end)) return walk_ran_out(w);
        w->pos = (u32)(hot.next - bytes);
        if (!WALK_GOES_ON(c, w)) return false;
        u32 key = *hot.next;
        walk_go(w, &hot, hot.next + 1);
        if (UNLIKELY(key >= 0xfb)) {
            key = walk_opcode(w, key);
            hot = walk_hot(w);
        }
        // The two commonest apart: that is guessed better than the jump by table.
        if (!WALK_SMALL && key == KEY(0x20)) goto row_local_get;
        if (!WALK_SMALL && key == KEY(0x41)) goto row_i32_const;
        // rule: Instrs_ok/instr
        switch (key) {
#ifdef __OPTIMIZE_SIZE__
#define PURE(name, text, opcode, sig, since, ...) WALK_SHARED(name, opcode, since, shared_pure)
#define LOAD(name, text, opcode, sig, since, ...) WALK_SHARED(name, opcode, since, shared_load)
#define STORE(name, text, opcode, sig, since, ...) WALK_SHARED(name, opcode, since, shared_store)
#else
#define PURE(name, text, opcode, sig, since, ...)                                                  \
    WALK_PLAIN(name, opcode, sig, since, WALK_SIG, pure)
#define LOAD(name, text, opcode, sig, since, bits, extend)                                         \
    WALK_MEMORY(name, opcode, sig, since, bits, WALK_MEMARG, true, WALK_SIG, load)
#define STORE(name, text, opcode, sig, since, bits)                                                \
    WALK_MEMORY(name, opcode, sig, since, bits, WALK_MEMARG, true, WALK_SIG, store)
#endif
#define VECTOR(name, text, opcode, sig, since, ...)                                                \
    WALK_PLAIN(name, opcode, sig, since, WALK_SIG_CALL, vector)
#define PURE2(name, text, opcode, sig, since, ...)                                                 \
    WALK_PLAIN(name, opcode, sig, since, WALK_SIG_CALL, pure2)
#define LANE(name, text, opcode, sig, since, lanes, ...)                                           \
    case KEY(opcode):                                                                              \
        WALK_ENABLED(name, since);                                                                 \
        imm.op = OP_##name;                                                                        \
        WALK_SLOWLY(imm_read(&w->in, OP_##name, &imm) && walk_lane(w, imm.lane, lanes) &&          \
                    walk_sig_call(w, OP_##name, SIG_##sig));                                       \
        if (WALK_HEARS(w->reachable))                                                              \
            WALK_EACH(c, w, OP_##name, EFFECTS_##name), P(lane)(c, w, OP_##name, &imm);            \
        break;
#define VLOAD(name, text, opcode, sig, since, bits, ...)                                           \
    WALK_MEMORY(name, opcode, sig, since, bits, WALK_MEMARG_CALL, true, WALK_SIG_CALL, vload)
#define VSTORE(name, text, opcode, sig, since, bits)                                               \
    WALK_MEMORY(name, opcode, sig, since, bits, WALK_MEMARG, true, WALK_SIG, vstore)
#define LOAD_LANE(name, text, opcode, sig, since, bits)                                            \
    WALK_MEMORY(name, opcode, sig, since, bits, WALK_MEMARG_CALL,                                  \
                walk_lane(w, imm.memarg.lane, 128 / bits), WALK_SIG_CALL, load_lane)
#define STORE_LANE(name, text, opcode, sig, since, bits)                                           \
    WALK_MEMORY(name, opcode, sig, since, bits, WALK_MEMARG_CALL,                                  \
                walk_lane(w, imm.memarg.lane, 128 / bits), WALK_SIG_CALL, store_lane)
#define ATOMIC(name, text, opcode, sig, since, bits, ...)                                          \
    WALK_MEMORY(name, opcode, sig, since, bits, WALK_MEMARG_ATOMIC, true, WALK_SIG_CALL, atomic)
#define HAND(name, text, opcode, immediates, sig, since, effects)                                  \
    case KEY(opcode):                                                                              \
    row_##name: __attribute__((unused)); {                                                         \
        WALK_HAND(name, immediates, since)                                                         \
        if (WALK_HEARS(shown))                                                                     \
            WALK_EACH(c, w, OP_##name, EFFECTS_##name), P(name)(c, w, &imm);                       \
        if (OP_##name == OP_end && w->frame_count == 0) return walk_leave(w);                      \
        break;                                                                                     \
    }
#include "op/op.def"
        default: return walk_illegal(w);
        }
#ifdef __OPTIMIZE_SIZE__
        continue;
    shared_pure:
        WALK_SLOWLY(walk_shared(w, imm.op, NULL));
        if (w->reachable) WALK_EACH(c, w, imm.op, op_info[imm.op].effects), P(pure)(c, w, imm.op);
        continue;
    shared_load:
        WALK_SLOWLY(walk_shared(w, imm.op, &imm));
        if (w->reachable)
            WALK_EACH(c, w, imm.op, op_info[imm.op].effects), P(load)(c, w, imm.op, &imm);
        continue;
    shared_store:
        WALK_SLOWLY(walk_shared(w, imm.op, &imm));
        if (w->reachable)
            WALK_EACH(c, w, imm.op, op_info[imm.op].effects), P(store)(c, w, imm.op, &imm);
#endif
    }
}

// The function must be defined in the module, not imported.
__attribute__((unused)) static bool P(walk_func)(WALK_CONTEXT *c, WalkState *w, u32 func)
{
    if (!walk_enter_func(w, func)) return false;
    P(begin)(c, w);
    return P(walk_code)(c, w);
}

#undef WALK_CAT_
#undef WALK_CAT
#undef P
#undef WALK_SHARED
#undef WALK_BITS_LOG2
#undef WALK_ENABLED
#undef WALK_HAND
#undef WALK_PLAIN
#undef WALK_SLOWLY
#undef WALK_SIG
#undef WALK_SIG_CALL
#undef WALK_MEMARG
#undef WALK_MEMARG_CALL
#undef WALK_MEMARG_ATOMIC
#undef WALK_MEMORY
#undef WALK_HEARS
#undef WALK_EACH
#undef WALK_GOES_ON
#undef WALK_NAME
#undef WALK_CONTEXT
