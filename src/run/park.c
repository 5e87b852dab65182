// park.c -- see park.h.

#include "run/park.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

Parked *exec_park(Exec *x)
{
    assert(exec_may_continue(x));
    FrameCursor newest = {.at = x->at};
    frame_first(&newest);
    u64 *end = x->at.frame + frame_slots(&newest);
    u32 frames = (u32)((u8 *)end - (u8 *)x->stack),
        records = (u32)((u8 *)x->stack_end - (u8 *)x->at.record);
    Parked *p = malloc(sizeof *p + frames + records);
    if (!p) return NULL;
    *p = (Parked){x->parked, frames, records, (u32)((u8 *)x->at.frame - (u8 *)x->stack), x->trap,
                  x->called, x->at.ip, x->at.inst};
    x->parked = p;
    memcpy(p->bytes, x->stack, frames);
    memcpy(p->bytes + frames, x->at.record, records);
    if (x->stop_every) { // whoever still looks there is to be found out
        memset(x->stack, 0xa5, frames);
        memset(x->at.record, 0xa5, records);
    }
    x->at = (Position){0};
    exec_give_stack(x);
    return p;
}

bool exec_unpark(Exec *x, Parked *p)
{
    assert(!x->depth && !exec_may_continue(x));
    if (x->stack) exec_give_stack(x); // of a guest that trapped
    if (!exec_take_stack(x)) return false;
    exec_end(x, p->stopped);
    x->called = p->called;
    x->resumable = true;
    x->passed = false;
    u8 *records = (u8 *)x->stack_end - p->records;
    x->at = (Position){p->ip, (u64 *)((u8 *)x->stack + p->frame), (Record *)records, p->inst};
    memcpy(x->stack, p->bytes, p->frames);
    memcpy(records, p->bytes + p->frames, p->records);
    Parked **link = &x->parked;
    while (*link != p) link = &(*link)->next;
    *link = p->next;
    free(p);
    return true;
}

Position park_place(Parked *p)
{
    return (Position){p->ip, (u64 *)(p->bytes + p->frame), (Record *)(p->bytes + p->frames),
                      p->inst};
}
