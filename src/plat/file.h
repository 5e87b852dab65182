// file.h -- open files, directories and streams of the host, by handle.
//
// Functions return 0 or a POSIX errno value; FILE_ESCAPES is the one addition. They retry
// what a signal interrupted, never raise SIGPIPE, and every handle they make is closed on
// exec. Times are nanoseconds since 1970.
#pragma once

#include "base/types.h"

typedef int File; // -1 is none

enum { FILE_ESCAPES = 1 << 16 }; // a path left the directory it was to stay beneath

typedef enum {
    FILE_unknown, // a FIFO, for instance
    FILE_block,
    FILE_character,
    FILE_directory,
    FILE_regular,
    FILE_datagram,
    FILE_stream,
    FILE_symlink,
} FileKind;

typedef struct {
    u64 dev, ino, nlink, size;
    u64 atime, mtime, ctime;
    FileKind kind; // sockets are FILE_stream when reached by a path
} FileStat;

typedef struct {
    bool read, write, append, nonblock, sync;
} FileMode;

typedef struct {
    void *data;
    size_t len;
} FileSpan;

typedef enum { TIME_keep, TIME_now, TIME_set } TimeChange;

typedef struct {
    TimeChange atime, mtime;
    u64 atime_ns, mtime_ns; // where the change is TIME_set
} FileTimes;

typedef enum { SEEK_from_start, SEEK_from_here, SEEK_from_end } FileWhence;

typedef enum {
    ADVICE_normal,
    ADVICE_sequential,
    ADVICE_random,
    ADVICE_will_need,
    ADVICE_dont_need,
    ADVICE_no_reuse,
    ADVICE_COUNT
} FileAdvice;

int file_open_directory(const char *path, File *file); // with all authority of the process
int file_open(const char *path, File *file);           // likewise, to be read
int file_duplicate(File file, File *copy);             // shares position and mode
void file_close(File file);

int file_stat(File file, FileStat *stat); // tells kinds of sockets apart
int file_mode(File file, FileMode *mode);
int file_set_mode(File file, bool append, bool nonblock);
bool file_is_terminal(File file);
// What it is called now, an absolute path with its NUL; ENOENT: it has no name any more.
int file_path(File file, char *out, size_t size);
int file_is_process_view(File file, bool *yes); // procfs: a window into this very process

// At most FILE_SPANS spans; *done is how many bytes moved, 0 when a read is at the end.
enum { FILE_SPANS = 128 };
// Before a file is written for the first time: what would make one longer than the process may
// answers EFBIG from then on, and raises no signal.
void file_ask_limits(void);
int file_read(File file, const FileSpan *spans, u32 count, size_t *done);
int file_read_at(File file, const FileSpan *spans, u32 count, u64 offset, size_t *done);
int file_write(File file, const FileSpan *spans, u32 count, size_t *done);
// The same of what is known to be a regular file.
int file_write_regular(File file, const FileSpan *spans, u32 count, size_t *done);
int file_write_at(File file, const FileSpan *spans, u32 count, u64 offset, size_t *done);
int file_seek(File file, s64 offset, FileWhence whence, u64 *position);

int file_resize(File file, u64 size);
int file_allocate(File file, u64 offset, u64 len);
int file_advise(File file, u64 offset, u64 len, FileAdvice advice);
int file_sync(File file, bool data_only);
int file_set_times(File file, FileTimes times);

// Reads a directory from a place that an earlier entry gave as `next`, or from 0.
typedef struct {
    u64 next, ino;
    FileKind kind;
    const char *name; // valid until the next call
} DirEntry;

typedef struct {
    File dir;
    size_t pos, end, last; // last: of the entry that was read; pos may be set to it
    _Alignas(8) u8 buf[4096];
} DirReader;

int dir_start(DirReader *reader, File dir, u64 from);
int dir_next(DirReader *reader, DirEntry *entry); // at the end: 0 and a NULL name

enum { POLL_in = 1, POLL_out = 2, POLL_hangup = 4, POLL_invalid = 8 };

typedef struct {
    File file;
    u8 want; // POLL_in, POLL_out
    u8 got;
} FilePoll;

enum { FILE_POLLS = 256 };

// Waits at most timeout nanoseconds (negative: for ever) until a file is ready. A signal ends
// the wait early with nothing ready. At most FILE_POLLS files.
int file_poll(FilePoll *polls, u32 count, s64 timeout, u32 *ready);
int file_available(File file, u64 *bytes); // what could be read without waiting

// Sockets that were handed in. Only POSIX meanings.
// A listener at an address, "localhost", or "" for all; *port 0: a free one, which is written
// there. EINVAL: no address.
int socket_listen(const char *host, u16 *port, File *file);
int socket_accept(File file, File *connection); // the connection does not block
typedef struct {
    bool six;      // of IPv6
    u16 port;
    u8 bytes[16];  // 4 of them, or all
    u32 flow, scope;
} SocketAddress;
// Its own, or that of who is connected. EAFNOSUPPORT: it is of another kind.
int socket_address(File file, bool peer, SocketAddress *out);
bool socket_address_parse(const char *host, u16 port, SocketAddress *out); // as socket_listen does
// Begins to connect; when it is ready for writing socket_error says what came of it.
int socket_connect(const SocketAddress *to, File *file);
int socket_error(File file);
// Waits for nothing, unless for all.
int socket_receive(File file, const FileSpan *spans, u32 count, bool peek, bool wait_all,
                   size_t *done, bool *truncated);
int socket_send(File file, const FileSpan *spans, u32 count, size_t *done);
int socket_shutdown(File file, bool receive, bool send);
