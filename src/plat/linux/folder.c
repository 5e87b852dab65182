// folder.c -- by openat and renameat: see plat/folder.h.

#include "plat/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// That nobody else can write to it; what others read there is in their modules too.
static bool is_ours(int fd, mode_t kind)
{
    struct stat st;
    if (fstat(fd, &st) != 0) return false;
    if ((st.st_mode & S_IFMT) == kind && st.st_uid == geteuid() && !(st.st_mode & 022)) return true;
    errno = EPERM;
    return false;
}

// Each folder of the path that is not there.
static int make_path(const char *path)
{
    char part[4096];
    size_t len = strlen(path);
    if (len >= sizeof part) return ENAMETOOLONG;
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i]) continue;
        memcpy(part, path, i);
        part[i] = 0;
        if (mkdir(part, 0700) != 0 && errno != EEXIST) return errno;
    }
    return 0;
}

int folder_open(const char *path, File *folder)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        int err = make_path(path);
        if (err) return err;
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (fd < 0) return errno;
    if (!is_ours(fd, S_IFDIR)) {
        int err = errno;
        close(fd);
        return err;
    }
    *folder = fd;
    return 0;
}

static int open_at(File folder, const char *name, int flags)
{
    int fd;
    do fd = openat(folder, name, flags | O_CLOEXEC, 0600);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int folder_find(File folder, const char *name, File *file)
{
    int fd = open_at(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return errno;
    if (!is_ours(fd, S_IFREG)) {
        int err = errno;
        close(fd);
        return err;
    }
    futimens(fd, NULL); // if not, it goes sooner
    *file = fd;
    return 0;
}

int folder_put(File folder, const char *name, bool (*write)(void *env, File file), void *env)
{
    static atomic_uint next;
    char temporary[64];
    snprintf(temporary, sizeof temporary, "new-%ld-%u", (long)getpid(), atomic_fetch_add(&next, 1));
    int fd = open_at(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (fd < 0) return errno;
    bool good = write(env, fd);
    int err = good ? 0 : EIO;
    if (close(fd) != 0 && !err) err = errno;
    if (!err && renameat(folder, temporary, folder, name) != 0) err = errno;
    if (err) unlinkat(folder, temporary, 0);
    return err;
}

void folder_remove(File folder, const char *name) { unlinkat(folder, name, 0); }

typedef struct {
    char *name;
    u64 size, used;
} Entry;
typedef struct {
    Entry *of;
    size_t count, cap;
    u64 bytes;
} Entries;

static bool add_entry(Entries *e, const char *name, const struct stat *st)
{
    if (e->count == e->cap) {
        size_t cap = e->cap ? e->cap * 2 : 64;
        Entry *of = realloc(e->of, cap * sizeof *of);
        if (!of) return false;
        e->of = of;
        e->cap = cap;
    }
    u64 used = (u64)st->st_mtim.tv_sec * 1000000000u + (u64)st->st_mtim.tv_nsec;
    char *copy = strdup(name);
    if (!copy) return false;
    e->of[e->count++] = (Entry){copy, (u64)st->st_size, used};
    e->bytes += (u64)st->st_size;
    return true;
}

static int by_use(const void *a, const void *b)
{
    u64 x = ((const Entry *)a)->used, y = ((const Entry *)b)->used;
    return x < y ? -1 : x > y;
}

// What cannot be looked at is passed over: somebody else may have removed it.
static int list(File folder, Entries *out)
{
    int fd = open_at(folder, ".", O_RDONLY | O_DIRECTORY);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        int err = errno;
        if (fd >= 0) close(fd);
        return err;
    }
    int err = 0;
    for (struct dirent *d; !err && (d = readdir(dir));) {
        struct stat st;
        if (fstatat(folder, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
            continue;
        if (!add_entry(out, d->d_name, &st)) err = ENOMEM;
    }
    closedir(dir);
    return err;
}

int folder_trim(File folder, u64 most)
{
    Entries all = {0};
    int err = list(folder, &all);
    if (all.count) qsort(all.of, all.count, sizeof *all.of, by_use);
    for (size_t i = 0; i < all.count; i++) {
        if (!err && all.bytes > most && unlinkat(folder, all.of[i].name, 0) == 0)
            all.bytes -= all.of[i].size;
        free(all.of[i].name);
    }
    free(all.of);
    return err;
}
