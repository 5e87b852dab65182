// output.c -- files that commands write: all of what was there before, or all of what is new. See
// cli.h.
//
//     a file of its own       written beside, then moved over what was there, with its mode
//     a link, one with other names or another's owner, where nothing can be put beside it, a mount
//                             written to memory, then copied into what is there
//     a pipe, a device        written to
//     where nothing can be opened any more (plat/sandbox.h), or a guest may change what names on
//     the way stand for       written to memory, which a process that was made before writes so
//
// What a name stood for before, a link say, it stands for after, too.

#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGXFSZ};

// where what is being written stands until it is whole; for the signal handler too
static char temporary[4096];
static struct sigaction before[COUNT_OF(deadly)]; // what was set for them

static void remove_and_die(int signal)
{
    unlink(temporary);
    raise(signal); // by default again, as soon as this returns
}

// Whoever is ended by a signal leaves no temporary file behind.
static void guard_temporary(bool on)
{
    struct sigaction guard = {.sa_handler = remove_and_die, .sa_flags = (int)SA_RESETHAND};
    for (size_t i = 0; i < COUNT_OF(deadly); i++) {
        if (!on) sigaction(deadly[i], &before[i], NULL);
        else if (!sigaction(deadly[i], NULL, &before[i]) && before[i].sa_handler == SIG_DFL)
            sigaction(deadly[i], &guard, NULL);
    }
}

static void block_signals(sigset_t *mask)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, mask);
}

// Makes the file that `temporary` names, with its pattern filled in. -1: it could not.
static int create_temporary(const char *beside)
{
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", beside) >= (int)sizeof temporary) {
        errno = ENAMETOOLONG;
        return -1;
    }
    sigset_t mask;
    block_signals(&mask); // until the handler knows the name
    int fd = mkstemp(temporary);
    if (fd >= 0) guard_temporary(true);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    return fd;
}

static mode_t usual_mode(void)
{
    mode_t bits = umask(0);
    umask(bits);
    return 0666 & ~bits;
}

// Would a new file of this name be the same to all who know the old one?
static bool is_alone(const char *name, const struct stat *st)
{
    return st->st_nlink == 1 && st->st_uid == geteuid() && st->st_gid == getegid() &&
           getxattr(name, "system.posix_acl_access", NULL, 0) <= 0;
}

// Of who writes outside: the name that it was given, once it stands in its folder; or NULL. A link
// that is there then is a guest's.
static const char *stands_for;

static int no_link(void) { return stands_for ? O_NOFOLLOW : 0; }

static bool cannot_write(const char *name)
{
    const char *given = stands_for ? stands_for : name;
    return cli_error(0, "cannot write %s: %s", !strcmp(given, "-") ? "to standard output" : given,
                     strerror(errno));
}

// Names of descriptors mean these, with their places in their files. -1: it is none.
static int descriptor_of(const char *name)
{
    char *end;
    if (!strcmp(name, "-") || !strcmp(name, "/dev/stdout")) return 1;
    if (!strcmp(name, "/dev/stderr")) return 2;
    const char *digits = !strncmp(name, "/dev/fd/", 8) ? name + 8 : "";
    long n = strtol(digits, &end, 10);
    return *digits && !*end && n >= 0 && n <= INT32_MAX ? (int)n : -1;
}

bool output_is_standard(const char *name) { return descriptor_of(name) == 1; }

// Could there be a file of this name, which is none now?
static bool has_room(const char *name)
{
    const char *slash = strrchr(name, '/');
    char *folder = slash ? strndup(name, (size_t)(slash + 1 - name)) : strdup(".");
    bool good = folder && access(folder, W_OK | X_OK) == 0;
    int why = errno;
    free(folder);
    errno = why;
    return good;
}

bool output_ready(const char *name, const char *input)
{
    struct stat out, in;
    int number = descriptor_of(name);
    if (number >= 0 ? fstat(number, &out) : stat(name, &out)) {
        bool none = number < 0 && errno == ENOENT; // maybe it is where a link leads
        return (none && (!lstat(name, &out) || has_room(name))) || cannot_write(name);
    }
    bool folder = S_ISDIR(out.st_mode);
    if (folder) errno = EISDIR;
    if (folder || (number < 0 && access(name, W_OK))) return cannot_write(name);
    bool read = strcmp(input, "-") ? !stat(input, &in) : !fstat(0, &in);
    bool same = read && in.st_dev == out.st_dev && in.st_ino == out.st_ino;
    return !same || !S_ISREG(out.st_mode) || cli_error(0, "cannot write %s: it is the input", name);
}

// ---- Where nothing can be opened any more

// Who writes one file when it is told to, and ends without when this process does.
typedef struct {
    const char *name;
    int bytes, told; // what it will write; where it is told
    pid_t writer;
} Outside;
enum { OUTSIDE_MOST = 2 };
static Outside outside[OUTSIDE_MOST];
static u32 outside_count;

static u8 *read_all(int fd, size_t size);

enum { PATH_MOST = 4096, LINKS_MOST = 40 };

// Goes to the folder that the file is in, or is to be, by all links as they are now; `at` becomes
// its name there. Links of procfs say nothing that could be gone by, and are nobody's to change.
static bool go_there(const char *name, char at[PATH_MOST])
{
    char text[PATH_MOST];
    struct statfs fs;
    ssize_t n = snprintf(at, PATH_MOST, "%s", name);
    for (u32 links = 0; n < PATH_MOST && links <= LINKS_MOST; links++) {
        char *slash = strrchr(at, '/');
        if (slash) *slash = 0;
        if (slash && chdir(slash == at ? "/" : at)) return false;
        if (slash) memmove(at, slash + 1, strlen(slash + 1) + 1);
        if (!statfs(".", &fs) && fs.f_type == PROC_SUPER_MAGIC) return true;
        n = readlink(at, text, sizeof text - 1);
        if (n < 0 && errno != EINVAL && errno != ENOENT) return false;
        if (n < 0) return (stands_for = name) != NULL;
        memcpy(at, text, (size_t)n);
        at[n] = 0;
    }
    errno = n < PATH_MOST ? ELOOP : ENAMETOOLONG;
    return false;
}

// Of who writes outside: whose other end is the maker's.
static int tied;

static void on_word(int sig)
{
    int error = errno;
    char word;
    if (recv(tied, &word, 1, MSG_PEEK | MSG_DONTWAIT) == 0) raise(SIGTERM);
    errno = error;
}

// From now on this process ends when who has the socket's other end does, whatever it waits for:
// what the kernel would send it by itself it may not get from a process behind a wall. False: that
// cannot be.
static bool end_with(int end)
{
    struct sigaction action = {.sa_handler = on_word, .sa_flags = SA_RESTART};
    tied = end;
    return !sigaction(SIGIO, &action, NULL) && !fcntl(end, F_SETOWN, getpid()) &&
           !fcntl(end, F_SETFL, O_ASYNC);
}

// In a process of its own, which says first how going there went.
static int write_when_told(const Outside *o, int end)
{
    char word, at[PATH_MOST];
    ssize_t n;
    struct stat st;
    bool ignored = signal(SIGINT, SIG_IGN) == SIG_IGN; // it is for the guest
    for (u32 i = 0; i <= outside_count; i++) close(outside[i].told); // of those before it, too
    outside_count = 0;
    u8 failed = end_with(end) && go_there(o->name, at) ? 0 : (u8)errno;
    do n = send(end, &failed, 1, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n < 0 || failed) return EXIT_INPUT;
    do n = recv(end, &word, 1, 0);
    while (n < 0 && errno == EINTR);
    if (!n) return EXIT_OK;
    if (!ignored) signal(SIGINT, SIG_DFL);
    u8 *data = n < 0 || fstat(o->bytes, &st) ? NULL : read_all(o->bytes, (size_t)st.st_size);
    return (data ? output_write(at, data, (size_t)st.st_size) : cannot_write(at)) ? EXIT_OK
                                                                                  : EXIT_INPUT;
}

// Has who was made gone where it writes? Before that nothing else may run.
static bool is_there(const Outside *o)
{
    u8 failed = EIO;
    ssize_t n;
    do n = recv(o->told, &failed, 1, 0);
    while (n < 0 && errno == EINTR);
    if (n == 1 && !failed) return true;
    close(o->told); // which ends it, if it is there
    while (waitpid(o->writer, NULL, 0) < 0 && errno == EINTR) continue;
    errno = failed;
    return false;
}

bool output_outside(const char *name)
{
    int ends[2] = {-1, -1};
    if (descriptor_of(name) >= 0) return true; // it is open
    Outside *o = &outside[outside_count];
    *o = (Outside){.name = name, .bytes = memfd_create("weft-output", MFD_CLOEXEC)};
    bool good = o->bytes >= 0 && !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
    o->told = ends[1];
    fflush(NULL);
    if (good) good = (o->writer = fork()) >= 0;
    if (good && !o->writer) _exit(write_when_told(o, ends[0]));
    int why = errno;
    if (ends[0] >= 0) close(ends[0]);
    errno = why;
    if (good && is_there(o)) {
        outside_count++;
        return true;
    }
    why = errno;
    if (!good && ends[1] >= 0) close(ends[1]);
    if (o->bytes >= 0) close(o->bytes);
    errno = why;
    return cannot_write(name);
}

// NULL: it is not written there.
static Outside *outside_of(const char *name)
{
    for (u32 i = 0; i < outside_count; i++)
        if (outside[i].writer && !strcmp(outside[i].name, name)) return &outside[i];
    return NULL;
}

// Tells it, or not, and sees how it ends. False: why not was printed.
static bool leave_outside(Outside *o, bool tell)
{
    int status = -1;
    ssize_t told = !tell;
    while (!told && (told = send(o->told, "w", 1, MSG_NOSIGNAL)) < 0 && errno == EINTR) told = 0;
    if (told < 0) cannot_write(o->name);
    bool writes = tell && told > 0;
    if (!writes) close(o->told);
    while (waitpid(o->writer, &status, 0) < 0 && errno == EINTR) continue;
    if (writes) close(o->told); // which would have ended it
    o->writer = 0;
    if (writes && WIFSIGNALED(status))
        cli_error(0, "cannot write %s: %s", o->name, strsignal(WTERMSIG(status)));
    return told > 0 && status == 0;
}

void output_outside_end(void)
{
    for (u32 i = 0; i < outside_count; i++) {
        if (outside[i].writer) leave_outside(&outside[i], false);
        close(outside[i].bytes);
    }
    outside_count = 0;
}

// ----

// -1: neither beside nor aside.
static int open_output(OutputFile *out)
{
    int number = descriptor_of(out->name);
    if (number >= 0) return fcntl(number, F_DUPFD_CLOEXEC, 3);
    struct stat st, link;
    bool exists = (no_link() ? lstat(out->name, &st) : stat(out->name, &st)) == 0, linked = false;
    if (!exists && errno != ENOENT) return -1;
    if (!lstat(out->name, &link)) linked = S_ISLNK(link.st_mode);
    else if (errno != ENOENT) return -1;
    if (exists && !S_ISREG(st.st_mode)) return open(out->name, O_WRONLY | O_CLOEXEC | no_link());
    if (exists && access(out->name, W_OK)) return -1;
    int fd = -1;
    out->exists = exists || linked;
    out->mode = exists ? st.st_mode & 07777 : usual_mode();
    if (!linked && (!exists || is_alone(out->name, &st))) fd = create_temporary(out->name);
    out->beside = fd >= 0;
    if (fd >= 0 || !out->exists) return fd;
    fd = memfd_create("weft-output", MFD_CLOEXEC);
    out->aside = fd >= 0;
    return fd;
}

bool output_begin(OutputFile *out, const char *name)
{
    *out = (OutputFile){.name = name};
    if (output_is_standard(name)) {
        out->file = stdout;
        return true;
    }
    Outside *o = outside_of(name);
    out->outside = o != NULL;
    int fd = out->fd = o ? fcntl(o->bytes, F_DUPFD_CLOEXEC, 3) : open_output(out);
    out->file = fd < 0 ? NULL : fdopen(fd, "w");
    if (out->file) return true;
    cannot_write(name);
    if (fd >= 0) close(fd);
    if (out->beside) {
        unlink(temporary);
        guard_temporary(false);
    }
    return false;
}

// All of a file. NULL: errno says why.
static u8 *read_all(int fd, size_t size)
{
    u8 *data = malloc(size + 1);
    for (size_t at = 0; data && at < size;) {
        ssize_t n = pread(fd, data + at, size - at, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n > 0) {
            at += (size_t)n;
            continue;
        }
        int why = n < 0 ? errno : EIO; // somebody cut it meanwhile
        free(data);
        errno = why;
        return NULL;
    }
    return data;
}

static bool put_all(int fd, const u8 *data, size_t size)
{
    return write_all(fd, data, size) && ftruncate(fd, (off_t)size) == 0;
}

// As it was, if it can be.
static void put_back(int fd, const u8 *old, size_t size)
{
    int why = errno;
    if (lseek(fd, 0, SEEK_SET) != 0 || !put_all(fd, old, size))
        cli_error(0, "the file is damaged now");
    errno = why;
}

// Puts `data` where `old` is, of a file that may be written and not replaced.
static bool overwrite(int fd, const u8 *data, size_t size, const u8 *old, size_t old_size)
{
    sigset_t mask;
    block_signals(&mask); // it does not take long
    // what has no room is known before anything is lost
    bool room = size <= old_size || !fallocate(fd, 0, 0, (off_t)size) || errno != ENOSPC;
    bool good = room && put_all(fd, data, size);
    if (!good) put_back(fd, old, old_size);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    return good;
}

// Puts what `from` holds into the file that is there.
static bool copy_into_place(const char *name, int from)
{
    struct stat st, old;
    if (fstat(from, &st)) return false;
    u8 *data = read_all(from, (size_t)st.st_size), *before_it = NULL;
    int to = data ? open(name, O_RDWR | O_CREAT | O_CLOEXEC | no_link(), 0666) : -1;
    // what may be written need not be read, but then nobody can put it back
    if (data && to < 0 && errno == EACCES) to = open(name, O_WRONLY | O_CLOEXEC | no_link());
    bool good = to >= 0 && fstat(to, &old) == 0;
    if (good) before_it = read_all(to, (size_t)old.st_size);
    if (good && !before_it && errno == EBADF) old.st_size = 0;
    else if (!before_it) good = false;
    good = good && overwrite(to, data, (size_t)st.st_size, before_it, (size_t)old.st_size);
    int why = errno;
    if (to >= 0 && close(to) != 0 && good) {
        good = false;
        why = errno;
    }
    free(data);
    free(before_it);
    errno = why;
    return good;
}

// Gives what was written its name.
static bool settle(const OutputFile *out)
{
    if (out->aside) return copy_into_place(out->name, out->fd);
    if (!out->beside) return true;
    if (fchmod(out->fd, out->mode) != 0) return false;
    // where something is mounted, say, that cannot be moved away
    return rename(temporary, out->name) == 0 ||
           (out->exists && copy_into_place(out->name, out->fd));
}

bool output_end(OutputFile *out, bool good)
{
    bool written = !ferror(out->file) && fflush(out->file) == 0;
    if (written && good) written = settle(out);
    int why = errno;
    if (out->beside) {
        if (!good || !written || access(temporary, F_OK) == 0) unlink(temporary);
        guard_temporary(false);
    }
    if (out->file != stdout && fclose(out->file) != 0 && written) {
        written = false;
        why = errno;
    }
    if (written && good && out->outside) return leave_outside(outside_of(out->name), true);
    if (written) return true;
    if (out->file == stdout) clearerr(stdout); // it is said here
    errno = why;
    return cannot_write(out->name);
}

char *output_named(const char *input, const char *ending)
{
    size_t len = strlen(input);
    if (!strcmp(input, "-")) return strdup("-");
    if (len > 5 && !strcmp(input + len - 5, ".wasm")) len -= 5;
    else if (len > 4 && !strcmp(input + len - 4, ".wat")) len -= 4;
    size_t size = len + strlen(ending) + 1;
    char *out = malloc(size);
    if (out) snprintf(out, size, "%.*s%s", (int)len, input, ending);
    return out;
}

bool output_write(const char *name, const void *data, size_t size)
{
    OutputFile out;
    if (!output_begin(&out, name)) return false;
    bool good = !size || fwrite(data, size, 1, out.file) == 1;
    return output_end(&out, good) && good;
}
