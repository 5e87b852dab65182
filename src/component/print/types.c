// types.c -- core types, types of modules, types of components. Those of components and instances
// are scopes on the stack. spec: Binary/type definitions

#include "component/print/printer.h"

#include "text/print/printer.h"

#include <string.h>

static const struct { const char *text; u8 code; bool packed; } numbers[] = {
#define NUMBER(name, text, code) {text, code, false},
#define PACKED(name, text, code) {text, code, true},
#include "op/type.def"
};
static const struct { const char *text, *ref; u8 code; } heaps[] = {
#define HEAP(name, text, ref, code, since) {text, ref, code},
#include "op/type.def"
};

enum {
    CODE_module = 0x50, CODE_sub = 0x50, CODE_sub_final = 0x4f, CODE_rec = 0x4e,
    CODE_descriptor = 0x4d, CODE_describes = 0x4c, CODE_func = 0x60, CODE_struct = 0x5f,
    CODE_array = 0x5e, CODE_cont = 0x5d, CODE_exact = 0x62, CODE_ref_null = 0x63, CODE_ref = 0x64,
};

// ---- Core types. Those of a type of modules have no names.

static void put_core_index(CPrinter *p, bool in_module)
{
    u32 index = read_leb_u32(&p->r);
    if (!in_module) cput_index(p, CORE(type), index);
    else buf_byte(&p->out, ' '), cput_u64(p, index);
}

static void put_heap(CPrinter *p, bool in_module)
{
    const u8 *at = p->r.pos;
    if (peek_u8(&p->r) == CODE_exact) {
        read_u8(&p->r);
        cput(p, " (exact");
        put_core_index(p, in_module);
        buf_byte(&p->out, ')');
        return;
    }
    s64 heap = read_leb_s33(&p->r);
    if (heap >= 0 && !in_module) cput_index(p, CORE(type), (u32)heap);
    else if (heap >= 0) buf_byte(&p->out, ' '), cput_u64(p, (u64)heap);
    for (u32 i = 0; heap < 0 && i < COUNT_OF(heaps); i++) {
        if (heaps[i].code != heap + 0x80) continue;
        buf_byte(&p->out, ' ');
        cput(p, heaps[i].text);
        return;
    }
    if (heap < 0) cprint_fail(p, ERR_malformed_heap_type, at, "");
}

// A space, and the type; of a field it may be packed.
static void put_storage(CPrinter *p, bool in_module, bool field)
{
    const u8 *at = p->r.pos;
    u8 code = read_u8(&p->r);
    buf_byte(&p->out, ' ');
    for (u32 i = 0; i < COUNT_OF(numbers); i++)
        if (numbers[i].code == code && (field || !numbers[i].packed)) {
            cput(p, numbers[i].text);
            return;
        }
    for (u32 i = 0; i < COUNT_OF(heaps); i++)
        if (heaps[i].code == code) {
            cput(p, heaps[i].ref);
            return;
        }
    if (code != CODE_ref && code != CODE_ref_null) {
        cprint_fail(p, ERR_malformed_reference_type, at, "");
        return;
    }
    cput(p, code == CODE_ref ? "(ref" : "(ref null");
    put_heap(p, in_module);
    buf_byte(&p->out, ')');
}

static void put_field(CPrinter *p, bool in_module, bool field)
{
    Buf out = cput_aside(p);
    put_storage(p, in_module, field);
    cput_back(p, out);
    bool mutable = read_u8(&p->r) == 1;
    cput(p, mutable ? " (mut" : "");
    buf_bytes(&p->out, p->temp.data, p->temp.len);
    cput(p, mutable ? ")" : "");
}

static void put_list(CPrinter *p, const char *word, bool in_module)
{
    u32 count = read_count(&p->r, 1);
    if (!count) return;
    buf_byte(&p->out, ' ');
    cput(p, word);
    for (u32 i = 0; i < count; i++) put_storage(p, in_module, false);
    buf_byte(&p->out, ')');
}

// A space, and the type.
static void put_composite(CPrinter *p, bool in_module)
{
    static const struct { u8 code; const char *word; } described[] = {
        {CODE_describes, " (describes"}, {CODE_descriptor, " (descriptor"}};
    for (u32 i = 0; i < COUNT_OF(described); i++) {
        if (peek_u8(&p->r) != described[i].code) continue;
        read_u8(&p->r);
        cput(p, described[i].word);
        put_core_index(p, in_module);
        buf_byte(&p->out, ')');
    }
    const u8 *at = p->r.pos;
    switch (read_u8(&p->r)) {
    case CODE_func:
        cput(p, " (func");
        put_list(p, "(param", in_module);
        put_list(p, "(result", in_module);
        break;
    case CODE_struct: {
        cput(p, " (struct");
        u32 count = read_count(&p->r, 2);
        for (u32 i = 0; i < count; i++) {
            cput(p, " (field");
            put_field(p, in_module, true);
            buf_byte(&p->out, ')');
        }
        break;
    }
    case CODE_array: cput(p, " (array"), put_field(p, in_module, true); break;
    case CODE_cont: cput(p, " (cont"), put_core_index(p, in_module); break;
    default: cprint_fail(p, ERR_malformed_definition_type, at, ""); return;
    }
    buf_byte(&p->out, ')');
}

static void put_sub(CPrinter *p, bool in_module)
{
    u8 code = peek_u8(&p->r);
    if (code != CODE_sub && code != CODE_sub_final) {
        put_composite(p, in_module);
        return;
    }
    read_u8(&p->r);
    cput(p, code == CODE_sub ? " (sub" : " (sub final");
    u32 count = read_count(&p->r, 1);
    for (u32 i = 0; i < count; i++) put_core_index(p, in_module);
    put_composite(p, in_module);
    buf_byte(&p->out, ')');
}

static void put_core_item(CPrinter *p, bool in_module)
{
    if (!in_module) {
        cput_item(p, CORE(type));
        return;
    }
    cput(p, " (;");
    cput_u64(p, p->scope->module_types++);
    cput(p, ";)");
}

// Types of a group may refer to each other, so they are all there.
static void put_group(CPrinter *p, bool in_module, u32 count)
{
    u32 *there = &p->scope->counts[CORE(type)], first = *there;
    for (u32 i = 0; i < count && !reader_failed(&p->r); i++) {
        cput_line(p, 1);
        cput(p, "(type");
        *there = first + i;
        put_core_item(p, in_module);
        *there = in_module ? first : first + count;
        put_sub(p, in_module);
        buf_byte(&p->out, ')');
    }
}

// `word`: with "core" in front, where that stands.
static void put_rec_type(CPrinter *p, bool in_module)
{
    const char *core = in_module ? "(" : "(core ";
    if (peek_u8(&p->r) == 0x00) read_u8(&p->r); // in front of what would be a module's
    cput(p, core);
    if (peek_u8(&p->r) != CODE_rec) {
        cput(p, "type");
        put_core_item(p, in_module);
        put_sub(p, in_module);
        if (in_module) buf_byte(&p->out, ')');
        else cput_done(p, CORE(type));
        return;
    }
    read_u8(&p->r);
    cput(p, "rec");
    u32 count = read_count(&p->r, 2);
    put_group(p, in_module, count);
    buf_byte(&p->out, ')');
}

// ---- Types of modules

static void put_core_limits(CPrinter *p, bool of_memory)
{
    const u8 *at = p->r.pos;
    u8 flags = read_u8(&p->r);
    if (flags > 15) cprint_fail(p, ERR_malformed_limits, at, "");
    if (flags & 4) cput(p, " i64");
    buf_byte(&p->out, ' ');
    cput_u64(p, read_leb_u64(&p->r));
    if (flags & 1) buf_byte(&p->out, ' '), cput_u64(p, read_leb_u64(&p->r));
    if (flags & 2) cput(p, " shared");
    if (!(flags & 8) || !of_memory) return;
    u32 page = read_leb_u32(&p->r);
    if (page > 63) cprint_fail(p, ERR_malformed_page_size, at, "");
    cput(p, " (pagesize ");
    cput_u64(p, (u64)1 << (page & 63));
    buf_byte(&p->out, ')');
}

static void put_core_extern(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 kind = read_u8(&p->r);
    bool exact = kind == 0x20;
    Buf out;
    switch (kind) {
    case 0x00: case 0x20:
        cput(p, exact ? " (func (exact (type" : " (func (type");
        put_core_index(p, true);
        cput(p, exact ? "))" : ")");
        break;
    case 0x01:
        out = cput_aside(p);
        put_storage(p, true, false);
        cput_back(p, out);
        cput(p, " (table");
        put_core_limits(p, false);
        buf_bytes(&p->out, p->temp.data, p->temp.len);
        break;
    case 0x02:
        cput(p, " (memory");
        put_core_limits(p, true);
        break;
    case 0x03:
        cput(p, " (global");
        put_field(p, true, false);
        break;
    case 0x04:
        if (read_u8(&p->r)) cprint_fail(p, ERR_malformed_tag_attribute, at, "");
        cput(p, " (tag (type");
        put_core_index(p, true);
        buf_byte(&p->out, ')');
        break;
    default: cprint_fail(p, ERR_malformed_import_kind, at, ""); return;
    }
    buf_byte(&p->out, ')');
}

static void put_module_decl(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 kind = read_u8(&p->r);
    cput_line(p, 2);
    switch (kind) {
    case 0x00: cput(p, "(import"), cput_name(p, read_name(&p->r)); break;
    case 0x01: put_rec_type(p, true); return;
    case 0x02:
        if (read_u8(&p->r) != 0x10 || read_u8(&p->r) != 0x01)
            cprint_fail(p, ERR_malformed_alias, at, "");
        cput(p, "(alias outer ");
        cput_u64(p, read_leb_u32(&p->r));
        buf_byte(&p->out, ' ');
        cput_u64(p, read_leb_u32(&p->r));
        cput(p, " (type");
        put_core_item(p, true);
        cput(p, "))");
        return;
    case 0x03: cput(p, "(export"); break;
    default: cprint_fail(p, ERR_malformed_component_type, at, ""); return;
    }
    cput_name(p, read_name(&p->r));
    put_core_extern(p);
    buf_byte(&p->out, ')');
}

void cprint_core_type(CPrinter *p)
{
    cput_line(p, 0);
    if (peek_u8(&p->r) != CODE_module) {
        put_rec_type(p, false);
        return;
    }
    read_u8(&p->r);
    p->scope->module_types = 0;
    cput(p, "(core type");
    cput_item(p, CORE(type));
    cput_line(p, 1);
    cput(p, "(module");
    u32 count = read_count(&p->r, 2);
    for (u32 i = 0; i < count && !reader_failed(&p->r); i++) put_module_decl(p);
    cput_line(p, 1);
    buf_byte(&p->out, ')');
    cput_line(p, 0);
    cput_done(p, CORE(type));
}

// ---- Types of values

void cprint_value_type(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 byte = peek_u8(&p->r);
    if ((byte & 0xc0) == 0x40) {
        CPrim prim = cprim_find(read_u8(&p->r));
        buf_byte(&p->out, ' ');
        if (prim < CPRIM_COUNT) cput(p, cprim_info[prim].text);
        else cprint_fail(p, ERR_malformed_component_type, at, "");
        return;
    }
    s64 index = read_leb_s33(&p->r);
    if (index < 0) cprint_fail(p, ERR_malformed_component_type, at, "");
    else cput_index(p, OUTER(type), (u32)index);
}

static bool read_there(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 there = read_u8(&p->r);
    if (there > 1) cprint_fail(p, ERR_malformed_component_type, at, "");
    return there == 1 && !reader_failed(&p->r);
}

static void put_parts(CPrinter *p, CForm form)
{
    const char *word = form == CFORM_record ? " (field" : form == CFORM_variant ? " (case"
                       : form == CFORM_func ? " (param" : NULL;
    u32 count = read_count(&p->r, 1);
    for (u32 i = 0; i < count && !reader_failed(&p->r); i++) {
        if (form == CFORM_tuple) {
            cprint_value_type(p);
            continue;
        }
        if (word) cput(p, word);
        cput_name(p, read_name(&p->r));
        if (form == CFORM_variant) {
            const u8 *at = p->r.pos;
            if (read_there(p)) cprint_value_type(p);
            if (read_u8(&p->r)) cprint_fail(p, ERR_zero_byte_expected, at, "");
        } else if (word) {
            cprint_value_type(p);
        }
        if (word) buf_byte(&p->out, ')');
    }
}

static void put_result_list(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 kind = read_u8(&p->r);
    if (kind == 0x00) {
        cput(p, " (result");
        cprint_value_type(p);
        buf_byte(&p->out, ')');
    } else if (kind != 0x01 || read_u8(&p->r) != 0x00) {
        cprint_fail(p, ERR_malformed_component_type, at, "");
    }
}

static void put_resource(CPrinter *p)
{
    if (peek_u8(&p->r) < 0x7b || peek_u8(&p->r) > 0x7f) // a number
        cprint_fail(p, ERR_malformed_component_type, p->r.pos, "");
    cput(p, " (rep");
    put_storage(p, false, false);
    buf_byte(&p->out, ')');
    if (!read_there(p)) return;
    cput(p, " (dtor");
    cput_read_index(p, CORE(func));
    buf_byte(&p->out, ')');
}

static void put_form(CPrinter *p, CForm form)
{
    const char *word = form == CFORM_async_func ? "func async"
                       : form == CFORM_fixed_list ? "list" : cform_info[form].text;
    cput(p, " (");
    cput(p, word);
    switch (form) {
    case CFORM_record: case CFORM_variant: case CFORM_tuple: case CFORM_flags: case CFORM_enum:
        put_parts(p, form);
        break;
    case CFORM_list: case CFORM_option: cprint_value_type(p); break;
    case CFORM_map: cprint_value_type(p), cprint_value_type(p); break;
    case CFORM_fixed_list:
        cprint_value_type(p);
        buf_byte(&p->out, ' ');
        cput_u64(p, read_leb_u32(&p->r));
        break;
    case CFORM_result:
        if (read_there(p)) cprint_value_type(p);
        if (!read_there(p)) break;
        cput(p, " (error");
        cprint_value_type(p);
        buf_byte(&p->out, ')');
        break;
    case CFORM_own: case CFORM_borrow: cput_read_index(p, OUTER(type)); break;
    case CFORM_stream: case CFORM_future:
        if (read_there(p)) cprint_value_type(p);
        break;
    case CFORM_func: case CFORM_async_func:
        put_parts(p, CFORM_func);
        put_result_list(p);
        break;
    default: put_resource(p);
    }
    buf_byte(&p->out, ')');
}

static void open_externs(CPrinter *p, CForm form)
{
    u32 count = read_count(&p->r, 2);
    cput_line(p, 1);
    cput(p, form == CFORM_component ? "(component" : "(instance");
    Printed *s = cprint_open(p, form == CFORM_component ? IN_component_type : IN_instance_type);
    if (!s) return;
    s->left = count;
    p->depth += 2;
}

void cprint_type(CPrinter *p)
{
    const u8 *at = p->r.pos;
    CForm form = cform_find(peek_u8(&p->r));
    cput_line(p, 0);
    cput(p, "(type");
    cput_item(p, OUTER(type));
    if (form == CFORM_COUNT) {
        if ((peek_u8(&p->r) & 0xc0) != 0x40) cprint_fail(p, ERR_malformed_component_type, at, "");
        cprint_value_type(p);
    } else {
        read_u8(&p->r);
        if (form == CFORM_component || form == CFORM_instance) {
            p->scope->counts[OUTER(type)]++;
            open_externs(p, form);
            return;
        }
        put_form(p, form);
    }
    cput_done(p, OUTER(type));
}
