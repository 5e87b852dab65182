// abi_guests.h -- guests with a memory and a realloc that may do and answer anything; what they are
// asked is written down.
#pragma once

#include "abi_values.h"

// ---- Guests. All that two of them do alike they do by the same random numbers.

#ifndef GUEST_PAGE
enum { GUEST_BYTES = 1 << 15, GUEST_PAGE = 1 << 12 };
#endif
enum { CALLS_MOST = 4000 };
typedef enum { REALLOC_honest, REALLOC_moves, REALLOC_hostile } ReallocKind;

typedef struct Guest {
    Abi abi;
    AbiMemory memory;
    void (*grow)(struct Guest *g, u64 size); // NULL: it is a block of the test's
    void *core;
    ReallocKind kind;
    u64 seed, next;    // of its own numbers; where free memory begins
    u64 calls[CALLS_MOST];
    u32 call_count;
    u32 handles;
} Guest;

static void note(Guest *g, u64 what)
{
    if (g->call_count < CALLS_MOST) g->calls[g->call_count++] = what;
}

// Grows, and moves: what still looks where it was finds nothing.
static void guest_grow(Guest *g, u64 size)
{
    size = (size + GUEST_PAGE - 1) & ~(u64)(GUEST_PAGE - 1);
    if (g->grow) {
        g->grow(g, size);
        return;
    }
    u8 *base = malloc((size_t)size);
    memcpy(base, g->memory.base, (size_t)g->memory.size);
    memset(base + g->memory.size, 0, (size_t)(size - g->memory.size));
    free(g->memory.base);
    g->memory = (AbiMemory){base, size};
}

static u64 hostile_answer(Guest *g, u64 size)
{
    u64 r = random_next(&g->seed), end = g->memory.size;
    switch (r >> 8 & 7) {
    case 0: return end - size;
    case 1: return end - size + 1;
    case 2: return r >> 16 & 0xffff;
    case 3: return (u64)0 - (r >> 16 & 0xff);
    case 4: return 0x80000000u + (r >> 16 & 0xffff);
    default: return (r >> 16) % (end / 2) & ~(u64)7;
    }
}

static bool guest_realloc(void *env, u64 old, u64 old_size, u32 align, u64 size, u64 *at)
{
    Guest *g = env;
    note(g, old);
    note(g, old_size);
    note(g, align);
    note(g, size);
    if (g->kind == REALLOC_hostile && random_next(&g->seed) % 4 == 0) {
        *at = hostile_answer(g, size);
        for (u32 i = 0; i < 64; i++) g->memory.base[random_next(&g->seed) % g->memory.size] ^= 0x55;
        return random_next(&g->seed) % 16 != 0;
    }
    *at = (g->next + align - 1) & ~(u64)(align - 1);
    g->next = *at + size;
    if (g->next > g->memory.size || (g->kind != REALLOC_honest && random_next(&g->seed) % 3 == 0))
        guest_grow(g, MAX(g->next, g->memory.size) + GUEST_PAGE);
    if (old_size) memmove(g->memory.base + *at, g->memory.base + old, (size_t)MIN(old_size, size));
    return true;
}

static bool guest_lift_handle(void *env, CType type, u32 index, u64 *handle, AbiFault *fault)
{
    Guest *g = env;
    note(g, type);
    note(g, index);
    *handle = index * 3 + 1;
    *fault = FAULT_handle;
    return index % 16 != 5;
}

static bool guest_lower_handle(void *env, CType type, u64 handle, u32 *index, AbiFault *fault)
{
    Guest *g = env;
    (void)fault;
    note(g, type);
    note(g, handle);
    *index = 6 + 16 * g->handles++;
    return true;
}

static void guest_begin(Guest *g, u8 encoding, bool wide, ReallocKind kind, u64 its_seed)
{
    *g = (Guest){.kind = kind, .seed = its_seed, .next = 16};
    g->memory = (AbiMemory){malloc(GUEST_BYTES), GUEST_BYTES};
    memset(g->memory.base, 0xa5, GUEST_BYTES); // padding stays so
    g->abi = (Abi){.types = &types, .wide = wide, .encoding = encoding, .realloc = guest_realloc,
                   .lift_handle = guest_lift_handle, .lower_handle = guest_lower_handle,
                   .arena = &arena};
    g->abi.memory = &g->memory;
    g->abi.env = g;
}

static void guest_end(Guest *g) { free(g->memory.base); }

static bool same_guests(const Guest *a, const Guest *b)
{
    return a->memory.size == b->memory.size && a->call_count == b->call_count &&
           !memcmp(a->calls, b->calls, a->call_count * sizeof *a->calls) &&
           !memcmp(a->memory.base, b->memory.base, (size_t)a->memory.size);
}
