// html.c -- steps as a page that plays them: page.html with the run in it, as JSON.
//
//     {"steps": [{"c": [3, 1, ["..."]], "r": 7, "f": 2, ...}, ...], "rules": [...], ...}
//
// A step says what is other than in the one before: of the configuration's lines how many stay in
// front and behind, and those between; locals where one is another. So the page is about as long as
// what happens.

#include "cli/step/step.h"

#include "module/describe.h"

#include <stdlib.h>
#include <string.h>

extern const char step_page[], step_page_end[];

enum { STEPS_USUAL = 5000, BYTES_MOST = 8 << 20 };
enum { LINES_MOST = 64, CODE_MOST = 5000, FUNCS_MOST = 1000 };

typedef struct { u32 module, func; Bytes name; } PageFunc;

typedef struct {
    Step *step;
    Arena lasting, now;     // of what is said behind the steps; of one step
    FILE *out;
    u64 bytes, steps, last;  // last: the number of the step before
    Bytes lines[LINES_MOST]; // of the step before
    u32 line_count;
    Bytes locals[LOCALS_SHOWN];
    u32 local_count;
    u32 rules[RULE_COUNT];  // by rule: its number in the page, from 1 on
    u32 rule_count;
    Rule of_number[RULE_COUNT];
    PageFunc funcs[FUNCS_MOST];
    u32 func_count;
    bool over;              // it has enough
    bool lost;
} Page;

// ---- Text for a script element, which "</script" would end: no '<' stands in it

static void put(Page *p, Bytes text)
{
    for (size_t from = 0; from < text.len;) {
        const u8 *less = memchr(text.data + from, '<', text.len - from);
        size_t to = less ? (size_t)(less - text.data) : text.len;
        fwrite(text.data + from, 1, to - from, p->out);
        if (less) fputs("\\u003c", p->out);
        from = to + (less != NULL);
    }
    p->bytes += text.len;
}

static void put_text(Page *p, const char *text) { put(p, bytes_of(text)); }

static void put_number(Page *p, const char *before, u64 n)
{
    char text[60];
    snprintf(text, sizeof text, "%s%llu", before, (unsigned long long)n);
    put_text(p, text);
}

static void put_string(Page *p, Bytes text)
{
    Buf out;
    buf_init(&out, &p->now);
    buf_quoted(&out, text, QUOTE_json);
    put(p, buf_view(&out));
}

// ---- A step

static bool same(Bytes a, Bytes b) { return a.len == b.len && !memcmp(a.data, b.data, a.len); }

static u32 split(Bytes text, Bytes lines[LINES_MOST])
{
    u32 count = 0;
    for (const u8 *at = text.data, *end = text.data + text.len; count < LINES_MOST; count++) {
        const u8 *to = memchr(at, '\n', (size_t)(end - at));
        lines[count] = (Bytes){at, (size_t)((to ? to : end) - at)};
        if (!to) return count + 1;
        at = to + 1;
    }
    return count;
}

static Bytes kept(Page *p, Bytes text)
{
    return (Bytes){arena_copy(&p->lasting, text.data, text.len), text.len};
}

static void put_config(Page *p, Bytes config)
{
    Bytes lines[LINES_MOST];
    u32 count = split(config, lines), front = 0, behind = 0, least = MIN(count, p->line_count);
    while (front < least && same(lines[front], p->lines[front])) front++;
    while (behind < least - front &&
           same(lines[count - 1 - behind], p->lines[p->line_count - 1 - behind]))
        behind++;
    put_number(p, "{\"c\":[", front);
    put_number(p, ",", behind);
    put_text(p, ",[");
    for (u32 k = front; k < count - behind; k++) {
        if (k != front) put_text(p, ",");
        put_string(p, lines[k]);
    }
    put_text(p, "]]");
    for (u32 k = 0; k < behind; k++)
        lines[count - 1 - k] = p->lines[p->line_count - 1 - k];
    for (u32 k = front; k < count - behind; k++) lines[k] = kept(p, lines[k]);
    for (u32 k = front; k < count; k++) p->lines[k] = lines[k];
    p->line_count = count;
}

static u32 number_of_rule(Page *p, Rule rule)
{
    if (!p->rules[rule]) {
        p->of_number[p->rule_count++] = rule;
        p->rules[rule] = p->rule_count;
    }
    return p->rules[rule] - 1;
}

// FUNCS_MOST: it is one too many.
static u32 number_of_func(Page *p, const View *v)
{
    u32 k = 0;
    while (k < p->func_count && (p->funcs[k].module != v->module || p->funcs[k].func != v->func))
        k++;
    if (k == p->func_count && k < FUNCS_MOST)
        p->funcs[p->func_count++] = (PageFunc){v->module, v->func, v->name};
    return k;
}

static void put_locals(Page *p, const View *v)
{
    bool other = v->local_count != p->local_count;
    for (u32 k = 0; k < v->local_count && !other; k++) other = !same(v->locals[k], p->locals[k]);
    if (!other) return;
    put_text(p, ",\"l\":[");
    for (u32 k = 0; k < v->local_count; k++) {
        if (k) put_text(p, ",");
        put_string(p, v->locals[k]);
        p->locals[k] = kept(p, v->locals[k]);
    }
    put_text(p, "]");
    p->local_count = v->local_count;
}

static void put_changes(Page *p, const View *v)
{
    if (!v->change_count) return;
    put_text(p, ",\"t\":[");
    for (u32 k = 0; k < v->change_count; k++) {
        put_text(p, k ? ",[" : "[");
        put_string(p, v->changes[k].name);
        put_text(p, ",");
        put_string(p, v->changes[k].before);
        put_text(p, ",");
        put_string(p, v->changes[k].after);
        put_text(p, "]");
    }
    put_text(p, "]");
    if (v->more_changes) put_number(p, ",\"m\":", v->more_changes);
}

static void put_step(Page *p, const View *v)
{
    if (p->steps++) put_text(p, ",\n");
    put_config(p, v->config);
    if (v->number != p->last + 1) put_number(p, ",\"n\":", v->number);
    p->last = v->number;
    put_number(p, ",\"r\":", number_of_rule(p, v->rule));
    if (v->values.len) put_text(p, ",\"v\":"), put_string(p, v->values);
    u32 func = v->in_func ? number_of_func(p, v) : FUNCS_MOST;
    if (func < FUNCS_MOST) put_number(p, ",\"f\":", func);
    if (v->place) put_number(p, ",\"o\":", v->place);
    if (v->depth) put_number(p, ",\"d\":", v->depth);
    put_locals(p, v);
    put_changes(p, v);
    if (v->output.len) put_text(p, ",\"p\":"), put_string(p, v->output);
    put_text(p, "}");
}

// ---- What is said behind them

static void put_rules(Page *p)
{
    put_text(p, "],\n\"rules\":[");
    for (u32 k = 0; k < p->rule_count; k++) {
        put_text(p, k ? ",\n[" : "[");
        put_string(p, bytes_of(rule_text[p->of_number[k]]));
        put_text(p, ",");
        put_string(p, bytes_of(premise_condition(p->of_number[k])));
        put_text(p, "]");
    }
    put_text(p, "]");
}

// Does the other half of an `if` begin there?
static bool is_else(const Instr *block, const Instr *i)
{
    return block->redex == OP_if && block->x != block->span && i == block + block->x;
}

static void put_line(Page *p, u32 place, u32 depth, Bytes text)
{
    put_number(p, "[", place);
    put_number(p, ",", depth);
    put_text(p, ",");
    put_string(p, text);
    put_text(p, "],");
}

// A body as it stands in the text format, an instruction a line: where it is, how deep, and what.
// At the end of each run of instructions that one holds stands `end`.
static void put_body(Page *p, const ModuleInst *m, const Body *body)
{
    enum { DEEPEST = 100 };
    const Instr *blocks[DEEPEST];
    u32 depth = 0, lines = 0;
    const Instr *i = body->instrs, *end = i + body->count;
    for (; lines < CODE_MOST; i++, lines++) {
        Buf text;
        while (depth && i == blocks[depth - 1] + blocks[depth - 1]->span)
            put_line(p, 0, --depth, bytes_of("end"));
        if (i == end) break;
        if (depth && is_else(blocks[depth - 1], i)) put_line(p, 0, depth - 1, bytes_of("else"));
        buf_init(&text, &p->now);
        print_instr(&text, m, i);
        if (is_block(i->redex)) put_line(p, i->place, depth, bytes_of(op_info[i->op].text));
        else put_line(p, i->place, depth, buf_view(&text));
        if (is_block(i->redex) && depth < DEEPEST) blocks[depth++] = i;
        arena_reset(&p->now);
    }
    put_line(p, 0, 0, bytes_of(lines < CODE_MOST ? "end" : "..."));
}

static const FuncInst *func_of(const FormalStore *s, const PageFunc *f)
{
    for (u32 a = 0; a < s->funcs.count; a++) {
        const FuncInst *func = &s->funcs.at[a];
        if (func->body && func->index == f->func && module_number(s, func->module) == f->module)
            return func;
    }
    return NULL;
}

static void put_funcs(Page *p, const FormalStore *s)
{
    put_text(p, ",\n\"funcs\":[");
    for (u32 k = 0; k < p->func_count; k++) {
        const PageFunc *f = &p->funcs[k];
        const FuncInst *func = func_of(s, f);
        char name[QUOTED_MOST];
        put_number(p, k ? ",\n{\"module\":" : "{\"module\":", f->module);
        put_number(p, ",\"index\":", f->func);
        put_text(p, ",\"name\":");
        put_string(p, bytes_of(f->name.len ? quoted(name, f->name) : ""));
        put_text(p, ",\"code\":[");
        if (func && p->bytes < 2 * BYTES_MOST) put_body(p, func->module, func->body);
        put_text(p, "0]}");
    }
    put_text(p, "]");
}

static void put_run(Page *p)
{
    const Step *s = p->step;
    const SpecRun *run = &s->session.spec;
    Buf end;
    buf_init(&end, &p->now);
    put_text(p, ",\n\"file\":");
    put_string(p, bytes_of(s->main.file));
    put_text(p, ",\"call\":");
    put_string(p, bytes_of(s->run.invoke ? s->run.invoke : "_start"));
    put_text(p, ",\"args\":[");
    for (int k = run->args->next; k < run->args->argc; k++) {
        if (k != run->args->next) put_text(p, ",");
        put_string(p, bytes_of(run->args->argv[k]));
    }
    put_number(p, "],\"first\":", s->from);
    put_number(p, ",\"total\":", s->session.at);
    put_text(p, ",\"end\":");
    if (s->session.ended) print_end(&end, &s->session);
    put_string(p, buf_view(&end));
}

// ---- The page

static Goal shown(void *env, Session *session)
{
    static const Goal quit = {.kind = GOAL_quit};
    Page *p = env;
    Step *s = p->step;
    jmp_buf failed;
    p->lasting.on_failure = p->now.on_failure = &failed;
    if (setjmp(failed)) return p->lost = true, quit;
    if (!session->ended) put_step(p, session->view);
    bool enough = p->steps >= s->steps || p->bytes > BYTES_MOST || ferror(p->out) ||
                  (!session->ended && s->until && session->view->marked);
    arena_reset(&p->now);
    if (!session->ended && !enough) return goal_from(s, session->at + 1);
    put_rules(p);
    put_funcs(p, executor_config(session->spec.x)->store);
    put_run(p);
    p->over = true;
    return quit;
}

static bool write_page(Page *p, Goal first, int *status)
{
    static const char mark[] = "@RUN@";
    OutputFile file;
    size_t size = (size_t)(step_page_end - step_page);
    const char *data = memmem(step_page, size, mark, sizeof mark - 1);
    if (!output_begin(&file, p->step->html)) return false;
    p->out = file.file;
    fwrite(step_page, 1, (size_t)(data - step_page), p->out);
    put_text(p, "{\"steps\":[");
    *status = session_run(&p->step->session, first);
    if (p->lost) cli_error(0, "out of memory");
    put_text(p, "}");
    data += sizeof mark - 1;
    fwrite(data, 1, (size_t)(step_page_end - data), p->out);
    return output_end(&file, *status == EXIT_OK && p->over) && p->over;
}

int step_html(Step *s)
{
    Page *p = calloc(1, sizeof *p);
    Session *at = &s->session;
    int status = EXIT_OK;
    if (!p) return cli_error(EXIT_INPUT, "out of memory");
    p->step = s;
    p->last = s->from - 1;
    arena_init(&p->lasting);
    arena_init(&p->now);
    if (!s->steps) s->steps = STEPS_USUAL;
    at->shown = shown;
    at->env = p;
    at->mark = s->until;
    at->form = (PrintForm)STEP_FORM;
    bool good = write_page(p, goal_from(s, s->from), &status);
    arena_free(&p->lasting);
    arena_free(&p->now);
    free(p);
    return good || status != EXIT_OK ? status : EXIT_INPUT;
}
