// describe.c -- see describe.h.

#include "module/describe.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void put(Buf *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void put(Buf *out, const char *fmt, ...)
{
    char text[128];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    buf_bytes(out, text, MIN((size_t)len, sizeof text - 1));
}

// ---- Names

bool terminal_obeys(u32 c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void put_escape(Buf *out, u32 c, Quote quote)
{
    switch (c) {
    case '\t': put(out, "\\t"); return;
    case '\n': put(out, "\\n"); return;
    case '\r': put(out, "\\r"); return;
    default: put(out, quote == QUOTE_json ? "\\u%04x" : "\\u{%x}", c);
    }
}

static void put_plain(Buf *out, u32 c, const u8 *bytes, u32 len)
{
    if (!len) buf_bytes(out, "\xef\xbf\xbd", 3);
    else if (c < 0x20 || c == '"' || c == '\\') put(out, "\\u%04x", c);
    else buf_bytes(out, bytes, len);
}

void buf_quoted(Buf *out, Bytes name, Quote quote)
{
    buf_byte(out, '"');
    for (size_t i = 0; i < name.len;) {
        u32 c = 0, len = utf8_decode(name.data + i, name.len - i, &c);
        if (quote == QUOTE_plain) put_plain(out, c, name.data + i, len);
        else if (!len && quote == QUOTE_json) put(out, "\\ufffd");
        else if (!len) put(out, "\\%02x", name.data[i]);
        else if (terminal_obeys(c)) put_escape(out, c, quote);
        else if (c == '"' || c == '\\') put(out, "\\%c", (char)c);
        else buf_bytes(out, name.data + i, len);
        i += MAX(len, 1);
    }
    buf_byte(out, '"');
}

const char *quoted(char out[QUOTED_MOST], Bytes name)
{
    enum { END = QUOTED_MOST - 17 }; // behind it an escape has room, the dots and the quote
    char *at = out;
    *at++ = '"';
    for (size_t i = 0; i < name.len;) {
        u32 c = 0, len = utf8_decode(name.data + i, name.len - i, &c);
        if (at - out > END) {
            at += sprintf(at, "...");
            break;
        }
        if (!len) at += sprintf(at, "\\%02x", name.data[i]);
        else if (terminal_obeys(c)) at += sprintf(at, "\\u{%x}", c);
        else if (c == '"' || c == '\\') at += sprintf(at, "\\%c", (char)c);
        else at = (char *)memcpy(at, name.data + i, len) + len;
        i += MAX(len, 1);
    }
    *at++ = '"';
    *at = 0;
    return out;
}

// ---- Types

void describer_init(Describer *d, const Module *m, Arena *arena, size_t limit)
{
    *d = (Describer){.m = m, .limit = limit};
    buf_init(&d->out, arena);
    map_init(&d->index, arena);
    for (u32 i = 0; i < m->type_count; i++) map_add(&d->index, &m->types[i], sizeof m->types[i], i);
}

static bool too_long(const Describer *d) { return d->out.len > d->limit; }

u32 describe_index(const Describer *d, TypeId id)
{
    const u32 *index = map_get(&d->index, &id, sizeof id);
    return index ? *index : TYPE_NONE;
}

// A type that the module does not name is of what another one gives.
static void put_index(Describer *d, TypeId id)
{
    u32 index = describe_index(d, id);
    if (index != TYPE_NONE) put(&d->out, "%u", index);
    else put(&d->out, "(;elsewhere;)");
}

static void put_type(Describer *d, Type t)
{
    if (!type_is_ref(t)) {
        put(&d->out, "%s", type_number_text[t]);
    } else if (!type_is_concrete(t)) {
        if (type_is_null(t)) put(&d->out, "%s", type_ref_text[type_heap(t)]);
        else put(&d->out, "(ref %s)", type_heap_text[type_heap(t)]);
    } else {
        bool exact = (t & TYPE_EXACT) != 0;
        put(&d->out, "(ref %s%s", type_is_null(t) ? "null " : "", exact ? "(exact " : "");
        put_index(d, type_id(t));
        put(&d->out, exact ? "))" : ")");
    }
}

static void put_types(Describer *d, const char *word, const Type *types, u32 count)
{
    if (!count) return;
    put(&d->out, " (%s", word);
    for (u32 i = 0; i < count && !too_long(d); i++) {
        buf_byte(&d->out, ' ');
        put_type(d, types[i]);
    }
    buf_byte(&d->out, ')');
}

static void put_func(Describer *d, const TypeDef *def)
{
    put_types(d, "param", def->params, def->param_count);
    put_types(d, "result", type_results(def), def->result_count);
}

// Of an import or a tag, where the whole may be looked up.
static void put_func_or_index(Describer *d, TypeId id)
{
    const TypeDef *def = type_def(d->m->store, id);
    size_t start = d->out.len;
    // a million imports may be of one long type
    if (4 * (size_t)(def->param_count + def->result_count) <= d->limit) {
        put_func(d, def);
        if (!too_long(d)) return;
    }
    d->out.len = start;
    put(&d->out, " (type ");
    put_index(d, id);
    buf_byte(&d->out, ')');
}

static void put_field(Describer *d, FieldType f)
{
    put(&d->out, f.mutable ? "(mut " : "");
    put_type(d, f.type);
    put(&d->out, f.mutable ? ")" : "");
}

static void put_struct(Describer *d, const TypeDef *def)
{
    put(&d->out, "(struct");
    for (u32 i = 0; i < def->field_count && !too_long(d); i++) {
        put(&d->out, " (field ");
        put_field(d, def->fields[i]);
        buf_byte(&d->out, ')');
    }
    buf_byte(&d->out, ')');
}

static void put_comp(Describer *d, const TypeDef *def)
{
    switch (def->kind) {
    case COMP_func:
        put(&d->out, "(func");
        put_func(d, def);
        buf_byte(&d->out, ')');
        break;
    case COMP_struct: put_struct(d, def); break;
    case COMP_array:
        put(&d->out, "(array ");
        put_field(d, def->fields[0]);
        buf_byte(&d->out, ')');
        break;
    case COMP_cont:
        put(&d->out, "(cont ");
        put_index(d, def->cont);
        buf_byte(&d->out, ')');
        break;
    }
}

static void put_clause(Describer *d, const char *word, TypeId id)
{
    if (id == TYPE_NONE) return;
    put(&d->out, "(%s ", word);
    put_index(d, id);
    put(&d->out, ") ");
}

// (sub final 0 (describes 1) (struct ...)); a final type without a supertype is written without
// "sub".
static void put_sub(Describer *d, const TypeDef *def)
{
    bool plain = def->final && def->super == TYPE_NONE;
    if (!plain) put(&d->out, def->final ? "(sub final " : "(sub ");
    if (def->super != TYPE_NONE) {
        put_index(d, def->super);
        buf_byte(&d->out, ' ');
    }
    put_clause(d, "describes", def->describes);
    put_clause(d, "descriptor", def->descriptor);
    put_comp(d, def);
    if (!plain) buf_byte(&d->out, ')');
}

static Bytes cut_type(Describer *d)
{
    if (too_long(d)) {
        d->out.len = d->limit - MIN(d->limit, 4);
        put(&d->out, " ...");
    }
    return buf_view(&d->out);
}

Bytes describe_type(Describer *d, u32 index)
{
    d->out.len = 0;
    put_sub(d, type_def(d->m->store, d->m->types[index]));
    return cut_type(d);
}

Bytes describe_comp(Describer *d, u32 index)
{
    d->out.len = 0;
    put_comp(d, type_def(d->m->store, d->m->types[index]));
    return cut_type(d);
}

Bytes describe_field(Describer *d, FieldType field)
{
    d->out.len = 0;
    put_field(d, field);
    return buf_view(&d->out);
}

static void put_limits(Describer *d, Limits l)
{
    put(&d->out, "%s %" PRIu64, l.is64 ? " i64" : "", l.min);
    if (l.has_max) put(&d->out, " %" PRIu64, l.max);
    if (l.shared) put(&d->out, " shared");
}

static void put_extern(Describer *d, const ExternType *t)
{
    switch (t->kind) {
    case EXTERN_func:
        put(&d->out, t->exact ? "(func (exact" : "(func");
        put_func_or_index(d, t->func);
        put(&d->out, t->exact ? ")" : "");
        break;
    case EXTERN_table:
        put(&d->out, "(table");
        put_limits(d, t->table.limits);
        buf_byte(&d->out, ' ');
        put_type(d, t->table.elem);
        break;
    case EXTERN_memory:
        put(&d->out, "(memory");
        put_limits(d, t->memory.limits);
        if (t->memory.limits.page_log2 != 16)
            put(&d->out, " (pagesize %" PRIu64 ")", (u64)1 << t->memory.limits.page_log2);
        break;
    case EXTERN_global:
        put(&d->out, "(global ");
        put_field(d, (FieldType){.type = t->global.type, .mutable = t->global.mutable});
        break;
    case EXTERN_tag:
        put(&d->out, "(tag");
        put_func_or_index(d, t->func);
        break;
    case EXTERN_COUNT: break;
    }
    buf_byte(&d->out, ')');
}

Bytes describe_extern(Describer *d, const ExternType *type)
{
    d->out.len = 0;
    put_extern(d, type);
    return buf_view(&d->out);
}

Bytes describe_item(Describer *d, ExternKind kind, u32 index)
{
    const Module *m = d->m;
    const u32 counts[EXTERN_COUNT] = {m->func_count, m->table_count, m->memory_count,
                                      m->global_count, m->tag_count};
    if (index >= counts[kind]) return (Bytes){0};
    ExternType t = module_type(m, kind, index);
    return describe_extern(d, &t);
}
