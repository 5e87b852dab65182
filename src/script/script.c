// script.c -- one command after the other. See script.h.
//
// What a module is to the script is a Unit: what actions mean by a name, or why they are skipped. A
// component is one too, so that what depends on it is skipped and not failed.

#include "script/script.h"

#include "script/component.h"
#include "script/form.h"
#include "script/state.h"
#include "script/value.h"
#include "script/verdict.h"

#include <string.h>

// Where the running command is. They come in order, so each part of the script is seen once.
static void locate(Script *s)
{
    u32 line, column;
    text_line_column(s->src + s->seen, s->command.start - s->seen, &line, &column);
    s->column = line == 1 ? s->column + column - 1 : column;
    s->line += line - 1;
    s->seen = s->command.start;
}

// --- names

static Meaning *names_find(const NameTable *n, Bytes name)
{
    const u32 *at = map_get(&n->map, name.data, name.len);
    return at ? &n->meanings[*at] : NULL;
}

static Meaning *names_add(Script *s, NameTable *n, Bytes name)
{
    Meaning *found = names_find(n, name);
    if (found) return found;
    map_add(&n->map, name.data, name.len, n->count);
    return &ARENA_PUSH(&s->arena, n->meanings, n->count, n->cap);
}

Unit *script_unit(Script *s)
{
    Unit *u = NEW(&s->arena, Unit);
    u->older = s->units;
    return s->units = u;
}

// From now on this is what `id`, and no name, means to actions; to (module instance).
void script_mean_instance(Script *s, Bytes id, Unit *u)
{
    s->latest.acted = u;
    if (id.data) names_add(s, &s->ids, id)->acted = u;
}

void script_mean_definition(Script *s, Bytes id, Unit *u)
{
    s->latest.defined = u;
    if (id.data) names_add(s, &s->ids, id)->defined = u;
}

Meaning script_meaning(const Script *s, Bytes id)
{
    if (!id.data) return s->latest;
    const Meaning *found = names_find(&s->ids, id);
    return found ? *found : (Meaning){0};
}

// Some peers' scripts import by $id what they never registered, so that is looked for too.
const Unit *script_registered(Script *s, Bytes name)
{
    const Meaning *found = names_find(&s->registered, name);
    if (!found) found = names_find(&s->ids, name);
    return found ? found->acted : NULL;
}

static ExecutorInstance *registered_instance(void *env, Bytes module)
{
    Script *s = env;
    const Unit *u = script_registered(s, module);
    if (!u) return NULL;
    if (!u->instance && u->skip) s->missing = u->skip;
    return u->instance;
}

Verdict script_trap_verdict(Script *s, Trap trap)
{
    const char *detail = s->ops->detail(s->executor);
    return fail(s, "trap: %s%s%s", trap_text[trap], *detail ? ": " : "", detail);
}

// --- modules

// NULL: *diag says why not. The caller owns the module. `run`: it is none that is to be refused.
static Module *load(Script *s, const ModuleForm *form, bool run, Diag *diag)
{
    const ScriptOptions *o = s->options;
    Bytes bytes;
    diag_init(diag);
    if (!form_bytes(&s->arena, form, s->features, &bytes, diag)) return NULL;
    if (run && o->replace) bytes = o->replace(o->replace_env, bytes, &s->arena);
    return s->ops->load(s->executor, bytes, diag);
}

static Verdict load_unit(Script *s, const ModuleForm *form, bool run, Unit *u)
{
    Diag diag;
    u->definition = u->module = load(s, form, run, &diag);
    return u->module ? PASS : fail_diag(s, &diag);
}

// The module that an assertion is about: a new one, or one defined before.
static Verdict operand_definition(Script *s, const ModuleForm *form, bool run, const Module **out)
{
    // the store may refer to it from now on
    Unit *u = form->instance ? script_meaning(s, form->base).defined : script_unit(s);
    if (!u) return fail(s, "no such module definition");
    Verdict v = form->instance ? PASS : load_unit(s, form, run, u);
    *out = u->definition;
    return v == PASS && !*out ? fail(s, "the module's definition failed") : v;
}

// PASS: it linked and *trap says how it went. FAIL: *diag says why it did not.
static Verdict instantiate(Script *s, const Module *m, ExecutorInstance **out, Trap *trap,
                           Diag *diag)
{
    s->missing = NULL;
    diag_init(diag);
    ExecutorMade made = s->ops->instantiate(s->executor, m, registered_instance, s, diag);
    *trap = made.trap;
    *out = made.instance;
    if (made.instance || made.trap) return PASS;
    return s->missing ? skip(s, s->missing) : fail_diag(s, diag);
}

static Verdict bring_up(Script *s, Bytes id, Unit *u)
{
    Diag diag;
    Trap trap;
    ExecutorInstance *inst;
    script_mean_instance(s, id, u);
    Verdict v = instantiate(s, u->definition, &inst, &trap, &diag);
    if (v == PASS && trap) v = script_trap_verdict(s, trap);
    if (v == SKIP) u->skip = s->skip;
    if (v == PASS) u->instance = inst;
    return v;
}

static Verdict run_module(Script *s, Lexer *l)
{
    ModuleForm form;
    if (!form_module(&s->arena, s->src, s->command.start, s->command.end, &form))
        return cannot_read(s, "the module's form");
    Unit *base = form.instance ? script_meaning(s, form.base).defined : NULL, *u = script_unit(s);
    if (form.instance && !base) return fail(s, "no such module definition");
    if (base) {
        u->definition = base->definition;
    } else {
        if (form.definition) script_mean_definition(s, form.id, u);
        else script_mean_instance(s, form.id, u); // even if it fails: later actions mean this one
        Verdict v = load_unit(s, &form, true, u);
        if (v != PASS || form.definition) return v;
        script_mean_definition(s, form.id, u);
    }
    if (!u->definition) return fail(s, "the module's definition failed");
    return bring_up(s, form.id, u);
}

// A file that is one module without parentheses around its fields, or nothing.
static Verdict run_inline(Script *s)
{
    ModuleForm form = {.text = s->src, .start = 0, .end = s->command.end};
    Unit *u = script_unit(s);
    Verdict v = load_unit(s, &form, true, u);
    return v == PASS ? bring_up(s, (Bytes){0}, u) : v;
}

static Verdict run_register(Script *s, Lexer *l)
{
    Bytes id = {0};
    if (lexer_next(l).kind != TOKEN_string) return cannot_read(s, "the name");
    Bytes name = token_string(&s->arena, l->src, l->token);
    lexer_next(l);
    form_id(&s->arena, l, &id);
    Unit *u = script_meaning(s, id).acted;
    if (!u) return fail(s, "no such module instance");
    names_add(s, &s->registered, name)->acted = u;
    return u->skip ? skip(s, u->skip) : PASS;
}

// --- actions

static Verdict read_arguments(Script *s, Lexer *l, const ExecutorExport *func, u64 *slots)
{
    u32 count = 0;
    for (; lexer_next(l).kind == TOKEN_open; count++) {
        Expected argument;
        char type[60];
        if (!read_expected(l, &argument)) return cannot_read(s, "an argument");
        if (count >= func->param_count) return fail(s, "too many arguments");
        if (!expected_argument(s->executor, &argument, func->params[count], slots))
            return fail(s, "argument %u is no %s", count + 1,
                        type_text(type, sizeof type, func->params[count], NULL, 0));
        slots += type_slots(func->params[count]);
    }
    if (l->token.kind != TOKEN_close) return cannot_read(s, "the arguments");
    return count == func->param_count
               ? PASS
               : fail(s, "%u arguments, %u are wanted", count, func->param_count);
}

// Reads invoke ...) or get ...), the lexer at that word: what is meant, and its arguments in
// out->slots.
static Verdict read_action(Script *s, Lexer *l, ExecutorExport *e, Outcome *out)
{
    Bytes id = {0};
    bool get = token_is(l->src, l->token, "get");
    *out = (Outcome){0};
    if (!get && !token_is(l->src, l->token, "invoke")) return cannot_read(s, "the action");
    lexer_next(l);
    form_id(&s->arena, l, &id);
    if (l->token.kind != TOKEN_string) return cannot_read(s, "the action's name");
    Bytes name = token_string(&s->arena, l->src, l->token);
    Unit *u = script_meaning(s, id).acted;
    if (!u) return fail(s, "no such module instance");
    if (u->skip) return skip(s, u->skip);
    if (!u->instance) return fail(s, "the module before it failed");
    if (!s->ops->find(s->executor, u->instance, name, e) ||
        e->kind != (get ? EXTERN_global : EXTERN_func))
        return fail(s, "no export \"%.*s\"", (int)MIN(name.len, 300), (const char *)name.data);
    out->count = e->result_count;
    out->types = e->results;
    out->slots = NEW_ARRAY(&s->arena, u64, e->slots + 1);
    if (!get) return read_arguments(s, l, e, out->slots);
    return lexer_next(l).kind == TOKEN_close ? PASS : cannot_read(s, "the action");
}

// Reads and runs it. PASS: *out holds what came of it, which may be a trap.
static Verdict run_action(Script *s, Lexer *l, Outcome *out)
{
    ExecutorExport e;
    Verdict v = read_action(s, l, &e, out);
    bool called = s->called; // in turns, before
    s->called = false;
    if (v != PASS) return v;
    if (called) *out = s->outcome;
    else if (e.kind == EXTERN_global) s->ops->get(s->executor, &e, out->slots);
    else if (s->all->taking) out->trap = turns_call(s, &e, out->slots);
    else out->trap = s->ops->call(s->executor, &e, out->slots);
    return PASS;
}

// The action of an assertion, the lexer before its "(".
static Verdict run_operand_action(Script *s, Lexer *l, Outcome *out)
{
    if (lexer_next(l).kind != TOKEN_open) return cannot_read(s, "the action");
    lexer_next(l);
    return run_action(s, l, out);
}

// Its values are of another kind. The lexer at its word, or before its "(".
static bool of_component(Script *s, Lexer *l, bool operand, ComponentAction *a)
{
    Lexer ahead = *l;
    if (operand && lexer_next(&ahead).kind != TOKEN_open) return false;
    if (operand) lexer_next(&ahead);
    if (!script_component_action(s, &ahead, a)) return false;
    *l = ahead;
    return true;
}

// It is there for its effect.
static Verdict run_bare_action(Script *s, Lexer *l)
{
    Outcome out;
    ComponentAction a;
    if (of_component(s, l, false, &a)) return script_component_returns(s, l, &a, false);
    Verdict v = run_action(s, l, &out);
    return v == PASS && out.trap ? script_trap_verdict(s, out.trap) : v;
}

static Verdict run_invoke(Script *s, Lexer *l) { return run_bare_action(s, l); }
static Verdict run_get(Script *s, Lexer *l) { return run_bare_action(s, l); }

static Verdict run_assert_return(Script *s, Lexer *l)
{
    Outcome out;
    ComponentAction a;
    if (of_component(s, l, true, &a)) return script_component_returns(s, l, &a, true);
    Verdict v = run_operand_action(s, l, &out);
    if (v != PASS) return v;
    if (out.trap) return script_trap_verdict(s, out.trap);
    u32 count = 0, at = 0;
    for (; lexer_next(l).kind == TOKEN_open; count++) {
        Expected e;
        char which[24] = "", want[160], got[160];
        if (!read_expected(l, &e)) return cannot_read(s, "an expected result");
        if (count >= out.count) return fail(s, "only %u results", out.count);
        if (out.count > 1) snprintf(which, sizeof which, "result %u: ", count + 1);
        if (!expected_matches(s->executor, &e, out.types[count], out.slots + at))
            return fail(s, "%sexpected %s, got %s", which, expected_text(&e, want, sizeof want),
                        value_text(s->executor, out.types[count], out.slots + at, got, sizeof got));
        at += type_slots(out.types[count]);
    }
    if (l->token.kind != TOKEN_close) return cannot_read(s, "the results");
    return count == out.count ? PASS : fail(s, "expected %u results, got %u", count, out.count);
}

// --- assertions of failure

// Compares wording only: the kind of failure was judged before. The lexer stands before the text.
static Verdict check_words(Script *s, Lexer *l, const char *got)
{
    if (lexer_next(l).kind != TOKEN_string) return PASS; // no text is expected
    Bytes want = token_string(&s->arena, l->src, l->token);
    s->result->texts++;
    if (strlen(got) >= want.len && !memcmp(got, want.data, want.len)) return PASS;
    s->result->worded++;
    if (s->report && s->report->worded) {
        locate(s);
        s->report->worded(s->report->env, s->line, s->column,
                          arena_strdup(&s->arena, (const char *)want.data, want.len), got);
    }
    return PASS;
}

Verdict script_check_diag(Script *s, Lexer *l, const Diag *diag, ErrClass want)
{
    char text[320];
    diag_text(diag, text, sizeof text);
    ErrClass got = err_class[diag->err];
    bool good = got == want || (want == CLASS_invalid && got == CLASS_limit);
    return good ? check_words(s, l, text) : fail(s, "refused for another reason: %s", text);
}

static bool ends_as(Trap trap, Trap want)
{
    if (want) return trap == want;
    switch (trap) {
    case TRAP_call_stack_exhausted: case TRAP_uncaught_exception: case TRAP_interrupted:
    case TRAP_time_limit: case TRAP_out_of_memory:
    case TRAP_out_of_fuel: case TRAP_host: case TRAP_exit: case TRAP_not_executable: return false;
    default: return true;
    }
}

// `want` TRAP_none: any that the specification calls a trap.
Verdict script_check_trap(Script *s, Lexer *l, Trap trap, Trap want)
{
    if (!trap) return fail(s, "it returned");
    return ends_as(trap, want) ? check_words(s, l, trap_text[trap])
                               : fail(s, "it ended in: %s", trap_text[trap]);
}

static Verdict run_assert_ending(Script *s, Lexer *l, Trap want)
{
    Outcome out;
    ComponentAction a;
    if (of_component(s, l, true, &a)) return script_component_traps(s, l, &a, want);
    Verdict v = run_operand_action(s, l, &out);
    return v == PASS ? script_check_trap(s, l, out.trap, want) : v;
}

static Verdict run_assert_exception(Script *s, Lexer *l)
{
    return run_assert_ending(s, l, TRAP_uncaught_exception);
}

// Of an action, or of a module's instantiation; that one is beyond a limit counts as a trap.
static Verdict run_assert_stop(Script *s, Lexer *l, Trap want)
{
    Lexer ahead = *l;
    ModuleForm form;
    const Module *m;
    ExecutorInstance *inst;
    Trap trap;
    Diag diag;
    lexer_next(&ahead);
    if (!token_is(l->src, lexer_next(&ahead), "module")) return run_assert_ending(s, l, want);
    lexer_next(l);
    if (!form_operand_module(&s->arena, l, &form)) return cannot_read(s, "the module");
    Verdict v = operand_definition(s, &form, true, &m);
    if (v != PASS) return v;
    v = instantiate(s, m, &inst, &trap, &diag);
    if (v == FAIL && !want && err_class[diag.err] == CLASS_limit)
        return script_check_diag(s, l, &diag, CLASS_limit);
    return v == PASS ? script_check_trap(s, l, trap, want) : v;
}

static Verdict run_assert_trap(Script *s, Lexer *l) { return run_assert_stop(s, l, TRAP_none); }
static Verdict run_assert_exhaustion(Script *s, Lexer *l)
{
    return run_assert_stop(s, l, TRAP_call_stack_exhausted);
}

// A tag that nobody handles.
static Verdict run_assert_suspension(Script *s, Lexer *l)
{
    return run_assert_ending(s, l, TRAP_unhandled_tag);
}

static Verdict run_assert_refused(Script *s, Lexer *l, ErrClass want)
{
    ModuleForm form;
    Diag diag;
    lexer_next(l);
    // it has no tokens, or strings that are none: as malformed as it gets
    if (!form_operand_module(&s->arena, l, &form)) {
        return want == CLASS_malformed ? PASS : cannot_read(s, "the module");
    }
    if (form.instance) return fail(s, "it wants a module that stands here in whole");
    Module *m = load(s, &form, false, &diag);
    s->ops->unload(s->executor, m);
    return m ? fail(s, "it was accepted") : script_check_diag(s, l, &diag, want);
}

static Verdict run_assert_invalid(Script *s, Lexer *l)
{
    return run_assert_refused(s, l, CLASS_invalid);
}
static Verdict run_assert_malformed(Script *s, Lexer *l)
{
    return run_assert_refused(s, l, CLASS_malformed);
}
// Custom sections are read with all others.
#define run_assert_invalid_custom run_assert_invalid
#define run_assert_malformed_custom run_assert_malformed

static Verdict run_assert_unlinkable(Script *s, Lexer *l)
{
    ModuleForm form;
    Diag diag;
    Trap trap;
    const Module *m;
    ExecutorInstance *inst;
    lexer_next(l);
    if (!form_operand_module(&s->arena, l, &form)) return cannot_read(s, "the module");
    Verdict v = operand_definition(s, &form, false, &m);
    if (v != PASS) return v;
    v = instantiate(s, m, &inst, &trap, &diag);
    if (v == FAIL) return script_check_diag(s, l, &diag, CLASS_unlinkable);
    if (v == PASS) return trap ? script_trap_verdict(s, trap) : fail(s, "it was linked");
    return v;
}

// --- threads

static void run_commands(Script *s);
static bool script_begin(Script *s, Script *parent);
static void end_threads(Script *s);
static void script_end(Script *s);

static void read_commands(Script *s, size_t start, size_t end)
{
    commands_init(&s->reader, s->src, end);
    s->reader.pos = start;
    s->reader.started = start != 0;
}

static void note_failure(void *env, u32 line, u32 column, const char *command, const char *why)
{
    ScriptThread *t = env;
    if (t->failure[0]) return;
    snprintf(t->failure, sizeof t->failure, "in the thread, %u:%u: %s: %s", line, column, command,
             why);
}

static void run_beside(void *env)
{
    ScriptThread *t = env;
    jmp_buf failed;
    t->script.arena.on_failure = &failed;
    if (setjmp(failed)) t->script.short_of_memory = true;
    else run_commands(&t->script);
}

// What became of it, once it is over.
static Verdict thread_end(Script *s, ScriptThread *t)
{
    if (t->host) thread_join(t->host);
    else if (t->running) turns_join(t);
    t->open = false;
    end_threads(&t->script);
    script_end(&t->script);
    const char *skipped = t->result.reasons[0].text;
    if (t->script.short_of_memory) return fail(s, "%s", err_text[ERR_out_of_memory]);
    if (t->result.failed) return fail(s, "%s", t->failure);
    return t->result.skipped ? skip(s, arena_strdup(&s->arena, skipped, strlen(skipped))) : PASS;
}

// (shared (module $M))*, the lexer at the first parenthesis; *start is where commands begin.
static Verdict read_shares(Script *s, Lexer *l, Script *to, size_t *start)
{
    for (;; lexer_next(l)) {
        *start = l->token.start;
        if (l->token.kind != TOKEN_open || !token_is(l->src, lexer_next(l), "shared")) return PASS;
        Bytes id = {0};
        if (lexer_next(l).kind != TOKEN_open || !token_is(l->src, lexer_next(l), "module"))
            return cannot_read(s, "what is shared");
        lexer_next(l);
        form_id(&s->arena, l, &id);
        if (l->token.kind != TOKEN_close || lexer_next(l).kind != TOKEN_close)
            return cannot_read(s, "what is shared");
        Unit *from = script_meaning(s, id).acted;
        if (!from) return fail(s, "no such module instance");
        Unit *u = script_unit(to);
        u->skip = from->skip;
        if (from->instance) u->instance = s->ops->share(to->executor, from->instance);
        if (from->instance && !u->instance) return fail(s, "%s", err_text[ERR_out_of_memory]);
        names_add(to, &to->ids, id)->acted = u;
    }
}

static Verdict begin_thread(Script *s, Lexer *l, ScriptThread *t)
{
    lexer_next(l);
    form_id(&s->arena, l, &t->id);
    if (!script_begin(&t->script, s)) return fail(s, "%s", err_text[ERR_out_of_memory]);
    t->open = true;
    t->script.report = &t->report;
    t->script.result = &t->result;
    t->script.arena.on_failure = s->arena.on_failure;
    Verdict v = read_shares(s, l, &t->script, &t->start);
    if (v == PASS && atomic_fetch_add(&s->all->count, 1) >= THREADS_MOST)
        v = fail(s, "a script has no more than %d threads", THREADS_MOST);
    if (v != PASS) return v;
    read_commands(&t->script, t->start, t->end);
    if (s->ops->turn) turns_begin(s, t);
    else t->host = thread_start(run_beside, t);
    t->running = s->ops->turn || t->host;
    return t->running ? PASS : fail(s, "the system has no thread for it");
}

// (thread $T (shared (module $M))* ...)
static Verdict run_thread(Script *s, Lexer *l)
{
    ScriptThread *t = NEW(&s->arena, ScriptThread);
    t->report = (ScriptReport){.env = t, .failed = note_failure};
    t->end = s->command.end - 1;
    t->older = s->threads;
    s->threads = t;
    return begin_thread(s, l, t);
}

// False: there is no name. NULL: no thread has it.
static bool read_thread(Script *s, Lexer *l, ScriptThread **out)
{
    Bytes id = {0};
    lexer_next(l);
    if (!form_id(&s->arena, l, &id)) return false;
    *out = s->threads;
    while (*out && !((*out)->running && (*out)->open && bytes_same((*out)->id, id)))
        *out = (*out)->older;
    return true;
}

// It fails where its thread did.
static Verdict run_wait(Script *s, Lexer *l)
{
    ScriptThread *t;
    if (!read_thread(s, l, &t)) return cannot_read(s, "the thread's name");
    return t ? thread_end(s, t) : fail(s, "no such thread");
}

// --- commands

// The lexer at its word.
static void begin_command(Script *s, Lexer *l, Diag *diag)
{
    diag_init(diag);
    lexer_init(l, s->src, s->command.start, s->command.end, diag);
    lexer_next(l), lexer_next(l); // "("
}

bool script_calls(Script *s)
{
    Diag diag;
    Lexer l;
    begin_command(s, &l, &diag);
    if (s->command.kind != COMMAND_invoke && lexer_next(&l).kind == TOKEN_open) lexer_next(&l);
    return token_is(l.src, l.token, "invoke") &&
           read_action(s, &l, &s->callee, &s->outcome) == PASS;
}

ScriptThread *script_waits_for(Script *s)
{
    Diag diag;
    Lexer l;
    ScriptThread *t;
    if (s->command.kind != COMMAND_wait) return NULL;
    begin_command(s, &l, &diag);
    return read_thread(s, &l, &t) ? t : NULL;
}

static Verdict run_command(Script *s)
{
    typedef Verdict Run(Script *s, Lexer *l);
    static Run *const runs[] = {
#define run_component NULL
#define COMMAND(name) [COMMAND_##name] = run_##name,
#include "script/command.def"
    };
    Diag diag;
    Lexer l;
    if (s->command.kind == COMMAND_inline) return run_inline(s);
    if (s->command.kind == COMMAND_unknown) return fail(s, "no command of this name");
    begin_command(s, &l, &diag);
    if (s->command.kind == COMMAND_component) return script_run_component(s, &l);
    if (script_of_component(&l)) return script_about_component(s, &l);
    return runs[s->command.kind](s, &l);
}

bool script_knows_tier(const char *tier) { return executor_find(tier) != NULL; }

// Counts a verdict; false: stop here.
static bool settle(Script *s, Verdict v, const ScriptOptions *options)
{
    switch (v) {
    case PASS: s->result->passed++; return true;
    case SKIP: script_count_skipped(s->result, s->skip, 1); return true;
    case FAIL: break;
    }
    s->result->failed++;
    if (s->report && s->report->failed) {
        Token word = s->command.word;
        char name[40];
        locate(s);
        if (s->command.kind == COMMAND_inline) snprintf(name, sizeof name, "module");
        else
            snprintf(name, sizeof name, "%.*s",
                     word.kind == TOKEN_keyword ? (int)MIN(word.len, 39) : 0, s->src + word.start);
        s->report->failed(s->report->env, s->line, s->column, *name ? name : "script", s->why);
    }
    return options->keep_going;
}

bool script_command(Script *s)
{
    const ScriptOptions *options = s->options;
    if (options->fuel) s->ops->fuel(s->executor, options->fuel);
    Verdict v;
    if (options->round_trip) v = script_round_trip(s);
    else if (s->command.kind != COMMAND_broken) v = run_command(s);
    else if (s->reader.diag.err) v = fail_diag(s, &s->reader.diag);
    else v = cannot_read(s, "a command");
    const char *unsound = s->ops->unsound ? s->ops->unsound(s->executor) : NULL;
    if (unsound) v = fail(s, "%.*s", (int)strcspn(unsound, "\n"), unsound);
    bool more = settle(s, v, options);
    if (unsound && s->report && s->report->unsound)
        s->report->unsound(s->report->env, unsound + strcspn(unsound, "\n"));
    return more && !unsound;
}

static void run_commands(Script *s)
{
    while (command_next(&s->reader, &s->command) && script_command(s)) continue;
}

// Those that nobody waited for. After a failure they may be waiting for what never comes.
static void end_threads(Script *s)
{
    bool failed = s->result->failed || s->short_of_memory;
    for (ScriptThread *t = s->threads; t; t = t->older) {
        if (!t->open) continue;
        if (failed && t->running) s->ops->stop(t->script.executor);
        if (thread_end(s, t) == FAIL && !failed) settle(s, FAIL, s->options);
    }
}

// In front of one in a thread stands who begins it. False: out of memory.
static bool script_begin(Script *s, Script *parent)
{
    *s = (Script){.src = parent->src, .features = parent->features, .ops = parent->ops,
                  .options = parent->options, .all = parent->all, .line = 1, .column = 1};
    s->executor = s->ops->fork(parent->executor);
    if (!s->executor) return false;
    arena_init(&s->arena);
    map_init(&s->ids.map, &s->arena);
    map_init(&s->registered.map, &s->arena);
    return true;
}

static void script_end(Script *s)
{
    s->ops->close(s->executor);
    for (Unit *u = s->units; u; u = u->older) {
        s->ops->unload(s->executor, u->module);
        if (u->owns_component) script_run_free(&u->component);
    }
    s->ops->finish(s->executor);
    arena_free(&s->arena);
}

bool script_run(const char *src, size_t len, const ScriptOptions *options,
                const ScriptReport *report, ScriptResult *result)
{
    ScriptThreads all = {.random = options->seed};
    Script s = {.src = src, .features = options->features, .report = report, .result = result,
                .options = options, .all = &all, .line = 1, .column = 1};
    ExecutorSetup setup = {
        .features = options->features, .tier = options->tier, .hot = options->hot,
        .beside = options->beside, .limits = options->limits,
        .deterministic = options->deterministic, .stop_every = options->stop_every,
        .down_every = options->down_every, .up_every = options->up_every,
        .snapshot_every = options->snapshot_every, .moved = &result->moved,
        .gc_stress = options->gc_stress, .collected = options->collected,
        .collected_env = options->collected_env, .bare = options->bare, .faults = options->faults,
        .check = options->check, .check_every = options->check_every,
        .used = report ? report->used : NULL, .env = report ? report->env : NULL,
        .print = report ? report->printed : NULL};
    jmp_buf failed;
    memset(result, 0, sizeof *result);
    s.ops = executor_find(options->tier);
    s.executor = s.ops ? s.ops->open(&setup) : NULL;
    if (!s.executor) return false;
    arena_init(&s.arena);
    s.arena.on_failure = &failed;
    map_init(&s.ids.map, &s.arena);
    map_init(&s.registered.map, &s.arena);
    read_commands(&s, 0, len);
    if (setjmp(failed)) s.short_of_memory = true;
    else run_commands(&s);
    if (setjmp(failed)) s.short_of_memory = true; // and on to the next one
    end_threads(&s);
    script_end(&s);
    return !s.short_of_memory;
}
