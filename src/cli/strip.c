// strip.c -- weft strip: a module without some of its custom sections.
//
// What stays is copied, so whatever says where in the code section something is still holds. What
// says by number which section it means does not, where one in front of it is gone.

#include "binary/decode.h"
#include "cli/cli.h"
#include "cli/custom.h"
#include "module/describe.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *output;
    Features features;
    bool all, debug;
    const char **remove, **keep; // patterns; room for as many as there are arguments
    u32 remove_count, keep_count;
} Strip;

static bool fits_one(const char *const *patterns, u32 count, Bytes name)
{
    for (u32 i = 0; i < count; i++)
        if (pattern_fits(patterns[i], name)) return true;
    return false;
}

static bool goes(const Strip *strip, Bytes name)
{
    if (fits_one(strip->keep, strip->keep_count, name)) return false;
    return strip->all || fits_one(strip->remove, strip->remove_count, name) ||
           (strip->debug && custom_kind(name) == CUSTOM_debug);
}

// Relocatable files count sections.
static void warn_of(const char *file, Bytes section)
{
    char text[QUOTED_MOST];
    fputs("warning: ", stderr);
    print_tame_text(stderr, file);
    fprintf(stderr, ": section %s stays, but counts sections of which some are gone; the result "
                    "cannot be linked\n", quoted(text, section));
}

// Copies to `out`, which has room for all. Returns how much.
static size_t copy_rest(const Strip *strip, const char *file, const Module *m, u8 *out)
{
    size_t len = 0, from = 0;
    bool warned = false;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *section = &m->sections[i];
        if (section->id) continue;
        Bytes name = section_name(m, section);
        if (goes(strip, name)) {
            memcpy(out + len, m->bytes + from, section->start - from);
            len += section->start - from;
            from = section->content.end;
        } else if (from && !warned && custom_kind(name) == CUSTOM_linking) {
            warned = true;
            warn_of(file, name);
        }
    }
    memcpy(out + len, m->bytes + from, m->size - from);
    return len + m->size - from;
}

static bool strip_bytes(const Strip *strip, const char *file, Bytes bytes, Diag *diag)
{
    Module *m = NULL;
    u8 *out = NULL;
    TypeStore *types = type_store_new_distinct();
    bool good = types ? module_decode(bytes.data, bytes.len, strip->features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (good) {
        out = malloc(bytes.len);
        good = out || diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    }
    if (good) good = output_write(strip->output, out, copy_rest(strip, file, m, out));
    free(out);
    module_free(m);
    type_store_free(types);
    return good;
}

// An error is placed in the binary, as for print.
static int strip_file(const Strip *strip, const char *file)
{
    Intake input;
    Source source;
    Diag diag = {0};
    Bytes bytes;
    if (!input_open(file, &input)) return EXIT_INPUT;
    bool good = source_assemble(&source, strip->features, input.data, input.size, &bytes, &diag) &&
                strip_bytes(strip, file, bytes, &diag);
    if (!good && diag.err != ERR_none) print_diag(file, &source, &diag);
    source_free(&source);
    intake_free(&input);
    return good ? EXIT_OK : EXIT_INPUT;
}

// app.wasm, app.wat -> app.stripped.wasm. NULL: out of memory.
static char *default_output(const char *name)
{
    size_t len = strlen(name);
    if (!strcmp(name, "-")) return strdup("-");
    if (len > 5 && !strcmp(name + len - 5, ".wasm")) len -= 5;
    else if (len > 4 && !strcmp(name + len - 4, ".wat")) len -= 4;
    char *out = malloc(len + sizeof ".stripped.wasm");
    if (out) sprintf(out, "%.*s.stripped.wasm", (int)len, name);
    return out;
}

static int take_pattern(Args *args, const char *value, const char **patterns, u32 *count)
{
    if (!value) return args_missing(args, "NAME");
    patterns[(*count)++] = value;
    return EXIT_OK;
}

static int take_options(Args *args, Strip *strip, const char **file)
{
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args->next < args->argc) {
        if (args_flag(args, "-a") || args_flag(args, "--all")) strip->all = true;
        else if (args_flag(args, "-g") || args_flag(args, "--debug")) strip->debug = true;
        else if (args_value(args, "-R", &value) || args_value(args, "--remove", &value))
            status = take_pattern(args, value, strip->remove, &strip->remove_count);
        else if (args_value(args, "--keep", &value))
            status = take_pattern(args, value, strip->keep, &strip->keep_count);
        else if (args_value(args, "-o", &strip->output)) {
            if (!strip->output) status = args_missing(args, "the name behind -o");
        } else if (args_value(args, "--features", &value))
            status = parse_features(value, &strip->features) ? EXIT_OK : EXIT_USAGE;
        else if (args_at_option(args)) status = args_unknown(args);
        else if (*file)
            status = cli_error(EXIT_USAGE, "one FILE at a time; \"%s\" is a second one",
                               args->argv[args->next]);
        else *file = args->argv[args->next++];
    }
    if (status == EXIT_OK && !*file) status = args_missing(args, "FILE");
    if (!strip->all && !strip->remove_count) strip->debug = true;
    return status;
}

int cli_strip(Args *args)
{
    Strip strip = {.features = features_default};
    const char *file = NULL;
    char *made = NULL;
    strip.remove = calloc((size_t)args->argc + 1, sizeof *strip.remove);
    strip.keep = calloc((size_t)args->argc + 1, sizeof *strip.keep);
    int status = strip.remove && strip.keep ? take_options(args, &strip, &file)
                                            : cli_error(EXIT_INPUT, "out of memory");
    if (status == EXIT_OK && !strip.output) strip.output = made = default_output(file);
    if (status == EXIT_OK)
        status = strip.output ? strip_file(&strip, file) : cli_error(EXIT_INPUT, "out of memory");
    free(made);
    free(strip.remove);
    free(strip.keep);
    return status;
}
