// packs.h -- what a loop of one block does, as lanes of vectors.
//
//     for (i = 0; i < n; i += 2)            copies: 2. A pack is what the copies have in its place:
//         a[i] = b[i] + 1,                  load b[i], b[i + 1]  and  1, 1  give a pack of sums,
//         a[i + 1] = b[i + 1] + 1;          which is stored to a[i], a[i + 1]
//
// Elements are those of all turns, one behind the other; `elements` of them, which are whole
// vectors and whole turns, are done at a time. A pack whose lanes have `bytes` is elements * bytes
// / 16 vectors: its parts.
#pragma once

#include "opt/access.h"

enum {
    COPIES_MOST = 8, PACKS_MOST = 64, PARTS_MOST = 8, ACCESSES_MOST = 32, GROUPS_MOST = 12,
    SUMS_MOST = 4, TERMS_MOST = 16, LINES_MOST = 64, NO_PACK = UINT32_MAX,
};

typedef enum {
    FAMILY_none, FAMILY_low, FAMILY_exact, FAMILY_left, FAMILY_right_s, FAMILY_right_u,
    FAMILY_compare_s, FAMILY_compare_u, FAMILY_equal, FAMILY_test, FAMILY_as, FAMILY_select,
} LaneFamily;
typedef struct { u8 family; u16 ops[4]; } LaneRow; // by the logarithm of bytes; 0: there is none
extern const LaneRow lane_rows[OP_COUNT];

typedef enum {
    PACK_same,    // a value from before the loop
    PACK_numbers, // constants
    PACK_line,    // goes by a constant step from element to element
    PACK_load,
    PACK_row,     // of lanes.def
} PackKind;

typedef struct {
    u8 kind;
    Type type;          // of the scalars
    u8 bytes;           // of a lane; of the first three any will do
    u8 need;            // so many low bits of it count; all that it has: 32 or 64
    u8 family;
    bool mask;          // lanes are all ones or zeros, for 1 and 0
    s64 low, high;      // it is no less, and no more
    NodeId of[COPIES_MOST];
    u64 step;           // PACK_line
    u32 in[3];
    NodeId parts[PARTS_MOST]; // when they are made
    u32 made;           // in which copy, plus 1
} Pack;

// Accesses of the copies, to one place behind the other.
typedef struct {
    u32 at[COPIES_MOST]; // in Packer.accesses
    u32 pack;            // what is read, or stored
} Group;

typedef enum { SUM_add, SUM_and, SUM_or, SUM_xor, SUM_least, SUM_most } SumKind;
// What is collected over all turns.
typedef struct {
    u8 kind;
    bool is_signed;      // of least and most
    u8 bytes;            // of the lanes it is collected in
    u32 mask;            // least and most: of what it was before only these bits count
    u32 compare;         // likewise: whether what was before is chosen
    Type type;
    NodeId phi;
    u32 pack_count, packs[TERMS_MOST];
} Sum;

typedef struct {
    Graph *g;
    u32 known;           // nodes there were when the pass began
    BlockId header;
    u8 *class;           // by node
    u64 *step;           // by node that is a line: what it goes by each turn
    u32 touched_count, touched_cap; NodeId *touched;
    u32 line_count; NodeId lines[LINES_MOST]; // inputs first
    u32 copies, elements;
    u32 access_count; Access accesses[ACCESSES_MOST];
    u32 group_count; Group groups[GROUPS_MOST];
    u32 pack_count; Pack packs[PACKS_MOST];
    u32 sum_count; Sum sums[SUMS_MOST];
    const char *why;     // it cannot be done
} Packer;

enum { LINE_unknown, LINE_same, LINE_steps, LINE_varies };
// Does the node stay the same in the loop, or go by a constant step each turn?
u32 class_of(Packer *p, NodeId id);
// Finds all of it, in a block that is a loop. False: `why` says why not.
bool find_packs(Packer *p, BlockId header);
void forget_packs(Packer *p);
bool choose_widths(Packer *p); // widths.c
static inline bool cannot(Packer *p, const char *why)
{
    if (!p->why) p->why = why;
    return false;
}
static inline u32 parts_of(const Packer *p, u32 bytes) { return p->elements * bytes / 16; }
static inline const Access *first_access(const Packer *p, const Group *group)
{
    return &p->accesses[group->at[0]];
}
static inline bool fits_unsigned(const Pack *p, u32 bits)
{
    return p->low >= 0 && (bits >= 63 || p->high < (s64)1 << bits);
}
static inline bool fits_signed(const Pack *p, u32 bits)
{
    return bits >= 64 || (p->low >= -((s64)1 << (bits - 1)) && p->high < (s64)1 << (bits - 1));
}
