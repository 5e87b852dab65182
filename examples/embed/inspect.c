/* inspect.c -- what a module is, without running it: it arrives in pieces, as from a network, and
   tells what it imports, exports and defines. Also: what the library and its engine can do here.

       cc inspect.c -lweft -o inspect */

#include <stdio.h>
#include <string.h>
#include <weft_link.h>

static const char text[] =
    "(module"
    "  (@custom \"about\" \"points\")"
    "  (type $point (sub (struct (field f64) (field f64))))"
    "  (type $named (sub final $point (struct (field f64) (field f64) (field (mut i8)))))"
    "  (import \"host\" \"say\" (func $say (param i32 f64)))"
    "  (import \"host\" \"limit\" (global i64))"
    "  (memory (export \"memory\") 1 16)"
    "  (global (export \"origin\") (mut (ref null $point)) (ref.null $point))"
    "  (func (export \"make\") (param f64) (result (ref $named))"
    "    (struct.new $named (local.get 0) (local.get 0) (i32.const 0))))";

static const char *const kinds[] = {"", "func", "table", "memory", "global", "tag"};
static const char *const types[] = {"nothing", "i32", "i64", "f32", "f64", "v128", "funcref",
                                    "externref", "a reference"};

static weft_diag diag;

/* Ten bytes at a time. What is wrong is told as soon as that is certain. */
static weft_module *load(weft_engine *engine, const char *bytes, size_t len)
{
    size_t at, piece;
    weft_loader *loader = weft_loader_new(engine, &diag);
    for (at = 0; loader && at < len; at += piece) {
        piece = len - at < 10 ? len - at : 10;
        if (weft_loader_feed(loader, bytes + at, piece, &diag) == WEFT_OK) continue;
        printf("refused after %d bytes: %s\n", (int)(at + piece), diag.name);
        weft_loader_free(loader);
        return NULL;
    }
    return loader ? weft_loader_finish(loader, &diag) : NULL;
}

static void tell(const char *what, weft_name name, const weft_item_type *type)
{
    uint32_t i;
    printf("%s %s %.*s", what, kinds[type->kind], (int)name.len, name.data);
    if (type->kind == WEFT_MEMORY) printf(": %d to %d pages", (int)type->min, (int)type->max);
    if (type->kind == WEFT_GLOBAL)
        printf(": %s%s", type->is_mutable ? "mutable " : "", types[type->type]);
    if (type->kind == WEFT_FUNC) {
        printf(": takes");
        for (i = 0; weft_item_param(type, i) != WEFT_NO_TYPE; i++)
            printf(" %s", types[weft_item_param(type, i)]);
        printf(", gives %s", types[weft_item_result(type, 0)]);
    }
    printf("\n");
}

static void outside(const weft_module *module)
{
    weft_import import;
    weft_export offer;
    weft_name about, binary;
    uint32_t i;
    printf("%d imports, %d exports\n", (int)weft_module_import_count(module),
           (int)weft_module_export_count(module));
    for (i = 0; weft_module_import(module, i, &import); i++)
        tell("needs", import.name, &import.type);
    for (i = 0; weft_module_export(module, i, &offer); i++) tell("has", offer.name, &offer.type);
    if (weft_module_custom_section(module, "about", &about))
        printf("about: %.*s\n", (int)about.len, about.data);
    for (i = 0; weft_module_custom_at(module, i, &about, &binary); i++)
        printf("section %d: %.*s, %d bytes\n", (int)i, (int)about.len, about.data,
               (int)binary.len);
    weft_module_binary(module, &binary);
    printf("in binary it begins with \\0%.3s\n", binary.data + 1);
}

/* The types that it defines; and exactly what a global or function has. */
static int inside(const weft_module *module)
{
    weft_deftype type, none;
    weft_def_info info;
    weft_field field;
    weft_export offer;
    weft_valtype origin, made;
    char name[100];
    uint32_t i;
    for (i = 0; i < weft_module_type_count(module) && weft_module_type(module, i, &type); i++) {
        if (!weft_deftype_info(type, &info) || info.kind != WEFT_DEF_STRUCT) continue;
        weft_deftype_text(type, name, sizeof name);
        printf("%s\n    %s", name, info.is_final ? "final" : "open");
        if (weft_deftype_field(type, info.field_count - 1, &field))
            printf(", of %d fields, the last is %s", (int)info.field_count,
                   field.is_mutable ? "mutable" : "constant");
        printf("%s\n", weft_deftype_descriptor(type, &none) ? ", described" : "");
    }
    if (!weft_module_export(module, 1, &offer) || !weft_item_valtype(&offer.type, &origin) ||
        !weft_module_export(module, 2, &offer) || !weft_item_deftype(&offer.type, &type) ||
        !weft_deftype_result(type, 0, &made))
        return 0;
    printf("what make gives may be the origin: %s, and the other way round: %s\n",
           weft_valtype_matches(&made, &origin) ? "yes" : "no",
           weft_valtype_matches(&origin, &made) ? "yes" : "no");
    return 1;
}

/* What all modules of an engine may take, and how it runs them; to be said before it has any. */
static weft_engine *open_engine(void)
{
    weft_engine_limits limits = weft_engine_limits_init();
    weft_engine *engine = weft_engine_new(NULL, &diag);
    if (!engine) return NULL;
    limits.module_bytes = 64 << 20;
    if (weft_engine_set_limits(engine, &limits, &diag) == WEFT_OK) {
        weft_engine_set_deterministic(engine, true);
        weft_engine_set_beside(engine, SIZE_MAX); /* compiles nothing in a thread of its own */
        if (weft_engine_tier(engine) == WEFT_TIER_AUTO && weft_compiled_lacks())
            weft_engine_set_tier(engine, WEFT_TIER_INTERP); /* what it would do anyhow */
        return engine;
    }
    weft_engine_free(engine);
    return NULL;
}

int main(void)
{
    static const char broken[] = "(module (func (result i32) (i64.const 1)))";
    static const char picture[] = "GIF89a, and then something else";
    weft_engine_limits used = weft_engine_limits_init();
    weft_engine *engine = open_engine();
    weft_module *module = engine ? load(engine, text, sizeof text - 1) : NULL;
    char compiled[40];
    int ok;
    snprintf(compiled, sizeof compiled, "%d.%d.%d", WEFT_VERSION_MAJOR, WEFT_VERSION_MINOR,
             WEFT_VERSION_PATCH);
    printf("%s\n", strcmp(weft_version(), compiled) ? "compiled against another version"
                                                    : "the version that it was compiled against");
    if (module) outside(module);
    ok = module && inside(module);
    if (ok) {
        if (weft_validate(engine, broken, sizeof broken - 1, &diag) != WEFT_OK)
            printf("not valid: %s\n", diag.message);
        weft_module_free(load(engine, picture, sizeof picture - 1));
        ok = weft_engine_usage(engine, &used, &diag) == WEFT_OK;
        printf("of 64 MiB %s is used; %s faults\n",
               used.module_bytes < 1 << 20 ? "less than one" : "more than one",
               weft_engine_faults(engine) ? "with" : "without");
    }
    if (!ok) fprintf(stderr, "%s\n", diag.message);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
