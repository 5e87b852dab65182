// disassemble.c -- see disassemble.h.

#include "cli/disassemble.h"

#include "module/describe.h"
#include "text/print/print.h"

#include <inttypes.h>
#include <stdlib.h>

// ---- Relocations

static int by_place(const void *a, const void *b)
{
    u32 x = ((const Reloc *)a)->offset, y = ((const Reloc *)b)->offset;
    return x < y ? -1 : x > y;
}

void code_relocs_read(CodeRelocs *c, const Module *m, Arena *arena)
{
    enum { CODE = 10 };
    Relocs relocs;
    bool sorted = true;
    *c = (CodeRelocs){0};
    linking_read(m, arena, &c->linking);
    for (u32 i = 0; i < m->section_count; i++) {
        if (!section_is_relocs(m, &m->sections[i])) continue;
        relocs_read(m, &m->sections[i], arena, &relocs);
        if (!relocs.count || m->sections[relocs.target].id != CODE) continue;
        for (u32 k = 0; k < relocs.count; k++) {
            u32 last = c->count ? c->items[c->count - 1].offset : 0;
            sorted = sorted && last <= relocs.relocs[k].offset;
            ARENA_PUSH(arena, c->items, c->count, c->cap) = relocs.relocs[k];
        }
    }
    if (!sorted) qsort(c->items, c->count, sizeof *c->items, by_place);
}

void code_relocs_seek(CodeRelocs *c, u32 offset)
{
    u32 low = 0, high = c->count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (c->items[middle].offset < offset) low = middle + 1;
        else high = middle;
    }
    c->next = low;
}

const Reloc *code_relocs_before(CodeRelocs *c, u32 offset)
{
    bool there = c->next < c->count && c->items[c->next].offset < offset;
    return there ? &c->items[c->next++] : NULL;
}

// ---- Text

typedef struct {
    FILE *out;
    CodeRelocs relocs;
} Listing;

static bool write_reloc(const Listing *l, const Reloc *reloc)
{
    const Linking *linking = &l->relocs.linking;
    char name[QUOTED_MOST];
    fprintf(l->out, "  0x%06x          %s ", reloc->offset, reloc_text(reloc->type));
    if (!reloc_has_symbol(reloc->type)) fprintf(l->out, "%u", reloc->index);
    else if (reloc->index < linking->symbol_count && linking->symbols[reloc->index].name.data)
        fputs(quoted(name, linking->symbols[reloc->index].name), l->out);
    else fprintf(l->out, "symbol %u", reloc->index);
    if (reloc->addend) fprintf(l->out, " %+" PRId64, reloc->addend);
    return fputc('\n', l->out) != EOF;
}

static bool write_relocs(Listing *l, u32 offset)
{
    bool good = true;
    for (const Reloc *r; good && (r = code_relocs_before(&l->relocs, offset));)
        good = write_reloc(l, r);
    return good;
}

static bool write_text(void *env, u32 offset, const void *text, size_t len)
{
    Listing *l = env;
    return (offset == LIST_HEAD || write_relocs(l, offset)) && fwrite(text, len, 1, l->out) == 1;
}

// Nothing that was set before the jump is read after it.
static bool read_relocs(Listing *l, const Module *m, Arena *arena)
{
    jmp_buf failed;
    arena->on_failure = &failed;
    if (setjmp(failed)) return false;
    code_relocs_read(&l->relocs, m, arena);
    return true;
}

bool disassemble(FILE *out, const Module *m, u32 func, Diag *diag)
{
    Arena arena;
    Listing l = {.out = out};
    diag_init(diag);
    arena_init(&arena);
    bool good = read_relocs(&l, m, &arena);
    if (!good) diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (good && func != DIAG_NO_FUNC) code_relocs_seek(&l.relocs, m->funcs[func].body.start);
    if (good) good = module_list_bodies(m, func, write_text, &l, diag);
    arena_free(&arena);
    return good;
}
