// canon.c -- canonical definitions, by the rows of component.def. See assembler.h.
// spec: Explainer/canonical definitions

#include "text/component/assembler.h"

#include <string.h>

typedef enum { OPTION_none, OPTION_memory, OPTION_func } OptionImm;
static const u8 option_imms[COPTION_COUNT] = {
#define OPTION(name, text, code, imm, since) [COPTION_##name] = OPTION_##imm,
#include "op/component.def"
};

// ---- Options

// (memory $m), (memory (core memory $m)), and as it was before 2026 (memory $i "m").
static u32 read_core_contents(Assembler *a, u32 space)
{
    return is_index(a) ? read_target(a, space) : read_reference(a, space);
}

static bool write_option(Assembler *a)
{
    Parser *p = &a->p;
    for (u32 i = 0; i < COPTION_COUNT; i++) {
        const char *text = coption_info[i].text;
        if (option_imms[i] == OPTION_none) {
            if (!open_word(p, text)) continue;
            buf_byte(&a->temp, coption_info[i].code);
            return true;
        }
        if (!open_form(p, text)) continue;
        buf_byte(&a->temp, coption_info[i].code);
        buf_leb_u(&a->temp, read_core_contents(a, option_imms[i] == OPTION_memory ? CORE(memory)
                                                                                  : CORE(func)));
        close_form(p);
        return true;
    }
    return false;
}

static void write_options(Assembler *a)
{
    size_t start = a->temp.len;
    u32 count = 0;
    while (write_option(a)) count++;
    temp_insert_leb(a, start, count);
}

// ---- Builtins

static void write_flag(Assembler *a, const char *word)
{
    buf_byte(&a->temp, open_word(&a->p, word));
}

static void write_type(Assembler *a) { buf_leb_u(&a->temp, read_reference(a, OUTER(type))); }

static void write_result(Assembler *a)
{
    bool there = open_form(&a->p, "result");
    buf_byte(&a->temp, there ? 0 : 1);
    if (there) read_value_type_to_temp(a);
    else buf_byte(&a->temp, 0);
    if (there) close_form(&a->p);
}

static void write_memory(Assembler *a)
{
    Parser *p = &a->p;
    if (!open_form(p, "memory")) {
        unexpected(p, "(memory");
        return;
    }
    buf_leb_u(&a->temp, read_core_contents(a, CORE(memory)));
    close_form(p);
}

static void write_immediates(Assembler *a, const CanonInfo *info)
{
    Parser *p = &a->p;
    switch (info->immediates) {
    case CANON_IMM_func_opts: {
        u32 space = OUTER(func);
        buf_byte(&a->temp, 0x00);
        buf_leb_u(&a->temp, p->tok.kind == TOKEN_open ? read_sorted_reference(a, &space)
                                                      : read_space_index(a, space));
        if (space != OUTER(func) && p->tok.kind != TOKEN_error)
            fail_at(p, ERR_unexpected_token, p->past, "a func is lowered, and no %s",
                    space_text(space));
        write_options(a);
        break;
    }
    case CANON_IMM_type: write_type(a); break;
    case CANON_IMM_async: write_flag(a, "async"); break;
    case CANON_IMM_type_async: write_type(a), write_flag(a, "async"); break;
    case CANON_IMM_type_opts: write_type(a), write_options(a); break;
    case CANON_IMM_cancel: write_flag(a, "cancellable"); break;
    case CANON_IMM_cancel_memory: write_flag(a, "cancellable"), write_memory(a); break;
    case CANON_IMM_opts: write_options(a); break;
    case CANON_IMM_result_opts: write_result(a), write_options(a); break;
    case CANON_IMM_value_index:
        if (at_ref_type(p)) unexpected(p, "i32 or i64");
        read_value_type(p, &a->temp);
        buf_leb_u(&a->temp, read_u32(p, "the number of a slot"));
        break;
    case CANON_IMM_start_table:
        buf_leb_u(&a->temp, read_reference(a, CORE(type)));
        buf_leb_u(&a->temp, read_reference(a, CORE(table)));
        break;
    }
}

// The name of a builtin, which is passed over; its code goes to temp.
static const CanonInfo *read_builtin(Assembler *a)
{
    Parser *p = &a->p;
    for (u32 i = 0; i < CANON_COUNT; i++) {
        if (i == CANON_lift || !open_word(p, canon_info[i].text)) continue;
        buf_byte(&a->temp, canon_info[i].code);
        return &canon_info[i];
    }
    unexpected(p, "lift, lower or a builtin");
    return NULL;
}

static void finish_core_func(Assembler *a, u32 at, size_t start, const Ident *ident)
{
    u32 index = item_emit(a, CSECTION_canon, CORE(func), at, start);
    bind_ident(a, CORE(func), index, ident);
    close_form(&a->p);
}

// ---- Functions that are lifted

// Behind "lift": the core function, and options.
static void write_lift(Assembler *a)
{
    buf_byte(&a->temp, canon_info[CANON_lift].code);
    buf_byte(&a->temp, 0x00);
    buf_leb_u(&a->temp, read_reference(a, CORE(func)));
    write_options(a);
}

static void finish_lift(Assembler *a, u32 type, u32 at, size_t start, const Ident *ident,
                        const InlineExport *exports)
{
    buf_leb_u(&a->temp, type);
    u32 index = item_emit(a, CSECTION_canon, OUTER(func), at, start);
    bind_ident(a, OUTER(func), index, ident);
    write_inline_exports(a, OUTER(func), index, exports);
    close_form(&a->p);
}

// ----

// (canon lift (core func $f) option* (func $id? type)), (canon builtin ... (core func $id?))
void read_canon(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    size_t start = a->temp.len;
    if (open_word(p, "lift")) {
        write_lift(a);
        if (!open_form(p, "func")) unexpected(p, "an option or (func");
        Ident ident = read_ident(a);
        u32 type = read_func_use(a);
        close_form(p);
        finish_lift(a, type, at, start, &ident, NULL);
        return;
    }
    const CanonInfo *info = read_builtin(a);
    if (!info) return;
    write_immediates(a, info);
    if (!open_form(p, "core") || !open_word(p, "func")) unexpected(p, "(core func");
    Ident ident = read_ident(a);
    close_form(p);
    finish_core_func(a, at, start, &ident);
}

// (core func $id? (canon builtin ...)), or an alias
void read_core_func(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    Ident ident = read_ident(a);
    size_t start = a->temp.len;
    if (read_inverted_alias(a, CORE(func), &ident, NULL)) return;
    if (!open_form(p, "canon")) unexpected(p, "(canon or (alias");
    const CanonInfo *info = read_builtin(a);
    if (!info) return;
    write_immediates(a, info);
    close_form(p);
    finish_core_func(a, at, start, &ident);
}

// (func $id? (export name)* type (canon lift ...)), an import, or an alias
void read_func(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    Extern x = {.space = OUTER(func), .at = at};
    x.ident = read_ident(a);
    x.exports = read_inline_exports(a);
    if (read_inline_import(a, &x)) return;
    if (read_inverted_alias(a, x.space, &x.ident, x.exports)) return;
    u32 type = read_func_use(a);
    size_t start = a->temp.len;
    if (!open_form(p, "canon") || !open_word(p, "lift")) unexpected(p, "(canon lift");
    write_lift(a);
    close_form(p);
    finish_lift(a, type, at, start, &x.ident, x.exports);
}
