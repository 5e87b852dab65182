// path.c -- wasi:filesystem: names beneath a descriptor's directory, directories, times.

#include "base/utf8.h"
#include "wasi/p2/file.h"

#include <string.h>

// ---- One name

static WasiErrno at_path(P2Call *c, u32 arg, P1Handler *handler)
{
    const P2Item *self = file_self(c);
    u64 len;
    if (!self) return P2_E_trap;
    WasiErrno err = p2_put_path(c->p2, AT_path, &c->args[arg], &len);
    const u64 args[] = {self->file->number, AT_path, len, AT_data, BENEATH_PATH_MAX, AT_result};
    return err ? err : p2_via(c->p2, handler, args);
}

static WasiErrno answer_path(P2Call *c, P1Handler *handler)
{
    return file_answer(c, at_path(c, 1, handler), NULL);
}

WasiErrno p2_create_directory_at(P2Call *c) { return answer_path(c, wasi_path_create_directory); }
WasiErrno p2_remove_directory_at(P2Call *c) { return answer_path(c, wasi_path_remove_directory); }
WasiErrno p2_unlink_file_at(P2Call *c) { return answer_path(c, wasi_path_unlink_file); }

WasiErrno p2_readlink_at(P2Call *c)
{
    CValue text;
    WasiErrno err = at_path(c, 1, wasi_path_readlink);
    if (err) return file_answer(c, err, NULL);
    if (!p2_string(c, c->p2->scratch + AT_data, p2_got_u32(c->p2), &text))
        return file_answer(c, WASI_E_ilseq, NULL);
    return p2_ok(c, p2_keep(c, text));
}

// ---- Two names

// The paths of two arguments.
static WasiErrno put_two(P2Call *c, u32 old, u32 new, u64 *old_len, u64 *new_len)
{
    WasiErrno err = p2_put_path(c->p2, AT_path, &c->args[old], old_len);
    return err ? err : p2_put_path(c->p2, AT_second, &c->args[new], new_len);
}

WasiErrno p2_link_at(P2Call *c)
{
    const P2Item *self = file_self(c), *to = p2_item(c, 3, ITEM_descriptor);
    u64 a = 0, b = 0;
    if (!self || !to) return P2_E_trap;
    WasiErrno err = put_two(c, 2, 4, &a, &b);
    const u64 args[] = {self->file->number, file_lookup(&c->args[1]), AT_path, a,
                        to->file->number, AT_second, b};
    return file_answer(c, err ? err : p2_via(c->p2, wasi_path_link, args), NULL);
}

WasiErrno p2_rename_at(P2Call *c)
{
    const P2Item *self = file_self(c), *to = p2_item(c, 2, ITEM_descriptor);
    u64 a = 0, b = 0;
    if (!self || !to) return P2_E_trap;
    WasiErrno err = put_two(c, 1, 3, &a, &b);
    const u64 args[] = {self->file->number, AT_path, a, to->file->number, AT_second, b};
    return file_answer(c, err ? err : p2_via(c->p2, wasi_path_rename, args), NULL);
}

WasiErrno p2_symlink_at(P2Call *c)
{
    const P2Item *self = file_self(c);
    u64 a = 0, b = 0;
    if (!self) return P2_E_trap;
    WasiErrno err = put_two(c, 1, 2, &a, &b);
    const u64 args[] = {AT_path, a, self->file->number, AT_second, b};
    return file_answer(c, err ? err : p2_via(c->p2, wasi_path_symlink, args), NULL);
}

// ---- Times

// One of the two arguments as preview 1 has it: a time, and which flag says so.
static WasiErrno time_of(const CValue *v, u32 set, u32 now, u64 *ns, u32 *flags)
{
    enum { SECOND = 1000000000 };
    if (v->index == 1) *flags |= now;
    if (v->index != 2) return WASI_E_success;
    const CValue *fields = v->of.payload->of.list.items;
    u64 seconds = fields[0].of.u, rest = fields[1].of.u;
    *flags |= set;
    if (rest >= SECOND) return WASI_E_inval;
    if (seconds > (UINT64_MAX - rest) / SECOND) return WASI_E_overflow;
    *ns = seconds * SECOND + rest;
    return WASI_E_success;
}

static WasiErrno times_of(const CValue *args, u64 ns[2], u32 *flags)
{
    *flags = 0;
    WasiErrno err = time_of(&args[0], FST_atim, FST_atim_now, &ns[0], flags);
    return err ? err : time_of(&args[1], FST_mtim, FST_mtim_now, &ns[1], flags);
}

WasiErrno p2_set_times(P2Call *c)
{
    const P2Item *self = file_self(c);
    u64 ns[2] = {0};
    u32 flags;
    if (!self) return P2_E_trap;
    WasiErrno err = times_of(&c->args[1], ns, &flags);
    const u64 args[] = {self->file->number, ns[0], ns[1], flags};
    return file_answer(c, err ? err : p2_via(c->p2, wasi_fd_filestat_set_times, args), NULL);
}

WasiErrno p2_set_times_at(P2Call *c)
{
    const P2Item *self = file_self(c);
    u64 ns[2] = {0}, len = 0;
    u32 flags = 0;
    if (!self) return P2_E_trap;
    WasiErrno err = p2_put_path(c->p2, AT_path, &c->args[2], &len);
    if (!err) err = times_of(&c->args[3], ns, &flags);
    const u64 args[] = {self->file->number, file_lookup(&c->args[1]), AT_path, len, ns[0], ns[1],
                        flags};
    return file_answer(c, err ? err : p2_via(c->p2, wasi_path_filestat_set_times, args), NULL);
}

// ---- Opening

// What is not asked for is left away, as far as the kind of what is opened may have it at all: a
// directory can be listed, and changed where that one can, by whoever may open it.
// spec: wasi:filesystem/types, open-at
static u64 rights_of(u32 flags)
{
    enum { READ = 1, WRITE = 2 };
    u64 rights = RIGHTS_FOR_DIRECTORY | RIGHTS_FOR_FILE;
    u64 writes = RIGHT_fd_write | RIGHT_fd_allocate | RIGHT_fd_filestat_set_size;
    if (!(flags & READ)) rights &= ~(u64)RIGHT_fd_read;
    if (!(flags & READ) && (flags & WRITE)) rights &= ~(u64)RIGHT_fd_readdir;
    return flags & WRITE ? rights : rights & ~writes;
}

static u32 fdflags_of(u32 flags)
{
    return (flags & 4 ? FDFLAG_sync : 0) | (flags & 8 ? FDFLAG_dsync : 0) |
           (flags & 16 ? FDFLAG_rsync : 0);
}

static u32 oflags_of(u32 flags)
{
    return (flags & 1 ? OFLAG_creat : 0) | (flags & 2 ? OFLAG_directory : 0) |
           (flags & 4 ? OFLAG_excl : 0) | (flags & 8 ? OFLAG_trunc : 0);
}

WasiErrno p2_open_at(P2Call *c)
{
    enum { MUTATE = 32 };
    const P2Item *self = file_self(c);
    Fd *fd;
    u64 len = 0;
    u32 flags = c->args[4].of.flags;
    CValue handle;
    if (!self) return P2_E_trap;
    WasiErrno err = fd_find(c->p2->ctx, self->file->number, &fd);
    if (!err && fd->read_only && (flags & MUTATE)) err = WASI_E_rofs;
    ctx_settle(c->p2->ctx);
    if (!err) err = p2_put_path(c->p2, AT_path, &c->args[2], &len);
    const u64 args[] = {self->file->number, file_lookup(&c->args[1]), AT_path, len,
                        oflags_of(c->args[3].of.flags), rights_of(flags), UINT64_MAX,
                        fdflags_of(flags), AT_result};
    if (!err) err = p2_via(c->p2, wasi_path_open, args);
    if (err) return file_answer(c, err, NULL);
    P2File *file = p2_new_file(c, p2_got_u32(c->p2), true);
    if (!file || !p2_new_item(c, ITEM_descriptor, file, &handle)) return P2_E_trap;
    return p2_ok(c, p2_keep(c, handle));
}

// ---- What was granted

typedef struct { P2Call *c; CValue *items; u32 count; WasiErrno err; } Granted;

static void count_granted(void *env, const WasiGrant *g)
{
    Granted *all = env;
    all->count += g->name != NULL;
}

static void give_granted(void *env, const WasiGrant *g)
{
    Granted *all = env;
    P2Call *c = all->c;
    if (!g->name || all->err) return;
    CValue *pair = NEW_ARRAY(c->arena, CValue, 2);
    P2File *file = p2_new_file(c, g->number, false);
    if (!file || !p2_new_item(c, ITEM_descriptor, file, &pair[0])) all->err = P2_E_trap;
    else if (!p2_string(c, g->name, strlen(g->name), &pair[1]))
        all->err = p2_trap(c, TRAP_host, "the name of a directory is no text");
    all->items[all->count++] = p2_several(WEFT_CVALUE_TUPLE, pair, 2);
}

WasiErrno p2_get_directories(P2Call *c)
{
    Granted all = {.c = c};
    wasi_each_grant(c->p2->ctx, count_granted, &all);
    all.items = NEW_ARRAY(c->arena, CValue, all.count);
    all.count = 0;
    wasi_each_grant(c->p2->ctx, give_granted, &all);
    *c->result = p2_several(WEFT_CVALUE_LIST, all.items, all.count);
    return all.err;
}

// ---- Directories

WasiErrno p2_read_directory(P2Call *c)
{
    const P2Item *self = file_self(c);
    Fd *fd;
    CValue handle;
    if (!self) return P2_E_trap;
    WasiErrno err = fd_find_directory(c->p2->ctx, self->file->number, RIGHT_fd_readdir, &fd);
    ctx_settle(c->p2->ctx);
    if (err) return file_answer(c, err, NULL);
    if (!p2_new_item(c, ITEM_directory_entry_stream, p2_share(self->file), &handle))
        return P2_E_trap;
    return p2_ok(c, p2_keep(c, handle));
}

// The next entry, whole, which stands at listed.at; *len 0: the end.
static WasiErrno next_entry(P2 *p2, u32 number, P2Item *s, u32 *len)
{
    u8 *data = p2->listed.data;
    u32 left = p2->listed.used - p2->listed.at;
    bool there = p2->listed.of == number && left >= DIRENT_SIZE &&
                 left >= DIRENT_SIZE + get_u32(data + p2->listed.at + 16);
    if (!there) {
        const u64 args[] = {s->file->number, AT_data, LISTED, s->at, AT_result};
        p2->listed.of = 0;
        WasiErrno err = p2_via(p2, wasi_fd_readdir, args);
        if (err) return err;
        p2->listed.of = number;
        p2->listed.at = 0;
        p2->listed.used = p2_got_u32(p2);
        memcpy(data, p2->scratch + AT_data, p2->listed.used);
    }
    left = p2->listed.used - p2->listed.at;
    *len = left < DIRENT_SIZE ? 0 : DIRENT_SIZE + get_u32(data + p2->listed.at + 16);
    return *len > left ? WASI_E_overflow : WASI_E_success;
}

static bool is_itself(const u8 *name, size_t len)
{
    return (len == 1 && name[0] == '.') || (len == 2 && name[0] == '.' && name[1] == '.');
}

WasiErrno p2_read_directory_entry(P2Call *c)
{
    P2 *p2 = c->p2;
    P2Item *s = p2_item(c, 0, ITEM_directory_entry_stream);
    CValue name, *fields;
    const u8 *at;
    u32 len;
    if (!s) return P2_E_trap;
    do {
        WasiErrno err = next_entry(p2, (u32)(s - p2->items), s, &len);
        if (err) return file_answer(c, err, NULL);
        if (!len) return p2_ok(c, p2_keep(c, p2_case(WEFT_CVALUE_OPTION, 0, NULL)));
        at = p2->listed.data + p2->listed.at;
        p2->listed.at += len;
        s->at = get_u64(at);
    } while (is_itself(at + DIRENT_SIZE, len - DIRENT_SIZE));
    if (!p2_string(c, at + DIRENT_SIZE, len - DIRENT_SIZE, &name))
        return file_answer(c, WASI_E_ilseq, NULL);
    fields = NEW_ARRAY(c->arena, CValue, 2);
    fields[0] = file_type_of(at[20]);
    fields[1] = name;
    CValue entry = p2_several(WEFT_CVALUE_RECORD, fields, 2);
    return p2_ok(c, p2_keep(c, p2_case(WEFT_CVALUE_OPTION, 1, p2_keep(c, entry))));
}
