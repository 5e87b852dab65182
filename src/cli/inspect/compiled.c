// compiled.c -- see compiled.h.

#include "cli/inspect/compiled.h"

#include "cli/json.h"
#include "engine/compiled.h"
#include "plat/processor.h"

#include <inttypes.h>

typedef struct {
    const Module *module;
    u64 code_bytes;
    u32 without, refused;  // functions
    u32 first;             // of those
    const char *what;      // is wrong with it
} Judged;

static void note_refused(void *env, u32 func, const char *what)
{
    Judged *j = env;
    j->first = func;
    j->what = what;
}

static const char *const on_off[] = {"off", "on"};

static void show_text(const Judged *j)
{
    const Stored *s = j->module->stored;
    printf("compiled for %s, by this weft\n"
           "module       %zu bytes, %u functions of its own\n"
           "code         %" PRIu64 " bytes of %u functions; %u are compiled when they are called\n"
           "mode         optimized %s, fuel %s, deterministic %s, faults %s\n",
           processor_name, j->module->size, s->count, j->code_bytes, s->count - j->without,
           j->without, on_off[s->optimized], on_off[!!(s->mode & CODE_fueled)],
           on_off[!!(s->mode & CODE_deterministic)], on_off[!!(s->mode & CODE_guarded)]);
    if (j->refused)
        printf("refused      %u functions, function %u the first: %s\n", j->refused, j->first,
               j->what);
    else printf("refused      none\n");
}

static void show_json(const Judged *j)
{
    const Stored *s = j->module->stored;
    Json json;
    json_init(&json, stdout, NULL);
    json_open(&json, NULL, '{');
    json_number(&json, "module_bytes", j->module->size);
    json_number(&json, "functions", s->count);
    json_number(&json, "code_bytes", j->code_bytes);
    json_number(&json, "without_code", j->without);
    json_bool(&json, "optimized", s->optimized);
    json_bool(&json, "fuel", s->mode & CODE_fueled);
    json_bool(&json, "deterministic", s->mode & CODE_deterministic);
    json_bool(&json, "faults", s->mode & CODE_guarded);
    json_number(&json, "refused", j->refused);
    json_close(&json, '}');
}

static bool judge(Judged *j, Module *m)
{
    Stored *s = m->stored;
    j->module = m;
    s->tell = note_refused;
    s->tell_env = j;
    for (u32 i = 0; i < s->count; i++) j->code_bytes += s->funcs[i].size;
    if (s->mode == CODE_MODES)
        return cli_error(0, "its code is not used here, where faults cannot be handled");
    return compiled_judge(m, &j->without, &j->refused) || cli_error(0, "out of memory");
}

int compiled_show(const char *file, Engine *engine, bool json)
{
    Source source;
    Diag diag;
    Judged judged = {0};
    engine_set_faults(engine, true); // where it can be had
    bool good = input_load_any(file, engine, true, &source, &diag);
    if (!good && diag.err != ERR_none) print_diag(file, &source, &diag);
    good = good && judge(&judged, source.module);
    if (good && json) show_json(&judged);
    else if (good) show_text(&judged);
    source_free(&source);
    return good && !judged.refused ? EXIT_OK : EXIT_INPUT;
}
