// pages.c -- see plat/pages.h.

#include "plat/pages.h"

#include <sys/mman.h>
#include <unistd.h>

size_t pages_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static size_t round_up(size_t size)
{
    size_t page = pages_size();
    return (size + page - 1) & ~(page - 1);
}

static void *map(size_t size, int protection)
{
    if (size > SIZE_MAX / 2) return NULL;
    void *p =
        mmap(NULL, round_up(size), protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

void *pages_reserve(size_t size) { return map(size, PROT_NONE); }

void *pages_map(size_t size) { return map(size, PROT_READ | PROT_WRITE); }

bool pages_commit(void *start, size_t size)
{
    return !size || mprotect(start, round_up(size), PROT_READ | PROT_WRITE) == 0;
}

void pages_prefer_large(void *start, size_t size)
{
    madvise(start, round_up(size), MADV_HUGEPAGE);
}

bool pages_resize(void **start, size_t old_size, size_t new_size)
{
    if (new_size > SIZE_MAX / 2) return false;
    void *p = mremap(*start, round_up(old_size), round_up(new_size), MREMAP_MAYMOVE);
    if (p == MAP_FAILED) return false;
    *start = p;
    return true;
}

void pages_free(void *start, size_t size)
{
    if (start) munmap(start, round_up(size));
}
