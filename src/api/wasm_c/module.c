// module.c -- modules of wasm.h: loaded, described, shared, written and read back.

#include "api/wasm_c/wasm_c.h"

// Takes over a count of the module.
static wasm_module_t *module_of(wasm_store_t *store, weft_module *module)
{
    u32 before = store->count;
    wasm_ref_t *thing = module ? thing_of(store, THING_module, module) : NULL;
    // One that was there has a count.
    if (!thing || store->count == before) weft_module_free(module);
    return (wasm_module_t *)thing;
}

static weft_module *module_in(const wasm_module_t *m) { return ((const wasm_ref_t *)m)->item; }

wasm_module_t *wasm_module_new(wasm_store_t *store, const wasm_byte_vec_t *bytes)
{
    weft_store *ws = store->weft;
    if (!ws) return NULL;
    return module_of(store, weft_module_new(ws->engine, bytes->data, bytes->size, NULL));
}

bool wasm_module_validate(wasm_store_t *store, const wasm_byte_vec_t *bytes)
{
    weft_store *ws = store->weft;
    return ws && weft_validate(ws->engine, bytes->data, bytes->size, NULL) == WEFT_OK;
}

// ---- What it imports and exports

static void name_of(wasm_name_t *out, weft_name name) { wasm_name_new(out, name.len, name.data); }

static wasm_importtype_t *import_of(const weft_import *import)
{
    wasm_name_t module, name;
    name_of(&module, import->module);
    name_of(&name, import->name);
    bool whole = module.size == import->module.len && name.size == import->name.len;
    return wasm_importtype_new(&module, &name, whole ? externtype_of(&import->type) : NULL);
}

void wasm_module_imports(const wasm_module_t *m, wasm_importtype_vec_t *out)
{
    const weft_module *module = module_in(m);
    weft_import import;
    wasm_importtype_vec_new_uninitialized(out, weft_module_import_count(module));
    for (u32 i = 0; i < out->size; i++) {
        weft_module_import(module, i, &import);
        out->data[i] = import_of(&import);
        if (!out->data[i]) wasm_importtype_vec_delete(out);
    }
}

static wasm_exporttype_t *export_of(const weft_export *export)
{
    wasm_name_t name;
    name_of(&name, export->name);
    bool whole = name.size == export->name.len;
    return wasm_exporttype_new(&name, whole ? externtype_of(&export->type) : NULL);
}

void wasm_module_exports(const wasm_module_t *m, wasm_exporttype_vec_t *out)
{
    const weft_module *module = module_in(m);
    weft_export export;
    wasm_exporttype_vec_new_uninitialized(out, weft_module_export_count(module));
    for (u32 i = 0; i < out->size; i++) {
        weft_module_export(module, i, &export);
        out->data[i] = export_of(&export);
        if (!out->data[i]) wasm_exporttype_vec_delete(out);
    }
}

// ---- As bytes: a head, and its binary behind that

static const char head[16] = "weft module 1\n";

void wasm_module_serialize(const wasm_module_t *m, wasm_byte_vec_t *out)
{
    const Module *module = module_in(m)->source.module;
    module_fetch(module, MODULE_ALL);
    wasm_byte_vec_new_uninitialized(out, sizeof head + module->size);
    if (!out->size) return;
    memcpy(out->data, head, sizeof head);
    memcpy(out->data + sizeof head, module->bytes, module->size);
}

wasm_module_t *wasm_module_deserialize(wasm_store_t *store, const wasm_byte_vec_t *bytes)
{
    if (bytes->size < sizeof head || memcmp(bytes->data, head, sizeof head)) return NULL;
    wasm_byte_vec_t binary = {bytes->size - sizeof head, bytes->data + sizeof head};
    return wasm_module_new(store, &binary);
}

// ---- Without a store: the module itself, with a count

wasm_shared_module_t *wasm_module_share(const wasm_module_t *m)
{
    weft_module *module = module_in(m);
    atomic_fetch_add(&module->users, 1);
    return (wasm_shared_module_t *)module;
}

void wasm_shared_module_delete(wasm_shared_module_t *shared)
{
    weft_module_free((weft_module *)shared);
}

wasm_module_t *wasm_module_obtain(wasm_store_t *store, const wasm_shared_module_t *shared)
{
    weft_module *module = (weft_module *)shared;
    const Module *m = module->source.module;
    if (!store->weft) return NULL;
    if (module->engine == store->weft->engine) {
        atomic_fetch_add(&module->users, 1);
        return module_of(store, module);
    }
    return module_of(store, weft_module_new(store->weft->engine, m->bytes, m->size, NULL));
}
