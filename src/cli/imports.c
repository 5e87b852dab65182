// imports.c -- see imports.h.

#include "cli/imports.h"

#include "module/describe.h"

#include <stdlib.h>
#include <string.h>

enum { KIND_func = EXTERN_func, KIND_memory = EXTERN_memory, KIND_any = EXTERN_COUNT };

typedef struct { const char *module, *name, *what, *remedy; u32 kind; } Origin;

static const Origin origins[] = {
#define ORIGIN(module, name, kind, what, remedy) {module, name, what, remedy, KIND_##kind},
#include "cli/origins.def"
};

static u8 origin_of(const Import *import)
{
    u8 i = 0;
    while (!pattern_fits(origins[i].module, import->module) ||
           !pattern_fits(origins[i].name, import->name) ||
           (origins[i].kind != KIND_any && origins[i].kind != import->kind))
        i++;
    return i; // the last one fits all
}

enum { SHOWN = 20, TYPE_MOST = 200 }; // imports of one origin, and bytes of a type

static void show(Describer *d, const Import *import)
{
    char module[QUOTED_MOST], name[QUOTED_MOST];
    ExternType type = import_type(d->m, import);
    Bytes text = describe_extern(d, &type);
    fprintf(stderr, "    %s %s ", quoted(module, import->module), quoted(name, import->name));
    print_tame(stderr, (Bytes){text.data, MIN(text.len, TYPE_MOST)});
    fputc('\n', stderr);
}

// Those that share what they come from: origin n and others. `from`: 1 + the origin of each import
// that is missing.
static void show_group(Describer *d, const u8 *from, size_t n)
{
    bool same[COUNT_OF(origins) + 1] = {false};
    u32 count = 0;
    for (size_t k = 0; k < COUNT_OF(origins); k++) {
        same[k + 1] = !strcmp(origins[k].what, origins[n].what);
        if (same[k + 1] && k < n) return; // they were shown
    }
    for (u32 i = 0; i < d->m->import_count; i++) {
        if (!same[from[i]]) continue;
        if (!count) fprintf(stderr, "  %s\n", origins[n].what);
        if (count++ < SHOWN) show(d, &d->m->imports[i]);
    }
    if (count > SHOWN) fprintf(stderr, "    ... and %u more\n", count - SHOWN);
    if (count && *origins[n].remedy) fprintf(stderr, "    %s\n", origins[n].remedy);
}

static void show_all(const char *file, const Module *m, const u8 *from, u32 count)
{
    Arena arena;
    jmp_buf failed;
    Describer d;
    arena_init(&arena);
    arena.on_failure = &failed;
    fflush(stdout);
    print_tame_text(stderr, file);
    fprintf(stderr, ": %s: nothing defines %s:\n", err_text[ERR_unknown_import],
            count == 1 ? "it" : "these");
    if (!setjmp(failed)) {
        describer_init(&d, m, &arena, TYPE_MOST);
        for (size_t n = 0; n < COUNT_OF(origins); n++) show_group(&d, from, n);
    }
    arena_free(&arena);
    fputs("--preload MODULE=FILE takes them from the exports of another module; with\n"
          "--stub-imports functions may be missing that are never called\n", stderr);
}

bool imports_found(const char *file, const Module *m, ImportFound *found, void *env)
{
    u8 *from = calloc(m->import_count + 1, 1);
    u32 count = 0;
    if (!from) return cli_error(0, "out of memory");
    for (u32 i = 0; i < m->import_count; i++) {
        if (found(env, &m->imports[i])) continue;
        from[i] = (u8)(1 + origin_of(&m->imports[i]));
        count++;
    }
    if (count) show_all(file, m, from, count);
    free(from);
    return !count;
}
