// wast.c -- weft wast: runs scripts; with -j each in a process of its own, several at a time.

#include "cli/cli.h"
#include "cli/gc_log.h"
#include "cli/opt.h"
#include "cli/wast_json.h"
#include "plat/process.h"
#include "script/script.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    ScriptOptions options;
    const char *json;  // nothing is run: this is written instead
    bool verbose, gc_log, count_rules;
    bool opts;         // modules go through the optimizer before they are run
    OptPlan plan;      // then
    u32 jobs;
    char **files;
    int count;
    ScriptResult sum;
    bool good;         // every file was read and run to its end
} Wast;

static void print_text(const char *text) { print_tame_text(stdout, text); }

static void print_failed(void *env, u32 line, u32 column, const char *command, const char *why)
{
    print_text(env);
    printf(":%u:%u: %s: ", line, column, command);
    print_text(why);
    putchar('\n');
}

static void print_worded(void *env, u32 line, u32 column, const char *expected, const char *got)
{
    print_text(env);
    printf(":%u:%u: expected the words \"", line, column);
    print_text(expected);
    fputs("\", got \"", stdout);
    print_text(got);
    puts("\"");
}

static void print_printed(void *env, const char *text)
{
    print_text(env);
    fputs(": ", stdout);
    print_text(text);
    putchar('\n');
}

static void print_used(void *env, const char *rule, u64 count)
{
    print_text(env);
    printf(": %s %llu\n", rule, (unsigned long long)count);
}

// The machine's own words, in which names of the script's are not.
static void print_unsound(void *env, const char *lines) { puts(lines + (*lines == '\n')); }

// One that is not valid stays: who loads it says why. From one that is something has to come, or
// there is none to be loaded.
static Bytes optimized(void *env, Bytes module, Arena *arena)
{
    const Wast *wast = env;
    Diag diag;
    Buf out;
    buf_init(&out, arena);
    if (opt_module(module, &wast->plan, &out, &diag)) return buf_view(&out);
    const OptPlan as_it_is = {.features = wast->plan.features};
    return opt_module(module, &as_it_is, &out, &diag) ? (Bytes){0} : module;
}

// False: the file could not be read, or memory was short.
static bool run_file(const Wast *wast, const char *name, ScriptResult *result)
{
    Intake input;
    memset(result, 0, sizeof *result);
    if (!input_open(name, &input)) return false;
    ScriptReport report = {.env = (void *)name, .failed = print_failed, .unsound = print_unsound};
    if (wast->verbose) report.worded = print_worded, report.printed = print_printed;
    if (wast->count_rules) report.used = print_used;
    size_t mark = source_marked(input.data, input.size) ? 3 : 0;
    GcLog log = {0};
    ScriptOptions options = wast->options;
    options.collected = wast->gc_log ? gc_log_add : NULL;
    options.collected_env = &log;
    options.replace = wast->opts ? optimized : NULL;
    options.replace_env = (void *)wast;
    bool good = script_run((const char *)input.data + mark, input.size - mark, &options, &report,
                           result);
    if (wast->gc_log) gc_log_end(&log);
    if (!good) cli_error(0, "%s: out of memory", name);
    intake_free(&input);
    return good;
}

static void print_counts(const ScriptResult *r)
{
    printf("%u passed, %u failed", r->passed, r->failed);
    if (r->skipped) printf(", %u skipped", r->skipped);
    putchar('\n');
}

// Adds a file's result to the sum and shows it.
static void take(Wast *wast, const char *name, const ScriptResult *r)
{
    wast->sum.passed += r->passed;
    wast->sum.failed += r->failed;
    wast->sum.moved += r->moved;
    wast->sum.texts += r->texts;
    wast->sum.worded += r->worded;
    wast->sum.same += r->same;
    wast->sum.fixpoint += r->fixpoint;
    for (u32 i = 0; i < r->reason_count; i++)
        script_count_skipped(&wast->sum, r->reasons[i].text, r->reasons[i].count);
    if (wast->count == 1) return;
    print_text(name);
    fputs(": ", stdout);
    print_counts(r);
}

static void run_in_turn(Wast *wast)
{
    for (int i = 0; i < wast->count; i++) {
        ScriptResult r;
        wast->good &= run_file(wast, wast->files[i], &r);
        take(wast, wast->files[i], &r);
    }
}

// --- at once: a script that brings its process down takes nothing else with it

typedef struct {
    pid_t pid;         // 0: free
    int results;       // to read one ScriptResult from
    const char *name;
} Job;

static bool job_start(const Wast *wast, Job *job, const char *name)
{
    int ends[2];
    s64 parent = process_id();
    fflush(stdout);
    if (pipe(ends) != 0) return false;
    *job = (Job){fork(), ends[0], name};
    if (job->pid == 0) {
        ScriptResult r;
        process_end_with(parent); // a signal may be for that one alone
        close(ends[0]);
        setvbuf(stdout, NULL, _IOLBF, 0); // lines of different files may be mixed but not broken
        bool good = run_file(wast, name, &r);
        fflush(stdout);
        // It fits in the pipe, so nobody waits.
        _exit(write_all(ends[1], &r, sizeof r) && good ? EXIT_OK : EXIT_INPUT);
    }
    close(ends[1]);
    if (job->pid > 0) return true;
    close(ends[0]);
    job->pid = 0;
    return false;
}

static bool read_result(int from, ScriptResult *r)
{
    size_t got = 0;
    ssize_t n = 1;
    while (got < sizeof *r && n > 0) {
        n = read(from, (char *)r + got, sizeof *r - got);
        if (n > 0) got += (size_t)n;
        else if (n < 0 && errno == EINTR) n = 1;
    }
    return got == sizeof *r;
}

static void job_finish(Wast *wast, Job *job, int status)
{
    ScriptResult r;
    bool whole = read_result(job->results, &r);
    if (WIFSIGNALED(status)) {
        print_text(job->name);
        printf(": the process ended with signal %d\n", WTERMSIG(status));
    }
    if (!whole) r = (ScriptResult){.failed = 1}; // what it held cannot be known
    wast->good &= WIFEXITED(status) && WEXITSTATUS(status) == EXIT_OK;
    take(wast, job->name, &r);
    close(job->results);
    job->pid = 0;
}

static void run_at_once(Wast *wast)
{
    enum { JOBS_MAX = 256 };
    Job jobs[JOBS_MAX] = {0};
    int running = 0, limit = (int)MIN(wast->jobs, JOBS_MAX);
    signal(SIGCHLD, SIG_DFL); // or nobody is told how they end, where who started us ignores it
    for (int next = 0; next < wast->count || running;) {
        int k = 0, status;
        while (k < limit && jobs[k].pid) k++;
        if (next < wast->count && k < limit) {
            if (job_start(wast, &jobs[k], wast->files[next])) {
                running++, next++;
                continue;
            }
            limit = running; // no more than these, it seems
            if (running == 0) {
                wast->good = cli_error(0, "cannot start a process: %s", strerror(errno)) != 0;
                return;
            }
        }
        pid_t pid = wait(&status);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) { // there is no telling how they end; each still says what it found
            wast->good = cli_error(0, "cannot wait for a process: %s", strerror(errno)) != 0;
            status = 0;
        }
        for (k = 0; k < JOBS_MAX; k++) {
            if (!jobs[k].pid || (pid >= 0 && jobs[k].pid != pid)) continue;
            job_finish(wast, &jobs[k], status);
            running--;
        }
    }
}

static int write_json(const Wast *wast)
{
    if (wast->count != 1) return cli_error(EXIT_USAGE, "--json is for one FILE");
    return wast_json(wast->files[0], wast->json, wast->options.features);
}

int cli_wast(Args *args)
{
    Wast wast = {.options = {.features = features_default, .faults = true}, .jobs = 1,
                 .good = true};
    const char *value;
    while (args_at_option(args) && !args_flag(args, "--")) {
        if (args_flag(args, "-k")) wast.options.keep_going = true;
        else if (args_flag(args, "-v")) wast.verbose = true;
        else if (args_level(args, &wast.plan.level)) wast.opts = true;
        else if (args_flag(args, "--round-trip")) wast.options.round_trip = true;
        else if (args_flag(args, "--deterministic")) wast.options.deterministic = true;
        else if (args_flag(args, "--gc-log")) wast.gc_log = true;
        else if (args_flag(args, "--gc-stress")) wast.options.gc_stress = true;
        else if (args_flag(args, "--bare")) wast.options.bare = true;
        else if (args_value(args, "--adapters", &value)) {
            if (!parse_adapters(value, &wast.options.plain_adapters)) return EXIT_USAGE;
        } else if (args_flag(args, "--count-rules")) wast.count_rules = true;
        else if (args_value(args, "--stop-every", &value)) {
            if (!parse_count(value, "--stop-every", &wast.options.stop_every)) return EXIT_USAGE;
        } else if (args_value(args, "--down-every", &value)) {
            if (!parse_count(value, "--down-every", &wast.options.down_every)) return EXIT_USAGE;
        } else if (args_value(args, "--up-every", &value)) {
            if (!parse_count(value, "--up-every", &wast.options.up_every)) return EXIT_USAGE;
        } else if (args_value(args, "--snapshot-every", &value)) {
            if (!parse_count(value, "--snapshot-every", &wast.options.snapshot_every))
                return EXIT_USAGE;
        } else if (args_value(args, "--features", &value)) {
            if (!parse_features(value, &wast.options.features)) return EXIT_USAGE;
        } else if (args_value(args, "--hot", &value)) {
            if (!parse_count(value, "--hot", &wast.options.hot)) return EXIT_USAGE;
        } else if (args_value(args, "--beside", &value)) {
            if (!parse_count(value, "--beside", &wast.options.beside)) return EXIT_USAGE;
        } else if (args_value(args, "--tier", &wast.options.tier)) {
            if (!wast.options.tier || !script_knows_tier(wast.options.tier))
                return cli_error(EXIT_USAGE, "--tier is auto, interp, baseline or spec");
        } else if (args_flag(args, "--check")) {
            wast.options.check = true;
        } else if (args_value(args, "--check-every", &value)) {
            if (!parse_count(value, "--check-every", &wast.options.check_every)) return EXIT_USAGE;
            wast.options.check = true;
        } else if (args_value(args, "--seed", &value)) {
            if (!parse_seed(value, "--seed", &wast.options.seed)) return EXIT_USAGE;
        } else if (args_value(args, "--faults", &value)) {
            if (!parse_faults(value, &wast.options.faults)) return EXIT_USAGE;
        } else if (args_value(args, "--json", &wast.json)) {
            if (!wast.json) return args_missing(args, "the name behind --json");
        } else if (args_value(args, "-j", &value)) {
            if (!parse_jobs(value, &wast.jobs)) return EXIT_USAGE;
        } else return args_unknown(args);
    }
    wast.plan.features = wast.options.features;
    wast.files = args->argv + args->next;
    wast.count = args->argc - args->next;
    if (wast.count < 1) return args_missing(args, "FILE");
    if (wast.json) return write_json(&wast);
    if (wast.options.check && (!wast.options.tier || strcmp(wast.options.tier, "spec")))
        return cli_error(EXIT_USAGE, "--check is for the formal machine (--tier=spec)");
    if (wast.jobs > 1) run_at_once(&wast);
    else run_in_turn(&wast);
    const ScriptResult *sum = &wast.sum;
    for (u32 i = 0; i < sum->reason_count; i++)
        printf("skipped %u: %s\n", sum->reasons[i].count, sum->reasons[i].text);
    if (sum->worded)
        printf("wording: %u of %u differ%s\n", sum->worded, sum->texts,
               wast.verbose ? "" : " (-v lists them)");
    if (wast.options.round_trip)
        printf("round trips: %u the same bytes, %u the same text\n", sum->same, sum->fixpoint);
    if (wast.options.snapshot_every) printf("went on from %u snapshots\n", sum->moved);
    print_counts(sum);
    return wast.good && !sum->failed ? EXIT_OK : EXIT_INPUT;
}
