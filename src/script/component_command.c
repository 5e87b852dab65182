// component_command.c -- commands about components: those that make one, actions on instances, and
// assertions about both. Where the executor runs none, what would be run is skipped.

#include "script/component.h"
#include "script/component_host.h"
#include "script/component_value.h"
#include "script/state.h"
#include "script/verdict.h"

static const char skip_component[] = "components";
static const char skip_not_run[] = "components: async";
static const char skip_values[] = "components: values and start functions";
static const char skip_imports[] = "components: imports that nothing gives";

static bool runs_here(const Script *s) { return s->ops->store && !s->options->snapshot_every; }

// ---- Components

// It is valid, and cannot be run here.
static Verdict cannot_run(Script *s, Unit *u, const Diag *diag)
{
    u->skip = diag->err == ERR_unknown_import       ? skip_imports
              : u->component.component && !u->component.plan ? skip_values
                                                             : NULL;
    return u->skip ? skip(s, u->skip) : fail_diag(s, diag);
}

// Read and checked for this executor.
static Verdict load(Script *s, ModuleForm *form, size_t start, size_t end, Unit *u, Diag *diag)
{
    Bytes bytes;
    diag_init(diag);
    if (script_component_read(&s->arena, form, start, end, s->features, &bytes, diag)) {
        u->owns_component = true;
        if (script_run_load(s->executor, bytes, s->features, &script_component_host(s)->link,
                            &u->component, diag))
            return PASS;
    }
    return fail_diag(s, diag);
}

static Verdict make(Script *s, Unit *of, Unit *u, Trap *trap, Diag *diag)
{
    diag_init(diag);
    u->component.component = of->component.component;
    u->component.plan = of->component.plan;
    u->component.run = script_run_make(s->executor, &of->component,
                                       &script_component_host(s)->host, trap, diag);
    if (*trap == TRAP_not_run) return u->skip = skip_not_run, skip(s, skip_not_run);
    return u->component.run || *trap ? PASS : fail_diag(s, diag);
}

static Verdict bring_up(Script *s, Unit *of, Unit *u)
{
    Diag diag;
    Trap trap;
    Verdict v = make(s, of, u, &trap, &diag);
    if (v == FAIL) return cannot_run(s, u, &diag);
    return v == PASS && trap ? script_trap_verdict(s, trap) : v;
}

static Verdict run_made(Script *s, ModuleForm *form)
{
    Unit *u = script_unit(s), *base = form->instance ? script_meaning(s, form->base).defined : u;
    if (base && base->skip) return skip(s, base->skip);
    if (form->instance && (!base || !base->component.plan))
        return fail(s, "no such component definition");
    if (!form->definition) script_mean_instance(s, form->id, u);
    if (!form->instance) {
        Diag diag;
        Verdict v = load(s, form, s->command.start, s->command.end, u, &diag);
        if (v != PASS) return cannot_run(s, u, &diag);
        script_mean_definition(s, form->id, u);
    }
    return form->definition ? PASS : bring_up(s, base, u);
}

Verdict script_run_component(Script *s, Lexer *l)
{
    ModuleForm form;
    Diag diag;
    if (runs_here(s)) {
        if (!form_module(&s->arena, l->src, s->command.start, s->command.end, &form))
            return cannot_read(s, "the component");
        return run_made(s, &form);
    }
    ScriptComponent what = script_component(&s->arena, l->src, s->command.start, s->command.end,
                                            s->features, &form, &diag);
    Unit *u = script_unit(s);
    u->skip = skip_component;
    if (!form.definition) script_mean_instance(s, form.id, u);
    if (what == SCRIPT_COMPONENT_unread) return cannot_read(s, "the component");
    if (what == SCRIPT_COMPONENT_refused)
        return fail(s, "%s", diag_text(&diag, (char[600]){0}, 600));
    return what == SCRIPT_COMPONENT_done || form.definition ? PASS : skip(s, skip_component);
}

// ---- Assertions about components

static Verdict about_refused(Script *s, Lexer *l, size_t start, bool malformed)
{
    ModuleForm form;
    Diag diag;
    ScriptComponent what = script_component(&s->arena, l->src, start, l->token.start + 1,
                                            s->features, &form, &diag);
    if (what == SCRIPT_COMPONENT_unread)
        return malformed ? PASS : cannot_read(s, "the component");
    if (what != SCRIPT_COMPONENT_refused) return fail(s, "it was accepted");
    bool limit = err_class[diag.err] == CLASS_limit; // which scripts call what they like
    return script_check_diag(s, l, &diag, malformed && !limit ? CLASS_malformed : CLASS_invalid);
}

static Verdict about_made(Script *s, Lexer *l, size_t start, bool trap_wanted)
{
    ModuleForm form;
    Diag diag;
    Trap trap = TRAP_none;
    if (!form_module(&s->arena, l->src, start, l->token.start + 1, &form))
        return cannot_read(s, "the component");
    Unit *u = script_unit(s);
    Unit *of = form.instance ? script_meaning(s, form.base).defined : u;
    if (form.instance && (!of || !of->component.plan))
        return fail(s, "no such component definition");
    diag_init(&diag);
    Verdict v = form.instance ? PASS : load(s, &form, start, l->token.start + 1, u, &diag);
    if (v == PASS) v = make(s, of, u, &trap, &diag);
    if (v == SKIP) return v;
    if (trap_wanted) return v == PASS ? script_check_trap(s, l, trap, TRAP_none) : v;
    if (v == FAIL && diag.err) return script_check_diag(s, l, &diag, CLASS_unlinkable);
    return v == FAIL ? v : fail(s, "it was linked");
}

Verdict script_about_component(Script *s, Lexer *l)
{
    CommandKind kind = s->command.kind;
    bool malformed = kind == COMMAND_assert_malformed, trap = kind == COMMAND_assert_trap;
    lexer_next(l);
    size_t start = l->token.start;
    if (malformed || kind == COMMAND_assert_invalid) {
        if (!lexer_skip_form(l)) return cannot_read(s, "the component");
        return about_refused(s, l, start, malformed);
    }
    if (!runs_here(s)) return skip(s, skip_component);
    if (!trap && kind != COMMAND_assert_unlinkable) return cannot_read(s, "the command");
    return lexer_skip_form(l) ? about_made(s, l, start, trap) : cannot_read(s, "the component");
}

// ---- Actions

bool script_component_action(Script *s, Lexer *l, ComponentAction *a)
{
    Bytes id = {0};
    *a = (ComponentAction){0};
    if (!token_is(l->src, l->token, "invoke")) return false;
    lexer_next(l);
    form_id(&s->arena, l, &id);
    a->unit = script_meaning(s, id).acted;
    if (!a->unit || !a->unit->component.component) return false;
    if (l->token.kind == TOKEN_string) a->name = token_string(&s->arena, l->src, l->token);
    return true;
}

static Verdict call(Script *s, Lexer *l, ComponentAction *a)
{
    ComponentRun *run = a->unit->component.run;
    if (a->unit->skip) return skip(s, a->unit->skip);
    if (!run) return fail(s, "the component before it failed");
    const Plan *plan = component_plan(run);
    const CTypes *types = &plan->component->types;
    const Origin *o = plan_export(plan->root, a->name);
    if (!o || o->kind != CENTITY_func)
        return fail(s, "no export \"%.*s\"", (int)MIN(a->name.len, 300),
                    (const char *)a->name.data);
    a->func = ctype_def(types, o->type)->func;
    CValue *args = NEW_ARRAY(&s->arena, CValue, a->func->count);
    for (u32 i = 0; i < a->func->count; i++)
        if (lexer_next(l).kind != TOKEN_open ||
            !component_value_read(&s->arena, l, types, a->func->params[i].type, &args[i]))
            return cannot_read(s, "an argument");
    if (lexer_next(l).kind != TOKEN_close) return cannot_read(s, "the arguments");
    jmp_buf *failed = s->arena.on_failure;
    a->trap = component_call(run, o->func, args, &a->result, &s->arena);
    s->arena.on_failure = failed;
    if (a->trap == TRAP_not_run) a->unit->skip = skip_not_run; // and nothing of it is called again
    return a->trap == TRAP_not_run ? skip(s, skip_not_run) : PASS;
}

Verdict script_component_returns(Script *s, Lexer *l, ComponentAction *a, bool results)
{
    Verdict v = call(s, l, a);
    if (v != PASS) return v;
    if (a->trap) return script_trap_verdict(s, a->trap);
    if (!results) return PASS;
    const CTypes *types = &a->unit->component.component->types;
    CType t = a->func->result;
    CValue wanted;
    if (lexer_next(l).kind == TOKEN_close)
        return t == CTYPE_NONE ? PASS : fail(s, "it gives a result");
    if (t == CTYPE_NONE) return fail(s, "it gives no result");
    if (!component_value_read(&s->arena, l, types, t, &wanted))
        return cannot_read(s, "an expected result");
    return component_value_same(types, t, &wanted, &a->result) ? PASS
                                                               : fail(s, "it gives another value");
}

Verdict script_component_traps(Script *s, Lexer *l, ComponentAction *a, Trap want)
{
    Verdict v = call(s, l, a);
    return v == PASS ? script_check_trap(s, l, a->trap, want) : v;
}
