// machine_code.h -- a few functions of machine code, for tests that run what they have written.
// Who calls them under a sanitizer reads what is in front of them, so there must be something:
// data.
#pragma once

#include "base/types.h"

#include <string.h>

// Each writes one at `out` and yields its size.
static inline size_t emit(u8 *out, const void *bytes, size_t size)
{
    memcpy(out, bytes, size);
    return size;
}

#if defined __x86_64__
#define HAVE_MACHINE_CODE 1
// the register of a result; where emit_load returns
enum { MACHINE_RESULT = 0, MACHINE_RETURN = 2 };
// u32 f(void) { return value; }
static inline size_t emit_constant(u8 *out, u16 value)
{
    u8 bytes[] = {0xb8, (u8)value, (u8)(value >> 8), 0, 0, 0xc3};
    return emit(out, bytes, sizeof bytes);
}
// u32 f(const u32 *p) { return *p; }
static inline size_t emit_load(u8 *out) { return emit(out, "\x8b\x07\xc3", 3); }
// An instruction that there is not, and a return.
static inline size_t emit_illegal(u8 *out) { return emit(out, "\x0f\x0b\xc3", 3); }
// Jumps to itself; and a return.
static inline size_t emit_spin(u8 *out) { return emit(out, "\xeb\xfe\xc3", 3); }
// xor ecx, ecx; div ecx; ret
#define MACHINE_DIVIDES 1
static inline size_t emit_divide(u8 *out) { return emit(out, "\x31\xc9\xf7\xf1\xc3", 5); }
#elif defined __aarch64__
#define HAVE_MACHINE_CODE 1
enum { MACHINE_RESULT = 0, MACHINE_RETURN = 4 };
static inline size_t emit_words(u8 *out, u32 first)
{
    u32 words[] = {first, 0xd65f03c0}; // ret
    return emit(out, words, sizeof words);
}
static inline size_t emit_constant(u8 *out, u16 value)
{
    return emit_words(out, 0x52800000 | (u32)value << 5);
}
static inline size_t emit_load(u8 *out) { return emit_words(out, 0xb9400000); }
static inline size_t emit_illegal(u8 *out) { return emit_words(out, 0x00000000); }
static inline size_t emit_spin(u8 *out) { return emit_words(out, 0x14000000); }
#elif defined __arm__
#define HAVE_MACHINE_CODE 1
enum { MACHINE_RESULT = 0, MACHINE_RETURN = 4 };
static inline size_t emit_words(u8 *out, u32 first)
{
    u32 words[] = {first, 0xe12fff1e}; // bx lr
    return emit(out, words, sizeof words);
}
static inline size_t emit_constant(u8 *out, u16 value)
{
    return emit_words(out, 0xe3000000 | (value & 0xf000u) << 4 | (value & 0xfffu));
}
static inline size_t emit_load(u8 *out) { return emit_words(out, 0xe5900000); }
static inline size_t emit_illegal(u8 *out) { return emit_words(out, 0xe7f000f0); }
static inline size_t emit_spin(u8 *out) { return emit_words(out, 0xeafffffe); }
#endif
