// component.c -- see component.h.

#include "script/component.h"

#include "component/binary/component.h"
#include "text/component/parse.h"

bool script_component_read(Arena *arena, ModuleForm *form, size_t start, size_t end,
                           Features features, Bytes *out, Diag *diag)
{
    TextModule text;
    *out = form->binary;
    if (out->data) return true;
    if (form->definition && !form->quote) form->start = start, form->end = end;
    if (!component_text_parse(arena, form->text, form->start, form->end, !form->quote, features,
                              NULL, &text, diag))
        return false;
    *out = text.bytes;
    return true;
}

ScriptComponent script_component(Arena *arena, const char *src, size_t start, size_t end,
                                 Features features, ModuleForm *form, Diag *diag)
{
    // Nothing but the word tells its form from a module's.
    diag_init(diag);
    if (!form_module(arena, src, start, end, form)) return SCRIPT_COMPONENT_unread;
    if (form->instance) return SCRIPT_COMPONENT_runs;
    Bytes bytes;
    if (!script_component_read(arena, form, start, end, features, &bytes, diag))
        return SCRIPT_COMPONENT_refused;
    TypeStore *types = type_store_new();
    Component *c = NULL;
    if (types) c = component_load(bytes.data, bytes.len, features, types, NULL, diag);
    else diag_fail(diag, ERR_out_of_memory, 0, "for the component");
    ScriptComponent what = !c                  ? SCRIPT_COMPONENT_refused
                           : c->instance_count || c->starts ? SCRIPT_COMPONENT_runs
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

bool script_component_bytes(Arena *arena, const char *src, const Command *command,
                            Features features, Bytes *out, Diag *diag)
{
    ModuleForm form;
    Lexer l;
    Diag ignored;
    size_t start = command->start, end = command->end;
    diag_init(&ignored);
    lexer_init(&l, src, start, end, &ignored);
    if (command->kind != COMMAND_component) {
        lexer_next(&l), lexer_next(&l);
        if (!script_of_component(&l)) return false;
        lexer_next(&l);
        start = l.token.start;
        if (!lexer_skip_form(&l)) return false;
        end = l.token.start + 1;
    }
    return form_module(arena, src, start, end, &form) && !form.instance &&
           script_component_read(arena, &form, start, end, features, out, diag);
}
