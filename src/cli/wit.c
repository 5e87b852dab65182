// wit.c -- weft wit: interfaces and worlds, checked and printed.

#include "cli/wit_json.h"
#include "cli/wit_read.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char **paths; // PATH, and those of --merge
    u32 path_count;
    const char *output;
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
        return wit_print_why(&r->wit, o->paths[0]), false;
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

static bool merge(WitReading *all, const WitReading *each, const Options *o)
{
    const Wit **sets = NEW_ARRAY(&all->arena, const Wit *, o->path_count);
    for (u32 i = 0; i < o->path_count; i++) sets[i] = &each[i].wit;
    if (wit_merge(&all->wit, bytes_of(o->paths[0]), sets, o->path_count)) return true;
    wit_print_why(&all->wit, o->paths[0]);
    return false;
}

// `each` has room for all paths, and for what is made of several.
static int run_wit(WitReading *each, const Options *o)
{
    jmp_buf failed;
    WitReading *last = &each[o->path_count];
    for (WitReading *r = each; r <= last; r++) r->arena.on_failure = &failed;
    if (setjmp(failed)) return cli_error(EXIT_INPUT, "out of memory");
    for (u32 i = 0; i < o->path_count; i++) {
        each[i].wit.features = o->features;
        each[i].wit.feature_count = o->feature_count;
        each[i].wit.all_features = o->all_features;
        if (!wit_read(&each[i], o->paths[i])) return EXIT_INPUT;
    }
    if (o->path_count == 1) return write_wit(each, o) ? EXIT_OK : EXIT_INPUT;
    return merge(last, each, o) && write_wit(last, o) ? EXIT_OK : EXIT_INPUT;
}

// ---- Options

static int take_options(Args *args, Options *o)
{
    const char *value, *path = NULL;
    int status = EXIT_OK;
    o->path_count = 1;
    while (status == EXIT_OK && args->next < args->argc) {
        if (args_flag(args, "--json")) o->json = true;
        else if (args_flag(args, "--binary")) o->binary = true;
        else if (args_flag(args, "--all-features")) o->all_features = true;
        else if (args_value(args, "--features", &value))
            status = wit_take_features(o->features, &o->feature_count, value);
        else if (args_value(args, "-o", &o->output)) {
            if (!o->output) status = args_missing(args, "the name behind -o");
        } else if (args_value(args, "--merge", &value)) {
            if (value) o->paths[o->path_count++] = value;
            else status = args_missing(args, "the PATH behind --merge");
        } else if (args_at_option(args)) status = args_unknown(args);
        else if (path)
            status = cli_error(EXIT_USAGE, "one PATH at a time; \"%s\" is a second one",
                               args->argv[args->next]);
        else path = args->argv[args->next++];
    }
    if (status == EXIT_OK && o->json && o->binary)
        status = cli_error(EXIT_USAGE, "--json or --binary, not both");
    if (status == EXIT_OK && !path) status = args_missing(args, "PATH");
    o->paths[0] = path;
    return status;
}

int cli_wit(Args *args)
{
    Options o = {.output = "-"};
    size_t most = 1; // features that the arguments can name
    for (int i = 0; i < args->argc; i++) most += strlen(args->argv[i]) + 1;
    o.features = calloc(most, sizeof *o.features);
    o.paths = calloc((size_t)args->argc + 1, sizeof *o.paths);
    bool good = o.features && o.paths;
    int status = good ? take_options(args, &o) : cli_error(EXIT_INPUT, "out of memory");
    WitReading *each = status == EXIT_OK ? calloc(o.path_count + 1, sizeof *each) : NULL;
    if (status == EXIT_OK && !each) status = cli_error(EXIT_INPUT, "out of memory");
    for (u32 i = 0; each && i <= o.path_count; i++) wit_reading_init(&each[i]);
    if (each) status = run_wit(each, &o);
    for (u32 i = 0; each && i <= o.path_count; i++) wit_reading_free(&each[i]);
    free(each);
    free(o.paths);
    free(o.features);
    return status;
}
