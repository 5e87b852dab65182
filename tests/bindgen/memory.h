// memory.h -- malloc for guests of the tests: what is freed is used again for the same size, and
// what is left is counted.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef union Block {
    struct { size_t size; union Block *next; } is;
    uint64_t align[2];
} Block;

extern unsigned char __heap_base;
static uintptr_t end;
static Block *unused;
static unsigned held;

void *memcpy(void *to, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++) ((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
    return to;
}

void *memset(void *to, int byte, size_t n)
{
    for (size_t i = 0; i < n; i++) ((unsigned char *)to)[i] = (unsigned char)byte;
    return to;
}

size_t strlen(const char *s)
{
    size_t n = 0;
    while (s[n]) n++;
    return n;
}

void *malloc(size_t size)
{
    size = (size + 15) & ~(size_t)15;
    held++;
    for (Block **b = &unused; *b; b = &(*b)->is.next) {
        if ((*b)->is.size != size) continue;
        Block *found = *b;
        *b = found->is.next;
        return found + 1;
    }
    if (!end) end = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    Block *made = (Block *)end;
    end += sizeof *made + size;
    while (end > (uintptr_t)__builtin_wasm_memory_size(0) << 16)
        if (__builtin_wasm_memory_grow(0, 1) == (size_t)-1) __builtin_trap();
    made->is.size = size;
    return made + 1;
}

// What is freed twice is found in the list.
void free(void *ptr)
{
    Block *b = (Block *)ptr - 1;
    if (!ptr) return;
    for (Block *at = unused; at; at = at->is.next)
        if (at == b) __builtin_trap();
    memset(ptr, 0xa5, b->is.size);
    b->is.next = unused;
    unused = b;
    held--;
}

void *realloc(void *ptr, size_t size)
{
    void *to = malloc(size);
    if (ptr) {
        size_t had = ((Block *)ptr - 1)->is.size;
        memcpy(to, ptr, had < size ? had : size);
        free(ptr);
    }
    return to;
}
