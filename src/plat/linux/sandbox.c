// sandbox.c -- Landlock and seccomp, by the kernel's interface.
//
// spec: landlock(7), seccomp(2); Documentation/userspace-api/landlock.rst

#include "plat/sandbox.h"

#include "plat/pages.h"
#include "plat/thread.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Who is asked what it has done by counters or shadows of the compiler's writes files in the end,
// and looks at itself from outside.
#ifdef WEFT_INSTRUMENTED
enum { WALLS = 0 };
#else
enum { WALLS = 1 };
#endif

// ---- Files: Landlock
//
// Bits that headers of the distribution may not know yet; each version of the interface has some.

enum {
    LAND_execute = 1 << 0,
    LAND_write_file = 1 << 1,
    LAND_read_file = 1 << 2,
    LAND_read_dir = 1 << 3,
    LAND_remove_dir = 1 << 4,
    LAND_remove_file = 1 << 5,
    LAND_make_dir = 1 << 7,
    LAND_make_reg = 1 << 8,
    LAND_make_sock = 1 << 9, // these two, so that they are moved; no call makes any
    LAND_make_fifo = 1 << 10,
    LAND_make_sym = 1 << 12,
    LAND_refer = 1 << 13,    // since version 2: names are moved and linked between directories
    LAND_truncate = 1 << 14, // 3
    LAND_ioctl = 1 << 15,    // 5: of devices; seccomp says which
    LAND_reads = LAND_read_file | LAND_read_dir | LAND_ioctl,
    LAND_writes = LAND_write_file | LAND_remove_dir | LAND_remove_file | LAND_make_dir |
                  LAND_make_reg | LAND_make_sock | LAND_make_fifo | LAND_make_sym | LAND_refer |
                  LAND_truncate,
};
enum { NET_ALL = 3, SCOPES_ALL = 3 }; // to bind and connect; sockets without names, signals

enum { RULESET_VERSION = 1, RULE_BENEATH = 1, RULE_PORT = 2, NET_CONNECT = 2 };

typedef struct {
    u64 files, net, scopes; // those that are refused if no rule allows them
} Ruleset;

typedef struct {
    u64 allowed;
    s32 parent;
} Beneath; // which the kernel knows as packed: without what is behind

typedef struct { u64 allowed, port; } Port;

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

static u64 files_of(long version)
{
    static const u32 bits[] = {13, 14, 15, 15, 16};
    return ((u64)1 << bits[MIN(version, 5) - 1]) - 1;
}

static int wall_off_files(const SandboxDir *dirs, u32 count, SandboxPorts ports, bool *stands)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, RULESET_VERSION);
    if (version < 2) return 0; // before that nothing could be moved between directories
    // Other threads would stand outside: this does nothing, where there are any not even that.
    if (unshare(CLONE_THREAD) && errno == EINVAL) return EBUSY;
    Ruleset all = {.files = files_of(version), .net = version >= 4 ? NET_ALL : 0,
                   .scopes = version >= 6 ? SCOPES_ALL : 0};
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
    if (rules < 0) return errno;
    long failed = 0;
    for (u32 i = 0; i < count && !failed; i++) {
        u64 may = LAND_reads | (dirs[i].read_only ? 0 : (u64)LAND_writes);
        Beneath rule = {.allowed = may & all.files, .parent = dirs[i].dir};
        failed = syscall(SYS_landlock_add_rule, rules, RULE_BENEATH, &rule, 0);
    }
    for (u32 i = 0; i < ports.count && !failed && all.net; i++) {
        Port rule = {.allowed = NET_CONNECT, .port = ports.list[i]};
        failed = syscall(SYS_landlock_add_rule, rules, RULE_PORT, &rule, 0);
    }
    if (!failed) failed = syscall(SYS_landlock_restrict_self, rules, 0);
    int err = failed ? errno : 0;
    close(rules);
    *stands = !err;
    return err;
}

// ---- Calls: seccomp
//
// A filter is a program of the kernel's: it looks at the machine, then at the number of the call,
// and for some at an argument. What it does not know is refused with EPERM, as a system would that
// forbids it.

#if defined __x86_64__
enum { MACHINE = AUDIT_ARCH_X86_64 };
#elif defined __aarch64__
enum { MACHINE = AUDIT_ARCH_AARCH64 };
#elif defined __arm__
enum { MACHINE = AUDIT_ARCH_ARM };
#else
enum { MACHINE = 0 };
#endif

#define C(name) SYS_##name,
static const int calls[] = {
    // files that are open
    C(read) C(write) C(readv) C(writev) C(pread64) C(pwrite64) C(preadv) C(pwritev) C(close)
    C(fsync) C(fdatasync) C(getdents64) C(fallocate) C(ppoll) C(memfd_create)
    // sockets that are
    C(accept4) C(recvmsg) C(recvfrom) C(shutdown) C(getsockopt) C(getsockname) C(getpeername)
    // memory
    C(munmap) C(mremap) C(madvise) C(brk) C(membarrier)
    // threads, signals, the end
    C(futex) C(set_robust_list) C(sched_yield) C(sched_getaffinity) C(gettid) C(getpid) C(rt_sigaction)
    C(rt_sigprocmask) C(rt_sigpending) C(rt_sigtimedwait) C(rt_sigreturn) C(sigaltstack) C(exit)
    C(exit_group) C(restart_syscall) C(wait4) C(waitid)
    // clocks, chance, what there is
    C(clock_gettime) C(clock_getres) C(clock_nanosleep) C(nanosleep) C(gettimeofday) C(setitimer)
    C(getrandom) C(sysinfo)
#ifdef SYS_rseq
    C(rseq)
#endif
#if defined __x86_64__
    C(fstat) C(newfstatat) C(fstatfs) C(ftruncate) C(fadvise64) C(lseek) C(poll)
#elif defined __aarch64__
    C(fstat) C(newfstatat) C(fstatfs) C(ftruncate) C(fadvise64) C(lseek)
#elif defined __arm__
    C(fstat64) C(fstatfs64) C(ftruncate64) C(arm_fadvise64_64) C(_llseek) C(lseek) C(poll)
    C(clock_gettime64) C(clock_getres_time64) C(clock_nanosleep_time64) C(ppoll_time64)
    C(futex_time64) C(rt_sigtimedwait_time64) 0x0f0002, 0x0f0005, // cacheflush, set_tls
    C(statx) C(send) C(recv) // which libc has for fstat and for those
#endif
};

// Where a directory was granted.
static const int paths[] = {
    C(openat) C(mkdirat) C(unlinkat) C(linkat) C(symlinkat) C(renameat2) C(readlinkat) C(utimensat)
    C(openat2)
#ifdef SYS_renameat
    C(renameat)
#endif
#ifdef __arm__
    C(fstatat64) C(utimensat_time64)
#endif
};
#undef C

#ifndef PR_SET_VMA // headers before 5.17
#define PR_SET_VMA 0x53564d41
#endif

enum { PROGRAM_MOST = 400, MEMORY_WX = PROT_WRITE | PROT_EXEC };

typedef struct {
    struct sock_filter code[PROGRAM_MOST];
    u32 len;
} Program;

static void emit(Program *p, u16 code, u32 value, u8 yes, u8 no)
{
    if (p->len == PROGRAM_MOST) return; // which the caller asks for
    p->code[p->len++] = (struct sock_filter){code, yes, no, value};
}

static void answer(Program *p, u32 with) { emit(p, BPF_RET | BPF_K, with, 0, 0); }
static void load(Program *p, size_t at) { emit(p, BPF_LD | BPF_W | BPF_ABS, (u32)at, 0, 0); }
static void allow(Program *p) { answer(p, SECCOMP_RET_ALLOW); }
static void refuse(Program *p, u32 err) { answer(p, SECCOMP_RET_ERRNO | err); }

static void allow_calls(Program *p, const int *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        emit(p, BPF_JMP | BPF_JEQ | BPF_K, (u32)numbers[i], 0, 1);
        allow(p);
    }
}

static size_t argument(u32 n)
{
    // Of the low half, which all that is looked at fits in.
    size_t low = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 4;
    return offsetof(struct seccomp_data, args) + 8 * (size_t)n + low;
}

// The call, if one of its arguments, of which only bits of `mask` count, is one of these.
static void allow_with(Program *p, u32 call, u32 n, u32 mask, const u32 *values, u32 count)
{
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, (u8)(3 + 2 * count));
    load(p, argument(n));
    emit(p, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
    for (u32 i = 0; i < count; i++) {
        emit(p, BPF_JMP | BPF_JEQ | BPF_K, values[i], 0, 1);
        allow(p);
    }
    refuse(p, EPERM);
}

// The call, if one of its arguments is 0, all of its bits.
static void allow_without(Program *p, u32 call, u32 n)
{
    size_t at = offsetof(struct seccomp_data, args) + 8 * (size_t)n;
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 6);
    load(p, at);
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3);
    load(p, at + 4);
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
    allow(p);
    refuse(p, EPERM);
}

// The call, unless it makes memory that is written and run.
static void allow_memory(Program *p, u32 call)
{
    static const u32 values[] = {0, PROT_WRITE, PROT_EXEC};
    allow_with(p, call, 2, MEMORY_WX, values, COUNT_OF(values));
}

// The call, if these words of its arguments are all 0.
static void allow_zeros(Program *p, u32 call, const size_t *words, u32 count)
{
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, (u8)(2 + 2 * count));
    for (u32 left = count; left; left--) {
        load(p, words[count - left]);
        emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, (u8)(2 * left - 1));
    }
    allow(p);
    refuse(p, EPERM);
}

// Sockets of TCP over IP are made, and of no other protocol that Landlock knows nothing of.
static void allow_connecting(Program *p)
{
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 0, 1);
    allow(p);
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 10);
    load(p, argument(2));
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 7);
    load(p, argument(1));
    emit(p, BPF_ALU | BPF_AND | BPF_K, 0xf, 0, 0);
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 0, 4);
    load(p, argument(0));
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 1, 0);
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 1);
    allow(p);
    refuse(p, EPERM);
}

static void build(Program *p, bool with_paths, bool connects)
{
    static const u32 thread[] = {CLONE_VM | CLONE_THREAD | CLONE_SIGHAND};
    static const u32 asked[] = {FIONREAD, TCGETS, (u32)TCGETS2, TIOCGWINSZ};
    static const u32 modes[] = {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_ADD_SEALS,
                                F_GET_SEALS};
    static const u32 names[] = {PR_SET_NAME, PR_SET_VMA}; // of threads and of memory
    static const u32 quiet[] = {MSG_NOSIGNAL | MSG_DONTWAIT}; // and so it connects nothing
    // Limits of this process are asked for, and there are no new ones.
    const size_t limits[] = {argument(0), argument(2), argument(2) ^ 4};
    const u32 own = (u32)getpid();
    p->len = 0;
    load(p, offsetof(struct seccomp_data, arch));
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, (u32)MACHINE, 1, 0);
    refuse(p, ENOSYS);
    load(p, offsetof(struct seccomp_data, nr));
    allow_calls(p, calls, COUNT_OF(calls));
    if (with_paths) allow_calls(p, paths, COUNT_OF(paths));
    if (connects) allow_connecting(p);
    // Its flags are in memory, where no filter looks: libc goes on with clone.
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
    refuse(p, ENOSYS);
    allow_with(p, SYS_clone, 0, thread[0], thread, 1);
    allow_with(p, SYS_ioctl, 1, UINT32_MAX, asked, COUNT_OF(asked));
    allow_with(p, SYS_tgkill, 0, UINT32_MAX, &own, 1);
    allow_with(p, SYS_prctl, 0, UINT32_MAX, names, COUNT_OF(names));
    allow_without(p, SYS_sendto, 4);    // to who is connected
    allow_with(p, SYS_sendmsg, 2, UINT32_MAX, quiet, COUNT_OF(quiet));
    allow_zeros(p, SYS_prlimit64, limits, COUNT_OF(limits));
#ifdef __arm__
    allow_memory(p, SYS_mmap2);
    allow_with(p, SYS_fcntl64, 1, UINT32_MAX, modes, COUNT_OF(modes));
#else
    allow_memory(p, SYS_mmap);
    allow_with(p, SYS_fcntl, 1, UINT32_MAX, modes, COUNT_OF(modes));
#endif
    allow_memory(p, SYS_mprotect);
    refuse(p, EPERM);
}

static int wall_off_calls(bool with_paths, bool connects, bool *stands)
{
    Program p;
    if (MACHINE == 0) return 0;
    build(&p, with_paths, connects);
    if (p.len == PROGRAM_MOST) return E2BIG;
    struct sock_fprog all = {.len = (u16)p.len, .filter = p.code};
    long failed = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &all);
    if (failed > 0) return EBUSY; // a thread has another one
    if (failed && (errno == ENOSYS || errno == EINVAL)) return 0;
    *stands = !failed;
    return failed ? errno : 0;
}

int sandbox_enter(const SandboxDir *dirs, u32 dir_count, SandboxPorts ports, SandboxWalls *stands)
{
    *stands = (SandboxWalls){0};
    if (WALLS == 0) return 0;
    thread_stack_left(); // which reads a file, the first time
    pages_promised();    // likewise
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return errno == EINVAL ? 0 : errno;
    int err = dirs ? wall_off_files(dirs, dir_count, ports, &stands->files) : 0;
    return err ? err : wall_off_calls(!dirs || dir_count, ports.count, &stands->calls);
}
