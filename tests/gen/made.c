// made.c -- modules that a mode makes of the one at hand. See run.h.

#include "run.h"

#include "binary/decode.h"
#include "opt/opt.h"

// Of segments only the first item stays, in half of the modules, so that there are functions that
// nobody knows but who calls them.
static void forget_items(const Module *m, Edit *edit, Arena *arena)
{
    const u8 **gone = NEW_ARRAY(arena, const u8 *, m->elem_count);
    for (u32 i = 0; i < m->elem_count; i++) {
        u8 *flags = NEW_ARRAY(arena, u8, m->elems[i].count);
        for (u32 k = 1; k < m->elems[i].count; k++) flags[k] = true;
        gone[i] = flags;
    }
    edit->gone_entries = gone;
}

// Some exports go, so that not all there is can be seen; but not what calls need to end.
static bool coarse(Engine *engine, u64 seed, Bytes *bytes, Arena *arena, Diag *diag)
{
    Module *m = NULL;
    Buf out;
    Edit edit = {0};
    TypeStore *types = type_store_new_distinct();
    buf_init(&out, arena);
    bool good =
        types && module_decode(bytes->data, bytes->len, engine->features, types, &m, diag);
    u8 *gone = NEW_ARRAY(arena, u8, good ? m->export_count : 0);
    for (u32 i = 0; good && i < m->export_count; i++)
        gone[i] = m->exports[i].name.len < 4 && (seed * 7 + i * 5) % 11 < 6;
    edit.gone_exports = gone;
    if (good && seed % 2) forget_items(m, &edit, arena);
    good = good && module_encode(m, &edit, &out, diag);
    *bytes = buf_view(&out);
    module_free(m);
    type_store_free(types);
    return good;
}

static bool opted(Engine *engine, u64 seed, Bytes *bytes, Arena *arena, Diag *diag)
{
    static const OptLevel levels[] = {{2, 0}, {4, 0}, {2, 2}, {1, 0}, {3, 0}, {2, 1}};
    Buf out;
    const OptPlan plan = {.features = engine->features, .level = levels[seed % COUNT_OF(levels)]};
    buf_init(&out, arena);
    bool good = opt_module(*bytes, &plan, &out, diag);
    *bytes = buf_view(&out);
    return good;
}

bool run_made(Engine *engine, const RunMode *mode, u64 seed, Bytes *bytes, Arena *arena,
              Diag *diag)
{
    bool good = true;
    diag_init(diag);
    if (mode->settings & SET_coarse) good = coarse(engine, seed, bytes, arena, diag);
    if (mode->settings & SET_opted) good = good && opted(engine, seed, bytes, arena, diag);
    return good;
}
