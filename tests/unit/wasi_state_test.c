// wasi_state_test.c -- what a guest holds of WASI, as bytes and back (src/wasi/state.c).
//
//     tmp/  out/secret   box/ a, b, sub/ (granted, /box)   ro/ c (read-only, /ro)   more/ d
//
// Each case holds some of it, writes that, and reads it into a context that was granted anew. At
// the end the secret is what it was, and the host has no file open that it had not before.
// Hazards: R64.

#include "wasi/abi.h"
#include "wasi/ctx.h"

#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MEMORY = 1 << 16, AT_PATH = 0x1000, AT_OUT = 0x2000, AT_BUF = 0x3000 };

static u8 memory[MEMORY];
static GuestMemory mem;
static char tmp[] = "/tmp/weft-state-XXXXXX";
static char why[WASI_WHY];
static int pipes[2];

#define CALL(ctx, name, ...)                                                                       \
    call(ctx, name, (const u64[]){__VA_ARGS__}, sizeof((const u64[]){__VA_ARGS__}) / sizeof(u64))

static u32 call(WasiCtx *ctx, const char *name, const u64 *args, size_t count)
{
    static const char module[] = "wasi_snapshot_preview1";
    const WasiFunc *f = wasi_find(module, strlen(module), name, strlen(name));
    u64 result = 8888;
    if (!CHECK(f && strchr(f->sig, ':') == f->sig + count)) return 9999;
    f->call(ctx, mem, args, &result);
    return (u32)result;
}

static u32 out32(void) { return get_u32(memory + AT_OUT); }

// The descriptor, or 1000 and the error.
static u32 open_at(WasiCtx *ctx, u32 dir, const char *path, u32 oflags, u64 rights)
{
    size_t len = strlen(path);
    memcpy(memory + AT_PATH, path, len);
    u32 err = CALL(ctx, "path_open", dir, 0, AT_PATH, len, oflags, rights, rights, 0, AT_OUT);
    return err ? 1000 + err : out32();
}

static u32 move_bytes(WasiCtx *ctx, const char *name, u32 fd, u32 count)
{
    put_u32(memory + AT_BUF, AT_BUF + 16);
    put_u32(memory + AT_BUF + 4, count);
    return CALL(ctx, name, fd, AT_BUF, 1, AT_OUT);
}

static bool reads(WasiCtx *ctx, u32 fd, const char *text)
{
    u32 len = (u32)strlen(text);
    memset(memory + AT_BUF + 16, 0, 16);
    return move_bytes(ctx, "fd_read", fd, len) == WASI_E_success && out32() == len &&
           !memcmp(memory + AT_BUF + 16, text, len);
}

static u32 writes(WasiCtx *ctx, u32 fd, const char *text)
{
    memcpy(memory + AT_BUF + 16, text, strlen(text));
    return move_bytes(ctx, "fd_write", fd, (u32)strlen(text));
}

static char *path_of(const char *name)
{
    static char path[4][100];
    static u32 next;
    char *out = path[next++ % 4];
    snprintf(out, sizeof path[0], "%s/%s", tmp, name);
    return out;
}

static void put_file(const char *name, const char *text)
{
    FILE *f = fopen(path_of(name), "w");
    if (CHECK(f != NULL)) fputs(text, f), fclose(f);
}

static bool has_file(const char *name, const char *text)
{
    char got[100] = "";
    FILE *f = fopen(path_of(name), "r");
    if (!f) return false;
    size_t len = fread(got, 1, sizeof got - 1, f);
    fclose(f);
    return len == strlen(text) && !memcmp(got, text, len);
}

static void lay_out(void)
{
    unlink(path_of("box/b"));
    rmdir(path_of("box/b"));
    unlink(path_of("ro/c"));
    rmdir(path_of("ro/c"));
    put_file("out/secret", "secret");
    put_file("box/a", "abcdefgh");
    put_file("box/b", "12345678");
    put_file("ro/c", "cccccccc");
    put_file("more/d", "dddd");
}

static u32 open_files(void)
{
    u32 count = 0;
    DIR *d = opendir("/proc/self/fd");
    while (d && readdir(d)) count++;
    if (d) closedir(d);
    return count;
}

typedef struct { bool box, box_ro, ro, more; } Grants;
static const Grants both = {.box = true, .ro = true};

static WasiCtx *context(Grants g)
{
    WasiCtx *ctx = wasi_new();
    CHECK_EQ_U64((u64)wasi_set_stdio(ctx, 0, pipes[1], 2), 0);
    if (g.more) CHECK_EQ_U64((u64)wasi_add_preopen(ctx, path_of("more"), "/more", false), 0);
    if (g.ro) CHECK_EQ_U64((u64)wasi_add_preopen(ctx, path_of("ro"), "/ro", true), 0);
    if (g.box) CHECK_EQ_U64((u64)wasi_add_preopen(ctx, path_of("box"), "/box", g.box_ro), 0);
    return ctx;
}

static u32 dir_of(WasiCtx *ctx, const char *name)
{
    const WasiWorld *w = ctx->world;
    for (u32 i = 0; i < w->fd_cap; i++)
        if (w->fds[i] && w->fds[i]->preopen && !strcmp(w->fds[i]->preopen, name)) return i;
    return 1000;
}

static const u64 RW = RIGHT_fd_read | RIGHT_fd_write | RIGHT_fd_seek | RIGHT_fd_tell;

typedef struct { u32 a, b, c, sub, closed, out; } Held;

static WasiCtx *holder(Held *h)
{
    WasiCtx *ctx = context(both);
    CHECK(!wasi_add_arg(ctx, "prog") && !wasi_add_arg(ctx, "") && !wasi_add_env(ctx, "A", "b=c"));
    u32 box = dir_of(ctx, "/box");
    h->a = open_at(ctx, box, "a", 0, RW);
    h->closed = open_at(ctx, box, "a", 0, RW);
    h->b = open_at(ctx, box, "b", 0, RW);
    h->c = open_at(ctx, dir_of(ctx, "/ro"), "c", 0, RIGHT_fd_read | RIGHT_fd_tell);
    h->sub = open_at(ctx, box, "sub", OFLAG_directory, RIGHT_fd_readdir | RIGHT_path_open);
    CHECK(h->a < 1000 && h->b < 1000 && h->c < 1000 && h->sub < 1000 && h->closed < 1000);
    CHECK(reads(ctx, h->a, "abc"));
    CHECK_EQ_U64(CALL(ctx, "fd_fdstat_set_rights", h->b, RIGHT_fd_read, 0), WASI_E_success);
    h->out = open_at(ctx, box, "a", 0, RW);
    CHECK_EQ_U64(CALL(ctx, "fd_renumber", 1, h->out), WASI_E_success);
    CHECK_EQ_U64(CALL(ctx, "fd_close", h->closed), WASI_E_success);
    CHECK_EQ_U64(CALL(ctx, "fd_close", 0), WASI_E_success);
    return ctx;
}

static Bytes save(WasiCtx *ctx)
{
    u8 *data = NULL;
    size_t size = 0;
    CHECK_EQ_U64((u64)wasi_save(ctx, &data, &size, why), 0);
    return (Bytes){data, size};
}

static void same_again(void)
{
    Held h;
    WasiCtx *ctx = holder(&h), *other = context((Grants){true, false, true, true});
    Bytes bytes = save(ctx);
    char got[5] = "";
    wasi_free(ctx);
    u32 more = dir_of(other, "/more");
    CHECK_EQ_U64((u64)wasi_load(other, bytes, why), 0);
    CHECK(reads(other, h.a, "def")); // where it was
    CHECK_EQ_U64(writes(other, h.a, "X"), WASI_E_success);
    CHECK(has_file("box/a", "abcdefXh"));
    CHECK(reads(other, h.b, "123"));
    CHECK(writes(other, h.b, "X")); // the guest gave that up
    CHECK(reads(other, h.c, "ccc"));
    CHECK(writes(other, h.c, "X"));
    CHECK(open_at(other, dir_of(other, "/ro"), "c", 0, RIGHT_fd_write) >= 1000);
    CHECK(open_at(other, h.sub, "../a", 0, RIGHT_fd_read) >= 1000);
    // What it had closed stays so, and numbers are free that were; standard output is elsewhere.
    CHECK_EQ_U64(CALL(other, "fd_tell", h.closed, AT_OUT), WASI_E_badf);
    CHECK_EQ_U64(writes(other, 1, "no"), WASI_E_badf);
    CHECK_EQ_U64(move_bytes(other, "fd_read", 0, 1), WASI_E_badf);
    CHECK_EQ_U64(writes(other, h.out, "yes"), WASI_E_success);
    CHECK(read(pipes[0], got, 4) == 3 && !strcmp(got, "yes"));
    // What was granted besides, nobody had.
    CHECK_EQ_U64(dir_of(other, "/more"), 1000);
    CHECK(open_at(other, more, "d", 0, RIGHT_fd_read) >= 1000 || more == dir_of(other, "/ro") ||
          more == dir_of(other, "/box"));
    CHECK_EQ_U64(CALL(other, "args_sizes_get", AT_OUT, AT_OUT + 4), WASI_E_success);
    CHECK(out32() == 2 && get_u32(memory + AT_OUT + 4) == 6);
    CHECK_EQ_U64(CALL(other, "environ_get", AT_OUT, AT_BUF), WASI_E_success);
    CHECK_STR((const char *)memory + AT_BUF, "A=b=c");
    Bytes again = save(other); // but for positions
    CHECK_EQ_U64(again.len, bytes.len);
    wasi_free(other);
    free((void *)bytes.data);
    free((void *)again.data);
}

// Into what was granted otherwise, or changed meanwhile; says what.
static void refused(const char *says, Grants grants, int err)
{
    Held h;
    lay_out();
    WasiCtx *ctx = holder(&h), *other = context(grants);
    Bytes bytes = save(ctx);
    wasi_free(ctx);
    if (strstr(says, "\"b\"")) {
        unlink(path_of("box/b"));
        if (err == ELOOP) CHECK(!symlink("../out/secret", path_of("box/b")));
        if (err == ENOTDIR) CHECK(!mkdir(path_of("box/b"), 0700));
    }
    if (strstr(says, "\"c\"")) {
        unlink(path_of("ro/c"));
        CHECK(!(err == EACCES ? mkdir(path_of("ro/c"), 0700) : mkfifo(path_of("ro/c"), 0600)));
    }
    int got = wasi_load(other, bytes, why);
    if (!CHECK(got && (got == err || err == ENOTDIR))) printf("%s: %d\n", why, got);
    if (!CHECK(strstr(why, says))) printf("%s\n", why);
    wasi_free(other);
    free((void *)bytes.data);
}

// Read-only now: what the guest holds of it is too.
static void read_only_now(void)
{
    Held h;
    lay_out();
    WasiCtx *ctx = holder(&h), *other = context((Grants){.box = true, .box_ro = true, .ro = true});
    Bytes bytes = save(ctx);
    wasi_free(ctx);
    CHECK_EQ_U64((u64)wasi_load(other, bytes, why), 0);
    CHECK(reads(other, h.a, "def"));
    CHECK(writes(other, h.a, "X"));
    CHECK(open_at(other, dir_of(other, "/box"), "new", OFLAG_creat, RW) >= 1000);
    CHECK(has_file("box/a", "abcdefgh"));
    wasi_free(other);
    free((void *)bytes.data);
}

static void unwritable(void)
{
    Held h;
    u8 *data;
    size_t size;
    lay_out();
    WasiCtx *ctx = holder(&h);
    unlink(path_of("box/b"));
    CHECK_EQ_U64((u64)wasi_save(ctx, &data, &size, why), ENOTSUP);
    CHECK_STR(why, "a file that has no name any more");
    wasi_free(ctx);
}

// ---- Bytes that somebody made up

static size_t put_numbers(u8 *at, const u64 *numbers, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        for (u64 rest = numbers[i], more = 1; more; rest >>= 7)
            at[size++] = (u8)((rest & 0x7f) | ((more = rest > 0x7f) ? 0x80 : 0));
    return size;
}

// A file that appends, of which it is not said that it does: each byte is longer than it was.
static void appends_unsaid(void)
{
    enum { PREOPEN = 2, BENEATH = 3, READ_WRITE_APPEND = 7 };
    u64 numbers[] = {0, 0, 2, 3, PREOPEN, 4, '/', 'b', 'o', 'x', 0, ~(u64)0, ~(u64)0,
                     4, BENEATH, 3, 1, 'a', READ_WRITE_APPEND, 0, ~(u64)0, 0, 0,
                     0, 0, 1, 5, 0};
    u8 bytes[200];
    lay_out();
    WasiCtx *ctx = context(both);
    wasi_set_disk_limit(ctx, 1000);
    size_t len = put_numbers(bytes, numbers, COUNT_OF(numbers));
    CHECK_EQ_U64((u64)wasi_load(ctx, (Bytes){bytes, len}, why), 0);
    CHECK_EQ_U64(writes(ctx, 4, "123456"), WASI_E_success);
    CHECK_EQ_U64(out32(), 5);
    CHECK_EQ_U64(writes(ctx, 4, "7"), WASI_E_nospc);
    CHECK(has_file("box/a", "abcdefgh12345"));
    wasi_free(ctx);
}

// ---- Bytes that somebody changed

static u64 chance = 88172645463325252u;
static u32 below(u32 end)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (u32)(chance >> 20) % end;
}

static bool no_more(u64 rights, u64 than) { return !(rights & ~than); }

// Whatever is there, it has no rights that what was granted has not.
static void check_rights(const WasiCtx *ctx)
{
    const WasiWorld *w = ctx->world;
    WasiCtx *granted = context(both);
    u64 most = granted->world->fds[dir_of(granted, "/box")]->rights |
               granted->world->fds[dir_of(granted, "/box")]->inheriting;
    for (u32 i = 0; i < w->fd_cap; i++) {
        const Fd *fd = w->fds[i];
        if (!fd || fd_is_reserved(fd) || fd->stdio) continue;
        CHECK(no_more(fd->rights | fd->inheriting, most));
        if (fd->read_only) CHECK(!((fd->rights | fd->inheriting) & RIGHTS_THAT_CHANGE));
        if (fd->read_only && fd->kind != FILETYPE_directory)
            CHECK(!(fd->rights & RIGHT_fd_write));
        if (!fd->preopen) continue;
        const Fd *from = granted->world->fds[dir_of(granted, fd->preopen)];
        CHECK(no_more(fd->rights, from->rights) && no_more(fd->inheriting, from->inheriting));
        CHECK(fd->read_only || !from->read_only);
    }
    wasi_free(granted);
}

static void hostile(u32 times)
{
    static const char *const paths[] = {"../out/secret", "..", "/", "b", "sub/../../out/secret"};
    Held h;
    lay_out();
    WasiCtx *ctx = holder(&h);
    Bytes bytes = save(ctx);
    u32 taken = 0;
    u8 *bad = malloc(bytes.len + 32);
    for (u32 i = 0; i < times; i++) {
        size_t len = bytes.len;
        memcpy(bad, bytes.data, len);
        for (u32 n = 1 + below(3); n; n--) bad[below((u32)len)] = (u8)below(below(2) ? 8 : 256);
        if (i % 4 == 1) { // a path in place of what stands there
            const char *path = paths[below(COUNT_OF(paths))];
            size_t at = below((u32)(len - strlen(path) - 1));
            bad[at] = (u8)strlen(path);
            memcpy(bad + at + 1, path, strlen(path));
        }
        if (i % 16 == 2) len = below((u32)len);
        WasiCtx *other = context(both);
        wasi_set_fd_limit(other, 64);
        if (!wasi_load(other, (Bytes){bad, len}, why)) {
            taken++;
            check_rights(other);
            for (u32 fd = 3; fd < 16; fd++) writes(other, fd, "!");
        } else {
            CHECK(why[0]);
        }
        wasi_free(other);
    }
    CHECK(taken > 0 && taken < times);
    CHECK(has_file("out/secret", "secret"));
    CHECK(has_file("ro/c", "cccccccc"));
    wasi_free(ctx);
    free(bad);
    free((void *)bytes.data);
}

int main(int argc, char **argv)
{
    static const char *const dirs[] = {"out", "box", "box/sub", "ro", "more"};
    mem = (GuestMemory){.base = memory, .size = sizeof memory};
    if (!CHECK(mkdtemp(tmp) && !pipe(pipes))) return check_report();
    for (u32 i = 0; i < COUNT_OF(dirs); i++) CHECK(!mkdir(path_of(dirs[i]), 0700));
    lay_out();
    u32 before = open_files();
    same_again();
    refused("a directory that was not granted again: \"/box\"", (Grants){.ro = true}, ENOENT);
    refused("a directory that was not granted again: \"/ro\"", (Grants){.box = true}, ENOENT);
    refused("a file that cannot be opened again: \"b\"", both, ENOENT);
    refused("a file that cannot be opened again: \"b\"", both, ELOOP);
    refused("\"b\"", both, ENOTDIR);
    refused("a file that is another kind of thing now: \"c\"", both, EACCES);
    refused("\"c\"", both, ENOTDIR);
    read_only_now();
    unwritable();
    appends_unsaid();
    hostile(argc > 1 ? (u32)atoi(argv[1]) : 1500);
    CHECK_EQ_U64(open_files(), before);
    char remove[200];
    snprintf(remove, sizeof remove, "rm -rf '%s'", tmp);
    CHECK(!system(remove));
    return check_report();
}
