// weft_link.h -- imports as a program that embeds many modules has them: host functions told in one
// struct, by the type that an import has, by names of any bytes or by index; imports that nobody
// has. In addition to weft.h, by whose rules it goes; weft_linker_func is what most need.
//
//     weft_host host = weft_host_init();
//     host.values = answer;                          takes and leaves values of whatever types
//     for (uint32_t i = 0; weft_module_import(module, i, &import); i++)
//         if (import.type.kind == WEFT_FUNC)
//             weft_linker_import(linker, module, i, &host, &diag);    of the type that it wants

#ifndef WEFT_LINK_H
#define WEFT_LINK_H

#include <weft_object.h>

#ifdef __cplusplus
extern "C" {
#endif

// A name that ends in NUL as one that has a length. It lives as long as the text.
static inline weft_name weft_text(const char *text)
{
    weft_name name;
    name.data = text;
    for (name.len = 0; text[name.len]; name.len++) continue;
    return name;
}

// A host function, in full. One of `fn` and `values` is set. Its type is what `signature` says, if
// that is set; else `type`; else, where there is one, the type of the import that it is for.
typedef struct weft_host {
    size_t size;           // sizeof(weft_host): weft_host_init sets it
    const char *signature; // letters, "ii:i"; or NULL
    weft_deftype type;     // of a function, of the same engine; or all zeros
    // Takes slots, as weft_host_fn says. Only of types that letters can say: all numbers, and
    // references to all that is of a kind.
    weft_host_fn *fn;
    weft_values_fn *values; // or takes and leaves values, of any type
    void *env;
    void (*finalize)(void *env); // or NULL; as of weft_linker_func, weft_func_new
} weft_host;

static inline weft_host weft_host_init(void)
{
    weft_host host;
    host.size = sizeof host;
    host.signature = NULL;
    host.type.types = NULL;
    host.type.id = 0;
    host.fn = NULL;
    host.values = NULL;
    host.env = NULL;
    host.finalize = NULL;
    return host;
}

// Errors of all that takes a weft_host: unknown_field; bad_signature, also where `fn` cannot take
// the type, which says so; unknown_type: `type` is none of a function's in this engine, or there is
// no type; no_function: neither `fn` nor `values` is set, or both are.

// As weft_func_new.
WEFT_API weft_status weft_func_new_host(weft_store *store, const weft_host *host, weft_func *out,
                                        weft_diag *diag);

// ---- Linking ------------------------------------------------------------------------------------

// As weft_linker_func and weft_linker_define, by names that hold anything.
WEFT_API weft_status weft_linker_host(weft_linker *linker, weft_name module, weft_name name,
                                      const weft_host *host, weft_diag *diag);
WEFT_API weft_status weft_linker_item(weft_linker *linker, weft_name module, weft_name name,
                                      weft_extern item, weft_diag *diag);
// As weft_linker_instance, likewise.
WEFT_API weft_status weft_linker_exports(weft_linker *linker, const weft_store *store,
                                         weft_name module, weft_instance instance,
                                         weft_diag *diag);
// Defines what the module's import of this index names, as one of its type unless `host` says
// another. Errors: wrong_engine; wrong_kind: it is no function's; out_of_bounds: there is no such
// import; duplicate_definition.
WEFT_API weft_status weft_linker_import(weft_linker *linker, const weft_module *module,
                                        uint32_t index, const weft_host *host, weft_diag *diag);
// Whatever functions the module imports, and the linker does not define yet, are there from now on,
// and end in the trap "host" when they are called: 'unknown import "env" "f"'. So what is imported
// and never called need not be had. Of two imports of one name the first one's type counts. WASI's
// functions are left alone where the linker answers those. Error: wrong_engine.
WEFT_API weft_status weft_linker_trap_unknown(weft_linker *linker, const weft_module *module,
                                              weft_diag *diag);

// As weft_instantiate, with an item for each import, in the module's order. Errors: wrong_count;
// wrong_store: an item is of another one, or names nothing.
WEFT_API weft_status weft_instantiate_items(weft_store *store, weft_module *module,
                                            const weft_extern *items, size_t count,
                                            weft_instance *out, weft_diag *diag);

// As weft_instance_export, by a name that holds anything.
WEFT_API bool weft_instance_find(const weft_store *store, weft_instance instance, weft_name name,
                                 weft_extern *out);
// As weft_module_custom_section, likewise; and each one, in the module's order, by an index among
// them. `contents` may be NULL.
WEFT_API bool weft_module_custom(const weft_module *module, weft_name name, weft_name *out);
WEFT_API bool weft_module_custom_at(const weft_module *module, uint32_t index, weft_name *name,
                                    weft_name *contents);
// Which function it is: of which instance, by the index in its module. False: it is the host's, or
// of another store.
WEFT_API bool weft_func_origin(const weft_store *store, weft_func func, weft_instance *instance,
                               uint32_t *index);

#ifdef __cplusplus
}
#endif
#endif
