// wasi_threads_test.c -- threads of one guest that use its descriptors at the same time: each call
// uses what it began with, whatever others close, renumber or open meanwhile, no right grows, no
// file of the host's is left open or closed twice, and who waits can be stopped. Under the thread
// sanitizer this is a search for races; else it is about results. Hazards: R34, and the WASI
// escape suite's 56.

#include "check.h"
#include "plat/clock.h"
#include "plat/file.h"
#include "plat/thread.h"
#include "wasi/abi.h"
#include "wasi/guest.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { THREADS = 4, FILES = 4, BOX = 3, SOCKETS = 4, MEMORY = 1 << 14 };
enum { AT_PATH = 16, AT_OUT = 256, AT_SPANS = 512, AT_BUF = 1024 };

static char root[] = "/tmp/weft-wasi-threads-XXXXXX";
static WasiCtx *first;

typedef struct {
    WasiCtx *ctx;
    u8 mem[MEMORY];
    u32 seed;
    _Atomic bool waits, stop;
    WasiOutcome outcome;
    u64 answer;
    Thread *thread;
} Guest;

static u32 random_of(Guest *g, u32 most)
{
    g->seed = g->seed * 1664525 + 1013904223;
    return (g->seed >> 8) % most;
}

static u32 meter(void *guest, u64 units)
{
    Guest *g = guest;
    atomic_store(&g->waits, true);
    return atomic_load(&g->stop);
}

static u64 call(Guest *g, const char *name, const u64 *args)
{
    static const char module[] = "wasi_snapshot_preview1";
    const WasiFunc *f = wasi_find(module, sizeof module - 1, name, strlen(name));
    g->answer = 0;
    g->outcome = f->call(g->ctx, (GuestMemory){g->mem, MEMORY, NULL, NULL}, args, &g->answer);
    return g->outcome == WASI_RETURN ? g->answer : UINT64_MAX;
}
#define CALL(g, name, ...) call(g, name, (const u64[]){__VA_ARGS__})

static void begin(Guest *g, u32 seed)
{
    *g = (Guest){.ctx = wasi_beside(first), .seed = seed};
    wasi_set_meter(g->ctx, meter, g);
}

static u64 open_file(Guest *g, const char *name, u32 oflags, u64 rights)
{
    u32 len = (u32)strlen(name);
    memcpy(g->mem + AT_PATH, name, len);
    return CALL(g, "path_open", BOX, 0, AT_PATH, len, oflags, rights, rights, 0, AT_OUT);
}

// One span of `len` bytes at AT_BUF.
static u64 move(Guest *g, const char *name, u32 fd, u32 len)
{
    put_u32(g->mem + AT_SPANS, AT_BUF);
    put_u32(g->mem + AT_SPANS + 4, len);
    return CALL(g, name, fd, AT_SPANS, 1, AT_OUT);
}

static unsigned host_fds(void)
{
    unsigned count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir && readdir(dir)) count++;
    closedir(dir);
    return count;
}

// Badly chosen numbers are answered; everything else is a mistake of ours.
static void expect(u64 err, u64 other)
{
    if (err && err != WASI_E_badf && err != other && err != WASI_E_notcapable) {
        printf("errno %u\n", (unsigned)err);
        exit(1);
    }
}

// Each file is full of one letter.
static void read_some(Guest *g, u32 fd)
{
    u64 err = move(g, "fd_read", fd, 64);
    expect(err, WASI_E_isdir);
    u32 count = err ? 0 : get_u32(g->mem + AT_OUT);
    for (u32 i = 1; i < count; i++)
        if (g->mem[AT_BUF + i] != g->mem[AT_BUF]) exit(1);
}

static void list_some(Guest *g)
{
    u64 err = CALL(g, "fd_readdir", BOX, AT_BUF, 1000, 0, AT_OUT);
    u32 len = err ? 0 : get_u32(g->mem + AT_OUT), entries = 0;
    for (u32 at = AT_BUF; at + DIRENT_SIZE <= AT_BUF + len; entries++)
        at += DIRENT_SIZE + get_u32(g->mem + at + 16);
    if (entries != FILES + 3) exit(1); // ".", "..", and the pipe
}

static void work(void *env)
{
    Guest *g = env;
    static const u64 rights = RIGHT_fd_read | RIGHT_fd_filestat_get | RIGHT_fd_seek;
    for (u32 i = 0, most = check_full() ? 20000 : 1500; i < most; i++) {
        u32 a = BOX + 1 + random_of(g, 6), b = BOX + 1 + random_of(g, 6);
        char name[2] = {(char)('a' + random_of(g, FILES))};
        switch (random_of(g, 9)) {
        case 0: case 1: expect(open_file(g, name, 0, rights), WASI_E_mfile); break;
        case 2: expect(CALL(g, "fd_close", a), 0); break;
        case 3: expect(CALL(g, "fd_renumber", a, b), 0); break;
        case 4: case 5: read_some(g, a); break;
        case 6: list_some(g); break;
        case 7: expect(CALL(g, "fd_fdstat_set_flags", a, FDFLAG_append), 0); break;
        case 8: expect(CALL(g, "fd_fdstat_set_rights", a, RIGHT_fd_read, 0), 0); break;
        }
        if (random_of(g, 4)) continue;
        expect(CALL(g, "fd_seek", a, 0, 0, AT_OUT), 0);
        if (CALL(g, "fd_fdstat_get", a, AT_OUT)) continue;
        if (get_u64(g->mem + AT_OUT + 8) & ~rights & ~(u64)RIGHT_fd_tell) exit(1);
    }
}

static void test_many(void)
{
    static Guest guests[THREADS];
    unsigned fds = host_fds();
    for (u32 i = 0; i < THREADS; i++) {
        begin(&guests[i], i);
        guests[i].thread = thread_start(work, &guests[i]);
    }
    for (u32 i = 0; i < THREADS; i++) thread_join(guests[i].thread);
    for (u32 fd = BOX + 1; fd < 6000; fd++) CALL(&guests[0], "fd_close", fd);
    CHECK_EQ_U64(host_fds(), fds);
    for (u32 i = 0; i < THREADS; i++) wasi_free(guests[i].ctx);
}

// ---- Who waits

static Guest waiter, other;

static void read_one(void *env) { move(env, "fd_read", 0, 1); }

static void read_pipe(void *env)
{
    Guest *g = env;
    move(g, "fd_read", 4, 8);
}

static void poll_pipe(void *env)
{
    Guest *g = env;
    memset(g->mem + AT_BUF, 0, SUBSCRIPTION_SIZE);
    g->mem[AT_BUF + 8] = EVENT_fd_read;
    put_u32(g->mem + AT_BUF + 16, 4);
    CALL(g, "poll_oneoff", AT_BUF, AT_BUF + 100, 1, AT_OUT);
}

static void start_waiting(Guest *g, void (*wait)(void *env))
{
    begin(g, 0);
    g->thread = thread_start(wait, g);
    while (!atomic_load(&g->waits)) plat_yield();
}

// The number of what it waits for is closed, and then another file's.
static void test_closed(void (*wait)(void *env), bool renumber)
{
    char pipe_name[100];
    static const u64 rights = RIGHT_fd_read | RIGHT_poll_fd_readwrite;
    snprintf(pipe_name, sizeof pipe_name, "%s/pipe", root);
    begin(&other, 0);
    CHECK_EQ_U64(open_file(&other, "pipe", 0, rights), 0);
    CHECK_EQ_U64(get_u32(other.mem + AT_OUT), 4);
    int writes = open(pipe_name, O_WRONLY | O_CLOEXEC);
    start_waiting(&waiter, wait);
    if (!renumber) CHECK_EQ_U64(CALL(&other, "fd_close", 4), 0);
    CHECK_EQ_U64(open_file(&other, "a", 0, rights), 0);
    CHECK_EQ_U64(get_u32(other.mem + AT_OUT), renumber ? 5 : 4);
    if (renumber) CHECK_EQ_U64(CALL(&other, "fd_renumber", 5, 4), 0);
    CHECK_EQ_U64(move(&other, "fd_read", 4, 1), 0);
    CHECK_EQ_U64(other.mem[AT_BUF], 'a');
    CHECK(write(writes, "xyz", 3) == 3);
    thread_join(waiter.thread);
    CHECK_EQ_U64(waiter.outcome, WASI_RETURN);
    CHECK_EQ_U64(waiter.answer, 0);
    if (wait == read_pipe) CHECK(!memcmp(waiter.mem + AT_BUF, "xyz", 3));
    else CHECK_EQ_U64(get_u64(waiter.mem + AT_BUF + 100 + 16), 3); // bytes of the pipe's
    close(writes);
    CHECK_EQ_U64(CALL(&other, "fd_close", 4), 0);
    wasi_free(waiter.ctx);
    wasi_free(other.ctx);
}

// A byte for two who wait for it: one gets it, and the other waits on, until it is stopped.
static void test_one_byte(void)
{
    for (u32 i = 0; i < (check_full() ? 200 : 10); i++) {
        int ends[2];
        CHECK(pipe2(ends, O_CLOEXEC) == 0);
        CHECK_EQ_U64(wasi_set_stdio(first, ends[0], -1, -1), 0);
        start_waiting(&waiter, read_one);
        start_waiting(&other, read_one);
        CHECK(write(ends[1], "x", 1) == 1);
        for (u64 left = 1; left;)
            if (file_available(ends[0], &left)) exit(1);
        atomic_store(&waiter.stop, true);
        atomic_store(&other.stop, true);
        thread_join(waiter.thread);
        thread_join(other.thread);
        u32 read = (u32)(waiter.mem[AT_BUF] == 'x') + (other.mem[AT_BUF] == 'x');
        CHECK_EQ_U64(read, 1);
        CHECK(waiter.outcome == WASI_INTERRUPTED || other.outcome == WASI_INTERRUPTED);
        close(ends[0]);
        close(ends[1]);
        wasi_free(waiter.ctx);
        wasi_free(other.ctx);
    }
    CHECK_EQ_U64(wasi_set_stdio(first, -1, -1, -1), 0);
}

// The same with sockets of the caller's, which block: a connection for two, and then a byte.
static void accept_one(void *env)
{
    Guest *g = env;
    CALL(g, "sock_accept", SOCKETS, 0, AT_OUT);
}

static void receive_one(void *env)
{
    Guest *g = env;
    put_u32(g->mem + AT_SPANS, AT_BUF);
    put_u32(g->mem + AT_SPANS + 4, 1);
    CALL(g, "sock_recv", SOCKETS + 1, AT_SPANS, 1, 0, AT_OUT, AT_OUT + 8);
}

static void stop_both(void)
{
    atomic_store(&waiter.stop, true);
    atomic_store(&other.stop, true);
    thread_join(waiter.thread);
    thread_join(other.thread);
    CHECK(waiter.outcome == WASI_INTERRUPTED || other.outcome == WASI_INTERRUPTED);
    wasi_free(waiter.ctx);
    wasi_free(other.ctx);
}

static void test_sockets(void)
{
    static struct sockaddr_un name = {.sun_family = AF_UNIX};
    const struct sockaddr any = {.sa_family = AF_UNIX};
    socklen_t len = sizeof name;
    int pair[2], listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int calling = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(listening, &any, sizeof(sa_family_t)) == 0 && listen(listening, 1) == 0);
    CHECK(getsockname(listening, (void *)&name, &len) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    CHECK_EQ_U64(wasi_add_socket(first, listening), 0);
    CHECK_EQ_U64(wasi_add_socket(first, pair[0]), 0);
    start_waiting(&waiter, accept_one);
    start_waiting(&other, accept_one);
    CHECK(connect(calling, (void *)&name, len) == 0);
    for (u8 got = 1; got;) { // until somebody has taken it
        FilePoll poll = {.file = listening, .want = POLL_in};
        u32 ready;
        if (file_poll(&poll, 1, 0, &ready)) exit(1);
        got = poll.got;
    }
    stop_both();
    start_waiting(&waiter, receive_one);
    start_waiting(&other, receive_one);
    CHECK(send(pair[1], "x", 1, 0) == 1);
    for (u64 left = 1; left;)
        if (file_available(pair[0], &left)) exit(1);
    stop_both();
    CHECK_EQ_U64((waiter.mem[AT_BUF] == 'x') + (other.mem[AT_BUF] == 'x'), 1);
    close(listening);
    close(calling);
    close(pair[0]);
    close(pair[1]);
}

// The world lasts as long as somebody has it.
static void test_ends(void)
{
    unsigned fds = host_fds();
    WasiCtx *a = wasi_new(), *b = wasi_beside(a), *c = wasi_beside(b);
    CHECK_EQ_U64(wasi_add_preopen(a, root, "/", true), 0);
    CHECK_EQ_U64(host_fds(), fds + 1);
    wasi_free(a);
    Guest g = {.ctx = c};
    CHECK_EQ_U64(CALL(&g, "fd_prestat_get", BOX, AT_OUT), 0);
    wasi_free(b);
    CHECK_EQ_U64(CALL(&g, "fd_prestat_get", BOX, AT_OUT), 0);
    wasi_free(c);
    CHECK_EQ_U64(host_fds(), fds);
}

// ---- How much they write together

enum { DISK = 20000, OUTPUT = 5000, SHARED_FD = BOX + 1 };

// Whatever comes between a look at the file and a write, it is never larger than all of it may be.
static void write_much(void *env)
{
    Guest *g = env;
    for (u32 i = 0; i < 1000; i++) {
        put_u32(g->mem + AT_SPANS, AT_BUF);
        put_u32(g->mem + AT_SPANS + 4, 1 + random_of(g, 500));
        switch (random_of(g, 6)) {
        case 0: CALL(g, "fd_write", SHARED_FD, AT_SPANS, 1, AT_OUT); break;
        case 1: CALL(g, "fd_pwrite", SHARED_FD, AT_SPANS, 1, random_of(g, 3000), AT_OUT); break;
        case 2: CALL(g, "fd_filestat_set_size", SHARED_FD, random_of(g, 3000)); break;
        case 3: CALL(g, "fd_fdstat_set_flags", SHARED_FD, random_of(g, 2) * FDFLAG_append); break;
        case 4: CALL(g, "fd_seek", SHARED_FD, random_of(g, 3000), 0, AT_OUT); break;
        case 5: CALL(g, "fd_write", 1, AT_SPANS, 1, AT_OUT); break;
        }
        if (CALL(g, "fd_filestat_get", SHARED_FD, AT_OUT) || get_u64(g->mem + AT_OUT + 32) > DISK)
            exit(1);
    }
}

static void test_limits(void)
{
    static Guest guests[THREADS];
    char name[100];
    FileStat stat;
    snprintf(name, sizeof name, "%s/out", root);
    int out = open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    first = wasi_new();
    CHECK(wasi_set_stdio(first, -1, out, -1) == 0 &&
          wasi_add_preopen(first, root, "/", false) == 0);
    wasi_set_disk_limit(first, DISK);
    wasi_set_output_limit(first, OUTPUT);
    for (u32 i = 0; i < THREADS; i++) begin(&guests[i], i);
    CHECK_EQ_U64(open_file(&guests[0], "much", OFLAG_creat, ~(u64)0), 0);
    for (u32 i = 0; i < THREADS; i++) guests[i].thread = thread_start(write_much, &guests[i]);
    for (u32 i = 0; i < THREADS; i++) thread_join(guests[i].thread);
    CHECK_EQ_U64(move(&guests[0], "fd_write", 1, 1), WASI_E_nospc);
    CHECK(!file_stat(out, &stat) && stat.size == OUTPUT);
    CHECK_EQ_U64(CALL(&guests[0], "fd_filestat_set_size", SHARED_FD, DISK + 1), WASI_E_nospc);
    for (u32 i = 0; i < THREADS; i++) wasi_free(guests[i].ctx);
    wasi_free(first);
    close(out);
    unlink(name);
    snprintf(name, sizeof name, "%s/much", root);
    unlink(name);
}

static void make_files(void)
{
    char name[100], text[1000];
    CHECK(mkdtemp(root) != NULL);
    for (u32 i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "%s/%c", root, 'a' + (int)i);
        memset(text, 'a' + (int)i, sizeof text);
        int fd = open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        CHECK(write(fd, text, sizeof text) == sizeof text);
        close(fd);
    }
    snprintf(name, sizeof name, "%s/pipe", root);
    CHECK(mkfifo(name, 0600) == 0);
}

static void remove_files(void)
{
    char name[100];
    for (u32 i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "%s/%c", root, 'a' + (int)i);
        unlink(name);
    }
    snprintf(name, sizeof name, "%s/pipe", root);
    unlink(name);
    CHECK(rmdir(root) == 0);
}

int main(void)
{
    make_files();
    first = wasi_new();
    CHECK_EQ_U64(wasi_add_preopen(first, root, "/", true), 0);
    test_many();
    for (u32 renumber = 0; renumber < 2; renumber++) {
        test_closed(read_pipe, renumber);
        test_closed(poll_pipe, renumber);
    }
    test_one_byte();
    test_sockets();
    wasi_free(first);
    test_ends();
    test_limits();
    remove_files();
    return check_report();
}
