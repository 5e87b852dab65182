// wit.c -- weft wit: interfaces and worlds, checked and printed.

#include "cli/cli.h"
#include "cli/wit_json.h"
#include "plat/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_BYTES = 16 << 20 };

typedef struct {
    const char *path, *output;
    Bytes *features;
    u32 feature_count;
    bool json, all_features;
} Options;

typedef struct {
    Wit wit;
    Arena arena;
    u32 group;
    File folder;  // which is being read, or -1
    Intake input; // likewise, a file
} Reading;

typedef struct {
    char **names;
    u32 count, cap;
} Entries;

static int order_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_with(const char *name, const char *end)
{
    size_t len = strlen(name), most = strlen(end);
    return len > most && !strcmp(name + len - most, end);
}

static char *path_in(Reading *r, const char *folder, const char *name)
{
    Buf path;
    buf_init(&path, &r->arena);
    buf_bytes(&path, folder, strlen(folder));
    if (path.len && path.data[path.len - 1] != '/') buf_byte(&path, '/');
    buf_bytes(&path, name, strlen(name) + 1);
    return (char *)path.data;
}

static bool cannot_read(const char *path, int err)
{
    return cli_error(0, "cannot read %s: %s", path, strerror(err));
}

// What is not there is none. False after printing why nobody knows.
static bool find_folder(const char *path, bool *folder)
{
    struct stat st;
    int err = stat(path, &st) == 0 ? 0 : errno;
    *folder = !err && S_ISDIR(st.st_mode);
    return !err || err == ENOENT || err == ENOTDIR || cannot_read(path, err);
}

// What is in a folder, by name. False after printing why.
static bool list_folder(Reading *r, const char *path, Entries *names)
{
    DirReader reader;
    DirEntry entry = {.name = ""};
    int err = file_open_directory(path, &r->folder);
    if (err) r->folder = -1;
    if (!err) err = dir_start(&reader, r->folder, 0);
    while (!err && entry.name) {
        err = dir_next(&reader, &entry);
        if (!err && entry.name && strcmp(entry.name, ".") && strcmp(entry.name, ".."))
            ARENA_PUSH(&r->arena, names->names, names->count, names->cap) =
                arena_strdup(&r->arena, entry.name, strlen(entry.name));
    }
    if (r->folder >= 0) file_close(r->folder);
    r->folder = -1;
    if (names->count) qsort(names->names, names->count, sizeof *names->names, order_names);
    return !err || cannot_read(path, err);
}

// ---- Files

static bool is_component(Bytes text)
{
    return (text.len >= 4 && !memcmp(text.data, "\0asm", 4)) ||
           (text.len && text.data[0] == '(');
}

static bool read_file(Reading *r, const char *path)
{
    if (!input_open_other(path, MOST_BYTES, &r->input)) return false;
    Bytes text = {arena_copy(&r->arena, r->input.data, r->input.size), r->input.size};
    intake_free(&r->input);
    r->input = (Intake){0};
    if (is_component(text))
        return cli_error(0, "%s is no text of WIT; WIT in components is not read yet",
                         strcmp(path, "-") ? path : "standard input");
    return wit_add(&r->wit, r->group, bytes_of(path), text);
}

// All files of a folder, of one package.
static bool read_package(Reading *r, const char *path, const Entries *names)
{
    u32 before = r->wit.file_count;
    for (u32 i = 0; i < names->count; i++) {
        bool folder;
        const char *file = path_in(r, path, names->names[i]);
        if (!ends_with(file, ".wit")) continue;
        if (!find_folder(file, &folder) || (!folder && !read_file(r, file))) return false;
    }
    r->group++;
    return r->wit.file_count > before || cli_error(0, "there is no file *.wit in %s", path);
}

static bool read_deps(Reading *r, const char *path)
{
    Entries names = {0};
    if (!list_folder(r, path, &names)) return false;
    for (u32 i = 0; i < names.count; i++) {
        Entries inner = {0};
        bool folder;
        const char *dep = path_in(r, path, names.names[i]);
        if (!find_folder(dep, &folder)) return false;
        bool text = ends_with(dep, ".wit");
        bool other = ends_with(dep, ".wasm") || ends_with(dep, ".wat");
        if (folder) {
            if (!list_folder(r, dep, &inner) || !read_package(r, dep, &inner)) return false;
        } else if (text || other) {
            if (!read_file(r, dep)) return false;
            r->group++;
        }
    }
    return true;
}

static bool read_path(Reading *r, const char *path)
{
    Entries names = {0};
    bool folder;
    if (!find_folder(path, &folder)) return false;
    if (!folder) return read_file(r, path);
    const char *deps = path_in(r, path, "deps");
    return list_folder(r, path, &names) && read_package(r, path, &names) &&
           find_folder(deps, &folder) && (!folder || read_deps(r, deps));
}

// ---- What comes out

static void print_why(const Wit *wit, const char *path)
{
    Source source = {0};
    const WitFile *file = wit->where;
    if (file) {
        source.data = (const u8 *)file->src;
        source.size = file->size;
    }
    if (file) path = (const char *)file->path.data;
    print_diag(path, file ? &source : NULL, &wit->diag);
}

static bool write_wit(Reading *r, const Options *o)
{
    OutputFile out;
    Json json;
    Buf text;
    buf_init(&text, &r->arena);
    if (!o->json) wit_print(&r->wit, &text);
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

static int run_wit(Reading *r, const Options *o)
{
    jmp_buf failed;
    r->arena.on_failure = &failed;
    if (setjmp(failed)) return cli_error(EXIT_INPUT, "out of memory");
    wit_init(&r->wit, &r->arena);
    r->wit.features = o->features;
    r->wit.feature_count = o->feature_count;
    r->wit.all_features = o->all_features;
    if (read_path(r, o->path) && wit_resolve(&r->wit)) {
        return write_wit(r, o) ? EXIT_OK : EXIT_INPUT;
    }
    if (r->wit.diag.err != ERR_none) print_why(&r->wit, o->path);
    return EXIT_INPUT;
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
        Reading r = {.folder = -1};
        arena_init(&r.arena);
        status = run_wit(&r, &o);
        if (r.folder >= 0) file_close(r.folder);
        intake_free(&r.input);
        arena_free(&r.arena);
    }
    free(o.features);
    return status;
}
