// session.h -- a program that is run step by step, forwards and backwards.
//
// Backwards is from the beginning again, up to there: the machine gives the same each time, and
// what the host's functions did is given to it again without asking the host (host_spec.h). So
// nothing of the machine's has to be undone, and what it does costs ten nanoseconds a step.
//
// The machine runs until there is a step to be shown. Who is shown it says what is wanted next.
#pragma once

#include "cli/run_spec.h"
#include "cli/step/expr.h"
#include "cli/step/view.h"

typedef enum {
    GOAL_step,   // that one
    GOAL_until,  // from `step` on the first of which all holds that is asked for
    GOAL_last,   // of those in front of `step` the last; or `step` again
    GOAL_end,    // none: until it ends
    GOAL_quit,
} GoalKind;

typedef struct {
    GoalKind kind;
    u64 step;
    Expr *until;      // or NULL
    u32 below;        // fewer calls than that are going on; 0: any number
    bool in_code;     // the redex stands in the module, and was made by no rule
} Goal;

typedef struct Session Session;

// A step that was done, in s->view; or, with s->ended, the program's end.
typedef Goal SessionShown(void *env, Session *s);

struct Session {
    SpecRun spec;
    SessionShown *shown;
    void *env;
    PrintForm form;
    Expr *mark;       // of which each view says whether it holds; or NULL
    bool whole;       // what comes up is of it too
    u32 keep;         // so many steps in front of one that is gone to are known too

    Goal goal;
    u64 at;           // steps that were done
    u64 cursor;       // the step that is shown; behind the last is the end
    u64 first, known; // from that one to that one their views are known
    View *view;       // the newest
    bool ended, quit, again;
    bool not_found;   // what was to be gone to; the goal was another instead
    bool lost;        // memory was short for a view
    Trap trap;        // how it ended
    int status;       // and its exit status, from then on
    _Atomic bool interrupted; // it is to stop at the next step

    Watch watch;
    const Watch *check; // with --check: who looks whether steps are sound; or NULL
    HostLog log;
    int capture;      // where the program writes
    u8 *output;       // all of it, as far as it is kept
    size_t output_size, output_cap;
    u64 output_lost;
    FORMAL_LIST(size_t) outputs; // behind each answer of the host's, how much there was
    View *views;      // a ring of `keep` and one
    bool taking;      // of the step that is being done there will be a view
    bool late;        // and whether it is marked is not known yet
    ExprAnswer maybe;
    u64 last;         // GOAL_last: the last that was found
};

// Runs it. EXIT_OK, or after printing why not. In s->trap is how it ended, if it did.
int session_run(Session *s, Goal first);
// Of a step that is known; else NULL.
const View *session_view(const Session *s, u64 step);
// What the program has written by now.
Bytes session_output(const Session *s);
// False: too much was asked of the host for that.
bool session_goes_back(const Session *s);
// Where the program is to write; -1: there is no room.
int session_capture(Session *s);
void session_free(Session *s);
