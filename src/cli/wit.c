// wit.c -- weft wit: interfaces and worlds, checked and printed.

#include "cli/wit_json.h"
#include "cli/wit_read.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *path, *output;
    Bytes *features;
    u32 feature_count;
    bool json, binary, all_features;
} Options;

static bool write_wit(WitReading *r, const Options *o)
{
    OutputFile out;
    Json json;
    Buf text;
    buf_init(&text, &r->arena);
    if (o->binary && !wit_encode_package(&r->wit, r->wit.main, &text))
        return wit_print_why(&r->wit, o->path), false;
    // Binary refuses some of what WIT allows: records of nothing, large types.
    if (o->binary && !wit_is_valid(r, "in binary", buf_view(&text))) return false;
    if (!o->json && !o->binary) wit_print(&r->wit, &text);
    if (!output_begin(&out, o->output)) return false;
    bool good = o->json || fwrite(text.data, text.len, 1, out.file) == 1;
    jmp_buf failed, *outer = r->arena.on_failure;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) {
        output_end(&out, false);
        arena_fail((r->arena.on_failure = outer, &r->arena));
    }
    json_init(&json, out.file, &r->arena);
    if (o->json) wit_json(&r->wit, &json);
    r->arena.on_failure = outer;
    return output_end(&out, good) && good;
}

static int run_wit(WitReading *r, const Options *o)
{
    jmp_buf failed;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) return cli_error(EXIT_INPUT, "out of memory");
    r->wit.features = o->features;
    r->wit.feature_count = o->feature_count;
    r->wit.all_features = o->all_features;
    return wit_read(r, o->path) && write_wit(r, o) ? EXIT_OK : EXIT_INPUT;
}

// ---- Options

static int take_features(Options *o, const char *list)
{
    if (!list || !*list)
        return cli_error(EXIT_USAGE, "--features wants names, with commas between them");
    while (*list) {
        size_t len = strcspn(list, ",");
        o->features[o->feature_count++] = (Bytes){(const u8 *)list, len};
        list += len + (list[len] == ',');
    }
    return EXIT_OK;
}

static int take_options(Args *args, Options *o)
{
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args->next < args->argc) {
        if (args_flag(args, "--json")) o->json = true;
        else if (args_flag(args, "--binary")) o->binary = true;
        else if (args_flag(args, "--all-features")) o->all_features = true;
        else if (args_value(args, "--features", &value)) status = take_features(o, value);
        else if (args_value(args, "-o", &o->output)) {
            if (!o->output) status = args_missing(args, "the name behind -o");
        } else if (args_at_option(args)) status = args_unknown(args);
        else if (o->path)
            status = cli_error(EXIT_USAGE, "one PATH at a time; \"%s\" is a second one",
                               args->argv[args->next]);
        else o->path = args->argv[args->next++];
    }
    if (status == EXIT_OK && o->json && o->binary)
        status = cli_error(EXIT_USAGE, "--json or --binary, not both");
    if (status == EXIT_OK && !o->path) status = args_missing(args, "PATH");
    return status;
}

int cli_wit(Args *args)
{
    Options o = {.output = "-"};
    size_t most = 1; // features that the arguments can name
    for (int i = 0; i < args->argc; i++) most += strlen(args->argv[i]) + 1;
    o.features = calloc(most, sizeof *o.features);
    if (!o.features) return cli_error(EXIT_INPUT, "out of memory");
    int status = take_options(args, &o);
    if (status == EXIT_OK) {
        WitReading r;
        wit_reading_init(&r);
        status = run_wit(&r, &o);
        wit_reading_free(&r);
    }
    free(o.features);
    return status;
}
