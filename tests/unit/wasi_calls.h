// wasi_calls.h -- functions of WASI as tests call them, over a made-up guest memory; and files as
// the host has them.
#pragma once

#include "wasi/abi.h"
#include "wasi/guest.h"
#include "wasi/wasi.h"

#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { MEMORY = 1 << 20 };
enum { AT_PATH = 0x1000, AT_PATH2 = 0x3000, AT_OUT = 0x8000, AT_BUF = 0x10000 };

static u8 *memory;
static GuestMemory mem;
static WasiCtx *ctx;
static char tmp[] = "/tmp/weft-wasi-XXXXXX"; // where the host has its files
static const char *module = "wasi_snapshot_preview1";

// -- calling --

#define CALL(name, ...)                                                                            \
    call(name, (const u64[]){__VA_ARGS__}, sizeof((const u64[]){__VA_ARGS__}) / sizeof(u64))

static WasiOutcome last_outcome;
static u32 (*call_by)(const WasiFunc *f, const u64 *args); // NULL: straight; see wasi_guest.h

static inline u32 call(const char *name, const u64 *args, size_t count)
{
    const WasiFunc *f = wasi_find(module, strlen(module), name, strlen(name));
    if (!f || strchr(f->sig, ':') != f->sig + count) {
        CHECK(!"a function with that many parameters");
        return 9999;
    }
    if (call_by) return call_by(f, args);
    u64 result = 8888;
    last_outcome = f->call(ctx, mem, args, &result);
    return (u32)result;
}

static inline u32 put_text(u32 at, const char *text)
{
    memcpy(memory + at, text, strlen(text));
    return (u32)strlen(text);
}

static inline u32 out32(void) { return get_u32(memory + AT_OUT); }

static const u64 RW = RIGHT_fd_read | RIGHT_fd_write | RIGHT_fd_seek | RIGHT_fd_tell |
                      RIGHT_fd_filestat_get | RIGHT_fd_filestat_set_size | RIGHT_fd_allocate |
                      RIGHT_fd_filestat_set_times | RIGHT_fd_fdstat_set_flags |
                      RIGHT_poll_fd_readwrite | RIGHT_fd_advise;

static inline u32 open_with(u32 dir, u32 lookup, const char *path, u32 oflags, u64 rights,
                            u32 fdflags)
{
    u32 len = put_text(AT_PATH, path);
    return CALL("path_open", dir, lookup, AT_PATH, len, oflags, rights, ~(u64)0, fdflags, AT_OUT);
}

static inline void iovec(u32 index, u32 at, u32 len)
{
    put_u32(memory + AT_BUF + 8 * index, at);
    put_u32(memory + AT_BUF + 8 * index + 4, len);
}

static inline u32 close_fd(u32 fd) { return CALL("fd_close", fd); }

// Opens for reading and closes again.
static inline u32 try_open(u32 dir, u32 lookup, const char *path)
{
    u32 err = open_with(dir, lookup, path, 0, RIGHT_fd_read, 0);
    if (!err) close_fd(out32());
    return err;
}

static inline u32 try_create(u32 dir, u32 lookup, const char *path, u32 oflags)
{
    u32 err = open_with(dir, lookup, path, OFLAG_creat | oflags, RW, 0);
    if (!err) close_fd(out32());
    return err;
}

static inline u32 stat_path(u32 dir, u32 lookup, const char *path)
{
    return CALL("path_filestat_get", dir, lookup, AT_PATH, put_text(AT_PATH, path), AT_OUT);
}

static inline u32 on_path(const char *name, u32 dir, const char *path)
{
    return CALL(name, dir, AT_PATH, put_text(AT_PATH, path));
}

static inline u32 make_link(const char *target, u32 dir, const char *path)
{
    u32 len = put_text(AT_PATH, target), len2 = put_text(AT_PATH2, path);
    return CALL("path_symlink", AT_PATH, len, dir, AT_PATH2, len2);
}

static inline u32 hard_link(u32 from, u32 lookup, const char *path, u32 to, const char *path2)
{
    u32 len = put_text(AT_PATH, path), len2 = put_text(AT_PATH2, path2);
    return CALL("path_link", from, lookup, AT_PATH, len, to, AT_PATH2, len2);
}

static inline u32 rename_to(u32 from, const char *path, u32 to, const char *path2)
{
    u32 len = put_text(AT_PATH, path), len2 = put_text(AT_PATH2, path2);
    return CALL("path_rename", from, AT_PATH, len, to, AT_PATH2, len2);
}

static inline u32 set_times(u32 dir, u32 lookup, const char *path)
{
    return CALL("path_filestat_set_times", dir, lookup, AT_PATH, put_text(AT_PATH, path), 1000,
                2000, FST_atim | FST_mtim);
}

static inline u32 read_link(u32 dir, const char *path)
{
    return CALL("path_readlink", dir, AT_PATH, put_text(AT_PATH, path), AT_BUF, 100, AT_OUT);
}

// -- the host's side --

static inline const char *host(const char *path)
{
    static char full[4][8192];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(full[turn], sizeof full[turn], "%s/%s", tmp, path);
    return full[turn];
}

static inline void host_file(const char *path, const char *text)
{
    int fd = open(host(path), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static inline void host_text(const char *path, char text[64])
{
    int fd = open(host(path), O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, text, 63);
    text[n < 0 ? 0 : n] = 0;
    if (fd >= 0) close(fd);
}

static inline unsigned host_fds(void)
{
    unsigned count = 0;
    for (int i = 0; i < 1024; i++) count += fcntl(i, F_GETFD) >= 0;
    return count;
}

// Leaving what was granted, or changing what is only to be looked at.
static inline bool refused(u32 err) { return err == WASI_E_notcapable || err == WASI_E_perm; }

// A path that leads out of `home`, whatever is done with it; `box` is a directory to write to.
static inline void leads_out_of(u32 home, u32 box, const char *path)
{
    for (u32 lookup = 0; lookup < 2; lookup++) {
        CHECK(refused(try_open(home, lookup, path)));
        CHECK(refused(stat_path(home, lookup, path)));
        CHECK(refused(try_create(home, lookup, path, 0)));
        CHECK(refused(try_create(home, lookup, path, OFLAG_excl)));
        CHECK(refused(open_with(home, lookup, path, OFLAG_trunc, RIGHT_fd_read, 0)));
        CHECK(refused(open_with(home, lookup, path, 0, RIGHT_fd_write, FDFLAG_append)));
        CHECK(refused(open_with(home, lookup, path, OFLAG_directory, RIGHT_fd_readdir, 0)));
        CHECK(refused(set_times(home, lookup, path)));
        CHECK(refused(hard_link(home, lookup, path, box, "stolen")));
    }
    CHECK(refused(read_link(home, path)));
    CHECK(refused(on_path("path_create_directory", home, path)));
    CHECK(refused(on_path("path_remove_directory", home, path)));
    CHECK(refused(on_path("path_unlink_file", home, path)));
    CHECK(refused(make_link("file", home, path)));
    CHECK(refused(hard_link(box, 0, "file", home, path)));
    CHECK(refused(rename_to(home, path, box, "stolen")));
    CHECK(refused(rename_to(box, "file", home, path)));
}
