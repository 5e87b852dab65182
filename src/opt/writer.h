// writer.h -- what the files share that write a body. See to_wasm.c.
#pragma once

#include "binary/encode.h"
#include "opt/locals.h"

enum { FALLS_OFF = NO_BLOCK - 1 }; // at the end of the body

typedef enum { TASK_tree, TASK_body, TASK_code, TASK_edge, TASK_end, TASK_end_loop,
               TASK_else, TASK_clause, TASK_delegate } TaskKind;
typedef struct {
    u8 kind;
    u32 at;        // a block; of TASK_edge an edge, of TASK_clause and TASK_delegate a region
    BlockId falls; // where it goes on behind the code without a branch; of TASK_clause which
} Task;

typedef struct {
    Graph *g;
    Schedule *s;
    Locals *locals;
    Arena *arena;
    Buf *out;
    TypeIndexes types;
    bool types_known;
    const char *why;
    u8 *flags;           // by block
    u32 *kids, *kid_next;      // by block, plus 1: those behind its code; and the next of those
    u32 *kid_last;
    u32 *followers, *follower_last; // by region: what stands behind it
    u32 *frame_of;       // by block: the frame that branches to it name, plus 1
    u32 *try_frame;      // by region, likewise
    u32 open;            // frames
    u32 task_count, task_cap; Task *tasks;
    u32 loops;           // of those
    bool *written;       // by local: it may be other than it was at the start
    bool *needed;        // by block: the first time found out that something branches to it
    // what the first time found out too: how many frames are open in the arms of a block's `if`,
    // and, by edge, where it falls into what is behind
    u32 *if_open, *fall_open;
    bool *early;         // by edge: what is moved on it was moved in front of the branch
    bool again;          // this is the second time
    bool dead;           // nobody gets behind what was written last
    size_t after_op;     // where one without immediates ends that was written last
    Op last_op;
    size_t after_set, set_at; // and local.set, and begins
    NodeId last_set;     // of which node
    BlockId at, falls;   // of the code at hand
    size_t start;        // of the body
    u32 hint_count, hint_cap; BranchHint *hints;
} Writer;
enum { FLAG_labelled = 1, FLAG_threaded = 2 };

static inline Block *block_at(const Writer *w, BlockId id) { return &w->g->blocks[id]; }
static inline bool has_steps(Range r) { return r.start != r.end; }

static inline u32 entered(const Graph *g, BlockId id)
{
    u32 region = g->blocks[id].region;
    return region != NO_REGION && g->regions[region].entry == id ? region : NO_REGION;
}

static inline u32 forward_preds(const Graph *g, BlockId id)
{
    const Block *b = &g->blocks[id];
    u32 count = 0;
    for (u32 i = 0; i < b->pred_count; i++) count += g->words[b->preds + i] < id;
    return count;
}

static inline BlockId resolved(const Writer *w, u32 edge)
{
    BlockId to = w->g->edges[edge].to;
    while (w->flags[to] & FLAG_threaded) to = w->g->edges[block_at(w, to)->edges].to;
    return to;
}

// place.c: where blocks stand, which needs steps that are trimmed
void place_blocks(Writer *w);

// bytes.c
void trim_steps(Writer *w);      // those that do nothing
void put_op(Writer *w, Op op);
void put_value_type(Writer *w, Type type);
void put_block_type(Writer *w, BlockId id); // of a block that ends where this one begins
u32 depth_of(Writer *w, BlockId id);       // of the label of a block that is open
void put_local(Writer *w, Op op, NodeId id);
void put_not_null(Writer *w, NodeId id);
void put_node(Writer *w, NodeId id);
void put_steps(Writer *w, Range range);
