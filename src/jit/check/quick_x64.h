// quick_x64.h -- what is met most, let pass at once. Included by rules_x64.c.
//
//     [rex] [0f] opcode [ModRM [sib] [disp]] [imm]
//
// The same as to decode an instruction by its row and to take its step, which is done with all
// else: moves of slots, what computes with registers, slots and memory 0 and by its rule does no
// more than any other, branches, and calls of slots.

// Behind how many bytes it goes on, or:
enum {
    QUICK_not = 0,              // it is something else, or not to be; nothing was changed
    QUICK_refused = UINT32_MAX, // and why was said
};

static ALWAYS_INLINE bool quick_in_frame(const Checker *c, s64 start, u32 width)
{
    return start >= 0 && start + width <= (s64)c->in->frame_bytes && !c->rbp &&
           !(c->owes & OWES_overflow);
}

static ALWAYS_INLINE void quick_write(Checker *c, u32 written, u32 bits)
{
    if (bits == 32) c->zext |= written;
    else if (bits > 32) c->zext &= ~written;
    c->zero &= ~written;
    forget(c, written);
}

// mov between a register and a slot at a small distance, its opcode in the lowest byte.
static ALWAYS_INLINE u32 quick_slot_move(Checker *c, u32 word, u32 rex, u32 length)
{
    s32 start = (s8)(word >> 16) + FRAME_BIAS;
    u32 bits = rex & REX_W ? 64 : 32, reg = (word >> 11 & 7) | (rex << 1 & 8);
    u32 written = (word >> 1 & 1) << reg;
    bool good = !(rex & REX_B) && !(written & RESERVED) && quick_in_frame(c, start, bits / 8);
    if (!good) return QUICK_not;
    quick_write(c, written, bits);
    return length;
}

// What is the operand of an instruction.
typedef struct {
    u32 reg, rm;   // rm: unless it is memory
    bool memory;   // a slot, or memory 0
    bool wide;
    s32 number;    // what stands behind all, of registers alone
} QuickOperands;

// Is what the rule does no more than what all have in common, as things are?
static ALWAYS_INLINE bool quick_rule(const Checker *c, Rule rule, QuickOperands o)
{
    switch (rule) {
    case RULE_plain: case RULE_plain_i: case RULE_sub: case RULE_and_i: case RULE_xor_i:
    case RULE_cmp_i: return true;
    case RULE_load: return o.memory || (o.rm != RAX && o.rm != c->aligned);
    case RULE_imm: return o.memory;
    case RULE_add: return !c->constant;
    case RULE_add_i: case RULE_sub_i:
        return o.memory || (!o.wide && o.rm != RBP && o.rm != c->aligned);
    case RULE_xor: return o.memory || o.reg != o.rm;
    case RULE_cmp: return o.memory || !c->constant;
    case RULE_test: return (u32)o.number - 1 > 6;
    case RULE_shr: return o.number != HEAD_BITS;
    case RULE_and: return o.reg != R11;
    default: return false;
    }
}

// What is of all rows alike behind an opcode.
typedef struct {
    const u8 *p;   // the opcode
    u64 word;      // from there on
    u32 rex, any;
    u32 found;
    u32 length;    // as far as the opcode, and it
} Quick;

static ALWAYS_INLINE u32 quick_registers(Checker *c, const Quick *q, const Encoding *e)
{
    u32 imm = found_imm(q->found), length = q->length + 1 + imm;
    s32 number = imm == 1 ? (s8)(q->word >> 16) : (s32)(q->word >> 16);
    QuickOperands o = {.reg = (q->word >> 11 & 7) | (q->rex << 1 & 8),
                       .rm = (q->word >> 8 & 7) | (q->rex << 3 & 8),
                       .wide = q->rex & REX_W, .number = number};
    if (!quick_rule(c, (Rule)e->rule, o)) {
        bool moves = (e->rule == RULE_add_i || e->rule == RULE_sub_i) && o.wide && o.rm == RBP;
        if (!moves) return QUICK_not;
        return move_frame(c, 64, e->rule == RULE_add_i ? number : -(s64)number) ? length
                                                                               : QUICK_refused;
    }
    if (found_bytes(q->found) && !q->any) return QUICK_not;
    u32 written = (e->writes & 1) << o.reg | (e->writes >> 1 & 1) << o.rm;
    if (written & RESERVED) return QUICK_not;
    quick_write(c, written, e->bits[o.wide]);
    return length;
}

// Is it of registers of whole bytes, and more than computed?
static ALWAYS_INLINE bool quick_access(const Checker *c, const Quick *q, const Encoding *e,
                                       QuickOperands o)
{
    bool bytes = !found_bytes(q->found) || q->any;
    return e->rm & (CHECK_read | CHECK_write) && bytes && quick_rule(c, (Rule)e->rule, o);
}

// A slot, near or far.
static ALWAYS_INLINE u32 quick_slot(Checker *c, const Quick *q, const Encoding *e, QuickOperands o,
                                    s32 disp, u32 bytes)
{
    u32 written = (e->writes & 1) << o.reg;
    bool good = !(written & RESERVED) && !(q->rex & REX_B) && quick_access(c, q, e, o) &&
                quick_in_frame(c, (s64)disp + FRAME_BIAS, e->width[o.wide]);
    if (!good) return QUICK_not;
    quick_write(c, written, e->bits[o.wide]);
    return q->length + 1 + bytes + found_imm(q->found);
}

// Of memory 0, left to guards.
static ALWAYS_INLINE u32 quick_guarded(Checker *c, const Quick *q, const Encoding *e,
                                       QuickOperands o, u32 bytes)
{
    u32 sib = q->word >> 16 & 0xff, index = (sib >> 3 & 7) | (q->rex << 2 & 8);
    u32 written = (e->writes & 1) << o.reg;
    s32 disp = bytes == 1 ? (s8)(q->word >> 24) : bytes ? (s32)(q->word >> 24) : 0;
    bool good = (sib & 0xc7) == RBX && index != RSP && !(q->rex & REX_B) && c->zext >> index & 1 &&
                !(written & RESERVED) && quick_access(c, q, e, o) && disp >= 0 &&
                (s64)disp + e->width[o.wide] <= (s64)1 << 31 && !c->rbp && c->in->guarded &&
                c->in->module->memory_count;
    if (!good) return QUICK_not;
    if (!check_site(c, c->at + 1, 1 << SITE_trap)) return QUICK_refused;
    quick_write(c, written, e->bits[o.wide]);
    return q->length + 2 + bytes + found_imm(q->found);
}

static ALWAYS_INLINE u32 quick_memory(Checker *c, const Quick *q, const Encoding *e)
{
    u32 modrm = q->word >> 8 & 0xff, sib = (modrm & 7) == RSP;
    u32 bytes = 0x410 >> (modrm >> 4 & 12) & 15; // of the displacement: 0, 1, 4
    QuickOperands o = {.reg = (modrm >> 3 & 7) | (q->rex << 1 & 8), .memory = true,
                       .wide = q->rex & REX_W};
    if ((modrm & 0xc7) == 0x45) return quick_slot(c, q, e, o, (s8)(q->word >> 16), 1);
    if (e->rule == RULE_lea && !o.wide && c->aligned == CHECK_NONE && !(BIT(o.reg) & RESERVED)) {
        u32 base = sib ? q->word >> 16 & 7 : modrm & 7;
        if (base == RBP && !bytes) return QUICK_not; // by rip, or by none
        quick_write(c, BIT(o.reg), 32);
        return q->length + 1 + sib + bytes;
    }
    if (sib) return quick_guarded(c, q, e, o, bytes);
    if ((modrm & 0xc7) == 0x85) return quick_slot(c, q, e, o, (s32)(q->word >> 16), 4);
    return QUICK_not;
}

// Of a branch, or a number for a register.
static ALWAYS_INLINE u32 quick_number(Checker *c, const Quick *q, const Encoding *e)
{
    s32 number = found_imm(q->found) == 1 ? (s8)(q->word >> 8) : (s32)(q->word >> 8);
    if (e->rule == RULE_jcc || e->rule == RULE_jmp) {
        u32 length = q->length + found_imm(q->found);
        if (e->rule == RULE_jmp) c->dead = true;
        return check_edge(c, (s64)c->at + length + number, 0) ? length : QUICK_refused;
    }
    u32 reg = (q->word & 7) | (q->rex << 3 & 8);
    if (e->rule != RULE_imm || q->rex & REX_W || reg <= RCX || BIT(reg) & RESERVED)
        return QUICK_not;
    quick_write(c, BIT(reg), 32);
    know(c, reg, (u32)number);
    return q->length + 4;
}

// ---- Templates, by their bytes, as they are mostly made

// So many bytes, without a label inside.
static ALWAYS_INLINE bool quick_alone(const Checker *c, u32 bytes)
{
    return c->label_at - c->at >= bytes && c->in->code_size - c->at >= bytes;
}

// push [r14]; add r14, 8; ret
static u32 quick_leave(Checker *c, u64 bytes)
{
    if (bytes != 0xc308c6834936ff41 || !quick_alone(c, 8)) return QUICK_not;
    return check_leave(c) ? 8 : QUICK_refused;
}

// mov r11, [r15 + 16]; cmp dword [r11], 0; jne
enum { QUICK_POLL = 14 };
_Static_assert(offsetof(Instance, exec) == 16 && offsetof(Exec, stop) == 0, "as it is there");
static bool quick_is_poll(const u8 *p)
{
    return read_u64(p) == 0x003b8341105f8b4d && p[8] == 0x0f && p[9] == 0x85;
}
// As if r11 were written with an address of which nothing is known.
static u32 quick_poll(Checker *c, const u8 *p, u32 label)
{
    if (!quick_is_poll(p) || !quick_alone(c, QUICK_POLL)) return QUICK_not;
    s64 target = (s64)c->at + QUICK_POLL + (s32)read_u32(p + 10);
    write_wide(c, BIT(R11));
    hold(c, R11, (Holds)(HOLDS_pointer + STRUCT_Exec));
    if (label != UINT32_MAX) c->passing[label].flags |= LABEL_POLLS;
    return check_edge(c, target, OWES_poll) ? QUICK_POLL : QUICK_refused;
}

// sub r14, 8; pop [r14]; lea r11, [rbp + room]; cmp r11, r14; ja; and a poll
static u32 quick_enter(Checker *c, const u8 *p)
{
    enum { ROOM = 10, OVER = 19, POLL = 23, ALL = POLL + QUICK_POLL };
    static const u8 form[OVER] = {0x49, 0x83, 0xee, 0x08, 0x41, 0x8f, 0x06, 0x4c, 0x8d, 0x9d,
                                  0, 0, 0, 0, 0x4d, 0x3b, 0xde, 0x0f, 0x87};
    if (!quick_alone(c, ALL)) return QUICK_not;
    u32 room = c->in->frame_bytes + FRAME_SPARE - FRAME_BIAS;
    bool good = !memcmp(p, form, ROOM) && read_u32(p + ROOM) == room &&
                !memcmp(p + ROOM + 4, form + ROOM + 4, OVER - ROOM - 4) && quick_is_poll(p + POLL);
    if (!good) return QUICK_not;
    s64 overflow = (s64)c->at + POLL + (s32)read_u32(p + OVER);
    s64 poll = (s64)c->at + ALL + (s32)read_u32(p + ALL - 4);
    c->stopped = true;
    return check_edge(c, overflow, OWES_overflow) && check_edge(c, poll, OWES_poll) ? ALL
                                                                                  : QUICK_refused;
}

// ---- Any

// `p`: of DECODE_MOST bytes of code. `label`: the one in front of it, if there is one.
static ALWAYS_INLINE u32 quick(Checker *c, const u8 *p, u32 label)
{
    const u64 first = read_u64(p);
    u64 word = first;
    u32 any = (word & 0xf0) == 0x40, rex = (u32)word & (0u - any) & 15;
    word >>= 8 * any;
    if ((word & 0xc7fd) == 0x4589) return quick_slot_move(c, (u32)word, rex, any + 3);
    u32 map = (word & 0xff) == 0x0f;
    p += any + map;
    word = read_u64(p);
    Quick q = {.p = p, .word = word, .rex = rex, .any = any, .length = any + map + 1};
    q.found = check_legacy[LEGACY_INDEX(0, map, word & 0xff, word >> 11 & 7)];
    const Encoding *e = &check_encodings[found_row(q.found)];
    bool modrm = found_modrm(q.found), memory = modrm && (word & 0xc000) != 0xc000;
    u32 way = rex >> 3 | (rex & REX_B) * FOUND_B | memory * FOUND_MEMORY;
    if (!found_right(q.found, way) || e->also) return QUICK_not;
    if (!modrm) return quick_number(c, &q, e);
    if (e->rule == RULE_call && (word & 0xff00) == 0x1500) {
        u32 next = c->at + q.length + 5;
        return check_slot(c, next, (s32)(word >> 16), true) ? q.length + 5 : QUICK_refused;
    }
    if (e->rule == RULE_push) return quick_leave(c, first);
    if (memory && rex == (REX_W | REX_R | REX_B) && (word & 0xff00) == 0x5f00)
        return quick_poll(c, p - 1, label);
    return memory ? quick_memory(c, &q, e) : quick_registers(c, &q, e);
}
