// valid_test.c -- the rules that are easy to get wrong, by hand-assembled bodies; what a consumer
// of the walk hears and when; and bodies made to be slow.

#include "check.h"

#include "binary/decode.h"
#include "valid/valid.h"
#include "valid/walk_core.h"

#include <stdlib.h>
#include <time.h>

// ---- Modules in pieces: each is the content of a section, count included

#define BYTES(...) ((Bytes){(const u8[]){__VA_ARGS__}, sizeof((const u8[]){__VA_ARGS__})})
#define BODY(...) .body = BYTES(__VA_ARGS__, 0x0b)

typedef struct {
    Bytes types, tables, memories, tags, globals, exports, elems, locals, body;
    u8 type;          // of function 0; types default to [] -> []
    bool data_count;  // of one passive data segment, which is then there
    const char *features;
} Source;

static TypeStore *store;
static Arena arena;
static Diag diag;

static void section(Buf *out, u8 id, Bytes content)
{
    if (!content.len) return;
    buf_byte(out, id);
    buf_leb_u(out, content.len);
    buf_bytes(out, content.data, content.len);
}

static Bytes assemble(const Source *s)
{
    Buf out, code;
    buf_init(&out, &arena);
    buf_init(&code, &arena);
    buf_bytes(&out, "\0asm\1\0\0\0", 8);
    section(&out, 1, s->types.len ? s->types : BYTES(1, 0x60, 0, 0));
    section(&out, 3, BYTES(1, s->type));
    section(&out, 4, s->tables);
    section(&out, 5, s->memories);
    section(&out, 13, s->tags);
    section(&out, 6, s->globals);
    section(&out, 7, s->exports);
    section(&out, 9, s->elems);
    if (s->data_count) section(&out, 12, BYTES(1));
    buf_byte(&code, 1);
    Bytes locals = s->locals.len ? s->locals : BYTES(0);
    buf_leb_u(&code, locals.len + s->body.len);
    buf_bytes(&code, locals.data, locals.len);
    buf_bytes(&code, s->body.data, s->body.len);
    section(&out, 10, buf_view(&code));
    if (s->data_count) section(&out, 11, BYTES(1, 1, 0));
    return buf_view(&out);
}

static Module *decode(const Source *s)
{
    Features features = features_default;
    Bytes bytes = assemble(s), bad;
    Module *m = NULL;
    diag_init(&diag);
    if (s->features && !CHECK(features_parse(&features, s->features, &bad))) return NULL;
    return module_decode(bytes.data, bytes.len, features, store, &m, &diag) ? m : NULL;
}

static Err verdict(Source s)
{
    Module *m = decode(&s);
    if (m) module_validate(m, &diag);
    module_free(m);
    arena_reset(&arena);
    return diag.err;
}

static const char *message(Source s)
{
    static char text[400];
    verdict(s);
    return diag_text(&diag, text, sizeof text);
}

#define VALID(...) CHECK_STR(err_text[verdict((Source){__VA_ARGS__})], err_text[ERR_none])
#define REFUSED(err, ...) CHECK_STR(err_text[verdict((Source){__VA_ARGS__})], err_text[ERR_##err])
#define MESSAGE(text, ...) CHECK_STR(message((Source){__VA_ARGS__}), text)

enum { I32 = 0x7f, I64 = 0x7e, F32 = 0x7d, F64 = 0x7c, FUNCREF = 0x70, EXTERNREF = 0x6f,
      EMPTY = 0x40 };
enum {
    UNREACHABLE = 0x00, NOP, BLOCK, LOOP, IF, ELSE, END = 0x0b, BR, BR_IF, BR_TABLE, RETURN, CALL,
    DROP = 0x1a, SELECT,
    SELECT_T, LOCAL_GET = 0x20, LOCAL_SET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET, I32_LOAD = 0x28,
    I64_STORE = 0x37, I32_CONST = 0x41,
    I64_CONST, I32_EQZ = 0x45, I32_ADD = 0x6a, I64_ADD = 0x7c, REF_NULL = 0xd0, REF_IS_NULL,
    REF_FUNC, REF_AS_NON_NULL = 0xd4,
    BR_ON_NULL,
};
#define I32_RESULT .types = BYTES(1, 0x60, 0, 1, I32)

// ---- Rules

static void test_operands(void)
{
    VALID(BODY(NOP));
    VALID(I32_RESULT, BODY(I32_CONST, 1, I32_CONST, 2, I32_ADD));
    REFUSED(type_mismatch, I32_RESULT, BODY(NOP));
    REFUSED(type_mismatch, BODY(I32_CONST, 1));
    MESSAGE("type mismatch: i32.add expected i32 for operand 2, found i64",
            BODY(I32_CONST, 1, I64_CONST, 2, I32_ADD, DROP));
    MESSAGE("type mismatch: i32.add expected i32 for operand 1, found nothing",
            BODY(I32_CONST, 1, I32_ADD, DROP));
    MESSAGE("type mismatch: i32.add expected i32 for operand 1, found i64",
            BODY(I64_CONST, 1, I32_CONST, 2, I32_ADD, DROP));
    CHECK_EQ_U64(diag.func, 0);
    CHECK_EQ_U64(diag.offset, 0x1b);
    // A block does not see what is below it.
    REFUSED(type_mismatch, BODY(I32_CONST, 1, BLOCK, EMPTY, DROP, END));
    VALID(BODY(I32_CONST, 1, BLOCK, EMPTY, END, DROP));
    // Parameters of blocks are passed, and a block may take a supertype of what there is.
    VALID(.types = BYTES(2, 0x60, 0, 0, 0x60, 1, I32, 1, I32),
          BODY(I32_CONST, 1, BLOCK, 1, I32_EQZ, END, DROP));
    REFUSED(type_mismatch, .types = BYTES(2, 0x60, 0, 0, 0x60, 1, I32, 1, I32),
            BODY(I64_CONST, 1, BLOCK, 1, DROP, I32_CONST, 1, END, DROP));
}

static void test_unreachable(void)
{
    VALID(BODY(UNREACHABLE, I32_ADD, DROP));
    VALID(I32_RESULT, BODY(UNREACHABLE));
    VALID(I32_RESULT, BODY(UNREACHABLE, I32_CONST, 1, I32_ADD));
    REFUSED(type_mismatch, I32_RESULT, BODY(UNREACHABLE, I64_CONST, 1, I32_ADD));
    REFUSED(type_mismatch, BODY(UNREACHABLE, I32_CONST, 1));
    REFUSED(type_mismatch, I32_RESULT, BODY(UNREACHABLE, I32_CONST, 1, I32_CONST, 1));
    // What a dead frame leaves is typed again behind it.
    REFUSED(type_mismatch, BODY(BLOCK, I32, UNREACHABLE, END, I64_CONST, 1, I64_ADD, DROP));
    // A frame in dead code is checked like any other.
    REFUSED(type_mismatch, BODY(UNREACHABLE, BLOCK, EMPTY, I32_ADD, END));
    VALID(BODY(UNREACHABLE, BLOCK, I32, I32_CONST, 1, END, DROP));
    // References of unknown kind are references.
    VALID(BODY(UNREACHABLE, REF_AS_NON_NULL, DROP));
    VALID(BODY(UNREACHABLE, REF_AS_NON_NULL, REF_IS_NULL, DROP));
    REFUSED(type_mismatch, BODY(UNREACHABLE, REF_AS_NON_NULL, I32_ADD, DROP));
    REFUSED(type_mismatch, BODY(UNREACHABLE, BR_ON_NULL, 0, I32_EQZ, DROP));
    VALID(BODY(UNREACHABLE, SELECT, DROP));
    VALID(BODY(UNREACHABLE, SELECT, I32_CONST, 0, I32_ADD, DROP));
    REFUSED(type_mismatch, BODY(UNREACHABLE, I64_CONST, 0, I32_CONST, 0, SELECT, I32_EQZ, DROP));
}

static void test_branches(void)
{
    VALID(BODY(BLOCK, EMPTY, LOOP, EMPTY, BR, 1, END, END));
    VALID(BODY(BR, 0));
    REFUSED(unknown_label, BODY(BR, 1));
    MESSAGE("unknown label 4; there are 2", BODY(BLOCK, EMPTY, BR, 4, END));
    // A loop's label takes its parameters, a block's its results.
    VALID(BODY(BLOCK, I32, LOOP, I32, BR, 0, END, END, DROP));
    REFUSED(type_mismatch, BODY(BLOCK, I32, BR, 0, END, DROP));
    // br_table: all labels as many operands, also in dead code; types may differ only where
    // anything fits.
    VALID(BODY(BLOCK, EMPTY, BLOCK, EMPTY, I32_CONST, 0, BR_TABLE, 2, 0, 1, 2, END, END));
    REFUSED(type_mismatch, BODY(BLOCK, I32, BLOCK, EMPTY, I32_CONST, 0, BR_TABLE, 1, 0, 1, END,
                                I32_CONST, 0, END, DROP));
    REFUSED(type_mismatch, BODY(BLOCK, I32, BLOCK, EMPTY, UNREACHABLE, BR_TABLE, 1, 0, 1, END,
                                I32_CONST, 0, END, DROP));
    VALID(BODY(BLOCK, I32, BLOCK, F64, UNREACHABLE, BR_TABLE, 1, 0, 1, END, DROP, I32_CONST, 0, END,
               DROP));
    REFUSED(type_mismatch, BODY(BLOCK, I32, BLOCK, F64, I32_CONST, 0, I32_CONST, 0, BR_TABLE, 1, 0,
                                1, END, DROP, I32_CONST, 0, END, DROP));
    REFUSED(unknown_label, BODY(I32_CONST, 0, BR_TABLE, 1, 0, 1));
    REFUSED(length_out_of_bounds, BODY(I32_CONST, 0, BR_TABLE, 0x80, 0x80, 0x80, 0x80, 1, 0));
    // br_if leaves what it would have carried.
    VALID(I32_RESULT, BODY(I32_CONST, 1, I32_CONST, 0, BR_IF, 0));
    // An if without else leaves what it takes.
    REFUSED(type_mismatch, BODY(I32_CONST, 1, IF, I32, I32_CONST, 1, END, DROP));
    VALID(BODY(I32_CONST, 1, IF, I32, I32_CONST, 1, ELSE, UNREACHABLE, END, DROP));
    REFUSED(end_opcode_expected, BODY(BLOCK, EMPTY, ELSE, END));
    REFUSED(end_opcode_expected, BODY(I32_CONST, 1, IF, EMPTY, ELSE, ELSE, END));
}

// Labels of many types, in dead code where only the topmost operand is known: a half of them match
// it. `odd`: one of the others, which is to be refused whatever the types before it were; or 0.
static Err labels_of_many_types(u32 odd)
{
    enum { TYPES = 64, RESULTS = 6 };
    u8 types[4 + TYPES * (3 + RESULTS)] = {TYPES + 1, 0x60, 0, 0}, body[TYPES * 10];
    u8 *at = types + 4;
    for (u32 i = 0; i < TYPES; i++) {
        *at++ = 0x60;
        *at++ = 0;
        *at++ = RESULTS;
        for (u32 bit = RESULTS; bit-- > 0;) *at++ = i >> bit & 1 ? F32 : I32;
    }
    Bytes all = {types, (size_t)(at - types)};
    at = body;
    for (u32 i = 0; i < TYPES; i++) {
        *at++ = BLOCK;
        *at++ = (u8)(0x80 | (i + 1));
        *at++ = 0;
    }
    memcpy(at, (u8[]){UNREACHABLE, I32_CONST, 0, I32_CONST, 0, BR_TABLE}, 6);
    at += 6;
    *at++ = TYPES + (odd != 0);
    if (odd) *at++ = (u8)(TYPES - 1 - odd);
    for (u32 i = 0; i <= TYPES; i++) *at++ = (u8)(TYPES - 1 - 2 * i % TYPES);
    for (u32 i = 0; i < TYPES; i++) {
        *at++ = END;
        *at++ = UNREACHABLE;
    }
    *at++ = END;
    return verdict((Source){.types = all, .body = {body, (size_t)(at - body)}});
}

static void test_labels(void)
{
    CHECK_EQ_U64(labels_of_many_types(0), ERR_none);
    for (u32 odd = 1; odd < 64; odd += 2)
        CHECK_EQ_U64(labels_of_many_types(odd), ERR_type_mismatch);
}

static void test_select(void)
{
    VALID(BODY(I32_CONST, 1, I32_CONST, 2, I32_CONST, 0, SELECT, DROP));
    REFUSED(type_mismatch, BODY(I32_CONST, 1, I64_CONST, 2, I32_CONST, 0, SELECT, DROP));
    REFUSED(type_mismatch, BODY(REF_NULL, FUNCREF, REF_NULL, FUNCREF, I32_CONST, 0, SELECT, DROP));
    VALID(BODY(REF_NULL, FUNCREF, REF_NULL, FUNCREF, I32_CONST, 0, SELECT_T, 1, FUNCREF, DROP));
    REFUSED(type_mismatch,
            BODY(REF_NULL, EXTERNREF, REF_NULL, FUNCREF, I32_CONST, 0, SELECT_T, 1, FUNCREF, DROP));
    REFUSED(invalid_result_arity,
            BODY(I32_CONST, 1, I32_CONST, 2, I32_CONST, 0, SELECT_T, 0, DROP));
    REFUSED(invalid_result_arity,
            BODY(I32_CONST, 1, I32_CONST, 2, I32_CONST, 0, SELECT_T, 2, I32, I32, DROP));
}

// One local of type (ref func), which has no default.
static void test_locals(void)
{
    const Bytes one = BYTES(1, 1, 0x64, FUNCREF), declared = BYTES(1, 1, 'f', 0, 0);
    REFUSED(uninitialized_local, .locals = one, BODY(LOCAL_GET, 0, DROP));
    VALID(.locals = one, .exports = BYTES(1, 1, 'f', 0, 0),
          BODY(REF_FUNC, 0, LOCAL_SET, 0, LOCAL_GET, 0, DROP));
    VALID(.locals = one, .exports = declared,
          BODY(REF_FUNC, 0, LOCAL_TEE, 0, DROP, BLOCK, EMPTY, LOCAL_GET, 0, DROP, END));
    // It is forgotten at the end of the frame, and at else.
    REFUSED(uninitialized_local, .locals = one, .exports = declared,
            BODY(BLOCK, EMPTY, REF_FUNC, 0, LOCAL_SET, 0, END, LOCAL_GET, 0, DROP));
    REFUSED(
        uninitialized_local, .locals = one, .exports = declared,
        BODY(I32_CONST, 1, IF, EMPTY, REF_FUNC, 0, LOCAL_SET, 0, ELSE, LOCAL_GET, 0, DROP, END));
    REFUSED(uninitialized_local, .locals = one, BODY(UNREACHABLE, LOCAL_GET, 0, DROP));
    VALID(.locals = one, BODY(UNREACHABLE, LOCAL_SET, 0, LOCAL_GET, 0, DROP));
    REFUSED(undeclared_function_reference, .locals = one, BODY(REF_FUNC, 0, LOCAL_SET, 0));
    MESSAGE("unknown local 2; there are 1", .locals = BYTES(1, 1, I32), BODY(LOCAL_GET, 2, DROP));
    VALID(.locals = BYTES(2, 0xcf, 0x86, 3, I32, 1, I64), BODY(LOCAL_GET, 0xcf, 0x86, 3, DROP));
    REFUSED(limit_locals, .locals = BYTES(2, 0xd0, 0x86, 3, I32, 1, I64), BODY(NOP));
    REFUSED(limit_locals, .locals = BYTES(1, 0xff, 0xff, 0xff, 0xff, 0x0f, I32), BODY(NOP));
    REFUSED(too_many_locals, .locals = BYTES(2, 0xff, 0xff, 0xff, 0xff, 0x0f, I32, 1, I32),
            BODY(NOP));
    REFUSED(integer_too_large, .locals = BYTES(1, 0xff, 0xff, 0xff, 0xff, 0x1f, I32), BODY(NOP));
    REFUSED(malformed_value_type, .locals = BYTES(1, 1, 0x40), BODY(NOP));
}

static void test_constants(void)
{
    VALID(.globals = BYTES(1, I32, 0, I32_CONST, 1, END), BODY(NOP));
    VALID(.globals = BYTES(1, I32, 0, I32_CONST, 1, I32_CONST, 2, I32_ADD, END), BODY(NOP));
    REFUSED(constant_required, .globals = BYTES(1, I32, 0, I32_CONST, 1, I32_EQZ, END), BODY(NOP));
    REFUSED(constant_required, .globals = BYTES(1, I32, 0, NOP, I32_CONST, 1, END), BODY(NOP));
    REFUSED(constant_required, .globals = BYTES(1, I32, 0, BLOCK, I32, I32_CONST, 1, END, END),
            BODY(NOP));
    REFUSED(constant_required, .features = "-extended-const",
            .globals = BYTES(1, I32, 0, I32_CONST, 1, I32_CONST, 2, I32_ADD, END), BODY(NOP));
    REFUSED(type_mismatch, .globals = BYTES(1, I32, 0, I64_CONST, 1, END), BODY(NOP));
    REFUSED(type_mismatch, .globals = BYTES(1, I32, 0, END), BODY(NOP));
    REFUSED(type_mismatch, .globals = BYTES(1, I32, 0, I32_CONST, 1, I32_CONST, 1, END), BODY(NOP));
    // Earlier globals only, and none that can change.
    VALID(.globals = BYTES(2, I32, 0, I32_CONST, 1, END, I32, 0, GLOBAL_GET, 0, END), BODY(NOP));
    REFUSED(unknown_global, .globals = BYTES(1, I32, 0, GLOBAL_GET, 0, END), BODY(NOP));
    REFUSED(unknown_global,
            .globals = BYTES(2, I32, 0, GLOBAL_GET, 1, END, I32, 0, I32_CONST, 1, END), BODY(NOP));
    REFUSED(constant_required,
            .globals = BYTES(2, I32, 1, I32_CONST, 1, END, I32, 0, GLOBAL_GET, 0, END), BODY(NOP));
    VALID(.globals = BYTES(1, I32, 0, I32_CONST, 1, END), BODY(GLOBAL_GET, 0, DROP));
    REFUSED(global_is_immutable, .globals = BYTES(1, I32, 0, I32_CONST, 1, END),
            BODY(I32_CONST, 1, GLOBAL_SET, 0));
    // Naming a function here declares it.
    VALID(.globals = BYTES(1, FUNCREF, 0, REF_FUNC, 0, END), BODY(REF_FUNC, 0, DROP));
    REFUSED(unknown_function, .globals = BYTES(1, FUNCREF, 0, REF_FUNC, 9, END), BODY(NOP));
}

static void test_memories(void)
{
    const Bytes m32 = BYTES(1, 0, 1), m64 = BYTES(1, 4, 1), both = BYTES(2, 0, 1, 4, 1);
    VALID(.memories = m32, BODY(I32_CONST, 0, I32_LOAD, 2, 0, DROP));
    VALID(.memories = m64, BODY(I64_CONST, 0, I32_LOAD, 2, 0, DROP));
    REFUSED(type_mismatch, .memories = m64, BODY(I32_CONST, 0, I32_LOAD, 2, 0, DROP));
    REFUSED(unknown_memory, BODY(I32_CONST, 0, I32_LOAD, 2, 0, DROP));
    REFUSED(alignment_too_large, .memories = m32, BODY(I32_CONST, 0, I32_LOAD, 3, 0, DROP));
    REFUSED(alignment_too_large, .memories = m32, BODY(I32_CONST, 0, I32_LOAD, 0x3f, 0, DROP));
    REFUSED(malformed_memop_flags, .memories = m32, BODY(I32_CONST, 0, I32_LOAD, 0x80, 1, 0, DROP));
    VALID(.memories = both, BODY(I64_CONST, 0, I32_LOAD, 0x42, 1, 0, DROP));
    REFUSED(type_mismatch, .memories = both, BODY(I32_CONST, 0, I32_LOAD, 0x42, 1, 0, DROP));
    REFUSED(unknown_memory, .memories = both, BODY(I32_CONST, 0, I32_LOAD, 0x42, 2, 0, DROP));
    VALID(.memories = m32, BODY(I32_CONST, 0, I32_LOAD, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, DROP));
    REFUSED(invalid_offset, .memories = m32,
            BODY(I32_CONST, 0, I32_LOAD, 2, 0x80, 0x80, 0x80, 0x80, 0x10, DROP));
    VALID(.memories = m64, BODY(I64_CONST, 0, I32_LOAD, 2, 0x80, 0x80, 0x80, 0x80, 0x10, DROP));
    REFUSED(integer_too_large, .memories = m64,
            BODY(I64_CONST, 0, I32_LOAD, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2,
                 DROP));
    REFUSED(integer_too_long, .memories = m64,
            BODY(I64_CONST, 0, I32_LOAD, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                 0x80, 0, DROP));
    // memory.copy between the two: each address has its memory's type, the length the narrower one.
    VALID(.memories = both, BODY(I64_CONST, 0, I32_CONST, 0, I32_CONST, 0, 0xfc, 10, 1, 0));
    VALID(.memories = both, BODY(I32_CONST, 0, I64_CONST, 0, I32_CONST, 0, 0xfc, 10, 0, 1));
    VALID(.memories = both, BODY(I64_CONST, 0, I64_CONST, 0, I64_CONST, 0, 0xfc, 10, 1, 1));
    REFUSED(type_mismatch, .memories = both,
            BODY(I64_CONST, 0, I32_CONST, 0, I64_CONST, 0, 0xfc, 10, 1, 0));
    REFUSED(type_mismatch, .memories = both,
            BODY(I64_CONST, 0, I64_CONST, 0, I32_CONST, 0, 0xfc, 10, 1, 1));
    // Data segments are counted by their own section.
    VALID(.memories = m32, .data_count = true,
          BODY(I32_CONST, 0, I32_CONST, 0, I32_CONST, 0, 0xfc, 8, 0, 0));
    REFUSED(unknown_data_segment, .memories = m32, .data_count = true, BODY(0xfc, 9, 1));
    REFUSED(data_count_required, .memories = m32, BODY(0xfc, 9, 0));
    REFUSED(memory_size_limit, .memories = BYTES(1, 0, 0x81, 0x80, 4), BODY(NOP));
    REFUSED(size_minimum_exceeds_maximum, .memories = BYTES(1, 1, 2, 1), BODY(NOP));
    REFUSED(shared_memory_needs_maximum, .memories = BYTES(1, 2, 1), BODY(NOP));
    // Atomics: the alignment is exactly the natural one.
    VALID(.memories = m32, BODY(I32_CONST, 0, 0xfe, 0x10, 2, 0, DROP));
    REFUSED(atomic_alignment, .memories = m32, BODY(I32_CONST, 0, 0xfe, 0x10, 1, 0, DROP));
    REFUSED(feature_disabled, .features = "-threads", .memories = m32,
            BODY(I32_CONST, 0, 0xfe, 0x10, 2, 0, DROP));
}

static void test_bytes(void)
{
    REFUSED(illegal_opcode, BODY(0xff));
    MESSAGE("illegal opcode ff", BODY(0xff));
    REFUSED(illegal_opcode, BODY(0xfc, 0x80, 0x80, 1));
    REFUSED(illegal_opcode, BODY(0xfb, 0xff, 0xff, 0xff, 0xff, 0x0f));
    VALID(BODY(I32_CONST, 0, 0xfc, 0x89, 0x80, 0x80, 0x80, 0x00, 0, DROP), .data_count = true); // a long way to say data.drop
    REFUSED(integer_too_long, BODY(I32_CONST, 0x80, 0x80, 0x80, 0x80, 0x80, 0, DROP));
    REFUSED(integer_too_large, BODY(I32_CONST, 0x80, 0x80, 0x80, 0x80, 0x70 - 0x20, DROP));
    VALID(BODY(I32_CONST, 0x80, 0x80, 0x80, 0x80, 0x78, DROP));
    REFUSED(unexpected_end_of_section, .body = BYTES(I32_CONST));
    REFUSED(unexpected_end_of_section, .body = BYTES(NOP));
    REFUSED(section_size_mismatch, BODY(NOP, END));
    REFUSED(malformed_block_type, BODY(BLOCK, 0xc0, 0x7f, END));
    REFUSED(unknown_type, BODY(BLOCK, 7, END));
    MESSAGE(
        "feature is not enabled: i32.extend8_s needs sign-extension (--features=+sign-extension)",
        .features = "-sign-extension", BODY(I32_CONST, 0, 0xc0, DROP));
    REFUSED(invalid_lane_index, BODY(UNREACHABLE, 0xfd, 0x15, 16, DROP));
    REFUSED(duplicate_export, .exports = BYTES(2, 1, 'a', 0, 0, 1, 'a', 0, 0), BODY(NOP));
}

static void test_exceptions(void)
{
    const Bytes types = BYTES(2, 0x60, 0, 0, 0x60, 1, I32, 0), tag = BYTES(1, 0, 1);
    // try_table: a clause's label does not count the block itself.
    VALID(.types = types, .tags = tag,
          BODY(BLOCK, I32, 0x1f, EMPTY, 1, 0, 0, 0, END, UNREACHABLE, END, DROP));
    REFUSED(type_mismatch, .types = types, .tags = tag,
            BODY(BLOCK, I64, 0x1f, EMPTY, 1, 0, 0, 0, END, UNREACHABLE, END, DROP));
    VALID(.types = types, .tags = tag, BODY(0x1f, EMPTY, 1, 2, 0, END));
    REFUSED(unknown_label, .types = types, .tags = tag, BODY(0x1f, EMPTY, 1, 2, 1, END));
    REFUSED(malformed_catch, .types = types, .tags = tag, BODY(0x1f, EMPTY, 1, 4, 0, END));
    REFUSED(unknown_tag, .types = types, .tags = tag, BODY(I32_CONST, 0, 8, 1));
    VALID(.types = types, .tags = tag, BODY(I32_CONST, 0, 8, 0, DROP));
    // The old form.
    VALID(.types = types, .tags = tag, BODY(6, EMPTY, 7, 0, DROP, 9, 0, 0x19, END));
    REFUSED(type_mismatch, .types = types, .tags = tag, BODY(6, EMPTY, 7, 0, END));
    REFUSED(invalid_rethrow_label, .types = types, .tags = tag, BODY(6, EMPTY, 9, 0, END));
    REFUSED(end_opcode_expected, .types = types, .tags = tag,
            BODY(6, EMPTY, 0x19, 7, 0, DROP, END));
    VALID(BODY(6, EMPTY, 0x18, 0));
    REFUSED(unknown_label, BODY(6, EMPTY, 0x18, 1));
}

// ---- What a consumer hears: a recorder of names

typedef struct {
    char text[2000];
    u32 errors; // of what it could see
} Recorder;

static void record(Recorder *r, const WalkState *w, const char *name)
{
    size_t len = strlen(r->text);
    snprintf(r->text + len, sizeof r->text - len, "%s%s:%u", len ? " " : "", name,
             w->operand_count);
    for (u32 i = 0; i < w->operand_count; i++) // never anything unknown
        if (w->operands[i] == TYPE_bottom || w->operands[i] == TYPE_BOTTOM_REF) r->errors++;
}

static void record_frame(Recorder *r, const WalkState *w, const Imm *imm, const char *name)
{
    record(r, w, name);
    strcat(r->text, imm->falls ? "+" : "-");
    if (imm->frame->silent) r->errors++;
}

#define OP(name, text, ...)                                                                        \
    static inline void recorder_##name(Recorder *r, WalkState *w, const Imm *imm)                  \
    {                                                                                              \
        record(r, w, text);                                                                        \
    }
#define PURE(...)
#define PURE2(...)
#define LOAD(...)
#define STORE(...)
#define VECTOR(...)
#define LANE(...)
#define VLOAD(...)
#define VSTORE(...)
#define LOAD_LANE(...)
#define STORE_LANE(...)
#define ATOMIC(...)
#define recorder_end recorder_unused_end
#define recorder_else recorder_unused_else
#include "op/op.def"
#undef recorder_end
#undef recorder_else
static void recorder_end(Recorder *r, WalkState *w, const Imm *imm)
{
    record_frame(r, w, imm, "end");
}
static void recorder_else(Recorder *r, WalkState *w, const Imm *imm)
{
    record_frame(r, w, imm, "else");
}
static void recorder_begin(Recorder *r, WalkState *w)
{
    record(r, w, w->local_count == 2 ? "begin" : "begin?");
}
#define RECORD(hook, ...)                                                                          \
    static void recorder_##hook(Recorder *r, WalkState *w, __VA_ARGS__)                            \
    {                                                                                              \
        record(r, w, op_info[op].text);                                                            \
    }
RECORD(pure, Op op)
RECORD(pure2, Op op)
RECORD(vector, Op op)
RECORD(lane, Op op, const Imm *imm)
RECORD(load, Op op, const Imm *imm)
RECORD(store, Op op, const Imm *imm)
RECORD(vload, Op op, const Imm *imm)
RECORD(vstore, Op op, const Imm *imm)
RECORD(load_lane, Op op, const Imm *imm)
RECORD(store_lane, Op op, const Imm *imm)
RECORD(atomic, Op op, const Imm *imm)
#define WALK_NAME recorder
#define WALK_CONTEXT Recorder
#include "valid/walk.h"

static const char *heard(Source s)
{
    static Recorder r;
    WalkState w;
    r = (Recorder){0};
    s.locals = BYTES(1, 2, I32);
    Module *m = decode(&s);
    if (!CHECK(m != NULL)) return "";
    walk_init(&w, m, &arena, &diag);
    CHECK(recorder_walk_func(&r, &w, 0));
    CHECK_EQ_U64(r.errors, 0);
    module_free(m);
    arena_reset(&arena);
    return r.text;
}

#define HEARD(text, ...) CHECK_STR(heard((Source){__VA_ARGS__}), text)

// name:height of the stack after it; + or - whether the code before an else or end falls into it
static void test_hooks(void)
{
    HEARD("begin:0 local.get:1 i32.const:2 i32.add:1 local.set:0 end:0+",
          BODY(LOCAL_GET, 0, I32_CONST, 1, I32_ADD, LOCAL_SET, 1));
    HEARD("begin:0 local.get:1 if:0 i32.const:1 else:0+ unreachable:0 end:1- drop:0 end:0+",
          BODY(LOCAL_GET, 0, IF, I32, I32_CONST, 1, ELSE, UNREACHABLE, END, DROP));
    // After a branch nothing is heard, frames and their ends included, up to the end of the frame
    // it is in.
    HEARD("begin:0 block:0 br:0 end:0- nop:0 end:0+",
          BODY(BLOCK, EMPTY, BR, 0, NOP, BLOCK, I32, I32_CONST, 1, I32_EQZ, END, DROP, I32_CONST, 1,
               IF, EMPTY, NOP, ELSE, NOP, END, END, NOP));
    HEARD("begin:0 return:0 end:0-", BODY(RETURN, BLOCK, EMPTY, LOOP, EMPTY, BR, 1, END, END));
    HEARD("begin:0 block:0 local.get:1 if:0 br:0 end:0- end:0+ end:0+",
          BODY(BLOCK, EMPTY, LOCAL_GET, 0, IF, EMPTY, BR, 1, END, END));
    // Both parts of an if end in branches: its end still is heard, and what follows is reached by
    // type.
    HEARD("begin:0 block:0 local.get:1 if:0 br:0 else:0- br:0 end:0- nop:0 end:0+ end:0+",
          BODY(BLOCK, EMPTY, LOCAL_GET, 0, IF, EMPTY, BR, 1, NOP, ELSE, BR, 1, NOP, END, NOP, END));
    HEARD("begin:0 block:0 block:0 local.get:1 br_table:0 end:0- end:0+ end:0+",
          BODY(BLOCK, EMPTY, BLOCK, EMPTY, LOCAL_GET, 0, BR_TABLE, 1, 0, 1, NOP, END, END));
    HEARD("begin:0 local.get:1 i32.load:1 drop:0 end:0+", .memories = BYTES(1, 0, 1),
          BODY(LOCAL_GET, 0, I32_LOAD, 2, 0, DROP));
    HEARD("begin:0 try:0 nop:0 catch:1 drop:0 rethrow:0 catch_all:0 end:0+ end:0+",
          .types = BYTES(2, 0x60, 0, 0, 0x60, 1, I32, 0), .tags = BYTES(1, 0, 1),
          BODY(6, EMPTY, NOP, 7, 0, DROP, 9, 0, NOP, 0x19, END));
    HEARD("begin:0 unreachable:0 end:0-",
          BODY(UNREACHABLE, 6, EMPTY, NOP, 0x19, NOP, END, 6, EMPTY, 0x18, 0));
}

// ---- Bodies made to be slow

static double seconds(Source s)
{
    Module *m = decode(&s);
    double best = 1e9;
    if (!CHECK(m != NULL)) return best;
    for (int i = 0; i < 3; i++) {
        clock_t start = clock();
        CHECK(module_validate(m, &diag));
        double took = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (took < best) best = took;
    }
    module_free(m);
    arena_reset(&arena);
    return best;
}

static Source nest(u32 depth)
{
    Buf body;
    buf_init(&body, &arena);
    for (u32 i = 0; i < depth; i++) buf_bytes(&body, (const u8[]){BLOCK, EMPTY}, 2);
    for (u32 i = 0; i <= depth; i++) buf_byte(&body, END);
    return (Source){.body = buf_view(&body)};
}

// 1000 values, and blocks that pass them all on, one in the other.
static Source wide_nest(u32 depth)
{
    Buf types, body;
    buf_init(&types, &arena);
    buf_init(&body, &arena);
    buf_bytes(&types, (const u8[]){2, 0x60, 0, 0, 0x60, 0xe8, 7}, 7);
    for (u32 i = 0; i < 1000; i++) buf_byte(&types, I32);
    buf_bytes(&types, (const u8[]){0xe8, 7}, 2);
    for (u32 i = 0; i < 1000; i++) buf_byte(&types, I32);
    for (u32 i = 0; i < 1000; i++) buf_bytes(&body, (const u8[]){I32_CONST, 0}, 2);
    for (u32 i = 0; i < depth; i++) buf_bytes(&body, (const u8[]){BLOCK, 1}, 2);
    for (u32 i = 0; i < depth; i++) buf_byte(&body, END);
    for (u32 i = 0; i < 1000; i++) buf_byte(&body, DROP);
    buf_byte(&body, END);
    return (Source){.types = buf_view(&types), .body = buf_view(&body)};
}

// br_table to many labels of a thousand operands.
static Source wide_table(u32 tables)
{
    Source s = wide_nest(0);
    Buf body;
    buf_init(&body, &arena);
    for (u32 t = 0; t < tables; t++) {
        buf_bytes(&body, (const u8[]){UNREACHABLE, LOOP, 1, I32_CONST, 0, BR_TABLE, 0xa0, 0x9c, 1},
                  9);
        for (u32 i = 0; i <= 20000; i++) buf_byte(&body, 0);
        buf_byte(&body, END);
        for (u32 i = 0; i < 1000; i++) buf_byte(&body, DROP);
    }
    buf_byte(&body, END);
    s.body = buf_view(&body);
    return s;
}

static void test_slow(void)
{
    double half = seconds(nest(500000)), whole = seconds(nest(1000000));
    CHECK(whole < 3 * half + 0.05);
    CHECK(seconds(wide_nest(100000)) < 2);
    CHECK(seconds(wide_table(100)) < 2);
}

// Data segments are looked at last, behind bodies.
static void test_data(void)
{
    Module *m;
    const Bytes bytes = BYTES(0, 'a', 's', 'm', 1, 0, 0, 0, 11, 6, 1, 0, 0x41, 0, 0x0b, 0);
    CHECK(module_decode(bytes.data, bytes.len, features_default, store, &m, &diag));
    CHECK(!module_validate(m, &diag));
    CHECK_EQ_U64(diag.err, ERR_unknown_memory);
    module_free(m);
}

int main(void)
{
    jmp_buf failure;
    store = type_store_new();
    arena_init(&arena);
    arena.on_failure = &failure;
    if (!CHECK(!setjmp(failure))) return check_report();
    test_operands();
    test_unreachable();
    test_branches();
    test_labels();
    test_select();
    test_locals();
    test_constants();
    test_memories();
    test_bytes();
    test_exceptions();
    test_hooks();
    test_data();
    test_slow();
    arena_free(&arena);
    CHECK_EQ_U64(type_store_counts(store).groups, 0); // every module gave its types back
    type_store_free(store);
    return check_report();
}
