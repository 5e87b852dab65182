// wasi_extremes_test.c -- every function of WASI with arguments at the edges of memory and of
// numbers (hazard R38): none touches a byte outside the guest's memory, waits, fails to return, or
// leaves a file of the host open.
//
//     before | guest's memory | after        what stands around it must stay

#include "wasi/guest.h"
#include "wasi/wasi.h"

#include "check.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MEMORY = 1 << 16, AROUND = 1 << 12, ROUNDS = 400 };

// NULL: the memory stands alone, so that the sanitizer sees what is read beyond it
static u8 *block;
static GuestMemory mem;
static char dir[] = "/tmp/weft-extremes-XXXXXX";

static u64 random_state = 0x9e3779b97f4a7c15;
static u32 pick(u32 below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (u32)(random_state >> 33) % below;
}

// Descriptors, pointers that are good, at the end, just beyond and far beyond, lengths and flags.
static u64 pick_argument(char type)
{
    static const u64 narrow[] = {
        0, 1, 2, 3, 4, 5, 6, 8, 16, 24, 100, 0x1000, 0x2001, MEMORY - 64, MEMORY - 8, MEMORY - 4,
        MEMORY - 1, MEMORY, MEMORY + 1, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff,
    };
    static const u64 wide[] = {
        0, 1, 0x40, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, INT64_MAX,
        (u64)INT64_MAX + 1, UINT64_MAX - 1, UINT64_MAX,
    };
    return type == 'i' ? narrow[pick(COUNT_OF(narrow))] : wide[pick(COUNT_OF(wide))];
}

// Lists of spans and subscriptions, names, and numbers that are anything.
static void fill_memory(void)
{
    static const char *const words[] = {"f", "a", "..", "/", "a/", "no"};
    for (u32 at = 0; at + 8 <= MEMORY; at += 8) {
        put_u32(mem.base + at, (u32)pick_argument('i'));
        put_u32(mem.base + at + 4, pick(4) ? pick(64) : 0xffffffff);
        if (!pick(3)) memcpy(mem.base + at, words[pick(COUNT_OF(words))], 2);
    }
}

// Says no to the second question, so nothing waits, and what does not wait or work long is
// finished.
static u32 once(void *env, u64 units)
{
    u32 *asked = env;
    return ++*asked > 1;
}

static WasiCtx *new_context(u32 *asked)
{
    WasiCtx *ctx = wasi_new();
    CHECK(wasi_add_arg(ctx, "program") == 0 && wasi_add_env(ctx, "NAME", "value") == 0);
    CHECK(wasi_add_preopen(ctx, dir, "/", false) == 0 &&
          wasi_add_preopen(ctx, dir, "/ro", true) == 0);
    wasi_set_fd_limit(ctx, 30);
    wasi_set_meter(ctx, once, asked);
    return ctx;
}

static bool surroundings_hold(void)
{
    for (u32 i = 0; block && i < AROUND; i++)
        if (block[i] != 0xa5 || block[AROUND + MEMORY + i] != 0xa5) return false;
    return true;
}

static void try_function(const char *module, const char *name)
{
    const WasiFunc *f = wasi_find(module, strlen(module), name, strlen(name));
    if (!f) return; // the elder snapshot has fewer
    u32 asked;
    WasiCtx *ctx = new_context(&asked);
    for (u32 round = 0; round < (check_full() ? ROUNDS : ROUNDS / 4); round++) {
        u64 args[10] = {0}, result = 0;
        u32 count = 0;
        asked = 0;
        if (round % 16 == 0) fill_memory();
        for (; f->sig[count] != ':'; count++) args[count] = pick_argument(f->sig[count]);
        if (pick(2)) args[0] = pick(6); // most begin with a descriptor
        WasiOutcome outcome = f->call(ctx, mem, args, &result);
        if (CHECK(outcome <= WASI_INTERRUPTED && result < 77 && surroundings_hold())) continue;
        printf("    %s.%s round %u\n", module, name, round);
        break;
    }
    wasi_free(ctx);
}

static u32 open_files(void)
{
    u32 count = 0;
    DIR *open = opendir("/proc/self/fd");
    while (open && readdir(open)) count++;
    closedir(open);
    return count;
}

int main(void)
{
    static const char *const modules[] = {"wasi_snapshot_preview1", "wasi_unstable"};
    static const char *const names[] = {
#define BOTH(name, ...) #name,
#define TWO(name, ...) #name,
#define ONE(name, ...) #name,
#include "wasi/wasi.def"
    };
    // What a file is allocated or extended to is no load for the disk.
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){1 << 16, 1 << 16});
    signal(SIGXFSZ, SIG_IGN);
    if (!CHECK(mkdtemp(dir) && chdir(dir) == 0)) return check_report();
    mkdir("a", 0700);
    u32 before = open_files();
    for (u32 m = 0; m < 2 * COUNT_OF(modules); m++) {
        if (m & 1) block = memset(malloc(MEMORY + 2 * AROUND), 0xa5, MEMORY + 2 * AROUND);
        mem = (GuestMemory){block ? block + AROUND : malloc(MEMORY), MEMORY, NULL, NULL};
        for (u32 i = 0; i < COUNT_OF(names); i++) try_function(modules[m / 2], names[i]);
        free(block ? block : mem.base);
        block = NULL;
    }
    CHECK_EQ_U64(open_files(), before);
    char command[100];
    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", dir, dir);
    CHECK(system(command) == 0);
    return check_report();
}
