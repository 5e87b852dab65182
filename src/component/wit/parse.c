// parse.c -- a file of WIT to its syntax. See syntax.h.
//
// Each rule of the grammar is a function that begins at its first token. Types recurse, WIT_DEEPEST
// deep at most; nothing else does.
// spec: WIT, from Top-level items on

#include "component/wit/parser.h"
#include "component/wit/resolver.h"

#include <stdio.h>

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

static WitSpot spot(const WitParser *p, u32 at) { return (WitSpot){p->l.file, at}; }

// A word, mark or string as it stands there.
void wit_fail_expected(WitParser *p, const char *what)
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

bool wit_at_mark(const WitParser *p, char mark)
{
    return p->l.token.kind == LEX_mark && p->l.token.mark == (u8)mark;
}

bool wit_eat_mark(WitParser *p, char mark)
{
    if (!wit_at_mark(p, mark)) return false;
    wit_lexer_next(&p->l);
    return true;
}

void wit_expect_mark(WitParser *p, char mark)
{
    char what[] = {'"', mark, '"', 0};
    if (!wit_eat_mark(p, mark)) wit_fail_expected(p, what);
}

bool wit_at_word(const WitParser *p, const char *word)
{
    return p->l.token.kind == LEX_keyword && bytes_are(p->l.token.text, word);
}

bool wit_eat_word(WitParser *p, const char *word)
{
    if (!wit_at_word(p, word)) return false;
    wit_lexer_next(&p->l);
    return true;
}

Bytes wit_expect_id(WitParser *p, const char *what, u32 *at)
{
    WitToken t = p->l.token;
    if (at) *at = t.at;
    if (t.kind == LEX_keyword)
        wit_fail(p->wit, spot(p, t.at), ERR_unexpected_token,
                 "expected %s, and \"%.*s\" is a keyword: %%%.*s is a name", what,
                 (int)t.text.len, (const char *)t.text.data, (int)t.text.len,
                 (const char *)t.text.data);
    if (t.kind != LEX_id) wit_fail_expected(p, what);
    wit_lexer_next(&p->l);
    return t.text;
}

WitNode *wit_node_new(WitParser *p, WitNodeKind kind)
{
    WitNode *n = NEW(p->wit->arena, WitNode);
    n->kind = (u8)kind;
    n->at = p->l.token.at;
    return n;
}

static void name_node(WitParser *p, WitNode *n, const char *what)
{
    n->name = wit_expect_id(p, what, &n->at);
}

// ---- What a language around has. See parser.h

static void note_path(WitParser *p, WitPath *path)
{
    WitAround *a = p->around;
    if (a && path->space.len)
        ARENA_PUSH(p->wit->arena, a->paths, a->path_count, a->path_cap) = path;
}

// Something in an interface or world has that name.
static void note_inner(WitParser *p, Bytes name)
{
    if (p->around && p->around->inner) map_add(p->around->inner, name.data, name.len, 0);
}

// A type at the top that the name means; NULL: something else.
static WitNode *outer_type(WitParser *p, Bytes name)
{
    WitAround *a = p->around;
    if (!a || (a->inner && map_get(a->inner, name.data, name.len))) return NULL;
    const u32 *at = map_get(&a->names, name.data, name.len);
    if (!at) return NULL;
    ARENA_PUSH(p->wit->arena, a->refs, a->ref_count, a->ref_cap) = *at;
    return a->types[*at].node;
}

// The types that were named, and those that they name, each behind what it needs: as they stand.
static WitNode *take_over(WitParser *p, WitNode *items)
{
    WitAround *a = p->around;
    List list = list_new();
    if (!a->ref_count) return items;
    wit_spend(p->wit, 1 + a->count / 8);
    u8 *taken = NEW_ARRAY(p->wit->arena, u8, (size_t)a->count + 1);
    for (u32 i = 0; i < a->ref_count; i++) taken[a->refs[i]] = 1;
    for (u32 i = a->count; i--;) { // a type names only those in front
        if (!taken[i]) continue;
        wit_spend(p->wit, 1 + a->types[i].ref_count);
        for (u32 k = 0; k < a->types[i].ref_count; k++) taken[a->types[i].refs[k]] = 1;
    }
    for (u32 i = 0; i < a->count; i++) {
        const WitNode *n = a->types[i].node;
        bool func = n->type && n->type->kind == NODE_func; // that stands where it is named
        if (taken[i] && !func) list_add(&list, arena_copy(p->wit->arena, n, sizeof *n));
    }
    if (!list.first) return items;
    *list.end = items;
    return list.first;
}

// ---- Docs and gates

static Bytes take_docs(WitParser *p)
{
    const WitToken *t = &p->l.token;
    return wit_docs(p->wit->arena,
                    (Bytes){(const u8 *)p->l.file->src + t->gap, t->at - t->gap});
}

static void expect_argument(WitParser *p, const char *name)
{
    u32 at;
    wit_expect_mark(p, '(');
    Bytes id = wit_expect_id(p, name, &at);
    if (!bytes_are(id, name))
        wit_fail(p->wit, spot(p, at), ERR_unexpected_token, "expected %s, and here is \"%.*s\"",
                 name, (int)id.len, (const char *)id.data);
    if (!wit_at_mark(p, '=')) wit_fail_expected(p, "\"=\"");
}

// Behind "=", which is not left yet: what follows is no token.
static void take_version(WitParser *p, WitVersion *version)
{
    wit_lexer_version(&p->l, version);
    wit_lexer_next(&p->l);
}

// The same one twice?
static void check_once(WitParser *p, u32 at, bool twice, const char *name)
{
    if (twice) wit_fail(p->wit, spot(p, at), ERR_wit_gate, "@%s stands here twice", name);
}

static void take_gate(WitParser *p, WitNotes *notes)
{
    u32 at;
    WitGate *g = &notes->gate;
    wit_lexer_next(&p->l); // @
    Bytes id = wit_expect_id(p, "since, unstable, deprecated or external-id", &at);
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
        g->feature = wit_expect_id(p, "the name of a feature", NULL);
    } else if (bytes_are(id, "external-id")) {
        check_once(p, at, notes->external_id.data, "external-id");
        wit_expect_mark(p, '(');
        if (p->l.token.kind != LEX_string) wit_fail_expected(p, "a string");
        notes->external_id = wit_string(&p->l, &p->l.token);
        wit_lexer_next(&p->l);
    } else {
        wit_fail(p->wit, spot(p, at), ERR_wit_gate,
                 "there is no @%.*s, only @since, @unstable, @deprecated and @external-id",
                 (int)id.len, (const char *)id.data);
    }
    wit_expect_mark(p, ')');
}

// Most items have none, and share that.
static const WitNotes *keep_notes(WitParser *p, const WitNotes *notes)
{
    static const WitNotes none = {.gate = {.kind = GATE_none}};
    bool any = notes->docs.data || notes->external_id.data || notes->gate.kind != GATE_none;
    return any ? arena_copy(p->wit->arena, notes, sizeof *notes) : &none;
}

// spec: WIT/Feature Gates
const WitNotes *wit_take_notes(WitParser *p)
{
    WitNotes notes = {.docs = take_docs(p)};
    WitGate *g = &notes.gate;
    u32 at = p->l.token.at;
    while (wit_at_mark(p, '@')) take_gate(p, &notes);
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

void wit_take_path_version(WitParser *p, WitVersion *version)
{
    if (wit_at_mark(p, '@')) take_version(p, version);
}

// In a path of a language around words are names.
static Bytes path_word(WitParser *p, const char *what, u32 *at)
{
    if (p->around && p->l.token.kind == LEX_keyword) p->l.token.kind = LEX_id;
    return wit_expect_id(p, what, at);
}

// `first` is read already.
WitPath *wit_finish_path(WitParser *p, Bytes first, u32 at)
{
    WitPath *path = NEW(p->wit->arena, WitPath);
    path->at = path->name_at = at;
    path->name = first;
    if (!wit_eat_mark(p, ':')) return path;
    path->space = first;
    path->package = path_word(p, "the name of a package", NULL);
    wit_expect_mark(p, '/');
    path->name = path_word(p, "the name of an interface or world", &path->name_at);
    wit_take_path_version(p, &path->version);
    note_path(p, path);
    return path;
}

static WitPath *take_path(WitParser *p)
{
    u32 at;
    Bytes first = wit_expect_id(p, "the name of an interface or world", &at);
    return wit_finish_path(p, first, at);
}

// ---- Types

static WitNode *take_type(WitParser *p);

static WitKind kind_at(const WitParser *p)
{
    static const char *const used[] = {
#define WIT_KIND(name, text, shape) [WIT_##name] = WIT_##name < WIT_record ? (text) : NULL,
#include "component/wit/kind.def"
    };
    for (u32 k = 0; k < WIT_KIND_COUNT; k++)
        if (used[k] && wit_at_word(p, used[k])) return k;
    return WIT_KIND_COUNT;
}

static void check_count(WitParser *p, const List *list)
{
    if (list->count > WIT_MOST_PARTS)
        wit_fail(p->wit, spot(p, p->l.token.at), ERR_limit_wit_parts, "%s", "");
}

static WitNode *take_tuple(WitParser *p)
{
    List list = list_new();
    wit_expect_mark(p, '<');
    while (!wit_eat_mark(p, '>')) {
        check_count(p, &list);
        list_add(&list, take_type(p));
        if (wit_eat_mark(p, ',')) continue;
        wit_expect_mark(p, '>');
        break;
    }
    return list.first;
}

static void take_list(WitParser *p, WitNode *n)
{
    wit_expect_mark(p, '<');
    n->type = take_type(p);
    if (wit_eat_mark(p, ',')) {
        u64 length = 0;
        const WitToken *t = &p->l.token;
        if (t->kind != LEX_integer) wit_fail_expected(p, "how long the list is");
        for (size_t i = 0; i < t->text.len && length <= UINT32_MAX; i++)
            length = length * 10 + t->text.data[i] - '0';
        if (length > UINT32_MAX)
            wit_fail(p->wit, spot(p, t->at), ERR_constant_out_of_range,
                     "a list has at most 4294967295 elements");
        n->length = (u32)length;
        n->form = WIT_fixed_list;
        wit_lexer_next(&p->l);
    }
    wit_expect_mark(p, '>');
}

// result, result<a>, result<a, b>, result<_, b>
static void take_result(WitParser *p, WitNode *n)
{
    if (!wit_eat_mark(p, '<')) return;
    bool none = wit_eat_word(p, "_");
    if (!none) n->type = take_type(p);
    if (none) wit_expect_mark(p, ',');
    if (none || wit_eat_mark(p, ',')) n->second = take_type(p);
    wit_expect_mark(p, '>');
}

static void take_arguments(WitParser *p, WitNode *n)
{
    switch ((WitKind)n->form) {
    case WIT_own:
    case WIT_borrow:
        wit_expect_mark(p, '<');
        name_node(p, n, "the name of a resource");
        wit_expect_mark(p, '>');
        break;
    case WIT_option:
        wit_expect_mark(p, '<');
        n->type = take_type(p);
        wit_expect_mark(p, '>');
        break;
    case WIT_map:
        wit_expect_mark(p, '<');
        n->type = take_type(p);
        wit_expect_mark(p, ',');
        n->second = take_type(p);
        wit_expect_mark(p, '>');
        break;
    case WIT_future:
    case WIT_stream:
        if (!wit_eat_mark(p, '<')) break;
        n->type = take_type(p);
        wit_expect_mark(p, '>');
        break;
    case WIT_list: take_list(p, n); break;
    case WIT_result: take_result(p, n); break;
    case WIT_tuple: n->items = take_tuple(p); break;
    default: break; // primitive
    }
}

// spec: WIT/Types
static WitNode *take_type(WitParser *p)
{
    WitNode *n = wit_node_new(p, NODE_ref);
    if (++p->depth > WIT_DEEPEST)
        wit_fail(p->wit, spot(p, n->at), ERR_limit_wit_depth, "%s", "");
    if (p->l.token.kind == LEX_id) {
        n->form = WIT_alias;
        name_node(p, n, "a type");
        outer_type(p, n->name);
    } else {
        n->form = (u8)kind_at(p);
        if (n->form == WIT_KIND_COUNT) wit_fail_expected(p, "a type");
        wit_lexer_next(&p->l);
        take_arguments(p, n);
    }
    p->depth--;
    return n;
}

typedef enum { PART_name, PART_type, PART_maybe } PartShape;

// A name; `: type`; or a type in parentheses, if there is one.
static WitNode *take_part(WitParser *p, PartShape shape)
{
    WitNode *n = wit_node_new(p, NODE_part);
    n->notes = keep_notes(p, &(WitNotes){.docs = take_docs(p)});
    name_node(p, n, "a name");
    if (shape == PART_type) {
        wit_expect_mark(p, ':');
        n->type = take_type(p);
    } else if (shape == PART_maybe && wit_eat_mark(p, '(')) {
        n->type = take_type(p);
        wit_expect_mark(p, ')');
    }
    return n;
}

static WitNode *take_parts(WitParser *p, char open, char close, PartShape shape)
{
    List list = list_new();
    wit_expect_mark(p, open);
    while (!wit_eat_mark(p, close)) {
        check_count(p, &list);
        list_add(&list, take_part(p, shape));
        if (wit_eat_mark(p, ',')) continue;
        wit_expect_mark(p, close);
        break;
    }
    return list.first;
}

// ---- Functions

static void take_signature(WitParser *p, WitNode *f)
{
    f->items = take_parts(p, '(', ')', PART_type);
    if (p->l.token.kind == LEX_arrow) {
        wit_lexer_next(&p->l);
        f->type = take_type(p);
    }
}

// A function type by its name; NULL: that is something else.
static const WitNode *func_type(WitParser *p, Bytes name)
{
    WitAround *a = p->around;
    const u32 *inner = a && a->inner ? map_get(a->inner, name.data, name.len) : NULL;
    if (inner) return *inner ? a->funcs[*inner - 1] : NULL;
    const WitNode *n = outer_type(p, name);
    return n && n->type && n->type->kind == NODE_func ? n->type : NULL;
}

static bool take_func_of(WitParser *p, WitNode *f, Bytes name)
{
    const WitNode *n = func_type(p, name);
    if (!n) return false;
    f->is_async = n->is_async;
    f->items = n->items;
    f->type = n->type;
    return true;
}

void wit_take_func_type(WitParser *p, WitNode *f)
{
    if (p->around && p->l.token.kind == LEX_id && take_func_of(p, f, p->l.token.text)) {
        wit_lexer_next(&p->l);
        return;
    }
    f->is_async = wit_eat_word(p, "async");
    if (!wit_eat_word(p, "func")) wit_fail_expected(p, "func");
    take_signature(p, f);
}

static WitNode *take_named_func(WitParser *p, bool in_resource)
{
    WitNode *f = wit_node_new(p, NODE_func);
    name_node(p, f, "a name");
    wit_expect_mark(p, ':');
    if (in_resource) f->func = wit_eat_word(p, "static") ? FUNC_static : FUNC_method;
    wit_take_func_type(p, f);
    wit_expect_mark(p, ';');
    return f;
}

static WitNode *take_constructor(WitParser *p)
{
    WitNode *f = wit_node_new(p, NODE_func);
    f->func = FUNC_constructor;
    f->name = p->l.token.text;
    wit_lexer_next(&p->l);
    take_signature(p, f);
    wit_expect_mark(p, ';');
    return f;
}

static WitNode *take_methods(WitParser *p)
{
    List list = list_new();
    if (wit_eat_mark(p, ';')) return NULL;
    wit_expect_mark(p, '{');
    while (!wit_eat_mark(p, '}')) {
        const WitNotes *notes = wit_take_notes(p);
        if (p->l.token.kind != LEX_id && !wit_at_word(p, "constructor"))
            wit_fail_expected(p, "a method, a constructor or \"}\"");
        WitNode *f = wit_at_word(p, "constructor") ? take_constructor(p) : take_named_func(p, true);
        f->notes = notes;
        list_add(&list, f);
    }
    return list.first;
}

// ---- What interfaces and worlds have in common

// Of which a language around has aliases.
static bool at_func_type(WitParser *p)
{
    if (!p->around) return false;
    if (p->l.token.kind == LEX_id) return func_type(p, p->l.token.text) != NULL;
    return wit_at_word(p, "func") || wit_at_word(p, "async");
}

static void note_func(WitParser *p, const WitNode *n)
{
    WitAround *a = p->around;
    if (!a->inner) return;
    ARENA_PUSH(p->wit->arena, a->funcs, a->func_count, a->func_cap) = n->type;
    map_set(a->inner, n->name.data, n->name.len, a->func_count);
}

// It stands where it is named, and nowhere else.
static bool is_func_alias(const WitNode *n)
{
    return n->kind == NODE_type && n->type && n->type->kind == NODE_func;
}

// NULL: here is none.
WitNode *wit_take_definition(WitParser *p)
{
    static const u8 kinds[] = {WIT_record, WIT_variant, WIT_enum, WIT_flags, WIT_resource,
                               WIT_alias};
    u32 i = 0;
    while (i < COUNT_OF(kinds) && !wit_at_word(p, wit_kind_text[kinds[i]])) i++;
    if (i == COUNT_OF(kinds)) return NULL;
    WitNode *n = wit_node_new(p, NODE_type);
    n->form = kinds[i];
    wit_lexer_next(&p->l);
    name_node(p, n, "the name of a type");
    note_inner(p, n->name);
    switch (n->form) {
    case WIT_record: n->items = take_parts(p, '{', '}', PART_type); break;
    case WIT_variant: n->items = take_parts(p, '{', '}', PART_maybe); break;
    case WIT_resource: n->items = take_methods(p); break;
    case WIT_alias:
        wit_expect_mark(p, '=');
        if (at_func_type(p)) {
            n->type = wit_node_new(p, NODE_func);
            wit_take_func_type(p, n->type);
            note_func(p, n);
        } else {
            n->type = take_type(p);
        }
        wit_expect_mark(p, ';');
        break;
    default: n->items = take_parts(p, '{', '}', PART_name);
    }
    return n;
}

// `{a, b as c}`; of an include each has another name.
static WitNode *take_names(WitParser *p, bool all)
{
    List list = list_new();
    wit_expect_mark(p, '{');
    while (!wit_eat_mark(p, '}')) {
        WitNode *n = wit_node_new(p, NODE_name);
        name_node(p, n, "a name");
        n->other = n->name;
        n->other_at = n->at;
        if (all && !wit_at_word(p, "as")) wit_fail_expected(p, "as");
        if (wit_eat_word(p, "as")) n->other = wit_expect_id(p, "a name", &n->other_at);
        if (!all) note_inner(p, n->other);
        list_add(&list, n);
        if (wit_eat_mark(p, ',')) continue;
        wit_expect_mark(p, '}');
        break;
    }
    return list.first;
}

// use a.{b, c as d};
static WitNode *take_use(WitParser *p)
{
    WitNode *n = wit_node_new(p, NODE_use);
    wit_lexer_next(&p->l);
    n->at = p->l.token.at;
    n->path = take_path(p);
    wit_expect_mark(p, '.');
    n->items = take_names(p, false);
    wit_expect_mark(p, ';');
    return n;
}

// What stands between braces, each with its notes in front.
static WitNode *take_body(WitParser *p, WitNode *(*take)(WitParser *))
{
    List list = list_new();
    wit_expect_mark(p, '{');
    while (!wit_eat_mark(p, '}')) {
        const WitNotes *notes = wit_take_notes(p);
        WitNode *n = take(p);
        n->notes = notes;
        if (!is_func_alias(n)) list_add(&list, n);
    }
    return list.first;
}

static WitNode *take_interface_item(WitParser *p)
{
    WitNode *n = wit_take_definition(p);
    if (n) return n;
    if (wit_at_word(p, "use")) return take_use(p);
    if (p->l.token.kind == LEX_id) return take_named_func(p, false);
    wit_fail_expected(p, "a type, a function, use or \"}\"");
}

// Of an interface or a world, which have names of their own.
static WitNode *take_inner(WitParser *p, WitNode *(*take)(WitParser *))
{
    Map names;
    WitAround *a = p->around;
    if (!a) return take_body(p, take);
    WitAround outer = *a;
    map_init(&names, p->wit->arena);
    a->inner = &names;
    a->refs = NULL;
    a->ref_count = a->ref_cap = 0;
    WitNode *items = take_over(p, take_body(p, take));
    a->inner = outer.inner;
    a->refs = outer.refs;
    a->ref_count = outer.ref_count;
    a->ref_cap = outer.ref_cap;
    return items;
}

WitNode *wit_take_interface_items(WitParser *p) { return take_inner(p, take_interface_item); }

// ---- Worlds

// include a with { b as c }
static WitNode *take_include(WitParser *p)
{
    WitNode *n = wit_node_new(p, NODE_include);
    wit_lexer_next(&p->l);
    n->at = p->l.token.at;
    n->path = take_path(p);
    if (wit_eat_word(p, "with")) n->items = take_names(p, true);
    else wit_expect_mark(p, ';');
    return n;
}

// Behind `label:`, where `label: x/y;` would be the path label:x/y.
static void take_labelled(WitParser *p, WitNode *n)
{
    u32 at;
    Bytes id = wit_expect_id(p, "func, interface, or the name of one", &at);
    if (wit_at_mark(p, '/')) {
        wit_lexer_next(&p->l);
        n->path = NEW(p->wit->arena, WitPath);
        *n->path = (WitPath){.space = n->name, .package = id, .at = n->at};
        n->path->name = wit_expect_id(p, "the name of an interface", &n->path->name_at);
        wit_take_path_version(p, &n->path->version);
        note_path(p, n->path);
        n->name = (Bytes){0};
    } else if (!wit_at_mark(p, ':') && take_func_of(p, n, id)) {
        n->form = AS_func;
    } else {
        n->path = wit_finish_path(p, id, at);
    }
    wit_expect_mark(p, ';');
}

static WitNode *take_extern(WitParser *p, WitNodeKind kind)
{
    WitNode *n = wit_node_new(p, kind);
    wit_lexer_next(&p->l);
    name_node(p, n, "a name");
    n->form = AS_path;
    if (!wit_eat_mark(p, ':')) {
        n->path = wit_finish_path(p, n->name, n->at);
        n->name = (Bytes){0};
        wit_expect_mark(p, ';');
    } else if (wit_at_word(p, "func") || wit_at_word(p, "async")) {
        n->form = AS_func;
        wit_take_func_type(p, n);
        wit_expect_mark(p, ';');
    } else if (wit_eat_word(p, "interface")) {
        n->form = AS_inline;
        n->items = wit_take_interface_items(p);
        if (p->around) wit_eat_mark(p, ';');
    } else {
        take_labelled(p, n);
    }
    return n;
}

static WitNode *take_world_item(WitParser *p)
{
    WitNode *n = wit_take_definition(p);
    if (n) return n;
    if (wit_at_word(p, "import")) return take_extern(p, NODE_import);
    if (wit_at_word(p, "export")) return take_extern(p, NODE_export);
    if (wit_at_word(p, "use")) return take_use(p);
    if (wit_at_word(p, "include")) return take_include(p);
    wit_fail_expected(p, "import, export, use, include, a type or \"}\"");
}

// ---- Files

// use a:b/c as d;
static WitNode *take_top_use(WitParser *p, const WitNotes *notes)
{
    WitNode *n = wit_node_new(p, NODE_use);
    if (notes->gate.kind != GATE_none || notes->external_id.data)
        wit_fail(p->wit, spot(p, n->at), ERR_wit_gate, "a use at the top has no gate");
    wit_lexer_next(&p->l);
    n->path = take_path(p);
    n->name = n->path->name;
    n->at = n->path->name_at;
    if (wit_eat_word(p, "as")) name_node(p, n, "a name");
    wit_expect_mark(p, ';');
    return n;
}

WitNode *wit_take_container(WitParser *p, WitNodeKind kind)
{
    WitNode *n = wit_node_new(p, kind);
    wit_lexer_next(&p->l);
    name_node(p, n, "a name");
    n->has_items = true;
    n->items = take_inner(p, kind == NODE_world ? take_world_item : take_interface_item);
    return n;
}

static WitNode *take_items(WitParser *p, bool nested);

// package a:b@1.0.0; or the same with items in braces.
static WitNode *take_package(WitParser *p, bool first, bool nested)
{
    WitNode *n = wit_node_new(p, NODE_package);
    wit_lexer_next(&p->l);
    n->path = NEW(p->wit->arena, WitPath);
    n->path->space = wit_expect_id(p, "the namespace of a package", &n->path->at);
    n->at = n->path->at;
    wit_expect_mark(p, ':');
    n->path->package = wit_expect_id(p, "the name of a package", NULL);
    wit_take_path_version(p, &n->path->version);
    if (nested) wit_fail(p->wit, spot(p, n->at), ERR_wit_package, "packages are not nested twice");
    if (first && wit_eat_mark(p, ';')) return n;
    wit_expect_mark(p, '{');
    n->has_items = true;
    n->items = take_items(p, true);
    return n;
}

// To the end of the file, or the brace that closes a package.
static WitNode *take_items(WitParser *p, bool nested)
{
    List list = list_new();
    while (nested ? !wit_eat_mark(p, '}') : p->l.token.kind != LEX_eof) {
        const WitNotes *notes = wit_take_notes(p);
        WitNode *n = NULL;
        bool gated = notes->gate.kind != GATE_none || notes->external_id.data;
        if (wit_at_word(p, "interface")) n = wit_take_container(p, NODE_interface);
        else if (wit_at_word(p, "world")) n = wit_take_container(p, NODE_world);
        else if (wit_at_word(p, "use")) n = take_top_use(p, notes);
        else if (wit_at_word(p, "package")) n = take_package(p, !nested && !list.first, nested);
        else wit_fail_expected(p, "interface, world, use or package");
        if (n->kind == NODE_package && gated)
            wit_fail(p->wit, spot(p, n->at), ERR_wit_gate, "a package has no gate");
        n->notes = notes;
        list_add(&list, n);
    }
    return list.first;
}

WitNode *wit_parse(Wit *wit, const WitFile *file)
{
    WitParser p = {.wit = wit};
    wit_lexer_init(&p.l, wit, file);
    wit_lexer_next(&p.l);
    return take_items(&p, false);
}
