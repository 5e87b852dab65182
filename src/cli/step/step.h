// step.h -- `weft step`: what it is told, and the ways in which it shows steps.
#pragma once

#include "cli/json.h"
#include "cli/step/session.h"

typedef struct {
    Session session;
    Run run;
    Unit main;
    Arena arena;         // of conditions
    u64 from, steps;     // steps: how many are shown; 0: all
    Expr *until, *only;
    const char *commands; // what is left of --do, or NULL
    bool json, lines;
    const char *html;    // where the page is written, or NULL
    int nothing;         // what the program reads on the screen, or -1
    u64 shown;           // how many were
    int failed;          // an exit status, or 0
} Step;

// Of a configuration the 16 innermost contexts, of each 12 values and 8 instructions.
#define STEP_FORM {16, 12, 8, true, MARK_OPEN, MARK_CLOSE}

// Each shows what is wanted and returns the exit status.
int step_lines(Step *s);
int step_html(Step *s);
int step_screen(Step *s);

// Of a step and of the end, for programs: the same object in --json and in pages.
void json_view(Json *j, const View *r);
void json_end(Json *j, Step *s);
// In words: "returned (i32.const 3)"
void print_end(Buf *out, const Session *s);
// Text without the marks of the redex, which stood at these bytes of it; both 0: there were none.
Bytes unmarked(Arena *arena, Bytes text, size_t *from, size_t *to);

// What one command of --do, or behind ':', wants, from the step that is shown on. False: *why is
// what is wrong. spec: cli.def, step
bool command_goal(Step *s, const char *command, Goal *out, const char **why);
extern const char no_way_back[];
Goal goal_at(u64 step);
Goal goal_from(const Step *s, u64 step); // that, or the next that is to be shown
Goal goal_back(const Session *s, u64 steps);
