// frames.c -- reads the values of frames back.

#include "interp/code.h"
#include "interp/interp.h"
#include "valid/walk_types.h"

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

bool frame_read(FrameCursor *cursor, Arena *arena, FrameView *out)
{
    *out = (FrameView){.inst = cursor->at.inst, .func = cursor->func, .offset = frame_offset(cursor)};
    if (!frame_code(cursor) || cursor->func == CODE_NONE) return true; // not yet translated: it has nothing
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
    walk_init(&w, cursor->at.inst->module, arena, &diag);
    bool good = capture_walk_func(&capture, &w, cursor->func);
    if (good) {
        walk_flatten_locals(&w);
        // In front of all that it does a frame has its arguments; its locals are not zeroed yet.
        bool entering = cursor->at.ip == frame_code(cursor)->words;
        out->local_count = entering ? w.type->param_count : w.local_count;
        out->locals = w.locals;
        u32 slot =
            homes(0, &capture, cursor->at.frame, out->locals, out->local_count, 0, &out->local_values);
        homes(slot, &capture, cursor->at.frame, out->operands, out->operand_count, capture.kept_count,
              &out->operand_values);
    }
    arena->on_failure = outer;
    return good;
}
