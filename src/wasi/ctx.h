// ctx.h -- what a guest holds, and what the handlers share.
//
//     WasiCtx --+                  0 stdin  1 stdout  2 stderr  3 preopen "/"  4 free  5 file ...
//               +--> WasiWorld: fds  |
//     WasiCtx --+                    +--> Fd: file, rights
//
// A descriptor is a capability: the host's handle, the rights that remain, and whether all
// that comes from it is read-only. Rights only ever shrink: from a directory's inheriting
// rights to those of what is opened through it, and by fd_fdstat_set_rights.
//
// Threads of a guest have a context each, and one world together. What is in it is changed under
// its lock, which nobody holds while the host's system may take long; a call uses descriptors that
// it has taken hold of, so one that is closed or gets another number meanwhile is that call's until
// its end, and the host's handle is closed by who lets go last.
#pragma once

#include "op/op.h"
#include "plat/beneath.h"
#include "plat/clock.h"
#include "wasi/abi.h"
#include "wasi/guest.h"
#include "wasi/wasi.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct Fd {
    _Atomic u32 users; // the table, and calls
    File file;
    bool owned;        // file is closed with the descriptor; its mode is ours to change
    bool socket;
    bool read_only;    // nothing is written through it or what is opened from it
    bool host_syncs;   // the host was asked for FDFLAGS_SYNCS when it was opened
    bool marked;       // see wasi_mark
    bool terminal;     // what is written is tamed
    u8 kind;           // FILETYPE_
    char *preopen;     // the guest's name for it, or NULL
    u8 stdio;          // one of the caller's three, from 1; or 0
    // Written under the world's lock.
    _Atomic u16 flags; // FDFLAG_
    _Atomic u64 rights, inheriting;
    _Atomic bool reader_gone; // of the host's standard output: the guest was told
    // Of a directory, for who lists it: where the host goes on for the cookie after each. The lock
    // is for the host's position too.
    pthread_mutex_t listing;
    u64 *places;
    u32 place_count, place_cap;
    struct Sorted *sorted; // where directories are sorted: what was in it when it was begun
} Fd;

typedef struct {
    char *data; // strings one after the other, each with its NUL
    size_t len, cap;
    u32 count;
} StringList;

// What was read of a directory and not listed yet, for who goes on where it ends.
typedef struct {
    const Fd *of;  // or NULL
    u64 cookie;    // of the next entry in the reader
    DirReader reader;
} Ahead;

typedef struct {
    _Atomic u32 users;     // contexts
    StringList args, env;  // not changed while more than one thread is there
    u32 fd_limit, marked;  // nor these; all numbers below `marked` were open, or reserved
    u64 clock_step;
    bool raw_terminal, disk_limited, output_limited;
    bool fixed, seeded;    // see wasi_set_fixed, wasi_set_seed
    SocketAddress connects[CONNECTS_MOST]; // nor these: see wasi_allow_connect
    u32 connect_count;
    u64 began;             // CLOCK_realtime, where it is fixed
    WasiTrace *trace;      // or NULL
    void *trace_env;
    bool trace_json;
    _Atomic u32 numbers;   // of contexts, that were given so far
    _Atomic u32 dir_places; // of all directories, PLACES_MOST at most
    _Atomic u64 sorted_bytes; // that sorted lists of directories take
    // Of streams that are the caller's and may block: between asking whether one is ready and using
    // it, nobody else does. For reading, for writing.
    pthread_mutex_t turn[2];
    // Where what files grow by, or output, is limited: nothing else of the guest's makes one
    // longer, or cuts it, between asking how long it is and writing. The next lock may be taken
    // under it.
    pthread_mutex_t disk;
    pthread_mutex_t lock;  // of what follows, and of descriptors where they say so
    Fd **fds;              // NULL: free; or `reserved`
    u32 fd_cap;
    u32 fd_free_from;      // no smaller number is free
    Ahead *ahead;          // of the directory that was listed last; NULL while a call has it
    u64 disk_left, output_left;
    u64 fixed_time;        // ns since the guest began, which pass only by its looking and waiting
    u64 random;            // state of the generator
    // What a terminal was last given of a character that is not complete; of one thread alone.
    const Fd *_Atomic half_of;
    u8 half[4];
    u32 half_count;
} WasiWorld;

enum { FD_HELD_MOST = 2 };

struct WasiCtx {
    WasiWorld *world;
    u32 number;       // of the thread, from 0
    Fd *held[FD_HELD_MOST]; // by the function that runs, and
    u32 numbers[FD_HELD_MOST]; // where they were found
    u32 held_count;
    WasiMeter *meter; // NULL: nobody counts or stops anything
    void *meter_data;
    u64 owed;         // work that was done and not told to the meter yet
    u64 paid;         // what was, of this call
    u64 credit;       // what is not to be paid again
    Finder finder;
    u32 exit_status;
    u32 stopped_for;  // what the meter said last; 0: go on
    bool lets_wait;   // calls may be set aside
    bool sets_aside;  // who would wait answers WASI_E_waits
    const WasiWait *before; // what this call has waited for already
    WasiWait *wait;   // and what it would wait for
};

// Is there no other thread of the guest's? Only the thread of a context makes another one of it,
// and while it is in no function that has a descriptor at hand.
static inline bool ctx_alone(const WasiCtx *ctx) { return ctx->world->users == 1; }

enum { PLACES_MOST = 1 << 20 };

// Nanoseconds between questions to the meter: who ends a guest of several threads waits for all.
enum { WAIT_SLICE = 50 * 1000 * 1000, WAIT_SLICE_TOGETHER = 10 * 1000 * 1000 };

enum {
    // What is done between questions to the meter.
    WORK_PIECE = 1000,    // units of fuel, whose prices are in op/price.def
    MOVE_PIECE = 1 << 24, // bytes
};

enum {
    RIGHTS_FOR_DIRECTORY =
        RIGHT_fd_datasync | RIGHT_fd_fdstat_set_flags | RIGHT_fd_sync |
        RIGHT_path_create_directory | RIGHT_path_create_file | RIGHT_path_link_source |
        RIGHT_path_link_target | RIGHT_path_open | RIGHT_fd_readdir | RIGHT_path_readlink |
        RIGHT_path_rename_source | RIGHT_path_rename_target | RIGHT_path_filestat_get |
        RIGHT_path_filestat_set_size | RIGHT_path_filestat_set_times | RIGHT_fd_filestat_get |
        RIGHT_fd_filestat_set_times | RIGHT_path_symlink | RIGHT_path_remove_directory |
        RIGHT_path_unlink_file,
    RIGHTS_FOR_FILE =
        RIGHT_fd_datasync | RIGHT_fd_read | RIGHT_fd_seek | RIGHT_fd_fdstat_set_flags |
        RIGHT_fd_sync | RIGHT_fd_tell | RIGHT_fd_write | RIGHT_fd_advise | RIGHT_fd_allocate |
        RIGHT_fd_filestat_get | RIGHT_fd_filestat_set_size | RIGHT_fd_filestat_set_times |
        RIGHT_poll_fd_readwrite,
    RIGHTS_FOR_SOCKET = RIGHT_fd_read | RIGHT_fd_write | RIGHT_fd_fdstat_set_flags |
                        RIGHT_fd_filestat_get | RIGHT_poll_fd_readwrite | RIGHT_sock_shutdown |
                        RIGHT_sock_accept,
    // fd_write is not among them: a read-only directory still passes it on, so that opening for
    // writing is asked for, and refused then, rather than by the first write.
    RIGHTS_THAT_CHANGE =
        RIGHT_path_create_directory | RIGHT_path_create_file | RIGHT_path_link_source |
        RIGHT_path_link_target | RIGHT_path_rename_source | RIGHT_path_rename_target |
        RIGHT_path_filestat_set_size | RIGHT_path_filestat_set_times | RIGHT_path_symlink |
        RIGHT_path_remove_directory | RIGHT_path_unlink_file | RIGHT_fd_allocate |
        RIGHT_fd_filestat_set_size | RIGHT_fd_filestat_set_times,
};

WasiErrno errno_of_host(int err);

// The rights that mean something for a descriptor of this kind.
u64 rights_for(u8 kind, bool socket, bool terminal);

// Finds an open descriptor, and holds it until the function returns; at most FD_HELD_MOST in one.
WasiErrno fd_find(WasiCtx *ctx, u32 number, Fd **fd);
// The same, and it must have these rights, else the answer is notcapable (badf when what is missing
// is reading or writing).
WasiErrno fd_find_with(WasiCtx *ctx, u32 number, u64 rights, Fd **fd);
WasiErrno fd_find_file(WasiCtx *ctx, u32 number, u64 rights, Fd **fd);      // isdir for directories
WasiErrno fd_find_directory(WasiCtx *ctx, u32 number, u64 rights, Fd **fd); // notdir for others
WasiErrno fd_check(const Fd *fd, u64 rights);
void ctx_let_go(WasiCtx *ctx); // of all that it holds
void ctx_settle(WasiCtx *ctx); // the same behind a function; and its paths are to be paid
// To be held for longer, or more of them.
WasiErrno fd_hold(WasiCtx *ctx, u32 number, Fd **fd);
void fd_let_go(WasiCtx *ctx, Fd *fd);
Fd *fd_new(const Fd *like); // NULL: out of memory
bool fd_is_reserved(const Fd *fd); // a number that is not given away
// Puts it at a number of its own, which is free; NULL: nothing is to be there, nor given to others.
WasiErrno fd_put(WasiCtx *ctx, u32 number, Fd *fd);

// Makes one like this. Takes over `like`'s file and preopen if it is owned, also when it fails.
WasiErrno fd_add(WasiCtx *ctx, const Fd *like, u32 *number);

// Every loop whose length the guest says counts its rounds with ctx_work, at a unit each or more.
// Now and then that asks the meter, as ctx_ask does at once; a wait asks before it begins. The
// answer is success, or interrupted: then the guest ends, and what was done so far stays done. What
// is still owed when a function returns is told then. A call that is made again pays for what it
// has not paid yet.
void ctx_begin(WasiCtx *ctx);
WasiErrno ctx_ask(WasiCtx *ctx);
static inline WasiErrno ctx_work(WasiCtx *ctx, u64 units)
{
    ctx->owed += units;
    return ctx->owed < WORK_PIECE ? WASI_E_success : ctx_ask(ctx);
}

// Answers WASI_E_waits, or nomem: the call would wait until then, or for so many files, which the
// caller writes to ctx->wait.
WasiErrno ctx_wait_for(WasiCtx *ctx, u64 start, u64 deadline, u32 count);
void ctx_wait_file(WasiCtx *ctx, u32 i, const Fd *fd, u32 number, bool write);
// Waits until the file, which is held, is ready for reading or writing: success, or interrupted.
WasiErrno fd_wait(WasiCtx *ctx, const Fd *fd, bool write);
// At most so long, before the meter is to be asked again; negative: for ever.
s64 ctx_patience(const WasiCtx *ctx);

// A guest's array of iovecs. Each is read once: what is left of one that was begun is kept.
typedef struct {
    u32 at, count, next; // where it is, items, the first that was not read
    FileSpan rest;
    bool written;        // what it leads to
} SpanList;

// The next spans of a list, FILE_SPANS at most, together no longer than `room`. Empty ones are left
// out; no bytes: the list is at its end.
WasiErrno guest_spans(WasiCtx *ctx, GuestMemory mem, SpanList *list, size_t room,
                      FileSpan spans[FILE_SPANS], u32 *span_count, size_t *bytes);

// limit.c: what the guest may still have files grow by, or write to the three. Between these two
// nothing else of the guest's changes how long files are, if that is limited.
void disk_enter(WasiCtx *ctx);
void disk_leave(WasiCtx *ctx);
// Room for so much, or nospc. A name counts as a sector, whatever it stands for.
enum { NAME_BYTES = 512 };
WasiErrno disk_take(WasiCtx *ctx, u64 bytes);
// After that, with what came of it: gives it back if that is an error.
void disk_give(WasiCtx *ctx, u64 bytes, WasiErrno err);
// The same for what one file becomes longer by without being written: where that is standard output
// it counts as written.
bool growth_limited(const WasiCtx *ctx, const Fd *fd);
WasiErrno growth_take(WasiCtx *ctx, const Fd *fd, u64 bytes);
void growth_give(WasiCtx *ctx, const Fd *fd, u64 bytes, WasiErrno err);
// A write as the guest may make it: limited, and tamed where it reaches a terminal.
typedef struct {
    bool write, at_offset;
    u64 offset;
} Transfer;
int write_limited(WasiCtx *ctx, const Fd *fd, Transfer t, const FileSpan *spans, u32 count,
                  size_t *done);

// fixed.c: clocks, chance, and directories that are the same each time.
u64 ctx_now(WasiCtx *ctx, PlatClock clock);
u64 ctx_read_clock(WasiCtx *ctx, PlatClock clock); // the guest looks at it: by its steps
void ctx_pass_time(WasiCtx *ctx, u64 ns);          // it has waited, where clocks are fixed
int ctx_random(WasiCtx *ctx, void *out, size_t len);
void ctx_fix_stat(const WasiCtx *ctx, FileStat *stat);
// As dir_next, by the number of the entry; entry->name is NULL at the end. Cookie 0 reads it anew.
WasiErrno sorted_entry(WasiCtx *ctx, Fd *fd, u64 cookie, DirEntry *entry);
void sorted_free(WasiCtx *ctx, Fd *fd);

// A line about a call, see trace.c. It begins before the call, which may change what it was asked.
enum { TRACE_LINE = 1500 };
typedef struct {
    const WasiFunc *func;
    const u64 *args;
    GuestMemory mem;
    bool json;
    size_t len;
    char text[TRACE_LINE];
} TraceLine;
void trace_begin(TraceLine *line, WasiCtx *ctx, const WasiFunc *func, GuestMemory mem,
                 const u64 *args);
void trace_end(TraceLine *line, WasiCtx *ctx, WasiErrno err);

// Which times to change, from the guest's flags.
WasiErrno file_times_of(u64 atim, u64 mtim, u32 flags, FileTimes *times);

// Writes a filestat: FILESTAT_SIZE bytes, or FILESTAT0_SIZE when it is the elder's.
void put_filestat(u8 *at, const FileStat *stat, bool elder);

#define BOTH(name, ...) WasiErrno wasi_##name(WasiCtx *ctx, GuestMemory mem, const u64 *args);
#define ONE(name, ...) BOTH(name)
#define TWO(name, ...)                                                                             \
    BOTH(name)                                                                                     \
    WasiErrno wasi0_##name(WasiCtx *ctx, GuestMemory mem, const u64 *args);
#include "wasi/wasi.def"
