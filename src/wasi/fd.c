// fd.c -- operations on one descriptor, other than reading and writing.

#include "wasi/ctx.h"

#include <errno.h>
#include <stdlib.h>

// -- layouts --

static u8 filetype_of(FileKind kind)
{
    _Static_assert((int)FILE_directory == FILETYPE_directory &&
                       (int)FILE_regular == FILETYPE_regular_file &&
                       (int)FILE_symlink == FILETYPE_symbolic_link,
                   "kinds are numbered like file types");
    return (u8)kind;
}

void put_filestat(u8 *at, const FileStat *stat, bool elder)
{
    memset(at, 0, elder ? FILESTAT0_SIZE : FILESTAT_SIZE);
    put_u64(at, stat->dev);
    put_u64(at + 8, stat->ino);
    at[16] = filetype_of(stat->kind);
    if (elder)
        put_u32(at + 20, (u32)MIN(stat->nlink, UINT32_MAX));
    else
        put_u64(at + 24, stat->nlink);
    at += elder ? 24 : 32;
    put_u64(at, stat->size);
    put_u64(at + 8, stat->atime);
    put_u64(at + 16, stat->mtime);
    put_u64(at + 24, stat->ctime);
}

WasiErrno file_times_of(u64 atim, u64 mtim, u32 flags, FileTimes *times)
{
    bool both = ((flags & FST_atim) && (flags & FST_atim_now)) ||
                ((flags & FST_mtim) && (flags & FST_mtim_now));
    if (both || (flags & ~(u32)FST_ALL)) return WASI_E_inval;
    *times = (FileTimes){
        .atime = flags & FST_atim ? TIME_set : flags & FST_atim_now ? TIME_now : TIME_keep,
        .mtime = flags & FST_mtim ? TIME_set : flags & FST_mtim_now ? TIME_now : TIME_keep,
        .atime_ns = atim,
        .mtime_ns = mtim,
    };
    return WASI_E_success;
}

// -- the descriptor itself --

// What was at this number, now that nothing is; NULL: it was not open. The lock is held.
static Fd *take_out(WasiWorld *w, u32 number)
{
    Fd *fd = w->fds[number];
    w->fds[number] = NULL;
    w->fd_free_from = MIN(w->fd_free_from, number);
    return fd;
}

WasiErrno wasi_fd_close(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u32 number = (u32)args[0];
    WasiWorld *w = ctx->world;
    Fd *fd, *closed = NULL;
    WasiErrno err = fd_find(ctx, number, &fd);
    if (err) return err;
    pthread_mutex_lock(&w->lock);
    if (w->fds[number] == fd) closed = take_out(w, number);
    pthread_mutex_unlock(&w->lock);
    fd_let_go(ctx, closed);
    return closed ? WASI_E_success : WASI_E_badf; // by somebody else just now
}

// Both numbers must be open, so that none is made up. In one step: nobody sees neither of them, or
// another descriptor in between.
WasiErrno wasi_fd_renumber(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u32 from = (u32)args[0], to = (u32)args[1];
    WasiWorld *w = ctx->world;
    Fd *source, *target, *closed = NULL;
    WasiErrno err = fd_find(ctx, from, &source);
    if (!err) err = fd_find(ctx, to, &target);
    if (err || from == to) return err;
    pthread_mutex_lock(&w->lock);
    if (w->fds[from] == source && w->fds[to] == target) {
        closed = target;
        w->fds[to] = take_out(w, from);
    }
    pthread_mutex_unlock(&w->lock);
    fd_let_go(ctx, closed);
    return closed ? WASI_E_success : WASI_E_badf;
}

WasiErrno wasi_fd_fdstat_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Fd *fd;
    WasiErrno err = fd_find(ctx, (u32)args[0], &fd);
    if (err) return err;
    u8 *out = guest_at(mem, (u32)args[1], 1, FDSTAT_SIZE);
    if (!out) return WASI_E_fault;
    memset(out, 0, FDSTAT_SIZE);
    out[0] = fd->kind;
    put_u16(out + 2, fd->flags);
    put_u64(out + 8, fd->rights);
    put_u64(out + 16, fd->inheriting);
    return WASI_E_success;
}

// The mode of a handle that is not ours stays as it is: nonblock is kept here and observed by
// io.c, append cannot be changed. What the host cannot switch on later, syncing, io.c does.
WasiErrno wasi_fd_fdstat_set_flags(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u32 flags = (u32)args[1];
    Fd *fd;
    WasiErrno err = fd_find_with(ctx, (u32)args[0], RIGHT_fd_fdstat_set_flags, &fd);
    if (err) return err;
    if (flags & ~(u32)FDFLAGS_ALL) return WASI_E_inval;
    disk_enter(ctx); // where a write begins is asked for and used in one step
    pthread_mutex_lock(&ctx->world->lock);
    bool append_changes = (flags ^ fd->flags) & FDFLAG_append;
    if (append_changes && !fd->owned) err = WASI_E_notsup;
    else if (append_changes)
        err = errno_of_host(file_set_mode(fd->file, flags & FDFLAG_append, true));
    if (!err) fd->flags = (u16)flags;
    pthread_mutex_unlock(&ctx->world->lock);
    disk_leave(ctx);
    return err;
}

WasiErrno wasi_fd_fdstat_set_rights(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Fd *fd;
    WasiErrno err = fd_find(ctx, (u32)args[0], &fd);
    if (err) return err;
    pthread_mutex_lock(&ctx->world->lock);
    if ((args[1] & ~fd->rights) || (args[2] & ~fd->inheriting)) {
        err = WASI_E_notcapable;
    } else {
        fd->rights = args[1];
        fd->inheriting = args[2];
    }
    pthread_mutex_unlock(&ctx->world->lock);
    return err;
}

WasiErrno wasi_fd_prestat_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Fd *fd;
    WasiErrno err = fd_find(ctx, (u32)args[0], &fd);
    if (err || !fd->preopen) return WASI_E_badf;
    u8 *out = guest_at(mem, (u32)args[1], 1, PRESTAT_SIZE);
    if (!out) return WASI_E_fault;
    put_u32(out, 0); // a directory; there is no other kind
    put_u32(out + 4, (u32)strlen(fd->preopen));
    return WASI_E_success;
}

WasiErrno wasi_fd_prestat_dir_name(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Fd *fd;
    WasiErrno err = fd_find(ctx, (u32)args[0], &fd);
    if (err || !fd->preopen) return WASI_E_badf;
    size_t len = strlen(fd->preopen);
    if ((u32)args[2] < len) return WASI_E_nametoolong;
    u8 *out = guest_at(mem, (u32)args[1], (u32)len, 1);
    if (!out) return WASI_E_fault;
    memcpy(out, fd->preopen, len);
    return WASI_E_success;
}

// -- what it stands for --

static WasiErrno filestat_get(WasiCtx *ctx, GuestMemory mem, const u64 *args, bool elder)
{
    Fd *fd;
    FileStat stat;
    WasiErrno err = fd_find_with(ctx, (u32)args[0], RIGHT_fd_filestat_get, &fd);
    if (err) return err;
    u8 *out = guest_at(mem, (u32)args[1], 1, elder ? FILESTAT0_SIZE : FILESTAT_SIZE);
    if (!out) return WASI_E_fault;
    err = errno_of_host(file_stat(fd->file, &stat));
    ctx_fix_stat(ctx, &stat);
    if (!err) put_filestat(out, &stat, elder);
    return err;
}

WasiErrno wasi_fd_filestat_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return filestat_get(ctx, mem, args, false);
}

WasiErrno wasi0_fd_filestat_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return filestat_get(ctx, mem, args, true);
}

// What a file grows by that is to end there, if that matters.
static u64 growth(const WasiCtx *ctx, const Fd *fd, u64 end)
{
    FileStat stat;
    if (!growth_limited(ctx, fd)) return 0;
    return file_stat(fd->file, &stat) ? end : end - MIN(end, stat.size);
}

WasiErrno wasi_fd_filestat_set_size(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Fd *fd;
    WasiErrno err = fd_find_file(ctx, (u32)args[0], RIGHT_fd_filestat_set_size, &fd);
    if (!err) err = ctx_work(ctx, PRICE_change);
    if (err) return err;
    disk_enter(ctx);
    u64 more = growth(ctx, fd, args[1]);
    err = growth_take(ctx, fd, more);
    if (!err) {
        err = errno_of_host(file_resize(fd->file, args[1]));
        growth_give(ctx, fd, more, err);
    }
    disk_leave(ctx);
    return err;
}

WasiErrno wasi_fd_filestat_set_times(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Fd *fd;
    FileTimes times;
    WasiErrno err = fd_find(ctx, (u32)args[0], &fd);
    if (!err && fd->read_only) return WASI_E_perm;
    if (!err) err = fd_check(fd, RIGHT_fd_filestat_set_times);
    if (!err) err = file_times_of(args[1], args[2], (u32)args[3], &times);
    return err ? err : errno_of_host(file_set_times(fd->file, times));
}

WasiErrno wasi_fd_advise(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Fd *fd;
    WasiErrno err = fd_find_file(ctx, (u32)args[0], RIGHT_fd_advise, &fd);
    if (err) return err;
    if ((u32)args[3] >= ADVICE_COUNT) return WASI_E_inval;
    return errno_of_host(file_advise(fd->file, args[1], args[2], (FileAdvice)args[3]));
}

WasiErrno wasi_fd_allocate(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Fd *fd;
    WasiErrno err = fd_find_file(ctx, (u32)args[0], RIGHT_fd_allocate, &fd);
    if (!err) err = ctx_work(ctx, bytes_units(args[2]));
    if (err) return err;
    disk_enter(ctx);
    u64 more = growth(ctx, fd, args[1] > UINT64_MAX - args[2] ? UINT64_MAX : args[1] + args[2]);
    err = growth_take(ctx, fd, more);
    if (!err) {
        err = errno_of_host(file_allocate(fd->file, args[1], args[2]));
        growth_give(ctx, fd, more, err);
    }
    disk_leave(ctx);
    return err;
}

static WasiErrno fd_sync(WasiCtx *ctx, u32 number, u64 right, bool data_only)
{
    Fd *fd;
    WasiErrno err = fd_find_with(ctx, number, right, &fd);
    if (!err) err = ctx_work(ctx, PRICE_sync);
    return err ? err : errno_of_host(file_sync(fd->file, data_only));
}

WasiErrno wasi_fd_datasync(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return fd_sync(ctx, (u32)args[0], RIGHT_fd_datasync, true);
}

WasiErrno wasi_fd_sync(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return fd_sync(ctx, (u32)args[0], RIGHT_fd_sync, false);
}

// -- the position --

static WasiErrno fd_seek(WasiCtx *ctx, GuestMemory mem, u32 number, s64 offset, FileWhence whence,
                         u32 result)
{
    bool tells = whence == SEEK_from_here && offset == 0;
    Fd *fd;
    WasiErrno err = fd_find_file(ctx, number, 0, &fd);
    if (err) return err;
    if (!(fd->rights & (RIGHT_fd_seek | (tells ? RIGHT_fd_tell : 0)))) {
        // What cannot be positioned at all says so, as lseek would.
        return rights_for(fd->kind, fd->socket, false) & RIGHT_fd_seek &&
                       fd->kind != FILETYPE_character_device
                   ? WASI_E_notcapable : WASI_E_spipe;
    }
    u8 *out = guest_at(mem, result, 1, 8);
    if (!out) return WASI_E_fault;
    u64 position;
    err = errno_of_host(file_seek(fd->file, offset, whence, &position));
    if (!err) put_u64(out, position);
    return err;
}

WasiErrno wasi_fd_seek(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    static const FileWhence whences[] = {SEEK_from_start, SEEK_from_here, SEEK_from_end};
    if ((u32)args[2] >= COUNT_OF(whences)) return WASI_E_inval;
    return fd_seek(ctx, mem, (u32)args[0], (s64)args[1], whences[(u32)args[2]], (u32)args[3]);
}

WasiErrno wasi0_fd_seek(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    static const FileWhence whences[] = {SEEK_from_here, SEEK_from_end, SEEK_from_start};
    if ((u32)args[2] >= COUNT_OF(whences)) return WASI_E_inval;
    return fd_seek(ctx, mem, (u32)args[0], (s64)args[1], whences[(u32)args[2]], (u32)args[3]);
}

WasiErrno wasi_fd_tell(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return fd_seek(ctx, mem, (u32)args[0], 0, SEEK_from_here, (u32)args[1]);
}

// -- directories --
//
// What the host calls a place is a hash or has 63 bits, as the file system likes; guests keep it in
// a long of 32 bits. So the n-th entry's cookie is n, and for each that was given the host's place
// is kept: entries may come and go meanwhile.

// The entry behind `cookie` ends at `place`. What there is no room for is counted again.
static void remember(WasiCtx *ctx, Fd *fd, u64 cookie, u64 place)
{
    if (cookie > fd->place_count) return;
    if (cookie == fd->place_cap) {
        u32 more = fd->place_cap ? fd->place_cap : 64;
        _Atomic u32 *all = &ctx->world->dir_places;
        u64 *places = atomic_fetch_add(all, more) + more <= PLACES_MOST
                          ? realloc(fd->places, (size_t)(fd->place_cap + more) * sizeof *places)
                          : NULL;
        if (!places) {
            *all -= more;
            return;
        }
        fd->places = places;
        fd->place_cap += more;
    }
    fd->places[cookie] = place;
    fd->place_count = MAX(fd->place_count, (u32)cookie + 1);
}

// Where the entry with this number is next, or at the end if there are not so many.
static WasiErrno go_to(WasiCtx *ctx, Fd *fd, u64 cookie, DirReader *reader)
{
    u64 at = MIN(cookie, fd->place_count);
    DirEntry entry;
    WasiErrno err = errno_of_host(dir_start(reader, fd->file, at ? fd->places[at - 1] : 0));
    for (; !err && at < cookie; at++) {
        err = errno_of_host(dir_next(reader, &entry));
        if (err || !entry.name) break;
        remember(ctx, fd, at, entry.next);
        err = ctx_work(ctx, PRICE_entry);
    }
    return err;
}

// The entry with this number, to which the reader has come; at the end its name is NULL.
static WasiErrno entry_at(WasiCtx *ctx, Fd *fd, u64 cookie, DirReader *reader, DirEntry *entry)
{
    if (ctx->world->fixed) return sorted_entry(ctx, fd, cookie, entry);
    WasiErrno err = errno_of_host(dir_next(reader, entry));
    if (!err && entry->name) remember(ctx, fd, cookie, entry->next);
    return err;
}

// `..` gets the number of the directory itself: what lies above is not the guest's business.
static WasiErrno number_of(const Fd *fd, const DirEntry *entry, u64 *number)
{
    FileStat stat;
    *number = entry->ino;
    if (strcmp(entry->name, "..")) return WASI_E_success;
    WasiErrno err = errno_of_host(file_stat(fd->file, &stat));
    if (!err) *number = stat.ino;
    return err;
}

// What was read ahead, if no other call has it; and puts it back.
static Ahead *ahead_take(WasiWorld *w)
{
    pthread_mutex_lock(&w->lock);
    Ahead *ahead = w->ahead;
    w->ahead = NULL;
    pthread_mutex_unlock(&w->lock);
    if (!ahead && (ahead = malloc(sizeof *ahead))) ahead->of = NULL;
    return ahead;
}

static void ahead_put(WasiWorld *w, Ahead *ahead)
{
    pthread_mutex_lock(&w->lock);
    Ahead *other = w->ahead; // of a call beside this one
    if (other && other->of == ahead->of) other->of = NULL;
    if (!other) w->ahead = ahead;
    pthread_mutex_unlock(&w->lock);
    if (other) free(ahead);
}

// Into the buffer, as much as there is room for: *used. An entry that is cut will be asked for
// again.
static WasiErrno list(WasiCtx *ctx, Fd *fd, Ahead *ahead, u64 cookie, u8 *buf, u32 len, u32 *used)
{
    DirReader *reader = &ahead->reader;
    DirEntry entry;
    bool goes_on = cookie && ahead->of == fd && ahead->cookie == cookie;
    WasiErrno err = WASI_E_success;
    ahead->of = NULL;
    if (!ctx->world->fixed && !goes_on) err = go_to(ctx, fd, cookie, reader);
    while (!err && *used < len) {
        err = entry_at(ctx, fd, cookie, reader, &entry);
        if (err || !entry.name) break;
        u64 number;
        err = number_of(fd, &entry, &number);
        if (err) break;
        u8 head[DIRENT_SIZE] = {0};
        u32 name_len = (u32)strlen(entry.name), size = DIRENT_SIZE + name_len;
        bool cut = size > len - *used;
        put_u64(head, cookie + 1);
        put_u64(head + 8, number);
        put_u32(head + 16, name_len);
        head[20] = filetype_of(entry.kind);
        u32 part = MIN((u32)DIRENT_SIZE, len - *used);
        memcpy(buf + *used, head, part);
        *used += part;
        part = MIN(name_len, len - *used);
        memcpy(buf + *used, entry.name, part);
        *used += part;
        if (cut) reader->pos = reader->last;
        else cookie++;
        err = ctx_work(ctx, PRICE_entry);
    }
    if (!err && !ctx->world->fixed) {
        ahead->of = fd;
        ahead->cookie = cookie;
    }
    return err;
}

// Entries one after the other, the last one cut where the buffer ends. One thread at a time lists
// one descriptor, since the host has one place for all.
WasiErrno wasi_fd_readdir(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    u32 len = (u32)args[2], used = 0;
    Fd *fd;
    WasiErrno err = fd_find_directory(ctx, (u32)args[0], RIGHT_fd_readdir, &fd);
    if (err) return err;
    u8 *buf = guest_at(mem, (u32)args[1], len, 1), *result = guest_at(mem, (u32)args[4], 1, 4);
    if (!buf || !result) return WASI_E_fault;
    err = ctx_work(ctx, PRICE_list);
    if (!err) {
        pthread_mutex_lock(&fd->listing);
        Ahead *ahead = ahead_take(ctx->world); // while nobody else moves the host's place in this
        err = ahead ? list(ctx, fd, ahead, args[3], buf, len, &used) : WASI_E_nomem;
        if (ahead) ahead_put(ctx->world, ahead);
        pthread_mutex_unlock(&fd->listing);
    }
    // What was read before an error is not lost.
    if (err == WASI_E_interrupted || (err && !used)) return err;
    put_u32(result, used);
    return WASI_E_success;
}
