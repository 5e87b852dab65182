// colour.h -- registers for the values of a graph, while code is emitted block after block. See
// select.h.
//
// Whoever comes first to a block says where its values are when it begins; all others move theirs
// there (Move). A loop's header gets the values in registers that the loop uses most, all others go
// to their slots before it. Inside a block the value that is used last is the first to lose its
// register.
#pragma once

#include "jit/lives.h"

// ---- What comes of a value ----------------------------------------------------------------------

static bool in_block(const Select *s, u32 at) { return at / 2 <= s->ends[s->at]; }

// The next use behind a position, in any block that comes later; NULL: none.
static const ValueUse *use_behind(Select *s, NodeId id, u32 pos)
{
    u32 *head = &s->head[id];
    while (*head && s->use[*head - 1].at / 2 < s->pos && s->use[*head - 1].next)
        *head = s->use[*head - 1].next;
    for (u32 u = *head; u; u = s->use[u - 1].next)
        if (s->use[u - 1].at / 2 > pos) return &s->use[u - 1];
    return NULL;
}

// Is the value needed behind the position, in this block?
static bool lives_behind(Select *s, NodeId id, u32 pos)
{
    if (has_bit(s->out, s->index[id])) return true;
    const ValueUse *u = use_behind(s, id, pos);
    return u && in_block(s, u->at);
}

// How far away is it used, states not counted?
static u32 distance(Select *s, NodeId id)
{
    enum { IN_LOOP = 1 << 20, OUTSIDE = 1 << 24, NEVER = 1 << 28, LOOK = 16 };
    const Graph *g = s->g;
    const ValueUse *u = use_behind(s, id, s->pos - 1);
    for (u32 n = 0; u && in_block(s, u->at); n++) {
        if (!(u->at & 1) || n == LOOK) return u->at / 2 - s->pos;
        u = u->next ? &s->use[u->next - 1] : NULL;
    }
    if (!has_bit(s->out, s->index[id])) return NEVER;
    u32 loop = region_loop(g, g->blocks[s->at].region);
    if (loop == NO_REGION) return u ? MIN(u->at / 2 - s->pos, (u32)OUTSIDE) : NEVER;
    if (has_bit(s->loops + (size_t)loop * s->words, s->index[id])) return IN_LOOP;
    return OUTSIDE;
}

// ---- Registers ----------------------------------------------------------------------------------

static void let_go(Jit *j, Reg reg)
{
    j->copies &= ~(1u << reg);
    j->locals[j->copy_of[reg]].copy = REG_NONE;
}

static void bind(Jit *j, NodeId id, Reg reg)
{
    uncheck(j, reg);
    j->copies |= 1u << reg;
    j->copy_of[reg] = id;
    j->locals[id].copy = reg;
}

// What the slot holds from here on, if it is a local's home.
static void note_home(Select *s, u32 slot, NodeId id)
{
    if (slot >= s->states->local_slots) return;
    s->homes[slot].node = id;
    s->homes[slot].since = s->homes_since;
}

static void save_value(Jit *j, Reg reg)
{
    NodeId id = j->copy_of[reg];
    if (j->select->stored[id]) return;
    u32 slot = j->locals[id].slot;
    m_store(j, slot, reg, j->locals[id].type);
    j->select->stored[id] = true;
    note_home(j->select, slot, id);
}

static u32 state_at_hand(const Jit *j) { return j->select->late_state; }

static u32 unsaved_values(const Jit *j)
{
    u32 unsaved = 0;
    for (u32 bits = j->copies; bits; bits &= bits - 1) {
        u32 reg = (u32)__builtin_ctz(bits);
        if (!j->select->stored[j->copy_of[reg]]) unsaved |= 1u << reg;
    }
    return unsaved;
}

static u32 empty_registers(const Jit *j, Class class)
{
    return class_registers[class] & ~(j->held | j->locked | j->copies);
}

static Reg first_of(u32 registers)
{
    u32 plain = registers & ~fixed_registers;
    return (Reg)__builtin_ctz(plain ? plain : registers);
}

// An instruction wants the register; its value goes to another that is empty.
static void move_away(Jit *j, Reg reg)
{
    if (!(j->copies >> reg & 1)) return;
    NodeId id = j->copy_of[reg];
    u32 empty = empty_registers(j, class_of(j->locals[id].type)) & ~fixed_registers;
    if (!empty) return;
    Reg to = (Reg)__builtin_ctz(empty);
    m_move(j, to, reg, j->locals[id].type);
    let_go(j, reg);
    bind(j, id, to);
}

// Is the result at hand better made elsewhere than in this register, which an operand leaves?
static bool wants_another(const Jit *j, Reg reg)
{
    const Select *s = j->select;
    if (!s || s->wanted == reg) return false;
    u32 empty = empty_registers(j, reg < XMM0 ? CLASS_int : CLASS_float);
    if (s->wanted != REG_NONE && empty >> s->wanted & 1) return true;
    return s->turning >> reg & 1 && empty & ~s->turning;
}

static Reg take_for_value(Jit *j, Class class, bool result)
{
    Select *s = j->select;
    u32 empty = empty_registers(j, class);
    Reg reg = REG_NONE;
    if (j->checked.reg != REG_NONE && empty & ~(1u << j->checked.reg))
        empty &= ~(1u << j->checked.reg);
    if (result && s->wanted != REG_NONE && empty >> s->wanted & 1) reg = s->wanted;
    else if (empty) reg = first_of(empty & ~s->turning ? empty & ~s->turning : empty);
    if (reg == REG_NONE) {
        u32 far = 0;
        for (u32 bits = j->copies & class_registers[class] & ~(j->held | j->locked); bits;
             bits &= bits - 1) {
            Reg r = (Reg)__builtin_ctz(bits);
            u32 d = distance(s, j->copy_of[r]) + 1; // to save one takes a store
            if (s->stored[j->copy_of[r]]) d *= 4;
            if (d <= far) continue;
            far = d;
            reg = r;
        }
    }
    if (reg == REG_NONE) {
        u32 of = NONE;
        for (u32 bits = j->held & class_registers[class] & ~j->locked; bits; bits &= bits - 1)
            of = MIN(of, j->owner[__builtin_ctz(bits)]);
        assert(of != NONE);
        reg = j->operands[of].reg;
        evict(j, reg);
    }
    drop_copy(j, reg);
    uncheck(j, reg);
    lock(j, reg);
    return reg;
}

// A call: what is needed behind it is saved, and no register holds anything.
static void save_all(Jit *j)
{
    for (u32 bits = j->copies; bits; bits &= bits - 1) {
        Reg reg = (Reg)__builtin_ctz(bits);
        if (lives_behind(j->select, j->copy_of[reg], j->select->pos)) save_value(j, reg);
    }
}
static void lose_all(Jit *j)
{
    j->checked.reg = REG_NONE;
    for (u32 bits = j->copies; bits; bits &= bits - 1) let_go(j, (Reg)__builtin_ctz(bits));
}

// ---- Where a block wants its values -------------------------------------------------------------

static Reg register_of(const Jit *j, NodeId id)
{
    return is_remade(j->select, id) ? REG_NONE : j->locals[id].copy;
}

typedef struct { Entry *at; u32 count; NodeId *from; } Arriving; // from: what comes there

static Arriving arriving(Select *s, const Edge *e)
{
    Graph *g = s->g;
    const Block *to = &g->blocks[e->to];
    u32 most = to->phi_count;
    const u64 *set = needs(s, e->to);
    for (u32 w = 0; w < s->words; w++) most += (u32)__builtin_popcountll(set[w]);
    graph_work(g, most + s->words);
    Arriving a = {NEW_ARRAY(g->arena, Entry, most), 0, NEW_ARRAY(g->arena, NodeId, most)};
    for (u32 i = 0; i < to->phi_count; i++) {
        NodeId phi = g->skeleton[to->first + i];
        if (!s->head[phi]) continue;
        a.from[a.count] = phi_input(s, phi, e->input);
        a.at[a.count++] = (Entry){phi, REG_NONE, false};
    }
    EACH_BIT(set, s->words, v) {
        a.from[a.count] = s->value[v];
        a.at[a.count++] = (Entry){s->value[v], REG_NONE, false};
    }
    return a;
}

static bool is_phi_of(const Entry *e, NodeId from) { return e->node != from; }

// Which of them are to be in registers: of a loop the heaviest of what it uses, else what is so
// now, and phis. `short_of`: in the loop others will want registers of that class too.
static void choose_wanted(Jit *j, const Arriving *a, BlockId to, bool *wanted, bool short_of[2])
{
    Select *s = j->select;
    const Graph *g = s->g;
    u32 region = g->blocks[to].region;
    if (!block_is_header(g, to)) {
        for (u32 i = 0; i < a->count; i++)
            wanted[i] = is_phi_of(&a->at[i], a->from[i]) ||
                        register_of(j, a->from[i]) != REG_NONE;
        return;
    }
    enum { SPARE = 2 }; // what is done with its user has a register too
    const u64 *used = s->loops + (size_t)region * s->words;
    for (u32 class = 0; class < 2; class++) {
        u32 room = (u32)__builtin_popcount(class_registers[class]), count = 0, others = 0;
        for (u32 i = 0; i < a->count; i++) {
            if (class_of(j->locals[a->at[i].node].type) != class) continue;
            if (has_bit(used, s->index[a->at[i].node])) count++;
            else others++;
        }
        // what is only passed through stays in its register where that is not wanted
        u32 most = s->most[region][class] + SPARE, inner = most > others ? most - others : 0;
        short_of[class] = most > room;
        u32 kept = inner < room ? room - inner : 0;
        for (u32 i = 0; i < a->count && kept; i++) {
            NodeId id = a->at[i].node;
            if (class_of(j->locals[id].type) != class || has_bit(used, s->index[id]) ||
                register_of(j, a->from[i]) == REG_NONE || s->weight[id] < 2)
                continue;
            wanted[i] = true;
            kept--;
        }
        if (count + 2 > room && inner > room) room -= 2;
        for (u32 i = 0; i < a->count; i++)
            room -= wanted[i] && class_of(j->locals[a->at[i].node].type) == class;
        for (; room; room--) {
            u32 best = NONE;
            for (u32 i = 0; i < a->count; i++) {
                NodeId id = a->at[i].node;
                if (wanted[i] || class_of(j->locals[id].type) != class ||
                    !has_bit(used, s->index[id]))
                    continue;
                if (best == NONE || s->weight[id] > s->weight[a->at[best].node]) best = i;
            }
            if (best == NONE) break;
            wanted[best] = true;
        }
    }
}

static void decide_entry(Jit *j, const Arriving *a, BlockId to)
{
    Select *s = j->select;
    Graph *g = s->g;
    u32 used = 0;
    bool *wanted = NEW_ARRAY(g->arena, bool, a->count), short_of[2] = {false, false};
    choose_wanted(j, a, to, wanted, short_of);
    for (u32 pass = 0; pass < 3; pass++)
        for (u32 i = 0; i < a->count; i++) {
            Entry *e = &a->at[i];
            NodeId from = a->from[i];
            if (!wanted[i] || e->reg != REG_NONE) continue;
            bool phi = is_phi_of(e, from);
            Reg reg = REG_NONE, now = register_of(j, from);
            if (pass == 0 && !phi) reg = now; // those stay where they are
            bool goes = pass == 1 && phi && now != REG_NONE &&
                        !has_bit(needs(s, to), s->index[from]);
            if (goes && !(used >> now & 1)) reg = now;
            u32 free = class_registers[class_of(j->locals[e->node].type)] & ~used;
            if (pass == 2 && s->hint[e->node] != REG_NONE && free >> s->hint[e->node] & 1)
                reg = s->hint[e->node];
            else if (pass == 2 && free) reg = first_of(free);
            if (reg == REG_NONE) continue;
            e->reg = reg;
            used |= 1u << reg;
        }
    const Block *block = &g->blocks[to];
    for (u32 i = 0; i < a->count; i++) {
        Entry *e = &a->at[i];
        bool phi = is_phi_of(e, a->from[i]);
        // what does not change in a loop is saved in front of it, if it may lose its register there
        bool saved = s->stored[e->node] || short_of[class_of(j->locals[e->node].type)];
        e->stored = e->reg == REG_NONE || (!phi && saved);
        if (!phi || e->reg == REG_NONE) continue;
        s->hint[e->node] = e->reg;
        for (u32 k = 0; k < block->pred_count; k++) {
            NodeId in = phi_input(s, e->node, k);
            if (s->hint[in] == REG_NONE) s->hint[in] = e->reg;
        }
    }
    s->entries[to] = (EntryList){a->at, a->count, true};
}

// ---- What is done on an edge --------------------------------------------------------------------

typedef struct { Select *s; u32 count, cap; Move *at; } Moves;

static void put_move(Moves *m, MoveKind kind, Type type, u32 to, u32 from, NodeId constant)
{
    ARENA_PUSH(m->s->g->arena, m->at, m->count, m->cap) =
        (Move){(u8)kind, type, to, from, constant};
}

// Registers, all at once: what is in the way goes first, and a ring by way of the scratch one.
static void put_register_moves(Moves *m, Move *at, u32 count)
{
    while (count) {
        u32 sources = 0, i;
        for (i = 0; i < count; i++) sources |= 1u << at[i].from;
        for (i = 0; i < count && sources >> at[i].to & 1; i++) {}
        if (i < count) {
            put_move(m, MOVE_reg, at[i].type, at[i].to, at[i].from, 0);
            at[i] = at[--count];
            continue;
        }
        u32 scratch = at[0].from < XMM0 ? R11 : XMM15, from = at[0].from;
        Type type = at[0].type;
        for (i = 0; i < count; i++) // who reads it: as wide as any
            if (at[i].from == from && type_slots(at[i].type) > type_slots(type)) type = at[i].type;
        put_move(m, MOVE_reg, type == TYPE_i32 ? TYPE_i32 : type, scratch, from, 0);
        for (i = 0; i < count; i++)
            if (at[i].from == from) at[i].from = scratch;
    }
}

static MoveList moves_to(Jit *j, const Arriving *a, BlockId to)
{
    Select *s = j->select;
    const EntryList *list = &s->entries[to];
    Moves m = {s, 0, 0, NULL};
    Move registers[REG_COUNT];
    u32 register_count = 0, spare = s->base;
    s->stamp++;
    for (u32 i = 0; i < list->count; i++) { // slots that are written
        const Entry *e = &list->at[i];
        const Local *l = &j->locals[e->node];
        NodeId from = a->from[i];
        bool there = !is_remade(s, from) && s->stored[from] && j->locals[from].slot == l->slot;
        if (e->stored && !there) s->slot_written[l->slot] = s->stamp;
    }
    u32 *slot = NEW_ARRAY(s->g->arena, u32, list->count);
    for (u32 i = 0; i < list->count; i++) { // and read, where a copy must be made before
        const Entry *e = &list->at[i];
        NodeId from = a->from[i];
        Type type = j->locals[e->node].type;
        if (is_remade(s, from) || !s->stored[from]) continue;
        slot[i] = j->locals[from].slot;
        bool read = j->locals[from].copy == REG_NONE &&
                    (e->reg != REG_NONE || (e->stored && slot[i] != j->locals[e->node].slot));
        if (!read || s->slot_written[slot[i]] != s->stamp) continue;
        put_move(&m, MOVE_copy, type, spare, slot[i], 0);
        slot[i] = spare;
        spare += type_slots(type);
        reach_slot(j, spare);
    }
    for (u32 i = 0; i < list->count; i++) { // into slots
        const Entry *e = &list->at[i];
        const Local *l = &j->locals[e->node];
        NodeId from = a->from[i];
        if (!e->stored) continue;
        Reg reg = register_of(j, from);
        if (is_remade(s, from)) put_move(&m, MOVE_put, l->type, l->slot, 0, from);
        else if (s->stored[from] && j->locals[from].slot == l->slot) continue;
        else if (reg != REG_NONE) put_move(&m, MOVE_store, l->type, l->slot, reg, 0);
        else put_move(&m, MOVE_copy, l->type, l->slot, slot[i], 0);
    }
    for (u32 i = 0; i < list->count; i++) {
        const Entry *e = &list->at[i];
        Reg reg = register_of(j, a->from[i]);
        if (e->reg != REG_NONE && reg != REG_NONE && reg != e->reg)
            registers[register_count++] =
                (Move){MOVE_reg, j->locals[e->node].type, e->reg, reg, 0};
    }
    // who stays in its register is read by others, and not written
    put_register_moves(&m, registers, register_count);
    for (u32 i = 0; i < list->count; i++) { // into registers, of which none is read any more
        const Entry *e = &list->at[i];
        Type type = j->locals[e->node].type;
        if (e->reg == REG_NONE || register_of(j, a->from[i]) != REG_NONE) continue;
        if (is_remade(s, a->from[i])) put_move(&m, MOVE_const, type, e->reg, 0, a->from[i]);
        else put_move(&m, MOVE_load, type, e->reg, slot[i], 0);
    }
    return (MoveList){m.at, m.count};
}

// Along an edge of the block at hand, as values are now.
static MoveList moves_on(Jit *j, const Edge *e)
{
    Arriving a = arriving(j->select, e);
    if (!j->select->entries[e->to].known) decide_entry(j, &a, e->to);
    return moves_to(j, &a, e->to);
}

static void constant_operand(const Select *s, NodeId id, Operand *o)
{
    const Node *n = node_of(s, id);
    *o = (Operand){.at = AT_const, .type = n->type, .slots = (u8)type_slots(n->type)};
    if (n->op == OP_ref_null) return;
    memcpy(&o->bits, n->bytes, 8);
    if (n->type == TYPE_v128) memcpy(&o->high, n->bytes + 8, 8);
}

static void emit_moves(Jit *j, const MoveList *list)
{
    Operand o;
    for (u32 i = 0; i < list->count; i++) {
        const Move *m = &list->at[i];
        asm_reserve(&j->a);
        switch ((MoveKind)m->kind) {
        case MOVE_reg: m_move(j, (Reg)m->to, (Reg)m->from, m->type); break;
        case MOVE_load: m_load(j, (Reg)m->to, m->from, m->type); break;
        case MOVE_store: m_store(j, m->to, (Reg)m->from, m->type); break;
        case MOVE_copy: m_copy_one(j, m->to, m->from, m->type); break;
        case MOVE_const:
            constant_operand(j->select, m->constant, &o);
            m_load_const(j, (Reg)m->to, &o);
            break;
        case MOVE_put:
            constant_operand(j->select, m->constant, &o);
            m_put_const(j, m->to, &o);
            break;
        }
    }
}
