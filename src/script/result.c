// result.c -- what came of a script, counted. See script.h.

#include "script/script.h"

#include <stdio.h>
#include <string.h>

void script_count_skipped(ScriptResult *r, const char *reason, u32 count)
{
    u32 k = 0;
    r->skipped += count;
    while (k < r->reason_count && strcmp(r->reasons[k].text, reason)) k++;
    if (k == SCRIPT_REASONS) {
        k--;
        snprintf(r->reasons[k].text, sizeof r->reasons[k].text, "other reasons");
    } else if (k == r->reason_count) {
        r->reason_count++;
        snprintf(r->reasons[k].text, sizeof r->reasons[k].text, "%s", reason);
    }
    r->reasons[k].count += count;
}
