// check.c -- does a component survive being text? See text/print/check.h.

#include "component/print/print.h"
#include "text/component/parse.h"

#include <string.h>

typedef struct {
    Bytes bytes;
    Features features;
    const PrintOptions *options;
    Arena first, second, parsed;
    Diag *diag;
} Check;

// Who prints holds memory of its own, so nothing may jump past it.
static bool keep(void *env, const void *text, size_t len)
{
    Buf *kept = env;
    jmp_buf failed;
    kept->arena->on_failure = &failed;
    if (setjmp(failed)) return false;
    buf_bytes(kept, text, len);
    return true;
}

static bool print(const Check *c, Bytes bytes, Buf *text)
{
    bool good = component_print(bytes, c->features, c->options, keep, text, c->diag);
    if (!good && c->diag->err == ERR_none) diag_fail(c->diag, ERR_out_of_memory, 0, "%s", "");
    return good;
}

static bool parse(Check *c, const Buf *text, TextModule *out)
{
    return component_text_parse(&c->parsed, (const char *)text->data, 0, text->len, true,
                                c->features, NULL, out, c->diag);
}

static RoundTrip check(Check *c)
{
    Buf text, again;
    TextModule back, twice;
    buf_init(&text, &c->first);
    buf_init(&again, &c->second);
    if (!print(c, c->bytes, &text)) return ROUND_TRIP_refused;
    if (!parse(c, &text, &back)) return ROUND_TRIP_fails;
    if (bytes_same(back.bytes, c->bytes)) return ROUND_TRIP_same;
    if (!print(c, back.bytes, &again)) return ROUND_TRIP_fails;
    if (bytes_same(buf_view(&text), buf_view(&again))) return ROUND_TRIP_fixpoint;
    if (c->options->offsets) { // which are others then
        if (!parse(c, &again, &twice)) return ROUND_TRIP_fails;
        if (bytes_same(back.bytes, twice.bytes)) return ROUND_TRIP_fixpoint;
    }
    size_t at = 0;
    while (at < MIN(text.len, again.len) && text.data[at] == again.data[at]) at++;
    diag_fail(c->diag, ERR_unexpected_token, at,
              "printed again it differs from %zu on: \"%.*s\", \"%.*s\"", at,
              (int)MIN(text.len - at, 30), text.data + at, (int)MIN(again.len - at, 30),
              again.data + at);
    return ROUND_TRIP_fails;
}

RoundTrip component_round_trip(Bytes bytes, Features features, const PrintOptions *options,
                               Diag *diag)
{
    Check c = {.bytes = bytes, .features = features, .options = options, .diag = diag};
    diag_init(diag);
    arena_init(&c.first);
    arena_init(&c.second);
    arena_init(&c.parsed);
    RoundTrip result = check(&c);
    arena_free(&c.first);
    arena_free(&c.second);
    arena_free(&c.parsed);
    return result;
}
