// crossing.c -- calls between components that handles are borrowed for: what was lent, and how many
// of them the callee has still. They are numbered, since adapters keep no pointers.

#include "component/run/state.h"

// What was there before is the store's, as of a table of handles.
static bool grow(ComponentRun *run)
{
    u32 cap = run->crossing_cap ? run->crossing_cap * 2 : 4;
    Crossing **list = store_alloc(run->store, cap, sizeof *list);
    if (!list) return false;
    if (run->crossing_count)
        memcpy(list, run->crossings, run->crossing_count * sizeof(Crossing *));
    run->crossings = list;
    run->crossing_cap = cap;
    return true;
}

static Crossing *new_crossing(ComponentRun *run)
{
    if (run->crossing_count == run->crossing_cap && !grow(run)) return NULL;
    Crossing *c = store_alloc(run->store, 1, sizeof *c);
    if (!c) return NULL;
    c->number = run->crossing_count;
    return run->crossings[run->crossing_count++] = c;
}

bool crossing_begin(ComponentRun *run, u32 *number)
{
    Crossing *c = run->idle_crossings ? run->idle_crossings : new_crossing(run);
    if (!c) return false;
    run->idle_crossings = c->next;
    c->next = NULL;
    c->scope.borrows = 0;
    *number = c->number;
    return true;
}

Crossing *crossing_get(const ComponentRun *run, u32 number)
{
    return number < run->crossing_count ? run->crossings[number] : NULL;
}

bool crossing_lends(ComponentRun *run, Crossing *c, u32 instance, u32 index)
{
    Loan *loan = run->idle_loans ? run->idle_loans : store_alloc(run->store, 1, sizeof *loan);
    if (!loan) return false;
    run->idle_loans = loan->next;
    *loan = (Loan){c->loans, &run->states[instance].handles, index};
    c->loans = loan;
    return true;
}

void crossing_end(ComponentRun *run, u32 number)
{
    Crossing *c = run->crossings[number];
    loans_end(c->loans);
    for (Loan *next; c->loans; c->loans = next) {
        next = c->loans->next;
        c->loans->next = run->idle_loans;
        run->idle_loans = c->loans;
    }
    c->next = run->idle_crossings;
    run->idle_crossings = c;
}
