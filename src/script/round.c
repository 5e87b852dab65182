// round.c -- what a command has goes to text and back, in every way that it can be printed.

#include "component/binary/component.h"
#include "component/print/print.h"
#include "script/component.h"
#include "script/form.h"
#include "script/state.h"

#include <stdio.h>

static Verdict fail(Script *s, const char *what, const char *why)
{
    snprintf(s->why, sizeof s->why, "%s%s", what, why);
    return FAIL;
}

// What cannot be read is none to print; but what is short of memory has not been tried.
static Verdict nothing(Script *s, const Diag *diag)
{
    if (diag->err == ERR_out_of_memory) return fail(s, err_text[diag->err], "");
    s->skip = "no module in it that can be read";
    return SKIP;
}

static bool module_valid(Script *s, Bytes bytes, Diag *diag)
{
    Module *m = s->ops->load(s->executor, bytes, diag);
    bool valid = m != NULL;
    s->ops->unload(s->executor, m);
    return valid;
}

static bool component_valid(Script *s, Bytes bytes, Diag *diag)
{
    TypeStore *types = type_store_new();
    Component *c = types ? component_load(bytes.data, bytes.len, s->features, types, NULL, diag)
                         : NULL;
    if (!types) diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    bool valid = c != NULL;
    component_free(c);
    type_store_free(types);
    return valid;
}

// Only what is not valid may refuse to be printed.
static Verdict come_back(Script *s, Bytes bytes, bool component, bool valid)
{
    Diag diag;
    for (u32 i = 0; i < 6; i++) {
        const PrintOptions options = {.fold = i & 1, .offsets = i & 2, .name_unnamed = i & 4};
        char what[80], text[200];
        if (component && i & 4) break; // identifiers would be names then
        RoundTrip r = (component ? component_round_trip : module_round_trip)(bytes, s->features,
                                                                             &options, &diag);
        if (r == ROUND_TRIP_refused && !valid) return nothing(s, &diag);
        if (r >= ROUND_TRIP_fails) {
            snprintf(what, sizeof what, "round trip%s%s%s: ", i & 1 ? ", folded" : "",
                     i & 2 ? ", with offsets" : "", i & 4 ? ", all named" : "");
            return fail(s, what, diag_text(&diag, text, sizeof text));
        }
        if (!i) *(r == ROUND_TRIP_same ? &s->result->same : &s->result->fixpoint) += 1;
    }
    return PASS;
}

Verdict script_round_trip(Script *s)
{
    ModuleForm form;
    Bytes bytes;
    Diag diag;
    diag_init(&diag);
    bool component = script_component_bytes(&s->arena, s->src, &s->command, s->features, &bytes,
                                            &diag);
    if (!component && (diag.err != ERR_none ||
                       !form_find(&s->arena, s->src, &s->command, &form) ||
                       !form_bytes(&s->arena, &form, s->features, &bytes, &diag)))
        return nothing(s, &diag);
    bool valid = component ? component_valid(s, bytes, &diag) : module_valid(s, bytes, &diag);
    if (diag.err == ERR_out_of_memory) return nothing(s, &diag);
    return come_back(s, bytes, component, valid);
}
