// turns.c -- threads of a script that are not the host's: they take turns, as a seed decides.
//
//     script     (thread $T ...)   (invoke ...)   (wait $T)
//                                  T does some     T does the rest
//
// Only one script is ever within a command: the whole one, or a thread that has a turn, which ends
// before the next begins. So what a command calls is done before it, a turn at a time; the command
// then finds what came of it. What a thread waits for is over before its command is run.

#include "base/random.h"
#include "script/state.h"

// If the command has a call.
static void begin_call(Script *s)
{
    if (s->options->round_trip || !script_calls(s)) return;
    if (s->options->fuel) s->ops->fuel(s->executor, s->options->fuel);
    s->calling = s->ops->begin(s->executor, &s->callee, s->outcome.slots);
    s->called = !s->calling;
    s->outcome.trap = TRAP_out_of_memory; // if so
}

static bool waits_for_own(const Script *s)
{
    for (const ScriptThread *t = s->threads; t; t = t->older)
        if (t->running && t->open && !t->over) return true;
    return false;
}

// A turn: some steps of its call, or what is to be done until the next one.
static ExecutorTurn advance(Script *s, u64 steps)
{
    if (!s->calling) {
        if (!s->held && !command_next(&s->reader, &s->command))
            return waits_for_own(s) ? EXECUTOR_waits : EXECUTOR_over;
        const ScriptThread *other = script_waits_for(s);
        s->held = other && !other->over;
        if (s->held) return EXECUTOR_waits;
        begin_call(s);
    }
    if (s->calling) {
        ExecutorTurn turn = s->ops->turn(s->executor, steps);
        if (turn != EXECUTOR_over) return turn;
        s->outcome.trap = s->ops->end(s->executor, &s->callee, s->outcome.slots);
        s->calling = false;
        s->called = true;
    }
    return script_command(s) ? EXECUTOR_goes_on : EXECUTOR_over;
}

static ExecutorTurn turn_of(ScriptThread *t, u64 steps)
{
    jmp_buf failed;
    ExecutorTurn volatile turn = EXECUTOR_over;
    if (t->over || t->busy) return EXECUTOR_waits;
    t->busy = true;
    t->script.arena.on_failure = &failed;
    if (setjmp(failed)) t->script.short_of_memory = true;
    else turn = advance(&t->script, steps);
    t->busy = false;
    t->over = turn == EXECUTOR_over;
    return turn;
}

// One of the threads, or the script itself, which does `own` then.
static ExecutorTurn take_turn(ScriptThreads *all, Script *own)
{
    u64 steps = random_turn(&all->random);
    u32 count = own != NULL, at;
    for (const ScriptThread *t = all->taking; t; t = t->next_taking) count++;
    at = (u32)(random_next(&all->random) % count);
    ScriptThread *t = all->taking;
    for (u32 k = 0; k < at; k++) t = t ? t->next_taking : NULL;
    for (u32 k = 0; k < count; k++) {
        ExecutorTurn turn = t ? turn_of(t, steps) : own->ops->turn(own->executor, steps);
        if (turn == EXECUTOR_over && !t) return turn;
        if (turn != EXECUTOR_waits) return EXECUTOR_goes_on;
        t = t ? t->next_taking : all->taking;
        if (!t && !own) t = all->taking;
    }
    return EXECUTOR_waits;
}

void turns_begin(Script *s, ScriptThread *t)
{
    t->next_taking = s->all->taking;
    s->all->taking = t;
}

void turns_join(ScriptThread *t)
{
    Script *s = &t->script;
    ScriptThread **at = &s->all->taking;
    while (!t->over)
        if (take_turn(s->all, NULL) == EXECUTOR_waits) s->ops->pass_time(s->executor);
    while (*at != t) at = &(*at)->next_taking;
    *at = t->next_taking;
}

Trap turns_call(Script *s, const ExecutorExport *func, u64 *slots)
{
    if (!s->ops->begin(s->executor, func, slots)) return TRAP_out_of_memory;
    for (ExecutorTurn turn; (turn = take_turn(s->all, s)) != EXECUTOR_over;)
        if (turn == EXECUTOR_waits) s->ops->pass_time(s->executor);
    return s->ops->end(s->executor, func, slots);
}
