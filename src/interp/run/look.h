// look.h -- accesses of memories in which something is mapped that may be sealed or cut
// (run/mapped.h). The interpreter takes such a memory to end where that begins; what it is refused
// comes here, is looked at, and is executed alone, as a copy of its words before one that leaves:
//
//     ip -> | access | ... | what comes next | ...        copy: | access | ... | code_native |
//
// Included by interp.c.

typedef enum { AT_r, AT_k, AT_c, AT_r64, AT_k64, AT_x } AddressForm; // as in steps.h

typedef struct {
    u8 words;    // 0: no access
    u8 bytes;
    u8 form;
    bool in_dst; // the address
    bool writes;
} Access;

#define ROW(name, words, bits, form, stores)                                                       \
    [IOP_##name] = {words, (bits) / 8, form, stores, stores},
#define ROWS(name, bits, stores)                                                                   \
    ROW(name##_r, 1, bits, AT_r, stores) ROW(name##_k, 2, bits, AT_k, stores)                      \
    ROW(name##_c, 1, bits, AT_c, stores) ROW(name##_r64, 1, bits, AT_r64, stores)                  \
    ROW(name##_k64, 2, bits, AT_k64, stores) ROW(name##_x, 3, bits, AT_x, stores)
static const Access accesses[IOP_COUNT] = {
#define LOAD(name, text, opcode, sig, since, bits, extend) ROWS(name, bits, false)
#define VLOAD(name, text, opcode, sig, since, bits, ...) ROWS(name, bits, false)
#define STORE(name, text, opcode, sig, since, bits)                                                \
    ROWS(name, bits, true) ROW(name##_v, 1, bits, AT_r, true) ROW(name##_v64, 1, bits, AT_r64, true)
#define VSTORE(name, text, opcode, sig, since, bits) ROWS(name, bits, true)
#define LOAD_LANE(name, text, opcode, sig, since, bits) ROW(name, 3, bits, AT_x, false)
#define STORE_LANE(name, text, opcode, sig, since, bits) ROW(name, 3, bits, AT_x, true)
// Only loads have one operand.
#define IS_NO_LOAD(n, P, m, R) ((n) > 1)
#define ATOMIC(name, text, opcode, sig, since, bits, ...)                                          \
    [IOP_##name] = {3, bits / 8, AT_x, false, SHAPE_##sig(IS_NO_LOAD)},
#include "op/op.def"
};
#undef ROW
#undef ROWS

// The first of a pair; its words are its own but for the operation.
static u16 alone(u16 op)
{
    static const u16 first[IOP_COUNT] = {
#define PAIR(one, two, fed) [IOP_##one##__##two##__##fed] = IOP_##one,
#define PAIR_BRANCH PAIR
#include "interp/pair.def"
    };
    return first[op] ? first[op] : op;
}

// False: beyond all numbers.
static bool find_access(const Access *a, const Position *p, Memory **memory, u64 *address)
{
    const u64 *ip = p->ip;
    u64 base = a->form == AT_c ? 0 : p->frame[a->in_dst ? DST : A]; // of AT_c there is no slot
    *memory = p->inst->memories[a->form == AT_x ? (u32)ip[2] : 0];
    switch ((AddressForm)a->form) {
    case AT_r: *address = WITH_OFFSET(base); return true;
    case AT_k: *address = WITH_SUM(base); return true;
    case AT_c: *address = (u32)IMM; return true;
    case AT_r64: return !__builtin_add_overflow(base, (u64)B, address);
    case AT_k64: return !__builtin_add_overflow(SUM_64(base), OFFSET_K, address);
    case AT_x: return !__builtin_add_overflow(mem_width(*memory, base), ip[1], address);
    }
    return false;
}

// Does what the fiber stands at, if it is an access to where something is mapped: then *found, and
// it stands behind; or there is a trap.
static Trap look_and_access(Exec *x, bool *found)
{
    const Position at = x->at;
    u16 op = alone(*(const u16 *)at.ip);
    const Access *a = &accesses[op];
    Memory *m;
    u64 address;
    *found = a->words && find_access(a, &at, &m, &address) && m->perils &&
             memory_holds(m, address, a->bytes);
    if (!*found) return TRAP_none;
    Trap trap = memory_look(m, address, a->bytes, a->writes);
    if (trap) return trap;
    const Memory *first = at.inst->memories[0];
    u64 code[4];
    memcpy(code, at.ip, a->words * sizeof *code);
    code[0] = (code[0] & ~(u64)0xffff) | op;
    code[a->words] = *code_native;
    m->looked_at = true;
    trap = interp_run(code, at.frame, first->base, first->size, at.inst, at.record, x);
    m->looked_at = false;
    x->at = at;
    if ((int)trap != RUN_native) return trap;
    trap = memory_look(m, address, a->bytes, a->writes); // it may just have been cut
    if (!trap) x->at.ip += a->words;
    return trap;
}
