// poll.c -- poll_oneoff: waits for clocks and files.
//
// Subscriptions are looked at in pieces of FILE_POLLS, so that their number costs the host
// nothing. When all fit in one piece, the wait is one wait in the kernel, for the descriptors that
// were there when it began; else every piece is read and asked in turn, with short sleeps between
// the rounds. A round that finds events ends the call.

#include "wasi/ctx.h"

enum { ROUND_SLEEP = 10 * 1000 * 1000 }; // nanoseconds

typedef struct {
    u64 userdata;
    u32 number;      // of the descriptor
    u8 type;
    WasiErrno err;   // why it cannot be waited for; reported at once
    PlatClock clock; // the event comes when this clock
    u64 due;         // shows this time
    Fd *fd;
    u32 poll;        // index of its FilePoll; none for a regular file, which is always ready
} Subscription;

enum { NO_POLL = UINT32_MAX };

typedef struct {
    WasiCtx *ctx;
    const u8 *in;
    u8 *out;
    u32 count, events;
    bool elder;
    bool paid; // only the first round costs, so that the price depends on no clock
    bool read; // what there is fits in one piece, and is there
    bool files; // a descriptor was asked in the last round
    s64 least;  // nanoseconds until the first clock of all is due, where clocks are fixed
    u64 start;  // the guest's CLOCK_monotonic when the call began
    Subscription subs[FILE_POLLS];
    FilePoll polls[FILE_POLLS];
    u32 sub_count, poll_count;
} Poll;

static void read_clock(Poll *p, Subscription *s, const u8 *at)
{
    if (p->elder) at += 8; // an identifier, for nothing
    u32 id = get_u32(at), flags = get_u16(at + 24);
    u64 timeout = get_u64(at + 8);
    if (id > CLOCK_monotonic) s->err = id < CLOCK_COUNT ? WASI_E_notsup : WASI_E_inval;
    if (flags & ~(u32)SUBCLOCK_abstime || !p->start) s->err = WASI_E_inval;
    if (s->err) return;
    // A relative time counts from the start of the call; jumps of the time of day do not matter.
    bool absolute = flags & SUBCLOCK_abstime;
    s->clock = absolute ? (PlatClock)id : CLOCK_monotonic;
    s->due = absolute ? timeout : timeout > UINT64_MAX - p->start ? UINT64_MAX : p->start + timeout;
}

// Nanoseconds until the event; 0 when it is due, or the host has lost its clock: who is woken too
// early can look again.
static s64 clock_left(const Poll *p, const Subscription *s)
{
    u64 now = ctx_now(p->ctx, s->clock);
    return !now || s->due <= now ? 0 : (s64)MIN(s->due - now, (u64)INT64_MAX);
}

static void read_file(Poll *p, Subscription *s, const u8 *at)
{
    bool write = s->type == EVENT_fd_write;
    u64 rights = RIGHT_poll_fd_readwrite | (write ? RIGHT_fd_write : RIGHT_fd_read);
    s->number = get_u32(at);
    s->err = fd_hold(p->ctx, s->number, &s->fd);
    if (!s->err && s->fd->kind == FILETYPE_directory) s->err = WASI_E_badf;
    if (!s->err) s->err = fd_check(s->fd, rights);
    if (s->err || s->fd->kind == FILETYPE_regular_file) return;
    s->poll = p->poll_count;
    p->polls[p->poll_count++] =
        (FilePoll){.file = s->fd->file, .want = write ? POLL_out : POLL_in};
}

static void let_go(Poll *p)
{
    for (u32 i = 0; i < p->sub_count; i++) fd_let_go(p->ctx, p->subs[i].fd);
    p->sub_count = 0;
}

static void read_piece(Poll *p, u32 first)
{
    if (p->read) return;
    let_go(p);
    p->read = p->count <= FILE_POLLS;
    u32 size = p->elder ? SUBSCRIPTION0_SIZE : SUBSCRIPTION_SIZE;
    p->poll_count = 0;
    p->sub_count = MIN(p->count - first, (u32)FILE_POLLS);
    for (u32 i = 0; i < p->sub_count; i++) {
        const u8 *at = p->in + (size_t)(first + i) * size;
        Subscription *s = &p->subs[i];
        *s = (Subscription){.userdata = get_u64(at), .type = (u8)get_u8(at + 8), .poll = NO_POLL};
        switch (s->type) {
        case EVENT_clock: read_clock(p, s, at + 16); break;
        case EVENT_fd_read: case EVENT_fd_write: read_file(p, s, at + 16); break;
        default: s->err = WASI_E_inval;
        }
    }
}

// How long nothing is due: 0 if something is ready as it stands, INT64_MAX if no clock runs.
static s64 piece_left(const Poll *p)
{
    s64 left = INT64_MAX;
    for (u32 i = 0; i < p->sub_count; i++) {
        const Subscription *s = &p->subs[i];
        if (s->err || (s->type != EVENT_clock && s->poll == NO_POLL)) return 0;
        if (s->type == EVENT_clock) left = MIN(left, clock_left(p, s));
    }
    return left;
}

static void put_event(Poll *p, const Subscription *s, WasiErrno err, u64 bytes, u32 flags)
{
    u8 *at = p->out + (size_t)p->events++ * EVENT_SIZE;
    memset(at, 0, EVENT_SIZE);
    put_u64(at, s->userdata);
    put_u16(at + 8, err);
    at[10] = s->type;
    put_u64(at + 16, bytes);
    put_u16(at + 24, flags);
}

// How much could be moved now. For writing nobody knows; that something can is all that is said.
static u64 bytes_ready(const Subscription *s)
{
    u64 bytes = 1, position;
    FileStat stat;
    if (s->type == EVENT_fd_write) return bytes;
    if (s->poll != NO_POLL) return file_available(s->fd->file, &bytes) ? 1 : bytes;
    if (file_stat(s->fd->file, &stat) || file_seek(s->fd->file, 0, SEEK_from_here, &position))
        return bytes;
    return stat.size > position ? stat.size - position : 0;
}

static void report_piece(Poll *p)
{
    for (u32 i = 0; i < p->sub_count; i++) {
        const Subscription *s = &p->subs[i];
        u8 got = s->poll == NO_POLL ? 0 : p->polls[s->poll].got;
        if (s->err)
            put_event(p, s, s->err, 0, 0);
        else if (s->type == EVENT_clock && clock_left(p, s) == 0)
            put_event(p, s, WASI_E_success, 0, 0);
        else if (got & POLL_invalid)
            put_event(p, s, WASI_E_badf, 0, 0);
        else if (got || (s->type != EVENT_clock && s->poll == NO_POLL))
            put_event(p, s, WASI_E_success, bytes_ready(s), got & POLL_hangup ? EVENTRW_hangup : 0);
    }
}

// Where clocks are fixed nobody waits for them alone; and who was set aside has waited.
static bool time_passes(const Poll *p)
{
    const WasiWait *before = p->ctx->before;
    if (!p->ctx->world->fixed) return false;
    return !p->poll_count || (before && plat_clock_now(CLOCK_monotonic) >= before->deadline);
}

// One look at every subscription. A single piece waits for its events, at most `patience`.
static WasiErrno poll_round(Poll *p, s64 patience)
{
    bool single = p->count <= FILE_POLLS, fixed = p->ctx->world->fixed;
    p->files = false;
    p->least = INT64_MAX;
    for (u32 first = 0; first < p->count; first += FILE_POLLS) {
        u32 ready;
        read_piece(p, first);
        if (!p->paid) p->ctx->owed += (u64)p->sub_count * PRICE_event;
        WasiErrno stop = ctx_ask(p->ctx);
        if (stop) return stop;
        s64 left = single || fixed ? piece_left(p) : 0, wait = single ? MIN(patience, left) : 0;
        p->files |= p->poll_count != 0;
        p->least = MIN(p->least, left);
        bool passes = single && time_passes(p) && left != INT64_MAX;
        if (passes) wait = 0;
        // Without files the host's poll is a sleep.
        int err = file_poll(p->polls, p->poll_count, wait == INT64_MAX ? -1 : wait, &ready);
        if (err) return errno_of_host(err);
        if (!ready && wait != INT64_MAX) ctx_pass_time(p->ctx, (u64)(passes ? left : wait));
        report_piece(p);
    }
    p->paid = true;
    return WASI_E_success;
}

// What the one piece that there is waits for, to be looked at once more.
static WasiErrno set_aside(const Poll *p)
{
    u64 now = plat_clock_now(CLOCK_monotonic);
    s64 left = piece_left(p); // looked at later: so the deadline is no later than it is
    u64 deadline = left == INT64_MAX ? UINT64_MAX : now + (u64)left;
    WasiErrno err = ctx_wait_for(p->ctx, p->start, deadline, p->poll_count);
    for (u32 i = 0; err == WASI_E_waits && i < p->sub_count; i++) {
        const Subscription *s = &p->subs[i];
        if (s->poll != NO_POLL)
            ctx_wait_file(p->ctx, s->poll, s->fd, s->number, s->type == EVENT_fd_write);
    }
    return err;
}

static WasiErrno poll_until(Poll *p)
{
    const bool waits = p->ctx->sets_aside && p->count <= FILE_POLLS;
    const s64 patience = waits ? 0 : ctx_patience(p->ctx);
    for (;;) {
        u32 none;
        WasiErrno err = poll_round(p, patience < 0 ? INT64_MAX : patience);
        if (err || p->events) return err;
        if (waits) return set_aside(p);
        if (p->count > FILE_POLLS) {
            bool passes = p->ctx->world->fixed && !p->files && p->least != INT64_MAX;
            if (!passes) err = errno_of_host(file_poll(NULL, 0, ROUND_SLEEP, &none));
            ctx_pass_time(p->ctx, passes ? (u64)p->least : ROUND_SLEEP);
        }
        if (err) return err;
    }
}

// args: subscriptions, events, count, result
static WasiErrno poll_oneoff(WasiCtx *ctx, GuestMemory mem, const u64 *args, bool elder)
{
    Poll p;
    p.ctx = ctx;
    p.elder = elder;
    p.count = (u32)args[2];
    p.events = 0;
    p.paid = false;
    p.read = false;
    p.sub_count = 0;
    p.start = ctx->before ? ctx->before->start : ctx_now(ctx, CLOCK_monotonic);
    if (!p.count) return WASI_E_inval;
    p.in = guest_from(mem, (u32)args[0], p.count, elder ? SUBSCRIPTION0_SIZE : SUBSCRIPTION_SIZE);
    p.out = guest_at(mem, (u32)args[1], p.count, EVENT_SIZE);
    u8 *result = guest_at(mem, (u32)args[3], 1, 4);
    if (!p.in || !p.out || !result) return WASI_E_fault;
    WasiErrno err = poll_until(&p);
    let_go(&p);
    if (!err) put_u32(result, p.events);
    return err;
}

WasiErrno wasi_poll_oneoff(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return poll_oneoff(ctx, mem, args, false);
}

WasiErrno wasi0_poll_oneoff(WasiCtx *ctx, GuestMemory mem, const u64 *args)
{
    return poll_oneoff(ctx, mem, args, true);
}
