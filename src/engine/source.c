// source.c -- see source.h.

#include "engine/source.h"

#include "base/utf8.h"
#include "binary/decode.h"

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
    while (i < size && (strchr(" \t\n\r", data[i]) || (i == 0 && size > 3 && !memcmp(data, "\xef\xbb\xbf", 3)))) i++;
    if (i < size && (data[i] == '(' || data[i] == ';')) return NULL;
    *advice = i == size ? "" : "text modules start with (module";
    return i == size ? "blank" : "text, but not a text module";
}

static bool is_binary(const u8 *data, size_t size) { return size >= 4 && !memcmp(data, "\0asm", 4); }

bool source_assemble(Source *s, Features features, const u8 *data, size_t size, Bytes *out, Diag *diag)
{
    *s = (Source){.data = data, .size = size};
    arena_init(&s->arena);
    diag_init(diag);
    *out = (Bytes){data, size};
    const char *advice, *other = source_other(data, size, &advice);
    if (is_binary(data, size) && !other) return true;
    if (other)
        return diag_fail(diag, ERR_magic_header_not_detected, 0, "this is %s%s%s", other, *advice ? "; " : "", advice);
    s->is_text = true;
    if (!text_parse(&s->arena, (const char *)data, 0, size, features, &s->text, diag)) return false;
    *out = s->text.bytes;
    return true;
}

bool source_load(Source *s, Engine *engine, const u8 *data, size_t size, Diag *diag)
{
    Bytes bytes;
    if (!source_assemble(s, engine->features, data, size, &bytes, diag)) return false;
    s->module = engine_load(engine, bytes.data, bytes.len, diag);
    if (s->module) return true;
    if (s->is_text) text_diag_map(diag, &s->text, (const char *)data, size);
    return false;
}

void source_free(Source *s)
{
    module_free(s->module);
    arena_free(&s->arena);
}
