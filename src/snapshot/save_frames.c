// save_frames.c -- frames of a guest as the abstract machine has them.

#include "run/map.h"
#include "snapshot/save.h"

// A frame that the walk has come to, from the newest on.
typedef struct {
    const Instance *inst;
    const u64 *slots;
    u32 func, offset;
    FramePlace place;
} Frame;

static Frame frame_of(Save *s, FrameCursor *c, bool newest, bool stops)
{
    FramePlace place = newest ? frame_place(c) : FRAME_behind;
    if (place == FRAME_between || (newest && stops == (place == FRAME_behind)))
        save_refuse(s, "a call that ran out of fuel between two places where it could be gone on "
                       "with; give it some, and pause it");
    return (Frame){c->at.inst, c->at.frame, c->func, frame_offset(c), place};
}

static void save_frame(Save *s, const Frame *f)
{
    const Module *m = f->inst->module;
    Homes homes;
    save_name(s, (ItemName){number_of(&s->names, f->inst), f->func});
    buf_byte(&s->out, (u8)f->place);
    if (f->place != FRAME_entry) save_number(s, f->offset - m->funcs[f->func].body.start);
    map_homes(m, f->func, f->offset, &s->arena, &homes);
    bool entry = f->place == FRAME_entry;
    u32 locals = entry ? type_def(m->store, m->funcs[f->func].type)->param_count
                       : homes.local_count;
    const u64 *slot = f->slots;
    for (u32 i = 0; i < locals; slot += type_slots(homes.locals[i++]))
        save_value(s, homes.locals[i], slot);
    for (u32 i = 0; i < homes.operand_count && !entry; i++)
        save_value(s, homes.operands[i], f->slots + homes.slots[i]);
    for (u32 i = 0; i < homes.kept_count && !entry; i++)
        save_value(s, type_ref(true, HEAP_exn), f->slots + homes.kept[i]);
}

void save_frames(Save *s, const Position *from, bool stops)
{
    Frame *frames = NULL;
    u32 count = 0, cap = 0;
    FrameCursor c = {.at = *from, .stopped = stops};
    for (bool found = frame_first(&c); found; frame_pop(&c), found = frame_found(&c)) {
        if (c.at.ip == code_host) save_refuse(s, "a function of the host's that a guest called");
        Frame frame = frame_of(s, &c, !count, stops);
        ARENA_PUSH(&s->arena, frames, count, cap) = frame;
    }
    save_number(s, count);
    while (count-- > 0) save_frame(s, &frames[count]);
}
