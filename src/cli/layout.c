// layout.c -- see layout.h.

#include "cli/layout.h"

#include "cli/custom.h"
#include "module/describe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CODE = 10, SHOWN = 8 };

static u64 hash_more(u64 hash, const u8 *data, size_t size)
{
    for (size_t i = 0; i < size; i++) hash = (hash ^ data[i]) * 0x100000001b3u;
    return hash;
}

const char *layout_text(const Module *m, char out[LAYOUT_MOST])
{
    u64 hash = 0xcbf29ce484222325u;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        if (!s->id) continue;
        if (s->id == CODE) hash = hash_more(hash, (const u8 *)&s->start, sizeof s->start);
        hash = hash_more(hash, m->bytes + s->start, s->content.end - s->start);
    }
    snprintf(out, LAYOUT_MOST, "%016" PRIx64, hash);
    return out;
}

// Metadata of instructions in front of the code is annotations in a text, and made anew.
static bool is_placed(const Module *m, u32 i, bool code_next)
{
    const Section *s = &m->sections[i];
    CustomKind kind = s->id ? CUSTOM_other : custom_kind(section_name(m, s));
    return kind != CUSTOM_other && !(kind == CUSTOM_places && code_next);
}

u32 layout_placed(const Module *m, bool *placed)
{
    u32 count = 0;
    bool code_next = false;
    for (u32 i = m->section_count; i-- > 0;) {
        const Section *s = &m->sections[i];
        bool is = is_placed(m, i, code_next);
        bool metadata = !s->id && pattern_fits("metadata.code.*", section_name(m, s));
        code_next = s->id == CODE || (code_next && metadata);
        if (placed) placed[i] = is;
        count += is;
    }
    return count;
}

void layout_tell(const char *kind, const char *name, const char *what, const Module *m,
                 const bool *which)
{
    u32 shown = 0, count = 0;
    char text[QUOTED_MOST];
    fflush(stdout);
    fprintf(stderr, "%s: ", kind);
    print_tame_text(stderr, name);
    fprintf(stderr, ": %s: ", what);
    for (u32 i = 0; which && i < m->section_count; i++) {
        if (!which[i] || count++ >= SHOWN) continue;
        Bytes section = section_name(m, &m->sections[i]);
        fprintf(stderr, "%s%s", shown++ ? ", " : "", quoted(text, section));
    }
    if (count > shown) fprintf(stderr, " and %u more", count - shown);
}

static void tell_placed(const char *kind, const char *name, const char *what, const Module *m)
{
    bool *placed = calloc((size_t)m->section_count + 1, sizeof *placed);
    layout_placed(m, placed);
    layout_tell(kind, name, what, m, placed);
    free(placed);
}

void layout_warn(const char *name, const char *what, const Module *m)
{
    char text[200];
    snprintf(text, sizeof text, "%s, and these sections still say where it was", what);
    tell_placed("warning", name, text, m);
    fputs("; --drop-stale leaves them out\n", stderr);
}

void layout_note(const char *name, const Module *m)
{
    tell_placed("note", name, "nothing says whether what these sections are about is where they "
                "say", m);
    fputs("; --drop-stale leaves them out, --quiet says nothing of it\n", stderr);
}

u8 *layout_drop(const Module *m, size_t *size)
{
    bool *placed = calloc((size_t)m->section_count + 1, sizeof *placed);
    u8 *bytes = malloc(m->size);
    if (placed && bytes) {
        memcpy(bytes, m->bytes, m->size);
        layout_placed(m, placed);
        *size = custom_leave_out(m, placed, bytes);
    } else {
        free(bytes);
        bytes = NULL;
    }
    free(placed);
    return bytes;
}
