// path.c -- operations on paths, each beneath the directory of a descriptor.
//
//     fd + guest bytes --path_get--> Path --place_find--> Place --place_...--> host
//
// plat/beneath.h keeps paths inside. Here: the guest's string is one, the descriptor has the
// right, and what comes from a read-only grant changes nothing.

#include "base/utf8.h"
#include "wasi/ctx.h"

#include <errno.h>

typedef struct {
    Fd *fd;
    char text[BENEATH_PATH_MAX];
} Path;

static WasiErrno text_get(WasiCtx *ctx, GuestMemory mem, u32 at, u32 len,
                          char text[BENEATH_PATH_MAX])
{
    const u8 *data = guest_from(mem, at, len, 1);
    if (!data) return WASI_E_fault;
    if (len >= BENEATH_PATH_MAX) return WASI_E_nametoolong;
    if (!len) return WASI_E_noent;
    WasiErrno err = ctx_work(ctx, PRICE_path + PRICE_path_byte * (u64)len);
    if (err) return err;
    memcpy(text, data, len);
    text[len] = 0;
    if (memchr(text, 0, len)) return WASI_E_inval;
    return utf8_valid((const u8 *)text, len) ? WASI_E_success : WASI_E_ilseq;
}

// Where the three words of a path parameter stand among the arguments.
typedef struct {
    u8 fd, text; // args[text] is the address, args[text + 1] the length
} PathArgs;

static WasiErrno path_get(WasiCtx *ctx, GuestMemory mem, const u64 *args, PathArgs at, u64 rights,
                          Path *path)
{
    WasiErrno err = fd_find_directory(ctx, (u32)args[at.fd], rights, &path->fd);
    return err ? err : text_get(ctx, mem, (u32)args[at.text], (u32)args[at.text + 1], path->text);
}

static WasiErrno path_find(WasiCtx *ctx, const Path *path, PlaceKind kind, Place *place)
{
    return errno_of_host(place_find(place, path->fd->file, path->text, kind, &ctx->finder));
}

static WasiErrno lookup_kind(u32 flags, PlaceKind *kind)
{
    if (flags & ~(u32)LOOKUP_symlink_follow) return WASI_E_inval;
    *kind = flags & LOOKUP_symlink_follow ? PLACE_follow : PLACE_keep;
    return WASI_E_success;
}

// -- one name --

static WasiErrno path_do(WasiCtx *ctx, GuestMemory mem, const u64 *args, u64 right,
                         int (*act)(const Place *place))
{
    Path path;
    Place place;
    WasiErrno err = path_get(ctx, mem, args, (PathArgs){0, 1}, right, &path);
    if (!err) err = path_find(ctx, &path, PLACE_entry, &place);
    if (err) return err;
    u64 room = right == RIGHT_path_create_directory ? NAME_BYTES : 0;
    err = ctx_work(ctx, PRICE_change);
    if (!err) err = disk_take(ctx, room);
    if (!err) {
        err = errno_of_host(act(&place));
        disk_give(ctx, room, err);
    }
    place_free(&place);
    return err;
}

WasiErrno wasi_path_create_directory(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return path_do(ctx, mem, args, RIGHT_path_create_directory, place_make_directory);
}

WasiErrno wasi_path_remove_directory(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return path_do(ctx, mem, args, RIGHT_path_remove_directory, place_remove_directory);
}

WasiErrno wasi_path_unlink_file(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return path_do(ctx, mem, args, RIGHT_path_unlink_file, place_remove_file);
}

// -- what a name stands for --

static WasiErrno filestat_get(WasiCtx *ctx, GuestMemory mem, const u64 *args, bool elder)
{
    Path path;
    PlaceKind kind;
    FileStat stat;
    WasiErrno err = path_get(ctx, mem, args, (PathArgs){0, 2}, RIGHT_path_filestat_get, &path);
    if (!err) err = lookup_kind((u32)args[1], &kind);
    if (err) return err;
    u8 *out = guest_at(mem, (u32)args[4], 1, elder ? FILESTAT0_SIZE : FILESTAT_SIZE);
    if (!out) return WASI_E_fault;
    err = errno_of_host(beneath_stat(path.fd->file, path.text, kind == PLACE_follow, &ctx->finder,
                                     &stat));
    if (err) return err;
    ctx_fix_stat(ctx, &stat);
    put_filestat(out, &stat, elder);
    return err;
}

WasiErrno wasi_path_filestat_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return filestat_get(ctx, mem, args, false);
}

WasiErrno wasi0_path_filestat_get(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return filestat_get(ctx, mem, args, true);
}

WasiErrno wasi_path_filestat_set_times(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Path path;
    Place place;
    PlaceKind kind;
    FileTimes times;
    u64 right = RIGHT_path_filestat_set_times;
    WasiErrno err = path_get(ctx, mem, args, (PathArgs){0, 2}, right, &path);
    if (!err) err = lookup_kind((u32)args[1], &kind);
    if (!err) err = file_times_of(args[4], args[5], (u32)args[6], &times);
    if (!err) err = path_find(ctx, &path, kind, &place);
    if (err) return err;
    err = errno_of_host(place_set_times(&place, times));
    place_free(&place);
    return err;
}

WasiErrno wasi_path_readlink(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Path path;
    Place place;
    WasiErrno err = path_get(ctx, mem, args, (PathArgs){0, 1}, RIGHT_path_readlink, &path);
    if (err) return err;
    u32 len = (u32)args[4];
    u8 *buf = guest_at(mem, (u32)args[3], len, 1), *result = guest_at(mem, (u32)args[5], 1, 4);
    if (!buf || !result) return WASI_E_fault;
    err = path_find(ctx, &path, PLACE_keep, &place);
    if (err) return err;
    size_t used;
    err = errno_of_host(place_read_link(&place, buf, MIN(len, (u32)BENEATH_PATH_MAX), &used));
    place_free(&place);
    if (!err) put_u32(result, (u32)used);
    return err;
}

// -- two names --

// `room`: what the new name takes.
static WasiErrno path_do_two(WasiCtx *ctx, const Path *from, PlaceKind from_kind, const Path *to,
                             u64 room, int (*act)(const Place *from, const Place *to))
{
    Place source, target;
    WasiErrno err = path_find(ctx, from, from_kind, &source);
    if (err) return err;
    err = ctx_work(ctx, PRICE_change);
    if (!err) err = path_find(ctx, to, PLACE_entry, &target);
    if (!err) {
        err = disk_take(ctx, room);
        if (!err) {
            err = errno_of_host(act(&source, &target));
            disk_give(ctx, room, err);
        }
        place_free(&target);
    }
    place_free(&source);
    return err;
}

WasiErrno wasi_path_link(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Path from, to;
    PlaceKind kind;
    WasiErrno err = path_get(ctx, mem, args, (PathArgs){0, 2}, RIGHT_path_link_source, &from);
    if (!err) err = path_get(ctx, mem, args, (PathArgs){4, 5}, RIGHT_path_link_target, &to);
    if (!err) err = lookup_kind((u32)args[1], &kind);
    return err ? err : path_do_two(ctx, &from, kind, &to, NAME_BYTES, place_link);
}

WasiErrno wasi_path_rename(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    Path from, to;
    WasiErrno err = path_get(ctx, mem, args, (PathArgs){0, 1}, RIGHT_path_rename_source, &from);
    if (!err) err = path_get(ctx, mem, args, (PathArgs){3, 4}, RIGHT_path_rename_target, &to);
    return err ? err : path_do_two(ctx, &from, PLACE_entry, &to, 0, place_rename);
}

// Nothing here follows a link out, and what others do with one is theirs to say: it is a string in
// a file. An absolute one means nothing to a guest, who has no root.
// args: old_path, len, fd, new_path, len
WasiErrno wasi_path_symlink(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    char target[BENEATH_PATH_MAX];
    Path path;
    Place place;
    WasiErrno err = path_get(ctx, mem, args, (PathArgs){2, 3}, RIGHT_path_symlink, &path);
    if (!err) err = text_get(ctx, mem, (u32)args[0], (u32)args[1], target);
    if (!err && target[0] == '/') err = WASI_E_notcapable;
    if (!err) err = ctx_work(ctx, PRICE_change);
    if (!err) err = path_find(ctx, &path, PLACE_entry, &place);
    if (err) return err;
    err = disk_take(ctx, NAME_BYTES + strlen(target));
    if (!err) {
        err = errno_of_host(place_make_symlink(&place, target));
        disk_give(ctx, NAME_BYTES + strlen(target), err);
    }
    place_free(&place);
    return err;
}

// -- opening --

typedef struct {
    u32 lookup, oflags, fdflags;
    u64 rights, inheriting;
} OpenArgs;

// What the guest asks for, as far as the directory passes it on. Asking to read or write without
// being allowed to is an error; other rights are left away in silence, since guests ask for all
// they might ever use.
static WasiErrno open_how(const Fd *dir, OpenArgs *a, FileOpen *how)
{
    u64 needs_write = RIGHT_fd_write | RIGHT_fd_allocate | RIGHT_fd_filestat_set_size;
    bool creates = a->oflags & OFLAG_creat, truncates = a->oflags & OFLAG_trunc;
    bool directory = a->oflags & OFLAG_directory;
    if ((a->lookup & ~(u32)LOOKUP_symlink_follow) || (a->oflags & ~(u32)OFLAGS_ALL) ||
        (a->fdflags & ~(u32)FDFLAGS_ALL))
        return WASI_E_inval;
    if (dir->read_only && (creates || truncates || (a->rights & RIGHT_fd_write)))
        return WASI_E_perm;
    if (a->rights & ~dir->inheriting & (RIGHT_fd_read | RIGHT_fd_write)) return WASI_E_notcapable;
    if (creates && !(dir->rights & RIGHT_path_create_file)) return WASI_E_notcapable;
    if (truncates && !(dir->rights & RIGHT_path_filestat_set_size)) return WASI_E_notcapable;
    a->rights &= dir->inheriting;
    a->inheriting &= dir->inheriting;
    if (directory) needs_write = RIGHT_fd_write;
    *how = (FileOpen){
        .read = a->rights & (RIGHT_fd_read | RIGHT_fd_readdir),
        .write = (a->rights & needs_write) || truncates,
        .create = creates,
        .exclusive = a->oflags & OFLAG_excl,
        .truncate = truncates,
        .directory = directory,
        .append = a->fdflags & FDFLAG_append,
        .sync = a->fdflags & (FDFLAG_sync | FDFLAG_rsync),
        .data_sync = a->fdflags & FDFLAG_dsync,
        .follow = a->lookup & LOOKUP_symlink_follow,
    };
    return WASI_E_success;
}

static bool is_fifo(WasiCtx *ctx, const Path *path, bool follow)
{
    FileStat stat;
    return !beneath_stat(path->fd->file, path->text, follow, &ctx->finder, &stat) &&
           stat.kind == FILE_unknown;
}

// Opens it, in one step; one that is made takes room, where that is limited.
static int open_limited(WasiCtx *ctx, const Path *path, FileOpen how, File *file)
{
    Finder *finder = &ctx->finder;
    if (!ctx->world->disk_limited || !(how.create || how.truncate))
        return beneath_open(path->fd->file, path->text, how, finder, file);
    FileOpen there = how;
    there.create = false;
    disk_enter(ctx);
    int err = how.create && how.exclusive
                  ? ENOENT : beneath_open(path->fd->file, path->text, there, finder, file);
    if (err == ENOENT && how.create) {
        bool room = !disk_take(ctx, NAME_BYTES);
        err = room ? beneath_open(path->fd->file, path->text, how, finder, file) : ENOSPC;
        if (room) disk_give(ctx, NAME_BYTES, errno_of_host(err));
    }
    disk_leave(ctx);
    return err;
}

// Nobody reads the FIFO that is to be written: who may wait does until somebody does. Who opens one
// to read it waits when it reads; see io.c.
static WasiErrno open_path(WasiCtx *ctx, const Path *path, FileOpen how, bool nonblock, File *file)
{
    enum { PAUSE = 10 * 1000 * 1000 }; // ns; the host tells no one that there is a reader now
    for (;;) {
        int err = open_limited(ctx, path, how, file);
        if (err != ENXIO || nonblock || !how.write || how.read || !is_fifo(ctx, path, how.follow))
            return errno_of_host(err);
        u32 ready;
        WasiErrno stop = ctx_ask(ctx);
        if (stop) return stop;
        if (ctx->sets_aside)
            return ctx_wait_for(ctx, 0, plat_clock_now(CLOCK_monotonic) + PAUSE, 0);
        err = file_poll(NULL, 0, PAUSE, &ready);
        if (err) return errno_of_host(err);
    }
}

// args: fd, lookup, path, len, oflags, rights, inheriting, fdflags, result
WasiErrno wasi_path_open(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    OpenArgs a = {
        .lookup = (u32)args[1],
        .oflags = (u32)args[4],
        .rights = args[5],
        .inheriting = args[6],
        .fdflags = (u32)args[7],
    };
    Path path;
    FileOpen how;
    File file;
    FileStat stat;
    WasiErrno err = path_get(ctx, mem, args, (PathArgs){0, 2}, RIGHT_path_open, &path);
    if (!err) err = open_how(path.fd, &a, &how);
    if (!err && (how.create || how.truncate)) err = ctx_work(ctx, PRICE_change);
    if (err) return err;
    u8 *result = guest_at(mem, (u32)args[8], 1, 4);
    if (!result) return WASI_E_fault;
    err = open_path(ctx, &path, how, a.fdflags & FDFLAG_nonblock, &file);
    if (err) return err;
    err = errno_of_host(file_stat(file, &stat));
    // Even a guest that was granted all files is not granted this process.
    bool view;
    if (!err) err = errno_of_host(file_is_process_view(file, &view));
    if (!err && view) err = WASI_E_notcapable;
    if (err) {
        file_close(file);
        return err;
    }
    u8 kind = (u8)stat.kind;
    bool terminal = kind == FILETYPE_character_device && file_is_terminal(file);
    Fd fd = {
        .file = file,
        .owned = true,
        .read_only = path.fd->read_only,
        .host_syncs = a.fdflags & FDFLAGS_SYNCS,
        .terminal = terminal,
        .kind = kind,
        .flags = (u16)a.fdflags,
        .rights = a.rights & rights_for(kind, false, terminal),
        .inheriting = a.inheriting,
    };
    u32 number;
    err = fd_add(ctx, &fd, &number);
    if (!err) put_u32(result, number);
    return err;
}
