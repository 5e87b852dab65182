// errnos.c -- each function of WASI, with each call of the system behind it failing once with each
// errno that is plausible: the guest is told that one, or nothing went wrong after all, and what
// was opened and allocated is given back. And with each being interrupted, or doing half of what it
// was asked for, which no guest is told of.

#include "wasi/abi.h"
#include "wasi/ctx.h"

#include "check.h"
#include "shim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MEMORY = 1 << 14, BOX = 3, FILE_FD = 4, SOCKET = 5, LISTENER = 6, AT_PATH = 0x100,
       AT_F = 0x110, AT_D = 0x111, AT_L = 0x112, AT_NEW = 0x140, AT_IOVEC = 0x180, AT_SUBS = 0x200,
       AT_READS = 0x260, AT_OUT = 0x300, AT_DATA = 0x1000 };

// What is called: up to nine arguments. Each is made anew, in a directory as it was.
typedef struct {
    const char *name;
    u64 args[9];
} Call;

static const Call all[] = {
    {"fd_read", {FILE_FD, AT_IOVEC, 1, AT_OUT}},
    {"fd_pread", {FILE_FD, AT_IOVEC, 1, 0, AT_OUT}},
    {"fd_write", {FILE_FD, AT_IOVEC, 1, AT_OUT}},
    {"fd_pwrite", {FILE_FD, AT_IOVEC, 1, 2, AT_OUT}},
    {"fd_write", {1, AT_IOVEC, 1, AT_OUT}},
    {"fd_read", {0, AT_IOVEC, 1, AT_OUT}},
    {"fd_seek", {FILE_FD, 1, 0, AT_OUT}},
    {"fd_tell", {FILE_FD, AT_OUT}},
    {"fd_sync", {FILE_FD}},
    {"fd_datasync", {FILE_FD}},
    {"fd_advise", {FILE_FD, 0, 1, 1}},
    {"fd_allocate", {FILE_FD, 0, 100}},
    {"fd_close", {FILE_FD}},
    {"fd_fdstat_set_flags", {FILE_FD, FDFLAG_append}},
    {"fd_renumber", {SOCKET, FILE_FD}},
    {"fd_filestat_get", {FILE_FD, AT_OUT}},
    {"fd_filestat_set_size", {FILE_FD, 10}},
    {"fd_filestat_set_times", {FILE_FD, 1, 2, FST_atim | FST_mtim}},
    {"fd_readdir", {BOX, AT_DATA, 1000, 0, AT_OUT}},
    {"path_create_directory", {BOX, AT_NEW, 3}},
    {"path_filestat_get", {BOX, 1, AT_PATH, 6, AT_OUT}},
    {"path_filestat_get", {BOX, 1, AT_L, 1, AT_OUT}}, // by a link
    {"path_filestat_set_times", {BOX, 1, AT_PATH, 6, 1, 2, FST_atim | FST_mtim}},
    {"path_link", {BOX, 0, AT_F, 1, BOX, AT_NEW, 3}},
    {"path_link", {BOX, 1, AT_L, 1, BOX, AT_NEW, 3}}, // of what the link leads to
    {"path_open", {BOX, 1, AT_PATH, 6, 0, RIGHT_fd_read, 0, 0, AT_OUT}},
    {"path_open", {BOX, 0, AT_NEW, 3, OFLAG_creat, RIGHT_fd_write, 0, 0, AT_OUT}},
    {"path_open", {BOX, 1, AT_L, 1, 0, RIGHT_fd_read, 0, 0, AT_OUT}}, // by a link
    {"path_open", {BOX, 0, AT_F, 1, OFLAG_trunc, RIGHT_fd_write, 0, FDFLAG_dsync, AT_OUT}},
    {"path_open", {BOX, 0, AT_D, 1, OFLAG_directory, RIGHT_fd_readdir, 0, 0, AT_OUT}},
    {"path_readlink", {BOX, AT_L, 1, AT_DATA, 100, AT_OUT}},
    {"path_remove_directory", {BOX, AT_D, 1}},
    {"path_rename", {BOX, AT_F, 1, BOX, AT_NEW, 3}},
    {"path_symlink", {AT_F, 1, BOX, AT_NEW, 3}},
    {"path_unlink_file", {BOX, AT_F, 1}},
    {"poll_oneoff", {AT_SUBS, AT_DATA, 2, AT_OUT}},
    {"poll_oneoff", {AT_READS, AT_DATA, 2, AT_OUT}},
    {"random_get", {AT_DATA, 100}},
    {"sock_recv", {SOCKET, AT_IOVEC, 1, 0, AT_OUT, AT_OUT + 8}},
    {"sock_send", {SOCKET, AT_IOVEC, 1, 0, AT_OUT}},
    {"sock_shutdown", {SOCKET, SDFLAG_wr}},
    {"sock_accept", {LISTENER, 0, AT_OUT}},
    {"sock_accept", {LISTENER, FDFLAG_nonblock, AT_OUT}},
};

static const int plausible[] = {
    EACCES,  EAGAIN,  EBADF,   EBUSY,  EDQUOT, EEXIST,   EFAULT,     EFBIG,      EINVAL,  EIO,
    EISDIR,  ELOOP,   EMFILE,  EMLINK, ENAMETOOLONG,     ENFILE,     ENOENT,     ENOMEM,  ENOSPC,
    ENOSYS,  ENOTDIR, ENOTEMPTY, ENXIO, EOPNOTSUPP,      EOVERFLOW,  EPERM,      EPIPE,   EROFS,
    ESPIPE,  ESTALE,  ETXTBSY, EXDEV,  ECONNRESET,       ENOBUFS,    ENOTCONN,   ETIMEDOUT,
    ECONNABORTED, ENETDOWN, EPROTO,
    EHWPOISON, // which WASI has no name for
};

static u8 memory[MEMORY];
static char tmp[] = "/tmp/weft-errnos-XXXXXX";
static File root;

static unsigned open_files(void)
{
    unsigned count = 0;
    for (int i = 0; i < 200; i++) count += fcntl(i, F_GETFD) >= 0;
    return count;
}

// f, the directory d, the link l to d/../f: whatever was done to them.
static void make_tree(void)
{
    unlinkat(root, "new", 0);
    unlinkat(root, "new", AT_REMOVEDIR);
    mkdirat(root, "d", 0755);
    close(openat(root, "f", O_WRONLY | O_CREAT | O_TRUNC, 0644));
    if (symlinkat("d/../f", root, "l") && errno != EEXIST) abort();
}

static void put_memory(void)
{
    memset(memory, 0, sizeof memory);
    memcpy(memory + AT_PATH, "d/../f", 6);
    memcpy(memory + AT_F, "fdl", 3);
    memcpy(memory + AT_NEW, "new", 3);
    put_u32(memory + AT_IOVEC, AT_DATA);
    put_u32(memory + AT_IOVEC + 4, 8);
    memory[AT_SUBS + 8] = EVENT_clock;
    put_u32(memory + AT_SUBS + 16, CLOCK_monotonic);
    memory[AT_SUBS + 48 + 8] = EVENT_fd_write;
    put_u32(memory + AT_SUBS + 48 + 16, SOCKET);
    memory[AT_READS + 8] = memory[AT_READS + 48 + 8] = EVENT_fd_read;
    put_u32(memory + AT_READS + 16, FILE_FD);
    put_u32(memory + AT_READS + 48 + 16, SOCKET);
}

// Somebody waits there to be let in. It has no name in any directory.
static int make_listener(int *client)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t len = sizeof address.sun_family;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, len) || listen(listener, 1)) abort();
    len = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &len) ||
        connect(*client, (struct sockaddr *)&address, len))
        abort();
    return listener;
}

// What a guest has: standard input and output, a directory, a file in it, a socket with two bytes,
// and a listener.
static WasiCtx *make_context(const int ends[2], const int pair[2], int listener)
{
    u64 result = 0;
    WasiCtx *ctx = wasi_new();
    GuestMemory mem = {.base = memory, .size = MEMORY};
    const WasiFunc *open = wasi_find("wasi_snapshot_preview1", 22, "path_open", 9);
    memcpy(memory + AT_DATA, "f", 1);
    const u64 args[] = {BOX, 0, AT_DATA, 1, 0, ~(u64)0, 0, 0, AT_OUT};
    if (!ctx || wasi_set_stdio(ctx, ends[0], ends[1], -1) ||
        wasi_add_preopen(ctx, tmp, "/", false) || open->call(ctx, mem, args, &result) ||
        result || wasi_add_socket(ctx, pair[0]) || wasi_add_socket(ctx, listener))
        abort();
    return ctx;
}

// What a guest may be told of it. Some mean something to whom they are told here.
static bool may_get(u32 result, int error)
{
    static const struct { const char *call; int error; u32 result; } others[] = {
        {"openat2", EXDEV, WASI_E_notcapable}, // so the kernel says that a path leads out
        {"openat64", ENOENT, WASI_E_loop},     // it was there just now, a link
        {"posix_fadvise64", 0, WASI_E_badf},   // which answers its errno, this one
    };
    if (result == WASI_E_success || result == errno_of_host(error)) return true;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (!strcmp(fault_name(), others[i].call) && result == others[i].result &&
            (!others[i].error || others[i].error == error))
            return true;
    return false;
}

// With the n-th call of the system that `how` counts failing so; 0: as it says. False: there is no
// such one.
static bool try_one(const Call *c, FaultSet how, int error, size_t n)
{
    int ends[2], pair[2], client;
    make_tree();
    put_memory();
    if (pipe(ends) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || write(ends[1], "in", 2) != 2 ||
        send(pair[1], "in", 2, 0) != 2)
        abort();
    int listener = make_listener(&client);
    unsigned before = open_files();
    long live = fault_live();
    WasiCtx *ctx = make_context(ends, pair, listener);
    const WasiFunc *f = wasi_find("wasi_snapshot_preview1", 22, c->name, strlen(c->name));
    u64 result = 9999;
    put_memory();
    fault_plan(how, n, false);
    if (error) fault_force(error);
    fault_arm();
    WasiOutcome outcome = f->call(ctx, (GuestMemory){.base = memory, .size = MEMORY}, c->args,
                                  &result);
    fault_disarm();
    bool fired = fault_fired();
    bool told = fired && error;
    if (!CHECK(outcome == WASI_RETURN && (told ? may_get((u32)result, error) : result == 0)))
        printf("%s: %s answers %s, the guest gets %u\n", c->name, fault_name(),
               error ? strerror(error) : how == FAULT_PART ? "with less" : strerror(EINTR),
               (u32)result);
    wasi_free(ctx);
    CHECK_EQ_U64(open_files(), before);
    CHECK_EQ_U64(fault_live(), live);
    for (int i = 0; i < 2; i++) close(ends[i]), close(pair[i]);
    close(listener), close(client);
    return fired;
}

bool errnos_all(void)
{
    static bool done; // once is all of it
    if (done) return true;
    done = true;
    const unsigned sets = fault_sets();
    if (!mkdtemp(tmp)) abort();
    root = open(tmp, O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        for (size_t e = 0; e < COUNT_OF(plausible); e++)
            for (size_t n = 0; try_one(&all[i], FAULT_CALLS, plausible[e], n); n++) continue;
        for (size_t n = 0; try_one(&all[i], FAULT_AGAIN, 0, n); n++) continue;
        for (size_t n = 0; try_one(&all[i], FAULT_PART, 0, n); n++) continue;
    }
    make_tree();
    unlinkat(root, "f", 0);
    unlinkat(root, "l", 0);
    unlinkat(root, "d", AT_REMOVEDIR);
    close(root);
    CHECK(rmdir(tmp) == 0);
    fault_plan(sets, SIZE_MAX, false);
    printf("errnos: %u checks\n", check_passed);
    return !check_failed && check_passed;
}

int errnos_listen(void)
{
    u16 port = 0;
    File file = -1;
    fault_arm();
    int err = socket_listen("127.0.0.1", &port, &file);
    fault_disarm();
    CHECK(err || port > 0);
    if (!err) close(file);
    return err;
}
