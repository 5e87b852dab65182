// frames.c -- reads frames back. The map of a translation (code.h) is a list of pairs, LEB128 each:
// distance in code words from the last entry, distance in bytes of the module from the last. An instruction belongs to
// the last entry at or before it.

#include "interp/code.h"
#include "interp/interp.h"

static u32 map_leb(const u8 **p)
{
    u32 value = 0;
    for (u32 shift = 0;; shift += 7) {
        u8 byte = *(*p)++;
        value |= (u32)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return value;
    }
}

bool frame_next(const Exec *x, FrameCursor *c)
{
    if (!c->started) {
        *c = (FrameCursor){.next = x->record, .started = true, .func = x->func, .frame = x->frame, .ip = x->ip};
    } else {
        if (!c->func) return false;
        const Record *r = c->next++;
        c->func = r->func;
        c->frame = r->frame;
        c->ip = r->ip - 1; // it goes on behind its call
    }
    // Behind a barrier stands the state the host was called in; nothing before the first call.
    while (c->func == &x->barrier) {
        const Record *r = c->next++;
        c->func = r->func;
        c->frame = r->frame;
        c->ip = r->ip;
    }
    return c->func != NULL;
}

u32 frame_offset(const FrameCursor *c)
{
    const InterpCode *code = c->func->code;
    if (!code) return c->func->instance ? c->func->instance->module->funcs[c->func->index].body.start : 0;
    u64 at = (u64)(c->ip - code->code);
    u32 index = 0, pos = 0;
    for (const u8 *p = code->map, *end = p + code->map_len; p < end;) {
        u32 next = index + map_leb(&p), delta = map_leb(&p);
        if (next > at) break;
        index = next;
        pos += delta;
    }
    if (!pos) pos = c->func->instance->module->funcs[c->func->index].body.start; // in `enter`
    return pos;
}
