// census.c -- see census.h.

#include "cli/census.h"

#include "binary/names.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "module/whole.h"
#include "run/gc/census.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// A type that objects have; and its rows, in their order.
typedef struct {
    TypeId id;
    const Module *m;     // the first that defines it, or NULL
    u32 index;
    Bytes name;
    CensusSum sum;
    u32 first, last;     // NONE: there are none
    u32 place;           // in the order in which they are shown
} Counted;
#define NONE UINT32_MAX

typedef struct {
    Store *s;
    const Census *census;
    const char *(*file_of)(void *env, const Module *m);
    void *env;
    FILE *file;
    Arena arena;
    Counted *types;
    u32 count, cap;
    Map index;           // by id
    u32 *next;           // of each row, that of the same type
    u32 *order;          // of types: most bytes first
    bool many;           // modules that define them
    CensusSum roots[ROOT_COUNT];
} View;

// ---- What there is to show

static u32 type_of(View *v, const TypeId *id)
{
    const u32 *at = map_get(&v->index, id, sizeof *id);
    if (at) return *at;
    map_add(&v->index, id, sizeof *id, v->count);
    ARENA_PUSH(&v->arena, v->types, v->count, v->cap) =
        (Counted){.id = *id, .first = NONE, .last = NONE};
    return v->count - 1;
}

static void add(CensusSum *sum, CensusSum more)
{
    sum->objects += more.objects;
    sum->bytes += more.bytes;
}

static void find_types(View *v)
{
    const Census *c = v->census;
    v->next = NEW_ARRAY(&v->arena, u32, c->count);
    for (u32 i = 0; i < c->count; i++) {
        const CensusRow *row = &c->rows[i];
        if (row->holder) type_of(v, &row->holder);
        u32 type = type_of(v, &row->type); // which may move them
        Counted *t = &v->types[type];
        v->next[i] = NONE;
        if (t->first == NONE) t->first = i;
        else v->next[t->last] = i;
        t->last = i;
        add(&t->sum, row->sum);
        add(&v->roots[row->root], row->sum);
    }
}

static void find_names(View *v, const Module *m)
{
    AllNames names;
    bool read = false;
    for (u32 i = 0; i < m->type_count; i++) {
        const u32 *at = map_get(&v->index, &m->types[i], sizeof m->types[i]);
        if (!at || v->types[*at].m) continue;
        if (!read) names_read(m, &v->arena, &names);
        read = true;
        v->types[*at].m = m;
        v->types[*at].index = i;
        v->types[*at].name = name_map_find(&names.flat[NAMES_type], i);
    }
}

static const View *sorted; // for the comparison

static int by_bytes(const void *a, const void *b)
{
    const Counted *x = &sorted->types[*(const u32 *)a], *y = &sorted->types[*(const u32 *)b];
    if (x->sum.bytes != y->sum.bytes) return x->sum.bytes < y->sum.bytes ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

static void find_all(View *v)
{
    find_types(v);
    for (const Instance *i = v->s->instances; i; i = i->next) find_names(v, i->module);
    for (u32 i = 0; i < v->count; i++)
        v->many |= v->types[i].m && v->types[0].m && v->types[i].m != v->types[0].m;
    v->order = NEW_ARRAY(&v->arena, u32, v->count);
    for (u32 i = 0; i < v->count; i++) v->order[i] = i;
    sorted = v;
    if (v->count) qsort(v->order, v->count, sizeof *v->order, by_bytes);
    for (u32 i = 0; i < v->count; i++) v->types[v->order[i]].place = i;
}

static const char *kind_of(const View *v, TypeId id)
{
    if (id == TYPE_ID_HOST) return "host";
    if (id == TYPE_ID_CONT) return "continuation";
    switch ((CompKind)type_def(v->s->types, id)->kind) {
    case COMP_struct: return "struct";
    case COMP_array: return "array";
    default: return "exception";
    }
}

// ---- For people

static void show_sum(View *v, CensusSum sum)
{
    fprintf(v->file, "%12" PRIu64 " %10" PRIu64 "  ", sum.bytes, sum.objects);
}

static void show_name(View *v, Bytes name)
{
    enum { MOST = 60 };
    Buf text;
    bool cut = name.len > MOST;
    if (cut) name.len = MOST;
    while (cut && name.len && (name.data[name.len] & 0xc0) == 0x80) name.len--;
    buf_init(&text, &v->arena);
    buf_quoted(&text, name, QUOTE_text);
    fwrite(text.data, 1, text.len, v->file);
    fputs(cut ? "... " : " ", v->file);
}

// "node" (struct 3), and of which file where there are several.
static void show_type(View *v, const Counted *t)
{
    char text[100];
    const char *file = t->m && v->many ? v->file_of(v->env, t->m) : NULL;
    if (t->id == TYPE_ID_HOST) {
        fputs("values of the host", v->file);
        return;
    }
    if (t->id == TYPE_ID_CONT) {
        fputs("continuations", v->file);
        return;
    }
    if (t->name.len) show_name(v, t->name);
    fprintf(v->file, "(%s ", kind_of(v, t->id));
    if (!t->m) {
        type_def_whole(text, sizeof text, v->s->types, t->id);
        fputs(text, v->file);
    } else fprintf(v->file, "%u", t->index);
    if (file) fputs(" of ", v->file), print_tame_text(v->file, file);
    fputc(')', v->file);
}

static void show_holders(View *v, const Counted *t)
{
    enum { FEW = 6 };
    u32 shown = 0, others = 0;
    CensusSum rest = {0};
    for (u32 i = t->first; i != NONE; i = v->next[i]) {
        const CensusRow *row = &v->census->rows[i];
        if (shown == FEW) {
            others++;
            add(&rest, row->sum);
            continue;
        }
        shown++;
        show_sum(v, row->sum);
        fputs("    ", v->file);
        if (row->holder) {
            show_type(v, &v->types[type_of(v, &row->holder)]);
            fputs(", from ", v->file);
        }
        fprintf(v->file, "%s\n", root_text[row->root]);
    }
    if (!others) return;
    show_sum(v, rest);
    fprintf(v->file, "    %u others\n", others);
}

static void show_all(View *v)
{
    const Census *c = v->census;
    fprintf(v->file, "heap: %" PRIu64 " objects, %" PRIu64 " bytes\n", c->sum.objects,
            c->sum.bytes);
    if (!c->sum.objects) return;
    fputs("\n       bytes    objects  reached from\n", v->file);
    for (u32 i = 0; i < ROOT_COUNT; i++) {
        if (!v->roots[i].objects) continue;
        show_sum(v, v->roots[i]);
        fprintf(v->file, "%s\n", root_text[i]);
    }
    fputs("\n       bytes    objects  type, and what holds them\n", v->file);
    for (u32 i = 0; i < v->count; i++) {
        const Counted *t = &v->types[v->order[i]];
        show_sum(v, t->sum);
        show_type(v, t);
        fputc('\n', v->file);
        show_holders(v, t);
    }
    if (!c->more.objects) return;
    show_sum(v, c->more);
    fputs("of more types than are told apart\n", v->file);
}

// ---- For programs

static void json_sum(Json *j, CensusSum sum)
{
    json_number(j, "objects", sum.objects);
    json_number(j, "bytes", sum.bytes);
}

static void json_held(Json *j, View *v, const Counted *t)
{
    json_open(j, "held", '[');
    for (u32 i = t->first; i != NONE; i = v->next[i]) {
        const CensusRow *row = &v->census->rows[i];
        json_open(j, NULL, '{');
        json_text(j, "root", root_text[row->root]);
        if (row->holder) json_number(j, "by", v->types[type_of(v, &row->holder)].place);
        else json_null(j, "by");
        json_sum(j, row->sum);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_type(Json *j, View *v, const Counted *t)
{
    const char *file = t->m ? v->file_of(v->env, t->m) : NULL;
    json_open(j, NULL, '{');
    json_text(j, "kind", kind_of(v, t->id));
    json_known(j, "name", t->name);
    if (file) json_text(j, "module", file);
    else json_null(j, "module");
    if (t->m) json_number(j, "index", t->index);
    else json_null(j, "index");
    json_sum(j, t->sum);
    json_held(j, v, t);
    json_close(j, '}');
}

static void json_all(View *v)
{
    Json json, *j = &json;
    json_init(j, v->file, &v->arena);
    json_open(j, NULL, '{');
    json_sum(j, v->census->sum);
    json_open(j, "roots", '[');
    for (u32 i = 0; i < ROOT_COUNT; i++) {
        json_open(j, NULL, '{');
        json_text(j, "root", root_text[i]);
        json_sum(j, v->roots[i]);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_open(j, "types", '[');
    for (u32 i = 0; i < v->count; i++) json_type(j, v, &v->types[v->order[i]]);
    json_close(j, ']');
    json_open(j, "more", '{');
    json_sum(j, v->census->more);
    json_close(j, '}');
    json_close(j, '}');
}

// ---- The file

// Nothing that was set before the jump is read after it.
static bool write_guarded(View *v, bool json)
{
    jmp_buf failure;
    v->arena.on_failure = &failure;
    if (setjmp(failure)) return false;
    find_all(v);
    if (json) json_all(v);
    else show_all(v);
    return true;
}

static bool is_json(const char *name)
{
    size_t len = strlen(name);
    return len >= 5 && !strcmp(name + len - 5, ".json");
}

bool census_write(Store *s, const char *name, const char *(*file_of)(void *, const Module *),
                  void *env)
{
    Census census;
    OutputFile out;
    fflush(stdout);
    if (!heap_census(s, true, &census))
        return cli_error(0, "%s: the heap cannot be looked through: memory is short", name) != 0;
    bool good = output_begin(&out, name);
    if (good) {
        View v = {.s = s, .census = &census, .file_of = file_of, .env = env, .file = out.file};
        arena_init(&v.arena);
        map_init(&v.index, &v.arena);
        good = write_guarded(&v, is_json(name));
        if (!good) cli_error(0, "%s: out of memory", name);
        arena_free(&v.arena);
        good = output_end(&out, good);
    }
    census_free(&census);
    return good;
}
