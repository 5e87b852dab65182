// find.c -- where names are looked up, and which gates are open. See resolver.h.

#include "base/nearest.h"
#include "component/wit/resolver.h"

enum { MOST_WORK = 1000000 };

void wit_spend(Wit *wit, u32 steps)
{
    wit->work += steps;
    if (wit->work > MOST_WORK) wit_fail(wit, (WitSpot){0}, ERR_limit_wit_items, "%s", "");
}

void wit_fail_unknown(Wit *wit, WitSpot at, const char *kind, Bytes name, const WitNames *there)
{
    Nearest near = nearest_to((const char *)name.data, name.len);
    for (u32 i = 0; i < there->count; i++) // the same one may be there, where it cannot be meant
        if (!bytes_same(name, there->names[i]))
            nearest_try(&near, (const char *)there->names[i].data, there->names[i].len);
    Bytes best = {(const u8 *)near.best, near.best_len};
    if (!near.best)
        wit_fail(wit, at, ERR_wit_unknown_name, "there is no %s \"%.*s\"", kind, WIT_SAY(name));
    wit_fail(wit, at, ERR_wit_unknown_name, "there is no %s \"%.*s\"; did you mean %.*s?", kind,
             WIT_SAY(name), WIT_SAY(best));
}

// ---- Packages

Bytes wit_package_text(Arena *arena, Bytes space, Bytes name, const WitVersion *version)
{
    Buf out;
    buf_init(&out, arena);
    buf_bytes(&out, space.data, space.len);
    buf_byte(&out, ':');
    buf_bytes(&out, name.data, name.len);
    if (version->text.len) {
        buf_byte(&out, '@');
        buf_bytes(&out, version->text.data, version->text.len);
    }
    return buf_view(&out);
}

WitPackage *wit_find_package(const Wit *wit, const WitPath *path)
{
    Bytes text = wit_package_text(wit->arena, path->space, path->package, &path->version);
    const u32 *found = map_get(&wit->package_names, text.data, text.len);
    return found ? wit->sorted[*found] : NULL;
}

static _Noreturn void fail_package(Wit *wit, const WitScope *s, const WitPath *path)
{
    Bytes name = wit_package_text(wit->arena, path->space, path->package, &path->version);
    Nearest near = nearest_to((const char *)name.data, name.len);
    Bytes there = {0}; // the same of another version
    for (u32 i = 0; i < wit->package_count; i++) {
        const WitPackage *p = wit->sorted[i];
        nearest_try(&near, (const char *)p->full.data, p->full.len);
        if (bytes_same(p->space, path->space) && bytes_same(p->name, path->package))
            there = p->full;
    }
    if (!there.data) there = (Bytes){(const u8 *)near.best, near.best_len};
    wit_fail(wit, (WitSpot){s->file, path->at}, ERR_wit_unknown_package, "%.*s%s%.*s",
             WIT_SAY(name), there.data ? "; there is " : "", WIT_SAY(there));
}

// ---- Interfaces and worlds

static WitTarget find_foreign(Wit *wit, const WitScope *s, const WitPath *path, bool open)
{
    WitNames there = {0};
    Bytes name = path->name;
    WitPackage *p = wit_find_package(wit, path);
    if (p) {
        const u32 *interface = map_get(&p->interface_names, name.data, name.len);
        const u32 *world = map_get(&p->world_names, name.data, name.len);
        if (interface) return (WitTarget){.interface = p->interfaces[*interface]};
        if (world) return (WitTarget){.world = p->worlds[*world]};
    }
    if (!open) return (WitTarget){0};
    if (!p) fail_package(wit, s, path);
    for (u32 i = 0; i < p->interface_count; i++)
        ARENA_PUSH(wit->arena, there.names, there.count, there.cap) = p->interfaces[i]->name;
    for (u32 i = 0; i < p->world_count; i++)
        ARENA_PUSH(wit->arena, there.names, there.count, there.cap) = p->worlds[i]->name;
    wit_fail_unknown(wit, (WitSpot){s->file, path->name_at}, "interface or world", name, &there);
}

const WitEntry *wit_find_entry(Wit *wit, const WitPackage *p, const WitScope *s,
                               const WitPath *path)
{
    const WitDraft *d = p->draft;
    Bytes name = path->name;
    if (path->space.len) return NULL;
    const u32 *near = map_get(&s->names, name.data, name.len);
    if (near && s->nodes[*near]->kind == NODE_use) {
        const WitPath *other = s->nodes[*near]->path;
        if (other->space.len) return NULL;
        name = other->name;
    }
    const u32 *found = map_get(&d->entry_names, name.data, name.len);
    if (found) return &d->entries[*found];
    WitNames there = {0};
    for (u32 i = 0; i < d->entry_count; i++)
        ARENA_PUSH(wit->arena, there.names, there.count, there.cap) = d->entries[i].node->name;
    for (u32 i = 0; i < s->count; i++)
        ARENA_PUSH(wit->arena, there.names, there.count, there.cap) = s->nodes[i]->name;
    wit_fail_unknown(wit, (WitSpot){s->file, path->name_at}, "interface or world", name, &there);
}

WitTarget wit_find(Wit *wit, const WitPackage *p, const WitScope *s, const WitPath *path,
                   bool open)
{
    if (path->space.len) return find_foreign(wit, s, path, open);
    const WitEntry *e = wit_find_entry(wit, p, s, path);
    if (e) return (WitTarget){e->interface, e->world};
    const u32 *near = map_get(&s->names, path->name.data, path->name.len);
    return find_foreign(wit, s, s->nodes[*near]->path, true);
}

// ---- Gates

static bool has_feature(const Wit *wit, Bytes feature)
{
    if (wit->all_features) return true;
    for (u32 i = 0; i < wit->feature_count; i++)
        if (bytes_same(wit->features[i], feature)) return true;
    return false;
}

bool wit_gate_open(Wit *wit, const WitPackage *p, const WitGate *gate, WitSpot at)
{
    if (gate->kind == GATE_unstable) return has_feature(wit, gate->feature);
    if (gate->kind != GATE_since) return true;
    if (!p->version.text.len)
        wit_fail(wit, at, ERR_wit_version_gate, "package %.*s has no version", WIT_SAY(p->full));
    if (wit_version_order(&gate->since, &p->version) > 0)
        wit_fail(wit, at, ERR_wit_version_gate, "%.*s comes after package %.*s",
                 WIT_SAY(gate->since.text), WIT_SAY(p->full));
    return true;
}

// ---- What worlds import or export

void wit_items_init(WitItems *items, Arena *arena)
{
    *items = (WitItems){0};
    map_init(&items->by_name, arena);
    map_init(&items->by_interface, arena);
}

static const u32 *find_item(const WitItems *items, const WitItem *item)
{
    if (item->name.len) return map_get(&items->by_name, item->name.data, item->name.len);
    return map_get(&items->by_interface, &item->interface, sizeof item->interface);
}

bool wit_items_have(const WitItems *items, const WitItem *item)
{
    return find_item(items, item) != NULL;
}

WitItem *wit_items_add(Arena *arena, WitItems *items, const WitItem *item)
{
    const u32 *found = find_item(items, item);
    if (found) return &items->items[*found];
    if (item->name.len) {
        map_add(&items->by_name, item->name.data, item->name.len, items->count);
    } else {
        const void *key = arena_copy(arena, &item->interface, sizeof item->interface);
        map_add(&items->by_interface, key, sizeof item->interface, items->count);
    }
    ARENA_PUSH(arena, items->items, items->count, items->cap) = *item;
    return NULL;
}
