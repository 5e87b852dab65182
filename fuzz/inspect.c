// inspect.c -- `weft inspect` of any file, in words, in JSON, of functions and of one section, says
// nothing that could drive a terminal. What does not begin like a module is taken for a custom
// section in one: its first byte chooses the name.
// Hazards: R44, R45.

#include "fuzz.h"

#include "base/utf8.h"
#include "cli/cli.h"
#include "module/describe.h"

#include <sys/mman.h>
#include <unistd.h>

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

static int make_file(const u8 *data, size_t size)
{
    int fd = memfd_create("module", MFD_CLOEXEC);
    MUST(fd >= 0);
    FILE *out = fdopen(dup(fd), "w");
    if (size >= 4 && !memcmp(data, "\0asm", 4)) {
        fwrite(data, 1, size, out);
    } else if (size) {
        fwrite(head, 1, sizeof head, out);
        if (data[0] & 0x80) write_custom(out, data, size);
        fwrite(code, 1, sizeof code, out);
        if (!(data[0] & 0x80)) write_custom(out, data, size);
    }
    fclose(out);
    return fd;
}

static void check_tame(const u8 *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        u32 c = 0, len = utf8_decode(text + i, size - i, &c);
        MUST(len && (c == '\n' || !terminal_obeys(c)));
        i += len;
    }
}

static void inspect(char *file, const char *options)
{
    char text[100], *words[8] = {(char *)"inspect"};
    int count = 1;
    snprintf(text, sizeof text, "%s", options);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) words[count++] = word;
    words[count++] = file;
    Args args = {count, words, 1, "inspect"};
    char *out_text = NULL, *err_text_ = NULL;
    size_t out_size = 0, err_size = 0;
    FILE *out = stdout, *err = stderr;
    stdout = open_memstream(&out_text, &out_size);
    stderr = open_memstream(&err_text_, &err_size);
    int status = cli_inspect(&args);
    fclose(stdout);
    fclose(stderr);
    stdout = out;
    stderr = err;
    MUST(status == EXIT_OK || status == EXIT_INPUT);
    check_tame((const u8 *)out_text, out_size);
    check_tame((const u8 *)err_text_, err_size);
    free(out_text);
    free(err_text_);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    char file[40];
    int fd = make_file(data, size);
    snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
    inspect(file, "");
    inspect(file, "--json");
    inspect(file, "--functions");
    inspect(file, "--disassemble");
    inspect(file, "--tree --percent 0 --depth 40");
    inspect(file, "--tree --json");
    inspect(file, "--svg -");
    inspect(file, "--function 0 --function=0x40");
    inspect(file, "--json --function f --function 1");
    inspect(file, "--section=producers");
    close(fd);
    return 0;
}
