// turn.c -- worlds that become others: what is exported is imported, or the other way, and of what
// is imported in versions that may stand for each other only the latest. See wit.h.
//
// Only what wit_print shows is changed; by that all is resolved anew, which finds what the world
// imports without saying so, and what cannot be.

#include "component/wit/resolver.h"

#include "component/type/name.h"
#include "component/wit/decode.h"

static void rename_world(Wit *wit, WitWorld *w, Bytes name, const char *behind)
{
    WitPackage *p = w->package;
    Buf text;
    buf_init(&text, wit->arena);
    buf_bytes(&text, w->name.data, w->name.len);
    buf_bytes(&text, behind, strlen(behind));
    if (name.len && !clabel_valid(name))
        wit_fail(wit, (WitSpot){0}, ERR_wit_malformed_name, "\"%.*s\" for a world", WIT_SAY(name));
    w->name = name.len ? name : buf_view(&text);
    // it is a new one, the last of its package
    u32 at = 0;
    while (p->worlds[at] != w) at++;
    memmove(p->worlds + at, p->worlds + at + 1, (p->world_count - at - 1) * sizeof *p->worlds);
    p->worlds[p->world_count - 1] = w;
}

static void add(const Wit *wit, WitItems *items, const WitItem *item)
{
    wit_items_add(wit->arena, items, item);
}

// Types stay: functions that were exported may use them.
static void importize(Wit *wit, WitWorld *w)
{
    WitItems imports = w->imports;
    wit_items_init(&w->imports, wit->arena);
    for (u32 i = 0; i < imports.count; i++)
        if (imports.items[i].type) add(wit, &w->imports, &imports.items[i]);
    for (u32 i = 0; i < w->exports.count; i++) {
        const WitItem *item = &w->exports.items[i];
        if (wit_items_add(wit->arena, &w->imports, item))
            wit_fail(wit, (WitSpot){0}, ERR_wit_duplicate_name,
                     "world \"%.*s\" exports \"%.*s\", and imports a type that is called so",
                     WIT_SAY(w->name), WIT_SAY(item->name));
    }
    wit_items_init(&w->exports, wit->arena);
}

// As it is called in the world, or by its interface, with its package or without.
static bool is_called(const Wit *wit, const WitItem *item, Bytes name)
{
    const WitInterface *i = item->interface;
    if (item->name.len) return bytes_same(item->name, name);
    if (bytes_same(i->name, name)) return true;
    Bytes full = wit_member_name(wit->arena, i->package, i->name);
    const u8 *at = memchr(full.data, '@', full.len);
    return bytes_same(full, name) ||
           (at && bytes_same((Bytes){full.data, (size_t)(at - full.data)}, name));
}

static bool is_one(const Wit *wit, const WitItem *item, Bytes name)
{
    return !item->type && is_called(wit, item, name);
}

static void check_only(Wit *wit, const WitTurn *t)
{
    const WitItems *imports = &t->world->imports;
    for (u32 k = 0; k < t->only_count; k++) {
        u32 i = 0;
        wit_spend(wit, imports->count);
        while (i < imports->count && !is_one(wit, &imports->items[i], t->only[k])) i++;
        if (i == imports->count)
            wit_fail(wit, (WitSpot){0}, ERR_wit_unknown_name,
                     "world \"%.*s\" imports no \"%.*s\"", WIT_SAY(t->world->name),
                     WIT_SAY(t->only[k]));
    }
}

static bool becomes_export(const WitTurn *t, const Wit *wit, const WitItem *item)
{
    bool wanted = !t->only_count;
    for (u32 k = 0; k < t->only_count && !wanted; k++) wanted = is_one(wit, item, t->only[k]);
    return wanted && !item->type;
}

static void exportize(Wit *wit, const WitTurn *t)
{
    WitWorld *w = t->world;
    WitItems imports = w->imports;
    check_only(wit, t);
    wit_items_init(&w->imports, wit->arena);
    wit_items_init(&w->exports, wit->arena);
    for (u32 i = 0; i < imports.count; i++) {
        const WitItem *item = &imports.items[i];
        add(wit, becomes_export(t, wit, item) ? &w->exports : &w->imports, item);
    }
}

// ---- Versions

typedef struct {
    Wit *wit;
    const WitItems *imports; // as they were
    Map latest;    // by package, name and track: in `of`
    WitInterface **of;
    u32 count, cap;
} Versions;

static Bytes track_key(const Versions *v, const WitInterface *i)
{
    Buf key;
    Bytes track = cversion_track(i->package->version.text);
    buf_init(&key, v->wit->arena);
    buf_bytes(&key, i->package->space.data, i->package->space.len);
    buf_byte(&key, ':');
    buf_bytes(&key, i->package->name.data, i->package->name.len);
    buf_byte(&key, '/');
    buf_bytes(&key, i->name.data, i->name.len);
    buf_byte(&key, '@');
    buf_bytes(&key, track.data, track.len);
    return buf_view(&key);
}

static bool has_version(const WitInterface *i)
{
    return i && i->name.len && i->package->version.text.len;
}

static void note_version(Versions *v, WitInterface *i)
{
    Bytes key = track_key(v, i);
    if (map_add(&v->latest, key.data, key.len, v->count)) {
        ARENA_PUSH(v->wit->arena, v->of, v->count, v->cap) = i;
        return;
    }
    WitInterface **latest = &v->of[*(const u32 *)map_get(&v->latest, key.data, key.len)];
    if (wit_version_order(&(*latest)->package->version, &i->package->version) < 0) *latest = i;
}

// The one that stands for it: itself, if it is not imported, or no later one is.
static WitInterface *latest_of(const Versions *v, WitInterface *i)
{
    if (!has_version(i) || !wit_items_have(v->imports, &(WitItem){.interface = i})) return i;
    Bytes key = track_key(v, i);
    const u32 *at = map_get(&v->latest, key.data, key.len);
    return at ? v->of[*at] : i;
}

static void use_latest(const Versions *v, WitType *t)
{
    WitInterface *from = t->kind == WIT_alias ? t->of->interface : NULL;
    WitInterface *to = latest_of(v, from);
    if (from == to || from == t->interface) return;
    const u32 *at = map_get(&to->names, t->of->name.data, t->of->name.len);
    if (!at || *at >= to->type_count)
        wit_fail(v->wit, (WitSpot){0}, ERR_wit_unknown_name, "%.*s has no type \"%.*s\" in %.*s",
                 WIT_SAY(to->name), WIT_SAY(t->of->name), WIT_SAY(to->package->full));
    t->of = to->types[*at];
}

static void use_latest_in(const Versions *v, const WitItems *items)
{
    for (u32 i = 0; i < items->count; i++) {
        const WitItem *item = &items->items[i];
        for (u32 k = 0; item->interface && k < item->interface->type_count; k++)
            use_latest(v, item->interface->types[k]);
        if (item->type) use_latest(v, item->type);
    }
}

// Whoever exports an interface exports it in the versions that it says.
static void merge_versions(Wit *wit, WitWorld *w)
{
    WitItems imports = w->imports;
    Versions v = {.wit = wit, .imports = &imports};
    map_init(&v.latest, wit->arena);
    for (u32 i = 0; i < imports.count; i++)
        if (has_version(imports.items[i].interface) && !imports.items[i].name.len)
            note_version(&v, imports.items[i].interface);
    wit_items_init(&w->imports, wit->arena);
    for (u32 i = 0; i < imports.count; i++) {
        const WitItem *item = &imports.items[i];
        if (item->name.len || latest_of(&v, item->interface) == item->interface)
            add(wit, &w->imports, item);
    }
    use_latest_in(&v, &w->imports);
    use_latest_in(&v, &w->exports);
}

bool wit_turn(Wit *wit, const WitTurn *t)
{
    jmp_buf failed, *outer = wit->arena->on_failure;
    wit->arena->on_failure = &failed;
    if (setjmp(failed)) return wit_leave(wit, outer);
    if (t->kind == TURN_importize) importize(wit, t->world);
    if (t->kind == TURN_exportize) exportize(wit, t);
    if (t->kind == TURN_merge) merge_versions(wit, t->world);
    if (t->kind != TURN_merge)
        rename_world(wit, t->world, t->name,
                     t->kind == TURN_importize ? "-importized" : "-exportized");
    wit->arena->on_failure = outer;
    return true;
}
