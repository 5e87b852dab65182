// frame.c -- see frame.h.

#include "run/frame.h"

// Goes to what is behind the newest record.
static void pop(FrameCursor *c)
{
    const Record *r = c->at.record;
    c->at.frame -= r->delta;
    c->at.inst = r->inst;
    if (r->ip != code_exit) {
        c->at.ip = r->ip - 1; // it goes on behind its call
        c->at.record++;
        return;
    }
    const Start *start = (const Start *)r;
    c->at.ip = start->ip;
    c->at.record = start->ip ? (Record *)(start + 1) : NULL;
}

static bool found(FrameCursor *c)
{
    if (!c->at.record) return false;
    c->func = c->at.record->callee;
    return true;
}

bool frame_next(const Exec *x, FrameCursor *c)
{
    if (!c->started) *c = (FrameCursor){.at = x->at, .started = true};
    else if (c->at.record) pop(c);
    while (c->at.record && c->at.ip == code_host) pop(c);
    return found(c);
}

bool frame_outward(FrameCursor *c)
{
    bool first = !c->started;
    c->started = true;
    if (first && c->at.ip != code_host) return found(c);
    if (c->at.record->ip == code_exit) return false;
    pop(c);
    return found(c);
}

const Code *frame_code(const FrameCursor *c)
{
    if (c->at.ip == code_translate) return NULL;
    return c->func == CODE_NONE ? c->at.inst->exec->expr : code_body(&c->at.inst->code[c->func]);
}

u32 frame_offset(FrameCursor *c)
{
    const Module *m = c->at.inst->module;
    const Code *code = frame_code(c);
    if (!code) return c->func < m->func_count ? m->funcs[c->func].body.start : 0; // it has not begun
    if (c->asked == c->at.ip) return c->offset;
    c->asked = c->at.ip;
    c->offset = code_offset(code, (u32)(c->at.ip - code->words));
    if (!c->offset && c->func < m->func_count) c->offset = m->funcs[c->func].body.start; // in front of all
    return c->offset;
}

Op frame_op(FrameCursor *c)
{
    const Module *m = c->at.inst->module;
    u32 at = frame_offset(c);
    if (at >= m->size) return OP_COUNT;
    return op_at(m->bytes + at);
}
