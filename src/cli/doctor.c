// doctor.c -- weft doctor: what a file is, what it needs, and why it would not run.

#include "cli/doctor/doctor.h"

static int doctor_file(const char *file, Features features, bool json)
{
    Doctor d;
    bool good = doctor_look(&d, file, features);
    if (good) good = json ? doctor_tell(&d) : doctor_show(&d);
    int status = good && !d.problem_count ? EXIT_OK : EXIT_INPUT;
    doctor_free(&d);
    return status;
}

int cli_doctor(Args *args)
{
    Features features = features_default;
    const char *value;
    bool json = false;
    while (args_at_option(args) && !args_flag(args, "--")) {
        if (args_flag(args, "--json")) json = true;
        else if (args_value(args, "--features", &value)) {
            if (!parse_features(value, &features)) return EXIT_USAGE;
        } else return args_unknown(args);
    }
    if (args->next >= args->argc) return args_missing(args, "FILE");
    const char *file = args->argv[args->next++];
    if (args->next < args->argc) return cli_error(EXIT_USAGE, "weft doctor takes one file");
    return doctor_file(file, features, json);
}
