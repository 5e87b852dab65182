// whole_bodies.c -- `bodies`: each function through the graph of its values, and back.
//
// One may become longer where it becomes faster, by half of what the module became shorter by
// elsewhere, and by a 64th of it, or a kilobyte, at most.

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
        u32 size = old.end - old.start, longer = 0;
        if (r->grows && r->room > 0) longer = (u32)MIN(r->room / 2, (s64)r->most);
        if (!opt_body(m, hints ? &all : NULL, i, r->level, known, longer, r->arena, &made,
                      &why)) {
            watch_note(m, i, "stays: %s", why.detail);
            continue;
        }
        if (bytes_same(made.code, (Bytes){m->bytes + old.start, size})) continue;
        watch_note(m, i, "%u -> %zu bytes", size, made.code.len);
        s64 grown = (s64)made.code.len - size - (known ? known->taken : 0);
        r->room -= grown;
        if (grown > 0) r->most -= (u32)grown;
        bodies[i] = made.code;
        if (hints) hints[i] = made.hints;
        r->found++;
    }
    r->edit.bodies = bodies;
    r->edit.hints = hints;
}
