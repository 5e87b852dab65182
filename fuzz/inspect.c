// inspect.c -- `weft inspect` of any file, in words, in JSON, of functions and of one section, says
// nothing that could drive a terminal. What does not begin like a module is taken for a custom
// section in one: its first byte chooses the name.
// Hazards: R44, R45.

#include "command.h"

static const char *const names[] = {
    "name",        "producers", "target_features",  "metadata.code.branch_hint",
    "dylink.0",    "linking",   "sourceMappingURL", "external_debug_info",
    ".debug_info", "build_id", "reloc.CODE"};

// Two functions, (param i32) (result i32) and (), the first with an `if` that a hint may stand at;
// then the section.
static const u8 head[] = {0, 'a',  's', 'm',  1,    0, 0, 0, 1, 9, 2, 0x60,
                          1, 0x7f, 1,   0x7f, 0x60, 0, 0, 3, 3, 2, 0, 1};
static const u8 code[] = {10, 17, 2,    12, 0,    0x20, 0, 4, 0x7f, 0x41,
                          1,  5,  0x41, 2,  0x0b, 0x0b, 2, 0, 0x0b};

static void write_custom(FILE *out, const u8 *data, size_t size)
{
    const char *name = names[data[0] % COUNT_OF(names)];
    size_t len = strlen(name), content = 1 + len + size - 1;
    fputc(0, out);
    for (u32 i = 0; i < 5; i++, content >>= 7)
        fputc((int)(content & 0x7f) | (i < 4 ? 0x80 : 0), out);
    fputc((int)len, out);
    fwrite(name, 1, len, out);
    fwrite(data + 1, 1, size - 1, out);
}

static File make_file(const u8 *data, size_t size)
{
    if (size >= 4 && !memcmp(data, "\0asm", 4)) return file_new(data, size);
    char *bytes;
    size_t len;
    FILE *out = open_memstream(&bytes, &len);
    MUST(out);
    if (size) {
        fwrite(head, 1, sizeof head, out);
        if (data[0] & 0x80) write_custom(out, data, size);
        fwrite(code, 1, sizeof code, out);
        if (!(data[0] & 0x80)) write_custom(out, data, size);
    }
    fclose(out);
    File file = file_new(bytes, len);
    free(bytes);
    return file;
}

static const char *const ways[][6] = {
    {NULL},
    {"--json"},
    {"--functions"},
    {"--types"},
    {"--types", "--json"},
    {"--disassemble"},
    {"--tree", "--percent", "0", "--depth", "40"},
    {"--tree", "--json"},
    {"--svg", "-"},
    {"--function", "0", "--function=0x40"},
    {"--json", "--function", "f", "--function", "1"},
    {"--section=producers"},
};

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    File file = make_file(data, size);
    for (u32 i = 0; i < COUNT_OF(ways); i++) {
        const char *words[WORDS_MOST] = {"inspect"};
        u32 count = 1;
        for (u32 k = 0; ways[i][k]; k++) words[count++] = ways[i][k];
        words[count] = file.name;
        Said s = said(cli_inspect, words);
        said_free(&s);
    }
    close(file.fd);
    return 0;
}
