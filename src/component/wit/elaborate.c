// elaborate.c -- what a world imports without saying so. See resolver.h.
//
// An interface uses types of others: whoever imports it imports those in front of it. Whoever
// exports it exports those that it exports anyway, and imports the others.
// spec: WIT/Worlds

#include "component/wit/resolver.h"

// An interface on the way, and how many of those that it uses were taken.
typedef struct {
    WitItem item;
    u32 next;
    bool exports; // it will be exported, not imported
} Step;

typedef struct {
    Wit *wit;
    WitWorld *world;
    WitItems imports, exports, wanted; // wanted: interfaces that the world exports
    Map required;                      // interfaces that exported ones need imported
    Step *steps;
    u32 depth, cap;
} Elaborator;

static void push(Elaborator *e, WitItem item, bool exports)
{
    wit_spend(e->wit, 1);
    ARENA_PUSH(e->wit->arena, e->steps, e->depth, e->cap) =
        (Step){.item = item, .exports = exports};
}

static bool is_required(const Elaborator *e, const WitInterface *i)
{
    return map_get(&e->required, &i, sizeof i) != NULL;
}

static WitItem dep_item(const WitItem *of, WitInterface *dep)
{
    return (WitItem){.interface = dep, .gate = of->gate, .at = of->at};
}

// ---- Imports

static void import_interface(Elaborator *e, WitItem item)
{
    push(e, item, false);
    while (e->depth) {
        Step *s = &e->steps[e->depth - 1];
        const WitInterface *i = s->item.interface;
        if (s->next < i->dep_count) {
            WitItem dep = dep_item(&s->item, i->deps[s->next++]);
            if (!wit_items_have(&e->imports, &dep)) push(e, dep, false);
        } else {
            wit_items_add(e->wit->arena, &e->imports, &s->item);
            e->depth--;
        }
    }
}

// What is imported in front of what: interfaces, types that are used, types, functions, and those
// of resources.
enum { RANKS = 5 };

static u32 rank_of(const WitItem *item)
{
    if (item->interface) return 0;
    if (item->func) return item->func->resource ? 4 : 3;
    const WitType *t = item->type;
    bool used = t->kind == WIT_alias && t->of->kind >= WIT_own &&
                (t->of->interface != t->interface || t->of->world != t->world);
    return used ? 1 : 2;
}

static void import_item(Elaborator *e, const WitItem *item)
{
    if (item->interface) {
        if (!wit_items_have(&e->imports, item)) import_interface(e, *item);
        return;
    }
    if (item->type && rank_of(item) == 1) {
        WitItem dep = {.interface = item->type->of->interface, .gate = item->type->gate,
                       .at = item->at};
        if (dep.interface && !wit_items_have(&e->imports, &dep)) import_interface(e, dep);
    }
    wit_items_add(e->wit->arena, &e->imports, item);
}

// ---- Exports

static _Noreturn void fail_export(Elaborator *e, const WitInterface *i)
{
    wit_fail(e->wit, e->world->at, ERR_wit_export,
             "world \"%.*s\" exports \"%.*s\", and what uses its types from an import",
             WIT_SAY(e->world->name), WIT_SAY(i->name));
}

// Begins with what is there to be done for a dependency, if anything is.
static void export_dep(Elaborator *e, const Step *s, WitInterface *i)
{
    WitItem dep = dep_item(&s->item, i);
    bool exports = s->exports && wit_items_have(&e->wanted, &dep);
    if (wit_items_have(&e->exports, &dep)) {
        if (!exports) fail_export(e, i);
    } else if (exports || !is_required(e, i)) {
        push(e, dep, exports);
    }
}

static void finish_export(Elaborator *e, const Step *s)
{
    const WitInterface *i = s->item.interface;
    if (s->exports) {
        if (is_required(e, i)) fail_export(e, i);
        wit_items_add(e->wit->arena, &e->exports, &s->item);
        return;
    }
    const void *key = arena_copy(e->wit->arena, &i, sizeof i);
    map_add(&e->required, key, sizeof i, 0);
    wit_items_add(e->wit->arena, &e->imports, &s->item);
}

static void export_interface(Elaborator *e, WitItem item)
{
    if (wit_items_have(&e->exports, &item)) return;
    push(e, item, true);
    while (e->depth) {
        Step *s = &e->steps[e->depth - 1];
        WitInterface *i = s->item.interface;
        if (s->next < i->dep_count) {
            s->next++;
            Step now = *s; // which moves when one more is there
            export_dep(e, &now, i->deps[now.next - 1]);
        } else {
            finish_export(e, s);
            e->depth--;
        }
    }
}

// ---- Both

static void by_rank(Wit *wit, WitItems *items)
{
    WitItems all = *items;
    wit_items_init(items, wit->arena);
    for (u32 rank = 0; rank < RANKS; rank++)
        for (u32 i = 0; i < all.count; i++)
            if (rank_of(&all.items[i]) == rank) wit_items_add(wit->arena, items, &all.items[i]);
}

void wit_elaborate(Wit *wit, WitWorld *w)
{
    Elaborator e = {.wit = wit, .world = w};
    wit_items_init(&e.imports, wit->arena);
    wit_items_init(&e.exports, wit->arena);
    wit_items_init(&e.wanted, wit->arena);
    map_init(&e.required, wit->arena);
    wit_spend(wit, w->imports.count + w->exports.count);
    by_rank(wit, &w->imports);
    for (u32 i = 0; i < w->imports.count; i++) import_item(&e, &w->imports.items[i]);
    for (u32 i = 0; i < w->exports.count; i++) {
        const WitItem *item = &w->exports.items[i];
        wit_items_add(wit->arena, item->interface ? &e.wanted : &e.exports, item);
    }
    for (u32 i = 0; i < e.wanted.count; i++) export_interface(&e, e.wanted.items[i]);
    by_rank(wit, &e.imports);
    w->imports = e.imports;
    w->exports = e.exports;
}
