// print.c -- weft print: a module or component as text.

#include "binary/decode.h"
#include "cli/cli.h"
#include "cli/funcs.h"
#include "cli/layout.h"
#include "component/print/print.h"
#include "text/print/check.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    PrintOptions options;
    Features features;
    const char *output;
    bool check;
    bool drop;        // sections that say where something was
    FuncWords wanted;
} Print;

static bool write_text(void *env, const void *text, size_t len) { return !len ||
                                                                 fwrite(text, len, 1, env) == 1; }

static bool print_decoded(const Print *print, const Module *m, Diag *diag)
{
    OutputFile out;
    PrintOptions options = print->options;
    u32 funcs[FUNCS_MOST];
    char layout[LAYOUT_MOST];
    options.funcs = funcs;
    if (layout_placed(m, NULL)) options.layout = layout_text(m, layout);
    if (!funcs_find(&print->wanted, m, funcs, &options.func_count)) return false;
    if (!output_begin(&out, print->output)) return false;
    bool good = module_print(m, &options, write_text, out.file, diag);
    bool wanted = good || diag->err == ERR_none || !strcmp(print->output, "-");
    return output_end(&out, wanted && diag->err == ERR_none) && good;
}

// The same question as of --check, asked only of modules where the answer matters. What is not all
// of a module has no sections that say where something is.
static bool is_stale(const Print *print, const Module *m)
{
    bool all = !print->options.skeleton && !print->wanted.count;
    return all && layout_placed(m, NULL) && !module_comes_back(m, print->features);
}

static bool print_dropped(const Print *print, const char *name, const Module *m, Diag *diag);

static bool print_bytes(const Print *print, const char *name, Bytes bytes, Diag *diag)
{
    Module *m = NULL;
    TypeStore *types = type_store_new_distinct();
    bool good = types ? module_decode(bytes.data, bytes.len, print->features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    bool stale = good && is_stale(print, m);
    if (stale && print->drop) {
        good = print_dropped(print, name, m, diag);
    } else if (good) {
        good = print_decoded(print, m, diag);
        if (good && stale) layout_warn(name, "the text gives code with other bytes", m);
    }
    module_free(m);
    type_store_free(types);
    return good;
}

static bool print_dropped(const Print *print, const char *name, const Module *m, Diag *diag)
{
    size_t size;
    u8 *bytes = layout_drop(m, &size);
    if (!bytes) return diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    bool good = print_bytes(print, name, (Bytes){bytes, size}, diag);
    free(bytes);
    return good;
}

static bool print_component(const Print *print, Bytes bytes, Diag *diag)
{
    OutputFile out;
    if (!output_begin(&out, print->output)) return false;
    bool good = component_print(bytes, print->features, &print->options, write_text, out.file,
                                diag);
    bool wanted = good || diag->err == ERR_none || !strcmp(print->output, "-");
    return output_end(&out, wanted && diag->err == ERR_none) && good;
}

static bool check_bytes(const Print *print, const char *name, Bytes bytes, bool component,
                        Diag *diag)
{
    RoundTrip r = (component ? component_round_trip : module_round_trip)(
        bytes, print->features, &print->options, diag);
    if (r >= ROUND_TRIP_fails) return false;
    print_tame(stdout, bytes_of(name));
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
    bool component;
    if (!input_open(name, &input)) return EXIT_INPUT;
    bool good = source_assemble_any(&source, print->features, input.data, input.size, &bytes,
                                    &component, &diag);
    if (good && component && print->wanted.count)
        good = diag_fail(&diag, ERR_unexpected_token, 0, "functions of a component have no names");
    else if (good)
        good = print->check ? check_bytes(print, name, bytes, component, &diag)
            : component ? print_component(print, bytes, &diag)
            : print_bytes(print, name, bytes, &diag);
    if (!good && diag.err != ERR_none) print_diag(name, &source, &diag);
    source_free(&source);
    intake_free(&input);
    return good ? EXIT_OK : EXIT_INPUT;
}

static bool take_flag(Args *args, PrintOptions *options)
{
    if (args_flag(args, "--fold")) options->fold = true;
    else if (args_flag(args, "--offsets")) options->offsets = true;
    else if (args_flag(args, "--skeleton")) options->skeleton = true;
    else if (args_flag(args, "--name-unnamed")) options->name_unnamed = true;
    else return false;
    return true;
}

int cli_print(Args *args)
{
    Print print = {.features = features_default, .output = "-"};
    const char *value, *name = NULL;
    int status = EXIT_OK;
    while (args->next < args->argc && status == EXIT_OK) {
        if (take_flag(args, &print.options)) continue;
        if (args_flag(args, "--check")) print.check = true;
        else if (args_flag(args, "--drop-stale")) print.drop = true;
        else if (args_value(args, "-o", &print.output)) {
            if (!print.output) return args_missing(args, "the name behind -o");
        } else if (args_value(args, "--function", &value)) {
            status = funcs_take(&print.wanted, args, value);
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
    if (status != EXIT_OK) return status;
    if (print.check &&
        (print.options.skeleton || print.options.name_unnamed || print.wanted.count))
        return cli_error(EXIT_USAGE, "--check is of all of a module, and of nothing more");
    return name ? print_file(&print, name) : args_missing(args, "FILE");
}
