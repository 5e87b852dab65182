// map_api_test.c -- weft_map.h as an embedder uses it, and misuses it: what is refused and why,
// what the host and functions of WASI may do with what is mapped, memory that goes back to the
// system, mappings until there are no more.
// Hazards: R66, R67, R88.

#include "base/types.h"
#include "check.h"
#include "weft_map.h"
#include "weft_snapshot.h"
#include "weft_threads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { WASM_PAGE = 1 << 16, AT = 1 << 16, SIZE = 1 << 16 };

static weft_engine *engine;
static weft_diag diag;
static uint64_t page;

static const char *why(weft_status status)
{
    if (status == WEFT_OK) return "";
    CHECK(strstr(diag.message, ": ") != NULL || status == WEFT_TRAP);
    return diag.name;
}
#define CHECK_OK(call) CHECK_STR(why(call), "")
#define CHECK_WHY(call, name) CHECK_STR(why(call), name)

// 0: in the interpreter, 1: compiled; with leave for faults or without.
static void begin(int compiled, bool faults)
{
    engine = weft_engine_new("+memory-control", &diag);
    weft_engine_set_tier(engine, compiled ? WEFT_TIER_BASELINE : WEFT_TIER_INTERP);
    if (faults) CHECK_OK(weft_engine_set_faults(engine, true, &diag));
}

static weft_store *store_with(weft_memory *memory, uint64_t min, uint64_t max)
{
    weft_store *store = weft_store_new(engine, NULL, &diag);
    CHECK_OK(weft_memory_new(store, min, max, memory, &diag));
    return store;
}

static int file_of(uint64_t size)
{
    int file = memfd_create("file", 0);
    if (!CHECK(file >= 0 && !ftruncate(file, (off_t)size))) exit(check_report());
    return file;
}

// ---- What is refused

static void test_buffer(void)
{
    CHECK(!weft_buffer_new(0, &diag));
    CHECK_STR(diag.name, "out_of_bounds");
    CHECK(!weft_buffer_new(UINT64_MAX, &diag));
    CHECK_STR(diag.name, "out_of_bounds");
    CHECK(!weft_buffer_new((uint64_t)INT64_MAX - page + 1, &diag));
    CHECK_STR(diag.name, "system_error");
    weft_buffer *b = weft_buffer_new(1, &diag);
    if (!CHECK(b != NULL)) exit(check_report());
    CHECK_EQ_U64(weft_buffer_size(b), page);
    CHECK_EQ_U64(((char *)weft_buffer_bytes(b))[page - 1], 0);
    weft_buffer_free(b);
    weft_buffer_free(NULL);
    CHECK_EQ_U64(weft_map_page(), page);
    // Beyond this size the system sends SIGXFSZ, which would end the process.
    struct rlimit files, low;
    CHECK(!getrlimit(RLIMIT_FSIZE, &files));
    low = (struct rlimit){SIZE, files.rlim_max};
    CHECK(!setrlimit(RLIMIT_FSIZE, &low));
    CHECK(!weft_buffer_new(SIZE + 1, &diag));
    CHECK_STR(diag.name, "system_error");
    CHECK(!setrlimit(RLIMIT_FSIZE, &files));
}

static void test_errors(bool faults)
{
    weft_memory m;
    weft_store *store = store_with(&m, 4, 8), *other = weft_store_new(engine, NULL, &diag);
    weft_buffer *b = weft_buffer_new(SIZE, &diag);
    int file = file_of(SIZE - 1), pipes[2];
#define MAP_IN(s, at, offset, len, kind) weft_memory_map(s, m, at, b, offset, len, kind, &diag)
#define MAP_FD(at, fd, offset, len, kind)                                                        \
    weft_memory_map_file(store, m, at, fd, offset, len, kind, &diag)
    CHECK_WHY(MAP_IN(other, AT, 0, SIZE, WEFT_MAP_PRIVATE), "wrong_store");
    CHECK_WHY(MAP_IN(store, AT + 1, 0, SIZE, WEFT_MAP_PRIVATE), "not_aligned");
    CHECK_WHY(MAP_IN(store, AT, 1, page, WEFT_MAP_PRIVATE), "not_aligned");
    CHECK_WHY(MAP_IN(store, AT, 0, 1, WEFT_MAP_PRIVATE), "not_aligned");
    CHECK_WHY(MAP_IN(store, AT, 0, 0, WEFT_MAP_PRIVATE), "out_of_bounds");
    CHECK_WHY(MAP_IN(store, AT, page, SIZE, WEFT_MAP_PRIVATE), "out_of_bounds");
    CHECK_WHY(MAP_IN(store, AT, UINT64_MAX - page + 1, page, WEFT_MAP_PRIVATE), "out_of_bounds");
    CHECK_WHY(MAP_IN(store, 4 * WASM_PAGE - page, 0, SIZE, WEFT_MAP_PRIVATE), "out_of_bounds");
    CHECK_WHY(MAP_FD(AT, file, 0, SIZE + page, WEFT_MAP_PRIVATE), "out_of_bounds");
    CHECK_WHY(MAP_FD(AT, -1, 0, SIZE, WEFT_MAP_PRIVATE), "system_error");
    if (CHECK(!pipe(pipes))) {
        CHECK_WHY(MAP_FD(AT, pipes[0], 0, SIZE, WEFT_MAP_PRIVATE), "system_error");
        close(pipes[0]);
        close(pipes[1]);
    }
    const char *refused = faults ? "" : "no_faults";
    CHECK_WHY(MAP_IN(store, AT, 0, SIZE, WEFT_MAP_SEALED), refused);
    CHECK_WHY(MAP_FD(2 * AT, file, 0, SIZE, WEFT_MAP_SEALED), refused);
    CHECK_WHY(MAP_FD(3 * AT, file, 0, SIZE, WEFT_MAP_PRIVATE), refused);
    CHECK_OK(MAP_IN(store, 0, 0, SIZE, WEFT_MAP_PRIVATE));
    CHECK_WHY(MAP_IN(store, 0, 0, page, WEFT_MAP_PRIVATE), "already_mapped");
    CHECK_WHY(weft_memory_unmap(other, m, 0, &diag), "wrong_store");
    CHECK_WHY(weft_memory_unmap(store, m, page, &diag), "not_mapped");
    CHECK_OK(weft_memory_unmap(store, m, 0, &diag));
    CHECK_WHY(weft_memory_unmap(store, m, 0, &diag), "not_mapped");
    CHECK(!weft_memory_discard(other, m, 0, page));
    CHECK(!weft_memory_discard(store, m, 4 * WASM_PAGE, 1));
    CHECK(weft_memory_discard(store, m, 4 * WASM_PAGE, 0));
    CHECK(weft_memory_discard(store, m, AT, page) == !faults);
    close(file);
    weft_buffer_free(b);
    weft_store_free(store);
    weft_store_free(other);
}

// It stays where it is, if there are addresses for that.
static void test_moving(void)
{
    weft_memory m;
    weft_store *store = store_with(&m, 1, WEFT_NO_MAX);
    weft_buffer *b = weft_buffer_new(page, &diag);
    struct rlimit was, low = {(rlim_t)2 << 30, (rlim_t)2 << 30};
    CHECK(!getrlimit(RLIMIT_AS, &was));
    low.rlim_max = was.rlim_max;
    memcpy(weft_buffer_bytes(b), "here", 4);
    CHECK(weft_memory_write(store, m, page, "there", 5));
    CHECK(!setrlimit(RLIMIT_AS, &low));
    void *much = mmap(NULL, (size_t)4 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (much != MAP_FAILED) munmap(much, (size_t)4 << 30); // an emulator may not know limits
    else
        CHECK_WHY(weft_memory_map(store, m, 0, b, 0, page, WEFT_MAP_PRIVATE, &diag),
                  "memory_moves");
    CHECK(!setrlimit(RLIMIT_AS, &was));
    CHECK_OK(weft_memory_map(store, m, 0, b, 0, page, WEFT_MAP_PRIVATE, &diag));
    const char *at = weft_memory_at(store, m, 0, 2 * page);
    CHECK(!memcmp(at, "here", 4) && !memcmp(at + page, "there", 5));
    CHECK_EQ_U64(weft_memory_grow(store, m, 1000), 1);
    CHECK(weft_memory_at(store, m, 0, 1001 * WASM_PAGE) == at && !memcmp(at, "here", 4));
    weft_buffer_free(b);
    weft_store_free(store);
}

enum { SPARE = 64 };

static void *take_mappings(void)
{
    char *at = mmap(NULL, SPARE * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(at != MAP_FAILED);
    for (u32 i = 1; i < SPARE; i += 2) CHECK(!mprotect(at + i * page, page, PROT_NONE));
    return at;
}

static void give_mappings(void *at) { CHECK(!munmap(at, SPARE * page)); }

// R67: of that many, an error; what is there stays, and goes.
static void test_many(void)
{
    enum { MANY = 70000 };
    weft_memory m;
    weft_store *store = store_with(&m, 2 * MANY * 4096 / WASM_PAGE + 1, WEFT_NO_MAX);
    weft_buffer *b = weft_buffer_new(page, &diag);
    uint32_t i = MANY;
    void *spare = take_mappings();
    *(char *)weft_buffer_bytes(b) = 7;
    weft_status status = WEFT_OK;
    while (status == WEFT_OK && i--)
        status = weft_memory_map(store, m, 2 * i * 4096, b, 0, 4096, WEFT_MAP_PRIVATE, &diag);
    CHECK_WHY(status, "system_error");
    char byte = 1;
    CHECK(weft_memory_read(store, m, 2 * i * 4096, &byte, 1) && !byte);
    CHECK(weft_memory_read(store, m, 2 * (i + 1) * 4096, &byte, 1) && byte == 7);
    // Another may be had just then, or not.
    status = weft_memory_unmap(store, m, 2 * (MANY - 1) * 4096, &diag);
    CHECK(status == WEFT_OK || !strcmp(diag.name, "system_error"));
    CHECK(weft_memory_read(store, m, 2 * (MANY - 1) * 4096, &byte, 1));
    CHECK_EQ_U64(byte, status == WEFT_OK ? 0 : 7);
    // zeros can still be had, if not by other pages
    CHECK(weft_memory_discard(store, m, 2 * (i + 1) * 4096, 40 * 4096));
    CHECK(weft_memory_read(store, m, 2 * (i + 1) * 4096, &byte, 1) && !byte);
    // The sanitizer takes some itself, to know of what was freed.
    if (SANITIZES_ADDRESSES) give_mappings(spare);
    weft_buffer_free(b);
    weft_store_free(store);
    if (!SANITIZES_ADDRESSES) give_mappings(spare);
}

// ---- What the host may do

static void test_host(void)
{
    weft_memory m;
    weft_store *store = store_with(&m, 4, 8);
    weft_buffer *b = weft_buffer_new(SIZE, &diag);
    int file = file_of(SIZE);
    char bytes[8] = {0};
    memcpy(weft_buffer_bytes(b), "sealed", 6);
    CHECK(pwrite(file, "in file", 7, 0) == 7);
    CHECK_OK(weft_memory_map(store, m, AT, b, 0, SIZE, WEFT_MAP_SEALED, &diag));
    CHECK_OK(weft_memory_map_file(store, m, 2 * AT, file, 0, SIZE, WEFT_MAP_PRIVATE, &diag));
    CHECK(weft_memory_read(store, m, AT, bytes, 6) && !memcmp(bytes, "sealed", 6));
    CHECK(!weft_memory_write(store, m, AT - 1, bytes, 2)); // nor what is before it
    CHECK(weft_memory_read(store, m, AT - 1, bytes, 2) && !bytes[0] && bytes[1] == 's');
    CHECK(weft_memory_write(store, m, AT - 1, bytes, 1));
    CHECK(weft_memory_write(store, m, AT, bytes, 0));
    CHECK(weft_memory_read(store, m, 2 * AT, bytes, 7) && !memcmp(bytes, "in file", 7));
    CHECK(weft_memory_write(store, m, 2 * AT, "my file", 7));
    CHECK(pread(file, bytes, 7, 0) == 7 && !memcmp(bytes, "in file", 7));
    // what the file no longer has is gone, and who has its address finds zeros
    CHECK(!ftruncate(file, 1));
    CHECK(weft_memory_read(store, m, 2 * AT, bytes, 7) && !memcmp(bytes, "my file", 7));
    const volatile char *at = weft_memory_at(store, m, 2 * AT, SIZE);
    CHECK_EQ_U64(at[SIZE - 1], 0);
    CHECK(!weft_memory_read(store, m, 2 * AT + page, bytes, 1));
    CHECK(!weft_memory_write(store, m, 2 * AT + page, bytes, 1));
    CHECK_OK(weft_memory_unmap(store, m, 2 * AT, &diag));
    CHECK(weft_memory_write(store, m, 2 * AT + page, bytes, 1));
    // and where nobody knew
    CHECK(!ftruncate(file, SIZE));
    CHECK_OK(weft_memory_map_file(store, m, 2 * AT, file, 0, SIZE, WEFT_MAP_SEALED, &diag));
    CHECK(weft_memory_read(store, m, 2 * AT, bytes, 1));
    CHECK(!ftruncate(file, 0));
    CHECK(!weft_memory_read(store, m, 2 * AT, bytes, 1));
    close(file);
    weft_buffer_free(b);
    weft_store_free(store);
}

// ---- What functions of WASI may do

static const char wasi_text[] =
    "(module"
    " (import \"wasi_snapshot_preview1\" \"fd_write\""
    "  (func $write (param i32 i32 i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"fd_read\""
    "  (func $read (param i32 i32 i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"random_get\""
    "  (func $random (param i32 i32) (result i32)))"
    " (memory (export \"memory\") 4 8)"
    " (func (export \"write\") (param i32 i32 i32) (result i32)" // iovec, data, result
    "  (if (i32.lt_u (local.get 0) (i32.const 65536)) (then"
    "   (i32.store (local.get 0) (local.get 1)) (i32.store offset=4 (local.get 0) (i32.const 5))))"
    "  (call $write (i32.const 1) (local.get 0) (i32.const 1) (local.get 2)))"
    " (func (export \"read\") (param i32 i32 i32) (result i32)"
    "  (if (i32.lt_u (local.get 0) (i32.const 65536)) (then"
    "   (i32.store (local.get 0) (local.get 1)) (i32.store offset=4 (local.get 0) (i32.const 5))))"
    "  (call $read (i32.const 0) (local.get 0) (i32.const 1) (local.get 2)))"
    " (func (export \"random\") (param i32 i32 i32) (result i32)"
    "  (call $random (local.get 0) (i32.const 8))))";

enum { FAULT = 21, GONE = -1, OTHER = -2 };

typedef struct {
    weft_store *store;
    weft_instance instance;
    weft_memory memory;
    int pipe[2];
} Guest;

static Guest guest(const char *text)
{
    Guest g;
    weft_module *module = weft_module_new(engine, text, strlen(text), &diag);
    weft_linker *linker = weft_linker_new(engine, &diag);
    g.store = weft_store_new(engine, NULL, &diag);
    weft_wasi *wasi = weft_wasi_new(&diag);
    CHECK(module && linker && wasi && !pipe(g.pipe));
    CHECK_OK(weft_wasi_stdio(wasi, g.pipe[0], g.pipe[1], -1, &diag));
    CHECK_OK(weft_store_set_wasi(g.store, wasi, &diag));
    weft_linker_wasi(linker);
    CHECK_OK(weft_instantiate(g.store, module, linker, &g.instance, &diag));
    CHECK_OK(weft_instance_memory(g.store, g.instance, "memory", &g.memory, &diag));
    weft_module_free(module);
    weft_linker_free(linker);
    return g;
}

static void guest_end(Guest *g)
{
    weft_store_free(g->store);
    close(g->pipe[0]);
    close(g->pipe[1]);
}

// The errno, or GONE: it trapped for that.
static int call(Guest *g, const char *name, uint32_t a, uint32_t b, uint32_t c)
{
    weft_func func;
    weft_val args[] = {weft_i32((int32_t)a), weft_i32((int32_t)b), weft_i32((int32_t)c)}, result;
    CHECK_OK(weft_instance_func(g->store, g->instance, name, &func, &diag));
    weft_status status = weft_call(g->store, func, args, 3, &result, 1, &diag);
    if (status == WEFT_OK) return result.of.i32;
    return status == WEFT_TRAP && !strcmp(diag.name, "file_was_cut") ? GONE : OTHER;
}

// 0 is the guest's own, AT sealed, 2 * AT a file.
static void test_wasi(weft_map_kind kind)
{
    char bytes[6] = "";
    weft_buffer *b = weft_buffer_new(SIZE, &diag);
    Guest g = guest(wasi_text);
    uint32_t iovec[] = {AT, 5};
    int file = file_of(SIZE);
    memcpy(weft_buffer_bytes(b), "hello", 5);
    memcpy((char *)weft_buffer_bytes(b) + 64, iovec, sizeof iovec);
    CHECK(pwrite(file, "jello", 5, 0) == 5);
    CHECK_OK(weft_memory_map(g.store, g.memory, AT, b, 0, SIZE, WEFT_MAP_SEALED, &diag));
    CHECK_OK(weft_memory_map_file(g.store, g.memory, 2 * AT, file, 0, SIZE, kind, &diag));
    // What is sealed is read, also by what says where to read, and not written.
    CHECK_EQ_U64(call(&g, "write", 8, AT, 0), 0);
    CHECK(read(g.pipe[0], bytes, 5) == 5 && !strcmp(bytes, "hello"));
    CHECK_EQ_U64(call(&g, "write", AT + 64, 0, 0), 0);
    CHECK_EQ_U64(call(&g, "write", 8, AT, AT), FAULT);
    CHECK_EQ_U64(call(&g, "read", 8, AT, 0), FAULT);
    CHECK_EQ_U64(call(&g, "random", AT - 4, 0, 0), FAULT);
    CHECK_EQ_U64(call(&g, "read", 8, 16, 0), 0);
    // A file likewise, but when it is private.
    CHECK_EQ_U64(call(&g, "write", 8, 2 * AT, 0), 0);
    CHECK_EQ_U64(call(&g, "read", 8, 2 * AT, 0), kind == WEFT_MAP_SEALED ? FAULT : 0);
    CHECK_EQ_U64(call(&g, "random", 2 * AT, 0, 0), kind == WEFT_MAP_SEALED ? FAULT : 0);
    // Cut: what the kernel is given it refuses, and what is read here ends the guest.
    CHECK(!ftruncate(file, 0));
    CHECK_EQ_U64(call(&g, "write", 8, 3 * AT - 8, 0), FAULT);
    CHECK_EQ_U64(call(&g, "write", 3 * AT - 64, 0, 0), (uint64_t)(int64_t)GONE);
    CHECK_EQ_U64(call(&g, "write", 3 * AT - 64, 0, 0), FAULT); // it is known by now
    CHECK_OK(weft_memory_unmap(g.store, g.memory, 2 * AT, &diag));
    if (kind == WEFT_MAP_PRIVATE) {
        CHECK(!ftruncate(file, SIZE));
        CHECK_OK(weft_memory_map_file(g.store, g.memory, 2 * AT, file, 0, SIZE, kind, &diag));
        CHECK(!ftruncate(file, 0));
        CHECK_EQ_U64(call(&g, "write", 8, AT, 2 * AT), (uint64_t)(int64_t)GONE);
    }
    CHECK_EQ_U64(call(&g, "write", 8, AT, 0), 0); // it may be called again
    close(file);
    weft_buffer_free(b);
    guest_end(&g);
}

// ---- What goes back

static const char discard_text[] =
    "(module (memory (export \"memory\") 256 256)"
    " (func (export \"fill\") (param i32 i32 i32) (result i32)"
    "  (memory.fill (local.get 0) (i32.const 1) (local.get 1)) (i32.const 0))"
    " (func (export \"discard\") (param i32 i32 i32) (result i32)"
    "  (memory.discard (local.get 0) (local.get 1)) (i32.const 0)))";

static uint64_t resident(void)
{
    unsigned long size = 0, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%lu %lu", &size, &pages) != 2) pages = 0;
    if (f) fclose(f);
    return pages * page;
}

// The thread sanitizer keeps pages of its own for each.
#define CHECK_PAGES(condition) CHECK(SANITIZES_THREADS || (condition))

static bool all_zero(const Guest *g, uint64_t at, uint64_t size)
{
    const char *bytes = weft_memory_at(g->store, g->memory, at, size);
    for (uint64_t i = 0; i < size; i++)
        if (bytes[i]) return false;
    return true;
}

static void test_resident(void)
{
    enum { ALL = 256 * WASM_PAGE, SLACK = ALL / 8 };
    Guest g = guest(discard_text);
    uint64_t before = resident();
    CHECK_EQ_U64(call(&g, "fill", 0, ALL, 0), 0);
    CHECK_PAGES(resident() > before + ALL - SLACK);
    CHECK_EQ_U64(call(&g, "discard", 0, ALL, 0), 0);
    CHECK_PAGES(resident() < before + SLACK);
    CHECK(all_zero(&g, 0, ALL));
    CHECK_EQ_U64(call(&g, "fill", 0, ALL, 0), 0);
    CHECK(weft_memory_discard(g.store, g.memory, 1, ALL - 2));
    CHECK_PAGES(resident() < before + SLACK);
    const char *bytes = weft_memory_at(g.store, g.memory, 0, ALL);
    CHECK(bytes[0] && bytes[ALL - 1] && all_zero(&g, 1, ALL - 2));
    // Of the guest's all of each page that it touches, and nothing of those beside.
    CHECK_EQ_U64(call(&g, "fill", 0, ALL, 0), 0);
    CHECK_EQ_U64(call(&g, "discard", 2 * WASM_PAGE - 1, 2, 0), 0);
    CHECK(all_zero(&g, WASM_PAGE, 2 * WASM_PAGE));
    CHECK(bytes[WASM_PAGE - 1] && bytes[3 * WASM_PAGE]);
    CHECK_EQ_U64(call(&g, "discard", 7 * WASM_PAGE + 1, 0, 0), 0);
    CHECK(bytes[7 * WASM_PAGE]);
    CHECK_EQ_U64(call(&g, "discard", ALL, 0, 0), 0);
    CHECK_EQ_U64(call(&g, "discard", ALL, 1, 0), (uint64_t)(int64_t)OTHER);
    CHECK_STR(diag.name, "out_of_bounds_memory_access");
    CHECK_EQ_U64(call(&g, "discard", 1, UINT32_MAX, 0), (uint64_t)(int64_t)OTHER);
    // What is mapped and was written goes too, by either.
    weft_buffer *b = weft_buffer_new(ALL / 2, &diag);
    CHECK(weft_memory_discard(g.store, g.memory, 0, ALL));
    CHECK_OK(weft_memory_map(g.store, g.memory, 0, b, 0, ALL / 2, WEFT_MAP_PRIVATE, &diag));
    CHECK_EQ_U64(call(&g, "fill", 0, ALL / 2, 0), 0);
    CHECK_PAGES(resident() > before + ALL / 2 - SLACK);
    CHECK_EQ_U64(call(&g, "discard", 0, ALL / 4, 0), 0);
    CHECK_PAGES(resident() < before + ALL / 4 + SLACK);
    CHECK_OK(weft_memory_unmap(g.store, g.memory, 0, &diag));
    CHECK_PAGES(resident() < before + SLACK);
    weft_buffer_free(b);
    guest_end(&g);
}

// ---- Snapshots: what is the guest's own is saved, and what is not is refused

static bool count_bytes(void *env, const void *bytes, size_t len)
{
    *(size_t *)env += len;
    return true;
}

static void test_snapshot(bool faults)
{
    size_t written = 0;
    weft_snapshot_out out = weft_snapshot_out_init(count_bytes, &written);
    weft_buffer *b = weft_buffer_new(SIZE, &diag);
    Guest g = guest("(module (memory (export \"memory\") 4 8))");
    memset(weft_buffer_bytes(b), 1, SIZE);
    CHECK_OK(weft_memory_map(g.store, g.memory, 0, b, 0, SIZE, WEFT_MAP_PRIVATE, &diag));
    CHECK_OK(weft_snapshot_write(g.store, &out, &diag));
    CHECK(written > SIZE);
    if (faults) {
        CHECK_OK(weft_memory_map(g.store, g.memory, AT, b, 0, SIZE, WEFT_MAP_SEALED, &diag));
        CHECK_WHY(weft_snapshot_write(g.store, &out, &diag), "cannot_snapshot");
        CHECK_OK(weft_memory_unmap(g.store, g.memory, AT, &diag));
        CHECK_OK(weft_snapshot_write(g.store, &out, &diag));
    }
    weft_buffer_free(b);
    guest_end(&g);
}

// ---- What is shared all see who have it

static void test_common(void)
{
    enum { MANY = 32 }; // pages: so many are given back, and not written
    const uint64_t size = MANY * page;
    size_t written = 0;
    weft_snapshot_out out = weft_snapshot_out_init(count_bytes, &written);
    weft_memory m, other;
    weft_store *store = store_with(&m, 4, 8), *beside = store_with(&other, 4, 8);
    weft_buffer *b = weft_buffer_new(size, &diag);
    char *bytes = weft_buffer_bytes(b), got;
    CHECK_OK(weft_memory_map(store, m, 0, b, 0, size, WEFT_MAP_SHARED, &diag));
    CHECK_OK(weft_memory_map(beside, other, size, b, 0, size, WEFT_MAP_SHARED, &diag));
    CHECK(weft_memory_write(store, m, 5, "five", 4) && !memcmp(bytes + 5, "five", 4));
    CHECK(weft_memory_read(beside, other, size + 5, &got, 1) && got == 'f');
    memset(bytes, 1, size);
    CHECK(weft_memory_read(store, m, size - 1, &got, 1) && got == 1);
    // Zeros for all, and shared as before.
    CHECK(weft_memory_discard(store, m, 1, size - 2));
    CHECK(bytes[0] == 1 && !bytes[1] && !bytes[size - 2] && bytes[size - 1] == 1);
    unsigned char present[MANY];
    CHECK(!mincore(bytes, size, present) && present[0] % 2 && !(present[1] % 2));
    CHECK(weft_memory_write(store, m, 20 * page, "x", 1) && bytes[20 * page] == 'x');
    CHECK(weft_memory_grow(store, m, 4) == 4);
    CHECK(weft_memory_write(store, m, 21 * page, "y", 1) && bytes[21 * page] == 'y');
    CHECK_OK(weft_snapshot_write(store, &out, &diag));
    CHECK_OK(weft_memory_unmap(store, m, 0, &diag));
    CHECK(weft_memory_read(store, m, 0, &got, 1) && !got);
    CHECK(bytes[0] == 1 && weft_memory_write(store, m, 1, "z", 1) && !bytes[1]);
    weft_buffer_free(b);
    CHECK(weft_memory_read(beside, other, size, &got, 1) && got == 1);
    weft_store_free(store);
    weft_store_free(beside);
}

static void test_common_file(void)
{
    weft_memory m;
    weft_store *store = store_with(&m, 4, 8);
    int file = file_of(SIZE);
    char got = 0;
    CHECK_OK(weft_memory_map_file(store, m, AT, file, 0, SIZE, WEFT_MAP_SHARED, &diag));
    CHECK(weft_memory_write(store, m, AT + 3, "q", 1));
    CHECK(pread(file, &got, 1, 3) == 1 && got == 'q');
    CHECK(!ftruncate(file, 0));
    CHECK(!weft_memory_write(store, m, AT + 3, "q", 1));
    close(file);
    weft_store_free(store);
}

// ---- Shared memories

typedef struct {
    weft_shared_memory *memory;
    _Atomic bool done;
} Race;

static MAY_RACE void *write_on(void *env)
{
    Race *r = env;
    uint8_t *at = weft_shared_memory_at(r->memory, 0, 4 * WASM_PAGE);
    for (uint32_t i = 0; !atomic_load(&r->done); i = (i + 4099) % (4 * WASM_PAGE))
        *(volatile uint8_t *)(at + i) = 1;
    return NULL;
}

// Others write meanwhile: each byte is theirs, or zero.
static void test_shared(void)
{
    weft_memory m;
    weft_store *store = weft_store_new(engine, NULL, &diag);
    Race r = {.memory = weft_shared_memory_new(engine, 4, 8, &diag)};
    weft_buffer *b = weft_buffer_new(SIZE, &diag);
    pthread_t thread;
    CHECK_OK(weft_shared_memory_in(store, r.memory, &m, &diag));
    CHECK_WHY(weft_memory_map(store, m, AT, b, 0, SIZE, WEFT_MAP_SEALED, &diag),
              weft_engine_faults(engine) ? "not_guarded" : "no_faults");
    if (!CHECK(!pthread_create(&thread, NULL, write_on, &r))) return;
    for (uint32_t i = 0; i < 200; i++) {
        CHECK(weft_memory_discard(store, m, i, 4 * WASM_PAGE - 2 * i));
        CHECK_OK(weft_memory_map(store, m, AT, b, 0, SIZE, WEFT_MAP_PRIVATE, &diag));
        CHECK(weft_memory_discard(store, m, 0, 2 * WASM_PAGE));
        CHECK_OK(weft_memory_unmap(store, m, AT, &diag));
    }
    atomic_store(&r.done, true);
    pthread_join(thread, NULL);
    const uint8_t *at = weft_memory_at(store, m, 0, 4 * WASM_PAGE);
    uint32_t good = 0;
    for (uint32_t i = 0; i < 4 * WASM_PAGE; i++) good += at[i] <= 1;
    CHECK_EQ_U64(good, 4 * WASM_PAGE);
    weft_buffer_free(b);
    weft_shared_memory_free(r.memory);
    weft_store_free(store);
}

int main(void)
{
    page = (uint64_t)sysconf(_SC_PAGESIZE);
    test_buffer();
    for (int i = 0; i < 4; i++) {
        bool faults = i / 2 && sizeof(void *) == 8;
        begin(i % 2, faults);
        test_errors(faults);
        test_resident();
        test_snapshot(faults);
        test_common();
        test_shared();
        if (faults) {
            test_host();
            test_common_file();
            test_wasi(WEFT_MAP_PRIVATE);
            test_wasi(WEFT_MAP_SEALED);
        } else if (!i && sizeof(void *) == 8 && check_single()) {
            if (!SANITIZES_ADDRESSES) test_moving(); // which needs addresses of its own
            test_many();
        }
        weft_engine_free(engine);
    }
    return check_report();
}
