// fork.h -- memories that begin as another one is: with its pages, until one of both writes them.
//
//     before      parent ===shared===> file
//     a fork      parent ---private--> file <---private--- child
//     later       parent | own pages |  file                              another child: the file,
//                                                                         and copies of these
//
// A store that is to be forked (StoreLimits.forks) has its memories in files without names from the
// beginning, so that the first fork copies nothing: what the memory was until then is the file, and
// nobody writes that any more. After it pages are the memory's own once they are written, and the
// next fork copies those. When they are many it begins with a new file.
#pragma once

#include "run/memory.h"

typedef struct ForkFile {
    _Atomic u32 users;
    int file;
    u64 room;
    bool written;       // the memory's writes are the file's: it is the only user
    void *aside;        // where it was mapped then, and so many bytes; or NULL
    u64 aside_bytes;
} ForkFile;

// Where it can be had, it is so; else it is as all others.
void fork_begin(Memory *memory);
void fork_let_go(Memory *memory);
// What was no access yet of a guarded one, up to a new size. False: it stays so.
bool fork_grow(Memory *memory, u64 size);
// Whole pages are zero from now on and take no memory, if they are a file's that is its own. False:
// they stayed.
bool fork_discard(const Memory *memory, u64 at, u64 size);
// What is in `from`, to `to`, which is as large, of the same type, and zero. Neither is shared.
// False: memory is short, or address space.
bool memory_fork(Memory *from, Memory *to);
