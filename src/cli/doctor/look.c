// look.c -- finds out about a file. See doctor.h.
//
// A module is loaded once with all features on. What it needs, and where, is what loading says when
// one of them is off: each time it ends at the first place that needs it.

#include "cli/doctor/doctor.h"

#include "api/group.h"
#include "api/wasi_link.h"
#include "binary/decode.h"
#include "cli/doctor/tools.h"
#include "cli/imports.h"
#include "engine/needs.h"
#include "module/describe.h"
#include "script/command.h"
#include "valid/observe.h"
#include "valid/walk_core.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static Problem *add_problem(Doctor *d, const char *remedy, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
static Problem *add_problem(Doctor *d, const char *remedy, const char *fmt, ...)
{
    Problem *p = &d->problems[MIN(d->problem_count, PROBLEMS - 1)];
    va_list args;
    va_start(args, fmt);
    vsnprintf(p->what, sizeof p->what, fmt, args);
    va_end(args);
    snprintf(p->remedy, sizeof p->remedy, "%s", remedy);
    d->problem_count = MIN(d->problem_count + 1, PROBLEMS);
    return p;
}

// ---- What the file is

// Of text that is no module: what its first forms say.
static const char *script_kind(const Doctor *d, const char **remedy)
{
    CommandReader r;
    Command c;
    u32 modules = 0;
    commands_init(&r, (const char *)d->source.data, d->source.size);
    while (command_next(&r, &c) && c.kind != COMMAND_broken) {
        if (c.kind == COMMAND_component && !modules) {
            *remedy = "components are not supported yet";
            return "the text of a component";
        }
        if (c.kind == COMMAND_inline || c.kind == COMMAND_unknown) continue;
        if (c.kind == COMMAND_module && !modules++) continue;
        *remedy = "`weft wast` runs scripts";
        return "a script of WebAssembly's tests";
    }
    return NULL;
}

static const char *module_kind(const Module *m)
{
    if (has_section(m, "linking")) return "an object file";
    if (has_section(m, "dylink*")) return "a library that is linked at run time";
    if (has_section(m, "component-type*")) return "the core module of a component";
    for (u32 i = 0; i < m->export_count; i++) {
        if (m->exports[i].kind != EXTERN_func) continue;
        if (bytes_are(m->exports[i].name, "_start")) return "a WASI command";
        if (bytes_are(m->exports[i].name, "_initialize")) return "a WASI reactor";
    }
    return "a core module";
}

// Did a program that took it for text put a carriage return in front of each line feed?
static bool is_returned(const Doctor *d)
{
    enum { ENOUGH = 8 };
    u32 feeds = 0;
    for (size_t i = 1; i < d->input.size; i++) {
        if (d->input.data[i] != '\n') continue;
        if (d->input.data[i - 1] != '\r') return false;
        feeds++;
    }
    return feeds >= ENOUGH;
}

static const char *damage(const Doctor *d)
{
    Err err = d->diag.err;
    if (err_class[err] == CLASS_limit) return "docs/limits.md has what weft's limits are";
    if (d->source.is_text) return "";
    if (is_returned(d)) return "each line feed has a carriage return in front: it was copied as if "
                               "it were text; copy it again, as binary";
    if (err == ERR_unexpected_end || err == ERR_length_out_of_bounds)
        return "the file seems to be cut short; copy it again";
    if (err_class[err] == CLASS_malformed)
        return "the file was damaged, or the tool that made it is at fault";
    return "the tool that made it is at fault, or the file was changed";
}

static void refused(Doctor *d)
{
    char text[600], place[60] = "";
    const char *remedy = NULL, *script = NULL;
    const Diag *diag = &d->diag;
    if (d->source.is_text && !d->bytes.data) script = script_kind(d, &remedy);
    if (script) {
        d->kind = script;
        add_problem(d, remedy, "this is %s", script);
        return;
    }
    if (diag->line) snprintf(place, sizeof place, "%u:%u: ", diag->line, diag->column);
    else if (diag->offset) snprintf(place, sizeof place, "0x%zx: ", diag->offset);
    add_problem(d, damage(d), "it is refused: %s%s", place, diag_text(diag, text, sizeof text));
}

const char *doctor_place(const Doctor *d, size_t offset, char out[PLACE_MOST])
{
    Diag at = {.offset = offset};
    if (d->source.is_text)
        text_diag_map(&at, &d->source.text, (const char *)d->source.data, d->source.size);
    if (at.line) snprintf(out, PLACE_MOST, "%u:%u", at.line, at.column);
    else snprintf(out, PLACE_MOST, "0x%zx", offset);
    return out;
}

// ---- Which features

static void keep_op(Need *n)
{
    const char *at = strstr(n->first.detail, " needs ");
    if (n->first.err == ERR_feature_disabled && at && n->first.func != DIAG_NO_FUNC)
        n->op = (Bytes){(const u8 *)n->first.detail, (size_t)(at - n->first.detail)};
}

// Where loading ends without it. False: out of memory.
static bool find_first(Doctor *d, Feature f)
{
    Need *n = &d->need[d->need_count++];
    n->feature = f;
    Engine *engine = engine_new((d->needs | FEATURE_BIT(FEATURE_core1)) & ~FEATURE_BIT(f));
    if (!engine) return false;
    engine_unload(engine_load(engine, d->bytes.data, d->bytes.len, &n->first));
    engine_free(engine);
    keep_op(n);
    return n->first.err != ERR_out_of_memory;
}

static void tell_off(Doctor *d)
{
    char names[300] = "", switches[300] = "";
    for (u32 i = 0; i < d->need_count; i++) {
        const char *name = feature_text[d->need[i].feature];
        if (d->features & FEATURE_BIT(d->need[i].feature)) continue;
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", *names ? ", " : "",
                 name);
        snprintf(switches + strlen(switches), sizeof switches - strlen(switches), "%s+%s",
                 *switches ? "," : "", name);
    }
    if (!*names) return;
    Problem *p = add_problem(d, "", "it needs what is not switched on: %s", names);
    snprintf(p->remedy, sizeof p->remedy, "--features=%s does that", switches);
}

static bool find_needs(Doctor *d)
{
    if (!engine_needs(d->engine, d->bytes.data, d->bytes.len, &d->needs)) return false;
    for (u32 f = 0; f < FEATURE_COUNT; f++)
        if (d->needs & FEATURE_BIT(f) && !find_first(d, (Feature)f)) return false;
    tell_off(d);
    return true;
}

// ---- Whether there would be an instance

bool doctor_provided(void *env, const Module *m, const Import *import)
{
    return group_provides(m, import) ||
           wasi_find((const char *)import->module.data, import->module.len,
                     (const char *)import->name.data, import->name.len);
}

// Of those that are missing the first whose origin has one says what to do.
static bool all_provided(Doctor *d)
{
    u32 missing = 0;
    const char *remedy = "";
    for (u32 i = 0; i < d->m->import_count; i++) {
        if (doctor_provided(NULL, d->m, &d->m->imports[i])) continue;
        missing++;
        if (!*remedy) remedy = import_origin(&d->m->imports[i]).remedy;
    }
    const char *lacks = group_wanted(d->m) ? group_lacks(d->m) : NULL;
    if (lacks) add_problem(d, "", "it wants threads: %s", lacks);
    if (missing)
        add_problem(d, *remedy ? remedy : "--preload MODULE=FILE takes them from another module",
                    "nothing defines %u of its %u imports", missing, d->m->import_count);
    return !missing;
}

typedef struct { Store *store; WasiCtx *wasi; Group group; GroupThread thread; } World;

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    World *world = env;
    if (wasi_resolve(world->store, world->wasi, import, out)) return true;
    return out->kind != EXTERN_COUNT && group_resolve(&world->thread, import, type, out);
}

static const char *more_of(Err err)
{
    return err == ERR_limit_memory_size  ? "--max-memory SIZE lets it have more"
           : err == ERR_limit_table_size ? "--max-table N lets it have more"
                                         : "";
}

static void make_instance(Doctor *d, World *world)
{
    Diag diag;
    char text[600];
    Instantiated made = engine_make(world->store, d->m, resolve, world, &diag);
    if (made.trap == TRAP_out_of_memory) {
        d->untried = true;
    } else if (made.trap) {
        const char *detail = world->store->exec.trap_detail;
        add_problem(d, "", "it traps before anything of it runs: %s%s%s", trap_text[made.trap],
                    *detail ? ": " : "", detail);
    } else if (!made.instance) {
        add_problem(d, more_of(diag.err), "%s", diag_text(&diag, text, sizeof text));
    }
}

// With less room for objects than `weft run` gives, all of which a few bytes can make it take.
static bool try_instance(Doctor *d)
{
    StoreLimits limits = d->engine->limits;
    limits.heap_bytes = DOCTOR_HEAP;
    World world = {.store = engine_store_within(d->engine, &limits), .wasi = wasi_new()};
    world.thread.store = world.store;
    group_init(&world.group, d->engine, &world.thread, &limits, NULL);
    bool good = world.store && world.wasi;
    if (good) make_instance(d, &world);
    group_free(&world.group);
    store_free(world.store);
    wasi_free(world.wasi);
    return good;
}

// ---- Whether there is something to begin with

static void find_entry(Doctor *d)
{
    static const char by_name[] = "--invoke NAME calls a function that it exports";
    const Module *m = d->m;
    u32 functions = 0;
    d->starts = m->has_start;
    for (u32 i = 0; i < m->export_count; i++) {
        const Export *e = &m->exports[i];
        bool named = bytes_are(e->name, "_start");
        functions += e->kind == EXTERN_func;
        if (e->kind != EXTERN_func || !(named || bytes_are(e->name, "_initialize"))) continue;
        d->starts = d->starts || named;
        const TypeDef *type = type_def(m->store, m->funcs[e->index].type);
        if (type->param_count || type->result_count)
            add_problem(d, "", "%s takes %u values and gives %u, and may do neither",
                        named ? "_start" : "_initialize", type->param_count, type->result_count);
    }
    d->by_name = !d->starts && functions;
    const Export *start = module_export(m, bytes_of("_start"));
    if (!d->starts && start)
        add_problem(d, functions ? by_name : "",
                    "_start is no function but a %s, so it is no WASI command",
                    extern_text[start->kind]);
    else if (!d->starts)
        add_problem(d, functions ? by_name : "",
                    functions ? "it has no function _start, so it is no WASI command"
                              : "it has no function _start, and exports none at all");
}

static bool look_at_module(Doctor *d)
{
    bool linked = !has_section(d->m, "linking") && !has_section(d->m, "dylink*");
    d->kind = module_kind(d->m);
    if (!d->loads) {
        refused(d);
        return true;
    }
    if (!find_needs(d)) return false;
    if (!linked)
        add_problem(d, has_section(d->m, "linking") ? "wasm-ld links it"
                                                    : "link all of it into one module",
                    "this is %s", d->kind);
    bool provided = all_provided(d);
    if (provided && !(d->needs & ~d->features) && !try_instance(d)) return false;
    if (linked) find_entry(d);
    return true;
}

// What does not load is decoded, as far as it goes.
static bool load(Doctor *d)
{
    Diag ignored;
    d->loads = source_load(&d->source, d->engine, d->input.data, d->input.size, &d->diag);
    d->bytes = d->source.is_text ? d->source.text.bytes : (Bytes){d->input.data, d->input.size};
    d->m = d->source.module;
    if (!d->loads && d->bytes.data && d->diag.err != ERR_out_of_memory)
        module_decode(d->bytes.data, d->bytes.len, d->engine->features, d->engine->types, &d->m,
                      &ignored);
    return d->diag.err != ERR_out_of_memory;
}

bool doctor_look(Doctor *d, const char *file, Features features)
{
    const char *advice;
    Guess guess = {0};
    *d = (Doctor){.file = file, .features = features};
    diag_init(&d->diag);
    if (!input_open(file, &d->input)) return false;
    d->kind = source_other(&guess, d->input.data, d->input.size, true, &advice);
    if (d->kind) {
        add_problem(d, advice, "this is %s", d->kind);
        return true;
    }
    d->engine = engine_new(features_all);
    bool good = d->engine && load(d);
    if (good && d->m) {
        d->decoded = true;
        good = look_at_module(d);
    } else if (good) {
        d->kind = d->source.is_text ? "a text" : "a damaged module";
        refused(d);
    }
    return good || cli_error(0, "out of memory");
}

void doctor_free(Doctor *d)
{
    if (!d->loads) module_free(d->m);
    source_free(&d->source);
    engine_free(d->engine);
    intake_free(&d->input);
}
