// command.c -- commands, as --do takes them and the screen does behind ':'.

#include "cli/step/step.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

Goal goal_at(u64 step) { return (Goal){.kind = GOAL_step, .step = MAX(step, (u64)1)}; }

Goal goal_from(const Step *s, u64 step)
{
    if (!s->only) return goal_at(step);
    return (Goal){.kind = GOAL_until, .step = step, .until = s->only};
}

Goal goal_back(const Session *s, u64 steps)
{
    u64 now = s->cursor;
    return goal_at(now > steps ? now - steps : 1);
}

// What stands behind the word; NULL: it is another.
static const char *behind(const char *text, const char *word)
{
    size_t len = strlen(word);
    if (strncmp(text, word, len) || isalnum((u8)text[len])) return NULL;
    text += len;
    while (isspace((u8)*text)) text++;
    return text;
}

// A number, or 1 where there is none.
static bool count_of(const char *text, u64 *out)
{
    char *end;
    *out = 1;
    if (!*text) return true;
    *out = strtoull(text, &end, 10);
    return isdigit((u8)*text) && !*end;
}

const char no_way_back[] = "no memory for all that the host has answered: there is no way back";

static bool until(Step *s, const char *text, Goal *out, const char **why)
{
    size_t at;
    jmp_buf failed;
    *why = "out of memory";
    s->arena.on_failure = &failed;
    if (setjmp(failed)) return false;
    out->until = expr_parse(&s->arena, text, why, &at);
    return out->until != NULL;
}

static bool back(Step *s, const char *rest, Goal *out, const char **why)
{
    const Session *at = &s->session;
    const char *condition = behind(rest, "until");
    u64 now = at->cursor, n = 1;
    if (!condition && !count_of(rest, &n)) return false;
    *why = !session_goes_back(at) ? no_way_back : now <= 1 ? "nothing is in front of it" : *why;
    if (!session_goes_back(at) || now <= 1) return false;
    *out = condition ? (Goal){.kind = GOAL_last, .step = now} : goal_back(at, n);
    return !condition || until(s, condition, out, why);
}

bool command_goal(Step *s, const char *command, Goal *out, const char **why)
{
    const Session *at = &s->session;
    const char *rest;
    u64 now = at->cursor, n;
    const View *view = session_view(at, now);
    u32 depth = view ? view->depth : 0;
    *out = (Goal){.kind = GOAL_until, .step = now + 1};
    *why = "that wants a number";
    if (isdigit((u8)*command)) rest = command;
    else rest = behind(command, "go");
    if (rest) {
        if (!*rest || !count_of(rest, &n)) return false;
        *out = goal_at(n);
        return session_goes_back(at) || n > now || (*why = no_way_back, false);
    }
    if ((rest = behind(command, "step"))) {
        bool good = count_of(rest, &n);
        *out = goal_at(now + MIN(n, UINT64_MAX - now));
        return good;
    }
    if ((rest = behind(command, "until"))) return until(s, rest, out, why);
    if ((rest = behind(command, "back"))) return back(s, rest, out, why);
    *why = "a command is go, step, back, over, out, next, until or end";
    if (!strcmp(command, "over")) out->below = depth + 1;
    else if (!strcmp(command, "out")) out->below = MAX(depth, 1u);
    else if (!strcmp(command, "next")) out->in_code = true;
    else if (!strcmp(command, "end")) out->kind = GOAL_end;
    else return false;
    return true;
}
