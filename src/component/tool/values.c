// values.c -- what the names and expressions of a file mean, before anything is made; and the same
// without a file: components that are plugged into one. See compose.h.

#include "component/tool/compose.h"

#include "component/tool/maker.h"
#include "component/wit/decode.h"

static const CExtern *extern_of(CExterns *e, bool exports, Bytes name)
{
    return cexterns_find(e, exports, name);
}

// ---- Names of externs

// The last part of a path, without its version.
static Bytes last_part(Bytes name)
{
    size_t end = name.len, start = 0;
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] == '/') start = i + 1;
    for (size_t i = name.len; i > start; i--)
        if (name.data[i - 1] == '@') end = i - 1;
    return start ? (Bytes){name.data + start, end - start} : (Bytes){0};
}

static const CExtern *only_one(Composer *c, CExterns *e, bool exports, Bytes name,
                               Bytes (*part)(Bytes))
{
    const CExtern *list = exports ? e->exports : e->imports, *found = NULL;
    u32 count = exports ? e->export_count : e->import_count;
    ctypes_step(c->types, 10 + count);
    for (u32 i = 0; i < count; i++) {
        if (!bytes_same(part(list[i].name), name)) continue;
        if (found) return NULL;
        found = &list[i];
    }
    return found;
}

const CExtern *compose_short(Composer *c, CExterns *e, bool exports, Bytes name)
{
    const CExtern *exact = extern_of(e, exports, name);
    return exact ? exact : only_one(c, e, exports, name, last_part);
}

const CExtern *compose_track(Composer *c, CExterns *e, bool exports, Bytes name)
{
    const CExtern *exact = extern_of(e, exports, name);
    if (exact || !name.len || !memchr(name.data, '@', name.len)) return exact;
    return only_one(c, e, exports, cname_canonical(name), cname_canonical);
}

// ---- Values

static u32 value_new(Composer *c, Value v)
{
    ctypes_step(c->types, 10);
    v.index = NOTHING;
    ARENA_PUSH(c->arena, c->values, c->value_count, c->value_cap) = v;
    return c->value_count - 1;
}

static void bind(Composer *c, const WacStatement *s, u32 value)
{
    if (!map_add(&c->names, s->name.data, s->name.len, value))
        compose_fail(c, s->at, "\"%.*s\" is something else already", WIT_SAY(s->name));
}

static CExterns *instance_of(Composer *c, u32 value, u32 at)
{
    const Value *v = &c->values[value];
    if (v->shape.kind != CENTITY_instance)
        compose_fail(c, at, "this is no instance but a %s", centity_text[v->shape.kind]);
    return compose_externs(c, v->shape.type);
}

static u32 access_extern(Composer *c, u32 of, const CExtern *e, u32 at)
{
    bool path = memchr(e->name.data, '/', e->name.len) != NULL;
    Bytes id = path ? e->name : cextern_implements(e);
    return value_new(c, (Value){VALUE_access, of, at, e->name, id, e->entity, e->entity, 0});
}

static _Noreturn void fail_unknown(Composer *c, u32 at, const char *kind, Bytes name, CExterns *e,
                                   bool exports)
{
    WitNames there = {0};
    const CExtern *list = exports ? e->exports : e->imports;
    for (u32 i = 0; i < (exports ? e->export_count : e->import_count); i++)
        ARENA_PUSH(c->arena, there.names, there.count, there.cap) = list[i].name;
    wit_fail_unknown(c->wit, (WitSpot){c->wac ? c->wac->file : NULL, at}, kind, name, &there);
}

static u32 access_name(Composer *c, u32 of, const WacExpr *e)
{
    CExterns *in = instance_of(c, of, e->at);
    const CExtern *found = e->exact ? extern_of(in, true, e->name)
                                    : compose_short(c, in, true, e->name);
    if (!found) fail_unknown(c, e->at, "export", e->name, in, true);
    return access_extern(c, of, found, e->at);
}

static u32 local(Composer *c, Bytes name, u32 at)
{
    const u32 *found = map_get(&c->names, name.data, name.len);
    if (found) return *found;
    compose_fail(c, at, "nothing in front of this is called \"%.*s\"", WIT_SAY(name));
}

// ---- Instantiation

static u32 eval(Composer *c, const WacExpr *e);

static void give(Composer *c, u32 site, const CExtern *e, u32 value, u32 at)
{
    Site *s = &c->sites[site];
    u32 number = (u32)(e - compose_externs(c, s->type)->imports);
    if (s->given[number].value != NOTHING)
        compose_fail(c, at, "the argument \"%.*s\" is given twice", WIT_SAY(e->name));
    s->given[number] = (Given){value, NOTHING, at};
}

// By what it is, by what it was called where it comes from, by what it is called here.
static const CExtern *infer(Composer *c, CExterns *e, const Value *v, Bytes name)
{
    const CExtern *found = v->id.len ? compose_track(c, e, false, v->id) : NULL;
    if (!found && v->name.len) found = extern_of(e, false, v->name);
    return found ? found : compose_short(c, e, false, name);
}

static void give_arg(Composer *c, u32 site, const WacArg *a)
{
    CExterns *e = compose_externs(c, c->sites[site].type);
    u32 value = a->kind == WAC_named ? eval(c, a->value) : local(c, a->name, a->at);
    const CExtern *found = a->exact                ? extern_of(e, false, a->name)
                           : a->kind == WAC_named ? compose_short(c, e, false, a->name)
                                                  : infer(c, e, &c->values[value], a->name);
    if (!found) fail_unknown(c, a->at, "import", a->name, e, false);
    give(c, site, found, value, a->at);
}

static u32 spread(Composer *c, u32 site, u32 value, u32 at)
{
    CExterns *from = instance_of(c, value, at), *to = compose_externs(c, c->sites[site].type);
    u32 count = 0;
    ctypes_step(c->types, 10 + to->import_count);
    for (u32 i = 0; i < to->import_count; i++) {
        if (c->sites[site].given[i].value != NOTHING) continue;
        const CExtern *e = compose_track(c, from, true, to->imports[i].name);
        if (!e) continue;
        give(c, site, &to->imports[i], access_extern(c, value, e, at), at);
        count++;
    }
    return count;
}

static u32 instantiate(Composer *c, u32 pack, u32 at, u32 *site)
{
    const Pack *p = &c->packs[pack];
    *site = compose_site(c, pack, p->type, at);
    CEntity shape = {CENTITY_instance, {p->type}};
    return value_new(c, (Value){.kind = VALUE_new, .of = *site, .at = at, .shape = shape});
}

static u32 eval_new(Composer *c, const WacExpr *e)
{
    u32 pack = *map_get(&c->pack_names, e->name.data, e->name.len);
    u32 site = compose_site(c, pack, c->packs[pack].type, e->at);
    bool rest = false;
    for (u32 i = 0; i < e->arg_count; i++) {
        rest |= e->args[i].kind == WAC_rest;
        if (e->args[i].kind < WAC_spread) give_arg(c, site, &e->args[i]);
    }
    for (u32 i = 0; i < e->arg_count; i++) {
        const WacArg *a = &e->args[i];
        if (a->kind == WAC_spread && !spread(c, site, local(c, a->name, a->at), a->at))
            compose_fail(c, a->at, "no export of this is an import that is still to be given");
    }
    const CExterns *externs = compose_externs(c, c->packs[pack].type);
    for (u32 i = 0; i < externs->import_count && !rest; i++)
        if (c->sites[site].given[i].value == NOTHING)
            compose_fail(c, e->at, "the argument \"%.*s\" is missing; \"...\" imports what is",
                         WIT_SAY(externs->imports[i].name));
    // Behind its arguments.
    CEntity shape = {CENTITY_instance, {c->packs[pack].type}};
    u32 value = value_new(c, (Value){.kind = VALUE_new, .of = site, .at = e->at, .shape = shape});
    return c->sites[site].value = value;
}

// What is accessed in what is accessed, from the inside on.
static u32 eval(Composer *c, const WacExpr *e)
{
    const WacExpr **chain = NULL;
    u32 count = 0, cap = 0;
    for (; e->kind == WAC_access; e = e->of) ARENA_PUSH(c->arena, chain, count, cap) = e;
    u32 value = e->kind == WAC_new ? eval_new(c, e) : local(c, e->name, e->at);
    while (count) value = access_name(c, value, chain[--count]);
    return value;
}

// ---- Statements

static void check_name(Composer *c, Bytes name, const char *what, u32 at)
{
    const char *why;
    Bytes part;
    CName parsed;
    if (!cname_parse(name, features_all, &parsed, &why, &part))
        compose_fail(c, at, "no name of an %s is \"%.*s\": \"%.*s\" %s", what, WIT_SAY(name),
                     WIT_SAY(part), why);
}

static void export_value(Composer *c, Bytes name, u32 value, u32 at)
{
    check_name(c, name, "export", at);
    if (!map_add(&c->export_names, name.data, name.len, c->export_count))
        compose_fail(c, at, "there is another export \"%.*s\"", WIT_SAY(name));
    ARENA_PUSH(c->arena, c->exports, c->export_count, c->export_cap) = (Leaving){name, value, at};
}

static void spread_exports(Composer *c, u32 value, u32 at)
{
    const CExterns *e = instance_of(c, value, at);
    u32 before = c->export_count;
    for (u32 i = 0; i < e->export_count; i++)
        if (!map_get(&c->export_names, e->exports[i].name.data, e->exports[i].name.len))
            export_value(c, e->exports[i].name, access_extern(c, value, &e->exports[i], at), at);
    if (c->export_count == before)
        compose_fail(c, at, "it has no exports, but those that the composition has already");
}

static void state_export(Composer *c, const WacStatement *s)
{
    u32 value = eval(c, s->value);
    if (s->spread) {
        spread_exports(c, value, s->at);
        return;
    }
    const Value *v = &c->values[value];
    bool by_id = v->id.len && v->kind == VALUE_import;
    Bytes name = s->as_at ? s->as : by_id ? v->id : v->name;
    if (!name.len) compose_fail(c, s->at, "this has no name of its own: `as` gives it one");
    export_value(c, name, value, s->as_at ? s->as_at : s->at);
}

static Bytes path_id(Composer *c, const WitPath *path)
{
    WitPackage *p = path->space.len ? wit_find_package(c->wit, path) : c->wit->main;
    return wit_member_name(c->arena, p, path->name);
}

static void state_import(Composer *c, const WacStatement *s)
{
    CExterns *e = compose_externs(c, c->sites[0].type);
    Bytes id = s->path ? path_id(c, s->path) : (Bytes){0};
    const CExtern *found = extern_of(e, false, s->path ? id : s->item);
    Bytes name = s->as_at ? s->as : s->path ? id : s->name;
    u32 at = s->as_at ? s->as_at : s->at;
    if (!found) compose_fail(c, s->at, "this cannot be imported");
    if (!id.len) id = cextern_implements(found);
    check_name(c, name, "import", at);
    if (!map_add(&c->import_names, name.data, name.len, c->import_count))
        compose_fail(c, at, "there is another import \"%.*s\"", WIT_SAY(name));
    u32 number = (u32)(found - e->imports), value;
    c->sites[0].given[number].import = c->import_count;
    Shared i = {.name = name, .at = s->at, .index = NOTHING};
    ARENA_PUSH(c->arena, i.wants, i.want_count, i.want_cap) = (Want){0, number};
    value = value_new(c, (Value){VALUE_import, c->import_count, s->at, name, id, found->entity,
                                 found->entity, 0});
    ARENA_PUSH(c->arena, c->imports, c->import_count, c->import_cap) = i;
    bind(c, s, value);
}

// Types leave the composition under their names, as interfaces and worlds do.
static void state_type(Composer *c, const WacStatement *s)
{
    CExterns *e = compose_externs(c, s->kind == WAC_type ? c->sites[0].type : c->own_package);
    const CExtern *found = extern_of(e, s->kind != WAC_type, s->kind == WAC_type ? s->item
                                                                                 : s->name);
    if (!found) compose_fail(c, s->at, "there is no such type");
    CEntity shape = {CENTITY_type, {found->entity.type}};
    u32 value = value_new(c, (Value){.kind = VALUE_type, .of = s->kind == WAC_type ? 0 : NOTHING,
                                     .at = s->at, .name = s->name, .shape = shape,
                                     .entity = shape});
    if (s->kind == WAC_type) c->sites[0].given[found - e->imports].value = value;
    bind(c, s, value);
    export_value(c, s->name, value, s->at);
}

void compose_file(Composer *c)
{
    for (u32 i = 0; i < c->wac->count; i++) {
        const WacStatement *s = &c->wac->statements[i];
        switch (s->kind) {
        case WAC_import: state_import(c, s); break;
        case WAC_let: bind(c, s, eval(c, s->value)); break;
        case WAC_export: state_export(c, s); break;
        case WAC_type: case WAC_interface: state_type(c, s); break;
        }
    }
}

// ---- Plugs

static u32 plug(Composer *c, u32 pack, u32 site)
{
    CExterns *from = compose_externs(c, c->packs[pack].type);
    CExterns *to = compose_externs(c, c->sites[site].type);
    u32 own, given = 0, value = NOTHING;
    for (u32 i = 0; i < to->import_count; i++) {
        if (c->sites[site].given[i].value != NOTHING) continue;
        const CExtern *e = compose_track(c, from, true, to->imports[i].name);
        if (!e) continue;
        if (value == NOTHING) {
            value = instantiate(c, pack, NOTHING, &own);
            c->sites[own].value = value;
        }
        give(c, site, &to->imports[i], access_extern(c, value, e, NOTHING), NOTHING);
        given++;
    }
    return given;
}

void compose_plugs(Composer *c, u32 count)
{
    u32 socket = compose_site(c, 0, c->packs[0].type, NOTHING);
    for (u32 i = 1; i <= count; i++)
        if (!plug(c, i, socket))
            compose_fail(c, NOTHING, "%.*s exports nothing that %.*s imports and nobody in front "
                                     "of it gave",
                         WIT_SAY(c->packs[i].name), WIT_SAY(c->packs[0].name));
    CEntity shape = {CENTITY_instance, {c->packs[0].type}};
    u32 value = value_new(c, (Value){.kind = VALUE_new, .of = socket, .at = NOTHING,
                                     .shape = shape});
    c->sites[socket].value = value;
    const CExterns *e = compose_externs(c, c->packs[0].type);
    if (e->export_count) spread_exports(c, value, NOTHING);
}
