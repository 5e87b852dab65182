// bare.c -- see bare.h. Filling and copying are instructions there; what is printed goes into a
// number, which `run` returns.
#include "bare.h"

#include <stdarg.h>
#include <stdint.h>

int __original_main(void); // what clang calls a main without parameters

static uint32_t printed;

static void add(uint64_t bits) { printed = printed * 31 + (uint32_t)(bits ^ bits >> 32); }

// %u %d %08x %llu %lld %.6f
int printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    for (const char *f = format; *f; f++) {
        add((unsigned char)*f);
        if (*f != '%') continue;
        int longs = 0;
        for (f++; *f == 'l' || *f == '.' || (*f >= '0' && *f <= '9'); f++) longs += *f == 'l';
        if (*f == 'f') {
            union { double number; uint64_t bits; } arg = {va_arg(args, double)};
            add(arg.bits);
        } else {
            add(longs ? va_arg(args, unsigned long long) : va_arg(args, unsigned));
        }
    }
    va_end(args);
    return 0;
}

__attribute__((export_name("run"))) uint32_t run(void)
{
    __original_main();
    return printed;
}

// Nothing comes back: no kernel frees much.
void *malloc(size_t size)
{
    extern char __heap_base;
    static char *next;
    if (!next) next = &__heap_base;
    char *start = next;
    next += (size + 15) / 16 * 16;
    size_t end = (size_t)next, have = __builtin_wasm_memory_size(0) * 65536;
    if (end > have && __builtin_wasm_memory_grow(0, (end - have) / 65536 + 256) == (size_t)-1)
        __builtin_trap();
    return start;
}

void *calloc(size_t count, size_t size) { return malloc(count * size); } // and it is zero

void free(void *p) {}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a, *y = b;
    for (; n && *x == *y; n--) x++, y++;
    return n ? *x - *y : 0;
}

size_t strlen(const char *s)
{
    const char *end = s;
    while (*end) end++;
    return (size_t)(end - s);
}

int strcmp(const char *a, const char *b)
{
    for (; *a && *a == *b; a++) b++;
    return (unsigned char)*a - (unsigned char)*b;
}

char *strcpy(char *to, const char *from)
{
    for (char *t = to; (*t++ = *from++);) continue;
    return to;
}

// Good to the last bits, and the same ones on each target.
double cbrt(double x)
{
    double r = x;
    for (int i = 0; i < 60; i++) r -= (r * r * r - x) / (3 * r * r);
    return r;
}
