// interp.c -- modules that are valid run to their end, and twice they come out the same (see
// world.h). Without threads, since who waits for another waits for ever; fuzz/program.c has atomic
// accesses.

#include "world.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Diag diag;
    Engine *e = engine_new(features_all & ~FEATURE_BIT(FEATURE_threads));
    e->tier = TIER_interp;
    e->limits = fuzz_limits;
    Module *m = engine_load(e, data, size, &diag);
    if (m) {
        MUST(run(e, m, false).hash == run(e, m, false).hash);
    }
    engine_unload(m);
    engine_free(e);
    return 0;
}
