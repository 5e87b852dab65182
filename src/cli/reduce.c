// reduce.c -- weft reduce: a module that is smaller, and on which a command still fails.

#include "reduce/reduce.h"

#include "binary/decode.h"
#include "cli/cli.h"
#include "cli/trial.h"
#include "plat/clock.h"
#include "plat/thread.h"
#include "text/print/check.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    Trial trial;
    Trials trials;
    Features features;
    const char *input, *output;
    bool quiet, as_bytes;
    bool text;           // candidates are text
    u64 within, end;     // all of it may take so long, in ns; 0: no limit
    size_t size, best;   // at first; so far
    u64 tries, shown, written;
    bool unwritten;      // what is the best is not in OUT yet
    bool lost;           // OUT could not be written
    const char *doing;
    Arena arena;         // of `kept`
    Buf kept;            // the best, as it is to be written
    Arena printed;       // of one candidate as text
} Reduce;

_Static_assert((u32)TRIAL_SLOTS <= REDUCE_SLOTS, "each has a place there");

enum { SHOW_EVERY = 100000000, WRITE_EVERY = 1000000000 }; // ns

// ---- What a candidate is as a file

// False: it cannot be said as text.
static bool as_file(Reduce *r, Bytes bytes, Bytes *file)
{
    static const PrintOptions options = {0};
    Buf text;
    Diag diag;
    *file = bytes;
    if (!r->text) return true;
    arena_reset(&r->printed);
    buf_init(&text, &r->printed);
    diag_init(&diag);
    if (!text_of_module(bytes, r->features, &options, &text, &diag)) return false;
    *file = buf_view(&text);
    return true;
}

// ---- Progress

static void show(Reduce *r, bool now)
{
    u64 time = plat_clock_now(CLOCK_monotonic);
    if (r->quiet || (!now && time - r->shown < SHOW_EVERY)) return;
    r->shown = time;
    fprintf(stderr, "\r\x1b[K%zu of %zu bytes, %llu tries: %s", r->best, r->size,
            (unsigned long long)r->tries, r->doing);
    fflush(stderr);
}

static void hide(const Reduce *r)
{
    if (!r->quiet && r->shown) fputs("\r\x1b[K", stderr);
}

// ---- Trials

static void begin(void *env, u32 slot, Bytes candidate)
{
    Reduce *r = env;
    Bytes file;
    show(r, false);
    if (as_file(r, candidate, &file)) trial_begin(&r->trial, slot, &file);
    else trial_skip(&r->trial, slot);
}

static bool wait_for(void *env, u32 slot)
{
    Reduce *r = env;
    trial_wait(&r->trial, slot);
    r->tries++;
    return trial_interesting(&r->trial, slot);
}

static void drop(void *env, u32 slot) { trial_drop(&((Reduce *)env)->trial, slot); }

static bool stops(void *env)
{
    Reduce *r = env;
    bool over = r->end && plat_clock_now(CLOCK_monotonic) > r->end;
    return trial_stops(&r->trial) || r->lost || over;
}

static void write_best(Reduce *r)
{
    if (!r->unwritten || r->lost) return;
    r->lost = !output_write(r->output, r->kept.data, r->kept.len);
    r->unwritten = false;
    r->written = plat_clock_now(CLOCK_monotonic);
}

// Standard output gets only what is the best in the end.
static void took(void *env, Bytes best, const char *doing)
{
    Reduce *r = env;
    Bytes file;
    jmp_buf failed;
    r->best = best.len;
    r->doing = doing;
    r->arena.on_failure = &failed;
    if (setjmp(failed) || !as_file(r, best, &file)) {
        r->lost = !cli_error(0, "out of memory");
        return;
    }
    r->kept.len = 0;
    buf_bytes(&r->kept, file.data, file.len);
    r->unwritten = true;
    bool file_now = strcmp(r->output, "-") != 0;
    if (file_now && plat_clock_now(CLOCK_monotonic) - r->written > WRITE_EVERY) write_best(r);
    show(r, false);
}

// ---- The command

static bool take_end(const char *text, Trial *t)
{
    char *end = NULL;
    long n = text ? strtol(text, &end, 10) : 0;
    if (text && !strcmp(text, "fail")) t->want = END_fails;
    else if (text && !strcmp(text, "crash")) t->want = END_crash;
    else if (text && !strcmp(text, "timeout")) t->want = END_timeout;
    else if (text && *text && !*end && n >= 0 && n <= 255) t->want = END_status, t->wanted = (int)n;
    else return cli_error(0, "--exit wants a status from 0 to 255, fail, crash or timeout") != 0;
    return true;
}

static bool take_time(const char *text, const char *option, u64 *ns)
{
    u64 ms;
    if (!parse_time(text, &ms))
        return cli_error(0, "%s wants a time such as 500ms, 5s, 2m", option) != 0;
    *ns = ms * 1000000;
    return true;
}

static int options(Args *args, Reduce *r)
{
    const char *value;
    u32 jobs;
    while (args->next < args->argc && !args_flag(args, "--")) {
        if (args_value(args, "-o", &r->output)) {
            if (!r->output) return args_missing(args, "the name behind -o");
        } else if (args_value(args, "--exit", &value)) {
            if (!take_end(value, &r->trial)) return EXIT_USAGE;
        } else if (args_value(args, "--match", &r->trial.match)) {
            if (!r->trial.match || !*r->trial.match || strlen(r->trial.match) > 4000)
                return args_missing(args, "the text behind --match");
        } else if (args_value(args, "--timeout", &value)) {
            if (!take_time(value, "--timeout", &r->trial.limit)) return EXIT_USAGE;
        } else if (args_value(args, "--within", &value)) {
            if (!take_time(value, "--within", &r->within)) return EXIT_USAGE;
        } else if (args_value(args, "-j", &value) || args_value(args, "--jobs", &value)) {
            if (!parse_jobs(value, &jobs)) return EXIT_USAGE;
            r->trials.slots = MIN(jobs, (u32)TRIAL_SLOTS);
        } else if (args_flag(args, "--bytes")) {
            r->as_bytes = true;
        } else if (args_value(args, "--features", &value)) {
            if (!parse_features(value, &r->features)) return EXIT_USAGE;
        } else if (args_at_option(args)) {
            return args_unknown(args);
        } else if (r->input) {
            return cli_error(EXIT_USAGE, "\"%s\" is a second FILE; the command comes behind --",
                             args->argv[args->next]);
        } else {
            r->input = args->argv[args->next++];
        }
    }
    r->trial.words = args->argv + args->next;
    r->trial.word_count = args->argc - args->next;
    if (!r->input) return args_missing(args, "FILE");
    if (r->trial.word_count < 1) return args_missing(args, "the command behind --");
    if (r->trial.want == END_timeout && !r->trial.limit)
        return cli_error(EXIT_USAGE, "--exit timeout wants --timeout too");
    return EXIT_OK;
}

// app.wasm -> app.reduced.wasm. NULL: out of memory.
static char *default_output(const char *name)
{
    const char *slash = strrchr(name, '/'), *dot = strrchr(slash ? slash : name, '.');
    size_t len = dot && dot != name ? (size_t)(dot - name) : strlen(name);
    char *out = malloc(strlen(name) + 9);
    if (out) sprintf(out, "%.*s.reduced%s", (int)len, name, name + len);
    return out;
}

// Does the command fail as it should? From here on how long it took says how long it may take.
static bool try_input(Reduce *r, Bytes file)
{
    Trial *t = &r->trial;
    char how[200];
    u64 start = plat_clock_now(CLOCK_monotonic);
    if (!trial_begin(t, 0, &file)) return false;
    trial_wait(t, 0);
    if (trial_stops(t)) return false;
    u64 took_ns = plat_clock_now(CLOCK_monotonic) - start;
    trial_describe(t, 0, how, sizeof how);
    bool same = t->want == END_same;
    if (same) t->wanted = t->jobs[0].status;
    bool fails = t->wanted != 0 || t->match;
    bool good = trial_interesting(t, 0) && (!same || (fails && !t->jobs[0].late));
    if (!good)
        return cli_error(0, "there is nothing to keep: on %s the command %s%s", r->input, how,
                         t->match ? ", or prints no such text" : "") != 0;
    if (!t->limit) {
        t->limit = MAX(10 * took_ns, 2000000000);
        t->work = MAX(10 * t->jobs[0].used, 200000000);
    }
    if (r->within) r->end = start + r->within;
    return true;
}

static int run(Reduce *r, Bytes bytes, Bytes file)
{
    Buf out;
    Arena arena;
    if (!try_input(r, file))
        return r->trial.stopped  ? 128 + r->trial.stopped
               : r->trial.failed ? EXIT_USAGE
                                 : EXIT_INPUT;
    r->size = r->best = bytes.len;
    r->doing = "";
    took(r, bytes, "starting");
    if (strcmp(r->output, "-")) write_best(r); // so that it is known at once if that cannot be
    if (r->lost) return EXIT_INPUT;
    arena_init(&arena);
    buf_init(&out, &arena);
    bool good = reduce(bytes, r->features, r->as_bytes, &r->trials, &out);
    hide(r);
    if (!good) cli_error(0, "out of memory");
    arena_free(&arena);
    write_best(r);
    if (strcmp(r->output, "-") && !r->lost) {
        print_tame_text(stdout, r->output);
        printf(": %zu bytes of %zu, after %llu tries\n", r->best, r->size,
               (unsigned long long)r->tries);
    }
    if (r->trial.stopped) return 128 + r->trial.stopped;
    return good && !r->lost && !r->trial.failed ? EXIT_OK : EXIT_INPUT;
}

// Does our own decoder come through with it? What brings that down is made smaller as bytes.
static bool survives(const Reduce *r, Bytes file)
{
    fflush(stdout);
    signal(SIGCHLD, SIG_DFL); // see trial_open
    pid_t pid = fork();
    if (pid == 0) {
        Source source;
        Diag diag;
        Engine *engine = engine_new(r->features);
        if (engine) source_load(&source, engine, file.data, file.len, &diag);
        _exit(0);
    }
    int status = 0;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    return pid < 0 || WIFEXITED(status);
}

static bool is_binary(Bytes file) { return file.len >= 4 && !memcmp(file.data, "\0asm", 4); }

static int reduce_file(Reduce *r)
{
    Intake input;
    Source source = {0};
    Diag diag;
    Bytes bytes = {0}, text;
    if (!input_open(r->input, &input)) return EXIT_INPUT;
    Bytes file = {input.data, input.size};
    r->as_bytes = r->as_bytes || !survives(r, file);
    bool good = !r->as_bytes &&
                source_assemble(&source, r->features, input.data, input.size, &bytes, &diag);
    r->text = good && source.is_text;
    if (r->text && !as_file(r, bytes, &text)) r->text = good = false; // nor could a candidate be
    if (!good) bytes = file;
    r->trial.extension = r->text || !is_binary(file) ? ".wat" : ".wasm";
    int status = trial_open(&r->trial) ? run(r, bytes, file) : EXIT_INPUT;
    trial_close(&r->trial);
    if (!r->as_bytes) source_free(&source);
    intake_free(&input);
    return status;
}

int cli_reduce(Args *args)
{
    Reduce r = {.features = features_default, .quiet = !isatty(2)};
    r.trials = (Trials){&r, thread_processors(), begin, wait_for, drop, stops, took};
    r.trials.slots = MIN(r.trials.slots, (u32)TRIAL_SLOTS);
    int status = options(args, &r);
    if (status) return status;
    char *made = r.output ? NULL : !strcmp(r.input, "-") ? strdup("-") : default_output(r.input);
    if (!r.output) r.output = made;
    if (!r.output) return cli_error(EXIT_INPUT, "out of memory");
    arena_init(&r.arena);
    arena_init(&r.printed);
    buf_init(&r.kept, &r.arena);
    status = reduce_file(&r);
    arena_free(&r.arena);
    arena_free(&r.printed);
    free(made);
    return status;
}
