// command.h -- a script's commands, one after the other, each by its extent alone.
//
//     (assert_malformed (module ...) "...")   (invoke "f")
//     start    word                        end
//
// Nothing inside is understood here, so what is malformed there fails its own command and no other.
// spec: the reference interpreter's README, Scripts
#pragma once

#include "text/lexer.h"

typedef enum {
#define COMMAND(name) COMMAND_##name,
#include "script/command.def"
    // the whole file: fields of a module without parentheses around them, or nothing
    COMMAND_inline,
    COMMAND_unknown,  // a form with another word
    COMMAND_broken,   // no form: what follows it cannot be read, so it is the last
} CommandKind;

typedef struct {
    CommandKind kind;
    size_t start, end; // in the script, parentheses included
    Token word;
} Command;

typedef struct {
    const char *src;
    size_t len, pos;   // what is unread starts at pos
    bool started;
    Diag diag;         // why a command is broken, if the text says so
} CommandReader;

void commands_init(CommandReader *r, const char *src, size_t len);
// False: there are no more. Takes time linear in what it passes over; no recursion.
bool command_next(CommandReader *r, Command *out);
