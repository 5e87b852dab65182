// escape_test.c -- the ways out of a granted directory that are in escapes.def, each in turn: by
// calls of ours, by the kernel and where that lacks openat2, and by a guest's calls in each tier.
// After each, all that is outside is as it was, and as many of the host's files are open. Whatever
// goes wrong, nothing but tmp/ can be written: the system's own wall stands around it, and who is
// root becomes nobody.
// Hazards: R31, R32, R33.

#include "escapes.h"
#include "no_openat2.h"
#include "wasi_guest.h"

typedef struct {
    const char *kernel;
    int err;    // openat2 answers so; 0: as it does
    bool guest; // in this tier; else none
    Tier tier;
} World;

static void try_all(const World *w, bool read_only)
{
    ctx = wasi_new();
    if (w->guest) guest_begin(w->tier);
    else memory = calloc(1, MEMORY);
    mem = (GuestMemory){.base = memory, .size = MEMORY};
    CHECK(wasi_add_preopen(ctx, host("box"), "/", false) == 0);
    CHECK(wasi_add_preopen(ctx, host("ro"), "/ro", true) == 0);
    CHECK(wasi_add_preopen(ctx, host("box2"), "/box2", false) == 0);
    CHECK(wasi_add_preopen(ctx, "/", "/all", read_only) == 0);
    CHECK(wasi_add_preopen(ctx, host("gone"), "/gone", read_only) == 0);
    home = read_only ? RO : BOX;
    name = read_only ? "ro" : "box";
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        if (!ways[i].run) continue;
        unsigned fds = host_fds(), before = check_failed;
        ways[i].run();
        CHECK(outside_is_whole() && !host_has(host("box/stolen")));
        CHECK_EQ_U64(host_fds(), fds);
        if (check_failed != before)
            printf("    %u, %s, in %s\n", ways[i].number, ways[i].what, name);
    }
    if (w->guest && w->tier != TIER_auto && !tier_lacks())
        CHECK_EQ_U64(guest_tier("path_open"), w->tier);
    if (w->guest) guest_end();
    free(memory);
    wasi_free(ctx);
}

// ---- Where it is tried

// All may be read, and tmp be written. False: there is no wall here.
static bool wall_off(void)
{
    SandboxDir dirs[2] = {{.dir = -1}, {.dir = -1, .read_only = true}};
    SandboxWalls stands;
    CHECK(file_open_directory(tmp, &dirs[0].dir) == 0);
    CHECK(file_open_directory("/", &dirs[1].dir) == 0);
    CHECK_EQ_U64(sandbox_enter(dirs, 2, (SandboxPorts){0}, &stands), 0);
    for (u32 i = 0; i < 2; i++) file_close(dirs[i].dir);
    return stands.files;
}

static int in_world(const void *world, bool read_only)
{
    const World *w = world;
    bool root = !geteuid(), nobody = root && !setgid(NOBODY) && !setuid(NOBODY);
    make_tree();
    if (w->err && !refuse_openat2(w->err)) return NOT_TRIED;
    if (!wall_off() && root && !nobody) return NOT_TRIED;
    try_all(w, read_only);
    if (check_failed) printf("    where openat2 %s%s\n", w->kernel, w->guest ? ", by a guest" : "");
    return check_failed != 0;
}

int main(void)
{
    static const World worlds[] = {
        {"is as it is", 0, false, 0},
        {"is not there", ENOSYS, false, 0},
        {"never gets to its end", EAGAIN, false, 0},
        {"is as it is", 0, true, TIER_interp},
        {"is as it is", 0, true, TIER_baseline},
        {"is as it is", 0, true, TIER_opt},
        {"is not there", ENOSYS, true, TIER_opt},
        {"is as it is", 0, true, TIER_auto},
    };
    enum { ALL = 76 };
    CHECK_EQ_U64(COUNT_OF(ways), ALL);
    for (u32 i = 0; i < COUNT_OF(ways); i++) CHECK_EQ_U64(ways[i].number, i + 1);
    for (u32 i = 0; i < 2 * COUNT_OF(worlds); i++) {
        const World *w = &worlds[i / 2];
        bool opt = w->tier == TIER_opt && !w->err;
        if (w->guest && !opt && !check_due(i)) continue;
        int status = in_directory(in_world, w, i % 2);
        if (status == NOT_TRIED) printf("nothing was tried where openat2 %s\n", w->kernel);
        else CHECK_EQ_U64(status, 0);
    }
    return check_report();
}
