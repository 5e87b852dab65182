// print.c -- weft print: a module as text.

#include "binary/decode.h"
#include "cli/cli.h"
#include "cli/custom.h"
#include "module/describe.h"
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

// The same question as of --check, asked only of modules where the answer matters.
static void warn_of_places(const Print *print, const char *name, const Module *m)
{
    Diag ignored;
    u32 count = 0;
    for (u32 i = 0; i < m->section_count; i++) count += is_placed(m, &m->sections[i]);
    if (!count || module_round_trip((Bytes){m->bytes, m->size}, print->features, &print->options,
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
