// section.c -- see section.h.

#include "cli/section.h"

#include "base/nearest.h"
#include "cli/cli.h"
#include "module/describe.h"

#include <string.h>

enum { PER_LINE = 16 };

static void show_line(const u8 *bytes, u32 offset, u32 count)
{
    printf("  %#8x ", offset);
    for (u32 i = 0; i < PER_LINE; i++) {
        if (i % 8 == 0) putchar(' ');
        if (i < count) printf("%02x ", bytes[i]);
        else fputs("   ", stdout);
    }
    putchar(' ');
    for (u32 i = 0; i < count; i++) putchar(bytes[i] >= ' ' && bytes[i] < 0x7f ? bytes[i] : '.');
    putchar('\n');
}

static void show_bytes(const Module *m, const Section *section)
{
    char name[QUOTED_MOST];
    u32 size = section->content.end - section->content.start;
    printf("custom section %s: at %#x, %u bytes from %#x\n", quoted(name, section_name(m, section)),
           section->start, size, section->content.start);
    for (u32 i = 0; i < size && !ferror(stdout); i += PER_LINE)
        show_line(m->bytes + section->content.start + i, section->content.start + i,
                  MIN(size - i, PER_LINE));
}

static bool none_such(const Module *m, const char *name)
{
    char given[QUOTED_MOST], best[QUOTED_MOST];
    Nearest near = nearest_to(name, strlen(name));
    quoted(given, bytes_of(name));
    for (u32 i = 0; i < m->section_count; i++) {
        Bytes other = section_name(m, &m->sections[i]);
        if (!m->sections[i].id) nearest_try(&near, (const char *)other.data, other.len);
    }
    if (!near.best) return cli_error(0, "there is no custom section %s", given);
    return cli_error(0, "there is no custom section %s; did you mean %s?", given,
                     quoted(best, (Bytes){(const u8 *)near.best, near.best_len}));
}

bool section_show(const Module *m, const char *name, bool raw)
{
    bool found = false;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *section = &m->sections[i];
        if (!section_is(m, section, name)) continue;
        found = true;
        if (!raw) show_bytes(m, section);
        else fwrite(m->bytes + section->content.start, 1,
                    section->content.end - section->content.start, stdout);
    }
    return found || none_such(m, name);
}
