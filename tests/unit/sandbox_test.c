// sandbox_test.c -- the second wall alone. Paths are resolved without any check (no_beneath.h); and
// a guest that tries all ways out, then the process itself by calls of the system, still reads and
// changes nothing but what was granted.
//
//     tmp/  out/secret   out/empty/   box/ (granted, fd 3)   ro/ (to look at, fd 4)
//     /dev/pts (granted, fd 5)
//
// Hazards: R31, R32, R33.

#include "no_beneath.h"

#include "plat/sandbox.h"
#include "plat/thread.h"
#include "wasi/abi.h"
#include "wasi/guest.h"
#include "wasi/wasi.h"

#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- The guest

enum { BOX = 3, RO, TERMINALS };
enum { MEMORY = 1 << 16, AT_PATH = 0x1000, AT_PATH2 = 0x3000, AT_OUT = 0x8000, AT_DATA = 0xa000 };
static u8 *memory;
static GuestMemory mem;
static WasiCtx *ctx;
static char tmp[] = "/tmp/weft-sandbox-XXXXXX";
static char absolute[100];

#define CALL(name, ...) call(name, (const u64[]){__VA_ARGS__})

static u32 call(const char *name, const u64 *args)
{
    const WasiFunc *f = wasi_find("wasi_snapshot_preview1", 22, name, strlen(name));
    u64 result = 8888;
    CHECK(f && f->call(ctx, mem, args, &result) == WASI_RETURN);
    return (u32)result;
}

static u32 put_text(u32 at, const char *text)
{
    memcpy(memory + at, text, strlen(text));
    return (u32)strlen(text);
}

static u32 open_path(u32 dir, const char *path, u32 oflags, u64 rights, u32 *fd)
{
    u32 len = put_text(AT_PATH, path);
    u32 err = CALL("path_open", dir, 1, AT_PATH, len, oflags, rights, 0, 0, AT_OUT);
    *fd = get_u32(memory + AT_OUT);
    return err;
}

static void iovec(u32 len)
{
    put_u32(memory + 0x100, AT_DATA);
    put_u32(memory + 0x104, len);
}

// All that may be done with a path out of what was granted; nothing of it may be done.
static void attack(u32 dir, const char *path)
{
    u32 fd, len;
    bool opened = !open_path(dir, path, 0, RIGHT_fd_read, &fd);
    iovec(64);
    if (opened) CHECK(CALL("fd_read", fd, 0x100, 1, AT_OUT) || !get_u32(memory + AT_OUT));
    opened = !open_path(dir, path, OFLAG_directory, RIGHT_fd_readdir | RIGHT_fd_read, &fd);
    if (opened) CHECK(CALL("fd_readdir", fd, AT_DATA, 4096, 0, AT_OUT) != 0);
    CHECK(open_path(dir, path, 0, RIGHT_fd_write, &fd) != 0);
    CHECK(open_path(dir, path, OFLAG_creat, RIGHT_fd_write, &fd) != 0);
    CHECK(open_path(dir, path, OFLAG_creat | OFLAG_excl, RIGHT_fd_write, &fd) != 0);
    CHECK(open_path(dir, path, OFLAG_trunc, RIGHT_fd_read, &fd) != 0);
    len = put_text(AT_PATH, path);
    CHECK(CALL("path_create_directory", dir, AT_PATH, len) != 0);
    CHECK(CALL("path_remove_directory", dir, AT_PATH, len) != 0);
    CHECK(CALL("path_unlink_file", dir, AT_PATH, len) != 0);
    u32 own = put_text(AT_PATH2, "own"), got = put_text(AT_PATH2 + 8, "got");
    CHECK(CALL("path_symlink", AT_PATH2, own, dir, AT_PATH, len) != 0);
    CHECK(CALL("path_link", BOX, 0, AT_PATH2, own, dir, AT_PATH, len) != 0);
    CHECK(CALL("path_link", dir, 1, AT_PATH, len, BOX, AT_PATH2 + 8, got) != 0);
    CHECK(CALL("path_rename", BOX, AT_PATH2, own, dir, AT_PATH, len) != 0);
    CHECK(CALL("path_rename", dir, AT_PATH, len, BOX, AT_PATH2 + 8, got) != 0);
}

// Of what is not the test's own nothing but reading is tried: the wall may be missing.
static void look_outside(void)
{
    static const char *const others[] = {
        "/etc/passwd", "/proc/self/maps", "/proc/self/root/etc/passwd", "/proc/cpuinfo",
        "/sys/kernel/mm", "/dev/zero", "/usr", "/",
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        u32 fd;
        CHECK(open_path(BOX, others[i], 0, RIGHT_fd_read, &fd) != 0);
    }
}

static void attack_all(void)
{
    char path[200];
    static const char *const outside[] = {
        "../out/secret", "../out/new", "../out/empty", "../new", "a/../../out/secret",
        "./../out/secret", "..//out//secret", "up/secret", "up/new", "up/empty", "../out",
        "deep/up/secret", "twice/secret",
    };
    look_outside();
    for (size_t i = 0; i < COUNT_OF(outside); i++) attack(BOX, outside[i]);
    snprintf(path, sizeof path, "/proc/self/root%s/secret", absolute);
    attack(BOX, path);
    static const char *const names[] = {"secret", "new", "empty", "empty/new"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(path, sizeof path, "%s/%s", absolute, names[i]);
        attack(BOX, path);
    }
    // By links that are followed: what they lead to is neither read nor made.
    u32 fd;
    static const char *const links[] = {"file", "dangling"};
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        CHECK(open_path(BOX, links[i], 0, RIGHT_fd_read, &fd) != 0);
        CHECK(open_path(BOX, links[i], 0, RIGHT_fd_write, &fd) != 0);
        CHECK(open_path(BOX, links[i], OFLAG_creat, RIGHT_fd_write, &fd) != 0);
        CHECK(open_path(BOX, links[i], OFLAG_trunc, RIGHT_fd_write, &fd) != 0);
    }
    // What may be looked at is not changed, by whatever way.
    CHECK_EQ_U64(open_path(BOX, "../ro/file", 0, RIGHT_fd_read, &fd), 0);
    CHECK(open_path(BOX, "../ro/file", 0, RIGHT_fd_write, &fd) != 0);
    CHECK(open_path(BOX, "../ro/file", OFLAG_trunc, RIGHT_fd_write, &fd) != 0);
    CHECK(open_path(BOX, "../ro/new", OFLAG_creat, RIGHT_fd_write, &fd) != 0);
    CHECK(CALL("path_unlink_file", BOX, AT_PATH, put_text(AT_PATH, "../ro/file")) != 0);
    // What was granted works.
    CHECK_EQ_U64(open_path(BOX, "made", OFLAG_creat, RIGHT_fd_write, &fd), 0);
    iovec(8);
    CHECK_EQ_U64(CALL("fd_write", fd, 0x100, 1, AT_OUT), 0);
    CHECK_EQ_U64(CALL("path_create_directory", BOX, AT_PATH, put_text(AT_PATH, "d")), 0);
    CHECK_EQ_U64(CALL("path_rename", BOX, AT_PATH, put_text(AT_PATH, "made"), BOX, AT_PATH2,
                      put_text(AT_PATH2, "d/made")), 0);
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_text(AT_PATH, "d/made")), 0);
    CHECK_EQ_U64(CALL("path_rename", BOX, AT_PATH, put_text(AT_PATH, "fifo"), BOX, AT_PATH2,
                      put_text(AT_PATH2, "d/fifo")), 0);
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_text(AT_PATH, "d/fifo")), 0);
    CHECK_EQ_U64(CALL("path_remove_directory", BOX, AT_PATH, put_text(AT_PATH, "d")), 0);
    CHECK_EQ_U64(open_path(RO, "file", 0, RIGHT_fd_read, &fd), 0);
}

// A terminal beneath a directory that was granted is one behind the wall too: it obeys nothing.
static void write_to_terminal(int master, const char *slave)
{
    u32 fd;
    char shown[8] = {0};
    CHECK_EQ_U64(open_path(TERMINALS, slave, 0, RIGHT_fd_write, &fd), 0);
    memcpy(memory + AT_DATA, "\x1b[m", 3);
    iovec(3);
    CHECK_EQ_U64(CALL("fd_write", fd, 0x100, 1, AT_OUT), 0);
    CHECK(read(master, shown, sizeof shown - 1) == 3);
    CHECK_STR(shown, "?[m");
}

// ---- The process, whoever runs in it

static void open_outside(void *refused) { *(bool *)refused = open("/etc/passwd", O_RDONLY) < 0; }

// As they are; by an address whose low half is that of none.
static void set_limits(void)
{
    struct rlimit *own = NULL, old;
    CHECK(getrlimit(RLIMIT_CPU, &old) == 0);
#if UINTPTR_MAX > UINT32_MAX
    own = mmap((void *)((uintptr_t)1 << 32), 4096, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (!CHECK(own != MAP_FAILED)) return;
    *own = old;
#endif
    CHECK(!own || syscall(SYS_prlimit64, 0, RLIMIT_CPU, own, NULL) < 0);
    CHECK(syscall(SYS_prlimit64, getppid(), RLIMIT_CPU, own, &old) < 0);
}

static void attack_system(void)
{
    char secret[120];
    snprintf(secret, sizeof secret, "%s/secret", absolute);
    CHECK(open(secret, O_RDONLY) < 0 && open(secret, O_WRONLY) < 0);
    CHECK(truncate(secret, 0) < 0 && unlink(secret) < 0 && chmod(secret, 0777) < 0);
    CHECK(socket(AF_INET, SOCK_STREAM, 0) < 0 && socket(AF_UNIX, SOCK_STREAM, 0) < 0);
    pid_t made = fork();
    if (made == 0) _exit(0);
    CHECK(made < 0);
    CHECK(execl("/bin/false", "false", NULL) < 0); // which fails, if it is run
    CHECK(ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0);
    CHECK(kill(getppid(), 0) < 0 && kill(getpid(), 0) < 0);
    set_limits();
    snprintf(secret, sizeof secret, "%s/box/made", tmp);
    CHECK(mkfifo(secret, 0644) < 0 && errno == EPERM);
    CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
               0) == MAP_FAILED);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED && mprotect(page, 4096, PROT_WRITE | PROT_EXEC) < 0);
    // A thread is made as ever, and stands behind the wall too.
    bool refused = false;
    Thread *thread = thread_start(open_outside, &refused);
    CHECK(thread != NULL);
    thread_join(thread);
    CHECK(refused);
}

// Limits are those of others too, who would end by them; a socket that is connected to nobody, a
// listener that is shut down say, connects by a flag of sending.
static void attack_others(const int pair[2])
{
    char byte = 'x';
    const struct sockaddr_un to = {.sun_family = AF_UNIX};
    struct iovec one = {&byte, 1};
    const struct msghdr message = {.msg_iov = &one, .msg_iovlen = 1};
    struct rlimit *limits = mmap((void *)(uintptr_t)((u64)1 << 32), 4096, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(getrlimit(RLIMIT_NOFILE, &(struct rlimit){0}) == 0);
    if (CHECK(limits != MAP_FAILED) && !getrlimit(RLIMIT_NOFILE, limits)) {
        CHECK(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, limits, NULL) < 0 && errno == EPERM);
        CHECK(syscall(SYS_prlimit64, getppid(), RLIMIT_NOFILE, limits, NULL) < 0 && errno == EPERM);
    }
    CHECK_EQ_U64(send(pair[0], &byte, 1, MSG_NOSIGNAL), 1);
    CHECK_EQ_U64(sendmsg(pair[0], &message, MSG_NOSIGNAL | MSG_DONTWAIT), 1);
    CHECK(sendmsg(pair[0], &message, MSG_FASTOPEN) < 0 && errno == EPERM);
    CHECK(sendto(pair[0], &byte, 1, MSG_FASTOPEN, (const struct sockaddr *)&to, sizeof to) < 0 &&
          errno == EPERM);
    CHECK_EQ_U64(recv(pair[1], &byte, 1, 0), 1);
}

// Everything below `folder`: names and contents, added up.
static u64 digest_of(const char *folder)
{
    char path[300], text[100];
    u64 sum = 1;
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        u64 one = 14695981039346656037u;
        for (const char *c = e->d_name; *c; c++) one = (one ^ (u8)*c) * 1099511628211u;
        int fd = open(path, O_RDONLY | O_NOFOLLOW);
        ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text);
        for (ssize_t i = 0; i < n; i++) one = (one ^ (u8)text[i]) * 1099511628211u;
        if (fd >= 0) close(fd);
        sum += one * (e->d_type == DT_DIR ? 3 + digest_of(path) : 1);
    }
    if (dir) closedir(dir);
    return sum;
}

enum { NO_WALL = 77 };

static int attack_behind_wall(void)
{
    static const char terminals[] = "/dev/pts";
    SandboxDir dirs[3] = {{.dir = -1}, {.dir = -1, .read_only = true}, {.dir = -1}};
    SandboxWalls stands;
    char box[100], ro[100];
    snprintf(box, sizeof box, "%s/box", tmp);
    snprintf(ro, sizeof ro, "%s/ro", tmp);
    ctx = wasi_new();
    CHECK(wasi_add_preopen(ctx, box, "/", false) == 0);
    CHECK(wasi_add_preopen(ctx, ro, "/ro", true) == 0);
    CHECK(wasi_add_preopen(ctx, terminals, "/terminals", false) == 0);
    CHECK(file_open_directory(box, &dirs[0].dir) == 0);
    CHECK(file_open_directory(ro, &dirs[1].dir) == 0);
    CHECK(file_open_directory(terminals, &dirs[2].dir) == 0);
    int master = posix_openpt(O_RDWR | O_NOCTTY), pair[2];
    if (!CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)) return 1;
    const char *slave = strrchr(ptsname(master), '/') + 1;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    int err = sandbox_enter(dirs, COUNT_OF(dirs), (SandboxPorts){0}, &stands);
    CHECK_EQ_U64(err, 0);
    if (!stands.files || !stands.calls) return NO_WALL;
    attack_all();
    write_to_terminal(master, slave);
    attack_system();
    attack_others(pair);
    wasi_free(ctx);
    return check_failed != 0;
}

// A thread that is there already would stand outside.
static void wait_for_it(void *ends) { (void)!read(*(int *)ends, &(char){0}, 1); }

static int enter_late(void)
{
    int ends[2];
    SandboxDir none[1];
    SandboxWalls stands;
    Thread *thread = pipe(ends) ? NULL : thread_start(wait_for_it, ends);
    CHECK(thread != NULL);
    int err = sandbox_enter(none, 0, (SandboxPorts){0}, &stands);
    CHECK(err == EBUSY || (!err && !stands.files));
    close(ends[1]);
    thread_join(thread);
    return check_failed != 0;
}

// To a port that was granted connections are made, by TCP over IP; nothing else is begun.
static int connect_behind_wall(void)
{
    enum { CREATE_RULESET = 444, MPTCP = 262 };
    static const struct { int domain, type, protocol; } others[] = {
        {AF_INET, SOCK_DGRAM, 0}, {AF_INET6, SOCK_DGRAM, 0}, {AF_UNIX, SOCK_STREAM, 0},
        {AF_INET, SOCK_STREAM, MPTCP}, {AF_INET, SOCK_RAW, 1}, {AF_NETLINK, SOCK_RAW, 0}};
    SandboxDir none[1];
    SandboxWalls stands;
    SocketAddress to;
    File listener, other, file;
    u16 port = 0, closed = 0;
    bool ports = syscall(CREATE_RULESET, NULL, 0, 1) >= 4;
    CHECK(!socket_listen("127.0.0.1", &port, &listener));
    CHECK(!socket_listen("127.0.0.1", &closed, &other));
    CHECK(!sandbox_enter(none, 0, (SandboxPorts){&port, 1}, &stands));
    if (!stands.calls || !stands.files) return NO_WALL;
    CHECK(socket_address_parse("localhost", port, &to));
    CHECK_EQ_U64(socket_connect(&to, &file), 0);
    CHECK_EQ_U64(socket_error(file), 0);
    CHECK(!socket_address(file, true, &to) && to.port == port);
    CHECK(bind(file, &(struct sockaddr){.sa_family = AF_INET}, sizeof(struct sockaddr)) < 0 &&
          errno == EPERM);
    to.port = closed;
    if (ports) CHECK_EQ_U64(socket_connect(&to, &file), EACCES);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        CHECK(socket(others[i].domain, others[i].type, others[i].protocol) < 0 && errno == EPERM);
    return check_failed != 0;
}

static void host_file(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", tmp, name);
    int fd = open(path, O_WRONLY | O_CREAT, 0644);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void host_link(const char *target, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", tmp, name);
    CHECK(symlink(target, path) == 0);
}

static void make_tree(void)
{
    static const char *const dirs[] = {"out", "out/empty", "box", "box/a", "box/deep", "ro"};
    char path[200];
    for (size_t i = 0; i < COUNT_OF(dirs); i++) {
        snprintf(path, sizeof path, "%s/%s", tmp, dirs[i]);
        CHECK(mkdir(path, 0755) == 0);
    }
    host_file("out/secret", "secret");
    host_file("box/own", "own");
    host_file("ro/file", "kept");
    snprintf(path, sizeof path, "%s/box/fifo", tmp);
    CHECK(mkfifo(path, 0644) == 0);
    host_link("../out", "box/up");
    host_link("../../out", "box/deep/up");
    host_link("up", "box/twice");
    host_link("../out/secret", "box/file");
    host_link("../out/made", "box/dangling");
    snprintf(absolute, sizeof absolute, "%s/out", tmp);
}

static int in_child(int (*tries)(void))
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        status = tries();
        if (status == 1) check_report();
        fflush(NULL);
        _exit(status);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

int main(void)
{
    char ro[100], command[100];
    memory = calloc(1, MEMORY);
    if (!CHECK(memory && mkdtemp(tmp))) return check_report();
    mem = (GuestMemory){.base = memory, .size = MEMORY};
    make_tree();
    snprintf(ro, sizeof ro, "%s/ro", tmp);
    u64 out_before = digest_of(absolute), ro_before = digest_of(ro);
    int status = in_child(attack_behind_wall);
    if (status == NO_WALL) puts("no second wall here: nothing was tried");
    else CHECK_EQ_U64(status, 0);
    if (!check_failed) CHECK_EQ_U64(in_child(enter_late), 0);
    if (!check_failed && status != NO_WALL) CHECK_EQ_U64(in_child(connect_behind_wall), 0);
    CHECK_EQ_U64(digest_of(absolute), out_before);
    CHECK_EQ_U64(digest_of(ro), ro_before);
    snprintf(command, sizeof command, "rm -rf %s", tmp);
    CHECK(system(command) == 0);
    free(memory);
    return check_report();
}
