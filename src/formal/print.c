// print.c -- see print.h.

#include "formal/print.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void put_text(Buf *out, const char *text) { buf_bytes(out, text, strlen(text)); }

// Of what fits into a line.
static void put(Buf *out, const char *form, ...) PRINTF_LIKE(2, 3);
static void put(Buf *out, const char *form, ...)
{
    char text[160];
    va_list args;
    va_start(args, form);
    vsnprintf(text, sizeof text, form, args);
    va_end(args);
    put_text(out, text);
}

// ---- Values

static void put_float(Buf *out, double x, u64 payload, bool negative, int digits)
{
    if (isnan(x)) put(out, "%snan:0x%" PRIx64, negative ? "-" : "", payload);
    else put(out, "%.*g", digits, x);
}

static void put_number(Buf *out, Val v)
{
    float f;
    double d;
    u32 low = (u32)v.bits;
    memcpy(&f, &low, sizeof f);
    memcpy(&d, &v.bits, sizeof d);
    switch (v.kind) {
    case TYPE_i32: put(out, "%" PRId32, (s32)low); break;
    case TYPE_i64: put(out, "%" PRId64, (s64)v.bits); break;
    case TYPE_f32: put_float(out, f, low & 0x7fffff, low >> 31, 9); break;
    case TYPE_f64: put_float(out, d, v.bits & 0xfffffffffffff, v.bits >> 63, 17); break;
    case TYPE_v128:
        put(out, "i64x2 0x%016" PRIx64 " 0x%016" PRIx64, v.lanes[0], v.lanes[1]);
        break;
    default: put(out, "%" PRIu64, v.bits); break;
    }
}

static void put_ref(Buf *out, Val v)
{
    static const char *const names[] = {[VALUE_i31] = "i31", [VALUE_struct] = "struct",
                                        [VALUE_array] = "array", [VALUE_func] = "func",
                                        [VALUE_exn] = "exn", [VALUE_cont] = "cont",
                                        [VALUE_host] = "host"};
    put(out, "(ref.%s %" PRIu64 ")", v.kind < COUNT_OF(names) ? names[v.kind] : "?", v.bits);
}

void print_val(Buf *out, Val v)
{
    if (v.external) put_text(out, "(ref.extern ");
    if (v.kind == VALUE_unset) {
        put_text(out, "eps");
    } else if (v.kind == VALUE_null) {
        put_text(out, "ref.null");
    } else if (v.kind > VALUE_null) {
        put_ref(out, v);
    } else {
        put(out, "(%s.%s ", type_number_text[v.kind], type_is_packed(v.kind) ? "pack" : "const");
        put_number(out, v);
        put_text(out, ")");
    }
    if (v.external) put_text(out, ")");
}

void print_type(Buf *out, const ModuleInst *m, Type type)
{
    char text[100];
    put_text(out, type_text(text, sizeof text, type, m ? m->module->types : NULL,
                            m ? m->module->type_count : 0));
}

// ---- Instructions

// Of a call by reference its index, where the module has one.
static void put_defined(Buf *out, const ModuleInst *m, const Instr *i)
{
    bool call = i->redex == OP_call_ref || i->redex == OP_return_call_ref;
    u32 k = 0, count = m && call ? m->module->type_count : 0;
    while (k < count && m->module->types[k] != i->of) k++;
    if (!call) put(out, " %u", i->x);
    else if (k < count) put(out, " %u", k);
    else put_text(out, " ...");
}

// Of what there may be thousands the first are shown.
enum { SOME = 8 };
static void put_more(Buf *out, bool more)
{
    if (more) put_text(out, " ...");
}

static void put_clauses(Buf *out, const ImmClause *clauses, u32 count)
{
    static const char *const names[] = {"catch", "catch_ref", "catch_all", "catch_all_ref"};
    for (u32 k = 0; k < MIN(count, (u32)SOME); k++) {
        put(out, "%s(%s", k ? " " : "", names[clauses[k].kind % COUNT_OF(names)]);
        if (clauses[k].kind < 2) put(out, " %u", clauses[k].tag);
        put(out, " %u)", clauses[k].label);
    }
    put_more(out, count > SOME);
}

static void put_handlers(Buf *out, const ImmClause *clauses, u32 count)
{
    for (u32 k = 0; k < MIN(count, (u32)SOME); k++) {
        put(out, "%s(on %u ", k ? " " : "", clauses[k].tag);
        if (clauses[k].kind) put_text(out, "switch)");
        else put(out, "%u)", clauses[k].label);
    }
    put_more(out, count > SOME);
}

// Of a legacy try; what each does then is left out.
static void put_parts(Buf *out, const Instr *part, const Instr *end)
{
    for (u32 k = 0; part != end && k < SOME; part += part->span, k++) {
        put(out, "%s(%s", k ? " " : "", op_info[part->op].text);
        if (part->redex != OP_catch_all) put(out, " %u", part->x);
        put_text(out, part->redex == OP_delegate ? ")" : " ...)");
    }
    put_more(out, part != end);
}

static void put_labels(Buf *out, const Instr *i)
{
    for (u32 k = 0; k < MIN(i->label_count, (u32)SOME); k++) put(out, " %u", i->labels[k]);
    put_more(out, i->label_count > SOME);
    put(out, " %u", i->labels[i->label_count]);
}

static void put_block(Buf *out, const Instr *i)
{
    if (i->clause_count) {
        put_text(out, " ");
        put_clauses(out, i->clauses, i->clause_count);
    }
    if (i->y) put_text(out, " ...");
}

// In front of each a space.
static void put_immediates(Buf *out, const ModuleInst *m, const Instr *i)
{
    switch ((ImmKind)op_info[i->op].immediates) {
    case IMM_none: case IMM_types: case IMM_fence: break;
    case IMM_block: case IMM_try_table: put_block(out, i); break;
    case IMM_label: case IMM_local: case IMM_global: case IMM_func: case IMM_table: case IMM_memory:
    case IMM_data: case IMM_elem: case IMM_tag: put(out, " %u", i->x); break;
    case IMM_type: put_defined(out, m, i); break;
    case IMM_labels: put_labels(out, i); break;
    case IMM_memarg: put(out, " %u offset=%" PRIu64, i->x, i->offset); break;
    case IMM_memarg_lane: put(out, " %u offset=%" PRIu64 " %u", i->x, i->offset, i->y); break;
    case IMM_lane: put(out, " %u", i->y); break;
    case IMM_lanes:
        for (u32 k = 0; k < sizeof i->bytes; k++) put(out, " %u", i->bytes[k]);
        break;
    case IMM_resume: case IMM_resume_throw:
        put(out, i->op == OP_resume_throw ? " %u %u" : " %u", i->x, i->y);
        if (i->clause_count) put_text(out, " ");
        put_handlers(out, i->clauses, i->clause_count);
        break;
    case IMM_cast: put(out, " %u", i->x); // fall through
    case IMM_heap:
        put_text(out, " ");
        print_type(out, m, i->type);
        break;
    default: put(out, " %u %u", i->x, i->y); break;
    }
}

static bool is_alone(const Instr *i)
{
    return op_info[i->op].immediates == IMM_none || op_info[i->op].immediates == IMM_types;
}

void print_instr(Buf *out, const ModuleInst *m, const Instr *i)
{
    if (i->redex == REDEX_value) {
        print_val(out, i->value);
    } else if (i->redex == REDEX_trap) {
        put_text(out, "TRAP");
    } else if (i->redex == REDEX_waitx) {
        put(out, "(WAITX %u %" PRIu64 " %" PRId64 ")", i->x, i->offset, i->timeout);
    } else if (i->redex == REDEX_suspending) {
        put(out, "(SUSPEND %u)", i->x);
    } else if (i->redex == REDEX_switching) {
        put(out, "(SWITCH %u %u)", i->x, i->y);
    } else if (i->redex != REDEX_values) {
        if (!is_alone(i)) put_text(out, "(");
        put_text(out, op_info[i->op].text);
        put_immediates(out, m, i);
        if (!is_alone(i)) put_text(out, ")");
    }
}

// ---- Configurations

u32 module_number(const FormalStore *s, const ModuleInst *m)
{
    u32 n = 0;
    for (const ModuleInst *at = m; at && at->older; at = at->older) n++;
    return n;
}

static void put_locals(Buf *out, const Config *c, const Context *frame, u32 end, u32 most)
{
    put_text(out, "{LOCALS");
    for (u32 k = frame->locals; k < end; k++) {
        put_text(out, " ");
        if (k - frame->locals == most) {
            put_text(out, "...");
            break;
        }
        print_val(out, c->locals[k]);
    }
    if (frame->module) put(out, ", MODULE %u", module_number(c->store, frame->module));
    put_text(out, "}");
}

void print_frame(Buf *out, const Config *c, u32 most)
{
    put_locals(out, c, &c->contexts[c->frame], c->local_count, most);
}

// One sequence of the text: what stands between two of its parts.
typedef struct {
    Buf *out;
    const Config *c;
    const PrintForm *form;
    const ModuleInst *module; // of the frame that is being printed
    u32 depth;
    bool apart;               // something stands in front already
} Printer;

static void space(Printer *p)
{
    if (p->apart) put_text(p->out, " ");
    p->apart = true;
}

static void new_line(Printer *p)
{
    if (!p->form->lines) return space(p);
    put_text(p->out, "\n");
    for (u32 k = 0; k < p->depth; k++) put_text(p->out, "  ");
    p->apart = true;
}

static void put_values(Printer *p, u32 from, u32 to)
{
    u32 first = to - from > p->form->values ? to - p->form->values : from;
    if (first != from) space(p), put_text(p->out, "...");
    for (u32 k = first; k < to; k++) {
        space(p);
        print_val(p->out, p->c->values[k]);
    }
}

static void put_rest(Printer *p, const Context *context)
{
    bool innermost = context == &p->c->contexts[p->c->context_count - 1];
    u32 left = p->form->instrs;
    for (u32 k = innermost ? p->c->ahead_count : 0; k && left; left--) {
        space(p);
        print_instr(p->out, p->module, &p->c->ahead[--k]);
    }
    const Instr *i = context->at;
    for (; i != context->end && left; i += i->span, left--) {
        space(p);
        print_instr(p->out, p->module, i);
    }
    if (i != context->end || (innermost && p->c->ahead_count > p->form->instrs))
        space(p), put_text(p->out, "...");
}

// (LABEL_ n {instr*}; what is in it follows
static void put_context(Printer *p, u32 at)
{
    const Context *in = &p->c->contexts[at];
    switch (in->kind) {
    case CONTEXT_top: case CONTEXT_frame:
        p->module = in->module;
        if (in->kind == CONTEXT_frame) put(p->out, "(FRAME_%u ", in->arity);
        put_locals(p->out, p->c, in, locals_end(p->c, at), p->form->values);
        if (in->kind == CONTEXT_top) put_text(p->out, ";");
        break;
    case CONTEXT_label:
        put(p->out, "(LABEL_%u {", in->arity);
        if (in->again) print_instr(p->out, p->module, in->again);
        put_text(p->out, "}");
        break;
    case CONTEXT_handler:
        put(p->out, "(HANDLER_%u {", in->arity);
        put_clauses(p->out, in->clauses, in->clause_count);
        put_text(p->out, "}");
        break;
    case CONTEXT_try:
        put(p->out, "(HANDLER_%u {", in->arity);
        put_parts(p->out, in->part, in->part_end);
        put_text(p->out, "}");
        break;
    case CONTEXT_caught: put(p->out, "(CAUGHT_%u {(ref.exn %u)}", in->arity, in->exn); break;
    case CONTEXT_prompt:
        put(p->out, "(PROMPT_%u {", in->arity);
        put_handlers(p->out, in->clauses, in->clause_count);
        put_text(p->out, "}");
        break;
    }
}

static void put_mark(Printer *p, const char *mark)
{
    if (mark) put_text(p->out, mark);
}

static void put_redex(Printer *p, const Instr *redex)
{
    space(p);
    put_mark(p, p->form->open);
    print_instr(p->out, p->module, redex);
    put_mark(p, p->form->close);
}

void print_config(Buf *out, const Config *c, const Instr *redex, const PrintForm *form)
{
    u32 first = c->context_count - MIN(c->context_count, MAX(form->contexts, 1u));
    Printer p = {out, c, form, c->contexts[frame_around(c, first)].module, 0, false};
    // where only values are left, the context is the redex
    bool values = redex && redex->redex == REDEX_values;
    if (first) space(&p), put_text(out, "...");
    for (u32 k = first; k < c->context_count; k++) {
        bool last = k + 1 == c->context_count;
        if (k == first) space(&p);
        else new_line(&p);
        if (last && values) put_mark(&p, form->open);
        put_context(&p, k);
        p.depth++;
        u32 end = last ? c->count : c->contexts[k + 1].height;
        if (end != c->contexts[k].height && last) new_line(&p), p.apart = false;
        put_values(&p, c->contexts[k].height, end);
    }
    if (redex && !values) put_redex(&p, redex);
    for (u32 k = c->context_count; k-- > first;) {
        const Context *in = &c->contexts[k];
        p.module = c->contexts[frame_around(c, k)].module;
        if (k + 1 != c->context_count && in->at != in->end) new_line(&p), p.apart = false;
        put_rest(&p, in);
        if (in->kind != CONTEXT_top) put_text(out, ")");
        if (k + 1 == c->context_count && values) put_mark(&p, form->close);
        p.depth--;
    }
    if (first) space(&p), put_text(out, "...");
}

void print_part(Buf *out, Part part)
{
    static const struct { const char *kind, *field; } names[] = {
        [PART_global] = {"GLOBALS", "VALUE"}, [PART_table] = {"TABLES", "REFS"},
        [PART_mem] = {"MEMS", "BYTES"}, [PART_elem] = {"ELEMS", "REFS"},
        [PART_data] = {"DATAS", "BYTES"}, [PART_struct] = {"STRUCTS", "FIELDS"},
        [PART_array] = {"ARRAYS", "FIELDS"}, [PART_exn] = {"EXNS", "FIELDS"}};
    if (part.kind == PART_cont) return put(out, "CONTS[%u]", part.address);
    put(out, "%s[%u].%s", names[part.kind].kind, part.address, names[part.kind].field);
    if (part.kind == PART_global) return;
    put(out, "[%" PRIu64, part.from);
    if (part.count != 1) put(out, " : %" PRIu64, part.count);
    put_text(out, "]");
}
