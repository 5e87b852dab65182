// component_api.c -- components as weft_component.h has them: types to look at, values as text.

#include "api/component.h"
#include "component/abi/wave.h"
#include "component/type/text.h"

#include <stdlib.h>

_Static_assert((int)WEFT_CTYPE_FUNC == (int)CPRIM_COUNT + (int)CFORM_func, "kinds are rows");
_Static_assert((int)WEFT_CTYPE_RESOURCE == (int)CPRIM_COUNT + (int)CFORM_resource, "rows");

static Module *load_module(void *engine, const u8 *bytes, size_t size, Diag *diag)
{
    return engine_load(engine, bytes, size, diag);
}

static Component *load(weft_component *c, size_t len, Diag *why)
{
    Engine *e = c->engine->engine;
    const CModuleLoader loader = {.load = load_module, .drop = engine_unload, .env = e,
                                  .runs = true,
                                  .account = &e->accounts[ENGINE_module_bytes]};
    Source *s = &c->source;
    Bytes bytes;
    bool is;
    if (!source_assemble_for(s, e, c->copy, len, &bytes, &is, why)) return NULL;
    c->component = component_load(bytes.data, bytes.len, e->features, e->types, &loader, why);
    if (!c->component && s->is_text)
        text_diag_map(why, &s->text, (const char *)s->data, s->size);
    return c->component;
}

static bool copy(weft_component *c, const void *bytes, size_t len, Diag *why)
{
    Account *account = &c->engine->engine->accounts[ENGINE_module_bytes];
    if (!api_check_size(c->engine, len, why)) return false;
    if (!account_take_shared(account, len))
        return diag_fail(why, ERR_limit_module_bytes, 0, "for the component's bytes");
    c->copied = len;
    c->copy = malloc(len + !len);
    if (!c->copy) return diag_fail(why, ERR_out_of_memory, 0, "for the component's bytes");
    if (len) memcpy(c->copy, bytes, len);
    return true;
}

weft_component *weft_component_new(weft_engine *e, const void *bytes, size_t len, weft_diag *diag)
{
    Diag why;
    diag_init(&why);
    weft_component *c = calloc(1, sizeof *c);
    if (!c) {
        api_error(diag, ERR_out_of_memory, "%s", "for the component");
        return NULL;
    }
    atomic_fetch_add(&e->users, 1);
    *c = (weft_component){.engine = e};
    atomic_store(&c->users, 1);
    if (copy(c, bytes, len, &why) && load(c, len, &why)) {
        // What cannot be run may still be looked at, but what there was no room for is to be run.
        c->plan = plan_make(c->component, NULL, &why);
        if (c->plan || why.err != ERR_out_of_memory) return c;
    }
    api_diag(diag, &why);
    weft_component_free(c);
    return NULL;
}

void weft_component_free(weft_component *c)
{
    if (!c || atomic_fetch_sub(&c->users, 1) > 1) return;
    plan_free(c->plan);
    component_free(c->component);
    source_free(&c->source);
    account_give_shared(&c->engine->engine->accounts[ENGINE_module_bytes], c->copied);
    free(c->copy);
    engine_release(c->engine);
    free(c);
}

// ---- Types

static const CTypes *types_of(weft_ctype t) { return &t.of->component->types; }
static const weft_ctype no_type;

static weft_ctype type_of(const weft_component *c, CType t)
{
    return t == CTYPE_NONE ? no_type : (weft_ctype){c, t};
}

// NULL: it is primitive, or none.
static const CTypeDef *def_of(weft_ctype t)
{
    return t.of ? ctype_def(types_of(t), t.number) : NULL;
}

weft_ctype weft_component_type(const weft_component *c) { return type_of(c, c->component->type); }

int weft_ctype_kind(weft_ctype t)
{
    const CTypeDef *def = def_of(t);
    if (!t.of) return WEFT_CTYPE_NONE;
    return def ? (int)CPRIM_COUNT + def->form : (int)t.number;
}

static const CExterns *externs_of(const CTypeDef *def)
{
    bool has = def && (def->form == CFORM_component || def->form == CFORM_instance);
    return has ? def->externs : NULL;
}

size_t weft_ctype_count(weft_ctype t)
{
    const CTypeDef *def = def_of(t);
    const CExterns *externs = externs_of(def);
    if (!def || def->form == CFORM_resource) return 0;
    if (externs) return externs->export_count;
    return def->form == CFORM_fixed_list ? 1 : def->count;
}

static bool give(const weft_component *c, Bytes text, CType type, weft_name *name, weft_ctype *part)
{
    if (name) *name = (weft_name){(const char *)text.data, text.len};
    if (part) *part = type_of(c, type);
    return true;
}

static bool give_extern(const weft_component *c, const CExtern *e, weft_name *name,
                        weft_ctype *part)
{
    CType type = e->entity.kind == CENTITY_module ? CTYPE_NONE : e->entity.type;
    return give(c, e->name, type, name, part);
}

bool weft_ctype_part(weft_ctype t, size_t i, weft_name *name, weft_ctype *part)
{
    const CTypeDef *def = def_of(t);
    const CExterns *externs = externs_of(def);
    if (i >= weft_ctype_count(t)) return false;
    if (externs) return give_extern(t.of, &externs->exports[i], name, part);
    const CField *field = def->form == CFORM_func ? &def->func->params[i] : &def->fields[i];
    return give(t.of, field->name, field->type, name, part);
}

weft_ctype weft_ctype_result(weft_ctype t)
{
    const CTypeDef *def = def_of(t);
    return def && def->form == CFORM_func ? type_of(t.of, def->func->result) : no_type;
}

bool weft_ctype_is_async(weft_ctype t)
{
    const CTypeDef *def = def_of(t);
    return def && def->form == CFORM_func && def->func->async;
}

size_t weft_ctype_length(weft_ctype t)
{
    const CTypeDef *def = def_of(t);
    return def && def->form == CFORM_fixed_list ? def->count : 0;
}

size_t weft_ctype_import_count(weft_ctype t)
{
    const CExterns *externs = externs_of(def_of(t));
    return externs ? externs->import_count : 0;
}

bool weft_ctype_import(weft_ctype t, size_t i, weft_name *name, weft_ctype *part)
{
    const CExterns *externs = externs_of(def_of(t));
    return externs && i < externs->import_count &&
           give_extern(t.of, &externs->imports[i], name, part);
}

// One after the other: the map that cexterns_find makes is not for several threads.
weft_ctype weft_ctype_export(weft_ctype t, const char *name)
{
    const CExterns *externs = externs_of(def_of(t));
    weft_ctype part = no_type;
    for (u32 i = 0; externs && i < externs->export_count; i++)
        if (bytes_are(externs->exports[i].name, name)) {
            give_extern(t.of, &externs->exports[i], NULL, &part);
            break;
        }
    return part;
}

char *weft_ctype_text(weft_ctype t, char *out, size_t size)
{
    if (!size) return out;
    if (t.of) return ctype_describe(types_of(t), t.number, out, size);
    *out = 0;
    return out;
}

// ---- Values

weft_cvalues *weft_cvalues_new(size_t limit)
{
    weft_cvalues *v = calloc(1, sizeof *v);
    if (!v) return NULL;
    arena_init(&v->arena);
    v->arena.limit = limit;
    return v;
}

void weft_cvalues_free(weft_cvalues *v)
{
    if (!v) return;
    arena_free(&v->arena);
    free(v);
}

static bool is_value(weft_ctype t) { return t.of && ctype_is_value(types_of(t), t.number); }

static weft_status no_value(weft_diag *diag, weft_ctype t)
{
    char text[100];
    return api_refuse(diag, API_wrong_type, "%s is no type of values",
                      t.of ? weft_ctype_text(t, text, sizeof text) : "none");
}

weft_status weft_cvalue_check(weft_ctype t, const weft_cvalue *value, weft_diag *diag)
{
    AbiFault fault;
    if (!is_value(t)) return no_value(diag, t);
    if (abi_check(types_of(t), t.number, value, &fault)) return WEFT_OK;
    return api_refuse(diag, API_wrong_type, "%s", abi_fault_text[fault]);
}

weft_status weft_cvalue_parse(weft_ctype t, const char *text, size_t len, weft_cvalues *in,
                              weft_cvalue *value, weft_diag *diag)
{
    Diag why;
    jmp_buf full;
    if (!is_value(t)) return no_value(diag, t);
    weft_status status = WEFT_OK;
    in->arena.on_failure = &full;
    if (setjmp(full))
        status = api_error(diag, ERR_out_of_memory, "%s", "for the value");
    else if (!wave_parse(types_of(t), t.number, (Bytes){(const u8 *)text, len}, &in->arena, value,
                         &why))
        status = api_diag(diag, &why);
    in->arena.on_failure = NULL;
    return status;
}

weft_status weft_cvalue_print(weft_ctype t, const weft_cvalue *value, weft_cvalues *in,
                              weft_name *text, weft_diag *diag)
{
    jmp_buf full;
    Buf out;
    weft_status status = weft_cvalue_check(t, value, diag);
    if (status != WEFT_OK) return status;
    in->arena.on_failure = &full;
    if (setjmp(full)) {
        in->arena.on_failure = NULL;
        return api_error(diag, ERR_out_of_memory, "%s", "for the text");
    }
    buf_init(&out, &in->arena);
    wave_print(types_of(t), t.number, value, &out);
    buf_byte(&out, 0);
    in->arena.on_failure = NULL;
    *text = (weft_name){(const char *)out.data, out.len - 1};
    return WEFT_OK;
}
