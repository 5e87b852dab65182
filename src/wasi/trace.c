// trace.c -- calls as lines that a person or a program can read.
//
//     path_open(fd 3, lookup symlink_follow, path "a/b", ...) = success, opened 4
//     {"thread":0,"call":"path_open","fd":3,...,"errno":"success","opened":4}
//
// What is asked is written before the call, since it may change it; what came of it after. The
// words of a function's row say what its parameters are. A line has a fixed size: what is long is
// cut, and nothing a guest passes makes it longer. Bytes of the guest's are quoted so that neither
// a terminal obeys them nor JSON ends early.

#include "base/utf8.h"
#include "wasi/ctx.h"

#include <stdarg.h>
#include <stdio.h>

enum {
    BYTES_SHOWN = 64, // of what is read and written
    ITEMS_SHOWN = 8,  // iovecs, subscriptions
    SOME = 12,        // rights; of more, those are told that are missing
    TAIL = 200,       // of the line is for its end, so that one that is cut still says what came
};

// ---- Names of numbers

typedef struct { u64 value; const char *name; } Name;

static const Name rights_names[] = {
#define R(name) {RIGHT_##name, #name},
    R(fd_datasync) R(fd_read) R(fd_seek) R(fd_fdstat_set_flags) R(fd_sync) R(fd_tell) R(fd_write)
    R(fd_advise) R(fd_allocate) R(path_create_directory) R(path_create_file) R(path_link_source)
    R(path_link_target) R(path_open) R(fd_readdir) R(path_readlink) R(path_rename_source)
    R(path_rename_target) R(path_filestat_get) R(path_filestat_set_size)
    R(path_filestat_set_times) R(fd_filestat_get) R(fd_filestat_set_size)
    R(fd_filestat_set_times) R(path_symlink) R(path_remove_directory) R(path_unlink_file)
    R(poll_fd_readwrite) R(sock_shutdown) R(sock_accept)
#undef R
    {0}};
static const u64 RIGHTS = 2 * (u64)RIGHT_sock_accept - 1;
static const Name lookup_names[] = {{LOOKUP_symlink_follow, "symlink_follow"}, {0}};
static const Name oflags_names[] = {{OFLAG_creat, "creat"}, {OFLAG_directory, "directory"},
                                    {OFLAG_excl, "excl"}, {OFLAG_trunc, "trunc"}, {0}};
static const Name fdflags_names[] = {{FDFLAG_append, "append"}, {FDFLAG_dsync, "dsync"},
                                     {FDFLAG_nonblock, "nonblock"}, {FDFLAG_rsync, "rsync"},
                                     {FDFLAG_sync, "sync"}, {0}};
static const Name fstflags_names[] = {{FST_atim, "atim"}, {FST_atim_now, "atim_now"},
                                      {FST_mtim, "mtim"}, {FST_mtim_now, "mtim_now"}, {0}};
static const Name riflags_names[] = {{RIFLAG_peek, "peek"}, {RIFLAG_waitall, "waitall"}, {0}};
static const Name roflags_names[] = {{ROFLAG_truncated, "truncated"}, {0}};
static const Name sdflags_names[] = {{SDFLAG_rd, "rd"}, {SDFLAG_wr, "wr"}, {0}};

static const char *const clock_names[] = {"realtime", "monotonic", "process_cputime",
                                          "thread_cputime"};
static const char *const whence_names[] = {"set", "cur", "end"}, *const whence0_names[] = {
    "cur", "end", "set"};
static const char *const advice_names[] = {"normal", "sequential", "random", "willneed",
                                           "dontneed", "noreuse"};
static const char *const event_names[] = {"clock", "fd_read", "fd_write"};
static const char *const filetype_names[] = {
    "unknown", "block_device", "character_device", "directory", "regular_file", "socket_dgram",
    "socket_stream", "symbolic_link"};
static const char *const signal_names[] = {
    "none", "hup", "int", "quit", "ill", "trap", "abrt", "bus", "fpe", "kill", "usr1", "segv",
    "usr2", "pipe", "alrm", "term", "chld", "cont", "stop", "tstp", "ttin", "ttou", "urg", "xcpu",
    "xfsz", "vtalrm", "prof", "winch", "poll", "pwr", "sys"};

static const char *errno_name(WasiErrno err)
{
    static const char *const names[] = {
#define ERRNO(name, number) [number] = #name,
#include "wasi/errno.def"
    };
    return err < COUNT_OF(names)        ? names[err]
           : err == WASI_E_exits        ? "exits"
           : err == WASI_E_interrupted  ? "interrupted"
                                        : "?";
}

// ---- Writing

static void add(TraceLine *l, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void add(TraceLine *l, const char *fmt, ...)
{
    va_list args;
    size_t room = sizeof l->text - l->len;
    va_start(args, fmt);
    int n = vsnprintf(l->text + l->len, room, fmt, args);
    va_end(args);
    if (n > 0) l->len += MIN((size_t)n, room - 1);
}

// Is there room for more of what is asked?
static bool has_room(const TraceLine *l, size_t more) { return l->len + more + TAIL < TRACE_LINE; }

static void add_byte(TraceLine *l, u32 byte)
{
    if (byte == '"' || byte == '\\') add(l, "\\%c", (char)byte);
    else if (byte == '\n') add(l, "\\n");
    else if (byte >= ' ' && byte < 0x7f) add(l, "%c", (char)byte);
    else if (l->json) add(l, "\\u%04x", byte);
    else add(l, "\\x%02x", byte);
}

// Bytes as text, `most` at most: were that all? In JSON, what is UTF-8 stays, and of others each
// byte is a character. They are copied first, since another thread may change them meanwhile.
static bool add_bytes(TraceLine *l, const u8 *data, size_t len, size_t most)
{
    u8 copy[TRACE_LINE];
    size_t size = MIN(MIN(len, most), sizeof copy), i = 0;
    for (size_t k = 0; k < size; k++) copy[k] = (u8)get_u8(data + k);
    while (i < size && has_room(l, 16)) {
        u32 scalar = 0, n = l->json ? utf8_decode(copy + i, size - i, &scalar) : 1;
        if (n > 1 && scalar >= 0xa0) add(l, "%.*s", (int)n, (const char *)copy + i);
        else add_byte(l, copy[i]);
        i += n > 1 && scalar >= 0xa0 ? n : 1;
    }
    return i == len;
}

static void begin_word(TraceLine *l, const char *name, size_t len)
{
    bool first = l->text[l->len - 1] == '(';
    if (l->json) add(l, ",\"%.*s\":", (int)len, name);
    else add(l, "%s%.*s ", first ? "" : ", ", (int)len, name);
}

static void add_name(TraceLine *l, const char *const *names, size_t count, u64 value)
{
    const char *quote = l->json ? "\"" : "";
    if (value < count) add(l, "%s%s%s", quote, names[value], quote);
    else add(l, "%llu", (unsigned long long)value);
}
#define ADD_NAME(L, NAMES, VALUE) add_name(L, NAMES, COUNT_OF(NAMES), VALUE)

static void add_flags(TraceLine *l, const Name *names, u64 value)
{
    const char *quote = l->json ? "\"" : "", *between = "";
    u64 known = 0;
    if (!value) {
        add(l, "0");
        return;
    }
    if (!l->json && names == rights_names && __builtin_popcountll(value & RIGHTS) > SOME) {
        add(l, "~"); // all but these
        value = (value & ~RIGHTS) | (~value & RIGHTS);
    }
    add(l, "%s", quote);
    for (; names->name; names++) {
        if (!(value & names->value)) continue;
        if (!has_room(l, 40)) continue;
        known |= names->value;
        add(l, "%s%s", between, names->name);
        between = "|";
    }
    if (value & ~known) add(l, "%s0x%llx", between, (unsigned long long)(value & ~known));
    add(l, "%s", quote);
}

static void add_text(TraceLine *l, u32 at, u32 len, size_t most)
{
    const u8 *data = guest_from(l->mem, at, len, 1);
    if (!data) {
        add(l, l->json ? "{\"at\":%u,\"len\":%u}" : "0x%x+%u", at, len);
        return;
    }
    add(l, "\"");
    bool all = add_bytes(l, data, len, most);
    add(l, "\"%s", !all && !l->json ? "..." : "");
}

// What stands in the iovecs, `bytes` of it at most.
static void add_spans(TraceLine *l, u32 at, u32 count, u64 bytes)
{
    const u8 *items = guest_from(l->mem, at, count, IOVEC_SIZE);
    if (!items) {
        add(l, l->json ? "{\"at\":%u,\"count\":%u}" : "0x%x*%u", at, count);
        return;
    }
    u64 shown = 0;
    bool all = true;
    u32 i = 0;
    add(l, "\"");
    for (; i < count && i < ITEMS_SHOWN && shown < bytes && all; i++) {
        u32 data = get_u32(items + 8 * (size_t)i), len = get_u32(items + 8 * (size_t)i + 4);
        const u8 *from = guest_from(l->mem, data, len, 1);
        u64 part = MIN(len, bytes - shown);
        all = from && add_bytes(l, from, (size_t)part, (size_t)(BYTES_SHOWN - shown));
        shown += part;
    }
    add(l, "\"%s", !l->json && (!all || (i < count && shown < bytes)) ? "..." : "");
}

static void add_subscriptions(TraceLine *l, u32 at, u32 count)
{
    bool elder = l->func->elder;
    u32 size = elder ? SUBSCRIPTION0_SIZE : SUBSCRIPTION_SIZE;
    const u8 *items = guest_from(l->mem, at, count, size);
    add(l, "[");
    for (u32 i = 0; items && i < count && i < ITEMS_SHOWN && has_room(l, 80); i++) {
        const u8 *s = items + (size_t)i * size, *clock = s + (elder ? 24 : 16);
        u32 type = get_u8(s + 8);
        add(l, "%s%s", i ? ", " : "", l->json ? "{\"type\":" : "");
        ADD_NAME(l, event_names, type);
        if (type != EVENT_clock) {
            add(l, l->json ? ",\"fd\":%u" : " %u", get_u32(s + 16));
        } else {
            bool absolute = get_u16(clock + 24) & SUBCLOCK_abstime;
            add(l, l->json ? ",\"clock\":" : " ");
            ADD_NAME(l, clock_names, get_u32(clock));
            add(l, l->json ? ",\"%s\":%llu" : " %s %llu", absolute ? "until" : "for",
                (unsigned long long)get_u64(clock + 8));
        }
        if (l->json) add(l, "}");
    }
    add(l, "]%s", count > ITEMS_SHOWN && !l->json ? "..." : "");
}

// ---- The words of a row

typedef struct {
    const char *name, *kind;
    int name_len, kind_len;
    bool result;
} Word;

static bool next_word(const char **at, Word *w)
{
    *at += strspn(*at, " ");
    if (!**at) return false;
    w->result = **at == '>';
    *at += w->result;
    w->name = *at;
    w->name_len = (int)strcspn(*at, ":");
    w->kind = *at + w->name_len + 1;
    w->kind_len = (int)strcspn(w->kind, " ");
    *at = w->kind + w->kind_len;
    return true;
}

static bool is_kind(const Word *w, const char *kind)
{
    return (int)strlen(kind) == w->kind_len && !memcmp(w->kind, kind, strlen(kind));
}

static bool is_pair(const Word *w)
{
    return is_kind(w, "path") || is_kind(w, "text") || is_kind(w, "buf") || is_kind(w, "reads") ||
           is_kind(w, "writes");
}

static const Name *flags_of(const Word *w)
{
    static const struct { const char *kind; const Name *names; } all[] = {
        {"rights", rights_names},     {"lookup", lookup_names},   {"oflags", oflags_names},
        {"fdflags", fdflags_names},   {"fstflags", fstflags_names}, {"riflags", riflags_names},
        {"roflags", roflags_names},   {"sdflags", sdflags_names},
    };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (is_kind(w, all[i].kind)) return all[i].names;
    return NULL;
}

static void add_number(TraceLine *l, const Word *w, u64 value)
{
    const Name *flags = flags_of(w);
    if (flags) add_flags(l, flags, value);
    else if (is_kind(w, "clock")) ADD_NAME(l, clock_names, (u32)value);
    else if (is_kind(w, "advice")) ADD_NAME(l, advice_names, (u32)value);
    else if (is_kind(w, "signal")) ADD_NAME(l, signal_names, (u32)value);
    else if (is_kind(w, "whence") && l->func->elder) ADD_NAME(l, whence0_names, (u32)value);
    else if (is_kind(w, "whence")) ADD_NAME(l, whence_names, (u32)value);
    else if (is_kind(w, "ptr")) add(l, l->json ? "%u" : "0x%x", (u32)value);
    else if (is_kind(w, "s64")) add(l, "%lld", (long long)value);
    else if (is_kind(w, "n64")) add(l, "%llu", (unsigned long long)value);
    else add(l, "%u", (u32)value);
}

static void add_asked(TraceLine *l, const Word *w, const u64 *args)
{
    // Of what is to be filled its size is asked; what it was filled with stands behind.
    begin_word(l, w->name, (size_t)w->name_len);
    if (is_kind(w, "path")) add_text(l, (u32)args[0], (u32)args[1], BENEATH_PATH_MAX);
    else if (is_kind(w, "writes")) add_spans(l, (u32)args[0], (u32)args[1], UINT64_MAX);
    else if (is_kind(w, "subs")) add_subscriptions(l, (u32)args[0], (u32)args[2]);
    else if (is_pair(w)) add(l, "%u", (u32)args[1]);
    else add_number(l, w, args[0]);
}

static void add_stat(TraceLine *l, const u8 *at, size_t size_at)
{
    add(l, l->json ? "{\"kind\":" : "");
    ADD_NAME(l, filetype_names, at[16]);
    add(l, l->json ? ",\"size\":%llu}" : " of %llu", (unsigned long long)get_u64(at + size_at));
}

static void add_result(TraceLine *l, const Word *w, u32 at)
{
    static const struct { const char *kind; u32 size; } sizes[] = {
        {"u32", 4}, {"fd", 4}, {"u64", 8}, {"roflags", 2}, {"prestat", PRESTAT_SIZE},
        {"fdstat", FDSTAT_SIZE}, {"filestat", FILESTAT0_SIZE},
    };
    const u8 *from = NULL;
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        if (is_kind(w, sizes[i].kind)) from = guest_from(l->mem, at, 1, sizes[i].size);
    if (!from) return;
    begin_word(l, w->name, (size_t)w->name_len);
    if (is_kind(w, "u64")) add(l, "%llu", (unsigned long long)get_u64(from));
    else if (is_kind(w, "roflags")) add_flags(l, roflags_names, get_u16(from));
    else if (is_kind(w, "prestat")) add(l, "%u", get_u32(from + 4));
    else if (is_kind(w, "filestat")) add_stat(l, from, l->func->elder ? 24 : 32);
    else if (is_kind(w, "fdstat")) {
        add(l, l->json ? "{\"kind\":" : "");
        ADD_NAME(l, filetype_names, from[0]);
        add(l, l->json ? ",\"flags\":" : " ");
        add_flags(l, fdflags_names, get_u16(from + 2));
        add(l, l->json ? ",\"rights\":" : " ");
        add_flags(l, rights_names, get_u64(from + 8));
        if (l->json) add(l, "}");
    } else add(l, "%u", get_u32(from));
}

// ---- A call

void trace_begin(TraceLine *l, WasiCtx *ctx, const WasiFunc *func, GuestMemory mem,
                 const u64 *args)
{
    Word w;
    l->func = func;
    l->args = args;
    l->mem = mem;
    l->json = ctx->world->trace_json;
    l->len = 0;
    if (l->json) add(l, "{\"thread\":%u,\"call\":\"%s\"", ctx->number, func->name);
    else if (ctx->number) add(l, "[%u] %s(", ctx->number, func->name);
    else add(l, "%s(", func->name);
    u32 i = 0;
    for (const char *at = func->words; next_word(&at, &w); i += is_pair(&w) ? 2 : 1)
        if (!w.result && has_room(l, 60)) add_asked(l, &w, args + i);
    add(l, l->json ? "" : ")");
}

// How much a buffer was filled with: the number behind it, if there is one.
static u32 filled(const TraceLine *l, u32 i, const char *at)
{
    Word w;
    u32 room = (u32)l->args[i + 1];
    for (i += 2; next_word(&at, &w); i += is_pair(&w) ? 2 : 1) {
        const u8 *from = guest_from(l->mem, (u32)l->args[i], 1, 4);
        if (w.result && is_kind(&w, "u32") && from) return get_u32(from);
    }
    return room;
}

void trace_end(TraceLine *l, WasiCtx *ctx, WasiErrno err)
{
    const WasiWorld *world = ctx->world;
    Word w;
    u32 i = 0;
    if (l->json) add(l, ",\"errno\":\"%s\"", errno_name(err));
    else add(l, " = %s", errno_name(err));
    for (const char *at = l->func->words; !err && next_word(&at, &w); i += is_pair(&w) ? 2 : 1) {
        u32 here = (u32)l->args[i];
        bool text = is_kind(&w, "text"), reads = is_kind(&w, "reads");
        if (w.result) add_result(l, &w, here);
        if (!text && !reads) continue;
        if (l->json) add(l, ",\"%.*s_got\":", w.name_len, w.name);
        else add(l, ", ");
        if (text) add_text(l, here, filled(l, i, at), BYTES_SHOWN);
        else add_spans(l, here, (u32)l->args[i + 1], filled(l, i, at));
    }
    if (l->json) add(l, "}");
    world->trace(world->trace_env, l->text, l->len);
}
