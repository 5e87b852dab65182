// command.h -- the command `weft` as it is, in this process, in a folder of its own that is as new
// each time.
//
//     "parse @module.wat -o out.wasm <%module.wasm"
//            |                       |
//            of tests/fault          of what was made for all; standard input (| through a pipe)
#pragma once

#include <stdbool.h>

typedef enum {
    COMMAND_plain,  // what fails is said on standard error, and leaves no file that is new or half
    COMMAND_script, // or on standard output
    COMMAND_guest,  // or by the guest, which ends with WASI's number of the error that it met
    COMMAND_reader, // likewise, and leaves no file that is new or half
    COMMAND_keeper, // or it is done all the same, at most with a warning, and less is kept
} CommandKind;

bool guest_error(int status); // does WASI call the error of what failed by this number?
bool commands_begin(void); // false: no place for files
void commands_end(void);

// The same words once with what is planned, then in peace. The first time of all, when nothing is
// to fail, tells what is right, with this exit status. False: it was not, after printing how.
bool command_run(CommandKind kind, int status, const char *words);
