// compile.c -- weft compile: a module with the code of its functions, to be run later.

#include "cli/cli.h"
#include "cli/opt.h"
#include "engine/compiled.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *output;
    Features features;
    u32 jobs;
    bool fueled, deterministic, faults;
    Tier tier;
    const Watch *watch; // --trace=opt; or NULL
} Compile;

static bool write_out(void *env, const void *bytes, size_t size)
{
    const OutputFile *out = env;
    return fwrite(bytes, size, 1, out->file) == 1;
}

static bool write_file(const Compile *how, Engine *engine, const char *file, const Module *m,
                       const char *output)
{
    OutputFile out;
    Diag diag;
    if (!output_begin(&out, output)) return false;
    const CompiledSink sink = {&out, write_out};
    bool good = compiled_write(m, compiled_mode(engine, m, how->fueled), how->jobs, &sink, &diag);
    if (!good && diag.err != ERR_none) print_diag(file, NULL, &diag);
    return output_end(&out, good) && good;
}

static int compile_file(const Compile *how, Engine *engine, const char *file, const char *output)
{
    Source source;
    Diag diag;
    if (!output_ready(output, file)) return EXIT_INPUT;
    bool good = input_load(file, engine, &source, &diag);
    if (!good && diag.err != ERR_none) print_diag(file, &source, &diag);
    good = good && write_file(how, engine, file, source.module, output);
    source_free(&source);
    return good ? EXIT_OK : EXIT_INPUT;
}

static int take_options(Args *args, Compile *how)
{
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args_at_option(args) && !args_flag(args, "--")) {
        if (args_value(args, "-o", &how->output)) {
            if (!how->output) status = args_missing(args, "the name behind -o");
        } else if (args_flag(args, "--fueled")) {
            how->fueled = true;
        } else if (args_flag(args, "--deterministic")) {
            how->deterministic = true;
        } else if (args_value(args, "--faults", &value)) {
            status = parse_faults(value, &how->faults) ? EXIT_OK : EXIT_USAGE;
        } else if (args_value(args, "--tier", &value)) {
            bool good = value && tier_parse(value, &how->tier) &&
                        (how->tier == TIER_baseline || how->tier == TIER_opt);
            if (!good) status = cli_error(EXIT_USAGE, "--tier is baseline or opt");
        } else if (args_value(args, "--trace", &value)) {
            status = take_trace(value, &how->watch);
        } else if (args_value(args, "-j", &value)) {
            status = parse_jobs(value, &how->jobs) ? EXIT_OK : EXIT_USAGE;
        } else if (args_value(args, "--features", &value)) {
            status = parse_features(value, &how->features) ? EXIT_OK : EXIT_USAGE;
        } else {
            status = args_unknown(args);
        }
    }
    return status;
}

int cli_compile(Args *args)
{
    Compile how = {.features = features_default, .jobs = 1, .faults = true, .tier = TIER_baseline};
    int status = take_options(args, &how);
    if (status != EXIT_OK) return status;
    if (args->next >= args->argc) return args_missing(args, "FILE");
    const char *file = args->argv[args->next++], *lacks = tier_lacks();
    if (args->next < args->argc) return cli_error(EXIT_USAGE, "weft compile takes one file");
    if (!how.output && !strcmp(file, "-"))
        return cli_error(EXIT_USAGE, "-o OUT says where to write what stands at standard input");
    if (lacks) return cli_error(EXIT_INPUT, "nothing is compiled here, which lacks %s", lacks);
    Engine *engine = engine_new(how.features);
    char *made = how.output ? NULL : output_named(file, ".weft");
    if (!engine || (!how.output && !made)) {
        status = cli_error(EXIT_INPUT, "out of memory");
    } else {
        engine->threads = how.jobs;
        engine->deterministic = how.deterministic;
        engine->faults = how.faults;
        engine->tier = how.tier;
        engine->watch = how.watch;
        status = compile_file(&how, engine, file, made ? made : how.output);
    }
    free(made);
    engine_free(engine);
    return status;
}
