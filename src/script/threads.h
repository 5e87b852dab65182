// threads.h -- threads of a script: each a script of its own, on a thread of the host's, with a
// store of its own. Included by script.c alone.
#pragma once

static void run_commands(Script *s, size_t start, size_t end);
static bool script_begin(Script *s, Script *parent);
static void end_threads(Script *s);
static void script_end(Script *s);

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
    if (setjmp(failed)) t->short_of_memory = true;
    else run_commands(&t->script, t->start, t->end);
}

// What became of it, once it is over.
static Verdict thread_end(Script *s, ScriptThread *t)
{
    thread_join(t->host);
    t->open = false;
    end_threads(&t->script);
    script_end(&t->script);
    const char *skipped = t->result.reasons[0].text;
    if (t->short_of_memory) return fail(s, "%s", err_text[ERR_out_of_memory]);
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
        Unit *from = meaning(s, id).acted;
        if (!from) return fail(s, "no such module instance");
        Unit *u = unit_new(to);
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
    if (v == PASS && atomic_fetch_add(s->thread_count, 1) >= THREADS_MOST)
        v = fail(s, "a script has no more than %d threads", THREADS_MOST);
    if (v == PASS) t->host = thread_start(run_beside, t);
    return v != PASS || t->host ? v : fail(s, "the system has no thread for it");
}

// (thread $T (shared (module $M))* ...)
static Verdict run_thread(Script *s, Lexer *l)
{
    ScriptThread *t = NEW(&s->arena, ScriptThread);
    t->report = (ScriptReport){t, note_failure, NULL, NULL};
    t->end = s->command.end - 1;
    t->older = s->threads;
    s->threads = t;
    return begin_thread(s, l, t);
}

// It fails where its thread did.
static Verdict run_wait(Script *s, Lexer *l)
{
    Bytes id = {0};
    lexer_next(l);
    if (!form_id(&s->arena, l, &id)) return cannot_read(s, "the thread's name");
    for (ScriptThread *t = s->threads; t; t = t->older)
        if (t->host && t->open && bytes_same(t->id, id)) return thread_end(s, t);
    return fail(s, "no such thread");
}
