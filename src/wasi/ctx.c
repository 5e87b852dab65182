// ctx.c -- building a context, and its table of descriptors.

#include "wasi/ctx.h"

#include <assert.h>
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
    return list_add(&ctx->world->args, &ctx->world->env, &arg, 1);
}

int wasi_add_env(WasiCtx *ctx, const char *name, const char *value)
{
    const char *const parts[] = {name, "=", value};
    return list_add(&ctx->world->env, &ctx->world->args, parts, COUNT_OF(parts));
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

// Stdio that was not granted: closed, but its number is not given away.
static Fd reserved;

bool fd_is_reserved(const Fd *fd) { return fd == &reserved; }

Fd *fd_new(const Fd *like)
{
    Fd *fd = malloc(sizeof *fd);
    if (!fd) return NULL;
    file_ask_limits();
    *fd = *like;
    fd->users = 1;
    pthread_mutex_init(&fd->listing, NULL);
    return fd;
}

static void close_host(const Fd *fd)
{
    if (fd->owned) file_close(fd->file);
    free(fd->preopen);
}

static void ahead_forget(WasiWorld *w, const Fd *fd)
{
    pthread_mutex_lock(&w->lock);
    if (w->ahead && w->ahead->of == fd) w->ahead->of = NULL;
    pthread_mutex_unlock(&w->lock);
}

// One more user, or one less; how many there were. A context that is alone in its world shares them
// with nobody, and spares itself what that takes.
static u32 count_user(const WasiCtx *ctx, Fd *fd, u32 change)
{
    if (!ctx_alone(ctx)) return atomic_fetch_add_explicit(&fd->users, change, memory_order_acq_rel);
    u32 before = atomic_load_explicit(&fd->users, memory_order_relaxed);
    atomic_store_explicit(&fd->users, before + change, memory_order_relaxed);
    return before;
}

// Closing may take long, so nobody holds a lock.
void fd_let_go(WasiCtx *ctx, Fd *fd)
{
    if (!fd || fd == &reserved) return;
    if (count_user(ctx, fd, (u32)-1) != 1) return;
    close_host(fd);
    if (fd->kind == FILETYPE_directory) ahead_forget(ctx->world, fd);
    if (ctx->world->half_of == fd) ctx->world->half_of = NULL;
    ctx->world->dir_places -= fd->place_cap;
    free(fd->places);
    sorted_free(ctx, fd);
    pthread_mutex_destroy(&fd->listing);
    free(fd);
}

void ctx_let_go(WasiCtx *ctx)
{
    while (ctx->held_count) fd_let_go(ctx, ctx->held[--ctx->held_count]);
}

static bool table_grow(WasiWorld *w)
{
    u32 cap = MIN(MAX(2 * w->fd_cap, 16), w->fd_limit);
    if (cap <= w->fd_cap) return false;
    Fd **fds = realloc(w->fds, cap * sizeof *fds);
    if (!fds) return false;
    for (u32 i = w->fd_cap; i < cap; i++) fds[i] = NULL;
    w->fds = fds;
    w->fd_cap = cap;
    return true;
}

enum { LOOKED_MOST = 1000 };

// Takes the smallest free number. *looked: how many were not; after LOOKED_MOST of them the answer
// is again, and the next search goes on from there.
static WasiErrno table_put(WasiWorld *w, Fd *fd, u32 *number, u32 *looked)
{
    u32 i = w->fd_free_from, most = i + LOOKED_MOST;
    while (i < w->fd_cap && i < most && w->fds[i]) i++;
    *looked = i - w->fd_free_from;
    w->fd_free_from = i;
    if (i == most) return WASI_E_again;
    if (i >= w->fd_limit) return WASI_E_mfile;
    if (i == w->fd_cap && !table_grow(w)) return WASI_E_nomem;
    w->fds[i] = fd;
    w->fd_free_from = i + 1;
    *number = i;
    return WASI_E_success;
}

WasiErrno fd_put(WasiCtx *ctx, u32 number, Fd *fd)
{
    WasiWorld *w = ctx->world;
    if (number >= w->fd_limit) return WASI_E_mfile;
    while (number >= w->fd_cap)
        if (!table_grow(w)) return WASI_E_nomem;
    if (w->fds[number]) return WASI_E_exist;
    w->fds[number] = fd ? fd : &reserved;
    return WASI_E_success;
}

WasiErrno fd_add(WasiCtx *ctx, const Fd *like, u32 *number)
{
    WasiWorld *w = ctx->world;
    Fd *fd = fd_new(like);
    WasiErrno err, stop = WASI_E_success;
    u32 looked;
    if (!fd) {
        close_host(like);
        return WASI_E_nomem;
    }
    do {
        pthread_mutex_lock(&w->lock);
        err = table_put(w, fd, number, &looked);
        pthread_mutex_unlock(&w->lock);
        if (err == WASI_E_again) stop = ctx_work(ctx, looked);
        else ctx->owed += looked;
    } while (err == WASI_E_again && !stop);
    if (stop) err = stop;
    if (err) fd_let_go(ctx, fd);
    return err;
}

WasiErrno fd_hold(WasiCtx *ctx, u32 number, Fd **out)
{
    WasiWorld *w = ctx->world;
    const WasiWait *before = ctx->before;
    Fd *fd = NULL;
    bool alone = ctx_alone(ctx);
    if (!alone) pthread_mutex_lock(&w->lock);
    for (u32 i = 0; before && i < before->count && !fd; i++)
        if (before->files[i].number == number) fd = before->files[i].fd;
    if (!fd && number < w->fd_cap && w->fds[number] != &reserved) fd = w->fds[number];
    if (fd) count_user(ctx, fd, 1);
    if (!alone) pthread_mutex_unlock(&w->lock);
    *out = fd;
    return fd ? WASI_E_success : WASI_E_badf;
}

WasiErrno fd_find(WasiCtx *ctx, u32 number, Fd **fd)
{
    assert(ctx->held_count < FD_HELD_MOST);
    WasiErrno err = fd_hold(ctx, number, fd);
    if (err) return err;
    ctx->numbers[ctx->held_count] = number;
    ctx->held[ctx->held_count++] = *fd;
    return WASI_E_success;
}

WasiErrno fd_check(const Fd *fd, u64 rights)
{
    u64 missing = rights & ~fd->rights;
    if (missing & (RIGHT_fd_read | RIGHT_fd_write)) return WASI_E_badf;
    return missing ? WASI_E_notcapable : WASI_E_success;
}

WasiErrno fd_find_with(WasiCtx *ctx, u32 number, u64 rights, Fd **fd)
{
    WasiErrno err = fd_find(ctx, number, fd);
    return err ? err : fd_check(*fd, rights);
}

WasiErrno fd_find_file(WasiCtx *ctx, u32 number, u64 rights, Fd **fd)
{
    WasiErrno err = fd_find(ctx, number, fd);
    if (err) return err;
    return (*fd)->kind == FILETYPE_directory ? WASI_E_isdir : fd_check(*fd, rights);
}

WasiErrno fd_find_directory(WasiCtx *ctx, u32 number, u64 rights, Fd **fd)
{
    WasiErrno err = fd_find(ctx, number, fd);
    if (err) return err;
    if ((*fd)->kind != FILETYPE_directory) return WASI_E_notdir;
    if ((*fd)->read_only && (rights & RIGHTS_THAT_CHANGE)) return WASI_E_perm;
    return fd_check(*fd, rights);
}

// -- waiting --

void ctx_begin(WasiCtx *ctx)
{
    ctx->owed = PRICE_wasi_call;
    ctx->paid = 0;
    ctx->credit = ctx->before ? ctx->before->paid : 0;
}

WasiErrno ctx_ask(WasiCtx *ctx)
{
    u64 units = ctx->owed - MIN(ctx->owed, ctx->credit);
    ctx->credit -= ctx->owed - units;
    ctx->paid += ctx->owed;
    ctx->owed = 0;
    ctx->stopped_for = ctx->meter ? ctx->meter(ctx->meter_data, units) : 0;
    return ctx->stopped_for ? WASI_E_interrupted : WASI_E_success;
}

s64 ctx_patience(const WasiCtx *ctx)
{
    return !ctx->meter ? -1 : ctx_alone(ctx) ? WAIT_SLICE : WAIT_SLICE_TOGETHER;
}

WasiErrno ctx_wait_for(WasiCtx *ctx, u64 start, u64 deadline, u32 count)
{
    wasi_drop_wait(ctx->wait);
    ctx->wait = calloc(1, sizeof *ctx->wait + count * sizeof ctx->wait->files[0]);
    if (!ctx->wait) return WASI_E_nomem;
    *ctx->wait = (WasiWait){.ctx = ctx, .start = start, .deadline = deadline, .count = count};
    return WASI_E_waits;
}

void ctx_wait_file(WasiCtx *ctx, u32 i, const Fd *fd, u32 number, bool write)
{
    Fd *held = (Fd *)(uintptr_t)fd;
    atomic_fetch_add_explicit(&held->users, 1, memory_order_relaxed);
    ctx->wait->files[i] = (struct WasiWaitFile){held, number, fd->file, write};
}

void wasi_drop_wait(void *wait)
{
    WasiWait *w = wait;
    for (u32 i = 0; w && i < w->count; i++) fd_let_go(w->ctx, w->files[i].fd);
    free(w);
}

void wasi_let_wait(WasiCtx *ctx, bool may) { ctx->lets_wait = may; }
bool wasi_lets_wait(const WasiCtx *ctx) { return ctx->lets_wait; }

void wasi_set_aside(WasiCtx *ctx, bool does, const WasiWait *before)
{
    ctx->sets_aside = does;
    ctx->before = before;
}

WasiWait *wasi_waits_for(WasiCtx *ctx)
{
    WasiWait *wait = ctx->wait;
    if (wait) wait->paid = ctx->paid;
    ctx->wait = NULL;
    return wait;
}

WasiErrno fd_wait(WasiCtx *ctx, const Fd *fd, bool write)
{
    for (;;) {
        WasiErrno stop = ctx_ask(ctx);
        if (stop) return stop;
        FilePoll poll = {.file = fd->file, .want = write ? POLL_out : POLL_in};
        u32 ready;
        int err = file_poll(&poll, 1, ctx->sets_aside ? 0 : ctx_patience(ctx), &ready);
        if (err) return errno_of_host(err);
        if (ready) return WASI_E_success;
        if (!ctx->sets_aside) continue;
        WasiErrno waits = ctx_wait_for(ctx, 0, UINT64_MAX, 1);
        u32 i = 0;
        while (ctx->held[i] != fd) i++;
        if (waits == WASI_E_waits) ctx_wait_file(ctx, 0, fd, ctx->numbers[i], write);
        return waits;
    }
}

// -- building --

static void world_free(WasiCtx *ctx)
{
    WasiWorld *w = ctx->world;
    if (atomic_fetch_sub_explicit(&w->users, 1, memory_order_acq_rel) != 1) return;
    for (u32 i = 0; i < w->fd_cap; i++) fd_let_go(ctx, w->fds[i]);
    pthread_mutex_destroy(&w->lock);
    pthread_mutex_destroy(&w->disk);
    for (u32 i = 0; i < COUNT_OF(w->turn); i++) pthread_mutex_destroy(&w->turn[i]);
    free(w->fds);
    free(w->ahead);
    free(w->args.data);
    free(w->env.data);
    free(w);
}

static WasiWorld *world_new(void)
{
    WasiWorld *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->users = w->numbers = 1;
    w->fd_limit = FD_LIMIT;
    w->clock_step = 1;
    if (!table_grow(w)) {
        free(w);
        return NULL;
    }
    pthread_mutex_init(&w->lock, NULL);
    pthread_mutex_init(&w->disk, NULL);
    for (u32 i = 0; i < COUNT_OF(w->turn); i++) pthread_mutex_init(&w->turn[i], NULL);
    for (u32 i = 0; i < FD_FIRST; i++) w->fds[i] = &reserved;
    w->fd_free_from = FD_FIRST;
    return w;
}

WasiCtx *wasi_new(void)
{
    WasiCtx *ctx = calloc(1, sizeof *ctx);
    if (ctx) ctx->world = world_new();
    if (ctx && ctx->world) return ctx;
    free(ctx);
    return NULL;
}

WasiCtx *wasi_beside(const WasiCtx *other)
{
    WasiCtx *ctx = calloc(1, sizeof *ctx);
    if (!ctx) return NULL;
    ctx->world = other->world;
    ctx->number = atomic_fetch_add(&ctx->world->numbers, 1);
    ctx->finder.way = other->finder.way;
    atomic_fetch_add_explicit(&ctx->world->users, 1, memory_order_relaxed);
    return ctx;
}

void wasi_free(WasiCtx *ctx)
{
    if (!ctx) return;
    world_free(ctx);
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
    return host_errno_of(fd_add(ctx, &fd, &number));
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
    bool terminal = file_is_terminal(file);
    bool socket = stat.kind == FILE_stream || stat.kind == FILE_datagram;
    if (stat.kind == FILE_directory) mode.read = mode.write = false;
    *fd = (Fd){
        .file = file,
        .socket = socket,
        .host_syncs = mode.sync,
        .terminal = terminal,
        .kind = (u8)stat.kind,
        .flags = (u16)((mode.append ? FDFLAG_append : 0) | (mode.sync ? FDFLAG_dsync : 0)),
        .rights = rights_for((u8)stat.kind, socket, terminal) & rights_of_mode(mode),
    };
    if (stat.kind == FILE_directory) fd->rights = 0; // not a way to grant one
    return 0;
}

int wasi_allow_connect(WasiCtx *ctx, const char *host, u16 port)
{
    WasiWorld *w = ctx->world;
    if (w->connect_count == CONNECTS_MOST) return E2BIG;
    if (!socket_address_parse(host, port, &w->connects[w->connect_count])) return EINVAL;
    w->connect_count++;
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
    return host_errno_of(fd_add(ctx, &fd, &number));
}

// What the three are from now on; NULL: closed. On failure nothing has changed.
static int stdio_fds(const File files[FD_FIRST], Fd *fds[FD_FIRST])
{
    Fd like;
    for (u32 i = 0; i < FD_FIRST; i++) {
        fds[i] = &reserved;
        if (files[i] < 0) continue;
        int failed = shared_fd(files[i], &like);
        if (failed) return failed;
        like.stdio = (u8)(i + 1);
        fds[i] = fd_new(&like);
        if (!fds[i]) return ENOMEM;
    }
    return 0;
}

int wasi_set_stdio(WasiCtx *ctx, int in, int out, int err)
{
    const File files[FD_FIRST] = {in, out, err};
    WasiWorld *w = ctx->world;
    Fd *fds[FD_FIRST] = {NULL};
    int failed = stdio_fds(files, fds);
    pthread_mutex_lock(&w->lock);
    for (u32 i = 0; i < FD_FIRST && !failed; i++) {
        Fd *old = w->fds[i];
        w->fds[i] = fds[i];
        fds[i] = old;
    }
    pthread_mutex_unlock(&w->lock);
    for (u32 i = 0; i < FD_FIRST; i++) fd_let_go(ctx, fds[i]);
    return failed;
}

void wasi_each_grant(const WasiCtx *ctx, WasiGrantVisit *visit, void *env)
{
    const WasiWorld *w = ctx->world;
    for (u32 i = 0; i < w->fd_cap; i++) {
        const Fd *fd = w->fds[i];
        if (!fd || fd == &reserved) continue;
        visit(env, &(WasiGrant){i, fd->file, fd->preopen, fd->read_only, fd->socket});
    }
}

static const char *string_at(const StringList *list, u32 n)
{
    const char *at = list->data;
    if (n >= list->count) return NULL;
    while (n--) at += strlen(at) + 1;
    return at;
}

const char *wasi_arg(const WasiCtx *ctx, u32 n) { return string_at(&ctx->world->args, n); }
const char *wasi_env(const WasiCtx *ctx, u32 n) { return string_at(&ctx->world->env, n); }

void wasi_mark(WasiCtx *ctx)
{
    WasiWorld *w = ctx->world;
    for (u32 i = 0; i < w->fd_cap; i++) {
        if (!w->fds[i]) continue;
        w->marked = i + 1;
        if (w->fds[i] != &reserved) w->fds[i]->marked = true;
    }
}

bool wasi_changed(const WasiCtx *ctx, u32 *number, bool *open)
{
    const WasiWorld *w = ctx->world;
    for (u32 i = 0; i < w->fd_cap; i++) {
        const Fd *fd = w->fds[i];
        if (i < w->marked ? fd == &reserved || (fd && fd->marked) : !fd) continue;
        *number = i;
        *open = fd;
        return true;
    }
    return false;
}

void wasi_set_meter(WasiCtx *ctx, WasiMeter *meter, void *data)
{
    ctx->meter = meter;
    ctx->meter_data = data;
}

void wasi_set_fd_limit(WasiCtx *ctx, u32 limit) { ctx->world->fd_limit = limit; }
void wasi_set_clock_resolution(WasiCtx *ctx, u64 ns) { ctx->world->clock_step = MAX(ns, 1); }
void wasi_set_raw_terminal(WasiCtx *ctx, bool raw) { ctx->world->raw_terminal = raw; }
u32 wasi_exit_status(const WasiCtx *ctx) { return ctx->exit_status; }
u32 wasi_stopped_for(const WasiCtx *ctx) { return ctx->stopped_for; }

void wasi_set_force_walk(WasiCtx *ctx, bool force)
{
    ctx->finder.way = force ? BENEATH_walk : BENEATH_auto;
}
