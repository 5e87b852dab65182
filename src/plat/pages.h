// pages.h -- address space in whole pages: reserved first, committed as it is needed.
//
// Sizes are in bytes and rounded up to pages by the callee; they have 64 bits on every machine, and
// what is more than there are addresses for is refused. Nothing here is fatal: NULL or false means
// no. Safe from any thread.
#pragma once

#include "base/types.h"

size_t pages_size(void);                       // of one page
// How many bytes the process may have addresses for, about: what lies below its first stack, or
// less where there is a limit.
u64 pages_addresses(void);
// address space without memory behind it; NULL: refused
void *pages_reserve(u64 size);
// makes a part of a reservation readable and writable, zeroed
bool pages_commit(void *start, u64 size);
// nobody may access a part that was committed, until it is again
bool pages_withdraw(void *start, u64 size);
void pages_prefer_large(void *start, size_t size); // all of it will be used soon; a hint
bool pages_resize(void **start, u64 old_size, u64 new_size); // a committed mapping; it may move
void *pages_map(u64 size);                     // reserved and committed; NULL: refused
// Zeros, some of which will be written: *writable says how many from the start on may be, and
// pages_commit makes more. All of them, but where the system counts what may be written, though
// nobody did, as taken: a mapping in two parts is two of those that a process may have.
void *pages_map_sparse(u64 size, u64 *writable);
bool pages_promised(void); // does it count so? Asked once, of a file
// Gives back memory that was committed: it is zero again. False: it stays as it was.
bool pages_discard(void *start, u64 size);
// The same for all who see them of what is mapped as shared, in the file too. False: something else
// is there, or its system of files cannot do that; a part may be zero.
bool pages_remove(void *start, u64 size);
// Over a part of a mapping, whatever is there: zeros that may be written, or bytes of a file from
// an offset in whole pages on: what it holds, mostly as it was now, and what is written stays here;
// or what it holds at any time, and nobody writes it here; or that, and who writes here writes to
// it. 0 or an errno, and then it stays as it was.
typedef enum { PAGES_private, PAGES_sealed, PAGES_shared } PagesKind;
int pages_put_zeros(void *start, u64 size);
int pages_put_file(void *start, u64 size, int file, u64 offset, PagesKind kind);
// Zeroed bytes as a file that has no name and never changes its size, and where they are mapped. 0
// or an errno.
int pages_new_file(u64 size, int *file, void **start);
void pages_free_file(u64 size, int file, void *start);
void pages_free(void *start, u64 size);
// Whoever accesses these faults from now on. `plainly`: by protection, which takes a mapping, also
// where the system knows a way that takes none.
bool pages_guard(void *start, u64 size, bool plainly);
// All of these will be written soon: what memory that takes is had by one call, in half the time
// that a fault for each page takes. A hint, about whole pages; of few there is nothing to be saved.
void pages_expect(void *start, u64 size);
// Nobody gives more memory to these at once than one page.
void pages_prefer_small(void *start, u64 size);
