// roundtrip.c -- any module that can be printed, valid or not, comes back: to the same bytes, or to
// others that print as the same text; and so does its skeleton. What a sink does not want is not
// written twice; nothing in the text would move a terminal.

#include "fuzz.h"

#include "base/utf8.h"
#include "binary/decode.h"
#include "module/describe.h"
#include "text/parse.h"
#include "text/print/check.h"

static bool look(void *env, const void *text, size_t len)
{
    size_t *left = env;
    const u8 *s = text;
    for (size_t i = 0, n; i < len; i += n) {
        u32 c = 0;
        n = utf8_decode(s + i, len - i, &c);
        MUST(n && (c == '\n' || !terminal_obeys(c)));
    }
    if (len > *left) return false;
    *left -= len;
    return true;
}

static bool look_at_line(void *env, u32 offset, const void *text, size_t len)
{
    return look(env, text, len);
}

static void list(const u8 *data, size_t size, Features features)
{
    TypeStore *types = type_store_new();
    Module *m;
    Diag diag;
    if (module_decode(data, size, features, types, &m, &diag)) {
        size_t few = size, many = SIZE_MAX;
        PrintOptions options = {.fold = size & 1};
        diag_init(&diag);
        bool whole = module_print(m, &options, look, &many, &diag);
        MUST(whole == (diag.err == ERR_none));
        module_print(m, &options, look, &few, &diag);
        many = SIZE_MAX;
        MUST(module_list_bodies(m, DIAG_NO_FUNC, look_at_line, &many, &diag) || diag.err != ERR_none);
    }
    module_free(m);
    type_store_free(types);
}

// Of which the bytes are others; they are made of text that comes back.
static void skeleton(Bytes bytes, Features features)
{
    const PrintOptions options = {.skeleton = true};
    Arena arena, parsed;
    Buf text;
    Diag diag;
    TextModule back;
    arena_init(&arena);
    arena_init(&parsed);
    buf_init(&text, &arena);
    if (text_of_module(bytes, features, &options, &text, &diag))
        MUST(text_parse(&parsed, (const char *)text.data, 0, text.len, features, NULL, &back, &diag));
    arena_free(&arena);
    arena_free(&parsed);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    for (u32 i = 0; i < 6; i++) {
        const PrintOptions options = {.fold = i & 1, .offsets = i & 2, .name_unnamed = i & 4};
        Diag diag;
        RoundTrip r = module_round_trip((Bytes){data, size}, features_all, &options, &diag);
        if (r == ROUND_TRIP_refused) {
            MUST(diag.err != ERR_none);
            break;
        }
        if (r == ROUND_TRIP_fails) fprintf(stderr, "%s %s\n", err_text[diag.err], diag.detail);
        MUST(r != ROUND_TRIP_fails);
    }
    list(data, size, features_all);
    skeleton((Bytes){data, size}, features_all);
    return 0;
}
