// items.c -- imports, exports, aliases, instances, canonical definitions. See printer.h.
// spec: Binary

#include "component/print/printer.h"

#include "text/print/printer.h"

#include <string.h>

// ---- Names and types of imports and exports

static void put_extern_name(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 kind = read_u8(&p->r);
    if (kind > 2) cprint_fail(p, ERR_malformed_component_extern, at, "");
    cput_name(p, read_name(&p->r));
    u32 count = kind == 2 ? read_count(&p->r, 2) : 0, seen = 0;
    for (u32 i = 0; i < count && !reader_failed(&p->r); i++) {
        at = p->r.pos;
        CAttribute attribute = cattribute_find(read_u8(&p->r));
        bool again = seen >> attribute & 1;
        seen |= 1u << attribute;
        if (attribute == CATTRIBUTE_COUNT || again) {
            cprint_fail(p, ERR_malformed_component_extern, at, "");
            return;
        }
        cput(p, " (");
        cput(p, cattribute_info[attribute].text);
        cput_name(p, read_name(&p->r));
        buf_byte(&p->out, ')');
    }
}

static void put_use(CPrinter *p, u32 space)
{
    cput(p, " (type");
    cput_read_index(p, space);
    buf_byte(&p->out, ')');
}

// " (sort $id (;3;) type)"; without the item where it has none of its own.
static void put_extern_type(CPrinter *p, bool with_item)
{
    const u8 *at = p->r.pos;
    u32 space = cread_sort(p);
    u8 bound;
    cput(p, " (");
    cput(p, csort_text(space));
    if (with_item) cput_item(p, space);
    switch (space) {
    case CORE(module): put_use(p, CORE(type)); break;
    case OUTER(func): case OUTER(component): case OUTER(instance): put_use(p, OUTER(type)); break;
    case OUTER(type):
        bound = read_u8(&p->r);
        if (bound > 1) cprint_fail(p, ERR_malformed_component_extern, at, "");
        cput(p, bound ? " (sub resource" : " (eq");
        if (!bound) cput_read_index(p, OUTER(type));
        buf_byte(&p->out, ')');
        break;
    case OUTER(value):
        bound = read_u8(&p->r);
        if (bound > 1) cprint_fail(p, ERR_malformed_component_extern, at, "");
        if (bound && (peek_u8(&p->r) & 0xc0) == 0x40) { // else an identifier would be the value's
            cprint_value_type(p);
            break;
        }
        cput(p, bound ? " (type" : " (eq");
        cput_read_index(p, bound ? OUTER(type) : OUTER(value));
        buf_byte(&p->out, ')');
        break;
    default: cprint_fail(p, ERR_malformed_sort, at, "");
    }
    if (with_item) cput_done(p, space);
    else buf_byte(&p->out, ')');
}

static void put_sort_index(CPrinter *p)
{
    u32 space = cread_sort(p);
    cput(p, " (");
    cput(p, csort_text(space));
    cput_read_index(p, space);
    buf_byte(&p->out, ')');
}

static void print_import(CPrinter *p)
{
    cput_line(p, 0);
    cput(p, "(import");
    put_extern_name(p);
    put_extern_type(p, true);
    buf_byte(&p->out, ')');
}

static void print_export_decl(CPrinter *p)
{
    cput_line(p, 0);
    cput(p, "(export");
    put_extern_name(p);
    put_extern_type(p, true);
    buf_byte(&p->out, ')');
}

// The sort behind the name, which is read again.
static u32 sort_ahead(const CPrinter *p)
{
    CPrinter ahead = *p;
    Diag ignored;
    diag_init(&ignored);
    ahead.r.diag = &ignored;
    u8 kind = read_u8(&ahead.r);
    read_name(&ahead.r);
    u32 count = kind == 2 ? read_count(&ahead.r, 2) : 0;
    for (u32 i = 0; i < count; i++) read_u8(&ahead.r), read_name(&ahead.r);
    return cread_sort(&ahead);
}

static void print_export(CPrinter *p)
{
    u32 space = sort_ahead(p);
    cput_line(p, 0);
    cput(p, "(export");
    cput_item(p, space);
    put_extern_name(p);
    put_sort_index(p);
    const u8 *at = p->r.pos;
    u8 said = read_u8(&p->r);
    if (said > 1) cprint_fail(p, ERR_malformed_component_extern, at, "");
    if (said == 1) put_extern_type(p, false);
    cput_done(p, space);
}

// ---- Aliases

static void print_alias(CPrinter *p)
{
    u32 space = cread_sort(p);
    const u8 *at = p->r.pos;
    u8 target = read_u8(&p->r);
    cput_line(p, 0);
    switch (target) {
    case 0x00: case 0x01:
        cput(p, target ? "(alias core export" : "(alias export");
        cput_read_index(p, target ? CORE(instance) : OUTER(instance));
        cput_name(p, read_name(&p->r));
        break;
    case 0x02:
        if (space != CORE(module) && space != CORE(type) && space != OUTER(component) &&
            space != OUTER(type))
            cprint_fail(p, ERR_malformed_alias, at, "");
        cput(p, "(alias outer ");
        cput_u64(p, read_leb_u32(&p->r));
        buf_byte(&p->out, ' ');
        cput_u64(p, read_leb_u32(&p->r));
        break;
    default: cprint_fail(p, ERR_malformed_alias, at, ""); return;
    }
    cput(p, " (");
    cput(p, csort_text(space));
    cput_item(p, space);
    cput_done(p, space);
    buf_byte(&p->out, ')');
}

// ---- Instances

static void print_core_instance(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 kind = read_u8(&p->r);
    if (kind > 1) cprint_fail(p, ERR_malformed_instance, at, "");
    cput_line(p, 0);
    cput(p, "(core instance");
    cput_item(p, CORE(instance));
    if (kind == 0) cput(p, " (instantiate"), cput_read_index(p, CORE(module));
    u32 count = read_count(&p->r, 3);
    for (u32 i = 0; i < count && !reader_failed(&p->r); i++) {
        cput_line(p, 1);
        cput(p, kind ? "(export" : "(with");
        cput_name(p, read_name(&p->r));
        CoreSort sort = core_sort_find(read_u8(&p->r));
        if (sort == CORE_SORT_COUNT || (!kind && sort != CORE(instance))) {
            cprint_fail(p, ERR_malformed_sort, at, "");
            break;
        }
        cput(p, " (");
        cput(p, core_sort_info[sort].text + strlen("core "));
        cput_read_index(p, sort);
        cput(p, "))");
    }
    if (kind == 0) buf_byte(&p->out, ')');
    cput_done(p, CORE(instance));
}

static void print_instance(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 kind = read_u8(&p->r);
    if (kind > 1) cprint_fail(p, ERR_malformed_instance, at, "");
    cput_line(p, 0);
    cput(p, "(instance");
    cput_item(p, OUTER(instance));
    if (kind == 0) cput(p, " (instantiate"), cput_read_index(p, OUTER(component));
    u32 count = read_count(&p->r, 3);
    for (u32 i = 0; i < count && !reader_failed(&p->r); i++) {
        cput_line(p, 1);
        cput(p, kind ? "(export" : "(with");
        if (kind) put_extern_name(p);
        else cput_name(p, read_name(&p->r));
        put_sort_index(p);
        buf_byte(&p->out, ')');
    }
    if (kind == 0) buf_byte(&p->out, ')');
    cput_done(p, OUTER(instance));
}

// ---- Canonical definitions

typedef enum { OPTION_none, OPTION_memory, OPTION_func } OptionImm;
static const u8 option_imms[COPTION_COUNT] = {
#define OPTION(name, text, code, imm, since) [COPTION_##name] = OPTION_##imm,
#include "op/component.def"
};

static void put_options(CPrinter *p)
{
    u32 count = read_count(&p->r, 1);
    for (u32 i = 0; i < count && !reader_failed(&p->r); i++) {
        const u8 *at = p->r.pos;
        COption option = coption_find(read_u8(&p->r));
        if (option == COPTION_COUNT) {
            cprint_fail(p, ERR_malformed_canon, at, "");
            return;
        }
        bool plain = option_imms[option] == OPTION_none;
        cput(p, plain ? " " : " (");
        cput(p, coption_info[option].text);
        if (plain) continue;
        cput_read_index(p, option_imms[option] == OPTION_memory ? CORE(memory) : CORE(func));
        buf_byte(&p->out, ')');
    }
}

static void put_flag(CPrinter *p, const char *word)
{
    const u8 *at = p->r.pos;
    u8 flag = read_u8(&p->r);
    if (flag > 1) cprint_fail(p, ERR_malformed_canon, at, "");
    if (flag == 1) cput(p, word);
}

static void put_context(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 type = read_u8(&p->r);
    if (type != 0x7f && type != 0x7e) cprint_fail(p, ERR_malformed_canon, at, "");
    cput(p, type == 0x7f ? " i32 " : " i64 ");
    cput_u64(p, read_leb_u32(&p->r));
}

static void put_result(CPrinter *p)
{
    const u8 *at = p->r.pos;
    u8 kind = read_u8(&p->r);
    if (kind == 0) {
        cput(p, " (result");
        cprint_value_type(p);
        buf_byte(&p->out, ')');
    } else if (kind != 1 || read_u8(&p->r)) {
        cprint_fail(p, ERR_malformed_component_type, at, "");
    }
}

static void put_zero(CPrinter *p)
{
    const u8 *at = p->r.pos;
    if (read_u8(&p->r)) cprint_fail(p, ERR_malformed_canon, at, "");
}

static void put_immediates(CPrinter *p, const CanonInfo *info)
{
    switch (info->immediates) {
    case CANON_IMM_func_opts:
        put_zero(p);
        cput(p, " (func");
        cput_read_index(p, OUTER(func));
        buf_byte(&p->out, ')');
        put_options(p);
        break;
    case CANON_IMM_type: cput_read_index(p, OUTER(type)); break;
    case CANON_IMM_async: put_flag(p, " async"); break;
    case CANON_IMM_type_async: cput_read_index(p, OUTER(type)), put_flag(p, " async"); break;
    case CANON_IMM_type_opts: cput_read_index(p, OUTER(type)), put_options(p); break;
    case CANON_IMM_cancel: put_flag(p, " cancellable"); break;
    case CANON_IMM_cancel_memory:
        put_flag(p, " cancellable");
        cput(p, " (memory");
        cput_read_index(p, CORE(memory));
        buf_byte(&p->out, ')');
        break;
    case CANON_IMM_opts: put_options(p); break;
    case CANON_IMM_result_opts: put_result(p), put_options(p); break;
    case CANON_IMM_value_index: put_context(p); break;
    case CANON_IMM_start_table:
        cput_read_index(p, CORE(type));
        cput_read_index(p, CORE(table));
        break;
    }
}

// Its type comes last in the bytes.
static void print_lift(CPrinter *p)
{
    Buf out = cput_aside(p);
    put_zero(p);
    cput(p, " (canon lift (core func");
    cput_read_index(p, CORE(func));
    buf_byte(&p->out, ')');
    put_options(p);
    cput_back(p, out);
    cput(p, "(func");
    cput_item(p, OUTER(func));
    put_use(p, OUTER(type));
    buf_bytes(&p->out, p->temp.data, p->temp.len);
    buf_byte(&p->out, ')');
    cput_done(p, OUTER(func));
}

static void print_canon(CPrinter *p)
{
    const u8 *at = p->r.pos;
    Canon canon = canon_find(read_u8(&p->r));
    if (canon == CANON_COUNT) {
        cprint_fail(p, ERR_malformed_canon, at, "");
        return;
    }
    cput_line(p, 0);
    if (canon == CANON_lift) {
        print_lift(p);
        return;
    }
    cput(p, "(core func");
    cput_item(p, CORE(func));
    cput(p, " (canon ");
    cput(p, canon_info[canon].text);
    put_immediates(p, &canon_info[canon]);
    buf_byte(&p->out, ')');
    cput_done(p, CORE(func));
}

// ---- Sections, and declarations of types

static void print_decl(CPrinter *p)
{
    const u8 *at = p->r.pos;
    switch (read_u8(&p->r)) {
    case 0x00: cprint_core_type(p); return;
    case 0x01: cprint_type(p); return;
    case 0x02: print_alias(p); return;
    case 0x03:
        if (p->scope->within == IN_instance_type) break;
        print_import(p);
        return;
    case 0x04: print_export_decl(p); return;
    }
    cprint_fail(p, ERR_malformed_component_type, at, "");
}

static void print_types(CPrinter *p, u32 left)
{
    Printed *base = p->scope;
    while (!reader_failed(&p->r)) {
        Printed *s = p->scope;
        if (p->out.len >= 1 << 16) cprint_flush(p);
        if (s != base && !s->left) {
            cprint_close(p);
        } else if (s != base) {
            s->left--;
            print_decl(p);
        } else if (left--) {
            cprint_type(p);
        } else {
            break;
        }
    }
}

void cprint_items(CPrinter *p, u8 section)
{
    void (*print)(CPrinter *) = section == CSECTION_core_instance ? print_core_instance
                                : section == CSECTION_core_type   ? cprint_core_type
                                : section == CSECTION_instance    ? print_instance
                                : section == CSECTION_alias       ? print_alias
                                : section == CSECTION_canon       ? print_canon
                                : section == CSECTION_import      ? print_import
                                                                  : print_export;
    u32 count = read_count(&p->r, 1);
    if (section == CSECTION_type) {
        print_types(p, count);
        return;
    }
    for (u32 i = 0; i < count && !reader_failed(&p->r); i++) {
        if (p->out.len >= 1 << 16) cprint_flush(p);
        print(p);
    }
}
