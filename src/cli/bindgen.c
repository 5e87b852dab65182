// bindgen.c -- weft bindgen: bindings for a world.

#include "cli/wit_read.h"
#include "component/bind/bind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
    const char *what, *path, *world, *output;
    Bytes *features;
    u32 feature_count;
    bool all_features;
} Options;

// Is it a folder? False after printing why that cannot be known.
static bool look_at(const char *path, bool *folder)
{
    struct stat st;
    *folder = false;
    if (!path) return true;
    bool there = stat(path, &st) == 0;
    *folder = there && S_ISDIR(st.st_mode);
    return there || errno == ENOENT || cli_error(0, "%s: %s", path, strerror(errno));
}

static const char *join(Arena *arena, const char *a, const char *b, const char *c)
{
    Buf text;
    buf_init(&text, arena);
    buf_bytes(&text, a, strlen(a));
    buf_bytes(&text, b, strlen(b));
    buf_bytes(&text, c, strlen(c) + 1);
    return (const char *)text.data;
}

// The source names the header, between quotes.
static bool front_is_plain(const char *front)
{
    for (const char *c = front; *c; c++)
        if (*c == '"' || *c == '\\' || (u8)*c < ' ')
            return cli_error(0, "a file in C cannot include \"%s.h\"", front);
    return *front || cli_error(0, "-o wants a folder, or the beginning of names of files");
}

static bool write_guest(WitReading *r, const Options *o)
{
    Buf header, source;
    const WitWorld *world = wit_find_world(&r->wit, o->world);
    bool folder;
    if (!world || !look_at(o->output, &folder)) return false;
    const char *own = bind_front(&r->arena, world), *front = o->output ? o->output : own;
    if (folder) front = join(&r->arena, o->output, "/", own);
    const char *slash = strrchr(front, '/'), *name = slash ? slash + 1 : front;
    if (!front_is_plain(name)) return false;
    buf_init(&header, &r->arena);
    buf_init(&source, &r->arena);
    if (!bind_guest_c(&r->wit, world, name, &header, &source))
        return wit_print_why(&r->wit, o->path), false;
    return output_write(join(&r->arena, front, ".h", ""), header.data, header.len) &&
           output_write(join(&r->arena, front, ".c", ""), source.data, source.len);
}

static int run(WitReading *r, const Options *o)
{
    jmp_buf failed;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) return cli_error(EXIT_INPUT, "out of memory");
    r->wit.features = o->features;
    r->wit.feature_count = o->feature_count;
    r->wit.all_features = o->all_features;
    return wit_read(r, o->path) && write_guest(r, o) ? EXIT_OK : EXIT_INPUT;
}

// ---- Options

static int take_word(Options *o, const char *word)
{
    if (o->path) return cli_error(EXIT_USAGE, "one WIT at a time; \"%s\" is a second one", word);
    if (o->what) o->path = word;
    else o->what = word;
    return EXIT_OK;
}

static int take_options(Args *args, Options *o)
{
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args->next < args->argc) {
        if (args_flag(args, "--all-features")) o->all_features = true;
        else if (args_value(args, "--features", &value))
            status = wit_take_features(o->features, &o->feature_count, value);
        else if (args_value(args, "--world", &o->world)) {
            if (!o->world) status = args_missing(args, "the name behind --world");
        } else if (args_value(args, "-o", &o->output)) {
            if (!o->output) status = args_missing(args, "the name behind -o");
        } else if (args_at_option(args)) status = args_unknown(args);
        else status = take_word(o, args->argv[args->next++]);
    }
    if (status != EXIT_OK) return status;
    if (!o->what) return args_missing(args, "guest-c");
    if (strcmp(o->what, "guest-c"))
        return cli_error(EXIT_USAGE, "\"%s\" is not guest-c, which is all there is", o->what);
    return o->path ? EXIT_OK : args_missing(args, "WIT");
}

int cli_bindgen(Args *args)
{
    Options o = {0};
    WitReading reading;
    size_t most = 1; // features that the arguments can name
    for (int i = 0; i < args->argc; i++) most += strlen(args->argv[i]) + 1;
    o.features = calloc(most, sizeof *o.features);
    int status = o.features ? take_options(args, &o) : cli_error(EXIT_INPUT, "out of memory");
    if (status == EXIT_OK) {
        wit_reading_init(&reading);
        status = run(&reading, &o);
        wit_reading_free(&reading);
    }
    free(o.features);
    return status;
}
