// process.h -- this process, and those that work is divided over.
#pragma once

#include "base/types.h"

s64 process_id(void);
// May its first stack, and those of its threads, have so many bytes? Takes next to none itself.
bool process_stack_allows(u64 bytes);
// May it make files so long? Who tries although it may not is ended by a signal.
bool process_file_allows(u64 bytes);
// A number that is this process's, and no child's that it makes by fork: ids would not do, since
// they are equal again in another namespace. 0 or an errno: nobody can say.
int process_number(u32 *number);
// Processor time in ns that the processes of a group and the children that they waited for have
// used so far. 0: nobody can say.
u64 process_group_time(s64 group);
// In a process that was just made by the one of this id: does not outlive it, however that one
// ends.
void process_end_with(s64 parent);
// Each of the descriptors 0 to 2 that is closed gets a place holder, through which nothing can be
// read or written either, so that what is opened later is not taken for standard input or output.
// Bit n of *closed: n was. 0 or an errno. To be called before anything is opened.
int process_hold_standard(u32 *closed);

// A program that is asked something: it reads `pieces` at its standard input, and its standard
// output is the answer. It has no other descriptor but /dev/null for errors, and is ended when its
// time is over, it answers at more length than there is room for, or it closes its output.
typedef struct {
    const char *const *words; // the program's path, its arguments, NULL
    const Bytes *pieces;
    u32 piece_count;
    u64 time;                 // ns
    u8 *answer;
    size_t room;
    // Set when it has ended:
    size_t size;              // of what was answered by then, which may be cut short
    int status;               // that it exited with; -1: by a signal, or nobody can say
} ProcessAsk;

// 0, or an errno: it could not be started.
int process_ask(ProcessAsk *ask);
// Starts one ahead, which the next process_ask takes whatever its words are: for who can start none
// any more by then. It ends when this process does. 0 or an errno.
int process_ask_ahead(const char *const *words);
// The path of a program that stands beside the one that runs. False: no room, or nobody can say.
bool process_beside(const char *name, char *path, size_t size);
