// text.c -- any text becomes bytes or an error at a line and column. What the parser writes is
// well-formed, unless the text gave the bytes itself; and a verdict on it can be put back into the
// text.
// Hazards: R44.

#include "fuzz.h"

#include "binary/decode.h"
#include "text/parse.h"
#include "valid/valid.h"

static bool gives_bytes(const u8 *data, size_t size)
{
    static const char *const words[] = {"binary", "@custom"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (memmem(data, size, words[i], strlen(words[i]))) return true;
    return false;
}

static void check_place(const Diag *d, size_t size)
{
    MUST(d->err != ERR_none && d->offset <= size);
    MUST(d->line >= 1 && d->column >= 1);
}

static void load(Engine *e, const TextModule *text, const u8 *data, size_t size)
{
    Diag diag;
    Module *m = engine_load(e, text->bytes.data, text->bytes.len, &diag);
    if (!m) {
        MUST(gives_bytes(data, size) || err_class[diag.err] != CLASS_malformed);
        text_diag_map(&diag, text, (const char *)data, size);
        check_place(&diag, size);
    }
    engine_unload(m);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Arena arena, again;
    TextModule text, second;
    Diag diag, diag2;
    Engine *e = engine_new(features_all);
    arena_init(&arena);
    arena_init(&again);
    diag_init(&diag);
    diag_init(&diag2);
    const char *src = (const char *)data;
    bool good = text_parse(&arena, src, 0, size, e->features, NULL, &text, &diag);
    MUST(text_parse(&again, src, 0, size, e->features, NULL, &second, &diag2) == good);
    MUST(same_diag(&diag, &diag2));
    if (good) {
        MUST(text.bytes.len == second.bytes.len);
        MUST(!text.bytes.len || !memcmp(text.bytes.data, second.bytes.data, text.bytes.len));
        load(e, &text, data, size);
    } else {
        check_place(&diag, size);
    }
    arena_free(&arena);
    arena_free(&again);
    engine_free(e);
    return 0;
}
