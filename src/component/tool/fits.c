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

// The same interface, of another version. NULL: there is none.
static const WitItem *other_version(Fits *f, const WitItems *list, Bytes name)
{
    for (u32 i = 0; i < list->count; i++)
        if (list->items[i].interface &&
            bytes_same(without_version(name_of(f, &list->items[i])), without_version(name)))
            return &list->items[i];
    return NULL;
}

static bool all_there(Fits *f, const WitItems *needs, const WitItems *has, const char *lacks,
                      const char *who)
{
    Map names;
    bool good = true;
    map_init(&names, f->why->arena);
    for (u32 i = 0; i < has->count; i++) {
        Bytes name = name_of(f, &has->items[i]);
        map_add(&names, name.data, name.len, i);
    }
    for (u32 i = 0; i < needs->count; i++) {
        Bytes name = name_of(f, &needs->items[i]);
        if (needs->items[i].type || map_get(&names, name.data, name.len)) continue;
        const WitItem *other = other_version(f, has, name);
        good = false;
        say(f, lacks);
        say_bytes(f, name);
        if (other) say(f, who), say_bytes(f, name_of(f, other));
        say(f, "\n");
    }
    return good;
}

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
    bool imports = all_there(&f, &own->imports, &world->imports, "the world does not import ",
                             ", but ");
    bool exports = all_there(&f, &world->exports, &own->exports,
                             "the component does not export ", ", but ");
    return imports && exports && types_fit(&f, own, world);
}
