// litmus_test.c -- what two and four threads may see of each other's stores: the tests that memory
// models are told apart by, as guests on real threads, in each tier. With atomic accesses there is
// one order of all; with plain ones anything may be seen, but nothing that nobody wrote.
// Hazards: R26. spec: proposal threads, exec/relaxed

#include "guests.h"
#include "plat/clock.h"

// Cells x and y of each run, and the registers r0 to r3, are in a line each of 256 bytes. Behind
// all stands how far each thread has come.
enum { RUNS = 250, LINE = 256, Y = 64, REGISTERS = 128, PROGRESS = RUNS * LINE, PAGE = 1 << 16 };

typedef struct {
    const char *name;
    const char *roles[4];      // what each thread does: Sx Sy stores 1; Lx0 loads x into r0
    bool (*forbidden)(const u32 r[4]);
} Litmus;

static bool mp(const u32 r[4]) { return r[0] == 1 && r[1] == 0; }
static bool sb(const u32 r[4]) { return r[0] == 0 && r[1] == 0; }
static bool lb(const u32 r[4]) { return r[0] == 1 && r[1] == 1; }
static bool iriw(const u32 r[4]) { return r[0] == 1 && r[1] == 0 && r[2] == 1 && r[3] == 0; }
static const Litmus tests[] = {
    {"message passing", {"Sx Sy", "Ly0 Lx1"}, mp},
    {"store buffering", {"Sx Ly0", "Sy Lx1"}, sb},
    {"load buffering", {"Lx0 Sy", "Ly1 Sx"}, lb},
    {"independent reads", {"Sx", "Sy", "Lx0 Ly1", "Ly2 Lx3"}, iriw},
};

static void add_step(char *text, const char *step, const char *atomic)
{
    char line[200];
    u32 cell = step[1] == 'y' ? Y : 0;
    if (*step == 'S')
        snprintf(line, sizeof line, "(i32.%sstore offset=%u (local.get 0) (i32.const 1))", atomic,
                 cell);
    else
        snprintf(line, sizeof line,
                 "(i32.store offset=%u (local.get 0) (i32.%sload offset=%u (local.get 0)))",
                 REGISTERS + 4 * (u32)(step[2] - '0'), atomic, cell);
    strcat(text, line);
}

// Waits for the partner to be there as well, but not for long: it may not be running.
static void add_meeting(char *text, u32 thread)
{
    sprintf(text + strlen(text),
            "(i32.atomic.store offset=%u (i32.const 0) (local.get 0))"
            "(local.set 2 (i32.const 300)) (block (loop (br_if 1 (i32.ge_u"
            " (i32.atomic.load offset=%u (i32.const 0)) (local.get 0)))"
            " (br_if 0 (local.tee 2 (i32.sub (local.get 2) (i32.const 1))))))",
            PROGRESS + 64 * thread, PROGRESS + 64 * (thread ^ 1));
}

// A function for each role, that goes through all lines.
static void write_guest(char *text, const Litmus *l, const char *atomic)
{
    sprintf(text, "(module (import \"t\" \"m\" (memory 1 1 shared))");
    for (u32 i = 0; i < 4 && l->roles[i]; i++) {
        sprintf(text + strlen(text), "(func (export \"r%u\") (param i32 i32) (local i32) (loop", i);
        add_meeting(text, i);
        for (const char *step = l->roles[i]; step; step = strchr(step, ' '))
            add_step(text, step += *step == ' ', atomic);
        strcat(text, "(local.set 0 (i32.add (local.get 0) (i32.const 256)))"
                     "(br_if 0 (i32.lt_u (local.get 0) (local.get 1)))))");
    }
    strcat(text, ")");
}

typedef struct { Guest guest; char role[3]; u32 rounds; } Runner;
static _Atomic u32 arrived, wanted;

static void run_role(void *env)
{
    Runner *r = env;
    for (u32 round = 1; round <= r->rounds; round++) {
        atomic_fetch_add(&arrived, 1);
        while (atomic_load(&wanted) < round) plat_yield();
        u64 slots[4] = {0, RUNS * LINE};
        if (call(&r->guest, r->role, slots)) exit(1);
    }
    atomic_fetch_add(&arrived, 1);
}

static void look(const Litmus *l, const u8 *base, bool atomic, u32 *bad)
{
    for (u32 i = 0; i < RUNS; i++) {
        u32 r[4];
        memcpy(r, base + i * LINE + REGISTERS, sizeof r);
        *bad += r[0] > 1 || r[1] > 1 || r[2] > 1 || r[3] > 1 || (atomic && l->forbidden(r));
    }
}

static void test_litmus(const Litmus *l, bool atomic, u32 rounds)
{
    char text[3000];
    u32 threads = l->roles[2] ? 4 : 2, bad = 0;
    SharedMemory *shared = new_memory(1, 1, false);
    Runner runners[4];
    Thread *hosts[4];
    write_guest(text, l, atomic ? "atomic." : "");
    atomic_store(&arrived, 0), atomic_store(&wanted, 0);
    for (u32 i = 0; i < threads; i++) {
        runners[i] = (Runner){.guest = guest_of(shared, text), .rounds = rounds};
        snprintf(runners[i].role, sizeof runners[i].role, "r%u", i);
    }
    for (u32 i = 0; i < threads; i++)
        if (!CHECK((hosts[i] = thread_start(run_role, &runners[i])) != NULL)) exit(1);
    for (u32 round = 1; round <= rounds + 1; round++) {
        while (atomic_load(&arrived) < round * threads) plat_yield();
        if (round > 1) look(l, shared->whole.base, atomic, &bad);
        memset(shared->whole.base, 0, PAGE);
        atomic_store(&wanted, round);
    }
    for (u32 i = 0; i < threads; i++) thread_join(hosts[i]);
    if (!CHECK_EQ_U64(bad, 0)) printf("    %s%s\n", atomic ? "atomic " : "", l->name);
    for (u32 i = 0; i < threads; i++) guest_end(&runners[i].guest);
    shared_give_back(shared);
}

int main(void)
{
    for (u32 w = 0; w < COUNT_OF(worlds); w++) {
        enter_world(&worlds[w]);
        for (u32 i = 0; i < COUNT_OF(tests); i++) {
            test_litmus(&tests[i], true, check_full() ? 4000 : 40); // of RUNS each
            test_litmus(&tests[i], false, check_full() ? 400 : 4);
        }
        engine_free(engine);
    }
    return check_report();
}
