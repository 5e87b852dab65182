// show.c -- what was found out, for people.

#include "cli/doctor/doctor.h"

#include "cli/doctor/tools.h"
#include "cli/imports.h"
#include "module/describe.h"

#include <inttypes.h>
#include <string.h>

enum { SHOWN = 20, TYPE_MOST = 200 };

static const char *const section_text[] = {"custom", "type",   "import",     "function", "table",
                                           "memory", "global", "export",     "start",    "element",
                                           "code",   "data",   "data count", "tag"};

const char *doctor_section(const Doctor *d, size_t offset)
{
    const Section *s = d->m->sections, *end = s + d->m->section_count;
    while (s != end && !(offset >= s->start && offset < s->content.end)) s++;
    return s == end ? NULL : section_text[s->id];
}

// ---- Who made it

typedef struct { u32 count; const char *before; } List;

static void show_name(Bytes name)
{
    char text[QUOTED_MOST];
    quoted(text, name);
    printf("%.*s", (int)strlen(text) - 2, text + 1);
}

static void show_begin(List *list, const char *head)
{
    fputs(!list->count++ ? head : list->before, stdout);
}

static void show_producer(void *env, Bytes field, Bytes name, Bytes version)
{
    show_begin(env, "made by: ");
    show_name(name);
    if (version.len) putchar(' '), show_name(version);
    fputs(" (", stdout);
    show_name(field);
    putchar(')');
}

static void show_tool(void *env, const char *what)
{
    show_begin(env, "signs of: ");
    fputs(what, stdout);
}

static void show_target(void *env, char prefix, Bytes name)
{
    show_begin(env, "built for: ");
    putchar(prefix);
    show_name(name);
}

static void show_end(const List *list) { if (list->count) putchar('\n'); }

static void show_makers(const Module *m)
{
    List made = {.before = ", "}, signs = made, built = {.before = " "};
    each_producer(m, show_producer, &made);
    show_end(&made);
    each_tool(m, show_tool, &signs);
    show_end(&signs);
    each_target_feature(m, show_target, &built);
    show_end(&built);
}

// ---- What it needs

static void show_func(const Doctor *d, u32 func)
{
    char text[QUOTED_MOST];
    Bytes name = module_func_name(d->m, func);
    printf(", func %u", func);
    if (name.len) printf(" %s", quoted(text, name));
}

static void show_needs(const Doctor *d)
{
    char place[PLACE_MOST];
    if (!d->loads) return;
    puts(d->need_count ? "needs, beyond WebAssembly 1.0:" : "needs nothing beyond WebAssembly 1.0");
    for (u32 i = 0; i < d->need_count; i++) {
        const Need *n = &d->need[i];
        const char *section = doctor_section(d, n->first.offset);
        printf("  %-26s ", feature_text[n->feature]);
        if (n->op.len) printf("%.*s ", (int)n->op.len, (const char *)n->op.data);
        printf("at %s", doctor_place(d, n->first.offset, place));
        if (n->first.func != DIAG_NO_FUNC && n->first.func < d->m->func_count)
            show_func(d, n->first.func);
        else if (section) printf(", in the %s section", section);
        putchar('\n');
    }
}

static bool show_imports(const Doctor *d)
{
    const Module *m = d->m;
    u32 provided = 0, memories = 0;
    for (u32 i = 0; i < m->import_count; i++) {
        if (!doctor_provided(NULL, m, &m->imports[i])) continue;
        *(m->imports[i].kind == EXTERN_memory ? &memories : &provided) += 1;
    }
    if (!m->import_count) return true;
    printf("imports: %u\n", m->import_count);
    if (provided) printf("  %u of WASI, which weft has\n", provided);
    if (memories) printf("  %u of memories for threads, which weft makes\n", memories);
    return imports_list(stdout, m, doctor_provided, NULL);
}

size_t doctor_size(const Doctor *d) { return d->bytes.data ? d->bytes.len : d->input.size; }

u64 memory_bytes(u64 pages, const MemType *type)
{
    u32 log2 = type->limits.page_log2;
    return pages > UINT64_MAX >> log2 ? UINT64_MAX : pages << log2;
}

static void show_size(u64 bytes)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    u32 unit = 0;
    u64 rest = 0;
    for (; bytes >= 1024 && unit + 1 < COUNT_OF(units); unit++) {
        rest = bytes % 1024 * 10 / 1024;
        bytes /= 1024;
    }
    if (rest) printf("%" PRIu64 ".%" PRIu64 " %s", bytes, rest, units[unit]);
    else printf("%" PRIu64 " %s", bytes, units[unit]);
}

static void show_memories(const Module *m)
{
    for (u32 i = 0; i < m->memory_count && i < SHOWN; i++) {
        const MemType *type = &m->memories[i].type;
        printf("memory: ");
        show_size(memory_bytes(type->limits.min, type));
        fputs(" at the start", stdout);
        if (type->limits.has_max) {
            fputs(", at most ", stdout);
            show_size(memory_bytes(type->limits.max, type));
        }
        puts(i < m->imported_memories ? ", imported" : "");
    }
    u64 entries = 0;
    for (u32 i = 0; i < m->table_count; i++)
        entries += MIN(m->tables[i].type.limits.min, UINT32_MAX);
    if (entries) printf("tables: %" PRIu64 " entries at the start\n", entries);
}

static void show_functions(const Doctor *d, Describer *describer)
{
    const Module *m = d->m;
    u32 count = 0;
    char text[QUOTED_MOST];
    for (u32 i = 0; i < m->export_count; i++) {
        const Export *e = &m->exports[i];
        if (e->kind != EXTERN_func || count++ >= SHOWN) continue;
        if (count == 1) puts("functions that --invoke can call:");
        printf("  %s ", quoted(text, e->name));
        print_tame(stdout, describe_item(describer, EXTERN_func, e->index));
        putchar('\n');
    }
    if (count > SHOWN) printf("  ... and %u more\n", count - SHOWN);
}

static bool show_by_name(const Doctor *d)
{
    Arena arena;
    jmp_buf failure;
    Describer describer;
    arena_init(&arena);
    arena.on_failure = &failure;
    if (setjmp(failure)) {
        arena_free(&arena);
        return cli_error(0, "out of memory");
    }
    describer_init(&describer, d->m, &arena, TYPE_MOST);
    show_functions(d, &describer);
    arena_free(&arena);
    return true;
}

static bool show_module(const Doctor *d)
{
    show_makers(d->m);
    show_needs(d);
    if (!show_imports(d)) return false;
    show_memories(d->m);
    return !d->by_name || show_by_name(d);
}

bool doctor_show(const Doctor *d)
{
    print_tame_text(stdout, d->file);
    printf(": %s", d->kind);
    if (d->decoded) fputs(d->source.is_text ? ", text, as binary" : ", binary,", stdout);
    else putchar(',');
    printf(" %zu bytes\n", doctor_size(d));
    if (d->decoded && !show_module(d)) return false;
    if (d->untried)
        printf("objects: more than %u MiB before it begins, which was not tried\n",
               DOCTOR_HEAP >> 20);
    puts(d->problem_count ? "it would not run here:" : "it would run here");
    for (u32 i = 0; i < d->problem_count; i++) {
        const Problem *p = &d->problems[i];
        fputs("  ", stdout);
        print_tame_text(stdout, p->what);
        if (*p->remedy) fputs("\n    ", stdout);
        print_tame_text(stdout, p->remedy);
        putchar('\n');
    }
    return true;
}
