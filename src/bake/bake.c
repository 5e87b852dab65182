// bake.c -- see bake.h. Sections in their order, what nothing happened to as it was.

#include "bake/baker.h"
#include "binary/decode.h"
#include "binary/names.h"
#include "binary/reader.h"
#include "module/describe.h"

#include <stdarg.h>
#include <stdio.h>

enum {
    CUSTOM = 0, TABLES = 4, MEMORIES = 5, GLOBALS = 6, EXPORTS = 7, START = 8, ELEMS = 9,
    DATAS = 11, DATA_COUNT = 12, SECTION_COUNT = 14,
    LEB_MOST = 5,
    SPAN_HEAD_MOST = 24 // bytes of a data segment that are not what it is about
};

// In the order in which they stand.
static const u8 section_order[] = {1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11};

// ---- What can be written

static bool refuse(char why[BAKE_WHY], const char *fmt, ...) PRINTF_LIKE(2, 3);
static bool refuse(char why[BAKE_WHY], const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, BAKE_WHY, fmt, args);
    va_end(args);
    return false;
}

static bool is_state(const Module *m, const Import *import)
{
    return import->kind == EXTERN_memory || import->kind == EXTERN_table ||
           (import->kind == EXTERN_global && m->globals[import->index].type.mutable);
}

bool bake_check(const Module *m, char why[BAKE_WHY])
{
    char module[QUOTED_MOST], name[QUOTED_MOST];
    for (u32 i = 0; i < m->import_count; i++) {
        const Import *import = &m->imports[i];
        if (is_state(m, import))
            return refuse(why, "it imports the %s%s %s %s, and what is in that is not its own",
                          import->kind == EXTERN_global ? "mutable " : "",
                          extern_text[import->kind], quoted(module, import->module),
                          quoted(name, import->name));
    }
    return true;
}

static const Export *exported_func(const Module *m, Bytes name)
{
    const Export *e = module_export(m, name);
    return e && e->kind == EXTERN_func ? e : NULL;
}

// Its export goes.
static bool has_run(const BakePlan *plan, Bytes name)
{
    bool init = plan->init.data && bytes_same(name, plan->init);
    return init ? !plan->keep_init : bytes_are(name, "_initialize");
}

bool bake_check_renames(const Module *m, const BakePlan *plan, char why[BAKE_WHY])
{
    char name[QUOTED_MOST];
    for (u32 i = 0; i < plan->rename_count; i++) {
        const BakeRename *r = &plan->renames[i];
        if (!exported_func(m, r->from))
            return refuse(why, "there is no exported function %s to be renamed",
                          quoted(name, r->from));
        if (has_run(plan, r->from))
            return refuse(why, "%s is to be renamed, and goes because it has run",
                          quoted(name, r->from));
        for (u32 k = 0; k < i; k++) {
            if (bytes_same(r->from, plan->renames[k].from))
                return refuse(why, "%s is to be renamed twice", quoted(name, r->from));
            if (bytes_same(r->to, plan->renames[k].to))
                return refuse(why, "two exports would be called %s", quoted(name, r->to));
        }
    }
    return true;
}

bool bake_keeps_state(const Module *m, char why[BAKE_WHY])
{
    const char *what = NULL;
    if (m->memory_count > m->imported_memories) what = "a memory";
    else if (m->table_count > m->imported_tables) what = "a table";
    for (u32 i = m->imported_globals; i < m->global_count && !what; i++) {
        const GlobalType *type = &m->globals[i].type;
        if (type->mutable) what = "a mutable global";
        else if (type_is_collected(m->store, type->type)) what = "a global with objects";
    }
    if (!what && m->data_count) what = "data segments";
    for (u32 i = 0; i < m->elem_count && !what; i++)
        if (m->elems[i].mode == SEGMENT_passive) what = "element segments";
    if (what) refuse(why, "%s", what);
    return what != NULL;
}

// ---- Sections

typedef struct { size_t start; } Open;

// Room for the longest size; what it does not take is closed up behind.
static Open open_section(Buf *out, u8 id)
{
    buf_byte(out, id);
    Open open = {out->len};
    buf_bytes(out, "\0\0\0\0\0", LEB_MOST);
    return open;
}

static void close_section(Baker *b, Buf *out, Open open)
{
    u8 *at = out->data + open.start;
    size_t size = out->len - open.start - LEB_MOST;
    u32 taken = 0;
    if (size > MODULE_SIZE_MOST)
        bake_refuse(b, "it would be larger than a module may be, %u bytes", MODULE_SIZE_MOST);
    for (u64 rest = size;; rest >>= 7) {
        at[taken++] = (u8)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
        if (rest <= 0x7f) break;
    }
    memmove(at + taken, at + LEB_MOST, size);
    out->len -= LEB_MOST - taken;
}

static bool put_tables(Baker *b, Buf *out)
{
    const Module *m = b->m;
    buf_leb_u(out, m->table_count - m->imported_tables);
    for (u32 i = m->imported_tables; i < m->table_count; i++) {
        const TableDecl *t = &m->tables[i];
        Limits limits = t->type.limits;
        bool init = t->init.start != t->init.end;
        limits.min = b->inst->tables[i]->size;
        if (init) buf_bytes(out, "\x40", 2);
        encode_value_type(out, &b->types, t->type.elem);
        encode_limits(out, &limits);
        if (init) buf_bytes(out, m->bytes + t->init.start, t->init.end - t->init.start);
        if (init && const_kind(t->value) == CONST_func) b->declared[const_index(t->value)] = true;
    }
    return true;
}

static bool put_memories(Baker *b, Buf *out)
{
    const Module *m = b->m;
    buf_leb_u(out, m->memory_count - m->imported_memories);
    for (u32 i = m->imported_memories; i < m->memory_count; i++) {
        Limits limits = m->memories[i].type.limits;
        limits.min = b->inst->memories[i]->pages;
        encode_limits(out, &limits);
    }
    return true;
}

// One that cannot change comes to the same again, unless that is an object.
static bool put_globals(Baker *b, Buf *out)
{
    const Module *m = b->m;
    buf_leb_u(out, m->global_count - m->imported_globals);
    for (u32 i = m->imported_globals; i < m->global_count; i++) {
        const GlobalDecl *decl = &m->globals[i];
        const Global *g = b->inst->globals[i];
        bool same = !decl->type.mutable &&
                    (!type_is_ref(decl->type.type) ||
                     bake_can_say(b, decl->type.type, (Ref)g->value[0]));
        encode_value_type(out, &b->types, decl->type.type);
        buf_byte(out, decl->type.mutable);
        if (same) buf_bytes(out, m->bytes + decl->init.start, decl->init.end - decl->init.start);
        else bake_value(b, out, decl->type.type, g->value, (Place){EXTERN_global, i, PLACE_WHOLE});
        if (same && const_kind(decl->value) == CONST_func && type_is_ref(decl->type.type))
            b->declared[const_index(decl->value)] = true;
    }
    return true;
}

// What it is called now; data NULL: it goes.
static Bytes export_name(const BakePlan *plan, const Export *e)
{
    bool func = e->kind == EXTERN_func;
    if (func && has_run(plan, e->name)) return (Bytes){0};
    for (u32 i = 0; i < plan->rename_count; i++)
        if (func && bytes_same(e->name, plan->renames[i].from)) return plan->renames[i].to;
    for (u32 i = 0; i < plan->rename_count; i++)
        if (bytes_same(e->name, plan->renames[i].to)) return (Bytes){0};
    return e->name;
}

static bool put_exports(Baker *b, Buf *out)
{
    u32 count = 0;
    for (u32 i = 0; i < b->m->export_count; i++)
        count += export_name(b->plan, &b->m->exports[i]).data != NULL;
    buf_leb_u(out, count);
    for (u32 i = 0; i < b->m->export_count; i++) {
        const Export *e = &b->m->exports[i];
        Bytes name = export_name(b->plan, e);
        if (!name.data) continue;
        buf_name(out, name.data, name.len);
        buf_byte(out, (u8)e->kind);
        buf_leb_u(out, e->index);
        if (e->kind == EXTERN_func) b->declared[e->index] = true;
    }
    return count;
}

// ---- Names

static bool segment_stays(const Baker *b, u8 names_of, u32 index)
{
    const Module *m = b->m;
    if (names_of == NAMES_elem) return index < m->elem_count && bake_elem_stays(b, index);
    return m->datas && index < m->data_count && bake_data_stays(b, index);
}

// A map of segments' names, without those that are others now. False: it is malformed.
static bool put_segment_names(const Baker *b, Buf *out, u8 id, Reader r)
{
    Buf left;
    u32 count = 0;
    buf_init(&left, b->arena);
    for (u32 n = read_count(&r, 2); n && !reader_failed(&r); n--) {
        u32 index = read_leb_u32(&r);
        Bytes name = read_name(&r);
        if (reader_failed(&r) || !segment_stays(b, id, index)) continue;
        buf_leb_u(&left, index);
        buf_name(&left, name.data, name.len);
        count++;
    }
    if (reader_failed(&r)) return false;
    if (!count) return true;
    Buf map;
    buf_init(&map, b->arena);
    buf_leb_u(&map, count);
    buf_bytes(&map, left.data, left.len);
    buf_byte(out, id);
    buf_name(out, map.data, map.len);
    return true;
}

static void put_names(const Baker *b, Buf *out, const Section *s)
{
    Diag diag;
    diag_init(&diag);
    Reader r = section_reader(b->m, s, &diag);
    const u8 *end = r.end, *good = r.pos;
    while (r.pos < end) {
        u8 id = read_u8(&r);
        u32 size = read_leb_u32(&r);
        const u8 *data = read_bytes(&r, size);
        if (reader_failed(&r)) break;
        Diag within;
        diag_init(&within);
        Reader map = {b->m->bytes, data, data + size, ERR_unexpected_end_of_section, &within};
        bool segments = id == NAMES_elem || id == NAMES_data;
        if (!segments || !put_segment_names(b, out, id, map)) buf_bytes(out, good, r.pos - good);
        good = r.pos;
    }
    if (reader_failed(&r)) buf_bytes(out, good, end - good); // as it was
}

static void put_custom(Baker *b, Buf *out, const Section *s)
{
    const Module *m = b->m;
    if (!section_is(m, s, "name")) {
        buf_bytes(out, m->bytes + s->start, s->content.end - s->start);
        return;
    }
    Open open = open_section(out, CUSTOM);
    Bytes name = section_name(m, s);
    buf_name(out, name.data, name.len);
    put_names(b, out, s);
    close_section(b, out, open);
}

// ---- All of it

static bool put_none(Baker *b, Buf *out) { return false; }

static bool put_data_count(Baker *b, Buf *out)
{
    buf_leb_u(out, bake_data_count(b));
    return true;
}

// What is in those that are not as they were. False: there is none any more.
typedef bool PutSection(Baker *b, Buf *out);
static PutSection *const anew[SECTION_COUNT] = {
    [TABLES] = put_tables, [MEMORIES] = put_memories, [GLOBALS] = put_globals,
    [EXPORTS] = put_exports, [START] = put_none, [ELEMS] = bake_elems,
    [DATA_COUNT] = put_data_count, [DATAS] = bake_datas,
};

// `s`: what was there, or NULL.
static void put_section(Baker *b, Buf *out, u8 id, const Section *s)
{
    bool comes = id == ELEMS || id == DATAS; // where there was none, too
    if (!s && !comes) return;
    if (!anew[id]) {
        buf_bytes(out, b->m->bytes + s->start, s->content.end - s->start);
        return;
    }
    size_t before = out->len;
    Open open = open_section(out, id);
    if (anew[id](b, out)) close_section(b, out, open);
    else out->len = before;
}

static void reserve(const Baker *b, Buf *out)
{
    size_t bytes = b->m->size;
    for (u32 i = 0; i < b->span_count; i++) bytes += (size_t)b->spans[i].len + SPAN_HEAD_MOST;
    buf_reserve(out, bytes);
}

// Custom sections stay where they were among the others, in front of the next of those.
static void put_module(Baker *b, Buf *out)
{
    const Module *m = b->m;
    u32 next = 0;
    buf_bytes(out, m->bytes, 8);
    for (u32 i = 0; i < COUNT_OF(section_order); i++) {
        u32 at = next;
        while (at < m->section_count && !m->sections[at].id) at++;
        bool there = at < m->section_count && m->sections[at].id == section_order[i];
        while (there && next < at) put_custom(b, out, &m->sections[next++]);
        put_section(b, out, section_order[i], there ? &m->sections[next++] : NULL);
    }
    while (next < m->section_count) put_custom(b, out, &m->sections[next++]);
}

static void bake(Baker *b, Buf *out)
{
    type_indexes_init(&b->types, b->m, b->arena);
    b->declared = NEW_ARRAY(b->arena, u8, b->m->func_count);
    bake_imports(b);
    bake_find_spans(b);
    bake_find_runs(b);
    reserve(b, out);
    put_module(b, out);
}

bool bake_module(Instance *inst, const BakePlan *plan, Buf *out, char why[BAKE_WHY])
{
    Arena arena;
    jmp_buf failed;
    jmp_buf *before = out->arena->on_failure;
    arena_init(&arena);
    out->arena->on_failure = arena.on_failure = &failed;
    Baker b = {.inst = inst, .m = inst->module, .plan = plan, .arena = &arena, .why = why};
    *why = 0;
    bool good = !setjmp(failed);
    if (good && !module_fetch(b.m, MODULE_ALL)) good = refuse(why, "its bodies cannot be read");
    if (good) bake(&b, out);
    else if (!*why) refuse(why, "out of memory");
    out->arena->on_failure = before;
    arena_free(&arena);
    return good;
}
