// lower_object.h -- fields of structures, elements of arrays, i31, casts; objects that are made.
//
//     mov  r11, [r15 + heap]
//     mov  reg, [r11 + ref + at]       a reference in a register has 32 bits, and behind the heap
//                                      is as much without memory as a displacement may be
//
// Where an element is is computed in 32 bits first: whatever stands for a reference, an index and a
// length, it is in the heap. A reference that is null is found before.
#pragma once

#include "jit/labels.h"
#include "jit/x64/lower_memory.h"
#include "run/object.h"

static void load_heap(Jit *j) { x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, heap))); }

// What stands there in the object, once r11 is the heap.
static Mem place_in(Jit *j, Reg ref, u32 at, u32 bytes)
{
    if (at + (u64)bytes <= BLOCK_BYTES) return mem_indexed(R11, ref, 0, (s32)at);
    Reg far = take(j, CLASS_int);
    x_lea(&j->a, W32, far, mem_at(ref, (s32)at));
    return mem_indexed(R11, far, 0, 0);
}

static void trap_if_null(Jit *j, const WalkState *w, Reg ref, Type type, Trap trap)
{
    if (!type_is_null(type)) return;
    x_test(&j->a, W32, ref, ref);
    trap_if(j, w, CC_e, trap);
}

// ---- Values in objects

static void load_value(Jit *j, Reg reg, Mem m, Type type, bool sign)
{
    Width width = type == TYPE_i8 ? W8 : W16;
    if (!type_is_packed(type)) m_load_mem(j, reg, m, type);
    else if (sign) x_movsx(&j->a, width, W32, reg, rm_mem(m));
    else x_movzx(&j->a, width, reg, rm_mem(m));
}

// A popped operand as it is stored: a register, or a constant in the instruction.
typedef struct { Reg reg; s32 constant; } StoredValue;
static StoredValue stored(Jit *j, Operand *o, Type type)
{
    u32 log2 = type_log2(type);
    if (is_const(o) && log2 < 4 && (log2 < 3 || fits_32((s64)o->bits)))
        return (StoredValue){REG_NONE, (s32)o->bits};
    return (StoredValue){in_reg(j, o), 0};
}

static void put_value(Jit *j, Mem m, Type type, StoredValue value)
{
    Width width = (Width)(1u << type_log2(type));
    if (value.reg == REG_NONE) x_store_const(&j->a, width, m, value.constant);
    else if (class_of(type) == CLASS_float) m_store_mem(j, m, value.reg, type);
    else x_store(&j->a, width, m, value.reg);
}

// ---- What the collector is told
//
// In front of a store of a collected reference it is asked whether the object is old. If it is, C
// is called and the value stored out of line.

// Where it is stored to in an array; in a structure nobody asks.
typedef struct { Reg reg; s32 constant; bool array; } StoredAt;

static bool is_collected(const Jit *j, Type type) { return type_is_collected(j->m->store, type); }

// Operands but those of the store are home.
static void store_collected(Jit *j, const WalkState *w, Mem m, Reg ref, StoredAt at,
                            StoredValue value)
{
    reach_slot(j, j->next_home + 4);
    Late *late = push_late(j, LATE_log, w->pos);
    u32 number = j->late_count - 1, place = late->place;
    late->from = j->residents;
    keep_copies(j, late);
    late->home = j->next_home;
    late->reg = ref;
    late->number = (u32)at.constant;
    late->other = at.array;
    late->index = at.reg;
    late->value = value.reg;
    late->constant = value.constant;
    late->stored_to = m;
    x_test_mem(&j->a, mem_indexed(R11, ref, 0, 0), HEAD_OLD);
    jumps_to(j, x_jcc(&j->a, CC_ne), place);
    put_value(j, m, type_ref(true, HEAP_any), value);
    u32 back = place_here(j);
    j->late[number].back = back;
}

static void emit_late_log(Jit *j, const Late *l)
{
    const Type any = type_ref(true, HEAP_any);
    m_store(j, l->home, l->reg, any);
    if (l->index != REG_NONE) m_store(j, l->home + 1, l->index, TYPE_i32);
    else m_store_const(j, l->home + 1, TYPE_i32, l->number);
    if (l->value != REG_NONE) m_store(j, l->home + 2, l->value, any);
    m_store(j, l->home + 3, l->stored_to.index, any);
    store_residents_of(j, &l->from);
    save_kept(j, l);
    m_slow(j, l->offset, SLOW_log, l->home, l->other, 0);
    reload_kept(j, l);
    if (l->value != REG_NONE) m_load(j, l->value, l->home + 2, any);
    m_load(j, l->stored_to.index, l->home + 3, any);
    load_heap(j);
    put_value(j, l->stored_to, any, (StoredValue){l->value, l->constant});
}

// ---- Structures

// `null`: the trap where there is no structure.
static void lower_struct_get(Jit *j, WalkState *w, const FieldType *f, bool sign, Trap null)
{
    Type from = j->taken[0], type = type_unpacked(f->type);
    Operand a = pop_of(j, from);
    Reg ref = in_reg(j, &a);
    trap_if_null(j, w, ref, from, null);
    Reg reg = result_reg(j, w, class_of(type));
    load_heap(j);
    load_value(j, reg, place_in(j, ref, f->at, 1u << type_log2(f->type)), f->type, sign);
    push_reg(j, type, reg);
}

static void lower_struct_set(Jit *j, WalkState *w, const FieldType *f)
{
    Type to = j->taken[1];
    Operand value = pop_of(j, type_unpacked(f->type)), a = pop_of(j, to);
    StoredValue from = stored(j, &value, f->type);
    Reg ref = in_reg(j, &a);
    if (is_collected(j, f->type)) settle(j);
    trap_if_null(j, w, ref, to, TRAP_null_structure_reference);
    load_heap(j);
    Mem m = place_in(j, ref, f->at, 1u << type_log2(f->type));
    const StoredAt at = {REG_NONE, 0, false};
    if (is_collected(j, f->type)) store_collected(j, w, m, ref, at, from);
    else put_value(j, m, f->type, from);
}

// ---- Arrays

// An element, which is looked for by a popped index.
static Mem element_in(Jit *j, WalkState *w, Reg ref, Type array, Operand *index, u32 log2,
                      StoredAt *out)
{
    const u32 items = offsetof(ArrayObject, items);
    s32 k = 0;
    bool constant = small_const(index, W32, &k);
    Reg number = constant ? REG_NONE : in_reg(j, index), at = REG_NONE;
    if (!constant) at = take(j, CLASS_int);
    trap_if_null(j, w, ref, array, TRAP_null_array_reference);
    load_heap(j);
    *out = (StoredAt){number, k, true};
    Mem length = mem_indexed(R11, ref, 0, offsetof(ArrayObject, length));
    if (constant) x_alu_const(&j->a, ALU_cmp, W32, rm_mem(length), k);
    else x_alu(&j->a, ALU_cmp, W32, number, rm_mem(length));
    trap_if(j, w, constant ? CC_be : CC_ae, TRAP_out_of_bounds_array_access);
    if (constant) return place_in(j, ref, items + ((u32)k << log2), 1u << log2);
    if (log2 < 4) {
        x_lea(&j->a, W32, at, mem_indexed(ref, number, (u8)log2, 0));
    } else {
        x_mov(&j->a, W32, at, number);
        x_shift_const(&j->a, SHIFT_shl, W32, rm_reg(at), (u8)log2);
        x_alu(&j->a, ALU_add, W32, at, rm_reg(ref));
    }
    return mem_indexed(R11, at, 0, (s32)items);
}

static void lower_array_get(Jit *j, WalkState *w, Type elem, bool sign)
{
    Type from = j->taken[1], type = type_unpacked(elem);
    Operand index = pop_of(j, TYPE_i32), a = pop_of(j, from);
    if (index.at == AT_flags) in_reg(j, &index);
    Reg ref = in_reg(j, &a);
    StoredAt at;
    Mem m = element_in(j, w, ref, from, &index, type_log2(elem), &at);
    Reg reg = result_reg(j, w, class_of(type));
    load_value(j, reg, m, elem, sign);
    push_reg(j, type, reg);
}

static void lower_array_set(Jit *j, WalkState *w, Type elem)
{
    Type to = j->taken[2];
    Operand value = pop_of(j, type_unpacked(elem)), index = pop_of(j, TYPE_i32), a = pop_of(j, to);
    StoredValue from = stored(j, &value, elem);
    Reg ref = in_reg(j, &a);
    if (is_collected(j, elem)) settle(j);
    StoredAt at;
    Mem m = element_in(j, w, ref, to, &index, type_log2(elem), &at);
    if (is_collected(j, elem)) store_collected(j, w, m, ref, at, from);
    else put_value(j, m, elem, from);
}

static void lower_array_len(Jit *j, WalkState *w)
{
    Type from = j->taken[0];
    Operand a = pop_of(j, from);
    Reg ref = in_reg(j, &a);
    trap_if_null(j, w, ref, from, TRAP_null_array_reference);
    Reg reg = result_reg(j, w, CLASS_int);
    load_heap(j);
    x_load(&j->a, W32, reg, mem_indexed(R11, ref, 0, offsetof(ArrayObject, length)));
    push_reg(j, TYPE_i32, reg);
}

// ---- i31

static void lower_ref_i31(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_i32);
    Reg from = in_reg(j, &a), reg = result_reg(j, w, CLASS_int);
    x_lea(&j->a, W32, reg, mem_indexed(from, from, 0, 1));
    push_reg(j, type_ref(false, HEAP_i31), reg);
}

static void lower_i31_get(Jit *j, WalkState *w, Shift shift)
{
    Type from = j->taken[0];
    Operand a = pop_of(j, from);
    Reg ref = in_reg(j, &a);
    trap_if_null(j, w, ref, from, TRAP_null_i31_reference);
    Reg reg = result_reg(j, w, CLASS_int);
    if (reg != ref) x_mov(&j->a, W32, reg, ref);
    x_shift_const(&j->a, shift, W32, rm_reg(reg), 1);
    push_reg(j, TYPE_i32, reg);
}

// ---- Casts --------------------------------------------------------------------------------------
//
// null, i31, and then by the record of the object's type: its kind, or what its display has at the
// depth of the type that is asked for. Where that is too deep the very type is compared, and C is
// asked about all others.

typedef struct {
    CastTarget target;
    u32 index;     // of the target's type in the module
    Type from;     // of the operand
    u32 depth;
    bool same;     // no other type matches
    bool deep;
    u32 at;        // where what is accepted has its descriptor, if that is asked for
    Reg descriptor; // which it is to be, else REG_NONE
    // where it goes on, once that is decided; and a register that says which, if there is one
    u32 yes, no;
    Reg flag;
    bool early;    // something was decided before the last condition,
    bool fails;    // and that it is not
    u32 late;      // of deep ones: the late piece
} Cast;

enum { CC_always = 0xfe, CC_never = 0xff };

static Cast cast_of(const Jit *j, Type from, Type to, u32 index)
{
    Cast c = {.target = cast_target(j->m->store, to), .index = TYPE_NONE, .from = from,
              .flag = REG_NONE, .descriptor = REG_NONE};
    if (!type_is_concrete(to)) return c;
    const TypeDef *def = type_def(j->m->store, type_id(to));
    c.index = index;
    c.depth = def->depth;
    c.same = def->final || c.target.accept & ACCEPT_exact;
    c.deep = c.target.by == CAST_BY_type && !c.same && c.depth >= TYPE_DISPLAY;
    return c;
}

static bool takes_heads(const Cast *c)
{
    return c->target.by == CAST_BY_type || c->target.accept & (ACCEPT_struct | ACCEPT_array);
}

// Is it found out by C alone? Where a module has no objects of its own, nobody has a heap for it.
static bool cast_calls(const Jit *j, const Cast *c)
{
    bool all = c->target.by == CAST_BY_kind && (c->target.accept | ACCEPT_null) == ACCEPT_all;
    return c->target.by == CAST_BY_call || (!j->m->objects && !all && takes_heads(c));
}

static bool may_be_i31(Type type)
{
    if (type_is_concrete(type)) return false;
    Heap heap = type_heap(type);
    return heap == HEAP_any || heap == HEAP_eq || heap == HEAP_i31 || heap == HEAP_extern;
}

static void decide(Jit *j, Cast *c, u8 cc, bool is)
{
    c->early = true;
    c->fails |= !is;
    if (c->flag != REG_NONE) x_const(&j->a, c->flag, is); // flags stay
    jump_if(j, cc, is ? c->yes : c->no);
}

// r11: types
static void compare_type(Jit *j, const Cast *c, Reg id)
{
    x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, types)));
    x_alu(&j->a, ALU_cmp, W32, id, rm_mem(mem_at(R11, (s32)c->index * 4)));
}

// Where the record of a type is: of its id in the register.
static Mem record_of(Jit *j, Reg id, u32 at)
{
    x_lea(&j->a, W32, id, mem_indexed(id, id, 2, 0));
    x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, records)));
    return mem_indexed(R11, id, 3, (s32)at);
}

static u8 compare_kind(Jit *j, const Cast *c, Reg id)
{
    x_movzx(&j->a, W8, id, rm_mem(record_of(j, id, offsetof(TypeRecord, kind))));
    if (c->target.accept & ACCEPT_struct && c->target.accept & ACCEPT_array) {
        x_alu_const(&j->a, ALU_sub, W32, rm_reg(id), COMP_struct);
        x_alu_const(&j->a, ALU_cmp, W32, rm_reg(id), COMP_array - COMP_struct);
        return CC_be;
    }
    bool data = c->target.accept & ACCEPT_struct;
    x_alu_const(&j->a, ALU_cmp, W32, rm_reg(id), data ? COMP_struct : COMP_array);
    return CC_e;
}

// The condition that it is accepted, of what was not decided before; `id` is a register for that.
static u8 emit_cast(Jit *j, Cast *c, Reg ref, Reg id)
{
    const u32 accept = c->target.accept, objects = ACCEPT_struct | ACCEPT_array;
    bool kind = c->target.by == CAST_BY_kind, all = kind && (accept | ACCEPT_null) == ACCEPT_all;
    if (type_is_null(c->from)) {
        x_test(&j->a, W32, ref, ref);
        if (all && !(accept & ACCEPT_null)) return CC_ne;
        if (kind && accept == ACCEPT_null) return CC_e;
        decide(j, c, CC_e, accept & ACCEPT_null);
    }
    if (all) return CC_always;
    if (may_be_i31(c->from)) {
        if (kind && accept & ~(u32)ACCEPT_null) x_test_const(&j->a, W32, ref, 1);
        if (kind && (accept & ~(u32)ACCEPT_null) == ACCEPT_i31) return CC_ne;
        if (kind && !(accept & objects)) return CC_never;
        if (!kind) x_test_const(&j->a, W32, ref, 1);
        decide(j, c, CC_ne, kind && accept & ACCEPT_i31);
    }
    if (kind && !(accept & objects)) return CC_never;
    load_heap(j);
    x_load(&j->a, W32, id, mem_indexed(R11, ref, 0, 0));
    x_shift_const(&j->a, SHIFT_shr, W32, rm_reg(id), HEAD_BITS);
    if (kind) return compare_kind(j, c, id);
    if (!c->same && !c->deep) {
        u32 at = (u32)offsetof(TypeRecord, supers) + c->depth * (u32)sizeof(u32);
        x_load(&j->a, W32, id, record_of(j, id, at));
        x_shift_const(&j->a, SHIFT_shr, W32, rm_reg(id), HEAD_BITS);
    }
    if (c->deep && c->flag != REG_NONE) x_const(&j->a, c->flag, true);
    compare_type(j, c, id);
    if (c->descriptor != REG_NONE) {
        decide(j, c, CC_ne, false);
        load_heap(j);
        Mem m = mem_indexed(R11, ref, 0, (s32)c->at);
        x_alu(&j->a, ALU_cmp, W32, c->descriptor, rm_mem(m));
    }
    if (!c->deep) return CC_e;
    c->early = true;
    jump_if(j, CC_ne, j->late[c->late].place);
    return CC_always;
}

// The same as a condition that the processor has: by then the reference is not null.
static u8 emit_cast_condition(Jit *j, Cast *c, Reg ref, Reg id)
{
    u8 cc = emit_cast(j, c, ref, id);
    if (cc < CC_always) return cc;
    x_test(&j->a, W32, ref, ref);
    return cc == CC_always ? CC_ne : CC_e;
}

// Of a deep one: everything is home but the reference, whose home is the newest operand's, and
// residents. To be asked for before all that it may go on to, which is behind it then.
static void late_cast(Jit *j, Cast *c, u32 offset, Reg ref)
{
    if (!c->deep) return;
    reach_slot(j, j->next_home + 2);
    Late *late = push_late(j, LATE_cast, offset);
    c->late = j->late_count - 1;
    late->from = j->residents;
    keep_copies(j, late);
    late->number = c->index;
    late->other = c->target.accept;
    late->home = j->next_home;
    late->reg = ref;
}

static void late_cast_goes(Jit *j, const Cast *c)
{
    if (!c->deep) return;
    Late *late = &j->late[c->late];
    late->flag = c->flag;
    late->yes = c->yes;
    late->back = c->no;
}

static void emit_late_cast(Jit *j, const Late *l)
{
    const Type ref = type_ref(true, HEAP_any);
    m_store(j, l->home, l->reg, ref);
    store_residents_of(j, &l->from);
    save_kept(j, l);
    m_slow(j, l->offset, SLOW_cast, l->home, l->number, l->other);
    reload_kept(j, l);
    if (l->flag != REG_NONE) {
        m_load(j, l->flag, l->home + 1, TYPE_i32);
        jump_to(j, l->yes);
        return;
    }
    m_load(j, l->reg, l->home, ref);
    jump_if(j, m_negated(m_test_slot(j, l->home + 1)), l->yes);
    jump_to(j, l->back);
}

// The popped operand of a cast in a register, and one for an id.
static Reg cast_reg(Jit *j, const Cast *c, Operand *a, Reg *id)
{
    Reg ref = c->deep ? own_reg(j, a) : in_reg(j, a);
    *id = take(j, CLASS_int);
    return ref;
}

static void lower_ref_test(Jit *j, WalkState *w, Cast *c)
{
    Operand a = pop_of(j, c->from);
    Reg id, ref = cast_reg(j, c, &a, &id);
    c->flag = c->deep ? take(j, CLASS_int) : result_reg(j, w, CLASS_int);
    if (c->flag == ref) c->flag = take(j, CLASS_int); // it was to be made in the operand's place
    if (c->deep) settle(j);
    c->yes = c->no = new_place(j);
    late_cast(j, c, w->pos, ref);
    late_cast_goes(j, c);
    u8 cc = emit_cast(j, c, ref, id);
    if (cc >= CC_always) x_const(&j->a, c->flag, cc == CC_always);
    else if (!c->early && takes_flags(w)) return push_flags(j, cc);
    else m_flags(j, c->flag, cc);
    push_reg(j, TYPE_i32, c->flag);
    if (c->early) put_place(j, c->yes);
}

// `descriptor`: of which type the newest operand is, if the cast is by that.
static void lower_ref_cast(Jit *j, WalkState *w, Cast *c, Type to, Type descriptor)
{
    Operand d = {0};
    if (descriptor) {
        d = pop_of(j, descriptor);
        c->descriptor = in_reg(j, &d);
    }
    Operand a = pop_of(j, c->from);
    Reg id, ref = cast_reg(j, c, &a, &id);
    if (descriptor) trap_if_null(j, w, c->descriptor, descriptor, TRAP_null_descriptor_reference);
    if (c->deep) settle(j);
    c->yes = new_place(j);
    late_cast(j, c, w->pos, ref);
    Late *trap = push_late(j, LATE_trap, w->pos);
    trap->number = descriptor ? TRAP_descriptor_cast_failure : TRAP_cast_failure;
    c->no = trap->place;
    late_cast_goes(j, c);
    u8 cc = emit_cast(j, c, ref, id);
    if (cc == CC_never) x_test(&j->a, W32, ref, ref), cc = CC_e; // as nobody is who comes here
    if (cc != CC_always) jump_if(j, m_negated(cc), c->no);
    else if (!c->fails && !c->deep) j->late_count--; // nobody traps
    if (a.at == AT_local) push_local(j, a.local);
    else push_reg(j, to, ref);
    if (c->early) put_place(j, c->yes);
}

// ---- Objects that are made ----------------------------------------------------------------------
//
//     mov  r11, [r15 + exec]
//     mov  ref, [r11 + alloc]
//     lea  end, [ref + size]
//     cmp  end, [r11 + alloc_end]      out of line if there is not so much: C makes it, and may
//     ja   late                        collect before, so there all is brought home
//     mov  [r11 + alloc], end
//
// Then the head, from the instance's table of types, and all that is in it.

// What a field or an element is made of.
typedef struct NewValue {
    Operand o;     // at: AT_home, AT_const or AT_reg
    u32 from;      // AT_home: the slot to read
    Type type;     // as it is stored
    u32 at;        // in the object
} NewValue;

enum { NEW_VALUES = 16, NEW_BYTES = 256 }; // as many are made in line, and so large

// Pops them, as they are given; all other operands are home then.
static void pop_values(Jit *j, NewValue *values, u32 count)
{
    for (u32 i = count; i--;) values[i].o = pop_of(j, type_unpacked(values[i].type));
    settle(j);
    for (u32 i = 0; i < count; i++) {
        Operand *o = &values[i].o;
        values[i].from = o->home;
        if (o->at != AT_local) continue;
        const Local *l = &j->locals[o->local];
        values[i].from = l->slot;
        if (l->reg != REG_NONE) resident_reg(j, o->local);
        o->reg = where(j, o);
        o->at = o->reg == REG_NONE ? AT_home : AT_reg;
    }
}

static void store_new(Jit *j, Reg ref, Reg free, const NewValue *v)
{
    const u32 bytes = 1u << type_log2(v->type);
    Mem m = mem_indexed(R11, ref, 0, (s32)v->at);
    Reg reg = v->o.reg;
    if (v->o.at == AT_const && bytes < 16) {
        if (bytes < 8 || fits_32((s64)v->o.bits)) {
            x_store_const(&j->a, (Width)bytes, m, (s32)v->o.bits);
            return;
        }
        x_const(&j->a, free, v->o.bits);
    } else if (v->o.at == AT_const) {
        m_vector(j, XMM15, v->o.bits, v->o.high);
    } else if (v->o.at == AT_home && bytes == 16) {
        m_load(j, XMM15, v->from, TYPE_v128);
    } else if (v->o.at == AT_home) {
        x_load(&j->a, bytes == 8 ? W64 : W32, free, slot(v->from));
    }
    if (v->o.at != AT_reg) reg = bytes == 16 ? XMM15 : free;
    if (reg >= XMM0) m_store_mem(j, m, reg, v->type);
    else x_store(&j->a, (Width)bytes, m, reg);
}

static void emit_zeros(Jit *j, Reg ref, u32 from, u32 to)
{
    if (from % 8) x_store_const(&j->a, W32, mem_indexed(R11, ref, 0, (s32)from), 0), from += 4;
    if (to - from >= 16) x_vex(&j->a, V_xorps, XMM15, XMM15, rm_reg(XMM15));
    for (; to - from >= 16; from += 16)
        m_store_mem(j, mem_indexed(R11, ref, 0, (s32)from), XMM15, TYPE_v128);
    if (from < to) x_store_const(&j->a, W64, mem_indexed(R11, ref, 0, (s32)from), 0);
}

// What is made: of values, of zeros, or of both; `length` of arrays; by which call of C, with which
// number, where there is no room.
typedef struct {
    u32 type;
    Type result;
    u32 size;
    bool array;
    u32 length;
    Slow slow;
    u32 number;
    bool zeros;       // where there is no value
    NewValue *values; // in the arena
    u32 count;
    u32 slots;        // that operands take
} New;

// Two registers were taken. The operands were popped, and are `values` or, of zeros, `operand`.
static void emit_new(Jit *j, const WalkState *w, const New *n, NewValue *operands, u32 count,
                     Reg ref, Reg end)
{
    reach_slot(j, j->next_home + MAX(n->slots, 1));
    Late *late = push_late(j, LATE_new, w->pos);
    u32 at = j->late_count - 1;
    late->from = j->residents;
    keep_copies(j, late);
    late->home = j->next_home;
    late->slow = n->slow;
    late->number = n->type;
    late->other = n->number;
    late->reg = ref;
    late->values = operands;
    late->count = count;
    u32 place = late->place;
    load_exec(j);
    x_load(&j->a, W32, ref, mem_at(R11, offsetof(Exec, alloc)));
    x_lea(&j->a, W32, end, mem_at(ref, (s32)n->size));
    x_alu(&j->a, ALU_cmp, W32, end, rm_mem(mem_at(R11, offsetof(Exec, alloc_end))));
    jumps_to(j, x_jcc(&j->a, CC_a), place);
    x_store(&j->a, W32, mem_at(R11, offsetof(Exec, alloc)), end);
    x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, types)));
    x_load(&j->a, W32, end, mem_at(R11, (s32)n->type * 4));
    x_shift_const(&j->a, SHIFT_shl, W32, rm_reg(end), HEAD_BITS);
    load_heap(j);
    x_store(&j->a, W32, mem_indexed(R11, ref, 0, 0), end);
    if (n->array)
        x_store_const(&j->a, W32, mem_indexed(R11, ref, 0, offsetof(ArrayObject, length)),
                      (s32)n->length);
    if (n->zeros)
        emit_zeros(j, ref, n->array ? offsetof(ArrayObject, items) : sizeof(u32), n->size);
    for (u32 i = 0; i < n->count; i++) store_new(j, ref, end, &n->values[i]);
    push_reg(j, n->result, ref);
    u32 back = place_here(j);
    j->late[at].back = back;
}

static void emit_late_new(Jit *j, const Late *l)
{
    for (u32 i = 0; i < l->count; i++) {
        Operand o = l->values[i].o;
        asm_reserve(&j->a);
        if (o.at == AT_reg) m_store(j, o.home, o.reg, o.type);
        else if (o.at == AT_const) m_put_const(j, o.home, &o);
        else if (l->values[i].from != o.home) m_copy_one(j, o.home, l->values[i].from, o.type);
    }
    store_residents_of(j, &l->from);
    save_kept(j, l);
    m_slow(j, l->offset, l->slow, l->home, l->number, l->other);
    reload_kept(j, l);
    m_load(j, l->reg, l->home, type_ref(false, HEAP_any));
}

// The registers for it come first: then there are always two.
static void lower_new(Jit *j, WalkState *w, New *n, NewValue *operands, u32 count)
{
    if (j->loose && j->operands[j->loose - 1].at == AT_flags) settle_newest(j);
    Reg ref = take(j, CLASS_int), end = take(j, CLASS_int);
    pop_values(j, operands, count);
    emit_new(j, w, n, operands, count, ref, end);
}
