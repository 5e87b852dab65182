// reload_test.c -- an engine that loads ever new modules, whose types are all different: each gives
// back what it took, whether it was valid, invalid, malformed, only validated, or instantiated.
// Hazards: R68, R84.

#include "api/api.h"
#include "check.h"
#include "memory.h"
#include "weft.h"

#include <stdio.h>
#include <stdlib.h>

enum { FEW = MEMORY_SHOWS ? 10000 : 2000, MANY = MEMORY_SHOWS ? 200000 : 2000 };
enum { GROWTH = 1 << 20 }; // bytes

static weft_engine *engine;
static weft_diag diag;

typedef struct { unsigned char bytes[400]; size_t size; } Text;

static void put(Text *t, const char *bytes, size_t size)
{
    memcpy(t->bytes + t->size, bytes, size);
    t->size += size;
}
#define PUT(t, text) put((t), (text), sizeof(text) - 1)

// As many parameters as a number has bits, i32 or i64.
static void put_params(Text *t, uint32_t number)
{
    PUT(t, "\x60\x20");
    for (uint32_t i = 0; i < 32; i++) put(t, number >> i & 1 ? "\x7f" : "\x7e", 1);
    PUT(t, "\0");
}

typedef enum { VALID, BAD_TYPE, BAD_SUPER, BAD_INDEX, BAD_BODY, BAD_END, KINDS } Kind;
static const char *const errors[KINDS] = {"", "malformed_value_type", "sub_type_mismatch",
                                          "unknown_type", "type_mismatch", "malformed_section_id"};

// Types of its own, that name each other and one that all modules share; a function and an import.
static void make(Text *t, uint32_t number, Kind kind)
{
    t->size = 0;
    PUT(t, "\0asm\1\0\0\0\1\0\5");
    put_params(t, number);                                             // 0
    PUT(t, "\x50\0\x5f\1\x63\0\0");                                    // 1, an open structure
    // 2, below 1, and 3: one group
    PUT(t, "\x4e\2\x50\1\1\x5f\2\x63\0\0\x63\3\1\x5e\x63\2\0");
    PUT(t, "\x60\0\0");                                                // 4
    if (kind == BAD_TYPE) PUT(t, "\x60\1\x20\0");
    else if (kind == BAD_SUPER) PUT(t, "\x50\1\2\x5f\0");
    else if (kind == BAD_INDEX) PUT(t, "\x5f\2\x63\1\0\x63\7\0");
    else PUT(t, "\x50\1\2\x5f\3\x63\0\0\x63\3\1\x63\4\1");             // 5, below 2
    t->bytes[9] = (unsigned char)(t->size - 10);
    PUT(t, "\2\7\1\1h\1f\0\0\3\2\1\4\7\5\1\1g\0\1\xa");
    if (kind == BAD_BODY) PUT(t, "\5\1\3\0\x6a\xb");
    else PUT(t, "\4\1\2\0\xb");
    if (kind == BAD_END) PUT(t, "\x77\0");
}

static TypeCounts counts(void) { return type_store_counts(engine->engine->types); }

static weft_status ignore(void *env, weft_caller *caller, weft_slot *slots) { return WEFT_OK; }

// A store with functions and a tag of the host's, whose types are its own.
static void run(weft_module *m, uint32_t number)
{
    char signature[40] = "";
    weft_instance inst;
    weft_func g;
    weft_tag tag;
    weft_store *s = weft_store_new(engine, NULL, &diag);
    weft_linker *l = s ? weft_linker_new(engine, &diag) : NULL;
    if (!CHECK(l != NULL)) return;
    for (uint32_t i = 0; i < 32; i++) strcat(signature, number >> i & 1 ? "i" : "l");
    strcat(signature, ":");
    CHECK(weft_linker_func(l, "h", "f", signature, ignore, NULL, NULL, &diag) == WEFT_OK);
    signature[0] = 'f';
    CHECK(weft_func_new(s, signature, ignore, NULL, NULL, &g, &diag) == WEFT_OK);
    signature[0] = 'd';
    CHECK(weft_tag_new(s, signature, &tag, &diag) == WEFT_OK);
    if (CHECK(weft_instantiate(s, m, l, &inst, &diag) == WEFT_OK) &&
        CHECK(weft_instance_func(s, inst, "g", &g, &diag) == WEFT_OK))
        CHECK(weft_call(s, g, NULL, 0, NULL, 0, &diag) == WEFT_OK);
    CHECK_EQ_U64(counts().groups, 7); // the module's five, and two of the host
    weft_linker_free(l);
    weft_store_free(s);
}

static void reload(uint32_t number)
{
    Kind kind = number % 2 ? VALID : (Kind)(1 + number / 2 % (KINDS - 1));
    Text text;
    make(&text, number, kind);
    CHECK((weft_validate(engine, text.bytes, text.size, &diag) == WEFT_OK) == (kind == VALID));
    if (kind != VALID) CHECK_STR(diag.name, errors[kind]);
    weft_module *m = weft_module_new(engine, text.bytes, text.size, &diag);
    CHECK((m != NULL) == (kind == VALID));
    if (m) {
        CHECK_EQ_U64(counts().groups, 5);
        if (number % 5 == 0) run(m, number);
    }
    weft_module_free(m);
    TypeCounts left = counts();
    if (left.groups || left.free != left.ids) CHECK_EQ_U64(left.groups, 0);
}

int main(void)
{
    engine = weft_engine_new("all", &diag);
    if (!CHECK(engine)) return check_report();
    uint32_t many = check_full() ? MANY : FEW;
    for (uint32_t i = 0; i < many / 10; i++) reload(i);
    TypeCounts before = counts();
    long at = memory_resident();
    for (uint32_t i = many / 10; i < many; i++) reload(i);
    long growth = memory_resident() - at;
    CHECK_EQ_U64(counts().ids, before.ids);
    if (MEMORY_SHOWS && !CHECK(growth < GROWTH)) printf("grew by %ld KiB\n", growth >> 10);
    weft_engine_free(engine);
    return check_report();
}
