// wast.c -- weft wast: runs scripts, several at a time in processes of their own with -j.

#include "cli/cli.h"
#include "script/script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    ScriptOptions options;
    bool wording;
    long jobs;
} Wast;

static void print_failed(void *env, u32 line, u32 column, const char *command, const char *why)
{
    printf("%s:%u:%u: %s: ", (const char *)env, line, column, command);
    print_tame(stdout, (Bytes){(const u8 *)why, strlen(why)});
    putchar('\n');
}

static void print_worded(void *env, u32 line, u32 column, const char *expected, const char *got)
{
    printf("%s:%u:%u: expected the words \"", (const char *)env, line, column);
    print_tame(stdout, (Bytes){(const u8 *)expected, strlen(expected)});
    fputs("\", got \"", stdout);
    print_tame(stdout, (Bytes){(const u8 *)got, strlen(got)});
    fputs("\"\n", stdout);
}

// False: the file could not be read, or memory was short.
static bool run_file(const Wast *wast, const char *name, ScriptResult *result)
{
    Input input;
    memset(result, 0, sizeof *result);
    if (!input_open(name, &input)) return false;
    ScriptReport report = {(void *)name, print_failed, wast->wording ? print_worded : NULL};
    bool good = script_run((const char *)input.data, input.size, &wast->options, &report, result);
    if (!good) cli_error(0, "%s: out of memory", name);
    input_close(&input);
    return good;
}

static void add(ScriptResult *sum, const ScriptResult *r)
{
    sum->passed += r->passed;
    sum->failed += r->failed;
    sum->skipped += r->skipped;
    sum->worded += r->worded;
    for (u32 i = 0; i < r->reason_count; i++) {
        u32 k = 0;
        while (k < sum->reason_count && strcmp(sum->reasons[k].text, r->reasons[i].text)) k++;
        if (k == SCRIPT_REASONS) continue;
        if (k == sum->reason_count) sum->reasons[sum->reason_count++] = r->reasons[i];
        else sum->reasons[k].count += r->reasons[i].count;
    }
}

static void print_counts(const char *before, const ScriptResult *r)
{
    printf("%s%u passed, %u failed", before, r->passed, r->failed);
    if (r->skipped) printf(", %u skipped", r->skipped);
    putchar('\n');
}

static void print_file(const char *name, const ScriptResult *r)
{
    printf("%s: ", name);
    print_counts("", r);
}

static bool run_in_turn(const Wast *wast, char **files, int count, ScriptResult *sum)
{
    bool good = true;
    for (int i = 0; i < count; i++) {
        ScriptResult r;
        good &= run_file(wast, files[i], &r);
        if (count > 1) print_file(files[i], &r);
        add(sum, &r);
    }
    return good;
}

// Process k of n takes files k, k + n, ...; it sends its results through a pipe, and its messages are
// its own, so lines of different files may be mixed but not broken.
static bool run_at_once(const Wast *wast, char **files, int count, ScriptResult *sum)
{
    int jobs = (int)MIN(wast->jobs, count), ends[2];
    bool good = true;
    if (pipe(ends) != 0) return run_in_turn(wast, files, count, sum);
    fflush(stdout);
    for (int k = 0; k < jobs; k++) {
        pid_t pid = fork();
        if (pid < 0) {
            good = cli_error(0, "cannot start a process: %s", strerror(errno)) != 0;
            break;
        }
        if (pid > 0) continue;
        ScriptResult mine = {0};
        bool all = true;
        close(ends[0]);
        setvbuf(stdout, NULL, _IOLBF, 0);
        for (int i = k; i < count; i += jobs) {
            ScriptResult r;
            all &= run_file(wast, files[i], &r);
            print_file(files[i], &r);
            add(&mine, &r);
        }
        fflush(stdout);
        // Smaller than PIPE_BUF, so it arrives whole.
        _exit(write(ends[1], &mine, sizeof mine) == sizeof mine && all ? 0 : 1);
    }
    close(ends[1]);
    ScriptResult r;
    while (read(ends[0], &r, sizeof r) == sizeof r) add(sum, &r);
    close(ends[0]);
    for (int status; wait(&status) > 0;) {
        if (WIFSIGNALED(status)) cli_error(0, "a script ended the process with signal %d", WTERMSIG(status));
        good &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return good;
}

int cli_wast(Args *args)
{
    Wast wast = {.options.features = features_default, .jobs = 1};
    const char *value;
    while (args_at_option(args) && !args_flag(args, "--")) {
        if (args_flag(args, "-k")) wast.options.keep_going = true;
        else if (args_flag(args, "-v")) wast.wording = true;
        else if (args_value(args, "--features", &value)) {
            if (!parse_features(value, &wast.options.features)) return EXIT_USAGE;
        } else if (args_value(args, "--tier", &value)) {
            if (!value || (strcmp(value, "auto") && strcmp(value, "interp")))
                return cli_error(EXIT_USAGE, "--tier is auto or interp in this version");
        } else if (args_value(args, "-j", &value)) {
            char *end = NULL;
            wast.jobs = value ? strtol(value, &end, 10) : 0;
            if (wast.jobs < 1 || wast.jobs > 256 || *end) return cli_error(EXIT_USAGE, "-j wants a number from 1 to 256");
        } else return args_unknown(args);
    }
    int count = args->argc - args->next;
    if (count < 1) return args_missing(args, "FILE");
    ScriptResult sum = {0};
    char **files = args->argv + args->next;
    bool good = wast.jobs > 1 ? run_at_once(&wast, files, count, &sum) : run_in_turn(&wast, files, count, &sum);
    for (u32 i = 0; i < sum.reason_count; i++) printf("skipped %u: %s\n", sum.reasons[i].count, sum.reasons[i].text);
    if (sum.worded) printf("%u in other words than expected%s\n", sum.worded, wast.wording ? "" : " (-v lists them)");
    print_counts("", &sum);
    return good && !sum.failed ? EXIT_OK : EXIT_INPUT;
}
