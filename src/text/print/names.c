// names.c -- from names to identifiers. See printer.h.
//
// An identifier is the name where that can be one: in quotes if it has other characters. A second
// item of the same name gets its index behind it, one that is long is cut: every use repeats it,
// and a module of some bytes must not become a text without end. Such an item says its name in an
// @name. What has no name gets one of its kind and index if that is asked for.
// spec: text/values, identifiers; appendix/custom

#include "module/describe.h"
#include "text/print/printer.h"

#include "base/utf8.h"
#include "binary/linking.h"
#include "binary/reader.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 200 }; // bytes of an identifier that are the name's

static bool is_idchar(u8 c)
{
    return c > 0x20 && c < 0x7f && !memchr("\"(),;[]{}", c, 9);
}

static void write_ident(Arena *arena, Bytes name, Ident *out)
{
    Buf b;
    size_t plain = 0;
    while (plain < name.len && is_idchar(name.data[plain])) plain++;
    if (plain == name.len) {
        u8 *text = arena_alloc(arena, name.len + 1);
        text[0] = '$';
        memcpy(text + 1, name.data, name.len);
        out->text = text;
        out->len = (u32)name.len + 1;
        return;
    }
    buf_init(&b, arena);
    buf_byte(&b, '$');
    buf_quoted(&b, name, QUOTE_text);
    out->text = b.data;
    out->len = (u32)b.len;
}

// Cut between characters.
static Bytes cut_name(Bytes name)
{
    if (name.len <= NAME_MOST) return name;
    name.len = NAME_MOST;
    while (name.len && (name.data[name.len] & 0xc0) == 0x80) name.len--;
    return name;
}

// Each try that fails is owed to a name of its own, so all tries together are no more than there
// are names.
void make_ident(Arena *arena, Map *used, Bytes name, u32 index, u32 place, Ident *out)
{
    Bytes cut = cut_name(name);
    out->renamed = cut.len != name.len || !name.len;
    if (!name.len) return; // no identifier is empty; there is the @name
    if (out->renamed || !map_add(used, cut.data, cut.len, index)) {
        u8 *text = arena_alloc(arena, cut.len + 24);
        size_t len;
        u32 suffix = index;
        memcpy(text, cut.data, cut.len);
        do len = cut.len + (size_t)sprintf((char *)text + cut.len, "#%u", suffix++);
        while (!map_add(used, text, len, index));
        cut = (Bytes){text, len};
        out->renamed = true;
    }
    if (out->renamed) out->renamed = 1 + place;
    write_ident(arena, cut, out);
}

static const char *const kind_words[NAMES_COUNT] = {
    [NAMES_func] = "func",   [NAMES_local] = "local",   [NAMES_label] = "label",
    [NAMES_type] = "type",   [NAMES_table] = "table",   [NAMES_memory] = "memory",
    [NAMES_global] = "global", [NAMES_elem] = "elem",   [NAMES_data] = "data",
    [NAMES_field] = "field", [NAMES_tag] = "tag",
};

// Of all characters that an identifier may have. All names that there are must be in `used`.
static void make_unnamed(Arena *arena, Map *used, NamesKind kind, u32 index, Ident *out)
{
    char *text = arena_alloc(arena, 40);
    int len = sprintf(text, "$%s%u", kind_words[kind], index);
    for (u32 n = 0; !map_add(used, text + 1, (size_t)len - 1, index); n++)
        len = sprintf(text, "$%s%u#%u", kind_words[kind], index, n);
    out->text = (const u8 *)text;
    out->len = (u32)len;
}

static void init_space(Printer *p, NamesKind kind, u32 count)
{
    const NameMap *map = &p->names.flat[kind];
    bool all = p->options.name_unnamed;
    Ident *items;
    Map used;
    if (!map->count && !all) return;
    items = NEW_ARRAY(&p->arena, Ident, count);
    map_init(&used, &p->arena);
    for (u32 i = 0; i < map->count && map->names[i].index < count; i++) {
        u32 index = map->names[i].index;
        make_ident(&p->arena, &used, map->names[i].name, index, i, &items[index]);
        if (!items[index].text) items[index].renamed = 1 + i;
    }
    for (u32 i = 0; all && i < count; i++)
        if (!items[i].text) make_unnamed(&p->arena, &used, kind, i, &items[i]);
    p->idents[kind] = (Idents){.items = items, .count = count, .map = *map};
}

// Kept for all types at once: instructions name fields of any.
static void init_fields(Printer *p)
{
    if (!p->names.nested[NAMES_field].count && !p->options.name_unnamed) return;
    p->fields = NEW_ARRAY(&p->arena, Idents, p->m->type_count);
    for (u32 i = 0; i < p->m->type_count; i++) {
        const TypeDef *def = type_def(p->m->store, p->m->types[i]);
        if (def->kind != COMP_struct) continue;
        p->fields[i] = print_names_within(p, NAMES_field, i, def->field_count, &p->arena);
    }
}

const Idents *print_field_names(const Printer *p, u32 type)
{
    static const Idents none;
    return p->fields && type < p->m->type_count ? &p->fields[type] : &none;
}

void print_names_init(Printer *p)
{
    const Module *m = p->m;
    if (p->shows) names_read_shown(m, &p->arena, &p->names);
    else names_read(m, &p->arena, &p->names);
    init_space(p, NAMES_func, m->func_count);
    init_space(p, NAMES_type, m->type_count);
    init_space(p, NAMES_table, m->table_count);
    init_space(p, NAMES_memory, m->memory_count);
    init_space(p, NAMES_global, m->global_count);
    init_space(p, NAMES_elem, m->elem_count);
    init_space(p, NAMES_data, m->data_count);
    init_space(p, NAMES_tag, m->tag_count);
    init_fields(p);
}

// The same, with those between that have no names.
static NameMap fill_up(NameMap map, u32 count, Arena *arena)
{
    NameAssoc *names = NEW_ARRAY(arena, NameAssoc, count);
    for (u32 i = 0; i < count; i++) names[i].index = i;
    for (u32 i = 0; i < map.count; i++) names[map.names[i].index] = map.names[i];
    return (NameMap){.outer = map.outer, .count = count, .names = names};
}

Idents print_names_within(Printer *p, NamesKind kind, u32 outer, u32 count, Arena *arena)
{
    NameMap map = names_within(p->m, &p->names, kind, outer, arena);
    Map used;
    bool all = p->options.name_unnamed;
    if (all) print_spend(p, count, kind == NAMES_local ? p->m->funcs[outer].body.start : 0);
    while (map.count && map.names[map.count - 1].index >= count) map.count--;
    if (all) map = fill_up(map, count, arena);
    if (!map.count) return (Idents){0};
    Ident *items = NEW_ARRAY(arena, Ident, map.count);
    map_init(&used, arena);
    for (u32 i = 0; i < map.count; i++) {
        if (!map.names[i].name.data) continue;
        make_ident(arena, &used, map.names[i].name, map.names[i].index, i, &items[i]);
        if (!items[i].text) items[i].renamed = 1 + i;
    }
    for (u32 i = 0; all && i < count; i++)
        if (!items[i].text) make_unnamed(arena, &used, kind, i, &items[i]);
    return (Idents){.items = items, .count = map.count, .map = map};
}

const Ident *ident_within(const Idents *idents, u32 index)
{
    const NameAssoc *names = idents->map.names;
    u32 low = 0, high = idents->count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (names[middle].index == index) return &idents->items[middle];
        if (names[middle].index < index) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

void print_module_ident(Printer *p, Bytes name, Ident *out)
{
    Bytes cut = cut_name(name);
    *out = (Ident){.renamed = cut.len != name.len || !cut.len};
    if (cut.len) write_ident(&p->arena, cut, out);
}

bool print_label_ident(Printer *p, Bytes name, Ident *out)
{
    if (!name.len || name.len > NAME_MOST) return false;
    write_ident(&p->body, name, out);
    return true;
}

Bytes print_label_made(Printer *p, u32 index)
{
    char *text = arena_alloc(&p->body, 24);
    return (Bytes){(const u8 *)text, (size_t)sprintf(text, "label%u", index)};
}

void put_index(Printer *p, Buf *b, NamesKind kind, u32 index)
{
    const Idents *ids = &p->idents[kind];
    if (index < ids->count && ids->items[index].text)
        buf_bytes(b, ids->items[index].text, ids->items[index].len);
    else put_u64(b, index);
}

static void put_name_note(Buf *b, Bytes name)
{
    put(b, " (@name ");
    buf_quoted(b, name, QUOTE_text);
    buf_byte(b, ')');
}

void put_ident_name(Printer *p, Buf *b, const Idents *idents, const Ident *id)
{
    if (id->text) {
        buf_byte(b, ' ');
        buf_bytes(b, id->text, id->len);
    }
    if (id->renamed) put_name_note(b, idents->map.names[id->renamed - 1].name);
    if (id->text || id->renamed) p->names_written++;
}

void put_item_name(Printer *p, Buf *b, NamesKind kind, u32 index)
{
    const Idents *ids = &p->idents[kind];
    const Ident none = {0}, *id = index < ids->count ? &ids->items[index] : &none;
    if (id->text) {
        buf_byte(b, ' ');
        buf_bytes(b, id->text, id->len);
    }
    put(b, " (;");
    put_u64(b, index);
    put(b, ";)");
    if (id->renamed) put_name_note(b, ids->map.names[id->renamed - 1].name);
    if (id->text || id->renamed) p->names_written++;
}
