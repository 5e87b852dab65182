// shim.c -- see shim.h.

#include "shim.h"

#include "base/types.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

static unsigned planned_sets;
static size_t planned;
static bool lasting, paused;
static int forced; // in errno, whatever the row says; 0: what that says
static atomic_bool armed, fired; // threads of the engine's come by too
static atomic_size_t counted;
static const char *_Atomic first;
enum { ERRORS = 256 };
static atomic_bool errors[ERRORS];
static atomic_long live;

void fault_plan(unsigned sets, size_t n, bool to_the_end)
{
    planned_sets = sets;
    planned = n;
    lasting = to_the_end;
    counted = 0;
    memset(errors, 0, sizeof errors);
    fired = armed = paused = false;
    forced = 0;
    first = "none";
}

void fault_force(int error) { forced = error; }

void fault_arm(void) { armed = !paused; }
void fault_disarm(void) { armed = false; }
void fault_pause(void) { paused = true; }
bool fault_paused(void) { return paused; }
bool fault_fired(void) { return fired; }
size_t fault_count(void) { return counted; }
const char *fault_name(void) { return first; }
bool fault_gave(int error) { return error > 0 && error < ERRORS && errors[error]; }
unsigned fault_sets(void) { return planned_sets; }
long fault_live(void) { return live; }

// Does the call of this name, which is in these sets, fail? Then what has happened is in errno.
static bool fails(unsigned sets, const char *name, int error)
{
    if (!armed || !(sets & planned_sets)) return false;
    size_t n = atomic_fetch_add(&counted, 1);
    if (n != planned && !(lasting && n > planned)) return false;
    if (!atomic_exchange(&fired, true)) first = name;
    if (planned_sets == FAULT_AGAIN) error = EINTR;
    if (forced) error = forced;
    errors[error] = true;
    if (planned_sets != FAULT_PART) errno = error;
    return true;
}

static void *made(void *p, long amount)
{
    live += p ? amount : 0;
    return p;
}

// A part of a reservation may be given back by itself, so pages count by their bytes.
static long whole(u64 size) { return (long)((size + 4095) & ~(u64)4095); }

// The first half of the first span that there is.
static const struct iovec *less(const struct iovec *spans, int spans_count)
{
    static _Thread_local struct iovec one;
    int i = 0;
    while (i + 1 < spans_count && !spans[i].iov_len) i++;
    one = (struct iovec){0};
    if (spans_count) one = (struct iovec){spans[i].iov_base, (spans[i].iov_len + 1) / 2};
    return &one;
}

// ---- The table ----------------------------------------------------------------------------------

#define CALLS FAULT_CALLS
#define MEMORY FAULT_MEMORY
#define PAGES FAULT_PAGES
#define ROW(sets, result, name, parameters, arguments, failed, error, less)                        \
    result __real_##name parameters;                                                               \
    result __wrap_##name parameters                                                                \
    {                                                                                              \
        if (!fails(sets, #name, error)) return __real_##name arguments;                            \
        return planned_sets == FAULT_PART ? __real_##name less : failed;                           \
    }
#define CALL(set, result, name, parameters, arguments, failed, error)                              \
    ROW(set, result, name, parameters, arguments, failed, error, arguments)
#define AGAIN(set, result, name, parameters, arguments, failed, error)                             \
    ROW((set) | FAULT_AGAIN, result, name, parameters, arguments, failed, error, arguments)
#define PART(set, result, name, parameters, arguments, failed, error, less)                        \
    ROW((set) | FAULT_AGAIN | FAULT_PART, result, name, parameters, arguments, failed, error, less)
#define AFTER(set, result, name, parameters, arguments, failed, error)                             \
    result __real_##name parameters;                                                               \
    result __wrap_##name parameters                                                                \
    {                                                                                              \
        result answer = __real_##name arguments;                                                   \
        return fails(set, #name, error) ? failed : answer;                                         \
    }
#define MAKES(set, name, parameters, arguments, amount)                                            \
    void *__real_##name parameters;                                                                \
    void *__wrap_##name parameters                                                                 \
    {                                                                                              \
        return fails(set, #name, ENOMEM) ? NULL : made(__real_##name arguments, amount);           \
    }
#define FREES(name, parameters, arguments, amount)                                                 \
    void __real_##name parameters;                                                                 \
    void __wrap_##name parameters                                                                  \
    {                                                                                              \
        live -= (FIRST arguments) ? amount : 0;                                                    \
        __real_##name arguments;                                                                   \
    }
#define FIRST(a, ...) a
#define HAND(name)
#define SYSTEM(number, error)
#include "calls.def"

// ---- What has no common form --------------------------------------------------------------------

// It says ECHILD when all have ended, as where nobody wants to know how they do.
int __real_waitpid(int process, int *status, int how);
int __wrap_waitpid(int process, int *status, int how)
{
    if (!fails(FAULT_CALLS | FAULT_AGAIN, "waitpid", ECHILD))
        return __real_waitpid(process, status, how);
    int why = errno;
    if (planned_sets == FAULT_CALLS) __real_waitpid(process, &(int){0}, how);
    errno = why;
    return -1;
}

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
    if (fails(FAULT_MEMORY, "realloc", ENOMEM)) return NULL;
    void *p = __real_realloc(old, size);
    live += !old && p;
    return p;
}

// Not libc's own: where that is linked statically its malloc is caught too, and one would count as
// two.
static char *copy_of(const char *text, size_t len)
{
    char *copy = __wrap_malloc(len + 1);
    if (copy) memcpy(copy, text, len), copy[len] = 0;
    return copy;
}

char *__wrap_strdup(const char *text) { return copy_of(text, strlen(text)); }
char *__wrap_strndup(const char *text, size_t len) { return copy_of(text, strnlen(text, len)); }

bool __real_pages_resize(void **start, u64 before, u64 size);
bool __wrap_pages_resize(void **start, u64 before, u64 size)
{
    if (fails(FAULT_PAGES, "pages_resize", ENOMEM)) return false;
    bool good = __real_pages_resize(start, before, size);
    live += good ? whole(size) - whole(before) : 0;
    return good;
}

// It is closed even where that fails.
int __real_close(int file);
int __wrap_close(int file)
{
    int answer = __real_close(file);
    return fails(FAULT_CALLS, "close", EIO) ? -1 : answer;
}

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
    static const struct { long number; const char *name; int error; } rows[] = {
#define CALL(...)
#define AGAIN(...)
#define PART(...)
#define AFTER(...)
#define MAKES(...)
#define FREES(...)
#define HAND(name)
#define SYSTEM(name, error) {SYS_##name, #name, error},
#include "calls.def"
    };
    va_list args;
    long a[6];
    va_start(args, number);
    for (size_t i = 0; i < COUNT_OF(a); i++) a[i] = va_arg(args, long);
    va_end(args);
    if (number == SYS_read) return __wrap_read((int)a[0], (void *)a[1], (size_t)a[2]);
    if (number == SYS_write) return __wrap_write((int)a[0], (const void *)a[1], (size_t)a[2]);
    // Waking cannot fail, and who was not woken would sleep for ever.
    // The test stays what it is: no wall is built around it.
    if (number == SYS_landlock_create_ruleset || number == SYS_seccomp) {
        errno = ENOSYS;
        return -1;
    }
    bool wakes = number == SYS_futex && (a[1] & FUTEX_CMD_MASK) == FUTEX_WAKE;
    for (size_t i = 0; i < COUNT_OF(rows) && !wakes; i++)
        if (rows[i].number == number && fails(FAULT_CALLS, rows[i].name, rows[i].error)) return -1;
    return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

// ---- Streams ------------------------------------------------------------------------------------
// What libc writes for one it writes by itself. So those that Weft writes to are made here.

enum { STREAMS = 16 };
static FILE *streams[STREAMS]; // by the descriptor

// What is not all is a failure to libc.
static ssize_t stream_write(void *file, const char *data, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = __wrap_write((int)(intptr_t)file, data + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

static ssize_t stream_write_surely(void *file, const char *data, size_t size)
{
    ssize_t n = __real_write((int)(intptr_t)file, data, size);
    return n < 0 ? 0 : n;
}

static int stream_close(void *file) { return __wrap_close((int)(intptr_t)file); }
static int stream_leave(void *file) { return 0; }

static FILE *stream_over(int file, cookie_write_function_t *put, cookie_close_function_t *end)
{
    const cookie_io_functions_t calls = {.write = put, .close = end};
    return fopencookie((void *)(intptr_t)file, "w", calls);
}

FILE *fault_stream(int file, bool may_fail)
{
    return stream_over(file, may_fail ? stream_write : stream_write_surely, stream_leave);
}

FILE *__real_fdopen(int file, const char *mode);
FILE *__wrap_fdopen(int file, const char *mode)
{
    if (!armed) return __real_fdopen(file, mode); // of tests, and of what counts for them
    if (fails(FAULT_CALLS, "fdopen", ENOMEM) || file >= STREAMS) return NULL;
    return streams[file] = stream_over(file, stream_write, stream_close);
}

int __real_fileno(FILE *stream);
int __wrap_fileno(FILE *stream)
{
    for (int i = 0; i < STREAMS; i++)
        if (streams[i] == stream) return i;
    return __real_fileno(stream);
}
