// graph.c -- weft inspect --graph: what a function's graph is behind each step of the compiler that
// looks at all of it.
//
//     func 3 "walk"
//
//     == build                   from the body
//       floating                 what stands in no block, and is needed
//         %1 = i32 arg 0
//       block 0 ...
//     == tidy
//     - 2 phis, reads ...        what the step said of it
//     + block 1 ...              lines that were not there before the step
//     == renew: as before
//
// The function is compiled once more, as `weft opt --only bodies` or --tier=opt do, and somebody
// watches (opt/watch.h).

#include "cli/graph.h"

#include "cli/cli.h"
#include "cli/funcs.h"
#include "opt/watch.h"

#include <stdlib.h>
#include <string.h>

enum { PICTURE_LINES = 20000 }; // of one step: more is not looked at in a picture

typedef struct {
    const GraphView *view;
    u32 func;
    Arena *arena;
    Arena held[2];       // for text: of the step at hand, and of the one before
    Arena noted;
    u32 at;
    Bytes before;        // the graph then
    bool begun;
    Buf notes;
    u32 step_count, step_cap; PictureStep *steps;
    bool failed, large;  // memory was short; too large for a picture
} Graphs;

bool next_line(Bytes *text, Bytes *line)
{
    if (!text->len) return false;
    const u8 *end = memchr(text->data, '\n', text->len);
    size_t len = end ? (size_t)(end - text->data) : text->len, past = len + (end != NULL);
    *line = (Bytes){text->data, len};
    *text = (Bytes){text->data + past, text->len - past};
    return true;
}

static Map *lines_of(Bytes text, Arena *arena)
{
    Map *lines = NEW(arena, Map);
    Bytes line;
    map_init(lines, arena);
    while (next_line(&text, &line)) map_add(lines, line.data, line.len, 0);
    return lines;
}

// ---- As text

static void show_notes(Bytes notes)
{
    Bytes line;
    while (next_line(&notes, &line)) printf("- %.*s\n", (int)line.len, (const char *)line.data);
}

static void show_step(Graphs *s, const char *name, Bytes text)
{
    Map *before = s->begun ? lines_of(s->before, &s->held[s->at]) : NULL;
    bool same = s->begun && bytes_same(text, s->before);
    Bytes line;
    printf("\n== %s%s\n", name, same ? ": as before" : "");
    show_notes(buf_view(&s->notes));
    while (!same && next_line(&text, &line)) {
        bool fresh = before && !map_get(before, line.data, line.len);
        printf("%c %.*s\n", fresh ? '+' : ' ', (int)line.len, (const char *)line.data);
    }
}

// ---- As a picture

static u32 line_count(Bytes text)
{
    u32 count = 0;
    for (size_t i = 0; i < text.len; i++) count += text.data[i] == '\n';
    return count;
}

static PictureBlock *take_blocks(Graphs *s, const Graph *g)
{
    PictureBlock *blocks = NEW_ARRAY(s->arena, PictureBlock, g->block_count);
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        u32 *to = NEW_ARRAY(s->arena, u32, b->edge_count);
        Buf text;
        buf_init(&text, s->arena);
        graph_print_block(g, &text, id);
        for (u32 i = 0; i < b->edge_count; i++) to[i] = block_edge(g, b, i)->to;
        blocks[id] = (PictureBlock){buf_view(&text), b->edge_count, to, b->go == GO_if};
    }
    return blocks;
}

static void take_step(Graphs *s, const Graph *g, const char *name, Bytes text)
{
    Bytes notes = buf_view(&s->notes);
    PictureStep step = {.name = name, .same = s->begun && bytes_same(text, s->before),
                        .notes = {arena_copy(s->arena, notes.data, notes.len), notes.len}};
    s->large = s->large || line_count(text) > PICTURE_LINES;
    if (s->large) return;
    if (!step.same) {
        Buf floating;
        buf_init(&floating, s->arena);
        graph_print_floating(g, &floating);
        step.floating = buf_view(&floating);
        step.block_count = g->block_count;
        step.blocks = take_blocks(s, g);
        step.before = s->begun ? lines_of(s->before, s->arena) : NULL;
    }
    ARENA_PUSH(s->arena, s->steps, s->step_count, s->step_cap) = step;
}

// ---- Somebody watches

// What fails here is not to leave through who makes the graph. Nothing that was set before the jump
// is read after it.
static void take_graph(void *env, const Graph *g, const char *name)
{
    Graphs *s = env;
    jmp_buf failed;
    if (s->failed) return;
    Arena *own = s->view->picture ? s->arena : &s->held[s->at = !s->at];
    if (!s->view->picture) arena_reset(own);
    s->arena->on_failure = own->on_failure = &failed;
    if (setjmp(failed)) {
        s->failed = true;
        return;
    }
    Buf text;
    buf_init(&text, own);
    graph_print(g, &text);
    if (s->view->picture) take_step(s, g, name, buf_view(&text));
    else show_step(s, name, buf_view(&text));
    s->before = buf_view(&text);
    s->begun = true;
    s->notes.len = 0;
}

static void take_note(void *env, const Module *m, u32 func, const char *text)
{
    Graphs *s = env;
    jmp_buf failed;
    if (s->failed || func != s->func) return;
    s->noted.on_failure = &failed;
    if (setjmp(failed)) {
        s->failed = true;
        return;
    }
    buf_bytes(&s->notes, text, strlen(text));
    buf_byte(&s->notes, '\n');
}

// ---- The command

typedef struct { bool made; u32 size; Diag why; } End;

static void make_body(Graphs *s, const Module *m, End *end)
{
    OptBody body;
    jmp_buf failed;
    Arena arena;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (!setjmp(failed)) {
        BranchHints hints = module_branch_hints(m, &arena);
        // as if the module had got shorter elsewhere
        end->made = opt_body(m, &hints, s->func, s->view->level, NULL, UINT32_MAX, &arena,
                             &body, &end->why);
        end->size = end->made ? (u32)body.code.len : 0;
    } else {
        s->failed = true;
    }
    arena_free(&arena);
}

static void show_end(Graphs *s, const Module *m, const End *end)
{
    Range body = m->funcs[s->func].body;
    if (s->view->picture) return;
    if (s->notes.len) putchar('\n');
    show_notes(buf_view(&s->notes));
    if (s->view->machine) return;
    if (end->made) printf("\n%u -> %u bytes\n", body.end - body.start, end->size);
    else printf("\nthe old body stays: %s\n", end->why.detail);
}

// False after printing why not.
static bool draw(Graphs *s)
{
    OutputFile out;
    jmp_buf failed;
    if (s->large)
        return cli_error(0, "its graph has more than %d lines, which is too large for a picture",
                         PICTURE_LINES) != 0;
    if (!output_begin(&out, s->view->picture)) return false;
    s->arena->on_failure = &failed;
    bool good = !setjmp(failed);
    if (good) graph_svg(out.file, s->arena, s->steps, s->step_count);
    else s->failed = true;
    return output_end(&out, good) && good;
}

static void show_head(const Module *m, u32 func)
{
    Bytes name = module_func_name(m, func);
    printf("func %u", func);
    if (name.len) {
        fputs(" \"", stdout);
        print_tame(stdout, name);
        putchar('"');
    }
    putchar('\n');
}

static int follow(Graphs *s, Module *m)
{
    const Watch watch = {s, take_note, take_graph};
    End end = {0};
    if (!s->view->picture) show_head(m, s->func);
    m->watch = &watch;
    if (s->view->machine) s->failed |= !native_try(m, &s->view->how, s->func);
    else make_body(s, m, &end);
    m->watch = NULL;
    show_end(s, m, &end);
    bool good = !s->failed && (!s->view->picture || draw(s));
    if (s->failed) return cli_error(EXIT_INPUT, "out of memory");
    return good ? EXIT_OK : EXIT_INPUT;
}

int print_graphs(Module *m, const GraphView *view)
{
    u32 func = native_func(m, view->how.func);
    if (func == DIAG_NO_FUNC) return EXIT_INPUT;
    if (view->machine && !NATIVE) return cli_error(EXIT_INPUT, "this build has no compiler");
    Arena arena;
    arena_init(&arena);
    Graphs s = {.view = view, .func = func, .arena = &arena};
    arena_init(&s.held[0]);
    arena_init(&s.held[1]);
    arena_init(&s.noted);
    buf_init(&s.notes, &s.noted);
    int status = follow(&s, m);
    arena_free(&s.held[0]);
    arena_free(&s.held[1]);
    arena_free(&s.noted);
    arena_free(&arena);
    return status;
}
