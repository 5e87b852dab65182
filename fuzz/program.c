// program.c -- bytes as choices of tests/gen: valid, and the same in a quarter of the modes.
//
// What runs tells libFuzzer which choices are new; `gen` draws them by lot.

#include "fuzz.h"

#include "../tests/gen/check.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    // the bytes say in which of the modes
    Check check = {.engine = engine_new(features_all), .turns = 4};
    GenWhat what = {.features = features_all, .choices = {data, size}};
    Arena arena;
    jmp_buf failed;
    check.engine->limits = fuzz_limits;
    rows_find(features_all);
    for (size_t i = 0; i < size; i++) what.index = what.index * 31 + data[i];
    arena_init(&arena);
    arena.on_failure = &failed;
    MUST(!setjmp(failed));
    GenMade made = gen_module(&what, &arena);
    check_module(&check, &what, made.bytes, made.tame, &arena);
    MUST(!check.failed);
    arena_free(&arena);
    engine_free(check.engine);
    return 0;
}
