// builder.h -- what the files that build a graph share: the state of the walk over a body.
//
//     frames    body | block | loop | ...          labels, as in the walk
//     value     of each local: the node it holds now
//     changes   what locals held before they were assigned, since the body began
//               ^ frame.changes
//
// An arrival at a label is an edge, with the locals that were assigned since the label's frame was
// opened, which are among the changes from there on. When all are known, at the frame's end, locals
// go back to what they held at its beginning; where arrivals differ from that or from each other
// there is a phi. A local has one change in a frame, so this is linear in what is assigned in it.
#pragma once

#include "opt/assigned.h"
#include "opt/graph.h"
#include "opt/states.h"
#include "valid/walk_types.h"

typedef struct { u32 local; NodeId old; u32 below; } Change; // below: as in assigned.c
typedef struct { u32 local; NodeId node; } Pair;
typedef struct {
    u32 edge;
    BlockId from;
    u32 pairs, pair_count; // locals that changed; of a loop: what its phis' locals hold
    u32 values;            // what the label takes, in Builder.values
    u32 next;
} Arrival;
enum { NO_ARRIVAL = UINT32_MAX };
typedef struct { u32 first, last, count; } Arrivals;

typedef struct {
    bool dead;          // nobody gets there
    bool arms;          // an `if` whose else is yet to come
    bool entered;       // in its middle, by a graph that begins there
    u16 op;
    u16 value_count;    // that its label takes
    u32 changes, height;
    u32 since;          // a local has one change behind this; mostly the same as `changes`
    const Type *types;  // of those
    Arrivals arrivals;
    u32 region;         // around it
    u32 around;         // the frame of the try around; NO_FRAME
    u32 place;          // of a loop: where it stands in the module
    union {
        // if: where else begins; NO_EDGE: it is known which arm it is
        struct { u32 edge; BlockId from; u32 params; } otherwise;
        struct { BlockId header; NodeId phis; u32 locals, local_count; } loop; // in loop_locals
        struct {
            u32 region;
            Arrivals throws;
            const ImmClause *clauses;
            u32 count;
            bool trying;    // a legacy one: it is in front of its first clause
            u32 inside;     // else: the frame of the try that what is thrown there gets to
            u32 edges, next; // of its catch block, NO_EDGE: there is none; and which clause is next
        } handler;
    };
    u32 seen, seen_as;  // br_table: the number of the table, and of its edge
} Frame;
enum { NO_FRAME = UINT32_MAX, NO_EDGE = UINT32_MAX };

typedef struct Builder {
    Graph *g;
    Arena *arena;
    u32 func, level;    // level: how many calls it is taken in by
    const NodeId *args; // of one that is taken in
    // Likewise, with states: its number in Graph.taken, whom it is taken in by, and how far behind
    // the function's own frame its frame is
    u32 taken;
    const struct Builder *outer;
    u32 base;
    struct StateList *states; // of this function
    u32 call;           // where the call stands that is on the way, for what is taken in by it
    const char *why;    // NULL: all is well so far
    BlockId at;         // the block that is being filled
    bool live;          // somebody gets here
    u32 region, around;
    u32 height, stack_cap; NodeId *stack;
    u32 local_count; NodeId *value;
    const Type *local_types;
    u32 change_count, change_cap; Change *changes;
    u32 *latest;        // by local: the place of its newest change, plus 1
    u32 frame_count, frame_cap; Frame *frames;
    u32 arrival_count, arrival_cap; Arrival *arrivals;
    u32 pair_count, pair_cap; Pair *pairs;
    u32 value_count, value_cap; NodeId *values;
    u32 loop_count, loop_cap; u32 *loop_locals; NodeId *loop_entries;
    LoopSets sets;
    u32 next_set, next_try, tables;
    bool entered;       // the graph has begun, where it does so at a loop
    u32 skipped;        // a frame that no label means; 0: there is none
    NodeId charge;      // what pays for the instruction at hand; 0: nothing does
    u32 *row;           // by local, while arrivals meet: its row, plus 1
} Builder;

// state.c: locals and labels
void set_local(Builder *b, u32 local, NodeId node);
void undo_to(Builder *b, u32 changes);
void keep_changes(Builder *b, u32 changes); // those of a frame that closes
Frame *open_frame(Builder *b, u16 op, const WalkFrame *f);
void begin_at(Builder *b, u32 edge, BlockId from); // a block that one edge goes to
void begin_next(Builder *b);                       // one that the block at hand goes on in
u32 enter_region(Builder *b, RegionKind kind);     // by such a block; which region it is
void begin_loop(Builder *b, u32 at, const Type *params, u32 param_count);
void end_loop(Builder *b, Frame *f);
// The edge of a block gets to the label of a frame with values, and locals as they are now.
void arrive(Builder *b, u32 frame, u32 edge, BlockId from, const NodeId *values);
void arrive_thrown(Builder *b, u32 frame, u32 edge, BlockId from);
// Where arrivals meet: a block in the region, with locals as they are there; values go to the
// stack. Locals are as they were when the frame was opened. There is one at least.
void meet(Builder *b, const Arrivals *a, u32 region, const Type *types, u32 count);
// From where we are, with the newest operands. Nothing goes on behind it.
void jump_to(Builder *b, u32 frame, const NodeId *values);

// states.c: the newest `own` operands are those of the instruction at hand; of a loop, it is begun
void put_state(Builder *b, u32 at, u32 own, StateUse use);

// pay.c: a piece of code that is paid for as a whole begins here; and what is in it
void begin_piece(Builder *b, u32 at);
void pay_units(Builder *b, u64 units);
void pay_for(Builder *b, const Type *types, u32 count); // values that are moved

// legacy.c: tries whose clauses stand in them
void begin_legacy_try(Builder *b, WalkState *w, const WalkFrame *f);
void begin_legacy_catch(Builder *b, const Imm *imm);
void rethrow(Builder *b, u32 frame);

// inline.c: is a call's function taken in? Then it is in the caller's place. Pops its arguments.
bool inline_call(Builder *b, u32 func);
const char *inline_obstacle(const Builder *b, u32 func); // NULL: it would be
// Is the function of that type of the module, or of a subtype?
bool func_matches(const Module *m, u32 func, u32 type);
// Is it known whom an indirect call calls? Then *direct is that call, and what it said is popped.
bool call_direct(Builder *b, const Imm *imm, Imm *direct);
// The same where nothing else but a trap may come of it, which stands apart from here on.
bool call_guarded(Builder *b, const Imm *imm, u32 place, Imm *direct);

// seen.c: was one function seen to be called? Then it is taken in, where it is that, and all is as
// it was written where not. Pops what the call takes, and pushes its results.
bool call_seen(Builder *b, const Imm *imm, u32 place);

// enter.c: the walk is at the loop where the graph begins; or at the end of one around that
void enter_graph(Builder *b, const WalkState *w);
void end_entered(Builder *b, const WalkFrame *wf);

// build.c
void build_each(void *builder, WalkState *w, Op op, const Imm *imm); // of the walk
bool build_body(Builder *b); // of b->func, into the block at hand
void fall_off(Builder *b, Frame *f);
NodeId give(Builder *b, const Type *types, u32 count);
void end_at_throw(Builder *b, Go go);
// The catch block of a try in which something throws. Returns where its edges are: one for each
// clause, and, unless these catch all, one to the try around.
u32 begin_catches(Builder *b, const Frame *f, bool all);

// instructions.c: how many operands one takes that has no signature; UINT32_MAX: build.c knows it
u32 operand_count(const Imm *imm);
