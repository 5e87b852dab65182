// instr_test.c -- bodies read one instruction after the other, as printers do, from bytes that
// nobody judged: cut anywhere, the reader ends with an error and not behind its end.

#include "binary/decode.h"
#include "binary/instr.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *bytes; // one instruction
    size_t size;
    const char *name;
} Row;
#define ROW(name, bytes) {bytes, sizeof(bytes) - 1, name}

static const Row rows[] = {
    ROW("nop", "\1"), ROW("i32.add", "\x6a"), ROW("i32.const", "\x41\xff\x7f"),
    ROW("i64.const", "\x42\x80\x80\x80\1"), ROW("f32.const", "\x43\0\0\0\0"),
    ROW("f64.const", "\x44\0\0\0\0\0\0\0\0"), ROW("i32.load", "\x28\2\x80\1"),
    ROW("i32.load", "\x28\x42\1\0"), // of memory 1
    ROW("v128.const", "\xfd\x0c" "0123456789abcdef"), ROW("i8x16.shuffle", "\xfd\x0d" "0123456789abcdef"),
    ROW("v128.load8_lane", "\xfd\x54\0\0\3"), ROW("i8x16.extract_lane_s", "\xfd\x15\3"),
    ROW("memory.init", "\xfc\x08\1\0"), ROW("table.copy", "\xfc\x0e\0\1"), ROW("block", "\2\x40"),
    ROW("block", "\2\x81\0"), ROW("br_table", "\x0e\3\1\2\3\0"), ROW("call_indirect", "\x11\0\1"),
    ROW("select", "\x1c\2\x7f\x7e"), ROW("try_table", "\x1f\x40\2\0\1\0\3\0"),
    ROW("ref.null", "\xd0\x70"), ROW("ref.null", "\xd0\x81\0"), ROW("struct.get", "\xfb\2\1\1"),
    ROW("array.new_fixed", "\xfb\x08\1\2"), ROW("br_on_cast", "\xfb\x18\3\0\x6e\x6b"),
    ROW("resume", "\xe3\1\2\0\1\0\1\1"), ROW("i32.atomic.load", "\xfe\x10\2\0"),
};

static TypeStore *store;

// A module whose type 0 and 1 are [] -> [].
static Module *make_module(void)
{
    static const u8 bytes[] = "\0asm\1\0\0\0\1\7\2\x60\0\0\x60\0\0";
    Diag diag;
    Module *m = NULL;
    CHECK(module_decode(bytes, sizeof bytes - 1, features_all, store, &m, &diag));
    return m;
}

// Reads all; how many instructions.
static u32 read_all(Module *m, const u8 *bytes, size_t size, Diag *diag)
{
    volatile u32 count = 0; // across setjmp
    Arena arena;
    jmp_buf failed;
    InstrReader r;
    Instr instr;
    const u8 *before = m->bytes;
    arena_init(&arena);
    arena.on_failure = &failed;
    diag_init(diag);
    m->bytes = bytes;
    if (CHECK(!setjmp(failed))) {
        instr_reader_init(&r, m, (Range){0, (u32)size}, &arena, diag);
        while (instr_next(&r, &instr)) count++;
        CHECK(!instr_next(&r, &instr)); // however often it is asked
        if (diag->err == ERR_none) CHECK(r.in.next == bytes + size);
    }
    m->bytes = before;
    arena_free(&arena);
    return count;
}

static void check_row(Module *m, const Row *row)
{
    Diag diag;
    for (size_t size = 0; size <= row->size; size++) {
        u8 *copy = malloc(size + 2); // of exactly its size and two instructions before it
        copy[0] = copy[1] = 1;
        memcpy(copy + 2, row->bytes, size);
        bool whole = size == 0 || size == row->size;
        u32 count = read_all(m, copy, size + 2, &diag);
        bool good = CHECK_EQ_U64(count, size == row->size ? 3 : 2);
        good = CHECK((diag.err == ERR_none) == whole) && good;
        if (!good) printf("    %s, %zu bytes: %s\n", row->name, size, err_text[diag.err]);
        free(copy);
    }
}

// An opcode that is none, in each table of them.
static void test_unknown(Module *m)
{
    static const Row unknown[] = {ROW("", "\x27"), ROW("", "\xfb\x7f"), ROW("", "\xfc\x7f"),
                                  ROW("", "\xfd\xff\x7f"), ROW("", "\xfe\x7f"), ROW("", "\xff"),
                                  ROW("", "\xfc\x80\x80\x80\x80\x10")};
    Diag diag;
    for (u32 i = 0; i < COUNT_OF(unknown); i++) {
        CHECK_EQ_U64(read_all(m, (const u8 *)unknown[i].bytes, unknown[i].size, &diag), 0);
        CHECK(diag.err != ERR_none);
    }
}

static void groups(Module *m, const char *bytes, size_t size, u32 want, u32 first, bool good)
{
    InstrReader r;
    Diag diag;
    const u8 *before = m->bytes;
    u32 count = 0, sum = 0;
    Type type;
    diag_init(&diag);
    m->bytes = (const u8 *)bytes;
    instr_reader_init(&r, m, (Range){0, (u32)size}, NULL, &diag);
    InstrReader skipped = r;
    u32 all = instr_local_groups(&r);
    CHECK_EQ_U64(all, want);
    for (u32 i = 0; i < all; i++) {
        instr_local_group(&r, &count, &type);
        if (i == 0) CHECK_EQ_U64(count, first);
        if (diag.err != ERR_none) CHECK_EQ_U64(count, 0);
        sum += count;
    }
    CHECK((diag.err == ERR_none) == good);
    diag_init(&diag);
    CHECK_EQ_U64(instr_skip_locals(&skipped), sum);
    CHECK((diag.err == ERR_none) == good);
    if (good) CHECK(skipped.in.next == r.in.next);
    m->bytes = before;
}

static void test_groups(Module *m)
{
    groups(m, "\0", 1, 0, 0, true);
    groups(m, "\2\5\x7f\6\x7e", 5, 2, 5, true);
    groups(m, "", 0, 0, 0, false);
    groups(m, "\x80", 1, 0, 0, false);
    groups(m, "\2\5\x7f\x86", 4, 2, 5, false); // ends in a count
    groups(m, "\2\5\x7f\6", 4, 2, 5, false);   // and in front of a type
    groups(m, "\2\5\1\6\x7f", 5, 2, 0, false); // no type
}

static bool is_name(const char *text)
{
    for (u32 op = 0; op < OP_COUNT; op++)
        if (!strcmp(op_info[op].text, text)) return true;
    return false;
}

// Each name that was changed is none any more, and the one that it has now is.
static void test_renamed(void)
{
    static const struct { const char *old, *now; } names[] = {
#define OLD(old, now) {old, now},
#include "op/old.def"
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        CHECK_STR(op_renamed(names[i].old, strlen(names[i].old)), names[i].now);
        if (!CHECK(!is_name(names[i].old) && is_name(names[i].now))) printf("%s\n", names[i].old);
    }
    CHECK(!op_renamed("get_locals", 10) && !op_renamed("get_loca", 8));
}

int main(void)
{
    test_renamed();
    store = type_store_new();
    Module *m = make_module();
    if (m) {
        for (u32 i = 0; i < COUNT_OF(rows); i++) check_row(m, &rows[i]);
        test_unknown(m);
        test_groups(m);
    }
    module_free(m);
    type_store_free(store);
    return check_report();
}
