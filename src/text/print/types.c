// types.c -- types, limits and the type section. See printer.h. spec: text/types

#include "text/print/printer.h"

#include <string.h>

// A module's ids lie close together: its store has no other module, or few.
void print_types_init(Printer *p)
{
    const Module *m = p->m;
    TypeId last = 0;
    p->type_first = TYPE_NONE;
    for (u32 i = 0; i < m->type_count; i++) {
        p->type_first = MIN(p->type_first, m->types[i]);
        last = MAX(last, m->types[i]);
    }
    p->type_span = m->type_count ? last - p->type_first + 1 : 0;
    p->type_index = NEW_ARRAY(&p->arena, u32, p->type_span);
    for (u32 i = m->type_count; i-- > 0;) p->type_index[m->types[i] - p->type_first] = i;
}

u32 print_type_index(const Printer *p, TypeId id)
{
    u32 at = id - p->type_first;
    return at < p->type_span ? p->type_index[at] : UINT32_MAX; // none: a type that decoding made up
}

const TypeDef *print_func_type(const Printer *p, u32 index)
{
    if (index >= p->m->type_count) return NULL;
    const TypeDef *def = type_def(p->m->store, p->m->types[index]);
    return def->kind == COMP_func ? def : NULL;
}

static void put_concrete(Printer *p, Buf *b, Type type, bool raw)
{
    bool exact = type & TYPE_EXACT;
    if (exact) put(b, "(exact ");
    put_index(p, b, NAMES_type, raw ? type_id(type) : print_type_index(p, type_id(type)));
    if (exact) buf_byte(b, ')');
}

void put_heap_type(Printer *p, Buf *b, Type type, bool raw)
{
    if (type_is_concrete(type)) put_concrete(p, b, type, raw);
    else put(b, type_heap_text[type_heap(type)]);
}

void put_type(Printer *p, Buf *b, Type type, bool raw)
{
    if (!type_is_ref(type)) {
        put(b, type_number_text[type]);
    } else if (!type_is_concrete(type) && type_is_null(type)) {
        put(b, type_ref_text[type_heap(type)]);
    } else {
        put(b, type_is_null(type) ? "(ref null " : "(ref ");
        put_heap_type(p, b, type, raw);
        buf_byte(b, ')');
    }
}

void put_type_use(Printer *p, Buf *b, u32 index)
{
    put(b, " (type ");
    put_index(p, b, NAMES_type, index);
    buf_byte(b, ')');
}

static void put_params(Printer *p, Buf *b, const TypeDef *def, const Idents *locals)
{
    bool open = false;
    for (u32 i = 0; i < def->param_count; i++) {
        const Ident *id = locals ? ident_within(locals, i) : NULL;
        if (open && id) buf_byte(b, ')');
        if (!open || id) put(b, " (param");
        if (id) put_ident_name(p, b, locals, id);
        buf_byte(b, ' ');
        put_type(p, b, def->params[i], false);
        open = !id;
        if (id) buf_byte(b, ')');
    }
    if (open) buf_byte(b, ')');
}

void put_signature(Printer *p, Buf *b, const TypeDef *def, const Idents *locals)
{
    put_params(p, b, def, locals);
    if (!def->result_count) return;
    put(b, " (result");
    for (u32 i = 0; i < def->result_count; i++) {
        buf_byte(b, ' ');
        put_type(p, b, type_results(def)[i], false);
    }
    buf_byte(b, ')');
}

void put_limits(Buf *b, const Limits *l)
{
    if (l->is64) put(b, " i64");
    buf_byte(b, ' ');
    put_u64(b, l->min);
    if (l->has_max) buf_byte(b, ' '), put_u64(b, l->max);
    if (l->shared) put(b, " shared");
    if (!l->says_page) return;
    put(b, " (pagesize ");
    put_u64(b, (u64)1 << l->page_log2);
    buf_byte(b, ')');
}

void put_field_type(Printer *p, Buf *b, Type type, bool mutable)
{
    if (mutable) put(b, "(mut ");
    put_type(p, b, type, false);
    if (mutable) buf_byte(b, ')');
}

// ---- Definitions

static void put_struct(Printer *p, Buf *b, const TypeDef *def, u32 index)
{
    const Idents *fields = print_field_names(p, index);
    put(b, "(struct");
    for (u32 i = 0; i < def->field_count; i++) {
        const Ident *id = ident_within(fields, i);
        put(b, " (field");
        if (id) put_ident_name(p, b, fields, id);
        buf_byte(b, ' ');
        put_field_type(p, b, def->fields[i].type, def->fields[i].mutable);
        buf_byte(b, ')');
        print_maybe_flush(p);
    }
    buf_byte(b, ')');
}

static void put_composite(Printer *p, Buf *b, const TypeDef *def, u32 index)
{
    switch ((CompKind)def->kind) {
    case COMP_func:
        put(b, "(func");
        put_signature(p, b, def, NULL);
        buf_byte(b, ')');
        break;
    case COMP_struct: put_struct(p, b, def, index); break;
    case COMP_array:
        put(b, "(array ");
        put_field_type(p, b, def->fields[0].type, def->fields[0].mutable);
        buf_byte(b, ')');
        break;
    case COMP_cont:
        put(b, "(cont ");
        put_index(p, b, NAMES_type, print_type_index(p, def->cont));
        buf_byte(b, ')');
        break;
    }
}

static void put_clause(Printer *p, Buf *b, const char *word, TypeId id)
{
    if (id == TYPE_NONE) return;
    buf_byte(b, '(');
    put(b, word);
    put_index(p, b, NAMES_type, print_type_index(p, id));
    put(b, ") ");
}

// A final type without a supertype is written without "sub".
static void put_definition(Printer *p, Buf *b, const TypeDef *def, u32 index)
{
    bool plain = def->final && def->super == TYPE_NONE;
    if (!plain) put(b, def->final ? "(sub final " : "(sub ");
    if (def->super != TYPE_NONE) {
        put_index(p, b, NAMES_type, print_type_index(p, def->super));
        buf_byte(b, ' ');
    }
    put_clause(p, b, "describes ", def->describes);
    put_clause(p, b, "descriptor ", def->descriptor);
    put_composite(p, b, def, index);
    if (!plain) buf_byte(b, ')');
}

static void print_type(Printer *p, u32 index, const char *indent)
{
    Buf *b = &p->out;
    put(b, indent);
    put(b, "(type");
    put_item_name(p, b, NAMES_type, index);
    buf_byte(b, ' ');
    put_definition(p, b, type_def(p->m->store, p->m->types[index]), index);
    put(b, ")");
    print_maybe_flush(p);
}

void print_type_section(Printer *p)
{
    const Module *m = p->m;
    u32 empty = 0;
    for (u32 i = 0, n;; i += n) {
        for (; empty < m->empty_rec_count && m->empty_recs[empty] == i; empty++) {
            put(&p->out, "\n  (rec)");
            print_maybe_flush(p);
        }
        if (i == m->type_count) break;
        n = MIN(type_group_count(m->store, m->types[i]), m->type_count - i);
        if (n == 1) {
            print_type(p, i, "\n  ");
            continue;
        }
        put(&p->out, "\n  (rec");
        for (u32 k = 0; k < n; k++) print_type(p, i + k, "\n    ");
        buf_byte(&p->out, ')');
    }
}
