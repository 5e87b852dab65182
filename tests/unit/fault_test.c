// fault_test.c -- faults of our code in our memory are answered, in any thread and as often as they
// come; those of others go where they would have gone without us. A file that is cut under who
// reads it is zeros.
// Hazards: R22, R23, R88.

#include "check.h"
#include "machine_code.h"
#include "plat/code.h"
#include "plat/fault.h"
#include "plat/pages.h"
#include "plat/thread.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef HAVE_MACHINE_CODE

typedef u32 Load(const volatile u32 *at);

static CodeSpace space;
static Load *load, *illegal, *spin;   // ours
#ifdef MACHINE_DIVIDES
static Load *divide;
#endif
static u8 *memory;                    // ours; nothing is in its pages
static size_t memory_size;
static s32 code_place, memory_place;
static _Atomic u32 answers;

enum { ANSWER = 12345 };

static bool answer(void *env, Fault *f)
{
    atomic_fetch_add((_Atomic u32 *)env, 1);
    f->registers[MACHINE_RESULT] =
        f->kind == FAULT_memory ? (u32)(f->address - (uintptr_t)memory) : (u32)ANSWER + f->kind;
    f->pc += MACHINE_RETURN;
    return true;
}

static bool refuse(void *env, Fault *f)
{
    f->pc = 1;
    return false;
}

static Load *add_code(size_t size, const u8 *bytes)
{
    const u8 *at = NULL;
    CHECK_EQ_U64(code_space_add(&space, bytes, size, 16, &at), 0);
    return (Load *)(uintptr_t)at;
}

static void set_up(void)
{
    u8 bytes[32];
    if (!CHECK_EQ_U64(code_space_new(&space, 1, pages_size()), 0)) exit(check_report());
    load = add_code(emit_load(bytes), bytes);
    illegal = add_code(emit_illegal(bytes), bytes);
    spin = add_code(emit_spin(bytes), bytes);
#ifdef MACHINE_DIVIDES
    divide = add_code(emit_divide(bytes), bytes);
#endif
    memory_size = 4 * pages_size();
    u8 *around = pages_reserve(memory_size + 2 * pages_size()); // no other's page is next to ours
    memory = around + pages_size();
    code_place = fault_add_code(space.code, space.code_size, answer, &answers);
    memory_place = fault_add_memory(memory, memory_size);
    CHECK(around && code_place >= 0 && memory_place >= 0 && code_place != memory_place);
}

static const volatile u32 *in_memory(size_t offset)
{
    return (const volatile u32 *)(memory + offset);
}

static void test_answers(void)
{
    enum { MANY = 100000 };
    u32 before = atomic_load(&answers), wrong = 0;
    for (u32 i = 0; i < MANY; i++)
        wrong += load(in_memory(i % memory_size & ~3u)) != (i % memory_size & ~3u);
    CHECK_EQ_U64(wrong, 0);
    CHECK_EQ_U64(atomic_load(&answers) - before, MANY);
    CHECK_EQ_U64(illegal(NULL), ANSWER + FAULT_instruction);
    u32 there = 99;
    CHECK_EQ_U64(load(&there), 99);
#ifdef MACHINE_DIVIDES
    CHECK_EQ_U64(divide(NULL), ANSWER + FAULT_number);
#endif
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    CHECK(!sigismember(&mask, SIGSEGV) && !sigismember(&mask, SIGILL));
    errno = 77;
    load(in_memory(0));
    CHECK_EQ_U64(errno, 77);
}

// ---- Threads, with and without an alternate stack

static _Atomic uintptr_t answered_at;
static _Atomic bool changing;

static bool answer_and_tell(void *env, Fault *f)
{
    atomic_store(&answered_at, (uintptr_t)__builtin_frame_address(0));
    return answer(env, f);
}

typedef struct {
    bool alternate;
    u32 wrong;
    bool on_it;
} ThreadCase;

static void fault_in_thread(void *env)
{
    ThreadCase *c = env;
    stack_t stack = {.ss_size = 1 << 17}, none = {.ss_flags = SS_DISABLE};
    if (c->alternate) stack.ss_sp = malloc(stack.ss_size);
    sigaltstack(c->alternate ? &stack : &none, NULL);
    for (u32 i = 0; i < 1000 || atomic_load(&changing); i++)
        c->wrong += load(in_memory(4 * (i % 100))) != 4 * (i % 100);
    c->on_it = c->alternate && atomic_load(&answered_at) - (uintptr_t)stack.ss_sp < stack.ss_size;
    sigaltstack(&none, NULL); // a sanitizer's own, too
    free(stack.ss_sp);
}

static void test_threads(void)
{
    fault_remove(code_place);
    s32 first = fault_add_code(NULL, 0, refuse, NULL); // before the next one, to be looked at first
    code_place = fault_add_code(space.code, space.code_size, answer_and_tell, &answers);
    for (int alternate = 0; alternate < 2; alternate++) {
        ThreadCase c = {.alternate = alternate};
        thread_join(thread_start(fault_in_thread, &c));
        CHECK_EQ_U64(c.wrong, 0);
        CHECK_EQ_U64(c.on_it, alternate);
    }
    atomic_store(&changing, true);
    ThreadCase all[4] = {{0}};
    Thread *threads[COUNT_OF(all)];
    for (u32 i = 0; i < COUNT_OF(all); i++) threads[i] = thread_start(fault_in_thread, &all[i]);
    s32 places[300]; // more than a block has, while others fault
    for (u32 round = 0; round < 50; round++) {
        // The upper half, which is nobody's; and never the lower, while that changes.
        for (u32 i = 0; sizeof(void *) == 8 && i < 1000; i++) {
            fault_remove(first);
            first = fault_add_code((void *)(UINTPTR_MAX / 2 + 1), SIZE_MAX / 2, refuse, NULL);
        }
        for (u32 i = 0; i < COUNT_OF(places); i++) {
            places[i] = i % 2 ? fault_add_memory((void *)(uintptr_t)(4096 * i), round % 5 * 64)
                              : fault_add_code((void *)(uintptr_t)(4096 * i), 64, refuse, NULL);
            if (places[i] < 0) CHECK(!"no place");
        }
        for (u32 i = 0; i < COUNT_OF(places); i++) fault_remove(places[i * 7 % COUNT_OF(places)]);
    }
    atomic_store(&changing, false);
    for (u32 i = 0; i < COUNT_OF(all); i++) {
        thread_join(threads[i]);
        CHECK_EQ_U64(all[i].wrong, 0);
    }
    CHECK(fault_add_memory(NULL, 0) < 400); // numbers are used again
    fault_remove(first);
    fault_remove(code_place);
    code_place = fault_add_code(space.code, space.code_size, answer, &answers);
}

// ---- What is not ours

static u8 *foreign; // a page that nobody may touch
static void touch(const volatile void *at) { (void)*(const volatile u32 *)at; }

static void host_faults(void) { touch(foreign); }
static void host_in_memory(void) { touch(memory); }
static void code_elsewhere(void) { load((const volatile u32 *)foreign); }
static void code_before(void) { load((const volatile u32 *)(memory - 4)); }
static void code_behind(void) { load((const volatile u32 *)(memory + memory_size)); }
static void code_removed(void)
{
    fault_remove(code_place);
    load(in_memory(0));
}
static void memory_removed(void)
{
    fault_remove(memory_place);
    load(in_memory(0));
}
static void refused(void)
{
    fault_remove(code_place);
    fault_add_code(space.code, space.code_size, refuse, NULL);
    load(in_memory(0));
}
static void uninstalled(void)
{
    fault_uninstall();
    load(in_memory(0));
}
static void sent(void) { kill(getpid(), SIGSEGV); }
static void sent_bus(void) { raise(SIGBUS); }
// Not a fault either, though it meets our code.
static void send_illegal(void *thread)
{
    for (;;) pthread_kill(*(pthread_t *)thread, SIGILL);
}
static void sent_to_code(void)
{
    pthread_t here = pthread_self();
    thread_start(send_illegal, &here);
    spin(NULL);
}
static void short_file(void)
{
    FILE *file = tmpfile();
    touch(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fileno(file), 0));
}
static void host_illegal(void)
{
    fault_remove(code_place);
    illegal(NULL);
}
#ifdef MACHINE_DIVIDES
static void host_divides(void)
{
    fault_remove(code_place);
    divide(NULL);
}
#endif
// What is sent is ignored where it was, and a fault never.
static void ignored(void)
{
    fault_uninstall();
    signal(SIGSEGV, SIG_IGN);
    if (fault_install()) _exit(1);
    sent();
    if (load(in_memory(8)) != 8) _exit(2);
    host_faults();
}

static _Atomic u32 calls;
static sigjmp_buf back;
static volatile uintptr_t told;
static volatile bool masked;

static void plain(int number)
{
    atomic_fetch_add(&calls, 1);
    siglongjmp(back, number);
}

static void informed(int number, siginfo_t *info, void *context)
{
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    masked = sigismember(&mask, SIGUSR2) && sigismember(&mask, SIGSEGV);
    told = (uintptr_t)info->si_addr;
    plain(number);
}

static void once(void)
{
    struct sigaction act = {.sa_handler = plain, .sa_flags = SA_RESETHAND};
    fault_uninstall();
    sigaction(SIGSEGV, &act, NULL);
    if (fault_install()) _exit(1);
    if (!sigsetjmp(back, 1)) host_faults();
    if (load(in_memory(4)) != 4 || atomic_load(&calls) != 1) _exit(2);
    if (!sigsetjmp(back, 1)) host_faults();
    _exit(3);
}

static void test_foreign(void)
{
    static const struct { const char *name; void (*run)(void); int number; } cases[] = {
#define CASE(name, number) {#name, name, number}
        CASE(host_faults, SIGSEGV), CASE(host_in_memory, SIGSEGV), CASE(code_elsewhere, SIGSEGV),
        CASE(code_before, SIGSEGV),
        CASE(code_behind, SIGSEGV), CASE(code_removed, SIGSEGV), CASE(memory_removed, SIGSEGV), CASE(refused, SIGSEGV),
        CASE(uninstalled, SIGSEGV), CASE(sent, SIGSEGV), CASE(sent_bus, SIGBUS), CASE(short_file, SIGBUS),
        CASE(sent_to_code, SIGILL),
        CASE(host_illegal, SIGILL), CASE(ignored, SIGSEGV), CASE(once, SIGSEGV),
#ifdef MACHINE_DIVIDES
        CASE(host_divides, SIGFPE),
#endif
    };
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        int status = 0;
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            setrlimit(RLIMIT_CORE, &(struct rlimit){0});
            cases[i].run();
            _exit(99);
        }
        waitpid(child, &status, 0);
        if (!CHECK(WIFSIGNALED(status) && WTERMSIG(status) == cases[i].number))
            printf("%s: status %#x\n", cases[i].name, (unsigned)status);
    }
}

// Who was there before is called, with what he would have been told.
static void test_chain(void)
{
    struct sigaction act = {.sa_sigaction = informed, .sa_flags = SA_SIGINFO}, now;
    sigaddset(&act.sa_mask, SIGUSR2);
    fault_uninstall();
    sigaction(SIGSEGV, &act, NULL);
    signal(SIGBUS, plain);
    CHECK_EQ_U64(fault_install(), 0);
    for (u32 i = 0; i < 10; i++) {
        volatile int number = sigsetjmp(back, 1);
        if (!number) host_faults();
        CHECK_EQ_U64(number, SIGSEGV);
        CHECK_EQ_U64(told, (uintptr_t)foreign);
        CHECK(masked);
        CHECK_EQ_U64(load(in_memory(16)), 16);
    }
    CHECK_EQ_U64(atomic_load(&calls), 10);
    volatile int number = sigsetjmp(back, 1);
    if (!number) raise(SIGBUS);
    CHECK_EQ_U64(number, SIGBUS);

    CHECK_EQ_U64(fault_install(), 0); // twice, and so away
    fault_uninstall();
    CHECK_EQ_U64(load(in_memory(20)), 20);
    fault_uninstall();
    sigaction(SIGSEGV, NULL, &now);
    CHECK(now.sa_sigaction == informed && sigismember(&now.sa_mask, SIGUSR2) && !(now.sa_flags & SA_ONSTACK));
    sigaction(SIGBUS, NULL, &now);
    CHECK(now.sa_handler == plain);
    sigaction(SIGILL, NULL, &now);
    CHECK(now.sa_handler == SIG_DFL);
    signal(SIGBUS, SIG_DFL);
    signal(SIGSEGV, SIG_DFL);
    CHECK_EQ_U64(fault_install(), 0);
}

// Somebody installs over ours, and passes on what is not his.
static struct sigaction lower;
static void over(int number, siginfo_t *info, void *context)
{
    atomic_fetch_add(&calls, 1);
    lower.sa_sigaction(number, info, context);
}

static void test_over(void)
{
    struct sigaction act = {.sa_sigaction = over, .sa_flags = SA_SIGINFO}, now;
    fault_uninstall();
    signal(SIGSEGV, plain);
    CHECK_EQ_U64(fault_install(), 0);
    sigaction(SIGSEGV, &act, &lower);
    atomic_store(&calls, 0);
    CHECK_EQ_U64(load(in_memory(24)), 24);
    CHECK_EQ_U64(atomic_load(&calls), 1);
    fault_uninstall();
    sigaction(SIGSEGV, NULL, &now);
    CHECK(now.sa_sigaction == over);
    volatile int number = sigsetjmp(back, 1);
    if (!number) host_faults(); // through all three
    CHECK_EQ_U64(number, SIGSEGV);
    CHECK_EQ_U64(atomic_load(&calls), 3);
    CHECK_EQ_U64(fault_install(), EBUSY);
    sigaction(SIGILL, NULL, &now);
    CHECK(now.sa_handler == SIG_DFL); // nothing was done by halves
    sigaction(SIGSEGV, &lower, NULL);
    CHECK_EQ_U64(fault_install(), 0);
    CHECK_EQ_U64(load(in_memory(28)), 28);
    fault_uninstall();
    sigaction(SIGSEGV, NULL, &now);
    CHECK(now.sa_handler == plain);
    signal(SIGSEGV, SIG_DFL);
    CHECK_EQ_U64(fault_install(), 0);
}

// A file is cut under who reads it, and cannot answer: zeros, once it is known which.
static void test_files(void)
{
    size_t page = pages_size();
    int file = memfd_create("cut", 0);
    FaultMend mend = {.sealed = true}, written = {.sealed = false};
    u8 *at = pages_map(4 * page);
    CHECK(file >= 0 && at && !ftruncate(file, (off_t)(2 * page)));
    CHECK(pwrite(file, "here", 4, (off_t)page) == 4);
    CHECK_EQ_U64(pages_put_file(at, 2 * page, file, 0, PAGES_sealed), 0);
    CHECK_EQ_U64(pages_put_file(at + 2 * page, 2 * page, file, 0, PAGES_private), 0);
    s32 place = fault_add_file(at, 2 * page, &mend),
        other = fault_add_file(at + 2 * page, 2 * page, &written);
    volatile u8 *p = at;
    CHECK(p[page] == 'h' && p[3 * page] == 'h' && !atomic_load(&mend.cut));
    CHECK(!ftruncate(file, (off_t)page));
    CHECK(!p[0] && !atomic_load(&mend.cut)); // it is there still
    CHECK(!p[page] && !p[page + 3] && atomic_load(&mend.cut) && !atomic_load(&written.cut));
    p[3 * page] = 5;
    CHECK(p[3 * page] == 5 && atomic_load(&written.cut));
    CHECK_EQ_U64(pages_put_zeros(at, page), 0);
    p[0] = 6;
    CHECK(p[0] == 6 && p[page] == 0);
    // What is sealed stays that, and what is no more ours is somebody's own affair.
    fault_remove(place);
    fault_remove(other);
    CHECK(!ftruncate(file, 0));
    fault_uninstall();
    signal(SIGBUS, plain);
    signal(SIGSEGV, plain);
    CHECK_EQ_U64(fault_install(), 0);
    for (u32 i = 0; i < 2; i++) {
        volatile int number = sigsetjmp(back, 1);
        if (!number) p[i ? page : 2 * page] = 1;
        CHECK_EQ_U64(number, i ? SIGSEGV : SIGBUS);
    }
    fault_uninstall();
    signal(SIGBUS, SIG_DFL);
    signal(SIGSEGV, SIG_DFL);
    CHECK_EQ_U64(fault_install(), 0);
    pages_free(at, 4 * page);
    close(file);
}

int main(void)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    struct sigaction was[COUNT_OF(numbers)], is;
    set_up();
    foreign = pages_reserve(pages_size());
    // A sanitizer may have handlers of its own.
    for (u32 i = 0; i < COUNT_OF(numbers); i++)
        sigaction(numbers[i], &(struct sigaction){.sa_handler = SIG_DFL}, &was[i]);
    if (!CHECK_EQ_U64(fault_install(), 0)) return check_report();
    test_answers();
    test_threads();
    test_foreign();
    test_chain();
    test_over();
    test_files();
    fault_uninstall();
    for (u32 i = 0; i < COUNT_OF(numbers); i++) {
        sigaction(numbers[i], &was[i], &is);
        CHECK(is.sa_handler == SIG_DFL);
    }
    return check_report();
}

#else
int main(void) { return check_report(); }
#endif
