// screen.c -- steps on a terminal, one at a time, with keys.
//
//     title
//     the configuration, with the redex marked     | what the step changed, locals, what it printed
//     rule, what it asks for, with values
//     a message, or what is being typed
//     keys
//
// Where it is narrow what stands beside stands below. The last steps are known, and gone through
// without the machine; for others it is asked.

#include "cli/step/step.h"
#include "cli/step/terminal.h"

#include "base/utf8.h"
#include "module/describe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 127, TYPED_MOST = 200, WIDE = 100, SIDE = 40, BELOW = 6, PAGE = 10 };

typedef struct {
    Step *step;
    Session *session;
    Arena arena;             // of one picture
    char message[200];
    char typed[TYPED_MOST];  // behind which word
    const char *prompt;      // NULL: nothing is being typed
    Expr *condition;         // that was asked for last
    u32 scroll;              // rows of the configuration that are above the picture
    bool scrolled;           // by hand
    bool help;
    bool begun;              // the terminal is ours
    int failed;              // an errno
} Screen;

static Session *_Atomic running; // for the handler: while the machine runs

static bool interrupts(void)
{
    Session *s = running;
    if (!s) return false;
    if (s->interrupted) spec_stop(TRAP_interrupted); // it waits for the host, maybe
    s->interrupted = true;
    return true;
}

// ---- Text in rows: broken where it has to be, and further in from the second row on

typedef struct {
    Look look;
    u32 x, y, wide, end;     // end: the row behind the last that is there
    u32 skip;                // rows that are not shown
    u32 deep;                // of this line
    u32 at;                  // cells that are taken in this row
    u32 rows;                // that there were
    s32 marked;              // in which row the redex begins, or -1
} Area;

static void next_row(Area *a)
{
    if (a->skip) a->skip--;
    else a->y++;
    a->rows++;
    a->at = MIN(a->deep + 2, a->wide / 2);
}

static void begin_line(Area *a, u32 deep)
{
    a->deep = deep;
    a->at = MIN(deep, a->wide / 2);
}

// A part of a line that looks the same. It is broken at blanks.
static void put_part(Area *a, Bytes text, Look look)
{
    while (text.len) {
        const u8 *blank = memchr(text.data + 1, ' ', text.len - 1);
        size_t len = blank ? (size_t)(blank - text.data) : text.len, used = len;
        bool fits = a->at + len <= a->wide, fresh = a->at <= MIN(a->deep + 2, a->wide / 2);
        if (!fits && !fresh) {
            next_row(a);
            if (*text.data == ' ') text.data++, text.len--;
            continue;
        }
        u32 room = a->wide - a->at, took = (u32)MIN(len, (size_t)room);
        if (!a->skip && a->y < a->end)
            took = terminal_text(a->x + a->at, a->y, room, (Bytes){text.data, len}, look, &used);
        else used = took;
        a->at += took;
        text.data += used;
        text.len -= used;
        if (used < len) next_row(a);
    }
}

static void put_line(Area *a, Bytes text, Look look)
{
    begin_line(a, 0);
    put_part(a, text, look);
    next_row(a);
}

static void put_words(Area *a, const char *text, Look look) { put_line(a, bytes_of(text), look); }

// ---- The configuration

// How many bytes at the beginning look alike, and how. Contexts and values have colours.
static size_t alike(Bytes text, Look *look)
{
    static const char *const contexts[] = {"FRAME_", "LABEL_", "HANDLER_", "CAUGHT_", "PROMPT_",
                                           "LOCALS", "MODULE"};
    static const char *const values[] = {"(i32.const ", "(i64.const ", "(f32.const ",
                                         "(f64.const ", "(v128.const ", "(ref."};
    *look = LOOK_plain;
    for (size_t k = 0; k < COUNT_OF(contexts); k++) {
        size_t len = strlen(contexts[k]);
        if (text.len < len || memcmp(text.data, contexts[k], len)) continue;
        while (len < text.len && text.data[len] >= '0' && text.data[len] <= '9') len++;
        return *look = LOOK_context, len;
    }
    for (size_t k = 0; k < COUNT_OF(values); k++) {
        size_t len = strlen(values[k]);
        if (text.len < len || memcmp(text.data, values[k], len)) continue;
        const u8 *end = memchr(text.data, ')', text.len);
        if (end) return *look = LOOK_value, (size_t)(end - text.data) + 1;
    }
    return 1;
}

static void put_config_line(Area *a, Bytes line, bool *marked)
{
    size_t blanks = 0;
    while (blanks < line.len && line.data[blanks] == ' ') blanks++;
    begin_line(a, (u32)blanks);
    for (size_t at = blanks; at < line.len;) {
        Look look, other;
        if (line.data[at] == MARK_OPEN[0] || line.data[at] == MARK_CLOSE[0]) {
            *marked = line.data[at++] == MARK_OPEN[0];
            if (*marked) a->marked = (s32)a->rows;
            continue;
        }
        size_t len = alike((Bytes){line.data + at, line.len - at}, &look);
        while (at + len < line.len && line.data[at + len] != MARK_OPEN[0] &&
               line.data[at + len] != MARK_CLOSE[0] && look == LOOK_plain) {
            size_t next = alike((Bytes){line.data + at + len, line.len - at - len}, &other);
            if (other != LOOK_plain) break;
            len += next;
        }
        put_part(a, (Bytes){line.data + at, len}, *marked ? LOOK_redex : look);
        at += len;
    }
    next_row(a);
}

static void put_config(Area *a, Bytes config)
{
    bool marked = false;
    a->marked = -1;
    for (const u8 *at = config.data, *end = at + config.len; at < end;) {
        const u8 *to = memchr(at, '\n', (size_t)(end - at));
        if (!to) to = end;
        put_config_line(a, (Bytes){at, (size_t)(to - at)}, &marked);
        at = to + 1;
    }
}

// The redex is to be seen, unless somebody looks elsewhere.
static void show_config(Screen *s, const View *v, Area a)
{
    const u32 high = a.end - a.y;
    Area measured = a;
    measured.end = measured.y;
    put_config(&measured, v->config);
    if (!s->scrolled) {
        u32 row = measured.marked < 0 ? 0 : (u32)measured.marked;
        s->scroll = row + 3 > high ? row + 3 - high : 0;
    }
    s->scroll = MIN(s->scroll, measured.rows > high ? measured.rows - high : 0);
    a.skip = s->scroll;
    put_config(&a, v->config);
}

// ---- Beside it

static Bytes quoted_text(Screen *s, Bytes text)
{
    Buf out;
    buf_init(&out, &s->arena);
    buf_quoted(&out, text, QUOTE_text);
    return buf_view(&out);
}

static void show_changes(Screen *s, const View *v, Area *a)
{
    put_words(a, v->change_count ? "changed" : "nothing is changed", LOOK_soft);
    for (u32 k = 0; k < v->change_count; k++) {
        const Change *c = &v->changes[k];
        Buf text;
        buf_init(&text, &s->arena);
        buf_bytes(&text, c->name.data, c->name.len);
        buf_byte(&text, ' ');
        buf_bytes(&text, c->before.data, c->before.len);
        begin_line(a, 0);
        put_part(a, buf_view(&text), LOOK_plain);
        put_part(a, bytes_of(" -> "), LOOK_soft);
        put_part(a, c->after, LOOK_new);
        next_row(a);
    }
    if (v->more_changes) put_words(a, "and more", LOOK_soft);
    if (!v->output.len) return;
    begin_line(a, 0);
    put_part(a, bytes_of("prints "), LOOK_soft);
    put_part(a, quoted_text(s, v->output), LOOK_new);
    next_row(a);
}

static void show_locals(const View *v, Area *a)
{
    if (v->local_count) put_words(a, "locals", LOOK_soft);
    for (u32 k = 0; k < v->local_count && a->y < a->end; k++) {
        char number[12];
        snprintf(number, sizeof number, "%u ", k);
        begin_line(a, 0);
        put_part(a, bytes_of(number), LOOK_soft);
        put_part(a, v->locals[k], LOOK_value);
        next_row(a);
    }
}

// Its last lines.
static void show_output(Screen *s, Area *a)
{
    enum { LINES = 8 };
    Bytes all = session_output(s->session);
    if (!all.len || a->y + 2 >= a->end) return;
    const u8 *from = all.data + all.len;
    for (u32 lines = 0; from > all.data; from--)
        if (from[-1] == '\n' && lines++ == LINES) break;
    put_words(a, "printed by now", LOOK_soft);
    for (const u8 *end = all.data + all.len; from < end && a->y < a->end;) {
        const u8 *to = memchr(from, '\n', (size_t)(end - from));
        if (!to) to = end;
        put_line(a, (Bytes){from, (size_t)(to - from)}, LOOK_plain);
        from = to + 1;
    }
}

// ---- All of it

static void show_title(Screen *s, const View *v)
{
    char text[400], name[QUOTED_MOST];
    const Session *at = s->session;
    int len = snprintf(text, sizeof text, " weft step  %.100s  ", s->step->main.file);
    if (v) len += snprintf(text + len, sizeof text - (size_t)len, "step %llu",
                           (unsigned long long)v->number);
    else len += snprintf(text + len, sizeof text - (size_t)len, "ended after %llu steps",
                         (unsigned long long)at->at);
    if (v && v->in_func)
        len += snprintf(text + len, sizeof text - (size_t)len, "  func %u %s", v->func,
                        v->name.len ? quoted(name, v->name) : "");
    if (v && v->place) len += snprintf(text + len, sizeof text - (size_t)len, " 0x%x", v->place);
    if (v) snprintf(text + len, sizeof text - (size_t)len, "  %u call%s", v->depth,
                    v->depth == 1 ? "" : "s");
    terminal_fill(0, 0, terminal_width(), LOOK_title);
    terminal_text(0, 0, terminal_width(), bytes_of(text), LOOK_title, NULL);
}

static void show_rule(const View *v, u32 y)
{
    Area a = {.y = y, .wide = terminal_width(), .end = y + 3};
    begin_line(&a, 0);
    put_part(&a, bytes_of(rule_text[v->rule]), LOOK_rule);
    if (v->condition[0]) {
        put_part(&a, bytes_of("  -- "), LOOK_soft);
        put_part(&a, bytes_of(v->condition), LOOK_soft);
    }
    next_row(&a);
    a.end = y + 3;
    if (v->values.len) put_line(&a, v->values, LOOK_bold);
}

static void show_end(Screen *s, u32 end)
{
    Buf text;
    Area a = {.y = 2, .wide = terminal_width(), .end = end};
    buf_init(&text, &s->arena);
    print_end(&text, s->session);
    put_line(&a, buf_view(&text), LOOK_bold);
    next_row(&a);
    show_output(s, &a);
}

static void show_help(Screen *s, u32 end)
{
    static const char *const rows[] = {
        "right, space, enter, l   the next step",
        "left, backspace, h       the one before",
        "page down, page up       ten steps",
        "home, g; end, G          the first step; the end",
        "n                        the next instruction of the module",
        "o                        over what is called here",
        "u                        out of this call",
        "/                        until a condition holds: rule Step_pure/br_if* && local 0 == 5",
        "\\                        back until one does",
        ". and ,                  the same again, forwards and backwards",
        ":                        a command: go N, step N, back N, over, out, next, until ..., end",
        "a digit                  the number of a step",
        "up, down                 more of the configuration, and of this",
        "Ctrl-C                   stops what runs; else it ends",
        "q                        ends",
        "",
        "Conditions: local N  global N  top N  mem8 A  mem16 A  mem32 A  mem64 A  step  depth",
        "height  null  func NAME  rule NAME  op NAME  offset N, and the operators of C.",
    };
    Area a = {.x = 1, .y = 2, .wide = terminal_width() - 2, .end = end};
    Area measured = {.wide = a.wide};
    for (size_t k = 0; k < COUNT_OF(rows); k++) put_words(&measured, rows[k], LOOK_plain);
    a.skip = s->scroll = MIN(s->scroll, measured.rows - MIN(measured.rows, end - a.y));
    for (size_t k = 0; k < COUNT_OF(rows); k++) put_words(&a, rows[k], LOOK_plain);
}

static void show_foot(Screen *s)
{
    static const char keys[] =
        "right left step  / until  n instr  o over  u out  : command  ? help  q quit";
    u32 y = terminal_height() - 2, wide = terminal_width();
    if (s->prompt) {
        u32 x = terminal_text(0, y, wide, bytes_of(s->prompt), LOOK_bold, NULL);
        x += terminal_text(x, y, wide - x, bytes_of(s->typed), LOOK_plain, NULL);
        terminal_cursor(MIN(x, wide - 1), y);
    } else {
        terminal_text(0, y, wide, bytes_of(s->message), LOOK_new, NULL);
    }
    terminal_fill(0, y + 1, wide, LOOK_title);
    terminal_text(0, y + 1, wide, bytes_of(keys), LOOK_title, NULL);
}

static void show_step(Screen *s, const View *v, u32 end)
{
    u32 wide = terminal_width();
    bool beside = wide >= WIDE;
    u32 below = beside ? 0 : MIN((u32)BELOW, (end - 1) / 3);
    const Area config = {.y = 1, .wide = beside ? wide - SIDE - 3 : wide, .end = end - 4 - below};
    Area side = {.x = beside ? wide - SIDE : 0, .y = beside ? 1 : end - below,
                 .wide = beside ? SIDE : wide, .end = beside ? end - 4 : end};
    show_config(s, v, config);
    for (u32 x = 0; x < wide; x++) terminal_text(x, config.end, 1, bytes_of("─"), LOOK_soft, NULL);
    for (u32 y = 1; beside && y < config.end; y++)
        terminal_text(wide - SIDE - 2, y, 1, bytes_of("│"), LOOK_soft, NULL);
    show_rule(v, config.end + 1);
    show_changes(s, v, &side);
    if (beside) side.y++;
    show_locals(v, &side);
    if (beside) side.y++;
    show_output(s, &side);
}

static void show_small(void)
{
    static const char *const rows[] = {"too small:", "30 x 12", "is the least", "q ends"};
    for (u32 y = 0; y < COUNT_OF(rows); y++)
        terminal_text(0, y, terminal_width(), bytes_of(rows[y]), LOOK_plain, NULL);
}

static void draw(Screen *s)
{
    jmp_buf failed;
    const View *v = session_view(s->session, s->session->cursor);
    u32 end = terminal_height() - 2;
    arena_reset(&s->arena);
    s->arena.on_failure = &failed;
    if (setjmp(failed)) {
        s->failed = ENOMEM;
        return;
    }
    terminal_clear();
    if (terminal_width() < 30 || terminal_height() < 12) {
        show_small();
    } else {
        show_title(s, v);
        if (s->help) show_help(s, end);
        else if (v) show_step(s, v, end);
        else show_end(s, end);
        show_foot(s);
    }
    terminal_show();
}

static void say(Screen *s, const char *text)
{
    snprintf(s->message, sizeof s->message, "%s", text);
}

// ---- Keys

// A goal that is known is no goal of the machine's: it is shown. True: it is one.
static bool wanted(Screen *s, const Goal *goal)
{
    Session *at = s->session;
    s->scrolled = false;
    s->message[0] = 0;
    bool end = at->ended && (goal->kind == GOAL_end ||
                             (goal->kind != GOAL_last && goal->step == at->at + 1));
    if (end) at->cursor = at->at + 1;
    else if (goal->kind == GOAL_step && session_view(at, goal->step)) at->cursor = goal->step;
    else if (goal->kind == GOAL_quit) return true;
    else if (goal->kind != GOAL_end && goal->step <= at->at && !session_goes_back(at))
        say(s, no_way_back);
    else return true;
    return false;
}

static bool takes_command(Screen *s, const char *text, Goal *goal)
{
    const char *why;
    if (command_goal(s->step, text, goal, &why)) {
        if (goal->until) s->condition = goal->until;
        return true;
    }
    say(s, why);
    return false;
}

static void begin_typing(Screen *s, const char *prompt, const char *text)
{
    s->prompt = prompt;
    snprintf(s->typed, sizeof s->typed, "%s", text);
}

static void typed_back(Screen *s)
{
    size_t len = strlen(s->typed);
    if (!len) s->prompt = NULL;
    while (len && ((u8)s->typed[len - 1] & 0xc0) == 0x80) len--;
    if (len) len--;
    s->typed[len] = 0;
}

// True: it was a command, with a goal.
static bool type(Screen *s, u32 key, Goal *goal)
{
    size_t len = strlen(s->typed);
    u8 bytes[4];
    char command[TYPED_MOST + 20];
    if (key == KEY_escape || key == KEY_interrupted) s->prompt = NULL;
    else if (key == KEY_backspace) typed_back(s);
    else if (key < 0x110000 && key >= ' ' && len + 5 < sizeof s->typed) {
        u32 more = utf8_encode(key, bytes);
        memcpy(s->typed + len, bytes, more);
        s->typed[len + more] = 0;
    }
    if (key != KEY_enter) return false;
    snprintf(command, sizeof command, "%s%s", *s->prompt == ':' ? "" : s->prompt, s->typed);
    s->prompt = NULL;
    return s->typed[0] && takes_command(s, command, goal);
}

static bool repeat(Screen *s, bool back, Goal *goal)
{
    u64 now = s->session->cursor;
    if (!s->condition) return say(s, "there is no condition yet"), false;
    if (back && now <= 1) return say(s, "nothing is in front of it"), false;
    *goal = back ? (Goal){.kind = GOAL_last, .step = now, .until = s->condition}
                 : (Goal){.kind = GOAL_until, .step = now + 1, .until = s->condition};
    return true;
}

static void scroll(Screen *s, s32 by)
{
    s->scrolled = true;
    if (by > 0 || s->scroll) s->scroll += (u32)by;
}

// True: there is a goal.
static bool take_key(Screen *s, u32 key, Goal *goal)
{
    const Session *at = s->session;
    const u64 now = at->cursor;
    char digit[2] = {(char)key};
    switch (key) {
    case KEY_right: case ' ': case KEY_enter: case 'l':
        return now <= at->at || !at->ended ? *goal = goal_at(now + 1), true : false;
    case KEY_left: case KEY_backspace: case 'h': return *goal = goal_back(at, 1), true;
    case KEY_page_down: return *goal = goal_at(now + PAGE), true;
    case KEY_page_up: return *goal = goal_back(at, PAGE), true;
    case KEY_home: case 'g': return *goal = goal_at(1), true;
    case KEY_end: case 'G': return takes_command(s, "end", goal);
    case 'n': return takes_command(s, "next", goal);
    case 'o': return takes_command(s, "over", goal);
    case 'u': return takes_command(s, "out", goal);
    case '/': begin_typing(s, "until ", ""); return false;
    case '\\': begin_typing(s, "back until ", ""); return false;
    case ':': begin_typing(s, ":", ""); return false;
    case '.': return repeat(s, false, goal);
    case ',': return repeat(s, true, goal);
    case '?': s->help = true; s->scroll = 0; return false;
    case KEY_down: scroll(s, 1); return false;
    case KEY_up: scroll(s, -1); return false;
    case 'q': case KEY_interrupted: case KEY_gone: case 4: goal->kind = GOAL_quit; return true;
    default:
        if (key >= '0' && key <= '9') begin_typing(s, ":go ", digit);
        return false;
    }
}

static void take_help_key(Screen *s, u32 key)
{
    if (key == KEY_down || key == KEY_up) scroll(s, key == KEY_down ? 1 : -1);
    else if (key != KEY_resized) s->help = s->scrolled = false;
}

static Goal shown(void *env, Session *session)
{
    Screen *s = env;
    Goal goal = {0};
    running = NULL;
    // not before the program is up, so what cannot be is told as ever
    if (!s->begun && !terminal_begin()) s->failed = errno;
    s->begun = !s->failed;
    if (session->not_found) say(s, "there is none in front of this one");
    if (session->ended && session->goal.until) say(s, "it holds nowhere up to the end");
    if (session->ended && session->trap == TRAP_interrupted) say(s, "it was stopped");
    for (bool done = false; !done;) {
        if (!s->failed) draw(s);
        if (s->failed) return (Goal){.kind = GOAL_quit};
        u32 key = terminal_key();
        bool has = false;
        if (s->prompt && key != KEY_gone) has = type(s, key, &goal);
        else if (s->help && key != KEY_gone) take_help_key(s, key);
        else has = take_key(s, key, &goal);
        done = has && wanted(s, &goal);
    }
    if (goal.kind != GOAL_quit && (goal.kind != GOAL_step || goal.step != session->at + 1)) {
        say(s, "it runs; Ctrl-C stops it");
        draw(s);
        s->message[0] = 0;
    }
    running = session;
    return goal;
}

int step_screen(Step *step)
{
    Session *at = &step->session;
    Screen s = {.step = step, .session = at};
    at->shown = shown;
    at->env = &s;
    at->keep = KEPT;
    at->form = (PrintForm)STEP_FORM;
    terminal_interrupts = interrupts;
    arena_init(&s.arena);
    running = at;
    int status = session_run(at, goal_from(step, step->from));
    running = NULL;
    if (s.begun) terminal_end();
    arena_free(&s.arena);
    return s.failed ? cli_error(EXIT_INPUT, "the screen: %s", strerror(s.failed)) : status;
}
