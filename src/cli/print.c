// print.c -- weft print: a module as text.

#include "binary/decode.h"
#include "cli/cli.h"
#include "cli/custom.h"
#include "cli/funcs.h"
#include "module/describe.h"
#include "text/print/check.h"

#include <errno.h>
#include <string.h>

typedef struct {
    PrintOptions options;
    Features features;
    const char *output;
    bool check;
    FuncWords wanted;
} Print;

static bool write_text(void *env, const void *text, size_t len) { return !len ||
                                                                 fwrite(text, len, 1, env) == 1; }

static bool print_decoded(const Print *print, const Module *m, Diag *diag)
{
    OutputFile out;
    PrintOptions options = print->options;
    u32 funcs[FUNCS_MOST];
    options.funcs = funcs;
    if (!funcs_find(&print->wanted, m, funcs, &options.func_count)) return false;
    if (!output_begin(&out, print->output)) return false;
    bool good = module_print(m, &options, write_text, out.file, diag);
    bool wanted = good || diag->err == ERR_none || !strcmp(print->output, "-");
    return output_end(&out, wanted && diag->err == ERR_none) && good;
}

// Does it say where something is, so that it is wrong as soon as numbers are encoded otherwise?
static bool is_placed(const Module *m, const Section *section)
{
    return !section->id && custom_kind(section_name(m, section)) != CUSTOM_other;
}

enum { SHOWN = 8 };

static void show_placed(const char *name, const Module *m, u32 count)
{
    u32 shown = 0;
    char text[QUOTED_MOST];
    fputs("warning: ", stderr);
    print_tame_text(stderr, name);
    fputs(": the text gives code with other bytes, and these sections still say where it was: ",
          stderr);
    for (u32 i = 0; i < m->section_count && shown < SHOWN; i++) {
        const Section *section = &m->sections[i];
        if (!is_placed(m, section)) continue;
        fprintf(stderr, "%s%s", shown++ ? ", " : "", quoted(text, section_name(m, section)));
    }
    if (count > shown) fprintf(stderr, " and %u more", count - shown);
    fputs("; `weft strip` takes such sections out\n", stderr);
}

// The same question as of --check, asked only of modules where the answer matters. What is not all
// of a module has none of these sections.
static void warn_of_places(const Print *print, const char *name, const Module *m)
{
    static const PrintOptions plain = {0};
    Diag ignored;
    u32 count = 0;
    bool all = !print->options.skeleton && !print->wanted.count;
    for (u32 i = 0; all && i < m->section_count; i++) count += is_placed(m, &m->sections[i]);
    if (!count || module_round_trip((Bytes){m->bytes, m->size}, print->features, &plain,
                                    &ignored) == ROUND_TRIP_same) return;
    fflush(stdout);
    show_placed(name, m, count);
}

static bool print_bytes(const Print *print, const char *name, Bytes bytes, Diag *diag)
{
    Module *m = NULL;
    TypeStore *types = type_store_new_distinct();
    bool good = types ? module_decode(bytes.data, bytes.len, print->features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (good) good = print_decoded(print, m, diag);
    if (good) warn_of_places(print, name, m);
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
