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

// ---- The places

static const TypeDef *def_of(const Module *m, TypeId type) { return type_def(m->store, type); }
static const TypeDef *cont_def(const Module *m, u32 type)
{
    return def_of(m, def_of(m, m->types[type])->cont);
}

// Whom others go on in, or what a continuation takes that stands there.
static void find_others(LoadedPlace *p, const Imm *imm)
{
    const Module *m = p->at.module;
    const TypeDef *to;
    switch (p->at.op) {
    case OP_call: p->called = def_of(m, m->funcs[imm->func].type); break;
    case OP_call_indirect: p->called = def_of(m, m->types[imm->type_table.type]); break;
    case OP_call_ref: p->called = def_of(m, m->types[imm->type_index]); break;
    case OP_resume: case OP_resume_throw: case OP_resume_throw_ref:
        p->called = cont_def(m, imm->resume.type);
        p->resumes = true;
        break;
    case OP_suspend:
        p->takes = m->tags[imm->tag].type;
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

// May a guest that was stopped go on there?
static bool goes_on_at(Op op)
{
    Safepoint at = op_safepoint(op);
    return at == SAFEPOINT_loop || at == SAFEPOINT_alloc || at == SAFEPOINT_throw ||
           at == SAFEPOINT_bulk;
}

static void find_instruction(StoreLoad *l, Input *in, LoadedPlace *p)
{
    const Module *m = p->at.module;
    Diag diag;
    Imm imm;
    if (p->at.op == OP_COUNT) input_bad(in, "a place where no frame can stand");
    diag_init(&diag);
    arena_reset(&l->walking);
    ImmReader r = {.m = m, .next = m->bytes + p->at.offset,
                   .end = m->bytes + m->funcs[p->at.func].body.end,
                   .diag = &diag, .arena = &l->walking};
    Op op = imm_op(&r);
    if (op != p->at.op || !imm_read(&r, op, &imm)) input_bad(in, "no instruction");
    find_others(p, &imm);
    if (!p->called && !p->suspends && !goes_on_at(op))
        input_bad(in, "a place where no frame can stand");
}

// In order: what is the same stands side by side, and only the first was looked for.
static void find_instructions(StoreLoad *l, Input *in, HomesAt **order, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        LoadedPlace *p = (LoadedPlace *)(void *)order[i], *last = i ? (void *)order[i - 1] : NULL;
        if (last && places_same(&last->at, &p->at)) *p = *last;
        else find_instruction(l, in, p);
    }
}

static PlaceName load_place_name(StoreLoad *l, Input *in)
{
    PlaceName name;
    name.module = input_below(in, l->module_count, "module");
    const Module *m = l->modules[name.module];
    name.func = input_below(in, m->func_count, "function");
    if (name.func < m->imported_funcs) input_bad(in, "a place in a function that is imported");
    Range body = m->funcs[name.func].body;
    name.offset = input_below(in, body.end - body.start, "instruction");
    return name;
}

// Each is of a frame that is yet to come, and each value takes a byte at least there: so what is
// kept of all of them is in proportion to what there is.
void load_places(StoreLoad *l)
{
    Input in = input_section(&l->all, SECTION("plac"));
    u64 left = (u64)(l->all.end - l->all.next);
    u32 count = input_count(&in, "places");
    PlaceName name = {0}, last;
    if (count > left / FRAME_BYTES) input_bad(&in, "places without frames");
    HomesAt **order = NEW_ARRAY(&l->arena, HomesAt *, count);
    l->places = NEW_ARRAY(&l->arena, LoadedPlace, count);
    for (u32 i = 0; i < count; i++) {
        last = name;
        name = load_place_name(l, &in);
        if (i && place_order(&last, &name) >= 0) input_bad(&in, "places out of order");
        const Module *m = l->modules[name.module];
        l->places[i].at = (HomesAt){.module = m, .func = name.func,
                                    .offset = m->funcs[name.func].body.start + name.offset};
        order[i] = &l->places[i].at;
    }
    input_ends(&in, "places");
    PlaceFinder finder = {&l->arena, &l->walking, left - (u64)count * FRAME_BYTES, 0};
    if (!places_find(&finder, order, count)) input_bad(&in, "places without frames");
    find_instructions(l, &in, order, count);
    l->place_count = count;
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
    bool good;
    if (place == FRAME_behind) good = last ? !stops && p->suspends : p->called != NULL;
    else good = last && stops && goes_on_at(p->at.op);
    if (!good) input_bad(f->in, "a frame where none can stand");
    if (!last) f->called = p->called;
    f->out->takes = p->takes; // of the last one, if it is suspended
    f->out->results = p->results;
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

// NULL: in front of a function's first instruction, which is `entry` of the instance.
static const LoadedPlace *load_place(Frames *f, const Instance *inst, FramePlace place, u32 *entry)
{
    const Module *m = inst->module;
    if (place == FRAME_entry) {
        *entry = input_below(f->in, m->func_count, "function");
        if (*entry < m->imported_funcs) input_bad(f->in, "a frame of a function that is imported");
        return NULL;
    }
    const LoadedPlace *p = &f->load->places[input_below(f->in, f->load->place_count, "place")];
    if (p->at.module != m) input_bad(f->in, "a frame at a place of another module");
    return p;
}

static void load_frame(Frames *f, bool last, bool stops)
{
    Instance *inst = load_instance(f->load, f->in);
    const Module *m = inst->module;
    FramePlace place = (FramePlace)input_byte(f->in);
    if (place >= FRAME_between) input_bad(f->in, "a frame of no kind");
    u32 func;
    const LoadedPlace *p = load_place(f, inst, place, &func);
    if (p) func = p->at.func;
    const TypeDef *own = def_of(m, m->funcs[func].type);
    if (!gives(f, own)) input_bad(f->in, "a frame of a function with other results");
    if (!f->count) f->out->ends = own;
    u32 base = f->count ? f->frames[f->count - 1].top : 0;
    if (p) check_place(f, place, p, last, stops);
    else if (!(last && stops)) input_bad(f->in, "a frame where none can stand");
    const u64 *ip = place_of(f, inst, func, place, p ? p->at.offset : 0);
    u32 top = p ? load_homes(f, base, own, &p->at.homes) : load_params(f, base, own);
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
