// improve.c -- the steps of improve.def, one after the other.

#include "opt/watch.h"

typedef struct {
    const char *name;
    u8 speed, size;
    void (*run)(Graph *g);
} Step;

static const Step steps[] = {
#define STEP(name, speed, size, what) {#name, speed, size, graph_##name},
#include "opt/improve.def"
};

void graph_again(Graph *g)
{
    if (!g->loops_changed) return;
    g->loops_changed = false;
    g->loops_were = true;
    graph_tidy(g);
    graph_renew(g);
    graph_dominators(g);
    graph_remember(g);
    graph_tidy(g);
    graph_renew(g);
    graph_prune(g);
    graph_tidy(g);
    graph_number(g);
}

void graph_improve(Graph *g, OptLevel level)
{
    for (u32 i = 0; i < COUNT_OF(steps); i++) {
        const Step *s = &steps[i];
        if (level.size ? s->size > level.size : s->speed > level.speed) continue;
        s->run(g);
        graph_step(g, s->name);
    }
}
