// rebuilt.c -- a module whose bodies went through the graph of the optimizer. See run.h.

#include "run.h"

#include "binary/decode.h"
#include "binary/encode.h"
#include "opt/body.h"

static Bytes *bodies_of(const Module *m, u32 speed, Arena *arena)
{
    Bytes *bodies = NEW_ARRAY(arena, Bytes, m->func_count);
    enum { LONGER = 1000 };
    OptLevel level = {(u8)speed, 0};
    OptBody made;
    Diag diag;
    for (u32 f = m->imported_funcs; f < m->func_count; f++)
        if (opt_body(m, NULL, f, level, NULL, LONGER, arena, &made, &diag)) bodies[f] = made.code;
    return bodies;
}

bool rebuilt_module(Engine *engine, Bytes bytes, u32 speed, Arena *arena, Bytes *out)
{
    Diag diag;
    Buf buf;
    Module *m;
    TypeStore *types = type_store_new_distinct();
    if (!types) return false;
    diag_init(&diag);
    buf_init(&buf, arena);
    bool good = module_decode(bytes.data, bytes.len, engine->features, types, &m, &diag);
    if (good) {
        const Edit edit = {.bodies = bodies_of(m, speed, arena)};
        good = module_encode(m, &edit, &buf, &diag);
        *out = buf_view(&buf);
        module_free(m);
    }
    type_store_free(types);
    return good;
}
