// component_host.c -- see component_host.h.

#include "script/component_host.h"

#include "component/type/text.h"
#include "script/component.h"

#include <string.h>

// ---- The host's own

#define ARG(i) ((u32)args[i].of.u)

static void give(CValue *result, u32 value)
{
    *result = (CValue){.kind = WEFT_CVALUE_U32, .of.u = value};
}

static Trap return_two(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *a)
{
    return give(result, 2), TRAP_none;
}
static Trap return_three(void *env, ComponentRun *run, const CValue *args, CValue *result,
                         Arena *a)
{
    return give(result, 3), TRAP_none;
}
static Trap return_four(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *a)
{
    return give(result, 4), TRAP_none;
}
static Trap resource_new(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *a)
{
    *result = (CValue){.kind = WEFT_CVALUE_OWN, .of.handle = ARG(0)};
    return TRAP_none;
}
// Is the resource what the second argument says?
static Trap resource_is(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *a)
{
    return args[0].of.handle == ARG(1) ? TRAP_none : TRAP_host;
}
static Trap take_any(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *a)
{
    return TRAP_none;
}
static Trap last_drop(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *a)
{
    return give(result, ((ScriptComponentHost *)env)->last_drop), TRAP_none;
}
static Trap drops(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *a)
{
    return give(result, ((ScriptComponentHost *)env)->drops), TRAP_none;
}

static const struct { const char *outer, *name; ComponentHostFn *fn; const char *type; } rows[] = {
    {"", "host-return-two", return_two, "func() -> u32"},
    {"host", "return-three", return_three, "func() -> u32"},
    {"nested", "return-four", return_four, "func() -> u32"},
    {"host", "[constructor]resource1", resource_new, NULL},
    {"host", "[static]resource1.assert", resource_is, NULL},
    {"host", "[static]resource1.last-drop", last_drop, NULL},
    {"host", "[static]resource1.drops", drops, NULL},
    {"host", "[method]resource1.simple", resource_is, NULL},
    {"host", "[method]resource1.take-borrow", take_any, NULL},
    {"host", "[method]resource1.take-own", take_any, NULL},
};

static bool is_of_type(const CTypes *types, CType t, const char *wanted)
{
    char text[200];
    return !wanted || !strcmp(ctype_describe(types, t, text, sizeof text), wanted);
}

static bool find_own(void *env, const PlanImport *import, Bytes outer, const CTypes *types,
                     HostImport *out)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (!bytes_are(import->name, rows[i].name) || !bytes_are(outer, rows[i].outer)) continue;
        if (import->kind != CENTITY_func || !is_of_type(types, import->type, rows[i].type))
            return false;
        *out = (HostImport){rows[i].fn, env};
        return true;
    }
    if (import->kind == CENTITY_type)
        return bytes_are(outer, "host") && (bytes_are(import->name, "resource1") ||
                                            bytes_are(import->name, "resource2"));
    return import->kind == CENTITY_instance;
}

// f gives 101, and g is 100.
static const u8 simple_module[] = {
    0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 6, 7, 1, 0x7f, 0, 0x41,
    0xe4, 0, 0x0b, 7, 9, 2, 1, 'f', 0, 0, 1, 'g', 3, 0, 10, 7, 1, 5, 0, 0x41, 0xe5, 0, 0x0b};

// ---- Other instances of the script's

static const Unit *unit_named(Script *s, Bytes name)
{
    const Unit *u = script_registered(s, name);
    return u && u->component.run ? u : NULL;
}

static const Origin *export_of(const Unit *u, Bytes name)
{
    return plan_export(component_plan(u->component.run)->root, name);
}

typedef struct { ComponentRun *run; u32 func; } Elsewhere;

static Trap call_elsewhere(void *env, ComponentRun *run, const CValue *args, CValue *result,
                           Arena *arena)
{
    const Elsewhere *to = env;
    return component_call(to->run, to->func, args, result, arena);
}

static bool find_elsewhere(Script *s, const Unit *u, const PlanImport *import,
                           const CTypes *types, HostImport *out)
{
    const Origin *o = export_of(u, import->name);
    const CTypes *there = &u->component.component->types;
    if (!o || o->kind != import->kind || import->kind != CENTITY_func) return false;
    if (!ctypes_same(there, o->type, types, import->type)) return false;
    Elsewhere *to = NEW(&s->arena, Elsewhere);
    *to = (Elsewhere){u->component.run, o->func};
    *out = (HostImport){call_elsewhere, to};
    return true;
}

// ---- Both

static bool find(void *env, const Plan *plan, const PlanImport *import, Bytes outer,
                 HostImport *out, Diag *diag)
{
    const CTypes *types = &plan->component->types;
    Script *s = env;
    const Unit *u = unit_named(s, outer.len ? outer : import->name);
    if (!u) return find_own(s->component_host, import, outer, types, out);
    return outer.len ? find_elsewhere(s, u, import, types, out)
                     : import->kind == CENTITY_instance;
}

static void drop(void *env, const PlanImport *resource, u64 rep)
{
    ScriptComponentHost *h = ((Script *)env)->component_host;
    h->drops++;
    h->last_drop = (u32)rep;
}

static const Module *find_module(void *env, Bytes outer, Bytes name)
{
    Script *s = env;
    const Unit *u = outer.len ? unit_named(s, outer) : NULL;
    if (u) {
        const Origin *o = export_of(u, name);
        return o && o->kind == CENTITY_module ? o->module : NULL;
    }
    if (!bytes_are(outer, "host") || !bytes_are(name, "simple-module")) return NULL;
    Diag diag;
    Unit *made = script_unit(s);
    made->module = s->ops->load(s->executor, (Bytes){simple_module, sizeof simple_module}, &diag);
    return made->module;
}

ScriptComponentHost *script_component_host(Script *s)
{
    if (s->component_host) return s->component_host;
    ScriptComponentHost *h = NEW(&s->arena, ScriptComponentHost);
    h->host = (ComponentHost){.find = find, .drop = drop, .env = s};
    h->link = (PlanLink){find_module, s, s->options->plain_adapters};
    return s->component_host = h;
}
