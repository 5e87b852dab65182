// rules_x64.c -- one pass over the instructions: what each may do, by what is known in front of it.
//
//     label?  what is known implies what it says; behind it that alone is known
//     decode  a row of encodings_x64.def, else refused
//     memory  by base: frame, constants, memory 0, instance, or what a register has the address of
//     write   loses facts about the register; a 32-bit one makes it zero-extended
//     control branches lead to labels; calls go through slots; templates stand as they are
//
// Whatever runs can be stopped. Number every place: in line by its offset, in an outline by the
// last place in line that leads there (Checker.origin). A branch leads to a label with a poll, or
// comes from a call that sees whether to stop, or leads to a number that is not lower, and back in
// the code only to one that is higher. So no way round is without a poll or such a call.

#include "jit/check/state_x64.h"

// --- fields

typedef struct {
    u8 width, holds;
} Field;

// What the holder has the address of. Exec's places, which code may write, are not believed.
#define HOLDS_OF_number(of) HOLDS_nothing
#define HOLDS_OF_code(of) HOLDS_nothing
#define HOLDS_OF_pointer(of) HOLDS_OF_POINTER_##of
#define HOLDS_OF_pointers(of) (HOLDS_pointers + STRUCT_##of)
#define HOLDS_OF_space(of) HOLDS_OF_SPACE_##of
#define HOLDS_OF_POINTER_Exec (HOLDS_pointer + STRUCT_Exec)
#define HOLDS_OF_POINTER_FuncCode (HOLDS_pointer + STRUCT_FuncCode)
#define HOLDS_OF_POINTER_Memory (HOLDS_pointer + STRUCT_Memory)
#define HOLDS_OF_POINTER_Instance HOLDS_nothing
#define HOLDS_OF_POINTER_Record HOLDS_nothing
#define HOLDS_OF_POINTER_slots HOLDS_nothing
#define HOLDS_OF_POINTER_Module HOLDS_nothing
#define HOLDS_OF_POINTER_ModuleCode HOLDS_nothing
#define HOLDS_OF_POINTER_HostFunc HOLDS_nothing
// Spaces are reached by templates, but for what is found by the module's numbers.
#define HOLDS_OF_SPACE_memory HOLDS_nothing
#define HOLDS_OF_SPACE_FuncCode HOLDS_nothing
#define HOLDS_OF_SPACE_heap HOLDS_heap
#define HOLDS_OF_SPACE_Func HOLDS_nothing
#define HOLDS_OF_SPACE_TypeRecord HOLDS_records
#define HOLDS_OF_SPACE_Ref HOLDS_nothing
#define HOLDS_OF_SPACE_TypeId HOLDS_types

enum { FIELD_WORDS = 36, GLOBAL_BYTES = 16 };
static const Field fields[STRUCT_COUNT][FIELD_WORDS] = {
#define FIELD(struct_, field, offset, width_, right, base, of)                                     \
    [STRUCT_##struct_][(offset) / 4] = {width_, HOLDS_OF_##base(of)},
#include "run/layout.def"
};

// Globals that stand in the instance.
enum {
#define FIELD(...)
#define ITEMS(struct_, field, offset, width, of)                                                   \
    OWN_##of = (offset), SIZE_##of = (width),
#include "run/layout.def"
};

static const Field *field_at(u32 of, s32 disp)
{
    if (disp < 0 || disp % 4 || disp / 4 >= FIELD_WORDS) return NULL;
    const Field *f = &fields[of][disp / 4];
    return f->width ? f : NULL;
}

static u32 pointer_count(const Module *m, u32 of)
{
    switch (of) {
    case STRUCT_Func: return m->imported_funcs;
    case STRUCT_Memory: return m->memory_count;
    case STRUCT_Table: return m->table_count;
    case STRUCT_Global: return m->global_count;
    case STRUCT_Tag: return m->tag_count;
    default: return 0;
    }
}

// What faults has its place by the frame's.
static const char moved_fault[] = "what may fault stands where the frame is moved";

// --- memory operands. Each yields NULL, or what is wrong; *holds is what a load of 8 bytes yields.

static ALWAYS_INLINE const char *operand_frame(const Checker *c, const CheckInstr *i)
{
    if (i->index != CHECK_NONE) return "a slot is not found by a register";
    if (c->rbp) return "a slot is accessed while the frame is moved";
    if (UNLIKELY(c->owes & OWES_overflow)) return "there is no room for the frame";
    s64 end = (s64)i->disp + i->width + FRAME_BIAS;
    if (i->disp < -FRAME_BIAS || end > (s64)c->in->frame_bytes) return "outside of the frame";
    return NULL;
}

static const char *operand_constant(const Checker *c)
{
    s64 start = (s64)c->next + c->i.disp;
    if (c->e->rm & CHECK_write) return "constants are read";
    if (start < c->in->code_size || start + c->i.width > c->in->size)
        return "outside of the constants";
    return NULL;
}

// [base + inside + d] below what `inside` was found to be at most.
static bool is_inside(const Checker *c)
{
    const CheckInstr *i = &c->i;
    return c->inside == i->index && c->inside_base == i->base && i->scale == 0 && i->disp < 0 &&
           (u64) - (s64)i->disp <= c->inside_least && i->disp + i->width <= 0;
}

// What may fault has a place that the runtime knows.
static const char *operand_faulting(Checker *c)
{
    if (c->rbp) return moved_fault;
    return site_fault(c, c->at + 1, 1 << SITE_trap);
}

static const char *operand_checked(Checker *c)
{
    if (!is_inside(c)) return "not inside what was checked";
    return c->in->faults ? operand_faulting(c) : NULL;
}

// Of memory 0, and left to guards.
static ALWAYS_INLINE const char *operand_guarded(Checker *c, const CheckInstr *i)
{
    if (!c->in->guarded || !c->in->module->memory_count) return "not checked";
    if (i->disp < 0 || (s64)i->disp + i->width > (s64)1 << 31)
        return "the displacement is too large";
    if (i->index != CHECK_NONE && (i->scale || !(c->zext >> i->index & 1)))
        return "an index is not zero-extended";
    return operand_faulting(c);
}

static const char *operand_memory(Checker *c)
{
    const CheckInstr *i = &c->i;
    if (i->index < 16 && c->inside == i->index && i->disp < 0) return operand_checked(c);
    return operand_guarded(c, i);
}

static const char *operand_global(const Checker *c, s32 disp)
{
    return disp >= 0 && disp + c->i.width <= GLOBAL_BYTES ? NULL : "outside of the global";
}

static const char *operand_field(const Checker *c, u32 of, Holds *holds)
{
    const CheckInstr *i = &c->i;
    if (i->index != CHECK_NONE) return "a field is not found by a register";
    if (of == STRUCT_Global) return operand_global(c, i->disp);
    if (of == STRUCT_Instance && i->disp >= OWN_Global) {
        u32 behind = (u32)(i->disp - OWN_Global);
        const Module *m = c->in->module;
        if (behind / SIZE_Global >= m->global_count - m->imported_globals)
            return "the module has no such number";
        return operand_global(c, (s32)(behind % SIZE_Global));
    }
    const Field *f = field_at(of, i->disp);
    if (!f || f->width != i->width) return "no such field";
    if (c->e->rm & CHECK_write) return "the field is not written";
    *holds = (Holds)f->holds;
    return NULL;
}

// Of an array of so many items.
static bool is_item(const Checker *c, u32 count, u32 size)
{
    const CheckInstr *i = &c->i;
    return i->index == CHECK_NONE && i->disp >= 0 && i->disp % size == 0 &&
           (u32)i->disp / size < count && i->width == size && !(c->e->rm & CHECK_write);
}

// Objects are where 32 bits lead to, and a piece further. What they refer to may be anything.
// Where anybody made the code that may fault, and the runtime does not know where.
static const char *operand_heap(const Checker *c)
{
    const CheckInstr *i = &c->i;
    if (c->in->foreign && c->rbp) return moved_fault;
    if (!c->in->module->objects) return "there is no heap";
    if (i->index >= 16 || i->scale || !(c->zext >> i->index & 1))
        return "a reference is not zero-extended";
    bool near = i->disp >= 0 && i->disp <= BLOCK_BYTES - (s32)i->width;
    return near ? NULL : "the displacement is too large";
}

static const char *operand_record(const Checker *c)
{
    const CheckInstr *i = &c->i;
    const s32 supers = offsetof(TypeRecord, supers), kind = offsetof(TypeRecord, kind);
    bool super = i->disp >= supers && i->disp < supers + 4 * TYPE_DISPLAY && i->disp % 4 == 0 &&
                 i->width == 4;
    if (c->in->foreign && c->rbp) return moved_fault;
    bool good = c->in->module->objects && i->index < 16 && i->scale == 3 &&
                c->holds[i->index] == HOLDS_record && !(c->e->rm & CHECK_write) &&
                (super || (i->disp == kind && i->width == 1));
    return good ? NULL : "no field of a type's record";
}

static const char *operand_held(Checker *c, Holds *holds)
{
    const CheckInstr *i = &c->i;
    const Module *m = c->in->module;
    u32 base = c->holds[i->base];
    switch (base) {
    case HOLDS_nothing: return "a base that is not known";
    case HOLDS_types: return is_item(c, m->type_count, 4) ? NULL : "not one of the module's types";
    case HOLDS_memory: return operand_checked(c);
    case HOLDS_heap: return operand_heap(c);
    case HOLDS_records: return operand_record(c);
    case HOLDS_record: return "a base that is not known";
    case HOLDS_elems: {
        bool good = c->inside == i->index && c->inside_base == i->base && i->scale == 2 &&
                    i->disp == 0 && i->width == 4;
        return good ? NULL : "not the element that was checked";
    }
    default: break;
    }
    if (base < HOLDS_pointers) return operand_field(c, base - HOLDS_pointer, holds);
    u32 of = base - HOLDS_pointers;
    if (!is_item(c, pointer_count(m, of), 8)) return "the module has no such number";
    if (of != STRUCT_Tag) *holds = (Holds)(HOLDS_pointer + of);
    return NULL;
}

static const char *operand_other(Checker *c, Holds *holds)
{
    switch (c->i.base) {
    case RBX: return operand_memory(c);
    case R15: return operand_field(c, STRUCT_Instance, holds);
    case CHECK_RIP: return operand_constant(c);
    case RSP: case R14: case CHECK_NONE: return "a base that is none";
    default: return operand_held(c, holds);
    }
}

static const char *operand_fault(Checker *c, Holds *holds)
{
    return c->i.base == RBP ? operand_frame(c, &c->i) : operand_other(c, holds);
}

// --- control

const CheckLabel *check_label(const Checker *c, s64 offset, u32 *number)
{
    const CheckInput *in = c->in;
    if (offset < 0 || offset >= in->code_size) return NULL;
    for (u32 n = c->first[offset / LABEL_SPAN]; n < in->label_count; n++) {
        if (in->labels[n].offset < offset) continue;
        *number = n;
        return in->labels[n].offset == offset ? &in->labels[n] : NULL;
    }
    return NULL;
}

// Is all known that the label says?
static const char *label_fault(const Checker *c, const CheckLabel *l)
{
    if (c->owes) return "goes on without the call that is due";
    if (l->kind & CHECK_entry) return "an entry is for the runtime alone";
    if (l->zext & ~c->zext) return "not zero-extended as the label says";
    if (c->rbp) return "the frame is moved at a label";
    if (l->kind & CHECK_away && c->holds[R11] != HOLDS_FUNC) return "r11 is no function";
    return NULL;
}

bool check_edge(Checker *c, s64 target, u32 owes)
{
    u32 number;
    const CheckLabel *l = check_label(c, target, &number);
    if (!l) return check_fail(c, "a branch to no label");
    const char *wrong = label_fault(c, l);
    if (wrong) return check_fail(c, wrong);
    struct Passing *p = &c->passing[number];
    u32 from = c->outline ? c->origin : c->at;
    if (owes & OWES_fuel) {
        if (p->flags & OWES_fuel && p->units != c->units)
            return check_fail(c, "another number of units is due");
        p->units = c->units;
    }
    if (target > c->at) {
        p->origin = MAX(p->origin, from);
        p->flags |= owes;
        return true;
    }
    bool outline = l->kind & (CHECK_outline | CHECK_away);
    if (owes) return check_fail(c, "a call that is due stands behind");
    if (c->stopped || p->flags & LABEL_POLLS) return true;
    if (c->outline && !outline && target > c->origin) return true;
    return check_fail(c, "a branch back without a poll");
}

static bool pass_label(Checker *c)
{
    const CheckLabel *l = &c->in->labels[c->label];
    struct Passing *p = &c->passing[c->label];
    const char *wrong = c->dead ? NULL : label_fault(c, l);
    if (wrong) return check_fail(c, wrong);
    bool outline = l->kind & (CHECK_outline | CHECK_away);
    u32 origin = p->origin;
    if (outline && !c->dead) origin = MAX(origin, c->outline ? c->origin : c->at);
    c->outline = outline;
    c->origin = origin;
    c->owes = p->flags & (OWES_poll | OWES_fuel | OWES_overflow);
    c->units = p->units;
    c->dead = c->stopped = false;
    c->rbp = 0;
    forget_all(c);
    c->zext = l->zext;
    if (l->kind & CHECK_away) hold(c, R11, HOLDS_FUNC);
    c->label++;
    c->label_at = c->label < c->in->label_count ? c->in->labels[c->label].offset : UINT32_MAX;
    return true;
}

void check_called(Checker *c, bool stops)
{
    forget_all(c);
    c->stopped |= stops;
}

typedef enum {
    KIND_CALLED, KIND_NORETURN, KIND_FUNC, KIND_FAR, KIND_TAIL, KIND_ABSENT
} Kind;
static const u8 runtime_kinds[RUNTIME_COUNT] = {
#define RUNTIME(name, kind) [RUNTIME_##name] = KIND_##kind,
#include "run/native.def"
};

// Of what comes back, or stops: what the runtime is told of the place behind it.
static const u8 runtime_sites[RUNTIME_COUNT] = {
    [RUNTIME_trap] = 1 << SITE_trap,
    [RUNTIME_overflow] = 1 << SITE_entry | 1 << SITE_place,
    [RUNTIME_poll] = 1 << SITE_entry | 1 << SITE_place,
    [RUNTIME_fuel] = 1 << SITE_place,
    [RUNTIME_call_far] = 1 << SITE_call,
    [RUNTIME_callee_indirect] = 1 << SITE_trap,
    [RUNTIME_callee_ref] = 1 << SITE_trap,
    [RUNTIME_slow] = 1 << SITE_trap | 1 << SITE_again,
    [RUNTIME_throw] = 1 << SITE_again,
};
// Of C that leaves the guest for another part of it, and comes back behind the call.
static bool switches(u32 slow)
{
    return slow == SLOW_suspend || slow == SLOW_resume || slow == SLOW_resume_throw ||
           slow == SLOW_resume_throw_ref || slow == SLOW_switch;
}

// But for C that neither stops nor looks at where it is called.
static bool has_site(const Checker *c, u32 row)
{
    bool moves = row == RUNTIME_slow && (c->slow == SLOW_zero || c->slow == SLOW_move);
    return runtime_sites[row] && !moves;
}

// C believes the numbers that it is called with.
static bool takes_numbers(u32 row)
{
    return row == RUNTIME_slow || row == RUNTIME_throw || row == RUNTIME_trap ||
           row == RUNTIME_fuel || row == RUNTIME_callee_indirect;
}

static bool runtime_slot(Checker *c, u32 next, u32 row, bool call)
{
    Kind kind = (Kind)runtime_kinds[row];
    bool far = kind == KIND_FAR || kind == KIND_TAIL;
    if (kind == KIND_ABSENT || call != (kind != KIND_TAIL))
        return check_fail(c, "the runtime is not entered there in this way");
    if (far && c->holds[R11] != HOLDS_FUNC) return check_fail(c, "r11 is no function");
    if (c->rbp && kind != KIND_FAR) return check_fail(c, "the frame is moved at a call");
    if (row == RUNTIME_poll) c->owes &= (u8)~OWES_poll;
    if (row == RUNTIME_fuel) c->owes &= (u8)~OWES_fuel;
    if (kind == KIND_NORETURN) c->owes &= OWES_overflow;
    if (row == RUNTIME_overflow || row == RUNTIME_trap) c->owes = 0; // throw reads the frame
    if (c->owes) return check_fail(c, "another call is due");
    if (takes_numbers(row) && !c->numbered) return check_fail(c, "C is called without numbers");
    bool away = row == RUNTIME_slow && switches(c->slow);
    if (away && c->in->foreign) return check_fail(c, "strangers switch no continuations");
    u32 sites = away ? 1 << SITE_call : runtime_sites[row];
    if (has_site(c, row) && !check_site(c, next, sites)) return false;
    c->numbered = false;
    c->dead = kind == KIND_NORETURN;
    check_called(c, kind == KIND_FAR || row == RUNTIME_poll || row == RUNTIME_fuel);
    if (kind == KIND_FUNC) hold(c, R11, HOLDS_FUNC);
    return true;
}

bool check_slot(Checker *c, u32 next, s32 disp, bool call)
{
    s64 distance = (s64)next + disp - c->in->slots_at;
    if (distance < 0 || distance % 8 || distance / 8 >= c->in->slot_count)
        return check_fail(c, "not through a slot");
    u32 number = (u32)(distance / 8);
    if (number < RUNTIME_COUNT) return runtime_slot(c, next, number, call);
    if (number - RUNTIME_COUNT < c->in->module->imported_funcs)
        return check_fail(c, "the slot of an import leads nowhere");
    if (c->owes) return check_fail(c, "another call is due");
    if (call && !check_site(c, next, 1 << SITE_call)) return false;
    check_called(c, true);
    return true;
}

static bool move_frame(Checker *c, u32 bits, s64 by)
{
    s64 to = c->rbp + by;
    if (bits != 64 || by % 8 || to < 0 || to > c->in->frame_bytes)
        return check_fail(c, "the frame is moved out of itself");
    c->rbp = (s32)to;
    return true;
}

// --- instructions

// Registers that are written, and what is lost with them.
static ALWAYS_INLINE bool write_registers(Checker *c, const Encoding *e, const CheckInstr *i)
{
    u32 writes = e->writes, written = e->also;
    if (!(writes | written)) return true;
    if (UNLIKELY(e->also && c->rbp && c->in->foreign)) return check_fail(c, moved_fault);
    written |= (writes & 1) << i->reg | (writes >> 1 & !i->memory) << i->rm | writes >> 2 << i->v;
    if (UNLIKELY(written & RESERVED)) return check_fail(c, "the register is not to be written");
    if (i->bits == 32) c->zext |= written;
    else if (i->bits > 32) c->zext &= ~written;
    c->zero &= ~written;
    forget(c, written);
    return true;
}

static bool accesses(const Encoding *e, const CheckInstr *i)
{
    return i->memory && e->rm & (CHECK_read | CHECK_write);
}

// What all have in common. *holds: what a load would yield.
static bool plain_load(Checker *c, Holds *holds)
{
    const char *wrong = accesses(c->e, &c->i) ? operand_fault(c, holds) : NULL;
    return wrong ? check_fail(c, wrong) : write_registers(c, c->e, &c->i);
}
static bool plain(Checker *c)
{
    Holds holds = HOLDS_nothing;
    return plain_load(c, &holds);
}

// Behind a load of an address, or by one, that is no slot's.
static bool rule_address(Checker *c, Holds holds, u32 base, u32 label)
{
    const CheckInstr *i = &c->i;
    bool alloc = base == HOLDS_pointer + STRUCT_Exec && i->disp == offsetof(Exec, alloc);
    if (UNLIKELY(alloc)) return template_new(c);
    if (i->bits != 64) return true;
    if (holds) hold(c, i->reg, holds);
    if (holds == HOLDS_pointer + STRUCT_Exec && i->reg == R11) return template_stop(c, label);
    if (base && i->base == R11 && i->disp == 8 && i->reg != R11) {
        if (base == HOLDS_FUNC) return template_own(c);
        if (base == HOLDS_pointer + STRUCT_Table) return template_element(c);
    }
    return true;
}

static bool rule_load(Checker *c, u32 label)
{
    const CheckInstr *i = &c->i;
    Holds holds = HOLDS_nothing;
    u32 base = i->memory && i->base < 16 ? c->holds[i->base] : HOLDS_nothing;
    u32 mask = i->memory ? 0 : aligned_sum(c, i->rm, 0);
    if (!plain_load(c, &holds)) return false;
    if (mask) align(c, i->reg, mask);
    if (!i->memory && i->rm == RAX) return template_update(c);
    return holds | base ? rule_address(c, holds, base, label) : true;
}

static bool rule_lea(Checker *c)
{
    const CheckInstr *i = &c->i;
    bool sum = i->bits == 64 && i->base < 16 && i->index == CHECK_NONE && i->disp > 0 &&
               c->zext >> i->base & 1;
    u32 mask = i->index == CHECK_NONE ? aligned_sum(c, i->base, i->disp) : 0;
    if (!write_registers(c, c->e, i)) return false;
    if (mask) align(c, i->reg, mask);
    if (sum) at_least(c, i->reg, (u64)i->disp);
    return true;
}

static void know(Checker *c, u32 reg, u64 value)
{
    if (value) at_least(c, reg, value);
    else c->zero |= BIT(reg), c->zext |= BIT(reg);
    if (reg != R11) return;
    c->constant = true, c->value = value;
    c->facts |= BIT(R11);
}

static bool rule_imm(Checker *c)
{
    if (!plain(c)) return false;
    if (c->i.memory) return true;
    know(c, c->i.rm, c->i.bits == 64 ? (u64)c->i.imm : (u32)c->i.imm);
    bool first = c->i.row == CHECK_ROW_mov_ri && c->i.bits == 32 && c->i.rm <= RCX;
    return first ? template_numbers(c) : true;
}

static bool rule_add(Checker *c)
{
    u32 to = c->i.row == CHECK_ROW_add_rm ? c->i.reg : c->i.rm;
    u32 from = c->i.row == CHECK_ROW_add_rm ? c->i.rm : c->i.reg;
    bool constant = !c->i.memory && from == R11 && to != R11 && c->constant;
    u32 mask = constant ? aligned_sum(c, to, (s64)c->value) : 0;
    if (!plain(c)) return false;
    if (mask) align(c, to, mask);
    bool sum = constant && c->i.bits == 64;
    return sum ? template_sum(c, to, c->value) : true;
}

static bool rule_add_i(Checker *c, bool add)
{
    if (!c->i.memory && c->i.rm == RBP)
        return move_frame(c, c->i.bits, add ? c->i.imm : -c->i.imm);
    u32 mask = c->i.memory ? 0 : aligned_sum(c, c->i.rm, c->i.imm);
    if (!plain(c)) return false;
    if (mask) align(c, c->i.rm, mask);
    bool sum = add && !c->i.memory && c->i.bits == 64 && c->i.imm > 0;
    return sum ? template_sum(c, c->i.rm, (u64)c->i.imm) : true;
}

static bool rule_xor(Checker *c)
{
    if (!plain(c)) return false;
    if (!c->i.memory && c->i.reg == c->i.rm) know(c, c->i.reg, 0);
    return true;
}

static bool rule_cmp(Checker *c)
{
    if (!plain(c)) return false;
    if (!c->i.memory) return c->constant ? template_br_table(c) : true;
    bool size = c->i.row == CHECK_ROW_cmp_rm && c->i.bits == 64 && c->i.disp == 8;
    return size ? template_clamp(c) : true;
}

bool check_lock(Checker *c)
{
    const CheckInstr *i = &c->i;
    u32 within = i->width - 1;
    bool memory = i->base == RBX || (i->base < 16 && c->holds[i->base] == HOLDS_memory);
    if (!memory) return check_fail(c, "an atomic access of what is no memory");
    bool aligned = !within || (i->index < 16 && c->aligned == i->index && !i->scale &&
                               !(within & ~c->aligned_mask) && !(i->disp & (s32)within));
    if (!aligned) return check_fail(c, "not known to be aligned");
    if (!plain(c)) return false;
    if (c->e->also) write_wide(c, c->e->also); // or not, if the cell held what was expected
    return true;
}

static bool step(Checker *c, u32 label)
{
    switch ((Rule)c->e->rule) {
    case RULE_plain: case RULE_plain_i: case RULE_sub: case RULE_and_i: case RULE_xor_i:
    case RULE_cmp_i: return plain(c);
    case RULE_load: return rule_load(c, label);
    case RULE_lea: return rule_lea(c);
    case RULE_imm: return rule_imm(c);
    case RULE_add: return rule_add(c);
    case RULE_add_i: return rule_add_i(c, true);
    case RULE_sub_i: return rule_add_i(c, false);
    case RULE_xor: return rule_xor(c);
    case RULE_cmp: return rule_cmp(c);
    case RULE_test: return plain(c) && template_aligned(c);
    case RULE_lock: return check_lock(c);
    case RULE_shr: return plain(c) && template_record(c);
    case RULE_and: return plain(c) && template_func(c);
    case RULE_jcc: return check_edge(c, (s64)c->next + c->i.imm, 0);
    case RULE_jmp: c->dead = true; return check_edge(c, (s64)c->next + c->i.imm, 0);
    case RULE_call:
        if (c->i.base != CHECK_RIP) return check_fail(c, "not through a slot");
        return check_slot(c, c->next, c->i.disp, true);
    case RULE_push: return template_leave(c);
    case RULE_stop:
        c->dead = true;
        return !c->rbp || !c->in->foreign || check_fail(c, moved_fault);
    case RULE_refuse: break;
    }
    return check_fail(c, "part of a template, and alone");
}

// --- the pass

#include "jit/check/quick_x64.h"

// The last bytes, of which fewer are there than may be looked at.
__attribute__((noinline)) static const Encoding *decode_tail(const Checker *c, u32 at,
                                                            CheckInstr *out)
{
    u8 tail[DECODE_MOST] = {0};
    return decode(memcpy(tail, c->in->bytes + at, c->in->size - at), out);
}

static ALWAYS_INLINE const Encoding *decode_at(const Checker *c, u32 at, CheckInstr *out)
{
    bool inside = LIKELY(c->in->size - at >= DECODE_MOST);
    const Encoding *e = inside ? decode(c->in->bytes + at, out) : decode_tail(c, at, out);
    return LIKELY(e && out->length <= c->in->code_size - at) ? e : NULL;
}
const Encoding *check_decode_at(const Checker *c, u32 at, CheckInstr *out)
{
    return decode_at(c, at, out);
}

static bool fail_decoding(Checker *c) { return check_fail(c, "no instruction that there is"); }

// Any instruction. `label`: the one in front of it, if there is one; `entry`: it begins an entry.
static __attribute__((noinline)) bool pass_any(Checker *c, u32 label, bool entry)
{
    c->e = decode_at(c, c->at, &c->i);
    if (!c->e) return fail_decoding(c);
    c->next = c->at + c->i.length;
    return entry ? template_enter(c) : step(c, label);
}

// Behind the label in front of an instruction, if there is one: its number is *label.
static __attribute__((noinline)) bool come_to(Checker *c, u32 *label, bool *entry)
{
    if (c->at < c->label_at) return check_fail(c, "nobody comes here");
    if (c->at > c->label_at) return check_fail(c, "a label inside of something");
    *label = c->label;
    *entry = (c->in->labels[c->label].kind & CHECK_entry) != 0;
    return pass_label(c);
}

// As far as `to`, or one instruction beyond.
static bool run(Checker *c, u32 to)
{
    const u8 *bytes = c->in->bytes;
    const u32 end = c->in->code_size, last = end - MIN(end, (u32)DECODE_MOST);
    const bool slowly = c->in->slowly;
    while (c->at < to) {
        u32 label = UINT32_MAX, passed;
        bool entry = c->at == 0;
        if (UNLIKELY(c->at >= c->label_at || c->dead) && !come_to(c, &label, &entry)) return false;
        const u8 *p = LIKELY(c->at < last) ? bytes + c->at : c->tail + (c->at - last);
        if (UNLIKELY(slowly)) passed = QUICK_not;
        else passed = entry ? quick_enter(c, bytes + c->at) : quick(c, p, label);
        if (UNLIKELY(passed == QUICK_refused)) return false;
        if (UNLIKELY(passed > end - c->at)) return fail_decoding(c);
        if (!passed) {
            if (!pass_any(c, label, entry)) return false;
            passed = c->next - c->at;
        }
        c->at += passed;
    }
    return true;
}

static bool run_pieces(Checker *c)
{
    enum { PIECE = 64 << 10 };
    const u32 end = c->in->code_size, last = end - MIN(end, (u32)DECODE_MOST);
    memcpy(c->tail, c->in->bytes + last, MIN(sizeof c->tail, c->in->size - last));
    for (c->at = 0; c->at < end;) {
        if (halt_asked(c->in->halt)) return check_fail(c, NULL);
        if (!run(c, c->at + MIN(PIECE, end - c->at))) return false;
    }
    if (c->label_at < end || !c->dead) return check_fail(c, "control leaves at the end");
    return places_end(c);
}

enum { LOOK_EVERY = 1 << 14 }; // of labels, and spans: whether to end

static bool input_good(Checker *c)
{
    const CheckInput *in = c->in;
    enum { MOST = 1 << 30 };
    if (in->code_size == 0 || in->code_size > in->size || in->size > MOST ||
        in->frame_bytes > MOST || in->frame_bytes % 8)
        return check_fail(c, "no such sizes");
    for (u32 i = 0; i < in->label_count; i++) {
        const CheckLabel *l = &in->labels[i];
        if (i % LOOK_EVERY == 0 && halt_asked(in->halt)) return check_fail(c, NULL);
        c->passing[i] = (struct Passing){0};
        c->at = l->offset;
        if (l->offset >= in->code_size || (i && l->offset <= l[-1].offset))
            return check_fail(c, "labels do not ascend");
        bool nothing = l->kind & (CHECK_resume | CHECK_entry);
        if (l->zext & RESERVED || (nothing && l->zext)) return check_fail(c, "nobody knows that");
        if (l->kind & CHECK_away && nothing) return check_fail(c, "nobody knows that");
        if (l->offset == 0 && l->kind != CHECK_entry) return check_fail(c, "the entry is none");
    }
    for (u64 i = 0, end = in->code_size; i < in->table_count; i++) {
        const CheckTable *t = &in->tables[i];
        c->at = t->offset;
        if (t->offset < end || !t->count || t->offset + 4 * (u64)t->count > in->size)
            return check_fail(c, "tables do not ascend");
        end = t->offset + 4 * (u64)t->count;
    }
    return true;
}

// False: it was to end before.
static bool find_firsts(Checker *c)
{
    const CheckInput *in = c->in;
    for (u32 span = 0, n = 0; span <= in->code_size / LABEL_SPAN; span++) {
        if (span % LOOK_EVERY == 0 && halt_asked(in->halt)) return check_fail(c, NULL);
        while (n < in->label_count && in->labels[n].offset < span * LABEL_SPAN) n++;
        c->first[span] = n;
    }
    return true;
}

size_t check_scratch(const CheckInput *in)
{
    return (size_t)in->code_size / LABEL_SPAN + 1 + PASSING_WORDS * (size_t)in->label_count;
}

bool check_x64(const CheckInput *in, u32 *scratch, CheckFault *fault)
{
    Checker c = {.in = in, .fault = fault, .sum = CHECK_NONE, .inside = CHECK_NONE,
                 .aligned = CHECK_NONE};
    c.passing = (struct Passing *)scratch;
    c.first = scratch + PASSING_WORDS * (size_t)in->label_count;
    if (!input_good(&c)) return false;
    if (!find_firsts(&c)) return false;
    c.dead = true; // nobody comes to the first from in front
    c.label_at = in->label_count ? in->labels[0].offset : UINT32_MAX;
    if (c.label_at) c.dead = false;
    return places_begin(&c) && run_pieces(&c);
}
