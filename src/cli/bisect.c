// bisect.c -- weft bisect: the first function for which it makes a difference how it is run.
//
//     functions   | . . . . . . . . . . |    with the option: none, all; then as many of the first
//                 |-------->|                as are needed for a difference, found by halving
//
// Each run is a process of its own, so that one that goes astray takes nothing with it.

#include "cli/cli.h"
#include "cli/trial.h"

#include "binary/decode.h"
#include "plat/clock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

// Options of weft run that can hold for some functions only. The first is what is looked for unless
// one is given.
static const char *const modes[] = {"--bare", "--deterministic", "--tier=baseline", "--tier=auto"};

typedef struct {
    int status;          // as waitpid gives it
    bool late;
    Bytes printed;
} Ending;

typedef struct {
    Trial trial;
    char **words;        // self, "run", a tier, perhaps the mode, "--among", the range, all given
    char range[32];
    const char *mode;    // as it was given, for messages
    const char *file;
    u32 first, end;      // the functions
    u32 runs;
} Bisect;

// With the mode for functions from..end-1. False: it was stopped, or could not be run.
static bool run_among(Bisect *b, u32 from, u32 end, Ending *out)
{
    Trial *t = &b->trial;
    // None: those behind all that a module may have.
    if (from == end) snprintf(b->range, sizeof b->range, "%u", UINT32_MAX - 1);
    else snprintf(b->range, sizeof b->range, "%u-%u", from, end - 1);
    b->runs++;
    if (!trial_begin(t, 0, NULL)) return false;
    trial_wait(t, 0);
    if (trial_stops(t)) return false;
    *out = (Ending){t->jobs[0].status, t->jobs[0].late, {0}};
    return trial_output(t, 0, &out->printed);
}

static bool same(const Ending *a, const Ending *b)
{
    return a->late == b->late && (a->late || a->status == b->status) &&
           a->printed.len == b->printed.len &&
           (!a->printed.len || !memcmp(a->printed.data, b->printed.data, a->printed.len));
}

static void forget(Ending *e) { free((void *)e->printed.data); }

// Is it as it is with the mode for none? -1: that cannot be known.
static int is_usual(Bisect *b, const Ending *usual, u32 from, u32 end)
{
    Ending now;
    if (!run_among(b, from, end, &now)) return -1;
    bool usually = same(&now, usual);
    forget(&now);
    return usually;
}

// ---- What is said

static Bytes line_at(Bytes text, u32 line)
{
    size_t at = 0;
    for (; line && at < text.len; at++) line -= text.data[at] == '\n';
    size_t end = at;
    while (end < text.len && text.data[end] != '\n') end++;
    return (Bytes){text.data + at, MIN(end - at, 200)};
}

static u32 lines_of(Bytes text)
{
    u32 count = 0;
    for (size_t i = 0; i < text.len; i++) count += text.data[i] == '\n';
    return count + (text.len && text.data[text.len - 1] != '\n');
}

// The first line that differs.
static u32 line_that_differs(const Ending *a, const Ending *b)
{
    u32 line = 0, most = MIN(lines_of(a->printed), lines_of(b->printed));
    for (; line < most; line++) {
        if (!bytes_same(line_at(a->printed, line), line_at(b->printed, line))) break;
    }
    return line;
}

static void say_ending(const char *how, const char *mode, const Ending *e, u32 line)
{
    printf("%s %s: ", how, mode);
    if (e->late) printf("it takes too long");
    else if (WIFSIGNALED(e->status)) printf("signal %d", WTERMSIG(e->status));
    else printf("status %d", WEXITSTATUS(e->status));
    if (line < lines_of(e->printed)) {
        printf("; line %u is ", line + 1);
        print_tame(stdout, line_at(e->printed, line));
    }
    putchar('\n');
}

static void say_function(const Bisect *b, const Module *m, u32 func, bool alone)
{
    Bytes name = module_func_name(m, func);
    print_tame_text(stdout, b->file);
    printf(":0x%x: func %u", m->funcs[func].body.start, func);
    if (name.len) {
        fputs(" \"", stdout);
        print_tame(stdout, (Bytes){name.data, MIN(name.len, 200)});
        putchar('"');
    }
    printf(" makes the difference, %s; found in %u runs\n",
           alone ? "alone" : "together with some before it", b->runs);
}

// ---- The search

static int search(Bisect *b, const Module *m, const Ending *none, const Ending *all)
{
    u32 low = b->first, high = b->end; // with those below `low` all is as usual, below `high` not
    while (high - low > 1) {
        u32 middle = low + (high - low) / 2;
        int usual = is_usual(b, none, b->first, middle);
        if (usual < 0) return EXIT_INPUT;
        if (usual) low = middle;
        else high = middle;
    }
    int usual = is_usual(b, none, low, low + 1);
    if (usual < 0) return EXIT_INPUT;
    u32 line = line_that_differs(none, all);
    say_function(b, m, low, !usual);
    say_ending("without", b->mode, none, line);
    say_ending("with", b->mode, all, line);
    return EXIT_OK;
}

static int compare(Bisect *b, const Module *m, const Ending *none)
{
    Ending all;
    int again = is_usual(b, none, b->first, b->first);
    if (again < 0) return EXIT_INPUT;
    if (!again)
        return cli_error(EXIT_INPUT, "it does not come out the same twice, without %s", b->mode);
    if (!run_among(b, b->first, b->end, &all)) return EXIT_INPUT;
    int status;
    if (!same(none, &all)) status = search(b, m, none, &all);
    else status = cli_error(EXIT_INPUT, "%s makes no difference", b->mode);
    forget(&all);
    return status;
}

static int bisect(Bisect *b, const Module *m)
{
    Ending none;
    b->first = m->imported_funcs;
    b->end = m->func_count;
    u64 start = plat_clock_now(CLOCK_monotonic);
    int status = EXIT_INPUT;
    if (trial_open(&b->trial) && run_among(b, b->first, b->first, &none)) {
        b->trial.limit = MAX(20 * (plat_clock_now(CLOCK_monotonic) - start), 2000000000);
        status = compare(b, m, &none);
        forget(&none);
    }
    trial_close(&b->trial);
    return b->trial.stopped ? 128 + b->trial.stopped : status;
}

// ---- The command

static const char *mode_given(const Args *args, int end)
{
    char word[64];
    for (int i = 1; i < end; i++) {
        bool apart = !strcmp(args->argv[i], "--tier") && i + 1 < end; // from its value
        snprintf(word, sizeof word, "%s%s%s", args->argv[i], apart ? "=" : "",
                 apart ? args->argv[i + 1] : "");
        for (size_t k = 0; k < COUNT_OF(modes); k++)
            if (!strcmp(word, modes[k])) return modes[k];
    }
    return NULL;
}

static bool make_words(Bisect *b, const Args *args, bool given)
{
    int count = 0;
    b->words = calloc((size_t)args->argc + 7, sizeof *b->words);
    if (!b->words) return cli_error(0, "out of memory") != 0;
    b->words[count++] = "/proc/self/exe";
    b->words[count++] = "run";
    b->words[count++] = "--tier=interp"; // unless another is given
    if (!given) b->words[count++] = (char *)b->mode;
    b->words[count++] = "--among";
    b->words[count++] = b->range;
    for (int i = 1; i < args->argc; i++) b->words[count++] = args->argv[i];
    b->trial.words = b->words;
    b->trial.word_count = count;
    return true;
}

static int bisect_file(Bisect *b, Features features)
{
    Source source = {0};
    Diag diag;
    Engine *engine = engine_new(features);
    if (!engine) return cli_error(EXIT_INPUT, "out of memory");
    int status = EXIT_INPUT;
    if (input_load(b->file, engine, &source, &diag)) status = bisect(b, source.module);
    else if (diag.err != ERR_none) print_diag(b->file, &source, &diag);
    source_free(&source);
    engine_free(engine);
    return status;
}

int cli_bisect(Args *args)
{
    Bisect b = {.trial = {.extension = "", .keeps = true}};
    int at = 1;
    while (at < args->argc && args->argv[at][0] == '-' && args->argv[at][1])
        at += args_option_length("run", args->argv[at]);
    if (at >= args->argc) return args_missing(args, "FILE");
    const char *given = mode_given(args, at);
    b.file = args->argv[at];
    b.mode = given ? given : modes[0];
    if (!strcmp(b.file, "-")) return cli_error(EXIT_USAGE, "FILE is run several times, so not -");
    int status = make_words(&b, args, given) ? bisect_file(&b, features_all) : EXIT_INPUT;
    free(b.words);
    return status;
}
