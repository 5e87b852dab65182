// encode.c -- see encode.h.

#include "component/binary/encode.h"

void cwriter_init(CWriter *w, Arena *arena, CWriteKind kind)
{
    static const u8 header[8] = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};
    *w = (CWriter){.kind = kind};
    buf_init(&w->out, arena);
    buf_init(&w->section, arena);
    if (kind == CWRITE_component) buf_bytes(&w->out, header, sizeof header);
}

static void end_section(CWriter *w)
{
    Buf count;
    if (!w->items) return;
    buf_init(&count, w->out.arena);
    buf_leb_u(&count, w->items);
    buf_byte(&w->out, (u8)w->id);
    buf_leb_u(&w->out, count.len + w->section.len);
    buf_bytes(&w->out, count.data, count.len);
    buf_bytes(&w->out, w->section.data, w->section.len);
    w->section.len = 0;
    w->items = 0;
}

// spec: Binary/type definitions, instancedecl and componentdecl
static u8 decl_code(CSection id)
{
    switch (id) {
    case CSECTION_core_type: return 0x00;
    case CSECTION_type: return 0x01;
    case CSECTION_alias: return 0x02;
    case CSECTION_import: return 0x03;
    default: return 0x04; // an export
    }
}

Buf *cwriter_item(CWriter *w, CSection id)
{
    if (w->kind != CWRITE_component) {
        w->items++;
        buf_byte(&w->out, decl_code(id));
        return &w->out;
    }
    if (w->items && w->id != id) end_section(w);
    w->id = id;
    w->items++;
    return &w->section;
}

u32 cwriter_count(CWriter *w, CEntityKind kind) { return w->counts[kind]++; }
u32 cwriter_core_count(CWriter *w, CoreSort sort) { return w->core_counts[sort]++; }

Bytes cwriter_finish(CWriter *w)
{
    if (w->kind == CWRITE_component) {
        end_section(w);
        return buf_view(&w->out);
    }
    Buf whole;
    buf_init(&whole, w->out.arena);
    CForm form = w->kind == CWRITE_instance_type ? CFORM_instance : CFORM_component;
    buf_byte(&whole, cform_info[form].code);
    buf_leb_u(&whole, w->items);
    buf_bytes(&whole, w->out.data, w->out.len);
    return buf_view(&whole);
}

// ---- Parts

void cwrite_valtype(Buf *b, CValType t)
{
    if (t.prim) buf_byte(b, cprim_info[t.index].code);
    else buf_leb_s(b, t.index);
}

void cwrite_optional(Buf *b, const CValType *t)
{
    buf_byte(b, t != NULL);
    if (t) cwrite_valtype(b, *t);
}

void cwrite_name(Buf *b, CExternName name)
{
    u32 count = (name.implements.len != 0) + (name.external_id.data != NULL);
    buf_byte(b, count ? 0x02 : 0x00);
    buf_name(b, name.name.data, name.name.len);
    if (!count) return;
    buf_leb_u(b, count);
    if (name.implements.len) {
        buf_byte(b, cattribute_info[CATTRIBUTE_implements].code);
        buf_name(b, name.implements.data, name.implements.len);
    }
    if (name.external_id.data) {
        buf_byte(b, cattribute_info[CATTRIBUTE_external_id].code);
        buf_name(b, name.external_id.data, name.external_id.len);
    }
}

void cwrite_core_sort(Buf *b, CoreSort sort) { buf_byte(b, core_sort_info[sort].code); }

void cwrite_sort(Buf *b, CEntityKind kind)
{
    static const CSort sorts[] = {
        [CENTITY_module] = CSORT_core, [CENTITY_func] = CSORT_func, [CENTITY_value] = CSORT_value,
        [CENTITY_type] = CSORT_type, [CENTITY_component] = CSORT_component,
        [CENTITY_instance] = CSORT_instance};
    buf_byte(b, csort_info[sorts[kind]].code);
    if (kind == CENTITY_module) cwrite_core_sort(b, CORE_SORT_module);
}

// ---- Sections of their own

static void put_section(CWriter *w, CSection id, Bytes content)
{
    end_section(w);
    buf_byte(&w->out, (u8)id);
    buf_leb_u(&w->out, content.len);
    buf_bytes(&w->out, content.data, content.len);
}

void cwriter_custom(CWriter *w, const char *name, Bytes content)
{
    Buf b;
    buf_init(&b, w->out.arena);
    buf_name(&b, name, strlen(name));
    buf_bytes(&b, content.data, content.len);
    put_section(w, CSECTION_custom, buf_view(&b));
}

u32 cwriter_module(CWriter *w, Bytes module)
{
    put_section(w, CSECTION_core_module, module);
    return cwriter_count(w, CENTITY_module);
}

u32 cwriter_component(CWriter *w, Bytes component)
{
    put_section(w, CSECTION_component, component);
    return cwriter_count(w, CENTITY_component);
}

// ---- Types and aliases

u32 cwriter_type(CWriter *w, Bytes definition)
{
    Buf *b = cwriter_item(w, CSECTION_type);
    buf_bytes(b, definition.data, definition.len);
    return cwriter_count(w, CENTITY_type);
}

u32 cwriter_alias_export(CWriter *w, CEntityKind kind, u32 instance, Bytes name)
{
    Buf *b = cwriter_item(w, CSECTION_alias);
    cwrite_sort(b, kind);
    buf_byte(b, 0x00);
    buf_leb_u(b, instance);
    buf_name(b, name.data, name.len);
    return cwriter_count(w, kind);
}

u32 cwriter_alias_outer_type(CWriter *w, u32 outwards, u32 index)
{
    Buf *b = cwriter_item(w, CSECTION_alias);
    cwrite_sort(b, CENTITY_type);
    buf_byte(b, 0x02);
    buf_leb_u(b, outwards);
    buf_leb_u(b, index);
    return cwriter_count(w, CENTITY_type);
}

u32 cwriter_alias_core(CWriter *w, CoreSort sort, u32 instance, Bytes name)
{
    Buf *b = cwriter_item(w, CSECTION_alias);
    buf_byte(b, csort_info[CSORT_core].code);
    cwrite_core_sort(b, sort);
    buf_byte(b, 0x01);
    buf_leb_u(b, instance);
    buf_name(b, name.data, name.len);
    return cwriter_core_count(w, sort);
}

// ---- Imports and exports

static void put_extern_type(Buf *b, CEntityKind kind, u32 index)
{
    cwrite_sort(b, kind);
    if (kind == CENTITY_type) buf_byte(b, 0x00); // equal to
    buf_leb_u(b, index);
}

static void put_resource(Buf *b)
{
    cwrite_sort(b, CENTITY_type);
    buf_byte(b, 0x01);
}

u32 cwriter_import(CWriter *w, CExternName name, CEntityKind kind, u32 index)
{
    Buf *b = cwriter_item(w, CSECTION_import);
    cwrite_name(b, name);
    put_extern_type(b, kind, index);
    return cwriter_count(w, kind);
}

u32 cwriter_import_resource(CWriter *w, CExternName name)
{
    Buf *b = cwriter_item(w, CSECTION_import);
    cwrite_name(b, name);
    put_resource(b);
    return cwriter_count(w, CENTITY_type);
}

u32 cwriter_export_decl(CWriter *w, CExternName name, CEntityKind kind, u32 index)
{
    Buf *b = cwriter_item(w, CSECTION_export);
    cwrite_name(b, name);
    put_extern_type(b, kind, index);
    return cwriter_count(w, kind);
}

u32 cwriter_export_resource_decl(CWriter *w, CExternName name)
{
    Buf *b = cwriter_item(w, CSECTION_export);
    cwrite_name(b, name);
    put_resource(b);
    return cwriter_count(w, CENTITY_type);
}

u32 cwriter_export(CWriter *w, CExternName name, CEntityKind kind, u32 index, const u32 *type)
{
    Buf *b = cwriter_item(w, CSECTION_export);
    cwrite_name(b, name);
    cwrite_sort(b, kind);
    buf_leb_u(b, index);
    buf_byte(b, type != NULL);
    if (type) put_extern_type(b, kind, *type);
    return cwriter_count(w, kind);
}
