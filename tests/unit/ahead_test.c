// ahead_test.c -- the thread that reads a file ahead: what it reads is what was there, an error in
// the middle comes behind all that could be read, and it can be ended at any time.
//
// A process may read its own memory as a file, and that has errors where there is none:
//
//     start       BYTES                  size that is asked for
//       |--- mapped ---|--- not mapped ---|        EIO from here

#include "cli/ahead.c"

#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>

enum { BYTES = 6 << 20, ASKED = 9 << 20, ROUNDS = 30 };

static u8 *memory, to[ASKED];

static int file(void)
{
    int fd = memfd_create("ahead", MFD_CLOEXEC);
    CHECK(fd >= 0 && write(fd, memory, BYTES) == BYTES && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

// -1: an emulator's program is elsewhere than it believes.
static int file_with_error(void)
{
    int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    off_t at = (off_t)(uintptr_t)memory;
    bool same = pread(fd, to, BYTES, at) == BYTES && !memcmp(to, memory, BYTES);
    if (same && lseek(fd, at, SEEK_SET) == at) return fd;
    close(fd);
    return -1;
}

// All there is: how much and why no more.
static size_t all_of(Ahead *a, int *err)
{
    size_t before, now = 0, pieces = 0;
    do {
        before = now;
        now = ahead_more(a, before, err);
        pieces++;
    } while (now > before);
    CHECK(pieces > 1 && ahead_more(a, now, err) == now); // it stays over
    return now;
}

static void test_all(int fd, size_t size, int want)
{
    int err = -1;
    memset(to, 0, sizeof to);
    Ahead *a = ahead_start(fd, to, size);
    if (!CHECK(a != NULL)) exit(check_report());
    CHECK_EQ_U64(all_of(a, &err), BYTES);
    CHECK_EQ_U64(err, want);
    CHECK(!memcmp(to, memory, BYTES));
    ahead_end(a);
    close(fd);
}

static void test_ended(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        int fd = file(), err;
        Ahead *a = ahead_start(fd, to, ASKED);
        if (i % 3) CHECK(ahead_more(a, 0, &err) > 0);
        if (i % 3 == 2) CHECK(ahead_more(a, BYTES / 2, &err) > BYTES / 2);
        ahead_end(a);
        close(fd);
    }
    ahead_end(NULL);
}

static void ignore(int number) {}

// Signals come to the thread that waits; both go on.
static void test_signals(void)
{
    struct sigaction action = {.sa_handler = ignore}, before; // no SA_RESTART
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {0};
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &often, NULL);
    for (int i = 0; i < ROUNDS; i++) test_all(file(), BYTES, 0);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
}

int main(void)
{
    memory = mmap(NULL, ASKED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!CHECK(memory != MAP_FAILED)) return check_report();
    for (u32 i = 0; i < BYTES; i++) memory[i] = (u8)(i * 2654435761u >> 24);
    munmap(memory + BYTES, ASKED - BYTES);
    CHECK(ahead_start(0, to, WORTH - 1) == NULL);
    if (thread_processors() < 2) return check_report(); // nobody reads ahead here
    test_all(file(), BYTES, 0);
    test_all(file(), ASKED, 0); // it ends sooner than it said, as one that is cut meanwhile
    int fd = file_with_error();
    if (fd >= 0) test_all(fd, ASKED, EIO);
    test_ended();
    test_signals();
    return check_report();
}
