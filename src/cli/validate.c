// validate.c -- weft validate.

#include "cli/component.h"

#include <string.h>

int cli_validate(Args *args)
{
    Features features = features_default;
    const char *value;
    u32 jobs = 1;
    bool js = false;
    while (args_at_option(args) && !args_flag(args, "--")) {
        if (args_value(args, "--features", &value)) {
            if (!parse_features(value, &features)) return EXIT_USAGE;
        } else if (args_value(args, "-j", &value)) {
            if (!parse_jobs(value, &jobs)) return EXIT_USAGE;
        } else if (args_value(args, "--limits", &value)) {
            if (!value || strcmp(value, "js"))
                return cli_error(EXIT_USAGE, "--limits is js, or not there");
            js = true;
        } else {
            return args_unknown(args);
        }
    }
    if (args->next >= args->argc) return args_missing(args, "FILE");
    Engine *engine = engine_new(features);
    if (!engine) return cli_error(EXIT_INPUT, "out of memory");
    engine->threads = jobs;
    engine->js_limits = js;
    int status = EXIT_OK;
    for (; args->next < args->argc; args->next++) {
        const char *name = args->argv[args->next];
        Source source;
        Diag diag;
        bool component = false, good = input_load_either(name, engine, &source, &component, &diag);
        if (component) good = component_check(name, engine, (Bytes){source.data, source.size});
        else if (diag.err != ERR_none) print_diag(name, &source, &diag);
        if (!good) status = EXIT_INPUT;
        source_free(&source);
    }
    engine_free(engine);
    return status;
}
