// strip.c -- of any module that can be decoded `weft strip` leaves one, without what was to go; of
// that it leaves all. The first byte chooses the options.
// Hazards: R44.

#include "command.h"

#include "binary/decode.h"
#include "cli/custom.h"

static const char *const choices[][3] = {
    {NULL}, {"--all", NULL}, {"--all", "--keep=reloc*", NULL}, {"-R", "*e*", NULL},
    {"-k", ".debug_l*", NULL}, {"--debug", "--remove=linking", NULL},
};

// All of a file. The caller frees it.
static u8 *contents(const File *f, size_t *size)
{
    off_t end = lseek(f->fd, 0, SEEK_END);
    u8 *data = malloc((size_t)end + 1);
    *size = (size_t)end;
    MUST(data && pread(f->fd, data, *size, 0) == end);
    return data;
}

static bool strip(const char *const *options, const File *from, const File *to)
{
    char name[40];
    const char *words[WORDS_MOST] = {"strip", from->name, "-o", name};
    snprintf(name, sizeof name, "/dev/fd/%d", to->fd);
    for (u32 i = 0; options[i]; i++) words[4 + i] = options[i];
    Said s = said(cli_strip, words);
    said_free(&s);
    return s.status == EXIT_OK;
}

static u32 debug_sections(const u8 *data, size_t size)
{
    TypeStore *types = type_store_new();
    Module *m;
    Diag diag;
    u32 count = 0;
    MUST(module_decode(data, size, features_default, types, &m, &diag));
    for (u32 i = 0; i < m->section_count; i++)
        count += !m->sections[i].id &&
                 custom_kind(section_name(m, &m->sections[i])) == CUSTOM_debug;
    module_free(m);
    type_store_free(types);
    return count;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    u32 choice = size ? data[0] % COUNT_OF(choices) : 0;
    File file = file_new(data + !!size, size - !!size), once = file_new("", 0),
         twice = file_new("", 0);
    if (strip(choices[choice], &file, &once)) {
        size_t once_size, twice_size;
        u8 *first = contents(&once, &once_size);
        u32 left = debug_sections(first, once_size);
        MUST(choice > 1 || !left);
        MUST(strip(choices[choice], &once, &twice));
        u8 *second = contents(&twice, &twice_size);
        MUST(once_size == twice_size && !memcmp(first, second, once_size));
        free(first);
        free(second);
    }
    close(file.fd);
    close(once.fd);
    close(twice.fd);
    return 0;
}
