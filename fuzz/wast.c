// wast.c -- any script runs to its end, bounded by fuel, and is accounted for.
// Hazards: R44.

#include "fuzz.h"

#include "script/script.h"

static void failed(void *env, u32 line, u32 column, const char *command, const char *why)
{
    MUST(line >= 1 && column >= 1 && strlen(command) < 64 && strlen(why) < 1000);
}

static void worded(void *env, u32 line, u32 column, const char *expected, const char *got)
{
    MUST(line >= 1 && column >= 1 && expected && got);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    ScriptOptions options = {
        .features = features_all, .keep_going = true, .limits = &fuzz_limits, .fuel = 20000};
    ScriptReport report = {.failed = failed, .worded = worded};
    ScriptResult result;
    MUST(script_run((const char *)data, size, &options, &report, &result));
    MUST(result.passed + result.failed + result.skipped > 0);
    return 0;
}
