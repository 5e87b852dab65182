// parse_type.c -- types, signatures and limits. See parser.h.
//
// A signature is compared by its encoding: two are the same exactly if their bytes are, since
// identifiers have become indices and every type has one canonical form.
// spec: text/types, text/modules (type uses)

#include "text/parser.h"

#include "text/number.h"

#include <string.h>

enum {
    CODE_void = 0x40, CODE_sub = 0x50, CODE_sub_final = 0x4f, CODE_rec = 0x4e,
    CODE_descriptor = 0x4d, CODE_describes = 0x4c, CODE_func = 0x60, CODE_struct = 0x5f,
    CODE_array = 0x5e, CODE_cont = 0x5d, CODE_exact = 0x62, CODE_ref_null = 0x63, CODE_ref = 0x64,
};

static const struct { const char *text; u8 code; bool packed; } numbers[] = {
#define NUMBER(name, text, code) {text, code, false},
#define PACKED(name, text, code) {text, code, true},
#include "op/type.def"
};

static const struct { const char *text, *ref; u8 code; Feature since; } heaps[] = {
#define HEAP(name, text, ref, code, since) {text, ref, code, FEATURE_##since},
#include "op/type.def"
};

// The keyword at hand in a table; its length when it is not there.
#define FIND_WORD(p, table, member)                                                                \
    ({                                                                                             \
        u32 i_ = 0;                                                                                \
        while (i_ < COUNT_OF(table) && !at_word((p), (table)[i_].member)) i_++;                    \
        i_;                                                                                        \
    })

bool at_ref_type(const Parser *p)
{
    return at_form(p, "ref") || (p->tok.kind == TOKEN_keyword
                                 && FIND_WORD(p, heaps, ref) < COUNT_OF(heaps));
}

static s64 code_as_heap(u8 code) { return (s64)code - 0x80; }

static void check_heap_feature(Parser *p, u32 i)
{
    if (!(p->features & FEATURE_BIT(heaps[i].since)))
        fail_at(p, ERR_feature_disabled, p->tok.start, "\"%.*s\" needs %s", (int)p->tok.len,
                p->src + p->tok.start, feature_text[heaps[i].since]);
}

RefType read_heap_type(Parser *p)
{
    RefType r = {0};
    if (at_index(p)) {
        r.heap = read_index(p, SPACE_type);
    } else if (open_form(p, "exact")) {
        r.exact = true;
        r.heap = read_index(p, SPACE_type);
        close_form(p);
    } else {
        u32 i = p->tok.kind == TOKEN_keyword ? FIND_WORD(p, heaps, text) : COUNT_OF(heaps);
        if (i == COUNT_OF(heaps)) {
            unexpected(p, "a heap type");
            return r;
        }
        check_heap_feature(p, i);
        r.heap = code_as_heap(heaps[i].code);
        advance(p);
    }
    return r;
}

// As it was written before 2019.
static bool is_old_type(Parser *p)
{
    if (!at_word(p, "anyfunc")) return false;
    fail_at(p, ERR_unknown_operator, p->tok.start,
            "\"anyfunc\" is no type any more; it is called \"funcref\" now");
    return true;
}

RefType read_ref_type(Parser *p)
{
    RefType r = {0};
    if (open_form(p, "ref")) {
        bool null = open_word(p, "null");
        r = read_heap_type(p);
        r.null = null;
        close_form(p);
        return r;
    }
    u32 i = p->tok.kind == TOKEN_keyword ? FIND_WORD(p, heaps, ref) : COUNT_OF(heaps);
    if (i == COUNT_OF(heaps)) {
        if (!is_old_type(p)) unexpected(p, "a reference type");
        return r;
    }
    check_heap_feature(p, i);
    advance(p);
    return (RefType){.null = true, .heap = code_as_heap(heaps[i].code)};
}

void write_heap_type(Buf *out, RefType r)
{
    if (r.exact) {
        buf_byte(out, CODE_exact);
        buf_leb_u(out, (u64)r.heap);
    } else {
        buf_leb_s(out, r.heap);
    }
}

void write_ref_type(Buf *out, RefType r)
{
    if (!r.null || r.heap >= 0) buf_byte(out, r.null ? CODE_ref_null : CODE_ref);
    write_heap_type(out, r);
}

static void read_storage_type(Parser *p, Buf *out, bool packed)
{
    u32 i = p->tok.kind == TOKEN_keyword ? FIND_WORD(p, numbers, text) : COUNT_OF(numbers);
    if (i < COUNT_OF(numbers) && (packed || !numbers[i].packed)) {
        buf_byte(out, numbers[i].code);
        advance(p);
    } else if (at_ref_type(p)) {
        write_ref_type(out, read_ref_type(p));
    } else if (!is_old_type(p)) {
        unexpected(p, "a type");
    }
}

void read_value_type(Parser *p, Buf *out) { read_storage_type(p, out, false); }

void bind_local(Parser *p, u32 index)
{
    bool ok;
    Note note;
    Token t = this_token(p);
    Bytes name = {0};
    if (t.kind == TOKEN_id) {
        name = id_name(p, t, &ok);
        if (ok && !map_add(&p->locals, name.data, name.len, index))
            fail_at(p, ERR_duplicate_local, t.start, "%.*s", (int)MIN(t.len, 60), p->src + t.start);
        advance(p);
    }
    if (take_note(p, NOTE_name, &note)) name = note.name;
    if (name.data)
        ARENA_PUSH(&p->scratch, p->local_names.items, p->local_names.count, p->local_names.cap) =
            (Name){p->next[SPACE_func], index, name};
}

// Types up to the ")". A name, where one may be, belongs to exactly one type. Returns how many.
static u32 read_type_list(Parser *p, Buf *out, ParamNames names, u32 index)
{
    u32 count = 0;
    if (p->tok.kind == TOKEN_id && names != NAMES_refused) {
        if (names == NAMES_bound) bind_local(p, index);
        else advance(p);
        read_value_type(p, out);
        count = 1;
    } else {
        for (; p->tok.kind == TOKEN_keyword || p->tok.kind == TOKEN_open; count++) {
            if (names == NAMES_bound) bind_local(p, index + count); // an @name, if anything
            read_value_type(p, out);
        }
    }
    close_form(p);
    return count;
}

// (param ...)* (result ...)* into p->sig_*; sig_key becomes their encoding.
static void read_signature(Parser *p, ParamNames names)
{
    p->sig_params.len = p->sig_results.len = p->sig_key.len = 0;
    p->sig_param_count = p->sig_result_count = 0;
    while (open_form(p, "param"))
        p->sig_param_count += read_type_list(p, &p->sig_params, names, p->sig_param_count);
    while (open_form(p, "result"))
        p->sig_result_count += read_type_list(p, &p->sig_results, NAMES_refused, 0);
    buf_byte(&p->sig_key, CODE_func);
    buf_leb_u(&p->sig_key, p->sig_param_count);
    buf_bytes(&p->sig_key, p->sig_params.data, p->sig_params.len);
    buf_leb_u(&p->sig_key, p->sig_result_count);
    buf_bytes(&p->sig_key, p->sig_results.data, p->sig_results.len);
}

static Bytes keep_bytes(Parser *p, const Buf *buf)
{
    return (Bytes){arena_copy(&p->scratch, buf->data, buf->len), buf->len};
}

static TypeEntry *add_type(Parser *p)
{
    return &ARENA_PUSH(&p->scratch, p->types, p->type_count, p->type_cap);
}

// The plain function type with the signature just read, which is added to the module if it is not
// there.
static u32 find_signature(Parser *p, u32 text)
{
    const u32 *there = map_get(&p->sigs, p->sig_key.data, p->sig_key.len);
    if (there) return *there;
    u32 index = p->type_count;
    TypeEntry *type = add_type(p);
    type->sig = keep_bytes(p, &p->sig_key);
    type->params = p->sig_param_count;
    map_add(&p->sigs, type->sig.data, type->sig.len, index);
    part_mark(p, &p->type_section, text);
    buf_bytes(&p->type_section.buf, type->sig.data, type->sig.len);
    p->type_section.items++;
    return index;
}

// (type x)? (param ...)* (result ...)*. Sets sig_param_count to that of the type, however it was
// given.
u32 read_type_use(Parser *p, ParamNames names)
{
    u32 text = p->tok.start;
    if (!open_form(p, "type")) {
        read_signature(p, names);
        return find_signature(p, text);
    }
    u32 index = read_index(p, SPACE_type);
    close_form(p);
    text = p->tok.start;
    read_signature(p, names);
    const TypeEntry *type = index < p->type_count ? &p->types[index] : NULL;
    if (p->sig_param_count || p->sig_result_count) {
        bool same = type && type->sig.len == p->sig_key.len
            && !memcmp(type->sig.data, p->sig_key.data, type->sig.len);
        if (!same) fail_at(p, ERR_inline_function_type, text, "it is not that of type %u", index);
    } else if (type) {
        p->sig_param_count = type->params;
    }
    return index;
}

void read_block_type(Parser *p, Buf *out)
{
    u32 text = p->tok.start;
    if (at_form(p, "type")) {
        buf_leb_s(out, read_type_use(p, NAMES_refused));
        return;
    }
    if (!at_form(p, "param") && !at_form(p, "result")) {
        u32 i = p->tok.kind == TOKEN_keyword ? FIND_WORD(p, numbers, text) : COUNT_OF(numbers);
        if (i < COUNT_OF(numbers))
            fail_at(p, ERR_unexpected_token, text, "what a block leaves is written (result %s) now",
                    numbers[i].text);
        buf_byte(out, CODE_void);
        return;
    }
    read_signature(p, NAMES_refused);
    if (p->sig_param_count || p->sig_result_count > 1) buf_leb_s(out, find_signature(p, text));
    else if (p->sig_result_count) buf_bytes(out, p->sig_results.data, p->sig_results.len);
    else buf_byte(out, CODE_void);
}

static void read_field_type(Parser *p, Buf *out)
{
    bool mutable = open_form(p, "mut");
    read_storage_type(p, out, true);
    if (mutable) close_form(p);
    buf_byte(out, mutable);
}

// At an identifier or an @name
static void bind_field(Parser *p, TypeEntry *type, u32 index)
{
    bool ok;
    Note note;
    Token t = this_token(p);
    Bytes name = {0};
    if (t.kind == TOKEN_id) {
        name = id_name(p, t, &ok);
        if (!ok) return;
        if (!type->fields) {
            type->fields = NEW(&p->scratch, Map);
            map_init(type->fields, &p->scratch);
        }
        if (!map_add(type->fields, name.data, name.len, index))
            fail_at(p, ERR_duplicate_field, t.start, "%.*s", (int)MIN(t.len, 60), p->src + t.start);
        advance(p);
    }
    if (take_note(p, NOTE_name, &note)) name = note.name;
    if (name.data)
        ARENA_PUSH(&p->scratch, p->field_names.items, p->field_names.count, p->field_names.cap) =
            (Name){p->type_count - 1, index, name};
}

static void read_struct(Parser *p, TypeEntry *type, Buf *out)
{
    Buf fields;
    u32 count = 0;
    buf_init(&fields, &p->scratch);
    while (open_form(p, "field")) {
        if (p->tok.kind == TOKEN_id) {
            bind_field(p, type, count);
            read_field_type(p, &fields);
            count++;
        } else {
            for (; p->tok.kind == TOKEN_keyword || p->tok.kind == TOKEN_open; count++) {
                bind_field(p, type, count);
                read_field_type(p, &fields);
            }
        }
        close_form(p);
    }
    buf_byte(out, CODE_struct);
    buf_leb_u(out, count);
    buf_bytes(out, fields.data, fields.len);
}

// At "(": (func ...), (struct ...), (array t) or (cont x)
static void read_composite(Parser *p, TypeEntry *type, Buf *out)
{
    if (open_form(p, "func")) {
        read_signature(p, NAMES_ignored);
        type->sig = keep_bytes(p, &p->sig_key);
        type->params = p->sig_param_count;
        buf_bytes(out, p->sig_key.data, p->sig_key.len);
    } else if (open_form(p, "struct")) {
        read_struct(p, type, out);
    } else if (open_form(p, "array")) {
        buf_byte(out, CODE_array);
        read_field_type(p, out);
    } else if (open_form(p, "cont")) {
        buf_byte(out, CODE_cont);
        buf_leb_s(out, read_index(p, SPACE_type));
    } else {
        unexpected(p, "(func, (struct, (array or (cont");
    }
    close_form(p);
}

// (describes x)? (descriptor y)? and then the type itself
static void read_described(Parser *p, TypeEntry *type, Buf *out)
{
    if (open_form(p, "describes")) {
        buf_byte(out, CODE_describes);
        buf_leb_u(out, read_index(p, SPACE_type));
        close_form(p);
    }
    if (open_form(p, "descriptor")) {
        buf_byte(out, CODE_descriptor);
        buf_leb_u(out, read_index(p, SPACE_type));
        close_form(p);
    }
    read_composite(p, type, out);
}

// (sub final? super* ...) or a composite type
static void read_sub_type(Parser *p, TypeEntry *type, Buf *out)
{
    if (!open_form(p, "sub")) {
        read_described(p, type, out);
        return;
    }
    Buf supers;
    u32 count = 0;
    buf_init(&supers, &p->scratch);
    bool final = open_word(p, "final");
    for (; at_index(p); count++) buf_leb_u(&supers, read_index(p, SPACE_type));
    if (!final || count) {
        buf_byte(out, final ? CODE_sub_final : CODE_sub);
        buf_leb_u(out, count);
        buf_bytes(out, supers.data, supers.len);
    }
    read_described(p, type, out);
    close_form(p);
}

// (type $id? ...)
static void read_type_definition(Parser *p, Part *out)
{
    part_mark(p, out, p->tok.start);
    if (!open_form(p, "type")) {
        unexpected(p, "(type");
        return;
    }
    read_item_name(p, SPACE_type, p->type_count);
    TypeEntry *type = add_type(p);
    read_sub_type(p, type, &out->buf);
    close_form(p);
}

// The first function type of each shape that stands alone, final and without supertypes, is what
// signatures mean.
static void offer_signature(Parser *p, const Part *written, size_t start)
{
    const TypeEntry *type = &p->types[p->type_count - 1];
    if (type->sig.data && type->sig.len == written->buf.len - start
        && written->buf.data[start] == CODE_func)
        map_add(&p->sigs, type->sig.data, type->sig.len, p->type_count - 1);
}

void read_rec(Parser *p, Part *out)
{
    Part group;
    u32 first = p->type_count;
    part_init(&group, &p->scratch);
    while (p->tok.kind == TOKEN_open) read_type_definition(p, &group);
    close_form(p);
    u32 count = p->type_count - first;
    if (count != 1) {
        buf_byte(&out->buf, CODE_rec);
        buf_leb_u(&out->buf, count);
    }
    size_t start = out->buf.len;
    part_append(p, out, &group);
    if (count == 1) offer_signature(p, out, start);
}

void read_one_type(Parser *p, Part *out)
{
    size_t start = out->buf.len;
    TypeEntry *type = add_type(p);
    read_sub_type(p, type, &out->buf);
    offer_signature(p, out, start);
}

void read_types(Parser *p)
{
    Part *out = &p->type_section;
    for (u32 i = 0; i < p->type_form_count && p->tok.kind != TOKEN_error; i++) {
        parser_seek(p, p->type_forms[i].start);
        size_t start = out->buf.len;
        if (at_form(p, "rec")) {
            part_mark(p, out, p->tok.start);
            open_form(p, "rec");
            read_rec(p, out);
        } else {
            u32 before = p->type_count;
            read_type_definition(p, out);
            if (p->type_count > before) offer_signature(p, out, start);
        }
        out->items++;
    }
}

bool read_address_type(Parser *p)
{
    if (open_word(p, "i64")) return true;
    open_word(p, "i32");
    return false;
}

TextLimits read_limits(Parser *p, bool is64)
{
    TextLimits l = {.is64 = is64, .page_log2 = 16};
    l.min = read_u64(p, "a size");
    l.has_max = p->tok.kind == TOKEN_int;
    if (l.has_max) l.max = read_u64(p, "a size");
    l.shared = open_word(p, "shared");
    return l;
}

void read_page_size(Parser *p, TextLimits *limits)
{
    if (!open_form(p, "pagesize")) return;
    u32 at = p->tok.start;
    u64 size = read_u64(p, "a page size");
    limits->has_page = true;
    if (!size || (size & (size - 1)))
        fail_at(p, ERR_malformed_page_size, at, "a page size is a power of two");
    else limits->page_log2 = (u32)__builtin_ctzll(size);
    close_form(p);
}

void write_limits(Buf *out, const TextLimits *l)
{
    buf_byte(out, (u8)(l->has_max | l->shared << 1 | l->is64 << 2 | l->has_page << 3));
    buf_leb_u(out, l->min);
    if (l->has_max) buf_leb_u(out, l->max);
    if (l->has_page) buf_leb_u(out, l->page_log2);
}
