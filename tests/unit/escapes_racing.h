// escapes_racing.h -- those of escapes.h where the tree changes between any two steps.
#pragma once

// In make full, by calls of ours; else as many as there is time for, and longer only until it was
// found once.
enum { ROUNDS = 200000 };
static const u64 time_for = 15000000, time_at_most = 10000000000;
static atomic_bool racing;

static u64 now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

static const char *flipped[2];
static void flip(void *env)
{
    while (atomic_load(&racing))
        syscall(SYS_renameat2, AT_FDCWD, flipped[0], AT_FDCWD, flipped[1], 2); // RENAME_EXCHANGE
}

// Back and forth: the second is not there while the first is.
static void wander(void *env)
{
    for (u32 i = 0; atomic_load(&racing) || i % 2; i++)
        renameat(AT_FDCWD, flipped[i % 2], AT_FDCWD, flipped[1 - i % 2]);
}

// Reads the path while `other` goes on: a decoy, or nothing at all. How often it was found.
static u32 race(void (*other)(void *env), const char *path, const char *made)
{
    const bool many = check_full() && !call_by;
    u32 found = 0, stolen = 0, rounds = 0;
    u64 start = now();
    atomic_store(&racing, true);
    Thread *thread = thread_start(other, NULL);
    CHECK(thread != NULL);
    for (; many ? rounds < ROUNDS : now() - start < (found ? time_for : time_at_most);
         rounds++) {
        if (!open_with(home, rounds % 2, path, 0, RIGHT_fd_read, 0)) {
            u32 fd = out32();
            iovec(0, 0x40000, 16);
            CHECK_EQ_U64(CALL("fd_read", fd, AT_BUF, 1, AT_OUT), 0);
            stolen += out32() != 6 || memcmp(memory + 0x40000, "decoy!", 6);
            found++;
            close_fd(fd);
        }
        try_create(home, LOOKUP_symlink_follow, made, 0);
        on_path("path_unlink_file", home, made);
        stolen += !on_path("path_create_directory", home, "../out/new");
    }
    atomic_store(&racing, false);
    thread_join(thread);
    CHECK_EQ_U64(stolen, 0);
    return found;
}

// What a race moves between.
static void flip_between(const char *one, const char *other)
{
    static char paths[2][200];
    snprintf(paths[0], sizeof paths[0], "%s", one);
    snprintf(paths[1], sizeof paths[1], "%s", other);
    for (u32 i = 0; i < 2; i++) flipped[i] = paths[i];
}

static void race_swap(void)
{
    flip_between(at_home("flip"), at_home("flip-out")); // a link to ../out
    CHECK(race(flip, "flip/secret", "flip/new") > 0);
}
static void race_swap_parent(void)
{
    flip_between(at_home("par"), at_home("par-out"));
    CHECK(race(flip, "par/dir/inner", "par/dir/new") > 0);
}
static void race_moved_out(void)
{
    flip_between(at_home("way/sub"), host("out/sub"));
    CHECK(race(wander, "way/sub/../secret", "way/sub/../new") > 0); // way/secret, or out/secret
    if (host_has(flipped[1])) host_move(flipped[1], flipped[0]);
}

static void remove_files(void *env)
{
    char path[64];
    u32 *gone = env;
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "many/%d", i);
        *gone += !unlinkat(AT_FDCWD, at_home(path), 0);
    }
}
static void race_listing(void)
{
    u64 cookie = 0;
    CHECK_EQ_U64(open_with(home, 0, "many", OFLAG_directory, RIGHT_fd_readdir, 0), 0);
    u32 dir = out32(), used = 200, gone = 0;
    Thread *thread = thread_start(remove_files, &gone);
    CHECK(thread != NULL);
    while (used == 200) {
        CHECK_EQ_U64(CALL("fd_readdir", dir, AT_BUF, 200, cookie, AT_OUT), 0);
        used = out32();
        for (u32 at = 0; at + DIRENT_SIZE <= used;) {
            u32 len = get_u32(memory + AT_BUF + at + 16);
            if (at + DIRENT_SIZE + len > used) break;
            cookie = get_u64(memory + AT_BUF + at);
            at += DIRENT_SIZE + len;
        }
    }
    thread_join(thread);
    CHECK_EQ_U64(gone, 300);
    CHECK_EQ_U64(close_fd(dir), 0);
}

static void race_grant_gone(void)
{
    CHECK_EQ_U64(try_open(GONE, 0, "."), 0);
    CHECK(unlinkat(AT_FDCWD, host("gone"), AT_REMOVEDIR) == 0);
    CHECK(symlinkat("out", AT_FDCWD, host("gone")) == 0); // its name is another's now
    CHECK_EQ_U64(try_open(GONE, 0, "secret"), WASI_E_noent);
    CHECK(refused(try_open(GONE, 0, "../out/secret")) || try_open(GONE, 0, "../out/secret"));
    CHECK(try_create(GONE, 0, "new", 0) != 0);
    CHECK(on_path("path_create_directory", GONE, "new") != 0);
    CALL("fd_readdir", GONE, AT_BUF, 1000, 0, AT_OUT); // any answer
    CHECK(unlinkat(AT_FDCWD, host("gone"), 0) == 0);
}

static u32 call_in(WasiCtx *in, const char *func, const u64 *args)
{
    u64 result = 0;
    wasi_find(module, strlen(module), func, strlen(func))->call(in, mem, args, &result);
    return (u32)result;
}
enum { FDS_FIRST = GONE + 1, FDS_END = FDS_FIRST + 8 };
// Opens, renumbers and closes at random; `at` is memory of its own.
static void juggle(WasiCtx *in, u32 at, u32 rounds)
{
    u64 seed = at;
    memcpy(memory + at, "file", 4);
    for (u32 i = 0; i < rounds; i++) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        u32 from = FDS_FIRST + (u32)(seed >> 40) % 8, to = FDS_FIRST + (u32)(seed >> 50) % 8;
        call_in(in, "path_open", (const u64[]){home, 0, at, 4, 0, RIGHT_fd_read, 0, 0, at + 8});
        call_in(in, "fd_renumber", (const u64[]){from, to});
        call_in(in, "fd_close", (const u64[]){to});
    }
}
static void juggle_beside(void *env) { juggle(env, 0x50000, 3000); }
static void race_descriptors(void)
{
    WasiCtx *beside = wasi_beside(ctx);
    Thread *thread = beside ? thread_start(juggle_beside, beside) : NULL;
    CHECK(thread != NULL);
    juggle(ctx, 0x60000, 3000);
    thread_join(thread);
    wasi_free(beside);
    for (u32 fd = FDS_FIRST; fd < 2 * 3000; fd++) close_fd(fd);
}
