// search.h -- which of many things can go at the same time? See search.c.
#pragma once

#include "reduce/reduce.h"

// Bytes that were tried, by their hash.
typedef struct { u64 *hashes; u32 count, cap; } Known;

// What is tried in a slot, in the order in which it was begun.
typedef struct {
    Arena arena;
    Buf bytes;
    u64 hash;
    u32 from, end, size; // which units, and how many at a time
} Candidate;

typedef struct {
    const Trials *trials;
    Arena arena;      // of what is known and of the best
    Known known;
    Buf best, smallest;
    bool stopped;
    Candidate slots[REDUCE_SLOTS];
    u32 first, begun; // slots in use, as in a ring
} Search;

// Things that could go, and how the bytes are made that are left without some of them.
typedef struct {
    void *env;
    u32 count;
    // False: there is no such candidate.
    bool (*encode)(void *env, const u8 *chosen, Buf *out);
    // Which are settled by those that are chosen. May be NULL.
    void (*covered)(void *env, const u8 *chosen, u8 *covered);
    bool grows;       // else what is longer is none
} Choice;

// Memory leaves through `failed`, with nothing being tried.
void search_init(Search *s, const Trials *trials, Bytes bytes, jmp_buf *failed);
void search_free(Search *s);
// True: something went, and s->best is without it.
bool search(Search *s, const Choice *choice, const char *doing);
