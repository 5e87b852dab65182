// inspect.c -- weft inspect: what is in a module, for people or as JSON.
//
// A module that is not valid is shown too, if it can be decoded at all; the error follows. What is
// shown is linear in the module's size: types that are long are named by their index, or cut.

#include "cli/cli.h"
#include "cli/disassemble.h"
#include "cli/json.h"
#include "cli/native.h"
#include "cli/places.h"
#include "cli/section.h"

#include "binary/decode.h"
#include "binary/reader.h"
#include "engine/needs.h"
#include "module/describe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_LIMIT = 120,       // characters of a type on a line
    JSON_LIMIT = 1000,      // of an import's or export's; types themselves are whole
    LARGEST = 10,           // functions listed by size
    NAME_SECONDS = 2,       // for names that were mangled
};

typedef struct {
    const char *file;
    const Source *source;
    const Module *m;
    Bytes bytes;            // of the module, also when it was text
    const Diag *diag;       // why it is not valid, or NULL
    Features needs;         // of what is valid
    u32 largest[LARGEST], largest_count; // defined functions
    u64 code_size;          // of all bodies
    Bytes readable[LARGEST], readable_start; // names of the largest, and of the start function
    Arena *arena;
    Describer describer;
    Buf text;
} Inspect;

static const char *const section_text[] = {"custom", "type",   "import",     "function", "table",
                                           "memory", "global", "export",     "start",    "element",
                                           "code",   "data",   "data count", "tag"};
static const char *const kind_text[EXTERN_COUNT] = {"func", "table", "memory", "global", "tag"};
static const char *const plural_text[EXTERN_COUNT] = {"functions", "tables", "memories", "globals",
                                                      "tags"};

// ---- What is counted

static u32 section_items(const Module *m, u8 id)
{
    switch (id) {
    case 1: return m->type_count;
    case 2: return m->import_count;
    case 3: case 10: return m->func_count - m->imported_funcs;
    case 4: return m->table_count - m->imported_tables;
    case 5: return m->memory_count - m->imported_memories;
    case 6: return m->global_count - m->imported_globals;
    case 7: return m->export_count;
    case 9: return m->elem_count;
    case 11: return m->data_count;
    case 13: return m->tag_count - m->imported_tags;
    default: return 1;
    }
}

static u32 item_count(const Module *m, ExternKind kind, u32 *imported)
{
    const u32 counts[EXTERN_COUNT][2] = {{m->func_count, m->imported_funcs},
                                         {m->table_count, m->imported_tables},
                                         {m->memory_count, m->imported_memories},
                                         {m->global_count, m->imported_globals},
                                         {m->tag_count, m->imported_tags}};
    *imported = counts[kind][1];
    return counts[kind][0];
}

static u32 body_size(const Module *m, u32 func)
{
    return m->funcs[func].body.end - m->funcs[func].body.start;
}

static void find_largest(Inspect *s)
{
    for (u32 i = s->m->imported_funcs; i < s->m->func_count; i++) {
        u32 size = body_size(s->m, i), at = s->largest_count;
        s->code_size += size;
        while (at > 0 && body_size(s->m, s->largest[at - 1]) < size) at--;
        if (at == LARGEST) continue;
        u32 last = MIN(s->largest_count, LARGEST - 1);
        memmove(&s->largest[at + 1], &s->largest[at], (last - at) * sizeof s->largest[0]);
        s->largest[at] = i;
        s->largest_count = last + 1;
    }
}

// The names of functions that are shown, as the source has them.
static WhereTrouble find_readable(Inspect *s, bool raw)
{
    Bytes names[LARGEST + 1];
    u32 count = s->largest_count;
    for (u32 i = 0; i < count; i++) names[i] = module_func_name(s->m, s->largest[i]);
    names[count] = s->m->has_start ? module_func_name(s->m, s->m->start) : (Bytes){NULL, 0};
    Where w = {.m = s->m, .seconds = NAME_SECONDS, .names = names, .name_count = count + 1};
    if (!raw) where_ask(&w, s->arena);
    const Bytes *found = raw ? names : w.readable;
    memcpy(s->readable, found, count * sizeof found[0]);
    s->readable_start = found[count];
    return w.trouble;
}

static u64 data_size(const Module *m)
{
    u64 size = 0;
    for (u32 i = 0; i < m->data_count; i++) size += m->datas[i].init.end - m->datas[i].init.start;
    return size;
}

static u32 section_size(const Section *s) { return s->content.end - s->start; }

// ---- The custom section "producers". spec: tool conventions; what is malformed ends it silently

typedef void ProducerHook(void *env, Bytes field, Bytes name, Bytes version);

static void read_producers(const Module *m, const Section *s, ProducerHook *hook, void *env)
{
    Diag ignored;
    diag_init(&ignored);
    Reader r = {m->bytes, m->bytes + s->content.start, m->bytes + s->content.end,
                ERR_unexpected_end, &ignored};
    for (u32 fields = read_count(&r, 2); fields && !reader_failed(&r); fields--) {
        Bytes field = read_name(&r);
        for (u32 values = read_count(&r, 2); values && !reader_failed(&r); values--) {
            Bytes name = read_name(&r), version = read_name(&r);
            if (!reader_failed(&r)) hook(env, field, name, version);
        }
    }
}

static bool is_named(const Module *m, const Section *s, const char *name)
{
    return s->id == 0 && s->name_size == strlen(name) &&
           !memcmp(section_name(m, s).data, name, s->name_size);
}

static void each_producer(const Module *m, ProducerHook *hook, void *env)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (is_named(m, &m->sections[i], "producers"))
            read_producers(m, &m->sections[i], hook, env);
}

// ---- For people

static void show(Bytes text) { fwrite(text.data, 1, text.len, stdout); }

// Cut between two characters.
static void show_most(Inspect *s, Bytes name, size_t most)
{
    bool cut = name.len > most;
    if (cut) name.len = most;
    while (cut && name.len && (name.data[name.len] & 0xc0) == 0x80) name.len--;
    s->text.len = 0;
    buf_quoted(&s->text, name, QUOTE_text);
    show(buf_view(&s->text));
    if (cut) fputs("...", stdout);
}

static void show_name(Inspect *s, Bytes name) { show_most(s, name, NAME_SHOWN); }

static void show_sections(Inspect *s)
{
    const Module *m = s->m;
    puts("\nsections      offset        size   items");
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *section = &m->sections[i];
        printf("  %-10s %#8x %11u ", section_text[section->id], section->start,
               section_size(section));
        if (section->id) printf("%7u", section_items(m, section->id));
        else fputs("        ", stdout), show_name(s, section_name(m, section));
        putchar('\n');
    }
}

static void show_types(Inspect *s)
{
    if (!s->m->type_count) return;
    printf("\ntypes: %u\n", s->m->type_count);
    for (u32 i = 0; i < s->m->type_count; i++) {
        printf("  %u ", i);
        show(describe_type(&s->describer, i));
        putchar('\n');
    }
}

static void show_imports(Inspect *s)
{
    if (!s->m->import_count) return;
    printf("\nimports: %u\n", s->m->import_count);
    for (u32 i = 0; i < s->m->import_count; i++) {
        const Import *import = &s->m->imports[i];
        fputs("  import ", stdout);
        show_name(s, import->module);
        putchar(' ');
        show_name(s, import->name);
        putchar(' ');
        show(describe_item(&s->describer, import->kind, import->index));
        putchar('\n');
    }
}

static void show_exports(Inspect *s)
{
    if (!s->m->export_count) return;
    printf("\nexports: %u\n", s->m->export_count);
    for (u32 i = 0; i < s->m->export_count; i++) {
        const Export *export = &s->m->exports[i];
        fputs("  export ", stdout);
        show_name(s, export->name);
        Bytes type = describe_item(&s->describer, export->kind, export->index);
        putchar(' ');
        if (type.len) show(type);
        else printf("(%s %u)", kind_text[export->kind], export->index);
        putchar('\n');
    }
}

// What the module defines itself, imports not repeated.
static void show_defined(Inspect *s)
{
    for (ExternKind kind = EXTERN_table; kind < EXTERN_COUNT; kind++) {
        u32 imported, count = item_count(s->m, kind, &imported);
        if (count == imported) continue;
        printf("\n%s: %u\n", plural_text[kind], count - imported);
        for (u32 i = imported; i < count; i++) {
            printf("  %u ", i);
            show(describe_item(&s->describer, kind, i));
            putchar('\n');
        }
    }
}

static void show_func(Inspect *s, u32 func, Bytes readable)
{
    printf("func %u", func);
    if (!readable.data) return;
    putchar(' ');
    bool raw = readable.data == module_func_name(s->m, func).data;
    show_most(s, readable, raw ? NAME_SHOWN : READABLE_SHOWN);
}

static void show_code(Inspect *s)
{
    const Module *m = s->m;
    printf("\ncode: %" PRIu64 " bytes in %u functions, %u more imported\n", s->code_size,
           m->func_count - m->imported_funcs, m->imported_funcs);
    for (u32 i = 0; i < s->largest_count; i++) {
        printf("  %7u  ", body_size(m, s->largest[i]));
        show_func(s, s->largest[i], s->readable[i]);
        putchar('\n');
    }
    if (m->data_count)
        printf("data: %" PRIu64 " bytes in %u segments\n", data_size(m), m->data_count);
    if (m->has_start) {
        fputs("start: ", stdout);
        show_func(s, m->start, s->readable_start);
        putchar('\n');
    }
}

static void show_producer(void *env, Bytes field, Bytes name, Bytes version)
{
    Inspect *s = env;
    fputs("  ", stdout);
    show_name(s, field);
    putchar(' ');
    show_name(s, name);
    putchar(' ');
    show_name(s, version);
    putchar('\n');
}

static void show_about(Inspect *s)
{
    const Module *m = s->m;
    if (m->names.module.data || m->names.funcs.count) {
        printf("\nnames: %u functions", m->names.funcs.count);
        if (m->names.module.data) fputs(", module ", stdout), show_name(s, m->names.module);
        putchar('\n');
    }
    bool heading = false;
    for (u32 i = 0; i < m->section_count; i++)
        heading = heading || is_named(m, &m->sections[i], "producers");
    if (heading) puts("\nproducers");
    each_producer(m, show_producer, s);
    if (s->diag) return;
    fputs("\nfeatures needed:", stdout);
    for (u32 i = 0; i < FEATURE_COUNT; i++)
        if (s->needs & FEATURE_BIT(i)) printf(" %s", feature_text[i]);
    puts(s->needs ? "" : " none beyond WebAssembly 1.0");
}

static void show_all(Inspect *s)
{
    print_tame(stdout, (Bytes){(const u8 *)s->file, strlen(s->file)});
    if (s->source->is_text) printf(": text, as binary %zu bytes\n", s->bytes.len);
    else printf(": binary, %zu bytes\n", s->bytes.len);
    show_sections(s);
    show_types(s);
    show_imports(s);
    show_exports(s);
    show_defined(s);
    show_code(s);
    show_about(s);
}

// ---- For programs

static void json_sections(Json *j, const Module *m)
{
    json_open(j, "sections", '[');
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *section = &m->sections[i];
        json_open(j, NULL, '{');
        json_number(j, "id", section->id);
        if (section->id) json_text(j, "name", section_text[section->id]);
        else json_string(j, "name", section_name(m, section));
        json_number(j, "offset", section->start);
        json_number(j, "size", section_size(section));
        if (section->id) json_number(j, "items", section_items(m, section->id));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_types(Json *j, Inspect *s)
{
    s->describer.limit = SIZE_MAX;
    json_open(j, "types", '[');
    for (u32 i = 0; i < s->m->type_count; i++)
        json_string(j, NULL, describe_type(&s->describer, i));
    json_close(j, ']');
    s->describer.limit = JSON_LIMIT;
}

static void json_imports(Json *j, Inspect *s)
{
    json_open(j, "imports", '[');
    for (u32 i = 0; i < s->m->import_count; i++) {
        const Import *import = &s->m->imports[i];
        json_open(j, NULL, '{');
        json_string(j, "module", import->module);
        json_string(j, "name", import->name);
        json_text(j, "kind", kind_text[import->kind]);
        json_number(j, "index", import->index);
        json_string(j, "type", describe_item(&s->describer, import->kind, import->index));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_exports(Json *j, Inspect *s)
{
    json_open(j, "exports", '[');
    for (u32 i = 0; i < s->m->export_count; i++) {
        const Export *export = &s->m->exports[i];
        Bytes type = describe_item(&s->describer, export->kind, export->index);
        json_open(j, NULL, '{');
        json_string(j, "name", export->name);
        json_text(j, "kind", kind_text[export->kind]);
        json_number(j, "index", export->index);
        if (type.len) json_string(j, "type", type);
        else json_null(j, "type");
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_defined(Json *j, Inspect *s)
{
    for (ExternKind kind = EXTERN_table; kind < EXTERN_COUNT; kind++) {
        u32 imported, count = item_count(s->m, kind, &imported);
        json_open(j, plural_text[kind], '{');
        json_number(j, "imported", imported);
        json_open(j, "defined", '[');
        for (u32 i = imported; i < count; i++)
            json_string(j, NULL, describe_item(&s->describer, kind, i));
        json_close(j, ']');
        json_close(j, '}');
    }
}

static void json_func(Json *j, const char *key, Inspect *s, u32 func)
{
    Bytes name = module_func_name(s->m, func);
    json_open(j, key, '{');
    json_number(j, "index", func);
    if (name.data) json_string(j, "name", name);
    else json_null(j, "name");
    if (func >= s->m->imported_funcs && func < s->m->func_count)
        json_number(j, "size", body_size(s->m, func));
    json_close(j, '}');
}

static void json_code(Json *j, Inspect *s)
{
    const Module *m = s->m;
    json_open(j, "functions", '{');
    json_number(j, "imported", m->imported_funcs);
    json_number(j, "defined", m->func_count - m->imported_funcs);
    json_number(j, "code_size", s->code_size);
    json_open(j, "largest", '[');
    for (u32 i = 0; i < s->largest_count; i++) json_func(j, NULL, s, s->largest[i]);
    json_close(j, ']');
    json_close(j, '}');
    json_number(j, "element_segments", m->elem_count);
    json_number(j, "data_segments", m->data_count);
    json_number(j, "data_size", data_size(m));
    if (!m->has_start) json_null(j, "start");
    else json_func(j, "start", s, m->start);
}

static void json_producer(void *env, Bytes field, Bytes name, Bytes version)
{
    Json *j = env;
    json_open(j, NULL, '{');
    json_string(j, "field", field);
    json_string(j, "name", name);
    json_string(j, "version", version);
    json_close(j, '}');
}

static void json_about(Json *j, Inspect *s)
{
    const Module *m = s->m;
    json_open(j, "names", '{');
    if (m->names.module.data) json_string(j, "module", m->names.module);
    else json_null(j, "module");
    json_number(j, "functions", m->names.funcs.count);
    json_close(j, '}');
    json_open(j, "producers", '[');
    each_producer(m, json_producer, j);
    json_close(j, ']');
    if (s->diag) {
        json_null(j, "features_needed");
        return;
    }
    json_open(j, "features_needed", '[');
    for (u32 i = 0; i < FEATURE_COUNT; i++)
        if (s->needs & FEATURE_BIT(i)) json_text(j, NULL, feature_text[i]);
    json_close(j, ']');
}

static void json_all(Inspect *s)
{
    Json json, *j = &json;
    char text[512];
    json_init(j, stdout, s->arena);
    json_open(j, NULL, '{');
    json_text(j, "file", s->file);
    json_text(j, "format", s->source->is_text ? "text" : "binary");
    json_number(j, "size", s->bytes.len);
    json_bool(j, "valid", !s->diag);
    if (s->diag) json_text(j, "error", diag_text(s->diag, text, sizeof text));
    else json_null(j, "error");
    json_sections(j, s->m);
    json_types(j, s);
    json_imports(j, s);
    json_exports(j, s);
    json_defined(j, s);
    json_code(j, s);
    json_about(j, s);
    json_close(j, '}');
}

// ---- The command

// Bodies, one function as code where native.func is set, or the overview.
typedef struct {
    bool json, bodies, raw_names, raw;
    const char *section; // this one instead
    Tier tier;
    NativeView native;
} Show;

// The arena's failure ends up here; nothing that was set before the jump is read after it.
static bool inspect_guarded(Inspect *s, const Show *how)
{
    jmp_buf failure;
    s->arena->on_failure = &failure;
    if (setjmp(failure)) return false;
    buf_init(&s->text, s->arena);
    describer_init(&s->describer, s->m, s->arena, how->json ? JSON_LIMIT : TEXT_LIMIT);
    find_largest(s);
    if (how->json) {
        json_all(s);
        return true;
    }
    WhereTrouble trouble = find_readable(s, how->raw_names);
    show_all(s);
    fflush(stdout);
    if (trouble) fprintf(stderr, "note: %s\n", where_trouble_text[trouble]);
    return true;
}

static bool inspect_module(const char *file, Engine *engine, const Source *source, const Module *m,
                           const Diag *diag, const Show *how)
{
    Arena arena;
    arena_init(&arena);
    Inspect s = {.file = file, .source = source, .m = m, .bytes = {m->bytes, m->size}, .diag = diag,
                 .arena = &arena};
    bool good = diag || engine_needs(engine, m->bytes, m->size, &s.needs);
    if (good) good = inspect_guarded(&s, how);
    arena_free(&arena);
    return good || cli_error(0, "out of memory");
}

static int inspect_file(const char *file, Engine *engine, Show *show)
{
    int status = EXIT_INPUT;
    Intake input;
    Source source;
    Diag diag, ignored;
    show->native.file = strcmp(file, "-") ? file : NULL;
    if (!input_open(file, &input)) return EXIT_INPUT;
    bool valid = source_load(&source, engine, input.data, input.size, &diag), good = valid;
    Module *m = source.module;
    if (!valid) {
        Bytes bytes = source.is_text ? source.text.bytes : (Bytes){input.data, input.size};
        if (bytes.data)
            module_decode(bytes.data, bytes.len, engine->features, engine->types, &m, &ignored);
    }
    if (m && valid && show->native.func)
        good = (status = print_native(m, &show->native)) == EXIT_OK;
    else if (m && show->section)
        good = section_show(m, show->section, show->raw) && valid;
    else if (m && valid && show->bodies)
        good = disassemble(stdout, m, DIAG_NO_FUNC) ||
               (!ferror(stdout) && cli_error(0, "out of memory"));
    else if (m)
        good = inspect_module(file, engine, &source, m, valid ? NULL : &diag, show) && valid;
    if (!valid) print_diag(file, &source, &diag);
    if (!valid) module_free(m);
    source_free(&source);
    intake_free(&input);
    return good ? EXIT_OK : status;
}

// How `weft run` would compile it.
static int take_native(Args *args, Show *show)
{
    NativeView *native = &show->native;
    const char *value;
    u64 fuel;
    int status = EXIT_OK;
    if (args_flag(args, "--deterministic")) {
        native->mode |= CODE_deterministic;
    } else if (args_value(args, "--faults", &value)) {
        status = parse_faults(value, &native->faults) ? EXIT_OK : EXIT_USAGE;
    } else if (args_value(args, "--fuel", &value)) {
        native->mode |= CODE_fueled;
        if (!parse_size(value, &fuel))
            status = cli_error(EXIT_USAGE, "--fuel wants a number of instructions");
    } else if (args_value(args, "--tier", &value)) {
        if (!value || !tier_parse(value, &show->tier) || show->tier == TIER_interp)
            status = cli_error(EXIT_USAGE, "--tier is auto or baseline");
    } else {
        status = args_unknown(args);
    }
    return status;
}

static int take_options(Args *args, Show *show, Features *features)
{
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args_at_option(args) && !args_flag(args, "--")) {
        if (args_flag(args, "--json")) show->json = true;
        else if (args_flag(args, "--disassemble")) show->bodies = true;
        else if (args_flag(args, "--raw-names")) show->raw_names = true;
        else if (args_flag(args, "--raw")) show->raw = true;
        else if (args_value(args, "--section", &show->section)) {
            if (!show->section) status = args_missing(args, "NAME");
        } else if (args_value(args, "--native", &show->native.func)) {
            if (!show->native.func) status = args_missing(args, "FUNC");
        } else if (args_value(args, "--features", &value))
            status = parse_features(value, features) ? EXIT_OK : EXIT_USAGE;
        else status = take_native(args, show);
    }
    show->native.json = show->json;
    return status;
}

int cli_inspect(Args *args)
{
    Features features = features_default;
    Show show = {.tier = TIER_baseline, .native = {.faults = true}};
    int status = take_options(args, &show, &features);
    if (status != EXIT_OK) return status;
    if (args->next >= args->argc) return args_missing(args, "FILE");
    const char *file = args->argv[args->next++];
    if (args->next < args->argc) return cli_error(EXIT_USAGE, "weft inspect takes one file");
    Engine *engine = engine_new(features);
    if (!engine) return cli_error(EXIT_INPUT, "out of memory");
    engine->tier = show.tier;
    status = inspect_file(file, engine, &show);
    engine_free(engine);
    return status;
}
