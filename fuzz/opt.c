// opt.c -- of any valid module `weft opt` makes a valid one, the same each time, and not larger;
// what is not valid it refuses. The first byte chooses the level.
// Hazards: R44.

#include "fuzz.h"

#include "binary/decode.h"
#include "opt/opt.h"
#include "valid/valid.h"

static const OptLevel levels[] = {{0, 0}, {1, 0}, {2, 0}, {4, 0}, {2, 1}, {2, 2}};

static bool is_valid(Bytes bytes)
{
    Diag diag;
    Module *m = NULL;
    TypeStore *types = type_store_new();
    diag_init(&diag);
    bool good = module_decode(bytes.data, bytes.len, features_all, types, &m, &diag) &&
                module_validate(m, &diag);
    MUST(good || diag.err != ERR_none);
    module_free(m);
    type_store_free(types);
    return good;
}

// Compact forms of imports are not kept: what has these may become longer.
static bool has_compact(Bytes bytes)
{
    for (size_t i = 0; i + 1 < bytes.len; i++)
        if (!bytes.data[i] && (bytes.data[i + 1] == 0x7e || bytes.data[i + 1] == 0x7f)) return true;
    return false;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Diag diag;
    Arena arena;
    Buf once, twice;
    const OptPlan plan = {.features = features_all,
                          .level = levels[size ? data[0] % COUNT_OF(levels) : 0]};
    Bytes bytes = {data + !!size, size - !!size};
    arena_init(&arena);
    buf_init(&once, &arena);
    buf_init(&twice, &arena);
    if (is_valid(bytes)) {
        MUST(opt_module(bytes, &plan, &once, &diag));
        MUST(opt_module(bytes, &plan, &twice, &diag));
        MUST(bytes_same(buf_view(&once), buf_view(&twice)));
        MUST(once.len <= bytes.len || has_compact(bytes));
        MUST(is_valid(buf_view(&once)));
    } else {
        MUST(!opt_module(bytes, &plan, &once, &diag) && diag.err != ERR_none);
    }
    arena_free(&arena);
    return 0;
}
