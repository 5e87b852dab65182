// file.c -- wasi:filesystem: one descriptor.

#include "wasi/p2/file.h"

#include "base/random.h"

#include <string.h>

// ---- Errors. spec: wasi:filesystem/types, error-code

typedef enum {
    CODE_access, CODE_would_block, CODE_already, CODE_bad_descriptor, CODE_busy, CODE_deadlock,
    CODE_quota, CODE_exist, CODE_file_too_large, CODE_illegal_byte_sequence, CODE_in_progress,
    CODE_interrupted, CODE_invalid, CODE_io, CODE_is_directory, CODE_loop, CODE_too_many_links,
    CODE_message_size, CODE_name_too_long, CODE_no_device, CODE_no_entry, CODE_no_lock,
    CODE_insufficient_memory, CODE_insufficient_space, CODE_not_directory, CODE_not_empty,
    CODE_not_recoverable, CODE_unsupported, CODE_no_tty, CODE_no_such_device, CODE_overflow,
    CODE_not_permitted, CODE_pipe, CODE_read_only, CODE_invalid_seek, CODE_text_file_busy,
    CODE_cross_device,
} ErrorCode;

static ErrorCode code_of(WasiErrno err)
{
    switch (err) {
    case WASI_E_acces: return CODE_access;
    case WASI_E_again: return CODE_would_block;
    case WASI_E_already: return CODE_already;
    case WASI_E_badf: return CODE_bad_descriptor;
    case WASI_E_busy: return CODE_busy;
    case WASI_E_deadlk: return CODE_deadlock;
    case WASI_E_dquot: return CODE_quota;
    case WASI_E_exist: return CODE_exist;
    case WASI_E_fbig: return CODE_file_too_large;
    case WASI_E_ilseq: return CODE_illegal_byte_sequence;
    case WASI_E_inprogress: return CODE_in_progress;
    case WASI_E_intr: return CODE_interrupted;
    case WASI_E_inval: return CODE_invalid;
    case WASI_E_isdir: return CODE_is_directory;
    case WASI_E_loop: return CODE_loop;
    case WASI_E_mlink: return CODE_too_many_links;
    case WASI_E_msgsize: return CODE_message_size;
    case WASI_E_nametoolong: return CODE_name_too_long;
    case WASI_E_nodev: return CODE_no_device;
    case WASI_E_noent: return CODE_no_entry;
    case WASI_E_nolck: return CODE_no_lock;
    case WASI_E_nomem: case WASI_E_mfile: case WASI_E_nfile: return CODE_insufficient_memory;
    case WASI_E_nospc: return CODE_insufficient_space;
    case WASI_E_notdir: return CODE_not_directory;
    case WASI_E_notempty: return CODE_not_empty;
    case WASI_E_notrecoverable: return CODE_not_recoverable;
    case WASI_E_notsup: case WASI_E_nosys: return CODE_unsupported;
    case WASI_E_notty: return CODE_no_tty;
    case WASI_E_nxio: return CODE_no_such_device;
    case WASI_E_overflow: return CODE_overflow;
    case WASI_E_perm: case WASI_E_notcapable: return CODE_not_permitted;
    case WASI_E_pipe: return CODE_pipe;
    case WASI_E_rofs: return CODE_read_only;
    case WASI_E_spipe: return CODE_invalid_seek;
    case WASI_E_txtbsy: return CODE_text_file_busy;
    case WASI_E_xdev: return CODE_cross_device;
    default: return CODE_io;
    }
}

WasiErrno file_answer(P2Call *c, WasiErrno err, const CValue *payload)
{
    if (p2_ends(err)) return err;
    if (!err) return p2_ok(c, payload);
    *c->result = p2_case(WEFT_CVALUE_RESULT, 1, p2_keep(c, p2_enum(code_of(err))));
    return WASI_E_success;
}

WasiErrno p2_filesystem_error_code(P2Call *c)
{
    const P2Item *e = p2_item(c, 0, ITEM_error);
    if (!e) return P2_E_trap;
    *c->result = p2_case(WEFT_CVALUE_OPTION, 1, p2_keep(c, p2_enum(code_of(e->err))));
    return WASI_E_success;
}

P2Item *file_self(P2Call *c) { return p2_item(c, 0, ITEM_descriptor); }

// ---- By a function of preview 1 that takes the descriptor and two numbers

static WasiErrno via(P2Call *c, P1Handler *handler, u64 a, u64 b, u64 d)
{
    const P2Item *self = file_self(c);
    if (!self) return P2_E_trap;
    const u64 args[] = {self->file->number, a, b, d};
    return p2_via(c->p2, handler, args);
}

static WasiErrno answer_via(P2Call *c, P1Handler *handler, u64 a, u64 b, u64 d)
{
    return file_answer(c, via(c, handler, a, b, d), NULL);
}

WasiErrno p2_advise(P2Call *c)
{
    return answer_via(c, wasi_fd_advise, c->args[1].of.u, c->args[2].of.u, c->args[3].index);
}

WasiErrno p2_sync_data(P2Call *c) { return answer_via(c, wasi_fd_datasync, 0, 0, 0); }
WasiErrno p2_sync(P2Call *c) { return answer_via(c, wasi_fd_sync, 0, 0, 0); }

WasiErrno p2_set_size(P2Call *c)
{
    return answer_via(c, wasi_fd_filestat_set_size, c->args[1].of.u, 0, 0);
}

// ---- Streams

static WasiErrno open_stream(P2Call *c, P2Kind kind, P2Way way, u64 at)
{
    static const u64 rights[] = {[ITEM_input_stream] = RIGHT_fd_read,
                                 [ITEM_output_stream] = RIGHT_fd_write};
    const P2Item *self = file_self(c);
    Fd *fd;
    CValue handle;
    if (!self) return P2_E_trap;
    WasiErrno err = fd_find_file(c->p2->ctx, self->file->number, rights[kind], &fd);
    if (!err && fd->kind != FILETYPE_regular_file) way = WAY_stream;
    ctx_settle(c->p2->ctx);
    if (err) return file_answer(c, err, NULL);
    P2Item *s = p2_new_item(c, kind, p2_share(self->file), &handle);
    if (!s) return P2_E_trap;
    s->way = (u8)way;
    s->at = at;
    return p2_ok(c, p2_keep(c, handle));
}

WasiErrno p2_read_via_stream(P2Call *c)
{
    return open_stream(c, ITEM_input_stream, WAY_at, c->args[1].of.u);
}

WasiErrno p2_write_via_stream(P2Call *c)
{
    return open_stream(c, ITEM_output_stream, WAY_at, c->args[1].of.u);
}

WasiErrno p2_append_via_stream(P2Call *c)
{
    return open_stream(c, ITEM_output_stream, WAY_append, 0);
}

// ---- Reading and writing

WasiErrno p2_read_at(P2Call *c)
{
    const P2Item *self = file_self(c);
    u32 len = (u32)MIN(c->args[1].of.u, (u64)PIECE), got = 0;
    if (!self) return P2_E_trap;
    WasiErrno err = p2_move(c->p2, self->file->number, false, WAY_at, c->args[2].of.u, len, &got);
    if (err) return file_answer(c, err, NULL);
    CValue *pair = NEW_ARRAY(c->arena, CValue, 2);
    pair[0] = p2_bytes(c, c->p2->scratch + AT_data, got);
    pair[1] = p2_bool(len && !got);
    return p2_ok(c, p2_keep(c, p2_several(WEFT_CVALUE_TUPLE, pair, 2)));
}

WasiErrno p2_write_at(P2Call *c)
{
    const P2Item *self = file_self(c);
    const CValue *list = &c->args[1];
    u32 len = (u32)MIN(list->of.numbers.count, (size_t)PIECE), done = 0;
    if (!self) return P2_E_trap;
    if (len) memcpy(c->p2->scratch + AT_data, list->of.numbers.data, len);
    WasiErrno err = p2_move(c->p2, self->file->number, true, WAY_at, c->args[2].of.u, len, &done);
    // What was written before an error is not lost.
    if (done && !p2_ends(err)) err = WASI_E_success;
    return file_answer(c, err, p2_keep(c, p2_u64(done)));
}

// ---- What it is

enum { FLAG_read = 1, FLAG_write = 2, FLAG_file_sync = 4, FLAG_data_sync = 8, FLAG_write_sync = 16,
       FLAG_mutate = 32 };

WasiErrno p2_get_flags(P2Call *c)
{
    WasiErrno err = via(c, wasi_fd_fdstat_get, AT_result, 0, 0);
    const u8 *at = c->p2->scratch + AT_result;
    u64 rights = get_u64(at + 8);
    u32 flags = get_u16(at + 2), out = 0;
    if (rights & (RIGHT_fd_read | RIGHT_fd_readdir)) out |= FLAG_read;
    if (rights & RIGHT_fd_write) out |= FLAG_write;
    if (rights & RIGHT_path_create_file) out |= FLAG_mutate;
    if (flags & FDFLAG_sync) out |= FLAG_file_sync;
    if (flags & FDFLAG_dsync) out |= FLAG_data_sync;
    if (flags & FDFLAG_rsync) out |= FLAG_write_sync;
    return file_answer(c, err, p2_keep(c, (CValue){.kind = WEFT_CVALUE_FLAGS, .of.flags = out}));
}

CValue file_type_of(u32 filetype)
{
    static const u8 types[] = {
        [FILETYPE_unknown] = 0, [FILETYPE_block_device] = 1, [FILETYPE_character_device] = 2,
        [FILETYPE_directory] = 3, [FILETYPE_symbolic_link] = 5, [FILETYPE_regular_file] = 6,
        [FILETYPE_socket_dgram] = 7, [FILETYPE_socket_stream] = 7,
    };
    return p2_enum(filetype < COUNT_OF(types) ? types[filetype] : 0);
}

WasiErrno p2_get_type(P2Call *c)
{
    WasiErrno err = via(c, wasi_fd_fdstat_get, AT_result, 0, 0);
    return file_answer(c, err, p2_keep(c, file_type_of(c->p2->scratch[AT_result])));
}

static CValue stat_of(P2Call *c)
{
    const u8 *at = c->p2->scratch + AT_result;
    CValue *fields = NEW_ARRAY(c->arena, CValue, 6);
    fields[0] = file_type_of(at[16]);
    fields[1] = p2_u64(get_u64(at + 24));
    fields[2] = p2_u64(get_u64(at + 32));
    for (u32 i = 0; i < 3; i++) {
        CValue time = p2_time(c, get_u64(at + 40 + 8 * (size_t)i));
        fields[3 + i] = p2_case(WEFT_CVALUE_OPTION, 1, p2_keep(c, time));
    }
    return p2_several(WEFT_CVALUE_RECORD, fields, 6);
}

// Which file it is: its number, and the file system's, neither as it is.
static CValue hash_of(P2Call *c)
{
    const u8 *at = c->p2->scratch + AT_result;
    u64 state = get_u64(at) * 0x9e3779b97f4a7c15 ^ get_u64(at + 8);
    CValue *fields = NEW_ARRAY(c->arena, CValue, 2);
    fields[0] = p2_u64(random_next(&state));
    fields[1] = p2_u64(random_next(&state));
    return p2_several(WEFT_CVALUE_RECORD, fields, 2);
}

static WasiErrno answer_about(P2Call *c, WasiErrno err, CValue (*about)(P2Call *c))
{
    return file_answer(c, err, err ? NULL : p2_keep(c, about(c)));
}

static WasiErrno stat_self(P2Call *c) { return via(c, wasi_fd_filestat_get, AT_result, 0, 0); }

static WasiErrno stat_path(P2Call *c)
{
    const P2Item *self = file_self(c);
    u64 len;
    if (!self) return P2_E_trap;
    WasiErrno err = p2_put_path(c->p2, AT_path, &c->args[2], &len);
    if (err) return err;
    const u64 args[] = {self->file->number, file_lookup(&c->args[1]), AT_path, len, AT_result};
    return p2_via(c->p2, wasi_path_filestat_get, args);
}

WasiErrno p2_stat(P2Call *c) { return answer_about(c, stat_self(c), stat_of); }
WasiErrno p2_stat_at(P2Call *c) { return answer_about(c, stat_path(c), stat_of); }
WasiErrno p2_metadata_hash(P2Call *c) { return answer_about(c, stat_self(c), hash_of); }
WasiErrno p2_metadata_hash_at(P2Call *c) { return answer_about(c, stat_path(c), hash_of); }

WasiErrno p2_is_same_object(P2Call *c)
{
    const P2Item *other = p2_item(c, 1, ITEM_descriptor);
    u8 one[16];
    WasiErrno err = other ? stat_self(c) : P2_E_trap;
    if (p2_ends(err)) return err;
    memcpy(one, c->p2->scratch + AT_result, sizeof one);
    const u64 args[] = {other->file->number, AT_result};
    if (!err) err = p2_via(c->p2, wasi_fd_filestat_get, args);
    *c->result = p2_bool(!err && !memcmp(one, c->p2->scratch + AT_result, sizeof one));
    return p2_ends(err) ? err : WASI_E_success;
}
