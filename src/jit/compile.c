// compile.c -- one pass from a body to native code, driven by the walk.
//
//     walk (valid/walk.h) --hooks--> image of operands, registers (image.h, regs.h)
//                              \--> machine.h, lower.h --> code, sites, late pieces
//
// The hooks are in hooks_*.h by what they are about. What is rare is put behind the rest (Late).
// Then jumps are filled in, the code is given its place, checked, and published.

#include "run/native.h"

#if NATIVE

#include "jit/check/check.h"
#include "jit/blocks.h"
#include "jit/hooks_cont.h"
#include "jit/stored.h"
#include "valid/shape.h"

#include <stdlib.h>

// Has somebody asked for an end?
static bool stopped(Jit *j) { return j->stopped |= halt_asked(j->halt); }
// In front of the i-th of many.
static bool stopped_at(Jit *j, u32 i) { return UNLIKELY(i % 1024 == 0) && stopped(j); }

static bool within_limit(const Jit *j) { return here(j) <= j->limit; }

static SELDOM bool look(Jit *j, u32 pos)
{
    enum { BYTES = 4096 }; // are compiled within a millisecond, whatever they are
    if (j->failed || stopped(j) || !within_limit(j)) return false;
    j->look = pos + BYTES;
    asm_reserve(&j->a);
    return true;
}

// Hooks see what the walk knows behind an instruction.
static SELDOM void note_taken(Jit *j, const WalkState *w)
{
    for (u32 i = 0; i < COUNT_OF(j->taken) && i < w->operand_count; i++)
        j->taken[i] = w->operands[w->operand_count - 1 - i];
}

static bool goes_on(Jit *j, const WalkState *w, u32 pos)
{
    j->locked = 0;
    if (UNLIKELY(*w->in.next == 0xfb)) note_taken(j, w);
    return LIKELY(pos < j->look && asm_has_room(&j->a)) || look(j, pos);
}

#define WALK_GOES_ON(j, w) goes_on(j, w, (w)->pos)
static void each_instr(Jit *j, Op op, u32 offset)
{
    pay_units(j, 1 + op_dear[op]);
    j->at = offset;
    begin_part(j, offset, NULL);
}

#define WALK_EACH(j, w, op, effects) each_instr(j, op, (w)->pos)
#define WALK_NAME jit
#define WALK_CONTEXT Jit
#include "valid/walk.h"

// ---- What stands behind the rest ----------------------------------------------------------------

static const char *late_text(LateKind kind)
{
    switch (kind) {
    case LATE_trap: return "trap";
    case LATE_overflow: return "no room for the frame";
    case LATE_entry_poll: return "stop at the entry";
    case LATE_loop_poll: return "stop in the loop";
    case LATE_fuel: return "fuel";
    case LATE_loop_entry: return "entry of the loop";
    case LATE_edge: return "locals of loops";
    case LATE_callee: return "another callee";
    case LATE_trunc: return "no integer";
    case LATE_return: return "return of a clause";
    case LATE_cast: return "another type";
    case LATE_new: return "no room for the object";
    case LATE_log: return "an old object";
    case LATE_moves: return "values of another block";
    case LATE_graph_poll: return "stop in the loop";
    case LATE_graph_fuel: return "fuel";
    }
    return "";
}

static void emit_late(Jit *j, Late late)
{
    if (j->listed)
        list_part(j, shown_at(j, late.offset, late.taken), late_text((LateKind)late.kind));
    j->site_taken = late.taken;
    set_residents(j, late.from.of ? late.from : (ResidentState){&no_residents, 0, 0});
    if (late.kind == LATE_callee) {
        // it is called in the place of code that may be guarded
        Label guarded = {.guard = late.guard};
        guard_range(j, &guarded);
    }
    j->emitting_late = late.kind != LATE_loop_entry; // which is a beginning, not an outline
    put_place(j, late.place);
    j->places[late.place].resume |= late.clause;
    j->places[late.place].entry = late.kind == LATE_loop_entry;
    switch ((LateKind)late.kind) {
    case LATE_trap: m_trap(j, late.offset, (Trap)late.number); return;
    case LATE_overflow:
        m_call_slot(j, RUNTIME_overflow);
        mark(j, late.offset, (SiteKind)late.number, 0);
        return;
    case LATE_entry_poll:
        m_call_slot(j, RUNTIME_poll);
        mark(j, late.offset, (SiteKind)late.number, 0);
        break;
    case LATE_loop_poll:
    case LATE_fuel:
        store_residents_of(j, &late.from);
        if (late.kind == LATE_fuel) m_call_fuel(j, late.number);
        else m_call_slot(j, RUNTIME_poll);
        mark(j, late.offset, SITE_place, 0);
        reload_residents(j, &late.from);
        break;
    case LATE_loop_entry:
        m_enter(j, late.offset, SITE_place);
        for (u32 i = 0; i < late.to->count; i++) {
            const Local *l = &j->locals[late.to->at[i].local];
            m_load(j, late.to->at[i].reg, l->slot, l->type);
        }
        break;
    case LATE_edge: move_residents(j, late.from, late.to, true); break;
    case LATE_trunc:
        if (!late_trunc(j, &late)) return;
        break;
    case LATE_return:
        m_copy(j, 0, late.number, late.other);
        m_leave(j);
        return;
    case LATE_cast: emit_late_cast(j, &late); return;
    case LATE_new: emit_late_new(j, &late); break;
    case LATE_log: emit_late_log(j, &late); break;
    case LATE_moves:
        j->places[late.place].zext = late.other;
        emit_moves(j, &j->select->lists[late.number]);
        break;
    case LATE_graph_poll: emit_late_poll(j, &late); break;
    case LATE_graph_fuel: emit_late_charge(j, &late); break;
    case LATE_callee:
        m_find_callee(j, late.number, late.other);
        mark(j, late.offset, SITE_trap, 0);
        put_place(j, late.far);
        j->places[late.far].away = true;
        if (late.tail) {
            emit_tail_far(j);
            return;
        }
        emit_far(j, late.offset, late.moved);
        break;
    }
    jump_to(j, late.back);
}

// ---- Places -------------------------------------------------------------------------------------

static void resolve(Jit *j)
{
    for (u32 i = 0; i < j->jump_count && !stopped_at(j, i); i++) {
        u32 field = j->jumps[i].field & ~JUMP_SHORT, to = j->places[j->jumps[i].place].at;
        assert(to != NONE);
        j->places[j->jumps[i].place].used = true;
        bool is_short = j->jumps[i].field & JUMP_SHORT;
        assert(!is_short || to - field - 1 <= INT8_MAX);
        if (is_short) j->a.start[field] = (u8)(to - field - 1);
        else asm_put_32(&j->a, field, to - field - 4);
    }
    for (u32 i = 0; i < j->entry_count && !stopped_at(j, i); i++)
        j->places[j->entries[i]].used = true;
    for (u32 i = 0; i < j->loop_count; i++) j->loops[i].at = j->places[j->loops[i].at].at;
    for (u32 i = 0; i < j->clause_count; i += 2)
        j->clauses[i + 1] = (j->clauses[i + 1] & ~(u64)UINT32_MAX) |
                            j->places[(u32)j->clauses[i + 1]].at;
}

// Behind the code, from the next multiple of 16 on: constants, then tables.
static void put_tables(Jit *j)
{
    while ((j->table_count || j->constant_count) && here(j) % 16) asm_8(&j->a, 0xcc);
    u32 constants = here(j);
    for (u32 i = 0; i < j->constant_count && !stopped_at(j, i); i++) {
        asm_reserve(&j->a);
        asm_64(&j->a, j->constants[i]);
    }
    for (u32 i = 0; i < j->constant_use_count && !stopped_at(j, i); i++) {
        const ConstantUse *u = &j->constant_uses[i];
        asm_put_32(&j->a, u->field, constants + u->number * 8 - u->field - 4 - u->behind);
    }
    for (u32 i = 0; i < j->table_count && !stopped_at(j, i); i++) {
        const JumpTable *t = &j->tables[i];
        u32 at = j->tables[i].at = here(j);
        asm_put_32(&j->a, t->field, at - t->field - 4);
        for (u32 k = 0; k < t->count; k++) {
            asm_reserve(&j->a);
            asm_32(&j->a, j->places[j->entries[t->first + k]].at - at);
        }
    }
}

// Slots of the region are at distances that depend on where the code will be.
static void relocate(Jit *j, s64 slots_at)
{
    for (u32 i = 0; i < j->relocation_count && !stopped_at(j, i); i++) {
        u32 field = j->relocations[i], slot;
        memcpy(&slot, j->a.start + field, 4);
        asm_put_32(&j->a, field, (u32)(slots_at + slot - field - 4));
    }
}

// ---- Entry points -------------------------------------------------------------------------------

static bool emit_walk(Jit *j)
{
    Diag diag;
    WalkState w;
    diag_init(&diag);
    walk_init(&w, j->m, j->arena, &diag);
    if (!jit_walk_func(j, &w, j->func) || j->failed) return false;
    forget_to(j, 0);
    drop_copies(j);
    return true;
}

static bool emit_body(Jit *j)
{
    if (j->optimized ? !emit_graph(j) : !emit_walk(j)) return false;
    j->emitting_late = true;
    for (u32 i = 0; i < j->late_count; i++) {
        if (stopped_at(j, i) || !within_limit(j)) return false;
        asm_reserve(&j->a);
        emit_late(j, j->late[i]);
    }
    if (!within_limit(j)) return false;
    m_set_frame(j);
    j->code_size = here(j);
    put_tables(j);
    resolve(j);
    return !j->failed && !stopped(j);
}

// What the checker is told of a place.
static u8 kind_of(const Place *p)
{
    return (u8)((p->late ? CHECK_outline : 0) | (p->away ? CHECK_away : 0) |
                (p->resume ? CHECK_resume : 0) | (p->entry ? CHECK_entry : 0));
}

// Labels are the places that somebody comes to, by where they are; several at one become one.
static CheckLabel *labels_of(Jit *j, u32 *count)
{
    CheckLabel *labels = arena_alloc_rough(j->arena, j->put_count * sizeof *labels);
    u32 n = 0;
    for (u32 i = 0; i < j->put_count && !stopped_at(j, i); i++) {
        const Place *p = &j->places[j->put[i]];
        CheckLabel l = {p->at, (u16)(p->resume || p->entry ? 0 : p->zext), kind_of(p)};
        if (!p->used && !p->resume && !p->entry) continue;
        if (n && labels[n - 1].offset == l.offset) {
            labels[n - 1].zext &= l.zext;
            labels[n - 1].kind |= l.kind;
        } else {
            labels[n++] = l;
        }
    }
    *count = n;
    return labels;
}

static const NativeTaken *taken_of(const Jit *j)
{
    const Graph *g = j->select->g;
    const bool apart = g->states->deep; // else all only trap, and no place is kept for their frames
    NativeTaken *taken = NEW_ARRAY(j->arena, NativeTaken, g->taken_count);
    for (u32 i = 0; i < g->taken_count; i++)
        taken[i] = (NativeTaken){g->taken[i].func, g->taken[i].call, g->taken[i].outer,
                                 apart ? g->taken[i].first : 0};
    return taken;
}

// What the runtime is told, but where the code will be.
static Native native_of(const Jit *j)
{
    return (Native){.func = j->func,
                    .optimized = j->optimized,
                    .begins = j->begins,
                    .size = here(j),
                    .frame_slots = j->frame_slots,
                    .map = j->map.data,
                    .map_len = (u32)j->map.len,
                    .points = j->points,
                    .point_count = j->point_count,
                    .loops = j->loops,
                    .loop_count = j->loop_count,
                    .catches = {j->guards, j->ranges, j->clauses, j->guard_count, j->range_count},
                    .clause_count = j->clause_count,
                    .taken = j->select ? taken_of(j) : NULL,
                    .taken_count = j->select ? j->select->g->taken_count : 0};
}

// All that the checker is told, but where the code will be.
static CheckInput input_of(Jit *j, const Native *made)
{
    CheckInput in = {.bytes = j->a.start, .code_size = j->code_size, .size = here(j),
                     .frame_bytes = j->frame_slots * 8,
                     .slot_count = RUNTIME_COUNT + j->m->func_count,
                     .guarded = j->guarded, .faults = j->faults, .module = j->m,
                     .native = made, .halt = j->halt};
    CheckTable *tables = NEW_ARRAY(j->arena, CheckTable, j->table_count);
    for (u32 i = 0; i < j->table_count; i++)
        tables[i] = (CheckTable){j->tables[i].at, j->tables[i].count};
    in.tables = tables;
    in.table_count = j->table_count;
    in.labels = labels_of(j, &in.label_count);
    return in;
}

// The code in its place; it may be run if the checker lets it pass. That it does not is a mistake
// of this compiler.
static Compiled put_code(Jit *j, NativeRegion *r, CheckInput *in, u32 *scratch, const Native *made)
{
    CheckFault fault = {0};
    bool better = j->optimized && j->m->optimizes == OPTIMIZE_warm;
    NativePlace *place = native_take(j->code, in->size, better);
    if (!place) return COMPILED_short;
    in->slots_at = -(s64)r->space.data_size - place->start;
    relocate(j, in->slots_at);
    // Who asked for an end may have taken that back, and not all is in its place.
    bool good = !stopped(j) && check_x64(in, scratch, &fault);
    if (good) return native_publish(j->code, place, in->bytes, made, j->halt);
    native_give_back(j->code, place);
    if (j->stopped || !fault.what) return COMPILED_stopped;
    native_refused(j->code, j->func, fault.offset, fault.what);
    return COMPILED_not;
}

static Compiled publish(Jit *j, void *env)
{
    NativeRegion *r = env;
    Native made = native_of(j);
    CheckInput in = input_of(j, &made);
    u32 *scratch = arena_alloc_rough(j->arena, check_scratch(&in) * sizeof *scratch);
    if (stopped(j)) return COMPILED_stopped; // perhaps before all labels were there
    if (native_has(r, j->func, j->optimized, j->begins)) return COMPILED; // by another thread
    return put_code(j, r, &in, scratch, &made); // where nothing leaves by the arena
}

// What becomes of a function when it has been compiled, while its arena is there.
typedef Compiled Use(Jit *j, void *env);

typedef struct {
    bool optimized, listed, alone;
    bool *took_in;
    u32 begins;
} How;

// Room for what most bodies of so many bytes want of lists; who wants more gets it.
static void make_room(Jit *j, u32 bytes)
{
    const u32 some = 16 + MIN(bytes, 1u << 14) / 16;
#define ROOM(items, count, cap)                                                                    \
    j->items = arena_alloc_rough(j->arena, (j->cap = (count)) * sizeof *j->items)
    ROOM(places, some, place_cap);
    ROOM(put, some, put_cap);
    ROOM(jumps, some, jump_cap);
    ROOM(relocations, some, relocation_cap);
    ROOM(late, 4 + some / 4, late_cap);
    ROOM(labels, 16, label_cap);
    ROOM(operands, 16, operand_cap);
#undef ROOM
}

// Nothing that was set before a jump is read after it.
static Compiled compile(ModuleCode *code, u32 func, Arena *scratch, How how, Halt halt, Use *use,
                        void *env)
{
    enum { CODE_PER_BYTE = 24, CODE_LEAST = 64 << 10 };
    const Module *m = code->module;
    u32 mode = code_mode(code, func);
    if (!(mode & CODE_compiled)) return COMPILED_not;
    jmp_buf failed;
    scratch->on_failure = &failed;
    if (setjmp(failed)) return halt_asked(halt) ? COMPILED_stopped : COMPILED_short;
    Jit j = {.arena = scratch, .code = code, .m = m, .func = func, .listed = how.listed,
             .optimized = how.optimized, .begins = how.begins, .alone = how.alone,
             .took_in = how.took_in,
             .start = m->funcs[func].body.start, .a = {.arena = scratch},
             .fueled = mode & CODE_fueled, .deterministic = mode & CODE_deterministic,
             .faults = code->mode & CODE_guarded, .address = NONE, .checked.reg = REG_NONE,
             .guarded = code->mode & CODE_guarded && m->memory_count &&
                        memory_suits_guards(&m->memories[0].type),
             .charge = NONE, .residents = {&no_residents, 0, 0}, .halt = halt};
    j.at = j.look = j.start;
    j.limit = CODE_LEAST + (u64)(m->funcs[func].body.end - j.start) * CODE_PER_BYTE;
    buf_init(&j.map, scratch);
    reach_point(&j);
    asm_reserve(&j.a);
    make_room(&j, m->funcs[func].body.end - j.start);
    begin_part(&j, j.start, NULL);
    // it may be looked at for the first time
    FrameShape shape;
    Diag diag;
    if (m->stored && !shape_find(m, func, halt, scratch, &shape, &diag))
        return diag.err == ERR_none ? COMPILED_stopped : COMPILED_not;
    if (emit_body(&j)) return use(&j, env);
    return j.stopped ? COMPILED_stopped : COMPILED_not;
}

// What a graph and its code take is bounded by the body; what would take more is left to the
// baseline.
static void bound_graph(Arena *scratch, const Module *m, u32 func)
{
    enum { TIMES = 100, LEAST = 4 << 20, MOST = 256 << 20 };
    u32 size = m->funcs[func].body.end - m->funcs[func].body.start;
    scratch->limit = scratch->total + (size_t)MIN(LEAST + (u64)TIMES * size, MOST);
}

static void say_large(const Module *m, u32 func)
{
    watch_note(m, func, "left to the baseline: it takes too much memory or work");
}

static Compiled make_so(ModuleCode *code, u32 func, How how, Halt halt, NativeRegion *r)
{
    const Module *m = code->module;
    Arena scratch;
    if (!spare_begin_scratch(&scratch, halt)) return COMPILED_stopped;
    if (m->accounts) scratch.account = &m->accounts[ENGINE_code_bytes]; // while it lasts
    if (how.optimized) bound_graph(&scratch, m, func);
    Compiled made = compile(code, func, &scratch, how, halt, publish, r);
    if (how.optimized && made == COMPILED_short) say_large(m, func);
    scratch.limit = 0;
    spare_end_scratch(&scratch, halt);
    return made;
}

// With what was taken in it may be too much.
static bool wants_alone(const Module *m, u32 func, Compiled made, bool took_in)
{
    if (!took_in || (made != COMPILED_not && made != COMPILED_short)) return false;
    watch_note(m, func, "once more: nothing is taken in");
    return true;
}

static Compiled make(ModuleCode *code, u32 func, How how, Halt halt, NativeRegion *r)
{
    bool took_in = false;
    how.took_in = &took_in;
    Compiled made = make_so(code, func, how, halt, r);
    how.alone = wants_alone(code->module, func, made, took_in);
    return how.alone ? make_so(code, func, how, halt, r) : made;
}

// Who puts a continuation aside pays for its frames, which are larger in optimized code.
static bool may_optimize(const ModuleCode *code)
{
    const Features conts = FEATURE_BIT(FEATURE_stack_switching);
    return !(code->mode & CODE_fueled) || !(code->module->features & conts);
}
static bool optimizes(const ModuleCode *code, u32 func)
{
    if (code->module->optimizes != OPTIMIZE_first) return false;
    if (may_optimize(code)) return true;
    watch_note(code->module, func,
               "left to the baseline: fuel is counted, and continuations may be switched");
    return false;
}

Compiled native_compile(ModuleCode *code, u32 func, Halt halt)
{
    Err why;
    if (!(code_mode(code, func) & CODE_compiled)) return COMPILED_not;
    NativeRegion *r = native_region_make(code, &why);
    if (!r) return COMPILED_short;
    Compiled made = COMPILED_not;
    if (optimizes(code, func)) made = make(code, func, (How){.optimized = true}, halt, r);
    // what is too much for it, or not done there, is not for the baseline
    if (made == COMPILED_not || made == COMPILED_short) made = make(code, func, (How){0}, halt, r);
    return made;
}

Compiled native_optimize(ModuleCode *code, u32 func, u32 begins, Halt halt)
{
    Err why;
    if (!(code_mode(code, func) & CODE_compiled) || !may_optimize(code)) return COMPILED_not;
    NativeRegion *r = native_region_make(code, &why);
    const How how = {.optimized = true, .begins = begins};
    return r ? make(code, func, how, halt, r) : COMPILED_short;
}

// What the checker would not let pass from strangers, who do not switch continuations, is not kept.
static Compiled keep_stored(Jit *j, void *env)
{
    Bytes *out = env;
    Buf record;
    CheckFault fault;
    Native made = native_of(j);
    CheckInput in = input_of(j, &made);
    u32 *scratch = arena_alloc_rough(j->arena, check_scratch(&in) * sizeof *scratch);
    buf_init(&record, j->arena);
    stored_put(&record, &in, j->relocations, j->relocation_count);
    in.foreign = true;
    in.slots_at = -(s64)in.slot_count * 8; // anywhere
    relocate(j, in.slots_at);
    if (!check_x64(&in, scratch, &fault)) return COMPILED_not;
    *out = buf_view(&record);
    return COMPILED;
}

// Of one function alone: whoever loads it has not read the bodies of others.
Compiled stored_make(ModuleCode *code, u32 func, Arena *arena, Bytes *out)
{
    const How how = {.optimized = true, .alone = true};
    Compiled made = COMPILED_not;
    if (optimizes(code, func)) {
        bound_graph(arena, code->module, func);
        made = compile(code, func, arena, how, (Halt){0}, keep_stored, out);
        if (made == COMPILED_short) say_large(code->module, func);
        arena->limit = 0;
    }
    if (made == COMPILED) return made;
    return compile(code, func, arena, (How){0}, (Halt){0}, keep_stored, out);
}

// Relocations are in the order of their fields.
static Compiled keep_listing(Jit *j, void *env)
{
    Listing *out = env;
    u32 *slots = NEW_ARRAY(j->arena, u32, j->relocation_count);
    for (u32 i = 0; i < j->relocation_count; i++) {
        u8 *field = j->a.start + j->relocations[i];
        u32 offset;
        memcpy(&offset, field, sizeof offset);
        memset(field, 0, sizeof offset);
        slots[i] = offset / 8;
    }
    Native *made = NEW(j->arena, Native);
    *made = native_of(j);
    *out = (Listing){.in = input_of(j, made), .fields = j->relocations, .slots = slots,
                     .field_count = j->relocation_count,
                     .parts = j->parts, .part_count = j->part_count};
    return COMPILED;
}

Compiled jit_list(ModuleCode *code, u32 func, Arena *arena, Listing *out)
{
    jmp_buf *outer = arena->on_failure;
    size_t limit = arena->limit;
    bool took_in = false;
    How how = {.optimized = optimizes(code, func), .listed = true, .took_in = &took_in};
    Compiled made;
    do {
        if (how.optimized) bound_graph(arena, code->module, func);
        made = compile(code, func, arena, how, (Halt){0}, keep_listing, out);
        if (how.optimized && made == COMPILED_short) say_large(code->module, func);
    } while (!how.alone && (how.alone = wants_alone(code->module, func, made, took_in)));
    arena->limit = limit;
    arena->on_failure = outer;
    return made;
}

#endif
