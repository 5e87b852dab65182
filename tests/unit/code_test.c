// code_test.c -- machine code that was just written runs; no page is writable and executable; a
// child made by fork writes beside its parent, not into it.

#include "check.h"
#include "machine_code.h"
#include "plat/code.h"
#include "plat/pages.h"
#include "plat/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef u32 Constant(void);

#ifdef HAVE_MACHINE_CODE

static Constant *add_constant(CodeSpace *s, u16 value)
{
    u8 bytes[32];
    const u8 *at = NULL;
    int result = code_space_add(s, bytes, emit_constant(bytes, value), 16, &at);
    return result ? NULL : (Constant *)(uintptr_t)at;
}

// Counts the lines of /proc/self/maps with both rights; and those that write to the file of code.
static void check_maps(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[600];
    u32 lines = 0, both = 0, written = 0, code = 0;
    if (!CHECK(maps != NULL)) return;
    while (fgets(line, sizeof line, maps)) {
        char rights[5] = "";
        bool ours = strstr(line, "weft-code") != NULL;
        CHECK_EQ_U64(sscanf(line, "%*s %4s", rights), 1);
        lines++;
        both += rights[1] == 'w' && rights[2] == 'x';
        written += ours && rights[1] == 'w';
        code += ours && rights[2] == 'x';
    }
    fclose(maps);
    CHECK(lines > 3 && code > 0);
    CHECK_EQ_U64(both, 0);
    CHECK_EQ_U64(written, 0);
}

static void test_run(void)
{
    CodeSpace s;
    if (!CHECK_EQ_U64(code_space_new(&s, 100, 3 * pages_size() - 1), 0)) return;
    CHECK(s.data_size == pages_size() && s.code_size == 3 * pages_size() && s.code == s.data + s.data_size);
    CHECK(s.data[0] == 0 && s.data[s.data_size - 1] == 0);
    s.data[s.data_size - 1] = 1;
    u32 count = 0;
    for (Constant *f; (f = add_constant(&s, (u16)(count * 3))) != NULL; count++) {
        CHECK((uintptr_t)f % 16 == 0);
        CHECK_EQ_U64(f(), count * 3);
    }
    CHECK_EQ_U64(count, s.code_size / 16); // to the last byte, and over the edges of pages
    for (u32 i = 0; i < count; i++)
        CHECK_EQ_U64(((Constant *)(uintptr_t)(s.code + 16 * i))(), i * 3);
    check_maps();
    code_space_free(&s);
    code_space_free(&s);
}

static void test_edges(void)
{
    CodeSpace s = {0};
    const u8 *at = NULL;
    code_space_free(&s);
    CHECK(code_space_new(&s, UINT64_MAX, 1) == ENOMEM && code_space_new(&s, 1, UINT64_MAX) == ENOMEM);
    CHECK(code_space_new(&s, SIZE_MOST - 100, SIZE_MOST - 100) == ENOMEM);
    if (!CHECK_EQ_U64(code_space_new(&s, 0, 1), 0)) return;
    u8 *bytes = calloc(1, s.code_size + 1);
    CHECK(s.data_size == 0 && s.code == s.data);
    CHECK_EQ_U64(code_space_add(&s, bytes, s.code_size + 1, 1, &at), ENOSPC);
    CHECK_EQ_U64(code_space_add(&s, bytes, s.code_size - 1, 1, &at), 0);
    CHECK_EQ_U64(code_space_add(&s, bytes, 1, 16, &at), ENOSPC);
    CHECK_EQ_U64(code_space_add(&s, bytes, 1, 1, &at), 0);
    CHECK_EQ_U64(code_space_add(&s, bytes, 1, 1, &at), ENOSPC);
    CHECK_EQ_U64(code_space_add(&s, bytes, 0, 1, &at), 0);
    CHECK(at == s.code + s.code_size && s.code_used == s.code_size);
    code_space_free(&s);
    free(bytes);
}

// More is written while what is there runs.
static _Atomic(Constant *) newest;
enum { LATER = 4000 };

static void run_newest(void *env)
{
    u32 *wrong = env, highest = 0;
    while (highest < LATER) {
        u32 got = atomic_load_explicit(&newest, memory_order_acquire)();
        *wrong += got < highest || got > LATER;
        highest = MAX(got, highest);
    }
}

static void test_beside(void)
{
    CodeSpace s;
    u32 wrong = 0;
    if (!CHECK_EQ_U64(code_space_new(&s, 1, 16 * (LATER + 1)), 0)) return;
    atomic_store(&newest, add_constant(&s, 0));
    Thread *thread = thread_start(run_newest, &wrong);
    CHECK(thread != NULL);
    for (u32 i = 1; i <= LATER; i++) {
        Constant *f = add_constant(&s, (u16)i);
        if (!f) exit(!CHECK(f != NULL));
        atomic_store_explicit(&newest, f, memory_order_release);
    }
    thread_join(thread);
    CHECK_EQ_U64(wrong, 0);
    code_space_free(&s);
}

// Runs `work` in a child that libc's fork made, or the system itself; 0 if it said so.
static bool by_system;
static int in_child(int (*work)(CodeSpace *s), CodeSpace *s)
{
    int status = -1;
    fflush(stdout);
    pid_t child = by_system ? (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL) : fork();
    if (child == 0) _exit(work(s));
    if (child > 0) waitpid(child, &status, 0);
    return status;
}

static int work_of_child(CodeSpace *s)
{
    size_t before = s->code_used;
    if (code_space_owns(s, s->code + before - 16)) return 4;
    for (u16 i = 0; i < 300; i++) {
        Constant *f = add_constant(s, (u16)(20000 + i));
        if (!f || f() != 20000u + i) return 2;
    }
    // but for the page that the parent had begun, of which there is a copy
    bool first = before < pages_size();
    if (!code_space_owns(s, s->code + before) || code_space_owns(s, s->code) != first) return 5;
    return ((Constant *)(uintptr_t)s->code)() == 77 && s->data[0] == 5 ? 0 : 3;
}

static int see_wiped(CodeSpace *page) { return *(u8 *)page; }

static void test_fork(void)
{
    CodeSpace s;
    u8 *page = pages_map(1);
    *page = 1;
    by_system = true;
    bool can_wipe = madvise(page, pages_size(), MADV_WIPEONFORK) == 0 &&
                    in_child(see_wiped, (CodeSpace *)page) == 0;
    pages_free(page, 1); // an emulator cannot
    if (!CHECK_EQ_U64(code_space_new(&s, 1, 4 * pages_size()), 0)) return;
    s.data[0] = 5;
    CHECK(add_constant(&s, 77) != NULL);
    for (u16 i = 1; i <= 400; i++) { // from within the first page to the middle of another
        by_system = i % 200 == 0 && can_wipe;
        if (i % 100 == 0) CHECK_EQ_U64(in_child(work_of_child, &s), 0);
        CHECK(s.code_used <= 16u * i && s.code[16 * i] == 0);
        Constant *f = add_constant(&s, i);
        if (CHECK(f != NULL)) CHECK_EQ_U64(f(), i);
        CHECK(code_space_owns(&s, s.code) && code_space_owns(&s, s.code + s.code_used));
    }
    by_system = false;
    CHECK(((Constant *)(uintptr_t)s.code)() == 77);
    for (u32 i = 1; i <= 400; i++) CHECK_EQ_U64(((Constant *)(uintptr_t)(s.code + 16 * i))(), i);
    code_space_free(&s);
}

// A policy or a limit that forbids it is an error, and no more.
static int short_files(CodeSpace *unused)
{
    CodeSpace s, t;
    const u8 *at;
    if (code_space_new(&t, 1, pages_size())) return 4;
    struct rlimit limit = {100, 100};
    if (setrlimit(RLIMIT_FSIZE, &limit)) return 1;
    if (code_space_new(&s, 1, pages_size()) != EFBIG) return 2;
    if (code_space_add(&t, "123456789012345678901234567890", 30, 1, &at)) return 5;
    for (int i = 1; i < 3; i++)
        if (code_space_add(&t, "123456789012345678901234567890", 30, 1, &at)) return 6;
    return code_space_add(&t, "123456789012345678901234567890", 30, 1, &at) == EFBIG &&
                   t.code_used == 90
               ? 0
               : 3;
}

static int no_files(CodeSpace *unused)
{
    CodeSpace s;
    struct rlimit limit = {3, 3};
    if (setrlimit(RLIMIT_NOFILE, &limit)) return 1;
    return code_space_new(&s, 1, 1) == EMFILE && !s.data ? 0 : 2;
}

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif
// What forbids making written pages executable does not forbid this.
static int no_late_execution(CodeSpace *unused)
{
    CodeSpace s;
    if (prctl(PR_SET_MDWE, 1, 0, 0, 0)) return 0; // an older system
    if (code_space_new(&s, 1, 1)) return 2;
    Constant *f = add_constant(&s, 12);
    return f && f() == 12 ? 0 : 3;
}

int main(void)
{
    test_run();
    test_edges();
    test_beside();
    test_fork();
    CHECK_EQ_U64(in_child(short_files, NULL), 0);
    CHECK_EQ_U64(in_child(no_files, NULL), 0);
    CHECK_EQ_U64(in_child(no_late_execution, NULL), 0);
    return check_report();
}

#else
int main(void) { return check_report(); }
#endif
