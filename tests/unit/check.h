// check.h -- checks for unit tests. A test file includes this once, has a main that makes checks
// and ends with `return check_report();`. Every check counts; one that fails says where and what,
// and the test goes on.
//
//     int main(void)
//     {
//         CHECK(utf8_valid((const u8 *)"x", 1));
//         CHECK_EQ_U64(read_leb_u32(&r), 624485);
//         CHECK_STR(type_text(TYPE_i32), "i32");
//         return check_report();
//     }
#pragma once

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned check_passed, check_failed;

// Is there time for what takes seconds (make full)?
static inline bool check_full(void) { return getenv("WEFT_FULL") != NULL; }

// Is the n-th of many due? All are, but where the driver says which of eight shares is.
static inline bool check_due(unsigned n)
{
    static int share = -1;
    const char *said = share < 0 ? getenv("WEFT_SHARE") : NULL;
    if (share < 0) share = said ? atoi(said) : 8;
    return share == 8 || n % 8 == (unsigned)share;
}

// Is what a single thread does due? Of that the thread sanitizer, which makes it take thirty times
// as long, has nothing to say that other builds do not.
static inline bool check_single(void)
{
#if defined __has_feature
#if __has_feature(thread_sanitizer)
    return check_full();
#endif
#endif
    return true;
}

// Counts one check and yields whether it held, so a test can stop early: if (!CHECK(p)) return;
#define CHECK(cond) check_true(!!(cond), #cond, __FILE__, __LINE__)
// Numbers are compared as 64-bit patterns; a signed one is sign-extended like any C conversion.
#define CHECK_EQ_U64(got, want)                                                                    \
    check_eq_u64((uint64_t)(got), (uint64_t)(want), #got, __FILE__, __LINE__)
// Strings that end in NUL; NULL equals only NULL.
#define CHECK_STR(got, want) check_str((got), (want), #got, __FILE__, __LINE__)
// The same number of bytes, and the same bytes.
#define CHECK_BYTES(got, got_len, want, want_len)                                                  \
    check_bytes((got), (got_len), (want), (want_len), #got, __FILE__, __LINE__)

static inline bool check_true(bool holds, const char *text, const char *file, int line)
{
    if (holds) {
        check_passed++;
    } else {
        check_failed++;
        printf("%s:%d: failed: %s\n", file, line, text);
    }
    return holds;
}

static inline bool check_eq_u64(uint64_t got, uint64_t want, const char *text,
                                const char *file, int line)
{
    if (got != want)
        printf("%s:%d: %s is %" PRIu64 " (0x%" PRIx64 "), expected %" PRIu64 " (0x%" PRIx64 ")\n",
               file, line, text, got, got, want, want);
    return check_true(got == want, text, file, line);
}

static inline bool check_str(const char *got, const char *want, const char *text,
                             const char *file, int line)
{
    bool same = got && want ? strcmp(got, want) == 0 : got == want;
    if (!same)
        printf("%s:%d: %s is \"%s\", expected \"%s\"\n", file, line, text, got ? got : "(NULL)",
               want ? want : "(NULL)");
    return check_true(same, text, file, line);
}

static inline void check_print_bytes(const char *label, const void *data, size_t len)
{
    printf("    %s %zu bytes:", label, len);
    for (size_t i = 0; i < len && i < 64; i++) printf(" %02x", ((const unsigned char *)data)[i]);
    printf(len > 64 ? " ...\n" : "\n");
}

static inline bool check_bytes(const void *got, size_t got_len, const void *want, size_t want_len,
                               const char *text, const char *file, int line)
{
    bool same = got_len == want_len && (got_len == 0 || memcmp(got, want, got_len) == 0);
    if (!same) {
        printf("%s:%d: %s differs\n", file, line, text);
        check_print_bytes("got     ", got, got_len);
        check_print_bytes("expected", want, want_len);
    }
    return check_true(same, text, file, line);
}

// The last line of every test program, which the driver reads. Yields main's result.
static inline int check_report(void)
{
    printf("%u passed, %u failed\n", check_passed, check_failed);
    return check_failed ? 1 : 0;
}
