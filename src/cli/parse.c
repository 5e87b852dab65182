// parse.c -- weft parse: text to binary.

#include "binary/decode.h"
#include "cli/cli.h"
#include "module/describe.h"
#include "text/lexer.h"

#include <stdlib.h>
#include <string.h>

// app.wat -> app.wasm; any other name gets .wasm behind it. NULL: out of memory.
static char *default_output(const char *name)
{
    size_t len = strlen(name);
    if (len > 4 && !strcmp(name + len - 4, ".wat")) len -= 4;
    char *out = malloc(len + 6);
    if (out) sprintf(out, "%.*s.wasm", (int)len, name);
    return out;
}

// What is binary already is written as it is, once it is known to be a module.
static bool decodes(Bytes bytes, Features features, Diag *diag)
{
    Module *m = NULL;
    TypeStore *types = type_store_new();
    bool good = types ? module_decode(bytes.data, bytes.len, features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    module_free(m);
    type_store_free(types);
    return good;
}

// Annotations that stand for nothing in the binary, each name once.
static void tell_skipped(const char *name, const Source *source)
{
    enum { SHOWN = 8 };
    const TextModule *text = &source->text;
    char quote[QUOTED_MOST];
    if (!source->is_text || !text->skipped_count) return;
    fputs("note: ", stderr);
    print_tame_text(stderr, name);
    fputs(": annotations that are passed over:", stderr);
    for (u32 i = 0; i < text->skipped_count && i < SHOWN; i++) {
        u32 line, column;
        text_line_column((const char *)source->data, text->skipped[i].at, &line, &column);
        quoted(quote, text->skipped[i].name);
        fprintf(stderr, "%s @%.*s at %u:%u", i ? "," : "", (int)strlen(quote) - 2, quote + 1, line,
                column);
    }
    if (text->skipped_count > SHOWN)
        fprintf(stderr, " and %u more", text->skipped_count - SHOWN);
    fputs("; --quiet leaves this out\n", stderr);
}

int cli_parse(Args *args)
{
    bool quiet = false;
    Features features = features_default;
    const char *value, *name = NULL, *output = NULL;
    while (args->next < args->argc) {
        if (args_flag(args, "-q") || args_flag(args, "--quiet")) {
            quiet = true;
        } else if (args_value(args, "-o", &output)) {
            if (!output) return args_missing(args, "the name behind -o");
        } else if (args_value(args, "--features", &value)) {
            if (!parse_features(value, &features)) return EXIT_USAGE;
        } else if (args_at_option(args)) {
            return args_unknown(args);
        } else if (name) {
            return cli_error(EXIT_USAGE, "one FILE at a time; \"%s\" is a second one",
                             args->argv[args->next]);
        } else {
            name = args->argv[args->next++];
        }
    }
    if (!name) return args_missing(args, "FILE");
    Intake input;
    Source source;
    Diag diag;
    Bytes bytes;
    if (!input_open(name, &input)) return EXIT_INPUT;
    int status = EXIT_OK;
    char *made = output ? NULL : !strcmp(name, "-") ? strdup("-") : default_output(name);
    if (!source_assemble(&source, features, input.data, input.size, &bytes, &diag) ||
        (!source.is_text && !decodes(bytes, features, &diag))) {
        print_diag(name, &source, &diag);
        status = EXIT_INPUT;
    } else if (!output && !made) {
        status = cli_error(EXIT_INPUT, "out of memory");
    } else if (!output_write(output ? output : made, bytes.data, bytes.len)) {
        status = EXIT_INPUT;
    }
    if (status == EXIT_OK && !quiet) tell_skipped(name, &source);
    free(made);
    source_free(&source);
    intake_free(&input);
    return status;
}
