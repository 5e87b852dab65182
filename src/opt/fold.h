// fold.h -- constants are computed, and rules applied, while nodes are made. See rules.def.
#pragma once

#include "opt/graph.h"

// A side of a rule in front notation: rows of op.def, and these.
enum {
    RULE_x = OP_COUNT, RULE_y, RULE_z, // any value
    RULE_c1, RULE_c2,                  // constants
    RULE_p1,                           // a power of two
    RULE_number,                       // the next token, with its sign
    RULE_word,                         // likewise, as an i32 in any case
    RULE_VARS = RULE_p1 - RULE_x + 1,
    RULE_TOKENS = 8,
};
typedef struct {
    const char *name;
    u8 bits;          // 32 or 64
    u8 from_count, to_count;
    s16 from[RULE_TOKENS], to[RULE_TOKENS];
} Rule;
extern const Rule rules[];
extern const u32 rule_count;

// What the operator gives of those: false: it traps, or what it gives is not only one thing.
bool fold_numbers(Op op, u64 a, u64 b, u64 *out);
bool op_commutes(Op op); // numbers that are exact
// What this may be instead; 0: nothing else. Inputs may change places.
NodeId fold(Graph *g, Op op, Type type, NodeId *in, u32 count);
// Where only whether it is 0 counts: something simpler, and whether that is 0 if this is not.
NodeId fold_condition(Graph *g, NodeId id, bool *negated);
// By op, plus 1, and by rule: those that begin with it.
typedef struct RuleIndex { u16 first[OP_COUNT], *next; } RuleIndex;
const RuleIndex *rule_index(Arena *arena);
