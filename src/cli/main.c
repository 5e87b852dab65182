// main.c -- finds the subcommand. Options for `run` may stand before the word, and the word may be
// left out before a file that exists.

#include "cli/cli.h"
#include "plat/process.h"
#include "weft.h"

#include <string.h>
#include <unistd.h>

typedef struct { const char *name, *arguments; CliCommand *run; } CommandRow;

static const CommandRow commands[] = {
#define COMMAND(name, arguments, ...) {#name, arguments, cli_##name},
#include "cli/cli.def"
};

static const CommandRow *find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (!strcmp(commands[i].name, name)) return &commands[i];
    return NULL;
}

static int run_command(int argc, char **argv)
{
    if (!standard_hold()) return EXIT_INPUT;
    standard_wait();
    if (argc < 2) {
        print_usage(stderr, NULL);
        return EXIT_USAGE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        print_usage(stdout, NULL);
        return EXIT_OK;
    }
    if (!strcmp(argv[1], "--version")) {
        printf("weft %s\n", weft_version());
        return EXIT_OK;
    }
    int at = 1;
    for (; at < argc && argv[at][0] == '-' && argv[at][1]; at += args_option_length(NULL, argv[at]))
        if (!args_known(argv[at])) return args_unknown(&(Args){argc, argv, at, "run"});
    const CommandRow *command = at < argc ? find(argv[at]) : NULL;
    if (command && at + 1 < argc &&
        (!strcmp(argv[at + 1], "--help") || !strcmp(argv[at + 1], "-h"))) {
        print_usage(stdout, command->name);
        return EXIT_OK;
    }
    if (!command) {
        if (at < argc && access(argv[at], F_OK) == 0)
            return cli_error(EXIT_USAGE, "which command? to run this file: weft run %s", argv[at]);
        if (at < argc)
            return no_command(argv[at]);
        return cli_error(EXIT_USAGE, "a command is missing; `weft help` lists them");
    }
    // Take the word out, so that options before and behind it are one list.
    for (int i = at; i + 1 < argc; i++) argv[i] = argv[i + 1];
    // Words behind FILE are another program's, or options that were put there.
    if (!strstr(command->arguments, "[ARG...]"))
        args_options_first(command->name, argc - 2, argv + 1);
    Args args = {argc - 1, argv, 1, command->name};
    return command->run(&args);
}

// The whole suite runs with so much; with less it may end anywhere, printing included.
static bool has_stack(void)
{
    enum { STACK_LEAST = 64 << 10 };
    static const char text[] = "weft: the limit of the stack is too low: ulimit -s 64 is enough\n";
    if (process_stack_allows(STACK_LEAST)) return true;
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
    return false;
}

// What was printed and could not be written is a failure, whatever printed it. A command that has
// said so itself has cleared the error.
int main(int argc, char **argv)
{
    if (!has_stack()) return EXIT_INPUT;
    int status = run_command(argc, argv);
    bool lost = ferror(stdout);
    if (fflush(stdout) != 0) lost = true;
    if (lost) cli_error(0, "cannot write to standard output");
    return lost && status == EXIT_OK ? EXIT_INPUT : status;
}
