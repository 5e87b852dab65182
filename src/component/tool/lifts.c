// lifts.c -- which functions of modules are the world's exports. See maker.h.
//
//     f, ITEM#f                 a function of the world, or of an interface that it exports
//     [async-lift].., [callback][async-lift]..
//     cabi_post_..              what is called when its result was taken
//     ITEM#[dtor]r              a resource's destructor
//
// And the names of BuildTargets: cm32p2||f, cm32p2|ITEM|f, .._post, .._dtor. The main module is
// asked first, or libraries one after the other; then adapters.

#include "component/tool/maker.h"

#include "base/nearest.h"
#include "component/wit/resolver.h"
#include "component/wit/symbol.h"

static TypeId func_type(const Part *p, const Export *e) { return p->module->funcs[e->index].type; }

static Bytes standard_name(Maker *m, const ItemInfo *item, Bytes member)
{
    if (!item->item->interface) return maker_join(m, "cm32p2||", (Bytes){0}, "", member);
    return maker_join(m, "cm32p2|", cname_canonical(item->name), "|", member);
}

static Bytes usual_name(Maker *m, const ItemInfo *item, const char *front, Bytes member)
{
    Bytes name = item->item->interface ? item->name : (Bytes){0};
    return wit_symbol_export(m->arena, front, name, member);
}

// The function in one of the ways in which it may be exported. False: none of them is there.
static bool take_usual(Maker *m, Part *p, const ItemInfo *item, Lift *l, FlatWay *way)
{
    static const struct { const char *front; bool async, callback; } ways[] = {
        {"", false, false}, {"[async-lift]", true, true}, {"[async-lift-stackful]", true, false}};
    Bytes name = l->func->name;
    for (u32 i = 0; i < COUNT_OF(ways); i++) {
        l->core = usual_name(m, item, ways[i].front, name);
        if (!part_export(p, l->core, EXTERN_func)) continue;
        *way = (FlatWay){.lift = true, .async = ways[i].async, .callback = ways[i].callback};
        Bytes post = usual_name(m, item, WIT_SYMBOL_POST, name);
        if (!way->async && part_export(p, post, EXTERN_func)) l->post = post;
        if (way->callback) l->callback = usual_name(m, item, "[callback][async-lift]", name);
        if (way->callback && !part_export(p, l->callback, EXTERN_func))
            maker_fail(m, "\"%.*s\" is exported without \"%.*s\"", WIT_SAY(l->core),
                       WIT_SAY(l->callback));
        return true;
    }
    return false;
}

static bool take_standard(Maker *m, Part *p, const ItemInfo *item, Lift *l, FlatWay *way)
{
    l->core = standard_name(m, item, l->func->name);
    if (!part_export(p, l->core, EXTERN_func)) return false;
    Bytes post = maker_join(m, "", l->core, "_post", (Bytes){0});
    if (part_export(p, post, EXTERN_func)) l->post = post;
    *way = (FlatWay){.lift = true};
    return true;
}

static bool find_in(Maker *m, Part *p, const ItemInfo *item, Lift *l)
{
    FlatSig sig;
    FlatWay way;
    if (!take_usual(m, p, item, l, &way) && !take_standard(m, p, item, l, &way)) return false;
    l->part = p;
    l->async = way.async;
    l->needs = cfunc_flatten(&m->typed->types, maker_func(m, item, l->func), way, &sig);
    maker_check_sig(m, p, l->core, func_type(p, part_export(p, l->core, EXTERN_func)), &sig);
    return true;
}

static _Noreturn void fail_missing(Maker *m, const ItemInfo *item, const Lift *l)
{
    Bytes wanted = usual_name(m, item, "", l->func->name);
    Nearest near = nearest_to((const char *)wanted.data, wanted.len);
    for (u32 p = m->linker ? 1 : 0; p <= m->library_count; p++) {
        const Module *main = m->parts[p].module;
        for (u32 i = 0; i < main->export_count; i++)
            nearest_try(&near, (const char *)main->exports[i].name.data, main->exports[i].name.len);
    }
    Bytes best = {(const u8 *)near.best, near.best_len};
    maker_fail(m, "the world exports \"%.*s\", but %s export \"%.*s\"%s%.*s%s",
               WIT_SAY(item->name), m->linker ? "no library has an" : "the module has no",
               WIT_SAY(wanted), near.best ? "; is it \"" : "", WIT_SAY(best),
               near.best ? "\"?" : "");
}

static void need(Part *p, Bytes name)
{
    if (name.len && !p->kept) map_add(&p->needed, name.data, name.len, 0);
}

static void find_lift(Maker *m, ItemInfo *item, Lift *l, const WitFunc *f)
{
    l->func = f;
    for (u32 i = m->linker ? 1 : 0; i < m->part_count; i++) {
        if (!find_in(m, &m->parts[i], item, l)) continue;
        need(l->part, l->core);
        need(l->part, l->post);
        need(l->part, l->callback);
        return;
    }
    fail_missing(m, item, l);
}

// Of a resource that an interface exports; it is called by the shim.
static void find_dtor(Maker *m, ItemInfo *item, const WitType *t)
{
    Bytes member = wit_symbol_dtor(m->arena, t->name);
    for (u32 i = m->linker ? 1 : 0; i < m->part_count; i++) {
        Part *p = &m->parts[i];
        Bytes name = usual_name(m, item, "", member);
        if (!part_export(p, name, EXTERN_func)) {
            Bytes plain = maker_join(m, "", t->name, "_dtor", (Bytes){0});
            name = standard_name(m, item, plain);
        }
        const Export *e = part_export(p, name, EXTERN_func);
        if (!e) continue;
        maker_check_sig(m, p, name, func_type(p, e), &(FlatSig){.params = {'i'}, .count = 1});
        need(p, name);
        u32 shim = maker_shim(m, (Shim){.part = p, .item = item, .resource = t, .dtor = name});
        const u32 key[2] = {item->number, t->index};
        map_add(&m->dtors, arena_copy(m->arena, key, sizeof key), sizeof key, shim);
        return;
    }
}

void maker_find_lifts(Maker *m)
{
    for (u32 i = 0; i < m->world->exports.count; i++) {
        ItemInfo *item = &m->items[1][i];
        const WitInterface *of = item->item->interface;
        u32 count = of ? of->func_count : 1;
        item->lifts = NEW_ARRAY(m->arena, Lift, (size_t)count + 1);
        for (u32 k = 0; k < count; k++)
            find_lift(m, item, &item->lifts[k], of ? of->funcs[k] : item->item->func);
        for (u32 k = 0; of && k < of->type_count; k++)
            if (of->types[k]->kind == WIT_resource) find_dtor(m, item, of->types[k]);
    }
}
