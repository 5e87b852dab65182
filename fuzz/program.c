// program.c -- bytes as choices of tests/gen: what is made is valid, and the same in every mode.
//
// What runs tells libFuzzer which choices are new; `gen` draws them by lot.

#include "fuzz.h"

#include "../tests/gen/check.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Check check = {.engine = engine_new(features_all)};
    GenWhat what = {.features = features_all, .choices = {data, size}};
    Arena arena;
    jmp_buf failed;
    check.engine->limits = fuzz_limits;
    rows_find(features_all);
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
