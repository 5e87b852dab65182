// wit.c -- weft wit: interfaces and worlds, checked and printed.

#include "cli/wit_folder.h"
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
    const char *folder;
    const char *turned[TURN_COUNT]; // which world, if one is
    const char *as;
    Bytes *only;
    u32 only_count;
} Options;

static bool write_wit(WitReading *r, const Options *o)
{
    OutputFile out;
    Json json;
    Buf text;
    if (o->folder) return wit_write_folder(&r->wit, o->folder);
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

// Each in a set of its own, of the one before it. NULL after printing why not.
static WitReading *turn(WitReading *sets, const Options *o)
{
    WitReading *last = sets;
    for (WitTurnKind kind = 0; kind < TURN_COUNT; kind++) {
        if (!o->turned[kind]) continue;
        WitWorld *world = wit_find_world(&last->wit, o->turned[kind]);
        if (!world) return NULL;
        const WitTurn how = {kind, world, bytes_of(o->as ? o->as : ""), o->only, o->only_count};
        const Wit *from = &last->wit;
        if (!wit_turn(&last->wit, &how)) return wit_print_why(from, o->paths[0]), NULL;
        last++;
        if (!wit_merge(&last->wit, bytes_of(o->paths[0]), &from, 1))
            return wit_print_why(&last->wit, o->paths[0]), NULL;
    }
    return last;
}

// `each` has room for all paths, for what is made of several, and for what becomes of that.
static int run_wit(WitReading *each, u32 count, const Options *o)
{
    jmp_buf failed;
    for (u32 i = 0; i < count; i++) each[i].arena.on_failure = &failed;
    if (setjmp(failed)) return cli_error(EXIT_INPUT, "out of memory");
    for (u32 i = 0; i < o->path_count; i++) {
        each[i].wit.features = o->features;
        each[i].wit.feature_count = o->feature_count;
        each[i].wit.all_features = o->all_features;
        if (!wit_read(&each[i], o->paths[i])) return EXIT_INPUT;
    }
    WitReading *all = o->path_count == 1 ? each : each + o->path_count;
    if (all != each && !merge(all, each, o)) return EXIT_INPUT;
    all = turn(all, o);
    return all && write_wit(all, o) ? EXIT_OK : EXIT_INPUT;
}

// ---- Options

static int take_text(Args *args, const char **place, const char *value, const char *what)
{
    *place = value;
    return value ? EXIT_OK : args_missing(args, what);
}

// What a world becomes. False: the argument is another one.
static bool take_turn(Args *args, Options *o, int *status)
{
    static const char *const names[TURN_COUNT] = {"--merge-versions", "--importize", "--exportize"};
    const char *value;
    for (u32 i = 0; i < TURN_COUNT; i++)
        if (args_value(args, names[i], &value)) {
            *status = take_text(args, &o->turned[i], value, "the name of a world behind it");
            return true;
        }
    if (args_value(args, "--as", &o->as)) {
        if (!o->as) *status = args_missing(args, "the name behind --as");
    } else if (args_value(args, "--only", &value)) {
        if (value) o->only[o->only_count++] = bytes_of(value);
        else *status = args_missing(args, "the name behind --only");
    } else {
        return false;
    }
    return true;
}

static int check_options(Args *args, const Options *o)
{
    const char *in = o->turned[TURN_importize], *out = o->turned[TURN_exportize];
    if (o->json + o->binary + (o->folder != NULL) > 1)
        return cli_error(EXIT_USAGE, "one of --json, --binary and --out-dir");
    if (o->folder && o->output) return cli_error(EXIT_USAGE, "-o or --out-dir, not both");
    if (in && out) return cli_error(EXIT_USAGE, "--importize or --exportize, not both");
    if (o->as && !in && !out) return cli_error(EXIT_USAGE, "--as is for --importize, --exportize");
    if (o->only_count && !out) return cli_error(EXIT_USAGE, "--only is for --exportize");
    return o->paths[0] ? EXIT_OK : args_missing(args, "PATH");
}

static int take_options(Args *args, Options *o)
{
    const char *value;
    int status = EXIT_OK;
    o->path_count = 1;
    while (status == EXIT_OK && args->next < args->argc) {
        if (args_flag(args, "--json")) o->json = true;
        else if (args_flag(args, "--binary")) o->binary = true;
        else if (args_flag(args, "--all-features")) o->all_features = true;
        else if (args_value(args, "--features", &value))
            status = wit_take_features(o->features, &o->feature_count, value);
        else if (args_value(args, "-o", &value))
            status = take_text(args, &o->output, value, "the name behind -o");
        else if (args_value(args, "--out-dir", &value))
            status = take_text(args, &o->folder, value, "the folder behind --out-dir");
        else if (args_value(args, "--merge", &value)) {
            if (value) o->paths[o->path_count++] = value;
            else status = args_missing(args, "the PATH behind --merge");
        } else if (take_turn(args, o, &status)) continue;
        else if (args_at_option(args)) status = args_unknown(args);
        else if (o->paths[0])
            status = cli_error(EXIT_USAGE, "one PATH at a time; \"%s\" is a second one",
                               args->argv[args->next]);
        else o->paths[0] = args->argv[args->next++];
    }
    return status == EXIT_OK ? check_options(args, o) : status;
}

int cli_wit(Args *args)
{
    Options o = {0};
    size_t most = 1; // features that the arguments can name
    for (int i = 0; i < args->argc; i++) most += strlen(args->argv[i]) + 1;
    o.features = calloc(most, sizeof *o.features);
    o.paths = calloc((size_t)args->argc + 1, sizeof *o.paths);
    o.only = calloc((size_t)args->argc + 1, sizeof *o.only);
    bool good = o.features && o.paths && o.only;
    int status = good ? take_options(args, &o) : cli_error(EXIT_INPUT, "out of memory");
    if (!o.output) o.output = "-";
    u32 count = o.path_count + 1 + TURN_COUNT;
    WitReading *each = status == EXIT_OK ? calloc(count, sizeof *each) : NULL;
    if (status == EXIT_OK && !each) status = cli_error(EXIT_INPUT, "out of memory");
    for (u32 i = 0; each && i < count; i++) wit_reading_init(&each[i]);
    if (each) status = run_wit(each, count, &o);
    for (u32 i = 0; each && i < count; i++) wit_reading_free(&each[i]);
    free(each);
    free(o.only);
    free(o.paths);
    free(o.features);
    return status;
}
