// direct.c -- what the adapter of preview 1 does not reach of WASI 0.2, called as the canonical ABI
// has it. Exit status 0, or the line that is wrong goes to standard error. See ../wasi2.py.

#include <stddef.h>
#include <stdint.h>

#define V "@0.2.12"
#define IMPORT(module, name) __attribute__((import_module("wasi:" module V), import_name(name)))
typedef uint8_t Out[24];

IMPORT("cli/exit", "exit-with-code") void exit_with_code(int);
IMPORT("cli/stdin", "get-stdin") int get_stdin(void);
IMPORT("cli/stdout", "get-stdout") int get_stdout(void);
IMPORT("cli/stderr", "get-stderr") int get_stderr(void);
IMPORT("cli/environment", "get-arguments") void get_arguments(Out);
IMPORT("cli/environment", "get-environment") void get_environment(Out);
IMPORT("cli/environment", "initial-cwd") void initial_cwd(Out);
IMPORT("cli/terminal-stdin", "get-terminal-stdin") void get_terminal_stdin(Out);
IMPORT("io/streams", "[method]input-stream.read") void read_(int, uint64_t, Out);
IMPORT("io/streams", "[method]input-stream.blocking-read") void blocking_read(int, uint64_t, Out);
IMPORT("io/streams", "[method]input-stream.skip") void skip(int, uint64_t, Out);
IMPORT("io/streams", "[method]input-stream.blocking-skip") void blocking_skip(int, uint64_t, Out);
IMPORT("io/streams", "[method]input-stream.subscribe") int subscribe_in(int);
IMPORT("io/streams", "[method]output-stream.check-write") void check_write(int, Out);
IMPORT("io/streams", "[method]output-stream.write") void write_(int, const void *, size_t, Out);
IMPORT("io/streams", "[method]output-stream.blocking-write-and-flush")
void put(int, const void *, size_t, Out);
IMPORT("io/streams", "[method]output-stream.flush") void flush(int, Out);
IMPORT("io/streams", "[method]output-stream.write-zeroes") void write_zeroes(int, uint64_t, Out);
IMPORT("io/streams", "[method]output-stream.splice") void splice(int, int, uint64_t, Out);
IMPORT("io/streams", "[method]output-stream.subscribe") int subscribe_out(int);
IMPORT("io/streams", "[resource-drop]input-stream") void drop_in(int);
IMPORT("io/streams", "[resource-drop]output-stream") void drop_out(int);
IMPORT("io/error", "[method]error.to-debug-string") void debug_string(int, Out);
IMPORT("io/poll", "poll") void poll(const int *, size_t, Out);
IMPORT("io/poll", "[method]pollable.ready") int ready(int);
IMPORT("io/poll", "[method]pollable.block") void block(int);
IMPORT("io/poll", "[resource-drop]pollable") void drop_pollable(int);
IMPORT("clocks/monotonic-clock", "now") uint64_t now(void);
IMPORT("clocks/monotonic-clock", "subscribe-duration") int subscribe_duration(uint64_t);
IMPORT("clocks/monotonic-clock", "subscribe-instant") int subscribe_instant(uint64_t);
IMPORT("clocks/wall-clock", "now") void wall_now(Out);
IMPORT("clocks/wall-clock", "resolution") void wall_resolution(Out);
IMPORT("clocks/monotonic-clock", "resolution") uint64_t resolution(void);
IMPORT("clocks/timezone", "display") void timezone_display(uint64_t, int, Out);
IMPORT("clocks/timezone", "utc-offset") int utc_offset(uint64_t, int);
IMPORT("random/random", "get-random-bytes") void random_bytes(uint64_t, Out);
IMPORT("random/random", "get-random-u64") uint64_t random_u64(void);
IMPORT("random/insecure-seed", "insecure-seed") void insecure_seed(Out);
IMPORT("filesystem/preopens", "get-directories") void get_directories(Out);
#define METHOD(name) IMPORT("filesystem/types", "[method]descriptor." name)
METHOD("open-at") void open_at(int, int, const char *, size_t, int, int, Out);
METHOD("read-via-stream") void read_via_stream(int, uint64_t, Out);
METHOD("write-via-stream") void write_via_stream(int, uint64_t, Out);
METHOD("append-via-stream") void append_via_stream(int, Out);
METHOD("read") void read_at(int, uint64_t, uint64_t, Out);
METHOD("write") void write_at(int, const void *, size_t, uint64_t, Out);
METHOD("read-directory") void read_directory(int, Out);
METHOD("is-same-object") int is_same_object(int, int);
METHOD("get-flags") void get_flags(int, Out);
METHOD("get-type") void get_type(int, Out);
METHOD("create-directory-at") void create_directory_at(int, const char *, size_t, Out);
METHOD("remove-directory-at") void remove_directory_at(int, const char *, size_t, Out);
METHOD("unlink-file-at") void unlink_file_at(int, const char *, size_t, Out);
METHOD("readlink-at") void readlink_at(int, const char *, size_t, Out);
METHOD("stat-at") void stat_at(int, int, const char *, size_t, uint8_t[112]);
METHOD("metadata-hash-at") void metadata_hash_at(int, int, const char *, size_t, Out);
METHOD("symlink-at") void symlink_at(int, const char *, size_t, const char *, size_t, Out);
METHOD("link-at")
void link_at(int, int, const char *, size_t, int, const char *, size_t, Out);
METHOD("rename-at") void rename_at(int, const char *, size_t, int, const char *, size_t, Out);
METHOD("set-times-at")
void set_times_at(int, int, const char *, size_t, int, uint64_t, int, int, uint64_t, int, Out);
IMPORT("filesystem/types", "[resource-drop]descriptor") void drop_descriptor(int);
IMPORT("filesystem/types", "[method]directory-entry-stream.read-directory-entry")
void read_entry(int, Out);
IMPORT("filesystem/types", "[resource-drop]directory-entry-stream") void drop_entries(int);
IMPORT("filesystem/types", "filesystem-error-code") void filesystem_error_code(int, Out);
IMPORT("sockets/tcp-create-socket", "create-tcp-socket") void create_tcp(int, Out);
#define TCP(name) IMPORT("sockets/tcp", "[method]tcp-socket." name)
#define ADDRESS int, int, int, int, int, int, int, int, int, int, int, int
TCP("start-bind") void start_bind(int, int, ADDRESS, Out);
TCP("start-connect") void start_connect(int, int, ADDRESS, Out);
TCP("finish-bind") void finish_bind(int, Out);
TCP("finish-connect") void finish_connect(int, Out);
TCP("start-listen") void start_listen(int, Out);
TCP("finish-listen") void finish_listen(int, Out);
TCP("accept") void accept_(int, Out);
TCP("local-address") void local_address(int, uint8_t[36]);
TCP("remote-address") void remote_address(int, uint8_t[36]);
TCP("is-listening") int is_listening(int);
TCP("address-family") int address_family(int);
TCP("hop-limit") void hop_limit(int, Out);
TCP("subscribe") int subscribe_socket(int);
TCP("shutdown") void shutdown_(int, int, Out);
IMPORT("sockets/tcp", "[resource-drop]tcp-socket") void drop_socket(int);
IMPORT("sockets/udp-create-socket", "create-udp-socket") void create_udp(int, Out);
IMPORT("sockets/instance-network", "instance-network") int instance_network(void);
IMPORT("sockets/ip-name-lookup", "resolve-addresses")
void resolve(int, const char *, size_t, Out);

static uint8_t heap[4 << 20] __attribute__((aligned(16)));
static size_t used;

__attribute__((export_name("cabi_realloc")))
void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size)
{
    used = (used + align - 1) / align * align;
    void *at = heap + used;
    used += size;
    return used <= sizeof heap ? at : 0;
}

static Out out;
#define U8(at) (out[at])
#define U32(at) (*(uint32_t *)(out + (at)))
#define U64(at) (*(uint64_t *)(out + (at)))

static void fail(int line)
{
    char text[] = "direct.c:0000\n";
    for (int i = 12; line; line /= 10) text[i--] = (char)('0' + line % 10);
    put(get_stderr(), text, sizeof text - 1, out);
    exit_with_code(1);
}
#define CHECK(holds) ((holds) ? (void)0 : fail(__LINE__))

static int same(uint32_t at, const char *text, size_t len)
{
    const char *bytes = (const char *)(uintptr_t)at;
    while (len && *bytes == *text) bytes++, text++, len--;
    return !len;
}

static void program(void)
{
    get_arguments(out);
    CHECK(U32(4) == 3); // with the name
    uint32_t *arg = (uint32_t *)(uintptr_t)U32(0);
    CHECK(arg[3] == 3 && same(arg[2], "one", 3) && arg[5] == 0);
    get_environment(out);
    CHECK(U32(4) == 1);
    arg = (uint32_t *)(uintptr_t)U32(0);
    CHECK(arg[1] == 1 && same(arg[0], "K", 1) && arg[3] == 3 && same(arg[2], "a=b", 3));
    initial_cwd(out);
    CHECK(U8(0) == 0);
    get_terminal_stdin(out);
    CHECK(U8(0) == 0);
    random_bytes(100000, out);
    CHECK(U32(4) == 100000);
    random_bytes(0, out);
    CHECK(U32(4) == 0);
    CHECK(random_u64() != random_u64());
    insecure_seed(out);
    CHECK(U64(0) != U64(8));
    wall_now(out);
    CHECK(U64(0) > 900000000 && U32(8) < 1000000000);
    wall_resolution(out);
    CHECK(resolution() && (U64(0) || U32(8)));
    timezone_display(0, 0, out);
    CHECK(U32(0) == 0 && U32(8) == 3 && same(U32(4), "UTC", 3) && !U8(12) && !utc_offset(0, 0));
}

static void waiting(void)
{
    uint64_t begin = now();
    int soon = subscribe_duration(20 * 1000 * 1000), past = subscribe_instant(1);
    int never = subscribe_instant(UINT64_MAX), in = get_stdin(), out_ = get_stdout();
    CHECK(ready(past) && !ready(never) && !ready(soon));
    int three[] = {never, soon, never};
    poll(three, 3, out);
    CHECK(U32(4) == 1 && *(uint32_t *)(uintptr_t)U32(0) == 1);
    CHECK(now() - begin >= 20 * 1000 * 1000 && ready(soon));
    block(past);
    int both[] = {past, never, past, subscribe_in(in), subscribe_out(out_)};
    poll(both, 5, out);
    uint32_t *which = (uint32_t *)(uintptr_t)U32(0);
    CHECK(U32(4) == 4 && which[0] == 0 && which[1] == 2 && which[2] == 3 && which[3] == 4);
    for (int i = 0; i < 20000; i++) drop_pollable(subscribe_duration(1)); // what is dropped is free
    drop_in(in); // before what waits for it
    CHECK(ready(both[3]));
    drop_pollable(both[3]);
    drop_out(out_);
}

// Standard input is a pipe with "0123456789", and its end.
static void standard_streams(void)
{
    int in = get_stdin(), to = get_stdout();
    blocking_read(in, 0, out);
    CHECK(U8(0) == 0 && U32(8) == 0);
    blocking_skip(in, 2, out);
    CHECK(U8(0) == 0 && U64(8) == 2);
    blocking_read(in, 3, out);
    CHECK(U8(0) == 0 && U32(8) == 3 && same(U32(4), "234", 3));
    check_write(to, out);
    CHECK(U8(0) == 0 && U64(8) >= 4);
    splice(to, in, 4, out);
    CHECK(U8(0) == 0 && U64(8) == 4);
    check_write(to, out);
    write_(to, "!", 1, out);
    CHECK(U8(0) == 0);
    write_zeroes(to, 2, out);
    CHECK(U8(0) == 0);
    flush(to, out);
    CHECK(U8(0) == 0);
    read_(in, UINT64_MAX, out);
    CHECK(U8(0) == 0 && U32(8) == 1 && same(U32(4), "9", 1));
    blocking_read(in, 1, out);
    CHECK(U8(0) == 1 && U8(4) == 1); // closed
    skip(in, 1, out);
    CHECK(U8(0) == 1 && U8(8) == 1);
    drop_in(in);
    drop_out(to);
}

enum { CREATE = 1, DIRECTORY = 2, EXCLUSIVE = 4, READ = 1, WRITE = 2, MUTATE = 32 };

static int opens(int at, const char *name, size_t len, int how, int flags)
{
    open_at(at, 1, name, len, how, flags, out);
    CHECK(U8(0) == 0);
    return (int)U32(4);
}

static void files(void)
{
    get_directories(out);
    CHECK(U32(4) == 2);
    uint32_t *dirs = (uint32_t *)(uintptr_t)U32(0);
    int root = (int)dirs[0], fixed = (int)dirs[3];
    CHECK(dirs[2] == 1 && same(dirs[1], "/", 1) && dirs[5] == 6 && same(dirs[4], "/fixed", 6));
    int file = opens(root, "f", 1, CREATE | EXCLUSIVE, READ | WRITE);
    write_at(file, "abcdef", 6, 0, out);
    CHECK(U8(0) == 0 && U64(8) == 6);
    write_via_stream(file, 3, out);
    CHECK(U8(0) == 0);
    int to = (int)U32(4);
    append_via_stream(file, out);
    CHECK(U8(0) == 0);
    int end = (int)U32(4);
    put(to, "DE", 2, out);
    put(to, "F", 1, out);
    put(end, "gh", 2, out);
    CHECK(U8(0) == 0);
    read_at(file, 100, 0, out);
    CHECK(U8(0) == 0 && U32(8) == 8 && U8(12) == 0 && same(U32(4), "abcDEFgh", 8));
    read_at(file, 100, 8, out);
    CHECK(U8(0) == 0 && U32(8) == 0 && U8(12) == 1);
    read_at(file, 100, UINT64_MAX, out);
    CHECK(U8(0) == 1 && U8(4) == 12); // invalid
    read_via_stream(file, 2, out);
    int from = (int)U32(4);
    drop_descriptor(file); // its streams stay
    blocking_read(from, 4, out);
    CHECK(U8(0) == 0 && U32(8) == 4 && same(U32(4), "cDEF", 4));
    check_write(end, out);
    splice(end, from, 100, out);
    CHECK(U8(0) == 0 && U64(8) == 2);
    drop_in(from);
    drop_out(to);
    drop_out(end);
    open_at(root, 0, "f", 1, CREATE | EXCLUSIVE, READ, out);
    CHECK(U8(0) == 1 && U8(4) == 7); // exist
    file = opens(root, "f", 1, 0, READ);
    read_at(file, 100, 6, out);
    CHECK(U32(8) == 4 && same(U32(4), "ghgh", 4));
    write_at(file, "x", 1, 0, out);
    CHECK(U8(0) == 1 && U8(8) == 3); // bad-descriptor
    write_via_stream(file, 0, out);
    CHECK(U8(0) == 1 && U8(4) == 3);
    get_flags(file, out);
    CHECK(U8(0) == 0 && U8(1) == READ);
    int again = opens(root, "f", 1, 0, READ);
    CHECK(is_same_object(file, again) && !is_same_object(file, root));
    get_type(root, out);
    CHECK(U8(0) == 0 && U8(1) == 3);
    open_at(root, 1, "../f", 4, 0, READ, out);
    CHECK(U8(0) == 1 && U8(4) == 31); // not-permitted
    open_at(root, 1, "/f", 2, 0, READ, out);
    CHECK(U8(0) == 1 && U8(4) == 31);
    open_at(fixed, 1, "g", 1, CREATE, WRITE, out);
    CHECK(U8(0) == 1 && U8(4) == 31);
    open_at(fixed, 1, ".", 1, DIRECTORY, MUTATE, out);
    CHECK(U8(0) == 1 && U8(4) == 33); // read-only
}

// 300 files were made beforehand: f0 and so on.
static void directories(void)
{
    get_directories(out);
    int fixed = (int)((uint32_t *)(uintptr_t)U32(0))[3], other, entries;
    uint32_t count = 0, sum = 0;
    read_directory(fixed, out);
    CHECK(U8(0) == 0);
    entries = (int)U32(4);
    read_directory(fixed, out);
    other = (int)U32(4);
    for (;; count++) {
        if (count % 50 == 7) read_entry(other, out); // in between
        read_entry(entries, out);
        CHECK(U8(0) == 0);
        if (!U8(4)) break;
        CHECK(U8(8) == 6 && U32(16) <= 4 && same(U32(12), "f", 1));
        for (uint32_t i = 1; i < U32(16); i++) sum += ((uint8_t *)(uintptr_t)U32(12))[i];
    }
    CHECK(count == 300 && sum == 40920);
    drop_entries(entries);
    drop_entries(other);
}

static void sockets(void)
{
    create_tcp(0, out);
    CHECK(U8(0) == 1 && U8(4) == 1); // access-denied
    create_udp(1, out);
    CHECK(U8(0) == 1 && U8(4) == 1);
    resolve(instance_network(), "localhost", 9, out);
    CHECK(U8(0) == 1 && U8(4) == 1);
}

// ---- What is not to be done, or meets a limit: one, by an argument that is a letter

static int root(void)
{
    get_directories(out);
    return (int)*(uint32_t *)(uintptr_t)U32(0);
}

static void poll_nothing(void) { poll(0, 0, out); }
static void write_unasked(void)
{
    int to = get_stdout();
    check_write(to, out);
    write_(to, heap, U64(8) + 1, out);
}
static void write_much(void) { put(get_stdout(), heap, 4097, out); }
static void random_much(void) { random_bytes((1 << 20) + 1, out); }
static void take_handles(void)
{
    for (;;) subscribe_instant(1);
}
static void wait_for_days(void)
{
    block(subscribe_duration(1000 * 1000 * 1000000000ull));
}
static void random_for_ever(void)
{
    for (;; used = 0) random_bytes(1 << 20, out);
}

// Of 10,000 bytes.
static void print_without_end(void)
{
    int to = get_stdout();
    for (int i = 0; i < 100; i++) {
        put(to, heap, 1000, out);
        if (!U8(0)) continue;
        CHECK(i == 10 && U8(4) == 0);
        int error = (int)U32(8);
        debug_string(error, out);
        CHECK(U32(4) == 5 && same(U32(0), "nospc", 5));
        filesystem_error_code(error, out);
        CHECK(U8(0) == 1 && U8(1) == 23); // insufficient-space
        return;
    }
    fail(__LINE__);
}

// The same, one name of 512 included.
static void write_without_end(void)
{
    int file = opens(root(), "much", 4, CREATE, WRITE), i = 0;
    do write_at(file, heap, 1000, 1000 * (uint64_t)i++, out);
    while (!U8(0) && U64(8) == 1000);
    CHECK(i == 10 && !U8(0) && U64(8) == 488);
    write_at(file, heap, 1000, 9488, out);
    CHECK(U8(0) == 1 && U8(8) == 23);
}

// Of 16 numbers, the three and two directories among them.
static void open_without_end(void)
{
    int at = root(), files[20], count = 0;
    for (;; count++) {
        open_at(at, 1, "f", 1, CREATE, READ, out);
        if (U8(0)) break;
        files[count] = (int)U32(4);
    }
    CHECK(count == 11 && U8(4) == 22); // insufficient-memory
    while (count--) drop_descriptor(files[count]);
    for (int i = 0; i < 1000; i++) drop_descriptor(opens(at, "f", 1, 0, READ));
}

// `up` leads to the folder above, where `secret` and `folder` are, `abs` to all files, `to` to that
// first one.
static void escape(int from)
{
    static const char *const ways[] = {
        "../secret", "./../secret", "d/../../secret", "d//..//../secret", "up/secret", "to/secret",
        "d/../up/secret", "abs/etc/passwd", "/etc/passwd", "//etc/passwd", "up/../secret",
        "../folder/", "up/folder/", "d/../../folder", "abs/", "up/", "..", "../", "d/../..", ""};
    static uint8_t stat[112];
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const char *way = ways[i];
        size_t len = 0;
        while (way[len]) len++;
        for (int how = 0; how < 16; how++)
            for (int flags = 0; flags < 4; flags++)
                CHECK((open_at(from, 1, way, len, how, flags, out), U8(0)));
        CHECK((stat_at(from, 1, way, len, stat), stat[0]));
        CHECK((metadata_hash_at(from, 1, way, len, out), U8(0)));
        CHECK((create_directory_at(from, way, len, out), U8(0)));
        CHECK((remove_directory_at(from, way, len, out), U8(0)));
        CHECK((unlink_file_at(from, way, len, out), U8(0)));
        CHECK((readlink_at(from, way, len, out), U8(0)));
        CHECK((symlink_at(from, "x", 1, way, len, out), U8(0)));
        CHECK((link_at(from, 0, way, len, from, "got", 3, out), U8(0)));
        CHECK((link_at(from, 0, "f", 1, from, way, len, out), U8(0)));
        CHECK((rename_at(from, way, len, from, "got", 3, out), U8(0)));
        CHECK((rename_at(from, "f", 1, from, way, len, out), U8(0)));
        CHECK((set_times_at(from, 1, way, len, 1, 0, 0, 2, 0, 0, out), U8(0)));
    }
    CHECK((symlink_at(from, "/etc", 4, "got", 3, out), U8(0)));
}

static void escapes(void)
{
    escape(root());
    escape(opens(root(), "e", 1, DIRECTORY, READ | MUTATE)); // with the same in it
}

// ---- A listener that was handed over, at 127.0.0.1, at the port that a variable says

enum { DENIED = 1, UNSUPPORTED = 2, NOT_BEGUN = 7, WOULD_BLOCK, INVALID_STATE, IN_USE = 12 };

static int socket_new(void)
{
    create_tcp(0, out);
    CHECK(U8(0) == 0);
    return (int)U32(4);
}

static int bind_to(int s, int net, int port)
{
    start_bind(s, net, 0, port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, out);
    return U8(0) ? U8(1) : 0;
}

// "ping" is answered with "pong", and the end.
static void serve(int listener)
{
    static uint8_t name[36];
    while (accept_(listener, out), U8(0)) {
        CHECK(U8(4) == WOULD_BLOCK);
        int p = subscribe_socket(listener);
        block(p);
        drop_pollable(p);
    }
    int s = (int)U32(4), in = (int)U32(8), to = (int)U32(12);
    CHECK((remote_address(s, name), !name[0] && !name[4] && name[10] == 127));
    CHECK(!is_listening(s) && !address_family(s));
    blocking_read(in, 100, out);
    CHECK(U8(0) == 0 && U32(8) == 4 && same(U32(4), "ping", 4));
    put(to, "pong", 4, out);
    CHECK(U8(0) == 0);
    CHECK((shutdown_(s, 1, out), !U8(0)));
    drop_socket(s); // the streams stay
    CHECK((blocking_read(in, 1, out), U8(0) == 1 && U8(4) == 1));
    drop_in(in);
    drop_out(to);
}

static int port_said(void)
{
    int port = 0;
    get_environment(out);
    uint32_t *variable = (uint32_t *)(uintptr_t)U32(0);
    for (uint32_t i = 0; i < variable[3]; i++)
        port = port * 10 + ((const char *)(uintptr_t)variable[2])[i] - '0';
    return port;
}

static void listens(void)
{
    static uint8_t name[36];
    int port = port_said(), net = instance_network();
    int s = socket_new(), other = socket_new();
    CHECK((start_listen(s, out), U8(0) && U8(1) == INVALID_STATE));
    CHECK((finish_bind(s, out), U8(0) && U8(1) == NOT_BEGUN));
    CHECK((accept_(s, out), U8(0) && U8(4) == INVALID_STATE));
    CHECK(bind_to(s, net, port ^ 1) == DENIED);
    CHECK(bind_to(s, net, port) == 0 && bind_to(s, net, port) == INVALID_STATE);
    CHECK(bind_to(other, net, port) == IN_USE);
    CHECK((finish_bind(s, out), !U8(0)) && !is_listening(s));
    CHECK((start_listen(s, out), !U8(0)) && (finish_listen(s, out), !U8(0)) && is_listening(s));
    CHECK((local_address(s, name), !name[0] && (name[8] | name[9] << 8) == port));
    CHECK((hop_limit(s, out), U8(0) && U8(1) == UNSUPPORTED));
    start_connect(other, net, 0, port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, out);
    CHECK(U8(0) && U8(1) == DENIED);
    CHECK((finish_connect(other, out), U8(0) && U8(4) == NOT_BEGUN));
    CHECK((create_udp(0, out), U8(0) && U8(4) == DENIED));
    serve(s);
    drop_socket(s);
    CHECK(bind_to(other, net, port) == 0); // it is free again
    finish_bind(other, out);
    start_listen(other, out);
    finish_listen(other, out);
    serve(other);
}

// The same of ::1, but that nobody comes.
static void listens_by_six(void)
{
    static uint8_t name[36];
    int port = port_said(), net = instance_network();
    CHECK((create_tcp(1, out), !U8(0)));
    int s = (int)U32(4);
    CHECK(address_family(s) == 1 && bind_to(s, net, port) == 3); // invalid-argument
    start_bind(s, net, 1, port, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, out);
    CHECK(U8(0) && U8(1) == DENIED);
    start_bind(s, net, 1, port, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, out);
    CHECK(!U8(0) && (finish_bind(s, out), !U8(0)));
    CHECK((local_address(s, name), !name[0] && name[4] == 1 && (name[8] | name[9] << 8) == port));
    for (int i = 12; i < 36; i++) CHECK(name[i] == (i == 30)); // flow, address, scope
}

// The other way round: to that port, which was granted; to port 1, which was, where nobody listens;
// and to none else.
static int connects(int net, int port)
{
    int s = socket_new();
    start_connect(s, net, 0, port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, out);
    if (U8(0)) {
        drop_socket(s);
        return U8(1) == DENIED ? -1 : -2;
    }
    start_connect(s, net, 0, port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, out);
    CHECK(U8(0) && U8(1) == INVALID_STATE);
    int p = subscribe_socket(s);
    block(p);
    drop_pollable(p);
    return s;
}

static void calls(void)
{
    static uint8_t name[36];
    int port = port_said(), net = instance_network();
    CHECK(connects(net, port ^ 1) == -1);
    int s = connects(net, 1);
    CHECK(s > 0 && (finish_connect(s, out), U8(0) && U8(4) == 14)); // connection-refused
    drop_socket(s);
    CHECK((s = connects(net, port)) > 0);
    CHECK((finish_connect(s, out), !U8(0)));
    int in = (int)U32(4), to = (int)U32(8);
    CHECK((finish_connect(s, out), U8(0) && U8(4) == NOT_BEGUN));
    CHECK((remote_address(s, name), !name[0] && (name[8] | name[9] << 8) == port));
    put(to, "ping", 4, out);
    CHECK((blocking_read(in, 100, out), !U8(0) && U32(8) == 4 && same(U32(4), "pong", 4)));
    CHECK((blocking_read(in, 100, out), U8(0) == 1 && U8(4) == 1));
    CHECK(bind_to(socket_new(), net, port) == DENIED);
}

static void misdeed(int letter)
{
    static void (*const all[])(void) = {
        poll_nothing, write_unasked, write_much, random_much, take_handles, wait_for_days,
        random_for_ever, print_without_end, write_without_end, open_without_end,
        escapes, listens, calls,
        listens_by_six};
    all[letter - 'a']();
}

__attribute__((export_name("wasi:cli/run@0.2.12#run"))) int run(void)
{
    get_arguments(out);
    if (U32(4) == 2) {
        uint32_t *arg = (uint32_t *)(uintptr_t)U32(0);
        misdeed(*(const char *)(uintptr_t)arg[2]);
        return 0;
    }
    program();
    waiting();
    standard_streams();
    files();
    directories();
    sockets();
    return 0;
}
