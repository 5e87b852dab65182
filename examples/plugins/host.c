/* host.c -- a host of one plug-in: each line of its input is a message, and each answer a line of
   its output. When the plug-in's file becomes another one, that is swapped in, between two lines.

       plugin_host tally.wasm [THREADS]

   With several threads lines are answered in any order. */

#define _POSIX_C_SOURCE 200809L
#include "plugin.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>
#include <weft.h>

enum { THREADS_MOST = 64, CHECKPOINT_EVERY = 1000, LOOK_EVERY_MS = 20 };

typedef struct {
    Plugin *plugin;
    const char *path;
    struct stat seen; /* of its file, from before it was read: what changes meanwhile is seen too */
    pthread_mutex_t reading, ending;
    pthread_cond_t ended;
    bool is_over;
    uint64_t lines;
} Host;

/* Answers lines until there are no more. */
static void *work(void *env)
{
    Host *host = (Host *)env;
    char *line = NULL, why[PLUGIN_WHY];
    size_t room = 0;
    PluginBytes answer;
    for (;;) {
        ssize_t len;
        bool is_due;
        pthread_mutex_lock(&host->reading);
        len = getline(&line, &room, stdin);
        is_due = len >= 0 && ++host->lines % CHECKPOINT_EVERY == 0;
        pthread_mutex_unlock(&host->reading);
        if (len < 0) break;
        if (len > 0 && line[len - 1] == '\n') len--;
        if (plugin_call(host->plugin, line, (size_t)len, &answer, why)) {
            flockfile(stdout);
            fwrite(answer.data, 1, answer.len, stdout);
            putc('\n', stdout);
            fflush(stdout);
            funlockfile(stdout);
            free(answer.data);
        } else {
            fprintf(stderr, "no answer: %s\n", why);
        }
        if (is_due && !plugin_checkpoint(host->plugin, why))
            fprintf(stderr, "no checkpoint: %s\n", why);
    }
    free(line);
    return NULL;
}

/* A file that was replaced has another number; one that was written to, another time. */
static bool is_other(const struct stat *a, const struct stat *b)
{
    return a->st_ino != b->st_ino || a->st_size != b->st_size ||
           a->st_mtim.tv_sec != b->st_mtim.tv_sec || a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

static void swap(Host *host)
{
    char why[PLUGIN_WHY];
    PluginInfo info;
    if (!plugin_swap(host->plugin, why)) {
        fprintf(stderr, "the old one stays: %s\n", why);
        return;
    }
    info = plugin_info(host->plugin);
    fprintf(stderr, "swapped: version %d, %zu bytes of state\n", (int)info.version,
            info.state_bytes);
}

/* Waits a moment; false: the host is done. */
static bool wait_moment(Host *host)
{
    struct timespec until;
    bool goes_on;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_EVERY_MS * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&host->ending);
    if (!host->is_over) pthread_cond_timedwait(&host->ended, &host->ending, &until);
    goes_on = !host->is_over;
    pthread_mutex_unlock(&host->ending);
    return goes_on;
}

/* Looks at the file now and then. One that is being written is refused, and then seen again. */
static void *watch(void *env)
{
    Host *host = (Host *)env;
    struct stat found;
    while (wait_moment(host)) {
        if (stat(host->path, &found) != 0 || !is_other(&host->seen, &found)) continue;
        host->seen = found;
        swap(host);
    }
    return NULL;
}

static void run(Host *host, int count)
{
    pthread_t watcher, workers[THREADS_MOST];
    int started = 0, i;
    bool is_watched = pthread_create(&watcher, NULL, watch, host) == 0;
    while (started < count - 1 && pthread_create(&workers[started], NULL, work, host) == 0)
        started++;
    work(host);
    for (i = 0; i < started; i++) pthread_join(workers[i], NULL);
    pthread_mutex_lock(&host->ending);
    host->is_over = true;
    pthread_cond_signal(&host->ended);
    pthread_mutex_unlock(&host->ending);
    if (is_watched) pthread_join(watcher, NULL);
}

int main(int argc, char **argv)
{
    Host host;
    PluginInfo info;
    weft_diag diag;
    char why[PLUGIN_WHY];
    int count = argc > 2 ? atoi(argv[2]) : 1;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    memset(&host, 0, sizeof host);
    if (argc < 2 || argc > 3 || count < 1 || count > THREADS_MOST || !engine) {
        fprintf(stderr, engine ? "plugin_host FILE [THREADS], at most 64\n" : "no engine\n");
        weft_engine_free(engine);
        return 2;
    }
    host.path = argv[1];
    stat(host.path, &host.seen);
    host.plugin = plugin_open(engine, host.path, NULL, why);
    if (!host.plugin) {
        fprintf(stderr, "%s: %s\n", host.path, why);
        weft_engine_free(engine);
        return 1;
    }
    pthread_mutex_init(&host.reading, NULL);
    pthread_mutex_init(&host.ending, NULL);
    pthread_cond_init(&host.ended, NULL);
    run(&host, count);
    info = plugin_info(host.plugin);
    fprintf(stderr, "%llu calls, %llu traps, %llu swaps, %llu refused, %.3f ms the longest pause\n",
            (unsigned long long)info.calls, (unsigned long long)info.traps,
            (unsigned long long)info.swaps, (unsigned long long)info.refused,
            (double)info.longest_pause / 1e6);
    plugin_close(host.plugin);
    weft_engine_free(engine);
    return 0;
}
