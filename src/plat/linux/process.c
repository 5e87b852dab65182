// process.c -- see plat/process.h.

#include "plat/process.h"

#include "plat/pages.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

s64 process_id(void) { return getpid(); }

bool process_stack_allows(u64 bytes)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur >= bytes;
}

bool process_file_allows(u64 bytes)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur == RLIM_INFINITY ||
           bytes <= limit.rlim_cur;
}

// Ticks that one process used, if it is of the group: user and system, its own and its children's.
static u64 ticks_of(const char *process, u64 group)
{
    enum { STATE = 3, GROUP = 5, USED = 14, USED_END = 18 }; // fields of proc_pid_stat(5)
    char name[300], text[1024] = {0};
    u64 used = 0;
    snprintf(name, sizeof name, "/proc/%s/stat", process);
    FILE *file = fopen(name, "re");
    if (!file) return 0;
    bool good = fread(text, 1, sizeof text - 1, file) > 0;
    fclose(file);
    // What runs may have any name, which ends at the last of these.
    const char *at = strrchr(text, ')');
    for (u32 field = STATE; good && at && field < USED_END; field++) {
        at = strchr(at + 1, ' ');
        u64 value = at ? strtoull(at + 1, NULL, 10) : 0;
        if (field == GROUP && value != group) return 0;
        if (field >= USED) used += value;
    }
    return used;
}

u64 process_group_time(s64 group)
{
    u64 ticks = 0, per_second = (u64)sysconf(_SC_CLK_TCK);
    DIR *all = opendir("/proc");
    for (struct dirent *e; all && (e = readdir(all));)
        if (isdigit((unsigned char)*e->d_name)) ticks += ticks_of(e->d_name, (u64)group);
    if (all) closedir(all);
    return ticks * (1000000000 / per_second);
}

void process_end_with(s64 parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1); // it was gone before we asked
}

int process_hold_standard(u32 *closed)
{
    *closed = 0;
    for (int i = 0; i <= STDERR_FILENO; i++) {
        if (fcntl(i, F_GETFD) >= 0 || errno != EBADF) continue;
        if (open("/", O_PATH | O_CLOEXEC) < 0) return errno; // the smallest number that is free
        *closed |= 1u << i;
    }
    return 0;
}

// ---- Which process this is ----------------------------------------------------------------------
// A page that fork wipes: a child finds 0 there, and takes the next number. Emulators know of no
// such pages, so who forks by libc's function wipes it too.

static _Atomic u32 *wiped, last;
static int refused;

static void wipe(void) { atomic_store(wiped, 0); }

static void make_wiped(void)
{
    void *page = pages_map(sizeof *wiped);
    if (!page) {
        refused = ENOMEM;
    } else if (madvise(page, pages_size(), MADV_WIPEONFORK)) {
        refused = errno;
        pages_free(page, sizeof *wiped);
    } else {
        wiped = page;
        refused = pthread_atfork(NULL, NULL, wipe);
    }
}

int process_number(u32 *number)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_wiped);
    if (refused) return refused;
    *number = atomic_load(wiped);
    u32 next = *number ? 0 : atomic_fetch_add(&last, 1) + 1;
    if (next && atomic_compare_exchange_strong(wiped, number, next)) *number = next;
    return 0;
}
