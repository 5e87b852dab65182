// component_test.c -- components put together by hand: what is read, every way to be refused, and
// that it makes no difference in which pieces they arrive.

#include "check.h"
#include "component/binary/component.h"

#include <stdlib.h>

#define HEADER "\0asm\x0d\0\1\0"
#define MODULE "\1\x8\0asm\1\0\0\0"
// A module whose function f has a type, and which has a memory and a realloc.
#define LIB                                                                                        \
    "\1\x3a\0asm\1\0\0\0\1\xc\2\x60\0\0\x60\4\x7f\x7f\x7f\x7f\1\x7f"             \
    "\3\3\2\0\1\5\3\1\0\1\7\xd\3\1f\0\0\1m\2\0\1r\0\1\xa\x9\2\2\0\xb\4\0\x41\0\xb"
#define INSTANCE "\2\4\1\0\0\0"
#define FUNC_F "\6\7\1\0\0\1\0\1f"
#define MEMORY "\6\7\1\0\2\1\0\1m"
#define TYPE_FUNC "\7\5\1\x40\0\1\0"
#define IMPORT_VALUE "\xa\7\1\0\1v\2\1\x73"
#define IMPORT_START "\7\x8\1\x40\1\1x\x73\1\0\xa\6\1\0\1s\1\0"

typedef struct {
    Err err;
    const char *bytes; // after the header
    size_t size;
    Features plus;
} Row;
#define ROW(err, bytes) {ERR_##err, bytes, sizeof(bytes) - 1, 0}
#define ROW_WITH(feature, err, bytes)                                                              \
    {ERR_##err, bytes, sizeof(bytes) - 1, FEATURE_BIT(FEATURE_##feature)}

static const Row rows[] = {
    ROW(none, ""),
    ROW(none, "\0\3\2hi"),
    ROW(none, MODULE),
    ROW(none, MODULE INSTANCE),
    ROW(none, "\4\x8" HEADER),
    ROW(none, LIB INSTANCE FUNC_F MEMORY TYPE_FUNC "\x8\6\1\0\0\0\0\0"),
    ROW(malformed_section_id, "\xd\0"),
    ROW(length_out_of_bounds, "\0\5\5ab"),
    ROW(length_out_of_bounds, "\4\x7" HEADER),
    ROW(length_out_of_bounds, "\4\xb" HEADER "\0\5\1"),
    ROW(section_size_mismatch, "\7\3\1\x73\0"),
    ROW(unexpected_end_of_section, "\7\1\1\x73"),
    ROW(unknown_binary_version, "\4\x8\0asm\1\0\0\0"),
    ROW(magic_header_not_detected, "\1\x8\0ASM\1\0\0\0"),
    ROW(unknown_binary_version, "\1\x8" HEADER),
    ROW(feature_disabled, "\x9\4\0\0\0\0"),
    // Types
    ROW(malformed_component_type, "\7\2\1\x5f"),
    ROW(unknown_definition, "\7\3\1\x70\5"),
    ROW(component_kind, "\7\7\2\x40\0\1\0\x70\0"),
    ROW(component_kind, "\7\4\2\x7d\x69\0"),
    ROW(component_type, "\7\3\1\x6f\0"),
    ROW(component_type, "\7\4\1\x66\1\x74"),
    ROW(component_name, "\7\6\1\x6d\1\2""aB"),
    ROW(component_conflict, "\7\7\1\x6d\2\1a\1A"),
    ROW(zero_byte_expected, "\7\7\1\x71\1\1a\0\1"),
    ROW(feature_disabled, "\7\4\1\x67\x7d\1"),
    ROW_WITH(cm_fixed_length_lists, none, "\7\4\1\x67\x7d\1"),
    ROW_WITH(cm_fixed_length_lists, component_type, "\7\4\1\x67\x7d\0"),
    ROW(component_type, "\7\4\1\x63\x76\x7d"),
    ROW(none, "\7\4\1\x63\x73\x7d"),
    ROW(component_type, "\7\x7\1\x42\1\1\x3f\x7f\0"),
    ROW(component_type, "\3\5\1\x50\1\1\x50"),
    // Imports and exports
    ROW(none, TYPE_FUNC "\xa\6\1\0\1a\1\0"),
    ROW(component_name, TYPE_FUNC "\xa\6\1\0\1_\1\0"),
    ROW(component_conflict, TYPE_FUNC "\xa\xb\2\0\1a\1\0\0\1A\1\0"),
    ROW(malformed_component_extern, TYPE_FUNC "\xa\6\1\7\1a\1\0"),
    ROW(malformed_sort, TYPE_FUNC "\xa\6\1\0\1a\6\0"),
    ROW(unknown_definition, "\xb\7\1\0\1a\1\0\0"),
    // Instances and aliases
    ROW(malformed_instance, "\2\3\1\2\0"),
    ROW(unknown_definition, "\5\4\1\0\0\0"),
    ROW(component_argument, "\4\x17" HEADER TYPE_FUNC "\xa\6\1\0\1a\1\0" "\5\4\1\0\0\0"),
    ROW(malformed_alias, MODULE INSTANCE "\6\7\1\0\0\7\0\1f"),
    ROW(unknown_definition, MODULE INSTANCE FUNC_F),
    ROW(component_kind, LIB INSTANCE "\6\7\1\0\2\1\0\1f"),
    ROW(component_alias, "\7\4\1\x3f\x7f\0\4\xf" HEADER "\6\5\1\3\2\1\0"),
    ROW(unknown_definition, "\6\5\1\3\2\1\0"),
    // Canonical definitions
    ROW(malformed_canon, "\x8\2\1\x50"),
    ROW(canon_type, LIB INSTANCE "\6\7\1\0\0\1\0\1r" TYPE_FUNC "\x8\6\1\0\0\0\0\0"),
    ROW(canon_option, LIB INSTANCE FUNC_F TYPE_FUNC "\x8\x8\1\0\0\0\2\0\0\0"),
    ROW(canon_option, LIB INSTANCE FUNC_F TYPE_FUNC "\x8\x8\1\0\0\0\1\4\0\0"),
    ROW(canon_option, LIB INSTANCE FUNC_F TYPE_FUNC "\x8\x7\1\0\0\0\1\6\0"),
    ROW(canon_type, "\x8\4\1\xa\x7f\2"),
    ROW(none, "\x8\4\1\xa\x7f\1"),
    ROW(feature_disabled, "\x8\3\1\6\1"),
    ROW_WITH(cm_more_async, none, "\x8\3\1\6\1"),
    ROW(component_kind, "\7\2\1\x7d\x8\3\1\3\0"),
    ROW(none, "\7\4\1\x3f\x7f\0\x8\5\2\3\0\2\0"),
    // Values
    ROW(feature_disabled, IMPORT_VALUE),
    ROW_WITH(cm_values, value_use, IMPORT_VALUE),
    ROW_WITH(cm_values, none, IMPORT_VALUE "\xb\7\1\0\1b\2\0\0"),
    ROW_WITH(cm_values, value_use, IMPORT_VALUE "\xb\xd\2\0\1b\2\0\0\0\1c\2\0\0"),
    ROW_WITH(cm_values, unknown_definition, "\xb\7\1\0\1b\2\0\0"),
    ROW(feature_disabled, IMPORT_START "\x9\3\0\0\0"),
    ROW_WITH(cm_values, component_mismatch, IMPORT_START "\x9\3\0\0\0"),
    ROW_WITH(cm_values, component_mismatch, IMPORT_START IMPORT_VALUE "\x9\4\0\1\0\1"),
    ROW_WITH(cm_values, none, IMPORT_START IMPORT_VALUE "\x9\4\0\1\0\0"),
    ROW_WITH(cm_values, multiple_start, IMPORT_START IMPORT_VALUE "\x9\4\0\1\0\0\x9\3\0\0\0"),
};

static TypeStore *store;

static Err load(const u8 *bytes, size_t size, Features features, Diag *diag)
{
    u8 *copy = malloc(size ? size : 1); // of exactly its size, for the sanitizer
    memcpy(copy, bytes, size);
    Component *c = component_load(copy, size, features, store, NULL, diag);
    CHECK_EQ_U64(c != NULL, diag->err == ERR_none);
    component_free(c);
    free(copy);
    return diag->err;
}

static void load_pieces(const u8 *bytes, size_t size, Features features, const Diag *want)
{
    Diag diag;
    u8 *room = calloc(1, size + 1);
    ComponentDecoder *d = component_decoder_new(room, features, store, NULL);
    for (size_t at = 0; at <= size; at++) {
        if (at) room[at - 1] = bytes[at - 1];
        if (!component_decoder_feed(d, at, at == size, &diag)) break;
    }
    CHECK_EQ_U64(diag.err, want->err);
    CHECK_EQ_U64(diag.offset, want->offset);
    CHECK_STR(diag.detail, want->detail);
    component_decoder_free(d);
    free(room);
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const Row *r = &rows[i];
        u8 bytes[300];
        Diag diag;
        memcpy(bytes, HEADER, 8);
        memcpy(bytes + 8, r->bytes, r->size);
        Features features = features_default | r->plus;
        if (!CHECK_EQ_U64(load(bytes, r->size + 8, features, &diag), r->err))
            printf("    row %zu: %s: %s at 0x%zx\n", i, err_text[diag.err], diag.detail,
                   diag.offset);
        CHECK(diag.offset <= r->size + 8);
        load_pieces(bytes, r->size + 8, features, &diag);
    }
}

static void test_head(void)
{
    Diag diag;
    for (u32 i = 0; i < 8; i++)
        CHECK_EQ_U64(load((const u8 *)HEADER, i, features_default, &diag), ERR_unexpected_end);
    CHECK_EQ_U64(load((const u8 *)HEADER, 8, 0, &diag), ERR_feature_disabled);
    CHECK(component_is((const u8 *)HEADER, 8));
    CHECK(!component_is((const u8 *)HEADER, 7));
}

// What core types were interned is given back.
static void test_nothing_stays(void)
{
    Diag diag;
    TypeCounts before = type_store_counts(store);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        u8 bytes[300];
        memcpy(bytes, HEADER, 8);
        memcpy(bytes + 8, rows[i].bytes, rows[i].size);
        load(bytes, rows[i].size + 8, features_all, &diag);
    }
    CHECK_EQ_U64(type_store_counts(store).groups, before.groups);
}

int main(void)
{
    store = type_store_new();
    test_head();
    test_nothing_stays();
    test_rows();
    type_store_free(store);
    return check_report();
}
