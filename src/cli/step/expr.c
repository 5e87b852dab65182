// expr.c -- see expr.h. Each node keeps what it was in front of the step; behind it only what
// depends on the rule is looked at again.

#include "cli/step/expr.h"

#include "cli/cli.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef enum {
    NODE_number, NODE_null, NODE_step, NODE_depth, NODE_height,
    NODE_local, NODE_global, NODE_top, NODE_mem,          // a: which
    NODE_func, NODE_rule, NODE_op, NODE_offset,           // name
    NODE_not, NODE_minus, NODE_flip,                      // a
    NODE_or, NODE_and, NODE_bits_or, NODE_bits_xor, NODE_bits_and, NODE_eq, NODE_ne, NODE_lt,
    NODE_le, NODE_gt, NODE_ge, NODE_shl, NODE_shr, NODE_add, NODE_sub, NODE_mul, NODE_div, NODE_rem,
} NodeKind;

typedef enum { IS_missing, IS_unknown, IS_int, IS_float, IS_ref } Is;
typedef struct {
    Is is;
    union { s64 i; f64 f; Val ref; };
} Value;

struct Expr {
    NodeKind kind;
    Expr *a, *b;
    u32 bytes;          // mem
    const char *name;
    Value value;        // a number's; or as it was found
};

static Value of_int(s64 i) { return (Value){IS_int, .i = i}; }
static Value of_bool(bool yes) { return of_int(yes); }
static const Value missing = {.is = IS_missing}, unknown = {.is = IS_unknown};

// ---- Reading

typedef struct {
    Arena *arena;
    const char *text, *at;
    const char *why;
    u32 deep, nodes;
} Parser;

enum { DEEPEST = 100, NODES_MOST = 1000 }; // all of them may hang below each other

static Expr *fails(Parser *p, const char *why)
{
    if (!p->why) p->why = why;
    return NULL;
}

static Expr *node(Parser *p, NodeKind kind, Expr *a, Expr *b)
{
    if (p->nodes++ == NODES_MOST) return fails(p, "it is too long");
    Expr *e = NEW(p->arena, Expr);
    e->kind = kind;
    e->a = a;
    e->b = b;
    return e;
}

static void blanks(Parser *p)
{
    while (isspace((u8)*p->at)) p->at++;
}

static bool takes(Parser *p, const char *text)
{
    size_t len = strlen(text);
    blanks(p);
    if (strncmp(p->at, text, len)) return false;
    p->at += len;
    return true;
}

static bool takes_word(Parser *p, const char *word)
{
    size_t len = strlen(word);
    blanks(p);
    if (strncmp(p->at, word, len) || isalnum((u8)p->at[len])) return false;
    p->at += len;
    return true;
}

// A name ends where one of these stands; between double quotes anything may.
static Expr *named(Parser *p, NodeKind kind)
{
    blanks(p);
    bool quoted = *p->at == '"';
    const char *from = p->at + quoted;
    size_t len = strcspn(from, quoted ? "\"" : " \t\n()&|!=<>");
    if (quoted && !from[len]) return fails(p, "the quote has no end");
    if (!len) return fails(p, "a name is missing");
    Expr *e = node(p, kind, NULL, NULL);
    if (!e) return NULL;
    e->name = arena_strdup(p->arena, from, len);
    p->at = from + len + quoted;
    return e;
}

static Expr *primary(Parser *p);

// `top` alone is what is on top.
static Expr *which_of(Parser *p, NodeKind kind)
{
    blanks(p);
    if (kind != NODE_top || isdigit((u8)*p->at) || *p->at == '(') return primary(p);
    Expr *e = node(p, NODE_number, NULL, NULL);
    if (e) e->value = of_int(0);
    return e;
}

static Expr *indexed(Parser *p, NodeKind kind, u32 bytes)
{
    Expr *which = which_of(p, kind), *e = which ? node(p, kind, which, NULL) : NULL;
    if (e) e->bytes = bytes;
    return e;
}

static u64 whole_number(const char *text, char **end)
{
    bool hex = text[0] == '0' && (text[1] | 0x20) == 'x';
    return strtoull(text, end, hex ? 16 : 10);
}

static Expr *number(Parser *p)
{
    char *end = (char *)p->at, *end_float = end;
    Expr *e = node(p, NODE_number, NULL, NULL);
    if (isalpha((u8)*p->at)) return fails(p, "no such word (weft help step has them)");
    if (!e || !isdigit((u8)*p->at)) return fails(p, "a value is missing");
    u64 n = whole_number(p->at, &end);
    f64 f = strtod(p->at, &end_float);
    if (end == p->at) return fails(p, "a value is missing");
    e->value = end_float > end ? (Value){IS_float, .f = f} : of_int((s64)n);
    p->at = MAX(end, end_float);
    return e;
}

static Expr *either(Parser *p);

static Expr *primary(Parser *p)
{
    static const struct { const char *word; NodeKind kind; u32 bytes; } words[] = {
        {"local", NODE_local, 0}, {"global", NODE_global, 0}, {"top", NODE_top, 0},
        {"mem8", NODE_mem, 1}, {"mem16", NODE_mem, 2}, {"mem32", NODE_mem, 4},
        {"mem64", NODE_mem, 8}};
    static const struct { const char *word; NodeKind kind; } names[] = {
        {"func", NODE_func}, {"rule", NODE_rule}, {"op", NODE_op}, {"offset", NODE_offset}};
    static const struct { const char *word; NodeKind kind; } plain[] = {
        {"step", NODE_step}, {"depth", NODE_depth}, {"height", NODE_height}, {"null", NODE_null}};
    Expr *e = NULL;
    if (p->deep++ == DEEPEST) return fails(p, "it is nested too deeply");
    for (size_t k = 0; k < COUNT_OF(words) && !e && !p->why; k++)
        if (takes_word(p, words[k].word)) e = indexed(p, words[k].kind, words[k].bytes);
    for (size_t k = 0; k < COUNT_OF(names) && !e && !p->why; k++)
        if (takes_word(p, names[k].word)) e = named(p, names[k].kind);
    for (size_t k = 0; k < COUNT_OF(plain) && !e && !p->why; k++)
        if (takes_word(p, plain[k].word)) e = node(p, plain[k].kind, NULL, NULL);
    if (!e && !p->why && takes(p, "(")) {
        e = either(p);
        if (e && !takes(p, ")")) e = fails(p, "a ) is missing");
    }
    if (!e && !p->why) e = number(p);
    p->deep--;
    return e;
}

static Expr *unary(Parser *p)
{
    static const struct { const char *sign; NodeKind kind; } rows[] = {
        {"!", NODE_not}, {"-", NODE_minus}, {"~", NODE_flip}};
    if (p->deep == DEEPEST) return fails(p, "it is nested too deeply");
    for (size_t k = 0; k < COUNT_OF(rows); k++) {
        if (!takes(p, rows[k].sign)) continue;
        p->deep++;
        Expr *a = unary(p);
        p->deep--;
        return a ? node(p, rows[k].kind, a, NULL) : NULL;
    }
    return primary(p);
}

// By how tightly they hold; of signs that begin alike the longer stands first.
static const struct { const char *sign; u32 level; NodeKind kind; } signs[] = {
    {"||", 0, NODE_or}, {"&&", 1, NODE_and}, {"==", 2, NODE_eq}, {"!=", 2, NODE_ne},
    {"<<", 6, NODE_shl}, {">>", 6, NODE_shr}, {"<=", 2, NODE_le}, {">=", 2, NODE_ge},
    {"<", 2, NODE_lt}, {">", 2, NODE_gt}, {"|", 3, NODE_bits_or}, {"^", 4, NODE_bits_xor},
    {"&", 5, NODE_bits_and}, {"+", 7, NODE_add}, {"-", 7, NODE_sub}, {"*", 8, NODE_mul},
    {"/", 8, NODE_div}, {"%", 8, NODE_rem}};
enum { LEVELS = 9, SIGNS = COUNT_OF(signs) };

// Which comes next; SIGNS: none.
static size_t sign_at(Parser *p)
{
    size_t k = 0;
    blanks(p);
    while (k < SIGNS && strncmp(p->at, signs[k].sign, strlen(signs[k].sign))) k++;
    return k;
}

static Expr *binary(Parser *p, u32 level)
{
    Expr *a = level == LEVELS ? unary(p) : binary(p, level + 1);
    while (a && level < LEVELS) {
        size_t k = sign_at(p);
        if (k == SIGNS || signs[k].level != level) break;
        p->at += strlen(signs[k].sign);
        Expr *b = binary(p, level + 1);
        a = b ? node(p, signs[k].kind, a, b) : NULL;
    }
    return a;
}

static Expr *either(Parser *p) { return binary(p, 0); }

Expr *expr_parse(Arena *arena, const char *text, const char **why, size_t *at)
{
    Parser p = {.arena = arena, .text = text, .at = text};
    Expr *e = either(&p);
    blanks(&p);
    if (e && *p.at) e = fails(&p, "an operator is missing");
    *why = p.why;
    *at = (size_t)(p.at - text);
    return e;
}

// ---- What it is in front of a step

typedef struct {
    const Config *c;
    const Instr *redex;
    u64 step;
} Seen;

static Value of_val(const Val *v)
{
    f32 f32_value;
    f64 f64_value;
    u32 low = (u32)v->bits;
    switch (v->kind) {
    case TYPE_i32: return of_int((s32)low);
    case TYPE_i64: return of_int((s64)v->bits);
    case TYPE_i8: case TYPE_i16: return of_int((s64)v->bits);
    case TYPE_f32:
        memcpy(&f32_value, &low, sizeof f32_value);
        return (Value){IS_float, .f = (f64)f32_value};
    case TYPE_f64:
        memcpy(&f64_value, &v->bits, sizeof f64_value);
        return (Value){IS_float, .f = f64_value};
    case TYPE_v128: case VALUE_unset: return missing;
    default: return (Value){IS_ref, .ref = *v};
    }
}

static Value of_index(const Seen *s, NodeKind kind, u64 n)
{
    const Config *c = s->c;
    const Context *frame = &c->contexts[c->frame];
    if (kind == NODE_top) return n < c->count ? of_val(&c->values[c->count - 1 - n]) : missing;
    if (kind == NODE_local) {
        bool there = frame->kind == CONTEXT_frame && n < c->local_count - frame->locals;
        return there ? of_val(&c->locals[frame->locals + n]) : missing;
    }
    bool there = frame->module && n < frame->module->module->global_count;
    return there ? of_val(&c->store->globals.at[frame->module->globals[n]].value) : missing;
}

static Value of_memory(const Seen *s, u64 at, u32 bytes)
{
    const ModuleInst *m = s->c->contexts[s->c->frame].module;
    if (!m || !m->module->memory_count) return missing;
    const MemInst *mem = &s->c->store->mems.at[m->mems[0]];
    u64 v = 0;
    if (mem->count < bytes || at > mem->count - bytes) return missing;
    for (u32 k = 0; k < bytes; k++) v |= (u64)mem->bytes[at + k] << 8 * k;
    return of_int((s64)v);
}

static bool is_number(const char *name, u64 n)
{
    char *end;
    return isdigit((u8)*name) && whole_number(name, &end) == n && !*end;
}

static bool is_func(const Seen *s, const char *name)
{
    const Context *frame = &s->c->contexts[s->c->frame];
    if (frame->kind != CONTEXT_frame) return false;
    u32 func = s->c->store->funcs.at[frame->func].index;
    return is_number(name, func) ||
           pattern_fits(name, module_func_name(frame->module->module, func));
}

// May one of the rules for this redex be called so?
static bool may_be_rule(u32 redex, const char *name)
{
    switch (redex) {
    default:
#define AT(redex) return false; case REDEX_##redex:
#define ALSO(redex) case REDEX_##redex:
#define RULE(function, text) if (pattern_fits(name, bytes_of(text))) return true;
#include "formal/rule.def"
    }
    return false;
}

static Value name_seen(const Expr *e, const Seen *s)
{
    const Instr *i = s->redex;
    switch (e->kind) {
    case NODE_func: return of_bool(is_func(s, e->name));
    case NODE_rule: return may_be_rule(i->redex, e->name) ? unknown : of_bool(false);
    case NODE_op:
        return of_bool(i->redex != REDEX_values && i->redex != REDEX_trap && i->op < OP_COUNT &&
                       pattern_fits(e->name, bytes_of(op_info[i->op].text)));
    default: return of_bool(i->place && is_number(e->name, i->place));
    }
}

// ---- Operators

static f64 float_of(Value v) { return v.is == IS_float ? v.f : (f64)v.i; }
static bool is_true(Value v)
{
    return v.is == IS_int ? v.i != 0 : v.is == IS_float ? v.f != 0 : v.is == IS_ref;
}

static Value compare(NodeKind kind, Value a, Value b)
{
    if (a.is == IS_ref || b.is == IS_ref) {
        bool same = a.is == b.is && (value_same(a.ref, b.ref) ||
                                     (value_is_null(a.ref) && value_is_null(b.ref)));
        return kind == NODE_eq ? of_bool(same) : kind == NODE_ne ? of_bool(!same) : missing;
    }
    bool less = a.is == IS_int && b.is == IS_int ? a.i < b.i : float_of(a) < float_of(b),
         more = a.is == IS_int && b.is == IS_int ? a.i > b.i : float_of(a) > float_of(b),
         same = a.is == IS_int && b.is == IS_int ? a.i == b.i : float_of(a) == float_of(b);
    switch (kind) {
    case NODE_eq: return of_bool(same);
    case NODE_ne: return of_bool(!same);
    case NODE_lt: return of_bool(less);
    case NODE_le: return of_bool(less || same);
    case NODE_gt: return of_bool(more);
    default: return of_bool(more || same);
    }
}

static Value compute_floats(NodeKind kind, f64 a, f64 b)
{
    switch (kind) {
    case NODE_add: return (Value){IS_float, .f = a + b};
    case NODE_sub: return (Value){IS_float, .f = a - b};
    case NODE_mul: return (Value){IS_float, .f = a * b};
    case NODE_div: return (Value){IS_float, .f = a / b};
    default: return missing;
    }
}

// They wrap.
static Value compute(NodeKind kind, s64 a, s64 b)
{
    u64 x = (u64)a, y = (u64)b;
    switch (kind) {
    case NODE_bits_or: return of_int((s64)(x | y));
    case NODE_bits_xor: return of_int((s64)(x ^ y));
    case NODE_bits_and: return of_int((s64)(x & y));
    case NODE_shl: return of_int((s64)(x << (y & 63)));
    case NODE_shr: return of_int(a >> (y & 63));
    case NODE_add: return of_int((s64)(x + y));
    case NODE_sub: return of_int((s64)(x - y));
    case NODE_mul: return of_int((s64)(x * y));
    default: break;
    }
    if (!b || (a == INT64_MIN && b == -1)) return missing;
    return of_int(kind == NODE_div ? a / b : a % b);
}

static Value operate(NodeKind kind, Value a, Value b)
{
    if (a.is == IS_missing || b.is == IS_missing) return missing;
    if (a.is == IS_unknown || b.is == IS_unknown) return unknown;
    if (kind >= NODE_eq && kind <= NODE_ge) return compare(kind, a, b);
    if (a.is == IS_ref || b.is == IS_ref) return missing;
    if (a.is == IS_float || b.is == IS_float)
        return compute_floats(kind, float_of(a), float_of(b));
    return compute(kind, a.i, b.i);
}

// a && b, and a || b by what it is not: what is false decides.
static Value both(Value a, Value b, bool decides)
{
    if (a.is != IS_unknown && is_true(a) == decides) return of_bool(decides);
    if (b.is != IS_unknown && is_true(b) == decides) return of_bool(decides);
    return a.is == IS_unknown || b.is == IS_unknown ? unknown : of_bool(!decides);
}

static Value one(NodeKind kind, Value a)
{
    if (a.is == IS_unknown) return unknown;
    if (kind == NODE_not) return of_bool(!is_true(a));
    if (a.is == IS_float && kind == NODE_minus) return (Value){IS_float, .f = -a.f};
    if (a.is != IS_int) return missing;
    return of_int(kind == NODE_minus ? (s64)(0 - (u64)a.i) : ~a.i);
}

static Value joined(const Expr *e)
{
    switch (e->kind) {
    case NODE_and: return both(e->a->value, e->b->value, false);
    case NODE_or: return both(e->a->value, e->b->value, true);
    case NODE_not: case NODE_minus: case NODE_flip: return one(e->kind, e->a->value);
    default: return operate(e->kind, e->a->value, e->b->value);
    }
}

static void look(Expr *e, const Seen *s)
{
    if (e->a) look(e->a, s);
    if (e->b) look(e->b, s);
    switch (e->kind) {
    case NODE_number: return;
    case NODE_null: e->value = (Value){IS_ref, .ref = value_ref(VALUE_null, 0)}; return;
    case NODE_step: e->value = of_int((s64)s->step); return;
    case NODE_depth: e->value = of_int(s->c->frames); return;
    case NODE_height:
        e->value = of_int(s->c->count - s->c->contexts[s->c->context_count - 1].height);
        return;
    case NODE_local: case NODE_global: case NODE_top:
        e->value = e->a->value.is == IS_int ? of_index(s, e->kind, (u64)e->a->value.i) : missing;
        return;
    case NODE_mem:
        e->value = e->a->value.is == IS_int ? of_memory(s, (u64)e->a->value.i, e->bytes) : missing;
        return;
    case NODE_func: case NODE_rule: case NODE_op: case NODE_offset:
        e->value = name_seen(e, s);
        return;
    default: e->value = joined(e);
    }
}

ExprAnswer expr_before(Expr *e, const Config *c, const Instr *redex, u64 step)
{
    const Seen seen = {c, redex, step};
    look(e, &seen);
    return e->value.is == IS_unknown ? EXPR_maybe : is_true(e->value) ? EXPR_yes : EXPR_no;
}

static void look_again(Expr *e, Bytes rule)
{
    if (e->value.is != IS_unknown) return;
    if (e->a) look_again(e->a, rule);
    if (e->b) look_again(e->b, rule);
    e->value = e->kind == NODE_rule ? of_bool(pattern_fits(e->name, rule)) : joined(e);
}

bool expr_after(Expr *e, Rule rule)
{
    look_again(e, bytes_of(rule_text[rule]));
    return is_true(e->value);
}
