// component.c -- see component.h.

#include "script/component.h"

#include "component/binary/component.h"
#include "text/component/parse.h"

ScriptComponent script_component(Arena *arena, const char *src, size_t start, size_t end,
                                 Features features, ModuleForm *form, Diag *diag)
{
    // Nothing but the word tells its form from a module's.
    diag_init(diag);
    if (!form_module(arena, src, start, end, form)) return SCRIPT_COMPONENT_unread;
    if (form->instance) return SCRIPT_COMPONENT_runs;
    Bytes bytes = form->binary;
    TextModule text;
    if (form->definition && !form->quote) form->start = start, form->end = end;
    if (!bytes.data && !component_text_parse(arena, form->text, form->start, form->end,
                                             !form->quote, features, NULL, &text, diag))
        return SCRIPT_COMPONENT_refused;
    if (!bytes.data) bytes = text.bytes;
    TypeStore *types = type_store_new();
    Component *c = NULL;
    if (types) c = component_load(bytes.data, bytes.len, features, types, NULL, diag);
    else diag_fail(diag, ERR_out_of_memory, 0, "for the component");
    ScriptComponent what = !c                  ? SCRIPT_COMPONENT_refused
                           : c->instance_count ? SCRIPT_COMPONENT_runs
                                               : SCRIPT_COMPONENT_done;
    component_free(c);
    type_store_free(types);
    return what;
}

bool script_of_component(const Lexer *l)
{
    Lexer ahead = *l;
    return lexer_next(&ahead).kind == TOKEN_open &&
           token_is(l->src, lexer_next(&ahead), "component");
}
