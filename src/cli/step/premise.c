// premise.c -- what rules look at, in words: the templates of premise.def filled with what stands
// there. Which rule of those for a redex will apply is not known when that can be seen, so all are
// filled; what one that does not apply would look at may not be there.

#include "cli/step/view.h"

#include "module/describe.h"
#include "script/host_spec.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct { const char *condition, *values; } Premise;
static const Premise premises[RULE_COUNT] = {
#define ROW(function, condition, values) [RULE_##function] = {condition, values},
#define PREMISE(...) ROW(__VA_ARGS__)
#include "cli/step/premise.def"
};

typedef struct {
    Buf *out;
    Config *c;              // nothing in it is changed
    const Instr *i;
} Fill;

static void put_text(Fill *f, const char *text) { buf_bytes(f->out, text, strlen(text)); }

static void put_count(Fill *f, u64 n)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, n);
    put_text(f, text);
}

static void put_missing(Fill *f) { put_text(f, "-"); }

// ---- Values

// The n-th from the right; NULL: there are not so many.
static const Val *value(const Fill *f, u32 n)
{
    const Config *c = f->c;
    return n && n <= c->count ? &c->values[c->count - n] : NULL;
}

static void put_value(Fill *f, const Val *v)
{
    if (v) print_val(f->out, *v);
    else put_missing(f);
}

// A number alone, signed: what stands in (i32.const -1).
static void put_number(Fill *f, const Val *v)
{
    Buf text;
    buf_init(&text, f->out->arena);
    if (v) print_val(&text, *v);
    const u8 *space = v && v->kind < TYPE_NUMBER_COUNT ? memchr(text.data, ' ', text.len) : NULL;
    if (!space) return put_value(f, v);
    buf_bytes(f->out, space + 1, text.len - (size_t)(space + 1 - text.data) - 1);
}

// Likewise an address, or an index.
static void put_unsigned(Fill *f, const Val *v)
{
    if (v) put_count(f, v->bits);
    else put_missing(f);
}

// ---- What indices name

static const ModuleInst *module(const Fill *f) { return module_of(f->c); }

void print_func(Buf *out, const FormalStore *s, u32 address)
{
    char text[QUOTED_MOST + 40], name[QUOTED_MOST];
    const FuncInst *func = &s->funcs.at[address];
    Bytes known = {0};
    if (func->module) known = module_func_name(func->module->module, func->index);
    else if (func->host == spec_wasi) known = bytes_of(((const WasiFunc *)func->env)->name);
    int len = snprintf(text, sizeof text, "func %u%s%s", address, known.len ? " " : "",
                       known.len ? quoted(name, known) : "");
    buf_bytes(out, text, (size_t)len);
}

// What it is given: (1, 8, 1, 4)
static void put_arguments(Fill *f)
{
    const Val *v = value(f, 1);
    if (!v || v->kind != VALUE_func) return put_missing(f);
    const FuncInst *func = &f->c->store->funcs.at[v->bits];
    u32 count = type_def(f->c->store->types, func->type)->param_count;
    put_text(f, "(");
    for (u32 k = count; k; k--) {
        if (k != count) put_text(f, ", ");
        put_number(f, value(f, k + 1));
    }
    put_text(f, ")");
}

static void put_func(Fill *f, bool there, u64 address)
{
    if (there && address < f->c->store->funcs.count)
        print_func(f->out, f->c->store, (u32)address);
    else put_missing(f);
}

static void put_callee(Fill *f)
{
    const Val *v = value(f, 1);
    put_func(f, v && v->kind == VALUE_func, v ? v->bits : 0);
}

static void put_module_func(Fill *f)
{
    bool there = module(f) && f->i->x < module(f)->module->func_count;
    put_func(f, there, there ? module(f)->funcs[f->i->x] : 0);
}

#define SIZE_OF(name, list, number, index)                                                         \
    static void name(Fill *f)                                                                      \
    {                                                                                              \
        const ModuleInst *m = module(f);                                                           \
        if (!m || (index) >= m->module->number) return put_missing(f);                             \
        put_count(f, f->c->store->list.at[m->list[index]].count);                                  \
    }
SIZE_OF(put_mem, mems, memory_count, f->i->x)
SIZE_OF(put_mem2, mems, memory_count, f->i->y)
SIZE_OF(put_table, tables, table_count, f->i->x)
SIZE_OF(put_table2, tables, table_count, f->i->y)
SIZE_OF(put_elem, elems, elem_count, f->i->y)
SIZE_OF(put_data, datas, data_count, f->i->y)

static void put_entry(Fill *f)
{
    const ModuleInst *m = module(f);
    const Val *at = value(f, 1);
    if (!m || !at || f->i->x >= m->module->table_count) return put_missing(f);
    const TableInst *t = &f->c->store->tables.at[m->tables[f->i->x]];
    put_value(f, at->bits < t->count ? &t->refs[at->bits] : NULL);
}

static void put_local(Fill *f)
{
    u64 at = (u64)frame_of(f->c)->locals + f->i->x;
    put_value(f, at < f->c->local_count ? &f->c->locals[at] : NULL);
}

static void put_global(Fill *f)
{
    const ModuleInst *m = module(f);
    bool there = m && f->i->x < m->module->global_count;
    put_value(f, there ? &f->c->store->globals.at[m->globals[f->i->x]].value : NULL);
}

static u64 access_size(const Instr *i)
{
    if (i->redex == OP_memory_atomic_wait64) return 8;
    if (i->redex == OP_memory_atomic_wait32 || i->redex == OP_memory_atomic_notify) return 4;
    return i->op < OP_COUNT ? op_info[i->op].bits / 8 : 0;
}

static void put_bytes(Fill *f, u32 operand)
{
    const ModuleInst *m = module(f);
    const Val *v = value(f, operand);
    u64 at, size = access_size(f->i);
    if (!m || !v || f->i->x >= m->module->memory_count) return put_missing(f);
    const MemInst *mem = &f->c->store->mems.at[m->mems[f->i->x]];
    if (__builtin_add_overflow(v->bits, f->i->offset, &at) || size > mem->count ||
        at > mem->count - size)
        return put_missing(f);
    for (u64 k = 0; k < size; k++) {
        char text[4];
        snprintf(text, sizeof text, "%s%02x", k ? " " : "", mem->bytes[at + k]);
        put_text(f, text);
    }
}

static void put_array(Fill *f, u32 operand)
{
    const Val *v = value(f, operand);
    if (v && v->kind == VALUE_array) put_count(f, f->c->store->arrays.at[v->bits].count);
    else put_missing(f);
}

static void put_field(Fill *f)
{
    const Val *v = value(f, 1);
    if (!v || v->kind != VALUE_struct) return put_missing(f);
    const ObjectInst *o = &f->c->store->structs.at[v->bits];
    put_value(f, f->i->y < o->count ? &o->fields[f->i->y] : NULL);
}

// ---- Types, contexts, what is thrown

static void put_ref_type(Fill *f)
{
    const Val *v = value(f, 1);
    if (!v || v->kind < VALUE_null) put_missing(f);
    else if (value_is_null(*v)) put_text(f, "REF.NULL");
    else print_type(f->out, module(f), ref_type(f->c->store, *v));
}

static void put_context(Fill *f)
{
    static const char *const names[] = {
        [CONTEXT_top] = "the top", [CONTEXT_frame] = "FRAME_", [CONTEXT_label] = "LABEL_",
        [CONTEXT_handler] = "HANDLER_", [CONTEXT_try] = "HANDLER_", [CONTEXT_caught] = "CAUGHT_",
        [CONTEXT_prompt] = "PROMPT_"};
    const Context *in = innermost(f->c);
    put_text(f, in->kind < COUNT_OF(names) ? names[in->kind] : "a context");
    if (in->kind != CONTEXT_top) put_count(f, in->arity);
}

static void put_thrown(Fill *f)
{
    const Val *v = value(f, 1);
    if (!v || v->kind != VALUE_exn) return put_missing(f);
    put_text(f, "TAGS ");
    put_count(f, f->c->store->exns.at[v->bits].tag);
}

static void put_clause(Fill *f)
{
    static const char *const names[] = {"catch", "catch_ref", "catch_all", "catch_all_ref"};
    const Context *in = innermost(f->c);
    if (in->kind != CONTEXT_handler || !in->clause_count) return put_missing(f);
    const ImmClause *first = in->clauses;
    put_text(f, names[first->kind % COUNT_OF(names)]);
    if (first->kind > 1 || first->tag >= module(f)->module->tag_count) return;
    put_text(f, " TAGS ");
    put_count(f, module(f)->tags[first->tag]);
}

// ---- Templates

static bool digit_behind(const char *name, const char *begins, u32 *digit)
{
    size_t len = strlen(begins);
    if (strncmp(name, begins, len) || name[len] < '1' || name[len] > '9' || name[len + 1])
        return false;
    *digit = (u32)(name[len] - '0');
    return true;
}

static void fill_one(Fill *f, const char *name)
{
    static const struct { const char *name; void (*put)(Fill *f); } rows[] = {
        {"func", put_module_func}, {"callee", put_callee}, {"arguments", put_arguments}, {"mem", put_mem}, {"mem2", put_mem2},
        {"table", put_table}, {"table2", put_table2}, {"elem", put_elem}, {"data", put_data},
        {"entry", put_entry}, {"local", put_local}, {"global", put_global}, {"field", put_field},
        {"ref", put_ref_type}, {"context", put_context}, {"thrown", put_thrown},
        {"clause", put_clause}};
    const Instr *i = f->i;
    const struct { const char *name; u64 n; } counts[] = {
        {"x", i->x}, {"y", i->y}, {"offset", i->offset}, {"labels", i->label_count},
        {"bytes", access_size(i)}, {"params", i->params},
        {"results", i->results}, {"count", f->c->count - innermost(f->c)->height}};
    u32 n;
    for (size_t k = 0; k < COUNT_OF(rows); k++)
        if (!strcmp(name, rows[k].name)) return rows[k].put(f);
    for (size_t k = 0; k < COUNT_OF(counts); k++)
        if (!strcmp(name, counts[k].name)) return put_count(f, counts[k].n);
    if (digit_behind(name, "", &n)) put_unsigned(f, value(f, n));
    else if (digit_behind(name, "v", &n)) put_value(f, value(f, n));
    else if (digit_behind(name, "s", &n)) put_number(f, value(f, n));
    else if (digit_behind(name, "array", &n)) put_array(f, n);
    else if (digit_behind(name, "read", &n)) put_bytes(f, n);
    else if (!strcmp(name, "type")) print_type(f->out, module(f), i->type);
    else if (!strcmp(name, "op")) put_text(f, i->op < OP_COUNT ? op_info[i->op].text : "");
    else put_text(f, name); // a mistake in premise.def, which its test finds
}

static bool is_late(const char *text)
{
    return !strcmp(text, "{=}") || !strcmp(text, "{gives}") || !strcmp(text, "{why}");
}

// Up to what is known behind the step.
static void fill(Fill *f, const char *text)
{
    for (char name[16]; *text;) {
        size_t plain = strcspn(text, "{");
        buf_bytes(f->out, text, plain);
        text += plain;
        if (!*text || is_late(text)) return;
        size_t len = strcspn(text + 1, "}");
        snprintf(name, sizeof name, "%.*s", (int)len, text + 1);
        fill_one(f, name);
        text += len + 2;
    }
}

enum { RULES_MOST = 40 }; // for one redex

static void take(Premises *p, Fill *f, Rule rule)
{
    if (!p->count) p->first = rule;
    assert(p->count < RULES_MOST);
    buf_init(f->out, f->out->arena);
    fill(f, premises[rule].values ? premises[rule].values : "");
    p->values[p->count++] = buf_view(f->out);
}

void premises_before(Premises *p, Arena *arena, const Config *c, const Instr *redex)
{
    Buf out = {.arena = arena};
    Fill f = {&out, (Config *)c, redex};
    const Val *callee = value(&f, 1);
    *p = (Premises){.values = NEW_ARRAY(arena, Bytes, RULES_MOST)};
    if (callee && callee->kind == VALUE_func)
        p->results = type_def(c->store->types, c->store->funcs.at[callee->bits].type)->result_count;
    switch (redex->redex) {
    default:
#define AT(redex) return; case REDEX_##redex:
#define ALSO(redex) case REDEX_##redex:
#define RULE(function, name) take(p, &f, RULE_##function);
#include "formal/rule.def"
    }
}

// What the host's function gave.
static void put_given(Fill *f, u32 results)
{
    const Config *c = f->c;
    bool trap = c->ahead_count && c->ahead[c->ahead_count - 1].redex == REDEX_trap;
    if (trap) put_text(f, ": ");
    if (trap) put_text(f, trap_text[c->why]);
    if (trap) return;
    for (u32 k = results; k; k--) {
        put_text(f, k == results ? " = " : ", ");
        put_number(f, value(f, k));
    }
}

static bool ends(const char *text, const char *with)
{
    size_t len = strlen(text), end = strlen(with);
    return len >= end && !strcmp(text + len - end, with);
}

Bytes premises_after(const Premises *p, Arena *arena, const Config *c, Rule rule)
{
    Buf text;
    Fill f = {&text, (Config *)c, NULL};
    const char *template = premises[rule].values;
    buf_init(&text, arena);
    if (!template || rule < p->first || rule >= p->first + p->count) return (Bytes){0};
    Bytes known = p->values[rule - p->first];
    buf_bytes(&text, known.data, known.len);
    if (ends(template, "{=}")) put_number(&f, value(&f, 1));
    if (ends(template, "{why}")) put_text(&f, trap_text[c->why]);
    if (ends(template, "{gives}")) put_given(&f, p->results);
    return buf_view(&text);
}

const char *premise_condition(Rule rule)
{
    return premises[rule].condition ? premises[rule].condition : "";
}
