// trial.c -- see trial.h.

#include "cli/trial.h"

#include "cli/cli.h"

#include "plat/clock.h"
#include "plat/process.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};

// Where nobody reads what is written, or it is too long: the folder goes first, then these end us.
static const int of_writing[] = {SIGPIPE, SIGXFSZ};

static sigset_t before;

// What is ignored does not end us: it would be kept for us all the same while it is blocked.
static sigset_t signals(bool child)
{
    sigset_t set;
    struct sigaction now;
    sigemptyset(&set);
    for (size_t i = 0; i < COUNT_OF(ending); i++)
        if (!sigaction(ending[i], NULL, &now) && now.sa_handler != SIG_IGN)
            sigaddset(&set, ending[i]);
    if (child) sigaddset(&set, SIGCHLD);
    return set;
}

// ---- Files

static void file_name(const Trial *t, u32 slot, const char *extension, char *out, size_t size)
{
    snprintf(out, size, "%s/%u%s", t->folder, slot, extension);
}

static bool write_file(const char *name, Bytes bytes)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;
    while (fd >= 0 && done < bytes.len) {
        ssize_t n = write(fd, bytes.data + done, bytes.len - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        done += (size_t)n;
    }
    bool good = fd >= 0 && close(fd) == 0 && done == bytes.len;
    return good || cli_error(0, "cannot write %s: %s", name, strerror(errno));
}

bool trial_open(Trial *t)
{
    const char *where = getenv("TMPDIR");
    if (!where || !*where) where = "/tmp";
    sigset_t set = signals(true);
    signal(SIGCHLD, SIG_DFL); // or nobody is told how they end, where who started us ignores it
    for (size_t i = 0; i < COUNT_OF(of_writing); i++) sigaddset(&set, of_writing[i]);
    sigprocmask(SIG_BLOCK, &set, &before);
    if (snprintf(t->folder, sizeof t->folder, "%s/weft-XXXXXX", where) < 3900 && mkdtemp(t->folder))
        return true;
    cli_error(0, "cannot make a folder in %s: %s", where, strerror(errno));
    t->folder[0] = 0;
    return false;
}

static int remove_one(const char *name, const struct stat *st, int kind, struct FTW *at)
{
    return remove(name), 0;
}

// With what the command put there, too; what links lead to stays.
void trial_close(Trial *t)
{
    enum { OPEN_FOLDERS = 8 };
    for (u32 i = 0; i < TRIAL_SLOTS; i++) trial_drop(t, i);
    if (t->folder[0]) nftw(t->folder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

// ---- Processes

// "{}" in a word is the name. The caller frees it. NULL: no memory.
static char *fill_in(const char *word, const char *name)
{
    size_t len = strlen(name), size = strlen(word) + 1;
    for (const char *at = word; (at = strstr(at, "{}")); at += 2) size += len;
    char *out = malloc(size), *to = out;
    for (const char *at = word; out; at += 2) {
        const char *next = strstr(at, "{}");
        size_t part = next ? (size_t)(next - at) : strlen(at);
        memcpy(to, at, part);
        to += part;
        if (!next) break;
        memcpy(to, name, len);
        to += len;
        at = next;
    }
    if (out) *to = 0;
    return out;
}

static void free_words(char **words)
{
    for (u32 i = 0; words && words[i]; i++) free(words[i]);
    free(words);
}

// Where no word has a "{}" the name comes last. name NULL: there is none. NULL: no memory.
static char **command(const Trial *t, const char *name)
{
    int count = t->word_count;
    bool named = !name;
    char **words = calloc((size_t)count + 2, sizeof *words);
    for (int i = 0; words && i < count; i++) {
        named = named || strstr(t->words[i], "{}");
        if (!(words[i] = name ? fill_in(t->words[i], name) : strdup(t->words[i]))) goto failed;
    }
    if (words && !named && !(words[count] = strdup(name))) goto failed;
    return words;
failed:
    free_words(words);
    return NULL;
}

static int no_output(posix_spawn_file_actions_t *files, const Trial *t, u32 slot)
{
    char name[4096] = "/dev/null";
    if (t->match || t->keeps) file_name(t, slot, ".out", name, sizeof name);
    const int how = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND;
    int err = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
    if (!err) err = posix_spawn_file_actions_addopen(files, 1, name, how, 0600);
    return err ? err : posix_spawn_file_actions_adddup2(files, 1, 2);
}

static int spawn(const Trial *t, u32 slot, char **words, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    int err = no_output(&files, t, slot);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&how, 0);
    posix_spawnattr_setsigmask(&how, &before);
    if (!err) err = posix_spawnp(pid, words[0], &files, &how, words, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    return err;
}

bool trial_begin(Trial *t, u32 slot, const Bytes *file)
{
    TrialJob *job = &t->jobs[slot];
    char name[4096];
    *job = (TrialJob){0};
    file_name(t, slot, t->extension, name, sizeof name);
    char **words = NULL;
    t->failed = t->failed || (file && !write_file(name, *file));
    if (!t->failed) words = command(t, file ? name : NULL);
    int err = t->failed ? 0 : words ? spawn(t, slot, words, &job->pid) : ENOMEM;
    free_words(words);
    if (err) t->failed = !cli_error(0, "cannot run %s: %s", t->words[0], strerror(err));
    if (t->failed) job->pid = 0;
    job->begun = plat_clock_now(CLOCK_monotonic);
    if (t->limit) job->deadline = job->begun + t->limit;
    return !t->failed;
}

void trial_skip(Trial *t, u32 slot) { t->jobs[slot] = (TrialJob){0}; }

// What it started may still run.
static void end_group(const TrialJob *job) { kill(-job->pid, SIGKILL); }

static u64 nanoseconds(struct timeval t)
{
    return (u64)t.tv_sec * 1000000000 + (u64)t.tv_usec * 1000;
}

// Has it ended? Where that cannot be known it is over for us, and nothing more is tried.
static bool reap(Trial *t, TrialJob *job, bool wait)
{
    siginfo_t info = {0};
    struct rusage used = {0};
    int got;
    if (!job->pid || job->done) return true;
    do got = waitid(P_PID, (id_t)job->pid, &info, WEXITED | WNOWAIT | (wait ? 0 : WNOHANG));
    while (got < 0 && errno == EINTR);
    if (!got && !info.si_pid) return false;
    if (got) t->failed = !cli_error(0, "cannot wait for %s: %s", t->words[0], strerror(errno));
    end_group(job);
    while (wait4(job->pid, &job->status, 0, &used) < 0 && errno == EINTR) continue;
    job->used = nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime);
    return job->done = true;
}

void trial_drop(Trial *t, u32 slot)
{
    TrialJob *job = &t->jobs[slot];
    if (job->pid && !job->done) {
        end_group(job);
        reap(t, job, true);
    }
    job->pid = 0;
}

bool trial_stops(Trial *t)
{
    sigset_t set = signals(false);
    const struct timespec now = {0};
    if (!t->stopped) {
        int signal = sigtimedwait(&set, NULL, &now);
        if (signal > 0) t->stopped = signal;
    }
    return t->stopped || t->failed;
}

// Sleeps until a process ends, we are told to end, or the time has come; 0: for a second.
static void sleep_until(Trial *t, u64 until)
{
    sigset_t set = signals(true);
    u64 now = plat_clock_now(CLOCK_monotonic), left = 1000000000;
    if (until) left = until > now ? until - now : 0;
    struct timespec time = {(time_t)(left / 1000000000), (long)(left % 1000000000)};
    int signal = sigtimedwait(&set, NULL, &time);
    if (signal > 0 && signal != SIGCHLD) t->stopped = signal;
}

// Has it worked for too long? Else `until`, if that is later, becomes when it may have: one that
// never ends is known by its work long before a machine that has others to serve gives it the time.
static bool works_too_long(const Trial *t, const TrialJob *job, u64 now, u64 *until)
{
    enum { AGAIN = 20000000 }; // to look is work too
    u64 used = 0;
    if (!t->work) return false;
    if (now - job->begun > t->work) used = process_group_time(job->pid);
    else now = job->begun;
    if (used > t->work) return true;
    u64 then = now + MAX(t->work - used, AGAIN);
    if (!*until || then < *until) *until = then;
    return false;
}

void trial_wait(Trial *t, u32 slot)
{
    TrialJob *job = &t->jobs[slot];
    while (!trial_stops(t) && !reap(t, job, false)) {
        u64 now = plat_clock_now(CLOCK_monotonic), until = job->deadline;
        if ((until && now >= until) || works_too_long(t, job, now, &until)) {
            trial_drop(t, slot);
            job->done = job->late = true;
            return;
        }
        sleep_until(t, until);
    }
}

// ---- What came of it

static bool has_text(const char *name, const char *text)
{
    size_t len = 0, cap = 1 << 16, want = strlen(text);
    u8 *data = malloc(cap);
    FILE *file = fopen(name, "re");
    bool found = false;
    // What lay on the border of two pieces is kept for the next.
    for (size_t n; data && file && !found; len = MIN(len, want)) {
        size_t keep = len;
        if (want + 4096 > cap) break;
        n = fread(data + keep, 1, cap - keep, file);
        if (!n) break;
        len = keep + n;
        found = memmem(data, len, text, want) != NULL;
        if (len > want) memmove(data, data + len - want, want);
    }
    if (file) fclose(file);
    free(data);
    return found;
}

static bool ended_so(const Trial *t, const TrialJob *job)
{
    if (t->want == END_timeout) return job->late;
    if (job->late) return false;
    int status = job->status;
    switch (t->want) {
    case END_same: return status == t->wanted;
    case END_status: return WIFEXITED(status) && WEXITSTATUS(status) == t->wanted;
    case END_fails: return status != 0;
    case END_crash: return WIFSIGNALED(status);
    case END_timeout: break;
    }
    return false;
}

bool trial_interesting(Trial *t, u32 slot)
{
    const TrialJob *job = &t->jobs[slot];
    char name[4096];
    if (t->stopped || t->failed || !job->done || !ended_so(t, job)) return false;
    file_name(t, slot, ".out", name, sizeof name);
    return !t->match || has_text(name, t->match);
}

bool trial_output(const Trial *t, u32 slot, Bytes *out)
{
    char name[4096];
    struct stat st = {0};
    file_name(t, slot, ".out", name, sizeof name);
    FILE *file = fopen(name, "re");
    if (file) fstat(fileno(file), &st);
    u8 *data = malloc((size_t)st.st_size + 1);
    *out = (Bytes){data, data && file ? fread(data, 1, (size_t)st.st_size, file) : 0};
    if (file) fclose(file);
    return data != NULL;
}

void trial_describe(const Trial *t, u32 slot, char *out, size_t size)
{
    const TrialJob *job = &t->jobs[slot];
    if (job->late) snprintf(out, size, "takes longer than it may");
    else if (WIFSIGNALED(job->status))
        snprintf(out, size, "is ended by signal %d (%s)", WTERMSIG(job->status),
                 strsignal(WTERMSIG(job->status)));
    else snprintf(out, size, "exits with status %d", WEXITSTATUS(job->status));
}
