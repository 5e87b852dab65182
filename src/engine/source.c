// source.c -- see source.h.

#include "engine/source.h"

#include "base/utf8.h"
#include "binary/decode.h"
#include "plat/pages.h"

#include <string.h>

typedef struct { const char *magic; u32 len; const char *what, *advice; } Known;

static const Known known[] = {
    {"\0asm\x0d\0\1\0", 8, "a WebAssembly component", "components are not supported yet; extract its core module"},
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

static bool looks_like_text(const u8 *data, size_t size)
{
    size_t head = MIN(size, 4096);
    for (size_t i = 0; i < head; i++)
        if (data[i] < 0x20 && !strchr("\t\n\r\f", data[i])) return false;
    return true;
}

const char *source_other(const u8 *data, size_t size, const char **advice)
{
    *advice = "";
    if (!size) return "empty";
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (size < known[i].len || memcmp(data, known[i].magic, known[i].len)) continue;
        *advice = known[i].advice;
        return known[i].what;
    }
    if (size >= 4 && !memcmp(data, "\0asm", 4)) return NULL;
    if (!looks_like_text(data, size)) {
        *advice = "a binary module starts with the bytes 00 61 73 6d";
        return "binary data of some other kind";
    }
    size_t i = 0;
    while (i < size &&
           (strchr(" \t\n\r", data[i]) || (i == 0 && size > 3 && !memcmp(data, "\xef\xbb\xbf", 3))))
        i++;
    if (i < size && (data[i] == '(' || data[i] == ';')) return NULL;
    *advice = i == size ? "" : "text modules start with (module";
    return i == size ? "blank" : "text, but not a text module";
}

static bool is_binary(const u8 *data, size_t size) { return size >= 4 && !memcmp(data, "\0asm", 4); }

static bool assemble(Source *s, Features features, Bytes *out, Diag *diag)
{
    const u8 *data = s->data;
    size_t size = s->size;
    *out = (Bytes){data, size};
    const char *advice, *other = source_other(data, size, &advice);
    if (is_binary(data, size) && !other) return true;
    if (other)
        return diag_fail(diag, ERR_magic_header_not_detected, 0, "this is %s%s%s", other,
                         *advice ? "; " : "", advice);
    s->is_text = true;
    if (!text_parse(&s->arena, (const char *)data, 0, size, features, &s->text, diag)) return false;
    *out = s->text.bytes;
    return true;
}

bool source_assemble(Source *s, Features features, const u8 *data, size_t size, Bytes *out,
                     Diag *diag)
{
    *s = (Source){.data = data, .size = size};
    arena_init(&s->arena);
    diag_init(diag);
    return assemble(s, features, out, diag);
}

static bool source_module(Source *s, Module *m, Diag *diag)
{
    s->module = m;
    if (!m && s->is_text) text_diag_map(diag, &s->text, (const char *)s->data, s->size);
    return m != NULL;
}

bool source_load(Source *s, Engine *engine, const u8 *data, size_t size, Diag *diag)
{
    Bytes bytes;
    if (!source_assemble(s, engine->features, data, size, &bytes, diag)) return false;
    return source_module(s, engine_load(engine, bytes.data, bytes.len, diag), diag);
}

void source_free(Source *s)
{
    load_free(s->load);
    module_free(s->module);
    arena_free(&s->arena);
    if (s->buffer) pages_free(s->buffer, s->reserved);
}

// ---- In pieces

enum { RESERVE_LEAST = 16 << 20, RESERVE_MOST = 1 << 30, COMMIT = 1 << 20 };

// The module's bytes must not move, so there has to be room for the largest; or what a small
// machine has.
bool source_begin(Source *s, Engine *engine, Diag *diag)
{
    *s = (Source){.engine = engine, .reserved = RESERVE_MOST};
    arena_init(&s->arena);
    diag_init(diag);
    while (!(s->buffer = pages_reserve(s->reserved)) && s->reserved > RESERVE_LEAST)
        s->reserved /= 2;
    s->data = s->buffer;
    if (!s->buffer) return diag_fail(diag, ERR_out_of_memory, 0, "for what is read");
    return true;
}

u8 *source_room(Source *s, size_t *room, Diag *diag)
{
    if (s->size == s->committed) {
        size_t more = MIN((size_t)COMMIT, s->reserved - s->committed);
        if (!more) {
            diag_fail(diag, ERR_limit_module_size, 0, "there is room for %zu bytes", s->reserved);
            return NULL;
        }
        if (!pages_commit(s->buffer + s->committed, more)) {
            diag_fail(diag, ERR_out_of_memory, 0, "for what is read");
            return NULL;
        }
        s->committed += more;
    }
    *room = s->committed - s->size;
    return s->buffer + s->size;
}

bool source_took(Source *s, size_t size, Diag *diag)
{
    const char *advice;
    s->size += size;
    // From its header on it is known to be a module.
    if (!s->load &&
        (s->size < 8 || !is_binary(s->data, s->size) || source_other(s->data, s->size, &advice)))
        return true;
    if (!s->load && !(s->load = load_new(s->engine, s->data)))
        return diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    return load_feed(s->load, s->size, false, diag);
}

// The module stays in the buffer; the address space behind it is given back.
static void trim(Source *s)
{
    if (s->reserved > s->committed)
        pages_free(s->buffer + s->committed, s->reserved - s->committed);
    s->reserved = s->committed;
    if (!s->committed) s->buffer = NULL;
}

bool source_end(Source *s, Diag *diag)
{
    trim(s);
    if (s->load) {
        Module *m = load_feed(s->load, s->size, true, diag) ? load_take(s->load) : NULL;
        load_free(s->load);
        s->load = NULL;
        return source_module(s, m, diag);
    }
    Bytes bytes;
    return assemble(s, s->engine->features, &bytes, diag) &&
           source_module(s, engine_load(s->engine, bytes.data, bytes.len, diag), diag);
}
