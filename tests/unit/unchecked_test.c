// unchecked_test.c -- the ways out that are in escapes.def, where nobody looks at paths
// (no_beneath.h). What a guest is answered is anybody's guess; but by the second wall alone nothing
// outside is read, changed, made or removed. Nothing is tried where there is no such wall; and who
// is root becomes nobody.
// Hazards: R31, R32, R33.

#include "escapes.h"
#include "no_beneath.h"

static u32 stolen;

// Paths stand elsewhere; here is what was read.
static bool has_secret(u32 from, u32 size)
{
    return memmem(memory + from, size, secret, sizeof secret - 1) != NULL;
}

static u32 watched_call(const WasiFunc *f, const u64 *args)
{
    u64 result = 8888;
    last_outcome = f->call(ctx, mem, args, &result);
    stolen += has_secret(AT_BUF, 0x2000) || has_secret(0x40000, 0x1000);
    return (u32)result;
}

// What was granted, and no more.
static bool wall_off(void)
{
    static const char *const names[] = {"box", "box2", "gone", "ro"};
    enum { COUNT = COUNT_OF(names) };
    SandboxDir dirs[COUNT];
    SandboxWalls stands;
    for (u32 i = 0; i < COUNT; i++) {
        dirs[i].read_only = i == COUNT - 1;
        CHECK(file_open_directory(host(names[i]), &dirs[i].dir) == 0);
    }
    CHECK_EQ_U64(sandbox_enter(dirs, COUNT, (SandboxPorts){0}, &stands), 0);
    for (u32 i = 0; i < COUNT; i++) file_close(dirs[i].dir);
    return stands.files && stands.calls;
}

static void try_ways(bool read_only)
{
    // Where a path leads is not looked at, and what the system says of it is passed on.
    CHECK_EQ_U64(try_open(BOX, 0, "a/../file"), 0);
    CHECK_EQ_U64(try_open(BOX, 0, "../out/secret"), WASI_E_acces);
    CHECK_EQ_U64(try_open(RO, LOOKUP_symlink_follow, "up"), WASI_E_acces);
    CHECK_EQ_U64(try_create(BOX, 0, "../out/new", 0), WASI_E_acces);
    if (check_failed) return;
    home = read_only ? RO : BOX;
    name = read_only ? "ro" : "box";
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (ways[i].run) ways[i].run();
    check_failed = 0;
    CHECK_EQ_U64(stolen, 0);
}

static int in_world(const void *env, bool read_only)
{
    bool root = !geteuid(), nobody = root && !setgid(NOBODY) && !setuid(NOBODY);
    make_tree();
    ctx = wasi_new();
    memory = calloc(1, MEMORY);
    mem = (GuestMemory){.base = memory, .size = MEMORY};
    call_by = watched_call;
    CHECK(wasi_add_preopen(ctx, host("box"), "/", false) == 0);
    CHECK(wasi_add_preopen(ctx, host("ro"), "/ro", true) == 0);
    CHECK(wasi_add_preopen(ctx, host("box2"), "/box2", false) == 0);
    CHECK(wasi_add_preopen(ctx, host("box2"), "/all", true) == 0);
    CHECK(wasi_add_preopen(ctx, host("gone"), "/gone", read_only) == 0);
    // Of what is checked there nearly all is otherwise; how it ends says the status.
    if (!freopen("/dev/null", "w", stdout)) return 1;
    if ((root && !nobody) || !wall_off()) return NOT_TRIED;
    if (!check_failed) try_ways(read_only);
    wasi_free(ctx);
    free(memory);
    return check_failed != 0;
}

int main(void)
{
    for (u32 read_only = 0; read_only < 2; read_only++) {
        int status = in_directory(in_world, NULL, read_only);
        if (status == NOT_TRIED) puts("no second wall here: nothing was tried");
        else CHECK_EQ_U64(status, 0);
    }
    return check_report();
}
