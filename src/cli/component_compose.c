// component_compose.c -- see component_compose.h. Packages are what --dep says, else files in the
// folder deps beside the file that is read.

#include "cli/component_compose.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_BYTES = 16 << 20 }; // of text, as of WIT

typedef struct {
    WitReading *reading, *wit;
    const ComposeFiles *files;
} Finder;

// A component, in text or bytes.
static bool read_part(WitReading *r, const char *path, Bytes *bytes)
{
    Source source = {0};
    Diag diag = {0};
    bool is;
    if (!input_open(path, &r->input)) return false;
    bool good = source_assemble_any(&source, features_all, r->input.data, r->input.size, bytes, &is,
                                    &diag);
    if (good) bytes->data = arena_copy(&r->arena, bytes->data, bytes->len);
    else print_diag(path, &source, &diag);
    source_free(&source);
    intake_free(&r->input);
    r->input = (Intake){0};
    return good;
}

// ---- Packages

// What --dep says of a:b@1.0.0; or of a:b, whatever its version.
static const char *said_dep(const ComposeFiles *files, Bytes name)
{
    const u8 *version = memchr(name.data, '@', name.len);
    size_t lens[2] = {name.len, version ? (size_t)(version - name.data) : name.len};
    for (u32 k = 0; k < 2; k++)
        for (u32 i = 0; i < files->dep_count; i++) {
            const char *dep = files->deps[i];
            if (!strncmp(dep, (const char *)name.data, lens[k]) && dep[lens[k]] == '=')
                return dep + lens[k] + 1;
        }
    return NULL;
}

// deps/a/b@1.0.0.wasm
static const char *dep_path(Finder *f, Bytes name, const char *ending)
{
    const char *file = f->files->file, *slash = strrchr(file, '/');
    Buf path;
    buf_init(&path, &f->reading->arena);
    if (slash) buf_bytes(&path, file, (size_t)(slash + 1 - file));
    buf_bytes(&path, "deps/", 5);
    for (size_t i = 0; i < name.len; i++)
        buf_byte(&path, name.data[i] == ':' ? '/' : name.data[i]);
    buf_bytes(&path, ending, strlen(ending) + 1);
    return (const char *)path.data;
}

// One file, which may need other packages that are found as this one was.
static bool read_text(WitReading *r, const char *path, Bytes *bytes)
{
    if (!input_open_other(path, MOST_BYTES, &r->input)) return false;
    *bytes = (Bytes){arena_copy(&r->arena, r->input.data, r->input.size), r->input.size};
    intake_free(&r->input);
    r->input = (Intake){0};
    return true;
}

// A folder is taken as what it is in binary.
static bool read_folder(Finder *f, const char *path, Bytes *bytes)
{
    Buf out;
    WitReading *wit = f->wit;
    wit_reading_free(wit);
    wit_reading_init(wit);
    wit->arena.on_failure = f->reading->arena.on_failure;
    wit->wit.all_features = true;
    buf_init(&out, &wit->arena);
    if (!wit_read(wit, path)) return false;
    if (!wit_encode_package(&wit->wit, wit->wit.main, &out)) {
        wit_print_why(&wit->wit, path);
        return false;
    }
    *bytes = (Bytes){arena_copy(&f->reading->arena, out.data, out.len), out.len};
    return true;
}

static bool find_package(void *env, Bytes name, Bytes *bytes)
{
    static const char *const endings[] = {".wasm", ".wat", ".wit", ""};
    Finder *f = env;
    const char *path = said_dep(f->files, name);
    struct stat st;
    for (u32 i = 0; i < COUNT_OF(endings) && !path; i++) {
        const char *file = dep_path(f, name, endings[i]);
        if (stat(file, &st) == 0) path = file;
    }
    if (!path) return true;
    size_t len = strlen(path);
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) return read_folder(f, path, bytes);
    bool wit = len > 4 && !strcmp(path + len - 4, ".wit");
    return wit ? read_text(f->reading, path, bytes) : read_part(f->reading, path, bytes);
}

// ---- All of it

static bool compose(WitReading *r, WitReading *wit, const ComposeFiles *files, Buf *out)
{
    Finder f = {r, wit, files};
    ToolPackages packages = {find_package, &f};
    Bytes text;
    if (!read_text(r, files->file, &text)) return false;
    if (component_is(text.data, text.len) || (text.len && text.data[0] == '('))
        return cli_error(0, "%s is a component; --plug says what is plugged into it", files->file);
    return tool_compose(&r->wit, bytes_of(files->file), text, &packages, out);
}

static bool plug(WitReading *r, const ComposeFiles *files, Buf *out)
{
    ToolPart *parts = NEW_ARRAY(&r->arena, ToolPart, (size_t)files->plug_count + 1);
    for (u32 i = 0; i <= files->plug_count; i++) {
        const char *path = i ? files->plugs[i - 1] : files->file;
        parts[i].name = bytes_of(path);
        if (!read_part(r, path, &parts[i].bytes)) return false;
        if (!component_is(parts[i].bytes.data, parts[i].bytes.len))
            return cli_error(0, "%s is no component", path);
    }
    return tool_plug(&r->wit, parts, files->plug_count + 1, out);
}

bool compose_files(WitReading *r, WitReading *wit, const ComposeFiles *files, Buf *out)
{
    r->wit.diag.err = ERR_none;
    bool good = files->plug_count ? plug(r, files, out) : compose(r, wit, files, out);
    if (good) return wit_is_valid(r, "the component", buf_view(out));
    if (r->wit.diag.err == ERR_none) return false;
    wit_print_why(&r->wit, files->file);
    fwrite(out->data, out->len, 1, stderr);
    return false;
}
