// types.h -- the words everything else is written in: fixed-width numbers and a few helpers.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef float f32;
typedef double f64;

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define ALWAYS_INLINE inline __attribute__((always_inline))
// Called seldom: whoever calls it keeps what is in registers there, and need not save them at its
// beginning.
#if defined __clang__ && defined __x86_64__
#define SELDOM __attribute__((cold, noinline, preserve_most))
#else
#define SELDOM __attribute__((cold, noinline))
#endif
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
// At a distance from the thread's own pointer that is fixed when a library is loaded: nobody is
// asked where it is.
#define THREAD_LOCAL _Thread_local __attribute__((tls_model("initial-exec")))
// clang and newer gcc tell by a feature, other gcc by a macro.
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#ifdef __SANITIZE_THREAD__
#define SANITIZES_THREADS 1
#else
#define SANITIZES_THREADS __has_feature(thread_sanitizer)
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZES_ADDRESSES 1
#else
#define SANITIZES_ADDRESSES __has_feature(address_sanitizer)
#endif
// Accesses bytes of a guest's, which its threads may do at once: what they are then is its affair.
#define MAY_RACE __attribute__((no_sanitize("thread")))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

// No object is larger, so that pointers into it may be subtracted.
#define SIZE_MOST (SIZE_MAX / 2)

// What a guest, a file or a host counts has 64 bits on every machine, and becomes a size here: the
// bytes of `count` items, or false where there are no addresses for so many.
static inline bool size_fits(u64 count, size_t item, size_t *bytes)
{
    if (count > SIZE_MOST / item) return false;
    *bytes = (size_t)count * item;
    return true;
}

// Of `count` items the first is there; writes the others, which are the same. An item's bytes are a
// power of two, and few.
static inline void repeat_first(void *items, size_t item, size_t count)
{
    enum { NEAR = 4096 }; // what was just written is copied fastest
    u8 *start = items;
    size_t size = item * count;
    for (size_t done = item, part; done < size; done += part) {
        part = MIN(MIN(done, NEAR), size - done);
        memcpy(start + done, start, part);
    }
}

// A run of bytes that somebody else owns.
typedef struct {
    const u8 *data;
    size_t len;
} Bytes;

static inline bool bytes_same(Bytes a, Bytes b)
{
    return a.len == b.len && (!a.len || !memcmp(a.data, b.data, a.len));
}
static inline Bytes bytes_of(const char *text)
{
    return (Bytes){(const u8 *)text, strlen(text)};
}
static inline bool bytes_are(Bytes bytes, const char *text)
{
    return bytes_same(bytes, bytes_of(text));
}
static inline bool bytes_begin(Bytes bytes, const char *with)
{
    size_t len = strlen(with);
    return bytes.len >= len && (!len || !memcmp(bytes.data, with, len));
}
