// wasi_grants_test.c -- how much a guest may write, what of it a terminal is shown, a world that is
// the same each time, and calls as lines. Driven directly, over a made-up guest memory.
// Hazards: R36, R52.

#include "wasi/abi.h"
#include "wasi/guest.h"
#include "wasi/wasi.h"

#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MEMORY = 1 << 16, BOX = 3, AT_PATH = 0x1000, AT_OUT = 0x8000, AT_DATA = 0xa000 };

static u8 *memory;
static GuestMemory mem;
static WasiCtx *ctx;
static char tmp[] = "/tmp/weft-grants-XXXXXX";

#define CALL(name, ...) call(name, (const u64[]){__VA_ARGS__})

static u32 call(const char *name, const u64 *args)
{
    const WasiFunc *f = wasi_find("wasi_snapshot_preview1", 22, name, strlen(name));
    u64 result = 8888;
    CHECK(f && f->call(ctx, mem, args, &result) == WASI_RETURN);
    return (u32)result;
}

static u32 out32(void) { return get_u32(memory + AT_OUT); }

static u32 put_path(const char *path)
{
    memcpy(memory + AT_PATH, path, strlen(path));
    return (u32)strlen(path);
}

static u32 open_file(const char *path, u32 oflags, u32 fdflags)
{
    u32 len = put_path(path);
    u64 rights = RIGHT_fd_read | RIGHT_fd_write | RIGHT_fd_seek | RIGHT_fd_filestat_set_size |
                 RIGHT_fd_allocate | RIGHT_fd_fdstat_set_flags;
    return CALL("path_open", BOX, 0, AT_PATH, len, oflags, rights, 0, fdflags, AT_OUT);
}

// So many bytes of what stands at AT_DATA.
static u32 write_bytes(u32 fd, u32 len)
{
    put_u32(memory + 0x100, AT_DATA);
    put_u32(memory + 0x104, len);
    return CALL("fd_write", fd, 0x100, 1, AT_OUT);
}

static u32 write_at(u32 fd, u64 offset, u32 len)
{
    put_u32(memory + 0x100, AT_DATA);
    put_u32(memory + 0x104, len);
    return CALL("fd_pwrite", fd, 0x100, 1, offset, AT_OUT);
}

static u64 size_of(const char *name)
{
    char path[100];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", tmp, name);
    return stat(path, &st) ? UINT64_MAX : (u64)st.st_size;
}

static void begin(void)
{
    memset(memory, 'x', MEMORY);
    ctx = wasi_new();
    CHECK(wasi_add_preopen(ctx, tmp, "/", false) == 0);
}

// ---- Limits

static void test_disk(void)
{
    begin();
    wasi_set_disk_limit(ctx, 512 + 1000);
    CHECK_EQ_U64(open_file("a", OFLAG_creat, 0), 0);
    u32 a = out32();
    CHECK_EQ_U64(write_bytes(a, 600), 0);
    CHECK_EQ_U64(write_at(a, 0, 600), 0);        // what is there costs nothing
    CHECK_EQ_U64(write_at(a, 500, 200), 0);      // half of that does
    CHECK_EQ_U64(size_of("a"), 700);
    CHECK_EQ_U64(write_at(a, 750, 300), 0);      // a gap does too: 50, and 250 of 300 fit
    CHECK_EQ_U64(out32(), 250);
    CHECK_EQ_U64(write_at(a, 1000, 1), WASI_E_nospc);
    CHECK_EQ_U64(write_at(a, (u64)1 << 40, 1), WASI_E_nospc);
    CHECK_EQ_U64(write_at(a, 999, 2), 0);
    CHECK_EQ_U64(out32(), 1);
    CHECK_EQ_U64(CALL("fd_filestat_set_size", a, 1001), WASI_E_nospc);
    CHECK_EQ_U64(CALL("fd_allocate", a, 0, 1001), WASI_E_nospc);
    CHECK_EQ_U64(CALL("fd_allocate", a, 0, 1000), 0);
    CHECK_EQ_U64(CALL("fd_allocate", a, ~(u64)0, 2), WASI_E_nospc);
    CHECK_EQ_U64(size_of("a"), 1000);
    // A name has its price, whatever is made; one that is there has none.
    CHECK_EQ_U64(open_file("b", OFLAG_creat, 0), WASI_E_nospc);
    CHECK_EQ_U64(open_file("b", OFLAG_creat | OFLAG_excl, 0), WASI_E_nospc);
    CHECK_EQ_U64(open_file("a", OFLAG_creat | OFLAG_excl, 0), WASI_E_nospc);
    CHECK_EQ_U64(open_file("a", OFLAG_creat, 0), 0);
    CHECK_EQ_U64(CALL("path_create_directory", BOX, AT_PATH, put_path("b")), WASI_E_nospc);
    CHECK_EQ_U64(CALL("path_symlink", AT_PATH, 1, BOX, AT_PATH, put_path("b")), WASI_E_nospc);
    CHECK_EQ_U64(CALL("path_link", BOX, 0, AT_PATH, put_path("a"), BOX, AT_PATH, 1), WASI_E_nospc);
    CHECK_EQ_U64(size_of("b"), UINT64_MAX);
    // Cutting gives nothing back.
    CHECK_EQ_U64(open_file("a", OFLAG_trunc, 0), 0);
    CHECK_EQ_U64(size_of("a"), 0);
    CHECK_EQ_U64(write_bytes(out32(), 1), WASI_E_nospc);
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_path("a")), 0);
    wasi_free(ctx);
}

// What failed has taken nothing; and where bytes go at the end they count all.
static void test_disk_given_back(void)
{
    begin();
    wasi_set_disk_limit(ctx, 512 + 100);
    CHECK_EQ_U64(CALL("path_create_directory", BOX, AT_PATH, put_path("no/such")), WASI_E_noent);
    CHECK_EQ_U64(CALL("path_create_directory", BOX, AT_PATH, put_path(".")), WASI_E_exist);
    CHECK_EQ_U64(open_file("c/d", OFLAG_creat, 0), WASI_E_noent);
    CHECK_EQ_U64(open_file("c", OFLAG_creat, FDFLAG_append), 0);
    u32 c = out32();
    CHECK_EQ_U64(write_bytes(c, 60), 0);
    CHECK_EQ_U64(CALL("fd_seek", c, 0, 0, AT_OUT), 0);
    CHECK_EQ_U64(write_bytes(c, 60), 0);
    CHECK_EQ_U64(out32(), 40);
    CHECK_EQ_U64(write_at(c, 0, 1), WASI_E_nospc); // pwrite appends too
    CHECK_EQ_U64(CALL("fd_fdstat_set_flags", c, 0), 0);
    CHECK_EQ_U64(write_at(c, 0, 1), 0);
    CHECK_EQ_U64(size_of("c"), 100);
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_path("c")), 0);
    wasi_free(ctx);
}

// No file becomes longer than the process may make one; and no signal that says so ends it.
static void test_size_of_process(void)
{
    struct rlimit old, low;
    void (*handler)(int) = signal(SIGXFSZ, SIG_DFL);
    CHECK(getrlimit(RLIMIT_FSIZE, &old) == 0);
    low = (struct rlimit){1000, old.rlim_max};
    CHECK(setrlimit(RLIMIT_FSIZE, &low) == 0);
    begin();
    CHECK_EQ_U64(open_file("a", OFLAG_creat, 0), 0);
    u32 a = out32();
    CHECK_EQ_U64(write_at(a, 999, 2), 0);
    CHECK_EQ_U64(out32(), 1);
    CHECK_EQ_U64(write_at(a, 1000, 1), WASI_E_fbig);
    CHECK_EQ_U64(CALL("fd_seek", a, 1000, 0, AT_OUT), 0);
    CHECK_EQ_U64(write_bytes(a, 1), WASI_E_fbig);
    CHECK_EQ_U64(CALL("fd_filestat_set_size", a, 1001), WASI_E_fbig);
    CHECK_EQ_U64(CALL("fd_allocate", a, 0, 1001), WASI_E_fbig);
    CHECK_EQ_U64(size_of("a"), 1000);
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_path("a")), 0);
    wasi_free(ctx);
    CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0);
    sigset_t pending;
    CHECK(sigpending(&pending) == 0 && !sigismember(&pending, SIGXFSZ));
    signal(SIGXFSZ, handler);
}

// Where standard output is a file, what it becomes longer by counts as if it was written; and for
// the disk, as that of any file.
static void test_output_gaps(void)
{
    char path[100];
    snprintf(path, sizeof path, "%s/out", tmp);
    for (u32 disk = 0; disk < 2; disk++) {
        begin();
        int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        CHECK(out >= 0 && wasi_set_stdio(ctx, -1, out, -1) == 0);
        if (disk) wasi_set_disk_limit(ctx, 50);
        else wasi_set_output_limit(ctx, 50 + 3);
        CHECK_EQ_U64(write_bytes(1, 1), 0);
        CHECK_EQ_U64(CALL("fd_filestat_set_size", 1, (u64)1 << 40), WASI_E_nospc);
        CHECK_EQ_U64(CALL("fd_allocate", 1, 0, (u64)1 << 40), WASI_E_nospc);
        CHECK_EQ_U64(write_at(1, (u64)1 << 40, 1), WASI_E_nospc);
        CHECK_EQ_U64(CALL("fd_seek", 1, (u64)1 << 40, 0, AT_OUT), 0);
        CHECK_EQ_U64(write_bytes(1, 1), WASI_E_nospc);
        CHECK_EQ_U64(size_of("out"), 1);
        CHECK_EQ_U64(CALL("fd_filestat_set_size", 1, 11), 0);
        CHECK_EQ_U64(write_at(1, 51, 1), 0);
        CHECK_EQ_U64(write_at(1, 53, 1), WASI_E_nospc);
        CHECK_EQ_U64(write_at(1, 52, 2), 0);
        CHECK_EQ_U64(out32(), disk ? 2 : 1);
        CHECK_EQ_U64(size_of("out"), disk ? 54 : 53);
        wasi_free(ctx);
        close(out);
        CHECK(unlink(path) == 0);
    }
}

static void test_output(void)
{
    int ends[2];
    char got[64];
    begin();
    CHECK(pipe(ends) == 0 && wasi_set_stdio(ctx, -1, ends[1], ends[1]) == 0);
    wasi_set_output_limit(ctx, 10);
    CHECK_EQ_U64(write_bytes(1, 6), 0);
    CHECK_EQ_U64(write_bytes(2, 6), 0);
    CHECK_EQ_U64(out32(), 4);
    CHECK_EQ_U64(write_bytes(1, 1), WASI_E_nospc);
    CHECK_EQ_U64(write_bytes(2, 1), WASI_E_nospc);
    CHECK_EQ_U64(write_bytes(1, 0), 0);
    close(ends[1]);
    CHECK_EQ_U64(read(ends[0], got, sizeof got), 10);
    close(ends[0]);
    CHECK_EQ_U64(open_file("free", OFLAG_creat, 0), 0); // files are another matter
    CHECK_EQ_U64(write_bytes(out32(), 100), 0);
    CHECK_EQ_U64(out32(), 100);
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_path("free")), 0);
    wasi_free(ctx);
}

static void test_descriptors(void)
{
    begin();
    wasi_set_fd_limit(ctx, 5);
    CHECK_EQ_U64(open_file("e", OFLAG_creat, 0), 0);
    CHECK_EQ_U64(out32(), 4);
    CHECK_EQ_U64(open_file("e", 0, 0), WASI_E_mfile);
    CHECK_EQ_U64(CALL("fd_close", 4), 0);
    CHECK_EQ_U64(open_file("e", 0, 0), 0);
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_path("e")), 0);
    wasi_free(ctx);
}

// ---- Terminals

static int master;

// As much as has come, or comes within a second.
static ssize_t read_shown(char *to, size_t size)
{
    struct pollfd wait = {.fd = master, .events = POLLIN};
    return poll(&wait, 1, 1000) == 1 ? read(master, to, size) : 0;
}

// What a terminal gets to see of these writes, one for each string; the second to another stream.
static void check_shown(const char *first, const char *second, const char *third, const char *want)
{
    const char *const parts[] = {first, second, third};
    char got[300] = {0};
    size_t have = 0;
    for (u32 i = 0; i < 3; i++) {
        size_t len = strlen(parts[i]);
        memcpy(memory + AT_DATA, parts[i], len);
        if (len) CHECK_EQ_U64(write_bytes(i == 1 ? 2 : 1, (u32)len), 0);
        if (len) CHECK_EQ_U64(out32(), len);
    }
    while (have < strlen(want)) {
        ssize_t n = read_shown(got + have, sizeof got - 1 - have);
        if (n <= 0) break;
        have += (size_t)n;
    }
    CHECK_STR(got, want);
}

// A terminal has something to be read when a line is whole: does that come before so many ns?
static bool line_comes(u64 ns)
{
    enum { SUBS = 0x200, EVENTS = 0x400, CLOCK = SUBS + SUBSCRIPTION_SIZE, LINE = 7 };
    memset(memory + SUBS, 0, 2 * SUBSCRIPTION_SIZE);
    put_u64(memory + SUBS, LINE);
    memory[SUBS + 8] = EVENT_fd_read;
    put_u32(memory + CLOCK + 16, 1);
    put_u64(memory + CLOCK + 24, ns);
    CHECK_EQ_U64(CALL("poll_oneoff", SUBS, EVENTS, 2, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 1);
    return get_u64(memory + EVENTS) == LINE;
}

static void test_terminal(void)
{
    master = posix_openpt(O_RDWR | O_NOCTTY);
    if (!CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)) return;
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    begin();
    CHECK(wasi_set_stdio(ctx, slave, slave, slave) == 0);
    check_shown("a\tb\r\b", "", "", "a\tb\r\b");
    check_shown("\x1b[31mred\x07\x7f", "", "", "?[31mred??");
    check_shown("\x1b]0;title\x07", "\x0e\x0f\x05", "", "?]0;title????");
    static const char whole[] = "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
    check_shown(whole, "", "", whole);
    check_shown("\xc2\x9b" "31m\x9b" "31m\xc0\x9b\xe0\x82\x9b", "", "", "??31m?31m?????");
    check_shown("\xff\xfe\x80\xed\xf8\x88\x80\x80", "", "", "????????");
    // One that is ended by the next write is whole; what comes in between is no part of it.
    check_shown("\xe2", "", "\x82\xac", "\xe2\x82\xac");
    check_shown("\xe2\x82", "", "\xac", "\xe2\x82\xac");
    check_shown("\xc2", "", "\x9b" "1", "\xc2?1");
    check_shown("\xe2\x82", "", "x\x9b", "\xe2\x82x?");
    check_shown("\xe2", "\xc2", "\x9b", "\xe2\xc2?");
    check_shown("\xe2", "z", "\x9b", "\xe2z?");
    // As many bytes as a piece has, and a character over its end.
    memset(memory + AT_DATA, 'y', 5000);
    memcpy(memory + AT_DATA + 4095, "\xe2\x82\xac", 3);
    CHECK_EQ_U64(write_bytes(1, 4099), 0);
    CHECK_EQ_U64(out32(), 4096);
    static char page[5000];
    size_t have = 0;
    for (ssize_t n; have < 4096 && (n = read_shown(page + have, 4096 - have)) > 0;)
        have += (size_t)n;
    CHECK_EQ_U64(have, 4096);
    check_shown("\x82\xac", "", "", "\x82\xac");
    wasi_set_raw_terminal(ctx, true);
    check_shown("\x1b[0m\x9b", "", "", "\x1b[0m\x9b");
    CHECK(!line_comes(0));
    CHECK(write(master, "in", 2) == 2 && !line_comes(1000000));
    CHECK(write(master, "\n", 1) == 1 && line_comes(60000000000));
    wasi_free(ctx);
    close(slave);
    close(master);
}

// ---- The same each time

static u64 look(u32 clock)
{
    CHECK_EQ_U64(CALL("clock_time_get", clock, 0, AT_OUT), 0);
    return get_u64(memory + AT_OUT);
}

static void sleep_for(u64 ns)
{
    memset(memory + 0x200, 0, SUBSCRIPTION_SIZE);
    put_u32(memory + 0x200 + 16, 1);
    put_u64(memory + 0x200 + 24, ns);
    CHECK_EQ_U64(CALL("poll_oneoff", 0x200, 0x300, 1, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 1);
}

static void check_listing(const char *want)
{
    char names[200] = "";
    CHECK_EQ_U64(CALL("fd_readdir", BOX, AT_DATA, 4096, 0, AT_OUT), 0);
    u32 used = out32();
    for (u32 at = 0; at + DIRENT_SIZE < used;) {
        u32 len = get_u32(memory + AT_DATA + at + 16);
        snprintf(names + strlen(names), sizeof names - strlen(names), "%.*s ", (int)len,
                 (char *)memory + AT_DATA + at + DIRENT_SIZE);
        // The rest from there is the rest.
        u64 next = get_u64(memory + AT_DATA + at);
        at += DIRENT_SIZE + len;
        CHECK_EQ_U64(CALL("fd_readdir", BOX, AT_DATA + 4096, 4096, next, AT_OUT), 0);
        CHECK_EQ_U64(out32(), used - at);
        CHECK(!memcmp(memory + AT_DATA + 4096, memory + AT_DATA + at, used - at));
    }
    CHECK_STR(names, want);
}

// More clocks than fit in one piece, of which the last is due first.
static void sleep_for_least(void)
{
    enum { COUNT = 300, AT_EVENTS = 0x4000 };
    for (u32 i = 0; i < COUNT; i++) {
        u8 *sub = memory + 0x200 + (size_t)i * SUBSCRIPTION_SIZE;
        memset(sub, 0, SUBSCRIPTION_SIZE);
        put_u64(sub, i);
        put_u32(sub + 16, 1);
        put_u64(sub + 24, (u64)(10000 - i) * 1000000000);
    }
    CHECK_EQ_U64(CALL("poll_oneoff", 0x200, AT_EVENTS, COUNT, AT_OUT), 0);
    CHECK_EQ_U64(out32(), 1);
    CHECK_EQ_U64(get_u64(memory + AT_EVENTS), COUNT - 1);
}

// Who would wait for long is asked more often.
static u32 soon(void *asked, u64 units) { return ++*(u32 *)asked > 20; }

// Nor does anybody wait for an hour of many clocks.
static void test_fixed_many(void)
{
    begin();
    wasi_set_fixed(ctx);
    u32 asked = 0;
    u64 before = look(1);
    wasi_set_meter(ctx, soon, &asked);
    sleep_for_least();
    wasi_set_meter(ctx, NULL, NULL);
    CHECK_EQ_U64(look(1), before + (u64)9701 * 1000000000 + 1000);
    wasi_free(ctx);
}

// Who may be set aside is, also while nobody reads the FIFO that it opens.
static void test_fifo_aside(void)
{
    char path[100];
    begin();
    snprintf(path, sizeof path, "%s/fifo", tmp);
    CHECK(mkfifo(path, 0600) == 0);
    const WasiFunc *open_path = wasi_find("wasi_snapshot_preview1", 22, "path_open", 9);
    const u64 args[] = {BOX, 0, AT_PATH, put_path("fifo"), 0, RIGHT_fd_write, 0, 0, AT_OUT};
    u64 result = 8888;
    wasi_let_wait(ctx, true);
    wasi_set_aside(ctx, true, NULL);
    u32 asked = 0;
    wasi_set_meter(ctx, soon, &asked);
    CHECK(open_path->call(ctx, mem, args, &result) == WASI_WAITS);
    WasiWait *wait = wasi_waits_for(ctx);
    if (CHECK(wait != NULL)) CHECK(wait->count == 0 && wait->deadline != UINT64_MAX);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    wasi_set_aside(ctx, true, wait);
    CHECK(open_path->call(ctx, mem, args, &result) == WASI_RETURN && result == 0);
    wasi_set_aside(ctx, false, NULL);
    wasi_drop_wait(wait);
    wasi_free(ctx);
    close(reader);
    CHECK(unlink(path) == 0);
}

static void test_fixed(void)
{
    enum { BYTES = 24 };
    u8 first[BYTES];
    for (u32 i = 0; i < 2; i++) {
        begin();
        wasi_set_fixed(ctx);
        CHECK_EQ_U64(look(0), 946684800000001000);
        CHECK_EQ_U64(look(1), 1000002000);
        sleep_for((u64)3600 * 1000000000); // an hour, which nobody waits
        CHECK_EQ_U64(look(1), (u64)3601 * 1000000000 + 3000);
        sleep_for((u64)1 << 62); // 146 years
        CHECK(look(1) > (u64)1 << 62);
        CHECK_EQ_U64(CALL("random_get", AT_DATA, BYTES), 0);
        if (i) CHECK(!memcmp(first, memory + AT_DATA, BYTES));
        memcpy(first, memory + AT_DATA, BYTES);
        CHECK_EQ_U64(CALL("random_get", AT_DATA, BYTES), 0);
        CHECK(memcmp(first, memory + AT_DATA, BYTES) != 0);
        static const char *const names[] = {"m", "b", "z", "aa", "a"};
        for (u32 n = 0; n < COUNT_OF(names); n++)
            CHECK_EQ_U64(open_file(names[n], OFLAG_creat, 0), 0);
        check_listing(". .. a aa b m z ");
        u32 len = put_path("z");
        CHECK_EQ_U64(CALL("path_filestat_get", BOX, 0, AT_PATH, len, AT_OUT), 0);
        for (u32 t = 40; t < 64; t += 8)
            CHECK_EQ_U64(get_u64(memory + AT_OUT + t), 946684800000000000);
        CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, len), 0);
        check_listing(". .. a aa b m ");
        for (u32 n = 0; n < COUNT_OF(names); n++)
            CALL("path_unlink_file", BOX, AT_PATH, put_path(names[n]));
        wasi_free(ctx);
    }
}

// What was there before the guest keeps its times.
static void test_fixed_times(void)
{
    char path[100];
    struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 2000}};
    snprintf(path, sizeof path, "%s/old", tmp);
    close(open(path, O_WRONLY | O_CREAT, 0644));
    CHECK(utimensat(AT_FDCWD, path, times, 0) == 0);
    begin();
    wasi_set_fixed(ctx);
    CHECK_EQ_U64(CALL("path_filestat_get", BOX, 0, AT_PATH, put_path("old"), AT_OUT), 0);
    CHECK_EQ_U64(get_u64(memory + AT_OUT + 40), (u64)1000 * 1000000000);
    CHECK_EQ_U64(get_u64(memory + AT_OUT + 48), (u64)2000 * 1000000000);
    CHECK_EQ_U64(get_u64(memory + AT_OUT + 56), 946684800000000000); // changed just now
    wasi_free(ctx);
    unlink(path);
}

// Time, chance and what is left go on where they were.
static void test_state(void)
{
    char why[WASI_WHY];
    u8 *bytes = NULL, random[8];
    size_t size = 0;
    begin();
    wasi_set_fixed(ctx);
    wasi_set_output_limit(ctx, 10);
    wasi_set_disk_limit(ctx, 1000);
    CHECK_EQ_U64(open_file("s", OFLAG_creat, 0), 0);
    sleep_for(5000000000);
    CHECK_EQ_U64(CALL("random_get", AT_DATA, 8), 0);
    CHECK_EQ_U64(wasi_save(ctx, &bytes, &size, why), 0);
    u64 now = look(1);
    CHECK_EQ_U64(CALL("random_get", AT_DATA, 8), 0);
    memcpy(random, memory + AT_DATA, 8);
    wasi_free(ctx);

    begin();
    wasi_set_fixed(ctx);
    wasi_set_disk_limit(ctx, 1000);
    CHECK_EQ_U64(wasi_load(ctx, (Bytes){bytes, size}, why), 0);
    CHECK_EQ_U64(look(1), now);
    CHECK_EQ_U64(CALL("random_get", AT_DATA, 8), 0);
    CHECK(!memcmp(random, memory + AT_DATA, 8));
    CHECK_EQ_U64(write_bytes(4, 1000), 0);
    CHECK_EQ_U64(out32(), 1000 - 512);
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_path("s")), 0);
    wasi_free(ctx);
    free(bytes);
}

// Nothing that is left is not the same as no limit, nor is a generator at its beginning none.
static void test_state_of_nothing(void)
{
    char why[WASI_WHY];
    u8 *bytes = NULL, random[8];
    size_t size = 0;
    begin();
    wasi_set_disk_limit(ctx, 512);
    wasi_set_output_limit(ctx, 0);
    wasi_set_seed(ctx, 0);
    CHECK_EQ_U64(open_file("n", OFLAG_creat, 0), 0);
    CHECK_EQ_U64(write_bytes(4, 1), WASI_E_nospc);
    CHECK_EQ_U64(wasi_save(ctx, &bytes, &size, why), 0);
    CHECK_EQ_U64(CALL("random_get", AT_DATA, 8), 0);
    memcpy(random, memory + AT_DATA, 8);
    wasi_free(ctx);

    begin();
    wasi_set_disk_limit(ctx, 512);
    CHECK_EQ_U64(wasi_load(ctx, (Bytes){bytes, size}, why), 0);
    CHECK_EQ_U64(write_bytes(4, 1), WASI_E_nospc);
    CHECK_EQ_U64(CALL("random_get", AT_DATA, 8), 0);
    CHECK(!memcmp(random, memory + AT_DATA, 8));
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_path("n")), 0);
    wasi_free(ctx);
    free(bytes);
}

// ---- Calls as lines

static char lines[4000];

static void keep_line(void *env, const char *line, size_t len)
{
    snprintf(lines, sizeof lines, "%.*s", (int)len, line);
}

static void check_traced(const char *want)
{
    if (!CHECK(strstr(lines, want))) fprintf(stderr, "got %s\n", lines);
}

static void test_trace(void)
{
    begin();
    wasi_set_trace(ctx, keep_line, NULL, false);
    CHECK_EQ_U64(open_file("t", OFLAG_creat | OFLAG_excl, FDFLAG_append), 0);
    check_traced("path_open(fd 3, lookup 0, path \"t\", oflags creat|excl, rights fd_read|");
    check_traced(", flags append) = success, opened 4");
    CHECK_EQ_U64(write_bytes(4, 100), 0);
    check_traced("xxxx\"...) = success, written 100");
    CHECK_EQ_U64(CALL("fd_seek", 4, 0, 0, AT_OUT), 0);
    check_traced("fd_seek(fd 4, offset 0, whence set) = success, position 0");
    CHECK_EQ_U64(CALL("fd_read", 4, 0x100, 1, AT_OUT), 0);
    check_traced("fd_read(fd 4, iovs 1) = success, \"xxxx");
    check_traced("xxxx\"..., read 100");
    CHECK_EQ_U64(CALL("fd_read", 99, 0x100, 1, AT_OUT), WASI_E_badf);
    check_traced("fd_read(fd 99, iovs 1) = badf");
    // Wherever its memory ends, and however much it asks.
    CHECK_EQ_U64(CALL("fd_write", 4, MEMORY - 8, 0x7fffffff, AT_OUT), WASI_E_fault);
    check_traced("fd_write(fd 4, iovs 0xfff8*2147483647) = fault");
    memset(memory + AT_PATH, 0x1b, 4000);
    CHECK(CALL("path_unlink_file", BOX, AT_PATH, 4000) != 0);
    check_traced("\\x1b\"...) = nametoolong");
    // A document in any case: ends as an object, and has no byte that ends a string.
    wasi_set_trace(ctx, keep_line, NULL, true);
    CHECK(CALL("path_unlink_file", BOX, AT_PATH, 4000) != 0);
    check_traced("\\u001b\",\"errno\":\"nametoolong\"}");
    CHECK_EQ_U64(CALL("path_unlink_file", BOX, AT_PATH, put_path("t")), 0);
    CHECK_STR(lines, "{\"thread\":0,\"call\":\"path_unlink_file\",\"fd\":3,\"path\":\"t\","
                     "\"errno\":\"success\"}");
    wasi_free(ctx);
}

int main(void)
{
    memory = malloc(MEMORY);
    if (!CHECK(memory && mkdtemp(tmp))) return check_report();
    mem = (GuestMemory){.base = memory, .size = MEMORY};
    test_disk();
    test_disk_given_back();
    test_output();
    test_output_gaps();
    test_size_of_process();
    test_descriptors();
    test_terminal();
    test_fixed();
    test_fixed_many();
    test_fifo_aside();
    test_fixed_times();
    test_state();
    test_state_of_nothing();
    test_trace();
    CHECK(rmdir(tmp) == 0);
    free(memory);
    return check_report();
}
