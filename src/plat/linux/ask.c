// ask.c -- programs that are asked something, by posix_spawn and a socket at both of its ends. See
// plat/process.h.

#include "plat/clock.h"
#include "plat/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

bool process_beside(const char *name, char *path, size_t size)
{
    static char own[4096]; // of the program that runs; asked for once, since later it may be hidden
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    ssize_t len = own[0] ? (ssize_t)strlen(own) : readlink("/proc/self/exe", own, sizeof own);
    if (len <= 0 || (size_t)len >= sizeof own) own[0] = 0;
    const char *slash = strrchr(own, '/');
    size_t folder = slash ? (size_t)(slash + 1 - own) : size;
    bool fits = folder + strlen(name) < size;
    if (fits) snprintf(path, size, "%.*s%s", (int)folder, own, name);
    pthread_mutex_unlock(&lock);
    return fits;
}

static int start(const char *const *words, int end, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none;
    sigemptyset(&none);
    int err = posix_spawn_file_actions_init(&files);
    if (err) return err;
    if ((err = posix_spawnattr_init(&how)) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return err;
    }
    err = posix_spawn_file_actions_adddup2(&files, end, 0);
    if (!err) err = posix_spawn_file_actions_adddup2(&files, end, 1);
    if (!err) err = posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&how, &none);
    if (!err)
        err = posix_spawn(pid, words[0], &files, &how, (char **)(uintptr_t)words, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    return err;
}

// Sends what the other end takes now. False: it takes no more.
static bool send_some(const ProcessAsk *ask, int end, u32 *piece, size_t *sent)
{
    while (*piece < ask->piece_count && *sent == ask->pieces[*piece].len) {
        *sent = 0;
        ++*piece;
    }
    if (*piece == ask->piece_count) return false;
    const Bytes *now = &ask->pieces[*piece];
    ssize_t n = send(end, now->data + *sent, now->len - *sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) *sent += (size_t)n;
    return n > 0 || errno == EAGAIN || errno == EINTR;
}

// Receives what has come. False: that was all, or there is no room for more.
static bool receive_some(ProcessAsk *ask, int end)
{
    size_t room = ask->room - ask->size;
    ssize_t n = room ? recv(end, ask->answer + ask->size, room, MSG_DONTWAIT) : 0;
    if (n > 0) ask->size += (size_t)n;
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

// False: it did not end its answer itself.
static bool talk(ProcessAsk *ask, int end)
{
    enum { MS = 1000000 };
    u64 now = plat_clock_now(CLOCK_monotonic), until = now + ask->time;
    u32 piece = 0;
    size_t sent = 0;
    bool asking = true;
    for (; now < until; now = plat_clock_now(CLOCK_monotonic)) {
        struct pollfd wait = {.fd = end, .events = POLLIN | (asking ? POLLOUT : 0)};
        int ready = poll(&wait, 1, (int)MIN((until - now) / MS + 1, (u64)INT32_MAX));
        if (ready < 0 && errno != EINTR) return false;
        if (ready <= 0) continue;
        if ((wait.revents & POLLOUT) && asking && !send_some(ask, end, &piece, &sent)) {
            asking = false;
            shutdown(end, SHUT_WR);
        }
        if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) && !receive_some(ask, end))
            return ask->size < ask->room;
    }
    return false;
}

// What has closed its output is about to exit; it is killed if it is not.
static pid_t end_of(pid_t pid, int *status)
{
    enum { TRIES = 100, PAUSE = 200000 };
    const struct timespec pause = {.tv_nsec = PAUSE};
    pid_t got = 0;
    for (u32 i = 0; i < TRIES && got <= 0; i++) {
        got = waitpid(pid, status, WNOHANG);
        if (got < 0 && errno != EINTR) return got;
        if (got <= 0) nanosleep(&pause, NULL);
    }
    if (got <= 0) kill(pid, SIGKILL);
    while (got <= 0 && (got = waitpid(pid, status, 0)) < 0 && errno == EINTR) continue;
    return got;
}

// One that runs, and our end of what we talk to it by.
typedef struct { pid_t pid; int end; } Asked;

static int begin(const char *const *words, Asked *asked)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return errno;
    int err = start(words, ends[1], &asked->pid);
    close(ends[1]);
    if (err) close(ends[0]);
    asked->end = ends[0];
    return err;
}

enum { AHEAD_MOST = 8 };
static Asked ahead[AHEAD_MOST];
static u32 ahead_count; // of the thread that asks

int process_ask_ahead(const char *const *words)
{
    if (ahead_count == AHEAD_MOST) return EAGAIN;
    int err = begin(words, &ahead[ahead_count]);
    if (!err) ahead_count++;
    return err;
}

int process_ask(ProcessAsk *ask)
{
    int status = 0, err = 0;
    Asked asked;
    ask->size = 0;
    ask->status = -1;
    if (ahead_count) asked = ahead[--ahead_count];
    else err = begin(ask->words, &asked);
    if (err) return err;
    if (!talk(ask, asked.end)) kill(asked.pid, SIGKILL);
    close(asked.end); // which ends it too, where nobody may be killed
    if (end_of(asked.pid, &status) == asked.pid && WIFEXITED(status))
        ask->status = WEXITSTATUS(status);
    return 0;
}
