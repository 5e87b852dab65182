// abi.h -- numbers and layouts of WASI preview 1; snapshot 0 differs where it says so.
// spec: WebAssembly/WASI legacy/preview1/witx/typenames.witx
#pragma once

#include "base/types.h"

typedef u32 WasiErrno;

enum {
#define ERRNO(name, number) WASI_E_##name = number,
#include "wasi/errno.def"
    // Not errnos: how a handler says that it does not return.
    WASI_E_exits = 0x10000,
    WASI_E_interrupted,
    WASI_E_waits,
};

enum { // rights; each allows the function of its name
    RIGHT_fd_datasync = 1 << 0,
    RIGHT_fd_read = 1 << 1,
    RIGHT_fd_seek = 1 << 2, // includes fd_tell
    RIGHT_fd_fdstat_set_flags = 1 << 3,
    RIGHT_fd_sync = 1 << 4,
    RIGHT_fd_tell = 1 << 5,
    RIGHT_fd_write = 1 << 6,
    RIGHT_fd_advise = 1 << 7,
    RIGHT_fd_allocate = 1 << 8,
    RIGHT_path_create_directory = 1 << 9,
    RIGHT_path_create_file = 1 << 10,
    RIGHT_path_link_source = 1 << 11,
    RIGHT_path_link_target = 1 << 12,
    RIGHT_path_open = 1 << 13,
    RIGHT_fd_readdir = 1 << 14,
    RIGHT_path_readlink = 1 << 15,
    RIGHT_path_rename_source = 1 << 16,
    RIGHT_path_rename_target = 1 << 17,
    RIGHT_path_filestat_get = 1 << 18,
    RIGHT_path_filestat_set_size = 1 << 19, // path_open with truncate
    RIGHT_path_filestat_set_times = 1 << 20,
    RIGHT_fd_filestat_get = 1 << 21,
    RIGHT_fd_filestat_set_size = 1 << 22,
    RIGHT_fd_filestat_set_times = 1 << 23,
    RIGHT_path_symlink = 1 << 24,
    RIGHT_path_remove_directory = 1 << 25,
    RIGHT_path_unlink_file = 1 << 26,
    RIGHT_poll_fd_readwrite = 1 << 27,
    RIGHT_sock_shutdown = 1 << 28,
    RIGHT_sock_accept = 1 << 29,
};

enum { // file types
    FILETYPE_unknown,
    FILETYPE_block_device,
    FILETYPE_character_device,
    FILETYPE_directory,
    FILETYPE_regular_file,
    FILETYPE_socket_dgram,
    FILETYPE_socket_stream,
    FILETYPE_symbolic_link,
};

enum {
    FDFLAG_append = 1,
    FDFLAG_dsync = 2,
    FDFLAG_nonblock = 4,
    FDFLAG_rsync = 8,
    FDFLAG_sync = 16,
    FDFLAGS_SYNCS = FDFLAG_dsync | FDFLAG_rsync | FDFLAG_sync,
    FDFLAGS_ALL = 31,
};
enum { OFLAG_creat = 1, OFLAG_directory = 2, OFLAG_excl = 4, OFLAG_trunc = 8, OFLAGS_ALL = 15 };
enum { LOOKUP_symlink_follow = 1 };
enum { FST_atim = 1, FST_atim_now = 2, FST_mtim = 4, FST_mtim_now = 8, FST_ALL = 15 };
enum { EVENT_clock, EVENT_fd_read, EVENT_fd_write };
enum { EVENTRW_hangup = 1 };
enum { SUBCLOCK_abstime = 1 };
enum { RIFLAG_peek = 1, RIFLAG_waitall = 2, ROFLAG_truncated = 1, SDFLAG_rd = 1, SDFLAG_wr = 2 };

enum { // sizes in guest memory
    IOVEC_SIZE = 8,
    FDSTAT_SIZE = 24,
    FILESTAT_SIZE = 64,
    FILESTAT0_SIZE = 56,
    PRESTAT_SIZE = 8,
    DIRENT_SIZE = 24,
    SUBSCRIPTION_SIZE = 48,
    SUBSCRIPTION0_SIZE = 56,
    EVENT_SIZE = 32,
};
