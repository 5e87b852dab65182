// differ.c -- whatever the checker decodes, others read the same: Zydis length, operands, widths
// and what is done to each, LLVM the length; and what it is as text has the operands in the order
// that Zydis has them in.
//
//     differ COUNT [SHARE]
//
// First over all rows: each opcode with each prefix and each ModRM byte, of which one in seven if
// there is a SHARE; then over COUNT strings that are random, or an instruction with some bytes
// changed.

#include "jit/check/check.h"

#include <Zydis/Zydis.h>
#include <inttypes.h>
#include <llvm-c/Disassembler.h>
#include <llvm-c/Target.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 16, SHOWN = 20 };

static u64 passed, failed, rows_met[CHECK_ROW_COUNT];
static ZydisDecoder zydis;
static LLVMDisasmContextRef llvm;

static u64 next_random(void)
{
    static u64 x = 88172645463325252;
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    return x * 0x2545f4914f6cdd1d;
}

// --- one operand list, as either side sees it

typedef struct {
    u32 read, written;   // general registers named, a bit each; 16 and up: vectors
    u32 also;            // general registers written that are not named
    u32 bits[32];        // of each that is named
    u32 base, index, scale, width;
    bool memory, mem_read, mem_written;
    s64 disp, imm;
    u32 imms;
} Reading;

static void add_register(Reading *r, u32 number, u32 bits, u32 what)
{
    if (what & CHECK_read) r->read |= 1u << number;
    if (what & CHECK_write) r->written |= 1u << number;
    r->bits[number] = bits;
}

static void ours_operand(Reading *r, u32 what, u32 number, u32 bits)
{
    if (what & CHECK_general) add_register(r, number, bits, what);
    else if (what & CHECK_vector) add_register(r, 16 + number, 128, what);
}

static Reading ours(const CheckInstr *in)
{
    Reading r = {0};
    CheckRowText row = check_row((CheckRow)in->row);
    ours_operand(&r, row.reg, in->reg, in->bits);
    ours_operand(&r, row.v, in->v, in->bits);
    if (in->memory) {
        r.memory = true;
        r.base = in->base, r.index = in->index, r.scale = in->scale;
        r.disp = in->disp;
        r.mem_read = row.rm & CHECK_read, r.mem_written = row.rm & CHECK_write;
        r.width = r.mem_read || r.mem_written ? in->width : 0;
    } else {
        // A part of a register is named as that, but by instructions of vectors.
        bool part = row.width && row.width < 8 && !(row.reg & CHECK_vector);
        ours_operand(&r, row.rm, in->rm, part ? row.width * 8u : in->bits);
    }
    if (row.imm_register) add_register(&r, 16 + ((u32)in->imm >> 4 & 15), 128, CHECK_read);
    else if (row.imm) r.imm = in->imm, r.imms = 1;
    r.also = row.also;
    return r;
}

static u32 general_number(ZydisRegister reg)
{
    if (reg == ZYDIS_REGISTER_NONE) return CHECK_NONE;
    if (reg == ZYDIS_REGISTER_RIP) return CHECK_RIP;
    ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
    return whole >= ZYDIS_REGISTER_RAX && whole <= ZYDIS_REGISTER_R15
               ? (u32)(whole - ZYDIS_REGISTER_RAX)
               : 99;
}

static bool theirs_memory(Reading *r, const ZydisDecodedOperand *o)
{
    if (o->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN) return true; // push, call: the stack
    r->memory = true;
    r->base = general_number(o->mem.base), r->index = general_number(o->mem.index);
    for (u32 scale = o->mem.scale; scale > 1; scale >>= 1) r->scale++;
    r->disp = o->mem.disp.has_displacement ? o->mem.disp.value : 0;
    if (o->mem.type == ZYDIS_MEMOP_TYPE_AGEN) return true;
    r->mem_read = o->actions & ZYDIS_OPERAND_ACTION_MASK_READ;
    r->mem_written = o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;
    r->width = o->size / 8;
    return o->mem.segment == ZYDIS_REGISTER_DS || o->mem.segment == ZYDIS_REGISTER_SS;
}

static bool theirs(Reading *r, const ZydisDecodedInstruction *in, const ZydisDecodedOperand *ops)
{
    memset(r, 0, sizeof *r);
    bool good = true;
    for (u32 i = 0; i < in->operand_count; i++) {
        const ZydisDecodedOperand *o = &ops[i];
        bool named = o->visibility == ZYDIS_OPERAND_VISIBILITY_EXPLICIT;
        // What is written on a condition keeps what it was, else.
        u32 reads = ZYDIS_OPERAND_ACTION_MASK_READ | ZYDIS_OPERAND_ACTION_CONDWRITE;
        u32 what = (o->actions & reads ? CHECK_read : 0) |
                   (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE ? CHECK_write : 0);
        if (o->type == ZYDIS_OPERAND_TYPE_MEMORY) {
            good = theirs_memory(r, o) && good;
        } else if (o->type == ZYDIS_OPERAND_TYPE_IMMEDIATE && named) {
            r->imm = o->imm.is_signed ? o->imm.value.s : (s64)o->imm.value.u, r->imms++;
        } else if (o->type == ZYDIS_OPERAND_TYPE_REGISTER) {
            ZydisRegisterClass kind = ZydisRegisterGetClass(o->reg.value);
            u32 bits = ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, o->reg.value);
            u32 number = general_number(o->reg.value);
            bool upper = o->reg.value >= ZYDIS_REGISTER_AH && o->reg.value <= ZYDIS_REGISTER_BH;
            if (kind == ZYDIS_REGCLASS_FLAGS || kind == ZYDIS_REGCLASS_IP) continue;
            if (kind == ZYDIS_REGCLASS_XMM && named)
                add_register(r, 16 + (u32)(o->reg.value - ZYDIS_REGISTER_XMM0), 128, what);
            else if (number == 99 || upper) good = false;
            else if (named) add_register(r, number, bits, what);
            else if ((what & CHECK_write) && number != 4) r->also |= 1u << number;
        }
    }
    return good;
}

// --- as text

typedef struct { char text[256]; } Text;

static void append(Text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void append(Text *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    size_t len = strlen(t->text);
    vsnprintf(t->text + len, sizeof t->text - len, fmt, args);
    va_end(args);
}

static void append_number(Text *t, s64 value, u32 bits)
{
    if (value >= -0xffff && value <= 0xffff) append(t, "%" PRId64, value);
    else if (bits < 64) append(t, "0x%" PRIx64, (u64)value & (((u64)1 << bits) - 1));
    else append(t, "0x%" PRIx64, (u64)value);
}

static void append_memory(Text *t, const ZydisDecodedOperand *o, bool sized)
{
    static const char *const sizes[] = {
        [1] = "byte ", [2] = "word ", [4] = "dword ", [8] = "qword ", [16] = ""};
    s64 disp = o->mem.disp.has_displacement ? o->mem.disp.value : 0;
    bool base = o->mem.base != ZYDIS_REGISTER_NONE, index = o->mem.index != ZYDIS_REGISTER_NONE;
    if (o->mem.type != ZYDIS_MEMOP_TYPE_AGEN && !sized) append(t, "%s", sizes[o->size / 8]);
    append(t, "[");
    if (base) append(t, "%s", ZydisRegisterGetString(o->mem.base));
    if (index) append(t, "%s%s", base ? " + " : "", ZydisRegisterGetString(o->mem.index));
    if (index && o->mem.scale > 1) append(t, "*%u", o->mem.scale);
    if (!base && !index) append_number(t, disp, 64);
    else if (disp) append(t, disp < 0 ? " - " : " + ");
    if (disp && (base || index)) append_number(t, disp < 0 ? -disp : disp, 64);
    append(t, "]");
}

static void append_imm(Text *t, const ZydisDecodedInstruction *in, const ZydisDecodedOperand *o,
                       u32 bits)
{
    u32 bytes = in->raw.imm[0].size / 8;
    s64 value = o->imm.is_signed ? o->imm.value.s : (s64)o->imm.value.u;
    if (o->imm.is_relative) append(t, "0x%" PRIx64, (u64)(value + in->length));
    else if (!o->imm.is_signed && bytes == 4) append_number(t, (s32)value, bits);
    else append_number(t, value, bits);
}

// In our words, and their order.
static Text their_text(const ZydisDecodedInstruction *in, const ZydisDecodedOperand *ops)
{
    static const char *const conditions[][2] = {{"nb", "ae"}, {"z", "e"},   {"nz", "ne"},
                                                {"nbe", "a"}, {"nl", "ge"}, {"nle", "g"}};
    static const char *const families[] = {"j", "set", "cmov"};
    u32 bits = ops[0].type == ZYDIS_OPERAND_TYPE_REGISTER && ops[0].size > 64 ? 64 : ops[0].size;
    Text t = {""}, locked = {""};
    append(&t, "%s", ZydisMnemonicGetString(in->mnemonic));
    for (u32 i = 0; i < 3; i++)
        for (u32 k = 0; k < COUNT_OF(conditions); k++) {
            size_t len = strlen(families[i]);
            if (!strncmp(t.text, families[i], len) && !strcmp(t.text + len, conditions[k][0]))
                strcpy(t.text + len, conditions[k][1]);
        }
    for (u32 i = 0; i < in->operand_count_visible; i++) {
        const ZydisDecodedOperand *o = &ops[i];
        bool sized = false;
        for (u32 k = 0; k < in->operand_count_visible; k++)
            sized |= ops[k].type == ZYDIS_OPERAND_TYPE_REGISTER && ops[k].size == o->size &&
                     ZydisRegisterGetClass(ops[k].reg.value) != ZYDIS_REGCLASS_XMM;
        append(&t, i ? ", " : " ");
        if (o->type == ZYDIS_OPERAND_TYPE_REGISTER)
            append(&t, "%s", ZydisRegisterGetString(o->reg.value));
        else if (o->type == ZYDIS_OPERAND_TYPE_MEMORY) append_memory(&t, o, sized);
        else append_imm(&t, in, o, bits);
    }
    if (!(in->attributes & ZYDIS_ATTRIB_HAS_LOCK)) return t;
    append(&locked, "lock %s", t.text);
    return locked;
}

// --- comparing

static bool same_imm(const CheckInstr *in, CheckRowText row, const Reading *a, const Reading *b)
{
    if (a->imms != b->imms) return false;
    u32 bytes = row.imm == 9 ? in->bits / 8u : row.imm;
    u64 mask = bytes >= 8 ? ~(u64)0 : ((u64)1 << 8 * bytes) - 1;
    return !(((u64)a->imm ^ (u64)b->imm) & mask);
}

static const char *differs(const u8 *bytes, const CheckInstr *in)
{
    ZydisDecodedInstruction z;
    ZydisDecodedOperand ops[ZYDIS_MAX_OPERAND_COUNT];
    CheckRowText row = check_row((CheckRow)in->row);
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&zydis, bytes, MOST, &z, ops)))
        return "no instruction";
    if (z.length != in->length) return "length";
    char text[128];
    u32 locks = *bytes == 0xf0; // which is an instruction to LLVM
    u8 *at = (u8 *)bytes + locks;
    if (LLVMDisasmInstruction(llvm, at, MOST - locks, 0, text, sizeof text) + locks != in->length)
        return "LLVM's length";
    const char *mnemonic = ZydisMnemonicGetString(z.mnemonic);
    size_t name = strcspn(row.name, "_");
    bool family = strstr(row.name, "cc") != NULL, cdq = !strcmp(row.name, "cdq");
    if (!family && !cdq && (strlen(mnemonic) != name || strncmp(mnemonic, row.name, name)))
        return "mnemonic";
    if (family && strncmp(mnemonic, row.name, strcspn(row.name, "c") ? 1 : 3)) return "mnemonic";
    if (!strncmp(row.name, "nop", name)) return NULL; // others see operands that do nothing
    Reading a = ours(in), b;
    if (!theirs(&b, &z, ops)) return "a register or segment";
    if (a.read != b.read || a.written != b.written) return "registers";
    if (a.also != b.also) return "registers written besides";
    for (u32 i = 0; i < 32; i++)
        if (a.bits[i] != b.bits[i]) return "width of a register";
    if (a.memory != b.memory) return "memory";
    if (a.memory && (a.base != b.base || a.index != b.index || a.scale != b.scale))
        return "address";
    if (a.disp != b.disp) return "displacement";
    if (a.mem_read != b.mem_read || a.mem_written != b.mem_written) return "access";
    if (a.width != b.width) return "width of memory";
    if (!same_imm(in, row, &a, &b)) return "immediate";
    Text other = their_text(&z, ops);
    static char said[256]; // until the next
    snprintf(said, sizeof said, "%s (for them %s)", check_text_x64(in, 0, text), other.text);
    return strcmp(text, other.text) ? said : NULL;
}

static bool compare(const u8 *bytes)
{
    CheckInstr in;
    if (!check_decode_x64(bytes, MOST, &in)) return false;
    rows_met[in.row]++;
    const char *what = differs(bytes, &in);
    if (!what) {
        passed++;
        return true;
    }
    if (failed++ < SHOWN) {
        printf("%s: %s differs:", check_row((CheckRow)in.row).name, what);
        for (u32 i = 0; i < MOST; i++) printf(" %02x", bytes[i]);
        printf("\n");
    }
    return true;
}

static void fill(u8 *bytes, u32 from)
{
    u64 a = next_random(), b = next_random();
    for (u32 i = from; i < MOST; i++) bytes[i] = (u8)((i < 8 ? a : b) >> i % 8 * 8);
}

static void all_modrm(u8 *bytes, u32 at, u32 every)
{
    for (u32 modrm = (u32)next_random() % every; modrm < 256; modrm += every) {
        bytes[at] = (u8)modrm;
        fill(bytes, at + 1);
        if (!compare(bytes) && modrm % 8 == 0 && every > 1) modrm += 8 - every;
    }
}

static void grid_legacy(u32 every)
{
    static const u8 prefixes[][2] = {{0}, {0x66}, {0xf3}, {0xf2}, {0xf0}, {0x2e}, {0x64}, {0x67},
                                     {0xf0, 0x66}, {0x66, 0xf0}};
    u8 bytes[MOST];
    for (u32 p = 0; p < COUNT_OF(prefixes); p++)
        for (u32 rex = 0x3f; rex < 0x50; rex++)
            for (u32 opcode = 0; opcode < 512; opcode++) {
                u32 n = 0;
                for (u32 i = 0; i < 2 && prefixes[p][i]; i++) bytes[n++] = prefixes[p][i];
                if (rex > 0x3f) bytes[n++] = (u8)rex;
                if (opcode > 255) bytes[n++] = 0x0f;
                bytes[n++] = (u8)opcode;
                all_modrm(bytes, n, every);
            }
}

static void grid_vex(u32 every)
{
    u8 bytes[MOST];
    for (u32 opcode = 0; opcode < 256; opcode++) {
        for (u32 first = 0; first < 256; first++) {
            memcpy(bytes, (u8[]){0xc5, (u8)first, (u8)opcode}, 3);
            all_modrm(bytes, 3, every);
        }
        for (u32 map = 1; map < 4; map++)
            for (u32 last = 0; last < 256; last++) {
                u32 high = (u32)next_random() & 0xe0;
                memcpy(bytes, (u8[]){0xc4, (u8)(high | map), (u8)last, (u8)opcode}, 4);
                all_modrm(bytes, 4, every);
            }
    }
}

static void strings(u64 count)
{
    u8 bytes[MOST], good[MOST] = {0x90};
    for (u64 i = 0; i < count; i++) {
        fill(bytes, 0);
        if (i % 4) {
            u8 noise[MOST];
            memcpy(noise, bytes, MOST);
            memcpy(bytes, good, MOST);
            for (u32 k = 0; k <= i % 3; k++) bytes[noise[k] % 6] = noise[k + 8];
            fill(bytes, 8);
        }
        if (compare(bytes)) memcpy(good, bytes, MOST);
    }
}

int main(int argc, char **argv)
{
    u64 count = argc > 1 ? strtoull(argv[1], NULL, 0) : 100000;
    u32 every = argc > 2 ? 7 : 1;
    ZydisDecoderInit(&zydis, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86Disassembler();
    llvm = LLVMCreateDisasmCPU("x86_64-linux-gnu", "x86-64-v3", NULL, 0, NULL, NULL);
    if (!llvm) return 2;
    grid_legacy(every);
    grid_vex(every);
    strings(count);
    for (u32 i = 1; i < CHECK_ROW_COUNT; i++) {
        if (!rows_met[i]) printf("%s was never met\n", check_row((CheckRow)i).name);
        failed += !rows_met[i];
    }
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", passed, failed);
    return failed ? 1 : 0;
}
