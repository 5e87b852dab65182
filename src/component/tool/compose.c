// compose.c -- components of components: packages are found, what is said of them is read, and in
// the end what came of it is compared with the world that it is for. See tool.h, compose.h.

#include "component/tool/compose.h"

#include "component/type/text.h"
#include "component/wit/decode.h"

#include <stdarg.h>
#include <stdio.h>

void compose_fail(Composer *c, u32 at, const char *fmt, ...)
{
    char text[sizeof c->wit->diag.detail];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    bool known = c->wac && at != NOTHING;
    wit_fail(c->wit, (WitSpot){known ? c->wac->file : NULL, known ? at : 0}, ERR_componentize, "%s",
             text);
}

// "resource 12" says nothing to anybody.
char *compose_describe(const Composer *c, CEntity e, char *out, size_t size)
{
    static const char word[] = "resource ";
    centity_describe(c->types, e, out, size);
    for (char *at = out; (at = strstr(at, word)); at++) {
        char *end = at + sizeof word - 1, *digits = end;
        while (*digits >= '0' && *digits <= '9') digits++;
        if (digits > end) memmove(end - 1, digits, strlen(digits) + 1);
    }
    return out;
}

void compose_show(Composer *c, const char *whose, Bytes name, CEntity e)
{
    char text[1000];
    compose_describe(c, e, text, sizeof text);
    buf_bytes(c->out, "  ", 2);
    buf_bytes(c->out, whose, strlen(whose));
    buf_bytes(c->out, "  ", 2);
    buf_bytes(c->out, name.data, name.len);
    buf_bytes(c->out, ": ", 2);
    buf_bytes(c->out, text, strlen(text));
    buf_byte(c->out, '\n');
}

CExterns *compose_externs(const Composer *c, CType t) { return ctype_def(c->types, t)->externs; }

const CExtern *compose_want(const Composer *c, Want w)
{
    return &compose_externs(c, c->sites[w.site].type)->imports[w.number];
}

Bytes compose_pack_name(const Composer *c, const Site *s)
{
    return s->pack == NOTHING ? bytes_of("the file") : c->packs[s->pack].name;
}

// wit->diag says why already.
static _Noreturn void fail_told(Composer *c) { arena_fail(c->arena); }

// ---- Packages

static bool find(Composer *c, Bytes name, Bytes *bytes)
{
    *bytes = (Bytes){0};
    if (!c->packages->find(c->packages->env, name, bytes)) {
        c->told = true;
        fail_told(c);
    }
    return bytes->data != NULL;
}

static void add_pack(Composer *c, const WacExpr *e)
{
    Bytes bytes;
    if (map_get(&c->pack_names, e->name.data, e->name.len)) return;
    size_t len = c->wac->name.len;
    bool own = e->name.len >= len && !memcmp(e->name.data, c->wac->name.data, len) &&
               (e->name.len == len || e->name.data[len] == '@');
    if (own) compose_fail(c, e->at, "this is the package that is being made");
    if (!find(c, e->name, &bytes))
        compose_fail(c, e->at, "there is no component %.*s; --dep %.*s=FILE says where one is",
                     WIT_SAY(e->name), WIT_SAY(e->name));
    if (!component_is(bytes.data, bytes.len))
        compose_fail(c, e->at, "%.*s is no component", WIT_SAY(e->name));
    map_add(&c->pack_names, e->name.data, e->name.len, c->pack_count);
    ARENA_PUSH(c->arena, c->packs, c->pack_count, c->pack_cap) =
        (Pack){.name = e->name, .bytes = bytes, .index = NOTHING};
}

// ---- What is WIT

typedef struct {
    Composer *c;
    Map seen;              // by name: in `versions`
    WitVersion *versions;  // of what was found
    u32 count, cap, group;
} Finder;

static void add_package(Finder *f, Bytes name, Bytes bytes)
{
    Composer *c = f->c;
    Diag diag = {0};
    static const CModuleLoader loader = {.names_all = true};
    Bytes path = {(const u8 *)arena_strdup(c->arena, (const char *)name.data, name.len), name.len};
    if (!component_is(bytes.data, bytes.len)) {
        if (!wit_add(c->wit, f->group++, path, bytes)) fail_told(c);
        return;
    }
    c->reading = component_load(bytes.data, bytes.len, features_all, c->store, &loader, &diag);
    if (!c->reading) {
        c->wit->diag = diag;
        compose_fail(c, NOTHING, "%s", "");
    }
    bool good = wit_add_component(c->wit, f->group++, path, c->reading, true);
    component_free(c->reading);
    c->reading = NULL;
    if (!good) fail_told(c);
}

// The version of the file that was added last.
static WitVersion version_found(const Wit *wit)
{
    const WitNode *n = wit->files[wit->file_count - 1]->syntax;
    while (n && (n->kind != NODE_package || n->has_items)) n = n->next;
    return n ? n->path->version : (WitVersion){0};
}

// A path without a version is one of that which was found.
static void follow(Finder *f, WitPath *path)
{
    Composer *c = f->c;
    Bytes bytes;
    if (!path || !path->space.len) return;
    Bytes name = wit_package_text(c->arena, path->space, path->package, &path->version);
    if (map_add(&f->seen, name.data, name.len, f->count)) {
        WitVersion found = path->version;
        if (find(c, name, &bytes)) {
            add_package(f, name, bytes);
            found = version_found(c->wit);
        }
        ARENA_PUSH(c->arena, f->versions, f->count, f->cap) = found;
    }
    if (!path->version.text.len)
        path->version = f->versions[*map_get(&f->seen, name.data, name.len)];
}

// Interfaces and worlds stand at the top or in a package there, uses in those or in interfaces of
// worlds: that is all the nesting that there is.
static void follow_items(Finder *f, const WitNode *items, u32 depth)
{
    enum { DEEPEST = 3 };
    for (const WitNode *n = items; n; n = n->next) {
        bool paths = n->kind == NODE_use || n->kind == NODE_include || n->kind == NODE_import ||
                     n->kind == NODE_export;
        bool holds = n->kind == NODE_package || n->kind == NODE_interface ||
                     n->kind == NODE_world || n->form == AS_inline;
        if (paths) follow(f, n->path);
        if (holds && depth < DEEPEST && n->kind != NODE_type && n->kind != NODE_func)
            follow_items(f, n->items, depth + 1);
    }
}

static void name_package(Composer *c, Map *names, const WitNode *n, bool inner)
{
    const WitPath *path = n->path;
    Bytes name = wit_package_text(c->arena, path->space, path->package, &path->version);
    if (n->has_items == inner) map_add(names, name.data, name.len, 0);
}

// A package that stands in a file is what that needs of it, unless it is there as a whole.
static void drop_parts(Composer *c)
{
    Map names;
    map_init(&names, c->arena);
    for (u32 i = 0; i < c->wit->file_count; i++)
        for (const WitNode *n = c->wit->files[i]->syntax; n; n = n->next)
            if (n->kind == NODE_package) name_package(c, &names, n, false);
    for (u32 i = 0; i < c->wit->file_count; i++)
        for (WitNode **at = &c->wit->files[i]->syntax; *at;) {
            WitNode *n = *at;
            u32 before = names.count;
            bool inner = n->kind == NODE_package && n->has_items;
            if (inner) name_package(c, &names, n, true);
            if (inner && names.count == before) *at = n->next;
            else at = &n->next;
        }
}

static void read_file(Composer *c, Bytes path, Bytes text)
{
    Finder f = {.c = c, .group = 1};
    map_init(&f.seen, c->arena);
    if (!wac_add(c->wit, path, text, c->wac)) fail_told(c);
    for (u32 i = 0; i < c->wit->file_count; i++) // more come on the way
        follow_items(&f, c->wit->files[i]->syntax, 0);
    drop_parts(c);
    c->wit->all_features = true;
    if (!wit_resolve(c->wit)) fail_told(c);
    for (u32 i = 0; i < c->wac->new_count; i++) add_pack(c, c->wac->news[i]);
}

// ---- All types in one

static void hold(CWriter *w, Bytes component, u32 number)
{
    char name[16];
    int len = snprintf(name, sizeof name, "c%u", number);
    u32 index = cwriter_component(w, component);
    cwriter_export(w, (CExternName){.name = {(const u8 *)name, (size_t)len}}, CENTITY_component,
                   index, NULL);
}

static const WitWorld *own_world(const Composer *c, const char *name)
{
    const WitPackage *p = c->wit->main;
    const u32 *at = map_get(&p->world_names, name, strlen(name));
    return at ? p->worlds[*at] : NULL;
}

static void hold_file(Composer *c, CWriter *w)
{
    Buf world, package;
    buf_init(&world, c->arena);
    buf_init(&package, c->arena);
    if (!wit_encode_world(c->wit, own_world(c, WAC_WORLD), STRINGS_utf8, &world) ||
        !wit_encode_package(c->wit, c->wit->main, &package))
        fail_told(c);
    hold(w, buf_view(&world), c->pack_count);
    hold(w, buf_view(&package), c->pack_count + 1);
}

static CType held(const Composer *c, u32 number)
{
    return compose_externs(c, c->all->type)->exports[number].entity.type;
}

static void read_all(Composer *c)
{
    static const CModuleLoader named = {.names_all = true}; // types keep theirs
    CWriter w;
    Diag diag = {0};
    cwriter_init(&w, c->arena, CWRITE_component);
    for (u32 i = 0; i < c->pack_count; i++) hold(&w, c->packs[i].bytes, i);
    if (c->wac) hold_file(c, &w);
    Bytes whole = cwriter_finish(&w);
    c->all = component_load(whole.data, whole.len, features_all, c->store, &named, &diag);
    if (!c->all) {
        c->wit->diag = diag;
        c->wit->diag.offset = 0;
        fail_told(c);
    }
    c->types = &c->all->types;
    c->all->arena.on_failure = c->all->scratch.on_failure = c->arena->on_failure;
    for (u32 i = 0; i < c->pack_count; i++) c->packs[i].type = held(c, i);
    if (!c->wac) return;
    const CExterns *e = compose_externs(c, held(c, c->pack_count)); // see read_world in new.c
    e = compose_externs(c, e->exports[0].entity.type);
    compose_site(c, NOTHING, e->exports[0].entity.type, 0);
    c->own_package = held(c, c->pack_count + 1);
}

// ---- The world that it is for

static _Noreturn void fail_target(Composer *c, const Diag *diag)
{
    char text[sizeof diag->detail];
    if (err_class[diag->err] == CLASS_invalid || err_class[diag->err] == CLASS_malformed)
        compose_fail(c, c->wac->target->at, "for a world: %s",
                     diag_text(diag, text, sizeof text));
    c->wit->diag = *diag;
    fail_told(c);
}

static void check_target(Composer *c)
{
    static const CModuleLoader loader = {.names_all = true};
    Wit there;
    Buf bytes, why;
    Diag diag = {0};
    buf_init(&bytes, c->arena);
    buf_init(&why, c->arena);
    compose_emit(c, &bytes, false);
    c->reading = component_load(bytes.data, bytes.len, features_all, c->store, &loader, &diag);
    if (!c->reading) fail_target(c, &diag);
    wit_init(&there, c->arena);
    there.all_features = true;
    if (!wit_add_component(&there, 0, c->wac->name, c->reading, true) || !wit_resolve(&there))
        fail_target(c, &there.diag);
    if (!tool_fits(&there, c->wit, own_world(c, WAC_TARGET), &why)) {
        *c->out = why;
        compose_fail(c, c->wac->target->at, "it does not fit into the world");
    }
}

// ---- All of it

static void make(Composer *c)
{
    Buf made;
    buf_init(&made, c->arena);
    if (c->wac) compose_file(c);
    compose_share(c);
    compose_emit(c, &made, true);
    if (c->wac && c->wac->target) check_target(c);
    *c->out = made;
}

static void begin(Composer *c)
{
    map_init(&c->pack_names, c->arena);
    map_init(&c->import_names, c->arena);
    map_init(&c->tracks, c->arena);
    map_init(&c->names, c->arena);
    map_init(&c->export_names, c->arena);
    c->store = type_store_new();
    if (!c->store) fail_told(c);
}

static void end(Composer *c)
{
    component_free(c->reading);
    component_free(c->all);
    type_store_free(c->store);
}

// Why it left: a limit of types; else as wit_leave has it.
static bool leave(Composer *c, jmp_buf *outer)
{
    Wit *wit = c->wit;
    Err met = c->all ? c->all->types.met : ERR_none;
    if (met != ERR_none) diag_fail(&wit->diag, met, 0, "%s", "");
    end(c);
    if (!c->told && wit->diag.line == 0) return wit_leave(wit, outer);
    wit->arena->on_failure = outer;
    return false;
}

static bool compose(Composer *c, Bytes path, Bytes text)
{
    jmp_buf failed, *outer = c->arena->on_failure;
    c->arena->on_failure = &failed;
    if (setjmp(failed)) return leave(c, outer);
    begin(c);
    read_file(c, path, text);
    read_all(c);
    make(c);
    end(c);
    c->arena->on_failure = outer;
    return true;
}

bool tool_compose(Wit *wit, Bytes path, Bytes text, const ToolPackages *packages, Buf *out)
{
    Wac wac = {0};
    Composer c = {.wit = wit, .arena = wit->arena, .wac = &wac, .packages = packages,
                  .out = out};
    return compose(&c, path, text);
}

static bool plug(Composer *c, const ToolPart *parts, u32 count)
{
    jmp_buf failed, *outer = c->arena->on_failure;
    c->arena->on_failure = &failed;
    if (setjmp(failed)) return leave(c, outer);
    begin(c);
    for (u32 i = 0; i < count; i++)
        ARENA_PUSH(c->arena, c->packs, c->pack_count, c->pack_cap) =
            (Pack){.name = parts[i].name, .bytes = parts[i].bytes, .index = NOTHING};
    read_all(c);
    compose_plugs(c, count - 1);
    make(c);
    end(c);
    c->arena->on_failure = outer;
    return true;
}

bool tool_plug(Wit *wit, const ToolPart *parts, u32 count, Buf *out)
{
    Composer c = {.wit = wit, .arena = wit->arena, .out = out};
    return plug(&c, parts, count);
}
