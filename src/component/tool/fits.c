// fits.c -- does a component fit into a world? See tool.h.
//
// What each side imports and exports is compared by name first, so that all that is missing is
// told, with the version that there is. Then one component type has to do for the other:
//
//     (component (import "c" (component (type $component)))
//                (export "w" (component 0) (component (type $world))))

#include "component/tool/tool.h"

#include "component/wit/decode.h"
#include "component/wit/encoder.h"
#include "component/wit/resolver.h"

typedef struct {
    Wit *there, *wanted;
    Buf *why;
} Fits;

static void say(Fits *f, const char *text) { buf_bytes(f->why, text, strlen(text)); }
static void say_bytes(Fits *f, Bytes b) { buf_bytes(f->why, b.data, b.len); }

static Bytes name_of(Fits *f, const WitItem *item)
{
    return wit_item_name(f->why->arena, item).name;
}

static Bytes without_version(Bytes name)
{
    const u8 *at = memchr(name.data, '@', name.len);
    return (Bytes){name.data, at ? (size_t)(at - name.data) : name.len};
}

// Items by what they are called outside.
static void list_names(Fits *f, const WitItems *items, Map *names)
{
    map_init(names, f->why->arena);
    for (u32 i = 0; i < items->count; i++) {
        Bytes name = name_of(f, &items->items[i]);
        map_add(names, name.data, name.len, i);
    }
}

// Interfaces by that without the version.
static void list_interfaces(Fits *f, const WitItems *items, Map *names)
{
    map_init(names, f->why->arena);
    for (u32 i = 0; i < items->count; i++) {
        Bytes name = without_version(name_of(f, &items->items[i]));
        if (items->items[i].interface) map_add(names, name.data, name.len, i);
    }
}

static bool all_there(Fits *f, const WitItems *needs, const WitItems *has, const char *lacks)
{
    Map names, interfaces;
    bool good = true;
    list_names(f, has, &names);
    list_interfaces(f, has, &interfaces);
    for (u32 i = 0; i < needs->count; i++) {
        Bytes name = name_of(f, &needs->items[i]), plain = without_version(name);
        if (needs->items[i].type || map_get(&names, name.data, name.len)) continue;
        const u32 *other = map_get(&interfaces, plain.data, plain.len);
        good = false;
        say(f, lacks);
        say_bytes(f, name);
        if (other) say(f, ", but "), say_bytes(f, name_of(f, &has->items[*other]));
        say(f, "\n");
    }
    return good;
}

// ---- What differs, in WIT against WIT

static Bytes text_of(Fits *f, const WitFunc *func, const WitType *type)
{
    Buf out;
    buf_init(&out, f->why->arena);
    if (func) wit_print_func(func, &out);
    else if (type) wit_print_type(type, &out);
    return buf_view(&out);
}

// Each line of a text, behind who says so.
static void say_text(Fits *f, const char *who, Bytes text)
{
    if (!text.len) text = bytes_of("nothing of that name\n");
    for (size_t start = 0, at = 0; at < text.len; at++) {
        if (text.data[at] != '\n') continue;
        say(f, start ? "             " : who);
        say_bytes(f, (Bytes){text.data + start, at + 1 - start});
        start = at + 1;
    }
}

static void say_difference(Fits *f, Bytes place, Bytes there, Bytes wanted)
{
    if (bytes_same(there, wanted)) return;
    say(f, "in ");
    say_bytes(f, place);
    say(f, ":\n");
    say_text(f, "  component  ", there);
    say_text(f, "  world      ", wanted);
}

// What one has, the other should have as well.
static void compare_interfaces(Fits *f, Bytes name, const WitInterface *needs,
                               const WitInterface *has, bool exports)
{
    Map funcs;
    map_init(&funcs, f->why->arena);
    for (u32 k = 0; k < has->func_count; k++)
        map_add(&funcs, has->funcs[k]->name.data, has->funcs[k]->name.len, k);
    for (u32 k = 0; k < needs->type_count; k++) {
        const WitType *t = needs->types[k];
        const u32 *at = map_get(&has->names, t->name.data, t->name.len);
        Bytes here = text_of(f, NULL, t), other = text_of(f, NULL, at ? has->types[*at] : NULL);
        say_difference(f, name, exports ? other : here, exports ? here : other);
    }
    for (u32 k = 0; k < needs->func_count; k++) {
        const WitFunc *func = needs->funcs[k];
        const u32 *at = map_get(&funcs, func->name.data, func->name.len);
        Bytes here = text_of(f, func, NULL), other = text_of(f, at ? has->funcs[*at] : NULL, NULL);
        say_difference(f, name, exports ? other : here, exports ? here : other);
    }
}

static void compare_items(Fits *f, const WitItems *needs, const WitItems *has, bool exports)
{
    Map names;
    list_names(f, has, &names);
    for (u32 i = 0; i < needs->count; i++) {
        const WitItem *item = &needs->items[i];
        Bytes name = name_of(f, item);
        const u32 *at = map_get(&names, name.data, name.len);
        const WitItem *other = at ? &has->items[*at] : NULL;
        if (!other) continue;
        if (item->interface && other->interface) {
            compare_interfaces(f, name, item->interface, other->interface, exports);
        } else if (item->func && other->func) {
            Bytes here = text_of(f, item->func, NULL), there = text_of(f, other->func, NULL);
            say_difference(f, name, exports ? there : here, exports ? here : there);
        }
    }
}

// ---- Types

static bool types_fit(Fits *f, const WitWorld *there, const WitWorld *wanted)
{
    CWriter w;
    Diag diag = {0};
    char text[500];
    Arena *arena = f->why->arena;
    TypeStore *store = type_store_new();
    if (!store) arena_fail(arena);
    cwriter_init(&w, arena, CWRITE_component);
    u32 given = cwriter_type(&w, wit_world_type(f->there, there));
    u32 type = cwriter_type(&w, wit_world_type(f->wanted, wanted));
    cwriter_import(&w, (CExternName){.name = bytes_of("c")}, CENTITY_component, given);
    cwriter_export(&w, (CExternName){.name = bytes_of("w")}, CENTITY_component, 0, &type);
    Bytes whole = cwriter_finish(&w);
    Component *c = component_load(whole.data, whole.len, features_all, store, NULL, &diag);
    bool good = c != NULL;
    component_free(c);
    type_store_free(store);
    if (good) return true;
    const char *said = "what is said of the export: ", *at = strstr(diag.detail, said);
    say(f, at ? at + strlen(said) : diag_text(&diag, text, sizeof text));
    say(f, "\n");
    return false;
}

bool tool_fits(Wit *there, Wit *wanted, const WitWorld *world, Buf *why)
{
    Fits f = {there, wanted, why};
    const WitWorld *own = there->main->world_count ? there->main->worlds[0] : NULL;
    if (!own) return say(&f, "the component is a package, and no world's\n"), false;
    there->work = wanted->work = 0;
    bool imports = all_there(&f, &own->imports, &world->imports, "the world does not import ");
    bool exports = all_there(&f, &world->exports, &own->exports,
                             "the component does not export ");
    if (!imports || !exports || types_fit(&f, own, world)) return imports && exports;
    compare_items(&f, &own->imports, &world->imports, false);
    compare_items(&f, &world->exports, &own->exports, true);
    return false;
}
