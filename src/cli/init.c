// init.c -- see init.h.

#include "cli/init.h"

#include "cli/custom.h"
#include "cli/layout.h"

#include <stdlib.h>
#include <string.h>

enum { CODE = 10 };

// ---- Options

static int add_rename(Init *init, const Args *args, const char *value)
{
    const char *equals = value ? strchr(value, '=') : NULL;
    if (!equals || equals == value || !equals[1])
        return cli_error(EXIT_USAGE, "--func-rename wants NEW=OLD");
    if (!init->renames) init->renames = calloc((size_t)args->argc, sizeof *init->renames);
    if (!init->renames) return cli_error(EXIT_INPUT, "out of memory");
    init->renames[init->plan.rename_count++] = (BakeRename){
        .from = bytes_of(equals + 1), .to = {(const u8 *)value, (size_t)(equals - value)}};
    return EXIT_OK;
}

bool init_option(Init *init, Args *args, int *status)
{
    const char *value;
    if (args_value(args, "--init", &value)) {
        init->func = value;
        if (!value) *status = args_missing(args, "FUNC behind --init");
    } else if (args_value(args, "-o", &value)) {
        init->output = value;
        if (!value) *status = args_missing(args, "the name behind -o");
    } else if (args_value(args, "--func-rename", &value)) {
        *status = add_rename(init, args, value);
    } else if (args_flag(args, "--keep-init")) {
        init->plan.keep_init = true;
    } else {
        return false;
    }
    return true;
}

bool init_begin(Init *init, const char *input)
{
    bool about = init->output || init->plan.keep_init || init->renames;
    if (!init->func)
        return !about || cli_error(0, "--keep-init and --func-rename go with --init FUNC, -o with "
                                   "that or --snapshot-at N");
    if (!init->output)
        return cli_error(0, "--init wants -o OUT, where the module is written");
    init->plan.init = bytes_of(init->func);
    init->plan.renames = init->renames;
    return output_ready(init->output, input);
}

void init_free(Init *init) { free(init->renames); }

// ---- What can be written

static bool cannot(const char *file, const char *why)
{
    return cli_error(0, "%s: cannot be written with its state: %s", file, why);
}

bool init_check(const Init *init, const char *file, const Module *m)
{
    char why[BAKE_WHY];
    const Export *e = module_export(m, bytes_of(init->func));
    if (!e || e->kind != EXTERN_func)
        return cli_error(0, "%s has no exported function \"%s\" for --init", file, init->func);
    const TypeDef *def = type_def(m->store, m->funcs[e->index].type);
    if (def->param_count || def->result_count)
        return cli_error(0, "%s: %s takes %u values and gives %u, and for --init may do neither",
                         file, init->func, def->param_count, def->result_count);
    if (!bake_check_renames(m, &init->plan, why))
        return cli_error(0, "%s: --func-rename: %s", file, why);
    return bake_check(m, why) || cannot(file, why);
}

bool init_check_preload(const Init *init, const char *file, const Module *m)
{
    char why[BAKE_WHY];
    return !bake_keeps_state(m, why) ||
           cli_error(0, "%s is preloaded and has %s, which would not be written", file, why);
}

// What is open is the host's, and nothing in a module can say it.
static bool check_descriptors(const char *file, const WasiCtx *wasi)
{
    char why[BAKE_WHY];
    u32 number;
    bool open;
    if (!wasi_changed(wasi, &number, &open)) return true;
    snprintf(why, sizeof why, open ? "descriptor %u was opened and is not closed"
                                   : "descriptor %u, which it was given, is closed", number);
    return cannot(file, why);
}

// ---- Writing

static u32 code_at(const Module *m)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (m->sections[i].id == CODE) return m->sections[i].start;
    return 0;
}

// What code is like inside is as it was, but it may stand elsewhere: source maps count from the
// start of the module, and relocations are about data that is gone. One flag for each section.
static u32 find_stale(const Module *before, const Module *m, bool *stale)
{
    u32 count = 0;
    bool moved = code_at(before) != code_at(m);
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        stale[i] = !s->id && custom_kind(section_name(m, s)) == CUSTOM_linking;
        moved |= stale[i];
        count += stale[i];
    }
    for (u32 i = 0; i < m->section_count && moved; i++) {
        if (!section_is(m, &m->sections[i], "sourceMappingURL")) continue;
        stale[i] = true;
        count++;
    }
    return count;
}

// Nothing that is not valid leaves here. `bytes` become what is to be written, *size of them.
// False after printing why not.
static bool finish(const char *file, Engine *engine, const Module *before, u8 *bytes, size_t *size)
{
    Diag diag;
    char text[sizeof diag.detail + 100];
    Module *m = engine_load(engine, bytes, *size, &diag);
    bool *stale = m ? calloc((size_t)m->section_count + 1, sizeof *stale) : NULL;
    if (!m) {
        cannot(file, diag_text(&diag, text, sizeof text));
    } else if (!stale) {
        cli_error(0, "out of memory");
    } else if (find_stale(before, m, stale)) {
        layout_tell("note", file, "sections that say where something was are left out", m, stale);
        fputc('\n', stderr);
        *size = custom_leave_out(m, stale, bytes);
    }
    bool good = stale;
    free(stale);
    engine_unload(m);
    return good;
}

bool init_write(const Init *init, const char *file, Engine *engine, Instance *inst,
                const WasiCtx *wasi)
{
    char why[BAKE_WHY];
    Arena arena;
    Buf out;
    if (!check_descriptors(file, wasi)) return false;
    arena_init(&arena);
    buf_init(&out, &arena);
    bool good = bake_module(inst, &init->plan, &out, why) || cannot(file, why);
    size_t size = out.len;
    good = good && finish(file, engine, inst->module, out.data, &size) &&
           output_write(init->output, out.data, size);
    arena_free(&arena);
    return good;
}
