// custom.c -- see custom.h.

#include "cli/custom.h"

#include "cli/cli.h"

#include <string.h>

static const struct { const char *name; CustomKind kind; } customs[] = {
#define CUSTOM(name, kind) {name, CUSTOM_##kind},
#include "cli/custom.def"
};

CustomKind custom_kind(Bytes name)
{
    size_t i = 0;
    while (!pattern_fits(customs[i].name, name)) i++;
    return customs[i].kind; // the last one fits all
}

size_t custom_leave_out(const Module *m, const bool *gone, u8 *bytes)
{
    size_t len = 0, from = 0;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *section = &m->sections[i];
        if (!gone[i]) continue;
        memmove(bytes + len, bytes + from, section->start - from);
        len += section->start - from;
        from = section->content.end;
    }
    memmove(bytes + len, bytes + from, m->size - from);
    return len + m->size - from;
}
