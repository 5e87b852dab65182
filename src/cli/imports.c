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

static u8 origin_number(const Import *import)
{
    u8 i = 0;
    while (!pattern_fits(origins[i].module, import->module) ||
           !pattern_fits(origins[i].name, import->name) ||
           (origins[i].kind != KIND_any && origins[i].kind != import->kind))
        i++;
    return i; // the last one fits all
}

ImportOrigin import_origin(const Import *import)
{
    const Origin *o = &origins[origin_number(import)];
    return (ImportOrigin){o->what, o->remedy};
}

enum { SHOWN = 20, TYPE_MOST = 200 }; // imports of one origin, and bytes of a type

static void show(FILE *out, Describer *d, const Import *import)
{
    char module[QUOTED_MOST], name[QUOTED_MOST];
    ExternType type = import_type(d->m, import);
    Bytes text = describe_extern(d, &type);
    fprintf(out, "    %s %s ", quoted(module, import->module), quoted(name, import->name));
    print_tame(out, (Bytes){text.data, MIN(text.len, TYPE_MOST)});
    fputc('\n', out);
}

// Those that share what they come from: origin n and others. `from`: 1 + the origin of each import
// that is missing.
static void show_group(FILE *out, Describer *d, const u8 *from, size_t n)
{
    bool same[COUNT_OF(origins) + 1] = {false};
    u32 count = 0;
    for (size_t k = 0; k < COUNT_OF(origins); k++) {
        same[k + 1] = !strcmp(origins[k].what, origins[n].what);
        if (same[k + 1] && k < n) return; // they were shown
    }
    for (u32 i = 0; i < d->m->import_count; i++) {
        if (!same[from[i]]) continue;
        if (!count) fprintf(out, "  %s\n", origins[n].what);
        if (count++ < SHOWN) show(out, d, &d->m->imports[i]);
    }
    if (count > SHOWN) fprintf(out, "    ... and %u more\n", count - SHOWN);
    if (count && *origins[n].remedy) fprintf(out, "    %s\n", origins[n].remedy);
}

// False: out of memory.
static bool show_groups(FILE *out, const Module *m, const u8 *from)
{
    Arena arena;
    jmp_buf failed;
    Describer d;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) {
        arena_free(&arena);
        return false;
    }
    describer_init(&d, m, &arena, TYPE_MOST);
    for (size_t n = 0; n < COUNT_OF(origins); n++) show_group(out, &d, from, n);
    arena_free(&arena);
    return true;
}

// 1 + the origin of each import that is not found, else 0; the caller frees it. NULL: out of
// memory.
static u8 *find_missing(const Module *m, ImportFound *found, void *env, u32 *count)
{
    u8 *from = calloc(m->import_count + 1, 1);
    *count = 0;
    for (u32 i = 0; from && i < m->import_count; i++) {
        if (found(env, m, &m->imports[i])) continue;
        from[i] = (u8)(1 + origin_number(&m->imports[i]));
        ++*count;
    }
    return from;
}

bool imports_list(FILE *out, const Module *m, ImportFound *found, void *env)
{
    u32 count;
    u8 *from = find_missing(m, found, env, &count);
    bool good = from && show_groups(out, m, from);
    free(from);
    return good || cli_error(0, "out of memory");
}

bool imports_found(const char *file, const Module *m, ImportFound *found, void *env)
{
    u32 count;
    u8 *from = find_missing(m, found, env, &count);
    if (!from) return cli_error(0, "out of memory");
    if (count) {
        fflush(stdout);
        print_tame_text(stderr, file);
        fprintf(stderr, ": %s: nothing defines %s:\n", err_text[ERR_unknown_import],
                count == 1 ? "it" : "these");
        show_groups(stderr, m, from);
        fputs("--preload MODULE=FILE takes them from the exports of another module; with\n"
              "--stub-imports functions may be missing that are never called\n", stderr);
    }
    free(from);
    return !count;
}
