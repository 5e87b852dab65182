// componentize.c -- any module, with whatever it says of its world, becomes a component or is
// refused, with a reason; twice it is the same. Its own world is one that it fits into.
// Hazards: R70, R79.

#include "fuzz.h"

#include "component/tool/tool.h"

static bool make(Arena *arena, Bytes module, Buf *out)
{
    Diag diag;
    // as its own adapter, too
    const ToolAdapter adapter = {bytes_of("a"), module};
    bool good = tool_new(arena, module, &adapter, 1, out, &diag);
    MUST(good == (diag.err == ERR_none));
    return good;
}

static bool is_component(Bytes bytes)
{
    Diag diag;
    TypeStore *types = type_store_new();
    Component *c = component_load(bytes.data, bytes.len, features_all, types, NULL, &diag);
    bool is = c != NULL;
    component_free(c);
    type_store_free(types);
    return is;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Arena arenas[2];
    Buf out[2];
    bool good[2];
    for (u32 i = 0; i < 2; i++) {
        arena_init(&arenas[i]);
        buf_init(&out[i], &arenas[i]);
        good[i] = make(&arenas[i], (Bytes){data, size}, &out[i]);
    }
    MUST(good[0] == good[1]);
    if (good[0]) MUST(bytes_same(buf_view(&out[0]), buf_view(&out[1])));
    if (good[0]) is_component(buf_view(&out[0])); // who makes one looks, too
    for (u32 i = 0; i < 2; i++) arena_free(&arenas[i]);
    return 0;
}
