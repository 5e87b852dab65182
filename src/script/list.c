// list.c -- see list.h.

#include "script/list.h"

#include "base/map.h"
#include "engine/engine.h"
#include "script/form.h"

#include <stdio.h>
#include <string.h>

// What a module exports is looked up for the types of results that a script does not write down.
typedef struct Known {
    struct Known *older;
    Module *module;         // NULL: it is not valid, or a component
    bool component;
    Map exports;            // name -> index
} Known;

typedef struct {
    const char *src;
    Features features;
    Arena arena;
    Engine *engine;
    Known *modules;         // newest first
    const Known *latest;
    Map ids;                // name -> index into `named`
    const Known **named;
    u32 named_count, named_cap;
    size_t seen;            // lines were counted up to here
    u32 line, column;
    Command command;
    ScriptItemHook *hook;
    void *env;
    ScriptListed *listed;
} List;

bool script_value(ScriptValues *values, Expected *out)
{
    if (values->broken || lexer_next(&values->at).kind != TOKEN_open) {
        values->broken = values->broken || values->at.token.kind != TOKEN_close;
        return false;
    }
    values->broken = !read_expected(&values->at, out);
    return !values->broken;
}

// Places are asked for in their order, so each part of the script is looked at once.
static void locate(List *s, size_t at)
{
    u32 line, column;
    if (at < s->seen) return;
    text_line_column(s->src + s->seen, at - s->seen, &line, &column);
    s->column = line == 1 ? s->column + column - 1 : column;
    s->line += line - 1;
    s->seen = at;
}

static bool broken(List *s, const char *what)
{
    locate(s, s->command.start);
    s->listed->line = s->line;
    s->listed->column = s->column;
    snprintf(s->listed->why, sizeof s->listed->why, "%s", what);
    return false;
}

// ---- What modules export

// From now on this is what the name means, and no name.
static Known *know(List *s, Bytes id)
{
    Known *known = NEW(&s->arena, Known);
    known->older = s->modules;
    s->modules = known;
    s->latest = known;
    map_init(&known->exports, &s->arena);
    if (!id.data) return known;
    const u32 *at = map_get(&s->ids, id.data, id.len);
    if (!at) map_add(&s->ids, id.data, id.len, s->named_count);
    if (at) s->named[*at] = known;
    else ARENA_PUSH(&s->arena, s->named, s->named_count, s->named_cap) = known;
    return known;
}

static void know_module(List *s, Bytes id, Bytes bytes)
{
    Diag ignored;
    Known *known = know(s, id);
    const Module *m = known->module = engine_load(s->engine, bytes.data, bytes.len, &ignored);
    for (u32 i = 0; m && i < m->export_count; i++)
        map_add(&known->exports, m->exports[i].name.data, m->exports[i].name.len, i);
}

static const Known *known_as(const List *s, Bytes id)
{
    if (!id.data) return s->latest;
    const u32 *at = map_get(&s->ids, id.data, id.len);
    return at ? s->named[*at] : NULL;
}

static void find_types(const Known *known, ScriptItem *item)
{
    const u32 *at = known ? map_get(&known->exports, item->field.data, item->field.len) : NULL;
    if (!at) return;
    const Module *m = known->module;
    const Export *e = &m->exports[*at];
    if (e->kind == EXTERN_func) {
        const TypeDef *type = type_def(m->store, m->funcs[e->index].type);
        item->types = type_results(type);
        item->type_count = type->result_count;
    } else if (e->kind == EXTERN_global) {
        item->types = &m->globals[e->index].type.type;
        item->type_count = 1;
    }
}

// ---- Commands

static bool list_module(List *s, ScriptItem *item)
{
    ModuleForm form;
    Diag diag;
    char text[380];
    if (s->command.kind == COMMAND_inline) form_find(&s->arena, s->src, &s->command, &form);
    else if (!form_module(&s->arena, s->src, s->command.start, s->command.end, &form))
        return broken(s, "cannot read the module's form");
    item->type = form.definition ? "module_definition"
                 : form.instance ? "module_instance"
                                 : "module";
    item->id = form.id;
    item->base = form.base;
    if (form.instance) {
        know(s, form.id); // what it exports need not be known
        return true;
    }
    diag_init(&diag);
    item->file = SCRIPT_FILE_binary;
    if (!form_bytes(&s->arena, &form, s->features, &item->bytes, &diag))
        return broken(s, diag_text(&diag, text, sizeof text));
    know_module(s, form.id, item->bytes);
    return true;
}

static bool list_register(List *s, Lexer *l, ScriptItem *item)
{
    item->type = "register";
    if (lexer_next(l).kind != TOKEN_string) return broken(s, "cannot read the name");
    item->as = token_string(&s->arena, l->src, l->token);
    lexer_next(l);
    form_id(&s->arena, l, &item->id);
    return true;
}

// The lexer is at the word; it ends up at the parenthesis that closes the action.
static bool list_action(List *s, Lexer *l, ScriptItem *item)
{
    bool get = token_is(l->src, l->token, "get");
    if (!get && !token_is(l->src, l->token, "invoke")) return broken(s, "cannot read the action");
    item->action = get ? "get" : "invoke";
    lexer_next(l);
    form_id(&s->arena, l, &item->of);
    const Known *known = known_as(s, item->of);
    if (known && known->component) {
        item->type = NULL;
        return true;
    }
    if (l->token.kind != TOKEN_string) return broken(s, "cannot read the action's name");
    item->field = token_string(&s->arena, l->src, l->token);
    item->arguments.at = *l;
    while (lexer_next(l).kind == TOKEN_open)
        if (!lexer_skip_form(l)) return broken(s, "cannot read an argument");
    find_types(known, item);
    return l->token.kind == TOKEN_close || broken(s, "cannot read the arguments");
}

static bool list_bare_action(List *s, Lexer *l, ScriptItem *item)
{
    item->type = "action";
    return list_action(s, l, item);
}

static void take_text(List *s, Lexer *l, ScriptItem *item)
{
    if (lexer_next(l).kind == TOKEN_string) item->text = token_string(&s->arena, l->src, l->token);
}

// In the words of the script, where it is not to be a module or cannot become one.
static bool take_module(List *s, const ModuleForm *form, bool malformed, ScriptItem *item)
{
    Diag diag;
    diag_init(&diag);
    bool text = !form->binary.data && (malformed || form->quote);
    item->file = SCRIPT_FILE_binary;
    if (!text && form_bytes(&s->arena, form, s->features, &item->bytes, &diag)) return true;
    item->file = SCRIPT_FILE_text;
    item->bytes = (Bytes){(const u8 *)form->text + form->start, form->end - form->start};
    return diag.err != ERR_out_of_memory || broken(s, err_text[diag.err]);
}

static bool list_about_module(List *s, Lexer *l, const char *type, ScriptItem *item)
{
    ModuleForm form;
    item->type = type;
    if (l->token.kind != TOKEN_open) lexer_next(l);
    if (!form_operand_module(&s->arena, l, &form)) return broken(s, "cannot read the module");
    item->base = form.base;
    bool malformed = !strncmp(type, "assert_malformed", 16);
    if (!form.instance && !take_module(s, &form, malformed, item)) return false;
    take_text(s, l, item);
    return true;
}

static bool list_about_action(List *s, Lexer *l, const char *type, ScriptItem *item)
{
    item->type = type;
    lexer_next(l);
    if (!list_action(s, l, item)) return false;
    if (!item->type) return true;
    item->returns = s->command.kind == COMMAND_assert_return;
    item->results.at = *l;
    if (!item->returns) take_text(s, l, item);
    return true;
}

// An assertion is about an action or about a module.
static bool list_assertion(List *s, Lexer *l, ScriptItem *item)
{
    static const char *const of_action[] = {
#define COMMAND(name) [COMMAND_##name] = #name,
#include "script/command.def"
    };
    if (lexer_next(l).kind != TOKEN_open) return broken(s, "cannot read what it is about");
    locate(s, l->token.start);
    item->line = s->line;
    Lexer ahead = *l;
    CommandKind kind = s->command.kind;
    bool about_action = kind == COMMAND_assert_return || kind == COMMAND_assert_exception ||
                        kind == COMMAND_assert_suspension;
    bool module = token_is(l->src, lexer_next(&ahead), "module") && !about_action;
    const char *type = of_action[kind];
    if (module && (kind == COMMAND_assert_trap || kind == COMMAND_assert_exhaustion))
        type = "assert_uninstantiable";
    return module ? list_about_module(s, l, type, item) : list_about_action(s, l, type, item);
}

// The lexer is at the word.
static void list_component(List *s, Lexer *l)
{
    Bytes id = {0};
    bool definition = token_is(l->src, lexer_next(l), "definition");
    if (definition || token_is(l->src, l->token, "instance")) lexer_next(l);
    form_id(&s->arena, l, &id);
    if (!definition) know(s, id)->component = true;
}

static bool is_left_out(List *s, Lexer *l)
{
    Lexer ahead = *l;
    CommandKind kind = s->command.kind;
    if (kind == COMMAND_component) list_component(s, l);
    if (kind == COMMAND_component || kind == COMMAND_thread || kind == COMMAND_wait) return true;
    return lexer_next(&ahead).kind == TOKEN_open &&
           token_is(l->src, lexer_next(&ahead), "component");
}

static bool list_command(List *s)
{
    Diag diag;
    Lexer l;
    ScriptItem item = {0};
    bool good;
    locate(s, s->command.start);
    item.line = s->line;
    if (s->command.kind == COMMAND_unknown) return broken(s, "no command of this name");
    diag_init(&diag);
    lexer_init(&l, s->src, s->command.start, s->command.end, &diag);
    if (s->command.kind != COMMAND_inline) lexer_next(&l), lexer_next(&l); // "(" and the word
    if (s->command.kind != COMMAND_inline && is_left_out(s, &l)) {
        s->listed->left_out++;
        return true;
    }
    switch (s->command.kind) {
    case COMMAND_inline: case COMMAND_module: good = list_module(s, &item); break;
    case COMMAND_register: good = list_register(s, &l, &item); break;
    case COMMAND_invoke: case COMMAND_get: good = list_bare_action(s, &l, &item); break;
    default: good = list_assertion(s, &l, &item); break;
    }
    if (!good) return false;
    s->listed->left_out += !item.type; // an action on a component
    return !item.type || s->hook(s->env, &item) || broken(s, "");
}

static bool list_commands(List *s, size_t len)
{
    CommandReader reader;
    char text[380];
    commands_init(&reader, s->src, len);
    while (command_next(&reader, &s->command)) {
        if (s->command.kind == COMMAND_broken)
            return broken(s, reader.diag.err ? diag_text(&reader.diag, text, sizeof text)
                                             : "cannot read a command");
        if (!list_command(s)) return false;
    }
    return true;
}

bool script_list(const char *src, size_t len, Features features, ScriptItemHook *hook, void *env,
                 ScriptListed *listed)
{
    List s = {.src = src, .features = features, .line = 1, .column = 1, .hook = hook, .env = env,
              .listed = listed};
    jmp_buf failed;
    *listed = (ScriptListed){0};
    s.engine = engine_new(features);
    if (!s.engine) return false;
    bool volatile good = false;
    arena_init(&s.arena);
    s.arena.on_failure = &failed;
    map_init(&s.ids, &s.arena);
    if (!setjmp(failed)) good = list_commands(&s, len);
    for (Known *k = s.modules; k; k = k->older) engine_unload(k->module);
    arena_free(&s.arena);
    engine_free(s.engine);
    return good;
}
