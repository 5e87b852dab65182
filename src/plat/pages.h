// pages.h -- address space in whole pages: reserved first, committed as it is needed.
//
// Sizes are in bytes and rounded up to pages by the callee. Nothing here is fatal: NULL or false
// means that the system refused. Safe from any thread.
#pragma once

#include "base/types.h"

size_t pages_size(void);                       // of one page
void *pages_reserve(size_t size);              // address space without memory behind it; NULL: refused
bool pages_commit(void *start, size_t size);   // makes a part of a reservation readable and writable, zeroed
void pages_prefer_large(void *start, size_t size); // all of it will be used soon; a hint
bool pages_resize(void **start, size_t old_size, size_t new_size); // a committed mapping; it may move
void *pages_map(size_t size);                  // reserved and committed; NULL: refused
void pages_free(void *start, size_t size);
