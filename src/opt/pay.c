// pay.c -- fuel: each piece of code is paid for as a whole where it begins. Pieces, and what is in
// them, are those of the interpreter (interp/translate/image.h): all count the same.

#include "opt/builder.h"

void begin_piece(Builder *b, u32 at)
{
    b->charge = 0;
    if (!b->g->fueled || !b->live || b->why) return;
    put_state(b, at, 0, STATE_charge);
    if (b->why) return;
    b->charge = graph_add(b->g, NODE_charge, TYPE_bottom, NULL, 0, 0);
    graph_append(b->g, b->at, b->charge);
}

void pay_units(Builder *b, u64 units)
{
    if (!b->charge) return;
    Node *n = &b->g->nodes[b->charge];
    n->imm = (u32)MIN(n->imm + units, INT32_MAX); // a charge can say no more
}

void pay_for(Builder *b, const Type *types, u32 count)
{
    u64 slots = 0;
    for (u32 i = 0; b->charge && i < count; i++) slots += type_slots(types[i]);
    pay_units(b, slots / 8 * PRICE_values);
}
