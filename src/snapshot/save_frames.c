// save_frames.c -- frames of a guest as the abstract machine has them, and where they stand.
//
// All are looked at before any is written, and once, since finding out where native code stands is
// half of the work.

#include "snapshot/save.h"

#include <stdlib.h>

struct SavedFrame {
    const Instance *inst;
    const u64 *slots;
    u32 number;        // of the instance
    u32 func;
    u32 met;           // the place; not of FRAME_entry
    FramePlace place;
};

// ---- Where they stand

static u32 note_place(Save *s, PlaceName name)
{
    const u32 *known = map_get(&s->places_known, &name, sizeof name);
    if (known) return *known;
    u32 met = s->place_count;
    map_add(&s->places_known, arena_copy(&s->arena, &name, sizeof name), sizeof name, met);
    ARENA_PUSH(&s->arena, s->places, s->place_count, s->place_cap) = (SavedPlace){name, met};
    return met;
}

static void note_frame(Save *s, FrameCursor *c, bool newest, bool stops)
{
    FramePlace place = newest ? frame_place(c) : FRAME_behind;
    if (place == FRAME_between || (newest && stops == (place == FRAME_behind)))
        save_refuse(s, "a call that ran out of fuel between two places where it could be gone on "
                       "with; give it some, and pause it");
    const Instance *inst = c->at.inst;
    u32 number = number_of(&s->names, inst), module = s->module_numbers[number], met = 0;
    u32 start = inst->module->funcs[c->func].body.start;
    if (place != FRAME_entry)
        met = note_place(s, (PlaceName){module, c->func, frame_offset(c) - start});
    ARENA_PUSH(&s->arena, s->frames, s->frame_count, s->frame_cap) =
        (SavedFrame){inst, c->at.frame, number, c->func, met, place};
}

void save_note_frames(Save *s, const Position *from, bool stops)
{
    u32 first = s->frame_count;
    FrameCursor c = {.at = *from, .stopped = stops};
    for (bool found = frame_first(&c); found; frame_pop(&c), found = frame_found(&c)) {
        if (c.at.ip == code_host) save_refuse(s, "a function of the host's that a guest called");
        note_frame(s, &c, s->frame_count == first, stops);
    }
    ARENA_PUSH(&s->arena, s->runs, s->run_count, s->run_cap) = s->frame_count - first;
}

void save_places(Save *s)
{
    PlaceFinder finder = {&s->arena, &s->walking, UINT64_MAX, 0};
    u32 count = s->place_count;
    HomesAt **order = NEW_ARRAY(&s->arena, HomesAt *, count);
    s->homes = NEW_ARRAY(&s->arena, HomesAt, count);
    s->place_numbers = NEW_ARRAY(&s->arena, u32, count);
    if (count) qsort(s->places, count, sizeof *s->places, place_order);
    save_number(s, count);
    for (u32 i = 0; i < count; i++) {
        const SavedPlace *p = &s->places[i];
        const Module *m = s->modules[p->name.module];
        save_number(s, p->name.module);
        save_number(s, p->name.func);
        save_number(s, p->name.offset);
        s->place_numbers[p->met] = i;
        order[i] = &s->homes[p->met];
        *order[i] = (HomesAt){.module = m, .func = p->name.func,
                              .offset = m->funcs[p->name.func].body.start + p->name.offset};
    }
    places_find(&finder, order, count);
}

// ---- What is in them

static void save_params(Save *s, const SavedFrame *f)
{
    const Module *m = f->inst->module;
    const TypeDef *own = type_def(m->store, m->funcs[f->func].type);
    const u64 *slot = f->slots;
    save_number(s, f->func);
    for (u32 i = 0; i < own->param_count; slot += type_slots(own->params[i++]))
        save_value(s, own->params[i], slot);
}

static void save_homes(Save *s, const SavedFrame *f)
{
    const Homes *h = &s->homes[f->met].homes;
    const u64 *slot = f->slots;
    save_number(s, s->place_numbers[f->met]);
    for (u32 i = 0; i < h->local_count; slot += type_slots(h->locals[i++]))
        save_value(s, h->locals[i], slot);
    for (u32 i = 0; i < h->operand_count; i++)
        save_value(s, h->operands[i], f->slots + h->slots[i]);
    for (u32 i = 0; i < h->kept_count; i++)
        save_value(s, type_ref(true, HEAP_exn), f->slots + h->kept[i]);
}

void save_frames(Save *s)
{
    u32 count = s->runs[s->next_run++];
    const SavedFrame *first = s->frames + s->next_frame;
    s->next_frame += count;
    save_number(s, count);
    for (const SavedFrame *f = first + count; f-- > first;) {
        save_number(s, f->number);
        buf_byte(&s->out, (u8)f->place);
        if (f->place == FRAME_entry) save_params(s, f);
        else save_homes(s, f);
    }
}
