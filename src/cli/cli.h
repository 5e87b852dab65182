// cli.h -- what the subcommands share: options, files, errors on standard error.
#pragma once

#include "engine/source.h"
#include "run/exec.h"
#include "run/store.h"

#include <stdio.h>

enum { EXIT_OK = 0, EXIT_INPUT = 1, EXIT_USAGE = 2, EXIT_TIMEOUT = 124, EXIT_INTERRUPT = 130,
      EXIT_TRAP = 134 };

typedef struct {
    int argc;
    char **argv;
    int next;             // first argument not yet looked at
    const char *command;  // for messages
} Args;

// One subcommand: a row of cli.def.
typedef int CliCommand(Args *args);
#define COMMAND(name, ...) CliCommand cli_##name;
#include "cli/cli.def"

// If the next argument is --name=VALUE, or --name and a value follows, takes it. A value that is
// missing ends up as NULL in *value with true.
bool args_value(Args *args, const char *name, const char **value);
bool args_flag(Args *args, const char *name);
bool args_optional(Args *args, const char *name, const char **value); // alone, or with =VALUE
// The next argument as an option not known to the command: prints what to do and returns
// EXIT_USAGE.
int args_unknown(const Args *args);
bool args_at_option(const Args *args); // it starts with '-' and is more than that
int args_missing(const Args *args, const char *what);
// Has any command this option? How many arguments does it take up: of a command, or, with NULL, of
// all that have it?
bool args_known(const char *option);
int args_option_length(const char *command, const char *option);
// Moves options, and "--" behind the last of them, in front of what they stand behind.
void args_options_first(const char *command, int argc, char **argv);
// Prints that there is no such command, and which may be meant; returns EXIT_USAGE.
int no_command(const char *name);

// What cli.def says: each command with its arguments; and the options in the help of one of them,
// NULL: of all.
typedef struct { const char *name; size_t len; bool joined, value; } Option; // --name=X; --name X
typedef void OptionVisit(void *env, Option option);
typedef void CommandVisit(void *env, const char *name, const char *arguments);
void each_option(const char *command, OptionVisit *visit, void *env);
void each_command(CommandVisit *visit, void *env);

// "error: ..." on standard error; returns status.
int cli_error(int status, const char *fmt, ...) PRINTF_LIKE(2, 3);

// A size with an optional K, M or G behind it, in bytes. False: not one.
bool parse_size(const char *text, u64 *bytes);
// A time such as 500ms, 5s, 2m in milliseconds; without a unit it is seconds. False: not one, or 0.
bool parse_time(const char *text, u64 *ms);
// The number behind -j, and complains about what is none.
bool parse_count(const char *text, const char *option, u32 *count);
bool parse_seed(const char *text, const char *option, u64 *seed);
bool parse_jobs(const char *text, u32 *jobs);
bool parse_faults(const char *text, bool *on);
bool parse_adapters(const char *text, bool *plain);
// Does a name fit a pattern, in which '*' stands for anything, '?' for one byte?
bool pattern_fits(const char *pattern, Bytes name);
// Applies --features and complains about a word that is none.
bool parse_features(const char *switches, Features *set);

// Descriptors 0, 1 and 2: -1, with errno set, for what was closed when we were started.
// standard_hold comes before anything is opened. False after printing why.
bool standard_hold(void);
int standard_fd(int number);
// From now on what is written to standard output and standard error waits where it has to, also if
// somebody made them not to.
void standard_wait(void);

// A whole file, "-" for standard input; of what can be neither module nor script, only as much as
// says so. False after printing why; else intake_free.
bool input_open(const char *name, Intake *in);
// The same of what is no module: all of it, or more than `most` of it if it is longer.
bool input_open_other(const char *name, size_t most, Intake *in);
// The same, but that zeros may stand for the content of custom sections that are unwanted: of what
// is large, reading is what takes most of the time.
typedef bool Unwanted(const void *env, Bytes section);
bool input_open_without(const char *name, Unwanted *unwanted, const void *env, Intake *in);
// A file's module, "-" for standard input, which is validated while it is read. False: *diag says
// why, or has no error if the file could not be read, which was printed. source_free either way.
// Shows on a terminal how far it is when that takes long.
bool input_load(const char *name, Engine *engine, Source *source, Diag *diag);
// The same, but it may be a component: then *component becomes true, false is returned without a
// word, and source->data and size are what it says.
bool input_load_either(const char *name, Engine *engine, Source *source, bool *component,
                       Diag *diag);
bool input_is_compiled(const char *name); // is it a regular file that `weft compile` wrote?
// The same, or such a file: then bodies are validated when they are called, unless `judged`.
bool input_load_any(const char *name, Engine *engine, bool judged, Source *source, Diag *diag);
// All of it, however long that takes. False: errno says why.
bool write_all(int fd, const void *data, size_t size);
// Where a command writes what it makes of `input` if nobody said: app.wasm, app.wat -> app and
// `ending`; any other name gets it behind; "-" stays. The caller's to free; NULL: out of memory.
char *output_named(const char *input, const char *ending);
// Writes a whole file, "-" for standard output, so that a failure leaves what was there before; it
// keeps its mode, and stays a link if it was one. False after printing why.
bool output_write(const char *name, const void *data, size_t size);
// To be asked before what takes long: can it be written, as far as one can see, and is it another
// file than `input`, "-" for standard input? False after printing why not.
bool output_ready(const char *name, const char *input);
bool output_is_standard(const char *name); // it is standard output
// The same piece by piece: what was written appears under its name only with `good` at the end. One
// at a time. Each false was printed.
typedef struct {
    const char *name;
    FILE *file;
    bool exists;         // it replaces something
    // where it is until its end: in the same directory, or elsewhere, or there for another process
    bool beside, aside, outside;
    int fd;
    u32 mode;
} OutputFile;
bool output_begin(OutputFile *out, const char *name);
bool output_end(OutputFile *out, bool good);
// For who can open nothing by then: from now on what is written to this name, once, is by another
// process. Before there is a second thread; for two names at most. False after printing why not.
bool output_outside(const char *name);
void output_outside_end(void); // of which nobody has written is none

// Text that a module or the name of a file had a say in: whatever a terminal would obey, and what
// is no UTF-8, is shown as '?'.
void print_tame(FILE *out, Bytes text);
void print_tame_text(FILE *out, const char *text);
// NAME:0x1a3: func 12 "main": type mismatch: ..., or NAME:line:column with the line and a caret.
void print_diag(const char *name, const Source *source, const Diag *diag);
// The trap's message and where it happened, innermost frame first, in the source too where modules
// tell. Names of Rust and C++ are as the source has them, unless raw. `file_of` says in which file
// a module was, or NULL.
typedef struct {
    bool raw_names;
    const char *(*file_of)(void *env, const Module *m);
    void *env;
} TrapView;
// To be called for a module before no file is opened any more and no program started.
void trap_ahead(const Module *m, const char *file);
void print_trap(const Store *store, Trap trap, const TrapView *how);

// Text of a value as --invoke prints it, without a newline; and the reverse.
void print_value(FILE *out, const Store *store, Type type, const u64 *slots);
// Of numbers and vectors; false: it is a reference, and nothing was printed.
bool print_number(FILE *out, Type type, const u64 *slots);
// Of a reference that is not null: what it is, with a function's index, an i31's value, or how long
// an array is.
void print_reference(FILE *out, Heap heap, u64 number);
bool parse_value(const char *text, Type type, u64 *slots);

void print_usage(FILE *out, const char *command); // NULL: the overview
