// sig_test.c -- what is said of a signature is what its name says, letter by letter.

#include "check.h"
#include "op/op.h"

#include <string.h>

static const char *const names[SIG_COUNT] = {
#define SIG(name) [SIG_##name] = #name,
#include "op/sig.def"
};

static u8 type_of(char letter)
{
#define LETTER(name, type)                                                                         \
    if (letter == *#name) return VAL_##type;
#include "op/sig.def"
    return VAL_none;
}

static void test_row(u32 sig)
{
    const SigInfo *info = &sig_info[sig];
    const char *bar = strchr(names[sig], '_'), *results = !strcmp(bar, "_0") ? "" : bar + 1;
    CHECK_EQ_U64((u64)(bar - names[sig]), info->param_count);
    CHECK_EQ_U64(strlen(results), info->result_count);
    for (u32 i = 0; i < info->param_count; i++)
        CHECK_EQ_U64(info->params[i], type_of(names[sig][i]));
    for (u32 i = 0; i < info->result_count; i++)
        CHECK_EQ_U64(info->results[i], type_of(results[i]));
}

int main(void)
{
    for (u32 sig = SIG_any + 1; sig < SIG_COUNT; sig++) test_row(sig);
    return check_report();
}
