// unbundle.c -- see unbundle.h.
//
//     (component                            (component
//                                             (core type (module ...))
//                                             (import "unbundled-module0" (core module (type 0)))
//       (core module ...)               ->    (alias outer 0 0 (core module))
//       (component (core module ...)))        (component (alias outer 1 1 (core module))))
//
// The types and imports stand in front of all else, and each module becomes an alias in its place,
// so that all indices stay but those of core types and core modules of the outermost component,
// which are as many more as there are modules. The decoder says where those stand (CMark), inside
// of other components too; names of them are in a section of names.
// spec: Binary/alias definitions, name section

#include "component/tool/unbundle.h"

#include "binary/encode.h"
#include "binary/reader.h"
#include "component/tool/splice.h"

#include <stdio.h>

enum { HEADER = 8, TYPE_SECTION = 1 };

static Reader reader_of(Bytes bytes, Diag *diag)
{
    diag_init(diag);
    return (Reader){.start = bytes.data, .pos = bytes.data, .end = bytes.data + bytes.len,
                    .diag = diag, .at_end = ERR_unexpected_end_of_section};
}

static void put(Buf *out, Bytes bytes) { buf_bytes(out, bytes.data, bytes.len); }

// ---- Types, as a module's type section has them, which is valid: only how long they are

static void skip_heap_type(Reader *r)
{
    if (peek_u8(r) == 0x62) read_u8(r); // exact
    read_leb_s33(r);
}

static void skip_storage_type(Reader *r)
{
    u8 code = read_u8(r);
    if (code == 0x63 || code == 0x64) skip_heap_type(r);
}

static void skip_storage_types(Reader *r, bool fields)
{
    for (u32 count = read_leb_u32(r); count && !reader_failed(r); count--) {
        skip_storage_type(r);
        if (fields) read_u8(r); // mutable?
    }
}

static void skip_composite(Reader *r)
{
    switch (read_u8(r)) {
    case 0x60:
        skip_storage_types(r, false);
        skip_storage_types(r, false);
        break;
    case 0x5f: skip_storage_types(r, true); break;
    case 0x5e:
        skip_storage_type(r);
        read_u8(r);
        break;
    default: read_leb_u32(r); // a continuation's
    }
}

static void skip_sub_type(Reader *r)
{
    u8 code = peek_u8(r);
    if (code == 0x50 || code == 0x4f) {
        read_u8(r);
        for (u32 supers = read_leb_u32(r); supers && !reader_failed(r); supers--) read_leb_u32(r);
    }
    for (code = peek_u8(r); code == 0x4c || code == 0x4d; code = peek_u8(r)) {
        read_u8(r); // described, descriptor
        read_leb_u32(r);
    }
    skip_composite(r);
}

// How many types it has.
static u32 skip_group(Reader *r)
{
    u32 count = 1;
    if (peek_u8(r) == 0x4e) {
        read_u8(r);
        count = read_leb_u32(r);
    }
    for (u32 i = 0; i < count && !reader_failed(r); i++) skip_sub_type(r);
    return count;
}

// ---- The type of a module

typedef struct {
    const Module *m;
    TypeIndexes indexes;
    Buf decls;
    u32 count, types; // declarations; how many types they need
} ModuleType;

static void put_type_index(ModuleType *t, TypeId id)
{
    u32 index = type_index_of(&t->indexes, id);
    t->types = MAX(t->types, index + 1);
    buf_leb_u(&t->decls, index);
}

static void put_value_type(ModuleType *t, Type type)
{
    if (type_is_concrete(type))
        t->types = MAX(t->types, type_index_of(&t->indexes, type_id(type)) + 1);
    encode_value_type(&t->decls, &t->indexes, type);
}

static void put_extern_type(ModuleType *t, const ExternType *e)
{
    buf_byte(&t->decls, e->kind == EXTERN_func && e->exact ? 0x20 : (u8)e->kind);
    switch (e->kind) {
    case EXTERN_func: put_type_index(t, e->func); break;
    case EXTERN_table:
        put_value_type(t, e->table.elem);
        encode_limits(&t->decls, &e->table.limits);
        break;
    case EXTERN_memory: encode_limits(&t->decls, &e->memory.limits); break;
    case EXTERN_global:
        put_value_type(t, e->global.type);
        buf_byte(&t->decls, e->global.mutable);
        break;
    case EXTERN_tag:
        buf_byte(&t->decls, 0x00);
        put_type_index(t, e->func);
        break;
    case EXTERN_COUNT: break;
    }
}

static void put_externs(ModuleType *t)
{
    const Module *m = t->m;
    for (u32 i = 0; i < m->import_count; i++, t->count++) {
        const Import *import = &m->imports[i];
        ExternType type = import_type(m, import);
        buf_byte(&t->decls, 0x00);
        buf_name(&t->decls, import->module.data, import->module.len);
        buf_name(&t->decls, import->name.data, import->name.len);
        put_extern_type(t, &type);
    }
    for (u32 i = 0; i < m->export_count; i++, t->count++) {
        const Export *export = &m->exports[i];
        ExternType type = module_type(m, export->kind, export->index);
        buf_byte(&t->decls, 0x03);
        buf_name(&t->decls, export->name.data, export->name.len);
        put_extern_type(t, &type);
    }
}

// All types up to the last one that is needed, so that they keep their indices.
static void put_types(ModuleType *t, Buf *out, u32 *count)
{
    const Module *m = t->m;
    Diag diag;
    for (u32 i = 0; i < m->section_count && t->types; i++) {
        const Section *s = &m->sections[i];
        if (s->id != TYPE_SECTION) continue;
        Range at = s->content;
        Reader r = reader_of((Bytes){m->bytes + at.start, at.end - at.start}, &diag);
        u32 groups = read_leb_u32(&r);
        for (u32 done = 0; groups && done < t->types && !reader_failed(&r); groups--, ++*count) {
            const u8 *start = r.pos;
            done += skip_group(&r);
            buf_byte(out, 0x01);
            if (*start == 0x50) buf_byte(out, 0x00); // or it would be a type of modules
            buf_bytes(out, start, (size_t)(r.pos - start));
        }
    }
}

static void put_module_type(const Module *m, Buf *out)
{
    ModuleType t = {.m = m};
    Buf types;
    u32 count = 0;
    buf_init(&t.decls, out->arena);
    buf_init(&types, out->arena);
    type_indexes_init(&t.indexes, m, out->arena);
    put_externs(&t);
    put_types(&t, &types, &count);
    buf_byte(out, 0x50);
    buf_leb_u(out, count + t.count);
    put(out, buf_view(&types));
    put(out, buf_view(&t.decls));
}

// ---- What stands in front

// A list with its count.
static void put_list(Buf *out, CSection id, u32 count, const Buf *items)
{
    Buf content;
    if (!count) return;
    buf_init(&content, out->arena);
    buf_leb_u(&content, count);
    put(&content, buf_view(items));
    splice_section(out, id, buf_view(&content));
}

static void put_import(Buf *out, u32 number, u32 type)
{
    char name[40];
    int len = snprintf(name, sizeof name, UNBUNDLED "%u", number);
    buf_byte(out, 0x00);
    buf_name(out, name, (size_t)len);
    buf_byte(out, csort_info[CSORT_core].code);
    buf_byte(out, core_sort_info[CORE_SORT_module].code);
    buf_leb_u(out, type);
}

static Bytes prelude(const Component *c, const bool *taken, u32 first, Arena *arena)
{
    Buf types, imports, out;
    u32 count = 0;
    buf_init(&types, arena);
    buf_init(&imports, arena);
    buf_init(&out, arena);
    for (u32 i = 0; i < c->module_count; i++) {
        if (!taken[i]) continue;
        put_module_type(c->modules[i].module, &types);
        put_import(&imports, first + count, count);
        count++;
    }
    put_list(&out, CSECTION_core_type, count, &types);
    put_list(&out, CSECTION_import, count, &imports);
    return buf_view(&out);
}

// A number that no import has, nor any behind it.
static u32 first_number(const Component *c)
{
    const CExterns *e = ctype_def(&c->types, c->type)->externs;
    u32 first = 0;
    for (u32 i = 0; i < e->import_count; i++) {
        Bytes name = e->imports[i].name;
        size_t front = strlen(UNBUNDLED);
        u64 number = 0;
        if (!bytes_begin(name, UNBUNDLED) || name.len > front + 9) continue;
        for (size_t k = front; k < name.len; k++) number = number * 10 + (u64)(name.data[k] - '0');
        if (number < UINT32_MAX / 2 && number >= first) first = (u32)number + 1;
    }
    return first;
}

// ---- What stays

static Bytes alias_of(Arena *arena, u32 outwards, u32 index)
{
    Buf item, out;
    buf_init(&item, arena);
    buf_init(&out, arena);
    buf_byte(&item, csort_info[CSORT_core].code);
    buf_byte(&item, core_sort_info[CORE_SORT_module].code);
    buf_byte(&item, 0x02);
    buf_leb_u(&item, outwards);
    buf_leb_u(&item, index);
    put_list(&out, CSECTION_alias, 1, &item);
    return buf_view(&out);
}

static Bytes shifted(Arena *arena, const CMark *mark, u32 by)
{
    Buf out;
    buf_init(&out, arena);
    if (mark->is_signed) buf_leb_s(&out, (s64)mark->index + by);
    else buf_leb_u(&out, (u64)mark->index + by);
    return buf_view(&out);
}

// ---- Names

// One space of a section of names. Where its indices are others now they are written anew.
static void shift_space(Reader *r, const u8 *start, u32 by, Buf *out)
{
    Reader names = *r;
    bool core = read_u8(&names) == csort_info[CSORT_core].code;
    u8 sort = core ? read_u8(&names) : 0;
    bool moves = core && (sort == core_sort_info[CORE_SORT_type].code ||
                          sort == core_sort_info[CORE_SORT_module].code);
    Buf inner;
    buf_init(&inner, out->arena);
    buf_bytes(&inner, r->pos, (size_t)(names.pos - r->pos));
    u32 count = moves ? read_count(&names, 2) : 0;
    buf_leb_u(&inner, count);
    for (u32 i = 0; i < count && !reader_failed(&names); i++) {
        buf_leb_u(&inner, (u64)read_leb_u32(&names) + by);
        Bytes name = read_name(&names);
        if (!reader_failed(&names)) buf_name(&inner, name.data, name.len);
    }
    if (!moves || reader_failed(&names) || names.pos != names.end) {
        buf_bytes(out, start, (size_t)(r->end - start));
        return;
    }
    buf_byte(out, 0x01);
    buf_leb_u(out, inner.len);
    put(out, buf_view(&inner));
}

// What is malformed stays as it is; nobody has to believe a name.
static Bytes shifted_names(Arena *arena, Bytes content, u32 by)
{
    Diag diag, ignored;
    Reader r = reader_of(content, &diag);
    Buf out;
    buf_init(&out, arena);
    while (r.pos != r.end) {
        const u8 *start = r.pos;
        u8 id = read_u8(&r);
        u32 size = read_leb_u32(&r);
        const u8 *inside = read_bytes(&r, size);
        if (!inside) return content;
        diag_init(&ignored);
        Reader part = {.start = r.start, .pos = inside, .end = r.pos, .diag = &ignored,
                       .at_end = ERR_unexpected_end_of_section};
        if (id == 0x01) shift_space(&part, start, by, &out);
        else buf_bytes(&out, start, (size_t)(r.pos - start));
    }
    return buf_view(&out);
}

static void splice_names(const Component *c, const CSectionSpan *s, u32 by, CPatches *splices,
                         Arena *arena)
{
    Diag diag;
    Bytes content = {c->bytes + s->content.start, s->content.end - s->content.start};
    Reader r = reader_of(content, &diag);
    if (!bytes_are(read_name(&r), "component-name")) return;
    Range at = {(u32)(r.pos - c->bytes), s->content.end};
    Bytes names = {r.pos, (size_t)(r.end - r.pos)};
    patch_add(splices, arena, at, shifted_names(arena, names, by));
}

// ---- All of it

typedef struct {
    const Component *c;
    CPatches splices;
    u32 mark; // the next one
    u32 by;
} Unbundle;

// Marks up to a place in the bytes.
static void splice_marks(Unbundle *u, u32 end, Arena *arena)
{
    const Component *c = u->c;
    for (; u->mark < c->mark_count && c->marks[u->mark].at.start < end; u->mark++) {
        const CMark *mark = &c->marks[u->mark];
        patch_add(&u->splices, arena, mark->at, shifted(arena, mark, u->by));
    }
}

void tool_unbundle(const Component *c, u32 threshold, bool *taken, u32 *first, Buf *out)
{
    Arena *arena = out->arena;
    Unbundle u = {.c = c};
    for (u32 i = 0; i < c->module_count; i++) {
        taken[i] = c->modules[i].bytes.end - c->modules[i].bytes.start >= threshold;
        u.by += taken[i];
    }
    *first = first_number(c);
    if (u.by) patch_add(&u.splices, arena, (Range){HEADER, HEADER},
                         prelude(c, taken, *first, arena));
    for (u32 i = 0, module = 0, next = 0; i < c->section_count && u.by; i++) {
        const CSectionSpan *s = &c->sections[i];
        splice_marks(&u, s->content.start, arena);
        if (s->id == CSECTION_custom && s->level == 1)
            splice_names(c, s, u.by, &u.splices, arena);
        if (s->id != CSECTION_core_module || !taken[module++]) continue;
        Range at = {splice_section_start(c, s->content), s->content.end};
        patch_add(&u.splices, arena, at, alias_of(arena, s->level - 1, next++));
    }
    if (u.by) splice_marks(&u, UINT32_MAX, arena);
    component_splice(c, &u.splices, out);
}

// ---- Back

static ToolModule *find_module(ToolModule *modules, u32 count, const CExtern *import)
{
    for (u32 i = 0; i < count && import->entity.kind == CENTITY_module; i++)
        if (bytes_same(modules[i].name, import->name)) return &modules[i];
    return NULL;
}

// A section's imports from `*next` on, with modules in the place of some. NULL data: of none.
static Bytes with_modules(const Component *c, const CSectionSpan *s, u32 *next,
                          ToolModule *modules, u32 count, Arena *arena)
{
    const CExterns *e = ctype_def(&c->types, c->type)->externs;
    Buf out, items;
    u32 waiting = 0;
    bool some = false;
    buf_init(&out, arena);
    buf_init(&items, arena);
    for (; *next < c->import_count && c->imports[*next].start < s->content.end; ++*next) {
        Range at = c->imports[*next];
        ToolModule *m = find_module(modules, count, &e->imports[*next]);
        if (m) {
            put_list(&out, CSECTION_import, waiting, &items);
            splice_section(&out, CSECTION_core_module, m->module);
            items.len = waiting = 0;
            some = m->used = true;
        } else {
            buf_bytes(&items, c->bytes + at.start, at.end - at.start);
            waiting++;
        }
    }
    put_list(&out, CSECTION_import, waiting, &items);
    return some ? buf_view(&out) : (Bytes){0};
}

void tool_bundle(const Component *c, ToolModule *modules, u32 count, Buf *out)
{
    CPatches splices = {0};
    for (u32 i = 0, next = 0; i < c->section_count; i++) {
        const CSectionSpan *s = &c->sections[i];
        if (s->id != CSECTION_import || s->level != 1) continue;
        Bytes with = with_modules(c, s, &next, modules, count, out->arena);
        if (!with.data) continue;
        Range at = {splice_section_start(c, s->content), s->content.end};
        patch_add(&splices, out->arena, at, with);
    }
    component_splice(c, &splices, out);
}
