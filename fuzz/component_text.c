// component_text.c -- any text becomes the bytes of a component or an error at a line and column.
// What the assembler writes is well-formed, unless the text gave the bytes itself, and comes back
// byte for byte when it is printed; a verdict on it can be put back into the text.
// Hazards: R44, R70.

#include "fuzz.h"

#include "component/binary/component.h"
#include "component/print/print.h"
#include "text/component/parse.h"

static bool gives_bytes(const u8 *data, size_t size)
{
    static const char *const words[] = {"binary", "@custom", "@dylink"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (memmem(data, size, words[i], strlen(words[i]))) return true;
    return false;
}

static void check_place(const Diag *d, size_t size)
{
    MUST(d->err != ERR_none && d->offset <= size);
    MUST(d->line >= 1 && d->column >= 1);
}

static void load(const TextModule *text, const u8 *data, size_t size)
{
    TypeStore *types = type_store_new();
    Diag diag;
    Component *c = component_load(text->bytes.data, text->bytes.len, features_all, types, NULL,
                                  &diag);
    if (!c) {
        MUST(gives_bytes(data, size) || err_class[diag.err] != CLASS_malformed ||
             diag.err == ERR_feature_disabled);
        text_diag_map(&diag, text, (const char *)data, size);
        check_place(&diag, size);
    }
    component_free(c);
    type_store_free(types);
}

static void print(const TextModule *text, bool given)
{
    static const PrintOptions plain = {0};
    Diag diag;
    RoundTrip r = component_round_trip(text->bytes, features_all, &plain, &diag);
    if (r == ROUND_TRIP_fails) fprintf(stderr, "%s %s\n", err_text[diag.err], diag.detail);
    MUST(r != ROUND_TRIP_fails);
    MUST(given || r == ROUND_TRIP_same || r == ROUND_TRIP_refused);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Arena arena, again;
    TextModule text, second;
    Diag diag, diag2;
    arena_init(&arena);
    arena_init(&again);
    diag_init(&diag);
    diag_init(&diag2);
    const char *src = (const char *)data;
    bool whole = text_is_component(src, 0, size);
    bool good = component_text_parse(&arena, src, 0, size, whole, features_all, NULL, &text, &diag);
    MUST(component_text_parse(&again, src, 0, size, whole, features_all, NULL, &second, &diag2) ==
         good);
    MUST(same_diag(&diag, &diag2));
    if (good) {
        for (u32 i = 1; i < text.map_count; i++)
            MUST(text.map[i - 1].binary <= text.map[i].binary);
        MUST(bytes_same(text.bytes, second.bytes));
        load(&text, data, size);
        print(&text, gives_bytes(data, size));
    } else {
        check_place(&diag, size);
    }
    arena_free(&arena);
    arena_free(&again);
    return 0;
}
