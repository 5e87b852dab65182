// source.c -- see source.h.

#include "engine/source.h"

#include "base/utf8.h"
#include "binary/decode.h"
#include "engine/cache.h"
#include "plat/clock.h"
#include "plat/pages.h"
#include "text/component/parse.h"
#include "valid/valid.h"

#include <stdlib.h>
#include <string.h>

typedef struct { const char *magic; u32 len; const char *what, *advice; } Known;

static const char utf16[] = "UTF-16 text", as_utf8[] = "save it as UTF-8";

static const char not_run[] = "components are run with weft run, from a file";

static const char html[] = "an HTML page",
    refused[] = "whoever was asked for a module answered with something else";

static const Known known[] = {
    {"\xff\xfe", 2, utf16, as_utf8},
    {"\xfe\xff", 2, utf16, as_utf8},
    {"(\0", 2, utf16, as_utf8},
    {"\0(", 2, utf16, as_utf8},
    {"\0asm\x0d\0\1\0", 8, "a WebAssembly component", not_run},
    {"\xef\xbf\xbd" "asm", 6, "a module that was copied as if it were text", "copy it again, as binary"},
    {"AGFzbQ", 6, "a module in base64", "`base64 -d` makes a module of it"},
    {"data:application/wasm;base64,", 29, "a URL that holds a module in base64", "`base64 -d` makes a module of what is behind the comma"},
    {"0061736d", 8, "a module in hexadecimal", "`xxd -r -p` makes a module of it"},
    {"<!", 2, html, refused},
    {"<html", 5, html, refused},
    {"<HTML", 5, html, refused},
    {"<?xml", 5, "an XML document", refused},
    {"{", 1, "JSON", refused},
    {"version https://git-lfs", 23, "what git has in place of a large file", "`git lfs pull` fetches the file"},
    {"\0aot", 4, "code that WAMR compiled ahead of time", "weft runs the module that it was made of"},
    {COMPILED_MAGIC, 8, "a module that weft compiled ahead of time", "`weft run` runs it as a file, `weft inspect` looks at it"},
    {"\x7f" "ELF", 4, "an ELF executable or object", "compile the program with --target=wasm32-wasi"},
    {"!<arch>\n", 8, "a static library", "link it into a module with wasm-ld first"},
    {"BC\xc0\xde", 4, "LLVM bitcode", "compile it to an object and link it with wasm-ld"},
    {"MZ", 2, "a Windows executable", "compile the program with --target=wasm32-wasi"},
    {"\xcf\xfa\xed\xfe", 4, "a Mach-O executable", "compile the program with --target=wasm32-wasi"},
    {"\xca\xfe\xba\xbe", 4, "a Java class or a universal Mach-O binary", ""},
    {"\x1f\x8b", 2, "gzip data", "unpack it with gunzip first"},
    {"\x28\xb5\x2f\xfd", 4, "zstd data", "unpack it with unzstd first"},
    {"\xfd" "7zXZ", 5, "xz data", "unpack it with unxz first"},
    {"BZh", 3, "bzip2 data", "unpack it with bunzip2 first"},
    {"PK\3\4", 4, "a zip archive", "unpack it with unzip first"},
    {"\x89PNG", 4, "a PNG picture", ""},
    {"\xff\xd8\xff", 3, "a JPEG picture", ""},
    {"GIF8", 4, "a GIF picture", ""},
    {"%PDF", 4, "a PDF document", ""},
    {"#!", 2, "a script", ""},
    {"SQLite format 3", 15, "an SQLite database", ""},
};

static const char mark[] = "\xef\xbb\xbf"; // that the bytes are in order, which editors put there

static bool is_binary(const u8 *data, size_t size)
{
    return size >= 4 && !memcmp(data, "\0asm", 4);
}

static bool starts_with(const u8 *data, size_t size, const char *start, size_t len)
{
    return !memcmp(data, start, MIN(size, len));
}

bool source_marked(const u8 *data, size_t size)
{
    return size >= 3 && starts_with(data, size, mark, 3);
}

// The first byte that stands in no text, or begins no module, decides.
static const char *no_text(Guess *g, const u8 *data, size_t size, const char **advice)
{
    enum { HEAD = 4096 };
    for (; g->looked < size && (!g->begun || g->looked < HEAD); g->looked++) {
        u8 c = data[g->looked];
        if (c < 0x20 && (!c || !strchr("\t\n\r\f", c))) {
            *advice = "a binary module starts with the bytes 00 61 73 6d";
            return "binary data of some other kind";
        }
        if (g->begun || c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
        if (c != '(' && c != ';') {
            *advice = "text modules start with (module";
            return "text, but not a text module";
        }
        g->begun = true;
    }
    return NULL;
}

const char *source_other(Guess *g, const u8 *data, size_t size, bool whole,
                         const char **advice)
{
    *advice = "";
    for (size_t i = 0; i < COUNT_OF(known) && size && !g->looked; i++) {
        if (!starts_with(data, size, known[i].magic, known[i].len)) continue;
        if (size < known[i].len && whole) continue;
        *advice = known[i].advice;
        return size < known[i].len ? NULL : known[i].what;
    }
    if (!whole && size < 4 &&
        (starts_with(data, size, "\0asm", 4) || starts_with(data, size, mark, 3)))
        return NULL;
    if (is_binary(data, size)) return NULL;
    if (!g->looked && size > 3 && starts_with(data, size, mark, 3)) g->looked = 3;
    const char *other = no_text(g, data, size, advice);
    return other || !whole || g->begun ? other : size ? "blank" : "empty";
}

static bool refuse_other(Source *s, bool whole, Diag *diag)
{
    const char *advice, *other = source_other(&s->guess, s->data, s->size, whole, &advice);
    return !other || diag_fail(diag, ERR_magic_header_not_detected, 0, "this is %s%s%s", other,
                               *advice ? "; " : "", advice);
}

// ---- How long it may take

// Only the time that is spent here counts, not what passes before the next piece arrives.
static void start_clock(Source *s, const Engine *engine)
{
    s->limiter = engine->load_ns ? engine : NULL; // which may have changed since the last piece
    if (!s->limiter) return;
    s->since = plat_clock_now(CLOCK_monotonic);
}

static void stop_clock(Source *s)
{
    if (s->limiter) s->spent += plat_clock_now(CLOCK_monotonic) - s->since;
}

static bool in_time(void *env)
{
    const Source *s = env;
    return !s->limiter ||
           s->spent + plat_clock_now(CLOCK_monotonic) - s->since <= s->limiter->load_ns;
}

static bool is_component(const u8 *data, size_t size)
{
    return size >= 8 && starts_with(data, size, "\0asm\x0d\0\1\0", 8);
}

bool source_is_component(const u8 *data, size_t size)
{
    return is_component(data, size) ||
           text_is_component((const char *)data, source_marked(data, size) ? 3 : 0, size);
}

static bool assemble(Source *s, Features features, Bytes *out, Diag *diag)
{
    const Pace pace = {in_time, s};
    *out = (Bytes){s->data, s->size};
    if (s->component && is_component(s->data, s->size)) return *s->component = true;
    if (!refuse_other(s, true, diag)) return false;
    if (is_binary(s->data, s->size)) return true;
    s->is_text = true;
    if (source_marked(s->data, s->size)) s->data += 3, s->size -= 3; // nor is it in any line
    const char *text = (const char *)s->data;
    bool component = text_is_component(text, 0, s->size);
    if (component && !s->component)
        return diag_fail(diag, ERR_unknown_operator, 0,
                         "this is the text of a WebAssembly component; %s", not_run);
    bool good = component
                    ? component_text_parse(&s->arena, text, 0, s->size, true, features, &pace,
                                           &s->text, diag)
                    : text_parse(&s->arena, text, 0, s->size, features, &pace, &s->text, diag);
    if (component) *s->component = true;
    *out = s->text.bytes;
    return good;
}

bool source_assemble(Source *s, Features features, const u8 *data, size_t size, Bytes *out,
                     Diag *diag)
{
    *s = (Source){.data = data, .size = size};
    arena_init(&s->arena);
    diag_init(diag);
    return assemble(s, features, out, diag);
}

bool source_assemble_any(Source *s, Features features, const u8 *data, size_t size, Bytes *out,
                         bool *component, Diag *diag)
{
    *s = (Source){.data = data, .size = size, .component = component};
    *component = false;
    arena_init(&s->arena);
    diag_init(diag);
    bool good = assemble(s, features, out, diag);
    s->component = NULL;
    return good;
}

bool source_assemble_for(Source *s, Engine *engine, const u8 *data, size_t size, Bytes *out,
                         bool *component, Diag *diag)
{
    *s = (Source){.data = data, .size = size, .component = component};
    *component = false;
    arena_init(&s->arena);
    s->arena.account = &engine->accounts[ENGINE_module_bytes];
    diag_init(diag);
    start_clock(s, engine);
    bool good = assemble(s, engine->features, out, diag);
    s->component = NULL;
    return good;
}

static bool take_module(Source *s, Module *m, Diag *diag)
{
    s->module = m;
    if (!m && s->is_text) text_diag_map(diag, &s->text, (const char *)s->data, s->size);
    return m != NULL;
}

static bool load_assembled(Source *s, Engine *engine, Diag *diag)
{
    const Pace pace = {in_time, s};
    Bytes bytes;
    start_clock(s, engine);
    return assemble(s, engine->features, &bytes, diag) &&
           take_module(s, cache_load(engine, bytes.data, bytes.len, &pace, diag), diag);
}

bool source_load(Source *s, Engine *engine, const u8 *data, size_t size, Diag *diag)
{
    *s = (Source){.data = data, .size = size};
    arena_init(&s->arena);
    s->arena.account = &engine->accounts[ENGINE_module_bytes];
    diag_init(diag);
    return load_assembled(s, engine, diag);
}

// Room that the source's account has paid for.
static bool begin_intake(Source *s, size_t expected, Diag *diag)
{
    if (!intake_begin(&s->intake, expected, diag)) return false;
    if (!account_take_shared(s->arena.account, s->intake.committed))
        return diag_fail(diag, ERR_limit_module_bytes, 0, "for what is read");
    s->intake.account = s->arena.account;
    s->data = s->intake.data;
    return true;
}

// Room for the module, of which a part will be used.
static bool take_room(Source *s, const CompiledHead *head, Diag *diag)
{
    u64 most = s->engine->module_size;
    if (most && head->module_size > most)
        return diag_fail(diag, ERR_limit_module_size, 0, "%llu bytes, %llu at most",
                         (unsigned long long)head->module_size, (unsigned long long)most);
    if (!begin_intake(s, MAX((size_t)head->module_size, 1), diag)) return false;
    pages_prefer_small(s->intake.data, s->intake.reserved);
    s->size = s->intake.size = (size_t)head->module_size;
    return true;
}

static bool decode_compiled(Source *s, const Stored *stored, const Range *bodies, Diag *diag)
{
    const Pace pace = {in_time, s};
    if (!(s->load = load_new(s->engine, s->data)))
        return diag_fail(diag, ERR_out_of_memory, 0, "for the module");
    start_clock(s, s->engine);
    load_pace(s->load, &pace);
    load_unjudged(s->load, bodies, stored->count);
    if (load_feed(s->load, s->size, true, diag)) s->module = load_take(s->load);
    load_free(s->load);
    s->load = NULL;
    return s->module;
}

static bool read_compiled(Source *s, const CompiledFrom *from, const CompiledHead *head,
                          const Stored *stored, Diag *diag)
{
    if (!take_room(s, head, diag) || !compiled_module(from, head, s->intake.data, diag))
        return false;
    Range *bodies = malloc(((size_t)stored->count + 1) * sizeof *bodies);
    if (!bodies) return diag_fail(diag, ERR_out_of_memory, 0, "for the module");
    for (u32 i = 0; i < stored->count; i++) {
        const StoredFunc *f = &stored->funcs[i];
        bodies[i] = (Range){f->body, f->body + f->body_size};
    }
    bool good = decode_compiled(s, stored, bodies, diag);
    free(bodies);
    return good;
}

static bool judge_bodies(const Module *m, Diag *diag)
{
    BodyValidator *v = body_validator_new(m);
    bool good = v ? body_validator_check(v, m->imported_funcs, m->func_count, diag)
                  : diag_fail(diag, ERR_out_of_memory, 0, "while validating");
    body_validator_free(v);
    return good;
}

bool source_load_compiled(Source *s, Engine *engine, const CompiledFrom *from, bool judged,
                          Diag *diag)
{
    CompiledHead head;
    *s = (Source){.engine = engine};
    arena_init(&s->arena);
    s->arena.account = &engine->accounts[ENGINE_module_bytes];
    Stored *stored = compiled_head(from, &head, diag)
                         ? compiled_index(from, &head, s->arena.account, diag)
                         : NULL;
    if (!stored) {
        from->free(from->env);
        return false;
    }
    if (!read_compiled(s, from, &head, stored, diag)) {
        stored_free(stored);
        return false;
    }
    return compiled_attach(engine, stored, s->intake.data, false, s->module, diag) &&
           (!judged || judge_bodies(s->module, diag));
}

void source_free(Source *s)
{
    load_free(s->load);
    engine_unload(s->module);
    arena_free(&s->arena);
    intake_free(&s->intake);
}

// ---- In pieces

bool source_begin(Source *s, Engine *engine, size_t expected, Diag *diag)
{
    *s = (Source){.engine = engine};
    arena_init(&s->arena);
    diag_init(diag);
    s->arena.account = &engine->accounts[ENGINE_module_bytes];
    return begin_intake(s, expected, diag);
}

// Pieces that are not long are decoded while they are warm in the cache; threads are started for
// each, so those must be worth it.
u8 *source_room(Source *s, size_t *room, Diag *diag)
{
    enum { PIECE = 256 << 10, SHARE = 1 << 20 };
    u32 threads = s->engine->threads;
    u8 *at = intake_room(&s->intake, room, diag);
    *room = MIN(*room, threads > 1 ? (size_t)SHARE * threads : PIECE);
    return at;
}

static bool feed(Source *s, bool last, Diag *diag)
{
    const Pace pace = {in_time, s};
    start_clock(s, s->engine);
    load_pace(s->load, &pace);
    bool good = load_feed(s->load, s->size, last, diag);
    stop_clock(s);
    return good;
}

bool source_took(Source *s, size_t size, Diag *diag)
{
    s->intake.size = s->size += size;
    if (!s->load) {
        if (s->component && is_component(s->data, s->size)) return intake_fits(&s->intake, diag);
        if (!refuse_other(s, false, diag) || !intake_fits(&s->intake, diag)) return false;
        // From its header on it is known to be a module.
        if (s->size < 8 || !is_binary(s->data, s->size)) return true;
        if (s->engine->cache) return true; // where it is found by all of its bytes
        if (!(s->load = load_new(s->engine, s->data)))
            return diag_fail(diag, ERR_out_of_memory, 0, "for the module");
    }
    return feed(s, false, diag);
}

bool source_end(Source *s, Diag *diag)
{
    intake_end(&s->intake);
    if (s->load) {
        Module *m = feed(s, true, diag) ? load_take(s->load) : NULL;
        load_free(s->load);
        s->load = NULL;
        return take_module(s, m, diag);
    }
    if (s->component && (*s->component = source_is_component(s->data, s->size))) return false;
    return load_assembled(s, s->engine, diag);
}
