// rows.c -- what the tables say of each instruction. See gen.h.

#include "gen.h"

OpList rows_giving[VAL_v128 + 1], rows_storing, rows_trapping;
bool row_runs[OP_COUNT];

// What is validated and traps when it is run: rows written by hand, and all of a feature that is
// only checked.

enum { HERE_named = 0, HERE_checked = 0, HERE_runs };
static const bool feature_runs[] = {
#define FEATURE(name, text, state, on, here) HERE_##here,
#include "op/feature.def"
#undef FEATURE
};

// See NAN_OF in op/README.md: where a meaning has it, the bits of a NaN are open.
u8 row_nan[OP_COUNT] = {
#define SECOND(first, second, ...) second
#define RESULT(...) SECOND(__VA_ARGS__, 0, )
#define TRAP_IF(condition, trap)
#define LET(n, name, value)
#define NAN_OF(N, X) , 1
#define PURE(name, text, opcode, sig, since, meaning) [OP_##name] = meaning,
#include "op/op.def"
#undef NAN_OF
#define NAN_OF(N, X) , N
#define PAIR(first, second)
#define FLANES(N, value) RESULT(value)
#define FLANES2 FLANES
#define FLANES3 FLANES
#define FTESTS2(N, value) 0
#define LANES(N, value) 0
#define LANES2 LANES
#define LANES3 LANES
#define VECTOR(name, text, opcode, sig, since, ...) [OP_##name] = __VA_ARGS__,
#include "op/op.def"
#undef RESULT
#undef TRAP_IF
#undef LET
#undef PAIR
#undef FLANES
#undef FLANES2
#undef FLANES3
#undef FTESTS2
#undef LANES
#undef LANES2
#undef LANES3
};

// Meanings as text: who takes the bits of a float, or stores one.
static const char *const meanings[OP_COUNT] = {
#define PURE(name, text, opcode, sig, since, ...) [OP_##name] = #__VA_ARGS__,
#define VECTOR PURE
#define LANE(name, text, opcode, sig, since, lanes, ...) [OP_##name] = #__VA_ARGS__,
#define STORE(name, text, opcode, sig, since, bits) [OP_##name] = "BITS_OF",
#include "op/op.def"
};
bool row_looks[OP_COUNT];

bool row_atomic[OP_COUNT] = {
#define ATOMIC(name, ...) [OP_##name] = true,
#include "op/op.def"
};

static bool immediates_known(u32 kind)
{
    switch (kind) {
    case IMM_none:
    case IMM_memarg:
    case IMM_memarg_lane:
    case IMM_lane:
    case IMM_lanes:
    case IMM_v128:
    case IMM_i32:
    case IMM_i64:
    case IMM_f32:
    case IMM_f64:
    case IMM_fence:
    case IMM_data:
    case IMM_elem: return true;
    default: return false;
    }
}

static void list(OpList *list, u32 op) { list->at[list->count++] = (u16)op; }

void rows_find(Features features)
{
    memset(rows_giving, 0, sizeof rows_giving);
    rows_storing.count = rows_trapping.count = 0;
    for (u32 i = 0; i < OP_COUNT; i++) {
        const OpInfo *o = &op_info[i];
        const char *meaning = meanings[i] ? meanings[i] : "";
        row_looks[i] = strstr(meaning, "BITS_OF") || strstr(meaning, "COPYSIGN");
        row_runs[i] = feature_runs[o->since] && features & FEATURE_BIT(o->since);
        if (!row_runs[i] || o->sig == SIG_any || !immediates_known(o->immediates)) continue;
        if (o->effects & WAITS) continue; // nobody would wake it
        const SigInfo *sig = &sig_info[o->sig];
        list(&rows_giving[sig->result_count == 1 ? sig->results[0] : VAL_none], i);
        if (o->bits && !sig->result_count) list(&rows_storing, i);
        if (o->effects & TRAPS && o->immediates == IMM_none && sig->result_count == 1)
            list(&rows_trapping, i);
    }
}
