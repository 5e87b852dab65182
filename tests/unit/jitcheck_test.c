// jitcheck_test.c -- the checker of machine code through its interface: inputs that are none, one
// instruction at a time, and that a blob is not read beyond its end. Functions are in tests/check.
// Hazards: R85.

#include "check.h"
#include "jit/check/check.h"

static const Module module = {.func_count = 1, .memory_count = 1};
enum { SLOTS_AT = 256, SLOTS = 16 };

// The shortest function, of a frame of 32 bytes: slots are 256 bytes behind its beginning.
static const u8 shortest[] = {
    0x49, 0x83, 0xee, 0x08,                         // sub r14, 8
    0x41, 0x8f, 0x06,                               // pop [r14]
    0x4c, 0x8d, 0x5d, 0xe0,                         // lea r11, [rbp - 32]
    0x4d, 0x39, 0xf3,                               // cmp r11, r14
    0x77, 0x13,                                     // ja 35
    0x4d, 0x8b, 0x5f, 0x10,                         // mov r11, [r15 + 16]
    0x41, 0x83, 0x3b, 0x00,                         // cmp dword [r11], 0
    0x75, 0x0f,                                     // jne 41
    0x41, 0xff, 0x36,                               // 26: push [r14]
    0x49, 0x83, 0xc6, 0x08,                         // add r14, 8
    0xc3,                                           // ret
    0x90,                                           // 34: nobody comes here
    0xff, 0x15, 0xdf, 0x00, 0x00, 0x00,             // 35: call [256 + 8], overflow
    0xff, 0x15, 0xe1, 0x00, 0x00, 0x00,             // 41: call [256 + 16], poll
    0xeb, 0xe9,                                     // jmp 26
};
enum { AT_OVERFLOW = 35, AT_POLL = 41, AT_BACK = 26, AT_DEAD = 34 };

static const CheckLabel labels[] = {
    {AT_BACK, 0, 0}, {AT_OVERFLOW, 0, CHECK_outline}, {AT_POLL, 0, CHECK_outline}};

static CheckInput input_of(const u8 *bytes, u32 size)
{
    return (CheckInput){.bytes = bytes, .code_size = size, .size = size, .frame_bytes = 32,
                        .labels = labels, .label_count = COUNT_OF(labels), .slots_at = SLOTS_AT,
                        .slot_count = SLOTS, .module = &module};
}

static const char *verdict(const CheckInput *in, u32 *offset)
{
    u32 *scratch = malloc((check_scratch(in) + 1) * sizeof *scratch);
    CheckFault fault = {0, NULL};
    bool good = check_x64(in, scratch, &fault);
    free(scratch);
    if (offset) *offset = fault.offset;
    return good ? "ok" : fault.what;
}

static void test_shortest(void)
{
    u8 bytes[sizeof shortest];
    u32 at;
    CheckInput in = input_of(bytes, sizeof bytes);
    memcpy(bytes, shortest, sizeof bytes);
    CHECK_STR(verdict(&in, &at), "nobody comes here");
    CHECK_EQ_U64(at, AT_DEAD);
    // but from a label
    CheckLabel four[4] = {labels[0], {AT_DEAD, 0, CHECK_outline}, labels[1], labels[2]};
    in.labels = four, in.label_count = 4;
    CHECK_STR(verdict(&in, &at), "ok");
    // each byte that is changed
    for (u32 i = 0; i < AT_BACK; i++) {
        memcpy(bytes, shortest, sizeof bytes);
        bytes[i] ^= 1;
        CHECK(strcmp(verdict(&in, NULL), "ok"));
    }
}

static const char *with(u32 code_size, u32 size, u32 frame)
{
    CheckInput in = input_of(shortest, sizeof shortest);
    in.code_size = code_size, in.size = size, in.frame_bytes = frame;
    return verdict(&in, NULL);
}

static void test_sizes(void)
{
    CHECK_STR(with(0, 0, 32), "no such sizes");
    CHECK_STR(with(49, 48, 32), "no such sizes");
    CHECK_STR(with(49, 49, 36), "no such sizes");
    CHECK_STR(with(49, 49, UINT32_MAX - 7), "no such sizes");
    CHECK_STR(with(49, UINT32_MAX, 32), "no such sizes");
    CHECK_STR(with(49, 49, 40), "an entry without the template");
}

static const char *with_labels(const CheckLabel *l, u32 count)
{
    CheckInput in = input_of(shortest, sizeof shortest);
    in.labels = l, in.label_count = count;
    return verdict(&in, NULL);
}

static void test_labels(void)
{
    CheckLabel l[] = {{26, 0, 0}, {26, 0, 0}};
    CHECK_STR(with_labels(l, 2), "labels do not ascend");
    l[1].offset = UINT32_MAX;
    CHECK_STR(with_labels(l, 2), "labels do not ascend");
    l[1] = (CheckLabel){35, 1 << 5, 0}; // rbp
    CHECK_STR(with_labels(l, 2), "nobody knows that");
    l[1] = (CheckLabel){35, 1, CHECK_resume};
    CHECK_STR(with_labels(l, 2), "nobody knows that");
    l[1] = (CheckLabel){35, 0, CHECK_resume | CHECK_away};
    CHECK_STR(with_labels(l, 2), "nobody knows that");
    l[0].offset = 0;
    CHECK_STR(with_labels(l, 1), "the entry is none");
    l[0].kind = CHECK_entry;
    CHECK_STR(with_labels(l, 1), "a branch to no label");
}

static void test_tables(void)
{
    CheckInput in = input_of(shortest, sizeof shortest);
    CheckTable t[] = {{49, 1}, {52, 1}};
    u8 bytes[sizeof shortest + 8] = {0};
    memcpy(bytes, shortest, sizeof shortest);
    in.bytes = bytes, in.size = sizeof bytes, in.tables = t;
    in.table_count = 1;
    CHECK_STR(verdict(&in, NULL), "nobody comes here"); // tables that no jump reads are data
    in.table_count = 2;
    CHECK_STR(verdict(&in, NULL), "tables do not ascend");
    t[1] = (CheckTable){53, UINT32_MAX};
    CHECK_STR(verdict(&in, NULL), "tables do not ascend");
    t[0].offset = 48;
    CHECK_STR(verdict(&in, NULL), "tables do not ascend");
}

// Every beginning of it ends in something that is refused, and nothing behind is read: that is what
// the sanitizer sees.
static void test_ends(void)
{
    for (u32 size = 1; size < sizeof shortest; size++) {
        u8 *bytes = malloc(size);
        memcpy(bytes, shortest, size);
        CheckInput in = input_of(bytes, size);
        while (in.label_count && labels[in.label_count - 1].offset >= size) in.label_count--;
        CHECK(strcmp(verdict(&in, NULL), "ok"));
        free(bytes);
    }
}

static void test_decode(void)
{
    CheckInstr in;
    const u8 load[] = {0x44, 0x0f, 0xb6, 0x6c, 0x33, 0x81}; // movzx r13d, byte [rbx + rsi - 127]
    for (u32 left = 0; left < sizeof load; left++) CHECK(!check_decode_x64(load, left, &in));
    if (!CHECK(check_decode_x64(load, sizeof load, &in))) return;
    CHECK_STR(check_row((CheckRow)in.row).name, "movzx_8");
    CHECK_EQ_U64(in.length, 6);
    CHECK_EQ_U64(in.bits, 32);
    CHECK_EQ_U64(in.reg, 13);
    CHECK(in.memory);
    CHECK_EQ_U64(in.base, 3);
    CHECK_EQ_U64(in.index, 6);
    CHECK_EQ_U64(in.width, 1);
    CHECK_EQ_U64(in.disp, -127);
    const u8 swap[] = {0x41, 0x90}; // xchg r8, rax; no nop
    CHECK(!check_decode_x64(swap, sizeof swap, &in));
}

int main(void)
{
    test_shortest();
    test_sizes();
    test_labels();
    test_tables();
    test_ends();
    test_decode();
    return check_report();
}
