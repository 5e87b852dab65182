// settle.c -- what closed gates leave of a package. See resolver.h.
//
// Types get their numbers in the order in which they were defined. Where a value is a resource, it
// becomes a handle that owns it; such a handle is made when it is needed first, once for a package.
// spec: WIT/Feature Gates

#include "component/wit/resolver.h"

static void number_type(Wit *wit, WitType *t)
{
    t->index = wit->type_count;
    ARENA_PUSH(wit->arena, wit->types, wit->type_count, wit->type_cap) = t;
}

static void need_type(Wit *wit, const WitType *t, WitSpot at)
{
    if (t && !t->on)
        wit_fail(wit, at, ERR_wit_closed_gate, "\"%.*s\" is needed here", WIT_SAY(t->name));
}

// A type where there is a value of it.
static WitType *value_of(Wit *wit, WitType *t, WitSpot at)
{
    need_type(wit, t, at);
    if (!t || !t->resource) return t;
    if (!t->own) {
        t->own = NEW(wit->arena, WitType);
        *t->own = (WitType){.kind = WIT_own, .of = t, .on = true, .at = at};
        number_type(wit, t->own);
    }
    return t->own;
}

static void settle_type(Wit *wit, WitType *t)
{
    if (t->kind == WIT_alias || t->kind == WIT_own || t->kind == WIT_borrow) {
        need_type(wit, t->of, t->at);
        t->borrows = t->kind == WIT_borrow || (t->kind == WIT_alias && t->of->borrows);
    } else {
        t->of = value_of(wit, t->of, t->at);
        t->second = value_of(wit, t->second, t->at);
        t->borrows = (t->of && t->of->borrows) || (t->second && t->second->borrows);
        for (u32 i = 0; i < t->part_count; i++) {
            WitType *type = t->parts[i].type = value_of(wit, t->parts[i].type, t->at);
            t->borrows |= type && type->borrows;
        }
    }
    number_type(wit, t);
}

static void settle_func(Wit *wit, WitFunc *f)
{
    need_type(wit, f->resource, f->at);
    for (u32 i = 0; i < f->param_count; i++)
        f->params[i].type = value_of(wit, f->params[i].type, f->at);
    f->result = value_of(wit, f->result, f->at);
    if (f->result && f->result->borrows)
        wit_fail(wit, f->at, ERR_wit_malformed_type, "a function returns no borrow");
}

// ---- Interfaces

static void find_deps(Wit *wit, WitInterface *i)
{
    Map seen;
    map_init(&seen, wit->arena);
    for (u32 k = 0; k < i->type_count; k++) {
        WitInterface *dep = i->types[k]->of ? i->types[k]->of->interface : NULL;
        if (i->types[k]->kind != WIT_alias || !dep || dep == i) continue;
        const void *key = arena_copy(wit->arena, &dep, sizeof dep);
        if (map_add(&seen, key, sizeof dep, 0))
            ARENA_PUSH(wit->arena, i->deps, i->dep_count, i->dep_cap) = dep;
    }
}

static void settle_interface(Wit *wit, WitPackage *p, WitInterface *i)
{
    u32 types = 0, funcs = 0;
    if (!wit_gate_open(wit, p, &i->notes->gate, i->at)) return;
    map_init(&i->names, wit->arena);
    for (u32 k = 0; k < i->type_count; k++) {
        WitType *t = i->types[k];
        if (!t->on) continue;
        map_add(&i->names, t->name.data, t->name.len, types);
        i->types[types++] = t;
    }
    i->type_count = types;
    for (u32 k = 0; k < i->func_count; k++) {
        if (!wit_gate_open(wit, p, &i->funcs[k]->notes->gate, i->funcs[k]->at)) continue;
        settle_func(wit, i->funcs[k]);
        i->funcs[funcs++] = i->funcs[k];
    }
    i->func_count = funcs;
    find_deps(wit, i);
    i->index = wit->interface_count;
    ARENA_PUSH(wit->arena, wit->interfaces, wit->interface_count, wit->interface_cap) = i;
    if (!i->name.len) return;
    map_add(&p->interface_names, i->name.data, i->name.len, p->interface_count);
    p->interfaces[p->interface_count++] = i;
}

// ---- Worlds

static bool item_open(Wit *wit, WitPackage *p, const WitItem *item)
{
    if (item->type) return item->type->on;
    if (!wit_gate_open(wit, p, item->gate, item->at)) return false;
    if (item->interface && item->interface->index == WIT_LEFT_OUT)
        wit_fail(wit, item->at, ERR_wit_closed_gate, "interface \"%.*s\" is needed here",
                 WIT_SAY(item->interface->name));
    return true;
}

static void settle_items(Wit *wit, WitPackage *p, WitItems *items)
{
    WitItems all = *items;
    wit_items_init(items, wit->arena);
    for (u32 i = 0; i < all.count; i++) {
        WitItem *item = &all.items[i];
        if (!item_open(wit, p, item)) continue;
        if (item->func) settle_func(wit, item->func);
        wit_items_add(wit->arena, items, item);
    }
}

static void settle_world(Wit *wit, WitPackage *p, WitWorld *w)
{
    if (!wit_gate_open(wit, p, &w->notes->gate, w->at)) return;
    settle_items(wit, p, &w->imports);
    settle_items(wit, p, &w->exports);
    w->index = wit->world_count;
    ARENA_PUSH(wit->arena, wit->worlds, wit->world_count, wit->world_cap) = w;
    map_add(&p->world_names, w->name.data, w->name.len, p->world_count);
    p->worlds[p->world_count++] = w;
}

static void check_owner(Wit *wit, const WitType *t)
{
    bool out = (t->interface && t->interface->index == WIT_LEFT_OUT) ||
               (t->world && t->world->index == WIT_LEFT_OUT);
    if (t->on && out)
        wit_fail(wit, t->at, ERR_wit_closed_gate,
                 "\"%.*s\" has no such gate, but what it stands in does", WIT_SAY(t->name));
}

// Names that differ in capitals alone are one name for who takes the world up.
static void check_names(Wit *wit, const WitWorld *w, const WitItems *items)
{
    Map seen;
    map_init(&seen, wit->arena);
    for (u32 i = 0; i < items->count; i++) {
        const WitItem *item = &items->items[i];
        u8 *lower = arena_copy(wit->arena, item->name.data, item->name.len);
        for (size_t k = 0; k < item->name.len; k++)
            if (lower[k] >= 'A' && lower[k] <= 'Z') lower[k] |= 32;
        if (item->name.len && !map_add(&seen, lower, item->name.len, 0))
            wit_fail(wit, item->at, ERR_wit_duplicate_name,
                     "world \"%.*s\" has another \"%.*s\" in other letters", WIT_SAY(w->name),
                     WIT_SAY(item->name));
    }
}

// Each world has all that it is to have before others include it.
static void complete_worlds(Wit *wit, WitPackage *p)
{
    const WitDraft *d = p->draft;
    for (u32 i = 0, next = 0; i < d->world_count; i++) {
        WitWorld *w = d->worlds[i];
        for (; next < d->inclusion_count && d->inclusions[next].to == w; next++)
            if (d->inclusions[next].open && w->index != WIT_LEFT_OUT)
                wit_include(wit, p, &d->inclusions[next]);
        if (w->index == WIT_LEFT_OUT) continue;
        check_names(wit, w, &w->imports);
        check_names(wit, w, &w->exports);
        wit_elaborate(wit, w);
    }
}

void wit_settle(Wit *wit, WitPackage *p)
{
    const WitDraft *d = p->draft;
    p->interfaces = NEW_ARRAY(wit->arena, WitInterface *, (size_t)d->interface_count + 1);
    p->worlds = NEW_ARRAY(wit->arena, WitWorld *, (size_t)d->world_count + 1);
    for (u32 i = 0; i < d->type_count; i++)
        if (d->types[i]->on) settle_type(wit, d->types[i]);
    for (u32 i = 0; i < d->interface_count; i++) settle_interface(wit, p, d->interfaces[i]);
    for (u32 i = 0; i < d->world_count; i++) settle_world(wit, p, d->worlds[i]);
    for (u32 i = 0; i < d->type_count; i++) check_owner(wit, d->types[i]);
    complete_worlds(wit, p);
}
