// park.c -- see park.h.

#include "run/park.h"

#include "run/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// Behind the newest frame; of a host function that waits, behind its slots.
static u64 *end_of_frames(const Exec *x)
{
    if (x->at.ip == code_host) {
        const Func *f = ref_to_func(exec_store(x), x->at.record->callee);
        return x->at.frame + func_slots(f);
    }
    FrameCursor newest = {.at = x->at};
    frame_first(&newest);
    return newest.at.frame + frame_slots(&newest);
}

static void enlist(Exec *x, Parked *p)
{
    p->next = x->parked;
    p->link = &x->parked;
    if (p->next) p->next->link = &p->next;
    x->parked = p;
}

bool park_adopt(Exec *x, Parked *p)
{
    if (!store_take(exec_store(x), STORE_continuation_bytes,
                    sizeof *p + p->frames + p->records)) {
        free(p);
        return false;
    }
    enlist(x, p);
    return true;
}

Parked *exec_park(Exec *x)
{
    assert(exec_may_continue(x) || exec_waits(x));
    u64 *end = end_of_frames(x);
    const Start *last = (Start *)(void *)x->stack_end - 1;
    size_t bytes = park_bytes(x, x->stack, end, last);
    if (!store_take(exec_store(x), STORE_continuation_bytes, bytes)) return NULL;
    Parked *p = malloc(bytes);
    if (!p) {
        store_give(exec_store(x), STORE_continuation_bytes, bytes);
        return NULL;
    }
    park_part(x, p, x->stack, end, last);
    *park_last(p) = *last;
    p->stopped = x->trap;
    p->called = x->called;
    enlist(x, p);
    if (x->stop_every) { // whoever still looks there is to be found out
        memset(x->stack, 0xa5, p->frames);
        memset(x->at.record, 0xa5, p->records - sizeof(Start));
    }
    x->at = (Position){0};
    x->start = NULL;
    exec_give_stack(x);
    return p;
}

void exec_drop_parked(Exec *x, Parked *p)
{
    *p->link = p->next;
    if (p->next) p->next->link = p->link;
    store_give(exec_store(x), STORE_continuation_bytes, sizeof *p + p->frames + p->records);
    free(p);
}

bool exec_unpark(Exec *x, Parked *p)
{
    assert(!x->depth && !exec_may_continue(x) && !exec_waits(x));
    if (x->stack) { // of a guest that trapped
        exec_settle(x);
        exec_give_stack(x);
    }
    x->thrown = REF_NULL;
    if (!exec_take_stack(x)) return false;
    exec_end(x, p->stopped);
    x->called = p->called;
    x->resumable = true;
    x->passed = false;
    x->placed = p->placed;
    Start *last = (Start *)(void *)x->stack_end - 1;
    park_put(x, p, x->stack, last);
    *last = *park_last(p);
    exec_drop_parked(x, p);
    return true;
}

u64 park_room(Parked *p)
{
    FrameCursor c = {.at = park_place(p)};
    const u8 *end = p->bytes + p->frames + p->records;
    u64 most = 0;
    for (bool found = frame_first(&c); found; frame_pop(&c), found = frame_found(&c)) {
        u64 low = (u64)((u8 *)(c.at.frame + frame_slots(&c)) - p->bytes),
            high = (u64)(end - (u8 *)c.at.record);
        most = MAX(most, low + high + PARK_SLACK);
    }
    return most;
}

Position park_place(Parked *p)
{
    return (Position){p->ip, (u64 *)(void *)(p->bytes + p->frame),
                      (Record *)(void *)(p->bytes + p->frames), p->inst};
}
