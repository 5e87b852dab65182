// spare.c -- see spare.h.

#include "run/spare.h"

#include "plat/pages.h"
#include "plat/thread.h"

_Thread_local Spares spares;

void spare_drop(void)
{
    for (u32 i = 0; i < SPARE_COUNT; i++) {
        pages_free(spares.kept[i].start, spares.kept[i].size);
        spares.kept[i].start = NULL;
    }
}

void *spare_make(SpareKind kind, size_t *size) { return pages_map(*size); }

void spare_keep(SpareKind kind, void *start, size_t size)
{
    if (!start) return;
    static _Thread_local ThreadEnding ending = {.work = spare_drop};
    if (!spares.ends_with_thread) spares.ends_with_thread = thread_at_end(&ending);
    if (spares.kept[kind].start || !spares.ends_with_thread) {
        pages_free(start, size);
        return;
    }
    spares.kept[kind].start = start;
    spares.kept[kind].size = size;
}
