// pages.c -- see plat/pages.h.

#include "plat/pages.h"

#include "plat/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

size_t pages_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

// The kernel puts random bytes where the first stack begins, at the upper end.
u64 pages_addresses(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit)) return 0;
    return MIN((u64)getauxval(AT_RANDOM), (u64)limit.rlim_cur);
}

static size_t round_up(size_t size)
{
    size_t page = pages_size();
    return (size + page - 1) & ~(page - 1);
}

// The bytes of whole pages, or false where there are no addresses for so many.
static bool whole(u64 size, size_t *bytes)
{
    if (!size_fits(size, 1, bytes)) return false;
    *bytes = round_up(*bytes);
    return true;
}

static void *map(u64 size, int protection)
{
    size_t bytes;
    if (!whole(size, &bytes)) return NULL;
    void *p = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

void *pages_reserve(u64 size) { return map(size, PROT_NONE); }

void *pages_map(u64 size) { return map(size, PROT_READ | PROT_WRITE); }

// vm.overcommit_memory is 2.
bool pages_promised(void)
{
    static _Atomic int known; // 1: no, 2: yes
    if (!known) {
        char mode = 0;
        int fd = open("/proc/sys/vm/overcommit_memory", O_RDONLY | O_CLOEXEC);
        bool yes = fd >= 0 && read(fd, &mode, 1) == 1 && mode == '2';
        if (fd >= 0) close(fd);
        known = yes ? 2 : 1;
    }
    return known == 2;
}

void *pages_map_sparse(u64 size, u64 *writable)
{
    void *p = pages_promised() ? NULL : pages_map(size);
    *writable = p ? size : 0;
    return p ? p : map(size, PROT_READ); // also where a limit is in the way
}

bool pages_commit(void *start, u64 size)
{
    size_t bytes;
    if (!whole(size, &bytes)) return false;
    return !bytes || mprotect(start, bytes, PROT_READ | PROT_WRITE) == 0;
}

bool pages_withdraw(void *start, u64 size)
{
    size_t bytes;
    return whole(size, &bytes) && mprotect(start, bytes, PROT_NONE) == 0;
}

void pages_prefer_large(void *start, size_t size)
{
    madvise(start, round_up(size), MADV_HUGEPAGE);
}

bool pages_resize(void **start, u64 old_size, u64 new_size)
{
    size_t before, after;
    if (!whole(old_size, &before) || !whole(new_size, &after)) return false;
    void *p = mremap(*start, before, after, MREMAP_MAYMOVE);
    if (p == MAP_FAILED) return false;
    *start = p;
    return true;
}

bool pages_discard(void *start, u64 size)
{
    size_t bytes;
    return whole(size, &bytes) && (!bytes || madvise(start, bytes, MADV_DONTNEED) == 0);
}

bool pages_remove(void *start, u64 size)
{
    size_t bytes;
    return whole(size, &bytes) && (!bytes || madvise(start, bytes, MADV_REMOVE) == 0);
}

static int put(void *start, u64 size, int protection, int flags, int file, u64 offset)
{
    size_t bytes;
    if (!whole(size, &bytes) || offset > INT64_MAX) return EOVERFLOW;
    void *p = mmap(start, bytes, protection, flags | MAP_FIXED, file, (off_t)offset);
    return p == MAP_FAILED ? errno : 0;
}

int pages_put_zeros(void *start, u64 size)
{
    return put(start, size, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

int pages_put_file(void *start, u64 size, int file, u64 offset, PagesKind kind)
{
    return put(start, size, kind == PAGES_sealed ? PROT_READ : PROT_READ | PROT_WRITE,
               kind == PAGES_private ? MAP_PRIVATE | MAP_NORESERVE : MAP_SHARED, file, offset);
}

static int fill_file(int file, u64 size, void **start)
{
    size_t bytes;
    if (!whole(size, &bytes)) return EOVERFLOW;
    if (!process_file_allows(bytes)) return EFBIG;
    while (ftruncate(file, (off_t)bytes))
        if (errno != EINTR) return errno;
    if (fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) return errno;
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
    if (p == MAP_FAILED) return errno;
    *start = p;
    return 0;
}

// Where standard input or output is closed, it does not become that: see plat/process.h.
int pages_new_file(u64 size, int *file, void **start)
{
    int low = memfd_create("weft-buffer", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (low < 0) return errno;
    *file = fcntl(low, F_DUPFD_CLOEXEC, 3);
    int err = *file < 0 ? errno : fill_file(*file, size, start);
    close(low);
    if (err && *file >= 0) close(*file);
    return err;
}

void pages_free_file(u64 size, int file, void *start)
{
    pages_free(start, size);
    close(file);
}

void pages_free(void *start, u64 size)
{
    size_t bytes;
    if (start && whole(size, &bytes)) munmap(start, bytes);
}

// Marks in page tables, since Linux 6.13.
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

bool pages_guard(void *start, u64 size, bool plainly)
{
    size_t bytes;
    if (!whole(size, &bytes)) return false;
    return (!plainly && madvise(start, bytes, MADV_GUARD_INSTALL) == 0) ||
           mprotect(start, bytes, PROT_NONE) == 0;
}

#ifndef MADV_POPULATE_WRITE // headers before 5.14
#define MADV_POPULATE_WRITE 23
#endif

void pages_expect(void *start, u64 size)
{
    enum { WORTH = 16 };
    size_t page = pages_size();
    if (size > SIZE_MOST) return;
    uintptr_t at = ((uintptr_t)start + page - 1) & ~(uintptr_t)(page - 1);
    uintptr_t end = ((uintptr_t)start + (size_t)size) & ~(uintptr_t)(page - 1);
    if (end > at && (end - at) / page >= WORTH)
        madvise((void *)at, (size_t)(end - at), MADV_POPULATE_WRITE);
}

void pages_prefer_small(void *start, u64 size)
{
    size_t bytes;
    if (whole(size, &bytes)) madvise(start, bytes, MADV_NOHUGEPAGE);
}
