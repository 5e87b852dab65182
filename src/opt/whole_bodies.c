// whole_bodies.c -- `bodies`: each function through the graph of its values, and back.
//
// One may become longer where it becomes faster, as far as the module became shorter elsewhere.

#include "opt/known.h"

void opt_pass_bodies(OptRound *r)
{
    const Module *m = r->m;
    OptKnown *known = r->level.speed || r->level.size ? known_of(r) : NULL;
    Bytes *bodies = NEW_ARRAY(r->arena, Bytes, m->func_count + 1);
    BranchHints all = module_branch_hints(m, r->arena);
    BranchHints *hints = all.count ? NEW_ARRAY(r->arena, BranchHints, m->func_count) : NULL;
    for (u32 k = 0; k < m->func_count; k++) {
        u32 i = known ? known->order[k] : k;
        if (i < m->imported_funcs) continue;
        Diag why;
        OptBody made;
        Range old = m->funcs[i].body;
        u32 size = old.end - old.start, longer = r->grows ? r->room : 0;
        if (!opt_body(m, hints ? &all : NULL, i, r->level, known, longer, r->arena, &made,
                      &why)) {
            watch_note(m, i, "stays: %s", why.detail);
            continue;
        }
        if (bytes_same(made.code, (Bytes){m->bytes + old.start, size})) continue;
        watch_note(m, i, "%u -> %zu bytes", size, made.code.len);
        r->room += size + (known ? known->taken : 0) - (u32)made.code.len;
        bodies[i] = made.code;
        if (hints) hints[i] = made.hints;
        r->found++;
    }
    r->edit.bodies = bodies;
    r->edit.hints = hints;
}
