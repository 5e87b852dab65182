// emit.c -- items into sections and declarations, scopes, names. See assembler.h.

#include "text/component/assembler.h"

#include "op/limit.h"

#include <string.h>

const char *space_text(u32 space)
{
    return space < CORE_SORT_COUNT ? core_sort_info[space].text
                                   : csort_info[space - CORE_SORT_COUNT].text;
}

void write_sort(Buf *out, u32 space)
{
    if (space < CORE_SORT_COUNT) {
        buf_byte(out, CSORT_core);
        buf_byte(out, core_sort_info[space].code);
    } else {
        buf_byte(out, csort_info[space - CORE_SORT_COUNT].code);
    }
}

// ---- Putting something in front of what is at the end

static void make_room(Buf *buf, size_t at, size_t size)
{
    buf_reserve(buf, size);
    memmove(buf->data + at + size, buf->data + at, buf->len - at);
    buf->len += size;
}

// `first`: of the places in the text whose bytes move.
static void insert_bytes(Assembler *a, size_t at, u32 first, const void *bytes, size_t size)
{
    Part *out = &a->out;
    make_room(&out->buf, at, size);
    memcpy(out->buf.data + at, bytes, size);
    for (u32 i = first; i < out->map_count; i++) out->map[i].binary += (u32)size;
}

static u32 leb_bytes(u8 *to, u64 value)
{
    u32 size = 0;
    do {
        to[size] = (u8)(value & 0x7f) | (value > 0x7f ? 0x80 : 0);
        value >>= 7;
        size++;
    } while (value);
    return size;
}

void temp_insert_leb(Assembler *a, size_t at, u64 value)
{
    u8 bytes[10];
    u32 size = leb_bytes(bytes, value);
    make_room(&a->temp, at, size);
    memcpy(a->temp.data + at, bytes, size);
}

// ---- Sections and declarations

void section_end(Assembler *a)
{
    Scope *s = a->scope;
    u8 head[16], count[8];
    if (s->kind != SCOPE_component || !s->section) return;
    u32 count_size = leb_bytes(count, s->items), size = 1;
    head[0] = s->section;
    size += leb_bytes(head + size, a->out.buf.len - s->section_start + count_size);
    memcpy(head + size, count, count_size);
    // where the head is from is where the first item is
    insert_bytes(a, s->section_start, s->section_mark + 1, head, size + count_size);
    s->section = 0;
}

void item_begin(Assembler *a, u8 section, u32 at)
{
    static const u8 decls[] = {
        [CSECTION_core_type] = 0, [CSECTION_type] = 1, [CSECTION_alias] = 2,
        [CSECTION_import] = 3, [CSECTION_export] = 4};
    Scope *s = a->scope;
    if (s->kind != SCOPE_component) {
        part_mark(&a->p, &a->out, at);
        if (s->kind != SCOPE_module_type) buf_byte(&a->out.buf, decls[section]);
    } else if (s->section != section) {
        section_end(a);
        s->section = section;
        s->section_start = a->out.buf.len;
        s->section_mark = a->out.map_count;
        s->items = 0;
    }
    if (s->kind == SCOPE_component) part_mark(&a->p, &a->out, at);
    s->items++;
}

u32 item_emit(Assembler *a, u8 section, u32 space, u32 at, size_t start)
{
    item_begin(a, section, at);
    buf_bytes(&a->out.buf, a->temp.data + start, a->temp.len - start);
    a->temp.len = start;
    return space == SPACE_none ? 0 : a->scope->counts[space]++;
}

void write_whole_section(Assembler *a, u8 id, u32 at, Bytes content)
{
    section_end(a);
    part_mark(&a->p, &a->out, at);
    buf_byte(&a->out.buf, id);
    buf_name(&a->out.buf, content.data, content.len);
}

// ---- Names

static void write_subsection(Buf *out, u8 id, const Buf *content)
{
    buf_byte(out, id);
    buf_name(out, content->data, content->len);
}

static void write_space_names(Assembler *a, Buf *out, u32 space)
{
    const NameList *list = &a->scope->names[space];
    Buf content, names;
    u32 count = 0;
    if (!list->count) return;
    buf_init(&content, &a->p.scratch);
    buf_init(&names, &a->p.scratch);
    for (u32 i = 0; i < list->count; i++) {
        if (!list->items[i].name.data) continue;
        count++;
        buf_leb_u(&names, list->items[i].index);
        buf_name(&names, list->items[i].name.data, list->items[i].name.len);
    }
    if (!count) return;
    write_sort(&content, space);
    buf_leb_u(&content, count);
    buf_bytes(&content, names.data, names.len);
    write_subsection(out, 1, &content);
}

static void write_names(Assembler *a)
{
    static const char section[] = "component-name";
    const Scope *s = a->scope;
    Buf out, name;
    buf_init(&out, &a->p.scratch);
    buf_init(&name, &a->p.scratch);
    buf_name(&out, section, sizeof section - 1);
    size_t empty = out.len;
    if (s->names_given) return;
    if (s->ident.name.data && !s->outer) {
        buf_name(&name, s->ident.name.data, s->ident.name.len);
        write_subsection(&out, 0, &name);
    }
    for (u32 i = 0; i < SPACES; i++) write_space_names(a, &out, i);
    if (out.len > empty) write_whole_section(a, CSECTION_custom, s->at, buf_view(&out));
}

// ---- Scopes. Those of types come and go often, so they are used again with what room they have.

static void clear_scope(Assembler *a, Scope *s)
{
    for (u32 i = 0; i < SPACES; i++) {
        map_clear(&s->ids[i], &a->p.scratch);
        map_clear(&s->aliased[i], &a->p.scratch);
        s->counts[i] = 0;
        s->names[i].count = 0;
    }
    map_clear(&s->core.sigs, &a->p.scratch);
    s->core.count = 0;
    s->section = 0;
    s->items = 0;
    s->names_given = false;
    s->ident = (Ident){0};
    s->exports = NULL;
    s->then = THEN_nothing;
}

Scope *text_scope_open(Assembler *a, ScopeKind kind, u32 at)
{
    Scope *s = a->spare;
    if (a->scope && a->scope->level == COMPONENT_MOST_nesting) {
        fail_at(&a->p, ERR_limit_nesting, at, "%s", "");
        return NULL;
    }
    if (s) a->spare = s->outer;
    else s = NEW(&a->p.scratch, Scope);
    clear_scope(a, s);
    s->kind = kind;
    s->at = at;
    s->outer = a->scope;
    s->level = a->scope ? a->scope->level + 1 : 1;
    s->start = a->out.buf.len;
    s->mark = a->out.map_count;
    return a->scope = s;
}

void scope_begin_component(Assembler *a, u32 at)
{
    part_mark(&a->p, &a->out, at);
    buf_bytes(&a->out.buf, "\0asm\x0d\0\1\0", 8);
}

static void close_component(Assembler *a, Scope *s)
{
    u8 head[8] = {CSECTION_component};
    section_end(a);
    write_names(a);
    a->scope = s->outer;
    if (!s->outer) return;
    u32 size = 1 + leb_bytes(head + 1, a->out.buf.len - s->start);
    insert_bytes(a, s->start, s->mark + 1, head, size); // its own stays where it begins
    u32 index = s->outer->counts[OUTER(component)]++;
    bind_ident(a, OUTER(component), index, &s->ident);
    write_inline_exports(a, OUTER(component), index, s->exports);
}

static void close_type(Assembler *a, Scope *s)
{
    u8 head[8];
    bool module = s->kind == SCOPE_module_type;
    u32 space = module ? CORE(type) : OUTER(type);
    head[0] = module ? 0x50 : cform_info[s->kind == SCOPE_component_type ? CFORM_component
                                                                         : CFORM_instance].code;
    u32 size = 1 + leb_bytes(head + 1, s->items);
    insert_bytes(a, s->start, s->mark, head, size);
    a->scope = s->outer;
    u32 index = a->scope->counts[space]++;
    if (module)
        ARENA_PUSH(&a->p.scratch, a->scope->core.items, a->scope->core.count, a->scope->core.cap) =
            (TypeEntry){0};
    if (s->then == THEN_type) {
        bind_ident(a, space, index, &s->ident);
        write_inline_exports(a, space, index, s->exports);
        close_form(&a->p);
    } else {
        Extern x = s->external;
        write_sort(&a->temp, x.space);
        buf_leb_u(&a->temp, index);
        extern_finish(a, &x);
    }
}

void text_scope_close(Assembler *a)
{
    Scope *s = a->scope;
    if (s->kind == SCOPE_component) close_component(a, s);
    else close_type(a, s);
    s->outer = a->spare;
    a->spare = s;
}
