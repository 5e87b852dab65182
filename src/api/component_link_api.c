// component_link_api.c -- what components import: functions and resources of a linker's, and WASI.
//
//     import --find--> ComponentDef of the linker, which the store then keeps; else WASI's
//
// A call goes by values (weft_component_fn). An interface is found by its name, else by that up to
// where versions have to agree.

#include "api/component.h"
#include "base/map.h"
#include "component/type/name.h"

#include <stdlib.h>
#include <string.h>

struct ComponentDefs {
    Arena arena;
    Map names, canonical; // to places in `all`
    ComponentDef **all;
    u32 count, cap;
};

static void release(ComponentDef *def)
{
    if (atomic_fetch_sub(&def->users, 1) != 1) return;
    if (def->finalize) def->finalize(def->env);
    free(def);
}

void component_defs_free(ComponentDefs *defs)
{
    if (!defs) return;
    for (u32 i = 0; i < defs->count; i++) release(defs->all[i]);
    arena_free(&defs->arena);
    free(defs);
}

// ---- Names

// One behind the other: no name of an interface has a NUL in it. Leaves through the arena.
static Bytes key_of(Arena *arena, Bytes interface, Bytes name)
{
    Buf key;
    buf_init(&key, arena);
    buf_bytes(&key, interface.data, interface.len);
    buf_byte(&key, 0);
    buf_bytes(&key, name.data, name.len);
    return buf_view(&key);
}

static ComponentDef *get(const ComponentDefs *defs, const Map *names, Bytes key)
{
    const u32 *place = map_get(names, key.data, key.len);
    return place ? defs->all[*place] : NULL;
}

// NULL: there is none. Leaves through the arena, which is for a while.
static ComponentDef *look_up(const ComponentDefs *defs, Arena *arena, Bytes interface, Bytes name)
{
    if (!defs) return NULL;
    ComponentDef *def = get(defs, &defs->names, key_of(arena, interface, name));
    if (def) return def;
    return get(defs, &defs->canonical, key_of(arena, cname_canonical(interface), name));
}

// ---- Defining

static ComponentDefs *defs_of(weft_linker *l)
{
    ComponentDefs **place = linker_components(l), *defs = *place;
    if (!defs && (defs = calloc(1, sizeof *defs))) {
        arena_init(&defs->arena);
        map_init(&defs->names, &defs->arena);
        map_init(&defs->canonical, &defs->arena);
        *place = defs;
    }
    return defs;
}

// False: there is one of that name. Leaves through the arena.
static bool add(ComponentDefs *defs, Bytes interface, Bytes name, ComponentDef *def)
{
    Arena *arena = &defs->arena;
    Bytes key = key_of(arena, interface, name);
    Bytes canonical = key_of(arena, cname_canonical(interface), name);
    if (get(defs, &defs->names, key)) return false;
    u32 place = defs->count;
    ARENA_PUSH(arena, defs->all, defs->count, defs->cap) = def;
    defs->count = place; // until its name is there
    map_add(&defs->names, key.data, key.len, place);
    defs->count = place + 1;
    map_add(&defs->canonical, canonical.data, canonical.len, place);
    return true;
}

static weft_status define(weft_linker *l, const char *interface, const char *name,
                          const ComponentDef *like, weft_diag *diag)
{
    jmp_buf failed;
    ComponentDefs *defs = defs_of(l);
    ComponentDef *def = defs ? malloc(sizeof *def) : NULL;
    if (!def) return api_error(diag, ERR_out_of_memory, "%s", "for the definition");
    def->fn = like->fn;
    def->drop = like->drop;
    def->env = like->env;
    def->finalize = NULL;
    atomic_init(&def->users, 1);
    u32 before = defs->count;
    defs->arena.on_failure = &failed;
    bool full = setjmp(failed);
    bool added = !full && add(defs, bytes_of(interface), bytes_of(name), def);
    defs->arena.on_failure = NULL;
    // What was cut short by the last of it is there.
    if (added || defs->count > before) def->finalize = like->finalize;
    if (added || defs->count > before) return WEFT_OK;
    release(def);
    if (full) return api_error(diag, ERR_out_of_memory, "%s", "for the definition");
    return api_refuse(diag, API_duplicate_definition, "\"%.80s\" \"%.80s\"", interface, name);
}

weft_status weft_linker_component_func(weft_linker *l, const char *interface, const char *name,
                                       weft_component_fn *fn, void *env,
                                       void (*finalize)(void *env), weft_diag *diag)
{
    const ComponentDef def = {.fn = fn, .env = env, .finalize = finalize};
    return define(l, interface, name, &def, diag);
}

weft_status weft_linker_component_resource(
    weft_linker *l, const char *interface, const char *name,
    void (*drop)(void *env, weft_store *store, uint64_t handle), void *env,
    void (*finalize)(void *env), weft_diag *diag)
{
    const ComponentDef def = {.drop = drop, .env = env, .finalize = finalize};
    return define(l, interface, name, &def, diag);
}

// ---- Calling

static Trap check_result(const ComponentLink *link, const CFunc *type, const CValue *result)
{
    Exec *x = &link->of->store->s->exec;
    AbiFault fault;
    if (type->result == CTYPE_NONE) return TRAP_none;
    if (abi_check(&link->of->component->component->types, type->result, result, &fault))
        return TRAP_none;
    exec_settle(x);
    return exec_trap(x, TRAP_host, "its result: %s", abi_fault_text[fault]);
}

static Trap call(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *arena)
{
    const ComponentLink *link = env;
    weft_component *c = link->of->component;
    weft_store *ws = link->of->store;
    const CType t = link->import->type;
    const CFunc *type = ctype_def(&c->component->types, t)->func;
    // An arena is all that weft_cvalues has.
    weft_caller caller = {.store = ws, .values = (weft_cvalues *)(void *)arena, .type = {c, t}};
    Scope scope;
    (void)run;
    ws->failure = TRAP_none;
    api_finalize(ws);
    scope_begin(ws, &scope);
    weft_status status = link->def->fn(link->def->env, &caller, args, type->count, result);
    scope_leave(ws, &scope);
    return status == WEFT_OK ? check_result(link, type, result) : host_ended(ws, status);
}

weft_ctype weft_caller_ctype(const weft_caller *caller) { return caller->type; }
weft_cvalues *weft_caller_values(const weft_caller *caller) { return caller->values; }

void *weft_cvalues_alloc(weft_cvalues *in, size_t size)
{
    jmp_buf full, *outer = in->arena.on_failure;
    void *volatile room = NULL;
    in->arena.on_failure = &full;
    if (!setjmp(full)) room = memset(arena_alloc(&in->arena, size), 0, size);
    in->arena.on_failure = outer;
    return room;
}

// ---- Linking

static bool no_memory(Diag *diag)
{
    return diag_fail(diag, ERR_out_of_memory, 0, "for an import");
}

static bool find_def(const ComponentUse *use, Bytes outer, Bytes name, ComponentDef **def)
{
    jmp_buf failed;
    Arena names;
    arena_init(&names);
    names.on_failure = &failed;
    bool good = !setjmp(failed);
    if (good) *def = look_up(*linker_components(use->linker), &names, outer, name);
    arena_free(&names);
    return good;
}

static bool take(ComponentUse *use, ComponentDef *def, const PlanImport *import, HostImport *out,
                 Diag *diag)
{
    ComponentLink *link = malloc(sizeof *link);
    if (!link) return no_memory(diag);
    *link = (ComponentLink){use->links, use, def, import};
    use->links = link;
    atomic_fetch_add(&def->users, 1);
    *out = (HostImport){call, link};
    return true;
}

static bool find(void *env, const Plan *plan, const PlanImport *import, Bytes outer,
                 HostImport *out, Diag *diag)
{
    ComponentUse *use = env;
    ComponentDef *def = NULL;
    if (import->kind == CENTITY_instance) return true; // what is in it is asked for by itself
    if (!find_def(use, outer, import->name, &def)) return no_memory(diag);
    bool func = import->kind == CENTITY_func;
    if (def && (func || import->kind == CENTITY_type) && !func == !def->fn)
        return take(use, def, import, out, diag);
    const ComponentHost *wasi = use->wasi ? p2_host(use->wasi) : NULL;
    return wasi && wasi->find(wasi->env, plan, import, outer, out, diag);
}

static void drop(void *env, const PlanImport *resource, u64 rep)
{
    const ComponentUse *use = env;
    const ComponentHost *wasi = use->wasi ? p2_host(use->wasi) : NULL;
    const ComponentLink *link = use->links;
    while (link && link->import != resource) link = link->next;
    if (link && link->def->drop) link->def->drop(link->def->env, use->store, rep);
    else if (!link && wasi) wasi->drop(wasi->env, resource, rep);
}

bool component_link(ComponentUse *use, weft_linker *linker)
{
    const weft_wasi *wasi = linker && linker_has_wasi(linker) ? use->store->wasi : NULL;
    use->linker = linker;
    use->host = (ComponentHost){.find = find, .drop = drop, .env = use};
    if (wasi) use->wasi = p2_new(wasi->ctx);
    return !wasi || use->wasi;
}

void component_unlink(ComponentUse *use)
{
    for (ComponentLink *link = use->links, *next; link; link = next) {
        next = link->next;
        release(link->def);
        free(link);
    }
    use->links = NULL;
}

void components_close(ComponentUse *uses)
{
    for (; uses; uses = uses->next) {
        p2_free(uses->wasi);
        uses->wasi = NULL;
    }
}
