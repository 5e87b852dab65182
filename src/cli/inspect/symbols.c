// symbols.c -- what a relocatable file says to whoever links it. See binary/linking.h.

#include "cli/inspect/inspect.h"

#include <inttypes.h>

static const struct { u32 bit; const char *text; } segment_flag_text[] = {
#define SEGMENT_FLAG(bit, name) {bit, #name},
#include "module/linking.def"
};

static void view_segment_flags(Json *j, u32 flags)
{
    if (j) json_open(j, "flags", '[');
    for (u32 i = 0; i < COUNT_OF(segment_flag_text); i++) {
        if (!(flags & segment_flag_text[i].bit)) continue;
        if (j) json_text(j, NULL, segment_flag_text[i].text);
        else printf(" %s", segment_flag_text[i].text);
    }
    if (j) json_close(j, ']');
}

static Bytes symbol_name(const Inspect *s, u32 symbol)
{
    return symbol < s->linking.symbol_count ? s->linking.symbols[symbol].name : (Bytes){0};
}

static bool is_here(const Symbol *symbol)
{
    return symbol->kind != SYMBOL_data || !(symbol->flags & SYMBOL_FLAG_undefined);
}

// ---- For people

static void show_symbols(Inspect *s)
{
    const Linking *l = &s->linking;
    printf("\nsymbols: %u\n", l->symbol_count);
    for (u32 i = 0; i < l->symbol_count; i++) {
        const Symbol *symbol = &l->symbols[i];
        printf("  %u %s", i, symbol_text[symbol->kind]);
        if (symbol->kind != SYMBOL_data) printf(" %u", symbol->index);
        if (symbol->name.data) putchar(' '), show_name(s, symbol->name);
        if (symbol->kind == SYMBOL_data && is_here(symbol))
            printf(" segment %u at %u, %u bytes", symbol->index, symbol->offset, symbol->size);
        view_symbol_flags(NULL, symbol->flags);
        putchar('\n');
    }
}

static void show_segment_infos(Inspect *s)
{
    const Linking *l = &s->linking;
    if (l->segment_count) printf("\nsegments for the linker: %u\n", l->segment_count);
    for (u32 i = 0; i < l->segment_count; i++) {
        printf("  %u ", i);
        show_name(s, l->segments[i].name);
        printf(" aligned to 2^%u", l->segments[i].align_log2);
        view_segment_flags(NULL, l->segments[i].flags);
        putchar('\n');
    }
}

static void show_inits(Inspect *s)
{
    const Linking *l = &s->linking;
    if (l->init_count) printf("\nfunctions called at the start: %u\n", l->init_count);
    for (u32 i = 0; i < l->init_count; i++) {
        Bytes name = symbol_name(s, l->inits[i].symbol);
        printf("  priority %u symbol %u", l->inits[i].priority, l->inits[i].symbol);
        if (name.data) putchar(' '), show_name(s, name);
        putchar('\n');
    }
}

static void show_comdats(Inspect *s)
{
    const Linking *l = &s->linking;
    if (l->comdat_count) printf("\ngroups that are linked once: %u\n", l->comdat_count);
    for (u32 i = 0; i < l->comdat_count; i++) {
        const Comdat *c = &l->comdats[i];
        fputs("  ", stdout);
        show_name(s, c->name);
        for (u32 k = c->first; k < c->first + c->count; k++)
            printf(" %s %u", comdat_text(l->comdat_items[k].kind), l->comdat_items[k].index);
        putchar('\n');
    }
}

static Bytes target_name(const Module *m, const Relocs *relocs)
{
    const Section *target = &m->sections[relocs->target];
    return section_name(m, target);
}

// How many of each type.
static void show_relocs(Inspect *s, const Section *section, const Relocs *relocs)
{
    u32 counts[256] = {0};
    fputs("  ", stdout);
    show_name(s, section_name(s->m, section));
    if (relocs->count) {
        const Section *target = &s->m->sections[relocs->target];
        printf(": %u in section %u, %s", relocs->count, relocs->target,
               section_id_text(target->id));
        if (!target->id) putchar(' '), show_name(s, target_name(s->m, relocs));
    }
    putchar('\n');
    for (u32 i = 0; i < relocs->count; i++) counts[relocs->relocs[i].type]++;
    for (u32 i = 0; i < COUNT_OF(counts); i++)
        if (counts[i]) printf("  %7u %s\n", counts[i], reloc_text((u8)i));
}

// The memory of one section is that of the next.
typedef void RelocsView(Inspect *s, Json *j, const Section *section, const Relocs *relocs);

static void each_relocs(Inspect *s, Json *j, RelocsView *view)
{
    const Module *m = s->m;
    for (u32 i = 0; i < m->section_count; i++) {
        Relocs relocs;
        if (!section_is_relocs(m, &m->sections[i])) continue;
        relocs_read(m, &m->sections[i], s->arena, &relocs);
        view(s, j, &m->sections[i], &relocs);
        note_malformed(s, &m->sections[i], &relocs.trouble);
    }
}

static void show_relocs_of(Inspect *s, Json *j, const Section *section, const Relocs *relocs)
{
    show_relocs(s, section, relocs);
}

static bool has_relocs(const Module *m)
{
    bool has = false;
    for (u32 i = 0; i < m->section_count && !has; i++) has = section_is_relocs(m, &m->sections[i]);
    return has;
}

void show_linking(Inspect *s)
{
    const Linking *l = &s->linking;
    if (l->section) {
        show_symbols(s);
        show_segment_infos(s);
        show_inits(s);
        show_comdats(s);
        note_malformed(s, l->section, &l->trouble);
    }
    if (!has_relocs(s->m)) return;
    puts("\nrelocations");
    each_relocs(s, NULL, show_relocs_of);
}

// ---- For programs

static void json_symbol(Json *j, const Symbol *symbol)
{
    json_open(j, NULL, '{');
    json_text(j, "kind", symbol_text[symbol->kind]);
    json_name(j, symbol->name);
    if (symbol->kind == SYMBOL_data && is_here(symbol)) {
        json_number(j, "segment", symbol->index);
        json_number(j, "offset", symbol->offset);
        json_number(j, "size", symbol->size);
    } else if (is_here(symbol)) {
        json_number(j, "index", symbol->index);
    }
    view_symbol_flags(j, symbol->flags);
    json_close(j, '}');
}

static void json_symbols(Json *j, const Linking *l)
{
    json_open(j, "symbols", '[');
    for (u32 i = 0; i < l->symbol_count; i++) json_symbol(j, &l->symbols[i]);
    json_close(j, ']');
}

static void json_segment_infos(Json *j, const Linking *l)
{
    json_open(j, "segments", '[');
    for (u32 i = 0; i < l->segment_count; i++) {
        json_open(j, NULL, '{');
        json_string(j, "name", l->segments[i].name);
        json_number(j, "align_log2", l->segments[i].align_log2);
        view_segment_flags(j, l->segments[i].flags);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_inits(Json *j, const Inspect *s)
{
    const Linking *l = &s->linking;
    json_open(j, "init_functions", '[');
    for (u32 i = 0; i < l->init_count; i++) {
        json_open(j, NULL, '{');
        json_number(j, "priority", l->inits[i].priority);
        json_number(j, "symbol", l->inits[i].symbol);
        json_name(j, symbol_name(s, l->inits[i].symbol));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_comdats(Json *j, const Linking *l)
{
    json_open(j, "comdats", '[');
    for (u32 i = 0; i < l->comdat_count; i++) {
        const Comdat *c = &l->comdats[i];
        json_open(j, NULL, '{');
        json_string(j, "name", c->name);
        json_open(j, "items", '[');
        for (u32 k = c->first; k < c->first + c->count; k++) {
            json_open(j, NULL, '{');
            json_text(j, "kind", comdat_text(l->comdat_items[k].kind));
            json_number(j, "index", l->comdat_items[k].index);
            json_close(j, '}');
        }
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
}

void json_reloc(Json *j, const Linking *l, const Reloc *reloc)
{
    json_open(j, NULL, '{');
    json_text(j, "type", reloc_text(reloc->type));
    json_number(j, "offset", reloc->offset);
    json_number(j, reloc_has_symbol(reloc->type) ? "symbol" : "index", reloc->index);
    if (reloc_has_symbol(reloc->type))
        json_name(j, reloc->index < l->symbol_count ? l->symbols[reloc->index].name : (Bytes){0});
    if (reloc_has_addend(reloc->type)) json_signed(j, "addend", reloc->addend);
    json_close(j, '}');
}

static void json_relocs(Inspect *s, Json *j, const Section *section, const Relocs *relocs)
{
    json_open(j, NULL, '{');
    json_string(j, "section", section_name(s->m, section));
    json_number(j, "target", relocs->target);
    json_open(j, "entries", '[');
    for (u32 i = 0; i < relocs->count; i++) json_reloc(j, &s->linking, &relocs->relocs[i]);
    json_close(j, ']');
    json_close(j, '}');
}

void json_linking(Json *j, Inspect *s)
{
    const Linking *l = &s->linking;
    if (!l->section) {
        json_null(j, "linking");
    } else {
        json_open(j, "linking", '{');
        json_number(j, "version", l->version);
        json_symbols(j, l);
        json_segment_infos(j, l);
        json_inits(j, s);
        json_comdats(j, l);
        json_close(j, '}');
        note_malformed(s, l->section, &l->trouble);
    }
    json_open(j, "relocations", '[');
    each_relocs(s, j, json_relocs);
    json_close(j, ']');
}
