// handled.c -- see handled.h.

#include "run/handled.h"

// Do the clauses of the resumption that began there? To look through them takes `units`.
static bool asks(Start *start, u64 *frame, const Tag *tag, bool switches, TagHandler *by,
                 u32 *units)
{
    FrameCursor c = {.at = {.frame = frame, .record = &start->record}};
    frame_pop(&c);
    frame_found(&c);
    return frame_handler(&c, tag, switches, by, units);
}

static bool handles(Exec *x, Start *start, u64 *frame, const Tag *tag, bool switches,
                    TagHandler *by, u32 *units)
{
    const u64 *back = handled_back(start);
    HandlerMemo *m = handled_memo(x, back, tag);
    if (handled_before(m, back, start, tag, switches)) {
        *by = m->by;
        *units += m->units;
        return true;
    }
    u32 own = 0;
    bool found = asks(start, frame, tag, switches, by, &own);
    *units += own;
    if (found && m) *m = (HandlerMemo){back, start->record.inst, tag, *by, own, switches};
    return found;
}

Trap handled_search(Exec *x, const Tag *tag, bool switches, Handled *out)
{
    enum { LOOK = 4096 };
    Start *start = x->start;
    u64 *frame = x->start_frame;
    u32 units = 0;
    while (start->record.ip == code_return_cont) {
        if (handles(x, start, frame, tag, switches, &out->by, &units)) {
            out->start = start;
            out->frame = frame;
            cont_pay(x, units);
            return TRAP_none;
        }
        if (units >= LOOK) {
            cont_pay(x, units);
            units = 0;
            Trap asked = exec_asked(x);
            x->resumable = false;
            if (asked) return asked;
        }
        frame = (u64 *)(void *)((u8 *)frame - start->frames);
        start = (Start *)(void *)((u8 *)start + start->records);
    }
    cont_pay(x, units);
    return TRAP_unhandled_tag;
}
