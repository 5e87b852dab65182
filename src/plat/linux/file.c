// file.c -- open files by the calls of Linux.

#include "plat/linux/stat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

_Static_assert(sizeof(FileSpan) == sizeof(struct iovec) &&
                   offsetof(FileSpan, data) == offsetof(struct iovec, iov_base) &&
                   offsetof(FileSpan, len) == offsetof(struct iovec, iov_len),
               "spans are handed to the kernel as they are");

enum { PROCFS_MAGIC = 0x9fa0 };

// Offsets and times are 64 bits wide on every machine: the Makefile asks for it.
_Static_assert(sizeof(off_t) == 8 && sizeof(time_t) == 8, "large files and times");

static int result_of(long answer) { return answer < 0 ? errno : 0; }

// -- opening and closing --

int file_open_directory(const char *path, File *file)
{
    *file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return result_of(*file);
}

int file_open(const char *path, File *file)
{
    *file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); // nobody waits for a pipe's other end
    return result_of(*file);
}

int file_duplicate(File file, File *copy)
{
    *copy = fcntl(file, F_DUPFD_CLOEXEC, 3);
    return result_of(*copy);
}

void file_close(File file)
{
    if (file >= 0) close(file); // EINTR too means closed
}

// -- what is known of a file --

static u64 time_of(struct timespec t)
{
    if (t.tv_sec < 0) return 0;
    if ((u64)t.tv_sec >= UINT64_MAX / 1000000000u) return UINT64_MAX;
    return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

FileKind file_kind_of_mode(u32 mode)
{
    switch (mode & S_IFMT) {
    case S_IFBLK: return FILE_block;
    case S_IFCHR: return FILE_character;
    case S_IFDIR: return FILE_directory;
    case S_IFREG: return FILE_regular;
    case S_IFLNK: return FILE_symlink;
    case S_IFSOCK: return FILE_stream;
    default: return FILE_unknown;
    }
}

void file_stat_of(const struct stat *st, FileStat *stat)
{
    *stat = (FileStat){
        .dev = st->st_dev,
        .ino = st->st_ino,
        .nlink = st->st_nlink,
        .size = (u64)st->st_size,
        .atime = time_of(st->st_atim),
        .mtime = time_of(st->st_mtim),
        .ctime = time_of(st->st_ctim),
        .kind = file_kind_of_mode(st->st_mode),
    };
}

int file_stat(File file, FileStat *stat)
{
    struct stat st;
    if (fstat(file, &st)) return errno;
    file_stat_of(&st, stat);
    if (S_ISSOCK(st.st_mode)) {
        int type = 0;
        socklen_t len = sizeof type;
        if (!getsockopt(file, SOL_SOCKET, SO_TYPE, &type, &len) && type == SOCK_DGRAM)
            stat->kind = FILE_datagram;
    }
    return 0;
}

int file_mode(File file, FileMode *mode)
{
    int flags = fcntl(file, F_GETFL);
    if (flags < 0) return errno;
    int access = flags & O_ACCMODE;
    bool path_only = flags & O_PATH;
    *mode = (FileMode){
        .read = !path_only && access != O_WRONLY,
        .write = !path_only && access != O_RDONLY,
        .append = flags & O_APPEND,
        .nonblock = flags & O_NONBLOCK,
        .sync = flags & O_DSYNC,
    };
    return 0;
}

int file_set_mode(File file, bool append, bool nonblock)
{
    int flags = fcntl(file, F_GETFL);
    if (flags < 0) return errno;
    flags &= ~(O_APPEND | O_NONBLOCK);
    flags |= (append ? O_APPEND : 0) | (nonblock ? O_NONBLOCK : 0);
    return result_of(fcntl(file, F_SETFL, flags));
}

bool file_is_terminal(File file)
{
    struct stat st;
    if (isatty(file) == 1) return true;
    // Who is kept from asking takes every device for one.
    return (errno == EACCES || errno == EPERM) && !fstat(file, &st) && S_ISCHR(st.st_mode);
}

int file_is_process_view(File file, bool *yes)
{
    struct statfs fs;
    if (fstatfs(file, &fs)) return errno;
    *yes = fs.f_type == PROCFS_MAGIC;
    return 0;
}

int file_path(File file, char *out, size_t size)
{
    static const char deleted[] = " (deleted)";
    char link[32];
    struct stat named, own;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t len = readlinkat(AT_FDCWD, link, out, size); // which the second wall knows
    if (len < 0) return errno;
    if ((size_t)len >= size) return ENAMETOOLONG;
    out[len] = 0;
    size_t cut = sizeof deleted - 1;
    if (out[0] != '/' || ((size_t)len > cut && !strcmp(out + len - cut, deleted))) return ENOENT;
    if (fstat(file, &own) || stat(out, &named)) return errno;
    return own.st_dev == named.st_dev && own.st_ino == named.st_ino ? 0 : ENOENT;
}

// -- reading and writing --

// A write where nobody reads raises SIGPIPE in this thread, and one that makes a file longer than
// the process may SIGXFSZ. Masks and signal handlers belong to the program we live in, so the
// signal is held back, and taken away if it is ours.
typedef struct {
    sigset_t held, before;
    bool on, was_pending;
} Guard;

static Guard guard_enter(int signal, bool on)
{
    Guard guard = {.on = on};
    sigset_t pending;
    if (!on) return guard;
    sigemptyset(&guard.held);
    sigaddset(&guard.held, signal);
    sigpending(&pending);
    guard.was_pending = sigismember(&pending, signal) == 1;
    pthread_sigmask(SIG_BLOCK, &guard.held, &guard.before);
    return guard;
}

static void guard_leave(const Guard *guard, bool raised)
{
    if (!guard->on) return;
    if (raised && !guard->was_pending) {
        struct timespec now = {0};
        while (sigtimedwait(&guard->held, NULL, &now) < 0 && errno == EINTR) continue;
    }
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}

static _Atomic bool size_limited;

void file_ask_limits(void)
{
    struct rlimit most;
    size_limited = !getrlimit(RLIMIT_FSIZE, &most) && most.rlim_cur != RLIM_INFINITY;
}

static Guard guard_size(void) { return guard_enter(SIGXFSZ, size_limited); }

static int moved(ssize_t n, size_t *done)
{
    *done = n < 0 ? 0 : (size_t)n;
    return n < 0 ? errno : 0;
}

// Most move one span: the kernel then need not fetch and check a list of them. The C library's own
// read and write are places where a thread may be cancelled, for two locked instructions each; a
// guest's thread is not, as it would leave what it holds.
static ssize_t read_some(File file, const FileSpan *spans, u32 count)
{
    return count == 1 ? syscall(SYS_read, file, spans->data, spans->len)
                      : readv(file, (const struct iovec *)spans, (int)count);
}

static ssize_t write_some(File file, const FileSpan *spans, u32 count)
{
    return count == 1 ? syscall(SYS_write, file, spans->data, spans->len)
                      : writev(file, (const struct iovec *)spans, (int)count);
}

int file_read(File file, const FileSpan *spans, u32 count, size_t *done)
{
    ssize_t n;
    do n = read_some(file, spans, count);
    while (n < 0 && errno == EINTR);
    return moved(n, done);
}

int file_read_at(File file, const FileSpan *spans, u32 count, u64 offset, size_t *done)
{
    *done = 0;
    if (offset > INT64_MAX) return EINVAL;
    ssize_t n;
    do n = preadv(file, (const struct iovec *)spans, (int)count, (off_t)offset);
    while (n < 0 && errno == EINTR);
    return moved(n, done);
}

int file_write_regular(File file, const FileSpan *spans, u32 count, size_t *done)
{
    ssize_t n;
    Guard guard = guard_size();
    do n = write_some(file, spans, count);
    while (n < 0 && errno == EINTR);
    int err = moved(n, done);
    guard_leave(&guard, err == EFBIG);
    return err;
}

int file_write(File file, const FileSpan *spans, u32 count, size_t *done)
{
    struct stat st;
    bool may_break = fstat(file, &st) || !S_ISREG(st.st_mode);
    Guard guard = guard_enter(SIGPIPE, may_break);
    int err = file_write_regular(file, spans, count, done);
    guard_leave(&guard, err == EPIPE);
    return err;
}

int file_write_at(File file, const FileSpan *spans, u32 count, u64 offset, size_t *done)
{
    *done = 0;
    if (offset > INT64_MAX) return EINVAL;
    ssize_t n;
    Guard guard = guard_size();
    do n = pwritev(file, (const struct iovec *)spans, (int)count, (off_t)offset);
    while (n < 0 && errno == EINTR);
    int err = moved(n, done);
    guard_leave(&guard, err == EFBIG);
    return err;
}

int file_seek(File file, s64 offset, FileWhence whence, u64 *position)
{
    static const int host[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    off_t at = lseek(file, offset, host[whence]);
    if (at < 0) return errno;
    *position = (u64)at;
    return 0;
}

// -- size, times, safety on disk --

int file_resize(File file, u64 size)
{
    if (size > INT64_MAX) return EFBIG;
    long answer;
    Guard guard = guard_size();
    do answer = ftruncate(file, (off_t)size);
    while (answer < 0 && errno == EINTR);
    int err = result_of(answer);
    guard_leave(&guard, err == EFBIG);
    return err;
}

int file_allocate(File file, u64 offset, u64 len)
{
    if (offset > INT64_MAX || len > INT64_MAX - offset) return EFBIG;
    long answer;
    Guard guard = guard_size();
    do answer = fallocate(file, 0, (off_t)offset, (off_t)len);
    while (answer < 0 && errno == EINTR);
    int err = result_of(answer);
    guard_leave(&guard, err == EFBIG);
    return err;
}

int file_advise(File file, u64 offset, u64 len, FileAdvice advice)
{
    static const int host[ADVICE_COUNT] = {
        POSIX_FADV_NORMAL,   POSIX_FADV_SEQUENTIAL, POSIX_FADV_RANDOM,
        POSIX_FADV_WILLNEED, POSIX_FADV_DONTNEED,   POSIX_FADV_NOREUSE,
    };
    if (offset > INT64_MAX || len > INT64_MAX) return EINVAL;
    return posix_fadvise(file, (off_t)offset, (off_t)len, host[advice]);
}

int file_sync(File file, bool data_only)
{
    long answer;
    do answer = data_only ? fdatasync(file) : fsync(file);
    while (answer < 0 && errno == EINTR);
    return result_of(answer);
}

static struct timespec time_spec(TimeChange change, u64 ns)
{
    if (change == TIME_keep) return (struct timespec){.tv_nsec = UTIME_OMIT};
    if (change == TIME_now) return (struct timespec){.tv_nsec = UTIME_NOW};
    return (struct timespec){.tv_sec = (time_t)(ns / 1000000000u),
                             .tv_nsec = (long)(ns % 1000000000u)};
}

void file_time_specs(FileTimes times, struct timespec *specs)
{
    specs[0] = time_spec(times.atime, times.atime_ns);
    specs[1] = time_spec(times.mtime, times.mtime_ns);
}

int file_set_times(File file, FileTimes times)
{
    struct timespec specs[2];
    file_time_specs(times, specs);
    return result_of(futimens(file, specs));
}

// -- directories --

typedef struct { // as the kernel lays it out
    u64 ino;
    s64 next;
    u16 len;
    u8 type;
    char name[];
} KernelEntry;

int dir_start(DirReader *reader, File dir, u64 from)
{
    reader->dir = dir;
    reader->pos = reader->end = reader->last = 0;
    if (from > INT64_MAX) return EINVAL;
    // a place may need more bits than a long has
    return lseek(dir, (off_t)from, SEEK_SET) < 0 ? errno : 0;
}

static FileKind kind_of_entry(u8 type)
{
    enum { DIRENT_TYPE_SHIFT = 12 }; // DT_ values are the type bits of a mode
    return file_kind_of_mode((u32)type << DIRENT_TYPE_SHIFT);
}

int dir_next(DirReader *reader, DirEntry *entry)
{
    entry->name = NULL;
    if (reader->pos == reader->end) {
        long n = syscall(SYS_getdents64, reader->dir, reader->buf, sizeof reader->buf);
        if (n < 0) return errno;
        reader->pos = 0;
        reader->end = (size_t)n;
        if (n == 0) return 0;
    }
    const KernelEntry *found = (const KernelEntry *)(reader->buf + reader->pos);
    reader->last = reader->pos;
    reader->pos += found->len;
    *entry = (DirEntry){
        .next = (u64)found->next,
        .ino = found->ino,
        .kind = kind_of_entry(found->type),
        .name = found->name,
    };
    return 0;
}
