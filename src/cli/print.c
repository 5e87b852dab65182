// print.c -- weft print: a module as text.

#include "binary/decode.h"
#include "cli/cli.h"
#include "text/print/check.h"

#include <errno.h>
#include <string.h>

typedef struct {
    PrintOptions options;
    Features features;
    const char *output;
    bool check;
} Print;

static bool write_text(void *env, const void *text, size_t len) { return !len ||
                                                                 fwrite(text, len, 1, env) == 1; }

static bool print_decoded(const Print *print, const Module *m, Diag *diag)
{
    OutputFile out;
    if (!output_begin(&out, print->output)) return false;
    bool good = module_print(m, &print->options, write_text, out.file, diag);
    bool wanted = good || diag->err == ERR_none || !strcmp(print->output, "-");
    return output_end(&out, wanted && diag->err == ERR_none) && good;
}

static bool print_bytes(const Print *print, Bytes bytes, Diag *diag)
{
    Module *m = NULL;
    TypeStore *types = type_store_new_distinct();
    bool good = types ? module_decode(bytes.data, bytes.len, print->features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (good) good = print_decoded(print, m, diag);
    module_free(m);
    type_store_free(types);
    return good;
}

static bool check_bytes(const Print *print, const char *name, Bytes bytes, Diag *diag)
{
    RoundTrip r = module_round_trip(bytes, print->features, &print->options, diag);
    if (r >= ROUND_TRIP_fails) return false;
    print_tame(stdout, (Bytes){(const u8 *)name, strlen(name)});
    puts(r == ROUND_TRIP_same ? ": comes back byte for byte"
         : ": is not canonical; its text comes back");
    return true;
}

// An error is placed in the binary: that is what is printed, whatever it was made from.
static int print_file(const Print *print, const char *name)
{
    Intake input;
    Source source;
    Diag diag;
    Bytes bytes;
    if (!input_open(name, &input)) return EXIT_INPUT;
    bool good = source_assemble(&source, print->features, input.data, input.size, &bytes, &diag);
    if (good)
        good = print->check ? check_bytes(print, name, bytes, &diag)
            : print_bytes(print, bytes, &diag);
    if (!good && diag.err != ERR_none) print_diag(name, &source, &diag);
    source_free(&source);
    intake_free(&input);
    return good ? EXIT_OK : EXIT_INPUT;
}

int cli_print(Args *args)
{
    Print print = {.features = features_default, .output = "-"};
    const char *value, *name = NULL;
    while (args->next < args->argc) {
        if (args_flag(args, "--fold")) print.options.fold = true;
        else if (args_flag(args, "--offsets")) print.options.offsets = true;
        else if (args_flag(args, "--check")) print.check = true;
        else if (args_value(args, "-o", &print.output)) {
            if (!print.output) return args_missing(args, "the name behind -o");
        } else if (args_value(args, "--features", &value)) {
            if (!parse_features(value, &print.features)) return EXIT_USAGE;
        } else if (args_at_option(args)) {
            return args_unknown(args);
        } else if (name) {
            return cli_error(EXIT_USAGE, "one FILE at a time; \"%s\" is a second one",
                             args->argv[args->next]);
        } else {
            name = args->argv[args->next++];
        }
    }
    return name ? print_file(&print, name) : args_missing(args, "FILE");
}
