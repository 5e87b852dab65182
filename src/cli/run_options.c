// run_options.c -- the options of weft run.

#include "cli/run.h"

#include "cli/opt.h"

#include <stdlib.h>
#include <string.h>

static int add_preload(Run *run, const char *arg)
{
    const char *equals = arg ? strchr(arg, '=') : NULL;
    if (!equals || equals == arg) return cli_error(EXIT_USAGE, "--preload wants NAME=FILE");
    Unit *unit = calloc(1, sizeof *unit);
    char *name = strndup(arg, (size_t)(equals - arg));
    if (!unit || !name) {
        free(unit);
        free(name);
        return cli_error(EXIT_INPUT, "out of memory");
    }
    unit->name = name;
    unit->file = equals + 1;
    unit->next = run->units;
    unit->number = ++run->unit_count;
    run->units = unit;
    return EXIT_OK;
}

static bool limit_option(Args *args, const char *name, u64 *limit, int *status)
{
    const char *value;
    if (!args_value(args, name, &value)) return false;
    if (!parse_size(value, limit))
        *status = cli_error(EXIT_USAGE, "%s wants a size, such as 64M", name);
    *limit = MAX(*limit, 1); // 0 stands for what is usual
    return true;
}

static int take_among(Run *run, const char *text)
{
    char *end = NULL;
    unsigned long first = text ? strtoul(text, &end, 10) : 0, last = first;
    if (text && end != text && *end == '-') last = strtoul(end + 1, &end, 10);
    if (!text || !*text || *end || last < first || last >= UINT32_MAX)
        return cli_error(EXIT_USAGE, "--among wants functions, such as 12 or 10-20");
    run->among_first = (u32)first;
    run->among_end = (u32)last + 1;
    return EXIT_OK;
}

static int take_threads(Run *run, const char *text)
{
    u64 most;
    if (!parse_size(text, &most))
        return cli_error(EXIT_USAGE, "--max-threads wants a number, such as 8; 0: none");
    run->max_threads = (u32)MIN(most, (u64)GROUP_THREADS_MOST);
    return EXIT_OK;
}

// What means nothing to the formal machine, whether it stands in front of --tier or behind.
static void note_compiled_only(Run *run, const Args *args)
{
    static const char *const names[] = {
        "--init", "--snapshot-at", "--resume", "--max-stack", "--gc-log",
        "--heap-census", "--stop-every", "--down-every", "--up-every", "--gc-stress", "--bare",
        "--among", "-o", "--func-rename", "--keep-init", "--hot", "--beside", "--faults", "--perf",
        "--cache", "--cache-size", "--dry-run", "--trace",
    };
    const char *given = args->argv[args->next];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t len = strlen(names[i]);
        if (!strncmp(given, names[i], len) && (!given[len] || given[len] == '='))
            run->compiled_only = names[i];
    }
}

static bool take_limits(Run *run, Args *args, int *status)
{
    return limit_option(args, "--cache-size", &run->kept_bytes, status) ||
           limit_option(args, "--max-memory", &run->limits.memory_bytes, status) ||
           limit_option(args, "--max-heap", &run->limits.heap_bytes, status) ||
           limit_option(args, "--max-code", &run->code_bytes, status) ||
           limit_option(args, "--max-stack", &run->limits.stack_bytes, status) ||
           limit_option(args, "--max-table", &run->limits.table_entries, status);
}

int run_option(Run *run, Args *args)
{
    int status = EXIT_OK;
    const char *value;
    note_compiled_only(run, args);
    if (args_value(args, "--check-every", &value)) {
        run->check = true;
        status = parse_count(value, "--check-every", &run->check_every) ? EXIT_OK : EXIT_USAGE;
    } else if (wasi_option(run, args, &status)) return status;
    else if (args_value(args, "--argv0", &value)) run->argv0 = value ? value : "";
    else if (args_value(args, "--preload", &value)) status = add_preload(run, value);
    else if (args_value(args, "--invoke", &value)) run->invoke = value ? value : "";
    else if (init_option(&run->init, args, &status)) return status;
    else if (args_value(args, "--resume", &run->resume)) {
        if (!run->resume) status = args_missing(args, "the name behind --resume");
    } else if (take_limits(run, args, &status)) return status;
    else if (args_value(args, "--max-threads", &value)) status = take_threads(run, value);
    else if (args_optional(args, "--cache", &run->kept_in)) run->keeps = true;
    else if (args_value(args, "--seed", &value)) {
        run->seeded = true;
        status = parse_seed(value, "--seed", &run->seed) ? EXIT_OK : EXIT_USAGE;
    } else if (args_flag(args, "--deterministic")) run->deterministic = true;
    else if (args_flag(args, "--gc-stress")) run->gc_stress = true;
    else if (args_flag(args, "--gc-log")) run->gc_log = true;
    else if (args_value(args, "--heap-census", &run->census))
        status = run->census ? EXIT_OK : args_missing(args, "the name behind --heap-census");
    else if (args_flag(args, "--bare")) run->bare = true;
    else if (args_value(args, "--adapters", &value))
        status = parse_adapters(value, &run->plain_adapters) ? EXIT_OK : EXIT_USAGE;
    else if (args_flag(args, "--perf")) run->perf = true;
    else if (args_flag(args, "--check")) run->check = true;
    else if (args_flag(args, "--stub-imports")) run->stub_imports = true;
    else if (args_flag(args, "--require-all-imports")) run->stub_imports = false;
    else if (args_flag(args, "--raw-names")) run->raw_names = true;
    else if (args_value(args, "--among", &value)) status = take_among(run, value);
    else if (args_value(args, "--stop-every", &value))
        status = parse_count(value, "--stop-every", &run->stop_every) ? EXIT_OK : EXIT_USAGE;
    else if (args_value(args, "--down-every", &value))
        status = parse_count(value, "--down-every", &run->down_every) ? EXIT_OK : EXIT_USAGE;
    else if (args_value(args, "--up-every", &value))
        status = parse_count(value, "--up-every", &run->up_every) ? EXIT_OK : EXIT_USAGE;
    else if (args_value(args, "--fuel", &value)) {
        run->fueled = true;
        if (!parse_size(value, &run->fuel))
            status = cli_error(EXIT_USAGE, "--fuel wants a number of instructions");
    } else if (args_value(args, "--snapshot-at", &value)) {
        if (!value || !parse_size(value, &run->snapshot_at) || !run->snapshot_at)
            status = cli_error(EXIT_USAGE, "--snapshot-at wants a number of instructions");
    } else if (args_value(args, "--timeout", &value)) {
        if (!parse_time(value, &run->timeout))
            status = cli_error(EXIT_USAGE, "--timeout wants a time, such as 500ms or 5s");
    } else if (args_value(args, "--features", &value))
        status = parse_features(value, &run->features) ? EXIT_OK : EXIT_USAGE;
    else if (args_value(args, "-j", &value))
        status = parse_jobs(value, &run->jobs) ? EXIT_OK : EXIT_USAGE;
    else if (args_value(args, "--hot", &value))
        status = parse_count(value, "--hot", &run->hot) ? EXIT_OK : EXIT_USAGE;
    else if (args_value(args, "--beside", &value))
        status = parse_count(value, "--beside", &run->beside) ? EXIT_OK : EXIT_USAGE;
    else if (args_value(args, "--tier", &value)) {
        run->formal = value && !strcmp(value, "spec");
        if (!run->formal && (!value || !tier_parse(value, &run->tier)))
            status = cli_error(EXIT_USAGE, "--tier is auto, interp, baseline, opt or spec");
    } else if (args_value(args, "--trace", &value)) {
        status = take_trace(value, &run->watch);
    } else if (args_value(args, "--faults", &value)) {
        status = parse_faults(value, &run->faults) ? EXIT_OK : EXIT_USAGE;
    } else status = args_unknown(args);
    return status;
}

int run_options(Run *run, Args *args)
{
    int status = EXIT_OK;
    while (status == EXIT_OK && args_at_option(args) && !args_flag(args, "--"))
        status = run_option(run, args);
    if (status == EXIT_OK && run->formal && run->compiled_only)
        status = cli_error(EXIT_USAGE, "the formal machine (--tier=spec) has no %s",
                           run->compiled_only);
    if (status == EXIT_OK && run->grants.json && !run->grants.trace && !run->grants.dry)
        status = cli_error(EXIT_USAGE, "--json says how --trace-wasi and --dry-run print");
    if (status == EXIT_OK && (run->check || run->seeded) && !run->formal)
        status = cli_error(EXIT_USAGE, "%s is for the formal machine (--tier=spec)",
                           run->check ? "--check" : "--seed");
    return status;
}
