// script.c -- one command after the other. See script.h.
//
// A command's extent is found by its parentheses before anything in it is read, so a module that is malformed
// fails its own command and nothing else.

#include "script/script.h"

#include "base/map.h"
#include "engine/engine.h"
#include "run/exec.h"
#include "script/spectest.h"
#include "script/value.h"
#include "text/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef enum { PASS, FAIL, SKIP } Verdict;

// A module that was defined, and what became of it.
typedef struct Unit {
    struct Unit *older;
    Bytes id;            // without "$"; empty: none
    Module *module;      // NULL for instances of a definition, and after a failure
    const Module *definition;
    Instance *instance;  // NULL when there is none to act on
    const char *skip;    // why its actions are skipped, or NULL
} Unit;

typedef struct {
    const char *src;
    size_t len;
    Arena arena;         // modules' bytes and everything said here
    Engine *engine;
    Store *store;
    Spectest spectest;
    Unit *units;         // newest first; instances and definitions apart by `instance`
    Unit *current;       // what actions without a name mean
    Unit *definition;    // the newest
    Map registered;      // name -> index into `names`
    Unit **names;
    u32 name_count, name_cap;
    const ScriptReport *report;
    ScriptResult *result;
    // The command being run.
    size_t start, end;
    char why[400];
    const char *skip;
    bool missing;        // an import came from a unit that was skipped
} Script;

static Verdict fail(Script *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
static Verdict fail(Script *s, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(s->why, sizeof s->why, fmt, args);
    va_end(args);
    return FAIL;
}

static Verdict skip(Script *s, const char *reason)
{
    s->skip = reason;
    return SKIP;
}

static Verdict cannot_read(Script *s, const char *what) { return fail(s, "cannot read %s", what); }

// --- modules

// How a module is given: src[start, end) is "(module ...)" whole.
typedef struct {
    Bytes id, base;      // base: of (module instance $id? $base?)
    bool definition, instance;
    Bytes binary;        // data NULL: text
    const char *text;
    size_t start, end;
} ModuleForm;

static void lexer_at(Script *s, Lexer *l, size_t start, size_t end, Diag *diag)
{
    diag_init(diag);
    lexer_init(l, s->src, start, end, diag);
}

// All strings up to the closing parenthesis, one behind the other.
static bool read_strings(Script *s, Lexer *l, Bytes *out)
{
    Buf buf;
    buf_init(&buf, &s->arena);
    for (; l->token.kind == TOKEN_string; lexer_next(l)) {
        Bytes piece = token_string(&s->arena, l->src, l->token);
        buf_bytes(&buf, piece.data, piece.len);
    }
    buf_byte(&buf, 0);
    *out = (Bytes){buf.data, buf.len - 1};
    return l->token.kind == TOKEN_close;
}

static bool read_id(Script *s, Lexer *l, Bytes *id)
{
    if (l->token.kind != TOKEN_id) return false;
    *id = token_name(&s->arena, l->src, l->token);
    lexer_next(l);
    return true;
}

static bool read_module(Script *s, size_t start, size_t end, ModuleForm *form)
{
    Lexer l;
    Diag diag;
    *form = (ModuleForm){.text = s->src, .start = start, .end = end};
    lexer_at(s, &l, start, end, &diag);
    lexer_next(&l), lexer_next(&l), lexer_next(&l); // "(", "module", what follows
    form->definition = token_is(l.src, l.token, "definition");
    form->instance = token_is(l.src, l.token, "instance");
    if (form->definition || form->instance) lexer_next(&l);
    read_id(s, &l, &form->id);
    if (form->instance) {
        read_id(s, &l, &form->base);
        return l.token.kind == TOKEN_close;
    }
    bool binary = token_is(l.src, l.token, "binary"), quote = token_is(l.src, l.token, "quote");
    if (binary || quote) {
        Bytes strings;
        lexer_next(&l);
        if (!read_strings(s, &l, &strings)) return false;
        if (binary) form->binary = strings;
        else form->text = (const char *)strings.data, form->start = 0, form->end = strings.len;
    } else if (form->definition) {
        form->start = l.token.start; // the fields alone
        form->end = end - 1;
    }
    return true;
}

// NULL: *diag says why not.
static Module *load(Script *s, const ModuleForm *form, Diag *diag)
{
    Bytes bytes = form->binary;
    TextModule text = {0};
    diag_init(diag);
    if (!bytes.data) {
        if (!text_parse(&s->arena, form->text, form->start, form->end, s->engine->features, &text, diag)) return NULL;
        bytes = text.bytes;
    }
    return engine_load(s->engine, bytes.data, bytes.len, diag);
}

static bool resolve(void *env, const Import *import, Extern *out)
{
    Script *s = env;
    const u32 *at = map_get(&s->registered, import->module.data, import->module.len);
    if (at) {
        const Unit *u = s->names[*at];
        if (u->instance) return instance_export(u->instance, import->name, out);
        s->missing = s->missing || u->skip;
        return false;
    }
    bool spectest = import->module.len == 8 && !memcmp(import->module.data, "spectest", 8);
    return spectest && spectest_find(&s->spectest, import, out);
}

static const char skip_unit[] = "the module could not be instantiated in this version";
static const char skip_state[] = "depends on an action that was skipped";
static const char skip_execution[] = "needs instructions that this version does not execute";

static Unit *unit_new(Script *s, Bytes id)
{
    Unit *u = NEW(&s->arena, Unit);
    *u = (Unit){.older = s->units, .id = id};
    return s->units = u;
}

static Unit *unit_find(Script *s, Bytes id, bool instance)
{
    if (!id.data) return instance ? s->current : s->definition;
    for (Unit *u = s->units; u; u = u->older)
        if (u->id.len == id.len && u->id.data && !memcmp(u->id.data, id.data, id.len) && (instance ? u->definition == NULL || u->instance || u->skip : u->definition != NULL))
            return u;
    return NULL;
}

static Verdict trap_verdict(Script *s, Trap trap)
{
    if (trap == TRAP_not_executable) return skip(s, skip_execution);
    const char *detail = s->store->exec->trap_detail;
    return fail(s, "trap: %s%s%s", trap_text[trap], *detail ? ": " : "", detail);
}

// Instantiates; the outcome is in *trap or *diag (diag->err set: it did not link).
static Instance *instantiate(Script *s, const Module *m, Trap *trap, Diag *diag)
{
    s->missing = false;
    Instantiated made = engine_instantiate(s->store, m, resolve, s, diag);
    *trap = made.trap;
    return made.instance;
}

static Verdict diag_verdict(Script *s, const Diag *diag)
{
    char text[320];
    return fail(s, "%s", diag_text(diag, text, sizeof text));
}

static Verdict bring_up(Script *s, Unit *u, const Module *m)
{
    Diag diag;
    Trap trap;
    Instance *inst = instantiate(s, m, &trap, &diag);
    s->current = u;
    if (!inst && s->missing) {
        u->skip = skip_unit;
        return skip(s, skip_unit);
    }
    if (!inst) return diag_verdict(s, &diag);
    if (trap == TRAP_not_executable) u->skip = skip_unit;
    if (trap) return trap_verdict(s, trap);
    u->instance = inst;
    return PASS;
}

static Verdict run_module(Script *s)
{
    ModuleForm form;
    Diag diag;
    if (!read_module(s, s->start, s->end, &form)) return cannot_read(s, "the module's form");
    if (form.instance) {
        Unit *base = unit_find(s, form.base, false);
        if (!base) return fail(s, "no such module definition");
        return bring_up(s, unit_new(s, form.id), base->definition);
    }
    Unit *u = unit_new(s, form.id);
    if (!form.definition) s->current = u;
    u->module = load(s, &form, &diag);
    if (!u->module) return diag_verdict(s, &diag);
    u->definition = u->module;
    s->definition = u;
    return form.definition ? PASS : bring_up(s, u, u->module);
}

static Verdict run_register(Script *s, Lexer *l)
{
    Bytes id = {0};
    if (lexer_next(l).kind != TOKEN_string) return cannot_read(s, "the name");
    Bytes name = token_string(&s->arena, l->src, l->token);
    lexer_next(l);
    read_id(s, l, &id);
    Unit *u = unit_find(s, id, true);
    if (!u) return fail(s, "no such module instance");
    const u32 *at = map_get(&s->registered, name.data, name.len);
    if (at) {
        s->names[*at] = u;
    } else {
        map_add(&s->registered, name.data, name.len, s->name_count);
        ARENA_PUSH(&s->arena, s->names, s->name_count, s->name_cap) = u;
    }
    return u->skip ? skip(s, u->skip) : PASS;
}

// --- actions

typedef struct {
    u32 count;          // results
    const Type *types;
    u64 *slots;
    Trap trap;
    Unit *unit;         // whose export it was, or NULL
} Outcome;

// Reads and runs (invoke ...) or (get ...), the lexer behind its "(". PASS: *out holds what came of it,
// which may be a trap.
static Verdict run_action(Script *s, Lexer *l, Outcome *out)
{
    Bytes id = {0};
    bool get = token_is(l->src, lexer_next(l), "get");
    if (!get && !token_is(l->src, l->token, "invoke")) return cannot_read(s, "the action");
    lexer_next(l);
    read_id(s, l, &id);
    if (l->token.kind != TOKEN_string) return cannot_read(s, "the action's name");
    Bytes name = token_string(&s->arena, l->src, l->token);
    Unit *u = unit_find(s, id, true);
    Extern e;
    *out = (Outcome){.unit = u};
    if (!u) return fail(s, "no such module instance");
    if (u->skip) return skip(s, u->skip);
    if (!u->instance) return fail(s, "the module before it failed");
    if (!instance_export(u->instance, name, &e) || e.kind != (get ? EXTERN_global : EXTERN_func))
        return fail(s, "no export \"%.*s\"", (int)name.len, (const char *)name.data);
    if (get) {
        out->count = 1;
        out->types = &e.global->type.type;
        out->slots = e.global->value;
        return lexer_next(l).kind == TOKEN_close ? PASS : cannot_read(s, "the action");
    }
    const TypeDef *type = type_def(s->store->types, e.func->type);
    out->slots = NEW_ARRAY(&s->arena, u64, MAX(type->param_slots, type->result_slots) + 2);
    u32 at = 0, count = 0;
    for (; lexer_next(l).kind == TOKEN_open; count++) {
        Expected argument;
        if (!read_expected(l, &argument)) return cannot_read(s, "an argument");
        if (count >= type->param_count) return fail(s, "too many arguments");
        if (!expected_argument(s->store, &argument, out->slots + at)) return cannot_read(s, "an argument");
        at += type_slots(type->params[count]);
    }
    if (l->token.kind != TOKEN_close) return cannot_read(s, "the arguments");
    if (count != type->param_count) return fail(s, "%u arguments, %u are wanted", count, type->param_count);
    out->count = type->result_count;
    out->types = type->results;
    out->trap = engine_call(s->store, e.func, out->slots);
    return out->trap == TRAP_not_executable ? skip(s, skip_execution) : PASS;
}

// A bare action is there for its effect: when it cannot run, what follows would test a state that never came about.
static Verdict run_bare_action(Script *s, Lexer *l)
{
    Outcome out;
    Verdict v = run_action(s, l, &out);
    if (v == SKIP && out.unit) out.unit->skip = skip_state;
    return v == PASS && out.trap ? trap_verdict(s, out.trap) : v;
}

static Verdict run_assert_return(Script *s, Lexer *l)
{
    Outcome out;
    if (lexer_next(l).kind != TOKEN_open) return cannot_read(s, "the action");
    Verdict v = run_action(s, l, &out);
    if (v != PASS) return v;
    if (out.trap) return trap_verdict(s, out.trap);
    u32 count = 0, at = 0;
    for (; lexer_next(l).kind == TOKEN_open; count++) {
        Expected e;
        char want[160], got[160];
        if (!read_expected(l, &e)) return cannot_read(s, "an expected result");
        if (count >= out.count) return fail(s, "only %u results", out.count);
        if (!expected_matches(s->store, &e, out.types[count], out.slots + at))
            return fail(s, "result %u: expected %s, got %s", count + 1, expected_text(&e, want, sizeof want),
                        value_text(s->store, out.types[count], out.slots + at, got, sizeof got));
        at += type_slots(out.types[count]);
    }
    if (count != out.count) return fail(s, "%u results, expected %u", out.count, count);
    return PASS;
}

// --- assertions of failure

// Compares wording only: the kind of failure was judged before.
static Verdict check_words(Script *s, Lexer *l, const char *got)
{
    if (l->token.kind != TOKEN_string) lexer_next(l);
    if (l->token.kind != TOKEN_string) return PASS; // no text is expected
    Bytes want = token_string(&s->arena, l->src, l->token);
    if (strlen(got) >= want.len && !memcmp(got, want.data, want.len)) return PASS;
    s->result->worded++;
    if (s->report && s->report->worded) {
        u32 line, column;
        text_line_column(s->src, s->start, &line, &column);
        s->report->worded(s->report->env, line, column, arena_strdup(&s->arena, (const char *)want.data, want.len), got);
    }
    return PASS;
}

static bool at_module(Lexer *l)
{
    Lexer ahead = *l; // behind "("
    return token_is(l->src, lexer_next(&ahead), "module");
}

// Takes the module's form behind its "(": its extent.
static bool module_extent(Lexer *l, size_t *start, size_t *end)
{
    *start = l->token.start;
    if (!lexer_skip_form(l)) return false;
    *end = l->token.start + 1;
    return true;
}

static Verdict run_assert_trap(Script *s, Lexer *l, bool exhaustion)
{
    Trap trap;
    if (lexer_next(l).kind != TOKEN_open) return cannot_read(s, "the action");
    if (at_module(l)) {
        ModuleForm form;
        Diag diag;
        size_t start, end;
        if (!module_extent(l, &start, &end) || !read_module(s, start, end, &form)) return cannot_read(s, "the module");
        const Module *m = NULL;
        Unit *u = unit_new(s, form.id);
        if (form.instance) {
            Unit *base = unit_find(s, form.base, false);
            m = base ? base->definition : NULL;
            diag_init(&diag);
        } else {
            m = u->module = load(s, &form, &diag);
        }
        if (!m) return diag_verdict(s, &diag);
        Instance *inst = instantiate(s, m, &trap, &diag);
        if (!inst) return s->missing ? skip(s, skip_unit) : diag_verdict(s, &diag);
    } else {
        Outcome out;
        Verdict v = run_action(s, l, &out);
        if (v != PASS) return v;
        trap = out.trap;
    }
    if (trap == TRAP_not_executable) return skip(s, skip_execution);
    if (!trap) return fail(s, "it did not trap");
    if ((trap == TRAP_call_stack_exhausted) != exhaustion) return fail(s, "it ended in: %s", trap_text[trap]);
    return check_words(s, l, trap_text[trap]);
}

static Verdict run_assert_exception(Script *s, Lexer *l)
{
    Outcome out;
    if (lexer_next(l).kind != TOKEN_open) return cannot_read(s, "the action");
    Verdict v = run_action(s, l, &out);
    if (v != PASS) return v;
    return out.trap == TRAP_uncaught_exception ? PASS : fail(s, "it did not throw");
}

// assert_invalid, assert_malformed and their custom kin.
static Verdict run_assert_refused(Script *s, Lexer *l, ErrClass want)
{
    ModuleForm form;
    Diag diag;
    size_t start, end;
    if (lexer_next(l).kind != TOKEN_open || !module_extent(l, &start, &end)) return cannot_read(s, "the module");
    if (!read_module(s, start, end, &form)) { // strings that are none: as malformed as it gets
        return want == CLASS_malformed ? PASS : cannot_read(s, "the module");
    }
    Module *m = load(s, &form, &diag);
    if (m) {
        engine_unload(m);
        return fail(s, "it was accepted");
    }
    ErrClass got = err_class[diag.err];
    bool good = got == want || (want == CLASS_invalid && got == CLASS_limit);
    char text[320];
    diag_text(&diag, text, sizeof text);
    if (!good) return fail(s, "refused for another reason: %s", text);
    lexer_next(l);
    return check_words(s, l, text);
}

static Verdict run_assert_unlinkable(Script *s, Lexer *l)
{
    ModuleForm form;
    Diag diag;
    Trap trap;
    size_t start, end;
    if (lexer_next(l).kind != TOKEN_open || !module_extent(l, &start, &end) || !read_module(s, start, end, &form))
        return cannot_read(s, "the module");
    const Module *m;
    diag_init(&diag);
    if (form.instance) {
        Unit *base = unit_find(s, form.base, false);
        m = base ? base->definition : NULL;
    } else {
        Unit *u = unit_new(s, (Bytes){0}); // keeps it alive: the store may refer to it
        m = u->module = load(s, &form, &diag);
        u->skip = skip_unit;
    }
    if (!m) return diag_verdict(s, &diag);
    Instance *inst = instantiate(s, m, &trap, &diag);
    if (inst) return trap ? trap_verdict(s, trap) : fail(s, "it was linked");
    if (s->missing) return skip(s, skip_unit);
    char text[320];
    diag_text(&diag, text, sizeof text);
    if (err_class[diag.err] != CLASS_unlinkable) return fail(s, "refused for another reason: %s", text);
    lexer_next(l);
    return check_words(s, l, text);
}

// --- commands

// Whether the first operand is a component: (assert_invalid (component ...) ...).
static bool of_component(const Lexer *l)
{
    Lexer ahead = *l;
    return lexer_next(&ahead).kind == TOKEN_open && token_is(l->src, lexer_next(&ahead), "component");
}

static const char *const command_words[] = {
    "module", "register", "invoke", "get", "assert_return", "assert_trap", "assert_exhaustion", "assert_exception",
    "assert_suspension", "assert_invalid", "assert_malformed", "assert_unlinkable", "assert_invalid_custom",
    "assert_malformed_custom", "thread", "wait", "component",
};

static bool is_command(const char *src, Token t)
{
    for (size_t i = 0; i < COUNT_OF(command_words); i++)
        if (token_is(src, t, command_words[i])) return true;
    return false;
}

// The lexer is behind the command's word.
static Verdict run_command(Script *s, Lexer *l, Token word)
{
    Lexer *action = l;
#define IS(text) token_is(s->src, word, text)
    if (IS("module")) return run_module(s);
    if (IS("component") || of_component(l)) return skip(s, "components");
    if (IS("thread") || IS("wait")) return skip(s, "threads of the script");
    if (IS("register")) return run_register(s, l);
    if (IS("assert_return")) return run_assert_return(s, l);
    if (IS("assert_trap")) return run_assert_trap(s, l, false);
    if (IS("assert_exhaustion")) return run_assert_trap(s, l, true);
    if (IS("assert_exception")) return run_assert_exception(s, l);
    if (IS("assert_suspension")) return skip(s, "stack switching");
    if (IS("assert_invalid") || IS("assert_invalid_custom")) return run_assert_refused(s, l, CLASS_invalid);
    if (IS("assert_malformed") || IS("assert_malformed_custom")) return run_assert_refused(s, l, CLASS_malformed);
    if (IS("assert_unlinkable")) return run_assert_unlinkable(s, l);
    if (IS("invoke") || IS("get")) {
        Diag diag; // a bare action is read from its own word on
        Lexer again;
        lexer_at(s, &again, word.start, s->end, &diag);
        action = &again;
        return run_bare_action(s, action);
    }
#undef IS
    return fail(s, "no command of this name");
}

static void count_skip(ScriptResult *r, const char *reason)
{
    r->skipped++;
    for (u32 i = 0; i < r->reason_count; i++) {
        if (strcmp(r->reasons[i].text, reason)) continue;
        r->reasons[i].count++;
        return;
    }
    if (r->reason_count == SCRIPT_REASONS) return;
    snprintf(r->reasons[r->reason_count].text, sizeof r->reasons[0].text, "%s", reason);
    r->reasons[r->reason_count++].count = 1;
}

// Counts a verdict; false: stop here.
static bool settle(Script *s, Verdict v, Token word, const ScriptOptions *options)
{
    switch (v) {
    case PASS: s->result->passed++; return true;
    case SKIP: count_skip(s->result, s->skip); return true;
    case FAIL: break;
    }
    s->result->failed++;
    if (s->report && s->report->failed) {
        u32 line, column;
        char name[40];
        snprintf(name, sizeof name, "%.*s", (int)MIN(word.len, 39), s->src + word.start);
        text_line_column(s->src, s->start, &line, &column);
        s->report->failed(s->report->env, line, column, name, s->why);
    }
    return options->keep_going;
}

// A file that is one module without parentheses around its fields, or nothing.
static Verdict run_inline(Script *s, const ScriptOptions *options)
{
    ModuleForm form = {.text = s->src, .start = 0, .end = s->len};
    Diag diag;
    Unit *u = unit_new(s, (Bytes){0});
    if (options->fuel) exec_grant_fuel(s->store->exec, options->fuel);
    u->module = load(s, &form, &diag);
    return u->module ? bring_up(s, u, u->module) : diag_verdict(s, &diag);
}

static void run_commands(Script *s, const ScriptOptions *options)
{
    Diag diag;
    Lexer l;
    lexer_at(s, &l, 0, s->len, &diag);
    for (bool first = true;; first = false) {
        Token open = lexer_next(&l), word = open;
        if (open.kind == TOKEN_eof && !first) return;
        s->start = open.start;
        s->end = s->len;
        if (open.kind == TOKEN_open) word = lexer_next(&l);
        if (first && (open.kind == TOKEN_eof || (open.kind == TOKEN_open && !is_command(s->src, word)))) {
            settle(s, run_inline(s, options), word, options);
            return;
        }
        Lexer inside = l;
        if (open.kind != TOKEN_open || word.kind != TOKEN_keyword || !lexer_skip_form(&l)) {
            settle(s, cannot_read(s, diag.err ? diag.detail[0] ? diag.detail : err_text[diag.err] : "a command"), word, options);
            return;
        }
        s->end = l.token.start + 1;
        inside.end = s->end;
        if (options->fuel) exec_grant_fuel(s->store->exec, options->fuel);
        if (!settle(s, run_command(s, &inside, word), word, options)) return;
    }
}

bool script_run(const char *src, size_t len, const ScriptOptions *options, const ScriptReport *report, ScriptResult *result)
{
    Script s = {.src = src, .len = len, .report = report, .result = result};
    jmp_buf failed;
    memset(result, 0, sizeof *result);
    s.engine = engine_new(options->features);
    if (s.engine && options->limits) s.engine->limits = *options->limits;
    s.store = s.engine ? engine_store(s.engine) : NULL;
    bool volatile good = s.store != NULL;
    arena_init(&s.arena);
    s.arena.on_failure = &failed;
    map_init(&s.registered, &s.arena);
    if (good) spectest_init(&s.spectest, s.store);
    if (setjmp(failed)) good = false;
    else if (good) run_commands(&s, options);
    store_free(s.store);
    for (Unit *u = s.units; u; u = u->older) engine_unload(u->module);
    arena_free(&s.arena);
    engine_free(s.engine);
    return good;
}
