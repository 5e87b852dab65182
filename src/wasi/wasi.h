// wasi.h -- WASI preview 1 and its elder, snapshot 0, over a guest's memory.
//
//     WasiCtx *ctx = wasi_new();
//     wasi_set_stdio(ctx, 0, 1, 2);
//     wasi_add_arg(ctx, "prog");
//     wasi_add_preopen(ctx, "/srv/data", "/", false);
//     const WasiFunc *f = wasi_find("wasi_snapshot_preview1", 22, "fd_write", 8);
//     switch (f->call(ctx, memory, args, &result)) ...
//     wasi_free(ctx);
//
// A new context grants nothing: no arguments, no environment, no directory, no socket, and
// descriptors 0 to 2 answer BADF. What the guest gets is what is added here. The handlers know
// nothing of the engine that calls them.
//
// A context is used by one thread at a time; each thread of a guest has one of its own beside the
// first (wasi_beside), and they all have the same arguments, variables, descriptors and clocks.
// Nothing a guest passes makes the host allocate in proportion to it, wait or work where it cannot
// be stopped (by the meter), or touch memory outside the GuestMemory.
#pragma once

#include "base/types.h"

// A view of linear memory, valid for one call. base may be NULL only when size is 0. Where not all
// of it may be accessed `may` says what may be, of what is inside; NULL: everything. What cannot be
// accessed by the time it is read as zeros, or is refused by the kernel (errno 21).
typedef struct {
    u8 *base;
    u64 size;
    bool (*may)(const void *env, u64 at, u64 size, bool write);
    const void *env;
} GuestMemory;

typedef struct WasiCtx WasiCtx;

typedef enum {
    WASI_RETURN,      // *result is set, if the function has one; an errno, mostly
    WASI_EXIT,        // the program ended: wasi_exit_status
    WASI_INTERRUPTED, // the meter said no (wasi_stopped_for): the guest is to end; what was done
                      // so far stays done
    WASI_WAITS,       // the call would wait (wasi_waits_for), and is to be made once more
} WasiOutcome;

// args: one slot per parameter, an i32 zero-extended. Bad guest pointers answer errno 21, fault.
typedef WasiOutcome WasiHandler(WasiCtx *ctx, GuestMemory mem, const u64 *args, u64 *result);

// What functions reach, if it was granted.
typedef enum {
#define ASKS(name, ...) ASKS_##name,
#include "wasi/asks.def"
    ASKS_COUNT
} WasiAsks;
typedef struct { const char *name, *text, *granted; } WasiAsksInfo;
extern const WasiAsksInfo wasi_asks[ASKS_COUNT];

typedef struct {
    const char *name;
    const char *sig;   // parameters ':' result, with i = i32 and l = i64: "iil:i", "i:"
    const char *words; // what the parameters mean: see wasi.def
    const char *text;  // what it does
    WasiAsks asks;
    bool elder;        // it is as snapshot 0 has it
    WasiHandler *call;
} WasiFunc;

// module is "wasi_snapshot_preview1" or "wasi_unstable". NULL: no such module or function.
const WasiFunc *wasi_find(const char *module, size_t module_len, const char *name,
                          size_t name_len);
bool wasi_is_module(const char *module, size_t module_len);
// Those of preview 1, in the table's order. NULL: there is no such one.
const WasiFunc *wasi_func(u32 index);

// The caller owns the context. NULL: out of memory. wasi_free closes what the context opened.
WasiCtx *wasi_new(void);
// Another context of the same guest, for a thread of it; on the thread that `other` is of, or while
// that is in no call. What is open is open in both. Neither the
// meter nor what a function left in it is. What was granted to one is granted to all; arguments,
// variables and the limits below are set while there is no other. A call that waits for something
// that is closed meanwhile, or gets another number, waits on for what it began with. NULL: out of
// memory. wasi_free it like the first, in any order.
WasiCtx *wasi_beside(const WasiCtx *other);
void wasi_free(WasiCtx *ctx);

// These return 0 or a POSIX errno value, and copy the strings they are given. Arguments and
// environment together are limited to 4 GiB less one byte (E2BIG).
int wasi_add_arg(WasiCtx *ctx, const char *arg);
int wasi_add_env(WasiCtx *ctx, const char *name, const char *value);

// Grants a directory under the name that the guest knows it by; the guest's descriptor is the
// smallest free one, 3 and on at first. A read-only one can be looked at and nothing else, nor
// can what is opened through it. The second form leaves host_fd with the caller.
int wasi_add_preopen(WasiCtx *ctx, const char *host_path, const char *guest_path, bool read_only);
int wasi_add_preopen_fd(WasiCtx *ctx, int host_fd, const char *guest_path, bool read_only);

// Grants an inherited socket, at the smallest free descriptor. host_fd stays with the
// caller and must outlive the context.
int wasi_add_socket(WasiCtx *ctx, int host_fd);

// Grants connections to this address, "localhost" or as numbers, and port, to guests that can make
// any: components. EINVAL: it is none; E2BIG: there are CONNECTS_MOST.
enum { CONNECTS_MOST = 64 };
int wasi_allow_connect(WasiCtx *ctx, const char *host, u16 port);

// What was granted, by number; and the n-th argument or variable, NULL: there are not so many.
typedef struct {
    u32 number;
    int file;         // the host's
    const char *name; // of a directory; else NULL
    bool read_only, socket;
} WasiGrant;
typedef void WasiGrantVisit(void *env, const WasiGrant *grant);
void wasi_each_grant(const WasiCtx *ctx, WasiGrantVisit *visit, void *env);
const char *wasi_arg(const WasiCtx *ctx, u32 n);
const char *wasi_env(const WasiCtx *ctx, u32 n);

// Descriptors 0, 1 and 2; -1 leaves one closed. EBADF: one is not open. They stay with the caller,
// who must keep them open, since what is opened under their number later is theirs; their modes are
// never changed, and the guest's fd_close does not close them.
int wasi_set_stdio(WasiCtx *ctx, int in, int out, int err);

// Before the guest runs, when all was granted: remembers which descriptors are open.
void wasi_mark(WasiCtx *ctx);
// Between calls: does one stand for something else now? *number: the smallest; *open: it does stand
// for something. What was done to one that is still the same, its place in a file say, is no
// difference.
bool wasi_changed(const WasiCtx *ctx, u32 *number, bool *open);

// What a call would wait for. It has the descriptors that it began with, whatever is closed or gets
// another number meanwhile, and lives until wasi_drop_wait, which the context must outlive.
typedef struct WasiWait {
    WasiCtx *ctx;
    u64 start, deadline; // of CLOCK_monotonic; UINT64_MAX: there is none
    u64 paid;            // units that the call has cost, once however often it is made again
    u32 count;
    struct WasiWaitFile {
        struct Fd *fd;
        u32 number;      // the guest's, when it began
        int file;        // the host's
        bool write;
    } files[];
} WasiWait;
// May calls answer WASI_WAITS rather than wait? No at first. Those that would wait for more than
// 256 things wait in any case.
void wasi_let_wait(WasiCtx *ctx, bool may);
bool wasi_lets_wait(const WasiCtx *ctx);
// Where they may: does the next call? `before`: it has waited for that, and is made again.
void wasi_set_aside(WasiCtx *ctx, bool does, const WasiWait *before);
WasiWait *wasi_waits_for(WasiCtx *ctx); // after WASI_WAITS; the caller's from then on
void wasi_drop_wait(void *wait);

// 0 if the guest may go on, else why not, a reason of the meter's own. The guest has made the host
// do so many more units of work: asked before each wait and then every 50 ms or less (10 where
// there are several threads), after every thousand units or so of work that is as long as the guest
// says, and when a function returns. The units depend on what the guest asked for and what it was
// answered, never on time: waiting costs none, nor does making a call again that has waited. A
// single call of the host's system is one step, however long it takes: allocating, cutting and
// syncing files, or moving 16 MiB.
typedef u32 WasiMeter(void *data, u64 units);
void wasi_set_meter(WasiCtx *ctx, WasiMeter *meter, void *data); // NULL: nobody asks

// Has `trace` told of each call when it returns, by a line: what was asked for and what came of it,
// with names of flags and errnos; as JSON, an object. Bytes of the guest's are quoted, and cut. On
// the thread that called: several may at once. While nobody else uses the context; NULL: nobody.
typedef void WasiTrace(void *env, const char *line, size_t len);
void wasi_set_trace(WasiCtx *ctx, WasiTrace *trace, void *env, bool json);

// What the guest holds, as bytes: arguments, variables, and its descriptors by what they are: one
// of the three; a directory that was granted, by the name the guest knows it by; a file or
// directory beneath one of these, by its path, with its position. Whoever reads it grants first
// what is to be there; no more of it is used than is named, and what was granted besides is closed.
// *bytes is the caller's to free. 0, or an errno, and `why` says what cannot be written or read.
enum { WASI_WHY = 300 };
int wasi_save(WasiCtx *ctx, u8 **bytes, size_t *size, char why[WASI_WHY]);
int wasi_load(WasiCtx *ctx, Bytes bytes, char why[WASI_WHY]);

// To be set before the guest runs, while there is one context.
void wasi_set_fd_limit(WasiCtx *ctx, u32 limit);      // numbers below; 65536 at first
void wasi_set_clock_resolution(WasiCtx *ctx, u64 ns); // clocks step by this; 1 is exact
// Bytes that it may have files grow by, all together: what it writes beyond an end, allocates, or
// makes a file longer by, and NAME_BYTES for each name it makes; what is cut or removed gives
// nothing back. Then writes answer nospc. What stands beside it, on the host, is not counted.
void wasi_set_disk_limit(WasiCtx *ctx, u64 bytes);
// The same of what is written to standard output and standard error, and of what these become
// longer by where they are files.
void wasi_set_output_limit(WasiCtx *ctx, u64 bytes);
// What a terminal would obey reaches it as it is; else as '?'.
void wasi_set_raw_terminal(WasiCtx *ctx, bool raw);
// Random bytes are those of a generator, the same for the same number: for no secrets.
void wasi_set_seed(WasiCtx *ctx, u64 seed);
// The same each time: clocks begin at a fixed time and step on when the guest looks at them or has
// waited, which it does not while it waits for nothing else; random bytes are seeded (0, if nothing
// else was said); directories are sorted by name; times of files that change while it runs are the
// beginning's. What other programs do meanwhile, and numbers of files, are as they are.
void wasi_set_fixed(WasiCtx *ctx);
u32 wasi_exit_status(const WasiCtx *ctx);                    // after WASI_EXIT
u32 wasi_stopped_for(const WasiCtx *ctx);                    // the reason, after WASI_INTERRUPTED
void wasi_set_force_walk(WasiCtx *ctx, bool force);          // never resolve paths by openat2
