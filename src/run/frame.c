// frame.c -- see frame.h.

#include "run/frame.h"

#include "run/map.h"
#include "run/store.h"

#include <assert.h>

u64 *frame_top_slow(Exec *x)
{
    const Position *host = &x->host;
    const HostFunc *of = ref_to_func(exec_store(x), host->record->callee)->host;
    FrameCursor c = {.at = *host};
    frame_first(&c);
    frame_pop(&c);
    u64 *own = host->frame + MAX(of->param_slots, of->result_slots);
    u64 *callers = c.at.frame + frame_slots(&c);
    return x->top = MAX(own, callers);
}

bool frame_next(const Exec *x, FrameCursor *c)
{
    if (!c->started)
        c->at = x->at, c->stopped = exec_may_continue(x), frame_first(c);
    else if (c->at.record) frame_pop(c);
    while (c->at.record && c->at.ip == code_host) frame_pop(c);
    return frame_found(c);
}

void frame_pop_word(FrameCursor *c)
{
    const u64 *word = (const u64 *)c->at.record;
    c->at.ip = (const u64 *)(uintptr_t)*word;
    c->at.record = (Record *)(word + 1);
    if (c->led != c->at.ip) {
        c->led = c->at.ip;
        c->led_native = native_find(c->at.inst->made, c->at.ip);
        c->led_site = native_site(c->at.inst->made, c->led_native, c->at.ip);
    }
    c->native = c->led_native;
    c->taken = c->led_site.taken;
    c->at.frame -= c->led_site.moved;
    if (UNLIKELY(c->taken)) c->at.frame += frame_behind_native(c);
}

static Site site_of(const FrameCursor *c)
{
    return c->led == c->at.ip ? c->led_site : native_site(c->at.inst->made, c->native, c->at.ip);
}

// Has it trapped in a function that was taken in, or is it one?
static bool is_over(const FrameCursor *c)
{
    return (c->taken || c->call) && site_of(c).kind == SITE_trap;
}

u32 frame_slots(const FrameCursor *c)
{
    if (c->native) return c->native->frame_slots - frame_behind_native(c);
    const Code *code = frame_code(c);
    return code ? code->frame_slots : c->at.inst->code[c->func].param_slots;
}

u32 frame_offset(FrameCursor *c)
{
    const Module *m = c->at.inst->module;
    if (c->native) return c->call ? c->call : site_of(c).offset;
    const Code *code = frame_code(c);
    if (!code) return m->funcs[c->func].body.start; // it has not begun
    if (c->asked == c->at.ip) return c->offset;
    c->asked = c->stopped ? NULL : c->at.ip;
    c->offset = code_offset(code, (u32)(c->at.ip - code->words), c->stopped);
    if (!c->offset) c->offset = m->funcs[c->func].body.start; // in front of all
    return c->offset;
}

Op frame_op(FrameCursor *c)
{
    const Module *m = c->at.inst->module;
    u32 at = frame_offset(c);
    if (at >= m->size) return OP_COUNT;
    return op_at(m->bytes + at);
}

// ---- values

// In front of all that it does a frame has its arguments; its locals are not zeroed yet.
static bool entering(const FrameCursor *c)
{
    if (c->native) return site_of(c).kind == SITE_entry;
    const Code *code = frame_code(c);
    return !code || c->at.ip == code->words;
}

FramePlace frame_place(FrameCursor *c)
{
    if (entering(c)) return FRAME_entry;
    const Op op = frame_op(c);
    const Safepoint at = op < OP_KNOWN ? op_safepoint(op) : SAFEPOINT_none;
    if (at == SAFEPOINT_call) return FRAME_behind;
    if (c->native) {
        SiteKind kind = site_of(c).kind;
        return kind == SITE_again || (kind == SITE_place && op == OP_loop) ? FRAME_again
                                                                            : FRAME_between;
    }
    const Code *code = frame_code(c);
    bool there = code_word(code, frame_offset(c)) == (u32)(c->at.ip - code->words);
    bool again = at == SAFEPOINT_loop || at == SAFEPOINT_alloc || at == SAFEPOINT_throw ||
                 at == SAFEPOINT_bulk;
    return there && again ? FRAME_again : FRAME_between;
}

static const u64 **values_at(Arena *arena, const u64 *frame, const u32 *slots, u32 count)
{
    const u64 **values = NEW_ARRAY(arena, const u64 *, count);
    for (u32 i = 0; i < count; i++) values[i] = frame + slots[i];
    return values;
}

static const u64 **values_in_row(Arena *arena, const u64 *frame, const Type *types, u32 count)
{
    const u64 **values = NEW_ARRAY(arena, const u64 *, count);
    for (u32 i = 0; i < count; frame += type_slots(types[i++])) values[i] = frame;
    return values;
}

bool frame_read(FrameCursor *c, Arena *arena, FrameView *out)
{
    const Module *m = c->at.inst->module;
    *out = (FrameView){.inst = c->at.inst, .func = c->func, .offset = frame_offset(c)};
    if (is_over(c)) return true;
    jmp_buf failed, *outer = arena->on_failure;
    arena->on_failure = &failed;
    if (setjmp(failed)) {
        arena->on_failure = outer;
        return false;
    }
    Homes homes;
    map_homes(m, c->func, out->offset, arena, &homes);
    out->locals = homes.locals;
    out->local_count = entering(c) ? type_def(m->store, m->funcs[c->func].type)->param_count
                                   : homes.local_count;
    out->local_values = values_in_row(arena, c->at.frame, out->locals, out->local_count);
    out->operands = homes.operands;
    out->operand_count = homes.operand_count;
    out->operand_values = values_at(arena, c->at.frame, homes.slots, out->operand_count);
    arena->on_failure = outer;
    return true;
}

// ---- references

static bool is_guest(const FrameCursor *c)
{
    return c->at.ip != code_host && !is_over(c);
}

bool frame_maps(const Position *from)
{
    FrameCursor c = {.at = *from};
    for (bool found = frame_first(&c); found; frame_pop(&c), found = frame_found(&c))
        if (is_guest(&c) && !map_of(c.at.inst->module, c.func)) return false;
    return true;
}

static void visit_frame(FrameCursor *c, FrameVisitor *visit, void *env)
{
    const RefMap *map = map_of(c->at.inst->module, c->func);
    for (u32 r = entering(c) ? map->params : map_at(map, frame_offset(c)); r;
         r = map->runs[r].below)
        for (u32 i = 0; i < map->runs[r].count; i++)
            visit(env, c->at.frame + map->runs[r].first + i);
}

static void visit_host(const Store *s, const FrameCursor *c, FrameVisitor *visit, void *env)
{
    const TypeDef *type = type_def(s->types, ref_to_func(s, c->func)->type);
    u64 *slot = c->at.frame;
    for (u32 i = 0; i < type->param_count; slot += type_slots(type->params[i++]))
        if (type_is_collected(s->types, type->params[i])) visit(env, slot);
}

u32 frame_roots(const Exec *x, const Position *from, FrameVisitor *visit, void *env)
{
    // What traps is over: where it stands at both, all that is home at the loop is looked at.
    FrameCursor c = {.at = *from, .stopped = true};
    u32 count = 0;
    for (bool found = frame_first(&c); found; frame_pop(&c), found = frame_found(&c), count++) {
        if (is_guest(&c)) visit_frame(&c, visit, env);
        else if (c.at.ip == code_host) visit_host(exec_store(x), &c, visit, env);
    }
    return count;
}

bool frame_of_slot(const Position *from, const u64 *slot, FrameCursor *c)
{
    *c = (FrameCursor){.at = *from, .stopped = true};
    bool found = frame_first(c);
    while (found && slot < c->at.frame) {
        frame_pop(c);
        found = frame_found(c);
    }
    return found;
}

static bool all_home(const Exec *x, FrameCursor *c)
{
    if (x->trap != TRAP_out_of_memory) return false;
    Op op = frame_op(c);
    return op < OP_KNOWN && op_info[op].effects & (ALLOCATES | THROWS);
}

void frame_roots_ended(const Exec *x, const Position *from, FrameVisitor *visit, void *env)
{
    FrameCursor c = {.at = *from};
    bool found = frame_first(&c), newest = true;
    for (; found; frame_pop(&c), found = frame_found(&c), newest = false)
        if (is_guest(&c) && (!newest || all_home(x, &c)))
            visit_frame(&c, visit, env);
}

// ---- for tests

typedef struct {
    const Store *store;
    const u64 *frame;
    u8 *refs; // by slot: 1 where the place alone says that there is one, 2 where the map does too
} Check;

static void check_slot(void *env, u64 *slot)
{
    Check *check = env;
    u8 *said = &check->refs[slot - check->frame];
    assert(*said == 1);
    *said = 2;
    assert(!ref_is_object((Ref)*slot) ||
           (*slot % 8 == 0 && heap_has(&check->store->heap, (Ref)*slot)));
}

static void check_frame(const Exec *x, FrameCursor *c, Arena *arena)
{
    const Module *m = c->at.inst->module;
    Homes homes;
    Check check = {exec_store(x), c->at.frame, NEW_ARRAY(arena, u8, UINT16_MAX + 1)};
    map_finder.at(m, c->func, frame_offset(c), arena, &homes);
    u32 params = type_def(m->store, m->funcs[c->func].type)->param_count;
    u32 locals = entering(c) ? params : homes.local_count;
    for (u32 i = 0, slot = 0; i < locals; slot += type_slots(homes.locals[i++]))
        check.refs[slot] = type_is_collected(m->store, homes.locals[i]);
    for (u32 i = 0; i < homes.operand_count; i++)
        check.refs[homes.slots[i]] = type_is_collected(m->store, homes.operands[i]);
    for (u32 i = 0; i < homes.kept_count; i++) check.refs[homes.kept[i]] = 1;
    visit_frame(c, check_slot, &check);
    for (u32 i = 0; i <= UINT16_MAX; i++) assert(check.refs[i] != 1);
}

void frame_check(const Exec *x, u32 most)
{
    Arena arena;
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = &failed;
    FrameCursor c = {.at = x->at};
    if (!setjmp(failed) && frame_maps(&x->at))
        for (u32 i = frame_first(&c) ? 0 : most; i < most; i = frame_found(&c) ? i + 1 : most) {
            if (is_guest(&c)) check_frame(x, &c, &arena);
            arena_reset(&arena);
            frame_pop(&c);
        }
    arena_free(&arena);
}
