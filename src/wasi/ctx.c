// ctx.c -- building a context, and its table of descriptors.

#include "wasi/ctx.h"

#include <errno.h>
#include <stdlib.h>

enum { FD_LIMIT = 65536, FD_FIRST = 3 };

WasiErrno errno_of_host(int err)
{
    switch (err) {
    case 0: return WASI_E_success;
    case FILE_ESCAPES: return WASI_E_notcapable;
    case EOPNOTSUPP: return WASI_E_notsup;
#define ERRNO(name, number)
#define HOST_ERRNO(name, number, host)                                                             \
    case host: return number;
#include "wasi/errno.def"
    default: return WASI_E_io;
    }
}

// -- strings --

static int list_add(StringList *list, const StringList *other, const char *const *parts,
                    size_t part_count)
{
    size_t len = 1;
    for (size_t i = 0; i < part_count; i++) len += strlen(parts[i]);
    if (len > UINT32_MAX - list->len - other->len) return E2BIG;
    if (len > list->cap - list->len) {
        size_t cap = MAX(2 * list->cap, list->len + len);
        char *data = realloc(list->data, cap);
        if (!data) return ENOMEM;
        list->data = data;
        list->cap = cap;
    }
    for (size_t i = 0; i < part_count; i++) {
        size_t part_len = strlen(parts[i]);
        memcpy(list->data + list->len, parts[i], part_len);
        list->len += part_len;
    }
    list->data[list->len++] = 0;
    list->count++;
    return 0;
}

int wasi_add_arg(WasiCtx *ctx, const char *arg)
{
    return list_add(&ctx->args, &ctx->env, &arg, 1);
}

int wasi_add_env(WasiCtx *ctx, const char *name, const char *value)
{
    const char *const parts[] = {name, "=", value};
    return list_add(&ctx->env, &ctx->args, parts, COUNT_OF(parts));
}

// -- rights --

u64 rights_for(u8 kind, bool socket, bool terminal)
{
    u64 seeks = RIGHT_fd_seek | RIGHT_fd_tell;
    u64 sized = RIGHT_fd_advise | RIGHT_fd_allocate | RIGHT_fd_filestat_set_size;
    if (socket) return RIGHTS_FOR_SOCKET;
    if (kind == FILETYPE_directory) return RIGHTS_FOR_DIRECTORY;
    if (kind == FILETYPE_regular_file) return RIGHTS_FOR_FILE;
    // A guest's isatty looks for a character device that cannot seek.
    return RIGHTS_FOR_FILE & ~sized & ~(terminal ? seeks : 0);
}

static u64 rights_of_mode(FileMode mode)
{
    u64 rights = ~(u64)0;
    if (!mode.read) rights &= ~(u64)(RIGHT_fd_read | RIGHT_fd_readdir);
    if (!mode.write)
        rights &= ~(u64)(RIGHT_fd_write | RIGHT_fd_allocate | RIGHT_fd_filestat_set_size |
                         RIGHT_fd_filestat_set_times);
    return rights;
}

// -- the table --

static void fd_close_host(WasiCtx *ctx, Fd *fd)
{
    if (fd->owned) file_close(fd->file);
    ctx->dir_places -= fd->place_cap;
    free(fd->places);
    free(fd->preopen);
    *fd = (Fd){.state = FD_free, .file = -1};
}

static bool table_grow(WasiCtx *ctx)
{
    u32 cap = MIN(MAX(2 * ctx->fd_cap, 16), ctx->fd_limit);
    if (cap <= ctx->fd_cap) return false;
    Fd *fds = realloc(ctx->fds, cap * sizeof *fds);
    if (!fds) return false;
    for (u32 i = ctx->fd_cap; i < cap; i++) fds[i] = (Fd){.state = FD_free, .file = -1};
    ctx->fds = fds;
    ctx->fd_cap = cap;
    return true;
}

WasiErrno fd_add(WasiCtx *ctx, Fd fd, u32 *number)
{
    WasiErrno err = WASI_E_success;
    u32 i = ctx->fd_free_from;
    for (; i < ctx->fd_cap && ctx->fds[i].state != FD_free && !err; i++) err = ctx_work(ctx, 1);
    ctx->fd_free_from = i;
    if (!err && i >= ctx->fd_limit) err = WASI_E_mfile;
    if (!err && i == ctx->fd_cap && !table_grow(ctx)) err = WASI_E_nomem;
    if (err) {
        fd_close_host(ctx, &fd);
        return err;
    }
    fd.state = FD_open;
    ctx->fds[i] = fd;
    ctx->fd_free_from = i + 1;
    *number = i;
    return WASI_E_success;
}

void fd_drop(WasiCtx *ctx, u32 number)
{
    fd_close_host(ctx, &ctx->fds[number]);
    ctx->fd_free_from = MIN(ctx->fd_free_from, number);
}

WasiErrno fd_find(WasiCtx *ctx, u32 number, u64 rights, Fd **fd)
{
    *fd = NULL;
    if (number >= ctx->fd_cap || ctx->fds[number].state != FD_open) return WASI_E_badf;
    u64 missing = rights & ~ctx->fds[number].rights;
    if (missing & (RIGHT_fd_read | RIGHT_fd_write)) return WASI_E_badf;
    if (missing) return WASI_E_notcapable;
    *fd = &ctx->fds[number];
    return WASI_E_success;
}

WasiErrno fd_find_file(WasiCtx *ctx, u32 number, u64 rights, Fd **fd)
{
    WasiErrno err = fd_find(ctx, number, 0, fd);
    if (err) return err;
    return (*fd)->kind == FILETYPE_directory ? WASI_E_isdir : fd_find(ctx, number, rights, fd);
}

WasiErrno fd_find_directory(WasiCtx *ctx, u32 number, u64 rights, Fd **fd)
{
    WasiErrno err = fd_find(ctx, number, 0, fd);
    if (err) return err;
    if ((*fd)->kind != FILETYPE_directory) return WASI_E_notdir;
    if ((*fd)->read_only && (rights & RIGHTS_THAT_CHANGE)) return WASI_E_perm;
    return fd_find(ctx, number, rights, fd);
}

// -- waiting --

WasiErrno ctx_ask(WasiCtx *ctx)
{
    u64 units = ctx->owed;
    ctx->owed = 0;
    ctx->stopped_for = ctx->meter ? ctx->meter(ctx->meter_data, units) : 0;
    return ctx->stopped_for ? WASI_E_interrupted : WASI_E_success;
}

WasiErrno fd_wait(WasiCtx *ctx, const Fd *fd, bool write)
{
    for (;;) {
        WasiErrno stop = ctx_ask(ctx);
        if (stop) return stop;
        FilePoll poll = {.file = fd->file, .want = write ? POLL_out : POLL_in};
        u32 ready;
        int err = file_poll(&poll, 1, ctx->meter ? WAIT_SLICE : -1, &ready);
        if (err) return errno_of_host(err);
        if (ready) return WASI_E_success;
    }
}

// -- building --

WasiCtx *wasi_new(void)
{
    WasiCtx *ctx = calloc(1, sizeof *ctx);
    if (!ctx) return NULL;
    ctx->fd_limit = FD_LIMIT;
    ctx->clock_step = 1;
    if (!table_grow(ctx)) {
        free(ctx);
        return NULL;
    }
    for (u32 i = 0; i < FD_FIRST; i++) ctx->fds[i].state = FD_reserved;
    ctx->fd_free_from = FD_FIRST;
    return ctx;
}

void wasi_free(WasiCtx *ctx)
{
    if (!ctx) return;
    for (u32 i = 0; i < ctx->fd_cap; i++) fd_close_host(ctx, &ctx->fds[i]);
    free(ctx->fds);
    free(ctx->args.data);
    free(ctx->env.data);
    free(ctx);
}

static int host_errno_of(WasiErrno err) { return err == WASI_E_nomem ? ENOMEM : err ? EMFILE : 0; }

// Takes over file.
static int preopen_add(WasiCtx *ctx, File file, const char *guest_path, bool read_only)
{
    FileStat stat;
    int err = file_stat(file, &stat);
    char *name = strdup(guest_path);
    if (!err && stat.kind != FILE_directory) err = ENOTDIR;
    if (!err && !name) err = ENOMEM;
    if (err) {
        file_close(file);
        free(name);
        return err;
    }
    u64 denied = read_only ? RIGHTS_THAT_CHANGE : 0;
    Fd fd = {
        .file = file,
        .owned = true,
        .read_only = read_only,
        .kind = FILETYPE_directory,
        .rights = RIGHTS_FOR_DIRECTORY & ~denied,
        .inheriting = (RIGHTS_FOR_DIRECTORY | RIGHTS_FOR_FILE) & ~denied,
        .preopen = name,
    };
    u32 number;
    return host_errno_of(fd_add(ctx, fd, &number));
}

int wasi_add_preopen(WasiCtx *ctx, const char *host_path, const char *guest_path, bool read_only)
{
    File file;
    int err = file_open_directory(host_path, &file);
    return err ? err : preopen_add(ctx, file, guest_path, read_only);
}

int wasi_add_preopen_fd(WasiCtx *ctx, int host_fd, const char *guest_path, bool read_only)
{
    File file;
    int err = file_duplicate(host_fd, &file);
    return err ? err : preopen_add(ctx, file, guest_path, read_only);
}

// A descriptor for a handle that stays with the caller, with the rights its mode gives.
static int shared_fd(File file, Fd *fd)
{
    FileStat stat;
    FileMode mode;
    int err = file_stat(file, &stat);
    if (!err) err = file_mode(file, &mode);
    if (err) return err;
    bool socket = stat.kind == FILE_stream || stat.kind == FILE_datagram;
    if (stat.kind == FILE_directory) mode.read = mode.write = false;
    *fd = (Fd){
        .file = file,
        .socket = socket,
        .host_syncs = mode.sync,
        .kind = (u8)stat.kind,
        .flags = (u16)((mode.append ? FDFLAG_append : 0) | (mode.sync ? FDFLAG_dsync : 0)),
        .rights = rights_for((u8)stat.kind, socket, file_is_terminal(file)) & rights_of_mode(mode),
    };
    if (stat.kind == FILE_directory) fd->rights = 0; // not a way to grant one
    return 0;
}

int wasi_add_socket(WasiCtx *ctx, int host_fd)
{
    Fd fd;
    u32 number;
    int err = shared_fd(host_fd, &fd);
    if (err) return err;
    if (!fd.socket) return ENOTSOCK;
    fd.inheriting = RIGHTS_FOR_SOCKET;
    return host_errno_of(fd_add(ctx, fd, &number));
}

int wasi_set_stdio(WasiCtx *ctx, int in, int out, int err)
{
    const File files[FD_FIRST] = {in, out, err};
    Fd fds[FD_FIRST];
    for (u32 i = 0; i < FD_FIRST; i++) {
        fds[i] = (Fd){.state = FD_reserved, .file = -1};
        if (files[i] < 0) continue;
        int failed = shared_fd(files[i], &fds[i]);
        if (failed) return failed;
        fds[i].state = FD_open;
    }
    for (u32 i = 0; i < FD_FIRST; i++) {
        fd_close_host(ctx, &ctx->fds[i]);
        ctx->fds[i] = fds[i];
    }
    return 0;
}

void wasi_set_meter(WasiCtx *ctx, WasiMeter *meter, void *data)
{
    ctx->meter = meter;
    ctx->meter_data = data;
}

void wasi_set_fd_limit(WasiCtx *ctx, u32 limit) { ctx->fd_limit = limit; }
void wasi_set_clock_resolution(WasiCtx *ctx, u64 ns) { ctx->clock_step = MAX(ns, 1); }
u32 wasi_exit_status(const WasiCtx *ctx) { return ctx->exit_status; }
u32 wasi_stopped_for(const WasiCtx *ctx) { return ctx->stopped_for; }

void wasi_set_force_walk(WasiCtx *ctx, bool force)
{
    ctx->finder.way = force ? BENEATH_walk : BENEATH_auto;
}
