// forms_test.c -- an instruction computes the same wherever its operands come from and its result
// goes (hazard R05): two locals, constants on either side or both, the same local twice, the stack,
// a result that replaces an operand, and a branch on it. Every row with plain operands, on awkward
// values; those that make floats also where every NaN must be the canonical one.
// Hazards: R42.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

static Engine *engine;

// Constants as the text format writes them; what they are worth is what a function returns that
// holds one.
static const char *const values[VAL_v128][9] = {
    [VAL_i32] = {"0", "1", "-1", "0x7fffffff", "0x80000000", "31", "32", "65535", "-32768"},
    [VAL_i64] = {"0", "1", "-1", "0x7fffffffffffffff", "0x8000000000000000", "63", "64", "0x80000000", "0xffffffff"},
    [VAL_f32] = {"0", "-0", "1.5", "-inf", "inf", "nan", "0x1p-149", "0x1p31", "-0x1p63"},
    [VAL_f64] = {"0", "-0", "1.5", "-inf", "inf", "nan", "0x1p-1074", "0x1p31", "-0x1p63"},
};
enum { VALUES = COUNT_OF(values[0]) };
static const char *const names[] = {"", "i32", "i64", "f32", "f64"};

typedef struct {
    char *text;
    size_t len, cap;
} Text;

static void add(Text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void add(Text *t, const char *fmt, ...)
{
    va_list args;
    if (t->cap - t->len < 1000) t->text = realloc(t->text, t->cap = 2 * t->cap + 4000);
    va_start(args, fmt);
    t->len += (size_t)vsnprintf(t->text + t->len, t->cap - t->len, fmt, args);
    va_end(args);
}

// One form of an instruction with operands x and y, as a function without parameters that sets its
// own locals.
typedef struct { const char *what, *before, *after; } Form;
// A letter of `before` pushes an operand: a local (x, y), a constant (X, Y), what a call returned
// (s, t). `after`: the result becomes that local, is branched on (b, n) or stored (m).
static const Form forms[] = {
    {"locals", "xy", ""}, {"constant behind", "xY", ""}, {"constant before", "Xy", ""}, {"constants", "XY", ""},
    {"stack", "st", ""}, {"stack and local", "sy", ""}, {"local and stack", "xt", ""}, {"constant and stack", "Xt", ""},
    {"stack and constant", "sY", ""}, {"into the first", "xy", "0"}, {"into the second", "xy", "1"},
    {"constant, into the first", "xY", "0"}, {"constant, into the second", "Xy", "1"},
    {"branch", "xy", "b"}, {"branch, constant behind", "xY", "b"}, {"branch, constant before", "Xy", "b"},
    {"not", "xy", "n"}, {"memory", "xy", "m"},
};
typedef struct { const Form *form; u32 x, y; } Case;

// The same value twice.
static const Form twins[] = {
    {"one local", "xx", ""}, {"one local, replaced", "xx", "0"}, {"one local, branch", "xx", "b"},
};

static void add_operand(Text *t, char how, const SigInfo *sig, u32 x, u32 y)
{
    bool first = how == 'x' || how == 'X' || how == 's';
    u8 type = first || sig->param_count == 1 ? sig->params[0] : sig->params[1];
    const char *value = values[type][first ? x : y];
    switch (how) {
    case 'x': case 'y': add(t, " local.get %d", !first); break;
    case 'X': case 'Y': add(t, " %s.const %s", names[type], value); break;
    default: add(t, " %s.const %s call $%s", names[type], value, names[type]); break;
    }
}

static bool fits(const Form *f, const SigInfo *sig)
{
    u8 result = sig->results[0];
    if (sig->param_count == 1 && strchr(f->before, 'y') && f->after[0] == '1') return false;
    if (f->after[0] == '0') return result == sig->params[0];
    if (f->after[0] == '1') return sig->param_count == 2 && result == sig->params[1];
    if (f->after[0] == 'b' || f->after[0] == 'n') return result == VAL_i32;
    return true;
}

static void add_form(Text *t, Op op, const Form *f, u32 x, u32 y, u32 number)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    const char *result = names[sig->results[0]], *second = names[sig->params[sig->param_count - 1]];
    add(t, "(func (export \"%u\") (result %s) (local %s %s)", number, result, names[sig->params[0]],
        second);
    add(t, " (local.set 0 (%s.const %s)) (local.set 1 (%s.const %s)) (block $out",
        names[sig->params[0]], values[sig->params[0]][x], second,
        values[sig->params[sig->param_count - 1]][y]);
    if (f->after[0] == 'm') add(t, " i32.const 8");
    for (u32 i = 0; i < sig->param_count; i++) add_operand(t, f->before[i], sig, x, y);
    add(t, " %s", op_info[op].text);
    switch (f->after[0]) {
    case '0':
    case '1': add(t, " local.set %c local.get %c return", f->after[0], f->after[0]); break;
    // A condition is as good as the number if that is 0 or 1, and else shows whether it is 0.
    case 'b': add(t, " br_if $out i32.const 0 return"); break;
    case 'n': add(t, " i32.eqz br_if $out i32.const 1 return"); break;
    case 'm': add(t, " %s.store (%s.load (i32.const 8)) return", result, result); break;
    default: add(t, " return"); break;
    }
    add(t, ") %s.const %d)\n", result, f->after[0] == 'b');
}

typedef struct { Trap trap; u64 value; } Got;

static Got call(Store *s, const Instance *inst, u32 number, u8 result)
{
    char name[20];
    Extern f;
    Got got = {0};
    int len = snprintf(name, sizeof name, "%u", number);
    if (!CHECK(instance_export(inst, (Bytes){(const u8 *)name, (size_t)len}, &f))) return got;
    got.trap = engine_call(s, f.func, &got.value, 1);
    if (got.trap) got.value = 0;
    else if (result == VAL_i32 || result == VAL_f32) got.value = (u32)got.value;
    return got;
}

static void compare(Op op, const Case *c, Got first, Got now)
{
    const Form *f = c->form;
    bool condition = f->after[0] == 'b' || f->after[0] == 'n';
    u64 want = condition && !first.trap ? first.value != 0 : first.value;
    if (CHECK(now.trap == first.trap && now.value == want)) return;
    const SigInfo *sig = &sig_info[op_info[op].sig];
    printf("    %s %s %s, %s: %s 0x%" PRIx64 ", with locals %s 0x%" PRIx64 "\n", op_info[op].text,
           values[sig->params[0]][c->x], sig->param_count > 1 ? values[sig->params[1]][c->y] : "",
           f->what, trap_text[now.trap], now.value, trap_text[first.trap], first.value);
}

static Case cases[VALUES * VALUES * (COUNT_OF(forms) + COUNT_OF(twins))];

// All forms on the values; for each two values first the one that the others are compared with.
static u32 list_cases(const SigInfo *sig)
{
    u32 count = 0;
    bool all = check_full() || sig->param_count < 2; // else a third of what is not equal
    for (u32 x = 0; x < VALUES; x++)
        for (u32 y = 0; y < (sig->param_count > 1 ? VALUES : 1); y++) {
            if (!all && x != y && (x + 2 * y) % 3) continue;
            bool twin = sig->param_count == 2 && x == y && sig->params[0] == sig->params[1];
            for (u32 k = 0; k < COUNT_OF(forms); k++)
                if (fits(&forms[k], sig)) cases[count++] = (Case){&forms[k], x, y};
            for (u32 k = 0; twin && k < COUNT_OF(twins); k++)
                if (fits(&twins[k], sig)) cases[count++] = (Case){&twins[k], x, y};
        }
    return count;
}

static Text write_module(Op op, u32 count)
{
    Text t = {0};
    add(&t, "(module (memory 1)");
    for (u32 i = VAL_i32; i <= VAL_f64; i++)
        add(&t, "(func $%s (param %s) (result %s) local.get 0)", names[i], names[i], names[i]);
    for (u32 i = 0; i < count; i++) add_form(&t, op, cases[i].form, cases[i].x, cases[i].y, i);
    add(&t, ")");
    return t;
}

static bool keeps_nan(Op op) // operations on the sign and on bits
{
    static const char *const words[] = {"abs", "neg", "copysign", "reinterpret"};
    for (u32 i = 0; i < COUNT_OF(words); i++)
        if (strstr(op_info[op].text, words[i])) return true;
    return false;
}

static bool is_other_nan(u8 type, u64 bits)
{
    u64 inf = type == VAL_f32 ? 0x7f800000 : 0x7ff0000000000000,
        canon = type == VAL_f32 ? 0x7fc00000 : 0x7ff8000000000000;
    u64 sign = type == VAL_f32 ? 0x80000000 : 0x8000000000000000;
    return (type == VAL_f32 || type == VAL_f64) && (bits & ~sign) > inf && bits != canon;
}

static void try_op(Op op)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    u32 count = list_cases(sig);
    Text t = write_module(op, count);
    Store *s = engine_store(engine);
    Source source;
    Diag diag;
    Instance *inst = NULL;
    if (CHECK(source_load(&source, engine, (const u8 *)t.text, t.len, &diag)))
        inst = engine_instantiate(s, source.module, NULL, NULL, &diag).instance;
    if (!CHECK(inst != NULL)) printf("    %s\n", op_info[op].text);
    Got first = {0};
    for (u32 i = 0; inst && i < count; i++) {
        Got now = call(s, inst, i, sig->results[0]);
        if (cases[i].form == &forms[0]) first = now;
        compare(op, &cases[i], first, now);
        if (engine->deterministic && !keeps_nan(op))
            CHECK(!is_other_nan(sig->results[0], now.value));
    }
    store_free(s);
    source_free(&source);
    free(t.text);
}

static bool is_number(u8 type) { return type >= VAL_i32 && type <= VAL_f64; }

int main(void)
{
    static const bool pure[OP_COUNT] = {
#define PURE(name, ...) [OP_##name] = true,
#include "op/op.def"
    };
    u32 tried = 0;
    engine = engine_new(features_default);
    engine->limits.heap_bytes = 1 << 24;
    engine->limits.memory_room = 0;
    for (u32 op = 0; op < OP_COUNT; op++) {
        const SigInfo *sig = &sig_info[op_info[op].sig];
        bool plain = pure[op] && (sig->param_count == 1 || sig->param_count == 2) &&
                     sig->result_count == 1 && is_number(sig->params[0]) &&
                     is_number(sig->results[0]);
        if (!plain || (sig->param_count == 2 && !is_number(sig->params[1]))) continue;
        try_op((Op)op);
        engine->deterministic = true;
        if (sig->results[0] == VAL_f32 || sig->results[0] == VAL_f64) try_op((Op)op);
        engine->deterministic = false;
        tried++;
    }
    CHECK(tried > 120);
    engine_free(engine);
    return check_report();
}
