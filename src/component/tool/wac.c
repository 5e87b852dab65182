// wac.c -- see wac.h. Expressions recurse, MOST_DEPTH deep; nothing else does.

#include "component/tool/wac.h"

#include "component/wit/resolver.h"

#include <stdio.h>

enum { MOST_DEPTH = 100 };

typedef struct {
    WitParser p;
    Wac *wac;
    Arena *arena;
    WitNode *first, **end;    // items of the package
    WitNode *world, **within; // wac_world, and where its items end
} Reader;

static WitSpot spot(const Reader *r, u32 at) { return (WitSpot){r->p.l.file, at}; }

// A word that is none of WIT's.
static bool at_own(const Reader *r, const char *word)
{
    const WitToken *t = &r->p.l.token;
    return t->kind == LEX_id && bytes_are(t->text, word) && r->p.l.file->src[t->at] != '%';
}

static bool eat_own(Reader *r, const char *word)
{
    if (!at_own(r, word)) return false;
    wit_lexer_next(&r->p.l);
    return true;
}

// Three dots.
static bool at_dots(const Reader *r)
{
    const WitLexer *l = &r->p.l;
    return wit_at_mark(&r->p, '.') && l->file->size - l->pos >= 2 &&
           !memcmp(l->file->src + l->pos, "..", 2);
}

static bool eat_dots(Reader *r)
{
    if (!at_dots(r)) return false;
    for (u32 i = 0; i < 3; i++) wit_lexer_next(&r->p.l);
    return true;
}

static Bytes take_string(Reader *r)
{
    Bytes text = wit_string(&r->p.l, &r->p.l.token);
    wit_lexer_next(&r->p.l);
    return text;
}

static bool at_string(const Reader *r) { return r->p.l.token.kind == LEX_string; }

// ---- Expressions

static WacExpr *take_expr(Reader *r);

static WacExpr *expr_new(Reader *r, WacExprKind kind, u32 at)
{
    WacExpr *e = NEW(r->arena, WacExpr);
    e->kind = kind;
    e->at = at;
    return e;
}

static WacArg take_arg(Reader *r)
{
    WacArg a = {.kind = WAC_inferred, .at = r->p.l.token.at};
    if (eat_dots(r)) {
        a.kind = r->p.l.token.kind == LEX_id ? WAC_spread : WAC_rest;
        a.at = a.kind == WAC_spread ? r->p.l.token.at : a.at;
        if (a.kind == WAC_spread) a.name = wit_expect_id(&r->p, "the name of an instance", NULL);
        return a;
    }
    a.exact = at_string(r);
    a.name = a.exact ? take_string(r) : wit_expect_id(&r->p, "an argument", NULL);
    if (a.exact || wit_at_mark(&r->p, ':')) {
        wit_expect_mark(&r->p, ':');
        a.kind = WAC_named;
        a.value = take_expr(r);
    }
    return a;
}

// new a:b@1.0.0 { c, d: e, ...f, ... }
static WacExpr *take_new(Reader *r)
{
    WacExpr *e = expr_new(r, WAC_new, r->p.l.token.at);
    WitVersion version = {0};
    Bytes space = wit_expect_id(&r->p, "the namespace of a package", NULL);
    wit_expect_mark(&r->p, ':');
    Bytes name = wit_expect_id(&r->p, "the name of a package", NULL);
    wit_take_path_version(&r->p, &version);
    e->name = wit_package_text(r->arena, space, name, &version);
    ARENA_PUSH(r->arena, r->wac->news, r->wac->new_count, r->wac->new_cap) = e;
    wit_expect_mark(&r->p, '{');
    while (!wit_eat_mark(&r->p, '}')) {
        WacArg a = take_arg(r);
        ARENA_PUSH(r->arena, e->args, e->arg_count, e->arg_cap) = a;
        bool more = wit_eat_mark(&r->p, ',');
        if (a.kind == WAC_rest && !wit_at_mark(&r->p, '}'))
            wit_fail(r->p.wit, spot(r, a.at), ERR_unexpected_token, "\"...\" stands last");
        if (more) continue;
        wit_expect_mark(&r->p, '}');
        break;
    }
    return e;
}

static WacExpr *take_postfix(Reader *r, WacExpr *of)
{
    u32 at = r->p.l.token.at;
    WacExpr *e = expr_new(r, WAC_access, at);
    e->of = of;
    e->exact = wit_eat_mark(&r->p, '[');
    if (!e->exact) {
        wit_expect_mark(&r->p, '.');
        e->name = wit_expect_id(&r->p, "the name of an export", &e->at);
        return e;
    }
    if (!at_string(r)) wit_fail_expected(&r->p, "a string");
    e->at = r->p.l.token.at;
    e->name = take_string(r);
    wit_expect_mark(&r->p, ']');
    return e;
}

static WacExpr *take_expr(Reader *r)
{
    WacExpr *e;
    u32 at = r->p.l.token.at;
    if (++r->p.depth > MOST_DEPTH)
        wit_fail(r->p.wit, spot(r, at), ERR_limit_wit_depth, "expressions, as types");
    if (wit_eat_mark(&r->p, '(')) {
        e = take_expr(r);
        wit_expect_mark(&r->p, ')');
    } else if (eat_own(r, "new")) {
        e = take_new(r);
    } else {
        e = expr_new(r, WAC_name, at);
        e->name = wit_expect_id(&r->p, "new, or a name", NULL);
    }
    while (wit_at_mark(&r->p, '[') || (wit_at_mark(&r->p, '.') && !at_dots(r)))
        e = take_postfix(r, e);
    r->p.depth--;
    return e;
}

// ---- Statements

static WacStatement *statement_new(Reader *r, WacKind kind)
{
    Wac *w = r->wac;
    WacStatement s = {.kind = kind, .at = r->p.l.token.at, .number = w->count};
    ARENA_PUSH(r->arena, w->statements, w->count, w->cap) = s;
    return &w->statements[w->count - 1];
}

static void add_item(Reader *r, WitNode *n)
{
    *r->end = n;
    r->end = &n->next;
}

static void add_within(Reader *r, WitNode *n)
{
    *r->within = n;
    r->within = &n->next;
}

static const WitNotes *no_notes(void)
{
    static const WitNotes none = {.gate = {.kind = GATE_none}};
    return &none;
}

static Bytes numbered(Reader *r, u32 number)
{
    char text[24];
    int len = snprintf(text, sizeof text, "WAC-item-%u", number);
    return (Bytes){(const u8 *)arena_strdup(r->arena, text, (size_t)len), (size_t)len};
}

static void take_as(Reader *r, WacStatement *s)
{
    if (!wit_eat_word(&r->p, "as")) return;
    s->as_at = r->p.l.token.at;
    s->as = at_string(r) ? take_string(r) : wit_expect_id(&r->p, "a name, or a string", NULL);
}

// What stands behind the colon.
static void take_import_type(Reader *r, WacStatement *s, WitNode *n)
{
    WitAround *a = &r->wac->around;
    u32 at;
    if (wit_at_word(&r->p, "func") || wit_at_word(&r->p, "async")) {
        n->form = AS_func;
        wit_take_func_type(&r->p, n);
    } else if (wit_eat_word(&r->p, "interface")) {
        n->form = AS_inline;
        n->items = wit_take_interface_items(&r->p);
    } else {
        WitToken t = r->p.l.token;
        const u32 *outer = t.kind == LEX_id ? map_get(&a->names, t.text.data, t.text.len) : NULL;
        if (outer) {
            n->form = AS_func;
            wit_take_func_type(&r->p, n); // which says so if it is none
            return;
        }
        Bytes first = wit_expect_id(&r->p, "func, interface, or the name of one", &at);
        n->path = wit_finish_path(&r->p, first, at);
        if (!n->path->space.len || s->as.len) return;
        s->path = n->path;
        n->name = (Bytes){0};
    }
}

// import a as b: c;
static void take_import(Reader *r)
{
    WacStatement *s = statement_new(r, WAC_import);
    wit_lexer_next(&r->p.l);
    s->name = wit_expect_id(&r->p, "a name", &s->at);
    take_as(r, s);
    wit_expect_mark(&r->p, ':');
    WitNode *n = wit_node_new(&r->p, NODE_import);
    n->name = s->item = numbered(r, s->number);
    n->form = AS_path;
    n->notes = no_notes();
    r->wac->around.ref_count = 0;
    take_import_type(r, s, n);
    r->wac->uses_types |= n->form == AS_func && r->wac->around.ref_count != 0;
    wit_expect_mark(&r->p, ';');
    add_within(r, n);
}

static void take_let(Reader *r)
{
    WacStatement *s = statement_new(r, WAC_let);
    wit_lexer_next(&r->p.l);
    s->name = wit_expect_id(&r->p, "a name", &s->at);
    wit_expect_mark(&r->p, '=');
    s->value = take_expr(r);
    wit_expect_mark(&r->p, ';');
}

static void take_export(Reader *r)
{
    WacStatement *s = statement_new(r, WAC_export);
    wit_lexer_next(&r->p.l);
    s->at = r->p.l.token.at;
    s->value = take_expr(r);
    s->spread = eat_dots(r);
    if (!s->spread) take_as(r, s);
    wit_expect_mark(&r->p, ';');
}

// A type at the top, which knows those in front of it.
static bool take_type(Reader *r, const WitNotes *notes)
{
    WitAround *a = &r->wac->around;
    a->ref_count = 0;
    a->refs = NULL;
    a->ref_cap = 0;
    WitNode *n = wit_take_definition(&r->p);
    if (!n) return false;
    if (n->form == WIT_resource)
        wit_fail(r->p.wit, spot(r, n->at), ERR_wit_wrong_kind,
                 "a resource stands in an interface or world");
    n->notes = notes;
    WacStatement *s = statement_new(r, WAC_type);
    s->name = n->name;
    s->at = n->at;
    s->item = n->name;
    if (map_get(&a->names, n->name.data, n->name.len))
        wit_fail(r->p.wit, spot(r, n->at), ERR_wit_duplicate_name,
                 "\"%.*s\" is a type in front of this", WIT_SAY(n->name));
    map_add(&a->names, n->name.data, n->name.len, a->count);
    ARENA_PUSH(r->arena, a->types, a->count, a->cap) = (WitOuter){n, a->refs, a->ref_count};
    WitNode *item = n;
    if (n->type && n->type->kind == NODE_func) {
        item = arena_copy(r->arena, n->type, sizeof *item);
        item->kind = NODE_import;
        item->form = AS_func;
        item->name = s->item = numbered(r, s->number);
        item->notes = notes;
    } else {
        item = arena_copy(r->arena, n, sizeof *n);
    }
    add_within(r, item);
    return true;
}

static void take_container(Reader *r, const WitNotes *notes, bool world)
{
    WacStatement *s = statement_new(r, WAC_interface);
    WitNode *n = wit_take_container(&r->p, world ? NODE_world : NODE_interface);
    n->notes = notes;
    s = &r->wac->statements[r->wac->count - 1];
    s->name = n->name;
    s->at = n->at;
    add_item(r, n);
}

static void take_statement(Reader *r)
{
    const WitNotes *notes = wit_take_notes(&r->p);
    if (wit_at_word(&r->p, "import")) take_import(r);
    else if (wit_at_word(&r->p, "export")) take_export(r);
    else if (wit_at_word(&r->p, "interface")) take_container(r, notes, false);
    else if (wit_at_word(&r->p, "world")) take_container(r, notes, true);
    else if (at_own(r, "let")) take_let(r);
    else if (!take_type(r, notes))
        wit_fail_expected(&r->p, "import, let, export, interface, world or a type");
}

// ---- The whole

static WitNode *world_new(Reader *r, const char *name)
{
    WitNode *n = wit_node_new(&r->p, NODE_world);
    n->name = bytes_of(name);
    n->has_items = true;
    n->notes = no_notes();
    add_item(r, n);
    return n;
}

static void take_target(Reader *r)
{
    u32 at;
    if (!eat_own(r, "targets")) return;
    Bytes first = wit_expect_id(&r->p, "the name of a world", &at);
    r->wac->target = wit_finish_path(&r->p, first, at);
    WitNode *include = wit_node_new(&r->p, NODE_include);
    include->at = at;
    include->path = r->wac->target;
    include->notes = no_notes();
    world_new(r, WAC_TARGET)->items = include;
}

// package a:b@1.0.0 targets c:d/e;
static void take_header(Reader *r)
{
    const WitNotes *notes = wit_take_notes(&r->p);
    if (!wit_eat_word(&r->p, "package")) wit_fail_expected(&r->p, "package");
    WitNode *n = wit_node_new(&r->p, NODE_package);
    n->path = NEW(r->arena, WitPath);
    n->notes = notes;
    n->path->space = wit_expect_id(&r->p, "the namespace of a package", &n->path->at);
    wit_expect_mark(&r->p, ':');
    n->path->package = wit_expect_id(&r->p, "the name of a package", NULL);
    wit_take_path_version(&r->p, &n->path->version);
    r->wac->name = wit_package_text(r->arena, n->path->space, n->path->package, &(WitVersion){0});
    add_item(r, n);
    take_target(r);
    wit_expect_mark(&r->p, ';');
}

// A path in the package itself is one without a package.
static void shorten_paths(Reader *r, const WitPath *own)
{
    const WitAround *a = &r->wac->around;
    for (u32 i = 0; i < a->path_count; i++) {
        WitPath *path = a->paths[i];
        bool is_own = bytes_same(path->space, own->space) &&
                      bytes_same(path->package, own->package) &&
                      (!path->version.text.len ||
                       bytes_same(path->version.text, own->version.text));
        if (is_own) *path = (WitPath){.name = path->name, .at = path->name_at,
                                      .name_at = path->name_at};
    }
}

static WitNode *read_wac(Wit *wit, const WitFile *file, void *env)
{
    Wac *wac = env;
    Reader r = {.p = {.wit = wit, .around = &wac->around}, .wac = wac, .arena = wit->arena};
    wac->file = file;
    map_init(&wac->around.names, wit->arena);
    wit_lexer_init(&r.p.l, wit, file);
    r.p.l.brackets = true;
    r.end = &r.first;
    wit_lexer_next(&r.p.l);
    take_header(&r);
    r.world = world_new(&r, WAC_WORLD);
    r.within = &r.world->items;
    while (r.p.l.token.kind != LEX_eof) take_statement(&r);
    shorten_paths(&r, r.first->path);
    return r.first;
}

bool wac_add(Wit *wit, Bytes path, Bytes text, Wac *wac)
{
    *wac = (Wac){0};
    return wit_add_as(wit, 0, path, text, read_wac, wac);
}
