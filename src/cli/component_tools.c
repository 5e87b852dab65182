// component_tools.c -- weft component: from modules and WIT to components and back.

#include "cli/component_compose.h"
#include "component/tool/tool.h"
#include "component/tool/unbundle.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name, *path; // name NULL: that of the file
} Adapt;

// What is linked.
typedef struct {
    const char *word; // FILE or NAME=FILE
    bool openable;
} LinkWord;

typedef struct {
    const char *deed, **words;
    u32 word_count;
    const char *output, *world;
    WitStrings strings;
    bool dummy;
    DummyNames names;
    DummyAsync async;
    Adapt *adapts;
    u32 adapt_count;
    LinkWord *links;
    const char **folders; // where libraries are that others need
    u32 link_count, folder_count, stack_size;
    bool stubs, libdl;
    const char **deps, **plugs;
    u32 dep_count, plug_count;
    bool all_features;
    const char **given; // options as they stand there
    u32 given_count;
    const char *rest, **modules; // of bundle: NAME=FILE
    u32 module_count, least;
    bool threshold; // that was said
} Options;

enum { UNBUNDLE_LEAST = 4096 }; // what is smaller stays, if nothing is said

// A module, in text or bytes.
typedef struct {
    Intake input;
    Source source;
    Bytes bytes;
} ModuleFile;

typedef struct {
    WitReading wit, other;
    ModuleFile module, *adapters;
    ModuleFile **libraries;
    ToolLibrary *linked;  // the same
    const char **paths;
    u32 library_count, library_cap, linked_count, linked_cap, path_count, path_cap;
} Inputs;

// False after printing why.
static bool open_module(const char *path, ModuleFile *f)
{
    Diag diag = {0};
    if (!input_open(path, &f->input)) return false;
    if (source_assemble(&f->source, features_all, f->input.data, f->input.size, &f->bytes, &diag))
        return true;
    if (diag.err != ERR_none) print_diag(path, &f->source, &diag);
    return false;
}

static void close_module(ModuleFile *f)
{
    source_free(&f->source);
    intake_free(&f->input);
}

// ---- embed

static bool embed_dummy(Inputs *in, const Options *o, const WitWorld *world, Buf *out)
{
    Buf module;
    buf_init(&module, out->arena);
    if (tool_dummy(&in->wit.wit, world, o->names, o->async, &module) &&
        tool_embed(&in->wit.wit, world, o->strings, buf_view(&module), out))
        return true;
    wit_print_why(&in->wit.wit, o->words[0]);
    return false;
}

static bool embed(Inputs *in, const Options *o, Buf *out)
{
    if (!wit_read(&in->wit, o->words[0])) return false;
    const WitWorld *world = wit_find_world(&in->wit.wit, o->world);
    if (world && o->dummy) return embed_dummy(in, o, world, out);
    if (!world || !open_module(o->words[1], &in->module)) return false;
    if (tool_embed(&in->wit.wit, world, o->strings, in->module.bytes, out)) return true;
    wit_print_why(&in->wit.wit, o->words[1]);
    return false;
}

// ---- new

// What a file is called, without folders and endings: wasi_snapshot_preview1.command.wasm is
// wasi_snapshot_preview1.
static Bytes adapter_name(const Adapt *a)
{
    const char *slash = strrchr(a->path, '/'), *start = slash ? slash + 1 : a->path;
    if (a->name) return (Bytes){(const u8 *)a->name, strcspn(a->name, "=")};
    return (Bytes){(const u8 *)start, strcspn(start, ".")};
}

static bool open_adapters(Inputs *in, const Options *o, ToolAdapter *adapters)
{
    for (u32 i = 0; i < o->adapt_count; i++) {
        if (!open_module(o->adapts[i].path, &in->adapters[i])) return false;
        adapters[i] = (ToolAdapter){adapter_name(&o->adapts[i]), in->adapters[i].bytes};
    }
    return true;
}

static bool make_new(Inputs *in, const Options *o, Buf *out)
{
    ToolAdapter *adapters = NEW_ARRAY(out->arena, ToolAdapter, (size_t)o->adapt_count + 1);
    Diag diag;
    if (!open_module(o->words[0], &in->module)) return false;
    if (!open_adapters(in, o, adapters)) return false;
    if (tool_new(out->arena, in->module.bytes, adapters, o->adapt_count, out, &diag))
        return wit_is_valid(&in->wit, "the component", buf_view(out));
    print_diag(o->words[0], NULL, &diag);
    return false;
}

// ---- link

// The name of a file, of which .wasm and .wat are no part.
static Bytes library_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *start = slash ? slash + 1 : path;
    size_t len = strlen(start);
    static const char *const endings[] = {".wasm", ".wat"};
    for (u32 i = 0; i < COUNT_OF(endings); i++) {
        size_t end = strlen(endings[i]);
        if (len > end && !strcmp(start + len - end, endings[i])) {
            len -= end;
            break;
        }
    }
    return (Bytes){(const u8 *)start, len};
}

static bool add_library(Inputs *in, const char *path, Bytes name, bool openable)
{
    Arena *arena = &in->wit.arena;
    ModuleFile *f = NEW(arena, ModuleFile);
    ARENA_PUSH(arena, in->libraries, in->library_count, in->library_cap) = f;
    if (!open_module(path, f)) return false;
    ARENA_PUSH(arena, in->paths, in->path_count, in->path_cap) = path;
    ARENA_PUSH(arena, in->linked, in->linked_count, in->linked_cap) =
        (ToolLibrary){name, f->bytes, openable};
    return true;
}

// A file of that name in one of the folders, with an ending or without. NULL: there is none.
static const char *find_library(Arena *arena, const Options *o, Bytes name)
{
    static const char *const endings[] = {"", ".wasm", ".wat"};
    if (memchr(name.data, '/', name.len) || memchr(name.data, 0, name.len)) return NULL;
    for (u32 i = 0; i < o->folder_count * COUNT_OF(endings); i++) {
        Buf path;
        File file;
        FileStat stat;
        buf_init(&path, arena);
        buf_bytes(&path, o->folders[i / 3], strlen(o->folders[i / 3]));
        buf_byte(&path, '/');
        buf_bytes(&path, name.data, name.len);
        buf_bytes(&path, endings[i % 3], strlen(endings[i % 3]) + 1);
        if (file_open((const char *)path.data, &file)) continue;
        bool found = !file_stat(file, &stat) && stat.kind == FILE_regular;
        file_close(file);
        if (found) return (const char *)path.data;
    }
    return NULL;
}

// What is needed and was not given; if it cannot be found, who links says so.
static bool add_needed(Inputs *in, const Options *o)
{
    Arena *arena = &in->wit.arena;
    Map known;
    map_init(&known, arena);
    for (u32 i = 0; i < in->linked_count; i++)
        map_add(&known, in->linked[i].name.data, in->linked[i].name.len, 0);
    for (u32 i = 0; i < in->linked_count; i++) {
        Bytes *needed;
        u32 count;
        Diag diag;
        if (!tool_needed(arena, in->linked[i].module, &needed, &count, &diag)) continue;
        for (u32 k = 0; k < count; k++) {
            if (!map_add(&known, needed[k].data, needed[k].len, 0)) continue;
            const char *path = find_library(arena, o, needed[k]);
            if (path && !add_library(in, path, needed[k], false)) return false;
        }
    }
    return true;
}

static bool link_all(Inputs *in, const Options *o, Buf *out)
{
    ToolAdapter *adapters = NEW_ARRAY(out->arena, ToolAdapter, (size_t)o->adapt_count + 1);
    Diag diag;
    for (u32 i = 0; i < o->link_count; i++) {
        const char *word = o->links[i].word, *equals = strchr(word, '=');
        Bytes name = library_name(word);
        if (equals) name = (Bytes){(const u8 *)word, (size_t)(equals - word)};
        if (!add_library(in, equals ? equals + 1 : word, name, o->links[i].openable)) return false;
    }
    if (!add_needed(in, o) || !open_adapters(in, o, adapters)) return false;
    ToolLink how = {.libraries = in->linked, .library_count = in->linked_count,
                    .adapters = adapters, .adapter_count = o->adapt_count,
                    .stack_size = o->stack_size, .stubs = o->stubs, .libdl = o->libdl};
    if (tool_link(out->arena, &how, out, &diag))
        return wit_is_valid(&in->wit, "the component", buf_view(out));
    print_diag(how.failed == UINT32_MAX ? "weft" : in->paths[how.failed], NULL, &diag);
    return false;
}

// ---- targets

static bool targets(Inputs *in, const Options *o)
{
    Buf why;
    buf_init(&why, &in->wit.arena);
    if (!wit_read(&in->wit, o->words[0]) || !wit_read(&in->other, o->words[1])) return false;
    const WitWorld *world = wit_find_world(&in->wit.wit, o->world);
    if (!world) return false;
    if (tool_fits(&in->other.wit, &in->wit.wit, world, &why)) return true;
    fwrite(why.data, why.len, 1, stderr);
    return false;
}

// ---- unbundle

static bool write_module(const CModuleSpan *m, const u8 *bytes, const Options *o, u32 number,
                         Arena *arena)
{
    FILE *told = o->rest && output_is_standard(o->rest) ? stderr : stdout;
    Buf name;
    char end[20];
    buf_init(&name, arena);
    buf_bytes(&name, o->output, strlen(o->output));
    int len = snprintf(end, sizeof end, "%u.wasm", number);
    buf_bytes(&name, end, (size_t)len + 1);
    u32 size = m->bytes.end - m->bytes.start;
    if (!output_write((const char *)name.data, bytes + m->bytes.start, size)) return false;
    fprintf(told, "%s  %u bytes at 0x%x\n", name.data, size, m->bytes.start);
    return true;
}

static const Component *load_component(Inputs *in, const char *path)
{
    Intake *file = &in->module.input;
    if (!input_open(path, file)) return NULL;
    return wit_load(&in->wit, path, (Bytes){file->data, file->size});
}

// The rest is written last: whoever has it has the modules.
static bool unbundle(Inputs *in, const Options *o, Buf *out)
{
    const Component *c = load_component(in, o->words[0]);
    if (!c) return false;
    bool *taken = NEW_ARRAY(out->arena, bool, (size_t)c->module_count + 1);
    u32 number, most = o->threshold ? o->least : o->rest ? UNBUNDLE_LEAST : 0;
    tool_unbundle(c, most, taken, &number, out);
    if (o->rest && !wit_is_valid(&in->other, "the rest", buf_view(out))) return false;
    if (!o->rest) number = 0;
    for (u32 i = 0; i < c->module_count; i++)
        if (taken[i] && !write_module(&c->modules[i], c->bytes, o, number++, out->arena))
            return false;
    return !o->rest || output_write(o->rest, out->data, out->len);
}

// ---- bundle

static bool bundle(Inputs *in, const Options *o, Buf *out)
{
    ToolModule *modules = NEW_ARRAY(out->arena, ToolModule, (size_t)o->module_count + 1);
    const Component *c = load_component(in, o->words[0]);
    for (u32 i = 0; i < o->module_count && c; i++) {
        const char *word = o->modules[i], *equals = strchr(word, '=');
        ModuleFile *f = NEW(out->arena, ModuleFile);
        ARENA_PUSH(out->arena, in->libraries, in->library_count, in->library_cap) = f;
        if (!open_module(equals + 1, f)) return false;
        Bytes name = {(const u8 *)word, (size_t)(equals - word)};
        modules[i] = (ToolModule){.name = name, .module = f->bytes};
    }
    if (!c) return false;
    tool_bundle(c, modules, o->module_count, out);
    for (u32 i = 0; i < o->module_count; i++)
        if (!modules[i].used)
            return cli_error(0, "%s imports no module \"%.*s\"", o->words[0],
                             (int)modules[i].name.len, (const char *)modules[i].name.data);
    return wit_is_valid(&in->other, "the component", buf_view(out));
}

// ---- compose

static bool compose(Inputs *in, const Options *o, Buf *out)
{
    const ComposeFiles files = {o->words[0], o->deps, o->dep_count, o->plugs, o->plug_count};
    return compose_files(&in->wit, &in->other, &files, out);
}

// ---- Options

static int take_dep(Options *o, const char *value)
{
    const char *colon = value ? strchr(value, ':') : NULL;
    if (!colon || colon == value || !strchr(colon, '='))
        return cli_error(EXIT_USAGE, "--dep wants NAMESPACE:NAME=FILE");
    o->deps[o->dep_count++] = value;
    return EXIT_OK;
}

static int take_plug(Args *args, Options *o, const char *value)
{
    if (!value) return args_missing(args, "the file behind --plug");
    o->plugs[o->plug_count++] = value;
    return EXIT_OK;
}

static int take_adapt(Options *o, const char *value)
{
    if (!value || !*value) return cli_error(EXIT_USAGE, "--adapt wants NAME=FILE, or FILE");
    const char *equals = strchr(value, '=');
    o->adapts[o->adapt_count++] = (Adapt){equals ? value : NULL, equals ? equals + 1 : value};
    return EXIT_OK;
}

static int take_encoding(Options *o, const char *value)
{
    static const char *const names[] = {"utf8", "utf16", "latin1+utf16"};
    for (u32 i = 0; value && i < STRINGS_COUNT; i++)
        if (!strcmp(value, names[i])) return o->strings = (WitStrings)i, EXIT_OK;
    return cli_error(EXIT_USAGE, "--encoding wants utf8, utf16 or latin1+utf16");
}

static int take_names(Options *o, const char *value)
{
    o->dummy = true;
    if (value && !strcmp(value, "legacy")) return o->names = DUMMY_legacy, EXIT_OK;
    if (value && !strcmp(value, "standard32")) return o->names = DUMMY_standard32, EXIT_OK;
    return cli_error(EXIT_USAGE, "--dummy-names wants legacy or standard32");
}

static int take_threshold(Options *o, const char *value)
{
    u64 size;
    if (!value || !parse_size(value, &size) || size > UINT32_MAX)
        return cli_error(EXIT_USAGE, "--threshold wants a size below 4G");
    o->least = (u32)size;
    o->threshold = true;
    return EXIT_OK;
}

static int take_rest(Args *args, Options *o)
{
    return o->rest ? EXIT_OK : args_missing(args, "the name behind --rest");
}

static int take_module(Options *o, const char *value)
{
    const char *equals = value ? strchr(value, '=') : NULL;
    if (!equals || equals == value)
        return cli_error(EXIT_USAGE, "--module wants NAME=FILE");
    o->modules[o->module_count++] = value;
    return EXIT_OK;
}

static int take_stack(Options *o, const char *value)
{
    u64 size;
    if (!value || !parse_size(value, &size) || !size || size > UINT32_MAX)
        return cli_error(EXIT_USAGE, "--stack-size wants a size below 4G");
    o->stack_size = (u32)size;
    return EXIT_OK;
}

static void take_link(Options *o, const char *word, bool openable)
{
    o->links[o->link_count++] = (LinkWord){word, openable};
}

static int take_word(Options *o, const char *word)
{
    if (!o->deed) {
        o->deed = word; // options may stand in front
        return EXIT_OK;
    }
    o->words[o->word_count++] = word;
    take_link(o, word, false);
    return EXIT_OK;
}

static int take_openable(Args *args, Options *o, const char *value)
{
    if (!value) return args_missing(args, "the file behind --dl-openable");
    take_link(o, value, true);
    return EXIT_OK;
}

static int take_folder(Args *args, Options *o, const char *value)
{
    if (!value) return args_missing(args, "the folder behind -L");
    o->folders[o->folder_count++] = value;
    return EXIT_OK;
}

static int take_options(Args *args, Options *o)
{
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args->next < args->argc) {
        if (args_at_option(args)) o->given[o->given_count++] = args->argv[args->next];
        if (args_value(args, "-o", &o->output)) {
            if (!o->output) status = args_missing(args, "the name behind -o");
        } else if (args_value(args, "--world", &o->world)) {
            if (!o->world) status = args_missing(args, "the name behind --world");
        } else if (args_value(args, "--adapt", &value)) status = take_adapt(o, value);
        else if (args_value(args, "--dep", &value)) status = take_dep(o, value);
        else if (args_value(args, "--plug", &value)) status = take_plug(args, o, value);
        else if (args_value(args, "--module", &value)) status = take_module(o, value);
        else if (args_value(args, "--threshold", &value)) status = take_threshold(o, value);
        else if (args_value(args, "--rest", &o->rest)) status = take_rest(args, o);
        else if (args_value(args, "--encoding", &value)) status = take_encoding(o, value);
        else if (args_flag(args, "--dummy")) o->dummy = true;
        else if (args_value(args, "--dummy-names", &value)) status = take_names(o, value);
        else if (args_flag(args, "--async-callback")) o->async = DUMMY_callback;
        else if (args_flag(args, "--async-stackful")) o->async = DUMMY_stackful;
        else if (args_value(args, "--dl-openable", &value)) status = take_openable(args, o, value);
        else if (args_value(args, "-L", &value)) status = take_folder(args, o, value);
        else if (args_value(args, "--stack-size", &value)) status = take_stack(o, value);
        else if (args_flag(args, "--stub-missing-functions")) o->stubs = true;
        else if (args_flag(args, "--use-built-in-libdl")) o->libdl = true;
        else if (args_flag(args, "--all-features")) o->all_features = true;
        else if (args_at_option(args)) status = args_unknown(args);
        else status = take_word(o, args->argv[args->next++]);
    }
    return status;
}

// ---- All of it

typedef enum { DO_embed, DO_new, DO_link, DO_compose, DO_unbundle, DO_bundle, DO_targets,
               DO_COUNT } Do;
static const struct { const char *name, *ending; u32 words; const char *wants; } deeds[DO_COUNT] = {
    [DO_embed] = {"embed", ".embedded.wasm", 2, "WIT and MODULE"},
    [DO_new] = {"new", ".component.wasm", 1, "a file"},
    [DO_link] = {"link", ".component.wasm", 1, "a library"},
    [DO_compose] = {"compose", ".composed.wasm", 1, "a file"},
    [DO_unbundle] = {"unbundle", ".module", 1, "a file"},
    [DO_bundle] = {"bundle", ".bundled.wasm", 1, "a file"},
    [DO_targets] = {"targets", NULL, 2, "WIT and COMPONENT"},
};

// Which of them have an option: a bit each.
#define OF(deed) (1u << DO_##deed)
static const struct { const char *name; u32 of; } owners[] = {
    {"-o", ~OF(targets)}, {"--rest", OF(unbundle)}, {"--threshold", OF(unbundle)},
    {"--module", OF(bundle)}, {"--world", OF(embed) | OF(targets)},
    {"--all-features", OF(embed) | OF(targets)}, {"--encoding", OF(embed)}, {"--dummy", OF(embed)},
    {"--dummy-names", OF(embed)}, {"--async-callback", OF(embed)},
    {"--async-stackful", OF(embed)}, {"--adapt", OF(new) | OF(link)}, {"--dl-openable", OF(link)},
    {"-L", OF(link)}, {"--stack-size", OF(link)}, {"--stub-missing-functions", OF(link)},
    {"--use-built-in-libdl", OF(link)}, {"--dep", OF(compose)}, {"--plug", OF(compose)}};

// What would do nothing is refused.
static bool has_option(const Options *o, Do what, const char *given)
{
    size_t len = strcspn(given, "=");
    u32 i = 0, other = 0;
    while (i < COUNT_OF(owners) &&
           (strncmp(owners[i].name, given, len) || owners[i].name[len]))
        i++;
    if (i == COUNT_OF(owners) || owners[i].of >> what & 1) return true;
    while (!(owners[i].of >> other & 1)) other++;
    cli_error(0, "weft component %s has no %s, but %s has", o->deed, owners[i].name,
              deeds[other].name);
    return false;
}

static int do_it(Do what, Inputs *in, const Options *o)
{
    jmp_buf failed;
    Buf out;
    in->wit.arena.on_failure = in->other.arena.on_failure = &failed;
    if (setjmp(failed)) return cli_error(EXIT_INPUT, "out of memory");
    in->wit.wit.all_features = o->all_features;
    buf_init(&out, &in->wit.arena);
    bool good = what == DO_embed      ? embed(in, o, &out)
                : what == DO_new      ? make_new(in, o, &out)
                : what == DO_link     ? link_all(in, o, &out)
                : what == DO_compose  ? compose(in, o, &out)
                : what == DO_unbundle ? unbundle(in, o, &out)
                : what == DO_bundle   ? bundle(in, o, &out)
                                      : targets(in, o);
    if (good && out.len && what != DO_unbundle)
        good = output_write(o->output, out.data, out.len);
    return good ? EXIT_OK : EXIT_INPUT;
}

static int with_inputs(Do what, Options *o)
{
    Inputs in = {0};
    in.adapters = calloc((size_t)o->adapt_count + 1, sizeof *in.adapters);
    const char *input = o->words[o->word_count - 1];
    char *made = o->output || !deeds[what].ending ? NULL : output_named(input, deeds[what].ending);
    if (made) o->output = made;
    if (!in.adapters || (!o->output && deeds[what].ending)) {
        free(in.adapters);
        return cli_error(EXIT_INPUT, "out of memory");
    }
    wit_reading_init(&in.wit);
    wit_reading_init(&in.other);
    int status = do_it(what, &in, o);
    for (u32 i = 0; i < o->adapt_count; i++) close_module(&in.adapters[i]);
    for (u32 i = 0; i < in.library_count; i++) close_module(in.libraries[i]);
    close_module(&in.module);
    wit_reading_free(&in.wit);
    wit_reading_free(&in.other);
    free(in.adapters);
    free(made);
    return status;
}

// What is to be done, and is all said that it takes?
static int check_options(const Args *args, Options *o, Do *what)
{
    u32 i = 0;
    if (!o->deed)
        return args_missing(args, "embed, new, link, compose, unbundle, bundle or targets");
    while (i < DO_COUNT && strcmp(o->deed, deeds[i].name)) i++;
    if (i == DO_COUNT)
        return cli_error(EXIT_USAGE,
                         "\"%s\" is none of embed, new, link, compose, unbundle, bundle, targets",
                         o->deed);
    *what = (Do)i;
    for (u32 k = 0; k < o->given_count; k++)
        if (!has_option(o, *what, o->given[k])) return EXIT_USAGE;
    if (o->plug_count && o->dep_count)
        return cli_error(EXIT_USAGE, "--dep is for FILE.wac, and with --plug there is none");
    u32 words = deeds[i].words - (i == DO_embed && o->dummy);
    if (o->async && (!o->dummy || o->names != DUMMY_legacy))
        return cli_error(EXIT_USAGE,
                         "--async-callback and --async-stackful want --dummy-names=legacy");
    if (o->word_count > words && i != DO_link)
        return cli_error(EXIT_USAGE, "one file too many: \"%s\"", o->words[words]);
    if (o->word_count < words)
        return args_missing(args, words < deeds[i].words ? "WIT" : deeds[i].wants);
    return EXIT_OK;
}

int cli_component(Args *args)
{
    Options o = {0};
    Do what = DO_COUNT;
    size_t most = (size_t)args->argc + 1;
    o.words = calloc(most, sizeof *o.words);
    o.adapts = calloc(most, sizeof *o.adapts);
    o.links = calloc(most, sizeof *o.links);
    o.folders = calloc(most, sizeof *o.folders);
    o.deps = calloc(most, sizeof *o.deps);
    o.plugs = calloc(most, sizeof *o.plugs);
    o.given = calloc(most, sizeof *o.given);
    o.modules = calloc(most, sizeof *o.modules);
    bool room = o.words && o.adapts && o.links && o.folders && o.deps && o.plugs && o.given &&
                o.modules;
    int status = room ? take_options(args, &o) : cli_error(EXIT_INPUT, "out of memory");
    if (status == EXIT_OK) status = check_options(args, &o, &what);
    if (status == EXIT_OK) status = with_inputs(what, &o);
    free(o.words);
    free(o.adapts);
    free(o.links);
    free(o.folders);
    free(o.deps);
    free(o.plugs);
    free(o.given);
    free(o.modules);
    return status;
}
