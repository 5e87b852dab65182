// image.c -- see plat/image.h.

#include "plat/image.h"

#include "plat/pages.h"
#include "plat/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

// ---- Images

static bool is_zero(const u8 *bytes, u64 size)
{
    return !size || (!bytes[0] && !memcmp(bytes, bytes + 1, (size_t)size - 1));
}

// Pages that are not zero, as runs. Returns how many; writes them unless `runs` is NULL.
static u32 find_runs(const u8 *bytes, u64 size, ImageRun *runs)
{
    u64 page = pages_size(), end = 0;
    u32 count = 0;
    for (u64 at = 0; at < size; at += page) {
        if (is_zero(bytes + at, MIN(page, size - at))) continue;
        bool follows = count && at == end;
        end = at + page;
        if (!follows) count++;
        if (runs && !follows) runs[count - 1].start = at;
        if (runs) runs[count - 1].size = end - runs[count - 1].start;
    }
    return count;
}

static int write_all(int file, const u8 *bytes, u64 size, u64 at)
{
    while (size) {
        ssize_t n = pwrite(file, bytes, (size_t)size, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n < 0 ? errno : ENOSPC;
        bytes += n;
        size -= (u64)n;
        at += (u64)n;
    }
    return 0;
}

// The last page may have bytes behind `size`, which are none of the memory's: zeros.
static int fill(const Image *image, const u8 *bytes, u64 size)
{
    if (!process_file_allows(image->size)) return EFBIG;
    while (ftruncate(image->file, (off_t)image->size))
        if (errno != EINTR) return errno;
    for (u32 i = 0; i < image->run_count; i++) {
        u64 start = image->runs[i].start, end = MIN(start + image->runs[i].size, size);
        int err = write_all(image->file, bytes + start, end - start, start);
        if (err) return err;
    }
    int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    return fcntl(image->file, F_ADD_SEALS, seals) ? errno : 0;
}

int image_new(Image *image, const u8 *bytes, u64 size)
{
    u32 count = find_runs(bytes, size, NULL);
    *image = (Image){.file = -1};
    if (!count) return 0;
    image->runs = calloc(count, sizeof *image->runs);
    if (!image->runs) return ENOMEM;
    image->run_count = find_runs(bytes, size, image->runs);
    image->size = image->runs[count - 1].start + image->runs[count - 1].size;
    image->file = memfd_create("weft-image", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    int err = image->file < 0 ? errno : fill(image, bytes, size);
    void *view = err ? MAP_FAILED : mmap(NULL, (size_t)image->size, PROT_READ, MAP_PRIVATE,
                                         image->file, 0);
    if (!err && view == MAP_FAILED) err = errno;
    if (!err) image->view = view;
    else image_free(image);
    return err;
}

void image_free(Image *image)
{
    if (image->view) munmap((void *)image->view, (size_t)image->size);
    if (image->file >= 0) close(image->file);
    free(image->runs);
    *image = (Image){.file = -1};
}

bool image_map(const Image *image, void *at)
{
    if (!image->size) return true;
    return mmap(at, (size_t)image->size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, image->file, 0) != MAP_FAILED;
}

void image_copy(const Image *image, u8 *to)
{
    for (u32 i = 0; i < image->run_count; i++) {
        const ImageRun *run = &image->runs[i];
        memcpy(to + run->start, image->view + run->start, (size_t)run->size);
    }
}

// ---- Files that grow into images

int image_file_new(u64 room, int *file)
{
    if (!process_file_allows(room) || room > INT64_MAX) return EFBIG;
    *file = memfd_create("weft-memory", MFD_CLOEXEC);
    if (*file < 0) return errno;
    while (ftruncate(*file, (off_t)room)) {
        int err = errno;
        if (err == EINTR) continue;
        close(*file);
        return err;
    }
    return 0;
}

void image_file_close(int file) { close(file); }

int image_file_write(int file, const u8 *bytes, u64 size)
{
    u64 page = pages_size();
    for (u64 at = 0, end; at < size; at = end) {
        end = MIN(at + page, size);
        if (is_zero(bytes + at, end - at)) continue;
        while (end < size && !is_zero(bytes + end, MIN(page, size - end)))
            end = MIN(end + page, size);
        int err = write_all(file, bytes + at, end - at, at);
        if (err) return err;
    }
    return 0;
}

int image_file_map(int file, u64 offset, u8 *at, u64 size, bool own)
{
    int how = MAP_FIXED | MAP_NORESERVE | (own ? MAP_PRIVATE : MAP_SHARED);
    if (size > SIZE_MOST || offset > INT64_MAX) return EOVERFLOW;
    if (!size) return 0;
    void *p = mmap(at, (size_t)size, PROT_READ | PROT_WRITE, how, file, (off_t)offset);
    return p == MAP_FAILED ? errno : 0;
}

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

// The range stays mapped to the same, with none of its pages (since Linux 5.13 for any mapping), so
// that nobody else takes it in between.
void *image_set_aside(u8 *at, u64 size)
{
    if (size > SIZE_MOST) return NULL;
    void *to = mremap(at, (size_t)size, (size_t)size, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
    return to == MAP_FAILED ? NULL : to;
}

void image_free_aside(void *aside, u64 size)
{
    if (aside) munmap(aside, (size_t)size);
}

bool image_file_discard(int file, u64 at, u64 size)
{
    return !fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)size);
}

// ---- Pages that were written to: PAGEMAP_SCAN, of which headers may not know yet

typedef struct {
    u64 size, flags, start, end, walk_end, vec, vec_len, max_pages;
    u64 inverted, mask, any_of, returned;
} Scan;
typedef struct { u64 start, end, categories; } Region;
enum { SCAN_FILE = 1 << 2, SCAN_PRESENT = 1 << 3, SCAN_SWAPPED = 1 << 4, SCAN_ZERO = 1 << 5 };
#define SCAN _IOWR('f', 16, Scan)

// What was opened before a fork tells of the parent's pages.
static int watch_file(ImageWatch *w)
{
    u32 process;
    if (__atomic_load_n(&w->plain, __ATOMIC_RELAXED) || process_number(&process)) return -1;
    if (LIKELY(__atomic_load_n(&w->process, __ATOMIC_ACQUIRE) == process)) return w->file;
    pthread_mutex_lock(&w->lock);
    if (w->process != process) {
        if (w->file >= 0) close(w->file);
        w->file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
        __atomic_store_n(&w->process, process, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&w->lock);
    return w->file;
}

void image_watch_begin(ImageWatch *w, bool plain)
{
    *w = (ImageWatch){.file = -1, .plain = plain};
    pthread_mutex_init(&w->lock, NULL);
}

void image_watch_end(ImageWatch *w)
{
    if (w->file >= 0) close(w->file);
    pthread_mutex_destroy(&w->lock);
}

static bool drop(u8 *start, u8 *end) { return pages_discard(start, (u64)(end - start)); }

// What the image has there, zeros behind its end.
static void write_back(const Image *image, u8 *place, u64 at, u64 size)
{
    u64 own = at < image->size ? MIN(size, image->size - at) : 0;
    if (own) memcpy(place + at, image->view + at, (size_t)own);
    memset(place + at + own, 0, (size_t)(size - own));
}

enum { REGIONS = 32 };

// The next pages from *at on that are the place's own, and goes on behind what was looked at. How
// many runs there are; negative: it cannot be known.
static int scan(ImageWatch *w, u64 *at, u64 end, Region regions[REGIONS])
{
    Scan scan = {.size = sizeof scan, .start = *at, .end = end,
                 .vec = (u64)(uintptr_t)regions, .vec_len = REGIONS,
                 .inverted = SCAN_FILE | SCAN_ZERO, .mask = SCAN_FILE | SCAN_ZERO,
                 .any_of = SCAN_PRESENT | SCAN_SWAPPED, .returned = SCAN_PRESENT};
    int file = watch_file(w), found = file < 0 ? -1 : ioctl(file, SCAN, &scan);
    if (file >= 0 && found < 0) __atomic_store_n(&w->plain, true, __ATOMIC_RELAXED);
    if (found >= 0 && scan.walk_end <= *at) return -1;
    if (found >= 0) *at = scan.walk_end;
    return found;
}

bool image_each_own(ImageWatch *w, u8 *place, u64 size,
                    bool (*visit)(void *env, u64 at, u64 size), void *env)
{
    Region regions[REGIONS];
    u64 from = (u64)(uintptr_t)place, end = from + size;
    for (u64 at = from; at < end;) {
        int found = scan(w, &at, end, regions);
        for (int i = 0; i < found; i++)
            if (!visit(env, regions[i].start - from, regions[i].end - regions[i].start))
                return false;
        if (found < 0) return false;
    }
    return true;
}

bool image_restore(const Image *image, ImageWatch *w, u8 *place, u64 room, u64 keep)
{
    Region regions[REGIONS];
    u64 from = (u64)(uintptr_t)place, end = from + room;
    for (u64 at = from; at < end;) {
        int found = scan(w, &at, end, regions);
        if (found < 0) break;
        for (int i = 0; i < found; i++) {
            u64 size = regions[i].end - regions[i].start, kept = MIN(size, keep);
            write_back(image, place, regions[i].start - from, kept);
            keep -= kept;
            // The rest is dropped in one step, with all that is behind it.
            if (kept < size) return drop(place + (regions[i].start + kept - from), place + room);
        }
        if (at >= end) return true;
    }
    return drop(place, place + room);
}
