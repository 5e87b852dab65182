// spots.h -- which part of the state an instruction reads or writes, and whether two are the same
// or apart. Private to opt/.
#pragma once

#include "opt/refs.h"

typedef enum {
    SPOT_other,   // two are the same if all is; nothing is apart from it
    SPOT_memory,  // so far behind what a node gives, modulo 2^32 where addresses have 32 bits
    SPOT_global,
    SPOT_field,   // of a structure
    SPOT_element, // of an array
} SpotKind;

typedef struct {
    u8 kind;
    u8 input_count;
    u16 op;        // of the read; of fields, of elements, and of numbers in memory one for all
    NodeId in[2];  // of a field and an element the object's root; a constant index is in `number`
    u64 number;    // offset, global, field or index
    u32 memory;
    u32 bytes;     // in memory; as little as what follows does it tell spots apart
    TypeId type;   // of the object, as it is called there
    Bytes rest;    // of other immediates
} Spot;

Spot spot_of(const Refs *r, NodeId id);
u32 spot_hash(const Spot *p, u32 version);
bool spot_same(const Spot *a, const Spot *b);
// Does a write of the one leave the other alone?
bool spots_apart(const Graph *g, const Spot *write, const Spot *other);
// What a read gives where another, or a write, is known to have had the value there; 0: that is
// not all of what it reads, or more work than to read it.
NodeId spot_value(Graph *g, NodeId read, NodeId known, NodeId value);

static inline bool is_access(const Node *n)
{
    return n->op < OP_COUNT && op_info[n->op].bits && op_info[n->op].immediates == IMM_memarg;
}
bool is_heap_read(const Node *n);   // of a field or an element
// Does it write its last operand, and nothing else, to one spot that a read can name?
bool is_plain_write(const Node *n);

// Of a new object: how many fields, or elements, it has, if that is known; 0: it is not. What one
// is at first; 0: that is not known.
u32 heap_count(const Graph *g, NodeId id);
NodeId heap_first(Graph *g, NodeId id, u32 which);
Spot heap_spot(const Graph *g, NodeId id, u32 which);
const FieldType *heap_field_at(const Graph *g, const Node *object, u32 which);
// What is read of a packed field that holds the low bits of the value, by one of the three reads.
NodeId heap_unpacked(Graph *g, u32 op, Type field, NodeId value);
