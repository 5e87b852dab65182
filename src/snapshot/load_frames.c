// load_frames.c -- frames that the interpreter goes on with, from what the abstract machine has.
//
// Oldest first: the next one begins where the operands of the one before end, which its call has
// left. What each is checked against is the module: that somebody may stand there, what is home
// then, and that a function that returns there gives what is expected.

#include "module/imm.h"
#include "run/call.h"
#include "run/map.h"
#include "snapshot/load.h"

#include <stdlib.h>

// One that was read.
typedef struct {
    Instance *inst;
    const u64 *ip;     // of the word where it stands
    u32 func;
    u32 base, top;     // slots from the first frame: where it begins, and its operands end
    u32 slots;         // that it may take
    bool resumes;      // the next one is a continuation's
} LoadedFrame;

typedef struct {
    StoreLoad *load;
    Input *in;
    LoadedFrame *frames;
    u32 count, cap;
    u64 *values;       // of all
    u32 value_count, value_cap;
    u64 record_bytes;
    const TypeDef *called; // what the newest has called; NULL: nothing yet
    LoadedFrames *out;
} Frames;

// ---- A place
//
// Each is looked at once, since who wrote the bytes may name it a million times.

static const TypeDef *def_of(const Module *m, TypeId type) { return type_def(m->store, type); }
static const TypeDef *cont_def(const Module *m, u32 type)
{
    return def_of(m, def_of(m, m->types[type])->cont);
}

// Whom others go on in, or what a continuation takes that stands there.
static void find_others(LoadedPlace *p, const Instance *inst, const Imm *imm)
{
    const Module *m = inst->module;
    const TypeDef *to;
    switch (p->op) {
    case OP_call: p->called = def_of(m, m->funcs[imm->func].type); break;
    case OP_call_indirect: p->called = def_of(m, m->types[imm->type_table.type]); break;
    case OP_call_ref: p->called = def_of(m, m->types[imm->type_index]); break;
    case OP_resume: case OP_resume_throw: case OP_resume_throw_ref:
        p->called = cont_def(m, imm->resume.type);
        p->resumes = true;
        break;
    case OP_suspend:
        p->takes = inst->tags[imm->tag]->type;
        p->suspends = p->results = true;
        break;
    case OP_switch:
        to = cont_def(m, imm->type_tag.type);
        p->takes = def_of(m, type_id(to->params[to->param_count - 1]))->cont;
        p->suspends = true;
        break;
    default: break;
    }
}

static void find_instruction(Frames *f, const Instance *inst, u32 func, u32 offset, LoadedPlace *p)
{
    const Module *m = inst->module;
    Diag diag;
    Imm imm;
    diag_init(&diag);
    ImmReader r = {.m = m, .next = m->bytes + offset, .end = m->bytes + m->funcs[func].body.end,
                   .diag = &diag, .arena = &f->load->walking};
    p->op = imm_op(&r);
    if (p->op == OP_COUNT || !imm_read(&r, p->op, &imm)) input_bad(f->in, "no instruction");
    find_others(p, inst, &imm);
}

// A walk takes as much as the body may need; what is kept is copied.
static void find_homes(Frames *f, const Module *m, u32 func, u32 offset, Homes *out)
{
    static const u64 most = (u64)512 << 20; // bytes of bodies: some seconds
    StoreLoad *l = f->load;
    l->walked += offset - m->funcs[func].body.start;
    if (l->walked > most) input_bad(f->in, "frames in more places than there is time for");
    Homes h;
    map_finder.at(m, func, offset, &l->walking, &h);
    // Each takes a byte at least of what is yet to come.
    if ((u64)h.local_count + h.operand_count + h.kept_count > (u64)(f->in->end - f->in->next))
        input_bad(f->in, "it ends too early");
#define KEEP(list, count) h.list = arena_copy(&l->arena, h.list, (count) * sizeof *h.list)
    KEEP(locals, h.local_count);
    KEEP(operands, h.operand_count);
    KEEP(slots, h.operand_count);
    KEEP(kept, h.kept_count);
    if (h.inited) KEEP(inited, (h.local_count + 7) / 8);
#undef KEEP
    *out = h;
}

static const LoadedPlace *find_place(Frames *f, const Instance *inst, u32 func, u32 offset)
{
    StoreLoad *l = f->load;
    // Tags are an instance's.
    struct { const Instance *inst; u32 func, offset; } key;
    memset(&key, 0, sizeof key);
    key.inst = inst;
    key.func = func;
    key.offset = offset;
    const u32 *known = map_get(&l->places_known, &key, sizeof key);
    if (known) return l->places[*known];
    LoadedPlace *p = NEW(&l->arena, LoadedPlace);
    arena_reset(&l->walking);
    find_instruction(f, inst, func, offset, p);
    find_homes(f, inst->module, func, offset, &p->homes);
    ARENA_PUSH(&l->arena, l->places, l->place_count, l->place_cap) = p;
    map_add(&l->places_known, arena_copy(&l->arena, &key, sizeof key), sizeof key,
            l->place_count - 1);
    return p;
}

// ---- Values

static u64 *values_up_to(Frames *f, u32 end)
{
    while (f->value_count < end)
        ARENA_PUSH(&f->load->passing, f->values, f->value_count, f->value_cap) = 0;
    return f->values;
}

// Slots behind all that it has.
static u32 top_of(const Homes *h, u32 locals)
{
    u32 top = locals;
    for (u32 i = 0; i < h->operand_count; i++)
        top = MAX(top, h->slots[i] + type_slots(h->operands[i]));
    for (u32 i = 0; i < h->kept_count; i++) top = MAX(top, h->kept[i] + 1);
    return top;
}

static void load_home(Frames *f, u32 slot, Type type)
{
    u64 value[2] = {0};
    load_value(f->load, f->in, type, value);
    u64 *at = values_up_to(f, slot + type_slots(type)) + slot;
    for (u32 i = 0; i < type_slots(type); i++) at[i] = value[i];
}

// One that has no value yet is null, whatever its type is.
static Type type_of_local(const Homes *h, u32 params, u32 i)
{
    Type type = h->locals[i];
    bool unset = h->inited && i >= params && type_is_ref(type) && !(h->inited[i / 8] >> i % 8 & 1);
    return unset ? type | TYPE_NULL : type;
}

static u32 load_params(Frames *f, u32 base, const TypeDef *own)
{
    u32 slot = 0;
    for (u32 i = 0; i < own->param_count; slot += type_slots(own->params[i++]))
        load_home(f, base + slot, own->params[i]);
    return slot;
}

static u32 load_homes(Frames *f, u32 base, const TypeDef *own, const Homes *h)
{
    u32 slot = 0;
    for (u32 i = 0; i < h->local_count; slot += type_slots(h->locals[i++]))
        load_home(f, base + slot, type_of_local(h, own->param_count, i));
    for (u32 i = 0; i < h->operand_count; i++)
        load_home(f, base + h->slots[i], h->operands[i]);
    for (u32 i = 0; i < h->kept_count; i++)
        load_home(f, base + h->kept[i], type_ref(false, HEAP_exn));
    return top_of(h, slot);
}

// ---- A frame

static bool gives(const Frames *f, const TypeDef *own)
{
    const TypeDef *want = f->called;
    if (!want) return true;
    if (own->result_count != want->result_count) return false;
    for (u32 i = 0; i < own->result_count; i++)
        if (!type_matches(f->load->store->types, type_results(own)[i], type_results(want)[i]))
            return false;
    return true;
}

// May a frame stand there in that way? One that others go on behind calls them, or was suspended;
// the last of a guest that was stopped goes on itself.
static void check_place(Frames *f, FramePlace place, const LoadedPlace *p, bool last, bool stops)
{
    Safepoint at = op_safepoint(p->op);
    bool good;
    if (place == FRAME_behind) good = last ? !stops && p->suspends : p->called != NULL;
    else good = last && stops && (at == SAFEPOINT_loop || at == SAFEPOINT_alloc ||
                                  at == SAFEPOINT_throw || at == SAFEPOINT_bulk);
    if (!good) input_bad(f->in, "a frame where none can stand");
    if (!last) f->called = p->called;
    f->out->takes = p->takes; // of the last one, if it is suspended
    f->out->results = p->results;
}

static u32 load_offset(Frames *f, const Module *m, u32 func)
{
    Range body = m->funcs[func].body;
    return body.start + input_below(f->in, body.end - body.start, "instruction");
}

static const u64 *place_of(Frames *f, Instance *inst, u32 func, FramePlace place, u32 offset)
{
    Trap trap;
    const u64 *ip = tier_place(&f->load->store->exec, inst, func, place, offset, &trap);
    if (trap) {
        diag_fail(f->load->diag, ERR_out_of_memory, 0, "%s", f->load->store->exec.trap_detail);
        longjmp(*f->load->failed, 1);
    }
    if (!ip) input_bad(f->in, "a frame where none can stand");
    return ip;
}

static void load_frame(Frames *f, bool last, bool stops)
{
    Instance *inst = load_instance(f->load, f->in);
    const Module *m = inst->module;
    u32 func = input_below(f->in, m->func_count, "function");
    if (func < m->imported_funcs) input_bad(f->in, "a frame of a function that is imported");
    FramePlace place = (FramePlace)input_byte(f->in);
    if (place >= FRAME_between) input_bad(f->in, "a frame of no kind");
    const TypeDef *own = def_of(m, m->funcs[func].type);
    if (!gives(f, own)) input_bad(f->in, "a frame of a function with other results");
    if (!f->count) f->out->ends = own;
    u32 base = f->count ? f->frames[f->count - 1].top : 0, offset = m->funcs[func].body.start;
    const LoadedPlace *p = NULL;
    if (place == FRAME_entry && !(last && stops)) input_bad(f->in, "a frame where none can stand");
    if (place != FRAME_entry) {
        offset = load_offset(f, m, func);
        // what stands there is known to be an instruction then
        place_of(f, inst, func, FRAME_again, offset);
        p = find_place(f, inst, func, offset);
        check_place(f, place, p, last, stops);
    }
    const u64 *ip = place_of(f, inst, func, place, offset);
    u32 top = p ? load_homes(f, base, own, &p->homes) : load_params(f, base, own);
    ARENA_PUSH(&f->load->passing, f->frames, f->count, f->cap) =
        (LoadedFrame){inst, ip, func, base, base + top,
                      code_body(&inst->code[func])->frame_slots, p && p->resumes};
    f->record_bytes += f->count == 1 || f->frames[f->count - 2].resumes ? sizeof(Start)
                                                                        : sizeof(Record);
    values_up_to(f, base + top);
    u64 need = ((u64)base + f->frames[f->count - 1].slots) * 8 + f->record_bytes + PARK_SLACK;
    if (need > f->load->store->exec.stack_limit)
        input_fail(f->in, ERR_snapshot_mismatch, "its stack is larger than stack_bytes: %zu",
                   f->load->store->exec.stack_limit);
}

// ---- As a block

// Records from the oldest down, and where the innermost Start is.
static void write_records(const Frames *f, Parked *p)
{
    u8 *end = p->bytes + p->frames + p->records, *at = end - sizeof(Start);
    u32 started = 0;
    *(Start *)(void *)at = (Start){.record = {.ip = code_exit, .callee = f->frames[0].func}};
    u8 *start = at;
    for (u32 i = 1; i < f->count; i++) {
        const LoadedFrame *caller = &f->frames[i - 1], *own = &f->frames[i];
        u32 delta = own->base - caller->base;
        const u64 *back = caller->ip + 1;
        if (!caller->resumes) {
            at -= sizeof(Record);
            *(Record *)(void *)at = (Record){back, caller->inst, delta, own->func};
            continue;
        }
        at -= sizeof(Start);
        *(Start *)(void *)at =
            (Start){.record = {code_return_cont, caller->inst, delta, own->func},
                    .ip = back,
                    .records = (u32)(start - at),
                    .frames = (own->base - f->frames[started].base) * 8};
        start = at;
        started = i;
    }
    p->start = (u32)(start - at);
    p->start_frame = f->frames[started].base * 8;
}

static Parked *as_block(const Frames *f, bool stops)
{
    const LoadedFrame *last = &f->frames[f->count - 1];
    // A guest that was stopped has all of its frame.
    u32 end = stops ? last->base + last->slots : last->top;
    size_t frames = (size_t)end * 8, records = (size_t)f->record_bytes;
    Parked *p = arena_alloc(&f->load->passing, sizeof *p + frames + records);
    *p = (Parked){.frames = (u32)frames, .records = (u32)records, .frame = last->base * 8,
                  .span = UINT32_MAX, .depth = f->count, .ip = last->ip, .inst = last->inst};
    if (f->value_count) memcpy(p->bytes, f->values, MIN((size_t)f->value_count * 8, frames));
    write_records(f, p);
    return p;
}

LoadedFrames load_frames(StoreLoad *l, Input *in, bool stops)
{
    LoadedFrames out = {0};
    u32 count = input_count(in, "frames");
    if (!count) input_bad(in, "no frames");
    Frames f = {.load = l, .in = in, .out = &out};
    for (u32 i = 0; i < count; i++) load_frame(&f, i + 1 == count, stops);
    out.parked = as_block(&f, stops);
    return out;
}

Parked *load_widen(StoreLoad *l, Parked *p, u32 slots)
{
    if (!p && !slots) return NULL;
    Parked none = {0};
    const Parked *from = p ? p : &none;
    size_t more = (size_t)slots * 8, size = sizeof *p + from->frames + more + from->records;
    Parked *wide = malloc(size);
    if (!wide) load_short(l, "for a continuation");
    *wide = *from;
    wide->frames += (u32)more;
    memcpy(wide->bytes, from->bytes, from->frames);
    memcpy(wide->bytes + wide->frames, from->bytes + from->frames, from->records);
    return wide;
}
