// join.h -- stores side by side, and what they store, as vectors. See join.c.
#pragma once

#include "opt/access.h"
#include "opt/fold.h"
#include "opt/lanes.h"

enum {
    JOIN_LANES = 16, JOIN_PACKS = 128, JOIN_ACCESSES = 192, JOIN_GROUPS = 24, JOIN_RANGES = 6,
    JOIN_READS = 16,
};

typedef struct {
    Access a;         // grouped: of a store, that it is part of a vector
    u32 at;           // in the block's skeleton
    u32 group;        // of a store that is grouped
    u32 range;
    bool dies;        // a load whose value is in vectors alone
} JoinAccess;

typedef enum { JOIN_same, JOIN_numbers, JOIN_load, JOIN_row } JoinKind;
// What the lanes of a vector are made of.
typedef struct {
    u8 kind, bytes;   // of a lane
    bool used;        // by a store, at the end of it
    NodeId of[JOIN_LANES];
    u32 in[2];
    u32 lowest, first; // JOIN_load: accesses; the first in order
    NodeId made;
} JoinPack;

// Stores that fill a vector. The lowest is lane 0.
typedef struct { u32 lowest, first, pack; u8 bytes; } JoinGroup;

// Accesses so far apart that it is known how far.
typedef struct {
    u32 lowest;       // an access
    u64 bytes;        // from there to the end of all
    bool loads;       // some are
    bool sure;        // they are in the memory
} JoinRange;

typedef struct {
    u32 uses;         // how many of it
    u32 dead, inside; // of these: by what is in vectors then; by what stands between first and last
    u32 load;         // in Joiner.accesses, plus 1
    NodeId like;      // of a load the first of the same place in the run
    NodeId now;       // where vectors are made
    u8 depends;       // on loads that move
    bool kept, died, touched;
} JoinNode;

typedef struct {
    Graph *g;
    u32 known;        // nodes there were when the pass began
    JoinNode *nodes;  // by node
    u32 touched_count, touched_cap; NodeId *touched;
    u64 until;        // so much work was done
    u32 twice;        // how often something is there twice
    BlockId block;
    u32 memory;       // of all accesses
    u32 first, last;  // what is done anew, in the block's skeleton
    u32 access_count; JoinAccess accesses[JOIN_ACCESSES];
    u32 read_count; u32 reads[JOIN_READS]; // of globals, in the block's skeleton
    u32 pack_count; JoinPack packs[JOIN_PACKS];
    u32 group_count; JoinGroup groups[JOIN_GROUPS];
    u32 range_count; JoinRange ranges[JOIN_RANGES];
    bool apart[JOIN_RANGES][JOIN_RANGES]; // has to be found out
    bool guarded;
    const char *why;  // it cannot be done
    u32 list_count, list_cap; NodeId *list;
} Joiner;

static inline u32 join_lanes(u32 bytes) { return 16 / bytes; }
static inline bool join_cannot(Joiner *j, const char *why)
{
    if (!j->why) j->why = why;
    return false;
}
static inline bool join_moves(const Joiner *j, const JoinAccess *a)
{
    return a->at >= j->first && a->at <= j->last;
}
JoinNode *join_node(Joiner *j, NodeId id); // to be forgotten behind this run

// The vector of these, made of vectors (join_packs.c); NO_PACK: there is none.
u32 join_pack(Joiner *j, const NodeId *of, u32 bytes);
NodeId join_vector(Joiner *j, u32 pack);
// The first load of the same place. What may write there in between is looked for later.
static inline NodeId join_like(const Joiner *j, NodeId id)
{
    return id < j->known && j->nodes[id].load ? j->nodes[id].like : id;
}
// As it is where vectors are made.
NodeId join_scalar(Joiner *j, NodeId id);
// Is it made of what is loaded there? Or that is too deep.
enum { DEPENDS_unknown, DEPENDS_not, DEPENDS, DEPENDS_deep };
u32 join_depends(Joiner *j, NodeId id);
// A load, or a store, of a vector in the place of those from the lowest on.
NodeId join_access(Joiner *j, u32 lowest, u32 first, NodeId value);

// Is all of it in the memory, and apart where it is to be (join_guard.c)? False: that cannot be
// known.
bool join_ranges(Joiner *j);
NodeId join_condition(Joiner *j, NodeId size);
u32 join_cost(const Joiner *j); // of finding out
