// process.c -- see plat/process.h.

#include "plat/process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

s64 process_id(void) { return getpid(); }

void process_end_with(s64 parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1); // it was gone before we asked
}
