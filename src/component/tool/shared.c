// shared.c -- imports of the composition: what several sites want of the same one, whose identities
// are whose, and which of them stands first. See compose.h.

#include "component/tool/compose.h"

#include "component/tool/maker.h"

u32 compose_site(Composer *c, u32 pack, CType type, u32 at)
{
    u32 count = compose_externs(c, type)->import_count;
    ctypes_step(c->types, 10 + 10 * count);
    Site s = {.pack = pack, .type = type, .at = at, .value = NOTHING};
    s.given = NEW_ARRAY(c->arena, Given, (size_t)count + 1);
    for (u32 i = 0; i < count; i++) s.given[i] = (Given){NOTHING, NOTHING, at};
    cidmap_init(&s.ids, c->arena);
    ARENA_PUSH(c->arena, c->sites, c->site_count, c->site_cap) = s;
    return c->site_count - 1;
}

CType compose_id(const Composer *c, CType t)
{
    const u32 *to = c->site ? cidmap_get(&c->site->ids, t) : NULL;
    return to ? *to : t;
}

// ---- Which identities are the same

// Of one import of a site's component.
typedef struct {
    Composer *c;
    Site *site;
    CIdMap *seen;   // identities that an import in front has: this one only uses them
    u32 import;     // of the composition, or NOTHING: an argument is given
} Link;

static Bytes joined(Composer *c, Bytes before, Bytes name)
{
    Buf b;
    buf_init(&b, c->arena);
    buf_bytes(&b, before.data, before.len);
    buf_byte(&b, '\n'); // is in no name
    buf_bytes(&b, name.data, name.len);
    return buf_view(&b);
}

// Is it the first to have it?
static bool first_seen(Link *l, CType t)
{
    if (t < CPRIM_COUNT || cidmap_get(l->seen, t)) return false;
    cidmap_set(l->seen, t, 1);
    return true;
}

// What the site that came first has under that name is what it is for all.
static void link_type(Link *l, Bytes name, CType t)
{
    Shared *import = &l->c->imports[l->import];
    if (!first_seen(l, t)) return;
    if (map_add(&import->types, name.data, name.len, t)) {
        if (!cidmap_get(&l->c->owners, t)) cidmap_set(&l->c->owners, t, l->import);
        return;
    }
    u32 to = *map_get(&import->types, name.data, name.len);
    if (to != t) cidmap_set(&l->site->ids, t, to);
}

// As deep as types are.
static void link_entity(Link *l, Bytes name, CEntity e)
{
    ctypes_step(l->c->types, 10);
    if (e.kind == CENTITY_type) link_type(l, name, e.type);
    if (e.kind != CENTITY_instance) return;
    const CExterns *in = compose_externs(l->c, e.type);
    for (u32 i = 0; i < in->export_count; i++)
        link_entity(l, joined(l->c, name, in->exports[i].name), in->exports[i].entity);
}

// What an argument has instead: an import's are known, of all others only that they are not.
static void take_ids(Link *l, CEntity want, const CEntity *there)
{
    Composer *c = l->c;
    ctypes_step(c->types, 10);
    if (want.kind == CENTITY_type && first_seen(l, want.type)) {
        bool known = there && there->kind == CENTITY_type;
        cidmap_set(&l->site->ids, want.type, known ? there->type : CTYPE_NONE);
    }
    if (want.kind != CENTITY_instance) return;
    const CExterns *in = compose_externs(c, want.type);
    for (u32 i = 0; i < in->export_count; i++) {
        bool deeper = there && there->kind == CENTITY_instance;
        const CExtern *e = deeper ? cexterns_find(compose_externs(c, there->type), true,
                                                  in->exports[i].name)
                                  : NULL;
        take_ids(l, in->exports[i].entity, e ? &e->entity : NULL);
    }
}

static void link_site(Composer *c, u32 number)
{
    CIdMap seen;
    Site *s = &c->sites[number];
    const CExterns *e = compose_externs(c, s->type);
    cidmap_init(&seen, c->arena);
    for (u32 i = 0; i < e->import_count; i++) {
        const Given *g = &s->given[i];
        Link l = {c, s, &seen, g->import};
        if (g->value == NOTHING) {
            link_entity(&l, (Bytes){0}, e->imports[i].entity);
        } else if (s->pack != NOTHING) {
            const Value *v = &c->values[g->value];
            bool known = v->kind == VALUE_import || v->kind == VALUE_type;
            take_ids(&l, e->imports[i].entity, known ? &v->shape : NULL);
        }
    }
}

// ---- Which imports there are

static WitVersion version_of(Bytes name)
{
    WitVersion version = {0};
    const char *why;
    const u8 *at = name.len ? memchr(name.data, '@', name.len) : NULL;
    Bytes text = at ? (Bytes){at + 1, (size_t)(name.data + name.len - at - 1)} : (Bytes){0};
    if (at && !wit_version_parse(text, &version, &why)) version = (WitVersion){0};
    return version;
}

static void share_want(Composer *c, u32 site, u32 number)
{
    const CExtern *e = compose_want(c, (Want){site, number});
    Site *s = &c->sites[site];
    if (map_get(&c->import_names, e->name.data, e->name.len))
        compose_fail(c, s->at, "\"%.*s\" is imported by the file itself, and %.*s would need it "
                               "from there: give it as an argument",
                     WIT_SAY(e->name), WIT_SAY(compose_pack_name(c, s)));
    WitVersion version = version_of(e->name);
    Bytes track = version.text.len ? cname_canonical(e->name) : e->name;
    u32 found = c->import_count;
    if (!map_add(&c->tracks, track.data, track.len, found))
        found = *map_get(&c->tracks, track.data, track.len);
    if (found == c->import_count)
        ARENA_PUSH(c->arena, c->imports, c->import_count, c->import_cap) =
            (Shared){.name = e->name, .version = version, .at = s->at, .index = NOTHING};
    Shared *i = &c->imports[found];
    if (version.text.len && wit_version_order(&version, &i->version) > 0) {
        i->name = e->name;
        i->version = version;
    }
    s->given[number].import = found;
    ARENA_PUSH(c->arena, i->wants, i->want_count, i->want_cap) = (Want){site, number};
}

void compose_share(Composer *c)
{
    for (u32 i = 0; i < c->site_count; i++) {
        u32 count = compose_externs(c, c->sites[i].type)->import_count;
        for (u32 k = 0; k < count; k++)
            if (c->sites[i].given[k].value == NOTHING && c->sites[i].given[k].import == NOTHING)
                share_want(c, i, k);
    }
    cidmap_init(&c->owners, c->arena);
    for (u32 i = 0; i < c->import_count; i++) map_init(&c->imports[i].types, c->arena);
    for (u32 i = 0; i < c->site_count; i++) link_site(c, i);
}

// ---- Their order

typedef struct {
    Composer *c;
    WitEdges *edges;
    CIdMap seen;
    u32 import;
} Needs;

static void need_type(Needs *n, CType t);

static void need_externs(Needs *n, const CExtern *list, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (list[i].entity.kind != CENTITY_module) need_type(n, list[i].entity.type);
}

static void need_fields(Needs *n, const CField *fields, u32 count)
{
    for (u32 i = 0; i < count; i++) need_type(n, fields[i].type);
}

// As deep as types are, but for names of names, which are one after the other.
static void need_type(Needs *n, CType t)
{
    Composer *c = n->c;
    const CTypeDef *def;
    for (;; t = def->of) {
        if (!(ctype_holds(c->types, t) & (HOLDS_resource | HOLDS_named))) return;
        ctypes_step(c->types, 10);
        if (cidmap_get(&n->seen, t)) return;
        cidmap_set(&n->seen, t, 1);
        const u32 *owner = cidmap_get(&c->owners, compose_id(c, t));
        if (owner && *owner != n->import) {
            ARENA_PUSH(c->arena, n->edges->edges, n->edges->count, n->edges->cap) =
                (WitEdge){n->import, *owner, 0};
            return;
        }
        def = ctype_def(c->types, t);
        if (!def->named) break;
    }
    if (def->form == CFORM_resource) return;
    if (def->form == CFORM_func) {
        need_fields(n, def->func->params, def->count);
        need_type(n, def->func->result);
    } else if (def->form == CFORM_component || def->form == CFORM_instance) {
        need_externs(n, def->externs->imports, def->externs->import_count);
        need_externs(n, def->externs->exports, def->externs->export_count);
    } else {
        need_fields(n, def->fields, def->form == CFORM_fixed_list ? 1 : def->count);
    }
}

u32 *compose_order(Composer *c)
{
    WitEdges edges = {0};
    const WitEdge *stuck;
    for (u32 i = 0; i < c->import_count; i++)
        for (u32 k = 0; k < c->imports[i].want_count; k++) {
            Want w = c->imports[i].wants[k];
            Needs n = {.c = c, .edges = &edges, .import = i};
            CEntity e = compose_want(c, w)->entity;
            c->site = &c->sites[w.site];
            cidmap_init(&n.seen, c->arena);
            if (e.kind != CENTITY_module) need_type(&n, e.type);
        }
    u32 *order = wit_order(c->arena, &edges, c->import_count, &stuck);
    if (!order)
        compose_fail(c, c->imports[stuck->from].at,
                     "\"%.*s\" and \"%.*s\" each use types of the other, as different components "
                     "have them",
                     WIT_SAY(c->imports[stuck->from].name), WIT_SAY(c->imports[stuck->to].name));
    return order;
}
