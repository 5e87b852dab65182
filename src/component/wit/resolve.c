// resolve.c -- packages, and their order. See wit.h, resolver.h.
//
// Packages are taken by name, each behind those that it names, so that what comes out does not
// depend on where files lie.

#include "component/wit/parser.h"
#include "component/wit/resolver.h"
#include "text/lexer.h"

#include <stdlib.h>

void wit_init(Wit *wit, Arena *arena)
{
    *wit = (Wit){.arena = arena};
    diag_init(&wit->diag);
}

bool wit_leave(Wit *wit, jmp_buf *outer)
{
    wit->arena->on_failure = outer;
    if (wit->diag.err == ERR_none) diag_fail(&wit->diag, ERR_out_of_memory, 0, "%s", "");
    else if (wit->where) text_diag_locate(&wit->diag, wit->where->src, wit->where->size);
    return false;
}

static WitNode *parse_file(Wit *wit, const WitFile *file, void *env)
{
    (void)env;
    return wit_parse(wit, file);
}

bool wit_add(Wit *wit, u32 group, Bytes path, Bytes text)
{
    return wit_add_as(wit, group, path, text, parse_file, NULL);
}

bool wit_add_as(Wit *wit, u32 group, Bytes path, Bytes text, WitParse *parse, void *env)
{
    jmp_buf failed, *outer = wit->arena->on_failure;
    wit->arena->on_failure = &failed;
    if (setjmp(failed)) return wit_leave(wit, outer);
    WitFile *file = NEW(wit->arena, WitFile);
    *file = (WitFile){.path = path, .src = (const char *)text.data, .group = group};
    if (text.len > WIT_MOST_BYTES - wit->bytes)
        wit_fail(wit, (WitSpot){0}, ERR_limit_wit_size, "with %.*s", WIT_SAY(path));
    file->size = (u32)text.len;
    wit->bytes += text.len;
    file->syntax = parse(wit, file, env);
    ARENA_PUSH(wit->arena, wit->files, wit->file_count, wit->file_cap) = file;
    wit->arena->on_failure = outer;
    return true;
}

// ---- What the files hold

static void name_package(Wit *wit, WitPackage *p, const WitFile *file, const WitNode *header)
{
    const WitPath *path = header->path;
    Bytes full = wit_package_text(wit->arena, path->space, path->package, &path->version);
    WitSpot at = {file, path->at};
    if (p->full.len && !bytes_same(p->full, full))
        wit_fail(wit, at, ERR_wit_package, "another file of this package calls it %.*s",
                 WIT_SAY(p->full));
    if (p->docs.data && header->notes->docs.data)
        wit_fail(wit, at, ERR_wit_package, "another file has documentation of this package");
    p->space = path->space;
    p->name = path->package;
    p->version = path->version;
    p->full = full;
    p->at = at;
    if (header->notes->docs.data) p->docs = header->notes->docs;
}

static void add_scope(Wit *wit, WitPackage *p, const WitFile *file, WitNode *items)
{
    WitDraft *d = p->draft;
    WitScope s = {.file = file, .items = items};
    map_init(&s.names, wit->arena);
    ARENA_PUSH(wit->arena, d->scopes, d->scope_count, d->scope_cap) = s;
}

static WitPackage *package_new(Wit *wit)
{
    WitPackage *p = NEW(wit->arena, WitPackage);
    p->index = WIT_LEFT_OUT;
    p->draft = NEW(wit->arena, WitDraft);
    map_init(&p->draft->entry_names, wit->arena);
    map_init(&p->draft->unnamed, wit->arena);
    map_init(&p->interface_names, wit->arena);
    map_init(&p->world_names, wit->arena);
    ARENA_PUSH(wit->arena, wit->packages, wit->package_count, wit->package_cap) = p;
    return p;
}

// The package of a group, and those that are nested in its files.
static void collect_group(Wit *wit, u32 first, u32 end)
{
    WitPackage *p = package_new(wit);
    if (!first) wit->main = p;
    for (u32 i = first; i < end; i++) {
        const WitFile *file = wit->files[i];
        for (WitNode *n = file->syntax; n; n = n->next) {
            if (n->kind != NODE_package) continue;
            WitPackage *of = n->has_items ? package_new(wit) : p;
            name_package(wit, of, file, n);
            if (n->has_items) add_scope(wit, of, file, n->items);
        }
        add_scope(wit, p, file, file->syntax);
    }
    if (!p->full.len)
        wit_fail(wit, (WitSpot){wit->files[first], 0}, ERR_wit_package,
                 "no file says which one this is, by `package a:b;`");
}

static void scope_name(Wit *wit, WitScope *s, WitNode *n)
{
    if (!map_add(&s->names, n->name.data, n->name.len, s->count))
        wit_fail(wit, (WitSpot){s->file, n->at}, ERR_wit_duplicate_name,
                 "\"%.*s\" stands for something else in this file", WIT_SAY(n->name));
    ARENA_PUSH(wit->arena, s->nodes, s->count, s->cap) = n;
}

static void collect_names(Wit *wit, WitPackage *p)
{
    WitDraft *d = p->draft;
    for (u32 i = 0; i < d->scope_count; i++) {
        WitScope *s = &d->scopes[i];
        for (WitNode *n = s->items; n; n = n->next) {
            if (n->kind == NODE_package) continue;
            scope_name(wit, s, n);
            if (n->kind == NODE_use) continue;
            if (!map_add(&d->entry_names, n->name.data, n->name.len, d->entry_count))
                wit_fail(wit, (WitSpot){s->file, n->at}, ERR_wit_duplicate_name,
                         "this package has another \"%.*s\"", WIT_SAY(n->name));
            ARENA_PUSH(wit->arena, d->entries, d->entry_count, d->entry_cap) =
                (WitEntry){.node = n, .scope = s};
        }
    }
}

// ---- Which packages it needs

typedef struct {
    Wit *wit;
    WitDraft *draft;
    const WitFile *file;
    Map seen;
} Needs;

static void need_path(Needs *needs, const WitPath *path)
{
    Arena *arena = needs->wit->arena;
    WitDraft *d = needs->draft;
    if (!path || !path->space.len) return;
    Bytes text = wit_package_text(arena, path->space, path->package, &path->version);
    if (!map_add(&needs->seen, text.data, text.len, 0)) return;
    ARENA_PUSH(arena, d->needs, d->need_count, d->need_cap) = (WitNeed){path, needs->file};
}

static void need_uses(Needs *needs, const WitNode *items)
{
    for (const WitNode *n = items; n; n = n->next)
        if (n->kind == NODE_use || n->kind == NODE_include) need_path(needs, n->path);
}

// Imports in front of exports, as they are printed.
static void need_externs(Needs *needs, const WitNode *items, WitNodeKind kind)
{
    for (const WitNode *n = items; n; n = n->next) {
        if (n->kind != kind) continue;
        need_path(needs, n->path);
        if (n->form == AS_inline) need_uses(needs, n->items);
    }
}

static void collect_needs(Wit *wit, WitPackage *p)
{
    Needs needs = {.wit = wit, .draft = p->draft};
    map_init(&needs.seen, wit->arena);
    for (u32 i = 0; i < p->draft->scope_count; i++) {
        const WitScope *s = &p->draft->scopes[i];
        needs.file = s->file;
        for (const WitNode *n = s->items; n; n = n->next) {
            if (n->kind == NODE_use) need_path(&needs, n->path);
            if (n->kind == NODE_interface || n->kind == NODE_world) need_uses(&needs, n->items);
            if (n->kind != NODE_world) continue;
            need_externs(&needs, n->items, NODE_import);
            need_externs(&needs, n->items, NODE_export);
        }
    }
}

// ---- The order of packages

static int order_names(Bytes a, Bytes b)
{
    int order = memcmp(a.data, b.data, MIN(a.len, b.len));
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int order_packages(const void *left, const void *right)
{
    const WitPackage *a = *(WitPackage *const *)left, *b = *(WitPackage *const *)right;
    int order = order_names(a->space, b->space);
    if (!order) order = order_names(a->name, b->name);
    if (!order) order = (a->version.text.len != 0) - (b->version.text.len != 0);
    if (!order && a->version.text.len) order = wit_version_order(&a->version, &b->version);
    return order ? order : order_names(a->full, b->full);
}

typedef struct {
    WitPackage **packages;
    u32 depth, cap;
} Stack;

static void enter(Wit *wit, Stack *stack, WitPackage *p)
{
    p->draft->entered = true;
    ARENA_PUSH(wit->arena, stack->packages, stack->depth, stack->cap) = p;
}

// Puts p behind what it needs; the way there is on a stack of its own.
static void visit(Wit *wit, WitPackage *p, Stack *stack)
{
    if (!p->draft->done) enter(wit, stack, p);
    while (stack->depth) {
        WitDraft *d = stack->packages[stack->depth - 1]->draft;
        if (d->next_need == d->need_count) {
            d->done = true;
            wit->packages[wit->package_count++] = stack->packages[--stack->depth];
            continue;
        }
        WitNeed need = d->needs[d->next_need++];
        WitPackage *other = wit_find_package(wit, need.path);
        if (!other || other->draft->done) continue; // nobody may look for it, behind a closed gate
        if (other->draft->entered)
            wit_fail(wit, (WitSpot){need.file, need.path->at}, ERR_wit_cycle,
                     "package %.*s needs itself by this", WIT_SAY(other->full));
        enter(wit, stack, other);
    }
}

static bool is_binary(const WitPackage *p) { return p->at.file && p->at.file->binary; }

// What is binary stands in front, as in wasm-tools.
static void sort_packages(Wit *wit)
{
    Stack stack = {0};
    u32 count = wit->package_count;
    wit->sorted = wit->packages;
    qsort(wit->sorted, count, sizeof *wit->sorted, order_packages);
    for (u32 i = 0; i < count; i++) {
        WitPackage *p = wit->sorted[i];
        if (!map_add(&wit->package_names, p->full.data, p->full.len, i))
            wit_fail(wit, p->at, ERR_wit_duplicate_name, "there is another package %.*s",
                     WIT_SAY(p->full));
        collect_needs(wit, p);
    }
    wit->packages = NEW_ARRAY(wit->arena, WitPackage *, count);
    wit->package_count = 0;
    for (u32 binary = 2; binary--;)
        for (u32 i = 0; i < count; i++)
            if (is_binary(wit->sorted[i]) == binary) visit(wit, wit->sorted[i], &stack);
}

// ---- All of it

void wit_make_primitives(Wit *wit)
{
    for (u32 k = 0; k < WIT_own; k++) {
        wit->primitives[k] = NEW(wit->arena, WitType);
        *wit->primitives[k] = (WitType){.kind = k, .index = WIT_LEFT_OUT, .on = true};
    }
}

bool wit_resolve(Wit *wit)
{
    jmp_buf failed, *outer = wit->arena->on_failure;
    wit->arena->on_failure = &failed;
    if (setjmp(failed)) return wit_leave(wit, outer);
    if (!wit->file_count)
        wit_fail(wit, (WitSpot){0}, ERR_wit_package, "there is no file with WIT in it");
    map_init(&wit->package_names, wit->arena);
    wit_make_primitives(wit);
    for (u32 first = 0, i = 1; i <= wit->file_count; i++) {
        if (i < wit->file_count && wit->files[i]->group == wit->files[first]->group) continue;
        collect_group(wit, first, i);
        first = i;
    }
    for (u32 i = 0; i < wit->package_count; i++) collect_names(wit, wit->packages[i]);
    sort_packages(wit);
    for (u32 i = 0; i < wit->package_count; i++) {
        wit->packages[i]->index = i;
        wit_define(wit, wit->packages[i]);
        wit_settle(wit, wit->packages[i]);
    }
    wit->arena->on_failure = outer;
    return true;
}
