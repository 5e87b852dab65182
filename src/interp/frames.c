// frames.c -- reads frames back. The map of a translation (code.h) is a list of pairs, LEB128 each:
// distance in code words from the last entry, distance in bytes of the module from the last. An
// instruction belongs to the last entry at or before it.

#include "interp/code.h"
#include "interp/interp.h"
#include "valid/walk_types.h"

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
        const Record *r = c->next;
        c->next = (const Record *)r[1].frame;
        c->func = r->func;
        c->frame = r->frame;
        c->ip = r->ip;
    }
    return c->func != NULL;
}

u32 frame_offset(const FrameCursor *c)
{
    const InterpCode *code = c->func->code;
    if (!code)
        return c->func->instance ? c->func->instance->module->funcs[c->func->index].body.start : 0;
    u64 at = (u64)(c->ip - code->code);
    u32 index = 0, pos = 0;
    for (const u8 *p = code->map, *end = p + code->map_len; p < end;) {
        u32 next = index + map_leb(&p), delta = map_leb(&p);
        if (next > at) break;
        index = next;
        pos += delta;
    }
    const Module *m = c->func->instance->module;
    if (!pos && c->func->index < m->func_count) pos = m->funcs[c->func->index].body.start; // in `enter`
    return pos;
}

Op frame_op(const FrameCursor *c)
{
    const Module *m = c->func->instance ? c->func->instance->module : NULL;
    u32 at = m ? frame_offset(c) : 0;
    if (!m || at >= m->size) return OP_COUNT;
    u8 first = m->bytes[at];
    if (first < 0xfb || first > 0xfe) return op_find(0, first);
    const u8 *p = m->bytes + at + 1; // whole, since it was validated
    return op_find(first, map_leb(&p));
}

// Types of locals and operands are not kept: the walk finds them again. It stops nowhere, so
// this costs as much as validating the function.
typedef struct {
    u32 pos;
    Arena *arena;
    FrameView *out;
    u32 kept_count;
    u32 *kept; // operands with a slot before them in which a legacy clause keeps its exception; one for each such slot
} Capture;

// Frames are in the order of their heights.
static void capture_kept(Capture *c, const WalkState *w)
{
    c->kept = NEW_ARRAY(c->arena, u32, w->frame_count);
    for (u32 i = 0; i < w->frame_count; i++)
        if (w->frames[i].op == OP_catch || w->frames[i].op == OP_catch_all)
            c->kept[c->kept_count++] = w->frames[i].height;
}

static inline void capture_each(Capture *c, WalkState *w, Op op, const Imm *imm)
{
    if (w->pos != c->pos) return;
    bool call = op == OP_call || op == OP_call_indirect || op == OP_call_ref;
    u32 results = call ? imm->def->result_count : 0;
    c->out->operand_count = call ? w->operand_count - results : 0;
    c->out->operands = arena_copy(c->arena, w->operands, c->out->operand_count * sizeof(Type));
    if (call) capture_kept(c, w);
}

#define WALK_NAME capture
#define WALK_CONTEXT Capture
#include "valid/observe.h"
#include "valid/walk.h"

// The homes of `count` values in a row from `slot` on, but for what is kept between them. Returns
// the slot behind them.
static u32 homes(u32 slot, const Capture *c, u64 *frame, const Type *types, u32 count,
                 u32 kept_count, const u64 ***out)
{
    const u64 **values = NEW_ARRAY(c->arena, const u64 *, count);
    for (u32 i = 0, k = 0; i < count; i++) {
        for (; k < kept_count && c->kept[k] <= i; k++) slot++;
        values[i] = frame + slot;
        slot += type_slots(types[i]);
    }
    *out = values;
    return slot;
}

bool frame_read(const FrameCursor *cursor, Arena *arena, FrameView *out)
{
    *out = (FrameView){.func = cursor->func, .offset = frame_offset(cursor)};
    if (!cursor->func->code) return true; // not yet translated: it has nothing
    jmp_buf failed, *outer = arena->on_failure;
    arena->on_failure = &failed;
    if (setjmp(failed)) {
        arena->on_failure = outer;
        return false;
    }
    Diag diag;
    diag_init(&diag);
    WalkState w;
    Capture capture = {.pos = out->offset, .arena = arena, .out = out};
    walk_init(&w, cursor->func->instance->module, arena, &diag);
    bool good = capture_walk_func(&capture, &w, cursor->func->index);
    if (good) {
        walk_flatten_locals(&w);
        out->local_count = w.local_count;
        out->locals = w.locals;
        u32 slot =
            homes(0, &capture, cursor->frame, out->locals, out->local_count, 0, &out->local_values);
        homes(slot, &capture, cursor->frame, out->operands, out->operand_count, capture.kept_count,
              &out->operand_values);
    }
    arena->on_failure = outer;
    return good;
}
