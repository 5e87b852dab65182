// wit_read.c -- see wit_read.h.

#include "cli/wit_read.h"

#include "component/wit/decode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static char *path_in(WitReading *r, const char *folder, const char *name)
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
static bool list_folder(WitReading *r, const char *path, Entries *names)
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

static bool is_binary(Bytes text) { return text.len >= 4 && !memcmp(text.data, "\0asm", 4); }

Component *wit_load(WitReading *r, const char *path, Bytes bytes)
{
    static const CModuleLoader loader = {.names_all = true, .marks = true};
    Source source;
    Bytes binary;
    Diag diag;
    bool is;
    if (!r->store) r->store = type_store_new();
    if (!r->store) return cli_error(0, "out of memory"), NULL;
    Component **place =
        &ARENA_PUSH(&r->arena, r->components, r->component_count, r->component_cap);
    *place = NULL;
    if (source_assemble_any(&source, features_all, bytes.data, bytes.len, &binary, &is, &diag)) {
        if (source.is_text)
            binary.data = arena_copy(&r->arena, binary.data, binary.len); // it lives longer
        *place = component_load(binary.data, binary.len, features_all, r->store, &loader, &diag);
        if (!*place && source.is_text)
            text_diag_map(&diag, &source.text, (const char *)source.data, source.size);
    }
    if (!*place) print_diag(path, &source, &diag);
    source_free(&source);
    return *place;
}

static void unload(WitReading *r)
{
    while (r->component_count) component_free(r->components[--r->component_count]);
}

bool wit_is_valid(WitReading *r, const char *what, Bytes bytes)
{
    bool good = wit_load(r, what, bytes) != NULL;
    unload(r);
    return good;
}

static bool add_component(WitReading *r, const char *path, Bytes bytes, bool others)
{
    Component *c = wit_load(r, path, bytes);
    bool good = c && wit_add_component(&r->wit, r->group, bytes_of(path), c, others);
    r->wit.all_features = true; // they were chosen by who made it
    unload(r);
    return good;
}

// What a core module says of its world.
static bool add_module(WitReading *r, const char *path, Bytes text)
{
    Source source;
    Diag diag;
    Bytes bytes, *list;
    u32 count;
    bool good = source_assemble(&source, features_all, text.data, text.len, &bytes, &diag);
    if (good && source.is_text) bytes.data = arena_copy(&r->arena, bytes.data, bytes.len);
    good = good && tool_worlds(&r->arena, bytes, &list, &count, &diag);
    if (!good) print_diag(path, &source, &diag);
    source_free(&source);
    if (!good) return false;
    if (!count)
        return cli_error(0, "%s is a core module, and does not say for which world", path);
    for (u32 i = 0; i < count && good; i++) good = wit_load(r, path, list[i]) != NULL;
    good = good && wit_add_worlds(&r->wit, bytes_of(path), r->components, count);
    r->wit.all_features = true;
    unload(r);
    return good;
}

static void close_input(WitReading *r)
{
    intake_free(&r->input);
    r->input = (Intake){0};
}

// A component or module, as bytes or text.
static bool is_wasm(Bytes text)
{
    return is_binary(text) || (text.len && text.data[0] == '(') ||
           source_is_component(text.data, text.len);
}

// Of WIT no more than it may have is read; what is none may be larger.
static bool open_file(WitReading *r, const char *path)
{
    if (!input_open_other(path, WIT_MOST_BYTES, &r->input)) return false;
    bool all = r->input.size <= WIT_MOST_BYTES || !is_wasm((Bytes){r->input.data, r->input.size});
    if (all) return true;
    if (!strcmp(path, "-"))
        return cli_error(0, "a component of more than 16 MiB is read from a file only");
    close_input(r);
    return input_open(path, &r->input);
}

// With `others`, what a component says of other packages too.
static bool read_file(WitReading *r, const char *path, bool others)
{
    if (!open_file(r, path)) return false;
    Bytes text = {arena_copy(&r->arena, r->input.data, r->input.size), r->input.size};
    close_input(r);
    bool wasm = is_wasm(text), component = source_is_component(text.data, text.len);
    if (wasm && !component && others) return add_module(r, path, text);
    if (wasm) return add_component(r, path, text, others);
    return wit_add(&r->wit, r->group, bytes_of(path), text);
}

// All files of a folder, of one package.
static bool read_package(WitReading *r, const char *path, const Entries *names)
{
    u32 before = r->wit.file_count;
    for (u32 i = 0; i < names->count; i++) {
        bool folder;
        const char *file = path_in(r, path, names->names[i]);
        if (!ends_with(file, ".wit")) continue;
        if (!find_folder(file, &folder) || (!folder && !read_file(r, file, false))) return false;
    }
    r->group++;
    return r->wit.file_count > before || cli_error(0, "there is no file *.wit in %s", path);
}

static bool read_dep(WitReading *r, const char *dep)
{
    Entries inner = {0};
    bool folder;
    if (!find_folder(dep, &folder)) return false;
    if (folder) return list_folder(r, dep, &inner) && read_package(r, dep, &inner);
    if (!ends_with(dep, ".wit") && !ends_with(dep, ".wasm") && !ends_with(dep, ".wat")) return true;
    bool good = read_file(r, dep, false);
    r->group++;
    return good;
}

static bool read_deps(WitReading *r, const char *path)
{
    Entries names = {0};
    if (!list_folder(r, path, &names)) return false;
    for (u32 i = 0; i < names.count; i++)
        if (!read_dep(r, path_in(r, path, names.names[i]))) return false;
    return true;
}

static bool read_path(WitReading *r, const char *path)
{
    Entries names = {0};
    bool folder;
    if (!find_folder(path, &folder)) return false;
    if (!folder) return read_file(r, path, true);
    const char *deps = path_in(r, path, "deps");
    return list_folder(r, path, &names) && read_package(r, path, &names) &&
           find_folder(deps, &folder) && (!folder || read_deps(r, deps));
}

// ---- All of it

void wit_print_why(const Wit *wit, const char *path)
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

void wit_reading_init(WitReading *r)
{
    *r = (WitReading){.folder = -1};
    arena_init(&r->arena);
    wit_init(&r->wit, &r->arena);
}

void wit_reading_free(WitReading *r)
{
    if (r->folder >= 0) file_close(r->folder);
    intake_free(&r->input);
    unload(r);
    type_store_free(r->store);
    arena_free(&r->arena);
}

bool wit_read(WitReading *r, const char *path)
{
    if (read_path(r, path) && wit_resolve(&r->wit)) return true;
    if (r->wit.diag.err != ERR_none) wit_print_why(&r->wit, path);
    return false;
}

// ---- Worlds

static bool fail_worlds(const WitPackage *p, const char *why)
{
    char list[300];
    size_t at = 0;
    list[0] = 0;
    for (u32 i = 0; i < p->world_count && at < sizeof list; i++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%.*s", i ? ", " : "",
                               (int)MIN(p->worlds[i]->name.len, (size_t)60),
                               (const char *)p->worlds[i]->name.data);
    return cli_error(0, "%s; %.*s has %s", why, (int)MIN(p->full.len, (size_t)100),
                     (const char *)p->full.data, p->world_count ? list : "no worlds");
}

// ns:package/world, with its version or without.
static bool is_called(Arena *arena, const WitWorld *w, Bytes name)
{
    Bytes full = wit_member_name(arena, w->package, w->name);
    const u8 *at = memchr(full.data, '@', full.len);
    return bytes_same(full, name) ||
           (at && bytes_same((Bytes){full.data, (size_t)(at - full.data)}, name));
}

WitWorld *wit_find_world(const Wit *wit, const char *name)
{
    const WitPackage *p = wit->main;
    if (name && *name == '%') name++; // as it is written in WIT
    if (!name && p->world_count == 1) return p->worlds[0];
    if (!name) return fail_worlds(p, "--world says which world is meant"), NULL;
    const u32 *found = map_get(&p->world_names, name, strlen(name));
    if (found) return p->worlds[*found];
    for (u32 i = 0; i < wit->world_count; i++)
        if (is_called(wit->arena, wit->worlds[i], bytes_of(name))) return wit->worlds[i];
    return fail_worlds(p, "there is no world of that name"), NULL;
}

int wit_take_features(Bytes *features, u32 *count, const char *list)
{
    if (!list || !*list)
        return cli_error(EXIT_USAGE, "--features wants names, with commas between them");
    while (*list) {
        size_t len = strcspn(list, ",");
        features[(*count)++] = (Bytes){(const u8 *)list, len};
        list += len + (list[len] == ',');
    }
    return EXIT_OK;
}
