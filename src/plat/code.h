// code.h -- address space for machine code, and for the data it uses.
//
//     data                        data + data_size = code
//       |-- data, read and write --|-- code added --|-- room for more --|
//                                  |------ read and execute, always ----|
//
// No page is ever writable and executable, nor is a page of code writable under another address:
// code lies in a file without a name, into which the system writes. What was added stays as it is
// until the space is freed, so other threads may run it while more is added; who publishes its
// address by a release store, to threads that acquire it, need do no more on any machine.
//
// A child made by fork has a copy of its own: before it adds anything, the room there is becomes
// its own. Functions answer 0 or an errno, EACCES or EPERM where a policy forbids such pages.
#pragma once

#include "base/types.h"

typedef struct {
    u8 *data;           // zeroed, page aligned
    const u8 *code;
    size_t data_size, code_size; // whole pages
    size_t code_used;
    int file;
    size_t file_start;  // the offset in `code` of the file's first byte
    u32 process;        // in which the file is nobody else's
} CodeSpace;

// Reserves both parts; `code_size` is not 0. No memory is taken until it is used.
int code_space_new(CodeSpace *space, u64 data_size, u64 code_size);
// Copies `size` bytes behind what was added before, at the next multiple of `align`, a power of two
// of at most a page; *at is where. ENOSPC: no room left. On failure nothing has changed. One thread
// at a time.
int code_space_add(CodeSpace *space, const void *bytes, size_t size, size_t align, const u8 **at);
// The same in two steps: takes the room, one thread at a time; and writes there, in any pieces,
// beside others who take and write.
int code_space_take(CodeSpace *space, size_t size, size_t align, const u8 **at);
int code_space_write(const CodeSpace *space, const u8 *at, const void *bytes, size_t size);
// Is that room nobody else's? What a parent had taken is shared with it.
bool code_space_owns(const CodeSpace *space, const u8 *at);
void code_space_free(CodeSpace *space); // a zeroed one is fine
