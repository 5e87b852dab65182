// types.c -- types as C, and what frees their values.
//
//     record, tuple       struct { T a; .. }
//     variant             struct { uint8_t tag; union { T a; .. } val; }
//     option, result      struct { bool is_some; T val; }, struct { bool is_err; union {..} val; }
//     string, list, map   struct { T *ptr; size_t len; }
//     list<T, N>          struct { T items[N]; }
//     enum, flags         an integer, and constants
//     own, borrow         struct { int32_t __handle; }, or a pointer to what the guest defines
//
// spec: CanonicalABI/alignment, element size

#include "component/bind/binding.h"

#include "component/wit/resolver.h"

#include <stdarg.h>
#include <stdio.h>

void bind_put(Buf *out, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    u8 *at = buf_reserve(out, (size_t)len + 1);
    vsnprintf((char *)at, (size_t)len + 1, fmt, again);
    out->len += (size_t)len;
    va_end(again);
    va_end(args);
}

// A line of them must not end in what joins it with the next: '\', or the trigraph for it.
void bind_put_docs(Buf *out, const char *indent, Bytes docs)
{
    for (size_t at = 0; at < docs.len;) {
        const u8 *line = docs.data + at, *end = memchr(line, '\n', docs.len - at);
        size_t len = end ? (size_t)(end - line) : docs.len - at;
        at += len + 1;
        while (len && (line[len - 1] == ' ' || line[len - 1] == '\r')) len--;
        bind_put(out, "%s//%s", indent, len && *line != ' ' ? " " : "");
        for (size_t i = 0; i < len; i++) buf_byte(out, line[i] == '\r' ? ' ' : line[i]);
        bool joins = len && (line[len - 1] == '\\' || line[len - 1] == '/');
        bind_put(out, joins ? " .\n" : "\n");
    }
}

static const char *tag_type(u32 cases)
{
    return cases <= 0x100 ? "uint8_t" : cases <= 0x10000 ? "uint16_t" : "uint32_t";
}

// ---- Definitions

static const char *part_name(Bind *b, const BindType *t, u32 i)
{
    if (t->type->kind == WIT_tuple) return bind_text(b->arena, "f%u", i);
    if (t->type->kind == WIT_result) return i ? "err" : "ok";
    if (t->type->kind == WIT_map) return i ? "value" : "key";
    return bind_member(b, t->type->parts[i].name);
}

static void put_members(Bind *b, const BindType *t, const char *indent, Buf *out)
{
    for (u32 i = 0; i < t->part_count; i++) {
        if (!t->parts[i]) continue;
        if (t->type->part_count) bind_put_docs(out, indent, t->type->parts[i].docs);
        bind_put(out, "%s%s %s;\n", indent, t->parts[i]->name, part_name(b, t, i));
    }
}

static bool has_payload(const BindType *t)
{
    for (u32 i = 0; i < t->part_count; i++)
        if (t->parts[i]) return true;
    return false;
}

static void put_struct(Bind *b, const BindType *t, Buf *out)
{
    WitKind kind = t->type->kind;
    bind_put(out, "typedef struct {\n");
    if (kind == WIT_variant) bind_put(out, "    %s tag;\n", tag_type(t->part_count));
    if (kind == WIT_result) bind_put(out, "    bool is_err;\n");
    if (kind == WIT_option) bind_put(out, "    bool is_some;\n    %s val;\n", t->parts[0]->name);
    if (kind == WIT_list) bind_put(out, "    %s *ptr;\n    size_t len;\n", t->parts[0]->name);
    if (kind == WIT_string) bind_put(out, "    uint8_t *ptr;\n    size_t len;\n");
    if (kind == WIT_own || kind == WIT_borrow) bind_put(out, "    int32_t __handle;\n");
    if (kind == WIT_fixed_list)
        bind_put(out, "    %s items[%u];\n", t->parts[0]->name, t->type->length);
    if (kind == WIT_map) {
        bind_put(out, "    struct {\n");
        put_members(b, t, "        ", out);
        bind_put(out, "    } *ptr;\n    size_t len;\n");
    }
    if (kind == WIT_record || kind == WIT_tuple) put_members(b, t, "    ", out);
    if ((kind == WIT_variant || kind == WIT_result) && has_payload(t)) {
        bind_put(out, "    union {\n");
        put_members(b, t, "        ", out);
        bind_put(out, "    } val;\n");
    }
    bind_put(out, "} %s;\n", t->name);
}

static void put_constants(const BindType *t, Buf *out)
{
    for (u32 i = 0; i < (t->constants ? t->type->part_count : 0); i++) {
        if (t->type->kind != WIT_variant) bind_put_docs(out, "", t->type->parts[i].docs);
        if (t->type->kind == WIT_flags)
            bind_put(out, "#define %s ((%s)((%s)1 << %u))\n", t->constants[i], t->name, t->name, i);
        else bind_put(out, "#define %s %u\n", t->constants[i], i);
    }
}

static void put_resource(const BindType *t, Buf *out)
{
    if (t->exported) bind_put(out, "typedef struct %s %s; // yours to define\n", t->rep, t->rep);
}

static void put_alias(const BindType *t, Buf *out)
{
    const BindType *of = t->alias;
    if (of->type->kind != WIT_resource) {
        bind_put(out, "typedef %s %s;\n", of->name, t->name);
        if (t->free) bind_put(out, "#define %s %s\n", t->free, of->free);
        return;
    }
    bind_put(out, "typedef %s %s;\n", of->own->name, t->name);
    bind_put(out, "typedef %s %s;\n", of->borrow->name, t->rep);
}

static void put_functions(const BindType *t, Buf *out)
{
    if (t->free) bind_put(out, "void %s(%s *ptr);\n", t->free, t->name);
    if (bind_kind(t) != WIT_string) return;
    bind_put(out, "// The text itself, which is not copied and must not be freed with it.\n"
                  "void %s_set(%s *ret, const char *text);\n"
                  "// A copy, which %s frees.\n"
                  "void %s_dup(%s *ret, const char *text);\n"
                  "void %s_dup_n(%s *ret, const char *text, size_t len);\n",
             t->stem, t->name, t->free, t->stem, t->name, t->stem, t->name);
}

void bind_put_type(Bind *b, const BindType *t, Buf *out)
{
    WitKind kind = t->type->kind;
    if (!t->alias && kind < WIT_string) return;
    bind_put(out, "\n");
    bind_put_docs(out, "", t->type->docs);
    if (t->alias) {
        put_alias(t, out);
        return;
    }
    if (kind == WIT_resource) put_resource(t, out);
    else if (kind == WIT_borrow && t->exported)
        bind_put(out, "typedef %s *%s;\n", b->list[t->number - 2]->rep, t->name);
    else if (kind == WIT_enum) bind_put(out, "typedef %s %s;\n", tag_type(t->part_count), t->name);
    else if (kind == WIT_flags)
        bind_put(out, "typedef uint%u_t %s;\n", 8 * bind_layout(b, t)->size[0], t->name);
    else put_struct(b, t, out);
    put_constants(t, out);
    put_functions(t, out);
}

// ---- What the header says is so

static void put_offset(const BindType *t, const char *member, u32 offset, Buf *out)
{
    bind_put(out, "WEFT_IS(offsetof(%s, %s) == %u);\n", t->name, member, offset);
}

static void put_offsets(Bind *b, const BindType *t, Buf *out)
{
    WitKind kind = t->type->kind;
    u32 at = kind == WIT_option || kind == WIT_result ? 1
             : kind == WIT_variant ? (t->part_count <= 0x100 ? 1 : t->part_count <= 0x10000 ? 2 : 4)
                                   : 0, align = 1;
    bool joined = kind == WIT_option || kind == WIT_result || kind == WIT_variant;
    bool record = kind == WIT_record || kind == WIT_tuple;
    for (u32 i = 0; i < t->part_count; i++) {
        const CLayout *part = t->parts[i] ? bind_layout(b, t->parts[i]) : NULL;
        if (!part) continue;
        align = MAX(align, part->align[0]);
        if (!record) continue;
        at = (at + part->align[0] - 1u) & ~(part->align[0] - 1u);
        put_offset(t, part_name(b, t, i), at, out);
        at += part->size[0];
    }
    if (joined && has_payload(t)) put_offset(t, "val", (at + align - 1) & ~(align - 1), out);
}

static void put_entries(Bind *b, const BindType *t, Buf *out)
{
    const CLayout *key = bind_layout(b, t->parts[0]), *value = bind_layout(b, t->parts[1]);
    u32 align = MAX(key->align[0], value->align[0]), mask = value->align[0] - 1u;
    u32 size = ((key->size[0] + mask) & ~mask) + value->size[0];
    bind_put(out, "WEFT_IS(sizeof *((%s *)0)->ptr == %u);\n", t->name,
             (size + align - 1) & ~(align - 1));
}

void bind_put_asserts(Bind *b, const BindType *t, Buf *out)
{
    if (t->alias || t->type->kind == WIT_resource || t->type->kind < WIT_string) return;
    const CLayout *l = bind_layout(b, t);
    bind_put(out, "WEFT_IS(sizeof(%s) == %u && WEFT_ALIGN(%s) == %u);\n", t->name, l->size[0],
             t->name, l->align[0]);
    put_offsets(b, t, out);
    if (t->type->kind == WIT_map) put_entries(b, t, out);
}

// ---- Freeing: all, or only memory, of what was given away

typedef struct {
    Bind *b;
    const BindType *type;
    bool handles;
    Buf *out;
} Freeing;

static bool frees(const Freeing *f, const BindType *t)
{
    t = bind_base(t);
    return t->memory || (f->handles && (t->owns || t->type->kind == WIT_own));
}

static const BindType *resource_of(Bind *b, const BindType *own)
{
    return b->list[own->number - 1]; // see name_resource
}

static void put_part(Freeing *f, const BindType *t, const char *indent, const char *value)
{
    t = bind_base(t);
    if (t->type->kind == WIT_own)
        bind_put(f->out, "%s%s(%s);\n", indent, resource_of(f->b, t)->drop_own, value);
    else if (!f->handles && t->owns)
        bind_put(f->out, "%s%s_release_(&%s);\n", indent, t->stem, value);
    else bind_put(f->out, "%s%s(&%s);\n", indent, t->free, value);
}

static void put_elements(Freeing *f, const char *list, const char *count)
{
    const BindType *t = f->type;
    bool any = false;
    for (u32 i = 0; i < t->part_count; i++) any |= frees(f, t->parts[i]);
    if (!any) return;
    bind_put(f->out, "    for (size_t i = 0; i < %s; i++) {\n", count);
    for (u32 i = 0; i < t->part_count; i++) {
        const char *member = t->type->kind == WIT_map ? i ? ".value" : ".key" : "";
        if (frees(f, t->parts[i]))
            put_part(f, t->parts[i], "        ",
                     bind_text(f->b->arena, "ptr->%s[i]%s", list, member));
    }
    bind_put(f->out, "    }\n");
}

static void put_cases(Freeing *f)
{
    const BindType *t = f->type;
    bind_put(f->out, "    switch (ptr->%s) {\n", t->type->kind == WIT_result ? "is_err" : "tag");
    for (u32 i = 0; i < t->part_count; i++) {
        if (!t->parts[i] || !frees(f, t->parts[i])) continue;
        bind_put(f->out, "    case %u:\n", i);
        put_part(f, t->parts[i], "        ",
                 bind_text(f->b->arena, "ptr->val.%s", part_name(f->b, t, i)));
        bind_put(f->out, "        break;\n");
    }
    bind_put(f->out, "    }\n");
}

static void put_body(Freeing *f)
{
    const BindType *t = f->type;
    switch (t->type->kind) {
    case WIT_string: case WIT_list: case WIT_map:
        put_elements(f, "ptr", "ptr->len");
        bind_put(f->out, "    if (ptr->len) free(ptr->ptr);\n    ptr->ptr = NULL;\n"
                         "    ptr->len = 0;\n");
        break;
    case WIT_fixed_list:
        put_elements(f, "items", bind_text(f->b->arena, "%u", t->type->length));
        break;
    case WIT_option:
        bind_put(f->out, "    if (ptr->is_some) {\n");
        put_part(f, t->parts[0], "        ", "ptr->val");
        bind_put(f->out, "    }\n");
        break;
    case WIT_variant: put_cases(f); break;
    case WIT_result:
        for (u32 i = 0; i < 2; i++) {
            if (!t->parts[i] || !frees(f, t->parts[i])) continue;
            bind_put(f->out, "    if (%sptr->is_err) {\n", i ? "" : "!");
            put_part(f, t->parts[i], "        ", i ? "ptr->val.err" : "ptr->val.ok");
            bind_put(f->out, "    }\n");
        }
        break;
    default:
        for (u32 i = 0; i < t->part_count; i++)
            if (frees(f, t->parts[i]))
                put_part(f, t->parts[i], "    ",
                         bind_text(f->b->arena, "ptr->%s", part_name(f->b, t, i)));
    }
}

void bind_put_free(Bind *b, const BindType *t, Buf *out)
{
    Freeing f = {.b = b, .type = t, .handles = true, .out = out};
    if (t->alias || !t->free) return;
    bind_put(out, "\nvoid %s(%s *ptr)\n{\n", t->free, t->name);
    put_body(&f);
    bind_put(out, "}\n");
    if (!t->releases) return;
    f.handles = false;
    bind_put(out, "\nstatic void %s_release_(%s *ptr)\n{\n", t->stem, t->name);
    put_body(&f);
    bind_put(out, "}\n");
}
