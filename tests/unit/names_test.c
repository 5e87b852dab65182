// names_test.c -- the section of names, by its bytes: what is read of it, and whether it is what
// the assembler writes. What is malformed is left out, from where it goes wrong to the end of its
// part.
// Hazards: R45.

#include "binary/decode.h"
#include "binary/names.h"
#include "check.h"

#include <stdlib.h>

typedef struct {
    const char *bytes;   // of the section, behind its name
    size_t size;
    bool canonical;
    u32 total;           // names in it
    const char *module;  // its own
    u32 funcs, locals;   // functions that have a name; that have locals which have one
} Row;
#define ROW(bytes, ...) {bytes, sizeof(bytes) - 1, __VA_ARGS__}
#define LONG_1 "\x81\0" // 1, in two bytes

static const Row rows[] = {
    ROW("", false, 0, NULL, 0, 0),
    ROW("\0\3\2ab", true, 1, "ab", 0, 0),
    ROW("\0\4\3a\xc3\xa4", true, 1, "a\xc3\xa4", 0, 0),
    ROW("\0\4\3\xff" "ab", false, 0, NULL, 0, 0),               // no UTF-8
    ROW("\0\2\2a", false, 0, NULL, 0, 0),                       // the name is longer than its part
    ROW("\0\x9\2ab", false, 0, NULL, 0, 0),                     // longer than the section
    ROW("\0\4\2abc", false, 1, "ab", 0, 0),                     // something behind the name
    ROW("\0\x83\0\2ab", false, 1, "ab", 0, 0),                  // a size in two bytes
    ROW("\0\4\x82\0ab", false, 1, "ab", 0, 0),                  // a length in two bytes
    ROW("\0\5\x82\x80\x80\x80\x80", false, 0, NULL, 0, 0),      // a length that does not end
    ROW("\0\x80", false, 0, NULL, 0, 0),                        // nor does this size
    ROW("\0\3\2ab\0\3\2cd", false, 1, "ab", 0, 0),              // twice
    ROW("\1\4\1\0\1f\0\3\2ab", false, 2, "ab", 1, 0),           // in another order
    ROW("\x63\1\0\0\3\2ab", false, 1, "ab", 0, 0),              // of a kind that is not known
    // functions
    ROW("\1\4\1\0\1f", true, 1, NULL, 1, 0),
    ROW("\1\7\2\0\1f\1\1g", true, 2, NULL, 2, 0),
    ROW("\1\7\2\1\1f\0\1g", false, 1, NULL, 1, 0),              // does not ascend
    ROW("\1\7\2\1\1f\1\1g", false, 1, NULL, 1, 0),              // twice
    ROW("\1\1\0", false, 0, NULL, 0, 0),                        // none
    ROW("\1\4\2\0\1f", false, 0, NULL, 0, 0),                   // says more than there is room for
    ROW("\1\6\2\0\1f\1\1", false, 1, NULL, 1, 0),               // ends in the second
    ROW("\1\5\1" LONG_1 "\1f", false, 1, NULL, 1, 0),
    ROW("\1\5" LONG_1 "\0\1f", false, 1, NULL, 1, 0),
    ROW("\1\5\1\0\1f!", false, 1, NULL, 1, 0),
    ROW("\1\3\xff\xff\xff", false, 0, NULL, 0, 0),
    // locals, of functions
    ROW("\2\6\1\0\1\0\1x", true, 1, NULL, 0, 1),
    ROW("\2\xe\2\0\2\0\1x\1\1y\3\1\0\1z", true, 3, NULL, 0, 2),
    ROW("\2\xb\2\3\1\0\1x\3\1\0\1z", false, 1, NULL, 0, 1),     // a function twice
    ROW("\2\xb\2\3\1\0\1x\2\1\0\1z", false, 1, NULL, 0, 1),     // and in another order
    ROW("\2\x9\1\0\2\1\1x\0\1y", false, 0, NULL, 0, 0),         // locals that do not ascend
    ROW("\2\3\1\0\0", false, 0, NULL, 0, 1),                    // none
    ROW("\2\6\1\0\2\0\1x", false, 0, NULL, 0, 0),               // says more than there is room for
    ROW("\2\1\0", false, 0, NULL, 0, 0),
    ROW("\2\7\1\0\1\0\1x!", false, 1, NULL, 0, 1),
};

static TypeStore *store;

static Module *decode(const Row *row, u8 *bytes)
{
    // in front of it one whose name has as many letters
    static const char head[] = "\0asm\1\0\0\0" "\0\5\4mane" "\0";
    Diag diag;
    Module *m = NULL;
    size_t at = sizeof head - 1;
    memcpy(bytes, head, at);
    bytes[at++] = (u8)(5 + row->size);
    memcpy(bytes + at, "\4name", 5);
    memcpy(bytes + at + 5, row->bytes, row->size);
    CHECK(module_decode(bytes, at + 5 + row->size, features_default, store, &m, &diag));
    return m;
}

static void check_row(const Row *row, u32 number)
{
    u8 bytes[200];
    AllNames names;
    Arena arena;
    jmp_buf failed;
    unsigned before = check_failed;
    Module *m = decode(row, bytes);
    arena_init(&arena);
    arena.on_failure = &failed;
    if (CHECK(!setjmp(failed))) {
        names_read(m, &arena, &names);
        CHECK_EQ_U64(names.section, 1);
        CHECK_EQ_U64(names.canonical, row->canonical);
        CHECK_EQ_U64(names.total, row->total);
        size_t len = row->module ? strlen(row->module) : 0;
        CHECK((names.module.data != NULL) == (row->module != NULL));
        CHECK_BYTES(names.module.data, names.module.len, row->module, len);
        CHECK_EQ_U64(names.flat[NAMES_func].count, row->funcs);
        CHECK_EQ_U64(names.nested[NAMES_local].count, row->locals);
    }
    if (check_failed != before) printf("    row %u\n", number);
    arena_free(&arena);
    module_free(m);
}

// The locals of function 3, of 0, and of those between and behind, which have none.
static void check_within(void)
{
    static const Row row = ROW("\2\xe\2\0\2\0\1x\1\1y\3\1\0\1z", true, 3, NULL, 0, 2);
    static const u32 counts[] = {2, 0, 0, 1, 0};
    u8 bytes[200];
    AllNames names;
    Arena arena;
    jmp_buf failed;
    Module *m = decode(&row, bytes);
    arena_init(&arena);
    arena.on_failure = &failed;
    if (CHECK(!setjmp(failed))) {
        names_read(m, &arena, &names);
        for (u32 i = 0; i < COUNT_OF(counts); i++) {
            NameMap map = names_within(m, &names, NAMES_local, i, &arena);
            CHECK_EQ_U64(map.count, counts[i]);
            if (map.count) CHECK_EQ_U64(map.outer, i);
        }
        CHECK_EQ_U64(names_within(m, &names, NAMES_field, 0, &arena).count, 0);
    }
    arena_free(&arena);
    module_free(m);
}

int main(void)
{
    store = type_store_new();
    for (u32 i = 0; i < COUNT_OF(rows); i++) check_row(&rows[i], i);
    check_within();
    type_store_free(store);
    return check_report();
}
