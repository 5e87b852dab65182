// state.c -- what a guest holds, as bytes and back: for snapshots.
//
//     arguments, variables      count, and strings
//     descriptors               count; each its number, FORM_, and
//         stdio       which of the three
//         preopen     name, whether it is read-only
//         beneath     number of the preopen, path, mode, flags, rights, position
//     time that has passed, state of the generator, bytes that files may still grow by, and that
//     output may: 1 and how much, where it is fixed, seeded, limited; else 0
//
// Numbers are LEB128, strings are bytes behind their length. Nothing that is read is trusted:
// rights are no more than what is granted has, and a path leads beneath its directory or nowhere.

#include "base/leb.h"
#include "wasi/ctx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FORM_closed, FORM_stdio, FORM_preopen, FORM_beneath };
enum { MODE_read = 1, MODE_write = 2, MODE_append = 4, MODE_sync = 8, MODE_directory = 16 };

// ---- Out

typedef struct {
    u8 *data;
    size_t size, cap;
    bool failed;
} Out;

static void put_bytes(Out *out, const void *bytes, size_t size)
{
    if (size > out->cap - out->size && !out->failed) {
        size_t cap = MAX(2 * out->cap, out->size + size);
        u8 *more = realloc(out->data, cap);
        out->failed = !more;
        if (more) out->data = more, out->cap = cap;
    }
    if (out->failed || !size) return;
    memcpy(out->data + out->size, bytes, size);
    out->size += size;
}

static void put_number(Out *out, u64 value)
{
    do {
        u8 byte = (u8)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        put_bytes(out, &byte, 1);
        value >>= 7;
    } while (value);
}

static void put_string(Out *out, const char *text)
{
    put_number(out, strlen(text));
    put_bytes(out, text, strlen(text));
}

static void put_list(Out *out, const StringList *list)
{
    put_number(out, list->count);
    for (size_t at = 0; at < list->len; at += strlen(list->data + at) + 1)
        put_string(out, list->data + at);
}

static void put_left(Out *out, bool there, u64 left)
{
    put_number(out, there);
    if (there) put_number(out, left);
}

// The directory that was granted which the file is beneath, and its path there: of several the
// longest. NULL, or why there is none.
static const char *find_beneath(const WasiWorld *w, const char *path, u32 *number,
                                const char **rest)
{
    char root[BENEATH_PATH_MAX];
    size_t longest = 0;
    for (u32 i = 0; i < w->fd_cap; i++) {
        const Fd *fd = w->fds[i];
        if (!fd || !fd->preopen) continue;
        int err = file_path(fd->file, root, sizeof root);
        if (err && err != ENOENT) return "a directory whose path cannot be told";
        if (err) continue;
        size_t len = strcmp(root, "/") ? strlen(root) : 0;
        if (strncmp(path, root, len) || (path[len] && path[len] != '/') || len < longest) continue;
        longest = MAX(len, 1);
        *number = i;
        *rest = path[len] ? path + len + 1 : ".";
    }
    return longest ? NULL : "a file that is beneath no directory that was granted";
}

static const char *put_beneath(Out *out, const WasiWorld *w, const Fd *fd)
{
    char path[BENEATH_PATH_MAX];
    const char *rest = "";
    FileMode mode;
    u32 root = 0;
    u64 position = 0;
    int err = file_path(fd->file, path, sizeof path);
    if (err == ENOENT) return "a file that has no name any more";
    if (err) return "a file whose path cannot be told";
    const char *why = find_beneath(w, path, &root, &rest);
    if (why) return why;
    if (file_mode(fd->file, &mode)) return "a file whose mode cannot be told";
    bool directory = fd->kind == FILETYPE_directory;
    if (!directory && file_seek(fd->file, 0, SEEK_from_here, &position))
        return "a file whose position cannot be told";
    put_number(out, root);
    put_string(out, rest);
    put_number(out, (mode.read ? MODE_read : 0) | (mode.write ? MODE_write : 0) |
                        (mode.append ? MODE_append : 0) | (mode.sync ? MODE_sync : 0) |
                        (directory ? MODE_directory : 0));
    put_number(out, fd->flags);
    put_number(out, fd->rights);
    put_number(out, fd->inheriting);
    put_number(out, position);
    return NULL;
}

// NULL, or what of it cannot be written.
static const char *put_fd(Out *out, const WasiWorld *w, const Fd *fd)
{
    if (fd_is_reserved(fd)) {
        put_number(out, FORM_closed);
        return NULL;
    }
    if (fd->stdio) {
        put_number(out, FORM_stdio);
        put_number(out, fd->stdio - 1);
    } else if (fd->preopen) {
        put_number(out, FORM_preopen);
        put_string(out, fd->preopen);
        put_number(out, fd->read_only);
    } else if (fd->owned && (fd->kind == FILETYPE_regular_file || fd->kind == FILETYPE_directory)) {
        if (fd->place_count || fd->sorted) return "a directory that is being listed";
        put_number(out, FORM_beneath);
        return put_beneath(out, w, fd);
    } else {
        return fd->socket ? "a socket" : "a pipe or device that the guest opened";
    }
    put_number(out, fd->rights);
    put_number(out, fd->inheriting);
    return NULL;
}

int wasi_save(WasiCtx *ctx, u8 **bytes, size_t *size, char why[WASI_WHY])
{
    WasiWorld *w = ctx->world;
    Out out = {0};
    u32 count = 0;
    const char *cannot = ctx_alone(ctx) ? NULL : "threads of the guest's";
    put_list(&out, &w->args);
    put_list(&out, &w->env);
    for (u32 i = 0; i < w->fd_cap; i++) count += w->fds[i] != NULL;
    put_number(&out, count);
    for (u32 i = 0; i < w->fd_cap && !cannot; i++) {
        if (!w->fds[i]) continue;
        put_number(&out, i);
        cannot = put_fd(&out, w, w->fds[i]);
    }
    put_left(&out, w->fixed, w->fixed_time);
    put_left(&out, w->seeded, w->random);
    put_left(&out, w->disk_limited, w->disk_left);
    put_left(&out, w->output_limited, w->output_left);
    if (out.failed || cannot) {
        free(out.data);
        snprintf(why, WASI_WHY, "%s", cannot ? cannot : "memory is short");
        return cannot ? ENOTSUP : ENOMEM;
    }
    *bytes = out.data;
    *size = out.size;
    return 0;
}

// ---- In

typedef struct {
    WasiCtx *ctx;
    const u8 *next, *end;
    Fd **granted;      // before
    u32 granted_count;
    int err;           // the first
    char *why;         // WASI_WHY bytes
} In;

// `name`, unless NULL: what it is about.
static void fail_at(In *in, int err, const char *why, const char *name)
{
    if (in->err) return;
    in->err = err;
    snprintf(in->why, WASI_WHY, name ? "%s: \"%s\"" : "%s", why, name);
}
static void fail(In *in, int err, const char *why) { fail_at(in, err, why, NULL); }

static u64 get_number(In *in)
{
    u64 value = 0;
    if (!in->err && leb_read(&in->next, in->end, 64, false, &value) != LEB_good)
        fail(in, EINVAL, "bytes that mean nothing");
    return in->err ? 0 : value;
}

// A copy, the caller's to free; without a NUL in it. NULL: there is none.
static char *get_string(In *in)
{
    u64 len = get_number(in);
    if (in->err) return NULL;
    if (len > (u64)(in->end - in->next) || (len && memchr(in->next, 0, (size_t)len))) {
        fail(in, EINVAL, "bytes that mean nothing");
        return NULL;
    }
    char *text = strndup((const char *)in->next, (size_t)len);
    if (!text) fail(in, ENOMEM, "memory is short");
    in->next += len;
    return text;
}

static void get_strings(In *in, int (*add)(WasiCtx *ctx, const char *text))
{
    for (u64 count = get_number(in); count && !in->err; count--) {
        char *text = get_string(in);
        if (!text) return;
        int err = add(in->ctx, text);
        if (err) fail(in, err, "arguments or variables");
        free(text);
    }
}

static int add_variable(WasiCtx *ctx, const char *text)
{
    const char *split = strchr(text, '=');
    char *name = strndup(text, split ? (size_t)(split - text) : strlen(text));
    int err = name ? wasi_add_env(ctx, name, split ? split + 1 : "") : ENOMEM;
    free(name);
    return err;
}

static Fd *find_granted(In *in, const char *preopen, u64 stdio)
{
    for (u32 i = 0; i < in->granted_count; i++) {
        Fd *fd = in->granted[i];
        if (!fd || fd_is_reserved(fd)) continue;
        if (preopen ? fd->preopen && !strcmp(fd->preopen, preopen) : fd->stdio == stdio + 1)
            return fd;
    }
    return NULL;
}

// What was granted, with no more rights than it had.
static Fd *take_granted(In *in, Fd *from, bool read_only)
{
    Fd like = *from;
    u64 rights = get_number(in), inheriting = get_number(in);
    like.rights = from->rights & rights;
    like.inheriting = from->inheriting & inheriting;
    like.read_only = from->read_only || read_only;
    if (like.read_only) {
        like.rights &= ~(u64)RIGHTS_THAT_CHANGE;
        like.inheriting &= ~(u64)RIGHTS_THAT_CHANGE;
    }
    like.places = NULL;
    like.sorted = NULL;
    like.place_count = like.place_cap = 0;
    if (in->err) return NULL;
    if (like.preopen && !(like.preopen = strdup(from->preopen))) {
        fail(in, ENOMEM, "memory is short");
        return NULL;
    }
    int err = like.owned ? file_duplicate(from->file, &like.file) : 0;
    if (err) like.owned = false; // there is none
    Fd *fd = err ? NULL : fd_new(&like);
    if (fd) return fd;
    fail(in, err ? err : ENOMEM, "a descriptor that was granted");
    if (like.owned) file_close(like.file);
    free(like.preopen);
    return NULL;
}

static Fd *get_preopen(In *in)
{
    char *name = get_string(in);
    bool read_only = get_number(in);
    Fd *from = in->err ? NULL : find_granted(in, name, 0), *fd = NULL;
    if (!in->err && !from) fail_at(in, ENOENT, "a directory that was not granted again", name);
    if (from) fd = take_granted(in, from, read_only);
    free(name);
    return fd;
}

static Fd *get_stdio(In *in)
{
    Fd *from = find_granted(in, NULL, get_number(in));
    if (from) return take_granted(in, from, false);
    get_number(in), get_number(in);
    return NULL; // closed, as who goes on wants it
}

// Directories that were granted stand in front of what is beneath them, or were closed.
static Fd *open_beneath(In *in, const Fd *root, const char *path, u64 mode, Fd *like)
{
    File file;
    FileStat stat;
    bool view = false;
    if (root->read_only) mode &= ~(u64)MODE_write;
    FileOpen how = {.read = mode & MODE_read, .write = mode & MODE_write,
                    .directory = mode & MODE_directory, .append = mode & MODE_append,
                    .sync = mode & MODE_sync};
    int err = beneath_open(root->file, path, how, &in->ctx->finder, &file);
    if (err) {
        fail_at(in, err == FILE_ESCAPES ? EACCES : err, "a file that cannot be opened again", path);
        return NULL;
    }
    err = file_stat(file, &stat);
    if (!err) err = file_is_process_view(file, &view);
    FileKind want = how.directory ? FILE_directory : FILE_regular;
    if (!err && (stat.kind != want || view)) err = EACCES;
    if (err) {
        fail_at(in, err, "a file that is another kind of thing now", path);
        file_close(file);
        return NULL;
    }
    like->file = file;
    like->kind = (u8)stat.kind;
    like->terminal = file_is_terminal(file);
    like->read_only = root->read_only;
    u64 rights = rights_for(like->kind, false, false) & root->inheriting;
    if (!how.read) rights &= ~(u64)(RIGHT_fd_read | RIGHT_fd_readdir);
    if (!how.write) rights &= ~(u64)(RIGHT_fd_write | RIGHT_fd_allocate |
                                     RIGHT_fd_filestat_set_size | RIGHT_fd_filestat_set_times);
    like->rights &= rights;
    like->inheriting &= root->inheriting;
    Fd *fd = fd_new(like);
    if (!fd) {
        fail(in, ENOMEM, "memory is short");
        file_close(file);
    }
    return fd;
}

static Fd *get_beneath(In *in)
{
    WasiWorld *w = in->ctx->world;
    u64 number = get_number(in);
    char *path = get_string(in);
    u64 mode = get_number(in), flags = get_number(in);
    // Limits go by the flag, and the host by the mode: they say the same.
    flags = (flags & FDFLAGS_ALL & ~(u64)FDFLAG_append) | (mode & MODE_append ? FDFLAG_append : 0);
    Fd like = {.owned = true, .host_syncs = mode & MODE_sync, .flags = (u16)flags};
    like.rights = get_number(in);
    like.inheriting = get_number(in);
    u64 position = get_number(in);
    const Fd *root = number < w->fd_cap ? w->fds[number] : NULL;
    Fd *fd = NULL;
    if (!in->err && (!root || !root->preopen)) fail(in, EINVAL, "a file beneath no directory");
    if (!in->err) fd = open_beneath(in, root, path, mode, &like);
    if (fd && !(mode & MODE_directory) &&
        (position > INT64_MAX || file_seek(fd->file, (s64)position, SEEK_from_start, &position)))
        fail(in, EINVAL, "a position in a file");
    if (fd && (like.flags & FDFLAG_nonblock || mode & MODE_append))
        file_set_mode(fd->file, mode & MODE_append, true);
    free(path);
    return fd;
}

static void get_fd(In *in)
{
    u64 number = get_number(in);
    Fd *fd = NULL;
    if (number > UINT32_MAX) fail(in, EINVAL, "a descriptor");
    switch (in->err ? (u64)FORM_closed : get_number(in)) {
    case FORM_closed: break;
    case FORM_stdio: fd = get_stdio(in); break;
    case FORM_preopen: fd = get_preopen(in); break;
    case FORM_beneath: fd = get_beneath(in); break;
    default: fail(in, EINVAL, "a descriptor of no kind");
    }
    WasiErrno put = in->err ? WASI_E_inval : fd_put(in->ctx, (u32)number, fd);
    if (!put) return;
    fail(in, put == WASI_E_nomem ? ENOMEM : put == WASI_E_mfile ? EMFILE : EINVAL, "a descriptor");
    fd_let_go(in->ctx, fd);
}

static bool get_left(In *in, u64 *left)
{
    if (!get_number(in)) return false;
    *left = get_number(in);
    return !in->err;
}

// What was fixed, seeded or limited goes on, if it is again: with no more than there is now.
static void get_world(In *in)
{
    WasiWorld *w = in->ctx->world;
    u64 left;
    if (get_left(in, &left)) w->fixed_time = MIN(left, (u64)INT64_MAX);
    if (get_left(in, &left)) wasi_set_seed(in->ctx, left);
    if (get_left(in, &left)) w->disk_left = MIN(w->disk_left, left);
    if (get_left(in, &left)) w->output_left = MIN(w->output_left, left);
}

int wasi_load(WasiCtx *ctx, Bytes bytes, char why[WASI_WHY])
{
    WasiWorld *w = ctx->world;
    In in = {.ctx = ctx, .next = bytes.data, .end = bytes.data + bytes.len,
             .granted = w->fds, .granted_count = w->fd_cap, .why = why};
    if (!ctx_alone(ctx)) fail(&in, EBUSY, "threads of the guest's");
    if (in.err) return in.err;
    w->args.len = w->args.count = w->env.len = w->env.count = 0;
    w->fds = NULL;
    w->fd_cap = w->fd_free_from = 0;
    get_strings(&in, wasi_add_arg);
    get_strings(&in, add_variable);
    for (u64 count = get_number(&in); count && !in.err; count--) get_fd(&in);
    if (!in.err && in.next != in.end) get_world(&in);
    if (!in.err && in.next != in.end) fail(&in, EINVAL, "bytes that mean nothing");
    for (u32 i = 0; i < in.granted_count; i++) fd_let_go(ctx, in.granted[i]);
    free(in.granted);
    return in.err;
}
