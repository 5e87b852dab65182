// confine.c -- see confine.h. Limits of the system for what is used up, and where we know how calls
// are numbered a filter for what is done: all but reading, writing, memory and the end is refused
// with EPERM. A library that would open a file which debug information names goes on without.

#include "debug/where/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__
enum { MACHINE = AUDIT_ARCH_X86_64, FILTERED = 1 };
#elif defined __aarch64__
enum { MACHINE = AUDIT_ARCH_AARCH64, FILTERED = 1 };
#else
enum { MACHINE = 0, FILTERED = 0 };
#endif

enum { MOST_CALLS = 16 };

static const int allowed[] = {
    SYS_read,    SYS_write, SYS_brk,        SYS_mmap,  SYS_munmap,      SYS_mremap,
    SYS_madvise, SYS_exit,  SYS_exit_group, SYS_futex, SYS_rt_sigreturn,
};
_Static_assert(COUNT_OF(allowed) <= MOST_CALLS, "a filter has room for them");

static bool filter_calls(void)
{
    enum { HEAD = 4 };
    const u32 count = COUNT_OF(allowed), refuse = SECCOMP_RET_ERRNO | EPERM;
    struct sock_filter program[HEAD + MOST_CALLS + 2] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (u32)MACHINE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    for (u32 i = 0; i < count; i++)
        program[HEAD + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (u32)allowed[i],
                                                         (u8)(count - i), 0);
    program[HEAD + count] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, refuse);
    program[HEAD + count + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog all = {.len = (u16)(HEAD + count + 2), .filter = program};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all) == 0;
}

// Sanitizers have reserved terabytes by now.
static u64 mapped_now(void)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%llu", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return pages * (u64)sysconf(_SC_PAGESIZE);
}

static bool limit(int what, u64 most)
{
    struct rlimit now;
    if (getrlimit(what, &now) != 0) return false;
    rlim_t value = most < RLIM_INFINITY ? (rlim_t)most : RLIM_INFINITY;
    if (value > now.rlim_max) value = now.rlim_max;
    return setrlimit(what, &(struct rlimit){value, value}) == 0;
}

bool confine(u64 memory, u32 seconds)
{
    enum { OPEN_MOST = 2 }; // and those are 0 and 1
    u64 mapped = mapped_now();
    for (int fd = OPEN_MOST; fd < 1024; fd++) close(fd);
    bool good = mapped && limit(RLIMIT_AS, mapped + memory) && limit(RLIMIT_CPU, seconds) &&
                limit(RLIMIT_NOFILE, OPEN_MOST) && limit(RLIMIT_FSIZE, 0) &&
                limit(RLIMIT_CORE, 0) && limit(RLIMIT_NPROC, 0);
    if (FILTERED) filter_calls(); // where the system has none, limits are what there is
    return good;
}
