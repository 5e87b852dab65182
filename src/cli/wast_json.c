// wast_json.c -- see wast_json.h.
//
// All of it is made in memory first, so that a script that cannot be read leaves no file; and the
// JSON comes last, so that where it is everything is that it names.

#include "cli/wast_json.h"

#include "cli/json.h"
#include "script/list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct { char *name; u8 *data; size_t size; bool fresh; } ModuleFile;

typedef struct {
    const char *base;     // x of x.json
    size_t base_len;
    Arena arena;
    Json json;
    ModuleFile *files;
    u32 count, cap;
    bool unreadable;      // a value is none
} Writer;

static const char *last_part(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

// ---- Values

static void write_lane(Json *j, const char *key, const Pattern *p, u32 i)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, p->lane[i].bits);
    json_text(j, key, p->lane[i].nan == NAN_canonical    ? "nan:canonical"
                      : p->lane[i].nan == NAN_arithmetic ? "nan:arithmetic"
                                                         : text);
}

static void write_lanes(Json *j, const Pattern *p)
{
    char type[8];
    snprintf(type, sizeof type, "%c%u", p->is_float ? 'f' : 'i', p->bits);
    if (p->bits * p->count != 128) {
        json_text(j, "type", type);
        write_lane(j, "value", p, 0);
        return;
    }
    json_text(j, "type", "v128");
    json_text(j, "lane_type", type);
    json_open(j, "value", '[');
    for (u32 i = 0; i < p->count; i++) write_lane(j, NULL, p, i);
    json_close(j, ']');
}

static void write_heap(Json *j, Heap heap)
{
    static const char *const names[HEAP_COUNT] = {
#define HEAP(name, text, ...) [HEAP_##name] = text,
#include "op/type.def"
    };
    char type[40] = "refnull"; // of whatever type
    if (heap < HEAP_COUNT) snprintf(type, sizeof type, "%sref", names[heap]);
    json_text(j, "type", type);
}

static void write_pattern(Json *j, const Pattern *p)
{
    char host[24];
    json_open(j, NULL, '{');
    switch (p->kind) {
    case PATTERN_lanes: write_lanes(j, p); break;
    case PATTERN_null:
        write_heap(j, p->heap);
        if (p->heap < HEAP_COUNT) json_text(j, "value", "null");
        break;
    case PATTERN_ref: write_heap(j, p->heap); break;
    case PATTERN_host:
        write_heap(j, p->heap);
        snprintf(host, sizeof host, "%" PRIu64, p->host);
        json_text(j, "value", host);
        break;
    }
    json_close(j, '}');
}

static void write_alternatives(Json *j, const char *key, const Expected *e)
{
    json_open(j, key, '[');
    for (u32 i = 0; i < e->count; i++) write_pattern(j, &e->of[i]);
    json_close(j, ']');
}

static void write_expected(Json *j, const Expected *e)
{
    if (e->count == 1) {
        write_pattern(j, &e->of[0]);
        return;
    }
    json_open(j, NULL, '{');
    json_text(j, "type", "either");
    write_alternatives(j, "values", e);
    json_close(j, '}');
}

static void write_values(Writer *w, const char *key, ScriptValues values)
{
    Expected value;
    json_open(&w->json, key, '[');
    while (script_value(&values, &value)) write_expected(&w->json, &value);
    json_close(&w->json, ']');
    w->unreadable = w->unreadable || values.broken;
}

// A single result that may be one of several is all that wabt knows of those.
static void write_results(Writer *w, ScriptValues values)
{
    Expected first, second;
    ScriptValues ahead = values;
    if (script_value(&ahead, &first) && first.count > 1 && !script_value(&ahead, &second) &&
        !ahead.broken)
        write_alternatives(&w->json, "either", &first);
    else write_values(w, "expected", values);
}

static void write_types(Json *j, const ScriptItem *item)
{
    char type[80];
    json_open(j, "expected", '[');
    for (u32 i = 0; i < item->type_count; i++) {
        json_open(j, NULL, '{');
        json_text(j, "type", type_text(type, sizeof type, item->types[i], NULL, 0));
        json_close(j, '}');
    }
    json_close(j, ']');
}

// ---- Commands

static void write_id(Json *j, const char *key, Arena *arena, Bytes id)
{
    if (!id.data) return;
    char *name = arena_alloc(arena, id.len + 1);
    name[0] = '$';
    memcpy(name + 1, id.data, id.len);
    json_string(j, key, (Bytes){(const u8 *)name, id.len + 1});
}

static void write_action(Writer *w, const ScriptItem *item)
{
    Json *j = &w->json;
    json_open(j, "action", '{');
    json_text(j, "type", item->action);
    write_id(j, "module", &w->arena, item->of);
    json_string(j, "field", item->field);
    if (!strcmp(item->action, "invoke")) write_values(w, "args", item->arguments);
    json_close(j, '}');
}

static void write_file(Writer *w, const ScriptItem *item)
{
    size_t room = w->base_len + 24;
    const char *kind = item->file == SCRIPT_FILE_text ? "wat" : "wasm";
    ModuleFile *file = &ARENA_PUSH(&w->arena, w->files, w->count, w->cap);
    file->name = arena_alloc(&w->arena, room);
    snprintf(file->name, room, "%.*s.%u.%s", (int)w->base_len, w->base, w->count - 1, kind);
    file->data = arena_copy(&w->arena, item->bytes.data, item->bytes.len);
    file->size = item->bytes.len;
    json_text(&w->json, "filename", last_part(file->name));
}

static void put_item(Writer *w, const ScriptItem *item)
{
    Json *j = &w->json;
    bool about = !strncmp(item->type, "assert", 6), made = !strcmp(item->type, "module_instance");
    json_open(j, NULL, '{');
    json_text(j, "type", item->type);
    json_number(j, "line", item->line);
    write_id(j, made ? "instance" : "name", &w->arena, item->id);
    if (item->as.data) json_string(j, "as", item->as);
    if (made) write_id(j, "module", &w->arena, item->base);
    if (item->action) write_action(w, item);
    if (item->file) write_file(w, item);
    if (item->text.data) json_string(j, "text", item->text);
    if (item->file && about)
        json_text(j, "module_type", item->file == SCRIPT_FILE_text ? "text" : "binary");
    if (item->returns) write_results(w, item->results);
    else if (item->action) write_types(j, item);
    json_close(j, '}');
}

// The arena's failure ends up here, since whoever lists the script has something to free.
static bool write_item(void *env, const ScriptItem *item)
{
    Writer *w = env;
    jmp_buf failed;
    w->arena.on_failure = &failed;
    if (setjmp(failed)) return false;
    put_item(w, item);
    return !w->unreadable;
}

static bool begin(Writer *w, const char *file, FILE *out)
{
    jmp_buf failed;
    w->arena.on_failure = &failed;
    if (setjmp(failed)) return false;
    json_init_plain(&w->json, out, &w->arena);
    json_open(&w->json, NULL, '{');
    json_text(&w->json, "source_filename", file);
    json_open(&w->json, "commands", '[');
    return true;
}

static bool list_script(Writer *w, const char *file, Bytes script, Features features, FILE *out,
                        ScriptListed *listed)
{
    if (!begin(w, file, out) || !script_list((const char *)script.data, script.len, features,
                                             write_item, w, listed))
        return false;
    json_close(&w->json, ']');
    json_close(&w->json, '}');
    return true;
}

static int cannot_list(const Writer *w, const char *file, const ScriptListed *listed)
{
    if (!*listed->why && !w->unreadable) return cli_error(EXIT_INPUT, "out of memory");
    return cli_error(EXIT_INPUT, "%s:%u:%u: %s; nothing was written", file, listed->line,
                     listed->column, w->unreadable ? "cannot read a value" : listed->why);
}

// Where one cannot be written, none is, unless that is seen too late: then those go that were not
// there before.
static int write_all_files(const Writer *w, const char *file, const char *json, const char *text,
                           size_t size)
{
    for (u32 i = 0; i < w->count; i++) {
        w->files[i].fresh = access(w->files[i].name, F_OK) != 0;
        if (!output_ready(w->files[i].name, file)) return EXIT_INPUT;
    }
    u32 done = 0;
    while (done < w->count && output_write(w->files[done].name, w->files[done].data,
                                           w->files[done].size))
        done++;
    if (done == w->count && output_write(json, text, size)) return EXIT_OK;
    while (done-- > 0)
        if (w->files[done].fresh) unlink(w->files[done].name);
    return EXIT_INPUT;
}

typedef struct { char *data; size_t size, cap; } Text;

// What is printed to a stream. 0: no memory, which the stream tells as an error.
static ssize_t keep_text(void *env, const char *data, size_t size)
{
    Text *t = env;
    if (t->cap - t->size < size) {
        size_t cap = MAX(2 * t->cap, t->size + size + 4096);
        char *more = realloc(t->data, cap);
        if (!more) return 0;
        t->data = more;
        t->cap = cap;
    }
    memcpy(t->data + t->size, data, size);
    t->size += size;
    return (ssize_t)size;
}

static int write_script(Writer *w, const char *file, const char *json, Bytes script,
                        Features features)
{
    Text text = {0};
    ScriptListed listed = {0};
    FILE *out = fopencookie(&text, "w", (cookie_io_functions_t){.write = keep_text});
    if (!out) return cli_error(EXIT_INPUT, "out of memory");
    bool good = list_script(w, file, script, features, out, &listed), written = !ferror(out);
    written = fclose(out) == 0 && written;
    int status = !good      ? cannot_list(w, file, &listed)
                 : !written ? cli_error(EXIT_INPUT, "out of memory")
                            : write_all_files(w, file, json, text.data, text.size);
    free(text.data);
    if (listed.left_out && status == EXIT_OK)
        fprintf(stderr, "left out: %u commands about components and threads\n", listed.left_out);
    return status;
}

// Can there be others beside it?
static bool is_file(const char *name)
{
    struct stat st;
    return strcmp(name, "-") && (stat(name, &st) || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

int wast_json(const char *file, const char *json, Features features)
{
    Intake input;
    Writer w = {.base = json, .base_len = strlen(json)};
    if (!is_file(json)) return cli_error(EXIT_USAGE, "--json wants the name of a file");
    if (w.base_len > 5 && !strcmp(json + w.base_len - 5, ".json")) w.base_len -= 5;
    if (!output_ready(json, file) || !input_open(file, &input)) return EXIT_INPUT;
    size_t mark = source_marked(input.data, input.size) ? 3 : 0;
    arena_init(&w.arena);
    int status = write_script(&w, file, json, (Bytes){input.data + mark, input.size - mark},
                              features);
    arena_free(&w.arena);
    intake_free(&input);
    return status;
}
