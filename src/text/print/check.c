// check.c -- see check.h.

#include "text/print/check.h"

#include "base/buf.h"
#include "binary/decode.h"
#include "binary/encode.h"
#include "text/parse.h"

#include <string.h>

// Who prints holds memory of its own, so nothing may jump past it.
bool round_trip_keep(void *env, const void *text, size_t len)
{
    Buf *kept = env;
    jmp_buf failed;
    kept->arena->on_failure = &failed;
    if (setjmp(failed)) return false;
    buf_bytes(kept, text, len);
    return true;
}

bool text_of_module(Bytes bytes, Features features, const PrintOptions *options, Buf *text,
                    Diag *diag)
{
    Module *m = NULL;
    TypeStore *types = type_store_new_distinct();
    bool good = types ? module_decode(bytes.data, bytes.len, features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (good) good = module_print(m, options, round_trip_keep, text, diag);
    if (!good && diag->err == ERR_none) diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    module_free(m);
    type_store_free(types);
    return good;
}

static bool same(Bytes a, Bytes b) { return a.len == b.len &&
                                    (!a.len || !memcmp(a.data, b.data, a.len)); }

// An import of one of the compact forms, which are not kept by module_encode.
static bool is_compact(const Import *import)
{
    const u8 *end = import->module.data + import->module.len;
    return end[0] == 0 && (end[1] == 0x7f || end[1] == 0x7e);
}

// What the assembler made is canonical, so the encoder makes the same of it.
static bool encodes_alike(const Module *m, Bytes bytes, Buf *again, Diag *diag)
{
    const Edit nothing = {0};
    for (u32 i = 0; i < m->import_count; i++)
        if (is_compact(&m->imports[i])) return true;
    if (!module_encode(m, &nothing, again, diag)) return false;
    return same(buf_view(again), bytes) ||
           diag_fail(diag, ERR_unexpected_token, 0, "%s", "it is encoded to other bytes");
}

static bool check_encoder(Bytes bytes, Features features, Buf *again, Diag *diag)
{
    Module *m = NULL;
    TypeStore *types = type_store_new_distinct();
    bool good = types ? module_decode(bytes.data, bytes.len, features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (good) good = encodes_alike(m, bytes, again, diag);
    module_free(m);
    type_store_free(types);
    return good;
}

static bool parse_module(Arena *arena, Bytes text, Features features, TextModule *out, Diag *diag)
{
    return text_parse(arena, (const char *)text.data, 0, text.len, features, NULL, out, diag);
}

// ---- There and back

typedef struct {
    const RoundTripForm *form;
    Bytes bytes;
    Features features;
    const PrintOptions *options;
    Arena first, second, parsed;
    Diag *diag;
} Check;

static bool print(const Check *c, Bytes bytes, Buf *text)
{
    return c->form->print(bytes, c->features, c->options, text, c->diag);
}

static bool parse(Check *c, const Buf *text, TextModule *out)
{
    return c->form->parse(&c->parsed, buf_view(text), c->features, out, c->diag);
}

static RoundTrip check(Check *c)
{
    Buf text, again;
    TextModule back, twice;
    buf_init(&text, &c->first);
    buf_init(&again, &c->second);
    if (!print(c, c->bytes, &text)) return ROUND_TRIP_refused;
    if (!parse(c, &text, &back)) return ROUND_TRIP_fails;
    if (c->form->good && !c->form->good(back.bytes, c->features, &again, c->diag))
        return ROUND_TRIP_fails;
    if (same(back.bytes, c->bytes)) return ROUND_TRIP_same;
    again.len = 0;
    if (!print(c, back.bytes, &again)) return ROUND_TRIP_fails;
    if (same(buf_view(&text), buf_view(&again))) return ROUND_TRIP_fixpoint;
    if (c->options->offsets) { // which are others then
        if (!parse(c, &again, &twice)) return ROUND_TRIP_fails;
        if (same(back.bytes, twice.bytes)) return ROUND_TRIP_fixpoint;
    }
    size_t at = 0;
    while (at < MIN(text.len, again.len) && text.data[at] == again.data[at]) at++;
    diag_fail(c->diag, ERR_unexpected_token, at,
              "printed again it differs from %zu on: \"%.*s\", \"%.*s\"", at,
              (int)MIN(text.len - at, 30), text.data + at, (int)MIN(again.len - at, 30),
              again.data + at);
    return ROUND_TRIP_fails;
}

RoundTrip round_trip(const RoundTripForm *form, Bytes bytes, Features features,
                     const PrintOptions *options, Diag *diag)
{
    Check c = {form, bytes, features, options, .diag = diag};
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

RoundTrip module_round_trip(Bytes bytes, Features features, const PrintOptions *options, Diag *diag)
{
    static const RoundTripForm form = {text_of_module, parse_module, check_encoder};
    return round_trip(&form, bytes, features, options, diag);
}

// Whatever comes back, the encoder makes the same of: check_encoder sees to it. True, too, where it
// cannot be found out.
static bool encoder_makes_same(const Module *m)
{
    const Edit nothing = {0};
    Arena arena;
    Buf again;
    Diag ignored;
    for (u32 i = 0; i < m->import_count; i++)
        if (is_compact(&m->imports[i])) return true;
    diag_init(&ignored);
    arena_init(&arena);
    buf_init(&again, &arena);
    bool encoded = module_encode(m, &nothing, &again, &ignored);
    bool alike = !encoded || same(buf_view(&again), (Bytes){m->bytes, m->size});
    arena_free(&arena);
    return alike;
}

bool module_comes_back(const Module *m, Features features)
{
    static const PrintOptions plain = {0};
    Diag ignored;
    return encoder_makes_same(m) && module_round_trip((Bytes){m->bytes, m->size}, features, &plain,
                                                      &ignored) == ROUND_TRIP_same;
}
