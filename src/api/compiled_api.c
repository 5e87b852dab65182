// compiled_api.c -- modules with the code of their functions, as bytes, and kept in a folder.

#include "api/api.h"
#include "engine/cache.h"
#include "engine/compiled.h"
#include "plat/file.h"
#include "weft_compiled.h"

#include <errno.h>
#include <string.h>

static bool write_bytes(void *env, const void *bytes, size_t size)
{
    const weft_serialize_out *out = env;
    return out->write(out->env, bytes, size);
}

weft_status weft_module_serialize(const weft_module *m, const weft_serialize_out *given,
                                  weft_diag *diag)
{
    weft_serialize_out out = weft_serialize_out_init(NULL, NULL);
    Diag why;
    if (api_struct_in(given, &out, sizeof out, diag) != WEFT_OK) return WEFT_ERROR;
    if (tier_lacks()) return api_refuse(diag, API_no_compiler, "it lacks %s", tier_lacks());
    const Module *module = m->source.module;
    const CompiledSink sink = {&out, write_bytes};
    u32 mode = compiled_mode(m->engine->engine, module, out.fuel);
    if (compiled_write(module, mode, out.threads, &sink, &why)) return WEFT_OK;
    return why.err == ERR_none ? api_refuse(diag, API_not_written, "%s", "of the module")
                               : api_diag(diag, &why);
}

// Keeps `from`, or frees it.
static weft_module *take(weft_engine *e, const CompiledFrom *from, weft_diag *diag)
{
    Diag why;
    weft_module *m = api_module_alloc(e);
    if (!m) {
        from->free(from->env);
        api_error(diag, ERR_out_of_memory, "%s", "for the module");
        return NULL;
    }
    if (source_load_compiled(&m->source, e->engine, from, false, &why)) return m;
    api_diag(diag, &why);
    module_release(m);
    return NULL;
}

weft_module *weft_module_deserialize(weft_engine *e, const void *bytes, size_t len,
                                     weft_diag *diag)
{
    CompiledFrom from;
    Err why;
    Account *account = &e->engine->accounts[ENGINE_module_bytes];
    if (compiled_from_bytes((Bytes){bytes, len}, account, &from, &why))
        return take(e, &from, diag);
    api_error(diag, why, "%s", "for the module");
    return NULL;
}

weft_module *weft_module_deserialize_file(weft_engine *e, const char *path, weft_diag *diag)
{
    CompiledFrom from;
    File file;
    int err = file_open(path, &file);
    if (!err && (err = compiled_from_file(file, &from)) != 0) file_close(file);
    if (!err) return take(e, &from, diag);
    api_refuse(diag, API_system_error, "%s: %s", path, strerror(err));
    return NULL;
}

weft_status weft_engine_set_cache(weft_engine *e, const weft_cache *given, weft_diag *diag)
{
    weft_cache cache = weft_cache_init(NULL);
    Cache *opened = NULL;
    if (given && api_struct_in(given, &cache, sizeof cache, diag) != WEFT_OK) return WEFT_ERROR;
    int err = given ? cache_open(cache.folder, cache.most, &opened) : 0;
    if (err)
        return api_refuse(diag, API_system_error, "%s: %s", cache.folder,
                          err == EPERM ? "it is another's, or others may write there"
                                       : strerror(err));
    cache_free(e->engine->cache);
    e->engine->cache = opened;
    e->engine->fueled = cache.fuel;
    return WEFT_OK;
}
