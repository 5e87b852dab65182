// measure.c -- runs a command once and says how long it took and how much memory it had at its
// peak.
//
//     measure LIMIT-SECONDS OUTPUT-FILE COMMAND [ARG...] <INPUT
//     prints NANOSECONDS KIBIBYTES STATUS
//
// It is small itself, because a child's peak counts what it had before exec.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;

static void too_long(int signal) { kill(child, SIGKILL); }

int main(int argc, char **argv)
{
    struct timespec start, end;
    struct rusage usage;
    int status;
    if (argc < 4) return 2;
    clock_gettime(CLOCK_MONOTONIC, &start);
    child = fork();
    if (child == 0) {
        int out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0600),
            null = open("/dev/null", O_RDWR);
        dup2(out, 1);
        dup2(null, 2);
        execvp(argv[3], argv + 3);
        _exit(127);
    }
    signal(SIGALRM, too_long);
    alarm((unsigned)atoi(argv[1]));
    if (child < 0 || wait4(child, &status, 0, &usage) < 0) return 2;
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%lld %ld %d\n",
           (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec,
           usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
