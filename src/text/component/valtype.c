// valtype.c -- types of values and functions. Each that has parts is a frame on a stack while they
// are read; what it comes to is in `temp`, behind what is around it.
//
//     (list (tuple u8 (list string)))
//     temp:  70 | 6f 7d | 70 73          the innermost ends first: it becomes a type of its own,
//            70 | 6f 7d 0                and its index stands where it was
// spec: Explainer/type definitions, Binary/type definitions

#include "text/component/assembler.h"

#include "text/number.h"

#include <string.h>

static CPrim find_primitive(const Parser *p)
{
    u32 i = 0;
    while (i < CPRIM_COUNT && !at_word(p, cprim_info[i].text)) i++;
    // as they were called before 2024
    if (i == CPRIM_COUNT && at_word(p, "float32")) return CPRIM_f32;
    if (i == CPRIM_COUNT && at_word(p, "float64")) return CPRIM_f64;
    return (CPrim)i;
}

// The form of the "(" at hand. A list may turn out to be of a fixed length.
static CForm find_form(const Parser *p)
{
    static const u8 forms[] = {CFORM_record, CFORM_variant, CFORM_list,   CFORM_tuple,
                               CFORM_flags,  CFORM_enum,    CFORM_option, CFORM_result,
                               CFORM_own,    CFORM_borrow,  CFORM_stream, CFORM_future,
                               CFORM_map,    CFORM_func};
    for (u32 i = 0; i < COUNT_OF(forms); i++)
        if (at_form(p, cform_info[forms[i]].text)) return (CForm)forms[i];
    return CFORM_COUNT;
}

bool at_value_type(const Assembler *a)
{
    const Parser *p = &a->p;
    if (is_index(a) || at_form(p, "type")) return true;
    CForm form = find_form(p);
    return p->tok.kind == TOKEN_keyword ? find_primitive(p) < CPRIM_COUNT
                                        : form < CFORM_COUNT && form != CFORM_func;
}

static void push_frame(Assembler *a, CForm form, bool bare)
{
    TypeFrame frame = {.form = (u8)form, .bare = bare, .at = a->p.tok.start, .start = a->temp.len};
    ARENA_PUSH(&a->p.scratch, a->frames, a->frame_count, a->frame_cap) = frame;
}

static void open_frame(Assembler *a, CForm form)
{
    Parser *p = &a->p;
    push_frame(a, form, false);
    TypeFrame *f = &a->frames[a->frame_count - 1];
    advance(p), advance(p);
    if (form == CFORM_func && open_word(p, "async")) f->form = CFORM_async_func;
    buf_byte(&a->temp, cform_info[f->form].code);
}

static void write_label(Assembler *a)
{
    Bytes label = parse_name(&a->p);
    buf_name(&a->temp, label.data, label.len);
}

// 0, or 1 and then a type. True: it is to be read.
static bool begin_optional(Assembler *a, bool there)
{
    buf_byte(&a->temp, there);
    return there;
}

// Reads up to where a type stands that is a part. False: there are no more parts.
static bool next_part(Assembler *a, TypeFrame *f)
{
    Parser *p = &a->p;
    switch (f->form) {
    case CFORM_record:
        if (!open_form(p, "field")) return false;
        f->count++;
        write_label(a);
        return true;
    case CFORM_variant:
        while (open_form(p, "case")) {
            f->count++;
            if (p->tok.kind == TOKEN_id) advance(p); // for `refines`, which is no more
            write_label(a);
            if (begin_optional(a, p->tok.kind != TOKEN_close)) return true;
            close_form(p);
            buf_byte(&a->temp, 0);
        }
        return false;
    case CFORM_flags: case CFORM_enum:
        for (; p->tok.kind == TOKEN_string; f->count++) write_label(a);
        return false;
    case CFORM_tuple:
        f->count += at_value_type(a);
        return at_value_type(a);
    case CFORM_list: case CFORM_option: return !f->count++;
    case CFORM_map: return f->count++ < 2;
    case CFORM_stream: case CFORM_future:
        return !f->count++ && begin_optional(a, at_value_type(a));
    case CFORM_result:
        if (!f->count++ && begin_optional(a, at_value_type(a))) return true;
        if (f->last) return false;
        f->last = begin_optional(a, at_form(p, "error"));
        return f->last && open_form(p, "error");
    case CFORM_own: case CFORM_borrow:
        buf_leb_u(&a->temp, read_reference(a, OUTER(type)));
        return false;
    default:
        if (f->last) return false;
        if (open_form(p, "param")) {
            f->count++;
            write_label(a);
            return true;
        }
        f->last = open_form(p, "result");
        buf_byte(&a->temp, f->last ? 0 : 1);
        if (!f->last) buf_byte(&a->temp, 0);
        return f->last;
    }
}

// Behind a part.
static void end_part(Assembler *a, const TypeFrame *f)
{
    bool own = f->form == CFORM_record || f->form == CFORM_variant || f->form == CFORM_func ||
               f->form == CFORM_async_func || (f->form == CFORM_result && f->last);
    if (own) close_form(&a->p);
    if (f->form == CFORM_variant) buf_byte(&a->temp, 0);
}

static void end_frame(Assembler *a, const TypeFrame *f)
{
    Parser *p = &a->p;
    if (f->form == CFORM_list && p->tok.kind == TOKEN_int) {
        a->temp.data[f->start] = cform_info[CFORM_fixed_list].code;
        buf_leb_u(&a->temp, read_u32(p, "a length"));
    }
    if (!f->bare) close_form(p);
    switch (f->form) {
    case CFORM_record: case CFORM_variant: case CFORM_tuple: case CFORM_flags: case CFORM_enum:
    case CFORM_func: case CFORM_async_func:
        temp_insert_leb(a, f->start + 1, f->count);
    }
}

// A type of a value: what it is in one word, or a frame. True: that was all of it.
static bool begin_value(Assembler *a)
{
    Parser *p = &a->p;
    CForm form = find_form(p);
    CPrim prim = p->tok.kind == TOKEN_keyword ? find_primitive(p) : CPRIM_COUNT;
    if (is_index(a) || at_form(p, "type")) {
        buf_leb_s(&a->temp, read_reference(a, OUTER(type)));
    } else if (prim < CPRIM_COUNT) {
        buf_byte(&a->temp, cprim_info[prim].code);
        advance(p);
    } else if (form == CFORM_COUNT || form == CFORM_func) {
        unexpected(p, "a type of values");
    } else {
        open_frame(a, form);
        return false;
    }
    return true;
}

// Up to the end of the frame at the bottom, whose bytes stay where they are.
static void read_frames(Assembler *a, u32 bottom)
{
    for (;;) {
        TypeFrame *f = &a->frames[a->frame_count - 1];
        if (next_part(a, f)) {
            if (begin_value(a)) end_part(a, f);
            continue;
        }
        TypeFrame ended = *f;
        end_frame(a, &ended);
        if (--a->frame_count == bottom) return;
        u32 index = item_emit(a, CSECTION_type, OUTER(type), ended.at, ended.start);
        buf_leb_s(&a->temp, index);
        end_part(a, &a->frames[a->frame_count - 1]);
    }
}

void read_value_type_to_temp(Assembler *a)
{
    u32 bottom = a->frame_count, at = a->p.tok.start;
    size_t start = a->temp.len;
    if (begin_value(a)) return;
    read_frames(a, bottom);
    buf_leb_s(&a->temp, item_emit(a, CSECTION_type, OUTER(type), at, start));
}

void read_definition_type(Assembler *a)
{
    u32 bottom = a->frame_count;
    CForm form = find_form(&a->p);
    CPrim prim = a->p.tok.kind == TOKEN_keyword ? find_primitive(&a->p) : CPRIM_COUNT;
    if (form < CFORM_COUNT) {
        open_frame(a, form);
        read_frames(a, bottom);
    } else if (prim < CPRIM_COUNT) {
        buf_byte(&a->temp, cprim_info[prim].code);
        advance(&a->p);
    } else {
        unexpected(&a->p, "a type");
    }
}

u32 read_func_use(Assembler *a)
{
    Parser *p = &a->p;
    u32 bottom = a->frame_count, at = p->tok.start;
    size_t start = a->temp.len;
    if (at_form(p, "type")) return read_reference(a, OUTER(type));
    push_frame(a, open_word(p, "async") ? CFORM_async_func : CFORM_func, true);
    buf_byte(&a->temp, cform_info[a->frames[bottom].form].code);
    read_frames(a, bottom);
    return item_emit(a, CSECTION_type, OUTER(type), at, start);
}
