// files.c -- what commands read and write. See cli.h.

#include "binary/reader.h"
#include "cli/ahead.h"
#include "cli/cli.h"

#include "plat/clock.h"
#include "plat/file.h"
#include "plat/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static u32 closed_at_start; // one bit each

bool standard_hold(void)
{
    int err = process_hold_standard(&closed_at_start);
    return !err || cli_error(0, "cannot hold closed descriptors: %s", strerror(err));
}

int standard_fd(int number)
{
    errno = EBADF;
    return closed_at_start >> number & 1 ? -1 : number;
}

static bool cannot_read(const char *name)
{
    return cli_error(0, "cannot read %s: %s", !strcmp(name, "-") ? "standard input" : name,
                     strerror(errno));
}

// -1 after printing why. *size: how long the file is now, which is all of it that is read; 0 for
// what does not say, a pipe for example, and is read to its end.
static int open_file(const char *name, size_t *size)
{
    bool standard = !strcmp(name, "-");
    int fd = standard ? standard_fd(0) : open(name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    if (good && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        good = false;
    }
    *size = good && S_ISREG(st.st_mode) ? (size_t)MIN((u64)st.st_size, SIZE_MAX) : 0;
    if (good) return fd;
    cannot_read(name);
    if (fd > 0) close(fd);
    return -1;
}

// Who started us may have made a descriptor one that does not wait, which is no failure.
static bool try_again(int fd, short event)
{
    struct pollfd wait = {.fd = fd, .events = event};
    if (errno == EAGAIN || errno == EWOULDBLOCK) poll(&wait, 1, -1);
    else if (errno != EINTR) return false;
    return true;
}

static ssize_t read_some(int fd, u8 *to, size_t room)
{
    ssize_t n;
    do n = read(fd, to, room);
    while (n < 0 && try_again(fd, POLLIN));
    return n;
}

bool write_all(int fd, const void *data, size_t size)
{
    for (const u8 *at = data; size;) {
        ssize_t n = write(fd, at, size);
        if (n < 0 && try_again(fd, POLLOUT)) continue;
        if (n <= 0) return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static ssize_t write_cookie(void *fd, const char *data, size_t size)
{
    return write_all((int)(intptr_t)fd, data, size) ? (ssize_t)size : 0;
}

void standard_wait(void)
{
    FILE **const streams[] = {&stdout, &stderr};
    for (int i = 0; i < 2; i++) {
        int fd = i + 1, flags = fcntl(fd, F_GETFL);
        if (flags < 0 || !(flags & O_NONBLOCK)) continue;
        FILE *patient = fopencookie((void *)(intptr_t)fd, "w",
                                    (cookie_io_functions_t){.write = write_cookie});
        if (!patient) continue; // as it was
        if (fd == 2) setvbuf(patient, NULL, _IONBF, 0);
        *streams[i] = patient;
    }
}

// ---- A file without what nobody wants of it

typedef struct {
    Unwanted *unwanted;
    const void *env;
    size_t next;       // where the next section begins
} Gaps;

// The section there, as far as its head is at hand. False: nobody can say where it ends.
static bool section_at(const Intake *in, size_t at, Bytes *custom, size_t *end)
{
    Diag diag;
    diag_init(&diag);
    Reader r = {.start = in->data, .pos = in->data + at, .end = in->data + in->size, .diag = &diag};
    u8 id = read_u8(&r);
    size_t size = read_leb_u32(&r);
    if (reader_failed(&r)) return false;
    *end = reader_offset(&r) + size;
    r.end = in->data + MIN(*end, in->size);
    *custom = id ? (Bytes){0} : read_name(&r);
    if (reader_failed(&r)) *custom = (Bytes){0};
    return true;
}

// How far to read next: to where it shows what comes behind that. Passes what nobody wants.
static size_t read_to(Gaps *g, int fd, Intake *in, size_t size)
{
    enum { HEAD = 4096 };
    if (in->size >= 4 && memcmp(in->data, "\0asm", 4) != 0) g->next = size;
    while (g->next < size && in->size >= MIN(g->next + HEAD, size)) {
        Bytes custom;
        size_t end;
        bool known = section_at(in, g->next, &custom, &end) && end <= size;
        g->next = known ? end : size;
        if (!known || !custom.data || end <= in->size || !g->unwanted(g->env, custom)) continue;
        if (lseek(fd, (off_t)(end - in->size), SEEK_CUR) >= 0) in->size = end;
    }
    return MIN(g->next + HEAD, size);
}

// False: *diag says why, or has no error if that was printed.
// `most`: what is longer is read no further, and is no module; 0: it may be one.
static bool read_whole(int fd, const char *name, size_t size, size_t most, Gaps *gaps, Intake *in,
                       Diag *diag)
{
    const char *ignored;
    Guess guess = {0};
    diag_init(diag);
    if (!intake_begin(in, size, diag)) return false;
    bool passes = gaps && size && size <= in->committed;
    while (!size || in->size < size) {
        size_t room, end = passes ? read_to(gaps, fd, in, size) : size;
        if (size && in->size == size) break;
        u8 *at = intake_room(in, &room, diag);
        if (!at) return false;
        ssize_t n = read_some(fd, at, size ? MIN(room, end - in->size) : room);
        if (n < 0) return cannot_read(name);
        in->size += (size_t)n;
        // What has come says all, if it is no text.
        if (n == 0 || (most && in->size > most)) break;
        if (!most && source_other(&guess, in->data, in->size, false, &ignored)) break;
    }
    intake_end(in);
    return true;
}

static bool open_input(const char *name, size_t most, Gaps *gaps, Intake *in)
{
    Diag diag;
    size_t size;
    *in = (Intake){0};
    int fd = open_file(name, &size);
    if (fd < 0) return false;
    bool good = read_whole(fd, name, size, most, gaps, in, &diag);
    if (!good && diag.err != ERR_none) print_diag(name, NULL, &diag);
    if (!good) intake_free(in);
    if (fd > 0) close(fd);
    return good;
}

bool input_open(const char *name, Intake *in) { return open_input(name, 0, NULL, in); }

bool input_open_other(const char *name, size_t most, Intake *in)
{
    return open_input(name, most, NULL, in);
}

bool input_open_without(const char *name, Unwanted *unwanted, const void *env, Intake *in)
{
    enum { HEADER = 8 };
    return open_input(name, 0, &(Gaps){unwanted, env, HEADER}, in);
}

// ---- Loading, with progress

typedef struct {
    const char *name;
    size_t total; // 0: not known
    u64 start, shown;
} Progress;

enum { PROGRESS_AFTER = 400000000, PROGRESS_EVERY = 100000000 }; // ns

static void show_progress(void *env, size_t done, size_t total)
{
    Progress *p = env;
    u64 now = plat_clock_now(CLOCK_monotonic);
    if (now - p->start < PROGRESS_AFTER || now - p->shown < PROGRESS_EVERY) return;
    p->shown = now;
    fputs("\r\x1b[Kloading ", stderr);
    print_tame(stderr, (Bytes){(const u8 *)p->name, MIN(strlen(p->name), 50)});
    if (p->total && p->total >= done)
        fprintf(stderr, ": %u%% of %zu MB", (u32)(done * 100ull / p->total), p->total >> 20);
    else fprintf(stderr, ": %zu MB", done >> 20);
    fflush(stderr);
}

// How many of the `room` bytes at `at` are there now; 0 at the end, -1 with errno set.
static ssize_t next_piece(Ahead *ahead, int fd, u8 *at, size_t room, const Source *source)
{
    if (!ahead) return read_some(fd, at, room);
    int err;
    size_t more = ahead_more(ahead, source->size, &err) - source->size;
    if (more || !err) return (ssize_t)MIN(more, room);
    errno = err;
    return -1;
}

static bool load_pieces(int fd, const char *name, size_t size, Ahead *ahead, Source *source,
                        Diag *diag)
{
    while (!size || source->size < size) {
        size_t room;
        u8 *at = source_room(source, &room, diag);
        if (!at) return false;
        ssize_t n = next_piece(ahead, fd, at, size ? MIN(room, size - source->size) : room, source);
        if (n < 0) return cannot_read(name);
        if (n == 0) break;
        if (!source_took(source, (size_t)n, diag)) return false;
    }
    return source_end(source, diag);
}

static bool load_file(int fd, const char *name, size_t size, Engine *engine, Source *source,
                      Diag *diag)
{
    bool *component = source->component;
    if (!source_begin(source, engine, size, diag)) return false;
    source->component = component;
    bool whole = size <= source->intake.committed; // there is room for all of it from the start
    Ahead *ahead = whole ? ahead_start(fd, source->intake.data, size) : NULL;
    bool good = load_pieces(fd, name, size, ahead, source, diag);
    ahead_end(ahead);
    return good;
}

static bool load_opened(int fd, const char *name, size_t size, Engine *engine, Source *source,
                        Diag *diag)
{
    Progress progress = {name, size, plat_clock_now(CLOCK_monotonic), 0};
    if (isatty(2)) {
        engine->progress = show_progress;
        engine->progress_env = &progress;
    }
    bool good = load_file(fd, name, size, engine, source, diag);
    engine->progress = NULL;
    if (progress.shown) fputs("\r\x1b[K", stderr);
    return good;
}

bool input_load(const char *name, Engine *engine, Source *source, Diag *diag)
{
    return input_load_either(name, engine, source, NULL, diag);
}

bool input_load_either(const char *name, Engine *engine, Source *source, bool *component,
                       Diag *diag)
{
    size_t size;
    *source = (Source){.component = component};
    diag_init(diag);
    int fd = open_file(name, &size);
    bool good = fd >= 0 && load_opened(fd, name, size, engine, source, diag);
    if (fd > 0) close(fd);
    return good;
}

// Its code stays where it is until it is needed.
static bool load_compiled(int fd, const char *name, Engine *engine, bool judged, Source *source,
                          Diag *diag)
{
    CompiledFrom from;
    File own;
    int err = file_duplicate(fd, &own);
    if (!err) err = compiled_from_file(own, &from);
    if (!err) return source_load_compiled(source, engine, &from, judged, diag);
    file_close(own);
    errno = err;
    return cannot_read(name);
}

static bool is_compiled(int fd)
{
    u8 magic[sizeof COMPILED_MAGIC - 1];
    size_t got = 0;
    while (got < sizeof magic) {
        ssize_t n = pread(fd, magic + got, sizeof magic - got, (off_t)got);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        got += (size_t)n;
    }
    return compiled_is(magic, sizeof magic);
}

bool input_is_compiled(const char *name)
{
    int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    bool is = fd >= 0 && is_compiled(fd);
    if (fd >= 0) close(fd);
    return is;
}

bool input_load_any(const char *name, Engine *engine, bool judged, Source *source, Diag *diag)
{
    size_t size;
    *source = (Source){0};
    diag_init(diag);
    int fd = open_file(name, &size);
    bool good = fd >= 0 && (size && is_compiled(fd)
                                ? load_compiled(fd, name, engine, judged, source, diag)
                                : load_opened(fd, name, size, engine, source, diag));
    if (fd > 0) close(fd);
    return good;
}
