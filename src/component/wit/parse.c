// parse.c -- a file of WIT to its syntax. See syntax.h.
//
// Each rule of the grammar is a function that begins at its first token. Types recurse, WIT_DEEPEST
// deep at most; nothing else does.
// spec: WIT, from Top-level items on

#include "component/wit/syntax.h"

#include <stdio.h>

typedef struct {
    Wit *wit;
    WitLexer l;
    u32 depth; // of types
} Parser;

// Nodes one behind the other.
typedef struct {
    WitNode *first, **end;
    u32 count;
} List;

static List list_new(void) { return (List){0}; }

static void list_add(List *list, WitNode *node)
{
    if (list->first) *list->end = node;
    else list->first = node;
    list->end = &node->next;
    list->count++;
}

static WitSpot spot(const Parser *p, u32 at) { return (WitSpot){p->l.file, at}; }

// A word, mark or string as it stands there.
static _Noreturn void fail_expected(Parser *p, const char *what)
{
    enum { MOST = 40 };
    const WitToken *t = &p->l.token;
    u32 len = p->l.pos - t->at;
    if (t->kind == LEX_eof)
        wit_fail(p->wit, spot(p, t->at), ERR_unexpected_token,
                 "expected %s, and here is the file's end", what);
    wit_fail(p->wit, spot(p, t->at), ERR_unexpected_token, "expected %s, and here is %s%.*s%s",
             what, t->kind == LEX_string ? "" : "\"", (int)MIN(len, MOST), p->l.file->src + t->at,
             t->kind == LEX_string ? "" : "\"");
}

static bool at_mark(const Parser *p, char mark)
{
    return p->l.token.kind == LEX_mark && p->l.token.mark == (u8)mark;
}

static bool eat_mark(Parser *p, char mark)
{
    if (!at_mark(p, mark)) return false;
    wit_lexer_next(&p->l);
    return true;
}

static void expect_mark(Parser *p, char mark)
{
    char what[] = {'"', mark, '"', 0};
    if (!eat_mark(p, mark)) fail_expected(p, what);
}

static bool at_word(const Parser *p, const char *word)
{
    return p->l.token.kind == LEX_keyword && bytes_are(p->l.token.text, word);
}

static bool eat_word(Parser *p, const char *word)
{
    if (!at_word(p, word)) return false;
    wit_lexer_next(&p->l);
    return true;
}

static Bytes expect_id(Parser *p, const char *what, u32 *at)
{
    WitToken t = p->l.token;
    if (at) *at = t.at;
    if (t.kind == LEX_keyword)
        wit_fail(p->wit, spot(p, t.at), ERR_unexpected_token,
                 "expected %s, and \"%.*s\" is a keyword: %%%.*s is a name", what,
                 (int)t.text.len, (const char *)t.text.data, (int)t.text.len,
                 (const char *)t.text.data);
    if (t.kind != LEX_id) fail_expected(p, what);
    wit_lexer_next(&p->l);
    return t.text;
}

static WitNode *node_new(Parser *p, WitNodeKind kind)
{
    WitNode *n = NEW(p->wit->arena, WitNode);
    n->kind = (u8)kind;
    n->at = p->l.token.at;
    return n;
}

static void name_node(Parser *p, WitNode *n, const char *what)
{
    n->name = expect_id(p, what, &n->at);
}

// ---- Docs and gates

static Bytes take_docs(Parser *p)
{
    const WitToken *t = &p->l.token;
    return wit_docs(p->wit->arena,
                    (Bytes){(const u8 *)p->l.file->src + t->gap, t->at - t->gap});
}

static void expect_argument(Parser *p, const char *name)
{
    u32 at;
    expect_mark(p, '(');
    Bytes id = expect_id(p, name, &at);
    if (!bytes_are(id, name))
        wit_fail(p->wit, spot(p, at), ERR_unexpected_token, "expected %s, and here is \"%.*s\"",
                 name, (int)id.len, (const char *)id.data);
    if (!at_mark(p, '=')) fail_expected(p, "\"=\"");
}

// Behind "=", which is not left yet: what follows is no token.
static void take_version(Parser *p, WitVersion *version)
{
    wit_lexer_version(&p->l, version);
    wit_lexer_next(&p->l);
}

// The same one twice?
static void check_once(Parser *p, u32 at, bool twice, const char *name)
{
    if (twice) wit_fail(p->wit, spot(p, at), ERR_wit_gate, "@%s stands here twice", name);
}

static void take_gate(Parser *p, WitNotes *notes)
{
    u32 at;
    WitGate *g = &notes->gate;
    wit_lexer_next(&p->l); // @
    Bytes id = expect_id(p, "since, unstable, deprecated or external-id", &at);
    if (bytes_are(id, "since")) {
        check_once(p, at, g->since.text.len, "since");
        expect_argument(p, "version");
        take_version(p, &g->since);
    } else if (bytes_are(id, "deprecated")) {
        check_once(p, at, g->deprecated.text.len, "deprecated");
        expect_argument(p, "version");
        take_version(p, &g->deprecated);
    } else if (bytes_are(id, "unstable")) {
        check_once(p, at, g->feature.len, "unstable");
        expect_argument(p, "feature");
        wit_lexer_next(&p->l);
        g->feature = expect_id(p, "the name of a feature", NULL);
    } else if (bytes_are(id, "external-id")) {
        check_once(p, at, notes->external_id.data, "external-id");
        expect_mark(p, '(');
        if (p->l.token.kind != LEX_string) fail_expected(p, "a string");
        notes->external_id = wit_string(&p->l, &p->l.token);
        wit_lexer_next(&p->l);
    } else {
        wit_fail(p->wit, spot(p, at), ERR_wit_gate,
                 "there is no @%.*s, only @since, @unstable, @deprecated and @external-id",
                 (int)id.len, (const char *)id.data);
    }
    expect_mark(p, ')');
}

// Most items have none, and share that.
static const WitNotes *keep_notes(Parser *p, const WitNotes *notes)
{
    static const WitNotes none = {.gate = {.kind = GATE_none}};
    bool any = notes->docs.data || notes->external_id.data || notes->gate.kind != GATE_none;
    return any ? arena_copy(p->wit->arena, notes, sizeof *notes) : &none;
}

// spec: WIT/Feature Gates
static const WitNotes *take_notes(Parser *p)
{
    WitNotes notes = {.docs = take_docs(p)};
    WitGate *g = &notes.gate;
    u32 at = p->l.token.at;
    while (at_mark(p, '@')) take_gate(p, &notes);
    if (g->since.text.len && g->feature.len)
        wit_fail(p->wit, spot(p, at), ERR_wit_gate,
                 "what is @unstable is not there @since a version");
    if (g->deprecated.text.len && !g->since.text.len && !g->feature.len)
        wit_fail(p->wit, spot(p, at), ERR_wit_gate,
                 "@deprecated stands beside @since or @unstable");
    g->kind = g->since.text.len ? GATE_since : g->feature.len ? GATE_unstable : GATE_none;
    return keep_notes(p, &notes);
}

// ---- Paths

static void take_path_version(Parser *p, WitVersion *version)
{
    if (at_mark(p, '@')) take_version(p, version);
}

// `first` is read already.
static WitPath *finish_path(Parser *p, Bytes first, u32 at)
{
    WitPath *path = NEW(p->wit->arena, WitPath);
    path->at = path->name_at = at;
    path->name = first;
    if (!eat_mark(p, ':')) return path;
    path->space = first;
    path->package = expect_id(p, "the name of a package", NULL);
    expect_mark(p, '/');
    path->name = expect_id(p, "the name of an interface or world", &path->name_at);
    take_path_version(p, &path->version);
    return path;
}

static WitPath *take_path(Parser *p)
{
    u32 at;
    Bytes first = expect_id(p, "the name of an interface or world", &at);
    return finish_path(p, first, at);
}

// ---- Types

static WitNode *take_type(Parser *p);

static WitKind kind_at(const Parser *p)
{
    static const char *const used[] = {
#define WIT_KIND(name, text, shape) [WIT_##name] = WIT_##name < WIT_record ? (text) : NULL,
#include "component/wit/kind.def"
    };
    for (u32 k = 0; k < WIT_KIND_COUNT; k++)
        if (used[k] && at_word(p, used[k])) return k;
    return WIT_KIND_COUNT;
}

static void check_count(Parser *p, const List *list)
{
    if (list->count > WIT_MOST_PARTS)
        wit_fail(p->wit, spot(p, p->l.token.at), ERR_limit_wit_parts, "%s", "");
}

static WitNode *take_tuple(Parser *p)
{
    List list = list_new();
    expect_mark(p, '<');
    while (!eat_mark(p, '>')) {
        check_count(p, &list);
        list_add(&list, take_type(p));
        if (eat_mark(p, ',')) continue;
        expect_mark(p, '>');
        break;
    }
    return list.first;
}

static void take_list(Parser *p, WitNode *n)
{
    expect_mark(p, '<');
    n->type = take_type(p);
    if (eat_mark(p, ',')) {
        u64 length = 0;
        const WitToken *t = &p->l.token;
        if (t->kind != LEX_integer) fail_expected(p, "how long the list is");
        for (size_t i = 0; i < t->text.len && length <= UINT32_MAX; i++)
            length = length * 10 + t->text.data[i] - '0';
        if (length > UINT32_MAX)
            wit_fail(p->wit, spot(p, t->at), ERR_constant_out_of_range,
                     "a list has at most 4294967295 elements");
        n->length = (u32)length;
        n->form = WIT_fixed_list;
        wit_lexer_next(&p->l);
    }
    expect_mark(p, '>');
}

// result, result<a>, result<a, b>, result<_, b>
static void take_result(Parser *p, WitNode *n)
{
    if (!eat_mark(p, '<')) return;
    bool none = eat_word(p, "_");
    if (!none) n->type = take_type(p);
    if (none) expect_mark(p, ',');
    if (none || eat_mark(p, ',')) n->second = take_type(p);
    expect_mark(p, '>');
}

static void take_arguments(Parser *p, WitNode *n)
{
    switch ((WitKind)n->form) {
    case WIT_own:
    case WIT_borrow:
        expect_mark(p, '<');
        name_node(p, n, "the name of a resource");
        expect_mark(p, '>');
        break;
    case WIT_option:
        expect_mark(p, '<');
        n->type = take_type(p);
        expect_mark(p, '>');
        break;
    case WIT_map:
        expect_mark(p, '<');
        n->type = take_type(p);
        expect_mark(p, ',');
        n->second = take_type(p);
        expect_mark(p, '>');
        break;
    case WIT_future:
    case WIT_stream:
        if (!eat_mark(p, '<')) break;
        n->type = take_type(p);
        expect_mark(p, '>');
        break;
    case WIT_list: take_list(p, n); break;
    case WIT_result: take_result(p, n); break;
    case WIT_tuple: n->items = take_tuple(p); break;
    default: break; // primitive
    }
}

// spec: WIT/Types
static WitNode *take_type(Parser *p)
{
    WitNode *n = node_new(p, NODE_ref);
    if (++p->depth > WIT_DEEPEST)
        wit_fail(p->wit, spot(p, n->at), ERR_limit_wit_depth, "%s", "");
    if (p->l.token.kind == LEX_id) {
        n->form = WIT_alias;
        name_node(p, n, "a type");
    } else {
        n->form = (u8)kind_at(p);
        if (n->form == WIT_KIND_COUNT) fail_expected(p, "a type");
        wit_lexer_next(&p->l);
        take_arguments(p, n);
    }
    p->depth--;
    return n;
}

typedef enum { PART_name, PART_type, PART_maybe } PartShape;

// A name; `: type`; or a type in parentheses, if there is one.
static WitNode *take_part(Parser *p, PartShape shape)
{
    WitNode *n = node_new(p, NODE_part);
    n->notes = keep_notes(p, &(WitNotes){.docs = take_docs(p)});
    name_node(p, n, "a name");
    if (shape == PART_type) {
        expect_mark(p, ':');
        n->type = take_type(p);
    } else if (shape == PART_maybe && eat_mark(p, '(')) {
        n->type = take_type(p);
        expect_mark(p, ')');
    }
    return n;
}

static WitNode *take_parts(Parser *p, char open, char close, PartShape shape)
{
    List list = list_new();
    expect_mark(p, open);
    while (!eat_mark(p, close)) {
        check_count(p, &list);
        list_add(&list, take_part(p, shape));
        if (eat_mark(p, ',')) continue;
        expect_mark(p, close);
        break;
    }
    return list.first;
}

// ---- Functions

static void take_signature(Parser *p, WitNode *f)
{
    f->items = take_parts(p, '(', ')', PART_type);
    if (p->l.token.kind == LEX_arrow) {
        wit_lexer_next(&p->l);
        f->type = take_type(p);
    }
}

static void take_func_type(Parser *p, WitNode *f)
{
    f->is_async = eat_word(p, "async");
    if (!eat_word(p, "func")) fail_expected(p, "func");
    take_signature(p, f);
}

static WitNode *take_named_func(Parser *p, bool in_resource)
{
    WitNode *f = node_new(p, NODE_func);
    name_node(p, f, "a name");
    expect_mark(p, ':');
    if (in_resource) f->func = eat_word(p, "static") ? FUNC_static : FUNC_method;
    take_func_type(p, f);
    expect_mark(p, ';');
    return f;
}

static WitNode *take_constructor(Parser *p)
{
    WitNode *f = node_new(p, NODE_func);
    f->func = FUNC_constructor;
    f->name = p->l.token.text;
    wit_lexer_next(&p->l);
    take_signature(p, f);
    expect_mark(p, ';');
    return f;
}

static WitNode *take_methods(Parser *p)
{
    List list = list_new();
    if (eat_mark(p, ';')) return NULL;
    expect_mark(p, '{');
    while (!eat_mark(p, '}')) {
        const WitNotes *notes = take_notes(p);
        if (p->l.token.kind != LEX_id && !at_word(p, "constructor"))
            fail_expected(p, "a method, a constructor or \"}\"");
        WitNode *f = at_word(p, "constructor") ? take_constructor(p) : take_named_func(p, true);
        f->notes = notes;
        list_add(&list, f);
    }
    return list.first;
}

// ---- What interfaces and worlds have in common

// NULL: here is none.
static WitNode *take_definition(Parser *p)
{
    static const u8 kinds[] = {WIT_record, WIT_variant, WIT_enum, WIT_flags, WIT_resource,
                               WIT_alias};
    u32 i = 0;
    while (i < COUNT_OF(kinds) && !at_word(p, wit_kind_text[kinds[i]])) i++;
    if (i == COUNT_OF(kinds)) return NULL;
    WitNode *n = node_new(p, NODE_type);
    n->form = kinds[i];
    wit_lexer_next(&p->l);
    name_node(p, n, "the name of a type");
    switch (n->form) {
    case WIT_record: n->items = take_parts(p, '{', '}', PART_type); break;
    case WIT_variant: n->items = take_parts(p, '{', '}', PART_maybe); break;
    case WIT_resource: n->items = take_methods(p); break;
    case WIT_alias:
        expect_mark(p, '=');
        n->type = take_type(p);
        expect_mark(p, ';');
        break;
    default: n->items = take_parts(p, '{', '}', PART_name);
    }
    return n;
}

// `{a, b as c}`; of an include each has another name.
static WitNode *take_names(Parser *p, bool all)
{
    List list = list_new();
    expect_mark(p, '{');
    while (!eat_mark(p, '}')) {
        WitNode *n = node_new(p, NODE_name);
        name_node(p, n, "a name");
        n->other = n->name;
        n->other_at = n->at;
        if (all && !at_word(p, "as")) fail_expected(p, "as");
        if (eat_word(p, "as")) n->other = expect_id(p, "a name", &n->other_at);
        list_add(&list, n);
        if (eat_mark(p, ',')) continue;
        expect_mark(p, '}');
        break;
    }
    return list.first;
}

// use a.{b, c as d};
static WitNode *take_use(Parser *p)
{
    WitNode *n = node_new(p, NODE_use);
    wit_lexer_next(&p->l);
    n->at = p->l.token.at;
    n->path = take_path(p);
    expect_mark(p, '.');
    n->items = take_names(p, false);
    expect_mark(p, ';');
    return n;
}

static WitNode *take_interface_items(Parser *p)
{
    List list = list_new();
    expect_mark(p, '{');
    while (!eat_mark(p, '}')) {
        const WitNotes *notes = take_notes(p);
        WitNode *n = take_definition(p);
        if (n) ;
        else if (at_word(p, "use")) n = take_use(p);
        else if (p->l.token.kind == LEX_id) n = take_named_func(p, false);
        else fail_expected(p, "a type, a function, use or \"}\"");
        n->notes = notes;
        list_add(&list, n);
    }
    return list.first;
}

// ---- Worlds

// include a with { b as c }
static WitNode *take_include(Parser *p)
{
    WitNode *n = node_new(p, NODE_include);
    wit_lexer_next(&p->l);
    n->at = p->l.token.at;
    n->path = take_path(p);
    if (eat_word(p, "with")) n->items = take_names(p, true);
    else expect_mark(p, ';');
    return n;
}

// Behind `label:`, where `label: x/y;` would be the path label:x/y.
static void take_labelled(Parser *p, WitNode *n)
{
    u32 at;
    Bytes id = expect_id(p, "func, interface, or the name of one", &at);
    if (at_mark(p, '/')) {
        wit_lexer_next(&p->l);
        n->path = NEW(p->wit->arena, WitPath);
        *n->path = (WitPath){.space = n->name, .package = id, .at = n->at};
        n->path->name = expect_id(p, "the name of an interface", &n->path->name_at);
        take_path_version(p, &n->path->version);
        n->name = (Bytes){0};
    } else {
        n->path = finish_path(p, id, at);
    }
    expect_mark(p, ';');
}

static WitNode *take_extern(Parser *p, WitNodeKind kind)
{
    WitNode *n = node_new(p, kind);
    wit_lexer_next(&p->l);
    name_node(p, n, "a name");
    n->form = AS_path;
    if (!eat_mark(p, ':')) {
        n->path = finish_path(p, n->name, n->at);
        n->name = (Bytes){0};
        expect_mark(p, ';');
    } else if (at_word(p, "func") || at_word(p, "async")) {
        n->form = AS_func;
        take_func_type(p, n);
        expect_mark(p, ';');
    } else if (eat_word(p, "interface")) {
        n->form = AS_inline;
        n->items = take_interface_items(p);
    } else {
        take_labelled(p, n);
    }
    return n;
}

static WitNode *take_world_items(Parser *p)
{
    List list = list_new();
    expect_mark(p, '{');
    while (!eat_mark(p, '}')) {
        const WitNotes *notes = take_notes(p);
        WitNode *n = take_definition(p);
        if (n) ;
        else if (at_word(p, "import")) n = take_extern(p, NODE_import);
        else if (at_word(p, "export")) n = take_extern(p, NODE_export);
        else if (at_word(p, "use")) n = take_use(p);
        else if (at_word(p, "include")) n = take_include(p);
        else fail_expected(p, "import, export, use, include, a type or \"}\"");
        n->notes = notes;
        list_add(&list, n);
    }
    return list.first;
}

// ---- Files

// use a:b/c as d;
static WitNode *take_top_use(Parser *p, const WitNotes *notes)
{
    WitNode *n = node_new(p, NODE_use);
    if (notes->gate.kind != GATE_none || notes->external_id.data)
        wit_fail(p->wit, spot(p, n->at), ERR_wit_gate, "a use at the top has no gate");
    wit_lexer_next(&p->l);
    n->path = take_path(p);
    n->name = n->path->name;
    n->at = n->path->name_at;
    if (eat_word(p, "as")) name_node(p, n, "a name");
    expect_mark(p, ';');
    return n;
}

static WitNode *take_container(Parser *p, WitNodeKind kind)
{
    WitNode *n = node_new(p, kind);
    wit_lexer_next(&p->l);
    name_node(p, n, "a name");
    n->has_items = true;
    n->items = kind == NODE_world ? take_world_items(p) : take_interface_items(p);
    return n;
}

static WitNode *take_items(Parser *p, bool nested);

// package a:b@1.0.0; or the same with items in braces.
static WitNode *take_package(Parser *p, bool first, bool nested)
{
    WitNode *n = node_new(p, NODE_package);
    wit_lexer_next(&p->l);
    n->path = NEW(p->wit->arena, WitPath);
    n->path->space = expect_id(p, "the namespace of a package", &n->path->at);
    n->at = n->path->at;
    expect_mark(p, ':');
    n->path->package = expect_id(p, "the name of a package", NULL);
    take_path_version(p, &n->path->version);
    if (nested) wit_fail(p->wit, spot(p, n->at), ERR_wit_package, "packages are not nested twice");
    if (first && eat_mark(p, ';')) return n;
    expect_mark(p, '{');
    n->has_items = true;
    n->items = take_items(p, true);
    return n;
}

// To the end of the file, or the brace that closes a package.
static WitNode *take_items(Parser *p, bool nested)
{
    List list = list_new();
    while (nested ? !eat_mark(p, '}') : p->l.token.kind != LEX_eof) {
        const WitNotes *notes = take_notes(p);
        WitNode *n = NULL;
        bool gated = notes->gate.kind != GATE_none || notes->external_id.data;
        if (at_word(p, "interface")) n = take_container(p, NODE_interface);
        else if (at_word(p, "world")) n = take_container(p, NODE_world);
        else if (at_word(p, "use")) n = take_top_use(p, notes);
        else if (at_word(p, "package")) n = take_package(p, !nested && !list.first, nested);
        else fail_expected(p, "interface, world, use or package");
        if (n->kind == NODE_package && gated)
            wit_fail(p->wit, spot(p, n->at), ERR_wit_gate, "a package has no gate");
        n->notes = notes;
        list_add(&list, n);
    }
    return list.first;
}

WitNode *wit_parse(Wit *wit, const WitFile *file)
{
    Parser p = {.wit = wit};
    wit_lexer_init(&p.l, wit, file);
    wit_lexer_next(&p.l);
    return take_items(&p, false);
}
