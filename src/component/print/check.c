// check.c -- does a component survive being text? See text/print/check.h.

#include "component/print/print.h"
#include "text/component/parse.h"

static bool print(Bytes bytes, Features features, const PrintOptions *options, Buf *text,
                  Diag *diag)
{
    bool good = component_print(bytes, features, options, round_trip_keep, text, diag);
    if (!good && diag->err == ERR_none) diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    return good;
}

static bool parse(Arena *arena, Bytes text, Features features, TextModule *out, Diag *diag)
{
    return component_text_parse(arena, (const char *)text.data, 0, text.len, true, features, NULL,
                                out, diag);
}

RoundTrip component_round_trip(Bytes bytes, Features features, const PrintOptions *options,
                               Diag *diag)
{
    static const RoundTripForm form = {.print = print, .parse = parse};
    return round_trip(&form, bytes, features, options, diag);
}
