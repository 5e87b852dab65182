// graph.h -- a function as a graph of values, in which nothing is of any machine.
//
//     (func (param i32) (result i32)              block 0
//       (local i32)                                 jump 1
//       (loop                                     block 1 loop <- 0 1
//         (local.set 1 (i32.add                     %4 phi i32 %3 %6
//           (local.get 1)                           %6 i32.load %4 ... the skeleton: in this order
//           (i32.load (local.get 1))))              if %7 1 2
//         (br_if 0 (i32.lt_u (local.get 1)        block 2 <- 1
//                            (local.get 0))))       return %6
//       (local.get 1))                            floating: %2 arg 0, %3 i32.const 0, %7 i32.lt_u
//
// * A value is a node; whoever uses it names its number. Numbers are places in one array, 0 is no
//   node. Locals and operands are gone: what they held is the node that made it, or a phi.
// * What has an effect, or depends on one, stands in a block, in order: the skeleton. Phis come
//   first, one input for each predecessor.
// * What is only computed floats: it stands in no block and is made once for the same inputs
//   (hash-consed), so two equal expressions are one node however far apart they are, and whichever
//   way round a sum is written. Where it is computed is decided at the end (schedule.c). Numeric
//   instructions that may trap do not float, unless their inputs say that they do not.
// * A node's type is the one WebAssembly says. One value has one representation: i32 is 32 bits.
// * Blocks are numbered so that every edge but those back to a loop's header goes to a higher
//   number. Loops and tries are regions, nested as they were written; one is entered by its first
//   block alone. So irreducible control cannot arise.
// * Exceptions are edges. In a try what may throw ends its block, and has an edge to the try's
//   `catch` block, where values that differ between such places meet in phis; one edge for each
//   clause leaves that. What a clause, a handler of a resume or a branching cast hands over are
//   the `given` nodes of the block it goes to.
//   Of a legacy try a clause's code stands in it; only there rethrow may name it, by its region.
// * Instructions keep their immediates as they were encoded: `imm` is where they stand. Where one
//   has several results, those are the NODE_result nodes right behind it, one for each.
//
// Everything is in the arena that graph_new was given, and leaves through it when there is too
// much: of memory, or of work, which is counted and bounded by the size of the function.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/halt.h"
#include "binary/encode.h"
#include "module/imm.h"

typedef struct {
    u8 speed; // 0 to 4
    u8 size;  // 0; 1: -Os; 2: -Oz
} OptLevel;

enum { SEEN_nobody = UINT32_MAX - 1, SEEN_several = UINT32_MAX };

typedef u32 NodeId;
typedef u32 BlockId;
#define NO_BLOCK UINT32_MAX
#define NO_REGION UINT32_MAX

// Nodes that are no instructions; the numbers go on behind the rows of op.def.
enum {
    NODE_arg = OP_COUNT, // a parameter of the function; imm: which. See enter.c for others
    NODE_phi,            // an input for each predecessor of its block
    NODE_result,         // of an instruction with several: in[0]; imm: which
    NODE_given,          // what its block is given by control; imm: which
    NODE_same,           // is in[0]; graph_at goes there
    NODE_state,          // what the abstract machine has here (states.h); imm: which
    NODE_charge,         // takes fuel for what follows, behind a state; imm: units
    // an i32: which function of this module, but for those that it imports, a reference means, or
    // an element of table imm, if that is a function of this instance; else some greater number
    NODE_own,
    NODE_KINDS
};

enum {
    NODE_floats = 1,  // it stands in no block
    NODE_many = 2,    // in[0]: where the inputs are in Graph.inputs; in[1]: how many
    NODE_own_imm = 4, // imm is an offset in Graph.imms, else in the module's bytes
    NODE_used = 8,    // graph_tidy: somebody needs it
    NODE_sure = 16,   // it does not trap, which its row says it may: something in front of it would
    NODE_there = 32,  // the object that it is about is not null, likewise
};

typedef struct {
    u16 op;       // an Op, or one of the above
    u8 flags;
    u8 count;     // of inputs, unless there are many
    Type type;    // of the value; TYPE_bottom: there is none, or NODE_result nodes are it
    union {
        struct {
            u32 in[3];
            u32 imm;  // where the immediates stand; or as the kind says
        };
        u64 bits;     // of i32, i64, f32, f64 constants; i32 and f32 have zeros above
        u8 bytes[16]; // of v128 constants
    };
} Node;
_Static_assert(sizeof(Node) == 24, "there are some for each instruction");

// How a block ends.
typedef enum {
    GO_jump,   // to its only successor
    GO_if,     // `value` is not 0: the first; else the second
    GO_table,  // br_table of `value`: `cases` are numbers of successors, the default last
    GO_leave,  // the last instruction of the skeleton leaves the function, or traps
    GO_branch, // the last is a br_on_*: the first where it goes on, the second where it branches
    GO_call,   // the last may throw: the first where it goes on, the last a catch block
    GO_throw,  // the last throws: a catch block
    GO_resume, // the last is a resume: the first where it goes on, one for each handler with a
               // label, and a catch block if in a try
    GO_catch,  // a catch block: one for each clause, and the catch block of the try around
} Go;

typedef struct {
    BlockId to;
    u32 input;    // of its phis, and of its predecessors: which is this edge's
} Edge;

typedef enum { HINT_none, HINT_unlikely, HINT_likely } Hint;

typedef struct {
    u8 go;             // Go
    u8 hint;           // GO_if: of the first edge
    bool outer_catch;  // GO_catch, GO_resume: the last edge goes to the catch block of a try around
    u32 first, count;  // of the skeleton, in Graph.skeleton
    u32 phi_count;     // those come first
    NodeId given;      // the first of so many
    u32 given_count;
    NodeId value;
    u32 edges, edge_count; // in Graph.edges
    u32 cases, case_count; // in Graph.words
    u32 preds, pred_count; // in Graph.words: blocks, a loop's entry first
    u32 region;        // the innermost; NO_REGION
    BlockId idom;      // after graph_dominators; of block 0 itself
    u32 depth;         // in the tree of dominators
    BlockId skip;      // some dominator, to find others fast
} Block;

typedef enum { REGION_loop, REGION_try } RegionKind;
typedef struct {
    u8 kind;
    u32 outer;         // NO_REGION
    u32 depth, loop_depth; // how many it is in, itself counted; how many of those are loops
    u32 loop;          // it, or the nearest around it that is one; NO_REGION: none is
    BlockId entry;
    BlockId catches;   // of a try: its catch block; NO_BLOCK: nothing in it throws
    bool legacy, catches_all;
    // It has no catch block: what it throws goes to that of another try, or leaves the function.
    bool delegates;
    u32 delegates_to;  // a region
    bool vectors;      // a loop of vectors, or what it leaves over
    u32 clause_count;
    const struct GraphClause *clauses;
} Region;

typedef struct GraphClause {
    u8 kind;           // as encoded: 0 catch, 1 catch_ref, 2 catch_all, 3 catch_all_ref
    u32 tag;
} GraphClause;

// Which instruction of the module, and of which call that was taken in: inline.c.
typedef struct { u32 at, taken; } GraphPlace; // taken: 0: of the function itself

// A function that was taken in where it was called: where the call stands, what that is in, and how
// far behind that one's frame its own is.
typedef struct { u32 func, call, outer, first; } GraphTaken;

typedef struct Graph {
    Arena *arena;
    const Module *m;
    u32 func;
    const TypeDef *type;   // of the function
    const BranchHints *hints; // of the module; NULL: there are none, or nobody asks
    const struct RuleIndex *rules; // those that apply while nodes are made; NULL: none do
    const struct OptKnown *known;  // of the module; NULL: nothing is
    u64 work, work_most;
    u64 look;              // at the halt once so much is done
    Halt halt;             // for whoever has somebody waiting for it
    u32 work_a_byte, memory_a_byte; // what one of the body may take
    u32 inline_most;       // bytes of a body that is taken in where it is called
    u32 gains;             // reads, checks and objects that there are not any more
    u32 inline_left, inlined; // bytes of all that may be, and how many were
    u32 once_most, once_bytes; // of what nobody else calls: bytes of one, and of all that were
    bool longer;           // what is faster may be longer, loops above all
    u32 copies_left;       // by so many nodes of copies of their blocks
    bool loops_changed, loops_were; // since graph_again; before that
    bool vectors;          // loops may become loops of vectors, and stores stores of them
    u32 vectorized;        // how many did
    u32 node_count, node_cap;           Node *nodes;
    u32 block_count, block_cap;         Block *blocks;
    u32 region_count, region_cap;       Region *regions;
    u32 skeleton_count, skeleton_cap;   NodeId *skeleton;
    u32 input_count, input_cap;         NodeId *inputs;
    u32 edge_count, edge_cap;           Edge *edges;
    u32 word_count, word_cap;           u32 *words;
    u32 table_count, table_size;        NodeId *table; // of floating nodes, by hash
    // With states: whom the call at this place of a function was seen to call; SEEN_ if not one
    u32 (*seen)(const void *by, u32 func, u32 at);
    const void *seen_by;
    bool fueled;                        // with states: it takes fuel, as the interpreter does
    struct StateList *states;           // NULL: nobody asks for them, nor for
    u32 place_count, place_cap;         GraphPlace *places; // by node: what it was made for
    GraphPlace at;                      // the one at hand
    u32 taken_count, taken_cap;         GraphTaken *taken;  // with states: number 1 is the first
    u32 begins;            // at this loop, which stands there in the module; 0: as the function
    Buf imms;
} Graph;

Graph *graph_new(const Module *m, u32 func, Arena *arena, u64 work_most);
// There are so many bytes more of it.
void graph_allow(Graph *g, u32 bytes);
// Leaves through the arena when too much was done, or somebody has asked for an end.
void graph_work(Graph *g, u64 units);

// ---- Nodes

static inline NodeId graph_at(const Graph *g, NodeId id)
{
    while (g->nodes[id].op == NODE_same) id = g->nodes[id].in[0];
    return id;
}
static inline Node *graph_node(const Graph *g, NodeId id) { return &g->nodes[graph_at(g, id)]; }
static inline u32 node_count(const Node *n) { return n->flags & NODE_many ? n->in[1] : n->count; }
static inline NodeId *node_inputs(const Graph *g, Node *n)
{
    return n->flags & NODE_many ? g->inputs + n->in[0] : n->in;
}
static inline bool node_is_const(const Node *n)
{
    return n->op == OP_i32_const || n->op == OP_i64_const || n->op == OP_f32_const ||
           n->op == OP_f64_const || n->op == OP_v128_const;
}
static inline bool node_floats(const Node *n) { return n->flags & NODE_floats; }
// What may happen there; of calls all that functions may do.
u32 node_effects(const Graph *g, const Node *n);
// The bytes of its immediates, as far as something may be read there.
Bytes node_imm(const Graph *g, const Node *n);
void node_read_imm(const Graph *g, const Node *n, Imm *imm, Bytes *bytes); // bytes: exactly those

// A node that floats: the same one where there is one already, or what the rules make of it.
NodeId graph_pure(Graph *g, u32 op, Type type, const NodeId *in, u32 count, u32 imm);
// The same of one whose immediates are put into Graph.imms.
NodeId graph_pure_with(Graph *g, u32 op, Type type, const NodeId *in, u32 count, Bytes imm);
NodeId graph_const(Graph *g, Type type, u64 bits); // i32, i64, f32, f64
NodeId graph_v128(Graph *g, const u8 bytes[16]);
NodeId graph_zero(Graph *g, Type type);            // of any type that has one: what locals begin as
// One that stands somewhere; inputs beyond three go to a list.
NodeId graph_add(Graph *g, u32 op, Type type, const NodeId *in, u32 count, u32 imm);
// One like it with other inputs: what floats as graph_pure makes it, else a node that is to be put
// somewhere.
NodeId graph_like(Graph *g, NodeId id, const NodeId *in);
// From now on the one is the other.
void graph_same(Graph *g, NodeId id, NodeId as);

// ---- Blocks

BlockId graph_block(Graph *g, u32 region);
static inline void graph_word(Graph *g, u32 word) // behind those of Graph.words
{
    ARENA_PUSH(g->arena, g->words, g->word_count, g->word_cap) = word;
}
void graph_append(Graph *g, BlockId block, NodeId node); // to the newest block's skeleton
// In any block: behind its phis, or behind everything.
void graph_put_phis(Graph *g, BlockId block, const NodeId *phis, u32 count);
void graph_put_last(Graph *g, BlockId block, const NodeId *nodes, u32 count);
u32 graph_edges(Graph *g, BlockId block, u32 count);     // room for them; where the first is
void graph_gap(Graph *g, BlockId at, u32 count); // numbers from there on are greater: room for some
u32 graph_region(Graph *g, RegionKind kind, u32 outer);
void region_nest(Graph *g, u32 region); // what it says of those around it is said anew
static inline Edge *block_edge(const Graph *g, const Block *b, u32 i)
{
    return &g->edges[b->edges + i];
}
// Does the last of its skeleton say where it goes on? That stays, whatever it does.
static inline bool block_ends_by_last(const Block *b)
{
    return b->go == GO_branch || b->go == GO_call || b->go == GO_throw || b->go == GO_resume;
}
void graph_dominators(Graph *g);
BlockId graph_common(const Graph *g, BlockId a, BlockId b); // the nearest that dominates both
static inline bool graph_dominates(const Graph *g, BlockId a, BlockId b)
{
    return g->blocks[a].depth <= g->blocks[b].depth && graph_common(g, a, b) == a;
}
static inline u32 loop_depth(const Graph *g, u32 region)
{
    return region == NO_REGION ? 0 : g->regions[region].loop_depth;
}
// It, or the nearest around it that is a loop; NO_REGION: none is.
static inline u32 region_loop(const Graph *g, u32 region)
{
    return region == NO_REGION ? NO_REGION : g->regions[region].loop;
}
static inline bool region_is_in(Graph *g, u32 region, u32 outer) // or that one
{
    for (; region != NO_REGION && region != outer; region = g->regions[region].outer)
        graph_work(g, 1);
    return region == outer;
}
static inline bool block_is_header(const Graph *g, BlockId id) // of a loop
{
    u32 region = g->blocks[id].region;
    return region != NO_REGION && g->regions[region].kind == REGION_loop &&
           g->regions[region].entry == id;
}

// ---- All of it

// From the module's bytes (build.c). False: *why says what of it cannot be in a graph.
bool graph_build(Graph *g, const char **why);
// Phis of one value are that; what nobody uses is left out of blocks, and all else marked as used
// (tidy.c).
void graph_tidy(Graph *g);
// What floats once more through the rules, and each once, after inputs became others.
void graph_renew(Graph *g);
// Objects that nobody else sees are not made (objects.c). A graph that is tidy stays so.
void graph_unmake(Graph *g);
// Reads of what is known already are that (memory.c). With dominators.
void graph_remember(Graph *g);
// About loops, with dominators. The test at a loop's beginning is at its end, and in front of it;
// small ones are there several times (unroll.c).
void graph_invert(Graph *g);
void graph_unroll(Graph *g);
// What they read and do not write is read in front of them (hoist.c).
void graph_hoist(Graph *g);
const u32 *graph_writes(Graph *g); // by region: the domains that are written in it
bool graph_is_shared(const Graph *g, const Node *n); // an access of what others write
// Products, and in machine code shifts, of what goes by a constant step become sums (induction.c).
void graph_reduce(Graph *g);
// Branches that are decided, and what nobody gets to then, are left out (control.c).
void graph_prune(Graph *g);
// Bits that are 0 anyway are not cut off, nor is it asked whether they are (narrow.c). It is tidy.
void graph_narrow(Graph *g);
// New numbers for nodes, in the order in which they can be computed (number.c). It is tidy.
void graph_number(Graph *g);
// What is known by that, if a loop changed.
void graph_again(Graph *g);
// Loops along arrays do many elements at a time (vectorize.c).
void graph_vectorize(Graph *g);
// Stores side by side become vectors, with what they store (join.c).
void graph_join(Graph *g);
// Wherever it returns globals hold what they held at the beginning (keep.c).
bool graph_keeps_globals(Graph *g);
// All of that, and what else makes a graph that was built and tidied better at this level
// (improve.def).
void graph_improve(Graph *g, OptLevel level);

// ---- As text, a line for each node (graph_text.c)

void graph_print(const Graph *g, Buf *out);
void graph_print_floating(const Graph *g, Buf *out); // what of that is needed
void graph_print_block(const Graph *g, Buf *out, BlockId id);
const char *node_text(const Node *n); // what kind it is: its instruction, mostly
