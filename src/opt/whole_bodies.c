// whole_bodies.c -- `bodies`: each function through the graph of its values, and back.

#include "opt/round.h"

void opt_pass_bodies(OptRound *r)
{
    const Module *m = r->m;
    Bytes *bodies = NEW_ARRAY(r->arena, Bytes, m->func_count + 1);
    for (u32 i = m->imported_funcs; i < m->func_count; i++) {
        Diag why;
        Range old = m->funcs[i].body;
        if (!opt_body(m, i, r->level, r->arena, &bodies[i], &why)) continue;
        if (bodies[i].len == old.end - old.start &&
            !memcmp(bodies[i].data, m->bytes + old.start, bodies[i].len))
            bodies[i] = (Bytes){0};
        else r->found++;
    }
    r->edit.bodies = bodies;
}
