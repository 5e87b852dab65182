// text_x64.c -- an instruction as people read it, from its row: "add eax, [rbp - 120]". What is
// written comes first; memory has a size where no register says it; distances count from the code's
// beginning.

#include "jit/check/check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OPCODE_BY_V = 0xf7, OPCODE_IMM8 = 0x83, OPCODE_IMUL8 = 0x6b, OPCODE_TO_REG = 2 };

typedef struct {
    char *text;
    size_t len;
    bool any; // an operand stands
} Line;

static void add(Line *l, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void add(Line *l, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(l->text + l->len, CHECK_TEXT - l->len, fmt, args);
    va_end(args);
    l->len = MIN(l->len + (size_t)n, CHECK_TEXT - 1);
}

static void next_operand(Line *l)
{
    add(l, l->any ? ", " : " ");
    l->any = true;
}

// The mnemonic is in front of `_`, and has the condition for `cc`.
static void add_name(Line *l, const char *name, const CheckInstr *in)
{
    static const char *const conditions[] = {"o", "no", "b", "ae", "e", "ne", "be", "a",
                                             "s", "ns", "p", "np", "l", "ge", "le", "g"};
    size_t len = strcspn(name, "_");
    const char *cc = strstr(name, "cc");
    if (strstr(name, "_lock")) add(l, "lock ");
    if (cc) add(l, "%.*s%s", (int)(cc - name), name, conditions[in->opcode & 15]);
    else if (in->row == CHECK_ROW_cdq && in->bits == 64) add(l, "cqo");
    else add(l, "%.*s", (int)len, name);
}

static void add_general(Line *l, u32 number, u32 bits)
{
    static const char *const low[] = {"al",  "cl",  "dl",  "bl",  "spl", "bpl", "sil", "dil"};
    static const char *const names[] = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
    static const char *const suffixes[] = {[8] = "b", [16] = "w", [32] = "d", [64] = ""};
    if (number > 7) add(l, "r%u%s", number, suffixes[bits]);
    else if (bits == 8) add(l, "%s", low[number]);
    else add(l, "%s%s", bits == 16 ? "" : bits == 32 ? "e" : "r", names[number]);
}

static void add_register(Line *l, u32 what, u32 number, u32 bits)
{
    next_operand(l);
    if (what & CHECK_vector) add(l, "xmm%u", number);
    else add_general(l, number, bits);
}

// Large numbers have as many digits as the operand.
static void add_number(Line *l, s64 value, u32 bits)
{
    enum { DECIMAL_MOST = 0xffff };
    u64 shown = bits >= 64 ? (u64)value : (u64)value & (((u64)1 << bits) - 1);
    if (value >= -DECIMAL_MOST && value <= DECIMAL_MOST) add(l, "%" PRId64, value);
    else add(l, "0x%" PRIx64, shown);
}

static void add_memory(Line *l, const CheckInstr *in, CheckRowText row)
{
    static const char *const sizes[] = {
        [0] = "", [1] = "byte ", [2] = "word ", [4] = "dword ", [8] = "qword "};
    bool said = row.reg & CHECK_general && in->bits == in->width * 8;
    bool accessed = row.rm & (CHECK_read | CHECK_write);
    next_operand(l);
    if (accessed && !said && in->width < COUNT_OF(sizes)) add(l, "%s", sizes[in->width]);
    add(l, "[");
    if (in->base == CHECK_RIP) add(l, "rip");
    else if (in->base != CHECK_NONE) add_general(l, in->base, 64);
    if (in->index != CHECK_NONE) {
        add(l, "%s", in->base != CHECK_NONE ? " + " : "");
        add_general(l, in->index, 64);
        if (in->scale) add(l, "*%u", 1u << in->scale);
    }
    bool alone = in->base == CHECK_NONE && in->index == CHECK_NONE;
    if (alone) add_number(l, in->disp, 64);
    else if (in->disp) add(l, " %c ", in->disp < 0 ? '-' : '+');
    if (!alone && in->disp) add_number(l, in->disp < 0 ? -(s64)in->disp : in->disp, 64);
    add(l, "]");
}

static void add_rm(Line *l, const CheckInstr *in, CheckRowText row)
{
    if (!row.rm) return;
    // A part of a register is named as that, but by instructions of vectors.
    bool part = row.width && row.width < 8 && !(row.reg & CHECK_vector);
    if (in->memory) add_memory(l, in, row);
    else add_register(l, row.rm, in->rm, part ? row.width * 8u : in->bits);
}

static void add_imm(Line *l, const CheckInstr *in, CheckRowText row, u32 at)
{
    // counts, lanes and masks have no sign
    bool is_byte = row.imm == 1 && in->bits != 8 && in->opcode != OPCODE_IMM8 &&
                   in->opcode != OPCODE_IMUL8;
    bool branches = !strncmp(row.name, "jcc", 3) || !strncmp(row.name, "jmp", 3);
    if (row.imm_register) {
        add_register(l, CHECK_vector, (u32)in->imm >> 4 & 15, 0);
    } else if (row.imm) {
        next_operand(l);
        if (branches) add(l, "0x%" PRIx64, (u64)((s64)at + in->length + in->imm));
        else add_number(l, is_byte ? (u8)in->imm : in->imm, in->bits ? in->bits : 64);
    }
}

char *check_text_x64(const CheckInstr *in, u32 at, char *text)
{
    CheckRowText row = check_row((CheckRow)in->row);
    const char *form = strchr(row.name, '_');
    Line line = {.text = text}, *l = &line;
    bool only_read = (row.reg & (CHECK_general | CHECK_write)) == CHECK_general;
    bool rm_first = row.rm & CHECK_write || (only_read && !(in->opcode & OPCODE_TO_REG));
    bool v_last = row.v && row.reg & CHECK_general && in->opcode == OPCODE_BY_V;
    add_name(l, row.name, in);
    if (form && !strcmp(form, "_ai")) add_register(l, CHECK_general, 0, in->bits);
    if (rm_first) add_rm(l, in, row);
    if (row.reg) add_register(l, row.reg, in->reg, in->bits);
    if (row.v && !v_last) add_register(l, row.v, in->v, in->bits);
    if (!rm_first) add_rm(l, in, row);
    if (v_last) add_register(l, row.v, in->v, in->bits);
    add_imm(l, in, row, at);
    if (form && !strcmp(form, "_cl")) add(l, ", cl");
    if (form && !strcmp(form, "_1") && in->opcode == 0xd1) add(l, ", 1");
    return text;
}
