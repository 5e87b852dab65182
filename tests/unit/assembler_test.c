// assembler_test.c -- what jit/x64/asm.h writes is what was asked for, as the checker's decoder
// reads it (check/decoding holds that against Zydis and LLVM), and in as few bytes as can be.

#include "check.h"
#include "jit/check/check.h"
#include "jit/x64/asm.h"

enum { NO = REG_NONE, SHOWN = 20, CODE = 64 };

// One instruction: as it was asked for, or as it was decoded.
typedef struct {
    const char *row; // of encodings_x64.def
    u32 low;         // the low bits of the opcode, where they are a condition
    u32 bits;        // of general registers
    u32 reg, v, rm;  // general 0 to 15, vectors 16 more, NO; of memory rm is NO, and these:
    u32 base, index, scale;
    s32 disp;
    s64 imm;
    u32 size;
} Instr;

static u8 code[CODE];
static Asm a;

static void print_instr(const char *who, const Instr *i)
{
    printf("    %s: %s %u bits, cc %u, reg %u v %u rm %u [%u + %u << %u + %d] imm %" PRId64
           ", %u bytes\n",
           who, i->row, i->bits, i->low, i->reg, i->v, i->rm, i->base, i->index, i->scale, i->disp,
           i->imm, i->size);
}

static bool same(const Instr *x, const Instr *y)
{
    return !strcmp(x->row, y->row) && x->low == y->low && x->bits == y->bits && x->reg == y->reg &&
           x->v == y->v && x->rm == y->rm && x->base == y->base && x->index == y->index &&
           x->scale == y->scale && x->disp == y->disp && x->imm == y->imm && x->size == y->size;
}

static bool is_family(const char *row) { return strstr(row, "cc") != NULL; }
static u32 number_of(u32 what, u32 number)
{
    return what & CHECK_general ? number : what & CHECK_vector ? XMM0 + number : NO;
}

// Are there no general registers?
static bool of_vectors(CheckRowText row)
{
    u32 what = row.reg | row.v | row.rm;
    return what & CHECK_vector && !(what & CHECK_general);
}

static Instr decoded(void)
{
    Instr r = {"nothing", .reg = NO, .v = NO, .rm = NO, .base = NO, .index = NO};
    CheckInstr in;
    if (!check_decode_x64(code, (u32)(a.at - code), &in)) return r;
    CheckRowText row = check_row((CheckRow)in.row);
    r.row = row.name;
    r.low = is_family(row.name) ? in.opcode & 15 : 0;
    r.bits = of_vectors(row) ? 0 : in.bits;
    r.reg = number_of(row.reg, in.reg);
    r.v = number_of(row.v, in.v);
    if (in.memory) {
        r.base = in.base, r.disp = in.disp, r.scale = in.scale;
        r.index = in.index == CHECK_NONE ? NO : in.index;
    } else {
        r.rm = number_of(row.rm, in.rm);
    }
    r.imm = row.imm ? in.imm : 0;
    r.size = in.length;
    return r;
}

// ---- The shortest form --------------------------------------------------------------------------

static u32 upper(u32 reg) { return reg != NO && reg >> 3 & 1; }
static u32 operand_size(Rm rm) // with ModRM
{
    if (rm.reg != NO) return 1;
    const Mem m = mem_of(rm);
    u32 sib = m.index != NO || (m.base & 7) == RSP;
    u32 disp = m.disp == 0 && (m.base & 7) != RBP ? 0 : m.disp >= -128 && m.disp <= 127 ? 1 : 4;
    return 1 + sib + disp;
}
static bool uppers(Rm rm)
{
    return rm.reg != NO ? upper(rm.reg) : upper(rm.base) || upper(rm.index);
}

// ---- Asking -------------------------------------------------------------------------------------

static void begin(void)
{
    memset(code, 0xcc, sizeof code);
    a.at = code;
}

static void expect(Instr want)
{
    Instr got = decoded();
    got.size = (u32)(a.at - code) == got.size ? got.size : 0; // nothing is left behind it
    bool good = same(&got, &want);
    if (!good && check_failed < SHOWN) {
        print_instr("asked for", &want);
        print_instr("got", &got);
        check_print_bytes("which is", code, (size_t)(a.at - code));
    }
    check_true(good, want.row, __FILE__, __LINE__);
}

static Instr asked(const char *row, u32 low, u32 bits, u32 reg, u32 v, Rm rm, s64 imm, u32 size)
{
    Instr i = {row, low, bits, reg, v, rm.reg, NO, NO, 0, 0, imm, size};
    if (rm.reg != NO) return i;
    i.base = rm.base;
    i.index = rm.index;
    i.scale = rm.scale;
    i.disp = rm.disp;
    return i;
}

// `opcode` and `imm_size` are bytes. `byte`: a register of which 8 bits are meant, or NO: those of
// four registers are others without REX.
static void expect_legacy(const char *row, u32 low, u32 bits, u32 reg, Rm rm, s64 imm, u32 opcode,
                          u32 imm_size, u32 byte)
{
    bool rex = bits == 64 || upper(reg) || uppers(rm) || (byte & ~3u) == 4;
    u32 size = opcode + rex + operand_size(rm) + imm_size;
    expect(asked(row, low, bits, reg, NO, rm, imm, size));
}

// ---- Operands -----------------------------------------------------------------------------------

static const s32 disps[] = {0, 1, 127, 128, -128, -129, INT32_MAX, INT32_MIN};
static const Reg indexes[] = {NO, 0, 1, 5, 7, 8, 12, 13, 15}; // 4 is none
enum { SCALES = 4, MEMS = 16 * COUNT_OF(disps) * (1 + SCALES * (COUNT_OF(indexes) - 1)) };

static Rm mem_number(u32 n)
{
    Reg base = n % 16;
    n /= 16;
    s32 disp = disps[n % COUNT_OF(disps)];
    n /= COUNT_OF(disps);
    if (!n) return rm_mem(mem_at(base, disp));
    n--;
    return rm_mem(mem_indexed(base, indexes[1 + n / SCALES], n % SCALES, disp));
}

// Registers, then memory; or one of the two. Each with each register that `reg` may be.
typedef void Form(u32 reg, Rm rm, u32 bits, u32 n);
enum { REGISTERS = 1, MEMORY = 2, BOTH = 3 };

static void each(u32 which, Form *form, u32 n)
{
    for (u32 bits = 32; bits <= 64; bits += 32) {
        for (u32 k = 0; which & REGISTERS && k < 256; k++)
            form(k / 16, rm_reg(k % 16), bits, n);
        for (u32 k = 0; which & MEMORY && k < MEMS; k++)
            form((k + k / 16) % 16, mem_number(k), bits, n);
    }
}
static Width width_of(u32 bits) { return bits == 64 ? W64 : W32; }

// ---- Moves --------------------------------------------------------------------------------------

static void form_mov(u32 reg, Rm rm, u32 bits, u32 n)
{
    begin();
    if (rm.reg != NO) x_mov(&a, width_of(bits), reg, rm.reg);
    else x_load(&a, width_of(bits), reg, mem_of(rm));
    expect_legacy("mov_rm", 0, bits, reg, rm, 0, 1, 0, NO);
}
static void form_lea(u32 reg, Rm rm, u32 bits, u32 n)
{
    begin();
    x_lea(&a, width_of(bits), reg, mem_of(rm));
    expect_legacy("lea", 0, bits, reg, rm, 0, 1, 0, NO);
}
static void form_store(u32 reg, Rm rm, u32 bits, u32 n)
{
    static const s32 values[] = {0, 1, -1, 127, -128, INT32_MAX, INT32_MIN};
    begin();
    x_store(&a, width_of(bits), mem_of(rm), reg);
    expect_legacy("mov_mr", 0, bits, reg, rm, 0, 1, 0, NO);
    s32 value = values[reg % COUNT_OF(values)];
    begin();
    x_store_const(&a, width_of(bits), mem_of(rm), value);
    expect_legacy("mov_mi", 0, bits, NO, rm, value, 1, 4, NO);
    if (bits == 64) return;
    begin();
    x_store(&a, W8, mem_of(rm), reg);
    expect_legacy("mov_mr8", 0, 8, reg, rm, 0, 1, 0, reg);
    begin();
    x_store(&a, W16, mem_of(rm), reg);
    expect_legacy("mov_mr16", 0, 16, reg, rm, 0, 2, 0, NO);
    begin();
    x_store_const(&a, W8, mem_of(rm), value);
    expect_legacy("mov_mi8", 0, 8, NO, rm, (s8)value, 1, 1, NO);
    begin();
    x_test_mem(&a, mem_of(rm), (u8)value);
    expect_legacy("test_mi8", 0, 8, NO, rm, (s8)value, 1, 1, NO);
    begin();
    x_store_const(&a, W16, mem_of(rm), value);
    expect_legacy("mov_mi16", 0, 16, NO, rm, (s16)value, 2, 2, NO);
}
static void form_atomic(u32 reg, Rm rm, u32 bits, u32 n)
{
    static const struct {
        const char *rows[3];
        void (*emit)(Asm *, Width, Mem, Reg);
        u32 size;
    } rows[] = {
        {{"xchg_mr", "xchg_mr8", "xchg_mr16"}, x_xchg, 1},
        {{"xadd_lock", "xadd_lock8", "xadd_lock16"}, x_xadd, 3},
        {{"cmpxchg_lock", "cmpxchg_lock8", "cmpxchg_lock16"}, x_cmpxchg, 3},
    };
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        begin();
        rows[i].emit(&a, width_of(bits), mem_of(rm), reg);
        expect_legacy(rows[i].rows[0], 0, bits, reg, rm, 0, rows[i].size, 0, NO);
        if (bits == 64) continue;
        begin();
        rows[i].emit(&a, W8, mem_of(rm), reg);
        expect_legacy(rows[i].rows[1], 0, 8, reg, rm, 0, rows[i].size, 0, reg);
        begin();
        rows[i].emit(&a, W16, mem_of(rm), reg);
        expect_legacy(rows[i].rows[2], 0, 16, reg, rm, 0, rows[i].size + 1, 0, NO);
    }
}
static void form_extend(u32 reg, Rm rm, u32 bits, u32 n)
{
    for (u32 from = 8; from <= 32; from *= 2) {
        begin();
        x_movsx(&a, from / 8, width_of(bits), reg, rm);
        if (from == 32 && bits == 32) continue; // there is none
        u32 byte = from == 8 ? rm.reg : NO;
        const char *row = from == 8 ? "movsx_8" : from == 16 ? "movsx_16" : "movsxd";
        expect_legacy(row, 0, bits, reg, rm, 0, from == 32 ? 1 : 2, 0, byte);
        if (from == 32 || bits == 64) continue;
        begin();
        x_movzx(&a, from / 8, reg, rm);
        expect_legacy(from == 8 ? "movzx_8" : "movzx_16", 0, bits, reg, rm, 0, 2, 0, byte);
    }
}
static void form_stack(u32 reg, Rm rm, u32 bits, u32 n)
{
    if (bits == 64 || reg) return;
    static const struct { const char *row; void (*emit)(Asm *, Mem); } rows[] = {
        {"push_m", x_push_mem}, {"pop_m", x_pop_mem}, {"call_m", x_call_mem}, {"jmp_m", x_jmp_mem},
    };
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        begin();
        rows[i].emit(&a, mem_of(rm));
        u32 size = 1 + uppers(rm) + operand_size(rm);
        expect(asked(rows[i].row, 0, 64, NO, NO, rm, 0, size));
    }
}

static void test_constants(void)
{
    static const u64 values[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
                                 0xffffffff80000000, 0xffffffff7fffffff, UINT64_MAX,
                                 0x8000000000000000, 0x123456789abcdef0};
    for (u32 reg = 0; reg < 16; reg++) {
        for (u32 i = 0; i < COUNT_OF(values); i++) {
            u64 v = values[i];
            begin();
            x_const(&a, reg, v);
            if (v <= UINT32_MAX) // written to 32 bits, the others are 0
                expect((Instr){"mov_ri", 0, 32, NO, NO, reg, NO, NO, 0, 0, (s32)v, 5 + upper(reg)});
            else if ((s64)v >= INT32_MIN && (s64)v < 0)
                expect((Instr){"mov_mi", 0, 64, NO, NO, reg, NO, NO, 0, 0, (s64)v, 7});
            else
                expect((Instr){"mov_ri", 0, 64, NO, NO, reg, NO, NO, 0, 0, (s64)v, 10});
        }
    }
}

// ---- Integers -----------------------------------------------------------------------------------

static const char *const alu_names[][3] = {
#define ALU(name) {#name "_rm", #name "_mi", #name "_mi8"}
    ALU(add), ALU(or), ALU(adc), ALU(sbb), ALU(and), ALU(sub), ALU(xor), ALU(cmp),
#undef ALU
};
static bool with_carry(u32 op) { return op == ALU_adc || op == ALU_sbb; }

static void form_alu(u32 reg, Rm rm, u32 bits, u32 op)
{
    if (with_carry(op) && rm.reg == NO) return; // registers only
    begin();
    x_alu(&a, op, width_of(bits), reg, rm);
    expect_legacy(alu_names[op][0], 0, bits, reg, rm, 0, 1, 0, NO);
}
static void form_alu_const(u32 reg, Rm rm, u32 bits, u32 op)
{
    static const s32 values[] = {0, 1, -1, 127, 128, -128, -129, 255, INT32_MAX, INT32_MIN};
    if (with_carry(op) || (rm.reg != NO && reg)) return;
    u32 first = rm.reg != NO ? 0 : reg % COUNT_OF(values);
    u32 last = rm.reg != NO ? COUNT_OF(values) - 1 : first;
    for (u32 i = first; i <= last; i++) {
        s32 value = values[i];
        begin();
        x_alu_const(&a, op, width_of(bits), rm, value);
        bool small = value >= -128 && value <= 127;
        expect_legacy(alu_names[op][small ? 2 : 1], 0, bits, NO, rm, value, 1, small ? 1 : 4, NO);
        if (op != ALU_add) continue;
        begin();
        x_add_const(&a, width_of(bits), rm, value);
        bool other = value == 128; // of -128, which is shorter
        expect_legacy(other ? "sub_mi8" : alu_names[op][small ? 2 : 1], 0, bits, NO, rm,
                      other ? -128 : value, 1, small || other ? 1 : 4, NO);
    }
}
static void form_test(u32 reg, Rm rm, u32 bits, u32 n)
{
    begin();
    x_test(&a, width_of(bits), rm.reg, reg);
    expect_legacy("test", 0, bits, reg, rm, 0, 1, 0, NO);
    if (reg) return;
    begin();
    x_test_const(&a, width_of(bits), rm.reg, -5);
    expect_legacy("test_i", 0, bits, NO, rm, -5, 1, 4, NO);
}
static void form_imul(u32 reg, Rm rm, u32 bits, u32 n)
{
    static const s32 values[] = {3, 127, 128, -128, -129, INT32_MIN};
    begin();
    x_imul(&a, width_of(bits), reg, rm);
    expect_legacy("imul", 0, bits, reg, rm, 0, 2, 0, NO);
    s32 value = values[(reg + (rm.reg == NO ? 0 : rm.reg)) % COUNT_OF(values)];
    bool small = value >= -128 && value <= 127;
    begin();
    x_imul_const(&a, width_of(bits), reg, rm, value);
    expect_legacy(small ? "imul_i8" : "imul_i", 0, bits, reg, rm, value, 1, small ? 1 : 4, NO);
}
static void form_unary(u32 reg, Rm rm, u32 bits, u32 n)
{
    static const char *const names[] = {[UNARY_not] = "not", "neg", "mul", "imul_1", "div", "idiv"};
    for (u32 op = UNARY_not; op <= UNARY_idiv; op++) {
        if (rm.reg == NO ? op < UNARY_mul : reg) continue;
        begin();
        x_unary(&a, op, width_of(bits), rm);
        expect_legacy(names[op], 0, bits, NO, rm, 0, 1, 0, NO);
    }
}
static void form_shift(u32 reg, Rm rm, u32 bits, u32 n)
{
    static const struct { Shift op; const char *const names[3]; } rows[] = {
#define SHIFT(name) {SHIFT_##name, {#name "_i", #name "_1", #name "_cl"}}
        SHIFT(rol), SHIFT(ror), SHIFT(shl), SHIFT(shr), SHIFT(sar),
#undef SHIFT
    };
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        u8 by = (u8)(reg < 2 ? reg : reg * 4 + 3);
        begin();
        x_shift_const(&a, rows[i].op, width_of(bits), rm, by);
        expect_legacy(rows[i].names[by == 1], 0, bits, NO, rm, by == 1 ? 0 : by, 1, by != 1, NO);
        begin();
        x_shift_cl(&a, rows[i].op, width_of(bits), rm);
        expect_legacy(rows[i].names[2], 0, bits, NO, rm, 0, 1, 0, NO);
    }
}
static void form_count(u32 reg, Rm rm, u32 bits, u32 n)
{
    static const struct { u8 opcode; const char *row; } rows[] = {
        {COUNT_popcnt, "popcnt"}, {COUNT_tzcnt, "tzcnt"}, {COUNT_lzcnt, "lzcnt"},
    };
    begin();
    x_count(&a, rows[n].opcode, width_of(bits), reg, rm);
    expect_legacy(rows[n].row, 0, bits, reg, rm, 0, 3, 0, NO);
}
static void form_condition(u32 reg, Rm rm, u32 bits, u32 n)
{
    u32 cc = rm.reg == NO ? reg : (reg + rm.reg) % 16;
    begin();
    x_cmov(&a, (u8)cc, width_of(bits), reg, rm);
    expect_legacy("cmovcc", cc, bits, reg, rm, 0, 2, 0, NO);
    if (rm.reg == NO || bits == 64) return;
    begin();
    x_setcc(&a, (u8)reg, rm.reg);
    expect_legacy("setcc", reg, 8, NO, rm, 0, 2, 0, rm.reg);
}

// ---- Jumps, and what has no operand -------------------------------------------------------------

// With the distance put where the function said.
static void expect_jump(const char *row, u32 low, u32 bits, u32 reg, u32 base, u32 field, u32 size)
{
    enum { DISTANCE = 0x12345678 };
    asm_put_32(&a, field, DISTANCE);
    bool rip = base != NO;
    expect((Instr){row, low, bits, reg, NO, NO, base, NO, 0, rip ? DISTANCE : 0, rip ? 0 : DISTANCE,
                   size});
}
static void test_jumps(void)
{
    begin(), expect_jump("jmp", 0, 64, NO, NO, x_jmp(&a), 5);
    begin(), expect_jump("call_m", 0, 64, NO, CHECK_RIP, x_call_rip(&a), 6);
    begin(), expect_jump("jmp_m", 0, 64, NO, CHECK_RIP, x_jmp_rip(&a), 6);
    for (u32 reg = 0; reg < 16; reg++) {
        begin(), expect_jump("jcc", reg, 64, NO, NO, x_jcc(&a, (u8)reg), 6);
        begin(), expect_jump("lea", 0, 64, reg, CHECK_RIP, x_lea_rip(&a, reg), 7);
        begin(), x_jmp_reg(&a, reg);
        expect((Instr){"jmp_m", 0, 64, NO, NO, reg, NO, NO, 0, 0, 0, 2 + upper(reg)});
        // over as much as there may be
        for (u32 over = 0; over <= 127; over += 127) {
            Asm wide = {.start = (u8[200]){0}};
            wide.at = wide.start;
            u32 field = reg == 0 ? x_jmp_short(&wide) : x_jcc_short(&wide, (u8)reg);
            wide.start[field] = (u8)over;
            begin();
            a.at += 2;
            memcpy(code, wide.start, 2);
            expect((Instr){reg ? "jcc_8" : "jmp_8", reg, 64, NO, NO, NO, NO, NO, 0, 0, over, 2});
        }
    }
    begin(), x_ret(&a), expect((Instr){"ret", 0, 64, NO, NO, NO, NO, NO, 0, 0, 0, 1});
    begin(), x_sign(&a, W32), expect((Instr){"cdq", 0, 32, NO, NO, NO, NO, NO, 0, 0, 0, 1});
    begin(), x_sign(&a, W64), expect((Instr){"cdq", 0, 64, NO, NO, NO, NO, NO, 0, 0, 0, 2});
}

// ---- VEX ----------------------------------------------------------------------------------------

enum { TO_F64 = 1 << 12, NEXT_OPCODE = 1 };
static const struct { Vex op; const char *row; } vex_rows[] = {
    {V_movss_load, "vmovss_rm"}, {V_movss_store, "vmovss_mr"}, {V_movsd_load, "vmovsd_rm"},
    {V_movsd_store, "vmovsd_mr"}, {V_movaps, "vmovaps"}, {V_movd_in, "vmovd_xr"},
    {V_movq_in, "vmovq_xr"}, {V_movd_out, "vmovd_rx"}, {V_movq_out, "vmovq_rx"},
    {V_andps, "vandps"}, {V_andnps, "vandnps"}, {V_orps, "vorps"}, {V_xorps, "vxorps"},
    {V_ucomiss, "vucomiss"}, {V_ucomiss | 1 << 12, "vucomisd"},
    {V_sqrtss, "vsqrtss"}, {V_addss, "vaddss"}, {V_subss, "vsubss"},
    {V_mulss, "vmulss"}, {V_divss, "vdivss"}, {V_minss, "vminss"}, {V_maxss, "vmaxss"},
    {V_cvtsi2ss, "vcvtsi2ss"}, {V_cvttss2si, "vcvttss2si"}, {V_cvtss2sd, "vcvtss2sd"},
    {V_roundss, "vroundss"}, {V_blendvps, "vblendvps"},
    {V_sqrtss | TO_F64, "vsqrtsd"}, {V_addss | TO_F64, "vaddsd"}, {V_subss | TO_F64, "vsubsd"},
    {V_mulss | TO_F64, "vmulsd"}, {V_divss | TO_F64, "vdivsd"}, {V_minss | TO_F64, "vminsd"},
    {V_maxss | TO_F64, "vmaxsd"},
    {V_cvtsi2ss | TO_F64, "vcvtsi2sd"},
    {V_cvttss2si | TO_F64, "vcvttsd2si"}, {V_cvtss2sd | TO_F64, "vcvtsd2ss"},
    {V_roundss + NEXT_OPCODE, "vroundsd"}, {V_blendvps + NEXT_OPCODE, "vblendvpd"},
    {V_shlx, "shlx"}, {V_sarx, "sarx"}, {V_shrx, "shrx"}, {V_rorx, "rorx"},
    {V_cvtsi2ss | V_W, "vcvtsi2ss"}, {V_cvttss2si | V_W, "vcvttss2si"},
    {V_cvtsi2ss | TO_F64 | V_W, "vcvtsi2sd"}, {V_cvttss2si | TO_F64 | V_W, "vcvttsd2si"},
    {V_shlx | V_W, "shlx"}, {V_sarx | V_W, "sarx"}, {V_shrx | V_W, "shrx"}, {V_rorx | V_W, "rorx"},
#define VEX_ROW(name, ...) {V_##name, "v" #name},
#include "jit/x64/vex.def"
};

static CheckRowText row_named(const char *name)
{
    for (u32 i = 1; i < CHECK_ROW_COUNT; i++)
        if (!strcmp(check_row((CheckRow)i).name, name)) return check_row((CheckRow)i);
    CHECK_STR("a row", name);
    return (CheckRowText){0};
}

static void expect_vex(Vex op, const char *name, CheckRowText row, u32 reg, u32 v, Rm rm)
{
    u8 imm = (u8)(reg << 4 | (row.imm_register ? 0 : 7));
    u32 map = op >> 16;
    bool wide = op & V_W;
    begin();
    if (row.imm) x_vex_imm(&a, op, number_of(row.reg, reg), row.v ? v : VEX_NONE, rm, imm);
    else x_vex(&a, op, number_of(row.reg, reg), row.v ? v : VEX_NONE, rm);
    bool three = map > 1 || wide || (rm.reg != NO ? upper(rm.reg) : uppers(rm));
    u32 bits = of_vectors(row) ? 0 : wide ? 64 : 32;
    u32 size = (three ? 4 : 3) + operand_size(rm) + (row.imm != 0);
    expect(asked(name, 0, bits, number_of(row.reg, reg), number_of(row.v, v), rm,
                 row.imm ? (s8)imm : 0, size));
}

static void test_vector_shifts(void)
{
    static const struct { Vex op; const char *row; } rows[] = {
        {V_psrlw, "vpsrlw_i"}, {V_psrld, "vpsrld_i"}, {V_psrlq, "vpsrlq_i"}, {V_psraw, "vpsraw_i"},
        {V_psrad, "vpsrad_i"}, {V_psllw, "vpsllw_i"}, {V_pslld, "vpslld_i"}, {V_psllq, "vpsllq_i"},
    };
    for (u32 k = 0; k < 256 * COUNT_OF(rows); k++) {
        u32 dst = XMM0 + k % 16, src = XMM0 + k / 16 % 16, by = k % 64;
        begin();
        x_vex_shift(&a, rows[k / 256].op, dst, src, (u8)by);
        expect(asked(rows[k / 256].row, 0, 0, NO, dst, rm_reg((Reg)src), by, upper(src) ? 6 : 5));
    }
}

static void test_vex(void)
{
    for (u32 i = 0; i < COUNT_OF(vex_rows); i++) {
        const char *name = vex_rows[i].row;
        CheckRowText row = row_named(name);
        u32 vs = row.v ? 16 : 1;
        for (u32 k = 0; row.rm & (CHECK_general | CHECK_vector) && k < 256 * vs; k++) {
            Rm rm = rm_reg((Reg)number_of(row.rm, k % 16));
            expect_vex(vex_rows[i].op, name, row, k / 16 % 16, k / 256, rm);
        }
        for (u32 k = 0; row.rm & CHECK_memory && k < MEMS; k++)
            expect_vex(vex_rows[i].op, name, row, (k + k / 16) % 16, (k / 3) % 16, mem_number(k));
    }
}

// ---- The buffer ---------------------------------------------------------------------------------

static void test_room(void)
{
    Arena arena;
    jmp_buf failure;
    arena_init(&arena);
    arena.on_failure = &failure;
    if (setjmp(failure)) {
        arena_free(&arena);
        CHECK(!"memory");
        return;
    }
    Asm grown = {.arena = &arena};
    bool room = true, kept = true;
    for (u32 i = 0; i < 10000; i++) {
        asm_reserve(&grown);
        room = room && grown.end - grown.at >= ASM_ROOM;
        asm_64(&grown, i);
    }
    for (u32 i = 0; i < 10000; i++) {
        u64 value;
        memcpy(&value, grown.start + 8 * i, 8);
        kept = kept && value == i;
    }
    CHECK(room);
    CHECK(kept);
    arena_free(&arena);
}

int main(void)
{
    a.start = code;
    a.end = code + sizeof code;
    each(BOTH, form_mov, 0);
    each(MEMORY, form_lea, 0);
    each(MEMORY, form_store, 0);
    each(MEMORY, form_atomic, 0);
    each(BOTH, form_extend, 0);
    each(MEMORY, form_stack, 0);
    test_constants();
    for (u32 op = ALU_add; op <= ALU_cmp; op++) {
        each(BOTH, form_alu, op);
        each(BOTH, form_alu_const, op);
    }
    each(REGISTERS, form_test, 0);
    each(BOTH, form_imul, 0);
    each(BOTH, form_unary, 0);
    each(REGISTERS, form_shift, 0);
    for (u32 n = 0; n < 3; n++) each(BOTH, form_count, n);
    each(BOTH, form_condition, 0);
    test_jumps();
    test_vex();
    test_vector_shifts();
    test_room();
    return check_report();
}
