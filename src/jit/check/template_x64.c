// template_x64.c -- sequences that are let pass as a whole: fixed instructions, with registers that
// may be others where it does not matter.
//
// Each begins at an instruction that has been checked by itself, looks on with a cursor, and takes
// what follows only if all of it is there and no label is inside. Where it is not, nothing is known
// that the template would have shown, and whoever needs that is refused later.

#include "jit/check/state_x64.h"

typedef struct {
    const Checker *c;
    u32 at;            // behind `i`
    CheckInstr i;
    const Encoding *e;
} Cursor;

static Cursor cursor(const Checker *c) { return (Cursor){.c = c, .at = c->next}; }

static bool look(Cursor *k)
{
    if (k->at >= k->c->in->code_size || k->at == k->c->label_at) return false;
    k->e = check_decode_at(k->c, k->at, &k->i);
    if (!k->e) return false;
    k->at += k->i.length;
    return true;
}

static bool look_row(Cursor *k, CheckRow row) { return look(k) && k->i.row == row; }

static bool is_at(const CheckInstr *i, u32 base, s32 disp)
{
    return i->memory && i->base == base && i->index == CHECK_NONE && i->disp == disp;
}

// row reg, [base + disp]
static bool look_memory(Cursor *k, CheckRow row, u32 bits, u32 reg, u32 base, s32 disp)
{
    return look_row(k, row) && k->i.bits == bits && k->i.reg == reg && is_at(&k->i, base, disp);
}

// op a, b in either of its encodings, of registers
static bool look_pair(Cursor *k, CheckRow mr, CheckRow rm, u32 bits, u32 a, u32 b)
{
    if (!look(k) || k->i.memory || k->i.bits != bits) return false;
    if (k->i.row == mr) return k->i.rm == a && k->i.reg == b;
    return k->i.row == rm && k->i.reg == a && k->i.rm == b;
}

// op reg, number in either of its encodings
static bool look_number(Cursor *k, CheckRow wide, CheckRow narrow, u32 reg, s64 number)
{
    return look(k) && (k->i.row == wide || k->i.row == narrow) && !k->i.memory &&
           k->i.bits == 64 && k->i.rm == reg && k->i.imm == number;
}

static bool look_jcc(Cursor *k, u32 cc, s64 *target)
{
    if (!look(k) || (k->i.row != CHECK_ROW_jcc && k->i.row != CHECK_ROW_jcc_8)) return false;
    *target = (s64)k->at + k->i.imm;
    return (k->i.opcode & 15u) == cc;
}

// cmp dword [r11], 0 ; jne
static bool look_stop(Cursor *k, s64 *target)
{
    return look(k) && (k->i.row == CHECK_ROW_cmp_mi8 || k->i.row == CHECK_ROW_cmp_mi) &&
           k->i.bits == 32 && is_at(&k->i, R11, 0) && k->i.imm == 0 && look_jcc(k, CC_ne, target);
}

bool template_enter(Checker *c)
{
    Cursor k = cursor(c);
    s64 overflow, poll;
    s32 room = (s32)c->in->frame_bytes + FRAME_SPARE - FRAME_BIAS;
    bool sub = (c->i.row == CHECK_ROW_sub_mi8 || c->i.row == CHECK_ROW_sub_mi) && !c->i.memory &&
               c->i.bits == 64 && c->i.rm == R14 && c->i.imm == 8;
    if (!sub || !look_row(&k, CHECK_ROW_pop_m) || !is_at(&k.i, R14, 0) ||
        !look_memory(&k, CHECK_ROW_lea, 64, R11, RBP, room) ||
        !look_pair(&k, CHECK_ROW_cmp_mr, CHECK_ROW_cmp_rm, 64, R11, R14) ||
        !look_jcc(&k, CC_a, &overflow) ||
        !look_memory(&k, CHECK_ROW_mov_rm, 64, R11, R15, 16) || !look_stop(&k, &poll))
        return check_fail(c, "an entry without the template");
    c->next = k.at;
    c->stopped = true;
    return check_edge(c, overflow, OWES_overflow) && check_edge(c, poll, OWES_poll);
}

// Behind push [r14]: add r14, 8, and out.
static bool look_dropped(Cursor *k)
{
    return look_number(k, CHECK_ROW_add_mi, CHECK_ROW_add_mi8, R14, 8);
}

bool check_leave(Checker *c)
{
    c->dead = true;
    if (c->owes) return check_fail(c, "goes on without the call that is due");
    return !c->rbp || check_fail(c, "leaves with the frame moved");
}

bool template_leave(Checker *c)
{
    Cursor k = cursor(c);
    if (!is_at(&c->i, R14, 0) || !look_dropped(&k) || !look(&k))
        return check_fail(c, "no return as it should be");
    c->next = k.at;
    if (!check_leave(c)) return false;
    if (k.i.row == CHECK_ROW_ret) return true;
    if (k.i.row != CHECK_ROW_jmp_m || !k.i.memory || k.i.base != CHECK_RIP)
        return check_fail(c, "no return as it should be");
    bool good = check_slot(c, k.at, k.i.disp, false);
    c->dead = true;
    return good;
}

// mov r11, [r15 + exec]: whether to stop, or fuel.
bool template_stop(Checker *c, u32 label)
{
    Cursor k = cursor(c), f = k;
    s64 target;
    if (look_stop(&k, &target)) {
        c->next = k.at;
        if (label != UINT32_MAX) c->passing[label].flags |= LABEL_POLLS;
        return check_edge(c, target, OWES_poll);
    }
    if (!look(&f) || (f.i.row != CHECK_ROW_sub_mi && f.i.row != CHECK_ROW_sub_mi8) ||
        f.i.bits != 64 || !is_at(&f.i, R11, 8) || f.i.imm < 0)
        return true;
    u32 units = (u32)f.i.imm;
    if (!look_jcc(&f, CC_s, &target)) return true;
    c->next = f.at;
    c->units = units;
    return check_edge(c, target, OWES_fuel);
}

// add reg, ...: jc where it wrapped, so that behind that it did not.
bool template_sum(Checker *c, u32 reg, u64 least)
{
    Cursor k = cursor(c);
    s64 target;
    if (!look_jcc(&k, CC_b, &target)) return true;
    c->next = k.at;
    at_least(c, reg, least);
    return check_edge(c, target, 0);
}

// cmp reg, [size]: out if it is too large, and 0 if that was guessed wrong.
bool template_clamp(Checker *c)
{
    Cursor k = cursor(c);
    u32 reg = c->i.reg, base = c->i.base;
    s64 target;
    u32 held = base < 16 ? c->holds[base] : HOLDS_nothing;
    bool first = base == R15, elems = !first && held == HOLDS_pointer + STRUCT_Table;
    if (!first && !elems && held != HOLDS_pointer + STRUCT_Memory) return true;
    u32 out = elems ? CC_ae : CC_a;
    if (!look_jcc(&k, out, &target) || !look_row(&k, CHECK_ROW_cmovcc) ||
        (k.i.opcode & 15u) != out || k.i.memory || k.i.bits != 64 || k.i.reg != reg ||
        k.i.rm == reg || !(c->zero >> k.i.rm & 1) || BIT(reg) & RESERVED)
        return true;
    if (!first && (reg == base || !look_memory(&k, CHECK_ROW_mov_rm, 64, base, base, 0)))
        return true;
    c->next = k.at;
    if (!check_edge(c, target, 0)) return false;
    u64 least = c->sum == reg ? c->least : 0;
    if (!first) {
        write_wide(c, BIT(base));
        hold(c, base, elems ? HOLDS_elems : HOLDS_memory);
    }
    c->zero &= ~BIT(reg);
    c->inside = (u8)reg;
    c->inside_base = (u8)(first ? RBX : base);
    c->inside_least = least;
    c->facts |= BIT(reg);
    return true;
}

// mov S, [r11 + size] of a table: an element by a register, which is 0 if it was guessed wrong.
bool template_element(Checker *c)
{
    Cursor k = cursor(c);
    u32 size = c->i.reg;
    s64 target;
    if (!look(&k) || k.i.memory || k.i.bits != 64) return true;
    u32 index = k.i.row == CHECK_ROW_cmp_mr ? k.i.rm : k.i.reg;
    u32 other = k.i.row == CHECK_ROW_cmp_mr ? k.i.reg : k.i.rm;
    if ((k.i.row != CHECK_ROW_cmp_mr && k.i.row != CHECK_ROW_cmp_rm) || other != size ||
        index == size || !look_jcc(&k, CC_ae, &target) || !look(&k))
        return true;
    u32 mask = k.i.reg;
    bool sbb = (k.i.row == CHECK_ROW_sbb_rm || k.i.row == CHECK_ROW_sbb_mr) && k.i.rm == mask &&
               k.i.bits == 64;
    if (!sbb || mask == index || mask == R11 || index == R11 ||
        (BIT(mask) | BIT(index)) & RESERVED ||
        !look_pair(&k, CHECK_ROW_and_mr, CHECK_ROW_and_rm, 64, index, mask) ||
        !look_memory(&k, CHECK_ROW_mov_rm, 64, R11, R11, 0) || !look_row(&k, CHECK_ROW_mov_rm) ||
        k.i.bits != 32 || k.i.reg != R11 || !k.i.memory || k.i.base != R11 || k.i.index != index ||
        k.i.scale != 2 || k.i.disp != 0)
        return true;
    c->next = k.at;
    if (!check_edge(c, target, 0)) return false;
    write_wide(c, BIT(mask) | BIT(index) | BIT(R11));
    c->zext |= BIT(R11);
    return true;
}

// and r11d, [r15 + func_mask]: an entry of the function space, whatever r11 was.
bool template_func(Checker *c)
{
    Cursor k = cursor(c);
    if (c->i.row != CHECK_ROW_and_rm || c->i.bits != 32 || c->i.reg != R11 ||
        !is_at(&c->i, R15, 64) || !look_row(&k, CHECK_ROW_shl_i) || k.i.bits != 64 ||
        k.i.rm != R11 || k.i.imm != 5 || !look_memory(&k, CHECK_ROW_add_rm, 64, R11, R15, 40))
        return true;
    c->next = k.at;
    write_wide(c, BIT(R11));
    hold(c, R11, HOLDS_FUNC);
    return true;
}

// mov Q, [r11 + instance] of a Func: if it is this one, its code is entered.
bool template_own(Checker *c)
{
    Cursor k = cursor(c);
    u32 reg = c->i.reg;
    s64 target;
    if (!look_memory(&k, CHECK_ROW_cmp_rm, 64, reg, R15, 56) || !look_jcc(&k, CC_ne, &target) ||
        !look_memory(&k, CHECK_ROW_mov_rm, 64, reg, R11, 0) || !look(&k))
        return true;
    s64 moved = c->rbp;
    bool tail = k.i.row == CHECK_ROW_push_m;
    if (tail) {
        if (!is_at(&k.i, R14, 0) || !look_dropped(&k) || !look(&k)) return true;
    } else {
        for (u32 i = 0; i < 2 && !k.i.memory && k.i.rm == RBP && k.i.bits == 64; i++) {
            bool add = k.i.row == CHECK_ROW_add_mi || k.i.row == CHECK_ROW_add_mi8;
            bool sub = k.i.row == CHECK_ROW_sub_mi || k.i.row == CHECK_ROW_sub_mi8;
            if (!add && !sub) return true;
            moved += add ? k.i.imm : -k.i.imm;
            if (!look(&k)) return true;
        }
        if (moved < 0 || moved > c->in->frame_bytes || moved % 8)
            return check_fail(c, "the frame is moved out of itself");
    }
    if (k.i.row != (tail ? CHECK_ROW_jmp_m : CHECK_ROW_call_m) || !is_at(&k.i, reg, 0)) return true;
    c->next = k.at;
    if (!check_edge(c, target, 0)) return false;
    if (tail) return check_leave(c);
    if (c->owes) return check_fail(c, "another call is due");
    c->rbp = (s32)moved;
    if (!check_site(c, c->next, 1 << SITE_call)) return false;
    check_called(c, true);
    return true;
}

// cmp index, r11d with a number in r11: a jump by a table that has one entry more.
bool template_br_table(Checker *c)
{
    Cursor k = cursor(c);
    bool mr = c->i.row == CHECK_ROW_cmp_mr;
    u32 index = mr ? c->i.rm : c->i.reg, other = mr ? c->i.reg : c->i.rm;
    if (other != R11 || index == R11 || c->i.bits != 32 || !look_row(&k, CHECK_ROW_cmovcc) ||
        (k.i.opcode & 15u) != CC_b || k.i.memory || k.i.bits != 32 || k.i.reg != R11 ||
        k.i.rm != index || !look_row(&k, CHECK_ROW_lea) || k.i.bits != 64 ||
        k.i.base != CHECK_RIP)
        return true;
    u32 base = k.i.reg;
    s64 start = (s64)k.at + k.i.disp;
    if (BIT(base) & (RESERVED | BIT(R11)) || !look_row(&k, CHECK_ROW_movsxd) || k.i.reg != R11 ||
        !k.i.memory || k.i.base != base || k.i.index != R11 || k.i.scale != 2 || k.i.disp != 0 ||
        !look_pair(&k, CHECK_ROW_add_mr, CHECK_ROW_add_rm, 64, R11, base) ||
        !look_row(&k, CHECK_ROW_jmp_m) || k.i.memory || k.i.rm != R11)
        return true;
    if (c->table >= c->in->table_count) return check_fail(c, "no table is declared");
    const CheckTable *t = &c->in->tables[c->table++];
    if (t->offset != start || t->count != c->value + 1)
        return check_fail(c, "not the table that is declared");
    c->next = k.at;
    c->dead = true;
    write_wide(c, BIT(base) | BIT(R11));
    for (u32 i = 0; i < t->count; i++) {
        s32 distance = (s32)read_u32(c->in->bytes + t->offset + 4 * (size_t)i);
        if (!check_edge(c, start + distance, 0)) return false;
    }
    return true;
}

// shr id, 6 of a head: the id of its type, and what its record is found by.
bool template_record(Checker *c)
{
    Cursor k = cursor(c);
    if (c->i.bits != 32 || c->i.memory || c->i.imm != HEAD_BITS || !look_row(&k, CHECK_ROW_lea) ||
        k.i.bits != 32 || k.i.base != c->i.rm || k.i.index != c->i.rm || k.i.scale != 2 ||
        k.i.disp != 0 || BIT(k.i.reg) & RESERVED)
        return true;
    c->next = k.at;
    write_wide(c, BIT(k.i.reg));
    c->zext |= BIT(k.i.reg);
    hold(c, k.i.reg, HOLDS_record);
    return true;
}

// mov ref, [r11 + alloc] of the Exec: an object, if there is so much room.
bool template_new(Checker *c)
{
    Cursor k = cursor(c);
    u32 ref = c->i.reg, base = c->i.base;
    s64 target;
    if (c->i.bits != 32 || c->i.index != CHECK_NONE || !look_row(&k, CHECK_ROW_lea)) return true;
    u32 end = k.i.reg;
    if (k.i.bits != 32 || end == ref || end == base || ref == base || BIT(end) & RESERVED ||
        !is_at(&k.i, ref, k.i.disp) || k.i.disp <= 0 || k.i.disp > OBJECT_MOST || k.i.disp % 8 ||
        !look_memory(&k, CHECK_ROW_cmp_rm, 32, end, base, offsetof(Exec, alloc_end)) ||
        !look_jcc(&k, CC_a, &target) ||
        !look_memory(&k, CHECK_ROW_mov_mr, 32, end, base, offsetof(Exec, alloc)))
        return true;
    c->next = k.at;
    write_wide(c, BIT(end));
    c->zext |= BIT(end);
    return check_edge(c, target, 0);
}

// test reg, mask: out if it is not aligned.
bool template_aligned(Checker *c)
{
    Cursor k = cursor(c);
    u32 reg = c->i.rm;
    s64 mask = c->i.imm, target;
    if (c->i.bits != 32 || mask < 1 || mask > 7 || mask & (mask + 1)) return true;
    if (!look_jcc(&k, CC_ne, &target)) return true;
    c->next = k.at;
    align(c, reg, (u32)mask);
    return check_edge(c, target, 0);
}

// mov reg, rax, which is changed, and written if memory still has what rax says; else again. Who
// goes round has met another thread that got on.
bool template_update(Checker *c)
{
    Cursor k = cursor(c);
    u32 reg = c->i.reg;
    s64 target;
    if (!look(&k) || k.i.memory) return true;
    bool to_rm = k.i.row == CHECK_ROW_and_mr || k.i.row == CHECK_ROW_or_mr ||
                 k.i.row == CHECK_ROW_xor_mr;
    bool to_reg = k.i.row == CHECK_ROW_and_rm || k.i.row == CHECK_ROW_or_rm ||
                  k.i.row == CHECK_ROW_xor_rm;
    if ((!to_rm && !to_reg) || (to_rm ? k.i.rm : k.i.reg) != reg) return true;
    u32 at = k.at;
    if (!look(&k) || k.e->rule != RULE_lock || !k.e->also || k.i.reg != reg) return true;
    const Encoding *e = k.e;
    const CheckInstr i = k.i;
    if (!look_jcc(&k, CC_ne, &target) || target != c->at) return true;
    write_wide(c, BIT(reg));
    c->at = at;
    c->next = at + i.length;
    c->e = e;
    c->i = i;
    if (!check_lock(c)) return false;
    c->next = k.at;
    return true;
}

// --- numbers for C

typedef enum {
    NUMBER_any, NUMBER_memory, NUMBER_table, NUMBER_data, NUMBER_elem, NUMBER_func, NUMBER_tag,
    NUMBER_count, NUMBER_place, NUMBER_struct, NUMBER_fields, NUMBER_array, NUMBER_value,
    NUMBER_refs, NUMBER_items, NUMBER_cont, NUMBER_swap, NUMBER_signal,
    NUMBER_params, NUMBER_carried
} Number;
static const struct { u8 slots, a, b; } slow_rows[SLOW_ROWS] = {
#define SLOW(name, slots, a, b) [SLOW_##name] = {slots, NUMBER_##a, NUMBER_##b},
#include "run/slow.def"
};
static u32 types_slots(const u8 *types, u32 count)
{
    u32 slots = count;
    for (u32 i = 0; i < count; i++) slots += types[i] == VAL_v128;
    return slots;
}

static bool row_slots(u32 op, u64 *slots)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    u32 in = types_slots(sig->params, sig->param_count);
    *slots += MAX(in, types_slots(sig->results, sig->result_count));
    return true;
}

// A type of the module.
static bool object_good(const Module *m, Number kind, u32 n, u64 *slots)
{
    if (n >= m->type_count) return false;
    const TypeDef *def = type_def(m->store, m->types[n]);
    bool data = kind == NUMBER_struct || kind == NUMBER_fields;
    if (def->kind != (data ? COMP_struct : COMP_array)) return false;
    if (kind == NUMBER_fields) *slots += MAX(type_layout(def)->slots, 1);
    if (kind == NUMBER_value) *slots += type_slots(def->fields[0].type);
    return kind != NUMBER_refs || type_is_ref(def->fields[0].type);
}

// A continuation's, of the module.
static const TypeDef *cont_func(const Module *m, const TypeDef *def)
{
    return def->kind == COMP_cont ? type_def(m->store, def->cont) : NULL;
}

static bool cont_good(const Module *m, Number kind, u32 n, u64 *slots)
{
    const TypeDef *func =
        n < m->type_count ? cont_func(m, type_def(m->store, m->types[n])) : NULL;
    if (!func) return false;
    u32 other = func->result_slots;
    if (kind == NUMBER_swap) {
        Type last = func->param_count ? func->params[func->param_count - 1] : TYPE_i32;
        const TypeDef *back = type_is_ref(last) && type_is_concrete(last)
                                  ? cont_func(m, type_def(m->store, type_id(last)))
                                  : NULL;
        if (!back) return false;
        other = back->param_slots;
    }
    *slots += MAX(func->param_slots, other);
    return true;
}

// What is in the function's own body was read, and does not change.
static bool place_good(const Checker *c, u32 n, u64 *slots)
{
    u8 bytes[16] = {0}; // more than a prefix and a number have
    const Module *m = c->in->module;
    const Native *native = c->in->native;
    const Range body = native ? m->funcs[native->func].body : (Range){0, (u32)m->size};
    if (n - body.start >= body.end - body.start) return false;
    memcpy(bytes, m->bytes + n, MIN(COUNT_OF(bytes) - 1, m->size - n));
    u32 op = op_at(bytes);
    return op < OP_COUNT && op_info[op].bits && row_slots(op, slots);
}

static bool number_good(const Checker *c, u32 kind, u32 n, u32 type, u64 *slots)
{
    const Module *m = c->in->module;
    switch ((Number)kind) {
    case NUMBER_any: return true;
    case NUMBER_memory: return n < m->memory_count;
    case NUMBER_table: return n < m->table_count;
    case NUMBER_data: return n < m->data_count;
    case NUMBER_elem: return n < m->elem_count;
    case NUMBER_func: return n < m->func_count;
    case NUMBER_tag:
        if (n >= m->tag_count) return false;
        *slots += type_def(m->store, m->tags[n].type)->param_slots;
        return true;
    case NUMBER_signal: {
        if (n >= m->tag_count) return false;
        const TypeDef *def = type_def(m->store, m->tags[n].type);
        *slots += MAX(def->param_slots, def->result_slots);
        return true;
    }
    case NUMBER_params: // of what was looked at, as here
        return n == cont_func(m, type_def(m->store, m->types[type]))->param_slots;
    case NUMBER_carried: return n == type_def(m->store, m->tags[type].type)->param_slots;
    case NUMBER_cont: case NUMBER_swap: return cont_good(m, (Number)kind, n, slots);
    case NUMBER_count: *slots += n; return true;
    case NUMBER_struct: case NUMBER_fields: case NUMBER_array: case NUMBER_value: case NUMBER_refs:
        return object_good(m, (Number)kind, n, slots);
    case NUMBER_items: // of a type that was looked at
        *slots += MAX(n * (u64)type_slots(type_def(m->store, m->types[type])->fields[0].type), 1);
        return true;
    case NUMBER_place: return place_good(c, n, slots);
    }
    return false;
}

static bool slow_good(const Checker *c, u32 row, const u32 *numbers)
{
    u32 which = numbers[0];
    if (which >= SLOW_ROWS) return false;
    bool throws = which == SLOW_throw || which == SLOW_throw_ref;
    u64 slots = (u64)numbers[1] + slow_rows[which].slots;
    return throws == (row == RUNTIME_throw) &&
           number_good(c, slow_rows[which].a, numbers[2], 0, &slots) &&
           number_good(c, slow_rows[which].b, numbers[3], numbers[2], &slots) &&
           slots * 8 <= c->in->frame_bytes;
}

// What stops a guest so that it goes on from there is none of them.
enum { TRAPS_OF_CODE = TRAP_uncaught_exception };

// mov of numbers to eax, ecx, edx and esi, or some of these, and the call of C that takes them.
bool template_numbers(Checker *c)
{
    static const u8 order[] = {RAX, RCX, RDX, RSI};
    Cursor k = cursor(c);
    u32 first = c->i.rm == RCX, next = first, numbers[COUNT_OF(order)] = {0};
    numbers[next++] = (u32)c->i.imm;
    for (;;) {
        if (!look(&k)) return true;
        if (next == COUNT_OF(order) || k.i.row != CHECK_ROW_mov_ri || k.i.bits != 32 ||
            k.i.rm != order[next])
            break;
        numbers[next++] = (u32)k.i.imm;
    }
    s64 slot = (s64)k.at + k.i.disp - c->in->slots_at;
    if (k.i.row != CHECK_ROW_call_m || k.i.base != CHECK_RIP || slot < 0 || slot % 8) return true;
    bool good;
    switch (slot / 8) {
    case RUNTIME_slow: case RUNTIME_throw:
        good = !first && next == 4 && slow_good(c, (u32)(slot / 8), numbers);
        break;
    case RUNTIME_trap:
        good = !first && next == 1 && numbers[0] != TRAP_none && numbers[0] < TRAPS_OF_CODE;
        break;
    case RUNTIME_fuel: // which are given back
        good = !first && next == 1 && c->owes & OWES_fuel && numbers[0] == c->units;
        break;
    case RUNTIME_callee_indirect:
        good = first && next == 3 && numbers[1] < c->in->module->type_count &&
               numbers[2] < c->in->module->table_count;
        break;
    default: return true;
    }
    if (!good) return check_fail(c, "numbers that C does not take");
    c->next = k.at;
    c->numbered = true;
    c->slow = numbers[0];
    return check_slot(c, k.at, k.i.disp, true);
}
