// vectorize.h -- a loop of vectors while it is made. See vectorize.c.
#pragma once

#include "opt/fold.h"
#include "opt/lanes.h"

typedef struct {
    Graph *g;
    Packer packs;
    NodeId *entry, *now;  // by line: before the loop, and when a turn of lanes begins
    BlockId guard, ranges, lanes, after, join, header;
    u32 copies;           // how often what is done at a time is done in a turn
    NodeId turns;         // how many the old loop makes for sure, and then one more: an i64
    NodeId known;         // an i32: it is so many; 0: always
    NodeId sure;          // an i32: all is where it should be
    NodeId rounds;        // an i32: turns of lanes
    NodeId sum_phis[SUMS_MOST], sum_now[SUMS_MOST]; // vectors; and, for who looks, numbers
} Vectorizer;

static inline Node *node(const Vectorizer *v, NodeId id) { return &v->g->nodes[id]; }
static inline NodeId word(Vectorizer *v, u64 bits) { return graph_const(v->g, TYPE_i32, bits); }
static inline NodeId number(Vectorizer *v, u64 bits) { return graph_const(v->g, TYPE_i64, bits); }
static inline NodeId and_also(Vectorizer *v, NodeId a, NodeId b)
{
    return a ? pure_2(v->g, OP_i32_and, a, b) : b;
}

typedef enum { TEST_none, TEST_ne, TEST_lt, TEST_le, TEST_gt, TEST_ge, TEST_eq } TestKind;
typedef struct {
    TestKind kind;
    bool is_signed;
    NodeId line, bound; // it goes on while that is so
} Test;

// By which test it goes on. False: that is not known.
bool find_test(Vectorizer *v, Test *t); // turns.c
// As often as the test says so in a row, from the first on.
void count_turns(Vectorizer *v, const Test *t);
// In the block of ranges: is all that is read and written in the memory, and done in an order that
// nobody tells from that of the old loop (ranges.c)?
void check_ranges(Vectorizer *v);
void check_orders(Vectorizer *v);
void be_sure(Vectorizer *v, NodeId condition);
