// componentize.c -- any module, with whatever it says of its world, becomes a component or is
// refused, with a reason, alone and as libraries; twice it is the same.
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

// As several libraries, each of which needs what it says, and dlopen finds; what none of them has
// traps.
static bool link_it(Arena *arena, Bytes module, Buf *out)
{
    enum { MOST = 4 };
    ToolLibrary list[MOST + 1] = {{bytes_of("fuzz"), module, true}};
    ToolLink how = {.libraries = list, .library_count = 1, .stubs = true, .libdl = true};
    Bytes *needed;
    u32 count;
    Diag diag;
    jmp_buf failed, *outer = arena->on_failure;
    arena->on_failure = &failed;
    if (!setjmp(failed) && tool_needed(arena, module, &needed, &count, &diag))
        for (u32 i = 0; i < MIN(count, (u32)MOST); i++)
            list[how.library_count++] = (ToolLibrary){needed[i], module, i % 2};
    arena->on_failure = outer;
    bool good = tool_link(arena, &how, out, &diag);
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

typedef bool Maker(Arena *arena, Bytes module, Buf *out);

static void twice(Maker *make, const u8 *data, size_t size)
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
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    twice(make, data, size);
    twice(link_it, data, size);
    return 0;
}
