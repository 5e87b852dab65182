// common.c -- see cli.h.

#include "cli/cli.h"

#include "base/utf8.h"
#include "interp/interp.h"
#include "module/describe.h"
#include "plat/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int cli_error(int status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fflush(stdout);
    fputs("error: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    return status;
}

bool args_at_option(const Args *a) { return a->next < a->argc && a->argv[a->next][0] == '-' && a->argv[a->next][1]; }

bool args_value(Args *a, const char *name, const char **value)
{
    size_t len = strlen(name);
    if (a->next >= a->argc || strncmp(a->argv[a->next], name, len)) return false;
    const char *rest = a->argv[a->next] + len;
    if (*rest == '=') {
        *value = rest + 1;
    } else if (!*rest) {
        a->next++;
        *value = a->next < a->argc ? a->argv[a->next] : NULL;
    } else {
        return false;
    }
    if (a->next < a->argc) a->next++;
    return true;
}

bool args_flag(Args *a, const char *name)
{
    if (a->next >= a->argc || strcmp(a->argv[a->next], name)) return false;
    a->next++;
    return true;
}

int args_unknown(const Args *a)
{
    return cli_error(EXIT_USAGE, "weft %s has no option %s; `weft help %s` lists them", a->command, a->argv[a->next],
                     a->command);
}

int args_missing(const Args *a, const char *what)
{
    return cli_error(EXIT_USAGE, "%s is missing; `weft help %s` shows how", what, a->command);
}

bool parse_size(const char *text, u64 *bytes)
{
    char *end;
    errno = 0;
    unsigned long long n = text ? strtoull(text, &end, 10) : 0;
    if (!text || end == text || errno || text[0] == '-') return false;
    int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    if (shift) end++;
    if (*end || (shift && n > UINT64_MAX >> shift)) return false;
    *bytes = n << shift;
    return true;
}

bool parse_time(const char *text, u64 *ms)
{
    static const struct { const char *unit; u64 ms; } units[] = {{"ms", 1}, {"s", 1000}, {"", 1000}, {"m", 60000}, {"h", 3600000}};
    char *end;
    if (!text) return false;
    double n = strtod(text, &end);
    for (size_t i = 0; i < COUNT_OF(units) && end != text; i++) {
        if (strcmp(end, units[i].unit) || !(n > 0) || n > 1e9) continue;
        *ms = (u64)(n * (double)units[i].ms);
        return *ms > 0;
    }
    return false;
}

bool parse_jobs(const char *text, u32 *jobs)
{
    char *end = NULL;
    long n = text ? strtol(text, &end, 10) : 0;
    if (n < 1 || n > 256 || *end) return cli_error(0, "-j wants a number from 1 to 256") != 0;
    *jobs = (u32)n;
    return true;
}

bool parse_features(const char *switches, Features *set)
{
    Bytes bad;
    if (!switches) return cli_error(0, "--features wants a list such as +memory64,-gc") != 0;
    if (features_parse(set, switches, &bad)) return true;
    cli_error(0, "there is no feature \"%.*s\"", (int)bad.len, (const char *)bad.data);
    fputs("features:", stderr);
    for (u32 i = 0; i < FEATURE_COUNT; i++) fprintf(stderr, " %s", feature_text[i]);
    fputc('\n', stderr);
    return false;
}

// What does not have a size, a pipe for example, is read in pieces.
static bool read_all(int fd, Input *in)
{
    u8 *data = NULL;
    size_t size = 0, cap = 0;
    for (;;) {
        if (size == cap) {
            cap = cap ? 2 * cap : 1 << 16;
            u8 *more = realloc(data, cap);
            if (!more) break;
            data = more;
        }
        ssize_t n = read(fd, data + size, cap - size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) break;
        if (n == 0) {
            *in = (Input){data, size, false};
            return true;
        }
        size += (size_t)n;
    }
    free(data);
    return false;
}

// -1 after printing why.
static int open_file(const char *name)
{
    bool standard = !strcmp(name, "-");
    int fd = standard ? 0 : open(name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    if (good && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        good = false;
    }
    if (good) return fd;
    cli_error(0, "cannot read %s: %s", standard ? "standard input" : name, strerror(errno));
    if (fd > 0) close(fd);
    return -1;
}

static bool cannot_read(const char *name)
{
    return cli_error(0, "cannot read %s: %s", !strcmp(name, "-") ? "standard input" : name, strerror(errno));
}

static bool map_file(int fd, Input *in)
{
    struct stat st;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size <= 0 || lseek(fd, 0, SEEK_CUR) > 0) return false;
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p != MAP_FAILED) *in = (Input){p, (size_t)st.st_size, true};
    return in->mapped;
}

bool input_open(const char *name, Input *in)
{
    *in = (Input){0};
    int fd = open_file(name);
    if (fd < 0) return false;
    bool good = map_file(fd, in) || read_all(fd, in);
    if (!good) cannot_read(name);
    if (fd > 0) close(fd);
    return good;
}

// ---- Loading, with progress

typedef struct {
    const char *name;
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
    if (total) fprintf(stderr, ": %u%% of %zu MB", (u32)(done * 100ull / total), total >> 20);
    else fprintf(stderr, ": %zu MB", done >> 20);
    fflush(stderr);
}

static bool load_pieces(int fd, const char *name, Engine *engine, Source *source, Diag *diag)
{
    if (!source_begin(source, engine, diag)) return false;
    for (;;) {
        size_t room;
        u8 *at = source_room(source, &room, diag);
        if (!at) return false;
        ssize_t n = read(fd, at, room);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return cannot_read(name);
        if (n == 0) return source_end(source, diag);
        if (!source_took(source, (size_t)n, diag)) return false;
    }
}

bool input_load(const char *name, Engine *engine, Input *in, Source *source, Diag *diag)
{
    Progress progress = {name, plat_clock_now(CLOCK_monotonic), 0};
    *in = (Input){0};
    *source = (Source){0};
    diag_init(diag);
    int fd = open_file(name);
    if (fd < 0) return false;
    if (isatty(2)) {
        engine->progress = show_progress;
        engine->progress_env = &progress;
    }
    bool good = map_file(fd, in) ? source_load(source, engine, in->data, in->size, diag)
                                 : load_pieces(fd, name, engine, source, diag);
    engine->progress = NULL;
    if (progress.shown) fputs("\r\x1b[K", stderr);
    if (fd > 0) close(fd);
    return good;
}

void input_close(Input *in)
{
    if (in->mapped) munmap((void *)in->data, in->size);
    else free((void *)in->data);
    *in = (Input){0};
}

static bool write_all(int fd, const u8 *data, size_t size)
{
    while (size) {
        ssize_t n = write(fd, data, size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        data += n;
        size -= (size_t)n;
    }
    return true;
}

bool output_write(const char *name, const void *data, size_t size)
{
    if (!strcmp(name, "-")) {
        if (write_all(1, data, size)) return true;
        cli_error(0, "cannot write to standard output: %s", strerror(errno));
        return false;
    }
    // Beside the target, then moved over it: a reader never sees half of it. What is no
    // regular file is written in place.
    struct stat st;
    bool in_place = stat(name, &st) == 0 && !S_ISREG(st.st_mode);
    char temporary[4096];
    if (snprintf(temporary, sizeof temporary, "%s%s", name, in_place ? "" : ".XXXXXX") >= (int)sizeof temporary) {
        errno = ENAMETOOLONG;
        cli_error(0, "cannot write %s: %s", name, strerror(errno));
        return false;
    }
    int fd = in_place ? open(name, O_WRONLY | O_CLOEXEC) : mkstemp(temporary);
    bool good = fd >= 0 && write_all(fd, data, size);
    if (good && !in_place) {
        mode_t mask = umask(0);
        umask(mask);
        good = fchmod(fd, 0666 & ~mask) == 0;
    }
    if (fd >= 0 && close(fd) != 0) good = false;
    if (good && !in_place) good = rename(temporary, name) == 0;
    if (good) return true;
    cli_error(0, "cannot write %s: %s", name, strerror(errno));
    if (fd >= 0 && !in_place) unlink(temporary);
    return false;
}

// Returns how many characters it printed.
static int print_tamed(FILE *out, Bytes text, bool is_line)
{
    int count = 0;
    for (size_t i = 0; i < text.len; count++) {
        u32 c = 0, len = utf8_decode(text.data + i, text.len - i, &c);
        if (is_line && c == '\t') fputc(' ', out);
        else if (!len || terminal_obeys(c)) fputc('?', out);
        else fwrite(text.data + i, 1, len, out);
        i += MAX(len, 1);
    }
    return count;
}

void print_tame(FILE *out, Bytes text) { print_tamed(out, text, false); }

// The line that the error is in, cut around it when it is long, and a caret below.
static void print_caret(const Source *source, const Diag *diag)
{
    const u8 *text = source->data;
    size_t start = 0;
    for (u32 line = 1; line < diag->line && start < source->size; start++) line += text[start] == '\n';
    size_t end = start;
    while (end < source->size && text[end] != '\n') end++;
    size_t at = start + MIN(diag->column - 1, end - start), from = at - start > 80 ? at - 80 : start;
    while (from < at && from > start && (text[from] & 0xc0) == 0x80) from++; // not within a character
    size_t to = MIN(end, from + 120);
    while (to < end && to > at && (text[to] & 0xc0) == 0x80) to--;
    if (to == end && to > at && text[to - 1] == '\r') to--;
    fputs("    ", stderr);
    int column = print_tamed(stderr, (Bytes){text + from, at - from}, true);
    print_tamed(stderr, (Bytes){text + at, to - at}, true);
    fprintf(stderr, "\n    %*s^\n", column, "");
}

void print_diag(const char *name, const Source *source, const Diag *diag)
{
    char text[512];
    fflush(stdout);
    if (diag->line) fprintf(stderr, "%s:%u:%u: ", name, diag->line, diag->column);
    else if (err_class[diag->err] == CLASS_unlinkable || !diag->offset) fprintf(stderr, "%s: ", name);
    else fprintf(stderr, "%s:0x%zx: ", name, diag->offset);
    if (diag->func != DIAG_NO_FUNC) {
        fprintf(stderr, "func %u: ", diag->func);
    }
    diag_text(diag, text, sizeof text);
    print_tame(stderr, (Bytes){(const u8 *)text, strlen(text)});
    fputc('\n', stderr);
    if (diag->line && source) print_caret(source, diag);
}

void print_trap(const Store *store, Trap trap)
{
    const Exec *x = store->exec;
    fflush(stdout);
    fprintf(stderr, "trap: %s%s", trap_text[trap], x->trap_detail[0] ? ": " : "");
    print_tame(stderr, (Bytes){(const u8 *)x->trap_detail, strlen(x->trap_detail)});
    fputc('\n', stderr);
    FrameCursor cursor = {0};
    for (u32 depth = 0; frame_next(x, &cursor); depth++) {
        if (depth == 50) { // the rest of a runaway recursion says nothing new
            while (frame_next(x, &cursor)) depth++;
            fprintf(stderr, "    ... and %u more\n", depth - 50);
            break;
        }
        const Func *f = cursor.func;
        fprintf(stderr, "  %3u: 0x%x ", depth, frame_offset(&cursor));
        Bytes name = module_func_name(f->instance->module, f->index);
        if (name.len) print_tame(stderr, (Bytes){name.data, MIN(name.len, 200)});
        else fprintf(stderr, "func[%u]", f->index);
        fputc('\n', stderr);
    }
}
