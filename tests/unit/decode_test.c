// decode_test.c -- modules put together by hand: what they decode to, and every way to be refused.

#include "binary/decode.h"
#include "check.h"

#include <stdlib.h>

#define HEADER "\0asm\1\0\0\0"

static TypeStore *store;
static Diag diag;

// A copy of exactly its size, so that the sanitizer sees the first byte read beyond.
static Module *decode(const void *bytes, size_t size, Features features)
{
    u8 *copy = malloc(size ? size : 1);
    memcpy(copy, bytes, size);
    Module *m;
    bool done = module_decode(copy, size, features, store, &m, &diag);
    CHECK_EQ_U64(done, diag.err == ERR_none);
    CHECK_EQ_U64(done, m != NULL);
    module_free(m);
    free(copy);
    return m; // only to be compared with NULL
}

typedef struct {
    Err err;
    const char *bytes; // after the header
    size_t size;
    Features plus; // besides the default ones
    bool bare;     // no features
} Row;
#define ROW(err, bytes) {ERR_##err, bytes, sizeof(bytes) - 1, 0, false}
#define ROW_WITH(feature, err, bytes)                                                              \
    {ERR_##err, bytes, sizeof(bytes) - 1, FEATURE_BIT(FEATURE_##feature), false}
#define ROW_BARE(err, bytes) {ERR_##err, bytes, sizeof(bytes) - 1, 0, true}

// Sections: id, size, content.
#define TYPE_FUNC "\1\4\1\x60\0\0"                        // type 0 is [] -> []
#define FUNC_1 "\3\2\1\0"                                 // a function of that type
#define CODE_1 "\xa\4\1\2\0\xb"

static const Row rows[] = {
    ROW(none, ""),
    ROW(none, TYPE_FUNC FUNC_1 CODE_1),
    ROW(none, "\3\1\0"),
    ROW(none, "\xc\1\0"),
    // Lists that go wrong before their end
    ROW(unexpected_end_of_section, TYPE_FUNC "\3\4\3\0\x80\x80"),
    ROW(malformed_mutability, "\6\xb\2\x7f\3\x41\0\xb\x7f\0\x41\0\xb"),
    ROW(unexpected_end_of_section, TYPE_FUNC FUNC_1 "\xa\4\1\x83\x80\x80"),
    ROW(unknown_type, "\1\x8\1\x50\2\7\7\x60\0\0"),
    ROW(integer_too_large, "\1\xd\1\x50\2\xff\xff\xff\xff\xff\0\0\x60\0\0"),
    ROW(sub_type_mismatch, "\1\xd\2\x50\0\x60\0\0\x50\1\0\x60\0\1\x7f"),
    // Where a constant expression ends: blocks are looked into, and judged by nobody here
    ROW(none, "\6\7\1\x7f\0\2\x40\xb\xb"),
    ROW(none, "\6\xa\1\x7f\0\3\x40\4\x40\xb\xb\xb"),
    ROW(none, "\6\x8\1\x7f\0\x1f\x40\0\xb\xb"),
    ROW_WITH(legacy_exceptions, none, "\6\x8\1\x7f\0\6\x40\x18\0\xb"),
    ROW_WITH(legacy_exceptions, end_opcode_expected, "\6\6\1\x7f\0\x18\0\xb"),
    ROW_WITH(legacy_exceptions, end_opcode_expected, "\6\6\1\x7f\0\7\0\xb"),
    ROW_WITH(legacy_exceptions, end_opcode_expected, "\6\5\1\x7f\0\x19\xb"),
    ROW_WITH(legacy_exceptions, none, "\6\x8\1\x7f\0\6\x40\x19\xb\xb"),
    ROW(end_opcode_expected, "\6\5\1\x7f\0\5\xb"),
    ROW(unexpected_end_of_section, "\6\5\1\x7f\0\2\x40"),
    // Sections
    ROW(malformed_section_id, "\xe\1\0"),
    ROW(unexpected_section, TYPE_FUNC TYPE_FUNC),
    ROW(unexpected_section, "\x7\1\0\x6\1\0"),
    ROW(unexpected_section, "\x6\1\0\xd\1\0"),
    ROW(unexpected_section, "\xd\1\0\x5\1\0"),
    ROW(unexpected_section, "\xa\1\0\xc\1\0"),
    ROW(none, "\x5\1\0\xd\1\0\x6\1\0\x9\1\0\xc\1\0\xa\1\0\xb\1\0"),
    ROW(section_size_mismatch, "\1\5\1\x60\0\0\0"),
    ROW(unexpected_end, "\0"),
    ROW(unexpected_end_of_section, "\0\0"),
    ROW(unexpected_end_of_section, "\1\3\1\x60\0"),
    ROW(length_out_of_bounds, "\1\4\1\x60\0"),
    ROW(length_out_of_bounds, "\0\4\5abc"),
    ROW(integer_too_long, "\1\x80\x80\x80\x80\x80\0"),
    ROW(integer_too_large, "\1\x80\x80\x80\x80\x10"),
    ROW(malformed_utf8, "\0\2\1\xff"),
    ROW(inconsistent_code_count, TYPE_FUNC FUNC_1),
    ROW(inconsistent_code_count, CODE_1),
    ROW(inconsistent_data_count, "\xc\1\3"),
    ROW(inconsistent_data_count, "\xc\1\1\xb\1\0"),
    ROW(unexpected_end_of_section, TYPE_FUNC FUNC_1 "\xa\2\1\0"),
    ROW(unexpected_end_of_section, TYPE_FUNC FUNC_1 "\xa\3\1\2\0"),
    // Types
    ROW(malformed_definition_type, "\1\4\1\x40\0\0"),
    ROW(malformed_value_type, "\1\5\1\x60\1\x40\0"),
    ROW(integer_too_long, "\1\6\1\x60\1\xff\x7f\0"),
    ROW(malformed_storage_type, "\1\5\1\x5f\1\x40\0"),
    ROW(malformed_mutability, "\1\4\1\x5e\x7f\2"),
    ROW(malformed_heap_type, "\1\6\1\x60\1\x63\x40\0"),
    ROW(malformed_heap_type, "\1\7\1\x60\1\x63\xf0\x7f\0"),
    ROW(malformed_reference_type, "\4\4\1\x7f\0\0"),
    ROW(unknown_type, "\1\6\1\x60\1\x63\1\0"),
    ROW(none, "\1\6\1\x60\1\x63\0\0"),
    ROW(unknown_type, "\3\2\1\0\xa\4\1\2\0\xb"),
    ROW(unknown_type, "\1\3\1\x5f\0" FUNC_1 CODE_1),
    ROW(malformed_section_id, "\3\2\1\0\x7f"), // malformed wins over invalid, among definitions
    ROW(unknown_type, "\3\2\1\0\xa\4\1\2\0\xb\x7f"),
    ROW(none, "\1\3\1\x4e\0"), // a group of none
    // Imports and exports
    ROW(malformed_import_kind, "\2\5\1\0\0\5\0"),
    ROW(malformed_import_kind, TYPE_FUNC "\2\7\1\1a\1b\x7f\0"),
    ROW(malformed_export_kind, "\7\4\1\0\5\0"),
    ROW(none, TYPE_FUNC "\2\x0e\1\1a\0\x7f\2\1b\0\0\1c\0\0"),
    ROW(none, TYPE_FUNC "\2\x0c\1\1a\0\x7e\0\0\2\1b\1c"),
    ROW(malformed_tag_attribute, TYPE_FUNC "\xd\3\1\1\0"),
    ROW(malformed_mutability, "\6\6\1\x7f\2\x41\0\xb"),
    // Tables and memories
    ROW(malformed_limits, "\5\4\1\x10\0\0"),
    ROW(malformed_limits, "\4\4\1\x70\2\0"),
    ROW(zero_byte_expected, "\4\x9\1\x40\1\x70\0\0\xd0\x70\xb"),
    ROW(none, "\4\x9\1\x40\0\x70\0\0\xd0\x70\xb"),
    ROW_WITH(custom_page_sizes, none, "\5\4\1\x8\0\0"),
    ROW_WITH(custom_page_sizes, invalid_page_size, "\5\4\1\x8\0\1"),
    ROW_WITH(custom_page_sizes, malformed_limits, "\5\4\1\x8\0\x40"),
    // Segments
    ROW(malformed_element_segment, "\x9\4\1\x8\0\0"),
    ROW(malformed_element_segment, "\x9\4\1\1\1\0"),
    ROW(malformed_data_segment, "\xb\3\1\3\0"),
    ROW(unexpected_end_of_section, "\xb\3\1\1\1"),
    // Constant expressions
    ROW(illegal_opcode, "\6\5\1\x7f\0\xff\xb"),
    ROW(illegal_opcode, "\6\7\1\x7f\0\xfc\x7f\xb\xb"),
    ROW(end_opcode_expected, "\6\5\1\x7f\0\5\xb"),
    ROW(unexpected_end_of_section, "\6\5\1\x7f\0\x41\0"),
    ROW(none, "\6\xa\1\x7f\0\2\x40\2\x40\xb\xb\xb"), // blocks
    ROW(malformed_block_type, "\6\x8\1\x7f\0\2\xc0\x7f\xb\xb"),
    ROW(malformed_memop_flags, "\6\x9\1\x7f\0\x28\x80\1\0\xb\xb"),
    ROW(malformed_catch, "\6\xa\1\x7f\0\x1f\x40\1\4\0\xb\xb"),
    ROW(malformed_cast_flags, "\6\xa\1\x7f\0\xfb\x18\4\0\x6e\x6e\xb"),
    ROW(zero_byte_expected, "\6\x7\1\x7f\0\xfe\3\1\xb"),
    // Features
    ROW(feature_disabled, "\5\4\1\x8\0\0"),
    ROW(feature_disabled, TYPE_FUNC "\2\5\1\0\0\x20\0"),
    ROW(feature_disabled, "\1\6\2\x60\0\0\x5d\0"),
    ROW_WITH(stack_switching, none, "\1\6\2\x60\0\0\x5d\0"),
    ROW_WITH(stack_switching, continuation_type, "\1\5\2\x5f\0\x5d\0"),
    ROW_WITH(custom_descriptors, none, TYPE_FUNC "\2\5\1\0\0\x20\0"),
    ROW_WITH(custom_descriptors, none, "\1\xb\1\x4e\2\x4d\1\x5f\0\x4c\0\x5f\0"),
    ROW_WITH(custom_descriptors, descriptor_type, "\1\x9\1\x4e\2\x4d\1\x5f\0\x5f\0"),
    ROW_WITH(custom_descriptors, malformed_definition_type, "\1\xd\1\x4e\2\x4d\1\x4d\1\x5f\0\x4c\0\x5f\0"),
    ROW_BARE(feature_disabled, "\1\3\1\x5f\0"),
    ROW_BARE(feature_disabled, "\1\5\1\x60\0\1\x7b"),
    ROW_BARE(feature_disabled, "\xd\1\0"),
    ROW_BARE(feature_disabled, "\xc\1\0"),
    ROW_BARE(feature_disabled, "\5\3\1\4\0"),
    ROW_BARE(feature_disabled, "\5\5\2\0\0\0\0"),
    ROW_BARE(feature_disabled, "\2\x5\1\0\0\x7f\0"),
    ROW_BARE(none, "\4\4\1\x70\0\0"),
};

// Contents of a type section: what may stand below what.
static const Row sub_rows[] = {
    ROW(none, "\2\x50\0\x5f\0\x50\1\0\x5f\0"),
    ROW(sub_type_mismatch, "\2\x4f\0\x5f\0\x50\1\0\x5f\0"),
    ROW(sub_type_mismatch, "\2\x50\0\x5f\0\x50\1\0\x60\0\0"),
    ROW(sub_type_mismatch, "\2\x50\0\x5f\1\x7f\0\x50\1\0\x5f\0"),
    ROW(none, "\2\x50\0\x5f\1\x6d\0\x50\1\0\x5f\1\x6c\0"),
    ROW(sub_type_mismatch, "\2\x50\0\x5f\1\x6d\1\x50\1\0\x5f\1\x6c\1"),
    ROW(sub_type_mismatch, "\2\x50\0\x5f\1\x6c\0\x50\1\0\x5f\1\x6d\0"),
    ROW(none, "\2\x50\0\x60\1\x6c\0\x50\1\0\x60\1\x6d\0"),
    ROW(sub_type_mismatch, "\2\x50\0\x60\1\x6d\0\x50\1\0\x60\1\x6c\0"),
    ROW(none, "\2\x50\0\x60\0\1\x6d\x50\1\0\x60\0\1\x6c"),
    ROW(sub_type_mismatch, "\2\x50\0\x60\0\1\x6c\x50\1\0\x60\0\1\x6d"),
    ROW(sub_type_mismatch, "\2\x50\0\x5f\0\x50\2\0\0\x5f\0"),
    ROW(unknown_type, "\1\x50\1\0\x5f\0"), // below itself
    ROW(unknown_type, "\1\x4e\2\x50\1\1\x5f\0\x50\0\x5f\0"),
};

static void check_row(const Row *row, const u8 *bytes, size_t size, u32 place)
{
    char text[300];
    decode(bytes, size, row->bare ? 0 : features_default | row->plus);
    if (!CHECK(diag.err == row->err))
        printf("row %u: expected %s, found %s at %zu\n", place, err_text[row->err],
               diag_text(&diag, text, sizeof text), diag.offset);
}

static void test_rows(void)
{
    u8 bytes[256];
    memcpy(bytes, HEADER, 8);
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        memcpy(bytes + 8, rows[i].bytes, rows[i].size);
        check_row(&rows[i], bytes, 8 + rows[i].size, i);
    }
    for (u32 i = 0; i < COUNT_OF(sub_rows); i++) {
        bytes[8] = 1;
        bytes[9] = (u8)sub_rows[i].size;
        memcpy(bytes + 10, sub_rows[i].bytes, sub_rows[i].size);
        check_row(&sub_rows[i], bytes, 10 + sub_rows[i].size, i);
    }
}

static void test_header(void)
{
    decode("", 0, features_default);
    CHECK_EQ_U64(diag.err, ERR_unexpected_end);
    Module *none = NULL;
    CHECK(!module_decode(NULL, 0, features_default, store, &none, &diag) && !none);
    CHECK_EQ_U64(diag.err, ERR_unexpected_end);
    decode("\0as", 3, features_default);
    CHECK_EQ_U64(diag.err, ERR_unexpected_end);
    decode("\0asm\1\0\0", 7, features_default);
    CHECK_EQ_U64(diag.err, ERR_unexpected_end);
    decode("wasm\1\0\0\0", 8, features_default);
    CHECK_EQ_U64(diag.err, ERR_magic_header_not_detected);
    decode("\0asm\2\0\0\0", 8, features_default);
    CHECK_EQ_U64(diag.err, ERR_unknown_binary_version);
    decode("\0asm\x0d\0\1\0", 8, features_default);
    CHECK_STR(diag.detail, "this is a component");
    CHECK(decode(HEADER, 8, features_default));
    decode(HEADER "\5\4\1\x8\0\0", 14, features_default);
    CHECK_STR(diag.detail, "custom-page-sizes (switch it on with --features=+custom-page-sizes)");
    CHECK_EQ_U64(diag.offset, 11);
}

// A section of `count` items, each the same bytes; its count says `said`.
static void check_items(Err want, u8 id, u32 said, u32 count, const void *item, size_t size,
                        const char *before)
{
    Arena arena;
    jmp_buf failure;
    arena_init(&arena);
    if (setjmp(failure)) {
        arena_free(&arena);
        CHECK(!"memory");
        return;
    }
    arena.on_failure = &failure;
    Buf content, module;
    buf_init(&content, &arena);
    buf_init(&module, &arena);
    buf_leb_u(&content, said);
    for (u32 i = 0; i < count; i++) buf_bytes(&content, item, size);
    buf_bytes(&module, HEADER, 8);
    if (before) buf_bytes(&module, TYPE_FUNC, 6);
    buf_byte(&module, id);
    buf_leb_u(&module, content.len);
    buf_bytes(&module, content.data, content.len);
    decode(module.data, module.len, features_all);
    if (diag.err != want) printf("section %u, %u items: %s\n", id, said, err_text[diag.err]);
    CHECK(diag.err == want);
    arena_free(&arena);
}
#define CHECK_ITEMS(want, id, count, item, before)                                                 \
    check_items(ERR_##want, id, count, count, item, sizeof(item) - 1, before)

static void test_limits(void)
{
    CHECK_ITEMS(none, 1, 1000000, "\x60\0\0", NULL);
    CHECK_ITEMS(limit_rec_groups, 1, 1000001, "\x60\0\0", NULL);
    CHECK_ITEMS(limit_types, 1, 500001, "\x4e\2\x60\0\0\x60\0\0", NULL);
    CHECK_ITEMS(none, 2, 1000000, "\0\0\0\0", TYPE_FUNC);
    CHECK_ITEMS(limit_imports, 2, 1000001, "\0\0\0\0", TYPE_FUNC);
    CHECK_ITEMS(limit_functions, 3, 1000001, "\0", TYPE_FUNC);
    CHECK_ITEMS(none, 4, 100000, "\x70\0\0", NULL);
    CHECK_ITEMS(limit_tables, 4, 100001, "\x70\0\0", NULL);
    CHECK_ITEMS(limit_tables, 2, 100001, "\0\0\1\x70\0\0", NULL);
    CHECK_ITEMS(none, 5, 100, "\0\0", NULL);
    CHECK_ITEMS(limit_memories, 5, 101, "\0\0", NULL);
    CHECK_ITEMS(limit_memories, 2, 101, "\0\0\2\0\0", NULL);
    CHECK_ITEMS(limit_tags, 13, 1000001, "\0\0", TYPE_FUNC);
    CHECK_ITEMS(limit_globals, 6, 1000001, "\x7f\0\xb", NULL);
    CHECK_ITEMS(limit_exports, 7, 1000001, "\0\0\0", NULL);
    CHECK_ITEMS(limit_data_segments, 11, 100001, "\1\0", NULL);
    CHECK_ITEMS(limit_elem_segments, 9, 10000001, "\1\0\0", NULL);
    // A count that cannot be true is refused before anything is allocated for it.
    for (u8 id = 1; id <= 13; id++)
        if (id != 8 && id != 10 && id != 12)
            check_items(ERR_unexpected_end_of_section, id, UINT32_MAX, 1, "\0\0\0\0", 4, NULL);
    check_items(ERR_inconsistent_code_count, 10, UINT32_MAX, 1, "\0", 1, NULL);
}

// One type with `count` repetitions of an item in it.
static void check_type(Err want, const char *start, u32 count, const void *item, size_t size,
                       const char *end)
{
    static u8 content[12000000];
    size_t len = strlen(start);
    memcpy(content, start, len);
    for (u32 rest = count;; rest >>= 7) {
        content[len++] = (u8)(rest >= 0x80 ? rest | 0x80 : rest);
        if (rest < 0x80) break;
    }
    for (u32 i = 0; i < count; i++, len += size) memcpy(content + len, item, size);
    if (end) content[len++] = 0;
    check_items(want, 1, 1, 1, content, len, NULL);
}

static void test_type_limits(void)
{
    check_type(ERR_none, "\x60", 1000, "\x7f", 1, "\0");
    check_type(ERR_limit_params, "\x60", 1001, "\x7f", 1, "\0");
    check_type(ERR_none, "\x5f", 10000, "\x7f\0", 2, NULL);
    check_type(ERR_limit_struct_fields, "\x5f", 10001, "\x7f\0", 2, NULL);
    check_type(ERR_none, "\x4e", 1000000, "\x5f\0", 2, NULL);
    check_type(ERR_limit_rec_group_size, "\x4e", 1000001, "\x5f\0", 2, NULL);

    // Type i below type i - 1.
    u8 module[600] = HEADER "\1";
    for (u8 count = 64; count <= 65; count++) {
        size_t len = 11;
        module[len++] = count;
        memcpy(module + len, "\x50\0\x5f\0", 4);
        len += 4;
        for (u8 i = 1; i < count; i++, len += 5)
            memcpy(module + len, (u8[]){0x50, 1, i - 1, 0x5f, 0}, 5);
        module[9] = (u8)((len - 11) | 0x80);
        module[10] = (u8)((len - 11) >> 7);
        decode(module, len, features_default);
        CHECK_EQ_U64(diag.err, count == 64 ? ERR_none : ERR_limit_subtype_depth);
    }
}

static void test_long_parts(void)
{
    enum { BODY = 7654321, NAME = 100000 };
    static u8 module[BODY + 100] = HEADER TYPE_FUNC FUNC_1;
    for (u32 size = BODY; size <= BODY + 1; size++) {
        u8 *p = module + 8 + 6 + 4;
        *p++ = 10;
        for (u32 i = 0, n = size + 5; i < 4; i++, n >>= 7)
            *p++ = (u8)((n & 0x7f) | (i < 3 ? 0x80 : 0));
        *p++ = 1;
        for (u32 i = 0, n = size; i < 4; i++, n >>= 7) *p++ = (u8)((n & 0x7f) | (i < 3 ? 0x80 : 0));
        decode(module, (size_t)(p - module) + size, features_default);
        CHECK_EQ_U64(diag.err, size == BODY ? ERR_none : ERR_limit_body_size);
    }
    for (u32 size = NAME; size <= NAME + 1; size++) {
        u8 *p = module + 8;
        *p++ = 0;
        for (u32 i = 0, n = size + 3; i < 3; i++, n >>= 7)
            *p++ = (u8)((n & 0x7f) | (i < 2 ? 0x80 : 0));
        for (u32 i = 0, n = size; i < 3; i++, n >>= 7) *p++ = (u8)((n & 0x7f) | (i < 2 ? 0x80 : 0));
        memset(p, 'x', size);
        decode(module, (size_t)(p - module) + size, features_default);
        CHECK_EQ_U64(diag.err, size == NAME ? ERR_none : ERR_limit_name_length);
    }
    // Limits do not look at more than the size.
    u8 byte = 0;
    Module *m;
    CHECK(!module_decode(&byte, ((size_t)1 << 30) + 1, features_default, store, &m, &diag));
    CHECK_EQ_U64(diag.err, ERR_limit_module_size);
}

// One of everything. Types: 0 [] -> [], 1 [i32] -> [], 2 and 3 a group of structures that name each
// other.
static const struct { u8 id; const char *content; size_t size; } parts[] = {
#define PART(id, content) {id, content, sizeof(content) - 1}
    PART(1, "\3\x60\0\0" "\x60\1\x7f\0" "\x4e\2" "\x50\0\x5f\1\x63\3\0" "\x50\0\x5f\2\x64\2\1\x78\0"),
    PART(0, "\3mid!"),
    PART(2, "\2\1m\1f\0\0" "\1n\0\x7f\2" "\1t\4\0\1" "\1g\3\x7f\1"),
    PART(3, "\3\0\0\0"),
    PART(4, "\2\x70\1\1\2" "\x40\0\x70\0\1\xd2\1\xb"),
    PART(5, "\1\7\1\2"),
    PART(13, "\1\0\1"),
    PART(6, "\1\x70\0\2\x40\xb\xd2\2\xb"),
    PART(7, "\2\1e\0\3\1m\2\0"),
    PART(8, "\1"),
    PART(9, "\x8" "\0\x41\0\xb\1\0" "\1\0\1\1" "\2\1\x41\0\xb\0\1\2" "\3\0\2\0\1"
            "\4\x41\0\xb\1\xd2\0\xb" "\5\x70\1\xd0\x70\xb" "\6\0\x41\0\xb\x70\0" "\7\x70\0"),
    PART(12, "\3"),
    PART(10, "\3\2\0\xb\2\0\xb\2\0\xb"),
    PART(11, "\3\0\x41\0\xb\1x" "\1\0" "\2\0\x41\0\xb\0"),
    PART(0, "\4name" "\0\2\1M" "\1\xb\3\0\1i\1\2hi\1\1x" "\2\0"),
};

static u8 everything[400];
static size_t everything_size;

static void make_everything(void)
{
    memcpy(everything, HEADER, 8);
    everything_size = 8;
    for (u32 i = 0; i < COUNT_OF(parts); i++) {
        everything[everything_size++] = parts[i].id;
        everything[everything_size++] = (u8)parts[i].size;
        memcpy(everything + everything_size, parts[i].content, parts[i].size);
        everything_size += parts[i].size;
    }
}

static void test_everything(void)
{
    Module *m;
    const u8 *bytes = everything;
    size_t size = everything_size;
    if (!CHECK(module_decode(bytes, size, features_default, store, &m, &diag))) {
        char text[300];
        printf("%s at %zu\n", diag_text(&diag, text, sizeof text), diag.offset);
        return;
    }
    CHECK_EQ_U64(m->type_count, 4);
    CHECK_EQ_U64(m->types[3], m->types[2] + 1);
    CHECK_EQ_U64(type_def(store, m->types[2])->fields[0].type, type_ref_to(true, m->types[3]));
    CHECK_EQ_U64(type_def(store, m->types[3])->fields[0].type, type_ref_to(false, m->types[2]));
    CHECK_EQ_U64(type_def(store, m->types[3])->fields[1].type, TYPE_i8);

    CHECK_EQ_U64(m->import_count, 3);
    CHECK_BYTES(m->imports[2].module.data, m->imports[2].module.len, "n", 1);
    CHECK_BYTES(m->imports[2].name.data, m->imports[2].name.len, "g", 1);
    CHECK_EQ_U64(m->imports[1].kind, EXTERN_tag);
    CHECK(import_type(m, &m->imports[2]).global.mutable);
    CHECK_EQ_U64(m->imported_funcs, 1);
    CHECK_EQ_U64(m->func_count, 4);
    CHECK_EQ_U64(m->funcs[0].body.end, 0);
    CHECK_EQ_U64(m->funcs[1].body.end - m->funcs[1].body.start, 2);
    CHECK_EQ_U64(m->funcs[1].body_size_offset, m->funcs[1].body.start - 1);
    CHECK_EQ_U64(m->funcs[3].type, m->types[0]);

    CHECK_EQ_U64(m->table_count, 2);
    CHECK(m->tables[0].type.limits.has_max && m->tables[0].type.limits.max == 2);
    CHECK_EQ_U64(m->tables[0].init.end, 0);
    CHECK_EQ_U64(m->tables[1].init.end - m->tables[1].init.start, 3);
    CHECK(m->memories[0].type.limits.is64 && m->memories[0].type.limits.shared);
    CHECK_EQ_U64(m->memories[0].type.limits.page_log2, 16);
    CHECK_EQ_U64(m->tag_count, 2);
    CHECK_EQ_U64(m->tags[1].type, m->types[1]);
    CHECK_EQ_U64(m->global_count, 2);
    CHECK_EQ_U64(m->globals[1].init.end - m->globals[1].init.start, 6);
    CHECK_EQ_U64(m->export_count, 2);
    CHECK_EQ_U64(m->exports[1].kind, EXTERN_memory);
    CHECK_EQ_U64(m->start, 1);

    CHECK_EQ_U64(m->elem_count, 8);
    static const SegmentMode modes[] = {SEGMENT_active, SEGMENT_passive, SEGMENT_active,
                                        SEGMENT_declarative};
    for (u32 i = 0; i < 8; i++) {
        CHECK_EQ_U64(m->elems[i].mode, modes[i % 4]);
        CHECK_EQ_U64(m->elems[i].of_exprs, i >= 4);
        CHECK_EQ_U64(m->elems[i].type, type_ref(i >= 4, HEAP_func));
    }
    CHECK_EQ_U64(m->elems[2].table, 1);
    CHECK_EQ_U64(m->words[m->elems[3].items + 1], 1);
    CHECK_EQ_U64(bytes[m->elems[4].items_at], 0xd2);
    CHECK_EQ_U64(m->declared[0], 0xf);

    CHECK(m->has_data_count);
    CHECK_EQ_U64(m->data_count, 3);
    CHECK_EQ_U64(m->datas[1].mode, SEGMENT_passive);
    CHECK_BYTES(bytes + m->datas[0].init.start, m->datas[0].init.end - m->datas[0].init.start, "x",
                1);

    CHECK_EQ_U64(m->section_count, 15);
    CHECK_BYTES(section_name(m, &m->sections[1]).data, m->sections[1].name_size, "mid", 3);
    CHECK_EQ_U64(m->sections[1].after, 1);
    CHECK_EQ_U64(m->sections[1].content.end - m->sections[1].content.start, 1);
    CHECK_EQ_U64(bytes[m->sections[2].start], 2);
    CHECK_BYTES(m->names.module.data, m->names.module.len, "M", 1);
    CHECK_EQ_U64(m->names.funcs.count, 2); // the third is out of order
    Bytes name = module_func_name(m, 1);
    CHECK_BYTES(name.data, name.len, "hi", 2);
    name = module_func_name(m, 3);
    CHECK_BYTES(name.data, name.len, "e", 1);
    CHECK_EQ_U64(module_func_name(m, 2).len, 0);

    // The same module again has the same types.
    Module *again;
    if (CHECK(module_decode(bytes, size, features_default, store, &again, &diag))) {
        CHECK_BYTES(again->types, 4 * sizeof(TypeId), m->types, 4 * sizeof(TypeId));
        module_free(again);
    }
    module_free(m);
    CHECK_STR(extern_text[EXTERN_tag], "tag");
}

// Cut anywhere, the module is refused, except where a section ends and nothing is missing yet.
static void test_truncation(void)
{
    size_t accepted = 0;
    for (size_t len = 0; len < everything_size; len++)
        accepted += decode(everything, len, features_default) != NULL;
    CHECK_EQ_U64(accepted, 5); // after the header, the types, `mid` and the imports; and before `name`
}

static void test_flips(void)
{
    u8 bytes[sizeof everything];
    for (size_t i = 0; i < everything_size; i++) {
        for (u32 bits = 1; bits < 256; bits++) {
            if (!check_due((u32)i + bits)) continue;
            memcpy(bytes, everything, everything_size);
            bytes[i] ^= (u8)bits;
            decode(bytes, everything_size, i & 1 ? features_default : features_all);
            u8 class = err_class[diag.err];
            if (class != CLASS_none && class != CLASS_malformed && class != CLASS_invalid &&
                class != CLASS_limit)
                CHECK(!"an error of that class");
        }
    }
}

int main(void)
{
    store = type_store_new();
    if (!CHECK(store)) return check_report();
    test_header();
    test_rows();
    test_limits();
    test_type_limits();
    test_long_parts();
    make_everything();
    test_everything();
    test_truncation();
    test_flips();
    CHECK_EQ_U64(type_store_counts(store).groups, 0); // every module gave its types back
    type_store_free(store);
    return check_report();
}
