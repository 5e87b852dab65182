// parse.c -- weft parse: text to binary.

#include "binary/decode.h"
#include "cli/cli.h"
#include "cli/layout.h"
#include "component/binary/component.h"
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

// What is binary already is written as it is, once it is known to be a module or a component.
static bool decodes(Bytes bytes, Features features, bool component, Diag *diag)
{
    Module *m = NULL;
    TypeStore *types = type_store_new();
    if (types && component) {
        Component *c = component_load(bytes.data, bytes.len, features, types, NULL, diag);
        component_free(c);
        type_store_free(types);
        return c != NULL;
    }
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

// What parse does of a text besides.
typedef struct {
    const char *name, *output;
    Features features;
    bool quiet, drop;
} Parse;

// Of a text with sections that say where something is: what is to be written if the module is not
// laid out as that was of which they speak, or nobody knows. *dropped, which the caller frees, or
// NULL where all is written.
static bool drop_stale(const Parse *parse, Bytes was, Bytes bytes, u8 **dropped, size_t *size,
                       Diag *diag)
{
    char layout[LAYOUT_MOST];
    Module *m = NULL;
    TypeStore *types = type_store_new();
    *dropped = NULL;
    bool good = types && (module_decode(bytes.data, bytes.len, parse->features, types, &m, diag) ||
                          diag->err != ERR_out_of_memory); // what does not decode is written too
    bool stale = m && layout_placed(m, NULL) && !bytes_are(was, layout_text(m, layout));
    if (stale && parse->drop) good = (*dropped = layout_drop(m, size)) != NULL;
    else if (stale && was.len)
        layout_warn(parse->name, "this was printed of a module with other bytes", m);
    else if (stale && !parse->quiet) layout_note(parse->name, m);
    module_free(m);
    type_store_free(types);
    diag_init(diag);
    return good || diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
}

// Others than of names need not be looked for in most texts.
static bool has_custom(const Source *source)
{
    return memmem(source->data, source->size, "@custom", 7) != NULL;
}

static bool write_module(const Parse *parse, const char *output, const Source *source, Bytes bytes,
                         Diag *diag)
{
    u8 *dropped = NULL;
    Bytes was = source->text.layout;
    if (source->is_text && (was.len || has_custom(source)) &&
        !drop_stale(parse, was, bytes, &dropped, &bytes.len, diag))
        return false;
    bool good = output_write(output, dropped ? dropped : bytes.data, bytes.len);
    free(dropped);
    return good;
}

static int parse_file(const Parse *parse, const char *output)
{
    Intake input;
    Source source;
    Diag diag;
    Bytes bytes;
    bool component;
    if (!input_open(parse->name, &input)) return EXIT_INPUT;
    bool good = source_assemble_any(&source, parse->features, input.data, input.size, &bytes,
                                    &component, &diag) &&
                (source.is_text || decodes(bytes, parse->features, component, &diag));
    if (good) {
        diag_init(&diag);
        good = component ? output_write(output, bytes.data, bytes.len)
                         : write_module(parse, output, &source, bytes, &diag);
    }
    if (!good && diag.err != ERR_none) print_diag(parse->name, &source, &diag);
    if (good && !parse->quiet) tell_skipped(parse->name, &source);
    source_free(&source);
    intake_free(&input);
    return good ? EXIT_OK : EXIT_INPUT;
}

int cli_parse(Args *args)
{
    Parse parse = {.features = features_default};
    const char *value;
    while (args->next < args->argc) {
        if (args_flag(args, "-q") || args_flag(args, "--quiet")) {
            parse.quiet = true;
        } else if (args_flag(args, "--drop-stale")) {
            parse.drop = true;
        } else if (args_value(args, "-o", &parse.output)) {
            if (!parse.output) return args_missing(args, "the name behind -o");
        } else if (args_value(args, "--features", &value)) {
            if (!parse_features(value, &parse.features)) return EXIT_USAGE;
        } else if (args_at_option(args)) {
            return args_unknown(args);
        } else if (parse.name) {
            return cli_error(EXIT_USAGE, "one FILE at a time; \"%s\" is a second one",
                             args->argv[args->next]);
        } else {
            parse.name = args->argv[args->next++];
        }
    }
    if (!parse.name) return args_missing(args, "FILE");
    char *made = parse.output               ? NULL
                 : !strcmp(parse.name, "-") ? strdup("-")
                                            : default_output(parse.name);
    int status = parse.output || made
                     ? parse_file(&parse, parse.output ? parse.output : made)
                     : cli_error(EXIT_INPUT, "out of memory");
    free(made);
    return status;
}
