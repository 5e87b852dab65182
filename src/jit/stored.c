// stored.c -- see stored.h, and run/stored.h.
//
//     head   how many of each
//     clauses, points, loops, guards, ranges   as in Native
//     labels, tables                           as in CheckInput
//     fields                                   where the code has slots' numbers, not distances
//     map, code
//
// Whoever wrote it may have written anything. The checker finds what the code could do, and holds
// against it where the runtime enters. What it does not know is looked at here, by the body: that a
// frame has room for all that is home in it anywhere, and in front of a call for what is home
// there, so that whoever looks at frames or writes to them (the collector, the interpreter where it
// goes on) meets no record. That no continuation is switched: it would stand where nobody looked.

#include "jit/stored.h"

#include "base/leb.h"
#include "base/sum.h"
#include "jit/jit.h"
#include "run/guard.h"
#include "run/memory.h"
#include "run/spare.h"
#include "valid/shape.h"

#if NATIVE

typedef struct {
    u32 size, code_size, frame_slots, clause_count, point_count, loop_count, guard_count,
        range_count, label_count, table_count, field_count, map_len, optimized, unused;
} RecordHead;
_Static_assert(sizeof(RecordHead) % 8 == 0, "clauses are aligned behind it");
_Static_assert(sizeof(CheckLabel) == 8 && offsetof(CheckLabel, kind) == 6, "written by its fields");

// ---- Out

void stored_put(Buf *out, const CheckInput *in, const u32 *fields, u32 field_count)
{
    const Native *n = in->native;
    const Catches *c = &n->catches;
    RecordHead head = {in->size, in->code_size, n->frame_slots, n->clause_count, n->point_count,
                       n->loop_count, c->guard_count, c->range_count, in->label_count,
                       in->table_count, field_count, n->map_len, n->optimized, 0};
    buf_bytes(out, &head, sizeof head);
    buf_bytes(out, c->clauses, n->clause_count * sizeof *c->clauses);
    buf_bytes(out, n->points, n->point_count * sizeof *n->points);
    buf_bytes(out, n->loops, n->loop_count * sizeof *n->loops);
    buf_bytes(out, c->guards, c->guard_count * sizeof *c->guards);
    buf_bytes(out, c->ranges, c->range_count * sizeof *c->ranges);
    for (u32 i = 0; i < in->label_count; i++) {
        buf_u32le(out, in->labels[i].offset);
        buf_u32le(out, in->labels[i].zext | (u32)in->labels[i].kind << 16);
    }
    buf_bytes(out, in->tables, in->table_count * sizeof *in->tables);
    buf_bytes(out, fields, field_count * sizeof *fields);
    buf_bytes(out, n->map, n->map_len);
    buf_bytes(out, in->bytes, in->size);
}

// ---- In

typedef struct {
    ModuleCode *code;
    u32 func;
    Halt halt;
    Arena *arena;
    const u8 *next, *end; // of the record: what is left
    u8 *bytes;            // of the code
    const u32 *fields;
    u32 field_count;
    Native made;
    CheckInput in;
    const char *wrong;    // NULL: nothing is
} Loading;

static Compiled refuse(Loading *l, const char *what)
{
    l->wrong = what;
    return COMPILED_not;
}

// So many items, or NULL: there are not.
static const void *take(Loading *l, u32 count, size_t item)
{
    const u8 *at = l->next;
    if (count > (size_t)(l->end - l->next) / item) {
        l->wrong = "it ends too early";
        return NULL;
    }
    l->next += count * item;
    return at;
}

static bool read_record(Loading *l)
{
    const Stored *s = l->code->module->stored;
    const StoredFunc *f = &s->funcs[l->func - s->first];
    const Range *body = &l->code->module->funcs[l->func].body;
    // None that is made here is larger.
    enum { LEAST = 1 << 20, PER_BYTE = 256 };
    if (f->size > LEAST + (u64)(body->end - body->start) * PER_BYTE) {
        l->wrong = "it is too large";
        return false;
    }
    u8 *bytes = arena_alloc_rough(l->arena, f->size);
    l->next = bytes;
    l->end = bytes + f->size;
    if (!s->read(s->env, f->at, bytes, f->size)) l->wrong = "it cannot be read";
    else if ((u32)checksum_of(bytes, f->size) != f->sum) l->wrong = "it is damaged";
    return !l->wrong;
}

static bool read_parts(Loading *l)
{
    RecordHead head = {0};
    const void *at = take(l, 1, sizeof head);
    if (at) memcpy(&head, at, sizeof head);
    Native *n = &l->made;
    *n = (Native){.func = l->func, .size = head.size, .frame_slots = head.frame_slots,
                  .map_len = head.map_len, .point_count = head.point_count,
                  .loop_count = head.loop_count, .clause_count = head.clause_count,
                  .optimized = head.optimized,
                  .catches = {.guard_count = head.guard_count, .range_count = head.range_count}};
    n->catches.clauses = take(l, head.clause_count, sizeof *n->catches.clauses);
    n->points = take(l, head.point_count, sizeof *n->points);
    n->loops = take(l, head.loop_count, sizeof *n->loops);
    n->catches.guards = take(l, head.guard_count, sizeof *n->catches.guards);
    n->catches.ranges = take(l, head.range_count, sizeof *n->catches.ranges);
    l->in = stored_input(l->code, l->func, l->halt);
    l->in.label_count = head.label_count;
    l->in.labels = take(l, head.label_count, sizeof *l->in.labels);
    l->in.table_count = head.table_count;
    l->in.tables = take(l, head.table_count, sizeof *l->in.tables);
    l->field_count = head.field_count;
    l->fields = take(l, head.field_count, sizeof *l->fields);
    n->map = take(l, head.map_len, 1);
    l->bytes = (u8 *)take(l, head.size, 1);
    if (!l->wrong && l->next != l->end) l->wrong = "it goes on behind its end";
    if (head.frame_slots > FRAME_SLOTS_MOST) l->wrong = "its frame is too large";
    if (head.code_size > head.size) l->wrong = "no such sizes"; // before there is scratch for it
    l->in.bytes = l->bytes;
    l->in.size = head.size;
    l->in.code_size = head.code_size;
    l->in.frame_bytes = head.frame_slots * 8;
    l->in.native = n;
    return !l->wrong;
}

// Whatever comes of it is checked.
static void relocate(Loading *l)
{
    for (u32 i = 0; i < l->field_count; i++) {
        u32 field = l->fields[i], slot;
        if (field > l->in.size || l->in.size - field < sizeof slot) continue;
        memcpy(&slot, l->bytes + field, sizeof slot);
        u32 distance = (u32)(l->in.slots_at + slot - field - 4);
        memcpy(l->bytes + field, &distance, sizeof distance);
    }
}

// Of a map that was checked: does each call stand where the module has one, with the frame moved
// behind all that is home there?
static bool calls_fit(const Native *n, const FrameShape *shape)
{
    u32 offset = 0, slots;
    for (const u8 *next = n->map, *end = next + n->map_len; next < end;) {
        u32 step = leb_known_u32(&next), turn = leb_known_u32(&next);
        offset += (turn >> 1) ^ -(turn & 1);
        if ((step & 7) != SITE_call) continue;
        u32 moved = leb_known_u32(&next);
        if (!shape_call(shape, offset, &slots) || slots > moved) return false;
    }
    return true;
}

static Compiled put_code(Loading *l, const FrameShape *shape, u32 *scratch)
{
    CheckFault fault = {0};
    NativePlace *place = native_take(l->code, l->in.size, false);
    if (!place) return COMPILED_short;
    l->in.slots_at = -(s64)native_region(l->code)->space.data_size - place->start;
    relocate(l);
    bool good = check_x64(&l->in, scratch, &fault) && calls_fit(&l->made, shape);
    if (good) return native_publish(l->code, place, l->bytes, &l->made, l->halt);
    native_give_back(l->code, place);
    if (halt_asked(l->halt)) return COMPILED_stopped;
    return refuse(l, fault.what ? fault.what : "a call that there is not");
}

// Nothing that was set before a jump is read after it.
static Compiled load(Loading *l)
{
    jmp_buf failed;
    FrameShape shape;
    Diag diag;
    l->arena->on_failure = &failed;
    if (setjmp(failed)) return COMPILED_short;
    if (!read_record(l) || !read_parts(l)) return COMPILED_not;
    if (!shape_find(l->code->module, l->func, l->halt, l->arena, &shape, &diag))
        return diag.err == ERR_none ? COMPILED_stopped : refuse(l, err_text[diag.err]);
    if (l->made.frame_slots < shape.slots) return refuse(l, "its frame is too small");
    u32 *scratch = arena_alloc_rough(l->arena, check_scratch(&l->in) * sizeof *scratch);
    return put_code(l, &shape, scratch);
}

CheckInput stored_input(const ModuleCode *code, u32 func, Halt halt)
{
    const Module *m = code->module;
    bool faults = code->mode & CODE_guarded;
    return (CheckInput){.slot_count = RUNTIME_COUNT + m->func_count, .faults = faults,
                        .guarded = faults && m->memory_count &&
                                   memory_suits_guards(&m->memories[0].type),
                        .foreign = true, .module = m, .halt = halt};
}

Compiled stored_enter(ModuleCode *code, u32 func, Halt halt)
{
    Stored *s = code->module->stored;
    _Atomic u8 *bad = &s->bad[func - s->first];
    Arena scratch;
    Err why;
    if (atomic_load(bad)) return COMPILED_not; // it is looked at once
    if (!native_region_make(code, &why)) return COMPILED_short;
    if (!spare_begin_scratch(&scratch, halt)) return COMPILED_stopped;
    if (code->module->accounts) scratch.account = &code->module->accounts[ENGINE_code_bytes];
    Loading l = {.code = code, .func = func, .halt = halt, .arena = &scratch};
    Compiled made = load(&l);
    spare_end_scratch(&scratch, halt);
    bool first = made == COMPILED_not && !atomic_exchange(bad, true) &&
                 !atomic_fetch_add(&s->refused, 1);
    if (first && s->tell) s->tell(s->tell_env, func, l.wrong);
    return made;
}

#endif
