// lines.c -- steps as lines, and as JSON: one each.

#include "cli/step/step.h"

#include "module/describe.h"

#include <string.h>

Bytes unmarked(Arena *arena, Bytes text, size_t *from, size_t *to)
{
    Buf out;
    buf_init(&out, arena);
    *from = *to = 0;
    for (size_t k = 0; k < text.len; k++) {
        if (text.data[k] == MARK_OPEN[0]) *from = *to = out.len;
        else if (text.data[k] == MARK_CLOSE[0]) *to = out.len;
        else buf_byte(&out, text.data[k]);
    }
    return buf_view(&out);
}

static const char not_called[] = ", before anything was called: --whole shows that too";

void print_end(Buf *out, const Session *s)
{
    const Config *c = executor_config(s->spec.x);
    const ExecutorExport *f = &s->spec.func;
    char text[100];
    if (s->trap == TRAP_exit)
        snprintf(text, sizeof text, "exit %u", wasi_exit_status(s->spec.run->wasi));
    else if (s->trap) snprintf(text, sizeof text, "trap: %s", trap_text[s->trap]);
    else snprintf(text, sizeof text, "returned");
    buf_bytes(out, text, strlen(text));
    for (u32 k = 0; !s->trap && s->spec.calls && k < f->result_count; k++) {
        buf_byte(out, ' ');
        print_val(out, c->values[k]);
    }
    if (s->trap && c->detail[0]) {
        buf_bytes(out, ": ", 2);
        buf_bytes(out, c->detail, strlen(c->detail));
    }
    if (s->trap && !s->whole && !s->spec.calls)
        buf_bytes(out, not_called, sizeof not_called - 1);
}

// ---- Lines

static void put_bytes(Bytes text) { fwrite(text.data, 1, text.len, stdout); }

static void line_change(const Change *change)
{
    fputs("  ", stdout);
    put_bytes(change->name);
    if (change->before.len) {
        putchar(' ');
        put_bytes(change->before);
    }
    fputs(" -> ", stdout);
    put_bytes(change->after);
}

static void put_quoted(Bytes name)
{
    char text[QUOTED_MOST];
    fputs(quoted(text, name), stdout);
}

// 12 "fac" 0x45: ... >>i32.add<< ...  ~> Step_pure/binop-val  -- op(c1, c2) = c: i32.add 1 2 = 3
static void print_line(Step *s, const View *r)
{
    printf("%llu", (unsigned long long)r->number);
    if (r->in_func) {
        putchar(' ');
        if (r->name.len) put_quoted(r->name);
        else printf("func %u", r->func);
        if (r->place) printf(" 0x%x", r->place);
    }
    fputs(": ", stdout);
    put_bytes(r->config);
    printf("  ~> %s", rule_text[r->rule]);
    if (r->condition[0]) {
        printf("  -- %s: ", r->condition);
        put_bytes(r->values);
    }
    for (u32 k = 0; k < r->change_count; k++) line_change(&r->changes[k]);
    if (r->more_changes) printf("  and %u more", r->more_changes);
    if (r->output.len) {
        Buf text;
        buf_init(&text, &s->arena);
        buf_quoted(&text, r->output, QUOTE_text);
        fputs("  prints ", stdout);
        put_bytes(buf_view(&text));
        if (r->more_output) printf(" and %llu bytes more", (unsigned long long)r->more_output);
    }
    putchar('\n');
}

// ---- JSON

static void json_changes(Json *j, const View *r)
{
    json_open(j, "touched", '[');
    for (u32 k = 0; k < r->change_count; k++) {
        const Change *c = &r->changes[k];
        json_open(j, NULL, '{');
        json_string(j, "part", c->name);
        json_known(j, "before", c->before);
        json_string(j, "after", c->after);
        json_close(j, '}');
    }
    json_close(j, ']');
    if (r->more_changes) json_number(j, "touched_besides", r->more_changes);
}

static void json_where(Json *j, const View *r)
{
    if (!r->in_func) return json_null(j, "func");
    json_open(j, "func", '{');
    json_number(j, "module", r->module);
    json_number(j, "index", r->func);
    json_known(j, "name", r->name);
    json_close(j, '}');
    json_number(j, "offset", r->place);
    json_open(j, "locals", '[');
    for (u32 k = 0; k < r->local_count; k++) json_string(j, NULL, r->locals[k]);
    json_close(j, ']');
    if (r->more_locals) json_number(j, "locals_besides", r->more_locals);
}

// The redex is so many bytes of the configuration's text, from that one on.
void json_view(Json *j, const View *r)
{
    size_t from, to;
    Bytes config = unmarked(j->text.arena, r->config, &from, &to);
    json_open(j, NULL, '{');
    json_number(j, "step", r->number);
    json_where(j, r);
    json_number(j, "depth", r->depth);
    json_string(j, "config", config);
    json_string(j, "redex", r->redex);
    json_open(j, "redex_at", '[');
    json_number(j, NULL, from);
    json_number(j, NULL, to);
    json_close(j, ']');
    json_text(j, "rule", rule_text[r->rule]);
    json_known(j, "premise", bytes_of(r->condition));
    json_known(j, "values", r->values);
    json_changes(j, r);
    if (r->output.len) json_string(j, "output", r->output);
    if (r->more_output) json_number(j, "output_besides", r->more_output);
    json_close(j, '}');
}

void json_end(Json *j, Step *s)
{
    const Session *at = &s->session;
    Buf text;
    buf_init(&text, j->text.arena);
    print_end(&text, at);
    json_open(j, NULL, '{');
    json_number(j, "steps", at->at);
    json_string(j, "end", buf_view(&text));
    if (at->trap == TRAP_exit) json_number(j, "status", wasi_exit_status(s->run.wasi));
    else json_text(j, "trap", at->trap ? trap_text[at->trap] : "");
    json_close(j, '}');
}

// ---- One after the other

static bool enough(const Step *s)
{
    const Session *at = &s->session;
    return (s->steps && s->shown >= s->steps) || (s->until && !at->ended && at->view->marked);
}

static void show(Step *s)
{
    Session *at = &s->session;
    Json j;
    Arena arena = {0};
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = s->arena.on_failure = &failed;
    if (setjmp(failed)) {
        s->failed = cli_error(EXIT_INPUT, "out of memory");
    } else if (s->json) {
        json_init_lines(&j, stdout, &arena);
        if (at->ended) json_end(&j, s);
        else json_view(&j, at->view);
    } else if (at->ended) {
        Buf text;
        buf_init(&text, &arena);
        print_end(&text, at);
        printf("%llu steps: ", (unsigned long long)at->at);
        print_tame(stdout, buf_view(&text));
        putchar('\n');
    } else {
        print_line(s, at->view);
    }
    arena_free(&arena);
}

// Up to a semicolon; between the quotes of a name it is a part of that.
static size_t command_length(const char *text)
{
    size_t len = 0;
    for (bool quoted = false; text[len] && (quoted || text[len] != ';'); len++)
        if (text[len] == '"') quoted = !quoted;
    return len;
}

// The next of the commands. False: there is none, or it is wrong, which was printed.
static bool next_command(Step *s, Goal *goal)
{
    const char *why;
    char command[1000];
    while (*s->commands == ' ' || *s->commands == ';') s->commands++;
    size_t len = command_length(s->commands);
    if (!len) return false;
    if (len >= sizeof command) {
        s->failed = cli_error(EXIT_USAGE, "--do: a command of %zu bytes is too long", len);
        return false;
    }
    snprintf(command, sizeof command, "%.*s", (int)len, s->commands);
    s->commands += len;
    for (size_t end = strlen(command); end && command[end - 1] == ' ';) command[--end] = 0;
    if (command_goal(s, command, goal, &why)) return true;
    s->failed = cli_error(EXIT_USAGE, "\"%s\": %s", command, why);
    return false;
}

static Goal next_goal(Step *s)
{
    const Session *at = &s->session;
    static const Goal quit = {.kind = GOAL_quit};
    Goal goal = quit;
    if (s->commands) return next_command(s, &goal) ? goal : quit;
    if (at->ended || enough(s)) return quit;
    return goal_from(s, at->at + 1);
}

static Goal shown(void *env, Session *session)
{
    Step *s = env;
    if (session->not_found) cli_error(0, "there is none in front of this one");
    show(s);
    s->shown++;
    return ferror(stdout) || s->failed ? (Goal){.kind = GOAL_quit} : next_goal(s);
}

int step_lines(Step *s)
{
    Session *at = &s->session;
    Goal first = goal_from(s, s->from);
    at->shown = shown;
    at->env = s;
    at->mark = s->until;
    at->form = s->json ? (PrintForm)STEP_FORM
                       : (PrintForm){2, 4, 3, false, ">>", "<<"};
    if (s->commands && !next_command(s, &first)) return s->failed;
    int status = session_run(at, first);
    return status == EXIT_OK ? s->failed : status;
}
