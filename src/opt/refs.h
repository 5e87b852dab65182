// refs.h -- what is known of references, by their types and by checks that were made. Private to
// opt/.
//
// A cast gives what it was given: all values that are one reference have the same root. A fact says
// of a root that it is of some type from a block on, and which node is that reference with that
// type, if there is one: a cast, or what a branch hands over.
#pragma once

#include "opt/graph.h"

typedef struct {
    NodeId node;      // 0: none has that type
    Type type;
    BlockId block;    // it holds in those that this one dominates
    u32 next;         // of the same root, plus 1
} RefFact;

typedef struct {
    Graph *g;
    u32 count;        // of nodes that there were when it began
    NodeId *root;     // by node; 0: itself. NULL: there are no references so far
    u32 *first;       // by root: its newest fact, plus 1
    u32 fact_count, fact_cap; RefFact *facts;
} Refs;

// In the order of the blocks: what the way into one says; then each instruction; then its end.
void refs_begin(Refs *r, BlockId block);
// True: nothing else is to be known of it. It may be another node now.
bool refs_look(Refs *r, NodeId id, BlockId block);
void refs_end(Refs *r, BlockId block);
NodeId refs_root(const Refs *r, NodeId id);

// What is the same as an instruction about references by the types of its operands alone; 0: that
// is not known. Nodes may be made: the instruction is not one of the graph's array.
NodeId fold_reference(Graph *g, const Node *n);
// Does a branch on a reference of this type? 1: always; 0: never; -1: that is not known.
int fold_branch(const Graph *g, const Imm *imm, NodeId id);
// The field that struct.* or array.* is about.
const FieldType *heap_field(const Graph *g, const Node *n);
// Was the object made here, and is it no other that was made before?
static inline bool is_fresh(const Node *n)
{
    switch (n->op) {
    case OP_struct_new: case OP_struct_new_default: case OP_struct_new_desc:
    case OP_struct_new_default_desc: case OP_array_new: case OP_array_new_default:
    case OP_array_new_fixed: case OP_array_new_data: case OP_array_new_elem: return true;
    default: return false;
    }
}
