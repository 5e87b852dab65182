// module.c -- modules: compiled here or by another thread, and what they import and export.

#include "addon.h"

static const char magic[] = "\0asm";

static void let_module_go(napi_env env, void *data, void *hint)
{
    JsModule *m = data;
    weft_module_free(m->module);
    addon_release(m->addon);
    free(m);
}

// What JavaScript hands in is never text.
static weft_module *compile(weft_engine *engine, const uint8_t *bytes, size_t len, weft_diag *why)
{
    static const char no_bytes[4] = {0};
    // Of text, and of what is neither, the library has more to say than that it is no binary: it
    // is asked, and refuses this.
    if (len >= 4 && !memcmp(bytes, magic, 4)) return weft_module_new(engine, bytes, len, why);
    return weft_module_new(engine, no_bytes, len < 4 ? len : 4, why);
}

static napi_value wrap_module(Addon *a, weft_module *module)
{
    JsModule *m = module ? malloc(sizeof *m) : NULL;
    napi_value out = NULL;
    if (!module) return addon_fail(a);
    if (!m) {
        weft_module_free(module);
        return addon_short(a);
    }
    *m = (JsModule){IS_MODULE, a, module};
    a->users++;
    if (napi_create_external(a->env, m, let_module_go, NULL, &out) == napi_ok) return out;
    let_module_go(a->env, m, NULL);
    return addon_short(a);
}

// What others may change is copied first.
static bool bytes_begin(const Call *call, uint8_t **bytes, size_t *len, uint8_t **copy)
{
    bool shared;
    *copy = NULL;
    if (!arg_bytes(call, 0, bytes, len, &shared)) return false;
    if (!shared || !*len) return true;
    if (!(*copy = malloc(*len))) return addon_short(call->addon), false;
    *bytes = memcpy(*copy, *bytes, *len);
    return true;
}

napi_value prim_compile(Call *call)
{
    Addon *a = call->addon;
    uint8_t *bytes, *copy;
    size_t len;
    if (!bytes_begin(call, &bytes, &len, &copy)) return NULL;
    weft_module *m = compile(a->engine, bytes, len, &a->why);
    free(copy);
    return wrap_module(a, m);
}

napi_value prim_validate(Call *call)
{
    Addon *a = call->addon;
    uint8_t *bytes, *copy;
    size_t len;
    if (!bytes_begin(call, &bytes, &len, &copy)) return NULL;
    bool good = len >= 4 && !memcmp(bytes, magic, 4) &&
                weft_validate(a->engine, bytes, len, NULL) == WEFT_OK;
    free(copy);
    return make_bool(a, good);
}

// ---- By another thread

typedef struct {
    Addon *addon;
    napi_async_work work;
    napi_ref then;
    weft_module *module;
    weft_diag why;
    size_t len;
    uint8_t bytes[];
} Later;

static void compile_beside(napi_env env, void *data)
{
    Later *l = data;
    l->module = compile(l->addon->engine, l->bytes, l->len, &l->why);
}

static void compiled(napi_env env, napi_status status, void *data)
{
    Later *l = data;
    Addon *a = l->addon;
    napi_value then = NULL, module, undefined = make_undefined(a);
    napi_get_reference_value(env, l->then, &then);
    napi_delete_reference(env, l->then);
    napi_delete_async_work(env, l->work);
    a->why = l->why;
    module = status == napi_ok ? wrap_module(a, l->module) : addon_fail(a);
    if (!module) module = undefined;
    if (then) napi_call_function(env, undefined, then, 1, &module, NULL);
    free(l);
    addon_release(a);
}

// The bytes are copied: JavaScript may change them meanwhile.
napi_value prim_compileLater(Call *call)
{
    Addon *a = call->addon;
    uint8_t *bytes;
    size_t len;
    bool shared;
    napi_value name = make_name(a, weft_text("weft:compile"));
    if (!arg_bytes(call, 0, &bytes, &len, &shared)) return NULL;
    Later *l = malloc(sizeof *l + len);
    if (!l) return addon_short(a);
    *l = (Later){.addon = a, .len = len};
    if (len) memcpy(l->bytes, bytes, len);
    if (napi_create_async_work(a->env, NULL, name, compile_beside, compiled, l, &l->work) !=
            napi_ok ||
        napi_create_reference(a->env, call->args[1], 1, &l->then) != napi_ok ||
        napi_queue_async_work(a->env, l->work) != napi_ok) {
        free(l);
        return addon_short(a);
    }
    a->users++;
    return make_bool(a, true);
}

// ---- What it is

// i l f d v of numbers; F functions, E external, A any, X exceptions, C continuations.
char type_letter(const weft_valtype *type)
{
    switch (type->type) {
    case WEFT_I32: return 'i';
    case WEFT_I64: return 'l';
    case WEFT_F32: return 'f';
    case WEFT_F64: return 'd';
    case WEFT_V128: return 'v';
    case WEFT_FUNCREF: return 'F';
    case WEFT_EXTERNREF: return 'E';
    default: break;
    }
    weft_def_info info;
    switch (type->heap) {
    case WEFT_HEAP_FUNC: case WEFT_HEAP_NOFUNC: return 'F';
    case WEFT_HEAP_EXTERN: case WEFT_HEAP_NOEXTERN: return 'E';
    case WEFT_HEAP_EXN: case WEFT_HEAP_NOEXN: return 'X';
    case WEFT_HEAP_CONT: case WEFT_HEAP_NOCONT: return 'C';
    case WEFT_HEAP_DEFINED:
        if (!weft_deftype_info(type->def, &info)) return 'A';
        return info.kind == WEFT_DEF_FUNC ? 'F' : info.kind == WEFT_DEF_CONT ? 'C' : 'A';
    default: return 'A';
    }
}

// Its letter, and behind it its name as the text format has it.
static napi_value make_valtype(Addon *a, const weft_valtype *type)
{
    char text[400];
    napi_value out = NULL;
    text[0] = type_letter(type);
    weft_valtype_text(type, text + 1, sizeof text - 1);
    napi_create_string_utf8(a->env, text, NAPI_AUTO_LENGTH, &out);
    return out;
}

typedef bool Part(weft_deftype type, uint32_t index, weft_valtype *out);

static napi_value make_valtypes(Addon *a, weft_deftype type, uint32_t count, Part *part)
{
    napi_value out = NULL;
    weft_valtype one;
    napi_create_array_with_length(a->env, count, &out);
    for (uint32_t i = 0; i < count && part(type, i, &one); i++)
        napi_set_element(a->env, out, i, make_valtype(a, &one));
    return out;
}

static void set_limits(Addon *a, napi_value out, const weft_item_type *type)
{
    set_field(a, out, "minimum", make_u64(a, type->min));
    if (type->max != UINT64_MAX) set_field(a, out, "maximum", make_u64(a, type->max));
    set_field(a, out, "is64", make_bool(a, type->is_64));
}

napi_value make_type(Addon *a, const weft_item_type *type)
{
    static const char *const kinds[] = {"", "function", "table", "memory", "global", "tag"};
    napi_value out = make_object(a);
    weft_deftype def;
    weft_valtype value;
    set_field(a, out, "kind", make_name(a, weft_text(kinds[type->kind])));
    switch (type->kind) {
    case WEFT_FUNC:
    case WEFT_TAG:
        if (!weft_item_deftype(type, &def)) break;
        a->types = def.types;
        set_field(a, out, "type", make_u32(a, def.id));
        set_field(a, out, "parameters",
                  make_valtypes(a, def, type->param_count, weft_deftype_param));
        set_field(a, out, "results",
                  make_valtypes(a, def, type->result_count, weft_deftype_result));
        break;
    case WEFT_MEMORY:
        set_limits(a, out, type);
        set_field(a, out, "shared", make_bool(a, type->is_shared));
        break;
    case WEFT_TABLE:
        set_limits(a, out, type);
        if (weft_item_valtype(type, &value)) set_field(a, out, "element", make_valtype(a, &value));
        break;
    case WEFT_GLOBAL:
        set_field(a, out, "mutable", make_bool(a, type->is_mutable));
        if (weft_item_valtype(type, &value)) set_field(a, out, "value", make_valtype(a, &value));
        break;
    }
    return out;
}

napi_value prim_describe(Call *call)
{
    Addon *a = call->addon;
    weft_module *m = call->module->module;
    weft_import import;
    weft_export exported;
    napi_value out = make_object(a), imports = NULL, exports = NULL;
    napi_create_array(a->env, &imports);
    for (uint32_t i = 0; weft_module_import(m, i, &import); i++) {
        napi_value type = make_type(a, &import.type);
        set_field(a, type, "module", make_name(a, import.module));
        set_field(a, type, "name", make_name(a, import.name));
        napi_set_element(a->env, imports, i, type);
    }
    napi_create_array(a->env, &exports);
    for (uint32_t i = 0; weft_module_export(m, i, &exported); i++) {
        napi_value type = make_type(a, &exported.type);
        set_field(a, type, "name", make_name(a, exported.name));
        napi_set_element(a->env, exports, i, type);
    }
    set_field(a, out, "imports", imports);
    set_field(a, out, "exports", exports);
    return out;
}

// Names are compared as JavaScript compares strings, so that one that is no UTF-8 there is none
// here.
napi_value prim_custom(Call *call)
{
    Addon *a = call->addon;
    weft_name name, contents;
    napi_value out = NULL;
    uint32_t found = 0;
    napi_create_array(a->env, &out);
    for (uint32_t i = 0; weft_module_custom_at(call->module->module, i, &name, &contents); i++) {
        napi_value buffer = NULL;
        void *data = NULL;
        bool same = false;
        napi_strict_equals(a->env, make_name(a, name), call->args[1], &same);
        if (!same || napi_create_arraybuffer(a->env, contents.len, &data, &buffer) != napi_ok)
            continue;
        if (contents.len) memcpy(data, contents.data, contents.len);
        napi_set_element(a->env, out, found++, buffer);
    }
    return out;
}
