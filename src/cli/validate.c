// validate.c -- weft validate.

#include "cli/cli.h"

int cli_validate(Args *args)
{
    Features features = features_default;
    const char *value;
    while (args_at_option(args) && !args_flag(args, "--")) {
        if (!args_value(args, "--features", &value)) return args_unknown(args);
        if (!parse_features(value, &features)) return EXIT_USAGE;
    }
    if (args->next >= args->argc) return args_missing(args, "FILE");
    Engine *engine = engine_new(features);
    if (!engine) return cli_error(EXIT_INPUT, "out of memory");
    int status = EXIT_OK;
    for (; args->next < args->argc; args->next++) {
        const char *name = args->argv[args->next];
        Input input;
        Source source;
        Diag diag;
        if (!input_open(name, &input)) {
            status = EXIT_INPUT;
            continue;
        }
        if (!source_load(&source, engine, input.data, input.size, &diag)) {
            print_diag(name, &source, &diag);
            status = EXIT_INPUT;
        }
        source_free(&source);
        input_close(&input);
    }
    engine_free(engine);
    return status;
}
