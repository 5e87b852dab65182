// op.h -- the tables as C: enumerators and lookups of instructions, signatures, features, traps.
//
// Everything here is derived from the .def files of this folder; see README.md for the columns.
#pragma once

#include "base/types.h"

typedef enum {
#define FEATURE(name, ...) FEATURE_##name,
#include "op/feature.def"
#undef FEATURE
    FEATURE_COUNT
} Feature;

typedef u64 Features; // a set: bit FEATURE_x
#define FEATURE_BIT(f) ((Features)1 << (f))
#define FEATURES_WITH_TAGS                                                                         \
    (FEATURE_BIT(FEATURE_exceptions) | FEATURE_BIT(FEATURE_legacy_exceptions) |                    \
     FEATURE_BIT(FEATURE_stack_switching))

extern const char *const feature_text[FEATURE_COUNT];
extern const Features features_default, features_all;

// What this build can do at all. The micro build leaves out what small devices do without,
// and its interpreter has no handlers for; a row that came with one of these then costs nothing.
#ifdef WEFT_MICRO
#define FEATURES_LEFT_OUT                                                                          \
    (FEATURE_BIT(FEATURE_simd) | FEATURE_BIT(FEATURE_relaxed_simd) |                               \
     FEATURE_BIT(FEATURE_exceptions) | FEATURE_BIT(FEATURE_legacy_exceptions) |                    \
     FEATURE_BIT(FEATURE_gc) | FEATURE_BIT(FEATURE_threads) |                                      \
     FEATURE_BIT(FEATURE_custom_descriptors) | FEATURE_BIT(FEATURE_stack_switching) |          \
     FEATURE_BIT(FEATURE_memory_control))
#else
#define FEATURES_LEFT_OUT ((Features)0)
#endif
// Applies "+a,-b,all" to *set. False leaves it unchanged and points *bad at the word that is no
// feature.
bool features_parse(Features *set, const char *switches, Bytes *bad);

typedef enum {
#define OP(name, ...) OP_##name,
#include "op/op.def"
    OP_COUNT
} Op;

// So many of them, the first, need be in tables: all others are left out of the build.
#define OP_KNOWN_ONLY
enum {
#define OP(name, ...) OP_KNOWN_##name,
#include "op/op.def"
    OP_KNOWN
};
#undef OP_KNOWN_ONLY

typedef enum {
    IMM_none, IMM_block, IMM_label, IMM_labels, IMM_local, IMM_global, IMM_func, IMM_table,
    IMM_type_table, IMM_types, IMM_memarg, IMM_memarg_lane, IMM_lane, IMM_lanes, IMM_v128, IMM_i32,
    IMM_i64, IMM_f32, IMM_f64, IMM_memory, IMM_memory_memory, IMM_data_memory, IMM_data,
    IMM_elem_table, IMM_elem, IMM_table_table, IMM_heap, IMM_type, IMM_type_field, IMM_type_count,
    IMM_type_data, IMM_type_elem, IMM_type_type, IMM_cast, IMM_try_table, IMM_tag, IMM_fence,
    IMM_resume, IMM_resume_throw, IMM_type_tag,
} ImmKind;

typedef enum {
    SIG_any, // written by hand
#define SIG(name) SIG_##name,
#include "op/sig.def"
    SIG_COUNT
} Sig;

// What an instruction may do besides computing: 32 bits, of which READS_x and WRITES_x name parts
// of the state, and the others what else happens. See effect.def.
enum {
#define DOMAIN(name, text) DOMAIN_##name,
#include "op/effect.def"
    DOMAIN_COUNT
};
enum {
    EFFECT_FIRST = 15,
#define EFFECT(NAME, text) EFFECT_##NAME,
#include "op/effect.def"
    EFFECT_END
};
enum {
    NO_EFFECT = 0,
#define DOMAIN(name, text)                                                                         \
    READS_##name = 1 << DOMAIN_##name, WRITES_##name = 1 << (8 + DOMAIN_##name),
#define EFFECT(NAME, text) NAME = 1 << EFFECT_##NAME,
#include "op/effect.def"
    // Of the families that touch memory. What other threads wrote comes in with each atomic access,
    // and what was written here goes out: nothing that touches memory may move over one.
    LOADS = TRAPS | READS_memory,
    STORES = TRAPS | WRITES_memory,
    ATOMICS = TRAPS | READS_memory | WRITES_memory,
    // What others may change while this frame stands still: everything but its locals.
    OTHERS_RUN = ~(READS_local | WRITES_local) & (0
#define DOMAIN(name, text) | READS_##name | WRITES_##name
#include "op/effect.def"
        ),
};

// Those of each row. What a meaning may do is read off its words: only TRAP_IF has an effect.
enum {
#define TRAP_IF(condition, trap) | TRAPS
#define LET(n, name, value)
#define RESULT(value)
#define PURE(name, text, opcode, sig, since, meaning) EFFECTS_##name = NO_EFFECT meaning,
#define OP(name, text, opcode, immediates, sig, since, effects) EFFECTS_##name = effects,
#include "op/op.def"
#undef TRAP_IF
#undef LET
#undef RESULT
};

typedef struct {
#ifndef WEFT_MICRO    // only tools ask for it
    const char *name; // the row, a C identifier: i32_add
#endif
    const char *text; // text format: i32.add
    u32 opcode;       // as written in the table; see op_prefix and op_sub
    u32 effects;      // as written there; who relies on them asks op_effects
    u8 immediates;    // ImmKind
    u8 sig;           // Sig
    u8 since;         // Feature
    u8 bits;          // memory and atomic accesses: width; else 0
    u8 lanes;         // lane immediates are below this; else 0
} OpInfo;

extern const OpInfo op_info[OP_KNOWN];

// What an instruction is called now that had this name once. NULL: none had.
const char *op_renamed(const char *old, size_t len);

// All that may happen at this instruction, what the functions do that it calls or waits for
// included.
static inline u32 op_effects(Op op)
{
    enum { FUNCTIONS = OTHERS_RUN | TRAPS | ALLOCATES | THROWS | WAITS | SUSPENDS };
    u32 effects = op_info[op].effects;
    if (effects & (CALLS | SUSPENDS)) return effects | FUNCTIONS;
    return effects & WAITS ? effects | OTHERS_RUN : effects;
}

// Where a frame may stand while others look at it: at which instructions, and when. What of it is
// home then follows from this; see module/homes.h. In front of a body's first instruction is a
// safepoint too.
typedef enum {
    SAFEPOINT_none,
    SAFEPOINT_loop,   // behind the jump to its header
    // behind it, with no results yet: calls, and whatever else lets others go on in between
    SAFEPOINT_call,
    SAFEPOINT_alloc,  // in front of it
    SAFEPOINT_throw,  // likewise
    SAFEPOINT_bulk,   // between its pieces, with operands that say what is left; and waits
    // behind it, where straight code begins that fuel is paid for; with TRAPS also in front
    SAFEPOINT_region,
    SAFEPOINT_trap,   // in front of it
} Safepoint;

static inline Safepoint effects_safepoint(Op op, u32 effects)
{
    if (op == OP_loop) return SAFEPOINT_loop;
    if (effects & (CALLS | SUSPENDS) && !(effects & ENDS)) return SAFEPOINT_call;
    if (effects & THROWS) return SAFEPOINT_throw;
    if (effects & (BULK | WAITS)) return SAFEPOINT_bulk;
    if (effects & ALLOCATES) return SAFEPOINT_alloc;
    // A tail call is one of these: it leaves no frame that could stand there, unless it traps.
    if (effects & ENDS) return SAFEPOINT_region;
    return effects & TRAPS ? SAFEPOINT_trap : SAFEPOINT_none;
}
static inline Safepoint op_safepoint(Op op) { return effects_safepoint(op, op_info[op].effects); }

// Does a row give NaNs whose bits its meaning leaves open (NAN_OF)? Which: a float, or lanes.
typedef enum { NANS_none, NANS_32, NANS_64, NANS_lanes_32, NANS_lanes_64 } Nans;
extern const u8 op_nan[OP_KNOWN];

// Units of fuel, from price.def: of an instruction beside its own; and of what else is paid for.
extern const u16 op_dear[OP_COUNT];
enum {
#define PRICE(name, units, text) PRICE_##name = units,
#include "op/price.def"
};
static inline u64 bytes_units(u64 bytes) { return bytes / 64 * PRICE_bytes; }

// The types of signatures, which are the same numbers as TYPE_* of module/type.h.
enum {
    VAL_none,
#define LETTER(letter, type) VAL_##type,
#include "op/sig.def"
};
enum {
#define LETTER(letter, type) LETTER_##letter = VAL_##type,
#include "op/sig.def"
};
typedef struct {
    u8 param_count, result_count;
    u8 params[4], results[2]; // VAL_*
} SigInfo;
extern const SigInfo sig_info[SIG_COUNT];
// One of these as constants: SHAPE_ii_i(SIG_INFO).
#define SIG_INFO(n, P, m, R) {n, m, {SIG_TYPES_##n P}, {SIG_TYPES_##m R}}
#define SIG_TYPES_0() 0
#define SIG_TYPES_1(x) LETTER_##x
#define SIG_TYPES_2(x, y) LETTER_##x, LETTER_##y
#define SIG_TYPES_3(x, y, z) LETTER_##x, LETTER_##y, LETTER_##z
#define SIG_TYPES_4(x, y, z, u) LETTER_##x, LETTER_##y, LETTER_##z, LETTER_##u

u8 op_prefix(u32 opcode); // 0xfb to 0xfe, or 0 for one-byte opcodes
u32 op_sub(u32 opcode);   // what follows the prefix, or the byte itself

// The row with this encoding, OP_COUNT if there is none. prefix as op_prefix gives it.
Op op_find(u8 prefix, u32 sub);
// The row of a valid instruction, by its first byte and what follows.
Op op_at(const u8 *bytes);
// The first row with this text, OP_COUNT if there is none. Thread safe, no set-up.
Op op_find_text(const char *text, size_t len);

typedef enum {
    TRAP_none,
#define TRAP(name, text) TRAP_##name,
#include "op/trap.def"
#undef TRAP
    TRAP_COUNT
} Trap;
extern const char *const trap_text[TRAP_COUNT];
